//! Every row "apart" of confidences and permissions in KINDS §8, and what is told in trust (K9): at a stroke, over three partial
//! connections, and mirrored.

use crate::told_table::{Row, answers, call, row, seen_answer};
use serde_json::{Value, json};
use troth_proto::Problem;

#[test]
fn just_listen_beats_advice_which_comes_back() {
    row(|r| {
        let (ana, ben) = (r.ana, r.ben);
        let ask = json!({"facts": {"listen_as": "help_me_think"}});
        let x = r.add(ana, "confidence", json!({"text": "Something."}), ask);
        r.together();
        r.open(ben, &x);
        r.sim.cut();
        r.answer_with(
            ana,
            &x,
            "listen_as",
            "",
            json!({"listen_as": "just_listen"}),
        );
        let advice = r.answer(ben, &x, "words", "You could call.");
        r.meet();
        assert_eq!(seen_answer(&r.show(ana, &x), &advice), "nothing");
        let his = r.show(ben, &x);
        let mine = answers(&his, "words");
        assert_eq!(mine[0]["came_back"], true, "{his:#}");
        // It stays back, also when she asks anew; he may write anew.
        r.answer_with(
            ana,
            &x,
            "listen_as",
            "",
            json!({"listen_as": "help_me_think"}),
        );
        r.together();
        assert_eq!(seen_answer(&r.show(ana, &x), &advice), "nothing");
        let anew = r.answer(ben, &x, "words", "You could write.");
        r.together();
        assert_eq!(seen_answer(&r.show(ana, &x), &anew), "closed");
    });
}

#[test]
fn advice_that_was_read_while_it_was_asked_for_stays_folded() {
    row(|r| {
        let (ana, ben) = (r.ana, r.ben);
        let ask = json!({"facts": {"listen_as": "lets_talk"}});
        let x = r.add(ana, "confidence", json!({"text": "Something."}), ask);
        r.together();
        r.open(ben, &x);
        let advice = r.answer(ben, &x, "words", "You could call.");
        r.together();
        r.open(ana, &x);
        r.answer_with(
            ana,
            &x,
            "listen_as",
            "",
            json!({"listen_as": "just_listen"}),
        );
        r.together();
        assert_eq!(seen_answer(&r.show(ana, &x), &advice), "older");
    });
}

#[test]
fn advice_that_is_not_asked_for_is_not_taken() {
    row(|r| {
        let ben = r.ben;
        let x = r.opened("confidence");
        let advice = r.try_answer(ben, &x, "words", "You should.", json!({}));
        assert_eq!(advice, Err(Problem::NotAskedFor));
        let words = r.try_answer(ben, &x, "heard", "I heard.", json!({}));
        assert!(words.is_err(), "a bare one only");
        r.answer(ben, &x, "heard", "");
        r.answer(ben, &x, "thank", "");
    });
}

#[test]
fn tell_nobody_beats_asking_and_every_permission_in_later_wordings_too() {
    row(|r| {
        let (ana, ben) = (r.ana, r.ben);
        let standing = r.add(
            ana,
            "permission",
            json!({"with_whom": "my therapist"}),
            json!({}),
        );
        let x = r.opened("confidence");
        assert_eq!(r.show(ben, &x)["may_tell"].as_array().unwrap().len(), 1);
        r.answer(ana, &x, "tell_nobody", "");
        let ask =
            json!({"do": "answer", "about": x, "says": "may_i", "words": {"with_whom": "Dr Kim"}});
        r.told(ben, ask).unwrap();
        r.meet();
        for p in [ana, ben] {
            let view = r.show(p, &x);
            assert_eq!(view["may_tell"], Value::Null);
            assert_eq!(view["tell_nobody"], true);
        }
        assert_eq!(answers(&r.show(ana, &x), "may_i"), [] as [Value; 0]);
        let newer = r.better(ana, "confidence", &x, json!({"text": "In other words."}));
        r.together();
        r.open(ben, &newer);
        assert_eq!(r.show(ben, &newer)["may_tell"], Value::Null);
        assert_eq!(r.seen(ana, &standing), "open");
    });
}

