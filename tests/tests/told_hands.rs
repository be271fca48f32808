//! What one does with what was told without a word to the other, and what asks for time: with the real programs.

use serde_json::{Value, json};
use troth_tests::home::{Home, pair, paired, root};
use troth_tests::terminal::{answer, reads, says, sit_down};

const TROTH: &str = env!("CARGO_BIN_EXE_sut-troth");
const PRIVATE: &str = "a quiet room upstairs";

fn comes(home: &Home, kind: &str) -> String {
    let list = home.until(&[kind, "list"], |list| list["told"][0].is_object());
    list["told"][0]["id"].as_str().unwrap().to_owned()
}

fn pages(home: &Home) -> Vec<Value> {
    let opened = json!({"private_passphrase": PRIVATE});
    let list = home.ask(&["private", "list"], opened.clone());
    let all = list["pages"].as_array().unwrap().iter();
    all.map(|page| {
        let n = page["page"].to_string();
        home.ask(&["private", "show", &n], opened.clone())
    })
    .collect()
}

#[test]
fn what_was_opened_is_kept_also_after_it_was_taken_back_and_the_other_sees_the_same() {
    let root = root();
    let ana = Home::new(root.path(), "ana", TROTH);
    let ben = Home::new(root.path(), "ben", TROTH);
    ana.init("Ana");
    ben.ask(
        &["init", "--keys", "file", "--listen", "127.0.0.1:0"],
        json!({"name": "Ben", "private_passphrase": PRIVATE}),
    );
    pair(&ana, &ben);
    let mut ids = Vec::new();
    for text in ["My brother drinks.", "I lost the ring."] {
        let told = ana.ask(&["confidence", "add"], json!({"words": {"text": text}}));
        ids.push(told["id"].as_str().unwrap().to_owned());
    }
    ben.until(&["confidence", "list"], |list| list["told"][1].is_object());
    // What is closed is kept by nobody.
    let closed = ben.script(&["confidence", "keep", &ids[0]], &Value::Null);
    assert_ne!(closed.code, 0, "{}", closed.json);
    ben.ask(&["confidence", "open", &ids[0]], Value::Null);
    ben.until(&["status"], |status| status["partner_has_all"] == true);
    for id in &ids {
        ana.ask(&["confidence", "take-back", id], Value::Null);
    }
    let before = ids
        .iter()
        .map(|id| ana.ask(&["confidence", "show", id], Value::Null));
    let before: Vec<Value> = before.collect();
    ben.until(&["confidence", "show", &ids[0]], |view| {
        view["seen"] == "taken_back"
    });
    says(
        &ben,
        &["confidence", "show", &ids[0]],
        &format!("`troth confidence keep {}`. Nobody is told.", &ids[0][..8]),
    );
    // The one that was never opened was never there.
    let unopened = ben.script(&["confidence", "keep", &ids[1]], &Value::Null);
    assert_ne!(unopened.code, 0, "{}", unopened.json);
    assert_eq!(
        ben.ask(&["confidence", "keep", &ids[0]], Value::Null)["kept"],
        true
    );
    let kept = pages(&ben);
    assert_eq!(kept.len(), 1, "{kept:#?}");
    assert!(kept[0].to_string().contains("My brother drinks."));
    assert!(!kept[0].to_string().contains("ring"));
    ben.until(&["status"], |status| status["partner_has_all"] == true);
    for (id, before) in ids.iter().zip(&before) {
        assert_eq!(&ana.ask(&["confidence", "show", id], Value::Null), before);
    }
}

#[test]
fn what_is_set_aside_stands_on_today_no_more_and_can_still_be_opened() {
    let root = root();
    let (ana, ben) = paired(root.path(), TROTH);
    let cases = [
        ("thanks", json!({"words": {"did": "You cooked."}})),
        (
            "small-truth",
            json!({"words": {"text": "You cooked badly."}}),
        ),
        ("bid", json!({"words": {"line": "You cooked? Look!"}})),
    ];
    for (kind, words) in cases {
        let told = ana.ask(&[kind, "add"], words);
        let id = told["id"].as_str().unwrap();
        comes(&ben, kind);
        let waits = |home: &Home| {
            let today = home.ask(&["today"], Value::Null);
            let waiting = today["waiting"].as_array().unwrap();
            waiting.iter().any(|line| line["id"] == id)
        };
        assert!(waits(&ben), "{kind}");
        let before = ana.ask(&[kind, "show", id], Value::Null);
        ben.ask(&[kind, "set-aside"], Value::Null);
        assert!(!waits(&ben), "{kind}");
        // It outlives his daemon.
        ben.stop();
        assert!(!waits(&ben), "{kind}");
        let opened = ben.ask(&["open", id], Value::Null);
        assert!(opened.to_string().contains("You cooked"), "{opened}");
        ben.until(&["status"], |status| status["partner_has_all"] == true);
        assert_eq!(ana.ask(&[kind, "show", id], Value::Null), before, "{kind}");
    }
}

