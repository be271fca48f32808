//! Disks that are full, read-only, damaged or written by a newer Troth: each has its sentence, and loses nothing.

use crate::bad_input::{check, proposal};
use serde_json::{Value, json};
use std::process::Command;
use troth_tests::home::{Home, as_root, pair, paired, root};

const TROTH: &str = env!("CARGO_BIN_EXE_sut-troth");

#[test]
fn a_damaged_row_is_named_and_nothing_is_changed() {
    let root = root();
    let (mut ana, ben) = paired(root.path(), TROTH);
    ana.expected = vec!["damaged"];
    let v = ana.ask(&["agreement", "propose"], proposal());
    ben.until(
        &["agreement", "show", v["agreement"].as_str().unwrap()],
        |_| true,
    );
    ana.stop();
    let store = ana.dir.join("data/troth.db");
    let whole = std::fs::read(&store).unwrap();
    let sqlite = rusqlite::Connection::open(&store).unwrap();
    sqlite.execute("UPDATE rows SET sealed = zeroblob(length(sealed)) WHERE rowid = (SELECT max(rowid) FROM rows)", []).unwrap();
    drop(sqlite);
    let damaged = std::fs::read(&store).unwrap();
    check(
        &ana.script(&["agreement", "list"], &Value::Null),
        1,
        "disk_damaged",
    );
    check(&ana.script(&["today"], &Value::Null), 1, "disk_damaged");
    ana.stop();
    assert_eq!(
        std::fs::read(&store).unwrap(),
        damaged,
        "the damaged file was changed"
    );
    std::fs::write(&store, whole).unwrap();
    assert_eq!(
        ana.ask(&["agreement", "list"], Value::Null)["agreements"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
    // Not a store at all.
    ana.stop();
    let good = std::fs::read(&store).unwrap();
    std::fs::write(
        &store,
        "this was once a store, and is none any more".repeat(40),
    )
    .unwrap();
    check(&ana.script(&["status"], &Value::Null), 1, "disk_damaged");
    ana.stop();
    std::fs::write(&store, good).unwrap();
    assert_eq!(ana.ask(&["status"], Value::Null)["me"], "Ana");
    ana.expected.push("the disk did not take it");
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
struct SmallDisk {
    dir: std::path::PathBuf,
}

impl SmallDisk {
    fn mount(root: &std::path::Path) -> Option<Self> {
        let dir = root.join("small");
        std::fs::create_dir(&dir).unwrap();
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", "size=1m,mode=700", "tmpfs"])
            .arg(&dir)
            .status();
        mounted
            .is_ok_and(|status| status.success())
            .then_some(Self { dir })
    }

    fn remount(&self, how: &str) {
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

#[test]
fn a_full_disk_keeps_what_was_saved_and_goes_on_when_there_is_room() {
    let root = root();
    let Some(disk) = SmallDisk::mount(root.path()) else {
        assert!(
            std::env::var_os("CI").is_none(),
            "this test needs to mount under CI"
        );
        eprintln!("not run: this test needs to mount");
        return;
    };
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
