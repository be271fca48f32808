//! Pages in slots and about oneself, and answers in own words: what is there for whom, said better, put away, beside each other.

use crate::told_table::{Row, answers, row, seen_answer};
use serde_json::{Value, json};
use troth_proto::Problem;
use troth_tests::histories::request;

const SLOT: &str = "2026-W47";

fn ready(r: &mut Row, p: usize, wish: &str) {
    let ready = json!({"slot": SLOT, "words": {"wish": wish}});
    r.sim.request(p, request("checkin_ready", ready)).unwrap();
}

/// Both open a page.
fn pages(r: &mut Row, wishes: [&str; 2]) {
    let both = [r.ana, r.ben];
    for (p, wish) in both.into_iter().zip(wishes) {
        ready(r, p, wish);
    }
    r.together();
}

fn slot(r: &mut Row, p: usize) -> Value {
    let show = request("checkin_show", json!({"slot": SLOT}));
    r.sim.request(p, show).unwrap()["slots"][0].clone()
}

fn holds(r: &Row, p: usize, words: &str) -> bool {
    format!("{:?}", r.sim.everything(p)).contains(words)
}

/// Days on which both are there, one after the other.
fn pass(r: &mut Row, days: i64) {
    for _ in 0..days {
        for device in &mut r.sim.devices {
            device.day = device.day.plus(1);
        }
        r.sim.pass(700_000);
        r.together();
    }
}

fn no_such(what: &str) -> Result<Value, Problem> {
    Err(Problem::NoSuch { what: what.into() })
}

#[test]
fn a_page_that_was_taken_back_before_it_was_opened_never_was_by_whatever_name() {
    row(|r| {
        let (ana, ben) = (r.ana, r.ben);
        ready(r, ben, "Rain.");
        let share = json!({"slot": SLOT});
        r.sim
            .request(ben, request("checkin_share", share.clone()))
            .unwrap();
        r.together();
        let id = slot(r, ana)["pages"]["partner"].clone();
        let id = id.as_str().unwrap().to_owned();
        assert_eq!(r.seen(ana, SLOT), "open");
        r.sim
            .request(ben, request("checkin_take_back", share))
            .unwrap();
        r.together();
        for name in [SLOT, &id] {
            for step in ["show", "open", "keep", "set_aside"] {
                let done = r.told(ana, json!({"do": step, "id": name}));
                assert_eq!(done, no_such(name), "{step}");
            }
            for says in ["heard", "thank"] {
                assert_eq!(
                    r.try_answer(ana, name, says, "", json!({})),
                    no_such(name),
                    "{says}"
                );
            }
        }
        // The one who took it back has it as always.
        assert_eq!(r.seen(ben, SLOT), "taken_back");
    });
}

#[test]
fn what_was_taken_back_unopened_is_answered_as_if_it_had_never_been() {
    row(|r| {
        let (ana, ben) = (r.ana, r.ben);
        let id = r.text(ana, "thanks");
        r.together();
        r.back(ana, &id);
        r.together();
        let thanked = r.try_answer(ben, &id, "thank", "", json!({}));
        assert_eq!(thanked, no_such(&id));
    });
}

#[test]
fn an_answer_in_own_words_is_said_better_by_its_author_and_each_other_stands() {
    row(|r| {
        let (ana, ben) = (r.ana, r.ben);
        let x = r.opened("ask");
        let first = r.answer(ben, &x, "words", "Perhaps.");
        let second = r.answer(ben, &x, "words", "On Sunday.");
        let may = |r: &mut Row, p: usize, id: &str| {
            let view = r.show(p, &x);
            let found = answers(&view, "words").into_iter();
            let mut found = found.filter(|it| it["id"] == id);
            found.next().unwrap()["may_say_better"] == true
        };
        assert!(may(r, ben, &first) && may(r, ben, &second));
        let better = r.better_answer(ben, (&x, "words"), &first, "Yes.");
        assert!(!may(r, ben, &first) && may(r, ben, &better));
        r.meet();
        let view = r.open(ana, &x);
        assert_eq!(seen_answer(&view, &second), "open");
        assert_eq!(seen_answer(&view, &better), "open");
        // It was never opened: it is as if it had not been said.
        assert_eq!(seen_answer(&view, &first), "nothing");
        assert!(!may(r, ana, &better));
        let wrong = r.try_better_answer(ben, (&x, "words"), &x, "No.");
        assert_eq!(wrong, Err(Problem::NotSaidOfThis));
    });
}

#[test]
fn an_own_page_is_put_away_by_its_slot_and_its_words_leave_after_the_days_that_were_set() {
    row(|r| {
        let (ana, ben) = (r.ana, r.ben);
        pages(r, ["CANARY", "Sun."]);
        let today = r.today(ben);
        assert!(today["waiting"].to_string().contains(SLOT), "{today}");
        let away = r.told(ana, json!({"do": "put_away", "id": SLOT, "days": 3}));
        assert_eq!(away.unwrap()["by"], "me");
        r.together();
        assert_eq!(slot(r, ana)["put_away"], json!(["me"]));
        assert_eq!(slot(r, ben)["put_away"], json!(["partner"]));
        let today = r.today(ben);
        assert!(!today["waiting"].to_string().contains(SLOT), "{today}");
        pass(r, 2);
        assert!(holds(r, ana, "CANARY"));
        pass(r, 1);
        assert!(!holds(r, ana, "CANARY"));
        assert!(holds(r, ben, "CANARY"), "he had opened: thirty days of his");
        pass(r, 31);
        assert!(!holds(r, ben, "CANARY"));
        assert!(holds(r, ben, "Sun."), "his own page is his to put away");
    });
}

