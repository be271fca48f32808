//! A real Secret Service: gnome-keyring in a D-Bus session of its own. Needs `dbus-run-session` and
//! `gnome-keyring-daemon`, which `tests/run` installs; without them these tests fail under CI and say so otherwise.

use serde_json::{Value, json};
use std::io::Write;
use std::process::{Command, Stdio};
use troth_tests::home::{Home, root};

const TROTH: &str = env!("CARGO_BIN_EXE_sut-troth");

fn there() -> bool {
    let there = ["dbus-run-session", "gnome-keyring-daemon"]
        .iter()
        .all(|program| {
            Command::new("sh")
                .args(["-c", &format!("command -v {program}")])
                .stdout(Stdio::null())
                .status()
                .is_ok_and(|s| s.success())
        });
    assert!(
        there || std::env::var_os("CI").is_none(),
        "dbus-run-session and gnome-keyring-daemon are not installed"
    );
    there
}

/// Runs a script in a fresh D-Bus session with a keyring that is unlocked, locked, or not there.
fn session(home: &Home, keyring: &str, script: &str) -> (i32, String) {
    let data = home.dir.parent().unwrap().join("keyrings");
    std::fs::create_dir_all(&data).unwrap();
    let begin = match keyring {
        "open" => {
            "printf 'secret' | gnome-keyring-daemon --unlock --components=secrets --daemonize >/dev/null 2>&1;"
        }
        "locked" => {
            "gnome-keyring-daemon --start --components=secrets --daemonize >/dev/null 2>&1;"
        }
        _ => "",
    };
    let troth = format!("{TROTH} --json --home {}", home.dir.display());
    let whole = format!(
        "{begin} T='{troth}'; {script}; CODE=$?; $T service stop >/dev/null 2>&1; exit $CODE"
    );
    // Without a session there is no keyring to ask; within one, D-Bus would start it.
    let mut command = Command::new(if keyring == "absent" {
        "env"
    } else {
        "dbus-run-session"
    });
    command.args(if keyring == "absent" {
        ["-u", "DBUS_SESSION_BUS_ADDRESS"].as_slice()
    } else {
        &["--"]
    });
    command
        .args(["sh", "-c", &whole])
        .env("XDG_DATA_HOME", &data)
        .env("XDG_RUNTIME_DIR", &data)
        .env("HOME", &data);
    command
        .env_remove("DISPLAY")
        .env_remove("WAYLAND_DISPLAY")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    child.stdin.take().unwrap().write_all(b"").unwrap();
    let output = child.wait_with_output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned()
        + &String::from_utf8_lossy(&output.stderr);
    (output.status.code().unwrap_or(-1), text)
}

#[test]
fn open_locked_and_absent_keyrings_are_different_states_and_none_makes_a_new_key() {
    if !there() {
        eprintln!("not run: this test needs a keyring");
        return;
    }
    let root = root();
    let mut home = Home::new(root.path(), "ana", TROTH);
    home.expected = vec!["the keyring did not give the key"];
    let init = json!({"name": "Ana"}).to_string();
    let (code, text) = session(
        &home,
        "absent",
        &format!("echo '{init}' | $T init --listen 127.0.0.1:0"),
    );
    assert_eq!(
        (code, text.contains("No keyring answers")),
        (1, true),
        "{text}"
    );
    assert!(text.contains("`--keys passphrase`"), "{text}");
    let (code, text) = session(
        &home,
        "open",
        &format!("echo '{init}' | $T init --listen 127.0.0.1:0"),
    );
    assert_eq!(code, 0, "{text}");
    let words: Value = serde_json::from_str(text.lines().next().unwrap()).unwrap();
    let words: Vec<&str> = words["recovery_words"]
        .as_array()
        .unwrap()
        .iter()
        .map(|w| w.as_str().unwrap())
        .collect();
    // A new login with the keyring open: it opens by itself.
    let (code, text) = session(&home, "open", "$T today");
    assert_eq!(code, 0, "{text}");
    // The keyring is there, and locked.
    let (code, text) = session(&home, "locked", "$T today");
    assert_eq!(
        (code, text.contains("Your keyring is locked")),
        (4, true),
        "{text}"
    );
    // No keyring at all, and the 24 words instead.
    let unlock = json!({"recovery_words": words.join(" ")}).to_string();
    let (code, text) = session(
        &home,
        "absent",
        &format!("$T today; echo '{unlock}' | $T unlock && $T today"),
    );
    assert_eq!(
        (code, text.contains("No keyring answers")),
        (0, true),
        "{text}"
    );
    // Another keyring that knows nothing of Troth: missing, not locked, and nothing is made.
    std::fs::remove_dir_all(root.path().join("keyrings/keyrings")).ok();
    let (code, text) = session(&home, "open", "$T today; $T today");
    assert_eq!(
        (code, text.contains("what opens Troth is not in it")),
        (4, true),
        "{text}"
    );
    let (code, text) = session(
        &home,
        "absent",
        &format!("echo '{unlock}' | $T unlock && $T today"),
    );
    assert_eq!(code, 0, "the words still open it: {text}");
}

#[test]
fn a_daemon_that_began_without_the_desktop_is_told_by_the_client_where_it_is() {
    if !there() {
        eprintln!("not run: this test needs a keyring");
        return;
    }
    let root = root();
    let mut home = Home::new(root.path(), "ana", TROTH);
    home.expected = vec!["the keyring did not give the key"];
    // As cron, ssh or a unit before the login begins it.
    let without = "env -u DBUS_SESSION_BUS_ADDRESS $T service start >/dev/null";
    let init = json!({"name": "Ana"}).to_string();
    let script = format!("{without}; echo '{init}' | $T init --listen 127.0.0.1:0");
    let (code, text) = session(&home, "open", &script);
    assert_eq!(code, 0, "{text}");
    for command in ["today", "status", "unlock"] {
        let (code, text) = session(
            &home,
            "open",
            &format!("{without}; echo '{{}}' | $T {command}"),
        );
        // Private pages have a passphrase of their own.
        let keys = text.replace(r#""private":"locked""#, "");
        let open = !keys.contains("locked");
        assert_eq!((code, open), (0, true), "{command}: {text}");
    }
    let (code, text) = session(&home, "locked", &format!("{without}; $T today"));
    let told = text.contains("Your keyring is locked");
    assert_eq!((code, told), (4, true), "{text}");
    // A bus that nobody answers at, or that is none, is as good as no bus.
    for bus in [
        "unix:path=/nowhere/bus",
        "tcp:host=127.0.0.1,port=9",
        "unix:path=",
    ] {
        let elsewhere = format!("{without}; DBUS_SESSION_BUS_ADDRESS='{bus}' $T today");
        let (code, text) = session(&home, "open", &elsewhere);
        let told = text.contains("No keyring answers in this login");
        assert_eq!((code, told), (4, true), "{bus}: {text}");
    }
}
