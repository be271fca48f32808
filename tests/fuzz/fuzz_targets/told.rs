//! What is told and answered by a partner whose program writes what it likes: every kind and field, about whatever is there.
#![no_main]

use libfuzzer_sys::fuzz_target;
use serde_json::{Map, Value, json};
use troth_core::sim::Sim;
use troth_proto::api::Request;
use troth_proto::assertion::blinded;
use troth_proto::said::told::{TOLD, Verb};
use troth_proto::telling::Ask;

const FIELDS: [&str; 12] =
    ["says", "until", "as", "listen_as", "look_again", "day", "back_at", "agreement", "how", "page", "step", "of"];

/// A field, and what stands in it.
fn field(at: u8, of: u8, text: &str) -> (String, Value) {
    let name = FIELDS.get(usize::from(at)).map_or(text, |name| name);
    let value = match of % 6 {
        0 => json!(text),
        1 => json!(of / 6),
        2 => json!("2026-11-23"),
        3 => json!("2026-11-23T10:30"),
        4 => json!("ab".repeat(16)),
        _ => serde_json::from_str(text).unwrap_or(Value::Null),
    };
    (name.to_owned(), value)
}

type Part<'a> = (u8, u8, Vec<(u8, u8, &'a str)>, &'a str);

fuzz_target!(|parts: Vec<Part>| {
    let mut sim = Sim::paired(1);
    let mut there = Vec::new();
    for (kind, about, fields, words) in parts.into_iter().take(12) {
        let (kind, says) = match TOLD.get(usize::from(kind)) {
            Some(row) => (row.kind.name(), None),
            None => ("answer", Verb::ALL.get(usize::from(kind) % 32).map(|verb| verb.name())),
        };
        let mut body: Map<String, Value> = fields.into_iter().take(4).map(|(at, of, text)| field(at, of, text)).collect();
        if let Some(says) = says {
            body.entry("says").or_insert_with(|| says.into());
        }
        let mut head = json!({"kind": kind, "on": "2026-11-22", "body": body});
        if let Some((id, hash)) = there.get(usize::from(about)) {
            head["about"] = json!(id);
            head["seen"] = json!([hash]);
        }
        there.extend(sim.write_head(1, head, &blinded(&[7; 16], words), None));
    }
    sim.settle();
    for p in 0..2 {
        sim.request(p, Request::Today {}).expect("Today");
        let list = Ask::List { kind: None, after: None };
        sim.request(p, Request::Told(list)).expect("a list");
        let search = Ask::Search { words: "a".into(), after: None };
        sim.request(p, Request::Told(search)).expect("a search");
        for (id, _) in &there {
            let _ = sim.request(p, Request::Told(Ask::Show { id: id.hex() }));
            let _ = sim.request(p, Request::Told(Ask::Open { id: id.hex() }));
        }
    }
});
