//! Words that leave this disk, in an order that a crash cannot break (PROTOCOL §5).
//!
//! ① one save holds the entry that says so, ② runs are written anew without the words, ③ the file's log is emptied, and only
//! then ④ "forgotten" is said. After a crash a load strips what is left, and ② to ④ follow.

use super::desk::Saying;
use super::{Effect, Node, Now};
use crate::books::book::{Length, Said, Subject};
use crate::books::couple::Couple;
use crate::books::rows::Row;
use crate::keys::Entropy;
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
    /// their index; in which room.
    kept: BTreeMap<(Day, u32), Room>,
    /// What both books held, and the day, when agreements put away were looked at last.
    put_away_at: Option<([Length; 2], Day)>,
    /// Something was written anew or dropped since the log was emptied last.
    unfinished: bool,
    /// Something was taken back that is kept here for some days more, and the disk does the same as if it had left: how long
    /// an answer takes tells nobody what was opened.
    as_if: bool,
}

/// Why words that leave are here for some days more. Each of the two has a room of its own: nobody fills that of what was opened
/// by words that need no opening.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Room {
    /// They stood open, whatever this person did.
    Anyway,
    /// This person opened them, or wrote a page of their own for it.
    Opened,
}

/// Pages that leave, and how their slots stand: each is looked at once.
type Pages<'a> = BTreeMap<&'a Slot, crate::sealed::Slot>;

/// Bytes of runs written anew in one save.
pub(super) const AT_ONCE: usize = 2 * 1024 * 1024;
/// Milliseconds between two such saves, and before the log is tried to be emptied again.
const BREATH: u64 = 20;
const AGAIN: u64 = 10_000;

/// How much is kept in each room.
struct Full([u64; 2]);

impl Full {
    fn of(couple: &Couple, kept: &BTreeMap<(Day, u32), Room>) -> Self {
        let book = couple.book(Who::Partner);
        let mut full = Self([0; 2]);
        for ((_, index), room) in kept {
            if book.is_leaving(*index) {
                full.0[*room as usize] += cost(book.at(*index as usize));
            }
        }
        full
    }

    /// Takes room for one more, if there is any.
    fn takes(&mut self, room: Room, said: Said<'_>) -> bool {
        let full = &mut self.0[room as usize];
        let with = *full + cost(said);
        let fits = with <= limits::LEAVING_BYTES;
        if fits {
            *full = with;
        }
        fits
    }
}

/// What words that leave are counted as.
fn cost(said: Said<'_>) -> u64 {
    limits::LEAVING_COST + said.words().map_or(0, str::len) as u64
}

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
        self.strip(now, &due);
        if new_day {
            self.know_less();
        }
    }

    /// What of this leaves now: one's own, and the partner's unless it was open here and there is room; else thirty days after
    /// this device learned of it. What has room keeps it, and what finds none leaves as if it had not been open: so nothing
    /// that comes later takes the days of what is here, and no moment tells what was opened. `start`: what came off the disk,
    /// and would come again if the disk were full.
    fn leaves_at_once(&mut self, now: Now, new: Vec<(Who, u32)>, start: bool) -> Vec<Hash> {
        let Some(couple) = &self.couple else {
            return Vec::new();
        };
        let (mut due, mut learned) = (Vec::new(), BTreeMap::new());
        let mut pages = Pages::new();
        let mut full = Full::of(couple, &self.forgetting.kept);
        let local = &self.desk.local.learned;
        let (known, unknown): (Vec<_>, Vec<_>) = new
            .into_iter()
            .filter(|(who, index)| couple.book(*who).is_leaving(*index))
            .partition(|(who, index)| {
                let said = couple.book(*who).at(*index as usize);
                *who == Who::Partner && local.contains_key(&said.hash)
            });
        for (who, index) in known.into_iter().chain(unknown) {
            let book = couple.book(who);
            let said = book.at(index as usize);
            let known = local.get(&said.hash).copied();
            let room = (who == Who::Partner)
                .then(|| self.room_of(couple, said, &mut pages))
                .flatten()
                .or(known.map(|_| Room::Opened));
            let Some(room) = room.filter(|room| full.takes(*room, said) || known.is_some()) else {
                due.push(said.hash);
                continue;
            };
            let day = known.unwrap_or(now.day);
            if known.is_none() {
                learned.insert(said.hash, day);
                let entry = book.entry_of(&said.hash).filter(|_| !start);
                self.forgetting.runs.extend(entry.map(|it| book.run_of(it)));
            }
            self.forgetting.kept.insert((day, index), room);
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

    /// In which room something of the partner's is kept that leaves; none if it was not open here.
    fn room_of<'a>(
        &self,
        couple: &'a Couple,
        said: Said<'a>,
        pages: &mut Pages<'a>,
    ) -> Option<Room> {
        let opened = || self.desk.marks.opened(&said.hash).then_some(Room::Opened);
        match said.subject? {
            Subject::Slot(slot) => opened().or_else(|| {
                let stands = pages.entry(slot).or_insert_with(|| couple.slot(slot));
                if stands.is_open_to_both(&said.hash) {
                    return Some(Room::Opened);
                }
                stands.opening(Who::Me).map(|_| Room::Anyway)
            }),
            Subject::Told(..) if couple.closes(said) => opened(),
            Subject::Told(..) => Some(Room::Anyway),
            Subject::Agreement(_) | Subject::Draft(_) => None,
        }
    }

    /// What was kept here for as long as it may be.
    fn kept_for_long_enough(&mut self, now: Now) -> Vec<Hash> {
        let mut due = Vec::new();
        let Some(couple) = &self.couple else {
            return due;
        };
        let book = couple.book(Who::Partner);
        while let Some(first) = self.forgetting.kept.first_entry()
            && now.day.since(first.key().0) >= limits::KEEPING_DAYS
        {
            let ((_, index), _) = first.remove_entry();
            let leaves = book.is_leaving(index);
            due.extend(leaves.then(|| book.at(index as usize).hash));
        }
        due
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
                None => began.push(*id),
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
    pub(super) fn left_on_purpose(couple: &Couple, hash: &Hash) -> bool {
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
