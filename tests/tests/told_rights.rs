//! Who may say what about whose: every kind and every answer, about everything, by either, with and without words. The table
//! that is held against is the one of KINDS §3 and §4, which the gate's view reads and FORMAT has.

use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use troth_core::sim::Sim;
use troth_proto::assertion::blinded;
use troth_proto::ids::Who;
use troth_proto::said::told::{
    ANSWERS, Fact, Need, Opened, TOLD, Thing, ToldKind, Verb, answer_row, may_put_away,
    may_take_back, words_need,
};
use troth_proto::{AgreementId, AssertionId, Hash};
use troth_tests::histories::request;

/// Everything that can be spoken of, by each of the two.
pub(crate) struct Scene {
    pub(crate) sim: Sim,
    pub(crate) things: BTreeMap<(Thing, usize), (AssertionId, Hash)>,
    pub(crate) agreement: AgreementId,
}

fn value_of(fact: Fact, agreement: AgreementId) -> Value {
    match fact {
        Fact::ListenAs => json!("help_me_think"),
        Fact::Until | Fact::LookAgain | Fact::Day => json!("2026-11-22"),
        Fact::BackAt => json!("2026-11-22T19:40Z"),
        Fact::Agreement => json!(agreement),
        Fact::How => json!("forgot"),
        Fact::Page => json!("my_patterns"),
        Fact::Step => json!(3),
    }
}

/// The facts that a row names; `as` for how to listen in an answer.
pub(crate) fn facts(
    row: &[(Fact, Need)],
    agreement: AgreementId,
    answer: bool,
) -> Map<String, Value> {
    let name = |fact: Fact| match fact {
        Fact::ListenAs if answer => "as",
        fact => fact.name(),
    };
    row.iter()
        .map(|(fact, _)| (name(*fact).to_owned(), value_of(*fact, agreement)))
        .collect()
}

