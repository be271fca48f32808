//! The same by a person's hands: prompts in a terminal.

use rexpect::session::PtySession;
use serde_json::{Value, json};
use troth_tests::home::{Home, paired, root};
use troth_tests::terminal::{answer, leaves_from, reads, sit_down};

const TROTH: &str = env!("CARGO_BIN_EXE_sut-troth");

/// Writes the 24 words down, and types three of them back, the first one wrongly at first.
fn read_back(session: &mut PtySession) {
    session.exp_string("24 recovery words").unwrap();
    let mut words = vec![String::new()];
    for number in 1..=24 {
        let (_, found) = session.exp_regex(&format!(r" {number}  [a-z]+")).unwrap();
        words.push(found.split_whitespace().last().unwrap().to_owned());
    }
    let asked = |session: &mut PtySession| -> usize {
        let (_, found) = session.exp_regex(r"Word [0-9]+:").unwrap();
        found
            .trim_matches(|c: char| !c.is_ascii_digit())
            .parse()
            .unwrap()
    };
    let first = asked(session);
    session.send_line("mistaken").unwrap();
    session.exp_string("That is another word.").unwrap();
    assert_eq!(asked(session), first);
    session.send_line(&words[first]).unwrap();
    for _ in 0..2 {
        let place = asked(session);
        session.send_line(&words[place]).unwrap();
    }
    session.exp_string("Your paper is right.").unwrap();
}

#[test]
fn two_people_set_up_pair_and_agree_with_only_the_words_on_screen() {
    let root = root();
    let (ana, ben) = (
        Home::new(root.path(), "ana", TROTH),
        Home::new(root.path(), "ben", TROTH),
    );
    for (home, name) in [(&ana, "Ana"), (&ben, "Ben")] {
        let mut session = sit_down(home, &["init", "--keys", "file", "--listen", "127.0.0.1:0"]);
        answer(
            &mut session,
            "Your name, as your partner will see it:",
            name,
        );
        session.exp_string("neither the 24 words").unwrap();
        answer(&mut session, "A passphrase for your private pages", "");
        answer(&mut session, "Shall Troth start when you log in", "");
        read_back(&mut session);
        session.exp_string("Next: `troth pair`").unwrap();
        session.exp_eof().unwrap();
    }
    let mut a = sit_down(&ana, &["pair"]);
    answer(
        &mut a,
        "An invitation from your partner, if you have one",
        "",
    );
    let (_, invitation) = a.exp_regex("troth:[a-z2-7]+").unwrap();
    let mut b = sit_down(&ben, &["pair"]);
    answer(
        &mut b,
        "An invitation from your partner, if you have one",
        &invitation,
    );
    let number = |session: &mut PtySession| {
        session.exp_string("Your number is ").unwrap();
        session.exp_regex("[0-9]{6}").unwrap().1
    };
    let (hers, his) = (number(&mut a), number(&mut b));
    // A slip first: her own number.
    answer(&mut a, "The number on the other screen:", &hers);
    a.exp_string("This is the number on your own screen.")
        .unwrap();
    answer(&mut a, "The number on the other screen:", &his);
    answer(&mut b, "The number on the other screen:", &hers);
    for (session, other) in [
        (&mut a, "At the other end is Ben."),
        (&mut b, "At the other end is Ana."),
    ] {
        session.exp_string(other).unwrap();
        session.exp_string("nothing of your private pages").unwrap();
        answer(
            session,
            "Is this your partner, and do you want to share this?",
            "y",
        );
    }
    a.exp_string("You are paired with Ben.").unwrap();
    b.exp_string("You are paired with Ana.").unwrap();
    let mut a = sit_down(&ana, &["agreement", "propose"]);
    answer(&mut a, "What is it about, in a few words?", "Visits");
    answer(&mut a, "What do you agree on?", "We tell each other.");
    answer(&mut a, "What will you do?", "I ask first.");
    answer(&mut a, "What will Ben do?", "");
    answer(&mut a, "Does the same go for Ben too?", "y");
    answer(&mut a, "When something happens", "");
    answer(&mut a, "What is not meant?", "");
    answer(&mut a, "Is it a trial?", "");
    answer(&mut a, "When do you want to look at it again", "");
    answer(&mut a, "Is it a big one", "n");
    // She reads it whole, sees a slip, and mends it where it stands.
    a.exp_string("You: I ask first.").unwrap();
    answer(&mut a, "Propose this to Ben?", "change");
    answer(&mut a, "What is it about, in a few words?", ", announced");
    answer(&mut a, "What do you agree on?", "");
    answer(&mut a, "What will you do?", "");
    answer(&mut a, "What will Ben do?", "");
    answer(&mut a, "When something happens", "");
    answer(&mut a, "What is not meant?", "");
    answer(&mut a, "Is it a trial?", "");
    answer(&mut a, "When do you want to look at it again", "");
    answer(&mut a, "Is it a big one", "n");
    a.exp_string("Visits, announced").unwrap();
    answer(&mut a, "Propose this to Ben?", "yes");
    a.exp_string("It waits for Ben's answer.").unwrap();
    ben.until(&["today"], |today| today["waiting"][0].is_object());
    let mut b = sit_down(&ben, &[]);
    b.exp_string("You are Ben.").unwrap();
    b.exp_string("Ana proposes").unwrap();
    b.exp_string("`troth agreement yes announced`").unwrap();
    let mut b = sit_down(&ben, &["agreement", "yes", "announced"]);
    b.exp_string("You: I ask first.").unwrap();
    answer(&mut b, "Yes to these very words?", "y");
    b.exp_string("in force").unwrap();
    ana.until(&["agreement", "list"], |list| {
        list["agreements"][0]["state"] == "in_force"
    });
}

