//! Where the partner is dialled, whoever names the place.

use super::*;
use crate::node::PairEffect;
use crate::pairing;

/// Where a device is, as it is dialled.
fn place_of(p: usize) -> String {
    format!("10.0.0.{}:4711", p + 1)
}

#[test]
fn an_address_that_is_typed_is_dialled_also_after_a_start() {
    let mut sim = Sim::paired(13);
    sim.cut();
    let address = "192.0.2.7:4711".to_owned();
    sim.request(
        0,
        Request::Reach {
            address: address.clone(),
        },
    )
    .unwrap();
    assert!(sim.devices[0].dialled.contains(&address));
    sim.devices[0].dialled.clear();
    sim.crash(0);
    assert!(sim.devices[0].dialled.contains(&address));
    assert!(
        sim.devices[0].dialled.contains(&place_of(1)),
        "where he was last is tried besides"
    );
}

#[test]
fn a_partner_who_names_hosts_makes_nobody_look_them_up() {
    let mut sim = Sim::paired(15);
    sim.cut();
    let addresses = vec!["spy.example:443".to_owned()];
    sim.input(1, Input::Listening { addresses });
    sim.connect();
    sim.settle();
    sim.cut();
    sim.pass(60_000);
    let (device, now) = (
        &mut sim.devices[0],
        Now {
            mono: 200_000,
            unix: UNIX,
            day: Day::new(2026, 11, 22).unwrap(),
        },
    );
    let effects = device
        .node
        .as_mut()
        .unwrap()
        .handle(now, &mut sim.chance, Input::Woke);
    // What the partner says is kept apart from what a person here typed: only that is ever looked up.
    let dialled = effects.iter().find_map(|effect| match effect {
        Effect::Dial {
            remembered, typed, ..
        } => Some((remembered.clone(), typed.clone())),
        _ => None,
    });
    let there = place_of(1).parse().unwrap();
    assert_eq!(dialled, Some((vec![there], None)));
}

#[test]
fn what_a_partner_names_leads_to_nobody_but_another_device() {
    for by_file in [false, true] {
        let mut sim = Sim::paired(16);
        sim.cut();
        let sound = "/ip4/10.7.0.2/tcp/4711".to_owned();
        let mut addresses: Vec<String> = [
            "/ip4/127.0.0.1/tcp/4711",
            "/ip4/224.0.0.251/udp/5353/quic-v1",
            "/ip4/10.0.0.9/tcp/25",
            "/dns4/spy.example/tcp/4711",
        ]
        .map(String::from)
        .to_vec();
        addresses.push(sound.clone());
        sim.input(1, Input::Listening { addresses });
        if by_file {
            sim.carry(1, None).unwrap();
        } else {
            sim.connect();
            sim.settle();
            sim.cut();
        }
        sim.pass(60_000);
        sim.crash(0);
        // What was told before stays; what is told now comes first, but for what a file says.
        let mut wanted = vec![place_of(1), "10.7.0.2:4711".to_owned()];
        if !by_file {
            wanted.reverse();
        }
        assert_eq!(sim.devices[0].dialled, wanted);
        let doctor = sim.request(0, Request::Doctor {}).unwrap().to_string();
        assert!(!doctor.contains("127.0.0.1") && !doctor.contains("spy"));
    }
}

#[test]
fn a_place_that_a_link_has_proved_is_dialled_first() {
    let mut sim = Sim::paired(17);
    sim.cut();
    let addresses = ["/ip4/10.7.0.2/tcp/4711", "/ip4/10.8.0.2/tcp/4711"].map(String::from);
    let addresses = addresses.to_vec();
    sim.input(1, Input::Listening { addresses });
    for _ in 0..2 {
        sim.connect_at(0, "10.8.0.2:4711".parse().ok());
        sim.settle();
        sim.cut();
        sim.connect(); // and then he dials
        sim.settle();
        sim.cut();
    }
    sim.pass(2_000);
    sim.crash(0);
    let before = place_of(1);
    let wanted = ["10.8.0.2:4711", "10.7.0.2:4711", before.as_str()];
    assert_eq!(sim.devices[0].dialled, wanted);
}

#[test]
fn a_file_carries_where_its_writer_can_be_reached() {
    let mut sim = Sim::paired(14);
    sim.cut();
    let addresses = vec!["/ip4/10.7.0.2/tcp/4711".to_owned()];
    sim.input(1, Input::Listening { addresses });
    sim.carry(1, None).unwrap();
    sim.pass(2_000);
    sim.crash(0);
    assert!(sim.devices[0].dialled.contains(&"10.7.0.2:4711".into()));
    assert!(sim.devices[0].dialled.contains(&place_of(1)));
}

#[test]
fn an_address_that_is_typed_is_dialled_beside_a_link_too_which_may_be_dead() {
    let mut sim = Sim::paired(13);
    sim.devices[0].dialled.clear();
    let address = "192.0.2.7:4711".to_owned();
    let reach = Request::Reach {
        address: address.clone(),
    };
    sim.request(0, reach).unwrap();
    assert!(sim.devices[0].dialled.contains(&address));
    // Once the link has shown that it lives, nobody dials beside it.
    sim.pass(12_000);
    sim.devices[0].dialled.clear();
    sim.pass(600_000);
    assert_eq!(sim.devices[0].dialled, [""; 0]);
    let status = sim.request(0, Request::Status {}).unwrap();
    assert_eq!(status["linked"], true);
}

#[test]
fn whoever_says_to_be_in_the_same_network_leads_to_nobody_but_another_device() {
    let mut sim = Sim::new(18);
    let invite = Request::PairInvite {
        listen: None,
        nearby: true,
        again: false,
    };
    sim.ask(0, 1, invite);
    let mut dialled = |addresses: &[&str]| {
        let found = pairing::Input::Found {
            peer: link_id(&Key([7; 32])),
            addresses: addresses.iter().map(ToString::to_string).collect(),
        };
        let now = sim.now(0);
        let node = sim.devices[0].node.as_mut().unwrap();
        let effects = node.handle(now, &mut sim.chance, Input::Pair(found));
        effects.into_iter().find_map(|effect| match effect {
            Effect::Pair(PairEffect::Dial { addresses, .. }) => Some(addresses),
            _ => None,
        })
    };
    let (here, there) = ("/ip4/127.0.0.1/tcp/4711", "/ip4/10.0.0.9/tcp/4711");
    assert_eq!(dialled(&[here]), None);
    assert_eq!(dialled(&[here, there]), Some(vec![there.to_owned()]));
}
