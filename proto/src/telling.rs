//! What clients ask about what is told, and what they are shown of it (KINDS, CLI): plain types.

use crate::assertion::Weight;
use crate::day::Minute;
use crate::ids::Who;
use crate::said::told::{Facts, ListenAs, Texts, ToldKind, Verb};
use crate::{AgreementId, AssertionId, Day, Slot};
use serde::{Deserialize, Serialize};

/// One request about what is told.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case", deny_unknown_fields)]
pub enum Ask {
    /// Tells something.
    Add(Adding),
    /// Answers something.
    Answer {
        /// What, by its id; a page that is open by its slot.
        about: String,
        /// With what.
        says: Verb,
        /// Its days and choices.
        #[serde(default)]
        facts: Facts,
        /// Its words.
        #[serde(default)]
        words: Texts,
        /// The own answer to the very same that it says better, by its id.
        #[serde(default)]
        better: Option<String>,
    },
    /// What was told, newest first, a page at a time.
    List {
        /// Of one kind; of all if none.
        #[serde(default)]
        kind: Option<ToldKind>,
        /// To go on with, from an answer before.
        #[serde(default)]
        after: Option<usize>,
    },
    /// One thing. What is closed stays closed.
    Show {
        /// Its id.
        id: String,
    },
    /// Opens one thing, and the answers to it that are there.
    Open {
        /// Its id.
        id: String,
    },
    /// Takes an own thing back.
    TakeBack {
        /// Its id; an own page by its slot.
        id: String,
    },
    /// Puts an own thing away.
    PutAway {
        /// Its id; an own page by its slot.
        id: String,
        /// Takes it out again instead.
        #[serde(default)]
        back: bool,
        /// After how many days its words leave; [`crate::limits::PUT_AWAY_DAYS`] if nothing is said. Of what is put away
        /// already they are set anew.
        #[serde(default)]
        days: Option<u16>,
    },
    /// Lets something of the partner's, and the answers to it, stand on Today no more. Nobody else learns of it.
    SetAside {
        /// Its id.
        id: String,
    },
    /// Puts a copy of the words of something opened, or of one's own, into the private pages; of a repair, with all own words
    /// in it. Nobody else learns of it.
    Keep {
        /// Its id; a page by its slot.
        id: String,
    },
    /// All own words and all that were opened, oldest first, a page at a time: to leave with. It opens nothing.
    Export {
        /// Also what the partner told in trust.
        #[serde(default)]
        with_confidences: bool,
        /// To go on with, from an answer before.
        #[serde(default)]
        after: Option<usize>,
    },
    /// Own and opened words that hold these, newest first, a page at a time.
    Search {
        /// What is looked for, whatever its case and accents.
        words: String,
        /// To go on with, from an answer before.
        #[serde(default)]
        after: Option<usize>,
    },
}

/// Something to be told.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Adding {
    /// Its kind.
    pub kind: ToldKind,
    /// Its days and choices.
    #[serde(default)]
    pub facts: Facts,
    /// Its words.
    #[serde(default)]
    pub words: Texts,
    /// What it speaks of, by its id: a permission of a confidence or of an asking, trust of a tender spot.
    #[serde(default)]
    pub about: Option<String>,
    /// What it says better, by its id.
    #[serde(default)]
    pub better: Option<String>,
    /// How much it weighs.
    #[serde(default)]
    pub weight: Weight,
    /// Of a break: in how many minutes one is back, instead of a fact. 20 to 1,440.
    #[serde(default)]
    pub minutes: Option<u16>,
}

/// What the looker sees of something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Seen {
    /// Its words.
    Open,
    /// That it is there: the looker has not opened it.
    Closed,
    /// That it is there: it is put away until a repair or a break is over (K9).
    Folded,
    /// That its author took it back.
    TakenBack,
    /// An older wording of it, or advice that was not asked for any more: folded, but readable to who had it.
    Older,
    /// That its words have left.
    Gone,
}

/// One line of a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// Its id.
    pub id: AssertionId,
    /// Its kind.
    pub kind: ToldKind,
    /// Who told it.
    pub by: Who,
    /// The day its author wrote on it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on: Option<Day>,
    /// What the looker sees of it.
    pub seen: Seen,
    /// How its words begin, where they are seen.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub begins: String,
    /// It is put away, closed, settled, or its day has gone.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub put_away: bool,
    /// There are answers of the partner's that the looker has not opened. How many is not told.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub unopened: bool,
    /// How much it weighs.
    #[serde(default)]
    pub weight: Weight,
    /// The agreement that it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agreement: Option<AgreementId>,
    /// Its topic.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub topic: String,
}

/// The answer to `list`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lines {
    /// Newest first.
    pub told: Vec<Line>,
    /// To go on with; none at the end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<usize>,
}

