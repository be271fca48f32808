//! Typing in a draft together, in the terminal: what is typed goes to the daemon at once, and what the other types appears
//! as it comes. Nothing is shown that is not saved.

use crate::ask::Asking;
use crate::commands;
use crate::link::Link;
use crate::words::t;
use crate::wrap::one_row;
use crate::{Said, say};
use rustix::event::{PollFd, PollFlags, poll};
use rustix::termios::{OptionalActions, Termios, tcgetattr, tcgetwinsize, tcsetattr};
use serde_json::json;
use std::fmt::Write as _;
use std::io::{Read, Write};
use troth_proto::api::{DraftLine, DraftText, Request};
use troth_proto::draft::Edit;
use troth_proto::{Hash, Problem};
use unicode_width::UnicodeWidthChar;

/// The other screen of the terminal, and a paste as one text; and back.
const BEGIN: &str = "\u{1b}[?1049h\u{1b}[?2004h";
const END: &str = "\u{1b}[?2004l\u{1b}[?1049l";
/// Bytes of typing that are taken at once.
const AT_ONCE: usize = 4_096;

/// The terminal as it was, put back whatever happens.
struct Terminal(Termios);

impl Terminal {
    fn begin() -> Result<Self, Problem> {
        let stdin = std::io::stdin();
        let before = tcgetattr(&stdin).map_err(|_| Problem::NeedsTerminal)?;
        let mut raw = before.clone();
        raw.make_raw();
        tcsetattr(&stdin, OptionalActions::Drain, &raw).map_err(|_| Problem::NeedsTerminal)?;
        show(BEGIN);
        Ok(Self(before))
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        show(END);
        let _ = tcsetattr(std::io::stdin(), OptionalActions::Flush, &self.0);
    }
}

fn show(text: &str) {
    let mut out = std::io::stdout().lock();
    let _ = out.write_all(text.as_bytes());
    let _ = out.flush();
}

/// What a key asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Key {
    Text(String),
    Left,
    Right,
    Up,
    Down,
    Home,
    End,
    Before,
    After,
    Leave,
}

/// Keys as a terminal sends them; what is not known is passed over. `rest`: the beginning of one that is not whole yet.
fn keys(bytes: &mut Vec<u8>) -> Vec<Key> {
    let mut all: Vec<Key> = Vec::new();
    let push = |all: &mut Vec<Key>, text: &str| match all.last_mut() {
        Some(Key::Text(last)) => last.push_str(text),
        _ => all.push(Key::Text(text.to_owned())),
    };
    loop {
        let known: [(&[u8], Option<Key>); 20] = [
            (b"\x1b[D", Some(Key::Left)),
            (b"\x1bOD", Some(Key::Left)),
            (b"\x1b[C", Some(Key::Right)),
            (b"\x1bOC", Some(Key::Right)),
            (b"\x1b[A", Some(Key::Up)),
            (b"\x1bOA", Some(Key::Up)),
            (b"\x1b[B", Some(Key::Down)),
            (b"\x1bOB", Some(Key::Down)),
            (b"\x1b[H", Some(Key::Home)),
            (b"\x1bOH", Some(Key::Home)),
            (b"\x1b[1~", Some(Key::Home)),
            (b"\x1b[F", Some(Key::End)),
            (b"\x1bOF", Some(Key::End)),
            (b"\x1b[4~", Some(Key::End)),
            (b"\x1b[3~", Some(Key::After)),
            (b"\x1b[200~", None),
            (b"\x1b[201~", None),
            (b"\x7f", Some(Key::Before)),
            (b"\x08", Some(Key::Before)),
            (b"\x03", Some(Key::Leave)),
        ];
        if bytes.is_empty() {
            return all;
        }
        if let Some((code, key)) = known.iter().find(|(code, _)| bytes.starts_with(code)) {
            bytes.drain(..code.len());
            all.extend(key.clone());
            continue;
        }
        if bytes[0] == 0x1b {
            let begins =
                |(code, _): &&(&[u8], _)| code.starts_with(bytes) && code.len() > bytes.len();
            if bytes.len() > 1 && known.iter().any(|it| begins(&it)) {
                return all;
            }
            if bytes.len() == 1 {
                bytes.clear();
                all.push(Key::Leave);
                continue;
            }
            // Some other key: its code ends with a letter or a tilde.
            let end = bytes.iter().skip(2).position(|b| (0x40..0x7f).contains(b));
            bytes.drain(..end.map_or(bytes.len(), |end| end + 3));
            continue;
        }
        match bytes[0] {
            0x04 => {
                bytes.remove(0);
                all.push(Key::Leave);
            }
            0x01 => {
                bytes.remove(0);
                all.push(Key::Home);
            }
            0x05 => {
                bytes.remove(0);
                all.push(Key::End);
            }
            b'\r' | b'\n' => {
                bytes.remove(0);
                push(&mut all, "\n");
            }
            b'\t' => {
                bytes.remove(0);
                push(&mut all, "\t");
            }
            0..=0x1f => {
                bytes.remove(0);
            }
            first => {
                let length = match first {
                    0xc0..=0xdf => 2,
                    0xe0..=0xef => 3,
                    0xf0..=0xf7 => 4,
                    _ => 1,
                };
                if bytes.len() < length {
                    return all;
                }
                if let Ok(text) = std::str::from_utf8(&bytes[..length]) {
                    push(&mut all, text);
                }
                bytes.drain(..length);
            }
        }
    }
}

