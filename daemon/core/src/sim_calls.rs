//! Two devices in one network with the call: found, not repeated, not flooded, and not a packet when there is nothing to say.

use super::*;
use std::collections::BTreeSet;
use std::net::{IpAddr, SocketAddr};

/// Two that were paired, are in one network, and know of no address of each other.
fn apart(seed: u64) -> Sim {
    let mut sim = Sim::paired(seed);
    for p in 0..2 {
        sim.devices[p].cast.clear();
    }
    sim.in_one_lan();
    for p in 0..2 {
        assert!(sim.devices[p].hears.is_empty() && sim.devices[p].cast.is_empty());
    }
    sim.cut();
    // Where they were last leads nowhere any more: what they dial from here on is what a call named.
    for p in 0..2 {
        sim.devices[p].dialled.clear();
        sim.devices[p].calls.clear();
        sim.devices[p].cast.clear();
    }
    sim
}

/// Two that are connected; one of them listens there.
fn listening(seed: u64, listen: &str) -> Sim {
    let mut sim = Sim::new(seed);
    let invite = Request::PairInvite {
        listen: Some(listen.into()),
        nearby: false,
        again: false,
    };
    sim.request(0, invite).unwrap();
    sim.request(0, Request::PairNo {}).unwrap();
    sim.pair();
    sim.connect();
    sim.settle();
    sim
}

fn from(p: usize) -> Vec<String> {
    vec![format!("10.0.0.{}:4711", p + 1)]
}

/// A device calls, and what it has called is on its way.
fn wakes(sim: &mut Sim, p: usize) -> Vec<Cast> {
    sim.devices[1 - p].calls.clear();
    sim.input(p, Input::Woke);
    sim.devices[1 - p].calls.iter().cloned().collect()
}

#[test]
fn two_in_one_network_find_each_other_and_both_dial() {
    let mut sim = apart(1);
    assert!(sim.devices.iter().all(|device| device.hears.len() == 3));
    let (before, others) = (sim.devices[0].dials, sim.devices[1].dials);
    wakes(&mut sim, 0);
    sim.settle_calls();
    // Ana dialled when she woke, and at Ben's answer; Ben at her call.
    assert_eq!(sim.devices[0].dials, before + 2);
    assert_eq!(sim.devices[1].dials, others + 1);
    for p in 0..2 {
        assert_eq!(sim.devices[p].dialled, from(1 - p));
    }
    let answered = sim.devices[1].cast.iter();
    assert_eq!(answered.count(), 1, "one answer to a burst");
    // From where the call went, to where it came from.
    let (call, answer) = (&sim.devices[0].cast[0], &sim.devices[1].cast[0]);
    assert_eq!(answer.port, Some(call.to.port()));
    assert_eq!(answer.to, came_from(call));
    sim.connect();
    sim.settle();
    assert!(sim.devices.iter().all(|device| device.hears.is_empty()));
}

#[test]
fn a_recorder_gets_no_answer_and_no_dial() {
    let mut sim = apart(2);
    let recorded = wakes(&mut sim, 0);
    sim.settle_calls();
    sim.pass(5_000);
    let (casts, dials) = (sim.devices[1].cast.len(), sim.devices[1].dials);
    for cast in &recorded {
        sim.call(1, cast.clone());
        let from = "10.0.0.66:5000".parse().unwrap();
        let (to, bytes) = (cast.to, cast.bytes.clone());
        sim.input(1, Input::Called { from, to, bytes });
    }
    assert_eq!(sim.devices[1].dials, dials);
    assert_eq!(sim.devices[1].cast.len(), casts);
}

#[test]
fn a_flood_of_junk_gives_nothing_and_keeps_nobody_from_being_heard() {
    let mut sim = apart(3);
    let before = (sim.devices[1].cast.len(), sim.devices[1].dials);
    for n in 0..2_000 {
        let length = sim.chance.below(250);
        let mut bytes = vec![0; length];
        crate::keys::Entropy::fill(&mut sim.chance, &mut bytes);
        let from = SocketAddr::from(([10, 0, 0, (n % 256) as u8], 5000));
        let to = SocketAddr::from(([10, 0, 0, 2], sim.devices[1].hears[n % 3]));
        sim.input(1, Input::Called { from, to, bytes });
    }
    assert_eq!((sim.devices[1].cast.len(), sim.devices[1].dials), before);
    wakes(&mut sim, 0);
    sim.settle_calls();
    assert_eq!(sim.devices[1].dialled, from(0));
}

