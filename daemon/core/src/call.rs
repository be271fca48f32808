//! The call: two paired devices in one network find each other, and nobody else learns who calls (PROTOCOL §8.5, FORMAT §3.3).

use crate::keys::{Entropy, Key, draw};
use crate::node::Now;
use crate::places;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeSet, VecDeque};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, SocketAddrV6};
use troth_proto::pairing::Role;
use troth_proto::{limits, wire};

/// Seconds in which a call has one port. A packet counts in its own, the one before and the one after: clocks differ.
pub const EPOCH: i64 = 1024;
/// Interfaces on which is called, and on which each address is.
pub const LANS: usize = 8;
const LANS_EACH: usize = 4;
/// Addresses of one network that are called one by one: those of a /24 without its first and its last.
const EACH: usize = 254;

/// The version of what is called.
const VERSION: u8 = 1;
/// The lowest port that is called, and how many there are.
const PORTS: (u16, u64) = (49_152, 16_384);
/// Bytes of padding, at most.
const PADDING: u8 = 63;
/// Milliseconds before another call is answered or dialled.
const QUIET: u64 = 2_000;
/// Milliseconds for which a call of one's own may be answered, and how many are remembered.
const LATELY: (u64, usize) = (15_000, 2_048);
/// Packets of the partner's that are known again.
const HEARD: usize = 256;

type Nonce = [u8; 24];

/// An interface that leads to others: up, and no loopback, tunnel or bridge that leads nowhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lan {
    /// As the system numbers it.
    pub interface: u32,
    /// This device's addresses there, [`limits::CALL_IPS`] at most, and how many bits of each the others there share.
    pub own: Vec<(IpAddr, u8)>,
    /// Who leads out of it: of a hotspot, the one who opened it.
    pub gateways: Vec<IpAddr>,
}

/// A packet to be sent, from an address of an interface.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cast {
    /// As the system numbers it.
    pub interface: u32,
    /// An own address there.
    pub from: IpAddr,
    /// From which port. An answer comes from where the call went, so that it passes a firewall that lets in only answers; a
    /// call has a port of its burst's own.
    pub port: Option<u16>,
    /// To whom.
    pub to: SocketAddr,
    /// What.
    pub bytes: Vec<u8>,
}

/// What a call of the partner's leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heard {
    /// Where the partner says to be, over both transports.
    pub places: Vec<String>,
    /// What is answered, if it is.
    pub answer: Option<Cast>,
    /// Whether to dial there.
    pub dial: bool,
}

/// What is inside a packet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Packet {
    version: u8,
    kind: Kind,
    epoch: u32,
    /// Where the caller's link listens.
    port: u16,
    /// The caller's addresses on the interface it went out by, the one it was sent from first.
    ips: Vec<IpAddr>,
    /// Zeros; how many is drawn.
    padding: Vec<u8>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
enum Kind {
    Call,
    /// Names the call that it answers.
    Answer(Nonce),
}

/// Calls between the two devices of one bond.
pub struct Calls {
    pair: Key,
    role: Role,
    mine: Key,
    theirs: Key,
    /// The ports of an epoch and its neighbours.
    ports: Option<(u32, [u16; 3])>,
    /// What was called, and when on the clock of waits.
    sent: VecDeque<(u64, Nonce)>,
    heard: VecDeque<Nonce>,
    answered: Option<u64>,
    dialled: Option<u64>,
}

fn epoch(unix: i64) -> u32 {
    u32::try_from(unix.div_euclid(EPOCH)).unwrap_or_default()
}

/// The port on which is called in an epoch.
fn port(pair: &Key, epoch: u32) -> u16 {
    let mac = pair.mac(&[b"port", &u64::from(epoch).to_be_bytes()]).0;
    let first = mac.first_chunk().copied().unwrap_or_default();
    PORTS.0 + (u64::from_be_bytes(first) % PORTS.1) as u16
}

/// The key of what one of the two calls: nobody hears an own call as the other's.
fn key(pair: &Key, role: Role) -> Key {
    pair.derive(&format!("troth/call/1/{}", role.label()))
}

