//! The network of a pairing window: its own swarm, under a throw-away key, gone with the window.

use crate::addresses;
use crate::door::{self, Door};
use crate::interfaces;
use crate::nearby::{Nearby, Seen};
use crate::net::{connection_limits, key_pair, swarm};
use crate::quic::Sockets;
use crate::single::{Opened, Streams};
use crate::wires::{self, Brought, Ends};
use futures::StreamExt;
use libp2p::swarm::dial_opts::{DialOpts, PeerCondition};
use libp2p::swarm::{ConnectionId, NetworkBehaviour, SwarmEvent};
use libp2p::{Multiaddr, PeerId, StreamProtocol, Swarm, connection_limits};
use std::collections::{BTreeMap, VecDeque};
use std::net::{IpAddr, SocketAddr};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::time::Instant;
use troth_core::keys::Key;
use troth_core::node::{Input, PairEffect};
use troth_core::pairing::{self, Conn};
use troth_core::places;
use troth_proto::limits;
use troth_proto::pairing::{LinkId, PROTOCOL};

/// Addresses are collected for this long before the invitation is written.
const COLLECT: Duration = Duration::from_millis(150);
/// How long whoever came may say nothing that is answered.
const STREAM: Duration = Duration::from_secs(5);
/// Between two attempts to reach the inviter, or one after another of those found.
const AGAIN: Duration = Duration::from_secs(2);

/// Connections from outside at a time: whoever says nothing that is answered is sent away after [`STREAM`].
const STRANGERS: usize = 64;
/// Of one address.
const STRANGERS_OF_ONE: usize = 8;

/// Others found in the same network that are dialled in turn, at most: old windows among them, or a crowd.
const FOUND: usize = 16;
/// Of one address.
const FOUND_AT_ONE: usize = 2;

#[derive(NetworkBehaviour)]
struct Behaviour {
    limits: connection_limits::Behaviour,
    door: Door,
    streams: Streams,
    nearby: Nearby,
}

/// What a window is opened with.
struct Opening {
    listen: String,
    seed: Key,
    nearby: bool,
}

impl Opening {
    fn new(listen: Option<String>, seed: Key, nearby: bool) -> Self {
        let listen = listen.unwrap_or_else(|| "0.0.0.0:0".into());
        Self {
            listen,
            seed,
            nearby,
        }
    }
}

/// Runs pairing windows, one at a time, until the loop ends.
pub async fn run(mut asks: mpsc::Receiver<PairEffect>, events: mpsc::Sender<Input>) {
    let mut open = None;
    loop {
        let opening = match open.take() {
            Some(asked) => asked,
            None => match asks.recv().await {
                Some(PairEffect::Open {
                    listen,
                    seed,
                    nearby,
                }) => Opening::new(listen, seed, nearby),
                Some(_) => continue,
                None => return,
            },
        };
        match Pairing::new(&opening, events.clone()) {
            Some(pairing) => match pairing.run(&opening.listen, &mut asks).await {
                Some(next) => open = Some(next),
                None if asks.is_closed() => return,
                None => {}
            },
            None => {
                let address = opening.listen;
                let _ = events.send(Input::ListenFailed { address }).await;
            }
        }
    }
}

fn positions<T>(all: &VecDeque<T>, which: impl Fn(&T) -> bool) -> Vec<usize> {
    let all = all.iter().enumerate().filter(|(_, it)| which(it));
    all.map(|(at, _)| at).collect()
}

/// One of them, by chance.
fn any_of(all: &[usize]) -> usize {
    let chance = getrandom::u64().unwrap_or(0) % all.len().max(1) as u64;
    all.get(chance as usize).copied().unwrap_or(0)
}

/// A connection from outside on which nothing was said yet.
struct Idle {
    peer: PeerId,
    from: Option<IpAddr>,
    since: Instant,
}

/// Never the same number twice: a late word from a window that is closed is nobody's.
static CONNS: AtomicU64 = AtomicU64::new(1);

/// One stream to another window.
struct Talk {
    peer: PeerId,
    ends: Ends,
    /// The node has said something on it: nobody else is dialled meanwhile.
    counts: bool,
}

