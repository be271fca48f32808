//! Asks the router to let connections to the link's port in, and to do so no more (PROTOCOL §8.7). Nothing is sent unless the
//! node asks for it.

use crate::interfaces::{self, Router, RouterV6};
use crate::pinhole::{Pinhole, Said};
use crate::upnp::{self, Control, Entry, Failed};
use crab_nat::{
    GatewayAddress, InternetProtocol, PortMapping, PortMappingOptions, PortMappingType,
    TimeoutConfig, natpmp, pcp,
};
use futures::future::{join, join_all};
use rustix::net::{AddressFamily, SocketFlags, SocketType};
use std::net::{IpAddr, Ipv4Addr, SocketAddrV4};
use std::num::NonZeroU16;
use std::time::Duration;
use tokio::net::UdpSocket;
use tokio::sync::{mpsc, watch};
use tokio::time::{Instant, sleep, sleep_until, timeout};
use troth_core::node::{Input, Map, Mapping};
use troth_core::places;
use troth_proto::api::RouterWay;

/// Seconds for which a router is asked to let in; less counts, if it gives less.
const LIFETIME: u32 = 7_200;
/// At the earliest and at the latest when it is asked to go on: at half of what it gave, or when it may have begun anew.
const RENEW: (Duration, Duration) = (Duration::from_secs(30), Duration::from_secs(600));
/// After it did not let in: the wait until it is asked again, at first and at the longest.
const AGAIN: (Duration, Duration) = (Duration::from_secs(60), Duration::from_secs(3_600));
/// How long it may take until nothing is let in any more.
const TAKE_AWAY: Duration = Duration::from_millis(900);
/// How long a router that speaks PCP or NAT-PMP may take to answer, at first; three times, twice as long each time.
const PATIENCE: TimeoutConfig = TimeoutConfig {
    initial_timeout: Duration::from_millis(250),
    max_retries: 2,
    max_retry_timeout: None,
};
/// The same where there is no time.
const HASTE: TimeoutConfig = TimeoutConfig {
    max_retries: 1,
    ..PATIENCE
};
/// Where a router says that it has begun anew, and to whom (RFC 6886 §3.2.1, RFC 6887 §14.1.1).
const ANNOUNCED: SocketAddrV4 = SocketAddrV4::new(Ipv4Addr::new(224, 0, 0, 1), 5350);
/// It is believed no sooner after it was asked: anybody in its network may say so in its name.
const BELIEVED: Duration = Duration::from_secs(5);
/// Between looks at what others say there.
const OTHERS: Duration = Duration::from_millis(20);
/// UPnP: another device has that port.
const TAKEN: u16 = 718;
/// UPnP: the router lets in for ever, or not at all.
const FOR_EVER: u16 = 725;

const BOTH: [InternetProtocol; 2] = [InternetProtocol::Udp, InternetProtocol::Tcp];

/// Does what is asked last, until nobody can ask any more.
pub async fn run(mut asked: watch::Receiver<Option<Map>>, inputs: mpsc::Sender<Input>) {
    let mut held = Held::default();
    loop {
        let Some(map) = asked.borrow_and_update().clone() else {
            held.take_away().await;
            if asked.changed().await.is_err() {
                return;
            }
            continue;
        };
        let kept = async {
            loop {
                let (said, wait) = held.ask(&map).await;
                if inputs.send(Input::Mapped(said)).await.is_err() {
                    return;
                }
                tokio::select! {
                    () = sleep(wait) => {}
                    () = announced(held.router) => {}
                }
            }
        };
        let gone = tokio::select! {
            changed = asked.changed() => changed.is_err(),
            () = kept => true,
        };
        if gone {
            return held.take_away().await;
        }
    }
}

/// Why nobody is let in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Closed {
    /// Nobody answered.
    Silent,
    /// The answer was no.
    Refused,
}

