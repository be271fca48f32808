//! This device's own addresses, as the system's list of interfaces has them: what a partner's device can reach comes first
//! (PROTOCOL §8.2). And the router in the way out of it.

use if_addrs::{IfAddr, IfOperStatus, Interface};
use std::collections::{BTreeMap, BTreeSet};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::path::Path;
use troth_core::call::{LANS, Lan};
use troth_core::places::is_public;
use troth_proto::limits;

/// Flags of an IPv6 address in the kernel's list that is not for others to keep: one of a few hours, or one that is going.
const TEMPORARY: u32 = 0x01;
const DEPRECATED: u32 = 0x20;

/// Flags of a route that is up and leads over a router.
const UP: u32 = 0x01;
const OVER_ROUTER: u32 = 0x02;

/// A router, and this device in its network.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Router {
    pub ip: Ipv4Addr,
    pub own: Ipv4Addr,
}

/// The same over IPv6, where a device keeps its address outside: the one of its own that others may keep.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RouterV6 {
    pub ip: Ipv6Addr,
    /// The interface that leads to it, by its number.
    pub scope: u32,
    pub own: Ipv6Addr,
}

/// What there is to know of the interfaces, beside their addresses.
#[derive(Default)]
struct About {
    /// Interfaces with a default route.
    leads_out: BTreeSet<String>,
    bridges: BTreeSet<String>,
    hardware: BTreeSet<String>,
    /// IPv6 addresses that are not told.
    passing: BTreeSet<Ipv6Addr>,
}

/// The addresses of this device that are worth telling: interfaces with a default route first, then other hardware, then
/// whatever else, tunnels last. No loopback, nothing of a link alone, no address of a few hours, no bridge that leads nowhere.
pub fn own() -> Vec<IpAddr> {
    let interfaces = if_addrs::get_if_addrs().unwrap_or_default();
    let about = About::of(&interfaces);
    in_order(&interfaces, &about)
}

/// The router on the way out, if there is one.
pub fn router() -> Option<Router> {
    let table = std::fs::read_to_string("/proc/net/route").unwrap_or_default();
    let (name, ip) = over_router(&table)?;
    let interfaces = if_addrs::get_if_addrs().unwrap_or_default();
    let own = interfaces.iter().filter(|it| it.name == name);
    let own = own.filter_map(|it| match &it.addr {
        IfAddr::V4(own) => {
            let within = |ip: Ipv4Addr| u32::from(ip) & u32::from(own.netmask);
            Some((within(own.ip) != within(ip), own.ip))
        }
        IfAddr::V6(_) => None,
    });
    let (_, own) = own.min_by_key(|(apart, _)| *apart)?;
    Some(Router { ip, own })
}

/// The interface and the router of the default route that is taken first in `/proc/net/route`.
fn over_router(table: &str) -> Option<(String, Ipv4Addr)> {
    let lines = table.lines().skip(1);
    let parts = lines.map(|line| line.split_whitespace().collect::<Vec<_>>());
    let routes = parts.filter_map(|parts| match parts[..] {
        [
            name,
            "00000000",
            router,
            flags,
            _,
            _,
            metric,
            "00000000",
            ..,
        ] => {
            let flags = u32::from_str_radix(flags, 16).ok()?;
            let router = u32::from_str_radix(router, 16).ok()?;
            let leads = flags & UP != 0 && flags & OVER_ROUTER != 0 && router != 0;
            let metric: u32 = metric.parse().ok()?;
            // As it lies in memory, in the order of the network.
            leads.then(|| {
                (
                    metric,
                    name.to_owned(),
                    Ipv4Addr::from(router.to_ne_bytes()),
                )
            })
        }
        _ => None,
    });
    let (_, name, ip) = routes.min_by_key(|(metric, ..)| *metric)?;
    Some((name, ip))
}

