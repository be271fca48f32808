//! Private pages: nobody else reads them, nothing of them leaves, and their file tells nothing.

use crate::disks::SmallDisk;
use rexpect::session::PtySession;
use serde_json::{Value, json};
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::time::{Duration, Instant};
use troth_proto::api::{Request, Secret};
use troth_tests::home::{Home, as_root, files, pair, root};
use troth_tests::socket::Socket;
use troth_tests::terminal::{answer, sit_down};

const TROTH: &str = env!("CARGO_BIN_EXE_sut-troth");
const RIGHT: &str = "four calm green trees";

fn init(home: &Home, name: &str) {
    let words = json!({"name": name, "private_passphrase": RIGHT});
    home.ask(
        &["init", "--keys", "file", "--listen", "127.0.0.1:0"],
        words,
    );
}

fn opened(more: Value) -> Value {
    let mut words = more;
    words["private_passphrase"] = RIGHT.into();
    words
}

fn refused(home: &Home, arguments: &[&str], words: Value, code: i32, kind: &str) {
    let done = home.script(arguments, &words);
    assert_eq!(
        (done.code, done.kind()),
        (code, kind),
        "{arguments:?}: {}",
        done.error
    );
}

fn within(bytes: &[u8], word: &str) -> bool {
    String::from_utf8_lossy(bytes).contains(word)
}

/// The file under a folder in which a word stands.
fn stands(folder: &Path, word: &str) -> Option<std::path::PathBuf> {
    let mut all = files(folder).into_iter();
    all.find(|file| std::fs::read(file).is_ok_and(|bytes| within(&bytes, word)))
}

#[test]
fn words_of_private_pages_are_nowhere_but_in_them() {
    let root = root();
    let temp = root.path().join("tmp");
    std::fs::create_dir(&temp).unwrap();
    let mut homes = ["ana", "ben"].map(|name| Home::new(root.path(), name, TROTH));
    for home in &mut homes {
        let at = temp.display().to_string();
        home.env.push(("TMPDIR".into(), at));
        home.env.push(("TROTH_LOG".into(), "trace".into()));
    }
    let [ana, ben] = homes;
    init(&ana, "Ana");
    ben.init("Ben");
    pair(&ana, &ben);
    let canary: String = ["quartz", "heron", "velvet"].join("-");
    let text = |what: &str| format!("{what} {canary}");
    for kind in ["journal", "letter", "mistrust", "have-i"] {
        let words = json!({"words": text(kind), "title": text("to"), "chosen": [text("chosen")]});
        ana.ask(&["private", kind], opened(words));
    }
    ana.ask(&["private", "keep"], json!({"words": text("kept")}));
    let words = json!({"topic": "Visits", "terms": "We ask.", "does": {"me": "I ask."}});
    let agreement = ana.ask(&["agreement", "propose"], words)["agreement"].clone();
    let name = agreement.as_str().unwrap();
    ben.until(&["agreement", "show", name], |_| true);
    ana.ask(
        &["private", "copy", "agreement", "visits"],
        opened(json!({})),
    );
    let list = ana.ask(&["private", "list"], opened(json!({})));
    let list = list["pages"].as_array().unwrap();
    assert_eq!(list.len(), 10, "{list:?}");
    let last = ana.ask(&["private", "show", "9"], opened(json!({})));
    assert_eq!(last["parts"][0]["text"], text("kept"), "{last}");
    let copy = ana.ask(&["private", "show", "10"], opened(json!({})));
    assert!(copy["parts"][0]["text"].to_string().contains("We ask."));
    ana.until(&["status"], |status| status["partner_has_all"] == true);
    let backup = root.path().join("backup").display().to_string();
    ana.ask(&["backup", &backup], json!({"passphrase": "correct horse"}));
    let carried = root.path().join("carried").display().to_string();
    ana.ask(&["carry", "out", "--whole", &carried], Value::Null);
    assert_eq!(ana.ask(&["today"], Value::Null)["waiting"], json!([]));
    // Neither sealed in a store, nor in clear anywhere: on either disk, in logs, in what was carried, in temporary files.
    for home in [&ana, &ben] {
        let rows = home.rows();
        assert!(!rows.iter().any(|(_, bytes)| within(bytes, &canary)));
    }
    assert_eq!(stands(root.path(), &canary), None);
    // Nor does the log tell that they are used, however much it tells.
    let log = ana.log();
    assert!(log.contains("TRACE") && !log.contains("private") && !log.contains("stretched"));
}

