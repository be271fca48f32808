//! Every rule of what is called and what is taken.

#![allow(clippy::unwrap_used)]

use super::*;
use crate::test_entropy::Seeded;
use proptest::prelude::*;
use troth_proto::Day;

const PAIR: Key = Key([9; 32]);
const UNIX: i64 = 1_780_000_000;
const PORT: u16 = 4711;

fn ip(text: &str) -> IpAddr {
    text.parse().unwrap()
}

fn now(mono: u64) -> Now {
    Now {
        mono,
        unix: UNIX,
        day: Day::new(2026, 11, 22).unwrap(),
    }
}

fn later(seconds: i64) -> Now {
    Now {
        unix: UNIX + seconds,
        ..now(0)
    }
}

fn lan(own: &[(&str, u8)], gateways: &[&str]) -> Lan {
    Lan {
        interface: 2,
        own: own.iter().map(|(own, bits)| (ip(own), *bits)).collect(),
        gateways: gateways.iter().map(|gateway| ip(gateway)).collect(),
    }
}

fn anas() -> Vec<Lan> {
    let own = [("10.0.0.1", 24), ("fe80::1", 64), ("fd00::1", 64)];
    vec![lan(&own, &["10.0.0.254", "fe80::ff"])]
}

fn bens() -> Vec<Lan> {
    vec![lan(&[("10.0.0.2", 24), ("fe80::2", 64)], &[])]
}

fn both() -> (Calls, Calls, Seeded) {
    let calls = |role| Calls::new(&PAIR, role);
    (
        calls(Role::Initiator),
        calls(Role::Responder),
        Seeded::new(1),
    )
}

/// The port that what somebody calls comes from.
const BURST: u16 = 40_000;

/// From where and to where a packet comes that is sent from an address.
fn sent(from: &str, cast: &Cast) -> (SocketAddr, SocketAddr) {
    (at(ip(from), cast.port.unwrap_or(BURST), 2), cast.to)
}

/// From her address, to where Ben hears.
fn hers(ben: &mut Calls) -> (SocketAddr, SocketAddr) {
    let port = ben.ports(UNIX)[1];
    let [from, to] = [("10.0.0.1", BURST), ("10.0.0.2", port)].map(|(at, port)| (ip(at), port));
    (from.into(), to.into())
}

/// The same, as it was sent.
fn as_sent(cast: &Cast) -> (SocketAddr, SocketAddr) {
    sent(&cast.from.to_string(), cast)
}

/// What Ben makes of a packet as it was sent.
fn taken(ben: &mut Calls, at: Now, cast: &Cast) -> Option<Heard> {
    let (lans, mut chance) = (bens(), Seeded::new(2));
    ben.heard(at, &lans, PORT, as_sent(cast), &cast.bytes, &mut chance)
}

fn to(casts: &[Cast]) -> Vec<String> {
    casts.iter().map(|cast| cast.to.ip().to_string()).collect()
}

#[test]
fn a_burst_goes_to_everybody_in_the_network_and_to_whoever_leads_out_of_it() {
    let (mut ana, _, mut chance) = both();
    let casts = ana.call(now(0), PORT, &anas(), &mut chance);
    let everybody = [
        "10.0.0.255",
        "224.0.0.1",
        "10.0.0.254",
        "ff02::1",
        "fe80::ff",
    ];
    assert_eq!(to(&casts), everybody);
    let from = casts.iter().map(|cast| cast.from.to_string());
    let v4 = ["10.0.0.1"; 3];
    assert!(from.eq(v4.into_iter().chain(["fe80::1"; 2])));
    let scopes = casts.iter().map(|cast| match cast.to {
        SocketAddr::V6(to) => to.scope_id(),
        SocketAddr::V4(_) => 0,
    });
    assert!(scopes.eq([0, 0, 0, 2, 2]));
    let ports = ana.ports(UNIX);
    assert!(casts.iter().all(|cast| cast.to.port() == ports[1]));
    // No packet is another one's equal, nor begins like it; lengths differ.
    let begins: BTreeSet<&[u8]> = casts.iter().map(|cast| &cast.bytes[..8]).collect();
    let lengths: BTreeSet<usize> = casts.iter().map(|cast| cast.bytes.len()).collect();
    assert_eq!((begins.len(), lengths.len() > 1), (5, true));
}

