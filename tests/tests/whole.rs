//! The scenarios of SPEC §10 with the real programs: real processes, a real disk, a real link on loopback.

use serde_json::{Value, json};
use std::time::{Duration, Instant};
use troth_tests::histories::mirrored;
use troth_tests::home::{Home, PATIENCE, files, paired, root};

const TROTH: &str = env!("CARGO_BIN_EXE_sut-troth");
/// Names the daemon's program, so that it is built and lies beside the client's.
const TROTHD: &str = env!("CARGO_BIN_EXE_sut-trothd");

fn propose(home: &Home, words: &str, more: Value) -> Value {
    let mut asked = json!({"topic": "Visits", "does": {"me": words, "partner": words}});
    for (key, value) in more.as_object().into_iter().flatten() {
        asked[key] = value.clone();
    }
    home.ask(&["agreement", "propose"], asked)
}

fn text(value: &Value) -> &str {
    value.as_str().expect("a text")
}

fn show(home: &Home, agreement: &str) -> Value {
    home.ask(&["agreement", "show", agreement], Value::Null)
}

/// Both have everything, and what each shows is the other's mirror image.
fn together(ana: &Home, ben: &Home, agreement: &str) -> Value {
    for home in [ana, ben] {
        home.until(&["status"], |status| {
            status["partner_has_all"] == true && status["sharing"] == "on"
        });
    }
    for home in [ana, ben] {
        home.until(&["agreement", "show", agreement], |_| true);
    }
    let (hers, his) = (show(ana, agreement), show(ben, agreement));
    assert_eq!(hers, mirrored(&his));
    hers
}

/// How two who were apart exchange again.
enum Meeting {
    AtAStroke,
    ThreeShort,
    ByFiles,
}

/// Scenario 1, with the names either way round (scenario 8): apart, a yes crosses a rewriting and two wordings cross.
fn apart_and_together(swapped: bool, meeting: &Meeting) -> Value {
    let root = root();
    let (first, second) = paired(root.path(), TROTH);
    let (ana, ben) = if swapped {
        (&second, &first)
    } else {
        (&first, &second)
    };
    let v1 = propose(ana, "We call before.", json!({}));
    let agreement = text(&v1["agreement"]);
    ben.until(&["agreement", "show", agreement], |_| true);
    ben.ask(&["agreement", "yes", text(&v1["version"])], Value::Null);
    let v2 = propose(ben, "A day's notice.", json!({"agreement": agreement}));
    together(ana, ben, agreement);
    ana.ask(&["pause"], Value::Null);
    ana.ask(&["agreement", "yes", text(&v2["version"])], Value::Null);
    let v3 = propose(
        ben,
        "Two days' notice.",
        json!({"agreement": agreement, "base": [v2["version"]]}),
    );
    // Her yes is on its way: until his device has seen it, what was in force stays.
    assert_eq!(show(ana, agreement)["state"], "change_proposed");
    assert_eq!(show(ben, agreement)["state"], "change_proposed");
    match meeting {
        Meeting::AtAStroke => {}
        Meeting::ThreeShort => {
            for _ in 0..3 {
                ana.ask(&["resume"], Value::Null);
                std::thread::sleep(Duration::from_millis(3)); // no fact to wait for: however far they come in this time
                ana.ask(&["pause"], Value::Null);
            }
        }
        Meeting::ByFiles => {
            let (hers, his) = (root.path().join("hers"), root.path().join("his"));
            let (hers, his) = (hers.to_str().unwrap(), his.to_str().unwrap());
            ana.ask(&["carry", "out", hers], Value::Null);
            ben.ask(&["carry", "out", his], Value::Null);
            assert_eq!(ana.ask(&["carry", "in", his], Value::Null)["carried"], true);
            assert_eq!(
                ana.ask(&["carry", "in", his], Value::Null)["carried"],
                false
            );
            assert_eq!(
                ben.ask(&["carry", "in", hers], Value::Null)["carried"],
                true
            );
            assert_eq!(show(ana, agreement), mirrored(&show(ben, agreement)));
        }
    }
    if !matches!(meeting, Meeting::ByFiles) {
        ana.ask(&["resume"], Value::Null);
        together(ana, ben, agreement);
    }
    let shown = show(ana, agreement);
    assert_eq!(shown["state"], "change_proposed");
    let state = |v: &Value| {
        shown["versions"]
            .as_array()
            .unwrap()
            .iter()
            .find(|w| w["version"] == *v)
            .unwrap()["state"]
            .clone()
    };
    assert_eq!(
        [
            state(&v1["version"]),
            state(&v2["version"]),
            state(&v3["version"])
        ],
        ["in_force", "not_agreed", "proposed"]
    );
    without_names(&shown)
}