#[test]
fn one_who_would_open_a_page_at_once_reads_so_first() {
    let root = root();
    let (ana, ben) = paired(root.path(), TROTH);
    ana.ask(
        &["checkin", "ready", "--slot", "2026-W47"],
        json!({"wish": "rain"}),
    );
    ben.until(&["checkin", "show", "2026-W47"], |shown| {
        shown["slots"][0]["partner"] == "ready"
    });
    let mut b = sit_down(&ben, &["checkin", "ready", "--slot", "2026-W47"]);
    b.exp_string("Ana's is ready. If you say ready, both open at once.")
        .unwrap();
    answer(&mut b, "Thanks: what did ", "");
    answer(&mut b, "What went well?", "Cooking.");
    answer(&mut b, "What have you not said yet?", "");
    answer(&mut b, "One thing to talk about: when", "");
    // Longer than a terminal takes in one line by itself, and pasted in several.
    let long = "and so on ".repeat(600);
    answer(
        &mut b,
        "One wish:",
        &format!("\u{1b}[200~One.\r{long}\u{1b}[201~"),
    );
    answer(&mut b, "Are you ready with these words?", "yes");
    b.exp_eof().unwrap();
    let shown = ana.until(&["checkin", "show", "2026-W47"], |shown| {
        shown["slots"][0]["opened"]["partner"]["went_well"] == "Cooking."
    });
    let wish = &shown["slots"][0]["opened"]["partner"]["wish"];
    assert_eq!(*wish, format!("One.\n{}", long.trim()));
}

#[test]
fn nobody_is_asked_where_there_is_nobody() {
    let root = root();
    let home = Home::new(root.path(), "ana", TROTH);
    let output = home.run(&["--no-input", "init", "--keys", "file"], "");
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("there is nobody here to ask"));
    assert_eq!(home.ask(&["status"], Value::Null)["keys"], "not_set_up");
}

