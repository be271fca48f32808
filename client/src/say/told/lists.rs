//! What was told and what was found, a line or two each.

use super::answers::answered;
use super::{kind_id, label};
use crate::cli::kebab;
use crate::days::spoken;
use crate::names;
use crate::say::{calm_line, shows};
use crate::words::t;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use troth_proto::ids::Who;
use troth_proto::said::told::{Texts, ToldKind};
use troth_proto::telling::{Found, Line, Seen, Thing, View};
use troth_proto::view::AgreementLine;
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

/// What is found is named by: each as a person names it.
#[derive(Default)]
pub struct Named {
    /// The agreements there are.
    pub agreements: Vec<AgreementLine>,
    /// What was told, with the words that name it.
    pub told: Vec<(Line, String)>,
    /// Topics of what is looked at again, by the names of the slots.
    pub looks: BTreeMap<String, String>,
}

/// What a search found: an agreement stands once, with the newest line of it that was found.
#[must_use]
pub fn found(found: &Found, named: &Named, partner: &str) -> String {
    if found.found.is_empty() {
        return t!("search-nothing") + "\n";
    }
    let (mut out, mut there) = (String::new(), BTreeSet::new());
    for it in &found.found {
        let mut agreements = named.agreements.iter();
        let agreement = agreements.find(|line| line.agreement.hex() == it.id);
        if agreement.is_some() && !there.insert(&it.id) {
            continue;
        }
        let words = calm_line(&it.line);
        let what = match (ToldKind::named(&it.kind), agreement) {
            (Some(kind), _) => label(kind),
            (None, Some(line)) if calm_line(&line.topic) != words => calm_line(&line.topic),
            _ => t!("word-found"),
        };
        let day = it.on.map(spoken).unwrap_or_default();
        let by = match it.by {
            Who::Me => t!("thing-by-me", day = day),
            Who::Partner => t!("thing-by-them", partner = partner, day = day),
        };
        let _ = writeln!(
            out,
            "{}\n   {by} ({})",
            t!("told-list-begins", what = what, words = words),
            found_by(&it.id, named)
        );
    }
    out
}

/// The command that shows what was found.
fn found_by(id: &str, named: &Named) -> String {
    if let Ok(slot) = id.parse::<Slot>() {
        let topic = named.looks.get(id).map(String::as_str).unwrap_or_default();
        return shows(&slot, topic);
    }
    if let Some(one) = named.told.iter().find(|(line, _)| line.id.hex() == id) {
        return match names::word_for(&named.told, |(_, name)| name, one) {
            Some(word) => format!("`troth show {word}`"),
            None => format!("`troth {} list`", kebab(one.0.kind.name())),
        };
    }
    let mut agreements = named.agreements.iter();
    match agreements.find(|line| line.agreement.hex() == id) {
        Some(line) => {
            let name = names::leads_back(&named.agreements, &line.topic, id);
            format!("`troth agreement show {name}`")
        }
        None => "`troth agreement list`".to_owned(),
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
