//! The history of an agreement: what each of the two said about it, in the order in which they had it.

use crate::Day;
use crate::ids::{AgreementId, Hash, Who};
use crate::said::sealed::Lean;
use crate::view::AgreementState;
use serde::{Deserialize, Serialize};

/// The answer to `agreement_history`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct History {
    /// Its thread.
    pub agreement: AgreementId,
    /// One line.
    pub topic: String,
    /// Its state.
    pub state: AgreementState,
    /// What happened, oldest first.
    pub history: Vec<Happened>,
    /// To go on with, as `after`; none at the end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<usize>,
}

/// One thing that happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Happened {
    /// What.
    #[serde(flatten)]
    pub what: Happening,
    /// Whose act it was; nobody's if a day passed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<Who>,
    /// The day its author wrote on it, or the day that passed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on: Option<Day>,
    /// The version it was about; of several with the very same words the one that is shown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wording: Option<Hash>,
}

/// What may happen to an agreement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "snake_case")]
pub enum Happening {
    /// Words were proposed.
    Proposed {
        /// The versions they were to change.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        changes: Vec<Hash>,
        /// The last day of a trial.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        trial_until: Option<Day>,
        /// A day to look at it again.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        look_again: Option<Day>,
    },
    /// A yes to the other's words, not told of words that were stepped back from before they were agreed.
    SaidYes {
        /// Both have agreed on these words.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        agreed: bool,
        /// Versions that these took the place of.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        replaces: Vec<Hash>,
    },
    /// The last day of a trial has passed.
    TrialOver,
    /// A review that both have opened.
    Looked {
        /// Where its author leans.
        lean: Lean,
    },
    /// The last "not now" of its author to words that are on offer.
    NotNow {
        /// The note.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        note: String,
    },
    /// A step back from a version.
    SteppedBack {
        /// The note.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        note: String,
    },
    /// The agreement was let go.
    LetGo {
        /// The note.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        note: String,
    },
    /// It was put away.
    PutAway,
}
