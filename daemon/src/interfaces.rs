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
    let about = About::of(&interfaces, &ways_out());
    in_order(&interfaces, &about)
}

/// All addresses of this device, those too that nobody is told.
pub fn all() -> Vec<IpAddr> {
    let interfaces = if_addrs::get_if_addrs().unwrap_or_default();
    interfaces.iter().map(Interface::ip).collect()
}

/// A default route, as the kernel's tables have it.
#[derive(Debug, Clone, PartialEq, Eq)]
struct WayOut {
    /// The interface.
    over: String,
    /// The router, if it leads to one.
    router: Option<IpAddr>,
    /// The lowest is taken first.
    metric: u32,
}

/// All default routes.
fn ways_out() -> Vec<WayOut> {
    let mut all = ways_v4(&text("/proc/net/route"));
    all.extend(ways_v6(&text("/proc/net/ipv6_route")));
    all
}

/// A file of the kernel's; nothing where there is none.
fn text(path: &str) -> String {
    std::fs::read_to_string(path).unwrap_or_default()
}

fn words(table: &str) -> impl Iterator<Item = Vec<&str>> {
    let lines = table.lines();
    lines.map(|line| line.split_whitespace().collect())
}

/// The default routes in `/proc/net/route`.
fn ways_v4(table: &str) -> Vec<WayOut> {
    let read = |words: Vec<&str>| match words[..] {
        [
            over,
            "00000000",
            router,
            flags,
            _,
            _,
            metric,
            "00000000",
            ..,
        ] => {
            let router = u32::from_str_radix(router, 16).ok()?;
            // As it lies in memory, in the order of the network.
            let router = Ipv4Addr::from(router.to_ne_bytes());
            way_out(over, router.into(), flags, metric.parse().ok()?)
        }
        _ => None,
    };
    words(table).skip(1).filter_map(read).collect()
}

/// The default routes in `/proc/net/ipv6_route`.
fn ways_v6(table: &str) -> Vec<WayOut> {
    let read = |words: Vec<&str>| match words[..] {
        [to, "00", _, _, router, metric, _, _, flags, over] if to.bytes().all(|b| b == b'0') => {
            let router = Ipv6Addr::from(u128::from_str_radix(router, 16).ok()?);
            let metric = u32::from_str_radix(metric, 16).ok()?;
            way_out(over, router.into(), flags, metric)
        }
        _ => None,
    };
    words(table).filter_map(read).collect()
}

/// One of them, if it is up: the one that rejects whatever no other takes is not.
fn way_out(over: &str, router: IpAddr, flags: &str, metric: u32) -> Option<WayOut> {
    let flags = u32::from_str_radix(flags, 16).ok()?;
    let leads = flags & OVER_ROUTER != 0 && !router.is_unspecified();
    (flags & UP != 0).then(|| WayOut {
        over: over.to_owned(),
        router: Some(router).filter(|_| leads),
        metric,
    })
}

/// The interface and the router of the default route over one that is taken first.
fn first_router<T>(ways: &[WayOut], of_kind: impl Fn(IpAddr) -> Option<T>) -> Option<(&str, T)> {
    let over = |way: &WayOut| of_kind(way.router?);
    let there = ways.iter().filter(|way| over(way).is_some());
    let first = there.min_by_key(|way| way.metric)?;
    Some((&first.over, over(first)?))
}

fn of_v4(ip: IpAddr) -> Option<Ipv4Addr> {
    match ip {
        IpAddr::V4(ip) => Some(ip),
        IpAddr::V6(_) => None,
    }
}

fn of_v6(ip: IpAddr) -> Option<Ipv6Addr> {
    match ip {
        IpAddr::V6(ip) => Some(ip),
        IpAddr::V4(_) => None,
    }
}

