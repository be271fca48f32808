//! The envelope of every assertion, and the table of kinds (SPEC §3, FORMAT §2).
//!
//! An assertion is a head, which rules read, and words, which people read. Its hash covers both, so that the words can
//! leave and the head stays (PROTOCOL §1).

use crate::said::agreement::{MyPart, NeedTime, NotNow, StepBack, Version, Yes};
use crate::said::draft::{Draft, DraftClosed};
use crate::said::forgetting::{Forget, PutAway, TakeBack};
use crate::said::sealed::{Cancel, Lock, Open, Ready};
use crate::said::told::{Answer, Facts, Told, ToldKind};
use crate::{AssertionId, CoupleId, Day, Hash, PersonId, limits};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

/// The head of one assertion by one partner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assertion {
    /// Its random id, and its key in the book.
    pub id: AssertionId,
    /// The author's local date.
    pub on: Option<Day>,
    /// What it says.
    pub body: Body,
    /// The assertion it speaks of.
    pub about: Option<AssertionId>,
    /// Hashes of the partner's assertions that its author had.
    pub seen: Vec<Hash>,
    /// An own earlier assertion that this one says better.
    pub instead_of: Option<AssertionId>,
    /// How much it weighs.
    pub weight: Weight,
}

/// How much an assertion weighs for its author.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Weight {
    /// Nothing special.
    #[default]
    Everyday,
    /// To be handled with care.
    Tender,
    /// A yes to it rests for a day on the device of the one who says it.
    Big,
}

/// Whether a kind carries its author's date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dated {
    /// Always.
    Yes,
    /// Never.
    No,
    /// When a person wrote it, and not when a daemon did.
    ByHand,
}

/// Whether a kind speaks of another assertion by `about`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum About {
    /// Never.
    Never,
    /// Always.
    Always,
    /// As its table says.
    Sometimes,
}

/// What one kind says about itself.
pub trait Kind: Sized {
    /// Whether it carries a date.
    const DATED: Dated = Dated::Yes;
    /// Whether it speaks of another assertion.
    const ABOUT: About = About::Never;
    /// Random bytes before its words, so that kept hashes of short words cannot be guessed.
    const BLIND: usize = 16;

    /// Whether its head keeps to every limit; `about`: whether it speaks of another assertion.
    fn fits(&self, about: bool) -> bool {
        let _ = about;
        true
    }

    /// Whether it may stand instead of an earlier one.
    fn may_be_better(&self) -> bool {
        false
    }
}

impl Kind for Told {
    const ABOUT: About = About::Sometimes;

    fn fits(&self, about: bool) -> bool {
        let row = self.kind.row();
        let (own, other) = row.about;
        Told::fits(self) && (!about || !own.is_empty() || !other.is_empty())
    }

    fn may_be_better(&self) -> bool {
        self.kind.row().better
    }
}

impl Kind for Answer {
    const ABOUT: About = About::Always;

    fn fits(&self, _: bool) -> bool {
        Answer::fits(self)
    }

    fn may_be_better(&self) -> bool {
        Answer::may_be_better(self)
    }
}

