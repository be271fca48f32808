//! Every row of the table in SPEC §4, at a stroke and over three partial connections, and its mirror image.

use serde_json::{Value, json};
use troth_core::sim::Sim;
use troth_proto::Day;
use troth_proto::api::Request;
use troth_tests::histories::{mirrored, of_both, request};

/// How the two meet again.
#[derive(Clone, Copy, PartialEq)]
enum Meeting {
    AtAStroke,
    ThreeParts,
}

/// Ana is 0 and Ben is 1, or the other way round: the table holds for both.
struct Row {
    sim: Sim,
    ana: usize,
    meeting: Meeting,
    agreement: String,
}

impl Row {
    fn ben(&self) -> usize {
        1 - self.ana
    }

    fn ask(&mut self, p: usize, method: &str, params: Value) -> Value {
        self.sim
            .request(p, request(method, params))
            .unwrap_or_else(|problem| panic!("{method}: {problem:?}"))
    }

    fn propose(&mut self, p: usize, words: &str, base: &[&str]) -> String {
        self.propose_with(p, words, base, json!({}))
    }

    fn propose_with(&mut self, p: usize, words: &str, base: &[&str], more: Value) -> String {
        let mut params = json!({"topic": "Visits", "does": {"me": words, "partner": words}});
        if !self.agreement.is_empty() {
            params["agreement"] = json!(self.agreement);
            params["base"] = json!(base);
        }
        for (key, value) in more.as_object().unwrap() {
            params[key] = value.clone();
        }
        let done = self.ask(p, "agreement_propose", params);
        self.agreement = done["agreement"].as_str().unwrap().to_owned();
        done["version"].as_str().unwrap().to_owned()
    }

    fn yes(&mut self, p: usize, version: &str) {
        self.ask(p, "agreement_yes", json!({"version": version}));
    }

    fn step_back(&mut self, p: usize, version: &str, note: &str) {
        self.ask(
            p,
            "agreement_step_back",
            json!({"version": version, "note": note}),
        );
    }

    fn together(&mut self) {
        self.sim.connect();
        self.sim.settle();
    }

    /// v1, in force for both; then they part.
    fn with_v1(&mut self) -> String {
        let v1 = self.propose(self.ana, "We call before.", &[]);
        self.together();
        self.yes(self.ben(), &v1);
        self.together();
        self.sim.cut();
        v1
    }

    fn meet(&mut self) {
        if self.meeting == Meeting::ThreeParts {
            for frames in [3, 4, 5] {
                self.sim.connect();
                for n in 0..frames {
                    self.sim.deliver(n % 2);
                }
                self.sim.cut();
            }
        }
        self.together();
    }

    fn shown(&mut self, p: usize) -> Value {
        let agreement = self.agreement.clone();
        self.ask(p, "agreement_show", json!({"agreement": agreement}))
    }

    /// Both see this state, these versions so, and mirror images of each other.
    fn check(&mut self, state: &str, versions: &[(&str, &str)]) {
        let (ana, ben) = (self.shown(self.ana), self.shown(self.ben()));
        assert_eq!(of_both(&ana), mirrored(&of_both(&ben)));
        assert_eq!(ana["state"], state, "{ana:#}");
        for (version, state) in versions {
            assert_eq!(version_of(&ana, version)["state"], *state, "{ana:#}");
        }
    }

    fn today(&mut self, text: &str) {
        for device in &mut self.sim.devices {
            device.day = text.parse::<Day>().unwrap();
        }
    }
}

fn version_of<'a>(shown: &'a Value, version: &str) -> &'a Value {
    shown["versions"]
        .as_array()
        .unwrap()
        .iter()
        .find(|v| v["version"] == version)
        .unwrap_or(&Value::Null)
}

fn row(play: impl Fn(&mut Row)) {
    for ana in [0, 1] {
        for meeting in [Meeting::AtAStroke, Meeting::ThreeParts] {
            let mut row = Row {
                sim: Sim::paired(7),
                ana,
                meeting,
                agreement: String::new(),
            };
            play(&mut row);
        }
    }
}

