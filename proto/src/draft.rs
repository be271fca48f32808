//! Drafts that both type in, character by character (PROTOCOL §2, §5; FORMAT §2.1).
//!
//! A draft is a set of entries of both. What it says is decided by automerge, which is given these entries and nothing else.

use crate::ids::Who;
use crate::{CoupleId, Day, DraftId, Hash, PersonId, limits, wire};
use serde::{Deserialize, Serialize};

/// What a draft is to become.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DraftForm {
    /// Words of an agreement.
    Agreement,
    /// A letter of both.
    Letter,
    /// A list.
    List,
}

/// A character that was typed: the entry that typed it, and how many that entry typed before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Element {
    /// The entry.
    pub entry: Hash,
    /// Characters that the entry typed before it.
    pub before: u32,
}

impl Element {
    /// So many characters on in the same entry.
    #[must_use]
    pub fn plus(&self, count: u32) -> Self {
        Self {
            entry: self.entry,
            before: self.before.saturating_add(count),
        }
    }
}

/// One thing done to the text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Typed {
    /// Characters after an element, or at the beginning.
    Insert {
        /// After which.
        after: Option<Element>,
        /// One or more.
        text: String,
    },
    /// So many characters that one entry typed one after the other are taken out.
    Delete {
        /// The first.
        from: Element,
        /// How many.
        count: u32,
    },
}

/// One entry of a draft.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DraftEntry {
    /// Who typed.
    pub by: PersonId,
    /// One more than the highest number it is written on, from 1.
    pub n: u64,
    /// Hashes of the draft's tips that its writer held, sorted, none twice.
    pub after: Vec<Hash>,
    /// The form of what it does: [`DraftEntry::FORM`]. Another is a newer Troth's.
    pub form: u8,
    /// [`Typed`] things, encoded.
    pub ops: Vec<u8>,
}

/// An entry with the hash and the seal that its writer gave it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SealedDraft {
    /// The entry.
    pub entry: DraftEntry,
    /// [`DraftEntry::hash`] of it.
    pub hash: Hash,
    /// The writer's HMAC, as in a book.
    pub seal: Hash,
}

impl DraftEntry {
    /// The form of operations that this version knows.
    pub const FORM: u8 = 1;

    /// The hash of the entry.
    #[must_use]
    pub fn hash(&self, couple: CoupleId, draft: &DraftId) -> Hash {
        Hash::of(
            "troth/draft-entry/1",
            &[
                &couple.0,
                &draft.0,
                &self.by.0,
                &self.n.to_be_bytes(),
                &wire::encode(&self.after),
                &[self.form],
                &self.ops,
            ],
        )
    }

    /// What it does, if its form is known and it is well written.
    #[must_use]
    pub fn typed(&self) -> Option<Vec<Typed>> {
        (self.form == Self::FORM)
            .then(|| wire::decode(&self.ops))
            .flatten()
    }

    /// Bytes that it costs.
    #[must_use]
    pub fn cost(&self) -> u64 {
        self.ops.len() as u64 + limits::DRAFT_ENTRY_COST
    }
}

impl Typed {
    /// How many characters it types or takes out.
    #[must_use]
    pub fn size(&self) -> usize {
        match self {
            Self::Insert { text, .. } => text.chars().count(),
            Self::Delete { count, .. } => *count as usize,
        }
    }
}

/// A change to a text, as the local API takes and gives it. Places are counted in characters (code points).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Edit {
    /// Where.
    pub at: u32,
    /// So many characters are taken out there.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub delete: u32,
    /// And these put in.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub insert: String,
}

/// The answer to `draft_list`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DraftList {
    /// Those that are open, the oldest first.
    pub drafts: Vec<DraftLine>,
    /// What words are kept under on this device that were typed for drafts which are gone: see `unsaid`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub typed: Vec<String>,
}

/// What words are kept under that were typed for a draft and are not in it.
#[must_use]
pub fn typed_for(draft: &DraftId) -> String {
    format!("{TYPED} {draft}")
}

/// The draft that words were typed for which are kept under this.
#[must_use]
pub fn was_typed_for(about: &str) -> Option<DraftId> {
    let mut words = about.split(' ');
    let id = words.next().filter(|it| *it == TYPED).and(words.next())?;
    DraftId::from_hex(id).ok()
}

const TYPED: &str = "edit";

/// A draft in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DraftLine {
    /// Its name for scripts.
    pub draft: DraftId,
    /// What it is to become.
    pub form: DraftForm,
    /// What it is called; empty if that is not here.
    pub title: String,
    /// Who began it, and when.
    pub begun_by: Who,
    /// On which day.
    pub begun_on: Option<Day>,
    /// Who has closed it.
    pub closed_by: Vec<Who>,
}

/// A draft's text, or what changed in it: the answer to `draft_read` and `draft_edit`, and what a `draft` line holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DraftText {
    /// The draft.
    pub draft: DraftId,
    /// The tips at which it is read.
    pub at: Vec<Hash>,
    /// The whole text, if that is shorter told than what changed, or what changed is not known any more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// What changed, each in the text after those before it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub edits: Vec<Edit>,
    /// Both have closed it, and it is gone.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub closed: bool,
}

#[allow(clippy::trivially_copy_pass_by_ref)] // serde asks for it
fn is_zero(n: &u32) -> bool {
    *n == 0
}

/// A text after edits one after the other, each counted in the text after those before it. One that reaches beyond the end
/// takes out what is there.
#[must_use]
pub fn edited(text: &str, edits: &[Edit]) -> String {
    let mut chars: Vec<char> = text.chars().collect();
    for edit in edits {
        let from = (edit.at as usize).min(chars.len());
        let to = from.saturating_add(edit.delete as usize).min(chars.len());
        chars.splice(from..to, edit.insert.chars());
    }
    chars.into_iter().collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn entry() -> DraftEntry {
        let ops = vec![Typed::Insert {
            after: None,
            text: "ab".into(),
        }];
        DraftEntry {
            by: PersonId([1; 16]),
            n: 1,
            after: Vec::new(),
            form: DraftEntry::FORM,
            ops: wire::encode(&ops),
        }
    }

    #[test]
    fn every_field_of_an_entry_is_under_its_hash() {
        let (couple, draft) = (CoupleId([2; 16]), DraftId([3; 16]));
        let plain = entry().hash(couple, &draft);
        let changed = (0..5).map(|change| {
            let mut it = entry();
            match change {
                0 => it.by = PersonId([9; 16]),
                1 => it.n = 2,
                2 => it.after = vec![Hash([9; 32])],
                3 => it.form = 2,
                _ => it.ops = vec![0],
            }
            it.hash(couple, &draft)
        });
        assert!(changed.into_iter().all(|hash| hash != plain));
        assert_ne!(entry().hash(CoupleId([9; 16]), &draft), plain);
        assert_ne!(entry().hash(couple, &DraftId([9; 16])), plain);
    }

    #[test]
    fn what_is_of_another_form_or_badly_written_does_nothing() {
        assert_eq!(entry().typed().unwrap().len(), 1);
        let mut newer = entry();
        newer.form = 2;
        assert_eq!(newer.typed(), None);
        let mut bad = entry();
        bad.ops.pop();
        assert_eq!(bad.typed(), None);
    }

    #[test]
    fn edits_follow_one_another_and_none_reaches_beyond_the_end() {
        let edit = |at, delete, insert: &str| Edit {
            at,
            delete,
            insert: insert.into(),
        };
        let edits = [edit(0, 1, "Ü"), edit(3, 9, "!"), edit(99, 1, "?")];
        assert_eq!(edited("abcde", &edits), "Übc!?");
    }
}
