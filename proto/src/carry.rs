//! What a carried file holds once opened: the frames of the link, with no network at all (PROTOCOL §7, FORMAT §5).

use crate::{CoupleId, wire};
use serde::{Deserialize, Serialize};

/// The first bytes of a carried file. They say "Troth", and nothing of whose it is.
pub const MAGIC: &[u8; 8] = b"TROTHC1\n";
/// Bytes of the random salt that follows.
pub const SALT_BYTES: usize = 32;

/// Each other piece. Books come first, both in one causal order, then drafts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Piece {
    /// Entries of a book.
    Book(wire::Entries),
    /// Entries of a draft.
    Draft(wire::DraftEntries),
}

/// The first piece.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    /// All versions offered.
    pub versions: Vec<u16>,
    /// The couple.
    pub couple: CoupleId,
    /// How far the writer of the file held both books.
    pub have: Vec<wire::Have>,
    /// And each draft that is open there.
    pub drafts: Vec<wire::DraftHave>,
    /// Where the writer can be reached, as in a [`wire::Hello`].
    pub addresses: Vec<String>,
}