#[test]
fn every_kind_that_has_it_can_ask_for_time_and_the_later_day_is_shown() {
    let root = root();
    let (ana, ben) = paired(root.path(), TROTH);
    let text = |text: &str| json!({"words": {"text": text}});
    let cases = [
        ("confidence", text("My brother drinks."), false),
        ("small-truth", text("I hate the soup."), false),
        ("tender-spot", text("Being laughed at."), false),
        (
            "trust-given",
            json!({"words": {"allows": "Read my letters."}}),
            false,
        ),
        ("ask", text("Come along?"), false),
        (
            "to-talk-about",
            json!({"words": {"topic": "Sundays"}}),
            true,
        ),
        (
            "repair",
            json!({"words": {"words": "What was said."}}),
            true,
        ),
    ];
    for (kind, words, both) in cases {
        let told = ana.ask(&[kind, "add"], words);
        let id = told["id"].as_str().unwrap().to_owned();
        comes(&ben, kind);
        if kind != "repair" {
            ben.ask(&[kind, "open"], Value::Null);
        }
        ben.ask(
            &[kind, "need-time", &id, "--until", "in three days"],
            Value::Null,
        );
        ben.ask(
            &[kind, "need-time", &id, "--until", "in two days"],
            Value::Null,
        );
        let mine = ben.ask(&[kind, "show", &id], Value::Null)["i_need_time"].clone();
        let seen = ana.until(&[kind, "show", &id], |view| {
            view["partner_needs_time"] == mine && mine.is_string()
        });
        assert_eq!(seen["i_need_time"], Value::Null, "{kind}");
        let shown = reads(&ana, &[kind, "show", &id]);
        assert!(shown.contains("Ben needs time until"), "{kind}: {shown}");
        let later = ben.ask(&["today"], Value::Null);
        assert!(
            !later["waiting"].to_string().contains(&id),
            "{kind}: {later}"
        );
        let hers = ana.script(
            &[kind, "need-time", &id, "--until", "tomorrow"],
            &Value::Null,
        );
        assert_eq!(hers.code == 0, both, "{kind}: {}", hers.error);
        let passed = ben.script(
            &[kind, "need-time", &id, "--until", "1.1.2020"],
            &Value::Null,
        );
        assert_ne!(passed.code, 0, "{kind}");
    }
    // Another answer ends it.
    ben.ask(&["ask", "yes"], json!({"words": {"words": "Yes."}}));
    ana.until(&["ask", "show"], |view| {
        view["partner_needs_time"].is_null()
    });
    // Kinds that do not have it say so.
    ana.ask(&["thanks", "add"], json!({"words": {"did": "You cooked."}}));
    let id = comes(&ben, "thanks");
    ben.ask(&["thanks", "open"], Value::Null);
    let none = ben.script(
        &["thanks", "need-time", &id, "--until", "tomorrow"],
        &Value::Null,
    );
    assert_eq!(none.kind(), "not_said_of_this");
}

#[test]
fn a_page_that_is_open_can_be_answered_with_needing_time() {
    let root = root();
    let (ana, ben) = paired(root.path(), TROTH);
    let slot = "card:small-steps/met-after-a-long-day";
    for home in [&ana, &ben] {
        let words = json!({"words": "With a hug."});
        home.ask(&["card", "small-steps", "met-after-a-long-day"], words);
    }
    ben.until(&["checkin", "show", slot], |shown| {
        shown["slots"][0]["opened"]["partner"].is_object()
    });
    ben.ask(
        &["ask", "need-time", slot, "--until", "tomorrow"],
        Value::Null,
    );
    let today = ben.ask(&["today"], Value::Null);
    assert!(!today["waiting"].to_string().contains(slot), "{today}");
    ana.until(&["today"], |today| today.to_string().contains("needs time"));
}

#[test]
fn trust_is_given_beside_a_tender_spot_and_stays_when_that_is_taken_back() {
    let root = root();
    let (ana, ben) = paired(root.path(), TROTH);
    let spot = json!({"words": {"area": "music", "text": "Laughing at my xylophone."}});
    let spot = ana.ask(&["tender-spot", "add"], spot)["id"].clone();
    let spot = spot.as_str().unwrap();
    // It is offered beside one's own spot, and to nobody else.
    let beside = "`troth trust-given add`".to_owned();
    assert!(reads(&ana, &["tender-spot", "show"]).contains(&beside));
    comes(&ben, "tender-spot");
    let opened = reads(&ben, &["tender-spot", "open"]);
    assert!(!opened.contains("trust-given"), "{opened}");
    let mut session = sit_down(&ana, &["trust-given", "add"]);
    session.exp_string("music").unwrap();
    answer(
        &mut session,
        "Which tender spot of yours does it touch",
        "1",
    );
    answer(&mut session, "What do you allow now?", "Play with me.");
    answer(&mut session, "Within which bounds?", "");
    answer(&mut session, "When do you want to look at it again?", "");
    answer(&mut session, "Say this to Ben?", "y");
    session
        .exp_string("It touches this tender spot: music")
        .unwrap();
    session.exp_eof().unwrap();
    let trust = comes(&ben, "trust-given");
    assert!(!reads(&ben, &["trust-given", "show"]).contains("touches"));
    let opened = reads(&ben, &["trust-given", "open"]);
    assert!(
        opened.contains("It touches this tender spot: music"),
        "{opened}"
    );
    ana.ask(&["tender-spot", "take-back", spot], Value::Null);
    ben.until(&["tender-spot", "show", spot], |view| {
        view["seen"] == "taken_back"
    });
    for home in [&ana, &ben] {
        let shown = reads(home, &["trust-given", "show", &trust]);
        assert!(shown.contains("was taken back. This stays."), "{shown}");
        assert!(shown.contains("Play with me."), "{shown}");
    }
}
