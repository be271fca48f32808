//! The simulator's own first steps: two people meet, agree, part and meet again.

use super::*;
use serde_json::json;
use troth_proto::Slot;

pub(super) const CHECKINS: Request = Request::CheckinShow {
    slot: None,
    after: None,
};

pub(super) fn propose(topic: &str) -> Request {
    let words =
        json!({"topic": topic, "does": {"me": "I call before.", "partner": "You say when."}});
    serde_json::from_value(json!({"method": "agreement_propose", "params": words})).unwrap()
}

#[test]
fn two_people_pair_agree_and_see_the_same() {
    let mut sim = Sim::paired(1);
    let status = sim.request(0, Request::Status {}).unwrap();
    assert_eq!(
        (status["partner"].as_str(), status["sharing"].as_str()),
        (Some("Ben"), Some("on"))
    );
    let proposed = sim.request(0, propose("Visits")).unwrap();
    sim.settle();
    let version = proposed["version"].as_str().unwrap().to_owned();
    sim.request(1, Request::AgreementYes { version }).unwrap();
    sim.settle();
    for p in 0..2 {
        let shown = sim
            .request(
                p,
                Request::AgreementShow {
                    agreement: proposed["agreement"].as_str().unwrap().into(),
                    after: None,
                },
            )
            .unwrap();
        assert_eq!(shown["state"], "in_force");
        let mine = if p == 0 {
            "I call before."
        } else {
            "You say when."
        };
        assert_eq!(shown["in_force"], shown["versions"][0]["hash"]);
        assert_eq!(shown["versions"][0]["does"]["me"], mine);
    }
    assert_eq!(
        sim.request(0, Request::Status {}).unwrap()["partner_has_all"],
        true
    );
}

#[test]
fn a_check_in_opens_on_both_when_both_are_ready_and_not_before() {
    let mut sim = Sim::paired(2);
    let ready = |wish: &str| -> Request {
        serde_json::from_value(json!({"method": "checkin_ready", "params": {"slot": "2026-W47", "words": {"wish": wish}}})).unwrap()
    };
    sim.request(0, ready("more rain")).unwrap();
    sim.settle();
    let shown = sim.request(1, CHECKINS).unwrap();
    assert_eq!(
        (
            shown["slots"][0]["partner"].as_str(),
            &shown["slots"][0]["opened"]
        ),
        (Some("ready"), &Value::Null)
    );
    assert!(
        !sim.sent[0]
            .iter()
            .any(|frame| String::from_utf8_lossy(frame).contains("more rain"))
    );
    sim.request(1, ready("more sun")).unwrap();
    sim.settle();
    for p in 0..2 {
        let shown = sim.request(p, CHECKINS).unwrap();
        let (mine, theirs) = if p == 0 {
            ("more rain", "more sun")
        } else {
            ("more sun", "more rain")
        };
        assert_eq!(shown["slots"][0]["opened"]["me"]["wish"], mine, "{shown}");
        assert_eq!(shown["slots"][0]["opened"]["partner"]["wish"], theirs);
    }
}

#[test]
fn a_crash_loses_nothing_that_was_answered() {
    let mut sim = Sim::paired(3);
    for n in 0..40 {
        sim.request(0, propose(&format!("Topic {n}"))).unwrap();
    }
    sim.crash(0);
    sim.crash(1);
    sim.connect();
    sim.settle();
    for p in 0..2 {
        let list = sim
            .request(
                p,
                Request::AgreementList {
                    state: None,
                    after: None,
                },
            )
            .unwrap();
        assert_eq!(list["agreements"].as_array().unwrap().len(), 40);
    }
    sim.pass(60_000);
    sim.crash(0);
    assert_eq!(
        sim.request(
            0,
            Request::AgreementList {
                state: None,
                after: None
            }
        )
        .unwrap()["agreements"]
            .as_array()
            .unwrap()
            .len(),
        40
    );
}