pub(crate) fn words(worded: bool) -> String {
    if worded {
        blinded(&[7; 16], r#"{"text":"x"}"#)
    } else {
        String::new()
    }
}

impl Scene {
    pub(crate) fn new() -> Self {
        let mut sim = Sim::paired(90);
        let propose = json!({"topic": "Home", "does": {"me": "I cook.", "partner": ""}});
        let done = sim
            .request(0, request("agreement_propose", propose))
            .unwrap();
        sim.settle();
        let mut scene = Self {
            sim,
            things: BTreeMap::new(),
            agreement: serde_json::from_value(done["agreement"].clone()).unwrap(),
        };
        // He has seen it.
        let part = json!({"agreement": scene.agreement, "text": "I wash up."});
        scene
            .sim
            .request(1, request("agreement_my_part", part))
            .unwrap();
        scene.sim.settle();
        for p in 0..2 {
            for kind in ToldKind::ALL {
                let row = kind.row();
                let body = Value::Object(facts(row.facts, scene.agreement, false));
                let about = Value::Null;
                let it = scene.write(p, kind.name(), body, &about, true);
                scene.things.insert((Thing::Told(*kind), p), it);
            }
        }
        scene.sim.settle();
        for p in 0..2 {
            for (opened, slot) in [
                (Opened::Page, "2026-W47".to_owned()),
                (Opened::Feelings, scene.step("feelings")),
                (Opened::Step, scene.step("view")),
            ] {
                let body = json!({"slot": slot, "round": 1});
                let (_, repair) = scene.things[&(Thing::Told(ToldKind::Repair), 0)];
                let seen = if p == 1 && opened != Opened::Page {
                    json!({"seen": [repair]})
                } else {
                    Value::Null
                };
                let it = scene.write(p, "open", body, &seen, true);
                scene.things.insert((Thing::Open(opened), p), it);
            }
        }
        scene.sim.settle();
        // Answers that are spoken of.
        let spoken: Vec<Thing> = ANSWERS.iter().flat_map(|row| row.about).copied().collect();
        let more = TOLD.iter().flat_map(|row| row.about.1).copied();
        for thing in spoken.into_iter().chain(more) {
            let (verb, about) = match thing {
                Thing::Answer(verb, kind) => (verb, Thing::Told(kind)),
                Thing::OfOpen(verb) => (verb, Thing::Open(Opened::Feelings)),
                _ => continue,
            };
            for p in 0..2 {
                let rows = ANSWERS.iter().filter(|row| row.says == verb);
                let row = rows.clone().find(|row| row.about.contains(&about)).unwrap();
                let of = match row.by {
                    troth_proto::said::told::By::Own => p,
                    _ => 1 - p,
                };
                let target = scene.things[&(about, of)];
                let mut body = facts(row.facts, scene.agreement, true);
                body.insert("says".into(), json!(verb));
                let worded = words_need(row.fields, &Default::default(), row.facts) == Need::Must;
                let about = scene.about(p, of, target);
                let it = scene.write(p, "answer", Value::Object(body), &about, worded);
                assert!(scene.counts(p, &it.1), "{thing:?}");
                scene.things.insert((thing, p), it);
            }
        }
        scene.sim.settle();
        scene
    }

    /// The slot of a step in the repair that Ana began.
    fn step(&self, step: &str) -> String {
        let (repair, _) = self.things[&(Thing::Told(ToldKind::Repair), 0)];
        format!("repair:{repair}/{step}")
    }

    /// What names a thing: of the other, also by what was seen.
    pub(crate) fn about(&self, p: usize, of: usize, (id, hash): (AssertionId, Hash)) -> Value {
        if p == of {
            json!({"about": id})
        } else {
            json!({"about": id, "seen": [hash]})
        }
    }

    pub(crate) fn write(
        &mut self,
        p: usize,
        kind: &str,
        body: Value,
        about: &Value,
        worded: bool,
    ) -> (AssertionId, Hash) {
        let mut head = json!({"kind": kind, "on": "2026-11-22", "body": body});
        for (key, value) in about.as_object().into_iter().flatten() {
            head[key] = value.clone();
        }
        let written = self.sim.write_head(p, head, &words(worded), None);
        written.unwrap_or_else(|| panic!("the gate refuses {kind}"))
    }

    pub(crate) fn counts(&self, p: usize, hash: &Hash) -> bool {
        let couple = self.sim.node(p).couple().unwrap();
        couple.book(Who::Me).find(hash).unwrap().subject.is_some()
    }
}

#[test]
fn every_answer_about_everything_by_either_counts_as_the_table_says() {
    let mut scene = Scene::new();
    let things: Vec<((Thing, usize), (AssertionId, Hash))> =
        scene.things.iter().map(|(a, b)| (*a, *b)).collect();
    let (mut counted, mut not) = (0, 0);
    for verb in Verb::ALL {
        for ((thing, of), target) in &things {
            for p in 0..2 {
                for worded in [false, true] {
                    let row = answer_row(*verb, *thing, p == *of);
                    let any = ANSWERS.iter().find(|row| row.says == *verb).unwrap();
                    let like = row.unwrap_or(any);
                    let mut body = facts(like.facts, scene.agreement, true);
                    body.insert("says".into(), json!(verb));
                    let about = scene.about(p, *of, *target);
                    let (_, hash) = scene.write(p, "answer", Value::Object(body), &about, worded);
                    let wanted = row.is_some_and(|row| {
                        match words_need(row.fields, &Default::default(), row.facts) {
                            Need::Must => worded,
                            Need::Never => !worded,
                            _ => true,
                        }
                    });
                    let counts = scene.counts(p, &hash);
                    let what = format!("{verb:?} about {thing:?} of {of} by {p}, {worded}");
                    assert_eq!(counts, wanted, "{what}");
                    counted += usize::from(counts);
                    not += usize::from(!counts);
                }
            }
        }
    }
    assert!(counted > 100 && not > 500, "{counted}, {not}");
    // The same on the other side, and after a load.
    scene.sim.settle();
    let kept = |sim: &Sim, p: usize, who| sim.node(p).couple().unwrap().book(who).not_counting();
    for p in 0..2 {
        let here = kept(&scene.sim, p, Who::Me);
        assert_eq!(kept(&scene.sim, 1 - p, Who::Partner), here);
        scene.sim.crash(1 - p);
        assert_eq!(kept(&scene.sim, 1 - p, Who::Partner), here);
    }
}

#[test]
fn what_an_answer_speaks_of_must_be_seen_and_the_facts_are_those_of_its_row() {
    let mut scene = Scene::new();
    for row in ANSWERS {
        for thing in row.about {
            for p in 0..2 {
                let of = if row.by == troth_proto::said::told::By::Own {
                    p
                } else {
                    1 - p
                };
                let target = scene.things[&(*thing, of)];
                let about = scene.about(p, of, target);
                let worded = words_need(row.fields, &Default::default(), row.facts) == Need::Must;
                let mut body = facts(row.facts, scene.agreement, true);
                body.insert("says".into(), json!(row.says));
                let mut tries = Vec::new();
                for key in body.keys().filter(|key| *key != "says") {
                    let mut less = body.clone();
                    less.remove(key);
                    tries.push((less, about.clone()));
                }
                for (key, value) in [("mood", json!("good")), ("until", json!("2026-11-23"))] {
                    let mut more = body.clone();
                    if more.insert(key.into(), value).is_none() {
                        tries.push((more, about.clone()));
                    }
                }
                if p != of {
                    // Not listed: it may be another of the same id.
                    tries.push((body.clone(), json!({"about": target.0})));
                }
                tries.push((body.clone(), json!({"about": AssertionId([9; 16])})));
                tries.push((body.clone(), Value::Null));
                for (body, about) in tries {
                    let what = format!("{body:?} {about}");
                    let (_, hash) = scene.write(p, "answer", Value::Object(body), &about, worded);
                    assert!(!scene.counts(p, &hash), "{what}");
                }
            }
        }
    }
}

#[test]
fn every_kind_speaks_of_what_its_row_allows_and_of_nothing_else() {
    let mut scene = Scene::new();
    let things: Vec<((Thing, usize), (AssertionId, Hash))> =
        scene.things.iter().map(|(a, b)| (*a, *b)).collect();
    for row in TOLD {
        for ((thing, of), target) in &things {
            for p in 0..2 {
                let (own, other) = row.about;
                let allowed = if p == *of { own } else { other };
                let body = Value::Object(facts(row.facts, scene.agreement, false));
                let about = scene.about(p, *of, *target);
                let (_, hash) = scene.write(p, row.kind.name(), body, &about, true);
                let what = format!("{:?} about {thing:?} of {of} by {p}", row.kind);
                assert_eq!(scene.counts(p, &hash), allowed.contains(thing), "{what}");
            }
        }
    }
}

#[test]
fn only_ones_own_is_taken_back_or_put_away_and_not_everything() {
    let mut scene = Scene::new();
    let things: Vec<((Thing, usize), (AssertionId, Hash))> =
        scene.things.iter().map(|(a, b)| (*a, *b)).collect();
    for (kind, may) in [
        ("take_back", may_take_back as fn(Thing) -> bool),
        ("put_away", may_put_away),
    ] {
        for ((thing, of), target) in &things {
            for p in 0..2 {
                let about = scene.about(p, *of, *target);
                let (_, hash) = scene.write(p, kind, json!({}), &about, false);
                let wanted = p == *of && may(*thing);
                let what = format!("{kind} {thing:?} of {of} by {p}");
                assert_eq!(scene.counts(p, &hash), wanted, "{what}");
            }
        }
    }
}

#[test]
fn a_newer_answer_is_kept_and_told_and_malformed_ones_are_nothing() {
    let mut scene = Scene::new();
    let target = scene.things[&(Thing::Told(ToldKind::Ask), 0)];
    let about = scene.about(1, 0, target);
    let (_, hash) = scene.write(
        1,
        "answer",
        json!({"says": "sing", "how": 7}),
        &about,
        false,
    );
    assert!(!scene.counts(1, &hash));
    scene.sim.settle();
    let couple = scene.sim.node(0).couple().unwrap();
    assert_eq!(couple.newer(), 1);
    let before = scene
        .sim
        .request(0, request("told", json!({"do": "list"})))
        .unwrap();
    for kind in ToldKind::ALL {
        let row = kind.row();
        let good = facts(row.facts, scene.agreement, false);
        let mut bad: Vec<(Value, bool)> = vec![
            (json!({"stars": 5}), true),
            (json!(7), true),
            (json!([]), true),
        ];
        for (fact, need) in row.facts {
            let mut less = good.clone();
            less.remove(fact.name());
            if *need == Need::Must {
                bad.push((Value::Object(less), true));
            }
            let mut odd = good.clone();
            odd.insert(fact.name().into(), json!("2026-11-22T19:40:00Z"));
            bad.push((Value::Object(odd), true));
        }
        let told = troth_proto::said::told::Told {
            kind: *kind,
            facts: serde_json::from_value(Value::Object(good.clone())).unwrap(),
        };
        if told.words_need() == Need::Must {
            bad.push((Value::Object(good.clone()), false));
        }
        for (body, worded) in bad {
            let what = format!("{kind:?} {body}");
            let (_, hash) = scene.write(1, kind.name(), body, &Value::Null, worded);
            assert!(!scene.counts(1, &hash), "{what}");
        }
    }
    scene.sim.settle();
    let after = scene
        .sim
        .request(0, request("told", json!({"do": "list"})))
        .unwrap();
    assert_eq!(before, after, "nothing of it is shown");
    scene.sim.crash(0);
    let after = scene
        .sim
        .request(0, request("told", json!({"do": "list"})))
        .unwrap();
    assert_eq!(before, after);
}

#[test]
fn words_that_are_none_of_their_kind_are_not_shown_and_break_nothing() {
    let mut scene = Scene::new();
    for (kind, json) in [
        ("thanks", r#"{"did":7}"#),
        ("thanks", r#"{"stars":"5"}"#),
        ("ask", "no json"),
        ("bid", r#"{"line":"two\nlines"}"#),
        ("about_me", "{}"),
    ] {
        let row = ToldKind::named(kind).unwrap().row();
        let body = Value::Object(facts(row.facts, scene.agreement, false));
        let mut head = json!({"kind": kind, "on": "2026-11-22", "body": body});
        head["on"] = json!("2026-11-22");
        let words = blinded(&[7; 16], json);
        let (id, hash) = scene.sim.write_head(1, head, &words, None).unwrap();
        assert!(scene.counts(1, &hash));
        scene.sim.settle();
        let open = json!({"do": "open", "id": id});
        let view = scene.sim.request(0, request("told", open)).unwrap();
        assert_eq!(view["words"], Value::Null, "{json}");
    }
}
