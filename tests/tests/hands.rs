//! What a person's hands meet at a terminal besides words: pages, colours, choices, slips and what fails meanwhile.

use crate::disks::SmallDisk;
use rexpect::session::{PtySession, spawn_command};
use serde_json::{Value, json};
use std::process::Command;
use troth_tests::home::{Home, as_root, pair, paired, root};
use troth_tests::terminal::{answer, leaves_from};

const TROTH: &str = env!("CARGO_BIN_EXE_sut-troth");
const PATIENCE: Option<u64> = Some(30_000);

/// Sits down at a terminal of that size.
fn sit_down_at(home: &Home, size: &str, env: &[(&str, &str)], arguments: &str) -> PtySession {
    let mut command = Command::new("sh");
    let troth = format!("'{TROTH}' --home '{}' {arguments}", home.dir.display());
    command.args(["-c", &format!("stty {size}; exec {troth}")]);
    command
        .env_remove("DBUS_SESSION_BUS_ADDRESS")
        .env_remove("NO_COLOR")
        .env("TROTH_LANG", "en")
        .env("TERM", "xterm")
        .env("PAGER", "cat")
        .envs(env.iter().copied());
    spawn_command(command, PATIENCE).unwrap()
}

fn sit_down(home: &Home, arguments: &str) -> PtySession {
    sit_down_at(home, "rows 200 cols 80", &[], arguments)
}

#[test]
fn what_is_longer_than_the_screen_is_paged_and_what_is_not_is_not() {
    let root = root();
    let home = Home::new(root.path(), "ana", TROTH);
    let paged = [("PAGER", "sed s/^/PAGED:/")];
    let read = |size: &str, env: &[(&str, &str)]| {
        let mut session = sit_down_at(&home, size, env, "help losses");
        session.exp_eof().unwrap()
    };
    let low = read("rows 10 cols 80", &paged);
    assert!(low.contains("PAGED:Against a loss"), "{low}");
    let high = read("rows 200 cols 80", &paged);
    assert!(high.contains("Against a loss") && !high.contains("PAGED"));
    // A pager that is not there keeps nothing from being read.
    let none = read("rows 10 cols 80", &[("PAGER", "no-such-pager")]);
    assert!(none.contains("Against a loss"), "{none}");
    // `less`, if nothing else is wanted: it keeps no history of what was searched for.
    let mut session = sit_down_at(
        &home,
        "rows 10 cols 80",
        &[("PAGER", "less"), ("HOME", root.path().to_str().unwrap())],
        "help losses",
    );
    session.exp_string("Against a loss").unwrap();
    session.send("/backup\n").unwrap();
    session.send("q").unwrap();
    session.flush().unwrap();
    session.exp_eof().unwrap();
    let kept: Vec<_> = std::fs::read_dir(root.path()).unwrap().flatten().collect();
    assert!(
        !kept
            .iter()
            .any(|it| it.file_name().to_string_lossy().contains("less")),
        "{kept:?}"
    );
}

#[test]
fn colour_is_there_where_it_is_wanted_and_says_nothing_that_words_do_not() {
    let root = root();
    let (ana, _ben) = paired(root.path(), TROTH);
    let first = json!({"topic": "Visits", "does": {"me": "I call before."}});
    ana.ask(&["agreement", "propose"], first);
    let second = json!({"agreement": null, "topic": "Visits", "does": {"me": "I write before."}});
    let mut second = second;
    let shown = ana.ask(&["agreement", "show", "visits"], Value::Null);
    second["agreement"] = shown["agreement"].clone();
    ana.ask(&["agreement", "propose"], second);
    let read = |env: &[(&str, &str)]| {
        let size = "rows 200 cols 80";
        let mut session = sit_down_at(&ana, size, env, "agreement diff visits a b");
        session.exp_eof().unwrap()
    };
    let (red, bold) = ("\u{1b}[31m", "\u{1b}[1m");
    let words = "[-call-]";
    let coloured = read(&[]);
    assert!(coloured.contains(&format!("{red}{words}")), "{coloured:?}");
    let plain = read(&[("NO_COLOR", "1")]);
    assert!(plain.contains(words) && plain.contains(bold) && !plain.contains(red));
    let dumb = read(&[("TERM", "dumb")]);
    assert!(dumb.contains(words) && !dumb.contains('\u{1b}'), "{dumb:?}");
}

