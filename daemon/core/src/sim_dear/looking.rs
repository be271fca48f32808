//! What is looked at: lists, searches, exports, Today and names stay cheap and whole, whatever a partner fills.

use super::*;

/// Ana takes Ben's book along: what follows, and in how many steps.
fn exported(sim: &mut Sim) -> (Vec<Effect>, u64) {
    let export = Request::ExportBook {
        whose: Who::Partner,
        with_confidences: false,
        cursor: None,
    };
    let now = sim.now(0);
    let input = Input::Request {
        client: 1,
        id: 1,
        request: export,
    };
    let before = taken();
    let node = sim.devices[0].node.as_mut().unwrap();
    let effects = node.handle(now, &mut sim.chance, input);
    let cost = taken() - before;
    (effects, cost)
}

#[test]
fn weeks_full_of_pages_make_no_export_dear() {
    let mut sim = Sim::paired(710);
    let words = blinded(&[7; 32], &json!({"wish": "rain"}).to_string());
    for week in 30..36 {
        for _ in 0..200 {
            let body = json!({"slot": format!("2026-W{week}"), "round": 1});
            let head = json!({"kind": "open", "on": DAY, "body": body});
            sim.write_head(1, head, &words, None).unwrap();
        }
    }
    // One that both have opened leaves with her.
    for p in 0..2 {
        let ready = json!({"slot": "2026-W47", "words": {"wish": format!("needle of {p}")}});
        sim.request(p, request("checkin_ready", ready)).unwrap();
        sim.settle();
    }
    let (effects, cost) = exported(&mut sim);
    assert!(cost < 30_000, "{cost}");
    let book = effects.iter().find_map(|effect| match effect {
        Effect::Export { input, .. } => Some(String::from_utf8_lossy(input).into_owned()),
        _ => None,
    });
    let book = book.unwrap();
    assert!(book.contains("needle of 1") && !book.contains("rain"));
}

#[test]
fn an_agreement_of_many_versions_makes_no_export_dear() {
    let mut sim = Sim::paired(721);
    let about = agreement(&mut sim, "Visits")["agreement"].clone();
    let first = sim.node(0).couple().unwrap().book(Who::Me).said().last();
    let first = first.unwrap().hash;
    let words = r#"{"topic":"All","terms":"x","does":{"me":"","partner":"y"}}"#;
    let words = blinded(&BLIND, words);
    for _ in 0..400 {
        let head = json!({"kind": "version", "on": DAY, "seen": [first],
            "body": {"agreement": about, "base": [], "same": Hash::default()}});
        sim.write_head(1, head, &words, None).unwrap();
    }
    sim.settle();
    let (_, cost) = exported(&mut sim);
    assert!(cost < 8_000, "{cost}");
}

/// All lines that a search finds, and the most steps of a page.
fn found(sim: &mut Sim, words: &str) -> (Vec<Value>, u64) {
    let (mut all, mut most, mut after) = (Vec::new(), 0, Value::Null);
    loop {
        let before = taken();
        let page = told(
            sim,
            0,
            json!({"do": "search", "words": words, "after": after}),
        )
        .unwrap();
        most = most.max(taken() - before);
        all.extend(page["found"].as_array().unwrap().clone());
        if page["next"].is_null() {
            return (all, most);
        }
        assert_ne!(page["next"], after);
        after = page["next"].clone();
    }
}

#[test]
fn a_search_looks_at_a_bounded_number_of_acts_a_page_and_all_is_found() {
    let mut sim = Sim::paired(713);
    let text = json!({"text": "needle"});
    let ids: Vec<Value> = (0..5)
        .map(|_| add(&mut sim, 0, "ask", text.clone(), json!({}))["id"].clone())
        .collect();
    sim.settle();
    let words = blinded(&BLIND, &json!({"words": "needle"}).to_string());
    for id in &ids {
        let of = hash_of(&sim, 0, id);
        for _ in 0..300 {
            let head = json!({"kind": "answer", "on": DAY, "about": id, "seen": [of],
                "body": {"says": "words"}});
            sim.write_head(1, head, &words, None).unwrap();
        }
        sim.settle();
    }
    let (all, cost) = found(&mut sim, "needle");
    assert_eq!(all.len(), 5, "{all:#?}");
    assert!(cost < 25_000, "{cost}");
}

