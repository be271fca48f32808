//! The history of an agreement: the same for both, told in calm sentences, and nothing in it that is shown nowhere else.

use serde_json::{Value, json};
use troth_core::sim::Sim;
use troth_proto::Day;
use troth_tests::histories::{mirrored, request};
use troth_tests::home::{paired, root};
use troth_tests::terminal::reads;

const TROTH: &str = env!("CARGO_BIN_EXE_sut-troth");

/// Two devices and one agreement.
struct Two {
    sim: Sim,
    agreement: Value,
}

impl Two {
    fn new() -> Self {
        let sim = Sim::paired(7);
        Self {
            sim,
            agreement: Value::Null,
        }
    }

    fn ask(&mut self, p: usize, method: &str, params: Value) -> Value {
        self.sim
            .request(p, request(method, params))
            .unwrap_or_else(|problem| panic!("{method}: {problem:?}"))
    }

    fn propose(&mut self, p: usize, words: &str, more: Value) -> Value {
        let mut params = json!({"topic": "Visits", "does": {"me": words}});
        if !self.agreement.is_null() {
            params["agreement"] = self.agreement.clone();
        }
        for (key, value) in more.as_object().unwrap() {
            params[key] = value.clone();
        }
        let done = self.ask(p, "agreement_propose", params);
        self.agreement = done["agreement"].clone();
        done["version"].clone()
    }

    fn yes(&mut self, p: usize, version: &Value) {
        self.ask(p, "agreement_yes", json!({"version": version}));
    }

    fn meet(&mut self) {
        self.sim.connect();
        self.sim.settle();
    }

    fn today(&mut self, text: &str) {
        for device in &mut self.sim.devices {
            device.day = text.parse::<Day>().unwrap();
        }
    }

    /// What happened, as the first has it: what, whose, and on which day. The other has its mirror image.
    fn history(&mut self) -> Vec<(String, String, String)> {
        let asked = json!({"agreement": self.agreement});
        let told = [0, 1].map(|p| self.ask(p, "agreement_history", asked.clone()));
        assert_eq!(told[0], mirrored(&told[1]));
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let all = told[0]["history"].as_array().unwrap().iter();
        all.map(|it| (text(&it["what"]), text(&it["by"]), text(&it["on"])))
            .collect()
    }
}

fn happened(all: &[(&str, &str, &str)]) -> Vec<(String, String, String)> {
    let own =
        |(what, by, on): &(&str, &str, &str)| (what.to_string(), by.to_string(), on.to_string());
    all.iter().map(own).collect()
}

#[test]
fn each_step_is_told_with_its_day_and_the_trial_that_passed_where_it_passed() {
    let mut two = Two::new();
    two.today("2026-11-23");
    let trial = json!({"trial_until": "2026-11-30"});
    let first = two.propose(0, "I call.", trial);
    two.meet();
    two.today("2026-11-24");
    two.yes(1, &first);
    two.meet();
    two.today("2026-12-02");
    let keep = two.propose(1, "You call, for good.", json!({}));
    two.meet();
    let so_far = [
        ("proposed", "me", "2026-11-23"),
        ("said_yes", "partner", "2026-11-24"),
        ("trial_over", "", "2026-11-30"),
        ("proposed", "partner", "2026-12-02"),
    ];
    assert_eq!(two.history(), happened(&so_far));
    two.today("2026-12-03");
    two.yes(0, &keep);
    two.meet();
    let asked = json!({"agreement": two.agreement});
    let told = two.ask(0, "agreement_history", asked);
    let all = told["history"].as_array().unwrap();
    let yes = &all[all.len() - 1];
    assert_eq!(
        (&yes["what"], &yes["agreed"]),
        (&json!("said_yes"), &json!(true))
    );
    assert_eq!(yes["replaces"], json!([all[0]["wording"]]), "{told:#}");
    let letting_go = json!({"agreement": two.agreement, "note": "We moved."});
    two.today("2026-12-04");
    two.ask(1, "agreement_let_go", letting_go);
    two.meet();
    let last = two.history().pop().unwrap();
    assert_eq!(
        (&*last.0, &*last.1, &*last.2),
        ("let_go", "partner", "2026-12-04")
    );
}