#[test]
fn a_yes_is_to_the_words_that_were_shown_also_when_others_come_meanwhile() {
    let root = root();
    let (ana, ben) = paired(root.path(), TROTH);
    let words = |does: &str| json!({"topic": "Visits", "does": {"me": does, "partner": does}});
    let v1 = ben.ask(&["agreement", "propose"], words("We call before."));
    let agreement = v1["agreement"].as_str().unwrap();
    ana.until(&["agreement", "show", agreement], |_| true);
    let mut a = sit_down(&ana, &["agreement", "yes", agreement]);
    a.exp_string("We call before.").unwrap();
    a.exp_string("Yes to these very words?").unwrap();
    let mut other = words("We never call.");
    other["agreement"] = json!(agreement);
    ben.ask(&["agreement", "propose"], other);
    ana.until(&["agreement", "show", agreement], |shown| {
        shown["versions"].as_array().unwrap().len() == 2
    });
    a.send_line("y").unwrap();
    a.exp_string("no longer on offer").unwrap();
    a.exp_eof().unwrap();
    for home in [&ana, &ben] {
        let shown = home.ask(&["agreement", "show", agreement], Value::Null);
        assert_eq!(shown["state"], "proposed");
    }
}

#[test]
fn words_that_came_back_can_be_said_again_after_reading_that_they_open_at_once() {
    let root = root();
    let (ana, ben) = paired(root.path(), TROTH);
    let ready = ["checkin", "ready", "--slot", "2026-W47"];
    ana.ask(&ready, json!({"wish": "rain"}));
    ana.ask(&["checkin", "cancel", "2026-W47"], Value::Null);
    ben.ask(&ready, json!({"wish": "sun"}));
    ana.until(&["checkin", "show", "2026-W47"], |shown| {
        shown["slots"][0]["partner"] == "ready"
    });
    let mut a = sit_down(&ana, &ready);
    a.exp_string("Ben's is ready. If you say ready, both open at once.")
        .unwrap();
    a.exp_string("These words came back to you.").unwrap();
    a.exp_string("rain").unwrap();
    answer(&mut a, "Are you ready with these words?", "change");
    for question in [
        "Thanks: what did ",
        "What went well?",
        "What have you not said yet?",
        "One thing to talk about: when",
    ] {
        answer(&mut a, question, "");
    }
    answer(&mut a, "One wish:", ", and a walk");
    a.exp_string("rain, and a walk").unwrap();
    answer(&mut a, "Are you ready with these words?", "yes");
    a.exp_eof().unwrap();
    ben.until(&["checkin", "show", "2026-W47"], |shown| {
        shown["slots"][0]["opened"]["partner"]["wish"] == "rain, and a walk"
    });
}