struct Pairing {
    swarm: Swarm<Behaviour>,
    own: LinkId,
    listening: Vec<Multiaddr>,
    /// Whom to dial, in turn: the inviter, or those found in the same network.
    others: VecDeque<(PeerId, Vec<Multiaddr>)>,
    talks: BTreeMap<Conn, Talk>,
    /// Connections from outside that may have said nothing yet, and since when.
    idle: BTreeMap<ConnectionId, Idle>,
    /// Streams that the other end closed.
    ended: mpsc::Receiver<Conn>,
    end: mpsc::Sender<Conn>,
    events: mpsc::Sender<Input>,
    /// Connections that have their stream, or will have none: before the node has its window, whoever comes waits.
    opened: VecDeque<Opened>,
}

impl Pairing {
    fn new(opening: &Opening, events: mpsc::Sender<Input>) -> Option<Self> {
        let listen = opening.listen.as_str();
        let pair = key_pair(&opening.seed)?;
        let own = LinkId(pair.public().to_peer_id().to_bytes());
        // Nobody is looked for from an address that nobody else can reach.
        let alone = listen
            .parse::<SocketAddr>()
            .is_ok_and(|at| at.ip().is_loopback());
        let nearby = Nearby::new(pair.public().to_peer_id(), opening.nearby && !alone);
        let mut swarm = swarm(
            pair,
            Behaviour {
                limits: connection_limits(2 * STRANGERS as u32),
                door: Door::default(),
                streams: Streams::new(StreamProtocol::new(PROTOCOL)),
                nearby,
            },
            Sockets::default(),
        )?;
        let mut any = false;
        for address in addresses::to_listen(listen, Some(addresses::window_port(listen))) {
            any |= swarm.listen_on(address).is_ok();
        }
        let (end, ended) = mpsc::channel(16);
        let (listening, others, talks) = (Vec::new(), VecDeque::new(), BTreeMap::new());
        any.then_some(Self {
            swarm,
            own,
            listening,
            others,
            talks,
            idle: BTreeMap::new(),
            ended,
            end,
            events,
            opened: VecDeque::new(),
        })
    }

    async fn tell(&mut self, input: Input) {
        let _ = self.events.send(input).await;
    }

    /// Until the window closes; returns the next one, if it was asked for meanwhile.
    async fn run(mut self, listen: &str, asks: &mut mpsc::Receiver<PairEffect>) -> Option<Opening> {
        let mut told = false;
        let mut tell_at = Instant::now() + 10 * COLLECT;
        let mut dial_at: Option<Instant> = None;
        let mut found: Vec<(PeerId, Multiaddr)> = Vec::new();
        let mut crowd = false;
        loop {
            let idle = self.idle.values().map(|idle| idle.since + STREAM).min();
            tokio::select! {
                biased;
                () = tokio::time::sleep_until(idle.unwrap_or_else(Instant::now)), if idle.is_some() => self.send_away_idle(),
                asked = asks.recv() => match asked? {
                    PairEffect::Open { listen, seed, nearby } => return Some(Opening::new(listen, seed, nearby)),
                    PairEffect::Dial { peer, addresses } => {
                        // Nobody has this device speak to its own programs.
                        let addresses = places::to_dial(&addresses, Some(listen), &interfaces::all());
                        let (quic, tcp) = addresses::to_dial(&addresses);
                        if let Ok(peer) = PeerId::from_bytes(&peer.0) {
                            self.remember(peer, [quic, tcp].concat());
                            dial_at = Some(Instant::now());
                        }
                    }
                    PairEffect::Send(conn, bytes) => {
                        if let Some(talk) = self.talks.get_mut(&conn) {
                            talk.counts = true;
                            let _ = talk.ends.send(bytes);
                        }
                    }
                    PairEffect::Drop(conn) => {
                        self.drop_talk(conn);
                        dial_at.get_or_insert(Instant::now() + AGAIN);
                    }
                    PairEffect::Close => {
                        // What was sent last is let out before the network goes.
                        self.talks.clear();
                        let until = Instant::now() + Duration::from_millis(300);
                        while tokio::time::timeout_at(until, self.swarm.select_next_some()).await.is_ok() {}
                        return None;
                    }
                },
                event = self.swarm.select_next_some() => match event {
                    SwarmEvent::NewListenAddr { address, .. } => {
                        if self.listening.is_empty() {
                            tell_at = Instant::now() + COLLECT;
                        }
                        self.listening.push(address);
                    }
                    SwarmEvent::ConnectionEstablished { peer_id, connection_id, endpoint, .. } => {
                        tracing::debug!(dialled = endpoint.is_dialer(), "a connection of the window");
                        if endpoint.is_dialer() {
                            self.swarm.behaviour_mut().streams.open(peer_id, connection_id);
                        } else {
                            self.came(peer_id, connection_id, endpoint.get_remote_address());
                        }
                    }
                    SwarmEvent::OutgoingConnectionError { .. } => dial_at = Some(Instant::now() + AGAIN),
                    SwarmEvent::ConnectionClosed { connection_id, endpoint, .. } => {
                        self.idle.remove(&connection_id);
                        // Whoever comes and goes puts nothing off.
                        if endpoint.is_dialer() && !self.others.is_empty() {
                            dial_at.get_or_insert(Instant::now() + AGAIN);
                        }
                    }
                    SwarmEvent::Behaviour(BehaviourEvent::Streams(opened)) => self.opened.push_back(opened),
                    SwarmEvent::Behaviour(BehaviourEvent::Nearby(Seen::Others(new))) => found.extend(new),
                    SwarmEvent::Behaviour(BehaviourEvent::Nearby(Seen::Crowd)) => crowd = true,
                    _ => {}
                },
                () = std::future::ready(()), if told && !self.opened.is_empty() => if !self.opened().await {
                    // Not at once: it may be the only other program there, and it is left in peace.
                    dial_at.get_or_insert(Instant::now() + AGAIN);
                },
                Some(conn) = self.ended.recv() => {
                    self.drop_talk(conn);
                    dial_at.get_or_insert(Instant::now() + AGAIN);
                }
                () = tokio::time::sleep_until(tell_at), if !told => {
                    told = true;
                    self.tell(Input::Listening { addresses: addresses::to_tell(Some(listen), &self.listening, addresses::port(listen)) }).await;
                    let (own, addresses) = (self.own.clone(), addresses::to_tell(Some(listen), &self.listening, None));
                    self.tell(Input::PairListening { own, addresses }).await;
                }
                () = std::future::ready(()), if told && crowd => {
                    (crowd, found) = (false, Vec::new());
                    self.tell(Input::Pair(pairing::Input::Crowd)).await;
                }
                () = std::future::ready(()), if told && !found.is_empty() => self.found(std::mem::take(&mut found)).await,
                () = tokio::time::sleep_until(dial_at.unwrap_or_else(Instant::now)), if dial_at.is_some() => {
                    // Whoever is dialled may not answer, or not be the one: the next comes soon.
                    dial_at = self.dial().then(|| Instant::now() + AGAIN);
                }
            }
        }
    }

