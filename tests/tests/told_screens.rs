//! What a partner's program writes in order to be seen where it is not: each of it passes the gate.

use serde_json::{Value, json};
use troth_core::sim::Sim;
use troth_proto::assertion::blinded;
use troth_proto::problem::Wrong;
use troth_proto::{AssertionId, Hash, Problem};
use troth_tests::histories::request;

fn told(sim: &mut Sim, p: usize, ask: Value) -> Result<Value, Problem> {
    sim.request(p, request("told", ask))
}

/// Ben's program writes a head of its own, with words.
fn forge(sim: &mut Sim, kind: &str, more: Value, words: Value) -> (AssertionId, Hash) {
    let mut head = json!({"kind": kind, "on": "2026-11-22", "body": {}});
    for (name, it) in more.as_object().unwrap() {
        head[name] = it.clone();
    }
    let words = match words {
        Value::Null => String::new(),
        words => blinded(&[7; 16], &words.to_string()),
    };
    sim.write_head(1, head, &words, None)
        .expect("it passes the gate")
}

fn today(sim: &mut Sim, p: usize) -> Value {
    sim.request(p, request("today", json!({}))).unwrap()
}

#[test]
fn nobody_calls_themselves_what_troth_calls_the_reader() {
    let mut sim = Sim::paired(101);
    let page = |name: &str| json!({"do": "add", "kind": "about_me", "facts": {"page": "name"}, "words": {"text": name}});
    told(&mut sim, 1, page("Benno")).unwrap();
    sim.settle();
    assert_eq!(today(&mut sim, 0)["partner"], "Benno");
    for name in ["You", " du ", "Your  partner"] {
        let body = json!({"body": {"page": "name"}});
        forge(&mut sim, "about_me", body, json!({"text": name}));
        sim.settle();
        // The name of the pairing stands.
        assert_eq!(today(&mut sim, 0)["partner"], "Ben", "{name}");
        let refused = told(&mut sim, 0, page(name));
        let wrong = Wrong::NoPersonName;
        assert_eq!(refused, Err(Problem::BadRequest { wrong }), "{name}");
    }
}