#[test]
fn a_yes_to_an_offer_puts_it_in_force() {
    row(|r| {
        let v = r.propose(r.ben(), "We call before.", &[]);
        r.together();
        r.sim.cut();
        r.yes(r.ana, &v);
        r.meet();
        r.check("in_force", &[(&v, "in_force")]);
    });
}

#[test]
fn a_yes_to_a_big_one_rests_with_the_one_who_says_it_and_the_other_sees_an_offer() {
    row(|r| {
        let v1 = r.with_v1();
        let v2 = r.propose_with(r.ben(), "We move.", &[&v1], json!({"weight": "big"}));
        r.together();
        r.yes(r.ana, &v2);
        r.meet();
        for p in 0..2 {
            let shown = r.shown(p);
            assert_eq!(shown["state"], "change_proposed");
            let rests = version_of(&shown, &v2)["rests_until"].is_string();
            assert_eq!(rests, p == r.ana);
        }
        r.sim.pass(90_000_000);
        r.sim.settle();
        r.check("in_force", &[(&v1, "replaced"), (&v2, "in_force")]);
    });
}

#[test]
fn a_yes_said_apart_is_on_its_way_and_what_was_in_force_stays_until_it_is_closed() {
    row(|r| {
        let v1 = r.with_v1();
        let v2 = r.propose(r.ben(), "A day's notice.", &[&v1]);
        r.together();
        r.sim.cut();
        r.yes(r.ana, &v2);
        let shown = r.shown(r.ana);
        assert_eq!(shown["state"], "change_proposed");
        assert_eq!(version_of(&shown, &v1)["state"], "in_force");
        let on_its_way = version_of(&shown, &v2);
        assert_eq!(on_its_way["state"], "proposed");
        assert_eq!(on_its_way["said_yes"], json!(["me", "partner"]));
        r.meet();
        r.check("in_force", &[(&v1, "replaced"), (&v2, "in_force")]);
    });
}

#[test]
fn a_step_back_after_the_closing_yes_lets_go_whatever_it_lists_as_seen() {
    row(|r| {
        let v1 = r.with_v1();
        let v2 = r.propose(r.ben(), "A day's notice.", &[&v1]);
        r.together();
        r.yes(r.ana, &v2);
        r.together();
        r.sim.cut();
        // His program leaves out all that he has seen of hers; his own book speaks for him.
        let hash = version_of(&r.shown(r.ben()), &v2)["hash"].clone();
        let body = json!({"from": {"version": hash}});
        assert!(r.sim.write_by_hand(r.ben(), "step_back", &body, &[], None));
        r.meet();
        r.check("let_go", &[(&v1, "replaced"), (&v2, "ended")]);
    });
}

/// v1 in force, and then each says yes to the other's wording on it.
fn two_yeses(r: &mut Row) -> [String; 3] {
    let v1 = r.with_v1();
    let v2 = r.propose(r.ana, "A day's notice.", &[&v1]);
    let v3 = r.propose(r.ben(), "Two days' notice.", &[&v1]);
    r.together();
    r.sim.cut();
    r.yes(r.ana, &v3);
    r.yes(r.ben(), &v2);
    r.together();
    r.sim.cut();
    r.check("two_yeses", &[(&v1, "in_force")]);
    [v1, v2, v3]
}

#[test]
fn of_two_yeses_one_stepped_back_from_leaves_the_other_in_force() {
    row(|r| {
        let [v1, v2, v3] = two_yeses(r);
        r.step_back(r.ana, &v2, "");
        r.meet();
        r.check(
            "in_force",
            &[(&v1, "replaced"), (&v2, "not_agreed"), (&v3, "in_force")],
        );
    });
}

#[test]
fn of_two_yeses_each_stepped_back_from_what_was_in_force_stays() {
    row(|r| {
        let [v1, v2, v3] = two_yeses(r);
        r.step_back(r.ana, &v2, "");
        r.step_back(r.ben(), &v3, "");
        r.meet();
        r.check(
            "in_force",
            &[(&v1, "in_force"), (&v2, "not_agreed"), (&v3, "not_agreed")],
        );
    });
}