#[test]
fn a_search_in_weeks_full_of_pages_looks_at_each_once() {
    let mut sim = Sim::paired(714);
    let words = blinded(&[7; 32], &json!({"wish": "needle"}).to_string());
    for week in 30..33 {
        for _ in 0..200 {
            let body = json!({"slot": format!("2026-W{week}"), "round": 1});
            let head = json!({"kind": "open", "on": DAY, "body": body});
            sim.write_head(1, head, &words, None).unwrap();
        }
        sim.settle();
    }
    for p in 0..2 {
        let ready = json!({"slot": "2026-W47", "words": {"wish": "needle"}});
        sim.request(p, request("checkin_ready", ready)).unwrap();
        sim.settle();
    }
    let (all, cost) = found(&mut sim, "needle");
    assert_eq!(all.len(), 2, "{all:#?}");
    assert!(cost < 25_000, "{cost}");
}

#[test]
fn a_search_among_parts_of_one_agreement_finds_out_once_which_is_the_newest() {
    let mut sim = Sim::paired(719);
    let about = agreement(&mut sim, "Visits");
    let words = blinded(&BLIND, &json!({"text": "needle"}).to_string());
    let says = |kind: &str| {
        let body = json!({"agreement": about["agreement"]});
        json!({"kind": kind, "on": DAY, "seen": [about["hash"]], "body": body})
    };
    for _ in 0..150 {
        sim.write_head(1, says("my_part"), &words, None).unwrap();
    }
    for _ in 0..300 {
        sim.write_head(1, says("put_away"), "", None).unwrap();
    }
    sim.settle();
    let (all, cost) = found(&mut sim, "needle");
    assert_eq!(all.len(), 1, "{all:#?}");
    assert!(cost < 10_000, "{cost}");
}

#[test]
fn ones_own_words_that_came_back_stand_on_today_whatever_the_other_fills() {
    let mut sim = Sim::paired(715);
    let ready = json!({"slot": "2026-W30", "words": {"wish": "rain"}});
    sim.request(0, request("checkin_ready", ready)).unwrap();
    sim.request(0, request("checkin_cancel", json!({"slot": "2026-W30"})))
        .unwrap();
    sim.settle();
    let lines = |sim: &mut Sim| {
        let today = sim.request(0, Request::Today {}).unwrap();
        today["waiting"].as_array().unwrap().clone()
    };
    let came_back = |line: &Value| line["id"] == "2026-W30" && line["what"] == "came_back";
    assert!(lines(&mut sim).iter().any(came_back));
    for week in 44..49 {
        for _ in 0..500 {
            let body = json!({"slot": format!("2026-W{week}"), "round": 1});
            sim.write_head(1, json!({"kind": "cancel", "body": body}), "", None)
                .unwrap();
        }
        sim.settle();
    }
    let now = lines(&mut sim);
    assert!(now.iter().any(came_back), "{now:#?}");
}

/// Ben says something better, so many times, one after the other. Says the last.
fn say_better(sim: &mut Sim, first: AssertionId, times: usize) -> AssertionId {
    let words = blinded(&BLIND, &json!({"text": "x"}).to_string());
    let mut last = first;
    for _ in 0..times {
        let head = json!({"kind": "confidence", "on": DAY, "instead_of": last,
            "body": {"listen_as": "just_listen"}});
        last = sim.write_head(1, head, &words, None).unwrap().0;
    }
    sim.settle();
    last
}

fn confidence(sim: &mut Sim) -> AssertionId {
    let listen = json!({"listen_as": "just_listen"});
    tell(sim, "confidence", &listen, &json!({"text": "x"}))
}

fn tell_nobody(sim: &mut Sim, about: AssertionId) -> AssertionId {
    let head =
        json!({"kind": "answer", "on": DAY, "about": about, "body": {"says": "tell_nobody"}});
    let (id, _) = sim.write_head(1, head, "", None).unwrap();
    sim.settle();
    id
}

