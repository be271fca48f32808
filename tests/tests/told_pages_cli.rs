//! Pages and answers by their commands: kept, thanked for, said better, put away, shown side by side; with the real programs.

use serde_json::{Value, json};
use troth_tests::home::{Home, pair, root};
use troth_tests::terminal::{answer, reads, says, sit_down};

const TROTH: &str = env!("CARGO_BIN_EXE_sut-troth");
const PRIVATE: &str = "a quiet room upstairs";

/// Ana and Ben, paired, each with private pages.
fn two(root: &std::path::Path) -> (Home, Home) {
    let both = ["Ana", "Ben"].map(|name| {
        let home = Home::new(root, &name.to_lowercase(), TROTH);
        let words = json!({"name": name, "private_passphrase": PRIVATE});
        let init = ["init", "--keys", "file", "--listen", "127.0.0.1:0"];
        home.ask(&init, words);
        home
    });
    let [ana, ben] = both;
    pair(&ana, &ben);
    (ana, ben)
}

fn id(view: &Value) -> String {
    view["id"].as_str().unwrap().to_owned()
}

fn comes(home: &Home, kind: &str) -> String {
    let list = home.until(&[kind, "list"], |list| list["told"][0].is_object());
    id(&list["told"][0])
}

/// The words of the private pages, newest first.
fn kept(home: &Home) -> Vec<String> {
    let opened = json!({"private_passphrase": PRIVATE});
    let list = home.ask(&["private", "list"], opened.clone());
    let all = list["pages"].as_array().unwrap().iter();
    all.map(|page| {
        let n = page["page"].to_string();
        let page = home.ask(&["private", "show", &n], opened.clone());
        let parts = page["parts"].as_array().unwrap().iter();
        let parts: Vec<&str> = parts.map(|it| it["text"].as_str().unwrap()).collect();
        parts.join("|")
    })
    .collect()
}

/// Both open a page in a week.
fn pages(ana: &Home, ben: &Home, slot: &str, wishes: [&str; 2]) {
    for (home, wish) in [ana, ben].into_iter().zip(wishes) {
        home.ask(&["checkin", "ready", "--slot", slot], json!({"wish": wish}));
    }
    for home in [ana, ben] {
        home.until(&["checkin", "show", slot], |shown| {
            let opened = &shown["slots"][0]["opened"];
            opened["me"].is_object() && opened["partner"].is_object()
        });
    }
}

#[test]
fn advice_is_kept_by_its_name_and_at_a_terminal_by_its_number_and_never_in_place_of_it() {
    let root = root();
    let (ana, ben) = two(root.path());
    let words = json!({"words": {"text": "My brother drinks."}, "listen_as": "help_me_think"});
    let told = id(&ana.ask(&["confidence", "add"], words));
    comes(&ben, "confidence");
    ben.ask(&["confidence", "open"], Value::Null);
    ben.ask(&["confidence", "words"], json!({"words": "Tell him."}));
    let list = ["confidence", "list"];
    ana.until(&list, |list| list["told"][0]["unopened"] == true);
    let advice = |home: &Home| {
        let view = home.ask(&["confidence", "show", &told], Value::Null);
        id(&view["answers"][0])
    };
    // Closed answers are kept by nobody.
    let early = ana.script(&["confidence", "keep", &advice(&ana)], &Value::Null);
    assert_eq!(early.kind(), "words_not_here");
    ana.ask(&["confidence", "open"], Value::Null);
    ana.ask(&["confidence", "keep", &advice(&ana)], Value::Null);
    assert_eq!(kept(&ana), ["Tell him."]);
    // Without a name the thing itself is kept, and a person is asked which.
    ana.ask(&["confidence", "keep"], Value::Null);
    assert_eq!(kept(&ana), ["My brother drinks.", "Tell him."]);
    let mut session = sit_down(&ana, &["confidence", "keep"]);
    session.exp_string("My brother drinks.").unwrap();
    session.exp_string("Ben said this").unwrap();
    answer(&mut session, "Which one, by its number?", "2");
    session.exp_eof().unwrap();
    assert_eq!(kept(&ana)[0], "Tell him.");
}

