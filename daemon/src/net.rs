//! The partner's link over libp2p: QUIC first, TCP second, one stream, nobody but the partner (DESIGN §4).

use crate::addresses;
use crate::door::Door;
use crate::wires::{self, Brought, Ends};
use futures::StreamExt;
use libp2p::allow_block_list::{self, AllowedPeers};
use libp2p::connection_limits::{self, ConnectionLimits};
use libp2p::core::ConnectedPoint;
use libp2p::core::transport::ListenerId;
use libp2p::identity::Keypair;
use libp2p::swarm::dial_opts::{DialOpts, PeerCondition};
use libp2p::swarm::{ConnectionId, NetworkBehaviour, SwarmEvent};
use libp2p::{Multiaddr, PeerId, StreamProtocol, Swarm, noise, ping, tcp, yamux};
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
use troth_proto::pairing::LinkId;
use troth_proto::{limits, wire};

/// How long QUIC is tried alone.
const QUIC_FIRST: Duration = Duration::from_secs(1);
/// Before a listener that failed is tried again, at first and later: it may be one's own from a moment ago.
const LISTEN_AGAIN: (Duration, Duration) = (Duration::from_millis(100), Duration::from_secs(10));
/// How long a connection may take until both ends are proved.
const HANDSHAKE: Duration = Duration::from_secs(5);
/// Streams that the partner may open at once, and how long until there may be one more.
const STREAMS: (u32, Duration) = (30, Duration::from_millis(250));
/// Before ports that are to be held are tried again: the swarm, or a connection, may not have let go yet.
const HOLD_AGAIN: (Duration, Duration) = (Duration::from_millis(5), Duration::from_secs(1));
/// How often a quiet link is asked whether it is still there, and how long an answer may take.
const PING: (Duration, Duration) = (Duration::from_secs(10), Duration::from_secs(5));

/// What the loop asks of the network.
pub enum Ask {
    /// Be reachable for these devices of the partner, or mute.
    Share(Option<Share>),
    /// Dial the partner.
    Dial {
        /// The device to be met.
        partner: LinkId,
        /// Where the partner was last.
        remembered: Vec<String>,
        /// Where a person says, perhaps by a name that has to be looked up.
        typed: Option<String>,
    },
    /// Send a frame.
    Send(Link, Vec<u8>),
    /// Close a stream once all frames before are gone.
    Close(Link),
}

/// The key pair of a seed.
pub fn key_pair(seed: &Key) -> Option<Keypair> {
    Keypair::ed25519_from_bytes(seed.0).ok()
}

/// The link id of a seed.
pub fn link_id(seed: &Key) -> Option<LinkId> {
    key_pair(seed).map(|pair| LinkId(pair.public().to_peer_id().to_bytes()))
}

#[derive(NetworkBehaviour)]
struct Behaviour {
    allow: allow_block_list::Behaviour<AllowedPeers>,
    limits: connection_limits::Behaviour,
    door: Door,
    stream: libp2p_stream::Behaviour,
    ping: ping::Behaviour,
}

/// A swarm with small limits, under a key, for one protocol each.
pub fn swarm<B: NetworkBehaviour>(pair: Keypair, behaviour: B) -> Option<Swarm<B>> {
    let muxer = || {
        let mut config = yamux::Config::default();
        config.set_max_num_streams(8);
        config
    };
    let built = libp2p::SwarmBuilder::with_existing_identity(pair)
        .with_tokio()
        .with_tcp(
            tcp::Config::default().nodelay(true),
            noise::Config::new,
            muxer,
        )
        .ok()?
        .with_quic_config(|mut config| {
            config.max_concurrent_stream_limit = 8;
            config.max_stream_data = 2 * limits::WINDOW_BYTES as u32;
            config.max_connection_data = 2 * limits::WINDOW_BYTES as u32;
            config
        })
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
            .with_max_established_per_peer(Some(2))
            .with_max_established_incoming(Some(incoming)),
    )
}

