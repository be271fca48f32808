//! Every row "apart" of a repair in KINDS §5, at a stroke and over three partial connections, and its mirror image.

use crate::told_table::{Row, answers, call, row, seen_answer};
use serde_json::{Value, json};
use troth_proto::Problem;
use troth_proto::assertion::blinded;
use troth_tests::histories::request;

/// A repair about an agreement in force.
fn agreed(r: &mut Row) -> String {
    let words = json!({"topic": "Visits", "does": {"me": "I ask.", "partner": "You ask."}});
    let (ana, ben) = (r.ana, r.ben);
    let done = r
        .sim
        .request(ana, request("agreement_propose", words))
        .unwrap();
    r.together();
    let yes = json!({"version": done["version"]});
    r.sim.request(ben, request("agreement_yes", yes)).unwrap();
    r.together();
    done["agreement"].as_str().unwrap().to_owned()
}

fn begin(r: &mut Row, p: usize, agreement: &str) -> String {
    let more = json!({"facts": {"agreement": agreement, "how": "circumstances"}});
    r.add(p, "repair", json!({}), more)
}

fn step(r: &mut Row, p: usize, id: &str) -> Value {
    r.show(p, id)["repair"]["step"].clone()
}

/// Somebody's words for a sealed step.
pub fn write(r: &mut Row, p: usize, id: &str, step: &str) -> Result<Value, Problem> {
    let ready = json!({"slot": format!("repair:{id}/{step}"), "words": "What I felt."});
    r.sim.request(p, request("slot_ready", ready))
}

/// Through the steps before `to`.
pub fn walk(r: &mut Row, id: &str, to: u8) {
    let both = [r.ana, r.ben];
    let day = r.day(3);
    for step in 1..to {
        for p in both {
            match step {
                1 => drop(r.answer_with(p, id, "day", "", json!({"day": day}))),
                2 => drop(write(r, p, id, "feelings").unwrap()),
                4 => drop(write(r, p, id, "view").unwrap()),
                5 => drop(write(r, p, id, "part").unwrap()),
                _ => {}
            }
            r.together();
        }
        if step == 3 {
            say_back_and_mark(r, id);
        }
        if matches!(step, 3 | 6 | 7) {
            for p in both {
                r.answer_with(p, id, "done", "", json!({"step": step}));
                r.together();
            }
        }
    }
    for p in both {
        assert_eq!(self::step(r, p, id), json!(to));
    }
}

/// Each says the other's feelings back, and has the mark on it.
pub fn say_back_and_mark(r: &mut Row, id: &str) {
    for (says, words) in [("say_back", "You were afraid."), ("yes", "")] {
        for p in [r.ana, r.ben] {
            r.answer(p, id, says, words);
            r.together();
        }
    }
}

#[test]
fn a_repair_goes_through_its_seven_steps_and_is_put_away() {
    row(|r| {
        let (ana, ben) = (r.ana, r.ben);
        let agreement = agreed(r);
        let id = begin(r, ana, &agreement);
        r.together();
        walk(r, &id, 6);
        let apology = r.answer(ana, &id, "apology", "I am sorry that I forgot.");
        r.together();
        r.open(ben, &id);
        r.answer(ben, &id, "yes", "I accept.");
        for p in [ana, ben] {
            r.answer_with(p, &id, "done", "", json!({"step": 6}));
        }
        r.together();
        r.answer_with(ana, &id, "plan", "", json!({"agreement": agreement}));
        for p in [ana, ben] {
            r.together();
            r.answer_with(p, &id, "done", "", json!({"step": 7}));
        }
        r.together();
        for p in [ana, ben] {
            let view = r.show(p, &id);
            assert_eq!(view["repair"]["through"], true);
            assert_eq!(view["put_away"], true);
            assert_ne!(seen_answer(&view, &apology), "nothing");
        }
    });
}

#[test]
fn an_apology_that_was_accepted_and_is_said_better_has_no_answer_yet() {
    row(|r| {
        let (ana, ben) = (r.ana, r.ben);
        let id = r.add(ana, "repair", json!({"words": "Yesterday."}), json!({}));
        r.together();
        walk(r, &id, 6);
        let first = r.answer(ana, &id, "apology", "I am sorry.");
        r.together();
        r.open(ben, &id);
        r.answer(ben, &id, "yes", "");
        r.together();
        let better = r.better_answer(ana, (&id, "apology"), &first, "I am sorry that I forgot.");
        r.together();
        assert_ne!(better, first);
        let view = r.show(ben, &id);
        assert_eq!(seen_answer(&view, &first), "older");
        assert_eq!(seen_answer(&view, &better), "closed");
        let accepted = answers(&r.show(ana, &id), "yes");
        assert_eq!(accepted.len(), 1, "{accepted:?}");
        assert_eq!(accepted[0]["about"], first, "the older one was accepted");
        // What was said better once is not said better again, nor is what another said.
        for (p, name, why) in [
            (ana, &first, Problem::SaidBetter),
            (ben, &better, Problem::NotSaidOfThis),
        ] {
            let again = r.try_better_answer(p, (&id, "apology"), name, "Sorry.");
            assert_eq!(again, Err(why));
        }
    });
}