/// Something told or answered, as the looker sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Thing {
    /// Its id.
    pub id: AssertionId,
    /// Who said it.
    pub by: Who,
    /// The day its author wrote on it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on: Option<Day>,
    /// Its kind, if it is told and not an answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<ToldKind>,
    /// What it says, if it is an answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub says: Option<Verb>,
    /// What it speaks of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub about: Option<AssertionId>,
    /// What else it holds.
    #[serde(default)]
    pub facts: Facts,
    /// What the looker sees of it.
    pub seen: Seen,
    /// Its words, where they are seen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub words: Option<Texts>,
    /// The looker's own, which has come back: the other does not see it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub came_back: bool,
    /// The looker's own, which counts no more: another of its kind was said since.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub passed_over: bool,
    /// What the looker may answer to it now.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub may: Vec<Verb>,
    /// The looker may take it back.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub may_take_back: bool,
    /// The looker may say it better.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub may_say_better: bool,
    /// The other took it back, and the looker, who had opened it, may still keep a copy of its words (KINDS K11).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub may_keep: bool,
}

/// One thing whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct View {
    /// What was told.
    #[serde(flatten)]
    pub told: Thing,
    /// How much it weighs.
    #[serde(default)]
    pub weight: Weight,
    /// The slot, if it is what was opened there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub slot: Option<Slot>,
    /// It is put away, closed, settled, or its day has gone.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub put_away: bool,
    /// What was answered, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub answers: Vec<Thing>,
    /// Of a page about oneself, the same page of the other.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub beside: Vec<Thing>,
    /// Its author says it better there.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub better: Vec<AssertionId>,
    /// Its earlier wording.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instead_of: Option<AssertionId>,
    /// How its author would like to be listened to, now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub listen_as: Option<ListenAs>,
    /// Nobody is to be told of it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub tell_nobody: bool,
    /// Permissions that hold for it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub may_tell: Vec<Thing>,
    /// Until when the looker, and the other, need time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub i_need_time: Option<Day>,
    /// See `i_need_time`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub partner_needs_time: Option<Day>,
    /// Who has said to be done with it, or to be back.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub done: Vec<Who>,
    /// How far a repair is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repair: Option<Repair>,
    /// The topic of the agreement it is about.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub topic: String,
    /// What is told in trust is folded now, for the other and for the looker.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub folded: bool,
    /// The looker may put it away.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub may_put_away: bool,
}

/// How far a repair is. The other's state is told of the present step only.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Repair {
    /// The present step, 1 to 7; 8 when both are through.
    pub step: u8,
    /// It was stopped.
    pub stopped: bool,
    /// Both are through.
    pub through: bool,
    /// The looker has finished this step.
    pub i_am_done: bool,
    /// The other has.
    pub partner_is_done: bool,
    /// Days that the looker named.
    pub my_days: Vec<Day>,
    /// Days that the other named.
    pub partner_days: Vec<Day>,
    /// The day that both named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub day: Option<Day>,
    /// Where the present step is written, if it is sealed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub slot: Option<Slot>,
    /// The sealed steps that both have opened.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub opened: Vec<Slot>,
    /// What each said back of what the other felt, and the marks on it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub said_back: Vec<Thing>,
    /// Another about the same agreement is walked instead.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub walked: Option<AssertionId>,
}

/// A break, as both screens show it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BreakView {
    /// The return.
    pub back_at: Minute,
    /// The return has passed, and not both are back.
    pub passed: bool,
    /// Who is back.
    pub back: Vec<Who>,
    /// What to answer to: the breaks that are on.
    pub ids: Vec<AssertionId>,
}

/// One thing on Today.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TodayTold {
    /// What kind of line.
    pub what: TodayToldWhat,
    /// What to open, or to answer to.
    pub id: String,
    /// What it hangs on; none for what was opened in a slot.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<ToldKind>,
    /// What the partner answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub says: Option<Verb>,
    /// How the partner would like to be listened to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub listen_as: Option<ListenAs>,
    /// Until when the partner needs time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Day>,
    /// The line of a bid; the topic of an agreement that a repair is about.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub line: String,
    /// The step of a repair.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step: Option<u8>,
}

/// What kind of line on Today.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TodayToldWhat {
    /// The partner told something that is closed.
    Told,
    /// The partner answered.
    Answered,
    /// The partner calls, today.
    Bid,
    /// The looker's part in a step of a repair.
    Step,
    /// The day has come to look at trust that was given.
    LookAgain,
}

/// The answer to `export`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exported {
    /// Oldest first, as their authors had them.
    pub told: Vec<ExportedThread>,
    /// There are things of the partner's on this page that are not opened, and not here. How many is not told.
    pub unopened: bool,
    /// To go on with; none at the end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<usize>,
}

/// Something told, and what was answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExportedThread {
    /// What was told; none if it is not here, and own answers are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub told: Option<Thing>,
    /// What was opened in a slot, if that is what was answered to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub slot: Option<Slot>,
    /// It is put away, closed, settled, or said better since.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub put_away: bool,
    /// The topic of the agreement it is about.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub topic: String,
    /// What was answered, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub answers: Vec<Thing>,
}

/// The answer to `search`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Found {
    /// Newest first.
    pub found: Vec<FoundLine>,
    /// To go on with; none at the end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<usize>,
}

/// One thing that was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FoundLine {
    /// What to show it by: an id, an agreement or a slot.
    pub id: String,
    /// Its kind, as it is written.
    pub kind: String,
    /// Who said it.
    pub by: Who,
    /// The day its author wrote on it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on: Option<Day>,
    /// The line it was found in, shortened around what was looked for.
    pub line: String,
}