#[test]
fn where_nobody_can_be_dialled_nobody_calls_and_small_networks_have_no_address_for_all() {
    let (mut ana, _, mut chance) = both();
    let of_the_link = [lan(&[("fe80::1", 64)], &["fe80::ff"])];
    assert_eq!(ana.call(now(0), PORT, &of_the_link, &mut chance), []);
    assert_eq!(ana.call_each(now(0), PORT, &of_the_link, &mut chance), []);
    for (bits, wanted) in [
        (32, vec!["224.0.0.1"]),
        (31, vec!["224.0.0.1"]),
        (30, vec!["10.0.0.3", "224.0.0.1"]),
        (8, vec!["10.255.255.255", "224.0.0.1"]),
        (0, vec!["224.0.0.1"]),
    ] {
        let lan = [lan(&[("10.0.0.1", bits)], &["192.168.1.1"])];
        assert_eq!(
            to(&ana.call(now(0), PORT, &lan, &mut chance)),
            wanted,
            "/{bits}"
        );
    }
    let many = vec![anas().remove(0); 20];
    let casts = ana.call(now(0), PORT, &many, &mut chance);
    assert_eq!(casts.len(), LANS * 5);
}

#[test]
fn each_address_is_called_once_and_never_a_larger_network() {
    let (mut ana, _, mut chance) = both();
    let mut count = |own: &[(&str, u8)]| {
        let lan = [lan(own, &["10.0.0.254"])];
        let all = to(&ana.call_each(now(0), PORT, &lan, &mut chance));
        let once: BTreeSet<&String> = all.iter().collect();
        assert_eq!(once.len(), all.len());
        let not = ["10.0.0.1", "10.0.0.0", "10.0.0.255"];
        assert!(!all.iter().any(|to| not.contains(&to.as_str())));
        assert!(all.iter().all(|to| to.starts_with("10.0.")));
        all.len()
    };
    assert_eq!(count(&[("10.0.0.1", 24)]), 253);
    assert_eq!(count(&[("10.0.0.1", 8)]), 253);
    assert_eq!(count(&[("10.0.0.1", 29)]), 5);
    assert_eq!(count(&[("10.0.0.1", 31)]), 0);
    assert_eq!(count(&[("10.0.0.1", 24), ("10.0.7.1", 24)]), 254);
    assert_eq!(count(&[("fd00::1", 64)]), 0);
    let many = vec![anas().remove(0); 20];
    let casts = ana.call_each(now(0), PORT, &many, &mut chance);
    assert_eq!(casts.len(), LANS_EACH * 253);
    // Whoever is called may answer, the first one too.
    let (_, mut ben, _) = both();
    let mut first = casts[0].clone();
    first.from = ip("10.0.0.1");
    first.to.set_ip(ip("10.0.0.2"));
    let answer = taken(&mut ben, now(0), &first).unwrap().answer.unwrap();
    let from = as_sent(&answer);
    let heard = ana.heard(now(900), &anas(), PORT, from, &answer.bytes, &mut chance);
    assert!(heard.unwrap().dial);
}

#[test]
fn a_call_is_answered_and_dialled_and_its_answer_is_dialled_only() {
    let (mut ana, mut ben, mut chance) = both();
    let cast = ana.call(now(0), PORT, &anas(), &mut chance).remove(0);
    let heard = taken(&mut ben, now(0), &cast).unwrap();
    assert!(heard.dial);
    assert_eq!(
        heard.places,
        [
            "/ip4/10.0.0.1/udp/4711/quic-v1",
            "/ip4/10.0.0.1/tcp/4711",
            "/ip6/fd00::1/udp/4711/quic-v1",
            "/ip6/fd00::1/tcp/4711",
        ]
    );
    let answer = heard.answer.unwrap();
    // From where the call went, to where it came from.
    assert_eq!(answer.from, ip("10.0.0.2"));
    assert_eq!(answer.port, Some(ben.ports(UNIX)[1]));
    assert_eq!(answer.to, SocketAddr::new(ip("10.0.0.1"), BURST));
    let mut hear =
        |at, bytes: &[u8]| ana.heard(at, &anas(), PORT, as_sent(&answer), bytes, &mut chance);
    let heard = hear(now(10), &answer.bytes).unwrap();
    assert!(heard.dial && heard.answer.is_none());
    assert_eq!(hear(now(3_000), &answer.bytes), None, "twice");
}

