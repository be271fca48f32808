//! Both answer before either sees: check-ins, cards and reviews (SPEC §5).
//!
//! A pure function of the steps in one slot, each with its own past, so that copied homes merge. It says what is shown,
//! and what a daemon does by itself: lock on seeing the partner's Ready, open on seeing the partner's Lock. When a round has
//! ended, words that have not left go back to their writer.

use crate::books::past::{Past, Place};
use std::collections::BTreeMap;
use troth_proto::ids::Who;
use troth_proto::said::sealed::commitment;
use troth_proto::view::SealedState;
use troth_proto::{Body, Hash, PersonId};

/// One step of one partner in a slot.
#[derive(Debug, Clone)]
pub struct Step {
    /// Who makes it.
    pub by: Who,
    /// The round it names.
    pub round: u32,
    /// What it does.
    pub does: Does,
    /// Its hash.
    pub hash: Hash,
    /// Where it is.
    pub place: Place,
    /// What its author had.
    pub past: Past,
    /// An opening whose words its author took back.
    pub taken_back: bool,
}

/// What a step does to a round.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Does {
    /// Commits to words.
    Ready(Hash),
    /// Calls the commitment back.
    Cancel,
    /// Promises to open.
    Lock,
    /// Opens words that have this commitment.
    Open(Hash),
}

impl Does {
    /// What an assertion does to its slot, and in which round. `words` gives the hash of its words.
    pub fn of(
        body: &Body,
        slot: &troth_proto::Slot,
        author: PersonId,
        words: impl Fn() -> Hash,
    ) -> Option<(u32, Self)> {
        Some(match body {
            Body::Ready(it) => (it.round, Self::Ready(it.commitment)),
            Body::Cancel(it) => (it.round, Self::Cancel),
            Body::Lock(it) => (it.round, Self::Lock),
            Body::Open(it) => (it.round, Self::Open(commitment(slot, author, &words()))),
            _ => return None,
        })
    }
}

/// One partner in one round. What is there once stays: ended stays ended, opened stays opened.
#[derive(Debug, Clone, Default)]
pub struct Side {
    ready: Vec<Step>,
    cancels: Vec<Step>,
    locks: Vec<Step>,
    opens: Vec<Step>,
}

impl Side {
    /// Takes a step, after all steps in its past. A Cancel counts unless an own Lock is in its past, a Lock unless a Cancel
    /// is, both only on an own Ready; an Open if a Lock is in its past and no Open.
    fn take(&mut self, step: Step) {
        let before = |steps: &[Step]| steps.iter().any(|other| step.past.holds(other.place));
        match &step.does {
            Does::Ready(_) if !before(&self.ready) => self.ready.push(step),
            Does::Cancel if before(&self.ready) && !before(&self.locks) => self.cancels.push(step),
            Does::Lock if before(&self.ready) && !before(&self.cancels) => self.locks.push(step),
            Does::Open(_) if before(&self.locks) && !before(&self.opens) => self.opens.push(step),
            _ => {}
        }
    }

    /// Whether it has become ready in this round, whatever came then.
    #[must_use]
    pub fn was_ready(&self) -> bool {
        !self.ready.is_empty()
    }

    /// What was committed to: of several, by copies of a home, the lowest hash.
    #[must_use]
    pub fn ready(&self) -> Option<&Step> {
        self.ready.iter().min_by_key(|step| step.hash)
    }

    /// Whether it has committed to these words.
    #[must_use]
    pub fn committed_to(&self, commitment: &Hash) -> bool {
        let fits = |step: &Step| step.does == Does::Ready(*commitment);
        self.ready.iter().any(fits)
    }

    fn stands_ready(&self) -> bool {
        !self.ready.is_empty() && self.cancels.is_empty()
    }

    fn locked(&self) -> bool {
        !self.locks.is_empty()
    }

    fn has_opened(&self) -> bool {
        !self.opens.is_empty()
    }

    /// The opening that fits what was committed to: of several the lowest hash.
    #[must_use]
    pub fn opening(&self) -> Option<Hash> {
        let fits = |step: &&Step| match &step.does {
            Does::Open(commitment) => self.committed_to(commitment),
            _ => false,
        };
        self.opens.iter().filter(fits).map(|step| step.hash).min()
    }

    /// Whether what it has opened was taken back.
    fn took_back(&self) -> bool {
        let opening = self.opening();
        let mut opens = self.opens.iter();
        opening.is_some_and(|hash| opens.any(|step| step.hash == hash && step.taken_back))
    }

    fn is_void(&self) -> bool {
        self.has_opened() && self.opening().is_none()
    }

    fn ends_round(&self) -> bool {
        !self.cancels.is_empty() || self.is_void()
    }

    fn state(&self) -> SealedState {
        if self.opening().is_some() {
            SealedState::Open
        } else if self.is_void() {
            SealedState::Void
        } else if self.locked() {
            SealedState::Locked
        } else if self.stands_ready() {
            SealedState::Ready
        } else {
            SealedState::Empty
        }
    }
}

/// One round of both.
#[derive(Debug, Clone, Default)]
pub struct Round {
    sides: [Side; 2],
}

