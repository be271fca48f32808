//! What a person reads: how views are laid out. The sentences stand in `client/words/`. Plain, calm, no blame.

mod agreement;
mod checkin;
mod diff;
mod draft;
mod history;
mod pairing;
mod print;
pub mod private;
mod problem;
mod status;
mod today;
pub mod told;

pub use agreement::{agreement, agreement_alone, agreements, is_now, rests, sort, version, words};
pub use checkin::{
    page_head, page_name, page_typed, sealed, shows, slot, slot_alone, slot_head, slot_to_answer,
};
pub use diff::{difference, differences};
pub use draft::{draft, drafts};
pub use history::{history, history_lines};
pub use pairing::{pair_failed, pair_question, pairing, will_share};
pub use print::printed;
pub use problem::{problem, problem_of};
pub use status::{doctor, notice, rung, rungs, status};
pub use today::{to_look_at, today, today_json, today_line};

use crate::words::t;
use std::fmt::Write;
use troth_proto::ids::Who;
use troth_proto::limits;

/// Where a heading begins and ends, what is left out and what is new, and where a second column begins, until it is known what the terminal can show. Control
/// characters: no text of anybody's holds them ([`calm`]).
pub mod marks {
    /// A heading begins.
    pub const HEAD: char = '\u{1}';
    /// What is left out begins.
    pub const GONE: char = '\u{2}';
    /// What is new begins.
    pub const NEW: char = '\u{3}';
    /// It ends.
    pub const END: char = '\u{4}';
    /// The second column of a row begins.
    pub const COLUMN: char = '\u{5}';
    /// All of them.
    pub const ALL: [char; 5] = [HEAD, GONE, NEW, END, COLUMN];
}

/// A text that the other may have written, made safe for a terminal: nothing that the eye does not see, but for what joins
/// letters and colours pictures; one kind of line break, and one kind of blank, at which lines are broken.
#[must_use]
pub fn calm(text: &str) -> String {
    let joins = |c: char| matches!(c, '\n' | '\u{200c}' | '\u{200d}' | '\u{fe0e}' | '\u{fe0f}');
    text.chars()
        .map(|c| match c {
            '\u{2028}' | '\u{2029}' => '\n',
            '\t' => ' ',
            c if c.is_whitespace() && !c.is_control() => ' ',
            c => c,
        })
        .filter(|c| joins(*c) || !limits::is_hidden(*c))
        .collect()
}

/// The same on one line, with one blank between words: nothing that the other wrote begins a line of its own.
#[must_use]
pub fn calm_line(text: &str) -> String {
    let text = calm(text);
    let words: Vec<&str> = text.split_whitespace().collect();
    words.join(" ")
}

/// The same within quotation marks of ours: none of its own closes them, so that nothing behind it reads as ours.
#[must_use]
pub fn named(text: &str) -> String {
    within_quotes(&calm_line(text))
}

/// With the single quotation mark in the place of each that could close ours.
fn within_quotes(text: &str) -> String {
    let single = |c| match c {
        '„' => '‚',
        '“' | '‟' => '‘',
        '”' => '’',
        '"' | '＂' => '\'',
        c => c,
    };
    text.chars().map(single).collect()
}

/// A name to show; where none is known, what stands for it.
#[must_use]
pub fn name(name: &str) -> String {
    match calm_line(name) {
        empty if empty.is_empty() => t!("word-unnamed"),
        name => name,
    }
}

/// The same of one that may not be there.
#[must_use]
pub fn name_of(name: Option<&str>) -> String {
    self::name(name.unwrap_or_default())
}

/// A line that heads what follows.
#[must_use]
pub fn heading(text: &str) -> String {
    format!("{}{text}{}", marks::HEAD, marks::END)
}

/// Who it was, for a message that chooses by it.
fn by(who: Who) -> &'static str {
    match who {
        Who::Me => "me",
        Who::Partner => "partner",
    }
}

/// Somebody's words within a sentence of ours; nothing if there are none.
fn quoted(words: &str) -> String {
    match calm(words) {
        none if none.is_empty() => none,
        words => t!("word-quoted", words = within_quotes(&words)),
    }
}

/// Words within their place: each line of them stands deeper than what is ours.
fn indented(out: &mut String, text: &str) {
    if !text.is_empty() {
        let text = text.replace('\n', "\n      ");
        let _ = writeln!(out, "    {}", text.trim_end());
    }
}
