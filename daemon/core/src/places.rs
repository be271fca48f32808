//! Where another device may be dialled: what a partner, a file or the network names is an IP address and a port, and leads to
//! nobody but another device, or to another home on this one: whoever names a place would choose whom this daemon talks to.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use troth_proto::limits;

/// The lowest port that is dialled: below are the services of whole machines.
const LOWEST_PORT: u16 = 1024;

/// One address as it is told: `/ip4/ADDRESS/udp/PORT/quic-v1`, `/ip4/ADDRESS/tcp/PORT`, and the same with `ip6`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Place {
    at: SocketAddr,
    quic: bool,
}

impl Place {
    fn read(text: &str) -> Option<Self> {
        let parts: Vec<&str> = text.split('/').collect();
        let (family, ip, port, quic) = match parts[..] {
            ["", family, ip, "udp", port, "quic-v1"] => (family, ip, port, true),
            ["", family, ip, "tcp", port] => (family, ip, port, false),
            _ => return None,
        };
        let ip = match family {
            "ip4" => IpAddr::V4(ip.parse().ok()?),
            "ip6" => IpAddr::V6(ip.parse().ok()?),
            _ => return None,
        };
        let at = SocketAddr::new(ip.to_canonical(), port.parse().ok()?);
        Some(Self { at, quic })
    }

    fn write(self) -> String {
        let family = if self.at.is_ipv4() { "ip4" } else { "ip6" };
        let (ip, port) = (self.at.ip(), self.at.port());
        if self.quic {
            format!("/{family}/{ip}/udp/{port}/quic-v1")
        } else {
            format!("/{family}/{ip}/tcp/{port}")
        }
    }
}

/// What of these addresses may be dialled by one who listens at `listen` and has the addresses `own`: in one form, each once,
/// and at most [`limits::PLACES`] places. What cannot be read is left out.
#[must_use]
pub fn to_dial(addresses: &[String], listen: Option<&str>, own: &[IpAddr]) -> Vec<String> {
    let listen = listen.and_then(|at| at.parse::<SocketAddr>().ok());
    let here = listen.is_some_and(|at| at.ip().is_loopback());
    let (mut places, mut all): (Vec<SocketAddr>, Vec<Place>) = Default::default();
    for place in addresses.iter().filter_map(|text| Place::read(text)) {
        if !leads_to_another(place.at, here, own) || all.contains(&place) {
            continue;
        }
        if !places.contains(&place.at) {
            if places.len() == limits::PLACES {
                continue;
            }
            places.push(place.at);
        }
        all.push(place);
    }
    all.into_iter().map(Place::write).collect()
}

/// Where an address leads, whatever it is.
#[must_use]
pub fn read(address: &str) -> Option<SocketAddr> {
    Place::read(address).map(|place| place.at)
}

/// Whether another device may be at a place, for one who listens at `listen` and has the addresses `own`.
#[must_use]
pub fn may_dial(at: SocketAddr, listen: Option<&str>, own: &[IpAddr]) -> bool {
    let listen = listen.and_then(|at| at.parse::<SocketAddr>().ok());
    let here = listen.is_some_and(|at| at.ip().is_loopback());
    leads_to_another(at, here, own)
}

/// A place over both transports.
#[must_use]
pub fn both_ways(ip: IpAddr, port: u16) -> [String; 2] {
    let at = SocketAddr::new(ip, port);
    [true, false].map(|quic| Place { at, quic }.write())
}

/// What of these addresses leads to the same device from anywhere: what a router may have given out is told to a partner.
#[must_use]
pub fn from_anywhere(addresses: &[String]) -> Vec<String> {
    let public = |text: &String| Place::read(text).is_some_and(|place| is_public(place.at.ip()));
    let public: Vec<String> = addresses.iter().filter(|at| public(at)).cloned().collect();
    to_dial(&public, None, &[])
}

