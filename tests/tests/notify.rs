//! Notifications (KINDS §7, SPEC §8.5): when the desktop is to say that there is something, and the one sentence that it says.

use crate::keyring::{self, Theirs};
use crate::repair_table::{say_back_and_mark, walk, write};
use crate::told_laws::tell;
use crate::told_planted::{each_answer, plant};
use crate::told_table::{Row, call};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use troth_core::sim::Sim;
use troth_proto::api::Notify;
use troth_proto::said::told::{ToldKind, Verb};
use troth_tests::histories::request;
use troth_tests::home::{Home, PATIENCE, as_root, paired, root};
use zbus::zvariant::OwnedValue;

const TROTH: &str = env!("CARGO_BIN_EXE_sut-troth");

/// Ana and Ben; Ben's desktop says it.
fn on() -> Row {
    let mut r = Row::two(71);
    turn(&mut r, 1, "en");
    r
}

fn turn(r: &mut Row, p: usize, set: &str) {
    let set = request("notify", json!({"set": set}));
    r.sim.request(p, set).unwrap();
}

/// How often a desktop was to say it since this was asked last, once all is quiet.
fn said(r: &mut Row, p: usize) -> usize {
    r.together();
    for _ in 0..5 {
        r.sim.pass(1_000);
        r.sim.settle();
    }
    std::mem::take(&mut r.sim.devices[p].notified).len()
}

/// The same, and Today is looked at.
fn said_and_seen(r: &mut Row, p: usize) -> usize {
    let n = said(r, p);
    r.today(p);
    n
}

fn asks(r: &mut Row, p: usize, method: &str, words: Value) -> Value {
    r.sim.request(p, request(method, words)).unwrap()
}

fn propose(r: &mut Row, p: usize, topic: &str) -> Value {
    let words = json!({"topic": topic, "does": {"me": "I ask."}});
    asks(r, p, "agreement_propose", words)
}

/// Lines of Today but those that come with their day.
fn lines(today: &Value) -> Vec<String> {
    let parts = ["waiting", "told", "news"].map(|part| today[part].as_array());
    let all = parts.into_iter().flatten().flatten();
    let all = all.filter(|line| line["what"] != "look_again");
    let on_break = today["break"].as_object().map(|it| &it["back_at"]);
    all.chain(on_break).map(Value::to_string).collect()
}

fn gains(before: &Value, after: &Value) -> bool {
    let mut before = lines(before);
    lines(after).iter().any(|line| {
        let there = before.iter().position(|it| it == line);
        there.map(|at| before.swap_remove(at)).is_none()
    })
}

#[test]
fn whatever_is_told_is_said_once_if_it_stands_on_today() {
    for kind in ToldKind::ALL {
        let mut r = on();
        tell(&mut r.sim, 0, *kind, "x");
        // What is on Today without being opened: a call, a break's return, one's part in a repair. A page about oneself is not.
        let by_itself = matches!(kind, ToldKind::Bid | ToldKind::Break | ToldKind::Repair);
        let stands = kind.row().closed || by_itself;
        assert_eq!(said(&mut r, 1), usize::from(stands), "{}", kind.name());
        assert_eq!(r.sim.devices[0].notified, [], "{}", kind.name());
        assert_eq!(lines(&r.today(1)).is_empty(), !stands, "{}", kind.name());
    }
}

#[test]
fn an_answer_is_said_if_today_gains_a_line() {
    let mut verbs = Vec::new();
    each_answer(|r, it, row, about| {
        let other = 1 - it.p;
        turn(r, other, "en");
        said(r, other);
        let before = r.today(other);
        plant(r, &it, row);
        let n = said(r, other);
        let gained = gains(&before, &r.today(other)) && row.says != Verb::Stop;
        assert_eq!(n, usize::from(gained), "{:?} about {about:?}", row.says);
        verbs.extend(gained.then_some(row.says.name()));
    });
    verbs.sort_unstable();
    verbs.dedup();
    let told = [
        "apology", "heard", "may_i", "meaning", "not_yet", "say_back", "thank", "words", "yes",
    ];
    assert_eq!(verbs, told);
}