#[test]
fn what_the_other_wrote_stays_within_its_place_in_a_terminal_of_any_width() {
    let root = root();
    let (ana, ben) = paired(root.path(), TROTH);
    let terms = format!("A{}Ben let Visits go.", "\u{a0}".repeat(70));
    let topic = format!(
        "A{}Ben let all go.",
        "\u{2003}\t".repeat(20).replace('\t', "\u{3000}")
    );
    let words = json!({"topic": topic, "terms": terms, "does": {"partner": terms}});
    let offer = ben.ask(&["agreement", "propose"], words);
    let agreement = offer["agreement"].as_str().unwrap();
    ana.until(&["agreement", "show", agreement], |_| true);
    for columns in [30, 50, 80, 140] {
        let size = format!("rows 200 cols {columns}");
        let mut session = sit_down_at(
            &ana,
            &size,
            &[("TERM", "dumb")],
            &format!("agreement show {agreement}"),
        );
        let shown = session.exp_eof().unwrap();
        assert!(shown.contains("Visits go.") || columns < 50, "{shown}");
        for line in shown.lines() {
            assert!(
                line.trim_end().chars().count() <= columns,
                "{columns}: {shown}"
            );
            assert!(!line.starts_with("Ben let"), "{columns}: {shown}");
        }
    }
}

#[test]
fn nothing_binds_or_opens_for_good_on_one_enter_nor_where_nobody_is_asked() {
    let root = root();
    let (ana, ben) = paired(root.path(), TROTH);
    let asked = ben.ask(
        &["ask", "add"],
        json!({"words": {"text": "Call my mother?"}}),
    );
    let id = asked["id"].as_str().unwrap();
    ana.until(&["ask", "list"], |list| list["told"][0].is_object());
    ana.ask(&["ask", "open"], Value::Null);
    ana.ask(
        &["checkin", "ready", "--slot", "2026-W47"],
        json!({"wish": "rain"}),
    );
    let answers = |home: &Home| home.ask(&["ask", "show", id], Value::Null)["answers"].clone();
    let mine = |home: &Home| {
        let shown = home.ask(&["checkin", "show", "2026-W47"], Value::Null);
        shown["slots"][0]["mine"].clone()
    };
    let shares = ["checkin", "share", "2026-W47"];
    let takes_back = ["checkin", "take-back", "2026-W47"];
    let alone = |step: &[&str]| {
        let refused = ana.run(&[&["--no-input"], step].concat(), "");
        assert_eq!(refused.status.code(), Some(2), "{step:?}: {refused:?}");
    };
    let sure = |step: &[&str]| {
        let done = ana.run(&[&["--no-input", "--yes"], step].concat(), "");
        assert!(done.status.success(), "{step:?}: {done:?}");
    };
    alone(&["ask", "yes"]);
    alone(&shares);
    for (step, asks) in [
        ("ask yes", "Say yes to this? [y/N]"),
        (
            "checkin share",
            "Open your page for the check-in of week 47 now",
        ),
    ] {
        let mut session = sit_down(&ana, step);
        if step == "ask yes" {
            session.exp_string("Call my mother?").unwrap();
        }
        answer(&mut session, asks, "");
        session.exp_eof().unwrap();
    }
    assert_eq!((answers(&ana), mine(&ana)), (Value::Null, json!("ready")));
    sure(&["ask", "yes"]);
    assert_eq!(answers(&ana)[0]["says"], "yes");
    let mut session = sit_down(&ana, "checkin share");
    answer(
        &mut session,
        "Open your page for the check-in of week 47 now",
        "y",
    );
    session.exp_eof().unwrap();
    assert_eq!(mine(&ana), "open");
    alone(&takes_back);
    assert_eq!(mine(&ana), "open");
    sure(&takes_back);
    assert_ne!(mine(&ana), "open");
}

