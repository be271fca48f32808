//! A hostile partner: entries that no honest daemon writes. Each is refused whole, and exchange works afterwards.

use serde_json::{Value, json};
use troth_core::gate::{Refusal, admit};
use troth_core::sim::Sim;
use troth_proto::ids::Who;
use troth_proto::wire::{Dep, Entries, Entry, Frame, LogId, Op, SealedEntry, entry_hash};
use troth_proto::{AssertionId, CoupleId, Hash, InstallationId, PersonId, limits};
use troth_tests::histories::request;

/// Ben's daemon, replaced: it knows everything Ben knows, and writes what it likes.
struct Forger {
    couple: CoupleId,
    log: LogId,
    anas: LogId,
    n: u64,
    prev: Hash,
    seq: u64,
    anas_version: Hash,
    anas_id: AssertionId,
    ids: u8,
}

impl Forger {
    fn of(sim: &Sim) -> Self {
        let couple = sim.node(1).couple().unwrap();
        let (mine, hers) = (couple.book(Who::Me), couple.book(Who::Partner));
        let hers_last = hers.said().last().unwrap();
        Self {
            couple: couple.id,
            log: mine.log,
            anas: hers.log,
            n: mine.n(),
            prev: mine.have().head,
            seq: mine.seq(),
            anas_version: hers_last.hash,
            anas_id: hers_last.id,
            ids: 0,
        }
    }

    fn op(&mut self, kind: &str, body: Value, more: Value) -> Op {
        self.ids += 1;
        self.seq += 1;
        let id = AssertionId([self.ids; 16]);
        let mut value =
            json!({"id": id, "kind": kind, "seq": self.seq, "on": "2026-11-22", "body": body});
        for (key, of) in more.as_object().unwrap() {
            value[key] = of.clone();
        }
        Op {
            kind: Op::PUT,
            key: id,
            value: value.to_string(),
        }
    }

    fn entry(&mut self, ops: Vec<Op>) -> Entry {
        Entry {
            n: self.n + 1,
            prev: self.prev,
            deps: vec![],
            ops,
        }
    }

    fn seal(&self, log: &LogId, entry: Entry) -> SealedEntry {
        let hash = entry_hash(self.couple, log, &entry);
        SealedEntry {
            entry,
            hash,
            seal: Hash([1; 32]),
        }
    }
}

fn scene() -> (Sim, Forger) {
    let mut sim = Sim::paired(21);
    sim.request(
        0,
        request(
            "agreement_propose",
            json!({"topic": "Home", "does": {"me": "I cook."}}),
        ),
    )
    .unwrap();
    sim.request(
        1,
        request(
            "agreement_propose",
            json!({"topic": "Garden", "does": {"me": "I dig."}}),
        ),
    )
    .unwrap();
    sim.settle();
    let forger = Forger::of(&sim);
    (sim, forger)
}

fn step_back(forger: &mut Forger, more: Value) -> Op {
    let version = forger.anas_version;
    forger.op("step_back", json!({"from": {"version": version}}), more)
}

type Forgery = (
    &'static str,
    Refusal,
    fn(&mut Forger) -> (LogId, Vec<SealedEntry>),
);

fn one(f: &mut Forger, change: impl FnOnce(&mut Entry, &mut Forger)) -> (LogId, Vec<SealedEntry>) {
    let seen = f.anas_version;
    let op = step_back(f, json!({"seen": [seen]}));
    let mut entry = f.entry(vec![op]);
    change(&mut entry, f);
    let log = f.log;
    let sealed = f.seal(&log, entry);
    (log, vec![sealed])
}

