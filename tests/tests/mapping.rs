//! A device behind a router that masquerades and keeps everything out: a real one that is asked to let the partner in, one that
//! is not asked, and others in its network who answer in its place.

use crate::network::{WATCH, ip};
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};
use troth_tests::home::{Home, PATIENCE, as_root, pair, root};

const TROTH: &str = env!("CARGO_BIN_EXE_sut-troth");

/// What a home's router does: masquerades, lets answers in, and what its daemon adds to the chains.
const TABLE: &str = r#"
table inet filter {
  chain input { type filter hook input priority 0; policy drop; ct state established,related accept; iifname { "br0", "lo" } accept; }
  chain forward { type filter hook forward priority 0; policy drop; ct state established,related accept; iifname "br0" accept; jump miniupnpd; }
  chain prerouting { type nat hook prerouting priority -100; jump prerouting_miniupnpd; }
  chain postrouting { type nat hook postrouting priority 100; jump postrouting_miniupnpd; oifname "wan0" masquerade; }
  chain miniupnpd { }
  chain prerouting_miniupnpd { }
  chain postrouting_miniupnpd { }
}
"#;

/// Answers whoever looks for a router, and says each time that somebody comes over HTTP. How it answers: `endless`, `names`
/// (many elements below many names), `away` (there is another place), or `far` (it points there at once).
const LIAR: &str = r#"
import socket, struct, sys, threading
own, how, other = sys.argv[1:4]
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
s.bind(("", 1900))
s.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, socket.inet_aton("239.255.255.250") + socket.inet_aton(own))
h = socket.socket()
h.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
h.bind(("", 5000))
h.listen(16)
def answer(c):
    try:
        c.recv(4096)
        if how == "endless":
            c.sendall(b"HTTP/1.1 200 OK\r\n\r\n<root>")
            while True:
                c.sendall(b"<a>" * 20000)
        elif how == "names":
            names = " ".join(f'xmlns:n{n}="u"' for n in range(1000))
            body = (f"<root {names}>" + "<service>" * 10000 + "</root>").encode()
            c.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
        else:
            c.sendall(f"HTTP/1.1 302 Found\r\nLocation: http://{other}:5000/\r\nContent-Length: 0\r\n\r\n".encode())
        c.close()
    except OSError:
        pass
def serve():
    while True:
        c, _ = h.accept()
        print("http", flush=True)
        threading.Thread(target=answer, args=(c,), daemon=True).start()
threading.Thread(target=serve, daemon=True).start()
print("ready", flush=True)
at = other if how == "far" else own
while True:
    text, who = s.recvfrom(2048)
    if text.startswith(b"M-SEARCH"):
        print("search", flush=True)
        s.sendto(f"HTTP/1.1 200 OK\r\nLOCATION: http://{at}:5000/root.xml\r\n\r\n".encode(), who)
"#;

/// A router's daemon that speaks NAT-PMP and nothing else (RFC 6886): to whom its address outside is as it is told, and who is
/// let in by the chains. When it begins it says so to all, with nothing in its table.
const NAT_PMP: &str = r#"
import socket, struct, subprocess, sys, threading, time
own, outside = sys.argv[1:3]
begun, mapped = time.monotonic(), {}
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
s.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton(own))
s.bind((own, 5351))
def head(op, result):
    return struct.pack("!BBHI", 0, 128 + op, result, int(time.monotonic() - begun))
def address():
    return head(0, 0) + socket.inet_aton(outside)
def announce():
    for n in range(10):
        s.sendto(address(), ("224.0.0.1", 5350))
        time.sleep(0.25 * 2**n)
def table():
    lines = ["flush chain inet filter prerouting_miniupnpd", "flush chain inet filter miniupnpd"]
    for (kind, external), (ip, port) in mapped.items():
        lines.append(f'add rule inet filter prerouting_miniupnpd iifname "wan0" {kind} dport {external} dnat ip to {ip}:{port}')
        lines.append(f'add rule inet filter miniupnpd iifname "wan0" ip daddr {ip} {kind} dport {port} accept')
    subprocess.run(["nft", "-f", "-"], input="\n".join(lines) + "\n", text=True, check=True)
