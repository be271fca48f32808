//! What a partner's program may cost that keeps to every rule: memory, rows and steps; and what it may not learn by that.

#[path = "sim_dear/coming.rs"]
mod coming;

#[path = "sim_dear/leaving.rs"]
mod leaving;

#[path = "sim_dear/looking.rs"]
mod looking;

use super::hostile::{DAY, add, agreement, hash_of, repairs, told};
use super::tests::request;
use super::*;
use crate::books::rows::Write;
use crate::steps::taken;
use serde_json::json;
use troth_proto::assertion::blinded;
use troth_proto::{AssertionId, limits};

const BLIND: [u8; 16] = [7; 16];

/// Hands an input to a device, performs what follows, and says what that was.
fn handed(sim: &mut Sim, p: usize, input: Input) -> Vec<Effect> {
    let now = sim.now(p);
    let node = sim.devices[p].node.as_mut().unwrap();
    let effects = node.handle(now, &mut sim.chance, input);
    let mut all = Vec::new();
    for effect in effects {
        all.push(effect.clone());
        match effect {
            Effect::Erase { .. } => all.extend(handed(sim, p, Input::Erased(true))),
            effect => sim.perform(p, vec![effect]),
        }
    }
    all
}

/// Delivers what is on its way to a device: what each frame led to.
fn frames(sim: &mut Sim, p: usize) -> Vec<Vec<Effect>> {
    let mut all = Vec::new();
    while let Some(bytes) = sim.devices[p].inbox.pop_front() {
        let link = sim.links;
        all.push(handed(sim, p, Input::Frame { link, bytes }));
    }
    all
}

/// What effects do to the disk and the wire, without what they hold.
fn kinds(effects: &[Effect]) -> Vec<String> {
    let of = |effect: &Effect| match effect {
        Effect::Save(writes) => {
            let row = |write: &Write| match write {
                Write::Put(row, _) => format!("put {row:?}"),
                Write::Drop(row) => format!("drop {row:?}"),
            };
            writes.iter().map(row).collect()
        }
        Effect::Erase { forgotten } => vec![format!("erase {forgotten}")],
        Effect::Send { .. } => vec!["send".to_owned()],
        _ => Vec::new(),
    };
    effects.iter().flat_map(of).collect()
}

/// Ben tells of something, and the other has it.
fn tell(sim: &mut Sim, kind: &str, facts: &Value, words: &Value) -> AssertionId {
    let words = blinded(&BLIND, &words.to_string());
    let head = json!({"kind": kind, "on": DAY, "body": facts});
    let (id, _) = sim.write_head(1, head, &words, None).unwrap();
    sim.settle();
    id
}

fn take_back(sim: &mut Sim, id: AssertionId) {
    let head = json!({"kind": "take_back", "on": DAY, "about": id, "body": {}});
    sim.write_head(1, head, "", None).unwrap();
    sim.settle();
}
