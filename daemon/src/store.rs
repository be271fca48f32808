//! The disk: one SQLite file of sealed rows. It knows no names and no keys.

use crate::files;
use rusqlite::{Connection, ErrorCode, OptionalExtension, params};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};
use troth_core::books::rows::{Name, Sealed};
use troth_core::keys::{FORMAT, Lockbox};
use troth_core::node::Disk;
use troth_proto::Problem;

/// Bytes that a save may need: with fewer, a disk counts as full.
const ROOM: u64 = 64 * 1024;

/// Whether the disk takes what is written into this file.
pub fn disk(store: &Path) -> Disk {
    let Ok(about) = rustix::fs::statvfs(store.parent().unwrap_or(store)) else {
        return Disk::Takes;
    };
    if about.f_flag.contains(rustix::fs::StatVfsMountFlags::RDONLY) {
        Disk::ReadOnly
    } else if about.f_bavail.saturating_mul(about.f_frsize) < ROOM {
        Disk::Full
    } else {
        Disk::Takes
    }
}

/// The open file.
pub struct Store {
    sqlite: Connection,
    path: PathBuf,
}

impl Store {
    /// Opens the file, or makes an empty one.
    ///
    /// # Errors
    /// The problem a person can be told; nothing was changed.
    pub fn open(path: &Path) -> Result<Self, Problem> {
        Self::open_file(path).map_err(|problem| told_by_the_disk(problem, path))
    }

    fn open_file(path: &Path) -> Result<Self, Problem> {
        Self::end_rescue(path);
        let sqlite = Connection::open(path).map_err(problem)?;
        // Exclusive, before anything is read: one daemon owns the file, an open reader would defeat secure_delete, and
        // no shared-memory file is needed, which a full disk could not hold.
        sqlite
            .execute_batch("PRAGMA locking_mode=EXCLUSIVE;")
            .map_err(problem)?;
        let version: u32 = sqlite
            .query_row("PRAGMA user_version", [], |row| row.get(0))
            .map_err(problem)?;
        if version > FORMAT {
            return Err(Problem::StoreNewer);
        }
        let settings = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; \
                        PRAGMA secure_delete=ON; PRAGMA temp_store=MEMORY; PRAGMA cache_size=-1024; PRAGMA trusted_schema=OFF;";
        sqlite.execute_batch(settings).map_err(problem)?;
        if version == 0 {
            let tables = format!(
                "BEGIN; CREATE TABLE IF NOT EXISTS lockbox (one INTEGER PRIMARY KEY CHECK (one = 1), json TEXT NOT NULL); \
                 CREATE TABLE IF NOT EXISTS rows (name BLOB PRIMARY KEY, sealed BLOB NOT NULL); \
                 PRAGMA user_version = {FORMAT}; COMMIT;"
            );
            sqlite.execute_batch(&tables).map_err(problem)?;
        }
        let path = path.to_owned();
        Ok(Self { sqlite, path })
    }

    /// What stands unsealed; none before `init`.
    ///
    /// # Errors
    /// The problem a person can be told.
    pub fn lockbox(&self) -> Result<Option<Lockbox>, Problem> {
        let json: Option<String> = self
            .sqlite
            .query_row("SELECT json FROM lockbox", [], |row| row.get(0))
            .optional()
            .map_err(problem)?;
        json.map(|json| serde_json::from_str(&json).map_err(|_| Problem::DiskDamaged))
            .transpose()
    }

    /// Hands over the name and sealed bytes of all rows, in the order they were first written, until `take` wants no
    /// more.
    ///
    /// # Errors
    /// The problem a person can be told.
    pub fn each_row(&self, mut take: impl FnMut(&[u8], &[u8]) -> bool) -> Result<(), Problem> {
        let mut all = self
            .sqlite
            .prepare("SELECT name, sealed FROM rows ORDER BY rowid")
            .map_err(problem)?;
        let mut rows = all.query([]).map_err(problem)?;
        while let Some(row) = rows.next().map_err(problem)? {
            let blob = |column| match row.get_ref(column).map(|value| value.as_blob()) {
                Ok(Ok(bytes)) => Ok(bytes),
                Ok(Err(_)) => Err(Problem::DiskDamaged),
                Err(error) => Err(problem(error)),
            };
            if !take(blob(0)?, blob(1)?) {
                break;
            }
        }
        Ok(())
    }

    /// Makes a home: the lockbox and its first rows, together.
    ///
    /// # Errors
    /// The problem a person can be told; nothing was changed.
    pub fn found(&mut self, lockbox: &Lockbox, rows: &[Sealed]) -> Result<(), Problem> {
        let json = serde_json::to_string(lockbox).map_err(|_| Problem::Internal)?;
        self.write(Some(&json), rows)
    }

    /// Saves rows: on return all of it is on the disk, or none.
    ///
    /// # Errors
    /// The problem a person can be told; the file is to be opened anew then.
    pub fn save(&mut self, rows: &[Sealed]) -> Result<(), Problem> {
        self.write(None, rows)
            .map_err(|problem| told_by_the_disk(problem, &self.path))
    }

