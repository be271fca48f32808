//! A hostile partner: entries that no honest daemon writes. Those that the gate refuses leave nothing, and exchange works
//! afterwards; those that only count for nothing are kept, passed on, load again, and change no screen.

use serde_json::{Value, json};
use troth_core::books::couple::Couple;
use troth_core::books::gate::{Refusal, Seals, admit};
use troth_core::sim::Sim;
use troth_core::test_entropy::Seeded;
use troth_proto::ids::Who;
use troth_proto::wire::{Document, Entries, Entry, Frame, Op, SealedEntry, Words, entry_hash};
use troth_proto::{AssertionId, Body, Hash, PersonId, limits};
use troth_tests::forger::{Forger, scene};
use troth_tests::histories::request;

pub fn couple(sim: &mut Sim) -> &mut Couple {
    sim.devices[0].node.as_mut().unwrap().couple_for_tests()
}

pub fn let_in(
    couple: &mut Couple,
    document: &Document,
    entries: &[SealedEntry],
) -> Result<usize, Refusal> {
    // What is hers comes in only under her seal keys, and the forger has none of them.
    let seals = Seals { keys: &[] };
    let hers = couple.owner(document) == Some(Who::Me);
    admit(couple, document, hers.then_some(&seals), entries).map(|came| came.new)
}

type Forgery = (
    &'static str,
    Refusal,
    fn(&mut Forger) -> (Document, Vec<SealedEntry>),
);

fn step_back(f: &mut Forger, more: Value) -> Op {
    let version = f.anas_version;
    f.op("step_back", json!({"from": {"version": version}}), more)
}

fn one(
    f: &mut Forger,
    change: impl FnOnce(&mut Entry, &mut Forger),
) -> (Document, Vec<SealedEntry>) {
    let seen = f.anas_version;
    let op = step_back(f, json!({"seen": [seen]}));
    let mut entry = f.entry(vec![op]);
    change(&mut entry, f);
    let sealed = f.seal(&f.document, entry);
    (f.document, vec![sealed])
}

