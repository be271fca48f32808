//! A plain reference model of one agreement: SPEC §4 read aloud, over explicit sets of what each act had in its past.
//! Written from that section alone; it shares no types with the code it is held against, and is slow on purpose.

use std::collections::{BTreeMap, BTreeSet};

/// An act, as an index into [`Model::acts`].
pub type Id = usize;
/// Some acts.
pub type Set = BTreeSet<Id>;

/// What an act says.
#[derive(Debug, Clone, PartialEq)]
pub enum Say {
    /// Words on a base.
    Propose {
        /// The versions it is based on.
        base: Set,
        /// The words, as (what Ana does, what Ben does, everything else).
        words: (String, String, String),
        /// The last day of a trial.
        trial: Option<i64>,
    },
    /// Yes to a version.
    Yes(Id),
    /// A step back from a version.
    Back(Id),
    /// A step back from the agreement.
    LetGo,
}

/// One act.
#[derive(Debug, Clone)]
pub struct Act {
    /// 0 for Ana, 1 for Ben.
    pub by: usize,
    /// Its past: closed, and never with itself in it.
    pub past: Set,
    /// What it says.
    pub say: Say,
    /// Its name; of twins the lowest is shown.
    pub hash: String,
}

/// What must be visible of one version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Visible {
    /// Its state, as the command line names it.
    pub state: &'static str,
    /// Who said yes.
    pub yes: BTreeSet<usize>,
    /// It is shown as one with a twin.
    pub hidden: bool,
}

/// All acts of one agreement that somebody holds.
#[derive(Debug, Default)]
pub struct Model {
    /// By id.
    pub acts: Vec<Act>,
    memo: std::cell::RefCell<Memo>,
}

/// What never changes about an act, since its past never does.
#[derive(Debug, Default)]
struct Memo {
    counts: BTreeMap<Id, bool>,
    bound_there: BTreeMap<Id, Set>,
    withdraws: BTreeMap<Id, Set>,
    twins: BTreeMap<(Id, Id), bool>,
}

impl Model {
    /// A model of these acts.
    pub fn of(acts: Vec<Act>) -> Self {
        Self {
            acts,
            memo: Default::default(),
        }
    }

    /// Everything.
    pub fn all(&self) -> Set {
        (0..self.acts.len()).collect()
    }

    fn versions(&self, inside: &Set) -> Vec<Id> {
        let version = |v: &Id| matches!(self.acts[*v].say, Say::Propose { .. });
        inside.iter().copied().filter(version).collect()
    }

    fn base(&self, v: Id) -> Set {
        match &self.acts[v].say {
            Say::Propose { base, .. } => base.clone(),
            _ => Set::new(),
        }
    }

    // --- twins: one wording

    fn same_words(&self, a: Id, b: Id) -> bool {
        match (&self.acts[a].say, &self.acts[b].say) {
            (
                Say::Propose {
                    base: base_a,
                    words: words_a,
                    trial: trial_a,
                },
                Say::Propose {
                    base: base_b,
                    words: words_b,
                    trial: trial_b,
                },
            ) => base_a == base_b && words_a == words_b && trial_a == trial_b,
            _ => false,
        }
    }

    fn twins(&self, a: Id, b: Id) -> bool {
        let key = (a.min(b), a.max(b));
        if let Some(known) = self.memo.borrow().twins.get(&key) {
            return *known;
        }
        let (x, y) = (&self.acts[a], &self.acts[b]);
        let apart = x.by != y.by && !x.past.contains(&b) && !y.past.contains(&a);
        let backed = |act: &Act| {
            self.versions(&act.past)
                .into_iter()
                .any(|w| self.same_words(w, a) && !self.backs(w, &act.past).is_empty())
        };
        let twins = apart && self.same_words(a, b) && !backed(x) && !backed(y);
        self.memo.borrow_mut().twins.insert(key, twins);
        twins
    }

