//! How the books lie on the disk: runs of entries, written as they come, and tidied in quiet times.

use super::{Node, Now};
use crate::books::book::Length;
use crate::books::gate::Prepared;
use crate::books::rows::{Row, Write};
use std::collections::{BTreeMap, BTreeSet};
use troth_proto::ids::Who;
use troth_proto::wire::{self, SealedEntry};
use troth_proto::{Slot, wire::Document};

/// One run.
#[derive(Debug, Clone, Copy)]
pub(super) struct Run {
    pub whose: Who,
    pub bytes: u32,
    /// Some of its entries wait for others that are missing: it stays as it is.
    pub waits: bool,
    /// Some of its entries were not let in: nothing is thrown away.
    pub damaged: bool,
}

/// What is known of the disk.
#[derive(Default)]
pub(super) struct Disk {
    pub runs: BTreeMap<u64, Run>,
    /// Entries that were read and wait for others that are missing.
    pub aside: Vec<(Who, Prepared)>,
    /// Rows changed that need not be on the disk before anything is answered.
    later: BTreeSet<Row>,
    /// Rows that are saved with whatever is saved next.
    with_next: BTreeSet<Row>,
    later_at: Option<u64>,
    tidy_at: Option<u64>,
    /// A save has failed: until then nothing is written by itself.
    pub refused_until: Option<u64>,
}

/// Milliseconds after a save that failed until something is written by itself again.
const REFUSED: u64 = 15_000;
/// Milliseconds of quiet before the disk is tidied.
const QUIET: u64 = 30_000;
/// Milliseconds between two parts of a long tidying.
const BREATH: u64 = 100;
/// Milliseconds within which what need not be saved at once is saved.
const LATER: u64 = 1_000;
/// Bytes of a long run, and of short ones rewritten at once; so many short ones are left alone.
const LONG: usize = 64 * 1024;
const AT_ONCE: usize = 1024 * 1024;
const FEW: usize = 16;

impl Disk {
    pub(super) fn deadlines(&self) -> [Option<(u64, &'static str)>; 2] {
        [
            self.later_at.map(|at| (at, "save")),
            self.tidy_at.map(|at| (at, "tidy")),
        ]
    }

    /// Something was written that is tidied once it is quiet.
    pub(super) fn tidy_soon(&mut self, now: Now) {
        self.tidy_at = Some(now.mono + QUIET);
    }

    pub(super) fn refused(&mut self, now: Now) {
        self.refused_until = Some(now.mono + REFUSED);
    }

    /// Whether the disk may be asked for what no person waits for.
    pub(super) fn takes(&self, now: Now) -> bool {
        self.refused_until.is_none_or(|at| at <= now.mono)
    }

    fn next_run(&self) -> u64 {
        self.runs.last_key_value().map_or(1, |(run, _)| run + 1)
    }
}

impl Node {
    /// Puts what the books gained on the disk, as one run each.
    pub(super) fn write_runs(&mut self, now: Now, before: Option<[Length; 2]>) {
        for who in [Who::Me, Who::Partner] {
            let Some(couple) = &self.couple else { return };
            let from = before.map_or(0, |b| b[who as usize].entries());
            let to = couple.book(who).entries();
            if to <= from {
                continue;
            }
            // What came off the disk is on it.
            let new: Vec<usize> = (from..to)
                .filter(|i| couple.book(who).run_of(*i) == 0)
                .collect();
            if new.is_empty() {
                continue;
            }
            for part in self.parts(who, &new) {
                let run = self.disk.next_run();
                self.write_run(who, run, &part);
            }
            self.out.told = true;
            self.disk.tidy_soon(now);
        }
    }

    /// Entries in the parts that runs are made of: none is long, since it is written anew as a whole.
    fn parts(&self, who: Who, entries: &[usize]) -> Vec<Vec<usize>> {
        let (mut parts, mut size): (Vec<Vec<usize>>, usize) = (Vec::new(), 0);
        let Some(couple) = &self.couple else {
            return parts;
        };
        for index in entries {
            if parts.is_empty() || size >= 2 * LONG {
                parts.push(Vec::new());
                size = 0;
            }
            size += couple.book(who).entry_bytes_here(*index);
            if let Some(last) = parts.last_mut() {
                last.push(*index);
            }
        }
        parts
    }

