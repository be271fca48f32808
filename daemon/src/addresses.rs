//! Where to listen and whom to dial, as socket addresses and multiaddresses.

use crate::interfaces;
use libp2p::Multiaddr;
use libp2p::multiaddr::Protocol;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener, UdpSocket};
use std::time::Duration;
use troth_proto::problem::Wrong;
use troth_proto::{Problem, limits};

/// How long the system may look for a host's addresses.
const LOOK_UP: Duration = Duration::from_secs(3);

/// Settles where to listen, for good: `ADDRESS[:PORT]`, with a free port if there is none or it is 0; none for all addresses.
///
/// # Errors
/// It is no address, or nothing can listen there.
pub fn settle(listen: Option<&str>) -> Result<String, Problem> {
    let asked = match listen {
        Some(text) => to_settle(text).ok_or(Problem::BadRequest {
            wrong: Wrong::NoAddress,
        })?,
        None => SocketAddr::from((Ipv4Addr::UNSPECIFIED, 0)),
    };
    for _ in 0..16 {
        let Ok(udp) = UdpSocket::bind(asked) else {
            break;
        };
        let Ok(bound) = udp.local_addr() else { break };
        // The same port must be free for both, and the next one for pairing, unless a person chose it.
        let next = asked.port() != 0 || window_port(&bound.to_string()) != 0;
        if next && TcpListener::bind(bound).is_ok() {
            return Ok(bound.to_string());
        }
    }
    Err(Problem::ListenFailed {
        address: listen.unwrap_or("any address").to_owned(),
    })
}

/// An address as it was typed, with or without a port.
fn to_settle(text: &str) -> Option<SocketAddr> {
    let text = text.trim();
    let alone = text.trim_start_matches('[').trim_end_matches(']');
    let alone = || alone.parse::<IpAddr>().map(|ip| (ip, 0).into());
    text.parse().or_else(|_| alone()).ok()
}

/// What a person typed as `HOST:PORT`, in one form; none if it is something else.
pub fn named(text: &str) -> Option<String> {
    let text = text.trim();
    if let Ok(at) = text.parse::<SocketAddr>() {
        let one = !at.ip().is_unspecified() && !at.ip().is_multicast() && !is_broadcast(at.ip());
        return (at.port() != 0 && one).then(|| at.to_string());
    }
    let (host, port) = text.rsplit_once(':')?;
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '.';
    let fits = !host.is_empty() && host.len() <= 253 && host.chars().all(plain);
    let port: u16 = port.parse().ok().filter(|port| *port != 0)?;
    fits.then(|| format!("{}:{port}", host.to_ascii_lowercase()))
}

fn is_broadcast(ip: IpAddr) -> bool {
    ip == IpAddr::from(Ipv4Addr::BROADCAST)
}

/// The places of what a person typed; the system looks the host up.
pub async fn resolve(named: &str) -> Vec<SocketAddr> {
    let found = tokio::time::timeout(LOOK_UP, tokio::net::lookup_host(named)).await;
    let found = found.ok().and_then(Result::ok).into_iter().flatten();
    found.take(limits::PLACES).collect()
}

/// Where it is listened for an address as a person knows it: for all IPv4 addresses, at all IPv6 ones too.
pub fn everywhere(listen: &str) -> Vec<SocketAddr> {
    let Ok(at) = listen.parse::<SocketAddr>() else {
        return Vec::new();
    };
    let mut all = vec![at];
    if at.ip() == IpAddr::from(Ipv4Addr::UNSPECIFIED) {
        all.push((Ipv6Addr::UNSPECIFIED, at.port()).into());
    }
    all
}

/// The multiaddresses to listen at: QUIC and TCP.
pub fn to_listen(listen: &str, port: Option<u16>) -> Vec<Multiaddr> {
    let each = everywhere(listen)
        .into_iter()
        .map(|at| (at.ip(), port.unwrap_or(at.port())));
    each.flat_map(|(ip, port)| [quic(ip, port), tcp(ip, port)])
        .collect()
}

