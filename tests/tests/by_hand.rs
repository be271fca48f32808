//! What a person types has a name that a person can type, and what they read leads on.

use rexpect::session::PtySession;
use serde_json::{Value, json};
use troth_tests::home::{Home, paired, root};
use troth_tests::terminal::{answer, reads, sit_down};

const TROTH: &str = env!("CARGO_BIN_EXE_sut-troth");

/// What one command shows at a terminal.
fn shown(home: &Home, arguments: &[&str]) -> String {
    ends(sit_down(home, arguments))
}

fn ends(mut session: PtySession) -> String {
    let text = session.exp_eof().unwrap();
    // Quotation marks come byte by byte.
    let text: String = text.chars().filter(char::is_ascii).collect();
    let words: Vec<&str> = text.split_whitespace().collect();
    words.join(" ")
}

/// Nothing that only a script would type.
fn has_no_hex(text: &str) {
    let mut words = text.split(|c: char| !c.is_ascii_hexdigit());
    let hex = |word: &str| word.len() >= 8 && word.contains(|c: char| c.is_ascii_digit());
    assert!(!words.any(hex), "{text}");
}

/// An agreement of both about visits.
fn agreed(ana: &Home, ben: &Home) -> String {
    let words = json!({"topic": "Overnight visits", "terms": "A visit ends by Sunday.", "does": {"me": "I call."}});
    let v = ana.ask(&["agreement", "propose"], words);
    let version = v["version"].as_str().unwrap().to_owned();
    ben.until(&["agreement", "show", "visits"], |_| true);
    ben.ask(&["agreement", "yes", &version], Value::Null);
    for home in [ana, ben] {
        home.until(&["agreement", "show", "visits"], |it| {
            it["state"] == "in_force"
        });
    }
    version
}

#[test]
fn a_review_is_named_by_its_agreement() {
    let root = root();
    let (ana, ben) = paired(root.path(), TROTH);
    let version = agreed(&ana, &ben);
    let look = |words: &str| json!({"words": words, "lean": "keep"});
    ana.ask(&["agreement", "look", &version], look("It was calm."));
    ben.until(&["today"], |it| it["waiting"][0]["what"] == "ready");
    let today = shown(&ben, &["today"]);
    assert!(
        today.contains("Ana is ready with a review of Overnight visits; you next?"),
        "{today}"
    );
    assert!(
        today.contains("`troth agreement look overnight`"),
        "{today}"
    );
    has_no_hex(&today);
    ben.ask(&["agreement", "look", &version], look("For me too."));
    ben.until(&["today"], |it| it["waiting"][0]["what"] == "opened");
    let today = shown(&ben, &["today"]);
    assert!(
        today.contains("What Ana wrote about Overnight visits is open."),
        "{today}"
    );
    has_no_hex(&today);
    assert!(today.contains("`troth open review overnight`"), "{today}");
    let page = shown(&ben, &["open", "review", "overnight"]);
    assert!(page.contains("It was calm."), "{page}");
    assert!(
        page.contains("`troth checkin heard overnight`"),
        "what can be said of it: {page}"
    );
    has_no_hex(&page);
    let mut session = sit_down(&ben, &["checkin", "heard", "overnight"]);
    answer(
        &mut session,
        "What did you hear, in your own words?",
        "That it was calm.",
    );
    let page = ends(session);
    assert!(page.contains("Review of Overnight visits"), "{page}");
    ana.until(&["today"], |it| {
        let news = it["news"].to_string();
        news.contains("the review of “Overnight visits”")
    });
}

#[test]
fn what_is_found_is_named_by_its_words() {
    let root = root();
    let (ana, ben) = paired(root.path(), TROTH);
    let version = agreed(&ana, &ben);
    let words = json!({"base": [version], "agreement": version, "topic": "Overnight visits", "terms": "A visit ends by Monday.", "does": {"me": "I call."}});
    ana.ask(&["agreement", "propose"], words);
    let did = json!({"words": {"did": "You mended my bike after a visit."}});
    ana.ask(&["thanks", "add"], did);
    let found = shown(&ana, &["search", "visit"]);
    assert!(
        found.contains("Overnight visits: A visit ends by Monday."),
        "{found}"
    );
    assert!(
        !found.contains("Sunday"),
        "an agreement stands once: {found}"
    );
    assert!(
        found.contains("(`troth agreement show overnight`)"),
        "{found}"
    );
    has_no_hex(&found);
    let found = shown(&ana, &["search", "bike"]);
    assert!(found.contains("(`troth show mended`)"), "{found}");
    assert!(shown(&ana, &["show", "mended"]).contains("You mended my bike"));
}

