//! The sockets of the call: where it is heard while the core says so, and packets sent once (PROTOCOL §8.5).

use quinn_udp::{RecvMeta, Transmit, UdpSocketState};
use rustix::io::Errno;
use socket2::{Domain, Protocol, Socket, Type};
use std::collections::{BTreeMap, VecDeque};
use std::future::poll_fn;
use std::io::{self, IoSliceMut};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, SocketAddrV6};
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;
use tokio::io::Interest;
use tokio::net::UdpSocket;
use tokio::sync::mpsc;
use tokio::time::Instant;
use troth_core::call::Cast;
use troth_core::node::Input;
use troth_proto::limits;

/// Packets that are read in a while. The rest stay with the system, which drops what does not fit.
const READ: (u32, Duration) = (50, Duration::from_secs(1));
/// Bytes that the system keeps unread for a port.
const UNREAD: usize = 8 * 1024;
/// Packets sent at once, and how long until the next ones: 254 take half a second.
const SENT: (usize, Duration) = (32, Duration::from_millis(64));
/// Packets that wait to be sent.
const WAITING: usize = 2_048;
/// How long an answer is heard where a burst was sent from, and sockets kept for that. A network that has let the call pass
/// brings its answer within a second.
const ANSWERS: (Duration, usize) = (Duration::from_secs(5), 64);

/// What the loop asks of the call.
pub enum Ask {
    /// Hear at exactly these ports.
    Listen(Vec<u16>),
    /// Send these, unless nothing is heard.
    Cast(Vec<Cast>),
}

/// Hears and sends as it is asked, until the loop ends.
pub async fn run(mut asks: mpsc::Receiver<Ask>, events: mpsc::Sender<Input>) {
    let mut ears = Ears::default();
    let mut mouth = Mouth::default();
    let mut buffer = [0; limits::CALL_BYTES + 1];
    loop {
        let (next, rest, closes) = (mouth.next, ears.rests(), mouth.closes());
        tokio::select! {
            biased;
            asked = asks.recv() => match asked {
                Some(Ask::Listen(ports)) => {
                    if ports.is_empty() {
                        mouth = Mouth::default();
                    }
                    ears.open(&ports);
                }
                Some(Ask::Cast(casts)) => if !ears.sockets.is_empty() {
                    let (answers, calls): (Vec<Cast>, Vec<Cast>) =
                        casts.into_iter().partition(|cast| cast.port.is_some());
                    ears.answer(&answers);
                    mouth.say(calls);
                },
                None => return,
            },
            () = tokio::time::sleep_until(next), if !mouth.waiting.is_empty() => mouth.go_on(),
            () = tokio::time::sleep_until(closes.unwrap_or(next)), if closes.is_some() => mouth.close(),
            () = tokio::time::sleep_until(rest.unwrap_or(next)), if rest.is_some() => ears.read = 0,
            heard = ears.hear(&mouth, &mut buffer), if rest.is_none() && !ears.sockets.is_empty() => {
                if let Some((from, to, length)) = heard
                    && let Some(bytes) = buffer.get(..length).filter(|it| it.len() <= limits::CALL_BYTES)
                {
                    // A loop that does not keep up hears no more than it can.
                    let bytes = bytes.to_vec();
                    let _ = events.try_send(Input::Called { from, to, bytes });
                }
            }
        }
    }
}

/// A socket, which knows to which of this device's addresses a packet came, and can answer from there.
struct Line {
    udp: UdpSocket,
    state: UdpSocketState,
    at: SocketAddr,
}

impl Line {
    /// At an address, to nobody behind a router.
    fn open(socket: Socket, at: SocketAddr) -> io::Result<Self> {
        match at {
            SocketAddr::V4(_) => socket.set_ttl_v4(1)?,
            SocketAddr::V6(_) => socket.set_unicast_hops_v6(1)?,
        }
        socket.set_recv_buffer_size(UNREAD)?;
        socket.bind(&at.into())?;
        let state = UdpSocketState::new((&socket).into())?;
        let udp = UdpSocket::from_std(socket.into())?;
        let at = udp.local_addr()?;
        Ok(Self { udp, state, at })
    }

    /// The next packet: from where, to where, and how long.
    fn poll(&self, cx: &mut Context<'_>, buffer: &mut [u8]) -> Poll<io::Result<Packet>> {
        loop {
            ready!(self.udp.poll_recv_ready(cx))?;
            let (mut about, mut into) = ([RecvMeta::default()], [IoSliceMut::new(buffer)]);
            let read = || self.state.recv((&self.udp).into(), &mut into, &mut about);
            match self.udp.try_io(Interest::READABLE, read) {
                Err(e) if e.kind() == io::ErrorKind::WouldBlock => {}
                Err(e) => return Poll::Ready(Err(e)),
                Ok(_) => {
                    let [about] = about;
                    let to = about.dst_ip.unwrap_or(self.at.ip());
                    // The system may give several in one, of which the first counts.
                    let length = about.len.min(about.stride);
                    let to = SocketAddr::new(to, self.at.port());
                    return Poll::Ready(Ok((about.addr, to, length)));
                }
            }
        }
    }