#[test]
fn of_a_repair_each_keeps_all_that_they_said_in_it_also_once_it_is_closed() {
    let root = root();
    let (ana, ben) = two(root.path());
    let agreement = json!({"topic": "Visits", "does": {"me": "I ask.", "partner": ""}});
    let proposed = ana.ask(&["agreement", "propose"], agreement);
    ben.until(&["agreement", "list"], |list| {
        list["agreements"][0].is_object()
    });
    let version = proposed["hash"].as_str().unwrap();
    ben.ask(&["agreement", "yes", version], Value::Null);
    ana.until(&["agreement", "list"], |list| {
        list["agreements"][0]["state"] == "in_force"
    });
    ana.ask(&["agreement", "did-not-hold", "visits"], Value::Null);
    comes(&ben, "repair");
    for home in [&ana, &ben] {
        home.ask(&["repair", "day", "tomorrow"], Value::Null);
    }
    let at = |home: &Home, step: u8| {
        home.until(&["repair", "show"], |view| view["repair"]["step"] == step)
    };
    for (home, felt) in [(&ana, "I felt small."), (&ben, "I felt blamed.")] {
        at(home, 2);
        home.ask(&["repair", "write"], json!({"words": felt}));
    }
    for (home, back) in [(&ana, "You felt blamed."), (&ben, "You felt small.")] {
        at(home, 3);
        home.ask(&["repair", "say-back"], json!({"words": back}));
    }
    ben.ask(&["repair", "stop", "--yes"], json!({"words": "Not now."}));
    let id = comes(&ana, "repair");
    ana.until(&["repair", "show", &id], |view| {
        view["repair"]["stopped"] == true
    });
    ana.ask(&["repair", "keep"], Value::Null);
    assert_eq!(kept(&ana), ["I felt small.|You felt blamed."]);
    ben.ask(&["repair", "keep"], Value::Null);
    assert_eq!(kept(&ben), ["I felt blamed.|You felt small.|Not now."]);
}

#[test]
fn answers_in_own_words_are_said_better_by_a_command() {
    let root = root();
    let (ana, ben) = two(root.path());
    ana.ask(&["ask", "add"], json!({"words": {"text": "Come along?"}}));
    comes(&ben, "ask");
    ben.ask(&["ask", "open"], Value::Null);
    ben.ask(&["ask", "words"], json!({"words": "Perhaps."}));
    ana.until(&["ask", "list"], |list| list["told"][0]["unopened"] == true);
    ana.ask(&["ask", "open"], Value::Null);
    let help = reads(&ben, &["ask", "--help"]);
    assert!(help.contains("better"), "{help}");
    let mut session = sit_down(&ben, &["ask", "better"]);
    // What stood there is what one begins from.
    session.exp_string("Perhaps.").unwrap();
    session.send_line("\u{15}Yes, on Sunday.").unwrap();
    answer(&mut session, "Say this to Ana?", "yes");
    session.exp_eof().unwrap();
    ana.until(&["ask", "list"], |list| list["told"][0]["unopened"] == true);
    let opened = ana.ask(&["ask", "open"], Value::Null);
    let answers = opened["answers"].as_array().unwrap();
    let open: Vec<&Value> = answers.iter().filter(|it| it["seen"] == "open").collect();
    assert_eq!(open.len(), 1, "{opened}");
    assert!(open[0].to_string().contains("Yes, on Sunday."), "{opened}");
    // It stands before what was said earlier.
    let read = reads(&ana, &["ask", "show"]);
    let at = |words: &str| {
        read.find(words)
            .unwrap_or_else(|| panic!("{words}: {read}"))
    };
    assert!(at("Yes, on Sunday.") < at("Said earlier:"), "{read}");
    assert!(at("Said earlier:") < at("Perhaps."), "{read}");
    // The very same words are no better ones.
    let same = ben.script(&["ask", "better"], &json!({"words": "Yes, on Sunday."}));
    assert_eq!(same.kind(), "same_words");
    // Neither what was said better already nor what another asked.
    let older = ben.ask(&["ask", "show"], Value::Null);
    let older = older["answers"].as_array().unwrap().iter();
    let older = older.filter(|it| it["seen"] == "older").map(id).next();
    let again = ben.script(
        &["ask", "better", &older.unwrap()],
        &json!({"words": "No."}),
    );
    assert_eq!(again.kind(), "not_said_of_this");
}

