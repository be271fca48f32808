//! Histories from a seed: two people act, part, meet, crash and carry files, and what both see is held against the model.

use crate::model::{Act, Id, Model, Say};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use troth_core::keys::Entropy;
use troth_core::sim::Sim;
use troth_proto::api::Request;
use troth_proto::{Day, Problem};

/// A history under way.
pub struct History {
    /// The two devices.
    pub sim: Sim,
    /// What was said, as the model has it.
    pub model: Model,
    /// Version names and hashes, by act.
    names: BTreeMap<Id, (String, String)>,
    by_hash: BTreeMap<String, Id>,
    /// What each device has, as the model has it.
    has: [BTreeSet<Id>; 2],
    agreement: Option<String>,
    /// Days each clock is off.
    off: [i64; 2],
    today: i64,
    seed: u64,
}

/// A request by its name and parameters.
pub fn request(method: &str, params: Value) -> Request {
    serde_json::from_value(json!({"method": method, "params": params}))
        .expect("a request of the API")
}

impl History {
    /// Two people who have just paired.
    pub fn begin(seed: u64) -> Self {
        let mut sim = Sim::paired(seed);
        let off = [0, 1].map(|_| {
            if sim.chance.one_in(4) {
                sim.chance.below(4000) as i64 - 2000
            } else {
                sim.chance.below(3) as i64 - 1
            }
        });
        let mut it = Self {
            sim,
            model: Model::default(),
            names: BTreeMap::new(),
            by_hash: BTreeMap::new(),
            has: [BTreeSet::new(), BTreeSet::new()],
            agreement: None,
            off,
            today: 0,
            seed,
        };
        it.set_clocks();
        it
    }

    fn epoch() -> Day {
        Day::new(2026, 11, 22).unwrap()
    }

    fn day(&self, p: usize) -> i64 {
        self.today + self.off[p]
    }

    fn set_clocks(&mut self) {
        for p in 0..2 {
            self.sim.devices[p].day = Self::epoch().plus(self.day(p));
        }
    }

    fn pick(&mut self, p: usize) -> Option<Id> {
        let versions: Vec<Id> = self.has[p]
            .iter()
            .copied()
            .filter(|id| matches!(self.model.acts[*id].say, Say::Propose { .. }))
            .collect();
        if versions.is_empty() {
            None
        } else {
            Some(versions[self.sim.chance.below(versions.len())])
        }
    }

    fn words(&mut self) -> (String, String) {
        // Few wordings, so that the very same words happen.
        let word = |n: usize| ["I cook.", "I wash up.", "", "I ask first."][n].to_owned();
        let (a, b) = (self.sim.chance.below(2), self.sim.chance.below(4));
        (word(a), word(b))
    }

    /// One act, meeting, parting, crash, file or day by chance.
    pub fn step(&mut self) {
        let p = self.sim.chance.below(2);
        match self.sim.chance.below(22) {
            0..5 => self.propose(p),
            5..10 => self.say_yes(p),
            10..12 => self.step_back(p),
            12 => self.let_go(p),
            13..15 => {
                self.sim.connect();
                self.some_frames();
            }
            15 => self.meet(),
            16 => self.sim.cut(),
            17 => self.crash(p),
            18 => self.carry(p),
            19 => {
                self.today += self.sim.chance.below(4) as i64;
                self.set_clocks();
            }
            20 => self.fail_a_save(p),
            _ => self.some_frames(),
        }
        self.take_stock();
    }

    fn some_frames(&mut self) {
        for _ in 0..self.sim.chance.below(6) {
            let (p, twice) = (self.sim.chance.below(2), self.sim.chance.one_in(4));
            self.sim.deliver(p, twice);
        }
    }

    /// The wire holds until both have everything.
    pub fn meet(&mut self) {
        self.sim.connect();
        self.sim.settle();
        self.take_stock();
    }

    fn crash(&mut self, p: usize) {
        self.sim.crash(p);
        if self.sim.chance.one_in(3) {
            self.sim.pass(60_000); // time enough to tidy the disk
        }
    }

    fn carry(&mut self, p: usize) {
        let upto = if self.sim.chance.one_in(2) {
            Some(self.sim.chance.below(8) as u64)
        } else {
            None
        };
        match self.sim.carry(p, upto) {
            Ok(_) | Err(Problem::CarryGap | Problem::NotPaired) => {}
            Err(problem) => panic!(
                "seed {}: a carried file was refused: {problem:?}",
                self.seed
            ),
        }
    }

    /// The disk fails at the next save: what was asked then is answered by nobody, and must not be anywhere later.
    fn fail_a_save(&mut self, p: usize) {
        self.sim.devices[p].saves_left = Some(0);
        let words = json!({"topic": "Lost", "does": {"me": "never said"}});
        let answer = self.sim.request(p, request("agreement_propose", words));
        assert_eq!(answer, Err(Problem::NoDaemon), "seed {}", self.seed);
        self.sim.devices[p].saves_left = None;
    }