/// The router on the way out over IPv6, if there is one, and an address to be met at.
pub fn router_v6() -> Option<RouterV6> {
    let text = |path: &str| std::fs::read_to_string(path).unwrap_or_default();
    let (name, ip) = over_router_v6(&text("/proc/net/ipv6_route"))?;
    let scope = text(&format!("/sys/class/net/{name}/ifindex"));
    let scope = scope.trim().parse().ok()?;
    let passing = passing(&text("/proc/net/if_inet6"));
    let interfaces = if_addrs::get_if_addrs().unwrap_or_default();
    let own = interfaces.iter().filter(|it| it.name == name);
    let mut own = own.filter_map(|it| match it.ip() {
        IpAddr::V6(ip) if is_public(ip.into()) && !passing.contains(&ip) => Some(ip),
        _ => None,
    });
    let own = own.next()?;
    Some(RouterV6 { ip, scope, own })
}

/// The same as [`over_router`], in `/proc/net/ipv6_route`.
fn over_router_v6(table: &str) -> Option<(String, Ipv6Addr)> {
    let lines = table.lines();
    let parts = lines.map(|line| line.split_whitespace().collect::<Vec<_>>());
    let routes = parts.filter_map(|parts| match parts[..] {
        [to, "00", _, _, router, metric, _, _, flags, name] => {
            let number = |text| u32::from_str_radix(text, 16).ok();
            let (metric, flags) = (number(metric)?, number(flags)?);
            let router = u128::from_str_radix(router, 16).ok()?;
            let everywhere = to.bytes().all(|b| b == b'0');
            let leads = everywhere && flags & UP != 0 && flags & OVER_ROUTER != 0 && router != 0;
            leads.then(|| (metric, name.to_owned(), Ipv6Addr::from(router)))
        }
        _ => None,
    });
    let (_, name, ip) = routes.min_by_key(|(metric, ..)| *metric)?;
    Some((name, ip))
}

fn in_order(interfaces: &[Interface], about: &About) -> Vec<IpAddr> {
    let told = |interface: &&Interface| match interface.addr {
        IfAddr::V4(ref it) => !it.ip.is_loopback() && !it.ip.is_link_local(),
        IfAddr::V6(ref it) => {
            !it.ip.is_loopback()
                && !it.ip.is_unicast_link_local()
                && !about.passing.contains(&it.ip)
        }
    };
    let mut all: Vec<(u8, IpAddr)> = Vec::new();
    for interface in interfaces.iter().filter(told) {
        let name = &interface.name;
        let rank = if about.leads_out.contains(name) {
            0
        } else if about.bridges.contains(name) {
            continue;
        } else if interface.is_p2p {
            3
        } else if about.hardware.contains(name) {
            1
        } else {
            2
        };
        all.push((rank, interface.ip()));
    }
    all.sort_by_key(|(rank, _)| *rank); // keeps the system's order within a rank
    all.into_iter().map(|(_, ip)| ip).collect()
}

/// An interface while it is looked at: its rank, its name, and its addresses with the length of their prefixes.
type Found<'a> = (u8, &'a str, Vec<(IpAddr, u8)>);

/// The interfaces on which a partner in the same network is called (PROTOCOL §8.5): up, no loopback, no tunnel, no bridge
/// that leads nowhere.
pub fn lans() -> Vec<Lan> {
    let interfaces = if_addrs::get_if_addrs().unwrap_or_default();
    let text = |path| std::fs::read_to_string(path).unwrap_or_default();
    let mut gateways = gateways_v4(&text("/proc/net/route"));
    gateways.extend(gateways_v6(&text("/proc/net/ipv6_route")));
    to_call(&interfaces, &About::of(&interfaces), &gateways)
}

fn to_call(interfaces: &[Interface], about: &About, gateways: &[(String, IpAddr)]) -> Vec<Lan> {
    let mut all: BTreeMap<u32, Found<'_>> = BTreeMap::new();
    for interface in interfaces {
        let leads_out = about.leads_out.contains(&interface.name);
        let nowhere = about.bridges.contains(&interface.name) && !leads_out;
        let down = interface.oper_status == IfOperStatus::Down;
        let Some(index) = interface
            .index
            .filter(|_| !interface.is_loopback() && !interface.is_p2p && !nowhere && !down)
        else {
            continue;
        };
        let own = match interface.addr {
            IfAddr::V4(ref it) => (it.ip.into(), it.prefixlen),
            IfAddr::V6(ref it) if about.passing.contains(&it.ip) => continue,
            IfAddr::V6(ref it) => (it.ip.into(), it.prefixlen),
        };
        let rank = u8::from(!leads_out) + u8::from(!about.hardware.contains(&interface.name));
        let (.., owned) = all
            .entry(index)
            .or_insert((rank, &interface.name, Vec::new()));
        owned.push(own);
    }
    let mut all: Vec<_> = all.into_iter().collect();
    all.sort_by_key(|(_, (rank, ..))| *rank);
    all.truncate(LANS);
    let lan = |(interface, (_, name, own)): (u32, Found<'_>)| {
        let gateways = gateways.iter().filter(|(over, _)| over == name);
        Lan {
            interface,
            own: a_few(own),
            gateways: gateways.map(|(_, ip)| *ip).take(2).collect(),
        }
    };
    all.into_iter().map(lan).collect()
}

