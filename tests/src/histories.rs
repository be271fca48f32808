//! Histories from a seed: two people act, part, meet, crash, copy, lose and restore their homes and carry files, one of them
//! perhaps with a program that lies; and what each sees is held against the model of what they hold.

mod holds;

use crate::model::{Model, Visible};
use crate::raw::{Held, Known};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use troth_core::books::rows::Row;
use troth_core::keys::Entropy;
use troth_core::sim::Sim;
use troth_proto::api::Request;
use troth_proto::{Day, Problem};

/// Things that histories must reach, each in at least two of a hundred.
pub const REACHED: &[&str] = &[
    "proposed",
    "in_force",
    "change_proposed",
    "two_yeses",
    "over",
    "let_go",
    "not_agreed",
    "replaced",
    "both said yes, not closed",
    "twins",
    "twins that both said yes to",
    "three twins",
    "a twin replaced",
    "a twin ended",
    "an own twin rewritten",
    "several agreements",
    "odd seen",
    "a hostile act",
    "days going back",
    "branches",
    "came back",
    "a lost disk",
    "a restored backup",
    "a whole file",
    "a check-in opened",
    "a second round",
    "a wrong opening",
    "forgotten",
    "a yes that rested",
    "a save that failed",
    "a hole in a disk",
];

/// A history under way.
pub struct History {
    /// The two devices.
    pub sim: Sim,
    /// What it has reached.
    pub reached: BTreeSet<&'static str>,
    /// Entries that were answered for: nothing may take them away but the loss of their only disk.
    answered: BTreeSet<String>,
    /// Copies of disks, and backups, made on the way.
    copies: Vec<(usize, BTreeMap<Row, Vec<u8>>)>,
    backups: [Option<String>; 2],
    /// Days each clock is off.
    off: [i64; 2],
    today: i64,
    seed: u64,
    /// Ben's program is not ours.
    hostile: bool,
    /// Words as they were before they were forgotten.
    known: Known,
}

/// A request by its name and parameters.
pub fn request(method: &str, params: Value) -> Request {
    serde_json::from_value(json!({"method": method, "params": params}))
        .expect("a request of the API")
}

fn epoch() -> Day {
    Day::new(2026, 11, 22).unwrap()
}

fn days(text: &str) -> i64 {
    text.parse::<Day>().unwrap().since(epoch())
}