impl Round {
    fn ended(&self) -> bool {
        let both = [Who::Me, Who::Partner];
        self.sides.iter().any(Side::ends_round) || both.iter().any(|who| self.is_withdrawn(*who))
    }

    /// Whether one of them opened and took it back before the other had opened: it is as if nothing had been said.
    fn is_withdrawn(&self, who: Who) -> bool {
        self.side(who).took_back() && !self.side(who.other()).has_opened()
    }

    fn is_open(&self, who: Who) -> bool {
        self.side(who).opening().is_some() && !self.is_withdrawn(who)
    }

    /// One of the two.
    #[must_use]
    pub fn side(&self, who: Who) -> &Side {
        &self.sides[who as usize]
    }

    /// What the looker's daemon does by itself now. Words that the partner has opened in an earlier round stay theirs.
    fn due(&self, partner_is_open: bool) -> Option<Due> {
        let (me, partner) = (self.side(Who::Me), self.side(Who::Partner));
        if self.ended() || !me.stands_ready() || me.has_opened() {
            return None;
        }
        match (me.locked(), partner.locked() || partner_is_open) {
            (true, true) => Some(Due::Open),
            (false, _) if partner.stands_ready() || partner_is_open => Some(Due::Lock),
            _ => None,
        }
    }
}

/// What a daemon does by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Due {
    /// Writes Lock, having seen the partner's Ready.
    Lock,
    /// Writes Open, both being locked.
    Open,
}

/// A slot, as the steps of both leave it.
#[derive(Debug, Clone, Default)]
pub struct Slot {
    rounds: BTreeMap<u32, Round>,
}

impl Slot {
    /// The slot as these steps leave it. Their order does not matter.
    #[must_use]
    pub fn of(mut steps: Vec<Step>) -> Self {
        steps.sort_by_key(|step| (step.past.size(), step.hash));
        let mut rounds: BTreeMap<u32, Round> = BTreeMap::new();
        for step in steps {
            let round = rounds.entry(step.round).or_default();
            round.sides[step.by as usize].take(step);
        }
        Self { rounds }
    }

    /// The lowest round that neither has ended: the one the next Ready takes.
    #[must_use]
    pub fn round(&self) -> u32 {
        let ended = |n: &u32| self.rounds.get(n).is_some_and(Round::ended);
        (1..).find(|n| !ended(n)).unwrap_or(u32::MAX)
    }

    /// A round so far.
    #[must_use]
    pub fn at(&self, round: u32) -> Round {
        self.rounds.get(&round).cloned().unwrap_or_default()
    }

    /// What the looker's daemon does by itself now, and in which round. One step at a time; ask again after it.
    #[must_use]
    pub fn due(&self) -> Option<(u32, Due)> {
        let mut partner_is_open = false;
        for (n, round) in &self.rounds {
            if let Some(due) = round.due(partner_is_open) {
                return Some((*n, due));
            }
            partner_is_open |= round.is_open(Who::Partner);
        }
        None
    }

    /// Whether a round has ended: words that wait for it go back to their writer as a draft.
    #[must_use]
    pub fn has_ended(&self, round: u32) -> bool {
        self.rounds.get(&round).is_some_and(Round::ended)
    }

    /// How far one of them is. What is open stays open whatever comes after.
    #[must_use]
    pub fn state(&self, who: Who) -> SealedState {
        let here = self.at(self.round()).side(who).state();
        if here != SealedState::Empty {
            return here;
        }
        if self.rounds.values().any(|round| round.is_open(who)) {
            return SealedState::Open;
        }
        let last = self
            .rounds
            .values()
            .rev()
            .find(|round| round.side(who).was_ready());
        match last.map(|round| round.side(who).state()) {
            Some(SealedState::Void) => SealedState::Void,
            _ => SealedState::Empty,
        }
    }

    /// The newest words that one of them has opened, by the opening's hash.
    #[must_use]
    pub fn opening(&self, who: Who) -> Option<Hash> {
        self.rounds
            .values()
            .rev()
            .find_map(|round| round.side(who).opening())
    }

    /// All openings of one of them that fit.
    pub fn openings(&self, who: Who) -> impl Iterator<Item = Hash> {
        self.rounds
            .values()
            .filter_map(move |round| round.side(who).opening())
    }

    /// Whether what the other has opened is open to both: the newest that is, or one in a round in which the looker has opened,
    /// too. Nobody makes more of them by oneself.
    #[must_use]
    pub fn is_open_to_both(&self, hash: &Hash) -> bool {
        let mine = self.opening(Who::Me).is_some();
        let together = |round: &Round| {
            round.is_open(Who::Me) && round.side(Who::Partner).opening() == Some(*hash)
        };
        mine && self.opening(Who::Partner) == Some(*hash) || self.rounds.values().any(together)
    }

    /// Whether the looker's words open at once when the looker becomes ready now: the other is ready, locked, or has shared
    /// without waiting.
    #[must_use]
    pub fn opens_at_once(&self) -> bool {
        let mine = self.state(Who::Me);
        matches!(mine, SealedState::Empty | SealedState::Void)
            && matches!(
                self.state(Who::Partner),
                SealedState::Ready | SealedState::Locked | SealedState::Open
            )
    }
}

#[cfg(test)]
#[path = "sealed_model.rs"]
mod model;
