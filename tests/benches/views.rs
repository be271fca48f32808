//! What a partner can make dear at every limit: views of one agreement, and books that fall into branches. In memory; the
//! figures of whole programs are in `speed`.

#![allow(clippy::unwrap_used, clippy::print_stdout, missing_docs)]

use serde_json::{Value, json};
use std::time::{Duration, Instant};
use troth_core::agreement::View;
use troth_core::books::couple::Couple;
use troth_core::books::gate::admit;
use troth_proto::ids::Who;
use troth_proto::wire::{Document, Entry, Op, SealedEntry, Words, entry_hash};
use troth_proto::{AgreementId, AssertionId, CoupleId, Hash, PersonId, assertion, limits};

const COUPLE: CoupleId = CoupleId([1; 16]);
const PERSONS: [PersonId; 2] = [PersonId([2; 16]), PersonId([3; 16])];
const AGREEMENT: AgreementId = AgreementId([4; 16]);

/// Two books that are written by hand.
struct Writer {
    couple: Couple,
    ids: u64,
}

impl Writer {
    fn new() -> Self {
        Self {
            couple: Couple::new(COUPLE, PERSONS[0], PERSONS[1]),
            ids: 0,
        }
    }

    fn entry(
        &mut self,
        who: Who,
        kind: &str,
        body: &Value,
        seen: &[Hash],
        after: Vec<(u64, Hash)>,
    ) -> (SealedEntry, Hash) {
        self.ids += 1;
        let mut id = [0; 16];
        id[..8].copy_from_slice(&self.ids.to_be_bytes());
        id[8] = who as u8;
        let id = AssertionId(id);
        let head = json!({"id": id, "kind": kind, "on": "2026-11-22", "seen": seen, "body": body})
            .to_string();
        let author = PERSONS[who as usize];
        let hash = assertion::hash(COUPLE, author, head.as_bytes(), &assertion::words_hash(""));
        let mut hashes: Vec<Hash> = after.iter().map(|(_, hash)| *hash).collect();
        hashes.sort();
        let entry = Entry {
            n: after.iter().map(|(n, _)| *n).max().unwrap_or(0) + 1,
            after: hashes,
            ops: vec![Op {
                kind: Op::PUT,
                key: id,
                head,
                words: Words::Here(String::new()),
            }],
        };
        let entry_hash = entry_hash(COUPLE, &Document::Book(author), &entry);
        (
            SealedEntry {
                entry,
                hash: entry_hash,
                seal: Hash([0; 32]),
            },
            hash,
        )
    }

    fn write_on(
        &mut self,
        who: Who,
        kind: &str,
        body: &Value,
        seen: &[Hash],
        after: Vec<(u64, Hash)>,
    ) -> ((u64, Hash), Hash) {
        let (sealed, hash) = self.entry(who, kind, body, seen, after);
        let mark = (sealed.entry.n, sealed.hash);
        admit(
            &mut self.couple,
            &Document::Book(PERSONS[who as usize]),
            None,
            &[sealed],
        )
        .unwrap();
        (mark, hash)
    }

    fn write(&mut self, who: Who, kind: &str, body: &Value, seen: &[Hash]) -> Hash {
        let tips = self
            .couple
            .book(who)
            .tips()
            .iter()
            .map(|t| (t.n, t.hash))
            .collect();
        self.write_on(who, kind, body, seen, tips).1
    }

    fn version(&mut self, who: Who, base: &[Hash], same: u8, seen: &[Hash]) -> Hash {
        let mut base = base.to_vec();
        base.sort();
        base.dedup();
        let body = json!({"agreement": AGREEMENT, "base": base, "same": Hash([same; 32])});
        self.write(who, "version", &body, seen)
    }

    fn report(&self, what: &str) {
        let thread = self.couple.thread(&AGREEMENT).unwrap();
        let mut times: Vec<Duration> = (0..9)
            .map(|_| {
                let begun = Instant::now();
                let view = View::of(&thread.moves, None);
                assert!(!view.versions.is_empty());
                begun.elapsed()
            })
            .collect();
        times.sort();
        println!(
            "{what:<66} {:>8.2} ms   {} acts",
            times[4].as_secs_f64() * 1e3,
            thread.moves.len()
        );
    }
}

const BOTH: [Who; 2] = [Who::Me, Who::Partner];

