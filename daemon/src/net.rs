//! The partner's link over libp2p: QUIC first, TCP second, one stream, nobody but the partner (DESIGN §4).

use crate::addresses;
use crate::choice::{Candidate, choose};
use crate::door::Door;
use crate::interfaces;
use crate::quic::{Quic, Sockets};
use crate::single::{self, Opened, Streams};
use crate::wires::{self, Brought, Ends};
use futures::StreamExt;
use libp2p::allow_block_list::{self, AllowedPeers};
use libp2p::connection_limits::{self, ConnectionLimits};
use libp2p::core::ConnectedPoint;
use libp2p::core::transport::ListenerId;
use libp2p::identity::Keypair;
use libp2p::swarm::dial_opts::DialOpts;
use libp2p::swarm::{ConnectionId, DialError, NetworkBehaviour, SwarmEvent};
use libp2p::{Multiaddr, PeerId, StreamProtocol, Swarm, TransportError, noise, tcp};
use rustix::io::Errno;
use rustix::net::{AddressFamily, SocketFlags, SocketType};
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::os::fd::OwnedFd;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::time::Instant;
use troth_core::keys::Key;
use troth_core::node::{Input, Link, Share};
use troth_core::places;
use troth_proto::api::Tried;
use troth_proto::pairing::LinkId;
use troth_proto::{limits, wire};

/// How long QUIC is tried alone.
const QUIC_FIRST: Duration = Duration::from_secs(1);
/// Before a listener that failed is tried again, at first and later: it may be one's own from a moment ago.
const LISTEN_AGAIN: (Duration, Duration) = (Duration::from_millis(100), Duration::from_secs(10));
/// How long a connection may take until both ends are proved.
const HANDSHAKE: Duration = Duration::from_secs(5);
/// Attempts under way at a place that a person typed: one that began in a line that was dead is heard of again only after a
/// second, and whoever types may know that it is back.
const TYPED: usize = 2;
/// Streams that the partner may open at once, and how long until there may be one more.
const STREAMS: (u32, Duration) = (30, Duration::from_millis(250));
/// Before ports that are to be held are tried again: the swarm, or a connection, may not have let go yet.
const HOLD_AGAIN: (Duration, Duration) = (Duration::from_millis(5), Duration::from_secs(1));
/// Addresses of this device that come and go are told once they have been the same for so long.
const SETTLED: Duration = Duration::from_millis(500);
/// Connections with each device of the partner: both may dial several places at once.
const CONNECTIONS: u32 = 8;

/// What the loop asks of the network.
pub enum Ask {
    /// Be reachable for these devices of the partner, or mute.
    Share(Option<Share>),
    /// Keep the ports of this address, while mute.
    Hold(String),
    /// Dial the partner.
    Dial(Dial),
    /// Send a frame.
    Send(Link, Vec<u8>),
    /// Close a stream once all frames before are gone.
    Close(Link),
}

/// Whom to dial, and where.
pub struct Dial {
    /// The ids of the device to be met.
    pub partners: Vec<LinkId>,
    /// Where it may be, over both transports.
    pub remembered: Vec<SocketAddr>,
    /// Where a person says, perhaps by a name that has to be looked up.
    pub typed: Option<String>,
    /// Also beside a connection that is there.
    pub beside: bool,
}

/// The key pair of a seed.
pub fn key_pair(seed: &Key) -> Option<Keypair> {
    Keypair::ed25519_from_bytes(seed.0).ok()
}

fn peers(links: &[LinkId]) -> Vec<PeerId> {
    let read = links.iter().map(|link| PeerId::from_bytes(&link.0));
    read.filter_map(Result::ok).collect()
}

#[derive(NetworkBehaviour)]
struct Behaviour {
    allow: allow_block_list::Behaviour<AllowedPeers>,
    limits: connection_limits::Behaviour,
    door: Door,
    streams: Streams,
}

