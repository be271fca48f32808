//! What stands on the disk: named rows, each sealed (FORMAT §7). The shell keeps the sealed bytes and knows no names.

use crate::keys::{Entropy, Key, draw, same};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use troth_proto::wire::{self, Document};
use troth_proto::{DraftId, Hash};
use zeroize::Zeroizing;

/// The name of a row.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Row {
    /// Who I am, and how this home is set.
    Me,
    /// The couple: whose books these are.
    Couple,
    /// The bonds with the partner's device: pending, and proved.
    Pair,
    /// Entries of a document, in the order in which they came, under a running number.
    Run(Document, u64),
    /// Words that have not left this device: ready, or given back. By slot.
    Kept(String),
    /// What the partner's disk is believed to hold.
    Acked,
    /// What happened and waits to be told once.
    Notices,
    /// What only this device knows: yeses that rest, what was put away or taken back, and since when.
    Local,
    /// What all other rows add up to.
    Ledger,
    /// Words that were typed and not said.
    Unsaid,
    /// Entries of a draft, in the order in which they came, under a running number.
    Draft(DraftId, u64),
    /// What of the partner's was opened or set aside here, in the order in which that happened, under a running number.
    Opened(u64),
}

impl Row {
    /// Whether a home is lost without it, so that a second copy is kept in a file of its own.
    #[must_use]
    pub fn is_kept_twice(&self) -> bool {
        matches!(self, Self::Me | Self::Couple | Self::Pair)
    }
}

/// One change to the disk. All changes of a save take effect together or not at all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Write {
    /// Puts a row.
    Put(Row, Vec<u8>),
    /// Drops a row.
    Drop(Row),
}

/// What the disk calls a row.
pub type Name = [u8; 16];

/// A row as it stands on the disk: its name, and the sealed bytes; none to drop it.
pub type Sealed = (Name, Option<Vec<u8>>);

/// A row as it was opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opened {
    /// Its name.
    pub row: Row,
    /// The number of the save that wrote it.
    pub edition: u64,
    /// What it holds.
    pub bytes: Vec<u8>,
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
    /// For one data key.
    #[must_use]
    pub fn new(data: &Key) -> Self {
        Self {
            rows: data.derive("troth/rows/1"),
            names: data.derive("troth/row-names/1"),
        }
    }

    /// What the disk calls a row.
    #[must_use]
    pub fn name(&self, row: &Row) -> Name {
        let mac = self.names.mac(&[&wire::encode(row)]);
        std::array::from_fn(|i| mac.0[i])
    }

    /// A row as it stands on the disk: nonce, then the sealed and padded name and bytes, bound to the disk's name.
    #[must_use]
    pub fn seal(
        &self,
        row: &Row,
        edition: u64,
        bytes: &[u8],
        entropy: &mut dyn Entropy,
    ) -> Vec<u8> {
        let nonce: [u8; 24] = draw(entropy);
        let name = wire::encode(row);
        let mut plain = Zeroizing::new(Vec::with_capacity(name.len() + bytes.len() + 16 + STEP));
        plain.extend((name.len() as u32).to_be_bytes());
        plain.extend((bytes.len() as u32).to_be_bytes());
        plain.extend(edition.to_be_bytes());
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
    pub fn open(&self, name: &[u8], sealed: &[u8]) -> Option<Opened> {
        let (nonce, sealed) = sealed.split_first_chunk::<24>()?;
        let plain = self.rows.open(nonce, sealed, name)?;
        let (name_len, rest) = plain.split_first_chunk::<4>()?;
        let (len, rest) = rest.split_first_chunk::<4>()?;
        let (edition, rest) = rest.split_first_chunk::<8>()?;
        let (row, rest) = rest.split_at_checked(u32::from_be_bytes(*name_len) as usize)?;
        let bytes = rest.get(..u32::from_be_bytes(*len) as usize)?;
        Some(Opened {
            row: wire::decode(row)?,
            edition: u64::from_be_bytes(*edition),
            bytes: bytes.to_vec(),
        })
    }
}

/// What all rows of a home add up to, so that an old row put back, or one that is gone, is noticed.
pub struct Ledger {
    vault: Vault,
    /// The number of the last save.
    edition: u64,
    editions: BTreeMap<Name, u64>,
    sum: Hash,
    /// As it stood on the disk.
    found: Option<(u64, Hash)>,
}

impl Ledger {
    /// Of no rows.
    #[must_use]
    pub fn new(vault: &Vault) -> Self {
        Self {
            vault: vault.clone(),
            edition: 0,
            editions: BTreeMap::new(),
            sum: Hash::default(),
            found: None,
        }
    }

