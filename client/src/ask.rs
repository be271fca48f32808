//! Words from a person or a script: prompts, or JSON on standard input. Never from arguments.

use serde::de::DeserializeOwned;
use std::io::{BufRead, IsTerminal, Read, Write};
use troth_proto::api::{Secret, said};
use troth_proto::{Problem, limits};

/// How words come.
#[derive(Debug, Clone, Copy)]
pub struct Asking {
    /// As JSON on standard input.
    pub json: bool,
    /// Not at all.
    pub silent: bool,
}

/// All of standard input, within a limit.
///
/// # Errors
/// Too long, or not text.
pub fn stdin() -> Result<String, Problem> {
    let mut text = String::new();
    let most = limits::API_LINE_BYTES as u64;
    let read = std::io::stdin()
        .lock()
        .take(most + 1)
        .read_to_string(&mut text);
    read.map_err(|_| Problem::BadRequest {
        detail: "standard input is not text".into(),
    })?;
    if text.len() as u64 > most {
        Err(Problem::TooLong)
    } else {
        Ok(text)
    }
}

impl Asking {
    /// An object on standard input; an empty one if nothing is there.
    ///
    /// # Errors
    /// Not JSON of that form.
    pub fn object<T: DeserializeOwned>(self) -> Result<T, Problem> {
        let text = if std::io::stdin().is_terminal() {
            String::new()
        } else {
            stdin()?
        };
        let text = if text.trim().is_empty() { "{}" } else { &text };
        serde_json::from_str(text).map_err(|e| Problem::BadRequest { detail: said(&e) })
    }

    /// One line, possibly empty.
    ///
    /// # Errors
    /// There is nobody to ask, or they went away.
    pub fn line(self, question: &str) -> Result<String, Problem> {
        if self.silent {
            return Err(Problem::NeedsTerminal);
        }
        let mut stderr = std::io::stderr().lock();
        let _ = write!(stderr, "{question} ");
        let _ = stderr.flush();
        let mut line = String::new();
        let read = std::io::stdin()
            .lock()
            .take(limits::API_LINE_BYTES as u64)
            .read_line(&mut line);
        match read {
            Ok(0) => Err(Problem::Interrupted),
            Ok(_) => Ok(line.trim().to_owned()),
            Err(_) => Err(Problem::BadRequest {
                detail: "that is not text".into(),
            }),
        }
    }

    /// One line that is not empty.
    ///
    /// # Errors
    /// As [`Asking::line`].
    pub fn needed(self, question: &str) -> Result<String, Problem> {
        loop {
            let line = self.line(question)?;
            if !line.is_empty() {
                return Ok(line);
            }
        }
    }

    /// Yes or no; no if nothing is said.
    ///
    /// # Errors
    /// As [`Asking::line`].
    pub fn yes(self, question: &str) -> Result<bool, Problem> {
        let answer = self.line(&format!("{question} [y/N]"))?;
        Ok(matches!(answer.to_lowercase().as_str(), "y" | "yes"))
    }

    /// Something that is not shown while it is typed.
    ///
    /// # Errors
    /// As [`Asking::line`].
    pub fn secret(self, question: &str) -> Result<Secret, Problem> {
        if self.silent {
            return Err(Problem::NeedsTerminal);
        }
        if !std::io::stdin().is_terminal() {
            return self.line(question).map(Secret);
        }
        rpassword::prompt_password(format!("{question} "))
            .map(Secret)
            .map_err(|_| Problem::Interrupted)
    }
}
