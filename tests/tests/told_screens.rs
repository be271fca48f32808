//! What a partner's program writes in order to be seen where it is not: each of it passes the gate.

use serde_json::{Value, json};
use troth_core::sim::Sim;
use troth_proto::assertion::blinded;
use troth_proto::ids::Who;
use troth_proto::problem::Wrong;
use troth_proto::{AssertionId, Hash, Problem};
use troth_tests::histories::request;

const SLOT: &str = "2026-W47";

fn told(sim: &mut Sim, p: usize, ask: Value) -> Result<Value, Problem> {
    sim.request(p, request("told", ask))
}

fn add(sim: &mut Sim, p: usize, kind: &str, words: Value) -> String {
    let ask = json!({"do": "add", "kind": kind, "words": words});
    let id = &told(sim, p, ask).unwrap()["id"];
    id.as_str().unwrap().to_owned()
}

/// Ben's program writes a head of its own, with words.
fn forge(sim: &mut Sim, kind: &str, more: Value, words: Value) -> (AssertionId, Hash) {
    let mut head = json!({"kind": kind, "on": "2026-11-22", "body": {}});
    for (name, it) in more.as_object().unwrap() {
        head[name] = it.clone();
    }
    let words = match words {
        Value::Null => String::new(),
        words => blinded(&[7; 16], &words.to_string()),
    };
    sim.write_head(1, head, &words, None)
        .expect("it passes the gate")
}

fn found(sim: &mut Sim, p: usize, words: &str) -> Vec<Value> {
    let found = told(sim, p, json!({"do": "search", "words": words})).unwrap();
    found["found"].as_array().unwrap().clone()
}

fn today(sim: &mut Sim, p: usize) -> Value {
    sim.request(p, request("today", json!({}))).unwrap()
}

/// Both open a page in a week.
fn open_pages(sim: &mut Sim, wishes: [&str; 2]) {
    for (p, wish) in wishes.into_iter().enumerate() {
        let ready = json!({"slot": SLOT, "words": {"wish": wish}});
        sim.request(p, request("checkin_ready", ready)).unwrap();
    }
    sim.settle();
}

/// The opening of one of them.
fn opening(sim: &Sim, p: usize) -> AssertionId {
    let couple = sim.node(p).couple().unwrap();
    let mut own = couple.book(Who::Me).said();
    let found = own.find(|said| said.head.contains("\"open\""));
    found.unwrap().id
}

#[test]
fn nobody_calls_themselves_what_troth_calls_the_reader() {
    let mut sim = Sim::paired(101);
    let page = |name: &str| json!({"do": "add", "kind": "about_me", "facts": {"page": "name"}, "words": {"text": name}});
    told(&mut sim, 1, page("Benno")).unwrap();
    sim.settle();
    assert_eq!(today(&mut sim, 0)["partner"], "Benno");
    for name in ["You", " du ", "Your  partner"] {
        let body = json!({"body": {"page": "name"}});
        forge(&mut sim, "about_me", body, json!({"text": name}));
        sim.settle();
        // The name of the pairing stands.
        assert_eq!(today(&mut sim, 0)["partner"], "Ben", "{name}");
        let refused = told(&mut sim, 0, page(name));
        let wrong = Wrong::NoPersonName;
        assert_eq!(refused, Err(Problem::BadRequest { wrong }), "{name}");
    }
}

#[test]
fn words_of_a_closed_repair_are_found_no_more_and_stand_on_no_today() {
    let mut sim = Sim::paired(103);
    let repair = add(&mut sim, 0, "repair", json!({"words": "Yesterday."}));
    sim.settle();
    for p in 0..2 {
        let day =
            json!({"do": "answer", "about": repair, "says": "day", "facts": {"day": "2026-11-22"}});
        told(&mut sim, p, day).unwrap();
        sim.settle();
    }
    let slot = format!("repair:{repair}/feelings");
    for p in 0..2 {
        let ready = json!({"slot": slot, "words": format!("I felt {p}.")});
        sim.request(p, request("slot_ready", ready)).unwrap();
        sim.settle();
    }
    let page = opening(&sim, 0);
    for (says, more) in [
        ("say_back", json!({"words": {"words": "You say: needle."}})),
        ("need_time", json!({"facts": {"until": "2026-12-24"}})),
    ] {
        let mut ask = json!({"do": "answer", "about": page, "says": says});
        for (name, it) in more.as_object().unwrap() {
            ask[name] = it.clone();
        }
        told(&mut sim, 1, ask).unwrap();
    }
    sim.settle();
    let waits = |sim: &mut Sim| today(sim, 0)["told"].to_string().contains("need_time");
    for p in 0..2 {
        assert_eq!(found(&mut sim, p, "needle").len(), 1);
    }
    assert!(waits(&mut sim));
    told(
        &mut sim,
        1,
        json!({"do": "answer", "about": repair, "says": "stop"}),
    )
    .unwrap();
    sim.settle();
    for p in 0..2 {
        assert_eq!(found(&mut sim, p, "needle"), Vec::<Value>::new());
    }
    assert!(!waits(&mut sim), "{}", today(&mut sim, 0));
}

