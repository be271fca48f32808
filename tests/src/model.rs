//! A plain reference model of agreements: SPEC §4 read aloud, with explicit sets of what each act had seen. It shares
//! no types with the code it is held against.

use std::collections::{BTreeMap, BTreeSet};

/// An act, by the order in which the history wrote it.
pub type Id = usize;

/// What an act says.
#[derive(Debug, Clone, PartialEq)]
pub enum Say {
    /// Words, as (what Ana does, what Ben does), on a base, big or not, perhaps a trial until a day.
    Propose {
        /// The versions it is based on.
        base: BTreeSet<Id>,
        /// What Ana does, and what Ben does.
        words: (String, String),
        /// Rests for a day.
        big: bool,
        /// The last day.
        trial: Option<i64>,
    },
    /// Yes to a version.
    Yes(Id),
    /// A step back from a version.
    Back(Id),
    /// The agreement is let go.
    LetGo,
}

/// One act.
#[derive(Debug, Clone)]
pub struct Act {
    /// 0 for Ana, 1 for Ben.
    pub by: usize,
    /// The day its author wrote on it.
    pub on: i64,
    /// Everything its author had seen, own acts included, itself not.
    pub past: BTreeSet<Id>,
    /// What it says.
    pub say: Say,
    /// How the program named it; ties between twins are broken by this.
    pub hash: String,
}

/// One agreement's acts.
#[derive(Debug, Clone, Default)]
pub struct Model {
    /// By id.
    pub acts: Vec<Act>,
}

/// What must be visible of one version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Visible {
    /// Its state, as the command line names it.
    pub state: &'static str,
    /// Who said yes.
    pub yes: BTreeSet<usize>,
    /// It is shown as one with its twin.
    pub hidden: bool,
}

impl Model {
    fn versions(&self, inside: &BTreeSet<Id>) -> Vec<Id> {
        inside
            .iter()
            .copied()
            .filter(|v| matches!(self.acts[*v].say, Say::Propose { .. }))
            .collect()
    }

    fn base(&self, v: Id) -> BTreeSet<Id> {
        match &self.acts[v].say {
            Say::Propose { base, .. } => base.clone(),
            _ => BTreeSet::new(),
        }
    }

    /// Two wordings by the two of them that are the same by chance.
    fn twins(&self, v: Id) -> Vec<Id> {
        let Say::Propose {
            base,
            words,
            big,
            trial,
        } = &self.acts[v].say
        else {
            return vec![];
        };
        let same = |w: &Id| {
            let other = &self.acts[*w];
            let alike = matches!(&other.say, Say::Propose { base: b, words: x, big: g, trial: t } if b == base && x == words && g == big && t == trial);
            alike
                && other.by != self.acts[v].by
                && !other.past.contains(&v)
                && !self.acts[v].past.contains(w)
        };
        (0..self.acts.len()).filter(same).collect()
    }

    /// Whether `w` descends from `v`, twins being one.
    fn descends(&self, w: Id, v: Id) -> bool {
        let mut queue: Vec<Id> = self.base(w).into_iter().collect();
        let mut met = BTreeSet::new();
        while let Some(next) = queue.pop() {
            if met.insert(next) {
                queue.extend(self.base(next));
            }
        }
        met.contains(&v)
            || self
                .twins(v)
                .iter()
                .any(|twin| met.contains(twin) && *twin != w)
    }

    /// Everything at the end.
    pub fn all(&self) -> BTreeSet<Id> {
        (0..self.acts.len()).collect()
    }

    /// Rule 1.
    fn yes(&self, v: Id, inside: &BTreeSet<Id>, memo: &mut Memo) -> BTreeMap<usize, i64> {
        let mut yes = BTreeMap::from([(self.acts[v].by, self.acts[v].on)]);
        for y in inside
            .iter()
            .copied()
            .filter(|y| self.acts[*y].say == Say::Yes(v))
        {
            if self.counts(y, memo) {
                let on = yes.entry(self.acts[y].by).or_insert(self.acts[y].on);
                *on = (*on).min(self.acts[y].on);
            }
        }
        yes
    }

