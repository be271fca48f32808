//! The couple's two books, side by side, and what is said in them about each subject.
//!
//! A book is held as its log of entries. What comes into it, from whomever, passes [`crate::gate`].

use crate::agreement::{Act, Does, Past};
use crate::sealed;
use std::collections::BTreeMap;
use troth_proto::assertion::{self, Sealed};
use troth_proto::ids::Who;
use troth_proto::wire::{Document, Entry, Have, LogId, Op, SealedEntry};
use troth_proto::{
    AgreementId, Assertion, AssertionId, Body, CoupleId, Hash, InstallationId, PersonId, Slot,
};

/// One assertion in a book.
#[derive(Debug, Clone, Copy)]
pub struct Said<'a> {
    /// Its id.
    pub id: AssertionId,
    /// Its hash.
    pub hash: Hash,
    /// The bytes its author wrote.
    pub raw: &'a str,
    /// What it speaks of.
    pub subject: &'a Subject,
    /// Whether it proposes words.
    pub is_version: bool,
}

impl Said<'_> {
    /// What it says. It was read once when it came in, so that it reads again.
    #[must_use]
    pub fn read(self) -> Option<Assertion> {
        Assertion::read(self.raw.as_bytes()).ok()
    }
}

/// An assertion as a book keeps it.
#[derive(Debug)]
struct Record {
    id: AssertionId,
    hash: Hash,
    subject: Subject,
    /// Where its bytes begin among the book's texts. They end where the next one's begin.
    text: u32,
    /// How much of the other book its author had.
    past_other: u32,
    version: bool,
}

/// An assertion that the gate has let in.
pub(crate) struct Admitted<'a> {
    pub it: &'a Assertion,
    pub hash: Hash,
    pub raw: &'a str,
    pub past_other: u32,
    pub subject: Subject,
    /// What it does to an agreement.
    pub does: Option<Does>,
}

/// What an assertion speaks of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subject {
    /// An agreement.
    Agreement(AgreementId),
    /// A sealed slot.
    Slot(Box<Slot>),
    /// Something that only a newer Troth knows.
    Newer,
}

/// One entry, as far as it is not in its assertions.
#[derive(Debug, Clone, Copy)]
struct Mark {
    hash: Hash,
    seal: Hash,
    /// The place of its first assertion.
    first: u32,
}

/// One partner's book: one log of entries, and the assertions in them.
#[derive(Debug)]
pub struct Book {
    /// Whose it is.
    pub owner: PersonId,
    /// Its log. A restore will add others.
    pub log: LogId,
    marks: Vec<Mark>,
    said: Vec<Record>,
    /// The bytes of all assertions, one after another: one block of memory instead of one each.
    texts: String,
    places: BTreeMap<AssertionId, u32>,
    hashes: BTreeMap<Hash, u32>,
    bytes: u64,
    seq: u64,
}

impl Book {
    fn new(owner: PersonId, installation: InstallationId) -> Self {
        let log = LogId {
            document: Document::Book(owner),
            edition: 0,
            installation,
        };
        Self {
            owner,
            log,
            marks: Vec::new(),
            said: Vec::new(),
            texts: String::new(),
            places: BTreeMap::new(),
            hashes: BTreeMap::new(),
            bytes: 0,
            seq: 0,
        }
    }

    /// How many entries it holds.
    #[must_use]
    pub fn n(&self) -> u64 {
        self.marks.len() as u64
    }

    /// How far it is held.
    #[must_use]
    pub fn have(&self) -> Have {
        self.have_at(self.n()).unwrap_or(Have {
            log: self.log,
            n: 0,
            head: Hash::default(),
            seal: Hash::default(),
        })
    }

    /// The hash and seal of entry `n`; zeros for 0, none for what is not held.
    #[must_use]
    pub fn have_at(&self, n: u64) -> Option<Have> {
        if n == 0 {
            return Some(Have {
                log: self.log,
                n: 0,
                head: Hash::default(),
                seal: Hash::default(),
            });
        }
        let mark = self.marks.get(usize::try_from(n - 1).ok()?)?;
        Some(Have {
            log: self.log,
            n,
            head: mark.hash,
            seal: mark.seal,
        })
    }

    /// Entry `n` in the form it travels in.
    #[must_use]
    pub fn entry(&self, n: u64) -> Option<SealedEntry<&str>> {
        let mark = self.marks.get(usize::try_from(n.checked_sub(1)?).ok()?)?;
        let ops = self
            .said_at(n)
            .map(|said| Op {
                kind: Op::PUT,
                key: said.id,
                value: said.raw,
            })
            .collect();
        let prev = self.have_at(n - 1)?.head;
        Some(SealedEntry {
            entry: Entry {
                n,
                prev,
                deps: Vec::new(),
                ops,
            },
            hash: mark.hash,
            seal: mark.seal,
        })
    }

