//! Folders that vanish under a running daemon, and folders that are somebody else's.

use crate::bad_input::check;
use serde_json::{Value, json};
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::path::Path;
use troth_tests::home::{Home, PATIENCE, as_root, root};

const TROTH: &str = env!("CARGO_BIN_EXE_sut-troth");

fn pid(home: &Home) -> i32 {
    let status = home.ask(&["service", "status"], Value::Null);
    status["pid"].as_i64().unwrap() as i32
}

#[test]
fn a_daemon_whose_socket_or_folder_vanishes_is_found_again_and_can_be_stopped() {
    let root = root();
    let mut home = Home::new(root.path(), "ana", TROTH);
    home.expected = vec!["the local socket is gone"];
    home.init("Ana");
    let (run, own) = (home.dir.join("run"), pid(&home));
    let found_again = |how: &str| {
        home.until(&["service", "status"], |status| status["pid"] == own);
        assert_eq!(home.ask(&["status"], Value::Null)["me"], "Ana", "{how}");
    };
    std::fs::remove_file(run.join("trothd.sock")).unwrap();
    found_again("without its socket");
    // As logging out does.
    let vanishes = |folder: &std::path::Path| {
        // It may be making it anew at this very moment.
        while folder.exists() && std::fs::remove_dir_all(folder).is_err() {}
    };
    let is_in_the_way = |folder: &std::path::Path| loop {
        vanishes(folder);
        if std::fs::write(folder, "in the way").is_ok() {
            break;
        }
    };
    vanishes(&run);
    found_again("without its folder");
    is_in_the_way(&run);
    found_again("where no such folder can be made");
    assert!(home.dir.join("state/run/trothd.sock").exists());
    // Nor anywhere else: nobody can talk to it, and it can be stopped all the same.
    is_in_the_way(&home.dir.join("state/run"));
    let stopped = home.ask(&["service", "stop"], Value::Null);
    assert_eq!(stopped["running"], false);
    // It has let go of the home; its process ends as soon as its threads have.
    let by = std::time::Instant::now() + PATIENCE;
    loop {
        let stat = std::fs::read_to_string(format!("/proc/{own}/stat")).unwrap_or_default();
        if stat.is_empty() || stat.contains(") Z ") {
            break;
        }
        assert!(std::time::Instant::now() < by, "{stat}");
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    for way in [run, home.dir.join("state/run")] {
        std::fs::remove_file(way).unwrap();
    }
    assert_eq!(home.ask(&["status"], Value::Null)["me"], "Ana");
    assert_ne!(pid(&home), own);
}

#[test]
fn nothing_is_made_or_changed_under_somebody_elses_folder() {
    if !as_root() {
        return;
    }
    let root = root();
    let theirs = root.path().join("theirs");
    std::fs::create_dir(&theirs).unwrap();
    std::os::unix::fs::chown(&theirs, Some(65534), Some(65534)).unwrap();
    let home = |dir: &Path| {
        let mut home = Home::new(root.path(), "none", TROTH);
        home.dir = dir.to_owned();
        home
    };
    let refused = |dir: &Path| {
        let done = home(dir).script(&["status"], &Value::Null);
        check(&done, 3, "daemon_did_not_start");
        assert!(
            done.error.to_string().contains("somebody else"),
            "{}",
            done.error
        );
    };
    refused(&theirs.join("ana"));
    assert_eq!(
        std::fs::read_dir(&theirs).unwrap().count(),
        0,
        "nothing was made there"
    );
    // A link of theirs to a folder of ours.
    let ours = root.path().join("ours");
    std::fs::create_dir_all(ours.join("data")).unwrap();
    for folder in [&ours, &ours.join("data")] {
        std::fs::set_permissions(folder, std::fs::Permissions::from_mode(0o755)).unwrap();
    }
    let link = theirs.join("link");
    symlink(&ours, &link).unwrap();
    refused(&link);
    assert_eq!(
        std::fs::metadata(ours.join("data")).unwrap().mode() & 0o777,
        0o755
    );
    // A folder of ours in which anybody may put something in another's place.
    let open = root.path().join("open");
    std::fs::create_dir(&open).unwrap();
    std::fs::set_permissions(&open, std::fs::Permissions::from_mode(0o777)).unwrap();
    refused(&open.join("ana"));
}

#[test]
fn a_link_in_the_place_of_the_lock_empties_no_file() {
    let root = root();
    let home = Home::new(root.path(), "ana", TROTH);
    let letter = root.path().join("letter");
    std::fs::write(&letter, "dear Ben").unwrap();
    std::fs::create_dir_all(home.dir.join("data")).unwrap();
    symlink(&letter, home.dir.join("data/lock")).unwrap();
    let done = home.script(&["init", "--keys", "file"], &json!({"name": "Ana"}));
    check(&done, 3, "daemon_did_not_start");
    assert_eq!(std::fs::read_to_string(&letter).unwrap(), "dear Ben");
}

#[test]
fn it_is_told_to_start_at_login_for_the_programs_and_the_home_that_run() {
    let root = root();
    let mut home = Home::new(root.path(), "ana", TROTH);
    let config = root.path().join("config");
    home.env
        .push(("XDG_CONFIG_HOME".into(), config.display().to_string()));
    // No manager of this user's programs can be reached: the desktop's autostart takes its place.
    home.env
        .push(("XDG_RUNTIME_DIR".into(), root.path().display().to_string()));
    home.init("Ana");
    let done = home.ask(&["service", "install"], Value::Null);
    assert_eq!(done, json!({"v": 1, "at_login": true, "by": "desktop"}));
    let entries: Vec<_> = std::fs::read_dir(config.join("autostart"))
        .unwrap()
        .flatten()
        .collect();
    let [entry] = &entries[..] else {
        panic!("{entries:?}")
    };
    let text = std::fs::read_to_string(entry.path()).unwrap();
    let exec = text
        .lines()
        .find_map(|line| line.strip_prefix("Exec="))
        .unwrap();
    let trothd = Path::new(TROTH).with_file_name("sut-trothd");
    assert_eq!(
        exec,
        format!("\"{}\" --home \"{}\"", trothd.display(), home.dir.display())
    );
    assert_eq!(
        home.ask(&["service", "status"], Value::Null)["at_login"],
        true
    );
    // As the desktop would, by a shell's rules for quoted words.
    home.stop();
    let mut daemon = std::process::Command::new("sh")
        .args(["-c", exec])
        .spawn()
        .unwrap();
    home.until(&["service", "status"], |status| status["running"] == true);
    home.ask(&["service", "uninstall"], Value::Null);
    assert!(!entry.path().exists());
    assert_eq!(
        home.ask(&["service", "status"], Value::Null)["at_login"],
        false
    );
    home.stop();
    daemon.wait().unwrap();
}
