//! A draft as a set of entries of both, and the gate before it (PROTOCOL §2, §5).
//!
//! Which text the entries make is [`loom`]'s to say, by automerge; nothing reaches it that has not passed here.

pub mod loom;

use crate::books::book::beginning;
use crate::books::gate::{Refusal, Seals};
use crate::books::past::{Beside, Branch, Past, Place};
use loom::Strand;
use smallvec::SmallVec;
use std::collections::BTreeSet;
use std::ops::Range;
use troth_proto::draft::{DraftEntry, Element, SealedDraft, Typed};
use troth_proto::ids::Who;
use troth_proto::wire::{self, Mark};
use troth_proto::{CoupleId, DraftId, Hash, PersonId, limits};
use zeroize::Zeroize;

/// What a draft's entries are checked against: whose they may be.
#[derive(Debug, Clone, Copy)]
pub struct Owners {
    /// The couple.
    pub couple: CoupleId,
    /// The looker, then the partner.
    pub persons: [PersonId; 2],
}

impl Owners {
    fn who(&self, person: PersonId) -> Option<Who> {
        [Who::Me, Who::Partner]
            .into_iter()
            .find(|who| self.persons[*who as usize] == person)
    }
}

/// One entry as it is kept. Its operations are among the bytes of all.
#[derive(Debug)]
struct Kept {
    hash: Hash,
    seal: Hash,
    n: u32,
    place: Place,
    beside: Beside,
    after: SmallVec<[u32; 2]>,
    ops: Range<u32>,
    /// How many characters it typed.
    typed: u16,
    /// How many it typed and took out.
    size: u16,
    /// What it costs of [`limits::DRAFTS_BYTES`], its past included where it is one of its own.
    cost: u32,
    /// The row on the disk that holds it; zero if none does yet.
    run: u64,
}

/// The entries of one draft, in the order in which they came: a causal one.
#[derive(Debug)]
pub struct Log {
    id: DraftId,
    entries: Vec<Kept>,
    bytes: Vec<u8>,
    by_hash: BTreeSet<(u64, u32)>,
    tips: BTreeSet<u32>,
    /// The entries of each branch, of each of the two.
    branches: [Vec<Vec<u32>>; 2],
    /// Characters that each of the two typed and took out.
    size: [usize; 2],
    cost: [u64; 2],
}

impl Drop for Log {
    fn drop(&mut self) {
        self.bytes.zeroize();
    }
}

impl Log {
    /// Nothing typed yet.
    #[must_use]
    pub fn new(id: DraftId) -> Self {
        Self {
            id,
            entries: Vec::new(),
            bytes: Vec::new(),
            by_hash: BTreeSet::new(),
            tips: BTreeSet::new(),
            branches: [Vec::new(), Vec::new()],
            size: [0; 2],
            cost: [0; 2],
        }
    }

    /// How many entries there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Characters that one of the two typed and took out.
    #[must_use]
    pub fn size(&self, who: Who) -> usize {
        self.size[who as usize]
    }

    /// What of it, by each of the two, costs of [`limits::DRAFTS_BYTES`].
    #[must_use]
    pub fn cost(&self) -> [u64; 2] {
        self.cost
    }

    /// An entry by its hash.
    #[must_use]
    pub fn index_of(&self, hash: &Hash) -> Option<usize> {
        let first = beginning(hash);
        let mut alike = self.by_hash.range((first, 0)..=(first, u32::MAX));
        alike.find_map(|(_, i)| (self.entries[*i as usize].hash == *hash).then_some(*i as usize))
    }

    /// Whose an entry is.
    #[must_use]
    pub fn whose(&self, index: usize) -> Who {
        self.entries[index].place.branch.whose()
    }

    /// Where an entry is.
    #[must_use]
    pub fn place(&self, index: usize) -> Place {
        self.entries[index].place
    }

    /// The row that holds an entry.
    #[must_use]
    pub fn run_of(&self, index: usize) -> u64 {
        self.entries[index].run
    }

    /// Notes the row that holds an entry.
    pub fn set_run(&mut self, index: usize, run: u64) {
        self.entries[index].run = run;
    }

    fn mark(&self, index: usize) -> Mark {
        let it = &self.entries[index];
        Mark {
            n: u64::from(it.n),
            hash: it.hash,
        }
    }

