//! Private pages, asked for as clients do, on made-up disks.

use super::*;
use crate::node::{Founding, Input};
use crate::test_entropy::Seeded;
use troth_proto::AssertionId;
use troth_proto::private::{Page, Part};

const DATA: Key = Key([7; 32]);

/// A home with its file, and a shell that stretches nothing for real.
struct Home {
    node: Node,
    entropy: Seeded,
    mono: u64,
    file: Option<Vec<u8>>,
    /// When the file was written.
    times: Vec<u64>,
    /// What the disk says.
    disk: Result<bool, Problem>,
    answers: Vec<(From, Result<Value, Problem>)>,
    stretched: usize,
    /// Passphrases that are being stretched.
    under_way: Vec<(From, Vec<Key>)>,
    by_hand: bool,
    /// Something else is saved.
    saves: bool,
}

impl Home {
    fn new(seed: u64) -> Self {
        let mut entropy = Seeded::new(seed);
        let founding = Founding {
            name: "Ana".into(),
            person: None,
            seals: Vec::new(),
            words_public: Hash::default(),
            link_seed: Key([1; 32]),
            listen: None,
            mapping: false,
        };
        let (node, _) = Node::found(founding, &mut entropy);
        let mut home = Self {
            node,
            entropy,
            mono: 1,
            file: None,
            times: Vec::new(),
            disk: Ok(true),
            answers: Vec::new(),
            stretched: 0,
            under_way: Vec::new(),
            by_hand: false,
            saves: false,
        };
        home.read(Found::None);
        home.input(Input::Started);
        home
    }

    fn read(&mut self, found: Found) {
        let halves = Halves::of(&DATA);
        self.input(Input::Private { halves, found });
    }

    fn input(&mut self, input: Input) {
        let now = Now {
            mono: self.mono,
            unix: 0,
            day: "2026-11-22".parse().unwrap(),
        };
        for effect in self.node.handle(now, &mut self.entropy, input) {
            match effect {
                Effect::Stretch {
                    client, id, what, ..
                } => {
                    self.stretched += 1;
                    let keys = what.iter().map(|it| {
                        let text = format!("{} {}", it.passphrase.0, it.salt.hex());
                        DATA.derive(&text)
                    });
                    self.under_way.push(((client, id), keys.collect()));
                }
                Effect::KeepPrivate { slot, .. } => {
                    if self.disk.is_ok() {
                        self.file = Some(slot.repeat(2));
                        self.times.push(self.mono);
                    }
                    self.input(Input::PrivateKept(self.disk.clone()));
                }
                Effect::Reply { client, id, answer } => {
                    self.answers.push(((client, id), answer));
                }
                Effect::Save(writes) => {
                    let saves = std::mem::take(&mut self.saves);
                    assert!(saves || writes.is_empty(), "the store tells of it");
                }
                _ => {}
            }
        }
        while !self.by_hand && !self.under_way.is_empty() {
            self.stretch();
        }
    }

    fn stretch(&mut self) {
        let ((client, id), keys) = self.under_way.remove(0);
        self.input(Input::Stretched { client, id, keys });
    }

    fn ask(&mut self, client: Client, request: Request) -> Result<Value, Problem> {
        let id = self.answers.len() as u64;
        self.input(Input::Request {
            client,
            id,
            request,
        });
        let (from, answer) = self.answers.last().cloned().unwrap();
        assert_eq!(from, (client, id));
        answer
    }

    /// Time goes by, and everything that is due is done at its time.
    fn wait(&mut self, millis: u64) {
        let until = self.mono + millis;
        while let Some((at, _)) = self.node.deadline().filter(|(at, _)| *at <= until) {
            self.mono = self.mono.max(at);
            self.input(Input::Tick);
        }
        self.mono = until;
    }

    fn set(&mut self, passphrase: &str) {
        let new = Secret(passphrase.into());
        let request = Request::PrivatePassphrase {
            old: None,
            new,
            anew: false,
        };
        self.ask(1, request).unwrap();
    }

    fn open(&mut self, client: Client, passphrase: &str) -> Result<Value, Problem> {
        let passphrase = Secret(passphrase.into());
        self.ask(client, Request::PrivateOpen { passphrase })
    }

    fn pages(&mut self, client: Client) -> Result<usize, Problem> {
        let list = self.ask(client, Request::PrivateList { before: None })?;
        let list: PageList = serde_json::from_value(list).unwrap();
        Ok(list.pages.len())
    }
}

fn words(text: &str) -> PageWords {
    PageWords {
        kind: PageKind::Journal,
        title: String::new(),
        parts: vec![Part {
            head: String::new(),
            text: text.into(),
        }],
    }
}

fn write(text: &str) -> Request {
    Request::PrivateWrite {
        page: None,
        words: words(text),
    }
}