#[test]
fn a_permission_that_is_taken_back_is_none_whatever_was_said_meanwhile() {
    row(|r| {
        let (ana, ben) = (r.ana, r.ben);
        let x = r.opened("confidence");
        let about = json!({"about": x});
        let hers = r.add(ana, "permission", json!({"with_whom": "Dr Kim"}), about);
        // It is shown where it belongs.
        assert_ne!(hers, "");
        r.meet();
        assert_eq!(r.show(ben, &x)["may_tell"][0]["words"], Value::Null);
        let his = r.open(ben, &x);
        assert_eq!(
            his["may_tell"][0]["words"]["with_whom"], "Dr Kim",
            "{his:#}"
        );
        let permission = his["may_tell"][0]["id"].as_str().unwrap().to_owned();
        r.sim.cut();
        r.back(ana, &permission);
        r.answer(ben, &x, "heard", "");
        r.meet();
        assert_eq!(r.show(ben, &x)["may_tell"], Value::Null);
    });
}

#[test]
fn a_permission_ends_after_its_day_and_with_the_wording_it_was_for() {
    row(|r| {
        let (ana, ben) = (r.ana, r.ben);
        let x = r.opened("confidence");
        let until = r.day(2);
        let more = json!({"about": x, "facts": {"until": until}});
        r.add(ana, "permission", json!({"with_whom": "Dr Kim"}), more);
        r.together();
        let newer = r.better(ana, "confidence", &x, json!({"text": "In other words."}));
        r.together();
        r.open(ben, &newer);
        assert_eq!(r.show(ben, &newer)["may_tell"], Value::Null);
        assert_eq!(
            r.show(ana, &x)["may_tell"],
            Value::Null,
            "it was for other words"
        );
        let y = r.text(ana, "confidence");
        let more = json!({"about": y, "facts": {"until": until}});
        r.add(ana, "permission", json!({"with_whom": "Dr Kim"}), more);
        r.days_pass(2);
        assert_eq!(r.show(ana, &y)["may_tell"].as_array().unwrap().len(), 1);
        r.days_pass(1);
        assert_eq!(r.show(ana, &y)["may_tell"], Value::Null);
    });
}

#[test]
fn one_asks_once_until_it_is_answered_and_taking_it_back_frees_nothing() {
    row(|r| {
        let (ana, ben) = (r.ana, r.ben);
        let x = r.opened("confidence");
        let ask = |who: &str| json!({"do": "answer", "about": x, "says": "may_i", "words": {"with_whom": who}});
        let first = r.told(ben, ask("Dr Kim")).unwrap();
        let first = answers(&first, "may_i")[0]["id"]
            .as_str()
            .unwrap()
            .to_owned();
        assert_eq!(r.told(ben, ask("my sister")), Err(Problem::AlreadyAsked));
        r.back(ben, &first);
        assert_eq!(r.told(ben, ask("my sister")), Err(Problem::AlreadyAsked));
        r.meet();
        assert_eq!(answers(&r.show(ana, &x), "may_i"), [] as [Value; 0]);
    });
}

#[test]
fn an_asking_is_answered_by_a_permission_about_it_and_then_there_is_one_more() {
    row(|r| {
        let (ana, ben) = (r.ana, r.ben);
        let x = r.opened("confidence");
        let ask = |who: &str| json!({"do": "answer", "about": x, "says": "may_i", "words": {"with_whom": who}});
        r.told(ben, ask("Dr Kim")).unwrap();
        r.meet();
        r.open(ana, &x);
        let asked = answers(&r.show(ana, &x), "may_i");
        let about = json!({"about": asked[0]["id"]});
        r.add(ana, "permission", json!({"with_whom": "Dr Kim"}), about);
        r.together();
        assert_eq!(r.show(ben, &x)["may_tell"].as_array().unwrap().len(), 1);
        r.told(ben, ask("my sister")).unwrap();
    });
}