#[test]
fn what_is_said_of_agreements_pages_and_drafts_is_said_once_each() {
    let mut r = on();
    let done = propose(&mut r, 0, "Visits");
    assert_eq!(said_and_seen(&mut r, 1), 1, "a proposal");
    asks(
        &mut r,
        1,
        "agreement_yes",
        json!({"version": done["version"]}),
    );
    // Ana's Troth closes it by itself.
    assert_eq!(said_and_seen(&mut r, 1), 0, "one's own yes");
    let ours = propose(&mut r, 1, "Phones");
    assert_eq!(said_and_seen(&mut r, 1), 0, "one's own proposal");
    asks(
        &mut r,
        0,
        "agreement_yes",
        json!({"version": ours["version"]}),
    );
    assert_eq!(said_and_seen(&mut r, 1), 1, "a yes");
    let back = json!({"version": done["version"], "note": ""});
    asks(&mut r, 0, "agreement_step_back", back);
    assert_eq!(said_and_seen(&mut r, 1), 1, "a step back");
    let page = json!({"slot": "2026-W47", "words": {"wish": "A walk."}});
    asks(&mut r, 0, "checkin_ready", page.clone());
    assert_eq!(said_and_seen(&mut r, 1), 1, "a page that waits");
    asks(&mut r, 0, "checkin_cancel", json!({"slot": "2026-W47"}));
    assert_eq!(said_and_seen(&mut r, 1), 0, "it waits no more");
    for p in [1, 0] {
        asks(&mut r, p, "checkin_ready", page.clone());
    }
    assert_eq!(said_and_seen(&mut r, 1), 1, "a page that opened");
    asks(
        &mut r,
        0,
        "draft_new",
        json!({"form": "letter", "title": "Dear"}),
    );
    assert_eq!(said_and_seen(&mut r, 1), 1, "a draft");
}

#[test]
fn taking_back_putting_away_and_a_call_that_ended_are_never_said() {
    let mut r = on();
    let thanks = r.text(0, "thanks");
    let ask = r.text(0, "ask");
    let bid = r.add(0, "bid", json!({"line": "Tea?"}), json!({}));
    assert_eq!(said_and_seen(&mut r, 1), 1);
    r.open(1, &ask);
    r.back(0, &thanks);
    r.told(0, json!({"do": "put_away", "id": ask})).unwrap();
    assert_eq!(said(&mut r, 1), 0);
    assert!(r.today(1).to_string().contains(&bid));
    r.days_pass(3);
    assert_eq!(said(&mut r, 1), 0);
    assert!(!r.today(1).to_string().contains(&bid));
    // What comes and is taken back in one meeting was never there.
    r.part();
    let truth = r.text(0, "small_truth");
    r.together();
    r.back(0, &truth);
    assert_eq!(said(&mut r, 1), 0);
}

#[test]
fn what_goes_on_in_a_repair_by_done_stop_or_taking_back_is_never_said() {
    let step = |today: &Value| {
        let all = today["told"].as_array().into_iter().flatten();
        all.filter_map(|line| line["step"].as_u64()).next_back()
    };
    let mut r = on();
    let id = r.add(0, "repair", json!({"words": "Yesterday."}), json!({}));
    assert_eq!(said_and_seen(&mut r, 1), 1);
    // Ana needs time, and then no more.
    let until = json!({"until": r.day(3)});
    let time = r.answer_with(0, &id, "need_time", "", until);
    r.together();
    assert_eq!(step(&r.today(1)), None);
    r.back(0, &time);
    assert_eq!((said(&mut r, 1), step(&r.today(1))), (0, Some(1)));
    walk(&mut r, &id, 3);
    say_back_and_mark(&mut r, &id);
    let done = json!({"step": 3});
    r.answer_with(1, &id, "done", "", done.clone());
    r.together();
    assert_eq!(step(&r.today(1)), None);
    r.answer_with(0, &id, "done", "", done);
    assert_eq!((said(&mut r, 1), step(&r.today(1))), (0, Some(4)));
    // What the other writes moves it on, too, and is said.
    write(&mut r, 1, &id, "view").unwrap();
    r.together();
    r.today(1);
    write(&mut r, 0, &id, "view").unwrap();
    assert_eq!((said(&mut r, 1), step(&r.today(1))), (1, Some(5)));
    // Words that come back by a stop.
    write(&mut r, 0, &id, "part").unwrap();
    r.part();
    r.today(1);
    write(&mut r, 1, &id, "part").unwrap();
    r.answer(0, &id, "stop", "");
    let before = r.today(1);
    assert_eq!(said(&mut r, 1), 0);
    let after = r.today(1);
    assert!(gains(&before, &after), "{after:#}");
}

