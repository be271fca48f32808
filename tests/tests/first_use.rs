//! What people meet who use it for the first time: each command says what is so, and leads on.

use serde_json::{Value, json};
use troth_tests::home::{Home, compare_and_say_yes, paired, root, unpaired};
use troth_tests::terminal::{answer, leaves_from, reads, says, sit_down};

const TROTH: &str = env!("CARGO_BIN_EXE_sut-troth");

/// What a command that must fail says to a person, however its lines are broken.
fn complains(home: &Home, arguments: &[&str], words: &str) {
    let output = home.run(arguments, "");
    assert!(!output.status.success(), "{arguments:?}: {output:?}");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    let said = said.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(said.contains(words), "{arguments:?}: {said}");
}

fn id(view: &Value) -> String {
    view["id"].as_str().unwrap().to_owned()
}

fn count(list: &Value, name: &str) -> usize {
    list[name].as_array().map_or(0, Vec::len)
}

/// An agreement that both have.
fn agreed(ana: &Home, ben: &Home, words: Value) -> Value {
    let proposed = ana.ask(&["agreement", "propose"], words);
    let (agreement, hash) = (&proposed["agreement"], &proposed["hash"]);
    let (agreement, hash) = (agreement.as_str().unwrap(), hash.as_str().unwrap());
    ben.until(&["agreement", "show", agreement], |it| {
        it["versions"].is_array()
    });
    ben.ask(&["agreement", "yes", hash], Value::Null);
    for home in [ana, ben] {
        home.until(&["agreement", "show", agreement], |it| {
            it["state"] == "in_force"
        });
    }
    proposed
}

fn visits() -> Value {
    json!({"topic": "Visits", "does": {"me": "I ask.", "partner": "You ask."}})
}

