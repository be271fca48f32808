//! A real Secret Service: gnome-keyring in a D-Bus session of its own. Needs `dbus-run-session` and
//! `gnome-keyring-daemon`, which `tests/run` installs; without them these tests fail under CI and say so otherwise.

use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Lines, Read, Write};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};
use troth_tests::home::{Home, PATIENCE, as_root, root};

const TROTH: &str = env!("CARGO_BIN_EXE_sut-troth");

pub fn there() -> bool {
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

/// A program of another user: takes whoever comes to a socket, and says line by line how many bytes each sent; it waits for them as a bus would.
const LISTENER: &str = r#"
import os, socket, sys
os.setgid(65534)
os.setuid(65534)
s = socket.socket(socket.AF_UNIX)
s.bind(sys.argv[1])
s.listen()
print("here", flush=True)
while True:
    c, _ = s.accept()
    c.settimeout(5)
    try:
        print(len(c.recv(4096)), flush=True)
    except TimeoutError:
        print("silent", flush=True)
    c.close()
"#;

/// Such a program, and what it says.
pub struct Theirs {
    bus: PathBuf,
    program: Child,
    lines: Lines<BufReader<ChildStdout>>,
}

impl Theirs {
    pub fn begin(root: &Path) -> Self {
        let open = |folder: &Path, mode| {
            std::fs::set_permissions(folder, std::fs::Permissions::from_mode(mode)).unwrap();
        };
        let place = root.join("theirs");
        std::fs::create_dir(&place).unwrap();
        open(root, 0o755);
        open(&place, 0o777);
        let bus = place.join("bus");
        let mut program = Command::new("python3")
            .args(["-c", LISTENER])
            .arg(&bus)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(program.stdout.take().unwrap()).lines();
        assert_eq!(lines.next().unwrap().unwrap(), "here");
        Self {
            bus,
            program,
            lines,
        }
    }

    pub fn address(&self) -> String {
        format!("unix:path={}", self.bus.display())
    }

    /// How many bytes each sent who came.
    pub fn heard(mut self) -> Vec<String> {
        // One more, to know that all before have been counted.
        let mut last = UnixStream::connect(&self.bus).unwrap();
        last.write_all(b"the last one").unwrap();
        let lines = self.lines.map_while(Result::ok);
        let heard: Vec<String> = lines.take_while(|line| line != "12").collect();
        self.program.kill().unwrap();
        self.program.wait().unwrap();
        heard
    }
}

#[test]
fn a_bus_of_another_user_is_told_nothing_whoever_names_it() {
    if !as_root() {
        return;
    }
    let root = root();
    let theirs = Theirs::begin(root.path());
    let home = Home::new(root.path(), "ana", TROTH);
    let init = json!({"name": "Ana"}).to_string();
    let with = format!("DBUS_SESSION_BUS_ADDRESS='{}'", theirs.address());
    for (how, begun) in [("the client's", ""), ("the daemon's", with.as_str())] {
        let script = format!(
            "{begun} $T service start >/dev/null; echo '{init}' | {with} $T init --listen 127.0.0.1:0"
        );
        let (code, text) = session(&home, "absent", &script);
        let told = text.contains("No keyring answers");
        assert_eq!((code, told), (1, true), "{how}: {text}");
    }
    let heard = theirs.heard();
    assert!(heard.iter().all(|line| line == "0"), "{heard:?}");
    assert!(!heard.is_empty(), "nobody has even asked whose it is");
}

/// What a process may have of something, in bytes; none if there is no limit.
fn limit(pid: i32, of: &str) -> Option<u64> {
    let limits = std::fs::read_to_string(format!("/proc/{pid}/limits")).unwrap_or_default();
    let line = limits.lines().find_map(|line| line.strip_prefix(of))?;
    line.split_whitespace().next()?.parse().ok()
}

/// Those that a process has begun, and which run.
fn children(pid: i32) -> Vec<i32> {
    let tasks = std::fs::read_dir(format!("/proc/{pid}/task")).unwrap();
    let of = |task: std::fs::DirEntry| std::fs::read_to_string(task.path().join("children")).ok();
    let all: Vec<String> = tasks.flatten().filter_map(of).collect();
    let all = all.iter().flat_map(|line| line.split_whitespace());
    all.filter_map(|pid| pid.parse().ok()).collect()
}

#[test]
fn a_process_that_asks_at_a_bus_has_a_limit_of_memory() {
    if !as_root() {
        return;
    }
    let root = root();
    let bus = root.path().join("bus");
    let silent = UnixListener::bind(&bus).unwrap();
    let home = Home::new(root.path(), "ana", TROTH);
    home.ask(&["service", "start"], Value::Null);
    let daemon = home.pid().unwrap();
    let mut asking = home.command(&["--json", "init", "--listen", "127.0.0.1:0"]);
    let mut asking = asking
        .env(
            "DBUS_SESSION_BUS_ADDRESS",
            format!("unix:path={}", bus.display()),
        )
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let init = json!({"name": "Ana"}).to_string();
    let stdin = asking.stdin.take();
    stdin.unwrap().write_all(init.as_bytes()).unwrap();
    let by = Instant::now() + PATIENCE;
    let child = loop {
        if let [child] = children(daemon)[..]
            && limit(child, "Max core file size") == Some(0)
        {
            break child;
        }
        assert!(Instant::now() < by, "nobody asks at the bus");
        std::thread::sleep(Duration::from_millis(5));
    };
    // It says who it is, and nobody answers: it has begun long before.
    let (mut first, _) = silent.accept().unwrap();
    while first.read(&mut [0; 64]).unwrap() == 0 {
        first = silent.accept().unwrap().0;
    }
    let most = limit(child, "Max address space").expect("a limit");
    assert!(most <= 1024 * 1024 * 1024, "{most}");
    drop((first, silent));
    asking.wait().unwrap();
}