    /// What each device has now, by the hashes it shows.
    fn take_stock(&mut self) {
        for p in 0..2 {
            let mut has = self.has[p].clone();
            for id in 0..self.model.acts.len() {
                let act = &self.model.acts[id];
                if act.by != p && self.sim.node(p).holds(&act.hash) {
                    has.insert(id);
                }
            }
            self.has[p] = has;
        }
    }

    /// Writes an act into the model as the program wrote it into the book.
    fn wrote(&mut self, p: usize, say: Say) -> Id {
        let id = self.model.acts.len();
        let hash = self
            .sim
            .node(p)
            .newest_hash()
            .expect("something was written");
        let act = Act {
            by: p,
            on: self.day(p),
            past: self.has[p].clone(),
            say,
            hash: hash.clone(),
        };
        self.model.acts.push(act);
        self.by_hash.insert(hash, id);
        self.has[p].insert(id);
        id
    }

    fn propose(&mut self, p: usize) {
        let words = self.words();
        let mut base = BTreeSet::new();
        for _ in 0..self.sim.chance.below(3) {
            base.extend(self.pick(p));
        }
        let (big, trial) = (
            self.sim.chance.one_in(4),
            self.sim
                .chance
                .one_in(4)
                .then(|| self.today + self.sim.chance.below(4) as i64),
        );
        let (me, partner) = if p == 0 {
            words.clone()
        } else {
            (words.1.clone(), words.0.clone())
        };
        let mut params = json!({"topic": "Home", "does": {"me": me, "partner": partner}, "weight": if big { "big" } else { "everyday" }});
        if let Some(agreement) = &self.agreement {
            if self.has[p].is_empty() {
                return; // the other's agreement is not known here yet
            }
            params["agreement"] = json!(agreement);
            params["base"] = json!(
                base.iter()
                    .map(|id| self.names[id].0.clone())
                    .collect::<Vec<_>>()
            );
        } else {
            base.clear();
        }
        if let Some(trial) = trial {
            params["trial_until"] = json!(Self::epoch().plus(trial));
        }
        let Ok(done) = self.sim.request(p, request("agreement_propose", params)) else {
            return;
        };
        let id = self.wrote(
            p,
            Say::Propose {
                base,
                words,
                big,
                trial,
            },
        );
        self.agreement = Some(done["agreement"].as_str().unwrap().to_owned());
        let name = (
            done["version"].as_str().unwrap().to_owned(),
            done["hash"].as_str().unwrap().to_owned(),
        );
        assert_eq!(name.1, self.model.acts[id].hash);
        self.names.insert(id, name);
    }

    fn say_yes(&mut self, p: usize) {
        let Some(v) = self.pick(p) else { return };
        let visible = self.model.visible(&self.has[p], self.day(p));
        let would = self
            .model
            .would_count(v, &self.has[p], &mut Default::default());
        let answer = self.sim.request(
            p,
            request("agreement_yes", json!({"version": self.names[&v].0})),
        );
        match answer {
            Ok(_) => {
                // Of twins the yes goes to the other's.
                let hash = self.sim.node(p).newest_yes().expect("a yes was written");
                let said = self.by_hash[&hash];
                let counts = self
                    .model
                    .would_count(said, &self.has[p], &mut Default::default());
                assert!(
                    counts,
                    "seed {}: a yes was written that does not count",
                    self.seed
                );
                self.wrote(p, Say::Yes(said));
            }
            Err(Problem::YesWouldNotCount) => {
                assert!(!would, "seed {}: a yes that counts was refused", self.seed);
                assert_eq!(visible[&v].state, "proposed");
            }
            Err(
                Problem::AlreadySaidYes
                | Problem::NotOnOffer
                | Problem::PickSame
                | Problem::TooManyActs,
            ) => {}
            Err(problem) => panic!("seed {}: {problem:?}", self.seed),
        }
    }

    fn step_back(&mut self, p: usize) {
        let Some(v) = self.pick(p) else { return };
        if self
            .sim
            .request(
                p,
                request(
                    "agreement_step_back",
                    json!({"version": self.names[&v].0, "note": ""}),
                ),
            )
            .is_ok()
        {
            self.wrote(p, Say::Back(v));
        }
    }

    fn let_go(&mut self, p: usize) {
        let Some(agreement) = self.agreement.clone() else {
            return;
        };
        if self
            .sim
            .request(
                p,
                request(
                    "agreement_let_go",
                    json!({"agreement": agreement, "note": ""}),
                ),
            )
            .is_ok()
        {
            self.wrote(p, Say::LetGo);
        }
    }

