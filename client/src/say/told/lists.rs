//! What was told and what was found, a line or two each.

use super::{NAME, answered, kind_id, label, shown_by};
use crate::cli::kebab;
use crate::days::spoken;
use crate::say::calm_line;
use crate::words::t;
use std::fmt::Write;
use troth_proto::ids::Who;
use troth_proto::said::told::{Texts, ToldKind};
use troth_proto::telling::{Found, Line, Seen, Thing, View};
use troth_proto::{AssertionId, Slot};

/// A list, newest first, with numbers.
#[must_use]
pub fn list(kind: Option<ToldKind>, lines: &[Line], partner: &str) -> String {
    if lines.is_empty() {
        return match kind {
            Some(kind) => {
                let command = format!("`troth {} add`", kebab(kind.name()));
                t!("told-list-none", command = command) + "\n"
            }
            None => t!("told-list-nothing") + "\n",
        };
    }
    let mut out = String::new();
    for (n, it) in lines.iter().enumerate() {
        let _ = writeln!(out, "{}  {}", n + 1, one(it, partner));
        let day = it.on.map(spoken).unwrap_or_default();
        let mut more = vec![match it.by {
            Who::Me => t!("thing-by-me", day = day),
            Who::Partner => t!("thing-by-them", partner = partner, day = day),
        }];
        if it.unopened {
            more.push(t!("thing-unopened", partner = partner));
        }
        if it.put_away {
            more.push(t!("thing-put-away-short"));
        }
        let _ = writeln!(out, "   {}", more.join(" "));
    }
    out
}

/// How one begins, or why nothing of it is seen.
#[must_use]
pub fn one(it: &Line, partner: &str) -> String {
    match it.seen {
        Seen::Open | Seen::Older => {
            let topic = calm_line(&it.topic);
            let begins = calm_line(&it.begins);
            match (begins.is_empty(), topic.is_empty()) {
                (false, true) => t!("told-list-begins", what = label(it.kind), words = begins),
                (_, false) => t!("told-list-begins", what = label(it.kind), words = topic),
                (true, true) => label(it.kind),
            }
        }
        Seen::Closed => t!(
            &format!("{}.closed", kind_id(it.kind)),
            partner = partner,
            way = "",
            topic = ""
        ),
        Seen::Folded => t!("thing-folded"),
        Seen::TakenBack => match it.by {
            Who::Me => t!("slot-you-took-back"),
            Who::Partner => t!("thing-they-took-back", partner = partner),
        },
        Seen::Gone => t!("thing-gone"),
    }
}

/// What a search found.
#[must_use]
pub fn found(found: &Found, partner: &str) -> String {
    if found.found.is_empty() {
        return t!("search-nothing") + "\n";
    }
    let mut out = String::new();
    for it in &found.found {
        let kind = ToldKind::named(&it.kind);
        let what = kind.map_or_else(|| t!("word-found"), label);
        let day = it.on.map(spoken).unwrap_or_default();
        let by = match it.by {
            Who::Me => t!("thing-by-me", day = day),
            Who::Partner => t!("thing-by-them", partner = partner, day = day),
        };
        let words = calm_line(&it.line);
        let _ = writeln!(
            out,
            "{}\n   {by} {}",
            t!("told-list-begins", what = what, words = words),
            found_by(&it.id, kind)
        );
    }
    out
}

/// The command that shows what was found.
fn found_by(id: &str, kind: Option<ToldKind>) -> String {
    let short: String = id.chars().take(NAME).collect();
    match (kind, id.parse::<Slot>()) {
        (Some(_), _) => format!("(`troth show {short}`)"),
        (None, Ok(slot)) => format!("({})", shown_by(&slot)),
        (None, Err(_)) => format!("(`troth agreement show {short}`)"),
    }
}

/// How something told begins, in one line.
#[must_use]
pub fn begins(view: &View) -> String {
    let what = view.told.kind.map(label).unwrap_or_default();
    let words = view.told.words.as_ref();
    let fields = view.told.kind.map_or(&[][..], |kind| kind.row().fields);
    let mut there = fields
        .iter()
        .map(|field| words.map(|it| it.get(field.name)).unwrap_or_default());
    match there.find(|text| !text.is_empty()) {
        Some(text) => {
            let first = text.lines().next().unwrap_or_default();
            t!("told-list-begins", what = what, words = calm_line(first))
        }
        None => what,
    }
}

/// The answers in a view that have words in hand, each as it stands there.
#[must_use]
pub fn with_words(view: &View, partner: &str) -> Vec<(AssertionId, String)> {
    let worded = |it: &Thing| it.words.as_ref().is_some_and(|it: &Texts| !it.0.is_empty());
    // Words told in trust are not shown before they are opened: they may be kept all the same.
    let worded = |it: &&Thing| worded(it) || super::unread(it);
    let answers = view.answers.iter().filter(|it| it.says.is_some());
    let answers = answers.filter(|it| it.seen != Seen::Closed && worded(it));
    let lines = answers.map(|it| {
        let mut out = String::new();
        answered(&mut out, view, it, partner);
        (it.id, out.trim().to_owned())
    });
    lines.collect()
}
