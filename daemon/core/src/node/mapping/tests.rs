use crate::node::{Effect, Input, Map, Mapping, Node};
use crate::sim::Sim;
use std::net::IpAddr;
use troth_proto::api::{Request, RouterWay, RungName, Why};

const OUTSIDE: &str = "/ip4/11.0.0.7/udp/4711/quic-v1";

/// Two who are paired; the first listens where others can reach it.
fn paired(seed: u64) -> Sim {
    let mut sim = Sim::paired(seed);
    node(&mut sim).me.listen = Some("0.0.0.0:4711".into());
    sim
}

fn node(sim: &mut Sim) -> &mut Node {
    sim.devices[0].node.as_mut().unwrap()
}

/// What of an input is for the router.
fn asks(sim: &mut Sim, input: Input) -> Vec<Option<u16>> {
    let now = sim.now(0);
    let effects = sim.devices[0].node.as_mut().unwrap();
    let effects = effects.handle(now, &mut sim.chance, input);
    let asks = effects.into_iter().filter_map(|effect| match effect {
        Effect::Map(map) => Some(map.map(|Map { port, .. }| port)),
        _ => None,
    });
    asks.collect()
}

fn asked(sim: &mut Sim, request: Request) -> Vec<Option<u16>> {
    let request = Input::Request {
        client: 1,
        id: 1,
        request,
    };
    asks(sim, request)
}

fn says(sim: &mut Sim, said: Mapping) -> Why {
    assert_eq!(asks(sim, Input::Mapped(said)), []);
    let now = sim.now(0);
    let rungs = node(sim).doctor(now).rungs.into_iter();
    let mut of_router = rungs.filter(|rung| rung.name == RungName::PortMapping);
    of_router.next().unwrap().why
}

const ON: Request = Request::Network {
    mapping: Some(true),
};
const OFF: Request = Request::Network {
    mapping: Some(false),
};

fn lets_in(at: &[&str]) -> Mapping {
    Mapping::Mapped {
        by: RouterWay::Pcp,
        at: at.iter().map(ToString::to_string).collect(),
    }
}

#[test]
fn the_router_is_asked_only_while_it_is_wanted_and_something_is_shared_with_somebody() {
    let mut alone = Sim::new(1);
    node(&mut alone).me.listen = Some("0.0.0.0:4711".into());
    assert_eq!(asked(&mut alone, ON), []);
    let mut sim = paired(2);
    assert_eq!(asked(&mut sim, Request::Network { mapping: None }), []);
    assert_eq!(asks(&mut sim, Input::Woke), []);
    assert_eq!(asked(&mut sim, ON), [Some(4711)]);
    assert_eq!(asked(&mut sim, ON), []);
    for (quiet, again) in [
        (Request::Pause {}, Request::Resume {}),
        (Request::Stop {}, Request::Resume {}),
        (OFF, ON),
    ] {
        assert_eq!(asked(&mut sim, quiet.clone()), [None], "{quiet:?}");
        assert_eq!(asks(&mut sim, Input::Woke), [], "{quiet:?}");
        assert_eq!(asked(&mut sim, again), [Some(4711)], "{quiet:?}");
    }
}

#[test]
fn a_home_that_only_this_device_reaches_asks_no_router() {
    let mut sim = paired(3);
    node(&mut sim).me.listen = Some("127.0.0.1:4711".into());
    assert_eq!(asked(&mut sim, ON), []);
    assert_eq!(says(&mut sim, lets_in(&[OUTSIDE])), Why::MappingInside);
    assert!(!node(&mut sim).own_addresses().contains(&OUTSIDE.to_owned()));
}

#[test]
fn a_move_asks_again_and_the_same_place_does_not() {
    let mut sim = paired(4);
    asked(&mut sim, ON);
    let at = |host: u8| Input::Listening {
        addresses: vec![format!("/ip4/10.0.0.{host}/udp/4711/quic-v1")],
    };
    assert_eq!(asks(&mut sim, at(1)), []);
    assert_eq!(asks(&mut sim, at(9)), [Some(4711)]);
    assert_eq!(asks(&mut sim, at(9)), []);
    assert_eq!(asks(&mut sim, Input::Woke), [Some(4711)]);
}

#[test]
fn where_the_router_lets_in_is_told_first_and_no_longer_than_it_does() {
    let mut sim = paired(5);
    asked(&mut sim, ON);
    assert_eq!(says(&mut sim, Mapping::Asking), Why::MappingAsked);
    let inside = node(&mut sim).own_addresses();
    let why = says(&mut sim, lets_in(&[OUTSIDE, "/ip4/11.0.0.7/tcp/4711"]));
    let (at, by) = ("11.0.0.7:4711".into(), RouterWay::Pcp);
    assert_eq!(why, Why::Mapped { at, by });
    let told = node(&mut sim).own_addresses();
    assert_eq!(told[0], OUTSIDE);
    assert_eq!(told[2..], inside);
    let address = IpAddr::from([192, 168, 1, 2]);
    for (gone, why) in [
        (Mapping::NoRouter, Why::NoRouter),
        (Mapping::Refused, Why::RouterRefuses),
        (
            Mapping::NotPublic { address },
            Why::RouterNotPublic {
                at: "192.168.1.2".into(),
            },
        ),
    ] {
        says(&mut sim, lets_in(&[OUTSIDE]));
        assert_eq!(says(&mut sim, gone), why);
        assert_eq!(node(&mut sim).own_addresses(), inside);
    }
    says(&mut sim, lets_in(&[OUTSIDE]));
    asked(&mut sim, Request::Pause {});
    assert_eq!(node(&mut sim).own_addresses(), inside);
    // What it says after that is too late.
    assert_eq!(says(&mut sim, lets_in(&[OUTSIDE])), Why::MappingWaits);
    assert_eq!(node(&mut sim).own_addresses(), inside);
}

#[test]
fn a_router_makes_nobody_dial_what_is_not_out_there() {
    let mut sim = paired(6);
    asked(&mut sim, ON);
    let inside = node(&mut sim).own_addresses();
    let lies = [
        "/ip4/192.168.0.1/tcp/4711",
        "/ip4/127.0.0.1/tcp/4711",
        "/ip4/11.0.0.7/tcp/25",
        "/dns4/spy.example/tcp/4711",
        "x",
    ];
    assert_eq!(says(&mut sim, lets_in(&lies)), Why::RouterRefuses);
    assert_eq!(node(&mut sim).own_addresses(), inside);
    let many: Vec<String> = (0..99)
        .map(|n| format!("/ip4/11.0.0.{n}/tcp/4711"))
        .collect();
    says(
        &mut sim,
        lets_in(&many.iter().map(String::as_str).collect::<Vec<_>>()),
    );
    assert!(node(&mut sim).own_addresses().len() <= troth_proto::limits::ADDRESSES);
}

#[test]
fn what_was_chosen_outlives_a_crash() {
    let mut sim = paired(7);
    sim.request(0, ON).unwrap();
    sim.crash(0);
    assert!(node(&mut sim).me.mapping);
    assert_eq!(node(&mut sim).mapping.asked, Some(4711));
}
