//! The gate: everything that is checked before an entry touches a book (PROTOCOL §2).
//!
//! My own entries and those read back from the disk pass the same gate, so that what is written here is never refused
//! there, and a damaged disk is noticed like a hostile partner.

use crate::agreement::Does;
use crate::book::{Couple, Said, Subject};
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

/// An entry, and what can be found out about it without looking at the books. Load does this ahead, on other cores.
pub struct Prepared {
    sealed: SealedEntry,
    bytes: usize,
    found: Result<Vec<Read>, Refusal>,
}

/// One assertion as it was read, without its long texts: those stay in the bytes.
struct Read {
    hash: Hash,
    it: Assertion,
    act: Option<Does>,
}

impl Prepared {
    /// Its number.
    #[must_use]
    pub fn n(&self) -> u64 {
        self.sealed.entry.n
    }
}

/// Measures, hashes and reads an entry.
#[must_use]
pub fn prepare(couple: CoupleId, author: PersonId, log: &LogId, sealed: SealedEntry) -> Prepared {
    let entry = &sealed.entry;
    let bytes = wire::entry_bytes(entry);
    let over = bytes > limits::ENTRY_BYTES
        || entry.ops.len() > limits::ENTRY_OPS
        || entry.deps.len() > limits::ENTRY_DEPS
        || entry.n > limits::LOG_ENTRIES;
    if over {
        return Prepared {
            sealed,
            bytes,
            found: Err(Refusal::Limit),
        };
    }
    let hash = |op: &Op| assertion::hash(couple, author, op.value.as_bytes());
    let hashes: Vec<Hash> = entry.ops.iter().map(hash).collect();
    let whole = wire::entry_hash_of(couple, log, entry, &hashes);
    let read = |op: &Op| {
        Assertion::read(op.value.as_bytes()).map_err(|malformed| match malformed {
            assertion::Malformed::OverLimit => Refusal::Limit,
            assertion::Malformed::Form => Refusal::Malformed,
        })
    };
    let found = if whole == sealed.hash {
        let read = entry.ops.iter().zip(hashes).map(|(op, hash)| {
            let mut it = read(op)?;
            let act = Does::of(&it);
            it.body.drop_texts();
            Ok(Read { hash, it, act })
        });
        read.collect()
    } else {
        Err(Refusal::Hash)
    };
    Prepared {
        sealed,
        bytes,
        found,
    }
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
    let mut new = 0;
    for sealed in entries {
        let mut prepared = prepare(id, author, log, sealed.clone());
        match admit_prepared(couple, who, &mut prepared) {
            Ok(admitted) => new += u64::from(admitted),
            Err(refusal) => {
                couple.truncate(who, before);
                return Err(refusal);
            }
        }
    }
    Ok(new)
}

/// Lets one entry in; false if it was there already.
///
/// # Errors
/// The first [`Refusal`]. Its beginning may be in the book then: the caller takes it out again.
pub fn admit_prepared(
    couple: &mut Couple,
    who: Who,
    prepared: &mut Prepared,
) -> Result<bool, Refusal> {
    let (entry, book) = (&prepared.sealed.entry, couple.book(who));
    let over = book.bytes() + prepared.bytes as u64 > limits::DOCUMENT_BYTES;
    if over || prepared.found.as_ref().err() == Some(&Refusal::Limit) {
        return Err(Refusal::Limit);
    }
    if entry.n == 0 {
        return Err(Refusal::Chain);
    }
    if let Some(held) = book.have_at(entry.n) {
        let same = held.head == prepared.sealed.hash;
        return if same {
            Ok(false)
        } else {
            Err(Refusal::Fork { n: entry.n })
        };
    }
    if entry.n != book.n() + 1 {
        return Err(Refusal::Gap);
    }
    if entry.prev != book.have().head {
        return Err(Refusal::Fork { n: entry.n - 1 });
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
    let read = prepared.found.as_mut().map_err(|refusal| *refusal)?;
    couple.append_mark(who, &prepared.sealed, prepared.bytes);
    let alone = read.len() == 1;
    for (op, read) in prepared.sealed.entry.ops.iter_mut().zip(read) {
        let (past_other, subject) = check_assertion(couple, who, op.key, &read.it)?;
        // An entry that is refused further on is tried again later: only the last of it may be given away.
        let (raw, act) = if alone {
            (std::mem::take(&mut op.value), read.act.take())
        } else {
            (op.value.clone(), read.act.clone())
        };
        let said = Said::new(&read.it, read.hash, raw.into(), past_other, subject);
        couple.append(who, &read.it, act, said);
    }
    Ok(true)
}

/// Everything about an assertion that depends on what is in the books: how much of the other's its author had, and
/// what it speaks of.
fn check_assertion(
    couple: &Couple,
    who: Who,
    key: AssertionId,
    it: &Assertion,
) -> Result<(u32, Subject), Refusal> {
    let used = |who| couple.book(who).by_id(&it.id).is_some();
    if it.id != key || used(Who::Me) || used(Who::Partner) {
        return Err(Refusal::Key);
    }
    if it.seq <= couple.book(who).seq() {
        return Err(Refusal::Seq);
    }
    let newer = matches!(it.body, Body::Newer { .. });
    let other = couple.book(who.other());
    let mut seen = Vec::with_capacity(it.seen.len());
    for hash in &it.seen {
        match other.place(hash) {
            Some(place) => seen.push(place),
            None if newer => {}
            None => return Err(Refusal::Seen),
        }
    }
    let agreements = |place: &u32| speaks_of_agreements(couple, who.other(), *place);
    if about_agreements(&it.body) && !seen.iter().all(agreements) {
        return Err(Refusal::Seen);
    }
    let past_other = couple.past_of_next(who, &seen);
    let subject = subject(couple, who, it, past_other)?;
    if couple.acts_in(&subject, who) >= limits::ACTS_PER_SUBJECT {
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

fn speaks_of_agreements(couple: &Couple, who: Who, place: u32) -> bool {
    couple
        .book(who)
        .said()
        .get(place as usize)
        .is_some_and(|said| matches!(said.subject(), Subject::Agreement(_)))
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
    match said.subject() {
        Subject::Agreement(id) if in_past && said.is_version() => Ok(*id),
        _ => Err(Refusal::Reference),
    }
}
