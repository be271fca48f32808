//! What `status`, `doctor` and `carry` say where things are not as usual: with nobody there, on a full disk, after `reach`.

use crate::bad_input::{check, proposal};
use crate::disks::SmallDisk;
use serde_json::{Value, json};
use troth_tests::home::{Home, as_root, pair, paired, root, unpaired};

const TROTH: &str = env!("CARGO_BIN_EXE_sut-troth");

/// What a person reads.
fn said(home: &Home, arguments: &[&str]) -> String {
    let output = home.run(arguments, "");
    String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap()
}

/// A way as `doctor` names it: how it is, and why.
fn way(home: &Home, name: &str) -> (String, String) {
    let told = home.ask(&["doctor"], Value::Null);
    let all = told["rungs"].as_array().unwrap();
    let rung = all.iter().find(|rung| rung["name"] == name).unwrap();
    let text = |field: &str| rung[field].as_str().unwrap().to_owned();
    (text("state"), text("why"))
}

#[test]
fn with_nobody_there_nothing_is_paused_stopped_carried_or_reached() {
    let root = root();
    let (ana, ben) = unpaired(root.path(), TROTH);
    for step in ["stop", "resume", "pause"] {
        let text = said(&ana, &[step]);
        assert!(text.contains("You are not paired"), "{text}");
        assert_eq!(ana.ask(&[step], Value::Null)["sharing"], "not_paired");
        assert_eq!(ana.ask(&["status"], Value::Null)["sharing"], "not_paired");
        let (state, why) = way(&ana, "sharing");
        assert_eq!((&*state, &*why), ("off", "You are not paired yet."));
        assert_eq!(way(&ana, "carried file").0, "off");
    }
    let file = root.path().join("file");
    let file = file.to_str().unwrap();
    for arguments in [
        ["carry", "out", file].as_slice(),
        &["reach", "127.0.0.1:4711"],
    ] {
        check(&ana.script(arguments, &Value::Null), 5, "not_paired");
    }
    assert!(!std::path::Path::new(file).exists());
    // Whoever pairs after that means to share.
    pair(&ana, &ben);
    for home in [&ana, &ben] {
        home.until(&["status"], |status| status["sharing"] == "on");
    }
}

fn link_of(doctor: &Value) -> Value {
    let mut rungs = doctor["rungs"].as_array().unwrap().iter();
    rungs.find(|rung| rung["name"] == "link").unwrap()["state"].clone()
}

#[test]
fn a_pair_that_has_not_met_is_told_that_it_waits_for_that() {
    let root = root();
    let (ana, ben) = unpaired(root.path(), TROTH);
    let invited = ana.ask(&["pair", "invite"], Value::Null);
    ben.ask(&["pair", "join"], invited["invitation"].clone());
    let numbers = [&ana, &ben].map(|home| {
        home.until(&["pair", "state"], |state| state["my_number"].is_string())["my_number"].clone()
    });
    ana.ask(&["pair", "number"], numbers[1].clone());
    ben.ask(&["pair", "number"], numbers[0].clone());
    ana.until(&["pair", "state"], |state| state["state"] == "confirming");
    ana.ask(&["pair", "yes"], Value::Null);
    let (state, why) = way(&ana, "sharing");
    assert_eq!(state, "off");
    assert!(why.contains("once the two devices have met"), "{why}");
    // It listens for that, and says so.
    ana.until(&["doctor"], |doctor| {
        doctor["rungs"][1]["why"]
            .as_str()
            .unwrap()
            .starts_with("At 127.0.0.1:")
    });
    // Stopped meanwhile, it is stopped.
    assert_eq!(ana.ask(&["stop"], Value::Null)["sharing"], "stopped");
    assert_eq!(way(&ana, "sharing").1, "You have stopped sharing.");
}