fn forgeries() -> Vec<Forgery> {
    vec![
        ("into Ana's own book", Refusal::Writer, |f| {
            let op = f.op(
                "step_back",
                json!({"from": {"version": f.anas_version}}),
                json!({}),
            );
            let entry = f.entry(vec![op]);
            (f.anas, vec![f.seal(&f.anas.clone(), entry)])
        }),
        (
            "as an installation that was never paired",
            Refusal::Writer,
            |f| {
                let log = LogId {
                    installation: InstallationId([9; 16]),
                    ..f.log
                };
                let op = step_back(f, json!({}));
                let entry = f.entry(vec![op]);
                (log, vec![f.seal(&log, entry)])
            },
        ),
        ("an older or newer edition", Refusal::Writer, |f| {
            let log = LogId {
                edition: 1,
                ..f.log
            };
            let op = step_back(f, json!({}));
            let entry = f.entry(vec![op]);
            (log, vec![f.seal(&log, entry)])
        }),
        ("another person's book", Refusal::Writer, |f| {
            let log = LogId {
                document: troth_proto::wire::Document::Book(PersonId([8; 16])),
                ..f.log
            };
            let op = step_back(f, json!({}));
            let entry = f.entry(vec![op]);
            (log, vec![f.seal(&log, entry)])
        }),
        ("a number left out", Refusal::Gap, |f| {
            one(f, |e, _| e.n += 1)
        }),
        ("the number nought", Refusal::Chain, |f| {
            one(f, |e, _| e.n = 0)
        }),
        ("a number over the limit", Refusal::Limit, |f| {
            one(f, |e, _| e.n = limits::LOG_ENTRIES + 1)
        }),
        (
            "another entry where one stands",
            Refusal::Fork { n: 1 },
            |f| one(f, |e, _| (e.n, e.prev) = (1, Hash::default())),
        ),
        ("a broken chain", Refusal::Fork { n: 1 }, |f| {
            one(f, |e, _| e.prev = Hash([7; 32]))
        }),
        ("dependencies that are not there", Refusal::Deps, |f| {
            one(f, |e, _| {
                e.deps.push(Dep {
                    installation: InstallationId([9; 16]),
                    n: 1,
                })
            })
        }),
        ("a dependency on itself", Refusal::Deps, |f| {
            one(f, |e, f| {
                e.deps.push(Dep {
                    installation: f.log.installation,
                    n: f.n,
                })
            })
        }),
        ("no operation", Refusal::Malformed, |f| {
            one(f, |e, _| e.ops.clear())
        }),
        (
            "an operation only a newer one knows",
            Refusal::NewerOperation,
            |f| one(f, |e, _| e.ops[0].kind = 2),
        ),
        ("too many operations", Refusal::Limit, |f| {
            one(f, |e, _| {
                e.ops = vec![e.ops[0].clone(); limits::ENTRY_OPS + 1]
            })
        }),
        ("too many bytes", Refusal::Limit, |f| {
            one(f, |e, _| e.ops[0].value = "x".repeat(limits::ENTRY_BYTES))
        }),
        ("a hash that is not its own", Refusal::Hash, |f| {
            let (log, mut entries) = one(f, |_, _| {});
            entries[0].hash = Hash([6; 32]);
            (log, entries)
        }),
        ("another key than its id", Refusal::Key, |f| {
            one(f, |e, _| e.ops[0].key = AssertionId([0xee; 16]))
        }),
        ("an id of Ana's", Refusal::Key, |f| {
            one(f, |e, f| {
                let text = e.ops[0]
                    .value
                    .replace(&e.ops[0].key.hex(), &AssertionId([0xaa; 16]).hex());
                e.ops[0] = Op {
                    kind: Op::PUT,
                    key: AssertionId([0xaa; 16]),
                    value: text,
                };
                let again = e.ops[0].clone();
                e.ops.push(again);
                f.ids += 1;
            })
        }),
        ("an id that Ana used", Refusal::Key, |f| {
            let id = f.anas_id;
            one(f, |e, f| {
                e.ops[0].value = e.ops[0]
                    .value
                    .replace(&AssertionId([f.ids; 16]).hex(), &id.hex());
                e.ops[0].key = id;
            })
        }),
        (
            "more operations than an entry may have",
            Refusal::Limit,
            |f| {
                let song = |n: usize| Op {
                    kind: Op::PUT,
                    key: AssertionId(f64::to_be_bytes(n as f64).repeat(2).try_into().unwrap()),
                    value: String::new(),
                };
                let ops = (0..=limits::ENTRY_OPS).map(song).collect();
                let entry = f.entry(ops);
                (f.log, vec![f.seal(&f.log.clone(), entry)])
            },
        ),
        ("more bytes than an entry may have", Refusal::Limit, |f| {
            let long = json!({"text": "x".repeat(limits::ENTRY_BYTES / 2)});
            let ops = (0..2)
                .map(|_| f.op("song", long.clone(), json!({})))
                .collect();
            let entry = f.entry(ops);
            (f.log, vec![f.seal(&f.log.clone(), entry)])
        }),
        ("no JSON", Refusal::Malformed, |f| {
            one(f, |e, _| e.ops[0].value = "hello".into())
        }),
        ("an unknown field", Refusal::Malformed, |f| {
            one(f, |e, _| {
                e.ops[0].value = e.ops[0].value.replacen('{', "{\"x\":1,", 1)
            })
        }),
        ("a nest of brackets", Refusal::Limit, |f| {
            one(f, |e, _| e.ops[0].value = "[".repeat(20_000))
        }),
        ("an over-long text", Refusal::Limit, |f| {
            let long = "x".repeat(limits::TEXT_CHARS + 1);
            let version = f.anas_version;
            let op = f.op(
                "step_back",
                json!({"from": {"version": version}, "note": long}),
                json!({"seen": [version]}),
            );
            let entry = f.entry(vec![op]);
            (f.log, vec![f.seal(&f.log.clone(), entry)])
        }),
        ("control characters", Refusal::Limit, |f| {
            let version = f.anas_version;
            let op = f.op(
                "step_back",
                json!({"from": {"version": version}, "note": "\u{1b}[2J"}),
                json!({"seen": [version]}),
            );
            let entry = f.entry(vec![op]);
            (f.log, vec![f.seal(&f.log.clone(), entry)])
        }),
        ("a running number used before", Refusal::Seq, |f| {
            f.seq -= 1;
            one(f, |_, _| {})
        }),
        (
            "a kind with a day it may not carry",
            Refusal::Malformed,
            |f| {
                let op = f.op(
                    "ready",
                    json!({"slot": "2026-W47", "round": 1, "commitment": Hash([1; 32])}),
                    json!({}),
                );
                let entry = f.entry(vec![op]);
                (f.log, vec![f.seal(&f.log.clone(), entry)])
            },
        ),
        ("a round over the limit", Refusal::Limit, |f| {
            let body = json!({"slot": "2026-W47", "round": limits::ROUNDS + 1, "commitment": Hash([1; 32])});
            let op = f.op("ready", body, json!({"on": null}));
            let entry = f.entry(vec![op]);
            (f.log, vec![f.seal(&f.log.clone(), entry)])
        }),
        ("something seen that is not there", Refusal::Seen, |f| {
            let op = step_back(f, json!({"seen": [Hash([3; 32])]}));
            let entry = f.entry(vec![op]);
            (f.log, vec![f.seal(&f.log.clone(), entry)])
        }),
        (
            "a newer kind that has seen what is not there",
            Refusal::Seen,
            |f| {
                let op = f.op("song", json!({}), json!({"seen": [Hash([3; 32])]}));
                let entry = f.entry(vec![op]);
                (f.log, vec![f.seal(&f.log.clone(), entry)])
            },
        ),
        (
            "a step back from what it has not seen",
            Refusal::Reference,
            |f| {
                let op = step_back(f, json!({}));
                let entry = f.entry(vec![op]);
                (f.log, vec![f.seal(&f.log.clone(), entry)])
            },
        ),
        ("a yes to nothing", Refusal::Reference, |f| {
            let op = f.op("yes", json!({"version": Hash([4; 32])}), json!({}));
            let entry = f.entry(vec![op]);
            (f.log, vec![f.seal(&f.log.clone(), entry)])
        }),
        ("a good one and then a bad one", Refusal::Gap, |f| {
            let (log, mut entries) = one(f, |_, _| {});
            let (_, bad) = one(f, |e, _| e.n += 7);
            entries.extend(bad);
            (log, entries)
        }),
    ]
}

