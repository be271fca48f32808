//! What is in a daemon's memory: no words once it is locked, and no key that may be written to a swap.

use serde_json::{Value, json};
use std::io::{Read, Seek, SeekFrom};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::time::{Duration, Instant};
use troth_core::keys::{Key, Lockbox, RecoveryWords};
use troth_proto::api::{Request, Secret};
use troth_tests::home::{Home, as_root, paired, root};
use troth_tests::socket::Socket;
use troth_tests::terminal::{answer, sit_down};

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

/// Nothing of this is in the memory of a process, once tasks that held it are gone.
fn none_of(pid: i32, secrets: &[(&str, Vec<u8>)], when: &str) {
    let by = Instant::now() + Duration::from_secs(5);
    loop {
        let held = secrets.iter().map(|(name, it)| (*name, places(pid, it)));
        let held: Vec<_> = held.filter(|(_, places)| !places.is_empty()).collect();
        if held.is_empty() {
            return;
        }
        assert!(Instant::now() < by, "{when}: {held:x?}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// The bytes that recovery words stand for.
fn entropy_of(words: &[String]) -> Vec<u8> {
    let language = bip39::Language::English;
    let read = bip39::Mnemonic::parse_in_normalized(language, &words.join(" "));
    read.unwrap().to_entropy()
}

/// What a home's recovery words are and stand for.
fn secrets_of_words(words: &[String]) -> Vec<(&'static str, Vec<u8>)> {
    vec![
        ("what the words stand for", entropy_of(words)),
        ("the words", words[..3].join("\",\"").into_bytes()),
    ]
}

/// What opens and seals a home with a key file that is not running.
fn secrets_of(home: &Home, words: &[String]) -> Vec<(&'static str, Vec<u8>)> {
    let data = data_key(home);
    let file = std::fs::read(home.dir.join("data/key")).unwrap();
    let seal = RecoveryWords::read(&words.join(" ")).unwrap().seal_key();
    vec![
        ("the key file", file),
        ("the data key", data.0.to_vec()),
        ("the key of rows", data.derive("troth/rows/1").0.to_vec()),
        ("the key of seals", seal.0.to_vec()),
    ]
}

#[test]
fn a_locked_daemon_holds_no_key_that_opens_or_seals() {
    if !as_root() {
        return;
    }
    let root = root();
    let [ana, ben] = ["ana", "ben"].map(|name| Home::new(root.path(), name, TROTH));
    let made = ana.init("Ana");
    ben.init("Ben");
    let words = made["recovery_words"].as_array().unwrap().iter();
    let words: Vec<String> = words.map(|it| it.as_str().unwrap().to_owned()).collect();
    let of_words = secrets_of_words(&words);
    none_of(ana.pid().unwrap(), &of_words, "once the words are shown");
    troth_tests::home::pair(&ana, &ben);
    ana.until(&["doctor"], |told| {
        told.to_string().contains("are connected")
    });
    ana.stop();
    let mut secrets = secrets_of(&ana, &words);
    secrets.extend(of_words);
    ana.until(&["doctor"], |told| {
        told.to_string().contains("are connected")
    });
    let pid = ana.pid().unwrap();
    assert!(
        !places(pid, &secrets[1].1).is_empty(),
        "an open home has it"
    );
    for round in ["locked", "locked again"] {
        ana.ask(&["lock"], Value::Null);
        none_of(pid, &secrets, round);
        ana.ask(&["unlock"], json!({}));
        ana.until(&["doctor"], |told| {
            told.to_string().contains("are connected")
        });
    }
}

/// The process that runs a command for a home.
fn runs(home: &Home, command: &str) -> i32 {
    let all = std::fs::read_dir("/proc").unwrap().flatten();
    let mut found = all.filter_map(|entry| {
        let line = std::fs::read(entry.path().join("cmdline")).ok()?;
        let line = String::from_utf8_lossy(&line).into_owned();
        let words: Vec<&str> = line.split('\0').collect();
        let is_it = words.contains(&command) && words.contains(&home.dir.to_str()?);
        entry.file_name().to_str()?.parse().ok().filter(|_| is_it)
    });
    found.next().expect("it runs")
}

#[test]
fn a_passphrase_is_in_no_memory_once_it_has_opened() {
    if !as_root() {
        return;
    }
    let root = root();
    let home = Home::new(root.path(), "ana", TROTH);
    // Put together here, so that this program's own image does not hold them.
    let [first, pages] = ["osprey", "lantern"].map(|word| ["marble", word, "tundra"].join(" "));
    let both = [
        ("the passphrase", first.clone().into_bytes()),
        ("that of the private pages", pages.clone().into_bytes()),
    ];
    let mut session = sit_down(&home, &["init", "--keys", "passphrase"]);
    answer(
        &mut session,
        "Your name, as your partner will see it:",
        "Ana",
    );
    for question in ["A passphrase that opens Troth", "The same once more:"] {
        answer(&mut session, question, &first);
    }
    for question in ["A passphrase for your private pages", "The same once more:"] {
        answer(&mut session, question, &pages);
    }
    answer(&mut session, "Shall Troth start when you log in", "");
    session.exp_regex(r"Word [0-9]+:").unwrap();
    let client = runs(&home, "init");
    let pid = home.pid().unwrap();
    none_of(client, &both, "init, the client");
    none_of(pid, &both, "init");
    drop(session);
    home.ask(&["lock"], Value::Null);
    none_of(pid, &both, "locked");
    home.ask(&["unlock"], json!({"passphrase": first}));
    none_of(pid, &both, "opened");
    let mut socket = Socket::connect(&home.dir);
    let passphrase = Secret(pages);
    socket.ask(&Request::PrivateOpen { passphrase });
    none_of(pid, &both, "private pages open");
    home.ask(&["lock"], Value::Null);
    none_of(pid, &both, "locked again");
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
    home.stop();
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
