//! The private pages' file: read and written as the core says. It knows no keys and no pages.

use crate::files;
use rustix::fs::OFlags;
use std::fs::File;
use std::io::{ErrorKind, Read};
use std::os::unix::fs::{FileExt, OpenOptionsExt};
use std::path::Path;
use troth_core::node::{Found, How};
use troth_core::private::Halves;
use troth_proto::{Problem, limits};

/// Reads the file, as far as the home's key opens it. Takes a few milliseconds.
#[must_use]
pub fn read(path: &Path, halves: &Halves) -> Found {
    match bytes(path) {
        Ok(bytes) => Found::of(halves, &bytes),
        Err(e) if e.kind() == ErrorKind::NotFound => Found::None,
        Err(e) => Found::Problem(files::problem(&e)),
    }
}

fn bytes(path: &Path) -> std::io::Result<Vec<u8>> {
    let most = 2 * limits::PRIVATE_SLOT_BYTES;
    // Of its size from the start: whatever grows is emptied each time it moves.
    let mut bytes = Vec::with_capacity(most);
    let file = File::options()
        .read(true)
        .custom_flags(OFlags::NOFOLLOW.bits() as i32)
        .open(path)?;
    file.take(most as u64).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Writes the file; on return it is on the disk. Says whether both slots are, or only the first.
///
/// # Errors
/// The problem a person can be told; one whole slot is there as it was, or, of a new file, nothing.
pub fn write(path: &Path, how: How, slot: &[u8]) -> Result<bool, Problem> {
    let first = match how {
        How::Slots { first } => first,
        How::New { aside } => {
            if aside {
                files::set_aside(path, "damaged").map_err(|e| files::problem(&e))?;
            }
            return make(path, slot).map(|()| true);
        }
    };
    let options = || {
        File::options()
            .write(true)
            .custom_flags(OFlags::NOFOLLOW.bits() as i32)
            .open(path)
    };
    let file = match options() {
        // Somebody took it away. What was in it is here.
        Err(e) if e.kind() == ErrorKind::NotFound => return make(path, slot).map(|()| true),
        file => file.map_err(|e| files::problem(&e))?,
    };
    let put = |place: usize| {
        file.write_all_at(slot, (place * limits::PRIVATE_SLOT_BYTES) as u64)?;
        file.sync_data()
    };
    put(first).map_err(|e| files::problem(&e))?;
    Ok(put(1 - first).is_ok())
}

/// Makes the file.
///
/// # Errors
/// The problem a person can be told; nothing was made.
pub fn make(path: &Path, slot: &[u8]) -> Result<(), Problem> {
    files::make(path, &[slot, slot]).map_err(|e| files::problem(&e))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn halves() -> Halves {
        Halves::of(&troth_core::keys::Key([7; 32]))
    }

    fn slot(byte: u8) -> Vec<u8> {
        vec![byte; limits::PRIVATE_SLOT_BYTES]
    }

    #[test]
    fn a_file_is_made_written_in_its_place_and_made_again_where_it_is_gone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("private");
        assert_eq!(read(&path, &halves()), Found::None);
        write(&path, How::New { aside: false }, &slot(1)).unwrap();
        assert_eq!(bytes(&path).unwrap(), slot(1).repeat(2));
        for first in 0..2 {
            let how = How::Slots { first };
            assert_eq!(write(&path, how, &slot(2)), Ok(true));
            assert_eq!(bytes(&path).unwrap(), slot(2).repeat(2));
            std::fs::remove_file(&path).unwrap();
            assert_eq!(write(&path, how, &slot(3)), Ok(true));
            assert_eq!(bytes(&path).unwrap(), slot(3).repeat(2));
        }
    }

    #[test]
    fn what_cannot_be_read_is_kept_and_a_link_is_not_followed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("private");
        for n in 1..3 {
            std::fs::write(&path, "damaged").unwrap();
            write(&path, How::New { aside: true }, &slot(1)).unwrap();
            let kept = path.with_extension(format!("damaged-{n}"));
            assert_eq!(std::fs::read(kept).unwrap(), b"damaged");
        }
        let elsewhere = folder.path().join("elsewhere");
        std::fs::write(&elsewhere, "untouched").unwrap();
        std::fs::remove_file(&path).unwrap();
        std::os::unix::fs::symlink(&elsewhere, &path).unwrap();
        assert!(matches!(read(&path, &halves()), Found::Problem(_)));
        assert!(write(&path, How::Slots { first: 0 }, &slot(1)).is_err());
        assert_eq!(std::fs::read(elsewhere).unwrap(), b"untouched");
    }
}