#[test]
fn a_wrong_passphrase_says_nothing_and_a_forgotten_one_costs_the_pages() {
    let root = root();
    let ana = Home::new(root.path(), "ana", TROTH);
    ana.init("Ana");
    let list = &["private", "list"];
    refused(&ana, list, opened(json!({})), 4, "no_private_passphrase");
    refused(
        &ana,
        &["private", "keep"],
        json!({"words": "lost"}),
        4,
        "no_private_passphrase",
    );
    let set = &["private", "passphrase"];
    refused(
        &ana,
        set,
        json!({"new": "short"}),
        2,
        "passphrase_too_short",
    );
    ana.ask(set, json!({"new": RIGHT}));
    ana.ask(&["private", "journal"], opened(json!({"words": "rain"})));
    refused(&ana, list, json!({}), 4, "private_locked");
    let wrong = json!({"private_passphrase": "four calm green tree"});
    refused(&ana, list, wrong, 1, "wrong_private_passphrase");
    let wrong = json!({"new": "another one"});
    refused(&ana, set, wrong, 1, "wrong_private_passphrase");
    ana.ask(set, json!({"old": RIGHT, "new": "another one"}));
    refused(&ana, list, opened(json!({})), 1, "wrong_private_passphrase");
    let other = json!({"private_passphrase": "another one"});
    let pages = ana.ask(list, other.clone());
    assert_eq!(pages["pages"][0]["title"], "rain");
    ana.stop();
    assert_eq!(ana.ask(list, other), pages, "also after a start");
    ana.ask(&["private", "passphrase", "--anew"], json!({"new": RIGHT}));
    assert_eq!(ana.ask(list, opened(json!({})))["pages"], json!([]));
    refused(
        &ana,
        &["private", "show", "1"],
        opened(json!({})),
        1,
        "no_such",
    );
    let empty = opened(json!({"words": " "}));
    refused(&ana, &["private", "journal"], empty, 2, "nothing_said");
}

#[test]
fn they_are_open_for_one_connection_only_and_a_lock_closes_all() {
    let root = root();
    let ana = Home::new(root.path(), "ana", TROTH);
    init(&ana, "Ana");
    let open = Request::PrivateOpen {
        passphrase: Secret(RIGHT.into()),
    };
    let list = Request::PrivateList { before: None };
    let [mut one, mut other] = [(); 2].map(|()| Socket::connect(&ana.dir));
    one.ask(&open);
    assert_eq!(one.ask(&Request::Status {})["private"], "open");
    assert_eq!(other.ask(&Request::Status {})["private"], "locked");
    other.send(&list);
    assert_eq!(other.answer().unwrap_err()["kind"], "private_locked");
    // While a passphrase is stretched, everything else goes on.
    other.send(&open);
    one.ask(&Request::Today {});
    other.answer().unwrap();
    for all in [&mut one, &mut other] {
        all.ask(&list);
    }
    // Whoever waits for a passphrase while the home is locked is answered.
    other.send(&open);
    one.ask(&Request::Lock {});
    let _ = other.answer();
    ana.ask(&["unlock"], Value::Null);
    one.send(&list);
    assert_eq!(one.answer().unwrap_err()["kind"], "private_locked");
}

