//! Steps of a sealed slot, by the person and by the daemon itself (SPEC §5).

use super::desk::{Kept, Saying};
use super::requests::value;
use super::told::ACTS_LOOKED_AT;
use super::{Node, Now};
use crate::books::couple::Couple;
use crate::books::rows::Row;
use crate::keys::{Entropy, draw};
use crate::sealed::{self, Due};
use serde_json::Value;
use std::collections::BTreeSet;
use troth_proto::api::Slots;
use troth_proto::assertion::words_hash;
use troth_proto::ids::Who;
use troth_proto::problem::Wrong;
use troth_proto::said::Spoken;
use troth_proto::said::forgetting::TakeBack;
use troth_proto::said::sealed::{Cancel, CheckIn, Lock, Open, Ready, Sealed, commitment};
use troth_proto::said::told::{Answer, Facts, Texts, Verb};
use troth_proto::view::SealedState;
use troth_proto::{Body, Hash, Problem, Slot, limits};

/// Check-ins looked at for one answer.
const SLOTS: usize = 500;

impl Node {
    pub(super) fn checkin_ready(
        &mut self,
        now: Now,
        entropy: &mut dyn Entropy,
        slot: Option<Slot>,
        words: CheckIn,
    ) -> Result<Value, Problem> {
        let slot = slot.unwrap_or_else(|| Slot::week_of(now.day));
        if !slot.is_check_in() {
            return Err(Problem::BadRequest {
                wrong: Wrong::NoSlot,
            });
        }
        if words.is_empty() {
            return Err(Problem::NothingSaid);
        }
        self.ready(now, entropy, &slot, &Sealed::CheckIn(words))?;
        self.checkin_show(now, Some(&slot), None)
    }

    /// Commits to words. They stay here until both are ready.
    pub(super) fn ready(
        &mut self,
        now: Now,
        entropy: &mut dyn Entropy,
        slot: &Slot,
        words: &Sealed,
    ) -> Result<(), Problem> {
        let (_, couple) = self.bound()?;
        let stands = couple.slot(slot);
        let round = stands.round();
        if round > limits::ROUNDS {
            return Err(Problem::TooManyActs);
        }
        if stands.at(round).side(Who::Me).was_ready() {
            return Err(match stands.state(Who::Me) {
                SealedState::Locked => Problem::LockedIn {
                    partner: self.partner_name(),
                },
                SealedState::Open => Problem::AlreadyOpen,
                SealedState::Ready | SealedState::Empty | SealedState::Void => {
                    Problem::AlreadyReady
                }
            });
        }
        let salt: [u8; 32] = draw(entropy);
        let words = words.write(&salt).ok_or(Problem::TooLong)?;
        let ready = Ready {
            slot: slot.clone(),
            round,
            commitment: commitment(slot, self.me.person, &words_hash(&words)),
        };
        let saying = Saying::plain(Body::Ready(ready));
        self.say_in(entropy, slot, saying)?;
        let kept = Kept {
            round,
            words,
            since: now.day,
            waiting: true,
        };
        self.keep(slot, Some(kept));
        self.settle_slot(now, entropy, slot);
        Ok(())
    }

    fn keep(&mut self, slot: &Slot, kept: Option<Kept>) {
        match kept {
            Some(kept) => self.desk.kept.insert(slot.clone(), kept),
            None => self.desk.kept.remove(slot),
        };
        self.put(Row::Kept(slot.to_string()));
    }

    /// After the books gained something: every slot it spoke of.
    pub(super) fn settle_slots(
        &mut self,
        now: Now,
        entropy: &mut dyn Entropy,
        slots: &BTreeSet<Slot>,
    ) {
        for slot in slots {
            self.settle_slot(now, entropy, slot);
        }
    }

    /// At start: a crash may have come between the partner's Ready and my Lock.
    pub(super) fn settle_all(&mut self, now: Now, entropy: &mut dyn Entropy) {
        let slots: BTreeSet<Slot> = self
            .desk
            .kept
            .iter()
            .filter(|(_, kept)| kept.waiting)
            .map(|(slot, _)| slot.clone())
            .collect();
        self.settle_slots(now, entropy, &slots);
    }

