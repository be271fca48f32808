//! One partner's book: a set of entries, and the assertions in them. What comes into it passes [`super::gate`].

use super::past::{Beside, Branch, Past, Place};
use std::collections::{BTreeMap, BTreeSet};
use troth_proto::assertion::HeadRead;
use troth_proto::ids::Who;
use troth_proto::wire::{Document, Entry, Mark, Op, SealedEntry, Words};
use troth_proto::{AgreementId, Assertion, AssertionId, DraftId, Hash, PersonId, Slot, limits};
use zeroize::{Zeroize, Zeroizing};

/// What an assertion speaks of.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Subject {
    /// An agreement.
    Agreement(AgreementId),
    /// A sealed slot.
    Slot(Box<Slot>),
    /// A draft that both type in.
    Draft(DraftId),
    /// Something told, or opened, and all that speaks about it: whose, and its index in that book.
    Told(Who, u32),
}

/// One assertion in a book.
#[derive(Debug, Clone, Copy)]
pub struct Said<'a> {
    /// Its id.
    pub id: AssertionId,
    /// Its hash.
    pub hash: Hash,
    /// The head as its author wrote it.
    pub head: &'a str,
    /// What it speaks of; none if it counts for nothing.
    pub subject: Option<&'a Subject>,
    /// Whether it proposes words.
    pub is_version: bool,
    /// Where it is.
    pub place: Place,
    book: &'a Book,
    index: u32,
}

impl<'a> Said<'a> {
    /// What it says, if it counts.
    #[must_use]
    pub fn read(self) -> Option<Assertion> {
        self.subject?;
        crate::steps::step();
        Assertion::read(self.head.as_bytes())
    }

    /// What its author had.
    #[must_use]
    pub fn past(self) -> Past {
        Past::at(self.place, &self.record().beside)
    }

    /// The words as their author wrote them, empty for none; nothing if they are not here.
    #[must_use]
    pub fn words(self) -> Option<&'a str> {
        let (book, index) = (self.book, self.index as usize);
        if let Some(words) = book.filled.get(&self.index) {
            return Some(words);
        }
        let here = !book.absent.contains_key(&self.index);
        here.then(|| std::str::from_utf8(&book.words[book.words_at(index)]).unwrap_or_default())
    }

    /// Its index in its book.
    #[must_use]
    pub fn index(self) -> u32 {
        self.index
    }

    /// The thread of what speaks about it: its own, if it has been opened in a slot.
    #[must_use]
    pub fn thread(self) -> Subject {
        match self.subject {
            Some(Subject::Told(who, index)) => Subject::Told(*who, *index),
            _ => Subject::Told(self.book.who, self.index),
        }
    }

    fn record(self) -> &'a Record {
        &self.book.records[self.index as usize]
    }

    /// How many assertions its author had. Whatever lies in its past has fewer.
    #[must_use]
    pub fn depth(self) -> u32 {
        self.record().beside.size
    }
}

/// An assertion as a book keeps it.
#[derive(Debug)]
pub(super) struct Record {
    id: AssertionId,
    hash: Hash,
    /// None: it counts for nothing.
    subject: Option<Subject>,
    version: bool,
    place: Place,
    beside: Beside,
    /// Where its head begins among the heads, and its words among the words; they end where the next one's begin.
    head: u32,
    words: u32,
}

/// One entry, as far as it is not in its assertions.
#[derive(Debug)]
pub(super) struct Page {
    hash: Hash,
    seal: Hash,
    n: u32,
    branch: Branch,
    /// The index of its first assertion.
    first: u32,
    /// The entry before it in its branch.
    prev: Option<u32>,
    /// The row on the disk that holds it.
    pub(super) run: u64,
    bytes: u32,
}

/// The end of a branch.
#[derive(Debug)]
struct End {
    /// Assertions in it.
    said: u32,
    /// Its last entry.
    last: u32,
}

/// Places by the beginning of a hash: a third of the memory of whole hashes. Who finds two hashes that begin alike has only
/// made a list of two.
type ByHash = BTreeSet<(u64, u32)>;

