//! Lines no longer than the terminal is wide, broken between words.

use crate::say::marks;
use std::io::{IsTerminal, Write};
use std::os::fd::AsFd;
use unicode_width::UnicodeWidthChar;

/// The narrowest and the widest that is wrapped to, in columns.
const COLUMNS: (usize, usize) = (4, 100);
/// What is wrapped to where a terminal does not say how wide it is.
const UNKNOWN: usize = 60;
/// What help is wrapped to in a file, or for another program.
const ELSEWHERE: usize = 80;

/// What a terminal shows for a mark, with colour and without.
const SHOWN: [(char, &str, &str); 5] = [
    (marks::HEAD, "\u{1b}[1m", "\u{1b}[1m"),
    (marks::GONE, "\u{1b}[31m", ""),
    (marks::NEW, "\u{1b}[32m", ""),
    (marks::END, "\u{1b}[0m", "\u{1b}[0m"),
    (marks::COLUMN, "", ""),
];
/// A second column that would be narrower than this stands below the first.
const NARROW: usize = 24;

/// A text as it is printed: wrapped and with its headings in bold if it goes to a terminal.
#[must_use]
pub fn for_stdout(text: String) -> String {
    shown(text, &std::io::stdout())
}

/// Help as it is printed: also a file or another program gets lines that a screen is wide enough for.
#[must_use]
pub fn help(text: &str) -> String {
    match std::io::stdout().is_terminal() {
        true => rows_of(text), // wrapped by the one that prints it
        false => plain(&wrapped(&rows_of(text), ELSEWHERE)),
    }
}

/// Help of which each row of a table is one line, with a mark before its second column. A row stands a little deeper than the
/// margin, has two blanks or more between its columns, and goes on where a line without them stands deeper than it.
pub(crate) fn rows_of(text: &str) -> String {
    let mut lines: Vec<String> = Vec::new();
    let mut row = None;
    for line in text.split('\n') {
        let words = line.trim_start_matches(' ');
        let indent = line.len() - words.len();
        match (row, words.find("  ")) {
            (Some(at), None) if indent > at && !words.is_empty() => {
                if let Some(last) = lines.last_mut() {
                    last.extend([" ", words]);
                }
            }
            (_, Some(gap)) if indent > 0 => {
                let second = words[gap..].trim_start_matches(' ');
                let first = &line[..line.len() - second.len()];
                lines.push(format!("{first}{}{second}", marks::COLUMN));
                row = Some(indent);
            }
            _ => {
                lines.push(line.to_owned());
                row = None;
            }
        }
    }
    lines.join("\n")
}

/// The same on standard error.
#[must_use]
pub fn for_stderr(text: String) -> String {
    shown(text, &std::io::stderr())
}

/// Tells a person something beside what a command prints: on standard error, with a line break behind it.
pub fn tell(text: &str) {
    let _ = std::io::stderr().write_all(for_stderr(format!("{text}\n")).as_bytes());
}

fn shown(text: String, to: &(impl IsTerminal + AsFd)) -> String {
    if !to.is_terminal() {
        return plain(&text);
    }
    let size = rustix::termios::tcgetwinsize(to);
    let columns = size.map_or(0, |size| usize::from(size.ws_col));
    let columns = if columns == 0 { UNKNOWN } else { columns };
    let text = wrapped(&text, columns.clamp(COLUMNS.0, COLUMNS.1));
    let set = |name| std::env::var_os(name).filter(|it| !it.is_empty());
    match set("TERM") {
        Some(terminal) if terminal != "dumb" => styled(&text, set("NO_COLOR").is_none()),
        _ => plain(&text),
    }
}

/// Without marks.
fn plain(text: &str) -> String {
    text.replace(marks::ALL, "")
}

/// With what the terminal shows for each.
fn styled(text: &str, colour: bool) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match SHOWN.iter().find(|(mark, ..)| *mark == c) {
            Some((_, with, _)) if colour => out.push_str(with),
            Some((.., without)) => out.push_str(without),
            None => out.push(c),
        }
    }
    out
}