    /// Takes the next stream. Says whether there was one.
    async fn opened(&mut self) -> bool {
        let Some(opened) = self.opened.pop_front() else {
            return true;
        };
        match opened.stream {
            Some(stream) => {
                self.up(opened.peer, stream, opened.dialled).await;
                true
            }
            None => {
                self.no_window(opened.peer);
                false
            }
        }
    }

    /// Somebody came. One address has so many connections of those that say nothing; of all of them the one that was silent for
    /// longest makes room.
    fn came(&mut self, peer: PeerId, id: ConnectionId, remote: &Multiaddr) {
        let from = door::from(remote);
        let of_one = self.idle.values().filter(|idle| idle.from == from);
        if of_one.count() >= STRANGERS_OF_ONE {
            self.swarm.close_connection(id);
            return;
        }
        if self.idle.len() >= STRANGERS {
            let silent = self.idle.iter().filter(|(_, idle)| !self.counts(idle.peer));
            let longest = silent.min_by_key(|(_, idle)| idle.since);
            if let Some(longest) = longest.map(|(id, _)| *id) {
                self.send_away(longest);
            }
        }
        let since = Instant::now();
        self.idle.insert(id, Idle { peer, from, since });
    }

    /// Whether the node has answered somebody.
    fn counts(&self, peer: PeerId) -> bool {
        let mut of_it = self.talks.values().filter(|talk| talk.peer == peer);
        of_it.any(|talk| talk.counts)
    }

    /// Sends away whoever came and has said nothing for long that the node answers: there is not room for everybody who only
    /// holds a connection.
    fn send_away_idle(&mut self) {
        let now = Instant::now();
        let over = self.idle.iter().filter(|(_, i)| i.since + STREAM <= now);
        let over: Vec<ConnectionId> = over.map(|(id, _)| *id).collect();
        for id in over {
            self.send_away(id);
        }
    }

