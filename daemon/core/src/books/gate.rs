//! The gate: everything that is checked before an entry touches a book (PROTOCOL §2). It knows no kinds.
//!
//! My own entries and those read back from the disk pass the same gate, so that what is written here is never refused
//! there, and a damaged disk is noticed like a hostile partner.

use super::book::{Admitted, NewPage, Subject};
use super::couple::Couple;
use super::past::{Past, Place};
use super::rights;
use std::collections::BTreeMap;
use std::ops::Range;
use troth_proto::assertion::{self, HeadRead, Malformed};
use troth_proto::ids::Who;
use troth_proto::wire::{self, Document, Op, SealedEntry, Words};
use troth_proto::{CoupleId, Hash, PersonId, limits};

/// Why an entry is not let in. Nothing of what came with it is applied.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// It is no document of this couple.
    #[error("not a document of this couple")]
    Document,
    /// It is written on something that is not held, or has seen what is not held.
    #[error("what it is written on is missing")]
    Missing,
    /// Its number is not one more than the highest it is written on, or the list of those is out of order.
    #[error("it does not follow what it is written on")]
    Order,
    /// Its hash is not the one announced.
    #[error("its hash is not the one announced")]
    Hash,
    /// More than a limit allows.
    #[error("over a limit")]
    Limit,
    /// An operation that only a newer Troth knows.
    #[error("an operation only a newer Troth knows")]
    NewerOperation,
    /// Its key is not its id, or was used before in its past; or the very same is in another entry.
    #[error("its key is not its id, or was used before")]
    Key,
    /// Not an assertion of any version.
    #[error("not an assertion")]
    Malformed,
    /// It lists as seen what is not the other's.
    #[error("it lists as seen what it may not")]
    Seen,
    /// In one's own name, and sealed under none of one's own keys.
    #[error("not sealed by its author")]
    Seal,
}

/// Entries of one book, and what can be found out about them without looking at the books. A start does this ahead, on
/// another core; everything lies in a few long lists, since memory that one thread takes and another gives back is slow.
#[derive(Default)]
pub struct Prepared {
    entries: Vec<One>,
    reads: Vec<Read>,
    texts: String,
    /// All entries before this one are in, or passed over.
    next: usize,
    /// The entry that was refused last.
    refused: Option<usize>,
    /// The row on the disk that they are from; zero if they are not.
    pub run: u64,
}

/// An entry without its operations.
struct One {
    n: u64,
    after: Vec<Hash>,
    hash: Hash,
    seal: Hash,
    bytes: usize,
    /// Where its assertions are among those read.
    found: Result<Range<usize>, Refusal>,
    done: bool,
}

/// One assertion as it was read. Its bytes are among the texts.
struct Read {
    hash: Hash,
    head_read: HeadRead,
    head: Range<usize>,
    words: Words<Range<usize>>,
}

impl Prepared {
    /// Whether none is left to let in.
    #[must_use]
    pub fn is_done(&self) -> bool {
        self.next >= self.entries.len()
    }

    /// How many are left to let in.
    #[must_use]
    pub fn left(&self) -> usize {
        self.entries.iter().filter(|one| !one.done).count()
    }

    /// Measures, hashes and reads an entry.
    pub fn push<T: AsRef<str>>(
        &mut self,
        couple: CoupleId,
        author: PersonId,
        sealed: &SealedEntry<T>,
    ) {
        let entry = &sealed.entry;
        let bytes = wire::entry_bytes(entry);
        let before = (self.reads.len(), self.texts.len());
        let found = self.read(couple, author, sealed, bytes);
        if found.is_err() {
            self.reads.truncate(before.0);
            self.texts.truncate(before.1);
        }
        self.entries.push(One {
            n: entry.n,
            after: entry.after.clone(),
            hash: sealed.hash,
            seal: sealed.seal,
            bytes,
            found: found.map(|()| before.0..self.reads.len()),
            done: false,
        });
    }

