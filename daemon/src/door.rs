//! Who may knock: connections that are not proved yet are few for each address and transport, and few a second, so that one
//! that only holds them, or comes again and again, keeps nobody else out. A crowd of many addresses can fill one transport's
//! places for as long as a handshake may take, but for those that are kept for addresses where the partner may be. Over TCP
//! what is denied here has cost no handshake. Over QUIC its first packet is answered before anybody is asked here, so that
//! how often an address comes is counted where it is accepted (`quic.rs`).

use libp2p::core::Endpoint;
use libp2p::core::transport::PortUse;
use libp2p::swarm::{
    ConnectionDenied, ConnectionId, FromSwarm, NetworkBehaviour, THandler, THandlerInEvent,
    THandlerOutEvent, ToSwarm, dummy,
};
use libp2p::{Multiaddr, PeerId};
use std::collections::{BTreeMap, VecDeque};
use std::convert::Infallible;
use std::net::IpAddr;
use std::task::{Context, Poll};
use std::time::Instant;

use crate::addresses;

/// Connections on their way at a time, for each transport: what idles on TCP takes nothing from QUIC.
const WAITING: usize = 128;
/// Of these, kept for addresses that are known.
const KEPT: usize = WAITING / 4;
/// Addresses that are known: those called last.
const KNOWN: usize = 64;
/// Of one address.
const WAITING_OF_ONE: usize = 16;
/// So many of one address and transport at once, and so many a second.
pub const RATE: (f64, f64) = (60.0, 5.0);
/// Addresses that are remembered.
const REMEMBERED: usize = 1024;

/// An address as it is counted: of IPv6 the network, since whoever has one has all of it.
type From = IpAddr;

/// As whose an address is counted.
pub fn from(address: &Multiaddr) -> Option<From> {
    addresses::ip(address).map(network)
}

/// The same of an IP address.
pub fn network(ip: IpAddr) -> From {
    match ip.to_canonical() {
        IpAddr::V6(ip) => {
            let network = u128::from(ip) & !u128::from(u64::MAX);
            IpAddr::V6(network.into())
        }
        v4 => v4,
    }
}

/// The door of one swarm.
#[derive(Default)]
pub struct Door {
    waiting: BTreeMap<ConnectionId, (From, bool)>,
    /// Over TCP.
    rates: Rates,
    /// Addresses that were called from here, the last first.
    known: VecDeque<From>,
}

/// Why somebody is not let in.
#[derive(Debug, thiserror::Error)]
#[error("too many at the door")]
struct TooMany;

impl Door {
    fn knock(&mut self, id: ConnectionId, remote: &Multiaddr, now: Instant) -> Result<(), TooMany> {
        let who = from(remote).ok_or(TooMany)?;
        let quic = addresses::over_quic(remote);
        let places = if self.known.contains(&who) {
            WAITING
        } else {
            WAITING - KEPT
        };
        let all = self.waiting.values().filter(|(_, over)| *over == quic);
        let (all, of_one) = all.fold((0, 0), |(all, of_one), (other, _)| {
            (all + 1, of_one + usize::from(*other == who))
        });
        let room = all < places && of_one < WAITING_OF_ONE;
        if !room || !quic && !self.rates.in_time(who, now) {
            return Err(TooMany);
        }
        self.waiting.insert(id, (who, quic));
        Ok(())
    }

    /// Whoever may be at an address is awaited.
    pub fn knows(&mut self, ip: IpAddr) {
        let who = network(ip);
        self.known.retain(|known| *known != who);
        self.known.push_front(who);
        self.known.truncate(KNOWN);
    }

    fn let_go(&mut self, id: ConnectionId) {
        self.waiting.remove(&id);
    }
}

/// How often each address has come lately.
#[derive(Default)]
pub struct Rates(BTreeMap<From, (f64, Option<Instant>)>);

impl Rates {
    /// Whether an address comes no more often than it may.
    pub fn in_time(&mut self, who: From, now: Instant) -> bool {
        if self.0.len() >= REMEMBERED {
            let full = |(left, at): &(f64, Option<Instant>)| filled(*left, *at, now) >= RATE.0;
            self.0.retain(|_, had| !full(had));
        }
        if self.0.len() >= REMEMBERED && !self.0.contains_key(&who) {
            return true; // a crowd of many addresses is bounded by those that wait
        }
        let had = self.0.entry(who).or_insert((RATE.0, None));
        let left = filled(had.0, had.1, now);
        *had = (left, Some(now));
        if left < 1.0 {
            return false;
        }
        had.0 -= 1.0;
        true
    }
}

fn filled(left: f64, at: Option<Instant>, now: Instant) -> f64 {
    let since = at.map_or(0.0, |at| now.saturating_duration_since(at).as_secs_f64());
    (left + since * RATE.1).min(RATE.0)
}

impl NetworkBehaviour for Door {
    type ConnectionHandler = dummy::ConnectionHandler;
    type ToSwarm = Infallible;

    fn handle_pending_inbound_connection(
        &mut self,
        id: ConnectionId,
        _: &Multiaddr,
        remote: &Multiaddr,
    ) -> Result<(), ConnectionDenied> {
        self.knock(id, remote, Instant::now())
            .map_err(ConnectionDenied::new)
    }

