//! A carried file, whole or cut anywhere: what anybody may have written, and what the partner may have sealed.
#![no_main]

use libfuzzer_sys::fuzz_target;
use troth_core::books::carry;
use troth_core::books::rows::Row;
use troth_core::links::{Own, Theirs};
use troth_core::pairing::Bond;
use troth_core::remembered::Remembered;
use troth_core::sim::Sim;
use troth_proto::ids::Who;
use troth_proto::{Day, carry::SALT_BYTES, wire};

type Kept = Option<(Bond, (Theirs, u32), Option<String>, Remembered, Option<Day>)>;

fuzz_target!(|parts: (bool, Vec<&[u8]>, &[u8])| {
    let (has_head, pieces, raw) = parts;
    thread_local!(static SIM: std::cell::RefCell<Sim> = std::cell::RefCell::new(Sim::paired(1)));
    SIM.with_borrow_mut(|sim| {
        let (kept, ..): (Kept, Kept, Own) = wire::decode(&sim.devices[1].disk[&Row::Pair]).expect("a bond");
        let pair = kept.expect("a bond").0.key;
        let couple = sim.node(1).couple().expect("two people");
        let (couple, writer) = (couple.id, couple.book(Who::Me).owner);
        let key = carry::key(&pair, &[2; SALT_BYTES], writer);
        let head = troth_proto::carry::Head {
            versions: vec![1],
            couple,
            have: vec![],
            drafts: vec![],
            addresses: vec![],
        };
        let head = wire::encode(&head);
        let all: Vec<&[u8]> = has_head.then_some(&head[..]).into_iter().chain(pieces).take(8).collect();
        let mut file = carry::begin(&[2; SALT_BYTES]);
        for (n, plain) in all.iter().enumerate() {
            file.extend(carry::seal(&key, n as u64, n + 1 == all.len(), plain));
        }
        for file in [&file[..], raw, &[&file[..40], raw].concat()] {
            let pieces: Vec<String> = file.chunks(4096).map(|part| data_encoding::BASE64.encode(part)).collect();
            let _ = sim.carry_in(0, &pieces);
        }
    });
});