/// The table of kinds: the name as it is written, and the head's body. All that differs from kind to kind hangs on it. What
/// is told has a table of its own ([`crate::said::told::TOLD`]), whose kinds are kinds here.
macro_rules! kinds {
    ($($(#[$doc:meta])* $variant:ident($body:ty) = $name:literal,)*) => {
        /// What an assertion says. What this version cannot read is never here: it is kept, and counts for nothing.
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub enum Body {
            $($(#[$doc])* $variant($body),)*
            /// Something told, of a kind of its own.
            Told(Told),
        }

        impl Body {
            /// The names of all kinds, but those of what is told.
            pub const KINDS: &[&str] = &[$($name),*];

            /// The kind's name as it is written.
            #[must_use]
            pub fn kind(&self) -> &'static str {
                match self {
                    $(Self::$variant(_) => $name,)*
                    Self::Told(told) => told.kind.name(),
                }
            }

            fn read(kind: &str, body: &str) -> Option<Self> {
                match kind {
                    $($name => serde_json::from_str(body).ok().map(Self::$variant),)*
                    _ => {
                        let kind = ToldKind::named(kind)?;
                        let facts: Facts = serde_json::from_str(body).ok()?;
                        Some(Self::Told(Told { kind, facts }))
                    }
                }
            }

            fn write(&self) -> Option<Box<RawValue>> {
                match self {
                    $(Self::$variant(body) => serde_json::value::to_raw_value(body).ok(),)*
                    Self::Told(told) => serde_json::value::to_raw_value(&told.facts).ok(),
                }
            }

            fn fits(&self, about: bool) -> bool {
                match self {
                    $(Self::$variant(body) => Kind::fits(body, about),)*
                    Self::Told(told) => Kind::fits(told, about),
                }
            }

            fn may_be_better(&self) -> bool {
                match self {
                    $(Self::$variant(body) => Kind::may_be_better(body),)*
                    Self::Told(told) => Kind::may_be_better(told),
                }
            }

            /// Whether the kind carries its author's date.
            #[must_use]
            pub fn dated(&self) -> Dated {
                match self {
                    $(Self::$variant(_) => <$body as Kind>::DATED,)*
                    Self::Told(_) => Told::DATED,
                }
            }

            fn speaks(&self) -> About {
                match self {
                    $(Self::$variant(_) => <$body as Kind>::ABOUT,)*
                    Self::Told(_) => Told::ABOUT,
                }
            }

            /// Random bytes before the kind's words.
            #[must_use]
            pub fn blind(&self) -> usize {
                match self {
                    $(Self::$variant(_) => <$body as Kind>::BLIND,)*
                    Self::Told(_) => Told::BLIND,
                }
            }
        }
    };
}

kinds! {
    /// The words of an agreement, proposed; the proposer's own yes.
    Version(Version) = "version",
    /// Yes to the exact words of a version.
    Yes(Yes) = "yes",
    /// Not now: changes nothing, shown beside the proposal.
    NotNow(NotNow) = "not_now",
    /// I need time until a day: changes nothing, shown beside the proposal.
    NeedTime(NeedTime) = "need_time",
    /// A step back from a version, or from the agreement whole.
    StepBack(StepBack) = "step_back",
    /// What I take on myself, freely replaced by its author.
    MyPart(MyPart) = "my_part",
    /// I am ready: a commitment to words that have not left my device.
    Ready(Ready) = "ready",
    /// I am not ready after all.
    Cancel(Cancel) = "cancel",
    /// I saw that you are ready and will open.
    Lock(Lock) = "lock",
    /// The words I had committed to.
    Open(Open) = "open",
    /// Something said about what was told, or opened.
    Answer(Answer) = "answer",
    /// An own thing is taken back.
    TakeBack(TakeBack) = "take_back",
    /// Something is put away.
    PutAway(PutAway) = "put_away",
    /// Own words leave.
    Forget(Forget) = "forget",
    /// A draft begins that both type in.
    Draft(Draft) = "draft",
    /// The draft is closed, as far as its author is concerned.
    DraftClosed(DraftClosed) = "draft_closed",
}

/// An older version, played by this one in a thread of its own: some kinds are none to it.
#[cfg(feature = "sim")]
pub mod older {
    use std::cell::Cell;

    thread_local! {
        static UNKNOWN: Cell<&'static [&'static str]> = const { Cell::new(&[]) };
    }

    /// Runs something that does not know these kinds.
    pub fn without<T>(kinds: &'static [&'static str], run: impl FnOnce() -> T) -> T {
        let before = UNKNOWN.replace(kinds);
        let done = run();
        UNKNOWN.set(before);
        done
    }

    /// The same, on another thread, as on this one.
    pub fn carried_on<T>(run: impl FnOnce() -> T) -> impl FnOnce() -> T {
        let kinds = UNKNOWN.get();
        move || without(kinds, run)
    }

    pub(super) fn knows(kind: &str) -> bool {
        !UNKNOWN.get().contains(&kind)
    }
}

fn is_known(kind: &str) -> bool {
    #[cfg(feature = "sim")]
    if !older::knows(kind) {
        return false;
    }
    Body::KINDS.contains(&kind) || ToldKind::named(kind).is_some()
}

/// Why an assertion cannot be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Malformed {
    /// More bytes, characters, list items or nesting than allowed.
    #[error("over a limit")]
    OverLimit,
    /// Not of the form that FORMAT §2 gives.
    #[error("not of the right form")]
    Form,
}