#[test]
fn opened_apart_about_one_agreement_both_are_there_and_one_is_walked() {
    row(|r| {
        let (ana, ben) = (r.ana, r.ben);
        let agreement = agreed(r);
        r.part();
        let (hers, his) = (begin(r, ana, &agreement), begin(r, ben, &agreement));
        r.meet();
        let first = hers.clone().min(his.clone());
        let other = hers.clone().max(his.clone());
        for p in [ana, ben] {
            assert_eq!(r.show(p, &first)["repair"]["walked"], Value::Null);
            assert_eq!(r.show(p, &other)["repair"]["walked"], json!(first));
            let ask = json!({"do": "add", "kind": "repair", "facts": {"agreement": agreement}});
            let second = r.told(p, ask);
            assert!(
                matches!(second, Err(Problem::RepairIsOpen { .. })),
                "{second:?}"
            );
        }
        // Stopping stops both.
        r.answer(ben, &first, "stop", "");
        r.together();
        for id in [&first, &other] {
            assert_eq!(r.show(ana, id)["repair"]["stopped"], true);
        }
    });
}

#[test]
fn the_same_day_named_by_both_apart_is_set() {
    row(|r| {
        let (ana, ben) = (r.ana, r.ben);
        let id = r.add(ana, "repair", json!({"words": "Yesterday."}), json!({}));
        r.part();
        let sunday = r.day(1);
        for p in [ana, ben] {
            r.answer_with(p, &id, "day", "", json!({"day": sunday}));
            assert_eq!(step(r, p, &id), json!(1), "one alone sets no day");
        }
        r.meet();
        for p in [ana, ben] {
            assert_eq!(step(r, p, &id), json!(2));
            assert_eq!(r.show(p, &id)["repair"]["day"], json!(sunday));
        }
    });
}

#[test]
fn a_day_that_both_have_named_is_set_and_the_step_never_goes_back() {
    row(|r| {
        let (ana, ben) = (r.ana, r.ben);
        let id = r.add(ana, "repair", json!({"words": "Yesterday."}), json!({}));
        r.part();
        let (sunday, wednesday) = (r.day(1), r.day(4));
        let hers = r.answer_with(ana, &id, "day", "", json!({"day": sunday}));
        r.answer_with(ben, &id, "day", "", json!({"day": wednesday}));
        r.meet();
        for p in [ana, ben] {
            assert_eq!(step(r, p, &id), json!(1));
        }
        r.sim.cut();
        r.answer_with(ana, &id, "day", "", json!({"day": wednesday}));
        r.answer_with(ben, &id, "day", "", json!({"day": sunday}));
        r.meet();
        for p in [ana, ben] {
            assert_eq!(step(r, p, &id), json!(2));
            assert_eq!(r.show(p, &id)["repair"]["day"], json!(wednesday));
        }
        r.sim.cut();
        let another = r.day(9);
        r.answer_with(ana, &id, "day", "", json!({"day": another}));
        r.back(ana, &hers);
        r.meet();
        for p in [ana, ben] {
            assert_eq!(step(r, p, &id), json!(2));
            let day = r.show(p, &id)["repair"]["day"].clone();
            assert_eq!(day, json!(wednesday), "it stays until both named another");
        }
        r.answer_with(ben, &id, "day", "", json!({"day": another}));
        r.together();
        for p in [ana, ben] {
            assert_eq!(step(r, p, &id), json!(2));
            assert_eq!(r.show(p, &id)["repair"]["day"], json!(another));
        }
    });
}

#[test]
fn neither_sees_the_others_feelings_until_both_are_ready() {
    row(|r| {
        let (ana, ben) = (r.ana, r.ben);
        let id = r.add(ana, "repair", json!({"words": "Yesterday."}), json!({}));
        r.together();
        walk(r, &id, 2);
        assert_eq!(
            write(r, ana, &id, "view"),
            Err(Problem::NotThisStep { step: 2 })
        );
        r.sim.cut();
        write(r, ana, &id, "feelings").unwrap();
        write(r, ben, &id, "feelings").unwrap();
        r.meet();
        for p in [ana, ben] {
            assert_eq!(step(r, p, &id), json!(3));
        }
    });
}

