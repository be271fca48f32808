#![allow(clippy::unwrap_used)]

use super::answers::is_said;
use super::*;
use crate::words::Language;
use serde_json::{Value, json};
use troth_proto::said::told::{ANSWERS, Fact};
use troth_proto::telling::{Line, TodayTold};

const DAY: &str = "2026-12-04";
const TIME: &str = "2026-12-01T19:00Z";

fn fact(fact: Fact) -> Value {
    match fact {
        Fact::ListenAs => json!("help_me_think"),
        Fact::Until | Fact::LookAgain | Fact::Day => json!(DAY),
        Fact::BackAt => json!(TIME),
        Fact::Agreement => json!("0d".repeat(16)),
        Fact::How => json!("forgot"),
        Fact::Page => json!("my_patterns"),
        Fact::Step => json!(3),
    }
}

fn facts(all: &[(Fact, troth_proto::said::told::Need)]) -> Value {
    let all = all.iter().map(|(it, _)| (it.name().to_owned(), fact(*it)));
    Value::Object(all.collect())
}

fn words(fields: &[troth_proto::said::told::Field]) -> Value {
    let all = fields.iter().map(|it| {
        let text = it.name.replace('_', " ");
        (it.name.to_owned(), json!(format!("({text})")))
    });
    Value::Object(all.collect())
}

fn told(kind: ToldKind, by: &str, seen: &str) -> Value {
    let row = kind.row();
    let mut it = json!({"id": "0a".repeat(16), "by": by, "on": "2026-12-01", "kind": kind.name(),
        "seen": seen, "facts": {}});
    if seen == "open" {
        it["words"] = words(row.fields);
        it["facts"] = facts(row.facts);
    }
    if kind == ToldKind::Repair && seen == "open" {
        it["topic"] = json!("Visits");
    }
    if row.facts.iter().any(|(it, _)| *it == Fact::ListenAs) {
        it["listen_as"] = json!("help_me_think");
    }
    it
}

fn screen(view: Value) -> String {
    let text = super::view(&serde_json::from_value(view).unwrap(), "Ben");
    // Whatever the clock of this place says.
    let time = clock(TIME.parse().unwrap());
    text.replace(&time, "20:00")
}

fn every_kind() -> String {
    let mut out = String::new();
    for kind in ToldKind::ALL {
        let closed = kind.row().closed.then_some(("partner", "closed"));
        let folded = kind.row().in_trust.then_some(("partner", "folded"));
        let all = [("me", "open"), ("me", "taken_back"), ("partner", "open")];
        let all = all.into_iter().chain(closed).chain(folded);
        for (by, seen) in all.chain([("partner", "taken_back")]) {
            let text = screen(told(*kind, by, seen));
            let _ = writeln!(out, "=== {} by {by}, {seen}\n{text}", kind.name());
        }
    }
    out
}

fn every_answer() -> String {
    let mut out = String::new();
    for row in ANSWERS {
        for about in row.about {
            let (kind, of) = match about {
                About::Told(kind) => (*kind, None),
                About::Answer(verb, kind) => (*kind, Some(verb)),
                About::Open(_) | About::OfOpen(_) | About::PutAway => continue,
            };
            for (by, seen) in [("me", "open"), ("partner", "open"), ("partner", "closed")] {
                if seen == "closed" && !row.says.is_opened() {
                    continue;
                }
                let root = told(kind, if by == "me" { "partner" } else { "me" }, "open");
                let mut answers = Vec::new();
                let mut about = root["id"].clone();
                if let Some(verb) = of {
                    let other = if by == "me" { "partner" } else { "me" };
                    about = json!("0b".repeat(16));
                    answers.push(
                        json!({"id": about, "by": other, "says": verb.name(), "about": root["id"],
                        "facts": {}, "seen": "open", "words": {}}),
                    );
                }
                let mut answer = json!({"id": "0c".repeat(16), "by": by, "says": row.says.name(), "about": about,
                    "facts": facts(row.facts), "seen": seen});
                if seen == "open" {
                    answer["words"] = words(row.fields);
                }
                answers.push(answer);
                let mut view = root;
                view["answers"] = json!(answers);
                let said = screen(view);
                let last = said.lines().skip(1);
                let last: Vec<&str> = last.collect();
                let _ = writeln!(
                    out,
                    "=== {} of {} by {by}, {seen}\n{}\n",
                    row.says.name(),
                    kind.name(),
                    last.join("\n")
                );
            }
        }
    }
    out
}