/// What the gate reads of a head, whatever its kind: this never changes.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Envelope {
    /// Its id.
    pub id: AssertionId,
    /// The name of its kind.
    pub kind: String,
    /// What of the partner's its author had.
    #[serde(default)]
    pub seen: Vec<Hash>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written<K, B> {
    id: AssertionId,
    kind: K,
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

/// A head as it was read: what the gate needs, and what it says if this version knows and allows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeadRead {
    /// For the gate.
    pub envelope: Envelope,
    /// For everybody else; none for what is kept and counts for nothing.
    pub assertion: Option<Assertion>,
    /// Its kind, or what it answers, is none that this version knows.
    pub newer: bool,
}

/// Reads a head.
///
/// # Errors
/// [`Malformed`] for what no version could have written: more bytes or nesting than a head may have, or no envelope.
pub fn read_head(head: &[u8]) -> Result<HeadRead, Malformed> {
    if head.len() > limits::HEAD_BYTES || !limits::json_depth_fits(head, limits::ASSERTION_DEPTH) {
        return Err(Malformed::OverLimit);
    }
    // A list of the fields in their order is no form of any version's.
    if head.trim_ascii_start().first() != Some(&b'{') {
        return Err(Malformed::Form);
    }
    let strict: Result<Written<&str, &RawValue>, _> = serde_json::from_slice(head);
    let mut newer_answer = false;
    let (envelope, assertion) = match strict {
        Ok(written) => {
            let envelope = Envelope {
                id: written.id,
                kind: written.kind.to_owned(),
                seen: written.seen.clone(),
            };
            // An answer that says what is not known here is like a kind that is not known.
            newer_answer = written.kind == "answer" && Answer::is_newer(written.body.get());
            (envelope, known(written))
        }
        Err(_) => (
            serde_json::from_slice::<Envelope>(head).map_err(|_| Malformed::Form)?,
            None,
        ),
    };
    if envelope.seen.len() > limits::LISTED_HASHES {
        return Err(Malformed::OverLimit);
    }
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    let kind = &envelope.kind;
    if kind.is_empty() || kind.len() > limits::KIND_CHARS || !kind.chars().all(plain) {
        return Err(Malformed::Form);
    }
    let newer = newer_answer || !is_known(kind);
    Ok(HeadRead {
        envelope,
        assertion,
        newer,
    })
}

fn known(written: Written<&str, &RawValue>) -> Option<Assertion> {
    if !is_known(written.kind) || !written.body.get().starts_with('{') {
        return None;
    }
    let it = Assertion {
        id: written.id,
        on: written.on,
        body: Body::read(written.kind, written.body.get())?,
        about: written.about,
        seen: written.seen,
        instead_of: written.instead_of,
        weight: written.weight,
    };
    it.fits().then_some(it)
}

impl Assertion {
    /// Reads a head that this version knows and allows.
    #[must_use]
    pub fn read(head: &[u8]) -> Option<Self> {
        read_head(head).ok()?.assertion
    }

    /// Writes the head as its author; kept by every copy byte for byte.
    ///
    /// # Errors
    /// [`Malformed::OverLimit`] for a longer head than may be, [`Malformed::Form`] for what no author may write.
    pub fn write(&self) -> Result<String, Malformed> {
        if !self.fits() {
            return Err(Malformed::Form);
        }
        let written = Written {
            id: self.id,
            kind: self.body.kind(),
            on: self.on,
            body: self.body.write().ok_or(Malformed::Form)?,
            about: self.about,
            seen: self.seen.clone(),
            instead_of: self.instead_of,
            weight: self.weight,
        };
        let head = serde_json::to_string(&written).map_err(|_| Malformed::Form)?;
        if head.len() > limits::HEAD_BYTES {
            return Err(Malformed::OverLimit);
        }
        Ok(head)
    }

    fn fits(&self) -> bool {
        let dated = match self.body.dated() {
            Dated::Yes => self.on.is_some(),
            Dated::No => self.on.is_none(),
            Dated::ByHand => true,
        };
        let about = self.about.is_some();
        let speaks = match self.body.speaks() {
            About::Never => !about,
            About::Always => about,
            About::Sometimes => true,
        };
        dated
            && speaks
            && (self.instead_of.is_none() || self.body.may_be_better())
            && self.seen.len() <= limits::LISTED_HASHES
            && self.body.fits(about)
    }
}

/// Words as they are kept: random bytes in hex, then JSON.
#[must_use]
pub fn blinded(blind: &[u8], json: &str) -> String {
    data_encoding::HEXLOWER.encode(blind) + json
}