/// The text as it is shown, and where the person is in it.
struct Page {
    chars: Vec<char>,
    cursor: usize,
    at: Vec<Hash>,
    closed: bool,
}

impl Page {
    /// Takes in what changed. The place stays between the same characters; `own`: what was just typed here, behind which it
    /// comes to stand.
    fn take(&mut self, change: DraftText, own: Option<&str>) {
        self.at = change.at;
        self.closed |= change.closed;
        if let Some(text) = change.text {
            self.chars = text.chars().collect();
            self.cursor = self.cursor.min(self.chars.len());
            return;
        }
        let mut behind = None;
        for edit in &change.edits {
            let from = (edit.at as usize).min(self.chars.len());
            let to = from
                .saturating_add(edit.delete as usize)
                .min(self.chars.len());
            let new: Vec<char> = edit.insert.chars().collect();
            if own == Some(&*edit.insert) {
                behind = Some(from + new.len());
            } else if let Some(place) = &mut behind {
                *place = moved(*place, from, to, new.len());
            }
            self.cursor = moved(self.cursor, from, to, new.len());
            self.chars.splice(from..to, new);
        }
        self.cursor = behind.unwrap_or(self.cursor);
    }

    /// The edit that a key asks for; one that only moves the cursor asks for none.
    fn edit(&mut self, key: &Key, columns: usize) -> Option<Edit> {
        let edit = |at: usize, delete: u32, insert: &str| Edit {
            at: at as u32,
            delete,
            insert: insert.to_owned(),
        };
        match key {
            Key::Text(text) => return Some(edit(self.cursor, 0, text)),
            Key::Before if self.cursor > 0 => return Some(edit(self.cursor - 1, 1, "")),
            Key::After if self.cursor < self.chars.len() => return Some(edit(self.cursor, 1, "")),
            Key::Left => self.cursor = self.cursor.saturating_sub(1),
            Key::Right => self.cursor = (self.cursor + 1).min(self.chars.len()),
            Key::Up | Key::Down | Key::Home | Key::End => self.go(key, columns),
            Key::Before | Key::After | Key::Leave => {}
        }
        None
    }

    fn go(&mut self, key: &Key, columns: usize) {
        let lines = self.lines(columns);
        let line = lines
            .iter()
            .rposition(|from| *from <= self.cursor)
            .unwrap_or(0);
        let end = |line: usize| match lines.get(line + 1) {
            Some(next) => next.saturating_sub(1),
            None => self.chars.len(),
        };
        let column = self.cursor - lines[line];
        let to = |line: usize| (lines[line] + column).min(end(line));
        self.cursor = match key {
            Key::Up => to(line.saturating_sub(1)),
            Key::Down => to((line + 1).min(lines.len() - 1)),
            Key::Home => lines[line],
            _ => end(line),
        };
    }

    /// Where each line on the screen begins.
    fn lines(&self, columns: usize) -> Vec<usize> {
        let (mut lines, mut width) = (vec![0], 0);
        for (n, c) in self.chars.iter().enumerate() {
            let wide = shown(*c).map_or(0, |c| c.width().unwrap_or(0));
            if width + wide > columns {
                lines.push(n);
                width = 0;
            }
            width += wide;
            if *c == '\n' {
                lines.push(n + 1);
                width = 0;
            }
        }
        lines
    }