/// The beginning of a hash, as a number.
pub(crate) fn beginning(hash: &Hash) -> u64 {
    let mut first = [0; 8];
    first.copy_from_slice(&hash.0[..8]);
    u64::from_be_bytes(first)
}

/// Assertions whose ids begin alike that are looked at: of four letters there are one or two, unless somebody wants them to be
/// many.
const BEGINNING: usize = 1_000;
/// Bytes of a hash in the place of words.
const HASH_BYTES: usize = 32;
/// Bytes that stand empty before the rest moves together, and half of all.
const EMPTY: usize = 64 * 1024;
/// Bytes of all heads, and of all words here: where they begin is written in four.
const TEXTS: usize = u32::MAX as usize;

/// One partner's book.
#[derive(Debug)]
pub struct Book {
    /// Whose it is.
    pub owner: PersonId,
    who: Who,
    pages: Vec<Page>,
    /// What entries are written on, by their index, where that is not just the entry before it in its branch.
    after: BTreeMap<u32, Box<[Hash]>>,
    records: Vec<Record>,
    heads: String,
    /// Bytes, so that words which are taken away can be overwritten where they stand.
    words: Vec<u8>,
    /// How many of them stand empty: words stood there that have left.
    empty: usize,
    /// Hashes of words that are not here, by the assertion's index.
    absent: BTreeMap<u32, Hash>,
    /// Words that were missing when their assertion came, and came later.
    filled: BTreeMap<u32, Zeroizing<String>>,
    /// Assertions whose words are here and count as their hash: they leave, at once or some days on.
    leaving: BTreeSet<u32>,
    ids: BTreeSet<(AssertionId, u32)>,
    by_hash: ByHash,
    pages_by_hash: ByHash,
    /// Entries in each row on the disk, in the order in which they came.
    runs: BTreeMap<u64, Vec<u32>>,
    tips: BTreeSet<u32>,
    ends: Vec<End>,
    bytes: u64,
    not_counting: u64,
    newer: u64,
}

/// An assertion that the gate has let in.
pub(super) struct Admitted<'a> {
    pub read: &'a HeadRead,
    pub hash: Hash,
    pub head: &'a str,
    pub words: Words<&'a str>,
    pub past: Past,
    pub place: Place,
    pub subject: Option<Subject>,
}

/// An entry that the gate has let in; its assertions follow.
pub(super) struct NewPage {
    pub n: u64,
    pub hash: Hash,
    pub seal: Hash,
    pub after: Vec<Hash>,
    pub branch: Branch,
    pub bytes: usize,
    pub run: u64,
}

/// How much a book held at some moment, to go back to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Length {
    pages: usize,
    records: usize,
}

impl Length {
    /// How many entries there were.
    #[must_use]
    pub fn entries(&self) -> usize {
        self.pages
    }
}

impl Book {
    pub(super) fn new(owner: PersonId, who: Who) -> Self {
        Self {
            owner,
            who,
            pages: Vec::new(),
            after: BTreeMap::new(),
            records: Vec::new(),
            heads: String::new(),
            words: Vec::new(),
            empty: 0,
            absent: BTreeMap::new(),
            filled: BTreeMap::new(),
            leaving: BTreeSet::new(),
            ids: BTreeSet::new(),
            by_hash: ByHash::new(),
            pages_by_hash: ByHash::new(),
            runs: BTreeMap::new(),
            tips: BTreeSet::new(),
            ends: Vec::new(),
            bytes: 0,
            not_counting: 0,
            newer: 0,
        }
    }

    /// The document.
    #[must_use]
    pub fn document(&self) -> Document {
        Document::Book(self.owner)
    }

    /// How many entries it holds.
    #[must_use]
    pub fn entries(&self) -> usize {
        self.pages.len()
    }

    /// How many assertions it holds.
    #[must_use]
    pub fn assertions(&self) -> usize {
        self.records.len()
    }

    /// How many branches it falls into.
    #[must_use]
    pub fn branches(&self) -> usize {
        self.ends.len()
    }

    /// Bytes of all entries, and of what is kept to know their pasts, as they count against the limit.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// How many of its assertions are kept and count for nothing, and how many of them are of kinds not known here.
    #[must_use]
    pub fn not_counting(&self) -> (u64, u64) {
        (self.not_counting, self.newer)
    }