#[test]
fn an_address_that_was_named_is_told_as_that_and_not_as_where_the_partner_was() {
    let root = root();
    let (ana, ben) = paired(root.path(), TROTH);
    let before = way(&ana, "remembered addresses").1;
    let text = said(&ana, &["reach", "localhost:4711"]);
    assert!(text.contains("from now on"), "{text}");
    let why = way(&ana, "remembered addresses").1;
    assert_eq!(why, before);
    ana.ask(&["pause"], Value::Null);
    let text = said(&ana, &["reach", "127.0.0.1:4711"]);
    assert!(text.contains("once you share again"), "{text}");
    assert_eq!(way(&ana, "remembered addresses").1, "Not dialled.");
    // Addresses at which nobody in particular can be.
    for nobody in [
        "0.0.0.0:4711",
        "[::]:4711",
        "255.255.255.255:4711",
        "224.0.0.1:4711",
    ] {
        check(
            &ana.script(&["reach", nobody], &Value::Null),
            2,
            "bad_request",
        );
    }
    // Its own port, let go a moment ago, is no other program's; and a network is there.
    for _ in 0..3 {
        ana.ask(&["resume"], Value::Null);
        for _ in 0..30 {
            let why = way(&ana, "listening").1;
            let fits = why.starts_with("At 127.0.0.1:") && why.ends_with(", UDP and TCP.");
            assert!(fits || why.contains("just beginning"), "{why}");
        }
        ana.ask(&["pause"], Value::Null);
    }
    drop(ben);
}

#[test]
fn a_carried_file_with_nothing_new_is_told_as_that() {
    let root = root();
    let (ana, ben) = paired(root.path(), TROTH);
    ana.ask(&["agreement", "propose"], proposal());
    ana.until(&["status"], |status| status["partner_has_all"] == true);
    let file = root.path().join("file");
    let file = file.to_str().unwrap();
    let text = said(&ana, &["carry", "out", file]);
    assert!(text.contains("brings nothing new"), "{text}");
    ben.stop();
    ana.ask(&["agreement", "propose"], proposal());
    let text = said(&ana, &["carry", "out", file]);
    assert!(text.contains("for `troth carry in`"), "{text}");
    let (state, why) = way(&ana, "carried file");
    assert_eq!(state, "ok");
    assert!(!why.contains("always"), "{why}");
}

#[test]
fn on_a_full_disk_each_says_so_and_stopping_stops() {
    if !as_root() {
        return;
    }
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
    assert_eq!(way(&ana, "disk").0, "ok");
    let filler = disk.dir.join("filler");
    let filled = std::fs::write(&filler, vec![0; 2 << 20]);
    assert!(filled.is_err(), "it is full");
    let (state, why) = way(&ana, "disk");
    assert_eq!(state, "failed");
    assert!(why.contains("The disk is full"), "{why}");
    assert!(
        way(&ana, "carried file")
            .1
            .contains("on a disk that has room")
    );
    let out = |file: &std::path::Path| {
        ana.script(&["carry", "out", file.to_str().unwrap()], &Value::Null)
    };
    check(&out(&disk.dir.join("file")), 1, "disk_full");
    assert_eq!(out(&root.path().join("file")).code, 0);
    // A home that cannot even be begun there is not told to look after its path.
    let other = Home::new(&disk.dir, "other", TROTH);
    let told = other.script(&["status"], &Value::Null).error.to_string();
    assert!(told.contains("The disk is full"), "{told}");
    // Stopping stops at once, whatever the disk takes.
    ana.until(&["doctor"], |doctor| link_of(doctor) == "ok");
    check(
        &ana.script(&["stop"], &Value::Null),
        1,
        "not_shared_unsaved",
    );
    let quiet = |home: &Home| {
        assert_eq!(home.ask(&["status"], Value::Null)["sharing"], "stopped");
        ben.until(&["doctor"], |doctor| link_of(doctor) == "failed");
    };
    quiet(&ana);
    // Nor does it begin again by another write that the disk does not take.
    let refused = ana.script(&["agreement", "propose"], &proposal());
    check(&refused, 1, "disk_full");
    quiet(&ana);
    std::fs::remove_file(filler).unwrap();
    assert_eq!(ana.ask(&["stop"], Value::Null)["sharing"], "stopped");
    ana.stop();
    assert_eq!(ana.ask(&["status"], Value::Null)["sharing"], "stopped");
    ana.ask(&["resume"], Value::Null);
    ana.until(&["doctor"], |doctor| link_of(doctor) == "ok");
    assert_eq!(ana.ask(&["status"], Value::Null)["sharing"], json!("on"));
    drop((ana, ben, other));
}