    fn write(&mut self, lockbox: Option<&str>, rows: &[Sealed]) -> Result<(), Problem> {
        let transaction = self.sqlite.transaction().map_err(problem)?;
        if let Some(json) = lockbox {
            transaction
                .execute("INSERT INTO lockbox VALUES (1, ?1)", [json])
                .map_err(problem)?;
        }
        {
            let mut put = transaction
                .prepare_cached(
                    // A row that is written anew keeps its place, so that a start reads the first rows first.
                    "INSERT INTO rows VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET sealed = excluded.sealed",
                )
                .map_err(problem)?;
            let mut drop = transaction
                .prepare_cached("DELETE FROM rows WHERE name = ?1")
                .map_err(problem)?;
            for (name, sealed) in rows {
                match sealed {
                    Some(sealed) => put.execute(params![name, sealed]),
                    None => drop.execute(params![name]),
                }
                .map_err(problem)?;
            }
        }
        transaction.commit().map_err(problem)
    }

    /// Makes a new file of all rows that can still be found in a damaged one, which is kept beside it. The lockbox comes from
    /// the second copy.
    ///
    /// # Errors
    /// [`Problem::DiskDamaged`] if there is no second copy; nothing was changed.
    pub fn rescue(path: &Path) -> Result<Self, Problem> {
        let lockbox = Spare::read(path).ok_or(Problem::DiskDamaged)?.lockbox;
        let found = crate::rescue::rows(path).map_err(|_| Problem::DiskDamaged)?;
        tracing::error!(
            rows = found.len(),
            "the file is damaged: a new one is made of what can be found"
        );
        let fresh = path.with_extension("new");
        for old in [&fresh, &beside(&fresh, "-wal")] {
            let _ = std::fs::remove_file(old);
        }
        let mut store = Self::open(&fresh)?;
        let rows = found.into_iter().map(|(name, sealed)| (name, Some(sealed)));
        store.write(Some(&lockbox), &rows.collect::<Vec<Sealed>>())?;
        if !store.checkpoint() {
            return Err(Problem::DiskFailed);
        }
        drop(store);
        let failed = |_| Problem::DiskFailed;
        let kept = set_aside_files(path).len() + 1;
        let kept = path.with_extension(format!("damaged-{kept}"));
        // Whatever comes between these: where the file is missing and a new one is there, `open` puts that in its place.
        std::fs::rename(path, &kept).map_err(failed)?;
        let _ = std::fs::rename(beside(path, "-wal"), beside(&kept, "-wal"));
        std::fs::rename(&fresh, path).map_err(failed)?;
        sync_folder(path);
        Self::open(path)
    }

    /// Ends a rescue that was cut short between its renames.
    fn end_rescue(path: &Path) {
        let fresh = path.with_extension("new");
        if path.exists() || !fresh.exists() {
            return;
        }
        // The log is the old file's, which is kept.
        if let Some(kept) = set_aside_files(path).into_iter().last() {
            let _ = std::fs::rename(beside(path, "-wal"), beside(&kept, "-wal"));
        }
        if std::fs::rename(&fresh, path).is_ok() {
            sync_folder(path);
        }
    }

    /// Throws away what was set aside: words that have left are not to be in it.
    pub fn drop_set_aside(&mut self) -> bool {
        let sql = "DROP TABLE IF EXISTS damaged";
        let files = set_aside_files(&self.path);
        let all = files
            .iter()
            .flat_map(|file| [file.clone(), beside(file, "-wal")]);
        let gone = all
            .filter(|file| file.exists())
            .all(|file| std::fs::remove_file(file).is_ok());
        self.sqlite.execute_batch(sql).is_ok() && gone
    }

    /// Keeps the lockbox and the rows without which a home is lost once more, in a file of its own.
    pub fn keep_twice(&self, names: &[Name]) {
        let kept = || -> Option<Spare> {
            let sql = "SELECT json FROM lockbox";
            let lockbox = self.sqlite.query_row(sql, [], |row| row.get(0)).ok()?;
            let sql = "SELECT sealed FROM rows WHERE name = ?1";
            let mut one = self.sqlite.prepare_cached(sql).ok()?;
            let rows = names.iter().filter_map(|name| {
                let sealed: Vec<u8> = one.query_row([&name[..]], |row| row.get(0)).ok()?;
                Some((*name, sealed))
            });
            let rows = rows.collect();
            Some(Spare { lockbox, rows })
        };
        if kept().is_none_or(|spare| spare.write(&self.path).is_err()) {
            tracing::warn!("the second copy of what a home is lost without could not be written");
        }
    }

