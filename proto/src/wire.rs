//! Frames on the partner's link and the entries in them (PROTOCOL §3, FORMAT §3).
//!
//! One encoding, postcard: compact, with a written format, and it never allocates by a length it has not read.

use crate::{AssertionId, CoupleId, Hash, InstallationId, PersonId, assertion, limits};
use serde::{Deserialize, Serialize};

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

/// A log: what one installation wrote into one edition of one document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct LogId {
    /// The document.
    pub document: Document,
    /// Its edition, from 0.
    pub edition: u32,
    /// The installation, and automerge's actor.
    pub installation: InstallationId,
}

/// One entry of a log: one automerge change in our own plain form. `V` is how its values are held: owned, or lent by the
/// bytes they are read from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry<V = String> {
    /// Its number in the log, from 1.
    pub n: u64,
    /// The hash of entry n−1; zeros for the first.
    pub prev: Hash,
    /// What it builds on in the document's other logs, sorted by installation, none twice.
    pub deps: Vec<Dep>,
    /// What it does.
    pub ops: Vec<Op<V>>,
}

/// "I had entries 1 to n of that log."
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Dep {
    /// The other installation.
    pub installation: InstallationId,
    /// The last entry of it that was there.
    pub n: u64,
}

/// One operation on the document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Op<V = String> {
    /// What is done; [`Op::PUT`] is the only kind in a book.
    pub kind: u8,
    /// The root key.
    pub key: AssertionId,
    /// The assertion as its author wrote it.
    pub value: V,
}

impl Op {
    /// Puts one string under a root key never used before.
    pub const PUT: u8 = 1;
}

/// An entry with the hash and the seal that its author gave it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SealedEntry<V = String> {
    /// The entry.
    pub entry: Entry<V>,
    /// [`entry_hash`] of it.
    pub hash: Hash,
    /// The author's HMAC under a key from their recovery words; kept, and checked by nobody else.
    pub seal: Hash,
}

impl SealedEntry<&str> {
    /// The same, holding its values itself.
    #[must_use]
    pub fn owned(&self) -> SealedEntry {
        let ops = self.entry.ops.iter().map(|op| Op {
            kind: op.kind,
            key: op.key,
            value: op.value.to_owned(),
        });
        let entry = Entry {
            n: self.entry.n,
            prev: self.entry.prev,
            deps: self.entry.deps.clone(),
            ops: ops.collect(),
        };
        SealedEntry {
            entry,
            hash: self.hash,
            seal: self.seal,
        }
    }
}

/// How far a log is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Have {
    /// The log.
    pub log: LogId,
    /// Entries 1 to n are held, on disk.
    pub n: u64,
    /// The hash of entry n; zeros for none.
    pub head: Hash,
    /// The seal of entry n; zeros for none.
    pub seal: Hash,
}

/// One frame.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Frame {
    /// The first on a link, from both.
    Hello(Hello),
    /// Entries the other lacks.
    Entries(Entries),
    /// "It is on my disk."
    Have(Have),
    /// "I hold something else there."
    Fork(Have),
    /// The link ends.
    Bye(Bye),
}

/// The number of frame kinds that version 1 knows; a higher first byte is a newer Troth's.
const FRAME_KINDS: u8 = 5;

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
    /// How far every log is held.
    pub have: Vec<Have>,
    /// Where the sender can be reached, as multiaddresses.
    pub addresses: Vec<String>,
}

/// Consecutive entries of one log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entries {
    /// The log.
    pub log: LogId,
    /// The entries, none missing between them.
    pub entries: Vec<SealedEntry>,
}

/// Why a link ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Bye {
    /// Something in the last frame is not allowed. Nothing of it was taken.
    Refused,
    /// No version in common, or something only a newer Troth knows.
    Version,
    /// Another installation with the same keys is already connected.
    AnotherCopy,
    /// The receiver holds more of the sender's log than the sender, or something else: the sender is an older copy.
    Older,
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
        if bytes.first().is_some_and(|kind| *kind >= FRAME_KINDS) {
            return Err(NotAFrame::Newer);
        }
        let frame: Self = decode(bytes).ok_or(NotAFrame::Form)?;
        if let Self::Hello(hello) = &frame {
            let fits = hello.versions.len() <= limits::VERSIONS
                && hello.have.len() <= limits::HELLO_LOGS
                && addresses_fit(&hello.addresses);
            if !fits {
                return Err(NotAFrame::OverLimit);
            }
        }
        Ok(frame)
    }
}

