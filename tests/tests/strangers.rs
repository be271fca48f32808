//! Strangers who only hold connections, others who want a paused home's ports, and a partner's program at full speed.

use crate::disks::SmallDisk;
use crate::hostile::Stolen;
use serde_json::{Value, json};
use std::net::{SocketAddr, TcpListener, TcpStream, UdpSocket};
use std::time::{Duration, Instant};
use troth_proto::wire::{Bye, Frame, Here};
use troth_tests::histories::request;
use troth_tests::home::{Home, PATIENCE, as_root, compare_and_say_yes, paired, root};
use troth_tests::socket::Socket;

const TROTH: &str = env!("CARGO_BIN_EXE_sut-troth");

/// Where a home listens for its link.
pub fn listens_at(home: &Home) -> SocketAddr {
    let told = home.ask(&["doctor"], Value::Null);
    let why = told["rungs"][1]["why"].as_str().unwrap().to_owned();
    let port = why
        .split(|c: char| !c.is_ascii_digit())
        .filter_map(|n| n.parse::<u16>().ok());
    let mut port = port;
    let port = port.rfind(|port| *port > 1023);
    SocketAddr::from((
        [127, 0, 0, 1],
        port.unwrap_or_else(|| panic!("no port in {why}")),
    ))
}

/// Until a home knows that the two are linked.
fn connected(home: &Home) {
    home.until(&["doctor"], |doctor| {
        doctor.to_string().contains("are connected")
    });
}

/// So many strangers who connect and say nothing, once somebody listens there.
fn idle(at: SocketAddr, n: usize) -> Vec<TcpStream> {
    let begun = Instant::now();
    let connect = || loop {
        match TcpStream::connect(at) {
            Ok(stream) => return stream,
            // Sharing is on again before the system has given the port back.
            Err(e) if e.kind() == std::io::ErrorKind::ConnectionRefused => {
                assert!(begun.elapsed() < Duration::from_secs(20), "{at}: {e}");
                std::thread::sleep(Duration::from_millis(2));
            }
            Err(e) => panic!("{at}: {e}"),
        }
    };
    (0..n).map(|_| connect()).collect()
}

#[test]
fn a_crowd_that_only_holds_connections_keeps_no_couple_apart() {
    let root = root();
    let (ana, ben) = paired(root.path(), TROTH);
    connected(&ana);
    let [hers, his] = [&ana, &ben].map(listens_at);
    ben.ask(&["pause"], Value::Null);
    ana.until(&["doctor"], |doctor| {
        doctor.to_string().contains("does not answer")
    });
    let mut crowd = idle(hers, 64);
    ben.ask(&["resume"], Value::Null);
    crowd.extend(idle(his, 64));
    let begun = Instant::now();
    for home in [&ana, &ben] {
        connected(home);
    }
    let took = begun.elapsed();
    assert!(took < Duration::from_secs(5), "{took:?}");
    drop(crowd);
}

#[test]
fn a_crowd_that_only_holds_connections_keeps_no_invitation_from_being_answered() {
    let root = root();
    let [ana, ben] = ["ana", "ben"].map(|name| Home::new(root.path(), name, TROTH));
    ana.init("Ana");
    ben.init("Ben");
    let invited = ana.ask(&["pair", "invite"], Value::Null);
    let ports = listens(ana.pid().unwrap());
    assert!(!ports.is_empty());
    let crowd: Vec<TcpStream> = ports
        .iter()
        .flat_map(|port| idle(SocketAddr::from(([127, 0, 0, 1], *port)), 64))
        .collect();
    let begun = Instant::now();
    ben.ask(&["pair", "join"], invited["invitation"].clone());
    for home in [&ana, &ben] {
        home.until(&["pair", "state"], |state| state["my_number"].is_string());
    }
    let took = begun.elapsed();
    assert!(took < Duration::from_secs(10), "{took:?}");
    compare_and_say_yes(&ana, &ben);
    drop(crowd);
}

/// The ports of loopback on which a process listens over TCP, by the kernel's tables.
pub fn listens(pid: i32) -> Vec<u16> {
    let table = std::fs::read_to_string("/proc/net/tcp").unwrap();
    let ports = table
        .lines()
        .filter(|line| line.split_whitespace().nth(3) == Some("0A"))
        .filter_map(|line| line.split_whitespace().nth(1)?.split_once(':'))
        .filter(|(ip, _)| *ip == "0100007F")
        .filter_map(|(_, port)| u16::from_str_radix(port, 16).ok());
    ports.filter(|port| belongs_to(pid, *port)).collect()
}