#[test]
fn an_agreement_is_named_by_its_words_its_number_and_a_letter_and_nothing_ends_on_one_enter() {
    let root = root();
    let (ana, ben) = paired(root.path(), TROTH);
    for topic in ["Phones", "Phones at night"] {
        let words = json!({"topic": topic, "does": {"me": "I switch it off."}});
        ben.ask(&["agreement", "propose"], words);
    }
    ana.until(&["today"], |today| {
        today["waiting"].as_array().unwrap().len() == 2
    });
    // Two of that name wait: she chooses by number, and reads the words before she says yes.
    let mut a = sit_down(&ana, &["agreement", "yes", "pho"]);
    a.exp_string("1  Phones").unwrap();
    answer(&mut a, "Which one, by its number?", "2");
    a.exp_string("Ben: I switch it off.").unwrap();
    answer(&mut a, "Yes to these very words?", "y");
    a.exp_string("in force").unwrap();
    a.exp_eof().unwrap();
    let list = ana.run(&["agreement", "list"], "");
    let list = String::from_utf8(list.stdout).unwrap();
    assert_eq!(
        list.lines().collect::<Vec<_>>(),
        ["proposed", "1  Phones", "in force", "2  Phones at night"]
    );
    // By the number of that list, and a change that begins from its words.
    let mut a = sit_down(&ana, &["agreement", "show", "2"]);
    a.exp_string("Phones at night: in force").unwrap();
    a.exp_string("  a  in force").unwrap();
    let mut a = sit_down(&ana, &["agreement", "propose", "--change", "night"]);
    answer(&mut a, "What is it about, in a few words?", "");
    answer(&mut a, "What do you agree on?", "From ten on.");
    answer(&mut a, "What will you do?", "");
    a.exp_string("What will Ben do? I switch it off.").unwrap();
    a.send_line("").unwrap();
    answer(&mut a, "Does the same go for you too?", "");
    answer(&mut a, "When something happens", "");
    answer(&mut a, "What is not meant?", "");
    answer(&mut a, "Is it a trial?", "yesterday");
    a.exp_string("A day is written like").unwrap();
    answer(&mut a, "Is it a trial?", "1.1.2020");
    a.exp_string("1 January 2020 has passed.").unwrap();
    answer(&mut a, "Is it a trial?", "in two weeks");
    answer(&mut a, "When do you want to look at it again", "");
    answer(&mut a, "Is it a big one", "n");
    a.exp_string("From ten on.").unwrap();
    answer(&mut a, "Propose this to Ben?", "yes");
    a.exp_eof().unwrap();
    // What it changes, word by word; and what holds, as a page to sign.
    let said = |arguments: &[&str]| {
        let output = ana.run(arguments, "");
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).unwrap()
    };
    let diff = said(&["agreement", "diff", "night"]);
    assert!(diff.contains("from a to b"), "{diff}");
    assert!(diff.contains("Agreed: {+From ten on.+}"), "{diff}");
    assert!(
        !diff.contains("switch"),
        "what is the same is not told: {diff}"
    );
    assert_eq!(said(&["agreement", "diff", "night", "a", "b"]), diff);
    let page = said(&["agreement", "print"]);
    assert!(page.contains("What Ana and Ben have agreed"), "{page}");
    assert!(
        page.contains("1. Phones at night\n    Ben: I switch it off.\n"),
        "{page}"
    );
    assert!(
        !page.contains("From ten on."),
        "what is only on offer is not on it: {page}"
    );
    // One Enter ends nothing.
    for step in [
        &["agreement", "let-go", "night"][..],
        &["agreement", "step-back", "night", "a"],
    ] {
        let mut a = sit_down(&ana, step);
        a.exp_string("I switch it off.").unwrap();
        answer(&mut a, "[y/N]", "");
        a.exp_string("Stopped.").unwrap();
        let refused = ana.run(&[&["--no-input"], step].concat(), "");
        assert_eq!(refused.status.code(), Some(2));
        assert!(String::from_utf8_lossy(&refused.stderr).contains("`--yes`"));
    }
    let shown = ana.ask(&["agreement", "show", "night"], Value::Null);
    assert_eq!(shown["state"], "change_proposed");
    let done = ana.run(&["--no-input", "--yes", "agreement", "let-go", "night"], "");
    assert!(done.status.success());
    assert_eq!(
        ana.ask(&["agreement", "show", "night"], Value::Null)["state"],
        "let_go"
    );
    // What waits needs no name.
    let mut a = sit_down(&ana, &["agreement", "yes"]);
    a.exp_string("Phones").unwrap();
    answer(&mut a, "Yes to these very words?", "y");
    a.exp_string("in force").unwrap();
}

#[test]
fn a_slip_in_a_passphrase_may_be_mended_twice() {
    let root = root();
    let home = Home::new(root.path(), "ana", TROTH);
    let words = json!({"name": "Ana", "passphrase": "correct horse"});
    home.ask(&["init", "--keys", "passphrase"], words);
    home.ask(&["lock"], Value::Null);
    let mut a = sit_down(&home, &["unlock"]);
    for _ in 0..2 {
        answer(&mut a, "Your passphrase:", "correct house");
    }
    answer(&mut a, "Your passphrase:", "correct horse");
    a.exp_string("Troth is open.").unwrap();
    home.ask(&["lock"], Value::Null);
    let mut a = sit_down(&home, &["unlock"]);
    for _ in 0..3 {
        answer(&mut a, "Your passphrase:", "correct house");
    }
    a.exp_eof().unwrap();
    assert_eq!(home.ask(&["status"], Value::Null)["keys"], "locked");
}