    /// All assertions, in order.
    #[must_use]
    pub fn said(&self) -> impl DoubleEndedIterator<Item = Said<'_>> + ExactSizeIterator {
        (0..self.said.len()).map(|place| self.at(place))
    }

    /// The assertion at a place that is there.
    fn at(&self, place: usize) -> Said<'_> {
        let record = &self.said[place];
        let end = self
            .said
            .get(place + 1)
            .map_or(self.texts.len(), |next| next.text as usize);
        Said {
            id: record.id,
            hash: record.hash,
            raw: &self.texts[record.text as usize..end],
            subject: &record.subject,
            is_version: record.version,
        }
    }

    /// Whether the assertion at a place speaks of an agreement; false where none is.
    #[must_use]
    pub fn speaks_of_agreement(&self, place: u32) -> bool {
        let record = self.said.get(place as usize);
        record.is_some_and(|record| matches!(record.subject, Subject::Agreement(_)))
    }

    /// The place of an assertion by its hash.
    #[must_use]
    pub fn place(&self, hash: &Hash) -> Option<u32> {
        self.hashes.get(hash).copied()
    }

    /// An assertion by its id.
    #[must_use]
    pub fn by_id(&self, id: &AssertionId) -> Option<Said<'_>> {
        Some(self.at(*self.places.get(id)? as usize))
    }

    /// Whether an assertion with this id is there.
    #[must_use]
    pub fn has_id(&self, id: &AssertionId) -> bool {
        self.places.contains_key(id)
    }

    /// The assertions of entry `n`.
    pub fn said_at(&self, n: u64) -> impl Iterator<Item = Said<'_>> {
        let i = usize::try_from(n.saturating_sub(1)).unwrap_or(usize::MAX);
        let first = |i: usize| {
            self.marks
                .get(i)
                .map_or(self.said.len(), |m| m.first as usize)
        };
        (first(i)..first(i.saturating_add(1))).map(|place| self.at(place))
    }

    /// Versions whose id begins with this lower-case hex, two at most.
    #[must_use]
    pub fn versions_beginning(&self, prefix: &str) -> Vec<Said<'_>> {
        let Some(range) = beginning(prefix) else {
            return Vec::new();
        };
        let range = AssertionId(*range.start())..=AssertionId(*range.end());
        let said = self
            .places
            .range(range)
            .map(|(_, place)| self.at(*place as usize));
        said.filter(|said| said.is_version).take(2).collect()
    }

    /// The last running number used.
    #[must_use]
    pub fn seq(&self) -> u64 {
        self.seq
    }

    /// Bytes of all entries, as they count against the limit.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.bytes
    }
}

/// What is said about one agreement, by both.
#[derive(Debug, Default)]
pub struct Thread {
    /// The acts that decide its state.
    pub acts: Vec<Act>,
    /// Who said something about it, and the place of that in their book; each one's in order.
    places: Vec<(Who, u32)>,
}

/// Two books.
#[derive(Debug)]
pub struct Couple {
    /// The two of them.
    pub id: CoupleId,
    me: Book,
    partner: Book,
    threads: BTreeMap<AgreementId, Thread>,
    slots: BTreeMap<Slot, [Vec<u32>; 2]>,
    newer: u64,
}

/// How long both books were at some moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Length {
    entries: usize,
    said: usize,
    texts: usize,
    bytes: u64,
    seq: u64,
}

impl Length {
    /// How many entries there were.
    #[must_use]
    pub fn entries(&self) -> u64 {
        self.entries as u64
    }
}

impl Couple {
    /// Two empty books.
    #[must_use]
    pub fn new(
        id: CoupleId,
        me: (PersonId, InstallationId),
        partner: (PersonId, InstallationId),
    ) -> Self {
        Self {
            id,
            me: Book::new(me.0, me.1),
            partner: Book::new(partner.0, partner.1),
            threads: BTreeMap::new(),
            slots: BTreeMap::new(),
            newer: 0,
        }
    }

    /// One of the books.
    #[must_use]
    pub fn book(&self, who: Who) -> &Book {
        match who {
            Who::Me => &self.me,
            Who::Partner => &self.partner,
        }
    }

