//! Frames on the partner's link and the entries in them (PROTOCOL §3, FORMAT §3).
//!
//! One encoding, postcard: compact, with a written format, and it never allocates by a length it has not read.

use crate::draft::SealedDraft;
use crate::pairing::LinkId;
use crate::{AssertionId, CoupleId, DraftId, Hash, PersonId, assertion, limits};
use serde::{Deserialize, Serialize};
use std::net::SocketAddr;

/// The versions of the exchange that this program speaks, newest last.
pub const VERSIONS: &[u16] = &[1];

/// The name under which the exchange is asked for on a connection.
pub const PROTOCOL: &str = "/troth/1";

/// A document of the couple.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Document {
    /// The book of one partner, which only they write.
    Book(PersonId),
}

/// One entry of a document. `T` is how its texts are held: owned, or lent by the bytes they are read from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry<T = String> {
    /// One more than the highest number it is written on, from 1.
    pub n: u64,
    /// Hashes of the document's tips that its writer held, sorted, none twice.
    pub after: Vec<Hash>,
    /// What it does.
    pub ops: Vec<Op<T>>,
}

/// One operation on a book.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Op<T = String> {
    /// What is done; [`Op::PUT`] is the only kind in a book.
    pub kind: u8,
    /// The assertion's id.
    pub key: AssertionId,
    /// The assertion's head, as its author wrote it.
    pub head: T,
    /// The assertion's words, as its author wrote them.
    pub words: Words<T>,
}

/// Words that travel, or what is left of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Words<T = String> {
    /// The words; empty for an assertion without any.
    Here(T),
    /// Their hash: they are forgotten, taken back, or not here.
    Hash(Hash),
}

impl<T: AsRef<str>> Words<T> {
    /// The hash of the words.
    #[must_use]
    pub fn hash(&self) -> Hash {
        match self {
            Self::Here(words) => assertion::words_hash(words.as_ref()),
            Self::Hash(hash) => *hash,
        }
    }

    /// Bytes of the words.
    #[must_use]
    pub fn len(&self) -> usize {
        match self {
            Self::Here(words) => words.as_ref().len(),
            Self::Hash(_) => 32,
        }
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl Op {
    /// Puts one assertion under a key never used before in its past.
    pub const PUT: u8 = 1;
}

/// An entry with the hash and the seal that its author gave it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SealedEntry<T = String> {
    /// The entry.
    pub entry: Entry<T>,
    /// [`entry_hash`] of it.
    pub hash: Hash,
    /// The author's HMAC under a key from their recovery words; checked by nobody else.
    pub seal: Hash,
}

impl SealedEntry<&str> {
    /// The same, holding its texts itself.
    #[must_use]
    pub fn owned(&self) -> SealedEntry {
        let ops = self.entry.ops.iter().map(|op| Op {
            kind: op.kind,
            key: op.key,
            head: op.head.to_owned(),
            words: match &op.words {
                Words::Here(words) => Words::Here((*words).to_owned()),
                Words::Hash(hash) => Words::Hash(*hash),
            },
        });
        let entry = Entry {
            n: self.entry.n,
            after: self.entry.after.clone(),
            ops: ops.collect(),
        };
        SealedEntry {
            entry,
            hash: self.hash,
            seal: self.seal,
        }
    }
}

/// An entry that is held, on disk, with all that lies under it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Mark {
    /// Its number.
    pub n: u64,
    /// Its hash.
    pub hash: Hash,
}

/// What is held of a document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Have {
    /// The document.
    pub document: Document,
    /// Its tips, then entries 1, 2, 4 … back as they came, and the first.
    pub marks: Vec<Mark>,
    /// Entries held without words, for no reason that is known here.
    pub lacks: Vec<Hash>,
}