#[test]
fn whoever_sits_before_a_locked_troth_opens_it_right_there() {
    let root = root();
    let home = Home::new(root.path(), "ana", TROTH);
    let words = json!({"name": "Ana", "passphrase": "correct horse"});
    home.ask(&["init", "--keys", "passphrase"], words);
    let keys = |home: &Home| home.ask(&["status"], Value::Null)["keys"].clone();
    // After a restart, and after a lock by hand.
    for locks in ["stop", "lock"] {
        match locks {
            "stop" => home.stop(),
            _ => drop(home.ask(&["lock"], Value::Null)),
        }
        // Nobody is asked who does not sit there, nor who asks how it is.
        assert_eq!(home.script(&["network"], &Value::Null).kind(), "locked");
        let piped = home.run(&["network"], "correct horse\n");
        assert!(!piped.status.success(), "{piped:?}");
        let mut a = sit_down(&home, &["status"]);
        let told = a.exp_eof().unwrap();
        assert!(!told.contains("Your passphrase:"), "{told}");
        assert_eq!(keys(&home), "locked");
        let mut a = sit_down(&home, &["network"]);
        a.exp_string("Troth is locked.").unwrap();
        answer(&mut a, "Your passphrase:", "correct house");
        a.exp_string("does not open it").unwrap();
        answer(&mut a, "Your passphrase:", "correct horse");
        a.exp_string("router").unwrap();
        a.exp_eof().unwrap();
        assert_eq!(keys(&home), "open");
    }
}

#[test]
fn a_slip_in_a_backups_passphrase_is_asked_about_again_and_nothing_typed_meanwhile_shows() {
    let root = root();
    let ana = Home::new(root.path(), "ana", TROTH);
    ana.init("Ana");
    let file = root.path().join("backup.age");
    let file = file.to_str().unwrap();
    ana.ask(&["backup", file], json!({"passphrase": "correct horse"}));
    let new = Home::new(root.path(), "new", TROTH);
    let mut a = sit_down(&new, &["restore", "--keys", "file", file]);
    answer(&mut a, "The passphrase of the backup:", "correct house");
    // Typed on while it is looked at.
    a.exp_string("One moment").unwrap();
    a.send("battery").unwrap();
    a.flush().unwrap();
    let before = a.exp_string("does not open this backup").unwrap();
    assert!(!before.contains("battery"), "{before}");
    // And no part of what is typed next.
    answer(&mut a, "The passphrase of the backup:", "correct horse");
    a.exp_string("was here already").unwrap();
    a.exp_eof().unwrap();
    assert_eq!(new.ask(&["status"], Value::Null)["me"], "Ana");
}

/// Whether a word stands anywhere below a folder.
fn stands_in(folder: &std::path::Path, word: &str) -> bool {
    let all = std::fs::read_dir(folder).unwrap();
    all.flatten().any(|entry| {
        let path = entry.path();
        if path.is_dir() {
            return stands_in(&path, word);
        }
        let bytes = std::fs::read(&path).unwrap_or_default();
        bytes
            .windows(word.len())
            .any(|part| part == word.as_bytes())
    })
}

