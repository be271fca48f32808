//! Which ways to the partner work, as data.

use super::dial::Paired;
use super::{Disk, Node, Now, Shares, Swap};
use crate::places::is_public;
use std::net::{IpAddr, SocketAddr};
use troth_proto::api::{Doctor, Rung, RungName, RungState, Sharing, TriedAt, Why};

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
        let remembered = self.remembered_rung(now, shares);
        let networks = self.networks_rung(shares);
        let call = self.call_rung(shares);
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
            (RungName::Networks, networks),
            (RungName::Call, call),
            (RungName::Link, link),
            (RungName::PortMapping, self.mapping_rung()),
            (RungName::CarriedFile, carried),
        ];
        let disk = disk.map(|disk| (RungName::Disk, disk_rung(disk)));
        let device = self.device.as_ref();
        let memory = device.map(|device| (RungName::Memory, memory_rung(&device.swap)));
        let notify = self.notify_rung();
        let notify = (notify.0 != RungState::Off).then_some((RungName::Notifications, notify));
        Doctor {
            rungs: all
                .into_iter()
                .chain(disk)
                .chain(memory)
                .chain(notify)
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

    fn bonds_there(&self) -> impl Iterator<Item = &Paired> {
        [&self.bonds.proved, &self.bonds.pending]
            .into_iter()
            .flatten()
    }

    /// What dialling leads to. It works only if somebody answers.
    fn remembered_rung(&self, now: Now, shares: bool) -> (RungState, Why) {
        if !shares {
            return (RungState::Off, Why::NotDialled);
        }
        if let Some((_, at)) = self.link.greeted() {
            let said = |at: SocketAddr| at.to_string();
            let (at, seen_as) = (at.map(said), self.dial.seen_as.map(said));
            let known = self.bonds_there().flat_map(|paired| paired.places.all());
            let known = known.map(said).collect();
            return (RungState::Ok, Why::LinkedAt { at, seen_as, known });
        }
        let tried = self.dial.tried.iter().map(|(at, tries)| TriedAt {
            at: at.to_string(),
            what: tries.what,
            times: tries.times,
            ago: now.mono.saturating_sub(tries.last) / 1000,
        });
        let places: Vec<TriedAt> = tried.collect();
        let known = self.bonds_there().flat_map(|paired| paired.places.all());
        let known: Vec<String> = known.map(|at| at.to_string()).collect();
        let named = self.bonds_there().find_map(|paired| paired.typed.clone());
        match (named, places.is_empty(), known.is_empty()) {
            (Some(at), ..) => (RungState::Failed, Why::Named { places, at }),
            (None, false, _) => (RungState::Failed, Why::Tried { places }),
            (None, true, false) => (RungState::Off, Why::ToBeTried { at: known }),
            (None, true, true) => (RungState::Failed, Why::NoAddress),
        }
    }

    /// The networks of this device beside where the partner's was told to be.
    fn networks_rung(&self, shares: bool) -> (RungState, Why) {
        let own: Vec<String> = self
            .networks()
            .map(|(ip, bits)| network(ip, bits))
            .collect();
        if own.is_empty() {
            return (RungState::Off, Why::NowhereToCall);
        }
        let there = self.bonds_there().flat_map(|paired| paired.places.all());
        let there: Vec<IpAddr> = there.map(|at| at.ip()).collect();
        if !shares || self.link.is_up() || there.is_empty() {
            return (RungState::Ok, Why::OwnNetworks { own });
        }
        let same = |(ip, bits): &(IpAddr, u8)| {
            let there = there.iter().filter(|other| other.is_ipv4() == ip.is_ipv4());
            let mut there = there.map(|other| network(*other, *bits));
            there.any(|there| there == network(*ip, *bits))
        };
        if self.networks().any(|own| same(&own)) {
            return (RungState::Ok, Why::SameNetwork { own });
        }
        let here = self.networks().map(|(ip, _)| ip).find(|ip| is_public(*ip));
        if let Some(at) = here {
            return (RungState::Ok, Why::PublicHere { at: at.to_string() });
        }
        if let Some(at) = there.iter().find(|ip| is_public(**ip)) {
            return (RungState::Ok, Why::PublicThere { at: at.to_string() });
        }
        let mut theirs: Vec<String> = there.iter().map(ToString::to_string).collect();
        theirs.dedup();
        (RungState::Failed, Why::NoCommonNetwork { own, theirs })
    }

    fn call_rung(&self, shares: bool) -> (RungState, Why) {
        let own: Vec<String> = self
            .networks()
            .map(|(ip, bits)| network(ip, bits))
            .collect();
        if !shares || self.link.is_up() {
            (RungState::Off, Why::NotCalled)
        } else if own.is_empty() {
            (RungState::Off, Why::NowhereToCall)
        } else {
            (RungState::Failed, Why::CalledNobody { own })
        }
    }
}

/// A network, as people write it: `192.168.1.0/24`.
pub(super) fn network(ip: IpAddr, bits: u8) -> String {
    let masked: IpAddr = match ip {
        IpAddr::V4(ip) => {
            let mask = u32::MAX
                .checked_shl(32 - u32::from(bits.min(32)))
                .unwrap_or(0);
            std::net::Ipv4Addr::from(u32::from(ip) & mask).into()
        }
        IpAddr::V6(ip) => {
            let mask = u128::MAX
                .checked_shl(128 - u32::from(bits.min(128)))
                .unwrap_or(0);
            std::net::Ipv6Addr::from(u128::from(ip) & mask).into()
        }
    };
    format!("{masked}/{bits}")
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
pub(super) fn spoken(addresses: &[String]) -> String {
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

pub(super) fn port_of(listen: &str) -> Option<u16> {
    listen.rsplit_once(':')?.1.parse().ok()
}
