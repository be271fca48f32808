//! Processes that the daemon starts beside itself: none has more memory than it may need, whatever it is given to read.

use serde_json::{Value, json};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;
use troth_tests::home::{Home, PATIENCE, files, root};

const TROTH: &str = env!("CARGO_BIN_EXE_sut-troth");
const TROTHD: &str = env!("CARGO_BIN_EXE_sut-trothd");

/// What a process may have of memory at most, as the kernel says.
fn most(pid: u32) -> Option<u64> {
    let limits = std::fs::read_to_string(format!("/proc/{pid}/limits")).ok()?;
    let line = limits
        .lines()
        .find_map(|line| line.strip_prefix("Max address space"));
    let mut both = line?.split_whitespace();
    let (soft, hard) = (both.next()?, both.next()?);
    assert_eq!(soft, hard, "it could be raised again");
    soft.parse().ok()
}

#[test]
fn whatever_the_daemon_starts_may_have_only_so_much_memory_before_it_reads() {
    const GIB: u64 = 1024 * 1024 * 1024;
    for (argument, may) in [("make-document", 4 * GIB), ("ask-keyring", GIB)] {
        let mut child = Command::new(TROTHD)
            .arg(argument)
            .env_clear()
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        let by = Instant::now() + PATIENCE;
        let limit = loop {
            match most(child.id()) {
                Some(limit) => break limit,
                None => assert!(Instant::now() < by, "{argument}: no limit"),
            }
            std::thread::yield_now();
        };
        assert_eq!(limit, may, "{argument}");
        assert_eq!(
            child.try_wait().unwrap(),
            None,
            "{argument} waits for its input"
        );
        drop(child.stdin.take());
        child.wait().unwrap();
    }
}

/// Where the daemon's code starts a process: each that is started is one of those above, or this very program anew.
#[test]
fn nothing_else_is_started() {
    let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join("../daemon/src");
    let mut starts: Vec<(String, usize)> = Vec::new();
    for file in files(&sources) {
        let text = std::fs::read_to_string(&file).unwrap();
        let count = text.matches("Command::new(").count();
        if count > 0 {
            let name = file.file_name().unwrap().to_string_lossy().into_owned();
            starts.push((name, count));
        }
    }
    starts.sort();
    let known = [("export.rs", 1), ("keyring.rs", 1), ("lib.rs", 1)];
    assert_eq!(starts, known.map(|(name, n)| (name.to_owned(), n)));
}

#[test]
fn an_export_that_gets_no_memory_says_so_and_the_daemon_goes_on() {
    let root = root();
    // With less for all of it than the limit that the process for it sets itself, none is started.
    let program = root.path().join("limited");
    // Root may raise a limit again, unless it may not.
    let less = "setpriv --bounding-set=-sys_resource --inh-caps=-sys_resource";
    let text = format!(
        "#!/bin/sh\nulimit -v 3000000\n[ $(id -u) = 0 ] && exec {less} {TROTH} \"$@\"\nexec {TROTH} \"$@\"\n"
    );
    std::fs::write(&program, text).unwrap();
    std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o700)).unwrap();
    let (ana, _ben) = troth_tests::home::paired(root.path(), program.to_str().unwrap());
    let words = json!({"topic": "Visits", "does": {"me": "I call before."}});
    ana.ask(&["agreement", "propose"], words);
    let pid = ana.pid();
    let to = root.path().join("export");
    let export = ["export", "--format", "automerge", to.to_str().unwrap()];
    let done = ana.script(&export, &Value::Null);
    assert_eq!(done.kind(), "internal", "{done:?}");
    assert_eq!(ana.pid(), pid, "the same daemon runs");
    let list = ana.ask(&["agreement", "list"], Value::Null);
    assert_eq!(list["agreements"].as_array().unwrap().len(), 1);
    drop::<Home>(ana);
}
