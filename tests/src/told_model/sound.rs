//! What counts at all: K1, and the tables of §3 and §4.

use super::*;

impl Model {
    /// An act of §3 or §4 that counts. Its own past decides, so it never changes.
    pub fn sound(&self, x: Id) -> bool {
        self.sound[x]
    }

    pub(super) fn judge(&self, x: Id) -> bool {
        let act = &self.acts[x];
        match &act.say {
            Say::Entry { kind, worded, .. } => {
                self.names_its_past(x)
                    && self.entry_form(kind, *worded, act)
                    && self.entry_about(x, kind)
                    && self.says_better(x)
            }
            Say::Answer { verb, worded, .. } => {
                self.names_its_past(x)
                    && self.answer_form(verb, *worded, act)
                    && self.answer_about(x, verb, *worded)
                    && self.says_better(x)
            }
            Say::TakeBack(y) => {
                act.past.contains(y) && self.by(*y) == act.by && self.can_be_taken_back(*y)
            }
            Say::PutAway(y) => {
                act.past.contains(y)
                    && self.by(*y) == act.by
                    && self.may_be_put_away(*y)
                    && self.sound(*y)
            }
            Say::Open(_) | Say::Agreement(_) => true,
            Say::Odd => false,
        }
    }

    pub(super) fn names_its_past(&self, x: Id) -> bool {
        let past = &self.acts[x].past;
        self.about(x).is_none_or(|y| past.contains(&y))
            && self.instead_of(x).is_none_or(|y| past.contains(&y))
    }

    /// Words are there or not, as the table of §3 says, and its facts are such as it allows.
    pub(super) fn entry_form(&self, kind: &Kind, worded: bool, act: &Act) -> bool {
        use Kind::*;
        match kind {
            Thanks
            | Confidence(_)
            | Permission { .. }
            | SmallTruth(_)
            | TenderSpot
            | TrustGiven { .. }
            | ToTalkAbout
            | Ask
            | AboutMe(_) => worded,
            Bid { day } => worded && (*day == act.on || *day == act.on + 1),
            Break { .. } => true,
            Repair { agreement } => match agreement {
                Some(id) => self.knows_agreement(&act.past, id),
                None => worded,
            },
        }
    }

    /// The column `about` of §3.
    pub(super) fn entry_about(&self, x: Id, kind: &Kind) -> bool {
        let by = self.by(x);
        let Some(y) = self.about(x) else {
            return true;
        };
        let own_confidence =
            |c: Id| self.by(c) == by && matches!(self.kind(c), Some(Kind::Confidence(_)));
        let right = match kind {
            Kind::Permission { .. } => {
                own_confidence(y)
                    || (self.verb(y) == Some(&Verb::MayI)
                        && self.about(y).is_some_and(own_confidence))
            }
            Kind::TrustGiven { .. } => self.by(y) == by && self.kind(y) == Some(&Kind::TenderSpot),
            _ => false,
        };
        right && self.sound(y)
    }

    /// The column `fields` of §4.
    pub(super) fn answer_form(&self, verb: &Verb, worded: bool, act: &Act) -> bool {
        use Verb::*;
        match verb {
            NeedTime { .. } | ListenAs(_) | TellNobody | Done { .. } => !worded,
            Plan(agreement) => !worded && self.knows_agreement(&act.past, agreement),
            Words | SayBack | MayI | Meaning | Apology => worded,
            Heard | Thank | Yes | NotYet | Day(_) | Stop => true,
        }
    }

    /// The column "about, and by whom" of §4. The row is looked up first, so no chain is long.
    pub(super) fn answer_about(&self, x: Id, verb: &Verb, worded: bool) -> bool {
        let Some(y) = self.about(x) else { return false };
        let own = self.by(x) == self.by(y);
        let other = !own;
        let open = matches!(self.acts[y].say, Say::Open(_));
        let feelings = matches!(&self.acts[y].say, Say::Open(Slot::Repair { step: 2, .. }));
        let kind = self.kind(y);
        let (mut confidence, mut small_truth, mut tender_spot) = (false, false, false);
        let (mut trust_given, mut matter, mut ask) = (false, false, false);
        let (mut bid, mut pause, mut repair, mut about_me) = (false, false, false, false);
        match kind {
            Some(Kind::Confidence(_)) => confidence = true,
            Some(Kind::SmallTruth(_)) => small_truth = true,
            Some(Kind::TenderSpot) => tender_spot = true,
            Some(Kind::TrustGiven { .. }) => trust_given = true,
            Some(Kind::ToTalkAbout) => matter = true,
            Some(Kind::Ask) => ask = true,
            Some(Kind::Bid { .. }) => bid = true,
            Some(Kind::Break { .. }) => pause = true,
            Some(Kind::Repair { .. }) => repair = true,
            Some(Kind::AboutMe(_)) => about_me = true,
            Some(Kind::Thanks | Kind::Permission { .. }) | None => {}
        }
        let said_back = self.verb(y) == Some(&Verb::SayBack);
        let apology = self.verb(y) == Some(&Verb::Apology);
        let asked_anew = matches!(self.verb(y), Some(Verb::ListenAs(_)))
            && self
                .about(y)
                .is_some_and(|c| matches!(self.kind(c), Some(Kind::Confidence(_))));
        let row = match verb {
            Verb::Heard => other && ((confidence && !worded) || small_truth || matter || open),
            Verb::Thank => {
                other
                    && ((confidence && !worded)
                        || (self.comes_closed(y) && !confidence)
                        || bid
                        || about_me
                        || open)
            }
            Verb::NeedTime { .. } => {
                (other && (confidence || small_truth || tender_spot || trust_given || ask || open))
                    || matter
                    || repair
            }
            Verb::Words => other && (small_truth || ask || confidence || asked_anew),
            Verb::SayBack => other && (tender_spot || trust_given || feelings),
            Verb::Yes => other && (ask || bid || apology || said_back),
            Verb::NotYet => other && (bid || apology || said_back),
            Verb::ListenAs(_) => own && (confidence || small_truth),
            Verb::TellNobody => own && confidence,
            Verb::MayI => other && confidence,
            Verb::Meaning => matter,
            Verb::Plan(_) => matter || repair,
            Verb::Done { step: None } => matter || pause,
            Verb::Done { step: Some(step) } => repair && matches!(step, 3 | 6 | 7),
            Verb::Day(_) | Verb::Apology | Verb::Stop => repair,
        };
        row && self.sound(y)
    }

    /// `instead_of`: own, of the same kind, about the same, where that may be.
    pub(super) fn says_better(&self, x: Id) -> bool {
        let Some(y) = self.instead_of(x) else {
            return true;
        };
        self.may_be_said_better(x)
            && self.by(x) == self.by(y)
            && self.same_kind(x, y)
            && self.about(x) == self.about(y)
            && self.sound(y)
    }

    /// What a take_back can be said of (K2).
    pub fn can_be_taken_back(&self, y: Id) -> bool {
        match &self.acts[y].say {
            Say::Entry { .. } | Say::PutAway(_) | Say::Open(_) => true,
            Say::Answer { verb, .. } => match verb {
                Verb::ListenAs(_) | Verb::Stop => false,
                Verb::Done { .. } => !self.is_repair(self.about(y)),
                _ => true,
            },
            Say::TakeBack(_) | Say::Agreement(_) | Say::Odd => false,
        }
    }

    /// A repair.
    pub fn is_repair(&self, x: Option<Id>) -> bool {
        x.is_some_and(|x| matches!(self.kind(x), Some(Kind::Repair { .. })))
    }
}
