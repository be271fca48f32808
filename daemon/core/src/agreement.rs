//! Agreements: what holds between two people, computed from what each has said (SPEC §4, rules 1–6).
//!
//! [`View::of`] is a pure function of moves and a day. It is applied to pasts as well: what a move finds in its own past
//! decides what it does, and is worked out once for each, in causal order, without recursion.

mod bits;

use crate::books::past::{Beside, Branch, Past, Place};
use bits::Bits;
use std::collections::{BTreeMap, BTreeSet};
use troth_proto::assertion::Weight;
use troth_proto::ids::Who;
use troth_proto::said::agreement::{Target, Version};
use troth_proto::view::{AgreementState, VersionState};
use troth_proto::{Assertion, Body, Day, Hash, limits};

/// One assertion that decides an agreement's state.
#[derive(Debug, Clone)]
pub struct Move {
    /// Who makes it.
    pub by: Who,
    /// Its hash.
    pub hash: Hash,
    /// The day its author wrote on it. No rule reads it.
    pub on: Option<Day>,
    /// Where it is.
    pub place: Place,
    /// What its author had, beside that.
    beside: Beside,
    /// Whether it proposes words, and its author knew of no others.
    pub first: bool,
    /// What it does.
    pub what: What,
}

/// What a move does.
#[derive(Debug, Clone)]
pub enum What {
    /// Proposes words.
    Propose(Box<Proposal>),
    /// Says yes to a version.
    Yes(Hash),
    /// Steps back from a version.
    StepBack(Hash),
    /// Lets the agreement go.
    LetGo,
}

/// What of a proposal decides its state. Its words do not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposal {
    /// Hashes of the versions it is based on.
    pub base: Vec<Hash>,
    /// Equal for the very same words by either.
    pub same: Hash,
    /// How much it weighs.
    pub weight: Weight,
    /// The last day of a trial.
    pub trial_until: Option<Day>,
    /// A day to look at it again.
    pub look_again: Option<Day>,
}

impl Move {
    /// What an assertion does to an agreement, if it does anything.
    #[must_use]
    pub fn of(it: &Assertion, by: Who, hash: Hash, place: Place, past: &Past) -> Option<Self> {
        let what = match &it.body {
            Body::Version(version) => What::Propose(Box::new(Proposal::of(version, it.weight))),
            Body::Yes(yes) => What::Yes(yes.version),
            Body::StepBack(back) => match back.from {
                Target::Version(version) => What::StepBack(version),
                Target::Agreement(_) => What::LetGo,
            },
            _ => return None,
        };
        Some(Self {
            by,
            hash,
            on: it.on,
            place,
            beside: past.beside(),
            first: false,
            what,
        })
    }

    /// Letting go, by a `forget`.
    #[must_use]
    pub fn let_go(by: Who, hash: Hash, place: Place, past: &Past) -> Self {
        Self {
            by,
            hash,
            on: None,
            place,
            beside: past.beside(),
            first: false,
            what: What::LetGo,
        }
    }

    /// What its author had.
    #[must_use]
    pub fn past(&self) -> Past {
        Past::at(self.place, &self.beside)
    }

    fn proposal(&self) -> Option<&Proposal> {
        match &self.what {
            What::Propose(proposal) => Some(proposal),
            _ => None,
        }
    }

    /// What says which words are the very same, if it proposes any.
    #[must_use]
    pub fn same(&self) -> Option<Hash> {
        self.proposal().map(|it| it.same)
    }

    /// Whether it proposes words, and announces them as the very same as a version does.
    #[must_use]
    pub fn announces(&self, version: &Version) -> bool {
        let other = Proposal::of(version, Weight::default());
        self.proposal().is_some_and(|one| one.same_words(&other))
    }

    /// A causal order that is the same on both devices: a past is larger than all that lies in it.
    fn order(&self) -> (u32, Hash) {
        (self.beside.size, self.hash)
    }
}

impl Proposal {
    fn of(version: &Version, weight: Weight) -> Self {
        Self {
            base: version.base.clone(),
            same: version.same,
            weight,
            trial_until: version.trial_until,
            look_again: version.look_again,
        }
    }