/// Versions with as many bases as there may be, each answered by a yes or a step back, all seen by both.
fn based(acts: usize, base: usize, what: &str) {
    let mut writer = Writer::new();
    let (mut versions, mut last): (Vec<Hash>, [Vec<Hash>; 2]) = (Vec::new(), [vec![], vec![]]);
    for n in 0..acts {
        for who in BOTH {
            let seen = last[who.other() as usize].clone();
            let hash = if n % 2 == 0 || versions.is_empty() {
                let from = versions.len().saturating_sub(base);
                let hash = writer.version(who, &versions[from..], 0, &seen);
                versions.push(hash);
                hash
            } else {
                let named = versions[versions.len() - 1 - usize::from(who == Who::Me)];
                let back = n % 8 == 7;
                let body = if back {
                    json!({"from": {"version": named}})
                } else {
                    json!({"version": named})
                };
                writer.write(who, if back { "step_back" } else { "yes" }, &body, &seen)
            };
            last[who as usize] = vec![hash];
        }
    }
    writer.report(what);
}

/// The very same words again and again, by two who do not see each other; then yeses.
fn twins(acts: usize, wordings: usize, what: &str) {
    let mut writer = Writer::new();
    let first = writer.version(Who::Me, &[], 0, &[]);
    let mut all = [vec![], vec![]];
    for n in 0..acts / 2 {
        for who in BOTH {
            let seen = if n == 0 && who == Who::Partner {
                vec![first]
            } else {
                vec![]
            };
            all[who as usize].push(writer.version(who, &[first], 1 + (n % wordings) as u8, &seen));
        }
    }
    let last = [*all[0].last().unwrap(), *all[1].last().unwrap()];
    for n in 0..acts / 2 - 2 {
        for who in BOTH {
            let other = who.other() as usize;
            let seen = if n == 0 { vec![last[other]] } else { vec![] };
            let body = json!({"version": all[other][n % all[other].len()]});
            writer.write(who, "yes", &body, &seen);
        }
    }
    writer.report(what);
}

/// Each act in a branch of its own.
fn branched(what: &str) {
    let mut writer = Writer::new();
    let first = writer.version(Who::Me, &[], 0, &[]);
    let tip = writer.couple.book(Who::Me).tips()[0];
    let body = json!({"version": first});
    for n in 0..limits::ACTS_TAKEN - 1 {
        writer.write_on(
            Who::Me,
            "step_back",
            &json!({"from": {"version": first}}),
            &[],
            vec![(tip.n, tip.hash)],
        );
        writer.write_on(Who::Partner, "yes", &body, &[first], vec![]);
        let _ = n;
    }
    writer.report(what);
}

/// 10,000 entries in one line, and in 100 branches of 100.
fn books() {
    for branches in [1usize, 100] {
        let mut writer = Writer::new();
        let mut tips: Vec<Vec<(u64, Hash)>> = vec![vec![]; branches];
        let mut entries = Vec::new();
        for _ in 0..10_000 / branches {
            for tip in &mut tips {
                // As many in each as count.
                let mut agreement = AgreementId([9; 16]);
                agreement.0[0] = (entries.len() / 500) as u8;
                let body = json!({"agreement": agreement, "base": [], "same": Hash([0; 32])});
                let (sealed, _) = writer.entry(Who::Partner, "version", &body, &[], tip.clone());
                *tip = vec![(sealed.entry.n, sealed.hash)];
                entries.push(sealed);
            }
        }
        let begun = Instant::now();
        for part in entries.chunks(200) {
            admit(&mut writer.couple, &Document::Book(PERSONS[1]), None, part).unwrap();
        }
        let all = writer.couple.all();
        assert_eq!(all.size(), 10_000);
        println!(
            "{:<66} {:>8.2} ms",
            format!("10,000 entries let in, {branches} branch(es)"),
            begun.elapsed().as_secs_f64() * 1e3
        );
    }
}

fn main() {
    based(
        limits::ACTS_WRITTEN,
        32,
        "at the limits of writing, 32 bases each",
    );
    based(
        limits::ACTS_TAKEN,
        32,
        "at the limits of taking, 32 bases each",
    );
    based(limits::ACTS_TAKEN, 1, "at the limits of taking, one line");
    twins(
        limits::ACTS_WRITTEN,
        1,
        "at the limits of writing, all twins",
    );
    twins(limits::ACTS_TAKEN, 1, "at the limits of taking, all twins");
    twins(
        limits::ACTS_TAKEN,
        200,
        "at the limits of taking, many wordings of twins",
    );
    branched("at the limits of taking, each act in a branch of its own");
    books();
}