    /// Entries that no other is written on, the highest first.
    #[must_use]
    pub fn tips(&self) -> Vec<Mark> {
        let mut tips: Vec<Mark> = self.tips.iter().map(|i| self.mark(*i as usize)).collect();
        tips.sort_by(|a, b| b.cmp(a));
        tips
    }

    /// The tips that the next entry of one of the two is written on: their own first, so that one line stays one, whatever the
    /// other branches into.
    #[must_use]
    pub fn tips_for(&self, who: Who) -> Vec<Mark> {
        let mut tips = self.tips();
        let theirs =
            |tip: &Mark| self.index_of(&tip.hash).map(|index| self.whose(index)) != Some(who);
        tips.sort_by_key(theirs);
        tips.truncate(limits::ENTRY_AFTER);
        tips
    }

    /// The tips, then entries 1, 2, 4 … back as they came, and the first.
    #[must_use]
    pub fn marks(&self) -> Vec<Mark> {
        let mut marks = self.tips();
        marks.truncate(limits::MARKS / 2);
        let (n, mut back) = (self.len(), 1);
        while back < n {
            marks.push(self.mark(n - 1 - back));
            back *= 2;
        }
        if n > 0 {
            marks.push(self.mark(0));
        }
        marks.truncate(limits::MARKS);
        marks
    }

    /// Where the branches of one of the two end.
    pub fn ends(&self, who: Who) -> impl Iterator<Item = Place> {
        let branches = self.branches[who as usize].iter();
        let last = branches.filter_map(|branch| branch.last());
        last.map(|index| self.place(*index as usize))
    }

    fn past_of(&self, index: usize) -> Past {
        let it = &self.entries[index];
        Past::at(it.place, &it.beside)
    }

