//! The bonds with the partner's devices, with whom to share, and when to dial.

use super::{Effect, Node, Now, Share, Shares};
use crate::books::rows::Row;
use crate::keys::{Entropy, draw};
use crate::pairing::Bond;
use crate::places;
use serde::{Deserialize, Serialize};
use troth_proto::notice::Notice;
use troth_proto::pairing::LinkId;
use troth_proto::{Problem, limits};

/// First wait before dialling again, and the longest, in milliseconds.
const WAIT: (u64, u64) = (500, 60_000);

/// When to dial, and where this device is.
#[derive(Default)]
pub(super) struct Dial {
    /// Where this daemon can be reached.
    pub addresses: Vec<String>,
    /// Where nothing could listen, since nothing listened last.
    pub listen_failed: Option<String>,
    /// When it was begun to listen, on the clock of waits.
    pub begun: u64,
    at: Option<u64>,
    pub failures: u32,
}

impl Dial {
    pub(super) fn deadline(&self) -> Option<(u64, &'static str)> {
        self.at.map(|at| (at, "dial"))
    }

    /// Whether the next attempt waits for its time.
    pub(super) fn waits(&self) -> bool {
        self.at.is_some()
    }
}

/// The bonds with the partner's devices.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Bonds {
    /// Proved by a link.
    pub proved: Option<Paired>,
    /// Kept at one's own yes; it lies beside the one before until a link proves it.
    pub pending: Option<Paired>,
    /// Dials, and hellos that did not fit, by which the two take turns.
    #[serde(skip)]
    pub turns: (u8, u8),
}

/// One bond as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Paired {
    pub bond: Bond,
    /// Where a person said the partner can be reached, `HOST:PORT`.
    pub typed: Option<String>,
}

impl Bonds {
    /// Whether there is none.
    pub(super) fn nobody(&self) -> bool {
        self.proved.is_none() && self.pending.is_none()
    }

    /// The bond to be met next: one that waits to be proved and the one that is take turns, so that a pair that is never
    /// proved costs nothing.
    pub(super) fn next(&self, met: Option<&LinkId>) -> Option<&Paired> {
        let away = |paired: &&Paired| met != Some(&paired.bond.partner.link);
        let (pending, proved) = (
            self.pending.as_ref().filter(away),
            self.proved.as_ref().filter(away),
        );
        if self.turns.0.is_multiple_of(2) {
            pending.or(proved)
        } else {
            proved.or(pending)
        }
    }

    fn take_turns(&mut self) {
        self.turns.0 = self.turns.0.wrapping_add(1);
    }
}

impl Node {
    /// Tells the shell with whom to share, and begins to dial.
    pub(super) fn share(&mut self, now: Now) {
        let both = [&self.bonds.proved, &self.bonds.pending].into_iter();
        let partners: Vec<_> = both
            .flatten()
            .map(|p| p.bond.partner.link.clone())
            .collect();
        let on = self.me.sharing == Shares::On && !partners.is_empty();
        let share = on.then(|| Share {
            partners,
            listen: self.me.listen.clone(),
            seed: self.me.link_seed.clone(),
        });
        self.out.effects.push(Effect::Share(share));
        self.dial.at = None;
        self.dial.failures = 0;
        self.dial.begun = now.mono;
        if on {
            self.dial_now(now);
        }
    }

    pub(super) fn dial_tick(&mut self, now: Now) {
        if self.dial.at.is_some_and(|at| at <= now.mono) {
            self.dial_now(now);
        }
    }

    pub(super) fn dial_anew(&mut self, now: Now) {
        self.dial.failures = 0;
        self.dial_now(now);
    }

    pub(super) fn dial_now(&mut self, now: Now) {
        self.dial.at = None;
        let Some(paired) = self.bonds.next(self.link.current_peer()) else {
            return;
        };
        if self.me.sharing != Shares::On {
            return;
        }
        let partner = paired.bond.partner.link.clone();
        let remembered = self.may_dial(&paired.bond.partner.addresses);
        let typed = paired.typed.clone();
        if remembered.is_empty() && typed.is_none() {
            self.bonds.take_turns();
            self.dial.at = Some(now.mono + WAIT.1);
            return;
        }
        self.out.effects.push(Effect::Dial {
            partner,
            remembered,
            typed,
        });
    }

