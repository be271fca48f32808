//! Books as automerge documents: changes rebuilt from entries that the gate let in (DESIGN §2, §3).
//!
//! Bytes of the partner never reach automerge's parsers. Nothing shown to a person waits for this: the log is the
//! truth, and a snapshot is a cache that any automerge tool can open.

use automerge::legacy::{Key, ObjectId, Op, OpType};
use automerge::{
    ActorId, Automerge, Change, ChangeHash, ExpandedChange, ReadDoc, ScalarValue, Value,
};
use std::num::NonZeroU64;
use std::panic::{AssertUnwindSafe, catch_unwind};
use troth_proto::wire::{self, Entry, SealedEntry};
use troth_proto::{AssertionId, InstallationId};

/// Why no document came of it. The log is untouched, and the snapshot before stays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoDocument {
    /// Entries and snapshot do not follow each other.
    #[error("entries and snapshot do not follow each other")]
    Order,
    /// Automerge did not take a change.
    #[error("automerge did not take a change")]
    Apply,
    /// What was saved does not load, or loads as something else.
    #[error("what was saved does not load as the same document")]
    Check,
}

/// A book as an automerge document.
pub struct BookDocument {
    automerge: Automerge,
    installation: InstallationId,
    /// Entries that are in it.
    entries: u64,
}

impl BookDocument {
    /// An empty book. Its genesis is fixed: no change at all.
    #[must_use]
    pub fn new(installation: InstallationId) -> Self {
        Self {
            automerge: Automerge::new(),
            installation,
            entries: 0,
        }
    }

    /// Loads a snapshot that this program wrote and the vault opened.
    ///
    /// # Errors
    /// [`NoDocument::Check`] if it does not load, or holds another number of entries.
    pub fn load(
        installation: InstallationId,
        entries: u64,
        snapshot: &[u8],
    ) -> Result<Self, NoDocument> {
        let loaded = catch_unwind(|| Automerge::load(snapshot)).map_err(|_| NoDocument::Check)?;
        let automerge = loaded.map_err(|_| NoDocument::Check)?;
        let changes = automerge.get_changes(&[]).len() as u64;
        if changes == entries {
            Ok(Self {
                automerge,
                installation,
                entries,
            })
        } else {
            Err(NoDocument::Check)
        }
    }

    /// Applies the entries that follow, in one batch.
    ///
    /// # Errors
    /// [`NoDocument`]; the document is not to be used then.
    pub fn catch_up(&mut self, entries: &[Entry]) -> Result<(), NoDocument> {
        let mut head = self.automerge.get_heads();
        let mut start = self.automerge.length(automerge::ROOT) as u64 + 1;
        let mut changes = Vec::with_capacity(entries.len());
        for entry in entries {
            if entry.n != self.entries + changes.len() as u64 + 1 {
                return Err(NoDocument::Order);
            }
            let change =
                rebuild(self.installation, entry, start, &head).ok_or(NoDocument::Order)?;
            start += entry.ops.len() as u64;
            head = vec![change.hash()];
            changes.push(change);
        }
        let applied = catch_unwind(AssertUnwindSafe(|| self.automerge.apply_changes(changes)));
        match applied {
            Ok(Ok(())) => {
                self.entries += entries.len() as u64;
                Ok(())
            }
            _ => Err(NoDocument::Apply),
        }
    }

    /// Saves the document and proves that what was saved loads as the same.
    ///
    /// # Errors
    /// [`NoDocument::Check`]; the snapshot before is to be kept then.
    pub fn snapshot(&self) -> Result<Vec<u8>, NoDocument> {
        let bytes = self.automerge.save();
        let again = Self::load(self.installation, self.entries, &bytes)?;
        if again.automerge.get_heads() == self.automerge.get_heads() {
            Ok(bytes)
        } else {
            Err(NoDocument::Check)
        }
    }

    /// The heads, which are the same wherever the same entries are.
    #[must_use]
    pub fn heads(&self) -> Vec<[u8; 32]> {
        self.automerge
            .get_heads()
            .iter()
            .map(|head| head.0)
            .collect()
    }

    /// The assertion under a key.
    #[must_use]
    pub fn get(&self, id: &AssertionId) -> Option<String> {
        match self.automerge.get(automerge::ROOT, id.hex()).ok()?? {
            (Value::Scalar(value), _) => value.as_str().map(str::to_owned),
            _ => None,
        }
    }
}