#[test]
fn a_save_that_fails_tells_nobody_and_numbers_do_not_diverge() {
    let mut sim = Sim::paired(4);
    sim.devices[0].saves_left = Some(0);
    assert_eq!(sim.request(0, propose("Lost")), Err(Problem::NoDaemon));
    sim.request(0, propose("Kept")).unwrap();
    sim.connect();
    sim.settle();
    let list = sim
        .request(
            1,
            Request::AgreementList {
                state: None,
                after: None,
            },
        )
        .unwrap();
    assert_eq!(list["agreements"].as_array().unwrap().len(), 1);
    assert_eq!(list["agreements"][0]["topic"], "Kept");
}

#[test]
fn files_carry_the_same_any_way_round_and_twice_is_harmless() {
    let mut sim = Sim::paired(5);
    sim.cut();
    sim.request(0, propose("By file")).unwrap();
    let first = sim.carry_out(0, None, false).unwrap();
    sim.request(0, propose("Later")).unwrap();
    let both = sim.carry_out(0, None, false).unwrap();
    assert!(sim.carry_in(1, &both).unwrap());
    assert!(!sim.carry_in(1, &first).unwrap());
    assert!(!sim.carry_in(1, &both).unwrap());
    assert_eq!(sim.carry_in(0, &both), Err(Problem::NotForUs));
    // What came back says what arrived.
    assert_eq!(
        sim.request(0, Request::Status {}).unwrap()["partner_has_all"],
        false
    );
    sim.carry(1, None).unwrap();
    assert_eq!(
        sim.request(0, Request::Status {}).unwrap()["partner_has_all"],
        true
    );
}

#[test]
fn a_bond_that_nothing_has_proved_takes_no_words_and_gives_way_to_a_new_window() {
    let mut sim = Sim::new(8);
    sim.pair(); // both said yes, and never had a link
    assert_eq!(sim.request(0, propose("Early")), Err(Problem::NotPaired));
    let invited = sim
        .request(
            0,
            Request::PairInvite {
                listen: None,
                nearby: false,
                again: false,
            },
        )
        .unwrap();
    assert!(invited["invitation"].is_string(), "{invited}");
    sim.crash(0);
    sim.pair();
    sim.connect();
    sim.settle();
    sim.request(0, propose("In time")).unwrap();
    sim.crash(0);
    assert_eq!(
        sim.request(0, Request::Status {}).unwrap()["partner"],
        "Ben"
    );
}

#[test]
fn a_ready_that_lay_for_two_weeks_on_a_device_that_was_off_does_not_open() {
    let mut sim = Sim::paired(9);
    let ready = |wish: &str| -> Request {
        serde_json::from_value(json!({"method": "checkin_ready", "params": {"slot": "2026-W47", "words": {"wish": wish}}})).unwrap()
    };
    sim.request(0, ready("more rain")).unwrap();
    sim.settle();
    sim.cut();
    for device in &mut sim.devices {
        device.day = Day::new(2026, 12, 10).unwrap();
    }
    sim.request(1, ready("more sun")).unwrap();
    sim.crash(0);
    sim.connect();
    sim.settle();
    let shown = sim.request(0, CHECKINS).unwrap();
    let slot = &shown["slots"][0];
    assert_eq!(
        (&slot["mine"], &slot["opened"]),
        (&json!("empty"), &Value::Null)
    );
    assert_eq!(slot["kept_here"]["wish"], "more rain");
    assert!(
        !sim.sent[0]
            .iter()
            .any(|frame| String::from_utf8_lossy(frame).contains("more rain"))
    );
}

#[test]
fn there_is_always_room_to_let_go() {
    let mut sim = Sim::paired(10);
    let proposed = sim.request(0, propose("Visits")).unwrap();
    let agreement = proposed["agreement"].as_str().unwrap().to_owned();
    let part = |n: usize| Request::AgreementMyPart {
        agreement: agreement.clone(),
        text: format!("As I see it, for the {n}th time"),
    };
    let refused = (0..1000).find_map(|n| sim.request(0, part(n)).err());
    assert_eq!(refused, Some(Problem::TooManyActs));
    let note = String::new();
    let let_go = Request::AgreementLetGo { agreement, note };
    sim.request(0, let_go).unwrap();
}