/// What is shown without ids, hashes and the order that depends on them.
fn without_names(shown: &Value) -> Value {
    let versions = shown["versions"].as_array().unwrap().iter();
    let mut plain: Vec<String> = versions
        .map(|v| json!([v["by"], v["state"], v["does"], v["said_yes"]]).to_string())
        .collect();
    plain.sort();
    json!({"state": shown["state"], "versions": plain})
}

#[test]
fn scenario_1_and_8_at_a_stroke() {
    assert_eq!(
        apart_and_together(false, &Meeting::AtAStroke),
        apart_and_together(true, &Meeting::AtAStroke)
    );
}

#[test]
fn scenario_1_over_three_short_connections() {
    apart_and_together(false, &Meeting::ThreeShort);
}

#[test]
fn scenario_1_by_carried_files() {
    apart_and_together(false, &Meeting::ByFiles);
}

#[test]
fn scenario_3_no_word_of_a_check_in_is_on_the_others_disk_until_both_are_ready() {
    let root = root();
    let (ana, ben) = paired(root.path(), TROTH);
    ana.ask(
        &["checkin", "ready", "--slot", "2026-W47"],
        json!({"wish": "CANARYmonday"}),
    );
    ben.until(&["checkin", "show", "2026-W47"], |shown| {
        shown["slots"][0]["partner"] == "ready"
    });
    assert!(!ben.holds_word("CANARYmonday"));
    assert!(!ana.log().contains("CANARY") && !ben.log().contains("CANARY"));
    ben.ask(
        &["checkin", "ready", "--slot", "2026-W47"],
        json!({"wish": "CANARYthursday"}),
    );
    for (home, wish) in [(&ana, "CANARYthursday"), (&ben, "CANARYmonday")] {
        let shown = home.until(&["checkin", "show", "2026-W47"], |shown| {
            shown["slots"][0]["opened"]["partner"].is_object()
        });
        assert_eq!(shown["slots"][0]["opened"]["partner"]["wish"], wish);
    }
    ben.ask(
        &["checkin", "heard", "2026-W47"],
        json!({"words": "CANARYheard"}),
    );
    ana.until(&["checkin", "show", "2026-W47"], |shown| {
        shown["slots"][0]["answers"][0]["words"]["words"] == "CANARYheard"
    });
    for home in [&ana, &ben] {
        assert!(
            home.holds_word("CANARYheard"),
            "the search finds what is there"
        );
        for file in files(&home.dir) {
            let bytes = std::fs::read(&file).unwrap_or_default();
            assert!(
                !bytes.windows(6).any(|w| w == b"CANARY"),
                "in clear in {}",
                file.display()
            );
        }
    }
}

/// What Ben sees and logs while Ana's side does something, once her device is quiet.
fn bens_side(quiet: impl Fn(&Home)) -> (Value, String) {
    let root = root();
    let (ana, ben) = paired(root.path(), TROTH);
    let v = propose(&ben, "We call before.", json!({}));
    together(&ana, &ben, text(&v["agreement"]));
    let before = ben.log().len();
    quiet(&ana);
    ben.until(&["doctor"], |doctor| {
        doctor["rungs"]
            .as_array()
            .unwrap()
            .iter()
            .any(|r| r["name"] == "link" && r["state"] == "failed")
    });
    let unheard = propose(&ben, "Something else.", json!({}));
    let late = ben.script(
        &[
            "--wait",
            "1",
            "agreement",
            "step-back",
            text(&unheard["version"]),
        ],
        &Value::Null,
    );
    assert_eq!((late.code, late.kind()), (6, "not_delivered"));
    let seen = json!({
        "status": ben.ask(&["status"], Value::Null),
        "today": ben.ask(&["today"], Value::Null),
        "doctor": ben.ask(&["doctor"], Value::Null)["rungs"].as_array().unwrap().iter().map(|r| json!([r["name"], r["state"], r["who_must_act"]])).collect::<Vec<_>>(),
    });
    let log: String = ben.log()[before..]
        .lines()
        .filter_map(|line| {
            line.split_once(' ')
                .map(|(_, rest)| rest.trim().to_owned() + "\n")
        })
        .collect();
    let mut lines: Vec<&str> = log.lines().collect();
    lines.sort_unstable();
    lines.dedup();
    (seen, lines.join("\n"))
}