    /// Bytes of memory that all words here take, and what has left between them.
    #[cfg(any(test, feature = "sim"))]
    #[must_use]
    pub fn room_of_words(&self) -> usize {
        self.words.len()
    }

    /// The highest number of an entry.
    #[must_use]
    pub fn highest(&self) -> u64 {
        let tips = self.tips.iter().map(|i| self.pages[*i as usize].n);
        tips.max().map_or(0, u64::from)
    }

    /// The tips, sorted by hash.
    #[must_use]
    pub fn tips(&self) -> Vec<Mark> {
        let mut tips: Vec<Mark> = self.tips.iter().map(|i| self.mark(*i as usize)).collect();
        tips.sort_by_key(|mark| mark.hash);
        tips
    }

    /// An entry, in the order in which they came.
    #[must_use]
    pub fn mark(&self, index: usize) -> Mark {
        let page = &self.pages[index];
        Mark {
            n: u64::from(page.n),
            hash: page.hash,
        }
    }

    /// The index of an entry.
    #[must_use]
    pub fn index_of(&self, hash: &Hash) -> Option<usize> {
        find(&self.pages_by_hash, hash, |i| self.pages[i].hash)
    }

    /// Everything under an entry, and the entry.
    #[must_use]
    pub fn up_to(&self, index: usize) -> Past {
        let last = self.first(index + 1) - 1;
        let said = self.at(last);
        said.past().and(said.place)
    }

    /// Everything under an entry, and the entry, as what follows it has it.
    pub(super) fn past_after(&self, index: usize) -> Past {
        self.up_to(index)
    }

    fn first(&self, index: usize) -> usize {
        self.pages
            .get(index)
            .map_or(self.records.len(), |page| page.first as usize)
    }

    /// The entry that an assertion is in.
    #[must_use]
    pub fn entry_of(&self, hash: &Hash) -> Option<usize> {
        let record = self.index_of_said(hash)? as u32;
        Some(self.pages.partition_point(|page| page.first <= record) - 1)
    }

    /// The last entry of each branch up to so many assertions, as marks: together they name a past.
    pub(super) fn last_within(&self, branch: Branch, said: u32) -> Option<Mark> {
        let end = self.ends.get(branch.number())?;
        let mut at = Some(end.last);
        while let Some(i) = at {
            let page = &self.pages[i as usize];
            if self.records[page.first as usize].place.before < said {
                return Some(self.mark(i as usize));
            }
            at = page.prev;
        }
        None
    }

    /// An entry in the form it travels in.
    #[must_use]
    pub fn entry(&self, index: usize) -> SealedEntry<&str> {
        let page = &self.pages[index];
        let ops = self.said_in(index).map(|said| Op {
            kind: Op::PUT,
            key: said.id,
            head: said.head,
            words: match said.words() {
                Some(words) => Words::Here(words),
                None => Words::Hash(self.hash_of_words(said)),
            },
        });
        SealedEntry {
            entry: Entry {
                n: u64::from(page.n),
                after: self.after(index),
                ops: ops.collect(),
            },
            hash: page.hash,
            seal: page.seal,
        }
    }

    /// What an entry is written on.
    #[must_use]
    pub fn after(&self, index: usize) -> Vec<Hash> {
        let elsewhere = self.after.get(&(index as u32));
        match (elsewhere, self.pages[index].prev) {
            (Some(after), _) => after.to_vec(),
            (None, Some(prev)) => vec![self.pages[prev as usize].hash],
            (None, None) => Vec::new(),
        }
    }

    /// The hash of an assertion's words.
    #[must_use]
    pub fn hash_of_words(&self, said: Said<'_>) -> Hash {
        match said.words() {
            Some(words) => troth_proto::assertion::words_hash(words),
            // Words are here, or their hash is.
            None => self.absent.get(&said.index).copied().unwrap_or_default(),
        }
    }

    /// Bytes of an entry, as it leaves this home for another.
    #[must_use]
    pub fn entry_bytes(&self, index: usize) -> usize {
        self.pages[index].bytes as usize
    }

