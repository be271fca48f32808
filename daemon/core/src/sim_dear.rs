//! What a partner's program may cost that keeps to every rule: memory, rows and steps; and what it may not learn by that.

use super::hostile::DAY;
use super::*;
use serde_json::json;
use troth_proto::assertion::{blinded, words_hash};
use troth_proto::{AssertionId, limits};

const BLIND: [u8; 16] = [7; 16];

/// Words as long as they may be.
fn long() -> String {
    "€".repeat(limits::TEXT_CHARS)
}

/// Ben tells of something, and the other has it.
fn tell(sim: &mut Sim, kind: &str, facts: &Value, words: &Value) -> AssertionId {
    let words = blinded(&BLIND, &words.to_string());
    let head = json!({"kind": kind, "on": DAY, "body": facts});
    let (id, _) = sim.write_head(1, head, &words, None).unwrap();
    sim.settle();
    id
}

fn take_back(sim: &mut Sim, id: AssertionId) {
    let head = json!({"kind": "take_back", "on": DAY, "about": id, "body": {}});
    sim.write_head(1, head, "", None).unwrap();
    sim.settle();
}

/// Whatever stands in a book stands there as its hash says.
fn check_words(sim: &Sim, p: usize) {
    let couple = sim.node(p).couple().unwrap();
    for who in [Who::Me, Who::Partner] {
        let book = couple.book(who);
        for said in book.said() {
            let words = said.words().map_or(book.hash_of_words(said), words_hash);
            let head = said.head.as_bytes();
            let hash = troth_proto::assertion::hash(couple.id, book.owner, head, &words);
            assert_eq!(hash, said.hash);
        }
    }
}

#[test]
fn the_room_of_words_that_have_left_is_given_back() {
    let mut sim = Sim::paired(702);
    let mut stays = Vec::new();
    for _ in 0..40 {
        let id = tell(&mut sim, "ask", &json!({}), &json!({"text": long()}));
        stays.push(tell(&mut sim, "ask", &json!({}), &json!({"text": "stays"})));
        take_back(&mut sim, id);
    }
    let before = sim.node(0).couple().unwrap().length();
    for _ in 0..40 {
        let id = tell(&mut sim, "ask", &json!({}), &json!({"text": long()}));
        take_back(&mut sim, id);
    }
    for _ in 0..2 {
        for p in 0..2 {
            let couple = sim.node(p).couple().unwrap();
            let book = couple.book([Who::Partner, Who::Me][p]);
            let held = book.room_of_words();
            assert!(held < 256 * 1024, "{p}: {held}");
            let here = |id: &AssertionId| {
                book.by_id(id)[0]
                    .words()
                    .is_some_and(|it| it.contains("stays"))
            };
            assert!(stays.iter().all(here));
            check_words(&sim, p);
        }
        // What came since goes again, whatever has moved.
        let node = sim.devices[0].node.as_mut().unwrap();
        node.couple_for_tests().truncate(before);
        check_words(&sim, 0);
        sim.crash(0);
        sim.connect();
        sim.settle();
    }
}