#[test]
fn a_yes_to_words_that_were_withdrawn_meanwhile_is_not_told() {
    let mut two = Two::new();
    let first = two.propose(0, "I call.", json!({}));
    two.meet();
    two.sim.cut();
    two.yes(1, &first);
    two.ask(
        0,
        "agreement_step_back",
        json!({"version": first, "note": ""}),
    );
    two.meet();
    let told = two.history();
    let what: Vec<&str> = told.iter().map(|it| &*it.0).collect();
    assert_eq!(what, ["proposed", "stepped_back"]);
}

#[test]
fn not_now_is_no_history_and_stepping_back_twice_is_told_once() {
    let mut two = Two::new();
    let first = two.propose(0, "I call.", json!({}));
    two.meet();
    let later = json!({"version": first, "note": "Later."});
    two.ask(1, "agreement_not_now", later);
    two.yes(1, &first);
    two.meet();
    two.sim.cut();
    for p in [0, 1] {
        two.ask(
            p,
            "agreement_step_back",
            json!({"version": first, "note": ""}),
        );
    }
    two.meet();
    let told = two.history();
    let mut what: Vec<(&str, &str)> = told.iter().map(|it| (&*it.0, &*it.1)).collect();
    what[2..].sort_unstable();
    let expected = [
        ("proposed", "me"),
        ("said_yes", "partner"),
        ("stepped_back", "me"),
        ("stepped_back", "partner"),
    ];
    assert_eq!(what, expected);
}

#[test]
fn a_review_is_told_once_both_have_opened_it() {
    let mut two = Two::new();
    let first = two.propose(0, "I call.", json!({}));
    two.meet();
    two.yes(1, &first);
    two.meet();
    let look = |lean: &str| json!({"version": first, "words": "It holds.", "lean": lean});
    two.ask(0, "agreement_look", look("keep"));
    two.meet();
    assert!(two.history().iter().all(|it| it.0 != "looked"));
    two.ask(1, "agreement_look", look("change"));
    two.meet();
    let looked = two.history().into_iter().filter(|it| it.0 == "looked");
    assert_eq!(looked.count(), 2);
}

#[test]
fn a_person_reads_it_in_sentences_in_both_languages() {
    let root = root();
    let (ana, mut ben) = paired(root.path(), TROTH);
    let visits = |words: &str| json!({"topic": "Visits", "does": {"me": words}});
    let first = ana.ask(&["agreement", "propose"], visits("I call before."));
    let first = first["hash"].as_str().unwrap();
    ben.until(&["agreement", "list"], |list| {
        list["agreements"][0].is_object()
    });
    ben.ask(&["agreement", "yes", first], Value::Null);
    ana.until(&["agreement", "list"], |list| {
        list["agreements"][0]["state"] == "in_force"
    });
    ana.ask(
        &["agreement", "propose", "--change", "visits"],
        visits("I ask."),
    );
    ana.ask(
        &["agreement", "let-go", "visits", "--yes"],
        json!({"note": "We moved."}),
    );
    let told = ana.ask(&["agreement", "history", "visits"], Value::Null);
    assert_eq!(told["state"], "let_go");
    let told = told["history"].as_array().unwrap();
    assert_eq!(told.len(), 4, "{told:#?}");
    assert!(told[1]["words"].as_str().unwrap().contains("Ben said yes"));
    let read = reads(&ana, &["agreement", "history", "visits"]);
    for words in [
        "Visits: let go",
        "you proposed these words, wording a.",
        "Ben said yes to wording a. With that the two of you had agreed on it.",
        "you proposed other words, wording b, in place of a.",
        "you let it go. The note with it: We moved.",
    ] {
        assert!(read.contains(words), "{words}: {read}");
    }
    ben.env.push(("TROTH_LANG".into(), "de".into()));
    ben.until(&["agreement", "show", "visits"], |view| {
        view["state"] == "let_go"
    });
    let read = reads(&ben, &["agreement", "history", "visits"]);
    for words in [
        "hat Ana diese Worte vorgeschlagen, Fassung a.",
        "hast du Ja zu Fassung a gesagt. Damit wart ihr euch beide einig.",
        "hat Ana sie losgelassen. Die Notiz dazu: We moved.",
    ] {
        assert!(read.contains(words), "{words}: {read}");
    }
}
