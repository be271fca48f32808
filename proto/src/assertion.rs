//! Assertions: what one partner says, in the exact bytes they wrote (SPEC §3–§6, FORMAT §2).

use crate::{AgreementId, AssertionId, CoupleId, Day, Hash, PersonId, Slot, ids::Who, limits};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

/// One assertion by one partner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assertion {
    /// Its random id, and its key in the book.
    pub id: AssertionId,
    /// Running number of its author, from 1, never reused.
    pub seq: u64,
    /// The author's local date. Ready, Cancel, Lock carry none.
    pub on: Option<Day>,
    /// What it says.
    pub body: Body,
    /// The assertion it speaks of.
    pub about: Option<AssertionId>,
    /// Hashes of the partner's assertions that its author had seen when order matters.
    pub seen: Vec<Hash>,
    /// An own earlier assertion that this one says better.
    pub instead_of: Option<AssertionId>,
    /// How much it weighs.
    pub weight: Weight,
}

/// How much an assertion weighs for its author.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Weight {
    /// Nothing special.
    #[default]
    Everyday,
    /// To be handled with care.
    Tender,
    /// An agreement of this weight rests for a day after the later yes.
    Big,
}

/// What an assertion says. Kinds written by a newer Troth are kept as [`Body::Newer`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Body {
    /// The words of an agreement, proposed; the proposer's own yes.
    Version(Version),
    /// Yes to the exact words of a version.
    Yes(OfVersion),
    /// Not now: changes nothing, shown beside the proposal.
    NotNow(Noted),
    /// I need time until a day: changes nothing, shown beside the proposal.
    NeedTime(NeedTime),
    /// A step back from a version, or from the agreement whole.
    StepBack(StepBack),
    /// What I take on myself, freely replaced by its author.
    MyPart(MyPart),
    /// I am ready: a commitment to words that have not left my device.
    Ready(Ready),
    /// I am not ready after all.
    Cancel(Round),
    /// I saw that you are ready and will open.
    Lock(Round),
    /// The words I had committed to.
    Open(Open),
    /// "I heard you", in words.
    Heard(Heard),
    /// A kind that this Troth does not know; kept and passed on.
    Newer {
        /// The kind's name.
        kind: String,
    },
}

/// The words of an agreement as one partner proposes them. "Me" is the proposer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Version {
    /// The agreement's thread.
    pub agreement: AgreementId,
    /// Hashes of the versions it is based on, sorted, none twice.
    pub base: Vec<Hash>,
    /// The words.
    pub words: Words,
}

/// The words both say yes to.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Words {
    /// One line.
    pub topic: String,
    /// What is agreed.
    pub terms: String,
    /// What each will do; not both empty.
    pub does: Does,
    /// When this happens, then one of us does that.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub when_then: Vec<WhenThen>,
    /// What is not meant.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub not_meant: String,
    /// The last day of a trial.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trial_until: Option<Day>,
    /// A day to look at it again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub look_again: Option<Day>,
    /// `ground` for a ground rule.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tag: Option<String>,
}

/// What each will do.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Does {
    /// What the proposer will do.
    #[serde(default)]
    pub me: String,
    /// What the other will do.
    #[serde(default)]
    pub partner: String,
}

/// One "when …, then …".
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WhenThen {
    /// Who does it.
    pub who: Who,
    /// When.
    pub when: String,
    /// What.
    pub then: String,
}

/// Names a version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OfVersion {
    /// The version's hash.
    pub version: Hash,
}

/// Names a version, with a note.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Noted {
    /// The version's hash.
    pub version: Hash,
    /// A note, possibly empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
}

/// Names a version and a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NeedTime {
    /// The version's hash.
    pub version: Hash,
    /// The last day of the time needed.
    pub until: Day,
}

/// A step back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StepBack {
    /// From what.
    pub from: From,
    /// A note, possibly empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
}

/// What is stepped back from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum From {
    /// One version.
    Version(Hash),
    /// The agreement whole: it is let go.
    Agreement(AgreementId),
}

/// An own responsibility and pattern.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MyPart {
    /// The agreement's thread.
    pub agreement: AgreementId,
    /// The text.
    pub text: String,
}

/// Ready for a slot's round.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ready {
    /// The slot.
    pub slot: Slot,
    /// The round, from 1.
    pub round: u32,
    /// [`commitment`] over the words.
    pub commitment: Hash,
}