/// What a router lets in.
#[derive(Debug, PartialEq, Eq)]
struct Open {
    outside: IpAddr,
    udp: Option<u16>,
    tcp: Option<u16>,
    seconds: u32,
}

/// What a router may let in because it was asked here: all of it is known, so that all of it can be taken away.
#[derive(Default)]
struct Held {
    router: Option<Router>,
    map: Option<Map>,
    /// The way that worked last.
    way: Option<RouterWay>,
    pcp: bool,
    nat_pmp: bool,
    control: Option<Control>,
    /// Over UPnP: protocols, and the ports outside.
    entries: Vec<(InternetProtocol, u16)>,
    /// The router that was asked to let in over IPv6.
    six: Option<RouterV6>,
    failures: u32,
}

impl Held {
    /// Asks the router that is there, and says when to ask again.
    async fn ask(&mut self, map: &Map) -> (Mapping, Duration) {
        let router = interfaces::router();
        if self.map.as_ref() != Some(map) || self.router != router {
            if self.map.is_some() && self.router == router {
                self.take_away().await;
            }
            // Behind another router nothing of the one before can be taken away: it ends with its time.
            *self = Self {
                router,
                map: Some(map.clone()),
                six: self.six,
                ..Self::default()
            };
        }
        let said = match router {
            Some(router) => self.ask_each_way(router, map).await,
            None => Err(Closed::Silent),
        };
        let six = self.by_pcp_v6(map).await;
        let public = |open: &Open| places::is_public(open.outside);
        let (by, open) = match (said, six) {
            (Ok((by, open)), six) if public(&open) => (by, vec![Some(open), six]),
            (said, Some(six)) => {
                if said.is_ok() {
                    self.take_away_v4(map).await;
                }
                (RouterWay::Pcp, vec![Some(six)])
            }
            (Ok((_, open)), None) => {
                // It leads nowhere: nothing is left open that helps nobody.
                self.take_away().await;
                let address = open.outside;
                return (Mapping::NotPublic { address }, self.wait());
            }
            (Err(Closed::Refused), None) => return (Mapping::Refused, self.wait()),
            (Err(Closed::Silent), None) => return (Mapping::NoRouter, self.wait()),
        };
        tracing::debug!(?by, "the router lets in");
        self.failures = 0;
        let open: Vec<Open> = open.into_iter().flatten().collect();
        let seconds = open.iter().map(|open| open.seconds).min();
        let wait = Duration::from_secs(u64::from(seconds.unwrap_or_default() / 2));
        let at = open.iter().flat_map(Open::addresses).collect();
        (Mapping::Mapped { by, at }, wait.clamp(RENEW.0, RENEW.1))
    }

    /// Twice as long each time.
    fn wait(&mut self) -> Duration {
        let wait = AGAIN.0 * (1 << self.failures.min(10));
        self.failures = self.failures.saturating_add(1);
        wait.min(AGAIN.1)
    }

    /// The way that worked last comes first: asking once more is how a router is asked to go on.
    async fn ask_each_way(
        &mut self,
        router: Router,
        map: &Map,
    ) -> Result<(RouterWay, Open), Closed> {
        let last = self.way.take();
        let all = [RouterWay::Pcp, RouterWay::NatPmp, RouterWay::Upnp];
        let others = all.into_iter().filter(|way| Some(*way) != last);
        let mut closed = Closed::Silent;
        for way in last.into_iter().chain(others) {
            let said = match way {
                RouterWay::Pcp => self.by_pcp(router, map).await,
                RouterWay::NatPmp => self.by_nat_pmp(router, map).await,
                RouterWay::Upnp => self.by_upnp(router, map).await,
            };
            match said {
                Ok(open) => {
                    self.way = Some(way);
                    return Ok((way, open));
                }
                Err(Closed::Refused) => closed = Closed::Refused,
                Err(Closed::Silent) => {}
            }
        }
        Err(closed)
    }

