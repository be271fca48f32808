//! Assertions behind a right hash and number: the gate itself.
#![no_main]

use libfuzzer_sys::fuzz_target;
use troth_core::gate::admit;
use troth_core::sim::Sim;
use troth_proto::ids::Who;
use troth_proto::wire::{Entry, Op, SealedEntry, entry_hash};
use troth_proto::{AssertionId, Hash};

fuzz_target!(|text: &str| {
    thread_local!(static SIM: std::cell::RefCell<Sim> = std::cell::RefCell::new(Sim::paired(1)));
    SIM.with_borrow_mut(|sim| {
        let Some(node) = sim.devices[0].node.as_mut() else { return };
        let couple = node.couple_for_tests();
        let before = couple.length(Who::Partner);
        let (id, book) = (couple.id, couple.book(Who::Partner));
        let key = troth_proto::Assertion::read(text.as_bytes()).map_or(AssertionId([1; 16]), |it| it.id);
        let op = Op { kind: Op::PUT, key, value: text.to_owned() };
        let entry = Entry { n: book.n() + 1, prev: book.have().head, deps: vec![], ops: vec![op] };
        let log = book.log;
        let hash = entry_hash(id, &log, &entry);
        let admitted = admit(couple, Who::Partner, &log, &[SealedEntry { entry, hash, seal: Hash::default() }]);
        if admitted.is_err() {
            assert_eq!(couple.length(Who::Partner), before, "nothing of a refused entry stays");
        }
        couple.truncate(Who::Partner, before);
    });
});
