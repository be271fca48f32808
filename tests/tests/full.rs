//! A book that is full, of long things and of short ones.

use crate::gate::{couple, let_in};
use serde_json::json;
use troth_core::books::gate::Refusal;
use troth_proto::ids::Who;
use troth_proto::limits;
use troth_proto::wire::{Op, Words};
use troth_tests::forger::scene;

#[test]
fn a_book_that_is_full_takes_no_more_and_what_is_there_stays() {
    let (mut sim, mut f) = scene();
    let couple = couple(&mut sim);
    let mut taken = 0;
    let refused = loop {
        let mut op = f.op("song", json!({}), json!({}));
        op.words = Words::Here("x".repeat(60_000));
        let sealed = f.next(op);
        match let_in(couple, &f.document, &[sealed]) {
            Ok(_) => taken += 1,
            Err(refused) => break refused,
        }
        assert!(taken < 2_000, "there is no end of it");
    };
    assert_eq!(refused, Refusal::Limit);
    let bytes = couple.book(Who::Partner).bytes();
    assert!(bytes <= limits::DOCUMENT_BYTES && bytes > limits::DOCUMENT_BYTES - 100_000);
}

#[test]
fn a_book_of_the_shortest_things_holds_no_more_of_them_than_memory_has_room_for() {
    let (mut sim, mut f) = scene();
    let couple = couple(&mut sim);
    let before = couple.book(Who::Partner).bytes();
    // Of a kind that nobody knows yet, without words: the shortest that a book takes.
    let ops: Vec<Op> = (0..100).map(|_| f.op("x", json!({}), json!({}))).collect();
    let head = ops[0].head.len();
    let sealed = f.seal(&f.document, f.entry(ops));
    let_in(couple, &f.document, &[sealed]).unwrap();
    let each = (couple.book(Who::Partner).bytes() - before) / 100;
    let most = limits::DOCUMENT_BYTES / each;
    assert!(head < 200 && most <= 300_000, "{most} of {head} bytes each");
    // Of the length of a short agreement, as many as before.
    assert!(each <= 470 && limits::DOCUMENT_BYTES / 470 > 100_000);
}
