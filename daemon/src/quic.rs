//! QUIC as libp2p speaks it, whose speed a line that loses packets by chance does not break (DESIGN §4).
//!
//! libp2p's own transport leaves the control of speed to Cubic, which takes every lost packet for a full line. Only that
//! differs here, and only for what is sent: the other end may speak either.

use crate::door::{self, Rates};
use crate::pace::Paces;
use futures::future::BoxFuture;
use futures::stream::{self, BoxStream, SelectAll};
use futures::{AsyncRead, AsyncWrite, FutureExt, StreamExt};
use if_watch::IfEvent;
use libp2p::core::muxing::{StreamMuxer, StreamMuxerEvent};
use libp2p::core::transport::{DialOpts, ListenerId, TransportError, TransportEvent};
use libp2p::core::{Endpoint, Transport};
use libp2p::identity::Keypair;
use libp2p::multiaddr::Protocol;
use libp2p::{Multiaddr, PeerId};
use quinn::crypto::rustls::{QuicClientConfig, QuicServerConfig};
use quinn::rustls::pki_types::CertificateDer;
use quinn::{ConnectionError, RecvStream, SendStream, VarInt};
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, UdpSocket};
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker, ready};
use std::time::{Duration, Instant};
use troth_proto::limits;

/// Streams that the other may have open at once: a connection has one, which its dialler opens.
const STREAMS: u32 = 1;
/// Bytes that may be on the way in one direction.
const WINDOW: u32 = 2 * limits::WINDOW_BYTES as u32;
/// How long the other may be silent, and after how long that silence is broken from here. The frames of a link are never so
/// far apart (FORMAT §3), so that this wakes nobody.
const SILENCE: (Duration, Duration) = (Duration::from_secs(20), Duration::from_secs(8));

/// Connections that may come in so long before each has to show that its address is its own: in the time of a handshake fewer
/// than wait at the door of one address, so that nobody who only names another's address fills its places.
const CROWD: (u32, Duration) = (2, Duration::from_secs(1));
/// First packets that wait to be looked at, and the bytes that may follow each and all of them meanwhile.
const FIRST: (usize, u64, u64) = (256, 16 * 1024, 1024 * 1024);

