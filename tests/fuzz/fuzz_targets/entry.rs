//! Heads behind a right hash and number: the gate itself.
#![no_main]

use libfuzzer_sys::fuzz_target;
use troth_core::books::gate::admit;
use troth_core::sim::Sim;
use troth_proto::ids::Who;
use troth_proto::wire::{Entry, Op, SealedEntry, Words, entry_hash};
use troth_proto::{AssertionId, Hash, assertion};

fuzz_target!(|text: &str| {
    thread_local!(static SIM: std::cell::RefCell<Sim> = std::cell::RefCell::new(Sim::paired(1)));
    SIM.with_borrow_mut(|sim| {
        let Some(node) = sim.devices[0].node.as_mut() else { return };
        let couple = node.couple_for_tests();
        let before = couple.length();
        let (id, book) = (couple.id, couple.book(Who::Partner));
        let key = assertion::read_head(text.as_bytes()).map_or(AssertionId([1; 16]), |it| it.envelope.id);
        let op = Op { kind: Op::PUT, key, head: text.to_owned(), words: Words::Here(text.to_owned()) };
        let after = book.tips().iter().map(|tip| tip.hash).collect();
        let entry = Entry { n: book.highest() + 1, after, ops: vec![op] };
        let document = book.document();
        let hash = entry_hash(id, &document, &entry);
        let admitted = admit(couple, &document, None, &[SealedEntry { entry, hash, seal: Hash::default() }]);
        if admitted.is_err() {
            assert_eq!(couple.length(), before, "nothing of a refused entry stays");
        }
        couple.truncate(before);
        assert_eq!(couple.length(), before);
    });
});