    /// What the daemon does by itself: lock, open, or hand the words back.
    fn settle_slot(&mut self, now: Now, entropy: &mut dyn Entropy, slot: &Slot) {
        loop {
            // Nothing comes about without words that wait; whatever else was said in the slot is read by whoever looks at it.
            let kept = self.desk.kept.get(slot).filter(|kept| kept.waiting);
            let (Some(couple), Some(kept)) = (&self.couple, kept) else {
                return;
            };
            let stands = couple.slot(slot);
            if stands.has_ended(kept.round) {
                let draft = Kept {
                    waiting: false,
                    ..kept.clone()
                };
                self.keep(slot, Some(draft));
                continue;
            }
            if stands.at(kept.round).side(Who::Me).opening().is_some() {
                // Opened already, by a copy of this home or before a backup was restored.
                self.keep(slot, None);
                continue;
            }
            let closed = match slot {
                Slot::Repair { id, .. } => self
                    .repair_with(id)
                    .is_some_and(|(_, _, is)| is.is_closed()),
                _ => false,
            };
            // Nothing is locked any more in a repair that is closed; what is not locked goes back to its writer.
            if closed && stands.state(Who::Me) == SealedState::Ready {
                if self
                    .call_back_unlocked(entropy, slot, stands.round())
                    .is_err()
                {
                    return;
                }
                continue;
            }
            let Some((round, due)) = stands.due() else {
                return;
            };
            if closed && matches!(due, Due::Lock) {
                return;
            }
            let said = match due {
                Due::Lock => self.lock(entropy, slot, round),
                Due::Open => self.open(now, entropy, slot, round),
            };
            if said.is_err() {
                return; // the words are not here: nothing can be opened with them
            }
        }
    }

    fn lock(&mut self, entropy: &mut dyn Entropy, slot: &Slot, round: u32) -> Result<(), Problem> {
        // Whoever locks must be able to open.
        self.waiting_words(slot, round)?;
        let couple = self.couple.as_ref().ok_or(Problem::NotPaired)?;
        let stands = couple.slot(slot);
        let ready = stands.at(round).side(Who::Partner).ready().map(|r| r.hash);
        let seen = ready.or_else(|| stands.opening(Who::Partner));
        let lock = Lock {
            slot: slot.clone(),
            round,
        };
        let saying = Saying::plain(Body::Lock(lock)).seen(seen);
        self.say_in(entropy, slot, saying).map(drop)
    }

    fn waiting_words(&self, slot: &Slot, round: u32) -> Result<&Kept, Problem> {
        let kept = self.desk.kept.get(slot);
        kept.filter(|kept| kept.waiting && kept.round == round)
            .ok_or(Problem::WordsNotHere)
    }

    fn open(
        &mut self,
        now: Now,
        entropy: &mut dyn Entropy,
        slot: &Slot,
        round: u32,
    ) -> Result<(), Problem> {
        let words = self.waiting_words(slot, round)?.words.clone();
        let open = Open {
            slot: slot.clone(),
            round,
        };
        let saying = Saying::plain(Body::Open(open)).on(now).words(words);
        self.say_in(entropy, slot, saying)?;
        self.keep(slot, None);
        Ok(())
    }

    /// Whether I am ready or locked in the round that counts, and the words are not on this device.
    pub(super) fn words_are_lost(&self, slot: &Slot, stands: &sealed::Slot) -> bool {
        matches!(
            stands.state(Who::Me),
            SealedState::Ready | SealedState::Locked
        ) && self.waiting_words(slot, stands.round()).is_err()
    }

    pub(super) fn checkin_cancel(
        &mut self,
        now: Now,
        entropy: &mut dyn Entropy,
        slot: &Slot,
    ) -> Result<Value, Problem> {
        self.call_back(now, entropy, slot)?;
        self.checkin_show(now, Some(slot), None)
    }

    fn call_back(
        &mut self,
        now: Now,
        entropy: &mut dyn Entropy,
        slot: &Slot,
    ) -> Result<(), Problem> {
        let (_, couple) = self.bound()?;
        let stands = couple.slot(slot);
        let (state, round, lost) = (
            stands.state(Who::Me),
            stands.round(),
            self.words_are_lost(slot, &stands),
        );
        let slot_name = slot.clone();
        let saying = match state {
            SealedState::Ready => Saying::plain(Body::Cancel(Cancel {
                slot: slot_name,
                round,
            })),
            // Locked, and the words went with an earlier device: an opening that cannot fit ends the round for both.
            SealedState::Locked if lost => Saying::plain(Body::Open(Open {
                slot: slot_name,
                round,
            }))
            .on(now),
            SealedState::Locked => {
                return Err(Problem::LockedIn {
                    partner: self.partner_name(),
                });
            }
            SealedState::Open => return Err(Problem::AlreadyOpen),
            SealedState::Empty | SealedState::Void => return Err(Problem::NotReady),
        };
        self.say_in(entropy, slot, saying)?;
        self.settle_slot(now, entropy, slot);
        Ok(())
    }

