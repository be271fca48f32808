//! Vectors of every released format: what was written then reads the same today (`proto/vectors/`).

use crate::books::rows::{Row, Vault};
use crate::books::{carry, gate};
use crate::call::{Calls, Cast, Lan};
use crate::keys::{Key, RecoveryWords};
use crate::node::Now;
use crate::test_entropy::Seeded;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use troth_proto::assertion::{self, Weight};
use troth_proto::draft::{DraftEntry, SealedDraft, Typed};
use troth_proto::pairing::{Invitation, LinkId, Role};
use troth_proto::said::Spoken;
use troth_proto::said::agreement::{Does, Version, Words};
use troth_proto::said::sealed::{CheckIn, Ready, Sealed, commitment};
use troth_proto::wire::{
    self, Bye, Document, DraftEntries, DraftHave, Entries, Entry, Frame, Have, Hello, Here, Mark,
    Op, SealedEntry,
};
use troth_proto::{
    AgreementId, Assertion, AssertionId, Body, CoupleId, Day, DraftId, Hash, PersonId, Slot,
};

fn hex(bytes: &[u8]) -> String {
    data_encoding::HEXLOWER.encode(bytes)
}

/// When is called.
fn when() -> Now {
    Now {
        mono: 0,
        unix: 1_780_000_000,
        day: Day::new(2026, 11, 22).unwrap(),
    }
}

/// A call of the initiator's.
fn call_of(pair: &Key) -> Cast {
    let own = ["192.0.2.1", "2001:db8::1"].map(|ip| ip.parse().unwrap());
    let lan = Lan {
        interface: 1,
        own: own.map(|ip| (ip, 24)).to_vec(),
        gateways: vec![],
    };
    let mut ana = Calls::new(pair, Role::Initiator);
    ana.call(when(), 4100, &[lan], &mut Seeded::new(1))
        .remove(0)
}

fn hello(couple: CoupleId) -> Frame {
    Frame::Hello(Hello {
        versions: vec![1],
        couple,
        run: [16; 16],
        proof: Hash([17; 32]),
        links: vec![LinkId(vec![11; 38])],
    })
}

fn here() -> Frame {
    Frame::Here(Here {
        places: vec![([192, 0, 2, 1], 4100).into()],
        you: Some("[2001:db8::2]:4100".parse().unwrap()),
    })
}

fn draft_have() -> Frame {
    let mark = Mark {
        n: 2,
        hash: Hash([18; 32]),
    };
    Frame::DraftHave(DraftHave {
        draft: DraftId([19; 16]),
        marks: vec![mark],
    })
}

fn draft_entries(couple: CoupleId, by: PersonId) -> Frame {
    let draft = DraftId([19; 16]);
    let typed = Typed::Insert {
        after: None,
        text: "Sundays — ä 😀".into(),
    };
    let entry = DraftEntry {
        by,
        n: 1,
        after: vec![],
        form: DraftEntry::FORM,
        ops: wire::encode(&vec![typed]),
    };
    let hash = entry.hash(couple, &draft);
    let entries = vec![SealedDraft {
        entry,
        hash,
        seal: Hash([20; 32]),
    }];
    Frame::DraftEntries(DraftEntries { draft, entries })
}

