//! Calling the partner's device in one's own network, and hearing it (PROTOCOL §8.5).

use super::doctor::network;
use super::{Effect, Node, Now, Shares};
use crate::call::{Calls, Cast, EPOCH, LANS, Lan};
use crate::keys::Entropy;
use crate::pairing::Bond;
use crate::places;
use std::collections::BTreeSet;
use std::net::{IpAddr, SocketAddr};
use troth_proto::Problem;
use troth_proto::api::CalledHere;
use troth_proto::pairing::LinkId;

/// What this device calls, hears and is in.
#[derive(Default)]
pub(super) struct Calling {
    /// Interfaces on which this home can be reached.
    lans: Vec<Lan>,
    /// The calls with each device of the partner.
    each: Vec<(LinkId, Calls)>,
    /// Where is heard. Nothing is sent while this is nowhere.
    ports: Vec<u16>,
    /// When the ports change.
    at: Option<u64>,
    /// Whether the partner is to be called with this input.
    pub due: bool,
}

impl Calling {
    pub(super) fn deadline(&self) -> Option<(u64, &'static str)> {
        self.at.map(|at| (at, "call"))
    }
}

impl Node {
    /// The interfaces of this device. In a new network the partner is called at once.
    pub(super) fn lans(&mut self, now: Now, entropy: &mut dyn Entropy, mut lans: Vec<Lan>) {
        let listen = self.me.listen.as_deref();
        let listen = listen.and_then(|at| at.parse::<SocketAddr>().ok());
        for lan in &mut lans {
            lan.own
                .retain(|(ip, _)| listen.is_some_and(|at| listens(at.ip(), *ip)));
        }
        lans.retain(|lan| !lan.own.is_empty());
        lans.truncate(LANS);
        if self.calls.lans != lans {
            self.calls.lans = lans;
            self.calls.each.iter_mut().for_each(|(_, it)| it.moved());
            self.join(now);
            self.call(now, entropy);
        }
    }

    /// Addresses of this device and the length of their networks' prefixes, of one kind of address after the other.
    pub(super) fn networks(&self) -> impl Iterator<Item = (IpAddr, u8)> {
        let all = self.calls.lans.iter().flat_map(|lan| &lan.own);
        let v4 = all.clone().filter(|(ip, _)| ip.is_ipv4());
        let v6 = all.filter(|(ip, _)| ip.is_ipv6() && !is_link_local(*ip));
        v4.chain(v6).copied()
    }

    /// What tells one network from another: its addresses, and who leads out of it.
    pub(super) fn network_names(&self) -> Vec<String> {
        let mut names = Vec::new();
        for lan in &self.calls.lans {
            for (ip, bits) in lan.own.iter().filter(|(ip, _)| !is_link_local(*ip)) {
                let out = lan
                    .gateways
                    .iter()
                    .filter(|out| out.is_ipv4() == ip.is_ipv4());
                let out: Vec<String> = out.map(ToString::to_string).collect();
                names.push(format!("{} {}", network(*ip, *bits), out.join(" ")));
            }
        }
        names
    }

    /// By what the device that is linked is known here.
    fn met_partner(&self) -> Option<LinkId> {
        let peer = self.link.current_peer()?;
        let bonds = [&self.bonds.proved, &self.bonds.pending]
            .into_iter()
            .flatten();
        let met = bonds.into_iter().find(|paired| paired.links.has(peer));
        met.map(|paired| paired.bond.partner.link.clone())
    }

    /// One burst, if nothing speaks against it.
    pub(super) fn call(&mut self, now: Now, entropy: &mut dyn Entropy) {
        self.calls.due = false;
        self.calls_follow(now);
        self.cast(|calls, port, lans| calls.call(now, port, lans, entropy));
    }

    /// Calls if it is due, once the ports follow what the input led to.
    pub(super) fn calls_tick(&mut self, now: Now, entropy: &mut dyn Entropy) {
        self.calls_follow(now);
        if self.calls.due {
            self.call(now, entropy);
        }
    }

    /// A person asks to call each address of the networks here.
    pub(super) fn reach_here(
        &mut self,
        now: Now,
        entropy: &mut dyn Entropy,
    ) -> Result<CalledHere, Problem> {
        if self.bonds.nobody() {
            return Err(Problem::NotPaired);
        }
        self.call(now, entropy);
        let called = self.cast(|calls, port, lans| calls.call_each(now, port, lans, entropy));
        Ok(CalledHere {
            sharing: self.sharing(),
            connected: self.link.is_up(),
            called,
        })
    }

