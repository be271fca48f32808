//! Backups, losses and forgetting with the real programs: what PROTOCOL §5 and §6 promise, on real disks.

use serde_json::{Value, json};
use std::path::Path;
use std::process::Command;
use troth_core::books::rows::Row;
use troth_proto::Day;
use troth_proto::said::told::{Need, TOLD, ToldRow};
use troth_tests::home::{Home, compare_and_say_yes, files, pair, paired, root};

const TROTH: &str = env!("CARGO_BIN_EXE_sut-troth");
const PASSPHRASE: &str = "four calm green trees";

fn propose(home: &Home, topic: &str) -> Value {
    home.ask(
        &["agreement", "propose"],
        json!({"topic": topic, "does": {"me": "I call before."}}),
    )
}

fn topics(home: &Home) -> Vec<String> {
    let list = home.ask(&["agreement", "list"], Value::Null);
    let lines = list["agreements"].as_array().unwrap().iter();
    let mut topics: Vec<String> = lines
        .map(|line| line["topic"].as_str().unwrap().to_owned())
        .collect();
    topics.sort();
    topics
}

fn have_all(homes: &[&Home], expected: &[&str]) {
    for home in homes {
        home.until(&["agreement", "list"], |list| {
            list["agreements"].as_array().unwrap().len() == expected.len()
        });
        assert_eq!(topics(home), expected);
    }
}

/// Ana's next device, and Ben's device as it is: both begin anew.
fn pair_again(ana: &Home, ben: &Home) {
    let invited = ben.ask(&["pair", "invite", "--again"], Value::Null);
    ana.ask(&["pair", "join"], invited["invitation"].clone());
    compare_and_say_yes(ana, ben);
}

fn backup(home: &Home, file: &Path) {
    let done = home.ask(
        &["backup", file.to_str().unwrap()],
        json!({"passphrase": PASSPHRASE}),
    );
    assert!(done["bytes"].as_u64() > Some(500));
}

#[test]
fn a_backup_opens_with_a_stock_age_and_brings_a_home_back_with_one_pairing() {
    let root = root();
    let (ana, ben) = paired(root.path(), TROTH);
    propose(&ana, "Hers");
    propose(&ben, "His");
    have_all(&[&ana, &ben], &["Hers", "His"]);
    let file = root.path().join("backup.age");
    backup(&ana, &file);
    // Another program opens it, and reads lines of JSON.
    let mut age = Command::new("age");
    let plain = root.path().join("plain");
    age.args(["-d", "-o"]).arg(&plain).arg(&file);
    let mut person = rexpect::session::spawn_command(age, Some(30_000)).unwrap();
    person.exp_string("passphrase").unwrap();
    person.send_line(PASSPHRASE).unwrap();
    person.exp_eof().unwrap();
    let text = std::fs::read_to_string(&plain).unwrap();
    let lines: Vec<Value> = text
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(lines[0]["home"]["name"], "Ana");
    assert!(text.contains("Hers") && text.contains("His") && !text.contains("link_seed"));
    assert_eq!(
        lines
            .iter()
            .filter(|line| line["entry"].is_object())
            .count(),
        2
    );
    // Wrong words, a damaged file, and a second file over another: each is told, and nothing is lost.
    let open = |home: &Home, file: &Path, passphrase: &str| {
        let args = [
            "restore",
            file.to_str().unwrap(),
            "--keys",
            "file",
            "--listen",
            "127.0.0.1:0",
        ];
        home.script(&args, &json!({"passphrase": passphrase}))
    };
    assert_eq!(
        open(&ana, &file, "other words altogether").kind(),
        "backup_passphrase"
    );
    let mut bytes = std::fs::read(&file).unwrap();
    let middle = bytes.len() - 40;
    bytes[middle] ^= 1;
    let damaged = root.path().join("damaged.age");
    std::fs::write(&damaged, &bytes).unwrap();
    assert_eq!(open(&ana, &damaged, PASSPHRASE).kind(), "backup_damaged");
    let done = ana.script(
        &["backup", plain.to_str().unwrap()],
        &json!({"passphrase": PASSPHRASE}),
    );
    assert_eq!(done.kind(), "file_failed");
    // The disk is gone.
    propose(&ana, "After the backup");
    have_all(&[&ben], &["After the backup", "Hers", "His"]);
    ana.stop();
    let again = Home::new(root.path(), "ana-again", TROTH);
    let done = open(&again, &file, PASSPHRASE);
    assert_eq!((done.code, &done.json["restored"]), (0, &json!(true)));
    assert_eq!(topics(&again), ["Hers", "His"], "before the two meet");
    assert_eq!(again.ask(&["status"], Value::Null)["sharing"], "not_paired");
    pair_again(&again, &ben);
    have_all(&[&again, &ben], &["After the backup", "Hers", "His"]);
    propose(&again, "New");
    have_all(&[&again, &ben], &["After the backup", "Hers", "His", "New"]);
    // Into a used home: a union, and twice is harmless.
    assert_eq!(open(&again, &file, PASSPHRASE).json["restored"], false);
}

