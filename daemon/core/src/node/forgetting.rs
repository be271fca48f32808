//! Words that leave this disk, in an order that a crash cannot break (PROTOCOL §5).
//!
//! ① one save holds the entry that says so, ② runs are written anew without the words, ③ the file's log is emptied, and only
//! then ④ "forgotten" is said. After a crash a load strips what is left, and ② to ④ follow.

use super::desk::Saying;
use super::{Effect, Node, Now};
use crate::books::book::{Length, Subject};
use crate::books::rows::Row;
use crate::keys::{Entropy, draw};
use std::collections::{BTreeMap, BTreeSet};
use troth_proto::ids::Who;
use troth_proto::notice::Notice;
use troth_proto::said::forgetting::Forget;
use troth_proto::{AgreementId, Body, Day, Hash, Problem, Slot, limits};

/// What is under way.
#[derive(Default)]
pub(super) struct Forgetting {
    /// Runs that hold words which have left.
    runs: BTreeSet<u64>,
    /// All runs are written anew, and the file's log is being emptied.
    erasing: bool,
    /// When it is tried again.
    pub again_at: Option<u64>,
    /// On which day it was looked at last what leaves.
    looked_on: Option<Day>,
    /// Words of the partner's that leave and are here for some days more: by the day on which this device learned of it, and
    /// their index.
    kept: BTreeSet<(Day, u32)>,
    /// What both books held, and the day, when agreements put away were looked at last.
    put_away_at: Option<([Length; 2], Day)>,
    /// Something was written anew or dropped since the log was emptied last.
    unfinished: bool,
    /// Something was taken back that is kept here for some days more, and the disk does the same as if it had left: how long
    /// an answer takes tells nobody what was opened.
    as_if: bool,
}

/// Bytes of runs written anew in one save.
pub(super) const AT_ONCE: usize = 2 * 1024 * 1024;
/// Milliseconds between two such saves, and before the log is tried to be emptied again.
const BREATH: u64 = 20;
const AGAIN: u64 = 10_000;

impl Forgetting {
    /// The next look at agreements put away is a whole one.
    pub(super) fn look_again(&mut self) {
        self.put_away_at = None;
    }
}

impl Node {
    /// Strips whatever is to leave by now, and begins to take it off the disk.
    pub(super) fn forget_what_is_due(&mut self, now: Now, entropy: &mut dyn Entropy) {
        self.forget_what_was_put_away(now, entropy);
        let before = self.forgetting.looked_on.replace(now.day);
        let new_day = before != Some(now.day);
        let Some(couple) = &mut self.couple else {
            return;
        };
        let new = couple.newly_leaving();
        if new.is_empty() && !new_day {
            return;
        }
        let mut due = self.leaves_at_once(now, new, before.is_none());
        due.extend(self.kept_for_long_enough(now));
        due.extend(self.more_than_is_kept(entropy));
        self.strip(now, &due);
        if new_day {
            self.know_less();
        }
    }

    /// What of this leaves now: one's own, and the partner's unless it was open here; else thirty days after this device learned
    /// of it. `start`: what came off the disk, and would come again if the disk were full.
    fn leaves_at_once(&mut self, now: Now, new: Vec<(Who, u32)>, start: bool) -> Vec<Hash> {
        let Some(couple) = &self.couple else {
            return Vec::new();
        };
        let (mut due, mut learned) = (Vec::new(), BTreeMap::new());
        let mut slots: BTreeMap<&Slot, bool> = BTreeMap::new();
        for (who, index) in new {
            let book = couple.book(who);
            if !book.is_leaving(index) {
                continue;
            }
            let said = book.at(index as usize);
            let known = self.desk.local.learned.get(&said.hash);
            let stays = who == Who::Partner
                && (known.is_some()
                    || match said.subject {
                        Some(Subject::Slot(slot)) => *slots
                            .entry(slot)
                            .or_insert_with(|| couple.slot(slot).opening(Who::Me).is_some()),
                        Some(Subject::Told(..)) => self.was_open_here(couple, said),
                        Some(Subject::Agreement(_) | Subject::Draft(_)) | None => false,
                    });
            if !stays {
                due.push(said.hash);
                continue;
            }
            let day = known.copied().unwrap_or(now.day);
            if known.is_none() {
                learned.insert(said.hash, day);
                let entry = book.entry_of(&said.hash).filter(|_| !start);
                self.forgetting.runs.extend(entry.map(|it| book.run_of(it)));
            }
            self.forgetting.kept.insert((day, index));
        }
        if learned.is_empty() {
            return due;
        }
        self.desk.local.learned.extend(learned);
        if start {
            self.with_next(Row::Local);
        } else {
            self.forgetting.as_if = true;
            self.forgetting.again_at = Some(now.mono);
            self.later(now, Row::Local);
        }
        due
    }