    fn read<T: AsRef<str>>(
        &mut self,
        couple: CoupleId,
        author: PersonId,
        sealed: &SealedEntry<T>,
        bytes: usize,
    ) -> Result<(), Refusal> {
        let entry = &sealed.entry;
        let over = bytes > limits::ENTRY_BYTES
            || entry.ops.len() > limits::ENTRY_OPS
            || entry.after.len() > limits::ENTRY_AFTER
            || entry.n > limits::ENTRY_NUMBER;
        if over {
            return Err(Refusal::Limit);
        }
        if entry.ops.is_empty() {
            return Err(Refusal::Malformed);
        }
        if entry.n == 0 || !entry.after.is_sorted_by(|a, b| a < b) {
            return Err(Refusal::Order);
        }
        if entry.ops.iter().any(|op| op.kind != Op::PUT) {
            return Err(Refusal::NewerOperation);
        }
        let hash = |op: &Op<T>| {
            assertion::hash(
                couple,
                author,
                op.head.as_ref().as_bytes(),
                &op.words.hash(),
            )
        };
        let hashes: Vec<Hash> = entry.ops.iter().map(hash).collect();
        let document = Document::Book(author);
        if wire::entry_hash_of(couple, &document, entry, &hashes) != sealed.hash {
            return Err(Refusal::Hash);
        }
        for (op, hash) in entry.ops.iter().zip(hashes) {
            let head_read =
                assertion::read_head(op.head.as_ref().as_bytes()).map_err(|malformed| {
                    match malformed {
                        Malformed::OverLimit => Refusal::Limit,
                        Malformed::Form => Refusal::Malformed,
                    }
                })?;
            if head_read.envelope.id != op.key {
                return Err(Refusal::Key);
            }
            let head = self.keep(op.head.as_ref());
            let words = match &op.words {
                Words::Here(words) => Words::Here(self.keep(words.as_ref())),
                Words::Hash(hash) => Words::Hash(*hash),
            };
            self.reads.push(Read {
                hash,
                head_read,
                head,
                words,
            });
        }
        Ok(())
    }

    fn keep(&mut self, text: &str) -> Range<usize> {
        let begin = self.texts.len();
        self.texts.push_str(text);
        begin..self.texts.len()
    }

    /// Passes over the next entry that no gate lets in.
    pub fn pass_over(&mut self) {
        let refused = self.refused.take();
        if let Some(one) = refused.and_then(|i| self.entries.get_mut(i)) {
            one.done = true;
        }
    }

    /// Entries that are left to let in, as they came.
    #[must_use]
    pub fn waiting(&self) -> Vec<SealedEntry<&str>> {
        let text = |range: &Range<usize>| &self.texts[range.clone()];
        let entry = |one: &One| {
            let reads = &self.reads[one.found.clone().ok()?];
            let ops = reads.iter().map(|read| Op {
                kind: Op::PUT,
                key: read.head_read.envelope.id,
                head: text(&read.head),
                words: match &read.words {
                    Words::Here(range) => Words::Here(text(range)),
                    Words::Hash(hash) => Words::Hash(*hash),
                },
            });
            Some(SealedEntry {
                entry: wire::Entry {
                    n: one.n,
                    after: one.after.clone(),
                    ops: ops.collect(),
                },
                hash: one.hash,
                seal: one.seal,
            })
        };
        let left = self.entries.iter().filter(|one| !one.done);
        left.filter_map(entry).collect()
    }

    /// Lets in what can be let in, in order, until an entry has to wait for another; with `all`, passes over that one.
    /// Entries that are held already are passed over.
    ///
    /// # Errors
    /// The first [`Refusal`] but [`Refusal::Missing`].
    pub fn admit(
        &mut self,
        couple: &mut Couple,
        who: Who,
        keys: Option<&Seals<'_>>,
        all: bool,
    ) -> Result<Came, Refusal> {
        let mut came = Came::default();
        for i in self.next..self.entries.len() {
            if self.entries[i].done {
                continue;
            }
            match self.admit_one(couple, who, keys, i) {
                Ok(new) => {
                    came.new += usize::from(new);
                    self.entries[i].done = true;
                }
                Err(Refusal::Missing) if all => came.waiting += 1,
                Err(Refusal::Missing) => {
                    came.waiting += 1;
                    break;
                }
                Err(refusal) => {
                    self.refused = Some(i);
                    return Err(refusal);
                }
            }
        }
        while self.entries.get(self.next).is_some_and(|one| one.done) {
            self.next += 1;
        }
        Ok(came)
    }