#[test]
fn a_lost_home_comes_back_with_its_words_and_without_them() {
    let root = root();
    let (ana, ben) = (
        Home::new(root.path(), "ana", TROTH),
        Home::new(root.path(), "ben", TROTH),
    );
    let words = ana.init("Ana")["recovery_words"]
        .as_array()
        .unwrap()
        .clone();
    ben.init("Ben");
    pair(&ana, &ben);
    propose(&ana, "Hers");
    propose(&ben, "His");
    have_all(&[&ana, &ben], &["Hers", "His"]);
    ana.stop();
    let words: Vec<&str> = words.iter().map(|word| word.as_str().unwrap()).collect();
    // With the words, at once.
    let second = Home::new(root.path(), "second", TROTH);
    let done = second.ask(
        &["init", "--keys", "file", "--listen", "127.0.0.1:0"],
        json!({"name": "Ana", "recovery_words": words.join(" ")}),
    );
    assert_eq!(done["recovery_words"], json!([]), "she has them");
    pair_again(&second, &ben);
    have_all(&[&second, &ben], &["Hers", "His"]);
    second.stop();
    // Without: what is in her name is refused, and the sentence says what to do.
    let mut third = Home::new(root.path(), "third", TROTH);
    third.expected = vec!["none of this home's seal keys"];
    third.init("Ana");
    let invited = ben.ask(&["pair", "invite", "--again"], Value::Null);
    third.ask(&["pair", "join"], invited["invitation"].clone());
    let state = |home: &Home| home.ask(&["pair", "state"], Value::Null);
    compare_and_say_yes(&third, &ben);
    assert_eq!(state(&third)["their_name"], "Ben");
    third.until(&["status"], |status| {
        status["notices"]
            .to_string()
            .contains("`troth recovery-words`")
    });
    assert!(!topics(&third).contains(&"Hers".to_owned()));
    // The words of the home before bring it back after all.
    third.ask(
        &["recovery-words"],
        json!({"recovery_words": words.join(" ")}),
    );
    have_all(&[&third, &ben], &["Hers", "His"]);
    third.stop();
    // Nor the words: as Ben has it.
    let mut fourth = Home::new(root.path(), "fourth", TROTH);
    fourth.expected = vec!["none of this home's seal keys"];
    fourth.init("Ana");
    pair_again(&fourth, &ben);
    fourth.ask(&["recovery-words", "--as-they-have-it"], Value::Null);
    have_all(&[&fourth, &ben], &["Hers", "His"]);
    propose(&fourth, "New");
    have_all(&[&fourth, &ben], &["Hers", "His", "New"]);
}

/// Parts of what stood sealed on a disk for a word: none of them may stand there later.
fn sealed_with(home: &Home, word: &str) -> Vec<Vec<u8>> {
    let rows: Vec<Row> = home
        .rows()
        .into_iter()
        .filter(|(_, bytes)| bytes.windows(word.len()).any(|w| w == word.as_bytes()))
        .map(|(row, _)| row)
        .collect();
    assert!(!rows.is_empty(), "the word is there before");
    let sqlite = rusqlite::Connection::open(home.dir.join("data/troth.db")).unwrap();
    let mut all = sqlite.prepare("SELECT sealed FROM rows").unwrap();
    let sealed = all.query_map([], |row| row.get::<_, Vec<u8>>(0)).unwrap();
    // Which of them it is does not matter: rows that stay are taken out below.
    sealed.map(|one| one.unwrap()).collect()
}

fn raw(home: &Home) -> Vec<u8> {
    let files = files(&home.dir.join("data")).into_iter();
    files
        .flat_map(|file| std::fs::read(file).unwrap())
        .collect()
}

