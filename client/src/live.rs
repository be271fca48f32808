//! Typing in a draft together, in the terminal: what is typed goes to the daemon at once, and what the other types appears
//! as it comes. Nothing is shown that is not saved.

use crate::ask::Asking;
use crate::commands;
use crate::link::Link;
use crate::words::t;
use crate::wrap::one_row;
use crate::{Said, say};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::termios::{OptionalActions, Termios, tcgetattr, tcgetwinsize, tcsetattr};
use serde_json::json;
use std::fmt::Write as _;
use std::io::{Read, Write};
use std::time::{Duration, Instant};
use troth_proto::api::{DraftLine, DraftText, Request};
use troth_proto::draft::Edit;
use troth_proto::{Hash, Problem, limits};
use unicode_width::UnicodeWidthChar;

/// The other screen of the terminal, and a paste as one text; and back.
const BEGIN: &str = "\u{1b}[?1049h\u{1b}[?2004h";
const END: &str = "\u{1b}[?2004l\u{1b}[?1049l";
/// Bytes of typing that are taken at once.
const AT_ONCE: usize = 4_096;
/// Milliseconds that the rest of a key's code may take.
const CODE: u32 = 50;
/// Bytes of it between its beginning and its end.
const LONGEST_CODE: usize = 32;
/// Milliseconds after which nothing more of a paste comes.
const QUIET: u32 = 150;
/// How long the rest of one is waited for at most.
const LONGEST: Duration = Duration::from_secs(10);

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

