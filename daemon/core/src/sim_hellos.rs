//! Who greets as the partner: what does not prove the bond is refused, and another copy is told from the one that is followed.

use super::tests::propose;
use super::*;
use crate::links::{Own, Theirs};
use crate::pairing;
use crate::remembered::Remembered;
use troth_proto::wire::{self, Bye, Frame, Hello};
use troth_proto::{Hash, limits};

/// The newest hello that a device sent.
fn hello_of(sim: &Sim, p: usize) -> Hello {
    let read = |bytes: &Vec<u8>| match Frame::read(bytes, limits::FRAME_BYTES) {
        Ok(Frame::Hello(hello)) => Some(hello),
        _ => None,
    };
    sim.sent[p].iter().rev().find_map(read).unwrap()
}

/// What Ana answers when this is the first frame on a fresh link: why she ends it, if she does.
fn answer_to(sim: &mut Sim, frame: &Frame) -> Option<Bye> {
    sim.connect();
    sim.devices[0].inbox.clear();
    sim.devices[0].inbox.push_back(frame.write());
    let before = sim.sent[0].len();
    sim.deliver(0);
    let said = sim.sent[0][before..].iter();
    said.filter_map(|bytes| Frame::read(bytes, limits::FRAME_BYTES).ok())
        .find_map(|frame| match frame {
            Frame::Bye(why) => Some(why),
            _ => None,
        })
}

#[test]
fn a_hello_that_does_not_prove_the_bond_is_refused() {
    let mut sim = Sim::paired(17);
    let good = hello_of(&sim, 1);
    assert_eq!(answer_to(&mut sim, &Frame::Hello(good.clone())), None);
    for change in 0..4 {
        let mut hello = good.clone();
        match change {
            0 => hello.proof = Hash([9; 32]),
            1 => hello.couple = troth_proto::CoupleId([9; 16]),
            2 => hello.run = [9; 16], // the proof is for one run
            _ => hello.proof = hello_of(&sim, 0).proof, // her own, given back
        }
        assert_eq!(
            answer_to(&mut sim, &Frame::Hello(hello)),
            Some(Bye::Refused),
            "{change}"
        );
    }
    let mut old = good;
    old.versions = vec![0];
    assert_eq!(answer_to(&mut sim, &Frame::Hello(old)), Some(Bye::Version));
}

#[test]
fn a_run_that_was_followed_by_another_is_another_copy() {
    let mut sim = Sim::paired(18);
    let first = hello_of(&sim, 1);
    sim.crash(1); // a new run of the same home
    sim.connect();
    sim.settle();
    let second = hello_of(&sim, 1);
    assert_ne!(first.run, second.run);
    // Both are met at once, as two computers with one home would be: the one that was followed is told when it comes back.
    let hellos = [(&first, None), (&second, Some(Bye::AnotherCopy))];
    for (link, (hello, told)) in (1_000..).zip(hellos) {
        let (own, peer) = (
            sim.devices[0].link_id.clone(),
            sim.devices[1].link_id.clone(),
        );
        sim.input(
            0,
            Input::LinkUp {
                link,
                own,
                peer,
                at: None,
            },
        );
        let before = sim.sent[0].len();
        let bytes = Frame::Hello(hello.clone()).write();
        sim.input(0, Input::Frame { link, bytes });
        let said = sim.sent[0][before..].iter();
        let bye = said
            .filter_map(|bytes| Frame::read(bytes, limits::FRAME_BYTES).ok())
            .find_map(|frame| match frame {
                Frame::Bye(why) => Some(why),
                _ => None,
            });
        assert_eq!(bye, told);
    }
}

#[test]
fn an_acknowledgement_of_what_was_never_sent_is_refused() {
    let mut sim = Sim::paired(19);
    sim.request(0, propose("Visits")).unwrap();
    sim.settle();
    for frames in [1, 2, u64::MAX] {
        sim.connect();
        sim.settle();
        let before = sim.sent[0].len();
        sim.devices[0].inbox.push_back(Frame::Got(frames).write());
        sim.deliver(0);
        let bye = Frame::read(sim.sent[0][before..].last().unwrap(), limits::FRAME_BYTES);
        assert_eq!(bye, Ok(Frame::Bye(Bye::Refused)), "{frames}");
    }
    let status = sim.request(0, Request::Status {}).unwrap();
    assert_eq!(status["partner_has_all"], true);
}

#[test]
fn a_partner_whose_version_is_lower_than_the_highest_seen_is_refused() {
    let mut sim = Sim::paired(20);
    sim.pass(2_000);
    let row = sim.devices[0].disk.get_mut(&Row::Pair).unwrap();
    // As if a later version had been seen from him.
    type Kept = Option<(
        pairing::Bond,
        (Theirs, u32),
        Option<String>,
        Remembered,
        Option<Day>,
    )>;
    let mut kept: (Kept, Kept, Own) = wire::decode(row).unwrap();
    kept.0.as_mut().unwrap().0.version += 1;
    *row = wire::encode(&kept);
    sim.crash(0);
    let hello = hello_of(&sim, 1);
    assert_eq!(
        answer_to(&mut sim, &Frame::Hello(hello)),
        Some(Bye::Version)
    );
}
