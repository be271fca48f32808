//! Two devices that go by another id in each network: each lets the other in, wherever either was, and what was put back too.

use super::*;
use crate::call::Lan;
use std::net::Ipv4Addr;

/// A device joins a network that it was never in.
fn joins(sim: &mut Sim, p: usize, n: u8) {
    let lan = Lan {
        interface: 2,
        own: vec![(Ipv4Addr::new(172, 16, n, 7).into(), 24)],
        gateways: vec![Ipv4Addr::new(172, 16, n, 1).into()],
    };
    sim.input(p, Input::Lans(vec![lan]));
}

fn meet(sim: &mut Sim) -> bool {
    sim.connect();
    sim.settle();
    let linked = |sim: &mut Sim, p| sim.request(p, Request::Status {}).unwrap()["linked"].clone();
    linked(sim, 0) == true && linked(sim, 1) == true
}

#[test]
fn each_network_sees_another_id_and_the_partner_knows_all_of_them() {
    let mut sim = Sim::paired(1);
    let mut seen = vec![sim.devices[0].link_id.clone()];
    joins(&mut sim, 0, 1); // where it was paired
    for n in 2..40 {
        sim.cut();
        joins(&mut sim, 0, n);
        let id = sim.devices[0].link_id.clone();
        assert!(!seen.contains(&id), "network {n}");
        seen.push(id);
        if n % 3 == 0 {
            joins(&mut sim, 1, n); // he moves, too
        }
        assert!(meet(&mut sim), "network {n}");
        joins(&mut sim, 0, n);
        assert_eq!(
            sim.devices[0].link_id,
            seen[seen.len() - 1],
            "the same network"
        );
    }
}

#[test]
fn one_who_moves_more_often_than_the_partner_can_know_of_is_still_let_in() {
    let mut sim = Sim::paired(2);
    joins(&mut sim, 0, 1);
    sim.cut();
    for n in 2..60 {
        joins(&mut sim, 0, n);
        sim.crash(0);
        joins(&mut sim, 0, n);
    }
    assert!(meet(&mut sim));
}

#[test]
fn a_link_holds_the_id_unless_its_network_is_gone() {
    let mut sim = Sim::paired(3);
    joins(&mut sim, 0, 1);
    let before = sim.devices[0].link_id.clone();
    let lan = |n: u8| Lan {
        interface: n.into(),
        own: vec![(Ipv4Addr::new(172, 16, n, 7).into(), 24)],
        gateways: Vec::new(),
    };
    let home = Lan {
        gateways: vec![Ipv4Addr::new(172, 16, 1, 1).into()],
        ..lan(1)
    };
    // A cable beside the wireless: the link goes on.
    sim.input(0, Input::Lans(vec![home, lan(9)]));
    let status = sim.request(0, Request::Status {}).unwrap();
    assert_eq!(status["linked"], true);
    assert_eq!(sim.devices[0].link_id, before);
    // Nothing of where it was is left.
    joins(&mut sim, 0, 5);
    let status = sim.request(0, Request::Status {}).unwrap();
    assert_eq!(status["linked"], false);
    assert_ne!(sim.devices[0].link_id, before);
    assert!(meet(&mut sim));
}

#[test]
fn a_disk_that_was_put_back_to_long_ago_is_met_again() {
    for who in 0..2 {
        let mut sim = Sim::paired(4);
        joins(&mut sim, 0, 1);
        let (disk, mut n) = (sim.copy(who), 2);
        while n < 200 {
            sim.cut();
            for p in 0..2 {
                joins(&mut sim, p, n);
            }
            assert!(meet(&mut sim));
            n += 1;
        }
        sim.cut();
        sim.put_back(who, disk);
        joins(&mut sim, who, 1);
        let mut met = None;
        for minutes in (0..4 * 24 * 60).step_by(20) {
            for device in &mut sim.devices {
                device.day = Day::new(2026, 11, 23)
                    .unwrap()
                    .plus(i64::from(minutes) / (24 * 60));
            }
            sim.pass(20 * 60 * 1000);
            if meet(&mut sim) {
                met = Some(minutes);
                break;
            }
            sim.cut();
        }
        assert!(met.is_some(), "{who} never meets the other again");
        // From then on each knows again under what the other goes.
        for n in 1..4 {
            sim.cut();
            joins(&mut sim, who, n);
            sim.pass(65 * 60 * 1000);
            assert!(meet(&mut sim), "{who}, network {n}");
        }
    }
}

#[test]
fn two_who_pair_anew_in_another_network_know_each_other_there() {
    let mut sim = Sim::paired(5);
    joins(&mut sim, 0, 1);
    sim.cut();
    joins(&mut sim, 0, 2);
    joins(&mut sim, 1, 2);
    sim.lose(1, false);
    sim.pair_as([true, false]);
    joins(&mut sim, 0, 3); // before a link has proved it
    assert!(meet(&mut sim));
    joins(&mut sim, 0, 4);
    assert!(meet(&mut sim));
}

#[test]
fn whoever_sets_a_clock_right_looks_at_the_next_slot_with_the_other() {
    for after in 0..64 {
        let mut sim = Sim::paired(8);
        sim.devices[0].wrong = -37;
        sim.cut();
        // So long apart that a slot has 64 seconds.
        for _ in 0..310 + after {
            sim.pass(1_000);
        }
        let dials = |sim: &Sim| [0, 1].map(|p| sim.devices[p].dials);
        let before = dials(&sim);
        sim.devices[0].wrong = 0;
        sim.input(0, Input::ClockSet);
        assert_eq!(dials(&sim), before, "nothing happened for which to look");
        let both_look = (0..64).any(|_| {
            let before = dials(&sim);
            sim.pass(1_000);
            let now = dials(&sim);
            now[0] > before[0] && now[1] > before[1]
        });
        assert!(both_look, "set right after {after} s");
    }
}
