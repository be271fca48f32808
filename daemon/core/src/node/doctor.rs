//! Which ways to the partner work, as data.

use super::{Node, Swap};
use troth_proto::api::{Doctor, Rung, RungName, RungState, Sharing, Why};

impl Node {
    pub(super) fn doctor(&self) -> Doctor {
        let rung = |name, state, why| Rung { name, state, why };
        let sharing = match self.sharing() {
            Sharing::On => (RungState::Ok, Why::Shares),
            Sharing::Paused => (RungState::Off, Why::Paused),
            Sharing::Stopped => (RungState::Off, Why::Stopped),
            Sharing::NotPaired => (RungState::Off, Why::NotPaired),
        };
        let shares = self.sharing() == Sharing::On;
        let listening = self.listening_rung(shares);
        let remembered = self.remembered_rung(shares);
        let link = match (shares, self.link.is_up()) {
            (false, _) => (RungState::Off, Why::NotTried),
            (true, true) => (RungState::Ok, Why::Connected),
            (true, false) if self.link.another_of_mine => (RungState::Failed, Why::AnotherOfMine),
            (true, false) => (RungState::Failed, Why::NoAnswer),
        };
        let carried = if self.bonds.proved.is_some() {
            (RungState::Ok, Why::AlwaysWorks)
        } else {
            (RungState::Off, Why::NobodyYet)
        };
        let all = [
            (RungName::Sharing, sharing),
            (RungName::Listening, listening),
            (RungName::RememberedAddresses, remembered),
            (RungName::Link, link),
            (RungName::CarriedFile, carried),
        ];
        let device = self.device.as_ref();
        let memory = device.map(|device| (RungName::Memory, memory_rung(&device.swap)));
        Doctor {
            rungs: all
                .into_iter()
                .chain(memory)
                .map(|(name, (state, why))| rung(name, state, why))
                .collect(),
        }
    }

    fn listening_rung(&self, shares: bool) -> (RungState, Why) {
        let addresses = &self.dial.addresses;
        let over = |kind: &str| addresses.iter().any(|a| a.contains(kind));
        if !shares {
            let port = port_of(self.me.listen.as_deref().unwrap_or_default());
            return (RungState::Off, Why::Mute { port });
        }
        if addresses.is_empty() {
            return match self.dial.listen_failed.clone() {
                Some(address) => (RungState::Failed, Why::PortTaken { address }),
                None => (RungState::Failed, Why::NoNetwork),
            };
        }
        let at = spoken(addresses);
        if over("/udp/") && over("/tcp/") {
            return (RungState::Ok, Why::ListensAt { at });
        }
        let kind = if over("/udp/") { "TCP" } else { "UDP" }.into();
        (RungState::Failed, Why::HalfTaken { at, kind })
    }

    fn remembered_rung(&self, shares: bool) -> (RungState, Why) {
        let known = self.bonds.proved.iter().flat_map(|paired| {
            let typed = paired.typed.iter().cloned();
            paired.bond.partner.addresses.iter().cloned().chain(typed)
        });
        let at = spoken(&known.collect::<Vec<String>>());
        match (shares, at.is_empty()) {
            (false, _) => (RungState::Off, Why::NotDialled),
            (true, true) => (RungState::Failed, Why::NoAddress),
            (true, false) => (RungState::Ok, Why::LastAt { at }),
        }
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