#[test]
fn what_is_told_in_trust_is_folded_through_a_break_and_a_repair_and_the_day_after() {
    row(|r| {
        let (ana, ben) = (r.ana, r.ben);
        let (confidence, truth) = (r.opened("confidence"), r.opened("small_truth"));
        r.together();
        let x = call(r, ben, 20);
        r.together();
        for id in [&confidence, &truth] {
            assert_eq!(r.seen(ben, id), "folded");
            assert_eq!(r.seen(ana, id), "open", "its author sees it");
            assert_eq!(r.show(ana, id)["folded"], true, "and that he does not");
            assert_eq!(
                r.told(ben, json!({"do": "open", "id": id})),
                Err(Problem::Folded)
            );
            let thank = r.try_answer(ben, id, "thank", "", json!({}));
            assert_eq!(thank, Err(Problem::Folded));
        }
        for p in [ana, ben] {
            r.answer(p, &x, "done", "");
        }
        r.together();
        assert_eq!(r.seen(ben, &truth), "open");
        let repair = r.add(ana, "repair", json!({"words": "Yesterday."}), json!({}));
        r.together();
        assert_eq!(r.seen(ben, &truth), "folded");
        let new = r.text(ana, "confidence");
        r.together();
        assert_eq!(
            r.today(ben)["told"].as_array().map_or(0, Vec::len),
            1,
            "only the step"
        );
        // Nobody unfolds by stopping.
        r.answer(ben, &repair, "stop", "");
        r.together();
        assert_eq!(r.seen(ben, &truth), "folded");
        r.days_pass(1);
        assert_eq!(r.seen(ben, &truth), "folded", "through the day after");
        r.days_pass(1);
        assert_eq!(r.seen(ben, &truth), "open");
        assert_eq!(r.seen(ben, &new), "closed");
    });
}

#[test]
fn no_search_finds_what_is_told_in_trust_closed_or_gone() {
    row(|r| {
        let (ana, ben) = (r.ana, r.ben);
        let words = |field: &str| json!({field: "A needle, ärgerlich."});
        for (kind, field) in [("confidence", "text"), ("small_truth", "text")] {
            r.add(ana, kind, words(field), json!({}));
        }
        let ask = r.add(ana, "ask", words("text"), json!({}));
        let spot = r.add(ana, "tender_spot", words("text"), json!({}));
        let find = |r: &mut Row, p| -> Vec<String> {
            let found = r
                .told(p, json!({"do": "search", "words": "ARGERLICH"}))
                .unwrap();
            let found = found["found"].as_array().unwrap().iter();
            found
                .map(|it| it["id"].as_str().unwrap().to_owned())
                .collect()
        };
        r.together();
        let mut hers = find(r, ana);
        hers.sort();
        let mut wanted = vec![ask.clone(), spot.clone()];
        wanted.sort();
        assert_eq!(hers, wanted);
        assert_eq!(find(r, ben), [] as [String; 0], "closed");
        r.open(ben, &ask);
        assert_eq!(find(r, ben), [ask.as_str()]);
        r.told(ana, json!({"do": "put_away", "id": ask})).unwrap();
        r.together();
        assert_eq!(find(r, ben), [] as [String; 0], "put away");
        r.open(ben, &spot);
        assert_eq!(find(r, ben), [spot.as_str()]);
        r.back(ana, &spot);
        r.together();
        assert_eq!(find(r, ben), [] as [String; 0], "taken back");
    });
}

#[test]
fn a_permission_about_an_older_wording_is_there_and_holds_for_nothing() {
    row(|r| {
        let (ana, ben) = (r.ana, r.ben);
        let x = r.text(ana, "confidence");
        let about = json!({"about": x});
        r.better(ana, "confidence", &x, json!({"text": "In other words."}));
        r.add(ana, "permission", json!({"with_whom": "Dr Kim"}), about);
        r.meet();
        for p in [ana, ben] {
            let list = r
                .told(p, json!({"do": "list", "kind": "permission"}))
                .unwrap();
            assert_eq!(list["told"][0]["seen"], "open", "{list:#}");
        }
    });
}
