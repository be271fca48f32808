//! Beginnings that chance alone would rarely find.

use super::*;

impl History {
    pub(super) fn adds(&mut self, p: usize, kind: &str) -> Option<String> {
        let add = self.something(p, kind);
        self.written(p, add)
    }

    pub(super) fn written(&mut self, p: usize, add: Value) -> Option<String> {
        let view = self.write(p, add).ok()?;
        Some(view["id"].as_str()?.to_owned())
    }

    fn answers(&mut self, p: usize, about: &str, says: &str, facts: Value, words: Value) -> bool {
        let answer =
            json!({"do": "answer", "about": about, "says": says, "facts": facts, "words": words});
        self.write(p, answer).is_ok()
    }

    pub(super) fn opens(&mut self, p: usize, id: &str) {
        let now = self.now(p);
        if let Some(x) = (0..now.model.acts.len()).find(|x| now.model.acts[*x].id == id) {
            self.open(p, x);
        }
    }

    /// A scene, mostly; and what it leaves is looked at.
    pub fn scene(&mut self) {
        let a = self.below(2);
        let b = 1 - a;
        if !self.one_in(3) {
            let words = json!({"topic": "Visits", "does": {"me": "I ask.", "partner": "I ask."}});
            let done = self
                .sim
                .request(a, request("agreement_propose", words))
                .expect("a proposal");
            self.agreement = done["agreement"].as_str().map(str::to_owned);
            self.version = done["version"].as_str().map(str::to_owned);
            self.meet();
            if !self.one_in(4) {
                let yes = request("agreement_yes", json!({"version": done["version"]}));
                self.sim.request(b, yes).expect("a yes");
                self.meet();
            }
        }
        match self.below(31) {
            0..5 => self.repair_walked(a),
            14 | 15 => self.two_repairs(a, b),
            16 => self.branches(a),
            5 | 6 => self.pause(a, b),
            7 | 8 => self.advice(a, b),
            9 | 10 | 30 => self.asking(a, b),
            11 | 17 => self.settled(a, b),
            12 | 18 => self.taken_back(a, b),
            13 | 19 => self.said_better(a, b),
            20 | 21 => self.said_back(a, b),
            22 | 23 => self.pages(a, b),
            24..27 => self.kinds_and_fates(a, b),
            27..30 => self.answers_and_fates(a, b),
            _ => {}
        }
        for p in 0..2 {
            self.check(p);
        }
    }

    fn repair_walked(&mut self, a: usize) {
        let Some(id) = self.adds(a, "repair") else {
            return;
        };
        // A third of them gets to its end.
        let to = [2, 3, 4, 5, 6, 7, 8, 8, 8][self.below(9)];
        if to == 8 || self.one_in(3) {
            self.adds(1 - a, "confidence");
        }
        self.meet();
        for step in 1..to {
            self.walk(&id, step);
            self.meet();
            self.check(a);
        }
        if to == 8 {
            self.today += self.below(2) as i64;
            self.set_clocks();
        }
    }

    fn walk(&mut self, id: &str, step: u8) {
        for p in 0..2 {
            match step {
                1 => {
                    self.answers(p, id, "day", json!({"day": epoch().plus(20)}), json!({}));
                }
                2 | 4 | 5 => {
                    let now = self.now(p);
                    let repair = (0..now.model.acts.len()).find(|x| now.model.acts[*x].id == id);
                    self.ready(p, repair.expect("the repair"), &now.model);
                }
                _ => {
                    if step == 3 {
                        self.say_back_feelings(p);
                    }
                    if step == 6 {
                        self.apologises(p, id);
                    }
                    if let (7, 1, Some(agreement)) = (step, p, self.agreement.clone()) {
                        let plan = json!({"agreement": agreement});
                        self.answers(p, id, "plan", plan, json!({}));
                        self.meet();
                        self.check(0);
                        if !self.one_in(4) {
                            self.takes_back(p, id, "plan");
                        }
                    }
                    self.answers(p, id, "done", json!({"step": step}), json!({}));
                }
            }
        }
    }

    /// Each says the other's feelings back, and has it marked.
    fn say_back_feelings(&mut self, p: usize) {
        let now = self.now(p);
        let theirs = |x: &Id| {
            now.model.by(*x) != p
                && matches!(
                    now.model.acts[*x].say,
                    Say::Open(Slot::Repair { step: 2, .. })
                )
        };
        let Some(feelings) = (0..now.model.acts.len()).rev().find(theirs) else {
            return;
        };
        let id = now.model.acts[feelings].id.clone();
        self.answers(p, &id, "say_back", json!({}), json!({"words": "you felt"}));
        self.meet();
        let now = self.now(p);
        let said = |x: &Id| now.model.by(*x) == p && now.model.verb(*x) == Some(&Verb::SayBack);
        if let Some(said) = now.all.iter().copied().rev().find(said) {
            let said = now.model.acts[said].id.clone();
            let mark = ["yes", "not_yet"][self.below(2)];
            self.answers(1 - p, &said, mark, json!({}), json!({}));
            self.meet();
        }
    }