#[test]
fn the_files_of_one_who_writes_and_of_one_who_does_not_are_alike() {
    let root = root();
    let [never, daily] = ["never", "daily"].map(|name| Home::new(root.path(), name, TROTH));
    never.init("Ana");
    init(&daily, "Ben");
    let about = |home: &Home| {
        let file = home.dir.join("data/private");
        let about = std::fs::metadata(&file).unwrap();
        assert_eq!(about.mode() & 0o777, 0o600);
        let mut names: Vec<_> = files(&home.dir)
            .iter()
            .map(|file| file.strip_prefix(&home.dir).unwrap().to_owned())
            .filter(|name| !name.starts_with("state"))
            .collect();
        names.sort();
        (about.len(), about.blocks(), names)
    };
    let others = |home: &Home| -> Vec<_> {
        let folder = home.dir.join("data");
        let private = folder.join("private");
        let all = files(&folder).into_iter().chain([folder]);
        let all = all.filter(|file| *file != private);
        let times = all.map(|file| {
            let about = std::fs::metadata(&file).unwrap();
            (about.mtime_nsec(), about.ctime_nsec(), about.len(), file)
        });
        times.collect()
    };
    let before = others(&daily);
    for n in 0..3 {
        let words = format!("Day {n}. {}", "It rained. ".repeat(500));
        daily.ask(&["private", "journal"], opened(json!({"words": words})));
        daily.ask(&["private", "keep"], json!({"words": words}));
    }
    daily.ask(&["private", "drop", "1"], opened(json!({})));
    assert_eq!(
        others(&daily),
        before,
        "no other file, and not the folder, tells of it"
    );
    assert_eq!(about(&never), about(&daily));
    // Soon after each start it is written anew, all of it, for everyone.
    for home in [&never, &daily] {
        let file = home.dir.join("data/private");
        let old = std::fs::read(&file).unwrap();
        home.stop();
        home.ask(&["status"], Value::Null);
        let same = || {
            let new = std::fs::read(&file).unwrap();
            let both = old.chunks(16).zip(new.chunks(16));
            both.filter(|(a, b)| a == b).count()
        };
        let by = Instant::now() + troth_tests::home::PATIENCE;
        while same() > 0 {
            assert!(Instant::now() < by, "it is not written anew");
            std::thread::sleep(Duration::from_millis(50));
        }
    }
}

#[test]
fn a_damaged_file_costs_nothing_while_one_half_of_it_is_whole() {
    let root = root();
    let mut ana = Home::new(root.path(), "ana", TROTH);
    init(&ana, "Ana");
    ana.ask(&["private", "journal"], opened(json!({"words": "rain"})));
    let file = ana.dir.join("data/private");
    let list = &["private", "list"];
    for half in 0..2 {
        ana.stop();
        let mut bytes = std::fs::read(&file).unwrap();
        let middle = bytes.len() / 2;
        bytes[half * middle..(half + 1) * middle].fill(0);
        std::fs::write(&file, &bytes).unwrap();
        let list = ana.ask(list, opened(json!({})));
        assert_eq!(list["pages"][0]["title"], "rain");
    }
    ana.stop();
    std::fs::write(&file, "nothing").unwrap();
    ana.expected = vec!["damaged"];
    let told = ana.ask(&["status"], Value::Null)["notices"].to_string();
    assert!(told.contains("private pages could not be read"), "{told}");
    let kept = file.with_extension("damaged-1");
    assert_eq!(std::fs::read(kept).unwrap(), b"nothing");
    // One that is gone is told, and a new one is there.
    ana.stop();
    std::fs::remove_file(&file).unwrap();
    refused(&ana, list, opened(json!({})), 4, "no_private_passphrase");
    let told = ana.ask(&["status"], Value::Null)["notices"].to_string();
    assert!(told.contains("is gone from this disk"), "{told}");
    ana.ask(&["private", "passphrase"], json!({"new": RIGHT}));
    assert!(file.exists());
}

