//! The gate: everything that is checked before an entry touches a book (PROTOCOL §2).
//!
//! My own entries and those read back from the disk pass the same gate, so that what is written here is never refused
//! there, and a damaged disk is noticed like a hostile partner.

use crate::agreement::Does;
use crate::book::{Admitted, Couple, Subject};
use std::ops::Range;
use troth_proto::assertion::{self, Assertion, From};
use troth_proto::ids::Who;
use troth_proto::wire::{self, LogId, Op, SealedEntry};
use troth_proto::{AgreementId, AssertionId, Body, CoupleId, Hash, PersonId, Slot, limits};

/// Why an entry is not let in. Nothing of what came with it is applied.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The log is not one that its sender may write.
    #[error("not a log its sender may write")]
    Writer,
    /// An entry before it is missing.
    #[error("an entry before it is missing")]
    Gap,
    /// Another entry stands at that number.
    #[error("another entry stands at that number")]
    Fork {
        /// The number.
        n: u64,
    },
    /// It does not follow the entry before it.
    #[error("it does not follow the entry before it")]
    Chain,
    /// It builds on something that is not there.
    #[error("it builds on something that is not there")]
    Deps,
    /// Its hash is not the one announced.
    #[error("its hash is not the one announced")]
    Hash,
    /// More than a limit allows.
    #[error("over a limit")]
    Limit,
    /// An operation that only a newer Troth knows.
    #[error("an operation only a newer Troth knows")]
    NewerOperation,
    /// Its key is not its id, or was used before.
    #[error("its key is not its id, or was used before")]
    Key,
    /// Not an assertion.
    #[error("not an assertion")]
    Malformed,
    /// Its running number was used before.
    #[error("its running number was used before")]
    Seq,
    /// It lists as seen what it may not, or what is not there.
    #[error("it lists as seen what it may not")]
    Seen,
    /// It speaks of something that is not there.
    #[error("it speaks of something that is not there")]
    Reference,
}

/// Consecutive entries, and what can be found out about them without looking at the books. A start does this ahead, on
/// another core; everything lies in a few long lists, since memory that one thread takes and another gives back is slow.
#[derive(Default)]
pub struct Prepared {
    heads: Vec<Head>,
    reads: Vec<Read>,
    texts: String,
    /// How many of the entries have been let in.
    done: usize,
}

/// An entry without its operations.
struct Head {
    n: u64,
    prev: Hash,
    hash: Hash,
    seal: Hash,
    bytes: usize,
    /// Where its assertions are among those read.
    found: Result<Range<usize>, Refusal>,
}

/// One assertion as it was read, without its long texts: those stay in its bytes.
struct Read {
    key: AssertionId,
    hash: Hash,
    it: Assertion,
    does: Option<Does>,
    /// Where its bytes are among the texts.
    raw: Range<usize>,
}

impl Prepared {
    /// The number of the next entry to let in; none when all are.
    #[must_use]
    pub fn next(&self) -> Option<u64> {
        self.heads.get(self.done).map(|head| head.n)
    }

    /// The number that an entry must have to follow.
    #[must_use]
    pub fn end(&self) -> Option<u64> {
        self.heads.last().map(|head| head.n.saturating_add(1))
    }

    /// Measures, hashes and reads an entry.
    pub fn push<V: AsRef<str>>(
        &mut self,
        couple: CoupleId,
        author: PersonId,
        log: &LogId,
        sealed: &SealedEntry<V>,
    ) {
        let entry = &sealed.entry;
        let bytes = wire::entry_bytes(entry);
        let before = (self.reads.len(), self.texts.len());
        let found = self.read(couple, author, log, sealed, bytes);
        if found.is_err() {
            self.reads.truncate(before.0);
            self.texts.truncate(before.1);
        }
        self.heads.push(Head {
            n: entry.n,
            prev: entry.prev,
            hash: sealed.hash,
            seal: sealed.seal,
            bytes,
            found: found.map(|()| before.0..self.reads.len()),
        });
    }