/// Columns that a letter takes at most: terminals are not of one mind about signs, pictures, and what joins them. What is
/// counted too wide only breaks a line sooner. Marks take none.
fn takes(c: char) -> usize {
    match (c, c.width().unwrap_or(0)) {
        (c, _) if marks::ALL.contains(&c) => 0,
        ('\u{200c}' | '\u{200d}' | '\u{fe0e}' | '\u{fe0f}', _) => 1,
        ('\u{2100}'.., 1) => 2,
        (_, wide) => wide,
    }
}

fn width(text: &str) -> usize {
    text.chars().map(takes).sum()
}

/// As much of a line as fits into one row.
pub(crate) fn one_row(line: &str, columns: usize) -> String {
    let mut at = 0;
    let fits = |c: &char| {
        at += takes(*c);
        at <= columns
    };
    line.chars().take_while(fits).collect()
}

/// Lines of so many columns at most. What goes on stands a little deeper than its line began: nothing that was not written
/// at the margin comes to stand there, so that a word is broken that is longer than a line. Only one that is a line by
/// itself stays whole, as an invitation does.
pub(crate) fn wrapped(text: &str, columns: usize) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 20);
    for line in text.split_inclusive('\n') {
        let (line, end) = match line.strip_suffix('\n') {
            Some(line) => (line, "\n"),
            None => (line, ""),
        };
        if width(line) <= columns || line.bytes().all(|b| b.is_ascii_graphic()) {
            out.push_str(line);
        } else {
            wrap(&mut out, line, columns);
        }
        out.push_str(end);
    }
    out
}

fn wrap(out: &mut String, line: &str, columns: usize) {
    if let Some((first, second)) = line.split_once(marks::COLUMN) {
        return wrap_row(out, first, second, columns);
    }
    let words = line.trim_start_matches(' ');
    let indent = (line.len() - words.len()).min(columns / 2);
    out.push_str(&" ".repeat(indent));
    flow(out, words, indent, (indent + 2).min(columns / 2), columns);
}

/// A row of two columns: the second goes on below itself; where it is too narrow, below the first.
fn wrap_row(out: &mut String, first: &str, second: &str, columns: usize) {
    let (at, room) = (width(first), columns.saturating_sub(width(first)));
    let longest = second.split(' ').map(width).max().unwrap_or(0);
    if room >= NARROW.max(longest) {
        out.push_str(first);
        return flow(out, second, at, at, columns);
    }
    let words = first.trim();
    let indent = (first.len() - first.trim_start_matches(' ').len()).min(columns / 2);
    let below = (indent + 4).min(columns / 2);
    out.push_str(&" ".repeat(indent));
    flow(out, words, indent, (indent + 2).min(columns / 2), columns);
    out.push('\n');
    out.push_str(&" ".repeat(below));
    flow(out, second, below, below, columns);
}

/// Words from a column on; what goes on begins at `deeper`.
fn flow(out: &mut String, words: &str, mut at: usize, deeper: usize, columns: usize) {
    let go_on = |out: &mut String| {
        out.push('\n');
        out.push_str(&" ".repeat(deeper));
        deeper
    };
    for (n, word) in words.split(' ').enumerate() {
        if n > 0 && at + 1 + width(word) > columns {
            at = go_on(out);
        } else if n > 0 {
            out.push(' ');
            at += 1;
        }
        for c in word.chars() {
            if at + takes(c) > columns {
                at = go_on(out);
            }
            out.push(c);
            at += takes(c);
        }
    }
}