    /// Puts rows that cannot be read aside, under their names: nobody trips over them twice, and nothing is thrown away.
    ///
    /// # Errors
    /// The problem a person can be told; nothing was changed.
    pub fn set_aside(&mut self, names: &[Vec<u8>]) -> Result<(), Problem> {
        let transaction = self.sqlite.transaction().map_err(problem)?;
        transaction
            .execute_batch(
                // Its first column is a number, so that no rescue takes what is in it for rows.
                "CREATE TABLE IF NOT EXISTS damaged (place INTEGER NOT NULL, name BLOB NOT NULL, sealed BLOB NOT NULL)",
            )
            .map_err(problem)?;
        for name in names {
            transaction
                .execute(
                    "INSERT INTO damaged SELECT rowid, name, sealed FROM rows WHERE name = ?1",
                    [name],
                )
                .map_err(problem)?;
            transaction
                .execute("DELETE FROM rows WHERE name = ?1", [name])
                .map_err(problem)?;
        }
        transaction.commit().map_err(problem)
    }

    /// Moves what the write-ahead log holds into the file, so that what was dropped or written anew is gone from both. Says
    /// whether it is.
    #[must_use]
    pub fn checkpoint(&self) -> bool {
        let busy = self
            .sqlite
            .query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| {
                row.get::<_, i64>(0)
            });
        if busy != Ok(0) {
            tracing::warn!("the write-ahead log could not be emptied");
        }
        busy == Ok(0)
    }
}

#[cfg(test)]
impl Store {
    /// The disk takes nothing any more.
    pub fn refuse_writes(&self) {
        let refused = self.sqlite.pragma_update(None, "query_only", true);
        assert_eq!(refused, Ok(()));
    }
}

/// The second copy of what a home is lost without: the lockbox, and a few sealed rows. In a file of its own, beside the
/// other.
pub struct Spare {
    lockbox: String,
    /// The rows.
    pub rows: Vec<(Name, Vec<u8>)>,
}

/// The first line of a second copy.
const SPARE: &str = "TROTHS1";

impl Spare {
    /// Reads the second copy beside a store; none if it is not there, or not whole.
    #[must_use]
    pub fn read(store: &Path) -> Option<Self> {
        let text = std::fs::read_to_string(store.with_file_name("spare")).ok()?;
        let mut lines = text.lines();
        if lines.next()? != SPARE {
            return None;
        }
        let lockbox = lines.next()?.to_owned();
        let hex = |text: &str| data_encoding::HEXLOWER.decode(text.as_bytes()).ok();
        let row = |line: &str| {
            let (name, sealed) = line.split_once(' ')?;
            Some((hex(name)?.try_into().ok()?, hex(sealed)?))
        };
        let rows: Option<Vec<(Name, Vec<u8>)>> = lines.map(row).collect();
        Some(Self {
            lockbox,
            rows: rows?,
        })
    }

    fn write(&self, store: &Path) -> std::io::Result<()> {
        let mut text = format!("{SPARE}\n{}\n", self.lockbox);
        for (name, sealed) in &self.rows {
            let hex = |bytes: &[u8]| data_encoding::HEXLOWER.encode(bytes);
            text += &format!("{} {}\n", hex(name), hex(sealed));
        }
        files::make(&store.with_file_name("spare"), &[text.as_bytes()])
    }
}

/// Damaged files that were set aside beside a store, in the order in which they were.
fn set_aside_files(path: &Path) -> Vec<PathBuf> {
    (1..)
        .map(|n| path.with_extension(format!("damaged-{n}")))
        .take_while(|kept| kept.exists())
        .collect()
}

fn beside(path: &Path, more: &str) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(more);
    path.with_file_name(name)
}

/// A name that was given is on the disk only with its folder.
fn sync_folder(path: &Path) {
    if let Some(folder) = path.parent() {
        let _ = std::fs::File::open(folder).and_then(|folder| folder.sync_all());
    }
}

/// SQLite tells of a disk that turned read-only under it as of any failure: the disk is asked itself.
fn told_by_the_disk(problem: Problem, store: &Path) -> Problem {
    if problem != Problem::DiskFailed {
        return problem;
    }
    let trial = store.with_extension("trial");
    let made = std::fs::File::create(&trial).and_then(|mut file| file.write_all(&[0; 4096]));
    let _ = std::fs::remove_file(&trial);
    match made.map_err(|e| e.kind()) {
        Err(ErrorKind::ReadOnlyFilesystem | ErrorKind::PermissionDenied) => Problem::DiskReadOnly,
        Err(ErrorKind::StorageFull) => Problem::DiskFull,
        _ => problem,
    }
}

fn problem(error: rusqlite::Error) -> Problem {
    let code = error.sqlite_error_code();
    let extended = error.sqlite_error().map(|e| e.extended_code);
    tracing::error!(?code, extended, "the disk did not take it");
    match code {
        Some(ErrorCode::DiskFull) => Problem::DiskFull,
        Some(ErrorCode::ReadOnly | ErrorCode::CannotOpen | ErrorCode::PermissionDenied) => {
            Problem::DiskReadOnly
        }
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => Problem::DiskDamaged,
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Problem::AnotherDaemon,
        _ => Problem::DiskFailed,
    }
}
