//! The history of an agreement: a calm sentence for each thing that happened, oldest first.

use super::agreement::state;
use super::{by, calm, calm_line, heading, indented};
use crate::days::spoken;
use crate::names;
use crate::words::t;
use std::fmt::Write;
use troth_proto::Hash;
use troth_proto::history::{Happened, Happening};
use troth_proto::said::sealed::Lean;
use troth_proto::view::AgreementView;

/// A sentence for each, in their order.
#[must_use]
pub fn history_lines(all: &[Happened], view: &AgreementView, partner: &str) -> Vec<String> {
    all.iter().map(|it| line(it, view, partner)).collect()
}

/// The sentences, under the agreement's topic and how it is now.
#[must_use]
pub fn history(view: &AgreementView, lines: &[String]) -> String {
    let (topic, state) = (calm_line(&view.topic), state(view.state));
    let head = t!("label-agreement", topic = topic, state = state);
    let mut out = String::new();
    let _ = writeln!(out, "{}", heading(&head));
    for line in lines {
        indented(&mut out, line);
    }
    if !view.versions.is_empty() {
        let name = names::short(&view.topic).unwrap_or_else(|| view.agreement.hex());
        let _ = writeln!(out, "{}", t!("history-words", name = name));
    }
    out
}

fn line(it: &Happened, view: &AgreementView, partner: &str) -> String {
    let who = it.by.map_or("nobody", by);
    let day = it.on.map(spoken).unwrap_or_default();
    let letter = it.wording.map(|hash| letter(view, &hash));
    let letter = letter.unwrap_or_default();
    match &it.what {
        Happening::Proposed {
            changes,
            trial_until,
            look_again,
        } => {
            let mut words = if changes.is_empty() {
                t!(
                    "history-proposed",
                    by = who,
                    partner = partner,
                    day = day,
                    letter = letter
                )
            } else {
                let before = letters(view, changes);
                t!(
                    "history-proposed-change",
                    by = who,
                    partner = partner,
                    day = day,
                    letter = letter,
                    before = before
                )
            };
            if let Some(day) = trial_until {
                words = format!("{words} {}", t!("label-trial", day = spoken(*day)));
            }
            if let Some(day) = look_again {
                words = format!("{words} {}", t!("label-look-again", day = spoken(*day)));
            }
            words
        }
        Happening::SaidYes { agreed, replaces } => {
            let mut words = t!(
                "history-yes",
                by = who,
                partner = partner,
                day = day,
                letter = letter
            );
            if *agreed {
                words = format!("{words} {}", t!("history-agreed"));
            }
            if !replaces.is_empty() {
                let before = letters(view, replaces);
                words = format!("{words} {}", t!("history-replaced", before = before));
            }
            words
        }
        Happening::TrialOver => t!("history-trial-over", day = day, letter = letter),
        Happening::Looked { lean: Lean::Keep } => t!(
            "history-look-keep",
            by = who,
            partner = partner,
            day = day,
            letter = letter
        ),
        Happening::Looked { lean: Lean::Change } => t!(
            "history-look-change",
            by = who,
            partner = partner,
            day = day,
            letter = letter
        ),
        Happening::Looked { lean: Lean::LetGo } => t!(
            "history-look-let-go",
            by = who,
            partner = partner,
            day = day,
            letter = letter
        ),
        Happening::NotNow { note } => {
            let words = t!(
                "history-not-now",
                by = who,
                partner = partner,
                day = day,
                letter = letter
            );
            noted(words, note)
        }
        Happening::SteppedBack { note } => {
            let words = t!(
                "history-stepped-back",
                by = who,
                partner = partner,
                day = day,
                letter = letter
            );
            noted(words, note)
        }
        Happening::LetGo { note } => {
            let words = t!("history-let-go", by = who, partner = partner, day = day);
            noted(words, note)
        }
        Happening::PutAway => t!("history-put-away", by = who, partner = partner, day = day),
    }
}

/// A sentence, and the note that its author left with it.
fn noted(words: String, note: &str) -> String {
    match note.trim().is_empty() {
        true => words,
        false => format!("{words} {}", t!("history-note", note = calm(note))),
    }
}

/// The letter of a wording, as `agreement show` has it.
fn letter(view: &AgreementView, hash: &Hash) -> String {
    let place = view.versions.iter().position(|v| v.hash == *hash);
    place.map_or_else(|| hash.hex().chars().take(8).collect(), names::letter)
}

fn letters(view: &AgreementView, all: &[Hash]) -> String {
    let mut letters: Vec<String> = all.iter().map(|hash| letter(view, hash)).collect();
    letters.sort();
    letters.join(", ")
}