    fn same_words(&self, other: &Self) -> bool {
        self.same == other.same
            && self.base == other.base
            && self.trial_until == other.trial_until
            && self.look_again == other.look_again
    }
}

/// One version and what has become of it.
#[derive(Debug, Clone)]
pub struct Standing {
    /// Its hash.
    pub hash: Hash,
    /// Who proposed it.
    pub by: Who,
    /// The day its author wrote on it.
    pub on: Option<Day>,
    /// Hashes of the versions it is based on.
    pub base: Vec<Hash>,
    /// The last day of a trial.
    pub trial_until: Option<Day>,
    /// A day to look at it again.
    pub look_again: Option<Day>,
    /// How much its wording weighs: the heaviest of twins.
    pub weight: Weight,
    /// Its state.
    pub state: VersionState,
    /// Who said yes to its wording.
    pub yes: BTreeSet<Who>,
    /// Whom it binds, or will once nothing stands against it.
    pub bound: BTreeSet<Who>,
    /// Moves that step back from its wording: by whom, and their hashes.
    pub backs: Vec<(Who, Hash)>,
    /// The version that is shown for this one and others with the very same words.
    pub hidden_by: Option<Hash>,
    /// Its number in the view, and those of all it descends from, twins included.
    number: usize,
    above: Bits,
    yes_would_count: bool,
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
    /// The agreement as these moves leave it, seen `today`; without a day, no trial is over. Their order does not matter.
    #[must_use]
    pub fn of(moves: &[Move], today: Option<Day>) -> Self {
        Thread::new(moves).view(today)
    }

    /// The version in force.
    #[must_use]
    pub fn in_force(&self) -> Option<&Standing> {
        self.shown().find(|v| v.state == VersionState::InForce)
    }

    /// The newest version that both agreed on, whether it still holds or not.
    #[must_use]
    pub fn last_agreed(&self) -> Option<&Standing> {
        use VersionState as V;
        let agreed =
            |v: &&Standing| v.yes.len() == 2 && !matches!(v.state, V::Proposed | V::NotAgreed);
        self.shown().rfind(agreed)
    }

    /// Versions that are shown: of those with the very same words, one.
    pub fn shown(&self) -> impl DoubleEndedIterator<Item = &Standing> {
        self.versions.iter().filter(|v| v.hidden_by.is_none())
    }

    /// A version by its hash.
    #[must_use]
    pub fn version(&self, hash: &Hash) -> Option<&Standing> {
        self.versions.iter().find(|v| v.hash == *hash)
    }

    /// The version that is shown for one.
    #[must_use]
    pub fn shown_for(&self, standing: &Standing) -> Hash {
        standing.hidden_by.unwrap_or(standing.hash)
    }

    /// All versions with the very same words.
    pub fn wording<'a>(&'a self, of: &Standing) -> impl Iterator<Item = &'a Standing> {
        let shown = self.shown_for(of);
        self.versions
            .iter()
            .filter(move |v| self.shown_for(v) == shown)
    }

    /// What a new proposal builds on: all that is agreed and not built upon yet, else the newest proposals.
    #[must_use]
    pub fn to_build_on(&self) -> Vec<Hash> {
        let newest = |wanted: &dyn Fn(&Standing) -> bool| -> Vec<Hash> {
            let all: Vec<&Standing> = self.shown().filter(|v| wanted(v)).collect();
            let built_upon = |v: &Standing| all.iter().any(|w| w.above.has(v.number));
            all.iter()
                .filter(|v| !built_upon(v))
                .map(|v| v.hash)
                .collect()
        };
        // A yes counts only to what descends from everything agreed (rule 1), also when something that was let go since
        // has replaced it.
        let mut base = newest(&|v| v.yes.len() == 2 && v.backs.is_empty());
        if base.is_empty() {
            base = newest(&|v| v.state == VersionState::Proposed);
        }
        base.sort();
        base.truncate(limits::LISTED_HASHES);
        base
    }

    /// Versions that wait for an answer and are shown.
    pub fn proposals(&self) -> impl Iterator<Item = &Standing> {
        self.shown().filter(|v| v.state == VersionState::Proposed)
    }

    /// Whether a yes to the other's version, said now, would count (rule 1).
    #[must_use]
    pub fn yes_would_count(&self, version: &Hash) -> bool {
        self.version(version).is_some_and(|v| v.yes_would_count)
    }

    /// Own versions to which the other said yes and which want the closing yes of the one who looks.
    pub fn to_close(&self) -> impl Iterator<Item = &Standing> {
        self.versions.iter().filter(|v| {
            v.by == Who::Me
                && v.backs.is_empty()
                && v.bound.contains(&Who::Partner)
                && !v.bound.contains(&Who::Me)
        })
    }

    /// Whether every version is stepped back from or replaced.
    #[must_use]
    pub fn nothing_stands(&self) -> bool {
        let gone = |v: &Standing| !v.backs.is_empty() || v.state == VersionState::Replaced;
        !self.versions.is_empty() && self.versions.iter().all(gone)
    }
}