/// The rows that a terminal makes of a text: it goes to the margin where a row is full, and on to the next stop at a tab.
#[cfg(test)]
pub(crate) fn rows(text: &str, columns: usize) -> Vec<String> {
    let mut rows = Vec::new();
    for line in plain(text).lines() {
        let (mut row, mut at) = (String::new(), 0);
        for c in line.chars() {
            let wide = match c {
                '\t' => 8 - at % 8,
                c => c.width().unwrap_or(0),
            };
            if at + wide > columns {
                rows.push(std::mem::take(&mut row));
                at = 0;
            }
            row.push(c);
            at += wide;
        }
        rows.push(row);
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_goes_on_reaches_the_margin_however_narrow_the_terminal_and_whatever_is_written()
    {
        let wide = "\u{6f22}".repeat(90);
        let family = "\u{1f469}\u{200d}\u{1f467}".repeat(40);
        let flags = "\u{1f1e6}".repeat(90);
        let accents = "e\u{301}\u{327}".repeat(90);
        let long = "x".repeat(300);
        let many = " ".repeat(150);
        for text in [&wide, &family, &flags, &accents, &long, &many] {
            for before in ["", "A", " ", "    ", "a b "] {
                let line = format!("    {before}{text}Ben let Visits go.");
                let at_the_margin = format!("Ben said yes to {before}{text}Ben let Visits go.");
                for columns in [4, 5, 8, 13, 20, 40, 59, 60, 80, 100] {
                    let out = wrapped(&line, columns);
                    let within = rows(&out, columns).iter().all(|row| row.starts_with("  "));
                    assert!(within, "{columns}: {out}");
                    let out = wrapped(&at_the_margin, columns);
                    let mut rows = rows(&out, columns).into_iter().skip(1);
                    assert!(rows.all(|row| row.starts_with("  ")), "{columns}: {out}");
                    // Nothing is lost but blanks.
                    let bare = |text: &str| text.replace(['\n', ' '], "");
                    assert_eq!(bare(&out), bare(&at_the_margin));
                }
            }
        }
    }

    #[test]
    fn a_row_goes_on_within_its_column_or_below_it() {
        let text = "Rows:\n\n  the device        a backup, then pair again: it is asked\n                    whether it is the same you\n  troth carry in    take it in\n\nThe end.";
        let at = |columns| plain(&wrapped(&rows_of(text), columns));
        let whole =
            "  the device        a backup, then pair again: it is asked whether it is the same you";
        assert!(at(100).contains(whole));
        assert_eq!(
            at(60),
            "Rows:\n\n  the device        a backup, then pair again: it is asked\n                    whether it is the same you\n  troth carry in    take it in\n\nThe end."
        );
        assert_eq!(
            at(40),
            "Rows:\n\n  the device\n      a backup, then pair again: it is\n      asked whether it is the same you\n  troth carry in    take it in\n\nThe end."
        );
        // A word that is wider than its column stands below, whole.
        let long = format!("  propose     {}", "x".repeat(50));
        let wanted = format!("  propose\n      {}", "x".repeat(50));
        assert_eq!(plain(&wrapped(&rows_of(&long), 60)), wanted);
    }

    #[test]
    fn lines_are_broken_between_words_and_what_goes_on_stands_deeper() {
        let text = "  Ben: We tell each other before anyone comes to stay, and ask whether it is all right.\nshort\n";
        let out = wrapped(text, 60);
        assert_eq!(
            out,
            "  Ben: We tell each other before anyone comes to stay, and\n    ask whether it is all right.\nshort\n"
        );
        // Nothing is lost, and whatever is wrapped never reaches the margin.
        let long = format!("{}\n", "word ".repeat(200).trim());
        for columns in [60, 80, 100] {
            let out = wrapped(&long, columns);
            assert_eq!(out.split_whitespace().count(), 200);
            assert!(out.lines().all(|line| width(line) <= columns));
            assert!(out.lines().skip(1).all(|line| line.starts_with("  ")));
        }
        let invitation = "a".repeat(300);
        assert_eq!(
            wrapped(&invitation, 60),
            invitation,
            "what is copied stays in one piece"
        );
        // Wide letters take two columns.
        let wide = "漢字漢字漢字漢字漢字 ".repeat(8);
        assert!(
            wrapped(wide.trim(), 60)
                .lines()
                .all(|line| width(line) <= 60)
        );
    }
}
