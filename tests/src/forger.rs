//! A hostile partner's pen: entries that no honest daemon writes.

use crate::histories::request;
use serde_json::{Value, json};
use troth_core::sim::Sim;
use troth_proto::ids::Who;
use troth_proto::wire::{Document, Entries, Entry, Frame, Op, SealedEntry, Words, entry_hash};
use troth_proto::{AssertionId, CoupleId, Hash};

/// Ben's daemon, replaced: it knows everything Ben knows, and writes what it likes.
#[derive(Clone)]
pub struct Forger {
    /// The couple.
    pub couple: CoupleId,
    /// Ben's book.
    pub document: Document,
    /// Ana's.
    pub anas: Document,
    /// The highest number in his book.
    pub n: u64,
    /// What the next entry is written on.
    pub after: Vec<Hash>,
    /// The last thing she proposed.
    pub anas_version: Hash,
    /// And of which agreement it is.
    pub anas_agreement: Value,
    /// The last thing he proposed.
    pub own_version: Hash,
    /// His part in his own agreement, said last.
    pub own_part: Hash,
    /// What he proposed first, in another agreement.
    pub own_other: Hash,
    /// The id of what he proposed.
    pub own_id: AssertionId,
    /// How many ids were used.
    pub ids: u16,
}

impl Forger {
    /// In the place of Ben.
    pub fn of(sim: &Sim) -> Self {
        let couple = sim.node(1).couple().unwrap();
        let (mine, hers) = (couple.book(Who::Me), couple.book(Who::Partner));
        let own = mine.said().rev().find(|said| said.is_version).unwrap();
        let first = mine.said().find(|said| said.is_version).unwrap();
        let (part, last) = (mine.said().last().unwrap(), hers.said().last().unwrap());
        let head: Value = serde_json::from_str(last.head).unwrap();
        Self {
            couple: couple.id,
            document: mine.document(),
            anas: hers.document(),
            n: mine.highest(),
            after: mine.tips().iter().map(|tip| tip.hash).collect(),
            anas_version: last.hash,
            anas_agreement: head["body"]["agreement"].clone(),
            own_version: own.hash,
            own_part: part.hash,
            own_other: first.hash,
            own_id: own.id,
            ids: 0,
        }
    }

    /// An assertion of a kind; what is null in `more` is left out.
    pub fn op(&mut self, kind: &str, body: Value, more: Value) -> Op {
        self.ids += 1;
        let mut id = [0xbe; 16];
        id[..2].copy_from_slice(&self.ids.to_be_bytes());
        let id = AssertionId(id);
        let mut head = json!({"id": id, "kind": kind, "on": "2026-11-22", "body": body});
        for (key, of) in more.as_object().unwrap() {
            head[key] = of.clone();
            if of.is_null() {
                head.as_object_mut().unwrap().remove(key);
            }
        }
        Op {
            kind: Op::PUT,
            key: id,
            head: head.to_string(),
            words: Words::Here(String::new()),
        }
    }

    /// An entry at the end of his book.
    pub fn entry(&self, ops: Vec<Op>) -> Entry {
        Entry {
            n: self.n + 1,
            after: self.after.clone(),
            ops,
        }
    }

    /// The same with its hash, and a seal of nobody.
    pub fn seal(&self, document: &Document, entry: Entry) -> SealedEntry {
        let hash = entry_hash(self.couple, document, &entry);
        SealedEntry {
            entry,
            hash,
            seal: Hash([1; 32]),
        }
    }

    /// The same, and what comes next is written on it.
    pub fn next(&mut self, op: Op) -> SealedEntry {
        let entry = self.entry(vec![op]);
        let sealed = self.seal(&self.document, entry);
        (self.n, self.after) = (sealed.entry.n, vec![sealed.hash]);
        sealed
    }

    /// Entries of his book in a frame.
    pub fn frame(&self, entries: Vec<SealedEntry>) -> Vec<u8> {
        let document = self.document;
        Frame::Entries(Entries { document, entries }).write()
    }
}

/// Two who have proposed something each, he twice and with a part in the second, and the forger in the place of Ben.
pub fn scene() -> (Sim, Forger) {
    let mut sim = Sim::paired(21);
    let mut last = Value::Null;
    for (p, topic) in [(0, "Home"), (1, "Shed"), (1, "Garden")] {
        let words = json!({"topic": topic, "does": {"me": "I cook."}});
        last = sim.request(p, request("agreement_propose", words)).unwrap();
    }
    // Before he has seen anything of hers.
    let part = json!({"agreement": last["agreement"], "text": "I dig."});
    sim.request(1, request("agreement_my_part", part)).unwrap();
    sim.settle();
    let forger = Forger::of(&sim);
    (sim, forger)
}