/// Moves of one agreement, versions among them numbered, with what never changes about each worked out.
struct Thread<'a> {
    /// In causal order.
    moves: Vec<&'a Move>,
    /// Versions as indices into `moves`.
    versions: Vec<usize>,
    by_hash: BTreeMap<Hash, usize>,
    /// For each version, those it is based on, and all it descends from; twins are not in it yet.
    base: Vec<Bits>,
    ancestors: Vec<Bits>,
    descendants: Vec<Bits>,
    /// Versions proposed by each.
    by: [Bits; 2],
    /// For each version, its twins; and whether it may have any.
    twins: Vec<Bits>,
    lonely: Vec<bool>,
    any_twins: bool,
    /// For each move, the versions it steps back from by itself.
    hits: Vec<Bits>,
    /// What each branch adds up to after each of its moves.
    branches: BTreeMap<Branch, Vec<(u32, Sum)>>,
}

/// What some moves add up to.
#[derive(Debug, Clone, Copy, Default)]
struct Sum {
    versions: Bits,
    /// Versions that a yes of each counts for.
    yes: [Bits; 2],
    /// Versions that are stepped back from.
    hit: Bits,
    /// Versions that bound the author of a step back from them, in its past.
    ended: Bits,
}

impl Sum {
    fn add(&mut self, other: &Self) {
        self.versions |= other.versions;
        self.hit |= other.hit;
        self.ended |= other.ended;
        for who in 0..2 {
            self.yes[who] |= other.yes[who];
        }
    }
}

/// The versions in one past, before any day is asked for.
struct Settled {
    inside: Bits,
    /// Wordings of more than one version.
    wordings: Vec<Bits>,
    bound: [Bits; 2],
    both: Bits,
    backed: Bits,
    ended: Bits,
    agreed: Bits,
    two_yeses: Bits,
    replaced: Bits,
}

impl<'a> Thread<'a> {
    fn new(moves: &'a [Move]) -> Self {
        // Nobody can make a view dear: of each, so many count, the first in an order that both have.
        let mut ordered: Vec<&Move> = Vec::new();
        for who in [Who::Me, Who::Partner] {
            let mut theirs: Vec<&Move> = moves.iter().filter(|act| act.by == who).collect();
            if theirs.len() > limits::ACTS_TAKEN {
                theirs.select_nth_unstable_by_key(limits::ACTS_TAKEN, |act| act.order());
                theirs.truncate(limits::ACTS_TAKEN);
            }
            ordered.extend(theirs);
        }
        ordered.sort_by_key(|act| act.order());
        let n = ordered.len();
        let mut thread = Self {
            moves: ordered,
            versions: Vec::new(),
            by_hash: BTreeMap::new(),
            base: Vec::new(),
            ancestors: Vec::new(),
            descendants: Vec::new(),
            by: [Bits::default(); 2],
            twins: Vec::new(),
            lonely: Vec::new(),
            any_twins: false,
            hits: Vec::with_capacity(n),
            branches: BTreeMap::new(),
        };
        for i in 0..n {
            thread.take(i);
        }
        thread
    }

