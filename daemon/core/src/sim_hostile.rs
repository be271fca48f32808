//! A partner's program that writes whatever the gate lets in: what the other is shown, can name, can end; and what it costs.

use super::tests::request;
use super::*;
use crate::steps::taken;
use serde_json::json;
use troth_proto::assertion::blinded;
use troth_proto::wire::Words;
use troth_proto::{AssertionId, limits};

pub(super) const DAY: &str = "2026-11-22";

pub(super) fn told(sim: &mut Sim, p: usize, ask: Value) -> Result<Value, Problem> {
    sim.request(p, request("told", ask))
}

pub(super) fn add(sim: &mut Sim, p: usize, kind: &str, words: Value, facts: Value) -> Value {
    let ask = json!({"do": "add", "kind": kind, "words": words, "facts": facts});
    told(sim, p, ask).unwrap()
}

/// Writes it under an id with which its hash is as wanted.
fn ground(
    sim: &mut Sim,
    mut head: Value,
    words: &str,
    on: Option<usize>,
    fits: impl Fn(&Hash) -> bool,
) -> Hash {
    let couple = sim.node(1).couple().unwrap();
    let (id, owner) = (couple.id, couple.book(Who::Me).owner);
    let hashed = Words::Here(words.to_owned()).hash();
    for n in 0..=u16::MAX {
        let mut own = [0xbe; 16];
        own[..2].copy_from_slice(&n.to_be_bytes());
        head["id"] = json!(AssertionId(own));
        let hash = troth_proto::assertion::hash(id, owner, head.to_string().as_bytes(), &hashed);
        if fits(&hash) {
            let written = sim.write_head(1, head, words, on).unwrap();
            assert_eq!(written.1, hash);
            return hash;
        }
    }
    unreachable!("half of all hashes fit")
}

#[test]
fn nobody_is_shown_as_bound_by_words_that_another_announced_as_the_very_same() {
    for (lower, change) in [(true, false), (false, false), (true, true), (false, true)] {
        let mut sim = Sim::paired(610);
        add(&mut sim, 1, "thanks", json!({"did": "x"}), json!({}));
        let mut words =
            json!({"topic": "Phones", "terms": "In the hall.", "does": {"me": "I do."}});
        let propose = |words: &Value| request("agreement_propose", words.clone());
        let mut hers = sim.request(0, propose(&words)).unwrap();
        let (mut base, first) = (json!([]), hers["hash"].clone());
        sim.settle();
        if change {
            let yes = request("agreement_yes", json!({"version": hers["version"]}));
            sim.request(1, yes).unwrap();
            sim.settle();
            base = json!([first]);
            (words["agreement"], words["base"]) = (hers["agreement"].clone(), base.clone());
            words["terms"] = "In the car.".into();
            hers = sim.request(0, propose(&words)).unwrap();
            sim.settle();
        }
        let couple = sim.node(0).couple().unwrap();
        let said = couple.book(Who::Me).said().last().unwrap();
        let head: Value = serde_json::from_str(said.head).unwrap();
        // On a branch that knows of nothing of hers: a first version without words, let go again.
        let hash: Hash = serde_json::from_value(first).unwrap();
        let nothing = json!({"kind": "version", "on": DAY,
            "body": {"agreement": hers["agreement"], "base": [], "same": Hash::default()}});
        let nothing = ground(&mut sim, nothing, "", Some(0), |it| *it < hash);
        let back = json!({"kind": "step_back", "on": DAY, "body": {"from": {"version": nothing}}});
        sim.write_head(1, back, "", None).unwrap();
        let hash: Hash = serde_json::from_value(hers["hash"].clone()).unwrap();
        let his = json!({"kind": "version", "on": DAY, "body":
            {"agreement": hers["agreement"], "base": base, "same": head["body"]["same"]}});
        let text =
            r#"{"topic":"All","terms":"Ana gives all","does":{"me":"","partner":"I give all"}}"#;
        let text = blinded(&[7; 16], text);
        ground(&mut sim, his, &text, None, |it| (*it < hash) == lower);
        let yes = json!({"kind": "yes", "on": DAY, "seen": [hash], "body": {"version": hash}});
        sim.write_head(1, yes, "", None).unwrap();
        sim.settle();
        let show = request("agreement_show", json!({"agreement": hers["agreement"]}));
        let shown = sim.request(0, show).unwrap();
        assert_eq!(shown["state"], "in_force", "{lower} {change}: {shown:#}");
        assert!(!shown.to_string().contains("give"), "{shown:#}");
        assert_eq!(shown["topic"], "Phones", "{shown:#}");
        let versions = shown["versions"].as_array().unwrap();
        let bound = versions.iter().find(|v| v["hash"] == shown["in_force"]);
        assert_eq!(bound.unwrap()["terms"], words["terms"], "{shown:#}");
        assert!(bound.unwrap()["same_words"].is_array(), "{shown:#}");
        let list = request("agreement_list", json!({"state": null, "after": null}));
        let list = sim.request(0, list).unwrap();
        assert_eq!(list["agreements"][0]["topic"], "Phones", "{list:#}");
        assert!(!list.to_string().contains("gives all"), "{list:#}");
    }
}