    fn call_back_unlocked(
        &mut self,
        entropy: &mut dyn Entropy,
        slot: &Slot,
        round: u32,
    ) -> Result<(), Problem> {
        let cancel = Cancel {
            slot: slot.clone(),
            round,
        };
        self.say(entropy, Saying::plain(Body::Cancel(cancel)))
            .map(drop)
    }

    /// After two weeks an unlocked Ready goes back to its writer, without a word to the other.
    pub(super) fn call_back_old_readies(&mut self, now: Now, entropy: &mut dyn Entropy) {
        let old = |kept: &Kept| kept.waiting && now.day.since(kept.since) >= limits::READY_DAYS;
        let kept = self.desk.kept.iter().filter(|(_, kept)| old(kept));
        let slots: Vec<Slot> = kept.map(|(slot, _)| slot.clone()).collect();
        for slot in slots {
            // A locked one cannot be recalled.
            let _ = self.call_back(now, entropy, &slot);
        }
    }

    /// Opens own words without waiting, by own choice.
    pub(super) fn checkin_share(
        &mut self,
        now: Now,
        entropy: &mut dyn Entropy,
        slot: &Slot,
    ) -> Result<Value, Problem> {
        let (_, couple) = self.bound()?;
        let stands = couple.slot(slot);
        let round = stands.round();
        match stands.state(Who::Me) {
            SealedState::Ready => self.lock(entropy, slot, round)?,
            SealedState::Locked => {}
            SealedState::Open => return Err(Problem::AlreadyOpen),
            SealedState::Empty | SealedState::Void => return Err(Problem::NotReady),
        }
        self.open(now, entropy, slot, round)?;
        self.settle_slot(now, entropy, slot);
        self.checkin_show(now, Some(slot), None)
    }

    pub(super) fn checkin_heard(
        &mut self,
        now: Now,
        entropy: &mut dyn Entropy,
        slot: &Slot,
        text: String,
    ) -> Result<Value, Problem> {
        let (_, couple) = self.bound()?;
        if text.trim().is_empty() {
            return Err(Problem::NothingSaid);
        }
        let opening = couple.slot(slot).opening(Who::Partner);
        let opening = opening.filter(|hash| couple.taken_back_by(hash).is_none());
        let Some(opening) = opening else {
            return Err(Problem::NothingOpen {
                partner: self.partner_name(),
            });
        };
        let id = couple.book(Who::Partner).find(&opening).map(|said| said.id);
        let texts = Texts([("words".to_owned(), text)].into());
        if !limits::text_fits(texts.get("words"), limits::TEXT_CHARS) {
            return Err(Problem::TooLong);
        }
        let words = texts.write(&Self::blind(entropy)).ok_or(Problem::TooLong)?;
        let heard = Answer {
            says: Verb::Heard,
            facts: Facts::default(),
        };
        let mut saying = Saying::plain(Body::Answer(heard)).on(now).words(words);
        saying.about = id;
        saying.of = Some(opening);
        self.say(entropy, saying)?;
        self.checkin_show(now, Some(slot), None)
    }

    /// Takes back own words that are open. Nothing lifts it.
    pub(super) fn checkin_take_back(
        &mut self,
        now: Now,
        entropy: &mut dyn Entropy,
        slot: &Slot,
    ) -> Result<Value, Problem> {
        let (_, couple) = self.bound()?;
        let openings: Vec<Hash> = couple.slot(slot).openings(Who::Me).collect();
        let open = openings
            .iter()
            .filter(|hash| couple.taken_back_by(hash).is_none())
            .filter_map(|hash| Some(couple.book(Who::Me).find(hash)?.id));
        let open: Vec<_> = open.collect();
        if openings.is_empty() {
            return Err(Problem::NothingOfYoursOpen);
        }
        if open.is_empty() {
            return Err(Problem::AlreadyTakenBack);
        }
        for id in open {
            let mut saying = Saying::plain(Body::TakeBack(TakeBack {})).on(now);
            saying.about = Some(id);
            self.say(entropy, saying)?;
        }
        self.forget_what_is_due(now, entropy);
        self.checkin_show(now, Some(slot), None)
    }

