//! Pairing messages to a window, in any order, and invitations.
#![no_main]

use libfuzzer_sys::fuzz_target;
use troth_core::pairing::{Act, Input, Window};
use troth_core::test_entropy::Seeded;
use troth_proto::pairing::{Introduction, Invitation, LinkId, Message};
use troth_proto::PersonId;

fuzz_target!(|parts: Vec<Vec<u8>>| {
    let mut entropy = Seeded::new(1);
    let me = Introduction { name: "Ana".into(), person: PersonId([1; 16]), record: None, link: LinkId(vec![1; 38]), addresses: vec![] };
    let mut window = Window::invite(LinkId(vec![1; 38]), me, vec![], 0, &mut entropy);
    for (n, bytes) in parts.into_iter().take(8).enumerate() {
        if let Ok(text) = std::str::from_utf8(&bytes) {
            let _ = Invitation::read(text);
            let _ = Invitation::read(&format!("troth:{text}"));
        }
        let conn = (n % 2) as u64;
        let acts = window.handle(Input::Message { conn, peer: LinkId(vec![2; 38]), bytes }, &mut entropy);
        assert!(!acts.iter().any(|act| matches!(act, Act::Send(_, Message::Introduce(_)) | Act::Keep(_))), "a name left");
    }
});
