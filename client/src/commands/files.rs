//! Files: carried to the partner, kept as a backup, exported for other programs.

use super::home::TRIES;
use super::{partner, typed};
use crate::Said;
use crate::ask::{Asking, Unseen};
use crate::cli::{BookArg, KeysArg};
use crate::link::Link;
use crate::words::t;
use crate::{say, wrap};
use age::secrecy::SecretString;
use serde::Deserialize;
use serde_json::json;
use sha2::{Digest, Sha256};
use std::fs::File;
use std::io::{Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use troth_proto::api::{
    self, BackupLines, CarryPiece, Identity, Init, KeyHome, Request, Restored, Secret, Status,
};
use troth_proto::ids::Who;
use troth_proto::problem::FileWrong;
use troth_proto::{Problem, carry};

/// Bytes of a file in one request.
const PIECE: usize = 512 * 1024;
/// The first bytes of every `age` file.
const AGE: &[u8] = b"age-encryption.org/v1";

pub(super) fn failed(path: &Path, e: &std::io::Error) -> Problem {
    if e.kind() == std::io::ErrorKind::StorageFull {
        return Problem::DiskFull;
    }
    Problem::FileFailed {
        path: path.display().to_string(),
        why: e.into(),
    }
}

/// Writes a file beside its place and puts it there when whole: one cut short never stands under its name. What is there
/// already is replaced only if it begins like such a file: a slip of the finger loses no letter.
pub(super) fn written(
    path: &Path,
    begins: &[u8],
    write: impl FnOnce(&mut File) -> Result<(), Problem>,
) -> Result<(), Problem> {
    may_stand(path, begins)?;
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}.part", std::process::id()));
    let part = path.with_file_name(name);
    let opened = std::fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(&part);
    let mut file = opened.map_err(|e| failed(path, &e))?;
    let done = write(&mut file)
        .and_then(|()| file.sync_all().map_err(|e| failed(path, &e)))
        .and_then(|()| std::fs::rename(&part, path).map_err(|e| failed(path, &e)));
    if done.is_err() {
        let _ = std::fs::remove_file(&part);
    }
    done
}

/// Whether such a file may be written there: nothing that is no such file stands there, and its folder does.
fn may_stand(path: &Path, begins: &[u8]) -> Result<(), Problem> {
    let folder = path.parent().filter(|it| !it.as_os_str().is_empty());
    if let Some(folder) = folder {
        std::fs::metadata(folder).map_err(|e| failed(path, &e))?;
    }
    let mut head = vec![0; begins.len()];
    match File::open(path).map(|mut there| there.read_exact(&mut head)) {
        Ok(Ok(())) if head == begins && !begins.is_empty() => {}
        Ok(_) => {
            return Err(Problem::FileFailed {
                path: path.display().to_string(),
                why: FileWrong::AnotherThere,
            });
        }
        Err(_) => {}
    }
    Ok(())
}

/// Pieces of bytes that come one by one, into a file.
fn pieces(
    link: &mut Link,
    path: &Path,
    file: &mut File,
    next: impl Fn(Option<String>) -> Request,
) -> Result<(), Problem> {
    let mut cursor = None;
    loop {
        let piece: CarryPiece = typed(&link.ask(&next(cursor))?)?;
        let bytes = data_encoding::BASE64.decode(piece.piece.as_bytes());
        let bytes = bytes.map_err(|_| Problem::ApiVersion)?;
        file.write_all(&bytes).map_err(|e| failed(path, &e))?;
        cursor = piece.cursor;
        if cursor.is_none() {
            return Ok(());
        }
    }
}

pub(super) fn carry_out(
    link: &mut Link,
    path: &Path,
    upto: Option<u64>,
    whole: bool,
) -> Result<Said, Problem> {
    written(path, carry::MAGIC, |file| {
        pieces(link, path, file, |cursor| Request::CarryOut {
            cursor,
            upto,
            whole,
        })
    })?;
    let status: Status = typed(&link.ask(&Request::Status {})?)?;
    let them = partner(link)?;
    let file = path.display().to_string();
    let words = if status.partner_has_all && !whole {
        t!("carried-out-nothing", file = file.as_str(), partner = them)
    } else {
        t!("carried-out", file = file.as_str(), partner = them)
    };
    let json = json!({"carried": !status.partner_has_all, "file": file});
    Ok(Said::new(json, words + "\n"))
}