    /// A card or review as it is answered next: the lowest number that is not open on both sides (KINDS §6).
    pub(super) fn next_of(&self, slot: &Slot) -> Slot {
        let open = |slot: &Slot| {
            let stands = self.couple.as_ref().map(|couple| couple.slot(slot));
            stands.is_some_and(|it| {
                [Who::Me, Who::Partner]
                    .iter()
                    .all(|who| it.opening(*who).is_some())
            })
        };
        let all = (1..=u16::MAX).map_while(|n| slot.again(n));
        let mut all = all.filter(|slot| !open(slot));
        all.next().unwrap_or_else(|| slot.clone())
    }

    pub(super) fn checkin_show(
        &mut self,
        now: Now,
        slot: Option<&Slot>,
        after: Option<usize>,
    ) -> Result<Value, Problem> {
        self.bound()?;
        let mut slots: Vec<Slot> = match slot {
            Some(slot) => vec![slot.clone()],
            None => self
                .slots_at_hand(now)
                .into_iter()
                .filter(Slot::is_check_in)
                .collect(),
        };
        slots.truncate(SLOTS);
        slots.sort_by(|a, b| b.cmp(a));
        self.slots_shown(now, &slots, after)
    }

    /// All slots, of cards, reviews and repairs too.
    pub(super) fn all_slots(&mut self, now: Now, after: Option<usize>) -> Result<Value, Problem> {
        let (_, couple) = self.bound()?;
        let slots: Vec<Slot> = couple.slots().map(|(slot, _)| slot.clone()).collect();
        self.slots_shown(now, &slots, after)
    }

    fn slots_shown(
        &mut self,
        now: Now,
        slots: &[Slot],
        after: Option<usize>,
    ) -> Result<Value, Problem> {
        let (mut shown, mut bytes, mut next) = (Vec::new(), 0, None);
        let mut acts = 0;
        for (i, slot) in slots.iter().enumerate().skip(after.unwrap_or(0)) {
            if acts > ACTS_LOOKED_AT {
                next = Some(i);
                break;
            }
            let in_it = |it: &Couple| it.acts_in_slot(slot) + acts_about_pages(it, slot);
            acts += self.couple.as_ref().map_or(0, in_it);
            acts += self.know_topic_of_slot(now, slot);
            let view = self.slot_view(now, slot);
            bytes += serde_json::to_string(&view).map_or(0, |text| text.len());
            if !shown.is_empty() && bytes > limits::ANSWER_BYTES {
                next = Some(i);
                break;
            }
            shown.push(view);
        }
        Ok(value(&Slots {
            slots: shown,
            this_week: Slot::week_of(now.day),
            next,
        }))
    }

    /// Slots in the order in which they matter: check-ins by how near their week is, then the others, the one last spoken
    /// of first.
    pub(super) fn slots_at_hand(&self, now: Now) -> Vec<Slot> {
        let weeks = |year: i16, week: i8| i64::from(year) * 53 + i64::from(week);
        let (year, week) = now.day.week();
        let today = weeks(year, week);
        let mut slots: Vec<(i64, &Slot)> = Vec::new();
        for (slot, last) in self.couple.iter().flat_map(|c| c.slots()) {
            slots.push(match slot {
                Slot::Week { year, week } => ((weeks(*year, *week) - today).abs(), slot),
                Slot::Year(it) => ((weeks(*it, 26) - today).abs(), slot),
                Slot::Card(_) | Slot::Look { .. } | Slot::Repair { .. } => {
                    (i64::MAX - i64::from(last), slot)
                }
            });
        }
        slots.sort();
        slots.into_iter().map(|(_, slot)| slot.clone()).collect()
    }

    /// Says something in a slot.
    fn say_in(
        &mut self,
        entropy: &mut dyn Entropy,
        slot: &Slot,
        saying: Saying,
    ) -> Result<Hash, Problem> {
        let named = self.named_by(slot);
        self.say(entropy, saying.seen(named))
    }

    /// The version that a review is of, or what began a repair: whoever speaks of it has it.
    fn named_by(&self, slot: &Slot) -> Option<Hash> {
        match slot {
            Slot::Look { version, .. } => Some(*version),
            Slot::Repair { id, .. } => Some(self.repair_with(id)?.1.root.hash),
            Slot::Week { .. } | Slot::Year(_) | Slot::Card(_) => None,
        }
    }
}

/// How many acts speak about the pages that are open in a slot.
fn acts_about_pages(couple: &Couple, slot: &Slot) -> usize {
    let stands = couple.slot(slot);
    let both = [Who::Me, Who::Partner].into_iter();
    let pages = both.filter_map(|who| couple.find(&stands.opening(who)?));
    pages
        .map(|(who, said)| couple.acts_about((who, said.index())))
        .sum()
}