/// Of an interface's addresses one of each kind first: of IPv4, of the link, and of IPv6 beyond it.
fn a_few(own: Vec<(IpAddr, u8)>) -> Vec<(IpAddr, u8)> {
    let kind = |ip: IpAddr| match ip {
        IpAddr::V4(_) => 0,
        IpAddr::V6(ip) if ip.is_unicast_link_local() => 1,
        IpAddr::V6(_) => 2,
    };
    let mut before = [0; 3];
    let mut all: Vec<(usize, usize, (IpAddr, u8))> = Vec::new();
    for own in own {
        let kind = kind(own.0);
        all.push((before[kind], kind, own));
        before[kind] += 1;
    }
    all.sort_by_key(|(nth, kind, _)| (*nth, *kind));
    let all = all.into_iter().map(|(.., own)| own);
    all.take(limits::CALL_IPS).collect()
}

impl About {
    /// As Linux tells it; elsewhere nothing is known, and the system's order stays.
    fn of(interfaces: &[Interface]) -> Self {
        let text = |path| std::fs::read_to_string(path).unwrap_or_default();
        let has = |name: &str, what| Path::new("/sys/class/net").join(name).join(what).exists();
        let names: BTreeSet<&String> = interfaces.iter().map(|it| &it.name).collect();
        let with = |what| {
            let there = names.iter().filter(|name| has(name, what));
            there.map(ToString::to_string).collect()
        };
        let mut leads_out = default_v4(&text("/proc/net/route"));
        leads_out.extend(default_v6(&text("/proc/net/ipv6_route")));
        Self {
            leads_out,
            bridges: with("bridge"),
            hardware: with("device"),
            passing: passing(&text("/proc/net/if_inet6")),
        }
    }
}

/// Interfaces with a default route in `/proc/net/route`.
fn default_v4(table: &str) -> BTreeSet<String> {
    let lines = table.lines().skip(1);
    let parts = lines.map(|line| line.split_whitespace().collect::<Vec<_>>());
    parts
        .filter_map(|parts| match parts[..] {
            [name, "00000000", _, _, _, _, _, "00000000", ..] => Some(name.to_owned()),
            _ => None,
        })
        .collect()
}

/// Interfaces with a default route in `/proc/net/ipv6_route`, but for the one that rejects everything.
fn default_v6(table: &str) -> BTreeSet<String> {
    let parts = table
        .lines()
        .map(|line| line.split_whitespace().collect::<Vec<_>>());
    parts
        .filter_map(|parts| match parts[..] {
            [to, "00", _, _, _, _, _, _, _, name] if to.bytes().all(|b| b == b'0') => Some(name),
            _ => None,
        })
        .filter(|name| *name != "lo")
        .map(str::to_owned)
        .collect()
}

/// Interfaces and who leads out of them, in `/proc/net/route`.
fn gateways_v4(table: &str) -> Vec<(String, IpAddr)> {
    let lines = table.lines().skip(1);
    let parts = lines.map(|line| line.split_whitespace().collect::<Vec<_>>());
    parts
        .filter_map(|parts| match parts[..] {
            [name, "00000000", gateway, _, _, _, _, "00000000", ..] => {
                let gateway = u32::from_str_radix(gateway, 16).ok()?;
                let gateway = Ipv4Addr::from(gateway.to_ne_bytes());
                (!gateway.is_unspecified()).then(|| (name.to_owned(), gateway.into()))
            }
            _ => None,
        })
        .collect()
}