#[test]
fn changing_ones_own_twin_of_what_is_in_force_leaves_it_in_force() {
    row(|r| {
        let v1 = r.with_v1();
        let his = r.propose(r.ben(), "A day's notice.", &[&v1]);
        let hers = r.propose(r.ana, "A day's notice.", &[&v1]);
        r.together();
        r.yes(r.ana, &his);
        r.together();
        let next = r.propose(r.ana, "Two days' notice.", &[&hers]);
        r.meet();
        r.check("change_proposed", &[(&v1, "replaced"), (&next, "proposed")]);
    });
}

#[test]
fn the_heavier_of_twins_counts() {
    row(|r| {
        let v1 = r.with_v1();
        r.propose(r.ana, "We move.", &[&v1]);
        let his = r.propose_with(r.ben(), "We move.", &[&v1], json!({"weight": "big"}));
        r.together();
        let one = r.shown(r.ana)["versions"][1].clone();
        assert_eq!(
            (&one["weight"], one["same_words"].is_array()),
            (&json!("big"), true)
        );
        r.yes(r.ana, &his);
        r.together();
        assert_eq!(r.shown(r.ben())["state"], "change_proposed");
    });
}

#[test]
fn a_yes_crossing_a_rewriting_binds_to_neither() {
    row(|r| {
        let v1 = r.with_v1();
        let v2 = r.propose(r.ben(), "A day's notice.", &[&v1]);
        r.together();
        r.sim.cut();
        r.yes(r.ana, &v2);
        let v3 = r.propose(r.ben(), "Two days' notice.", &[&v2]);
        r.meet();
        r.check(
            "change_proposed",
            &[(&v1, "in_force"), (&v2, "not_agreed"), (&v3, "proposed")],
        );
    });
}

#[test]
fn a_yes_crossing_a_step_back_is_not_agreed() {
    row(|r| {
        let v1 = r.with_v1();
        let v2 = r.propose(r.ben(), "A day's notice.", &[&v1]);
        r.together();
        r.sim.cut();
        r.yes(r.ana, &v2);
        r.step_back(r.ben(), &v2, "");
        r.meet();
        r.check("in_force", &[(&v1, "in_force"), (&v2, "not_agreed")]);
    });
}

#[test]
fn a_yes_and_then_a_step_back_from_it_lets_all_go() {
    row(|r| {
        let v1 = r.with_v1();
        let v2 = r.propose(r.ben(), "A day's notice.", &[&v1]);
        r.together();
        r.sim.cut();
        r.yes(r.ana, &v2);
        r.step_back(r.ana, &v2, "I was too quick.");
        r.meet();
        r.check("let_go", &[(&v1, "replaced"), (&v2, "ended")]);
    });
}

#[test]
fn two_proposals_stand_side_by_side() {
    row(|r| {
        let v1 = r.with_v1();
        let v2 = r.propose(r.ana, "A day's notice.", &[&v1]);
        let v3 = r.propose(r.ben(), "Two days' notice.", &[&v1]);
        r.meet();
        r.check(
            "change_proposed",
            &[(&v1, "in_force"), (&v2, "proposed"), (&v3, "proposed")],
        );
    });
}

#[test]
fn yeses_to_each_others_wording_are_two_yeses_until_one_is_chosen() {
    row(|r| {
        let v1 = r.with_v1();
        let v2 = r.propose(r.ana, "A day's notice.", &[&v1]);
        let v3 = r.propose(r.ben(), "Two days' notice.", &[&v1]);
        r.together();
        r.sim.cut();
        r.yes(r.ana, &v3);
        r.yes(r.ben(), &v2);
        r.meet();
        r.check(
            "two_yeses",
            &[(&v1, "in_force"), (&v2, "two_yeses"), (&v3, "two_yeses")],
        );
        let chosen = r.ask(r.ana, "agreement_same", json!({"version": v3}))["version"]
            .as_str()
            .unwrap()
            .to_owned();
        r.meet();
        r.yes(r.ben(), &chosen);
        r.meet();
        r.check(
            "in_force",
            &[
                (&v1, "replaced"),
                (&v2, "replaced"),
                (&v3, "replaced"),
                (&chosen, "in_force"),
            ],
        );
    });
}

