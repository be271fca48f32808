//! Planted words: of what is told in trust while it is folded, of every answer until it is opened, and of everything outside
//! the sealed store of a home.

use crate::keeping::tell_all;
use crate::repair_table::{walk, write};
use crate::told_laws::{facts_of, lines, screens, screens_ticked, tell, told, words_of};
use crate::told_table::{Row, answers};
use serde_json::{Value, json};
use std::path::Path;
use std::process::Command;
use troth_core::sim::Sim;
use troth_proto::Problem;
use troth_proto::said::told::{ANSWERS, AnswerRow, By, Opened, Size, Thing, ToldKind, Verb};
use troth_tests::histories::request;
use troth_tests::home::{Home, files, paired, root};
use troth_tests::terminal::answer;

const TROTH: &str = env!("CARGO_BIN_EXE_sut-troth");

fn has(bytes: &[u8], word: &str) -> bool {
    bytes.windows(word.len()).any(|it| it == word.as_bytes())
}

/// What both open, each of the other's: confidences, permissions and small truths with words of Ana's, answers with Ben's.
fn told_in_trust(sim: &mut Sim) -> Vec<String> {
    let in_trust = ToldKind::ALL.iter().filter(|kind| kind.row().in_trust);
    let ids: Vec<String> = in_trust
        .map(|kind| tell(sim, 0, *kind, "CANARY-told"))
        .collect();
    sim.settle();
    for id in &ids {
        told(sim, 1, json!({"do": "open", "id": id}));
    }
    let [confidence, _, truth] = &ids[..] else {
        panic!("three kinds are told in trust: {ids:?}");
    };
    let said = json!({"words": "CANARY-said"});
    for (about, says, words) in [
        (confidence, "words", said.clone()),
        (confidence, "may_i", json!({"with_whom": "CANARY-said"})),
        (truth, "thank", said.clone()),
        (truth, "words", said),
    ] {
        let ask = json!({"do": "answer", "about": about, "says": says, "words": words});
        told(sim, 1, ask);
    }
    sim.settle();
    for id in &ids {
        told(sim, 0, json!({"do": "open", "id": id}));
    }
    ids
}

#[test]
fn what_was_told_in_trust_and_opened_is_on_no_screen_while_it_is_folded() {
    for (by, folds) in [(0, "break"), (1, "break"), (0, "repair"), (1, "repair")] {
        let mut sim = Sim::paired(97);
        let ids = told_in_trust(&mut sim);
        let shown = |sim: &mut Sim, p: usize| {
            let open = ids
                .iter()
                .map(|id| told(sim, p, json!({"do": "open", "id": id})));
            open.map(|it| it.to_string()).collect::<String>()
        };
        assert!(shown(&mut sim, 1).contains("CANARY-told"));
        assert!(shown(&mut sim, 0).contains("CANARY-said"));
        let words = json!({"note": "Air."});
        let words = if folds == "break" {
            words
        } else {
            json!({"words": "Yesterday."})
        };
        told(
            &mut sim,
            by,
            json!({"do": "add", "kind": folds, "words": words}),
        );
        sim.settle();
        for (p, theirs) in [(1, "CANARY-told"), (0, "CANARY-said")] {
            let seen = screens(&mut sim, p, &ids);
            assert!(!seen.contains(theirs), "{folds} by {by}, to {p}: {seen}");
            // Nor one's own, where nobody asked for it.
            let seen = lines(&mut sim, p);
            assert!(!seen.contains("CANARY"), "{folds} by {by}, to {p}: {seen}");
            // Who leaves takes it along, if they want it.
            assert!(screens_ticked(&mut sim, p, &ids).contains(theirs));
        }
        for id in &ids {
            let open = request("told", json!({"do": "open", "id": id}));
            assert_eq!(sim.request(1, open), Err(Problem::Folded));
        }
    }
}

/// Something that can be answered so, and the answer that is to be given: who, about what, in whose thread.
pub struct Asked {
    pub p: usize,
    about: String,
    root: String,
}

