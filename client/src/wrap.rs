//! Lines no longer than the terminal is wide, broken between words.

use crate::say::marks;
use std::io::{IsTerminal, Write};
use std::os::fd::AsFd;
use unicode_width::UnicodeWidthStr;

/// The narrowest and the widest that is wrapped to, in columns.
const COLUMNS: (usize, usize) = (60, 100);

/// Columns where nothing says how wide a line may be.
const COLUMNS_ELSEWHERE: usize = 80;

/// What a terminal shows for a mark, with colour and without.
const SHOWN: [(char, &str, &str); 4] = [
    (marks::HEAD, "\u{1b}[1m", "\u{1b}[1m"),
    (marks::GONE, "\u{1b}[31m", ""),
    (marks::NEW, "\u{1b}[32m", ""),
    (marks::END, "\u{1b}[0m", "\u{1b}[0m"),
];

/// A text as it is printed: wrapped and with its headings in bold if it goes to a terminal.
#[must_use]
pub fn for_stdout(text: String) -> String {
    shown(text, &std::io::stdout())
}

/// Help as it is printed: also a file or another program gets lines that a screen is wide enough for.
#[must_use]
pub fn help(text: &str) -> String {
    match std::io::stdout().is_terminal() {
        true => text.to_owned(), // wrapped by the one that prints it
        false => wrapped(text, COLUMNS_ELSEWHERE),
    }
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
    let columns = size.map_or(COLUMNS_ELSEWHERE, |size| usize::from(size.ws_col));
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

/// Columns that a text takes; marks take none.
fn width(text: &str) -> usize {
    if text.contains(marks::ALL) {
        plain(text).width()
    } else {
        text.width()
    }
}

/// Lines of so many columns at most. What goes on stands a little deeper than its line began: nothing that was not written
/// at the margin comes to stand there. A word that is longer than a line stays whole.
pub(crate) fn wrapped(text: &str, columns: usize) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 20);
    for line in text.split_inclusive('\n') {
        let (line, end) = match line.strip_suffix('\n') {
            Some(line) => (line, "\n"),
            None => (line, ""),
        };
        if width(line) <= columns {
            out.push_str(line);
        } else {
            wrap(&mut out, line, columns);
        }
        out.push_str(end);
    }
    out
}

fn wrap(out: &mut String, line: &str, columns: usize) {
    let indent = line.len() - line.trim_start_matches(' ').len();
    let deeper = " ".repeat((indent + 2).min(columns / 2));
    out.push_str(&line[..indent]);
    let mut at = indent;
    for (n, word) in line[indent..].split(' ').enumerate() {
        let width = width(word);
        if n > 0 && at + 1 + width > columns {
            out.push('\n');
            out.push_str(&deeper);
            at = deeper.len();
        } else if n > 0 {
            out.push(' ');
            at += 1;
        }
        out.push_str(word);
        at += width;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
            assert!(out.lines().all(|line| line.width() <= columns));
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
                .all(|line| line.width() <= 60)
        );
    }
}
