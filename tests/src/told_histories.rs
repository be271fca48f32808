//! Histories from a seed of all that two people tell each other: they tell, answer, open, take back, put away, part, meet, crash
//! and copy their homes; and what each sees is held against the model of what they hold.

mod fates;
mod found;
mod gives;
mod holds;
mod lies;
mod pages;
pub mod read;
mod scenes;
mod states;

use crate::histories::request;
use crate::raw::Held;
use crate::told_model::{Eyes, Id, Kind, Model, Say, Seen, Set, Slot, Verb};
use read::Worded;
use serde_json::{Value, json};
pub use states::STATES;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Debug;
use std::iter::repeat_n;
use std::rc::Rc;
use troth_core::books::rows::Row;
use troth_core::sim::Sim;
use troth_proto::ids::Who;
use troth_proto::said::told;
use troth_proto::{Day, Hash, Problem};

/// Things that histories must reach, each in at least two of a hundred; besides every kind and every verb.
pub const REACHED: &[&str] = &[
    "closed",
    "opened",
    "folded",
    "folded the day after",
    "taken back, opened",
    "taken back, never opened",
    "an older wording",
    "an older wording, never opened",
    "words that fell",
    "came back",
    "came back after it was read",
    "set aside",
    "put away",
    "settled",
    "half settled",
    "step 2",
    "step 3",
    "step 4",
    "step 5",
    "step 6",
    "step 7",
    "through",
    "stopped",
    "two repairs about one agreement",
    "a break on",
    "a break not yet over",
    "a break over by both",
    "a bid seen",
    "a bid gone",
    "somebody needs time",
    "a permission holds",
    "a permission ended",
    "to tell nobody",
    "an asking waits",
    "an asking answered",
    "an asking not shown",
    "not asked for any more",
    "branches",
    "came one way",
    "a hostile act",
    "an act that does not count",
    "crashed",
];

/// The kinds, by their names.
pub const KINDS: &[&str] = told::ToldKind::NAMES;
/// The verbs, by their names.
pub const VERBS: &[&str] = told::Verb::NAMES;

/// The kinds and the verbs.
pub fn said() -> impl Iterator<Item = &'static &'static str> {
    KINDS.iter().chain(VERBS)
}

/// A day that days are counted from.
pub fn epoch() -> Day {
    Day::new(2026, 11, 22).unwrap()
}

/// What only a device knows, by hashes.
#[derive(Debug, Clone, Default)]
struct Local {
    opened: BTreeSet<String>,
    set_aside: BTreeSet<String>,
    /// By what the other closed repairs, and the day on which the last of it came.
    closings: BTreeSet<String>,
    learned: Option<i64>,
}

/// What somebody holds at a moment.
struct Now {
    held: Rc<Held>,
    model: Rc<Model>,
    all: Rc<Set>,
    opened: Set,
}

/// What somebody held when it was last looked at, and by what that is known to be so still.
struct Looked {
    holds: Holds,
    held: Rc<Held>,
    model: Rc<Model>,
    all: Rc<Set>,
}

/// How many entries a device holds, the last of them, which words are not here, and how often it began anew.
type Holds = (usize, Option<Hash>, Vec<(Who, u32)>, usize);

/// A line of Today: what it is, of which thing, and what was said.
type TodayLine = (String, String, String);

/// A history under way.
pub struct History {
    /// The two devices.
    pub sim: Sim,
    /// What it has reached.
    pub reached: BTreeSet<&'static str>,
    /// Which states of which kind it has reached.
    pub states: BTreeSet<(&'static str, &'static str)>,
    seed: u64,
    worded: Worded,
    local: [Local; 2],
    copies: Vec<(usize, BTreeMap<Row, Vec<u8>>, Local)>,
    looked: [Option<Looked>; 2],
    began_anew: usize,
    off: [i64; 2],
    today: i64,
    agreement: Option<String>,
    /// A wording of it.
    version: Option<String>,
    /// Where a screen and the model differ.
    differs: Vec<String>,
    /// Ben's program is not ours.
    hostile: bool,
    /// Much has happened at once.
    busy: bool,
    tells: bool,
}

