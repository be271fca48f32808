//! The key that opens the home: in the system's keyring, or in a file. Only a read proves anything (DESIGN §6).

use crate::bus::Bus;
use crate::{files, memory};
use keyring_core::Error;
use keyring_core::api::CredentialStoreApi;
use std::io::{Read, Write};
use std::path::Path;
use std::process::{ExitCode, Stdio};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use troth_core::keys::{Key, Zeroizing};
use troth_proto::problem::LockedBy;
use troth_proto::{Hash, Problem};

/// A prompt may be open for minutes; the person is told after this long, and may try again.
const PATIENCE: Duration = Duration::from_secs(20);

const SERVICE: &str = "troth";

/// The argument by which the daemon starts itself to ask at a bus that it did not begin with: where that is stands in the
/// environment, and a running program cannot change its own. Keys come and go through pipes.
pub const ARGUMENT: &str = "ask-keyring";

/// With a prompt open, the process that asks stays as long as this: it is the person who takes the time.
const PROMPT: Duration = Duration::from_secs(300);

/// Bytes of memory that it may have: what a bus answers is of any length.
const MEMORY: u64 = 1024 * 1024 * 1024;

/// What a keyring is asked.
enum Question {
    Read(Hash),
    Write(Hash, Key),
}

/// Reads the key of a home from the keyring.
pub async fn read(home: Hash, handed: Option<&Bus>) -> Result<Key, LockedBy> {
    let asked = || Question::Read(home);
    ask(asked, handed).await
}

/// Writes the key of a new home into the keyring, and reads it back: a keyring that loses it is none.
pub async fn write(home: Hash, key: Key, handed: Option<&Bus>) -> Result<(), LockedBy> {
    let asked = || Question::Write(home, key.clone());
    let back = ask(asked, handed).await?;
    if back == key {
        Ok(())
    } else {
        Err(LockedBy::KeyForeign)
    }
}

/// Asks the keyring of this program's own session; if there is none, that of the session that a client handed over.
async fn ask(asked: impl Fn() -> Question, handed: Option<&Bus>) -> Result<Key, LockedBy> {
    let question = asked();
    let answer = tokio::task::spawn_blocking(move || answer(question));
    let own = match tokio::time::timeout(PATIENCE, answer).await {
        Ok(Ok(answer)) => answer,
        Ok(Err(_)) => Err(LockedBy::KeyringAbsent),
        Err(_) => Err(LockedBy::KeyringSlow),
    };
    let answer = match (own, handed) {
        (Err(LockedBy::KeyringAbsent), Some(bus)) => at(bus, &asked()).await,
        (own, _) => own,
    };
    if let Err(by) = &answer
        && *by != LockedBy::KeyringAbsent
    {
        tracing::warn!(?by, "the keyring did not give the key");
    }
    answer
}

/// Asks in a process whose session is the one at this bus.
async fn at(bus: &Bus, question: &Question) -> Result<Key, LockedBy> {
    let absent = |_| LockedBy::KeyringAbsent;
    if !bus.is_own() {
        return Err(LockedBy::KeyringAbsent);
    }
    let program = std::env::current_exe().map_err(absent)?;
    let child = tokio::process::Command::new(program)
        .arg(ARGUMENT)
        .env_clear()
        .env("DBUS_SESSION_BUS_ADDRESS", bus.address())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn();
    let mut child = child.map_err(absent)?;
    let asked = question.written();
    // Not ended when it is slow: with it would go the window in which the person is asked.
    let work = async {
        if let Some(mut stdin) = child.stdin.take() {
            stdin.write_all(&asked).await?;
        }
        let mut told = Zeroizing::new(Vec::new());
        if let Some(stdout) = child.stdout.take() {
            stdout.take(ANSWER).read_to_end(&mut told).await?;
        }
        child.wait().await?;
        std::io::Result::Ok(told)
    };
    match tokio::time::timeout(PATIENCE, work).await {
        Ok(Ok(told)) => match told.split_first() {
            Some((0, key)) => key.try_into().map(Key).map_err(|_| LockedBy::KeyForeign),
            Some((1, by)) => Err(serde_json::from_slice(by).unwrap_or(LockedBy::KeyringAbsent)),
            _ => Err(LockedBy::KeyringAbsent),
        },
        Ok(Err(_)) => Err(LockedBy::KeyringAbsent),
        Err(_) => Err(LockedBy::KeyringSlow),
    }
}