#[test]
fn ready_and_stop_apart_is_stopped_and_the_words_come_back() {
    row(|r| {
        let (ana, ben) = (r.ana, r.ben);
        let id = r.add(ana, "repair", json!({"words": "Yesterday."}), json!({}));
        r.together();
        walk(r, &id, 2);
        r.sim.cut();
        write(r, ana, &id, "feelings").unwrap();
        r.answer(ben, &id, "stop", "");
        r.meet();
        for p in [ana, ben] {
            assert_eq!(r.show(p, &id)["repair"]["stopped"], true);
        }
        let slot = format!("repair:{id}/feelings");
        let show = request("checkin_show", json!({"slot": slot}));
        let slots = r.sim.request(ana, show).unwrap();
        let it = &slots["slots"][0];
        assert_eq!(it["mine"], "empty", "{it:#}");
        assert_eq!(it["kept_here"]["words"], "What I felt.");
        // Nothing of it reached him.
        let everything = format!("{:?}", r.sim.everything(ben));
        assert!(!everything.contains("What I felt."));
        assert_eq!(write(r, ben, &id, "feelings"), Err(Problem::RepairClosed));
    });
}

#[test]
fn stopped_wins_over_through_and_another_may_begin() {
    row(|r| {
        let (ana, ben) = (r.ana, r.ben);
        let agreement = agreed(r);
        let id = begin(r, ana, &agreement);
        r.together();
        walk(r, &id, 7);
        r.answer_with(ana, &id, "done", "", json!({"step": 7}));
        r.part();
        r.answer_with(ben, &id, "done", "", json!({"step": 7}));
        r.answer(ana, &id, "stop", "");
        // He is through, and begins anew.
        let another = begin(r, ben, &agreement);
        r.meet();
        for p in [ana, ben] {
            let view = r.show(p, &id);
            assert_eq!(view["repair"]["stopped"], true);
            assert_eq!(view["repair"]["through"], false);
            is_open(r, p, &another);
        }
    });
}

/// It goes its way.
fn is_open(r: &mut Row, p: usize, id: &str) {
    let view = r.show(p, id);
    let is = &view["repair"];
    assert_eq!((&is["stopped"], &is["step"]), (&json!(false), &json!(1)));
    assert_eq!(is["walked"], Value::Null, "it is the one that is walked");
    assert_eq!(view["put_away"], Value::Null);
}

#[test]
fn hers_stopped_and_his_begun_apart_about_the_same_his_is_open() {
    row(|r| {
        let (ana, ben) = (r.ana, r.ben);
        let agreement = agreed(r);
        r.part();
        let hers = begin(r, ana, &agreement);
        r.answer(ana, &hers, "stop", "");
        let his = begin(r, ben, &agreement);
        r.meet();
        for p in [ana, ben] {
            let view = r.show(p, &hers);
            assert_eq!(view["repair"]["stopped"], true);
            assert_eq!(view["put_away"], true);
            is_open(r, p, &his);
        }
        // It can be walked.
        let day = json!({"day": r.day(2)});
        for p in [ana, ben] {
            r.answer_with(p, &his, "day", "", day.clone());
        }
        r.together();
        for p in [ana, ben] {
            assert_eq!(step(r, p, &his), json!(2));
        }
    });
}

/// A better wording of an apology, as a program writes it that has it: our client writes each apology for itself.
fn apologise_better(r: &mut Row, p: usize, repair: &str, older: &str, words: &str) -> String {
    let head = json!({
        "kind": "answer", "on": r.day(0), "about": repair, "instead_of": older,
        "body": {"says": "apology"},
    });
    let words = blinded(&[7; 16], &json!({"words": words}).to_string());
    let (id, _) = r.sim.write_head(p, head, &words, None).unwrap();
    id.hex()
}

#[test]
fn an_apology_said_better_and_the_older_accepted_the_newer_has_no_answer() {
    row(|r| {
        let (ana, ben) = (r.ana, r.ben);
        let id = r.add(ana, "repair", json!({"words": "Yesterday."}), json!({}));
        r.together();
        walk(r, &id, 6);
        let older = r.answer(ana, &id, "apology", "I am sorry.");
        r.together();
        r.open(ben, &id);
        r.sim.cut();
        let newer = apologise_better(r, ana, &id, &older, "I am sorry that I forgot.");
        let yes = r.answer(ben, &id, "yes", "");
        r.meet();
        let marks = |view: &Value, of: &str| {
            let marks = answers(view, "yes").into_iter();
            marks.filter(|mark| mark["about"] == of).count()
        };
        // His yes stands under the older.
        for p in [ana, ben] {
            let view = r.show(p, &id);
            assert_eq!(seen_answer(&view, &older), "older");
            assert_eq!((marks(&view, &older), marks(&view, &newer)), (1, 0));
        }
        assert_eq!(seen_answer(&r.show(ben, &id), &newer), "closed");
        let his = r.open(ben, &id);
        assert_eq!(seen_answer(&his, &newer), "open");
        assert_eq!(seen_answer(&his, &yes), "open");
        // The newer is there to be answered: "not yet" until it is.
        let apologies = answers(&his, "apology");
        let it = apologies
            .iter()
            .find(|it| it["id"] == json!(newer))
            .unwrap();
        let may = it["may"].as_array().unwrap();
        assert!(may.contains(&json!("yes")) && may.contains(&json!("not_yet")));
        r.answer(ben, &newer, "yes", "");
        r.together();
        for p in [ana, ben] {
            assert_eq!(marks(&r.show(p, &id), &newer), 1);
        }
    });
}