const RIGHT: &str = "four calm green trees";

#[test]
fn a_page_is_written_shown_written_anew_and_thrown_away() {
    let mut home = Home::new(1);
    assert_eq!(
        home.ask(1, write("rain")),
        Err(Problem::NoPrivatePassphrase)
    );
    assert_eq!(home.open(1, RIGHT), Err(Problem::NoPrivatePassphrase));
    home.set(RIGHT);
    let page = home.ask(1, write("rain")).unwrap()["page"]
        .as_u64()
        .unwrap();
    let again = Request::PrivateWrite {
        page: Some(page),
        words: words("snow"),
    };
    home.ask(1, again).unwrap();
    let shown = home.ask(1, Request::PrivateShow { page }).unwrap();
    let shown: Page = serde_json::from_value(shown).unwrap();
    assert_eq!(shown.parts[0].text, "snow");
    home.ask(1, Request::PrivateDrop { page }).unwrap();
    assert_eq!(home.pages(1), Ok(0));
    let gone = home.ask(1, Request::PrivateShow { page });
    assert!(matches!(gone, Err(Problem::NoSuch { .. })));
    assert_ne!(home.ask(1, write("hail")).unwrap()["page"], page);
}

#[test]
fn they_are_open_for_one_connection_until_it_is_idle_gone_or_the_machine_slept() {
    let mut home = Home::new(2);
    home.set(RIGHT);
    let locked = Err(Problem::PrivateLocked);
    assert_eq!(home.pages(2), locked);
    assert_eq!(
        home.ask(2, Request::Status {}).unwrap()["private"],
        "locked"
    );
    assert_eq!(home.ask(1, Request::Status {}).unwrap()["private"], "open");
    home.wait(limits::PRIVATE_IDLE - 1);
    assert_eq!(home.pages(1), Ok(0));
    home.wait(limits::PRIVATE_IDLE - 1);
    assert_eq!(home.pages(1), Ok(0));
    home.wait(limits::PRIVATE_IDLE);
    assert_eq!(home.pages(1), locked);
    for how in [Input::Woke, Input::ClientGone(1)] {
        home.open(1, RIGHT).unwrap();
        assert_eq!(home.pages(1), Ok(0));
        home.input(how);
        assert_eq!(home.pages(1), locked);
    }
    home.open(1, RIGHT).unwrap();
    home.ask(1, Request::PrivateClose {}).unwrap();
    assert_eq!(home.pages(1), locked);
    assert!(home.node.private_keys().is_empty());
}

#[test]
fn a_wrong_passphrase_costs_as_much_as_the_right_one_and_says_nothing_more() {
    let mut home = Home::new(3);
    home.set(RIGHT);
    let before = home.stretched;
    let wrong = Err(Problem::WrongPrivatePassphrase);
    assert_eq!(home.open(2, "four calm green tree"), wrong);
    assert_eq!(home.open(2, ""), wrong);
    assert_eq!(home.stretched, before + 2);
    assert_eq!(home.pages(2), Err(Problem::PrivateLocked));
    let change = |old: Option<&str>| Request::PrivatePassphrase {
        old: old.map(|old| Secret(old.into())),
        new: Secret("another one".into()),
        anew: false,
    };
    for old in [None, Some("four calm")] {
        assert!(home.ask(2, change(old)).is_err());
    }
    home.open(2, RIGHT).unwrap();
}

#[test]
fn one_passphrase_is_stretched_at_a_time_and_nobody_gets_the_key_of_one_who_left() {
    let mut home = Home::new(4);
    home.set(RIGHT);
    home.by_hand = true;
    for client in 2..5 {
        let passphrase = Secret(RIGHT.into());
        home.input(Input::Request {
            client,
            id: 9,
            request: Request::PrivateOpen { passphrase },
        });
        assert_eq!(home.under_way.len(), 1);
    }
    assert_eq!(home.node.waits_for_private(), [(2, 9), (3, 9), (4, 9)]);
    home.input(Input::ClientGone(2));
    home.input(Input::ClientGone(3));
    assert_eq!(home.under_way.len(), 1, "it is waited for all the same");
    home.stretch();
    assert_eq!(home.under_way.len(), 1);
    home.stretch();
    let opened: Vec<Client> = home
        .node
        .private_keys()
        .iter()
        .map(|it| it.client)
        .collect();
    assert_eq!(opened, [1, 4]);
}

