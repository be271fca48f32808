//! A partner's program that says again and again what it holds: what that costs, and that the last word counts all the same.

use super::hostile::{DAY, add};
use super::tests::propose;
use super::*;
use crate::steps::taken;
use serde_json::json;
use troth_proto::draft::{DraftEntry, Element, SealedDraft, Typed};
use troth_proto::wire::{self, DraftEntries, DraftHave, Entries, Frame, Have};
use troth_proto::{DraftId, limits};

const DRAFT: DraftId = DraftId([7; 16]);

/// Ben, in the hands of somebody else, who speaks on his link.
struct Flood {
    sim: Sim,
    /// Frames of entries that Ana has sent on this link.
    sent: u64,
    /// Frames that she has sent, of whatever kind, and how often her clients were told to look again.
    answers: u64,
    told: u64,
}

impl Flood {
    fn of(sim: Sim) -> Self {
        Self {
            sim,
            sent: 0,
            answers: 0,
            told: 0,
        }
    }

    /// Says something to Ana, whatever she answers.
    fn say(&mut self, frame: &Frame) {
        let (link, bytes) = (self.sim.links, frame.write());
        self.give(Input::Frame { link, bytes });
    }

    fn give(&mut self, input: Input) {
        let now = self.sim.now(0);
        let node = self.sim.devices[0].node.as_mut().unwrap();
        for effect in node.handle(now, &mut self.sim.chance, input) {
            match &effect {
                Effect::Send { bytes, .. } => {
                    self.answers += 1;
                    let frame = Frame::read(bytes, limits::FRAME_BYTES).unwrap();
                    let of_entries = matches!(frame, Frame::Entries(_) | Frame::DraftEntries(_));
                    self.sent += u64::from(of_entries);
                }
                Effect::Close(_) => unreachable!("the link holds"),
                Effect::Tell(_) => self.told += 1,
                _ => {}
            }
            if !matches!(effect, Effect::Send { .. }) {
                self.sim.perform(0, vec![effect]);
            }
        }
    }

    /// As if everything that came were on his disk.
    fn acknowledge(&mut self) {
        let sent = self.sent;
        self.say(&Frame::Got(sent));
    }

    /// What was done since: steps, frames, and how often clients were told.
    fn cost(&mut self, flood: impl FnOnce(&mut Self)) -> (u64, u64, u64) {
        let before = (taken(), self.answers, self.told);
        flood(self);
        (
            taken() - before.0,
            self.answers - before.1,
            self.told - before.2,
        )
    }
}

/// The two are linked, and a client of Ana's looks on. What was sent before is on his disk.
fn linked(mut sim: Sim) -> Flood {
    sim.settle();
    sim.request(0, Request::Subscribe {}).unwrap();
    sim.connect();
    let before = sim.sent[0].len();
    sim.settle();
    let mut flood = Flood::of(sim);
    for bytes in &flood.sim.sent[0][before..] {
        let frame = Frame::read(bytes, limits::FRAME_BYTES).unwrap();
        let of_entries = matches!(frame, Frame::Entries(_) | Frame::DraftEntries(_));
        flood.sent += u64::from(of_entries);
    }
    flood
}

/// Both have written, and Ben on as many branches as he may.
fn branches() -> Flood {
    let mut sim = Sim::paired(900);
    add(&mut sim, 0, "thanks", json!({"did": "x"}), json!({}));
    add(&mut sim, 1, "thanks", json!({"did": "x"}), json!({}));
    for _ in 1..limits::BRANCHES {
        let head = json!({"kind": "thanks", "on": DAY, "body": {}});
        sim.write_head(1, head, "", Some(0)).unwrap();
    }
    // One that is written on sixteen others, and so on: each tip has many branches under it.
    for _ in 0..limits::MARKS {
        let head = json!({"kind": "thanks", "on": DAY, "body": {}});
        sim.write_head(1, head, "", None).unwrap();
    }
    linked(sim)
}

