//! Daemons killed as by a power cut, between any two steps of a conversation and in the middle of one: nothing that was
//! answered is lost, and what comes of it is what would have come without.

use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::io::Read;
use std::os::unix::net::UnixStream;
use troth_core::test_entropy::Seeded;
use troth_proto::api::{self, Call, Line, Request};
use troth_tests::histories::{mirrored, request};
use troth_tests::home::{Home, paired, root};

const TROTH: &str = env!("CARGO_BIN_EXE_sut-troth");
const SLOT: &str = "2026-W47";

/// The two of them, and the versions named so far.
struct Talk {
    ana: Home,
    ben: Home,
    agreement: String,
    versions: Vec<String>,
}

impl Talk {
    fn propose(&mut self, by: usize, words: &str) {
        let mut asked = json!({"topic": "Visits", "does": {"me": words, "partner": words}});
        if !self.agreement.is_empty() {
            asked["agreement"] = json!(self.agreement);
        }
        let done = self.home(by).ask(&["agreement", "propose"], asked);
        self.agreement = done["agreement"].as_str().unwrap().to_owned();
        self.versions
            .push(done["version"].as_str().unwrap().to_owned());
    }

    fn home(&self, who: usize) -> &Home {
        if who == 0 { &self.ana } else { &self.ben }
    }

    /// Says something about the version that was proposed as the `n`th, once it has arrived.
    fn say(&self, by: usize, verb: &str, n: usize, words: Value) {
        let version = &self.versions[n];
        let home = self.home(by);
        home.until(&["agreement", "show", version], |_| true);
        home.ask(&["agreement", verb, version], words);
    }
}

type Step = fn(&mut Talk);

const STEPS: &[Step] = &[
    |t| t.propose(0, "We call before."),
    |t| t.say(1, "yes", 0, Value::Null),
    |t| t.propose(1, "A day's notice."),
    |t| t.say(0, "not-now", 1, json!({"note": "after the holidays"})),
    |t| t.say(0, "yes", 1, Value::Null),
    |t| {
        let agreement = t.agreement.clone();
        let words = json!({"text": "I forget the time."});
        t.ben.ask(&["agreement", "my-part", &agreement], words);
    },
    |t| {
        drop(t.ana.ask(
            &["checkin", "ready", "--slot", SLOT],
            json!({"wish": "rain"}),
        ))
    },
    |t| {
        drop(t.ben.ask(
            &["checkin", "ready", "--slot", SLOT],
            json!({"wish": "sun"}),
        ))
    },
    |t| {
        t.ana.until(&["checkin", "show", SLOT], |shown| {
            shown["slots"][0]["opened"]["partner"].is_object()
        });
        let words = json!({"words": "You would like sun."});
        t.ana.ask(&["checkin", "heard", SLOT], words);
    },
    |t| t.say(0, "step-back", 1, json!({"note": "It was too much."})),
];

/// The whole conversation; after step `at` those in `who` are killed. What both see at the end.
fn converse(killed: Option<(usize, &[usize])>) -> (Value, Value) {
    let root = root();
    let (ana, ben) = paired(root.path(), TROTH);
    let mut talk = Talk {
        ana,
        ben,
        agreement: String::new(),
        versions: Vec::new(),
    };
    for (at, step) in STEPS.iter().enumerate() {
        step(&mut talk);
        if let Some((_, who)) = killed.filter(|(after, _)| *after == at) {
            who.iter().for_each(|who| talk.home(*who).kill());
            for who in who {
                talk.home(*who).ask(&["status"], Value::Null); // the computer is on again
            }
        }
    }
    for home in [&talk.ana, &talk.ben] {
        home.until(&["status"], |s| s["partner_has_all"] == true);
    }
    for home in [&talk.ana, &talk.ben] {
        home.until(&["checkin", "show", SLOT], |shown| {
            let slot = &shown["slots"][0];
            slot["opened"]["partner"].is_object() && slot["answers"].is_array()
        });
        home.until(&["agreement", "show", &talk.agreement], |shown| {
            shown["state"] == "let_go"
        });
    }
    let seen = |home: &Home| {
        let shown = home.ask(&["agreement", "show", &talk.agreement], Value::Null);
        let slot = home.ask(&["checkin", "show", SLOT], Value::Null);
        json!({"agreement": shown, "slot": slot["slots"][0]})
    };
    let (hers, his) = (seen(&talk.ana), seen(&talk.ben));
    assert_eq!(hers["agreement"], mirrored(&his["agreement"]));
    (without_names(&hers), without_names(&his))
}