    /// One says sorry: one apology is taken back or said better unread, another when it was read, and one is accepted or not yet.
    fn apologises(&mut self, p: usize, repair: &str) {
        for n in 0..3 {
            let words = json!({"words": "I am sorry"});
            if !self.answers(p, repair, "apology", json!({}), words) {
                return;
            }
            self.meet();
            self.check(1 - p);
            if n > 0 {
                self.opens(1 - p, repair);
            }
            if n < 2 {
                self.ends(p, repair, "apology");
                continue;
            }
            if let Some(apology) = self.newest(1 - p, |verb| *verb == Verb::Apology) {
                let says = ["yes", "not_yet"][self.below(2)];
                self.answers(1 - p, &apology, says, json!({}), json!({}));
            }
        }
    }

    /// The newest answer of the other's that is so.
    fn newest(&mut self, p: usize, so: impl Fn(&Verb) -> bool) -> Option<String> {
        let now = self.now(p);
        let theirs = |x: &Id| now.model.by(*x) != p && now.model.verb(*x).is_some_and(&so);
        let newest = now.all.iter().copied().rev().find(theirs);
        newest.map(|x| now.model.acts[x].id.clone())
    }

    fn two_repairs(&mut self, a: usize, b: usize) {
        let Some(agreement) = self.agreement.clone() else {
            return;
        };
        self.sim.cut();
        let add = json!({"do": "add", "kind": "repair", "facts": {"agreement": agreement}});
        let two = [a, b].map(|p| self.written(p, add.clone()));
        self.meet();
        for p in 0..2 {
            self.check(p);
        }
        if let (Some(one), true) = (self.one_of(&two).flatten(), self.one_in(2)) {
            self.walk(&one, 1);
            self.meet();
        }
    }

    /// One of them goes on from a copy, twice over.
    fn branches(&mut self, a: usize) {
        let Some(id) = self.adds(1 - a, "confidence") else {
            return;
        };
        self.meet();
        self.opens(a, &id);
        self.now(a);
        let (disk, local) = (self.sim.copy(a), self.local[a].clone());
        for again in [false, true] {
            if again {
                self.meet();
                self.sim.put_back(a, disk.clone());
                self.began_anew += 1;
                self.local[a] = local.clone();
            }
            let says = ["heard", "thank", "need_time", "may_i"][self.below(4)];
            let view = json!({"kind": "confidence"});
            if let Some(answer) = self.saying(a, &id, says, &view) {
                let _ = self.write(a, answer);
            }
            self.adds(a, "ask");
        }
        self.meet();
    }

    fn pause(&mut self, a: usize, b: usize) {
        let Some(first) = self.adds(a, "break") else {
            return;
        };
        self.meet();
        match self.below(4) {
            0 => {
                self.sim.cut();
                self.adds(b, "break");
                self.answers(a, &first, "done", json!({}), json!({}));
            }
            1 => {
                for p in [a, b] {
                    self.answers(p, &first, "done", json!({}), json!({}));
                }
            }
            2 => {
                self.adds(b, "confidence");
                self.meet();
                self.sim.pass(90 * 60_000);
            }
            _ => {}
        }
        self.meet();
    }

    fn advice(&mut self, a: usize, b: usize) {
        let add = json!({"do": "add", "kind": "confidence", "facts": {"listen_as": "help_me_think"},
            "words": {"text": "a word"}});
        let Some(id) = self.written(a, add) else {
            return;
        };
        self.meet();
        self.opens(b, &id);
        let just = json!({"listen_as": "just_listen"});
        if self.one_in(2) {
            self.sim.cut();
            self.answers(a, &id, "listen_as", just, json!({}));
            self.answers(b, &id, "words", json!({}), json!({"words": "advice"}));
        } else {
            self.answers(b, &id, "words", json!({}), json!({"words": "advice"}));
            self.meet();
            self.opens(a, &id);
            self.answers(a, &id, "listen_as", just, json!({}));
        }
        self.meet();
        if self.one_in(2) {
            self.answers(
                a,
                &id,
                "listen_as",
                json!({"listen_as": "lets_talk"}),
                json!({}),
            );
            self.meet();
        }
    }

    fn asking(&mut self, a: usize, b: usize) {
        let Some(id) = self.adds(a, "confidence") else {
            return;
        };
        self.meet();
        self.opens(b, &id);
        let apart = self.one_in(4);
        if apart {
            self.sim.cut();
            self.answers(a, &id, "tell_nobody", json!({}), json!({}));
        }
        self.answers(b, &id, "may_i", json!({}), json!({"with_whom": "Kim"}));
        self.meet();
        for p in 0..2 {
            self.check(p);
        }
        self.opens(a, &id);
        let now = self.now(a);
        let asked = now.all.iter().rev();
        let asked = asked
            .copied()
            .find(|x| now.model.verb(*x) == Some(&Verb::MayI));
        if let (Some(asked), false, true) = (asked, apart, self.one_in(2)) {
            let asked = now.model.acts[asked].id.clone();
            let add = json!({"do": "add", "kind": "permission", "about": asked,
                "words": {"with_whom": "Kim"}});
            let yes = self.written(a, add);
            self.meet();
            if let (Some(yes), true) = (yes, self.one_in(2)) {
                let _ = self.write(a, json!({"do": "take_back", "id": yes}));
                self.answers(b, &id, "may_i", json!({}), json!({"with_whom": "Kim"}));
                self.meet();
            }
        }
    }