#[test]
fn many_are_one_until_today_is_looked_at() {
    let mut r = on();
    for _ in 0..5 {
        r.text(0, "thanks");
        r.together();
        r.sim.pass(4_000);
    }
    assert_eq!(said(&mut r, 1), 1);
    // A glance, as another command takes it, is no look.
    asks(&mut r, 1, "glance", json!({}));
    r.text(0, "thanks");
    assert_eq!(said_and_seen(&mut r, 1), 0);
    assert_eq!(said(&mut r, 1), 0, "nothing new");
    r.text(0, "thanks");
    assert_eq!(said(&mut r, 1), 1);
    // What comes while Today is open is seen there.
    r.today(1);
    r.text(0, "thanks");
    r.together();
    assert_eq!(said_and_seen(&mut r, 1), 1);
    r.text(0, "thanks");
    r.together();
    r.today(1);
    assert_eq!(said(&mut r, 1), 0);
}

#[test]
fn it_is_off_until_it_is_turned_on_and_nothing_of_it_reaches_the_partner() {
    let play = |set: Option<&str>| {
        let mut r = Row::two(72);
        if let Some(set) = set {
            turn(&mut r, 1, set);
        }
        r.sim.sent = Default::default();
        r.text(0, "thanks");
        let n = said(&mut r, 1);
        let Sim { sent, devices, .. } = r.sim;
        let [ana, _] = devices;
        (n, sent, ana.disk)
    };
    let (off, sent, disk) = play(None);
    assert_eq!((off, play(Some("off")).0), (0, 0));
    let (on, sent_on, disk_on) = play(Some("de"));
    assert_eq!(on, 1);
    assert!(sent == sent_on && disk == disk_on);
}

#[test]
fn after_a_start_it_is_still_on_and_says_nothing_of_what_was_there() {
    let mut r = on();
    r.text(0, "thanks");
    r.together();
    // Before it was said.
    r.sim.crash(1);
    r.sim.crash(0);
    assert_eq!(said(&mut r, 1), 0);
    r.text(0, "thanks");
    assert_eq!(said(&mut r, 1), 1);
    r.sim.crash(1);
    assert_eq!(said(&mut r, 1), 0);
    turn(&mut r, 1, "off");
    r.text(0, "thanks");
    assert_eq!(said(&mut r, 1), 0);
}

#[test]
fn a_language_is_set_and_told() {
    let mut r = on();
    turn(&mut r, 1, "de");
    r.text(0, "thanks");
    r.together();
    r.sim.pass(5_000);
    assert_eq!(r.sim.devices[1].notified, [Notify::De]);
    let now = asks(&mut r, 1, "notify", json!({}));
    assert_eq!(
        (&now["notify"], &now["desktop"]["state"]),
        (&json!("de"), &json!("ok"))
    );
}