/// The frames, and how many kinds there are: a higher first byte is a newer Troth's.
macro_rules! frames {
    ($($(#[$doc:meta])* $variant:ident($body:ty),)*) => {
        /// One frame.
        #[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
        pub enum Frame { $($(#[$doc])* $variant($body),)* }

        impl Frame {
            /// The names of all kinds; a frame's first byte is the place of its kind.
            pub const KINDS: &[&'static str] = &[$(stringify!($variant)),*];
        }
    };
}

frames! {
    /// The first on a link, from both.
    Hello(Hello),
    /// What is held of a document. What is said later on a link can only be more.
    Have(Have),
    /// Entries the other lacks.
    Entries(Entries),
    /// So many [`Frame::Entries`] of this link are on disk.
    Got(u64),
    /// The link ends.
    Bye(Bye),
    /// What is held of a draft; none if it is not known here.
    DraftHave(DraftHave),
    /// Entries of a draft that the other lacks.
    DraftEntries(DraftEntries),
    /// Where the sender can be reached, after the hello and whenever that changes. The newest takes the place of those before.
    Here(Here),
}

/// The first frame.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hello {
    /// All versions offered.
    pub versions: Vec<u16>,
    /// The couple.
    pub couple: CoupleId,
    /// Random for each run of a daemon.
    pub run: [u8; 16],
    /// HMAC under the pair's key over the sender's role in the pairing, both link ids and `run`.
    pub proof: Hash,
    /// The link ids that the sender's device takes next, one for each network it joins ([`limits::NEXT_LINKS`] at most).
    pub links: Vec<LinkId>,
}

/// Where a device is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Here {
    /// Where it can be reached, over QUIC and TCP alike, the likeliest first.
    pub places: Vec<SocketAddr>,
    /// Where the other's device is, as this one sees it.
    pub you: Option<SocketAddr>,
}

/// Entries of one document, each after those it is written on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entries {
    /// The document.
    pub document: Document,
    /// The entries.
    pub entries: Vec<SealedEntry>,
}

/// What is held of a draft.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DraftHave {
    /// The draft.
    pub draft: DraftId,
    /// Its tips, then entries 1, 2, 4 … back as they came, and the first.
    pub marks: Vec<Mark>,
}

/// Entries of one draft, each after those it is written on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DraftEntries {
    /// The draft.
    pub draft: DraftId,
    /// The entries.
    pub entries: Vec<SealedDraft>,
}

/// Why a link ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Bye {
    /// Something in the last frame is not allowed. Nothing of it was taken.
    Refused,
    /// No version in common, or something only a newer Troth knows.
    Version,
    /// Another daemon with the same keys is already connected.
    AnotherCopy,
}

/// Why bytes are no frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotAFrame {
    /// Longer than allowed at this point.
    #[error("over a limit")]
    OverLimit,
    /// A kind of frame that only a newer Troth knows.
    #[error("written by a newer Troth")]
    Newer,
    /// Not of the form FORMAT §3 gives.
    #[error("not a frame")]
    Form,
}

impl Frame {
    /// Writes a frame.
    #[must_use]
    pub fn write(&self) -> Vec<u8> {
        encode(self)
    }

    /// Reads a frame and checks its limits.
    ///
    /// # Errors
    /// [`NotAFrame`]; nothing of it may be used then.
    pub fn read(bytes: &[u8], most: usize) -> Result<Self, NotAFrame> {
        if bytes.len() > most {
            return Err(NotAFrame::OverLimit);
        }
        let known = |kind: &u8| usize::from(*kind) < Self::KINDS.len();
        if !bytes.first().is_none_or(known) {
            return Err(NotAFrame::Newer);
        }
        let frame: Self = decode(bytes).ok_or(NotAFrame::Form)?;
        let fits = match &frame {
            Self::Hello(hello) => {
                hello.versions.len() <= limits::VERSIONS
                    && hello.links.len() <= limits::NEXT_LINKS
                    && hello.links.iter().all(LinkId::fits)
            }
            Self::Here(here) => here.places.len() <= limits::PLACES,
            Self::Have(have) => {
                have.marks.len() <= limits::MARKS && have.lacks.len() <= limits::MARKS
            }
            Self::DraftHave(have) => have.marks.len() <= limits::MARKS,
            Self::DraftEntries(it) => it.entries.len() <= limits::DRAFT_ENTRIES,
            Self::Entries(_) | Self::Got(_) | Self::Bye(_) => true,
        };
        if fits {
            Ok(frame)
        } else {
            Err(NotAFrame::OverLimit)
        }
    }
}

/// Whether a list of addresses keeps to its limits.
#[must_use]
pub fn addresses_fit(addresses: &[String]) -> bool {
    addresses.len() <= limits::ADDRESSES
        && addresses
            .iter()
            .all(|a| a.len() <= limits::ADDRESS_BYTES && a.bytes().all(|b| b.is_ascii_graphic()))
}

/// The hash of an entry. It covers each assertion by [`assertion::hash`], and nothing of automerge's encoding.
#[must_use]
pub fn entry_hash<T: AsRef<str>>(couple: CoupleId, document: &Document, entry: &Entry<T>) -> Hash {
    let Document::Book(author) = *document;
    let hash = |op: &Op<T>| {
        assertion::hash(
            couple,
            author,
            op.head.as_ref().as_bytes(),
            &op.words.hash(),
        )
    };
    let assertions: Vec<Hash> = entry.ops.iter().map(hash).collect();
    entry_hash_of(couple, document, entry, &assertions)
}

/// [`entry_hash`] for one who has hashed the assertions already.
#[must_use]
pub fn entry_hash_of<T>(
    couple: CoupleId,
    document: &Document,
    entry: &Entry<T>,
    assertions: &[Hash],
) -> Hash {
    let Document::Book(writer) = document;
    let ops: Vec<u8> = entry
        .ops
        .iter()
        .zip(assertions)
        .flat_map(|(op, hash)| std::iter::once(op.kind).chain(op.key.0).chain(hash.0))
        .collect();
    Hash::of(
        "troth/entry/1",
        &[
            &couple.0,
            &encode(document),
            &writer.0,
            &entry.n.to_be_bytes(),
            &encode(&entry.after),
            &ops,
        ],
    )
}