fn answered(r: &mut Row, p: usize, about: &str, says: &str, words: &str) -> String {
    let id = r.answer(p, about, says, words);
    r.together();
    id
}

/// Ana's thing of a kind, which Ben has opened.
fn opened(r: &mut Row, kind: ToldKind) -> String {
    let more = json!({"facts": facts_of(kind)});
    let id = r.add(0, kind.name(), words_of(kind, "Something"), more);
    r.together();
    r.open(1, &id);
    id
}

/// The page that Ana opened in a slot.
fn page(r: &mut Row, slot: &str) -> String {
    r.together();
    let show = request("checkin_show", json!({"slot": slot}));
    let shown = r.sim.request(1, show).unwrap();
    let page = &shown["slots"][0]["pages"]["partner"];
    page.as_str().unwrap().to_owned()
}

/// Brings the two to where this can be said.
fn asked(r: &mut Row, says: Verb, about: Thing) -> Asked {
    let whole = |id: String| Asked {
        p: 1,
        about: id.clone(),
        root: id,
    };
    match about {
        Thing::Told(ToldKind::Repair) => {
            let id = opened(r, ToldKind::Repair);
            if says == Verb::Apology {
                walk(r, &id, 6);
            }
            whole(id)
        }
        Thing::Told(kind) => {
            let id = opened(r, kind);
            if kind == ToldKind::SmallTruth && says != Verb::Thank {
                answered(r, 1, &id, "thank", "");
            }
            whole(id)
        }
        Thing::Answer(Verb::ListenAs, kind) => {
            let id = opened(r, kind);
            let lets_talk = json!({"listen_as": "lets_talk"});
            r.answer_with(0, &id, "listen_as", "", lets_talk);
            r.together();
            whole(id)
        }
        Thing::Answer(Verb::Apology, _) => {
            let root = opened(r, ToldKind::Repair);
            walk(r, &root, 6);
            let about = answered(r, 0, &root, "apology", "I am sorry.");
            r.open(1, &root);
            Asked { p: 1, about, root }
        }
        Thing::Answer(Verb::SayBack, kind) => {
            let root = opened(r, kind);
            let about = answered(r, 1, &root, "say_back", "You need quiet.");
            r.open(0, &root);
            Asked { p: 0, about, root }
        }
        Thing::Open(Opened::Page) => {
            for p in 0..2 {
                let ready = json!({"slot": "2026-W47", "words": {"wish": "A walk."}});
                r.sim.request(p, request("checkin_ready", ready)).unwrap();
            }
            whole(page(r, "2026-W47"))
        }
        Thing::Open(Opened::Feelings) => {
            let repair = opened(r, ToldKind::Repair);
            walk(r, &repair, 3);
            whole(page(r, &format!("repair:{repair}/feelings")))
        }
        Thing::Open(Opened::Step) => {
            let repair = opened(r, ToldKind::Repair);
            walk(r, &repair, 5);
            whole(page(r, &format!("repair:{repair}/view")))
        }
        Thing::OfOpen(Verb::SayBack) => {
            let repair = opened(r, ToldKind::Repair);
            walk(r, &repair, 3);
            let root = page(r, &format!("repair:{repair}/feelings"));
            let about = answered(r, 1, &root, "say_back", "You were afraid.");
            Asked { p: 0, about, root }
        }
        other => panic!("nothing answers in words to {other:?}"),
    }
}

/// Says it, with a planted word in every text.
pub fn plant(r: &mut Row, it: &Asked, row: &AnswerRow) -> String {
    let text = |size: Size| match size {
        Size::Line => "CANARY line",
        Size::Text | Size::Page => "CANARY text",
    };
    let words = row.fields.iter().map(|field| {
        let text = Value::String(text(field.size).to_owned());
        (field.name.to_owned(), text)
    });
    let words: Value = words.collect::<serde_json::Map<_, _>>().into();
    let facts = match row.says {
        Verb::Day => json!({"day": r.day(7)}),
        _ => json!({}),
    };
    let ask = json!({"do": "answer", "about": it.about, "says": row.says, "words": words, "facts": facts});
    let view = r
        .told(it.p, ask)
        .unwrap_or_else(|problem| panic!("{:?} {problem:?}", row.says));
    let said = answers(&view, row.says.name());
    let said = said
        .iter()
        .rfind(|it| it["words"].to_string().contains("CANARY"));
    said.unwrap()["id"].as_str().unwrap().to_owned()
}

