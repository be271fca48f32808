//! A book as an automerge document, made when somebody asks for it (PROTOCOL §1).
//!
//! Bytes of the partner never reach automerge's parsers: changes are rebuilt from entries that the gate let in, in the
//! canonical order, by one actor. Nothing shown to a person waits for this, and nothing reads it back.

use crate::books::book::{Book, Said};
use automerge::legacy::{Key, ObjectId, Op, OpType};
use automerge::{ActorId, Automerge, Change, ChangeHash, ExpandedChange, ScalarValue};
use serde::{Deserialize, Serialize};
use std::num::NonZeroU64;
use std::panic::{AssertUnwindSafe, catch_unwind};
use troth_proto::{AssertionId, Body, PersonId, wire};

/// Why no document came of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoDocument {
    /// What was to be made into a document is not whole.
    #[error("the entries are not whole")]
    Input,
    /// Automerge did not take a change.
    #[error("automerge did not take a change")]
    Apply,
    /// What was saved does not load, or loads as something else.
    #[error("what was saved does not load as the same document")]
    Check,
}

/// One entry: what it puts under which key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Puts(Vec<(AssertionId, String)>);

/// What [`make`] reads: whose book, then each entry with its length before it, in the canonical order (n, hash). Words are in
/// it of what `worded` says.
#[must_use]
pub fn input(book: &Book, worded: impl Fn(Said<'_>) -> bool) -> Vec<u8> {
    let mut input = book.owner.0.to_vec();
    let mut order: Vec<usize> = (0..book.entries()).collect();
    order.sort_by_key(|index| book.mark(*index));
    for index in order {
        let puts = book.said_in(index).map(|said| {
            let blind = said
                .read()
                .map_or(16, |it: troth_proto::Assertion| Body::blind(&it.body));
            let words = said.words().filter(|it| !it.is_empty() && worded(said));
            let words = words.and_then(|w| troth_proto::assertion::unblinded(w, blind));
            let words = words.map_or("null", |(_, json)| json);
            (
                said.id,
                format!("{{\"head\":{},\"words\":{words}}}", said.head),
            )
        });
        let entry = wire::encode(&Puts(puts.collect()));
        input.extend((entry.len() as u32).to_be_bytes());
        input.extend(entry);
    }
    input
}

/// The automerge document of a book: one root key for each assertion, its value JSON text of head and words. Proven to
/// load.
///
/// # Errors
/// [`NoDocument`].
pub fn make(input: &[u8]) -> Result<Vec<u8>, NoDocument> {
    let (owner, mut rest) = input.split_first_chunk::<16>().ok_or(NoDocument::Input)?;
    let (mut changes, mut head, mut start) = (Vec::new(), Vec::new(), 1);
    while !rest.is_empty() {
        let (length, after) = rest.split_first_chunk::<4>().ok_or(NoDocument::Input)?;
        let length = u32::from_be_bytes(*length) as usize;
        let (entry, after) = after.split_at_checked(length).ok_or(NoDocument::Input)?;
        let puts: Puts = wire::decode(entry).ok_or(NoDocument::Input)?;
        let seq = changes.len() as u64 + 1;
        let change = change(PersonId(*owner), seq, start, &head, &puts).ok_or(NoDocument::Apply)?;
        start += puts.0.len() as u64;
        head = vec![change.hash()];
        changes.push(change);
        rest = after;
    }
    let mut document = Automerge::new();
    let applied = catch_unwind(AssertUnwindSafe(|| document.apply_changes(changes)));
    if !matches!(applied, Ok(Ok(()))) {
        return Err(NoDocument::Apply);
    }
    let bytes = document.save();
    let loaded = catch_unwind(|| Automerge::load(&bytes)).map_err(|_| NoDocument::Check)?;
    let same = loaded.is_ok_and(|loaded| loaded.get_heads() == document.get_heads());
    if same {
        Ok(bytes)
    } else {
        Err(NoDocument::Check)
    }
}

/// Time 0, no message: nothing of a device is in it.
fn change(
    owner: PersonId,
    seq: u64,
    start: u64,
    deps: &[ChangeHash],
    puts: &Puts,
) -> Option<Change> {
    let operations = puts.0.iter().map(|(id, value)| Op {
        action: OpType::Put(ScalarValue::Str(value.as_str().into())),
        obj: ObjectId::Root,
        key: Key::Map(id.hex().into()),
        pred: Vec::new().into(),
        insert: false,
    });
    let change = ExpandedChange {
        operations: operations.collect(),
        actor_id: ActorId::from(owner.0),
        hash: None,
        seq,
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
    use automerge::ReadDoc;

    fn of(keys: &[u8]) -> Vec<u8> {
        let mut input = vec![9; 16];
        for key in keys {
            let id = AssertionId([*key; 16]);
            let entry = wire::encode(&Puts(vec![(id, format!("{{\"n\":{key}}}"))]));
            input.extend((entry.len() as u32).to_be_bytes());
            input.extend(entry);
        }
        input
    }

    #[test]
    fn every_assertion_is_under_its_key() {
        let document = Automerge::load(&make(&of(&[1, 2, 3])).unwrap()).unwrap();
        assert_eq!(document.length(automerge::ROOT), 3);
        let (value, _) = document
            .get(automerge::ROOT, "02".repeat(16))
            .unwrap()
            .unwrap();
        assert_eq!(value.as_str(), Some("{\"n\":2}"));
    }

    #[test]
    fn an_input_that_is_not_whole_is_no_document() {
        let whole = of(&[1, 2]);
        for end in (0..whole.len()).filter(|end| *end != 16 && *end != of(&[1]).len()) {
            assert!(make(&whole[..end]).is_err(), "cut at {end}");
        }
    }

    #[test]
    fn the_head_of_a_book_is_fixed() {
        let document = Automerge::load(&make(&of(&[1])).unwrap()).unwrap();
        // If this changes, exports made before have other heads: FORMAT §2 and its vectors.
        let head = troth_proto::Hash(document.get_heads()[0].0).hex();
        assert_eq!(
            head,
            include_str!("../../../proto/vectors/1/book-head.txt").trim()
        );
    }
}