    fn admit_one(
        &self,
        couple: &mut Couple,
        who: Who,
        keys: Option<&Seals<'_>>,
        i: usize,
    ) -> Result<bool, Refusal> {
        let one = &self.entries[i];
        let found = one.found.clone()?;
        if couple.book(who).index_of(&one.hash).is_some() {
            return Ok(false);
        }
        if keys.is_some_and(|keys| !keys.fit(couple.id, &one.hash, &one.seal)) {
            return Err(Refusal::Seal);
        }
        let book = couple.book(who);
        let after: Option<Vec<usize>> = one.after.iter().map(|hash| book.index_of(hash)).collect();
        let after = after.ok_or(Refusal::Missing)?;
        let highest = after.iter().map(|i| book.mark(*i).n).max().unwrap_or(0);
        if one.n != highest + 1 {
            return Err(Refusal::Order);
        }
        let branch = book.branch_for(&after);
        // What these count depends on the order in which entries came; what is on the disk was let in once.
        let counted = self.run == 0;
        if counted && branch.number() >= limits::BRANCHES {
            return Err(Refusal::Limit);
        }
        let before = after.iter().map(|index| book.past_after(*index));
        let mut past = Past::of_all(before).ending_in(branch);
        let mut pasts = Vec::with_capacity(found.len());
        let (mut before, mut cost) = (book.in_branch(branch), 0);
        for read in &self.reads[found.clone()] {
            past = self.past_with_seen(couple, who, read, &past)?;
            let used = book.by_id(&read.head_read.envelope.id);
            let again = book.index_of_said(&read.hash).is_some();
            let in_past = used.iter().any(|said| past.holds(said.place));
            if again || in_past || self.twice(&found, read) {
                return Err(Refusal::Key);
            }
            let shared = after.iter().any(|i| book.past_after(*i).shares_with(&past));
            if !shared {
                cost += past.bytes();
            }
            let place = Place { branch, before };
            pasts.push((place, past.clone()));
            past = past.and(place);
            before += 1;
        }
        if !book.has_room_for(one.bytes) {
            return Err(Refusal::Limit);
        }
        let bytes = one.bytes + cost;
        if counted && book.bytes() + bytes as u64 > limits::DOCUMENT_BYTES {
            return Err(Refusal::Limit);
        }
        couple.push_page(
            who,
            NewPage {
                n: one.n,
                hash: one.hash,
                seal: one.seal,
                after: one.after.clone(),
                branch,
                bytes,
                run: self.run,
            },
        );
        for (read, (place, past)) in self.reads[found].iter().zip(pasts) {
            let subject = self.counts(couple, who, &past, read);
            let words = match &read.words {
                Words::Here(range) => Words::Here(&self.texts[range.clone()]),
                Words::Hash(hash) => Words::Hash(*hash),
            };
            couple.push(
                who,
                Admitted {
                    read: &read.head_read,
                    hash: read.hash,
                    head: &self.texts[read.head.clone()],
                    words,
                    past,
                    place,
                    subject,
                },
            );
        }
        Ok(true)
    }

    /// Two assertions of one entry under one id.
    fn twice(&self, found: &Range<usize>, read: &Read) -> bool {
        let id = read.head_read.envelope.id;
        let alike = self.reads[found.clone()]
            .iter()
            .filter(|other| other.head_read.envelope.id == id);
        found.len() > 1 && alike.count() > 1
    }

    fn past_with_seen(
        &self,
        couple: &Couple,
        who: Who,
        read: &Read,
        past: &Past,
    ) -> Result<Past, Refusal> {
        let mut all = past.clone();
        for hash in &read.head_read.envelope.seen {
            let Some(said) = couple.book(who.other()).find(hash) else {
                // It may still come, unless it is one's own: nobody has seen the other's in their own book.
                return Err(match couple.book(who).find(hash) {
                    Some(_) => Refusal::Seen,
                    None => Refusal::Missing,
                });
            };
            if !all.holds(said.place) {
                all = all.union(&said.past().and(said.place));
            }
        }
        Ok(all)
    }

    fn counts(&self, couple: &Couple, who: Who, past: &Past, read: &Read) -> Option<Subject> {
        let it = read.head_read.assertion.as_ref()?;
        let worded = match &read.words {
            Words::Here(range) => !range.is_empty(),
            Words::Hash(hash) => *hash != assertion::words_hash(""),
        };
        rights::counts(couple, who, past, it, worded)
    }
}

/// Gives entries that are held and lack words those that came with these, and says which they are, by their index.
pub fn fill<T: AsRef<str>>(
    couple: &mut Couple,
    document: &Document,
    entries: &[SealedEntry<T>],
) -> Vec<usize> {
    let mut filled = Vec::new();
    let Some(who) = couple.owner(document) else {
        return filled;
    };
    let (id, author) = (couple.id, couple.book(who).owner);
    for sealed in entries
        .iter()
        .filter(|_| couple.book(who).lacks_words())
        .collect::<Vec<_>>()
    {
        let Some(index) = couple.book(who).index_of(&sealed.hash) else {
            continue;
        };
        let before = filled.len();
        for op in &sealed.entry.ops {
            let Words::Here(words) = &op.words else {
                continue;
            };
            let hash = assertion::hash(id, author, op.head.as_ref().as_bytes(), &op.words.hash());
            if couple.leaves(&hash) {
                continue;
            }
            // An assertion is in one entry only, and its hash is over that of its words.
            if let Some(said) = couple.book(who).index_of_said(&hash)
                && couple.book_mut(who).fill(said, words.as_ref())
            {
                filled.push(index);
            }
        }
        filled.truncate(filled.len().min(before + 1));
    }
    filled
}