/// Names a slot's round.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Round {
    /// The slot.
    pub slot: Slot,
    /// The round, from 1.
    pub round: u32,
}

/// Opens a commitment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Open {
    /// The slot.
    pub slot: Slot,
    /// The round, from 1.
    pub round: u32,
    /// The words, as JSON text ([`CheckIn`], [`Look`] or [`CardAnswer`] by the slot's kind).
    pub text: String,
    /// The salt of the commitment.
    pub salt: Hash,
}

/// "I heard you".
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Heard {
    /// The slot that was heard.
    pub slot: Slot,
    /// In own words.
    pub words: String,
}

/// The words of a check-in. All may be empty, not all at once.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct CheckIn {
    /// Thanks for what the other did.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub thanks: Vec<Thanks>,
    /// What went well.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub went_well: String,
    /// What I have not said yet.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub not_yet_said: String,
    /// At most one thing to talk about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub talk: Option<Talk>,
    /// One wish.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub wish: String,
}

/// Thanks: what you did, and what it says of you.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Thanks {
    /// What you did.
    pub did: String,
    /// What it says of you.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub says_of_you: String,
}

/// One thing to talk about.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Talk {
    /// When …
    pub when: String,
    /// … I felt …
    pub felt: String,
    /// … and I would like …
    pub would_like: String,
}

/// A sealed review of a version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Look {
    /// How it has been.
    pub words: String,
    /// Where I lean.
    pub lean: Lean,
}

/// Where a review leans.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Lean {
    /// Keep it as it is.
    Keep,
    /// Change it.
    Change,
    /// Let it go.
    LetGo,
}

/// The answer to a card.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CardAnswer {
    /// In own words.
    pub words: String,
}

/// Why bytes are not an assertion.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Malformed {
    /// More bytes, characters, list items or nesting than allowed.
    #[error("over a limit")]
    OverLimit,
    /// Not JSON of the form that FORMAT §2 gives.
    #[error("not an assertion")]
    Form,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written<B> {
    id: AssertionId,
    kind: String,
    seq: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    on: Option<Day>,
    body: B,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    about: Option<AssertionId>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    seen: Vec<Hash>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    instead_of: Option<AssertionId>,
    #[serde(default, skip_serializing_if = "is_everyday")]
    weight: Weight,
}

fn is_everyday(weight: &Weight) -> bool {
    *weight == Weight::Everyday
}

impl Assertion {
    /// Reads an assertion and checks every limit on it.
    ///
    /// # Errors
    /// [`Malformed`]; nothing of it may be used then.
    pub fn read(bytes: &[u8]) -> Result<Self, Malformed> {
        if bytes.len() > limits::ASSERTION_BYTES
            || !limits::json_depth_fits(bytes, limits::ASSERTION_DEPTH)
        {
            return Err(Malformed::OverLimit);
        }
        let written: Written<&RawValue> =
            serde_json::from_slice(bytes).map_err(|_| Malformed::Form)?;
        let body = Body::read(&written.kind, written.body.get())?;
        let it = Self {
            id: written.id,
            seq: written.seq,
            on: written.on,
            body,
            about: written.about,
            seen: written.seen,
            instead_of: written.instead_of,
            weight: written.weight,
        };
        it.check()?;
        Ok(it)
    }

    /// Writes the assertion as its author; read back by every copy byte for byte.
    ///
    /// # Errors
    /// [`Malformed::OverLimit`] if the words are more than one assertion may hold, [`Malformed::Form`] for what no
    /// author may write.
    pub fn write(&self) -> Result<Vec<u8>, Malformed> {
        self.check()?;
        let bytes = match &self.body {
            Body::Version(b) => self.written(b),
            Body::Yes(b) => self.written(b),
            Body::NotNow(b) => self.written(b),
            Body::NeedTime(b) => self.written(b),
            Body::StepBack(b) => self.written(b),
            Body::MyPart(b) => self.written(b),
            Body::Ready(b) => self.written(b),
            Body::Cancel(b) | Body::Lock(b) => self.written(b),
            Body::Open(b) => self.written(b),
            Body::Heard(b) => self.written(b),
            Body::Newer { .. } => Err(Malformed::Form),
        }?;
        if bytes.len() > limits::ASSERTION_BYTES {
            Err(Malformed::OverLimit)
        } else {
            Ok(bytes)
        }
    }