/// Whether an answer stands open beside what it is about, on both screens (KINDS §4, DECISIONS).
fn stands_open(says: Verb, about: Thing) -> bool {
    let beside = matches!(
        about,
        Thing::Told(ToldKind::Bid) | Thing::Open(_) | Thing::OfOpen(_)
    );
    beside || !says.is_opened()
}

/// Every answer that has words, about everything that it can be about.
pub fn each_answer(mut play: impl FnMut(&mut Row, Asked, &AnswerRow, Thing)) {
    let mut verbs = std::collections::BTreeSet::new();
    for row in ANSWERS.iter().filter(|row| !row.fields.is_empty()) {
        assert_ne!(
            row.by,
            By::Own,
            "who told it answers it in words: a new case"
        );
        for about in row.about {
            let mut r = Row::two(98);
            let it = asked(&mut r, row.says, *about);
            play(&mut r, it, row, *about);
        }
        verbs.insert(row.says.name());
    }
    // The other five of the sixteen have no words.
    let worded = [
        "apology", "day", "heard", "may_i", "meaning", "not_yet", "say_back", "stop", "thank",
        "words", "yes",
    ];
    assert_eq!(verbs, worded.into());
}

#[test]
fn no_word_of_an_answer_is_shown_found_or_exported_until_it_is_opened() {
    each_answer(|r, it, row, about| {
        let what = format!("{:?} about {about:?}", row.says);
        plant(r, &it, row);
        r.together();
        let other = 1 - it.p;
        let ids = [it.root.clone(), it.about.clone()];
        let before = screens_ticked(&mut r.sim, other, &ids);
        assert_eq!(
            before.contains("CANARY"),
            stands_open(row.says, about),
            "{what}, before: {before}"
        );
        let shown = r.open(other, &it.root).to_string();
        assert!(shown.contains("CANARY"), "{what}, opened: {shown}");
    });
}

#[test]
fn no_word_of_an_answer_that_was_taken_back_unopened_is_anywhere_again() {
    for sent in [true, false] {
        each_answer(|r, it, row, about| {
            if row.says != Verb::Stop {
                taken_back_unopened(r, &it, row, about, sent);
            }
        });
    }
}

/// It was sent before, or only written.
fn taken_back_unopened(r: &mut Row, it: &Asked, row: &AnswerRow, about: Thing, sent: bool) {
    let what = format!("{:?} about {about:?}, sent: {sent}", row.says);
    r.part();
    let id = plant(r, it, row);
    if sent {
        r.together();
    }
    r.sim.sent = Default::default();
    r.back(it.p, &id);
    r.together();
    for _ in 0..20 {
        r.sim.pass(1_000);
    }
    for p in 0..2 {
        r.sim.crash(p);
    }
    r.together();
    // What stood open was read: it leaves after thirty days.
    let read = sent && stands_open(row.says, about);
    for p in 0..2 {
        let keeps = read && p != it.p;
        let disk = &r.sim.devices[p].disk;
        let there = disk.values().any(|bytes| has(bytes, "CANARY"));
        assert_eq!(there, keeps, "{what}, disk of {p}");
        let link = r.sim.sent[p].iter().any(|frame| has(frame, "CANARY"));
        assert!(!link, "{what}, link of {p}");
    }
    let ids = [it.root.clone(), it.about.clone()];
    let shown = screens_ticked(&mut r.sim, 1 - it.p, &ids);
    assert!(!shown.contains("CANARY"), "{what}: {shown}");
}