#[test]
fn what_was_typed_and_not_said_is_there_the_next_time() {
    let root = root();
    let (ana, _ben) = paired(root.path(), TROTH);
    let mut a = sit_down(&ana, &["agreement", "propose"]);
    answer(&mut a, "What is it about, in a few words?", "Quietkeeping");
    answer(&mut a, "What do you agree on?", "From ten on it is quiet.");
    answer(&mut a, "What will you do?", "I whisper.");
    answer(&mut a, "What will Ben do?", "");
    answer(&mut a, "Does the same go for Ben too?", "");
    answer(&mut a, "When something happens", "");
    answer(&mut a, "What is not meant?", "");
    answer(&mut a, "Is it a trial?", "");
    answer(&mut a, "When do you want to look at it again", "");
    answer(&mut a, "Is it a big one", "");
    answer(&mut a, "Propose this to Ben?", "no");
    a.exp_string("Your words are kept on this device").unwrap();
    a.exp_eof().unwrap();
    assert!(ana.run(&["service", "stop"], "").status.success());
    assert!(
        !stands_in(root.path(), "Quietkeeping"),
        "it lies there sealed"
    );
    // The next time she goes on from them, and breaks off with only the topic changed: that is kept too.
    let mut a = sit_down(&ana, &["agreement", "propose"]);
    a.exp_string("You wrote this before").unwrap();
    a.exp_string("From ten on it is quiet.").unwrap();
    answer(&mut a, "Go on from them?", "yes");
    answer(&mut a, "What is it about, in a few words?", " and calm");
    a.exp_string("What do you agree on?").unwrap();
    a.send_control('c').unwrap();
    a.exp_string("Your words are kept on this device").unwrap();
    a.exp_eof().unwrap();
    let go_on = || {
        let mut a = sit_down(&ana, &["agreement", "propose"]);
        a.exp_string("Quietkeeping and calm").unwrap();
        answer(&mut a, "Go on from them?", "yes");
        leaves_from(&mut a, "What is it about, in a few words?", true);
        a
    };
    // Also if she breaks off at the very last question.
    let mut a = go_on();
    a.exp_string("Propose this to Ben?").unwrap();
    a.send_control('c').unwrap();
    a.exp_string("Your words are kept on this device").unwrap();
    a.exp_eof().unwrap();
    let mut a = go_on();
    answer(&mut a, "Propose this to Ben?", "yes");
    a.exp_string("Proposed.").unwrap();
    a.exp_eof().unwrap();
    let list = ana.run(&["agreement", "list"], "");
    let list = String::from_utf8(list.stdout).unwrap();
    assert!(list.contains("Quietkeeping and calm\n"), "{list}");
    assert!(list.contains("From ten on it is quiet."), "{list}");
    // What is said is kept no more.
    let mut a = sit_down(&ana, &["agreement", "propose"]);
    a.exp_string("What is it about, in a few words?").unwrap();
    a.send_control('c').unwrap();
    a.exp_eof().unwrap();
}

#[test]
fn a_check_in_names_what_is_due_for_a_look_and_takes_no_news_from_today() {
    let root = root();
    let (ana, ben) = paired(root.path(), TROTH);
    let today = ana.ask(&["status"], Value::Null)["today"].clone();
    let propose = |topic: &str, day: &Value| {
        let words =
            json!({"topic": topic, "does": {"me": "I call.", "partner": ""}, "look_again": day});
        let version = ana.ask(&["agreement", "propose"], words)["version"].clone();
        let version = version.as_str().unwrap().to_owned();
        ben.until(&["agreement", "show", &version], |_| true);
        ben.ask(&["agreement", "yes", &version], Value::Null);
        ana.until(&["agreement", "show", &version], |it| {
            it["state"] == "in_force"
        });
    };
    propose("Visits", &today);
    propose("Phones", &json!("2099-01-01"));
    let due = "is due for a look.";
    let mut a = sit_down(&ana, &["checkin", "ready"]);
    a.exp_string(due).unwrap();
    answer(&mut a, "Thanks: what did ", "");
    answer(&mut a, "What went well?", "Cooking.");
    answer(&mut a, "What have you not said yet?", "");
    answer(&mut a, "One thing to talk about: when", "");
    answer(&mut a, "One wish:", "");
    answer(&mut a, "Are you ready with these words?", "yes");
    a.exp_string(due).unwrap();
    a.exp_eof().unwrap();
    let week = ana.ask(&["checkin", "show"], Value::Null)["this_week"].clone();
    let shown = reads(&ana, &["checkin", "show", week.as_str().unwrap()]);
    assert!(shown.contains("“Visits” is due for a look."), "{shown}");
    assert!(!shown.contains("Phones"), "{shown}");
    // What came is still told where it belongs.
    let news = ana.ask(&["today"], Value::Null)["news"].to_string();
    assert!(news.contains("Ben said yes to “Visits”"), "{news}");
}