#[test]
fn a_step_back_from_what_was_leaves_a_proposal_made_meanwhile_a_fresh_one() {
    row(|r| {
        let v1 = r.with_v1();
        r.step_back(r.ana, &v1, "");
        let v2 = r.propose(r.ben(), "A day's notice.", &[&v1]);
        r.meet();
        r.check("proposed", &[(&v1, "ended"), (&v2, "proposed")]);
        r.yes(r.ana, &v2);
        r.meet();
        r.check("in_force", &[(&v2, "in_force")]);
    });
}

#[test]
fn letting_go_withdraws_ones_own_offers_too() {
    row(|r| {
        let v1 = r.with_v1();
        let v2 = r.propose(r.ana, "A day's notice.", &[&v1]);
        r.together();
        r.sim.cut();
        r.step_back(r.ana, &v1, "");
        r.yes(r.ben(), &v2);
        r.meet();
        r.check("let_go", &[(&v1, "ended"), (&v2, "not_agreed")]);
    });
}

#[test]
fn both_stepping_back_is_let_go_once_and_both_notes_are_shown() {
    row(|r| {
        let v1 = r.with_v1();
        r.step_back(r.ana, &v1, "It was too much.");
        r.step_back(r.ben(), &v1, "I could not.");
        r.meet();
        r.check("let_go", &[(&v1, "ended")]);
        let shown = r.shown(0).to_string();
        assert!(shown.contains("It was too much.") && shown.contains("I could not."));
    });
}

#[test]
fn a_yes_that_would_not_count_is_not_taken_and_the_words_can_be_proposed_anew() {
    row(|r| {
        let v1 = r.with_v1();
        let v2 = r.propose(r.ana, "A day's notice.", &[&v1]);
        let v3 = r.propose(r.ben(), "Two days' notice.", &[&v1]);
        r.together();
        r.yes(r.ana, &v3);
        r.meet();
        r.check("change_proposed", &[(&v2, "proposed"), (&v3, "in_force")]);
        let refused = r.sim.request(
            r.ben(),
            Request::AgreementYes {
                version: v2.clone(),
            },
        );
        assert_eq!(refused, Err(troth_proto::Problem::YesWouldNotCount));
        let anew = r.ask(r.ben(), "agreement_same", json!({"version": v2}))["version"]
            .as_str()
            .unwrap()
            .to_owned();
        r.meet();
        r.yes(r.ana, &anew);
        r.meet();
        // The wording that does not build on what was agreed since stays on offer until its author steps back.
        r.check(
            "change_proposed",
            &[(&v2, "proposed"), (&v3, "replaced"), (&anew, "in_force")],
        );
    });
}

#[test]
fn the_very_same_words_are_shown_as_one_and_one_yes_puts_them_in_force() {
    row(|r| {
        let v1 = r.with_v1();
        r.propose(r.ana, "A day's notice.", &[&v1]);
        r.propose(r.ben(), "A day's notice.", &[&v1]);
        r.meet();
        r.check("change_proposed", &[(&v1, "in_force")]);
        let shown = r.shown(r.ana);
        let offers: Vec<&Value> = shown["versions"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|v| v["state"] == "proposed")
            .collect();
        assert_eq!(offers.len(), 1);
        let one = offers[0]["version"].as_str().unwrap().to_owned();
        r.yes(r.ana, &one);
        r.meet();
        r.check("in_force", &[(&v1, "replaced")]);
    });
}

