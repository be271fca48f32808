//! Leaving with everything: Markdown, JSON and a calendar, by the real programs, before and after stopping (SPEC §8.2, KINDS §7).

use serde_json::{Value, json};
use std::collections::BTreeSet;
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
    let all = text(&ben, &["--format", "json"]);
    let mut words = all.split(|c: char| !c.is_ascii_hexdigit());
    assert!(words.all(|word| word.len() < 64), "a hash leaves: {all}");
    let all: Value = serde_json::from_str(&all).unwrap();
    assert_eq!(all["agreements"][0]["in_force"], "a");
    assert_eq!(all["agreements"][0]["versions"][0]["letter"], "a");
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

/// The title and the time of each event, without what the check-in adds to every calendar.
fn events(home: &Home) -> BTreeSet<(String, String)> {
    let calendar = text(home, &["--format", "ics"]);
    for telling in [
        "Visits", "CANARY", "Ana", "Ben", "evening", "trust", "break",
    ] {
        assert!(!calendar.contains(telling), "{telling}: {calendar}");
    }
    let events = calendar.split("BEGIN:VEVENT").skip(1).map(|event| {
        let line = |begin: &str| {
            let mut lines = event.lines().map(str::trim_end);
            lines
                .find_map(|line| line.strip_prefix(begin))
                .map(str::to_owned)
        };
        (line("SUMMARY:").unwrap(), line("DTSTART").unwrap())
    });
    let mut all: BTreeSet<_> = events.collect();
    let before = all.len();
    all.retain(|(title, _)| title != "Time for two");
    assert_eq!(before - all.len(), 1, "{calendar}");
    all
}

fn set(events: &[(&str, &str)]) -> BTreeSet<(String, String)> {
    let all = events.iter();
    all.map(|(title, at)| ((*title).to_owned(), (*at).to_owned()))
        .collect()
}

#[test]
fn a_calendar_has_a_trials_end_ones_own_look_at_trust_and_a_breaks_return() {
    let root = root();
    let (ana, ben) = paired(root.path(), TROTH);
    let propose =
        json!({"topic": "Visits", "does": {"me": "I call."}, "trial_until": "2099-02-03"});
    let proposed = ana.ask(&["agreement", "propose"], propose);
    ben.until(&["agreement", "list"], |list| {
        list["agreements"][0].is_object()
    });
    assert_eq!(events(&ana), set(&[]), "what is proposed has no day yet");
    ben.ask(
        &["agreement", "yes", proposed["version"].as_str().unwrap()],
        Value::Null,
    );
    let words = json!({"words": {"allows": "CANARY evenings out"}, "look_again": "2099-03-04"});
    let trust = add(&ana, &["trust-given"], words);
    let note = json!({"words": {"note": "CANARY"}, "minutes": 60});
    let called = add(&ana, &["break"], note);
    let back = ana.ask(&["break", "show", &called], Value::Null)["facts"]["back_at"].clone();
    let back = back
        .as_str()
        .unwrap()
        .replace(['-', ':'], "")
        .replace('Z', "00Z");
    let (trial, look, back) = (
        ("Look", ";VALUE=DATE:20990203"),
        ("Look", ";VALUE=DATE:20990304"),
        ("Back", &*format!(":{back}")),
    );
    for home in [&ana, &ben] {
        home.until(&["agreement", "list"], |list| {
            list["agreements"][0]["state"] == "in_force"
        });
        home.until(&["today"], |today| today["break"].is_object());
    }
    ben.until(&["trust-given", "list"], |list| list["told"][0].is_object());
    ben.ask(&["open", &trust], Value::Null);
    assert_eq!(events(&ana), set(&[trial, look, back]));
    // The day on which she looks at it again is hers.
    assert_eq!(events(&ben), set(&[trial, back]));
    // Taken back, over, let go: none of their days is left.
    ana.ask(&["trust-given", "take-back", &trust], Value::Null);
    assert_eq!(events(&ana), set(&[trial, back]));
    for home in [&ana, &ben] {
        home.ask(&["break", "done"], Value::Null);
    }
    for home in [&ana, &ben] {
        home.until(&["today"], |today| today["break"].is_null());
        assert_eq!(events(home), set(&[trial]));
    }
    let agreement = proposed["agreement"].as_str().unwrap();
    ana.ask(&["agreement", "let-go", agreement], Value::Null);
    assert_eq!(events(&ana), set(&[]));
}
