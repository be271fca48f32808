//! What leaves a device: every packet, counted by its kind and by whom it goes to.

use super::Space;
use super::script::Script;
use serde::Deserialize;

/// The program that looks.
const WATCH: &str = include_str!("watch.py");

/// Packets of one kind to one place.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Seen {
    /// Through which interface.
    pub interface: String,
    /// `udp`, `tcp`, `reset` (TCP that says that nobody is there), `icmp`, `icmpv6`, `igmp`, `arp`, or a number.
    pub kind: String,
    /// To which address.
    pub to: String,
    /// To which port; for ICMP its type.
    pub port: u16,
    /// Whether no router passes it on.
    pub near: bool,
    /// How many.
    pub packets: u64,
}

impl Seen {
    /// Whether it belongs to the call in one network (PROTOCOL §8.5): it is what goes no further than the next device.
    pub fn is_of_the_call(&self) -> bool {
        self.kind == "udp" && self.near
    }

    /// Whether the system sends it by itself: looking for addresses and neighbours, joining groups, and saying for a port
    /// that nobody is there.
    pub fn is_the_systems(&self) -> bool {
        let neighbours = self.kind == "icmpv6" && matches!(self.port, 130..=137 | 143);
        neighbours || ["arp", "igmp", "reset"].contains(&self.kind.as_str())
    }
}

/// Counts what leaves a namespace, until it is dropped.
pub struct Watch(Script);

impl Watch {
    /// Counts from now on.
    pub fn new(space: &Space) -> Self {
        Self(Script::begin(space, WATCH, &[], "watching"))
    }

    /// Everything that has left so far.
    pub fn seen(&mut self) -> Vec<Seen> {
        serde_json::from_str(&self.0.told("")).expect("what was seen")
    }

    /// How many packets of the call have left so far.
    pub fn of_the_call(&mut self) -> u64 {
        let seen = self.seen();
        let call = seen.iter().filter(|seen| seen.is_of_the_call());
        call.map(|seen| seen.packets).sum()
    }

    /// What has left to anybody who is not among these, neither the system's own nor the call.
    pub fn to_others(&mut self, these: &[&str]) -> Vec<Seen> {
        let mut seen = self.seen();
        seen.retain(|seen| {
            !these.contains(&seen.to.as_str()) && !seen.is_the_systems() && !seen.is_of_the_call()
        });
        seen
    }
}
