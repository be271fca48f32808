//! A partner's program that tells and answers whatever it likes, in any order: nothing breaks, nothing is shown that it is not,
//! and a load shows the same.

use serde_json::{Value, json};
use troth_core::sim::Sim;
use troth_core::test_entropy::Seeded;
use troth_proto::assertion::blinded;
use troth_proto::ids::Who;
use troth_proto::said::told::{ANSWERS, Fact, ListenAs, Need, Page, ToldKind, Verb};
use troth_tests::histories::{fresh_seed, request};

/// Everything that one of them is shown of what is told.
fn screens(sim: &mut Sim, p: usize) -> Vec<Value> {
    let mut ask = |ask: Value| sim.request(p, request("told", ask));
    let mut all = Vec::new();
    let mut after = Value::Null;
    let mut ids = Vec::new();
    loop {
        let list = ask(json!({"do": "list", "after": after})).unwrap();
        ids.extend(
            list["told"]
                .as_array()
                .unwrap()
                .iter()
                .map(|it| it["id"].clone()),
        );
        after = list["next"].clone();
        all.push(list);
        if after.is_null() {
            break;
        }
    }
    for id in ids {
        all.push(ask(json!({"do": "show", "id": id})).unwrap());
    }
    all.push(ask(json!({"do": "export", "with_confidences": true})).unwrap());
    all.push(ask(json!({"do": "search", "words": "needle"})).unwrap());
    let today = sim.request(p, request("today", json!({}))).unwrap();
    // In the order in which it came, which a load need not have.
    let mut lines = today["told"].as_array().cloned().unwrap_or_default();
    lines.sort_by_key(Value::to_string);
    all.push(lines.into());
    all.push(today["break"].clone());
    all
}

fn pick<'a, T>(chance: &mut Seeded, all: &'a [T]) -> &'a T {
    &all[chance.below(all.len())]
}

fn body(chance: &mut Seeded, answer: bool) -> Value {
    let mut body = json!({});
    if answer {
        body["says"] = match chance.below(30) {
            0 => json!("sing"),
            1 => json!(7),
            _ => json!(pick(chance, Verb::ALL)),
        };
    }
    let days = [
        "2026-11-20",
        "2026-11-22",
        "2026-11-23",
        "9999-12-31",
        "0001-01-01",
    ];
    let facts = [
        ("listen_as", json!("help_me_think")),
        ("as", json!("just_listen")),
        ("until", json!(pick(chance, &days))),
        ("look_again", json!(pick(chance, &days))),
        ("day", json!(pick(chance, &days))),
        (
            "back_at",
            json!(format!(
                "2026-0{}-2{}T19:40Z",
                chance.below(9) + 1,
                chance.below(9)
            )),
        ),
        ("how", json!("forgot")),
        ("page", json!("name")),
        ("step", json!(chance.below(9))),
        ("agreement", json!("00".repeat(16))),
    ];
    for (name, value) in facts {
        if chance.one_in(4) {
            body[name] = value;
        }
    }
    body
}

/// A body as a row has it, and whether it has words.
fn fitting(chance: &mut Seeded, kind: &str, agreement: &Value) -> Option<(Value, bool)> {
    let (facts, fields) = match ToldKind::named(kind) {
        Some(kind) => (kind.row().facts, kind.row().fields),
        None if kind == "answer" => {
            let row = pick(chance, ANSWERS);
            (row.facts, row.fields)
        }
        None => return None,
    };
    let mut body = json!({});
    if kind == "answer" {
        let row = ANSWERS
            .iter()
            .find(|row| row.facts == facts && row.fields == fields);
        let rows = ANSWERS
            .iter()
            .filter(|it| row.is_some_and(|row| it.facts == row.facts && it.fields == row.fields));
        let rows: Vec<_> = rows.collect();
        body["says"] = json!(pick(chance, &rows).says);
    }
    for (fact, need) in facts {
        if *need != Need::Must && chance.one_in(2) {
            continue;
        }
        let (name, value) = match fact {
            Fact::ListenAs if kind == "answer" => ("as", json!(pick(chance, ListenAs::ALL))),
            Fact::ListenAs => ("listen_as", json!(pick(chance, ListenAs::ALL))),
            Fact::Until | Fact::LookAgain | Fact::Day => (fact.name(), json!("2026-11-22")),
            Fact::BackAt => ("back_at", json!("2026-05-28T20:30Z")),
            Fact::Agreement => ("agreement", agreement.clone()),
            Fact::How => ("how", json!("forgot")),
            Fact::Page => ("page", json!(pick(chance, Page::ALL))),
            Fact::Step => ("step", json!(pick(chance, &[3, 6, 7]))),
        };
        body[name] = value;
    }
    let must = fields.iter().any(|field| field.need != Need::May);
    Some((body, must || !fields.is_empty() && chance.one_in(2)))
}