#[test]
fn a_disk_too_full_for_a_home_makes_none_and_one_that_fills_up_takes_private_pages() {
    let root = root();
    let Some(disk) = SmallDisk::mount(root.path()) else {
        assert!(std::env::var_os("CI").is_none(), "needs to mount under CI");
        return;
    };
    let ana = Home::new(&disk.dir, "ana", TROTH);
    // No room for a home: nothing is made, and it is said.
    let filler = disk.dir.join("filler");
    let fill = || {
        let mut file = std::fs::File::create(&filler).unwrap();
        while std::io::Write::write_all(&mut file, &[1; 4096]).is_ok() {}
    };
    ana.ask(&["service", "start"], Value::Null);
    ana.until(&["status"], |status| status["keys"] == "not_set_up");
    let mut file = std::fs::File::create(&filler).unwrap();
    let free = rustix::fs::statvfs(&disk.dir).unwrap();
    let most = (free.f_bavail * free.f_frsize) as usize - 300 * 1024;
    std::io::Write::write_all(&mut file, &vec![1; most]).unwrap();
    let words = json!({"name": "Ana", "private_passphrase": RIGHT});
    let make = ["init", "--keys", "file", "--listen", "127.0.0.1:0"];
    refused(&ana, &make, words, 1, "disk_full");
    drop(file);
    assert!(!ana.dir.join("data/private").exists());
    std::fs::remove_file(&filler).unwrap();
    init(&ana, "Ana");
    // Its place is taken: it is written where it stands.
    fill();
    let words = opened(json!({"words": "on a full disk"}));
    ana.ask(&["private", "journal"], words);
    let list = ana.ask(&["private", "list"], opened(json!({})));
    assert_eq!(list["pages"][0]["title"], "on a full disk");
    std::fs::remove_file(&filler).unwrap();
}

fn answers(session: &mut PtySession, all: &[(&str, &str)]) {
    for (question, words) in all {
        answer(session, question, words);
    }
}

#[test]
fn a_person_sits_down_with_their_pages() {
    let root = root();
    let ana = Home::new(root.path(), "ana", TROTH);
    ana.init("Ana");
    let mut session = sit_down(&ana, &["private", "journal"]);
    session.exp_string("have no passphrase yet").unwrap();
    session.exp_eof().unwrap();
    let mut session = sit_down(&ana, &["private", "passphrase"]);
    session
        .exp_string("If you forget it, they are lost")
        .unwrap();
    let new = "A passphrase for your private pages";
    answers(
        &mut session,
        &[(new, "short"), (new, RIGHT), ("The same once more:", RIGHT)],
    );
    session.exp_string("From now on").unwrap();
    session.exp_eof().unwrap();
    let mut session = sit_down(&ana, &["private"]);
    let ask = "The passphrase of your private pages:";
    let next = "A page's number to read it";
    answers(
        &mut session,
        &[
            (ask, "four calm green tree"),
            (ask, RIGHT),
            (next, "m"),
            ("What do I feel?", "I am uneasy. It is old."),
            ("Is it from then", "From then."),
            ("Is it something the other did", ""),
            ("What do I want to ask?", "Will you call when you are late?"),
            ("Their numbers", "1, 4"),
        ],
    );
    session.exp_string("What you chose is page 2").unwrap();
    session.exp_string("I am uneasy.").unwrap();
    session
        .exp_string("Will you call when you are late?")
        .unwrap();
    answers(&mut session, &[(next, "1")]);
    session.exp_string("Is it from then, or from now?").unwrap();
    answers(
        &mut session,
        &[(next, "drop 1"), ("Throw this page away?", "y"), (next, "")],
    );
    session.exp_string("locked again").unwrap();
    session.exp_eof().unwrap();
    let mut session = sit_down(&ana, &["private", "keep"]);
    answers(
        &mut session,
        &[("What do you want to put down?", "A thought.")],
    );
    session.exp_string("It is in your private pages").unwrap();
    session.exp_eof().unwrap();
    let mut session = sit_down(&ana, &["private", "list"]);
    answers(&mut session, &[(ask, RIGHT)]);
    session.exp_string("put down: A thought.").unwrap();
    session
        .exp_string("letter, not sent: I am uneasy.")
        .unwrap();
    session.exp_eof().unwrap();
}

/// A vim that runs a script of the shell instead; the last of its arguments is the file.
fn vim(root: &Path, script: &str) -> std::path::PathBuf {
    let path = root.join("vim");
    std::fs::write(
        &path,
        format!("#!/bin/bash\nfor file; do :; done\n{script}\n"),
    )
    .unwrap();
    let mode = std::os::unix::fs::PermissionsExt::from_mode(0o755);
    std::fs::set_permissions(&path, mode).unwrap();
    path
}