/// Runs the network as it is asked, until the loop ends.
pub async fn run(mut asks: mpsc::Receiver<Ask>, events: mpsc::Sender<Input>) {
    let mut share = None;
    loop {
        let asked = match share.take() {
            None => match asks.recv().await {
                Some(Ask::Share(new)) => new,
                Some(_) => continue,
                None => return,
            },
            Some(share) => Some(share),
        };
        let Some(asked) = asked else { continue };
        // Making keys and certificates ready takes a while: whoever asks the daemon something meanwhile is answered.
        match tokio::task::block_in_place(|| Network::new(&asked, events.clone())) {
            Some(network) => match network.run(&mut asks).await {
                After::Share(Some(next)) => share = Some(next),
                After::Share(None) => {
                    // Mute: nothing answers, and the ports stay ours.
                    let mut held = Held::new(asked.listen.as_deref());
                    loop {
                        tokio::select! {
                            asked = asks.recv() => match asked {
                                Some(Ask::Share(Some(next))) => {
                                    share = Some(next);
                                    break;
                                }
                                Some(_) => {}
                                None => return,
                            },
                            () = tokio::time::sleep(held.wait), if !held.wanted.is_empty() => held.try_again(),
                        }
                    }
                }
                After::End => return,
            },
            None => tracing::error!("the network could not be begun"),
        }
    }
}

/// Ports that are kept without answering on them: bound, and nothing listens.
struct Held {
    wanted: Vec<(SocketAddr, SocketType)>,
    sockets: Vec<OwnedFd>,
    wait: Duration,
}

