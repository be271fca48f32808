//! What one of them tells, and what is answered to it: the two tables of KINDS §3 and §4.
//!
//! Rules read heads only: [`Told`], [`Answer`], and whether there are words at all. The words are [`Texts`], by the names that
//! the tables give, so that a kind is a row.

mod texts;

pub use texts::{Texts, TextsWrong};

use crate::day::Minute;
use crate::{AgreementId, Day};
use serde::{Deserialize, Serialize};

/// Names, as they are written and read.
macro_rules! named {
    ($(#[$doc:meta])* $name:ident { $($(#[$of:meta])* $variant:ident = $text:literal,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum $name { $($(#[$of])* #[serde(rename = $text)] $variant,)* }

        impl $name {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            /// All their names.
            pub const NAMES: &[&'static str] = &[$($text),*];

            /// As it is written.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $text,)* }
            }

            /// The one of this name.
            #[must_use]
            pub fn named(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|it| it.name() == name)
            }
        }
    };
}

named! {
    /// What kind of thing is told.
    ToldKind {
        /// Thanks for what the other did.
        Thanks = "thanks",
        /// Something told in confidence.
        Confidence = "confidence",
        /// With whom the other may speak of a confidence, or of all.
        Permission = "permission",
        /// A small truth.
        SmallTruth = "small_truth",
        /// Where one is easily hurt.
        TenderSpot = "tender_spot",
        /// What one now allows.
        TrustGiven = "trust_given",
        /// Something to talk about.
        ToTalkAbout = "to_talk_about",
        /// Asked of the other.
        Ask = "ask",
        /// A small call for the other.
        Bid = "bid",
        /// A break with a time of return.
        Break = "break",
        /// A repair begins.
        Repair = "repair",
        /// A page about oneself.
        AboutMe = "about_me",
    }
}

named! {
    /// What an answer says.
    Verb {
        /// I heard you.
        Heard = "heard",
        /// Thank you.
        Thank = "thank",
        /// I need time until a day.
        NeedTime = "need_time",
        /// An answer in own words; to a confidence, advice.
        Words = "words",
        /// What I heard, in own words.
        SayBack = "say_back",
        /// Yes.
        Yes = "yes",
        /// Not yet.
        NotYet = "not_yet",
        /// How one would like to be listened to, from now on.
        ListenAs = "listen_as",
        /// Nobody is to be told.
        TellNobody = "tell_nobody",
        /// May I tell somebody?
        MayI = "may_i",
        /// What it means to me.
        Meaning = "meaning",
        /// A proposal that comes of it.
        Plan = "plan",
        /// Done with it, or with a step of it.
        Done = "done",
        /// A day to talk.
        Day = "day",
        /// An apology.
        Apology = "apology",
        /// This repair stops here.
        Stop = "stop",
    }
}

named! {
    /// How one would like to be listened to; the first binds least.
    ListenAs {
        /// Just listen.
        JustListen = "just_listen",
        /// Help me think.
        HelpMeThink = "help_me_think",
        /// Let us talk.
        LetsTalk = "lets_talk",
    }
}

named! {
    /// What may have happened when an agreement did not hold, without a name.
    How {
        /// It was forgotten.
        Forgot = "forgot",
        /// It was misunderstood.
        Misunderstood = "misunderstood",
        /// It could not be done.
        CouldNot = "could_not",
        /// Circumstances.
        Circumstances = "circumstances",
        /// Not known yet.
        DoNotKnow = "do_not_know",
    }
}

named! {
    /// Pages about oneself.
    Page {
        /// What one is called.
        Name = "name",
        /// What one takes responsibility for.
        MyResponsibility = "my_responsibility",
        /// One's own patterns.
        MyPatterns = "my_patterns",
    }
}

named! {
    /// What a head holds besides its kind.
    Fact {
        /// How to listen.
        ListenAs = "listen_as",
        /// The last day of something.
        Until = "until",
        /// A day to look again.
        LookAgain = "look_again",
        /// A day.
        Day = "day",
        /// The minute of a return.
        BackAt = "back_at",
        /// An agreement.
        Agreement = "agreement",
        /// How it may have come.
        How = "how",
        /// Which page about oneself.
        Page = "page",
        /// A step of a repair.
        Step = "step",
    }
}

/// Whether something is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// Always.
    Must,
    /// As its author likes.
    May,
    /// At least one of all that are marked so.
    OneOf,
    /// Never.
    Never,
}

/// How long a text may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Size {
    /// [`crate::limits::TEXT_CHARS`] characters.
    Text,
    /// One line of [`crate::limits::LINE_CHARS`] characters.
    Line,
    /// One line of [`crate::limits::NAME_CHARS`] characters, if it is a name; else as [`Size::Text`].
    Page,
}