#[test]
fn a_step_of_a_check_in_takes_the_only_page_it_can_be_done_to() {
    let root = root();
    let (ana, _ben) = paired(root.path(), TROTH);
    let wish = json!({"wish": "A walk."});
    ana.ask(&["checkin", "ready"], wish.clone());
    let sure = ["--yes", "checkin", "share"];
    reads(&ana, &sure);
    // The year is named like the week, by each step.
    ana.ask(&["checkin", "ready", "2026"], wish);
    let mine = || {
        let slots = ana.ask(&["checkin", "show", "--slot", "2026"], Value::Null);
        slots["slots"][0]["mine"].clone()
    };
    assert_eq!(mine(), "ready");
    let done = shown(&ana, &["checkin", "cancel"]);
    assert_eq!(mine(), "empty", "{done}");
}

#[test]
fn a_repair_waits_while_the_two_are_on_a_break() {
    let root = root();
    let (ana, ben) = paired(root.path(), TROTH);
    ana.ask(
        &["repair", "add"],
        json!({"words": {"words": "Last night."}}),
    );
    ben.until(&["repair", "list"], |it| it["told"][0].is_object());
    ben.ask(&["break", "add"], json!({"minutes": 60}));
    ana.until(&["today"], |it| it["break"].is_object());
    let mut session = sit_down(&ana, &["repair", "day", "2099-01-02"]);
    answer(&mut session, "Go on all the same?", "n");
    ends(session);
    let view = ana.ask(&["repair", "show"], Value::Null);
    assert!(
        view["repair"]["my_days"]
            .as_array()
            .is_none_or(Vec::is_empty)
    );
    let mut session = sit_down(&ana, &["repair", "day", "2099-01-02"]);
    answer(&mut session, "Go on all the same?", "y");
    answer(&mut session, "A word with it", "");
    ends(session);
    ana.ask(&["break", "done"], Value::Null);
    let today = shown(&ana, &["today"]);
    assert!(today.contains("You are back. The break is till"), "{today}");
    assert!(!today.contains("Breathe") && !today.contains("`troth break done`"));
    // One with a word is read before it is said, with its return.
    let mut session = sit_down(&ben, &["break", "add"]);
    answer(&mut session, "In how many minutes", "30");
    answer(&mut session, "A word with it", "I walk.");
    let read = answer(&mut session, "Say this to Ana?", "no");
    assert!(read.contains("Back at "), "{read}");
}

#[test]
fn who_says_yes_to_an_asking_reads_whom_and_what_it_asks_about() {
    let root = root();
    let (ana, ben) = paired(root.path(), TROTH);
    let told = json!({"words": {"text": "About my brother."}});
    ana.ask(&["confidence", "add"], told);
    ben.until(&["confidence", "list"], |it| it["told"][0].is_object());
    ben.ask(&["confidence", "open"], Value::Null);
    let mut session = sit_down(&ben, &["confidence", "may-i"]);
    answer(&mut session, "Who would hear of it?", "");
    session.exp_string("It cannot stay empty.").unwrap();
    answer(&mut session, "Who would hear of it?", "my sister Lena");
    answer(&mut session, "Which part of it?", "that he drank");
    let read = answer(&mut session, "Say this to Ana?", "yes");
    assert!(
        read.contains("whether my sister Lena may hear") && read.contains("that he drank"),
        "{read}"
    );
    ends(session);
    ana.until(&["confidence", "show"], |it| {
        it["answers"].to_string().contains("may_i")
    });
    let mut session = sit_down(&ana, &["permission", "add"]);
    answer(&mut session, "Which of these may Ben speak of", "");
    let read = answer(&mut session, "Whom may Ben tell?", "");
    assert!(
        read.contains("my sister Lena") && read.contains("that he drank"),
        "{read}"
    );
    answer(&mut session, "Which part of it?", "");
    answer(&mut session, "Until which day?", "");
    answer(&mut session, "Say this to Ben?", "yes");
    let said = ends(session);
    assert!(
        said.contains("Ben may tell my sister Lena: that he drank."),
        "{said}"
    );
    let today = ben.until(&["today"], |it| it["news"][0].is_string());
    let news = today["news"][0].as_str().unwrap();
    assert!(
        news.starts_with("Ana has said whom you may tell."),
        "{news}"
    );
}

