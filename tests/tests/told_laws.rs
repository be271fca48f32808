//! What nobody may find: words that are closed, folded, taken back or not sent; and whether something was opened.

use serde_json::{Value, json};
use std::collections::BTreeSet;
use troth_core::sim::Sim;
use troth_proto::said::told::{Fact, Need, Size, ToldKind};
use troth_tests::histories::request;

pub fn told(sim: &mut Sim, p: usize, ask: Value) -> Value {
    let kind = ask.to_string();
    let answer = sim.request(p, request("told", ask));
    answer.unwrap_or_else(|problem| panic!("{kind}: {problem:?}"))
}

/// Whole words of a kind, each with a canary in it.
pub fn words_of(kind: ToldKind, canary: &str) -> Value {
    let fields = kind.row().fields.iter();
    let one = |field: &troth_proto::said::told::Field| {
        let text = match field.size {
            Size::Line => format!("{canary} line"),
            Size::Text | Size::Page => format!("{canary} text"),
        };
        (field.name.to_owned(), Value::String(text))
    };
    Value::Object(fields.map(one).collect())
}

/// What its head must hold.
pub fn facts_of(kind: ToldKind) -> Value {
    let must = kind
        .row()
        .facts
        .iter()
        .filter(|(_, need)| *need == Need::Must);
    let value = |fact: &Fact| match fact {
        Fact::ListenAs => Some(json!("help_me_think")),
        Fact::Page => Some(json!("my_patterns")),
        // The client leaves these out: the daemon knows what stands then.
        _ => None,
    };
    let all = must.filter_map(|(fact, _)| Some((fact.name().to_owned(), value(fact)?)));
    Value::Object(all.collect())
}

/// Tells something of a kind, with a canary in each of its words.
pub fn tell(sim: &mut Sim, p: usize, kind: ToldKind, canary: &str) -> String {
    let ask = json!({
        "do": "add", "kind": kind, "words": words_of(kind, canary), "facts": facts_of(kind),
    });
    told(sim, p, ask)["id"].as_str().unwrap().to_owned()
}

/// What one of them is shown without asking for a thing: lists, what a search finds, Today.
pub fn lines(sim: &mut Sim, p: usize) -> String {
    let mut out = String::new();
    for ask in [
        json!({"do": "list"}),
        json!({"do": "search", "words": "canary"}),
    ] {
        out += &format!("{}\n", told(sim, p, ask));
    }
    for method in ["today", "status", "checkin_show"] {
        let shown = sim.request(p, request(method, json!({}))).unwrap();
        out += &format!("{shown}\n");
    }
    out
}

fn all_screens(sim: &mut Sim, p: usize, ids: &[String], with_confidences: bool) -> String {
    let mut out = lines(sim, p);
    for id in ids {
        let show = request("told", json!({"do": "show", "id": id}));
        out += &format!("{:?}\n", sim.request(p, show));
    }
    let leaves = json!({"do": "export", "with_confidences": with_confidences});
    out + &told(sim, p, leaves).to_string()
}

/// Everything that one of them is shown without opening anything, and what leaves with an export.
pub fn screens(sim: &mut Sim, p: usize, ids: &[String]) -> String {
    all_screens(sim, p, ids, false)
}

/// The same, with what was told in trust: it leaves if its reader ticks it.
pub fn screens_ticked(sim: &mut Sim, p: usize, ids: &[String]) -> String {
    all_screens(sim, p, ids, true)
}

#[test]
fn no_word_that_is_closed_is_shown_found_or_exported_until_it_is_opened() {
    let mut sim = Sim::paired(91);
    let mut ids = Vec::new();
    for kind in ToldKind::ALL.iter().filter(|kind| kind.row().closed) {
        ids.push((
            *kind,
            tell(&mut sim, 0, *kind, &format!("CANARY-{}", kind.name())),
        ));
    }
    sim.settle();
    let all: Vec<String> = ids.iter().map(|(_, id)| id.clone()).collect();
    let shown = screens_ticked(&mut sim, 1, &all);
    assert!(!shown.contains("CANARY"), "{shown}");
    for (kind, id) in &ids {
        let before = screens_ticked(&mut sim, 1, &all);
        let canary = format!("CANARY-{} ", kind.name());
        assert!(!before.contains(&canary), "{kind:?} before");
        told(&mut sim, 1, json!({"do": "open", "id": id}));
        // Opening is the only way to what is told in trust, but for leaving with it.
        let after = screens_ticked(&mut sim, 1, &all);
        assert!(after.contains(&canary), "{kind:?} after");
        let show = told(&mut sim, 1, json!({"do": "show", "id": id})).to_string();
        assert_eq!(show.contains(&canary), !kind.row().in_trust, "{kind:?}");
        let list = told(&mut sim, 1, json!({"do": "list", "kind": kind})).to_string();
        assert_eq!(list.contains(&canary), !kind.row().in_trust, "{kind:?}");
    }
}

