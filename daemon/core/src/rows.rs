//! What stands on the disk: named rows, each sealed (FORMAT §7). The shell keeps the sealed bytes and knows no names.

use crate::keys::{Entropy, Key, draw};
use serde::{Deserialize, Serialize};
use troth_proto::wire::{self, Document, LogId};
use zeroize::Zeroizing;

/// The name of a row.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Row {
    /// Who I am, and how this home is set.
    Me,
    /// The partner, pending or paired.
    Pair,
    /// Consecutive entries of a log, beginning with this number.
    Run(LogId, u64),
    /// Words that have not left this device: ready, or given back. By slot.
    Kept(String),
    /// What the partner's disk is known to hold.
    Acked,
    /// Sentences waiting to be told once.
    Notices,
    /// An automerge snapshot of a document: a cache.
    Snapshot(Document),
}

/// One change to the disk. All changes of a save take effect together or not at all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Write {
    /// Puts a row.
    Put(Row, Vec<u8>),
    /// Drops a row.
    Drop(Row),
}

/// Seals and opens rows under the data key.
#[derive(Clone)]
pub struct Vault {
    rows: Key,
    names: Key,
}

/// Rows are padded to a multiple of this many bytes, so that lengths tell little.
const STEP: usize = 256;

impl Vault {
    /// For a data key.
    #[must_use]
    pub fn new(data: &Key) -> Self {
        Self {
            rows: data.derive("troth/rows/1"),
            names: data.derive("troth/row-names/1"),
        }
    }

    /// What the disk calls a row.
    #[must_use]
    pub fn name(&self, row: &Row) -> [u8; 16] {
        let mac = self.names.mac(&[&wire::encode(row)]);
        std::array::from_fn(|i| mac.0[i])
    }

    /// A row as it stands on the disk: nonce, then the sealed and padded name and bytes, bound to the disk's name.
    pub fn seal(&self, row: &Row, bytes: &[u8], entropy: &mut dyn Entropy) -> Vec<u8> {
        let nonce: [u8; 24] = draw(entropy);
        let name = wire::encode(row);
        let mut plain = Zeroizing::new(Vec::with_capacity(name.len() + bytes.len() + 8 + STEP));
        plain.extend((name.len() as u32).to_be_bytes());
        plain.extend((bytes.len() as u32).to_be_bytes());
        plain.extend(&name);
        plain.extend(bytes);
        let padded = plain.len().next_multiple_of(STEP);
        plain.resize(padded, 0);
        let mut sealed = nonce.to_vec();
        sealed.extend(self.rows.seal(&nonce, &plain, &self.name(row)));
        sealed
    }

    /// Opens what stands on the disk under `name`, or nothing if it was not sealed here under that name.
    #[must_use]
    pub fn open(&self, name: &[u8], sealed: &[u8]) -> Option<(Row, Vec<u8>)> {
        let (nonce, sealed) = sealed.split_first_chunk::<24>()?;
        let plain = self.rows.open(nonce, sealed, name)?;
        let (name_len, rest) = plain.split_first_chunk::<4>()?;
        let (len, rest) = rest.split_first_chunk::<4>()?;
        let (row, rest) = rest.split_at_checked(u32::from_be_bytes(*name_len) as usize)?;
        let bytes = rest.get(..u32::from_be_bytes(*len) as usize)?;
        Some((wire::decode(row)?, bytes.to_vec()))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::test_entropy::Seeded;

    #[test]
    fn a_row_opens_under_its_own_name_and_key_only() {
        let (vault, mut entropy) = (Vault::new(&Key([1; 32])), Seeded::new(5));
        let row = Row::Kept("2026-W47".into());
        let sealed = vault.seal(&row, b"words", &mut entropy);
        assert_eq!(
            vault.open(&vault.name(&row), &sealed).unwrap(),
            (row.clone(), b"words".to_vec())
        );
        assert_eq!(vault.open(&vault.name(&Row::Me), &sealed), None);
        assert_eq!(
            Vault::new(&Key([2; 32])).open(&vault.name(&row), &sealed),
            None
        );
        for at in 0..sealed.len() {
            let mut damaged = sealed.clone();
            damaged[at] ^= 1;
            assert_eq!(vault.open(&vault.name(&row), &damaged), None);
        }
    }

    #[test]
    fn lengths_are_told_in_steps_only() {
        let (vault, mut entropy) = (Vault::new(&Key([1; 32])), Seeded::new(6));
        let lens: std::collections::BTreeSet<usize> = (0..200)
            .map(|n| vault.seal(&Row::Me, &vec![7; n], &mut entropy).len())
            .collect();
        assert_eq!(lens.len(), 1);
    }
}
