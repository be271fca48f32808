//! What is shown: plain types, computed from assertions and today's date, always from the side of the one who looks.

use crate::assertion::Weight;
use crate::ids::{AgreementId, AssertionId, Hash, Who};
use crate::notice::Notice;
use crate::said::agreement::Words;
use crate::said::sealed::{Lean, Sealed};
use crate::{Day, Slot};
use serde::{Deserialize, Serialize};

/// The state of an agreement whole (SPEC §4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AgreementState {
    /// Not proposed yet. Kept for drafts; no shared assertion leads here.
    Draft,
    /// A proposal waits for an answer.
    Proposed,
    /// In force.
    InForce,
    /// In force, and a change is proposed.
    ChangeProposed,
    /// Each said yes to the other's wording.
    TwoYeses,
    /// A trial whose day has passed.
    Over,
    /// It was in force, and one of them let it go.
    LetGo,
    /// It never came into force.
    NotAgreed,
}

/// The state of one version (SPEC §4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VersionState {
    /// Waits for an answer.
    Proposed,
    /// In force.
    InForce,
    /// A later version took its place.
    Replaced,
    /// It was in force, and somebody stepped back.
    Ended,
    /// Somebody stepped back before it was in force.
    NotAgreed,
    /// Agreed beside another that neither follows nor precedes it.
    TwoYeses,
    /// A trial whose day has passed.
    Over,
}

/// One version, with its words from the looker's side.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VersionView {
    /// The assertion's id.
    pub version: AssertionId,
    /// Its hash.
    pub hash: Hash,
    /// Who proposed it.
    pub by: Who,
    /// The day its author wrote on it.
    pub on: Day,
    /// Hashes of the versions it is based on.
    pub base: Vec<Hash>,
    /// Who has said yes. Not told of a version that was stepped back from before it was in force.
    pub said_yes: Vec<Who>,
    /// Its state.
    pub state: VersionState,
    /// The words; none if they are forgotten, are not here, or are not those that were announced.
    #[serde(flatten)]
    pub words: Option<Words>,
    /// The last day of a trial.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trial_until: Option<Day>,
    /// A day to look at it again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub look_again: Option<Day>,
    /// The looker's yes to it rests here until this day, and nobody else knows of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rests_until: Option<Day>,
    /// It is on offer to the looker, and something else was agreed since that it does not build on: a yes to it would not
    /// count.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub overtaken: bool,
    /// How much it weighs.
    pub weight: Weight,
    /// Other versions with the very same words, shown as one with this.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub same_words: Vec<Hash>,
    /// "Not now" and "I need time" that still stand.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub answers: Vec<Answer>,
    /// Steps back from it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub steps_back: Vec<SteppedBack>,
    /// Reviews that both opened.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub looks: Vec<LookView>,
}

/// "Not now" or "I need time", shown beside a proposal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// Who said it.
    pub by: Who,
    /// The last day of the time needed; none for "not now".
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub need_time_until: Option<Day>,
    /// The note.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
}

/// A step back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SteppedBack {
    /// Who.
    pub by: Who,
    /// The day its author wrote on it.
    pub on: Day,
    /// The note.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
}

/// An opened review.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LookView {
    /// Whose.
    pub by: Who,
    /// How it has been.
    pub words: String,
    /// Where they lean.
    pub lean: Lean,
}

/// One agreement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgreementView {
    /// Its thread.
    pub agreement: AgreementId,
    /// One line.
    pub topic: String,
    /// Its state.
    pub state: AgreementState,
    /// The hash of the version in force.
    pub in_force: Option<Hash>,
    /// How many versions there are.
    pub of: usize,
    /// Versions of this page, oldest first as their authors had them.
    pub versions: Vec<VersionView>,
    /// What the looker takes on themself; on the first page.
    pub my_part: Option<String>,
    /// What the other takes on themself; on the first page.
    pub partner_part: Option<String>,
    /// Who has put it away.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub put_away: Vec<Who>,
    /// To go on with, as `after`; none at the end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<usize>,
}

/// One line of the list of agreements.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgreementLine {
    /// Its thread.
    pub agreement: AgreementId,
    /// One line.
    pub topic: String,
    /// Its state.
    pub state: AgreementState,
    /// How many proposals are open in it.
    pub proposals: usize,
    /// The first line of its words, if they are here.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub begins: String,
}

/// How far one partner is in a sealed slot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SealedState {
    /// Nothing written.
    Empty,
    /// Ready; can still be called back.
    Ready,
    /// Locked; will open.
    Locked,
    /// Open.
    Open,
    /// What should have opened did not fit what was promised.
    Void,
}