    /// What the moves in a past add up to. All of them have been taken before.
    fn sum(&self, past: &Past) -> Sum {
        let mut sum = Sum::default();
        for (branch, moves) in &self.branches {
            let n = past.of_branch(*branch);
            let there = moves.partition_point(|(before, _)| *before < n);
            if let Some((_, part)) = there.checked_sub(1).map(|last| &moves[last]) {
                sum.add(part);
            }
        }
        sum
    }

    fn take(&mut self, i: usize) {
        let act = self.moves[i];
        let there = self.sum(&act.past());
        let me = act.by as usize;
        let mut adds = Sum::default();
        let named = |hash: &Hash| {
            let v = self.by_hash.get(hash).copied();
            v.filter(|v| there.versions.has(*v))
        };
        match &act.what {
            What::Propose(proposal) => {
                // A version counts only if all it is based on lies in its past.
                let base: Option<Vec<usize>> = proposal.base.iter().map(named).collect();
                if let Some(base) = base {
                    adds = self.propose(i, &base, &there);
                }
            }
            What::Yes(version) => {
                if let Some(v) = named(version) {
                    let settled = self.settle(&there);
                    let counts = if self.by[me].has(v) {
                        settled.bound[1 - me].has(v) // a closing yes
                    } else {
                        self.yes_counts(&settled, v)
                    };
                    if counts {
                        adds.yes[me].set(v);
                    }
                }
            }
            What::StepBack(version) => {
                if let Some(v) = named(version) {
                    adds.hit.set(v);
                    let settled = self.settle(&there);
                    let binds = settled.binds(me);
                    if binds.has(v) {
                        adds.hit |= there.versions;
                        adds.ended = binds;
                    }
                }
            }
            What::LetGo => {
                adds.hit = there.versions;
                adds.ended = self.settle(&there).binds(me);
            }
        }
        self.hits.push(adds.hit);
        let branch = self.branches.entry(act.place.branch).or_default();
        let mut sum = branch.last().map(|(_, sum)| *sum).unwrap_or_default();
        sum.add(&adds);
        branch.push((act.place.before, sum));
    }

    fn propose(&mut self, i: usize, base: &[usize], there: &Sum) -> Sum {
        let act = self.moves[i];
        let (v, me) = (self.versions.len(), act.by as usize);
        let mut adds = Sum::default();
        adds.versions.set(v);
        self.versions.push(i);
        self.by_hash.insert(act.hash, v);
        let (mut direct, mut all) = (Bits::default(), Bits::default());
        for b in base {
            direct.set(*b);
            all.set(*b);
            all |= self.ancestors[*b];
        }
        for a in all.ones() {
            self.descendants[a].set(v);
        }
        self.base.push(direct);
        self.ancestors.push(all);
        self.descendants.push(Bits::default());
        self.find_twins(v, there);
        self.by[me].set(v);
        // Rewriting an own offer that the other has said no yes to withdraws it.
        let offers = direct & self.by[me];
        if !offers.is_empty() {
            let wordings = self.wordings(there.versions);
            for offer in offers.ones() {
                let wording = wording(&wordings, offer);
                let other = 1 - me;
                let answered = !(wording & (self.by[other] | there.yes[other])).is_empty();
                if !answered {
                    adds.hit.set(offer);
                }
            }
        }
        adds
    }