#[test]
fn what_is_asked_again_under_an_id_is_written_and_kept_once() {
    let mut home = Home::new(15);
    home.set(RIGHT);
    let once = |n: u8, request: Request| Request::Once {
        id: AssertionId([n; 16]),
        request: Box::new(request),
    };
    let keep = |text| Request::PrivateKeep { words: words(text) };
    let page = home.ask(1, once(1, write("rain"))).unwrap();
    home.ask(2, once(2, keep("snow"))).unwrap();
    assert!(once(2, keep("snow")).is_private());
    // The answers were lost; then the daemon too, and what was kept was taken in.
    for n in 0..3 {
        assert_eq!(home.ask(1, once(1, write("rain"))), Ok(page.clone()));
        home.ask(2, once(2, keep("snow"))).unwrap();
        home.open(1, RIGHT).unwrap();
        assert_eq!(home.pages(1), Ok(2), "{n}");
        let file = home.file.clone().unwrap();
        home.read(Found::of(&Halves::of(&DATA), &file));
        home.open(1, RIGHT).unwrap();
    }
    // Under other ids the same words are said again.
    assert_ne!(home.ask(1, once(3, write("rain"))), Ok(page));
    home.ask(2, once(4, keep("snow"))).unwrap();
    home.open(1, RIGHT).unwrap();
    assert_eq!(home.pages(1), Ok(4));
    let list = Request::PrivateList { before: None };
    assert!(home.ask(1, once(5, list)).is_err(), "it says nothing");
}

#[test]
fn words_slipped_in_are_there_after_opening_and_after_a_new_passphrase() {
    let mut home = Home::new(5);
    let keep = |text| Request::PrivateKeep { words: words(text) };
    assert_eq!(home.ask(2, keep("lost")), Err(Problem::NoPrivatePassphrase));
    home.set(RIGHT);
    home.ask(1, write("a page")).unwrap();
    home.ask(2, keep("one")).unwrap();
    let change = Request::PrivatePassphrase {
        old: Some(Secret(RIGHT.into())),
        new: Secret("another passphrase".into()),
        anew: false,
    };
    home.ask(3, change).unwrap();
    assert_eq!(home.pages(1), Err(Problem::PrivateLocked), "its key is old");
    assert_eq!(home.pages(3), Ok(2));
    home.ask(2, keep("two")).unwrap();
    let wrong = Err(Problem::WrongPrivatePassphrase);
    assert_eq!(home.open(2, RIGHT), wrong);
    home.open(2, "another passphrase").unwrap();
    assert_eq!(home.pages(2), Ok(3));
    let file = home.file.clone().unwrap();
    home.read(Found::of(&Halves::of(&DATA), &file));
    home.open(4, "another passphrase").unwrap();
    assert_eq!(home.pages(4), Ok(3));
    let anew = Request::PrivatePassphrase {
        old: None,
        new: Secret("begun anew".into()),
        anew: true,
    };
    home.ask(5, anew).unwrap();
    assert_eq!(home.pages(5), Ok(0));
}

#[test]
fn what_the_disk_does_not_take_is_told_and_changes_nothing() {
    let mut home = Home::new(6);
    home.set(RIGHT);
    home.ask(1, write("saved")).unwrap();
    for problem in [
        Problem::DiskFull,
        Problem::DiskReadOnly,
        Problem::DiskFailed,
    ] {
        home.disk = Err(problem.clone());
        let refused = Err(problem.clone());
        assert_eq!(home.ask(1, write("not saved")), refused);
        assert_eq!(home.ask(1, Request::PrivateDrop { page: 1 }), refused);
        let words = words("kept");
        assert_eq!(home.ask(2, Request::PrivateKeep { words }), refused);
        assert_eq!(home.pages(1), Ok(1));
        // Nothing comes of what is tried by itself, but that it is tried again.
        home.wait(10 * limits::PRIVATE_REWRITE);
        assert!(home.node.private.rewrite_at.is_some());
        home.disk = Ok(true);
        home.open(1, RIGHT).unwrap();
        assert_eq!(home.pages(1), Ok(1));
    }
    home.ask(1, write("saved")).unwrap();
    assert_eq!(home.pages(1), Ok(2));
    // What waits does not keep anybody from reading.
    let words = words("kept");
    home.ask(2, Request::PrivateKeep { words }).unwrap();
    home.disk = Err(Problem::DiskReadOnly);
    home.open(2, RIGHT).unwrap();
    assert_eq!(home.pages(2), Ok(2));
    home.disk = Ok(true);
    home.open(2, RIGHT).unwrap();
    assert_eq!(home.pages(2), Ok(3));
}

#[test]
fn the_slot_that_was_not_written_is_the_first_the_next_time() {
    let mut home = Home::new(7);
    assert_eq!(home.node.private.how, Some(How::Slots { first: 0 }));
    home.disk = Ok(false);
    home.set(RIGHT);
    assert_eq!(home.node.private.how, Some(How::Slots { first: 1 }));
    home.ask(1, write("again")).unwrap();
    assert_eq!(home.node.private.how, Some(How::Slots { first: 0 }));
    home.disk = Ok(true);
    home.ask(1, write("both")).unwrap();
    assert_eq!(home.node.private.how, Some(How::Slots { first: 0 }));
}