#[test]
fn who_is_linked_paused_or_alone_sends_not_one_packet() {
    let mut alone = Sim::new(4);
    alone.in_one_lan();
    alone.input(0, Input::Woke);
    assert_eq!(
        alone.request(0, Request::ReachHere {}),
        Err(Problem::NotPaired)
    );
    assert!(alone.devices[0].cast.is_empty() && alone.devices[0].hears.is_empty());
    for (quiet, again) in [
        (Request::Pause {}, Request::Resume {}),
        (Request::Stop {}, Request::Resume {}),
    ] {
        let mut sim = apart(5);
        let recorded = wakes(&mut sim, 1);
        sim.request(0, quiet).unwrap();
        assert!(sim.devices[0].hears.is_empty());
        sim.devices[0].cast.clear();
        let dials = sim.devices[0].dials;
        sim.input(0, Input::Woke);
        sim.in_one_lan();
        for cast in recorded {
            let (from, to) = (came_from(&cast), cast.to);
            let bytes = cast.bytes;
            sim.input(0, Input::Called { from, to, bytes });
        }
        sim.pass(3_000_000);
        let here = sim.request(0, Request::ReachHere {}).unwrap();
        assert_eq!(here["called"], 0);
        assert!(sim.devices[0].cast.is_empty() && sim.devices[0].hears.is_empty());
        assert_eq!(sim.devices[0].dials, dials);
        sim.request(0, again).unwrap();
        assert_eq!(sim.devices[0].hears.len(), 3);
        assert!(!sim.devices[0].cast.is_empty());
    }
    let mut linked = apart(6);
    linked.connect();
    linked.settle();
    linked.devices[0].cast.clear();
    linked.input(0, Input::Woke);
    linked.pass(3_000_000);
    let here = linked.request(0, Request::ReachHere {}).unwrap();
    assert_eq!(
        (&here["called"], &here["connected"]),
        (&0.into(), &true.into())
    );
    assert!(linked.devices[0].cast.is_empty() && linked.devices[0].hears.is_empty());
}

#[test]
fn ports_move_while_nobody_does_anything_and_a_device_with_another_clock_is_heard() {
    let mut sim = apart(7);
    let before: BTreeSet<u16> = sim.devices[1].hears.iter().copied().collect();
    let recorded = wakes(&mut sim, 0);
    sim.pass(1_024_000);
    let after: BTreeSet<u16> = sim.devices[1].hears.iter().copied().collect();
    assert_eq!(before.intersection(&after).count(), 2);
    // As by a clock that is a quarter of an hour late.
    let dials = sim.devices[1].dials;
    sim.call(1, recorded[0].clone());
    assert_eq!(sim.devices[1].dials, dials + 1);
    sim.pass(1_024_000);
    let dials = sim.devices[1].dials;
    sim.call(1, recorded[1].clone());
    assert_eq!(sim.devices[1].dials, dials, "too old");
}

#[test]
fn whoever_asks_calls_each_address_and_the_partner_is_among_them() {
    let mut sim = apart(8);
    sim.devices[1].calls.clear();
    let here = sim.request(0, Request::ReachHere {}).unwrap();
    assert_eq!(here["called"], 253);
    // What is meant for all does not pass.
    let passes = |cast: &Cast| matches!(cast.to.ip(), IpAddr::V4(ip) if !ip.is_multicast() && ip.octets()[3] != 255);
    sim.devices[1].calls.retain(passes);
    sim.settle_calls();
    assert_eq!(sim.devices[1].dialled, from(0));
    assert_eq!(sim.devices[0].dialled, from(1));
}

#[test]
fn a_home_that_listens_at_one_address_calls_only_from_there() {
    for (listen, from) in [
        ("127.0.0.1:4711", &[][..]),
        ("10.0.0.1:4711", &["10.0.0.1"]),
        ("[::]:4711", &[]),
        ("0.0.0.0:4711", &["10.0.0.1", "fe80::1"]),
    ] {
        let mut sim = listening(9, listen);
        sim.in_one_lan();
        sim.cut();
        sim.devices[0].cast.clear();
        sim.input(0, Input::Woke);
        let sent: BTreeSet<String> = sim.devices[0]
            .cast
            .iter()
            .map(|cast| cast.from.to_string())
            .collect();
        assert_eq!(
            sent,
            from.iter().map(ToString::to_string).collect(),
            "{listen}"
        );
        assert_eq!(
            sim.devices[0].hears.is_empty(),
            listen.starts_with("127"),
            "{listen}"
        );
    }
}
