//! What 100,000 things of all kinds cost when they are looked at: Today, lists, one thing, a search; and what a partner can
//! make dear who writes to every limit. In memory, through the node that the daemon runs; without the socket and its JSON.
//!
//! `told [N]`: so many assertions, 100,000 if not said.

#![allow(clippy::unwrap_used, clippy::print_stdout, missing_docs)]

use serde_json::{Value, json};
use std::time::{Duration, Instant};
use troth_core::books::rows::Row;
use troth_core::node::{Damaged, Loadable, Node};
use troth_core::sim::Sim;
use troth_proto::ids::Who;
use troth_proto::said::told::ToldKind;
use troth_tests::histories::request;
use troth_tests::mixed::{self, WORDS};

fn tell(sim: &mut Sim, p: usize, n: usize) -> Option<String> {
    let answer = sim.request(p, request("told", mixed::told(n))).ok()?;
    Some(answer["id"].as_str()?.to_owned())
}

fn time(what: &str, mut run: impl FnMut() -> Value) {
    let mut times: Vec<Duration> = Vec::new();
    let mut size = 0;
    for _ in 0..9 {
        let begun = Instant::now();
        let answer = run();
        times.push(begun.elapsed());
        size = answer.to_string().len();
    }
    let first = times[0].as_secs_f64() * 1e3;
    times.sort();
    println!(
        "{what:<52} {:>8.2} ms   first {first:>8.2} ms   {size} bytes",
        times[4].as_secs_f64() * 1e3
    );
}

fn all(sim: &mut Sim, n: usize) {
    let begun = Instant::now();
    let mut ids: Vec<(usize, String)> = Vec::new();
    // Half of it is told, half of it answers.
    for i in 0..n / 2 {
        let p = i / 50 % 2;
        ids.extend(tell(sim, p, i).map(|id| (p, id)));
        if i % 100 == 99 {
            sim.settle();
            for (p, id) in ids.iter().rev().take(100) {
                if i % 400 == 399 {
                    continue;
                }
                let open = json!({"do": "open", "id": id});
                let _ = sim.request(1 - p, request("told", open));
                for says in mixed::SAYS {
                    let answer = mixed::answer(id, says);
                    let _ = sim.request(1 - p, request("told", answer));
                }
            }
            sim.settle();
        }
    }
    for _ in 0..20 {
        let words = json!({"words": WORDS});
        let ask = json!({"do": "add", "kind": "repair", "words": words});
        let id = sim.request(0, request("told", ask)).unwrap()["id"].clone();
        let stop = json!({"do": "answer", "about": id, "says": "stop"});
        sim.request(0, request("told", stop)).unwrap();
    }
    sim.settle();
    let couple = sim.node(0).couple().unwrap();
    println!(
        "{} entries, written in {:.1} s",
        couple.entries(),
        begun.elapsed().as_secs_f64()
    );
}

