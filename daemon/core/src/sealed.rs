//! Both answer before either sees: check-ins, cards and reviews (SPEC §5).
//!
//! A pure function of the two sequences of acts in one slot. It says what is shown, and what a daemon does by itself:
//! lock on seeing the partner's Ready, open on seeing the partner's Lock. When a round has ended, words that have not left go
//! back to their writer.

use std::collections::BTreeMap;
use troth_proto::Hash;
use troth_proto::assertion::Sealed;
use troth_proto::ids::Who;
use troth_proto::view::SealedState;

/// One act of one partner in a slot, in the order of their book.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Act {
    /// The round it names.
    pub round: u32,
    /// What it does.
    pub does: Does,
}

/// What an act does to a round.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Does {
    /// Commits to words.
    Ready(Hash),
    /// Calls the commitment back.
    Cancel,
    /// Promises to open.
    Lock,
    /// Opens. The words, if they are those committed to.
    Open(Option<Sealed>),
}

/// One partner in one round.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Side {
    /// The commitment, if ready.
    pub ready: Option<Hash>,
    cancelled: bool,
    locked: bool,
    /// What was opened: the words, or nothing that fits.
    pub opened: Option<Option<Sealed>>,
}

impl Side {
    /// Lock and Open count only after one's own uncancelled Ready (and Lock); a Cancel only before one's own Lock.
    fn take(&mut self, does: &Does) {
        match does {
            Does::Ready(commitment) if self.ready.is_none() => self.ready = Some(*commitment),
            Does::Cancel if self.ready.is_some() && !self.locked => self.cancelled = true,
            Does::Lock if self.ready.is_some() && !self.cancelled => self.locked = true,
            Does::Open(words) if self.locked && self.opened.is_none() => {
                self.opened = Some(words.clone());
            }
            _ => {}
        }
    }

    fn stands_ready(&self) -> bool {
        self.ready.is_some() && !self.cancelled
    }

    fn ends_round(&self) -> bool {
        self.cancelled || self.opened == Some(None)
    }

    fn state(&self) -> SealedState {
        match &self.opened {
            Some(Some(_)) => SealedState::Open,
            Some(None) => SealedState::Void,
            None if self.locked => SealedState::Locked,
            None if self.stands_ready() => SealedState::Ready,
            None => SealedState::Empty,
        }
    }
}

/// One round of both.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Round {
    /// The looker.
    pub me: Side,
    /// The other.
    pub partner: Side,
}

impl Round {
    fn ended(&self) -> bool {
        self.me.ends_round() || self.partner.ends_round()
    }

    fn side(&self, who: Who) -> &Side {
        match who {
            Who::Me => &self.me,
            Who::Partner => &self.partner,
        }
    }

    /// What the looker's daemon does by itself now.
    fn due(&self) -> Option<Due> {
        if self.ended() || !self.me.stands_ready() || self.me.opened.is_some() {
            return None;
        }
        match (self.me.locked, self.partner.locked) {
            (true, true) => Some(Due::Open),
            (false, _) if self.partner.stands_ready() => Some(Due::Lock),
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

/// A slot, as two sequences of acts leave it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Slot {
    rounds: BTreeMap<u32, Round>,
}

impl Slot {
    /// The slot as these acts leave it.
    #[must_use]
    pub fn of<'a>(
        mine: impl IntoIterator<Item = &'a Act>,
        theirs: impl IntoIterator<Item = &'a Act>,
    ) -> Self {
        let mut rounds: BTreeMap<u32, Round> = BTreeMap::new();
        for act in mine {
            rounds.entry(act.round).or_default().me.take(&act.does);
        }
        for act in theirs {
            rounds.entry(act.round).or_default().partner.take(&act.does);
        }
        Self { rounds }
    }

    /// The lowest round that neither has ended: the one the next Ready takes.
    #[must_use]
    pub fn round(&self) -> u32 {
        let ended = |n: &u32| self.rounds.get(n).is_some_and(Round::ended);
        (1..).find(|n| !ended(n)).unwrap_or(u32::MAX)
    }

    /// The acts of a round so far.
    #[must_use]
    pub fn at(&self, round: u32) -> Round {
        self.rounds.get(&round).cloned().unwrap_or_default()
    }

    /// What the looker's daemon does by itself now, and in which round. One step at a time; ask again after it.
    #[must_use]
    pub fn due(&self) -> Option<(u32, Due)> {
        self.rounds
            .iter()
            .find_map(|(n, round)| round.due().map(|due| (*n, due)))
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
        if self.words(who).is_some() {
            return SealedState::Open;
        }
        let last = self
            .rounds
            .values()
            .rev()
            .find(|r| r.side(who).ready.is_some());
        match last.map(|r| r.side(who).state()) {
            Some(SealedState::Void) => SealedState::Void,
            _ => SealedState::Empty,
        }
    }

    /// The newest words that one of them has opened.
    #[must_use]
    pub fn words(&self, who: Who) -> Option<&Sealed> {
        self.rounds
            .values()
            .rev()
            .find_map(|round| round.side(who).opened.as_ref()?.as_ref())
    }
}

#[cfg(test)]
#[path = "sealed_model.rs"]
mod model;
