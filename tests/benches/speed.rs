//! How fast and how small: the figures the project promises, with the limits of the machine beside them.
//!
//! `cargo bench -p troth-tests` runs all of it; `cargo bench -p troth-tests -- 1000` only books of that size, and
//! `-- mixed 1000` only what two hold of all kinds mixed.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout
)]

#[path = "speed/mixed.rs"]
mod mixed;

use serde_json::{Value, json};
use std::io::{Read, Write};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use troth_proto::api::Request;
use troth_tests::histories::request;
use troth_tests::home::{Home, PATIENCE, paired, root};
use troth_tests::socket::Socket;

const TROTH: &str = env!("CARGO_BIN_EXE_sut-troth");
const TROTHD: &str = env!("CARGO_BIN_EXE_sut-trothd");
const SAMPLES: usize = 1000;

fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

fn report(what: &str, mut times: Vec<Duration>) {
    times.sort();
    let at = |part: f64| millis(times[((times.len() - 1) as f64 * part) as usize]);
    println!(
        "{what:<58} median {:>8.3} ms   p99 {:>8.3} ms   of {}",
        at(0.5),
        at(0.99),
        times.len()
    );
}

fn machine() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let mut client = std::net::TcpStream::connect(listener.local_addr().unwrap()).unwrap();
    let (mut server, _) = listener.accept().unwrap();
    client.set_nodelay(true).unwrap();
    server.set_nodelay(true).unwrap();
    std::thread::spawn(move || {
        let mut byte = [0];
        while server.read_exact(&mut byte).is_ok() && server.write_all(&byte).is_ok() {}
    });
    let mut byte = [0];
    let times = (0..5000).map(|_| {
        let begun = Instant::now();
        client.write_all(&[1]).unwrap();
        client.read_exact(&mut byte).unwrap();
        begun.elapsed()
    });
    report("machine: loopback round trip of one byte", times.collect());
    let mut file = tempfile::tempfile().unwrap();
    let times = (0..2000).map(|_| {
        let begun = Instant::now();
        file.write_all(&[7; 300]).unwrap();
        file.sync_data().unwrap();
        begun.elapsed()
    });
    report(
        "machine: append of 300 bytes with fdatasync",
        times.collect(),
    );
}

/// One of so many. A full book holds 100,000 only if they are short.
fn proposal(n: usize, of: usize) -> Request {
    let long = if of > 50_000 { 0 } else { 2 };
    let terms = format!(
        "Number {n}. {}",
        "We tell each other before anyone comes to stay, and ask if it is all right. ".repeat(long)
    );
    request(
        "agreement_propose",
        json!({"topic": format!("Topic {n}"), "terms": terms, "does": {"me": "I ask first.", "partner": "You ask first."}}),
    )
}

fn fill(home: &Home, n: usize) {
    let mut socket = Socket::connect(&home.dir);
    let mut answered = 0;
    for sent in 0..n {
        socket.send(&proposal(sent, n));
        if sent >= 64 {
            socket.answer().unwrap();
            answered += 1;
        }
    }
    while answered < n {
        socket.answer().unwrap();
        answered += 1;
    }
}

/// From the line that asks A until B's answer shows it; both disks have it by then.
fn change(
    ana: &Home,
    ben: &Home,
    books: &str,
    ask: impl Fn(usize) -> Request,
    show: impl Fn(&Value) -> Request,
) {
    let (mut a, mut b) = (Socket::connect(&ana.dir), Socket::connect(&ben.dir));
    b.ask(&Request::Subscribe {});
    let mut times = Vec::new();
    for n in 0..SAMPLES + 50 {
        let begun = Instant::now();
        let show = show(&a.ask(&ask(n)));
        loop {
            b.send(&show);
            match b.answer() {
                Ok(_) => break,
                Err(_) => while b.line().method.is_none() {},
            }
        }
        if n >= 50 {
            times.push(begun.elapsed());
        }
    }
    report(
        &format!("one change, A to visible on B, books of {books}"),
        times,
    );
}

/// The agreement that was just proposed.
fn show_agreement(done: &Value) -> Request {
    Request::AgreementShow {
        agreement: done["agreement"].as_str().unwrap().to_owned(),
        after: None,
    }
}