/// What can go wrong.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The system refused.
    #[error(transparent)]
    System(#[from] io::Error),
    /// Nothing could be dialled there.
    #[error(transparent)]
    Dial(#[from] quinn::ConnectError),
    /// The connection ended.
    #[error(transparent)]
    Ended(#[from] ConnectionError),
    /// The other did not prove who they are.
    #[error("no proof of who is there")]
    Nobody,
    /// The other did not do so in time.
    #[error("too late")]
    Late,
    /// The keys do not make a configuration.
    #[error("no keys for QUIC")]
    Keys,
}

type Upgrade = BoxFuture<'static, Result<(PeerId, Connection), Error>>;
type Event = TransportEvent<Upgrade, Error>;

/// Sockets that are kept from one transport to the next: connections that end take a while to, and nobody else could listen
/// on their port meanwhile. Whoever comes next proves another key there.
#[derive(Clone, Default)]
pub struct Sockets(Arc<Mutex<Vec<(SocketAddr, quinn::Endpoint)>>>);

impl Sockets {
    fn all(&self) -> MutexGuard<'_, Vec<(SocketAddr, quinn::Endpoint)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Lets go of all of them.
    pub fn let_go(&self) {
        self.all().clear();
    }

    fn find(&self, at: SocketAddr) -> Option<quinn::Endpoint> {
        let all = self.all();
        let found = all.iter().find(|(other, _)| *other == at);
        found.map(|(_, endpoint)| endpoint.clone())
    }
}

/// The transport.
pub struct Quic {
    sockets: Sockets,
    client: quinn::ClientConfig,
    server: quinn::ServerConfig,
    endpoint: quinn::EndpointConfig,
    handshake: Duration,
    rates: Arc<Mutex<Rates>>,
    listeners: Vec<Listener>,
    events: SelectAll<BoxStream<'static, Event>>,
    waker: Option<Waker>,
}

struct Listener {
    id: ListenerId,
    at: SocketAddr,
    endpoint: quinn::Endpoint,
}

impl Quic {
    /// One that proves this key, and asks the other end for such a proof within a time.
    ///
    /// # Errors
    /// [`Error::Keys`].
    pub fn new(pair: &Keypair, handshake: Duration, sockets: Sockets) -> Result<Self, Error> {
        let transport = Arc::new(transport());
        let tls = libp2p_tls::make_server_config(pair).map_err(|_| Error::Keys)?;
        let tls = QuicServerConfig::try_from(tls).map_err(|_| Error::Keys)?;
        let mut server = quinn::ServerConfig::with_crypto(Arc::new(tls));
        server.transport_config(transport.clone());
        server.max_incoming(FIRST.0);
        server.incoming_buffer_size(FIRST.1);
        server.incoming_buffer_size_total(FIRST.2);
        server.migration(false); // libp2p does not follow a connection to another address
        let tls = libp2p_tls::make_client_config(pair, None).map_err(|_| Error::Keys)?;
        let tls = QuicClientConfig::try_from(tls).map_err(|_| Error::Keys)?;
        let mut client = quinn::ClientConfig::new(Arc::new(tls));
        client.transport_config(transport);
        // The same after a restart: whoever still writes to the connections of before hears that they are gone.
        let reset = pair.derive_secret(b"troth quic reset").ok_or(Error::Keys)?;
        let reset = ring::hmac::Key::new(ring::hmac::HMAC_SHA256, &reset);
        let mut endpoint = quinn::EndpointConfig::new(Arc::new(reset));
        endpoint.supported_versions(vec![1]);
        Ok(Self {
            sockets,
            client,
            server,
            endpoint,
            handshake,
            rates: Arc::default(),
            listeners: Vec::new(),
            events: SelectAll::new(),
            waker: None,
        })
    }

    fn bound(&self, at: SocketAddr, server: bool) -> Result<quinn::Endpoint, Error> {
        let family = if at.is_ipv4() {
            rustix::net::AddressFamily::INET
        } else {
            rustix::net::AddressFamily::INET6
        };
        let flags = rustix::net::SocketFlags::CLOEXEC;
        let kind = rustix::net::SocketType::DGRAM;
        let socket =
            rustix::net::socket_with(family, kind, flags, None).map_err(io::Error::from)?;
        if at.is_ipv6() {
            rustix::net::sockopt::set_ipv6_v6only(&socket, true).map_err(io::Error::from)?;
        }
        rustix::net::bind(&socket, &at).map_err(io::Error::from)?;
        let (config, runtime) = (self.endpoint.clone(), Arc::new(quinn::TokioRuntime));
        let server = server.then(|| self.server.clone());
        Ok(quinn::Endpoint::new(
            config,
            server,
            UdpSocket::from(socket),
            runtime,
        )?)
    }

    /// From where to dial: the port that is listened on, so that both can pass their routers by dialling each other.
    fn dialler(&self, to: SocketAddr) -> Result<quinn::Endpoint, Error> {
        let from_there = |at: IpAddr| {
            at.is_ipv4() == to.is_ipv4()
                && (at.is_unspecified() || at.is_loopback() == to.ip().is_loopback())
        };
        let listener = self.listeners.iter().find(|l| from_there(l.at.ip()));
        if let Some(listener) = listener {
            return Ok(listener.endpoint.clone());
        }
        let any: IpAddr = if to.is_ipv4() {
            Ipv4Addr::UNSPECIFIED.into()
        } else {
            Ipv6Addr::UNSPECIFIED.into()
        };
        self.bound((any, 0).into(), false)
    }
}

fn transport() -> quinn::TransportConfig {
    let mut it = quinn::TransportConfig::default();
    it.congestion_controller_factory(Arc::new(Paces))
        .max_concurrent_uni_streams(0u32.into())
        .max_concurrent_bidi_streams(STREAMS.into())
        .datagram_receive_buffer_size(None)
        .keep_alive_interval(Some(SILENCE.1))
        .max_idle_timeout(Some(VarInt::from_u32(SILENCE.0.as_millis() as u32).into()))
        .allow_spin(false)
        .stream_receive_window(WINDOW.into())
        .receive_window(WINDOW.into())
        .send_window(WINDOW.into());
    it
}

impl Transport for Quic {
    type Output = (PeerId, Connection);
    type Error = Error;
    type ListenerUpgrade = Upgrade;
    type Dial = Upgrade;

    fn listen_on(
        &mut self,
        id: ListenerId,
        address: Multiaddr,
    ) -> Result<(), TransportError<Error>> {
        let at = place(&address).ok_or(TransportError::MultiaddrNotSupported(address))?;
        let endpoint = match self.sockets.find(at) {
            Some(kept) => {
                kept.set_server_config(Some(self.server.clone()));
                kept
            }
            None => self.bound(at, true).map_err(TransportError::Other)?,
        };
        let at = endpoint.local_addr().map_err(Error::from);
        let at = at.map_err(TransportError::Other)?;
        let server = Arc::new(self.server.clone());
        let proving = (self.handshake, self.rates.clone());
        let events = listen(id, at, (endpoint.clone(), server), proving);
        self.events.push(events.map_err(TransportError::Other)?);
        self.sockets.all().retain(|(other, _)| *other != at);
        self.sockets.all().push((at, endpoint.clone()));
        self.listeners.push(Listener { id, at, endpoint });
        if let Some(waker) = self.waker.take() {
            waker.wake();
        }
        Ok(())
    }

    fn remove_listener(&mut self, id: ListenerId) -> bool {
        let Some(at) = self.listeners.iter().position(|l| l.id == id) else {
            return false;
        };
        // Its stream of events ends with that.
        self.listeners
            .swap_remove(at)
            .endpoint
            .close(VarInt::default(), &[]);
        true
    }

    fn dial(
        &mut self,
        address: Multiaddr,
        how: DialOpts,
    ) -> Result<Upgrade, TransportError<Error>> {
        let to = place(&address).filter(|to| to.port() != 0 && !to.ip().is_unspecified());
        let to = to.filter(|_| how.role == Endpoint::Dialer);
        let to = to.ok_or(TransportError::MultiaddrNotSupported(address))?;
        let endpoint = self.dialler(to).map_err(TransportError::Other)?;
        let (client, handshake) = (self.client.clone(), self.handshake);
        let dial = async move {
            // The name is asked for by TLS and read by nobody.
            proved(endpoint.connect_with(client, to, "l")?, handshake).await
        };
        Ok(dial.boxed())
    }

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Event> {
        if let Poll::Ready(Some(event)) = self.events.poll_next_unpin(cx) {
            if let TransportEvent::ListenerClosed { listener_id, .. } = &event {
                let closed = self.listeners.iter().find(|l| l.id == *listener_id);
                let at = closed.map(|l| l.at);
                self.sockets.all().retain(|(other, _)| Some(*other) != at);
                self.listeners.retain(|l| l.id != *listener_id);
            }
            return Poll::Ready(event);
        }
        self.waker = Some(cx.waker().clone());
        Poll::Pending
    }
}

/// What happens where it is listened, until the endpoint is closed.
fn listen(
    listener_id: ListenerId,
    at: SocketAddr,
    (endpoint, server): (quinn::Endpoint, Arc<quinn::ServerConfig>),
    (handshake, rates): (Duration, Arc<Mutex<Rates>>),
) -> Result<BoxStream<'static, Event>, Error> {
    let addresses = if at.ip().is_unspecified() {
        let watcher = if_watch::tokio::IfWatcher::new()?;
        watcher
            .filter_map(move |seen| std::future::ready(interface(listener_id, at, seen)))
            .boxed()
    } else {
        let listen_addr = address(at);
        let event = TransportEvent::NewAddress {
            listener_id,
            listen_addr,
        };
        stream::iter([event]).chain(stream::pending()).boxed()
    };
    let closed = TransportEvent::ListenerClosed {
        listener_id,
        reason: Ok(()),
    };
    let accepted = stream::unfold((endpoint, 0, Instant::now()), move |state| {
        let (server, rates) = (server.clone(), rates.clone());
        async move {
            let (endpoint, mut came, mut since) = state;
            let incoming = loop {
                let incoming = endpoint.accept().await?;
                // Only who is where they say is counted there: nobody uses up the turns of another's address.
                if incoming.remote_address_validated() {
                    let who = door::network(incoming.remote_address().ip());
                    let mut rates = rates.lock().unwrap_or_else(PoisonError::into_inner);
                    if rates.in_time(who, Instant::now()) {
                        break incoming;
                    }
                    incoming.ignore();
                    continue;
                }
                if since.elapsed() >= CROWD.1 {
                    (came, since) = (0, Instant::now());
                }
                came += 1;
                // In a crowd whoever comes shows first that they are where they say: that costs no handshake.
                if came <= CROWD.0 {
                    break incoming;
                }
                let _ = incoming.retry();
            };
            let from = incoming.remote_address();
            // Whatever came before this key was there is answered under it as well.
            let event = match incoming.accept_with(server) {
                Ok(connecting) => TransportEvent::Incoming {
                    listener_id,
                    upgrade: proved(connecting, handshake).boxed(),
                    local_addr: address(at),
                    send_back_addr: address(from),
                },
                Err(error) => TransportEvent::ListenerError {
                    listener_id,
                    error: error.into(),
                },
            };
            Some((event, (endpoint, came, since)))
        }
    });
    let accepted = accepted.map(Some).chain(stream::iter([None]));
    let both = stream::select(addresses.map(Some), accepted);
    let until = both.take_while(|event| std::future::ready(event.is_some()));
    let until = until.filter_map(std::future::ready);
    Ok(until.chain(stream::iter([closed])).boxed())
}

/// What an interface that came or went means to a listener.
fn interface(listener_id: ListenerId, at: SocketAddr, seen: io::Result<IfEvent>) -> Option<Event> {
    let there = |ip: IpAddr| {
        (ip.is_ipv4() == at.is_ipv4()).then(|| address(SocketAddr::new(ip, at.port())))
    };
    Some(match seen {
        Ok(IfEvent::Up(net)) => TransportEvent::NewAddress {
            listener_id,
            listen_addr: there(net.addr())?,
        },
        Ok(IfEvent::Down(net)) => TransportEvent::AddressExpired {
            listener_id,
            listen_addr: there(net.addr())?,
        },
        Err(error) => TransportEvent::ListenerError {
            listener_id,
            error: error.into(),
        },
    })
}

/// A connection, once the other end has proved its id.
async fn proved(
    connecting: quinn::Connecting,
    within: Duration,
) -> Result<(PeerId, Connection), Error> {
    let connection = tokio::time::timeout(within, connecting);
    let connection = connection.await.map_err(|_| Error::Late)??;
    let proof = connection.peer_identity().ok_or(Error::Nobody)?;
    let chain: Box<Vec<CertificateDer<'static>>> = proof.downcast().map_err(|_| Error::Nobody)?;
    let certificate = chain.first().ok_or(Error::Nobody)?;
    let certificate = libp2p_tls::certificate::parse(certificate).map_err(|_| Error::Nobody)?;
    Ok((certificate.peer_id(), Connection::new(connection)))
}

fn place(address: &Multiaddr) -> Option<SocketAddr> {
    let mut parts = address.iter();
    let ip: IpAddr = match parts.next()? {
        Protocol::Ip4(ip) => ip.into(),
        Protocol::Ip6(ip) => ip.into(),
        _ => return None,
    };
    let (Protocol::Udp(port), Protocol::QuicV1) = (parts.next()?, parts.next()?) else {
        return None;
    };
    let rest = parts.all(|part| matches!(part, Protocol::P2p(_)));
    rest.then(|| SocketAddr::new(ip, port))
}

fn address(at: SocketAddr) -> Multiaddr {
    Multiaddr::from(at.ip())
        .with(Protocol::Udp(at.port()))
        .with(Protocol::QuicV1)
}

type Opening = BoxFuture<'static, Result<(SendStream, RecvStream), ConnectionError>>;

/// A connection, on which both may open streams.
pub struct Connection {
    it: quinn::Connection,
    incoming: Opening,
    outgoing: Option<Opening>,
    closed: Option<BoxFuture<'static, ConnectionError>>,
}

impl Connection {
    fn new(it: quinn::Connection) -> Self {
        Self {
            incoming: accepted(&it),
            it,
            outgoing: None,
            closed: None,
        }
    }
}

fn accepted(connection: &quinn::Connection) -> Opening {
    let connection = connection.clone();
    async move { connection.accept_bi().await }.boxed()
}

fn opened(connection: &quinn::Connection) -> Opening {
    let connection = connection.clone();
    async move { connection.open_bi().await }.boxed()
}

impl StreamMuxer for Connection {
    type Substream = Stream;
    type Error = Error;

    fn poll_inbound(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<Stream, Error>> {
        let came = ready!(self.incoming.poll_unpin(cx));
        self.incoming = accepted(&self.it);
        Poll::Ready(Ok(came?.into()))
    }

    fn poll_outbound(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Result<Stream, Error>> {
        let it = self.it.clone();
        let outgoing = self.outgoing.get_or_insert_with(|| opened(&it));
        let went = ready!(outgoing.poll_unpin(cx));
        self.outgoing = None;
        Poll::Ready(Ok(went?.into()))
    }

    fn poll_close(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<(), Error>> {
        let it = self.it.clone();
        let closed = self.closed.get_or_insert_with(|| {
            it.close(VarInt::default(), &[]);
            async move { it.closed().await }.boxed()
        });
        match ready!(closed.poll_unpin(cx)) {
            ConnectionError::LocallyClosed => Poll::Ready(Ok(())),
            error => Poll::Ready(Err(error.into())),
        }
    }

    fn poll(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Result<StreamMuxerEvent, Error>> {
        Poll::Pending
    }
}

/// Both directions of one stream.
pub struct Stream {
    to: SendStream,
    from: RecvStream,
    closed: bool,
}

impl From<(SendStream, RecvStream)> for Stream {
    fn from((to, from): (SendStream, RecvStream)) -> Self {
        Self {
            to,
            from,
            closed: false,
        }
    }
}

impl AsyncRead for Stream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &mut [u8],
    ) -> Poll<io::Result<usize>> {
        AsyncRead::poll_read(Pin::new(&mut self.from), cx, bytes)
    }
}

impl AsyncWrite for Stream {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        AsyncWrite::poll_write(Pin::new(&mut self.to), cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        AsyncWrite::poll_flush(Pin::new(&mut self.to), cx)
    }

    fn poll_close(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        if !self.closed {
            self.closed = true;
            self.to.finish()?;
        }
        Poll::Ready(Ok(()))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use futures::{AsyncReadExt, AsyncWriteExt, future};
    use libp2p::core::muxing::{StreamMuxerBox, StreamMuxerExt};
    use libp2p::core::transport::{Boxed, PortUse};

    const HOW: DialOpts = DialOpts {
        role: Endpoint::Dialer,
        port_use: PortUse::Reuse,
    };

    type Any = Boxed<(PeerId, StreamMuxerBox)>;

    /// Ours, or libp2p's own.
    fn quic(pair: &Keypair, ours: bool) -> Any {
        if ours {
            let quic = Quic::new(pair, Duration::from_secs(5), Sockets::default()).unwrap();
            quic.map(|(id, it), _| (id, StreamMuxerBox::new(it)))
                .boxed()
        } else {
            let config = libp2p_quic::Config::new(pair);
            let quic = libp2p_quic::tokio::Transport::new(config);
            quic.map(|(id, it), _| (id, StreamMuxerBox::new(it)))
                .boxed()
        }
    }

    type Happened = TransportEvent<<Any as Transport>::ListenerUpgrade, io::Error>;

    async fn next(quic: &mut Any) -> Happened {
        future::poll_fn(|cx| Pin::new(&mut *quic).poll(cx)).await
    }

    /// Begins to listen, and says where.
    async fn listen_at(quic: &mut Any) -> (ListenerId, Multiaddr) {
        let id = ListenerId::next();
        let anywhere = "/ip4/127.0.0.1/udp/0/quic-v1".parse().unwrap();
        quic.listen_on(id, anywhere).unwrap();
        let TransportEvent::NewAddress { listen_addr, .. } = next(quic).await else {
            unreachable!("it listens nowhere")
        };
        (id, listen_addr)
    }

    async fn meet_and_talk(a_is_ours: bool, b_is_ours: bool) {
        let [ana, ben] = [(); 2].map(|()| Keypair::generate_ed25519());
        let (mut a, mut b) = (quic(&ana, a_is_ours), quic(&ben, b_is_ours));
        let (_, from) = listen_at(&mut a).await;
        let (id, at) = listen_at(&mut b).await;
        let dial = tokio::spawn(a.dial(at, HOW).unwrap());
        let TransportEvent::Incoming {
            upgrade,
            send_back_addr,
            ..
        } = next(&mut b).await
        else {
            unreachable!("nobody came")
        };
        // It is dialled from where it is listened: so the two pass their routers.
        assert_eq!(send_back_addr, from);
        let (her, mut hers) = upgrade.await.unwrap();
        let (him, mut his) = dial.await.unwrap().unwrap();
        assert_eq!(her, ana.public().to_peer_id());
        assert_eq!(him, ben.public().to_peer_id());
        let talk = async {
            let stream = future::poll_fn(|cx| his.poll_outbound_unpin(cx));
            let mut stream = stream.await.unwrap();
            stream.write_all(b"Are you there?").await.unwrap();
            stream.close().await.unwrap();
            stream.close().await.unwrap();
        };
        let hear = async {
            let stream = future::poll_fn(|cx| hers.poll_inbound_unpin(cx));
            let (mut stream, mut heard) = (stream.await.unwrap(), String::new());
            stream.read_to_string(&mut heard).await.unwrap();
            heard
        };
        assert_eq!(future::join(talk, hear).await.1, "Are you there?");
        his.close().await.unwrap();
        let more = future::poll_fn(|cx| hers.poll_inbound_unpin(cx)).await;
        assert!(more.is_err());
        assert!(b.remove_listener(id));
        let is = |it: &Happened| matches!(it, TransportEvent::ListenerClosed { listener_id, .. } if *listener_id == id);
        assert!(is(&next(&mut b).await));
    }

    #[tokio::test]
    async fn two_meet_know_each_other_and_talk_until_one_closes() {
        meet_and_talk(true, true).await;
    }

    #[tokio::test]
    async fn whoever_speaks_quic_as_libp2p_does_is_met_as_well() {
        meet_and_talk(true, false).await;
        meet_and_talk(false, true).await;
    }

    #[tokio::test]
    async fn who_comes_after_another_listens_on_its_port_at_once_and_proves_its_own_key() {
        let [ana, ben, ben_elsewhere] = [(); 3].map(|()| Keypair::generate_ed25519());
        let (mut a, sockets) = (quic(&ana, true), Sockets::default());
        listen_at(&mut a).await;
        let mut at: Multiaddr = "/ip4/127.0.0.1/udp/0/quic-v1".parse().unwrap();
        for pair in [&ben, &ben_elsewhere] {
            let seconds = Duration::from_secs(5);
            let mut b = Quic::new(pair, seconds, sockets.clone()).unwrap();
            b.listen_on(ListenerId::next(), at.clone()).unwrap();
            let event = future::poll_fn(|cx| Pin::new(&mut b).poll(cx)).await;
            let TransportEvent::NewAddress { listen_addr, .. } = event else {
                unreachable!("it listens nowhere")
            };
            at = listen_addr.clone();
            let dial = tokio::spawn(a.dial(listen_addr, HOW).unwrap());
            let event = future::poll_fn(|cx| Pin::new(&mut b).poll(cx)).await;
            let TransportEvent::Incoming { upgrade, .. } = event else {
                unreachable!("nobody came")
            };
            upgrade.await.unwrap();
            let (him, _) = dial.await.unwrap().unwrap();
            assert_eq!(him, pair.public().to_peer_id());
        }
    }

    /// One who comes again and again from one address, many times at once.
    async fn crowd(at: Multiaddr) {
        let mut from = quic(&Keypair::generate_ed25519(), true);
        listen_at(&mut from).await; // all from one port
        let mut under_way = stream::FuturesUnordered::new();
        loop {
            while under_way.len() < 200 {
                under_way.push(from.dial(at.clone(), HOW).unwrap());
            }
            let _ = under_way.next().await;
            tokio::task::yield_now().await;
        }
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn one_address_has_few_handshakes_a_second_and_another_comes_in_meanwhile() {
        let (seconds, [ana, ben]) = (4, [(); 2].map(|()| Keypair::generate_ed25519()));
        let (mut a, mut b) = (quic(&ana, true), quic(&ben, true));
        let (_, at) = listen_at(&mut b).await;
        let elsewhere = "/ip4/127.0.0.2/udp/0/quic-v1".parse().unwrap();
        a.listen_on(ListenerId::next(), elsewhere).unwrap();
        let begun = Instant::now();
        let crowd = tokio::spawn(crowd(at.clone()));
        let partner = async {
            tokio::time::sleep(Duration::from_secs(1)).await; // the crowd is there
            a.dial(at, HOW).unwrap().await.unwrap().0
        };
        let (met, met_at) = tokio::sync::oneshot::channel();
        let partner = async {
            let _ = met.send((partner.await, Instant::now()));
        };
        let mut handshakes = 0;
        let door = async {
            while let TransportEvent::Incoming {
                upgrade,
                send_back_addr,
                ..
            } = next(&mut b).await
            {
                let strange = crate::addresses::ip(&send_back_addr) == Some([127, 0, 0, 1].into());
                handshakes += u32::from(strange);
                tokio::spawn(upgrade);
                tokio::task::yield_now().await;
            }
        };
        let both = future::join(partner, door);
        let _ = tokio::time::timeout(Duration::from_secs(seconds), both).await;
        crowd.abort();
        let took = begun.elapsed().as_secs_f64();
        let (he, when) = met_at.await.unwrap();
        assert_eq!(he, ben.public().to_peer_id());
        assert!(when - begun < Duration::from_secs(3), "{:?}", when - begun);
        let may = door::RATE.0 + took * door::RATE.1 + (took + 1.0) * f64::from(CROWD.0);
        assert!(
            (60.0..=may).contains(&f64::from(handshakes)),
            "{handshakes} of {may}"
        );
    }

    #[tokio::test]
    async fn nothing_but_quic_at_a_place_is_dialled() {
        let mut quic = Quic::new(
            &Keypair::generate_ed25519(),
            Duration::from_secs(5),
            Sockets::default(),
        )
        .unwrap();
        for other in [
            "/ip4/127.0.0.1/tcp/1",
            "/ip4/127.0.0.1/udp/1",
            "/ip4/127.0.0.1/udp/0/quic-v1",
            "/ip4/0.0.0.0/udp/1/quic-v1",
            "/ip4/127.0.0.1/udp/1/quic-v1/p2p-circuit",
            "/dns4/localhost/udp/1/quic-v1",
        ] {
            let refused = quic.dial(other.parse().unwrap(), HOW).err();
            assert!(
                matches!(refused, Some(TransportError::MultiaddrNotSupported(_))),
                "{other}"
            );
        }
    }
}