#[test]
fn during_a_break_it_is_said_of_what_stands_on_today() {
    let mut r = on();
    call(&mut r, 0, 40);
    assert_eq!(said_and_seen(&mut r, 1), 1, "the return");
    r.text(0, "confidence");
    assert_eq!(said_and_seen(&mut r, 1), 0, "it is folded");
    r.text(0, "thanks");
    assert_eq!(said_and_seen(&mut r, 1), 1);
    call(&mut r, 0, 30);
    assert_eq!(said_and_seen(&mut r, 1), 0, "an earlier return needs both");
    call(&mut r, 0, 60);
    assert_eq!(said_and_seen(&mut r, 1), 1, "a later one");
    // Both are back: what was folded is there, and nothing that was told gave it.
    let all = r.today(1)["break"]["ids"].as_array().unwrap().clone();
    for p in [1, 0] {
        for id in &all {
            r.answer(p, id.as_str().unwrap(), "done", "");
        }
    }
    let before = r.today(1);
    assert_eq!(said(&mut r, 1), 0);
    assert!(gains(&before, &r.today(1)), "the confidence");
}

// The real programs, and a real bus.

/// What a program has asked the desktop to show.
#[derive(Debug, Clone, PartialEq)]
struct Shown {
    app: String,
    instead_of: u32,
    icon: String,
    summary: String,
    body: String,
    buttons: Vec<String>,
    hints: Vec<(String, bool)>,
    lasts: i32,
}

/// A desktop that shows what it is asked to, and numbers it from 7 on.
#[derive(Clone, Default)]
struct Shows(Arc<Mutex<Vec<Shown>>>);

#[zbus::interface(name = "org.freedesktop.Notifications")]
impl Shows {
    #[allow(clippy::too_many_arguments)]
    fn notify(
        &self,
        app: String,
        instead_of: u32,
        icon: String,
        summary: String,
        body: String,
        buttons: Vec<String>,
        hints: HashMap<String, OwnedValue>,
        lasts: i32,
    ) -> u32 {
        let hints = hints.into_iter();
        let hints = hints.map(|(name, value)| (name, bool::try_from(value).unwrap()));
        let mut all = self.0.lock().unwrap();
        all.push(Shown {
            app,
            instead_of,
            icon,
            summary,
            body,
            buttons,
            hints: hints.collect(),
            lasts,
        });
        6 + all.len() as u32
    }
}

/// A bus, and on it a desktop.
struct Desktop {
    bus: Child,
    address: String,
    shows: Shows,
    runtime: tokio::runtime::Runtime,
    there: Option<zbus::Connection>,
}

impl Desktop {
    fn begin(folder: &Path) -> Self {
        let mut bus = Command::new("dbus-daemon")
            .args(["--session", "--nofork", "--print-address"])
            .arg(format!("--address=unix:path={}/bus", folder.display()))
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut line = String::new();
        let mut told = BufReader::new(bus.stdout.take().unwrap());
        told.read_line(&mut line).unwrap();
        let mut desktop = Self {
            bus,
            address: line.trim().to_owned(),
            shows: Shows::default(),
            runtime: tokio::runtime::Runtime::new().unwrap(),
            there: None,
        };
        desktop.comes();
        desktop
    }

    fn comes(&mut self) {
        let serve = zbus::connection::Builder::address(&*self.address)
            .unwrap()
            .name("org.freedesktop.Notifications")
            .unwrap()
            .serve_at("/org/freedesktop/Notifications", self.shows.clone())
            .unwrap()
            .build();
        self.there = Some(self.runtime.block_on(serve).unwrap());
    }

    fn goes(&mut self) {
        if let Some(there) = self.there.take() {
            self.runtime.block_on(there.close()).unwrap();
        }
    }