    fn settled(&mut self, a: usize, b: usize) {
        let Some(id) = self.adds(a, "to_talk_about") else {
            return;
        };
        self.meet();
        self.opens(b, &id);
        if self.one_in(2) {
            for p in [a, b] {
                self.answers(p, &id, "meaning", json!({}), json!({"words": "to me"}));
            }
            self.meet();
            if let Some(agreement) = self.agreement.clone() {
                let plan = json!({"agreement": agreement});
                self.answers(b, &id, "plan", plan, json!({}));
            }
        }
        self.sim.cut();
        for p in [a, b] {
            self.answers(p, &id, "done", json!({}), json!({}));
        }
        self.meet();
    }

    /// Something that comes closed, of any kind.
    fn closed_kind(&mut self) -> &'static str {
        fates::CLOSED_KINDS[self.below(fates::CLOSED_KINDS.len())]
    }

    fn taken_back(&mut self, a: usize, b: usize) {
        let kind = self.closed_kind();
        let Some(id) = self.adds(a, kind) else { return };
        self.meet();
        if self.one_in(2) {
            self.opens(b, &id);
            self.sim.cut();
            self.answers(b, &id, "thank", json!({}), json!({}));
        }
        let _ = self.write(a, json!({"do": "take_back", "id": id}));
        self.meet();
    }

    /// Said better before or after it was read.
    fn said_better(&mut self, a: usize, b: usize) {
        let kind = self.closed_kind();
        let Some(id) = self.adds(a, kind) else { return };
        self.meet();
        if self.one_in(2) {
            self.opens(b, &id);
        }
        let mut add = self.something(a, kind);
        add["better"] = json!(id);
        if let Some(add) = add.as_object_mut() {
            add.remove("about");
        }
        let _ = self.write(a, add);
        self.meet();
    }

    /// Two things are said back; one is marked with a yes, the other not quite.
    fn said_back(&mut self, a: usize, b: usize) {
        let marks = [["yes", "not_yet"], ["not_yet", "yes"]][self.below(2)];
        for (kind, mark) in ["tender_spot", "trust_given"].into_iter().zip(marks) {
            self.said_back_and_marked(kind, mark, (a, b));
        }
    }

    /// Said back, and marked; sometimes said back anew while it is marked. The mark is mostly taken back, read or not.
    fn said_back_and_marked(&mut self, kind: &str, mark: &str, (a, b): (usize, usize)) {
        let Some(id) = self.adds(a, kind) else { return };
        self.meet();
        self.opens(b, &id);
        let words = json!({"words": "you felt"});
        self.answers(b, &id, "say_back", json!({}), words.clone());
        self.meet();
        self.opens(a, &id);
        let Some(said) = self.newest(a, |verb| *verb == Verb::SayBack) else {
            return;
        };
        if self.one_in(3) {
            self.sim.cut();
            self.answers(b, &id, "say_back", json!({}), words);
        }
        self.answers(a, &said, mark, json!({}), json!({}));
        self.meet();
        let read = self.one_in(2);
        if read {
            self.opens(b, &id);
        }
        if !self.one_in(5) {
            self.takes_back(a, &id, mark);
            self.meet();
        }
    }

    /// Both write a page, and one answers, takes back or puts away; or one shares theirs and takes it back before the other wrote.
    fn pages(&mut self, a: usize, b: usize) {
        if self.one_in(2) {
            self.check_in(a);
            self.shares(a);
            self.meet();
            self.take_page_back(a);
            self.meet();
            self.check(b);
        } else {
            self.write_a_page(a);
        }
        self.write_a_page(b);
        self.meet();
        for p in 0..2 {
            self.check(p);
        }
        let now = self.now(a);
        let page = |x: &Id| now.model.by(*x) == a && pages::slot_of(&now, *x).is_some();
        let page = now.all.iter().copied().rev().find(page);
        let Some(page) = page.map(|x| now.model.acts[x].id.clone()) else {
            return;
        };
        let says = ["heard", "thank", "need_time"][self.below(3)];
        let facts = match says {
            "need_time" => json!({"until": epoch().plus(self.day(b) + 1)}),
            _ => json!({}),
        };
        self.answers(b, &page, says, facts, json!({}));
        match self.below(3) {
            0 => drop(self.write(a, json!({"do": "put_away", "id": page}))),
            1 => drop(self.write(a, json!({"do": "take_back", "id": page}))),
            _ => {}
        }
        self.meet();
    }
}
