//! A repair over four short connections, with a break that both called (SPEC §10, 7), and one stopped at each of its seven
//! steps: with the real programs.

use serde_json::{Value, json};
use std::time::Instant;
use troth_tests::home::{Home, PATIENCE, paired, root};

const TROTH: &str = env!("CARGO_BIN_EXE_sut-troth");

/// Two homes that are connected only while they are let.
struct Two {
    ana: Home,
    ben: Home,
    id: String,
}

impl Two {
    fn both(&self) -> [&Home; 2] {
        [&self.ana, &self.ben]
    }

    fn part(&self) {
        for home in self.both() {
            home.ask(&["pause"], Value::Null);
        }
    }

    /// One short connection: until each has all of the other's, both ways, and what follows from it.
    fn meet(&self, so: impl Fn(&Home) -> bool) {
        for home in self.both() {
            home.ask(&["resume"], Value::Null);
        }
        self.until(so);
        self.part();
    }

    fn until(&self, so: impl Fn(&Home) -> bool) {
        let by = Instant::now() + PATIENCE;
        while !self.both().iter().all(|home| so(home)) {
            assert!(Instant::now() < by, "{}", show(&self.ben, &self.id));
            std::thread::sleep(std::time::Duration::from_millis(20));
        }
    }

    fn each(&self, arguments: &[&str], words: Value) {
        for home in self.both() {
            home.ask(arguments, words.clone());
        }
    }
}

fn show(home: &Home, id: &str) -> Value {
    home.script(&["repair", "show", id], &Value::Null).json
}

fn is_at(home: &Home, id: &str, step: u8) -> bool {
    show(home, id)["repair"]["step"] == step
}

fn two(root: &std::path::Path) -> Two {
    let (ana, ben) = paired(root, TROTH);
    let visits = json!({"topic": "Visits", "does": {"me": "I ask.", "partner": "You ask."}});
    let proposed = ana.ask(&["agreement", "propose"], visits);
    ben.until(&["agreement", "list"], |list| {
        list["agreements"][0].is_object()
    });
    let hash = proposed["hash"].as_str().unwrap();
    ben.ask(&["agreement", "yes", hash], Value::Null);
    for home in [&ana, &ben] {
        home.until(&["agreement", "list"], |list| {
            list["agreements"][0]["state"] == "in_force"
        });
    }
    Two {
        ana,
        ben,
        id: String::new(),
    }
}

/// Each has said back what the other felt, has its mark, and is done with it.
fn said_back_and_marked(two: &Two) {
    let id = &*two.id;
    two.each(
        &["repair", "say-back", id],
        json!({"words": "You felt small."}),
    );
    two.until(|home| {
        let view = show(home, id);
        let said = view["repair"]["said_back"].as_array();
        said.is_some_and(|all| all.iter().any(|it| it["by"] == "partner"))
    });
    two.each(&["repair", "yes", id], json!({"words": {}}));
    two.until(|home| {
        let done = home.script(&["repair", "done", id], &Value::Null);
        done.code == 0 || done.kind() == "said_already" || is_at(home, id, 4)
    });
}

#[test]
fn a_repair_goes_through_in_four_short_connections_with_a_break_that_both_called() {
    let root = root();
    let mut two = two(root.path());
    two.part();
    let begun = two.ana.ask(
        &["agreement", "did-not-hold", "visits", "--how", "forgot"],
        Value::Null,
    );
    two.id = begun["id"].as_str().unwrap().to_owned();
    let id = two.id.clone();
    let id = &*id;
    two.ana.ask(&["repair", "day", id, "tomorrow"], Value::Null);

    // One: it is begun, and a day is set.
    for home in two.both() {
        home.ask(&["resume"], Value::Null);
    }
    two.ben
        .until(&["repair", "list"], |list| list["told"][0].is_object());
    two.ben.ask(&["repair", "day", id, "tomorrow"], Value::Null);
    two.until(|home| is_at(home, id, 2));
    two.part();

    // Apart each writes what was felt; neither word is on the other's disk.
    two.ana.ask(
        &["repair", "write", id],
        json!({"words": "Like a xylophone."}),
    );
    two.ben
        .ask(&["repair", "write", id], json!({"words": "Like a tuba."}));
    assert!(!two.ben.holds_word("xylophone") && !two.ana.holds_word("tuba"));

    // Two: both open, and are said back.
    for home in two.both() {
        home.ask(&["resume"], Value::Null);
    }
    two.until(|home| is_at(home, id, 3));
    said_back_and_marked(&two);
    two.until(|home| is_at(home, id, 4));
    two.part();

    // Apart both call a break: it is one, till the later time, and it ends when both are back.
    two.ana
        .ask(&["break", "add", "--minutes", "30"], json!({"words": {}}));
    two.ben
        .ask(&["break", "add", "--minutes", "90"], json!({"words": {}}));
    two.each(&["repair", "write", id], json!({"words": "It was late."}));
    let later = two.ben.ask(&["today"], Value::Null)["break"]["back_at"].clone();
    assert!(later.is_string());

    // Three: the views open, and the part of each.
    for home in two.both() {
        home.ask(&["resume"], Value::Null);
    }
    two.until(|home| home.ask(&["today"], Value::Null)["break"]["back_at"] == later);
    two.each(&["break", "done"], Value::Null);
    two.until(|home| home.ask(&["today"], Value::Null)["break"].is_null());
    two.until(|home| is_at(home, id, 5));
    two.each(
        &["repair", "write", id],
        json!({"words": "I did not call."}),
    );
    two.until(|home| is_at(home, id, 6));
    two.part();

    // Apart she is sorry, and proposes what goes better next time.
    two.ana
        .ask(&["repair", "apology", id], json!({"words": "I am sorry."}));
    two.ana.ask(&["repair", "done", id], Value::Null);
    let calling = json!({"topic": "Calling", "does": {"me": "I call."}});
    two.ana.ask(&["agreement", "propose"], calling);

    // Four: it is answered, the plan is named, and both are through.
    for home in two.both() {
        home.ask(&["resume"], Value::Null);
    }
    two.ben.until(&["repair", "list"], |list| {
        list["told"][0]["unopened"] == true
    });
    two.ben.ask(&["repair", "open", id], Value::Null);
    two.ben
        .ask(&["repair", "yes", id], json!({"words": "I accept."}));
    two.ben.ask(&["repair", "done", id], Value::Null);
    two.until(|home| is_at(home, id, 7));
    two.ana.ask(&["repair", "plan", id, "calling"], Value::Null);
    two.each(&["repair", "done", id], Value::Null);
    two.until(|home| show(home, id)["repair"]["through"] == true);
    two.part();

    // Both see the same, mirrored: the plan stays, the rest is put away, and nothing of it stands on Today.
    for home in two.both() {
        let view = show(home, id);
        assert_eq!(view["put_away"], true, "{view}");
        let answers = view["answers"].as_array().unwrap();
        let of = |says: &str| answers.iter().filter(|it| it["says"] == says).count();
        assert_eq!((of("apology"), of("plan"), of("yes")), (1, 1, 1), "{view}");
        let today = home.ask(&["today"], Value::Null)["waiting"].to_string();
        assert!(!today.contains("step") && !today.contains(id), "{today}");
    }
}

