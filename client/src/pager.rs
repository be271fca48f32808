//! What is longer than the screen is shown a page at a time.

use std::io::{IsTerminal, Write};
use std::process::{Command, Stdio};

/// Shows a text through the person's pager (`PAGER`, else `less`) if it is longer than the terminal is high. Says whether
/// it did: without a pager the text is printed as any other.
#[must_use]
pub fn shows(text: &str) -> bool {
    let out = std::io::stdout();
    if !out.is_terminal() || !std::io::stdin().is_terminal() {
        return false;
    }
    let Ok(size) = rustix::termios::tcgetwinsize(&out) else {
        return false;
    };
    if size.ws_row == 0 || text.lines().count() < usize::from(size.ws_row) {
        return false;
    }
    let wanted = std::env::var("PAGER").unwrap_or_else(|_| "less".into());
    let mut words = wanted.split_whitespace();
    let Some(program) = words.next().filter(|program| *program != "cat") else {
        return false;
    };
    let mut command = Command::new(program);
    command.args(words).stdin(Stdio::piped());
    // Nothing of what is read or searched for comes to stand in a file, and no other program is begun from there.
    command.env("LESSHISTFILE", "-").env("LESSSECURE", "1");
    if std::env::var_os("LESS").is_none() {
        command.env("LESS", "FRX");
    }
    let Ok(mut pager) = command.spawn() else {
        return false;
    };
    if let Some(mut stdin) = pager.stdin.take() {
        // One who leaves before the end has read enough.
        let _ = stdin.write_all(text.as_bytes());
    }
    pager.wait().is_ok()
}
