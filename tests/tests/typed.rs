//! Nothing that was typed is lost: whatever refuses it, however an editor or a conversation ends.

use rexpect::session::{PtySession, spawn_command};
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Write};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};
use troth_proto::limits;
use troth_tests::home::{Home, paired, root};

const TROTH: &str = env!("CARGO_BIN_EXE_sut-troth");
const PATIENCE: Option<u64> = Some(30_000);
const RIGHT: &str = "four calm green trees";

/// A program that is taken for an editor that keeps no copies.
fn editor(root: &Path, name: &str, script: &str) -> PathBuf {
    let folder = root.join(format!("bin-{name}"));
    std::fs::create_dir_all(&folder).unwrap();
    let path = folder.join(name);
    std::fs::write(
        &path,
        format!("#!/bin/bash\nfor file; do :; done\n{script}\n"),
    )
    .unwrap();
    let mode = std::fs::Permissions::from_mode(0o755);
    std::fs::set_permissions(&path, mode).unwrap();
    path
}

fn sit_down(home: &Home, editor: &Path, arguments: &[&str]) -> PtySession {
    let mut command = home.command(arguments);
    command
        .env("TERM", "xterm")
        .env("PAGER", "cat")
        .env("EDITOR", editor)
        .env_remove("VISUAL")
        .env_remove("XDG_RUNTIME_DIR");
    spawn_command(command, PATIENCE).unwrap()
}

fn answer(session: &mut PtySession, question: &str, words: &str) {
    session
        .exp_string(question)
        .unwrap_or_else(|e| panic!("{question}: {e}"));
    session.send_line(words).unwrap();
}

fn text(home: &Home, draft: &str) -> String {
    let shown = home.ask(&["draft", "show", draft], Value::Null);
    shown["text"].as_str().unwrap().to_owned()
}

fn type_in(home: &Home, draft: &str, insert: &str) {
    let shown = home.ask(&["draft", "show", draft], Value::Null);
    let edits = json!([{"at": 0, "delete": 0, "insert": insert}]);
    let words = json!({"at": shown["at"], "edits": edits});
    home.ask(&["draft", "edit", draft], words);
}

fn letter(ana: &Home, ben: &Home) {
    ana.ask(&["draft", "new"], json!({"title": "Letter"}));
    ben.until(&["draft", "list"], |list| list["drafts"][0].is_object());
}

#[test]
fn a_draft_that_one_has_closed_opens_no_editor_and_words_that_come_too_late_are_put_down() {
    let root = root();
    let (ana, ben) = paired(root.path(), TROTH);
    letter(&ana, &ben);
    type_in(&ana, "letter", "Dear you");
    ana.ask(&["private", "passphrase"], json!({"new": RIGHT}));
    let gate = root.path().join("gate");
    let opened = root.path().join("opened");
    let vim = editor(
        root.path(),
        "vim",
        &format!(
            "touch {}; while [ ! -e {} ]; do sleep 0.02; done; echo ', and my late words' >> $file",
            opened.display(),
            gate.display()
        ),
    );
    // Both close it while her editor is open.
    let mut a = sit_down(&ana, &vim, &["draft", "edit", "letter"]);
    let by = Instant::now() + troth_tests::home::PATIENCE;
    while !opened.exists() {
        assert!(Instant::now() < by, "no editor");
        std::thread::sleep(Duration::from_millis(10));
    }
    ana.ask(&["draft", "close", "letter"], Value::Null);
    std::fs::remove_file(&opened).unwrap();
    for arguments in [
        &["draft", "edit", "letter"][..],
        &["draft", "edit", "--live", "letter"],
    ] {
        let mut a = sit_down(&ana, &vim, arguments);
        a.exp_string("That draft is closed.").unwrap();
        a.exp_eof().unwrap();
        assert!(!opened.exists(), "nobody writes what is refused");
    }
    ben.ask(&["draft", "close", "letter"], Value::Null);
    ana.until(&["draft", "list"], |list| list["drafts"] == json!([]));
    std::fs::write(&gate, "").unwrap();
    a.exp_string("You typed:").unwrap();
    a.exp_string("and my late words").unwrap();
    answer(&mut a, "Put it into your private pages?", "");
    a.exp_string("It is in your private pages").unwrap();
    a.exp_eof().unwrap();
    let open = json!({"private_passphrase": RIGHT});
    let shown = ana.ask(&["private", "show", "1"], open);
    let kept = shown["parts"][0]["text"].as_str().unwrap();
    assert!(kept.contains(", and my late words"), "{shown}");
}