    /// Lost like any other packet, if the system does not take it: the next call is soon.
    fn send(&self, from: Option<IpAddr>, to: SocketAddr, bytes: &[u8]) {
        let transmit = Transmit {
            destination: to,
            ecn: None,
            contents: bytes,
            segment_size: None,
            src_ip: from,
        };
        let _ = self.state.try_send((&self.udp).into(), &transmit);
    }
}

/// From where a packet came, to where, and how long it is.
type Packet = (SocketAddr, SocketAddr, usize);

/// Where is heard.
#[derive(Default)]
struct Ears {
    sockets: Vec<(u16, Line)>,
    /// The first one that is looked at: none keeps the others from being heard.
    first: usize,
    /// Packets read since then.
    read: u32,
    since: Option<Instant>,
}

impl Ears {
    /// Closes what is not asked for, and opens the rest. A port that another program has is left to it: the partner's
    /// device calls at another one soon, and hears this one meanwhile.
    fn open(&mut self, ports: &[u16]) {
        self.sockets.retain(|(port, _)| ports.contains(port));
        for port in ports {
            if self.sockets.iter().any(|(open, _)| open == port) {
                continue;
            }
            let everywhere = [
                IpAddr::V4(Ipv4Addr::UNSPECIFIED),
                IpAddr::V6(Ipv6Addr::UNSPECIFIED),
            ];
            let opened = everywhere.map(|ip| ear(SocketAddr::new(ip, *port)));
            let opened = opened.into_iter().flatten();
            self.sockets.extend(opened.map(|socket| (*port, socket)));
        }
    }

    /// Until when nothing is read, if enough was.
    fn rests(&self) -> Option<Instant> {
        let full = self.since.filter(|_| self.read >= READ.0);
        full.map(|since| since + READ.1)
    }

    /// Answers where it was called, while it is heard there.
    fn answer(&self, casts: &[Cast]) {
        for cast in casts {
            let there = |(port, line): &&(u16, Line)| {
                Some(*port) == cast.port && line.at.is_ipv4() == cast.to.is_ipv4()
            };
            if let Some((_, line)) = self.sockets.iter().find(there) {
                line.send(Some(cast.from), cast.to, &cast.bytes);
            }
        }
    }

    /// The next packet, an answer to what was called too; none if a socket had only a failure to tell.
    async fn hear(&mut self, mouth: &Mouth, buffer: &mut [u8]) -> Option<Packet> {
        let ears = self.sockets.iter().map(|(_, line)| line);
        let all: Vec<&Line> = ears
            .chain(mouth.open.iter().map(|(_, line)| &**line))
            .collect();
        let (before, after) = all.split_at(self.first % all.len().max(1));
        let heard = poll_fn(|cx| {
            for line in after.iter().chain(before) {
                if let Poll::Ready(done) = line.poll(cx, buffer) {
                    return Poll::Ready(done.ok());
                }
            }
            Poll::Pending
        })
        .await;
        self.first = (self.first + 1) % all.len().max(1);
        let began = self.since.filter(|since| since.elapsed() < READ.1);
        if began.is_none() {
            (self.since, self.read) = (Some(Instant::now()), 0);
        }
        self.read += 1;
        heard
    }
}

/// A socket on which calls are heard. Nobody shares it: another home of this device hears at another port, unless it is the
/// partner's, and of those two it is enough that one hears. What is for all hosts comes without being asked for.
fn ear(at: SocketAddr) -> io::Result<Line> {
    Line::open(datagrams(at)?, at)
}

fn datagrams(at: SocketAddr) -> io::Result<Socket> {
    let socket = Socket::new(Domain::for_address(at), Type::DGRAM, Some(Protocol::UDP))?;
    socket.set_nonblocking(true)?;
    if at.is_ipv6() {
        socket.set_only_v6(true)?;
    }
    Ok(socket)
}

/// What is to be sent.
struct Mouth {
    waiting: VecDeque<(Arc<Line>, SocketAddr, Vec<u8>)>,
    next: Instant,
    /// What was sent from lately, where the answers come, and since when.
    open: VecDeque<(Instant, Arc<Line>)>,
}

impl Default for Mouth {
    fn default() -> Self {
        Self {
            waiting: VecDeque::new(),
            next: Instant::now(),
            open: VecDeque::new(),
        }
    }
}

