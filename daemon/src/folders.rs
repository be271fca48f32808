//! The folders and the lock of a home: their owner's only, in places that nobody else can change.

use crate::file_failed;
use rustix::fs::OFlags;
use std::fs::{File, TryLockError};
use std::io::{Error, Read, Result, Seek, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use troth_proto::Problem;
use troth_proto::home::{Home, Locked};
use troth_proto::problem::FileWrong;

/// How long a daemon of this home that is stopping may take to let go of it.
const STOPPING: Duration = Duration::from_secs(10);

/// Makes the folders of a home, for their owner only.
///
/// # Errors
/// The folder that could not be made, or that somebody else owns or could change.
pub fn make(home: &Home) -> std::result::Result<(), (PathBuf, Error)> {
    for folder in home.folders() {
        make_one(folder).map_err(|e| (folder.to_owned(), e))?;
    }
    Ok(())
}

/// One folder. Nothing is made or changed in a place of somebody else's.
pub fn make_one(folder: &Path) -> Result<()> {
    let mut there = folder;
    while !there.exists() {
        match there.parent() {
            Some(parent) => there = parent,
            None => break,
        }
    }
    is_safe(there)?;
    std::fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)?;
    is_safe(folder)?;
    let about = std::fs::metadata(folder)?;
    if about.uid() != us() {
        return Err(somebody_elses());
    }
    if about.mode() & 0o077 != 0 {
        std::fs::set_permissions(folder, std::fs::Permissions::from_mode(0o700))?;
    }
    Ok(())
}

fn us() -> u32 {
    rustix::process::geteuid().as_raw()
}

fn somebody_elses() -> Error {
    Error::other(FileWrong::SomebodyElses)
}

/// Whether nobody but this user, their groups and the system can put something else in the place of a folder: neither the
/// folders above, nor those that a link leads through.
fn is_safe(folder: &Path) -> Result<()> {
    let real = folder.canonicalize()?;
    for at in folder.ancestors().chain(real.ancestors()) {
        let about = std::fs::symlink_metadata(at)?;
        let ours = about.uid() == us() || about.uid() == 0;
        let open = !about.is_symlink() && about.mode() & 0o1002 == 0o002;
        if !ours || open {
            return Err(somebody_elses());
        }
    }
    Ok(())
}

/// The lock of a home. It tells clients who holds it and where to talk to them.
pub struct Lock(File);

impl Lock {
    /// Takes the lock. One that is just stopping is waited for; one that answers is not.
    ///
    /// # Errors
    /// Another daemon has it, or the file cannot be made.
    pub fn take(home: &Home) -> std::result::Result<Self, Problem> {
        let path = home.lock();
        let failed = |e: &Error| file_failed(&path, e);
        let file = File::options()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .mode(0o600)
            .custom_flags(OFlags::NOFOLLOW.bits() as i32)
            .open(&path)
            .map_err(|e| match std::fs::symlink_metadata(&path) {
                Ok(about) if about.is_symlink() => failed(&Error::other(FileWrong::Link)),
                _ => failed(&e),
            })?;
        let about = file.metadata().map_err(|e| failed(&e))?;
        if !about.is_file() || about.uid() != us() {
            return Err(failed(&Error::other(FileWrong::NotOwn)));
        }
        let until = Instant::now() + STOPPING;
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(Self(file)),
                Err(TryLockError::WouldBlock) => {
                    let mut text = String::new();
                    let _ = (&file).take(Locked::BYTES).read_to_string(&mut text);
                    let _ = (&file).rewind();
                    let socket = Locked::read(&text).map_or(home.socket(), |it| it.socket);
                    let answers = std::os::unix::net::UnixStream::connect(socket).is_ok();
                    if answers || Instant::now() > until {
                        return Err(Problem::AnotherDaemon);
                    }
                    std::thread::sleep(Duration::from_millis(5));
                }
                Err(TryLockError::Error(e)) => return Err(failed(&e)),
            }
        }
    }

    /// Says where to talk to this daemon.
    ///
    /// # Errors
    /// As the system says.
    pub fn tell(&mut self, socket: &Path) -> Result<()> {
        let text = Locked {
            pid: std::process::id(),
            socket: socket.to_owned(),
        };
        self.0.set_len(0)?;
        self.0.rewind()?;
        self.0.write_all(text.write().as_bytes())
    }
}
