//! Homes written under one set of kinds and opened under another: an older version is played by this one.

use super::tests::{meet, notices, request, state_of};
use super::*;
use serde_json::json;

/// What an older version might not know.
const LATER: &[&str] = &["my_part", "answer", "take_back", "put_away", "forget"];

/// All that one of them is shown.
fn screens(sim: &mut Sim, p: usize, agreements: &[String]) -> Vec<Value> {
    let mut all: Vec<Value> = agreements
        .iter()
        .map(|id| request("agreement_show", json!({"agreement": id})))
        .map(|ask| sim.request(p, ask).unwrap())
        .collect();
    let today = sim.request(p, Request::Today {}).unwrap();
    all.push(today["waiting"].clone());
    all.push(
        sim.request(
            p,
            request("agreement_list", json!({"state": null, "after": null})),
        )
        .unwrap(),
    );
    all.push(
        sim.request(
            p,
            request("checkin_show", json!({"slot": null, "after": null})),
        )
        .unwrap(),
    );
    all
}

fn agreed(sim: &mut Sim, topic: &str) -> String {
    let words = json!({"topic": topic, "terms": "canary", "does": {"me": "I call.", "partner": "You call."}});
    let done = sim.request(0, request("agreement_propose", words)).unwrap();
    sim.settle();
    let yes = request("agreement_yes", json!({"version": done["version"]}));
    sim.request(1, yes).unwrap();
    sim.settle();
    done["agreement"].as_str().unwrap().to_owned()
}

/// Ben says everything that Ana's version may not know.
fn later_kinds(sim: &mut Sim, kept: &str, gone: &str) {
    let say = |method: &str, params: Value| request(method, params);
    let part = json!({"agreement": kept, "text": "I also call on Sundays."});
    sim.request(1, say("agreement_my_part", part)).unwrap();
    let heard = json!({"slot": "2026-W47", "words": "I heard you."});
    sim.request(1, say("checkin_heard", heard)).unwrap();
    let back = json!({"slot": "2026-W47"});
    sim.request(1, say("checkin_take_back", back)).unwrap();
    let away = json!({"agreement": gone, "days": 1});
    sim.request(1, say("agreement_put_away", away)).unwrap();
}

fn story(sim: &mut Sim) -> [String; 2] {
    let (kept, gone) = (agreed(sim, "Phones"), agreed(sim, "Visits"));
    for p in 0..2 {
        let ready = json!({"slot": "2026-W47", "words": {"wish": "canary of a wish"}});
        sim.request(p, request("checkin_ready", ready)).unwrap();
        sim.settle();
    }
    let let_go = json!({"agreement": gone, "note": ""});
    sim.request(0, request("agreement_let_go", let_go)).unwrap();
    sim.settle();
    [kept, gone]
}

#[test]
fn an_older_version_keeps_what_it_does_not_know_and_a_newer_one_reads_it_on_the_same_disk() {
    let (mut older, mut newer) = (Sim::paired(80), Sim::paired(80));
    older.devices[0].knows_not = LATER;
    for sim in [&mut older, &mut newer] {
        let agreements = story(sim);
        let before = screens(sim, 0, &agreements);
        later_kinds(sim, &agreements[0], &agreements[1]);
        sim.settle();
        if sim.devices[0].knows_not.is_empty() {
            assert_ne!(screens(sim, 0, &agreements), before);
            continue;
        }
        assert!(notices(sim, 0).contains(&json!({"kind": "newer"})));
        assert_eq!(
            screens(sim, 0, &agreements),
            before,
            "kept, and shown to nobody"
        );
        sim.crash(0);
        assert_eq!(
            screens(sim, 0, &agreements),
            before,
            "the same on a load as on the link"
        );
        meet(sim);
        // She writes on what she cannot read, and he takes it.
        let step_back = json!({"agreement": agreements[0], "note": ""});
        sim.request(0, request("agreement_let_go", step_back))
            .unwrap();
        sim.settle();
        assert_eq!(state_of(sim, 1, &agreements[0]), "let_go");
    }
    // She updates.
    older.devices[0].knows_not = &[];
    let [kept, gone] = story_ids(&older);
    older.crash(0);
    meet(&mut older);
    let step_back = json!({"agreement": kept, "note": ""});
    newer
        .request(0, request("agreement_let_go", step_back))
        .unwrap();
    newer.settle();
    let agreements = [kept, gone];
    let now = screens(&mut older, 0, &agreements);
    assert_eq!(
        now,
        screens(&mut newer, 0, &agreements),
        "as if she had always known"
    );
    // And what was to leave leaves.
    let away = json!({"agreement": agreements[1], "days": 1});
    older
        .request(0, request("agreement_put_away", away))
        .unwrap();
    older.settle();
    let tomorrow = older.devices[0].day.plus(1);
    for device in &mut older.devices {
        device.day = tomorrow;
    }
    older.pass(60_000);
    older.settle();
    let shown = request("agreement_show", json!({"agreement": agreements[1]}));
    for p in 0..2 {
        let shown = older.request(p, shown.clone()).unwrap();
        assert!(!shown.to_string().contains("canary"), "{p}: {shown}");
    }
    // Back on the older version: nothing is lost, and the newer one has it again.
    let before = screens(&mut older, 0, &agreements);
    older.devices[0].knows_not = LATER;
    older.crash(0);
    assert_eq!(state_of(&mut older, 0, &agreements[0]), "let_go");
    older.devices[0].knows_not = &[];
    older.crash(0);
    assert_eq!(screens(&mut older, 0, &agreements), before);
}

/// The agreements of a story, the first first.
fn story_ids(sim: &Sim) -> [String; 2] {
    let couple = sim.node(0).couple().unwrap();
    let mut ids = Vec::new();
    for i in 0..couple.entries() {
        let (who, index) = couple.arrived(i).unwrap();
        for said in couple.book(who).said_in(index) {
            if let Some(crate::books::book::Subject::Agreement(id)) = said.subject
                && !ids.contains(&id.hex())
            {
                ids.push(id.hex());
            }
        }
    }
    [ids[0].clone(), ids[1].clone()]
}
