//! Own words of what is put away, closed, settled or gone by: after some days they leave both devices (SPEC §7).

use super::super::desk::Saying;
use super::super::{Node, Now};
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
const AT_ONCE: usize = 64;

impl Node {
    /// Once a day: what has been put away for long enough is forgotten.
    pub(in crate::node) fn forget_told(&mut self, now: Now, entropy: &mut dyn Entropy) {
        let Some(couple) = &self.couple else { return };
        let mut since = std::mem::take(&mut self.desk.local.away_since);
        let before = since.clone();
        let days = &self.desk.local.away_days;
        let mut still_set = BTreeMap::new();
        let mut still = BTreeMap::new();
        let mut due: Vec<Vec<Hash>> = Vec::new();
        for root in couple.threads_told() {
            let Some(thread) = Thread::of(couple, root) else {
                continue;
            };
            if !self.is_away(&thread, now) {
                continue;
            }
            let own = own_words(couple, &thread);
            if own.is_empty() {
                continue;
            }
            // One's own day where one has put it away; else that of this device, whatever day the other wrote.
            let day = put_away_on(&thread).unwrap_or_else(|| {
                let day = since.remove(&thread.root.hash).unwrap_or(now.day);
                still.insert(thread.root.hash, day);
                day
            });
            let set = days.get(&thread.root.hash).copied();
            still_set.extend(set.map(|days| (thread.root.hash, days)));
            let days = set.unwrap_or(limits::PUT_AWAY_DAYS);
            let long = now.day.since(day) >= i64::from(days);
            if long && due.len() < AT_ONCE {
                due.extend(own);
            }
        }
        let local = &mut self.desk.local;
        let changed = still != before || still_set.len() != local.away_days.len();
        (local.away_since, local.away_days) = (still, still_set);
        if changed {
            self.put_local();
        }
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
}

/// The day on which its author put it away, or on which a bid's time was over, if that is one's own to say.
fn put_away_on(thread: &Thread) -> Option<Day> {
    if thread.root.by != Who::Me {
        return None;
    }
    if thread.root.what == What::Told(ToldKind::Bid) {
        return thread.root.facts.day;
    }
    let mut acts = thread.acts.iter();
    let away = acts.find(|act| act.by == Who::Me && act.what == What::PutAway);
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