/// What [`make_snapshot`] reads: the installation, then each entry with its length before it. One block of memory, so
/// that all of it goes back when it has been used.
pub fn snapshot_input<'a>(
    installation: InstallationId,
    entries: impl Iterator<Item = SealedEntry<&'a str>>,
) -> Vec<u8> {
    let mut input = installation.0.to_vec();
    for sealed in entries {
        let entry = wire::encode(&sealed.entry);
        input.extend((entry.len() as u32).to_be_bytes());
        input.extend(entry);
    }
    input
}

/// The snapshot of all entries of a book, proven to load.
///
/// # Errors
/// [`NoDocument`].
pub fn make_snapshot(input: &[u8]) -> Result<Vec<u8>, NoDocument> {
    let (installation, mut rest) = input.split_first_chunk::<16>().ok_or(NoDocument::Order)?;
    let mut document = BookDocument::new(InstallationId(*installation));
    let mut entries = Vec::new();
    while !rest.is_empty() {
        let (length, after) = rest.split_first_chunk::<4>().ok_or(NoDocument::Order)?;
        let (entry, after) = after
            .split_at_checked(u32::from_be_bytes(*length) as usize)
            .ok_or(NoDocument::Order)?;
        entries.push(wire::decode(entry).ok_or(NoDocument::Order)?);
        rest = after;
    }
    document.catch_up(&entries)?;
    document.snapshot()
}

/// The automerge change of an entry: actor and seq are the log's, start op follows the last, time 0, no message.
fn rebuild(
    installation: InstallationId,
    entry: &Entry,
    start: u64,
    deps: &[ChangeHash],
) -> Option<Change> {
    let puts = entry.ops.iter().map(|op| Op {
        action: OpType::Put(ScalarValue::Str(op.value.as_str().into())),
        obj: ObjectId::Root,
        key: Key::Map(op.key.hex().into()),
        pred: Vec::new().into(),
        insert: false,
    });
    let change = ExpandedChange {
        operations: puts.collect(),
        actor_id: ActorId::from(installation.0),
        hash: None,
        seq: entry.n,
        start_op: NonZeroU64::new(start)?,
        time: 0,
        message: None,
        deps: deps.to_vec(),
        author: None,
        extra_bytes: Vec::new(),
    };
    catch_unwind(AssertUnwindSafe(|| Change::from(change))).ok()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use troth_proto::Hash;
    use troth_proto::wire::Op as WireOp;

    fn entry(n: u64, keys: &[u8]) -> Entry {
        let ops = keys.iter().map(|k| WireOp {
            kind: WireOp::PUT,
            key: AssertionId([*k; 16]),
            value: format!("{{\"n\":{k}}}"),
        });
        Entry {
            n,
            prev: Hash::default(),
            deps: vec![],
            ops: ops.collect(),
        }
    }

    fn installation() -> InstallationId {
        InstallationId([9; 16])
    }

    #[test]
    fn a_document_is_the_same_in_one_batch_or_many_and_over_a_snapshot() {
        let entries = [entry(1, &[1]), entry(2, &[2, 3]), entry(3, &[4])];
        let mut whole = BookDocument::new(installation());
        whole.catch_up(&entries).unwrap();
        let mut parts = BookDocument::new(installation());
        parts.catch_up(&entries[..1]).unwrap();
        let mut parts = BookDocument::load(installation(), 1, &parts.snapshot().unwrap()).unwrap();
        parts.catch_up(&entries[1..]).unwrap();
        assert_eq!(whole.heads(), parts.heads());
        assert_eq!(whole.get(&AssertionId([3; 16])).unwrap(), "{\"n\":3}");
    }

    #[test]
    fn a_gap_is_no_document_and_a_damaged_snapshot_is_noticed() {
        let mut document = BookDocument::new(installation());
        assert_eq!(document.catch_up(&[entry(2, &[1])]), Err(NoDocument::Order));
        document.catch_up(&[entry(1, &[1])]).unwrap();
        let snapshot = document.snapshot().unwrap();
        assert!(BookDocument::load(installation(), 2, &snapshot).is_err());
        for at in 0..snapshot.len() {
            let mut damaged = snapshot.clone();
            damaged[at] ^= 0x55;
            let same = BookDocument::load(installation(), 1, &damaged)
                .is_ok_and(|d| d.heads() == document.heads());
            assert!(!same || damaged == snapshot);
        }
    }

    #[test]
    fn the_genesis_of_a_book_is_fixed() {
        let mut document = BookDocument::new(installation());
        assert!(document.heads().is_empty());
        document.catch_up(&[entry(1, &[1])]).unwrap();
        // If this changes, books written before no longer have the heads they had: FORMAT §2 and its vectors.
        let head = Hash(document.heads()[0]).hex();
        assert_eq!(
            head,
            include_str!("../../../proto/vectors/1/book-head.txt").trim()
        );
    }
}