    /// Writes a run of these entries. Says how many bytes it has.
    fn write_run(&mut self, who: Who, run: u64, entries: &[usize]) -> usize {
        let Some(couple) = &mut self.couple else {
            return 0;
        };
        let book = couple.book_mut(who);
        let sealed: Vec<SealedEntry<&str>> = entries.iter().map(|i| book.entry(*i)).collect();
        let (bytes, document) = (wire::encode(&sealed), book.document());
        book.set_run(entries, run);
        let size = bytes.len();
        let known = Run {
            whose: who,
            bytes: size as u32,
            waits: false,
            damaged: false,
        };
        self.disk.runs.insert(run, known);
        self.out
            .writes
            .push(Write::Put(Row::Run(document, run), bytes));
        size
    }

    /// Writes runs anew, as many at once as one save may hold; the others follow by themselves.
    pub(super) fn write_anew(&mut self, now: Now, mut runs: BTreeSet<u64>) {
        let mut bytes = 0;
        while bytes < super::forgetting::AT_ONCE
            && let Some(run) = runs.pop_first()
        {
            bytes += self.rewrite_run(run);
        }
        if !runs.is_empty() {
            self.write_anew_soon(now, runs);
        }
    }

    /// Writes a run anew with what its entries hold now. Says how many bytes it has.
    pub(super) fn rewrite_run(&mut self, mut run: u64) -> usize {
        let (Some(known), Some(couple)) = (self.disk.runs.get(&run), &self.couple) else {
            return 0;
        };
        let (who, waits) = (known.whose, known.waits);
        let book = couple.book(who);
        let entries = book.entries_in(run);
        if waits {
            // Those that wait keep the row; what was let in moves to one of its own, without what has left.
            let document = book.document();
            self.keep_waiting(document, run);
            run = self.disk.next_run();
        } else if entries.is_empty() {
            let row = Row::Run(book.document(), run);
            self.disk.runs.remove(&run);
            self.out.writes.push(Write::Drop(row));
            return 0;
        }
        self.write_run(who, run, &entries)
    }

    /// Writes a run anew with those of its entries that wait for others.
    fn keep_waiting(&mut self, document: Document, run: u64) {
        let aside = self.disk.aside.iter();
        let waiting = aside.filter(|(_, prepared)| prepared.run == run);
        let waiting: Vec<SealedEntry<&str>> = waiting.flat_map(|(_, p)| p.waiting()).collect();
        let bytes = wire::encode(&waiting);
        if let Some(known) = self.disk.runs.get_mut(&run) {
            known.bytes = bytes.len() as u32;
        }
        self.out
            .writes
            .push(Write::Put(Row::Run(document, run), bytes));
    }

    /// Lets in what waited for entries that have come now.
    pub(super) fn take_from_aside(&mut self, now: Now) {
        if self.disk.aside.is_empty() {
            return;
        }
        let (mut again, mut came_in) = (true, Vec::new());
        while again {
            again = false;
            for (who, prepared) in &mut self.disk.aside {
                let Some(couple) = &mut self.couple else {
                    return;
                };
                let from = couple.book(*who).entries();
                match prepared.admit(couple, *who, None, true) {
                    Ok(came) => again |= came.new > 0,
                    Err(refusal) => {
                        tracing::error!(%refusal, "an entry on the disk is damaged");
                        if let Some(run) = self.disk.runs.get_mut(&prepared.run) {
                            run.damaged = true;
                        }
                        prepared.pass_over();
                        again = true;
                    }
                }
                came_in.extend((from..couple.book(*who).entries()).map(|index| (*who, index)));
            }
        }
        for (who, index) in came_in {
            self.touch(who, index);
        }
        self.disk.aside.retain(|(_, prepared)| !prepared.is_done());
        let waiting: BTreeSet<u64> = self.disk.aside.iter().map(|(_, p)| p.run).collect();
        let mut whole = BTreeSet::new();
        for (run, known) in &mut self.disk.runs {
            if known.waits && !waiting.contains(run) {
                known.waits = false;
                // What of it came otherwise meanwhile is in another row, too: one of the two goes.
                whole.extend((!known.damaged).then_some(*run));
            }
        }
        self.write_anew(now, whole);
    }

    /// Saves a row together with the next save, or within a second.
    pub(super) fn later(&mut self, now: Now, row: Row) {
        self.disk.later.insert(row);
        self.disk.later_at.get_or_insert(now.mono + LATER);
    }

    /// Saves a row together with whatever is saved next: never by itself, but when the daemon ends.
    pub(super) fn with_next(&mut self, row: Row) {
        self.disk.with_next.insert(row);
    }

    pub(super) fn save_with_next(&mut self) {
        for row in std::mem::take(&mut self.disk.with_next) {
            self.put(row);
        }
    }

    pub(super) fn save_later_rows(&mut self) {
        self.save_with_next();
        self.disk.later_at = None;
        for row in std::mem::take(&mut self.disk.later) {
            self.put(row);
        }
    }