/// A draft in which Ben has typed so many frames full of letters.
fn typed(frames: usize) -> (Flood, Vec<wire::Mark>) {
    let mut sim = Sim::paired(901);
    add(&mut sim, 0, "thanks", json!({"did": "x"}), json!({}));
    let body = json!({"draft": DRAFT, "form": "letter"});
    let head = json!({"kind": "draft", "on": DAY, "body": body});
    sim.write_head(1, head, "", None).unwrap();
    let mut flood = linked(sim);
    let couple = flood.sim.node(1).couple().unwrap();
    let (couple, by) = (couple.id, couple.book(Who::Me).owner);
    let (mut n, mut last, mut marks) = (0, None, Vec::new());
    for _ in 0..frames {
        let mut entries = Vec::new();
        for _ in 0..limits::DRAFT_ENTRIES {
            n += 1;
            let after = last.map(|entry| Element { entry, before: 0 });
            let entry = DraftEntry {
                by,
                n,
                after: last.into_iter().collect(),
                form: DraftEntry::FORM,
                ops: wire::encode(&vec![Typed::Insert {
                    after,
                    text: "x".into(),
                }]),
            };
            let hash = entry.hash(couple, &DRAFT);
            last = Some(hash);
            marks.push(wire::Mark { n, hash });
            let seal = Hash::default();
            entries.push(SealedDraft { entry, hash, seal });
        }
        let draft = DRAFT;
        flood.say(&Frame::DraftEntries(DraftEntries { draft, entries }));
    }
    (flood, marks)
}

#[test]
fn what_is_held_of_a_draft_is_said_a_million_times_for_next_to_nothing() {
    let (mut flood, all) = typed(20);
    let draft = DRAFT;
    let words = |marks| Frame::DraftHave(DraftHave { draft, marks });
    let (steps, frames, told) = flood.cost(|flood| {
        for n in 0..2_000 {
            let marks = all.iter().skip(n).step_by(64).take(64).copied();
            flood.say(&words(marks.collect()));
            flood.say(&words(Vec::new()));
            flood.acknowledge();
        }
    });
    assert!(steps < 40_000, "{steps} steps");
    assert!(frames < 100 && told < 100, "{frames} frames, {told} told");
}

#[test]
fn what_is_held_of_a_book_is_said_a_million_times_for_next_to_nothing() {
    let mut flood = branches();
    let couple = flood.sim.node(1).couple().unwrap();
    let book = couple.book(Who::Me);
    let (document, all) = (book.document(), book.entries());
    let marks: Vec<wire::Mark> = (0..all).rev().map(|index| book.mark(index)).collect();
    let hers = couple.book(Who::Partner);
    let lacks: Vec<Hash> = (0..hers.entries()).map(|i| hers.mark(i).hash).collect();
    let hers = hers.document();
    let (steps, frames, told) = flood.cost(|flood| {
        for n in 0..2_000 {
            for marks in [&marks[n % 64..n % 64 + 64], &[]] {
                let (marks, lacks) = (marks.to_vec(), Vec::new());
                flood.say(&Frame::Have(Have {
                    document,
                    marks,
                    lacks,
                }));
            }
            flood.say(&Frame::Have(Have {
                document: hers,
                marks: Vec::new(),
                lacks: lacks.clone(),
            }));
            flood.acknowledge();
        }
    });
    assert!(steps < 40_000, "{steps} steps");
    assert!(frames < 100 && told < 100, "{frames} frames, {told} told");
}

#[test]
fn frames_that_bring_nothing_tell_nobody_to_look_again() {
    let mut flood = branches();
    let couple = flood.sim.node(1).couple().unwrap();
    let document = couple.book(Who::Me).document();
    let entries = vec![couple.to_send(Who::Me, 0)];
    let again = [
        Frame::Entries(Entries { document, entries }),
        Frame::Entries(Entries {
            document,
            entries: Vec::new(),
        }),
    ];
    let (_, _, told) = flood.cost(|flood| {
        for _ in 0..1_000 {
            again.iter().for_each(|frame| flood.say(frame));
        }
    });
    assert!(told < 10, "{told}");
}

#[test]
fn the_last_of_many_words_of_what_is_held_is_looked_at_in_the_end() {
    let mut sim = Sim::paired(902);
    for p in 0..2 {
        add(&mut sim, p, "thanks", json!({"did": "x"}), json!({}));
    }
    sim.settle();
    sim.cut();
    sim.request(0, propose("Visits")).unwrap();
    sim.connect();
    sim.deliver(0); // his hello, and nothing else of his
    let couple = sim.node(0).couple().unwrap();
    let has = |who: Who, from: usize| {
        let book = couple.book(who);
        let marks = (from..book.entries()).map(|index| book.mark(index));
        Frame::Have(Have {
            document: book.document(),
            marks: marks.collect(),
            lacks: Vec::new(),
        })
    };
    let [his, nothing, all] = [
        has(Who::Partner, 0),
        has(Who::Me, couple.book(Who::Me).entries()),
        has(Who::Me, 0),
    ];
    let mut flood = Flood::of(sim);
    flood.say(&his);
    for _ in 0..1_000 {
        flood.say(&nothing);
    }
    flood.say(&all);
    let mut sim = flood.sim;
    for _ in 0..20 {
        sim.pass(100);
    }
    let status = sim.request(0, Request::Status {}).unwrap();
    assert_eq!(status["partner_has_all"], true, "{status:#}");
}