    fn written<B: Serialize>(&self, body: &B) -> Result<Vec<u8>, Malformed> {
        let written = Written {
            id: self.id,
            kind: self.body.kind().to_owned(),
            seq: self.seq,
            on: self.on,
            body,
            about: self.about,
            seen: self.seen.clone(),
            instead_of: self.instead_of,
            weight: self.weight,
        };
        serde_json::to_vec(&written).map_err(|_| Malformed::Form)
    }

    fn check(&self) -> Result<(), Malformed> {
        if self.seq == 0
            || (self.on.is_some() && self.body.carries_no_day())
            || (self.on.is_none() && self.body.carries_a_day())
        {
            return Err(Malformed::Form);
        }
        if self.seen.len() > limits::LISTED_HASHES {
            return Err(Malformed::OverLimit);
        }
        self.body.check()
    }
}

impl Body {
    /// The kind's name as it is written.
    #[must_use]
    pub fn kind(&self) -> &str {
        match self {
            Self::Version(_) => "version",
            Self::Yes(_) => "yes",
            Self::NotNow(_) => "not_now",
            Self::NeedTime(_) => "need_time",
            Self::StepBack(_) => "step_back",
            Self::MyPart(_) => "my_part",
            Self::Ready(_) => "ready",
            Self::Cancel(_) => "cancel",
            Self::Lock(_) => "lock",
            Self::Open(_) => "open",
            Self::Heard(_) => "heard",
            Self::Newer { kind } => kind,
        }
    }

    fn read(kind: &str, body: &str) -> Result<Self, Malformed> {
        fn form<'a, B: Deserialize<'a>>(body: &'a str) -> Result<B, Malformed> {
            serde_json::from_str(body).map_err(|_| Malformed::Form)
        }
        Ok(match kind {
            "version" => Self::Version(form(body)?),
            "yes" => Self::Yes(form(body)?),
            "not_now" => Self::NotNow(form(body)?),
            "need_time" => Self::NeedTime(form(body)?),
            "step_back" => Self::StepBack(form(body)?),
            "my_part" => Self::MyPart(form(body)?),
            "ready" => Self::Ready(form(body)?),
            "cancel" => Self::Cancel(form(body)?),
            "lock" => Self::Lock(form(body)?),
            "open" => Self::Open(form(body)?),
            "heard" => Self::Heard(form(body)?),
            _ => Self::Newer {
                kind: kind.to_owned(),
            },
        })
    }

    /// Lets go of the long texts, for one who keeps the bytes and needs only what is named.
    pub fn drop_texts(&mut self) {
        match self {
            Self::Version(version) => version.words = Words::default(),
            Self::NotNow(said) => said.note = String::new(),
            Self::StepBack(said) => said.note = String::new(),
            Self::MyPart(said) => said.text = String::new(),
            Self::Open(said) => said.text = String::new(),
            Self::Heard(said) => said.words = String::new(),
            Self::Yes(_)
            | Self::NeedTime(_)
            | Self::Ready(_)
            | Self::Cancel(_)
            | Self::Lock(_)
            | Self::Newer { .. } => {}
        }
    }

    fn carries_no_day(&self) -> bool {
        matches!(self, Self::Ready(_) | Self::Cancel(_) | Self::Lock(_))
    }

    fn carries_a_day(&self) -> bool {
        !self.carries_no_day() && !matches!(self, Self::Newer { .. })
    }

    fn check(&self) -> Result<(), Malformed> {
        let text = |text: &str| {
            if limits::text_fits(text, limits::TEXT_CHARS) {
                Ok(())
            } else {
                Err(Malformed::OverLimit)
            }
        };
        match self {
            Self::Version(version) => version.check(),
            Self::NotNow(said) => text(&said.note),
            Self::StepBack(said) => text(&said.note),
            Self::MyPart(said) => text(&said.text),
            Self::Heard(said) => text(&said.words),
            // The words inside are measured one by one when they are opened.
            Self::Open(said) if said.text.len() > limits::ASSERTION_BYTES => {
                Err(Malformed::OverLimit)
            }
            Self::Open(Open { round, .. })
            | Self::Ready(Ready { round, .. })
            | Self::Cancel(Round { round, .. })
            | Self::Lock(Round { round, .. }) => {
                if (1..=limits::ROUNDS).contains(round) {
                    Ok(())
                } else {
                    Err(Malformed::OverLimit)
                }
            }
            Self::Newer { kind } => {
                let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
                if kind.is_empty() || kind.len() > limits::KIND_CHARS || !kind.chars().all(plain) {
                    Err(Malformed::Form)
                } else {
                    Ok(())
                }
            }
            Self::Yes(_) | Self::NeedTime(_) => Ok(()),
        }
    }
}

