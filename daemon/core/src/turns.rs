//! When the two devices look for each other (PROTOCOL §8.4): soon after something happened, then at slots of the wall clock
//! that both know, so that routers on both sides see each dial out at once.

use crate::keys::{Entropy, Key, draw};

/// Milliseconds after something happened, besides at once.
const SOON: [u64; 2] = [1_000, 3_000];
/// Slots: up to so many seconds after something happened, so many seconds long. Each size divides the next.
const SLOTS: [(u64, i64); 4] = [(60, 16), (300, 32), (3_600, 64), (u64::MAX, 256)];
/// Milliseconds that a link lives at least, unless the other drops each.
const HOLDS: u64 = 10_000;
/// One slot in so many has an attempt at any time in it besides, for clocks that are wrong.
const BESIDES: u8 = 4;

/// Where the slots of a pair begin, in seconds within the longest.
#[must_use]
pub fn offset(pair: &Key) -> i64 {
    let mac = pair.derive("troth/slot/1").mac(&[b"slot"]);
    i64::from(mac.0[0]) // the longest slot has 256 seconds
}

/// The beginning of the next slot after `unix`, in seconds since 1970.
fn next(unix: i64, offset: i64, size: i64) -> i64 {
    unix + size - (unix - offset).rem_euclid(size)
}

/// Attempts that are to come.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Turns {
    /// When something happened last, on the clock of waits.
    since: u64,
    soon: Vec<u64>,
    slot: Option<u64>,
    besides: Option<u64>,
    /// How often in a row the other ended what was begun.
    pub refused: u32,
    /// Since when there is a link.
    linked: Option<u64>,
    /// How many in a row were lost soon.
    brief: u32,
}

impl Turns {
    /// Something happened: the first attempt is due at once.
    pub fn begin(&mut self, mono: u64) {
        self.since = mono;
        (self.slot, self.besides) = (None, None);
        self.look(mono);
    }

    /// Something happened here: as [`Turns::begin`], whatever the other did before.
    pub fn begin_anew(&mut self, mono: u64) {
        (self.refused, self.brief) = (0, 0);
        self.begin(mono);
    }

    /// A link is up: nobody is looked for.
    pub fn linked(&mut self, mono: u64) {
        self.linked.get_or_insert(mono);
        self.rest();
    }

    /// The link was lost: as [`Turns::begin`], but not again and again for one who drops each soon: then it is as if there had
    /// been none since the first. Whoever was refused is met again, but not at once.
    pub fn lost(&mut self, mono: u64) {
        let held = self.linked.take().map(|at| mono.saturating_sub(at));
        if self.refused > 0 {
            return;
        }
        self.brief = match held {
            Some(held) if held < HOLDS => self.brief.saturating_add(1),
            _ => 0,
        };
        if self.brief > 1 {
            return self.rest();
        }
        let lately = mono.saturating_sub(self.since) < SOON[1];
        self.begin(mono);
        if lately {
            self.soon.remove(0);
        }
    }

    /// Looks at once, and soon again; the slots stay as they are.
    pub fn look(&mut self, mono: u64) {
        self.soon = vec![mono];
        self.soon.extend(SOON.map(|after| mono + after));
    }

    /// The wall clock was set: the slots are others. Nothing happened for which to look at once.
    pub fn clock_set(&mut self) {
        (self.slot, self.besides) = (None, None);
    }

    /// The other ended what was begun: looked for at slots alone, and later each time.
    pub fn refused(&mut self, mono: u64) {
        let refused = self.refused.saturating_add(1);
        *self = Self {
            since: mono,
            refused,
            ..Self::default()
        };
    }

    /// There is nobody to look for.
    pub fn rest(&mut self) {
        (self.soon, self.slot, self.besides) = (Vec::new(), None, None);
    }

    /// When the next attempt is due, on the clock of waits.
    #[must_use]
    pub fn due(&self) -> Option<u64> {
        let soon = self.soon.first().copied();
        [soon, self.slot, self.besides].into_iter().flatten().min()
    }

    /// Whether an attempt is due: it is taken, with all that were due before it.
    pub fn take(&mut self, mono: u64) -> bool {
        let due = self.due().is_some_and(|at| at <= mono);
        self.soon.retain(|at| *at > mono);
        self.slot = self.slot.filter(|at| *at > mono);
        self.besides = self.besides.filter(|at| *at > mono);
        due
    }