#[test]
fn no_word_that_waits_sealed_for_the_other_has_left_its_device() {
    let mut r = Row::two(99);
    let repair = opened(&mut r, ToldKind::Repair);
    walk(&mut r, &repair, 2);
    r.sim.sent = Default::default();
    let slot = format!("repair:{repair}/feelings");
    let ready = json!({"slot": slot, "words": "CANARY"});
    r.sim.request(0, request("slot_ready", ready)).unwrap();
    r.together();
    let ids = [repair.clone(), slot.clone()];
    let shown = |r: &mut Row| {
        let show = request("checkin_show", json!({"slot": slot}));
        let page = r.sim.request(1, show).unwrap();
        format!("{page}{}", screens_ticked(&mut r.sim, 1, &ids))
    };
    assert!(!shown(&mut r).contains("CANARY"));
    let all = format!("{:?}", r.sim.everything(1));
    assert!(!all.contains("CANARY") && !r.sim.sent[0].iter().any(|it| has(it, "CANARY")));
    // Until he is ready, too.
    write(&mut r, 1, &repair, "feelings").unwrap();
    r.together();
    assert!(shown(&mut r).contains("CANARY"));
}

/// A person at a shell that remembers what is typed to it.
fn at_a_shell(home: &Home, history: &Path, word: &str) {
    let mut shell = Command::new("bash");
    shell
        .args(["--norc", "--noprofile", "-i"])
        .envs(home.env.iter().map(|(name, value)| (name, value)))
        .env("HISTFILE", history)
        .env("PS1", "at the shell$ ")
        .env("TERM", "xterm")
        .env("TROTH_LANG", "en")
        .env("TROTH_HOME", &home.dir)
        .env_remove("HISTCONTROL")
        .env_remove("DBUS_SESSION_BUS_ADDRESS");
    let patience = troth_tests::home::PATIENCE.as_millis() as u64;
    let mut shell = rexpect::session::spawn_command(shell, Some(patience)).unwrap();
    answer(
        &mut shell,
        "at the shell$",
        &format!("{TROTH} confidence add"),
    );
    answer(&mut shell, "What do you want to tell", word);
    answer(&mut shell, "How would you like to be listened to", "1");
    answer(&mut shell, "Say this to Ben?", "yes");
    answer(&mut shell, "at the shell$", "exit");
    shell.exp_eof().unwrap();
}

#[test]
fn no_word_that_is_told_is_in_a_log_a_temporary_file_or_what_a_shell_remembers() {
    let root = root();
    let (mut ana, mut ben) = paired(root.path(), TROTH);
    let temp = root.path().join("temp");
    std::fs::create_dir(&temp).unwrap();
    for home in [&mut ana, &mut ben] {
        home.stop();
        let temp = temp.display().to_string();
        home.env = vec![
            ("TROTH_LOG".into(), "trace".into()),
            ("TMPDIR".into(), temp),
        ];
    }
    let word = "xylophone";
    let all = tell_all(&ana, word);
    let history = root.path().join("history");
    at_a_shell(&ana, &history, word);
    for (kind, id) in &all {
        ben.until(&[kind, "list"], |list| list.to_string().contains(id));
        ben.ask(&["open", id], Value::Null);
    }
    for (kind, id) in &all[3..] {
        ana.ask(&[kind, "take-back", id], Value::Null);
        ben.until(&[kind, "show", id], |view| view["seen"] == "taken_back");
    }
    ben.script(&["search", word], &Value::Null);
    let remembered = std::fs::read_to_string(&history).unwrap();
    assert!(remembered.contains("confidence add"), "{remembered}");
    // It ran, and told its story.
    for home in [&ana, &ben] {
        assert!(home.log().contains("TRACE"), "{}", home.log());
    }
    for file in files(root.path()) {
        let bytes = std::fs::read(&file).unwrap_or_default();
        assert!(!has(&bytes, word), "{}", file.display());
    }
    // It is there, where it is sealed.
    for home in [&ana, &ben] {
        let sealed = home.rows();
        assert!(sealed.iter().any(|(_, bytes)| has(bytes, word)));
    }
}