/// The router on the way out, if there is one.
pub fn router() -> Option<Router> {
    let ways = ways_out();
    let (name, ip) = first_router(&ways, of_v4)?;
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

/// The router on the way out over IPv6, if there is one, and an address to be met at.
pub fn router_v6() -> Option<RouterV6> {
    let ways = ways_out();
    let (name, ip) = first_router(&ways, of_v6)?;
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
    let ways = ways_out();
    to_call(&interfaces, &About::of(&interfaces, &ways), &ways)
}

fn to_call(interfaces: &[Interface], about: &About, ways: &[WayOut]) -> Vec<Lan> {
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
        let gateways = ways.iter().filter(|way| way.over == name);
        Lan {
            interface,
            own: a_few(own),
            gateways: gateways.filter_map(|way| way.router).take(2).collect(),
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
    fn of(interfaces: &[Interface], ways: &[WayOut]) -> Self {
        let has = |name: &str, what| Path::new("/sys/class/net").join(name).join(what).exists();
        let names: BTreeSet<&String> = interfaces.iter().map(|it| &it.name).collect();
        let with = |what| {
            let there = names.iter().filter(|name| has(name, what));
            there.map(ToString::to_string).collect()
        };
        Self {
            leads_out: ways.iter().map(|way| way.over.clone()).collect(),
            bridges: with("bridge"),
            hardware: with("device"),
            passing: passing(&text("/proc/net/if_inet6")),
        }
    }
}

/// Addresses in `/proc/net/if_inet6` that are temporary or deprecated.
fn passing(table: &str) -> BTreeSet<Ipv6Addr> {
    words(table)
        .filter_map(|words| match words[..] {
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
        let ways = [("wlan0", "192.168.7.1"), ("br0", "10.8.0.254")];
        let ways = ways.map(|(over, router)| WayOut {
            over: over.to_owned(),
            router: router.parse().ok(),
            metric: 0,
        });
        let lans = to_call(&all, &about, &ways);
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
        let way = |over: &str, router: Option<IpAddr>, metric| WayOut {
            over: over.into(),
            router,
            metric,
        };
        // In the byte order of this machine, as the kernel writes it.
        let ip = Ipv4Addr::from(0x0102_00C0_u32.to_ne_bytes());
        assert_eq!(ways_v4(v4), [way("eth0", Some(ip.into()), 0)]);
        let better = "wlan0\t00000000\t01640A0A\t0003\t0\t0\t600\t00000000\t0\t0\t0\n";
        let worse = "eth0\t00000000\t010200C0\t0003\t0\t0\t601\t00000000\t0\t0\t0\n";
        let tunnel = "tun0\t00000000\t00000000\t0001\t0\t0\t0\t00000000\t0\t0\t0\n";
        let down = "eth2\t00000000\t0101A8C0\t0002\t0\t0\t0\t00000000\t0\t0\t0\n";
        let table = format!("Iface\n{tunnel}{down}x\n{worse}{better}");
        let ways = ways_v4(&table);
        assert_eq!(ways.len(), 3);
        assert_eq!(ways[0], way("tun0", None, 0));
        let router = Ipv4Addr::from(0x0164_0A0A_u32.to_ne_bytes());
        assert_eq!(first_router(&ways, of_v4), Some(("wlan0", router)));
        assert_eq!(first_router(&ways, of_v6), None);
        assert_eq!(first_router(&ways[..1], of_v4), None);
        let nought = "0".repeat(32);
        let table = format!(
            "{nought} 00 {nought} 00 fd000000000000000000000000000001 00000400 00000002 00000000 00000003     eth0\n\
             {nought} 00 {nought} 00 {nought} 00000100 00000002 00000000 00000001     tun0\n\
             {nought} 00 {nought} 00 {nought} ffffffff 00000001 00000000 00200200       lo\n"
        );
        let ip = Ipv6Addr::new(0xfd00, 0, 0, 0, 0, 0, 0, 1);
        let ways = ways_v6(&table);
        let wanted = [
            way("eth0", Some(ip.into()), 0x400),
            way("tun0", None, 0x100),
        ];
        assert_eq!(ways, wanted);
        assert_eq!(first_router(&ways, of_v6), Some(("eth0", ip)));
    }
}
