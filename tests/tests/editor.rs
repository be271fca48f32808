//! Words written in the person's own editor: a real vim, whose owner has set it to keep everything.

use rexpect::session::{PtySession, spawn_command};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use troth_tests::home::{Home, as_root, files, paired, root};
use troth_tests::terminal::answer;

const TROTH: &str = env!("CARGO_BIN_EXE_sut-troth");
const PATIENCE: Option<u64> = Some(30_000);

/// What this vim keeps of each text, if nobody tells it otherwise.
const KEEPS: &str = "set nocompatible
set undofile undodir=~/undo backup backupdir=~/backup swapfile directory=~/swap viminfo='100,n~/info
";

/// A desk with an editor on it that does what it is told.
struct Desk {
    dir: PathBuf,
}

impl Desk {
    fn new(root: &Path) -> Self {
        let dir = root.join("desk");
        for folder in ["undo", "backup", "swap"] {
            std::fs::create_dir_all(dir.join(folder)).unwrap();
        }
        std::fs::write(dir.join(".vimrc"), KEEPS).unwrap();
        Self { dir }
    }

    /// What the editor does the next time.
    fn does(&self, script: &str) {
        let facts = self.dir.join("facts");
        let facts = format!(
            "call writefile([getfperm(expand('%:p')), expand('%:p:h'), join(readdir(expand('%:p:h')))], '{}')\n",
            facts.display()
        );
        std::fs::write(self.dir.join("does.vim"), format!("{script}\n{facts}wq\n")).unwrap();
    }

    /// The mode of the file that was edited, its folder, and what else was in it.
    fn facts(&self) -> [String; 3] {
        let text = std::fs::read_to_string(self.dir.join("facts")).unwrap();
        let lines: Vec<String> = text.lines().map(str::to_owned).collect();
        lines.try_into().unwrap()
    }

    fn sit_down(&self, home: &Home, arguments: &[&str]) -> PtySession {
        let mut command = home.command(&[&["--edit"], arguments].concat());
        let editor = format!("vim -S {}", self.dir.join("does.vim").display());
        command
            .env("TERM", "xterm")
            .env("PAGER", "cat")
            .env("HOME", &self.dir)
            .env("TMPDIR", self.dir.join("swap"))
            .env_remove("XDG_RUNTIME_DIR")
            .env_remove("VISUAL")
            .env("EDITOR", editor);
        spawn_command(command, PATIENCE).unwrap()
    }
}

fn under(heading: &str, words: &str) -> String {
    format!("call append(search('^## .*{heading}'), {words})\n")
}

fn stands_in(folder: &Path, word: &str) -> Vec<PathBuf> {
    let mut all = files(folder);
    all.retain(|path| {
        let bytes = std::fs::read(path).unwrap_or_default();
        !path.ends_with("does.vim") && bytes.windows(word.len()).any(|it| it == word.as_bytes())
    });
    all
}