    /// What was kept here for as long as it may be.
    fn kept_for_long_enough(&mut self, now: Now) -> Vec<Hash> {
        let mut due = Vec::new();
        while let Some((day, _)) = self.forgetting.kept.first()
            && now.day.since(*day) >= limits::KEEPING_DAYS
        {
            due.extend(self.oldest_kept());
        }
        due
    }

    /// What leaves before its days, the oldest first, once more is kept than may be: down to a part of that which nobody
    /// knows, so that the moment tells nothing of what was opened.
    fn more_than_is_kept(&mut self, entropy: &mut dyn Entropy) -> Vec<Hash> {
        let mut due = Vec::new();
        let Some(couple) = &self.couple else {
            return due;
        };
        let book = couple.book(Who::Partner);
        let cost = |index: u32| {
            let said = book.is_leaving(index).then(|| book.at(index as usize));
            let words = said.and_then(|said| said.words())?;
            Some(limits::LEAVING_COST + words.len() as u64)
        };
        let kept = self.forgetting.kept.iter();
        let costs: Vec<u64> = kept.map(|(_, index)| cost(*index).unwrap_or(0)).collect();
        let mut all: u64 = costs.iter().sum();
        if all <= limits::LEAVING_BYTES {
            return due;
        }
        let [part]: [u8; 1] = draw(entropy);
        let most = limits::LEAVING_BYTES / 1024 * (512 + u64::from(part));
        for cost in costs {
            if all <= most {
                break;
            }
            all -= cost;
            due.extend(self.oldest_kept());
        }
        due
    }

    /// What was kept here first, and is no more.
    fn oldest_kept(&mut self) -> Option<Hash> {
        let (_, index) = self.forgetting.kept.pop_first()?;
        let book = self.couple.as_ref()?.book(Who::Partner);
        let leaves = book.is_leaving(index);
        leaves.then(|| book.at(index as usize).hash)
    }

    fn strip(&mut self, now: Now, due: &[Hash]) {
        let Some(couple) = &mut self.couple else {
            return;
        };
        let (mut stripped, mut of_partner) = (false, false);
        for hash in due {
            if let Some((who, index)) = couple.strip(hash) {
                self.forgetting.runs.insert(couple.book(who).run_of(index));
                stripped = true;
                of_partner |= who == Who::Partner;
            }
            self.desk.local.learned.remove(hash);
        }
        // Also where nothing was known of it: as if it were kept.
        if of_partner {
            self.later(now, Row::Local);
        }
        if stripped {
            self.forgetting.unfinished = true;
            self.out.told = true;
            self.forgetting.again_at = Some(now.mono);
        }
    }

    /// Nothing stays known of words that are not here: a crash may have come between.
    fn know_less(&mut self) {
        let Some(couple) = &self.couple else { return };
        let book = couple.book(Who::Partner);
        let here = |hash: &Hash| {
            let index = book.index_of_said(hash);
            index.is_some_and(|index| book.is_leaving(index as u32))
        };
        let learned = &mut self.desk.local.learned;
        let before = learned.len();
        learned.retain(|hash, _| here(hash));
        if learned.len() < before {
            self.with_next(Row::Local);
        }
    }

    /// Words that leave are kept by other days from now on.
    pub(super) fn look_at_leaving_again(&mut self) {
        self.forgetting.kept.clear();
        if let Some(couple) = &mut self.couple {
            couple.all_that_leaves_anew();
        }
    }

