//! What text the entries of a draft make: automerge says (PROTOCOL §5, FORMAT §2.1).
//!
//! Each entry is rebuilt as one change; what the gate did not let in never comes here. A loom is driven off the node's loop,
//! holds what somebody reads or writes now, and can be thrown away at any moment: the entries are the truth.

mod cloth;
#[cfg(test)]
pub(super) use cloth::by_automerge;

use automerge::Automerge;
use cloth::Cloth;
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use troth_proto::draft::{Edit, Typed};
use troth_proto::{DraftId, Hash, PersonId};

/// An entry as it is woven in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Strand {
    /// Who typed it.
    pub by: PersonId,
    /// Its hash.
    pub hash: Hash,
    /// What it is written on.
    pub after: Vec<Hash>,
    /// The last thing its writer wrote before it.
    pub prev: Option<Hash>,
    /// What it does.
    pub typed: Vec<Typed>,
}

/// What is to be done.
#[derive(Debug, Clone, PartialEq)]
pub enum Job {
    /// Weave a draft from all its entries, whatever was there before.
    Begin(DraftId, Vec<Strand>),
    /// Weave more in.
    Add(DraftId, Vec<Strand>),
    /// Say what edits of a text mean: the text as it was after these tips.
    Edit {
        /// The draft.
        draft: DraftId,
        /// The tips that the text was read at.
        at: Vec<Hash>,
        /// Edits of that text, from its beginning to its end, none over another.
        edits: Vec<Edit>,
    },
    /// The text as it is, or what changed since it was read at these tips.
    Read(DraftId, Option<Vec<Hash>>),
    /// The document as bytes that any automerge tool opens, proven to load.
    Save(DraftId),
    /// Let go of it.
    Drop(DraftId),
}

impl Job {
    /// The draft it is about.
    #[must_use]
    pub fn draft(&self) -> DraftId {
        match self {
            Self::Begin(draft, _)
            | Self::Add(draft, _)
            | Self::Edit { draft, .. }
            | Self::Read(draft, _)
            | Self::Save(draft)
            | Self::Drop(draft) => *draft,
        }
    }
}

/// What came of it, in the order of the jobs.
#[derive(Debug, Clone, PartialEq)]
pub enum Woven {
    /// It is woven in.
    Added,
    /// What the edits mean.
    Typed(Vec<Typed>),
    /// A text, and the tips that it is read at.
    Read {
        /// The tips.
        at: Vec<Hash>,
        /// What it says.
        text: Text,
    },
    /// Bytes.
    Saved(Vec<u8>),
    /// Let go of.
    Dropped,
    /// An older entry came from a copy of a home: everything is to be woven anew.
    BeginAgain,
    /// The edits do not fit the text.
    NotTheText,
    /// It could not be done. The entries are as they were.
    Failed,
}

/// A text whole, or what changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Text {
    /// Whole.
    Whole(String),
    /// Edits, each of the text after those before it.
    Since(Vec<Edit>),
}

/// All drafts that are held.
#[derive(Default)]
pub struct Loom {
    drafts: BTreeMap<DraftId, Cloth>,
}

enum NotWoven {
    Again,
    Fault,
    NotTheText,
}

impl Loom {
    /// Does one job. A fault in it costs that draft's place here, and nothing else.
    pub fn work(&mut self, job: Job) -> Woven {
        let draft = job.draft();
        let done = catch_unwind(AssertUnwindSafe(|| self.begin(job)));
        match done {
            Ok(Ok(woven)) => woven,
            Ok(Err(NotWoven::NotTheText)) => Woven::NotTheText,
            Ok(Err(NotWoven::Again)) => {
                self.drafts.remove(&draft);
                Woven::BeginAgain
            }
            Ok(Err(NotWoven::Fault)) | Err(_) => {
                self.drafts.remove(&draft);
                Woven::Failed
            }
        }
    }

    fn begin(&mut self, job: Job) -> Result<Woven, NotWoven> {
        match job {
            Job::Begin(draft, strands) => {
                let mut cloth = Cloth::new(&draft)?;
                cloth.note_all(&strands);
                cloth.add(&strands)?;
                self.drafts.insert(draft, cloth);
                Ok(Woven::Added)
            }
            Job::Add(draft, strands) => {
                let cloth = self.drafts.get_mut(&draft).ok_or(NotWoven::Again)?;
                if !cloth.note_all(&strands) {
                    return Err(NotWoven::Again);
                }
                cloth.add(&strands)?;
                Ok(Woven::Added)
            }
            Job::Edit { draft, at, edits } => {
                let cloth = self.drafts.get(&draft).ok_or(NotWoven::Again)?;
                cloth.typed(&at, &edits).map(Woven::Typed)
            }
            Job::Read(draft, since) => {
                let cloth = self.drafts.get(&draft).ok_or(NotWoven::Again)?;
                cloth.read(since)
            }
            Job::Save(draft) => {
                let cloth = self.drafts.get(&draft).ok_or(NotWoven::Again)?;
                let bytes = cloth.document.save();
                let loaded = Automerge::load(&bytes).map_err(|_| NotWoven::Fault)?;
                let same = loaded.get_heads() == cloth.document.get_heads();
                same.then_some(Woven::Saved(bytes)).ok_or(NotWoven::Fault)
            }
            Job::Drop(draft) => {
                self.drafts.remove(&draft);
                Ok(Woven::Dropped)
            }
        }
    }
}
