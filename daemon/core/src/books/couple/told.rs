//! What was told and opened, what speaks about it, and what says it better (KINDS §1).

use super::{Couple, Index};
use crate::books::book::{Said, Subject};
use crate::books::past::Past;
use crate::books::rights;
use crate::told::{Over, STEPS, What, closes, over};
use troth_proto::ids::Who;
use troth_proto::said::sealed::Open;
use troth_proto::said::told::{Opened, Page, Thing, ToldKind, Verb, may_take_back};
use troth_proto::slot::SealedStep;
use troth_proto::{AssertionId, Body, Hash, Slot, limits};

/// Earlier wordings looked at for what passes on to later ones.
const WORDINGS: usize = 32;

impl Couple {
    /// What was told of a kind, in the order in which it came.
    #[must_use]
    pub fn told_of(&self, kind: ToldKind) -> &[(Who, u32)] {
        &self.kinds[kind as usize]
    }

    /// The newest that one of them has told of a kind, as its author had it, whatever came first; so many at most.
    #[must_use]
    pub fn newest_told(&self, kind: ToldKind, by: Who, n: usize) -> Vec<(Who, u32)> {
        let own = self.told_of(kind).iter().filter(|(who, _)| *who == by);
        self.newest(own, n)
    }

    /// The newest pages of one of them about themselves, so many at most.
    #[must_use]
    pub fn newest_pages(&self, by: Who, page: Page, n: usize) -> Vec<(Who, u32)> {
        self.newest(self.pages.get(&(by, page)).into_iter().flatten(), n)
    }

    fn newest<'a>(&self, all: impl Iterator<Item = &'a Index>, n: usize) -> Vec<Index> {
        let order = |(who, index): &Index| {
            let said = self.book(*who).at(*index as usize);
            std::cmp::Reverse((said.depth(), said.hash))
        };
        let mut all: Vec<Index> = all.copied().collect();
        if all.len() > n {
            all.select_nth_unstable_by_key(n, order);
            all.truncate(n);
        }
        all.sort_unstable_by_key(order);
        all
    }

    /// Threads of what was told or opened that somebody spoke in, and what was told that needs no answer to be over.
    pub fn threads_told(&self) -> impl Iterator<Item = (Who, u32)> + '_ {
        let spoken = self.told.keys().copied();
        let by_itself = |kind: &&ToldKind| match over(**kind) {
            Over::DayGone | Over::Closed | Over::Back => true,
            Over::PutAway | Over::Settled => false,
        };
        let alone = ToldKind::ALL.iter().filter(by_itself);
        let alone = alone.flat_map(|kind| self.told_of(*kind));
        spoken.chain(alone.copied().filter(|root| !self.told.contains_key(root)))
    }

    /// Whose books a name is looked for in: a whole id that is one's own means one's own, whatever the partner has written
    /// under it.
    #[must_use]
    pub fn books_with(&self, name: &str) -> &'static [Who] {
        match AssertionId::from_hex(name) {
            Ok(id) if self.me.has_id(&id) => &[Who::Me],
            _ => &[Who::Me, Who::Partner],
        }
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

    /// Whether words that somebody told or answered are closed until they are opened.
    #[must_use]
    pub fn closes(&self, said: Said<'_>) -> bool {
        match self.thing(said) {
            Some(Thing::Told(kind)) => closes(What::Told(kind), What::Told(kind)),
            Some(Thing::Answer(verb, kind)) => closes(What::Answer(verb), What::Told(kind)),
            Some(Thing::OfOpen(verb)) => closes(What::Answer(verb), What::Opened),
            Some(Thing::Open(_) | Thing::PutAway) | None => false,
        }
    }

    /// Whether something closes a repair: that it ends, that one has done its last step, or that its beginning is taken back.
    #[must_use]
    pub fn closes_a_repair(&self, said: Said<'_>) -> bool {
        let Some(Subject::Told(who, index)) = said.subject else {
            return false;
        };
        let Some(it) = said.read() else {
            return false;
        };
        match it.body {
            Body::Answer(answer) => {
                answer.says == Verb::Stop
                    || answer.says == Verb::Done && answer.facts.step == Some(STEPS)
            }
            Body::TakeBack(_) => {
                let root = self.book(*who).at(*index as usize);
                it.about == Some(root.id) && self.thing(root) == Some(Thing::Told(ToldKind::Repair))
            }
            _ => false,
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

    /// What says something told, or an answer, better: mostly nothing or one.
    #[must_use]
    pub fn said_better(&self, index: (Who, u32)) -> &[(Who, u32)] {
        self.better.get(&index).map_or(&[], |all| all)
    }

    /// What something stands instead of.
    #[must_use]
    pub fn instead_of(&self, said: (Who, u32)) -> Option<(Who, u32)> {
        self.older.get(&said).map(|(old, _)| (said.0, *old))
    }

    /// How many wordings there were before, as far as they are looked at for what passes on to later ones.
    #[must_use]
    pub fn wordings_before(&self, said: (Who, u32)) -> usize {
        let before = self.older.get(&said).map_or(0, |(_, before)| *before);
        before.min(WORDINGS)
    }

    /// Whether a confidence is to be told to nobody: that stands of it, or of an earlier wording. Of more wordings than anybody
    /// makes what binds less holds: nobody makes it dear for the other.
    #[must_use]
    pub fn tell_nobody(&self, confidence: (Who, u32)) -> bool {
        let before = self.older.get(&confidence).map_or(0, |(_, before)| *before);
        let wordings = std::iter::successors(Some(confidence), |it| self.instead_of(*it));
        let stands = |wording: (Who, u32)| {
            crate::steps::step();
            self.nobody.contains_key(&wording)
        };
        before > WORDINGS || wordings.into_iter().any(stands)
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
            let before = self.older.get(&(who, old)).map_or(0, |(_, before)| *before);
            self.older.insert(index, (old, before + 1));
        }
    }

    /// Counts anew how often it stands that something is to be told to nobody.
    pub(super) fn count_nobody(&mut self, thread: Index) {
        let stands = |(_, said): &(Who, Said<'_>)| {
            let nobody = |body: &Body| matches!(body, Body::Answer(answer) if answer.says == Verb::TellNobody);
            !self.taken_back.contains_key(&said.hash)
                && said.read().is_some_and(|it| nobody(&it.body))
        };
        match self.about(thread).iter().filter(|it| stands(it)).count() {
            0 => self.nobody.remove(&thread),
            n => self.nobody.insert(thread, n),
        };
    }

    /// That it is to be told to nobody was taken back.
    fn note_somebody(&mut self, answer: Index) {
        let said = self.book(answer.0).at(answer.1 as usize);
        let Some(Subject::Told(who, index)) = said.subject else {
            return;
        };
        let thread = (*who, *index);
        if let Some(n) = self.nobody.get_mut(&thread) {
            *n -= 1;
            if *n == 0 {
                self.nobody.remove(&thread);
            }
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
        let there = all
            .into_iter()
            .flatten()
            .filter(|said| past.holds(said.place));
        let things = there.filter_map(|said| Some((said, self.thing(said)?)));
        let things = things.filter(|(_, thing)| may_take_back(*thing));
        let new = |said: &Said<'_>| !self.taken_back.contains_key(&said.hash);
        let (mut waiting, mut somebody): (Vec<Index>, Vec<Index>) = Default::default();
        for (said, thing) in things {
            waiting.push((who, said.index()));
            if matches!(thing, Thing::Answer(Verb::TellNobody, _)) && new(&said) {
                somebody.push((who, said.index()));
            }
        }
        for answer in somebody {
            self.note_somebody(answer);
        }
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