#[test]
fn more_than_a_draft_takes_is_opened_again_and_kept_if_it_is_left() {
    let root = root();
    let (ana, ben) = paired(root.path(), TROTH);
    letter(&ana, &ben);
    let long = limits::DRAFT_OPS_WRITTEN + 10_000;
    // The first time it writes too much; the second time it finds that, and shortens it.
    let vim = editor(
        root.path(),
        "vim",
        &format!(
            "if [ -s $file ]; then head -c 20 $file > $file.new; mv $file.new $file; else head -c {long} /dev/zero | tr '\\0' 'x' > $file; fi"
        ),
    );
    let mut a = sit_down(&ana, &vim, &["draft", "edit", "letter"]);
    a.exp_string("more than this draft takes").unwrap();
    answer(&mut a, "Open the editor again?", "n");
    a.exp_string("Your words are kept on this device").unwrap();
    a.exp_eof().unwrap();
    assert_eq!(text(&ana, "letter"), "");
    let mut a = sit_down(&ana, &vim, &["draft", "edit", "letter"]);
    answer(&mut a, "Go on from them?", "yes");
    a.exp_string("more than this draft takes").unwrap();
    answer(&mut a, "Open the editor again?", "");
    a.exp_string("is saved").unwrap();
    a.exp_eof().unwrap();
    assert_eq!(text(&ana, "letter"), "x".repeat(20));
    // Once it is saved it is kept no more.
    let mut a = sit_down(&ana, &vim, &["draft", "edit", "letter"]);
    a.exp_string("Nothing was changed.").unwrap();
    a.exp_eof().unwrap();
}

#[test]
fn an_editor_with_windows_is_waited_for() {
    let root = root();
    let (ana, ben) = paired(root.path(), TROTH);
    letter(&ana, &ben);
    let writes = "sleep 0.5; echo 'From a window.' > $file";
    let gvim = editor(
        root.path(),
        "gvim",
        &format!("case \" $* \" in *' -f '*) {writes};; *) ({writes}) & exit 0;; esac"),
    );
    let mut a = sit_down(&ana, &gvim, &["draft", "edit", "letter"]);
    a.exp_string("is saved").unwrap();
    a.exp_eof().unwrap();
    assert_eq!(text(&ana, "letter"), "From a window.");
}