const SLOT: &str = "2026-W47";

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
        let hostile = sim.chance.one_in(4);
        let mut it = Self {
            sim,
            reached: BTreeSet::new(),
            answered: BTreeSet::new(),
            copies: Vec::new(),
            backups: [None, None],
            off,
            today: 0,
            seed,
            hostile,
            known: Known::new(),
        };
        it.set_clocks();
        it
    }

    fn day(&self, p: usize) -> i64 {
        self.today + self.off[p]
    }

    fn set_clocks(&mut self) {
        for p in 0..2 {
            self.sim.devices[p].day = epoch().plus(self.day(p));
        }
    }

    fn below(&mut self, most: usize) -> usize {
        self.sim.chance.below(most)
    }

    fn models(&mut self, p: usize) -> BTreeMap<String, Model> {
        Held::by(&self.sim, p).models(&mut self.known, days)
    }

    /// An agreement that `p` knows, by chance.
    fn agreement(&mut self, p: usize) -> Option<(String, Model)> {
        let mut models: Vec<(String, Model)> = self.models(p).into_iter().collect();
        let n = self.below(models.len());
        (!models.is_empty()).then(|| models.swap_remove(n))
    }

    /// A version of it, by chance.
    fn version(&mut self, model: &Model) -> Option<(usize, String)> {
        let shown: Vec<usize> = model.visible(&model.all(), 0).into_keys().collect();
        let n = self.below(shown.len());
        shown.get(n).map(|v| (*v, model.acts[*v].hash.clone()))
    }

    /// Asks, and notes what was written: an answer says that it is on the disk.
    fn ask(&mut self, p: usize, method: &str, params: Value) -> Result<Value, Problem> {
        let answer = self.sim.request(p, request(method, params));
        if answer.is_ok() {
            self.answered.extend(Held::by(&self.sim, p).entries);
        }
        answer
    }

    fn words(&mut self) -> Value {
        // Few wordings, so that the very same words happen.
        let word = |n: usize| ["I cook.", "I wash up.", "", "I ask first."][n].to_owned();
        let (me, partner) = (word(self.below(2)), word(self.below(4)));
        json!({"topic": "Home", "does": {"me": me, "partner": partner}})
    }

    fn propose(&mut self, p: usize) {
        let mut words = self.words();
        if self.sim.chance.one_in(5) {
            words["weight"] = json!("big");
        }
        if self.sim.chance.one_in(4) {
            let until = self.today + self.below(4) as i64;
            words["trial_until"] = json!(epoch().plus(until));
        }
        if !self.sim.chance.one_in(12)
            && let Some((agreement, model)) = self.agreement(p)
        {
            words["agreement"] = json!(agreement);
            if !self.sim.chance.one_in(3) {
                let mut base = BTreeSet::new();
                for _ in 0..self.below(3) {
                    base.extend(self.version(&model).map(|(_, hash)| hash));
                }
                words["base"] = json!(base);
            }
        }
        let _ = self.ask(p, "agreement_propose", words);
    }

    fn yes(&mut self, p: usize) {
        let Some((_, model)) = self.agreement(p) else {
            return;
        };
        let Some((v, hash)) = self.version(&model) else {
            return;
        };
        let all = model.all();
        let visible = model.visible(&all, self.day(p));
        let would = model.would_count(v, &all);
        let seed = self.seed;
        match self.ask(p, "agreement_yes", json!({"version": hash})) {
            Ok(answer) if answer["rests_until"].is_string() => {}
            Ok(_) => {
                let state = visible[&v].state;
                assert_eq!(state, "proposed", "seed {seed}: a yes to what is {state}");
            }
            Err(Problem::YesWouldNotCount) => {
                assert!(!would, "seed {seed}: a yes that counts was refused");
                assert_eq!(visible[&v].state, "proposed", "seed {seed}");
            }
            Err(
                Problem::AlreadySaidYes
                | Problem::NotOnOffer
                | Problem::PickSame
                | Problem::RestsAlready
                | Problem::WordsNotHere
                | Problem::TooManyActs,
            ) => {}
            Err(problem) => panic!("seed {seed}: {problem:?}"),
        }
    }

    fn back(&mut self, p: usize) {
        let Some((agreement, model)) = self.agreement(p) else {
            return;
        };
        if self.sim.chance.one_in(4) {
            let _ = self.ask(
                p,
                "agreement_let_go",
                json!({"agreement": agreement, "note": ""}),
            );
        } else if let Some((_, hash)) = self.version(&model) {
            let _ = self.ask(
                p,
                "agreement_step_back",
                json!({"version": hash, "note": ""}),
            );
        }
    }

    fn check_in(&mut self, p: usize) {
        let words = json!({"slot": SLOT, "words": {"wish": format!("a wish of {p}")}});
        let _ = match self.below(6) {
            0..3 => self.ask(p, "checkin_ready", words),
            3 => self.ask(p, "checkin_cancel", json!({"slot": SLOT})),
            4 => self.ask(p, "checkin_share", json!({"slot": SLOT})),
            _ => self.ask(
                p,
                "checkin_heard",
                json!({"slot": SLOT, "words": "I heard"}),
            ),
        };
        if self.sim.chance.one_in(8) {
            let _ = self.ask(p, "checkin_take_back", json!({"slot": SLOT}));
        }
    }

    fn put_away(&mut self, p: usize) {
        if let Some((agreement, _)) = self.agreement(p) {
            let days = 1 + self.below(3);
            let put_away = json!({"agreement": agreement, "days": days});
            let _ = self.ask(p, "agreement_put_away", put_away);
        }
    }

    /// One act, meeting, parting, crash, copy, loss, file or day by chance.
    pub fn step(&mut self) {
        let p = self.below(2);
        match self.below(40) {
            0..8 => self.propose(p),
            8..16 => self.yes(p),
            16..19 => self.back(p),
            19..22 => self.check_in(p),
            22..25 => {
                self.sim.connect();
                self.some_frames();
            }
            25 => self.meet(),
            26 => self.sim.cut(),
            27 => self.crash(p),
            28 => self.carry(p),
            29 => {
                let on = self.below(6) as i64 - 2;
                if on < 0 {
                    self.reached.insert("days going back");
                }
                self.today += on;
                self.set_clocks();
            }
            30 => self.fail_a_save(p),
            31 => self.copies.push((p, self.sim.copy(p))),
            32 => self.put_back(p),
            33 => self.lose(p),
            34 => self.backups[p] = self.sim.backup(p).ok(),
            35 => self.put_away(p),
            36 => self.rest(),
            37 => self.hole(p),
            38 if self.hostile => self.lie(),
            _ => self.some_frames(),
        }
    }

    fn some_frames(&mut self) {
        for _ in 0..self.below(8) {
            let p = self.below(2);
            self.sim.deliver(p);
        }
    }

    /// The wire holds until both have everything.
    pub fn meet(&mut self) {
        self.sim.connect();
        self.sim.settle();
    }

    fn crash(&mut self, p: usize) {
        self.sim.crash(p);
        if self.sim.chance.one_in(3) {
            self.sim.pass(60_000); // time enough to tidy the disk
        }
    }

    /// Time enough for a yes to have rested.
    fn rest(&mut self) {
        for _ in 0..3 {
            self.sim.pass(40_000_000);
        }
        for p in 0..2 {
            self.answered.extend(Held::by(&self.sim, p).entries);
        }
    }

    fn carry(&mut self, p: usize) {
        let upto = self
            .sim
            .chance
            .one_in(2)
            .then(|| self.sim.chance.below(8) as u64);
        let whole = upto.is_none() && self.sim.chance.one_in(2);
        let Ok(file) = self.sim.carry_out(p, upto, whole) else {
            return;
        };
        match self.sim.carry_in(1 - p, &file) {
            Ok(_) if whole => {
                self.reached.insert("a whole file");
            }
            Err(Problem::CarryGap { .. }) => {
                assert!(!whole, "seed {}: a gap in a whole file", self.seed);
            }
            Ok(_) | Err(Problem::NotPaired | Problem::NotForUs) => {}
            Err(problem) => panic!(
                "seed {}: a carried file was refused: {problem:?}",
                self.seed
            ),
        }
    }

    /// The disk fails at one of the next saves: what is asked then is answered by nobody.
    fn fail_a_save(&mut self, p: usize) {
        self.sim.devices[p].saves_left = Some(self.sim.chance.below(3) as u32);
        for _ in 0..3 {
            let words = self.words();
            if self.ask(p, "agreement_propose", words) == Err(Problem::NoDaemon) {
                self.reached.insert("a save that failed");
                break;
            }
        }
        self.sim.devices[p].saves_left = None;
    }

    /// What only the disk held that is gone now: nobody can bring it back.
    fn forget_what_is_lost(&mut self) {
        let here: BTreeSet<String> = (0..2)
            .flat_map(|p| Held::by(&self.sim, p).entries)
            .collect();
        self.answered.retain(|entry| here.contains(entry));
    }

    fn put_back(&mut self, p: usize) {
        let mine: Vec<usize> = (0..self.copies.len())
            .filter(|i| self.copies[*i].0 == p)
            .collect();
        let n = self.below(mine.len());
        if let Some(i) = mine.get(n) {
            let (_, disk) = self.copies[*i].clone();
            self.sim.put_back(p, disk);
            self.forget_what_is_lost();
        }
    }

    /// A device and its disk are gone; what follows is one of the cases of PROTOCOL §6.
    fn lose(&mut self, p: usize) {
        if !self.sim.chance.one_in(2) {
            return;
        }
        // Nobody buys a computer and copies an older home onto it in the same breath.
        self.copies.retain(|(by, _)| *by != p);
        let backup = self.backups[p]
            .clone()
            .filter(|_| self.sim.chance.one_in(2));
        match backup {
            Some(backup) => {
                self.reached.insert("a restored backup");
                let restored = self.sim.restore_on_a_new_device(p, &backup);
                assert!(restored.is_ok(), "seed {}: {restored:?}", self.seed);
            }
            None => {
                self.reached.insert("a lost disk");
                self.sim.lose(p, true);
            }
        }
        self.backups[p] = None;
        self.copies.clear(); // their bond ends with this pairing
        self.sim.pair_as([true, true]);
        self.set_clocks();
        self.meet();
        self.forget_what_is_lost();
    }

    /// A run of entries is gone from a disk.
    fn hole(&mut self, p: usize) {
        let mut disk = self.sim.copy(p);
        let runs: Vec<Row> = disk
            .keys()
            .filter(|row| matches!(row, Row::Run(..)))
            .cloned()
            .collect();
        let n = self.below(runs.len());
        if let Some(row) = runs.get(n) {
            disk.remove(row);
            self.sim.put_back(p, disk);
            self.reached.insert("a hole in a disk");
            self.meet();
            self.forget_what_is_lost();
        }
    }

    /// Ben's program writes what ours does not: acts that leave out what he has seen, on older ends of his book, twice, too
    /// late, malformed.
    fn lie(&mut self) {
        let held = Held::by(&self.sim, 1);
        let hashes: Vec<(usize, String)> = held
            .all
            .iter()
            .map(|one| (one.by, one.hash.clone()))
            .collect();
        let versions: Vec<String> = held
            .all
            .iter()
            .filter(|one| one.head["kind"] == "version")
            .map(|one| one.hash.clone())
            .collect();
        if versions.is_empty() {
            return;
        }
        let version = versions[self.below(versions.len())].clone();
        let agreement = held.all.iter().find(|one| one.hash == version);
        let agreement = agreement.map(|one| one.head["body"]["agreement"].clone());
        let (kind, body) = match self.below(8) {
            0..2 => ("yes", json!({"version": version})),
            2..4 => ("step_back", json!({"from": {"version": version}})),
            4 => ("step_back", json!({"from": {"agreement": agreement}})),
            5 => ("open", json!({"slot": SLOT, "round": 1})),
            6 => ("lock", json!({"slot": SLOT, "round": 1})),
            _ => ("yes", json!({"version": 7})),
        };
        // What he lists as seen: something of hers, or nothing.
        let hers: Vec<String> = hashes
            .iter()
            .filter(|(by, _)| *by == 0)
            .map(|(_, hash)| hash.clone())
            .collect();
        let mut seen = Vec::new();
        if !hers.is_empty() && !self.sim.chance.one_in(3) {
            seen.push(hers[self.below(hers.len())].clone());
        }
        let on_tips = !self.sim.chance.one_in(2);
        let at = self.below(64);
        if self
            .sim
            .write_by_hand(1, kind, &body, &seen, on_tips.then_some(at))
        {
            self.reached.insert("a hostile act");
            if !on_tips || seen.len() < hers.len() {
                self.reached.insert("odd seen");
            }
        }
    }

    /// Holds what a device shows against the model of what it holds.
    pub fn check(&mut self, p: usize) {
        let held = Held::by(&self.sim, p);
        if held.branches {
            self.reached.insert("branches");
        }
        let models = held.models(&mut self.known, days);
        if models.len() > 1 {
            self.reached.insert("several agreements");
        }
        for (agreement, model) in &models {
            self.check_agreement(p, agreement, model, &held);
        }
        self.check_slot(p);
        let status = self.sim.request(p, Request::Status {}).expect("a status");
        for (notice, reached) in [("came_back", "came back"), ("forgotten", "forgotten")] {
            if status["notices"].to_string().contains(notice) {
                self.reached.insert(reached);
            }
        }
    }

    /// A beginning that chance alone would rarely find.
    fn scene(&mut self) {
        let a = self.below(2);
        let b = 1 - a;
        let propose = |it: &mut Self, p: usize, me: &str, more: Value| -> Option<Value> {
            let mut words = json!({"topic": "Home", "does": {"me": me, "partner": "I listen."}});
            for (key, value) in more.as_object().unwrap() {
                words[key] = value.clone();
            }
            it.ask(p, "agreement_propose", words).ok()
        };
        let yes = |it: &mut Self, p: usize, version: &Value| {
            let _ = it.ask(p, "agreement_yes", json!({"version": version}));
        };
        let Some(first) = propose(self, a, "I cook.", json!({})) else {
            return;
        };
        let on = json!({"agreement": first["agreement"], "base": [first["hash"]]});
        self.meet();
        yes(self, b, &first["version"]);
        self.meet();
        match self.below(14) {
            0 | 1 => {
                // Two yeses.
                let hers = propose(self, a, "I wash up.", on.clone());
                let his = propose(self, b, "I ask first.", on);
                self.meet();
                self.sim.cut();
                for (p, v) in [(a, his), (b, hers)] {
                    if let Some(v) = v {
                        yes(self, p, &v["version"]);
                    }
                }
                self.meet();
            }
            2..8 => {
                // The very same words, apart; twice by one of them, now and then.
                self.sim.cut();
                let mirrored = |it: &mut Self, p: usize| {
                    let (me, partner) = if p == a {
                        ("I sow.", "I reap.")
                    } else {
                        ("I reap.", "I sow.")
                    };
                    let mut on = on.clone();
                    on["does"] = json!({"me": me, "partner": partner});
                    propose(it, p, me, on)
                };
                let one = mirrored(self, a);
                let two = mirrored(self, b);
                if self.sim.chance.one_in(2) {
                    mirrored(self, a);
                }
                let (Some(one), Some(two)) = (one, two) else {
                    return;
                };
                self.meet();
                match self.below(6) {
                    0 => {
                        self.sim.cut();
                        yes(self, a, &two["version"]);
                        yes(self, b, &one["version"]);
                    }
                    1 => {
                        yes(self, a, &two["version"]);
                        let on = json!({"agreement": first["agreement"], "base": [one["hash"]]});
                        propose(self, a, "I ask first.", on);
                    }
                    2 | 3 => {
                        yes(self, b, &one["version"]);
                        self.meet();
                        let on = json!({"agreement": first["agreement"], "base": [one["hash"]]});
                        if let Some(next) = propose(self, a, "I ask first.", on) {
                            self.meet();
                            yes(self, b, &next["version"]);
                        }
                    }
                    4 => {
                        yes(self, b, &one["version"]);
                        self.meet();
                        let _ = self.ask(
                            a,
                            "agreement_step_back",
                            json!({"version": two["version"], "note": ""}),
                        );
                    }
                    _ => {}
                }
                self.meet();
            }
            8 => {
                // A yes on its way: both said it, and the closing one is missing.
                if let Some(next) = propose(self, a, "I wash up.", on) {
                    self.meet();
                    self.sim.cut();
                    yes(self, b, &next["version"]);
                    self.check(b);
                }
            }
            12 | 13 => {
                // A trial that passes.
                let mut trial = on;
                trial["trial_until"] = json!(epoch().plus(self.today + 1));
                if let Some(next) = propose(self, a, "I wash up.", trial) {
                    self.meet();
                    yes(self, b, &next["version"]);
                    self.meet();
                    self.today += 3;
                    self.off = [0, 0];
                    self.set_clocks();
                }
            }
            9 => {
                let mut big = on;
                big["weight"] = json!("big");
                if let Some(next) = propose(self, a, "I wash up.", big) {
                    self.meet();
                    yes(self, b, &next["version"]);
                    self.rest();
                    self.meet();
                }
            }
            10 => {
                for p in [a, b] {
                    let words = json!({"slot": SLOT, "words": {"wish": "a wish"}});
                    let _ = self.ask(p, "checkin_ready", words);
                    if p == a {
                        let _ = self.ask(p, "checkin_cancel", json!({"slot": SLOT}));
                    }
                }
            }
            _ => {
                let _ = self.ask(
                    a,
                    "agreement_let_go",
                    json!({"agreement": first["agreement"], "note": ""}),
                );
                self.meet();
                for p in [a, b] {
                    let away = json!({"agreement": first["agreement"], "days": 1});
                    let _ = self.ask(p, "agreement_put_away", away);
                    self.meet();
                }
                self.today += 1;
                self.set_clocks();
                self.sim.pass(1_000);
            }
        }
        if self.hostile && self.sim.chance.one_in(2) {
            self.wrong_opening();
        }
        for p in 0..2 {
            self.check(p);
        }
    }

    /// Ben's program opens what it has not committed to.
    fn wrong_opening(&mut self) {
        self.meet();
        for kind in ["ready", "lock", "open"] {
            let mut body = json!({"slot": SLOT, "round": 1});
            if kind == "ready" {
                body["commitment"] = json!("07".repeat(32));
            }
            self.sim.write_by_hand(1, kind, &body, &[], None);
        }
        self.meet();
    }
}

/// Without what is said to the looker alone: that a yes to the other's words would not count any more.
#[must_use]
pub fn of_both(value: &Value) -> Value {
    match value {
        Value::Array(list) => list.iter().map(of_both).collect(),
        Value::Object(fields) => {
            let fields = fields.iter().filter(|(key, _)| *key != "overtaken");
            Value::Object(fields.map(|(key, it)| (key.clone(), of_both(it))).collect())
        }
        other => other.clone(),
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
            // Who said yes, and who put it away, is a set.
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

/// Runs one history and checks it on the way and at its end. Says what it reached.
pub fn run(seed: u64) -> BTreeSet<&'static str> {
    let mut history = History::begin(seed);
    if history.below(2) == 0 {
        history.scene();
    }
    let steps = 10 + history.below(40);
    for n in 0..steps {
        history.step();
        if n % 7 == 0 {
            history.check(n % 2);
        }
    }
    history.end();
    history.reached
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