threading.Thread(target=announce, daemon=True).start()
print("ready", flush=True)
while True:
    packet, who = s.recvfrom(2048)
    if len(packet) < 2:
        continue
    version, op = packet[0], packet[1]
    if version != 0:
        s.sendto(head(op & 127, 1), who)
    elif op == 0:
        s.sendto(address(), who)
    elif op in (1, 2) and len(packet) == 12:
        port, wanted, seconds = struct.unpack("!HHI", packet[4:])
        kind, inside = ("udp", "tcp")[op - 1], (who[0], port)
        had = [at for at, to in mapped.items() if at[0] == kind and to == inside]
        for at in had:
            del mapped[at]
        external = 0
        if seconds:
            print("map", flush=True)
            external = had[0][1] if had else wanted or port
            while (kind, external) in mapped:
                external += 1
            mapped[(kind, external)] = inside
        table()
        s.sendto(head(op, 0) + struct.pack("!HHI", port, external, seconds), who)
"#;

/// A program in a namespace that ends with the test, and what it says.
struct Running {
    child: Child,
    says: Receiver<String>,
}

impl Running {
    fn begin(namespace: &str, program: &[&str]) -> Self {
        let mut child = Command::new("ip")
            .args(["netns", "exec", namespace])
            .args(program)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let (say, says) = channel();
        std::thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                let _ = say.send(line);
            }
        });
        Self { child, says }
    }

    fn says(&self, what: &str) {
        let by = Instant::now() + PATIENCE;
        loop {
            let left = by.saturating_duration_since(Instant::now());
            if self.says.recv_timeout(left).unwrap() == what {
                return;
            }
        }
    }

    fn said(&self) -> Vec<String> {
        self.says.try_iter().collect()
    }

    fn end(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.end();
    }
}

/// A router with two devices in its network, the second of which can also stand outside.
struct Street {
    router: String,
    devices: [String; 2],
    folder: PathBuf,
}

impl Street {
    fn lay(what: &str, folder: &Path) -> Self {
        let name = |who: &str| format!("troth-{}-{what}-{who}", std::process::id());
        let it = Self {
            router: name("r"),
            devices: [name("a"), name("b")],
            folder: folder.to_owned(),
        };
        let (router, [_, ben]) = (&it.router, &it.devices);
        for name in it.devices.iter().chain([router]) {
            ip(&format!("netns add {name}"));
            ip(&format!("-n {name} link set lo up"));
        }
        ip(&format!("-n {router} link add br0 type bridge"));
        ip(&format!("-n {router} addr add 10.9.0.1/24 dev br0"));
        ip(&format!("-n {router} link set br0 up"));
        for (name, host) in it.devices.iter().zip(2..) {
            ip(&format!(
                "link add lan{host} netns {router} type veth peer name eth0 netns {name}"
            ));
            ip(&format!("-n {router} link set lan{host} master br0 up"));
            ip(&format!("-n {name} addr add 10.9.0.{host}/24 dev eth0"));
            ip(&format!("-n {name} link set eth0 up"));
            ip(&format!("-n {name} route add default via 10.9.0.1"));
        }
        ip(&format!(
            "link add wan0 netns {router} type veth peer name eth1 netns {ben}"
        ));
        ip(&format!("-n {router} addr add 11.0.0.1/24 dev wan0"));
        ip(&format!("-n {router} link set wan0 up"));
        ip(&format!("-n {ben} link set eth1 up"));
        it.within(&["sysctl", "-qw", "net.ipv4.ip_forward=1"]);
        it.empty_the_table();
        it
    }