    /// Twins: the very same words on the same base, by the two of them, neither knowing of the other's nor of a step back
    /// from these words.
    fn find_twins(&mut self, v: usize, there: &Sum) {
        let act = self.moves[self.versions[v]];
        self.twins.push(Bits::default());
        self.lonely.push(false);
        let Some(mine) = act.proposal() else {
            return;
        };
        let alike: Vec<usize> = (0..v)
            .filter(|w| {
                let other = self.moves[self.versions[*w]];
                other.proposal().is_some_and(|p| p.same_words(mine))
            })
            .collect();
        if alike.is_empty() {
            return;
        }
        let wordings = self.wordings(there.versions);
        let backed =
            |w: &usize| there.versions.has(*w) && !(wording(&wordings, *w) & there.hit).is_empty();
        self.lonely[v] = alike.iter().any(backed);
        if self.lonely[v] {
            return;
        }
        for w in alike {
            let other = self.moves[self.versions[w]];
            if other.by != act.by && !self.lonely[w] && !there.versions.has(w) {
                self.twins[v].set(w);
                self.twins[w].set(v);
                self.any_twins = true;
            }
        }
    }

    /// The wordings of more than one version among these.
    fn wordings(&self, inside: Bits) -> Vec<Bits> {
        let mut wordings = Vec::new();
        if !self.any_twins {
            return wordings;
        }
        let mut left = inside;
        for v in inside.ones() {
            if !left.has(v) || (self.twins[v] & inside).is_empty() {
                continue;
            }
            let (mut all, mut edge) = (Bits::one(v), Bits::one(v));
            while !edge.is_empty() {
                let mut next = Bits::default();
                for w in edge.ones() {
                    next |= self.twins[w];
                }
                edge = next & inside & !all;
                all |= edge;
            }
            left &= !all;
            wordings.push(all);
        }
        wordings
    }

    /// Rules 1 to 5 among the moves of one past.
    fn settle(&self, sum: &Sum) -> Settled {
        let inside = sum.versions;
        let wordings = self.wordings(inside);
        let whole = |bits: Bits| spread(&wordings, bits & inside);
        let bound = [whole(sum.yes[0]), whole(sum.yes[1])];
        let proposed = [whole(self.by[0]), whole(self.by[1])];
        let both = (bound[0] & (proposed[1] | bound[1])) | (bound[1] & (proposed[0] | bound[0]));
        let backed = whole(sum.hit);
        let ended = both & backed & whole(sum.ended);
        let agreed = both & !backed;
        let mut settled = Settled {
            inside,
            wordings,
            bound,
            both,
            backed,
            ended,
            agreed,
            two_yeses: Bits::default(),
            replaced: Bits::default(),
        };
        for v in settled.one_of_each(agreed).ones() {
            let wording = settled.wording(v);
            let related = self.above(&settled, v) | self.below(&settled, v) | wording;
            if !(agreed & !related).is_empty() {
                settled.two_yeses |= wording;
            }
        }
        let holds = agreed & settled.bound[0] & settled.bound[1] & !settled.two_yeses;
        let mut replaced = Bits::default();
        for w in settled.one_of_each(ended | holds).ones() {
            replaced |= self.above(&settled, w);
        }
        settled.replaced = replaced;
        settled
    }

    /// What a version descends from, twins being one.
    fn above(&self, settled: &Settled, v: usize) -> Bits {
        spread(&settled.wordings, self.ancestors[v] & settled.inside)
    }

    /// What descends from a version, twins being one.
    fn below(&self, settled: &Settled, v: usize) -> Bits {
        let mut below = Bits::default();
        for w in settled.wording(v).ones() {
            below |= self.descendants[w];
        }
        spread(&settled.wordings, below & settled.inside)
    }

    /// Rule 1: no back, and it descends from every version agreed there.
    fn yes_counts(&self, settled: &Settled, v: usize) -> bool {
        let related = self.above(settled, v) | settled.wording(v);
        !settled.backed.has(v) && (settled.agreed & !related).is_empty()
    }

    fn view(&self, today: Option<Day>) -> View {
        let mut sum = Sum::default();
        for moves in self.branches.values() {
            if let Some((_, part)) = moves.last() {
                sum.add(part);
            }
        }
        let settled = self.settle(&sum);
        let all = settled.inside.ones();
        let versions: Vec<Standing> = all.map(|v| self.standing(&settled, v, today)).collect();
        View {
            state: whole(&versions),
            versions,
        }
    }