#[test]
fn words_written_in_an_editor_stand_on_no_disk_and_what_it_cannot_read_is_not_lost() {
    let root = root();
    let (ana, ben) = paired(root.path(), TROTH);
    let desk = Desk::new(root.path());
    let left = PathBuf::from("/dev/shm/troth-words-4194399");
    std::fs::create_dir_all(&left).unwrap();
    desk.does(
        &[
            under("What is it about", "'Quietkeeping'"),
            under("What do you agree on", "['From ten on.', '', '- Sundays']"),
            under("What will you do", "'I whisper.'"),
            under("What will Ben do", "'He whispers.'"),
            under("When this happens", "'a guest is there'"),
            under("Ben does this", "'he asks'"),
            under("Is it a trial", "'in two weaks'"),
            under("Is it a big one", "'prehaps'"),
            under("What is not meant", "['## Whatever', 'stays']"),
        ]
        .concat(),
    );
    let mut a = desk.sit_down(&ana, &["agreement", "propose"]);
    // Three slips: all are told, and she ends it there.
    a.exp_string("is none of the headings").unwrap();
    a.exp_string("A day is written like").unwrap();
    a.exp_string("either yes or no").unwrap();
    answer(&mut a, "Open the editor again?", "n");
    a.exp_string("Your words are kept on this device").unwrap();
    a.exp_eof().unwrap();
    let [mode, folder, within] = desk.facts();
    assert_eq!((mode.as_str(), within.as_str()), ("rw-------", "words.md"));
    assert!(folder.starts_with("/dev/shm/troth-words-"), "{folder}");
    assert!(!Path::new(&folder).exists(), "it is gone with the editor");
    assert!(!left.exists(), "and what one left that was killed");
    // The next time she goes on from them, and mends what was wrong.
    desk.does("g/^no$/s//yes/\ng/Whatever/d\ng/^stays/d\n");
    let mut a = desk.sit_down(&ana, &["agreement", "propose"]);
    answer(&mut a, "Go on from them?", "yes");
    a.exp_string("From ten on.").unwrap();
    a.exp_string("When: a guest is there").unwrap();
    a.exp_string("Then Ben: he asks").unwrap();
    a.exp_string("Propose this to Ben?").unwrap();
    desk.does("%s/From ten on/From eleven on/");
    a.send_line("change").unwrap();
    a.exp_string("From eleven on.").unwrap();
    answer(&mut a, "Propose this to Ben?", "yes");
    a.exp_string("Proposed.").unwrap();
    a.exp_eof().unwrap();
    let shown = ben.until(&["agreement", "show", "quietkeeping"], |_| true);
    let words = &shown["versions"][0];
    assert_eq!(words["terms"], "From eleven on.\n\n- Sundays");
    assert_eq!(
        words["does"],
        json!({"me": "He whispers.", "partner": "I whisper."})
    );
    assert_eq!(
        words["when_then"],
        json!([{"who": "me", "when": "a guest is there", "then": "he asks"}])
    );
    assert_eq!(words["weight"], "big");
    // A change begins from the words that are there; one that is emptied says nothing.
    desk.does("%d");
    let mut b = desk.sit_down(&ben, &["agreement", "propose", "--change", "quiet"]);
    b.exp_string("There are no words in it yet.").unwrap();
    answer(&mut b, "Open the editor again?", "n");
    b.exp_eof().unwrap();
    // One that is no text is opened again, with what stands there.
    desk.does("call writefile(0z4100ff00, expand('%:p'))\nset autoread\ncheckti\ne!\n");
    let mut b = desk.sit_down(&ben, &["agreement", "my-part", "quiet"]);
    b.exp_string("What came is not text.").unwrap();
    b.exp_string("Open the editor again?").unwrap();
    desk.does("%d\ncall setline(1, ['I bring slippers,', 'and tea.'])\n");
    b.send_line("y").unwrap();
    b.exp_string("I bring slippers,").unwrap();
    b.exp_eof().unwrap();
    let shown = ben.ask(&["agreement", "show", "quiet"], Value::Null);
    assert_eq!(shown["my_part"], "I bring slippers,\nand tea.");
    // One that is left so is kept, and what a terminal acts on is no reason to refuse the rest.
    desk.does("call writefile(0z536c697070657273ff, expand('%:p'))\nset autoread\ncheckti\ne!\n");
    let mut b = desk.sit_down(&ben, &["agreement", "my-part", "quiet"]);
    answer(&mut b, "Open the editor again?", "n");
    b.exp_string("Your words are kept on this device").unwrap();
    b.exp_eof().unwrap();
    desk.does("call writefile(0z536c6970070a, expand('%:p'))\nset autoread\ncheckti\ne!\n");
    let mut b = desk.sit_down(&ben, &["agreement", "my-part", "quiet"]);
    b.exp_string("Slippers").unwrap();
    answer(&mut b, "Go on from them?", "forget");
    b.exp_string("Slip").unwrap();
    b.exp_eof().unwrap();
    let shown = ben.ask(&["agreement", "show", "quiet"], Value::Null);
    assert_eq!(shown["my_part"], "Slip");
    // A check-in page, and nothing of any of it anywhere: no swap file, undo file, backup or history.
    desk.does(
        &[
            under("what did Ben do", "'Quietkeeping, all week'"),
            under("What went well", "'Slippers.'"),
        ]
        .concat(),
    );
    let mut a = desk.sit_down(&ana, &["checkin", "ready"]);
    a.exp_string("Quietkeeping, all week").unwrap();
    answer(&mut a, "Are you ready with these words?", "no");
    a.exp_eof().unwrap();
    for home in [&ana, &ben] {
        home.stop();
    }
    for word in ["uietkeeping", "lippers", "whisper"] {
        assert_eq!(stands_in(root.path(), word), Vec::<PathBuf>::new());
    }
    for folder in ["undo", "backup", "swap"] {
        assert_eq!(files(&desk.dir.join(folder)), Vec::<PathBuf>::new());
    }
    assert!(!desk.dir.join("info").exists());
}

