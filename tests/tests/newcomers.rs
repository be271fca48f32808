//! What a newcomer types first: half a command, a wrong name, a path that is not there; and no name of ours in the answers.

use rexpect::session::{PtySession, spawn_command};
use serde_json::{Value, json};
use troth_tests::home::{Home, paired, root};

const TROTH: &str = env!("CARGO_BIN_EXE_sut-troth");
const PATIENCE: Option<u64> = Some(30_000);

fn sit_down(home: &Home, arguments: &[&str]) -> PtySession {
    let mut command = home.command(arguments);
    command.env("TERM", "xterm").env("PAGER", "cat");
    spawn_command(command, PATIENCE).unwrap()
}

fn answer(session: &mut PtySession, question: &str, words: &str) {
    session
        .exp_string(question)
        .unwrap_or_else(|e| panic!("{question}: {e}"));
    session.send_line(words).unwrap();
}

/// What a person reads who is told no.
fn refused(home: &Home, arguments: &[&str]) -> String {
    let output = home.run(arguments, "");
    assert!(!output.status.success(), "{arguments:?}");
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What a person reads.
fn reads(home: &Home, arguments: &[&str]) -> String {
    let output = home.run(arguments, "");
    assert!(output.status.success(), "{arguments:?}");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn visits(home: &Home) {
    let words =
        json!({"topic": "Visits", "terms": "Sunday.", "does": {"me": "Call.", "partner": ""}});
    home.ask(&["agreement", "propose"], words);
}

#[test]
fn what_a_command_lacks_is_asked_for_where_somebody_sits() {
    let root = root();
    let (ana, _ben) = paired(root.path(), TROTH);
    visits(&ana);
    let mut session = sit_down(&ana, &["agreement", "show"]);
    answer(&mut session, "Which agreement,", "visits");
    session.exp_string("proposed by you").unwrap();
    session.exp_eof().unwrap();
    // Nothing said is no answer, and asked for only once.
    let mut session = sit_down(&ana, &["agreement", "show"]);
    answer(&mut session, "Which agreement,", "");
    session
        .exp_string("`troth help agreement show` explains it.")
        .unwrap();
    session.exp_eof().unwrap();
    let file = root.path().join("days.ics");
    let mut session = sit_down(&ana, &["export"]);
    answer(&mut session, "In which format", "ics");
    answer(&mut session, "Which file?", file.to_str().unwrap());
    session.exp_eof().unwrap();
    let text = std::fs::read_to_string(&file).unwrap();
    assert!(text.contains("BEGIN:VCALENDAR"), "{text}");
}

#[test]
fn who_is_told_no_reads_no_placeholder_and_which_help_explains_it() {
    let root = root();
    let (ana, _ben) = paired(root.path(), TROTH);
    for (typed, told, help) in [
        (
            &["agreement", "show"][..],
            "Which agreement,",
            "agreement show",
        ),
        (
            &["agreement", "need-time"],
            "Until when do you need time?",
            "agreement need-time",
        ),
        (
            &["repair", "day"],
            "On which day can you talk?",
            "repair day",
        ),
        (&["draft", "close"], "Which draft,", "draft close"),
        (
            &["network", "mapping", "yes"],
            "It is one of these: on, off.",
            "network mapping",
        ),
        (
            &["trust-given", "add", "--look-again", "soonish"],
            "“soonish” is not a day.",
            "trust-given add",
        ),
        (
            &["repair", "add", "--how", "ja"],
            "It is one of these: forgot,",
            "repair add",
        ),
    ] {
        let text = refused(&ana, typed);
        assert!(text.contains(told), "{typed:?}: {text}");
        assert!(
            text.contains(&format!("`troth help {help}`")),
            "{typed:?}: {text}"
        );
        assert!(!text.contains('<'), "{typed:?}: {text}");
        reads(
            &ana,
            &[&["help"], &help.split(' ').collect::<Vec<_>>()[..]].concat(),
        );
    }
    for (typed, list) in [
        (
            &["agreement", "show", "nothing"][..],
            "`troth agreement list`",
        ),
        (&["thanks", "show", "nothing"], "`troth thanks list`"),
        (&["draft", "show", "nothing"], "`troth draft list`"),
        (&["card", "nothing"], "`troth card`"),
    ] {
        let text = refused(&ana, typed);
        assert!(text.contains(list), "{typed:?}: {text}");
    }
}

#[test]
fn several_that_wait_are_named_and_an_automerge_document_needs_a_file() {
    let root = root();
    let (ana, ben) = paired(root.path(), TROTH);
    ana.ask(&["thanks", "add"], json!({"words": {"did": "You cooked."}}));
    ana.ask(&["ask", "add"], json!({"words": {"text": "Come along?"}}));
    ben.until(&["today"], |today| {
        today["waiting"]
            .as_array()
            .is_some_and(|all| all.len() == 2)
    });
    let told = refused(&ben, &["open"]);
    for command in ["`troth thanks open`", "`troth ask open`"] {
        assert!(told.contains(command), "{told}");
    }
    let told = refused(&ana, &["export", "--format", "automerge", "-"]);
    assert!(told.contains("needs a file name"), "{told}");
    assert!(!std::path::Path::new("-").exists());
}

#[test]
fn a_day_that_is_none_is_asked_for_again() {
    let root = root();
    let (ana, ben) = paired(root.path(), TROTH);
    visits(&ana);
    ben.until(&["agreement", "list"], |list| {
        list["agreements"][0]["topic"] == "Visits"
    });
    let mut session = sit_down(
        &ben,
        &["agreement", "need-time", "visits", "--until", "soonish"],
    );
    let before = session.exp_string("Until when do you need time?").unwrap();
    assert!(before.contains("is not a day."), "{before}");
    assert!(!before.contains("troth help"), "{before}");
    session.send_line("in two weeks").unwrap();
    let told = session.exp_eof().unwrap();
    assert!(told.contains("Troth asks you again on"), "{told}");
    ana.ask(
        &["repair", "add"],
        json!({"words": {"words": "It rained in."}}),
    );
    let mut session = sit_down(&ana, &["repair", "day", "someday"]);
    answer(&mut session, "On which day can you talk?", "in two weeks");
    answer(&mut session, "A word with it, if you wish", "");
    session.exp_eof().unwrap();
    let shown = ana.ask(&["repair", "show"], Value::Null);
    let days = shown["repair"]["my_days"].as_array().map(Vec::len);
    assert_eq!(days, Some(1), "{shown}");
}

#[test]
fn a_path_is_looked_at_before_a_passphrase_is_asked_for() {
    let root = root();
    let (ana, _ben) = paired(root.path(), TROTH);
    for typed in [["backup", "nowhere/at-all"], ["restore", "nowhere"]] {
        let path = root.path().join(typed[1]);
        let mut session = sit_down(&ana, &[typed[0], path.to_str().unwrap()]);
        let told = session.exp_eof().unwrap();
        assert!(told.contains("is not there"), "{typed:?}: {told}");
        assert!(!told.contains("passphrase"), "{typed:?}: {told}");
    }
    assert!(reads(&ana, &["service", "stop"]).contains("The next command starts it."));
}

#[test]
fn an_address_alone_is_enough_to_listen_at() {
    let root = root();
    let ana = Home::new(root.path(), "ana", TROTH);
    let words = json!({"name": "Ana"});
    let listen = |at| ["init", "--keys", "file", "--listen", at];
    let wrong = ana.script(&listen("nowhere"), &words);
    assert_eq!(wrong.kind(), "bad_request");
    ana.ask(&listen("127.0.0.1"), words);
    let invited = ana.ask(&["pair", "invite", "--listen", "127.0.0.1"], Value::Null);
    assert!(invited["invitation"].is_string(), "{invited}");
}

#[test]
fn pages_are_called_by_what_people_call_them() {
    let root = root();
    let (ana, ben) = paired(root.path(), TROTH);
    let card = ["card", "small-steps", "met-after-a-long-day"];
    let week = ana.ask(&["checkin", "ready"], json!({"wish": "Soup."}));
    let week = week["slot"].as_str().unwrap().to_owned();
    let waits = reads(&ana, &["checkin", "show"]);
    let waits = waits.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        waits.contains(&format!("`troth checkin cancel {week}` calls them back")),
        "{waits}"
    );
    ben.ask(&["checkin", "ready"], json!({"wish": "Bread."}));
    for home in [&ana, &ben] {
        home.ask(&card, json!({"words": "With a hug."}));
    }
    for slot in [&week, "card:small-steps/met-after-a-long-day"] {
        ana.until(&["checkin", "show", slot], |shown| {
            shown["slots"][0]["opened"]["partner"].is_object()
        });
    }
    let shown = reads(&ana, &["checkin", "show"]);
    assert!(shown.contains("Check-in of week "), "{shown}");
    let page = ana.ask(&["checkin", "show", &week], Value::Null);
    let page = page["slots"][0]["pages"]["partner"].as_str().unwrap();
    ana.ask(&["thanks", "thank", page], Value::Null);
    // Two pages are open: who sits there is asked which was heard.
    let mut session = sit_down(&ana, &["checkin", "heard"]);
    session.exp_string("2  ").unwrap();
    answer(&mut session, "Which one, by its number?", "1");
    answer(&mut session, "What did you hear", "Soup for two.");
    session.exp_string("Soup for two.").unwrap();
    session.exp_eof().unwrap();
    let text = reads(&ana, &["export", "--format", "markdown", "-"]);
    for ours in ["card:", &week, "Say thank you"] {
        assert!(!text.contains(ours), "{ours}: {text}");
    }
    assert!(text.contains("You said thank you."), "{text}");
}