/// The same in `/proc/net/ipv6_route`.
fn gateways_v6(table: &str) -> Vec<(String, IpAddr)> {
    let parts = table
        .lines()
        .map(|line| line.split_whitespace().collect::<Vec<_>>());
    parts
        .filter_map(|parts| match parts[..] {
            [to, "00", _, _, gateway, _, _, _, _, name] if to.bytes().all(|b| b == b'0') => {
                let gateway = Ipv6Addr::from(u128::from_str_radix(gateway, 16).ok()?);
                (!gateway.is_unspecified()).then(|| (name.to_owned(), gateway.into()))
            }
            _ => None,
        })
        .collect()
}

/// Addresses in `/proc/net/if_inet6` that are temporary or deprecated.
fn passing(table: &str) -> BTreeSet<Ipv6Addr> {
    let parts = table
        .lines()
        .map(|line| line.split_whitespace().collect::<Vec<_>>());
    parts
        .filter_map(|parts| match parts[..] {
            [address, _, _, _, flags, _] => {
                let flags = u32::from_str_radix(flags, 16).ok()?;
                let address = u128::from_str_radix(address, 16).ok()?;
                (flags & (TEMPORARY | DEPRECATED) != 0).then(|| Ipv6Addr::from(address))
            }
            _ => None,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use if_addrs::{IfOperStatus, Ifv4Addr, Ifv6Addr};

    fn interface(name: &str, ip: &str, is_p2p: bool) -> Interface {
        let addr = match ip.parse() {
            Ok(IpAddr::V4(ip)) => IfAddr::V4(Ifv4Addr {
                ip,
                netmask: [255, 255, 255, 0].into(),
                prefixlen: 24,
                broadcast: None,
            }),
            Ok(IpAddr::V6(ip)) => IfAddr::V6(Ifv6Addr {
                ip,
                netmask: Ipv6Addr::UNSPECIFIED,
                prefixlen: 64,
                broadcast: None,
            }),
            Err(_) => unreachable!("{ip}"),
        };
        Interface {
            name: name.into(),
            addr,
            index: None,
            oper_status: IfOperStatus::Up,
            is_p2p,
        }
    }

    #[test]
    fn what_leads_to_the_partner_comes_before_bridges_and_tunnels() {
        let mut all = vec![interface("lo", "127.0.0.1", false)];
        all.extend((1..=6).map(|n| interface(&format!("br{n}"), &format!("172.17.{n}.1"), false)));
        all.push(interface("tun0", "10.99.0.2", true));
        all.push(interface("veth0", "10.5.0.1", false));
        all.push(interface("eth1", "10.4.0.1", false));
        all.push(interface("wlan0", "192.168.7.3", false));
        all.push(interface("wlan0", "fe80::1", false));
        all.push(interface("wlan0", "2a00::5", false));
        all.push(interface("wlan0", "2a00::6", false));
        let names = |names: &[&str]| names.iter().map(ToString::to_string).collect();
        let about = About {
            leads_out: names(&["wlan0"]),
            bridges: (1..=6).map(|n| format!("br{n}")).collect(),
            hardware: names(&["wlan0", "eth1"]),
            passing: passing("2a000000000000000000000000000006 02 40 00 01    wlan0\n"),
        };
        let own: Vec<String> = in_order(&all, &about)
            .iter()
            .map(IpAddr::to_string)
            .collect();
        let wanted = [
            "192.168.7.3",
            "2a00::5",
            "10.4.0.1",
            "10.5.0.1",
            "10.99.0.2",
        ];
        assert_eq!(own, wanted);
    }

    #[test]
    fn who_is_in_the_same_network_is_called_and_nobody_behind_a_tunnel_or_a_bridge() {
        let mut all = Vec::new();
        let mut add = |name: &str, ip: &str, index: u32, is_p2p: bool| {
            let mut it = interface(name, ip, is_p2p);
            it.index = Some(index);
            all.push(it);
        };
        add("lo", "127.0.0.1", 1, false);
        add("docker0", "172.17.0.1", 2, false);
        add("tun0", "10.99.0.2", 3, true);
        add("veth0", "10.5.0.1", 4, false);
        add("br0", "10.8.0.1", 5, false);
        for ip in [
            "2a00::6",
            "2a00::5",
            "fe80::1",
            "192.168.7.3",
            "192.168.7.4",
            "2a00::7",
        ] {
            add("wlan0", ip, 6, false);
        }
        add("eth1", "10.4.0.1", 7, false);
        if let Some(down) = all.last_mut() {
            down.oper_status = IfOperStatus::Down;
        }
        let names = |names: &[&str]| names.iter().map(ToString::to_string).collect();
        let about = About {
            leads_out: names(&["wlan0", "br0"]),
            bridges: names(&["docker0", "br0"]),
            hardware: names(&["wlan0", "eth1"]),
            passing: passing("2a000000000000000000000000000006 02 40 00 01    wlan0\n"),
        };
        let gateways = [("wlan0", "192.168.7.1"), ("br0", "10.8.0.254")];
        let gateways = gateways.map(|(name, ip)| (name.to_owned(), ip.parse().ok()));
        let gateways = gateways
            .into_iter()
            .filter_map(|(name, ip)| Some((name, ip?)));
        let lans = to_call(&all, &about, &gateways.collect::<Vec<_>>());
        let spoken = |lan: &Lan| {
            let own = lan.own.iter().map(|(ip, bits)| format!("{ip}/{bits}"));
            let own: Vec<String> = own.collect();
            let gateways: Vec<String> = lan.gateways.iter().map(IpAddr::to_string).collect();
            format!(
                "{} {} by {}",
                lan.interface,
                own.join(" "),
                gateways.join(" ")
            )
        };
        let spoken: Vec<String> = lans.iter().map(spoken).collect();
        assert_eq!(
            spoken,
            [
                "6 192.168.7.3/24 fe80::1/64 2a00::5/64 192.168.7.4/24 by 192.168.7.1",
                "5 10.8.0.1/24 by 10.8.0.254",
                "4 10.5.0.1/24 by ",
            ]
        );
    }

    #[test]
    fn the_tables_of_the_kernel_are_read() {
        let v4 = "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT\n\
                  eth0\t00000000\t010200C0\t0003\t0\t0\t0\t00000000\t0\t0\t0\n\
                  eth1\t000200C0\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0\n";
        assert_eq!(default_v4(v4), ["eth0".to_owned()].into());
        // In the byte order of this machine, as the kernel writes it.
        let ip = Ipv4Addr::from(0x0102_00C0_u32.to_ne_bytes());
        assert_eq!(gateways_v4(v4), [("eth0".to_owned(), ip.into())]);
        let router = over_router(v4);
        assert_eq!(router, Some(("eth0".into(), Ipv4Addr::new(192, 0, 2, 1))));
        let better = "wlan0\t00000000\t01640A0A\t0003\t0\t0\t600\t00000000\t0\t0\t0\n";
        let tunnel = "tun0\t00000000\t00000000\t0001\t0\t0\t0\t00000000\t0\t0\t0\n";
        let down = "eth2\t00000000\t0101A8C0\t0002\t0\t0\t0\t00000000\t0\t0\t0\n";
        let table = format!("Iface\n{tunnel}{down}x\n{better}");
        let router = over_router(&table);
        assert_eq!(
            router,
            Some(("wlan0".into(), Ipv4Addr::new(10, 10, 100, 1)))
        );
        assert_eq!(over_router(&format!("Iface\n{tunnel}")), None);
        let nought = "0".repeat(32);
        let v6 = format!(
            "{nought} 00 {nought} 00 fd000000000000000000000000000001 00000400 00000002 00000000 00000003     eth0\n\
             {nought} 00 {nought} 00 {nought} ffffffff 00000001 00000000 00200200       lo\n"
        );
        assert_eq!(default_v6(&v6), ["eth0".to_owned()].into());
        let ip = Ipv6Addr::new(0xfd00, 0, 0, 0, 0, 0, 0, 1);
        assert_eq!(gateways_v6(&v6), [("eth0".to_owned(), ip.into())]);
        let router = over_router_v6(&v6);
        assert_eq!(
            router,
            Some((
                "eth0".into(),
                "fd00::1".parse().unwrap_or(Ipv6Addr::LOCALHOST)
            ))
        );
    }
}
