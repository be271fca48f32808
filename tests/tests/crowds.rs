//! Crowds around a pairing window: from one address, and by what is announced in the network.

use crate::network::{Cable, ip};
use futures::StreamExt;
use libp2p::StreamProtocol;
use libp2p::identity::Keypair;
use libp2p::swarm::SwarmEvent;
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Write};
use std::net::SocketAddr;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use troth_daemon::single::Streams;
use troth_proto::pairing::PROTOCOL;
use troth_tests::home::{Home, PATIENCE, as_root, compare_and_say_yes, root};

const TROTH: &str = env!("CARGO_BIN_EXE_sut-troth");

/// One of a crowd: connects under a key of its own, opens its stream, says nothing, and comes again when it is sent away.
async fn stands_about(at: SocketAddr, held: Arc<AtomicI64>, came: Arc<AtomicUsize>) {
    let streams = Streams::new(StreamProtocol::new(PROTOCOL));
    let mut swarm = troth_daemon::swarm(Keypair::generate_ed25519(), streams).unwrap();
    let address: libp2p::Multiaddr = format!("/ip4/{}/tcp/{}", at.ip(), at.port())
        .parse()
        .unwrap();
    let (mut _stream, mut there, mut first) = (None, false, true);
    swarm.dial(address.clone()).unwrap();
    loop {
        match swarm.select_next_some().await {
            SwarmEvent::ConnectionEstablished {
                peer_id,
                connection_id,
                ..
            } => {
                held.fetch_add(1, Ordering::Relaxed);
                there = true;
                swarm.behaviour_mut().open(peer_id, connection_id);
            }
            SwarmEvent::Behaviour(opened) => _stream = Some(opened.stream),
            SwarmEvent::ConnectionClosed { .. } => {
                held.fetch_sub(1, Ordering::Relaxed);
                (_stream, there) = (None, false);
            }
            SwarmEvent::OutgoingConnectionError { .. } => {}
            _ => continue,
        }
        if std::mem::take(&mut first) {
            came.fetch_add(1, Ordering::Relaxed);
        }
        if !there {
            tokio::time::sleep(Duration::from_millis(300)).await;
            let _ = swarm.dial(address.clone());
        }
    }
}

#[test]
fn a_crowd_at_one_address_has_few_places_in_a_window_and_keeps_nobody_elsewhere_out() {
    let root = root();
    let [ana, ben] = ["ana", "ben"].map(|name| Home::new(root.path(), name, TROTH));
    ana.init("Ana");
    let named = json!({"name": "Ben"});
    ben.ask(
        &["init", "--keys", "file", "--listen", "127.0.0.2:0"],
        named,
    );
    let invited = ana.ask(&["pair", "invite"], Value::Null);
    let ports = crate::strangers::listens(ana.pid().unwrap());
    let at = SocketAddr::from(([127, 0, 0, 1], ports[0]));
    let (held, came) = (Arc::new(AtomicI64::new(0)), Arc::new(AtomicUsize::new(0)));
    let mut builder = tokio::runtime::Builder::new_multi_thread();
    let runtime = builder.worker_threads(1).enable_all().build().unwrap();
    for _ in 0..40 {
        runtime.spawn(stands_about(at, held.clone(), came.clone()));
    }
    // Before those who say nothing are sent away for it.
    let by = Instant::now() + Duration::from_secs(4);
    while came.load(Ordering::Relaxed) < 30 || !(1..=8).contains(&held.load(Ordering::Relaxed)) {
        let (held, came) = (held.load(Ordering::Relaxed), came.load(Ordering::Relaxed));
        assert!(Instant::now() < by, "{held} of {came} have a place");
        std::thread::sleep(Duration::from_millis(5));
    }
    let begun = Instant::now();
    ben.ask(
        &["pair", "join", "--listen", "127.0.0.2"],
        invited["invitation"].clone(),
    );
    for home in [&ana, &ben] {
        home.until(&["pair", "state"], |state| state["my_number"].is_string());
    }
    let took = begun.elapsed();
    assert!(took < Duration::from_secs(10), "{took:?}");
    compare_and_say_yes(&ana, &ben);
    runtime.shutdown_background();
}