#[test]
fn every_forgery_is_refused_for_its_reason_and_leaves_nothing() {
    for (what, expected, forge) in forgeries() {
        let (mut sim, mut forger) = scene();
        let (log, entries) = forge(&mut forger);
        let couple = sim.devices[0].node.as_mut().unwrap().couple_for_tests();
        let before = couple.length(Who::Partner);
        assert_eq!(
            admit(couple, Who::Partner, &log, &entries),
            Err(expected),
            "{what}"
        );
        assert_eq!(couple.length(Who::Partner), before, "{what}");
    }
}

#[test]
fn a_forgery_ends_the_link_is_told_once_and_an_honest_daemon_works_afterwards() {
    for (what, _, forge) in forgeries() {
        let (mut sim, mut forger) = scene();
        let before = sim
            .request(
                0,
                request("agreement_list", json!({"state": null, "after": null})),
            )
            .unwrap();
        let (log, entries) = forge(&mut forger);
        for _ in 0..2 {
            sim.connect();
            sim.settle();
            let bytes = Frame::Entries(Entries {
                log,
                entries: entries.clone(),
            })
            .write();
            sim.devices[0].inbox.push_back(bytes);
            sim.settle();
        }
        let status = sim.request(0, request("status", json!({}))).unwrap();
        let notices = status["notices"].as_array().unwrap().len();
        assert!(notices <= 1, "{what}: told more than once: {status}");
        let after = sim
            .request(
                0,
                request("agreement_list", json!({"state": null, "after": null})),
            )
            .unwrap();
        assert_eq!(before, after, "{what}");
        sim.request(
            1,
            request(
                "agreement_propose",
                json!({"topic": "Honest", "does": {"me": "I dig."}}),
            ),
        )
        .unwrap();
        sim.connect();
        sim.settle();
        let list = sim
            .request(
                0,
                request("agreement_list", json!({"state": null, "after": null})),
            )
            .unwrap()
            .to_string();
        assert!(
            list.contains("Honest"),
            "{what}: exchange does not work afterwards"
        );
        sim.crash(0); // and what is on the disk loads
    }
}

