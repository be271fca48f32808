//! Disks that are full, read-only, damaged or written by a newer Troth: each has its sentence, and loses nothing.

use crate::bad_input::{check, proposal};
use serde_json::{Value, json};
use std::process::Command;
use troth_proto::api::Request;
use troth_tests::home::{Home, PATIENCE, as_root, files, pair, paired, root};
use troth_tests::socket::Socket;

const TROTH: &str = env!("CARGO_BIN_EXE_sut-troth");

#[test]
fn a_damaged_row_costs_only_itself_and_what_the_partner_has_comes_back() {
    let root = root();
    let (mut ana, ben) = paired(root.path(), TROTH);
    ana.expected = vec!["damaged", "cannot be read"];
    let v = ana.ask(&["agreement", "propose"], proposal());
    ben.until(
        &["agreement", "show", v["agreement"].as_str().unwrap()],
        |_| true,
    );
    ben.ask(&["pause"], Value::Null);
    ana.stop();
    let store = ana.dir.join("data/troth.db");
    let sqlite = rusqlite::Connection::open(&store).unwrap();
    let rows: u32 = sqlite
        .query_row("SELECT count(*) FROM rows", [], |row| row.get(0))
        .unwrap();
    sqlite
        .execute("UPDATE rows SET sealed = zeroblob(length(sealed))", [])
        .unwrap();
    drop(sqlite);
    let status = ana.ask(&["status"], Value::Null);
    assert_eq!(status["partner"], "Ben", "who the two are is kept twice");
    let told = status["notices"].to_string();
    assert!(
        told.contains("A part of Troth's file on this disk could not be read."),
        "{told}"
    );
    assert_eq!(
        ana.ask(&["agreement", "list"], Value::Null)["agreements"],
        json!([])
    );
    ana.ask(&["agreement", "propose"], proposal());
    ben.ask(&["resume"], Value::Null);
    for home in [&ana, &ben] {
        home.until(&["agreement", "list"], |list| {
            list["agreements"].as_array().unwrap().len() == 2
        });
    }
    ana.ask(&["today"], Value::Null);
    ana.stop();
    assert_eq!(
        ana.ask(&["status"], Value::Null)["notices"],
        json!([]),
        "told once"
    );
    // What could not be read is thrown away nowhere.
    ana.stop();
    let sqlite = rusqlite::Connection::open(&store).unwrap();
    let aside: u32 = sqlite
        .query_row("SELECT count(*) FROM damaged", [], |row| row.get(0))
        .unwrap();
    assert_eq!(aside, rows);
}

#[test]
fn an_old_row_put_back_is_noticed_and_what_the_partner_has_comes_back() {
    let root = root();
    let (mut ana, ben) = paired(root.path(), TROTH);
    ana.expected = vec!["do not add up"];
    ana.stop();
    let store = ana.dir.join("data/troth.db");
    let rows = || -> Vec<(Vec<u8>, Vec<u8>)> {
        let sqlite = rusqlite::Connection::open(&store).unwrap();
        let mut all = sqlite.prepare("SELECT name, sealed FROM rows").unwrap();
        let rows = all.query_map([], |row| Ok((row.get(0)?, row.get(1)?)));
        rows.unwrap().map(Result::unwrap).collect()
    };
    let before = rows();
    let v = ana.ask(&["agreement", "propose"], proposal());
    let name = v["agreement"].as_str().unwrap().to_owned();
    ben.until(&["agreement", "show", &name], |_| true);
    ana.stop();
    let after = rows();
    let old: Vec<_> = before.iter().filter(|row| !after.contains(row)).collect();
    assert!(!old.is_empty(), "something was written anew");
    let sqlite = rusqlite::Connection::open(&store).unwrap();
    // One of them, as it was: it opens, and is bound to its name. Were all of them put back, with the ledger, it would be a
    // home rolled back.
    let changed = sqlite.execute(
        "UPDATE rows SET sealed = ?2 WHERE name = ?1",
        (&old[0].0, &old[0].1),
    );
    assert_eq!(changed.unwrap(), 1);
    drop(sqlite);
    let told = ana.ask(&["status"], Value::Null)["notices"].to_string();
    assert!(told.contains("older than the rest"), "{told}");
    ana.until(&["agreement", "show", &name], |_| true);
}