    fn wording(&self, v: Id, inside: &Set) -> Set {
        let (mut met, mut queue) = (Set::from([v]), vec![v]);
        let alike: Vec<Id> = self
            .versions(inside)
            .into_iter()
            .filter(|w| self.same_words(*w, v))
            .collect();
        while let Some(next) = queue.pop() {
            for w in &alike {
                if !met.contains(w) && self.twins(next, *w) {
                    met.insert(*w);
                    queue.push(*w);
                }
            }
        }
        met
    }

    /// Whether `w` descends from `v`: twins are one.
    fn descends(&self, w: Id, v: Id, inside: &Set) -> bool {
        let mut queue: Vec<Id> = self.base(w).into_iter().collect();
        let mut met = Set::new();
        while let Some(next) = queue.pop() {
            if met.insert(next) {
                queue.extend(self.base(next));
            }
        }
        !met.is_disjoint(&self.wording(v, inside))
    }

    // --- rule 1

    /// By a `Yes` that counts, or by a closing yes. (Whoever has said it is bound.)
    fn bound(&self, who: usize, v: Id, inside: &Set) -> bool {
        let wording = self.wording(v, inside);
        inside.iter().any(|y| match self.acts[*y].say {
            Say::Yes(to) if self.acts[*y].by == who && wording.contains(&to) => self.counts(*y),
            _ => false,
        })
    }

    fn counts(&self, y: Id) -> bool {
        if let Some(known) = self.memo.borrow().counts.get(&y) {
            return *known;
        }
        let Say::Yes(v) = self.acts[y].say else {
            return false;
        };
        let (by, past) = (self.acts[y].by, &self.acts[y].past);
        let counts = past.contains(&v)
            && if self.acts[v].by == by {
                self.bound(1 - by, v, past) // a closing yes
            } else {
                self.would_count(v, past)
            };
        self.memo.borrow_mut().counts.insert(y, counts);
        counts
    }

    /// Whether a yes to the other's `v` by one who has this would count.
    pub fn would_count(&self, v: Id, past: &Set) -> bool {
        let free = self.backs(v, past).is_empty();
        let wording = self.wording(v, past);
        free && self
            .versions(past)
            .into_iter()
            .filter(|w| !wording.contains(w) && self.agreed(*w, past))
            .all(|w| self.descends(v, w, past))
    }

    fn proposed(&self, who: usize, v: Id, inside: &Set) -> bool {
        self.wording(v, inside)
            .iter()
            .any(|m| self.acts[*m].by == who)
    }

    fn both(&self, v: Id, inside: &Set) -> bool {
        (0..2).any(|who| {
            let other = 1 - who;
            self.bound(who, v, inside)
                && (self.proposed(other, v, inside) || self.bound(other, v, inside))
        })
    }

    // --- rule 2

    fn backs(&self, v: Id, inside: &Set) -> Set {
        let wording = self.wording(v, inside);
        let hits = |b: &Id| {
            let act = &self.acts[*b];
            match &act.say {
                Say::Back(named) => {
                    wording.contains(named)
                        || (self.bound_there(*b).contains(named) && !wording.is_disjoint(&act.past))
                }
                Say::LetGo => !wording.is_disjoint(&act.past),
                Say::Propose { .. } => !self.withdraws(*b).is_disjoint(&wording),
                Say::Yes(_) => false,
            }
        };
        inside.iter().copied().filter(hits).collect()
    }

    /// The own offers that a version rewrites and so withdraws.
    fn withdraws(&self, w: Id) -> Set {
        if let Some(known) = self.memo.borrow().withdraws.get(&w) {
            return known.clone();
        }
        let (by, past) = (self.acts[w].by, &self.acts[w].past);
        let unanswered = |v: &Id| {
            self.acts[*v].by == by
                && !self.proposed(1 - by, *v, past)
                && !self.bound(1 - by, *v, past)
        };
        let withdraws: Set = self.base(w).into_iter().filter(unanswered).collect();
        self.memo
            .borrow_mut()
            .withdraws
            .insert(w, withdraws.clone());
        withdraws
    }

