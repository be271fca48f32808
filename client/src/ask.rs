//! Words from a person or a script: prompts, or JSON on standard input. Never from arguments.

use crate::editor::Saved;
use crate::words::{means, t};
use crate::{editor, say, wrap};
use rustix::termios::{
    LocalModes, OptionalActions, QueueSelector, Termios, tcflush, tcgetattr, tcsetattr,
};
use rustyline::completion::Completer;
use rustyline::config::{Behavior, Config};
use rustyline::error::ReadlineError;
use rustyline::highlight::Highlighter;
use rustyline::hint::Hinter;
use rustyline::history::MemHistory;
use rustyline::validate::Validator;
use rustyline::{Context, Editor, Helper};
use serde::de::DeserializeOwned;
use std::cell::RefCell;
use std::io::{BufRead, IsTerminal, Read, Write};
use troth_proto::api::{Secret, said};
use troth_proto::problem::Wrong;
use troth_proto::{Problem, limits};

/// While it lives, nothing that is typed shows on the terminal, and all of it is thrown away at the end: whoever types on
/// while a passphrase is looked at may be typing it once more.
pub struct Unseen(Option<Termios>);

impl Unseen {
    pub fn begin() -> Self {
        let before = tcgetattr(std::io::stdin()).ok();
        if let Some(before) = &before {
            let mut unseen = before.clone();
            unseen.local_modes.remove(LocalModes::ECHO);
            let _ = tcsetattr(std::io::stdin(), OptionalActions::Now, &unseen);
        }
        Self(before)
    }
}

impl Drop for Unseen {
    fn drop(&mut self) {
        if let Some(before) = &self.0 {
            let _ = tcflush(std::io::stdin(), QueueSelector::IFlush);
            let _ = tcsetattr(std::io::stdin(), OptionalActions::Now, before);
        }
    }
}

/// How words come.
#[derive(Debug, Clone, Copy)]
pub struct Asking {
    /// As JSON on standard input.
    pub json: bool,
    /// Not at all.
    pub silent: bool,
    /// What would be asked is answered with yes.
    pub sure: bool,
    /// Words are written in the person's own editor.
    pub edit: bool,
}

/// All of standard input, within a limit.
///
/// # Errors
/// Too long, or not text; or a person sits there, of whom nothing is to be asked.
pub fn stdin() -> Result<String, Problem> {
    if std::io::stdin().is_terminal() {
        return Err(Problem::NeedsTerminal);
    }
    let mut text = String::new();
    let most = limits::API_LINE_BYTES as u64;
    let read = std::io::stdin()
        .lock()
        .take(most + 1)
        .read_to_string(&mut text);
    read.map_err(|_| Problem::BadRequest {
        wrong: Wrong::NotText,
    })?;
    if text.len() as u64 > most {
        Err(Problem::TooLong)
    } else {
        Ok(text)
    }
}

/// What a person says to their words once they see them whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Settled {
    /// Say them.
    Yes,
    /// Let me change them.
    Change,
    /// Do not say them.
    No,
}

/// Whether the terminal can do more than take lines.
fn can_edit() -> bool {
    let name = std::env::var("TERM").unwrap_or_default();
    !["", "dumb", "cons25", "emacs"].contains(&name.as_str())
}

/// Prints all but the last row of a question, which is given back: a row that goes on stands deeper, so that no word of
/// anybody's in it comes to the margin.
fn last_row(question: &str) -> String {
    let text = wrap::for_stderr(question.to_owned());
    let Some((above, last)) = text.rsplit_once('\n') else {
        return text;
    };
    wrap::tell(above);
    last.to_owned()
}

/// What stands in a line while it is typed: what is broken off is not lost.
struct Typed(RefCell<String>);

impl Hinter for Typed {
    type Hint = String;

    fn hint(&self, line: &str, _: usize, _: &Context<'_>) -> Option<String> {
        line.clone_into(&mut self.0.borrow_mut());
        None
    }
}

impl Completer for Typed {
    type Candidate = String;
}