/// Whether an address is one of its own in the whole internet.
#[must_use]
pub fn is_public(ip: IpAddr) -> bool {
    let its_own = match ip.to_canonical() {
        IpAddr::V4(ip) => {
            let carriers = ip.octets()[0] == 100 && ip.octets()[1] & 0xc0 == 64;
            let benchmarks = ip.octets()[0] == 198 && ip.octets()[1] & 0xfe == 18;
            let protocols = ip.octets()[..3] == [192, 0, 0];
            !ip.is_private() && !ip.is_link_local() && !carriers && !benchmarks && !protocols
        }
        IpAddr::V6(ip) => ip.segments()[0] & 0xe000 == 0x2000,
    };
    its_own && leads_to_another((ip.to_canonical(), LOWEST_PORT).into(), false, &[])
}

/// Whether another device may be at an address. This device counts only for a home that listens on loopback: whoever names a
/// place would have this daemon speak to any program here.
fn leads_to_another(at: SocketAddr, here: bool, own: &[IpAddr]) -> bool {
    let ip = at.ip().to_canonical();
    let nobody = match ip {
        IpAddr::V4(ip) => {
            ip.octets()[0] == 0
                || ip.is_multicast()
                || ip.is_broadcast()
                || ip.is_documentation()
                || ip.is_link_local() && !own.iter().any(|own| is_link_local_v4(*own))
                || reserved(ip)
        }
        IpAddr::V6(ip) => {
            // One of another link is told without the interface that leads there.
            ip.is_unspecified() || ip.is_multicast() || ip.is_unicast_link_local() || documents(ip)
        }
    };
    let this_device = ip.is_loopback() || own.contains(&ip);
    at.port() >= LOWEST_PORT && !nobody && (here || !this_device)
}

fn is_link_local_v4(ip: IpAddr) -> bool {
    matches!(ip, IpAddr::V4(ip) if ip.is_link_local())
}

fn reserved(ip: Ipv4Addr) -> bool {
    ip.octets()[0] >= 240
}