#[test]
fn a_page_is_thanked_for_and_asked_time_for_and_both_stand_on_it() {
    let root = root();
    let (ana, ben) = two(root.path());
    pages(&ana, &ben, "2026-W47", ["Rain.", "Sun."]);
    says(&ben, &["today"], "`troth checkin thank 2026-W47`");
    let show = ["checkin", "show", "2026-W47"];
    for step in ["heard", "thank", "need-time"] {
        says(&ben, &show, &format!("`troth checkin {step} 2026-W47`"));
    }
    ben.ask(
        &["checkin", "need-time", "--until", "in three days"],
        Value::Null,
    );
    ben.ask(&["checkin", "thank"], json!({"words": "For the rain."}));
    let said = |shown: &Value, says: &str| {
        let all = shown["slots"][0]["answers"].as_array().cloned();
        all.unwrap_or_default().iter().any(|it| it["says"] == says)
    };
    ana.until(&show, |shown| said(shown, "thank"));
    // Its news is told once; on the page it stays.
    for _ in 0..2 {
        reads(&ana, &["today"]);
        says(&ana, &show, "Ben thanked you. For the rain.");
    }
    let his = reads(&ben, &show);
    assert!(his.contains("You said thank you. For the rain."), "{his}");
    assert!(!his.contains("`troth checkin thank"), "{his}");
    // Nothing is answered that is not open.
    let early = ben.script(&["checkin", "thank", "2026-W40"], &Value::Null);
    assert_eq!(early.kind(), "nothing_open");
}

#[test]
fn a_card_is_answered_by_the_name_that_today_gives_it() {
    let root = root();
    let (ana, ben) = two(root.path());
    pages(&ana, &ben, "2026-W47", ["Rain.", "Sun."]);
    ben.ask(&["checkin", "thank", "2026-W47"], Value::Null);
    let card = ana.ask(&["card", "small-steps"], Value::Null);
    let card = card["card"].as_str().unwrap();
    for home in [&ana, &ben] {
        home.ask(
            &["card", "small-steps", card],
            json!({"words": "With tea."}),
        );
    }
    ben.until(&["today"], |today| {
        let waiting = today["waiting"].as_array().unwrap().iter();
        waiting.clone().any(|it| it["what"] == "opened")
    });
    let today = reads(&ben, &["today"]);
    let (_, named) = today.split_once("`troth checkin heard ").expect(&today);
    let (name, _) = named.split_once('`').unwrap();
    // Either can be meant, and nothing is taken for the other: who sits there is asked, and who does not is told so.
    let mut session = sit_down(&ben, &["checkin", "heard"]);
    session.exp_string("Which one, by its number?").unwrap();
    drop(session);
    let piped = ben.run(&["checkin", "heard"], "");
    assert!(!piped.status.success());
    let told = String::from_utf8_lossy(&piped.stderr).into_owned();
    assert!(told.contains("2026-W47") && told.contains(name), "{told}");
    ben.ask(
        &["checkin", "heard", name],
        json!({"words": "I heard you."}),
    );
    let slot = format!("card:small-steps/{card}");
    says(&ben, &["checkin", "show", &slot], "I heard you.");
    // Its number in the list, words of its question, or nothing where only one fits.
    for which in [&["1"][..], &[name], &["small-steps"], &[]] {
        let typed = [&["card", "show"], which].concat();
        let shown = ben.ask(&typed, Value::Null);
        assert_eq!(shown["card"], card, "{typed:?}");
        let line = json!({"line": 1, "topic": "Tea", "does": {"me": "I boil."}});
        ben.ask(&[&["card", "propose"], which].concat(), line);
    }
}