#[test]
fn a_lock_and_a_failed_save_leave_no_pairing_window_open() {
    let root = root();
    let Some(disk) = as_root().then(|| SmallDisk::mount(root.path())).flatten() else {
        assert!(std::env::var_os("CI").is_none(), "this test needs to mount");
        return;
    };
    let mut ana = Home::new(&disk.dir, "ana", TROTH);
    ana.expected = vec!["the disk did not take it", "a save failed", "disk"];
    ana.init("Ana");
    let daemon = ana.pid().unwrap();
    let opened = |so: bool| {
        let by = Instant::now() + PATIENCE;
        while listens(daemon).is_empty() == so {
            assert!(Instant::now() < by, "a window that is open: {so}");
            std::thread::sleep(Duration::from_millis(5));
        }
    };
    ana.ask(&["pair", "invite"], Value::Null);
    opened(true);
    ana.ask(&["lock"], Value::Null);
    opened(false);
    ana.ask(&["unlock"], json!({}));
    ana.ask(&["pair", "invite"], Value::Null);
    opened(true);
    let filler = disk.dir.join("filler");
    let _ = std::fs::write(&filler, vec![7_u8; 64 << 20]);
    let mapping = ["network", "mapping", "on"];
    assert_eq!(ana.script(&mapping, &Value::Null).kind(), "disk_full");
    opened(false);
    std::fs::remove_file(&filler).unwrap();
    let state = ana.until(&["pair", "state"], |_| true);
    assert_eq!(state["state"], "none", "{state}");
}

/// Whether a process listens on a port, by the kernel's tables.
fn belongs_to(pid: i32, port: u16) -> bool {
    let table = std::fs::read_to_string("/proc/net/tcp").unwrap();
    let wanted = format!("0100007F:{port:04X}");
    let inodes = table
        .lines()
        .filter(|line| line.split_whitespace().nth(1) == Some(&wanted));
    let inodes: Vec<String> = inodes
        .filter_map(|line| {
            line.split_whitespace()
                .nth(9)
                .map(|inode| format!("socket:[{inode}]"))
        })
        .collect();
    let open = std::fs::read_dir(format!("/proc/{pid}/fd"))
        .unwrap()
        .flatten();
    open.filter_map(|fd| std::fs::read_link(fd.path()).ok())
        .any(|to| inodes.iter().any(|inode| to.to_string_lossy() == *inode))
}

/// Nobody answers on these ports, and nobody else can have them.
fn held(at: SocketAddr, when: &str) {
    let by = Instant::now() + Duration::from_secs(10);
    // The swarm may take a moment to let go; from then on nobody else gets in between.
    while TcpStream::connect(at).is_ok()
        || TcpListener::bind(at).is_ok()
        || UdpSocket::bind(at).is_ok()
    {
        assert!(
            Instant::now() < by,
            "{when}: the ports are not held after ten seconds"
        );
    }
    for _ in 0..200 {
        assert!(TcpListener::bind(at).is_err(), "{when}: TCP");
        assert!(UdpSocket::bind(at).is_err(), "{when}: UDP");
        assert!(TcpStream::connect(at).is_err(), "{when}: somebody answers");
    }
}

#[test]
fn the_ports_of_a_paused_home_are_nobody_elses() {
    let root = root();
    let (ana, ben) = paired(root.path(), TROTH);
    let at = listens_at(&ana);
    ana.ask(&["lock"], Value::Null);
    held(at, "lock");
    ana.ask(&["unlock"], json!({}));
    connected(&ben);
    for pause in ["pause", "stop"] {
        ana.ask(&[pause], Value::Null);
        held(at, pause);
        // Also by a daemon that begins while it is so, and has listened nowhere yet.
        ana.stop();
        ana.ask(&["status"], Value::Null);
        held(at, "begun anew");
        ana.ask(&["resume"], Value::Null);
        connected(&ben);
    }
}

pub fn resident(home: &Home) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", home.pid().unwrap())).unwrap();
    let line = status
        .lines()
        .find(|line| line.starts_with("VmRSS"))
        .unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

/// Hundredths of a second for which a daemon has worked so far.
fn busy(pid: i32) -> u64 {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap();
    let (_, after) = stat.rsplit_once(") ").unwrap();
    let times = after.split(' ').skip(11).take(2);
    times.map(|n| n.parse::<u64>().unwrap()).sum()
}

