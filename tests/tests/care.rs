//! What a person sees before something goes out, and what they are told of it after: nothing leaves by a slip.

use serde_json::{Value, json};
use troth_tests::home::{Home, paired, root, unpaired};
use troth_tests::terminal::{answer, reads, sit_down};

const TROTH: &str = env!("CARGO_BIN_EXE_sut-troth");
const CARD: &str = "met-after-a-long-day";

fn mine(home: &Home, slot: &str) -> Value {
    home.ask(&["checkin", "show", slot], Value::Null)["slots"][0]["mine"].clone()
}

fn id(said: &Value) -> String {
    said["id"].as_str().unwrap().to_owned()
}

#[test]
fn no_page_opens_for_one_alone_without_a_yes() {
    let root = root();
    let (ana, _ben) = paired(root.path(), TROTH);
    ana.ask(
        &["checkin", "ready", "--slot", "2026"],
        json!({"wish": "rain"}),
    );
    let answer_card = ["card", "small-steps", CARD];
    let card = ana.ask(&answer_card, json!({"words": "Noodles."}));
    let card = card["slots"][0]["slot"].as_str().unwrap();
    for slot in ["2026", card] {
        let refused = ana.run(&["--no-input", "checkin", "share", slot], "");
        assert_eq!(refused.status.code(), Some(2), "{slot}: {refused:?}");
        assert_eq!(mine(&ana, slot), "ready", "{slot}");
        let mut session = sit_down(&ana, &["checkin", "share", slot]);
        answer(&mut session, "now, without waiting?", "");
        session.exp_eof().unwrap();
        assert_eq!(mine(&ana, slot), "ready", "{slot}");
        let sure = ana.run(&["--no-input", "--yes", "checkin", "share", slot], "");
        assert!(sure.status.success(), "{slot}: {sure:?}");
        assert_eq!(mine(&ana, slot), "open", "{slot}");
    }
}

/// Ben opens a confidence of Ana's and asks whether Dr Kim may hear of it; Ana reads that.
fn asked_about(ana: &Home, ben: &Home) -> String {
    let words = json!({"words": {"text": "My brother drinks."}});
    let one = id(&ana.ask(&["confidence", "add"], words));
    ben.until(&["confidence", "list"], |list| list["told"][0].is_object());
    ben.ask(&["confidence", "open", &one], Value::Null);
    let whom = json!({"words": {"with_whom": "Dr Kim"}});
    ben.ask(&["confidence", "may-i", &one], whom);
    ana.until(&["confidence", "show", &one], |it| {
        it["answers"].as_array().is_some_and(|all| !all.is_empty())
    });
    ana.ask(&["confidence", "open", &one], Value::Null);
    one
}

#[test]
fn a_yes_for_one_person_is_none_for_another_who_was_asked_about() {
    let root = root();
    let (ana, ben) = paired(root.path(), TROTH);
    let one = asked_about(&ana, &ben);
    let mut a = sit_down(&ana, &["permission", "add"]);
    answer(&mut a, "Which of these may Ben speak of", "1");
    // What is asked about stands there already: another name takes its place (Ctrl-U).
    answer(&mut a, "Whom may Ben tell?", "\u{15}my mother");
    answer(&mut a, "Which part of it?", "");
    answer(&mut a, "Until which day?", "");
    answer(&mut a, "Say this to Ben?", "yes");
    a.exp_eof().unwrap();
    let may = |n: usize| {
        ben.until(&["confidence", "show", &one], |it| {
            it["may_tell"].as_array().map_or(0, Vec::len) == n
        });
    };
    may(1);
    let hears = |home: &Home, verb: &str| reads(home, &["confidence", verb, &one]);
    let said_yes = "said yes";
    let neutral = "You asked whether Dr Kim may hear of this. Ana has answered.";
    // Before he opens her answer, and after.
    for verb in ["show", "open", "show"] {
        let said = hears(&ben, verb);
        assert!(!said.contains(said_yes), "{verb}: {said}");
    }
    assert!(hears(&ben, "open").contains(neutral));
    assert!(hears(&ben, "open").contains("You may tell my mother."));
    assert!(!hears(&ana, "open").contains(said_yes));
    // A yes for Dr Kim is one, until it is ended.
    let whom = json!({"words": {"with_whom": "Dr Kim"}});
    ana.ask(&["permission", "add", "--about", &one], whom);
    may(2);
    assert!(hears(&ben, "open").contains("and Ana said yes."));
    let all = ana.ask(&["confidence", "show", &one], Value::Null)["may_tell"].clone();
    let mut dr_kim = all.as_array().unwrap().iter();
    let dr_kim = dr_kim.find(|it| it["words"]["with_whom"] == "Dr Kim");
    let dr_kim = id(dr_kim.unwrap());
    ana.ask(&["permission", "take-back", &dr_kim], Value::Null);
    may(1);
    let said = hears(&ben, "open");
    assert!(said.contains(neutral) && !said.contains(said_yes), "{said}");
}