    fn send_away(&mut self, id: ConnectionId) {
        if let Some(Idle { peer, .. }) = self.idle.remove(&id)
            && !self.counts(peer)
        {
            self.talks.retain(|_, talk| talk.peer != peer);
            self.swarm.close_connection(id);
        }
    }

    /// Another window to be dialled in turn. Whoever names many takes nobody's turn for sure: of too many, any one goes.
    fn remember(&mut self, peer: PeerId, addresses: Vec<Multiaddr>) {
        let ips: Vec<IpAddr> = addresses.iter().filter_map(addresses::ip).collect();
        for ip in &ips {
            self.swarm.behaviour_mut().door.knows(*ip);
        }
        self.others.retain(|(known, _)| *known != peer);
        self.others.push_front((peer, addresses));
        let there = |(_, at): &(PeerId, Vec<Multiaddr>)| {
            at.iter()
                .filter_map(addresses::ip)
                .any(|ip| ips.contains(&ip))
        };
        let of_one: Vec<usize> = positions(&self.others, there);
        if of_one.len() > FOUND_AT_ONE {
            self.others.remove(any_of(&of_one));
        }
        if self.others.len() > FOUND {
            self.others
                .remove(any_of(&positions(&self.others, |_| true)));
        }
    }

    /// Ends a stream, and the connection it was on, unless another stream to the same window is in use.
    fn drop_talk(&mut self, conn: Conn) {
        let Some(talk) = self.talks.remove(&conn) else {
            return;
        };
        if !self.talks.values().any(|other| other.peer == talk.peer) {
            let _ = self.swarm.disconnect_peer_id(talk.peer);
        }
    }

    /// Some other program of that network: it is not dialled again, unless it is the only one there is.
    fn no_window(&mut self, peer: PeerId) {
        let _ = self.swarm.disconnect_peer_id(peer);
        if self.others.len() > 1 {
            self.others.retain(|(other, _)| *other != peer);
        }
    }

    /// Dials the next in turn, unless a conversation is under way. Says whether there is anybody to dial.
    fn dial(&mut self) -> bool {
        if self.talks.values().any(|talk| talk.counts) {
            return false;
        }
        let Some((peer, addresses)) = self.others.pop_front() else {
            return false;
        };
        let dial = DialOpts::peer_id(peer)
            .condition(PeerCondition::DisconnectedAndNotDialing)
            .addresses(addresses.clone())
            .build();
        let _ = self.swarm.dial(dial);
        self.others.push_back((peer, addresses));
        true
    }

    /// Tells of others with an open window, each with all its addresses.
    async fn found(&mut self, found: Vec<(PeerId, Multiaddr)>) {
        let mut others: BTreeMap<PeerId, Vec<Multiaddr>> = BTreeMap::new();
        for (peer, address) in found {
            // Without the id at its end, as invitations have them.
            let plain = addresses::plain(&address);
            others.entry(peer).or_default().push(plain);
        }
        for (peer, addresses) in others {
            tracing::debug!("another window is in this network");
            let addresses = addresses.iter().map(ToString::to_string).collect();
            let peer = LinkId(peer.to_bytes());
            self.tell(Input::Pair(pairing::Input::Found { peer, addresses }))
                .await;
        }
    }

    async fn up(&mut self, peer: PeerId, stream: libp2p::Stream, dialled: bool) {
        let (conn, there) = (CONNS.fetch_add(1, Ordering::Relaxed), peer);
        let peer = LinkId(peer.to_bytes());
        tracing::debug!(dialled, "a stream of the window");
        self.tell(Input::Pair(pairing::Input::Up {
            conn,
            peer: peer.clone(),
            dialled,
        }))
        .await;
        let (events, from, end) = (self.events.clone(), peer.clone(), self.end.clone());
        let ends = wires::run(
            stream,
            (limits::EARLY_FRAME_BYTES, limits::EARLY_FRAME_BYTES),
            None,
            move |brought| {
                let (events, peer, end) = (events.clone(), from.clone(), end.clone());
                async move {
                    let input = match brought {
                        Brought::Frame(bytes) => pairing::Input::Message { conn, peer, bytes },
                        Brought::End => {
                            let _ = end.send(conn).await;
                            pairing::Input::Down { conn }
                        }
                    };
                    events.send(Input::Pair(input)).await.is_ok()
                }
            },
        );
        let talk = Talk {
            peer: there,
            ends,
            counts: false,
        };
        self.talks.insert(conn, talk);
    }
}