/// The other side: reads a question, writes the answer.
pub fn main() -> ExitCode {
    if !memory::hold_to(MEMORY) {
        return ExitCode::FAILURE;
    }
    std::thread::spawn(|| {
        std::thread::sleep(PROMPT);
        std::process::exit(1);
    });
    let mut asked = Zeroizing::new(Vec::new());
    let read = std::io::stdin().lock().take(ANSWER).read_to_end(&mut asked);
    let Some(question) = read.ok().and_then(|_| Question::read(&asked)) else {
        return ExitCode::FAILURE;
    };
    let told = Zeroizing::new(match answer(question) {
        Ok(key) => [&[0], &key.0[..]].concat(),
        Err(by) => [&[1], &serde_json::to_vec(&by).unwrap_or_default()[..]].concat(),
    });
    match std::io::stdout().lock().write_all(&told) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}

/// Bytes of a question or an answer, at most.
const ANSWER: u64 = 128;

impl Question {
    fn written(&self) -> Zeroizing<Vec<u8>> {
        Zeroizing::new(match self {
            Self::Read(home) => home.0.to_vec(),
            Self::Write(home, key) => [home.0, key.0].concat(),
        })
    }

    fn read(bytes: &[u8]) -> Option<Self> {
        let (home, key) = bytes.split_at_checked(32)?;
        let home = Hash(home.try_into().ok()?);
        if key.is_empty() {
            return Some(Self::Read(home));
        }
        Some(Self::Write(home, Key(key.try_into().ok()?)))
    }
}

/// Asks the keyring of this process's session. What was written is read back.
fn answer(question: Question) -> Result<Key, LockedBy> {
    let (home, write) = match question {
        Question::Read(home) => (home, None),
        Question::Write(home, key) => (home, Some(key)),
    };
    let entry = entry(home)?;
    if let Some(key) = write {
        entry.set_secret(&key.0).map_err(|e| why(&e))?;
    }
    let secret = Zeroizing::new(entry.get_secret().map_err(|e| why(&e))?);
    let key = secret.as_slice().try_into();
    key.map(Key).map_err(|_| LockedBy::KeyForeign)
}

/// Connects anew each time: a daemon that started before the keyring finds it later. Somebody else's bus is none: `sudo` and
/// `su` may leave it in the environment.
fn entry(home: Hash) -> Result<keyring_core::Entry, LockedBy> {
    if Bus::of_session().is_some_and(|bus| bus.is_anothers()) {
        return Err(LockedBy::KeyringAbsent);
    }
    let store =
        zbus_secret_service_keyring_store::Store::new().map_err(|_| LockedBy::KeyringAbsent)?;
    store.build(SERVICE, &home.hex(), None).map_err(|e| why(&e))
}

fn why(error: &Error) -> LockedBy {
    match error {
        Error::NoEntry => LockedBy::KeyMissing,
        Error::NoStorageAccess(_) => LockedBy::KeyringLocked,
        Error::NoDefaultStore => LockedBy::KeyringAbsent,
        Error::PlatformFailure(_) => LockedBy::KeyringDenied,
        _ => LockedBy::KeyForeign,
    }
}

/// Reads the key file.
pub fn read_file(path: &Path) -> Result<Key, LockedBy> {
    let mut bytes = Vec::new();
    let file = std::fs::File::open(path).map_err(|_| LockedBy::FileMissing)?;
    file.take(33)
        .read_to_end(&mut bytes)
        .map_err(|_| LockedBy::FileMissing)?;
    bytes
        .as_slice()
        .try_into()
        .map(Key)
        .map_err(|_| LockedBy::KeyForeign)
}

/// Writes the key file of a new home, for its owner only. One that is there is kept beside it, as `key.before-N`: it may open a
/// home whose disk is not there now.
///
/// # Errors
/// The problem a person can be told.
pub fn write_file(path: &Path, key: &Key) -> Result<(), Problem> {
    let written = files::set_aside(path, "before").and_then(|()| files::make(path, &[&key.0]));
    written.map_err(|e| files::problem(&e))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn a_new_key_takes_no_other_ones_place() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key");
        for n in 0..3 {
            write_file(&path, &Key([n; 32])).unwrap();
            assert!(read_file(&path) == Ok(Key([n; 32])));
            for before in 0..n {
                let kept = path.with_extension(format!("before-{}", before + 1));
                assert!(read_file(&kept) == Ok(Key([before; 32])));
                let mode = std::fs::metadata(&kept).unwrap().permissions().mode();
                assert_eq!(mode & 0o777, 0o600);
            }
        }
    }
}
