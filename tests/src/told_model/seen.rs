//! What somebody sees of it: K8, K10, and a bid's day.

use super::*;

impl Model {
    /// A bid is there from the day before it was written to its day.
    pub fn bid_seen(&self, bid: Id, today: i64) -> bool {
        let on = self.acts[bid].on;
        matches!(self.kind(bid), Some(Kind::Bid { day }) if on - 1 <= today && today <= *day)
    }

    /// Out of Today and search, with all that speaks about it.
    pub fn put_away(&self, x: Id, inside: &Set, today: i64) -> bool {
        let by_hand = self
            .acts_sound(inside)
            .any(|p| self.acts[p].say == Say::PutAway(x) && !self.taken_back(p, inside));
        let by_itself = match self.kind(x) {
            Some(Kind::Repair { .. }) => self.closed(x, inside),
            Some(Kind::ToTalkAbout) => self.settled(x, inside),
            Some(Kind::Bid { .. }) => !self.bid_seen(x, today),
            // What was opened in a repair is out of sight with it.
            _ => match &self.acts[x].say {
                Say::Open(Slot::Repair { id, .. }) => inside.iter().any(|y| {
                    let repair = matches!(self.kind(*y), Some(Kind::Repair { .. }));
                    repair && self.acts[*y].id == *id && self.closed(*y, inside)
                }),
                _ => false,
            },
        };
        let with = self
            .about(x)
            .is_some_and(|y| self.put_away(y, inside, today));
        by_hand || by_itself || with
    }

    /// K8: closed until opened, as entries marked ✉ and answers are. What moves a matter or a repair on is shown as it is, and
    /// what is said of a bid or of a page that is open stands beside it.
    pub fn closes(&self, x: Id) -> bool {
        let Some(verb) = self.verb(x) else {
            return self.comes_closed(x) || matches!(self.acts[x].say, Say::Open(_));
        };
        let beside = |y: Id| {
            matches!(self.kind(y), Some(Kind::Bid { .. }))
                || matches!(self.acts[y].say, Say::Open(_))
        };
        let speaks = matches!(
            verb,
            Verb::Heard
                | Verb::Thank
                | Verb::Words
                | Verb::SayBack
                | Verb::Yes
                | Verb::NotYet
                | Verb::MayI
                | Verb::Meaning
                | Verb::Apology
        );
        speaks && !beside(self.subject(x))
    }

    /// The entry or page that all of it hangs on.
    pub fn subject(&self, x: Id) -> Id {
        match (self.kind(x), self.about(x)) {
            (None | Some(Kind::Permission { .. }), Some(y)) => self.subject(y),
            _ => x,
        }
    }

    /// K8: whether its words count as opened by the one who looks.
    pub(super) fn opened(&self, eyes: &Eyes, x: Id, inside: &Set) -> bool {
        let both = |slot: &Slot| {
            inside.iter().any(|y| {
                self.by(*y) == eyes.me
                    && matches!(&self.acts[*y].say, Say::Open(own) if own == slot)
            })
        };
        let by_itself = match &self.acts[x].say {
            Say::Open(slot) => both(slot),
            _ => !self.closes(x),
        };
        by_itself || eyes.opened.contains(&x)
    }

    /// The bid that an act is, or speaks of.
    pub(super) fn bid_of(&self, x: Id) -> Option<Id> {
        match self.kind(x) {
            Some(Kind::Bid { .. }) => Some(x),
            _ => self.about(x).and_then(|y| self.bid_of(y)),
        }
    }

    /// What somebody sees of an entry or answer.
    pub fn see(&self, eyes: &Eyes, x: Id, inside: &Set) -> Seen {
        let seen = self.see_unfolded(eyes, x, inside);
        let folds = self.by(x) != eyes.me
            && matches!(seen, Seen::Open | Seen::Closed | Seen::Older)
            && self.in_trust(x)
            && self.fold(inside, eyes);
        if folds { Seen::Folded } else { seen }
    }

    /// The same, were nothing folded: what somebody leaves with.
    pub fn see_unfolded(&self, eyes: &Eyes, x: Id, inside: &Set) -> Seen {
        let said = matches!(
            self.acts[x].say,
            Say::Entry { .. } | Say::Answer { .. } | Say::Open(_)
        );
        if !said || !self.sound(x) {
            return Seen::Nothing;
        }
        if self
            .bid_of(x)
            .is_some_and(|bid| !self.bid_seen(bid, eyes.today))
        {
            return Seen::Nothing;
        }
        if self.by(x) == eyes.me {
            self.see_own(x, inside)
        } else {
            self.see_theirs(eyes, x, inside)
        }
    }

    pub(super) fn see_own(&self, x: Id, inside: &Set) -> Seen {
        if self.taken_back(x, inside) {
            Seen::TakenBack
        } else if self.said_better(x, inside) || self.older_page(x, inside) {
            Seen::Older
        } else {
            Seen::Open
        }
    }

    pub(super) fn see_theirs(&self, eyes: &Eyes, x: Id, inside: &Set) -> Seen {
        let opened = self.opened(eyes, x, inside);
        if self.fell_with_its_about(x, inside) || !self.thanked_first(x) {
            return Seen::Nothing;
        }
        if self.taken_back(x, inside) {
            return if opened {
                Seen::TakenBack
            } else {
                Seen::Nothing
            };
        }
        if self.verb(x) == Some(&Verb::MayI) && !self.asking_shown(x, inside) {
            return Seen::Nothing;
        }
        if self.hidden_with_its_about(eyes, x, inside) {
            return Seen::Nothing;
        }
        let better = self.said_better(x, inside) || self.older_page(x, inside);
        let older = self.came_back(x, inside) || better;
        // Of newest own those that do not count are with their writer only.
        if (older && !opened) || (self.passed_over(x, inside) && !better) {
            return Seen::Nothing;
        }
        // A page that its author shared stands open; only what was taken back asks whether both had opened.
        let page = matches!(self.acts[x].say, Say::Open(_));
        if older {
            Seen::Older
        } else if self.closes(x) && !opened && !page {
            Seen::Closed
        } else {
            Seen::Open
        }
    }

    /// A page about oneself is folded once there is a newer, or of branches one was taken back: the page is empty.
    fn older_page(&self, x: Id, inside: &Set) -> bool {
        matches!(self.kind(x), Some(Kind::AboutMe(_))) && self.passed_over(x, inside)
    }

    /// Their answer to a thing of theirs that I see nothing of.
    pub(super) fn hidden_with_its_about(&self, eyes: &Eyes, x: Id, inside: &Set) -> bool {
        let Some(y) = self.about(x) else {
            return false;
        };
        let said = self.kind(y).is_some() || self.verb(y).is_some();
        self.verb(x).is_some()
            && said
            && self.by(y) != eyes.me
            && self.see(eyes, y, inside) == Seen::Nothing
    }
}