impl Mouth {
    /// One burst: each address that it is sent from has a port of its own for it.
    fn say(&mut self, casts: Vec<Cast>) {
        let mut from: BTreeMap<(u32, IpAddr), Option<Arc<Line>>> = BTreeMap::new();
        let idle = self.waiting.is_empty();
        for cast in casts {
            let open = || mouth(cast.interface, cast.from).map(Arc::new);
            let socket = from.entry((cast.interface, cast.from));
            // An address that has just gone has nothing to say.
            let Some(socket) = socket.or_insert_with(|| open().ok()) else {
                continue;
            };
            if self.waiting.len() < WAITING {
                self.waiting
                    .push_back((socket.clone(), cast.to, cast.bytes));
            }
        }
        let now = Instant::now();
        self.open
            .extend(from.into_values().flatten().map(|line| (now, line)));
        let over = self.open.len().saturating_sub(ANSWERS.1);
        self.open.drain(..over);
        if idle {
            self.go_on();
        }
    }

    fn go_on(&mut self) {
        for _ in 0..SENT.0 {
            let Some((line, to, bytes)) = self.waiting.pop_front() else {
                return;
            };
            line.send(None, to, &bytes);
        }
        self.next = Instant::now() + SENT.1;
    }

    /// When no more answers to the first of the bursts are waited for.
    fn closes(&self) -> Option<Instant> {
        self.open.front().map(|(since, _)| *since + ANSWERS.0)
    }

    fn close(&mut self) {
        self.open.retain(|(since, _)| since.elapsed() < ANSWERS.0);
    }
}

/// A socket that sends from an address of an interface, to nobody behind a router.
fn mouth(interface: u32, from: IpAddr) -> io::Result<Line> {
    let at = match from {
        IpAddr::V6(ip) if ip.is_unicast_link_local() => {
            SocketAddrV6::new(ip, 0, 0, interface).into()
        }
        ip => SocketAddr::new(ip, 0),
    };
    let socket = datagrams(at)?;
    match from {
        IpAddr::V4(ip) => {
            socket.set_broadcast(true)?;
            socket.set_multicast_ttl_v4(1)?;
            socket.set_multicast_if_v4(&ip)?;
        }
        IpAddr::V6(_) => {
            socket.set_multicast_hops_v6(1)?;
            socket.set_multicast_if_v6(interface)?;
        }
    }
    only_over(&socket, interface)?;
    Line::open(socket, at)
}

/// Keeps a socket to an interface: two of them may be in one network, and the system would send everything over one.
#[cfg(target_os = "linux")]
fn only_over(socket: &Socket, interface: u32) -> io::Result<()> {
    let name = rustix::net::netdevice::index_to_name(socket, interface)?;
    match socket.bind_device(Some(name.as_bytes())) {
        // Kernels before 5.7 leave this to root; then the routes say.
        Err(e) if e.raw_os_error() == Some(Errno::PERM.raw_os_error()) => Ok(()),
        done => done,
    }
}

