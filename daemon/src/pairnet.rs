//! The network of a pairing window: its own swarm, under a throw-away key, gone with the window.

use crate::addresses;
use crate::net::{connection_limits, key_pair, swarm};
use crate::run::Event;
use crate::wires::{self, Brought, Writer};
use futures::StreamExt;
use libp2p::swarm::dial_opts::{DialOpts, PeerCondition};
use libp2p::swarm::{NetworkBehaviour, SwarmEvent};
use libp2p::{Multiaddr, PeerId, StreamProtocol, Swarm, connection_limits};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::time::Instant;
use troth_core::keys::Key;
use troth_core::node::{Input, PairEffect};
use troth_core::pairing::{self, Conn};
use troth_proto::limits;
use troth_proto::pairing::{LinkId, PROTOCOL};

/// Addresses are collected for this long before the invitation is written.
const COLLECT: Duration = Duration::from_millis(150);
/// Between two attempts to reach the inviter.
const AGAIN: Duration = Duration::from_secs(2);

#[derive(NetworkBehaviour)]
struct Behaviour {
    limits: connection_limits::Behaviour,
    stream: libp2p_stream::Behaviour,
}

/// Runs pairing windows, one at a time, until the loop ends.
pub async fn run(mut asks: mpsc::Receiver<PairEffect>, events: mpsc::Sender<Event>) {
    let mut open = None;
    loop {
        let (listen, seed) = match open.take() {
            Some(asked) => asked,
            None => match asks.recv().await {
                Some(PairEffect::Open { listen, seed }) => {
                    (listen.unwrap_or_else(|| "0.0.0.0:0".into()), seed)
                }
                Some(_) => continue,
                None => return,
            },
        };
        match Pairing::new(&seed, &listen, events.clone()) {
            Some(pairing) => match pairing.run(&listen, &mut asks).await {
                Some((listen, seed)) => {
                    open = Some((listen.unwrap_or_else(|| "0.0.0.0:0".into()), seed))
                }
                None if asks.is_closed() => return,
                None => {}
            },
            None => {
                let _ = events
                    .send(Event::Input(Input::ListenFailed { address: listen }))
                    .await;
            }
        }
    }
}

/// Never the same number twice: a late word from a window that is closed is nobody's.
static CONNS: AtomicU64 = AtomicU64::new(1);

struct Pairing {
    swarm: Swarm<Behaviour>,
    own: LinkId,
    listening: Vec<Multiaddr>,
    inviter: Option<(PeerId, Vec<Multiaddr>)>,
    writers: BTreeMap<Conn, Writer>,
    events: mpsc::Sender<Event>,
    streams: mpsc::Sender<libp2p::Stream>,
    opened: mpsc::Receiver<libp2p::Stream>,
    control: libp2p_stream::Control,
    incoming: libp2p_stream::IncomingStreams,
}

impl Pairing {
    fn new(seed: &Key, listen: &str, events: mpsc::Sender<Event>) -> Option<Self> {
        let pair = key_pair(seed)?;
        let own = LinkId(pair.public().to_peer_id().to_bytes());
        let stream = libp2p_stream::Behaviour::new();
        let mut control = stream.new_control();
        let incoming = control.accept(StreamProtocol::new(PROTOCOL)).ok()?;
        let mut swarm = swarm(
            pair,
            Behaviour {
                limits: connection_limits(),
                stream,
            },
        )?;
        let mut any = false;
        for address in addresses::to_listen(listen, Some(addresses::window_port(listen))) {
            any |= swarm.listen_on(address).is_ok();
        }
        let (streams, opened) = mpsc::channel(4);
        let (listening, inviter, writers) = (Vec::new(), None, BTreeMap::new());
        any.then_some(Self {
            swarm,
            own,
            listening,
            inviter,
            writers,
            events,
            streams,
            opened,
            control,
            incoming,
        })
    }

    async fn tell(&mut self, input: Input) {
        let _ = self.events.send(Event::Input(input)).await;
    }