/// Hundredths of a second of a core for which a daemon may work in each second of a flood.
const WORK: u64 = 30;

/// `TROTH_FLOOD=60` for a minute; the suite's is short. The figures of both are printed.
fn flooded(over_quic: bool) {
    let seconds = std::env::var("TROTH_FLOOD")
        .ok()
        .and_then(|s| s.parse().ok())
        .unwrap_or(4);
    let root = root();
    let (mut ana, ben) = paired(root.path(), TROTH);
    ana.expected = vec![
        "refused what the partner",
        "opens too many streams",
        "times more",
        "a frame over",
    ];
    connected(&ana);
    let stolen = || match Stolen::from(&ben) {
        stolen if over_quic => stolen.over_quic(),
        stolen => stolen,
    };
    let mut flood: Vec<Stolen> = (0..5).map(|_| stolen()).collect();
    let log_before = ana.log().len();
    let half = Duration::from_secs(seconds) / 2;
    let (turn, until) = (Instant::now() + half, Instant::now() + 2 * half);
    let runtime = || {
        let mut builder = tokio::runtime::Builder::new_current_thread();
        builder.enable_all().build().unwrap()
    };
    let (mut times, mut most, mut attacks) = (Vec::new(), 0, 0);
    let (first, others) = flood.split_first_mut().unwrap();
    let (mut streams, mut frames, mut worked, mut written) = (0, 0, [0; 2], [0; 2]);
    std::thread::scope(|threads| {
        // First one that has a connection to itself; then others who come again and again.
        let one = threads.spawn(move || runtime().block_on(first.flood(turn)));
        let floods: Vec<_> = others
            .iter_mut()
            .map(|stolen| {
                threads.spawn(move || {
                    let runtime = runtime();
                    std::thread::sleep(turn.saturating_duration_since(Instant::now()));
                    let mut n = 0u32;
                    while Instant::now() < until {
                        let noise = if n.is_multiple_of(2) {
                            vec![1, 0xff]
                        } else {
                            Frame::Got(n.into()).write()
                        };
                        let once = stolen.try_attack(true, noise, None);
                        let _ = runtime.block_on(async {
                            tokio::time::timeout(Duration::from_millis(500), once).await
                        });
                        n += 1;
                    }
                    n
                })
            })
            .collect();
        let mut socket = Socket::connect(&ana.dir);
        let pid = ana.pid().unwrap();
        let before = busy(pid);
        while Instant::now() < until {
            let begun = Instant::now();
            socket.ask(&request(
                "agreement_propose",
                json!({"topic": "Mine", "does": {"me": "I write."}}),
            ));
            times.push(begun.elapsed());
            most = most.max(resident(&ana));
            let second = usize::from(Instant::now() >= turn);
            worked[second] = busy(pid) - before;
            written[second] = times.len();
            std::thread::sleep(Duration::from_millis(20));
        }
        (streams, frames) = one.join().unwrap();
        attacks = floods
            .into_iter()
            .map(|flood| flood.join().unwrap())
            .sum::<u32>();
    });
    times.sort();
    let p99 = times[(times.len() - 1) * 99 / 100];
    let log = ana.log().split_off(log_before);
    let refused = log.matches("refused what the partner").count();
    let log = log.len();
    eprintln!(
        "{attacks} attacks, {frames} frames on {streams} streams in {seconds} s: {} MiB resident at most, own write p99 {p99:?} of {}, log {log} bytes, {worked:?} ticks of CPU by each half, {written:?} own writes",
        most / 1024,
        times.len()
    );
    drop(flood);
    let begun = Instant::now();
    ben.ask(
        &["agreement", "propose"],
        json!({"topic": "Honest", "does": {"me": "I dig."}}),
    );
    ana.until(&["today"], |today| today.to_string().contains("Honest"));
    let back = begun.elapsed();
    eprintln!("an honest exchange after {back:?}");
    assert!(most < 96 * 1024, "{most} KiB");
    // Once, how often it was said more, and once again.
    let refused_may = 3 * seconds.div_ceil(60) as usize;
    assert!(refused <= refused_may, "told {refused} times");
    // A shorter flood may fill less of the log. Beside other tests a write takes longer.
    let log_may = 1024 * 1024 * seconds.min(60) as usize / 60;
    assert!(log < log_may, "{log} bytes of log");
    let write_may = if seconds < 60 { 500 } else { 50 };
    assert!(p99 <= Duration::from_millis(write_may), "{p99:?}");
    assert!(back < Duration::from_secs(5), "{back:?}");
    assert!(attacks > 4 && frames > 1_000, "{attacks}, {frames}");
    // Of 100 ticks a second, her own writes included.
    let work_may = WORK * seconds;
    assert!(worked[1] < work_may, "{worked:?} ticks, {work_may} may be");
}