impl Version {
    fn check(&self) -> Result<(), Malformed> {
        if self.base.len() > limits::LISTED_HASHES {
            return Err(Malformed::OverLimit);
        }
        if !self.base.is_sorted_by(|a, b| a < b) {
            return Err(Malformed::Form);
        }
        self.words.check()
    }
}

impl Words {
    /// Checks limits, and that somebody does something.
    ///
    /// # Errors
    /// [`Malformed::OverLimit`], or [`Malformed::Form`] while the topic or what each will do is empty.
    pub fn check(&self) -> Result<(), Malformed> {
        let long = |text: &String| limits::text_fits(text, limits::TEXT_CHARS);
        let line = |text: &String| limits::line_fits(text, limits::LINE_CHARS);
        let fits = line(&self.topic)
            && [
                &self.terms,
                &self.not_meant,
                &self.does.me,
                &self.does.partner,
            ]
            .into_iter()
            .all(long)
            && self.when_then.len() <= limits::LISTED_LINES
            && self
                .when_then
                .iter()
                .all(|line| long(&line.when) && long(&line.then))
            && self.tag.as_ref().is_none_or(line);
        if !fits {
            return Err(Malformed::OverLimit);
        }
        if self.topic.trim().is_empty()
            || (self.does.me.trim().is_empty() && self.does.partner.trim().is_empty())
        {
            return Err(Malformed::Form);
        }
        Ok(())
    }

    /// The same words from the other's side.
    #[must_use]
    pub fn exchanged(&self) -> Self {
        let mut words = self.clone();
        std::mem::swap(&mut words.does.me, &mut words.does.partner);
        for line in &mut words.when_then {
            line.who = line.who.other();
        }
        words
    }
}

impl CheckIn {
    /// Whether nothing at all is said.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        let blank = |text: &String| text.trim().is_empty();
        self.thanks
            .iter()
            .all(|t| blank(&t.did) && blank(&t.says_of_you))
            && blank(&self.went_well)
            && blank(&self.not_yet_said)
            && blank(&self.wish)
            && self
                .talk
                .as_ref()
                .is_none_or(|t| blank(&t.when) && blank(&t.felt) && blank(&t.would_like))
    }

    fn fits(&self) -> bool {
        let long = |text: &String| limits::text_fits(text, limits::TEXT_CHARS);
        self.thanks.len() <= limits::LISTED_LINES
            && self
                .thanks
                .iter()
                .all(|t| long(&t.did) && long(&t.says_of_you))
            && [&self.went_well, &self.not_yet_said, &self.wish]
                .into_iter()
                .all(long)
            && self
                .talk
                .as_ref()
                .is_none_or(|t| long(&t.when) && long(&t.felt) && long(&t.would_like))
    }
}

/// The words behind a commitment, by the slot's kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Sealed {
    /// A review.
    Look(Look),
    /// A card's answer.
    Card(CardAnswer),
    /// A check-in.
    CheckIn(CheckIn),
}

impl Sealed {
    /// Reads the words of a slot and checks every limit on them.
    ///
    /// # Errors
    /// [`Malformed`] if they are not words of that kind of slot.
    pub fn read(slot: &Slot, text: &str) -> Result<Self, Malformed> {
        if text.len() > limits::ASSERTION_BYTES
            || !limits::json_depth_fits(text.as_bytes(), limits::ASSERTION_DEPTH)
        {
            return Err(Malformed::OverLimit);
        }
        let form = |_| Malformed::Form;
        let (words, fits) = match slot {
            Slot::Week { .. } => {
                let words: CheckIn = serde_json::from_str(text).map_err(form)?;
                if words.is_empty() {
                    return Err(Malformed::Form);
                }
                let fits = words.fits();
                (Self::CheckIn(words), fits)
            }
            Slot::Card(_) => {
                let words: CardAnswer = serde_json::from_str(text).map_err(form)?;
                let fits = limits::text_fits(&words.words, limits::TEXT_CHARS);
                (Self::Card(words), fits)
            }
            Slot::Look(_) => {
                let words: Look = serde_json::from_str(text).map_err(form)?;
                let fits = limits::text_fits(&words.words, limits::TEXT_CHARS);
                (Self::Look(words), fits)
            }
        };
        if fits {
            Ok(words)
        } else {
            Err(Malformed::OverLimit)
        }
    }
}