/// A swarm with small limits, under a key, for one protocol each.
pub fn swarm<B: NetworkBehaviour>(
    pair: Keypair,
    behaviour: B,
    sockets: Sockets,
) -> Option<Swarm<B>> {
    let quic = Quic::new(&pair, HANDSHAKE, sockets).ok()?;
    let built = libp2p::SwarmBuilder::with_existing_identity(pair)
        .with_tokio()
        .with_tcp(
            tcp::Config::default().nodelay(true),
            noise::Config::new,
            || single::Config,
        )
        .ok()?
        .with_other_transport(|_| quic)
        .ok()?
        .with_behaviour(|_| behaviour)
        .ok()?
        .with_swarm_config(|config| config.with_idle_connection_timeout(Duration::from_secs(60)))
        .with_connection_timeout(HANDSHAKE)
        .build();
    Some(built)
}

/// Limits on connections that are established; those on their way are the [`Door`]'s.
pub fn connection_limits(incoming: u32) -> connection_limits::Behaviour {
    connection_limits::Behaviour::new(
        ConnectionLimits::default()
            .with_max_established_per_peer(Some(CONNECTIONS))
            .with_max_established_incoming(Some(incoming)),
    )
}

/// Runs the network as it is asked, until the loop ends.
pub async fn run(mut asks: mpsc::Receiver<Ask>, events: mpsc::Sender<Input>) {
    let (mut share, sockets) = (None, Sockets::default());
    let mut held = Held::default();
    loop {
        let asked: Share = match share.take() {
            None => tokio::select! {
                asked = asks.recv() => match asked {
                    Some(Ask::Share(Some(new))) => new,
                    Some(Ask::Hold(listen)) => {
                        held.hold(&listen);
                        continue;
                    }
                    Some(_) => continue,
                    None => return,
                },
                () = tokio::time::sleep(held.wait), if !held.wanted.is_empty() => {
                    held.try_again();
                    continue;
                }
            },
            Some(share) => share,
        };
        held = Held::default();
        // Making keys and certificates ready takes a while: whoever asks the daemon something meanwhile is answered.
        match tokio::task::block_in_place(|| Network::new(&asked, events.clone(), sockets.clone()))
        {
            Some(network) => match network.run(&mut asks).await {
                After::Share(Some(next)) => {
                    if next.listen != asked.listen {
                        sockets.let_go();
                    }
                    share = Some(next);
                }
                After::Share(None) => {
                    // Mute: nothing answers, and the ports stay ours.
                    sockets.let_go();
                    held.hold(asked.listen.as_deref().unwrap_or_default());
                }
                After::End => return,
            },
            None => tracing::error!("the network could not be begun"),
        }
    }
}

/// Ports that are kept without answering on them: bound, and nothing listens.
#[derive(Default)]
struct Held {
    listen: String,
    wanted: Vec<(SocketAddr, SocketType)>,
    sockets: Vec<OwnedFd>,
    wait: Duration,
}

impl Held {
    /// Keeps the ports of an address, in the place of others.
    fn hold(&mut self, listen: &str) {
        if self.listen == listen {
            return;
        }
        let at = addresses::everywhere(listen);
        let both = [SocketType::DGRAM, SocketType::STREAM];
        let wanted = at.into_iter().flat_map(|at| both.map(|kind| (at, kind)));
        *self = Self {
            listen: listen.to_owned(),
            wanted: wanted.collect(),
            sockets: Vec::new(),
            wait: HOLD_AGAIN.0,
        };
        self.try_again();
    }

    fn try_again(&mut self) {
        self.wait = (2 * self.wait).min(HOLD_AGAIN.1);
        let sockets = &mut self.sockets;
        self.wanted.retain(|(at, kind)| match bound(*at, *kind) {
            Ok(socket) => {
                sockets.push(socket);
                false
            }
            // Where there is no such network, nothing is to be held.
            Err(e) => e == Errno::ADDRINUSE,
        });
    }
}

fn bound(at: SocketAddr, kind: SocketType) -> rustix::io::Result<OwnedFd> {
    let family = if at.is_ipv4() {
        AddressFamily::INET
    } else {
        AddressFamily::INET6
    };
    let socket = rustix::net::socket_with(family, kind, SocketFlags::CLOEXEC, None)?;
    if at.is_ipv6() {
        rustix::net::sockopt::set_ipv6_v6only(&socket, true)?;
    }
    rustix::net::bind(&socket, &at)?;
    Ok(socket)
}

