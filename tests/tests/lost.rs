//! An answer that is lost between the daemon and a person: what is asked again is said once.

use crate::typed::between;
use serde_json::{Value, json};
use troth_proto::AssertionId;
use troth_proto::api::Request;
use troth_tests::home::{Home, paired, root};
use troth_tests::socket::Socket;
use troth_tests::terminal::{answer, sit_down};

const TROTH: &str = env!("CARGO_BIN_EXE_sut-troth");

fn request(method: &str, params: Value) -> Request {
    serde_json::from_value(json!({"method": method, "params": params})).unwrap()
}

fn count(home: &Home, arguments: &[&str], field: &str) -> usize {
    let list = home.ask(arguments, Value::Null);
    list[field].as_array().unwrap().len()
}

#[test]
fn a_person_who_asks_again_after_a_lost_answer_has_said_it_once() {
    let root = root();
    let (ana, _ben) = paired(root.path(), TROTH);
    let between = between(root.path(), "lost", &ana, "add");
    let mut session = sit_down(&between, &["ask", "add"]);
    answer(&mut session, "What do you ask of Ben?", "A walk?");
    answer(&mut session, "Say this to Ben?", "yes");
    answer(&mut session, "Try again?", "");
    session.exp_string("A walk?").unwrap();
    session.exp_eof().unwrap();
    assert_eq!(count(&ana, &["ask", "list"], "told"), 1);
}

#[test]
fn what_was_said_under_an_id_is_answered_with_what_stands_also_by_the_next_daemon() {
    let root = root();
    let (ana, ben) = paired(root.path(), TROTH);
    let offer = json!({"topic": "Visits", "does": {"me": "I call."}});
    let version = ben.ask(&["agreement", "propose"], offer)["version"].clone();
    ana.until(&["agreement", "list"], |it| {
        it["agreements"][0]["state"] == "proposed"
    });
    let told = ben.ask(&["ask", "add"], json!({"words": {"text": "A walk?"}}));
    ana.until(&["ask", "list"], |it| it["told"][0].is_object());
    ana.ask(&["ask", "open"], Value::Null);
    ben.ask(
        &["checkin", "ready", "--slot", "2026-W46"],
        json!({"wish": "rain"}),
    );
    ben.ask(&["checkin", "share", "2026-W46"], Value::Null);
    ana.until(&["checkin", "show", "2026-W46"], |it| {
        it["slots"][0]["opened"]["partner"].is_object()
    });
    let phones = json!({"agreement": null, "topic": "Phones", "terms": "", "does": {"me": "", "partner": "Off."},
        "when_then": [], "not_meant": "", "trial_until": null, "look_again": null, "weight": "everyday"});
    let adds = json!({"do": "add", "kind": "thanks", "words": {"did": "You cooked."}});
    let mine = ana.ask(&["ask", "add"], json!({"words": {"text": "A song?"}}));
    let away = ana.ask(&["thanks", "add"], json!({"words": {"did": "You sang."}}));
    let answers = json!({"do": "answer", "about": told["id"], "says": "words", "words": {"words": "Gladly."}});
    let all = [
        request("agreement_propose", phones),
        request("agreement_yes", json!({"version": version})),
        request("told", adds),
        request("told", answers),
        request("told", json!({"do": "put_away", "id": away["id"]})),
        request("told", json!({"do": "take_back", "id": mine["id"]})),
        request("draft_new", json!({"form": "letter", "title": "Sundays"})),
        request(
            "checkin_ready",
            json!({"slot": "2026-W47", "words": {"wish": "snow"}}),
        ),
        request(
            "checkin_heard",
            json!({"slot": "2026-W46", "words": "Rain."}),
        ),
        request(
            "agreement_look",
            json!({"version": version, "words": "Good.", "lean": "keep"}),
        ),
    ];
    let once = |n: usize, request: &Request| Request::Once {
        id: AssertionId([n as u8 + 1; 16]),
        request: Box::new(request.clone()),
    };
    let everything = |home: &Home| {
        let parts = [
            "agreement list",
            "ask list",
            "thanks list",
            "draft list",
            "checkin show",
        ];
        parts.map(|it| {
            let words: Vec<&str> = it.split(' ').collect();
            home.ask(&words, Value::Null).to_string()
        })
    };
    let mut socket = Socket::connect(&ana.dir);
    let first: Vec<Value> = all
        .iter()
        .enumerate()
        .map(|(n, it)| socket.ask(&once(n, it)))
        .collect();
    let version = version.as_str().unwrap();
    ana.until(&["agreement", "show", version], |it| {
        it["state"] == "in_force"
    });
    let before = everything(&ana);
    for (n, it) in all.iter().enumerate() {
        assert_eq!(socket.ask(&once(n, it)).is_object(), first[n].is_object());
    }
    assert_eq!(everything(&ana), before);
    drop(socket);
    ana.kill();
    ana.ask(&["status"], Value::Null);
    let mut socket = Socket::connect(&ana.dir);
    for (n, it) in all.iter().enumerate() {
        let again = socket.ask(&once(n, it));
        for name in ["agreement", "hash", "draft", "id"] {
            assert_eq!(again[name], first[n][name], "{it:?}: {again}");
        }
    }
    assert_eq!(everything(&ana), before);
    // What says nothing is not asked like this.
    socket.send(&once(99, &Request::Status {}));
    assert!(socket.answer().is_err());
}