    fn book_mut(&mut self, who: Who) -> &mut Book {
        match who {
            Who::Me => &mut self.me,
            Who::Partner => &mut self.partner,
        }
    }

    /// Whose book a log belongs to.
    #[must_use]
    pub fn owner(&self, log: &LogId) -> Option<Who> {
        [Who::Me, Who::Partner]
            .into_iter()
            .find(|who| self.book(*who).log == *log)
    }

    /// An assertion of either by its hash.
    #[must_use]
    pub fn find(&self, hash: &Hash) -> Option<(Who, Said<'_>)> {
        [Who::Me, Who::Partner].into_iter().find_map(|who| {
            let book = self.book(who);
            book.place(hash).map(|place| (who, book.at(place as usize)))
        })
    }

    /// All agreements.
    pub fn threads(&self) -> impl Iterator<Item = (&AgreementId, &Thread)> {
        self.threads.iter()
    }

    /// One agreement.
    #[must_use]
    pub fn thread(&self, id: &AgreementId) -> Option<&Thread> {
        self.threads.get(id)
    }

    /// Agreements whose id begins with this lower-case hex, two at most.
    #[must_use]
    pub fn threads_beginning(&self, prefix: &str) -> Vec<AgreementId> {
        let Some(range) = beginning(prefix) else {
            return Vec::new();
        };
        let range = AgreementId(*range.start())..=AgreementId(*range.end());
        self.threads
            .range(range)
            .take(2)
            .map(|(id, _)| *id)
            .collect()
    }

    /// What one of them said about an agreement, in order.
    pub fn said_in<'a>(&'a self, thread: &'a Thread, who: Who) -> impl Iterator<Item = Said<'a>> {
        let theirs = thread.places.iter().filter(move |(by, _)| *by == who);
        theirs.map(move |(_, place)| self.book(who).at(*place as usize))
    }

    /// All slots, and the place of what was last said in each.
    pub fn slots(&self) -> impl Iterator<Item = (&Slot, u32)> {
        let last = |places: &[Vec<u32>; 2]| places.iter().filter_map(|p| p.last()).max().copied();
        self.slots
            .iter()
            .map(move |(slot, places)| (slot, last(places).unwrap_or(0)))
    }

