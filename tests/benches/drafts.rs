//! How fast two type in one draft: `cargo bench -p troth-tests --bench drafts`.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout
)]

use serde_json::{Value, json};
use std::time::{Duration, Instant};
use troth_core::draft::loom::{Job, Loom, Strand, Woven};
use troth_proto::api::{DraftText, Request};
use troth_proto::draft::{DraftForm, Edit, Element, Typed, edited};
use troth_proto::{DraftId, Hash, PersonId};
use troth_tests::home::{Home, paired, root};
use troth_tests::socket::Socket;

const TROTH: &str = env!("CARGO_BIN_EXE_sut-troth");
const SAMPLES: usize = 1000;

fn report(what: &str, mut times: Vec<Duration>) {
    times.sort();
    let at = |part: f64| times[((times.len() - 1) as f64 * part) as usize].as_secs_f64() * 1000.0;
    println!(
        "{what:<58} median {:>8.3} ms   p99 {:>8.3} ms   of {}",
        at(0.5),
        at(0.99),
        times.len()
    );
}

fn edit(at: usize, insert: &str) -> Edit {
    Edit {
        at: at as u32,
        delete: 0,
        insert: insert.to_owned(),
    }
}

fn read(socket: &mut Socket, draft: &str, follow: bool) -> DraftText {
    let answer = socket.ask(&Request::DraftRead {
        draft: draft.to_owned(),
        since: None,
        follow,
    });
    serde_json::from_value(answer).unwrap()
}

fn type_in(socket: &mut Socket, draft: &str, at: Vec<Hash>, change: Edit) -> DraftText {
    let answer = socket.ask(&Request::DraftEdit {
        draft: draft.to_owned(),
        at,
        edits: vec![change],
    });
    serde_json::from_value(answer).unwrap()
}

/// From the line that types a character at A until B's line shows it; both disks have it by then.
fn typing(ana: &Home, ben: &Home, size: usize) {
    let begun = ana.ask(
        &["draft", "new"],
        json!({"title": format!("Letter {size}")}),
    );
    let draft = begun["draft"].as_str().unwrap().to_owned();
    ben.until(&["draft", "list"], |list| list.to_string().contains(&draft));
    let (mut a, mut b) = (Socket::connect(&ana.dir), Socket::connect(&ben.dir));
    // Only she follows it: what he typed is nowhere, and what she typed is not told to her twice.
    let mut at = read(&mut a, &draft, true).at;
    let mut length = 0;
    while length < size {
        let text = "The quick brown fox jumps. ".repeat(70);
        let told = type_in(&mut a, &draft, at, edit(length, &text));
        (at, length) = (told.at, length + text.len());
    }
    ben.until(&["draft", "show", &draft], |shown| {
        shown["text"]
            .as_str()
            .is_some_and(|text| text.len() == length)
    });
    let times = (0..20).map(|_| {
        let mut fresh = Socket::connect(&ben.dir);
        let begun = Instant::now();
        let opened = read(&mut fresh, &draft, false);
        assert_eq!(opened.text.unwrap().len(), length);
        begun.elapsed()
    });
    report(
        &format!("a draft of {length} characters opens"),
        times.collect(),
    );
    let mut shown = read(&mut b, &draft, true).text.unwrap();
    let mut times = Vec::new();
    for n in 0..SAMPLES + 50 {
        let place = length / 2 + n;
        let begun = Instant::now();
        at = type_in(&mut a, &draft, at, edit(place, "x")).at;
        loop {
            if let Some(change) = b.line().params {
                shown = edited(&shown, &change.edits);
                break;
            }
        }
        if n >= 50 {
            times.push(begun.elapsed());
        }
    }
    assert_eq!(shown.len(), length + SAMPLES + 50);
    report(
        &format!("typed at A → told at B, both durable, {length} there"),
        times,
    );
    // Apart, then together.
    ana.ask(&["pause"], Value::Null);
    for n in 0..10_000 {
        at = type_in(&mut a, &draft, at, edit(length + n, "y")).at;
    }
    length = shown.len() + 10_000;
    let begun = Instant::now();
    ana.ask(&["resume"], Value::Null);
    while shown.len() < length {
        if let Some(change) = b.line().params {
            shown = change.text.unwrap_or_else(|| edited(&shown, &change.edits));
        }
    }
    println!(
        "10,000 characters typed apart are there, dialling with it   {:.0} ms",
        begun.elapsed().as_secs_f64() * 1000.0
    );
}

/// What automerge takes for 10,000 characters, each an entry of its own, in one batch.
fn weaving() {
    let strand = |n: u32| Strand {
        by: PersonId([1; 16]),
        hash: Hash::of("bench", &[&n.to_be_bytes()]),
        after: n
            .checked_sub(1)
            .map(|n| Hash::of("bench", &[&n.to_be_bytes()]))
            .into_iter()
            .collect(),
        prev: n
            .checked_sub(1)
            .map(|n| Hash::of("bench", &[&n.to_be_bytes()])),
        typed: vec![Typed::Insert {
            after: n.checked_sub(1).map(|n| Element {
                entry: Hash::of("bench", &[&n.to_be_bytes()]),
                before: 0,
            }),
            text: "x".into(),
        }],
    };
    let times = (0..10).map(|_| {
        let mut loom = Loom::default();
        let draft = DraftId([1; 16]);
        let first = (0..50_000).map(strand).collect();
        assert_eq!(loom.work(Job::Begin(draft, first)), Woven::Added);
        let more = (50_000..60_000).map(strand).collect();
        let begun = Instant::now();
        assert_eq!(loom.work(Job::Add(draft, more)), Woven::Added);
        begun.elapsed()
    });
    report("10,000 characters woven into 50,000", times.collect());
    let _ = DraftForm::Letter;
}

fn main() {
    weaving();
    let root = root();
    let (ana, ben) = paired(root.path(), TROTH);
    typing(&ana, &ben, 0);
    typing(&ana, &ben, 10_000);
    typing(&ana, &ben, 50_000);
}