/// Destroys pages of the file one at a time. `TROTH_PAGES=all` tries every one.
#[test]
fn any_page_of_the_file_can_be_destroyed_and_what_the_partner_has_comes_back() {
    let root = root();
    let (mut ana, ben) = paired(root.path(), TROTH);
    ana.expected = vec![
        "damaged",
        "cannot be read",
        "the disk did not take it",
        "do not add up",
        "a save failed",
    ];
    for n in 0..12 {
        let words = json!({"topic": format!("Topic {n}"), "terms": "long ".repeat(900), "does": {"me": "I call."}});
        ana.ask(&["agreement", "propose"], words);
    }
    ana.until(&["status"], |status| status["partner_has_all"] == true);
    ana.stop();
    let data = ana.dir.join("data");
    let store = data.join("troth.db");
    let whole: Vec<(std::path::PathBuf, Vec<u8>)> = files(&data)
        .into_iter()
        .map(|file| (file.clone(), std::fs::read(&file).unwrap()))
        .collect();
    let pages = std::fs::metadata(&store).unwrap().len() as usize / 4096;
    let seed = troth_tests::histories::fresh_seed();
    eprintln!("seed {seed}, {pages} pages");
    let mut chance = troth_core::test_entropy::Seeded::new(seed);
    let all = std::env::var_os("TROTH_PAGES").is_some();
    let tried: Vec<usize> = (0..pages)
        .filter(|page| all || *page < 4 || chance.one_in(pages / 6))
        .collect();
    for (round, page) in tried.into_iter().enumerate() {
        for file in files(&data) {
            std::fs::remove_file(file).unwrap();
        }
        for (file, bytes) in &whole {
            std::fs::write(file, bytes).unwrap();
        }
        let mut damaged = std::fs::read(&store).unwrap();
        for byte in &mut damaged[page * 4096..(page + 1) * 4096] {
            *byte = if page % 2 == 0 {
                0
            } else {
                chance.below(256) as u8
            };
        }
        std::fs::write(&store, damaged).unwrap();
        let has = |n: usize| {
            move |list: &Value| {
                list["agreements"]
                    .as_array()
                    .is_some_and(|all| all.len() == n)
            }
        };
        ana.until(&["agreement", "list"], has(12 + round));
        ana.ask(&["agreement", "propose"], proposal());
        ana.stop();
        let list = ana.ask(&["agreement", "list"], Value::Null);
        assert!(has(13 + round)(&list), "page {page}");
        ana.until(&["status"], |status| status["partner_has_all"] == true);
        ana.ask(&["today"], Value::Null);
        ana.stop();
    }
    drop(ben);
}

#[test]
fn a_store_of_a_newer_troth_is_left_alone() {
    let root = root();
    let home = Home::new(root.path(), "ana", TROTH);
    home.init("Ana");
    home.stop();
    let store = home.dir.join("data/troth.db");
    let sqlite = rusqlite::Connection::open(&store).unwrap();
    sqlite.execute_batch("PRAGMA user_version = 99").unwrap();
    drop(sqlite);
    check(&home.script(&["status"], &Value::Null), 1, "store_newer");
    check(
        &home.script(&["init", "--keys", "file"], &json!({"name": "Ana"})),
        1,
        "store_newer",
    );
    home.stop();
    rusqlite::Connection::open(&store)
        .unwrap()
        .execute_batch("PRAGMA user_version = 1")
        .unwrap();
    assert_eq!(home.ask(&["status"], Value::Null)["me"], "Ana");
}

/// A folder on a file system of its own, so small that it can be filled, and that can be made read-only.
pub struct SmallDisk {
    pub dir: std::path::PathBuf,
}

impl SmallDisk {
    pub fn mount(root: &std::path::Path) -> Option<Self> {
        let dir = root.join("small");
        std::fs::create_dir(&dir).unwrap();
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", "size=2400k,mode=700", "tmpfs"])
            .arg(&dir)
            .status();
        mounted
            .is_ok_and(|status| status.success())
            .then_some(Self { dir })
    }