#[test]
fn pause_and_stop_look_from_the_other_side_like_a_computer_that_is_off() {
    let off = bens_side(|ana| ana.stop());
    let paused = bens_side(|ana| {
        ana.ask(&["pause"], Value::Null);
    });
    let stopped = bens_side(|ana| {
        ana.ask(&["stop"], Value::Null);
    });
    assert_eq!(paused, off);
    assert_eq!(stopped, off);
}

#[test]
fn a_copied_home_goes_on_as_a_branch_and_its_person_is_told() {
    let root = root();
    let (ana, ben) = paired(root.path(), TROTH);
    ana.stop();
    let copy = root.path().join("copy");
    std::fs::create_dir(&copy).unwrap();
    for file in files(&ana.dir.join("data")) {
        std::fs::copy(&file, copy.join(file.file_name().unwrap())).unwrap();
    }
    let v = propose(&ana, "Known to both.", json!({}));
    ben.until(&["agreement", "show", text(&v["agreement"])], |_| true);
    ana.stop();
    for file in files(&copy) {
        std::fs::copy(&file, ana.dir.join("data").join(file.file_name().unwrap())).unwrap();
    }
    let _ = std::fs::remove_file(ana.dir.join("data/troth.db-wal"));
    propose(&ana, "Something else.", json!({}));
    ana.until(&["status"], |s| {
        let told = "Something in your name came back from Ben. If you did not copy or restore this device, pair again";
        s["notices"].to_string().contains(told)
    });
    for home in [&ana, &ben] {
        home.until(&["agreement", "list"], |list| {
            list["agreements"].as_array().unwrap().len() == 2
        });
    }
}

#[test]
fn a_daemon_that_is_just_stopping_is_waited_for() {
    let root = root();
    let home = Home::new(root.path(), "ana", TROTH);
    home.init("Ana");
    for _ in 0..20 {
        home.stop();
        assert_eq!(home.ask(&["status"], Value::Null)["me"], "Ana");
    }
}

#[test]
fn whoever_asks_while_a_daemon_ends_is_answered_by_the_next_one() {
    let root = root();
    let home = Home::new(root.path(), "ana", TROTH);
    home.init("Ana");
    for n in 0..30 {
        // The one before may have answered last, and be ending only now.
        let running = home.until(&["service", "status"], |status| status["running"] == true);
        let pid = i32::try_from(running["pid"].as_i64().unwrap()).unwrap();
        let pid = rustix::process::Pid::from_raw(pid).unwrap();
        let _ = rustix::process::kill_process(pid, rustix::process::Signal::TERM);
        // At whatever moment of its ending the question comes.
        let begun = Instant::now();
        while begun.elapsed() < Duration::from_millis(n) {
            std::hint::spin_loop();
        }
        assert_eq!(
            home.ask(&["status"], Value::Null)["me"],
            "Ana",
            "after {n} ms"
        );
    }
}

#[test]
fn the_wait_ends_when_the_partner_has_it() {
    let root = root();
    let (ana, _ben) = paired(root.path(), TROTH);
    let done = ana.script(
        &["--wait", "20", "agreement", "propose"],
        &json!({"topic": "Visits", "does": {"me": "I call."}}),
    );
    assert_eq!(done.code, 0, "{}", done.error);
    assert_eq!(ana.ask(&["status"], Value::Null)["partner_has_all"], true);
}

#[test]
fn the_disk_is_tidied_in_quiet_times() {
    use troth_core::books::rows::Row;
    let root = root();
    let (ana, ben) = paired(root.path(), TROTH);
    for n in 0..20 {
        propose(&ana, &format!("Words {n}"), json!({}));
    }
    let v = propose(&ben, "One of his.", json!({}));
    together(&ana, &ben, text(&v["agreement"]));
    let by = Instant::now() + Duration::from_secs(60);
    while Instant::now() < by && !ana.log().contains("the disk was tidied") {
        std::thread::sleep(Duration::from_millis(200));
    }
    let rows = ana.rows();
    let runs = rows.iter().filter(|(row, _)| matches!(row, Row::Run(..)));
    let runs = runs.count();
    assert!(runs <= 4, "the disk was not tidied: {runs} runs");
    assert_eq!(
        ana.ask(&["agreement", "list"], Value::Null)["agreements"]
            .as_array()
            .unwrap()
            .len(),
        21
    );
}