/// Announces so many pairing windows that are not there, as libp2p's programs do. Reads a number a line.
const ANNOUNCER: &str = r#"
import os, socket, struct, sys
own = sys.argv[1]
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind((own, 0))
s.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton(own))
s.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_TTL, 1)
LETTERS = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"

def base58(data):
    n, text = int.from_bytes(data, "big"), ""
    while n:
        n, digit = divmod(n, 58)
        text = LETTERS[digit] + text
    return "1" * (len(data) - len(data.lstrip(b"\0"))) + text

def name(*labels):
    return b"".join(bytes([len(l)]) + l for l in labels) + b"\0"

def one():
    peer = base58(b"\x00\x24\x08\x01\x12\x20" + os.urandom(32))
    service = name(b"_p2p", b"_udp", b"local")
    its = name(os.urandom(16).hex().encode(), b"_p2p", b"_udp", b"local")
    text = f"dnsaddr=/ip4/{own}/udp/9/quic-v1/p2p/{peer}".encode()
    text = bytes([len(text)]) + text
    header = struct.pack("!6H", 0, 0x8400, 0, 1, 0, 1)
    pointer = service + struct.pack("!HHIH", 12, 1, 60, len(its)) + its
    record = its + struct.pack("!HHIH", 16, 0x8001, 60, len(text)) + text
    s.sendto(header + pointer + record, ("224.0.0.251", 5353))

print("here", flush=True)
for line in sys.stdin:
    for _ in range(int(line)):
        one()
    print(line.strip(), flush=True)
"#;

struct Announcer(Child, BufReader<ChildStdout>);

impl Announcer {
    fn at(namespace: &str, address: &str) -> Self {
        let mut child = Command::new("ip")
            .args([
                "netns", "exec", namespace, "python3", "-c", ANNOUNCER, address,
            ])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap());
        let mut it = Self(child, lines);
        it.line();
        it
    }

    fn line(&mut self) {
        let mut line = String::new();
        self.1.read_line(&mut line).unwrap();
        assert!(!line.is_empty(), "it has ended");
    }

    fn announces(&mut self, windows: usize) {
        writeln!(self.0.stdin.as_mut().unwrap(), "{windows}").unwrap();
        self.line();
    }
}

impl Drop for Announcer {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn some_who_are_not_there_hide_nobody_and_a_crowd_ends_the_looking() {
    if !as_root() {
        return;
    }
    let root = root();
    let cable = Cable::lay("crowd");
    let [ana, ben] = cable.homes(root.path());
    let [_, b] = &cable.names;
    ip(&format!("-n {b} addr add 10.9.0.9/24 dev eth0"));
    ip(&format!("-n {b} route add 224.0.0.0/4 dev eth0"));
    let mut crowd = Announcer::at(b, "10.9.0.9");
    let invited = ana.ask(&["pair", "invite", "--nearby"], Value::Null);
    crowd.announces(100);
    ben.ask(&["pair", "invite", "--nearby"], Value::Null);
    for home in [&ana, &ben] {
        home.until(&["pair", "state"], |state| state["my_number"].is_string());
    }
    let crowded = |home: &Home| home.ask(&["pair", "state"], Value::Null)["crowded"] == true;
    assert!(!crowded(&ana), "a hundred are no crowd");
    // Some get lost where many come at once.
    let by = Instant::now() + PATIENCE;
    while !crowded(&ana) {
        crowd.announces(50);
        assert!(Instant::now() < by, "she looks on in any crowd");
    }
    // Whom she has found stays, and so does the invitation.
    compare_and_say_yes(&ana, &ben);
    drop::<Value>(invited);
}