#[test]
fn of_two_own_addresses_in_one_network_the_one_that_was_called_answers() {
    let two = [
        lan(&[("10.0.0.2", 24), ("10.0.0.3", 24)], &[]),
        Lan {
            interface: 3,
            ..lan(&[("10.0.0.4", 24)], &[])
        },
    ];
    for (called, interface, answers) in [
        ("10.0.0.2", 2, "10.0.0.2"),
        ("10.0.0.3", 2, "10.0.0.3"),
        ("10.0.0.4", 3, "10.0.0.4"),
        ("10.0.0.255", 2, "10.0.0.2"),
        ("0.0.0.0", 2, "10.0.0.2"),
    ] {
        let (mut ana, mut ben, mut chance) = both();
        let mut cast = ana.call(now(0), PORT, &anas(), &mut chance).remove(0);
        cast.to.set_ip(ip(called));
        let from = as_sent(&cast);
        let heard = ben.heard(now(0), &two, PORT, from, &cast.bytes, &mut chance);
        let answer = heard.unwrap().answer.unwrap();
        assert_eq!((answer.from, answer.interface), (ip(answers), interface));
    }
}

#[test]
fn a_call_counts_at_the_ports_of_calls_alone() {
    let (mut ana, mut ben, mut chance) = both();
    let cast = ana.call(now(0), PORT, &anas(), &mut chance).remove(0);
    let mut elsewhere = cast.clone();
    elsewhere.to.set_port(BURST);
    assert_eq!(taken(&mut ben, now(0), &elsewhere), None);
    for port in ben.ports(UNIX) {
        let (mut ana, mut ben, mut chance) = both();
        let mut cast = ana.call(now(0), PORT, &anas(), &mut chance).remove(0);
        cast.to.set_port(port);
        let answer = taken(&mut ben, now(0), &cast).unwrap().answer.unwrap();
        assert_eq!(answer.port, Some(port));
    }
}

#[test]
fn an_ipv6_call_proves_its_link_and_what_is_dialled_lies_beyond_it() {
    let (mut ana, mut ben, mut chance) = both();
    let cast = ana.call(now(0), PORT, &anas(), &mut chance).remove(3);
    assert_eq!((cast.from, cast.to.ip()), (ip("fe80::1"), ip("ff02::1")));
    let mut hear = |scope| {
        let from = (at(cast.from, BURST, scope), cast.to);
        let (lans, mut chance) = (bens(), Seeded::new(2));
        ben.heard(now(0), &lans, PORT, from, &cast.bytes, &mut chance)
    };
    assert_eq!(hear(3), None, "over another interface");
    assert_eq!(hear(0), None, "over an interface that nobody knows");
    let heard = hear(2).unwrap();
    assert!(heard.places.iter().all(|place| !place.contains("fe80")));
    assert!(heard.places.iter().any(|place| place.contains("fd00::1")));
    let answer = heard.answer.unwrap();
    assert_eq!(answer.from, ip("fe80::2"));
    let back = SocketAddrV6::new("fe80::1".parse().unwrap(), answer.to.port(), 0, 2);
    assert_eq!(answer.to, SocketAddr::from(back));
}

#[test]
fn an_answer_names_a_call_of_a_moment_ago() {
    let (mut ana, mut ben, mut chance) = both();
    let cast = ana.call(now(0), PORT, &anas(), &mut chance).remove(0);
    let answer = taken(&mut ben, now(0), &cast).unwrap().answer.unwrap();
    let from = as_sent(&answer);
    let late = now(LATELY.0 + 1);
    let heard = ana.heard(late, &anas(), PORT, from, &answer.bytes, &mut chance);
    assert_eq!(heard, None, "too late");
    // Another device of hers, which has called nothing.
    let (mut other, ..) = both();
    let heard = other.heard(now(0), &anas(), PORT, from, &answer.bytes, &mut chance);
    assert_eq!(heard, None, "not called");
}