#[test]
fn the_demo_tells_its_story_and_leaves_nothing_behind() {
    let begun = Instant::now();
    let temp = root();
    let output = std::process::Command::new(TROTH)
        .arg("demo")
        .env("TMPDIR", temp.path())
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let story = String::from_utf8(output.stdout).unwrap();
    for part in [
        "paired",
        "in force, a change is proposed",
        "Nothing was lost.",
        "both open at once",
        "nothing of this is left",
    ] {
        assert!(story.contains(part), "{part}:\n{story}");
    }
    assert!(begun.elapsed() < Duration::from_secs(15));
    assert_eq!(files(temp.path()), Vec::<std::path::PathBuf>::new());
    let keep = temp.path().join("k");
    let kept = std::process::Command::new(TROTH)
        .args(["demo", "--keep"])
        .arg(&keep)
        .output()
        .unwrap();
    assert!(kept.status.success());
    let ana = Home::new(&keep, "ana", TROTH);
    assert_eq!(
        ana.ask(&["agreement", "list"], Value::Null)["agreements"][0]["topic"],
        "Visits"
    );
}

/// How many daemons run for homes under a folder.
fn daemons_of(folder: &std::path::Path) -> usize {
    let processes = std::fs::read_dir("/proc").unwrap().flatten();
    let commands = processes.filter_map(|p| std::fs::read(p.path().join("cmdline")).ok());
    let folder = folder.to_str().unwrap();
    commands
        .filter(|command| String::from_utf8_lossy(command).contains(folder))
        .count()
}

#[test]
fn a_demo_that_is_broken_off_leaves_nothing_behind() {
    let root = root();
    for after in [40, 150, 300] {
        let mut child = std::process::Command::new(TROTH)
            .arg("demo")
            .env("TMPDIR", root.path())
            .stdout(std::process::Stdio::null())
            .spawn()
            .unwrap();
        let begun = Instant::now();
        while begun.elapsed() < Duration::from_millis(after) {
            std::hint::spin_loop();
        }
        let pid = rustix::process::Pid::from_raw(i32::try_from(child.id()).unwrap()).unwrap();
        let _ = rustix::process::kill_process(pid, rustix::process::Signal::TERM);
        child.wait().unwrap();
        let left: Vec<_> = std::fs::read_dir(root.path()).unwrap().flatten().collect();
        assert!(left.is_empty(), "broken off after {after} ms: {left:?}");
        let ended = Instant::now();
        while daemons_of(root.path()) > 0 {
            assert!(
                ended.elapsed() < Duration::from_secs(10),
                "broken off after {after} ms"
            );
            std::thread::yield_now();
        }
    }
}

#[test]
fn both_programs_lie_beside_each_other() {
    assert_eq!(
        std::path::Path::new(TROTHD).parent(),
        std::path::Path::new(TROTH).parent()
    );
}

#[test]
fn the_lock_file_holds_libp2p_0_57_or_newer() {
    let lock =
        std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../Cargo.lock")).unwrap();
    let after = lock
        .split("name = \"libp2p\"\nversion = \"")
        .nth(1)
        .expect("libp2p is locked");
    let minor: u32 = after.split('.').nth(1).unwrap().parse().unwrap();
    assert!(
        after.starts_with("0.") && minor >= 57,
        "libp2p is locked at an older version"
    );
}

#[test]
fn german_is_spoken_to_those_who_want_it_and_english_to_scripts() {
    let root = root();
    let home = Home::new(root.path(), "ana", TROTH);
    let said = |language: &str, arguments: &[&str]| {
        let mut command = home.command(arguments);
        command.env("TROTH_LANG", language);
        let output = command.output().unwrap();
        let text = [output.stdout, output.stderr].concat();
        String::from_utf8(text).unwrap()
    };
    let german = said("de_DE.UTF-8", &["status"]);
    assert!(german.contains("noch nicht eingerichtet"), "{german}");
    let english = said("fr_FR.UTF-8", &["status"]);
    assert!(english.contains("not set up here yet"), "{english}");
    let script = said("de", &["--json", "agreement", "list"]);
    assert!(script.contains("not set up here yet"), "{script}");
    for (arguments, words) in [
        (&["agreement", "--help"][..], "Befehle"),
        (&["help"][..], "Themen"),
        (&["help", "angst"][..], "`troth stop`"),
        (&["help", "afraid"][..], "`troth stop`"),
        (&["agrement"][..], "`troth agreement`"),
    ] {
        let text = said("de", arguments);
        assert!(text.contains(words), "{arguments:?}: {text}");
        // Through a pipe too: a paragraph is more than one line.
        let long = text.lines().find(|line| line.chars().count() > 80);
        assert_eq!(long, None, "{arguments:?}");
    }
}

