//! A partner's program that writes whatever the gate lets in: what the other is shown, can name, can end; and what it costs.

use super::tests::request;
use super::*;
use serde_json::json;
use troth_proto::AssertionId;
use troth_proto::assertion::blinded;
use troth_proto::wire::Words;

const DAY: &str = "2026-11-22";

fn told(sim: &mut Sim, p: usize, ask: Value) -> Result<Value, Problem> {
    sim.request(p, request("told", ask))
}

fn add(sim: &mut Sim, p: usize, kind: &str, words: Value, facts: Value) -> Value {
    let ask = json!({"do": "add", "kind": kind, "words": words, "facts": facts});
    told(sim, p, ask).unwrap()
}

/// Writes it under an id with which its hash is as wanted.
fn ground(
    sim: &mut Sim,
    mut head: Value,
    words: &str,
    on: Option<usize>,
    fits: impl Fn(&Hash) -> bool,
) -> Hash {
    let couple = sim.node(1).couple().unwrap();
    let (id, owner) = (couple.id, couple.book(Who::Me).owner);
    let hashed = Words::Here(words.to_owned()).hash();
    for n in 0..=u16::MAX {
        let mut own = [0xbe; 16];
        own[..2].copy_from_slice(&n.to_be_bytes());
        head["id"] = json!(AssertionId(own));
        let hash = troth_proto::assertion::hash(id, owner, head.to_string().as_bytes(), &hashed);
        if fits(&hash) {
            let written = sim.write_head(1, head, words, on).unwrap();
            assert_eq!(written.1, hash);
            return hash;
        }
    }
    unreachable!("half of all hashes fit")
}

#[test]
fn nobody_is_shown_as_bound_by_words_that_another_announced_as_the_very_same() {
    for (lower, change) in [(true, false), (false, false), (true, true), (false, true)] {
        let mut sim = Sim::paired(610);
        add(&mut sim, 1, "thanks", json!({"did": "x"}), json!({}));
        let mut words =
            json!({"topic": "Phones", "terms": "In the hall.", "does": {"me": "I do."}});
        let propose = |words: &Value| request("agreement_propose", words.clone());
        let mut hers = sim.request(0, propose(&words)).unwrap();
        let (mut base, first) = (json!([]), hers["hash"].clone());
        sim.settle();
        if change {
            let yes = request("agreement_yes", json!({"version": hers["version"]}));
            sim.request(1, yes).unwrap();
            sim.settle();
            base = json!([first]);
            (words["agreement"], words["base"]) = (hers["agreement"].clone(), base.clone());
            words["terms"] = "In the car.".into();
            hers = sim.request(0, propose(&words)).unwrap();
            sim.settle();
        }
        let couple = sim.node(0).couple().unwrap();
        let said = couple.book(Who::Me).said().last().unwrap();
        let head: Value = serde_json::from_str(said.head).unwrap();
        // On a branch that knows of nothing of hers: a first version without words, let go again.
        let hash: Hash = serde_json::from_value(first).unwrap();
        let nothing = json!({"kind": "version", "on": DAY,
            "body": {"agreement": hers["agreement"], "base": [], "same": Hash::default()}});
        let nothing = ground(&mut sim, nothing, "", Some(0), |it| *it < hash);
        let back = json!({"kind": "step_back", "on": DAY, "body": {"from": {"version": nothing}}});
        sim.write_head(1, back, "", None).unwrap();
        let hash: Hash = serde_json::from_value(hers["hash"].clone()).unwrap();
        let his = json!({"kind": "version", "on": DAY, "body":
            {"agreement": hers["agreement"], "base": base, "same": head["body"]["same"]}});
        let text =
            r#"{"topic":"All","terms":"Ana gives all","does":{"me":"","partner":"I give all"}}"#;
        let text = blinded(&[7; 16], text);
        ground(&mut sim, his, &text, None, |it| (*it < hash) == lower);
        let yes = json!({"kind": "yes", "on": DAY, "seen": [hash], "body": {"version": hash}});
        sim.write_head(1, yes, "", None).unwrap();
        sim.settle();
        let show = request("agreement_show", json!({"agreement": hers["agreement"]}));
        let shown = sim.request(0, show).unwrap();
        assert_eq!(shown["state"], "in_force", "{lower} {change}: {shown:#}");
        assert!(!shown.to_string().contains("give"), "{shown:#}");
        assert_eq!(shown["topic"], "Phones", "{shown:#}");
        let versions = shown["versions"].as_array().unwrap();
        let bound = versions.iter().find(|v| v["hash"] == shown["in_force"]);
        assert_eq!(bound.unwrap()["terms"], words["terms"], "{shown:#}");
        assert!(bound.unwrap()["same_words"].is_array(), "{shown:#}");
        let list = request("agreement_list", json!({"state": null, "after": null}));
        let list = sim.request(0, list).unwrap();
        assert_eq!(list["agreements"][0]["topic"], "Phones", "{list:#}");
        assert!(!list.to_string().contains("gives all"), "{list:#}");
    }
}