#[test]
fn words_taken_back_and_forgotten_leave_the_raw_disk() {
    let root = root();
    let (mut ana, mut ben) = paired(root.path(), TROTH);
    let wish = json!({"wish": "canaryword in the check-in"});
    ana.ask(&["checkin", "ready", "--slot", "2026-W47"], wish);
    ana.ask(&["checkin", "share", "2026-W47"], Value::Null);
    let words = json!({"topic": "Visits", "terms": "canaryword in the agreement", "does": {"me": "I call."}});
    let v = ana.ask(&["agreement", "propose"], words);
    let agreement = v["agreement"].as_str().unwrap().to_owned();
    ana.until(&["status"], |status| status["partner_has_all"] == true);
    for home in [&ana, &ben] {
        home.stop();
        assert!(home.holds_word("canaryword"));
    }
    let before = [&ana, &ben].map(|home| sealed_with(home, "canaryword"));
    let (mut told, mut kept) = (Vec::new(), Vec::new());
    for home in [&ana, &ben] {
        home.ask(&["status"], Value::Null);
    }
    ana.ask(&["checkin", "take-back", "2026-W47"], Value::Null);
    ana.ask(
        &["agreement", "let-go", &agreement],
        json!({"note": "canaryword in the note"}),
    );
    ben.until(&["agreement", "show", &agreement], |shown| {
        shown["state"] == "not_agreed"
    });
    for home in [&ben, &ana] {
        let away = ["agreement", "put-away", &agreement, "--days"];
        let at_once = home.script(&[&away[..], &["0"]].concat(), &Value::Null);
        assert_eq!(at_once.kind(), "away_days");
        home.ask(&[&away[..], &["1"]].concat(), Value::Null);
    }
    for home in [&ana, &ben] {
        let shown = home.until(&["agreement", "show", &agreement], |shown| {
            shown["put_away"].as_array().map(Vec::len) == Some(2)
        });
        assert!(home.holds_word("canaryword"), "a day is left: {shown}");
    }
    // With the first whose day has come they leave both.
    for home in [&mut ana, &mut ben] {
        let status = home.ask(&["status"], Value::Null);
        let today: Day = status["today"].as_str().unwrap().parse().unwrap();
        on_day(home, &today.plus(1).to_string());
    }
    for home in [&ana, &ben] {
        let status = home.until(&["status"], |status| {
            status["notices"]
                .to_string()
                .contains("have left this disk")
        });
        told.push(status);
    }
    for (home, before) in [&ana, &ben].into_iter().zip(before) {
        // What was told first may be the check-in: the other's yes to putting away comes over the link.
        let shown = home.until(&["agreement", "show", &agreement], |shown| {
            !shown.to_string().contains("canaryword")
        });
        assert_eq!(shown["state"], "not_agreed", "no state changes");
        home.stop();
        assert!(!home.holds_word("canaryword"), "in a row");
        let rows: Vec<Vec<u8>> = {
            let sqlite = rusqlite::Connection::open(home.dir.join("data/troth.db")).unwrap();
            let mut all = sqlite.prepare("SELECT sealed FROM rows").unwrap();
            let sealed = all.query_map([], |row| row.get::<_, Vec<u8>>(0)).unwrap();
            sealed.map(|one| one.unwrap()).collect()
        };
        let raw = raw(home);
        let gone: Vec<&Vec<u8>> = before.iter().filter(|row| !rows.contains(row)).collect();
        assert!(!gone.is_empty());
        for row in gone {
            for part in row.chunks(64).filter(|part| part.len() == 64) {
                let there = raw.windows(64).any(|window| window == part);
                assert!(!there, "an old row's bytes are on the raw disk");
            }
        }
        kept.push(raw.len());
    }
    assert_eq!((told.len(), kept.len()), (2, 2));
}

/// Goes on in a home on another day.
fn on_day(home: &mut Home, day: &str) {
    home.stop();
    home.env = vec![("TROTH_TODAY".into(), day.into())];
    home.ask(&["status"], Value::Null);
}

/// The same, once it has looked at what is put away: a while after a start.
fn looks_on(home: &mut Home, day: &str) {
    let looks = |home: &Home| home.log().matches("looked at what is put away").count();
    let before = looks(home);
    on_day(home, day);
    home.until(&["status"], |_| looks(home) > before);
}