fn status_field(pid: i32, field: &str) -> u64 {
    let text = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
    let line = text.lines().find(|line| line.starts_with(field)).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

fn wakeups(pid: i32) -> u64 {
    let threads = std::fs::read_dir(format!("/proc/{pid}/task"))
        .unwrap()
        .flatten();
    threads
        .map(|thread| std::fs::read_to_string(thread.path().join("status")).unwrap_or_default())
        .map(|text| {
            text.lines()
                .filter(|line| line.starts_with("voluntary_ctxt_switches"))
                .filter_map(|l| l.split_whitespace().nth(1)?.parse::<u64>().ok())
                .sum::<u64>()
        })
        .sum()
}

fn idle(home: &Home, what: &str) {
    // Past the tidying and the snapshots that quiet brings.
    std::thread::sleep(Duration::from_secs(45));
    let pid = home.pid().unwrap();
    let (before, ticks) = (wakeups(pid), cpu_ticks(pid));
    std::thread::sleep(Duration::from_secs(20));
    let (woken, used) = (wakeups(pid) - before, cpu_ticks(pid) - ticks);
    let rss = status_field(pid, "VmRSS") as f64 / 1024.0;
    println!(
        "{what:<58} {rss:>8.1} MiB resident   {:.2} wake-ups a second   {used} ticks of CPU in 20 s",
        woken as f64 / 20.0
    );
}

fn cpu_ticks(pid: i32) -> u64 {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap();
    let after = stat.rsplit_once(") ").unwrap().1;
    after
        .split(' ')
        .skip(11)
        .take(2)
        .map(|n| n.parse::<u64>().unwrap())
        .sum()
}

fn start(home: &Home, size: usize) {
    let mut times = Vec::new();
    for _ in 0..7 {
        home.stop();
        let begun = Instant::now();
        let mut child = Command::new(TROTHD)
            .arg("--home")
            .arg(&home.dir)
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        while std::os::unix::net::UnixStream::connect(home.dir.join("run/trothd.sock")).is_err() {
            std::thread::sleep(Duration::from_micros(200));
        }
        Socket::connect(&home.dir).ask(&Request::Today {});
        times.push(begun.elapsed());
        home.stop();
        child.wait().unwrap();
    }
    report(
        &format!("daemon start until Today is answered, {size}"),
        times,
    );
}

fn books(size: usize) {
    let root = root();
    let (ana, ben) = paired(root.path(), TROTH);
    ben.ask(&["pause"], Value::Null);
    let begun = Instant::now();
    fill(&ana, size);
    println!(
        "{:<58} {:>8.3} s",
        format!("{size} changes written, each durable when answered"),
        begun.elapsed().as_secs_f64()
    );
    let mut b = Socket::connect(&ben.dir);
    b.ask(&Request::Subscribe {});
    let begun = Instant::now();
    b.ask(&Request::Resume {});
    let mut seen = 0;
    loop {
        let status = b.ask(&Request::Status {});
        seen += usize::from(status["taking_over"].is_object());
        if status["sharing"] == "on" && status["taking_over"].is_null() && held(&mut b) {
            break;
        }
        b.line();
    }
    println!(
        "{:<58} {:>8.3} s   (progress seen {seen} times)",
        format!("a partner takes over {size}"),
        begun.elapsed().as_secs_f64()
    );
    ana.until(&["status"], |status| status["partner_has_all"] == true);
    println!(
        "{:<58} {:>8.3} s",
        format!("and its acknowledgement is back, {size}"),
        begun.elapsed().as_secs_f64()
    );
    let ask = |n| proposal(n, size);
    change(&ana, &ben, &size.to_string(), ask, show_agreement);
    start(&ben, size);
    ben.ask(&["status"], Value::Null);
    ana.ask(&["status"], Value::Null);
    let times = (0..50).map(|_| {
        let begun = Instant::now();
        assert!(ana.run(&["status"], "").status.success());
        begun.elapsed()
    });
    report(
        &format!("`troth status`, whole process, {size}"),
        times.collect(),
    );
    idle(&ana, &format!("idle, connected, writer, {size}"));
    idle(
        &ben,
        &format!("idle, connected, taker, just started, {size}"),
    );
    ben.ask(&["pause"], Value::Null);
    idle(&ana, &format!("idle, the other paused, {size}"));
    idle(&ben, &format!("idle, paused, {size}"));
}

/// Everything that is dear at the limits of a book, and what of it held up the others for long.
fn files(size: usize) {
    let root = root();
    let (ana, ben) = paired(root.path(), TROTH);
    ben.ask(&["pause"], Value::Null);
    fill(&ana, size);
    let timed = |what: &str, run: &dyn Fn()| {
        let begun = Instant::now();
        run();
        let what = format!("{what}, {size}");
        println!("{what:<58} {:>8.3} s", begun.elapsed().as_secs_f64());
    };
    let path = |name: &str| root.path().join(name).display().to_string();
    let (file, backup) = (path("file"), path("backup"));
    let passphrase = json!({"passphrase": "correct horse battery staple"});
    timed("carry out", &|| {
        ana.ask(&["carry", "out", &file], Value::Null);
    });
    timed("carry in, beside others", &|| {
        let done = std::sync::atomic::AtomicBool::new(false);
        std::thread::scope(|threads| {
            threads.spawn(|| {
                ben.ask(&["carry", "in", &file], Value::Null);
                done.store(true, std::sync::atomic::Ordering::Release);
            });
            let (mut socket, mut times) = (Socket::connect(&ben.dir), Vec::new());
            while !done.load(std::sync::atomic::Ordering::Acquire) {
                let begun = Instant::now();
                socket.ask(&Request::Status {});
                times.push(begun.elapsed());
                std::thread::sleep(Duration::from_millis(5));
            }
            report(&format!("status while a file is carried in, {size}"), times);
        });
    });
    timed("backup", &|| {
        ana.ask(&["backup", &backup], passphrase.clone());
    });
    let restored = Home::new(root.path(), "restored", TROTH);
    timed("restore", &|| {
        let mut words = passphrase.clone();
        words["home_passphrase"] = words["passphrase"].clone();
        restored.ask(&["restore", &backup, "--keys", "passphrase"], words);
    });
    for (name, home) in [
        ("writer", &ana),
        ("carried in", &ben),
        ("restored", &restored),
    ] {
        let mut socket = Socket::connect(&home.dir);
        let list = request("agreement_list", json!({"state": null, "after": null}));
        for (what, ask) in [
            ("today", &Request::Today {}),
            ("today again", &Request::Today {}),
            ("a list", &list),
        ] {
            let begun = Instant::now();
            socket.ask(ask);
            println!(
                "{:<58} {:>8.3} ms",
                format!("{what}, {name}, {size}"),
                millis(begun.elapsed())
            );
        }
        home.stop();
        if name != "restored" {
            home.ask(&["status"], Value::Null);
        }
        let log = home.log();
        for line in log.lines().filter(|line| line.contains("held up")) {
            println!("{name}: {line}");
        }
    }
}

/// Whether the taker has anything at all: the end of the takeover is told by `taking_over`.
fn held(b: &mut Socket) -> bool {
    let list = b.ask(&request(
        "agreement_list",
        json!({"state": "draft", "after": null}),
    ));
    drop(list);
    b.ask(&Request::Today {})["waiting"]
        .as_array()
        .is_some_and(|waiting| !waiting.is_empty())
}

fn sizes() {
    for (program, most) in [("troth", 4.0), ("trothd", 15.0)] {
        let path = std::path::Path::new(TROTH).with_file_name(program);
        match std::fs::metadata(&path) {
            Ok(about) => println!(
                "{:<58} {:>8.2} MB   (reach: {most})",
                format!("{program}, release, stripped"),
                about.len() as f64 / 1e6
            ),
            Err(_) => println!(
                "{program}: build it with `cargo build --release -p troth-daemon -p troth-client` to see its size"
            ),
        }
    }
}

fn main() {
    let sizes_asked: Vec<usize> = std::env::args()
        .filter_map(|argument| argument.parse().ok())
        .collect();
    let only_mixed = std::env::args().any(|argument| argument == "mixed");
    machine();
    sizes();
    for size in if sizes_asked.is_empty() {
        vec![1_000, 10_000, 100_000]
    } else {
        sizes_asked
    } {
        if !only_mixed {
            books(size);
            files(size);
        }
        mixed::run(size);
    }
}