/// Bytes of an operation as it counts against limits, with so many in its head and its words.
#[must_use]
pub fn op_bytes(head: usize, words: usize) -> usize {
    (head + words + 24).max(limits::OP_COST)
}

/// Bytes of an entry as it counts against limits: a short operation counts as much as it takes of memory.
#[must_use]
pub fn entry_bytes<T: AsRef<str>>(entry: &Entry<T>) -> usize {
    let op = |op: &Op<T>| op_bytes(op.head.as_ref().len(), op.words.len());
    entry.ops.iter().map(op).sum::<usize>() + entry.after.len() * 32 + 80
}

/// Writes a value in the one encoding of frames and rows.
#[must_use]
pub fn encode<T: Serialize>(value: &T) -> Vec<u8> {
    // Writing to a growing vector fails only for types postcard cannot hold; all of ours are tested.
    postcard::to_stdvec(value).unwrap_or_default()
}

/// Reads a value that fills the bytes exactly.
#[must_use]
pub fn decode<'a, T: Deserialize<'a>>(bytes: &'a [u8]) -> Option<T> {
    match postcard::take_from_bytes(bytes) {
        Ok((value, [])) => Some(value),
        _ => None,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const BOOK: Document = Document::Book(PersonId([1; 16]));

    fn entries() -> Frame {
        let op = Op {
            kind: Op::PUT,
            key: AssertionId([3; 16]),
            head: "{}".to_owned(),
            words: Words::Here("words".to_owned()),
        };
        let entry = Entry {
            n: 1,
            after: vec![Hash([6; 32])],
            ops: vec![op],
        };
        let hash = entry_hash(CoupleId([4; 16]), &BOOK, &entry);
        Frame::Entries(Entries {
            document: BOOK,
            entries: vec![SealedEntry {
                entry,
                hash,
                seal: Hash([5; 32]),
            }],
        })
    }

    #[test]
    fn a_frame_reads_back_as_written_and_only_whole() {
        let bytes = entries().write();
        assert_eq!(Frame::read(&bytes, limits::FRAME_BYTES).unwrap(), entries());
        assert_eq!(
            Frame::read(&bytes[..bytes.len() - 1], limits::FRAME_BYTES),
            Err(NotAFrame::Form)
        );
        assert_eq!(
            Frame::read(&[&bytes[..], &[0]].concat(), limits::FRAME_BYTES),
            Err(NotAFrame::Form)
        );
        assert_eq!(
            Frame::read(&bytes, bytes.len() - 1),
            Err(NotAFrame::OverLimit)
        );
    }

    #[test]
    fn a_frame_of_a_kind_not_known_is_a_newer_troths() {
        let higher = Frame::KINDS.len() as u8;
        assert_eq!(Frame::read(&[higher], 10), Err(NotAFrame::Newer));
        // The highest kind known still is one.
        assert_eq!(
            Frame::read(&Frame::Bye(Bye::Refused).write(), 10).unwrap(),
            Frame::Bye(Bye::Refused)
        );
        let (places, you) = (Vec::new(), None);
        let last = Frame::Here(Here { places, you }).write();
        assert!(last[0] < higher);
    }

    #[test]
    fn every_field_of_an_entry_is_under_its_hash() {
        let Frame::Entries(Entries { entries, .. }) = entries() else {
            unreachable!()
        };
        let (couple, entry) = (CoupleId([4; 16]), &entries[0].entry);
        let plain = entry_hash(couple, &BOOK, entry);
        let mut changed = Vec::new();
        for change in 0..6 {
            let mut other = entry.clone();
            match change {
                0 => other.n = 2,
                1 => other.after = vec![],
                2 => other.ops[0].words = Words::Here("other".into()),
                3 => other.ops[0].kind = 2,
                4 => other.ops[0].key = AssertionId([9; 16]),
                _ => other.ops[0].head = "{ }".into(),
            }
            changed.push(entry_hash(couple, &BOOK, &other));
        }
        changed.push(entry_hash(CoupleId([9; 16]), &BOOK, entry));
        changed.push(entry_hash(
            couple,
            &Document::Book(PersonId([9; 16])),
            entry,
        ));
        // Words that have left are under it all the same.
        let mut forgotten = entry.clone();
        forgotten.ops[0].words = Words::Hash(assertion::words_hash("words"));
        assert_eq!(entry_hash(couple, &BOOK, &forgotten), plain);
        assert!(changed.iter().all(|hash| *hash != plain));
    }

    proptest! {
        #[test]
        fn no_bytes_panic_the_frame_reader(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
            let _ = Frame::read(&bytes, limits::FRAME_BYTES);
        }

        #[test]
        fn damaged_frames_never_panic(at in 0usize..200, byte: u8) {
            let mut bytes = entries().write();
            let at = at % bytes.len();
            bytes[at] = byte;
            let _ = Frame::read(&bytes, limits::FRAME_BYTES);
        }
    }
}