/// Waits until words have left, and sees that none of the rows that held them stands on the raw disk.
fn left(home: &Home, word: &str, before: &[Vec<u8>]) {
    let by = std::time::Instant::now() + troth_tests::home::PATIENCE;
    while home.holds_word(word) {
        assert!(std::time::Instant::now() < by, "{word} is still there");
        home.ask(&["status"], Value::Null);
        std::thread::sleep(std::time::Duration::from_millis(200));
    }
    home.stop();
    let rows = sealed_rows(home);
    let raw = raw(home);
    let gone: Vec<&Vec<u8>> = before.iter().filter(|row| !rows.contains(row)).collect();
    assert!(!gone.is_empty());
    for row in gone {
        for part in row.chunks(64).filter(|part| part.len() == 64) {
            let there = raw.windows(64).any(|window| window == part);
            assert!(!there, "an old row's bytes are on the raw disk");
        }
    }
    home.ask(&["status"], Value::Null);
}

fn sealed_rows(home: &Home) -> Vec<Vec<u8>> {
    let sqlite = rusqlite::Connection::open(home.dir.join("data/troth.db")).unwrap();
    let mut all = sqlite.prepare("SELECT sealed FROM rows").unwrap();
    let sealed = all.query_map([], |row| row.get::<_, Vec<u8>>(0)).unwrap();
    sealed.map(|one| one.unwrap()).collect()
}

/// Tells something of each kind that can be taken back, with this word in it.
pub fn tell_all(home: &Home, word: &str) -> Vec<(String, String)> {
    let closed = TOLD.iter().filter(|row| row.closed);
    let tell = |row: &ToldRow| {
        let mut fields = row.fields.iter();
        let field = fields.find(|field| field.need != Need::May).unwrap().name;
        let kind = row.kind.name().replace('_', "-");
        let told = home.ask(&[&kind, "add"], json!({"words": {field: word}}));
        (kind, told["id"].as_str().unwrap().to_owned())
    };
    closed.map(tell).collect()
}

fn have_told(home: &Home, all: &[(impl AsRef<str>, String)]) {
    for (kind, id) in all {
        home.until(&[kind.as_ref(), "list"], |list| {
            list.to_string().contains(id)
        });
    }
}

#[test]
fn what_was_told_and_taken_back_leaves_the_raw_disks_and_no_old_file_brings_it_back() {
    let root = root();
    let (ana, mut ben) = paired(root.path(), TROTH);
    on_day(&mut ben, "2026-12-01");
    let opened = tell_all(&ana, "canaryopen");
    let closed = tell_all(&ana, "canaryclosed");
    let all = [&opened[..], &closed[..]].concat();
    have_told(&ben, &all);
    for (_, id) in &opened {
        ben.ask(&["open", id], Value::Null);
    }
    ana.until(&["status"], |status| status["partner_has_all"] == true);
    // An old backup of his, and a file that she carries, from before.
    let old = root.path().join("old.age");
    backup(&ben, &old);
    let carried = root.path().join("carried");
    let carried = carried.to_str().unwrap();
    ana.ask(&["carry", "out", "--whole", carried], Value::Null);
    let before = [&ana, &ben].map(|home| sealed_with(home, "canaryopen"));
    for home in [&ana, &ben] {
        assert!(home.holds_word("canaryclosed"));
        home.ask(&["status"], Value::Null);
    }
    for (kind, id) in &all {
        ana.ask(&[kind, "take-back", id], Value::Null);
    }
    for (kind, id) in &opened {
        ben.until(&[kind, "show", id], |view| view["seen"] == "taken_back");
    }
    // At hers at once; at his what he never opened at once, and the rest after thirty days.
    left(&ana, "canaryopen", &before[0]);
    left(&ana, "canaryclosed", &before[0]);
    left(&ben, "canaryclosed", &before[1]);
    assert!(ben.holds_word("canaryopen"), "he may keep a copy of it");
    on_day(&mut ben, "2026-12-30");
    left(&ben, "canaryclosed", &before[1]);
    assert!(ben.holds_word("canaryopen"), "and still may");
    let (_, thanks) = opened.iter().find(|(kind, _)| kind == "thanks").unwrap();
    assert_eq!(ben.ask(&["show", thanks], Value::Null)["may_keep"], true);
    on_day(&mut ben, "2026-12-31");
    left(&ben, "canaryopen", &before[1]);
    assert!(ben.ask(&["show", thanks], Value::Null)["may_keep"].is_null());
    // What is old brings nothing back into a home that knows.
    let into = |home: &Home| {
        let file = old.to_str().unwrap();
        let args = ["restore", file, "--keys", "file", "--listen", "127.0.0.1:0"];
        home.script(&args, &json!({"passphrase": PASSPHRASE}))
    };
    into(&ben);
    ben.script(&["carry", "in", carried], &Value::Null);
    for word in ["canaryopen", "canaryclosed"] {
        assert!(!ben.holds_word(word), "{word} came back");
    }
    // A home that is made of the old backup holds it no longer than until it meets her.
    ben.stop();
    let again = Home::new(root.path(), "ben-again", TROTH);
    let done = into(&again);
    assert_eq!(done.code, 0, "{}", done.error);
    assert!(again.holds_word("canaryclosed"), "until they meet");
    again.ask(&["status"], Value::Null);
    pair_again(&again, &ana);
    let (kind, id) = &opened[0];
    again.until(&[kind, "show", id], |view| view["seen"] == "taken_back");
    let by = std::time::Instant::now() + troth_tests::home::PATIENCE;
    while again.holds_word("canaryclosed") {
        assert!(std::time::Instant::now() < by, "it stays after a meeting");
        again.ask(&["status"], Value::Null);
    }
    assert!(!ana.holds_word("canaryopen") && !ana.holds_word("canaryclosed"));
}