impl Held {
    fn new(listen: Option<&str>) -> Self {
        let at = addresses::everywhere(listen.unwrap_or_default());
        let both = [SocketType::DGRAM, SocketType::STREAM];
        let wanted = at.into_iter().flat_map(|at| both.map(|kind| (at, kind)));
        let mut it = Self {
            wanted: wanted.collect(),
            sockets: Vec::new(),
            wait: HOLD_AGAIN.0,
        };
        it.try_again();
        it
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

enum After {
    Share(Option<Share>),
    End,
}

struct Connection {
    peer: PeerId,
    /// Which of several is kept: the lower first. Both sides see the same.
    rank: (bool, bool),
    since: Instant,
    /// Where it was dialled, if it was from here.
    at: Option<Multiaddr>,
}

/// One stream to the partner.
struct Stream {
    peer: PeerId,
    since: Instant,
    ends: Ends,
}

/// Connections that come within this long of each other were dialled at once by both. One that comes later comes from
/// a partner who has lost the one before, whatever it looks like from here.
const AT_ONCE: Duration = Duration::from_secs(2);
/// What was sent last is let out for this long before a connection is closed.
const LAST_WORDS: Duration = Duration::from_millis(200);

struct Network {
    swarm: Swarm<Behaviour>,
    own: PeerId,
    /// Nearly always one; two while the partner's next device is to be proved.
    partners: Vec<PeerId>,
    /// The one that is dialled.
    wanted: PeerId,
    connections: BTreeMap<ConnectionId, Connection>,
    streams: BTreeMap<Link, Stream>,
    listening: Vec<Multiaddr>,
    /// Where each listener listens, or begins to.
    listeners: Vec<(ListenerId, Multiaddr)>,
    /// Where nothing could listen, and when it is tried again.
    silent: (Vec<Multiaddr>, Option<Instant>),
    /// How long that is waited for.
    silence: Duration,
    /// Where to listen, as a person knows it.
    listen: Option<String>,
    /// TCP addresses to dial if QUIC has not answered by then.
    second: Option<(Instant, Vec<Multiaddr>)>,
    /// Where a look-up of names puts what it finds; full while one is under way.
    look_up: mpsc::Sender<Vec<Multiaddr>>,
    found: mpsc::Receiver<Vec<Multiaddr>>,
    dialling: u32,
    /// Streams that the partner may still open, and when that was counted.
    may_open: u32,
    stream_at: Instant,
    /// Connections to close, once the last words are out.
    closing: Option<(Instant, Vec<ConnectionId>)>,
    events: mpsc::Sender<Input>,
    open: mpsc::Sender<(PeerId, libp2p::Stream)>,
    opened: mpsc::Receiver<(PeerId, libp2p::Stream)>,
    control: libp2p_stream::Control,
    incoming: libp2p_stream::IncomingStreams,
}

static LINKS: AtomicU64 = AtomicU64::new(1);

impl Network {
    fn new(share: &Share, events: mpsc::Sender<Input>) -> Option<Self> {
        let pair = key_pair(&share.seed)?;
        let own = pair.public().to_peer_id();
        let partners = share.partners.iter();
        let partners: Vec<PeerId> = partners
            .filter_map(|partner| PeerId::from_bytes(&partner.0).ok())
            .collect();
        let first = *partners.last()?;
        let mut allow = allow_block_list::Behaviour::default();
        for partner in &partners {
            allow.allow_peer(*partner);
        }
        let ping = ping::Behaviour::new(
            ping::Config::new()
                .with_interval(PING.0)
                .with_timeout(PING.1),
        );
        let stream = libp2p_stream::Behaviour::new();
        let mut control = stream.new_control();
        let incoming = control.accept(StreamProtocol::new(wire::PROTOCOL)).ok()?;
        let swarm = swarm(
            pair,
            Behaviour {
                allow,
                limits: connection_limits(4),
                door: Door::default(),
                stream,
                ping,
            },
        )?;
        let listen = share.listen.clone();
        let wanted = listen.as_deref().map(|at| addresses::to_listen(at, None));
        let silent = (wanted.unwrap_or_default(), Some(Instant::now()));
        let (open, opened) = mpsc::channel(4);
        let (look_up, found) = mpsc::channel(1);
        Some(Self {
            swarm,
            own,
            partners,
            wanted: first,
            connections: BTreeMap::new(),
            streams: BTreeMap::new(),
            listening: Vec::new(),
            listeners: Vec::new(),
            silent,
            silence: LISTEN_AGAIN.0 / 2,
            listen,
            second: None,
            look_up,
            found,
            dialling: 0,
            may_open: STREAMS.0,
            stream_at: Instant::now(),
            closing: None,
            events,
            open,
            opened,
            control,
            incoming,
        })
    }

    async fn run(mut self, asks: &mut mpsc::Receiver<Ask>) -> After {
        self.listen().await;
        loop {
            let second = self.second.as_ref().map(|(at, _)| *at);
            let silent = self.silent.1;
            let closing = self.closing.as_ref().map(|(at, _)| *at);
            tokio::select! {
                biased;
                asked = asks.recv() => match asked {
                    Some(Ask::Share(share)) => {
                        self.say_goodbye().await;
                        return After::Share(share);
                    }
                    Some(Ask::Dial { partner, remembered, typed }) => {
                        self.wanted = PeerId::from_bytes(&partner.0).unwrap_or(self.wanted);
                        self.dial(&remembered, typed).await;
                    }
                    Some(Ask::Send(link, bytes)) => self.send(link, bytes),
                    Some(Ask::Close(link)) => self.close(link),
                    None => return After::End,
                },
                event = self.swarm.select_next_some() => self.on(event).await,
                Some((peer, stream)) = self.incoming.next() => if self.may_open() {
                    self.up(peer, stream).await
                },
                Some((peer, stream)) = self.opened.recv() => self.up(peer, stream).await,
                Some(found) = self.found.recv() => self.dial_found(found).await,
                () = tokio::time::sleep_until(second.unwrap_or_else(Instant::now)), if second.is_some() => self.dial_second().await,
                () = tokio::time::sleep_until(silent.unwrap_or_else(Instant::now)), if silent.is_some() => self.listen().await,
                () = tokio::time::sleep_until(closing.unwrap_or_else(Instant::now)), if closing.is_some() => {
                    for connection in self.closing.take().map(|(_, all)| all).unwrap_or_default() {
                        self.swarm.close_connection(connection);
                    }
                }
            }
        }
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

    fn send(&mut self, link: Link, bytes: Vec<u8>) {
        let Some(stream) = self.streams.get(&link) else {
            return;
        };
        // Never full while the node keeps to its window; a partner who reads nothing is given up.
        if !stream.ends.send(bytes) {
            self.streams.remove(&link);
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

    /// A stream that ended takes the connections with it that it may have been on: whatever was wrong, both begin anew. One
    /// that came later is another beginning.
    fn close(&mut self, link: Link) {
        let Some(ended) = self.streams.remove(&link) else {
            return;
        };
        if self.streams.is_empty() {
            let (_, all) = self
                .closing
                .get_or_insert((Instant::now() + LAST_WORDS, Vec::new()));
            let older = self.connections.iter();
            let older = older.filter(|(_, c)| c.peer == ended.peer && c.since <= ended.since);
            all.extend(older.map(|(id, _)| *id));
        }
        ended.ends.end();
    }

    /// A connection is gone. With the last one to a device all its streams have ended, also those that nobody tells: a reader
    /// over yamux is not woken when its own side closes the connection.
    async fn gone(&mut self, id: ConnectionId) {
        let Some(gone) = self.connections.remove(&id) else {
            return;
        };
        if self.connections.values().any(|c| c.peer == gone.peer) {
            return;
        }
        let of_it = self.streams.iter().filter(|(_, s)| s.peer == gone.peer);
        let of_it: Vec<Link> = of_it.map(|(link, _)| *link).collect();
        for link in of_it {
            if let Some(stream) = self.streams.remove(&link) {
                stream.ends.end();
                self.tell(Input::LinkDown(link)).await;
            }
        }
    }

    async fn dial(&mut self, remembered: &[String], typed: Option<String>) {
        tracing::debug!("dialling");
        if self.swarm.is_connected(&self.wanted) {
            self.open_stream(self.wanted);
            return self.tell(Input::DialFailed).await; // should nothing come of it, this is asked again later
        }
        // A name is looked up besides, one at a time: nobody waits for it.
        if let Some(named) = typed
            && let Ok(place) = self.look_up.clone().try_reserve_owned()
        {
            tokio::spawn(async move { place.send(addresses::resolve(&named).await) });
            if remembered.is_empty() {
                return;
            }
        }
        let (over_quic, over_tcp) = addresses::to_dial(remembered);
        self.dial_in_turn(over_quic, over_tcp).await;
    }

    /// Dials what a look-up found.
    async fn dial_found(&mut self, found: Vec<Multiaddr>) {
        if self.swarm.is_connected(&self.wanted) {
            return;
        }
        let (over_quic, over_tcp) = found.into_iter().partition(addresses::over_quic);
        self.dial_in_turn(over_quic, over_tcp).await;
    }

    /// QUIC first, and TCP a little later: of two attempts at once each side would keep the one that the other gives up.
    async fn dial_in_turn(&mut self, over_quic: Vec<Multiaddr>, mut over_tcp: Vec<Multiaddr>) {
        if self.dial_at(over_quic) {
            over_tcp.extend(
                self.second
                    .take()
                    .into_iter()
                    .flat_map(|(_, waiting)| waiting),
            );
            self.second = (!over_tcp.is_empty()).then(|| (Instant::now() + QUIC_FIRST, over_tcp));
        } else if !self.dial_at(over_tcp) && self.dialling == 0 {
            self.tell(Input::DialFailed).await;
        }
    }

    fn dial_at(&mut self, at: Vec<Multiaddr>) -> bool {
        if at.is_empty() {
            return false;
        }
        let dial = DialOpts::peer_id(self.wanted)
            .condition(PeerCondition::Disconnected)
            .addresses(at)
            .build();
        let begun = self.swarm.dial(dial).is_ok();
        self.dialling += u32::from(begun);
        begun
    }

    async fn dial_second(&mut self) {
        let Some((_, over_tcp)) = self.second.take() else {
            return;
        };
        if !self.swarm.is_connected(&self.wanted) && !self.dial_at(over_tcp) && self.dialling == 0 {
            self.tell(Input::DialFailed).await;
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
            SwarmEvent::ConnectionClosed {
                connection_id,
                cause,
                ..
            } => {
                tracing::debug!(lost = cause.is_some(), "a connection ended");
                self.gone(connection_id).await;
                // It ended before a stream came of it: nobody else tells that this attempt failed.
                if self.connections.is_empty() && self.streams.is_empty() && self.dialling == 0 {
                    self.tell(Input::DialFailed).await;
                }
            }
            SwarmEvent::OutgoingConnectionError { .. } => {
                self.dialling = self.dialling.saturating_sub(1);
                match &mut self.second {
                    // QUIC did not answer: no need to wait any longer.
                    Some((at, _)) => *at = Instant::now(),
                    None if self.dialling == 0 && self.connections.is_empty() => {
                        self.tell(Input::DialFailed).await
                    }
                    None => {}
                }
            }
            SwarmEvent::NewListenAddr { address, .. } => {
                self.listening.push(address);
                self.told_addresses().await;
            }
            SwarmEvent::ExpiredListenAddr { address, .. } => {
                self.listening.retain(|a| *a != address);
                self.told_addresses().await;
                self.tell(Input::Woke).await;
            }
            SwarmEvent::ListenerClosed {
                listener_id,
                addresses,
                reason: Err(_),
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
            SwarmEvent::Behaviour(BehaviourEvent::Ping(ping::Event {
                connection,
                result: Err(_),
                ..
            })) => {
                // It may take as long as it likes to close: nothing of it counts any more.
                self.swarm.close_connection(connection);
                self.gone(connection).await;
            }
            _ => {}
        }
    }

    async fn told_addresses(&mut self) {
        self.tell(Input::Listening {
            addresses: addresses::to_tell(self.listen.as_deref(), &self.listening, None),
        })
        .await;
    }

    /// Both may dial at once: the connection that the lower id dialled stays, and QUIC before TCP.
    async fn connected(&mut self, peer: PeerId, id: ConnectionId, endpoint: &ConnectedPoint) {
        if endpoint.is_dialer() {
            self.dialling = self.dialling.saturating_sub(1);
        }
        self.second = None;
        let dialled_by_lower = endpoint.is_dialer() == (self.own < peer);
        let over_quic = addresses::over_quic(endpoint.get_remote_address());
        tracing::debug!(dialled = endpoint.is_dialer(), over_quic, "a connection");
        let (rank, since) = ((!dialled_by_lower, !over_quic), Instant::now());
        let dialled = endpoint.is_dialer().then(|| endpoint.get_remote_address());
        let at = dialled.map(addresses::plain);
        let connection = Connection {
            peer,
            rank,
            since,
            at,
        };
        self.connections.insert(id, connection);
        let fresh = self
            .connections
            .iter()
            .filter(|(_, c)| c.peer == peer && since - c.since < AT_ONCE);
        let kept = fresh
            .min_by_key(|(id, c)| (c.rank, **id))
            .map(|(id, _)| *id);
        let surplus: Vec<ConnectionId> = self
            .connections
            .iter()
            .filter(|(id, c)| c.peer == peer && Some(**id) != kept)
            .map(|(id, _)| *id)
            .collect();
        for id in surplus {
            self.swarm.close_connection(id);
        }
        self.open_stream(peer);
    }

    fn open_stream(&mut self, partner: PeerId) {
        // The lower id opens it. A stream on a connection that was given up just now does not keep a new one from being
        // opened.
        if self.own > partner {
            return;
        }
        let (mut control, streams) = (self.control.clone(), self.open.clone());
        tokio::spawn(async move {
            // A connection that loses the tie takes its stream with it: ask again on the one that stays.
            for _ in 0..3 {
                if let Ok(stream) = control
                    .open_stream(partner, StreamProtocol::new(wire::PROTOCOL))
                    .await
                {
                    let _ = streams.send((partner, stream)).await;
                    return;
                }
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        });
    }

    async fn up(&mut self, peer: PeerId, stream: libp2p::Stream) {
        let link = LINKS.fetch_add(1, Ordering::Relaxed);
        let events = self.events.clone();
        // Of several connections, the one that stays.
        let to_it = self.connections.values().filter(|c| c.peer == peer);
        let at = to_it.min_by_key(|c| c.rank).and_then(|c| c.at.as_ref());
        let at = at.map(ToString::to_string);
        let up = Input::LinkUp {
            link,
            peer: LinkId(peer.to_bytes()),
            at,
        };
        self.tell(up).await;
        let since = Instant::now();
        let ends = wires::run(
            stream,
            limits::EARLY_FRAME_BYTES,
            limits::FRAME_BYTES,
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
        self.streams.insert(link, Stream { peer, since, ends });
    }
}