impl Terminal {
    /// What is still being typed, until it is quiet: a paste may go on for a while. Beyond a limit it is thrown away.
    fn rest(&self) -> Vec<u8> {
        let until = Instant::now() + LONGEST;
        let mut rest = Vec::new();
        while comes_within(QUIET) && Instant::now() < until {
            let mut bytes = [0; AT_ONCE];
            match std::io::stdin().lock().read(&mut bytes) {
                Ok(n) if n > 0 => rest.extend(&bytes[..n]),
                _ => break,
            }
            rest.truncate(limits::API_LINE_BYTES);
        }
        rest
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
            let Some(code) = code(bytes) else {
                return all;
            };
            bytes.drain(..code);
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
                let length = length(first);
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

/// Bytes of a character that begins with this one.
fn length(first: u8) -> usize {
    match first {
        0xc0..=0xdf => 2,
        0xe0..=0xef => 3,
        0xf0..=0xf7 => 4,
        _ => 1,
    }
}

/// Bytes of some other key's code: to its end where it says that it has one, else the escape and the one character behind
/// it. Nothing while it is not whole.
fn code(bytes: &[u8]) -> Option<usize> {
    match bytes {
        [_, 0x1b, ..] => Some(1),
        [_, b'[' | b'O', rest @ ..] => {
            let within = |b: &u8| (0x20..0x40).contains(b);
            let end = rest.iter().take(LONGEST_CODE).position(|b| !within(b));
            let ends = |end: usize| (0x40..0x7f).contains(&rest[end]);
            match end {
                Some(end) => Some(2 + end + usize::from(ends(end))),
                None => (rest.len() > LONGEST_CODE).then_some(bytes.len()),
            }
        }
        [_, first, ..] => Some(1 + length(*first)).filter(|code| *code <= bytes.len()),
        _ => None,
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
    /// Takes in what changed. The place stays between the same characters; `own`: what was just typed there, behind which
    /// it comes to stand.
    fn take(&mut self, change: DraftText, own: Option<&str>) {
        self.at = change.at;
        self.closed |= change.closed;
        let edits = match change.text {
            Some(text) => vec![self.instead(&text)],
            None => change.edits,
        };
        // What the other put in at that place may stand before what was typed: it ends here.
        let (mut own, mut reach) = (own, self.cursor);
        for edit in &edits {
            let from = (edit.at as usize).min(self.chars.len());
            let to = from
                .saturating_add(edit.delete as usize)
                .min(self.chars.len());
            let here = from <= reach && self.cursor <= to;
            let behind = own
                .filter(|_| here)
                .and_then(|own| end_of(own, &edit.insert));
            let new: Vec<char> = edit.insert.chars().collect();
            if let Some(behind) = behind {
                (self.cursor, own) = (from + behind, None);
                reach = self.cursor;
            } else {
                self.cursor = moved(self.cursor, from, to, new.len());
                reach = if (from..=to).contains(&reach) {
                    from + new.len()
                } else {
                    moved(reach, from, to, new.len())
                };
            }
            self.chars.splice(from..to, new);
        }
    }

    /// A whole text as the one edit that leads to it: where letters repeat themselves, the one at the cursor.
    fn instead(&self, text: &str) -> Edit {
        let new: Vec<char> = text.chars().collect();
        let both = self.chars.iter().zip(&new).take(self.cursor);
        let begin = both.take_while(|(was, is)| was == is).count();
        let most = self.chars.len().min(new.len()) - begin;
        let both = self.chars.iter().rev().zip(new.iter().rev()).take(most);
        let end = both.take_while(|(was, is)| was == is).count();
        Edit {
            at: begin as u32,
            delete: (self.chars.len() - begin - end) as u32,
            insert: new
                .iter()
                .skip(begin)
                .take(new.len() - begin - end)
                .collect(),
        }
    }

    fn at_cursor(&self, delete: u32, insert: &str) -> Edit {
        Edit {
            at: self.cursor as u32,
            delete,
            insert: insert.to_owned(),
        }
    }

    /// The edit that a key asks for; one that only moves the cursor asks for none.
    fn edit(&mut self, key: &Key, columns: usize) -> Option<Edit> {
        match key {
            Key::Text(text) => return Some(self.at_cursor(0, text)),
            Key::Before if self.cursor > 0 => {
                let at = self.cursor as u32 - 1;
                return Some(Edit {
                    at,
                    ..self.at_cursor(1, "")
                });
            }
            Key::After if self.cursor < self.chars.len() => return Some(self.at_cursor(1, "")),
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
        // It does not go on where the text stands.
        let title = one_row(title, columns);
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

/// How many characters of a text there are up to the end of a part of it.
fn end_of(part: &str, text: &str) -> Option<usize> {
    let (before, _) = text.split_once(part)?;
    Some(before.chars().count() + part.chars().count())
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

/// What was typed and not saved.
pub struct Unsaved {
    /// The tips at which the text was read.
    pub at: Vec<Hash>,
    /// What was to be done with it.
    pub edit: Edit,
    /// Why it was not.
    pub problem: Problem,
}

/// Types in a draft until the person leaves it, or something typed there cannot be saved.
///
/// # Errors
/// Nobody is there, or the draft cannot be read.
pub fn run(
    link: &mut Link,
    draft: &DraftLine,
    asking: Asking,
) -> Result<(Said, Option<Unsaved>), Problem> {
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
    let terminal = Terminal::begin()?;
    let mut waiting = Vec::new();
    let ended = type_together(link, draft, &mut page, &mut waiting);
    // What comes behind a refusal, of a paste above all, belongs to it: it is neither lost nor a command of the shell.
    waiting.extend(terminal.rest());
    drop(terminal);
    let unsaved = match ended? {
        Ended::Left => None,
        Ended::Refused(problem, edit, behind) => {
            let edit = edit.unwrap_or_else(|| page.at_cursor(0, ""));
            let all = behind.into_iter().chain(keys(&mut waiting));
            match with_behind(edit, all) {
                Some(edit) => {
                    let at = page.at.clone();
                    Some(Unsaved { at, edit, problem })
                }
                None if page.closed => None,
                None => return Err(problem),
            }
        }
    };
    let text: String = page.chars.iter().collect();
    let words = if page.closed {
        t!("draft-closed-both") + "\n"
    } else {
        say::draft(&draft.title, &text)
    };
    let said = Said::new(json!({"draft": name, "text": text}), words);
    Ok((said, unsaved))
}

/// How the typing ended.
enum Ended {
    /// The person left.
    Left,
    /// Nothing can be saved any more: the edit that was refused, if it was one, and keys behind it.
    Refused(Problem, Option<Edit>, Vec<Key>),
}

/// An edit with what was typed behind it; none if that is nothing.
fn with_behind(mut edit: Edit, behind: impl Iterator<Item = Key>) -> Option<Edit> {
    for key in behind {
        if let Key::Text(text) = key {
            edit.insert += &text;
        }
    }
    (edit.delete > 0 || !edit.insert.is_empty()).then_some(edit)
}

fn type_together(
    link: &mut Link,
    draft: &DraftLine,
    page: &mut Page,
    waiting: &mut Vec<u8>,
) -> Result<Ended, Problem> {
    let (title, about) = (say::calm_line(&draft.title), t!("draft-live"));
    while !page.closed {
        let size = tcgetwinsize(std::io::stdout());
        let size = size.map_or((24, 80), |it| (it.ws_row.into(), it.ws_col.into()));
        let size = (usize::max(size.0, 4), usize::max(size.1, 20));
        show(&page.draw(&title, &about, size));
        let (typed, told) = wait(link)?;
        if told {
            match take_told(link, draft, page) {
                Ok(()) => {}
                Err(problem) => return Ok(Ended::Refused(problem, None, Vec::new())),
            }
        }
        if typed && !read_keys(waiting) {
            break;
        }
        let mut all = keys(waiting).into_iter();
        while let Some(key) = all.next() {
            if key == Key::Leave {
                return Ok(Ended::Left);
            }
            let Some(edit) = page.edit(&key, size.1) else {
                continue;
            };
            match put_in(link, draft, page, &edit) {
                Ok(()) => {}
                Err(problem) => {
                    return Ok(Ended::Refused(problem, Some(edit), all.collect()));
                }
            }
        }
    }
    if page.closed {
        let none = Vec::new();
        return Ok(Ended::Refused(Problem::DraftIsClosed, None, none));
    }
    Ok(Ended::Left)
}

/// What the other typed.
fn take_told(link: &mut Link, draft: &DraftLine, page: &mut Page) -> Result<(), Problem> {
    while let Some(change) = link.told()? {
        if change.draft == draft.draft {
            page.take(change, None);
        }
    }
    Ok(())
}

fn put_in(link: &mut Link, draft: &DraftLine, page: &mut Page, edit: &Edit) -> Result<(), Problem> {
    let request = Request::DraftEdit {
        draft: draft.draft.hex(),
        at: page.at.clone(),
        edits: vec![edit.clone()],
    };
    // What was told before the answer is in the answer, too.
    let answer = link.ask(&request)?;
    link.forget_told();
    let own = Some(&*edit.insert).filter(|it| !it.is_empty());
    page.take(commands::typed(&answer)?, own);
    Ok(())
}

/// Takes what was typed; says whether the terminal is still there.
fn read_keys(waiting: &mut Vec<u8>) -> bool {
    let mut more = true;
    while more {
        let mut bytes = [0; AT_ONCE];
        match std::io::stdin().lock().read(&mut bytes) {
            Ok(0) | Err(_) => return false,
            Ok(n) => waiting.extend(&bytes[..n]),
        }
        // The rest of a key's code may be on its way: Escape alone leaves.
        more = waiting.ends_with(b"\x1b") && comes_within(CODE);
    }
    true
}

/// Whether something is typed within so many milliseconds.
fn comes_within(millis: u32) -> bool {
    let within = Timespec {
        tv_sec: 0,
        tv_nsec: i64::from(millis) * 1_000_000,
    };
    let stdin = std::io::stdin();
    let mut typed = [PollFd::new(&stdin, PollFlags::IN)];
    poll(&mut typed, Some(&within)).is_ok_and(|n| n > 0)
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
    fn the_cursor_comes_behind_what_was_typed_here_whatever_the_other_types_at_that_place() {
        for (edits, own, cursor) in [
            // Both in one change: own first, the other's first, and as two changes.
            (&[(2, 0, "ex")][..], "e", 3),
            (&[(2, 0, "xe")], "e", 4),
            (&[(2, 0, "x"), (3, 0, "e")], "e", 4),
            (&[(2, 0, "e"), (2, 0, "x")], "e", 4),
            // The other types the same letter elsewhere.
            (&[(2, 0, "e"), (5, 0, "e")], "e", 3),
            (&[(0, 0, "e"), (3, 0, "e")], "e", 4),
            // And takes out what stands around it.
            (&[(1, 2, "e")], "e", 2),
            (&[(0, 0, "Wörter, "), (10, 0, "ü")], "ü", 11),
        ] {
            let mut it = page("abcd", 2);
            it.take(change(edits), Some(own));
            assert_eq!(it.cursor, cursor, "{edits:?}");
        }
    }

    #[test]
    fn the_cursor_stays_at_its_words_when_the_whole_text_is_told() {
        let whole = |text: &str| DraftText {
            text: Some(text.into()),
            ..change(&[])
        };
        let mut it = page("We call before.", 8);
        it.take(whole("Both of us: We call before."), None);
        assert_eq!(it.cursor, 20);
        it.take(whole("Both of us: We call before noon."), None);
        assert_eq!(it.cursor, 20);
        it.take(whole("Both of us: We call !before noon."), Some("!"));
        assert_eq!(it.cursor, 21);
        it.take(whole(""), None);
        assert_eq!(it.cursor, 0);
        it.take(whole("aa"), None);
        it.take(whole("aaa"), Some("a"));
        assert_eq!((it.cursor, it.chars.len()), (1, 3));
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
        // A letter with Alt is one key; what comes behind it is typed.
        assert_eq!(keys(&mut b"\x1bxabc".to_vec()), [Key::Text("abc".into())]);
        assert_eq!(
            keys(&mut "\u{1b}üabc".as_bytes().to_vec()),
            [Key::Text("abc".into())]
        );
        assert_eq!(keys(&mut b"\x1b\x1b[D".to_vec()), [Key::Left]);
        // A code that comes in two parts is one key all the same.
        for (code, rest) in [("\x1b[1;5", "C"), ("\x1bO5", "P"), ("\x1b[", "15~")] {
            let mut bytes = code.as_bytes().to_vec();
            assert_eq!(keys(&mut bytes), []);
            bytes.extend(rest.bytes().chain(*b"x"));
            assert_eq!(keys(&mut bytes), [Key::Text("x".into())], "{code:?}");
        }
        let mut endless = [b"\x1b[".to_vec(), vec![b'1'; 40]].concat();
        assert_eq!((keys(&mut endless), endless.len()), (vec![], 0));
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