#[test]
fn who_is_still_writing_is_told_that_the_other_became_ready_meanwhile() {
    let root = root();
    let (ana, ben) = paired(root.path(), TROTH);
    let mut b = sit_down(&ben, "checkin ready --slot 2026-W47");
    answer(&mut b, "Thanks: what did ", "");
    answer(&mut b, "What went well?", "Cooking.");
    answer(&mut b, "What have you not said yet?", "");
    answer(&mut b, "One thing to talk about: when", "");
    b.exp_string("One wish:").unwrap();
    ana.ask(
        &["checkin", "ready", "--slot", "2026-W47"],
        json!({"wish": "rain"}),
    );
    ben.until(&["checkin", "show", "2026-W47"], |shown| {
        shown["slots"][0]["partner"] == "ready"
    });
    b.send_line("").unwrap();
    b.exp_string("Ana's is ready. If you say ready, both open at once.")
        .unwrap();
    answer(&mut b, "Are you ready with these words?", "no");
    b.exp_eof().unwrap();
    let shown = ana.ask(&["checkin", "show", "2026-W47"], Value::Null);
    assert_eq!(shown["slots"][0]["opened"], Value::Null);
}

#[test]
fn of_two_yeses_the_screen_has_one_chosen_and_proposes_it() {
    let root = root();
    let (ana, ben) = paired(root.path(), TROTH);
    let words = |does: &str| json!({"topic": "Visits", "does": {"me": does}});
    let v1 = ana.ask(&["agreement", "propose"], words("I call."));
    let agreement = v1["agreement"].as_str().unwrap();
    ben.until(&["agreement", "show", agreement], |_| true);
    ben.ask(
        &["agreement", "yes", v1["version"].as_str().unwrap()],
        Value::Null,
    );
    ana.until(&["agreement", "show", agreement], |it| {
        it["state"] == "in_force"
    });
    // Each offers a change, both have both, and apart each says yes to the other's.
    let mut offers = Vec::new();
    for (home, other, does) in [(&ana, &ben, "I write."), (&ben, &ana, "I ring.")] {
        let mut offer = words(does);
        offer["agreement"] = json!(agreement);
        offer["base"] = json!([v1["version"]]);
        offers.push(home.ask(&["agreement", "propose"], offer));
        other.until(&["agreement", "show", agreement], |it| {
            it["versions"].as_array().unwrap().len() == 1 + offers.len()
        });
    }
    ana.ask(&["pause"], Value::Null);
    for (home, offer) in [(&ana, &offers[1]), (&ben, &offers[0])] {
        let version = offer["version"].as_str().unwrap();
        home.ask(&["agreement", "yes", version], Value::Null);
    }
    ana.ask(&["resume"], Value::Null);
    for home in [&ana, &ben] {
        home.until(&["agreement", "show", agreement], |it| {
            it["state"] == "two_yeses"
        });
    }
    let mut a = sit_down(&ana, "agreement show visits");
    a.exp_string("I ring.").unwrap();
    answer(&mut a, "Which one shall it be, by its letter?", "a");
    answer(&mut a, "Which one shall it be, by its letter?", "b");
    a.exp_string("You chose your own wording").unwrap();
    a.exp_eof().unwrap();
    let proposed = ben.until(&["agreement", "show", agreement], |it| {
        it["versions"].as_array().unwrap().len() == 4
    });
    let new = &proposed["versions"][3];
    let chosen = &proposed["versions"][1];
    assert_eq!(new["does"], chosen["does"], "the one with that letter");
    assert_eq!(new["state"], "proposed");
}