    fn handle_established_inbound_connection(
        &mut self,
        id: ConnectionId,
        _: PeerId,
        _: &Multiaddr,
        _: &Multiaddr,
    ) -> Result<THandler<Self>, ConnectionDenied> {
        self.let_go(id);
        Ok(dummy::ConnectionHandler)
    }

    fn handle_established_outbound_connection(
        &mut self,
        _: ConnectionId,
        _: PeerId,
        _: &Multiaddr,
        _: Endpoint,
        _: PortUse,
    ) -> Result<THandler<Self>, ConnectionDenied> {
        Ok(dummy::ConnectionHandler)
    }

    fn on_swarm_event(&mut self, event: FromSwarm<'_>) {
        match event {
            FromSwarm::ListenFailure(failure) => self.let_go(failure.connection_id),
            FromSwarm::ConnectionClosed(closed) => self.let_go(closed.connection_id),
            _ => {}
        }
    }

    fn on_connection_handler_event(
        &mut self,
        _: PeerId,
        _: ConnectionId,
        event: THandlerOutEvent<Self>,
    ) {
        match event {}
    }

    fn poll(&mut self, _: &mut Context<'_>) -> Poll<ToSwarm<Self::ToSwarm, THandlerInEvent<Self>>> {
        Poll::Pending
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use std::time::Duration;

    fn at(text: &str) -> Multiaddr {
        text.parse().unwrap()
    }

    #[test]
    fn a_crowd_that_waits_keeps_out_neither_another_address_nor_the_other_transport() {
        let (mut door, now) = (Door::default(), Instant::now());
        let mut ids = (0..).map(ConnectionId::new_unchecked);
        let mut knock = |door: &mut Door, address: &str| {
            door.knock(ids.next().unwrap(), &at(address), now).is_ok()
        };
        let let_in = (0..64).filter(|_| knock(&mut door, "/ip4/10.0.0.9/tcp/1"));
        assert_eq!(let_in.count(), WAITING_OF_ONE);
        assert!(knock(&mut door, "/ip4/10.0.0.8/tcp/1"));
        // Whoever has an IPv6 network has all its addresses.
        let let_in = (0..64).filter(|n| knock(&mut door, &format!("/ip6/fd00::{n:x}/tcp/1")));
        assert_eq!(let_in.count(), WAITING_OF_ONE);
        for n in 0..WAITING {
            knock(&mut door, &format!("/ip4/10.1.{n}.1/tcp/1"));
        }
        assert!(!knock(&mut door, "/ip4/10.0.0.7/tcp/1"));
        assert!(knock(&mut door, "/ip4/10.0.0.7/udp/1/quic-v1"));
    }

    #[test]
    fn a_crowd_of_many_addresses_leaves_room_for_those_that_were_called() {
        let (mut door, now) = (Door::default(), Instant::now());
        let mut ids = (0..).map(ConnectionId::new_unchecked);
        let mut knock = |door: &mut Door, address: &str| {
            door.knock(ids.next().unwrap(), &at(address), now).is_ok()
        };
        for ip in ["10.0.0.7", "fd00::7"] {
            door.knows(ip.parse().unwrap());
        }
        for n in 0..8 {
            let crowd = (0..16).filter(|_| knock(&mut door, &format!("/ip4/10.1.1.{n}/tcp/1")));
            crowd.count();
        }
        assert!(!knock(&mut door, "/ip4/10.0.0.8/tcp/1"));
        assert!(knock(&mut door, "/ip4/10.0.0.7/tcp/1"));
        assert!(knock(&mut door, "/ip6/fd00::9/tcp/1"));
        for n in 0..2 * KNOWN {
            door.knows([10, 2, 0, n as u8].into());
        }
        assert!(!knock(&mut door, "/ip4/10.0.0.7/tcp/1"));
        assert_eq!(door.known.len(), KNOWN);
    }

    #[test]
    fn one_who_comes_again_and_again_waits_and_one_who_stays_away_may_come() {
        let (mut door, begun) = (Door::default(), Instant::now());
        let mut let_in = 0;
        for n in 0..6_000u32 {
            let id = ConnectionId::new_unchecked(n as usize);
            let now = begun + Duration::from_millis(u64::from(n) * 10);
            if door.knock(id, &at("/ip4/10.0.0.9/tcp/1"), now).is_ok() {
                let_in += 1;
                door.let_go(id);
            }
        }
        assert!((350..=361).contains(&let_in), "{let_in} in a minute");
        let later = begun + Duration::from_secs(61);
        let id = ConnectionId::new_unchecked(9_999);
        assert!(door.knock(id, &at("/ip4/10.0.0.9/tcp/1"), later).is_ok());
        // However many addresses come, no more than so many are remembered.
        for n in 0..5_000u32 {
            let address = format!("/ip4/10.{}.{}.1/tcp/1", n / 250, n % 250);
            let _ = door.knock(ConnectionId::new_unchecked(20_000), &at(&address), later);
        }
        assert!(door.rates.0.len() <= REMEMBERED && door.waiting.len() <= WAITING);
    }
}
