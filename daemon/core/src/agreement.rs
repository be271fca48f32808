//! Agreements: what holds between two people, computed from what each has said (SPEC §4, rules 1–6).
//!
//! [`View::of`] is a pure function of acts and a day. It is applied to pasts as well: what an act finds in its own past
//! decides what it does, and is computed once per act, in causal order, without recursion.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use troth_proto::assertion::{From, Version, Weight, Words};
use troth_proto::ids::Who;
use troth_proto::view::{AgreementState, VersionState};
use troth_proto::{Assertion, Body, Day, Hash};

/// How much of each book an act's author had: the first so many assertions of each.
///
/// A book has one order, and whoever saw an assertion saw all before it, so two numbers say what any closed set of
/// hashes would.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Past {
    /// Of my book.
    pub mine: u32,
    /// Of the partner's book.
    pub theirs: u32,
}

impl Past {
    /// Everything.
    pub const ALL: Self = Self {
        mine: u32::MAX,
        theirs: u32::MAX,
    };

    fn holds(self, act: &Act) -> bool {
        match act.by {
            Who::Me => act.place < self.mine,
            Who::Partner => act.place < self.theirs,
        }
    }
}

/// One assertion about an agreement.
#[derive(Debug, Clone)]
pub struct Act {
    /// Who says it.
    pub by: Who,
    /// Its place in its author's book, from 0.
    pub place: u32,
    /// What its author had.
    pub past: Past,
    /// The day its author wrote on it.
    pub on: Day,
    /// Its hash.
    pub hash: Hash,
    /// What it does to the agreement's state.
    pub does: Does,
}

/// What an act does to an agreement's state.
#[derive(Debug, Clone)]
pub enum Does {
    /// Proposes words, and says yes to them.
    Propose(Arc<Proposal>),
    /// Says yes to a version.
    Yes(Hash),
    /// Steps back from a version.
    StepBack(Hash),
    /// Lets the agreement go.
    LetGo,
}

impl Does {
    /// What an assertion does, if it does anything to an agreement's state.
    #[must_use]
    pub fn of(it: &Assertion) -> Option<Self> {
        Some(match &it.body {
            Body::Version(version) => Self::Propose(Arc::new(Proposal::of(version, it.weight))),
            Body::Yes(yes) => Self::Yes(yes.version),
            Body::StepBack(back) => match back.from {
                From::Version(version) => Self::StepBack(version),
                From::Agreement(_) => Self::LetGo,
            },
            _ => return None,
        })
    }
}

impl Act {
    /// A causal order that is the same on both devices.
    fn order(&self) -> (u64, Hash) {
        (
            u64::from(self.past.mine) + u64::from(self.past.theirs),
            self.hash,
        )
    }

    /// For a proposal: a day to look at it again.
    #[must_use]
    pub fn look_again(&self) -> Option<Day> {
        match &self.does {
            Does::Propose(proposal) => proposal.look_again,
            _ => None,
        }
    }
}

/// What of a proposal decides its state. The words themselves stay in the book.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposal {
    /// Hashes of the versions it is based on.
    pub base: Vec<Hash>,
    /// The hash of its words, from the proposer's side.
    words: Hash,
    /// The hash of the same words from the other's side.
    exchanged: Hash,
    /// How much it weighs.
    pub weight: Weight,
    /// The last day of a trial.
    pub trial_until: Option<Day>,
    /// A day to look at it again.
    pub look_again: Option<Day>,
}

impl Proposal {
    /// Of a version.
    #[must_use]
    pub fn of(version: &Version, weight: Weight) -> Self {
        let (me, partner) = (&version.words.does.me, &version.words.does.partner);
        let one = |who: Who| [who as u8];
        let (hers, his) = (one(Who::Me), one(Who::Partner));
        let hash = |first: &str, second: &str, mine: &[u8], theirs: &[u8]| {
            let Words {
                topic,
                terms,
                does: _,
                when_then,
                not_meant,
                trial_until,
                look_again,
                tag,
            } = &version.words;
            let day = |day: &Option<Day>| day.map(|day| day.to_string()).unwrap_or_default();
            let (trial, again) = (day(trial_until), day(look_again));
            let mut parts: Vec<&[u8]> = [topic, terms, first, second, not_meant, &trial, &again]
                .map(str::as_bytes)
                .to_vec();
            parts.push(tag.as_deref().unwrap_or_default().as_bytes());
            for line in when_then {
                parts.push(if line.who == Who::Me { mine } else { theirs });
                parts.extend([line.when.as_bytes(), line.then.as_bytes()]);
            }
            Hash::of("troth/words/1", &parts)
        };
        let words = hash(me, partner, &hers, &his);
        let exchanged = hash(partner, me, &his, &hers);
        Self {
            base: version.base.clone(),
            words,
            exchanged,
            weight,
            trial_until: version.words.trial_until,
            look_again: version.words.look_again,
        }
    }
}

