//! Agreements: what is proposed, answered and taken on (SPEC §4).

use crate::assertion::{Dated, Kind};
use crate::ids::Who;
use crate::said::Spoken;
use crate::{AgreementId, Day, Hash, PersonId, limits};
use serde::{Deserialize, Serialize};

/// A wording, proposed. Its words are [`Words`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Version {
    /// The agreement's thread.
    pub agreement: AgreementId,
    /// Hashes of the versions it is based on, sorted, none twice.
    pub base: Vec<Hash>,
    /// The last day of a trial.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trial_until: Option<Day>,
    /// A day to look at it again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub look_again: Option<Day>,
    /// [`Words::same`]: equal for the very same words by either.
    pub same: Hash,
}

impl Kind for Version {
    fn fits(&self, _: bool) -> bool {
        self.base.len() <= limits::LISTED_HASHES && self.base.is_sorted_by(|a, b| a < b)
    }
}

/// The words both say yes to. "Me" is the proposer.
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

/// What is missing from words that cannot be proposed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lacks {
    /// More characters or lines than allowed.
    Shortness,
    /// A topic.
    Topic,
    /// What at least one of the two will do.
    Doing,
}

impl Words {
    /// Checks limits, and that somebody does something.
    ///
    /// # Errors
    /// What is missing.
    pub fn check(&self) -> Result<(), Lacks> {
        let long = |text: &String| limits::text_fits(text, limits::TEXT_CHARS);
        let line = |text: &String| limits::line_fits(text, limits::LINE_CHARS);
        let texts = [
            &self.terms,
            &self.not_meant,
            &self.does.me,
            &self.does.partner,
        ];
        let fits = line(&self.topic)
            && texts.into_iter().all(long)
            && self.when_then.len() <= limits::LISTED_LINES
            && self
                .when_then
                .iter()
                .all(|l| long(&l.when) && long(&l.then))
            && self.tag.as_ref().is_none_or(line);
        if !fits {
            Err(Lacks::Shortness)
        } else if self.topic.trim().is_empty() {
            Err(Lacks::Topic)
        } else if self.does.me.trim().is_empty() && self.does.partner.trim().is_empty() {
            Err(Lacks::Doing)
        } else {
            Ok(())
        }
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

    /// One hash for the very same words and days, whichever of the two proposes them. `secret` is the blind of the
    /// agreement's first version, so that the hash tells nothing once the words are forgotten.
    #[must_use]
    pub fn same(&self, version: &Version, secret: &[u8], by: PersonId, other: PersonId) -> Hash {
        let words = if by < other { self } else { &self.exchanged() };
        let day = |day: Option<Day>| day.map(|day| day.to_string()).unwrap_or_default();
        let (trial, again) = (day(version.trial_until), day(version.look_again));
        let tag = words.tag.as_deref().unwrap_or_default();
        let mut parts: Vec<&[u8]> = vec![secret, &version.agreement.0];
        parts.extend(
            [
                &words.topic,
                &words.terms,
                &words.does.me,
                &words.does.partner,
                &words.not_meant,
                &trial,
                &again,
            ]
            .map(|text| text.as_bytes()),
        );
        parts.push(tag.as_bytes());
        for line in &words.when_then {
            parts.push(if line.who == Who::Me { b"1" } else { b"2" });
            parts.extend([line.when.as_bytes(), line.then.as_bytes()]);
        }
        Hash::of("troth/same/1", &parts)
    }
}

impl Spoken for Words {
    fn fits(&self) -> bool {
        self.check().is_ok()
    }
}

/// Yes to the exact words of a version. Without a date: the closing yes, which a daemon writes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Yes {
    /// The version's hash.
    pub version: Hash,
}

impl Kind for Yes {
    const DATED: Dated = Dated::ByHand;
}

/// Not now. Its words, if any, are a note.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NotNow {
    /// The version's hash.
    pub version: Hash,
}

impl Kind for NotNow {}

/// I need time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NeedTime {
    /// The version's hash.
    pub version: Hash,
    /// The last day of the time needed.
    pub until: Day,
}

impl Kind for NeedTime {}

/// A step back. Its words, if any, are a note.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StepBack {
    /// From what.
    pub from: Target,
}

impl Kind for StepBack {}

/// What is stepped back from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Target {
    /// One version.
    Version(Hash),
    /// The agreement whole: it is let go.
    Agreement(AgreementId),
}

/// An own responsibility and pattern. Its words are the text; none takes it away.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MyPart {
    /// The agreement's thread.
    pub agreement: AgreementId,
}

impl Kind for MyPart {}

#[cfg(test)]
mod tests {
    use super::*;

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
            tag: None,
        }
    }

    #[test]
    fn nobody_doing_anything_is_no_agreement() {
        assert_eq!(words("Visits", " ").check(), Err(Lacks::Doing));
        assert_eq!(words("", "I call").check(), Err(Lacks::Topic));
        let mut long = words("Visits", "I call");
        long.terms = "x".repeat(limits::TEXT_CHARS + 1);
        assert_eq!(long.check(), Err(Lacks::Shortness));
        assert_eq!(long.write(&[0; 16]), None);
    }

    #[test]
    fn the_same_words_by_either_have_one_name_and_other_words_another() {
        let (ana, ben) = (PersonId([1; 16]), PersonId([2; 16]));
        let version = Version {
            agreement: AgreementId([3; 16]),
            base: vec![],
            trial_until: None,
            look_again: None,
            same: Hash::default(),
        };
        let hers = words("Visits", "I call");
        let same = hers.same(&version, b"secret", ana, ben);
        assert_eq!(hers.exchanged().same(&version, b"secret", ben, ana), same);
        assert_ne!(hers.same(&version, b"secret", ben, ana), same);
        assert_ne!(hers.same(&version, b"other", ana, ben), same);
        let trial = Version {
            trial_until: Day::new(2026, 1, 1),
            ..version
        };
        assert_ne!(hers.same(&trial, b"secret", ana, ben), same);
        assert_eq!(hers.exchanged().exchanged(), hers);
    }
}