#[test]
fn nothing_is_told_of_an_answer_that_was_taken_back_before_it_came() {
    let news = |sim: &mut Sim| today(sim, 0)["news"].as_array().map_or(0, Vec::len);
    for what in ["nothing", "the answer", "the page"] {
        let mut sim = Sim::paired(104);
        open_pages(&mut sim, ["Rain.", "Sun."]);
        news(&mut sim);
        sim.cut();
        let page = opening(&sim, 0);
        let heard =
            json!({"do": "answer", "about": page, "says": "heard", "words": {"words": "Rain."}});
        let answer = told(&mut sim, 1, heard).unwrap()["answers"][0]["id"].clone();
        match what {
            "the answer" => {
                drop(told(&mut sim, 1, json!({"do": "take_back", "id": answer})).unwrap())
            }
            "the page" => drop(told(&mut sim, 0, json!({"do": "take_back", "id": page})).unwrap()),
            _ => {}
        }
        sim.connect();
        sim.settle();
        assert_eq!(news(&mut sim), usize::from(what == "nothing"), "{what}");
    }
}

#[test]
fn only_what_a_screen_shows_is_found() {
    let mut sim = Sim::paired(105);
    // Fields that no row has, beside one that it has.
    forge(
        &mut sim,
        "ask",
        json!({}),
        json!({"text": "needle", "other": "needle"}),
    );
    let line = json!({"text": "The needle is here."});
    let (good, _) = forge(&mut sim, "ask", json!({}), line);
    sim.settle();
    let list = told(&mut sim, 0, json!({"do": "list"})).unwrap();
    for it in list["told"].as_array().unwrap() {
        told(&mut sim, 0, json!({"do": "open", "id": it["id"]})).unwrap();
    }
    let lines = found(&mut sim, 0, "needle");
    assert_eq!(lines.len(), 1, "{lines:?}");
    assert_eq!(lines[0]["id"], json!(good));
    // A wording whose words are not those it announced.
    let hers = json!({"topic": "Home", "does": {"me": "I cook.", "partner": ""}});
    let first = sim.request(0, request("agreement_propose", hers)).unwrap();
    sim.settle();
    let body = json!({"agreement": first["agreement"], "base": [], "same": Hash([5; 32])});
    let seen = json!([first["hash"]]);
    let words =
        json!({"topic": "thimble", "terms": "thimble", "does": {"me": "thimble", "partner": ""}});
    let words = blinded(&[7; 32], &words.to_string());
    let head = json!({"kind": "version", "on": "2026-11-22", "seen": seen, "body": body});
    sim.write_head(1, head, &words, None)
        .expect("it passes the gate");
    sim.settle();
    let shown = json!({"agreement": first["agreement"]});
    let shown = sim.request(0, request("agreement_show", shown)).unwrap();
    assert!(!shown.to_string().contains("thimble"), "{shown}");
    assert_eq!(
        shown["versions"].as_array().map(Vec::len),
        Some(2),
        "{shown}"
    );
    assert_eq!(found(&mut sim, 0, "thimble"), Vec::<Value>::new());
    // What is shown is found: of an agreement, of a page.
    assert_eq!(found(&mut sim, 0, "cook").len(), 1);
    open_pages(&mut sim, ["Rain on the roof.", "Sun."]);
    for p in 0..2 {
        assert_eq!(found(&mut sim, p, "roof").len(), 1);
    }
}