    fn turn(&mut self, name: &Name, edition: u64) {
        let one = self
            .vault
            .names
            .mac(&[b"row", name, &edition.to_be_bytes()]);
        for (sum, one) in self.sum.0.iter_mut().zip(one.0) {
            *sum ^= one;
        }
    }

    /// Notes a row that was read.
    pub fn note(&mut self, name: &Name, opened: &Opened) {
        self.edition = self.edition.max(opened.edition);
        if opened.row == Row::Ledger {
            self.found = wire::decode(&opened.bytes);
        } else {
            self.editions.insert(*name, opened.edition);
            self.turn(name, opened.edition);
        }
    }

    /// Whether a row is there.
    #[must_use]
    pub fn has(&self, name: &Name) -> bool {
        self.editions.contains_key(name)
    }

    /// What the disk calls the rows that are kept twice.
    #[must_use]
    pub fn kept_twice(&self) -> [Name; 3] {
        [Row::Me, Row::Couple, Row::Pair].map(|row| self.vault.name(&row))
    }

    /// Whether the rows that were read are those that were written.
    #[must_use]
    pub fn fits(&self) -> bool {
        match &self.found {
            Some((edition, sum)) => *edition == self.edition && same(sum, &self.sum),
            None => self.editions.is_empty(),
        }
    }

    /// Seals all rows of one save, and what all rows add up to then.
    pub fn seal(&mut self, writes: &[Write], entropy: &mut dyn Entropy) -> Vec<Sealed> {
        self.edition += 1;
        let mut sealed = Vec::with_capacity(writes.len() + 1);
        for write in writes {
            let (row, bytes) = match write {
                Write::Put(row, bytes) => (row, Some(bytes)),
                Write::Drop(row) => (row, None),
            };
            let name = self.vault.name(row);
            if let Some(before) = self.editions.remove(&name) {
                self.turn(&name, before);
            }
            if bytes.is_some() {
                self.editions.insert(name, self.edition);
                self.turn(&name, self.edition);
            }
            let one = bytes.map(|bytes| self.vault.seal(row, self.edition, bytes, entropy));
            sealed.push((name, one));
        }
        let sum = wire::encode(&(self.edition, self.sum));
        let row = self.vault.seal(&Row::Ledger, self.edition, &sum, entropy);
        sealed.push((self.vault.name(&Row::Ledger), Some(row)));
        sealed
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
        let sealed = vault.seal(&row, 7, b"words", &mut entropy);
        let opened = vault.open(&vault.name(&row), &sealed).unwrap();
        assert_eq!(
            (opened.row, opened.edition, &opened.bytes[..]),
            (row.clone(), 7, &b"words"[..])
        );
        assert_eq!(vault.open(&vault.name(&Row::Me), &sealed), None);
        let other = Vault::new(&Key([2; 32]));
        assert_eq!(other.open(&vault.name(&row), &sealed), None);
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
            .map(|n| vault.seal(&Row::Me, 1, &vec![7; n], &mut entropy).len())
            .collect();
        assert_eq!(lens.len(), 1);
    }

    #[test]
    fn an_old_row_put_back_and_one_that_is_gone_are_noticed() {
        let (vault, mut entropy) = (Vault::new(&Key([1; 32])), Seeded::new(7));
        let mut ledger = Ledger::new(&vault);
        let mut disk: BTreeMap<Name, Vec<u8>> = BTreeMap::new();
        let rows = [Row::Me, Row::Acked, Row::Notices];
        let mut older = disk.clone();
        for n in 0..3u8 {
            older = disk.clone();
            let puts: Vec<Write> = rows
                .iter()
                .map(|r| Write::Put(r.clone(), vec![n]))
                .collect();
            for (name, sealed) in ledger.seal(&puts, &mut entropy) {
                disk.insert(name, sealed.unwrap());
            }
        }
        let fits = |disk: &BTreeMap<Name, Vec<u8>>| {
            let mut ledger = Ledger::new(&vault);
            for (name, sealed) in disk {
                ledger.note(name, &vault.open(name, sealed).unwrap());
            }
            ledger.fits()
        };
        assert!(fits(&disk));
        for name in disk.keys().copied().collect::<Vec<_>>() {
            let mut one = disk.clone();
            one.insert(name, older[&name].clone());
            assert!(!fits(&one), "an old row");
            one.remove(&name);
            assert!(!fits(&one), "a row less");
        }
    }
}