#[test]
fn what_is_taken_back_unopened_is_on_no_disk_and_on_no_link_again() {
    for kind in ToldKind::ALL.iter().filter(|kind| kind.row().closed) {
        let mut sim = Sim::paired(92);
        let id = tell(&mut sim, 0, *kind, "CANARY");
        sim.settle();
        told(&mut sim, 0, json!({"do": "take_back", "id": id}));
        sim.settle();
        for _ in 0..20 {
            sim.pass(1_000);
        }
        sim.sent = Default::default();
        for p in 0..2 {
            sim.crash(p);
        }
        sim.connect();
        sim.settle();
        let has = |bytes: &[u8]| bytes.windows(6).any(|it| it == b"CANARY");
        for p in 0..2 {
            for (row, bytes) in &sim.devices[p].disk {
                assert!(!has(bytes), "{kind:?}: {row:?} of {p}");
            }
            assert!(
                !sim.sent[p].iter().any(|frame| has(frame)),
                "{kind:?}: link"
            );
        }
        let shown = screens_ticked(&mut sim, 1, &[id]);
        assert!(!shown.contains("taken_back"), "not even that: {shown}");
    }
}

// What is kept goes into private pages, by a hand that the simulator has not: see `told_hands.rs`.
#[test]
fn whether_something_was_opened_or_set_aside_stays_on_that_device() {
    for kind in ToldKind::ALL.iter().filter(|kind| kind.row().closed) {
        let run = |opens: bool| {
            let mut sim = Sim::paired(93);
            let id = tell(&mut sim, 0, *kind, "Something");
            sim.settle();
            if opens {
                told(&mut sim, 1, json!({"do": "open", "id": id}));
                told(&mut sim, 1, json!({"do": "set_aside", "id": id}));
            }
            sim.pass(60_000);
            sim.cut();
            sim.connect();
            sim.settle();
            let mut hers = screens_ticked(&mut sim, 0, std::slice::from_ref(&id));
            told(&mut sim, 0, json!({"do": "take_back", "id": id}));
            sim.settle();
            for device in &mut sim.devices {
                device.day = device.day.plus(31);
            }
            sim.pass(700_000);
            sim.settle();
            hers += &screens_ticked(&mut sim, 0, &[id]);
            (hers, sim.sent)
        };
        let (opened, closed) = (run(true), run(false));
        assert_eq!(opened.0, closed.0, "{kind:?}: what its author sees");
        assert_eq!(opened.1, closed.1, "{kind:?}: what is sent");
    }
}

#[test]
fn an_answer_to_what_was_taken_back_is_no_mark_of_reading() {
    let run = |answers: bool| {
        let mut sim = Sim::paired(94);
        let id = tell(&mut sim, 0, ToldKind::TenderSpot, "Something");
        sim.settle();
        sim.cut();
        told(&mut sim, 0, json!({"do": "take_back", "id": id}));
        told(&mut sim, 1, json!({"do": "open", "id": id}));
        if answers {
            let answer = json!({"do": "answer", "about": id, "says": "say_back", "words": {"words": "Quiet."}});
            told(&mut sim, 1, answer);
        }
        sim.connect();
        sim.settle();
        screens_ticked(&mut sim, 0, &[id])
    };
    assert_eq!(run(true), run(false));
}

