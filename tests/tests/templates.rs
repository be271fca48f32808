//! Words to begin a proposal from: a person writes them anew as they like, a script gives what it wants otherwise.

use serde_json::{Value, json};
use troth_tests::home::{Home, paired, root};
use troth_tests::terminal::{answer, reads, sit_down};

const TROTH: &str = env!("CARGO_BIN_EXE_sut-troth");

/// Proposes from a template at a terminal, with these words for what is agreed on and else as it stands.
fn propose(home: &Home, template: &str, terms: &str, last: &str) {
    let mut session = sit_down(home, &["agreement", "propose", "--template", template]);
    for (question, words) in [
        ("What is it about, in a few words?", ""),
        ("What do you agree on?", terms),
        ("What will you do?", ""),
        ("What will Ben do?", ""),
        ("When something happens", ""),
        ("What is not meant?", ""),
        ("Is it a trial?", ""),
        ("When do you want to look at it again", ""),
        ("Is it a big one", "n"),
        ("Propose this to Ben?", last),
    ] {
        answer(&mut session, question, words);
    }
    session.exp_eof().unwrap();
}

#[test]
fn a_space_plan_and_whom_we_turn_to_begin_from_words_that_stand_ready() {
    let root = root();
    let (mut ana, ben) = paired(root.path(), TROTH);
    ana.env.push(("TROTH_TODAY".into(), "2026-11-23".into()));
    ana.stop();
    let listed = reads(&ana, &["agreement", "templates"]);
    for words in [
        "A space plan (space-plan)",
        "Whom we turn to",
        "(questions)",
    ] {
        assert!(listed.contains(words), "{words}: {listed}");
    }
    propose(&ana, "space-plan", "", "yes");
    let plan = ben.until(&["agreement", "show", "room"], |view| {
        view["versions"][0].is_object()
    });
    let plan = &plan["versions"][0];
    assert_eq!(plan["trial_until"], "2026-12-21");
    assert_eq!(plan["does"]["me"], plan["does"]["partner"]);
    assert!(plan["terms"].as_str().unwrap().contains("hours alone"));
    propose(&ana, "turn", " Dr Kim.", "yes");
    ben.until(&["agreement", "list"], |list| {
        list["agreements"][1].is_object()
    });
    let turn = ben.ask(&["agreement", "show", "turn"], Value::Null);
    let turn = &turn["versions"][0];
    assert_eq!(
        (&turn["tag"], &turn["trial_until"]),
        (&json!("ground"), &Value::Null)
    );
    let terms = turn["terms"].as_str().unwrap();
    assert!(terms.ends_with("has said yes. Dr Kim."), "{terms}");
    let shown = reads(&ben, &["agreement", "show", "turn"]);
    assert!(shown.contains("A ground rule."), "{shown}");
}

#[test]
fn what_was_begun_from_a_template_and_not_said_is_kept_beside_other_words() {
    let root = root();
    let (ana, _ben) = paired(root.path(), TROTH);
    propose(&ana, "hard-feelings", " Softly.", "no");
    let mut session = sit_down(
        &ana,
        &["agreement", "propose", "--template", "hard-feelings"],
    );
    session.exp_string("Softly.").unwrap();
    session.exp_string("Go on from them?").unwrap();
    session.send_line("yes").unwrap();
    session.exp_string("What is it about").unwrap();
    drop(session);
    let list = ana.ask(&["agreement", "list"], Value::Null);
    assert_eq!(list["agreements"], json!([]));
}

#[test]
fn a_script_gives_what_it_wants_otherwise_and_a_change_keeps_a_ground_rule_one() {
    let root = root();
    let (ana, ben) = paired(root.path(), TROTH);
    let propose = ["agreement", "propose", "--template", "when-we-talk"];
    let terms = json!({"terms": "After breakfast."});
    let done = ana.ask(&propose, terms);
    let agreement = done["agreement"].as_str().unwrap();
    let view = ana.ask(&["agreement", "show", agreement], Value::Null);
    let version = &view["versions"][0];
    assert_eq!(
        (&version["terms"], &version["tag"]),
        (&json!("After breakfast."), &json!("ground"))
    );
    assert!(!version["does"]["partner"].as_str().unwrap().is_empty());
    let twice = ana.script(
        &[&propose[..], &["--change", agreement]].concat(),
        &Value::Null,
    );
    assert_ne!(twice.code, 0);
    for (name, kind) in [("nothing-like-it", "no_such"), ("we", "not_unique")] {
        let done = ana.script(&["agreement", "propose", "--template", name], &Value::Null);
        assert_eq!(done.kind(), kind);
    }
    let wrong = ana.script(&propose, &json!({"colour": "red"}));
    assert_eq!(wrong.kind(), "bad_request");
    // Ben changes it from its words, in his editor's place a prompt: it stays a ground rule.
    ben.until(&["agreement", "list"], |list| {
        list["agreements"][0].is_object()
    });
    let mut session = sit_down(&ben, &["agreement", "propose", "--change", "talk"]);
    for (question, words) in [
        ("What is it about, in a few words?", ""),
        ("What do you agree on?", " And tea."),
        ("What will you do?", ""),
        ("What will Ana do?", ""),
        ("When something happens", ""),
        ("What is not meant?", ""),
        ("Is it a trial?", ""),
        ("When do you want to look at it again", ""),
        ("Is it a big one", "n"),
        ("Propose this to Ana?", "yes"),
    ] {
        answer(&mut session, question, words);
    }
    session.exp_eof().unwrap();
    let view = ana.until(&["agreement", "show", agreement], |view| {
        view["versions"][1].is_object()
    });
    assert_eq!(view["versions"][1]["tag"], "ground");
    assert_eq!(view["versions"][1]["terms"], "After breakfast. And tea.");
}