#[cfg(not(target_os = "linux"))]
fn only_over(_: &Socket, _: u32) -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    const LO: &str = "127.0.0.1";

    struct Task {
        asks: mpsc::Sender<Ask>,
        events: mpsc::Receiver<Input>,
        port: u16,
    }

    /// The task, and a port that was free.
    fn task() -> Task {
        let (asks, inbox) = mpsc::channel(8);
        let (sender, events) = mpsc::channel(256);
        tokio::spawn(run(inbox, sender));
        let port = UdpSocketStd::bind((LO, 0)).unwrap();
        let port = port.local_addr().unwrap().port();
        Task { asks, events, port }
    }

    use std::net::UdpSocket as UdpSocketStd;

    fn cast(port: u16, n: u8) -> Cast {
        let lo = if_addrs::get_if_addrs().unwrap();
        let lo = lo.iter().find(|it| it.is_loopback()).unwrap();
        Cast {
            interface: lo.index.unwrap(),
            from: LO.parse().unwrap(),
            port: None,
            to: SocketAddr::new(LO.parse().unwrap(), port),
            bytes: vec![n; 9],
        }
    }

    /// Waits until the port is open, or closed.
    async fn until_open(port: u16, open: bool) {
        while UdpSocketStd::bind((LO, port)).is_err() != open {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    }

    #[tokio::test]
    async fn what_is_cast_is_heard_where_it_is_listened_and_nothing_else() {
        let mut it = task();
        // While nothing is heard, nothing is said.
        let other = UdpSocketStd::bind((LO, 0)).unwrap();
        let to = other.local_addr().unwrap().port();
        it.asks.send(Ask::Cast(vec![cast(to, 1)])).await.unwrap();
        it.asks.send(Ask::Listen(vec![it.port])).await.unwrap();
        let casts = vec![cast(to, 2), cast(it.port, 3)];
        it.asks.send(Ask::Cast(casts)).await.unwrap();
        let Some(Input::Called { from, to, bytes }) = it.events.recv().await else {
            unreachable!("a call")
        };
        assert_eq!(from.ip().to_string(), LO);
        assert_eq!(to, SocketAddr::new(LO.parse().unwrap(), it.port));
        assert_eq!(bytes, [3; 9]);
        let mut buffer = [0; 32];
        let (n, _) = other.recv_from(&mut buffer).unwrap();
        assert_eq!(buffer[..n], [2; 9], "the first one was never sent");
        until_open(it.port, true).await;
        it.asks.send(Ask::Listen(vec![])).await.unwrap();
        until_open(it.port, false).await;
    }

    #[tokio::test]
    async fn an_answer_comes_from_where_was_called_to_where_the_call_came_from() {
        let (mut ana, mut ben) = (task(), task());
        ana.asks.send(Ask::Listen(vec![ana.port])).await.unwrap();
        ben.asks.send(Ask::Listen(vec![ben.port])).await.unwrap();
        until_open(ben.port, true).await;
        let mut call = cast(ben.port, 1);
        // Of the two addresses of this device it is not the one that the system would take.
        call.to.set_ip("127.0.0.9".parse().unwrap());
        ana.asks.send(Ask::Cast(vec![call.clone()])).await.unwrap();
        let Some(Input::Called { from, to, .. }) = ben.events.recv().await else {
            unreachable!("a call")
        };
        assert_eq!(to, call.to);
        assert_ne!(from.port(), ana.port);
        let answer = Cast {
            from: to.ip(),
            port: Some(to.port()),
            to: from,
            ..cast(0, 2)
        };
        // Not where nothing is heard, and not once nobody waits for it.
        let elsewhere = Cast {
            port: Some(ana.port),
            ..answer.clone()
        };
        let casts = vec![elsewhere, answer.clone()];
        ben.asks.send(Ask::Cast(casts)).await.unwrap();
        let heard = ana.events.recv().await;
        let bytes = vec![2; 9];
        let (from, to) = (to, from);
        assert_eq!(heard, Some(Input::Called { from, to, bytes }));
        assert!(ana.events.try_recv().is_err(), "from another port");
        assert!(UdpSocketStd::bind(to).is_err(), "it is heard no more");
        ana.asks.send(Ask::Listen(vec![])).await.unwrap();
        until_open(to.port(), false).await;
    }

    #[tokio::test]
    async fn where_was_called_from_is_closed_after_a_while_and_few_are_open() {
        let it = task();
        it.asks.send(Ask::Listen(vec![it.port])).await.unwrap();
        let other = UdpSocketStd::bind((LO, 0)).unwrap();
        let to = other.local_addr().unwrap().port();
        let (mut from, mut buffer) = (Vec::new(), [0; 32]);
        for n in 0..ANSWERS.1 + 3 {
            it.asks.send(Ask::Cast(vec![cast(to, 1)])).await.unwrap();
            let came = loop {
                match other
                    .set_nonblocking(true)
                    .and(other.recv_from(&mut buffer))
                {
                    Ok((_, from)) => break from,
                    Err(_) => tokio::time::sleep(Duration::from_millis(1)).await,
                }
            };
            assert!(!from.contains(&came), "burst {n}");
            from.push(came);
        }
        let open = |from: &SocketAddr| UdpSocketStd::bind(from).is_err();
        assert_eq!(from.iter().filter(|from| open(from)).count(), ANSWERS.1);
        tokio::time::sleep(ANSWERS.0 + Duration::from_millis(200)).await;
        assert!(!from.iter().any(open));
    }

    #[tokio::test]
    async fn of_a_flood_little_is_read_and_nothing_that_is_too_long() {
        let mut it = task();
        it.asks.send(Ask::Listen(vec![it.port])).await.unwrap();
        until_open(it.port, true).await;
        let stranger = UdpSocketStd::bind((LO, 0)).unwrap();
        let begun = Instant::now();
        let long = vec![7; limits::CALL_BYTES + 1];
        stranger.send_to(&long, (LO, it.port)).unwrap();
        let mut heard = 0;
        while begun.elapsed() < READ.1 * 2 {
            stranger.send_to(&[8; 40], (LO, it.port)).unwrap();
            tokio::task::yield_now().await;
            while let Ok(Input::Called { bytes, .. }) = it.events.try_recv() {
                assert_eq!(bytes, [8; 40]);
                heard += 1;
            }
        }
        // Two seconds and a little: a third may have begun.
        assert!((10..=3 * READ.0).contains(&heard), "{heard} heard");
    }
}