#[test]
fn nothing_is_told_again_after_it_was_opened_or_set_aside_also_after_a_start() {
    let mut sim = Sim::paired(95);
    let lines = |sim: &mut Sim, p: usize| {
        let today = sim.request(p, request("today", json!({}))).unwrap();
        today["told"].as_array().map_or(0, Vec::len)
    };
    let ids: Vec<String> = (0..5)
        .map(|_| tell(&mut sim, 0, ToldKind::Thanks, "You"))
        .collect();
    sim.settle();
    assert_eq!(lines(&mut sim, 1), 5);
    told(&mut sim, 1, json!({"do": "open", "id": ids[0]}));
    told(&mut sim, 1, json!({"do": "set_aside", "id": ids[1]}));
    assert_eq!(lines(&mut sim, 1), 3);
    sim.crash(1);
    assert_eq!(lines(&mut sim, 1), 3);
    sim.connect();
    sim.settle();
    // Hundreds of them: each stays as it was, over several rows.
    for n in 0..300 {
        let id = tell(&mut sim, 0, ToldKind::Ask, "x");
        sim.settle();
        if n % 2 == 0 {
            told(&mut sim, 1, json!({"do": "open", "id": id}));
        }
    }
    sim.crash(1);
    let mut open = 0;
    let mut after = Value::Null;
    loop {
        let list = told(
            &mut sim,
            1,
            json!({"do": "list", "kind": "ask", "after": after}),
        );
        let all = list["told"].as_array().unwrap();
        open += all.iter().filter(|it| it["seen"] == "open").count();
        after = list["next"].clone();
        if after.is_null() {
            break;
        }
    }
    assert_eq!(open, 150);
}

#[test]
fn opened_stays_so_in_a_backup_and_a_new_device_begins_with_nothing_opened() {
    let mut sim = Sim::paired(96);
    let id = tell(&mut sim, 0, ToldKind::Thanks, "You");
    sim.settle();
    told(&mut sim, 1, json!({"do": "open", "id": id}));
    let backup = sim.backup(1).unwrap();
    sim.lose(1, true);
    sim.restore_on_a_new_device(1, &backup).unwrap();
    let seen = |sim: &mut Sim| told(sim, 1, json!({"do": "show", "id": id}))["seen"].clone();
    assert_eq!(seen(&mut sim), "open");
    // A new device that has his words, and gets everything from her anew.
    sim.lose(1, true);
    sim.pair_as([true, false]);
    sim.connect();
    sim.settle();
    assert_eq!(seen(&mut sim), "closed");
    let line = told(&mut sim, 1, json!({"do": "list"}))["told"][0].clone();
    assert_eq!(line["begins"], Value::Null, "{line}");
    told(&mut sim, 1, json!({"do": "open", "id": id}));
    assert_eq!(seen(&mut sim), "open");
}

/// Names of the numbers in what is shown.
fn numbers(value: &Value, name: &str, found: &mut BTreeSet<String>) {
    match value {
        Value::Number(_) => drop(found.insert(name.to_owned())),
        Value::Array(all) => all.iter().for_each(|it| numbers(it, name, found)),
        Value::Object(all) => all.iter().for_each(|(name, it)| numbers(it, name, found)),
        _ => {}
    }
}

#[test]
fn l10_no_list_and_no_export_says_how_much_the_other_told() {
    let mut sim = Sim::paired(71);
    let asked = tell(&mut sim, 0, ToldKind::Ask, "when?");
    sim.settle();
    told(&mut sim, 1, json!({"do": "open", "id": asked}));
    for says in ["yes", "words", "thank"] {
        let words = match says {
            "words" => json!({"words": "On Sunday."}),
            _ => json!({}),
        };
        let ask = json!({"do": "answer", "about": asked, "says": says, "words": words});
        told(&mut sim, 1, ask);
        tell(&mut sim, 1, ToldKind::Thanks, "you called");
    }
    sim.settle();
    let list = told(&mut sim, 0, json!({"do": "list"}));
    assert_eq!(list["told"].as_array().unwrap().len(), 4);
    let export = told(&mut sim, 0, json!({"do": "export"}));
    assert_eq!(export["unopened"], true);
    let today = sim.request(0, request("today", json!({}))).unwrap();
    assert!(!today["told"].as_array().unwrap().is_empty());
    let mut found = BTreeSet::new();
    for shown in [list, export, today] {
        numbers(&shown, "", &mut found);
    }
    assert!(found.is_empty(), "{found:?}");
}
