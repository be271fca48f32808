//! Where only the newest own counts, and what both must say: K4 and K6, and somebody's need of time.

use super::*;

impl Model {
    /// Where only the newest of an act's kind counts.
    pub(super) fn newest_of(&self, x: Id) -> Option<Newest> {
        match &self.acts[x].say {
            Say::Entry {
                kind: Kind::AboutMe(page),
                ..
            } => Some(Newest::Page(*page)),
            Say::Answer { verb, .. } => match verb {
                Verb::Heard => Some(Newest::Heard),
                Verb::Thank => Some(Newest::Thank),
                Verb::SayBack => Some(Newest::SayBack),
                Verb::Yes | Verb::NotYet => Some(Newest::Yes),
                Verb::Meaning => Some(Newest::Meaning),
                Verb::ListenAs(_) => Some(Newest::ListenAs),
                _ => None,
            },
            _ => None,
        }
    }

    /// All of one author, about one thing, of one kind where only the newest counts.
    pub(super) fn of_kind(
        &self,
        who: usize,
        about: Option<Id>,
        what: Newest,
        inside: &Set,
    ) -> Vec<Id> {
        self.acts_sound(inside)
            .filter(|x| {
                self.by(*x) == who
                    && self.about(*x) == about
                    && self.newest_of(*x) == Some(what)
                    && self.thanked_first(*x)
            })
            .collect()
    }

    /// Those that lie in no other's past.
    pub(super) fn last(&self, of: &[Id]) -> Vec<Id> {
        let in_none = |x: &Id| !of.iter().any(|y| self.acts[*y].past.contains(x));
        of.iter().copied().filter(in_none).collect()
    }

    /// Those shown as newest: more than one after branches.
    pub fn newest_few(&self, who: usize, about: Option<Id>, what: Newest, inside: &Set) -> Vec<Id> {
        self.last(&self.of_kind(who, about, what, inside))
    }

    /// K4: the one that counts. Of branches the weaker, else the lowest hash; taken back, none.
    pub fn newest(&self, who: usize, about: Option<Id>, what: Newest, inside: &Set) -> Option<Id> {
        let few = self.newest_few(who, about, what, inside);
        if self.any_fallen(&few, inside) {
            return None;
        }
        let weaker = |x: &Id| {
            matches!(
                self.verb(*x),
                Some(Verb::NotYet | Verb::ListenAs(As::JustListen))
            )
        };
        let order = |x: &Id| (!weaker(x), self.acts[*x].hash.clone());
        few.into_iter().min_by_key(order)
    }

    fn any_fallen(&self, of: &[Id], inside: &Set) -> bool {
        of.iter().any(|x| self.fallen(*x, inside))
    }

    /// Of newest own it neither counts nor stands beside the one that does: a newer one stands over it, or of branches one was
    /// taken back, so that none counts.
    pub(super) fn passed_over(&self, x: Id, inside: &Set) -> bool {
        self.newest_of(x).is_some_and(|what| {
            let few = self.newest_few(self.by(x), self.about(x), what, inside);
            self.outlived(x, inside) || self.any_fallen(&few, inside)
        })
    }

    /// A newer own one stands over it.
    fn outlived(&self, x: Id, inside: &Set) -> bool {
        self.newest_of(x).is_some_and(|what| {
            self.of_kind(self.by(x), self.about(x), what, inside)
                .iter()
                .any(|y| self.acts[*y].past.contains(&x))
        })
    }

    /// How its author wants to be listened to.
    pub fn listen_as(&self, x: Id, inside: &Set) -> Option<As> {
        let (Kind::Confidence(first) | Kind::SmallTruth(first)) = self.kind(x)? else {
            return None;
        };
        let anew = self.newest(self.by(x), Some(x), Newest::ListenAs, inside);
        match anew.map(|y| self.verb(y)) {
            Some(Some(Verb::ListenAs(then))) => Some(*then),
            _ => Some(*first),
        }
    }

    /// Whether this one's yes to it counts: no is also "not yet" and "nothing said".
    pub fn said_yes(&self, who: usize, about: Id, inside: &Set) -> bool {
        let newest = self.newest(who, Some(about), Newest::Yes, inside);
        newest.is_some_and(|y| self.verb(y) == Some(&Verb::Yes))
    }

    // --- need_time

    /// The day till which somebody needs time for it: the later, and none once it is over.
    pub fn need_time(&self, x: Id, inside: &Set, today: i64) -> Option<i64> {
        (0..2)
            .filter_map(|who| self.need_time_of(who, x, inside, today))
            .max()
    }

    /// The day till which this one needs time for it.
    pub fn need_time_of(&self, who: usize, x: Id, inside: &Set, today: i64) -> Option<i64> {
        let own = |y: &Id| self.by(*y) == who && self.about(*y) == Some(x);
        let answered_since = |need: Id| {
            inside.iter().filter(|y| own(y)).any(|y| {
                self.verb(*y).is_some()
                    && !matches!(self.verb(*y), Some(Verb::NeedTime { .. }))
                    && self.acts[*y].past.contains(&need)
                    && self.counts(*y, inside)
            })
        };
        inside
            .iter()
            .copied()
            .filter(own)
            .filter_map(|need| match self.verb(need) {
                Some(Verb::NeedTime { until }) => {
                    let stands = self.stands(need, inside) && !answered_since(need);
                    (stands && today <= *until).then_some(*until)
                }
                _ => None,
            })
            .max()
    }

    /// It stands, and no rule of the words makes it void.
    pub(super) fn counts(&self, x: Id, inside: &Set) -> bool {
        self.stands(x, inside) && self.thanked_first(x) && !self.came_back(x, inside)
    }

    // --- K6: both

    /// A matter is settled: the newest answer of each about it is a `done` that stands.
    pub fn settled(&self, matter: Id, inside: &Set) -> bool {
        matches!(self.kind(matter), Some(Kind::ToTalkAbout))
            && self.stands(matter, inside)
            && (0..2).all(|who| {
                let answers: Vec<Id> = self
                    .acts_sound(inside)
                    .filter(|y| self.by(*y) == who && self.about(*y) == Some(matter))
                    .filter(|y| self.verb(*y).is_some())
                    .collect();
                let newest = self.last(&answers);
                let done = |y: &Id| {
                    matches!(self.verb(*y), Some(Verb::Done { .. })) && self.stands(*y, inside)
                };
                !newest.is_empty() && newest.iter().all(done)
            })
    }

    /// Each has a standing `done` about a break.
    pub(super) fn over_early(&self, pause: Id, inside: &Set) -> bool {
        (0..2).all(|who| {
            inside.iter().any(|y| {
                self.by(*y) == who
                    && self.about(*y) == Some(pause)
                    && matches!(self.verb(*y), Some(Verb::Done { .. }))
                    && self.stands(*y, inside)
            })
        })
    }
}
