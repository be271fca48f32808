//! Where to listen and whom to dial, as socket addresses and multiaddresses.

use libp2p::Multiaddr;
use libp2p::multiaddr::Protocol;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener, UdpSocket};

/// Settles where to listen, for good: `ADDRESS:PORT`, with a free port if it is 0; none for all addresses.
///
/// # Errors
/// The text as it was given, if nothing can listen there.
pub fn settle(listen: Option<&str>) -> Result<String, String> {
    let all = SocketAddr::from((Ipv4Addr::UNSPECIFIED, 0));
    let asked = match listen {
        Some(text) => text.parse::<SocketAddr>().map_err(|_| text.to_owned())?,
        None => all,
    };
    for _ in 0..16 {
        let Ok(udp) = UdpSocket::bind(asked) else {
            break;
        };
        let Ok(bound) = udp.local_addr() else { break };
        // The same port must be free for both.
        if TcpListener::bind(bound).is_ok() {
            return Ok(bound.to_string());
        }
    }
    Err(listen.unwrap_or("any address").to_owned())
}

/// The multiaddresses to listen at: QUIC and TCP; for all IPv4 addresses, all IPv6 ones too.
pub fn to_listen(listen: &str, port: Option<u16>) -> Vec<Multiaddr> {
    let Ok(at) = listen.parse::<SocketAddr>() else {
        return Vec::new();
    };
    let port = port.unwrap_or(at.port());
    let mut ips = vec![at.ip()];
    if at.ip() == IpAddr::from(Ipv4Addr::UNSPECIFIED) {
        ips.push(Ipv6Addr::UNSPECIFIED.into());
    }
    ips.into_iter()
        .flat_map(|ip| [quic(ip, port), tcp(ip, port)])
        .collect()
}

fn quic(ip: IpAddr, port: u16) -> Multiaddr {
    Multiaddr::from(ip)
        .with(Protocol::Udp(port))
        .with(Protocol::QuicV1)
}

fn tcp(ip: IpAddr, port: u16) -> Multiaddr {
    Multiaddr::from(ip).with(Protocol::Tcp(port))
}

/// The IP address of a multiaddress.
pub fn ip(address: &Multiaddr) -> Option<IpAddr> {
    match address.iter().next()? {
        Protocol::Ip4(ip) => Some(ip.into()),
        Protocol::Ip6(ip) => Some(ip.into()),
        _ => None,
    }
}

/// What of these addresses is worth telling another device: no loopback, unless there is nothing else.
pub fn to_tell(addresses: &[Multiaddr]) -> Vec<String> {
    let local = |a: &&Multiaddr| ip(a).is_some_and(|ip| ip.is_loopback());
    let link_local =
        |a: &&Multiaddr| matches!(ip(a), Some(IpAddr::V6(ip)) if ip.is_unicast_link_local());
    let outside: Vec<String> = addresses
        .iter()
        .filter(|a| !local(a) && !link_local(a))
        .map(ToString::to_string)
        .collect();
    if outside.is_empty() {
        addresses.iter().map(ToString::to_string).collect()
    } else {
        outside
    }
}

/// The same addresses with another port: where this device will be reached once paired.
pub fn with_port(addresses: &[Multiaddr], listen: &str) -> Vec<String> {
    let Ok(at) = listen.parse::<SocketAddr>() else {
        return Vec::new();
    };
    let mut ips: Vec<IpAddr> = addresses.iter().filter_map(ip).collect();
    ips.dedup();
    let all: Vec<Multiaddr> = ips
        .into_iter()
        .flat_map(|ip| [quic(ip, at.port()), tcp(ip, at.port())])
        .collect();
    to_tell(&all)
}

/// The addresses a partner named that may be dialled: an IP address with QUIC or TCP, and nothing else. QUIC first.
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
    fn only_plain_addresses_are_dialled_and_loopback_is_told_only_if_there_is_nothing_else() {
        let named: Vec<String> = [
            "/ip4/192.0.2.1/udp/1/quic-v1",
            "/ip4/192.0.2.1/tcp/2",
            "/dns/example.org/tcp/2",
            "/ip4/192.0.2.1/tcp/2/ws",
            "x",
        ]
        .map(String::from)
        .to_vec();
        let (quic, tcp) = to_dial(&named);
        assert_eq!((quic.len(), tcp.len()), (1, 1));
        let parse = |texts: &[&str]| -> Vec<Multiaddr> {
            texts.iter().filter_map(|t| t.parse().ok()).collect()
        };
        assert_eq!(
            to_tell(&parse(&["/ip4/127.0.0.1/tcp/1", "/ip4/192.0.2.1/tcp/1"])),
            ["/ip4/192.0.2.1/tcp/1"]
        );
        assert_eq!(to_tell(&parse(&["/ip4/127.0.0.1/tcp/1"])).len(), 1);
    }

    #[test]
    fn a_port_once_settled_stays() {
        let settled = settle(Some("127.0.0.1:0")).unwrap_or_default();
        assert!(settled.starts_with("127.0.0.1:") && !settled.ends_with(":0"));
        assert_eq!(settle(Some(&settled)), Ok(settled));
        assert!(settle(Some("nowhere")).is_err());
    }
}