fn every_step() -> String {
    let mut out = String::new();
    for step in 1..=8 {
        let mut view = told(ToldKind::Repair, "me", "open");
        view["repair"] = json!({"step": step, "stopped": false, "through": step == 8, "i_am_done": step == 4,
            "partner_is_done": step == 2, "my_days": [DAY], "partner_days": [], "opened": []});
        let _ = writeln!(out, "=== step {step}\n{}", screen(view.clone()));
        view["repair"]["stopped"] = json!(true);
        if step == 3 {
            let _ = writeln!(out, "=== stopped\n{}", screen(view));
        }
    }
    for (passed, back) in [
        (false, json!([])),
        (false, json!(["partner"])),
        (true, json!([])),
    ] {
        let it = json!({"back_at": TIME, "passed": passed, "back": back, "ids": []});
        let text = on_break(&serde_json::from_value(it).unwrap(), "Ben");
        let time = clock(TIME.parse().unwrap());
        let _ = writeln!(out, "{}", text.replace(&time, "20:00"));
    }
    out
}

#[test]
fn every_kind_and_answer_on_both_screens() {
    insta::assert_snapshot!("kinds", every_kind());
    insta::assert_snapshot!("answers", every_answer());
    insta::assert_snapshot!("repairs", every_step());
    Language::German.speak();
    insta::assert_snapshot!("kinds-de", every_kind());
    insta::assert_snapshot!("answers-de", every_answer());
    insta::assert_snapshot!("repairs-de", every_step());
}

#[test]
fn what_is_closed_or_folded_shows_no_word_whatever_comes_with_it() {
    for kind in ToldKind::ALL {
        for seen in ["closed", "folded", "taken_back", "gone"] {
            if seen == "closed" && !kind.row().closed {
                continue;
            }
            let it = told(*kind, "partner", seen);
            assert!(!screen(it).contains('('), "{kind:?} {seen}");
            let line = json!({"id": "0a".repeat(16), "kind": kind.name(), "by": "partner", "seen": seen,
                "begins": "(never)"});
            let line: Line = serde_json::from_value(line).unwrap();
            let said = list(Some(*kind), &[line], "Ben");
            assert!(!said.contains("never"), "{said}");
        }
    }
}

#[test]
fn a_break_and_the_end_are_one_step_away_from_every_screen_of_a_repair() {
    for step in 1..=7 {
        for waits in [[false, false], [true, false], [false, true]] {
            let mut view = told(ToldKind::Repair, "partner", "open");
            view["repair"] = json!({"step": step, "stopped": false, "through": false, "i_am_done": waits[0],
                "partner_is_done": waits[1], "my_days": [], "partner_days": [], "opened": []});
            let said = screen(view.clone());
            for command in ["`troth break add`", "`troth repair stop`"] {
                assert_eq!(said.matches(command).count(), 1, "step {step}: {said}");
            }
            view["repair"]["stopped"] = json!(true);
            assert!(!screen(view).contains("repair stop"));
        }
    }
}

#[test]
fn a_mark_that_another_came_in_place_of_is_not_shown_beside_it() {
    let thing = "0a".repeat(16);
    let shown = |older: Value| {
        let mut view = told(ToldKind::TenderSpot, "me", "open");
        let back = "0b".repeat(16);
        let answer = |id: &str, by: &str, says: &str, about: &str, words: Value| {
            json!({"id": id.repeat(16), "by": by, "on": "2026-12-01", "says": says, "about": about, "seen": "open",
                "facts": {}, "words": words})
        };
        let mut not_quite = answer("0c", "me", "not_yet", &back, older);
        not_quite["passed_over"] = json!(true);
        view["answers"] = json!([
            answer(
                "0b",
                "partner",
                "say_back",
                &thing,
                json!({"words": "No laughing."})
            ),
            not_quite,
            answer("0d", "me", "yes", &back, json!({})),
        ]);
        screen(view)
    };
    let bare = shown(json!({}));
    assert!(bare.contains("You said: yes, that's it."), "{bare}");
    assert!(!bare.contains("not quite"), "{bare}");
    // Words stay with their author, and it is said that they are older.
    let noted = shown(json!({"words": "The music."}));
    assert!(noted.contains("The music."), "{noted}");
    assert_eq!(noted.matches("Said earlier:").count(), 1, "{noted}");
}

#[test]
fn a_day_that_was_named_with_a_word_stands_once() {
    let mut view = told(ToldKind::Repair, "partner", "open");
    view["repair"] = json!({"step": 1, "stopped": false, "through": false, "i_am_done": false, "partner_is_done": false,
        "my_days": [DAY, "2026-12-05"], "partner_days": [], "opened": []});
    view["answers"] = json!([{"id": "0b".repeat(16), "by": "me", "on": "2026-12-01", "says": "day",
        "about": "0a".repeat(16), "seen": "open", "facts": {"day": DAY}, "words": {"words": "At eight."}}]);
    let said = screen(view);
    assert_eq!(said.matches("4 December 2026").count(), 1, "{said}");
    assert!(
        said.contains("At eight.") && said.contains("You named 5 December 2026."),
        "{said}"
    );
}