fn forgeries() -> Vec<Forgery> {
    vec![
        ("into Ana's own book", Refusal::Seal, |f| {
            let (_, entries) = one(f, |_, _| {});
            (f.anas, vec![f.seal(&f.anas, entries[0].entry.clone())])
        }),
        ("another person's book", Refusal::Document, |f| {
            let document = Document::Book(PersonId([8; 16]));
            let (_, entries) = one(f, |_, _| {});
            (document, vec![f.seal(&document, entries[0].entry.clone())])
        }),
        ("a number left out", Refusal::Order, |f| {
            one(f, |e, _| e.n += 1)
        }),
        ("the number nought", Refusal::Order, |f| {
            one(f, |e, _| e.n = 0)
        }),
        ("a number used before", Refusal::Order, |f| {
            one(f, |e, _| e.n -= 1)
        }),
        ("a number over the limit", Refusal::Limit, |f| {
            one(f, |e, _| e.n = limits::ENTRY_NUMBER + 1)
        }),
        ("written on what is not there", Refusal::Missing, |f| {
            one(f, |e, _| e.after = vec![Hash([7; 32])])
        }),
        ("written on the same twice", Refusal::Order, |f| {
            one(f, |e, _| e.after = vec![e.after[0], e.after[0]])
        }),
        ("written on too much", Refusal::Limit, |f| {
            one(f, |e, _| {
                e.after = (0..=limits::ENTRY_AFTER)
                    .map(|n| Hash([n as u8; 32]))
                    .collect();
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
            one(f, |e, _| {
                e.ops[0].words = Words::Here("x".repeat(limits::ENTRY_BYTES))
            })
        }),
        ("a hash that is not its own", Refusal::Hash, |f| {
            let (document, mut entries) = one(f, |_, _| {});
            entries[0].hash = Hash([6; 32]);
            (document, entries)
        }),
        ("other words than were hashed", Refusal::Hash, |f| {
            let (document, mut entries) = one(f, |_, _| {});
            entries[0].entry.ops[0].words = Words::Here("other".into());
            (document, entries)
        }),
        ("another key than its id", Refusal::Key, |f| {
            one(f, |e, _| e.ops[0].key = AssertionId([0xee; 16]))
        }),
        ("an id used before", Refusal::Key, |f| {
            let id = f.own_id;
            one(f, |e, _| {
                let old = e.ops[0].key.hex();
                e.ops[0].head = e.ops[0].head.replace(&old, &id.hex());
                e.ops[0].key = id;
            })
        }),
        ("an id twice in one entry", Refusal::Key, |f| {
            one(f, |e, _| e.ops = vec![e.ops[0].clone(), e.ops[0].clone()])
        }),
        ("no JSON", Refusal::Malformed, |f| {
            one(f, |e, _| e.ops[0].head = "hello".into())
        }),
        ("no id", Refusal::Malformed, |f| {
            one(f, |e, _| {
                e.ops[0].head = r#"{"kind":"yes","body":{}}"#.into()
            })
        }),
        ("a kind that is no name", Refusal::Malformed, |f| {
            one(f, |e, _| {
                e.ops[0].head = e.ops[0].head.replace("step_back", "Step back")
            })
        }),
        ("a nest of brackets", Refusal::Limit, |f| {
            one(f, |e, _| e.ops[0].head = "[".repeat(10_000))
        }),
        ("a head that is too long", Refusal::Limit, |f| {
            one(f, |e, _| {
                e.ops[0].head = format!("\"{}\"", "x".repeat(limits::HEAD_BYTES))
            })
        }),
        ("something seen that is not there", Refusal::Missing, |f| {
            let op = step_back(f, json!({"seen": [Hash([3; 32])]}));
            let entry = f.entry(vec![op]);
            (f.document, vec![f.seal(&f.document, entry)])
        }),
        ("its own seen", Refusal::Seen, |f| {
            let own = f.own_version;
            let op = step_back(f, json!({"seen": [own]}));
            let entry = f.entry(vec![op]);
            (f.document, vec![f.seal(&f.document, entry)])
        }),
        ("more seen than may be", Refusal::Limit, |f| {
            let seen: Vec<Hash> = (0..=limits::LISTED_HASHES)
                .map(|n| Hash([n as u8; 32]))
                .collect();
            let op = step_back(f, json!({"seen": seen}));
            let entry = f.entry(vec![op]);
            (f.document, vec![f.seal(&f.document, entry)])
        }),
        ("a good one and then a bad one", Refusal::Order, |f| {
            let (document, mut entries) = one(f, |_, _| {});
            let (_, bad) = one(f, |e, _| e.n += 7);
            entries.extend(bad);
            (document, entries)
        }),
    ]
}

#[test]
fn every_forgery_is_refused_for_its_reason_and_leaves_nothing() {
    for (what, expected, forge) in forgeries() {
        let (mut sim, mut forger) = scene();
        let (document, entries) = forge(&mut forger);
        let couple = couple(&mut sim);
        let before = couple.length();
        assert_eq!(let_in(couple, &document, &entries), Err(expected), "{what}");
        assert_eq!(couple.length(), before, "{what}");
    }
}

fn list(sim: &mut Sim, p: usize) -> Value {
    let list = request("agreement_list", json!({"state": null, "after": null}));
    sim.request(p, list).unwrap()
}

#[test]
fn a_forgery_ends_the_link_is_told_once_and_an_honest_daemon_works_afterwards() {
    for (what, _, forge) in forgeries() {
        let (mut sim, mut forger) = scene();
        let before = list(&mut sim, 0);
        let (document, entries) = forge(&mut forger);
        for _ in 0..2 {
            sim.connect();
            sim.settle();
            let entries = entries.clone();
            let frame = Frame::Entries(Entries { document, entries });
            sim.devices[0].inbox.push_back(frame.write());
            sim.settle();
        }
        let status = sim.request(0, request("status", json!({}))).unwrap();
        let notices = status["notices"].as_array().unwrap().len();
        assert!(notices <= 1, "{what}: told more than once: {status}");
        assert_eq!(before, list(&mut sim, 0), "{what}");
        let honest = json!({"topic": "Honest", "does": {"me": "I dig."}});
        sim.request(1, request("agreement_propose", honest))
            .unwrap();
        sim.connect();
        sim.settle();
        let after = list(&mut sim, 0).to_string();
        assert!(
            after.contains("Honest"),
            "{what}: exchange does not work afterwards"
        );
        sim.crash(0); // and what is on the disk loads
        assert_eq!(list(&mut sim, 0).to_string(), after);
    }
}

/// Everything that a program of any version could have written and that counts for nothing: bodies of every kind that are
/// none, what names what it may not, what nobody knows.
fn nothings(f: &mut Forger) -> Vec<(String, Op)> {
    let mut all = Vec::new();
    for kind in Body::KINDS {
        for body in [
            json!({}),
            json!({"any": ["thing"]}),
            json!(7),
            json!({"version": 7, "slot": "none", "of": [], "agreement": null}),
        ] {
            if *kind == "take_back" && body == json!({}) {
                continue; // its body is empty
            }
            all.push((format!("{kind} {body}"), f.op(kind, body, json!({}))));
        }
    }
    let (hers, agreement, own) = (f.anas_version, f.anas_agreement.clone(), f.own_version);
    let (own_id, part, other) = (f.own_id, f.own_part, f.own_other);
    let seen = json!({"seen": [hers]});
    let slot = |more: Value| {
        let mut body = json!({"slot": "2026-W47", "round": 1});
        for (key, of) in more.as_object().unwrap() {
            body[key] = of.clone();
        }
        body
    };
    let mut say = |what: &str, kind: &str, body: Value, more: Value| {
        all.push((what.to_owned(), f.op(kind, body, more)));
    };
    // First those that have not seen what they name: what comes later has.
    say(
        "a yes to what it has not seen",
        "yes",
        json!({"version": hers}),
        json!({}),
    );
    say(
        "letting go of what it has not seen",
        "step_back",
        json!({"from": {"agreement": agreement}}),
        json!({}),
    );
    say("an unknown kind", "song", json!({"verse": "la"}), json!({}));
    say(
        "an unknown field",
        "yes",
        json!({"version": hers, "and": 1}),
        seen.clone(),
    );
    say(
        "an unknown field beside",
        "yes",
        json!({"version": hers}),
        json!({"seen": [hers], "mood": "good"}),
    );
    say(
        "a day that is none",
        "yes",
        json!({"version": hers}),
        json!({"seen": [hers], "on": "soon"}),
    );
    say(
        "no day",
        "step_back",
        json!({"from": {"version": hers}}),
        json!({"seen": [hers], "on": null}),
    );
    say(
        "a day it may not carry",
        "ready",
        slot(json!({"commitment": hers})),
        json!({}),
    );
    say(
        "a round over the limit",
        "lock",
        slot(json!({"round": limits::ROUNDS + 1})),
        json!({"on": null}),
    );
    say(
        "a yes to nothing",
        "yes",
        json!({"version": Hash([4; 32])}),
        seen.clone(),
    );
    say(
        "a step back from nothing",
        "step_back",
        json!({"from": {"version": Hash([4; 32])}}),
        seen.clone(),
    );
    say(
        "a part in nothing",
        "my_part",
        json!({"agreement": "00".repeat(16)}),
        seen.clone(),
    );
    say(
        "a base that is not there",
        "version",
        json!({"agreement": agreement, "base": [Hash([4; 32])], "same": hers}),
        seen.clone(),
    );
    say(
        "a base in another agreement",
        "version",
        json!({"agreement": agreement, "base": [own], "same": hers}),
        seen.clone(),
    );
    say(
        "a base out of order",
        "version",
        json!({"agreement": agreement, "base": [Hash([4; 32]), Hash([3; 32])], "same": hers}),
        seen.clone(),
    );
    say(
        "taking back what cannot be",
        "take_back",
        json!({}),
        json!({"about": own_id}),
    );
    say(
        "a yes to what proposes nothing",
        "yes",
        json!({"version": part}),
        seen.clone(),
    );
    say(
        "forgetting things of two agreements",
        "forget",
        json!({"of": ([own, other].into_iter().collect::<std::collections::BTreeSet<Hash>>())}),
        seen.clone(),
    );
    say("taking back nothing", "take_back", json!({}), json!({}));
    say(
        "putting away nothing",
        "put_away",
        json!({"agreement": "00".repeat(16)}),
        seen.clone(),
    );
    say(
        "forgetting hers",
        "forget",
        json!({"of": [hers]}),
        seen.clone(),
    );
    say(
        "a review of nothing",
        "ready",
        json!({"slot": format!("look:{}", Hash([4; 32])), "round": 1, "commitment": hers}),
        json!({"on": null}),
    );
    say(
        "saying better what cannot be",
        "yes",
        json!({"version": hers}),
        json!({"seen": [hers], "instead_of": "00".repeat(16)}),
    );
    all
}

fn f_id(hash: Hash) -> String {
    hash.hex()[..32].to_owned()
}

fn screens(sim: &mut Sim, p: usize) -> Vec<Value> {
    let mut all = vec![list(sim, p)];
    for line in all[0]["agreements"].as_array().unwrap().clone() {
        let show = request("agreement_show", json!({"agreement": line["agreement"]}));
        all.push(sim.request(p, show).unwrap());
    }
    all.push(
        sim.request(p, request("checkin_show", json!({"slot": null})))
            .unwrap(),
    );
    all
}

#[test]
fn what_does_not_count_is_kept_passed_on_loaded_again_and_changes_no_screen() {
    let (mut sim, mut forger) = scene();
    let before = screens(&mut sim, 0);
    let nothings = nothings(&mut forger);
    let n = nothings.len() as u64;
    for (what, op) in nothings {
        let sealed = forger.next(op);
        let frame = forger.frame(vec![sealed]);
        let sent = sim.sent[0].len();
        sim.devices[0].inbox.push_back(frame);
        sim.deliver(0);
        let bye =
            |bytes: &Vec<u8>| matches!(Frame::read(bytes, limits::FRAME_BYTES), Ok(Frame::Bye(_)));
        assert!(
            !sim.sent[0][sent..].iter().any(bye),
            "{what} ended the link"
        );
        assert_eq!(screens(&mut sim, 0), before, "{what}");
    }
    let kept = sim
        .node(0)
        .couple()
        .unwrap()
        .book(Who::Partner)
        .not_counting();
    assert_eq!(kept, (n, 1));
    let status = sim.request(0, request("status", json!({}))).unwrap();
    let told = status["notices"].to_string();
    assert!(
        told.contains("counts_for_nothing") && told.contains("newer"),
        "{told}"
    );
    sim.crash(0);
    assert_eq!(screens(&mut sim, 0), before);
    let again = sim
        .node(0)
        .couple()
        .unwrap()
        .book(Who::Partner)
        .not_counting();
    assert_eq!(again, kept, "the same on a load as on the link");
    // Passed on: Ben's real home, which has none of it, takes it from her.
    sim.cut();
    sim.connect();
    sim.settle();
    let his = sim.node(1).couple().unwrap().book(Who::Me).not_counting();
    assert_eq!(his, (0, 0), "no seal of his is on it");
}

#[test]
fn one_who_writes_to_every_limit_of_an_agreement_costs_a_view_little() {
    let (mut sim, _) = scene();
    let agreement = list(&mut sim, 0)["agreements"][0]["agreement"].clone();
    // Ben answers her with as many parts as his room allows; hers is left.
    sim.settle();
    let part = |n: usize| {
        request(
            "agreement_my_part",
            json!({"agreement": agreement, "text": format!("part {n}")}),
        )
    };
    let refused = (0..600).find_map(|n| sim.request(1, part(n)).err());
    assert_eq!(refused, Some(troth_proto::Problem::TooManyActs));
    let back = request(
        "agreement_let_go",
        json!({"agreement": agreement, "note": ""}),
    );
    sim.request(1, back).unwrap();
    sim.settle();
    for p in 0..2 {
        let show = request("agreement_show", json!({"agreement": agreement}));
        let shown = sim.request(p, show).unwrap();
        assert_eq!(shown["state"], "not_agreed");
    }
}

#[test]
fn crafted_entries_never_panic_and_never_leave_something_unloadable() {
    let seed = troth_tests::histories::fresh_seed();
    eprintln!("seed {seed}");
    let mut chance = Seeded::new(seed);
    let (mut sim, forger) = scene();
    let mut passed = 0;
    for round in 0..4000 {
        let mut forger = forger.clone();
        forger.ids = (round % 200) as u16;
        let (version, agreement) = (forger.anas_version, forger.anas_agreement.clone());
        let bodies = [
            json!({"version": version}),
            json!({"from": {"version": version}}),
            json!({"slot": "2026-W47", "round": chance.below(30), "commitment": version}),
            json!({"slot": format!("look:{version}"), "round": 1}),
            json!({"agreement": agreement, "base": [], "same": version}),
            json!({"of": [version]}),
            json!({"any": ["thing"]}),
        ];
        let more = match chance.below(3) {
            0 => json!({"seen": [version]}),
            1 => json!({"on": null}),
            _ => json!({"about": f_id(version), "weight": "big"}),
        };
        let kind = match chance.below(Body::KINDS.len() + 1) {
            0 => "song",
            n => Body::KINDS[n - 1],
        };
        let op = forger.op(kind, bodies[chance.below(bodies.len())].clone(), more);
        let entry = forger.entry(vec![op]);
        let mut sealed = forger.seal(&forger.document, entry);
        if chance.one_in(3) {
            let mut head = sealed.entry.ops[0].head.clone().into_bytes();
            let at = chance.below(head.len());
            head[at] = (chance.below(95) + 32) as u8;
            sealed.entry.ops[0].head = String::from_utf8(head).unwrap();
            sealed.hash = entry_hash(forger.couple, &forger.document, &sealed.entry);
        }
        let couple = couple(&mut sim);
        let before = couple.length();
        if let_in(couple, &forger.document, std::slice::from_ref(&sealed)).is_ok() {
            passed += 1;
            if passed % 20 == 0 {
                let input = troth_core::document::input(couple.book(Who::Partner), |_| true);
                troth_core::document::make(&input).unwrap();
            }
            couple.truncate(before);
        }
        assert_eq!(couple.length(), before);
    }
    assert!(
        passed > 200,
        "only {passed} of the crafted entries passed: they try too little"
    );
}

#[test]
fn branches_and_what_knows_of_them_are_counted_against_the_book() {
    let (mut sim, f) = scene();
    let couple = couple(&mut sim);
    let mut taken = 0;
    // Each on the same end: a branch each, and then entries that name many of them.
    let refused = loop {
        let mut one = f.clone();
        one.ids = taken as u16;
        let op = one.op("song", json!({}), json!({}));
        let sealed = one.next(op);
        match let_in(couple, &f.document, &[sealed]) {
            Ok(_) => taken += 1,
            Err(refused) => break refused,
        }
    };
    assert_eq!((refused, taken), (Refusal::Limit, limits::BRANCHES));
    let before = couple.book(Who::Partner).bytes();
    let mut own = 0;
    for round in 0..10u16 {
        let mut one = f.clone();
        one.ids = 5_000 + round;
        let tips: Vec<_> = couple.book(Who::Partner).tips();
        one.n = tips.iter().map(|tip| tip.n).max().unwrap();
        let mut after: Vec<Hash> = tips
            .iter()
            .map(|tip| tip.hash)
            .take(limits::ENTRY_AFTER)
            .collect();
        after.sort();
        one.after = after;
        one.n = tips
            .iter()
            .filter(|t| one.after.contains(&t.hash))
            .map(|t| t.n)
            .max()
            .unwrap();
        let op = one.op("song", json!({}), json!({}));
        let sealed = one.next(op);
        own += troth_proto::wire::entry_bytes(&sealed.entry) as u64;
        let_in(couple, &f.document, &[sealed]).unwrap();
    }
    let grown = couple.book(Who::Partner).bytes() - before;
    // Eight bytes for each branch that an entry is written on.
    let pasts = 10 * 8 * limits::ENTRY_AFTER as u64;
    assert!(
        grown >= own + pasts,
        "what is kept to know a past is counted: {grown}, of entries {own}"
    );
}

#[test]
fn both_copies_of_a_book_are_the_same_automerge_document() {
    let (mut sim, _) = scene();
    for n in 0..30 {
        let words = json!({"topic": format!("T{n}"), "does": {"me": "x"}});
        sim.request(n % 2, request("agreement_propose", words))
            .unwrap();
    }
    sim.settle();
    let made = |p: usize, who: Who| {
        let book = sim.node(p).couple().unwrap().book(who);
        troth_core::document::make(&troth_core::document::input(book, |_| true)).unwrap()
    };
    assert_eq!(made(0, Who::Me), made(1, Who::Partner));
    assert_eq!(made(1, Who::Me), made(0, Who::Partner));
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
    for (kind, body, more, words) in [
        (
            "ready",
            json!({"slot": slot, "round": 1, "commitment": Hash([7; 32])}),
            json!({"on": null}),
            "",
        ),
        (
            "lock",
            json!({"slot": slot, "round": 1}),
            json!({"on": null}),
            "",
        ),
        (
            "open",
            json!({"slot": slot, "round": 1}),
            json!({}),
            "{\"wish\":\"other words\"}",
        ),
    ] {
        let mut op = f.op(kind, body, more);
        if !words.is_empty() {
            op.words = Words::Here(troth_proto::assertion::blinded(&[8; 32], words));
        }
        let sealed = f.next(op);
        let frame = f.frame(vec![sealed]);
        sim.devices[0].inbox.push_back(frame);
        sim.deliver(0);
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
    assert!(today["waiting"].to_string().contains("\"void\""), "{today}");
    // The round has ended for both: she can write another page.
    sim.request(0, ready("sun")).unwrap();
}

#[test]
fn a_wording_whose_words_are_not_those_it_announced_is_never_shown_and_takes_no_yes() {
    // Ben claims that his words are the very same as hers, and sends others.
    let mut sim = Sim::paired(22);
    let words = |me: &str| json!({"topic": "Home", "does": {"me": me}});
    let first = sim
        .request(0, request("agreement_propose", words("I cook.")))
        .unwrap();
    let mut hers = words("I wash up.");
    (hers["agreement"], hers["base"]) = (first["agreement"].clone(), json!([first["hash"]]));
    sim.settle();
    let hers = sim.request(0, request("agreement_propose", hers)).unwrap();
    let everything = sim.everything(0);
    let (_, last) = everything.last().unwrap();
    let head: Value = serde_json::from_str(&last.entry.ops[0].head).unwrap();
    let same = head["body"]["same"].clone();
    let couple_id = sim.node(1).couple().unwrap().id;
    let document = sim.node(1).couple().unwrap().book(Who::Me).document();
    let id = AssertionId([0xbe; 16]);
    let forged = json!({"id": id, "kind": "version", "on": "2026-11-22", "seen": [first["hash"]],
        "body": {"agreement": first["agreement"], "base": [first["hash"]], "same": same}});
    let entry = Entry {
        n: 1,
        after: vec![],
        ops: vec![Op {
            kind: Op::PUT,
            key: id,
            head: forged.to_string(),
            words: Words::Here(troth_proto::assertion::blinded(
                &[1; 16],
                r#"{"topic":"Home","terms":"","does":{"me":"","partner":"I give all"}}"#,
            )),
        }],
    };
    let hash = entry_hash(couple_id, &document, &entry);
    let seal = Hash([1; 32]);
    let entries = vec![SealedEntry { entry, hash, seal }];
    let frame = Frame::Entries(Entries { document, entries });
    sim.connect();
    sim.settle();
    sim.devices[0].inbox.push_back(frame.write());
    sim.deliver(0);
    let show = request("agreement_show", json!({"agreement": first["agreement"]}));
    let shown = sim.request(0, show).unwrap();
    assert!(!shown.to_string().contains("I give all"), "{shown:#}");
    // They are shown as one, with her words; whichever hash is the lower.
    let one = shown["versions"]
        .as_array()
        .unwrap()
        .iter()
        .find(|v| v["same_words"].is_array());
    assert_eq!(one.unwrap()["does"]["me"], "I wash up.", "{shown:#}");
    assert!(hers["hash"].is_string());
}

#[test]
fn words_that_come_later_count_are_saved_and_are_only_those_of_their_hash() {
    let (mut sim, mut f) = scene();
    let words = |text: &str| Words::Here(troth_proto::assertion::blinded(&[1; 16], text));
    let (agreement, hers) = (f.anas_agreement.clone(), f.anas_version);
    let mut op = f.op(
        "my_part",
        json!({"agreement": agreement}),
        json!({"seen": [hers]}),
    );
    let whole = words(r#"{"text":"I carry the bags, all of them, up to the fourth floor"}"#);
    let hash = whole.hash();
    op.words = Words::Hash(hash);
    let lacking = f.next(op);
    let with = |words: Words<String>| {
        let mut sealed = lacking.clone();
        sealed.entry.ops[0].words = words;
        sealed
    };
    let give = |sim: &mut Sim, sealed: SealedEntry| {
        let frame = f.frame(vec![sealed]);
        sim.devices[0].inbox.push_back(frame);
        sim.deliver(0);
    };
    let bytes = |sim: &mut Sim| couple(sim).book(Who::Partner).bytes();
    let part = |sim: &mut Sim| {
        let show = request("agreement_show", json!({"agreement": agreement}));
        sim.request(0, show).unwrap()["partner_part"].clone()
    };
    let before = bytes(&mut sim);
    give(&mut sim, with(Words::Hash(hash)));
    let without = bytes(&mut sim);
    assert!(without > before);
    give(&mut sim, with(whole.clone()));
    assert_eq!(bytes(&mut sim), without + whole.len() as u64 - 32);
    assert_eq!(
        part(&mut sim),
        "I carry the bags, all of them, up to the fourth floor"
    );
    sim.crash(0);
    assert_eq!(
        bytes(&mut sim),
        without + whole.len() as u64 - 32,
        "as a start counts"
    );
    assert_eq!(
        part(&mut sim),
        "I carry the bags, all of them, up to the fourth floor"
    );
}

#[test]
fn the_very_same_assertion_is_in_one_entry_only() {
    let (mut sim, mut f) = scene();
    let seen = f.anas_version;
    let op = step_back(&mut f, json!({"seen": [seen]}));
    let two = [vec![op.clone()], vec![op, step_back(&mut f, json!({}))]];
    let [first, second] = two.map(|ops| {
        // Both on nothing: neither lies in the other's past.
        let entry = Entry {
            n: 1,
            after: Vec::new(),
            ops,
        };
        f.seal(&f.document, entry)
    });
    let document = f.document;
    assert_eq!(let_in(couple(&mut sim), &document, &[first]), Ok(1));
    let refused = let_in(couple(&mut sim), &document, &[second]);
    assert_eq!(refused, Err(Refusal::Key));
}

#[test]
fn nobody_says_more_about_one_thing_than_counts_in_a_view_over_all_branches() {
    let (mut sim, mut f) = scene();
    let document = f.document;
    let mut said = 0;
    let refused = loop {
        // Each on nothing but what it was written on first: a branch of its own.
        let hers = f.anas_version;
        let op = f.op("yes", json!({"version": hers}), json!({"seen": [hers]}));
        let entry = f.entry(vec![op]);
        let sealed = f.seal(&document, entry);
        match let_in(couple(&mut sim), &document, &[sealed]) {
            Ok(new) => said += new,
            Err(refusal) => break refusal,
        }
    };
    assert_eq!((refused, said), (Refusal::Limit, limits::ACTS_TAKEN));
}

fn shown(sim: &mut Sim, agreement: &Value) -> Value {
    sim.request(
        0,
        request("agreement_show", json!({"agreement": agreement})),
    )
    .unwrap()
}

/// Ben's daemon sends this, as the forger writes it.
fn sends(sim: &mut Sim, forger: &mut Forger, op: Op) {
    let sealed = forger.next(op);
    let frame = forger.frame(vec![sealed]);
    sim.devices[0].inbox.push_back(frame);
    sim.deliver(0);
}

#[test]
fn a_closing_yes_said_before_the_yes_it_closes_closes_nothing() {
    let (mut sim, mut forger) = scene();
    let his = forger.own_version;
    let op = forger.op("yes", json!({"version": his}), json!({}));
    sends(&mut sim, &mut forger, op);
    let yes = request("agreement_yes", json!({"version": his.hex()}));
    let done = sim.request(0, yes).unwrap();
    let view = shown(&mut sim, &done["agreement"]);
    assert_eq!(view["state"], "proposed", "his daemon has not seen her yes");
    assert_eq!(view["versions"][0]["said_yes"], json!(["me", "partner"]));
}

#[test]
fn the_very_same_words_with_another_trial_are_no_twin() {
    let (mut sim, mut forger) = scene();
    let (hers, agreement) = (forger.anas_version, forger.anas_agreement.clone());
    let (_, said) = couple(&mut sim).find(&hers).unwrap();
    let head: Value = serde_json::from_str(said.head).unwrap();
    for (trial, versions) in [(Some("2026-12-24"), 2), (None, 2)] {
        let mut body = json!({"agreement": agreement, "base": [], "same": head["body"]["same"]});
        if let Some(day) = trial {
            body["trial_until"] = json!(day);
        }
        let op = forger.op("version", body, json!({}));
        sends(&mut sim, &mut forger, op);
        let view = shown(&mut sim, &agreement);
        let all = view["versions"].as_array().unwrap();
        let twins = all.iter().filter(|v| !v["same_words"].is_null()).count();
        assert_eq!(
            (all.len(), twins > 0),
            (versions, trial.is_none()),
            "{trial:?}"
        );
    }
}

#[test]
fn a_yes_to_what_was_stepped_back_from_is_not_taken() {
    let (mut sim, forger) = scene();
    let hers = forger.anas_version.hex();
    let back = json!({"version": hers, "note": ""});
    sim.request(0, request("agreement_step_back", back))
        .unwrap();
    sim.settle();
    let yes = request("agreement_yes", json!({"version": hers}));
    assert!(sim.request(1, yes).is_err());
}
