//! What comes from a partner, much of it at once: each row is written once, and it costs as much as its number.

use super::*;
use std::collections::BTreeSet;
use troth_proto::DraftId;

/// Ben begins so many drafts while the two are apart; then both meet.
fn drafts_begun_apart(sim: &mut Sim, n: usize) {
    add(sim, 0, "thanks", json!({"did": "x"}), json!({}));
    sim.settle();
    sim.cut();
    for n in 0..n as u128 {
        let body = json!({"draft": DraftId(n.to_be_bytes()), "form": "letter"});
        let head = json!({"kind": "draft", "on": DAY, "body": body});
        sim.write_head(1, head, "", None).unwrap();
    }
    sim.connect();
}

#[test]
fn a_frame_full_of_news_writes_each_row_once() {
    let mut sim = Sim::paired(711);
    drafts_begun_apart(&mut sim, 500);
    let mut most = 0;
    loop {
        let came = frames(&mut sim, 0);
        for effect in came.concat() {
            let Effect::Save(writes) = effect else {
                continue;
            };
            most = most.max(writes.len());
            let rows = writes.iter().map(|write| match write {
                Write::Put(row, _) | Write::Drop(row) => row.clone(),
            });
            let rows: BTreeSet<Row> = rows.collect();
            assert_eq!(
                rows.len(),
                writes.len(),
                "{:?}",
                kinds(&[Effect::Save(writes)])
            );
        }
        if !sim.deliver(1) {
            break;
        }
    }
    assert!(most > 0);
    let today = sim.request(0, Request::Today {}).unwrap();
    assert_eq!(today["more_news"], true, "{today:#}");
}

#[test]
fn a_draft_is_followed_that_begins_as_another_closes() {
    let mut sim = Sim::paired(716);
    drafts_begun_apart(&mut sim, 0);
    sim.settle();
    let begin = |sim: &mut Sim, n: u128| {
        let body = json!({"draft": DraftId(n.to_be_bytes()), "form": "letter"});
        let head = json!({"kind": "draft", "on": DAY, "body": body});
        sim.write_head(1, head, "", None).unwrap();
    };
    for n in 0..limits::DRAFTS as u128 {
        begin(&mut sim, 100 + n);
    }
    sim.settle();
    let first = DraftId(100u128.to_be_bytes());
    let close = Request::DraftClose { draft: first.hex() };
    sim.request(0, close.clone()).unwrap();
    sim.settle();
    sim.cut();
    sim.request(1, close).unwrap();
    // Its id is lower than that of the one which closes.
    begin(&mut sim, 1);
    sim.connect();
    sim.settle();
    let list = sim.request(0, Request::DraftList {}).unwrap();
    let list = list["drafts"].as_array().unwrap();
    let new = DraftId(1u128.to_be_bytes()).hex();
    assert_eq!(list.len(), limits::DRAFTS);
    assert!(list.iter().any(|line| line["draft"] == new), "{list:#?}");
}

#[test]
fn what_is_said_in_many_repairs_costs_as_much_as_their_number() {
    let mut sim = Sim::paired(712);
    let about = agreement(&mut sim, "Visits");
    let ids = repairs(&mut sim, &about, 300);
    sim.request(0, Request::Today {}).unwrap();
    for id in &ids {
        let head = json!({"kind": "answer", "on": DAY, "about": id,
            "body": {"says": "day", "day": "2026-11-23"}});
        sim.write_head(1, head, "", None).unwrap();
    }
    let before = taken();
    sim.settle();
    let cost = taken() - before;
    assert!(cost < 60_000, "{cost}");
    let days = json!({"do": "show", "id": ids[299]});
    let shown = told(&mut sim, 0, days).unwrap();
    assert_eq!(shown["repair"]["partner_days"][0], "2026-11-23");
}

/// A head by which Ben says a day for a repair.
fn names_a_day(id: &Value) -> Value {
    json!({"kind": "answer", "on": DAY, "about": id, "body": {"says": "day", "day": "2026-11-23"}})
}

#[test]
fn what_is_said_in_repairs_full_to_their_end_reads_none_of_them() {
    let mut sim = Sim::paired(717);
    let about = agreement(&mut sim, "Visits");
    let ids = repairs(&mut sim, &about, 4);
    for id in &ids {
        for _ in 0..500 {
            sim.write_head(1, names_a_day(id), "", None).unwrap();
        }
        let id = id.as_str().unwrap();
        for step in ["feelings", "view", "part"] {
            for _ in 0..500 {
                let slot = format!("repair:{id}/{step}");
                let head = json!({"kind": "cancel", "body": {"slot": slot, "round": 1}});
                sim.write_head(1, head, "", None).unwrap();
            }
        }
        sim.settle();
    }
    let before = taken();
    for id in &ids {
        sim.write_head(1, names_a_day(id), "", None).unwrap();
    }
    let written = taken() - before;
    let before = taken();
    sim.settle();
    let cost = taken() - before;
    assert!(cost < 4_000, "{cost} {written}");
}

#[test]
fn a_disk_that_is_full_is_not_read_again_and_again_by_what_the_other_sends() {
    let mut sim = Sim::paired(718);
    sim.devices[0].full = true;
    sim.cut();
    add(&mut sim, 1, "thanks", json!({"did": "x"}), json!({}));
    let dials = |sim: &Sim| [0, 1].map(|p| sim.devices[p].dials);
    let mut dialled = dials(&sim);
    let mut meet = |sim: &mut Sim, seconds: u32| {
        for _ in 0..seconds {
            sim.pass(1_000);
            if dials(sim) != dialled {
                dialled = dials(sim);
                sim.connect();
                sim.settle();
            }
        }
    };
    meet(&mut sim, 60);
    let read = sim.devices[0].read_back;
    assert!((1..=5).contains(&read), "{read}");
    sim.devices[0].full = false;
    meet(&mut sim, 120);
    let list = told(&mut sim, 0, json!({"do": "list"})).unwrap();
    assert_eq!(list["told"].as_array().unwrap().len(), 1, "{list:#}");
}