/// Without what differs from run to run: names, hashes and days.
fn without_names(shown: &Value) -> Value {
    match shown {
        Value::Object(fields) => fields
            .iter()
            .filter(|(key, _)| {
                ![
                    "agreement_id",
                    "version",
                    "hash",
                    "base",
                    "on",
                    "pages",
                    "id",
                    "about",
                ]
                .contains(&key.as_str())
            })
            .filter(|(key, value)| key.as_str() != "agreement" || value.is_object())
            .map(|(key, value)| (key.clone(), without_names(value)))
            .collect(),
        Value::Array(items) => items.iter().map(without_names).collect(),
        other => other.clone(),
    }
}

fn killed_after_each_step(who: &[usize]) {
    let undisturbed = converse(None);
    for at in 0..STEPS.len() {
        assert_eq!(
            converse(Some((at, who))),
            undisturbed,
            "killed after step {at}"
        );
    }
}

#[test]
fn she_is_killed_between_any_two_steps() {
    killed_after_each_step(&[0]);
}

#[test]
fn he_is_killed_between_any_two_steps() {
    killed_after_each_step(&[1]);
}

#[test]
fn both_are_killed_between_any_two_steps() {
    killed_after_each_step(&[0, 1]);
}

/// Writes as fast as it can, and kills the daemon once so many were answered. What was answered by then, and by the
/// last breath.
fn answered_until_killed(home: &Home, after: usize) -> BTreeSet<String> {
    home.ask(&["status"], Value::Null);
    let stream = UnixStream::connect(home.dir.join("run/trothd.sock")).unwrap();
    let mut writer = stream.try_clone().unwrap();
    let sending = std::thread::spawn(move || {
        use std::io::Write;
        let hello = Call::write(1, &Request::Hello { api: api::VERSION });
        let propose = |n: u64| {
            let words = json!({"topic": format!("Topic {n}"), "does": {"me": "I call."}});
            Call::write(n, &request("agreement_propose", words))
        };
        let calls = std::iter::once(hello).chain((2..2000).map(propose));
        // It ends when there is nobody to write to any more.
        let _ = calls
            .into_iter()
            .try_for_each(|call| writer.write_all(call.as_bytes()));
    });
    let (mut answered, mut text) = (BTreeSet::new(), Vec::new());
    let (mut bytes, mut stream, mut dead) = ([0; 4096], stream, false);
    while let Ok(n @ 1..) = stream.read(&mut bytes) {
        text.extend_from_slice(&bytes[..n]);
        while let Some(end) = text.iter().position(|byte| *byte == b'\n') {
            let line: Vec<u8> = text.drain(..=end).collect();
            let line: Line = serde_json::from_slice(&line).unwrap();
            let agreement = line
                .result
                .and_then(|r| r["agreement"].as_str().map(str::to_owned));
            answered.extend(agreement);
        }
        if answered.len() >= after && !dead {
            home.kill();
            dead = true;
        }
    }
    sending.join().unwrap();
    answered
}

#[test]
fn killed_in_the_middle_of_writing_nothing_answered_is_lost() {
    const SEED: u64 = 20_261_122;
    eprintln!("seed {SEED}");
    let mut chance = Seeded::new(SEED);
    let root = root();
    let (ana, ben) = paired(root.path(), TROTH);
    let mut answered = BTreeSet::new();
    for _ in 0..8 {
        let now = answered_until_killed(&ana, 1 + chance.below(120));
        assert!(!now.is_empty());
        answered.extend(now);
    }
    for home in [&ana, &ben] {
        let all = |list: &Value| -> BTreeSet<String> {
            let lines = list["agreements"].as_array().unwrap();
            let names = lines.iter().map(|line| line["agreement"].as_str().unwrap());
            names.map(str::to_owned).collect()
        };
        home.ask(&["status"], Value::Null);
        home.until(&["agreement", "list"], |list| {
            all(list).is_superset(&answered)
        });
    }
}