    fn standing(&self, settled: &Settled, v: usize, today: Option<Day>) -> Standing {
        let act = self.moves[self.versions[v]];
        let wording = settled.wording(v);
        let of = |w: usize| self.moves[self.versions[w]];
        let proposal = act.proposal();
        let state = settled.state(v, proposal.and_then(|p| p.trial_until), today);
        let each = |bits: &dyn Fn(usize) -> bool| -> BTreeSet<Who> {
            [Who::Me, Who::Partner]
                .into_iter()
                .filter(|who| bits(*who as usize))
                .collect()
        };
        let backs = self.hits.iter().zip(&self.moves);
        let backs = backs.filter(|(hits, act)| {
            !(**hits & wording).is_empty() && !matches!(act.what, What::Yes(_))
        });
        let shown = wording.ones().map(|w| of(w).hash).min();
        let heaviest = wording
            .ones()
            .filter_map(|w| Some(of(w).proposal()?.weight));
        Standing {
            hash: act.hash,
            by: act.by,
            on: act.on,
            base: proposal.map(|p| p.base.clone()).unwrap_or_default(),
            trial_until: proposal.and_then(|p| p.trial_until),
            look_again: proposal.and_then(|p| p.look_again),
            weight: heaviest.max().unwrap_or_default(),
            state,
            yes: each(&|who| {
                settled.both.has(v) || settled.bound[who].has(v) || act.by as usize == who
            }),
            bound: each(&|who| settled.bound[who].has(v)),
            backs: backs.map(|(_, act)| (act.by, act.hash)).collect(),
            hidden_by: shown.filter(|hash| *hash != act.hash),
            number: v,
            above: self.above(settled, v),
            yes_would_count: self.yes_counts(settled, v),
        }
    }
}

impl Settled {
    /// Of each wording among these one version: what is asked of one is true of all.
    fn one_of_each(&self, bits: Bits) -> Bits {
        let mut one_of_each = bits;
        for wording in &self.wordings {
            if let Some(first) = (*wording & bits).ones().next() {
                one_of_each = (one_of_each & !*wording) | Bits::one(first);
            }
        }
        one_of_each
    }

    fn wording(&self, v: usize) -> Bits {
        wording(&self.wordings, v)
    }

    /// What binds one of them: agreed, not in two yeses, not replaced.
    fn binds(&self, who: usize) -> Bits {
        self.agreed & !self.two_yeses & !self.replaced & self.bound[who]
    }

    /// By the precedence of SPEC §4.
    fn state(&self, v: usize, trial_until: Option<Day>, today: Option<Day>) -> VersionState {
        if self.replaced.has(v) {
            VersionState::Replaced
        } else if self.ended.has(v) {
            VersionState::Ended
        } else if self.backed.has(v) {
            VersionState::NotAgreed
        } else if self.two_yeses.has(v) {
            VersionState::TwoYeses
        } else if !(self.agreed & self.bound[0] & self.bound[1]).has(v) {
            VersionState::Proposed
        } else if trial_until
            .zip(today)
            .is_some_and(|(until, today)| today > until)
        {
            VersionState::Over
        } else {
            VersionState::InForce
        }
    }
}

fn wording(wordings: &[Bits], v: usize) -> Bits {
    let all = wordings.iter().find(|wording| wording.has(v));
    all.copied().unwrap_or_else(|| Bits::one(v))
}

/// All versions with the very same words as one of these.
fn spread(wordings: &[Bits], bits: Bits) -> Bits {
    let mut all = bits;
    for wording in wordings {
        if !(*wording & bits).is_empty() {
            all |= *wording;
        }
    }
    all
}

/// The agreement whole, by precedence.
fn whole(versions: &[Standing]) -> AgreementState {
    let shown = versions.iter().filter(|v| v.hidden_by.is_none());
    let states: BTreeSet<VersionState> = shown.map(|v| v.state).collect();
    let any = |state| states.contains(&state);
    if any(VersionState::TwoYeses) {
        AgreementState::TwoYeses
    } else if any(VersionState::InForce) && any(VersionState::Proposed) {
        AgreementState::ChangeProposed
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