    /// Own words of agreements that both have put away, once the days are over that were set here.
    fn forget_what_was_put_away(&mut self, now: Now, entropy: &mut dyn Entropy) {
        let Some(couple) = &self.couple else { return };
        let held = (couple.length(), now.day);
        if self.forgetting.put_away_at.replace(held) == Some(held) {
            return;
        }
        let all = couple.all();
        let (mut began, mut due): (Vec<AgreementId>, Vec<AgreementId>) = Default::default();
        for (id, (days, since)) in &self.desk.local.put_away {
            let Some(thread) = couple.thread(id) else {
                continue;
            };
            let both = [Who::Me, Who::Partner]
                .iter()
                .all(|who| couple.put_away(thread, *who, &all));
            match since {
                _ if !both => {}
                Some(since) if now.day.since(*since) >= i64::from(*days) => due.push(*id),
                Some(_) => {}
                None => {
                    began.push(*id);
                    if *days == 0 {
                        due.push(*id);
                    }
                }
            }
        }
        for id in &began {
            if let Some((_, since)) = self.desk.local.put_away.get_mut(id) {
                *since = Some(now.day);
            }
        }
        // What cannot be said now is tried again: the words are to leave.
        due.retain(|id| self.forget_own_words(now, entropy, id).is_ok());
        self.desk.local.put_away.retain(|id, _| !due.contains(id));
        if !began.is_empty() || !due.is_empty() {
            self.put_local();
        }
    }

    fn forget_own_words(
        &mut self,
        now: Now,
        entropy: &mut dyn Entropy,
        id: &AgreementId,
    ) -> Result<(), Problem> {
        let (_, couple) = self.bound()?;
        let thread = self.thread(id).ok_or(Problem::Internal)?;
        // Something new may stand by now: it is not for these days.
        if !couple.may_forget(id, &couple.all()) {
            return Err(Problem::StillStands);
        }
        let own: Vec<Hash> = couple
            .said_in(thread)
            .filter(|(by, said)| *by == Who::Me && said.words().is_some_and(|w| !w.is_empty()))
            .map(|(_, said)| said.hash)
            .collect();
        for of in own.chunks(limits::FORGOTTEN_AT_ONCE) {
            let forget = Saying::plain(Body::Forget(Forget { of: of.to_vec() }));
            self.say(entropy, forget.on(now))?;
        }
        Ok(())
    }

    /// What was dropped leaves the file's log, too.
    pub(super) fn erase_soon(&mut self, now: Now) {
        self.forgetting.unfinished = true;
        self.forgetting.again_at = Some(now.mono);
    }

    /// Runs that are written anew in saves to come.
    pub(super) fn write_anew_soon(&mut self, now: Now, runs: BTreeSet<u64>) {
        self.forgetting.runs.extend(runs);
        self.forgetting.again_at.get_or_insert(now.mono + BREATH);
    }

    /// One part of the way: runs written anew, then the log emptied.
    pub(super) fn forgetting_tick(&mut self, now: Now) {
        if self.forgetting.erasing || self.forgetting.again_at.is_none_or(|at| at > now.mono) {
            return;
        }
        self.forgetting.again_at = None;
        let mut bytes = 0;
        while bytes < AT_ONCE
            && let Some(run) = self.forgetting.runs.pop_first()
        {
            bytes += self.rewrite_run(run);
        }
        if self.forgetting.runs.is_empty() {
            self.forgetting.erasing = true;
            let forgotten = self.forgetting.unfinished || self.forgetting.as_if;
            self.out.effects.push(Effect::Erase { forgotten });
        } else {
            self.forgetting.again_at = Some(now.mono + BREATH);
        }
    }

    /// The log is empty, or could not be emptied.
    pub(super) fn erased(&mut self, now: Now, done: bool) {
        self.forgetting.erasing = false;
        if !done {
            self.notice(Notice::NotForgottenYet);
            self.forgetting.again_at = Some(now.mono + AGAIN);
        } else if self.forgetting.runs.is_empty() {
            let as_if = std::mem::take(&mut self.forgetting.as_if);
            let forgotten = std::mem::take(&mut self.forgetting.unfinished);
            if forgotten {
                self.noticed(Notice::Forgotten);
            }
            if forgotten || as_if {
                self.put(Row::Notices);
            }
        } else {
            self.forgetting.again_at = Some(now.mono);
        }
    }

    /// Whether words that are not here have left on purpose.
    pub(super) fn left_on_purpose(couple: &crate::books::couple::Couple, hash: &Hash) -> bool {
        couple.leaves(hash) || couple.is_forgotten_by_author_alone(hash)
    }

    /// Words which a home that was read holds although they have left: a crash came between.
    pub(super) fn forget_after_a_load(&mut self, now: Now) {
        let any = self.couple.as_ref().is_some_and(|couple| {
            couple.forgotten().next().is_some() || couple.taken_back().next().is_some()
        });
        if any {
            self.forgetting.again_at = Some(now.mono);
        }
    }
}