#[test]
fn own_check_ins_are_put_away_one_by_one_or_all_before_a_week() {
    let root = root();
    let (ana, ben) = two(root.path());
    for slot in ["2026-W40", "2026-W41", "2026-W42"] {
        pages(&ana, &ben, slot, ["A xylophone.", "Sun."]);
    }
    let away = |home: &Home| {
        let shown = home.ask(&["checkin", "show"], Value::Null);
        let slots = shown["slots"].as_array().unwrap().iter();
        let away = slots.filter(|it| it["put_away"].to_string().contains("me"));
        let mut away: Vec<String> = away
            .map(|it| it["slot"].as_str().unwrap().to_owned())
            .collect();
        away.sort();
        away
    };
    // Nothing that is put away by a slip is gone at once.
    let at_once = ["checkin", "put-away", "2026-W42", "--days", "0"];
    assert_eq!(ana.script(&at_once, &Value::Null).kind(), "away_days");
    assert_eq!(away(&ana), [] as [&str; 0]);
    says(&ana, &["checkin", "show", "2026-W42"], "A xylophone.");
    let put = ana.ask(
        &["checkin", "put-away", "2026-W42", "--days", "7"],
        Value::Null,
    );
    assert_eq!(put["slots"][0]["put_away"], json!(["me"]));
    assert_eq!(away(&ana), ["2026-W42"]);
    says(
        &ana,
        &["checkin", "show", "2026-W42"],
        "Put away. It can still be opened.",
    );
    ana.ask(&["checkin", "put-away", "2026-W42", "--back"], Value::Null);
    let put = ana.ask(
        &["checkin", "put-away", "--before", "2026-W42"],
        Value::Null,
    );
    assert_eq!(put["slots"].as_array().map(Vec::len), Some(2), "{put}");
    assert_eq!(away(&ana), ["2026-W40", "2026-W41"]);
    says(
        &ana,
        &["checkin", "put-away", "--before", "2026-W42"],
        "No page of yours from before then",
    );
    let found = ana.ask(&["search", "xylophone"], Value::Null);
    assert_eq!(found["found"].as_array().map(Vec::len), Some(1), "{found}");
    assert_eq!(away(&ben), [] as [&str; 0], "his are his");
}

#[test]
fn a_page_is_kept_also_after_it_was_taken_back_and_the_other_sees_the_same() {
    let root = root();
    let (ana, ben) = two(root.path());
    pages(&ana, &ben, "2026-W47", ["A xylophone.", "Sun."]);
    ben.ask(&["checkin", "keep"], Value::Null);
    assert_eq!(kept(&ben), ["A xylophone."]);
    ana.ask(&["checkin", "take-back", "--yes"], Value::Null);
    let show = ["checkin", "show", "2026-W47"];
    ben.until(&show, |shown| {
        shown["slots"][0]["taken_back"] == json!(["partner"])
    });
    let may = "`troth checkin keep 2026-W47`. Nobody is told.";
    says(&ben, &show, may);
    let before = ana.ask(&show, Value::Null);
    ben.ask(&["checkin", "keep", "2026-W47"], Value::Null);
    assert_eq!(kept(&ben), ["A xylophone.", "A xylophone."]);
    ben.until(&["status"], |status| status["partner_has_all"] == true);
    assert_eq!(ana.ask(&show, Value::Null), before);
    let none = ben.script(&["checkin", "keep", "2026-W40"], &Value::Null);
    assert_eq!(none.kind(), "no_such");
}

#[test]
fn pages_about_oneself_are_shown_side_by_side() {
    let root = root();
    let (ana, ben) = two(root.path());
    for (home, text) in [(&ana, "I go silent."), (&ben, "I get loud.")] {
        let words = json!({"words": {"text": text}});
        home.ask(&["about-me", "add", "--page", "my-patterns"], words);
    }
    ana.until(&["about-me", "list"], |list| list["told"][1].is_object());
    let list = ana.ask(&["about-me", "list"], Value::Null);
    let told = list["told"].as_array().unwrap().iter();
    let mine = told.filter(|it| it["by"] == "me").map(id).next().unwrap();
    let shown = reads(&ana, &["about-me", "show", &mine]);
    assert!(
        shown.contains("I go silent.") && shown.contains("I get loud."),
        "{shown}"
    );
}
