//! Bad input of every kind: each has its sentence and exit code, and loses nothing.

use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Write};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::UnixStream;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use troth_proto::api::{Request, Secret};
use troth_proto::limits;
use troth_tests::home::{Done, Home, PATIENCE, as_root, pair, paired, root};
use troth_tests::socket::Socket;

const TROTH: &str = env!("CARGO_BIN_EXE_sut-troth");
const TROTHD: &str = env!("CARGO_BIN_EXE_sut-trothd");

pub fn check(done: &Done, code: i32, kind: &str) {
    assert_eq!((done.code, done.kind()), (code, kind), "{}", done.error);
    assert_eq!(done.error["v"], 1);
    for part in ["what", "next"] {
        assert!(
            done.error["error"][part]
                .as_str()
                .unwrap()
                .ends_with(['.', '`']),
            "{}",
            done.error
        );
    }
}

pub fn proposal() -> Value {
    json!({"topic": "Visits", "does": {"me": "I call before."}})
}

#[test]
fn before_anything_is_set_up_each_command_says_what_to_do_first() {
    let root = root();
    let home = Home::new(root.path(), "ana", TROTH);
    check(
        &home.script(&["service", "status"], &Value::Null),
        3,
        "no_daemon",
    );
    check(
        &home.script(&["agreement", "list"], &Value::Null),
        5,
        "not_set_up",
    );
    check(
        &home.script(&["pair", "invite"], &Value::Null),
        5,
        "not_set_up",
    );
    check(
        &home.script(&["init", "--keys", "file"], &json!({"name": ""})),
        2,
        "bad_request",
    );
    check(
        &home.script(&["init", "--keys", "file"], &json!({"name": "two\nlines"})),
        2,
        "bad_request",
    );
    check(
        &home.script(
            &["init", "--keys", "file", "--listen", "nowhere"],
            &json!({"name": "Ana"}),
        ),
        2,
        "bad_request",
    );
    check(
        &home.script(
            // No device of this computer has that address.
            &["init", "--keys", "file", "--listen", "192.0.2.1"],
            &json!({"name": "Ana"}),
        ),
        1,
        "listen_failed",
    );
    check(
        &home.script(
            &["init", "--keys", "passphrase"],
            &json!({"name": "Ana", "passphrase": "short"}),
        ),
        2,
        "passphrase_too_short",
    );
    assert_eq!(home.ask(&["status"], Value::Null)["keys"], "not_set_up");
    home.init("Ana");
    check(
        &home.script(&["init", "--keys", "file"], &json!({"name": "Ana"})),
        1,
        "already_set_up",
    );
    check(
        &home.script(&["agreement", "propose"], &proposal()),
        5,
        "not_paired",
    );
    check(
        &home.script(&["checkin", "ready"], &json!({"wish": "rain"})),
        5,
        "not_paired",
    );
    check(
        &home.script(
            &["carry", "out", root.path().join("f").to_str().unwrap()],
            &Value::Null,
        ),
        5,
        "not_paired",
    );
    check(
        &home.script(&["pair", "number"], &json!("123456")),
        1,
        "no_window",
    );
    check(&home.script(&["dance"], &Value::Null), 2, "bad_request");
    check(
        &home.script(&["help", "dancing"], &Value::Null),
        2,
        "no_topic",
    );
}