    /// Everything under entries that are held, and the entries.
    #[must_use]
    pub fn under<'a>(&self, hashes: impl IntoIterator<Item = &'a Hash>) -> Past {
        let mut past = Past::empty();
        for index in hashes.into_iter().filter_map(|hash| self.index_of(hash)) {
            past = past.union(&self.past_of(index).and(self.place(index)));
        }
        past
    }

    /// The entries that together name a past.
    #[must_use]
    pub fn marks_of(&self, past: &Past) -> Vec<Mark> {
        let found = past.prefixes().filter_map(|(branch, n)| self.at(branch, n));
        found.map(|index| self.mark(index)).collect()
    }

    /// The last of so many entries of a branch.
    fn at(&self, branch: Branch, n: u32) -> Option<usize> {
        let all = self.branches[branch.whose() as usize].get(branch.number())?;
        Some(*all.get((n as usize).checked_sub(1)?)? as usize)
    }

    /// An entry as it travels, and as it stands on the disk.
    #[must_use]
    pub fn entry(&self, owners: &Owners, index: usize) -> SealedDraft {
        let it = &self.entries[index];
        let mut after: Vec<Hash> = it
            .after
            .iter()
            .map(|i| self.entries[*i as usize].hash)
            .collect();
        after.sort_unstable();
        SealedDraft {
            entry: DraftEntry {
                by: owners.persons[self.whose(index) as usize],
                n: u64::from(it.n),
                after,
                form: DraftEntry::FORM,
                ops: self.bytes[it.ops.start as usize..it.ops.end as usize].to_vec(),
            },
            hash: it.hash,
            seal: it.seal,
        }
    }

    /// Bytes of an entry in a frame.
    #[must_use]
    pub fn entry_bytes(&self, index: usize) -> usize {
        let it = &self.entries[index];
        it.ops.len() + 32 * it.after.len() + 96
    }

    /// An entry as it is woven into the text.
    #[must_use]
    pub fn strand(&self, owners: &Owners, index: usize) -> Strand {
        let sealed = self.entry(owners, index);
        Strand {
            by: sealed.entry.by,
            hash: sealed.hash,
            typed: sealed.entry.typed().unwrap_or_default(),
            after: sealed.entry.after,
            prev: self.own_before(index),
        }
    }

    /// The last thing its writer wrote before an entry: of several branches the highest by (n, hash).
    fn own_before(&self, index: usize) -> Option<Hash> {
        let (past, who) = (self.past_of(index), self.whose(index));
        let own = past.prefixes().filter(|(branch, _)| branch.whose() == who);
        let last = own.filter_map(|(branch, n)| self.at(branch, n));
        let last = last.map(|index| self.mark(index)).max();
        last.map(|mark| mark.hash)
    }

    /// Own characters in entries that the partner never had, in the order in which they were typed, without those that were
    /// taken out again.
    #[must_use]
    pub fn own_without(&self, owners: &Owners, has: &Past) -> String {
        let mut gone: BTreeSet<Element> = BTreeSet::new();
        let mut typed: Vec<(Option<Element>, Hash, String)> = Vec::new();
        for index in 0..self.len() {
            let sealed = self.entry(owners, index);
            let own = self.whose(index) == Who::Me && !has.holds(self.place(index));
            for it in sealed.entry.typed().unwrap_or_default() {
                match it {
                    Typed::Insert { after, text } if own => typed.push((after, sealed.hash, text)),
                    Typed::Insert { .. } => {}
                    Typed::Delete { from, count } => {
                        gone.extend((0..count).map(|i| from.plus(i)));
                    }
                }
            }
        }
        let mut out = String::new();
        let (mut last, mut counts): (Option<Element>, std::collections::BTreeMap<Hash, u32>) =
            Default::default();
        for (after, entry, text) in typed {
            if !out.is_empty() && after != last {
                out.push('\n');
            }
            let count = counts.entry(entry).or_default();
            for c in text.chars() {
                let element = Element {
                    entry,
                    before: *count,
                };
                *count += 1;
                last = Some(element);
                if !gone.contains(&element) {
                    out.push(c);
                }
            }
        }
        out.trim().to_owned()
    }

    /// Lets entries in, each after those it is written on, or none of them. Those that are held already are passed over.
    /// `room`: bytes that all drafts by each may still cost; `run`: the row on the disk that they are from, or zero. What is on the
    /// disk was counted once.
    ///
    /// # Errors
    /// The first [`Refusal`]; the draft is as before.
    pub fn admit(
        &mut self,
        owners: &Owners,
        keys: Option<&Seals<'_>>,
        entries: &[SealedDraft],
        (room, run): ([u64; 2], u64),
    ) -> Result<usize, Refusal> {
        let before = self.len();
        let most = [0, 1].map(|who| self.cost[who].saturating_add(room[who]));
        for sealed in entries {
            if let Err(refusal) = self.admit_one(owners, keys, sealed, (most, run)) {
                self.truncate(before);
                return Err(refusal);
            }
        }
        Ok(self.len() - before)
    }

    fn admit_one(
        &mut self,
        owners: &Owners,
        keys: Option<&Seals<'_>>,
        sealed: &SealedDraft,
        (most, run): ([u64; 2], u64),
    ) -> Result<(), Refusal> {
        let entry = &sealed.entry;
        let over = entry.ops.len() > limits::ENTRY_BYTES
            || entry.after.len() > limits::ENTRY_AFTER
            || entry.n > limits::ENTRY_NUMBER;
        if over {
            return Err(Refusal::Limit);
        }
        let who = owners.who(entry.by).ok_or(Refusal::Document)?;
        if entry.n == 0 || !entry.after.is_sorted_by(|a, b| a < b) {
            return Err(Refusal::Order);
        }
        if entry.form != DraftEntry::FORM {
            return Err(Refusal::NewerOperation);
        }
        if entry.hash(owners.couple, &self.id) != sealed.hash {
            return Err(Refusal::Hash);
        }
        if self.index_of(&sealed.hash).is_some() {
            return Ok(());
        }
        let unsealed = |keys: &Seals<'_>| !keys.fit(owners.couple, &sealed.hash, &sealed.seal);
        if who == Who::Me && keys.is_some_and(unsealed) {
            return Err(Refusal::Seal);
        }
        let after: Option<SmallVec<[u32; 2]>> = entry
            .after
            .iter()
            .map(|hash| self.index_of(hash).map(|i| i as u32))
            .collect();
        let after = after.ok_or(Refusal::Missing)?;
        let numbers = after.iter().map(|i| self.entries[*i as usize].n);
        if entry.n != u64::from(numbers.max().unwrap_or(0)) + 1 {
            return Err(Refusal::Order);
        }
        let ends = after.iter().map(|index| *index as usize);
        let past = Past::of_all(ends.map(|index| self.past_of(index).and(self.place(index))));
        let branch = self.branch_for(who, &past);
        let counted = run == 0;
        if counted && branch.number() >= limits::DRAFT_BRANCHES {
            return Err(Refusal::Limit);
        }
        let past = past.ending_in(branch);
        let typed = entry.typed().ok_or(Refusal::Malformed)?;
        let (inserted, size) = self.measure(&typed, &past)?;
        if counted && self.size[who as usize] + size > limits::DRAFT_OPS {
            return Err(Refusal::Limit);
        }
        let shares = after
            .iter()
            .any(|i| self.past_of(*i as usize).shares_with(&past));
        let beside = if shares { 0 } else { past.bytes() as u64 };
        let cost = entry.cost() + beside;
        if counted && self.cost[who as usize] + cost > most[who as usize] {
            return Err(Refusal::Limit);
        }
        let index = self.entries.len() as u32;
        for before in &after {
            self.tips.remove(before);
        }
        self.tips.insert(index);
        self.by_hash.insert((beginning(&sealed.hash), index));
        let branches = &mut self.branches[who as usize];
        if branches.len() == branch.number() {
            branches.push(Vec::new());
        }
        let all = &mut branches[branch.number()];
        let before = all.len() as u32;
        all.push(index);
        let from = self.bytes.len() as u32;
        self.bytes.extend(&entry.ops);
        self.size[who as usize] += size;
        self.cost[who as usize] += cost;
        self.entries.push(Kept {
            hash: sealed.hash,
            seal: sealed.seal,
            n: entry.n as u32,
            place: Place { branch, before },
            beside: past.beside(),
            after,
            ops: from..self.bytes.len() as u32,
            typed: inserted as u16,
            size: size as u16,
            cost: cost as u32,
            run,
        });
        Ok(())
    }

    /// The branch of its writer's that an entry with this past goes on with: the longest that lies whole in it, else a new
    /// one.
    fn branch_for(&self, who: Who, past: &Past) -> Branch {
        let branches = &self.branches[who as usize];
        let whole = (0..branches.len()).filter(|n| {
            let branch = Branch::new(who, *n as u16);
            past.of_branch(branch) as usize == branches[*n].len()
        });
        let n = whole.max_by_key(|n| branches[*n].last());
        Branch::new(who, n.unwrap_or(branches.len()) as u16)
    }

    /// How many characters are typed, and how many typed and taken out: everything named lies in the past, nothing is taken
    /// out twice.
    fn measure(&self, typed: &[Typed], past: &Past) -> Result<(usize, usize), Refusal> {
        if typed.is_empty() {
            return Err(Refusal::Malformed);
        }
        let held = |entry: &Hash, before: u32, count: u32| {
            let index = self.index_of(entry).ok_or(Refusal::Missing)?;
            let it = &self.entries[index];
            if !past.holds(it.place) {
                return Err(Refusal::Missing);
            }
            let end = before.checked_add(count).ok_or(Refusal::Malformed)?;
            if end > u32::from(it.typed) {
                return Err(Refusal::Malformed);
            }
            Ok(index as u32)
        };
        let (mut inserted, mut size) = (0, 0);
        let mut gone: Vec<(u32, u32, u32)> = Vec::new();
        for it in typed {
            match it {
                Typed::Insert { after, text } => {
                    if text.is_empty() || !limits::text_fits(text, limits::ENTRY_OPS) {
                        return Err(Refusal::Malformed);
                    }
                    if let Some(after) = after {
                        held(&after.entry, after.before, 1)?;
                    }
                    inserted += it.size();
                }
                Typed::Delete { from, count } => {
                    if *count == 0 || *count as usize > limits::ENTRY_OPS {
                        return Err(Refusal::Malformed);
                    }
                    let index = held(&from.entry, from.before, *count)?;
                    gone.push((index, from.before, from.before + count));
                }
            }
            size += it.size();
        }
        if size > limits::ENTRY_OPS {
            return Err(Refusal::Limit);
        }
        gone.sort_unstable();
        let twice = |two: &[(u32, u32, u32)]| two[0].0 == two[1].0 && two[1].1 < two[0].2;
        if gone.windows(2).any(twice) {
            return Err(Refusal::Key);
        }
        Ok((inserted, size))
    }

    /// Takes back everything but the first entries.
    pub fn truncate(&mut self, length: usize) {
        if length >= self.len() {
            return;
        }
        for it in self.entries.drain(length..).rev() {
            let who = it.place.branch.whose();
            self.size[who as usize] -= usize::from(it.size);
            self.cost[who as usize] -= u64::from(it.cost);
        }
        let bytes = self.entries.last().map_or(0, |it| it.ops.end as usize);
        self.bytes[bytes..].zeroize();
        self.bytes.truncate(bytes);
        self.by_hash.retain(|(_, i)| (*i as usize) < length);
        self.tips.clear();
        for branch in self.branches.iter_mut().flatten() {
            branch.retain(|index| (*index as usize) < length);
        }
        for branches in &mut self.branches {
            while branches.last().is_some_and(Vec::is_empty) {
                branches.pop();
            }
        }
        for (index, it) in self.entries.iter().enumerate() {
            for before in &it.after {
                self.tips.remove(before);
            }
            self.tips.insert(index as u32);
        }
    }

    /// What a person does here as entries to be written one after the other, each within its limits: their operations,
    /// encoded. A text that is longer than an entry goes on after its own last character, whose entry is known by then.
    #[must_use]
    pub fn parts(typed: Vec<Typed>) -> Vec<Part> {
        let (mut parts, mut part, mut size) = (Vec::new(), Part::default(), 0);
        let flush = |part: &mut Part, size: &mut usize, parts: &mut Vec<Part>| {
            if *size > 0 {
                parts.push(std::mem::take(part));
                *size = 0;
            }
        };
        for it in typed {
            match it {
                Typed::Delete { mut from, count } => {
                    let mut left = count;
                    while left > 0 {
                        if size >= limits::ENTRY_OPS {
                            flush(&mut part, &mut size, &mut parts);
                        }
                        let count = left.min((limits::ENTRY_OPS - size) as u32);
                        part.typed.push(Typed::Delete { from, count });
                        from.before += count;
                        size += count as usize;
                        left -= count;
                    }
                }
                Typed::Insert { after, text } => {
                    let chars: Vec<char> = text.chars().collect();
                    let (mut rest, mut after, mut goes_on) = (&chars[..], after, false);
                    while !rest.is_empty() {
                        // What goes on follows the very last character of the entry before.
                        if size >= limits::ENTRY_OPS || goes_on {
                            flush(&mut part, &mut size, &mut parts);
                        }
                        part.goes_on |= goes_on;
                        let (now, later) = rest.split_at(rest.len().min(limits::ENTRY_OPS - size));
                        let text: String = now.iter().collect();
                        size += now.len();
                        part.typed.push(Typed::Insert { after, text });
                        (rest, after, goes_on) = (later, None, true);
                    }
                }
            }
        }
        flush(&mut part, &mut size, &mut parts);
        parts
    }
}

/// What one entry does.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Part {
    /// In order.
    pub typed: Vec<Typed>,
    /// Its first insertion follows the last character that the entry before it typed.
    pub goes_on: bool,
}

impl Part {
    /// As it is written, once the entry before it is.
    #[must_use]
    pub fn ops(mut self, before: Option<(Hash, u32)>) -> Vec<u8> {
        if let (true, Some((entry, typed)), Some(Typed::Insert { after, .. })) =
            (self.goes_on, before, self.typed.first_mut())
        {
            *after = Some(Element {
                entry,
                before: typed.saturating_sub(1),
            });
        }
        wire::encode(&self.typed)
    }

    /// How many characters it types.
    #[must_use]
    pub fn inserts(&self) -> u32 {
        let inserted = self.typed.iter().map(|it| match it {
            Typed::Insert { text, .. } => text.chars().count() as u32,
            Typed::Delete { .. } => 0,
        });
        inserted.sum()
    }
}

#[cfg(test)]
#[allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stderr,
    clippy::disallowed_methods
)]
mod tests;
