//! A book as an automerge document, made in a process of their own: its memory goes with it, and so would a fault in it.

use crate::memory;
use std::io::{Read, Write};
use std::process::{ExitCode, Stdio};
use std::time::Duration;
use tokio::io::AsyncWriteExt;
use tokio::process::Command;
use troth_core::document::make;
use troth_proto::limits;

/// The argument by which the daemon starts itself for this. Entries come and go through pipes, never arguments.
pub const ARGUMENT: &str = "make-document";

/// A hundred thousand entries take a few seconds; a machine under load many times that.
const PATIENCE: Duration = Duration::from_secs(300);

/// Bytes of memory that it may take: many times what a full book needs.
const MEMORY: u64 = 4 * 1024 * 1024 * 1024;

/// The document of what the node handed over, proven to load; none if that failed.
pub async fn made(input: Vec<u8>) -> Option<Vec<u8>> {
    let mut child = Command::new(std::env::current_exe().ok()?)
        .arg(ARGUMENT)
        .env_clear()
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .ok()?;
    let mut stdin = child.stdin.take()?;
    let work = async {
        stdin.write_all(&input).await.ok()?;
        drop(stdin);
        child.wait_with_output().await.ok()
    };
    let output = tokio::time::timeout(PATIENCE, work).await.ok()??;
    output
        .status
        .success()
        .then_some(output.stdout)
        .filter(|bytes| !bytes.is_empty())
}

/// The other side: reads entries, writes a checked document.
pub fn main() -> ExitCode {
    if !memory::hold_to(MEMORY) {
        return ExitCode::FAILURE;
    }
    let mut input = Vec::new();
    let most = 4 * limits::DOCUMENT_BYTES;
    if std::io::stdin()
        .lock()
        .take(most)
        .read_to_end(&mut input)
        .is_err()
    {
        return ExitCode::FAILURE;
    }
    match make(&input) {
        Ok(bytes) if std::io::stdout().lock().write_all(&bytes).is_ok() => ExitCode::SUCCESS,
        _ => ExitCode::FAILURE,
    }
}