/// The hash of an assertion: over the exact bytes its author wrote, bound to the couple and the author's book.
#[must_use]
pub fn hash(couple: CoupleId, author: PersonId, bytes: &[u8]) -> Hash {
    Hash::of("troth/assertion/1", &[&couple.0, &author.0, b"book", bytes])
}

/// What a Ready commits to.
#[must_use]
pub fn commitment(salt: &Hash, slot: &Slot, author: PersonId, text: &str) -> Hash {
    Hash::of(
        "troth/commitment/1",
        &[
            &salt.0,
            slot.to_string().as_bytes(),
            &author.0,
            text.as_bytes(),
        ],
    )
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn words(topic: &str, me: &str) -> Words {
        Words {
            topic: topic.into(),
            terms: "We share the evenings.".into(),
            does: Does {
                me: me.into(),
                partner: String::new(),
            },
            when_then: vec![WhenThen {
                who: Who::Partner,
                when: "it is late".into(),
                then: "we sleep".into(),
            }],
            not_meant: String::new(),
            trial_until: None,
            look_again: Day::new(2026, 12, 1),
            tag: None,
        }
    }

    fn version() -> Assertion {
        Assertion {
            id: AssertionId([1; 16]),
            seq: 1,
            on: Day::new(2026, 11, 22),
            body: Body::Version(Version {
                agreement: AgreementId([2; 16]),
                base: vec![],
                words: words("Visits", "I call before"),
            }),
            about: None,
            seen: vec![Hash([3; 32])],
            instead_of: None,
            weight: Weight::Big,
        }
    }

    #[test]
    fn an_assertion_reads_back_as_written() {
        let it = version();
        assert_eq!(Assertion::read(&it.write().unwrap()).unwrap(), it);
    }

    #[test]
    fn an_unknown_kind_is_kept_and_an_unknown_field_is_refused() {
        let newer = br#"{"id":"01010101010101010101010101010101","kind":"song","seq":1,"body":{"x":[1,{"y":2}]}}"#;
        assert_eq!(
            Assertion::read(newer).unwrap().body,
            Body::Newer {
                kind: "song".into()
            }
        );
        let more = br#"{"id":"01010101010101010101010101010101","kind":"yes","seq":1,"on":"2026-01-01","body":{"version":"0000000000000000000000000000000000000000000000000000000000000000","and":1}}"#;
        assert_eq!(Assertion::read(more), Err(Malformed::Form));
    }

    #[test]
    fn nobody_doing_anything_is_no_agreement() {
        assert_eq!(words("Visits", " ").check(), Err(Malformed::Form));
        assert_eq!(words("", "I call").check(), Err(Malformed::Form));
        let mut long = words("Visits", "I call");
        long.terms = "x".repeat(limits::TEXT_CHARS + 1);
        assert_eq!(long.check(), Err(Malformed::OverLimit));
    }

    #[test]
    fn exchanging_twice_gives_the_same_words() {
        let words = words("Visits", "I call");
        assert_ne!(words.exchanged(), words);
        assert_eq!(words.exchanged().exchanged(), words);
    }

    proptest! {
        #[test]
        fn no_bytes_panic_the_reader(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
            let _ = Assertion::read(&bytes);
        }

        #[test]
        fn damaged_assertions_never_panic_and_never_pass_a_limit(at in 0usize..300, byte: u8, cut in 0usize..400) {
            let mut bytes = version().write().unwrap();
            let at = at % bytes.len();
            bytes[at] = byte;
            bytes.truncate(cut);
            if let Ok(read) = Assertion::read(&bytes) {
                prop_assert!(read.seq > 0 && read.seen.len() <= limits::LISTED_HASHES);
            }
        }
    }
}
