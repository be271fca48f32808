//! Packets of the call: from anybody, and what the partner's device may have sealed.
#![no_main]

use libfuzzer_sys::fuzz_target;
use std::net::SocketAddr;
use troth_core::call::{Calls, Lan};
use troth_core::keys::Key;
use troth_core::node::Now;
use troth_core::test_entropy::Seeded;
use troth_proto::pairing::Role;
use troth_proto::{Day, limits};

fuzz_target!(|parts: (u8, Vec<Vec<u8>>)| {
    let (last, packets) = parts;
    let pair = Key([7; 32]);
    let theirs = pair.derive(&format!("troth/call/1/{}", Role::Responder.label()));
    let mut calls = Calls::new(&pair, Role::Initiator);
    let mut entropy = Seeded::new(1);
    let lans = [Lan { interface: 2, own: vec![([10, 0, 0, 1].into(), 24)], gateways: vec![] }];
    let now = Now { mono: 1, unix: 1024, day: Day::new(2026, 11, 22).expect("a day") };
    let sent = calls.call(now, 4711, &lans, &mut entropy);
    assert!(!sent.is_empty());
    let port = calls.ports(now.unix)[1];
    let from: (SocketAddr, SocketAddr) = (([10, 0, 0, last], 4711).into(), ([10, 0, 0, 1], port).into());
    for (n, bytes) in packets.into_iter().take(8).enumerate() {
        assert_eq!(calls.heard(now, &lans, 4711, from, &bytes, &mut entropy), None, "nobody else is heard");
        let nonce = [n as u8; 24];
        let sealed = [&nonce[..], &theirs.seal(&nonce, &bytes, &[])].concat();
        let Some(heard) = calls.heard(now, &lans, 4711, from, &sealed, &mut entropy) else { continue };
        assert!(heard.places.len() <= 2 * limits::CALL_IPS);
        assert!(heard.answer.is_none_or(|cast| cast.to == from.0), "answered to somebody else");
        assert_eq!(calls.heard(now, &lans, 4711, from, &sealed, &mut entropy), None, "heard twice");
    }
});