    /// Bytes of an entry as the disk holds it.
    #[must_use]
    pub fn entry_bytes_here(&self, index: usize) -> usize {
        let said = self.said_in(index);
        let leaving = said.filter(|said| self.leaving.contains(&said.index));
        let words = leaving.filter_map(Said::words).map(str::len);
        self.entry_bytes(index) + words.sum::<usize>()
    }

    /// The row on the disk that holds an entry.
    #[must_use]
    pub fn run_of(&self, index: usize) -> u64 {
        self.pages[index].run
    }

    /// The entries that a row on the disk holds, in the order in which they came.
    #[must_use]
    pub fn entries_in(&self, run: u64) -> Vec<usize> {
        let all = self.runs.get(&run).into_iter().flatten();
        let all = all.inspect(|_| crate::steps::step());
        all.map(|index| *index as usize).collect()
    }

    /// Tells in which row on the disk entries are now.
    pub fn set_run(&mut self, entries: &[usize], run: u64) {
        let mut before = BTreeSet::new();
        for index in entries {
            before.insert(std::mem::replace(&mut self.pages[*index].run, run));
        }
        for row in before.into_iter().filter(|row| *row != run) {
            self.leave_run(row, |pages, index| pages[index as usize].run == row);
        }
        let there = self.runs.entry(run).or_default();
        there.extend(entries.iter().map(|index| *index as u32));
        there.sort_unstable();
        there.dedup();
    }

    /// Only such entries are left in a row.
    fn leave_run(&mut self, run: u64, stays: impl Fn(&[Page], u32) -> bool) {
        if let Some(there) = self.runs.get_mut(&run) {
            there.retain(|index| stays(&self.pages, *index));
            if there.is_empty() {
                self.runs.remove(&run);
            }
        }
    }

