//! Where the partner's device may be: what led to it comes first, and another network erases nothing (PROTOCOL §8.3).

use serde::{Deserialize, Serialize};
use std::net::SocketAddr;
use troth_proto::limits;

/// Of the places that are remembered, so many that a link has proved: there is always room for what is told.
const MET: usize = limits::REMEMBERED - limits::PLACES;

/// Places of one device, the likeliest first, each over both transports.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Remembered {
    /// Where a link was proved, the last first.
    met: Vec<SocketAddr>,
    /// Where it says it is, then where it said before.
    told: Vec<SocketAddr>,
}

impl Remembered {
    /// All of them, each once.
    pub fn all(&self) -> impl Iterator<Item = SocketAddr> {
        let told = self.told.iter().filter(|at| !self.met.contains(at));
        self.met.iter().chain(told).copied()
    }

    /// Whether a link was proved at a place.
    #[must_use]
    pub fn was_met_at(&self, at: SocketAddr) -> bool {
        self.met.contains(&at)
    }

    /// A link was proved with whom is there.
    pub fn met(&mut self, at: SocketAddr) {
        // A router gives another port each time: of one address the last one counts, and what is told comes back by itself.
        self.met.retain(|other| other.ip() != at.ip());
        self.met.insert(0, at);
        let fallen = self.met.split_off(self.met.len().min(MET));
        self.told.extend(fallen);
        self.bound();
    }

    /// A link came from a port that may be for this once: who has told the same address is met there.
    pub fn met_from(&mut self, from: SocketAddr) {
        let at = self.all().find(|at| at.ip() == from.ip());
        self.met(at.unwrap_or(from));
    }

    /// The device says where it is.
    pub fn told(&mut self, places: impl IntoIterator<Item = SocketAddr>) {
        let mut told: Vec<SocketAddr> = Vec::new();
        for at in places.into_iter().take(limits::PLACES) {
            if !told.contains(&at) {
                told.push(at);
            }
        }
        let before = std::mem::take(&mut self.told);
        told.extend(
            before
                .into_iter()
                .filter(|at| !told.contains(at))
                .collect::<Vec<_>>(),
        );
        self.told = told;
        self.bound();
    }

    /// Somebody else says where it is, some time ago: that comes last, and takes nobody's place.
    pub fn told_of(&mut self, places: impl IntoIterator<Item = SocketAddr>) {
        for at in places.into_iter().take(limits::PLACES) {
            if self.all().count() < limits::REMEMBERED && !self.all().any(|other| other == at) {
                self.told.push(at);
            }
        }
    }

    fn bound(&mut self) {
        let met = &self.met;
        self.told.retain(|at| !met.contains(at));
        self.told.truncate(limits::REMEMBERED - met.len());
    }
}

/// Places that are new and that the partner names are few in so many milliseconds: whoever names others again and again would
/// have this device look for them in a network one by one.
const NEW_ONES: (usize, u64) = (limits::PLACES, 10 * 60 * 1000);

/// Places that the partner named lately and that were new.
#[derive(Debug, Clone, Default)]
pub struct Lately(Vec<(SocketAddr, u64)>);

impl Lately {
    /// What of these is taken at a time on the clock of waits: what a link has proved, or what few others were named before.
    pub fn take(
        &mut self,
        now: u64,
        known: &Remembered,
        places: impl IntoIterator<Item = SocketAddr>,
    ) -> Vec<SocketAddr> {
        let (most, within) = NEW_ONES;
        self.0.retain(|(_, at)| now.saturating_sub(*at) < within);
        let mut taken = Vec::new();
        for at in places {
            let free = known.was_met_at(at) || self.0.iter().any(|(named, _)| *named == at);
            if free || self.0.len() < most {
                taken.push(at);
            }
            if !free && self.0.len() < most {
                self.0.push((at, now));
            }
        }
        taken
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(n: u8) -> SocketAddr {
        SocketAddr::from(([10, 0, 0, n], 4711))
    }

    #[test]
    fn what_was_proved_comes_first_and_what_is_told_erases_nothing() {
        let mut it = Remembered::default();
        it.told([at(1), at(2)]);
        it.met(at(2));
        it.told([at(3)]); // in a hotel
        assert_eq!(it.all().collect::<Vec<_>>(), [at(2), at(3), at(1)]);
        it.met(at(3));
        assert_eq!(it.all().collect::<Vec<_>>(), [at(3), at(2), at(1)]);
    }

    #[test]
    fn sixteen_are_remembered_and_neither_those_met_nor_those_told_push_all_others_out() {
        let mut it = Remembered::default();
        for n in 0..40 {
            it.met(at(n));
            it.told((100..108).map(|m| at(m + n)));
        }
        let all: Vec<_> = it.all().collect();
        assert_eq!(all.len(), limits::REMEMBERED);
        assert_eq!(
            all[..MET],
            (0..40).rev().map(at).take(MET).collect::<Vec<_>>()
        );
        for n in 0..40 {
            it.told((0..8).map(|m| at(200 - n + m)));
        }
        assert!((32..40).all(|n| it.was_met_at(at(n))));
        let before = it.clone();
        it.told_of([at(250)]); // a file takes the place of nothing
        assert_eq!(it, before);
    }

    #[test]
    fn eight_new_places_are_taken_in_ten_minutes_and_those_that_were_met_besides() {
        let (mut lately, mut known) = (Lately::default(), Remembered::default());
        known.met(at(1));
        let minute = 60_000;
        assert_eq!(lately.take(0, &known, (1..5).map(at)), [1, 2, 3, 4].map(at));
        let more = lately.take(9 * minute, &known, (1..40).map(at));
        assert_eq!(more, (1..10).map(at).collect::<Vec<_>>());
        // The same again is nothing new; and those of ten minutes ago are over.
        assert_eq!(lately.take(9 * minute, &known, (1..40).map(at)), more);
        let later = lately.take(10 * minute, &known, (50..90).map(at));
        assert_eq!(later, [50, 51, 52].map(at));
    }

    #[test]
    fn a_link_from_a_passing_port_is_a_success_of_what_was_told() {
        let mut it = Remembered::default();
        it.told([at(1)]);
        it.met_from(SocketAddr::from(([10, 0, 0, 1], 50_000)));
        it.met_from(SocketAddr::from(([10, 9, 9, 9], 50_000)));
        let all: Vec<String> = it.all().map(|at| at.to_string()).collect();
        assert_eq!(all, ["10.9.9.9:50000", "10.0.0.1:4711"]);
    }
}
