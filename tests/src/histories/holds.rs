//! What must hold after each step of a history, and what it has reached.

use super::*;

impl History {
    pub(super) fn check_slot(&mut self, p: usize) {
        let shown = self.ask(p, "checkin_show", json!({"slot": SLOT}));
        let Ok(shown) = shown else { return };
        let slot = &shown["slots"][0];
        for side in ["mine", "partner"] {
            match slot[side].as_str() {
                Some("void") => {
                    self.reached.insert("a wrong opening");
                }
                Some("open") => {
                    self.reached.insert("a check-in opened");
                }
                _ => {}
            }
        }
        let rounds = Held::by(&self.sim, p).all;
        if rounds
            .iter()
            .any(|one| one.head["body"]["round"].as_u64() > Some(1))
        {
            self.reached.insert("a second round");
        }
    }

    fn show(&mut self, p: usize, agreement: &str) -> Value {
        let show = request("agreement_show", json!({"agreement": agreement}));
        self.sim.request(p, show).expect("shown")
    }

    pub(super) fn check_agreement(
        &mut self,
        p: usize,
        agreement: &str,
        model: &Model,
        held: &Held,
    ) {
        let seed = self.seed;
        let name = ["Ana", "Ben"][p];
        let all = model.all();
        let expected = model.visible(&all, self.day(p));
        let shown = self.show(p, agreement);
        let whole = Model::whole(&expected);
        if !expected.is_empty() {
            assert_eq!(shown["state"], whole, "seed {seed}: {name}, {agreement}");
        }
        let by_hash: BTreeMap<&str, usize> = model
            .acts
            .iter()
            .enumerate()
            .map(|(id, act)| (&*act.hash, id))
            .collect();
        let versions = shown["versions"].as_array().unwrap();
        let visible = expected.values().filter(|v| !v.hidden).count();
        assert_eq!(versions.len(), visible, "seed {seed}: {name}");
        for version in versions {
            let id = by_hash[version["hash"].as_str().unwrap()];
            let said = version["said_yes"].as_array().unwrap().iter();
            let yes: BTreeSet<usize> = said
                .map(|who| if who == "me" { p } else { 1 - p })
                .collect();
            assert_eq!(
                (version["state"].as_str().unwrap(), &yes),
                (expected[&id].state, &expected[&id].yes),
                "seed {seed}: {name}, act {id} of {agreement}"
            );
        }
        self.tally(whole, model, &expected, held);
        let in_force = expected
            .values()
            .filter(|v| v.state == "in_force" && !v.hidden);
        assert!(in_force.count() <= 1, "seed {seed}: two in force");
        // L10: nothing on the screen counts a person, or tells a time of day.
        assert!(!shown.to_string().contains("count") && !shown.to_string().contains("T00:"));
    }

    pub(super) fn tally(
        &mut self,
        whole: &'static str,
        model: &Model,
        expected: &BTreeMap<usize, Visible>,
        held: &Held,
    ) {
        self.reached.insert(whole);
        let all = model.all();
        let mut wordings: BTreeMap<Vec<usize>, &'static str> = BTreeMap::new();
        for (v, visible) in expected {
            let wording: Vec<usize> = model.wording_of(*v, &all).into_iter().collect();
            if wording.len() > 1 {
                wordings.insert(wording, visible.state);
            }
            if visible.state == "replaced" {
                self.reached.insert("replaced");
            }
            if visible.state == "proposed" && visible.yes.len() == 2 {
                self.reached.insert("both said yes, not closed");
            }
        }
        for (wording, state) in wordings {
            self.reached.insert("twins");
            if wording.len() > 2 {
                self.reached.insert("three twins");
            }
            match state {
                "in_force" | "over" | "two_yeses" => {
                    self.reached.insert("twins that both said yes to");
                }
                "replaced" => {
                    self.reached.insert("a twin replaced");
                }
                "ended" => {
                    self.reached.insert("a twin ended");
                }
                _ => {}
            }
            let rewritten = model.acts.iter().any(|act| match &act.say {
                crate::model::Say::Propose { base, .. } => wording
                    .iter()
                    .any(|v| base.contains(v) && model.acts[*v].by == act.by),
                _ => false,
            });
            if rewritten {
                self.reached.insert("an own twin rewritten");
            }
        }
        let big: BTreeSet<&str> = held
            .all
            .iter()
            .filter(|one| one.head["weight"] == "big")
            .map(|one| &*one.hash)
            .collect();
        let rested = held.all.iter().any(|one| {
            one.head["kind"] == "yes"
                && one.head["on"].is_string()
                && one.head["body"]["version"]
                    .as_str()
                    .is_some_and(|v| big.contains(v))
        });
        if rested {
            self.reached.insert("a yes that rested");
        }
    }

    /// Both meet until nothing is on the way, and see the same, mirrored.
    pub fn end(&mut self) {
        let seed = self.seed;
        self.off = [0, 0];
        self.set_clocks();
        self.meet();
        self.sim.pass(1_000);
        self.meet();
        let held = [0, 1].map(|p| Held::by(&self.sim, p));
        assert_eq!(
            held[0].entries, held[1].entries,
            "seed {seed}: the two do not hold the same"
        );
        let lost: Vec<&String> = self.answered.difference(&held[0].entries).collect();
        assert!(
            lost.is_empty(),
            "seed {seed}: lost what was answered for: {lost:?}"
        );
        for p in 0..2 {
            self.check(p);
        }
        for agreement in held[0].models(&mut self.known, days).keys() {
            let shown = [0, 1].map(|p| self.show(p, agreement));
            let rests = shown.iter().any(|s| s.to_string().contains("rests_until"));
            if !rests {
                let mirror = mirrored(&of_both(&shown[1]));
                assert_eq!(of_both(&shown[0]), mirror, "seed {seed}: no mirror images");
            }
            let told = [0, 1].map(|p| {
                let asked = request("agreement_history", json!({"agreement": agreement}));
                self.sim.request(p, asked).expect("told")
            });
            assert_eq!(told[0], mirrored(&told[1]), "seed {seed}: two histories");
            // A yes to words that were never agreed is not told (SPEC §4).
            let whose = |hash: &Value| {
                let versions = shown[0]["versions"].as_array().unwrap();
                versions.iter().find(|v| v["hash"] == *hash).cloned()
            };
            for it in told[0]["history"].as_array().unwrap() {
                let version = whose(&it["wording"]);
                let never = version.is_some_and(|v| v["state"] == "not_agreed");
                assert!(it["what"] != "said_yes" || !never, "seed {seed}: {it}");
            }
        }
        for p in 0..2 {
            let status = self.sim.request(p, Request::Status {}).unwrap();
            assert_eq!(status["partner_has_all"], true, "seed {seed}");
        }
        // Whatever came before: two people go on.
        for p in 0..2 {
            let words = json!({"topic": "Onwards", "does": {"me": "I call."}});
            let done = self.ask(p, "agreement_propose", words).expect("a proposal");
            self.sim.settle();
            let yes = self.ask(1 - p, "agreement_yes", json!({"version": done["version"]}));
            assert!(yes.is_ok(), "seed {seed}: {yes:?}");
            self.sim.settle();
            for who in 0..2 {
                let shown = self.show(who, done["agreement"].as_str().unwrap());
                assert_eq!(shown["state"], "in_force", "seed {seed}");
            }
        }
    }
}