pub(super) fn carry_in(link: &mut Link, path: &Path) -> Result<Said, Problem> {
    let failed = |e: std::io::Error| failed(path, &e);
    let mut file = File::open(path).map_err(failed)?;
    let mut left = file.metadata().map_err(failed)?.len();
    let new = loop {
        let mut bytes = vec![0; usize::try_from(left).unwrap_or(PIECE).min(PIECE)];
        file.read_exact(&mut bytes).map_err(failed)?;
        left -= bytes.len() as u64;
        // Once all of it is there, it is taken in by parts.
        let answer: api::Carried = typed(&link.ask(&Request::CarryIn {
            piece: data_encoding::BASE64.encode(&bytes),
            last: left == 0,
        })?)?;
        if let Some(new) = answer.carried {
            break new;
        }
    };
    let words = if new {
        t!("carried-in")
    } else {
        t!("carried-nothing-new")
    };
    Ok(Said::new(json!({"carried": new}), words + "\n"))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct BackupWords {
    passphrase: Secret,
}

/// Everything of this home in one file under a passphrase, which any `age` program opens; read back before it is done.
pub(super) fn backup(link: &mut Link, path: &Path, asking: Asking) -> Result<Said, Problem> {
    may_stand(path, AGE)?;
    let passphrase = if asking.json {
        asking.object::<BackupWords>()?.passphrase
    } else {
        super::home::new_passphrase(&t!("ask-new-backup-passphrase"), asking)?
    };
    if passphrase.0.chars().count() < 8 {
        return Err(Problem::PassphraseTooShort);
    }
    let unseen = one_moment(asking);
    let secret = || SecretString::from(passphrase.0.clone());
    let (mut sum, mut bytes) = (Sha256::new(), 0);
    written(path, AGE, |file| {
        let encryptor = age::Encryptor::with_user_passphrase(secret());
        let mut sealed = encryptor
            .wrap_output(&mut *file)
            .map_err(|e| failed(path, &e))?;
        let mut cursor = None;
        loop {
            let lines: BackupLines = typed(&link.ask(&Request::Backup { cursor })?)?;
            sum.update(lines.lines.0.as_bytes());
            bytes += lines.lines.0.len();
            let done = sealed.write_all(lines.lines.0.as_bytes());
            done.map_err(|e| failed(path, &e))?;
            cursor = lines.cursor;
            if cursor.is_none() {
                break;
            }
        }
        sealed.finish().map_err(|e| failed(path, &e))?;
        Ok(())
    })?;
    // What cannot be read back is no backup.
    let mut again = Sha256::new();
    opened(path, secret(), |bytes| {
        again.update(bytes);
        Ok(())
    })?;
    if again.finalize() != sum.finalize() {
        return Err(Problem::BackupDamaged);
    }
    drop(unseen);
    let done = t!("backup-done", file = path.display().to_string());
    let words = format!("{done}\n{}\n", t!("backup-not-private"));
    let json = json!({"backup": path.display().to_string(), "bytes": bytes});
    Ok(Said::new(json, words))
}

/// Opens a backup and hands over its bytes, a part at a time.
fn opened(
    path: &Path,
    passphrase: SecretString,
    mut take: impl FnMut(&[u8]) -> Result<(), Problem>,
) -> Result<(), Problem> {
    let file = File::open(path).map_err(|e| failed(path, &e))?;
    let decryptor = age::Decryptor::new_buffered(std::io::BufReader::new(file));
    let decryptor = decryptor.map_err(|_| Problem::BackupDamaged)?;
    let identity = age::scrypt::Identity::new(passphrase);
    let mut plain = decryptor
        .decrypt(std::iter::once(&identity as &dyn age::Identity))
        .map_err(|e| match e {
            age::DecryptError::KeyDecryptionFailed | age::DecryptError::DecryptionFailed => {
                Problem::BackupPassphrase
            }
            _ => Problem::BackupDamaged,
        })?;
    let mut part = vec![0; PIECE / 2];
    loop {
        match plain.read(&mut part) {
            Ok(0) => return Ok(()),
            Ok(n) => take(&part[..n])?,
            Err(_) => return Err(Problem::BackupDamaged),
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RestoreWords {
    passphrase: Secret,
    /// With `--keys passphrase`, in an empty home.
    #[serde(default)]
    home_passphrase: Option<Secret>,
}

/// The first line of a backup, as far as the client reads it.
#[derive(Deserialize)]
struct First {
    home: FirstHome,
}

#[derive(Deserialize)]
struct FirstHome {
    name: String,
    person: troth_proto::PersonId,
    seal_keys: Vec<Secret>,
    words_public: troth_proto::Hash,
}

/// Tells a person that work with a passphrase begins: it takes some seconds.
fn one_moment(asking: Asking) -> Option<Unseen> {
    asking.person().then(|| {
        wrap::tell(&t!("one-moment"));
        Unseen::begin()
    })
}

/// What is in a backup. A slip is no reason to begin anew: a person is asked again.
fn plain_of(path: &Path, given: Option<Secret>, asking: Asking) -> Result<Vec<u8>, Problem> {
    let mut tries = if asking.person() { TRIES } else { 1 };
    loop {
        tries -= 1;
        let passphrase = match &given {
            Some(given) => given.clone(),
            None => asking.secret(&t!("ask-backup-passphrase"))?,
        };
        let unseen = one_moment(asking);
        let mut plain = Vec::new();
        let read = opened(path, SecretString::from(passphrase.0), |bytes| {
            plain.extend_from_slice(bytes);
            Ok(())
        });
        drop(unseen);
        match read {
            Ok(()) => return Ok(plain),
            Err(problem @ Problem::BackupPassphrase) if tries > 0 => {
                wrap::tell(&say::problem(&problem).0);
            }
            Err(problem) => return Err(problem),
        }
    }
}

/// A backup into an empty home, which is made with it; or into a home of the same person, where it adds what is missing.
pub(super) fn restore(
    link: &mut Link,
    path: &Path,
    keys: KeysArg,
    listen: Option<String>,
    asking: Asking,
) -> Result<Said, Problem> {
    let status: Status = typed(&link.ask(&Request::Status {})?)?;
    // Nobody types a passphrase for a file that is not there.
    File::open(path).map_err(|e| failed(path, &e))?;
    let (given, mut home_passphrase) = if asking.json {
        let words: RestoreWords = asking.object()?;
        (Some(words.passphrase), words.home_passphrase)
    } else {
        (None, None)
    };
    let plain = plain_of(path, given, asking)?;
    let text = String::from_utf8(plain).map_err(|_| Problem::BackupDamaged)?;
    if status.keys == "not_set_up" {
        let first = text.lines().next().unwrap_or_default();
        let first: First = serde_json::from_str(first).map_err(|_| Problem::BackupDamaged)?;
        let keys = keys.home();
        if keys == KeyHome::Passphrase && home_passphrase.is_none() && !asking.json {
            wrap::tell(&t!("passphrase-from-now-on"));
            home_passphrase = Some(super::home::new_passphrase(
                &t!("ask-new-passphrase"),
                asking,
            )?);
        }
        let home = Init {
            name: first.home.name,
            keys,
            passphrase: home_passphrase,
            listen,
            mapping: false,
            recovery_words: None,
            from: Some(Identity {
                person: first.home.person,
                seal_keys: first.home.seal_keys,
                words_public: first.home.words_public,
            }),
            private_passphrase: None,
            bus: None,
        };
        super::home::made(link, home, asking)?;
    }
    let mut rest = &text[..];
    let new = loop {
        let mut end = rest.len().min(PIECE / 2);
        while !rest.is_char_boundary(end) {
            end -= 1;
        }
        let (lines, after) = rest.split_at(end);
        let (lines, last) = (Secret(lines.to_owned()), after.is_empty());
        let answer: Restored = typed(&link.ask(&Request::Restore { lines, last })?)?;
        rest = after;
        // Once all of it is there, it is taken in by parts.
        if let Some(new) = answer.new {
            break new;
        }
    };
    let status: Status = typed(&link.ask(&Request::Status {})?)?;
    let next = match &status.partner {
        Some(_) if status.sharing == api::Sharing::NotPaired => t!("next-pair-again") + "\n",
        Some(_) => String::new(),
        None => t!("next-pair") + "\n",
    };
    let words = if new == 0 {
        format!("{}\n{next}", t!("restored-nothing-new"))
    } else {
        format!("{}\n{next}", t!("restored"))
    };
    Ok(Said::new(json!({"restored": new > 0}), words))
}

/// A book as an automerge document, which any automerge tool opens.
pub(super) fn export(
    link: &mut Link,
    (book, draft): (BookArg, Option<String>),
    with_confidences: bool,
    path: &Path,
) -> Result<Said, Problem> {
    let whose = match book {
        BookArg::Mine => Who::Me,
        BookArg::Partners => Who::Partner,
    };
    let draft = match draft {
        Some(name) => Some(super::draft::named(link, &[name])?.draft.hex()),
        None => None,
    };
    written(path, &[], |file| {
        pieces(link, path, file, |cursor| match &draft {
            Some(draft) => Request::ExportDraft {
                draft: draft.clone(),
                cursor,
            },
            None => Request::ExportBook {
                whose,
                with_confidences,
                cursor,
            },
        })
    })?;
    let shown = path.display();
    let words = match draft {
        Some(_) => t!("exported-draft", file = shown.to_string()),
        None => t!("exported", file = shown.to_string()),
    };
    let words = words + "\n";
    Ok(Said::new(json!({"exported": shown.to_string()}), words))
}