impl History {
    /// Two people who have just paired.
    pub fn begin(seed: u64) -> Self {
        let mut sim = Sim::paired(seed);
        let off = [0, 1].map(|_| match sim.chance.one_in(3) {
            true => sim.chance.below(3) as i64 - 1,
            false => 0,
        });
        let hostile = sim.chance.one_in(4);
        let mut it = Self {
            sim,
            reached: BTreeSet::new(),
            states: BTreeSet::new(),
            seed,
            worded: Worded::new(),
            local: Default::default(),
            copies: Vec::new(),
            looked: [None, None],
            began_anew: 0,
            off,
            today: 0,
            agreement: None,
            version: None,
            differs: Vec::new(),
            hostile,
            busy: false,
            tells: std::env::var("TROTH_TELLS").is_ok(),
        };
        it.set_clocks();
        it
    }

    fn differ(&mut self, what: String) {
        self.differs.push(format!("seed {}: {what}", self.seed));
    }

    /// Notes what is other than it ought to be.
    fn same<A: PartialEq<B> + Debug, B: Debug>(&mut self, is: A, ought: B, what: &str) {
        if is != ought {
            self.differ(format!("{what}: is {is:?}, ought to be {ought:?}"));
        }
    }

    fn day(&self, p: usize) -> i64 {
        self.today + self.off[p]
    }

    fn set_clocks(&mut self) {
        for p in 0..2 {
            // What came by now came on the day before.
            self.now(p);
            self.sim.devices[p].day = epoch().plus(self.day(p));
        }
    }

    fn below(&mut self, most: usize) -> usize {
        self.sim.chance.below(most)
    }

    fn one_in(&mut self, n: usize) -> bool {
        self.sim.chance.one_in(n)
    }

    fn one_of<T: Clone>(&mut self, all: &[T]) -> Option<T> {
        let n = self.below(all.len());
        all.get(n).cloned()
    }

    fn now(&mut self, p: usize) -> Now {
        let holds = self.holds(p);
        let looked = match self.looked[p].take() {
            Some(looked) if looked.holds == holds => looked,
            _ => {
                let held = Held::by(&self.sim, p);
                let model = read::model(&held, &mut self.worded);
                self.note_closings(p, &held, &model);
                Looked {
                    holds,
                    held: Rc::new(held),
                    all: Rc::new(model.all()),
                    model: Rc::new(model),
                }
            }
        };
        let Looked {
            held, model, all, ..
        } = &looked;
        let opened = &self.local[p].opened;
        let opened = (0..held.all.len()).filter(|x| opened.contains(&held.all[*x].hash));
        let now = Now {
            opened: opened.collect(),
            held: held.clone(),
            model: model.clone(),
            all: all.clone(),
        };
        self.looked[p] = Some(looked);
        now
    }

    fn note_closings(&mut self, p: usize, held: &Held, model: &Model) {
        let all = model.closings(1 - p, &model.all()).into_iter();
        let day = self.sim.devices[p].day.since(epoch());
        let local = &mut self.local[p];
        for x in all {
            if local.closings.insert(held.all[x].hash.clone()) {
                local.learned = Some(day);
            }
        }
    }

    fn holds(&self, p: usize) -> Holds {
        let Some(couple) = self.sim.node(p).couple() else {
            return (0, None, Vec::new(), self.began_anew);
        };
        let entries = couple.entries();
        let last = entries.checked_sub(1).and_then(|at| couple.arrived(at));
        let last = last.map(|(who, index)| couple.book(who).mark(index).hash);
        let both = [Who::Me, Who::Partner].into_iter();
        let said = both.flat_map(|who| couple.book(who).said().map(move |said| (who, said)));
        let gone = said.filter(|(_, said)| said.words().is_none());
        let gone = gone.map(|(who, said)| (who, said.index())).collect();
        (entries, last, gone, self.began_anew)
    }