/// An address of QUIC.
pub fn quic(ip: IpAddr, port: u16) -> Multiaddr {
    Multiaddr::from(ip)
        .with(Protocol::Udp(port))
        .with(Protocol::QuicV1)
}

/// An address of TCP.
pub fn tcp(ip: IpAddr, port: u16) -> Multiaddr {
    Multiaddr::from(ip).with(Protocol::Tcp(port))
}

/// Whether it is an address of QUIC.
pub fn over_quic(address: &Multiaddr) -> bool {
    address.iter().any(|part| part == Protocol::QuicV1)
}

/// An address without the id of whoever is there.
pub fn plain(address: &Multiaddr) -> Multiaddr {
    let parts = address.iter();
    parts
        .filter(|part| !matches!(part, Protocol::P2p(_)))
        .collect()
}

/// The port for pairing windows: the one after the link's, if it is free, so that a firewall can be told of both.
pub fn window_port(listen: &str) -> u16 {
    let Ok(mut at) = listen.parse::<SocketAddr>() else {
        return 0;
    };
    let Some(port) = at.port().checked_add(1).filter(|_| at.port() != 0) else {
        return 0;
    };
    at.set_port(port);
    let free = UdpSocket::bind(at).is_ok() && TcpListener::bind(at).is_ok();
    if free { port } else { 0 }
}

/// The IP address of a multiaddress.
pub fn ip(address: &Multiaddr) -> Option<IpAddr> {
    match address.iter().next()? {
        Protocol::Ip4(ip) => Some(ip.into()),
        Protocol::Ip6(ip) => Some(ip.into()),
        _ => None,
    }
}

/// The place of a multiaddress.
pub fn socket(address: &Multiaddr) -> Option<SocketAddr> {
    Some(SocketAddr::new(ip(address)?, port_of(address)?))
}

/// What another device is told, at most [`limits::PLACES`] places: where this one listens, by the addresses that the system
/// says it has. `port` in the place of the one it listens on, where it will be reached later.
pub fn to_tell(listen: Option<&str>, listening: &[Multiaddr], port: Option<u16>) -> Vec<String> {
    let at = listen.and_then(|at| at.parse::<SocketAddr>().ok());
    let everywhere = at.is_none_or(|at| at.ip().is_unspecified());
    told(
        if everywhere {
            Some(interfaces::own())
        } else {
            None
        },
        listening,
        port,
    )
}

fn told(own: Option<Vec<IpAddr>>, listening: &[Multiaddr], port: Option<u16>) -> Vec<String> {
    let ways: Vec<(IpAddr, bool, u16)> = listening
        .iter()
        .filter_map(|at| Some((ip(at)?, over_quic(at), port.or(port_of(at))?)))
        .collect();
    let mut ips = own.unwrap_or_else(|| ways.iter().map(|(ip, ..)| *ip).collect());
    ips.dedup();
    ips.truncate(limits::PLACES);
    let mut all: Vec<Multiaddr> = Vec::new();
    for ip in ips {
        for (_, quic_there, port) in ways.iter().filter(|way| way.0.is_ipv4() == ip.is_ipv4()) {
            let at = if *quic_there {
                quic(ip, *port)
            } else {
                tcp(ip, *port)
            };
            if !all.contains(&at) {
                all.push(at);
            }
        }
    }
    all.iter().map(ToString::to_string).collect()
}

/// The port of an address as a person knows it.
pub fn port(listen: &str) -> Option<u16> {
    let at = listen.parse::<SocketAddr>().ok()?;
    Some(at.port()).filter(|port| *port != 0)
}

fn port_of(address: &Multiaddr) -> Option<u16> {
    address.iter().find_map(|part| match part {
        Protocol::Udp(port) | Protocol::Tcp(port) => Some(port),
        _ => None,
    })
}