#[test]
fn where_no_keyring_answers_a_passphrase_is_offered_with_what_was_typed() {
    let root = root();
    let mut home = Home::new(root.path(), "ana", TROTH);
    home.expected = vec!["the keyring did not give the key"];
    let env = [("XDG_RUNTIME_DIR", root.path().to_str().unwrap())];
    let size = "rows 200 cols 80";
    let mut a = sit_down_at(&home, size, &env, "init --listen 127.0.0.1:0");
    answer(&mut a, "Your name, as your partner will see it:", "Ana");
    answer(&mut a, "A passphrase for your private pages", "");
    answer(&mut a, "Use a passphrase instead of the keyring?", "y");
    answer(
        &mut a,
        "A passphrase that opens Troth each time it starts, eight characters or more:",
        "correct horse",
    );
    answer(&mut a, "The same once more:", "correct horse");
    answer(&mut a, "Shall Troth start when you log in", "n");
    a.exp_string("24 recovery words").unwrap();
    a.send_control('c').unwrap();
    a.exp_eof().unwrap();
    let status = home.ask(&["status"], Value::Null);
    assert_eq!(status["me"], "Ana");
    home.ask(&["lock"], Value::Null);
    home.ask(&["unlock"], json!({"passphrase": "correct horse"}));
}

#[test]
fn words_that_a_full_disk_does_not_take_are_asked_for_again_without_being_typed_again() {
    let root = root();
    if !as_root() {
        return;
    }
    let Some(disk) = SmallDisk::mount(root.path()) else {
        assert!(std::env::var_os("CI").is_none(), "this test needs to mount");
        return;
    };
    let mut ana = Home::new(&disk.dir, "ana", TROTH);
    let ben = Home::new(root.path(), "ben", TROTH);
    ana.expected = vec!["full", "a save failed", "disk", "took no"];
    ana.init("Ana");
    ben.init("Ben");
    pair(&ana, &ben);
    let filler = disk.dir.join("filler");
    let _ = std::fs::write(&filler, vec![7_u8; 64 << 20]);
    let mut a = sit_down(&ana, "agreement propose");
    answer(&mut a, "What is it about, in a few words?", "Visits");
    answer(&mut a, "What do you agree on?", &"We tell. ".repeat(200));
    answer(&mut a, "What will you do?", "I ask first.");
    leaves_from(&mut a, "What will Ben do?", true);
    answer(&mut a, "Propose this to Ben?", "yes");
    answer(&mut a, "Your words are still here. Try again? [Y/n]", "");
    a.exp_string("Your words are still here. Try again? [Y/n]")
        .unwrap();
    std::fs::remove_file(&filler).unwrap();
    a.send_line("y").unwrap();
    a.exp_string("Proposed.").unwrap();
    a.exp_eof().unwrap();
    ben.until(&["agreement", "show", "visits"], |_| true);
}

#[test]
fn a_note_that_was_broken_off_is_offered_again() {
    let root = root();
    let (ana, ben) = paired(root.path(), TROTH);
    let words = json!({"topic": "Visits", "does": {"me": "I call."}});
    let v = ana.ask(&["agreement", "propose"], words);
    ben.until(&["agreement", "show", "visits"], |_| true);
    ben.ask(
        &["agreement", "yes", v["version"].as_str().unwrap()],
        Value::Null,
    );
    let mut b = sit_down(&ben, "agreement look visits");
    answer(
        &mut b,
        "How has it been?",
        "Mostly they called, and it was calm.",
    );
    b.exp_string("Where do you lean").unwrap();
    b.send_control('c').unwrap();
    b.exp_string("Your words are kept on this device").unwrap();
    b.exp_eof().unwrap();
    let mut b = sit_down(&ben, "agreement look visits");
    b.exp_string("Mostly they called").unwrap();
    answer(&mut b, "Go on from them?", "yes");
    answer(&mut b, "How has it been?", "");
    answer(&mut b, "Where do you lean", "keep");
    answer(&mut b, "Are you ready with these words?", "yes");
    b.exp_eof().unwrap();
    let slot = format!("look:{}", v["hash"].as_str().unwrap());
    let slots = ben.ask(&["checkin", "show", &slot], Value::Null);
    assert_eq!(slots["slots"][0]["mine"], "ready", "{slots}");
    let mut b = sit_down(&ben, "agreement let-go visits");
    answer(&mut b, "Let it go?", "y");
    b.exp_string("A note, if you wish:").unwrap();
    b.send_control('c').unwrap();
    b.exp_eof().unwrap();
}