    fn counts(&self, y: Id, memo: &mut Memo) -> bool {
        if let Some(known) = memo.counts.get(&y) {
            return *known;
        }
        let (Say::Yes(v), past) = (&self.acts[y].say, &self.acts[y].past) else {
            return false;
        };
        let counts = past.contains(v) && self.would_count(*v, past, memo);
        memo.counts.insert(y, counts);
        counts
    }

    /// Whether a yes to `v` by one who had seen this would count.
    pub fn would_count(&self, v: Id, past: &BTreeSet<Id>, memo: &mut Memo) -> bool {
        let free = self.backs(v, past, memo).is_empty();
        free && self
            .versions(past)
            .into_iter()
            .filter(|w| self.agreed(*w, past, memo))
            .all(|w| self.descends(v, w))
    }

    /// Rule 2.
    fn backs(&self, v: Id, inside: &BTreeSet<Id>, memo: &mut Memo) -> BTreeSet<Id> {
        let mut both = vec![v];
        both.extend(self.twins(v).into_iter().filter(|t| inside.contains(t)));
        let mut backs = BTreeSet::new();
        for v in both {
            for b in inside {
                let act = &self.acts[*b];
                let hits = match &act.say {
                    Say::Back(w) => {
                        // Twins are one: naming either names what is in force.
                        let mut named = BTreeSet::from([*w]);
                        named.extend(self.twins(*w));
                        *w == v
                            || (act.past.contains(&v)
                                && !named.is_disjoint(&self.in_force_there(*b, memo)))
                    }
                    Say::LetGo => act.past.contains(&v),
                    Say::Propose { base, .. } => {
                        act.by == self.acts[v].by
                            && base.contains(&v)
                            && !self.yes(v, &act.past, memo).contains_key(&(1 - act.by))
                    }
                    Say::Yes(_) => false,
                };
                if hits {
                    backs.insert(*b);
                }
            }
        }
        backs
    }

    fn in_force_there(&self, b: Id, memo: &mut Memo) -> BTreeSet<Id> {
        self.standing_there(b, memo)
            .into_iter()
            .filter(|(_, state)| *state == "in_force")
            .map(|(v, _)| v)
            .collect()
    }

