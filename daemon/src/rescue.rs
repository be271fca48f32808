//! What a damaged file still holds: its pages read one by one, whatever the pages above them say.
//!
//! Each row is sealed and bound to its name, so that a row found this way is the row that was written, or does not open.
//! SQLite's file format: <https://www.sqlite.org/fileformat2.html>, §1.5, §1.6, §2.1, §4.

use std::collections::BTreeMap;
use std::path::Path;
use troth_core::books::rows::Name;

/// Bytes of a page: SQLite's default, which nothing here changes.
const PAGE: usize = 4096;
/// The file's own header, before the first page's.
const HEADER: usize = 100;
/// A page of rows.
const LEAF: u8 = 0x0d;
/// Bytes of a file looked through at most.
const MOST: u64 = 512 * 1024 * 1024;

/// All rows that can be found in a file and its log, the newest of each name.
///
/// # Errors
/// The file cannot be read.
pub fn rows(path: &Path) -> std::io::Result<Vec<(Name, Vec<u8>)>> {
    let read = |path: &Path| -> std::io::Result<Vec<u8>> {
        if std::fs::metadata(path)?.len() > MOST {
            return Err(std::io::ErrorKind::FileTooLarge.into());
        }
        std::fs::read(path)
    };
    let file = read(path)?;
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push("-wal");
    let log = read(&path.with_file_name(name)).unwrap_or_default();
    let pages = Pages::of(&file, &log);
    let mut rows: BTreeMap<Name, Vec<u8>> = BTreeMap::new();
    for number in 1..=pages.count() {
        for (name, sealed) in pages.rows_of(number).unwrap_or_default() {
            rows.insert(name, sealed);
        }
    }
    Ok(rows.into_iter().collect())
}

/// The pages of a file, as its log changes them.
struct Pages<'a> {
    file: &'a [u8],
    changed: BTreeMap<usize, &'a [u8]>,
}

impl<'a> Pages<'a> {
    fn of(file: &'a [u8], log: &'a [u8]) -> Self {
        let (mut changed, mut waiting) = (BTreeMap::new(), Vec::new());
        let salts = log.get(16..24);
        for frame in log.get(32..).unwrap_or_default().chunks_exact(24 + PAGE) {
            let (head, page) = frame.split_at(24);
            if Some(&head[8..16]) != salts {
                break;
            }
            waiting.push((number(&head[..4]), page));
            // Only what was committed counts.
            if number(&head[4..8]) != 0 {
                changed.extend(waiting.drain(..));
            }
        }
        Self { file, changed }
    }

    fn count(&self) -> usize {
        let last = self.changed.last_key_value().map_or(0, |(n, _)| *n);
        last.max(self.file.len() / PAGE)
    }

    fn page(&self, n: usize) -> Option<&'a [u8]> {
        let at = n.checked_sub(1)?.checked_mul(PAGE)?;
        let changed = self.changed.get(&n).copied();
        changed.or_else(|| self.file.get(at..at.checked_add(PAGE)?))
    }

    /// The rows of one page; none if it is no page of rows.
    fn rows_of(&self, n: usize) -> Option<Vec<(Name, Vec<u8>)>> {
        let page = self.page(n)?;
        let head = page.get(if n == 1 { HEADER } else { 0 }..)?;
        if *head.first()? != LEAF {
            return None;
        }
        let cells = number(head.get(3..5)?);
        let places = head.get(8..8 + 2 * cells)?.chunks_exact(2);
        let rows = places.filter_map(|place| self.row(page, number(place)));
        Some(rows.collect())
    }

    fn row(&self, page: &'a [u8], at: usize) -> Option<(Name, Vec<u8>)> {
        let (length, cell) = varint(page.get(at..)?)?;
        let (_rowid, cell) = varint(cell)?;
        let payload = self.payload(cell, usize::try_from(length).ok()?)?;
        let (head_length, head) = varint(&payload)?;
        let (name_type, head) = varint(head)?;
        let (sealed_type, _) = varint(head)?;
        // Two blobs, the first of 16 bytes.
        if name_type != 44 || sealed_type < 12 || sealed_type % 2 != 0 {
            return None;
        }
        let begin = usize::try_from(head_length).ok()?;
        let length = usize::try_from((sealed_type - 12) / 2).ok()?;
        let name = payload
            .get(begin..begin.checked_add(16)?)?
            .try_into()
            .ok()?;
        let begin = begin + 16;
        let sealed = payload.get(begin..begin.checked_add(length)?)?.to_vec();
        Some((name, sealed))
    }

    /// A row's bytes: what is in its page, and what flows over into others.
    fn payload(&self, cell: &[u8], length: usize) -> Option<Vec<u8>> {
        let most = PAGE - 35;
        if length <= most {
            return cell.get(..length).map(<[u8]>::to_vec);
        }
        if length > self.count().checked_mul(PAGE)? {
            return None;
        }
        let least = (PAGE - 12) * 32 / 255 - 23;
        let here = least + (length - least) % (PAGE - 4);
        let here = if here <= most { here } else { least };
        let mut bytes = cell.get(..here)?.to_vec();
        let mut next = number(cell.get(here..here + 4)?);
        while bytes.len() < length {
            let page = self.page(next)?;
            next = number(&page[..4]);
            let left = (length - bytes.len()).min(PAGE - 4);
            bytes.extend_from_slice(page.get(4..4 + left)?);
        }
        Some(bytes)
    }
}

fn number(bytes: &[u8]) -> usize {
    bytes
        .iter()
        .fold(0, |all, byte| all << 8 | usize::from(*byte))
}

/// SQLite's integers of one to nine bytes.
fn varint(bytes: &[u8]) -> Option<(u64, &[u8])> {
    let mut value = 0u64;
    for i in 0..8 {
        let byte = *bytes.get(i)?;
        value = value << 7 | u64::from(byte & 0x7f);
        if byte & 0x80 == 0 {
            return Some((value, &bytes[i + 1..]));
        }
    }
    let byte = *bytes.get(8)?;
    Some((value << 8 | u64::from(byte), &bytes[9..]))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn every_row_is_found_without_the_pages_above_it_and_noise_is_none() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("troth.sqlite");
        let mut store = crate::store::Store::open(&path).unwrap();
        let rows_of = |round: u8| -> Vec<(Name, Option<Vec<u8>>)> {
            (0..60u8)
                .map(|n| ([n; 16], Some(vec![n ^ round; usize::from(n) * 700 + 30])))
                .collect()
        };
        store.save(&rows_of(0)).unwrap();
        assert!(store.checkpoint());
        store.save(&rows_of(9)).unwrap(); // only in the log
        let expected: Vec<(Name, Vec<u8>)> = rows_of(9)
            .into_iter()
            .map(|(name, sealed)| (name, sealed.unwrap()))
            .collect();
        assert_eq!(rows(&path).unwrap(), expected);
        assert!(store.checkpoint());
        drop(store);
        let whole = std::fs::read(&path).unwrap();
        for page in 0..whole.len() / PAGE {
            let mut damaged = whole.clone();
            for (i, byte) in damaged[page * PAGE..(page + 1) * PAGE]
                .iter_mut()
                .enumerate()
            {
                *byte = (i * 31 % 251) as u8;
            }
            std::fs::write(&path, &damaged).unwrap();
            let found = rows(&path).unwrap();
            let sound = found.iter().filter(|row| expected.contains(row)).count();
            assert!(sound + 40 >= expected.len(), "page {page}: {sound}");
        }
    }
}