    /// The assertions of an entry.
    pub fn said_in(&self, index: usize) -> impl Iterator<Item = Said<'_>> {
        (self.first(index)..self.first(index + 1)).map(|i| self.at(i))
    }

    /// All assertions, in the order in which they came.
    pub fn said(&self) -> impl DoubleEndedIterator<Item = Said<'_>> + ExactSizeIterator {
        (0..self.records.len()).map(|i| self.at(i))
    }

    /// An assertion, in the order in which they came.
    #[must_use]
    pub fn at(&self, index: usize) -> Said<'_> {
        let record = &self.records[index];
        let next = self.records.get(index + 1);
        let end = next.map_or(self.heads.len(), |next| next.head as usize);
        Said {
            id: record.id,
            hash: record.hash,
            head: &self.heads[record.head as usize..end],
            subject: record.subject.as_ref(),
            is_version: record.version && record.subject.is_some(),
            place: record.place,
            book: self,
            index: index as u32,
        }
    }

    fn words_at(&self, index: usize) -> std::ops::Range<usize> {
        let next = self.records.get(index + 1);
        let end = next.map_or(self.words.len(), |next| next.words as usize);
        self.records[index].words as usize..end
    }

    /// Where an assertion is.
    pub(super) fn place_of(&self, index: usize) -> Place {
        self.records[index].place
    }

    /// The index of an assertion.
    #[must_use]
    pub fn index_of_said(&self, hash: &Hash) -> Option<usize> {
        find(&self.by_hash, hash, |i| self.records[i].hash)
    }

    /// An assertion by its hash.
    #[must_use]
    pub fn find(&self, hash: &Hash) -> Option<Said<'_>> {
        self.index_of_said(hash).map(|i| self.at(i))
    }

    /// All assertions under an id, lowest hash first. Nearly always one; a copied home can use an id twice.
    #[must_use]
    pub fn by_id(&self, id: &AssertionId) -> Vec<Said<'_>> {
        let all = self.ids.range((*id, 0)..=(*id, u32::MAX));
        let mut all: Vec<Said<'_>> = all.map(|(_, i)| self.at(*i as usize)).collect();
        all.sort_by_key(|said| said.hash);
        all
    }

    /// Whether anything stands under an id.
    #[must_use]
    pub fn has_id(&self, id: &AssertionId) -> bool {
        self.ids.range((*id, 0)..=(*id, u32::MAX)).next().is_some()
    }

    /// What is wanted and whose id begins with this lower-case hex, two at most. None if more begin so than are looked at.
    #[must_use]
    pub fn beginning(
        &self,
        prefix: &str,
        wanted: impl Fn(&Said<'_>) -> bool,
    ) -> Option<Vec<Said<'_>>> {
        let mut found: Vec<Said<'_>> = Vec::new();
        let Some(range) = super::couple::beginning(prefix) else {
            return Some(found);
        };
        let (from, to) = (AssertionId(*range.start()), AssertionId(*range.end()));
        let all = self.ids.range((from, 0)..=(to, u32::MAX));
        for (n, (_, i)) in all.enumerate() {
            crate::steps::step();
            if n >= BEGINNING {
                return None;
            }
            let said = self.at(*i as usize);
            if !wanted(&said) {
                continue;
            }
            if let Some(last) = found.last_mut().filter(|last| last.id == said.id) {
                // The id means the lower hash.
                if said.hash < last.hash {
                    *last = said;
                }
            } else if found.len() == 2 {
                break;
            } else {
                found.push(said);
            }
        }
        Some(found)
    }

    /// Entries that lack words which nobody has taken away on purpose.
    pub fn lacking<'a>(
        &'a self,
        on_purpose: impl Fn(&Said<'a>) -> bool + 'a,
    ) -> impl Iterator<Item = usize> + 'a {
        let lacking = self.absent.keys().filter(move |i| {
            let said = self.at(**i as usize);
            !on_purpose(&said)
        });
        lacking.map(|i| self.pages.partition_point(|page| page.first <= *i) - 1)
    }

    /// Whether any words are not here.
    #[must_use]
    pub fn lacks_words(&self) -> bool {
        !self.absent.is_empty()
    }

    /// Takes an assertion's words away; what is left is their hash. Says in which entry it is, if they were here.
    pub(super) fn strip(&mut self, index: usize) -> Option<usize> {
        let words = self.at(index).words().filter(|words| !words.is_empty())?;
        let (hash, words_bytes) = (troth_proto::assertion::words_hash(words), words.len());
        let page = self.page_of(index);
        if !self.leaving.remove(&(index as u32)) {
            self.count(index, words_bytes, HASH_BYTES);
        }
        if self.filled.remove(&(index as u32)).is_none() {
            let at = self.words_at(index);
            self.empty += at.len();
            self.words[at].zeroize();
        }
        self.absent.insert(index as u32, hash);
        self.close_up();
        Some(page)
    }

    /// Moves words together once half of what stands there is empty.
    fn close_up(&mut self) {
        if self.empty < EMPTY || 2 * self.empty < self.words.len() {
            return;
        }
        let mut to = 0;
        for index in 0..self.records.len() {
            let at = self.words_at(index);
            let len = if self.has_left(index) { 0 } else { at.len() };
            self.words.copy_within(at.start..at.start + len, to);
            self.records[index].words = to as u32;
            to += len;
        }
        self.words[to..].zeroize();
        self.words.truncate(to);
        self.words.shrink_to_fit();
        self.empty = 0;
    }

    /// Whether an assertion's words stand elsewhere than among the others, or nowhere.
    fn has_left(&self, index: usize) -> bool {
        let index = index as u32;
        self.absent.contains_key(&index) || self.filled.contains_key(&index)
    }

    /// Whether there is room for heads and words of so many bytes.
    pub(super) fn has_room_for(&self, bytes: usize) -> bool {
        self.heads.len().max(self.words.len()) + bytes <= TEXTS
    }

    fn page_of(&self, said: usize) -> usize {
        self.pages.partition_point(|page| page.first <= said as u32) - 1
    }

    /// Words that leave count as their hash from now on, whether they are here for some days more or not: how much room a book
    /// has tells nobody what was opened. Says whether they are here and counted whole until now.
    pub(super) fn count_as_leaving(&mut self, index: usize) -> bool {
        let bytes = self.at(index).words().map_or(0, str::len);
        let new = bytes > 0 && self.leaving.insert(index as u32);
        if new {
            self.count(index, bytes, HASH_BYTES);
        }
        new
    }

    /// Whether words leave and are still here.
    #[must_use]
    pub fn is_leaving(&self, index: u32) -> bool {
        self.leaving.contains(&index)
    }

    /// Words that nothing takes away any more count whole again.
    pub(super) fn count_as_staying(&mut self, index: u32) {
        if self.leaving.remove(&index) {
            let index = index as usize;
            let bytes = self.at(index).words().map_or(0, str::len);
            self.count(index, HASH_BYTES, bytes);
        }
    }

    /// What counts as leaving, by its index.
    pub(super) fn leaving(&self) -> impl Iterator<Item = u32> + '_ {
        self.leaving.iter().copied()
    }

    /// The words of an assertion count as so many bytes, and no longer as so many.
    fn count(&mut self, index: usize, before: usize, now: usize) {
        let head = self.at(index).head.len();
        let bytes = |words| troth_proto::wire::op_bytes(head, words) as u64;
        let page = self.page_of(index);
        let page = &mut self.pages[page];
        let was = u64::from(page.bytes);
        let is = (was + bytes(now)).saturating_sub(bytes(before));
        page.bytes = is as u32;
        self.bytes = (self.bytes + is).saturating_sub(was);
    }

    /// Puts words in the place of their hash. Says whether they were missing and fit: are those of the hash, and have room.
    pub(super) fn fill(&mut self, index: usize, words: &str) -> bool {
        let i = index as u32;
        let fits = |hash: &Hash| *hash == troth_proto::assertion::words_hash(words);
        let room = self.bytes + words.len() as u64 <= limits::DOCUMENT_BYTES;
        let fills = room && self.absent.get(&i).is_some_and(fits);
        if fills {
            self.count(index, HASH_BYTES, words.len());
            self.absent.remove(&i);
            self.filled.insert(i, Zeroizing::new(words.to_owned()));
        }
        fills
    }

    /// The newest assertion of a branch, not among its first so many, that is wanted.
    pub(super) fn newest_in(
        &self,
        branch: Branch,
        since: u32,
        wanted: impl Fn(&Said<'_>) -> bool,
    ) -> Option<Said<'_>> {
        let mut at = Some(self.ends.get(branch.number())?.last);
        while let Some(i) = at {
            for index in (self.first(i as usize)..self.first(i as usize + 1)).rev() {
                let said = self.at(index);
                if said.place.before < since {
                    return None;
                }
                if wanted(&said) {
                    return Some(said);
                }
            }
            at = self.pages[i as usize].prev;
        }
        None
    }

    /// The branch that an entry on these would be in: one that ends there, else a new one.
    pub(super) fn branch_for(&self, after: &[usize]) -> Branch {
        let ends = after.iter().find_map(|i| {
            let branch = self.pages[*i].branch;
            (self.ends[branch.number()].last as usize == *i).then_some(branch)
        });
        ends.unwrap_or_else(|| Branch::new(self.who, self.ends.len() as u16))
    }

    /// The number of assertions in a branch.
    pub(super) fn in_branch(&self, branch: Branch) -> u32 {
        self.ends.get(branch.number()).map_or(0, |end| end.said)
    }

    pub(super) fn push_page(&mut self, page: NewPage) {
        let index = self.pages.len() as u32;
        let prev = self.ends.get(page.branch.number()).map(|end| end.last);
        let plain = match prev {
            Some(prev) => page.after[..] == [self.pages[prev as usize].hash],
            None => page.after.is_empty(),
        };
        for hash in &page.after {
            if let Some(i) = self.index_of(hash) {
                self.tips.remove(&(i as u32));
            }
        }
        self.tips.insert(index);
        match self.ends.get_mut(page.branch.number()) {
            Some(end) => end.last = index,
            None => self.ends.push(End {
                said: 0,
                last: index,
            }),
        }
        if !plain {
            self.after.insert(index, page.after.into_boxed_slice());
        }
        self.pages_by_hash.insert((beginning(&page.hash), index));
        if page.run != 0 {
            self.runs.entry(page.run).or_default().push(index);
        }
        self.bytes += page.bytes as u64;
        self.pages.push(Page {
            hash: page.hash,
            seal: page.seal,
            n: page.n as u32,
            branch: page.branch,
            first: self.records.len() as u32,
            prev,
            run: page.run,
            bytes: page.bytes as u32,
        });
    }

    pub(super) fn push(&mut self, admitted: Admitted<'_>) {
        let index = self.records.len() as u32;
        let id = admitted.read.envelope.id;
        self.ids.insert((id, index));
        self.by_hash.insert((beginning(&admitted.hash), index));
        if let Some(end) = self.ends.get_mut(admitted.place.branch.number()) {
            end.said = admitted.place.before + 1;
        }
        if admitted.subject.is_none() {
            self.not_counting += 1;
            self.newer += u64::from(admitted.read.newer);
        }
        let from = self.words.len() as u32;
        match admitted.words {
            Words::Here(words) => self.words.extend_from_slice(words.as_bytes()),
            // The hash of no words is no words.
            Words::Hash(hash) if hash == troth_proto::assertion::words_hash("") => {}
            Words::Hash(hash) => {
                self.absent.insert(index, hash);
            }
        }
        let assertion = admitted.read.assertion.as_ref();
        let version = |it: &Assertion| matches!(it.body, troth_proto::Body::Version(_));
        self.records.push(Record {
            id,
            hash: admitted.hash,
            subject: admitted.subject,
            version: assertion.is_some_and(version),
            place: admitted.place,
            beside: admitted.past.beside(),
            head: self.heads.len() as u32,
            words: from,
        });
        self.heads.push_str(admitted.head);
    }

    pub(super) fn length(&self) -> Length {
        Length {
            pages: self.pages.len(),
            records: self.records.len(),
        }
    }

    /// Takes back everything since `length`, and hands it over, newest last.
    pub(super) fn truncate(&mut self, length: Length) -> Vec<(Hash, Option<Subject>)> {
        for (i, record) in self.records.iter().enumerate().skip(length.records) {
            if self.has_left(i) {
                self.empty -= self.words_at(i).len();
            }
            self.ids.remove(&(record.id, i as u32));
            self.by_hash.remove(&(beginning(&record.hash), i as u32));
            self.absent.remove(&(i as u32));
            self.filled.remove(&(i as u32));
            self.leaving.remove(&(i as u32));
            if record.subject.is_none() {
                self.not_counting -= 1;
                let read = troth_proto::assertion::read_head(self.at(i).head.as_bytes());
                self.newer -= u64::from(read.is_ok_and(|read| read.newer));
            }
        }
        if let Some(first) = self.records.get(length.records) {
            self.heads.truncate(first.head as usize);
            self.words.truncate(first.words as usize);
        }
        for (i, page) in self.pages.iter().enumerate().skip(length.pages) {
            self.pages_by_hash
                .remove(&(beginning(&page.hash), i as u32));
        }
        self.after.split_off(&(length.pages as u32));
        let runs = self.pages[length.pages..].iter().map(|page| page.run);
        for run in runs.collect::<BTreeSet<u64>>() {
            self.leave_run(run, |_, index| (index as usize) < length.pages);
        }
        let gone = self
            .pages
            .drain(length.pages..)
            .map(|page| u64::from(page.bytes));
        self.bytes -= gone.sum::<u64>();
        let gone = self.records.drain(length.records..);
        let gone: Vec<_> = gone.map(|record| (record.hash, record.subject)).collect();
        self.find_ends();
        gone
    }

    /// Works out anew which entries are tips, and where branches end.
    fn find_ends(&mut self) {
        self.tips = (0..self.pages.len() as u32).collect();
        self.ends.clear();
        for i in 0..self.pages.len() {
            for hash in self.after(i) {
                if let Some(before) = self.index_of(&hash) {
                    self.tips.remove(&(before as u32));
                }
            }
            let last = &self.records[self.first(i + 1) - 1].place;
            let end = End {
                said: last.before + 1,
                last: i as u32,
            };
            match self.ends.get_mut(last.branch.number()) {
                Some(before) => *before = end,
                None => self.ends.push(end),
            }
        }
    }
}

fn find(index: &ByHash, hash: &Hash, at: impl Fn(usize) -> Hash) -> Option<usize> {
    let first = beginning(hash);
    let mut alike = index.range((first, 0)..=(first, u32::MAX));
    alike.find_map(|(_, i)| (at(*i as usize) == *hash).then_some(*i as usize))
}