/// Addresses to dial, those over QUIC apart: an IP address with QUIC or TCP, and nothing else. Which of those that a partner
/// names may be dialled, the core has said.
pub fn to_dial(addresses: &[String]) -> (Vec<Multiaddr>, Vec<Multiaddr>) {
    let (mut over_quic, mut over_tcp) = (Vec::new(), Vec::new());
    for address in addresses
        .iter()
        .filter_map(|text| text.parse::<Multiaddr>().ok())
    {
        match address.iter().collect::<Vec<_>>()[..] {
            [
                Protocol::Ip4(_) | Protocol::Ip6(_),
                Protocol::Udp(_),
                Protocol::QuicV1,
            ] => over_quic.push(address),
            [Protocol::Ip4(_) | Protocol::Ip6(_), Protocol::Tcp(_)] => over_tcp.push(address),
            _ => {}
        }
    }
    (over_quic, over_tcp)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_addresses_are_dialled() {
        let named: Vec<String> = [
            "/ip4/192.0.2.1/udp/1/quic-v1",
            "/ip4/192.0.2.1/tcp/2",
            "/dns/example.org/tcp/2",
            "/ip4/192.0.2.1/tcp/2/ws",
            "spy.example:443",
            "x",
        ]
        .map(String::from)
        .to_vec();
        let (quic, tcp) = to_dial(&named);
        assert_eq!((quic.len(), tcp.len()), (1, 1));
    }

    #[test]
    fn what_is_told_is_what_the_system_says_with_the_ports_that_listen() {
        // As libp2p tells a tunnel: by its far end.
        let listening: Vec<Multiaddr> =
            ["/ip4/10.99.0.1/udp/4711/quic-v1", "/ip4/10.99.0.1/tcp/4712"]
                .iter()
                .filter_map(|text| text.parse().ok())
                .collect();
        let own = |n: u8| (1..=n).map(|n| IpAddr::from([10, 0, 0, n])).collect();
        assert_eq!(
            told(Some(own(1)), &listening, None),
            ["/ip4/10.0.0.1/udp/4711/quic-v1", "/ip4/10.0.0.1/tcp/4712"]
        );
        assert_eq!(
            told(Some(own(20)), &listening, None).len(),
            2 * limits::PLACES
        );
        assert_eq!(
            told(None, &listening, Some(5000)),
            ["/ip4/10.99.0.1/udp/5000/quic-v1", "/ip4/10.99.0.1/tcp/5000"]
        );
        assert_eq!(told(Some(own(1)), &[], None), [""; 0]);
    }

    #[test]
    fn what_a_person_types_is_a_host_and_a_port() {
        let good = [
            ("192.0.2.7:4711", "192.0.2.7:4711"),
            (" [2001:db8::1]:80 ", "[2001:db8::1]:80"),
            ("Bens-PC.home:4711", "bens-pc.home:4711"),
        ];
        for (typed, kept) in good {
            assert_eq!(named(typed).as_deref(), Some(kept));
        }
        for bad in [
            "",
            "192.0.2.7",
            "host:",
            "host:0",
            "a b:1",
            "/ip4/1.2.3.4/tcp/1",
            "host:70000",
            ":1",
        ] {
            assert_eq!(named(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_port_once_settled_stays() {
        let settled = settle(Some("127.0.0.1:0")).unwrap_or_default();
        assert!(settled.starts_with("127.0.0.1:") && !settled.ends_with(":0"));
        assert_eq!(settle(Some(&settled)), Ok(settled));
        for alone in ["127.0.0.1", " 127.0.0.1 "] {
            let settled = settle(Some(alone)).unwrap_or_default();
            assert!(settled.starts_with("127.0.0.1:"), "{settled}");
            assert!(!settled.ends_with(":0"), "{settled}");
        }
        assert_eq!(to_settle("[::1]"), Some((Ipv6Addr::LOCALHOST, 0).into()));
        assert_eq!(to_settle("::1"), to_settle("[::1]:0"));
        let wrong = Wrong::NoAddress;
        assert_eq!(settle(Some("nowhere")), Err(Problem::BadRequest { wrong }));
    }
}
