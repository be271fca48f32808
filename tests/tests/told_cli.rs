//! Everything they can tell, by its commands: said, closed, opened, answered, taken back, with the real programs.

use serde_json::{Value, json};
use troth_proto::said::told::ToldKind;
use troth_tests::home::{Home, paired, root};
use troth_tests::terminal::{answer, reads, says, sit_down};

const TROTH: &str = env!("CARGO_BIN_EXE_sut-troth");
/// A word that nobody may see before it is opened.
const CLOSED: &str = "xylophone";

fn id(view: &Value) -> String {
    view["id"].as_str().expect("a name").to_owned()
}

/// Waits until something of that kind has come, by its name.
fn comes(home: &Home, kind: &str, id: &str) {
    home.until(&[kind, "list"], |list| {
        let told = list["told"].as_array();
        told.is_some_and(|all| all.iter().any(|line| line["id"] == id))
    });
}

/// A kind, what is told, and how it is answered.
struct Case {
    kind: &'static str,
    words: Value,
    /// What the other answers, with what.
    answers: &'static [(&'static str, &'static str)],
    /// What the other reads before, of those that are closed.
    closed: &'static str,
    mine: &'static str,
}

fn cases() -> [Case; 7] {
    let case = |kind, words: Value, answers, closed, mine| Case {
        kind,
        words,
        answers,
        closed,
        mine,
    };
    [
        case(
            "thanks",
            json!({"words": {"did": "You played the xylophone.", "says_of_you": "You are brave."}}),
            &[("thank", r#"{"words": "I love it."}"#)],
            "Ana has something to thank you for.",
            "You thanked Ben.",
        ),
        case(
            "confidence",
            json!({"words": {"text": "I broke the xylophone."}, "listen_as": "help_me_think"}),
            &[
                ("heard", ""),
                ("thank", ""),
                ("words", r#"{"words": "Buy another."}"#),
                ("may-i", r#"{"words": {"with_whom": "Dr Kim"}}"#),
            ],
            "Ana would like you to help with thinking.",
            "You asked Ben to help you think.",
        ),
        case(
            "small-truth",
            json!({"words": {"text": "I hate the xylophone."}}),
            &[("thank", ""), ("heard", r#"{"words": "You hate it."}"#)],
            "Ana has told you a small truth. You can begin by thanking.",
            "You told Ben a small truth.",
        ),
        case(
            "tender-spot",
            json!({"words": {"area": "music", "text": "Laughing at my xylophone."}}),
            &[("say-back", r#"{"words": "No laughing."}"#)],
            "Ana has shown you a tender spot. Say back what you understood",
            "You showed Ben a tender spot.",
        ),
        case(
            "trust-given",
            json!({"words": {"allows": "Play my xylophone."}}),
            &[("say-back", r#"{"words": "I may play."}"#)],
            "Ana gives you trust. Say back what you understood.",
            "You gave Ben trust. You can take it back at any time.",
        ),
        case(
            "to-talk-about",
            json!({"words": {"topic": "The xylophone on Sundays"}}),
            &[("meaning", r#"{"words": "Noise."}"#), ("done", "")],
            "Ana would like to talk about something.",
            "This is on the list.",
        ),
        case(
            "ask",
            json!({"words": {"text": "Sell the xylophone?"}}),
            &[("yes", r#"{"words": "Tonight."}"#)],
            "Ana asks you for something.",
            "You asked Ben.",
        ),
    ]
}

#[test]
fn each_kind_is_told_closed_opened_answered_and_taken_back() {
    let root = root();
    let (ana, ben) = paired(root.path(), TROTH);
    let closed = ToldKind::ALL.iter().filter(|kind| kind.row().closed);
    let closed: Vec<String> = closed.map(|kind| kind.name().replace('_', "-")).collect();
    assert_eq!(cases().map(|case| case.kind.to_owned()), *closed);
    for case in cases() {
        let kind = case.kind;
        let told = ana.ask(&[kind, "add"], case.words);
        let id = id(&told);
        assert_eq!((&told["by"], &told["seen"]), (&json!("me"), &json!("open")));
        says(&ana, &[kind, "show", &id[..8]], case.mine);
        comes(&ben, kind, &id);
        for look in [vec![kind, "list"], vec![kind, "show", &id], vec!["today"]] {
            for json in [true, false] {
                let mut arguments = if json { vec!["--json"] } else { vec![] };
                arguments.extend(&look);
                let said = reads(&ben, &arguments);
                assert!(!said.contains(CLOSED), "{arguments:?}: {said}");
            }
        }
        says(&ben, &["today"], case.closed);
        says(&ben, &["today"], &format!("`troth {kind} open`"));
        let today = ben.ask(&["today"], Value::Null);
        let waits = today["waiting"].as_array().unwrap().iter();
        let mut waits = waits.filter(|it| it["id"] == id.as_str());
        assert_eq!(waits.next().unwrap()["what"], "told", "{today}");
        // What is closed is answered by nobody.
        let early = ben.script(&[kind, case.answers[0].0, &id], &json!({"words": {}}));
        assert!(early.code != 0, "{kind}: {}", early.json);
        // Where only one waits, nothing has to name it.
        let opened = ben.ask(&[kind, "open"], Value::Null);
        assert!(opened.to_string().contains(CLOSED), "{kind}: {opened}");
        for (verb, words) in case.answers {
            let words: Value = serde_json::from_str(words).unwrap_or(Value::Null);
            ben.ask(&[kind, verb], words);
        }
        ana.until(&[kind, "show", &id], |view| {
            let answers = view["answers"].as_array();
            answers.is_some_and(|all| all.len() >= case.answers.len())
        });
        ana.ask(&["open", &id], Value::Null);
        let back = ana.ask(&[kind, "take-back", &id], Value::Null);
        assert_eq!(back["seen"], "taken_back", "{kind}");
        says(
            &ana,
            &[kind, "show", &id],
            "You took this back. Ben may have kept a copy. Troth cannot make anyone forget.",
        );
        ben.until(&[kind, "show", &id], |view| view["seen"] == "taken_back");
        says(&ben, &[kind, "show", &id], "Ana took this back.");
        let again = ana.script(&[kind, "take-back", &id], &Value::Null);
        assert_eq!(again.kind(), "already_taken_back", "{kind}");
    }
}

#[test]
fn a_confidence_stays_and_advice_is_asked_for() {
    let root = root();
    let (ana, ben) = paired(root.path(), TROTH);
    let told = ana.ask(
        &["confidence", "add"],
        json!({"words": {"text": "My brother drinks."}}),
    );
    let id = id(&told);
    says(
        &ana,
        &["confidence", "show"],
        "You asked Ben just to listen.",
    );
    says(
        &ana,
        &["confidence", "show"],
        "If someone is in danger, safety comes before secrecy.",
    );
    comes(&ben, "confidence", &id);
    ben.ask(&["confidence", "open"], Value::Null);
    says(&ben, &["confidence", "show"], "This stays with you.");
    let advice = ben.script(&["confidence", "words"], &json!({"words": "Tell him."}));
    assert_eq!(advice.kind(), "not_asked_for");
    says(
        &ben,
        &["--no-input", "confidence", "heard"],
        "Maybe go and be near Ana now.",
    );
    ben.ask(
        &["confidence", "may-i"],
        json!({"words": {"with_whom": "Dr Kim", "part": "the drinking"}}),
    );
    says(
        &ben,
        &["confidence", "show"],
        "Until Ana says yes, it stays with you.",
    );
    ana.until(&["today"], |today| {
        let all = today["waiting"].as_array().unwrap();
        let asks = |it: &Value| {
            let words = it["words"].as_str().unwrap_or_default();
            words.contains("Saying nothing means no.")
        };
        all.iter().any(asks)
    });
    says(
        &ana,
        &["confidence", "open", &id],
        "Ben asks whether Dr Kim may hear of this.",
    );
    let words = json!({"words": {"with_whom": "Dr Kim", "part": "the drinking"}});
    ana.ask(&["permission", "add", "--about", &id], words);
    ben.until(&["confidence", "show", &id], |view| {
        view["may_tell"].is_array()
    });
    // Only opening shows words that were told in trust.
    let shown = reads(&ben, &["confidence", "show"]);
    assert!(!shown.contains("brother"), "{shown}");
    assert!(shown.contains("Ana has said whom you may tell."), "{shown}");
    let opened = reads(&ben, &["confidence", "open"]);
    assert!(
        opened.contains("You may tell Dr Kim: the drinking."),
        "{opened}"
    );
    assert!(opened.contains("My brother drinks."), "{opened}");
    ana.ask(&["confidence", "listen-as", "help-me-think"], Value::Null);
    ben.until(&["confidence", "show", &id], |view| {
        view["listen_as"] == "help_me_think"
    });
    ben.ask(&["confidence", "words"], json!({"words": "Tell him."}));
    ana.until(&["confidence", "list"], |list| {
        list["told"][0]["unopened"] == true
    });
    ana.ask(&["confidence", "tell-nobody"], Value::Null);
    ben.until(&["confidence", "show", &id], |view| {
        view["tell_nobody"] == true
    });
    says(&ben, &["confidence", "show"], "This stays with you.");
}

#[test]
fn what_a_kind_does_not_have_is_refused_clearly() {
    let root = root();
    let (ana, ben) = paired(root.path(), TROTH);
    let kind = |arguments: &[&str], words: Value| {
        let done = ana.script(arguments, &words);
        assert!(done.code != 0, "{arguments:?}");
        let what = done.error["error"]["what"].as_str().unwrap_or_default();
        (done.kind().to_owned(), what.to_owned())
    };
    let words = || json!({"words": {"did": "You cooked."}});
    assert_eq!(
        kind(&["thanks", "add", "--until", "friday"], words()).1,
        "There is no option `--until` here."
    );
    assert_eq!(kind(&["thanks", "add", "Visits"], words()).0, "bad_request");
    assert_eq!(
        kind(&["thanks", "add"], json!({"words": {"done": "x"}})).0,
        "bad_request"
    );
    assert_eq!(kind(&["thanks", "add"], json!({})).0, "nothing_said");
    assert_eq!(kind(&["thanks", "thank"], Value::Null).0, "nothing_fits");
    assert_eq!(
        kind(&["break", "add", "--minutes", "5"], Value::Null).0,
        "break_length"
    );
    let told = ana.ask(&["thanks", "add"], words());
    comes(&ben, "thanks", &id(&told));
    ben.ask(&["thanks", "open"], Value::Null);
    let heard = ben.script(&["thanks", "heard"], &Value::Null);
    assert_eq!(heard.kind(), "nothing_fits");
    let heard = ben.script(&["thanks", "heard", &id(&told)], &Value::Null);
    assert_eq!(heard.kind(), "not_said_of_this");
    let help = reads(&ana, &["thanks", "--help"]);
    assert!(help.contains("thank") && !help.contains("heard"), "{help}");
}

#[test]
fn a_person_says_something_at_a_terminal_and_a_script_does_not() {
    let root = root();
    let (ana, ben) = paired(root.path(), TROTH);
    let mut session = sit_down(&ana, &["say"]);
    session.exp_string("Thanks for something Ben did").unwrap();
    answer(&mut session, "Which of these is it", "1");
    answer(&mut session, "What did Ben do?", "You cooked.");
    answer(&mut session, "What does it say of Ben?", "You care.");
    session.exp_string("For this: You cooked.").unwrap();
    answer(&mut session, "Say this to Ben?", "yes");
    session.exp_string("You thanked Ben.").unwrap();
    session.exp_eof().unwrap();
    let list = ben.until(&["thanks", "list"], |list| list["told"][0].is_object());
    assert_eq!(list["told"][0]["seen"], "closed");

    // What was typed and not said is kept, and offered again.
    let mut session = sit_down(&ana, &["small-truth", "add"]);
    answer(&mut session, "What is the small truth?", "I ate the cake.");
    answer(&mut session, "What lies beneath it?", "");
    answer(&mut session, "How would you like to be listened to", "2");
    answer(&mut session, "Say this to Ben?", "no");
    session.exp_string("Your words are kept").unwrap();
    session.exp_eof().unwrap();
    let none = ana.ask(&["small-truth", "list"], Value::Null);
    assert_eq!(none["told"], json!([]));
    let mut session = sit_down(&ana, &["small-truth", "add"]);
    session.exp_string("I ate the cake.").unwrap();
    answer(&mut session, "Go on from them?", "yes");
    answer(&mut session, "Say this to Ben?", "yes");
    session
        .exp_string("You asked Ben to help you think.")
        .unwrap();
    session.exp_eof().unwrap();

    // He opens and answers by the commands that Today names.
    ben.until(&["small-truth", "list"], |list| list["told"][0].is_object());
    let mut session = sit_down(&ben, &["small-truth", "thank"]);
    session.exp_string("You have not opened this yet.").unwrap();
    session.exp_eof().unwrap();
    says(&ben, &["small-truth", "open"], "I ate the cake.");
    let mut session = sit_down(&ben, &["small-truth", "thank"]);
    answer(&mut session, "A word with it", "");
    session.exp_string("You thanked Ana for telling.").unwrap();
    session.exp_eof().unwrap();

    let done = ana.run(&["--no-input", "say"], "");
    assert_eq!(done.status.code(), Some(2));
}

#[test]
fn trust_is_said_back_and_marked_and_calls_are_for_today() {
    let root = root();
    let (ana, ben) = paired(root.path(), TROTH);
    let spot = ana.ask(
        &["tender-spot", "add"],
        json!({"words": {"text": "Being laughed at."}}),
    );
    comes(&ben, "tender-spot", &id(&spot));
    ben.ask(&["tender-spot", "open"], Value::Null);
    ben.ask(
        &["tender-spot", "say-back"],
        json!({"words": "Do not laugh."}),
    );
    ana.until(&["today"], |today| {
        today["waiting"][0]["what"] == "answered"
    });
    says(
        &ana,
        &["today"],
        "Ben said back what you wrote. Is that it?",
    );
    ana.ask(&["tender-spot", "open"], Value::Null);
    ana.ask(
        &["tender-spot", "not-yet"],
        json!({"words": "Not in company."}),
    );
    ben.until(&["tender-spot", "list"], |list| {
        list["told"][0]["unopened"] == true
    });
    ben.ask(&["tender-spot", "open"], Value::Null);
    ben.ask(
        &["tender-spot", "say-back"],
        json!({"words": "Not in company."}),
    );
    ana.until(&["tender-spot", "list"], |list| {
        list["told"][0]["unopened"] == true
    });
    ana.ask(&["tender-spot", "open"], Value::Null);
    ana.ask(&["tender-spot", "yes"], Value::Null);
    says(&ana, &["tender-spot", "show"], "You said: yes, that's it.");

    let bid = ana.ask(
        &["bid", "add"],
        json!({"words": {"line": "Look at the moon?"}}),
    );
    comes(&ben, "bid", &id(&bid));
    says(&ben, &["today"], "Ana: “Look at the moon?”");
    ben.ask(&["bid", "not-yet"], Value::Null);
    ana.until(&["today"], |today| {
        today
            .to_string()
            .contains("Ben to “Look at the moon?”: later.")
    });
    let name = ana.ask(
        &["about-me", "add", "--page", "name"],
        json!({"words": {"text": "Anni"}}),
    );
    comes(&ben, "about-me", &id(&name));
    says(&ben, &["about-me", "show"], "Anni");

    // Two of a kind are named by numbers or by words of how they begin.
    for line in ["First: the stairs.", "Second: the garden."] {
        ana.ask(&["ask", "add"], json!({"words": {"text": line}}));
    }
    ben.until(&["ask", "list"], |list| {
        list["told"].as_array().map(Vec::len) == Some(2)
    });
    let both = ben.script(&["ask", "open"], &Value::Null);
    assert_eq!(both.kind(), "not_unique");
    says(&ben, &["ask", "open", "2"], "First: the stairs.");
    says(&ben, &["ask", "open"], "Second: the garden.");
    let yes = ben.ask(&["ask", "yes", "stairs"], Value::Null);
    assert_eq!(yes["words"]["text"], "First: the stairs.");
    ana.ask(&["ask", "put-away", "garden"], Value::Null);
    says(
        &ana,
        &["ask", "show", "garden"],
        "Put away. It can still be opened.",
    );
    ana.ask(
        &["ask", "better", "stairs"],
        json!({"words": {"text": "First: sweep the stairs."}}),
    );
    says(&ana, &["ask", "show", "sweep"], "First: sweep the stairs.");
}

#[test]
fn words_are_found_and_what_is_told_in_trust_is_not() {
    let root = root();
    let (ana, ben) = paired(root.path(), TROTH);
    let thanks = ana.ask(
        &["thanks", "add"],
        json!({"words": {"did": "You oiled the hinges of the gate."}}),
    );
    ana.ask(
        &["confidence", "add"],
        json!({"words": {"text": "The hinges scare me."}}),
    );
    let found = ana.ask(&["search", "HINGES"], Value::Null);
    assert_eq!(found["found"].as_array().unwrap().len(), 1, "{found}");
    assert_eq!(found["found"][0]["id"], thanks["id"]);
    says(&ana, &["search", "hinges"], "You oiled the hinges");
    comes(&ben, "thanks", &id(&thanks));
    says(&ben, &["search", "hinges"], "Nothing of what you can find");
    ben.ask(&["thanks", "open"], Value::Null);
    says(&ben, &["search", "hinges"], "You oiled the hinges");
}

#[test]
fn a_card_that_both_answer_opens_for_both() {
    let root = root();
    let (ana, ben) = paired(root.path(), TROTH);
    says(&ana, &["card"], "Ground rules (ground)");
    let offered = ana.ask(&["card", "small-steps"], Value::Null);
    let card = offered["card"].as_str().unwrap();
    let other = ben.ask(&["card", "small-steps"], Value::Null);
    assert_eq!(other["card"], card, "both are offered the same");
    let skipped = ana.ask(&["card", "small-steps"], json!({"skip": true}));
    let next = ana.ask(&["card", "small-steps"], Value::Null);
    assert_ne!(skipped["card"], next["card"]);
    use std::os::unix::fs::PermissionsExt;
    let mode = std::fs::metadata(ana.dir.join("state/cards"))
        .unwrap()
        .permissions();
    assert_eq!(mode.mode() & 0o777, 0o600);

    let mut session = sit_down(&ana, &["card", "small-steps", card]);
    answer(&mut session, "Answer it?", "yes");
    answer(&mut session, "Your answer:", "With xylophone music.");
    answer(&mut session, "Are you ready with these words?", "yes");
    session.exp_string("You are ready.").unwrap();
    session.exp_eof().unwrap();
    ben.until(&["today"], |today| today["waiting"][0]["what"] == "ready");
    says(&ben, &["today"], "`troth card small-steps ");
    let seen = ben.ask(&["card", "show", "small-steps", card], Value::Null);
    assert!(!seen.to_string().contains(CLOSED), "{seen}");
    ben.ask(
        &["card", "small-steps", card],
        json!({"words": "With tea."}),
    );
    let shown = ana.until(&["card", "show", "small-steps", card], |shown| {
        shown["slots"][0]["opened"]["partner"].is_object()
    });
    assert_eq!(shown["slots"][0]["opened"]["partner"]["words"], "With tea.");
    says(
        &ben,
        &["card", "show", "small-steps", card],
        "With xylophone music.",
    );
    let list = ben.ask(&["card", "list"], Value::Null);
    assert_eq!(list["cards"][0]["card"], card);
    let fits = ana.ask(&["card", "fits"], json!({"fits": ["children"]}));
    assert_eq!(fits["fits"], json!(["children"]));
    let wrong = ana.script(&["card", "fits"], &json!({"fits": ["dogs"]}));
    assert_eq!(wrong.kind(), "bad_request");
}

#[test]
fn a_long_check_in_asks_more_and_so_do_their_own_questions() {
    let root = root();
    let (ana, ben) = paired(root.path(), TROTH);
    let own = ana.ask(
        &["agreement", "propose"],
        json!({"topic": "Our questions", "terms": "What made you laugh?\nWhat do you look forward to?",
            "does": {"me": "I answer.", "partner": "You answer."}, "tag": "questions"}),
    );
    let version = own["hash"].as_str().unwrap();
    ben.until(&["agreement", "list"], |list| {
        list["agreements"][0].is_object()
    });
    ben.ask(&["agreement", "yes", version], Value::Null);
    ana.until(&["agreement", "list"], |list| {
        list["agreements"][0]["state"] == "in_force"
    });
    let mut session = sit_down(&ana, &["checkin", "ready", "--slot", "2026"]);
    answer(&mut session, "Thanks: what did ", "");
    answer(&mut session, "What went well?", "");
    answer(&mut session, "What have you not said yet?", "");
    answer(&mut session, "One thing to talk about", "");
    answer(&mut session, "One wish:", "");
    answer(&mut session, "What from this year", "The sea.");
    for question in [
        "In which hard moment",
        "What have you learned about your partner",
        "What have you learned about yourself?",
        "Which agreement has carried",
        "What have the two of you let rest",
        "Where would you like more room",
        "What would you like the two of you",
    ] {
        answer(&mut session, question, "");
    }
    answer(&mut session, "What made you laugh?", "The goat.");
    answer(&mut session, "What do you look forward to?", "");
    session.exp_string("The sea.").unwrap();
    answer(&mut session, "Are you ready with these words?", "yes");
    session.exp_eof().unwrap();
    ana.ask(&["checkin", "share", "2026"], Value::Null);
    let shown = ben.until(&["checkin", "show", "2026"], |shown| {
        shown["slots"][0]["opened"]["partner"].is_object()
    });
    let more = &shown["slots"][0]["opened"]["partner"]["more"];
    assert_eq!(
        more[1],
        json!({"asked": "What made you laugh?", "words": "The goat."})
    );
    says(
        &ben,
        &["checkin", "show", "2026"],
        "What made you laugh? The goat.",
    );
}

/// Waits until a repair is at a step.
fn at_step(home: &Home, step: u8) -> Value {
    home.until(&["repair", "show"], |view| view["repair"]["step"] == step)
}

#[test]
fn a_repair_goes_through_its_seven_steps_with_a_break_in_the_middle() {
    let root = root();
    let (ana, ben) = paired(root.path(), TROTH);
    let visits = json!({"topic": "Visits", "does": {"me": "I ask.", "partner": "You ask."}});
    let proposed = ana.ask(&["agreement", "propose"], visits);
    let version = proposed["hash"].as_str().unwrap();
    ben.until(&["agreement", "list"], |list| {
        list["agreements"][0].is_object()
    });
    ben.ask(&["agreement", "yes", version], Value::Null);
    ana.until(&["agreement", "list"], |list| {
        list["agreements"][0]["state"] == "in_force"
    });

    let begun = ana.ask(
        &["agreement", "did-not-hold", "visits", "--how", "forgot"],
        Value::Null,
    );
    let id = id(&begun);
    comes(&ben, "repair", &id);
    says(
        &ben,
        &["repair", "show"],
        "Our agreement about “Visits” didn't hold. It was forgotten.",
    );
    let second = ben.script(&["agreement", "did-not-hold", "visits"], &Value::Null);
    assert_eq!(second.kind(), "repair_is_open");
    for home in [&ana, &ben] {
        says(home, &["today"], "The repair about “Visits”, step 1 of 7");
        home.ask(&["repair", "day", "tomorrow"], Value::Null);
    }
    at_step(&ana, 2);
    says(&ana, &["repair", "show"], "Step 2 of 7. What did you feel?");

    // Two: sealed until both have written.
    ana.ask(
        &["repair", "write"],
        json!({"words": "I felt like a xylophone."}),
    );
    says(&ana, &["repair", "show"], "You are ready.");
    let today = ana.ask(&["today"], Value::Null);
    assert!(
        !today.to_string().contains("step 2 of 7"),
        "her part is done: {today}"
    );
    ben.until(&["today"], |today| {
        today.to_string().contains("Ana is ready")
    });
    says(&ben, &["repair", "show"], "Ana has finished this step.");
    let seen = ben.ask(&["repair", "show"], Value::Null);
    assert!(!seen.to_string().contains(CLOSED));
    let early = ben.script(&["repair", "done"], &Value::Null);
    assert_eq!(early.kind(), "not_this_step");

    // A break by both; one alone does not end it.
    ana.ask(
        &["break", "add", "--minutes", "60"],
        json!({"words": {"note": "Air."}}),
    );
    let on = ben.until(&["today"], |today| today["break"].is_object());
    assert_eq!(on["break"]["passed"], false);
    says(&ben, &["today"], "A break till ");
    ben.ask(&["break", "done"], Value::Null);
    ana.until(&["today"], |today| {
        today["break"]["back"] == json!(["partner"])
    });
    says(&ana, &["today"], "Ben is back. You?");
    ana.ask(&["break", "done"], Value::Null);
    for home in [&ana, &ben] {
        home.until(&["today"], |today| today["break"].is_null());
    }

    ben.ask(&["repair", "write"], json!({"words": "I felt small."}));
    at_step(&ben, 3);
    at_step(&ana, 3);
    says(&ben, &["repair", "show"], "I felt like a xylophone.");
    let unsaid = ben.script(&["repair", "done"], &Value::Null);
    assert_eq!(unsaid.kind(), "say_back_first");
    ana.ask(&["repair", "say-back"], json!({"words": "You felt small."}));
    ben.ask(
        &["repair", "say-back"],
        json!({"words": "You felt hollow."}),
    );
    for (home, words) in [
        (&ana, "Ben said back: You felt hollow."),
        (&ben, "Ana said back: You felt small."),
    ] {
        let by = std::time::Instant::now() + troth_tests::home::PATIENCE;
        while !reads(home, &["repair", "show"]).contains(words) {
            assert!(std::time::Instant::now() < by, "{words}");
            std::thread::sleep(std::time::Duration::from_millis(20));
        }
        home.ask(&["repair", "yes"], Value::Null);
    }
    for home in [&ana, &ben] {
        let by = std::time::Instant::now() + troth_tests::home::PATIENCE;
        while home.script(&["repair", "done"], &Value::Null).code != 0 {
            assert!(std::time::Instant::now() < by, "through with step three");
            std::thread::sleep(std::time::Duration::from_millis(20));
        }
    }
    for (step, words) in [(4, "It was late."), (5, "I did not call.")] {
        for home in [&ana, &ben] {
            at_step(home, step);
        }
        for home in [&ana, &ben] {
            home.ask(&["repair", "write"], json!({"words": words}));
        }
    }
    at_step(&ben, 6);
    ana.ask(
        &["repair", "apology"],
        json!({"words": "I am sorry for Sunday."}),
    );
    ben.until(&["repair", "list"], |list| {
        list["told"][0]["unopened"] == true
    });
    ben.ask(&["repair", "open"], Value::Null);
    let accepted = ben.ask(&["repair", "yes"], json!({"words": "Thank you."}));
    let apology = accepted["answers"].as_array().unwrap().iter();
    let mut apology = apology.filter(|it| it["says"] == "apology");
    let apology = apology.next().unwrap()["id"].clone();
    let yes = accepted["answers"].as_array().unwrap().iter();
    let mut yes = yes.filter(|it| it["says"] == "yes");
    assert_eq!(
        yes.next().unwrap()["about"],
        apology,
        "the apology is answered"
    );
    for home in [&ana, &ben] {
        at_step(home, 6);
        home.ask(&["repair", "done"], Value::Null);
    }
    at_step(&ana, 7);
    ana.ask(
        &["agreement", "propose"],
        json!({"topic": "Calling", "does": {"me": "I call.", "partner": ""}}),
    );
    ana.ask(&["repair", "plan", "calling"], Value::Null);
    for home in [&ana, &ben] {
        at_step(home, 7);
        home.ask(&["repair", "done"], Value::Null);
    }
    for home in [&ana, &ben] {
        home.until(&["repair", "show", &id], |view| {
            view["repair"]["through"] == true
        });
        let today = home.ask(&["today"], Value::Null);
        let waits = today["waiting"].to_string();
        assert!(
            !waits.contains("repair") && !waits.contains("step"),
            "{waits}"
        );
        says(
            home,
            &["repair", "show", &id],
            "You two are through. The plan stays. The rest is put away.",
        );
    }
    let over = ana.script(&["repair", "day", &id, "tomorrow"], &Value::Null);
    assert_eq!(over.kind(), "repair_closed");
}

#[test]
fn a_repair_that_is_stopped_gives_what_was_not_open_back() {
    let root = root();
    let (ana, ben) = paired(root.path(), TROTH);
    let begun = ana.ask(
        &["repair", "add"],
        json!({"words": {"words": "What was said in the car."}}),
    );
    let id = id(&begun);
    comes(&ben, "repair", &id);
    for home in [&ana, &ben] {
        home.ask(&["repair", "day", "in two days"], Value::Null);
    }
    at_step(&ana, 2);
    ana.ask(&["repair", "write"], json!({"words": "I felt lost."}));
    let unasked = ben.run(&["--no-input", "repair", "stop"], "");
    assert_eq!(unasked.status.code(), Some(2), "it ends something");
    let stopped = reads(&ben, &["--no-input", "--yes", "repair", "stop"]);
    assert!(stopped.contains("Stopping is not failing."), "{stopped}");
    ana.until(&["repair", "show", &id], |view| {
        view["repair"]["stopped"] == true
    });
    says(
        &ana,
        &["repair", "show", &id],
        "The repair was stopped here. Stopping is not failing.",
    );
    says(&ana, &["today"], "came back to you");
}

#[test]
fn a_long_list_shows_the_newest_and_says_that_there_are_more() {
    let root = root();
    let (ana, _ben) = paired(root.path(), TROTH);
    ana.ask(
        &["thanks", "add"],
        json!({"words": {"did": "Cooked the first"}}),
    );
    for n in 0..100 {
        let did = format!("Cooked {n}");
        ana.ask(&["thanks", "add"], json!({"words": {"did": did}}));
    }
    for list in [&["thanks", "list"], &["search", "cooked"]] {
        let newest = reads(&ana, list);
        assert!(newest.contains("`--all`"), "{newest}");
        assert!(!newest.contains("Cooked the first"), "{newest}");
        let all = reads(&ana, &[&list[..], &["--all"]].concat());
        assert!(all.contains("Cooked the first") && !all.contains("`--all`"));
        let scripts = ana.ask(list, Value::Null);
        assert!(scripts.to_string().contains("Cooked the first"));
    }
}