    /// The screen: the title, the text around the cursor, and what leaves it.
    fn draw(&self, title: &str, about: &str, (rows, columns): (usize, usize)) -> String {
        let lines = self.lines(columns);
        let line = lines
            .iter()
            .rposition(|from| *from <= self.cursor)
            .unwrap_or(0);
        let room = rows.saturating_sub(3).max(1);
        let first = line
            .saturating_sub(room / 2)
            .min(lines.len().saturating_sub(room));
        // Neither goes on where the text stands.
        let (title, about) = (one_row(title, columns), one_row(about, columns));
        let mut out = format!("\u{1b}[?25l\u{1b}[H\u{1b}[2J\u{1b}[1m{title}\u{1b}[0m");
        let (mut row, mut column) = (2, 1);
        for (n, from) in lines.iter().enumerate().skip(first).take(room) {
            let to = lines.get(n + 1).copied().unwrap_or(self.chars.len());
            let _ = write!(out, "\u{1b}[{};1H", n - first + 2);
            let mut width = 0;
            for (place, c) in self.chars.iter().enumerate().take(to).skip(*from) {
                if place == self.cursor {
                    (row, column) = (n - first + 2, width + 1);
                }
                if let Some(c) = shown(*c) {
                    out.push(c);
                    width += c.width().unwrap_or(0);
                }
            }
            if self.cursor == to && n == line {
                (row, column) = (n - first + 2, width + 1);
            }
        }
        let _ = write!(
            out,
            "\u{1b}[{rows};1H{about}\u{1b}[{row};{column}H\u{1b}[?25h"
        );
        out
    }
}

/// How a character is shown: nothing that moves the cursor, or that nobody sees.
fn shown(c: char) -> Option<char> {
    match c {
        '\t' => Some(' '),
        c if c == '\n' || troth_proto::limits::is_hidden(c) => None,
        c => Some(c),
    }
}

/// Where a place is after a change before it.
fn moved(place: usize, from: usize, to: usize, new: usize) -> usize {
    if place <= from {
        place
    } else if place <= to {
        from
    } else {
        place + new - (to - from)
    }
}

/// Types in a draft until the person leaves it.
///
/// # Errors
/// Nobody is there, or the daemon refuses what was typed.
pub fn run(link: &mut Link, draft: &DraftLine, asking: Asking) -> Result<Said, Problem> {
    if !asking.person() {
        return Err(Problem::NeedsTerminal);
    }
    let name = draft.draft.hex();
    let first = link.ask(&Request::DraftRead {
        draft: name.clone(),
        since: None,
        follow: true,
    })?;
    let mut page = Page {
        chars: Vec::new(),
        cursor: 0,
        at: Vec::new(),
        closed: false,
    };
    page.take(commands::typed(&first)?, None);
    page.cursor = page.chars.len();
    let ended = type_together(link, draft, &mut page);
    let text: String = page.chars.iter().collect();
    if let Err(problem) = ended {
        commands::refused_while_typing(&problem);
        return Err(problem);
    }
    let words = if page.closed {
        t!("draft-closed-both") + "\n"
    } else {
        say::draft(&draft.title, &text)
    };
    Ok(Said::new(json!({"draft": name, "text": text}), words))
}

fn type_together(link: &mut Link, draft: &DraftLine, page: &mut Page) -> Result<(), Problem> {
    let terminal = Terminal::begin()?;
    let (title, about) = (say::calm_line(&draft.title), t!("draft-live"));
    let mut waiting = Vec::new();
    while !page.closed {
        let size = tcgetwinsize(std::io::stdout());
        let size = size.map_or((24, 80), |it| (it.ws_row.into(), it.ws_col.into()));
        let size = (usize::max(size.0, 4), usize::max(size.1, 20));
        show(&page.draw(&title, &about, size));
        let (typed, told) = wait(link)?;
        if told {
            while let Some(change) = link.told()? {
                if change.draft == draft.draft {
                    page.take(change, None);
                }
            }
        }
        if typed {
            let mut bytes = [0; AT_ONCE];
            match std::io::stdin().lock().read(&mut bytes) {
                Ok(0) | Err(_) => break,
                Ok(n) => waiting.extend(&bytes[..n]),
            }
        }
        for key in keys(&mut waiting) {
            if key == Key::Leave {
                drop(terminal);
                return Ok(());
            }
            let Some(edit) = page.edit(&key, size.1) else {
                continue;
            };
            let own = edit.insert.clone();
            let request = Request::DraftEdit {
                draft: draft.draft.hex(),
                at: page.at.clone(),
                edits: vec![edit],
            };
            // What was told before the answer is in the answer, too.
            let answer = link.ask(&request)?;
            link.forget_told();
            let own = Some(&*own).filter(|it| !it.is_empty());
            page.take(commands::typed(&answer)?, own);
        }
    }
    drop(terminal);
    Ok(())
}