/// Tells what else its author may put away, with this word in it; the other has opened it and answered with the word.
fn tell_and_answer(ana: &Home, ben: &Home, word: &str) -> Vec<(&'static str, String)> {
    let told = ["confidence", "small-truth", "ask"].map(|kind| {
        let told = ana.ask(&[kind, "add"], json!({"words": {"text": word}}));
        (kind, told["id"].as_str().unwrap().to_owned())
    });
    have_told(ben, &told);
    for (kind, id) in &told {
        ben.ask(&["open", id], Value::Null);
        match *kind {
            "confidence" => drop(ben.ask(&[kind, "heard", id], Value::Null)),
            "small-truth" => drop(ben.ask(&[kind, "thank", id], json!({"words": word}))),
            _ => {}
        }
        if *kind != "confidence" {
            ben.ask(&[kind, "words", id], json!({"words": word}));
        }
    }
    for (kind, id) in &told {
        ana.until(&[kind, "show", id], |view| view["answers"].is_array());
        ana.ask(&["open", id], Value::Null);
    }
    told.to_vec()
}

#[test]
fn what_is_put_away_settled_or_closed_leaves_the_raw_disks_after_ninety_days_and_thirty() {
    let root = root();
    let (mut ana, mut ben) = paired(root.path(), TROTH);
    for home in [&mut ana, &mut ben] {
        on_day(home, "2026-12-01");
    }
    let word = "canaryaway";
    let away = tell_and_answer(&ana, &ben, word);
    let thanks = ana.ask(&["thanks", "add"], json!({"words": {"did": word}}));
    let matter = ana.ask(&["to-talk-about", "add"], json!({"words": {"topic": word}}));
    let repair = ana.ask(&["repair", "add"], json!({"words": {"words": word}}));
    let bid = ana.ask(&["bid", "add"], json!({"words": {"line": word}}));
    let name = |told: &Value| told["id"].as_str().unwrap().to_owned();
    let [thanks, matter, repair, bid] = [&thanks, &matter, &repair, &bid].map(name);
    let there = [
        ("thanks", thanks.clone()),
        ("to-talk-about", matter.clone()),
    ];
    have_told(&ben, &there);
    have_told(&ben, &[("repair", repair.clone()), ("bid", bid)]);
    for id in [&thanks, &matter] {
        ben.ask(&["open", id], Value::Null);
    }
    ben.ask(&["thanks", "thank", &thanks], json!({"words": word}));
    for home in [&ana, &ben] {
        home.ask(
            &["to-talk-about", "meaning", &matter],
            json!({"words": word}),
        );
        home.ask(&["repair", "day", &repair, "tomorrow"], Value::Null);
    }
    for home in [&ana, &ben] {
        home.until(&["repair", "show", &repair], |view| {
            view["repair"]["step"] == 2
        });
    }
    for home in [&ana, &ben] {
        home.ask(&["repair", "write", &repair], json!({"words": word}));
    }
    for home in [&ana, &ben] {
        home.until(&["repair", "show", &repair], |view| {
            view["repair"]["step"] == 3
        });
        home.ask(&["open", &thanks], Value::Null);
        home.ask(&["open", &matter], Value::Null);
        home.until(&["to-talk-about", "show", &matter], |view| {
            view["answers"].as_array().is_some_and(|all| all.len() == 2)
        });
    }
    for home in [&ana, &ben] {
        home.ask(&["open", &matter], Value::Null);
        home.ask(&["to-talk-about", "done", &matter], Value::Null);
    }
    ana.ask(
        &["--yes", "repair", "stop", &repair],
        json!({"words": word}),
    );
    ana.ask(&["thanks", "put-away", &thanks], Value::Null);
    for (kind, id) in &away {
        ana.ask(&[kind, "put-away", id], Value::Null);
    }
    for home in [&ana, &ben] {
        for (kind, id) in &away {
            home.until(&[kind, "show", id], |view| view["put_away"] == true);
        }
        for (kind, id) in [
            ("thanks", &thanks),
            ("to-talk-about", &matter),
            ("repair", &repair),
        ] {
            home.until(&[kind, "show", id], |view| view["put_away"] == true);
        }
        home.until(&["status"], |status| status["partner_has_all"] == true);
    }
    // The days begin when a device learns of it.
    for home in [&mut ana, &mut ben] {
        looks_on(home, "2026-12-01");
    }
    let before = [&ana, &ben].map(|home| sealed_with(home, word));
    // A day early nothing has left; then each one's own, and what the other holds of it thirty days later.
    for home in [&mut ana, &mut ben] {
        looks_on(home, "2027-02-28");
    }
    let told = ana.ask(&["thanks", "show", &thanks], Value::Null);
    assert_eq!(told["words"]["did"], word);
    for (kind, id) in &away {
        let told = ana.ask(&[kind, "show", id], Value::Null);
        assert_eq!(told["words"]["text"], word, "{kind}");
    }
    for home in [&mut ana, &mut ben] {
        on_day(home, "2027-03-02");
    }
    for home in [&ana, &ben] {
        home.until(&["thanks", "show", &thanks], |view| {
            let gone = |it: &Value| it["by"] != "me" || it["words"].is_null();
            gone(view) && view["answers"].as_array().unwrap().iter().all(gone)
        });
    }
    ana.until(&["status"], |status| status["partner_has_all"] == true);
    ben.until(&["status"], |status| status["partner_has_all"] == true);
    for home in [&mut ana, &mut ben] {
        on_day(home, "2027-04-03");
    }
    left(&ana, word, &before[0]);
    left(&ben, word, &before[1]);
    // No state changes.
    for home in [&ana, &ben] {
        let view = home.ask(&["repair", "show", &repair], Value::Null);
        assert_eq!(
            (&view["repair"]["stopped"], &view["repair"]["step"]),
            (&json!(true), &json!(3))
        );
        let view = home.ask(&["to-talk-about", "show", &matter], Value::Null);
        assert_eq!(view["done"].as_array().unwrap().len(), 2);
    }
}