#[test]
fn a_topic_that_was_only_proposed_names_no_agreement() {
    let mut sim = Sim::paired(6);
    let propose = |sim: &mut Sim, topic: &str, agreement: Value| {
        let words = json!({"topic": topic, "agreement": agreement, "does": {"me": "I call."}});
        let request = json!({"method": "agreement_propose", "params": words});
        let done = sim.request(0, serde_json::from_value(request).unwrap());
        sim.settle();
        done.unwrap()
    };
    let asks = |sim: &mut Sim, p: usize, method: &str, params: Value| {
        let request = json!({"method": method, "params": params});
        let done = sim.request(p, serde_json::from_value(request).unwrap());
        sim.settle();
        done.unwrap()
    };
    let topics = |sim: &mut Sim| -> Vec<Value> {
        let list = json!({"method": "agreement_list", "params": {}});
        let list: Request = serde_json::from_value(list).unwrap();
        (0..2)
            .map(|p| sim.request(p, list.clone()).unwrap()["agreements"][0]["topic"].clone())
            .collect()
    };
    let first = propose(&mut sim, "Phones", Value::Null);
    assert_eq!(topics(&mut sim), ["Phones", "Phones"]);
    let yes = json!({"version": first["version"]});
    asks(&mut sim, 1, "agreement_yes", yes);
    let agreement = first["agreement"].clone();
    propose(&mut sim, "Screens", agreement.clone());
    assert_eq!(topics(&mut sim), ["Phones", "Phones"]);
    let let_go = json!({"agreement": agreement, "note": ""});
    asks(&mut sim, 0, "agreement_let_go", let_go);
    assert_eq!(topics(&mut sim), ["Phones", "Phones"], "once let go");
    propose(&mut sim, "Tablets", agreement);
    assert_eq!(topics(&mut sim), ["Tablets", "Tablets"], "proposed anew");
}

#[test]
fn one_who_is_refused_dials_later_each_time_and_is_told_once_a_day() {
    let mut sim = Sim::paired(11);
    // Ana's home is made anew with other words, and Ben holds what the one before wrote.
    sim.request(0, propose("Known to both")).unwrap();
    sim.settle();
    sim.lose(0, false);
    sim.pair_as([false, true]);
    for _ in 0..4 {
        sim.connect();
        sim.settle();
        let before = sim.devices[1].dials;
        sim.pass(15_900);
        assert_eq!(sim.devices[1].dials, before, "dials again at once");
        sim.pass(320_000);
        assert_eq!(sim.devices[1].dials, before + 1, "gives up");
        sim.request(0, Request::Today {}).unwrap();
    }
    let status = sim.request(0, Request::Status {}).unwrap();
    assert_eq!(status["notices"], json!([]), "told once");
}

#[test]
fn what_today_must_say_is_not_hidden_by_much_else() {
    let mut sim = Sim::paired(12);
    for n in 0..120 {
        sim.request(1, propose(&format!("Topic {n}"))).unwrap();
    }
    for week in 1..=52 {
        let words = json!({"slot": format!("9998-W{week:02}"), "words": {"wish": "far off"}});
        sim.request(
            1,
            serde_json::from_value(json!({"method": "checkin_ready", "params": words})).unwrap(),
        )
        .unwrap();
    }
    let words = json!({"slot": "2026-W47", "words": {"wish": "this week"}});
    sim.request(
        1,
        serde_json::from_value(json!({"method": "checkin_ready", "params": words})).unwrap(),
    )
    .unwrap();
    sim.settle();
    let today = sim.request(0, Request::Today {}).unwrap();
    let waiting = today["waiting"].as_array().unwrap();
    assert!(waiting.len() <= 100);
    assert!(waiting.iter().any(|line| line["id"] == "2026-W47"));
    assert!(waiting.iter().any(|line| line["what"] == "proposal"));
    let shown = sim.request(0, CHECKINS).unwrap();
    assert!(
        shown["slots"]
            .as_array()
            .unwrap()
            .iter()
            .any(|slot| slot["slot"] == "2026-W47")
    );
    assert_eq!(shown["this_week"], "2026-W47");
}

