//! Carried files: the same frames with no network, sealed with a key of the pair (PROTOCOL §7, FORMAT §5).
//!
//! Pieces are sealed one by one under a counter, the last one marked, so that a file cut short is noticed before
//! anything in it is used.

use crate::keys::Key;
use serde::{Deserialize, Serialize};
use troth_proto::carry::{MAGIC, SALT_BYTES};
use troth_proto::{PersonId, limits};

/// Where a writer of a carried file is. Kept by the client between pieces.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cursor {
    /// The file's salt.
    pub salt: [u8; SALT_BYTES],
    /// The next piece's number.
    pub piece: u64,
    /// The next entry, in the order in which they came to this daemon.
    pub at: usize,
    /// The first one that is not written.
    pub end: usize,
    /// Also what the partner is believed to hold.
    pub whole: bool,
    /// The run of the daemon: that order is its own.
    pub run: [u8; 16],
}

/// The key of one file by one writer: a file can never be read as one by the other.
#[must_use]
pub fn key(pair: &Key, salt: &[u8], writer: PersonId) -> Key {
    pair.derive_salted(salt, &format!("troth/carry/1/{}", writer.hex()))
}

fn nonce(piece: u64, last: bool) -> [u8; 24] {
    let mut nonce = [0; 24];
    nonce[..8].copy_from_slice(&piece.to_be_bytes());
    nonce[8] = u8::from(last);
    nonce
}

/// The first bytes of a file.
#[must_use]
pub fn begin(salt: &[u8; SALT_BYTES]) -> Vec<u8> {
    [&MAGIC[..], salt].concat()
}

/// One piece, ready to append.
#[must_use]
pub fn seal(key: &Key, piece: u64, last: bool, plain: &[u8]) -> Vec<u8> {
    let sealed = key.seal(&nonce(piece, last), plain, &[]);
    [&(sealed.len() as u32).to_be_bytes()[..], &sealed].concat()
}

/// Why a file cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotAFile {
    /// Not written for this reader, or its beginning is damaged.
    #[error("not for this reader")]
    Foreign,
    /// Cut short or damaged further on.
    #[error("cut short or damaged")]
    Damaged,
}

/// Opens a whole file: all its pieces in order, or nothing.
///
/// # Errors
/// [`NotAFile`].
pub fn open(pair: &Key, writer: PersonId, file: &[u8]) -> Result<Vec<Vec<u8>>, NotAFile> {
    let rest = file.strip_prefix(&MAGIC[..]).ok_or(NotAFile::Foreign)?;
    let (salt, mut rest) = rest.split_at_checked(SALT_BYTES).ok_or(NotAFile::Foreign)?;
    let key = key(pair, salt, writer);
    let mut pieces = Vec::new();
    loop {
        let broken = if pieces.is_empty() {
            NotAFile::Foreign
        } else {
            NotAFile::Damaged
        };
        let (len, after) = rest.split_first_chunk::<4>().ok_or(broken)?;
        let len = u32::from_be_bytes(*len) as usize;
        if len > limits::CARRY_PIECE_BYTES + 64 {
            return Err(broken);
        }
        let (sealed, after) = after.split_at_checked(len).ok_or(broken)?;
        let last = after.is_empty();
        let plain = key
            .open(&nonce(pieces.len() as u64, last), sealed, &[])
            .ok_or(broken)?;
        pieces.push(plain.to_vec());
        rest = after;
        if last {
            return Ok(pieces);
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn file() -> Vec<u8> {
        let (pair, salt) = (Key([1; 32]), [2; SALT_BYTES]);
        let key = key(&pair, &salt, PersonId([3; 16]));
        [
            begin(&salt),
            seal(&key, 0, false, b"head"),
            seal(&key, 1, false, b"one"),
            seal(&key, 2, true, b"two"),
        ]
        .concat()
    }

    #[test]
    fn a_file_opens_whole_for_the_pair_and_for_nobody_else() {
        let (pair, writer) = (Key([1; 32]), PersonId([3; 16]));
        assert_eq!(
            open(&pair, writer, &file()).unwrap(),
            [b"head".to_vec(), b"one".to_vec(), b"two".to_vec()]
        );
        assert_eq!(open(&Key([9; 32]), writer, &file()), Err(NotAFile::Foreign));
        assert_eq!(
            open(&pair, PersonId([9; 16]), &file()),
            Err(NotAFile::Foreign)
        );
        assert_eq!(open(&pair, writer, b"hello"), Err(NotAFile::Foreign));
    }

    #[test]
    fn a_file_cut_short_or_changed_anywhere_gives_nothing() {
        let (pair, writer) = (Key([1; 32]), PersonId([3; 16]));
        for end in 0..file().len() {
            assert!(open(&pair, writer, &file()[..end]).is_err(), "cut at {end}");
        }
        for at in 0..file().len() {
            let mut damaged = file();
            damaged[at] ^= 1;
            assert!(open(&pair, writer, &damaged).is_err(), "changed at {at}");
        }
        assert!(open(&pair, writer, &[file(), vec![0]].concat()).is_err());
    }
}