    /// Runs a program on the router.
    fn within(&self, program: &[&str]) -> String {
        let output = Command::new("ip")
            .args(["netns", "exec", &self.router])
            .args(program)
            .output()
            .unwrap();
        assert!(output.status.success(), "{program:?}: {output:?}");
        String::from_utf8(output.stdout).unwrap()
    }

    fn empty_the_table(&self) {
        self.within(&["nft", "flush", "ruleset"]);
        let mut nft = Command::new("ip")
            .args(["netns", "exec", &self.router, "nft", "-f", "-"])
            .stdin(Stdio::piped())
            .spawn()
            .unwrap();
        let mut table = nft.stdin.take().unwrap();
        table.write_all(TABLE.as_bytes()).unwrap();
        drop(table);
        assert!(nft.wait().unwrap().success());
    }

    /// The router's daemon, that lets in what it is asked to.
    fn daemon(&self, pcp: bool, upnp: bool) -> Running {
        let yes = |it: bool| if it { "yes" } else { "no" };
        let conf = self.folder.join("miniupnpd.conf");
        let text = format!(
            "ext_ifname=wan0\nlistening_ip=br0\nenable_natpmp={}\nenable_upnp={}\nsecure_mode=yes\n\
             uuid=00000000-0000-0000-0000-000000000001\n\
             allow 1024-65535 10.9.0.0/24 1024-65535\ndeny 0-65535 0.0.0.0/0 0-65535\n",
            yes(pcp),
            yes(upnp)
        );
        std::fs::write(&conf, text).unwrap();
        let pid = self.folder.join("miniupnpd.pid");
        let (conf, pid) = (conf.to_str().unwrap(), pid.to_str().unwrap());
        Running::begin(&self.router, &["miniupnpd", "-d", "-f", conf, "-P", pid])
    }

    /// One that speaks NAT-PMP alone, and says that its address outside is this one.
    fn nat_pmp(&self, outside: &str) -> Running {
        let it = Running::begin(
            &self.router,
            &["python3", "-c", NAT_PMP, "10.9.0.1", outside],
        );
        it.says("ready");
        it
    }

    /// What is let in: protocols and devices.
    fn lets_in(&self) -> Vec<String> {
        let chain = [
            "nft",
            "list",
            "chain",
            "inet",
            "filter",
            "prerouting_miniupnpd",
        ];
        let all = self.within(&chain);
        let rules = all.lines().filter(|line| line.contains("dnat"));
        rules.map(|rule| rule.trim().to_owned()).collect()
    }