#[test]
fn crossing_yeses_to_the_very_same_words_agree_on_one() {
    row(|r| {
        let v1 = r.with_v1();
        let a = r.propose(r.ana, "A day's notice.", &[&v1]);
        let b = r.propose(r.ben(), "A day's notice.", &[&v1]);
        r.together();
        r.sim.cut();
        r.yes(r.ana, &b);
        r.yes(r.ben(), &a);
        r.meet();
        r.check("in_force", &[(&v1, "replaced")]);
        assert_eq!(
            r.shown(0)["versions"]
                .as_array()
                .unwrap()
                .iter()
                .filter(|v| v["state"] == "in_force")
                .count(),
            1
        );
    });
}

#[test]
fn stepping_back_by_the_name_of_ones_own_same_words_lets_go_of_all() {
    row(|r| {
        let v1 = r.with_v1();
        let (hers, his) = (
            r.propose(r.ana, "A day's notice.", &[&v1]),
            r.propose(r.ben(), "A day's notice.", &[&v1]),
        );
        r.together();
        r.yes(r.ana, &his);
        r.together();
        let v3 = r.propose(r.ana, "Two days' notice.", &[&his]);
        r.together();
        r.sim.cut();
        r.yes(r.ben(), &v3);
        r.step_back(r.ana, &hers, "");
        r.meet();
        let one = if version_of(&r.shown(0), &his).is_null() {
            &hers
        } else {
            &his
        };
        let states = [
            (v1.as_str(), "replaced"),
            (one.as_str(), "ended"),
            (v3.as_str(), "not_agreed"),
        ];
        r.check("let_go", &states);
    });
}

#[test]
fn after_a_step_back_from_a_passed_trial_new_words_can_be_agreed() {
    row(|r| {
        let v1 = r.with_v1();
        let trial = json!({"trial_until": "2026-11-25"});
        let v2 = r.propose_with(r.ana, "We try it.", &[&v1], trial);
        r.together();
        r.yes(r.ben(), &v2);
        r.together();
        r.today("2026-11-26");
        r.step_back(r.ana, &v2, "");
        r.together();
        let words =
            json!({"topic": "Visits", "does": {"me": "We begin anew."}, "agreement": r.agreement});
        let v3 = r.ask(r.ana, "agreement_propose", words)["version"].clone();
        let v3 = v3.as_str().unwrap().to_owned();
        r.together();
        r.sim.cut();
        r.yes(r.ben(), &v3);
        r.meet();
        r.check(
            "in_force",
            &[(&v1, "replaced"), (&v2, "ended"), (&v3, "in_force")],
        );
    });
}

#[test]
fn a_trial_that_passes_is_over_and_an_offer_to_keep_it_is_open() {
    row(|r| {
        let v = r.propose_with(
            r.ana,
            "We try it.",
            &[],
            json!({"trial_until": "2026-11-25"}),
        );
        r.together();
        r.yes(r.ben(), &v);
        r.together();
        r.sim.cut();
        r.today("2026-11-26");
        r.check("over", &[(&v, "over")]);
        let keep = r.propose(r.ben(), "We keep it.", &[&v]);
        r.meet();
        r.check("proposed", &[(&v, "over"), (&keep, "proposed")]);
    });
}

#[test]
fn not_now_and_i_need_time_change_nothing_and_are_shown_until_answered() {
    row(|r| {
        let v = r.propose(r.ben(), "We call before.", &[]);
        r.together();
        r.ask(
            r.ana,
            "agreement_need_time",
            json!({"version": v, "until": "2026-11-30"}),
        );
        r.meet();
        r.check("proposed", &[(&v, "proposed")]);
        assert_eq!(
            version_of(&r.shown(r.ana), &v)["answers"][0]["need_time_until"],
            "2026-11-30"
        );
        r.today("2026-12-01");
        assert_eq!(version_of(&r.shown(r.ana), &v)["answers"], Value::Null);
        r.ask(
            r.ana,
            "agreement_not_now",
            json!({"version": v, "note": "after the holidays"}),
        );
        r.yes(r.ana, &v);
        assert_eq!(version_of(&r.shown(r.ana), &v)["answers"], Value::Null);
    });
}
