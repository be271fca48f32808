//! The heads of what is told and answered: what rules read, besides whether there are words.

use super::{ANSWERS, Fact, Field, How, ListenAs, MARKED_STEPS, Need, Page, ToldKind, Verb};
use crate::day::Minute;
use crate::{AgreementId, Day};
use serde::{Deserialize, Serialize};

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