    async fn by_pcp(&mut self, router: Router, map: &Map) -> Result<Open, Closed> {
        let port = NonZeroU16::new(map.port).ok_or(Closed::Refused)?;
        self.pcp = true;
        let both = join_all(BOTH.map(|protocol| async move {
            let to = GatewayAddress::IpV4(router.ip);
            let what = pcp::BaseMapRequest::new(to, router.own.into(), protocol, port);
            let nonce = nonce(map, router, protocol);
            let said = pcp::port_mapping(what, Some(nonce), None, options(port)).await;
            said.map_err(|failure| of_pcp(&failure))
        }));
        let both = both.await;
        let outside = both
            .iter()
            .flatten()
            .find_map(|it| match it.mapping_type() {
                PortMappingType::Pcp { external_ip, .. } => Some(external_ip),
                PortMappingType::NatPmp => None,
            });
        opened(outside, both)
    }

    /// Over IPv6 a router that keeps everything out may let in what comes to the device's own address.
    async fn by_pcp_v6(&mut self, map: &Map) -> Option<Open> {
        // Nothing is forgotten where none is seen for a moment.
        self.six = interfaces::router_v6().or(self.six);
        let router = self.six?;
        let both = join_all(BOTH.map(|protocol| async move {
            let hole = pinhole(map, router, protocol);
            // Some routers (miniupnpd before 2.3.6) forget whose a hole is when it is asked for once more, and close it for
            // nobody then: it is closed before each time.
            for wait in [1, 2, 4].map(|n| PATIENCE.initial_timeout * n) {
                let _ = hole.ask(router, 0, &[wait]).await;
                let said = hole.ask(router, LIFETIME, &[wait]).await;
                if said.is_some() {
                    return said;
                }
            }
            None
        }));
        let both = both.await;
        let lets = both.iter().map(|said| said.filter(|it| it.seconds > 0));
        let lets: Vec<Option<Said>> = lets.collect();
        let any = lets.iter().flatten().next()?;
        let port = |n: usize| lets.get(n).copied().flatten().map(|said| said.port);
        Some(Open {
            outside: any.at.into(),
            udp: port(0),
            tcp: port(1),
            seconds: any.seconds,
        })
        .filter(|open| places::is_public(open.outside))
    }

    async fn by_nat_pmp(&mut self, router: Router, map: &Map) -> Result<Open, Closed> {
        let port = NonZeroU16::new(map.port).ok_or(Closed::Refused)?;
        let to = GatewayAddress::IpV4(router.ip);
        let outside = natpmp::external_address(to, Some(PATIENCE)).await;
        let outside = outside.map_err(|failure| of_nat_pmp(&failure))?;
        self.nat_pmp = true;
        let both = join_all(BOTH.map(|protocol| async move {
            let said = natpmp::port_mapping(to, protocol, port, options(port)).await;
            said.map_err(|failure| of_nat_pmp(&failure))
        }));
        opened(Some(outside.into()), both.await)
    }

    async fn by_upnp(&mut self, router: Router, map: &Map) -> Result<Open, Closed> {
        // Kept until another one is found: whoever is asked to stop meanwhile takes away what was opened with it.
        let known = match self.control.clone() {
            Some(control) => {
                let outside = control.external_address().await.ok();
                outside.map(|outside| (control, outside))
            }
            None => None,
        };
        let found = match known {
            Some(known) => known,
            None => upnp::find(router.ip, router.own)
                .await
                .ok_or(Closed::Silent)?,
        };
        let (control, outside) = found;
        self.control = Some(control.clone());
        let (mut ports, mut refused) = ([None; 2], false);
        for (protocol, port) in BOTH.into_iter().zip(&mut ports) {
            match self.add(&control, router, map, protocol).await {
                Ok(external) => *port = Some(external),
                Err(failed) => refused |= failed != Failed::Silent,
            }
        }
        let open = Open {
            outside: outside.into(),
            udp: ports[0],
            tcp: ports[1],
            seconds: LIFETIME,
        };
        if open.udp.or(open.tcp).is_some() {
            return Ok(open);
        }
        Err(if refused {
            Closed::Refused
        } else {
            Closed::Silent
        })
    }