    fn eyes<'a>(&self, p: usize, now: &'a Now) -> Eyes<'a> {
        Eyes {
            me: p,
            opened: &now.opened,
            today: self.moment(p).0,
            now: self.moment(p).1,
            learned: self.local[p].learned,
        }
    }

    /// The day and the minute.
    fn moment(&self, p: usize) -> (i64, i64) {
        (self.day(p), self.sim.unix().div_euclid(60))
    }

    fn see(&self, p: usize, now: &Now, x: Id) -> Seen {
        now.model.see(&self.eyes(p, now), x, &now.all)
    }

    fn ask(&mut self, p: usize, params: Value) -> Result<Value, Problem> {
        let answer = self.sim.request(p, request("told", params.clone()));
        if self.tells {
            let short = match &answer {
                Ok(_) => "ok".to_owned(),
                Err(problem) => format!("{problem:?}"),
            };
            eprintln!("{} asks {params}: {short}", ["Ana", "Ben"][p]);
        }
        answer
    }

    /// Asks for what writes. What the program writes counts.
    fn write(&mut self, p: usize, params: Value) -> Result<Value, Problem> {
        let before = self.now(p).held.all.len();
        let looks = self.one_in(6);
        let mut given = looks.then(|| self.given_to(p));
        if let (Some(given), true) = (&mut given, params["says"] == "done") {
            // What ends a break shows again what was folded: that was given before.
            given.extend(self.given_in_trust(p));
        }
        let answer = self.ask(p, params.clone());
        if let Some(given) = given {
            let more: Vec<_> = self.given_to(p).difference(&given).cloned().collect();
            self.same(
                more,
                Vec::new(),
                &format!("{params} adds to what the other gives"),
            );
        }
        let now = self.now(p);
        match &answer {
            Ok(_) => {
                assert!(now.held.all.len() > before, "seed {}: {params}", self.seed);
                for x in before..now.held.all.len() {
                    let said = now.model.kind(x).is_some() || now.model.verb(x).is_some();
                    assert!(
                        now.model.sound(x) || !said,
                        "seed {}: {params} wrote what does not count",
                        self.seed
                    );
                    let name = read::name(&now.model, x);
                    self.reached
                        .extend(self::said().find(|said| **said == name));
                }
            }
            Err(Problem::NoDaemon | Problem::Internal) => {
                self.differ(format!("{params} is answered with {answer:?}"));
            }
            Err(_) => assert_eq!(
                now.held.all.len(),
                before,
                "seed {}: {params} was refused and wrote: {answer:?}",
                self.seed
            ),
        }
        answer
    }

    // --- what they do

    fn tell(&mut self, p: usize) {
        let times = |kind: &str| 1 + usize::from(["confidence", "permission"].contains(&kind));
        let kinds = KINDS.iter().flat_map(|kind| repeat_n(*kind, times(kind)));
        let kinds: Vec<&str> = kinds.collect();
        let kind = self.one_of(&kinds).unwrap();
        let add = self.something(p, kind);
        let _ = self.write(p, add);
    }

    /// A thing of a kind, by chance.
    fn something(&mut self, p: usize, kind: &str) -> Value {
        let word = ["a word", "another word"][self.below(2)];
        let today = self.day(p);
        let how = ["just_listen", "help_me_think", "lets_talk"][self.below(3)];
        let on = |days: i64| json!(epoch().plus(today + days));
        let mut add = match kind {
            "thanks" => json!({"words": {"did": word}}),
            "confidence" | "small_truth" => {
                json!({"facts": {"listen_as": how}, "words": {"text": word}})
            }
            "permission" => {
                let mut add = json!({"words": {"with_whom": "Kim"}, "facts": {}});
                if self.one_in(2) {
                    add["facts"]["until"] = on(self.below(3) as i64);
                }
                if let Some(about) = self.permits(p) {
                    add["about"] = json!(about);
                }
                add
            }
            "tender_spot" | "ask" => json!({"words": {"text": word}}),
            "trust_given" => {
                let mut add = json!({"words": {"allows": word}, "facts": {}});
                if self.one_in(2) {
                    add["facts"]["look_again"] = on(self.below(3) as i64);
                }
                let spots = self.own(p, |kind| *kind == Kind::TenderSpot);
                if let Some(spot) = self.one_of(&spots) {
                    add["about"] = json!(spot);
                }
                add
            }
            "to_talk_about" => json!({"words": {"topic": "Sundays"}}),
            "bid" => {
                let day = on(self.below(2) as i64);
                json!({"words": {"line": word}, "facts": {"day": day}})
            }
            "break" => {
                let note = if self.one_in(2) {
                    json!({"note": word})
                } else {
                    json!({})
                };
                json!({"minutes": 20 + 20 * self.below(3), "words": note})
            }
            "repair" => match (&self.agreement, self.sim.chance.one_in(3)) {
                (Some(agreement), false) => json!({"facts": {"agreement": agreement}}),
                _ => json!({"words": {"words": word}}),
            },
            "about_me" => {
                let page = ["name", "my_responsibility", "my_patterns"][self.below(3)];
                json!({"facts": {"page": page}, "words": {"text": word}})
            }
            kind => panic!("no history tells {kind}"),
        };
        add["do"] = json!("add");
        add["kind"] = json!(kind);
        add
    }

    /// Ids of own entries of a kind that stand.
    fn own(&mut self, p: usize, kind: impl Fn(&Kind) -> bool) -> Vec<String> {
        let now = self.now(p);
        let own = |x: &Id| {
            now.model.by(*x) == p
                && now.model.kind(*x).is_some_and(&kind)
                && now.model.stands(*x, &now.all)
        };
        let own = now.all.iter().copied().filter(own);
        own.map(|x| now.model.acts[x].id.clone()).collect()
    }

    /// What a permission may be about: an own confidence, an asking, or all.
    fn permits(&mut self, p: usize) -> Option<String> {
        let now = self.now(p);
        let may = |x: &Id| match (now.model.kind(*x), now.model.verb(*x)) {
            (Some(Kind::Confidence(_)), _) => now.model.by(*x) == p,
            (_, Some(Verb::MayI)) => now.model.by(*x) != p,
            _ => false,
        };
        let may: Vec<Id> = now.all.iter().copied().filter(may).collect();
        let one = self.one_of(&may).filter(|_| !self.sim.chance.one_in(4));
        one.map(|x| now.model.acts[x].id.clone())
    }

    /// Says something that the screen offers.
    fn answer(&mut self, p: usize) {
        let now = self.now(p);
        let said =
            |x: &Id| now.model.kind(*x).is_some() || matches!(now.model.acts[*x].say, Say::Open(_));
        let roots: Vec<Id> = now.all.iter().copied().filter(said).collect();
        let Some(x) = self.one_of(&roots) else { return };
        let id = now.model.acts[x].id.clone();
        let Ok(mut view) = self.ask(p, json!({"do": "show", "id": id})) else {
            return;
        };
        if view["seen"] == "closed" && !self.one_in(3) {
            self.open(p, x);
            let shown = self.ask(p, json!({"do": "show", "id": id}));
            view = shown.expect("what was opened");
        }
        let things = std::iter::once(&view).chain(view["answers"].as_array().into_iter().flatten());
        let mut offered: Vec<(String, String)> = Vec::new();
        for thing in things {
            let id = thing["id"].as_str().unwrap_or_default();
            for verb in thing["may"].as_array().into_iter().flatten() {
                offered.push((id.to_owned(), verb.as_str().unwrap_or_default().to_owned()));
            }
        }
        // A stop ends what is worth looking at: rarely.
        let rarely = !self.one_in(6);
        offered.retain(|(_, verb)| verb != "stop" || !rarely);
        let Some((about, says)) = self.one_of(&offered) else {
            return;
        };
        let Some(answer) = self.saying(p, &about, &says, &view) else {
            return;
        };
        let done = self.write(p, answer.clone());
        if let Err(problem) = done {
            self.differ(format!("{answer} is offered and refused: {problem:?}"));
        }
    }

    /// An answer with its facts and words.
    fn saying(&mut self, p: usize, about: &str, says: &str, view: &Value) -> Option<Value> {
        let today = self.day(p);
        let on = |days: usize| json!(epoch().plus(today + days as i64));
        let words = json!({"words": "in words"});
        let none = json!({});
        let bare = view["kind"] == "confidence" || self.one_in(2);
        let (facts, words) = match says {
            "heard" | "thank" | "yes" | "not_yet" | "stop" if bare => (json!({}), none),
            "need_time" => (json!({"until": on(self.below(3))}), none),
            "listen_as" => {
                let how = ["just_listen", "help_me_think", "lets_talk"][self.below(3)];
                (json!({"listen_as": how}), none)
            }
            "tell_nobody" => (json!({}), none),
            "may_i" => (json!({}), json!({"with_whom": "Kim"})),
            "plan" => (json!({"agreement": self.agreement.clone()?}), none),
            "done" if view["kind"] == "repair" => (json!({"step": view["repair"]["step"]}), none),
            "done" => (json!({}), none),
            // Few days, so that both name the same.
            "day" => (
                json!({"day": epoch().plus(20 + self.below(2) as i64)}),
                none,
            ),
            _ => (json!({}), words),
        };
        Some(json!({"do": "answer", "about": about, "says": says, "facts": facts, "words": words}))
    }

    /// Says something by chance, whatever the screen offers.
    fn answer_anyhow(&mut self, p: usize) {
        let now = self.now(p);
        let said = |x: &Id| !read::name(&now.model, *x).is_empty();
        let all: Vec<Id> = now.all.iter().copied().filter(said).collect();
        let Some(x) = self.one_of(&all) else { return };
        let says = self.one_of(VERBS).unwrap();
        let root = now.model.subject(x);
        let mut view = json!({"kind": read::name(&now.model, root)});
        view["repair"]["step"] = json!([3, 6, 7][self.below(3)]);
        if let Some(answer) = self.saying(p, &now.model.acts[x].id.clone(), says, &view) {
            let _ = self.write(p, answer);
        }
    }

    /// Opens something, and notes what that opens.
    fn open(&mut self, p: usize, x: Id) {
        let now = self.now(p);
        let root = now.model.subject(x);
        let opens = now.all.iter().copied().filter(|y| {
            now.model.by(*y) != p
                && now.model.subject(*y) == root
                && matches!(self.see(p, &now, *y), Seen::Closed | Seen::Open)
        });
        let opens: Vec<String> = opens.map(|y| now.model.acts[y].hash.clone()).collect();
        let id = now.model.acts[x].id.clone();
        if self.ask(p, json!({"do": "open", "id": id})).is_ok() {
            self.local[p].opened.extend(opens);
        }
    }

    fn open_something(&mut self, p: usize) {
        let now = self.now(p);
        let closed = |x: &Id| self.see(p, &now, *x) == Seen::Closed;
        let closed: Vec<Id> = now.all.iter().copied().filter(closed).collect();
        if let Some(x) = self.one_of(&closed) {
            self.open(p, x);
        }
    }

    fn take_back(&mut self, p: usize) {
        let now = self.now(p);
        let own = |x: &Id| now.model.by(*x) == p && !read::name(&now.model, *x).is_empty();
        let own: Vec<Id> = now.all.iter().copied().filter(own).collect();
        let Some(x) = self.one_of(&own) else { return };
        if now.model.is_repair(Some(x)) && !self.one_in(2) {
            return;
        }
        let id = now.model.acts[x].id.clone();
        let may = now.model.can_be_taken_back(x) && !now.model.taken_back(x, &now.all);
        let done = self.write(p, json!({"do": "take_back", "id": id}));
        // A thing whose subject the screen does not show is not named there.
        let shown = !matches!(done, Err(Problem::NoSuch { .. }));
        if done.is_ok() != may && shown {
            let name = read::name(&now.model, x);
            self.differ(format!("{name} taken back: {done:?}, and may: {may}"));
        }
    }

    fn say_better(&mut self, p: usize) {
        let now = self.now(p);
        let own = |x: &Id| {
            now.model.by(*x) == p
                && now.model.kind(*x).is_some()
                && now.model.may_be_said_better(*x)
        };
        let own: Vec<Id> = now.all.iter().copied().filter(own).collect();
        let Some(x) = self.one_of(&own) else { return };
        let kind = read::name(&now.model, x);
        let mut add = self.something(p, kind);
        add["better"] = json!(now.model.acts[x].id);
        if let Some(add) = add.as_object_mut() {
            add.remove("about");
        }
        let _ = self.write(p, add);
    }

    fn put_away(&mut self, p: usize) {
        let now = self.now(p);
        let own = |x: &Id| now.model.by(*x) == p && now.model.may_be_put_away(*x);
        let own: Vec<Id> = now.all.iter().copied().filter(own).collect();
        if let Some(x) = self.one_of(&own) {
            let id = now.model.acts[x].id.clone();
            let _ = self.write(p, json!({"do": "put_away", "id": id}));
        }
    }

    fn set_aside(&mut self, p: usize) {
        let now = self.now(p);
        let theirs = |x: &Id| now.model.by(*x) != p && !read::name(&now.model, *x).is_empty();
        let theirs: Vec<Id> = now.all.iter().copied().filter(theirs).collect();
        let Some(x) = self.one_of(&theirs) else {
            return;
        };
        let root = now.model.subject(x);
        let id = now.model.acts[x].id.clone();
        let aside = theirs.into_iter().filter(|y| now.model.subject(*y) == root);
        let aside = aside.map(|y| now.model.acts[y].hash.clone());
        if self.ask(p, json!({"do": "set_aside", "id": id})).is_ok() {
            self.local[p].set_aside.extend(aside);
            self.reached.insert("set aside");
        }
    }

    /// Words for the present step of a repair.
    fn write_a_step(&mut self, p: usize) {
        let now = self.now(p);
        let Some(repair) = self.one_of(&now.model.repairs(&now.all)) else {
            return;
        };
        self.ready(p, repair, &now.model);
    }

    fn ready(&mut self, p: usize, repair: Id, model: &Model) {
        let step = match model.step(repair, &model.all()) {
            2 => "feelings",
            4 => "view",
            5 => "part",
            _ => return,
        };
        let slot = format!("repair:{}/{step}", model.acts[repair].id);
        let ready = request("slot_ready", json!({"slot": slot, "words": "in words"}));
        let done = self.sim.request(p, ready);
        if self.tells {
            eprintln!(
                "{} is ready for {slot}: {:?}",
                ["Ana", "Ben"][p],
                done.err()
            );
        }
    }

    /// One act, meeting, parting, crash, copy or day by chance.
    pub fn step(&mut self) {
        let p = self.below(2);
        match self.below(40) {
            0..6 => self.tell(p),
            6..19 => self.answer(p),
            19 => self.answer_anyhow(p),
            20..22 => self.open_something(p),
            22..25 => self.take_back(p),
            25 => self.say_better(p),
            26 => self.put_away(p),
            27 => self.set_aside(p),
            28 => self.write_a_step(p),
            35 | 36 if self.hostile => self.lie(1),
            29 => self.meet(),
            30 => self.sim.cut(),
            31 => self.crash(p),
            32 => {
                self.today += self.below(3) as i64;
                self.set_clocks();
            }
            33 => self.minutes(),
            34 => self.copy_or_put_back(p),
            37 => self.write_a_page(p),
            38 => self.one_way(p),
            _ => {
                self.sim.connect();
                for _ in 0..self.below(8) {
                    let p = self.below(2);
                    self.sim.deliver(p);
                }
            }
        }
    }

    /// The wire holds until both have everything.
    pub fn meet(&mut self) {
        self.sim.connect();
        self.sim.settle();
        if self.tells {
            eprintln!("they meet");
        }
    }

    fn crash(&mut self, p: usize) {
        self.sim.crash(p);
        self.began_anew += 1;
        self.reached.insert("crashed");
    }

    /// Minutes or hours pass, a day sometimes.
    fn minutes(&mut self) {
        let minutes = [5, 25, 70, 600, 1500][self.below(5)];
        self.sim.pass(minutes * 60_000);
        if self.tells {
            eprintln!("{minutes} minutes pass");
        }
    }

    fn copy_or_put_back(&mut self, p: usize) {
        let mine = |i: &usize| self.copies[*i].0 == p;
        let mine: Vec<usize> = (0..self.copies.len()).filter(mine).collect();
        match self.one_of(&mine) {
            Some(i) if self.one_in(2) => {
                let (_, disk, local) = self.copies[i].clone();
                self.sim.put_back(p, disk);
                self.began_anew += 1;
                self.local[p] = local;
                if self.tells {
                    eprintln!("{} goes on from a copy", ["Ana", "Ben"][p]);
                }
            }
            _ => {
                self.now(p);
                let (disk, local) = (self.sim.copy(p), self.local[p].clone());
                self.copies.push((p, disk, local));
            }
        }
    }
}

/// What a history came to.
pub struct Ran {
    /// What it reached.
    pub reached: BTreeSet<&'static str>,
    /// Which states of which kind.
    pub states: BTreeSet<(&'static str, &'static str)>,
    /// Where screens and the model differ.
    pub differs: Vec<String>,
}

/// Runs one history and checks it on the way and at its end.
pub fn run(seed: u64) -> Ran {
    let mut history = History::begin(seed);
    history.scene();
    history.goes_on();
    Ran {
        reached: history.reached,
        states: history.states,
        differs: history.differs,
    }
}

impl History {
    fn goes_on(&mut self) {
        // After much at once only a few.
        let most = if self.busy { 10 } else { 40 };
        let steps = most / 2 + self.below(most);
        for n in 0..steps {
            self.step();
            if n % 6 == 0 {
                self.check(n % 2);
            }
            if !self.differs.is_empty() {
                return;
            }
        }
        self.off = [0; 2];
        self.set_clocks();
        self.meet();
        self.sim.pass(1_000);
        self.meet();
        for p in 0..2 {
            self.check(p);
        }
    }
}