/// A permission, in answer to what was asked which it is for; the words of it before it is said.
fn permits(home: &Home, which: &str, whom: &str) -> String {
    let mut a = sit_down(home, &["permission", "add"]);
    answer(&mut a, "Which of these may Ben speak of", which);
    // A name may stand there already, as Ben asks: Ctrl-U takes it away.
    answer(&mut a, "Whom may Ben tell?", &format!("\u{15}{whom}"));
    answer(&mut a, "Which part of it?", "");
    answer(&mut a, "Until which day?", "");
    let shown = a.exp_string("Say this to Ben?").unwrap();
    a.send_line("yes").unwrap();
    a.exp_eof().unwrap();
    shown.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn a_yes_to_what_was_asked_about_is_none_to_what_is_told_later() {
    let root = root();
    let (ana, ben) = paired(root.path(), TROTH);
    let first = id(&ana.ask(&["confidence", "add"], json!({"words": {"text": "First."}})));
    let second = id(&ana.ask(
        &["confidence", "add"],
        json!({"words": {"text": "Second."}}),
    ));
    ben.until(&["confidence", "list"], |list| count(list, "told") == 2);
    for one in [&first, &second] {
        ben.ask(&["confidence", "open", one], Value::Null);
    }
    let whom = json!({"words": {"with_whom": "Dr Kim"}});
    ben.ask(&["confidence", "may-i", &first], whom);
    ana.until(&["confidence", "show", &first], |it| {
        count(it, "answers") > 0
    });
    ana.ask(&["confidence", "open", &first], Value::Null);
    let asked = "Ben asks whether Dr Kim may hear of this.";
    says(&ana, &["confidence", "open", &first], asked);
    says(
        &ana,
        &["confidence", "open", &first],
        "yes is `troth permission add`",
    );
    // The older one is asked about, and stands second.
    let mut a = sit_down(&ana, &["permission", "add"]);
    a.exp_string("(empty: 2, as Ben asks)").unwrap();
    a.send_control('c').unwrap();
    a.exp_eof().unwrap();
    let shown = permits(&ana, "", "Dr Kim");
    assert!(shown.contains("Ben may tell Dr Kim."), "{shown}");
    assert!(!shown.contains("also later"), "{shown}");
    let may = |home: &Home, one: &str| {
        count(
            &home.ask(&["confidence", "open", one], Value::Null),
            "may_tell",
        )
    };
    ben.until(&["confidence", "show", &first], |it| {
        count(it, "may_tell") == 1
    });
    assert_eq!((may(&ben, &first), may(&ben, &second)), (1, 0));
    let said = reads(&ben, &["confidence", "open", &first]);
    assert!(said.contains("You may tell Dr Kim."), "{said}");
    assert!(!said.contains("Until Ana says yes"), "{said}");
    // One that is for everything says so, before and after, on both sides.
    let shown = permits(&ana, "all", "Mara");
    let all = "This is for all that you tell Ben in confidence, also later.";
    assert!(shown.contains(all), "{shown}");
    ben.until(&["confidence", "show", &second], |it| {
        count(it, "may_tell") == 1
    });
    let all = "This is for all that Ana tells you in confidence, also later.";
    says(&ben, &["confidence", "open", &second], all);
    // An asking for the same person is answered by it too.
    let whom = json!({"words": {"with_whom": "mara"}});
    ben.ask(&["confidence", "may-i", &second], whom);
    let said = reads(&ben, &["confidence", "open", &second]);
    assert!(!said.contains("Until Ana says yes"), "{said}");
}

/// A repair in its third step, at which what each felt stands open.
fn repair_at_three(ana: &Home, ben: &Home) -> String {
    let id = id(&ana.ask(
        &["repair", "add"],
        json!({"words": {"words": "That hurt."}}),
    ));
    let at = |step: u8| {
        for home in [ana, ben] {
            home.until(&["repair", "show", &id], |it| it["repair"]["step"] == step);
        }
    };
    at(1);
    for home in [ana, ben] {
        home.ask(&["repair", "day", &id, "tomorrow"], Value::Null);
    }
    at(2);
    for home in [ana, ben] {
        home.ask(&["repair", "write", &id], json!({"words": "I felt small."}));
    }
    at(3);
    id
}

#[test]
fn each_step_of_a_repair_names_what_is_left_and_a_yes_goes_to_no_earlier_one() {
    let root = root();
    let (ana, ben) = paired(root.path(), TROTH);
    let id = repair_at_three(&ana, &ben);
    let at_three = "The two of you are at step 3 of this repair.";
    complains(&ben, &["repair", "open"], at_three);
    complains(&ben, &["repair", "write"], at_three);
    let show = ["repair", "show"];
    let said = reads(&ben, &show);
    assert!(said.contains("To do: `troth repair say-back`."), "{said}");
    assert!(!said.contains("`troth repair done`"), "{said}");
    assert!(!said.contains("`troth repair yes`"), "{said}");
    let back = json!({"words": "You felt small."});
    ben.ask(&["repair", "say-back", &id], back.clone());
    let said = reads(&ben, &show);
    assert!(said.contains("Now it is Ana's turn."), "{said}");
    assert!(!said.contains("To do:"), "{said}");
    complains(&ben, &["repair", "done"], "is not marked yet");
    let said_back = |home: &Home, n: usize| {
        home.until(&["repair", "show", &id], |it| {
            count(&it["repair"], "said_back") == n
        });
    };
    said_back(&ana, 1);
    says(&ana, &show, "`troth repair yes` or `troth repair not-yet`.");
    ana.ask(&["repair", "yes", &id], json!({"words": {}}));
    ana.ask(&["repair", "say-back", &id], back);
    said_back(&ben, 3);
    says(&ben, &show, "To do: `troth repair done`.");
    ben.ask(&["repair", "yes", &id], json!({"words": {}}));
    said_back(&ana, 4);
    let at = |step: u8| {
        for home in [&ana, &ben] {
            home.until(&["repair", "show", &id], |it| it["repair"]["step"] == step);
        }
    };
    for home in [&ana, &ben] {
        home.ask(&["repair", "done", &id], Value::Null);
    }
    at(4);
    for step in [4, 5] {
        for home in [&ana, &ben] {
            home.ask(&["repair", "write", &id], json!({"words": "It was late."}));
        }
        at(step + 1);
    }
    // An apology that is not read is answered with nothing, least of all with a mark of the third step.
    ben.ask(&["repair", "apology", &id], json!({"words": "I am sorry."}));
    ana.until(&["repair", "list"], |list| {
        list["told"][0]["unopened"] == true
    });
    let before = ana.ask(&["repair", "show", &id], Value::Null);
    for verb in ["not-yet", "yes"] {
        complains(
            &ana,
            &["repair", verb],
            "an apology that you have not read yet",
        );
    }
    let after = ana.ask(&["repair", "show", &id], Value::Null);
    assert_eq!(before, after);
    says(&ana, &show, "Ben has apologised: `troth repair open`");
    ana.ask(&["repair", "open", &id], Value::Null);
    says(&ana, &show, "You can answer it, if you wish");
    ana.ask(&["repair", "yes"], json!({"words": {}}));
    says(&ana, &show, "You said: I accept.");
    for step in [7, 8] {
        for home in [&ana, &ben] {
            home.ask(&["repair", "done", &id], Value::Null);
        }
        if step == 7 {
            at(step);
        }
    }
    ana.until(&["repair", "show", &id], |it| {
        it["repair"]["through"] == true
    });
    complains(&ana, &show, "`troth repair list` shows what there is");
}

#[test]
fn a_repair_without_a_word_is_asked_for_before_it_begins() {
    let root = root();
    let (ana, ben) = paired(root.path(), TROTH);
    agreed(&ana, &ben, visits());
    let begin = |says: &str| {
        let mut a = sit_down(&ana, &["agreement", "did-not-hold", "visits"]);
        answer(&mut a, "What happened, in your own words?", "");
        answer(&mut a, "How may it have come about", "");
        answer(&mut a, "didn't hold?", says);
        a.exp_eof().unwrap();
        count(&ana.ask(&["repair", "list"], Value::Null), "told")
    };
    assert_eq!(begin("no"), 0);
    assert_eq!(begin("yes"), 1);
}

#[test]
fn open_by_itself_opens_a_page_that_today_names() {
    let root = root();
    let (ana, ben) = paired(root.path(), TROTH);
    for (home, words) in [(&ana, "The walk."), (&ben, "The xylophone.")] {
        home.ask(&["checkin", "ready"], json!({"went_well": words}));
    }
    ana.until(&["today"], |today| today["waiting"][0]["what"] == "opened");
    says(&ana, &["open"], "Went well: The xylophone.");
    let today = ana.ask(&["today"], Value::Null);
    assert_eq!(today["waiting"], json!([]));
    // What is open is not called back, and what can be done instead is named.
    complains(&ana, &["checkin", "cancel"], "`troth checkin take-back`");
    complains(&ana, &["checkin", "ready"], "`troth say`");
}

#[test]
fn why_there_is_nothing_to_say_yes_to_is_told_as_it_is() {
    let root = root();
    let (ana, ben) = paired(root.path(), TROTH);
    ana.ask(&["agreement", "propose"], visits());
    let money = json!({"topic": "Money", "does": {"me": "I write it down."}});
    ana.ask(&["agreement", "propose"], money);
    complains(
        &ana,
        &["agreement", "yes"],
        "Nothing waits for your answer.",
    );
    complains(
        &ana,
        &["agreement", "yes", "money"],
        "These words are yours",
    );
    complains(
        &ana,
        &["agreement", "yes", "money"],
        "They wait for Ben's yes.",
    );
    let rests = "No yes of yours to these words rests here.";
    complains(&ana, &["agreement", "call-back", "money"], rests);
    complains(&ana, &["agreement", "call-back"], rests);
    // Of several only the one is meant that waits.
    ben.until(&["agreement", "list"], |list| {
        count(list, "agreements") == 2
    });
    ben.ask(&["agreement", "yes", "money"], Value::Null);
    let mut b = sit_down(&ben, &["agreement", "yes"]);
    b.exp_string("Visits").unwrap();
    answer(&mut b, "Yes to these very words?", "n");
    b.exp_eof().unwrap();
}

#[test]
fn words_that_were_overtaken_invite_no_yes_and_can_be_proposed_anew() {
    let root = root();
    let (ana, ben) = paired(root.path(), TROTH);
    let first = agreed(&ana, &ben, visits());
    let agreement = first["agreement"].as_str().unwrap();
    let mut changes = Vec::new();
    for (home, other, does) in [(&ben, &ana, "I ring."), (&ana, &ben, "I write.")] {
        let mut change = visits();
        change["agreement"] = json!(agreement);
        change["base"] = json!([first["version"]]);
        change["does"] = json!({"me": does});
        changes.push(home.ask(&["agreement", "propose"], change));
        other.until(&["agreement", "show", agreement], |it| {
            count(it, "versions") == 1 + changes.len()
        });
    }
    says(&ana, &["today"], "`troth agreement yes visits`");
    // What a yes would change is shown before it.
    let mut b = sit_down(&ben, &["agreement", "yes", "visits"]);
    b.exp_string("{+").unwrap();
    answer(&mut b, "Yes to these very words?", "y");
    b.exp_eof().unwrap();
    ana.until(&["agreement", "show", agreement], |it| {
        it["versions"][2]["state"] == "in_force"
    });
    let today = reads(&ana, &["today"]);
    assert!(!today.contains("agreement yes"), "{today}");
    assert!(today.contains("They can be proposed anew."), "{today}");
    let refused = ana.script(&["agreement", "yes", "visits"], &Value::Null);
    assert_eq!(refused.kind(), "yes_would_not_count");
    let mut a = sit_down(&ana, &["agreement", "yes", "visits"]);
    a.exp_string("Something else was agreed since").unwrap();
    answer(&mut a, "Propose these very words anew?", "y");
    a.exp_string("Proposed.").unwrap();
    a.exp_eof().unwrap();
    let view = ben.until(&["agreement", "show", agreement], |it| {
        count(it, "versions") == 4
    });
    assert_eq!(view["versions"][3]["by"], "partner");
}

#[test]
fn a_change_of_a_trial_begins_with_its_last_day() {
    let root = root();
    let (ana, ben) = paired(root.path(), TROTH);
    let mut words = visits();
    words["trial_until"] = json!("2999-12-31");
    agreed(&ana, &ben, words);
    let mut a = sit_down(&ana, &["agreement", "propose", "--change", "visits"]);
    leaves_from(&mut a, "What is it about, in a few words?", false);
    a.exp_string("A trial until 31 December 2999.").unwrap();
    // What is neither yes nor no is no answer.
    answer(&mut a, "Propose this to Ben?", "maybe");
    answer(&mut a, "Propose this to Ben?", "no");
    a.exp_eof().unwrap();
    let mut a = sit_down(&ana, &["agreement", "let-go", "visits"]);
    answer(&mut a, "It ends for both of you, at once.", "maybe");
    answer(&mut a, "It ends for both of you, at once.", "n");
    a.exp_eof().unwrap();
    let list = ana.ask(&["agreement", "list"], Value::Null);
    assert_eq!(list["agreements"][0]["state"], "in_force");
}

#[test]
fn a_not_now_with_its_note_is_in_the_history_until_there_is_a_yes() {
    let root = root();
    let (ana, ben) = paired(root.path(), TROTH);
    ana.ask(&["agreement", "propose"], visits());
    ben.until(&["agreement", "list"], |list| {
        count(list, "agreements") == 1
    });
    for note in ["Before that.", "After Christmas."] {
        ben.ask(&["agreement", "not-now", "visits"], json!({"note": note}));
    }
    ben.ask(
        &[
            "agreement",
            "need-time",
            "visits",
            "--until",
            "in two weeks",
        ],
        Value::Null,
    );
    let history = ["agreement", "history", "visits"];
    ana.until(&history, |it| it.to_string().contains("After Christmas."));
    let said = reads(&ana, &history);
    assert!(
        said.contains("Ben answered wording a: not now. The note with it: After Christmas."),
        "{said}"
    );
    assert!(!said.contains("Before that."), "{said}");
    ben.ask(&["agreement", "yes", "visits"], Value::Null);
    ana.until(&["agreement", "list"], |list| {
        list["agreements"][0]["state"] == "in_force"
    });
    let said = reads(&ana, &history);
    assert!(!said.contains("not now"), "{said}");
}

#[test]
fn a_long_check_in_is_found_by_its_name_and_words_gone_on_from_are_asked_for_again() {
    let root = root();
    let (ana, _ben) = paired(root.path(), TROTH);
    let year = ["checkin", "ready", "--slot", "year"];
    let mut a = sit_down(&ana, &year);
    answer(&mut a, "Thanks: what did Ben do?", "You cooked.");
    answer(&mut a, "What does it say of Ben?", "");
    answer(&mut a, "Thanks: what did Ben do?", "");
    a.exp_string("What went well?").unwrap();
    a.send_control('c').unwrap();
    a.exp_string("Your words are kept on this device").unwrap();
    a.exp_eof().unwrap();
    let mut a = sit_down(&ana, &year);
    answer(&mut a, "Go on from them?", "yes");
    answer(&mut a, "Thanks: what did Ben do?", "");
    answer(&mut a, "What does it say of Ben?", "");
    answer(&mut a, "Thanks: what did Ben do?", "");
    for question in [
        "What went well?",
        "What have you not said yet?",
        "One thing to talk about",
        "One wish:",
    ] {
        answer(&mut a, question, "");
    }
    answer(
        &mut a,
        "What from this year would you like to remember",
        "The lake.",
    );
    a.exp_string("In which hard moment of this year").unwrap();
    a.send_control('c').unwrap();
    a.exp_eof().unwrap();
    // How one wants to be listened to is asked also of words that were broken off before.
    let mut a = sit_down(&ana, &["small-truth", "add"]);
    answer(&mut a, "What is the small truth?", "I dislike the lake.");
    a.exp_string("What lies beneath it?").unwrap();
    a.send_control('c').unwrap();
    a.exp_eof().unwrap();
    let mut a = sit_down(&ana, &["small-truth", "add"]);
    answer(&mut a, "Go on from them?", "yes");
    answer(&mut a, "What is the small truth?", "");
    answer(&mut a, "What lies beneath it?", "");
    answer(&mut a, "How would you like to be listened to", "2");
    a.exp_string("You asked Ben to help you think.").unwrap();
    answer(&mut a, "Say this to Ben?", "no");
    a.exp_eof().unwrap();
}

#[test]
fn who_breaks_off_while_setting_up_reads_what_is_so() {
    let root = root();
    let home = Home::new(root.path(), "ana", TROTH);
    let init = ["init", "--keys", "file", "--listen", "127.0.0.1:0"];
    let mut a = sit_down(&home, &init);
    a.exp_string("Your name, as your partner will see it:")
        .unwrap();
    a.send_control('c').unwrap();
    a.exp_string("Nothing was set up.").unwrap();
    a.exp_eof().unwrap();
    let mut a = sit_down(&home, &init);
    answer(&mut a, "Your name, as your partner will see it:", "Ana");
    answer(&mut a, "A passphrase for your private pages", "");
    a.exp_string("Shall Troth start when you log in").unwrap();
    // The words are shown also to who breaks off here.
    a.send_control('c').unwrap();
    a.exp_string("24 recovery words").unwrap();
    a.exp_regex("Word [0-9]+:").unwrap();
    a.send_control('c').unwrap();
    a.exp_string("Troth is set up all the same.").unwrap();
    a.exp_string("write them down").unwrap();
    a.exp_eof().unwrap();
    assert_eq!(home.ask(&["status"], Value::Null)["me"], "Ana");
}

#[test]
fn a_pairing_that_was_broken_off_goes_on_and_a_no_elsewhere_is_told() {
    let root = root();
    let (ana, ben) = unpaired(root.path(), TROTH);
    let invited = ana.ask(&["pair", "invite"], Value::Null);
    ben.ask(&["pair", "join"], invited["invitation"].clone());
    let number = |home: &Home| {
        let state = home.until(&["pair", "state"], |it| it["my_number"].is_string());
        state["my_number"].as_str().unwrap().to_owned()
    };
    let (hers, his) = (number(&ana), number(&ben));
    says(
        &ben,
        &[],
        "A pairing is under way. `troth pair` goes on with it.",
    );
    says(&ben, &["pair", "state"], "`troth pair number`");
    let mut b = sit_down(&ben, &["pair"]);
    b.exp_string("The number on the other screen:").unwrap();
    b.send_control('c').unwrap();
    b.exp_eof().unwrap();
    let mut b = sit_down(&ben, &["pair"]);
    answer(&mut b, "The number on the other screen:", &hers);
    ana.ask(&["pair", "number"], json!(his));
    b.exp_string("everything you tell (`troth say`)").unwrap();
    b.exp_string("do you want to share this?").unwrap();
    ana.until(&["pair", "state"], |it| it["state"] == "confirming");
    ana.ask(&["pair", "no"], Value::Null);
    ben.until(&["pair", "state"], |it| it["state"] != "confirming");
    b.send_line("y").unwrap();
    b.exp_string("The pairing has ended. Nothing more was shared.")
        .unwrap();
    let rest = b.exp_eof().unwrap();
    assert_eq!(rest.matches("`troth pair`").count(), 1, "{rest}");
    // And it begins anew.
    let invited = ana.ask(&["pair", "invite"], Value::Null);
    ben.ask(&["pair", "join"], invited["invitation"].clone());
    compare_and_say_yes(&ana, &ben);
}

#[test]
fn a_break_that_both_have_ended_is_over_and_stopping_says_what_it_does() {
    let root = root();
    let (ana, ben) = paired(root.path(), TROTH);
    ana.ask(&["break", "add"], json!({"minutes": 30}));
    ben.until(&["today"], |today| !today["break"].is_null());
    ben.ask(&["break", "done"], Value::Null);
    ana.until(&["break", "list"], |_| true);
    ana.until(&["today"], |today| {
        today["break"]["back"] == json!(["partner"])
    });
    says(&ana, &["break", "show"], "Ben is back. You?");
    let over = reads(&ana, &["break", "done"]);
    assert!(over.contains("The break is over."), "{over}");
    assert!(
        !over.contains("You?") && !over.contains("Breathe"),
        "{over}"
    );
    let stopped = reads(&ana, &["stop"]);
    for words in [
        "a sudden silence makes things worse",
        "`troth pause`",
        "`troth export`",
    ] {
        assert!(stopped.contains(words), "{words}: {stopped}");
    }
}