#[test]
fn a_shell_offers_commands_and_the_names_of_what_there_is() {
    let root = root();
    let (ana, ben) = paired(root.path(), TROTH);
    for topic in ["Phones in the bedroom", "Visits"] {
        let words = json!({"topic": topic, "does": {"me": "I switch it off."}});
        ben.ask(&["agreement", "propose"], words);
    }
    ana.until(&["today"], |today| {
        today["waiting"].as_array().unwrap().len() == 2
    });
    // A real shell reads the script, and completes as it does when the tab key is pressed.
    let script = ana.run(&["completions", "bash"], "");
    let script = String::from_utf8(script.stdout).unwrap();
    let offered = |words: &[&str]| -> Vec<String> {
        let line = format!(
            "{script}\nCOMP_WORDS=({}); COMP_CWORD={}; COMP_TYPE=9; \
             $(complete -p troth | sed 's/.*-F \\([^ ]*\\).*/\\1/') troth '{}'; printf '%s\\n' \"${{COMPREPLY[@]}}\"",
            words.join(" "),
            words.len() - 1,
            words.last().unwrap()
        );
        let output = Command::new("bash")
            .args(["--norc", "-c", &line])
            .env("TROTH_LANG", "en")
            .env("TROTH_HOME", &ana.dir)
            .output()
            .unwrap();
        assert!(output.status.success(), "{output:?}");
        let text = String::from_utf8(output.stdout).unwrap();
        text.lines().map(|line| line.trim().to_owned()).collect()
    };
    assert_eq!(offered(&["troth", "agreement", "show", "pho"]), ["phones"]);
    assert_eq!(offered(&["troth", "agreement", "yes", "vis"]), ["visits"]);
    let all = offered(&["troth", "agreement", "show", "''"]);
    assert!(
        all.contains(&"bedroom".into()) && all.contains(&"visits".into()),
        "{all:?}"
    );
    assert_eq!(offered(&["troth", "checki"]), ["checkin"]);
    assert!(offered(&["troth", "help", "agr"]).contains(&"agreements".into()));
    // What was told is offered by a word of how it begins; what is closed, or told in trust, by its name and no word of it.
    let truth = json!({"words": {"text": "I hate the xylophone."}});
    ana.ask(&["small-truth", "add"], truth);
    let ask = json!({"words": {"text": "Sell the xylophone?"}});
    ana.ask(&["ask", "add"], ask);
    assert_eq!(offered(&["troth", "ask", "show", "xyl"]), ["xylophone"]);
    assert_eq!(offered(&["troth", "show", "xyl"]), ["xylophone"]);
    assert!(offered(&["troth", "ask", "words", "1"]).contains(&"1".to_owned()));
    assert_eq!(offered(&["troth", "thanks", "show", "xyl"]), [""; 1]);
    let listed = ana.ask(&["small-truth", "list"], Value::Null);
    let id = listed["told"][0]["id"].as_str().unwrap()[..8].to_owned();
    let names = |words: &[&str]| -> Vec<String> {
        let all = offered(words).into_iter();
        all.filter(|it| !it.starts_with("--")).collect()
    };
    assert_eq!(names(&["troth", "small-truth", "take-back", "''"]), [&*id]);
    assert_eq!(offered(&["troth", "small-truth", "show", &id[..4]]), [&*id]);
    let told = json!({"words": {"text": "A goat came."}});
    ben.ask(&["confidence", "add"], told);
    ana.until(&["confidence", "list"], |list| list["told"][0].is_object());
    let closed = names(&["troth", "confidence", "open", "''"]);
    assert_eq!(closed.len(), 1, "{closed:?}");
    assert!(
        closed[0].bytes().all(|b| b.is_ascii_hexdigit()),
        "{closed:?}"
    );
    assert_eq!(offered(&["troth", "confidence", "open", "goa"]), [""; 1]);
    let of = names(&["troth", "permission", "add", "--about", "''"]);
    assert_eq!(of, closed, "a permission speaks of a confidence");
    // Nothing is started for it, and nothing is offered where nobody answers.
    ana.stop();
    assert_eq!(offered(&["troth", "agreement", "show", "pho"]), [""; 1]);
    assert_eq!(ana.pid(), None);
}
