//! What was told and opened, what speaks about it, and what says it better (KINDS §1).

use super::{Couple, Index};
use crate::books::book::{Said, Subject};
use crate::books::past::Past;
use crate::books::rights;
use crate::told::{Over, over};
use troth_proto::ids::Who;
use troth_proto::said::sealed::Open;
use troth_proto::said::told::{Opened, Thing, ToldKind};
use troth_proto::slot::SealedStep;
use troth_proto::{AssertionId, Body, Hash, Slot, limits};

impl Couple {
    /// What was told of a kind, in the order in which it came.
    #[must_use]
    pub fn told_of(&self, kind: ToldKind) -> &[(Who, u32)] {
        &self.kinds[kind as usize]
    }

    /// Threads of what was told or opened that somebody spoke in, and what was told that needs no answer to be over.
    pub fn threads_told(&self) -> impl Iterator<Item = (Who, u32)> + '_ {
        let spoken = self.told.keys().copied();
        let by_itself = |kind: &&ToldKind| match over(**kind) {
            Over::DayGone | Over::Closed => true,
            Over::PutAway | Over::Settled | Over::Back => false,
        };
        let alone = ToldKind::ALL.iter().filter(by_itself);
        let alone = alone.flat_map(|kind| self.told_of(*kind));
        spoken.chain(alone.copied().filter(|root| !self.told.contains_key(root)))
    }

    /// Whether something of the partner's stands under an id of mine. Ids are drawn: none of our programs writes that, and so
    /// it is here as if it had never been told; else it would stand in the way of what is mine.
    #[must_use]
    pub fn is_under_an_id_of_mine(&self, by: Who, id: &AssertionId) -> bool {
        by == Who::Partner && self.me.has_id(id)
    }

    /// What an assertion is, as something that can be spoken of.
    #[must_use]
    pub fn thing(&self, said: Said<'_>) -> Option<Thing> {
        match said.read()?.body {
            Body::Told(told) => Some(Thing::Told(told.kind)),
            Body::Open(open) => Some(opening(&open)),
            Body::PutAway(away) => away.agreement.is_none().then_some(Thing::PutAway),
            Body::Answer(answer) => {
                let Some(Subject::Told(who, index)) = said.subject else {
                    return None;
                };
                match self.book(*who).at(*index as usize).read()?.body {
                    Body::Told(told) => Some(Thing::Answer(answer.says, told.kind)),
                    Body::Open(_) => Some(Thing::OfOpen(answer.says)),
                    _ => None,
                }
            }
            _ => None,
        }
    }

    /// Whether it is what was opened in a slot.
    #[must_use]
    pub fn is_opening(&self, (who, index): (Who, u32)) -> bool {
        let said = self.book(who).at(index as usize);
        matches!(said.subject, Some(Subject::Slot(_)))
    }

    /// What the partner told or answered that is closed until it is opened, by its index, in the order in which it came.
    #[must_use]
    pub fn closed(&self) -> &[u32] {
        &self.closed
    }

    /// What speaks about something told or opened, in a causal order that both have, of each as many as count in a view.
    #[must_use]
    pub fn about(&self, root: (Who, u32)) -> Vec<(Who, Said<'_>)> {
        let acts = self.told.get(&root);
        acts.map_or_else(Vec::new, |acts| self.first(acts))
    }

    /// How many acts speak about something told or opened: as many as a view reads, at most.
    #[must_use]
    pub fn acts_about(&self, root: (Who, u32)) -> usize {
        let acts = self.told.get(&root).map_or(0, |acts| acts.said.len());
        acts.min(2 * limits::ACTS_TAKEN)
    }

    /// Whether one of them has said anything about something told or opened.
    #[must_use]
    pub fn has_spoken_of(&self, root: (Who, u32), by: Who) -> bool {
        let acts = self.told.get(&root);
        acts.is_some_and(|acts| acts.said.iter().any(|(who, _)| *who == by))
    }

    /// Whether anything speaks about something told or opened.
    #[must_use]
    pub fn is_spoken_of(&self, root: (Who, u32)) -> bool {
        self.told.contains_key(&root)
    }

    /// What says something told, or an answer, better: mostly nothing or one.
    #[must_use]
    pub fn said_better(&self, index: (Who, u32)) -> &[(Who, u32)] {
        self.better.get(&index).map_or(&[], |all| all)
    }

    /// What something stands instead of.
    #[must_use]
    pub fn instead_of(&self, said: (Who, u32)) -> Option<(Who, u32)> {
        let (who, index) = said;
        let said = self.book(who).at(index as usize);
        let it = said.read()?;
        it.instead_of?;
        let old = rights::stands_instead_of(self, who, &said.past(), &it)?;
        Some((who, old.index()))
    }

    /// Whether a repair of this id has begun in a past.
    #[must_use]
    pub fn repair_in(&self, id: &AssertionId, past: &Past) -> bool {
        let both = [Who::Me, Who::Partner].into_iter();
        let mut all = both.flat_map(|who| self.book(who).by_id(id));
        all.any(|said| {
            past.holds(said.place) && self.thing(said) == Some(Thing::Told(ToldKind::Repair))
        })
    }

    pub(super) fn note_better(&mut self, index: Index, it: &troth_proto::Assertion, past: &Past) {
        let (who, _) = index;
        let old = rights::stands_instead_of(self, who, past, it).map(Said::index);
        if let Some(old) = old {
            self.better.entry((who, old)).or_default().push(index);
        }
    }

    /// What is taken back takes every earlier wording with it (K2).
    pub(super) fn note_take_back(
        &mut self,
        who: Who,
        it: &troth_proto::Assertion,
        (by, past): (Hash, &Past),
    ) {
        let all = it.about.map(|id| self.book(who).by_id(&id));
        let there = all.into_iter().flatten().filter(|said| {
            past.holds(said.place)
                && self
                    .thing(*said)
                    .is_some_and(troth_proto::said::told::may_take_back)
        });
        let mut waiting: Vec<Index> = there.map(|said| (who, said.index())).collect();
        while let Some(index) = waiting.pop() {
            let hash = self.book(who).at(index.1 as usize).hash;
            if let std::collections::btree_map::Entry::Vacant(new) = self.taken_back.entry(hash) {
                new.insert(by);
                self.leaves_now(index);
                waiting.extend(self.instead_of(index));
            }
        }
    }
}

/// What was opened, as something that can be spoken of.
fn opening(open: &Open) -> Thing {
    Thing::Open(match open.slot {
        Slot::Repair {
            step: SealedStep::Feelings,
            ..
        } => Opened::Feelings,
        Slot::Repair { .. } => Opened::Step,
        Slot::Week { .. } | Slot::Year(_) | Slot::Card(_) | Slot::Look { .. } => Opened::Page,
    })
}