#[test]
fn an_unknown_kind_is_kept_and_told() {
    let (mut sim, mut forger) = scene();
    let op = forger.op("song", json!({"verse": "la"}), json!({}));
    let entry = forger.entry(vec![op]);
    let sealed = forger.seal(&forger.log.clone(), entry);
    sim.devices[0].inbox.push_back(
        Frame::Entries(Entries {
            log: forger.log,
            entries: vec![sealed],
        })
        .write(),
    );
    sim.settle();
    let status = sim.request(0, request("status", json!({}))).unwrap();
    assert!(
        status["notices"]
            .to_string()
            .contains("written with a newer Troth"),
        "{status}"
    );
    sim.crash(0);
    assert_eq!(sim.node(0).couple().unwrap().newer(), 1);
}

#[test]
fn crafted_entries_never_panic_and_never_leave_something_unloadable() {
    use troth_core::document::BookDocument;
    use troth_core::test_entropy::Seeded;
    let mut chance = Seeded::new(22);
    let (mut sim, forger) = scene();
    let mut passed = 0;
    for round in 0..4000 {
        let mut forger = Forger {
            ids: (round % 200) as u8,
            ..Forger {
                ..forger_copy(&forger)
            }
        };
        let kinds = [
            "version",
            "yes",
            "step_back",
            "my_part",
            "ready",
            "lock",
            "open",
            "heard",
            "song",
        ];
        let version = forger.anas_version;
        let bodies = [
            json!({"version": version}),
            json!({"from": {"version": version}}),
            json!({"slot": "2026-W47", "round": chance.below(30), "commitment": version}),
            json!({"slot": format!("look:{version}"), "round": 1}),
            json!({"agreement": "00000000000000000000000000000000", "base": [], "words": {"topic": "x", "terms": "", "does": {"me": "y"}}}),
            json!({"any": ["thing"]}),
        ];
        let more = if chance.one_in(2) {
            json!({"seen": [version]})
        } else {
            json!({"on": null})
        };
        let op = forger.op(
            kinds[chance.below(kinds.len())],
            bodies[chance.below(bodies.len())].clone(),
            more,
        );
        let entry = forger.entry(vec![op]);
        let mut sealed = forger.seal(&forger.log.clone(), entry);
        if chance.one_in(3) {
            let mut value = sealed.entry.ops[0].value.clone().into_bytes();
            let at = chance.below(value.len());
            value[at] = (chance.below(95) + 32) as u8;
            sealed.entry.ops[0].value = String::from_utf8(value).unwrap();
            sealed.hash = entry_hash(forger.couple, &forger.log, &sealed.entry);
        }
        let couple = sim.devices[0].node.as_mut().unwrap().couple_for_tests();
        let before = couple.length(Who::Partner);
        if admit(
            couple,
            Who::Partner,
            &forger.log,
            std::slice::from_ref(&sealed),
        )
        .is_ok()
        {
            passed += 1;
            let book = couple.book(Who::Partner);
            let entries: Vec<Entry> = (1..=book.n())
                .map(|n| book.entry(n).unwrap().owned().entry)
                .collect();
            if passed % 20 == 0 {
                let mut document = BookDocument::new(book.log.installation);
                document.catch_up(&entries).unwrap();
                document.snapshot().unwrap();
            }
            couple.truncate(Who::Partner, before);
        }
    }
    assert!(
        passed > 200,
        "only {passed} of the crafted entries passed: they try too little"
    );
}

fn forger_copy(f: &Forger) -> Forger {
    Forger {
        couple: f.couple,
        log: f.log,
        anas: f.anas,
        n: f.n,
        prev: f.prev,
        seq: f.seq,
        anas_version: f.anas_version,
        anas_id: f.anas_id,
        ids: f.ids,
    }
}

