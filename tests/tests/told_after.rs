//! What stands there once something was answered, opened or said before: with the real programs.

use serde_json::{Value, json};
use troth_tests::home::{Home, paired, root};
use troth_tests::terminal::{answer, reads, says, sit_down};

const TROTH: &str = env!("CARGO_BIN_EXE_sut-troth");

fn comes(home: &Home, kind: &str) -> String {
    let list = home.until(&[kind, "list"], |list| list["told"][0].is_object());
    list["told"][0]["id"].as_str().unwrap().to_owned()
}

#[test]
fn who_asked_whether_somebody_may_hear_reads_the_answer() {
    let root = root();
    let (ana, ben) = paired(root.path(), TROTH);
    let text = json!({"words": {"text": "My brother drinks."}});
    ana.ask(&["confidence", "add"], text);
    let id = comes(&ben, "confidence");
    ben.ask(&["confidence", "open"], Value::Null);
    ben.ask(
        &["confidence", "may-i"],
        json!({"words": {"with_whom": "Dr Kim"}}),
    );
    let waits = "You asked whether Dr Kim may hear of this. Until Ana says yes, it stays with you.";
    says(&ben, &["confidence", "show"], waits);
    ana.until(&["confidence", "list"], |list| {
        list["told"][0]["unopened"] == true
    });
    ana.ask(&["confidence", "open", &id], Value::Null);
    let yes = json!({"words": {"with_whom": "Dr Kim"}});
    let permission = ana.ask(&["permission", "add", "--about", &id], yes);
    says(
        &ana,
        &["confidence", "show"],
        "Ben asked whether somebody may hear of this. You have answered.",
    );
    ben.until(&["confidence", "show", &id], |view| {
        view["may_tell"].is_array()
    });
    let shown = reads(&ben, &["confidence", "open"]);
    let said = "You asked whether Dr Kim may hear of this, and Ana said yes.";
    assert!(
        shown.contains(said) && !shown.contains("Until Ana"),
        "{shown}"
    );
    // She ends it: it stays with him, and nothing says that it waits.
    let answers = permission["answers"].as_array().unwrap();
    let given = answers
        .iter()
        .find(|it| it["kind"] == "permission")
        .unwrap();
    let given = given["id"].as_str().unwrap();
    ana.ask(&["permission", "take-back", given], Value::Null);
    let still = ana.ask(&["confidence", "show", &id], Value::Null);
    assert_eq!(still["seen"], "open", "what she told stays");
    ben.until(&["confidence", "show", &id], |view| {
        view["may_tell"].is_null()
    });
    let shown = reads(&ben, &["confidence", "show"]);
    let stays = "You asked whether Dr Kim may hear of this. It stays with you.";
    assert!(
        shown.contains(stays) && !shown.contains("Until Ana"),
        "{shown}"
    );
}

#[test]
fn ending_a_permission_by_whatever_name_takes_nothing_else_back() {
    let root = root();
    let (ana, ben) = paired(root.path(), TROTH);
    let text = json!({"words": {"text": "My brother drinks."}});
    let told = ana.ask(&["confidence", "add"], text);
    let id = told["id"].as_str().unwrap();
    comes(&ben, "confidence");
    ben.ask(&["confidence", "open"], Value::Null);
    let permit = || {
        let words = json!({"words": {"with_whom": "Dr Kim"}});
        ana.ask(&["permission", "add", "--about", id], words);
        ben.until(&["confidence", "show", id], |view| {
            view["may_tell"].is_array()
        });
        let list = ana.ask(&["permission", "list"], Value::Null);
        list["told"][0]["id"].as_str().unwrap().to_owned()
    };
    let ended = |name: &[&str]| {
        ana.ask(&[&["permission", "take-back"], name].concat(), Value::Null);
        ben.until(&["confidence", "show", id], |view| {
            view["may_tell"].is_null()
        });
        for home in [&ana, &ben] {
            let view = home.ask(&["confidence", "show", id], Value::Null);
            assert_eq!(view["seen"], "open", "{name:?}: {view}");
        }
    };
    permit();
    ended(&[]);
    permit();
    ended(&["1"]);
    let name = permit();
    ended(&[&name[..8]]);
    // Nor is anything else said better by its name: a permission is ended, and given anew.
    let name = permit();
    for which in [&[][..], &["1"], &[&name[..8]]] {
        let words = json!({"words": {"text": "Something else."}});
        let better = [&["permission", "better"], which].concat();
        let refused = ana.script(&better, &words);
        assert!(
            ["nothing_fits", "not_said_of_this"].contains(&refused.kind()),
            "{which:?}: {} {}",
            refused.json,
            refused.error
        );
    }
    let view = ana.ask(&["confidence", "show", id], Value::Null);
    assert!(view["better"].is_null(), "{view}");
    ended(&[]);
    // At a terminal the permission is read before it is ended, and not what was told.
    permit();
    let mut session = sit_down(&ana, &["permission", "take-back"]);
    session.exp_string("Ben may tell Dr Kim.").unwrap();
    answer(&mut session, "End this permission?", "yes");
    session.exp_eof().unwrap();
    ben.until(&["confidence", "show", id], |view| {
        view["may_tell"].is_null()
    });
}