    /// Holds what a device shows against the model.
    pub fn check(&mut self, p: usize) {
        let seed = self.seed;
        let Some(agreement) = self.agreement.clone().filter(|_| !self.has[p].is_empty()) else {
            return;
        };
        let expected = self.model.visible(&self.has[p], self.day(p));
        let shown = self
            .sim
            .request(
                p,
                request("agreement_show", json!({"agreement": agreement})),
            )
            .expect("shown");
        assert_eq!(
            shown["state"],
            Model::whole(&expected),
            "seed {seed}: {}",
            ["Ana", "Ben"][p]
        );
        let versions = shown["versions"].as_array().unwrap();
        assert_eq!(
            versions.len(),
            expected.values().filter(|v| !v.hidden).count(),
            "seed {seed}"
        );
        for version in versions {
            let id = self.by_hash[version["hash"].as_str().unwrap()];
            let yes: BTreeSet<usize> = version["said_yes"]
                .as_array()
                .unwrap()
                .iter()
                .map(|who| if who == "me" { p } else { 1 - p })
                .collect();
            assert_eq!(
                (version["state"].as_str().unwrap(), &yes),
                (expected[&id].state, &expected[&id].yes),
                "seed {seed}: act {id}"
            );
        }
        self.check_rules(p, &shown, &expected);
    }

    /// What must hold of any history, whatever the rules in detail.
    fn check_rules(&self, p: usize, shown: &Value, expected: &BTreeMap<Id, crate::model::Visible>) {
        let seed = self.seed;
        let in_force: Vec<Id> = expected
            .iter()
            .filter(|(_, v)| v.state == "in_force")
            .map(|(id, _)| *id)
            .collect();
        assert!(in_force.len() <= 1, "seed {seed}: two in force");
        for v in in_force {
            assert_eq!(
                expected[&v].yes.len(),
                2,
                "seed {seed}: in force without both yeses"
            );
            let backed = self.has[p]
                .iter()
                .any(|id| self.model.acts[*id].say == Say::Back(v));
            assert!(!backed, "seed {seed}: in force after a step back");
            let let_go = |id: &Id| {
                self.model.acts[*id].say == Say::LetGo && self.model.acts[*id].past.contains(&v)
            };
            assert!(
                !self.has[p].iter().any(let_go),
                "seed {seed}: letting go was undone"
            );
        }
        // L10: nothing on the screen counts a person, or tells a time of day.
        assert!(!shown.to_string().contains("count") && !shown.to_string().contains("T00:"));
    }

    /// Both meet until nothing is on the way, and see the same, mirrored.
    pub fn end(&mut self) {
        self.off = [0, 0];
        self.set_clocks();
        self.meet();
        assert_eq!(
            self.has[0],
            self.model.all(),
            "seed {}: Ana lacks something",
            self.seed
        );
        assert_eq!(
            self.has[1],
            self.model.all(),
            "seed {}: Ben lacks something",
            self.seed
        );
        for p in 0..2 {
            self.check(p);
        }
        let Some(agreement) = self.agreement.clone() else {
            return;
        };
        let mut shown = Vec::new();
        for p in 0..2 {
            shown.push(
                self.sim
                    .request(
                        p,
                        request("agreement_show", json!({"agreement": agreement})),
                    )
                    .unwrap(),
            );
        }
        assert_eq!(
            shown[0],
            mirrored(&shown[1]),
            "seed {}: the two screens are no mirror images",
            self.seed
        );
        for p in 0..2 {
            let status = self.sim.request(p, Request::Status {}).unwrap();
            assert_eq!(status["partner_has_all"], true, "seed {}", self.seed);
            assert_eq!(
                status["notices"],
                json!([]),
                "seed {}: an honest history was told of",
                self.seed
            );
        }
    }
}

/// An answer as the other side must see it: "me" and "partner" exchanged everywhere.
pub fn mirrored(value: &Value) -> Value {
    let turn = |text: &str| match text {
        "me" => "partner".to_owned(),
        "partner" => "me".to_owned(),
        "my_part" => "partner_part".to_owned(),
        "partner_part" => "my_part".to_owned(),
        other => other.to_owned(),
    };
    match value {
        Value::String(text) => Value::String(turn(text)),
        Value::Array(list) => {
            let mut list: Vec<Value> = list.iter().map(mirrored).collect();
            // Who said yes is a set.
            if list.iter().all(|v| v == "me" || v == "partner") {
                list.sort_by_key(Value::to_string);
            }
            Value::Array(list)
        }
        Value::Object(fields) => {
            Value::Object(fields.iter().map(|(k, v)| (turn(k), mirrored(v))).collect())
        }
        other => other.clone(),
    }
}

/// Runs one history and checks it at every meeting and at its end.
pub fn run(seed: u64) {
    let mut history = History::begin(seed);
    let steps = 10 + history.sim.chance.below(40);
    for n in 0..steps {
        history.step();
        if n % 7 == 0 {
            history.check(n % 2);
        }
    }
    history.end();
}

/// Randomness that a campaign begins from.
pub fn fresh_seed() -> u64 {
    struct Os;
    impl Entropy for Os {
        fn fill(&mut self, bytes: &mut [u8]) {
            getrandom::fill(bytes).expect("randomness");
        }
    }
    u64::from_be_bytes(troth_core::keys::draw(&mut Os))
}