    /// Versions in force or over in the view of an act's own past.
    fn standing_there(&self, b: Id, memo: &mut Memo) -> BTreeMap<Id, &'static str> {
        if let Some(known) = memo.standing.get(&b) {
            return known.clone();
        }
        let past = self.acts[b].past.clone();
        let mut standing = BTreeMap::new();
        for v in self.versions(&past) {
            let state = self.state(v, &past, self.acts[b].on, memo);
            if state == "in_force" || state == "over" {
                standing.insert(v, state);
            }
        }
        memo.standing.insert(b, standing.clone());
        standing
    }

    fn both(&self, v: Id, inside: &BTreeSet<Id>, memo: &mut Memo) -> bool {
        self.yes(v, inside, memo).len() == 2 && self.backs(v, inside, memo).is_empty()
    }

    /// Rule 3, with crossing yeses to twins.
    fn agreed(&self, v: Id, inside: &BTreeSet<Id>, memo: &mut Memo) -> bool {
        self.both(v, inside, memo)
            && !self.twins(v).into_iter().any(|t| {
                inside.contains(&t)
                    && self.acts[t].hash < self.acts[v].hash
                    && self.both(t, inside, memo)
            })
    }

    fn ended(&self, v: Id, inside: &BTreeSet<Id>, memo: &mut Memo) -> bool {
        let twins = self.twins(v);
        self.yes(v, inside, memo).len() == 2
            && self.backs(v, inside, memo).into_iter().any(|b| {
                let there = if matches!(self.acts[b].say, Say::Propose { .. }) {
                    BTreeMap::new()
                } else {
                    self.standing_there(b, memo)
                };
                there.contains_key(&v) || twins.iter().any(|t| there.contains_key(t))
            })
    }

    /// Rule 4.
    fn two_yeses(&self, v: Id, inside: &BTreeSet<Id>, memo: &mut Memo) -> bool {
        self.agreed(v, inside, memo)
            && self.versions(inside).into_iter().any(|w| {
                w != v
                    && self.agreed(w, inside, memo)
                    && !self.descends(v, w)
                    && !self.descends(w, v)
            })
    }

    fn resting(&self, v: Id, inside: &BTreeSet<Id>, today: i64, memo: &mut Memo) -> bool {
        let Say::Propose { big: true, .. } = self.acts[v].say else {
            return false;
        };
        let later = self
            .yes(v, inside, memo)
            .into_values()
            .max()
            .unwrap_or(i64::MIN);
        self.agreed(v, inside, memo) && today < later + 1
    }

    /// Rules 3 to 6, by the precedence of SPEC §4.
    fn state(&self, v: Id, inside: &BTreeSet<Id>, today: i64, memo: &mut Memo) -> &'static str {
        if self.ended(v, inside, memo) {
            return "ended";
        }
        let replaced = self.versions(inside).into_iter().any(|w| {
            self.descends(w, v)
                && (self.ended(w, inside, memo)
                    || (self.agreed(w, inside, memo)
                        && !self.two_yeses(w, inside, memo)
                        && !self.resting(w, inside, today, memo)))
        });
        if replaced {
            return "replaced";
        }
        if !self.backs(v, inside, memo).is_empty() {
            return "not_agreed";
        }
        if self.two_yeses(v, inside, memo) {
            return "two_yeses";
        }
        let agreed = self.agreed(v, inside, memo);
        let trial = match self.acts[v].say {
            Say::Propose { trial, .. } => trial,
            _ => None,
        };
        if agreed && trial.is_some_and(|until| today > until) {
            "over"
        } else if self.resting(v, inside, today, memo) {
            "resting"
        } else if agreed {
            "in_force"
        } else {
            "proposed"
        }
    }

    /// What must be visible on a day to one who has these acts.
    pub fn visible(&self, inside: &BTreeSet<Id>, today: i64) -> BTreeMap<Id, Visible> {
        let mut memo = Memo::default();
        let mut seen = BTreeMap::new();
        for v in self.versions(inside) {
            let state = self.state(v, inside, today, &mut memo);
            let yes = if state == "not_agreed" {
                BTreeSet::new()
            } else {
                self.yes(v, inside, &mut memo).into_keys().collect()
            };
            let mut alike: Vec<Id> = self
                .twins(v)
                .into_iter()
                .filter(|t| inside.contains(t))
                .collect();
            alike.push(v);
            let agreed: Vec<Id> = alike
                .iter()
                .copied()
                .filter(|t| self.agreed(*t, inside, &mut memo))
                .collect();
            let ended: Vec<Id> = alike
                .iter()
                .copied()
                .filter(|t| self.ended(*t, inside, &mut memo))
                .collect();
            let choice = match (agreed.is_empty(), ended.is_empty()) {
                (false, _) => agreed,
                (true, false) => ended,
                (true, true) => alike,
            };
            let shown = choice
                .into_iter()
                .min_by_key(|t| self.acts[*t].hash.clone());
            seen.insert(
                v,
                Visible {
                    state,
                    yes,
                    hidden: shown != Some(v),
                },
            );
        }
        seen
    }

    /// The state of the agreement whole.
    pub fn whole(visible: &BTreeMap<Id, Visible>) -> &'static str {
        let any = |state: &str| visible.values().any(|v| v.state == state && !v.hidden);
        match () {
            () if any("two_yeses") => "two_yeses",
            () if any("in_force") && any("proposed") => "change_proposed",
            () if any("resting") => "resting",
            () if any("in_force") => "in_force",
            () if any("proposed") => "proposed",
            () if any("over") => "over",
            () if any("ended") => "let_go",
            () => "not_agreed",
        }
    }
}

/// What was worked out about acts, whose pasts never change.
#[derive(Default)]
pub struct Memo {
    counts: BTreeMap<Id, bool>,
    standing: BTreeMap<Id, BTreeMap<Id, &'static str>>,
}
