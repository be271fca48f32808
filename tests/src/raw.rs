//! What a device holds, as plain data: its entries walked by hand, so that nothing of the core's own reading is trusted.

use crate::model::{Act, Id, Model, Say, Set};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use troth_core::sim::Sim;
use troth_proto::assertion;
use troth_proto::ids::Who;
use troth_proto::wire::{SealedEntry, Words};

/// Words, as (what Ana does, what Ben does, the rest).
pub type Wording = (String, String, String);
/// The words of versions, as they were before they were forgotten.
pub type Known = BTreeMap<String, Wording>;

/// One assertion.
pub struct One {
    /// 0 for Ana, 1 for Ben.
    pub by: usize,
    /// Its hash.
    pub hash: String,
    /// Its head.
    pub head: Value,
    /// Its words, if they are there.
    pub words: Option<String>,
    /// Indices of everything in its past.
    pub past: BTreeSet<usize>,
}

/// All that one device holds.
pub struct Held {
    /// Assertions, each after those in its past.
    pub all: Vec<One>,
    /// Hashes of the entries.
    pub entries: BTreeSet<String>,
    /// Entries that are written on more than one, or on one that another is written on too.
    pub branches: bool,
}

impl Held {
    /// What device `p` holds.
    pub fn by(sim: &Sim, p: usize) -> Self {
        let couple = sim.node(p).couple();
        let owner = |who: Who| couple.map(|c| c.book(who).owner);
        let mut all: Vec<One> = Vec::new();
        let mut ends: BTreeMap<String, BTreeSet<usize>> = BTreeMap::new();
        let mut by_hash: BTreeMap<String, usize> = BTreeMap::new();
        let mut written_on: BTreeSet<String> = BTreeSet::new();
        let (mut entries, mut branches) = (BTreeSet::new(), false);
        let empty: BTreeSet<usize> = BTreeSet::new();
        for (who, SealedEntry { entry, hash, .. }) in sim.everything(p) {
            let by = if who == Who::Me { p } else { 1 - p };
            branches |= entry.after.len() > 1 || (entry.after.is_empty() && entries_of(&all, by));
            let mut past = BTreeSet::new();
            for before in &entry.after {
                branches |= !written_on.insert(before.hex());
                past.extend(ends.get(&before.hex()).unwrap_or(&empty).iter().copied());
            }
            for op in &entry.ops {
                let head: Value = serde_json::from_str(&op.head).unwrap_or_default();
                for seen in head["seen"].as_array().into_iter().flatten() {
                    if let Some(i) = seen.as_str().and_then(|hash| by_hash.get(hash)) {
                        past.extend(all[*i].past.iter().copied());
                        past.insert(*i);
                    }
                }
                let words = op.words.hash();
                let author = owner(who).unwrap_or_default();
                let id = couple.map(|c| c.id).unwrap_or_default();
                let hash = assertion::hash(id, author, op.head.as_bytes(), &words).hex();
                by_hash.insert(hash.clone(), all.len());
                all.push(One {
                    by,
                    hash,
                    head,
                    words: match &op.words {
                        Words::Here(words) => Some(words.clone()),
                        Words::Hash(_) => None,
                    },
                    past: past.clone(),
                });
                past.insert(all.len() - 1);
            }
            ends.insert(hash.hex(), past);
            entries.insert(hash.hex());
        }
        Self {
            all,
            entries,
            branches,
        }
    }

    fn index(&self, hash: &Value) -> Option<usize> {
        let hash = hash.as_str()?;
        self.all.iter().position(|one| one.hash == hash)
    }

    /// The agreement that an assertion speaks of, if everything it names lies in its past (KINDS §3).
    fn agreement_of(&self, i: usize) -> Option<String> {
        let one = &self.all[i];
        let body = &one.head["body"];
        let version = |hash: &Value| -> Option<String> {
            let v = self.index(hash)?;
            let there = one.past.contains(&v) && self.all[v].head["kind"] == "version";
            there.then(|| self.agreement_of(v)).flatten()
        };
        let known = |id: &Value| -> Option<String> {
            let mut there = one.past.iter();
            let id = id.as_str()?;
            there
                .any(|other| self.agreement_of(*other).as_deref() == Some(id))
                .then(|| id.to_owned())
        };
        match one.head["kind"].as_str()? {
            "version" => {
                let id = body["agreement"].as_str()?.to_owned();
                let base = body["base"].as_array()?;
                let same = |hash: &Value| version(hash).as_deref() == Some(&*id);
                base.iter().all(same).then(|| id.clone())
            }
            "yes" | "not_now" | "need_time" => version(&body["version"]),
            "step_back" => match body["from"].get("version") {
                Some(hash) => version(hash),
                None => known(&body["from"]["agreement"]),
            },
            "my_part" | "put_away" => known(&body["agreement"]),
            _ => None,
        }
    }

    /// The words of a version.
    fn words(&self, one: &One, known: &mut Known) -> Wording {
        let json = one.words.as_deref().and_then(|words| words.get(32..));
        let words: Option<Value> = json.and_then(|json| serde_json::from_str(json).ok());
        match words {
            Some(words) => {
                let does = |who: &str| words["does"][who].as_str().unwrap_or_default().to_owned();
                let (me, partner) = (does("me"), does("partner"));
                let rest = format!("{}|{}", words["topic"], words["terms"]);
                let wording = if one.by == 0 {
                    (me, partner, rest)
                } else {
                    (partner, me, rest)
                };
                known.insert(one.hash.clone(), wording.clone());
                wording
            }
            // Forgotten here: no state may change by it.
            None => known.get(&one.hash).cloned().unwrap_or_default(),
        }
    }

    /// Each agreement as the reference model has it.
    pub fn models(&self, known: &mut Known, day: impl Fn(&str) -> i64) -> BTreeMap<String, Model> {
        let mut acts: BTreeMap<String, Vec<(usize, Say)>> = BTreeMap::new();
        let mut ids: BTreeMap<usize, Id> = BTreeMap::new();
        for (i, one) in self.all.iter().enumerate() {
            let Some(agreement) = self.agreement_of(i) else {
                continue;
            };
            let body = &one.head["body"];
            let id = |hash: &Value| self.index(hash).and_then(|v| ids.get(&v).copied());
            let say = match one.head["kind"].as_str() {
                Some("version") => {
                    let base = body["base"].as_array().into_iter().flatten();
                    Some(Say::Propose {
                        base: base.filter_map(id).collect(),
                        words: self.words(one, known),
                        trial: body["trial_until"].as_str().map(&day),
                    })
                }
                Some("yes") => id(&body["version"]).map(Say::Yes),
                Some("step_back") => match body["from"].get("version") {
                    Some(hash) => id(hash).map(Say::Back),
                    None => Some(Say::LetGo),
                },
                _ => None,
            };
            if let Some(say) = say {
                let acts = acts.entry(agreement).or_default();
                ids.insert(i, acts.len());
                acts.push((i, say));
            }
        }
        let act = |(i, say): &(usize, Say), all: &[(usize, Say)]| Act {
            by: self.all[*i].by,
            past: all
                .iter()
                .enumerate()
                .filter(|(_, (other, _))| self.all[*i].past.contains(other))
                .map(|(id, _)| id)
                .collect::<Set>(),
            say: say.clone(),
            hash: self.all[*i].hash.clone(),
        };
        acts.into_iter()
            .map(|(id, all)| {
                let acts = all.iter().map(|one| act(one, &all)).collect();
                (id, Model::of(acts))
            })
            .collect()
    }
}

fn entries_of(all: &[One], by: usize) -> bool {
    all.iter().any(|one| one.by == by)
}