    /// Puts a row as it will be once the input is dealt with: however often it is put, it is written once.
    pub(super) fn put(&mut self, row: Row) {
        match row {
            // The next one may begin with the next mark.
            Row::Opened(_) => self.write_row(row),
            row => {
                self.out.rows.insert(row);
            }
        }
    }

    /// Writes all rows that were put.
    pub(super) fn write_rows(&mut self) {
        for row in std::mem::take(&mut self.out.rows) {
            self.write_row(row);
        }
    }

    fn write_row(&mut self, row: Row) {
        let bytes = match &row {
            Row::Me => wire::encode(&self.me),
            Row::Couple => wire::encode(&self.known),
            Row::Pair => wire::encode(&self.bonds),
            Row::Acked => wire::encode(&self.believed_marks()),
            Row::Notices => wire::encode(&NoticesText::of(&self.desk.notices)),
            Row::Local => {
                let private = self.private.generation();
                self.desk.local.private = private.or(self.desk.local.private);
                wire::encode(&self.desk.local)
            }
            Row::Unsaid => wire::encode(&self.desk.unsaid),
            Row::Opened(_) => wire::encode(self.desk.marks.last()),
            Row::Kept(slot) => {
                let slot = slot.parse::<Slot>().ok();
                match slot.and_then(|slot| self.desk.kept.get(&slot)) {
                    Some(kept) => wire::encode(kept),
                    None => return self.out.writes.push(Write::Drop(row)),
                }
            }
            // Runs are written where they are made; the ledger is the shell's.
            Row::Run(..) | Row::Draft(..) | Row::Ledger => return,
        };
        let before = self.out.writes.iter_mut().rev().find_map(|it| match it {
            Write::Put(written, before) if *written == row => Some(before),
            _ => None,
        });
        match before {
            Some(before) => *before = bytes,
            None => self.out.writes.push(Write::Put(row, bytes)),
        }
    }

    pub(super) fn disk_tick(&mut self, now: Now) {
        if self.disk.later_at.is_some_and(|at| at <= now.mono) {
            self.save_later_rows();
        }
        if self.disk.tidy_at.is_some_and(|at| at <= now.mono) {
            self.disk.tidy_at = self.tidy().then_some(now.mono + BREATH);
            tracing::debug!(runs = self.disk.runs.len(), "the disk was tidied");
        }
    }

    /// Rewrites many short runs as few long ones, so that the next start is quick: the oldest first, and not so many at
    /// once that anybody has to wait. Says whether some are left.
    fn tidy(&mut self) -> bool {
        self.tidy_drafts();
        let mut more = false;
        for who in [Who::Me, Who::Partner] {
            let short: Vec<(u64, usize)> = self
                .disk
                .runs
                .iter()
                .filter(|(_, run)| {
                    run.whose == who && (run.bytes as usize) < LONG && !run.waits && !run.damaged
                })
                .map(|(run, known)| (*run, known.bytes as usize))
                .collect();
            if short.len() < FEW {
                continue;
            }
            let mut bytes = 0;
            let taken = short.iter().take_while(|(_, size)| {
                bytes += size;
                bytes <= AT_ONCE
            });
            let taken: BTreeSet<u64> = taken.map(|(run, _)| *run).collect();
            more |= short.len() - taken.len() >= FEW;
            self.merge_runs(who, &taken);
        }
        more
    }

    fn merge_runs(&mut self, who: Who, taken: &BTreeSet<u64>) {
        let Some(couple) = &self.couple else { return };
        let book = couple.book(who);
        let document = book.document();
        let entries = taken.iter().flat_map(|run| book.entries_in(*run));
        let mut entries: Vec<usize> = entries.collect();
        entries.sort_unstable();
        let runs = self.parts(who, &entries);
        for run in taken {
            self.disk.runs.remove(run);
            self.out.writes.push(Write::Drop(Row::Run(document, *run)));
        }
        for entries in &runs {
            let next = self.disk.next_run();
            self.write_run(who, next, entries);
        }
    }
}

/// Notices as they are kept: postcard cannot read enums that name their kind in a field.
#[derive(serde::Serialize, serde::Deserialize)]
pub(super) struct NoticesText(String);

impl NoticesText {
    fn of(notices: &[troth_proto::notice::Notice]) -> Self {
        Self(serde_json::to_string(notices).unwrap_or_default())
    }

    pub(super) fn read(self) -> Vec<troth_proto::notice::Notice> {
        serde_json::from_str(&self.0).unwrap_or_default()
    }
}