    /// Something came to where is heard. What is not the partner's leaves no trace.
    pub(super) fn call_heard(
        &mut self,
        now: Now,
        entropy: &mut dyn Entropy,
        from_to: (SocketAddr, SocketAddr),
        bytes: &[u8],
    ) {
        self.calls_follow(now);
        let Some(port) = self.link_port().filter(|_| !self.calls.ports.is_empty()) else {
            return;
        };
        let met = self.met_partner();
        let Calling { lans, each, .. } = &mut self.calls;
        let unmet = each
            .iter_mut()
            .filter(|(partner, _)| Some(partner) != met.as_ref());
        let heard = unmet.into_iter().find_map(|(partner, calls)| {
            let heard = calls.heard(now, lans, port, from_to, bytes, entropy)?;
            Some((partner.clone(), heard))
        });
        let Some((partner, heard)) = heard else {
            return;
        };
        tracing::debug!(dial = heard.dial, "the partner's device calls");
        if let Some(cast) = heard.answer.filter(|_| !self.dial.addresses.is_empty()) {
            self.out.effects.push(Effect::Cast(vec![cast]));
        }
        let remembered = self.called_from(now, &heard.places);
        if heard.dial && !remembered.is_empty() {
            let bonds = [&self.bonds.proved, &self.bonds.pending]
                .into_iter()
                .flatten();
            let his = bonds.filter(|paired| paired.bond.partner.link == partner);
            let partners = his.flat_map(|paired| paired.links.all()).cloned().collect();
            self.out.effects.push(Effect::Dial {
                partners,
                remembered,
                typed: None,
                beside: false,
            });
        }
    }

    /// Where is heard follows whether the two share and are not linked, and the clock.
    fn calls_follow(&mut self, now: Now) {
        let bonds = [&self.bonds.proved, &self.bonds.pending];
        let bonds = bonds.into_iter().flatten().map(|paired| &paired.bond);
        let is = |bond: &Bond, (partner, calls): &(LinkId, Calls)| {
            calls.are_of(&bond.key, bond.role) && *partner == bond.partner.link
        };
        let each = &mut self.calls.each;
        each.retain(|it| bonds.clone().any(|bond| is(bond, it)));
        for bond in bonds {
            if !each.iter().any(|it| is(bond, it)) {
                let calls = Calls::new(&bond.key, bond.role);
                each.push((bond.partner.link.clone(), calls));
            }
        }
        let open = self.me.sharing == Shares::On && !self.calls.lans.is_empty();
        let met = self.met_partner();
        let unmet = self.calls.each.iter_mut();
        let unmet = unmet.filter(|(partner, _)| open && Some(partner) != met.as_ref());
        let ports: BTreeSet<u16> = unmet.flat_map(|(_, calls)| calls.ports(now.unix)).collect();
        let left = (EPOCH - now.unix.rem_euclid(EPOCH)) as u64;
        self.calls.at = (!ports.is_empty()).then(|| now.mono + 1000 * left);
        if !self.calls.ports.iter().eq(&ports) {
            self.calls.ports = ports.into_iter().collect();
            let ports = self.calls.ports.clone();
            self.out.effects.push(Effect::Calls(ports));
        }
    }

    /// Has packets made for each device of the partner that is not linked, and sent. Says how many there are. Whoever cannot
    /// be dialled calls nobody.
    fn cast(&mut self, mut of: impl FnMut(&mut Calls, u16, &[Lan]) -> Vec<Cast>) -> usize {
        let Some(port) = self.link_port() else {
            return 0;
        };
        if self.calls.ports.is_empty() || self.dial.addresses.is_empty() {
            return 0;
        }
        let met = self.met_partner();
        let Calling { lans, each, .. } = &mut self.calls;
        let unmet = each
            .iter_mut()
            .filter(|(partner, _)| Some(partner) != met.as_ref());
        let casts: Vec<Cast> = unmet.flat_map(|(_, calls)| of(calls, port, lans)).collect();
        let sent = casts.len();
        if sent > 0 {
            self.out.effects.push(Effect::Cast(casts));
        }
        sent
    }

    /// Where the link listens.
    fn link_port(&self) -> Option<u16> {
        let at = self.me.listen.as_deref()?.parse::<SocketAddr>().ok()?;
        Some(at.port()).filter(|port| *port != 0)
    }

    /// What of the places that a call names may be dialled.
    fn called_from(&mut self, now: Now, named: &[String]) -> Vec<SocketAddr> {
        let read = named.iter().filter_map(|text| places::read(text));
        let mut places: Vec<SocketAddr> = read.collect();
        places.dedup();
        self.new_places(now, places)
    }
}

/// Whether who listens at one address can be reached at another.
fn listens(listen: IpAddr, at: IpAddr) -> bool {
    match listen {
        IpAddr::V4(ip) if ip.is_unspecified() => true,
        IpAddr::V6(ip) if ip.is_unspecified() => at.is_ipv6(),
        ip => ip == at,
    }
}

fn is_link_local(ip: IpAddr) -> bool {
    matches!(ip, IpAddr::V6(ip) if ip.is_unicast_link_local())
}