pub(super) fn request(method: &str, params: Value) -> Request {
    serde_json::from_value(json!({"method": method, "params": params})).unwrap()
}

pub(super) fn topics(sim: &mut Sim, p: usize) -> Vec<String> {
    let all = request("agreement_list", json!({"state": null, "after": null}));
    let list = sim.request(p, all).unwrap();
    let lines = list["agreements"].as_array().unwrap();
    let mut topics: Vec<String> = lines
        .iter()
        .map(|line| line["topic"].as_str().unwrap().to_owned())
        .collect();
    topics.sort();
    topics
}

pub(super) fn meet(sim: &mut Sim) {
    sim.connect();
    sim.settle();
}

pub(super) fn notices(sim: &mut Sim, p: usize) -> Vec<Value> {
    let status = sim.request(p, Request::Status {}).unwrap();
    status["notices"].as_array().unwrap().clone()
}

fn big(topic: &str) -> Request {
    request(
        "agreement_propose",
        json!({"topic": topic, "does": {"me": "I call."}, "weight": "big"}),
    )
}

pub(super) fn state_of(sim: &mut Sim, p: usize, agreement: &str) -> String {
    let shown = sim.request(
        p,
        request("agreement_show", json!({"agreement": agreement})),
    );
    shown.unwrap()["state"].as_str().unwrap().to_owned()
}

#[test]
fn a_yes_to_something_big_rests_here_for_a_day_and_nobody_else_learns_of_it() {
    let mut sim = Sim::paired(50);
    let done = sim.request(0, big("Moving")).unwrap();
    let agreement = done["agreement"].as_str().unwrap().to_owned();
    let yes = request("agreement_yes", json!({"version": done["version"]}));
    sim.settle();
    let sent = sim.sent[1].len();
    let answer = sim.request(1, yes.clone()).unwrap();
    assert_eq!(answer["rests_until"], "2026-11-23");
    sim.settle();
    assert_eq!(sim.sent[1].len(), sent, "something left the device");
    assert_eq!(sim.request(1, yes.clone()), Err(Problem::RestsAlready));
    assert_eq!(state_of(&mut sim, 0, &agreement), "proposed");
    let today = sim.request(1, Request::Today {}).unwrap();
    assert_eq!(
        (today["resting"][0]["what"].as_str(), &today["waiting"]),
        (Some("resting"), &json!([]))
    );
    // Called back unseen, and said anew; also over a start.
    sim.request(
        1,
        request("agreement_call_back", json!({"version": done["version"]})),
    )
    .unwrap();
    let none = sim.request(
        1,
        request("agreement_call_back", json!({"version": done["version"]})),
    );
    assert_eq!(none, Err(Problem::NothingRests));
    sim.pass(90_000_000);
    assert_eq!(
        sim.request(1, yes.clone()).unwrap()["rests_until"],
        "2026-11-23"
    );
    sim.crash(1);
    meet(&mut sim);
    sim.pass(80_000_000);
    sim.settle();
    assert_eq!(state_of(&mut sim, 0, &agreement), "proposed");
    for _ in 0..12 {
        sim.pass(600_000);
        sim.settle();
    }
    meet(&mut sim);
    for p in 0..2 {
        assert_eq!(state_of(&mut sim, p, &agreement), "in_force");
    }
}

#[test]
fn a_yes_that_would_no_longer_count_is_not_said_and_its_author_is_told() {
    let mut sim = Sim::paired(51);
    let done = sim.request(0, big("Moving")).unwrap();
    let agreement = done["agreement"].as_str().unwrap().to_owned();
    sim.settle();
    sim.request(
        1,
        request("agreement_yes", json!({"version": done["version"]})),
    )
    .unwrap();
    sim.request(
        0,
        request(
            "agreement_step_back",
            json!({"version": done["version"], "note": ""}),
        ),
    )
    .unwrap();
    sim.settle();
    for _ in 0..150 {
        sim.pass(600_000);
    }
    assert_eq!(state_of(&mut sim, 1, &agreement), "not_agreed");
    assert_eq!(
        notices(&mut sim, 1),
        [json!({"kind": "yes_not_said", "topic": "Moving"})]
    );
}