#[test]
fn a_partners_program_at_full_speed_costs_little_and_an_honest_one_is_back_soon() {
    flooded(false);
}

#[test]
fn a_partners_program_at_full_speed_over_quic_costs_little_too() {
    flooded(true);
}

fn runtime() -> tokio::runtime::Runtime {
    let mut builder = tokio::runtime::Builder::new_multi_thread();
    builder.enable_all().build().unwrap()
}

#[test]
fn a_partner_who_sends_crumbs_fills_no_memory() {
    let root = root();
    let (ana, ben) = paired(root.path(), TROTH);
    connected(&ana);
    let stolen = Stolen::from(&ben);
    let before = resident(&ana);
    // One zero byte for each write, on as many connections as Ana takes, as fast as they go.
    let sent = runtime().block_on(async {
        let crumbs = (0..8).map(|_| stolen.crumbs(200_000, Duration::from_secs(10)));
        futures::future::join_all(crumbs).await
    });
    let after = resident(&ana);
    eprintln!("{sent:?} crumbs; {before} KiB resident before, {after} KiB after");
    assert!(sent.iter().sum::<u32>() > 10_000, "{sent:?}");
    assert!(after < before + 24 * 1024, "{before} KiB, {after} KiB");
}

#[test]
fn streams_and_frames_of_a_partner_are_rated() {
    let root = root();
    let (mut ana, ben) = paired(root.path(), TROTH);
    ana.expected = vec!["opens too many streams", "refused what the partner"];
    connected(&ana);
    let mut stolen = Stolen::from(&ben);
    let runtime = runtime();
    let (seconds, begun) = (3, Instant::now());
    let greeted = runtime.block_on(stolen.greeted(begun + Duration::from_secs(seconds)));
    let may = 30 + 4 * begun.elapsed().as_secs() as usize + 4;
    eprintln!("{greeted} streams of at most {may} were answered");
    assert!((10..=may).contains(&greeted), "{greeted} hellos");
    // 4,000 at once and 2,000 a second.
    let begun = Instant::now();
    let empty: Vec<u8> = vec![0; 4 * 12_000];
    let last = Frame::Got(99).write();
    let by = Instant::now() + PATIENCE;
    let answers = loop {
        let answers = runtime.block_on(stolen.says_after(&empty, &last));
        if let Some(answers) = answers.filter(|answers| !answers.is_empty()) {
            break answers;
        }
        assert!(Instant::now() < by, "no stream is taken any more");
    };
    let took = begun.elapsed();
    let refused = |frame: &Frame| matches!(frame, Frame::Bye(Bye::Refused));
    assert!(answers.iter().any(refused), "{answers:?}");
    assert!(took >= Duration::from_millis(3_500), "{took:?}");
}

#[test]
fn whom_a_partner_names_is_dialled_only_where_another_device_may_be() {
    if !as_root() {
        return; // a port below 1024 is the system's to give
    }
    let root = root();
    let (ana, ben) = paired(root.path(), TROTH);
    connected(&ana);
    let mut stolen = Stolen::from(&ben);
    let systems = TcpListener::bind("127.0.0.1:900").unwrap();
    let another = TcpListener::bind("127.0.0.1:0").unwrap();
    let places = [&systems, &another].map(|at| at.local_addr().unwrap());
    let here = Frame::Here(Here {
        places: places.to_vec(),
        you: None,
    });
    runtime().block_on(stolen.says(&[here])).unwrap();
    for listener in [&systems, &another] {
        listener.set_nonblocking(true).unwrap();
    }
    let by = Instant::now() + PATIENCE;
    while another.accept().is_err() {
        assert!(
            Instant::now() < by,
            "the home on loopback is not looked for"
        );
        std::thread::sleep(Duration::from_millis(10));
    }
    // It is named before the other, and would have been dialled before it.
    let dialled = systems.accept().map(|(_, from)| from).ok();
    assert_eq!(dialled, None, "a service of this machine was dialled");
}
