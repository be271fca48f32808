//! Steps of a sealed slot, by the person and by the daemon itself (SPEC §5).

use super::requests::value;
use super::{Kept, Node, Now};
use crate::keys::{Entropy, draw};
use crate::rows::Row;
use crate::sealed::Due;
use serde_json::Value;
use std::collections::BTreeSet;
use troth_proto::api::Slots;
use troth_proto::assertion::{self, CheckIn, Heard, Malformed, Open, Ready, Round, Sealed, Weight};
use troth_proto::ids::Who;
use troth_proto::view::SealedState;
use troth_proto::{Body, Hash, Problem, Slot, limits};

/// Check-ins shown at most.
const SLOTS: usize = 100;

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
                detail: "a check-in is named by its week, like 2026-W47".into(),
            });
        }
        if words.is_empty() {
            return Err(Problem::NothingSaid);
        }
        let text = serde_json::to_string(&words).map_err(|_| Problem::Internal)?;
        self.ready(now, entropy, &slot, text)?;
        self.checkin_show(now, Some(&slot))
    }

    /// Commits to words. They stay here until both are ready.
    pub(super) fn ready(
        &mut self,
        now: Now,
        entropy: &mut dyn Entropy,
        slot: &Slot,
        text: String,
    ) -> Result<(), Problem> {
        Sealed::read(slot, &text).map_err(|malformed| match malformed {
            Malformed::OverLimit => Problem::TooLong,
            Malformed::Form => Problem::NothingSaid,
        })?;
        let (_, couple) = self.bound()?;
        let stands = couple.slot(slot);
        let round = stands.round();
        if round > limits::ROUNDS {
            return Err(Problem::TooManyActs);
        }
        if stands.at(round).me.ready.is_some() {
            return Err(match stands.state(Who::Me) {
                SealedState::Ready => Problem::AlreadyReady,
                SealedState::Locked => Problem::LockedIn {
                    partner: self.partner_name(),
                },
                _ => Problem::AlreadyOpen,
            });
        }
        let salt = Hash(draw(entropy));
        let commitment = assertion::commitment(&salt, slot, self.me.person, &text);
        // Written only to be measured: what cannot be opened later is refused now.
        let open = Open {
            slot: slot.clone(),
            round,
            text: text.clone(),
            salt,
        };
        self.measure(now, Body::Open(open))?;
        self.say(
            entropy,
            None,
            Body::Ready(Ready {
                slot: slot.clone(),
                round,
                commitment,
            }),
            Weight::Everyday,
            Vec::new(),
        )?;
        self.keep(
            slot,
            Some(Kept {
                round,
                text,
                salt,
                since: now.day,
                waiting: true,
            }),
        );
        self.settle_slot(now, entropy, slot);
        Ok(())
    }

    fn measure(&self, now: Now, body: Body) -> Result<(), Problem> {
        let id = troth_proto::AssertionId([0; 16]);
        let (on, weight) = (Some(now.day), Weight::Everyday);
        let it = troth_proto::Assertion {
            id,
            seq: u64::MAX,
            on,
            body,
            about: None,
            seen: Vec::new(),
            instead_of: None,
            weight,
        };
        it.write().map(drop).map_err(|_| Problem::TooLong)
    }

    fn keep(&mut self, slot: &Slot, kept: Option<Kept>) {
        match kept {
            Some(kept) => self.kept.insert(slot.clone(), kept),
            None => self.kept.remove(slot),
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
            let Some(couple) = &self.couple else { return };
            let stands = couple.slot(slot);
            let kept = self.kept.get(slot).filter(|kept| kept.waiting);
            if let Some(kept) = kept.filter(|kept| stands.has_ended(kept.round)) {
                let draft = Kept {
                    waiting: false,
                    ..kept.clone()
                };
                self.keep(slot, Some(draft));
                continue;
            }
            let Some((round, due)) = stands.due() else {
                return;
            };
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
        let couple = self.couple.as_ref().ok_or(Problem::NotPaired)?;
        let ready =
            couple
                .said_in_slot(slot, Who::Partner)
                .find_map(|said| match said.read()?.body {
                    Body::Ready(ready) if ready.round == round => Some(said.hash),
                    _ => None,
                });
        let body = Body::Lock(Round {
            slot: slot.clone(),
            round,
        });
        self.say(
            entropy,
            None,
            body,
            Weight::Everyday,
            ready.into_iter().collect(),
        )
        .map(drop)
    }

    fn open(
        &mut self,
        now: Now,
        entropy: &mut dyn Entropy,
        slot: &Slot,
        round: u32,
    ) -> Result<(), Problem> {
        let kept = self
            .kept
            .get(slot)
            .filter(|kept| kept.waiting && kept.round == round)
            .cloned()
            .ok_or(Problem::NotReady)?;
        let body = Body::Open(Open {
            slot: slot.clone(),
            round,
            text: kept.text,
            salt: kept.salt,
        });
        self.say(entropy, Some(now.day), body, Weight::Everyday, Vec::new())?;
        self.keep(slot, None);
        Ok(())
    }

    pub(super) fn checkin_cancel(
        &mut self,
        now: Now,
        entropy: &mut dyn Entropy,
        slot: &Slot,
    ) -> Result<Value, Problem> {
        self.call_back(now, entropy, slot)?;
        self.checkin_show(now, Some(slot))
    }

    fn call_back(
        &mut self,
        now: Now,
        entropy: &mut dyn Entropy,
        slot: &Slot,
    ) -> Result<(), Problem> {
        let (_, couple) = self.bound()?;
        let stands = couple.slot(slot);
        match stands.state(Who::Me) {
            SealedState::Ready => {}
            SealedState::Locked => {
                return Err(Problem::LockedIn {
                    partner: self.partner_name(),
                });
            }
            SealedState::Open => return Err(Problem::AlreadyOpen),
            SealedState::Empty | SealedState::Void => return Err(Problem::NotReady),
        }
        let body = Body::Cancel(Round {
            slot: slot.clone(),
            round: stands.round(),
        });
        self.say(entropy, None, body, Weight::Everyday, Vec::new())?;
        self.settle_slot(now, entropy, slot);
        Ok(())
    }

    /// After two weeks an unlocked Ready goes back to its writer, without a word to the other.
    pub(super) fn call_back_old_readies(&mut self, now: Now, entropy: &mut dyn Entropy) {
        let old = |kept: &Kept| kept.waiting && now.day.since(kept.since) >= limits::READY_DAYS;
        let slots: Vec<Slot> = self
            .kept
            .iter()
            .filter(|(_, kept)| old(kept))
            .map(|(slot, _)| slot.clone())
            .collect();
        for slot in slots {
            // A locked one cannot be recalled.
            let _ = self.call_back(now, entropy, &slot);
        }
        self.pump_current();
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
        self.checkin_show(now, Some(slot))
    }

    pub(super) fn checkin_heard(
        &mut self,
        now: Now,
        entropy: &mut dyn Entropy,
        slot: &Slot,
        words: String,
    ) -> Result<Value, Problem> {
        let (_, couple) = self.bound()?;
        if words.trim().is_empty() {
            return Err(Problem::NothingSaid);
        }
        if couple.slot(slot).words(Who::Partner).is_none() {
            return Err(Problem::NothingOpen {
                partner: self.partner_name(),
            });
        }
        let body = Body::Heard(Heard {
            slot: slot.clone(),
            words,
        });
        self.say(entropy, Some(now.day), body, Weight::Everyday, Vec::new())?;
        self.checkin_show(now, Some(slot))
    }

    pub(super) fn checkin_show(&self, now: Now, slot: Option<&Slot>) -> Result<Value, Problem> {
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
        Ok(value(&Slots {
            slots: slots.iter().map(|slot| self.slot_view(slot)).collect(),
            this_week: Slot::week_of(now.day),
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
                Slot::Card(_) | Slot::Look(_) => (i64::MAX - i64::from(last), slot),
            });
        }
        slots.sort();
        slots.into_iter().map(|(_, slot)| slot.clone()).collect()
    }
}