/// One text among the words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Field {
    /// Its name.
    pub name: &'static str,
    /// Its length.
    pub size: Size,
    /// Whether it is there.
    pub need: Need,
}

const fn field(name: &'static str, size: Size, need: Need) -> Field {
    Field { name, size, need }
}

/// What an assertion may speak of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Thing {
    /// Something told.
    Told(ToldKind),
    /// An answer in the thread of something told.
    Answer(Verb, ToldKind),
    /// What one of them has opened in a slot.
    Open(Opened),
    /// An answer about such an opening.
    OfOpen(Verb),
    /// That something is put away.
    PutAway,
}

/// Where something was opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Opened {
    /// In a check-in, a card or a review.
    Page,
    /// In the first sealed step of a repair: what somebody felt.
    Feelings,
    /// In a later one.
    Step,
}

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

use Thing::Told as T;
use ToldKind as K;

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
const UNANSWERED: &[ToldKind] = &[ToldKind::Permission];

// With a kind or a verb that the tables do not know, nothing is built.
const _: () = {
    let mut n = 0;
    while n < TOLD.len() {
        let kind = TOLD[n].kind;
        assert!(
            kind as usize == n,
            "TOLD has its rows in the order of the kinds"
        );
        assert!(
            is_answered(kind) != holds(UNANSWERED, kind),
            "a row of ANSWERS names the kind, or UNANSWERED does"
        );
        n += 1;
    }
    let mut n = 0;
    while n < Verb::ALL.len() {
        assert!(has_row(Verb::ALL[n]), "a row of ANSWERS says the verb");
        n += 1;
    }
};

const fn holds(kinds: &[ToldKind], kind: ToldKind) -> bool {
    let mut n = 0;
    while n < kinds.len() {
        if kinds[n] as usize == kind as usize {
            return true;
        }
        n += 1;
    }
    false
}

/// Whether a row of answers names a kind.
const fn is_answered(kind: ToldKind) -> bool {
    let mut n = 0;
    while n < ANSWERS.len() {
        let mut rest = ANSWERS[n].about;
        while let [about, after @ ..] = rest {
            if matches!(about, T(of) if *of as usize == kind as usize) {
                return true;
            }
            rest = after;
        }
        n += 1;
    }
    false
}

const fn has_row(verb: Verb) -> bool {
    let mut n = 0;
    while n < ANSWERS.len() {
        if ANSWERS[n].says as usize == verb as usize {
            return true;
        }
        n += 1;
    }
    false
}

/// The steps of a repair that are marked as done: the others are finished by what is said in them (KINDS §5).
pub const MARKED_STEPS: [u8; 3] = [3, 6, 7];

impl Verb {
    /// Whether it stands on the other's Today until it is opened or set aside. What moves a matter on is shown as it is.
    #[must_use]
    pub fn is_opened(self) -> bool {
        matches!(
            self,
            Self::Heard
                | Self::Thank
                | Self::NeedTime
                | Self::Words
                | Self::SayBack
                | Self::Yes
                | Self::NotYet
                | Self::Meaning
                | Self::Apology
                | Self::MayI
        )
    }
}

impl ToldKind {
    /// Its row.
    #[must_use]
    pub const fn row(self) -> &'static ToldRow {
        &TOLD[self as usize]
    }

    /// The kind of one's own that it may speak of.
    #[must_use]
    pub fn speaks_of(self) -> Option<Self> {
        self.row().about.0.iter().find_map(|about| match about {
            T(kind) => Some(*kind),
            _ => None,
        })
    }
}

/// The row of an answer to something by one of them.
#[must_use]
pub fn answer_row(says: Verb, about: Thing, own: bool) -> Option<&'static AnswerRow> {
    let by = |by: By| match by {
        By::Other => !own,
        By::Own => own,
        By::Either => true,
    };
    let mut rows = ANSWERS.iter();
    rows.find(|row| row.says == says && row.about.contains(&about) && by(row.by))
}

/// Whether its author may take a thing back (K2).
#[must_use]
pub fn may_take_back(about: Thing) -> bool {
    !matches!(
        about,
        Thing::Answer(Verb::ListenAs | Verb::Stop, _) | Thing::Answer(Verb::Done, K::Repair)
    )
}

/// Whether its author may put a thing away (K10). A repair's words are not put away singly.
#[must_use]
pub fn may_put_away(about: Thing) -> bool {
    match about {
        Thing::Told(kind) => kind.row().goes_away,
        Thing::Open(opened) => opened == Opened::Page,
        Thing::Answer(..) | Thing::OfOpen(_) | Thing::PutAway => false,
    }
}

