//! The two tables of KINDS §3 and §4: a row for each kind, and rows for each answer.

use super::Thing::Told as T;
use super::ToldKind as K;
use super::{Fact, Field, Need, Opened, Size, Thing, ToldKind, Verb};

/// A row of KINDS §3.
#[derive(Debug, Clone, Copy)]
pub struct ToldRow {
    /// The kind.
    pub kind: ToldKind,
    /// Its words.
    pub fields: &'static [Field],
    /// What else its head holds.
    pub facts: &'static [(Fact, Need)],
    /// What of one's own it may speak of; and of the other's.
    pub about: (&'static [Thing], &'static [Thing]),
    /// Its words are closed until the receiver opens it.
    pub closed: bool,
    /// It is told in trust (K9).
    pub in_trust: bool,
    /// Its author may put it away.
    pub goes_away: bool,
    /// It may be said better.
    pub better: bool,
}

const PLAIN: ToldRow = ToldRow {
    kind: ToldKind::Thanks,
    fields: &[],
    facts: &[],
    about: (&[], &[]),
    closed: false,
    in_trust: false,
    goes_away: false,
    better: false,
};

const fn field(name: &'static str, size: Size, need: Need) -> Field {
    Field { name, size, need }
}

/// The table of KINDS §3: a row for each kind, in their order.
pub const TOLD: &[ToldRow; ToldKind::ALL.len()] = &[
    ToldRow {
        kind: ToldKind::Thanks,
        fields: &[
            field("did", Size::Text, Need::Must),
            field("says_of_you", Size::Text, Need::May),
        ],
        closed: true,
        goes_away: true,
        better: true,
        ..PLAIN
    },
    ToldRow {
        kind: ToldKind::Confidence,
        fields: &[field("text", Size::Text, Need::Must)],
        facts: &[(Fact::ListenAs, Need::Must)],
        closed: true,
        in_trust: true,
        goes_away: true,
        better: true,
        ..PLAIN
    },
    ToldRow {
        kind: ToldKind::Permission,
        fields: &[
            field("with_whom", Size::Line, Need::Must),
            field("part", Size::Text, Need::May),
        ],
        facts: &[(Fact::Until, Need::May)],
        about: (
            &[Thing::Told(ToldKind::Confidence)],
            &[Thing::Answer(Verb::MayI, ToldKind::Confidence)],
        ),
        in_trust: true,
        ..PLAIN
    },
    ToldRow {
        kind: ToldKind::SmallTruth,
        fields: &[
            field("text", Size::Text, Need::Must),
            field("beneath", Size::Text, Need::May),
        ],
        facts: &[(Fact::ListenAs, Need::Must)],
        closed: true,
        in_trust: true,
        goes_away: true,
        better: true,
        ..PLAIN
    },
    ToldRow {
        kind: ToldKind::TenderSpot,
        fields: &[
            field("area", Size::Line, Need::May),
            field("text", Size::Text, Need::Must),
            field("helps", Size::Text, Need::May),
        ],
        closed: true,
        better: true,
        ..PLAIN
    },
    ToldRow {
        kind: ToldKind::TrustGiven,
        fields: &[
            field("allows", Size::Text, Need::Must),
            field("bounds", Size::Text, Need::May),
        ],
        facts: &[(Fact::LookAgain, Need::May)],
        about: (&[Thing::Told(ToldKind::TenderSpot)], &[]),
        closed: true,
        better: true,
        ..PLAIN
    },
    ToldRow {
        kind: ToldKind::ToTalkAbout,
        fields: &[
            field("topic", Size::Line, Need::OneOf),
            field("when", Size::Text, Need::OneOf),
            field("felt", Size::Text, Need::OneOf),
            field("would_like", Size::Text, Need::OneOf),
        ],
        closed: true,
        better: true,
        ..PLAIN
    },
    ToldRow {
        kind: ToldKind::Ask,
        fields: &[field("text", Size::Text, Need::Must)],
        closed: true,
        goes_away: true,
        better: true,
        ..PLAIN
    },
    ToldRow {
        kind: ToldKind::Bid,
        fields: &[field("line", Size::Line, Need::Must)],
        facts: &[(Fact::Day, Need::Must)],
        ..PLAIN
    },
    ToldRow {
        kind: ToldKind::Break,
        fields: &[field("note", Size::Text, Need::May)],
        facts: &[(Fact::BackAt, Need::Must)],
        ..PLAIN
    },
    ToldRow {
        kind: ToldKind::Repair,
        fields: &[field("words", Size::Text, Need::OneOf)],
        facts: &[(Fact::Agreement, Need::OneOf), (Fact::How, Need::May)],
        ..PLAIN
    },
    ToldRow {
        kind: ToldKind::AboutMe,
        fields: &[field("text", Size::Page, Need::Must)],
        facts: &[(Fact::Page, Need::Must)],
        ..PLAIN
    },
];

/// Who may say an answer, measured by who said what it speaks of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// Only the other.
    Other,
    /// Only the same.
    Own,
    /// Either.
    Either,
}

/// A row of KINDS §4.
#[derive(Debug, Clone, Copy)]
pub struct AnswerRow {
    /// What it says.
    pub says: Verb,
    /// What it speaks of.
    pub about: &'static [Thing],
    /// Who may say it.
    pub by: By,
    /// Its words.
    pub fields: &'static [Field],
    /// What else its head holds.
    pub facts: &'static [(Fact, Need)],
    /// It may be said better.
    pub better: bool,
}