/// One version and what has become of it.
#[derive(Debug, Clone)]
pub struct Standing {
    /// Which act it is, as an index into the acts given.
    pub act: usize,
    /// Its hash.
    pub hash: Hash,
    /// Who proposed it.
    pub by: Who,
    /// Its state.
    pub state: VersionState,
    /// Who said yes, by yeses that count.
    pub yes: BTreeSet<Who>,
    /// Acts that step back from it.
    pub backs: Vec<usize>,
    /// Another wording with the very same words stands for this one.
    pub hidden_by: Option<Hash>,
}

/// An agreement on a day.
#[derive(Debug, Clone)]
pub struct View {
    /// The agreement whole.
    pub state: AgreementState,
    /// Its versions, each after those it is based on.
    pub versions: Vec<Standing>,
}

impl View {
    /// The agreement as these acts leave it, seen `today`. The order of `acts` does not matter.
    #[must_use]
    pub fn of(acts: &[Act], today: Day) -> Self {
        Thread::new(acts).view(Past::ALL, today)
    }

    /// The version in force.
    #[must_use]
    pub fn in_force(&self) -> Option<&Standing> {
        self.versions
            .iter()
            .find(|v| v.state == VersionState::InForce)
    }

    /// The other's version with the very same words.
    #[must_use]
    pub fn twin_of(&self, standing: &Standing) -> Option<&Standing> {
        self.versions.iter().find(|v| {
            v.by != standing.by
                && (v.hidden_by == Some(standing.hash) || standing.hidden_by == Some(v.hash))
        })
    }

    /// A version by its hash.
    #[must_use]
    pub fn version(&self, hash: &Hash) -> Option<&Standing> {
        self.versions.iter().find(|v| v.hash == *hash)
    }

    /// What a new proposal builds on: all that is agreed and not built upon yet, else the newest proposals.
    #[must_use]
    pub fn to_build_on(&self, acts: &[Act]) -> Vec<Hash> {
        let newest = |wanted: &dyn Fn(&Standing) -> bool| -> Vec<Hash> {
            let shown = |v: &&Standing| v.hidden_by.is_none() && wanted(v);
            let all: Vec<&Standing> = self.versions.iter().filter(shown).collect();
            let thread = Thread::new(acts);
            let built_upon = |hash: &Hash| {
                all.iter().any(|w| {
                    let (Some(v), Some(w)) = (thread.find(hash), thread.find(&w.hash)) else {
                        return false;
                    };
                    thread.ancestors[w].contains(&v)
                })
            };
            all.iter()
                .map(|v| v.hash)
                .filter(|hash| !built_upon(hash))
                .collect()
        };
        // A yes counts only to what descends from everything agreed (rule 1), also when something that was let go since
        // has replaced it.
        let mut base = newest(&|v| v.yes.len() == 2 && v.backs.is_empty());
        if base.is_empty() {
            base = newest(&|v| v.state == VersionState::Proposed);
        }
        base.sort();
        base
    }

    /// Versions that wait for an answer and are shown.
    pub fn proposals(&self) -> impl Iterator<Item = &Standing> {
        self.versions
            .iter()
            .filter(|v| v.state == VersionState::Proposed && v.hidden_by.is_none())
    }

    /// Whether a yes to `version`, said now, would count (rule 1).
    #[must_use]
    pub fn yes_would_count(&self, acts: &[Act], version: &Hash) -> bool {
        let thread = Thread::new(acts);
        let Some(i) = thread.find(version) else {
            return false;
        };
        let found = thread.settle(Past::ALL);
        found.yes_counts(&thread, i)
    }
}

/// The acts of one agreement, with what never changes about them worked out.
struct Thread<'a> {
    acts: &'a [Act],
    /// Versions as indices into `acts`, each after those it is based on.
    versions: Vec<usize>,
    /// For each version, the versions (as indices into `versions`) it descends from, twins included.
    ancestors: Vec<BTreeSet<usize>>,
    /// For each version, those it is based on directly.
    base: Vec<Vec<usize>>,
    /// For each version, the other partner's with the very same words, made without knowing of it.
    twins: Vec<Vec<usize>>,
    /// For each yes or step back, the version it names.
    names: Vec<Option<usize>>,
    /// What each act found in its own past.
    found: Vec<Found>,
}

