//! Carried files: the same frames with no network, sealed with a key of the pair (PROTOCOL §7, FORMAT §5).
//!
//! Pieces are sealed one by one under a counter, the last one marked, so that a file cut short is noticed before
//! anything in it is used. They are opened one by one too, as they come.

use crate::keys::Key;
use serde::{Deserialize, Serialize};
use troth_proto::carry::{MAGIC, SALT_BYTES};
use troth_proto::{PersonId, limits};
use zeroize::Zeroizing;

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
    /// The draft that is written, of all that are open, and its next entry.
    pub draft: (usize, usize),
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

/// Opens a file as it comes. Nothing in it may be used before [`Reader::end`] has said that it is whole.
pub struct Reader {
    pair: Key,
    writer: PersonId,
    /// Once the beginning is there.
    key: Option<Key>,
    /// Less than one piece.
    rest: Vec<u8>,
    pieces: u64,
    ended: bool,
}

/// The words of one piece, overwritten when they are let go.
pub type Plain = Zeroizing<Vec<u8>>;

impl Reader {
    /// A file by this writer.
    #[must_use]
    pub fn new(pair: &Key, writer: PersonId) -> Self {
        Self {
            pair: pair.clone(),
            writer,
            key: None,
            rest: Vec::new(),
            pieces: 0,
            ended: false,
        }
    }

    /// What is wrong with a file that goes wrong here.
    fn broken(&self) -> NotAFile {
        if self.pieces == 0 {
            NotAFile::Foreign
        } else {
            NotAFile::Damaged
        }
    }

    /// The pieces that are whole with these bytes. A foreign file is refused by its first.
    ///
    /// # Errors
    /// [`NotAFile`]; the file cannot be gone on with.
    pub fn push(&mut self, bytes: &[u8]) -> Result<Vec<Plain>, NotAFile> {
        self.rest.extend_from_slice(bytes);
        let mut rest = &self.rest[..];
        if self.key.is_none() {
            let seen = rest.len().min(MAGIC.len());
            if rest[..seen] != MAGIC[..seen] {
                return Err(NotAFile::Foreign);
            }
            let begun = rest.strip_prefix(&MAGIC[..]).unwrap_or_default();
            let Some((salt, after)) = begun.split_at_checked(SALT_BYTES) else {
                return Ok(Vec::new());
            };
            self.key = Some(key(&self.pair, salt, self.writer));
            rest = after;
        }
        let mut pieces = Vec::new();
        while let (Some(key), Some((len, after))) = (&self.key, rest.split_first_chunk::<4>()) {
            let len = u32::from_be_bytes(*len) as usize;
            if len > limits::CARRY_PIECE_BYTES + 64 || self.ended {
                return Err(self.broken());
            }
            let Some((sealed, after)) = after.split_at_checked(len) else {
                break;
            };
            // Only the last one of a file can end what came.
            let opened = key.open(&nonce(self.pieces, false), sealed, &[]);
            let plain = opened.or_else(|| {
                let last = key.open(&nonce(self.pieces, true), sealed, &[]);
                self.ended = last.is_some();
                last
            });
            pieces.push(plain.ok_or_else(|| self.broken())?);
            self.pieces += 1;
            rest = after;
        }
        self.rest = rest.to_vec();
        if self.ended && !self.rest.is_empty() {
            return Err(NotAFile::Damaged);
        }
        Ok(pieces)
    }

    /// Says that no more bytes come.
    ///
    /// # Errors
    /// [`NotAFile`] if that is too early.
    pub fn end(&self) -> Result<(), NotAFile> {
        self.ended.then_some(()).ok_or_else(|| self.broken())
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn open(pair: &Key, writer: PersonId, file: &[u8]) -> Result<Vec<Vec<u8>>, NotAFile> {
        // However it is cut.
        let open = |part: usize| {
            let (mut reader, mut pieces) = (Reader::new(pair, writer), Vec::new());
            for bytes in file.chunks(part) {
                pieces.extend(reader.push(bytes)?.iter().map(|piece| piece.to_vec()));
            }
            reader.end().map(|()| pieces)
        };
        let whole = open(file.len().max(1));
        assert_eq!(open(1), whole);
        whole
    }

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