/// What became of several.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Came {
    /// How many were new.
    pub new: usize,
    /// How many wait for one that is missing.
    pub waiting: usize,
}

/// One's own seal keys: they decide what of one's own comes back.
pub struct Seals<'a> {
    /// The keys, newest first.
    pub keys: &'a [crate::keys::Key],
}

impl Seals<'_> {
    pub(crate) fn fit(&self, couple: CoupleId, hash: &Hash, seal: &Hash) -> bool {
        self.keys
            .iter()
            .any(|key| crate::keys::same(&seal_of(key, couple, hash), seal))
    }
}

/// The seal of an entry: the author can tell that what comes back is theirs, and nobody else can tell anything by it.
#[must_use]
pub fn seal_of(key: &crate::keys::Key, couple: CoupleId, hash: &Hash) -> Hash {
    key.mac(&[b"troth/seal/1", &couple.0, &hash.0])
}

/// What a file holds, before any of it is let in: entries, whose and with their numbers, and assertions.
#[derive(Default)]
pub struct Ahead {
    entries: BTreeMap<Hash, (Who, u64)>,
    said: BTreeMap<Hash, Who>,
}

impl Ahead {
    /// Whether an entry was in the file.
    #[must_use]
    pub fn has(&self, hash: &Hash) -> bool {
        self.entries.contains_key(hash)
    }

    /// Checks entries that follow those before in the same file, as far as that needs no past: only an id used twice, or more
    /// than a book takes, is left for [`admit`] to refuse.
    ///
    /// # Errors
    /// The first [`Refusal`].
    pub fn check<T: AsRef<str>>(
        &mut self,
        couple: &Couple,
        document: &Document,
        keys: Option<&Seals<'_>>,
        entries: &[SealedEntry<T>],
    ) -> Result<(), Refusal> {
        let who = couple.owner(document).ok_or(Refusal::Document)?;
        let (book, other) = (couple.book(who), couple.book(who.other()));
        if entries.is_empty() {
            return Err(Refusal::Malformed);
        }
        for sealed in entries {
            if book.index_of(&sealed.hash).is_some() {
                continue;
            }
            let mut prepared = Prepared::default();
            prepared.push(couple.id, book.owner, sealed);
            let one = prepared.entries.first().ok_or(Refusal::Malformed)?;
            one.found.clone()?;
            if keys.is_some_and(|keys| !keys.fit(couple.id, &one.hash, &one.seal)) {
                return Err(Refusal::Seal);
            }
            let number = |hash: &Hash| match self.entries.get(hash) {
                Some((whose, n)) => (*whose == who).then_some(*n),
                None => book.index_of(hash).map(|index| book.mark(index).n),
            };
            let mut highest = 0;
            for hash in &one.after {
                highest = number(hash).ok_or(Refusal::Missing)?.max(highest);
            }
            if one.n != highest + 1 {
                return Err(Refusal::Order);
            }
            for read in &prepared.reads {
                for seen in &read.head_read.envelope.seen {
                    match self.said.get(seen) {
                        Some(whose) if *whose == who => return Err(Refusal::Seen),
                        Some(_) => {}
                        None if other.find(seen).is_some() => {}
                        None if book.find(seen).is_some() => return Err(Refusal::Seen),
                        None => return Err(Refusal::Missing),
                    }
                }
            }
            self.entries.insert(one.hash, (who, one.n));
            self.said
                .extend(prepared.reads.iter().map(|read| (read.hash, who)));
        }
        Ok(())
    }
}

/// Lets entries in, each after those it is written on, or none of them. Entries already there are passed over.
///
/// # Errors
/// The first [`Refusal`]; the books are as before.
pub fn admit<T: AsRef<str>>(
    couple: &mut Couple,
    document: &Document,
    keys: Option<&Seals<'_>>,
    entries: &[SealedEntry<T>],
) -> Result<Came, Refusal> {
    let who = couple.owner(document).ok_or(Refusal::Document)?;
    let before = couple.length();
    let (id, author) = (couple.id, couple.book(who).owner);
    let mut prepared = Prepared::default();
    for sealed in entries {
        prepared.push(id, author, sealed);
    }
    let came = prepared.admit(couple, who, keys, false);
    let refusal = match came {
        Ok(came) if came.waiting == 0 => match couple.more_than_may_be_said(who, before) {
            false => return Ok(came),
            true => Refusal::Limit,
        },
        Ok(_) => Refusal::Missing,
        Err(refusal) => refusal,
    };
    couple.truncate(before);
    Err(refusal)
}
