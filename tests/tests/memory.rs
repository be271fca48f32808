//! What is left of words in a daemon's memory once it is locked.

use serde_json::{Value, json};
use std::io::{Read, Seek, SeekFrom};
use troth_tests::home::{Home, as_root, paired, root};

const TROTH: &str = env!("CARGO_BIN_EXE_sut-troth");

/// How often a word stands in the memory of a process.
fn in_memory(pid: i32, word: &str) -> usize {
    let maps = std::fs::read_to_string(format!("/proc/{pid}/maps")).unwrap();
    let mut memory = std::fs::File::open(format!("/proc/{pid}/mem")).unwrap();
    let mut found = 0;
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
            found += bytes
                .windows(word.len())
                .filter(|at| *at == word.as_bytes())
                .count();
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