#[test]
fn an_acceptance_can_be_taken_back_and_an_older_one_does_not_return() {
    row(|r| {
        let (ana, ben) = (r.ana, r.ben);
        let id = r.add(ana, "repair", json!({"words": "Yesterday."}), json!({}));
        r.together();
        walk(r, &id, 6);
        r.answer(ana, &id, "apology", "I am sorry.");
        r.together();
        r.open(ben, &id);
        r.answer(ben, &id, "yes", "");
        r.together();
        assert_eq!(answers(&r.show(ana, &id), "yes").len(), 1);
        r.answer(ben, &id, "not_yet", "I still need time.");
        r.together();
        let open = |r: &mut Row, says: &str| {
            let all = answers(&r.show(ana, &id), says);
            all.iter().filter(|it| it["seen"] != "older").count()
        };
        assert_eq!((open(r, "yes"), open(r, "not_yet")), (0, 1));
        let not_yet = answers(&r.show(ben, &id), "not_yet")[0]["id"]
            .as_str()
            .unwrap()
            .to_owned();
        r.back(ben, &not_yet);
        r.together();
        assert_eq!(open(r, "yes"), 0, "an older yes does not return");
    });
}

#[test]
fn feelings_taken_back_are_folded_and_the_step_stays() {
    row(|r| {
        let (ana, ben) = (r.ana, r.ben);
        let id = r.add(ana, "repair", json!({"words": "Yesterday."}), json!({}));
        r.together();
        walk(r, &id, 3);
        r.sim.cut();
        let feelings = own_opening(r, ana, &id);
        r.back(ana, &feelings);
        r.answer(ben, &id, "say_back", "You were afraid.");
        r.meet();
        for p in [ana, ben] {
            assert_eq!(step(r, p, &id), json!(3));
        }
        // Nothing is to be said back any more: he may go on.
        r.answer_with(ben, &id, "done", "", json!({"step": 3}));
    });
}

fn own_opening(r: &mut Row, p: usize, id: &str) -> String {
    let couple = r.sim.node(p).couple().unwrap();
    let me = troth_proto::ids::Who::Me;
    let mut own = couple.book(me).said();
    let found = own
        .find(|said| said.head.contains(&format!("repair:{id}")) && said.head.contains("\"open\""));
    found.unwrap().id.hex()
}

#[test]
fn done_by_both_apart_is_the_next_step() {
    for at in [3, 6] {
        row(|r| {
            let (ana, ben) = (r.ana, r.ben);
            let id = r.add(ana, "repair", json!({"words": "Yesterday."}), json!({}));
            r.together();
            walk(r, &id, at);
            if at == 3 {
                say_back_and_mark(r, &id);
            }
            r.sim.cut();
            for p in [ana, ben] {
                r.answer_with(p, &id, "done", "", json!({"step": at}));
                assert_eq!(step(r, p, &id), json!(at), "one alone goes nowhere");
            }
            r.meet();
            for p in [ana, ben] {
                assert_eq!(step(r, p, &id), json!(at + 1));
            }
        });
    }
}

#[test]
fn a_break_and_needing_time_move_no_step_and_quiet_todays_line() {
    row(|r| {
        let (ana, ben) = (r.ana, r.ben);
        let id = r.add(ana, "repair", json!({"words": "Yesterday."}), json!({}));
        r.together();
        assert_eq!(r.today(ben)["told"][0]["what"], "step");
        let x = call(r, ana, 45);
        r.together();
        assert_eq!(r.today(ben)["told"], Value::Null);
        assert_eq!(step(r, ben, &id), json!(1));
        for p in [ana, ben] {
            r.answer(p, &x, "done", "");
        }
        r.together();
        let until = json!({"until": r.day(1)});
        r.answer_with(ben, &id, "need_time", "", until);
        assert_eq!(r.today(ben)["told"], Value::Null);
        r.days_pass(2);
        assert_eq!(r.today(ben)["told"][0]["what"], "step");
    });
}