impl Calls {
    /// Of a pair, for the one with this role.
    #[must_use]
    pub fn new(pair: &Key, role: Role) -> Self {
        Self {
            pair: pair.clone(),
            role,
            mine: key(pair, role),
            theirs: key(pair, role.other()),
            ports: None,
            sent: VecDeque::new(),
            heard: VecDeque::new(),
            answered: None,
            dialled: None,
        }
    }

    /// This device is in other networks: what was answered and dialled before counts no more.
    pub fn moved(&mut self) {
        (self.answered, self.dialled) = (None, None);
    }

    /// Whether they are those of this pair and role.
    #[must_use]
    pub fn are_of(&self, pair: &Key, role: Role) -> bool {
        self.pair == *pair && self.role == role
    }

    /// Where is heard: the ports of the epoch before, of this one, and of the next.
    pub fn ports(&mut self, unix: i64) -> [u16; 3] {
        let at = epoch(unix);
        if let Some((of, ports)) = self.ports
            && of == at
        {
            return ports;
        }
        let of = [at.saturating_sub(1), at, at.saturating_add(1)];
        let ports = of.map(|epoch| port(&self.pair, epoch));
        self.ports = Some((at, ports));
        ports
    }

    /// One burst: on each interface to everybody, and to whoever leads out of it. Each packet is another.
    pub fn call(
        &mut self,
        now: Now,
        link_port: u16,
        lans: &[Lan],
        entropy: &mut dyn Entropy,
    ) -> Vec<Cast> {
        let lans = lans.iter().filter(|lan| can_be_dialled(lan)).take(LANS);
        let to = lans.flat_map(|lan| everybody(lan).into_iter().map(move |to| (lan, to)));
        let to: Vec<(&Lan, (IpAddr, IpAddr))> = to.collect();
        to.into_iter()
            .map(|(lan, to)| self.cast(now, (link_port, lan), to, entropy))
            .collect()
    }

    /// To each address around one's own, once: where a network lets nothing pass that is meant for all.
    pub fn call_each(
        &mut self,
        now: Now,
        link_port: u16,
        lans: &[Lan],
        entropy: &mut dyn Entropy,
    ) -> Vec<Cast> {
        let lans = lans.iter().filter(|lan| can_be_dialled(lan));
        let to = lans.map(|lan| (lan, each(lan)));
        let to = to.filter(|(_, each)| !each.is_empty()).take(LANS_EACH);
        let to: Vec<(&Lan, Vec<(IpAddr, IpAddr)>)> = to.collect();
        let mut casts = Vec::new();
        for (lan, each) in to {
            let each = each.into_iter();
            casts.extend(each.map(|to| self.cast(now, (link_port, lan), to, entropy)));
        }
        casts
    }

    /// A packet that came from an address and port, and to which of one's own. Nothing, unless it is the partner's, of this
    /// time and network, and new; a call only where calls are heard.
    pub fn heard(
        &mut self,
        now: Now,
        lans: &[Lan],
        link_port: u16,
        (from, to): (SocketAddr, SocketAddr),
        bytes: &[u8],
        entropy: &mut dyn Entropy,
    ) -> Option<Heard> {
        let (nonce, packet) = self.open(bytes)?;
        if packet.epoch.abs_diff(epoch(now.unix)) > 1 || !packet.ips.contains(&from.ip()) {
            return None;
        }
        let (lan, own) = reached(lans, from, to.ip())?;
        if self.heard.contains(&nonce) {
            return None;
        }
        self.forget(now);
        let counts = match packet.kind {
            Kind::Call => self.ports(now.unix).contains(&to.port()),
            Kind::Answer(to) => self.sent.iter().any(|(_, sent)| *sent == to),
        };
        if !counts {
            return None;
        }
        while self.heard.len() >= HEARD {
            self.heard.pop_front();
        }
        self.heard.push_back(nonce);
        let answers = packet.kind == Kind::Call && quiet(&mut self.answered, now);
        let answer = answers.then(|| {
            let (_, bytes) = self.packet(now, Kind::Answer(nonce), (link_port, lan), own, entropy);
            Cast {
                interface: lan.interface,
                from: own,
                port: Some(to.port()),
                to: at(from.ip(), from.port(), lan.interface),
                bytes,
            }
        });
        let places = packet.ips.iter().filter(|ip| !of_one_link(**ip));
        let places: Vec<String> = places
            .flat_map(|ip| places::both_ways(*ip, packet.port))
            .collect();
        let dial = !places.is_empty() && quiet(&mut self.dialled, now);
        Some(Heard {
            places,
            answer,
            dial,
        })
    }