impl Highlighter for Typed {}
impl Validator for Typed {}
impl Helper for Typed {}

/// A text edited in the terminal: of any length, where a terminal by itself cuts a line at 4,095 bytes, and kept in no
/// history.
fn edited(question: &str, so_far: &str) -> Result<Saved, Problem> {
    let config = Config::builder()
        .auto_add_history(false)
        .behavior(Behavior::PreferTerm)
        .bracketed_paste(true)
        .build();
    let failed = |_| Problem::NeedsTerminal;
    let history = MemHistory::with_config(&config);
    let mut editor = Editor::<Typed, _>::with_history(config, history).map_err(failed)?;
    editor.set_helper(Some(Typed(RefCell::new(so_far.to_owned()))));
    let saved = |text: &str, taken| Saved {
        text: text.trim().to_owned(),
        taken,
    };
    match editor.readline_with_initial(&format!("{} ", last_row(question)), (so_far, "")) {
        Ok(text) => Ok(saved(&text, true)),
        Err(ReadlineError::Eof | ReadlineError::Interrupted) => {
            let typed = editor.helper().map(|it| it.0.borrow().clone());
            Ok(saved(&typed.unwrap_or_default(), false))
        }
        Err(_) => Err(Problem::BadRequest {
            wrong: Wrong::NotText,
        }),
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
        serde_json::from_str(text).map_err(|e| Problem::BadRequest { wrong: said(&e) })
    }

    /// Whether a person sits there.
    #[must_use]
    pub fn person(self) -> bool {
        !self.json && !self.silent && std::io::stdin().is_terminal()
    }

    /// One line, possibly empty.
    ///
    /// # Errors
    /// There is nobody to ask, or they went away.
    pub fn line(self, question: &str) -> Result<String, Problem> {
        self.line_from(question, "")
    }

    /// One line, possibly empty, beginning from what stands there already.
    ///
    /// # Errors
    /// As [`Asking::line`].
    pub fn line_from(self, question: &str, so_far: &str) -> Result<String, Problem> {
        let saved = self.typed(question, so_far)?;
        let text = saved.taken.then_some(saved.text);
        Ok(text.ok_or(Problem::Interrupted)?.replace('\n', " "))
    }

    /// A text, possibly empty; a paste of several lines stays as it is.
    ///
    /// # Errors
    /// As [`Asking::line`].
    pub fn text_from(self, question: &str, so_far: &str) -> Result<String, Problem> {
        let saved = self.saved_from(question, so_far)?;
        if saved.taken {
            Ok(saved.text)
        } else {
            Err(Problem::Interrupted)
        }
    }

    /// A text put in the place of one that stands there, also as far as it was typed when it was broken off.
    ///
    /// # Errors
    /// As [`Asking::line`].
    pub fn text_into(self, question: &str, into: &mut String) -> Result<(), Problem> {
        let saved = self.saved_from(question, into)?;
        if saved.taken || !saved.text.is_empty() {
            *into = saved.text;
        }
        match saved.taken {
            true => Ok(()),
            false => Err(Problem::Interrupted),
        }
    }

    /// Says before the first question how more than a line is written.
    pub fn tell_of_editor(self) {
        if self.person() && !self.edit {
            wrap::tell(&t!("ask-more-than-a-line"));
        }
    }

    /// The same for one who keeps also what was typed and the person did not take.
    ///
    /// # Errors
    /// As [`Asking::line`].
    pub fn saved_from(self, question: &str, so_far: &str) -> Result<Saved, Problem> {
        if self.edit {
            return editor::edit_one(question, so_far, self);
        }
        self.typed(question, so_far)
    }

    fn typed(self, question: &str, so_far: &str) -> Result<Saved, Problem> {
        if self.silent {
            return Err(Problem::NeedsTerminal);
        }
        if std::io::stdin().is_terminal() && can_edit() {
            return edited(question, so_far);
        }
        let question = if so_far.is_empty() {
            question.to_owned()
        } else {
            t!("ask-as-before", question = question)
        };
        let question = last_row(&question);
        let mut stderr = std::io::stderr().lock();
        let _ = write!(stderr, "{question} ");
        let _ = stderr.flush();
        drop(stderr);
        let mut line = String::new();
        let read = std::io::stdin()
            .lock()
            .take(limits::API_LINE_BYTES as u64)
            .read_line(&mut line);
        match read {
            Ok(0) => Err(Problem::Interrupted),
            Ok(_) => {
                let line = line.trim();
                let text = if line.is_empty() { so_far } else { line }.to_owned();
                Ok(Saved { text, taken: true })
            }
            Err(_) => Err(Problem::BadRequest {
                wrong: Wrong::NotText,
            }),
        }
    }

    /// One line that is not empty.
    ///
    /// # Errors
    /// As [`Asking::line`].
    pub fn needed(self, question: &str) -> Result<String, Problem> {
        self.needed_from(question, "")
    }

    /// One line that is not empty, beginning from what stands there already.
    ///
    /// # Errors
    /// As [`Asking::line`].
    pub fn needed_from(self, question: &str, so_far: &str) -> Result<String, Problem> {
        loop {
            let line = self.line_from(question, so_far)?;
            if !line.is_empty() {
                return Ok(line);
            }
            wrap::tell(&t!("ask-needed"));
        }
    }

    /// The place of one among several that were listed, by its number. One that there is not is asked for again.
    ///
    /// # Errors
    /// As [`Asking::line`].
    pub fn place(self, question: &str, of: usize) -> Result<usize, Problem> {
        loop {
            let what = self.needed(question)?;
            let place = what.parse::<usize>().ok().and_then(|n| n.checked_sub(1));
            if let Some(place) = place.filter(|it| *it < of) {
                return Ok(place);
            }
            wrap::tell(&say::problem(&Problem::NoSuch { what }).0);
        }
    }

    /// Whether what is shown shall be said, changed first, or not said at all.
    ///
    /// # Errors
    /// As [`Asking::line`].
    pub fn settled(self, question: &str) -> Result<Settled, Problem> {
        loop {
            let answer = self.line(&t!("ask-settled", question = question))?;
            for (id, settled) in [
                ("word-yes", Settled::Yes),
                ("word-change", Settled::Change),
                ("word-no", Settled::No),
            ] {
                if means(id, &answer) {
                    return Ok(settled);
                }
            }
        }
    }

    /// Yes or no; what stands there already if nothing is said. What is neither is asked again.
    ///
    /// # Errors
    /// As [`Asking::line`].
    pub fn yes_unless(self, question: &str, so_far: bool) -> Result<bool, Problem> {
        let question = if so_far {
            t!("ask-yes-unless", question = question)
        } else {
            t!("ask-yes", question = question)
        };
        loop {
            let answer = self.line(&question)?;
            if answer.is_empty() {
                return Ok(so_far);
            }
            for (id, yes) in [("word-yes", true), ("word-no", false)] {
                if means(id, &answer) {
                    return Ok(yes);
                }
            }
        }
    }

    /// Yes or no; no if nothing is said.
    ///
    /// # Errors
    /// As [`Asking::line`].
    pub fn yes(self, question: &str) -> Result<bool, Problem> {
        self.yes_unless(question, false)
    }

    /// A yes to what binds or ends something, once it is shown. A script that gives its words has decided; one that cannot
    /// be asked has to say so.
    ///
    /// # Errors
    /// As [`Asking::line`]; or it was a no.
    pub fn sure(self, show: impl FnOnce() -> String, question: &str) -> Result<(), Problem> {
        if self.json || self.sure {
            return Ok(());
        }
        if self.silent {
            return Err(Problem::NeedsYes);
        }
        wrap::tell(show().trim_end_matches('\n'));
        if self.yes(question)? {
            Ok(())
        } else {
            Err(Problem::Interrupted)
        }
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
        rpassword::prompt_password(format!("{} ", last_row(question)))
            .map(Secret)
            .map_err(|_| Problem::Interrupted)
    }
}