/// A connection, as a daemon's log tells of it.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Connection {
    id: u64,
    dialled: bool,
    over_quic: bool,
    /// Seconds since the day began.
    at: f64,
    ended: bool,
}

/// All connections of a home.
fn connections(home: &Home) -> Vec<Connection> {
    let mut all: Vec<Connection> = Vec::new();
    for line in home.log().lines() {
        let Some((head, about)) = line.split_once("::net: a connection ") else {
            continue;
        };
        let field = |name: &str| {
            let value = about.split_once(&format!("{name}=")).unwrap().1;
            value.split(' ').next().unwrap().to_owned()
        };
        let id = field("id").parse().unwrap();
        if about.starts_with("ended") {
            if let Some(ended) = all.iter_mut().find(|c| c.id == id) {
                ended.ended = true;
            }
            continue;
        }
        let time = head.split_once('T').unwrap().1;
        let parts: Vec<f64> = time[..15].split(':').map(|n| n.parse().unwrap()).collect();
        all.push(Connection {
            id,
            dialled: field("dialled") == "true",
            over_quic: field("over_quic") == "true",
            at: parts[0] * 3600.0 + parts[1] * 60.0 + parts[2],
            ended: false,
        });
    }
    all
}

/// Two connections this far apart are two beginnings.
const AT_ONCE: Duration = Duration::from_secs(2);

/// The connections of both, once for so long each has had one, the same.
fn settled(homes: [&Home; 2], long: Duration) -> [Vec<Connection>; 2] {
    let by = Instant::now() + 2 * PATIENCE;
    let (mut before, mut since) = (homes.map(connections), Instant::now());
    while since.elapsed() < long {
        std::thread::sleep(Duration::from_millis(20));
        let now = homes.map(connections);
        let alive = now
            .each_ref()
            .map(|all| all.iter().filter(|c| !c.ended).count());
        if now != before || alive != [1, 1] {
            (before, since) = (now, Instant::now());
        }
        assert!(Instant::now() < by, "more than one is left: {before:?}");
    }
    before
}

#[test]
fn two_who_dial_each_other_at_once_keep_one_of_the_two_connections() {
    let root = root();
    let (ana, ben) = paired(root.path(), TROTH);
    let homes = [&ana, &ben];
    let at = homes.map(|home| crate::strangers::listens_at(home).to_string());
    let mut kinds = Vec::new();
    for round in 0..6 {
        let before = settled(homes, AT_ONCE + AT_ONCE / 4);
        std::thread::scope(|threads| {
            for (home, other) in [(&ana, &at[1]), (&ben, &at[0])] {
                threads.spawn(move || home.ask(&["reach", other], Value::Null));
            }
        });
        let by = Instant::now() + PATIENCE;
        let dialled = |p: usize| connections(homes[p]).len() > before[p].len();
        while !dialled(0) || !dialled(1) {
            assert!(Instant::now() < by, "{round}: they do not dial");
            std::thread::sleep(Duration::from_millis(5));
        }
        let after = settled(homes, AT_ONCE);
        let new = [0, 1].map(|p| &after[p][before[p].len()..]);
        let times = new.map(|new| new.last().unwrap().at - new[0].at);
        if times.iter().any(|apart| *apart >= AT_ONCE.as_secs_f64()) {
            continue; // one came late, as after a loss
        }
        let left = [0, 1].map(|p| *after[p].iter().find(|c| !c.ended).unwrap());
        assert_ne!(left[0].dialled, left[1].dialled, "{round}: {after:?}");
        assert_eq!(left[0].over_quic, left[1].over_quic, "{round}: {after:?}");
        for (new, left) in new.iter().zip(left) {
            assert!(new.contains(&left), "{round}: the one before is kept");
        }
        let both_dialled = [true, false].map(|by| new[0].iter().any(|c| c.dialled == by));
        if both_dialled == [true, true] {
            kinds.push((left[0].dialled, left[0].over_quic));
        }
    }
    eprintln!("kept by Ana's dialling and over QUIC: {kinds:?}");
    kinds.dedup();
    assert_eq!(kinds.len(), 1, "another kind is kept from round to round");
}