#[test]
fn a_page_that_was_taken_back_before_the_other_opened_was_never_there() {
    for opens in [false, true] {
        let mut sim = Sim::paired(106);
        let ready = json!({"slot": SLOT, "words": {"wish": "Rain."}});
        for (method, params) in [
            ("checkin_ready", ready),
            ("checkin_share", json!({"slot": SLOT})),
        ] {
            sim.request(0, request(method, params)).unwrap();
        }
        sim.settle();
        let page = opening(&sim, 0).hex();
        if opens {
            told(&mut sim, 1, json!({"do": "open", "id": page})).unwrap();
        }
        told(&mut sim, 0, json!({"do": "take_back", "id": page})).unwrap();
        sim.settle();
        for name in [page.as_str(), SLOT] {
            let shown = told(&mut sim, 1, json!({"do": "show", "id": name}));
            match opens {
                true => assert_eq!(shown.unwrap()["seen"], "taken_back", "{name}"),
                false => assert!(matches!(shown, Err(Problem::NoSuch { .. })), "{name}"),
            }
        }
    }
}

#[test]
fn parts_and_notes_in_an_agreement_are_found_and_of_parts_the_newest() {
    let mut sim = Sim::paired(75);
    let words =
        json!({"topic": "Visits", "terms": "We call.", "does": {"me": "I call.", "partner": ""}});
    let done = sim.request(0, request("agreement_propose", words)).unwrap();
    let (agreement, version) = (done["agreement"].clone(), done["version"].clone());
    sim.settle();
    let says = |sim: &mut Sim, p: usize, method: &str, params: Value| {
        sim.request(p, request(method, params)).unwrap();
        sim.settle();
    };
    for text in ["the OLDPART of it", "the NEWPART of it"] {
        let part = json!({"agreement": agreement, "text": text});
        says(&mut sim, 0, "agreement_my_part", part);
    }
    let note = json!({"version": version, "note": "LATER, please"});
    says(&mut sim, 1, "agreement_not_now", note);
    for p in 0..2 {
        assert!(found(&mut sim, p, "oldpart").is_empty());
        for words in ["newpart", "later"] {
            let found = found(&mut sim, p, words);
            assert_eq!(found.len(), 1, "{words}");
            assert_eq!(found[0]["id"], agreement, "{words}");
        }
    }
    // Put away it is found no more.
    let back = json!({"version": version, "note": "GOODBYE"});
    says(&mut sim, 0, "agreement_step_back", back);
    assert_eq!(found(&mut sim, 1, "goodbye").len(), 1);
    says(
        &mut sim,
        0,
        "agreement_put_away",
        json!({"agreement": agreement}),
    );
    for words in ["goodbye", "newpart", "later", "visits"] {
        assert!(found(&mut sim, 0, words).is_empty(), "{words}");
        assert!(!found(&mut sim, 1, words).is_empty(), "{words}");
    }
}

#[test]
fn a_day_that_was_named_twice_stands_once_and_a_mark_is_passed_over_by_the_next() {
    let mut sim = Sim::paired(76);
    let repair = add(&mut sim, 0, "repair", json!({"words": "What was said."}));
    for _ in 0..2 {
        let day =
            json!({"do": "answer", "about": repair, "says": "day", "facts": {"day": "2026-11-24"}});
        told(&mut sim, 0, day).unwrap();
    }
    let view = told(&mut sim, 0, json!({"do": "show", "id": repair})).unwrap();
    assert_eq!(view["repair"]["my_days"], json!(["2026-11-24"]));
    let spot = add(
        &mut sim,
        0,
        "tender_spot",
        json!({"text": "Being laughed at."}),
    );
    sim.settle();
    told(&mut sim, 1, json!({"do": "open", "id": spot})).unwrap();
    let back = json!({"do": "answer", "about": spot, "says": "say_back", "words": {"words": "No laughing."}});
    told(&mut sim, 1, back).unwrap();
    sim.settle();
    told(&mut sim, 0, json!({"do": "open", "id": spot})).unwrap();
    for says in ["not_yet", "yes"] {
        let mark = json!({"do": "answer", "about": spot, "says": says});
        told(&mut sim, 0, mark).unwrap();
    }
    sim.settle();
    let marks = |sim: &mut Sim, p: usize| -> Vec<(String, bool)> {
        let view = told(sim, p, json!({"do": "show", "id": spot})).unwrap();
        let all = view["answers"].as_array().unwrap().iter();
        let marks = all.filter(|it| it["says"] == "yes" || it["says"] == "not_yet");
        let one = |it: &Value| {
            let says = it["says"].as_str().unwrap().to_owned();
            (says, it["passed_over"] == true)
        };
        marks.map(one).collect()
    };
    let older = |says: &str, older| (says.to_owned(), older);
    assert_eq!(
        marks(&mut sim, 0),
        [older("not_yet", true), older("yes", false)]
    );
    assert_eq!(marks(&mut sim, 1), [older("yes", false)]);
}