    /// The port that is asked for, or another if somebody has it.
    async fn add(
        &mut self,
        control: &Control,
        router: Router,
        map: &Map,
        protocol: InternetProtocol,
    ) -> Result<u16, Failed> {
        let of_it = self.entries.iter().filter(|it| is_same(it.0, protocol));
        let ports: Vec<u16> = of_it.map(|it| it.1).chain(others(map)).collect();
        let mut lease = LIFETIME;
        for external in ports {
            // Kept before it is asked for: if nobody waits for the answer, it is taken away all the same.
            if !self.has(protocol, external) {
                self.entries.push((protocol, external));
            }
            let internal = SocketAddrV4::new(router.own, map.port);
            let mut entry = Entry {
                protocol: name(protocol),
                external,
                internal,
                lease,
            };
            let mut said = control.add(&entry).await;
            if said == Err(Failed::Code(FOR_EVER)) {
                lease = 0;
                entry.lease = 0;
                said = control.add(&entry).await;
            }
            match said {
                Ok(()) => return Ok(external),
                Err(Failed::Silent) => return Err(Failed::Silent),
                Err(Failed::Code(code)) => {
                    self.entries
                        .retain(|it| !(is_same(it.0, protocol) && it.1 == external));
                    if code != TAKEN {
                        return Err(Failed::Code(code));
                    }
                }
            }
        }
        Err(Failed::Code(TAKEN))
    }

    fn has(&self, protocol: InternetProtocol, external: u16) -> bool {
        let mut all = self.entries.iter();
        all.any(|it| is_same(it.0, protocol) && it.1 == external)
    }

    /// Asks the router to let in no more, whatever it may let in; what it does not hear ends with its time.
    async fn take_away(&mut self) {
        let Some(map) = &self.map else {
            return;
        };
        let asked_six = self.six;
        let six = join_all(BOTH.map(|protocol| async move {
            if let Some(router) = asked_six {
                let hole = pinhole(map, router, protocol);
                let waits = [HASTE.initial_timeout; 2];
                if hole.ask(router, 0, &waits).await.is_none() {
                    // Some routers forget whose it is once it was asked for twice, but make it shorter for anybody.
                    let _ = hole.ask(router, 1, &waits[..1]).await;
                }
            }
        }));
        let four = self.take_away_v4(map);
        let _ = timeout(TAKE_AWAY, join(four, six)).await;
        (self.pcp, self.nat_pmp, self.way, self.six) = (false, false, None, None);
        self.entries.clear();
    }

    async fn take_away_v4(&self, map: &Map) {
        let Some(router) = self.router else {
            return;
        };
        let to = GatewayAddress::IpV4(router.ip);
        let port = NonZeroU16::new(map.port);
        let pcp = join_all(BOTH.map(|protocol| async move {
            let Some(internal_port) = port.filter(|_| self.pcp) else {
                return;
            };
            let what = pcp::DropMappingRange::Single {
                internal_port,
                protocol,
            };
            let nonce = nonce(map, router, protocol);
            let own = router.own.into();
            let _ = pcp::try_drop_mapping(to, own, nonce, what, Some(HASTE)).await;
        }));
        let nat_pmp = join_all(BOTH.map(|protocol| async move {
            if let Some(port) = port.filter(|_| self.nat_pmp) {
                let _ = natpmp::try_drop_mapping(to, protocol, Some(port), Some(HASTE)).await;
            }
        }));
        let upnp = join_all(self.entries.iter().map(|(protocol, external)| async move {
            if let Some(control) = &self.control {
                let _ = control.remove(name(*protocol), *external).await;
            }
        }));
        join(join(pcp, nat_pmp), upnp).await;
    }
}