#[test]
fn calling_a_page_back_again_and_again_does_not_end_a_check_in() {
    let mut sim = Sim::paired(80);
    let slot: Slot = "2026-W47".parse().unwrap();
    let ready = |wish: &str| {
        request(
            "checkin_ready",
            json!({"slot": "2026-W47", "words": {"wish": wish}}),
        )
    };
    for _ in 0..60 {
        sim.request(1, ready("rain")).unwrap();
        sim.request(1, Request::CheckinCancel { slot: slot.clone() })
            .unwrap();
    }
    sim.settle();
    sim.request(0, ready("sun")).unwrap();
    sim.request(1, ready("rain")).unwrap();
    sim.settle();
    let shown = sim.request(0, CHECKINS).unwrap();
    assert_eq!(shown["slots"][0]["partner"], "open");
}

#[test]
fn one_who_is_about_to_be_ready_is_told_when_it_opens_at_once() {
    let slot: Slot = "2026-W47".parse().unwrap();
    for share in [false, true] {
        let mut sim = Sim::paired(81);
        sim.request(
            1,
            request(
                "checkin_ready",
                json!({"slot": slot, "words": {"wish": "rain"}}),
            ),
        )
        .unwrap();
        if share {
            sim.request(1, Request::CheckinShare { slot: slot.clone() })
                .unwrap();
        }
        sim.settle();
        let shown = sim.request(0, CHECKINS).unwrap();
        assert_eq!(shown["slots"][0]["opens_at_once"], true);
        sim.request(
            0,
            request(
                "checkin_ready",
                json!({"slot": slot, "words": {"wish": "sun"}}),
            ),
        )
        .unwrap();
        sim.settle();
        let shown = sim.request(0, CHECKINS).unwrap();
        assert_eq!(shown["slots"][0]["mine"], "open");
    }
}

#[test]
fn a_book_is_exported_as_an_automerge_document_with_every_assertion_in_it() {
    use automerge::ReadDoc;
    let mut sim = Sim::paired(82);
    for n in 0..5 {
        sim.request(0, propose(&format!("Topic {n}"))).unwrap();
    }
    let answer = sim
        .request(
            0,
            request("export_book", json!({"whose": "me", "cursor": null})),
        )
        .unwrap();
    assert_eq!(answer["cursor"], Value::Null);
    let bytes = data_encoding::BASE64
        .decode(answer["piece"].as_str().unwrap().as_bytes())
        .unwrap();
    let document = automerge::Automerge::load(&bytes).unwrap();
    let couple = sim.node(0).couple().unwrap();
    assert_eq!(
        document.length(automerge::ROOT),
        couple.book(Who::Me).assertions()
    );
    for said in couple.book(Who::Me).said() {
        let (value, _) = document
            .get(automerge::ROOT, said.id.hex())
            .unwrap()
            .unwrap();
        let value: Value = serde_json::from_str(value.as_str().unwrap()).unwrap();
        assert!(
            value["words"]["topic"]
                .as_str()
                .unwrap()
                .starts_with("Topic")
        );
        assert_eq!(value["head"]["id"], said.id.hex());
    }
}

fn asked(sim: &mut Sim, p: usize, ask: Value) -> Value {
    sim.request(p, request("told", ask)).unwrap()
}

fn tell(sim: &mut Sim, p: usize, kind: &str, words: Value) -> Value {
    asked(sim, p, json!({"do": "add", "kind": kind, "words": words}))["id"].clone()
}

/// What an export of a book holds, by the id of each.
fn exported(sim: &mut Sim, p: usize, ask: Value) -> Vec<Value> {
    use automerge::ReadDoc;
    let answer = sim.request(p, request("export_book", ask)).unwrap();
    assert_eq!(answer["cursor"], Value::Null);
    let piece = answer["piece"].as_str().unwrap();
    let bytes = data_encoding::BASE64.decode(piece.as_bytes()).unwrap();
    let document = automerge::Automerge::load(&bytes).unwrap();
    let values = document.keys(automerge::ROOT).map(|key| {
        let (value, _) = document.get(automerge::ROOT, key).unwrap().unwrap();
        serde_json::from_str(value.as_str().unwrap()).unwrap()
    });
    values.collect()
}

