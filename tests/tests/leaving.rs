//! Leaving with everything: Markdown, JSON and a calendar, by the real programs, before and after stopping (SPEC §8.2, KINDS §7).

use serde_json::{Value, json};
use troth_tests::home::{Home, paired, root};

const TROTH: &str = env!("CARGO_BIN_EXE_sut-troth");

fn add(home: &Home, kind: &[&str], words: Value) -> String {
    let mut command = kind.to_vec();
    command.insert(1, "add");
    home.ask(&command, words)["id"].as_str().unwrap().to_owned()
}

fn text(home: &Home, arguments: &[&str]) -> String {
    let mut command = vec!["export"];
    command.extend(arguments);
    command.push("-");
    home.ask(&command, Value::Null)["text"]
        .as_str()
        .unwrap()
        .to_owned()
}

#[test]
fn everything_one_can_see_leaves_with_one_offline_and_nothing_that_one_has_not_opened() {
    let root = root();
    let (ana, ben) = paired(root.path(), TROTH);
    let propose = json!({"topic": "Visits", "terms": "We call before.", "does": {"me": "I call.", "partner": ""}, "look_again": "2099-01-02"});
    let version = ana.ask(&["agreement", "propose"], propose)["version"].clone();
    ben.until(&["agreement", "list"], |list| {
        list["agreements"][0].is_object()
    });
    ben.ask(
        &["agreement", "yes", version.as_str().unwrap()],
        Value::Null,
    );
    let opened = add(
        &ana,
        &["thanks"],
        json!({"words": {"did": "CANARY-opened"}}),
    );
    add(&ana, &["ask"], json!({"words": {"text": "CANARY-closed"}}));
    let trust = add(
        &ana,
        &["confidence"],
        json!({"words": {"text": "CANARY-trust"}}),
    );
    let back = add(&ana, &["thanks"], json!({"words": {"did": "CANARY-back"}}));
    add(&ben, &["thanks"], json!({"words": {"did": "# CANARY-own"}}));
    ben.until(&["thanks", "list"], |list| {
        list["told"].as_array().is_some_and(|it| it.len() == 3)
    });
    ben.until(&["confidence", "list"], |list| list["told"][0].is_object());
    for id in [&opened, &trust, &back] {
        ben.ask(&["open", id], Value::Null);
    }
    ana.ask(&["thanks", "take-back", &back], Value::Null);
    ben.until(&["thanks", "show", &back], |view| {
        view["seen"] == "taken_back"
    });
    ben.ask(&["stop"], Value::Null);
    let seen = |text: &str, canary: &str| text.contains(&format!("CANARY-{canary}"));
    for format in ["markdown", "json"] {
        let plain = text(&ben, &["--format", format]);
        assert!(seen(&plain, "opened") && seen(&plain, "own"), "{plain}");
        assert!(plain.contains("We call before."));
        for hidden in ["closed", "trust", "back"] {
            assert!(!seen(&plain, hidden), "{hidden}: {plain}");
        }
        let ticked = text(&ben, &["--format", format, "--with-confidences"]);
        assert!(seen(&ticked, "trust") && !seen(&ticked, "closed"));
    }
    let markdown = text(&ben, &["--format", "markdown"]);
    assert!(
        markdown.contains("> # CANARY-own"),
        "nobody's words are a heading"
    );
    assert!(markdown.contains("not opened here"), "{markdown}");
    // It opens nothing.
    let ask = ben.ask(&["ask", "list"], Value::Null);
    assert_eq!(ask["told"][0]["seen"], "closed");
    let calendar = text(&ben, &["--format", "ics"]);
    assert!(
        calendar.contains("DTSTART;VALUE=DATE:20990102"),
        "{calendar}"
    );
    assert!(calendar.contains("RRULE:FREQ=WEEKLY"));
    for telling in ["Visits", "CANARY", "Ana", "Ben", "call"] {
        assert!(!calendar.contains(telling), "{telling}: {calendar}");
    }
    // Into a file that is for its owner only; what is there already stays.
    let file = root.path().join("all.md");
    let file = file.to_str().unwrap();
    ben.ask(&["export", "--format", "markdown", file], Value::Null);
    let written = std::fs::read_to_string(file).unwrap();
    assert_eq!(written, markdown);
    use std::os::unix::fs::PermissionsExt;
    let mode = std::fs::metadata(file).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let again = ben.run(&["export", "--format", "markdown", file], "");
    assert_ne!(again.status.code(), Some(0));
}