    /// Waits twice as long after each failure, with a part of it by chance so that two do not move in step.
    pub(super) fn dial_later(&mut self, now: Now, entropy: &mut dyn Entropy) {
        let nobody = self.bonds.next(self.link.current_peer()).is_none();
        if self.me.sharing != Shares::On || nobody || self.dial.at.is_some() {
            return;
        }
        self.bonds.take_turns();
        let wait = WAIT.0.saturating_mul(1 << self.dial.failures.min(10));
        let wait = wait.min(WAIT.1);
        let chance =
            u64::from(u16::from_be_bytes(draw(entropy))) * (wait / 2) / u64::from(u16::MAX);
        self.dial.failures = self.dial.failures.saturating_add(1);
        self.dial.at = Some(now.mono + wait / 2 + chance);
    }

    pub(super) fn no_dial(&mut self) {
        self.dial.at = None;
    }

    /// The network came back, or another one: whoever waits for the next attempt need not.
    pub(super) fn listening(&mut self, now: Now, addresses: Vec<String>) {
        let new = addresses.iter().any(|a| !self.dial.addresses.contains(a));
        self.dial.addresses = addresses;
        let there = !self.dial.addresses.is_empty();
        if let Some(address) = self.dial.listen_failed.take_if(|_| there) {
            let notice = Notice::ListenFailed { address };
            self.desk.notices.retain(|told| *told != notice);
            self.put(Row::Notices);
            self.out.told = true;
        }
        if new && self.dial.at.is_some() {
            self.dial_anew(now);
        }
    }

    /// A person says where the partner's device is.
    pub(super) fn reach(&mut self, now: Now, address: String) -> Result<(), Problem> {
        if self.bonds.nobody() {
            return Err(Problem::NotPaired);
        }
        let paired = [&mut self.bonds.proved, &mut self.bonds.pending];
        for paired in paired.into_iter().flatten() {
            paired.typed = Some(address.clone());
        }
        self.put(Row::Pair);
        self.dial_anew(now);
        Ok(())
    }

    /// What of these addresses may be dialled, whoever names them.
    pub(super) fn may_dial(&self, addresses: &[String]) -> Vec<String> {
        places::to_dial(addresses, self.me.listen.as_deref(), &self.dial.addresses)
    }

    /// What the partner says of where it can be reached takes the place of what was said before, but for where a link was
    /// proved last: that comes first.
    pub(super) fn learn_addresses(&mut self, now: Now, at: Option<String>, told: &[String]) {
        let known = self.bonds.proved.iter();
        let known = known.flat_map(|p| &p.bond.partner.addresses);
        let still = known.filter(|address| told.contains(address));
        let all = still.chain(told).cloned();
        let all: Vec<String> = at.into_iter().chain(all).collect();
        let addresses = self.may_dial(&all);
        if let Some(paired) = &mut self.bonds.proved
            && !addresses.is_empty()
            && paired.bond.partner.addresses != addresses
        {
            paired.bond.partner.addresses = addresses;
            self.later(now, Row::Pair);
        }
    }

    /// A file may be old: it adds to what is known, and takes the place of nothing.
    pub(super) fn learn_more_addresses(&mut self, now: Now, addresses: Vec<String>) {
        let known = self.bonds.proved.iter();
        let known = known.flat_map(|p| &p.bond.partner.addresses);
        let mut all: Vec<String> = known.cloned().collect();
        let new = addresses.into_iter().filter(|a| !all.contains(a));
        let new: Vec<String> = new.collect();
        all.truncate(limits::ADDRESSES - limits::ADDRESSES / 4);
        all.extend(new);
        all.truncate(limits::ADDRESSES);
        self.learn_addresses(now, None, &all);
        if self.dial.waits() {
            self.dial_now(now);
        }
    }

    /// Where this device can be reached, as far as the other is told.
    pub(super) fn own_addresses(&self) -> Vec<String> {
        let own = self.dial.addresses.iter().take(limits::ADDRESSES);
        own.cloned().collect()
    }
}