/// What an act found in its own past.
#[derive(Debug, Clone, Default)]
struct Found {
    /// For a yes: it counts.
    counts: bool,
    /// For a step back from a version: that version was in force.
    names_in_force: bool,
    /// Versions in force or over.
    standing: BTreeSet<usize>,
}

/// The versions in one past, before any day is asked for.
struct Settled {
    inside: Vec<bool>,
    /// The days of both yeses, by partner.
    yes: Vec<BTreeMap<Who, Day>>,
    backs: Vec<Vec<usize>>,
    agreed: Vec<bool>,
}

impl<'a> Thread<'a> {
    fn new(acts: &'a [Act]) -> Self {
        // An act is after everything in its past, and its past is larger: sorting by size is a causal order.
        let mut order: Vec<usize> = (0..acts.len()).collect();
        order.sort_by_key(|i| acts[*i].order());
        let mut thread = Self {
            acts,
            versions: Vec::new(),
            ancestors: Vec::new(),
            base: Vec::new(),
            twins: Vec::new(),
            names: Vec::new(),
            found: vec![Found::default(); acts.len()],
        };
        for i in &order {
            if let Does::Propose(proposal) = &acts[*i].does {
                thread.add_version(*i, proposal);
            }
        }
        thread.names = acts
            .iter()
            .map(|act| match &act.does {
                Does::Yes(version) | Does::StepBack(version) => thread.find(version),
                Does::Propose(..) | Does::LetGo => None,
            })
            .collect();
        thread.find_twins();
        thread.descend();
        for i in order {
            thread.found[i] = thread.look_back(i);
        }
        thread
    }

    /// A version counts only if all it is based on lies in its author's past and in this agreement.
    fn add_version(&mut self, act: usize, proposal: &Proposal) {
        let mut base = Vec::new();
        for hash in &proposal.base {
            match self.find(hash) {
                Some(i) if self.acts[act].past.holds(&self.acts[self.versions[i]]) => base.push(i),
                _ => return,
            }
        }
        self.versions.push(act);
        self.base.push(base);
    }

    fn find(&self, hash: &Hash) -> Option<usize> {
        self.versions
            .iter()
            .position(|act| self.acts[*act].hash == *hash)
    }

    fn find_twins(&mut self) {
        self.twins = vec![Vec::new(); self.versions.len()];
        let mut by_base: BTreeMap<&[Hash], Vec<usize>> = BTreeMap::new();
        for (i, act) in self.versions.iter().enumerate() {
            if let Does::Propose(proposal) = &self.acts[*act].does {
                by_base.entry(&proposal.base).or_default().push(i);
            }
        }
        for alike in by_base.into_values() {
            for (k, a) in alike.iter().enumerate() {
                for b in &alike[k + 1..] {
                    if self.are_twins(*a, *b) {
                        self.twins[*a].push(*b);
                        self.twins[*b].push(*a);
                    }
                }
            }
        }
    }

    fn are_twins(&self, a: usize, b: usize) -> bool {
        let (a, b) = (&self.acts[self.versions[a]], &self.acts[self.versions[b]]);
        let (Does::Propose(x), Does::Propose(y)) = (&a.does, &b.does) else {
            return false;
        };
        // Whoever knew of the other's wording repeats it on purpose; only chance makes twins.
        a.by != b.by
            && !a.past.holds(b)
            && !b.past.holds(a)
            && x.weight == y.weight
            && x.words == y.exchanged
    }

    fn descend(&mut self) {
        for i in 0..self.versions.len() {
            let mut from = BTreeSet::new();
            for b in &self.base[i] {
                from.insert(*b);
                from.extend(self.ancestors[*b].iter().copied());
            }
            // Twins are one: whoever descends from one descends from both.
            let twins: Vec<usize> = from
                .iter()
                .flat_map(|b| self.twins[*b].iter().copied())
                .filter(|t| *t != i)
                .collect();
            from.extend(twins);
            self.ancestors.push(from);
        }
    }

    fn look_back(&self, i: usize) -> Found {
        let act = &self.acts[i];
        let mut found = Found::default();
        if matches!(act.does, Does::Propose(_)) {
            return found;
        }
        let settled = self.settle(act.past);
        match &act.does {
            Does::Yes(_) => {
                found.counts = self.names[i].is_some_and(|v| settled.yes_counts(self, v));
            }
            Does::StepBack(_) | Does::LetGo => {
                let states = settled.states(self, act.on);
                for (v, state) in states.iter().enumerate() {
                    if matches!(state, Some(VersionState::InForce | VersionState::Over)) {
                        found.standing.insert(v);
                    }
                }
                // Twins are one: whoever names either names what is in force.
                let in_force = |v: &usize| states[*v] == Some(VersionState::InForce);
                found.names_in_force = self.names[i]
                    .is_some_and(|v| in_force(&v) || self.twins[v].iter().any(in_force));
            }
            Does::Propose(..) => {}
        }
        found
    }