const ASK: &str = "The passphrase of your private pages:";

#[test]
fn a_page_longer_than_one_answer_is_kept_whole_and_can_be_changed() {
    let root = root();
    let mut ana = Home::new(root.path(), "ana", TROTH);
    init(&ana, "Ana");
    ana.env.push(("VISUAL".into(), String::new()));
    let edit = |script: &str| {
        (
            "EDITOR".to_owned(),
            vim(root.path(), script).display().to_string(),
        )
    };
    // 45,002 characters, in the editor: a page, and something put down.
    ana.env.push(edit(
        "(printf 'Äb'; head -c 45000 /dev/zero | tr '\\0' x) > $file",
    ));
    let mut session = sit_down(&ana, &["--edit", "private", "journal"]);
    answers(&mut session, &[(ASK, RIGHT)]);
    session.exp_string("Saved, as page 1").unwrap();
    session.exp_eof().unwrap();
    let mut session = sit_down(&ana, &["--edit", "private", "keep"]);
    session.exp_string("It is in your private pages").unwrap();
    session.exp_eof().unwrap();
    // A title that is too long is asked for again, before the words.
    let mut session = sit_down(&ana, &["--edit", "private", "letter"]);
    answers(
        &mut session,
        &[(ASK, RIGHT), ("To whom?", &"t".repeat(201))],
    );
    session.exp_string("too long to keep").unwrap();
    session.exp_string("To whom?").unwrap();
    session.send_control('u').unwrap();
    session.send_line("Ben").unwrap();
    session.exp_string("Saved, as page").unwrap();
    session.exp_eof().unwrap();
    let text = |page: &str| -> String {
        let shown = ana.ask(&["private", "show", page], opened(json!({})));
        let parts = shown["parts"].as_array().unwrap().iter();
        parts.map(|part| part["text"].as_str().unwrap()).collect()
    };
    let long = format!("Äb{}", "x".repeat(45_000));
    for page in ["1", "2", "3"] {
        assert!(text(page) == long, "page {page}");
    }
    // What the editor is given back is whole, and what it saves takes its place.
    ana.env.pop();
    ana.env.push(edit("sed -i s/Äb/New/ $file"));
    let mut session = sit_down(&ana, &["--edit", "private", "edit", "1"]);
    answers(&mut session, &[(ASK, RIGHT)]);
    session.exp_string("Saved, as page 1").unwrap();
    session.exp_eof().unwrap();
    let text = |page: &str| -> String {
        let shown = ana.ask(&["private", "show", page], opened(json!({})));
        let parts = shown["parts"].as_array().unwrap().iter();
        parts.map(|part| part["text"].as_str().unwrap()).collect()
    };
    assert!(text("1") == long.replace("Äb", "New"));
    // Given up, and not taken: the page is as it was, and what was typed is put down beside it.
    ana.env.pop();
    ana.env
        .push(edit("echo 'Second thoughts.' > $file; exit 1"));
    let mut session = sit_down(&ana, &["--edit", "private", "edit", "1"]);
    answers(&mut session, &[(ASK, RIGHT), ("Take what was saved?", "n")]);
    session.exp_string("It is in your private pages").unwrap();
    session.exp_eof().unwrap();
    let shown = |page: &str| ana.ask(&["private", "show", page], opened(json!({})));
    assert!(
        shown("1")["parts"][0]["text"]
            .as_str()
            .unwrap()
            .starts_with("New")
    );
    assert_eq!(shown("4")["parts"][0]["text"], "Second thoughts.");
    // Line by line, and by a script.
    let mut session = sit_down(&ana, &["private", "edit", "4"]);
    answers(
        &mut session,
        &[(ASK, RIGHT), ("Second thoughts.", " And third.")],
    );
    session.exp_string("Saved, as page 4").unwrap();
    session.exp_eof().unwrap();
    assert_eq!(
        shown("4")["parts"][0]["text"],
        "Second thoughts. And third."
    );
    ana.ask(
        &["private", "edit", "4"],
        opened(json!({"words": "Scripted."})),
    );
    assert_eq!(shown("4")["parts"][0]["text"], "Scripted.");
    refused(
        &ana,
        &["private", "edit", "4"],
        opened(json!({})),
        2,
        "nothing_said",
    );
    refused(
        &ana,
        &["private", "edit", "9"],
        opened(json!({"words": "x"})),
        1,
        "no_such",
    );
}