    pub fn remount(&self, how: &str) {
        assert!(
            Command::new("mount")
                .args(["-o", how])
                .arg(&self.dir)
                .status()
                .unwrap()
                .success()
        );
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.dir).status();
    }
}

/// Two who are paired; Ana's home lies on a disk of its own, which can become full. None where nothing may be mounted.
fn paired_on_a_small_disk(root: &std::path::Path) -> Option<(SmallDisk, Home, Home)> {
    let Some(disk) = SmallDisk::mount(root) else {
        assert!(
            std::env::var_os("CI").is_none(),
            "this test needs to mount under CI"
        );
        eprintln!("not run: this test needs to mount");
        return None;
    };
    let (mut ana, ben) = (
        Home::new(&disk.dir, "ana", TROTH),
        Home::new(root, "ben", TROTH),
    );
    ana.expected = vec![
        "the disk did not take it",
        "a save failed",
        "write-ahead log",
    ];
    ana.init("Ana");
    ben.init("Ben");
    pair(&ana, &ben);
    Some((disk, ana, ben))
}

#[test]
fn a_full_disk_keeps_what_was_saved_and_goes_on_when_there_is_room() {
    let root = root();
    let Some((disk, ana, ben)) = paired_on_a_small_disk(root.path()) else {
        return;
    };
    let long = json!({"topic": "Long", "terms": "x".repeat(15_000), "does": {"me": "x"}});
    let mut kept = Vec::new();
    let refused = loop {
        let done = ana.script(&["agreement", "propose"], &long);
        if done.code != 0 {
            break done;
        }
        kept.push(done.json["agreement"].as_str().unwrap().to_owned());
        assert!(kept.len() < 200, "the disk never became full");
    };
    check(&refused, 1, "disk_full");
    assert!(kept.len() > 3);
    let list = ana.ask(&["agreement", "list"], Value::Null);
    assert_eq!(list["agreements"].as_array().unwrap().len(), kept.len());
    ben.until(&["agreement", "list"], |list| {
        list["agreements"].as_array().unwrap().len() == kept.len()
    });
    disk.remount("remount,size=8m");
    ana.ask(&["agreement", "propose"], long);
    ben.until(&["agreement", "list"], |list| {
        list["agreements"].as_array().unwrap().len() == kept.len() + 1
    });
    ana.stop();
    disk.remount("remount,ro");
    let done = ana.script(&["status"], &Value::Null);
    assert_eq!(
        done.code, 3,
        "no daemon can hold its lock on a disk that can only be read: {}",
        done.error
    );
    disk.remount("remount,rw");
    assert_eq!(
        ana.ask(&["agreement", "list"], Value::Null)["agreements"]
            .as_array()
            .unwrap()
            .len(),
        kept.len() + 1
    );
    drop((ana, ben));
}

#[test]
fn what_is_typed_in_a_draft_on_a_full_disk_is_answered_at_once_and_saved_when_there_is_room() {
    let root = root();
    let Some((disk, ana, ben)) = paired_on_a_small_disk(root.path()) else {
        return;
    };
    ana.ask(&["draft", "new"], json!({"title": "Letter"}));
    let at = ana.ask(&["draft", "show", "letter"], Value::Null)["at"].clone();
    let draft = ana.ask(&["draft", "show", "letter"], Value::Null)["draft"].clone();
    // Another window of Ana's, which only looks.
    let mut looks = Socket::connect(&ana.dir);
    looks.ask(&Request::Subscribe {});
    looks.ask(&Request::DraftRead {
        draft: draft.as_str().unwrap().to_owned(),
        since: None,
        follow: true,
    });
    let filler = fill(&disk.dir);
    // What fits into the room that the file has already is taken; the rest is answered.
    let begun = std::time::Instant::now();
    let long = "words ".repeat(10_000);
    let words = json!({"at": at, "edits": [{"at": 0, "delete": 0, "insert": long}]});
    let refused = ana.script(&["draft", "edit", "letter"], &words);
    check(&refused, 1, "disk_full");
    assert!(begun.elapsed().as_secs() < 20, "{:?}", begun.elapsed());
    // At a terminal, too; there is room again, and nothing was lost.
    let mut command = ana.command(&["draft", "edit", "--live", "letter"]);
    command.env("TERM", "xterm");
    let mut person = rexpect::session::spawn_command(command, Some(30_000)).unwrap();
    person.exp_string("Escape leaves.").unwrap();
    person
        .send(&format!("\u{1b}[200~{long}\u{1b}[201~"))
        .unwrap();
    person.flush().unwrap();
    person.exp_string("Try again?").unwrap();
    std::fs::remove_file(&filler).unwrap();
    person.send_line("").unwrap();
    person.exp_string("is saved").unwrap();
    person.exp_eof().unwrap();
    let shown = ana.ask(&["draft", "show", "letter"], Value::Null);
    assert!(shown["text"] == *long, "all of it, once");
    // The window goes on being told, though what it looked at was read again from the disk.
    let (sender, told) = std::sync::mpsc::channel();
    std::thread::spawn(
        move || {
            while sender.send(format!("{:?}", looks.line())).is_ok() {}
        },
    );
    let mut lines = std::iter::repeat_with(|| told.recv_timeout(PATIENCE).unwrap());
    assert!(lines.any(|line| line.contains("changed")));
    assert!(lines.any(|line| line.contains("words words")));
    drop((ana, ben));
}

