//! What one of them tells, and what is answered to it: the two tables of KINDS §3 and §4.
//!
//! Rules read heads only: [`Told`], [`Answer`], and whether there are words at all. The words are [`Texts`], by the names that
//! the tables give, so that a kind is a row.

use crate::assertion::{blinded, unblinded};
use crate::day::Minute;
use crate::{AgreementId, Day, limits};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Names, as they are written and read.
macro_rules! named {
    ($(#[$doc:meta])* $name:ident { $($(#[$of:meta])* $variant:ident = $text:literal,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum $name { $($(#[$of])* #[serde(rename = $text)] $variant,)* }

        impl $name {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$variant),*];

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
    /// [`limits::TEXT_CHARS`] characters.
    Text,
    /// One line of [`limits::LINE_CHARS`] characters.
    Line,
    /// One line of [`limits::NAME_CHARS`] characters, if it is a name; else as [`Size::Text`].
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
    /// What one of them has opened in a slot; `feelings`, in the first sealed step of a repair; else in a check-in, card or
    /// review, or in a later step.
    Open {
        /// Whether it is that step.
        feelings: bool,
    },
    /// An answer about such an opening.
    OfOpen(Verb),
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

/// The table of KINDS §3.
pub const TOLD: &[ToldRow] = &[
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
const OPEN: Thing = Thing::Open { feelings: false };
const FEELINGS: Thing = Thing::Open { feelings: true };

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
        about: &[T(K::SmallTruth), T(K::ToTalkAbout), OPEN, FEELINGS],
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
    pub fn row(self) -> &'static ToldRow {
        &TOLD[self as usize]
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
        Thing::Open { feelings } => !feelings,
        Thing::Answer(..) | Thing::OfOpen(_) => false,
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

/// Words, by the names that a row gives.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Texts(pub BTreeMap<String, String>);

/// What is wrong with words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TextsWrong {
    /// There is no such text.
    Unknown(String),
    /// It is longer than its limit, or not one line.
    TooLong(&'static str),
    /// It is missing, or blank.
    Missing(&'static str),
}

impl Texts {
    /// A text by its name; empty if it is absent.
    #[must_use]
    pub fn get(&self, name: &str) -> &str {
        self.0.get(name).map_or("", String::as_str)
    }

    /// Leaves out what is blank.
    #[must_use]
    pub fn without_blanks(mut self) -> Self {
        self.0.retain(|_, text| !text.trim().is_empty());
        self
    }

    /// Checks words against a row. `name`, for a page about oneself, is whether it is a name.
    ///
    /// # Errors
    /// The first thing that is wrong.
    pub fn check(&self, fields: &'static [Field], facts: &Facts) -> Result<(), TextsWrong> {
        for (name, text) in &self.0 {
            let field = fields.iter().find(|field| field.name == name);
            let field = field.ok_or_else(|| TextsWrong::Unknown(name.clone()))?;
            let fits = match field.size {
                Size::Page if facts.page == Some(Page::Name) => {
                    limits::line_fits(text, limits::NAME_CHARS)
                        && !text.chars().any(limits::is_hidden)
                }
                Size::Text | Size::Page => limits::text_fits(text, limits::TEXT_CHARS),
                Size::Line => limits::line_fits(text, limits::LINE_CHARS),
            };
            if !fits {
                return Err(TextsWrong::TooLong(field.name));
            }
            if text.trim().is_empty() {
                return Err(TextsWrong::Missing(field.name));
            }
        }
        let missing = |field: &&Field| field.need == Need::Must && !self.0.contains_key(field.name);
        match fields.iter().find(missing) {
            Some(field) => Err(TextsWrong::Missing(field.name)),
            None => Ok(()),
        }
    }

    /// As they are kept, empty for none; nothing if they are more bytes than words may be.
    #[must_use]
    pub fn write(&self, blind: &[u8]) -> Option<String> {
        if self.0.is_empty() {
            return Some(String::new());
        }
        let json = serde_json::to_string(&self.0).ok()?;
        (json.len() <= limits::WORDS_BYTES).then(|| blinded(blind, &json))
    }

    /// Read back, whoever wrote them: nothing if a row does not allow them.
    #[must_use]
    pub fn read(words: &str, fields: &'static [Field], facts: &Facts) -> Option<Self> {
        if words.is_empty() {
            return Some(Self::default());
        }
        let (_, json) = unblinded(words, 16)?;
        let it: Self = serde_json::from_str(json).ok()?;
        (!it.0.is_empty() && it.check(fields, facts).is_ok()).then_some(it)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_its_row_in_its_place() {
        assert_eq!(TOLD.len(), ToldKind::ALL.len());
        for kind in ToldKind::ALL {
            assert_eq!(kind.row().kind, *kind);
        }
        for verb in Verb::ALL {
            assert!(ANSWERS.iter().any(|row| row.says == *verb), "{verb:?}");
            assert_eq!(Verb::named(verb.name()), Some(*verb));
        }
    }

    #[test]
    fn no_row_speaks_of_something_twice_in_two_ways() {
        for (i, a) in ANSWERS.iter().enumerate() {
            for b in ANSWERS.iter().skip(i + 1).filter(|b| b.says == a.says) {
                assert!(
                    a.about.iter().all(|it| !b.about.contains(it)),
                    "{:?}",
                    a.says
                );
            }
        }
    }

    #[test]
    fn chains_are_never_longer_than_an_entry_an_answer_and_one_more() {
        // What may be spoken of is an entry, an opening, or an answer directly about one.
        for row in ANSWERS {
            for about in row.about {
                if let Thing::Answer(verb, kind) = about {
                    let root = |row: &&AnswerRow| {
                        row.says == *verb && row.about.contains(&Thing::Told(*kind))
                    };
                    assert!(ANSWERS.iter().any(|row| root(&row)), "{about:?}");
                }
            }
        }
    }

    #[test]
    fn no_kind_holds_a_count_a_rating_a_mark_or_a_time_of_day_but_a_breaks_return() {
        // Days, one minute, closed choices, an agreement, a step: nothing that could be added up.
        let minutes = TOLD
            .iter()
            .filter(|row| row.facts.iter().any(|(fact, _)| *fact == Fact::BackAt));
        let kinds: Vec<ToldKind> = minutes.map(|row| row.kind).collect();
        assert_eq!(kinds, [ToldKind::Break]);
        let steps = ANSWERS
            .iter()
            .filter(|row| row.facts.iter().any(|(fact, _)| *fact == Fact::Step));
        assert!(steps.into_iter().all(|row| row.says == Verb::Done));
        let every: Vec<&str> = Fact::ALL.iter().map(|fact| fact.name()).collect();
        assert_eq!(
            every,
            [
                "listen_as",
                "until",
                "look_again",
                "day",
                "back_at",
                "agreement",
                "how",
                "page",
                "step"
            ]
        );
    }

    #[test]
    fn words_are_checked_by_their_row() {
        let texts = |pairs: &[(&str, &str)]| {
            Texts(
                pairs
                    .iter()
                    .map(|(a, b)| ((*a).into(), (*b).into()))
                    .collect(),
            )
        };
        let row = ToldKind::Thanks.row();
        let none = Facts::default();
        let check = |it: &Texts| it.check(row.fields, &none);
        assert_eq!(check(&texts(&[("did", "You cooked.")])), Ok(()));
        assert_eq!(check(&texts(&[])), Err(TextsWrong::Missing("did")));
        assert_eq!(
            check(&texts(&[("did", " ")])),
            Err(TextsWrong::Missing("did"))
        );
        assert_eq!(
            check(&texts(&[("did", "x"), ("stars", "5")])),
            Err(TextsWrong::Unknown("stars".into()))
        );
        let long = "x".repeat(limits::TEXT_CHARS + 1);
        assert_eq!(
            check(&texts(&[("did", &long)])),
            Err(TextsWrong::TooLong("did"))
        );
        let words = texts(&[("did", "You cooked.")]).write(&[7; 16]).unwrap();
        assert_eq!(
            Texts::read(&words, row.fields, &none).unwrap().get("did"),
            "You cooked."
        );
        assert!(Texts::read(&words, ToldKind::Ask.row().fields, &none).is_none());
        let name = Facts {
            page: Some(Page::Name),
            ..Facts::default()
        };
        let fields = ToldKind::AboutMe.row().fields;
        let called = texts(&[("text", &"x".repeat(61))]);
        assert!(called.check(fields, &name).is_err());
        assert!(called.check(fields, &none).is_ok());
    }

    #[test]
    fn a_head_holds_exactly_what_its_row_names() {
        let told = |kind, facts| Told { kind, facts }.fits();
        let day = Day::new(2026, 12, 1);
        assert!(told(ToldKind::Thanks, Facts::default()));
        assert!(!told(
            ToldKind::Thanks,
            Facts {
                day,
                ..Facts::default()
            }
        ));
        assert!(!told(ToldKind::Bid, Facts::default()));
        assert!(told(
            ToldKind::Bid,
            Facts {
                day,
                ..Facts::default()
            }
        ));
        let done = |step| {
            Answer {
                says: Verb::Done,
                facts: Facts {
                    step,
                    ..Facts::default()
                },
            }
            .fits()
        };
        assert!(done(None) && done(Some(3)) && !done(Some(2)));
        let newer = |body| Answer::is_newer(body);
        assert!(newer(r#"{"says":"sing"}"#) && !newer(r#"{"says":"yes","x":1}"#) && !newer("{}"));
    }

    #[test]
    fn a_repair_has_an_agreement_or_words() {
        let need = |agreement| {
            Told {
                kind: ToldKind::Repair,
                facts: Facts {
                    agreement,
                    ..Facts::default()
                },
            }
            .words_need()
        };
        assert_eq!(need(None), Need::Must);
        assert_eq!(need(Some(AgreementId([1; 16]))), Need::May);
    }
}