#[test]
fn both_copies_of_a_book_are_the_same_automerge_document() {
    use troth_core::document::BookDocument;
    let (mut sim, _) = scene();
    for n in 0..30 {
        sim.request(
            n % 2,
            request(
                "agreement_propose",
                json!({"topic": format!("T{n}"), "does": {"me": "x"}}),
            ),
        )
        .unwrap();
    }
    sim.settle();
    let heads = |p: usize, who: Who| {
        let book = sim.node(p).couple().unwrap().book(who);
        let entries: Vec<Entry> = (1..=book.n())
            .map(|n| book.entry(n).unwrap().owned().entry)
            .collect();
        let mut document = BookDocument::new(book.log.installation);
        document.catch_up(&entries).unwrap();
        let first = book.said().next().unwrap();
        let id = first.id;
        assert_eq!(document.get(&id).as_deref(), Some(first.raw));
        document.heads()
    };
    assert_eq!(heads(0, Who::Me), heads(1, Who::Partner));
    assert_eq!(heads(1, Who::Me), heads(0, Who::Partner));
}

#[test]
fn a_book_that_is_full_takes_no_more_and_what_is_there_stays() {
    let (mut sim, mut f) = scene();
    let couple = sim.devices[0].node.as_mut().unwrap().couple_for_tests();
    let text = "x".repeat(limits::ASSERTION_BYTES - 200);
    let mut chance = troth_core::test_entropy::Seeded::new(22);
    let mut taken = 0;
    let refused = loop {
        let mut op = f.op("song", json!({"text": text}), json!({}));
        // The forger's own ids are few.
        let id = AssertionId(troth_core::keys::draw(&mut chance));
        op.value = op.value.replace(&op.key.hex(), &id.hex());
        op.key = id;
        let entry = f.entry(vec![op]);
        let sealed = f.seal(&f.log.clone(), entry);
        let (n, head) = (sealed.entry.n, sealed.hash);
        match admit(couple, Who::Partner, &f.log, &[sealed]) {
            Ok(_) => (f.n, f.prev, taken) = (n, head, taken + 1),
            Err(refused) => break refused,
        }
        f.ids = 0;
        assert!(taken < 2_000, "there is no end of it");
    };
    assert_eq!(refused, Refusal::Limit);
    let bytes = couple.book(Who::Partner).bytes();
    assert!(bytes <= limits::DOCUMENT_BYTES && bytes > limits::DOCUMENT_BYTES - 100_000);
}

#[test]
fn a_page_that_is_not_the_one_committed_to_is_not_shown_and_the_round_ends() {
    let (mut sim, _) = scene();
    let slot = "2026-W47";
    let ready = |wish: &str| {
        request(
            "checkin_ready",
            json!({"slot": slot, "words": {"wish": wish}}),
        )
    };
    sim.request(0, ready("rain")).unwrap();
    sim.settle();
    let mut f = Forger::of(&sim);
    let sealed = [
        (
            "ready",
            json!({"slot": slot, "round": 1, "commitment": Hash([7; 32])}),
            json!({"on": null}),
        ),
        (
            "lock",
            json!({"slot": slot, "round": 1}),
            json!({"on": null}),
        ),
        (
            "open",
            json!({"slot": slot, "round": 1, "text": "{\"wish\":\"other words\"}", "salt": Hash([8; 32])}),
            json!({}),
        ),
    ];
    for (kind, body, more) in sealed {
        let op = f.op(kind, body, more);
        let entry = f.entry(vec![op]);
        let sealed = f.seal(&f.log.clone(), entry);
        (f.n, f.prev) = (sealed.entry.n, sealed.hash);
        let frame = Frame::Entries(Entries {
            log: f.log,
            entries: vec![sealed],
        });
        sim.devices[0].inbox.push_back(frame.write());
        sim.deliver(0, false);
    }
    let shown = sim
        .request(0, request("checkin_show", json!({"slot": slot})))
        .unwrap();
    let shown = &shown["slots"][0];
    assert_eq!(
        (&shown["mine"], &shown["partner"]),
        (&json!("open"), &json!("void")),
        "{shown}"
    );
    assert!(!shown.to_string().contains("other words"));
    let today = sim.request(0, request("today", json!({}))).unwrap();
    assert!(today.to_string().contains("could not be opened"), "{today}");
    // The round has ended for both: she can write another page.
    sim.request(0, ready("sun")).unwrap();
}