#[test]
fn nothing_counts_but_a_packet_of_the_partners_of_this_time_and_network() {
    let (mut ana, mut ben, mut chance) = both();
    let cast = ana.call(now(0), PORT, &anas(), &mut chance).remove(0);
    let mut hear = |at: Now, from: &str, lans: &[Lan], bytes: &[u8]| {
        let from = sent(from, &cast);
        ben.heard(at, lans, PORT, from, bytes, &mut Seeded::new(2))
    };
    let bytes = &cast.bytes;
    assert_eq!(hear(now(0), "10.0.0.7", &bens(), bytes), None, "relayed");
    let elsewhere = [lan(&[("10.0.1.2", 24)], &[])];
    assert_eq!(hear(now(0), "10.0.0.1", &elsewhere, bytes), None, "routed");
    let all = [lan(&[("10.0.0.2", 0)], &[])];
    assert_eq!(hear(now(0), "10.0.0.1", &all, bytes), None, "no network");
    assert_eq!(hear(now(0), "10.0.0.1", &[], bytes), None, "no interface");
    for seconds in [-2 * EPOCH, 2 * EPOCH, -UNIX, 1 << 50, i64::MIN / 2] {
        let at = later(seconds);
        assert_eq!(hear(at, "10.0.0.1", &bens(), bytes), None, "{seconds} s");
    }
    assert!(hear(later(EPOCH), "10.0.0.1", &bens(), bytes).is_some());
    assert_eq!(
        hear(later(EPOCH), "10.0.0.1", &bens(), bytes),
        None,
        "again"
    );
    // Her own packet, come back; another couple's.
    let hers = |calls: &mut Calls| taken(calls, now(0), &cast);
    assert_eq!(hers(&mut ana), None);
    assert_eq!(hers(&mut Calls::new(&Key([8; 32]), Role::Responder)), None);
}

#[test]
fn a_recorded_call_is_refused_until_many_others_came_and_then_is_too_old() {
    let (mut ana, mut ben, mut chance) = both();
    let casts: Vec<Cast> = (0..HEARD as u64)
        .map(|n| ana.call(now(n), PORT, &anas(), &mut chance).remove(0))
        .collect();
    for cast in &casts {
        assert!(taken(&mut ben, now(0), cast).is_some());
    }
    for cast in &casts {
        assert_eq!(taken(&mut ben, now(0), cast), None);
    }
    assert_eq!(ben.heard.len(), HEARD);
    let old = later(2 * EPOCH);
    assert_eq!(taken(&mut ben, old, &casts[0]), None);
}

#[test]
fn what_was_relayed_from_elsewhere_does_not_keep_the_call_itself_from_counting() {
    let (mut ana, mut ben, mut chance) = both();
    let cast = ana.call(now(0), PORT, &anas(), &mut chance).remove(0);
    let relayed = Cast {
        from: ip("10.0.0.66"),
        ..cast.clone()
    };
    assert_eq!(taken(&mut ben, now(0), &relayed), None);
    assert!(taken(&mut ben, now(0), &cast).is_some());
}

#[test]
fn of_many_calls_one_in_two_seconds_is_answered_and_one_dialled() {
    let (mut ana, mut ben, mut chance) = both();
    let (mut answered, mut dialled) = (0, 0);
    for n in 0..100 {
        let at = now(n * 100);
        let cast = ana.call(at, PORT, &anas(), &mut chance).remove(0);
        let heard = taken(&mut ben, at, &cast).unwrap();
        answered += u32::from(heard.answer.is_some());
        dialled += u32::from(heard.dial);
    }
    assert_eq!((answered, dialled), (5, 5), "in ten seconds");
}

#[test]
fn ports_move_with_the_clock_and_those_of_neighbours_overlap() {
    let (mut ana, mut ben, _) = both();
    assert_eq!(ana.ports(UNIX), ben.ports(UNIX));
    let (before, after) = (ana.ports(UNIX), ana.ports(UNIX + EPOCH));
    assert_eq!(before[1..], after[..2]);
    assert_ne!(before[1], after[1]);
    let ports = (0..1000).map(|n| ana.ports(UNIX + n * EPOCH)[1]);
    let ports: BTreeSet<u16> = ports.collect();
    assert!(ports.iter().all(|port| *port >= PORTS.0));
    assert!(ports.len() > 900, "{} of 1000", ports.len());
    assert_eq!(ben.ports(-5).len(), 3, "a clock before 1970");
}