#[test]
fn invitations_and_numbers_that_are_wrong() {
    let root = root();
    let (ana, mut ben) = (
        Home::new(root.path(), "ana", TROTH),
        Home::new(root.path(), "ben", TROTH),
    );
    ana.init("Ana");
    ben.init("Ben");
    let invitation = ana.ask(&["pair", "invite"], Value::Null)["invitation"]
        .as_str()
        .unwrap()
        .to_owned();
    check(
        &ben.script(&["pair", "join"], &json!("hello")),
        1,
        "bad_invitation",
    );
    check(
        &ben.script(
            &["pair", "join"],
            &json!(&invitation[..invitation.len() - 3]),
        ),
        1,
        "bad_invitation",
    );
    check(
        &ana.script(&["pair", "join"], &json!(invitation)),
        1,
        "own_invitation",
    );
    ben.stop();
    ben.env
        .push(("TROTH_NOW".into(), "2099-01-01T00:00:00Z".into()));
    check(
        &ben.script(&["pair", "join"], &json!(invitation)),
        1,
        "invitation_expired",
    );
    ben.stop();
    ben.env.clear();
    ben.ask(&["pair", "join"], json!(invitation));
    let number = |home: &Home| {
        home.until(&["pair", "state"], |s| s["my_number"].is_string())["my_number"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    let (hers, his) = (number(&ana), number(&ben));
    let wrong = ["000000", "000001", "000002"]
        .into_iter()
        .find(|n| **n != *hers && **n != *his)
        .unwrap();
    check(
        &ana.script(&["pair", "number"], &json!("12")),
        2,
        "not_six_digits",
    );
    check(
        &ana.script(&["pair", "number"], &json!(hers)),
        1,
        "own_number",
    );
    check(
        &ana.script(&["pair", "yes"], &Value::Null),
        1,
        "pairing_not_there",
    );
    for _ in 0..3 {
        check(
            &ana.script(&["pair", "number"], &json!(wrong)),
            1,
            "wrong_number",
        );
    }
    assert_eq!(ana.ask(&["pair", "state"], Value::Null)["state"], "failed");
    check(
        &ana.script(&["pair", "number"], &json!(his)),
        1,
        "no_window",
    );
    // Nothing was lost: they pair at the next attempt.
    pair(&ana, &ben);
    check(
        &ana.script(&["pair", "invite"], &Value::Null),
        1,
        "already_paired",
    );
    check(
        &ana.script(&["pair", "join"], &json!(invitation)),
        1,
        "already_paired",
    );
}

#[test]
fn words_that_cannot_be_kept() {
    let root = root();
    let (ana, ben) = paired(root.path(), TROTH);
    let propose = |words: Value| ana.script(&["agreement", "propose"], &words);
    check(
        &propose(json!({"topic": "Visits", "does": {"me": " "}})),
        2,
        "nobody_does",
    );
    check(
        &propose(json!({"topic": "", "does": {"me": "x"}})),
        2,
        "nothing_said",
    );
    check(
        &propose(json!({"topic": "Visits", "terms": "x".repeat(20_001), "does": {"me": "x"}})),
        2,
        "too_long",
    );
    check(
        &propose(json!({"topic": "Visits", "terms": "😀".repeat(19_000), "does": {"me": "x"}})),
        2,
        "too_long",
    );
    check(&propose(json!({"topic": "Visits"})), 2, "bad_request");
    check(
        &propose(json!({"topic": "Visits", "does": {"me": "x"}, "colour": "red"})),
        2,
        "bad_request",
    );
    check(
        &propose(json!({"topic": "Visits", "does": {"me": "x"}, "trial_until": "tomorrow"})),
        2,
        "bad_request",
    );
    check(&propose(json!("not json at all")), 2, "bad_request");
    check(
        &ana.script(&["agreement", "yes", "zz"], &Value::Null),
        1,
        "no_such",
    );
    check(
        &ana.script(&["agreement", "yes", "abcdef"], &Value::Null),
        1,
        "no_such",
    );
    let v = ana.ask(&["agreement", "propose"], proposal());
    let (agreement, version) = (
        v["agreement"].as_str().unwrap(),
        v["version"].as_str().unwrap(),
    );
    check(
        &ana.script(&["agreement", "yes", version], &Value::Null),
        1,
        "already_said_yes",
    );
    check(
        &ana.script(&["agreement", "not-now", version], &Value::Null),
        1,
        "not_yours",
    );
    ben.until(&["agreement", "show", agreement], |_| true);
    ben.ask(&["agreement", "let-go", agreement], json!({"note": "No."}));
    check(
        &ben.script(&["agreement", "yes", version], &Value::Null),
        7,
        "not_on_offer",
    );
    check(
        &ana.script(&["checkin", "ready"], &json!({})),
        2,
        "nothing_said",
    );
    check(
        &ana.script(
            &["checkin", "ready", "--slot", "2026-W99"],
            &json!({"wish": "x"}),
        ),
        2,
        "bad_request",
    );
    check(
        &ana.script(&["checkin", "cancel", "2026-W47"], &Value::Null),
        1,
        "not_ready",
    );
    check(
        &ana.script(&["checkin", "heard", "2026-W47"], &json!({"words": "x"})),
        1,
        "nothing_open",
    );
    ana.ask(
        &["checkin", "ready", "--slot", "2026-W47"],
        json!({"wish": "rain"}),
    );
    check(
        &ana.script(
            &["checkin", "ready", "--slot", "2026-W47"],
            &json!({"wish": "x"}),
        ),
        1,
        "already_ready",
    );
    assert_eq!(
        ana.ask(&["agreement", "list"], Value::Null)["agreements"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
}

#[test]
fn carried_files_that_are_not_whole_or_not_ours() {
    let root = root();
    let (ana, ben) = paired(root.path(), TROTH);
    ana.ask(&["pause"], Value::Null);
    for _ in 0..3 {
        ana.ask(&["agreement", "propose"], proposal());
    }
    let path = |name: &str| root.path().join(name).to_str().unwrap().to_owned();
    ana.ask(&["carry", "out", &path("whole")], Value::Null);
    assert_eq!(
        std::fs::metadata(path("whole"))
            .unwrap()
            .permissions()
            .mode()
            & 0o777,
        0o600
    );
    let whole = std::fs::read(path("whole")).unwrap();
    std::fs::write(path("cut"), &whole[..whole.len() - 1]).unwrap();
    std::fs::write(path("empty"), b"").unwrap();
    std::fs::write(path("other"), b"something else altogether").unwrap();
    check(
        &ben.script(&["carry", "in", &path("cut")], &Value::Null),
        1,
        "carry_damaged",
    );
    check(
        &ben.script(&["carry", "in", &path("empty")], &Value::Null),
        1,
        "not_for_us",
    );
    check(
        &ben.script(&["carry", "in", &path("other")], &Value::Null),
        1,
        "not_for_us",
    );
    check(
        &ben.script(&["carry", "in", &path("missing")], &Value::Null),
        1,
        "file_failed",
    );
    check(
        &ana.script(&["carry", "in", &path("whole")], &Value::Null),
        1,
        "not_for_us",
    );
    check(
        &ana.script(&["carry", "out", "/nowhere/file"], &Value::Null),
        1,
        "file_failed",
    );
    assert_eq!(
        ben.ask(&["agreement", "list"], Value::Null)["agreements"],
        json!([])
    );
    assert_eq!(
        ben.ask(&["carry", "in", &path("whole")], Value::Null)["carried"],
        true
    );
    assert_eq!(
        ben.ask(&["agreement", "list"], Value::Null)["agreements"]
            .as_array()
            .unwrap()
            .len(),
        3
    );
}

#[test]
fn a_large_file_of_strangers_is_refused_by_its_first_piece() {
    let root = root();
    let (ana, ben) = paired(root.path(), TROTH);
    ana.ask(&["pause"], Value::Null);
    let path = root.path().join("theirs").to_str().unwrap().to_owned();
    ana.ask(&["carry", "out", &path], Value::Null);
    let mut theirs = std::fs::read(&path).unwrap();
    let middle = theirs.len() / 2;
    theirs[middle] ^= 1;
    std::fs::write(&path, &theirs).unwrap();
    // As large as a file may be: what follows would be read for seconds.
    let file = std::fs::File::options().write(true).open(&path).unwrap();
    file.set_len(limits::CARRY_BYTES as u64).unwrap();
    let begun = Instant::now();
    let done = ben.script(&["carry", "in", &path], &Value::Null);
    let took = begun.elapsed();
    check(&done, 1, "not_for_us");
    assert!(took < Duration::from_secs(1), "{took:?}");
}

#[test]
fn a_second_daemon_on_the_same_home_is_told_and_the_first_goes_on() {
    let root = root();
    let home = Home::new(root.path(), "ana", TROTH);
    home.init("Ana");
    let second = Command::new(TROTHD)
        .arg("--home")
        .arg(&home.dir)
        .output()
        .unwrap();
    assert_eq!(second.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&second.stderr).contains("another_daemon"));
    assert_eq!(home.ask(&["status"], Value::Null)["me"], "Ana");
}

#[test]
fn a_socket_of_another_user_is_not_talked_to() {
    if !as_root() {
        return;
    }
    let root = root();
    let home = Home::new(root.path(), "ana", TROTH);
    std::fs::set_permissions(root.path(), std::fs::Permissions::from_mode(0o755)).unwrap();
    let run = home.dir.join("run");
    std::fs::create_dir_all(&run).unwrap();
    std::fs::set_permissions(&run, std::fs::Permissions::from_mode(0o777)).unwrap();
    // A program of another user that listens where the daemon should.
    let script = "import os,socket,sys\nos.setgid(65534); os.setuid(65534)\ns=socket.socket(socket.AF_UNIX); s.bind(sys.argv[1]); s.listen(); print('up', flush=True)\nwhile True: c,_=s.accept()";
    let mut other = Command::new("python3")
        .args(["-c", script])
        .arg(run.join("trothd.sock"))
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(other.stdout.take().unwrap())
        .read_line(&mut line)
        .unwrap();
    let done = home.script(&["status"], &Value::Null);
    other.kill().unwrap();
    other.wait().unwrap();
    std::fs::remove_file(run.join("trothd.sock")).unwrap();
    check(&done, 1, "foreign_socket");
}

#[test]
fn another_users_program_is_not_answered() {
    if !as_root() {
        return;
    }
    let root = root();
    let mut home = Home::new(root.path(), "ana", TROTH);
    home.expected = vec!["another user's program was turned away"];
    home.init("Ana");
    // Even if the folder were open, the daemon looks who asks.
    std::fs::set_permissions(root.path(), std::fs::Permissions::from_mode(0o755)).unwrap();
    for dir in [home.dir.clone(), home.dir.join("run")] {
        std::fs::set_permissions(dir, std::fs::Permissions::from_mode(0o755)).unwrap();
    }
    std::fs::set_permissions(
        home.dir.join("run/trothd.sock"),
        std::fs::Permissions::from_mode(0o777),
    )
    .unwrap();
    let script = "import os,socket,sys\nos.setgid(65534); os.setuid(65534)\ns=socket.socket(socket.AF_UNIX); s.connect(sys.argv[1])\ntry: s.sendall(b'{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"hello\",\"params\":{\"api\":1}}\\n'); print(len(s.recv(100)))\nexcept ConnectionError: print(0)";
    let output = Command::new("python3")
        .args(["-c", script])
        .arg(home.dir.join("run/trothd.sock"))
        .output()
        .unwrap();
    assert_eq!(
        String::from_utf8_lossy(&output.stdout).trim(),
        "0",
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

#[test]
fn lines_that_are_no_calls_are_answered_and_harm_nobody() {
    let root = root();
    let home = Home::new(root.path(), "ana", TROTH);
    home.init("Ana");
    let socket = home.dir.join("run/trothd.sock");
    let mut raw = UnixStream::connect(&socket).unwrap();
    let mut answers = BufReader::new(raw.try_clone().unwrap());
    let mut ask = |line: &str| {
        raw.write_all(line.as_bytes()).unwrap();
        let mut answer = String::new();
        answers.read_line(&mut answer).unwrap();
        serde_json::from_str::<Value>(&answer).unwrap()
    };
    assert_eq!(ask("{\n")["error"]["code"], -32700);
    assert_eq!(ask("[]\n")["error"]["code"], -32600);
    assert_eq!(
        ask("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"hello\",\"params\":{\"api\":1}}\n")["result"]
            ["api"],
        1
    );
    assert_eq!(
        ask("{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"fly\"}\n")["error"]["data"]["kind"],
        "bad_request"
    );
    assert_eq!(
        ask(&format!("{}\n", "[".repeat(5000)))["error"]["code"],
        -32600
    );
    // Before hello nothing is answered but hello.
    let mut rude = UnixStream::connect(&socket).unwrap();
    rude.write_all(b"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"status\"}\n")
        .unwrap();
    let mut answer = String::new();
    BufReader::new(&rude).read_line(&mut answer).unwrap();
    assert!(answer.contains("api_version"));
    // A line without end, longer than any line, ends the conversation and no more than that.
    let mut endless = UnixStream::connect(&socket).unwrap();
    let chunk = vec![b'x'; 64 * 1024];
    let mut sent = 0;
    while sent < 4 * 1024 * 1024 && endless.write_all(&chunk).is_ok() {
        sent += chunk.len();
    }
    assert!(
        sent < 4 * 1024 * 1024,
        "an endless line was read to its end"
    );
    assert_eq!(home.ask(&["status"], Value::Null)["me"], "Ana");
}

#[test]
fn clocks_years_off_lose_nothing() {
    let root = root();
    let (ana, mut ben) = (
        Home::new(root.path(), "ana", TROTH),
        Home::new(root.path(), "ben", TROTH),
    );
    ben.env.push(("TROTH_TODAY".into(), "1987-03-04".into()));
    ana.init("Ana");
    ben.init("Ben");
    pair(&ana, &ben);
    let v = ben.ask(&["agreement", "propose"], proposal());
    let agreement = v["agreement"].as_str().unwrap();
    ana.until(&["agreement", "show", agreement], |_| true);
    ana.ask(
        &["agreement", "yes", v["version"].as_str().unwrap()],
        Value::Null,
    );
    ben.until(&["agreement", "show", agreement], |shown| {
        shown["state"] == "in_force"
    });
    assert_eq!(
        ana.ask(&["agreement", "show", agreement], Value::Null)["in_force"]["on"],
        "1987-03-04"
    );
}

#[test]
fn a_passphrase_opens_what_it_locked_and_the_24_words_do_too() {
    let root = root();
    let home = Home::new(root.path(), "ana", TROTH);
    let words = home.ask(
        &["init", "--keys", "passphrase", "--listen", "127.0.0.1:0"],
        json!({"name": "Ana", "passphrase": "four calm green trees"}),
    );
    let words: Vec<&str> = words["recovery_words"]
        .as_array()
        .unwrap()
        .iter()
        .map(|w| w.as_str().unwrap())
        .collect();
    assert_eq!(words.len(), 24);
    home.stop();
    check(&home.script(&["today"], &Value::Null), 4, "locked");
    assert_eq!(
        home.ask(&["status"], Value::Null)["locked_by"],
        "passphrase"
    );
    check(
        &home.script(&["unlock"], &json!({"passphrase": "something else"})),
        1,
        "wrong_passphrase",
    );
    home.ask(&["unlock"], json!({"passphrase": "four calm green trees"}));
    home.ask(&["today"], Value::Null);
    home.ask(&["lock"], Value::Null);
    check(
        &home.script(&["agreement", "list"], &Value::Null),
        4,
        "locked",
    );
    check(
        &home.script(&["unlock"], &json!({"recovery_words": "art ".repeat(24)})),
        1,
        "wrong_words",
    );
    home.ask(&["unlock"], json!({"recovery_words": words.join(" ")}));
    assert_eq!(home.ask(&["status"], Value::Null)["me"], "Ana");
    for file in troth_tests::home::files(&home.dir) {
        let bytes = std::fs::read(&file).unwrap_or_default();
        assert!(
            !bytes.windows(15).any(|w| w == b"calm green tree"),
            "the passphrase is in {}",
            file.display()
        );
    }
}

#[test]
fn a_key_file_that_is_gone_locks_and_makes_no_new_key() {
    let root = root();
    let home = Home::new(root.path(), "ana", TROTH);
    home.init("Ana");
    home.stop();
    let key = home.dir.join("data/key");
    let kept = std::fs::read(&key).unwrap();
    std::fs::remove_file(&key).unwrap();
    let done = home.script(&["today"], &Value::Null);
    check(&done, 4, "locked");
    assert!(
        done.error
            .to_string()
            .contains("file that opens Troth is not where it was")
    );
    assert!(!key.exists(), "a new key was made");
    // Back in its place, it opens by itself; locked by hand, it does not.
    home.ask(&["lock"], Value::Null);
    std::fs::write(&key, kept).unwrap();
    check(&home.script(&["today"], &Value::Null), 4, "locked");
    home.ask(&["unlock"], json!({}));
    home.stop();
    std::fs::rename(&key, home.dir.join("elsewhere")).unwrap();
    check(&home.script(&["today"], &Value::Null), 4, "locked");
    std::fs::rename(home.dir.join("elsewhere"), &key).unwrap();
    home.ask(&["today"], Value::Null);
}

#[test]
fn a_port_that_another_program_has_is_waited_for() {
    let root = root();
    let (mut ana, ben) = paired(root.path(), TROTH);
    ana.expected = vec!["could not listen"];
    let addresses = |home: &Home| -> String {
        let doctor = home.ask(&["doctor"], Value::Null);
        doctor["rungs"][1]["why"].as_str().unwrap().to_owned()
    };
    let at: std::net::SocketAddr = addresses(&ana)
        .trim_start_matches("At ")
        .trim_end_matches(", UDP and TCP.")
        .parse()
        .unwrap();
    ana.stop();
    let taken = (
        std::net::UdpSocket::bind(at).unwrap(),
        std::net::TcpListener::bind(at).unwrap(),
    );
    ana.until(&["doctor"], |_| {
        addresses(&ana).contains("another program has that port")
    });
    let written = ana.ask(&["agreement", "propose"], proposal());
    let name = written["agreement"].as_str().unwrap();
    drop(taken);
    ana.until(&["doctor"], |_| addresses(&ana).contains("UDP and TCP"));
    ben.until(&["agreement", "show", name], |_| true);
}

#[test]
fn a_client_that_does_not_read_is_hung_up_on_and_nobody_else_waits() {
    use std::io::Read;
    use troth_proto::api::{Call, Request};
    let root = root();
    let home = Home::new(root.path(), "ana", TROTH);
    home.init("Ana");
    let mut deaf = UnixStream::connect(home.dir.join("run/trothd.sock")).unwrap();
    let hello = Request::Hello {
        api: troth_proto::api::VERSION,
    };
    deaf.write_all(Call::write(1, &hello).as_bytes()).unwrap();
    let asked = 20_000;
    let sent = (2..asked).take_while(|id| {
        deaf.write_all(Call::write(*id, &Request::Status {}).as_bytes())
            .is_ok()
    });
    let sent = sent.count();
    // Others are answered meanwhile.
    assert_eq!(home.ask(&["status"], Value::Null)["me"], "Ana");
    // It is told by the end of the stream that no more comes.
    deaf.set_read_timeout(Some(std::time::Duration::from_secs(30)))
        .unwrap();
    let mut all = Vec::new();
    let ended = deaf.read_to_end(&mut all); // a reset ends it too
    let waited = |e: &std::io::Error| e.kind() == std::io::ErrorKind::WouldBlock;
    assert!(!ended.as_ref().is_err_and(waited), "it is left waiting");
    let answers = all.iter().filter(|byte| **byte == b'\n').count();
    assert!(answers < sent.max(300), "{answers} of {sent}");
    assert!(
        sent < asked as usize - 2 || answers < sent,
        "it was hung up on"
    );
}

#[test]
fn clients_that_ask_badly_and_never_read_keep_nobody_out() {
    use troth_proto::api::{Call, VERSION};
    let root = root();
    let home = Home::new(root.path(), "ana", TROTH);
    home.init("Ana");
    let connect = || UnixStream::connect(home.dir.join("run/trothd.sock")).unwrap();
    // Far more answers than fit anywhere.
    let bad = "?\n".repeat(40_000);
    let deaf: Vec<UnixStream> = (0..limits::API_CLIENTS)
        .map(|_| {
            let mut one = connect();
            one.write_all(bad.as_bytes()).unwrap();
            one
        })
        .collect();
    let hello = Request::Hello { api: VERSION };
    let by = Instant::now() + PATIENCE;
    let greeted = || {
        let (mut one, mut answer) = (connect(), String::new());
        let _ = one.write_all(Call::write(1, &hello).as_bytes());
        let _ = BufReader::new(one).read_line(&mut answer);
        answer.contains("\"result\"")
    };
    while !greeted() {
        assert!(Instant::now() < by, "nobody is let in any more");
        std::thread::sleep(Duration::from_millis(20));
    }
    drop(deaf);
}

#[test]
fn words_that_were_not_said_keep_to_their_limits() {
    let root = root();
    let (ana, _ben) = paired(root.path(), TROTH);
    let mut socket = Socket::connect(&ana.dir);
    let keep = |about: &str, words: Option<&str>| Request::KeepUnsaid {
        about: about.into(),
        words: words.map(|words| Secret(words.into())),
    };
    for n in 0..=limits::UNSAID {
        let kept = socket.ask(&keep(&format!("thing {n}"), Some("words")));
        assert_eq!(kept["gone"], usize::from(n == limits::UNSAID), "it is said");
    }
    let kept = |socket: &mut Socket, about: &str| {
        let about = about.into();
        socket.ask(&Request::Unsaid { about })["words"].clone()
    };
    assert_eq!(kept(&mut socket, "thing 0"), Value::Null, "the oldest goes");
    assert_eq!(kept(&mut socket, "thing 1"), "words");
    // Also more than could be said: it can be shortened later.
    let long = "a".repeat(10 * limits::WORDS_BYTES);
    socket.ask(&keep("thing 2", Some(&long)));
    assert_eq!(kept(&mut socket, "thing 2"), *long);
    for bad in [
        keep(&long, Some("words")),
        keep("two\nlines", Some("words")),
    ] {
        socket.send(&bad);
        assert_eq!(socket.answer().unwrap_err()["kind"], "too_long");
    }
    assert_eq!(
        kept(&mut socket, "thing 1"),
        "words",
        "nothing is lost over it"
    );
    socket.ask(&keep("thing 1", None));
    assert_eq!(kept(&mut socket, "thing 1"), Value::Null);
    // Locked, nothing of it is told.
    socket.ask(&Request::Lock {});
    socket.send(&Request::Unsaid {
        about: "thing 2".into(),
    });
    assert_eq!(socket.answer().unwrap_err()["kind"], "locked");
}