/// A partner's program that writes to every limit.
fn limits() {
    let mut sim = Sim::paired(6);
    let ask = json!({"do": "add", "kind": "confidence", "words": {"text": WORDS}});
    let id = sim.request(0, request("told", ask)).unwrap()["id"].clone();
    sim.settle();
    sim.cut();
    let hash = |sim: &Sim, p: usize| {
        let couple = sim.node(p).couple().unwrap();
        couple.book(Who::Partner).said().last().unwrap().hash
    };
    let of = hash(&sim, 1);
    let blind = troth_proto::assertion::blinded;
    for n in 0..troth_proto::limits::ACTS_TAKEN {
        let (body, words) = match n % 4 {
            0 => (json!({"says": "heard"}), String::new()),
            1 => (json!({"says": "thank"}), String::new()),
            2 => (
                json!({"says": "may_i"}),
                blind(&[7; 16], r#"{"with_whom":"Dr Kim"}"#),
            ),
            _ => (
                json!({"says": "need_time", "until": "2026-12-24"}),
                String::new(),
            ),
        };
        let head =
            json!({"kind": "answer", "on": "2026-11-22", "about": id, "seen": [of], "body": body});
        // Each fourth in a branch of its own.
        let on = (n % 4 == 0).then_some(0);
        sim.write_head(1, head, &words, on).unwrap();
    }
    sim.connect();
    sim.settle();
    let show = json!({"do": "show", "id": id});
    time("one thing, with as many answers as are taken", || {
        sim.request(0, request("told", show.clone())).unwrap()
    });
    for n in 0..20_000 {
        let (kind, body, words) = match n % 3 {
            0 => (
                "break",
                json!({"back_at": "2026-05-28T20:30Z"}),
                String::new(),
            ),
            1 => ("repair", json!({}), blind(&[7; 16], r#"{"words":"x"}"#)),
            _ => (
                "permission",
                json!({}),
                blind(&[7; 16], r#"{"with_whom":"x"}"#),
            ),
        };
        let head = json!({"kind": kind, "on": "2026-11-22", "body": body});
        sim.write_head(1, head, &words, None).unwrap();
        if n % 200 == 0 {
            sim.settle();
        }
    }
    sim.settle();
    time("today, with 20,000 breaks, repairs and permissions", || {
        sim.request(0, request("today", json!({}))).unwrap()
    });
    time("the same thing then", || {
        sim.request(0, request("told", show.clone())).unwrap()
    });
    let list = json!({"do": "list"});
    time("a page of the list then", || {
        sim.request(0, request("told", list.clone())).unwrap()
    });
    branches();
    time_needed();
    weeks();
    repairs();
    breaks();
}

const DAY: &str = "2026-11-22";

fn today(sim: &mut Sim, what: &str) {
    time(what, || {
        sim.request(0, request("today", json!({}))).unwrap()
    });
}

/// Writes what Ben's program likes, and brings it over from time to time.
fn write(sim: &mut Sim, n: usize, head: Value, words: &str, on: Option<usize>) -> Value {
    let (id, _) = sim.write_head(1, head, words, on).unwrap();
    if n % 500 == 499 {
        sim.settle();
    }
    json!(id)
}

/// His own confidences, each with as many answers as are taken, on as many branches.
fn branches() {
    let mut sim = Sim::paired(7);
    let words = troth_proto::assertion::blinded(&[7; 16], r#"{"text":"x"}"#);
    let mut ids = Vec::new();
    for n in 0..20 {
        let head = json!({"kind": "confidence", "on": DAY, "body": {"listen_as": "help_me_think"}});
        ids.push(write(&mut sim, n, head, &words, None));
    }
    let mut last = vec![19; troth_proto::limits::ACTS_TAKEN];
    for id in &ids {
        for (n, on) in last.iter_mut().enumerate() {
            let body = json!({"says": "listen_as", "as": "just_listen"});
            let head = json!({"kind": "answer", "on": DAY, "about": id, "body": body});
            write(&mut sim, n, head, "", Some(*on));
            *on = sim.node(1).couple().unwrap().book(Who::Me).entries() - 1;
        }
    }
    sim.settle();
    let list = request("told", json!({"do": "list"}));
    time("a page of a list, each answered on 512 branches", || {
        sim.request(0, list.clone()).unwrap()
    });
    let show = request("told", json!({"do": "show", "id": ids[0]}));
    time("one of them", || sim.request(0, show.clone()).unwrap());
    today(&mut sim, "today then");
}

/// Time that he needed for one thing of hers until a day long past.
fn time_needed() {
    let mut sim = Sim::paired(8);
    let ask = json!({"do": "add", "kind": "ask", "words": {"text": WORDS}});
    let id = sim.request(0, request("told", ask)).unwrap()["id"].clone();
    sim.settle();
    let of = sim.node(1).couple().unwrap().book(Who::Partner);
    let of = of.said().last().unwrap().hash;
    for n in 0..troth_proto::limits::ACTS_TAKEN {
        let body = json!({"says": "need_time", "until": "2026-11-20"});
        let head = json!({"kind": "answer", "on": DAY, "about": id, "seen": [of], "body": body});
        write(&mut sim, n, head, "", None);
    }
    sim.settle();
    today(
        &mut sim,
        "today, time needed 512 times until a day long past",
    );
}

/// Weeks in which he called back what was never said.
fn weeks() {
    let mut sim = Sim::paired(9);
    for week in 0..100 {
        for n in 0..troth_proto::limits::ACTS_TAKEN {
            let slot = format!("20{}-W{:02}", 26 + week / 50, week % 50 + 1);
            let head = json!({"kind": "cancel", "body": {"slot": slot, "round": 1}});
            write(&mut sim, n, head, "", None);
        }
    }
    sim.settle();
    today(&mut sim, "today, 100 weeks called back 512 times each");
    let shown = request("checkin_show", json!({"slot": null, "after": null}));
    time("a page of the check-ins then", || {
        sim.request(0, shown.clone()).unwrap()
    });
}

/// Many repairs about one agreement.
fn repairs() {
    let mut sim = Sim::paired(10);
    let propose = json!({"topic": "Visits", "does": {"me": "I call.", "partner": ""}});
    let done = sim.request(0, request("agreement_propose", propose));
    let done = done.unwrap();
    sim.settle();
    let mut last = Value::Null;
    for n in 0..50_000 {
        let body = json!({"agreement": done["agreement"]});
        let head = json!({"kind": "repair", "on": DAY, "seen": [done["hash"]], "body": body});
        last = write(&mut sim, n, head, "", None);
    }
    sim.settle();
    today(&mut sim, "today, 50,000 repairs about one agreement");
    let show = request("told", json!({"do": "show", "id": last}));
    time("one of them", || sim.request(0, show.clone()).unwrap());
    let begun = Instant::now();
    let stop = json!({"do": "answer", "about": last, "says": "stop"});
    sim.request(0, request("told", stop)).unwrap();
    let took = begun.elapsed().as_secs_f64() * 1e3;
    println!("{:<52} {took:>8.2} ms", "one of them stopped");
}

/// Breaks that are on, each with as many answers as are taken.
fn breaks() {
    let mut sim = Sim::paired(11);
    for _ in 0..128 {
        let body = json!({"back_at": "2026-05-28T21:30Z"});
        let head = json!({"kind": "break", "on": DAY, "body": body});
        let id = write(&mut sim, 0, head, "", None);
        for n in 0..troth_proto::limits::ACTS_TAKEN {
            let head = json!({"kind": "answer", "on": DAY, "about": id, "body": {"says": "done"}});
            write(&mut sim, n, head, "", None);
        }
    }
    sim.settle();
    today(&mut sim, "today, 128 breaks ended 512 times each");
    let list = request("told", json!({"do": "list", "kind": "thanks"}));
    time("an empty list then", || {
        sim.request(0, list.clone()).unwrap()
    });
}

fn main() {
    let n = std::env::args()
        .skip(1)
        .find_map(|it| it.parse().ok())
        .unwrap_or(100_000);
    limits();
    let mut sim = Sim::paired(5);
    all(&mut sim, n);
    for p in 0..2 {
        time("today", || {
            sim.request(p, request("today", json!({}))).unwrap()
        });
    }
    let told = |ask: Value| request("told", ask);
    time("list of all, a page", || {
        sim.request(0, told(json!({"do": "list"}))).unwrap()
    });
    for kind in [
        ToldKind::Thanks,
        ToldKind::Confidence,
        ToldKind::Repair,
        ToldKind::Bid,
    ] {
        let ask = json!({"do": "list", "kind": kind});
        time(&format!("list of {}", kind.name()), || {
            sim.request(0, told(ask.clone())).unwrap()
        });
    }
    for words in ["moonlight", "kettle on before", "für eine", "Ärger"] {
        let ask = json!({"do": "search", "words": words});
        time(&format!("search for {words}"), || {
            sim.request(1, told(ask.clone())).unwrap()
        });
    }
    let ask = json!({"do": "add", "kind": "thanks", "words": {"did": WORDS}});
    time("one more thing told", || {
        sim.request(0, told(ask.clone())).unwrap()
    });
    // As the rows stand in the file: in the order in which they were written.
    let mut rows: Vec<(Row, Vec<u8>)> = sim.copy(0).into_iter().collect();
    rows.sort_by_key(|(row, _)| match row {
        Row::Me => 0,
        Row::Couple => 1,
        Row::Run(_, n) => 2 + n,
        _ => u64::MAX,
    });
    let begun = Instant::now();
    let rows = rows
        .into_iter()
        .map(|(row, bytes)| Ok(Loadable::Row(row, bytes)));
    let node = Node::load::<Damaged>(rows).unwrap();
    assert!(node.couple().is_some());
    println!(
        "{:<52} {:>8.2} ms",
        "a load, its rows unsealed",
        begun.elapsed().as_secs_f64() * 1e3
    );
    sim.crash(0);
    time("today after a load", || {
        sim.request(0, request("today", json!({}))).unwrap()
    });
}