#[test]
fn a_permission_is_for_a_confidence_that_was_read_once_more() {
    let root = root();
    let (ana, _ben) = paired(root.path(), TROTH);
    for text in ["The ring is lost.", "My brother drinks."] {
        ana.ask(&["confidence", "add"], json!({"words": {"text": text}}));
    }
    let mut a = sit_down(&ana, &["permission", "add"]);
    // What is no number of these is told, and asked again; nothing is an end.
    answer(&mut a, "Which of these may Ben speak of", "9");
    a.exp_string("There is nothing here by the name 9.")
        .unwrap();
    answer(&mut a, "Which of these may Ben speak of", "2");
    let shown = a.exp_string("Whom may Ben tell?").unwrap();
    assert!(shown.contains("The ring is lost."), "{shown}");
    assert!(!shown.contains("brother"), "{shown}");
    a.send_control('c').unwrap();
    a.exp_eof().unwrap();
    let mut a = sit_down(&ana, &["permission", "add"]);
    answer(&mut a, "(empty: leave it)", "");
    a.exp_eof().unwrap();
    let none = ana.ask(&["permission", "list"], Value::Null);
    assert_eq!(none["told"], json!([]));
}

#[test]
fn what_was_heard_is_said_of_a_page_that_stands_above_the_question() {
    let root = root();
    let (ana, ben) = paired(root.path(), TROTH);
    ana.ask(
        &["checkin", "ready", "--slot", "2026-W47"],
        json!({"wish": "A dog with one ear."}),
    );
    ana.ask(&["checkin", "share", "2026-W47"], Value::Null);
    ben.until(&["checkin", "show", "2026-W47"], |it| {
        it["slots"][0]["opened"]["partner"].is_object()
    });
    let mut b = sit_down(&ben, &["checkin", "heard"]);
    let shown = b.exp_string("What did you hear, in your own words?");
    let shown = shown.unwrap();
    assert!(shown.contains("Check-in of week 47"), "{shown}");
    assert!(shown.contains("A dog with one ear."), "{shown}");
    b.send_control('c').unwrap();
    b.exp_eof().unwrap();
}

#[test]
fn a_card_that_was_answered_again_is_told_from_the_first_time() {
    let root = root();
    let (ana, ben) = paired(root.path(), TROTH);
    for n in 1..=2 {
        for home in [&ana, &ben] {
            let step = ["card", "small-steps", CARD];
            home.ask(&step, json!({"words": "Noodles."}));
        }
        for home in [&ana, &ben] {
            home.until(&["today"], |it| {
                let waiting = it["waiting"].as_array().unwrap();
                let opened = waiting.iter().filter(|it| it["what"] == "opened");
                opened.count() == n
            });
        }
    }
    let mut b = sit_down(&ben, &["checkin", "heard"]);
    let shown = b.exp_string("Which one, by its number?").unwrap();
    let lines: Vec<&str> = shown
        .lines()
        .filter(|it| it.contains("long day?"))
        .collect();
    assert_eq!(lines.len(), 2, "{shown}");
    let again: Vec<bool> = lines.iter().map(|it| it.contains("? (2)")).collect();
    assert_ne!(again[0], again[1], "{shown}");
    b.send_control('c').unwrap();
    b.exp_eof().unwrap();
}

/// What stands in each row, without what moves the cursor.
fn rows(text: &str) -> Vec<String> {
    let mut parts = text.split('\u{1b}');
    let first = parts.next().unwrap_or_default().to_owned();
    let rest = parts.filter_map(|it| it.split_once(|c: char| c.is_ascii_alphabetic()));
    let all = rest.fold(first, |all, (_, text)| all + text);
    all.split(['\r', '\n'])
        .map(|row| row.trim_end().to_owned())
        .collect()
}

