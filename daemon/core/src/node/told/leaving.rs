//! Own words of what is put away, closed, settled or gone by: after some days they leave both devices (SPEC §7).

use super::super::desk::Saying;
use super::super::{Node, Now};
use super::Root;
use crate::books::book::Subject;
use crate::books::couple::Couple;
use crate::keys::Entropy;
use crate::told::{Thread, What};
use std::collections::BTreeMap;
use troth_proto::ids::Who;
use troth_proto::said::forgetting::Forget;
use troth_proto::said::told::ToldKind;
use troth_proto::slot::SealedStep;
use troth_proto::{Body, Day, Hash, Slot, limits};

/// Threads of which own words are let go in one day: the others follow the next.
const DUE_AT_ONCE: usize = 64;
/// Acts that are read before others are answered.
const READ_AT_ONCE: usize = 5_000;
/// Milliseconds until more of them are.
const BREATH: u64 = 20;

/// A look for what has been put away for long enough.
#[derive(Default)]
pub(in crate::node) struct Look {
    /// Threads that are still to be looked at, the next one last.
    threads: Vec<Root>,
    /// Of how many more of them own words may go today.
    due: usize,
    /// When it goes on.
    pub at: Option<u64>,
}

impl Node {
    /// Once a day: what has been put away for long enough is forgotten, in parts.
    pub(in crate::node) fn forget_told(&mut self, now: Now, entropy: &mut dyn Entropy) {
        let Some(couple) = &self.couple else { return };
        let mut threads: Vec<Root> = couple.threads_told().collect();
        threads.reverse();
        self.away = Look {
            threads,
            due: DUE_AT_ONCE,
            at: None,
        };
        self.look_at_more(now, entropy);
    }

    /// The next part of a look, if it is time.
    pub(in crate::node) fn away_tick(&mut self, now: Now, entropy: &mut dyn Entropy) {
        if self.away.at.is_some_and(|at| at <= now.mono) {
            self.look_at_more(now, entropy);
        }
    }

    fn look_at_more(&mut self, now: Now, entropy: &mut dyn Entropy) {
        let (mut acts, mut due) = (0, Vec::new());
        while acts < READ_AT_ONCE
            && let Some(root) = self.away.threads.pop()
        {
            acts += self.acts_of(root);
            let of = self.due_of(now, root);
            if !of.is_empty() && self.away.due > 0 {
                self.away.due -= 1;
                due.extend(of);
            }
        }
        let more = !self.away.threads.is_empty();
        self.away.at = more.then_some(now.mono + BREATH);
        self.say_forgotten(now, entropy, due);
    }

    /// What was put away just now leaves at once, if that is after no days.
    pub(in crate::node) fn forget_at_once(
        &mut self,
        now: Now,
        entropy: &mut dyn Entropy,
        root: Root,
    ) {
        let due = self.due_of(now, root);
        self.say_forgotten(now, entropy, due);
    }

    fn say_forgotten(&mut self, now: Now, entropy: &mut dyn Entropy, due: Vec<Vec<Hash>>) {
        for of in due {
            for of in of.chunks(limits::FORGOTTEN_AT_ONCE) {
                let forget = Saying::plain(Body::Forget(Forget { of: of.to_vec() }));
                // What cannot be said now is tried again: the words are to leave.
                if self.say(entropy, forget.on(now)).is_err() {
                    return;
                }
            }
        }
        self.forget_what_is_due(now, entropy);
    }

    /// How many acts are read for one thread.
    fn acts_of(&self, root: Root) -> usize {
        let Some(couple) = &self.couple else {
            return 0;
        };
        let said = couple.book(root.0).at(root.1 as usize);
        let slots = self.slots_of_repairs(&[root].into());
        let in_slots = slots.iter().map(|slot| couple.acts_in_slot(slot));
        let of_step = match said.subject {
            Some(Subject::Slot(slot)) => couple.acts_in_slot(slot),
            _ => 0,
        };
        1 + couple.acts_about(root) + of_step + in_slots.sum::<usize>()
    }