#[test]
fn a_file_that_does_not_open_is_kept_aside_and_told() {
    let mut home = Home::new(8);
    let halves = Halves::of(&DATA);
    let now = Now {
        mono: 5,
        unix: 0,
        day: "2026-11-22".parse().unwrap(),
    };
    let found = Found::of(&halves, &[0; 2 * limits::PRIVATE_SLOT_BYTES]);
    assert_eq!(found, Found::Damaged);
    let input = Input::Private { halves, found };
    let effects = home.node.handle(now, &mut home.entropy, input);
    let aside = |effect: &Effect| {
        let how = How::New { aside: true };
        matches!(effect, Effect::KeepPrivate { how: it, .. } if *it == how)
    };
    assert!(effects.iter().any(aside));
    assert_eq!(home.node.status().notices, [Notice::PrivateDamaged]);
    let found = Found::Problem(Problem::DiskFailed);
    let mut home = Home::new(9);
    home.node.private = Private::default();
    home.read(found);
    assert_eq!(home.pages(1), Err(Problem::DiskFailed));
}

#[test]
fn a_file_that_is_gone_and_one_that_was_put_back_are_told_and_nothing_else_is() {
    let mut home = Home::new(12);
    let old = home.file.clone().unwrap();
    home.set(RIGHT);
    home.ask(1, write("since then")).unwrap();
    let told = |home: &Home| home.node.status().notices;
    // As long as nothing else was saved, nobody knows how old it may be.
    let now = home.file.clone().unwrap();
    home.read(Found::of(&Halves::of(&DATA), &old));
    home.read(Found::of(&Halves::of(&DATA), &now));
    assert_eq!(told(&home), []);
    // Whatever else is saved tells it.
    home.node.put(Row::Notices);
    home.saves = true;
    home.input(Input::Tick);
    let known = home.node.desk.local.private;
    home.read(Found::of(&Halves::of(&DATA), &now));
    assert_eq!(told(&home), []);
    home.read(Found::of(&Halves::of(&DATA), &old));
    assert_eq!(told(&home), [Notice::PrivateOlder]);
    // What is written next is newer than both.
    home.wait(2 * SOON);
    let halves = Halves::of(&DATA);
    let (drawer, ..) = Drawer::read(&halves, home.file.as_ref().unwrap()).unwrap();
    assert!(Some(drawer.generation()) > known);
    home.read(Found::None);
    assert_eq!(told(&home), [Notice::PrivateOlder, Notice::PrivateGone]);
}

#[test]
fn what_is_written_soon_after_a_start_does_not_put_off_what_every_start_writes() {
    for seed in 0..20 {
        let mut home = Home::new(seed);
        home.set(RIGHT);
        let file = home.file.clone().unwrap();
        home.wait(limits::PRIVATE_REWRITE);
        let start = home.mono;
        home.read(Found::of(&Halves::of(&DATA), &file));
        home.wait(500);
        home.open(1, RIGHT).unwrap();
        home.ask(1, write("at once")).unwrap();
        home.wait(2 * SOON);
        let last = home.times.last().unwrap() - start;
        assert!((SOON..=2 * SOON).contains(&last), "seed {seed}: {last}");
    }
}

/// Somebody who looks at the file's time now and then, and at its size.
#[test]
fn the_times_of_one_who_writes_daily_are_those_of_one_who_never_does() {
    let ages = |writes: bool| -> Vec<u64> {
        let mut home = Home::new(10 + u64::from(writes));
        let mut eyes = Seeded::new(99);
        home.set(RIGHT);
        home.node.private.unsealed = true;
        let mut ages = Vec::new();
        for _ in 0..20 {
            for hour in 0..16 {
                home.wait(eyes.below(3_600_000) as u64);
                if writes && hour == 14 {
                    home.open(1, RIGHT).unwrap();
                    for text in ["one", "two"] {
                        home.ask(1, write(text)).unwrap();
                        home.wait(240_000);
                    }
                }
                ages.push(home.mono - home.times.last().unwrap());
            }
        }
        ages.sort_unstable();
        ages
    };
    let (never, daily) = (ages(false), ages(true));
    // Kolmogorov and Smirnov: how far the two shares of "not older than this" are apart at most.
    let share = |all: &[u64], age: u64| {
        let younger = all.partition_point(|it| *it <= age);
        younger as f64 / all.len() as f64
    };
    let apart = never.iter().chain(&daily);
    let apart = apart.map(|age| (share(&never, *age) - share(&daily, *age)).abs());
    let apart = apart.fold(0.0, f64::max);
    assert!(apart < 0.12, "{apart}");
}
