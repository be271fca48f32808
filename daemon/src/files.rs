//! Files that are there whole, or as they were: each is written beside its place.

use std::fs::File;
use std::io::{Error, ErrorKind, Result, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use troth_proto::Problem;

/// Makes a file for its owner only, of these bytes: beside its place, and put there when whole.
///
/// # Errors
/// As the system says; nothing was made.
pub fn make(path: &Path, parts: &[&[u8]]) -> Result<()> {
    let part = path.with_extension("part");
    let made = || {
        let _ = std::fs::remove_file(&part);
        let mut file = File::options()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&part)?;
        for bytes in parts {
            file.write_all(bytes)?;
        }
        file.sync_all()?;
        std::fs::rename(&part, path)?;
        path.parent()
            .map_or(Ok(()), |folder| File::open(folder)?.sync_all())
    };
    made().inspect_err(|_| drop(std::fs::remove_file(&part)))
}

/// Keeps what is in a file's place under another name, `FILE.WHY-N`; nothing may be there.
///
/// # Errors
/// As the system says; it is where it was.
pub fn set_aside(path: &Path, why: &str) -> Result<()> {
    let mut names = (1..).map(|n| path.with_extension(format!("{why}-{n}")));
    let free = names.find(|name| !name.exists());
    match free.map_or(Ok(()), |kept| std::fs::rename(path, kept)) {
        Err(e) if e.kind() == ErrorKind::NotFound => Ok(()),
        done => done,
    }
}

/// What of it a person is told.
pub fn problem(error: &Error) -> Problem {
    match error.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => Problem::DiskFull,
        ErrorKind::ReadOnlyFilesystem | ErrorKind::PermissionDenied => Problem::DiskReadOnly,
        _ => Problem::DiskFailed,
    }
}
