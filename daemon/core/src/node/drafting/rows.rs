//! The rows of drafts on the disk: how runs of entries are written, merged and read.

use super::{Draft, Node, Now};
use crate::books::rows::{Row, Write};
use crate::draft::Owners;
use std::collections::BTreeSet;
use troth_proto::draft::SealedDraft;
use troth_proto::{DraftId, limits, wire};

/// A row as it came off the disk: which draft's, its number, and what it holds.
pub(super) type RawRun = (DraftId, u64, Vec<SealedDraft>);

/// A run that is shorter than this is merged with others in quiet times; so many short ones are left alone.
const LONG: u32 = 64 * 1024;
const FEW: usize = 16;

impl Node {
    /// Puts what drafts gained on the disk, as one run each.
    pub(in crate::node) fn write_draft_runs(&mut self, now: Now) {
        let Ok(owners) = self.owners() else { return };
        for (draft, it) in &mut self.drafts.open {
            if it.saved == it.log.len() {
                continue;
            }
            let new: Vec<usize> = (it.saved..it.log.len()).collect();
            it.saved = it.log.len();
            for part in new.chunks(limits::ENTRY_OPS) {
                let run = it.next_run();
                write_run(&mut self.out.writes, *draft, it, &owners, run, part);
            }
            self.out.told = true;
            self.disk.tidy_soon(now);
        }
    }

    /// Rewrites many short runs of a draft as one. Says whether there was anything to do.
    pub(in crate::node) fn tidy_drafts(&mut self) {
        let Ok(owners) = self.owners() else { return };
        for (draft, it) in &mut self.drafts.open {
            let short = it
                .runs
                .iter()
                .filter(|(run, bytes)| **bytes < LONG && !it.damaged.contains(run));
            let short: BTreeSet<u64> = short.map(|(run, _)| *run).collect();
            if short.len() < FEW {
                continue;
            }
            let entries = (0..it.log.len()).filter(|i| short.contains(&it.log.run_of(*i)));
            let entries: Vec<usize> = entries.collect();
            for run in &short {
                it.runs.remove(run);
                self.out.writes.push(Write::Drop(Row::Draft(*draft, *run)));
            }
            for part in entries.chunks(limits::ENTRY_OPS) {
                let run = it.next_run().max(short.last().map_or(1, |run| run + 1));
                write_run(&mut self.out.writes, *draft, it, &owners, run, part);
            }
        }
    }

    /// Once the books are read: which drafts are open, and what was typed in them. Says how many rows hold something that
    /// cannot be let in.
    pub(in crate::node) fn load_drafts(&mut self) -> u64 {
        let Some(couple) = &self.couple else { return 0 };
        let open = couple.drafts().filter(|(_, thread)| !thread.is_closed());
        let open: Vec<DraftId> = open.map(|(id, _)| *id).collect();
        // Those with words here first, all of them: whatever the other begins, they stay.
        let written: BTreeSet<DraftId> = self.drafts.read.iter().map(|(id, ..)| *id).collect();
        let (first, others): (Vec<_>, Vec<_>) = open.iter().partition(|id| written.contains(id));
        for draft in first {
            self.drafts.open.insert(draft, Draft::new(draft));
        }
        for draft in others {
            if self.follows(&draft) {
                self.drafts.open.insert(draft, Draft::new(draft));
            }
        }
        let Ok(owners) = self.owners() else { return 0 };
        let mut entries: Vec<(u64, DraftId, u64, SealedDraft)> = Vec::new();
        for (draft, run, all) in std::mem::take(&mut self.drafts.read) {
            if let Some(it) = self.drafts.open.get_mut(&draft) {
                it.runs.insert(run, wire::encode(&all).len() as u32);
                entries.extend(all.into_iter().map(|it| (it.entry.n, draft, run, it)));
            } else {
                // A crash came between closing and forgetting, or it is more than is followed.
                let closed = self.couple.as_ref().and_then(|couple| couple.draft(&draft));
                if closed.is_some_and(|thread| thread.is_closed()) {
                    self.out.writes.push(Write::Drop(Row::Draft(draft, run)));
                }
            }
        }
        entries.sort_by_key(|(n, draft, _, sealed)| (*draft, *n, sealed.hash));
        let mut damaged = 0;
        for (_, draft, run, sealed) in entries {
            let Some(it) = self.drafts.open.get_mut(&draft) else {
                continue;
            };
            let let_in = it.log.admit(&owners, None, &[sealed], ([0; 2], run));
            if let Err(refusal) = let_in {
                tracing::error!(%refusal, "an entry of a draft on the disk is damaged");
                damaged += u64::from(it.damaged.insert(run));
            }
            it.saved = it.log.len();
        }
        damaged
    }
}

fn write_run(
    writes: &mut Vec<Write>,
    draft: DraftId,
    it: &mut Draft,
    owners: &Owners,
    run: u64,
    entries: &[usize],
) {
    let sealed: Vec<SealedDraft> = entries.iter().map(|i| it.log.entry(owners, *i)).collect();
    let bytes = wire::encode(&sealed);
    for index in entries {
        it.log.set_run(*index, run);
    }
    it.runs.insert(run, bytes.len() as u32);
    writes.push(Write::Put(Row::Draft(draft, run), bytes));
}