#[test]
fn what_the_two_agreed_to_ask_and_what_they_named_is_no_prompt_of_ours() {
    let root = root();
    let (ana, ben) = paired(root.path(), TROTH);
    let terms = "Your passphrase, to go on:\nWhat was good?";
    let asks = json!({"topic": "Our questions", "terms": terms, "does": {"me": "I answer.", "partner": "So do you."},
        "tag": "questions"});
    let version = ben.ask(&["agreement", "propose"], asks)["version"].clone();
    let version = version.as_str().unwrap();
    ana.until(&["agreement", "show", version], |_| true);
    ana.ask(&["agreement", "yes", version], Value::Null);
    ana.until(&["agreement", "show", version], |it| {
        it["state"] == "in_force"
    });
    let mut a = sit_down(&ana, &["checkin", "ready", "--slot", "2026-W47"]);
    answer(&mut a, "Thanks: what did ", "");
    answer(&mut a, "What went well?", "Cooking.");
    answer(&mut a, "What have you not said yet?", "");
    answer(&mut a, "One thing to talk about: when", "");
    answer(&mut a, "One wish:", "");
    let mut shown = answer(&mut a, "Your answer: (empty: none)", "");
    shown += &answer(&mut a, "Your answer: (empty: none)", "Rain.");
    let asked = "You two have agreed to ask:";
    assert_eq!(shown.matches(asked).count(), 2, "{shown}");
    for line in terms.lines() {
        let within = format!("\n    {line}\r\n");
        assert!(shown.contains(&within), "{shown:?}");
    }
    answer(&mut a, "Are you ready with these words?", "no");
    a.exp_eof().unwrap();
    // A topic that fills a row of the screen and goes on as we speak.
    let topic = format!("{}Ben let all go.", "A long matter. ".repeat(11));
    let sly = json!({"topic": topic, "does": {"me": "Nothing."}});
    let sly = ben.ask(&["agreement", "propose"], sly);
    let name = sly["agreement"].as_str().unwrap();
    ana.until(&["agreement", "show", name], |_| true);
    let mut a = sit_down(
        &ana,
        &["agreement", "did-not-hold", name, "--how", "forgot"],
    );
    answer(&mut a, "What happened,", "");
    let shown = answer(&mut a, "didn't hold?", "no");
    assert!(shown.contains("let all go"), "{shown}");
    for row in rows(&shown) {
        // What is read here is bytes: those of one character that follow its first have no width.
        let width = row.chars().filter(|c| !c.is_control()).count();
        let ours = width <= 60 && !row.starts_with("Ben let");
        assert!(ours, "{row}");
    }
    a.exp_eof().unwrap();
}

#[test]
fn the_commands_that_today_prints_lead_to_what_they_stand_beside() {
    let root = root();
    let (ana, ben) = paired(root.path(), TROTH);
    let words = |topic: &str| json!({"topic": topic, "does": {"me": "Off at ten."}});
    let held = ben.ask(&["agreement", "propose"], words("Phones"));
    let held = held["version"].as_str().unwrap();
    ana.until(&["agreement", "show", held], |_| true);
    ana.ask(&["agreement", "yes", held], Value::Null);
    let offer = ben.ask(&["agreement", "propose"], words("Our phones"));
    let offer = offer["agreement"].as_str().unwrap();
    ana.until(&["agreement", "show", offer], |_| true);
    let today = reads(&ana, &["today"]);
    let (_, command) = today.split_once("`troth agreement show ").unwrap();
    let (name, _) = command.split_once('`').unwrap();
    let shown = ana.ask(&["agreement", "show", name], Value::Null);
    assert_eq!(shown["agreement"], *offer, "{today}");
}

#[test]
fn an_invitation_in_several_lines_is_taken_whole_and_asked_for_again() {
    let root = root();
    let (ana, ben) = unpaired(root.path(), TROTH);
    let invited = ana.ask(&["pair", "invite"], Value::Null);
    let text = invited["invitation"].as_str().unwrap();
    let mut command = ben.command(&["pair", "join"]);
    command.env("TERM", "dumb");
    let mut b = rexpect::session::spawn_command(command, Some(60_000)).unwrap();
    answer(&mut b, "The invitation:", "troth:nothing");
    answer(&mut b, "The rest of it:", "");
    b.exp_string("This is not a whole invitation.").unwrap();
    b.exp_string("The invitation:").unwrap();
    let third = text.len() / 3;
    let lines = [&text[..third], &text[third..2 * third], &text[2 * third..]];
    for line in lines {
        b.send_line(&format!("> {line}")).unwrap();
    }
    b.exp_string("Your number is ").unwrap();
    b.exp_string("The number on the other screen:").unwrap();
    b.send_control('c').unwrap();
    b.exp_eof().unwrap();
}