#[test]
fn a_permission_for_the_same_name_is_looked_at_instead() {
    let root = root();
    let (ana, _ben) = paired(root.path(), TROTH);
    let permit = |home: &Home| {
        home.ask(
            &["permission", "add"],
            json!({"words": {"with_whom": "Dr Kim"}}),
        )
    };
    permit(&ana);
    let mut session = sit_down(&ana, &["permission", "add"]);
    answer(&mut session, "Whom may Ben tell?", " dr  kim");
    answer(&mut session, "Which part", "");
    answer(&mut session, "Until which day?", "");
    answer(&mut session, "Say this to Ben?", "yes");
    answer(&mut session, "Look at that permission instead?", "");
    session.exp_string("Ben may tell Dr Kim.").unwrap();
    session.exp_eof().unwrap();
    let list = ana.ask(&["permission", "list"], Value::Null);
    assert_eq!(list["told"].as_array().unwrap().len(), 1, "{list}");
    // Whoever wants another one has it, and a script decides for itself.
    let mut session = sit_down(&ana, &["permission", "add"]);
    answer(&mut session, "Whom may Ben tell?", "Dr Kim");
    answer(&mut session, "Which part", "the drinking");
    answer(&mut session, "Until which day?", "");
    answer(&mut session, "Say this to Ben?", "yes");
    answer(&mut session, "Look at that permission instead?", "no");
    session.exp_string("the drinking").unwrap();
    session.exp_eof().unwrap();
    permit(&ana);
    let list = ana.ask(&["permission", "list"], Value::Null);
    assert_eq!(list["told"].as_array().unwrap().len(), 3, "{list}");
}

#[test]
fn an_opened_card_leaves_today_once_it_was_opened_or_something_was_said_of_it() {
    let root = root();
    let (ana, ben) = paired(root.path(), TROTH);
    let card = ["card", "small-steps", "met-after-a-long-day"];
    let slot = "card:small-steps/met-after-a-long-day";
    for home in [&ana, &ben] {
        home.ask(&card, json!({"words": "With a hug."}));
    }
    let stands = |home: &Home| {
        let today = home.ask(&["today"], Value::Null);
        let waiting = today["waiting"].as_array().unwrap();
        waiting.iter().any(|line| line["id"] == slot)
    };
    for home in [&ana, &ben] {
        home.until(&["checkin", "show", slot], |shown| {
            shown["slots"][0]["opened"]["partner"].is_object()
        });
        assert!(stands(home));
    }
    // To show it is not to open it.
    let shown = reads(
        &ana,
        &["card", "show", "small-steps", "met-after-a-long-day"],
    );
    assert!(shown.contains("With a hug.") && stands(&ana));
    let today = reads(&ana, &["today"]);
    let (_, named) = today
        .split_once("`troth open card ")
        .expect("by a word of it");
    let (word, _) = named.split_once('`').unwrap();
    assert!(!today.contains("card:"), "{today}");
    says(&ana, &["open", "card", word], "With a hug.");
    assert!(!stands(&ana), "it was opened");
    // Ben thanks for it: it leaves his, too.
    let page = ben.ask(&["checkin", "show", slot], Value::Null);
    let page = page["slots"][0]["pages"]["partner"].as_str().unwrap();
    ben.ask(&["thanks", "thank", page], Value::Null);
    assert!(!stands(&ben), "something was said of it");
    assert!(!stands(&ana));
}

#[test]
fn what_is_told_in_trust_is_named_by_its_number_or_its_day_and_shows_no_words() {
    let root = root();
    let (mut ana, ben) = paired(root.path(), TROTH);
    ana.stop();
    for (text, day) in [
        ("My brother drinks.", "2026-11-20"),
        ("I lost the ring.", "2026-12-01"),
    ] {
        ana.env = vec![("TROTH_TODAY".into(), day.into())];
        ana.ask(&["confidence", "add"], json!({"words": {"text": text}}));
        ana.stop();
    }
    ana.ask(&["status"], Value::Null);
    ben.until(&["confidence", "list"], |list| list["told"][1].is_object());
    let listed = reads(&ben, &["confidence", "list"]);
    assert!(
        !listed.contains("ring") && !listed.contains("brother"),
        "{listed}"
    );
    // The numbers are those of the list, whatever stands before the number.
    let opened = reads(&ben, &["confidence", "open", "2"]);
    assert!(opened.contains("My brother drinks."), "{opened}");
    let opened = reads(&ben, &["open", "1"]);
    assert!(opened.contains("I lost the ring."), "{opened}");
    // By its own words nobody finds it, its author either (K9); by its day one does.
    let done = ana.script(&["confidence", "show", "brother"], &Value::Null);
    assert_eq!(done.kind(), "no_such");
    let shown = ana.ask(&["confidence", "show", "20 nov"], Value::Null);
    assert_eq!(shown["words"]["text"], "My brother drinks.");
}
