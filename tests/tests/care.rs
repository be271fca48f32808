//! What a person sees before something goes out, and what they are told of it after: nothing leaves by a slip.

use serde_json::{Value, json};
use troth_tests::home::{Home, paired, root};
use troth_tests::terminal::{answer, reads, sit_down};

const TROTH: &str = env!("CARGO_BIN_EXE_sut-troth");
const CARD: &str = "met-after-a-long-day";

fn mine(home: &Home, slot: &str) -> Value {
    home.ask(&["checkin", "show", slot], Value::Null)["slots"][0]["mine"].clone()
}

fn id(said: &Value) -> String {
    said["id"].as_str().unwrap().to_owned()
}

#[test]
fn no_page_opens_for_one_alone_without_a_yes() {
    let root = root();
    let (ana, _ben) = paired(root.path(), TROTH);
    ana.ask(
        &["checkin", "ready", "--slot", "2026"],
        json!({"wish": "rain"}),
    );
    let answer_card = ["card", "small-steps", CARD];
    let card = ana.ask(&answer_card, json!({"words": "Noodles."}));
    let card = card["slots"][0]["slot"].as_str().unwrap();
    for slot in ["2026", card] {
        let refused = ana.run(&["--no-input", "checkin", "share", slot], "");
        assert_eq!(refused.status.code(), Some(2), "{slot}: {refused:?}");
        assert_eq!(mine(&ana, slot), "ready", "{slot}");
        let mut session = sit_down(&ana, &["checkin", "share", slot]);
        answer(&mut session, "now, without waiting?", "");
        session.exp_eof().unwrap();
        assert_eq!(mine(&ana, slot), "ready", "{slot}");
        let sure = ana.run(&["--no-input", "--yes", "checkin", "share", slot], "");
        assert!(sure.status.success(), "{slot}: {sure:?}");
        assert_eq!(mine(&ana, slot), "open", "{slot}");
    }
}