/// Waits for a key, or for something from the daemon.
fn wait(link: &Link) -> Result<(bool, bool), Problem> {
    if link.has_told() {
        return Ok((false, true));
    }
    let stdin = std::io::stdin();
    let mut both = [
        PollFd::new(&stdin, PollFlags::IN),
        PollFd::new(link.stream(), PollFlags::IN),
    ];
    // A window that changes its size interrupts, and is drawn anew.
    if poll(&mut both, None).is_err() {
        return Ok((false, false));
    }
    let ready = |fd: &PollFd<'_>| !fd.revents().is_empty();
    Ok((ready(&both[0]), ready(&both[1])))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn page(text: &str, cursor: usize) -> Page {
        Page {
            chars: text.chars().collect(),
            cursor,
            at: Vec::new(),
            closed: false,
        }
    }

    fn change(edits: &[(u32, u32, &str)]) -> DraftText {
        let edit = |(at, delete, insert): &(u32, u32, &str)| Edit {
            at: *at,
            delete: *delete,
            insert: (*insert).to_owned(),
        };
        DraftText {
            draft: Default::default(),
            at: Vec::new(),
            text: None,
            edits: edits.iter().map(edit).collect(),
            closed: false,
        }
    }

    #[test]
    fn the_cursor_stays_between_its_characters_whatever_the_other_types() {
        let mut it = page("We call before.", 8);
        it.take(change(&[(0, 2, "Both of us")]), None);
        assert_eq!(
            (it.chars.iter().collect::<String>(), it.cursor),
            ("Both of us call before.".into(), 16)
        );
        // At the very place: what the other types comes behind it; what was typed here comes before.
        it.take(change(&[(16, 0, "x")]), None);
        assert_eq!(it.cursor, 16);
        it.take(change(&[(0, 0, "A"), (17, 0, "y")]), Some("y"));
        assert_eq!((it.chars[17], it.cursor), ('y', 18));
        it.take(change(&[(10, 20, "")]), None);
        assert_eq!(it.cursor, 10);
    }

    #[test]
    fn keys_are_read_whole_and_what_is_typed_together_is_one() {
        let mut bytes = "ab\u{1b}[Dü\r".as_bytes().to_vec();
        let all = keys(&mut bytes);
        assert_eq!(
            all,
            [Key::Text("ab".into()), Key::Left, Key::Text("ü\n".into())]
        );
        let mut half = vec![0xc3];
        assert_eq!((keys(&mut half), half.len()), (vec![], 1));
        let mut odd = b"\x1b[5~x".to_vec();
        assert_eq!(keys(&mut odd), [Key::Text("x".into())]);
        let mut pasted = b"\x1b[200~one\rtwo\x1b[201~".to_vec();
        assert_eq!(keys(&mut pasted), [Key::Text("one\ntwo".into())]);
        assert_eq!(keys(&mut vec![0x1b]), [Key::Leave]);
    }

    #[test]
    fn lines_are_no_longer_than_the_terminal_and_the_cursor_goes_up_and_down() {
        let mut it = page("one\n1234567890abc", 17);
        assert_eq!(it.lines(10), [0, 4, 14]);
        it.edit(&Key::Up, 10);
        assert_eq!(it.cursor, 7);
        it.edit(&Key::Up, 10);
        assert_eq!(it.cursor, 3);
        it.edit(&Key::End, 10);
        it.edit(&Key::Home, 10);
        assert_eq!(it.cursor, 0);
        let drawn = it.draw("T", "about", (6, 20));
        assert!(drawn.contains("1234567890abc") && drawn.ends_with("\u{1b}[2;1H\u{1b}[?25h"));
        // Nothing that the other wrote moves the cursor or hides.
        let hostile = page("a\u{202e}b\u{200b}", 0).draw("T", "", (6, 20));
        assert!(hostile.contains("ab") && !hostile.contains('\u{202e}'));
        // Nor does a long title come to stand where the text stands.
        let titled = page("a", 0).draw(
            &format!("{}Ben let Visits go.", "x".repeat(20)),
            "",
            (6, 20),
        );
        assert!(!titled.contains("Ben"), "{titled:?}");
    }
}