fn documents(ip: Ipv6Addr) -> bool {
    matches!(ip.segments(), [0x2001, 0xdb8, ..] | [0x3fff, ..=0x0fff, ..])
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn of(addresses: &[&str], listen: Option<&str>, own: &[&str]) -> Vec<String> {
        let addresses: Vec<String> = addresses.iter().map(ToString::to_string).collect();
        let own: Vec<IpAddr> = own.iter().map(|ip| ip.parse().unwrap()).collect();
        to_dial(&addresses, listen, &own)
    }

    #[test]
    fn nobody_is_dialled_but_another_device() {
        for refused in [
            "/ip4/127.0.0.1/tcp/4711",
            "/ip4/127.8.8.8/udp/4711/quic-v1",
            "/ip6/::1/tcp/4711",
            "/ip6/::ffff:127.0.0.1/tcp/4711",
            "/ip4/0.0.0.0/tcp/4711",
            "/ip4/0.1.2.3/tcp/4711",
            "/ip6/::/udp/4711/quic-v1",
            "/ip4/224.0.0.1/udp/4711/quic-v1",
            "/ip4/239.255.255.250/udp/1900/quic-v1",
            "/ip6/ff02::1/udp/4711/quic-v1",
            "/ip4/255.255.255.255/udp/4711/quic-v1",
            "/ip4/250.1.1.1/tcp/4711",
            "/ip4/192.0.2.1/tcp/4711",
            "/ip4/198.51.100.1/tcp/4711",
            "/ip4/203.0.113.9/tcp/4711",
            "/ip6/2001:db8::1/tcp/4711",
            "/ip6/3fff:1::1/tcp/4711",
            "/ip4/169.254.1.1/tcp/4711",
            "/ip6/fe80::1/tcp/4711",
            "/ip4/10.0.0.1/tcp/22",
            "/ip4/10.0.0.1/udp/1023/quic-v1",
            "/ip4/10.0.0.1/tcp/0",
            "/ip4/10.0.0.1/tcp/70000",
            "/dns4/spy.example/tcp/4711",
            "spy.example:4711",
            "/ip4/10.0.0.1/tcp/4711/ws",
            "/ip4/10.0.0.1/udp/4711",
            "/ip4/10.0.0.1/tcp/4711/p2p/x",
            "/ip4/010.0.0.1/tcp/4711",
            "/ip4/10.0.0.1/tcp/4711\u{1b}[2J",
            "",
        ] {
            assert_eq!(of(&[refused], None, &[]), [""; 0], "{refused}");
        }
        for taken in [
            "/ip4/10.0.0.1/tcp/4711",
            "/ip4/192.168.1.7/udp/1024/quic-v1",
            "/ip4/8.8.4.4/tcp/65535",
            "/ip6/2a00:1450::1/udp/4711/quic-v1",
            "/ip6/fd00::7/tcp/4711",
        ] {
            assert_eq!(of(&[taken], None, &[]), [taken], "{taken}");
        }
    }

    #[test]
    fn only_what_is_public_leads_here_from_anywhere() {
        let at = |ip: &str| ip.parse().map(is_public);
        for inside in [
            "10.0.0.1",
            "172.16.0.1",
            "192.168.178.20",
            "100.64.0.1",
            "100.127.255.254",
            "192.0.0.8",
            "198.18.0.1",
            "169.254.1.1",
            "127.0.0.1",
            "0.0.0.0",
            "203.0.113.7",
            "224.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::ffff:10.0.0.1",
            "fd00::1",
            "fe80::1",
            "ff02::1",
            "2001:db8::1",
        ] {
            assert_eq!(at(inside), Ok(false), "{inside}");
        }
        for public in ["8.8.4.4", "100.128.0.1", "::ffff:8.8.4.4", "2a00:1450::1"] {
            assert_eq!(at(public), Ok(true), "{public}");
        }
        let named = [
            "/ip4/8.8.4.4/tcp/80",
            "/ip4/8.8.4.4/tcp/4711",
            "/ip4/10.0.0.1/tcp/4711",
        ];
        let named = named.map(String::from);
        assert_eq!(from_anywhere(&named), ["/ip4/8.8.4.4/tcp/4711"]);
    }

    #[test]
    fn a_home_on_loopback_meets_others_there_and_link_local_is_met_on_ones_own_link() {
        let loopback = "/ip4/127.0.0.1/tcp/4711";
        assert_eq!(of(&[loopback], Some("127.0.0.1:5000"), &[]), [loopback]);
        assert_eq!(of(&[loopback], Some("0.0.0.0:5000"), &[]), [""; 0]);
        let beside = "/ip4/169.254.9.9/tcp/4711";
        let own = "169.254.1.1";
        assert_eq!(of(&[beside], None, &[own]), [beside]);
    }

    #[test]
    fn however_it_is_written_a_place_on_this_device_is_met_by_a_home_on_loopback_alone() {
        let may = |at: &str, listen: Option<&str>| {
            let own = ["10.0.0.1", "fd00::7"].map(|ip| ip.parse().unwrap());
            may_dial(at.parse().unwrap(), listen, &own)
        };
        for here in [
            "127.0.0.1:4711",
            "[::ffff:127.0.0.1]:4711",
            "[::1]:4711",
            "10.0.0.1:5432",
            "[::ffff:10.0.0.1]:5432",
            "[fd00::7]:5432",
        ] {
            assert!(!may(here, None), "{here}");
            assert!(!may(here, Some("0.0.0.0:5000")), "{here}");
            assert!(may(here, Some("127.0.0.1:5000")), "{here}");
        }
        for nobody in ["[::ffff:0.0.0.0]:4711", "[::ffff:224.0.0.1]:4711"] {
            assert!(!may(nobody, Some("127.0.0.1:5000")), "{nobody}");
        }
        assert!(!may("127.0.0.1:900", Some("127.0.0.1:5000")));
        assert!(may("10.0.0.2:5432", None) && may("[fd00::8]:5432", None));
    }

    #[test]
    fn each_place_once_and_eight_of_them_over_both_transports() {
        let all: Vec<String> = (0..20)
            .flat_map(|n| {
                let quic = format!("/ip4/10.0.0.{n}/udp/4711/quic-v1");
                let tcp = format!("/ip4/10.0.0.{n}/tcp/4711");
                [quic.clone(), tcp, quic]
            })
            .collect();
        let dialled = to_dial(&all, None, &[]);
        assert_eq!(dialled.len(), 2 * limits::PLACES);
        assert!(
            dialled
                .iter()
                .all(|at| all[..3 * limits::PLACES].contains(at))
        );
    }
}