/// What came of an attempt that failed.
fn tried(error: &DialError) -> Tried {
    let DialError::Transport(errors) = error else {
        return match error {
            DialError::WrongPeerId { .. } | DialError::Denied { .. } => Tried::Stranger,
            _ => Tried::NoAnswer,
        };
    };
    let mut why = None;
    for (_, error) in errors {
        if let TransportError::Other(error) = error {
            why = io_error(error).or(why);
        }
    }
    use std::io::ErrorKind as Kind;
    match why {
        Some(Kind::ConnectionRefused | Kind::ConnectionReset) => Tried::Refused,
        Some(Kind::NetworkUnreachable | Kind::HostUnreachable | Kind::NetworkDown) => Tried::NoWay,
        _ => Tried::NoAnswer,
    }
}

/// The system's error that lies at the bottom of one of libp2p's.
fn io_error(error: &(dyn std::error::Error + 'static)) -> Option<std::io::ErrorKind> {
    let mut next = Some(error);
    let mut found = None;
    while let Some(error) = next {
        if let Some(io) = error.downcast_ref::<std::io::Error>() {
            let inner = io.get_ref().and_then(|inner| io_error(inner));
            found = inner
                .or(Some(io.kind()))
                .filter(|kind| *kind != std::io::ErrorKind::Other)
                .or(found);
        }
        next = error.source();
    }
    found
}

enum After {
    Share(Option<Share>),
    End,
}

struct Connection {
    peer: PeerId,
    /// Which of several is kept: the lower first. Both sides see the same.
    rank: (bool, bool),
    /// In which round it was dialled, if it was from here.
    round: Option<u64>,
    since: Instant,
    /// Its other end, and whether somebody listens there.
    at: Option<(SocketAddr, bool)>,
    /// It is to be closed, which may take as long as it likes.
    given_up: bool,
    /// Whether a stream ever came of it.
    used: bool,
}

impl Connection {
    fn candidate(&self, id: ConnectionId) -> Candidate<ConnectionId> {
        Candidate {
            id,
            rank: self.rank,
            round: self.round,
            since: self.since,
        }
    }
}

/// One attempt that is under way.
struct Attempt {
    at: SocketAddr,
    over_quic: bool,
    /// Attempts that were made for one reason.
    round: u64,
}

/// One stream to the partner.
struct Stream {
    connection: ConnectionId,
    ends: Ends,
}

/// What was sent last is let out for this long before a connection is closed.
const LAST_WORDS: Duration = Duration::from_millis(200);

struct Network {
    swarm: Swarm<Behaviour>,
    seed: Key,
    own: PeerId,
    /// The ids of the partner's device, and while the two pair anew those of the next one too.
    partners: Vec<PeerId>,
    connections: BTreeMap<ConnectionId, Connection>,
    streams: BTreeMap<Link, Stream>,
    listening: Vec<Multiaddr>,
    /// When what is listened to was the same for long enough to be told.
    settled: Option<Instant>,
    /// Since when it was not told.
    unsettled: Option<Instant>,
    /// Whether anything was told yet.
    told: bool,
    /// Where each listener listens, or begins to.
    listeners: Vec<(ListenerId, Multiaddr)>,
    /// Where nothing could listen, and when it is tried again.
    silent: (Vec<Multiaddr>, Option<Instant>),
    /// How long that is waited for.
    silence: Duration,
    /// Where to listen, as a person knows it.
    listen: Option<String>,
    /// Places to dial over TCP if QUIC has not answered by then.
    second: Option<(Instant, Vec<SocketAddr>)>,
    /// Where a look-up of names puts what it finds; full while one is under way.
    look_up: mpsc::Sender<Vec<SocketAddr>>,
    found: mpsc::Receiver<Vec<SocketAddr>>,
    /// Attempts that are under way.
    attempts: BTreeMap<ConnectionId, Attempt>,
    round: u64,
    /// Streams that the partner may still open, and when that was counted.
    may_open: u32,
    stream_at: Instant,
    /// Connections to close, once the last words are out.
    closing: Option<(Instant, Vec<ConnectionId>)>,
    events: mpsc::Sender<Input>,
}

static LINKS: AtomicU64 = AtomicU64::new(1);

impl Network {
    fn new(share: &Share, events: mpsc::Sender<Input>, sockets: Sockets) -> Option<Self> {
        let pair = key_pair(&share.seed)?;
        let own = pair.public().to_peer_id();
        let partners = peers(&share.partners);
        if partners.is_empty() {
            return None;
        }
        let mut allow = allow_block_list::Behaviour::default();
        for partner in &partners {
            allow.allow_peer(*partner);
        }
        let swarm = swarm(
            pair,
            Behaviour {
                allow,
                limits: connection_limits(2 * CONNECTIONS),
                door: Door::default(),
                streams: Streams::new(StreamProtocol::new(wire::PROTOCOL)),
            },
            sockets,
        )?;
        let listen = share.listen.clone();
        let wanted = listen.as_deref().map(|at| addresses::to_listen(at, None));
        let silent = (wanted.unwrap_or_default(), Some(Instant::now()));
        let (look_up, found) = mpsc::channel(1);
        Some(Self {
            swarm,
            seed: share.seed.clone(),
            own,
            partners,
            connections: BTreeMap::new(),
            streams: BTreeMap::new(),
            listening: Vec::new(),
            settled: None,
            unsettled: None,
            told: false,
            listeners: Vec::new(),
            silent,
            silence: LISTEN_AGAIN.0 / 2,
            listen,
            second: None,
            look_up,
            found,
            attempts: BTreeMap::new(),
            round: 0,
            may_open: STREAMS.0,
            stream_at: Instant::now(),
            closing: None,
            events,
        })
    }

    async fn run(mut self, asks: &mut mpsc::Receiver<Ask>) -> After {
        self.listen().await;
        loop {
            let second = self.second.as_ref().map(|(at, _)| *at);
            let silent = self.silent.1;
            let closing = self.closing.as_ref().map(|(at, _)| *at);
            let settled = self.settled;
            tokio::select! {
                biased;
                asked = asks.recv() => match asked {
                    Some(Ask::Share(Some(share))) if self.is_the_same(&share) => self.let_in(&share),
                    Some(Ask::Share(share)) => {
                        self.say_goodbye().await;
                        return After::Share(share);
                    }
                    Some(Ask::Dial(dial)) => self.dial(dial),
                    Some(Ask::Send(link, bytes)) => self.send(link, bytes).await,
                    Some(Ask::Close(link)) => self.close(link),
                    Some(Ask::Hold(_)) => {} // they are in use
                    None => {
                        self.say_goodbye().await;
                        return After::End;
                    }
                },
                Some(found) = self.found.recv() => self.dial_in_turn(found, TYPED),
                () = tokio::time::sleep_until(second.unwrap_or_else(Instant::now)), if second.is_some() => self.dial_second(),
                () = tokio::time::sleep_until(settled.unwrap_or_else(Instant::now)), if settled.is_some() => self.told_addresses().await,
                () = tokio::time::sleep_until(silent.unwrap_or_else(Instant::now)), if silent.is_some() => self.listen().await,
                () = tokio::time::sleep_until(closing.unwrap_or_else(Instant::now)), if closing.is_some() => {
                    for connection in self.closing.take().map(|(_, all)| all).unwrap_or_default() {
                        self.swarm.close_connection(connection);
                    }
                }
                // Last: a crowd at the door holds up nothing of the above.
                event = self.swarm.select_next_some() => self.on(event).await,
            }
        }
    }

    /// Whether only those who are let in differ.
    fn is_the_same(&self, share: &Share) -> bool {
        share.seed == self.seed && share.listen == self.listen
    }

    /// Lets in exactly these from now on.
    fn let_in(&mut self, share: &Share) {
        let now = peers(&share.partners);
        let allow = &mut self.swarm.behaviour_mut().allow;
        for gone in self.partners.iter().filter(|peer| !now.contains(peer)) {
            allow.disallow_peer(*gone);
        }
        for peer in &now {
            allow.allow_peer(*peer);
        }
        self.partners = now;
    }

    /// Ends all connections as the transports do, so that the partner need not wait for a silence to be noticed. The
    /// same whether the daemon stops, or the person pauses or stops sharing.
    async fn say_goodbye(&mut self) {
        for stream in std::mem::take(&mut self.streams).into_values() {
            stream.ends.end();
        }
        for partner in &self.partners {
            let _ = self.swarm.disconnect_peer_id(*partner);
        }
        let until = Instant::now() + LAST_WORDS;
        while !self.connections.is_empty() {
            match tokio::time::timeout_at(until, self.swarm.select_next_some()).await {
                Ok(SwarmEvent::ConnectionClosed { connection_id, .. }) => {
                    self.connections.remove(&connection_id);
                }
                Ok(_) => {}
                Err(_) => return,
            }
        }
        // QUIC hands its last packet to a task of its own.
        tokio::time::sleep(LAST_WORDS / 8).await;
    }

    /// Listens wherever nothing listens yet. What fails is tried again: another program may have the port for a while,
    /// and a machine without IPv6 may get it.
    async fn listen(&mut self) {
        let (wanted, again) = std::mem::take(&mut self.silent);
        if again.is_some() {
            self.silence = (2 * self.silence).min(LISTEN_AGAIN.1);
        }
        for address in wanted {
            match self.swarm.listen_on(address.clone()) {
                Ok(id) => self.listeners.push((id, address)),
                Err(_) => self.silent_at(address),
            }
        }
        self.told_silence().await;
    }

    fn silent_at(&mut self, address: Multiaddr) {
        self.silent.0.push(address);
        self.silent.1 = Some(Instant::now() + self.silence);
    }

    /// Tells once if nothing listens at all.
    async fn told_silence(&mut self) {
        if self.listeners.is_empty()
            && let Some(address) = self.listen.clone()
        {
            self.tell(Input::ListenFailed { address }).await;
        }
    }

    async fn tell(&mut self, input: Input) {
        let _ = self.events.send(input).await;
    }

    async fn send(&mut self, link: Link, bytes: Vec<u8>) {
        let Some(stream) = self.streams.get(&link) else {
            return;
        };
        // Never full while the node keeps to its window; a partner who reads nothing is given up.
        if !stream.ends.send(bytes) {
            self.close(link);
            self.tell(Input::LinkDown(link)).await;
        }
    }

    /// Whether the partner may open one more stream now; one too many is closed at once.
    fn may_open(&mut self) -> bool {
        let (most, wait) = STREAMS;
        let gained = (self.stream_at.elapsed().as_millis() / wait.as_millis()) as u32;
        if gained > 0 {
            self.may_open = self.may_open.saturating_add(gained).min(most);
            self.stream_at = Instant::now();
        }
        let may = self.may_open > 0;
        self.may_open = self.may_open.saturating_sub(1);
        if !may {
            tracing::warn!("the partner's daemon opens too many streams");
        }
        may
    }

    /// A stream that ended takes its connection with it: whatever was wrong, both begin anew.
    fn close(&mut self, link: Link) {
        let Some(ended) = self.streams.remove(&link) else {
            return;
        };
        self.give_up(ended.connection);
        let (_, all) = self
            .closing
            .get_or_insert((Instant::now() + LAST_WORDS, Vec::new()));
        all.push(ended.connection);
        ended.ends.end();
    }

    /// A connection is gone, and its stream with it, also if nobody tells.
    async fn gone(&mut self, id: ConnectionId) {
        let Some(gone) = self.connections.remove(&id) else {
            return;
        };
        let linked = self
            .connections
            .values()
            .any(|c| c.peer == gone.peer && c.used);
        let unused = gone.round.is_some() && !gone.used && !gone.given_up;
        if let (true, Some((at, _))) = (unused && !linked, gone.at) {
            // Who is there has let nobody in.
            let what = Tried::Stranger;
            self.tell(Input::Tried { at, what }).await;
        }
        let its = self.streams.iter().find(|(_, s)| s.connection == id);
        if let Some(link) = its.map(|(link, _)| *link)
            && let Some(stream) = self.streams.remove(&link)
        {
            stream.ends.end();
            self.tell(Input::LinkDown(link)).await;
        }
    }

    fn dial(&mut self, dial: Dial) {
        tracing::debug!("dialling");
        let partners = peers(&dial.partners);
        // One on which no stream came up in time is as good as dead.
        let lives = |c: &&Connection| !c.given_up && (c.used || c.since.elapsed() < HANDSHAKE);
        let met = self.connections.values().filter(lives);
        let mut met = met.filter(|c| partners.contains(&c.peer));
        if met.next().is_some() && !dial.beside {
            return;
        }
        self.round += 1;
        // A name is looked up besides, one at a time: nobody waits for it.
        if let Some(named) = dial.typed
            && let Ok(place) = self.look_up.clone().try_reserve_owned()
        {
            tokio::spawn(async move { place.send(addresses::resolve(&named).await) });
        }
        // Nobody but a person has this device speak to its own programs, at whatever address they are.
        let (listen, own) = (self.listen.as_deref(), interfaces::all());
        let mut places = dial.remembered;
        places.retain(|at| places::may_dial(*at, listen, &own));
        self.dial_in_turn(places, 1);
    }

    /// QUIC first, and TCP a little later: of two attempts at once each side would keep the one that the other gives up. So
    /// many may be under way at each place.
    fn dial_in_turn(&mut self, places: Vec<SocketAddr>, most: usize) {
        for at in &places {
            self.dial_at(*at, true, most);
        }
        let at = Instant::now() + QUIC_FIRST;
        let (_, waiting) = self.second.get_or_insert((at, Vec::new()));
        waiting.extend(places);
        waiting.dedup();
    }

    fn dial_second(&mut self) {
        for at in self
            .second
            .take()
            .map(|(_, places)| places)
            .unwrap_or_default()
        {
            self.dial_at(at, false, 1);
        }
    }

    /// Begins one attempt, unless enough are under way at the same place. Each place is an attempt of its own: whoever else
    /// answers at one of them keeps nobody from the others.
    fn dial_at(&mut self, at: SocketAddr, over_quic: bool, most: usize) {
        let under_way = self.attempts.values();
        let there = under_way.filter(|other| (other.at, other.over_quic) == (at, over_quic));
        if there.count() >= most {
            return;
        }
        let address = match over_quic {
            true => addresses::quic(at.ip(), at.port()),
            false => addresses::tcp(at.ip(), at.port()),
        };
        let dial = DialOpts::unknown_peer_id().address(address).build();
        let id = dial.connection_id();
        self.swarm.behaviour_mut().door.knows(at.ip());
        if self.swarm.dial(dial).is_ok() {
            let round = self.round;
            let attempt = Attempt {
                at,
                over_quic,
                round,
            };
            self.attempts.insert(id, attempt);
        }
    }

    async fn on(&mut self, event: SwarmEvent<BehaviourEvent>) {
        match event {
            SwarmEvent::ConnectionEstablished {
                peer_id,
                connection_id,
                endpoint,
                ..
            } => self.connected(peer_id, connection_id, &endpoint).await,
            SwarmEvent::Behaviour(BehaviourEvent::Streams(opened)) => self.opened(opened).await,
            SwarmEvent::ConnectionClosed {
                connection_id,
                cause,
                ..
            } => {
                tracing::debug!(id = %connection_id, lost = cause.is_some(), "a connection ended");
                self.gone(connection_id).await;
            }
            SwarmEvent::OutgoingConnectionError {
                connection_id,
                error,
                ..
            } => {
                let Some(failed) = self.attempts.remove(&connection_id) else {
                    return;
                };
                let what = tried(&error);
                tracing::debug!(over_quic = failed.over_quic, ?what, "an attempt failed");
                let at = failed.at;
                if self.attempts.is_empty()
                    && let Some((at, _)) = &mut self.second
                {
                    *at = Instant::now(); // no need to wait any longer
                }
                self.tell(Input::Tried { at, what }).await;
            }
            SwarmEvent::NewListenAddr { address, .. } => {
                self.listening.push(address);
                self.settle();
            }
            SwarmEvent::ExpiredListenAddr { address, .. } => {
                self.listening.retain(|a| *a != address);
                self.settle();
            }
            SwarmEvent::ListenerClosed {
                listener_id,
                addresses,
                ..
            } => {
                if let Some(at) = self.listeners.iter().position(|(id, _)| *id == listener_id) {
                    let (_, address) = self.listeners.swap_remove(at);
                    self.silent_at(address);
                    self.listening.retain(|at| !addresses.contains(at));
                    self.told_addresses().await;
                    self.told_silence().await;
                }
            }
            _ => {}
        }
    }

    /// Whatever came or went is told once nothing else has for a while; the first that is listened to at once.
    fn settle(&mut self) {
        let wait = if self.told { SETTLED } else { SETTLED / 10 };
        let now = Instant::now();
        let since = *self.unsettled.get_or_insert(now);
        self.settled = Some((now + wait).min(since + 4 * SETTLED));
    }

    async fn told_addresses(&mut self) {
        (self.settled, self.unsettled, self.told) = (None, None, true);
        // First in which networks this device is: in another one it goes by another id.
        self.tell(Input::Lans(interfaces::lans())).await;
        self.tell(Input::Listening {
            addresses: addresses::to_tell(self.listen.as_deref(), &self.listening, None),
        })
        .await;
    }

    /// Both may dial at once, and several places of each other: one connection of all is kept, and whoever dialled it opens its
    /// stream. The other may still take a dead one for alive.
    async fn connected(&mut self, peer: PeerId, id: ConnectionId, endpoint: &ConnectedPoint) {
        let attempt = self.attempts.remove(&id);
        let dialled = endpoint.is_dialer();
        let remote = endpoint.get_remote_address();
        let over_quic = addresses::over_quic(remote);
        tracing::debug!(dialled, over_quic, id = %id, "a connection");
        let connection = Connection {
            peer,
            rank: (dialled != (self.own < peer), !over_quic),
            round: attempt.map(|attempt| attempt.round),
            since: Instant::now(),
            at: addresses::socket(remote).map(|at| (at, dialled || over_quic)),
            given_up: false,
            used: false,
        };
        self.connections.insert(id, connection);
        let all = self.connections.iter();
        let of_it = all.filter(|(_, c)| c.peer == peer && !c.given_up);
        let of_it: Vec<_> = of_it.map(|(id, c)| c.candidate(*id)).collect();
        let choice = choose(&of_it);
        for id in choice.surplus {
            self.give_up(id);
            self.swarm.close_connection(id);
        }
        if let Some(kept) = choice.kept
            && self
                .connections
                .get(&kept)
                .is_some_and(|c| c.round.is_some())
        {
            self.swarm.behaviour_mut().streams.open(peer, kept);
        }
    }

    fn give_up(&mut self, id: ConnectionId) {
        if let Some(connection) = self.connections.get_mut(&id) {
            connection.given_up = true;
        }
    }

    /// A connection has its stream, or will have none.
    async fn opened(&mut self, opened: Opened) {
        match opened.stream {
            Some(stream) if opened.dialled || self.may_open() => {
                self.up(opened.peer, opened.connection, stream).await;
            }
            _ => {
                self.swarm.close_connection(opened.connection);
            }
        }
    }

    async fn up(&mut self, peer: PeerId, connection: ConnectionId, stream: libp2p::Stream) {
        let its = self.connections.get_mut(&connection);
        let Some(its) = its.filter(|c| !c.given_up) else {
            return; // another connection was kept
        };
        its.used = true;
        let at = its.at;
        if let Some((at, _)) = at {
            self.swarm.behaviour_mut().door.knows(at.ip());
        }
        let link = LINKS.fetch_add(1, Ordering::Relaxed);
        let events = self.events.clone();
        self.second = None;
        let up = Input::LinkUp {
            link,
            own: LinkId(self.own.to_bytes()),
            peer: LinkId(peer.to_bytes()),
            at,
        };
        self.tell(up).await;
        let ends = wires::run(
            stream,
            (limits::EARLY_FRAME_BYTES, limits::FRAME_BYTES),
            wires::BEAT,
            move |brought| {
                let events = events.clone();
                async move {
                    let input = match brought {
                        Brought::Frame(bytes) => Input::Frame { link, bytes },
                        Brought::End => Input::LinkDown(link),
                    };
                    events.send(input).await.is_ok()
                }
            },
        );
        self.streams.insert(link, Stream { connection, ends });
    }
}
