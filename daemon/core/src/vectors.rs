//! Vectors of every released format: what was written then reads the same today (`proto/vectors/`).

use crate::carry;
use crate::keys::{Key, RecoveryWords};
use crate::rows::{Row, Vault};
use crate::test_entropy::Seeded;
use serde_json::{Value, json};
use troth_proto::assertion::{self, Does, Ready, Version, Weight, Words};
use troth_proto::pairing::{Invitation, LinkId};
use troth_proto::wire::{self, Bye, Document, Entries, Entry, Frame, LogId, Op, SealedEntry};
use troth_proto::{
    AgreementId, Assertion, AssertionId, Body, CoupleId, Day, Hash, InstallationId, PersonId, Slot,
};

fn hex(bytes: &[u8]) -> String {
    data_encoding::HEXLOWER.encode(bytes)
}

/// Everything of version 1 that others must agree on, from fixed values.
fn version_1() -> Value {
    let (couple, person, installation) = (
        CoupleId([1; 16]),
        PersonId([2; 16]),
        InstallationId([3; 16]),
    );
    let words = Words {
        topic: "Visits".into(),
        terms: "We tell each other. — ä 😀".into(),
        does: Does {
            me: "I ask first.".into(),
            partner: String::new(),
        },
        when_then: vec![],
        not_meant: String::new(),
        trial_until: Day::new(2026, 12, 24),
        look_again: None,
        tag: Some("ground".into()),
    };
    let said = |body, on| Assertion {
        id: AssertionId([4; 16]),
        seq: 7,
        on,
        body,
        about: None,
        seen: vec![Hash([5; 32])],
        instead_of: None,
        weight: Weight::Big,
    };
    let version = said(
        Body::Version(Version {
            agreement: AgreementId([6; 16]),
            base: vec![Hash([7; 32])],
            words,
        }),
        Day::new(2026, 11, 22),
    );
    let slot: Slot = "2026-W47".parse().unwrap();
    let commitment = assertion::commitment(&Hash([8; 32]), &slot, person, "{\"wish\":\"rain\"}");
    let ready = said(
        Body::Ready(Ready {
            slot,
            round: 1,
            commitment,
        }),
        None,
    );
    let bytes = version.write().unwrap();
    let log = LogId {
        document: Document::Book(person),
        edition: 0,
        installation,
    };
    let op = Op {
        kind: Op::PUT,
        key: AssertionId([4; 16]),
        value: String::from_utf8(bytes.clone()).unwrap(),
    };
    let entry = Entry {
        n: 1,
        prev: Hash::default(),
        deps: vec![],
        ops: vec![op],
    };
    let entry_hash = wire::entry_hash(couple, &log, &entry);
    let words = RecoveryWords::read(&format!("{}art", "abandon ".repeat(23))).unwrap();
    let seal = words.seal_key().mac(&[
        b"troth/seal/1",
        &couple.0,
        &wire::encode(&log),
        &1u64.to_be_bytes(),
        &entry_hash.0,
    ]);
    let frame = Frame::Entries(Entries {
        log,
        entries: vec![SealedEntry {
            entry,
            hash: entry_hash,
            seal,
        }],
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
    json!({
        "assertion": String::from_utf8(bytes.clone()).unwrap(),
        "assertion_hash": assertion::hash(couple, person, &bytes),
        "commitment": commitment,
        "ready": String::from_utf8(ready.write().unwrap()).unwrap(),
        "entry_hash": entry_hash,
        "seal": seal,
        "frame": hex(&frame.write()),
        "bye": hex(&Frame::Bye(Bye::Older).write()),
        "carried_file": hex(&file),
        "invitation": invitation.write(),
        "row_name": hex(&vault.name(&Row::Kept("2026-W47".into()))),
        "row": hex(&vault.seal(&Row::Kept("2026-W47".into()), b"words", &mut Seeded::new(1))),
    })
}

#[test]
fn what_version_1_wrote_reads_and_hashes_the_same() {
    let stored: Value =
        serde_json::from_str(include_str!("../../../proto/vectors/1/vectors.json")).unwrap();
    let today = version_1();
    for (what, value) in today.as_object().unwrap() {
        assert_eq!(&stored[what], value, "{what}");
    }
    assert_eq!(
        stored.as_object().unwrap().len(),
        today.as_object().unwrap().len()
    );
    let frame = data_encoding::HEXLOWER
        .decode(stored["frame"].as_str().unwrap().as_bytes())
        .unwrap();
    assert!(Frame::read(&frame, frame.len()).is_ok());
}
