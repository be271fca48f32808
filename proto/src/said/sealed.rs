//! Both answer before either sees: check-ins, cards and reviews (SPEC §5).

use crate::assertion::{Dated, Kind};
use crate::said::Spoken;
use crate::{Hash, PersonId, Slot, limits};
use serde::{Deserialize, Serialize};

/// Rounds run from 1.
fn round_fits(round: u32) -> bool {
    (1..=limits::ROUNDS).contains(&round)
}

/// Ready for a slot's round.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ready {
    /// The slot.
    pub slot: Slot,
    /// The round.
    pub round: u32,
    /// [`commitment`] to the words.
    pub commitment: Hash,
}

impl Kind for Ready {
    const DATED: Dated = Dated::No;
    fn fits(&self, _: bool) -> bool {
        round_fits(self.round)
    }
}

/// Not ready after all.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cancel {
    /// The slot.
    pub slot: Slot,
    /// The round.
    pub round: u32,
}

impl Kind for Cancel {
    const DATED: Dated = Dated::No;
    fn fits(&self, _: bool) -> bool {
        round_fits(self.round)
    }
}

/// I saw that you are ready, and will open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lock {
    /// The slot.
    pub slot: Slot,
    /// The round.
    pub round: u32,
}

impl Kind for Lock {
    const DATED: Dated = Dated::No;
    fn fits(&self, _: bool) -> bool {
        round_fits(self.round)
    }
}

/// Opens a commitment. Its words are what was committed to, under 32 random bytes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Open {
    /// The slot.
    pub slot: Slot,
    /// The round.
    pub round: u32,
}

impl Kind for Open {
    const BLIND: usize = 32;
    fn fits(&self, _: bool) -> bool {
        round_fits(self.round)
    }
}

/// What a Ready commits to: words by their hash, which has 32 random bytes under it. So whether an opening fits can be
/// told also when its words have been forgotten.
#[must_use]
pub fn commitment(slot: &Slot, author: PersonId, words: &Hash) -> Hash {
    Hash::of(
        "troth/commitment/1",
        &[slot.to_string().as_bytes(), &author.0, &words.0],
    )
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
    /// Answers to the couple's own questions, and to those of the long check-in.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub more: Vec<More>,
}

/// One more question, and what is said to it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct More {
    /// One line: the question as it stood.
    pub asked: String,
    /// In own words.
    pub words: String,
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

/// The answer to a card, or one's own words in a step of a repair.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CardAnswer {
    /// In own words.
    pub words: String,
}

impl CheckIn {
    /// Whether nothing at all is said.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.texts().all(|text| text.trim().is_empty())
    }

    fn texts(&self) -> impl Iterator<Item = &String> {
        let thanks = self.thanks.iter().flat_map(|t| [&t.did, &t.says_of_you]);
        let talk = self.talk.iter();
        let talk = talk.flat_map(|t| [&t.when, &t.felt, &t.would_like]);
        let own = [&self.went_well, &self.not_yet_said, &self.wish];
        let more = self.more.iter().map(|more| &more.words);
        thanks.chain(talk).chain(own).chain(more)
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

impl Spoken for Sealed {
    const BLIND: usize = 32;

    fn fits(&self) -> bool {
        let text = |text: &String| limits::text_fits(text, limits::TEXT_CHARS);
        match self {
            Self::Look(look) => text(&look.words),
            Self::Card(card) => text(&card.words),
            Self::CheckIn(words) => {
                !words.is_empty()
                    && words.thanks.len() <= limits::LISTED_LINES
                    && words.more.len() <= limits::LISTED_LINES
                    && words
                        .more
                        .iter()
                        .all(|more| limits::line_fits(&more.asked, limits::LINE_CHARS))
                    && words.texts().all(text)
            }
        }
    }
}

impl Sealed {
    /// All that is said, in the order in which it is shown; a question of one's own before what is said to it.
    #[must_use]
    pub fn texts(&self) -> Vec<&str> {
        let words = match self {
            Self::Look(look) => return vec![&look.words],
            Self::Card(card) => return vec![&card.words],
            Self::CheckIn(words) => words,
        };
        let mut all: Vec<&str> = Vec::new();
        for thanks in &words.thanks {
            all.extend([&*thanks.did, &thanks.says_of_you]);
        }
        all.extend([&*words.went_well, &words.not_yet_said]);
        if let Some(talk) = &words.talk {
            all.extend([&*talk.when, &talk.felt, &talk.would_like]);
        }
        all.push(&words.wish);
        for more in &words.more {
            all.extend([&*more.asked, &more.words]);
        }
        all.retain(|text| !text.is_empty());
        all
    }

    /// Reads the words of a slot; nothing if they are not words of that kind of slot.
    #[must_use]
    pub fn of(slot: &Slot, words: &str) -> Option<Self> {
        let it = <Self as Spoken>::read(words)?;
        let fits = matches!(
            (slot, &it),
            (Slot::Week { .. } | Slot::Year(_), Self::CheckIn(_))
                | (Slot::Card(_) | Slot::Repair { .. }, Self::Card(_))
                | (Slot::Look { .. }, Self::Look(_))
        );
        fits.then_some(it)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn sealed_words_belong_to_their_kind_of_slot() {
        let week = Slot::Week {
            year: 2026,
            week: 47,
        };
        let words = Sealed::CheckIn(CheckIn {
            wish: "rain".into(),
            ..CheckIn::default()
        });
        let kept = words.write(&[5; 32]).unwrap();
        assert_eq!(Sealed::of(&week, &kept).as_ref(), Some(&words));
        assert_eq!(words.texts(), ["rain"]);
        assert_eq!(Sealed::of(&Slot::Card("a/b".into()), &kept), None);
        assert_eq!(Sealed::CheckIn(CheckIn::default()).write(&[5; 32]), None);
    }
}