impl Open {
    /// As multiaddresses.
    fn addresses(&self) -> Vec<String> {
        let (family, ip) = (if self.outside.is_ipv4() { 4 } else { 6 }, self.outside);
        let udp = self.udp.iter();
        let udp = udp.map(|port| format!("/ip{family}/{ip}/udp/{port}/quic-v1"));
        let tcp = self.tcp.iter();
        udp.chain(tcp.map(|port| format!("/ip{family}/{ip}/tcp/{port}")))
            .collect()
    }
}

fn options(port: NonZeroU16) -> PortMappingOptions {
    PortMappingOptions {
        external_port: Some(port),
        lifetime_seconds: Some(LIFETIME),
        timeout_config: Some(PATIENCE),
    }
}

/// What both protocols came to.
fn opened(outside: Option<IpAddr>, both: Vec<Result<PortMapping, Closed>>) -> Result<Open, Closed> {
    let refused = |it: &Result<PortMapping, Closed>| matches!(it, Err(Closed::Refused));
    let closed = if both.iter().any(refused) {
        Closed::Refused
    } else {
        Closed::Silent
    };
    let lets = both.into_iter().flatten().filter(|it| it.lifetime() > 0);
    let lets: Vec<PortMapping> = lets.collect();
    let port = |protocol| {
        let mut of_it = lets.iter().filter(|it| is_same(it.protocol(), protocol));
        of_it.next().map(|it| it.external_port().get())
    };
    let seconds = lets.iter().map(PortMapping::lifetime).min();
    let (Some(outside), Some(seconds)) = (outside, seconds) else {
        return Err(closed);
    };
    Ok(Open {
        outside,
        udp: port(InternetProtocol::Udp),
        tcp: port(InternetProtocol::Tcp),
        seconds,
    })
}

/// By what a router knows who asked: the same after a crash, other for each router, and nobody else can say it.
fn nonce(map: &Map, router: Router, protocol: InternetProtocol) -> pcp::Nonce {
    let (there, own) = (router.ip.octets(), router.own.octets());
    nonce_of(map, [&there, &own], protocol)
}

fn pinhole(map: &Map, router: RouterV6, protocol: InternetProtocol) -> Pinhole {
    let (there, own) = (router.ip.octets(), router.own.octets());
    Pinhole {
        protocol: match protocol {
            InternetProtocol::Udp => 17,
            InternetProtocol::Tcp => 6,
        },
        port: map.port,
        nonce: nonce_of(map, [&there, &own], protocol),
    }
}

fn nonce_of(map: &Map, [there, own]: [&[u8]; 2], protocol: InternetProtocol) -> [u32; 3] {
    let mac = map.key.mac(&[there, own, name(protocol).as_bytes()]).0;
    let word = |n: usize| u32::from_be_bytes([mac[n], mac[n + 1], mac[n + 2], mac[n + 3]]);
    [word(0), word(4), word(8)]
}

/// The port itself, and others where a device has it already: the same after a crash.
fn others(map: &Map) -> [u16; 4] {
    let mac = map.key.mac(&[b"ports", &map.port.to_be_bytes()]).0;
    let high = |n: usize| 0xc000 | u16::from_be_bytes([mac[n], mac[n + 1]]);
    [map.port, high(0), high(2), high(4)]
}

fn name(protocol: InternetProtocol) -> &'static str {
    match protocol {
        InternetProtocol::Udp => "UDP",
        InternetProtocol::Tcp => "TCP",
    }
}

fn is_same(one: InternetProtocol, other: InternetProtocol) -> bool {
    name(one) == name(other)
}