#[test]
fn what_was_saved_before_an_editor_was_given_up_is_taken_only_at_a_yes_and_kept_at_a_no() {
    let root = root();
    let (ana, ben) = paired(root.path(), TROTH);
    letter(&ana, &ben);
    type_in(&ana, "letter", "Dear you");
    let vim = editor(
        root.path(),
        "vim",
        "printf 'Second thoughts.' >> $file; exit 1",
    );
    let mut a = sit_down(&ana, &vim, &["draft", "edit", "letter"]);
    answer(&mut a, "Take what was saved?", "");
    a.exp_string("Your words are kept on this device").unwrap();
    a.exp_eof().unwrap();
    assert_eq!(text(&ana, "letter"), "Dear you", "nothing goes out");
    let mut a = sit_down(&ana, &vim, &["draft", "edit", "letter"]);
    a.exp_string("Second thoughts.").unwrap();
    answer(&mut a, "Go on from them?", "yes");
    a.exp_string("is saved").unwrap();
    a.exp_eof().unwrap();
    assert_eq!(text(&ana, "letter"), "Dear youSecond thoughts.");
    // So it is with what is said under headings, and with one text.
    let told = editor(
        root.path(),
        "nano",
        "sed -i \"/^## .*small truth/a Bramble jam.\" $file; exit 1",
    );
    let mut a = sit_down(&ana, &told, &["--edit", "small-truth", "add"]);
    answer(&mut a, "Take what was saved?", "n");
    a.exp_string("Your words are kept on this device").unwrap();
    a.exp_eof().unwrap();
    let mut a = sit_down(&ana, &told, &["--edit", "small-truth", "add"]);
    a.exp_string("Bramble jam.").unwrap();
    answer(&mut a, "Go on from them?", "yes");
    answer(&mut a, "Take what was saved?", "y");
    answer(&mut a, "Say this to Ben?", "no");
    a.exp_string("Your words are kept on this device").unwrap();
    a.exp_eof().unwrap();
    // One that was given up with nothing new in it asks nothing.
    let none = editor(root.path(), "ed", "exit 1");
    let mut a = sit_down(&ana, &none, &["draft", "edit", "letter"]);
    let rest = a.exp_eof().unwrap();
    assert!(!rest.contains("Take what was saved?"), "{rest}");
}

#[test]
fn words_typed_for_a_draft_that_both_have_closed_are_offered() {
    let root = root();
    let (ana, ben) = paired(root.path(), TROTH);
    letter(&ana, &ben);
    type_in(&ana, "letter", "Dear you");
    let vim = editor(
        root.path(),
        "vim",
        "printf 'Second thoughts.' >> $file; exit 1",
    );
    let mut a = sit_down(&ana, &vim, &["draft", "edit", "letter"]);
    answer(&mut a, "Take what was saved?", "");
    a.exp_string("Your words are kept on this device").unwrap();
    a.exp_eof().unwrap();
    for home in [&ana, &ben] {
        home.ask(&["draft", "close", "letter"], Value::Null);
    }
    ana.until(&["draft", "list"], |it| it["drafts"] == json!([]));
    let list = |last: Option<&str>| {
        let mut a = sit_down(&ana, &vim, &["draft", "list"]);
        if let Some(last) = last {
            a.exp_string("Second thoughts.").unwrap();
            answer(&mut a, "Put it into your private pages?", last);
        }
        a.exp_eof().unwrap()
    };
    list(Some("no"));
    list(Some("forget"));
    let rest = list(None);
    assert!(!rest.contains("Second thoughts."), "{rest}");
}

