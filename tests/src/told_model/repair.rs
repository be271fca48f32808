//! Breaks and repairs: §5 and K7.

use super::*;

impl Model {
    /// Whether the two are on a break.
    pub fn pause(&self, inside: &Set, now: i64) -> Pause {
        let returns: Vec<i64> = self
            .acts_sound(inside)
            .filter(|x| !self.over_early(*x, inside))
            .filter_map(|x| match self.kind(x) {
                Some(Kind::Break { back_at }) => Some(*back_at),
                _ => None,
            })
            .collect();
        let on = |back_at: &&i64| **back_at > now && **back_at <= now + 48 * 60;
        let gone = |back_at: &&i64| **back_at <= now && **back_at > now - 24 * 60;
        match (
            returns.iter().filter(on).max(),
            returns.iter().filter(gone).max(),
        ) {
            (Some(back_at), _) => Pause::On(*back_at),
            (None, Some(back_at)) => Pause::NotYetOver(*back_at),
            (None, None) => Pause::None,
        }
    }

    /// Out of Today and of search, breaks too: those are over by the minute, once nobody is asked after them any more.
    pub fn out_of_sight(&self, x: Id, inside: &Set, (today, now): (i64, i64)) -> bool {
        let root = self.subject(x);
        let over = match self.kind(root) {
            Some(Kind::Break { back_at }) => {
                let counts = *back_at <= now + 48 * 60 && *back_at > now - 24 * 60;
                !counts || self.over_early(root, inside)
            }
            _ => false,
        };
        over || self.put_away(x, inside, today)
    }

    // --- §5 and K7: repair

    /// All repairs that count.
    pub fn repairs(&self, inside: &Set) -> Vec<Id> {
        let repair = |x: &Id| self.is_repair(Some(*x));
        self.acts_sound(inside).filter(repair).collect()
    }

    /// What was said of a repair, taken back or not.
    pub(super) fn said_in<'a>(
        &'a self,
        repair: Id,
        inside: &'a Set,
    ) -> impl Iterator<Item = Id> + 'a {
        self.acts_sound(inside)
            .filter(move |y| self.about(*y) == Some(repair))
    }

    /// K7: whether somebody has finished a step, once and for ever.
    pub fn finished(&self, who: usize, repair: Id, step: u8, inside: &Set) -> bool {
        let by = |y: &Id| self.by(*y) == who;
        match step {
            1 => {
                let named = |who: usize| -> BTreeSet<i64> {
                    self.said_in(repair, inside)
                        .filter(|y| self.by(*y) == who)
                        .filter_map(|y| match self.verb(y) {
                            Some(Verb::Day(day)) => Some(*day),
                            _ => None,
                        })
                        .collect()
                };
                !named(0).is_disjoint(&named(1))
            }
            2 | 4 | 5 => {
                let slot = Slot::Repair {
                    id: self.acts[repair].id.clone(),
                    step,
                };
                let open = Say::Open(slot);
                inside.iter().any(|y| by(y) && self.acts[*y].say == open)
            }
            _ => self
                .said_in(repair, inside)
                .any(|y| by(&y) && self.verb(y) == Some(&Verb::Done { step: Some(step) })),
        }
    }

    /// 1 and the greatest n up to which both have finished all.
    pub fn step(&self, repair: Id, inside: &Set) -> u8 {
        let both = |step: &u8| (0..2).all(|who| self.finished(who, repair, *step, inside));
        1 + (1..=7).take_while(both).count() as u8
    }

    /// Any `stop`, or its opening taken back.
    pub fn stopped(&self, repair: Id, inside: &Set) -> bool {
        self.taken_back(repair, inside)
            || self
                .said_in(repair, inside)
                .any(|y| self.verb(y) == Some(&Verb::Stop))
    }

    /// Both have finished the last step.
    pub(super) fn both_through(&self, repair: Id, inside: &Set) -> bool {
        (0..2).all(|who| self.finished(who, repair, 7, inside))
    }

    /// Closed is either.
    pub fn closed(&self, repair: Id, inside: &Set) -> bool {
        self.stopped(repair, inside) || self.both_through(repair, inside)
    }

    /// The days that stand on what closed it.
    pub(super) fn closing_days(&self, repair: Id, inside: &Set) -> BTreeSet<i64> {
        let through = self.both_through(repair, inside);
        let said = self.said_in(repair, inside).filter(|y| {
            let verb = self.verb(*y);
            verb == Some(&Verb::Stop) || (through && verb == Some(&Verb::Done { step: Some(7) }))
        });
        let taken_back = self
            .acts_sound(inside)
            .filter(|t| self.acts[*t].say == Say::TakeBack(repair));
        said.chain(taken_back).map(|y| self.acts[y].on).collect()
    }

    /// The latest day that stands and that both have named.
    pub fn repair_day(&self, repair: Id, inside: &Set) -> Option<i64> {
        let named = |who: usize| -> BTreeSet<i64> {
            self.said_in(repair, inside)
                .filter(|y| self.by(*y) == who && self.stands(*y, inside))
                .filter_map(|y| match self.verb(y) {
                    Some(Verb::Day(day)) => Some(*day),
                    _ => None,
                })
                .collect()
        };
        named(0).intersection(&named(1)).max().copied()
    }

    /// Of those about one agreement that are not closed: the furthest along, then the lowest id.
    pub fn walked(&self, repair: Id, inside: &Set) -> bool {
        if self.closed(repair, inside) {
            return false;
        }
        let Some(Kind::Repair {
            agreement: Some(agreement),
        }) = self.kind(repair)
        else {
            return true;
        };
        let same = |x: &Id| {
            matches!(self.kind(*x), Some(Kind::Repair { agreement: Some(other) }) if other == agreement)
                && !self.closed(*x, inside)
        };
        let order = |x: &Id| (8 - self.step(*x, inside), self.acts[*x].id.clone());
        self.repairs(inside)
            .into_iter()
            .filter(same)
            .min_by_key(order)
            == Some(repair)
    }

    /// How far a repair is.
    pub fn repairing(&self, repair: Id, inside: &Set, today: i64, now: i64) -> Repairing {
        let step = self.step(repair, inside);
        let stopped = self.stopped(repair, inside);
        Repairing {
            step,
            finished: [0, 1].map(|who| step <= 7 && self.finished(who, repair, step, inside)),
            stopped,
            through: !stopped && self.both_through(repair, inside),
            day: self.repair_day(repair, inside),
            walked: self.walked(repair, inside),
            waits: self.pause(inside, now) != Pause::None
                || self.need_time(repair, inside, today).is_some(),
        }
    }
}