/// Whether a list of addresses keeps to its limits.
#[must_use]
pub fn addresses_fit(addresses: &[String]) -> bool {
    addresses.len() <= limits::ADDRESSES
        && addresses
            .iter()
            .all(|a| a.len() <= limits::ADDRESS_BYTES && a.is_ascii())
}

/// The hash that chains an entry to its log. It covers each value by [`assertion::hash`], and nothing of automerge's
/// encoding.
#[must_use]
pub fn entry_hash(couple: CoupleId, log: &LogId, entry: &Entry) -> Hash {
    let Document::Book(author) = log.document;
    let values: Vec<Hash> = entry
        .ops
        .iter()
        .map(|op| assertion::hash(couple, author, op.value.as_bytes()))
        .collect();
    entry_hash_of(couple, log, entry, &values)
}

/// [`entry_hash`] for one who has hashed the values already.
#[must_use]
pub fn entry_hash_of<V>(couple: CoupleId, log: &LogId, entry: &Entry<V>, values: &[Hash]) -> Hash {
    let deps = encode(&entry.deps);
    let ops: Vec<u8> = entry
        .ops
        .iter()
        .zip(values)
        .flat_map(|(op, value)| std::iter::once(op.kind).chain(op.key.0).chain(value.0))
        .collect();
    Hash::of(
        "troth/entry/1",
        &[
            &couple.0,
            &encode(log),
            &entry.n.to_be_bytes(),
            &entry.prev.0,
            &deps,
            &ops,
        ],
    )
}

/// Bytes of an entry as it counts against limits.
#[must_use]
pub fn entry_bytes<V: AsRef<str>>(entry: &Entry<V>) -> usize {
    entry
        .ops
        .iter()
        .map(|op| op.value.as_ref().len() + 20)
        .sum::<usize>()
        + entry.deps.len() * 24
        + 48
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

    fn log() -> LogId {
        LogId {
            document: Document::Book(PersonId([1; 16])),
            edition: 0,
            installation: InstallationId([2; 16]),
        }
    }

    fn entries() -> Frame {
        let entry = Entry {
            n: 1,
            prev: Hash::default(),
            deps: vec![],
            ops: vec![Op {
                kind: Op::PUT,
                key: AssertionId([3; 16]),
                value: "{}".into(),
            }],
        };
        let hash = entry_hash(CoupleId([4; 16]), &log(), &entry);
        Frame::Entries(Entries {
            log: log(),
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
        assert_eq!(Frame::read(&[FRAME_KINDS], 10), Err(NotAFrame::Newer));
        // The highest kind known still is one.
        assert_eq!(
            Frame::read(&Frame::Bye(Bye::Refused).write(), 10).unwrap(),
            Frame::Bye(Bye::Refused)
        );
        assert_eq!(Frame::Bye(Bye::Refused).write()[0], FRAME_KINDS - 1);
    }

    #[test]
    fn every_field_of_an_entry_is_under_its_hash() {
        let Frame::Entries(Entries { entries, .. }) = entries() else {
            unreachable!()
        };
        let entry = &entries[0].entry;
        let plain = entry_hash(CoupleId([4; 16]), &log(), entry);
        let mut changed = Vec::new();
        for change in 0..6 {
            let mut other = entry.clone();
            match change {
                0 => other.n = 2,
                1 => other.prev = Hash([9; 32]),
                2 => other.deps.push(Dep {
                    installation: InstallationId([9; 16]),
                    n: 1,
                }),
                3 => other.ops[0].kind = 2,
                4 => other.ops[0].key = AssertionId([9; 16]),
                _ => other.ops[0].value = "{ }".into(),
            }
            changed.push(entry_hash(CoupleId([4; 16]), &log(), &other));
        }
        changed.push(entry_hash(CoupleId([9; 16]), &log(), entry));
        changed.push(entry_hash(
            CoupleId([4; 16]),
            &LogId {
                edition: 1,
                ..log()
            },
            entry,
        ));
        changed.push(entry_hash(
            CoupleId([4; 16]),
            &LogId {
                installation: InstallationId([9; 16]),
                ..log()
            },
            entry,
        ));
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
