//! What leaves as JSON: wordings go by the letters that the screens show, and no hash goes along (KINDS §7).

use crate::names::letter;
use serde::Serialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use troth_proto::assertion::Weight;
use troth_proto::ids::Who;
use troth_proto::said::agreement::Words;
use troth_proto::telling::ExportedThread;
use troth_proto::view::{
    AgreementState, AgreementView, Answer, LookView, SlotView, SteppedBack, VersionState,
    VersionView,
};
use troth_proto::{AgreementId, Day, Hash, Slot};

/// Where each wording stands: in which agreement, and under which letter.
pub struct Letters(BTreeMap<Hash, (AgreementId, String)>);

impl Letters {
    /// Of all the wordings of these agreements. The very same words by both have one letter.
    pub fn of(agreements: &[AgreementView]) -> Self {
        let all = agreements.iter().flat_map(|view| {
            let places = view.versions.iter().enumerate();
            places.flat_map(move |(place, version)| {
                let same = version.same_words.iter().copied();
                let hashes = same.chain([version.hash]);
                hashes.map(move |hash| (hash, (view.agreement, letter(place))))
            })
        });
        Self(all.collect())
    }

    fn letter(&self, hash: &Hash) -> Option<&str> {
        self.0.get(hash).map(|(_, letter)| letter.as_str())
    }

    /// What a slot is called: a review by its agreement and the letter of the wording.
    fn slot(&self, slot: &Slot) -> String {
        let Slot::Look { version, n } = slot else {
            return slot.to_string();
        };
        let wording = match self.0.get(version) {
            Some((agreement, letter)) => format!("look:{agreement}/{letter}"),
            None => "look".to_owned(),
        };
        match n {
            1 => wording,
            n => format!("{wording}/{n}"),
        }
    }
}

/// An agreement.
#[derive(Serialize)]
pub struct Agreement<'a> {
    agreement: AgreementId,
    topic: &'a str,
    state: AgreementState,
    /// The letter of the wording that is in force.
    in_force: Option<&'a str>,
    versions: Vec<Version<'a>>,
    my_part: Option<&'a str>,
    partner_part: Option<&'a str>,
    put_away: &'a [Who],
}

/// A wording.
#[derive(Serialize)]
struct Version<'a> {
    letter: String,
    by: Who,
    on: Day,
    /// The letters of the wordings that it is based on.
    base: Vec<&'a str>,
    said_yes: &'a [Who],
    state: VersionState,
    #[serde(flatten)]
    words: Option<&'a Words>,
    trial_until: Option<Day>,
    look_again: Option<Day>,
    rests_until: Option<Day>,
    overtaken: bool,
    weight: Weight,
    /// Both proposed these very words.
    same_words: bool,
    answers: &'a [Answer],
    steps_back: &'a [SteppedBack],
    looks: &'a [LookView],
}

/// An agreement as it leaves.
pub fn agreement<'a>(view: &'a AgreementView, letters: &'a Letters) -> Agreement<'a> {
    let versions = view.versions.iter().enumerate();
    Agreement {
        agreement: view.agreement,
        topic: &view.topic,
        state: view.state,
        in_force: view.in_force.and_then(|hash| letters.letter(&hash)),
        versions: versions
            .map(|(place, it)| version(it, letter(place), letters))
            .collect(),
        my_part: view.my_part.as_deref(),
        partner_part: view.partner_part.as_deref(),
        put_away: &view.put_away,
    }
}

fn version<'a>(view: &'a VersionView, letter: String, letters: &'a Letters) -> Version<'a> {
    let base = view.base.iter().filter_map(|hash| letters.letter(hash));
    Version {
        letter,
        by: view.by,
        on: view.on,
        base: base.collect(),
        said_yes: &view.said_yes,
        state: view.state,
        words: view.words.as_ref(),
        trial_until: view.trial_until,
        look_again: view.look_again,
        rests_until: view.rests_until,
        overtaken: view.overtaken,
        weight: view.weight,
        same_words: !view.same_words.is_empty(),
        answers: &view.answers,
        steps_back: &view.steps_back,
        looks: &view.looks,
    }
}

/// A page as it leaves.
pub fn page(view: &SlotView, letters: &Letters) -> Value {
    let mut it = json!(view);
    it["slot"] = json!(letters.slot(&view.slot));
    it
}

/// Something told as it leaves.
pub fn told(thread: &ExportedThread, letters: &Letters) -> Value {
    let mut it = json!(thread);
    if let Some(slot) = &thread.slot {
        it["slot"] = json!(letters.slot(slot));
    }
    it
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn wordings_leave_by_their_letters_and_no_hash_goes_along() {
        let hash = |n: u8| Hash([n; 32]).to_string();
        let version = |n: u8, more: Value| {
            let mut it = json!({"version": "0a".repeat(16), "hash": hash(n), "by": "me", "on": "2026-11-22",
                "base": [], "said_yes": ["me"], "state": "replaced", "weight": "everyday", "topic": "Visits",
                "terms": "We call.", "does": {"me": "I call.", "partner": ""}});
            for (key, value) in more.as_object().unwrap() {
                it[key] = value.clone();
            }
            it
        };
        // The second is based on the other's very same words as the first.
        let view = json!({"agreement": "0d".repeat(16), "topic": "Visits", "state": "in_force", "in_force": hash(2),
            "of": 2, "my_part": "I forget.", "partner_part": null, "versions": [
                version(1, json!({"same_words": [hash(9)]})),
                version(2, json!({"state": "in_force", "base": [hash(9)]}))]});
        let all: Vec<AgreementView> = vec![serde_json::from_value(view).unwrap()];
        let letters = Letters::of(&all);
        let left = json!(agreement(&all[0], &letters));
        assert_eq!(left["in_force"], "b");
        assert_eq!(left["versions"][0]["letter"], "a");
        assert_eq!(left["versions"][0]["same_words"], true);
        assert_eq!(left["versions"][1]["base"], json!(["a"]));
        assert_eq!(left["versions"][1]["terms"], "We call.");
        let look = json!({"slot": format!("look:{}/2", hash(2)), "mine": "open", "partner": "open", "opened": null});
        let look: SlotView = serde_json::from_value(look).unwrap();
        let look = json!(page(&look, &letters));
        assert_eq!(look["slot"], format!("look:{}/b/2", "0d".repeat(16)));
        assert_eq!(look["mine"], "open");
        let week = json!({"slot": "2026-W47", "mine": "open", "partner": "empty", "opened": null});
        let week: SlotView = serde_json::from_value(week).unwrap();
        assert_eq!(json!(page(&week, &letters))["slot"], "2026-W47");
        for text in [left.to_string(), look.to_string()] {
            let mut words = text.split(|c: char| !c.is_ascii_hexdigit());
            assert!(words.all(|word| word.len() < 64), "{text}");
        }
    }
}