    /// All that it has shown, once it is so much.
    fn shown(&self, n: usize) -> Vec<Shown> {
        let by = Instant::now() + PATIENCE;
        loop {
            let all = self.shows.0.lock().unwrap().clone();
            if all.len() >= n {
                assert_eq!(all.len(), n, "{all:?}");
                return all;
            }
            assert!(Instant::now() < by, "{n} were never shown: {all:?}");
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

impl Drop for Desktop {
    fn drop(&mut self) {
        self.bus.kill().ok();
        self.bus.wait().ok();
    }
}

/// The one sentence, and nothing else in any of its places.
fn only(sentence: &str, instead_of: u32) -> Shown {
    Shown {
        app: "Troth".into(),
        instead_of,
        icon: String::new(),
        summary: sentence.into(),
        body: String::new(),
        buttons: Vec::new(),
        hints: vec![("transient".into(), true)],
        lasts: -1,
    }
}

/// From now on a home's programs run in this session.
fn in_session(home: &mut Home, address: &str) {
    home.stop();
    let name = "DBUS_SESSION_BUS_ADDRESS".to_owned();
    home.env = vec![(name, address.to_owned())];
}

fn thank(home: &Home, words: &str) -> String {
    let told = home.ask(&["thanks", "add"], json!({"words": {"did": words}}));
    told["id"].as_str().unwrap().to_owned()
}

fn has_come(home: &Home, id: &str) {
    home.until(&["thanks", "list"], |list| list.to_string().contains(id));
}

#[test]
fn the_desktop_says_one_sentence_and_no_word_of_what_came() {
    if !keyring::there() {
        eprintln!("not run: this test needs dbus-daemon");
        return;
    }
    let root = root();
    let mut desktop = Desktop::begin(root.path());
    let (mut ana, mut ben) = paired(root.path(), TROTH);
    for home in [&mut ana, &mut ben] {
        in_session(home, &desktop.address);
    }
    assert_eq!(ben.ask(&["notify"], Value::Null)["notify"], false);
    assert_eq!(ana.ask(&["notify", "on"], Value::Null)["notify"], true);
    // Ben's is off: it would have said it before Ana's does.
    has_come(&ben, &thank(&ana, "CANARY"));
    has_come(&ana, &thank(&ben, "CANARY"));
    assert_eq!(desktop.shown(1), [only("Troth has something for you", 0)]);
    // Not again before Today was looked at.
    has_come(&ana, &thank(&ben, "CANARY"));
    ana.ask(&["today"], Value::Null);
    ana.env.push(("TROTH_LANG".into(), "de".into()));
    ana.ask(&["notify", "on"], Value::Null);
    has_come(&ana, &thank(&ben, "CANARY"));
    assert_eq!(desktop.shown(2)[1], only("Troth hat etwas für dich", 7));
    // Another desktop begins its numbers anew.
    desktop.goes();
    desktop.comes();
    ana.ask(&["today"], Value::Null);
    has_come(&ana, &thank(&ben, "CANARY"));
    assert_eq!(desktop.shown(3)[2], only("Troth hat etwas für dich", 0));
    assert_eq!(ana.ask(&["notify", "off"], Value::Null)["notify"], false);
}

#[test]
fn a_bus_of_another_user_is_asked_for_nothing() {
    if !as_root() {
        return;
    }
    let root = root();
    let theirs = Theirs::begin(root.path());
    let (mut ana, ben) = paired(root.path(), TROTH);
    in_session(&mut ana, &theirs.address());
    ana.ask(&["notify", "on"], Value::Null);
    has_come(&ana, &thank(&ben, "CANARY"));
    ana.until(&["notify"], |now| now["desktop"]["state"] == "failed");
    assert_eq!(theirs.heard(), ["0"]);
}

#[test]
fn a_desktop_that_shows_nothing_is_told_of_once() {
    let root = root();
    let (mut ana, ben) = paired(root.path(), TROTH);
    in_session(&mut ana, "unix:path=/nowhere/bus");
    for _ in 0..2 {
        ana.ask(&["notify", "off"], Value::Null);
        let on = ana.ask(&["notify", "on"], Value::Null);
        assert_eq!(on["desktop"]["state"], "ok");
        has_come(&ana, &thank(&ben, "CANARY"));
        ana.until(&["notify"], |now| now["desktop"]["state"] == "failed");
    }
    let rungs = ana.ask(&["doctor"], Value::Null)["rungs"].clone();
    let mut rungs = rungs.as_array().unwrap().iter();
    let rung = rungs.find(|rung| rung["name"] == "notifications").unwrap();
    assert_eq!(rung["state"], "failed");
    let log = ana.log();
    assert_eq!(log.matches("the desktop shows no notification").count(), 1);
    assert!(!log.contains("CANARY"));
}