/// Writes and answers of both until the step has come, while they are connected.
fn walk_to(two: &Two, to: u8) {
    let id = &*two.id;
    for step in 1..to {
        match step {
            1 => two.each(&["repair", "day", id, "tomorrow"], Value::Null),
            2 | 4 | 5 => two.each(&["repair", "write", id], json!({"words": "It was late."})),
            3 => said_back_and_marked(two),
            _ => two.each(&["repair", "done", id], Value::Null),
        }
        two.until(|home| is_at(home, id, step + 1));
    }
}

/// Who stops a repair: she who began it, or the other.
#[derive(Clone, Copy, PartialEq)]
enum Stops {
    WhoBegan,
    TheOther,
}

#[test]
fn a_repair_can_be_stopped_at_each_of_its_seven_steps_by_the_one_who_did_not_begin_it() {
    stopped_at_each_step(Stops::TheOther);
}

#[test]
fn a_repair_can_be_stopped_at_each_of_its_seven_steps_by_the_one_who_began_it() {
    stopped_at_each_step(Stops::WhoBegan);
}

/// And what was sealed and not locked comes back.
fn stopped_at_each_step(by: Stops) {
    let root = root();
    let mut two = two(root.path());
    for step in 1..=7 {
        // She begins, and the next time he does.
        let begins = usize::from(step % 2 == 0);
        let begun = two.both()[begins].ask(&["agreement", "did-not-hold", "visits"], Value::Null);
        let id = begun["id"].as_str().unwrap().to_owned();
        let comes = |view: &Value| view["repair"]["step"] == 1;
        two.both()[1 - begins].until(&["repair", "show", &id], comes);
        two.id.clone_from(&id);
        walk_to(&two, step);
        let stops = match by {
            Stops::WhoBegan => begins,
            Stops::TheOther => 1 - begins,
        };
        let (first, other) = (two.both()[1 - stops], two.both()[stops]);
        // Apart one goes on in the step, and the other stops.
        two.part();
        let word = format!("xylophone{step}");
        match step {
            1 => drop(first.ask(&["repair", "day", &id, "in three days"], Value::Null)),
            2 | 4 | 5 => drop(first.ask(&["repair", "write", &id], json!({"words": word}))),
            3 => drop(first.ask(&["repair", "say-back", &id], json!({"words": "You felt."}))),
            6 => drop(first.ask(&["repair", "apology", &id], json!({"words": "I am sorry."}))),
            _ => drop(first.ask(&["repair", "done", &id], Value::Null)),
        }
        other.ask(
            &["--yes", "repair", "stop", &id],
            json!({"words": "Not today."}),
        );
        two.meet(|home| show(home, &id)["repair"]["stopped"] == true);
        for home in two.both() {
            let view = show(home, &id);
            assert_eq!(view["put_away"], true, "step {step}: {view}");
            assert_eq!(view["repair"]["through"], false, "step {step}");
            let closed = home.script(&["repair", "day", &id, "tomorrow"], &Value::Null);
            assert_eq!(closed.kind(), "repair_closed", "step {step}");
            let today = home.ask(&["today"], Value::Null)["waiting"].to_string();
            assert!(!today.contains("of 7"), "step {step}: {today}");
        }
        if matches!(step, 2 | 4 | 5) {
            let back = first.ask(&["today"], Value::Null)["waiting"].to_string();
            assert!(back.contains("came back to you"), "step {step}: {back}");
            assert!(!other.holds_word(&word), "step {step}");
        }
        for home in two.both() {
            home.ask(&["resume"], Value::Null);
        }
    }
}