/// Everything of version 1 that others must agree on, from fixed values.
fn version_1() -> Value {
    let (couple, person, other) = (CoupleId([1; 16]), PersonId([2; 16]), PersonId([3; 16]));
    let words = Words {
        topic: "Visits".into(),
        terms: "We tell each other. — ä 😀".into(),
        does: Does {
            me: "I ask first.".into(),
            partner: String::new(),
        },
        when_then: vec![],
        not_meant: String::new(),
        tag: Some("ground".into()),
    };
    let said = |body, on| Assertion {
        id: AssertionId([4; 16]),
        on,
        body,
        about: None,
        seen: vec![Hash([5; 32])],
        instead_of: None,
        weight: Weight::Big,
    };
    let mut version = Version {
        agreement: AgreementId([6; 16]),
        base: vec![Hash([7; 32])],
        trial_until: Day::new(2026, 12, 24),
        look_again: None,
        same: Hash::default(),
    };
    let same = words.same(&version, b"a secret of 16 b", person, other);
    version.same = same;
    let head = said(Body::Version(version), Day::new(2026, 11, 22))
        .write()
        .unwrap();
    let written = words.write(&[8; 16]).unwrap();
    let slot: Slot = "2026-W47".parse().unwrap();
    let page = Sealed::CheckIn(CheckIn {
        wish: "rain".into(),
        ..CheckIn::default()
    });
    let page = page.write(&[8; 32]).unwrap();
    let commitment = commitment(&slot, person, &assertion::words_hash(&page));
    let ready = said(
        Body::Ready(Ready {
            slot,
            round: 1,
            commitment,
        }),
        None,
    );
    let assertion_hash = assertion::hash(
        couple,
        person,
        head.as_bytes(),
        &assertion::words_hash(&written),
    );
    let document = Document::Book(person);
    let entry = Entry {
        n: 3,
        after: vec![Hash([14; 32]), Hash([15; 32])],
        ops: vec![Op {
            kind: Op::PUT,
            key: AssertionId([4; 16]),
            head: head.clone(),
            words: wire::Words::Here(written.clone()),
        }],
    };
    let entry_hash = wire::entry_hash(couple, &document, &entry);
    let recovery = RecoveryWords::read(&format!("{}art", "abandon ".repeat(23))).unwrap();
    let seal = gate::seal_of(&recovery.seal_key(), couple, &entry_hash);
    let mut forgotten = entry.clone();
    forgotten.ops[0].words = wire::Words::Hash(assertion::words_hash(&written));
    let frame = |entry| {
        Frame::Entries(Entries {
            document,
            entries: vec![SealedEntry {
                entry,
                hash: entry_hash,
                seal,
            }],
        })
    };
    let have = Frame::Have(Have {
        document,
        marks: vec![Mark {
            n: 3,
            hash: entry_hash,
        }],
        lacks: vec![Hash([14; 32])],
    });
    let pair = Key([9; 32]);
    let key = carry::key(&pair, &[10; 32], person);
    let file = [carry::begin(&[10; 32]), carry::seal(&key, 0, true, b"head")].concat();
    let invitation = Invitation {
        addresses: vec!["/ip4/192.0.2.1/tcp/4100".into()],
        id: LinkId(vec![11; 38]),
        expires: 1_800_000_000,
        token: [12; 16],
    };
    let vault = Vault::new(&Key([13; 32]));
    let call = call_of(&pair).bytes;
    json!({
        "head": head,
        "words": written,
        "same": same,
        "assertion_hash": assertion_hash,
        "page": page,
        "commitment": commitment,
        "ready": ready.write().unwrap(),
        "entry_hash": entry_hash,
        "seal": seal,
        "words_public": recovery.public(),
        "frame": hex(&frame(entry).write()),
        "frame_without_words": hex(&frame(forgotten).write()),
        "have": hex(&have.write()),
        "got": hex(&Frame::Got(7).write()),
        "bye": hex(&Frame::Bye(Bye::AnotherCopy).write()),
        "hello": hex(&hello(couple).write()),
        "here": hex(&here().write()),
        "draft_have": hex(&draft_have().write()),
        "draft_entries": hex(&draft_entries(couple, person).write()),
        "carried_file": hex(&file),
        "invitation": invitation.write(),
        "call": hex(&call),
        "call_ports": Calls::new(&pair, Role::Responder).ports(when().unix),
        "row_name": hex(&vault.name(&Row::Kept("2026-W47".into()))),
        "row": hex(&vault.seal(&Row::Kept("2026-W47".into()), 9, b"words", &mut Seeded::new(1))),
    })
}

/// Vectors that are stored nowhere yet are added, when the test is asked to write: those that are there stay.
fn add(mut stored: Value, today: &Value, path: &str) {
    for (what, value) in today.as_object().unwrap() {
        if stored[what].is_null() {
            stored[what] = value.clone();
        }
    }
    #[allow(clippy::disallowed_methods)] // a file of this repository
    std::fs::write(path, serde_json::to_string_pretty(&stored).unwrap() + "\n").unwrap();
}

/// The vectors of frames, by their first byte.
fn frames(stored: &Value) -> BTreeMap<u8, &str> {
    let frames = [
        "frame",
        "frame_without_words",
        "have",
        "got",
        "bye",
        "hello",
        "here",
        "draft_have",
        "draft_entries",
    ];
    let read = |name: &'static str| {
        let hex = stored[name].as_str().unwrap();
        let bytes = data_encoding::HEXLOWER.decode(hex.as_bytes()).unwrap();
        assert!(Frame::read(&bytes, bytes.len()).is_ok(), "{name}");
        (bytes[0], name)
    };
    frames.map(read).into()
}

#[test]
fn what_version_1_wrote_reads_and_hashes_the_same() {
    let today = version_1();
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../proto/vectors/1/vectors.json"
    );
    let stored: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    if std::env::var_os("TROTH_WRITE").is_some() {
        return add(stored, &today, path);
    }
    for (what, value) in today.as_object().unwrap() {
        assert_eq!(&stored[what], value, "{what}");
    }
    assert_eq!(
        stored.as_object().unwrap().len(),
        today.as_object().unwrap().len()
    );
    let frames = frames(&stored);
    for (n, kind) in Frame::KINDS.iter().enumerate() {
        assert!(frames.contains_key(&(n as u8)), "no vector of {kind}");
    }
    let call = stored["call"].as_str().unwrap();
    let call = data_encoding::HEXLOWER.decode(call.as_bytes()).unwrap();
    let lan = Lan {
        interface: 1,
        own: vec![("192.0.2.9".parse().unwrap(), 24)],
        gateways: vec![],
    };
    let mut ben = Calls::new(&Key([9; 32]), Role::Responder);
    let to = ([192, 0, 2, 9], ben.ports(when().unix)[1]);
    let from = (([192, 0, 2, 1], 40_000).into(), to.into());
    let heard = ben.heard(when(), &[lan], 4100, from, &call, &mut Seeded::new(2));
    assert_eq!(heard.unwrap().places.len(), 4);
}
