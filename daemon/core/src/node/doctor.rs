//! Which ways to the partner work, as data.

use super::{Disk, Node, Now, Shares, Swap};
use troth_proto::api::{Doctor, Rung, RungName, RungState, Sharing, Why};

/// Milliseconds in which listening may be under way.
const BEGINNING: u64 = 3_000;

impl Node {
    pub(super) fn doctor(&self, now: Now) -> Doctor {
        let rung = |name, state, why| Rung { name, state, why };
        let sharing = match self.sharing() {
            Sharing::On => (RungState::Ok, Why::Shares),
            Sharing::Paused => (RungState::Off, Why::Paused),
            Sharing::Stopped => (RungState::Off, Why::Stopped),
            Sharing::NotPaired if self.bonds.nobody() => (RungState::Off, Why::NotPaired),
            Sharing::NotPaired => (RungState::Off, Why::NotMet),
        };
        // A bond that is still to be proved is looked for, too.
        let shares = self.me.sharing == Shares::On && !self.bonds.nobody();
        let disk = self.device.as_ref().map(|device| device.disk);
        let full = disk.is_some_and(|disk| disk != Disk::Takes);
        let listening = self.listening_rung(now, shares);
        let remembered = self.remembered_rung(shares);
        let link = match (shares, self.link.is_up()) {
            (false, _) => (RungState::Off, Why::NotTried),
            (true, true) => (RungState::Ok, Why::Connected),
            (true, false) if self.link.another_of_mine => (RungState::Failed, Why::AnotherOfMine),
            (true, false) if full => (RungState::Failed, Why::WaitsForDisk),
            (true, false) => (RungState::Failed, Why::NoAnswer),
        };
        let carried = match self.bonds.proved {
            None => (RungState::Off, Why::NobodyYet),
            Some(_) if full => (RungState::Ok, Why::OnAnotherDisk),
            Some(_) => (RungState::Ok, Why::AlwaysWorks),
        };
        let all = [
            (RungName::Sharing, sharing),
            (RungName::Listening, listening),
            (RungName::RememberedAddresses, remembered),
            (RungName::Link, link),
            (RungName::CarriedFile, carried),
        ];
        let disk = disk.map(|disk| (RungName::Disk, disk_rung(disk)));
        let device = self.device.as_ref();
        let memory = device.map(|device| (RungName::Memory, memory_rung(&device.swap)));
        Doctor {
            rungs: all
                .into_iter()
                .chain(disk)
                .chain(memory)
                .map(|(name, (state, why))| rung(name, state, why))
                .collect(),
        }
    }

    fn listening_rung(&self, now: Now, shares: bool) -> (RungState, Why) {
        let addresses = &self.dial.addresses;
        let over = |kind: &str| addresses.iter().any(|a| a.contains(kind));
        if !shares {
            let port = port_of(self.me.listen.as_deref().unwrap_or_default());
            return (RungState::Off, Why::Mute { port });
        }
        let beginning = now.mono.saturating_sub(self.dial.begun) < BEGINNING;
        if addresses.is_empty() {
            return match self.dial.listen_failed.clone() {
                Some(address) => (RungState::Failed, Why::PortTaken { address }),
                None if beginning => (RungState::Off, Why::Beginning),
                None => (RungState::Failed, Why::NoNetwork),
            };
        }
        let at = spoken(addresses);
        if over("/udp/") && over("/tcp/") {
            return (RungState::Ok, Why::ListensAt { at });
        }
        if beginning {
            return (RungState::Off, Why::Beginning);
        }
        let kind = if over("/udp/") { "TCP" } else { "UDP" }.into();
        (RungState::Failed, Why::HalfTaken { at, kind })
    }

    fn remembered_rung(&self, shares: bool) -> (RungState, Why) {
        let both = || {
            [&self.bonds.proved, &self.bonds.pending]
                .into_iter()
                .flatten()
        };
        let last = both().flat_map(|paired| paired.bond.partner.addresses.iter().cloned());
        let last = spoken(&last.collect::<Vec<String>>());
        let named = both().find_map(|paired| paired.typed.clone());
        match (shares, named, last.is_empty()) {
            (false, ..) => (RungState::Off, Why::NotDialled),
            (true, None, true) => (RungState::Failed, Why::NoAddress),
            (true, None, false) => (RungState::Ok, Why::LastAt { at: last }),
            // What a person names is tried, and proves nothing.
            (true, Some(at), none) => {
                let last = (!none).then_some(last);
                (RungState::Ok, Why::Named { last, at })
            }
        }
    }
}

fn disk_rung(disk: Disk) -> (RungState, Why) {
    match disk {
        Disk::Takes => (RungState::Ok, Why::DiskTakes),
        Disk::Full => (RungState::Failed, Why::DiskFull),
        Disk::ReadOnly => (RungState::Failed, Why::DiskReadOnly),
    }
}

fn memory_rung(swap: &Swap) -> (RungState, Why) {
    match swap {
        Swap::None => (RungState::Ok, Why::NoSwap),
        Swap::Sealed => (RungState::Ok, Why::SwapSealed),
        Swap::Plain(at) => (RungState::Failed, Why::SwapPlain { at: at.join(", ") }),
        Swap::Unknown(at) => (RungState::Failed, Why::SwapUnknown { at: at.join(", ") }),
    }
}

/// Addresses as a person types them: each host and port once.
fn spoken(addresses: &[String]) -> String {
    let mut all: Vec<String> = Vec::new();
    for address in addresses {
        let parts: Vec<&str> = address.split('/').collect();
        let spoken = match parts[..] {
            ["", "ip4", host, _, port, ..] => format!("{host}:{port}"),
            ["", "ip6", host, _, port, ..] => format!("[{host}]:{port}"),
            _ => address.clone(),
        };
        if !all.contains(&spoken) {
            all.push(spoken);
        }
    }
    all.join(", ")
}

fn port_of(listen: &str) -> Option<u16> {
    listen.rsplit_once(':')?.1.parse().ok()
}