    /// What one of them said in a slot, in order.
    pub fn said_in_slot(&self, slot: &Slot, who: Who) -> impl Iterator<Item = Said<'_>> {
        let places = self
            .slots
            .get(slot)
            .map_or(&[][..], |places| &places[who as usize]);
        places
            .iter()
            .map(move |place| self.book(who).at(*place as usize))
    }

    /// How many acts one of them has in a subject.
    #[must_use]
    pub fn acts_in(&self, subject: &Subject, who: Who) -> usize {
        match subject {
            Subject::Agreement(id) => self.threads.get(id).map_or(0, |thread| {
                thread.places.iter().filter(|(by, _)| *by == who).count()
            }),
            Subject::Slot(slot) => self
                .slots
                .get(slot)
                .map_or(0, |places| places[who as usize].len()),
            Subject::Newer => 0,
        }
    }

    /// How many assertions a newer Troth wrote.
    #[must_use]
    pub fn newer(&self) -> u64 {
        self.newer
    }

    /// A sealed slot as it stands.
    #[must_use]
    pub fn slot(&self, slot: &Slot) -> sealed::Slot {
        let acts = |who| -> Vec<sealed::Act> {
            let author = self.book(who).owner;
            let mut ready: BTreeMap<u32, Hash> = BTreeMap::new();
            let said = self.said_in_slot(slot, who).filter_map(Said::read);
            said.filter_map(|said| sealed_act(&said.body, slot, author, &mut ready))
                .collect()
        };
        sealed::Slot::of(&acts(Who::Me), &acts(Who::Partner))
    }

    /// How long a book is now, to go back to.
    #[must_use]
    pub fn length(&self, who: Who) -> Length {
        let book = self.book(who);
        Length {
            entries: book.marks.len(),
            said: book.said.len(),
            texts: book.texts.len(),
            bytes: book.bytes,
            seq: book.seq,
        }
    }

    /// Takes back everything a book gained since `length`.
    pub fn truncate(&mut self, who: Who, length: Length) {
        let book = self.book_mut(who);
        book.marks.truncate(length.entries);
        book.texts.truncate(length.texts);
        (book.bytes, book.seq) = (length.bytes, length.seq);
        let gone: Vec<Record> = book.said.drain(length.said..).collect();
        for said in &gone {
            book.places.remove(&said.id);
            book.hashes.remove(&said.hash);
        }
        for said in gone.iter().rev() {
            match &said.subject {
                Subject::Agreement(id) => {
                    if let Some(thread) = self.threads.get_mut(id) {
                        let last = thread.places.iter().rposition(|(by, _)| *by == who);
                        last.map(|i| thread.places.remove(i));
                        thread.acts.retain(|act| act.hash != said.hash);
                        if thread.places.is_empty() {
                            self.threads.remove(id);
                        }
                    }
                }
                Subject::Slot(slot) => {
                    if let Some(places) = self.slots.get_mut(slot) {
                        places[who as usize].pop();
                        if places.iter().all(Vec::is_empty) {
                            self.slots.remove(slot);
                        }
                    }
                }
                Subject::Newer => self.newer -= 1,
            }
        }
    }

    /// Appends an entry's mark; its assertions follow.
    pub(crate) fn append_mark(&mut self, who: Who, hash: Hash, seal: Hash, bytes: usize) {
        let book = self.book_mut(who);
        book.marks.push(Mark {
            hash,
            seal,
            first: book.said.len() as u32,
        });
        book.bytes += bytes as u64;
    }

    /// How much of the other book the next assertion's author has, given what it lists as seen.
    pub(crate) fn past_of_next(&self, who: Who, seen: &[u32]) -> u32 {
        let before = self.book(who).said.last().map_or(0, |said| said.past_other);
        seen.iter().map(|place| place + 1).fold(before, u32::max)
    }

    /// Appends an assertion that the gate has let in.
    pub(crate) fn append(&mut self, who: Who, admitted: Admitted<'_>) {
        let Admitted {
            it,
            hash,
            raw,
            past_other,
            subject,
            does,
        } = admitted;
        let book = self.book_mut(who);
        let place = book.said.len() as u32;
        book.places.insert(it.id, place);
        book.hashes.insert(hash, place);
        book.seq = it.seq;
        book.said.push(Record {
            id: it.id,
            hash,
            subject: subject.clone(),
            text: book.texts.len() as u32,
            past_other,
            version: matches!(it.body, Body::Version(_)),
        });
        book.texts.push_str(raw);
        match subject {
            Subject::Agreement(id) => {
                let thread = self.threads.entry(id).or_default();
                push(&mut thread.places, (who, place));
                let past = match who {
                    Who::Me => Past {
                        mine: place,
                        theirs: past_other,
                    },
                    Who::Partner => Past {
                        mine: past_other,
                        theirs: place,
                    },
                };
                if let (Some(on), Some(does)) = (it.on, does) {
                    let act = Act {
                        by: who,
                        place,
                        past,
                        on,
                        hash,
                        does,
                    };
                    push(&mut thread.acts, act);
                }
            }
            Subject::Slot(slot) => self.slots.entry(*slot).or_default()[who as usize].push(place),
            Subject::Newer => self.newer += 1,
        }
    }
}

/// Most agreements have few acts: one more asks for room for one, and only long lists for more than they need.
fn push<T>(list: &mut Vec<T>, item: T) {
    if list.len() < 4 {
        list.reserve_exact(1);
    }
    list.push(item);
}

/// The ids of 16 bytes that begin with this lower-case hex, first to last.
fn beginning(prefix: &str) -> Option<std::ops::RangeInclusive<[u8; 16]>> {
    let filled = |with: &str| {
        let hex = format!(
            "{prefix}{}",
            with.repeat(32usize.checked_sub(prefix.len())?)
        );
        AssertionId::from_hex(&hex).ok().map(|id| id.0)
    };
    Some(filled("0")?..=filled("f")?)
}

fn sealed_act(
    body: &Body,
    slot: &Slot,
    author: PersonId,
    ready: &mut BTreeMap<u32, Hash>,
) -> Option<sealed::Act> {
    let (round, does) = match body {
        Body::Ready(it) => {
            ready.entry(it.round).or_insert(it.commitment);
            (it.round, sealed::Does::Ready(it.commitment))
        }
        Body::Cancel(it) => (it.round, sealed::Does::Cancel),
        Body::Lock(it) => (it.round, sealed::Does::Lock),
        Body::Open(it) => {
            let promised = ready.get(&it.round);
            let fits = promised == Some(&assertion::commitment(&it.salt, slot, author, &it.text));
            let words = if fits {
                Sealed::read(slot, &it.text).ok()
            } else {
                None
            };
            (it.round, sealed::Does::Open(words))
        }
        _ => return None,
    };
    Some(sealed::Act { round, does })
}