#[test]
fn a_no_to_kept_words_leaves_them_and_one_that_must_go_is_told() {
    let root = root();
    let (ana, _ben) = paired(root.path(), TROTH);
    let none = root.path().join("none");
    let tells = |words: &[(&str, &str)]| {
        let mut a = sit_down(&ana, &none, &["confidence", "add"]);
        for (question, words) in words {
            answer(&mut a, question, words);
        }
        let told = a.exp_eof().unwrap();
        told.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    let text = "What do you want to tell Ben?";
    let listen = "How would you like to be listened to";
    let say = "Say this to Ben?";
    let go_on = "Go on from them?";
    let kept = tells(&[(text, "The first."), (listen, ""), (say, "no")]);
    assert!(kept.contains("Your words are kept"), "{kept}");
    // Something else is said meanwhile, with --json, and by hand.
    ana.ask(
        &["confidence", "add"],
        json!({"words": {"text": "By a script."}}),
    );
    tells(&[
        (go_on, "no"),
        (text, "The second."),
        (listen, ""),
        (say, "yes"),
    ]);
    // A third is broken off: both stand there, and both are offered.
    tells(&[
        (go_on, "no"),
        (text, "The third."),
        (listen, ""),
        (say, "no"),
    ]);
    let mut a = sit_down(&ana, &none, &["confidence", "add"]);
    a.exp_string("The first.").unwrap();
    answer(&mut a, go_on, "no");
    a.exp_string("The third.").unwrap();
    answer(&mut a, go_on, "yes");
    answer(&mut a, say, "yes");
    a.exp_eof().unwrap();
    let mut a = sit_down(&ana, &none, &["confidence", "add"]);
    a.exp_string("The first.").unwrap();
    answer(&mut a, go_on, "yes");
    answer(&mut a, say, "no");
    let rest = a.exp_eof().unwrap();
    assert!(!rest.contains("The third."), "what is said is kept no more");
    // Seven more, and there is room for them all; with an eighth the oldest goes, and that is told.
    for n in 1..=8 {
        let noes = vec![(go_on, "no"); n];
        let all = [&noes[..], &[(text, "More."), (listen, ""), (say, "no")]].concat();
        let told = tells(&all);
        assert_eq!(
            told.contains("The oldest of them are gone"),
            n == 8,
            "{told}"
        );
    }
}

/// A home that leads to another one's daemon; the first answer to one kind of request is taken away, with the conversation.
pub(crate) fn between(root: &Path, name: &str, home: &Home, method: &'static str) -> Home {
    let between = Home::new(root, name, TROTH);
    let run = between.dir.join("run");
    std::fs::create_dir_all(&run).unwrap();
    let listener = UnixListener::bind(run.join("trothd.sock")).unwrap();
    let to = home.dir.join("run/trothd.sock");
    std::thread::spawn(move || {
        let taken: &'static AtomicBool = Box::leak(Box::new(AtomicBool::new(false)));
        for client in listener.incoming() {
            let Ok(client) = client else { return };
            let Ok(daemon) = UnixStream::connect(&to) else {
                continue;
            };
            std::thread::spawn(move || carry(&client, &daemon, method, taken));
        }
    });
    between
}

fn carry(client: &UnixStream, daemon: &UnixStream, method: &str, taken: &AtomicBool) {
    let method = format!("\"{method}\"");
    let mut asks = BufReader::new(client).lines();
    let mut answers = BufReader::new(daemon).lines();
    while let Some(Ok(ask)) = asks.next() {
        { daemon }.write_all(format!("{ask}\n").as_bytes()).unwrap();
        let Some(Ok(answer)) = answers.next() else {
            return;
        };
        if ask.contains(&method) && !taken.swap(true, Ordering::SeqCst) {
            client.shutdown(std::net::Shutdown::Both).unwrap();
            return;
        }
        if { client }
            .write_all(format!("{answer}\n").as_bytes())
            .is_err()
        {
            return;
        }
    }
}

#[test]
fn an_answer_that_never_came_puts_nothing_in_twice() {
    let root = root();
    let (ana, ben) = paired(root.path(), TROTH);
    letter(&ana, &ben);
    type_in(&ana, "letter", "Dear you");
    let vim = editor(root.path(), "vim", "printf ', hello' >> $file");
    let mut homes = Vec::new();
    for (again, expected) in [("y", "Dear you, hello"), ("n", "Dear you, hello, hello")] {
        // Whichever is let go ends the daemon behind it.
        homes.push(between(root.path(), again, &ana, "draft_edit"));
        let between = &homes[homes.len() - 1];
        let mut a = sit_down(between, &vim, &["draft", "edit", "letter"]);
        answer(&mut a, "Try again?", again);
        if again == "n" {
            // Kept, and gone on from later, when nobody knows any more what has changed since: she sees it.
            a.exp_string("Your words are kept").unwrap();
            a.exp_eof().unwrap();
            a = sit_down(between, &vim, &["draft", "edit", "letter"]);
            answer(&mut a, "Go on from them?", "yes");
            answer(&mut a, "Is what you typed in it already?", "yes");
        }
        a.exp_string("is saved").unwrap();
        a.exp_eof().unwrap();
        assert_eq!(text(&ana, "letter"), expected);
    }
}

#[test]
fn what_was_kept_for_a_draft_is_offered_before_nothing_leads_back_to_it() {
    let root = root();
    let (ana, ben) = paired(root.path(), TROTH);
    letter(&ana, &ben);
    type_in(&ana, "letter", "Dear you");
    ana.ask(&["private", "passphrase"], json!({"new": RIGHT}));
    let vim = editor(root.path(), "vim", "printf ', hello' >> $file");
    let between = between(root.path(), "lost", &ana, "draft_edit");
    let mut a = sit_down(&between, &vim, &["draft", "edit", "letter"]);
    answer(&mut a, "Try again?", "n");
    a.exp_string("Your words are kept").unwrap();
    a.exp_eof().unwrap();
    // Whoever closes it is asked, and may leave it.
    let mut a = sit_down(&ana, &vim, &["draft", "close", "letter"]);
    answer(&mut a, "Go on from them?", "no");
    answer(&mut a, "Close", "y");
    a.exp_eof().unwrap();
    // Also once it takes nothing any more.
    let mut a = sit_down(&ana, &vim, &["draft", "edit", "letter"]);
    answer(&mut a, "Go on from them?", "yes");
    answer(&mut a, "Put it into your private pages?", "");
    a.exp_string("It is in your private pages").unwrap();
    a.exp_string("That draft is closed.").unwrap();
    a.exp_eof().unwrap();
    let open = json!({"private_passphrase": RIGHT});
    let shown = ana.ask(&["private", "show", "1"], open);
    assert!(shown.to_string().contains(", hello"), "{shown}");
    let mut a = sit_down(&ana, &vim, &["draft", "edit", "letter"]);
    let rest = a.exp_eof().unwrap();
    assert!(!rest.contains("hello"), "{rest}");
}

#[test]
fn the_first_half_of_a_pair_is_kept_if_the_second_is_broken_off() {
    let root = root();
    let (ana, _ben) = paired(root.path(), TROTH);
    let vim = Path::new("vim");
    let sit = |arguments: &[&str]| sit_down(&ana, vim, arguments);
    let checkin = ["checkin", "ready", "--slot", "2026-W47"];
    let mut a = sit(&checkin);
    answer(&mut a, "Thanks: what did ", "Cooked.");
    a.exp_string("What does it say of Ben?").unwrap();
    a.send_control('c').unwrap();
    a.exp_string("Your words are kept").unwrap();
    a.exp_eof().unwrap();
    let mut a = sit(&checkin);
    a.exp_string("Cooked.").unwrap();
    answer(&mut a, "Go on from them?", "yes");
    answer(&mut a, "Thanks: what did ", "");
    answer(&mut a, "What does it say of Ben?", "");
    answer(&mut a, "Thanks: what did ", "");
    answer(&mut a, "What went well?", "");
    answer(&mut a, "What have you not said yet?", "");
    answer(&mut a, "One thing to talk about: when", "Late again.");
    a.exp_string("I felt").unwrap();
    a.send_control('c').unwrap();
    a.exp_eof().unwrap();
    let mut a = sit(&checkin);
    a.exp_string("Cooked.").unwrap();
    a.exp_string("Late again.").unwrap();
    answer(&mut a, "Go on from them?", "no");
    a.exp_string("Thanks: what did ").unwrap();
    a.send_control('c').unwrap();
    a.exp_eof().unwrap();
    let mut a = sit(&["agreement", "propose"]);
    answer(&mut a, "What is it about", "Guests");
    answer(&mut a, "What do you agree on?", "");
    answer(&mut a, "What will you do?", "I ask.");
    answer(&mut a, "What will Ben do?", "");
    answer(&mut a, "Does the same go for Ben too?", "n");
    answer(&mut a, "When something happens", "a guest is there");
    answer(&mut a, "Who then does something?", "me");
    a.exp_string("Then:").unwrap();
    a.send_control('c').unwrap();
    a.exp_eof().unwrap();
    let mut a = sit(&["agreement", "propose"]);
    a.exp_string("a guest is there").unwrap();
    answer(&mut a, "Go on from them?", "no");
    a.exp_string("What is it about").unwrap();
    a.send_control('c').unwrap();
    a.exp_eof().unwrap();
}

#[test]
fn a_paste_that_is_refused_is_no_command_of_the_shell_and_is_not_lost() {
    let root = root();
    let (ana, ben) = paired(root.path(), TROTH);
    letter(&ana, &ben);
    let after = root.path().join("after");
    let troth = format!("'{TROTH}' --home '{}'", ana.dir.display());
    let mut command = Command::new("bash");
    let script = format!(
        "stty rows 24 cols 80; {troth} draft edit --live letter; stty -icanon -echo min 0 time 5; cat > {}; echo DONE",
        after.display()
    );
    command
        .args(["-c", &script])
        .env_remove("DBUS_SESSION_BUS_ADDRESS")
        .env("TROTH_LANG", "en")
        .env("TERM", "xterm");
    let mut a = spawn_command(command, PATIENCE).unwrap();
    a.exp_string("Escape leaves.").unwrap();
    // She closes it in another window; then comes a long paste.
    ana.ask(&["draft", "close", "letter"], Value::Null);
    let lines: String = (0..1_500).map(|n| format!("touch leak-{n}\r")).collect();
    a.send(&format!("\u{1b}[200~{lines}\u{1b}[201~")).unwrap();
    a.flush().unwrap();
    a.exp_string("You typed:").unwrap();
    a.exp_string("touch leak-0").unwrap();
    a.exp_string("touch leak-1499").unwrap();
    // There is no private page for it yet.
    answer(&mut a, "Put it into your private pages?", "y");
    a.exp_string("Your words are kept on this device").unwrap();
    a.exp_string("DONE").unwrap();
    let left = std::fs::read_to_string(&after).unwrap();
    assert_eq!(left, "", "the shell gets nothing of it");
}

#[test]
fn drafts_are_in_what_one_leaves_with_and_each_export_says_what_it_holds() {
    let root = root();
    let (ana, ben) = paired(root.path(), TROTH);
    letter(&ana, &ben);
    type_in(&ben, "letter", "Dear you\n# no heading");
    ana.until(&["draft", "show", "letter"], |shown| shown["text"] != "");
    let export = |format: &str, more: &[&str]| {
        let file = root.path().join(format!("{format}{}", more.len()));
        let path = file.display().to_string();
        let all = [&["export", "--format", format][..], more, &[&path]].concat();
        let done = ana.run(&all, "");
        assert!(done.status.success(), "{done:?}");
        let said = String::from_utf8(done.stdout).unwrap().replace('\n', " ");
        (said, std::fs::read(&file).unwrap())
    };
    let (said, file) = export("json", &[]);
    assert!(said.contains("holds what you can see"), "{said}");
    let all: Value = serde_json::from_slice(&file).unwrap();
    assert_eq!(all["drafts"][0]["title"], "Letter");
    assert_eq!(all["drafts"][0]["begun_by"], "me");
    assert_eq!(all["drafts"][0]["text"], "Dear you\n# no heading");
    let (_, file) = export("markdown", &[]);
    let file = String::from_utf8(file).unwrap();
    assert!(
        file.contains("## Drafts\n\n### Letter\n\n> Dear you\n> # no heading"),
        "{file}"
    );
    let (said, _) = export("ics", &[]);
    assert!(said.contains("days for a calendar"), "{said}");
    let (said, _) = export("automerge", &["--draft", "letter"]);
    assert!(said.contains("holds the draft as an automerge"), "{said}");
    let (said, _) = export("automerge", &[]);
    assert!(said.contains("holds the book as an automerge"), "{said}");
}