#[test]
fn an_exported_book_opens_with_automerges_own_package() {
    let root = root();
    let (ana, ben) = paired(root.path(), TROTH);
    for topic in ["One", "Two", "Three"] {
        propose(&ana, topic);
    }
    propose(&ben, "His");
    have_all(&[&ana, &ben], &["His", "One", "Three", "Two"]);
    let package = Path::new(env!("CARGO_MANIFEST_DIR")).join("js");
    for (home, book, n) in [
        (&ana, "mine", 3),
        (&ana, "partners", 1),
        (&ben, "partners", 3),
    ] {
        let file = home.dir.join(format!("{book}.automerge"));
        home.ask(
            &[
                "export",
                "--format",
                "automerge",
                "--book",
                book,
                file.to_str().unwrap(),
            ],
            Value::Null,
        );
        let opened = Command::new("node")
            .arg(package.join("open.mjs"))
            .arg(&file)
            .output()
            .unwrap();
        assert!(
            opened.status.success(),
            "run tests/run, which installs the package: {}",
            String::from_utf8_lossy(&opened.stderr)
        );
        let document: Value = serde_json::from_slice(&opened.stdout).unwrap();
        let all = document["all"].as_object().unwrap();
        assert_eq!(all.len(), n, "{book}");
        for (id, said) in all {
            assert_eq!(said["head"]["id"], json!(id));
            assert!(said["words"]["topic"].is_string());
        }
    }
}