const ANSWER: AnswerRow = AnswerRow {
    says: Verb::Heard,
    about: &[],
    by: By::Other,
    fields: &[],
    facts: &[],
    better: false,
};
const NOTE: &[Field] = &[field("words", Size::Text, Need::May)];
const WORDS: &[Field] = &[field("words", Size::Text, Need::Must)];
const OPEN: Thing = Thing::Open(Opened::Page);
const FEELINGS: Thing = Thing::Open(Opened::Feelings);
const STEP: Thing = Thing::Open(Opened::Step);

/// The table of KINDS §4.
pub const ANSWERS: &[AnswerRow] = &[
    AnswerRow {
        says: Verb::Heard,
        about: &[T(K::Confidence)],
        ..ANSWER
    },
    AnswerRow {
        says: Verb::Heard,
        about: &[T(K::SmallTruth), T(K::ToTalkAbout), OPEN, FEELINGS, STEP],
        fields: NOTE,
        ..ANSWER
    },
    AnswerRow {
        says: Verb::Thank,
        about: &[T(K::Confidence)],
        ..ANSWER
    },
    AnswerRow {
        says: Verb::Thank,
        about: &[
            T(K::Thanks),
            T(K::SmallTruth),
            T(K::TenderSpot),
            T(K::TrustGiven),
            T(K::ToTalkAbout),
            T(K::Ask),
            T(K::Bid),
            T(K::AboutMe),
            OPEN,
            FEELINGS,
            STEP,
        ],
        fields: NOTE,
        ..ANSWER
    },
    AnswerRow {
        says: Verb::NeedTime,
        about: &[
            T(K::Confidence),
            T(K::SmallTruth),
            T(K::TenderSpot),
            T(K::TrustGiven),
            T(K::Ask),
            OPEN,
            FEELINGS,
            STEP,
        ],
        facts: &[(Fact::Until, Need::Must)],
        ..ANSWER
    },
    AnswerRow {
        says: Verb::NeedTime,
        about: &[T(K::ToTalkAbout), T(K::Repair)],
        by: By::Either,
        facts: &[(Fact::Until, Need::Must)],
        ..ANSWER
    },
    AnswerRow {
        says: Verb::Words,
        about: &[
            T(K::SmallTruth),
            T(K::Ask),
            T(K::Confidence),
            Thing::Answer(Verb::ListenAs, K::Confidence),
        ],
        fields: WORDS,
        better: true,
        ..ANSWER
    },
    AnswerRow {
        says: Verb::SayBack,
        about: &[T(K::TenderSpot), T(K::TrustGiven), FEELINGS],
        fields: WORDS,
        better: true,
        ..ANSWER
    },
    AnswerRow {
        says: Verb::Yes,
        about: &[
            T(K::Ask),
            T(K::Bid),
            Thing::Answer(Verb::Apology, K::Repair),
            Thing::Answer(Verb::SayBack, K::TenderSpot),
            Thing::Answer(Verb::SayBack, K::TrustGiven),
            Thing::OfOpen(Verb::SayBack),
        ],
        fields: NOTE,
        ..ANSWER
    },
    AnswerRow {
        says: Verb::NotYet,
        about: &[
            T(K::Bid),
            Thing::Answer(Verb::Apology, K::Repair),
            Thing::Answer(Verb::SayBack, K::TenderSpot),
            Thing::Answer(Verb::SayBack, K::TrustGiven),
            Thing::OfOpen(Verb::SayBack),
        ],
        fields: NOTE,
        ..ANSWER
    },
    AnswerRow {
        says: Verb::ListenAs,
        about: &[T(K::Confidence), T(K::SmallTruth)],
        by: By::Own,
        facts: &[(Fact::ListenAs, Need::Must)],
        ..ANSWER
    },
    AnswerRow {
        says: Verb::TellNobody,
        about: &[T(K::Confidence)],
        by: By::Own,
        ..ANSWER
    },
    AnswerRow {
        says: Verb::MayI,
        about: &[T(K::Confidence)],
        fields: &[
            field("with_whom", Size::Line, Need::Must),
            field("part", Size::Text, Need::May),
        ],
        ..ANSWER
    },
    AnswerRow {
        says: Verb::Meaning,
        about: &[T(K::ToTalkAbout)],
        by: By::Either,
        fields: WORDS,
        ..ANSWER
    },
    AnswerRow {
        says: Verb::Plan,
        about: &[T(K::ToTalkAbout), T(K::Repair)],
        by: By::Either,
        facts: &[(Fact::Agreement, Need::Must)],
        ..ANSWER
    },
    AnswerRow {
        says: Verb::Done,
        about: &[T(K::ToTalkAbout), T(K::Break)],
        by: By::Either,
        ..ANSWER
    },
    AnswerRow {
        says: Verb::Done,
        about: &[T(K::Repair)],
        by: By::Either,
        facts: &[(Fact::Step, Need::Must)],
        ..ANSWER
    },
    AnswerRow {
        says: Verb::Day,
        about: &[T(K::Repair)],
        by: By::Either,
        fields: &[field("words", Size::Line, Need::May)],
        facts: &[(Fact::Day, Need::Must)],
        ..ANSWER
    },
    AnswerRow {
        says: Verb::Apology,
        about: &[T(K::Repair)],
        by: By::Either,
        fields: WORDS,
        better: true,
        ..ANSWER
    },
    AnswerRow {
        says: Verb::Stop,
        about: &[T(K::Repair)],
        by: By::Either,
        fields: NOTE,
        ..ANSWER
    },
];

/// Kinds that nothing is answered to.
pub(super) const UNANSWERED: &[ToldKind] = &[ToldKind::Permission];