/// Fills a folder's file system, until the file is removed.
fn fill(dir: &std::path::Path) -> std::path::PathBuf {
    let filler = dir.join("filler");
    let mut file = std::fs::File::create(&filler).unwrap();
    while std::io::Write::write_all(&mut file, &[1; 4096]).is_ok() {}
    filler
}

/// What comes about by itself at a start is not tried without end; what is there can be read, and the daemon ends when asked.
#[test]
fn a_yes_that_has_rested_waits_for_room_while_all_is_read_on_a_full_disk() {
    let root = root();
    let Some((disk, mut ana, ben)) = paired_on_a_small_disk(root.path()) else {
        return;
    };
    let big = json!({"topic": "Moving", "terms": "We move.", "does": {"me": "x", "partner": "y"}, "weight": "big"});
    let done = ben.ask(&["agreement", "propose"], big);
    let id = done["agreement"].as_str().unwrap().to_owned();
    ana.until(&["agreement", "show", &id], |_| true);
    ana.ask(&["today"], Value::Null);
    let yes = ana.ask(&["--yes", "agreement", "yes", &id], Value::Null);
    assert!(yes.to_string().contains("rests"), "{yes}");
    // Something that was not told yet, too.
    let small = ben.ask(&["agreement", "propose"], proposal());
    let small = small["agreement"].as_str().unwrap().to_owned();
    ana.until(&["agreement", "show", &small], |_| true);
    ana.ask(&["--yes", "agreement", "yes", &small], Value::Null);
    ben.until(&["agreement", "show", &small], |shown| {
        shown["state"] == "in_force"
    });
    ben.ask(&["--yes", "agreement", "let-go", &small], Value::Null);
    ana.until(&["agreement", "show", &small], |shown| {
        shown["state"] != "in_force"
    });
    ben.ask(&["pause"], Value::Null);
    ana.stop();
    let filler = fill(&disk.dir);
    ana.env
        .push(("TROTH_NOW".into(), "2099-01-01T00:00:00Z".into()));
    let status = ana.ask(&["status"], Value::Null);
    let pid = ana.pid();
    assert_eq!(status["partner"], "Ben", "{status}");
    for _ in 0..3 {
        let today = ana.ask(&["today"], Value::Null);
        assert!(today.is_object(), "{today}");
    }
    let list = ana.ask(&["agreement", "list"], Value::Null);
    assert_eq!(list["agreements"].as_array().unwrap().len(), 2);
    assert!(pid.is_some());
    assert_eq!(ana.pid(), pid, "the same daemon all along");
    ana.stop();
    assert_eq!(ana.pid(), None, "it ends when it is asked to");
    // With room again it is said by itself.
    ana.ask(&["status"], Value::Null);
    std::fs::remove_file(&filler).unwrap();
    ana.until(&["agreement", "show", &id], |shown| {
        shown["versions"][0]["said_yes"] == json!(["me", "partner"])
    });
    drop((ana, ben));
}

