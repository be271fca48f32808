//! What differs between two wordings, word by word.

use super::agreement::when_then;
use super::{calm, calm_line, heading, indented, marks, named};
use crate::days::spoken;
use crate::words::t;
use serde::Serialize;
use similar::{Algorithm, DiffTag, capture_diff_slices};
use std::fmt::Write;
use troth_proto::assertion::Weight;
use troth_proto::view::VersionView;

/// A part of a text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "is", content = "text", rename_all = "snake_case")]
pub enum Part {
    /// In both.
    Same(String),
    /// Only in the first.
    Gone(String),
    /// Only in the second.
    New(String),
}

/// One thing that two wordings say differently.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// Which, as scripts name it.
    pub field: &'static str,
    /// Its text, in parts.
    pub parts: Vec<Part>,
}

/// What differs between two wordings.
#[must_use]
pub fn difference(from: &VersionView, to: &VersionView, partner: &str) -> Vec<Difference> {
    let (from, to) = (fields(from, partner), fields(to, partner));
    let both = from.into_iter().zip(to);
    let differs = both.filter(|((_, a), (_, b))| a != b);
    differs
        .map(|((field, a), (_, b))| Difference {
            field,
            parts: parts(&a, &b),
        })
        .collect()
}

/// Everything that a wording says, in the order in which it is shown.
fn fields(v: &VersionView, partner: &str) -> Vec<(&'static str, String)> {
    let words = v.words.clone().unwrap_or_default();
    let when_then = words.when_then.iter().map(|it| when_then(it, partner));
    let day = |day: Option<_>| day.map(spoken).unwrap_or_default();
    let big = match v.weight {
        Weight::Big => t!("word-diff-yes"),
        Weight::Everyday | Weight::Tender => t!("word-diff-no"),
    };
    vec![
        ("topic", calm_line(&words.topic)),
        ("terms", calm(&words.terms)),
        ("me", calm(&words.does.me)),
        ("partner", calm(&words.does.partner)),
        ("when_then", when_then.collect::<Vec<_>>().join("\n")),
        ("not_meant", calm(&words.not_meant)),
        ("trial_until", day(v.trial_until)),
        ("look_again", day(v.look_again)),
        ("weight", big),
    ]
}

/// Two texts, word by word; line breaks count as words.
fn parts(from: &str, to: &str) -> Vec<Part> {
    let words = |text: &str| -> Vec<String> {
        let lines = text.replace('\n', " \n ");
        let words = lines.split(' ').filter(|word| !word.is_empty());
        words.map(str::to_owned).collect()
    };
    let (from, to) = (words(from), words(to));
    let mut parts: Vec<Part> = Vec::new();
    for op in capture_diff_slices(Algorithm::Patience, &from, &to) {
        let (tag, old, new) = op.as_tag_tuple();
        let (gone, new) = (joined(&from[old]), joined(&to[new]));
        if tag == DiffTag::Equal {
            parts.push(Part::Same(gone));
            continue;
        }
        if !gone.is_empty() {
            parts.push(Part::Gone(gone));
        }
        if !new.is_empty() {
            parts.push(Part::New(new));
        }
    }
    parts
}

/// Words with a space between, but for those beside a line break.
fn joined(words: &[impl AsRef<str>]) -> String {
    let mut out = String::new();
    for word in words.iter().map(AsRef::as_ref) {
        if !out.is_empty() && !out.ends_with('\n') && !word.starts_with('\n') {
            out.push(' ');
        }
        out.push_str(word);
    }
    out
}

/// What differs, as a person reads it: marked, and in colour where there is colour.
#[must_use]
pub fn differences(
    all: &[Difference],
    topic: &str,
    letters: (&str, &str),
    partner: &str,
) -> String {
    let mut out = String::new();
    let topic = named(topic);
    let head = t!("diff-head", topic = topic, from = letters.0, to = letters.1);
    let _ = writeln!(out, "{}", heading(&head));
    if all.is_empty() {
        let _ = writeln!(out, "{}", t!("diff-same"));
        return out;
    }
    for it in all {
        let marked: Vec<String> = it.parts.iter().map(marked).collect();
        let words = joined(&marked);
        let text = match it.field {
            "topic" => t!("label-diff-topic", words = words),
            "terms" => t!("label-diff-terms", words = words),
            "me" => t!("label-you", words = words),
            "partner" => t!("label-them", partner = partner, words = words),
            "when_then" => t!("label-diff-when", words = words),
            "not_meant" => t!("label-not-meant", words = words),
            "trial_until" => t!("label-diff-trial", words = words),
            "look_again" => t!("label-diff-look-again", words = words),
            _ => t!("label-diff-weight", words = words),
        };
        indented(&mut out, &text);
    }
    let _ = writeln!(out, "{}", t!("diff-marks"));
    out
}

fn marked(part: &Part) -> String {
    match part {
        Part::Same(text) => text.clone(),
        Part::Gone(text) => format!("{}[-{text}-]{}", marks::GONE, marks::END),
        Part::New(text) => format!("{}{{+{text}+}}{}", marks::NEW, marks::END),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_that_differ_are_marked_and_nothing_else() {
        let all = parts(
            "We ask two days before.\nAlways.",
            "We ask a day before anyone comes.\nAlways.",
        );
        let shown: Vec<String> = all.iter().map(marked).collect();
        let plain: String = joined(&shown).replace(marks::ALL, "");
        assert_eq!(
            plain,
            "We ask [-two days before.-] {+a day before anyone comes.+}\nAlways."
        );
        // Whoever leaves out what is new has the first, and the other way about.
        let all = parts("a b c", "a x c d");
        let of = |keep: fn(&Part) -> Option<&String>| -> String {
            joined(&all.iter().filter_map(keep).collect::<Vec<_>>())
        };
        let first = of(|part| match part {
            Part::Same(text) | Part::Gone(text) => Some(text),
            Part::New(_) => None,
        });
        assert_eq!(first, "a b c");
    }
}
