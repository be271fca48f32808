//! Two devices in two network namespaces: they pair over a network, lose and find each other, move both at once, and talk
//! to nobody else meanwhile.

use serde_json::{Value, json};
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use troth_tests::home::{Home, as_root, compare_and_say_yes, pair, root};

const TROTH: &str = env!("CARGO_BIN_EXE_sut-troth");

/// Prints each new kind of packet that leaves the namespace: what it is, and to whom.
pub const WATCH: &str = r#"
import socket, struct
s = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3))
seen = set()
print("watching", flush=True)
while True:
    packet, about = s.recvfrom(65535)
    if about[2] != socket.PACKET_OUTGOING or about[0] == "lo":
        continue
    kind = struct.unpack("!H", packet[12:14])[0]
    if kind == 0x0800:
        what = ("ipv4", packet[23], socket.inet_ntop(socket.AF_INET, packet[30:34]))
    elif kind == 0x86DD:
        what = ("ipv6", packet[20], socket.inet_ntop(socket.AF_INET6, packet[38:54]))
    else:
        what = ("other", kind, "")
    if what not in seen:
        seen.add(what)
        print(*what, flush=True)
"#;

pub fn ip(arguments: &str) {
    let output = Command::new("ip")
        .args(arguments.split(' '))
        .output()
        .unwrap();
    assert!(output.status.success(), "ip {arguments}: {output:?}");
}

/// Two namespaces, and a cable between them.
pub struct Cable {
    pub names: [String; 2],
}

impl Cable {
    pub fn lay(what: &str) -> Self {
        let names = ["a", "b"].map(|side| format!("troth-{}-{what}-{side}", std::process::id()));
        let it = Self { names };
        for name in &it.names {
            ip(&format!("netns add {name}"));
        }
        let [a, b] = &it.names;
        ip(&format!(
            "link add eth0 netns {a} type veth peer name eth0 netns {b}"
        ));
        for (name, host) in it.names.iter().zip(1..) {
            ip(&format!("-n {name} link set lo up"));
            ip(&format!("-n {name} addr add 10.9.0.{host}/24 dev eth0"));
            ip(&format!("-n {name} link set eth0 up"));
        }
        it
    }

    /// Ana's home at one end, and Ben's at the other.
    pub fn homes(&self, root: &Path) -> [Home; 2] {
        let at = |(name, namespace): (&str, &String)| {
            let mut home = Home::new(root, &name.to_lowercase(), TROTH);
            home.namespace = Some(namespace.clone());
            home.ask(&["init", "--keys", "file"], json!({"name": name}));
            home
        };
        let [a, b] = &self.names;
        [("Ana", a), ("Ben", b)].map(at)
    }

    /// Says what leaves the first namespace from now on.
    fn watch(&self) -> Child {
        let mut child = Command::new("ip")
            .args(["netns", "exec", &self.names[0], "python3", "-c", WATCH])
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut first = [0; 9];
        use std::io::Read;
        child
            .stdout
            .as_mut()
            .unwrap()
            .read_exact(&mut first)
            .unwrap();
        assert_eq!(&first, b"watching\n");
        child
    }
}

impl Drop for Cable {
    fn drop(&mut self) {
        for name in &self.names {
            let _ = Command::new("ip").args(["netns", "del", name]).status();
        }
    }
}

fn connected(home: &Home) {
    home.until(&["doctor"], |doctor| {
        doctor.to_string().contains("are connected")
    });
}

fn propose(home: &Home, topic: &str) -> String {
    let words = json!({"topic": topic, "does": {"me": "I call before."}});
    let done = home.ask(&["agreement", "propose"], words);
    done["agreement"].as_str().unwrap().to_owned()
}

