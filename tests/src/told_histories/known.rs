//! Where screens are known to show other than KINDS says: each is passed over until one of the two is mended, and no wider.
//! With `TROTH_STRICT=1` none is.

use super::*;
use crate::told_model::Newest;

impl History {
    fn passed_over(&mut self, rule: &'static str) -> bool {
        self.reached.insert(rule);
        !self.strict
    }

    /// What is seen of a thing.
    pub(super) fn known_seen(&mut self, now: &Now, x: Id, is: &str, ought: Seen) -> bool {
        let (model, all) = (&now.model, &now.all);
        let fell = model.taken_back(x, all) && model.about(x).is_some_and(|y| model.fallen(y, all));
        match (is, ought) {
            ("taken_back", Seen::Nothing) if fell => {
                self.passed_over("known: K3, an answer that was taken back shows under what fell")
            }
            ("older", Seen::Folded) if model.verb(x).is_some() => {
                self.passed_over("known: K9, an older answer told in trust is not folded")
            }
            ("nothing", Seen::Open | Seen::Closed | Seen::Folded)
                if self.one_of_branches(now, x) =>
            {
                self.passed_over("known: K4, the other of two branches is not shown beside")
            }
            ("older" | "nothing", Seen::Open) if self.one_of_branches(now, x) => {
                self.passed_over("known: K4, the other of two branches is not shown beside")
            }
            // Only a program that is not ours writes it.
            ("older" | "nothing", _) if self.replaced_oddly(now, x) => {
                self.passed_over("known: K5, what may not be said better is replaced")
            }
            _ => false,
        }
    }

    /// Something names it as its earlier wording that cannot.
    fn replaced_oddly(&self, now: &Now, x: Id) -> bool {
        let named = |y: &Id| now.model.instead_of(*y) == Some(x) && !now.model.sound(*y);
        now.all.iter().any(named) && !now.model.may_be_said_better(x)
    }

    fn one_of_branches(&self, now: &Now, x: Id) -> bool {
        if let Some(Kind::AboutMe(page)) = now.model.kind(x) {
            let what = Newest::Page(*page);
            let few = now.model.newest_few(now.model.by(x), None, what, &now.all);
            return few.len() > 1 && few.contains(&x);
        }
        let what = match now.model.verb(x) {
            Some(Verb::Heard) => Newest::Heard,
            Some(Verb::Thank) => Newest::Thank,
            Some(Verb::SayBack) => Newest::SayBack,
            Some(Verb::Yes | Verb::NotYet) => Newest::Yes,
            Some(Verb::Meaning) => Newest::Meaning,
            Some(Verb::ListenAs(_)) => Newest::ListenAs,
            _ => return false,
        };
        let (who, about) = (now.model.by(x), now.model.about(x));
        let few = now.model.newest_few(who, about, what, &now.all);
        few.len() > 1 && few.contains(&x)
    }

    /// What a list shows of a permission about a confidence.
    pub(super) fn known_in_list(&mut self, now: &Now, x: Id, ought: Seen) -> bool {
        let permission = matches!(now.model.kind(x), Some(Kind::Permission { .. }));
        permission
            && ought == Seen::Nothing
            && now.model.fallen(x, &now.all)
            && self
                .passed_over("known: K3, a list shows a permission that fell with its confidence")
    }

    /// Which permissions hold.
    pub(super) fn known_may_tell(&mut self, now: &Now, x: Id) -> bool {
        now.model.said_better(x, &now.all)
            && self.passed_over("known: K5, a permission holds for a wording that was said better")
    }

    /// Until when somebody needs time.
    pub(super) fn known_need(&mut self, now: &Now, who: usize, x: Id) -> bool {
        let (model, all) = (&now.model, &now.all);
        let back = |y: &Id| {
            model.by(*y) == who
                && model.about(*y) == Some(x)
                && model.verb(*y).is_some()
                && model.sound(*y)
                && (model.fallen(*y, all) || model.came_back(*y, all))
        };
        all.iter().any(back)
            && self.passed_over("known: K3, need_time ends with an answer that was taken back")
    }

    /// A line of Today too many, or missing there.
    pub(super) fn known_line(&mut self, p: usize, now: &Now, line: &TodayLine) -> bool {
        let (what, id, says) = line;
        let thing = |x: &Id| now.model.acts[*x].id == *id;
        let Some(x) = now.all.iter().copied().find(thing) else {
            return false;
        };
        if self.see(p, now, x) == Seen::Nothing {
            return self
                .passed_over("known: K5, Today names what was said better before it was opened");
        }
        let refused = &self.local[p].refused;
        if refused.contains(&now.model.acts[x].hash) {
            return self.passed_over("known: what is set aside and refused is set aside");
        }
        if what == "step" || says == "need_time" {
            return self.known_need(now, 0, x) || self.known_need(now, 1, x);
        }
        let mut said = now.all.iter().copied();
        let branches = said.any(|y| now.model.subject(y) == x && self.one_of_branches(now, y));
        branches && self.passed_over("known: K4, the other of two branches is not shown beside")
    }

    /// Nothing can be said of an agreement that only the other has spoken of.
    pub(super) fn known_refusal(&mut self, params: &Value) -> bool {
        let agreement = !params["facts"]["agreement"].is_null();
        agreement && self.passed_over("known: §10, what names the other's agreement does not count")
    }
}
