//! Words to begin a proposal from: whoever proposes writes them anew as they like. One file a template and a language stands
//! in `client/templates/`; the build makes values of them.

use crate::words::{Language, spoken};
use troth_proto::Day;
use troth_proto::api::Propose;
use troth_proto::assertion::Weight;
use troth_proto::said::agreement::Does;

/// Words of an agreement that two may begin from.
#[derive(Debug)]
pub struct Template {
    /// Its name: `[a-z0-9-]`, the same in every language. That of a ground rule is its card's.
    pub id: &'static str,
    /// Its name on the screen, at most 45 letters.
    pub title: &'static str,
    /// What it is for: a sentence or two, at most 140 letters.
    pub about: &'static str,
    /// `ground` for a ground rule, `questions` for what every check-in asks.
    pub tag: Option<&'static str>,
    topic: &'static str,
    terms: &'static str,
    /// What each of the two will do: the same, as long as nobody writes it otherwise.
    both: &'static str,
    not_meant: &'static str,
    /// Weeks that it is tried for.
    trial_weeks: Option<u8>,
    /// Weeks after which it is looked at again.
    look_again_weeks: Option<u8>,
}

impl Template {
    /// The words, as one who begins on that day proposes them.
    #[must_use]
    pub fn words(&self, today: Day) -> Propose {
        let after = |weeks: u8| today.plus(i64::from(weeks) * 7);
        Propose {
            agreement: None,
            topic: self.topic.into(),
            terms: self.terms.into(),
            does: Does {
                me: self.both.into(),
                partner: self.both.into(),
            },
            when_then: Vec::new(),
            not_meant: self.not_meant.into(),
            trial_until: self.trial_weeks.map(after),
            look_again: self.look_again_weeks.map(after),
            weight: Weight::Everyday,
            tag: self.tag.map(Into::into),
            base: None,
        }
    }
}

/// All templates in a language, in the order in which they are shown.
#[must_use]
pub fn templates(language: Language) -> &'static [Template] {
    match language {
        Language::English => &ENGLISH,
        Language::German => &GERMAN,
    }
}

/// The template of this name, or of a title with these words, in the language that is spoken.
#[must_use]
pub fn named(name: &str) -> Vec<&'static Template> {
    let all = templates(spoken());
    match all.iter().find(|it| it.id == name) {
        Some(it) => vec![it],
        None => crate::names::by_words(all, |it| it.title, name),
    }
}

include!(concat!(env!("OUT_DIR"), "/templates.rs"));

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::cards::{self, Then};
    use troth_proto::said::agreement::Words;

    const LANGUAGES: [Language; 2] = [Language::English, Language::German];

    fn said(it: &Template) -> Words {
        let words = it.words(Day::new(2026, 11, 23).unwrap());
        Words {
            topic: words.topic,
            terms: words.terms,
            does: words.does,
            when_then: words.when_then,
            not_meant: words.not_meant,
            tag: words.tag,
        }
    }

    #[test]
    fn each_can_be_proposed_as_it_stands_and_keeps_to_its_limits() {
        for language in LANGUAGES {
            for it in templates(language) {
                let id = it.id;
                assert!(said(it).check().is_ok(), "{language:?}: {id}");
                assert!(it.title.chars().count() <= 45, "{language:?}: {id}");
                assert!(it.about.chars().count() <= 140, "{language:?}: {id}");
                let all = [it.about, it.terms, it.both, it.not_meant];
                for text in all.into_iter().filter(|text| !text.is_empty()) {
                    let ends = text.ends_with(['.', '?']);
                    assert!(ends && text.trim() == text, "{language:?}: {id}: {text}");
                    assert!(!text.contains(['!', '"']), "{language:?}: {text}");
                }
                let letters = |c: char| c.is_ascii_lowercase() || c == '-';
                assert!(id.chars().all(letters), "{id}");
            }
        }
    }

    #[test]
    fn every_language_has_the_same_ones() {
        let of = |language| {
            let all = templates(language).iter();
            all.map(|it| (it.id, it.tag, it.trial_weeks, it.look_again_weeks))
                .collect::<Vec<_>>()
        };
        assert_eq!(of(Language::English), of(Language::German));
    }

    #[test]
    fn every_ground_rule_that_becomes_a_proposal_has_one_of_its_name() {
        for language in LANGUAGES {
            let deck = cards::deck(language, "ground").unwrap();
            let proposed = deck.cards.iter().filter(|it| it.then == Then::Propose);
            let proposed: Vec<&str> = proposed.map(|it| it.id).collect();
            let ground = templates(language).iter();
            let ground = ground.filter(|it| it.tag == Some("ground"));
            assert_eq!(ground.map(|it| it.id).collect::<Vec<_>>(), proposed);
        }
    }

    #[test]
    fn no_word_in_them_tells_anyone_what_they_must_or_may_not_do() {
        let never = [
            "must",
            "should",
            "always",
            "never",
            "forbidden",
            "allowed",
            "müsst",
            "sollst",
            "immer",
            "nie",
            "verboten",
        ];
        for language in LANGUAGES {
            for it in templates(language) {
                let all = [it.about, it.terms, it.both, it.not_meant]
                    .join(" ")
                    .to_lowercase();
                let words = all.split(|c: char| !c.is_alphabetic());
                let found: Vec<&str> = words.filter(|it| never.contains(it)).collect();
                assert!(found.is_empty(), "{language:?}: {}: {found:?}", it.id);
            }
        }
    }

    #[test]
    fn one_is_named_by_its_name_or_by_words_of_its_title() {
        Language::English.speak();
        let ids = |name: &str| named(name).iter().map(|it| it.id).collect::<Vec<_>>();
        assert_eq!(ids("space-plan"), ["space-plan"]);
        assert_eq!(ids("space"), ["space-plan"]);
        assert_eq!(ids("when"), ["when-we-talk"]);
        assert_eq!(ids("we").len(), 3);
        assert_eq!(ids("nothing"), [""; 0]);
    }
}