#[test]
fn two_devices_lose_and_find_each_other_and_talk_to_nobody_else() {
    if !as_root() {
        return;
    }
    let root = root();
    let cable = Cable::lay("move");
    let [ana, ben] = cable.homes(root.path());
    let mut watch = cable.watch();
    pair(&ana, &ben);
    connected(&ana);
    connected(&ben);

    // The other end falls silent without a word, and comes back.
    let [a, b] = &cable.names;
    ip(&format!("-n {b} link set eth0 down"));
    let apart = propose(&ana, "Written apart");
    ana.until(&["doctor"], |doctor| {
        doctor.to_string().contains("does not answer")
    });
    ip(&format!("-n {b} link set eth0 up"));
    ben.until(&["agreement", "show", &apart], |_| true);

    // Both move to another network at once: nothing that is remembered leads anywhere, and they call each other.
    for (name, host) in [(a, 1), (b, 2)] {
        ip(&format!("-n {name} addr del 10.9.0.{host}/24 dev eth0"));
        ip(&format!("-n {name} addr add 10.7.0.{host}/24 dev eth0"));
    }
    let called = propose(&ana, "Written where they call");
    ben.until(&["agreement", "show", &called], |_| true);
    connected(&ana);

    // And again, to where nobody hears a call: neither is in the other's network.
    for (name, host, other) in [(a, "10.6.0.1", "10.6.1.2"), (b, "10.6.1.2", "10.6.0.1")] {
        ip(&format!("-n {name} addr flush dev eth0"));
        ip(&format!("-n {name} addr add {host}/32 dev eth0"));
        ip(&format!("-n {name} route add {other} dev eth0"));
    }
    ana.until(&["doctor"], |doctor| {
        doctor.to_string().contains("does not answer")
    });
    let later = propose(&ana, "Written in another network");
    let there = ben.until(&["doctor"], |doctor| {
        doctor.to_string().contains("10.6.1.2:")
    });
    let why = there["rungs"][1]["why"].as_str().unwrap();
    let words = why.split([' ', ',']);
    let address = words
        .into_iter()
        .find(|word| word.starts_with("10.6.1.2:"))
        .unwrap();
    ana.ask(&["reach", address], Value::Null);
    ben.until(&["agreement", "show", &later], |_| true);
    connected(&ana);
    // Each knows again where the other is.
    for (home, host) in [(&ana, "10.6.1.2:"), (&ben, "10.6.0.1:")] {
        home.until(&["doctor"], |doctor| {
            doctor["rungs"][2]["why"].as_str().unwrap().contains(host)
        });
    }
    ana.stop();
    ben.stop();

    watch.kill().unwrap();
    let sent: Vec<String> = BufReader::new(watch.stdout.take().unwrap())
        .lines()
        .map_while(Result::ok)
        .collect();
    watch.wait().unwrap();
    assert!(
        sent.iter().any(|line| line == "ipv4 17 10.9.0.2"),
        "{sent:?}"
    );
    for line in &sent {
        // Address resolution and IPv6's neighbours are the system's own; everything else goes to Ben.
        let own = line.starts_with("other 2054")
            || line.starts_with("ipv6 58 ")
            || line.starts_with("ipv6 0 ");
        let to_ben = ["10.9.0.2", "10.7.0.2", "10.6.1.2"].iter().any(|ben| {
            *line == format!("ipv4 17 {ben}")
                || *line == format!("ipv4 6 {ben}")
                || *line == format!("ipv4 1 {ben}")
        });
        let calls = [
            "ipv4 17 10.9.0.255",
            "ipv4 17 10.7.0.255",
            "ipv4 17 224.0.0.1",
            "ipv6 17 ff02::1",
        ];
        assert!(
            own || to_ben || calls.contains(&line.as_str()),
            "Ana's device sent this to somebody else: {line}"
        );
    }
}

#[test]
fn a_link_over_tcp_that_dies_in_silence_ends_on_both_sides_and_another_takes_its_place() {
    if !as_root() {
        return;
    }
    let root = root();
    let cable = Cable::lay("tcp");
    let lost = |what: &str, how: &str| {
        for name in &cable.names {
            ip(&format!(
                "-n {name} rule {how} ipproto {what} prio 1 blackhole"
            ));
        }
    };
    lost("udp", "add");
    let [ana, ben] = cable.homes(root.path());
    pair(&ana, &ben);
    connected(&ana);
    connected(&ben);
    // No packet arrives any more, and neither hears of it.
    lost("tcp", "add");
    let apart = propose(&ana, "Written into the silence");
    for home in [&ana, &ben] {
        home.until(&["doctor"], |doctor| {
            doctor.to_string().contains("does not answer")
        });
    }
    lost("tcp", "del");
    ben.until(&["agreement", "show", &apart], |_| true);
    connected(&ana);
}

#[test]
fn two_who_pair_in_one_network_find_each_other_without_an_invitation() {
    if !as_root() {
        return;
    }
    let root = root();
    let cable = Cable::lay("near");
    let [mut ana, mut ben, mut cy] =
        ["ana", "ben", "cy"].map(|name| Home::new(root.path(), name, TROTH));
    let [a, b] = &cable.names;
    for namespace in [a, b] {
        // As a router would give.
        ip(&format!("-n {namespace} route add default dev eth0"));
    }
    for (home, namespace, name) in [
        (&mut ana, a, "Ana"),
        (&mut ben, b, "Ben"),
        (&mut cy, b, "Cy"),
    ] {
        home.namespace = Some(namespace.clone());
        home.ask(&["init", "--keys", "file"], json!({"name": name}));
    }
    // A stranger comes first, and goes away again.
    let number = |home: &Home| {
        home.until(&["pair", "state"], |state| state["my_number"].is_string())["my_number"].clone()
    };
    for home in [&ana, &cy] {
        home.ask(&["pair", "invite", "--nearby"], Value::Null);
    }
    let strange = number(&ana);
    number(&cy);
    ben.ask(&["pair", "invite", "--nearby"], Value::Null);
    cy.kill();
    ana.until(&["pair", "state"], |state| {
        state["my_number"].is_string() && state["my_number"] != strange
    });
    compare_and_say_yes(&ana, &ben);
    connected(&ana);
    connected(&ben);
}