#[test]
fn whatever_is_told_and_answered_in_whatever_form_nothing_breaks_and_a_load_shows_the_same() {
    let seed = std::env::var("TROTH_SEED")
        .ok()
        .and_then(|it| it.parse().ok())
        .unwrap_or_else(fresh_seed);
    eprintln!("seed {seed}");
    let mut chance = Seeded::new(seed);
    let mut sim = Sim::paired(seed);
    let propose = json!({"topic": "Home", "does": {"me": "I cook.", "partner": ""}});
    let agreement = sim
        .request(0, request("agreement_propose", propose))
        .unwrap()["agreement"]
        .clone();
    sim.settle();
    let mut written = [0; 2];
    for round in 0..12 {
        for _ in 0..60 {
            let p = usize::from(!chance.one_in(4));
            let couple = sim.node(p).couple().unwrap();
            let both = [Who::Me, Who::Partner].into_iter();
            let all: Vec<_> = both
                .flat_map(|who| {
                    couple
                        .book(who)
                        .said()
                        .map(move |said| (who, said.id, said.hash))
                })
                .collect();
            let answer = chance.one_in(2);
            let kind = match chance.below(10) {
                0 => "take_back",
                1 => "put_away",
                2 => "open",
                _ if answer => "answer",
                _ => pick(&mut chance, ToldKind::ALL).name(),
            };
            let mut head = json!({"kind": kind, "on": "2026-11-22"});
            head["body"] = match kind {
                "take_back" | "put_away" => json!({}),
                "open" => json!({"slot": "2026-W47", "round": 1}),
                _ => body(&mut chance, kind == "answer"),
            };
            if !all.is_empty() && (kind == "answer" || chance.one_in(3) || kind.contains('_')) {
                let (who, id, hash) = *pick(&mut chance, &all);
                head["about"] = json!(id);
                if who == Who::Partner {
                    head["seen"] = json!([hash]);
                }
            }
            if !all.is_empty() && chance.one_in(8) {
                head["instead_of"] = json!(pick(&mut chance, &all).1);
            }
            let fit = (!chance.one_in(4)).then(|| fitting(&mut chance, kind, &agreement));
            let fit = fit.flatten();
            if let Some((body, _)) = &fit {
                head["body"] = body.clone();
            }
            let odd = chance.below(5);
            let words = match fit.map_or(odd, |(_, worded)| if worded { 4 } else { 0 }) {
                0 => String::new(),
                1 => "no blind".into(),
                2 => blinded(&[7; 16], r#"{"text":"a needle","did":"x"}"#),
                3 => blinded(&[7; 16], r#"{"words":"a needle"}"#),
                _ => blinded(&[7; 16], r#"{"text":"a needle"}"#),
            };
            let on = chance.one_in(6).then(|| chance.below(50));
            written[p] += usize::from(sim.write_head(p, head, &words, on).is_some());
        }
        // Some of it arrives, some later.
        sim.connect();
        for _ in 0..chance.below(40) {
            let p = chance.below(2);
            sim.deliver(p);
        }
        if chance.one_in(2) {
            sim.settle();
        } else {
            sim.cut();
        }
        for p in 0..2 {
            let shown = screens(&mut sim, p);
            if chance.one_in(2) {
                for line in shown[0]["told"].as_array().unwrap().iter().take(5) {
                    let open = json!({"do": "open", "id": line["id"]});
                    let _ = sim.request(p, request("told", open));
                }
            }
        }
        if round % 3 == 2 {
            for p in 0..2 {
                let before = screens(&mut sim, p);
                sim.crash(p);
                let after = screens(&mut sim, p);
                for (before, after) in before.iter().zip(&after) {
                    assert_eq!(before, after, "seed {seed}, round {round}");
                }
                assert_eq!(before.len(), after.len());
            }
        }
    }
    sim.connect();
    sim.settle();
    for p in 0..2 {
        screens(&mut sim, p);
        let couple = sim.node(p).couple().unwrap();
        let counted = couple
            .book(Who::Partner)
            .said()
            .filter(|said| said.subject.is_some());
        let counted = counted.count();
        assert!(counted > 8, "seed {seed}: {counted} of {written:?}");
    }
}