    /// Own words of a thread that are to leave now; and since when it is away, noted where only this device knows it.
    fn due_of(&mut self, now: Now, root: Root) -> Vec<Vec<Hash>> {
        let none = Vec::new();
        let Some(couple) = &self.couple else {
            return none;
        };
        let Some(thread) = Thread::of(couple, root) else {
            return none;
        };
        let own = match self.is_away(&thread, now) {
            true => own_words(couple, &thread),
            false => Vec::new(),
        };
        let hash = thread.root.hash;
        let local = &mut self.desk.local;
        if own.is_empty() {
            let gone = [
                local.away_since.remove(&hash).is_some(),
                local.away_days.remove(&hash).is_some(),
            ];
            if gone.contains(&true) {
                self.put_local();
            }
            return none;
        }
        let days = local.away_days.get(&hash).copied();
        let days = i64::from(days.unwrap_or(limits::PUT_AWAY_DAYS));
        // One's own day where one has put it away; else that of this device, whatever day the other wrote.
        let own_day = put_away_on(&thread);
        let known = local.away_since.get(&hash).copied();
        let since = own_day.or(known).unwrap_or(now.day);
        let noted = own_day.is_none().then_some(since);
        if noted != known {
            match noted {
                Some(day) => local.away_since.insert(hash, day),
                None => local.away_since.remove(&hash),
            };
            self.put_local();
        }
        if now.day.since(since) >= days {
            own
        } else {
            none
        }
    }
}

/// The day on which its author put it away, or on which a bid's time was over, if that is one's own to say.
fn put_away_on(thread: &Thread) -> Option<Day> {
    if thread.root.by != Who::Me {
        return None;
    }
    if thread.root.what == What::Told(ToldKind::Bid) {
        return thread.root.facts.day;
    }
    // What was taken out again counts for nothing.
    let mut acts = thread.acts.iter().rev();
    let away = acts.find(|act| act.by == Who::Me && act.what == What::PutAway && !act.taken_back);
    away.and_then(|act| act.on)
}

/// Own assertions of a thread, and of the sealed steps of a repair, that have words here: those of one subject together.
pub(super) fn own_words(couple: &Couple, thread: &Thread) -> Vec<Vec<Hash>> {
    let worded = |hash: &Hash| {
        let said = couple.book(Who::Me).find(hash);
        let words = said.and_then(|said| said.words());
        words.is_some_and(|words| !words.is_empty()) && !couple.leaves(hash)
    };
    let acts = std::iter::once(&thread.root).chain(&thread.acts);
    let own = acts.filter(|act| act.by == Who::Me).map(|act| act.hash);
    let mut by_subject: BTreeMap<Subject, Vec<Hash>> = BTreeMap::new();
    let mut note = |hash: Hash| {
        let said = couple.book(Who::Me).find(&hash);
        let subject = said.and_then(|said| said.subject.cloned());
        if let Some(subject) = subject {
            by_subject.entry(subject).or_default().push(hash);
        }
    };
    own.filter(&worded).for_each(&mut note);
    if thread.root.what == What::Told(ToldKind::Repair) {
        for (step, _) in SealedStep::ALL {
            let slot = Slot::Repair {
                id: thread.root.id,
                step,
            };
            let stands = couple.slot(&slot);
            stands.openings(Who::Me).filter(&worded).for_each(&mut note);
            for hash in stands
                .openings(Who::Partner)
                .chain(stands.openings(Who::Me))
            {
                let found = couple.find(&hash);
                let about = found.and_then(|(who, said)| Thread::of(couple, (who, said.index())));
                let acts = about.iter().flat_map(|about| &about.acts);
                let own = acts.filter(|act| act.by == Who::Me).map(|act| act.hash);
                own.filter(&worded).for_each(&mut note);
            }
        }
    }
    by_subject.into_values().collect()
}

impl Node {
    fn is_away(&self, thread: &Thread, now: Now) -> bool {
        self.bare_looker(now).is_some_and(|it| it.put_away(thread))
    }
}