/// The head of something told, besides its kind.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Facts {
    /// How to listen.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub listen_as: Option<ListenAs>,
    /// The last day of a permission, or of the time needed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<Day>,
    /// A day to look again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub look_again: Option<Day>,
    /// A day to talk; the day of a bid.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub day: Option<Day>,
    /// When a break ends.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub back_at: Option<Minute>,
    /// The agreement that did not hold, or that comes of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub agreement: Option<AgreementId>,
    /// How it may have come.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub how: Option<How>,
    /// Which page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub page: Option<Page>,
    /// Which step of a repair.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub step: Option<u8>,
}

impl Facts {
    /// Whether a fact is there.
    #[must_use]
    pub fn has(&self, fact: Fact) -> bool {
        match fact {
            Fact::ListenAs => self.listen_as.is_some(),
            Fact::Until => self.until.is_some(),
            Fact::LookAgain => self.look_again.is_some(),
            Fact::Day => self.day.is_some(),
            Fact::BackAt => self.back_at.is_some(),
            Fact::Agreement => self.agreement.is_some(),
            Fact::How => self.how.is_some(),
            Fact::Page => self.page.is_some(),
            Fact::Step => self.step.is_some(),
        }
    }

    /// Whether exactly those are there that a row names.
    #[must_use]
    pub fn fit(&self, row: &[(Fact, Need)]) -> bool {
        let need = |fact: &Fact| {
            let named = row.iter().find(|(it, _)| it == fact);
            named.map_or(Need::Never, |(_, need)| *need)
        };
        let step = self.step.is_none_or(|step| MARKED_STEPS.contains(&step));
        step && Fact::ALL.iter().all(|fact| match need(fact) {
            Need::Must => self.has(*fact),
            Need::May | Need::OneOf => true,
            Need::Never => !self.has(*fact),
        })
    }
}

/// Whether there may, must or cannot be words, with these facts.
#[must_use]
pub fn words_need(fields: &[Field], facts: &Facts, row: &[(Fact, Need)]) -> Need {
    let one_of_facts = row
        .iter()
        .any(|(fact, need)| *need == Need::OneOf && facts.has(*fact));
    if fields.is_empty() {
        Need::Never
    } else if fields.iter().any(|field| field.need == Need::Must)
        || (fields.iter().any(|field| field.need == Need::OneOf) && !one_of_facts)
    {
        Need::Must
    } else {
        Need::May
    }
}

/// Something told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// Its kind, which is the assertion's.
    pub kind: ToldKind,
    /// What else rules read.
    pub facts: Facts,
}

impl Told {
    /// Whether its head is of the form that its row gives.
    #[must_use]
    pub fn fits(&self) -> bool {
        self.facts.fit(self.kind.row().facts)
    }

    /// Whether there may, must or cannot be words.
    #[must_use]
    pub fn words_need(&self) -> Need {
        let row = self.kind.row();
        words_need(row.fields, &self.facts, row.facts)
    }
}

/// An answer: about an assertion that its envelope names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// What it says.
    pub says: Verb,
    /// What else rules read.
    pub facts: Facts,
}

/// As it is written: `as` for how to listen.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct AnswerWritten {
    says: Verb,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    until: Option<Day>,
    #[serde(default, rename = "as", skip_serializing_if = "Option::is_none")]
    listen_as: Option<ListenAs>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    agreement: Option<AgreementId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    step: Option<u8>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    day: Option<Day>,
}

impl Serialize for Answer {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let facts = &self.facts;
        AnswerWritten {
            says: self.says,
            until: facts.until,
            listen_as: facts.listen_as,
            agreement: facts.agreement,
            step: facts.step,
            day: facts.day,
        }
        .serialize(to)
    }
}

impl<'de> Deserialize<'de> for Answer {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let it = AnswerWritten::deserialize(from)?;
        Ok(Self {
            says: it.says,
            facts: Facts {
                until: it.until,
                listen_as: it.listen_as,
                agreement: it.agreement,
                step: it.step,
                day: it.day,
                ..Facts::default()
            },
        })
    }
}

/// What an answer says, of whatever version.
#[derive(Deserialize)]
struct Says<'a> {
    #[serde(borrow)]
    says: std::borrow::Cow<'a, str>,
}

impl Answer {
    /// Whether its head is of a form that any row gives.
    #[must_use]
    pub fn fits(&self) -> bool {
        let mut rows = ANSWERS.iter().filter(|row| row.says == self.says);
        rows.any(|row| self.facts.fit(row.facts))
    }

    /// Whether a newer version said what is none of [`Verb::ALL`].
    #[must_use]
    pub fn is_newer(body: &str) -> bool {
        serde_json::from_str::<Says<'_>>(body).is_ok_and(|it| Verb::named(&it.says).is_none())
    }

    /// Whether it may be said better.
    #[must_use]
    pub fn may_be_better(&self) -> bool {
        let mut rows = ANSWERS.iter().filter(|row| row.says == self.says);
        rows.any(|row| row.better)
    }
}

#[cfg(test)]
mod shown;
#[cfg(test)]
mod tests;