    fn read<V: AsRef<str>>(
        &mut self,
        couple: CoupleId,
        author: PersonId,
        log: &LogId,
        sealed: &SealedEntry<V>,
        bytes: usize,
    ) -> Result<(), Refusal> {
        let entry = &sealed.entry;
        let over = bytes > limits::ENTRY_BYTES
            || entry.ops.len() > limits::ENTRY_OPS
            || entry.deps.len() > limits::ENTRY_DEPS
            || entry.n > limits::LOG_ENTRIES;
        if over {
            return Err(Refusal::Limit);
        }
        // A book has one log so far, and an entry never names its own: there is nothing it could build on.
        if !entry.deps.is_empty() {
            return Err(Refusal::Deps);
        }
        if entry.ops.is_empty() {
            return Err(Refusal::Malformed);
        }
        if entry.ops.iter().any(|op| op.kind != Op::PUT) {
            return Err(Refusal::NewerOperation);
        }
        let hash = |op: &Op<V>| assertion::hash(couple, author, op.value.as_ref().as_bytes());
        let hashes: Vec<Hash> = entry.ops.iter().map(hash).collect();
        if wire::entry_hash_of(couple, log, entry, &hashes) != sealed.hash {
            return Err(Refusal::Hash);
        }
        for (op, hash) in entry.ops.iter().zip(hashes) {
            let value = op.value.as_ref();
            let read = Assertion::read(value.as_bytes());
            let mut it = read.map_err(|malformed| match malformed {
                assertion::Malformed::OverLimit => Refusal::Limit,
                assertion::Malformed::Form => Refusal::Malformed,
            })?;
            let does = Does::of(&it);
            it.body.drop_texts();
            let begin = self.texts.len();
            self.texts.push_str(value);
            self.reads.push(Read {
                key: op.key,
                hash,
                it,
                does,
                raw: begin..self.texts.len(),
            });
        }
        Ok(())
    }

    /// Lets the next entry into a book; false if it was there already.
    ///
    /// # Errors
    /// The first [`Refusal`]; the book is as before.
    pub fn admit_next(&mut self, couple: &mut Couple, who: Who) -> Result<bool, Refusal> {
        let Some(head) = self.heads.get(self.done) else {
            return Ok(false);
        };
        let new = !follows(couple, who, head)?;
        if new {
            let before = couple.length(who);
            if let Err(refusal) = self.admit(couple, who, head) {
                couple.truncate(who, before);
                return Err(refusal);
            }
        }
        self.done += 1;
        Ok(new)
    }

    fn admit(&self, couple: &mut Couple, who: Who, head: &Head) -> Result<(), Refusal> {
        let found = head.found.clone()?;
        couple.append_mark(who, head.hash, head.seal, head.bytes);
        for read in &self.reads[found] {
            let (past_other, subject) = check_assertion(couple, who, read.key, &read.it)?;
            let admitted = Admitted {
                it: &read.it,
                hash: read.hash,
                raw: &self.texts[read.raw.clone()],
                past_other,
                subject,
                does: read.does.clone(),
            };
            couple.append(who, admitted);
        }
        Ok(())
    }
}

/// Whether an entry is there already; refused unless it is, or is the next one.
fn follows(couple: &Couple, who: Who, head: &Head) -> Result<bool, Refusal> {
    let book = couple.book(who);
    if head.n == 0 {
        return Err(Refusal::Chain);
    }
    if let Some(held) = book.have_at(head.n) {
        let same = held.head == head.hash;
        return if same {
            Ok(true)
        } else {
            Err(Refusal::Fork { n: head.n })
        };
    }
    let over = book.bytes() + head.bytes as u64 > limits::DOCUMENT_BYTES;
    if over || head.found.as_ref().err() == Some(&Refusal::Limit) {
        return Err(Refusal::Limit);
    }
    if head.n != book.n() + 1 {
        return Err(Refusal::Gap);
    }
    if head.prev != book.have().head {
        return Err(Refusal::Fork { n: head.n - 1 });
    }
    Ok(false)
}

/// Lets consecutive entries into a book, or none of them. Entries already there are passed over.
///
/// # Errors
/// The first [`Refusal`]; the book is as before.
pub fn admit(
    couple: &mut Couple,
    who: Who,
    log: &LogId,
    entries: &[SealedEntry],
) -> Result<u64, Refusal> {
    if couple.book(who).log != *log {
        return Err(Refusal::Writer);
    }
    let before = couple.length(who);
    let (id, author) = (couple.id, couple.book(who).owner);
    let mut prepared = Prepared::default();
    for sealed in entries {
        prepared.push(id, author, log, sealed);
    }
    let mut new = 0;
    while prepared.next().is_some() {
        match prepared.admit_next(couple, who) {
            Ok(admitted) => new += u64::from(admitted),
            Err(refusal) => {
                couple.truncate(who, before);
                return Err(refusal);
            }
        }
    }
    Ok(new)
}

