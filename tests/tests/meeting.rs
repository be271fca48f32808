//! Two devices that lose each other meet again, wherever they are (PROTOCOL §8): one named test for each way.
//!
//! Times run from a fact to a fact: from the moment a device has its address until words written after it are at the other.
//! Each test prints what it measured.

mod cables;
mod filters;
mod interfaces;
mod lines;
mod moves;
mod routers;
mod strangers;

use serde_json::{Value, json};
use std::cell::RefCell;
use std::time::{Duration, Instant};
use troth_proto::api::Request;
use troth_tests::histories::request;
use troth_tests::home::{Home, PATIENCE, pair, root};
use troth_tests::networks::{Device, Lan, Process, Space};
use troth_tests::socket::Socket;

const TROTH: &str = env!("CARGO_BIN_EXE_sut-troth");
/// Where every home here listens, so that a router can be told of it and a person can type it.
const PORT: u16 = 4711;

/// Within how long a link that died in silence is known to be gone.
const SILENCE: Duration = Duration::from_secs(12);
/// Within how long two are linked once the second has come into one network: two seconds, and one for a busy machine.
const ONE_NETWORK: Duration = Duration::from_secs(2 + 1);
/// Within how long one is linked who came into another network, or to another interface: three, and one.
const ELSEWHERE: Duration = Duration::from_secs(3 + 1);
/// The slot in the first minute apart, and in the first five; with what a handshake takes.
const FIRST_SLOT: Duration = Duration::from_secs(16 + 2);
const SECOND_SLOT: Duration = Duration::from_secs(32 + 2);
/// The slot between five minutes and an hour apart.
const THIRD_SLOT: Duration = Duration::from_secs(64 + 2);

/// One of the two, at a device.
struct Person {
    home: Home,
    device: Device,
    /// Kept open: a client that comes would make the daemon look for the partner.
    socket: RefCell<Option<Socket>>,
}

impl Person {
    fn new(root: &std::path::Path, scenario: &str, name: &str) -> Self {
        let device = Device::new(scenario, name);
        let mut home = Home::new(root, name, TROTH);
        home.namespace = Some(device.space.name.clone());
        Self {
            home,
            device,
            socket: RefCell::default(),
        }
    }

    fn init(&self, name: &str) {
        let listen = format!("0.0.0.0:{PORT}");
        let init = ["init", "--keys", "file", "--listen", &listen];
        self.home.ask(&init, json!({"name": name}));
    }

    fn try_ask(&self, request: &Request) -> Result<Value, Value> {
        let mut socket = self.socket.borrow_mut();
        let socket = socket.get_or_insert_with(|| Socket::connect(&self.home.dir));
        socket.send(request);
        socket.answer()
    }

    fn ask(&self, method: &str, params: Value) -> Value {
        self.try_ask(&request(method, params))
            .unwrap_or_else(|e| panic!("{method}: {e}"))
    }

    fn linked(&self) -> bool {
        let status = self.ask("status", json!({}));
        status["linked"].as_bool().expect("whether they are linked")
    }

    /// Until it is linked, or is not; how long that took.
    fn until(&self, linked: bool) -> Duration {
        let begun = Instant::now();
        wait(
            || self.linked() == linked,
            || format!("{}: never {linked}", self.home.dir.display()),
        );
        begun.elapsed()
    }

    /// Writes something, and says how it is asked for.
    fn writes(&self) -> Request {
        let words = json!({"topic": "Written on the way", "does": {"me": "I call before."}});
        let agreement = self.ask("agreement_propose", words)["agreement"].clone();
        request("agreement_show", json!({"agreement": agreement}))
    }

    /// Types where the other is.
    fn reaches(&self, address: &str) {
        self.ask("reach", json!({"address": address}));
    }

    /// What doctor says, in words.
    fn doctor(&self) -> Value {
        self.home.ask(&["doctor"], Value::Null)
    }

    fn process(&self) -> Process {
        Process(self.home.pid().expect("a daemon"))
    }

    /// Its daemon ends and begins again.
    fn restarts(&self) {
        *self.socket.borrow_mut() = None;
        self.home.stop();
        self.home.ask(&["status"], Value::Null);
    }
}