#[test]
fn what_was_chosen_is_asked_of_the_other_only_at_two_yeses_and_stands_nowhere_else_without() {
    let root = root();
    let [ana, ben] = ["ana", "ben"].map(|name| Home::new(root.path(), name, TROTH));
    init(&ana, "Ana");
    ben.init("Ben");
    pair(&ana, &ben);
    let canary = ["osprey", "thistle"].join("-");
    let question = format!("Will you call when you are late, {canary}?");
    let exercise = |last: &[(&str, &str)]| {
        let mut session = sit_down(&ana, &["private", "mistrust"]);
        let all = [
            (ASK, RIGHT),
            ("What do I feel?", "I am uneasy."),
            ("Is it from then", ""),
            ("Is it something the other did", ""),
            ("What do I want to ask?", &question),
            ("Their numbers", "2"),
        ];
        answers(&mut session, &all);
        answers(&mut session, last);
        session.exp_eof().unwrap()
    };
    let ask = "Ask this of Ben?";
    for noes in [&[(ask, "n")][..], &[(ask, "y"), ("Say this to Ben?", "no")]] {
        let said = exercise(noes);
        assert!(said.contains("What you chose is page"), "{said}");
        assert!(!said.contains("Your words are kept"), "{said}");
        assert_eq!(ana.ask(&["ask", "list"], Value::Null)["told"], json!([]));
        assert!(!ana.holds_word(&canary), "only in the private file");
    }
    // What was changed before a no is kept there too, and nowhere else.
    let said = exercise(&[
        (ask, "y"),
        ("Say this to Ben?", "change"),
        ("What do you ask of Ben?", " Or write?"),
        ("Say this to Ben?", "no"),
    ]);
    assert!(said.contains("It is in your private pages"), "{said}");
    assert!(!ana.holds_word(&canary), "only in the private file");
    let pages = ana.ask(&["private", "list"], opened(json!({})));
    let all = pages["pages"].as_array().unwrap().iter();
    let changed = all.filter(|it| {
        let n = it["page"].to_string();
        let page = ana.ask(&["private", "show", &n], opened(json!({})));
        page.to_string().contains(&format!("{canary}? Or write?"))
    });
    assert_eq!(changed.count(), 1, "{pages}");
    let said = exercise(&[(ask, "y"), ("Say this to Ben?", "yes")]);
    assert!(said.contains("Saved, as page 8"), "{said}");
    let asked = ben.until(&["ask", "list"], |list| list["told"][0].is_object());
    let name = asked["told"][0]["id"].as_str().unwrap();
    let opened = ben.ask(&["ask", "open", name], Value::Null);
    assert_eq!(opened["words"]["text"], *question, "{opened}");
}

#[test]
fn a_daemon_whose_private_pages_are_locked_again_holds_none_of_their_words() {
    if !as_root() {
        return;
    }
    let root = root();
    let ana = Home::new(root.path(), "ana", TROTH);
    init(&ana, "Ana");
    let canary: String = ["basalt", "curlew", "linen"].join("-");
    let words = opened(json!({"words": format!("A page of {canary}.")}));
    ana.ask(&["private", "journal"], words);
    ana.ask(&["private", "show", "1"], opened(json!({})));
    ana.ask(&["private", "keep"], json!({"words": canary}));
    let pid = ana.pid().unwrap();
    let left = || crate::memory::in_memory(pid, &canary) + crate::memory::in_memory(pid, RIGHT);
    let gone = (0..100).any(|_| {
        let gone = left() == 0;
        if !gone {
            std::thread::sleep(std::time::Duration::from_millis(50));
        }
        gone
    });
    assert!(gone, "{} times after the last connection", left());
}