    /// Until the window closes; returns the next one, if it was asked for meanwhile.
    async fn run(
        mut self,
        listen: &str,
        asks: &mut mpsc::Receiver<PairEffect>,
    ) -> Option<(Option<String>, Key)> {
        let mut told = false;
        let mut tell_at = Instant::now() + 10 * COLLECT;
        let mut dial_at: Option<Instant> = None;
        loop {
            tokio::select! {
                biased;
                asked = asks.recv() => match asked? {
                    PairEffect::Open { listen, seed } => return Some((listen, seed)),
                    PairEffect::Dial { peer, addresses } => {
                        let (quic, tcp) = addresses::to_dial(&addresses);
                        self.inviter = PeerId::from_bytes(&peer.0).ok().map(|peer| (peer, [quic, tcp].concat()));
                        dial_at = Some(Instant::now());
                    }
                    PairEffect::Send(conn, bytes) => {
                        if let Some(writer) = self.writers.get(&conn) {
                            let _ = writer.try_send(bytes);
                        }
                    }
                    PairEffect::Drop(conn) => { self.writers.remove(&conn); }
                    PairEffect::Close => {
                        // What was sent last is let out before the network goes.
                        self.writers.clear();
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
                    SwarmEvent::ConnectionEstablished { peer_id, endpoint, .. } if endpoint.is_dialer() => self.open_stream(peer_id),
                    SwarmEvent::OutgoingConnectionError { .. } => dial_at = Some(Instant::now() + AGAIN),
                    SwarmEvent::ConnectionClosed { .. } if self.inviter.is_some() => dial_at = Some(Instant::now() + AGAIN),
                    _ => {}
                },
                Some((peer, stream)) = self.incoming.next() => self.up(peer, stream, false).await,
                Some(stream) = self.opened.recv() => {
                    if let Some((peer, _)) = self.inviter {
                        self.up(peer, stream, true).await;
                    }
                }
                () = tokio::time::sleep_until(tell_at), if !told => {
                    told = true;
                    self.tell(Input::Listening { addresses: addresses::with_port(&self.listening, listen) }).await;
                    let (own, addresses) = (self.own.clone(), addresses::to_tell(&self.listening));
                    self.tell(Input::PairListening { own, addresses }).await;
                }
                () = tokio::time::sleep_until(dial_at.unwrap_or_else(Instant::now)), if dial_at.is_some() => {
                    dial_at = None;
                    self.dial();
                }
            }
        }
    }

    fn dial(&mut self) {
        let Some((peer, addresses)) = &self.inviter else {
            return;
        };
        if self.writers.is_empty() {
            let dial = DialOpts::peer_id(*peer)
                .condition(PeerCondition::DisconnectedAndNotDialing)
                .addresses(addresses.clone())
                .build();
            let _ = self.swarm.dial(dial);
        }
    }

    fn open_stream(&self, peer: PeerId) {
        let (mut control, streams) = (self.control.clone(), self.streams.clone());
        tokio::spawn(async move {
            if let Ok(stream) = control
                .open_stream(peer, StreamProtocol::new(PROTOCOL))
                .await
            {
                let _ = streams.send(stream).await;
            }
        });
    }

    async fn up(&mut self, peer: PeerId, stream: libp2p::Stream, dialled: bool) {
        let (conn, peer) = (
            CONNS.fetch_add(1, Ordering::Relaxed),
            LinkId(peer.to_bytes()),
        );
        self.tell(Input::Pair(pairing::Input::Up {
            conn,
            peer: peer.clone(),
            dialled,
        }))
        .await;
        let (events, from) = (self.events.clone(), peer.clone());
        let writer = wires::run(
            stream,
            limits::EARLY_FRAME_BYTES,
            limits::EARLY_FRAME_BYTES,
            move |brought| {
                let (events, peer) = (events.clone(), from.clone());
                async move {
                    let input = match brought {
                        Brought::Frame(bytes) => pairing::Input::Message { conn, peer, bytes },
                        Brought::End => pairing::Input::Down { conn },
                    };
                    events.send(Event::Input(Input::Pair(input))).await.is_ok()
                }
            },
        );
        self.writers.insert(conn, writer);
    }
}
