//! What one of them tells, and what is answered to it: the two tables of KINDS §3 and §4.
//!
//! Rules read heads only: [`Told`], [`Answer`], and whether there are words at all. The words are [`Texts`], by the names that
//! the tables give, so that a kind is a row.

mod heads;
mod rows;
mod tables;
mod texts;

pub use heads::{Answer, Facts, Told, words_need};
pub use rows::{answer_row, may_put_away, may_take_back};
pub use tables::{ANSWERS, AnswerRow, By, TOLD, ToldRow};
pub use texts::{Texts, TextsWrong};

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

#[cfg(test)]
mod shown;
#[cfg(test)]
mod tests;
