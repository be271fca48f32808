//! The private pages' file: as somebody else may have written it, and as the home's own key may have sealed it.
#![no_main]

use libfuzzer_sys::fuzz_target;
use troth_core::keys::Key;
use troth_core::private::{Drawer, Halves};
use troth_core::test_entropy::Seeded;
use troth_proto::limits::PRIVATE_SLOT_BYTES;

fuzz_target!(|parts: (&[u8], &[u8], usize)| {
    let (plain, raw, at) = parts;
    let data = Key([7; 32]);
    let (halves, file) = (Halves::of(&data), data.derive("troth/private/file/1"));
    assert!(Drawer::read(&halves, raw).is_none(), "what nobody sealed opens");
    // The sealed pages are most of a slot: what is fuzzed stands before and after them.
    let mut slot = vec![0; PRIVATE_SLOT_BYTES - 40];
    let (before, rest) = plain.split_at(plain.len().min(73));
    slot[..before.len()].copy_from_slice(before);
    let begin = 73 + troth_proto::limits::PRIVATE_PAGES_BYTES + 40;
    let end = slot.len().min(begin + rest.len());
    slot[begin..end].copy_from_slice(&rest[..end - begin]);
    let mut sealed = [&[1; 24][..], &file.seal(&[1; 24], &slot, b"troth/private/slot/1")].concat();
    if let Some((mut drawer, first, whole)) = Drawer::read(&halves, &sealed) {
        assert_eq!((first, whole), (1, false));
        assert!(drawer.open(&Key([8; 32])).is_none());
        if !before.starts_with(&[0xff; 8]) {
            let again = drawer.sealed(&halves, &mut Seeded::new(1));
            assert_eq!(Drawer::read(&halves, &again).map(|it| it.0), Some(drawer));
        }
    }
    if let Some(byte) = sealed.get_mut(at) {
        *byte ^= 1;
        assert!(Drawer::read(&halves, &sealed).is_none(), "what was changed opens");
    }
});