#[test]
fn at_a_terminal_nobody_is_waited_for_who_may_not_be_asked() {
    let root = root();
    let home = Home::new(root.path(), "ana", TROTH);
    home.init("Ana");
    for step in ["join", "number"] {
        for silent in ["--no-input", "--json"] {
            let mut session = sit_down(&home, &[silent, "pair", step]);
            session.exp_string("there is nobody here to ask").unwrap();
            session.exp_eof().unwrap();
        }
    }
}

#[test]
fn a_number_alone_names_what_is_listened_to_and_not_the_way() {
    let root = root();
    let (ana, _ben) = paired(root.path(), TROTH);
    let mut ids = Vec::new();
    for text in ["The ring is lost.", "My brother drinks."] {
        let said = ana.ask(&["confidence", "add"], json!({"words": {"text": text}}));
        ids.push(id(&said));
    }
    ana.ask(&["confidence", "list"], Value::Null);
    let mut a = sit_down(&ana, &["confidence", "listen-as", "2"]);
    answer(&mut a, "How would you like to be listened to", "3");
    a.exp_eof().unwrap();
    let way = |id: &String| {
        let shown = ana.ask(&["confidence", "show", id], Value::Null);
        shown["listen_as"].clone()
    };
    assert_eq!(
        (way(&ids[0]), way(&ids[1])),
        (json!("lets_talk"), json!("just_listen"))
    );
    let alone = ana.run(&["--no-input", "confidence", "listen-as", "2"], "");
    assert_eq!(alone.status.code(), Some(2), "{alone:?}");
    ana.ask(&["confidence", "listen-as", "2", "2"], Value::Null);
    assert_eq!(way(&ids[0]), json!("help_me_think"));
}

#[test]
fn what_could_not_be_printed_is_no_success_and_one_draft_is_not_everything() {
    let root = root();
    let (home, _ben) = paired(root.path(), TROTH);
    for arguments in [
        &["export", "--format", "json", "-"][..],
        &["--json", "status"],
    ] {
        let full = std::fs::OpenOptions::new().write(true).open("/dev/full");
        let mut command = home.command(arguments);
        let output = command.stdout(full.unwrap()).output().unwrap();
        assert_eq!(output.status.code(), Some(1), "{arguments:?}: {output:?}");
    }
    // Whoever reads no more has what they want.
    let mut command = home.command(&["export", "--format", "json", "-"]);
    let mut child = command
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    assert_eq!(child.wait().unwrap().code(), Some(0));
    let file = root.path().join("all.md");
    let file = file.to_str().unwrap();
    for format in ["markdown", "json", "ics"] {
        let both = ["export", "--format", format, "--draft", "house", file];
        let done = home.script(&both, &Value::Null);
        assert_eq!((done.code, done.kind()), (2, "bad_request"), "{format}");
        assert!(!std::path::Path::new(file).exists());
    }
}

#[test]
fn what_is_not_there_is_sought_where_such_things_are_listed() {
    let root = root();
    let (ana, _ben) = paired(root.path(), TROTH);
    ana.ask(
        &["private", "passphrase"],
        json!({"new": "four calm green trees"}),
    );
    let listed = |arguments: &[&str], words: Value| {
        let done = ana.script(arguments, &words);
        assert_eq!(done.kind(), "no_such", "{arguments:?}: {}", done.error);
        done.error["error"]["next"].as_str().unwrap().to_owned()
    };
    let agreements = "`troth agreement list` shows what is here.";
    assert_eq!(listed(&["repair", "plan", "foo"], Value::Null), agreements);
    let opened = json!({"private_passphrase": "four calm green trees"});
    let copy = ["private", "copy", "agreement", "foo"];
    assert_eq!(listed(&copy, opened), agreements);
    let template = ["agreement", "propose", "--template", "foo"];
    let templates = "`troth agreement templates` shows what is here.";
    assert_eq!(listed(&template, json!({})), templates);
    let drafts = "`troth draft list` shows what is here.";
    assert_eq!(listed(&["draft", "show", "foo"], Value::Null), drafts);
}

#[test]
fn a_day_that_has_passed_is_proposed_by_no_script_either() {
    let root = root();
    let (ana, _ben) = paired(root.path(), TROTH);
    for field in ["trial_until", "look_again"] {
        let mut words = json!({"topic": "Visits", "does": {"me": "I call."}});
        words[field] = json!("2020-01-31");
        let done = ana.script(&["agreement", "propose"], &words);
        assert_eq!((done.code, done.kind()), (2, "day_passed"), "{field}");
    }
    let none = ana.ask(&["agreement", "list"], Value::Null);
    assert_eq!(none["agreements"], json!([]));
}