/// Whoever waits for a draft's text while the home is locked is answered.
#[test]
fn whoever_waits_for_a_draft_while_the_home_is_locked_is_answered() {
    let root = root();
    let (ana, _ben) = paired(root.path(), TROTH);
    let begun = ana.ask(&["draft", "new"], json!({"title": "Letter"}));
    let draft = begun["draft"].as_str().unwrap().to_owned();
    for n in 0..5 {
        let read = Request::DraftRead {
            draft: draft.clone(),
            since: None,
            follow: false,
        };
        let mut one = Socket::connect(&ana.dir);
        for _ in 0..30 {
            one.send(&read);
        }
        one.send(&Request::Lock {});
        for answer in 0..31 {
            let answered = one.answer();
            let locked = matches!(&answered, Err(problem) if problem["kind"] == "locked");
            assert!(answered.is_ok() || locked, "{n}, {answer}: {answered:?}");
        }
        ana.ask(&["unlock"], Value::Null);
    }
}

/// A file system in a file, which can turn read-only under a running program as a failing disk does.
struct FailingDisk {
    dir: std::path::PathBuf,
    image: std::path::PathBuf,
}

impl FailingDisk {
    fn new(root: &std::path::Path) -> Self {
        let (dir, image) = (root.join("failing"), root.join("image"));
        std::fs::create_dir(&dir).unwrap();
        let file = std::fs::File::create(&image).unwrap();
        file.set_len(32 << 20).unwrap();
        done(Command::new("mkfs.ext4").arg("-q").arg(&image));
        Self { dir, image }
    }

    fn mount(&self) {
        let options = ["-o", "loop,errors=remount-ro"];
        done(
            Command::new("mount")
                .args(options)
                .args([&self.image, &self.dir]),
        );
    }

    /// The kernel finds an error in the file system.
    fn fail(&self) {
        let mounts = std::fs::read_to_string("/proc/mounts").unwrap();
        let at = self.dir.to_str().unwrap();
        let line = mounts.lines().find(|line| line.contains(at)).unwrap();
        let device = line.split('/').nth(2).unwrap().split(' ').next().unwrap();
        let trigger = format!("/sys/fs/ext4/{device}/trigger_fs_error");
        std::fs::write(trigger, "1").unwrap();
    }

    fn repair(&self) {
        done(Command::new("umount").arg(&self.dir));
        // It says by its exit code that it mended something.
        let mended = Command::new("e2fsck")
            .args(["-f", "-y"])
            .arg(&self.image)
            .output()
            .unwrap();
        assert!(
            mended.status.code().is_some_and(|code| code <= 1),
            "{mended:?}"
        );
        self.mount();
    }
}

impl Drop for FailingDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.dir).status();
    }
}

fn done(command: &mut Command) {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{command:?}: {output:?}");
}

#[test]
fn a_disk_that_turns_read_only_under_a_running_daemon_keeps_what_was_saved() {
    if !as_root() {
        return;
    }
    let root = root();
    let disk = FailingDisk::new(root.path());
    disk.mount();
    let (mut ana, ben) = (
        Home::new(&disk.dir, "ana", TROTH),
        Home::new(root.path(), "ben", TROTH),
    );
    ana.expected = vec![
        "the disk did not take it",
        "a save failed",
        "write-ahead log",
    ];
    ana.init("Ana");
    ben.init("Ben");
    pair(&ana, &ben);
    let kept = ana.ask(&["agreement", "propose"], proposal());
    disk.fail();
    let refused = ana.script(&["agreement", "propose"], &proposal());
    check(&refused, 1, "disk_read_only");
    // It says so again, and writes nothing.
    check(&ana.script(&["today"], &Value::Null), 1, "disk_read_only");
    ana.stop();
    disk.repair();
    let list = ana.ask(&["agreement", "list"], Value::Null);
    let names: Vec<&Value> = list["agreements"]
        .as_array()
        .unwrap()
        .iter()
        .map(|line| &line["agreement"])
        .collect();
    assert_eq!(names, [&kept["agreement"]]);
    let later = ana.ask(&["agreement", "propose"], proposal());
    for written in [&kept, &later] {
        ben.until(
            &["agreement", "show", written["agreement"].as_str().unwrap()],
            |_| true,
        );
    }
    ana.stop();
}