    fn until_it_lets_in(&self, how_many: usize) {
        let by = Instant::now() + PATIENCE;
        while self.lets_in().len() != how_many {
            assert!(Instant::now() < by, "{how_many}: {:?}", self.lets_in());
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Ana and Ben, paired in the router's network.
    fn homes(&self, options: &[&str]) -> [Home; 2] {
        let mut homes = ["ana", "ben"].map(|name| Home::new(&self.folder, name, TROTH));
        for (home, namespace) in homes.iter_mut().zip(&self.devices) {
            home.namespace = Some(namespace.clone());
        }
        let [ana, ben] = &homes;
        let init = [&["init", "--keys", "file"], options].concat();
        ana.ask(&init, json!({"name": "Ana"}));
        ben.ask(&["init", "--keys", "file"], json!({"name": "Ben"}));
        assert_eq!(self.lets_in(), [""; 0], "nobody is there to be let in yet");
        pair(ana, ben);
        homes
    }
}

impl Drop for Street {
    fn drop(&mut self) {
        for name in self.devices.iter().chain([&self.router]) {
            let _ = Command::new("ip").args(["netns", "del", name]).status();
        }
    }
}

/// What doctor says of the router.
fn router_rung(doctor: &Value) -> &Value {
    let rungs = doctor["rungs"].as_array().unwrap().iter();
    let mut of_router = rungs.filter(|rung| rung["name"] == "port mapping");
    of_router.next().unwrap()
}

fn says(home: &Home, what: &str) -> Value {
    home.until(&["doctor"], |doctor| {
        router_rung(doctor)["why"].as_str().unwrap().contains(what)
    })
}

fn connected(home: &Home) {
    home.until(&["doctor"], |doctor| {
        doctor.to_string().contains("are connected")
    });
}

fn a_partner_outside_is_let_in(by: &str, begins: impl Fn(&Street) -> Running) {
    let root = root();
    let street = Street::lay(&by[..1], root.path());
    let mut daemon = begins(&street);
    let [ana, ben] = street.homes(&["--mapping"]);
    let told = says(&ana, &format!("({by})"));
    let why = router_rung(&told)["why"].as_str().unwrap();
    assert!(why.contains("11.0.0.1:"), "{why}");
    let rules = street.lets_in();
    assert_eq!(rules.len(), 2, "{rules:?}");
    assert!(
        rules.iter().all(|rule| rule.contains("10.9.0.2:")),
        "{rules:?}"
    );
    let set = ana.ask(&["network"], Value::Null);
    assert_eq!(
        (&set["mapping"], &set["router"]["state"]),
        (&json!(true), &json!("ok"))
    );

    // He hears where she is let in, and goes out.
    ben.ask(&["pause"], Value::Null);
    ben.ask(&["resume"], Value::Null);
    ben.until(&["doctor"], |doctor| {
        doctor.to_string().contains("11.0.0.1:")
    });
    let outside = &street.devices[1];
    ip(&format!("-n {outside} link set eth0 down"));
    ana.until(&["doctor"], |doctor| {
        doctor.to_string().contains("does not answer")
    });
    let words = json!({"topic": "Written apart", "does": {"me": "I call before."}});
    let apart = ana.ask(&["agreement", "propose"], words);
    ip(&format!("-n {outside} addr add 11.0.0.9/24 dev eth1"));
    let apart = apart["agreement"].as_str().unwrap();
    ben.until(&["agreement", "show", apart], |_| true);
    connected(&ana);

    // Whatever ends it takes it away, and what begins it anew asks again.
    for (quiet, again) in [
        (&["pause"][..], &["resume"][..]),
        (&["stop"], &["resume"]),
        (
            &["network", "mapping", "off"],
            &["network", "mapping", "on"],
        ),
        (&["lock"], &["unlock"]),
    ] {
        ana.ask(quiet, Value::Null);
        street.until_it_lets_in(0);
        ana.ask(again, Value::Null);
        street.until_it_lets_in(2);
    }
    // A daemon that was killed takes up what it had.
    ana.kill();
    assert_eq!(street.lets_in().len(), 2);
    says(&ana, &format!("({by})"));
    street.until_it_lets_in(2); // a router may take one away before it lets it in anew
    let begun = Instant::now();
    ana.stop();
    let took = begun.elapsed();
    assert_eq!(street.lets_in(), [""; 0], "after {took:?}");

    if by != "UPnP" {
        // The router begins anew, with nothing in its table, and says so.
        says(&ana, &format!("({by})"));
        // As long as a start takes to tell its addresses, after which a router is asked once more.
        std::thread::sleep(Duration::from_secs(2));
        // miniupnpd says so once or twice, where RFC 6887 asks for ten times: it may begin anew before anybody listens.
        // All of it takes less than the minute after which a router that was silent is asked by itself.
        for _ in 0..5 {
            daemon.end();
            street.empty_the_table();
            daemon = begins(&street);
            let by = Instant::now() + PATIENCE / 6;
            while street.lets_in().len() != 2 && Instant::now() < by {
                std::thread::sleep(Duration::from_millis(20));
            }
            if street.lets_in().len() == 2 {
                break;
            }
        }
        assert_eq!(street.lets_in().len(), 2);
    }
    ana.ask(&["pause"], Value::Null);
    street.until_it_lets_in(0);
    daemon.end();
}

#[test]
fn a_router_that_speaks_pcp_lets_the_partner_in() {
    if as_root() {
        a_partner_outside_is_let_in("PCP", |street| street.daemon(true, false));
    }
}

#[test]
fn a_router_that_speaks_nat_pmp_alone_lets_the_partner_in() {
    if as_root() {
        a_partner_outside_is_let_in("NAT-PMP", |street| street.nat_pmp("11.0.0.1"));
    }
}

#[test]
fn a_router_that_is_behind_another_says_so_and_nothing_is_left_open() {
    if !as_root() {
        return;
    }
    let root = root();
    let street = Street::lay("double", root.path());
    let [ana, _ben] = street.homes(&[]);
    // A carrier's network, and a home's.
    for outside in ["100.64.0.7", "192.168.178.20"] {
        let router = street.nat_pmp(outside);
        ana.ask(&["network", "mapping", "on"], Value::Null);
        let told = says(&ana, outside);
        let rung = router_rung(&told);
        let why = rung["why"].as_str().unwrap();
        assert!(why.contains("no public address itself"), "{why}");
        assert_eq!(rung["state"], "failed");
        assert!(router.said().iter().any(|line| line == "map"), "not asked");
        street.until_it_lets_in(0);
        // The partner is told of nothing that leads nowhere.
        let told = ana.ask(&["doctor"], Value::Null);
        let listening = told["rungs"][1]["why"].as_str().unwrap();
        assert!(!listening.contains(outside), "{listening}");
        ana.ask(&["network", "mapping", "off"], Value::Null);
    }
    // A real one that has such an address lets nothing in at all.
    let router = &street.router;
    ip(&format!("-n {router} addr flush dev wan0"));
    ip(&format!("-n {router} addr add 192.168.178.20/24 dev wan0"));
    for (pcp, upnp) in [(true, false), (false, true)] {
        let _daemon = street.daemon(pcp, upnp);
        ana.ask(&["network", "mapping", "on"], Value::Null);
        let told = ana.until(&["doctor"], |doctor| {
            router_rung(doctor)["state"] == "failed"
        });
        eprintln!("PCP {pcp}, UPnP {upnp}: {}", router_rung(&told)["why"]);
        assert_eq!(street.lets_in(), [""; 0]);
        ana.ask(&["network", "mapping", "off"], Value::Null);
    }
}

#[test]
fn a_router_that_speaks_upnp_lets_the_partner_in() {
    if as_root() {
        a_partner_outside_is_let_in("UPnP", |street| street.daemon(false, true));
    }
}

#[test]
fn over_ipv6_a_router_lets_in_what_comes_to_the_devices_own_address() {
    if !as_root() {
        return;
    }
    let root = root();
    let street = Street::lay("six", root.path());
    let (router, [ana, _]) = (&street.router, &street.devices);
    for (name, device, address) in [
        (router, "br0", "2a0e:1::1"),
        (router, "wan0", "2a0e:2::1"),
        (ana, "eth0", "2a0e:1::2"),
    ] {
        ip(&format!(
            "-n {name} addr add {address}/64 dev {device} nodad"
        ));
    }
    // Routers name themselves by an address of the link alone.
    ip(&format!("-n {router} addr add fe80::1/64 dev br0 nodad"));
    ip(&format!("-n {ana} route add default via fe80::1 dev eth0"));
    let _daemon = street.daemon(true, false);
    let [ana, _ben] = street.homes(&["--mapping"]);
    let told = says(&ana, "[2a0e:1::2]:");
    let why = router_rung(&told)["why"].as_str().unwrap();
    assert!(why.contains("11.0.0.1:"), "{why}");
    let holes = || {
        let chain = ["nft", "list", "chain", "inet", "filter", "miniupnpd"];
        let all = street.within(&chain);
        let mine = "0x2a0e0001000000000000000000000002";
        all.lines().filter(|line| line.contains(mine)).count()
    };
    assert_eq!(holes(), 2);
    ana.stop();
    assert_eq!(holes(), 0);
}

#[test]
fn a_router_that_is_not_to_be_asked_hears_nothing() {
    if !as_root() {
        return;
    }
    let root = root();
    let street = Street::lay("quiet", root.path());
    let _daemon = street.daemon(true, true);
    // The call goes to the router too, which may be the partner's hotspot; nobody is asked by it.
    let address = "socket.inet_ntop(socket.AF_INET, packet[30:34])";
    let asked = r#"("asked " if struct.unpack("!H", packet[36:38])[0] in (1900, 5351) else "") + "#;
    let watching = WATCH.replace(address, &format!("{asked}{address}"));
    assert_ne!(watching, WATCH);
    let watch = Running::begin(&street.devices[0], &["python3", "-c", &watching]);
    watch.says("watching");
    let [ana, ben] = street.homes(&[]);
    connected(&ana);
    assert_eq!(
        router_rung(&ana.ask(&["doctor"], Value::Null))["state"],
        "off"
    );
    ana.ask(&["pause"], Value::Null);
    ana.ask(&["network", "mapping", "on"], Value::Null);
    ana.ask(&["network", "mapping", "off"], Value::Null);
    ana.ask(&["resume"], Value::Null);
    connected(&ben);
    ana.stop();
    let to_router = |line: &String| line.contains(" asked ");
    let sent = watch.said();
    assert!(
        sent.iter().any(|line| line == "ipv4 17 10.9.0.3"),
        "{sent:?}"
    );
    assert!(!sent.iter().any(to_router), "{sent:?}");
    // That it would be seen.
    ana.ask(&["network", "mapping", "on"], Value::Null);
    says(&ana, "(PCP)");
    assert!(watch.said().iter().any(to_router));
}

/// The most memory that a home's daemon had, in KiB.
fn most_memory(home: &Home) -> u64 {
    let status = format!("/proc/{}/status", home.pid().unwrap());
    let status = std::fs::read_to_string(status).unwrap();
    let mut line = status.lines().filter(|line| line.starts_with("VmHWM:"));
    let words = line.next().unwrap().split_whitespace();
    words.into_iter().nth(1).unwrap().parse().unwrap()
}

#[test]
fn who_answers_in_the_routers_place_is_not_called_and_takes_no_memory() {
    if !as_root() {
        return;
    }
    let root = root();
    let street = Street::lay("liar", root.path());
    let [ana, _ben] = street.homes(&[]);
    connected(&ana);
    let before = most_memory(&ana);
    let (router, stranger) = (
        (&street.router, "10.9.0.1"),
        (&street.devices[1], "10.9.0.3"),
    );
    for ((namespace, own), how, comes) in [
        // A stranger, who names himself, or the router's port.
        (stranger, "endless", false),
        (stranger, "far", false),
        // The router itself, which may lie in whatever it says.
        (router, "far", false),
        (router, "away", true),
        (router, "endless", true),
        (router, "names", true),
    ] {
        let other = if own == router.1 { stranger } else { router };
        let liar = |namespace: &str, own: &str, how: &str, other: &str| {
            let liar = Running::begin(namespace, &["python3", "-c", LIAR, own, how, other]);
            liar.says("ready");
            liar
        };
        let first = liar(namespace, own, how, other.1);
        // Where it points there is somebody, too, who would say that somebody came.
        let second = liar(other.0, other.1, "silent", own);
        ana.ask(&["network", "mapping", "on"], Value::Null);
        says(&ana, "No router here answers");
        ana.ask(&["network", "mapping", "off"], Value::Null);
        let (heard, elsewhere) = (first.said(), second.said());
        let came = |said: &[String]| said.iter().any(|line| line == "http");
        assert!(heard.iter().any(|line| line == "search"), "{own} {how}");
        assert_eq!(came(&heard), comes, "{own} {how}: {heard:?}");
        if own == router.1 {
            assert!(!came(&elsewhere), "{own} {how}: {elsewhere:?}");
        }
    }
    let more = most_memory(&ana).saturating_sub(before);
    assert!(more < 8 * 1024, "{more} KiB more than {before}");
}