#[test]
fn the_days_of_what_was_put_away_are_set_anew_and_go_with_taking_it_out_again() {
    row(|r| {
        let ana = r.ana;
        let x = r.add(ana, "thanks", json!({"did": "CANARY"}), json!({}));
        let away = |days: Value| json!({"do": "put_away", "id": x, "days": days});
        r.told(ana, away(json!(3))).unwrap();
        let again = r.told(ana, away(Value::Null));
        assert_eq!(again, Err(Problem::SaidAlready));
        r.told(ana, away(json!(5))).unwrap();
        pass(r, 4);
        assert!(holds(r, ana, "CANARY"));
        r.told(ana, json!({"do": "put_away", "id": x, "back": true}))
            .unwrap();
        pass(r, 2);
        r.told(ana, away(Value::Null)).unwrap();
        pass(r, 6);
        assert!(holds(r, ana, "CANARY"), "ninety days, as usual");
        assert_eq!(r.told(ana, away(json!(0))), Err(Problem::AwayDays));
        assert!(holds(r, ana, "CANARY"), "nothing goes by a slip");
        r.told(ana, away(json!(1))).unwrap();
        assert!(!holds(r, ana, "CANARY"));
    });
}

#[test]
fn what_was_taken_out_again_and_is_put_away_anew_stays_for_its_days_anew() {
    row(|r| {
        let ana = r.ana;
        let x = r.add(ana, "thanks", json!({"did": "CANARY"}), json!({}));
        let away = |more: Value| {
            let mut ask = json!({"do": "put_away", "id": x});
            ask.as_object_mut()
                .unwrap()
                .extend(more.as_object().unwrap().clone());
            ask
        };
        r.told(ana, away(json!({}))).unwrap();
        r.told(ana, away(json!({"back": true}))).unwrap();
        pass(r, 8);
        r.told(ana, away(json!({"days": 3}))).unwrap();
        assert!(holds(r, ana, "CANARY"));
        pass(r, 2);
        assert!(holds(r, ana, "CANARY"));
        pass(r, 2);
        assert!(!holds(r, ana, "CANARY"));
    });
}

#[test]
fn the_partners_page_is_nobody_elses_to_put_away() {
    row(|r| {
        let (ana, ben) = (r.ana, r.ben);
        ready(r, ben, "Rain.");
        r.sim
            .request(ben, request("checkin_share", json!({"slot": SLOT})))
            .unwrap();
        r.together();
        let id = slot(r, ana)["pages"]["partner"].clone();
        let away = |id: &Value| json!({"do": "put_away", "id": id});
        let by_slot = r.told(ana, away(&json!(SLOT)));
        assert_eq!(by_slot, Err(Problem::NothingOfYoursOpen));
        assert_eq!(r.told(ana, away(&id)), Err(Problem::NotSaidOfThis));
    });
}

#[test]
fn all_that_was_said_of_a_page_stands_on_it() {
    row(|r| {
        let (ana, ben) = (r.ana, r.ben);
        pages(r, ["Rain.", "Sun."]);
        let until = r.day(2);
        r.answer(ben, SLOT, "heard", "");
        r.answer(ben, SLOT, "thank", "For the rain.");
        r.answer_with(ana, SLOT, "need_time", "", json!({"until": until}));
        r.together();
        for (p, hers, his) in [(ana, "me", "partner"), (ben, "partner", "me")] {
            let page = slot(r, p);
            let said = |by: &str, says: &str| {
                let all = page["answers"].as_array().unwrap().iter();
                let found: Vec<&Value> = all
                    .filter(|it| it["by"] == by && it["says"] == says)
                    .collect();
                assert_eq!(found.len(), 1, "{says}: {page}");
                found[0].clone()
            };
            assert!(said(his, "heard")["words"]["words"].is_null());
            assert_eq!(said(his, "thank")["words"]["words"], "For the rain.");
            assert_eq!(said(hers, "need_time")["facts"]["until"], json!(until));
            assert_eq!(page["answers"].as_array().unwrap().len(), 3);
        }
        // A day that has passed, and what its author took back, stand there no more.
        let thanked = slot(r, ben)["answers"].as_array().unwrap().clone();
        let thanked = thanked.iter().find(|it| it["says"] == "thank").unwrap();
        r.back(ben, thanked["id"].as_str().unwrap());
        pass(r, 3);
        let left = slot(r, ana)["answers"].clone();
        let left: Vec<&Value> = left.as_array().unwrap().iter().collect();
        assert_eq!(left.len(), 1, "{left:?}");
        assert_eq!(left[0]["says"], "heard");
    });
}

#[test]
fn pages_about_oneself_stand_side_by_side() {
    row(|r| {
        let (ana, ben) = (r.ana, r.ben);
        let page = |page: &str| json!({"facts": {"page": page}});
        let hers = r.add(
            ana,
            "about_me",
            json!({"text": "I go silent."}),
            page("my_patterns"),
        );
        let his = r.add(
            ben,
            "about_me",
            json!({"text": "I get loud."}),
            page("my_patterns"),
        );
        let other = page("my_responsibility");
        r.add(ben, "about_me", json!({"text": "The bills."}), other);
        r.together();
        for p in [ana, ben] {
            for (one, two, text) in [(&hers, &his, "I get loud."), (&his, &hers, "I go silent.")] {
                let beside = r.show(p, one)["beside"].clone();
                assert_eq!(beside.as_array().map(Vec::len), Some(1), "{beside}");
                assert_eq!(beside[0]["id"], json!(two));
                assert_eq!(beside[0]["words"]["text"], text);
            }
        }
        r.back(ben, &his);
        r.together();
        assert_eq!(r.show(ana, &hers)["beside"], Value::Null);
    });
}