/// A sealed slot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SlotView {
    /// Its name.
    pub slot: Slot,
    /// Of a review: the topic of the agreement that is looked at.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub topic: String,
    /// The looker's side.
    pub mine: SealedState,
    /// The other's side.
    pub partner: SealedState,
    /// The words, once either is open.
    pub opened: Option<Opened>,
    /// Whose words were taken back.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub taken_back: Vec<Who>,
    /// The other's were taken back, and the looker may still keep a copy of them (KINDS K11).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub may_keep: bool,
    /// If the looker is ready now, both open at once.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub opens_at_once: bool,
    /// The looker is ready, and the words are not on this device: all that is left is to call it back.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub words_lost: bool,
    /// What was said of the pages that are open, and stands: the looker's first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub answers: Vec<crate::telling::Thing>,
    /// Whose page its author has put away.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub put_away: Vec<Who>,
    /// The looker's own words that came back, or wait to open. They have not left this device.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kept_here: Option<Sealed>,
    /// The names of the pages that are open, to answer by.
    #[serde(default, skip_serializing_if = "Pages::is_empty")]
    pub pages: Pages,
}

/// What the pages that are open in a slot are called.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pages {
    /// The looker's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub me: Option<AssertionId>,
    /// The other's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub partner: Option<AssertionId>,
}

impl Pages {
    /// Whether none is open.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.me.is_none() && self.partner.is_none()
    }
}

/// What is open in a slot.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opened {
    /// The looker's words.
    pub me: Option<Sealed>,
    /// The other's words.
    pub partner: Option<Sealed>,
}

/// What waits for the looker, what rests, what is due for a look.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TodayView {
    /// The partner's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub partner: Option<String>,
    /// What waits for the looker.
    pub waiting: Vec<TodayLine>,
    /// Own yeses that rest on this device.
    pub resting: Vec<TodayLine>,
    /// Agreements to look at again, and trials that have passed.
    pub to_look_at: Vec<TodayLine>,
    /// What came from the partner since Today was asked for last, oldest first; each once.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub news: Vec<NewsLine>,
    /// More came before that, and is told no more.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub more_news: bool,
    /// Topics of what the looker has on offer.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub on_offer: Vec<String>,
    /// What happened, told once.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notices: Vec<Notice>,
    /// What the partner told and answered, and what is the looker's part.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub told: Vec<crate::telling::TodayTold>,
    /// A break.
    #[serde(rename = "break")]
    pub on_break: Option<crate::telling::BreakView>,
}

/// One thing that came from the partner.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewsLine {
    /// What the partner did.
    pub what: NewsWhat,
    /// The agreement or slot.
    pub id: String,
    /// The agreement's topic.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub topic: String,
    /// How the agreement is now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<AgreementState>,
    /// Until which day time is needed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Day>,
    /// Whether there is a note with it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub note: bool,
}

/// What the partner did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NewsWhat {
    /// Said yes to a wording.
    Yes,
    /// Answered not now.
    NotNow,
    /// Needs time.
    NeedsTime,
    /// Stepped back from a wording.
    SteppedBack,
    /// Let an agreement go.
    LetGo,
    /// Wrote what is their own part in an agreement.
    Part,
    /// Said what was heard.
    Heard,
    /// Thanked for what was opened.
    Thanked,
    /// Said back what was understood.
    SaidBack,
    /// Began a draft that both type in.
    BeganDraft,
    /// Closed a draft.
    ClosedDraft,
    /// Said whom the looker may tell.
    Permission,
}

/// One thing on Today.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TodayLine {
    /// What kind of thing.
    pub what: TodayWhat,
    /// The id or slot to name it by.
    pub id: String,
    /// The agreement's topic; of a review, that of the agreement that is looked at.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub topic: String,
    /// Until which day it rests.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Day>,
}

/// What kind of thing stands on Today.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TodayWhat {
    /// A proposal by the other.
    Proposal,
    /// A proposal by the other to change what is in force.
    Change,
    /// A proposal that the looker has answered with not now, or needs time for until a day.
    SetAside,
    /// A proposal by the other to which a yes would not count any more: something else was agreed since.
    Overtaken,
    /// Two yeses to two wordings.
    TwoYeses,
    /// The other's check-in, card or review is ready.
    Ready,
    /// A check-in, card or review has opened.
    Opened,
    /// Own words that came back.
    CameBack,
    /// The looker is ready, and the words are gone with an earlier device.
    WordsLost,
    /// What should have opened did not fit.
    Void,
    /// The looker's own yes rests.
    Resting,
    /// An agreement is due for a look.
    LookAgain,
    /// A trial has passed.
    TrialOver,
}