/// Everything about an assertion that depends on what is in the books: how much of the other's its author had, and
/// what it speaks of.
fn check_assertion(
    couple: &Couple,
    who: Who,
    key: AssertionId,
    it: &Assertion,
) -> Result<(u32, Subject), Refusal> {
    let used = |who| couple.book(who).has_id(&it.id);
    if it.id != key || used(Who::Me) || used(Who::Partner) {
        return Err(Refusal::Key);
    }
    if it.seq <= couple.book(who).seq() {
        return Err(Refusal::Seq);
    }
    let other = couple.book(who.other());
    let mut seen = Vec::with_capacity(it.seen.len());
    for hash in &it.seen {
        match other.place(hash) {
            Some(place) => seen.push(place),
            None => return Err(Refusal::Seen),
        }
    }
    if about_agreements(&it.body) && !seen.iter().all(|place| other.speaks_of_agreement(*place)) {
        return Err(Refusal::Seen);
    }
    let past_other = couple.past_of_next(who, &seen);
    let subject = subject(couple, who, it, past_other)?;
    // There is always room to step back from what there was room to begin.
    let most = match it.body {
        Body::StepBack(_) | Body::Cancel(_) | Body::Lock(_) | Body::Open(_) => {
            2 * limits::ACTS_PER_SUBJECT
        }
        _ => limits::ACTS_PER_SUBJECT,
    };
    if couple.acts_in(&subject, who) >= most {
        return Err(Refusal::Limit);
    }
    Ok((past_other, subject))
}

fn about_agreements(body: &Body) -> bool {
    matches!(
        body,
        Body::Version(_)
            | Body::Yes(_)
            | Body::NotNow(_)
            | Body::NeedTime(_)
            | Body::StepBack(_)
            | Body::MyPart(_)
    )
}

/// What an assertion speaks of. Everything it names must lie in its author's past.
fn subject(couple: &Couple, who: Who, it: &Assertion, past_other: u32) -> Result<Subject, Refusal> {
    let version = |hash: &Hash| version_in_past(couple, who, hash, past_other);
    let known = |id: &AgreementId| {
        // The author has an agreement from its first act in their own book, or in what they had of the other's.
        let thread = couple.thread(id).ok_or(Refusal::Reference)?;
        let there = thread
            .acts
            .iter()
            .any(|act| act.by == who || act.place < past_other);
        if there {
            Ok(*id)
        } else {
            Err(Refusal::Reference)
        }
    };
    Ok(match &it.body {
        Body::Version(it) => {
            for base in &it.base {
                if version(base)? != it.agreement {
                    return Err(Refusal::Reference);
                }
            }
            Subject::Agreement(it.agreement)
        }
        Body::Yes(it) => Subject::Agreement(version(&it.version)?),
        Body::NotNow(it) => Subject::Agreement(version(&it.version)?),
        Body::NeedTime(it) => Subject::Agreement(version(&it.version)?),
        Body::MyPart(it) => Subject::Agreement(known(&it.agreement)?),
        Body::StepBack(it) => Subject::Agreement(match &it.from {
            From::Version(hash) => version(hash)?,
            From::Agreement(id) => known(id)?,
        }),
        Body::Ready(it) => Subject::Slot(Box::new(it.slot.clone())),
        Body::Cancel(it) | Body::Lock(it) => Subject::Slot(Box::new(it.slot.clone())),
        Body::Open(it) => Subject::Slot(Box::new(it.slot.clone())),
        Body::Heard(it) => Subject::Slot(Box::new(it.slot.clone())),
        Body::Newer { .. } => Subject::Newer,
    })
    .and_then(|subject| match &subject {
        // A review is of a version that is there. A Ready, Cancel or Lock need not have seen it by the book's order.
        Subject::Slot(slot) => match &**slot {
            Slot::Look(hash) if version_in_past(couple, who, hash, u32::MAX).is_err() => {
                Err(Refusal::Reference)
            }
            _ => Ok(subject),
        },
        _ => Ok(subject),
    })
}

fn version_in_past(
    couple: &Couple,
    who: Who,
    hash: &Hash,
    past_other: u32,
) -> Result<AgreementId, Refusal> {
    let (by, said) = couple.find(hash).ok_or(Refusal::Reference)?;
    let in_past = by == who
        || couple
            .book(by)
            .place(hash)
            .is_some_and(|place| place < past_other);
    match said.subject {
        Subject::Agreement(id) if in_past && said.is_version => Ok(*id),
        _ => Err(Refusal::Reference),
    }
}