/// The random bytes and the JSON of words.
#[must_use]
pub fn unblinded(words: &str, blind: usize) -> Option<(Vec<u8>, &str)> {
    let (hex, json) = words.split_at_checked(2 * blind)?;
    let blind = data_encoding::HEXLOWER.decode(hex.as_bytes()).ok()?;
    if json.len() > limits::WORDS_BYTES
        || !limits::json_depth_fits(json.as_bytes(), limits::ASSERTION_DEPTH)
    {
        return None;
    }
    Some((blind, json))
}

/// The hash of words: all that is left of them once they are forgotten.
#[must_use]
pub fn words_hash(words: &str) -> Hash {
    Hash::of("troth/words/1", &[words.as_bytes()])
}

/// The hash of an assertion: over the exact bytes its author wrote, bound to the couple and the author's book.
#[must_use]
pub fn hash(couple: CoupleId, author: PersonId, head: &[u8], words: &Hash) -> Hash {
    Hash::of(
        "troth/assertion/1",
        &[&couple.0, &author.0, b"book", head, &words.0],
    )
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::AgreementId;
    use proptest::prelude::*;

    fn version() -> Assertion {
        Assertion {
            id: AssertionId([1; 16]),
            on: Day::new(2026, 11, 22),
            body: Body::Version(Version {
                agreement: AgreementId([2; 16]),
                base: vec![Hash([1; 32]), Hash([2; 32])],
                trial_until: None,
                look_again: Day::new(2026, 12, 1),
                same: Hash([4; 32]),
            }),
            about: None,
            seen: vec![Hash([3; 32])],
            instead_of: None,
            weight: Weight::Big,
        }
    }

    #[test]
    fn a_head_reads_back_as_written() {
        let it = version();
        assert_eq!(Assertion::read(it.write().unwrap().as_bytes()).unwrap(), it);
    }

    #[test]
    fn what_is_not_known_or_not_allowed_is_kept_and_says_nothing() {
        let kept = |head: &str| read_head(head.as_bytes()).unwrap();
        let newer = kept(
            r#"{"id":"01010101010101010101010101010101","kind":"song","body":{"x":[1,{"y":2}]},"more":7}"#,
        );
        assert!(newer.assertion.is_none() && newer.newer);
        let version = "0".repeat(64);
        for (field, counts) in [
            ("", true),
            (r#","and":1"#, false),
            (r#","on":"never""#, false),
        ] {
            let head = format!(
                r#"{{"id":"01010101010101010101010101010101","kind":"yes","body":{{"version":"{version}"}}{field}}}"#
            );
            assert_eq!(kept(&head).assertion.is_some(), counts, "{field}");
            assert!(!kept(&head).newer);
        }
        assert!(read_head(br#"{"kind":"yes","body":{}}"#).is_err());
        let list = format!(r#"["{}","yes",null,{{}},null,[]]"#, "01".repeat(16));
        assert!(read_head(list.as_bytes()).is_err());
        let body = format!(
            r#"{{"id":"{}","kind":"yes","body":["{version}"],"on":"2026-11-22"}}"#,
            "01".repeat(16)
        );
        assert!(kept(&body).assertion.is_none() && !kept(&body).newer);
        assert!(
            read_head(br#"{"id":"01010101010101010101010101010101","kind":"Y","body":{}}"#)
                .is_err()
        );
    }

    #[test]
    fn words_are_under_the_hash_and_their_blind_makes_them_differ() {
        let hash = |words: &str| {
            super::hash(
                CoupleId([1; 16]),
                PersonId([2; 16]),
                b"{}",
                &words_hash(words),
            )
        };
        let words = blinded(&[7; 16], "{\"note\":\"no\"}");
        assert_ne!(hash(&words), hash(&blinded(&[8; 16], "{\"note\":\"no\"}")));
        assert_eq!(
            unblinded(&words, 16).unwrap(),
            (vec![7; 16], "{\"note\":\"no\"}")
        );
        assert_eq!(unblinded("07", 16), None);
        assert_eq!(unblinded("ä", 1), None);
    }

    proptest! {
        #[test]
        fn no_bytes_panic_the_reader(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
            let _ = read_head(&bytes);
        }

        #[test]
        fn damaged_heads_never_panic_and_never_pass_a_limit(at in 0usize..300, byte: u8, cut in 0usize..400) {
            let mut bytes = version().write().unwrap().into_bytes();
            let at = at % bytes.len();
            bytes[at] = byte;
            bytes.truncate(cut);
            if let Ok(read) = read_head(&bytes) {
                prop_assert!(read.envelope.seen.len() <= limits::LISTED_HASHES);
            }
        }
    }
}