#[test]
fn an_editor_that_may_keep_copies_is_asked_about_and_no_folder_in_memory_is_said() {
    let root = root();
    let (ana, _ben) = paired(root.path(), TROTH);
    let other = root.path().join("scribble");
    std::fs::write(&other, "#!/bin/sh\necho 'Rain.' > \"$1\"\n").unwrap();
    let mut mode = std::fs::metadata(&other).unwrap().permissions();
    std::os::unix::fs::PermissionsExt::set_mode(&mut mode, 0o755);
    std::fs::set_permissions(&other, mode).unwrap();
    let sit_down = |before: &str| {
        let troth = format!("'{TROTH}' --home '{}'", ana.dir.display());
        let mut command = std::process::Command::new("sh");
        let script = format!("{before} exec {troth} --edit agreement propose");
        command.args(["-c", &script]);
        command
            .env("TROTH_LANG", "en")
            .env("TERM", "xterm")
            .env("VISUAL", &other)
            .env_remove("XDG_RUNTIME_DIR");
        spawn_command(command, PATIENCE).unwrap()
    };
    let mut a = sit_down("");
    answer(&mut a, "may keep copies of its own", "n");
    a.exp_eof().unwrap();
    // Words under no heading are told, and not taken for something else.
    let mut a = sit_down("");
    answer(&mut a, "may keep copies of its own", "");
    a.exp_string("Some words stand before the first heading.")
        .unwrap();
    answer(&mut a, "Open the editor again?", "n");
    a.exp_string("Your words are kept on this device").unwrap();
    a.exp_eof().unwrap();
    let mut a = sit_down("");
    a.exp_string("Rain.").unwrap();
    answer(&mut a, "Go on from them?", "forget");
    answer(&mut a, "may keep copies of its own", "n");
    a.exp_eof().unwrap();
    let piped = ana.run(&["--edit", "agreement", "propose"], "");
    assert_eq!(piped.status.code(), Some(2), "{piped:?}");
    if !as_root() {
        return;
    }
    // In a world of its own, where that folder lies on a disk.
    let disk = root.path().display();
    let mut a = sit_down(&format!(
        "test \"$IN\" || IN=1 exec unshare -m sh -c 'mount --bind {disk} /dev/shm && VISUAL=vim exec {TROTH} --home {} --edit agreement propose';",
        ana.dir.display()
    ));
    a.exp_string("no folder that is only in memory").unwrap();
    a.exp_eof().unwrap();
}

#[test]
fn what_is_told_and_answered_is_written_in_an_editor_under_its_own_headings() {
    let root = root();
    let (ana, ben) = paired(root.path(), TROTH);
    let desk = Desk::new(root.path());
    desk.does(
        &[
            under(
                "What is the small truth",
                "['I ate the brambles.', '', 'All.']",
            ),
            under("How would you like to be listened to", "'loudly'"),
        ]
        .concat(),
    );
    // A slip is told, and she is asked before the editor takes the screen again.
    let mut a = desk.sit_down(&ana, &["small-truth", "add"]);
    a.exp_string("It is one of these: just listen").unwrap();
    a.exp_string("Open the editor again?").unwrap();
    desk.does("%s/loudly/help me think/\n");
    a.send_line("").unwrap();
    a.exp_string("I ate the brambles.").unwrap();
    a.exp_string("You asked Ben to help you think.").unwrap();
    answer(&mut a, "Say this to Ben?", "no");
    a.exp_string("Your words are kept on this device").unwrap();
    a.exp_eof().unwrap();
    let none = ana.ask(&["small-truth", "list"], Value::Null);
    assert_eq!(none["told"], json!([]), "nothing leaves before a yes");
    // Gone on with, changed on the same sheet, and said.
    let mut a = desk.sit_down(&ana, &["small-truth", "add"]);
    answer(&mut a, "Go on from them?", "yes");
    desk.does("%s/brambles/bramble jam/\n");
    answer(&mut a, "Say this to Ben?", "change");
    a.exp_string("I ate the bramble jam.").unwrap();
    answer(&mut a, "Say this to Ben?", "yes");
    a.exp_eof().unwrap();
    let told = ana.ask(&["small-truth", "show"], Value::Null);
    assert_eq!(told["words"]["text"], "I ate the bramble jam.\n\nAll.");
    assert_eq!(told["listen_as"], "help_me_think");
    // An answer, too; and one that says nothing is none.
    ben.until(&["small-truth", "list"], |list| list["told"][0].is_object());
    ben.ask(&["small-truth", "open"], Value::Null);
    ben.ask(&["small-truth", "thank"], Value::Null);
    desk.does("%d");
    let mut b = desk.sit_down(&ben, &["small-truth", "words"]);
    answer(&mut b, "Open the editor again?", "n");
    b.exp_eof().unwrap();
    let said = ben.ask(&["small-truth", "show"], Value::Null);
    assert_eq!(said["answers"].as_array().unwrap().len(), 1, "{said}");
    desk.does("call append('$', 'Brambles are for all.')\n");
    let mut b = desk.sit_down(&ben, &["small-truth", "words"]);
    b.exp_string("Brambles are for all.").unwrap();
    answer(&mut b, "Say this to Ana?", "yes");
    b.exp_eof().unwrap();
    let said = ben.ask(&["small-truth", "show"], Value::Null);
    assert_eq!(
        said["answers"][1]["words"]["words"],
        "Brambles are for all."
    );
    for home in [&ana, &ben] {
        home.stop();
    }
    assert_eq!(stands_in(root.path(), "ramble"), Vec::<PathBuf>::new());
}
