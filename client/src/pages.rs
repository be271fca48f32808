//! A manual page for each command.

use crate::words::t;
use crate::{Said, cli};
use serde_json::json;
use std::path::Path;
use troth_proto::Problem;

/// Writes them into a folder, which is made if it is not there.
///
/// # Errors
/// A file that could not be written.
pub fn write(folder: &Path) -> Result<Said, Problem> {
    let failed = |e: std::io::Error| Problem::FileFailed {
        path: folder.display().to_string(),
        why: (&e).into(),
    };
    std::fs::create_dir_all(folder).map_err(failed)?;
    clap_mangen::generate_to(cli::command(), folder).map_err(failed)?;
    let shown = folder.display().to_string();
    let words = t!("man-written", folder = shown.as_str()) + "\n";
    Ok(Said::new(json!({"pages": shown}), words))
}