    /// What binds an act's author in the view of the act's past.
    fn bound_there(&self, b: Id) -> Set {
        if let Some(known) = self.memo.borrow().bound_there.get(&b) {
            return known.clone();
        }
        let (by, past) = (self.acts[b].by, &self.acts[b].past);
        let binds = |v: &Id| {
            self.agreed(*v, past)
                && !self.two_yeses(*v, past)
                && !self.replaced(*v, past)
                && self.bound(by, *v, past)
        };
        let there: Set = self.versions(past).into_iter().filter(binds).collect();
        self.memo.borrow_mut().bound_there.insert(b, there.clone());
        there
    }

    // --- rules 3 to 6

    fn agreed(&self, v: Id, inside: &Set) -> bool {
        self.both(v, inside) && self.backs(v, inside).is_empty()
    }

    fn ended(&self, v: Id, inside: &Set) -> bool {
        let wording = self.wording(v, inside);
        self.both(v, inside)
            && self
                .backs(v, inside)
                .into_iter()
                .any(|b| !self.bound_there(b).is_disjoint(&wording))
    }

    fn two_yeses(&self, v: Id, inside: &Set) -> bool {
        let wording = self.wording(v, inside);
        self.agreed(v, inside)
            && self.versions(inside).into_iter().any(|w| {
                !wording.contains(&w)
                    && self.agreed(w, inside)
                    && !self.descends(v, w, inside)
                    && !self.descends(w, v, inside)
            })
    }

    fn holds(&self, v: Id, inside: &Set) -> bool {
        self.agreed(v, inside) && (0..2).all(|who| self.bound(who, v, inside))
    }

    fn replaced(&self, v: Id, inside: &Set) -> bool {
        self.versions(inside).into_iter().any(|w| {
            self.descends(w, v, inside)
                && (self.ended(w, inside) || (self.holds(w, inside) && !self.two_yeses(w, inside)))
        })
    }

    /// By the precedence of SPEC §4.
    fn state(&self, v: Id, inside: &Set, today: i64) -> &'static str {
        let trial = match self.acts[v].say {
            Say::Propose { trial, .. } => trial,
            _ => None,
        };
        if self.replaced(v, inside) {
            "replaced"
        } else if self.ended(v, inside) {
            "ended"
        } else if !self.backs(v, inside).is_empty() {
            "not_agreed"
        } else if self.two_yeses(v, inside) {
            "two_yeses"
        } else if !self.holds(v, inside) {
            "proposed"
        } else if trial.is_some_and(|until| today > until) {
            "over"
        } else {
            "in_force"
        }
    }

    /// What must be visible on a day to one who has these acts.
    pub fn visible(&self, inside: &Set, today: i64) -> BTreeMap<Id, Visible> {
        let mut seen = BTreeMap::new();
        for v in self.versions(inside) {
            let state = self.state(v, inside, today);
            let wording = self.wording(v, inside);
            let said = |who: &usize| {
                self.acts[v].by == *who || self.bound(*who, v, inside) || self.both(v, inside)
            };
            let yes = if state == "not_agreed" {
                BTreeSet::new()
            } else {
                (0..2).filter(said).collect()
            };
            let shown = wording.into_iter().min_by_key(|m| &self.acts[*m].hash);
            let hidden = shown != Some(v);
            seen.insert(v, Visible { state, yes, hidden });
        }
        seen
    }

    /// All versions that are one wording with this one.
    pub fn wording_of(&self, v: Id, inside: &Set) -> Set {
        self.wording(v, inside)
    }

    /// The state of the agreement whole.
    pub fn whole(visible: &BTreeMap<Id, Visible>) -> &'static str {
        let any = |state: &str| visible.values().any(|v| v.state == state && !v.hidden);
        match () {
            () if any("two_yeses") => "two_yeses",
            () if any("in_force") && any("proposed") => "change_proposed",
            () if any("in_force") => "in_force",
            () if any("proposed") => "proposed",
            () if any("over") => "over",
            () if any("ended") => "let_go",
            () => "not_agreed",
        }
    }
}