#[test]
fn the_partners_book_leaves_without_what_was_not_opened_or_was_taken_back() {
    let mut sim = Sim::paired(102);
    let propose = json!({"topic": "SEEN-topic", "does": {"me": "I cook.", "partner": ""}});
    sim.request(1, request("agreement_propose", propose))
        .unwrap();
    let back = tell(&mut sim, 1, "thanks", json!({"did": "HIDDEN-back"}));
    let opened = tell(&mut sim, 1, "thanks", json!({"did": "SEEN-opened"}));
    let trust = tell(&mut sim, 1, "confidence", json!({"text": "TRUST-opened"}));
    tell(&mut sim, 1, "ask", json!({"text": "HIDDEN-closed"}));
    tell(&mut sim, 1, "confidence", json!({"text": "HIDDEN-trust"}));
    sim.settle();
    for id in [&back, &opened, &trust] {
        asked(&mut sim, 0, json!({"do": "open", "id": id}));
    }
    asked(&mut sim, 1, json!({"do": "take_back", "id": back}));
    // What counts nowhere is shown nowhere.
    let mut nowhere = json!({"kind": "thanks", "on": "2026-11-22", "body": {}});
    nowhere["about"] = json!("09".repeat(16));
    let words = troth_proto::assertion::blinded(&[7; 16], r#"{"did":"HIDDEN-nowhere"}"#);
    sim.write_head(1, nowhere, &words, None).unwrap();
    for (p, wish) in ["My wish.", "SEEN-page"].into_iter().enumerate() {
        let ready = json!({"slot": "2026-W47", "words": {"wish": wish}});
        sim.request(p, request("checkin_ready", ready)).unwrap();
    }
    sim.settle();
    for trust_too in [false, true] {
        let mut ask = json!({"whose": "partner", "cursor": null});
        if trust_too {
            ask["with_confidences"] = json!(true);
        }
        let all = exported(&mut sim, 0, ask);
        let text = json!(all).to_string();
        assert!(!text.contains("HIDDEN"), "{text}");
        for seen in ["SEEN-topic", "SEEN-opened", "SEEN-page"] {
            assert!(text.contains(seen), "{seen}: {text}");
        }
        assert_eq!(text.contains("TRUST"), trust_too, "{text}");
        let book = sim.node(0).couple().unwrap().book(Who::Partner);
        assert_eq!(
            all.len(),
            book.assertions(),
            "each stands there, with words or without"
        );
    }
    // One's own is whole.
    let own = exported(&mut sim, 1, json!({"whose": "me", "cursor": null}));
    for word in ["HIDDEN-closed", "HIDDEN-trust", "TRUST-opened", "SEEN-page"] {
        assert!(json!(own).to_string().contains(word), "{word}");
    }
    // A page that is taken back leaves no more.
    let opening = |said: &crate::books::book::Said<'_>| said.head.contains("\"open\"");
    let couple = sim.node(1).couple().unwrap();
    let page = couple.book(Who::Me).said().find(opening).unwrap().id;
    asked(&mut sim, 1, json!({"do": "take_back", "id": page}));
    sim.settle();
    let all = exported(&mut sim, 0, json!({"whose": "partner", "cursor": null}));
    assert!(!json!(all).to_string().contains("SEEN-page"));
}

fn news(sim: &mut Sim, p: usize) -> Vec<(String, String)> {
    let today = sim.request(p, Request::Today {}).unwrap();
    let lines = today["news"].as_array().cloned().unwrap_or_default();
    let text = |line: &Value, key: &str| line[key].as_str().unwrap_or_default().to_owned();
    lines
        .iter()
        .map(|line| (text(line, "what"), text(line, "topic")))
        .collect()
}

#[test]
fn what_the_partner_said_is_told_once_and_kept_until_it_was_seen() {
    let mut sim = Sim::paired(90);
    let mut versions = Vec::new();
    for topic in ["Phones", "Visits", "Money"] {
        let done = sim.request(0, propose(topic)).unwrap();
        versions.push(done);
    }
    sim.settle();
    let of = |n: usize, key: &str| versions[n][key].clone();
    let says = [
        ("agreement_yes", json!({"version": of(0, "version")})),
        (
            "agreement_not_now",
            json!({"version": of(1, "version"), "note": "Later."}),
        ),
        ("agreement_yes", json!({"version": of(2, "version")})),
        (
            "agreement_let_go",
            json!({"agreement": of(2, "agreement"), "note": ""}),
        ),
    ];
    for (method, params) in says {
        sim.request(1, request(method, params)).unwrap();
        sim.settle();
    }
    sim.crash(0);
    let told = |pairs: &[(&str, &str)]| -> Vec<(String, String)> {
        let owned = pairs
            .iter()
            .map(|(a, b)| ((*a).to_owned(), (*b).to_owned()));
        owned.collect()
    };
    // Whoever only glances at it takes nothing away.
    let glance = sim.request(0, Request::Glance {}).unwrap();
    assert_eq!(
        (&glance["news"], &glance["on_offer"]),
        (&Value::Null, &json!(["Visits"]))
    );
    let today = sim.request(0, Request::Today {}).unwrap();
    assert_eq!(
        today["on_offer"],
        json!(["Visits"]),
        "without days, and without waiting"
    );
    assert_eq!(today["news"][0]["state"], "in_force");
    assert_eq!(today["news"][1]["note"], true);
    assert_eq!(today["news"].as_array().unwrap().len(), 4);
    assert_eq!(news(&mut sim, 0), [], "once");
    // His own, and what her Troth closed for her, is no news to him.
    assert_eq!(news(&mut sim, 1), []);
    sim.request(
        0,
        request(
            "agreement_step_back",
            json!({"version": of(1, "version"), "note": ""}),
        ),
    )
    .unwrap();
    meet(&mut sim);
    assert_eq!(news(&mut sim, 1), told(&[("stepped_back", "Visits")]));
    // Seen stays seen.
    sim.pass(1_000);
    sim.crash(1);
    assert_eq!(news(&mut sim, 1), []);
}

#[test]
fn what_was_answered_with_not_now_or_needs_time_no_longer_waits() {
    let mut sim = Sim::paired(91);
    let mut versions = Vec::new();
    for topic in ["Phones", "Visits"] {
        let done = sim.request(1, propose(topic)).unwrap();
        versions.push(done["version"].clone());
    }
    sim.settle();
    let not_now = json!({"version": versions[0], "note": ""});
    sim.request(0, request("agreement_not_now", not_now))
        .unwrap();
    let until = json!({"version": versions[1], "until": "2026-11-24"});
    sim.request(0, request("agreement_need_time", until))
        .unwrap();
    let lines = |sim: &mut Sim, part: &str| -> Vec<(String, String)> {
        let today = sim.request(0, Request::Today {}).unwrap();
        let all = today[part].as_array().unwrap().clone();
        let text = |line: &Value, key: &str| line[key].as_str().unwrap_or_default().to_owned();
        let mut all: Vec<_> = all
            .iter()
            .map(|line| (text(line, "topic"), text(line, "until")))
            .collect();
        all.sort();
        all
    };
    let pair = |a: &str, b: &str| (a.to_owned(), b.to_owned());
    assert_eq!(lines(&mut sim, "waiting"), []);
    assert_eq!(
        lines(&mut sim, "resting"),
        [pair("Phones", ""), pair("Visits", "2026-11-24")]
    );
    // The day has come, and other words for the first.
    sim.devices[0].day = Day::new(2026, 11, 24).unwrap();
    let anew = json!({"agreement": null, "base": [versions[0]], "topic": "Phones", "does": {"me": "I switch it off."}});
    sim.request(1, request("agreement_propose", anew)).unwrap();
    sim.settle();
    assert_eq!(
        lines(&mut sim, "waiting"),
        [pair("Phones", ""), pair("Visits", "")]
    );
    assert_eq!(lines(&mut sim, "resting"), []);
}