#[test]
fn a_confidence_that_was_said_better_many_times_makes_no_list_dear() {
    let mut sim = Sim::paired(717);
    add(&mut sim, 0, "thanks", json!({"did": "x"}), json!({}));
    let first = confidence(&mut sim);
    tell_nobody(&mut sim, first);
    let last = say_better(&mut sim, first, 300);
    let (mut all, mut lines, mut after) = (0, 0, Value::Null);
    loop {
        let before = taken();
        let list = json!({"do": "list", "kind": "confidence", "after": after});
        let page = told(&mut sim, 0, list).unwrap();
        let cost = taken() - before;
        assert!(cost < 5_000, "{cost}");
        all += cost;
        lines += page["told"].as_array().map_or(0, Vec::len);
        after = page["next"].clone();
        if after.is_null() {
            break;
        }
    }
    assert_eq!(lines, 1);
    assert!(all < 25_000, "{all}");
    let before = taken();
    sim.request(0, Request::Today {}).unwrap();
    let cost = taken() - before;
    assert!(cost < 10_000, "{cost}");
    let before = taken();
    told(&mut sim, 0, json!({"do": "open", "id": last})).unwrap();
    let cost = taken() - before;
    assert!(cost < 1_000, "{cost}");
}

#[test]
fn to_tell_nobody_holds_for_later_wordings_until_it_is_taken_back() {
    let mut sim = Sim::paired(718);
    add(&mut sim, 0, "thanks", json!({"did": "x"}), json!({}));
    let first = confidence(&mut sim);
    let nobody = [(); 2].map(|()| tell_nobody(&mut sim, first));
    let last = say_better(&mut sim, first, 5);
    let is = |sim: &mut Sim| {
        let open = told(sim, 0, json!({"do": "open", "id": last})).unwrap();
        open["tell_nobody"] == true
    };
    assert!(is(&mut sim));
    take_back(&mut sim, nobody[0]);
    assert!(is(&mut sim), "it was said twice");
    let before = sim.node(0).couple().unwrap().length();
    take_back(&mut sim, nobody[1]);
    assert!(!is(&mut sim));
    // What took it back is gone again: it holds.
    let node = sim.devices[0].node.as_mut().unwrap();
    node.couple_for_tests().truncate(before);
    assert!(is(&mut sim));
    sim.crash(0);
    sim.connect();
    sim.settle();
    assert!(!is(&mut sim));
}

/// An id that begins as all others by this, and goes on with a number.
fn alike(n: usize) -> AssertionId {
    let mut id = [0xab; 16];
    id[8..].copy_from_slice(&(n as u64).to_be_bytes());
    AssertionId(id)
}

#[test]
fn ids_that_begin_alike_make_no_name_dear() {
    let mut sim = Sim::paired(719);
    add(&mut sim, 0, "thanks", json!({"did": "x"}), json!({}));
    for n in 0..4_000 {
        let body = json!({"slot": format!("2026-W{}", 41 + n / 500), "round": 1});
        let head = json!({"kind": "cancel", "id": alike(n), "body": body});
        sim.write_head(1, head, "", None).unwrap();
    }
    sim.settle();
    let before = taken();
    let shown = told(&mut sim, 0, json!({"do": "show", "id": "abab"}));
    let cost = taken() - before;
    assert!(matches!(shown, Err(Problem::NotUnique { .. })), "{shown:?}");
    assert!(cost < 3_000, "{cost}");
    let version = request("agreement_show", json!({"agreement": "abab"}));
    let before = taken();
    assert!(sim.request(0, version).is_err());
    let cost = taken() - before;
    assert!(cost < 3_000, "{cost}");
}

#[test]
fn what_was_taken_back_unopened_hides_nothing_that_is_named_alike() {
    let mut sim = Sim::paired(720);
    add(&mut sim, 0, "thanks", json!({"did": "x"}), json!({}));
    let words = blinded(&BLIND, &json!({"text": "x"}).to_string());
    for n in 0..3 {
        let head = json!({"kind": "ask", "on": DAY, "id": alike(n), "body": {}});
        sim.write_head(1, head, &words, None).unwrap();
    }
    sim.settle();
    let show = json!({"do": "show", "id": "abab"});
    let shown = told(&mut sim, 0, show.clone());
    assert!(matches!(shown, Err(Problem::NotUnique { .. })));
    take_back(&mut sim, alike(0));
    take_back(&mut sim, alike(1));
    let shown = told(&mut sim, 0, show).unwrap();
    assert_eq!(shown["id"], json!(alike(2)));
}