    /// A call, remembered for its answer.
    fn cast(
        &mut self,
        now: Now,
        (link_port, lan): (u16, &Lan),
        (from, to): (IpAddr, IpAddr),
        entropy: &mut dyn Entropy,
    ) -> Cast {
        let (nonce, bytes) = self.packet(now, Kind::Call, (link_port, lan), from, entropy);
        self.forget(now);
        while self.sent.len() >= LATELY.1 {
            self.sent.pop_front();
        }
        self.sent.push_back((now.mono, nonce));
        Cast {
            interface: lan.interface,
            from,
            port: None,
            to: at(to, self.ports(now.unix)[1], lan.interface),
            bytes,
        }
    }

    /// What is sent from an own address, and its nonce.
    fn packet(
        &self,
        now: Now,
        kind: Kind,
        (link_port, lan): (u16, &Lan),
        from: IpAddr,
        entropy: &mut dyn Entropy,
    ) -> (Nonce, Vec<u8>) {
        let nonce: Nonce = draw(entropy);
        let [drawn] = draw::<1>(entropy);
        let others = lan.own.iter().map(|(ip, _)| *ip).filter(|ip| *ip != from);
        let packet = Packet {
            version: VERSION,
            kind,
            epoch: epoch(now.unix),
            port: link_port,
            ips: std::iter::once(from)
                .chain(others)
                .take(limits::CALL_IPS)
                .collect(),
            padding: vec![0; usize::from(drawn & PADDING)],
        };
        let sealed = self.mine.seal(&nonce, &wire::encode(&packet), &[]);
        (nonce, [&nonce[..], &sealed].concat())
    }

    fn open(&self, bytes: &[u8]) -> Option<(Nonce, Packet)> {
        if bytes.len() > limits::CALL_BYTES {
            return None;
        }
        let (nonce, sealed) = bytes.split_first_chunk::<24>()?;
        let opened = self.theirs.open(nonce, sealed, &[])?;
        let packet: Packet = wire::decode(&opened)?;
        let fits = packet.version == VERSION
            && packet.ips.len() <= limits::CALL_IPS
            && packet.padding.len() <= usize::from(PADDING);
        fits.then_some((*nonce, packet))
    }

    /// Calls of a while ago are answered no more.
    fn forget(&mut self, now: Now) {
        let old = |at: u64| now.mono.saturating_sub(at) > LATELY.0;
        while self.sent.front().is_some_and(|(at, _)| old(*at)) {
            self.sent.pop_front();
        }
    }
}

/// Whether enough time has passed since it was done last; then it is done.
fn quiet(last: &mut Option<u64>, now: Now) -> bool {
    let quiet = last.is_none_or(|at| now.mono.saturating_sub(at) >= QUIET);
    if quiet {
        *last = Some(now.mono);
    }
    quiet
}

/// An IPv6 address that means something on one link only. libp2p dials none of these, since a place names no interface.
///
/// They are what IPv6 calls are sent from all the same, and stand among the caller's addresses: the system's own choice for
/// ff02::1, on every IPv6 interface, and proof of the same link also where the other addresses are of 128 bits (DHCPv6). What
/// is dialled are the others beside it, global or of a private network; where there are none, nobody calls.
fn of_one_link(ip: IpAddr) -> bool {
    matches!(ip, IpAddr::V6(ip) if ip.is_unicast_link_local())
}

fn can_be_dialled(lan: &Lan) -> bool {
    lan.own.iter().any(|(ip, _)| !of_one_link(*ip))
}

/// An address of an interface, which it is part of if it means something on one link only.
fn at(ip: IpAddr, port: u16, interface: u32) -> SocketAddr {
    match ip {
        IpAddr::V6(v6) if of_one_link(ip) || v6.is_multicast() => {
            SocketAddrV6::new(v6, port, 0, interface).into()
        }
        _ => SocketAddr::new(ip, port),
    }
}