#[test]
fn a_proposal_in_which_nobody_does_anything_is_not_asked_for_in_silence() {
    let root = root();
    let (ana, _ben) = paired(root.path(), TROTH);
    let mut session = sit_down(&ana, &["agreement", "propose"]);
    answer(&mut session, "What is it about", "Phones");
    answer(&mut session, "What do you agree on", "No phones.");
    answer(&mut session, "What will you do?", "");
    answer(&mut session, "What will Ben do?", "");
    session
        .exp_string("At least one of you does something")
        .unwrap();
    session.send_control('c').unwrap();
    session.exp_eof().unwrap();
}

#[test]
fn what_leaves_as_text_says_what_was_answered_to_what() {
    let root = root();
    let (ana, ben) = paired(root.path(), TROTH);
    agreed(&ana, &ben);
    for home in [&ana, &ben] {
        home.ask(&["checkin", "ready"], json!({"wish": "A walk."}));
    }
    let truth = json!({"words": {"text": "I ate the cake."}});
    ben.ask(&["small-truth", "add"], truth);
    ana.until(&["small-truth", "list"], |it| it["told"][0].is_object());
    ana.ask(&["small-truth", "open"], Value::Null);
    let thanks = json!({"words": "Thank you for trusting me."});
    ana.ask(&["small-truth", "thank"], thanks);
    let text = ana.run(&["export", "--format", "markdown", "-"], "");
    let text = String::from_utf8(text.stdout).unwrap();
    let at = text.find("Thank you for trusting me.").unwrap();
    let head = text[..at].rfind("\n### ").unwrap();
    let head = text[head..at].trim().lines().next().unwrap();
    assert_eq!(head, "### To something that Ben told you in trust");
    // A block of an agreement is no block of code, and its head stands once.
    assert!(!text.contains("\n>     "), "{text}");
    assert_eq!(text.matches("Overnight visits").count(), 1, "{text}");
}

#[test]
fn a_line_that_was_broken_off_is_kept_as_far_as_it_was_typed() {
    let root = root();
    let (ana, _ben) = paired(root.path(), TROTH);
    let mut session = sit_down(&ana, &["thanks", "add"]);
    session.exp_string("`--edit` behind the command").unwrap();
    session.exp_string("What did Ben do").unwrap();
    session.send("You carried the heavy").unwrap();
    session.flush().unwrap();
    // Typed letters come back one by one.
    session.exp_string("heavy").unwrap();
    session.send_control('c').unwrap();
    session
        .exp_string("Your words are kept on this device")
        .unwrap();
    session.exp_eof().unwrap();
    let mut session = sit_down(&ana, &["thanks", "add"]);
    let read = answer(&mut session, "Go on from them?", "no");
    assert!(read.contains("You carried the heavy"), "{read}");
    session.exp_string("What did Ben do").unwrap();
    session.send_control('c').unwrap();
    session.exp_eof().unwrap();
}

#[test]
fn two_wordings_on_offer_are_compared_and_are_not_looked_at() {
    let root = root();
    let (ana, ben) = paired(root.path(), TROTH);
    let words = json!({"topic": "Dinner", "terms": "At seven.", "does": {"me": "I cook."}});
    let v = ana.ask(&["agreement", "propose"], words);
    let id = v["agreement"].as_str().unwrap();
    ben.until(&["agreement", "show", "dinner"], |_| true);
    let words = json!({"agreement": id, "topic": "Dinner", "terms": "At eight.", "does": {"me": "I cook."}});
    ben.ask(&["agreement", "propose"], words);
    let differs = shown(&ben, &["agreement", "diff", "dinner"]);
    assert!(
        differs.contains("seven") && differs.contains("eight"),
        "{differs}"
    );
    let look = shown(&ben, &["agreement", "look", "dinner"]);
    assert!(look.contains("It is not in force yet."), "{look}");
    assert!(look.contains("once you have both said yes"), "{look}");
}