pub(super) fn agreement(sim: &mut Sim, topic: &str) -> Value {
    let words = json!({"topic": topic, "does": {"me": "I call.", "partner": ""}});
    let done = sim.request(0, request("agreement_propose", words)).unwrap();
    sim.settle();
    done
}

/// More under one id than are looked through for a name: lawful on as many branches.
fn under_it_on_each_branch(sim: &mut Sim, head: &Value, words: &str) {
    add(sim, 1, "thanks", json!({"did": "x"}), json!({}));
    for n in 0..1_002_u16 {
        let mut blind = [7; 16];
        blind[..2].copy_from_slice(&n.to_be_bytes());
        let words = blinded(&blind, words);
        sim.write_head(1, head.clone(), &words, Some(0)).unwrap();
    }
    sim.settle();
}

#[test]
fn what_is_ones_own_is_named_by_its_id_whatever_the_other_writes_under_it() {
    let mut sim = Sim::paired(620);
    let listen = json!({"listen_as": "just_listen"});
    let hers = add(&mut sim, 0, "confidence", json!({"text": "x"}), listen);
    sim.settle();
    let head = json!({"kind": "thanks", "on": DAY, "id": hers["id"], "body": {}});
    under_it_on_each_branch(&mut sim, &head, r#"{"did":"needle"}"#);
    let named = |verb: &str| json!({"do": verb, "id": hers["id"]});
    assert_eq!(
        told(&mut sim, 0, named("show")).unwrap()["kind"],
        "confidence"
    );
    let list = told(&mut sim, 0, json!({"do": "list"})).unwrap();
    // But for what he told under an id of his own.
    assert!(list["told"].as_array().unwrap().len() <= 2, "{list:#}");
    let today = sim.request(0, Request::Today {}).unwrap();
    assert_eq!(today["told"].as_array().unwrap().len(), 1, "{today:#}");
    let nobody = json!({"do": "answer", "about": hers["id"], "says": "tell_nobody"});
    assert_eq!(told(&mut sim, 0, nobody).unwrap()["tell_nobody"], true);
    let permission = json!({"do": "add", "kind": "permission", "about": hers["id"],
        "words": {"with_whom": "Dr Kim"}, "facts": {}});
    told(&mut sim, 0, permission).unwrap();
    told(&mut sim, 0, named("put_away")).unwrap();
    let gone = told(&mut sim, 0, named("take_back")).unwrap();
    assert_eq!(gone["seen"], "taken_back");
}

#[test]
fn an_own_version_is_named_by_its_id_whatever_the_other_writes_under_it() {
    let mut sim = Sim::paired(621);
    let hers = agreement(&mut sim, "Visits");
    let head = json!({"kind": "version", "on": DAY, "id": hers["version"],
        "body": {"agreement": "77".repeat(16), "base": [], "same": Hash::default()}});
    sim.write_head(1, head, "", None).unwrap();
    sim.settle();
    let back = json!({"version": hers["version"], "note": ""});
    sim.request(0, request("agreement_step_back", back))
        .unwrap();
}

#[test]
fn a_repair_under_the_id_of_ones_own_neither_stands_nor_keeps_one_from_stopping() {
    let mut sim = Sim::paired(622);
    let about = agreement(&mut sim, "Visits");
    let facts = json!({"agreement": about["agreement"]});
    let hers = add(&mut sim, 0, "repair", json!({}), facts.clone());
    sim.settle();
    let head = json!({"kind": "repair", "on": DAY, "id": hers["id"], "seen": [about["hash"]], "body": facts});
    sim.write_head(1, head, "", None).unwrap();
    sim.settle();
    let stop = json!({"do": "answer", "about": hers["id"], "says": "stop"});
    let stopped = told(&mut sim, 0, stop).unwrap();
    assert_eq!(stopped["repair"]["stopped"], true);
    let today = sim.request(0, Request::Today {}).unwrap();
    assert_eq!(today["told"], Value::Null, "{today:#}");
    add(&mut sim, 0, "repair", json!({}), facts);
}

/// The hash of what one of them has told under an id.
pub(super) fn hash_of(sim: &Sim, p: usize, id: &Value) -> Hash {
    let id: AssertionId = serde_json::from_value(id.clone()).unwrap();
    let book = sim.node(p).couple().unwrap().book(Who::Me);
    book.by_id(&id)[0].hash
}

/// Ben begins so many repairs about an agreement of hers: their ids.
pub(super) fn repairs(sim: &mut Sim, about: &Value, n: usize) -> Vec<Value> {
    let ids = (0..n).map(|_| {
        let head = json!({"kind": "repair", "on": DAY, "seen": [about["hash"]],
            "body": {"agreement": about["agreement"]}});
        json!(sim.write_head(1, head, "", None).unwrap().0)
    });
    let ids = ids.collect();
    sim.settle();
    ids
}

#[test]
fn who_stops_one_of_many_repairs_writes_a_bounded_number_of_stops() {
    let mut sim = Sim::paired(630);
    let about = agreement(&mut sim, "Visits");
    let ids = repairs(&mut sim, &about, 60);
    let written = |sim: &Sim| sim.node(0).couple().unwrap().book(Who::Me).entries();
    let mut stops = Vec::new();
    for id in [
        &ids[3], &ids[3], &ids[50], &ids[51], &ids[52], &ids[53], &ids[54],
    ] {
        let before = written(&sim);
        let stop = json!({"do": "answer", "about": id, "says": "stop"});
        if told(&mut sim, 0, stop).is_ok() {
            stops.push(written(&sim) - before);
        }
    }
    assert!(stops.iter().all(|n| *n <= 17), "{stops:?}");
    assert!(stops.iter().sum::<usize>() <= 60, "{stops:?}");
}

#[test]
fn a_stop_stands_also_where_another_repair_about_the_same_cannot_be_stopped() {
    let mut sim = Sim::paired(631);
    let about = agreement(&mut sim, "Visits");
    let ids = repairs(&mut sim, &about, 2);
    let of = hash_of(&sim, 1, &ids[0]);
    for _ in 0..2 * limits::ACTS_WRITTEN {
        let head = json!({"kind": "answer", "on": DAY, "about": ids[0], "seen": [of],
            "body": {"says": "day", "day": "2026-11-23"}});
        sim.write_head(0, head, "", None).unwrap();
    }
    sim.settle();
    let stop = json!({"do": "answer", "about": ids[1], "says": "stop"});
    let stopped = told(&mut sim, 0, stop).unwrap();
    assert_eq!(stopped["repair"]["stopped"], true);
    sim.crash(0);
    let show = json!({"do": "show", "id": ids[1]});
    assert_eq!(told(&mut sim, 0, show).unwrap()["repair"]["stopped"], true);
}

/// What a request costs.
pub(super) fn steps(sim: &mut Sim, ask: Request) -> u64 {
    let before = taken();
    sim.request(0, ask).unwrap();
    taken() - before
}

/// Ben answers something so many times, each on a branch of its own. The entry that all of them follow is `on`.
fn on_branches(sim: &mut Sim, heads: &[Value], on: usize, branches: usize) {
    let mut last = vec![on; branches];
    for head in heads {
        for on in &mut last {
            sim.write_head(1, head.clone(), "", Some(*on)).unwrap();
            *on = sim.node(1).couple().unwrap().book(Who::Me).entries() - 1;
        }
    }
    sim.settle();
}

#[test]
fn a_list_of_things_answered_on_many_branches_is_as_cheap_as_their_number() {
    let mut sim = Sim::paired(640);
    let listen = json!({"listen_as": "help_me_think"});
    let ids: Vec<Value> = (0..3)
        .map(|_| {
            add(
                &mut sim,
                1,
                "confidence",
                json!({"text": "x"}),
                listen.clone(),
            )["id"]
                .clone()
        })
        .collect();
    let heads: Vec<Value> = ids
        .iter()
        .map(|id| {
            json!({"kind": "answer", "on": DAY, "about": id,
                "body": {"says": "listen_as", "as": "just_listen"}})
        })
        .collect();
    let on = sim.node(1).couple().unwrap().book(Who::Me).entries() - 1;
    on_branches(&mut sim, &heads, on, 120);
    let list = request("told", json!({"do": "list"}));
    let cost = steps(&mut sim, list);
    assert!(cost < 20_000, "{cost}");
    let show = request("told", json!({"do": "show", "id": ids[0]}));
    let cost = steps(&mut sim, show);
    assert!(cost < 20_000, "{cost}");
}

#[test]
fn a_list_looks_at_a_bounded_number_of_acts_a_page_and_all_of_it_is_listed() {
    let mut sim = Sim::paired(641);
    let ids: Vec<Value> = (0..12)
        .map(|_| add(&mut sim, 0, "ask", json!({"text": "x"}), json!({}))["id"].clone())
        .collect();
    sim.settle();
    for id in &ids {
        let of = hash_of(&sim, 0, id);
        for _ in 0..400 {
            let head = json!({"kind": "answer", "on": DAY, "about": id, "seen": [of],
                "body": {"says": "thank"}});
            sim.write_head(1, head, "", None).unwrap();
        }
        sim.settle();
    }
    let (mut after, mut listed, mut pages) = (Value::Null, 0, 0);
    loop {
        let before = taken();
        let page = told(&mut sim, 0, json!({"do": "list", "after": after})).unwrap();
        let cost = taken() - before;
        assert!(cost < 25_000, "{cost}");
        listed += page["told"].as_array().unwrap().len();
        pages += 1;
        after = page["next"].clone();
        if after.is_null() {
            break;
        }
    }
    assert_eq!((listed, pages > 1), (12, true));
}

#[test]
fn time_that_was_needed_until_a_day_long_past_makes_no_day_dear() {
    let mut sim = Sim::paired(642);
    let hers = add(&mut sim, 0, "ask", json!({"text": "x"}), json!({}));
    sim.settle();
    let of = hash_of(&sim, 0, &hers["id"]);
    for n in 0..240 {
        let body = if n % 2 == 0 {
            json!({"says": "need_time", "until": "2026-11-20"})
        } else {
            json!({"says": "thank"})
        };
        let head =
            json!({"kind": "answer", "on": DAY, "about": hers["id"], "seen": [of], "body": body});
        // Some know of few of those before.
        sim.write_head(1, head, "", (n % 8 == 0).then_some(0))
            .unwrap();
    }
    sim.settle();
    let cost = steps(&mut sim, Request::Today {});
    assert!(cost < 20_000, "{cost}");
    let cost = steps(&mut sim, Request::Today {});
    assert!(cost < 10_000, "{cost}");
}

#[test]
fn weeks_full_of_words_called_back_make_no_day_dear() {
    let mut sim = Sim::paired(643);
    for week in 30..44 {
        for _ in 0..300 {
            let body = json!({"slot": format!("2026-W{week}"), "round": 1});
            sim.write_head(1, json!({"kind": "cancel", "body": body}), "", None)
                .unwrap();
        }
        sim.settle();
    }
    // One that stands is seen all the same: it is the nearest.
    let ready = json!({"slot": "2026-W47", "words": {"wish": "rain"}});
    sim.request(1, request("checkin_ready", ready)).unwrap();
    sim.settle();
    let cost = steps(&mut sim, Request::Today {});
    assert!(cost < 5_000, "{cost}");
    let today = sim.request(0, Request::Today {}).unwrap();
    assert_eq!(today["waiting"][0]["id"], "2026-W47", "{today:#}");
}

#[test]
fn breaks_with_many_answers_are_looked_at_once_and_again_when_something_is_said() {
    let mut sim = Sim::paired(644);
    let back_at = json!({"back_at": "2026-05-28T21:30Z"});
    let mut ids = Vec::new();
    for _ in 0..30 {
        let head = json!({"kind": "break", "on": DAY, "body": back_at});
        let (id, _) = sim.write_head(1, head, "", None).unwrap();
        for _ in 0..80 {
            let head = json!({"kind": "answer", "on": DAY, "about": id, "body": {"says": "done"}});
            sim.write_head(1, head, "", None).unwrap();
        }
        ids.push(json!(id));
    }
    sim.settle();
    steps(&mut sim, Request::Today {});
    let cost = steps(&mut sim, Request::Today {});
    assert!(cost < 2_000, "{cost}");
    let on = |sim: &mut Sim| sim.request(0, Request::Today {}).unwrap()["break"].clone();
    assert_eq!(on(&mut sim)["ids"].as_array().unwrap().len(), 30);
    let done = json!({"do": "answer", "about": ids[0], "says": "done"});
    told(&mut sim, 0, done).unwrap();
    assert_eq!(
        on(&mut sim)["ids"].as_array().unwrap().len(),
        29,
        "over for both"
    );
}

#[test]
fn whether_words_taken_back_were_opened_is_not_told_by_the_room_in_the_book() {
    let worlds = [false, true].map(|opened| {
        let mut sim = Sim::paired(650);
        let ask = add(
            &mut sim,
            1,
            "ask",
            json!({"text": "x".repeat(9_000)}),
            json!({}),
        );
        sim.settle();
        if opened {
            told(&mut sim, 0, json!({"do": "open", "id": ask["id"]})).unwrap();
        }
        let bytes = |sim: &Sim| sim.node(0).couple().unwrap().book(Who::Partner).bytes();
        let whole = bytes(&sim);
        let before = sim.node(0).couple().unwrap().length();
        told(&mut sim, 1, json!({"do": "take_back", "id": ask["id"]})).unwrap();
        sim.settle();
        let lighter = bytes(&sim);
        assert!(lighter + 8_000 < whole, "{lighter} {whole}");
        sim.crash(0);
        assert_eq!(bytes(&sim), lighter, "as a start counts");
        if opened {
            // Words that are here count whole again once nothing takes them back.
            let node = sim.devices[0].node.as_mut().unwrap();
            node.couple_for_tests().truncate(before);
            assert_eq!(bytes(&sim), whole);
        }
        lighter
    });
    assert_eq!(worlds[0], worlds[1]);
}

#[test]
fn a_bid_is_taken_back_after_its_day() {
    let mut sim = Sim::paired(660);
    let bid = add(
        &mut sim,
        0,
        "bid",
        json!({"line": "needle, the moon?"}),
        json!({}),
    );
    sim.settle();
    for device in &mut sim.devices {
        device.day = device.day.plus(9);
    }
    sim.pass(1_000);
    let gone = told(&mut sim, 0, json!({"do": "take_back", "id": bid["id"]})).unwrap();
    assert_eq!(
        (&gone["seen"], &gone["words"]),
        (&json!("taken_back"), &Value::Null)
    );
    sim.crash(0);
    let again = told(&mut sim, 0, json!({"do": "take_back", "id": bid["id"]}));
    assert_eq!(again, Err(Problem::AlreadyTakenBack));
    sim.settle();
}

#[test]
fn an_own_answer_is_taken_back_also_where_what_it_answers_is_seen_no_more() {
    let mut sim = Sim::paired(661);
    let ask = add(&mut sim, 1, "ask", json!({"text": "x"}), json!({}));
    sim.settle();
    told(&mut sim, 0, json!({"do": "open", "id": ask["id"]})).unwrap();
    let answer =
        json!({"do": "answer", "about": ask["id"], "says": "words", "words": {"words": "needle"}});
    let shown = told(&mut sim, 0, answer).unwrap();
    let answer = shown["answers"][0]["id"].clone();
    sim.settle();
    told(&mut sim, 1, json!({"do": "take_back", "id": ask["id"]})).unwrap();
    sim.settle();
    // What was opened here is known no more.
    sim.devices[0]
        .disk
        .retain(|row, _| !matches!(row, Row::Opened(_)));
    sim.crash(0);
    let back = json!({"do": "take_back", "id": answer});
    let gone = told(&mut sim, 0, back.clone()).unwrap();
    assert_eq!(gone["seen"], "taken_back");
    sim.crash(0);
    assert_eq!(told(&mut sim, 0, back), Err(Problem::AlreadyTakenBack));
}

#[test]
fn a_repair_keeps_the_name_of_what_is_in_force_whatever_is_proposed_since() {
    let mut sim = Sim::paired(670);
    let about = agreement(&mut sim, "Visits");
    let yes = request("agreement_yes", json!({"version": about["version"]}));
    sim.request(1, yes).unwrap();
    sim.settle();
    let facts = json!({"agreement": about["agreement"]});
    add(&mut sim, 0, "repair", json!({}), facts);
    let change =
        json!({"agreement": about["agreement"], "topic": "Other", "does": {"me": "I do."}});
    sim.request(1, request("agreement_propose", change))
        .unwrap();
    sim.settle();
    for p in 0..2 {
        let list = told(&mut sim, p, json!({"do": "list"})).unwrap();
        assert_eq!(list["told"][0]["topic"], "Visits", "{p}: {list:#}");
        let show = json!({"do": "show", "id": list["told"][0]["id"]});
        assert_eq!(told(&mut sim, p, show).unwrap()["topic"], "Visits");
        let today = sim.request(p, Request::Today {}).unwrap();
        assert_eq!(today["told"][0]["line"], "Visits", "{today:#}");
    }
}

/// Both have opened a week's page each, and Ben takes his back.
fn page_taken_back(seed: u64) -> Sim {
    let mut sim = Sim::paired(seed);
    for p in 0..2 {
        let ready = json!({"slot": "2026-W47", "words": {"wish": format!("needle of {p}")}});
        sim.request(p, request("checkin_ready", ready)).unwrap();
        sim.settle();
    }
    let back = request("checkin_take_back", json!({"slot": "2026-W47"}));
    sim.request(1, back).unwrap();
    sim.settle();
    sim
}

#[test]
fn a_page_taken_back_after_it_was_opened_may_be_kept() {
    let mut sim = page_taken_back(680);
    let keep = told(&mut sim, 0, json!({"do": "keep", "id": "2026-W47"}));
    // Only the private pages are not open.
    assert_ne!(keep, Err(Problem::WordsNotHere));
    let late = sim.devices[0].day.plus(31);
    sim.devices[0].day = late;
    sim.pass(1_000);
    let keep = told(&mut sim, 0, json!({"do": "keep", "id": "2026-W47"}));
    assert_eq!(keep, Err(Problem::WordsNotHere));
}

#[test]
fn a_page_shared_without_waiting_may_be_kept_once_it_was_opened_by_name() {
    for opened in [true, false] {
        let mut sim = Sim::paired(682);
        let slot = json!({"slot": "2026-W47"});
        let ready = json!({"slot": "2026-W47", "words": {"wish": "needle"}});
        sim.request(1, request("checkin_ready", ready)).unwrap();
        sim.request(1, request("checkin_share", slot.clone()))
            .unwrap();
        sim.settle();
        if opened {
            told(&mut sim, 0, json!({"do": "open", "id": "2026-W47"})).unwrap();
        }
        sim.request(1, request("checkin_take_back", slot)).unwrap();
        sim.settle();
        let book = sim.node(0).couple().unwrap().book(Who::Partner);
        let words = book.said().filter_map(|said| said.words());
        let here = words.filter(|words| words.contains("needle")).count();
        assert_eq!(here, usize::from(opened));
        let keep = told(&mut sim, 0, json!({"do": "keep", "id": "2026-W47"}));
        let there =
            keep != Err(Problem::WordsNotHere) && !matches!(keep, Err(Problem::NoSuch { .. }));
        assert_eq!(there, opened, "{keep:?}");
    }
}

#[test]
fn a_page_about_oneself_stays_whatever_other_pages_come() {
    let mut sim = Sim::paired(683);
    let page = |page: &str| json!({"page": page});
    add(
        &mut sim,
        1,
        "about_me",
        json!({"text": "Benno"}),
        page("name"),
    );
    for n in 0..70 {
        let text = json!({"text": format!("{n}")});
        add(&mut sim, 1, "about_me", text, page("my_patterns"));
    }
    sim.settle();
    let status = sim.request(0, Request::Status {}).unwrap();
    assert_eq!(status["partner"], "Benno", "{status:#}");
}

#[test]
fn the_days_of_a_page_taken_back_are_those_of_the_first_device_after_a_restore() {
    let mut sim = page_taken_back(681);
    let words_here = |sim: &Sim| {
        let book = sim.node(0).couple().unwrap().book(Who::Partner);
        book.said()
            .filter_map(|said| said.words())
            .any(|words| words.contains("needle of 1"))
    };
    let day = sim.devices[0].day;
    sim.devices[0].day = day.plus(20);
    sim.pass(1_000);
    assert!(words_here(&sim));
    let backup = sim.backup(0).unwrap();
    sim.restore_on_a_new_device(0, &backup).unwrap();
    sim.devices[0].day = day.plus(20);
    sim.pass(1_000);
    assert!(words_here(&sim));
    sim.devices[0].day = day.plus(30);
    sim.pass(1_000);
    assert!(!words_here(&sim));
}

#[test]
fn a_false_day_on_what_closes_a_repair_unfolds_nothing() {
    for closes in ["stop", "take_back"] {
        let mut sim = Sim::paired(684);
        let listen = json!({"listen_as": "just_listen"});
        let his = add(&mut sim, 1, "confidence", json!({"text": "x"}), listen);
        let words = json!({"words": "It did not hold."});
        let repair = add(&mut sim, 1, "repair", words, json!({}));
        sim.settle();
        let seen = |sim: &mut Sim| {
            let show = json!({"do": "show", "id": his["id"]});
            told(sim, 0, show).unwrap()["seen"].clone()
        };
        assert_eq!(seen(&mut sim), "folded");
        let body = match closes {
            "stop" => json!({"kind": "answer", "body": {"says": "stop"}}),
            _ => json!({"kind": "take_back", "body": {}}),
        };
        let mut head = body;
        (head["on"], head["about"]) = ("2000-01-01".into(), repair["id"].clone());
        sim.write_head(1, head, "", None).unwrap();
        sim.settle();
        let day = sim.devices[0].day;
        for (days, ought) in [(0, "folded"), (1, "folded"), (2, "closed")] {
            sim.devices[0].day = day.plus(days);
            assert_eq!(seen(&mut sim), ought, "{closes}, {days} days on");
            sim.crash(0);
            assert_eq!(
                seen(&mut sim),
                ought,
                "{closes}, {days} days on, after a start"
            );
        }
    }
}