    /// Yeses, backs and what is agreed among the acts of one past (rules 1 to 3).
    fn settle(&self, past: Past) -> Settled {
        let n = self.versions.len();
        let inside: Vec<bool> = self
            .versions
            .iter()
            .map(|act| past.holds(&self.acts[*act]))
            .collect();
        let mut yes = vec![BTreeMap::new(); n];
        let mut backs = vec![Vec::new(); n];
        for (v, act) in self.versions.iter().enumerate().filter(|(v, _)| inside[*v]) {
            yes[v].insert(self.acts[*act].by, self.acts[*act].on);
        }
        for (i, act) in self.acts.iter().enumerate().filter(|(_, a)| past.holds(a)) {
            match &act.does {
                Does::Yes(_) if self.found[i].counts => {
                    if let Some(v) = self.names[i] {
                        let on = yes[v].entry(act.by).or_insert(act.on);
                        *on = (*on).min(act.on);
                    }
                }
                Does::StepBack(_) => {
                    for v in (0..n).filter(|v| inside[*v]) {
                        let all = self.found[i].names_in_force
                            && act.past.holds(&self.acts[self.versions[v]]);
                        if all || self.names[i] == Some(v) {
                            backs[v].push(i);
                        }
                    }
                }
                Does::LetGo => {
                    for v in (0..n).filter(|v| act.past.holds(&self.acts[self.versions[*v]])) {
                        backs[v].push(i);
                    }
                }
                Does::Propose(..) => self.withdraw(i, &mut backs),
                Does::Yes(_) => {}
            }
        }
        self.share_backs(&mut backs);
        for backs in &mut backs {
            backs.sort_by_key(|i| self.acts[*i].order());
        }
        let both: Vec<bool> = (0..n)
            .map(|v| inside[v] && yes[v].len() == 2 && backs[v].is_empty())
            .collect();
        let agreed = (0..n)
            .map(|v| {
                // Crossing yeses to twins agree on the one with the lower hash.
                let lower = |t: &usize| both[*t] && self.hash(*t) < self.hash(v);
                both[v] && !self.twins[v].iter().any(lower)
            })
            .collect();
        Settled {
            inside,
            yes,
            backs,
            agreed,
        }
    }

    /// Rewriting an own offer that the other has not said yes to withdraws it.
    fn withdraw(&self, act: usize, backs: &mut [Vec<usize>]) {
        let Some(w) = self.versions.iter().position(|v| *v == act) else {
            return;
        };
        let rewriter = &self.acts[act];
        for v in &self.base[w] {
            let offer = &self.acts[self.versions[*v]];
            let answered = self.acts.iter().enumerate().any(|(i, a)| {
                a.by != offer.by
                    && self.found[i].counts
                    && self.names[i] == Some(*v)
                    && rewriter.past.holds(a)
            });
            if offer.by == rewriter.by && !answered {
                backs[*v].push(act);
            }
        }
    }

    /// A back on a twin is a back on both.
    fn share_backs(&self, backs: &mut [Vec<usize>]) {
        let own = backs.to_vec();
        for (v, twins) in self.twins.iter().enumerate() {
            for twin in twins {
                for back in &own[*twin] {
                    if !backs[v].contains(back) {
                        backs[v].push(*back);
                    }
                }
            }
        }
    }

    fn hash(&self, version: usize) -> Hash {
        self.acts[self.versions[version]].hash
    }

    fn view(&self, past: Past, today: Day) -> View {
        let settled = self.settle(past);
        let states = settled.states(self, today);
        let mut versions = Vec::new();
        for (v, state) in states.iter().enumerate() {
            let Some(state) = *state else { continue };
            versions.push(Standing {
                act: self.versions[v],
                hash: self.hash(v),
                by: self.acts[self.versions[v]].by,
                state,
                yes: settled.yes[v].keys().copied().collect(),
                backs: settled.backs[v].clone(),
                hidden_by: self
                    .stands_for(&settled, &states, v)
                    .filter(|hash| *hash != self.hash(v)),
            });
        }
        View {
            state: whole(&versions),
            versions,
        }
    }

