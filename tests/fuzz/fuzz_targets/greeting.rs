//! The first frames of a link by one who has proved the bond: which ids come next, and where they are.
#![no_main]

use libfuzzer_sys::fuzz_target;
use std::net::SocketAddr;
use troth_core::sim::Sim;
use troth_proto::limits;
use troth_proto::pairing::LinkId;
use troth_proto::wire::{Frame, Here, Hello};

fn hello_of(sim: &Sim) -> Hello {
    let read = |bytes: &Vec<u8>| match Frame::read(bytes, limits::FRAME_BYTES) {
        Ok(Frame::Hello(hello)) => Some(hello),
        _ => None,
    };
    sim.sent[1].iter().rev().find_map(read).expect("both have greeted")
}

fuzz_target!(|parts: (Vec<u16>, Vec<Vec<u8>>, Vec<(Vec<SocketAddr>, Option<SocketAddr>)>)| {
    let (versions, links, heres) = parts;
    thread_local!(static SIM: std::cell::RefCell<Sim> = std::cell::RefCell::new(Sim::paired(1)));
    SIM.with_borrow_mut(|sim| {
        sim.cut();
        sim.sent = Default::default();
        sim.connect();
        let mut hello = hello_of(sim);
        hello.versions.extend(versions);
        hello.links = links.into_iter().map(LinkId).collect();
        sim.devices[0].inbox.clear();
        sim.devices[0].inbox.push_back(Frame::Hello(hello).write());
        let heres = heres.into_iter().take(4).map(|(places, you)| Frame::Here(Here { places, you }).write());
        sim.devices[0].inbox.extend(heres);
        sim.settle();
        sim.cut();
        sim.pass(60_000);
        for at in &sim.devices[0].dialled {
            let ip = at.parse::<SocketAddr>().expect("a place").ip();
            assert!(!ip.is_loopback() && !ip.is_multicast() && !ip.is_unspecified(), "dialled {at}");
        }
        assert!(sim.devices[0].dialled.len() <= limits::REMEMBERED);
    });
});