#[test]
fn what_is_remembered_stays_small_and_the_largest_packet_fits() {
    let (mut ana, mut ben, mut chance) = both();
    let own = [
        ("fd00::1", 64),
        ("fd00::2", 64),
        ("fd00::3", 64),
        ("fd00::4", 64),
    ];
    let large = [lan(&own, &[])];
    let bens = [lan(&[("fd00::9", 64)], &[])];
    let mut longest = 0;
    for _ in 0..600 {
        let cast = ana.call(now(0), u16::MAX, &large, &mut chance).remove(0);
        longest = longest.max(cast.bytes.len());
        let from = as_sent(&cast);
        assert!(
            ben.heard(now(0), &bens, PORT, from, &cast.bytes, &mut chance)
                .is_some()
        );
    }
    // An answer holds a nonce more, and the epoch may take two bytes more in time.
    assert!(longest + 24 + 2 <= limits::CALL_BYTES, "{longest}");
    let many = vec![anas().remove(0); 4];
    for _ in 0..4 {
        ana.call_each(now(0), PORT, &many, &mut chance);
    }
    assert_eq!((ana.sent.len(), ben.heard.len()), (LATELY.1, HEARD));
}

#[test]
fn what_breaks_a_limit_inside_is_refused_though_the_partner_sealed_it() {
    let (ana, mut ben, _) = both();
    let good = Packet {
        version: VERSION,
        kind: Kind::Call,
        epoch: epoch(UNIX),
        port: PORT,
        ips: vec![ip("10.0.0.1")],
        padding: vec![],
    };
    let from = hers(&mut ben);
    let mut n = 0;
    let mut hear = |packet: &Packet, more: &[u8]| {
        n += 1;
        let inside = [&wire::encode(packet)[..], more].concat();
        let bytes = [&[n; 24][..], &ana.mine.seal(&[n; 24], &inside, &[])].concat();
        ben.heard(now(0), &bens(), PORT, from, &bytes, &mut Seeded::new(2))
    };
    let with = |change: fn(&mut Packet)| {
        let mut packet = good.clone();
        change(&mut packet);
        packet
    };
    assert!(hear(&good, &[]).is_some());
    assert_eq!(hear(&good, &[0]), None, "more than it");
    assert_eq!(hear(&with(|p| p.version = 2), &[]), None);
    assert_eq!(hear(&with(|p| p.padding = vec![0; 64]), &[]), None);
    assert_eq!(hear(&with(|p| p.ips = vec![ip("10.0.0.1"); 5]), &[]), None);
    assert_eq!(hear(&with(|p| p.ips = vec![]), &[]), None);
    assert_eq!(hear(&with(|p| p.epoch = u32::MAX), &[]), None);
}

proptest! {
    #[test]
    fn no_bytes_count(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let (_, mut ben, mut chance) = both();
        let from = hers(&mut ben);
        prop_assert_eq!(ben.heard(now(0), &bens(), PORT, from, &bytes, &mut chance), None);
        prop_assert!(ben.heard.is_empty());
    }

    #[test]
    fn no_call_that_was_changed_counts(at in 0usize..300, change in 1u8.., cut in 0usize..300) {
        let (mut ana, mut ben, mut chance) = both();
        let cast = ana.call(now(0), PORT, &anas(), &mut chance).remove(0);
        let at = at % cast.bytes.len();
        let mut bytes = cast.bytes.clone();
        bytes[at] ^= change;
        let cut = &cast.bytes[..cut % cast.bytes.len()];
        for bytes in [&bytes[..], cut] {
            let from = as_sent(&cast);
            prop_assert_eq!(ben.heard(now(0), &bens(), PORT, from, bytes, &mut chance), None);
        }
        prop_assert!(ben.heard.is_empty());
    }

    #[test]
    fn nothing_that_the_partner_seals_panics(inside in proptest::collection::vec(any::<u8>(), 0..160)) {
        let (ana, mut ben, mut chance) = both();
        let bytes = [&[3; 24][..], &ana.mine.seal(&[3; 24], &inside, &[])].concat();
        let from = hers(&mut ben);
        let _ = ben.heard(now(0), &bens(), PORT, from, &bytes, &mut chance);
    }

    #[test]
    fn no_network_of_a_device_panics(own: [u8; 4], bits: u8, gateway: [u8; 4]) {
        let (mut ana, _, mut chance) = both();
        let own = (IpAddr::from(own), bits);
        let lan = [Lan { interface: 1, own: vec![own], gateways: vec![gateway.into()] }];
        let _ = ana.call(now(0), PORT, &lan, &mut chance);
        prop_assert!(ana.call_each(now(0), PORT, &lan, &mut chance).len() <= EACH);
    }
}