/// One rung of what doctor says.
fn rung<'a>(doctor: &'a Value, name: &str) -> &'a Value {
    let rungs = doctor["rungs"].as_array().expect("rungs");
    let found = rungs.iter().find(|rung| rung["name"] == name);
    found.unwrap_or_else(|| panic!("no rung {name} in {doctor}"))
}

fn wait(so: impl Fn() -> bool, what: impl Fn() -> String) {
    let by = Instant::now() + PATIENCE + FIRST_SLOT;
    while !so() {
        assert!(Instant::now() < by, "{}", what());
        std::thread::sleep(Duration::from_millis(10));
    }
}

/// The two.
struct Couple {
    ana: Person,
    ben: Person,
    _root: tempfile::TempDir,
}

impl Couple {
    /// Two homes that are set up, with nothing plugged in.
    fn apart(scenario: &str) -> Self {
        let root = root();
        let [ana, ben] = ["ana", "ben"].map(|name| Person::new(root.path(), scenario, name));
        Self {
            ana,
            ben,
            _root: root,
        }
    }

    /// Pairs them where they are plugged in.
    fn pair(&self) {
        self.ana.init("Ana");
        self.ben.init("Ben");
        pair(&self.ana.home, &self.ben.home);
        self.until_linked();
    }

    /// Two who have paired at home, where Ana is 192.168.7.2 and Ben 192.168.7.3, and the router, if there is one, .1.
    fn at_home(scenario: &str, home: &Space) -> Self {
        let it = Self::apart(scenario);
        it.go_home(home);
        it.pair();
        it
    }

    fn go_home(&self, home: &Space) {
        for (person, own) in [(&self.ana, 2), (&self.ben, 3)] {
            let own = format!("192.168.7.{own}/24");
            let device = &person.device;
            device.plug_with_router("eth0", home, &own, "192.168.7.1");
        }
    }

    fn both(&self) -> [&Person; 2] {
        [&self.ana, &self.ben]
    }

    fn until_linked(&self) {
        for person in self.both() {
            person.until(true);
        }
    }

    /// Until both know that they are parted; how long each took.
    fn until_parted(&self) -> [Duration; 2] {
        let begun = Instant::now();
        let took = RefCell::new([None, None]);
        let look = || {
            let mut took = took.borrow_mut();
            for (person, took) in self.both().into_iter().zip(took.iter_mut()) {
                if took.is_none() && !person.linked() {
                    *took = Some(begun.elapsed());
                }
            }
            took.iter().all(Option::is_some)
        };
        wait(look, || "one never knows that they are parted".into());
        took.into_inner().map(Option::unwrap)
    }

    /// Until words that are written now are at the other, each way, and both know that they are linked: whatever was known
    /// before this counts for nothing. How long it took.
    fn until_words_go_over(&self) -> Duration {
        let begun = Instant::now();
        let words = self.both().map(Person::writes);
        for (reader, words) in [&self.ben, &self.ana].into_iter().zip(&words) {
            wait(
                || reader.try_ask(words).is_ok(),
                || format!("nothing comes to {}", reader.home.dir.display()),
            );
        }
        self.until_linked();
        begun.elapsed()
    }

    /// That, and no longer than this.
    fn meet_within(&self, what: &str, most: Duration) {
        let took = self.until_words_go_over();
        eprintln!("{what}: linked after {took:?}");
        assert!(took <= most, "{what}: linked after {took:?}, not {most:?}");
    }

    /// Both know within this that the link is gone, which died in silence.
    fn part_within(&self, what: &str, most: Duration) {
        let took = self.until_parted();
        eprintln!("{what}: known after {took:?}");
        for took in took {
            assert!(took <= most, "{what}: known after {took:?}, not {most:?}");
        }
    }

    /// Both come into a network that neither knows, Ana first.
    fn come_into(&self, lan: &Lan) {
        for (person, own) in [(&self.ana, 2), (&self.ben, 3)] {
            let own = format!("10.20.0.{own}/24");
            person.device.plug("eth0", &lan.space, &[&own]);
        }
    }
}