fn of_pcp(failure: &pcp::Failure) -> Closed {
    match failure {
        pcp::Failure::NotAuthorized(_)
        | pcp::Failure::NetworkFailure(_)
        | pcp::Failure::NoResources(_)
        | pcp::Failure::UserExceededQuota(_)
        | pcp::Failure::CannotProvideExternal(_)
        | pcp::Failure::AddressMismatch => Closed::Refused,
        _ => Closed::Silent,
    }
}

fn of_nat_pmp(failure: &natpmp::Failure) -> Closed {
    match failure {
        natpmp::Failure::NotAuthorized
        | natpmp::Failure::NetworkFailure
        | natpmp::Failure::OutOfResources => Closed::Refused,
        _ => Closed::Silent,
    }
}

/// Ends when the router says that it has begun anew.
async fn announced(router: Option<Router>) {
    let believed = Instant::now() + BELIEVED;
    let (Some(router), Some(socket)) = (router, announcements()) else {
        return std::future::pending().await;
    };
    let mut bytes = [0; 64];
    loop {
        match socket.recv_from(&mut bytes).await {
            Ok((_, from)) if from.ip() == router.ip => break,
            _ => sleep(OTHERS).await,
        }
    }
    sleep_until(believed).await;
}

/// All hosts are in this group, and other programs may listen there, too.
fn announcements() -> Option<UdpSocket> {
    let kind = (AddressFamily::INET, SocketType::DGRAM);
    let flags = SocketFlags::CLOEXEC | SocketFlags::NONBLOCK;
    let socket = rustix::net::socket_with(kind.0, kind.1, flags, None).ok()?;
    rustix::net::sockopt::set_socket_reuseaddr(&socket, true).ok()?;
    rustix::net::bind(&socket, &ANNOUNCED).ok()?;
    UdpSocket::from_std(std::net::UdpSocket::from(socket)).ok()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use troth_core::keys::Key;

    fn map() -> Map {
        Map {
            port: 4711,
            key: Key([7; 32]),
        }
    }

    fn router(ip: [u8; 4]) -> Router {
        Router {
            ip: ip.into(),
            own: Ipv4Addr::new(192, 168, 1, 7),
        }
    }

    #[test]
    fn a_router_knows_the_device_again_and_two_routers_cannot_compare() {
        let one = nonce(&map(), router([192, 168, 1, 1]), InternetProtocol::Udp);
        let again = nonce(&map(), router([192, 168, 1, 1]), InternetProtocol::Udp);
        let tcp = nonce(&map(), router([192, 168, 1, 1]), InternetProtocol::Tcp);
        let other = nonce(&map(), router([192, 168, 1, 2]), InternetProtocol::Udp);
        assert_eq!(one, again);
        assert!(one != tcp && one != other && tcp != other);
        assert_eq!(others(&map()), others(&map()));
        assert!(others(&map())[1..].iter().all(|port| *port >= 0xc000));
    }

    #[test]
    fn one_protocol_of_two_is_better_than_none() {
        let open = Open {
            outside: IpAddr::from([8, 8, 4, 4]),
            udp: None,
            tcp: Some(4711),
            seconds: 9,
        };
        assert_eq!(open.addresses(), ["/ip4/8.8.4.4/tcp/4711"]);
        let open = Open {
            udp: Some(50_000),
            ..open
        };
        assert_eq!(open.addresses()[0], "/ip4/8.8.4.4/udp/50000/quic-v1");
        let closed = |a, b| opened(None, vec![Err(a), Err(b)]);
        let (silent, refused) = (Closed::Silent, Closed::Refused);
        assert_eq!(closed(silent, refused), Err(refused));
        assert_eq!(closed(silent, silent), Err(silent));
    }

    #[test]
    fn the_longer_it_is_refused_the_less_it_is_asked() {
        let mut held = Held::default();
        let waits: Vec<Duration> = (0..40).map(|_| held.wait()).collect();
        assert_eq!(waits[..3], [60, 120, 240].map(Duration::from_secs));
        assert!(waits[6..].iter().all(|wait| *wait == AGAIN.1));
    }
}