/// Listens at an address, UDP and TCP, and prints a line for whatever comes.
const LISTEN: &str = r#"
import select, socket, sys
kinds = [socket.SOCK_DGRAM, socket.SOCK_STREAM]
all = [socket.socket(socket.AF_INET, kind) for kind in kinds]
for s in all:
    s.bind((sys.argv[1], int(sys.argv[2])))
all[1].listen()
print("ready", flush=True)
while True:
    for s in select.select(all, [], [])[0]:
        print(s.recvfrom(65535) if s is all[0] else s.accept(), flush=True)
"#;

#[test]
fn what_runs_on_this_device_is_not_dialled_for_a_partner_who_names_its_address() {
    if !as_root() {
        return;
    }
    let root = root();
    let cable = Cable::lay("own");
    let [a, b] = &cable.names;
    // Both have an address for containers, or the like. Ana is met at another one alone, and tells nobody of hers.
    for name in [a, b] {
        ip(&format!("-n {name} addr add 172.17.0.1/32 dev lo"));
    }
    let [mut ana, mut ben] = ["ana", "ben"].map(|name| Home::new(root.path(), name, TROTH));
    (ana.namespace, ben.namespace) = (Some(a.clone()), Some(b.clone()));
    let init = ["init", "--keys", "file", "--listen"];
    ana.ask(
        &[&init[..], &["10.9.0.1:0"]].concat(),
        json!({"name": "Ana"}),
    );
    ben.ask(&init[..3], json!({"name": "Ben"}));
    pair(&ana, &ben);
    connected(&ana);
    let known = |doctor: &Value| doctor["rungs"][2]["details"]["known"].to_string();
    let he = ana.until(&["doctor"], |doctor| known(doctor).contains("172.17.0.1:"));
    let known = known(&he);
    let (_, port) = known.split_once("172.17.0.1:").unwrap();
    let port = port.split(|c: char| !c.is_ascii_digit()).next().unwrap();
    let mut listener = Command::new("ip")
        .args(["netns", "exec", a, "python3", "-c", LISTEN])
        .args(["172.17.0.1", port])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut heard = BufReader::new(listener.stdout.take().unwrap()).lines();
    assert_eq!(heard.next().unwrap().unwrap(), "ready");
    // He is gone, and is looked for wherever he said to be.
    ben.kill();
    ana.stop();
    ana.until(&["doctor"], |doctor| {
        doctor.to_string().contains("does not answer")
    });
    listener.kill().unwrap();
    listener.wait().unwrap();
    let heard: Vec<String> = heard.map_while(Result::ok).collect();
    assert_eq!(heard, [""; 0], "a program of Ana's device was dialled");
}

/// A command in a namespace, and what it prints; one word for each part.
fn within(namespace: &str, command: &[&str]) -> String {
    let output = Command::new("ip")
        .args(["netns", "exec", namespace])
        .args(command)
        .output()
        .unwrap();
    assert!(output.status.success(), "{command:?}: {output:?}");
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn where_nothing_passes_that_is_meant_for_all_each_address_is_called_when_asked() {
    if !as_root() {
        return;
    }
    let root = root();
    let cable = Cable::lay("here");
    let [ana, ben] = cable.homes(root.path());
    pair(&ana, &ben);
    connected(&ana);
    let here = ana.ask(&["reach", "--here"], Value::Null);
    assert_eq!(
        (&here["connected"], &here["called"]),
        (&json!(true), &json!(0))
    );

    let rules = [
        "add table inet troth",
        "add chain inet troth come { type filter hook input priority 0 ; }",
        "add rule inet troth come meta l4proto udp meta pkttype != host counter drop",
    ];
    for name in &cable.names {
        for rule in rules {
            within(name, &["nft", rule]);
        }
    }
    for (name, host) in cable.names.iter().zip(1..) {
        ip(&format!("-n {name} addr flush dev eth0"));
        ip(&format!("-n {name} addr add 10.7.0.{host}/24 dev eth0"));
    }
    // Each calls, and what is for all is lost.
    let lost = |name: &str| !within(name, &["nft", "list ruleset"]).contains("packets 0 ");
    let apart = propose(&ana, "Written before she asks");
    for (home, name) in [&ana, &ben].into_iter().zip(&cable.names) {
        home.until(&["doctor"], |doctor| {
            doctor.to_string().contains("does not answer") && lost(name)
        });
    }
    let here = ana.ask(&["reach", "--here"], Value::Null);
    assert_eq!(here["called"], 253);
    ben.until(&["agreement", "show", &apart], |_| true);
    connected(&ana);
    ana.ask(&["pause"], Value::Null);
    let here = ana.ask(&["reach", "--here"], Value::Null);
    assert_eq!(
        (&here["sharing"], &here["called"]),
        (&json!("paused"), &json!(0))
    );
}
