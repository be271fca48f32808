//! A switch: every interface that is plugged into it is in one network, unless it is told to be a bad one.

use super::Space;
use std::sync::atomic::{AtomicU16, Ordering};

/// Frames to a group, but for those by which IPv6 finds its neighbours; a switch without these passes broadcasts still.
pub const GROUPS: &str = "ether daddr & 01:00:00:00:00:00 == 01:00:00:00:00:00 \
     ether daddr & ff:ff:ff:00:00:00 != 33:33:ff:00:00:00 ether daddr != ff:ff:ff:ff:ff:ff";

/// Switches so far, for their hardware addresses.
static SWITCHES: AtomicU16 = AtomicU16::new(0);

/// A network of its own: a hotel's, a hotspot's, or the one at home.
pub struct Lan {
    /// Where it stands; its interfaces hang on the bridge `lan`.
    pub space: Space,
}

impl Lan {
    /// A switch, with nobody plugged in.
    pub fn new(scenario: &str, name: &str) -> Self {
        let it = Self {
            space: Space::new(scenario, name),
        };
        // One of its own, or it takes that of whoever is plugged in, and changes when they leave.
        let [high, low] = SWITCHES.fetch_add(1, Ordering::Relaxed).to_be_bytes();
        it.space.ip(&format!(
            "link add lan address 02:00:00:00:{high:02x}:{low:02x} type bridge"
        ));
        it.space.ip("link set lan up");
        it.space.nft(
            "table bridge troth {\nchain forward {\ntype filter hook forward priority 0\n}\n}\n",
        );
        it
    }

    /// From now on it drops this, without a word to anybody: a match of nft, as in `meta l4proto udp`.
    pub fn drops(&self, what: &str) {
        self.space
            .nft(&format!("add rule bridge troth forward {what} drop\n"));
    }

    /// It passes everything again.
    pub fn passes(&self) {
        self.space.nft("flush chain bridge troth forward\n");
    }

    /// Whoever is plugged in now reaches nobody else who is: what hotels call client isolation.
    pub fn isolates(&self, interfaces: &[String]) {
        for interface in interfaces {
            self.space
                .bridge(&format!("link set dev {interface} isolated on"));
        }
    }
}