    /// Of twins, the agreed one is shown, else one that was agreed and has ended, else the one with the lowest hash.
    fn stands_for(
        &self,
        settled: &Settled,
        states: &[Option<VersionState>],
        v: usize,
    ) -> Option<Hash> {
        let all = || {
            self.twins[v]
                .iter()
                .copied()
                .chain([v])
                .filter(|t| settled.inside[*t])
        };
        let lowest = |wanted: &dyn Fn(usize) -> bool| {
            let wanted = all().filter(|t| wanted(*t));
            wanted.map(|t| self.hash(t)).min()
        };
        lowest(&|t| settled.agreed[t])
            .or_else(|| lowest(&|t| states[t] == Some(VersionState::Ended)))
            .or_else(|| lowest(&|_| true))
    }
}

impl Settled {
    /// Rule 1: no back, and it descends from every version agreed here.
    fn yes_counts(&self, thread: &Thread<'_>, v: usize) -> bool {
        self.inside[v]
            && self.backs[v].is_empty()
            && self
                .agreed
                .iter()
                .enumerate()
                .all(|(w, agreed)| !agreed || thread.ancestors[v].contains(&w))
    }

    /// Rules 3 to 6; none for versions outside this past.
    fn states(&self, thread: &Thread<'_>, today: Day) -> Vec<Option<VersionState>> {
        let all = 0..thread.versions.len();
        let proposal = |v: usize| match &thread.acts[thread.versions[v]].does {
            Does::Propose(proposal) => Some(proposal),
            _ => None,
        };
        let related = |a: usize, b: usize| {
            a == b || thread.ancestors[a].contains(&b) || thread.ancestors[b].contains(&a)
        };
        let agreed: Vec<usize> = all.clone().filter(|v| self.agreed[*v]).collect();
        let two_yeses: Vec<bool> = all
            .clone()
            .map(|v| self.agreed[v] && agreed.iter().any(|w| !related(v, *w)))
            .collect();
        let ended: Vec<bool> = all
            .clone()
            .map(|v| {
                let standing = |back: &usize| {
                    let there = &thread.found[*back].standing;
                    there.contains(&v) || thread.twins[v].iter().any(|t| there.contains(t))
                };
                self.inside[v] && self.yes[v].len() == 2 && self.backs[v].iter().any(standing)
            })
            .collect();
        let resting: Vec<bool> = all
            .clone()
            .map(|v| {
                let big = proposal(v).is_some_and(|p| p.weight == Weight::Big);
                let later_yes = self.yes[v].values().max();
                self.agreed[v] && big && later_yes.is_some_and(|on| today <= *on)
            })
            .collect();
        let over = |v: usize| {
            let until = proposal(v).and_then(|p| p.trial_until);
            self.agreed[v] && until.is_some_and(|until| today > until)
        };
        let replaced = |v: usize| {
            all.clone().any(|w| {
                thread.ancestors[w].contains(&v)
                    && (ended[w] || (self.agreed[w] && !two_yeses[w] && !resting[w]))
            })
        };
        all.clone()
            .map(|v| {
                if !self.inside[v] {
                    return None;
                }
                Some(if ended[v] {
                    VersionState::Ended
                } else if replaced(v) {
                    VersionState::Replaced
                } else if !self.backs[v].is_empty() {
                    VersionState::NotAgreed
                } else if two_yeses[v] {
                    VersionState::TwoYeses
                } else if over(v) {
                    VersionState::Over
                } else if resting[v] {
                    VersionState::Resting
                } else if self.agreed[v] {
                    VersionState::InForce
                } else {
                    VersionState::Proposed
                })
            })
            .collect()
    }
}

/// The agreement whole, by precedence.
fn whole(versions: &[Standing]) -> AgreementState {
    let any = |state| {
        versions
            .iter()
            .any(|v| v.state == state && v.hidden_by.is_none())
    };
    if any(VersionState::TwoYeses) {
        AgreementState::TwoYeses
    } else if any(VersionState::InForce) && any(VersionState::Proposed) {
        AgreementState::ChangeProposed
    } else if any(VersionState::Resting) {
        AgreementState::Resting
    } else if any(VersionState::InForce) {
        AgreementState::InForce
    } else if any(VersionState::Proposed) {
        AgreementState::Proposed
    } else if any(VersionState::Over) {
        AgreementState::Over
    } else if any(VersionState::Ended) {
        AgreementState::LetGo
    } else if versions.is_empty() {
        AgreementState::Draft
    } else {
        AgreementState::NotAgreed
    }
}
