//! What is in a daemon's memory: no words once it is locked, and no key that may be written to a swap.

use serde_json::{Value, json};
use std::io::{Read, Seek, SeekFrom};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use troth_core::keys::{Key, Lockbox};
use troth_tests::home::{Home, as_root, paired, root};

const TROTH: &str = env!("CARGO_BIN_EXE_sut-troth");

/// How often a word stands in the memory of a process.
pub fn in_memory(pid: i32, word: &str) -> usize {
    places(pid, word.as_bytes()).len()
}

/// Where bytes stand in the memory of a process: the name of each region, and where in it.
fn places(pid: i32, word: &[u8]) -> Vec<(String, u64)> {
    let maps = std::fs::read_to_string(format!("/proc/{pid}/maps")).unwrap();
    let mut memory = std::fs::File::open(format!("/proc/{pid}/mem")).unwrap();
    let mut found = Vec::new();
    for line in maps.lines() {
        let (range, rest) = line.split_once(' ').unwrap();
        if !rest.starts_with("rw") {
            continue;
        }
        let (from, to) = range.split_once('-').unwrap();
        let [from, to] = [from, to].map(|at| u64::from_str_radix(at, 16).unwrap());
        let mut bytes = vec![0; (to - from) as usize];
        memory.seek(SeekFrom::Start(from)).unwrap();
        if memory.read_exact(&mut bytes).is_ok() {
            let name = rest.split_whitespace().nth(4).unwrap_or_default();
            let hits = bytes.windows(word.len()).enumerate();
            let hits = hits.filter(|(_, at)| *at == word);
            found.extend(hits.map(|(n, _)| (name.to_owned(), from + n as u64)));
        }
    }
    found
}

#[test]
fn a_locked_daemon_holds_none_of_the_words_it_held() {
    if !as_root() {
        return;
    }
    let root = root();
    let (ana, ben) = paired(root.path(), TROTH);
    // Put together here, so that this program's own image does not hold it.
    let canary: String = ["quartz", "heron", "velvet"].join("-");
    let words = json!({"topic": format!("A topic of {canary}"), "terms": format!("Terms of {canary}. ").repeat(40),
        "does": {"me": format!("I keep {canary}.")}});
    let done = ben.ask(&["agreement", "propose"], words);
    let agreement = done["agreement"].as_str().unwrap();
    ana.until(&["agreement", "show", agreement], |shown| {
        shown["topic"].is_string()
    });
    let wish = json!({"wish": format!("A wish of {canary}")});
    ana.ask(&["checkin", "ready", "--slot", "2026-W47"], wish);
    ana.ask(
        &["agreement", "my-part", agreement],
        json!({"text": canary}),
    );
    ana.ask(&["today"], Value::Null);
    let pid = ana.pid().unwrap();
    assert!(in_memory(pid, &canary) > 0, "it is there while it is open");
    ana.ask(&["lock"], Value::Null);
    // Tasks that held a frame or a line of a client are gone a moment later.
    let left = (0..100).find(|_| {
        let left = in_memory(pid, &canary);
        if left > 0 {
            std::thread::sleep(std::time::Duration::from_millis(50));
        }
        left == 0
    });
    assert!(
        left.is_some(),
        "{} times after locking",
        in_memory(pid, &canary)
    );
    drop::<[Home; 2]>([ana, ben]);
}

/// Whether the page at an address is locked.
fn is_locked(pid: i32, at: u64) -> bool {
    let regions = std::fs::read_to_string(format!("/proc/{pid}/smaps")).unwrap();
    let mut within = false;
    for line in regions.lines() {
        let range = line
            .split(' ')
            .next()
            .and_then(|range| range.split_once('-'));
        if let Some((from, to)) = range
            && let (Ok(from), Ok(to)) = (u64::from_str_radix(from, 16), u64::from_str_radix(to, 16))
        {
            within = (from..to).contains(&at);
        }
        if within && let Some(flags) = line.strip_prefix("VmFlags:") {
            return flags.split_whitespace().any(|flag| flag == "lo");
        }
    }
    false
}

/// The program as a person runs it, who may lock 8 MiB and not more.
fn under_a_limit(root: &Path) -> String {
    let script = root.join("limited");
    let text = format!(
        "#!/bin/sh\nulimit -l 8192\nexec setpriv --bounding-set=-ipc_lock,-sys_resource --inh-caps=-ipc_lock,-sys_resource {TROTH} \"$@\"\n"
    );
    std::fs::write(&script, text).unwrap();
    std::fs::set_permissions(&script, std::fs::Permissions::from_mode(0o700)).unwrap();
    script.to_str().unwrap().to_owned()
}

/// The key of a home's rows.
fn data_key(home: &Home) -> Key {
    home.stop();
    let sqlite = rusqlite::Connection::open(home.dir.join("data/troth.db")).unwrap();
    let json: String = sqlite
        .query_row("SELECT json FROM lockbox", [], |row| row.get(0))
        .unwrap();
    let lockbox: Lockbox = serde_json::from_str(&json).unwrap();
    let key = std::fs::read(home.dir.join("data/key")).unwrap();
    lockbox
        .open_with_key(&Key(key.try_into().unwrap()))
        .unwrap()
}

#[test]
fn pages_that_hold_keys_are_locked_and_no_more_than_those() {
    if !as_root() {
        return;
    }
    let root = root();
    let home = Home::new(root.path(), "ana", &under_a_limit(root.path()));
    home.init("Ana");
    let data = data_key(&home);
    home.ask(&["status"], Value::Null);
    let pid = home.pid().unwrap();
    for key in [&data, &data.derive("troth/rows/1")] {
        let places = places(pid, &key.0);
        assert!(!places.is_empty(), "an open home holds its key");
        let open: Vec<_> = places
            .iter()
            .filter(|(_, at)| !is_locked(pid, *at))
            .collect();
        assert!(open.is_empty(), "{open:x?} of {places:x?}");
    }
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
    let locked = status.lines().find_map(|line| line.strip_prefix("VmLck:"));
    let locked = locked.unwrap().trim().trim_end_matches(" kB");
    let locked: u64 = locked.parse().unwrap();
    assert!((4..1024).contains(&locked), "{locked} kB");
}

/// With next to nothing that may be locked it runs all the same.
#[test]
fn a_daemon_that_may_lock_nothing_runs_and_is_told_of_no_trouble() {
    if !as_root() {
        return;
    }
    let root = root();
    let program = under_a_limit(root.path());
    let text = std::fs::read_to_string(&program).unwrap();
    std::fs::write(&program, text.replace("ulimit -l 8192", "ulimit -l 0")).unwrap();
    let (ana, ben) = paired(root.path(), &program);
    for home in [ana, ben] {
        let told = home.ask(&["doctor"], Value::Null);
        assert_eq!(told["rungs"][0]["state"], "ok", "{told}");
    }
}