#[test]
fn danger_comes_before_secrecy_with_every_confidence() {
    for language in [Language::English, Language::German] {
        language.speak();
        for seen in ["open", "closed", "folded", "taken_back", "older", "gone"] {
            for by in ["me", "partner"] {
                let said = screen(told(ToldKind::Confidence, by, seen));
                assert_eq!(
                    said.matches(&t!("thing-danger")).count(),
                    1,
                    "{seen}: {said}"
                );
            }
        }
    }
    Language::English.speak();
}

#[test]
fn what_was_taken_back_says_that_a_copy_may_be_kept_while_it_may() {
    for kind in ToldKind::ALL.iter().filter(|kind| kind.row().closed) {
        let mut it = told(*kind, "partner", "taken_back");
        assert!(!screen(it.clone()).contains("keep a copy"), "{kind:?}");
        it["may_keep"] = json!(true);
        let said = screen(it);
        let command = format!("`troth {} keep 0a0a0a0a`", kebab(kind.name()));
        assert!(said.contains("You may keep a copy"), "{said}");
        assert!(said.contains(&command), "{said}");
    }
}

#[test]
fn words_stand_within_their_place_whatever_they_hold() {
    let text = "PLANT\nPLANT\u{2028}PLANT\u{1b}[2J";
    for kind in ToldKind::ALL {
        let mut it = told(*kind, "partner", "open");
        for (_, words) in it["words"].as_object_mut().unwrap() {
            *words = json!(text);
        }
        it["topic"] = json!(text);
        let said = screen(it);
        let mut lines = said.lines().filter(|line| line.contains("PLANT"));
        assert!(lines.all(|line| line.starts_with("  ")), "{said}");
        assert!(!said.contains('\u{1b}'));
    }
}

#[test]
fn what_was_said_once_is_not_offered_again() {
    let thing = "0a".repeat(16);
    let offered = |said: &[&str]| {
        let mut it = told(ToldKind::Confidence, "partner", "open");
        it["may"] = json!(["thank", "heard", "yes", "not_yet"]);
        let answer = |says: &&str| {
            json!({"id": "0b".repeat(16), "by": "me", "on": "2026-12-01", "says": says, "about": thing,
                "seen": "open", "facts": {}})
        };
        it["answers"] = said.iter().map(answer).collect();
        let view: View = serde_json::from_value(it).unwrap();
        let all = &view.told.may;
        let left = all
            .iter()
            .filter(|verb| !is_said(&view, &view.told, **verb));
        left.map(|verb| verb.name()).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(offered(&[]), "thank heard yes not_yet");
    assert_eq!(offered(&["thank", "heard"]), "yes not_yet");
    assert_eq!(offered(&["not_yet"]), "thank heard yes");
    assert_eq!(offered(&["not_yet", "yes"]), "thank heard not_yet");
}

#[test]
fn today_says_what_waits_and_by_which_command_it_is_answered() {
    let line = |it: Value| -> String {
        let it: TodayTold = serde_json::from_value(it).unwrap();
        format!("{} {}", today_line(&it, "Ben"), today_command(&it))
    };
    let id = "0a".repeat(16);
    let mut out = String::new();
    for kind in ToldKind::ALL.iter().filter(|kind| kind.row().closed) {
        let it = json!({"what": "told", "id": id, "kind": kind.name(), "listen_as": null});
        let _ = writeln!(out, "{}", line(it));
    }
    for (kind, says) in [
        (json!("confidence"), "heard"),
        (json!("confidence"), "may_i"),
        (json!("small_truth"), "thank"),
        (json!("trust_given"), "say_back"),
        (json!("tender_spot"), "not_yet"),
        (json!("repair"), "yes"),
        (json!("bid"), "not_yet"),
        (json!("ask"), "need_time"),
        (Value::Null, "need_time"),
    ] {
        let it = json!({"what": "answered", "id": id, "kind": kind, "says": says, "until": DAY, "line": "The moon?"});
        let _ = writeln!(out, "{}", line(it));
    }
    let _ = writeln!(
        out,
        "{}",
        line(json!({"what": "bid", "id": id, "kind": "bid", "line": "The moon?"}))
    );
    for step in 1..=7 {
        let it =
            json!({"what": "step", "id": id, "kind": "repair", "step": step, "line": "Visits"});
        let _ = writeln!(out, "{}", line(it));
    }
    let _ = writeln!(
        out,
        "{}",
        line(json!({"what": "look_again", "id": id, "kind": "trust_given"}))
    );
    insta::assert_snapshot!("today", out);
}
