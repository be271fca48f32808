//! The key that opens the home: in the system's keyring, or in a file. Only a read proves anything (DESIGN §6).

use keyring_core::Error;
use keyring_core::api::CredentialStoreApi;
use std::fs::OpenOptions;
use std::io::{Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::time::Duration;
use troth_core::keys::Key;
use troth_proto::problem::LockedBy;
use troth_proto::{Hash, Problem};

/// A prompt may be open for minutes; the person is told after this long, and may try again.
const PATIENCE: Duration = Duration::from_secs(20);

const SERVICE: &str = "troth";

/// Reads the key of a home from the keyring.
pub async fn read(home: Hash) -> Result<Key, LockedBy> {
    ask(move || {
        let secret = entry(home)?.get_secret().map_err(|e| why(&e))?;
        secret
            .as_slice()
            .try_into()
            .map(Key)
            .map_err(|_| LockedBy::KeyForeign)
    })
    .await
}

/// Writes the key of a new home into the keyring, and reads it back: a keyring that loses it is none.
pub async fn write(home: Hash, key: Key) -> Result<(), LockedBy> {
    ask(move || {
        let entry = entry(home)?;
        entry.set_secret(&key.0).map_err(|e| why(&e))?;
        let back = entry.get_secret().map_err(|e| why(&e))?;
        if back == key.0 {
            Ok(())
        } else {
            Err(LockedBy::KeyForeign)
        }
    })
    .await
}

async fn ask<T: Send + 'static>(
    question: impl FnOnce() -> Result<T, LockedBy> + Send + 'static,
) -> Result<T, LockedBy> {
    match tokio::time::timeout(PATIENCE, tokio::task::spawn_blocking(question)).await {
        Ok(Ok(answer)) => answer,
        Ok(Err(_)) => Err(LockedBy::KeyringAbsent),
        Err(_) => Err(LockedBy::KeyringSlow),
    }
}

/// Connects anew each time: a daemon that started before the keyring finds it later.
fn entry(home: Hash) -> Result<keyring_core::Entry, LockedBy> {
    let store =
        zbus_secret_service_keyring_store::Store::new().map_err(|_| LockedBy::KeyringAbsent)?;
    store.build(SERVICE, &home.hex(), None).map_err(|e| why(&e))
}

fn why(error: &Error) -> LockedBy {
    tracing::warn!(kind = kind(error), "the keyring did not give the key");
    match error {
        Error::NoEntry => LockedBy::KeyMissing,
        Error::NoStorageAccess(_) => LockedBy::KeyringLocked,
        Error::NoDefaultStore => LockedBy::KeyringAbsent,
        Error::PlatformFailure(_) => LockedBy::KeyringDenied,
        _ => LockedBy::KeyForeign,
    }
}

fn kind(error: &Error) -> &'static str {
    match error {
        Error::NoEntry => "no entry",
        Error::NoStorageAccess(_) => "no access",
        Error::NoDefaultStore => "no store",
        Error::PlatformFailure(_) => "platform failure",
        _ => "other",
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

/// Writes the key file, for its owner only, and makes sure it is on the disk.
pub fn write_file(path: &Path, key: &Key) -> Result<(), Problem> {
    let write = || -> std::io::Result<()> {
        let mut file = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(true)
            .mode(0o600)
            .open(path)?;
        file.write_all(&key.0)?;
        file.sync_all()
    };
    write().map_err(|e| match e.kind() {
        std::io::ErrorKind::StorageFull => Problem::DiskFull,
        std::io::ErrorKind::ReadOnlyFilesystem | std::io::ErrorKind::PermissionDenied => {
            Problem::DiskReadOnly
        }
        _ => Problem::DiskFailed,
    })
}