    /// Plans the next slot, if none is planned.
    pub fn plan(&mut self, mono: u64, unix: i64, offset: i64, entropy: &mut dyn Entropy) {
        if self.slot.is_some() {
            return;
        }
        let seconds = mono.saturating_sub(self.since) / 1000;
        let of_age = SLOTS.iter().find(|(until, _)| seconds < *until);
        let of_age = of_age.map_or(256, |(_, size)| *size);
        let (size, least) = match self.refused {
            0 => (of_age, 0),
            1 => (of_age.max(64), 16),
            _ => (256, 64),
        };
        // Seconds are cut off: a slot is met up to a second after it begins, never before.
        let slot = next(unix + least, offset, size);
        let wait = (slot - unix).unsigned_abs() * 1000;
        self.slot = Some(mono + wait);
        let [whether, when @ ..]: [u8; 5] = draw(entropy);
        let besides = self.refused == 0 && whether % BESIDES == 0;
        self.besides = besides.then(|| {
            let part = u64::from(u32::from_be_bytes(when));
            mono + wait * part / u64::from(u32::MAX)
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_entropy::Seeded;

    /// Seconds from `from` on at which one looks who is apart since `since`, by a clock that is `wrong` seconds wrong.
    fn looks(since: u64, wrong: i64, from: u64, until: u64, chance: &mut Seeded) -> Vec<u64> {
        let (mut turns, mut looked) = (Turns::default(), Vec::new());
        let unix = |mono: u64| 1_780_000_000 + (mono / 1000) as i64 + wrong;
        turns.begin(since * 1000);
        let mut mono = since * 1000;
        while mono < until * 1000 {
            if turns.take(mono) && mono >= from * 1000 {
                looked.push(mono / 1000);
            }
            turns.plan(mono, unix(mono), 77, chance);
            mono = turns.due().unwrap();
        }
        looked
    }

    #[test]
    fn after_an_outage_both_look_at_once_within_one_slot_whatever_their_clocks_and_since_when_they_look()
     {
        let seed = 7;
        let mut chance = Seeded::new(seed);
        for n in 0..500u64 {
            let draw = |chance: &mut Seeded, most: u64| u64::from_be_bytes(draw(chance)) % most;
            let (a, b) = (draw(&mut chance, 4_000), draw(&mut chance, 4_000));
            let back = 4_000 + draw(&mut chance, 4_000);
            let wrong = draw(&mut chance, 9) as i64 - 4;
            let apart = back - a.min(b);
            let slot = SLOTS.iter().find(|(until, _)| apart < *until).unwrap().1 as u64;
            let one = looks(a, 0, back, back + 2 * slot, &mut chance);
            let other = looks(b, wrong, back, back + 2 * slot, &mut chance);
            // An attempt goes on for five seconds.
            let met = one
                .iter()
                .filter(|at| other.iter().any(|o| at.abs_diff(*o) < 5));
            let met = met
                .min()
                .unwrap_or_else(|| panic!("seed {seed}, case {n}: never"));
            assert!(
                met - back <= slot + 5,
                "seed {seed}, case {n}: after {} s",
                met - back
            );
        }
    }

    #[test]
    fn a_clock_that_was_set_moves_the_slot_and_nothing_else() {
        let mut chance = Seeded::new(1);
        let (mono, right) = (400_000, 1_780_000_400);
        for wrong in [-86_400, -37, 11, 1 << 40] {
            let mut turns = Turns::default();
            turns.begin(0);
            assert!(turns.take(mono));
            turns.plan(mono, right + wrong, 77, &mut chance);
            turns.clock_set();
            assert_eq!(turns.due(), None);
            turns.plan(mono, right, 77, &mut chance);
            let wait = (next(right, 77, 64) - right) as u64 * 1000;
            assert_eq!(turns.slot, Some(mono + wait), "{wrong} s");
            assert!(!turns.take(mono), "{wrong} s: looked at once");
        }
    }

    #[test]
    fn one_looks_often_at_first_and_seldom_later() {
        let mut chance = Seeded::new(1);
        let looked = looks(0, 0, 0, 36_000, &mut chance);
        assert_eq!(looked[..3], [0, 1, 3]);
        let within =
            |from: u64, to: u64| looked.iter().filter(|at| (from..to).contains(*at)).count();
        assert!((3..=12).contains(&within(4, 60)), "{looked:?}");
        assert!((190..=270).contains(&within(0, 36_000)), "{}", looked.len());
    }

    #[test]
    fn one_whose_links_are_all_dropped_soon_looks_as_if_there_were_none_until_one_holds() {
        let (mut turns, mut chance) = (Turns::default(), Seeded::new(1));
        let unix = |mono: u64| 1_780_000_000 + (mono / 1000) as i64;
        let (mut mono, mut looked) = (0, 0);
        turns.begin_anew(mono);
        while mono < 3_600_000 {
            if turns.take(mono) {
                // The partner is there, says hello, and drops the link a moment later.
                looked += 1;
                turns.linked(mono);
                turns.refused = 0;
                mono += 200;
                turns.lost(mono);
            }
            turns.plan(mono, unix(mono), 77, &mut chance);
            mono = turns.due().unwrap();
        }
        assert!((40..110).contains(&looked), "{looked} links in an hour");
        turns.linked(mono);
        turns.refused = 0;
        turns.lost(mono + HOLDS);
        assert_eq!(turns.due(), Some(mono + HOLDS), "one that held");
    }

    #[test]
    fn one_who_is_refused_looks_later_each_time() {
        let (mut turns, mut chance) = (Turns::default(), Seeded::new(1));
        for (refused, seconds) in [(1, 16..=80), (2, 64..=320), (3, 64..=320)] {
            turns.refused(0);
            assert_eq!(turns.refused, refused);
            for unix in 1_780_000_000..1_780_000_300 {
                turns.rest();
                turns.plan(0, unix, 0, &mut chance);
                let wait = turns.slot.unwrap() / 1000;
                assert!(seconds.contains(&wait), "{wait}");
            }
        }
    }
}