/// The interface over which a packet comes, and the own address in that network: the one that it came to, if it is one of them.
fn reached(lans: &[Lan], from: SocketAddr, to: IpAddr) -> Option<(&Lan, IpAddr)> {
    let over = |lan: &&Lan| match from {
        SocketAddr::V6(v6) if v6.scope_id() != 0 => v6.scope_id() == lan.interface,
        _ => !of_one_link(from.ip()),
    };
    let all = lans.iter().filter(over);
    let all = all.flat_map(|lan| lan.own.iter().map(move |own| (lan, own)));
    let mut near = all.filter(|(_, own)| shares(own, from.ip()));
    let called = near.clone().find(|(_, own)| own.0 == to);
    let (lan, own) = called.or_else(|| near.next())?;
    Some((lan, own.0))
}

/// Whether another address is in the network of an own one.
fn shares((own, bits): &(IpAddr, u8), other: IpAddr) -> bool {
    let same = match (own, other) {
        (IpAddr::V4(own), IpAddr::V4(other)) => (own.to_bits() ^ other.to_bits()).leading_zeros(),
        (IpAddr::V6(own), IpAddr::V6(other)) => (own.to_bits() ^ other.to_bits()).leading_zeros(),
        _ => return false,
    };
    *bits > 0 && same >= u32::from(*bits)
}

/// Whom a burst calls on an interface, and from which own address.
fn everybody(lan: &Lan) -> Vec<(IpAddr, IpAddr)> {
    let mut all = Vec::new();
    for (own, bits) in &lan.own {
        let IpAddr::V4(v4) = own else { continue };
        let everybody = [subnet(*v4, *bits).map(|(_, last)| last)].into_iter();
        let everybody = everybody.flatten().chain([Ipv4Addr::new(224, 0, 0, 1)]);
        all.extend(everybody.map(|to| (*own, IpAddr::V4(to))));
        let gateways = lan
            .gateways
            .iter()
            .filter(|it| shares(&(*own, *bits), **it));
        all.extend(gateways.map(|gateway| (*own, *gateway)));
    }
    let v6 = || lan.own.iter().map(|(own, _)| *own).filter(IpAddr::is_ipv6);
    if let Some(own) = v6().find(|own| of_one_link(*own)).or(v6().next()) {
        let everybody = IpAddr::V6(Ipv6Addr::new(0xff02, 0, 0, 0, 0, 0, 0, 1));
        let gateways = lan.gateways.iter().copied().filter(IpAddr::is_ipv6);
        all.extend(
            std::iter::once(everybody)
                .chain(gateways)
                .map(|to| (own, to)),
        );
    }
    all.retain(|(_, to)| !lan.own.iter().any(|(own, _)| own == to));
    all
}

/// The first and the last address of a network, which nobody has; none in one that is too small for them.
fn subnet(own: Ipv4Addr, bits: u8) -> Option<(Ipv4Addr, Ipv4Addr)> {
    let others = u32::MAX.checked_shr(u32::from(bits))?;
    let first = own.to_bits() & !others;
    (bits > 0 && others >= 3).then(|| (first.into(), (first | others).into()))
}

/// Each address around the own ones of IPv4 and the own address it is called from: of the /24, or of the network if that is
/// smaller.
fn each(lan: &Lan) -> Vec<(IpAddr, IpAddr)> {
    let (mut all, mut called) = (Vec::new(), BTreeSet::new());
    for (own, bits) in &lan.own {
        let IpAddr::V4(v4) = own else { continue };
        let Some((first, last)) = subnet(*v4, (*bits).max(24)) else {
            continue;
        };
        let between = first.to_bits() + 1..last.to_bits();
        for to in between.map(|bits| IpAddr::V4(bits.into())) {
            let own_one = lan.own.iter().any(|(own, _)| *own == to);
            if !own_one && called.insert(to) && all.len() < EACH {
                all.push((*own, to));
            }
        }
    }
    all
}

#[cfg(test)]
mod tests;
