//! Check-ins, cards and reviews: what was sealed, and what is open.

use super::told::{about_of_page, answer_id};
use super::{calm, calm_line, heading, indented, named};
use crate::cards;
use crate::cli::kebab;
use crate::days::spoken;
use crate::names;
use crate::words::{self, t};
use std::fmt::Write;
use troth_proto::Slot;
use troth_proto::ids::Who;
use troth_proto::said::sealed::{CheckIn, Sealed, Talk};
use troth_proto::said::told::Verb;
use troth_proto::slot::SealedStep;
use troth_proto::telling::Thing;
use troth_proto::view::{SealedState, SlotView};

/// What a slot is called in a sentence.
#[must_use]
pub fn slot_name(slot: &Slot) -> String {
    match slot {
        Slot::Week { week, .. } => t!("word-slot-week", week = week.to_string()),
        Slot::Year(year) => t!("word-slot-year", year = year.to_string()),
        Slot::Repair { .. } => t!("word-slot-repair"),
        Slot::Card(name) => match cards::asked(words::spoken(), name) {
            Some(asked) => t!("word-slot-card-asked", asked = asked),
            None => t!("word-slot-card"),
        },
        Slot::Look { .. } => t!("word-slot-look"),
    }
}

/// What a page is called in a sentence: a review by its agreement.
#[must_use]
pub fn page_name(slot: &Slot, topic: &str) -> String {
    match slot {
        Slot::Look { .. } if !topic.is_empty() => t!("word-slot-look-of", topic = named(topic)),
        slot => slot_name(slot),
    }
}

/// What stands above a page.
#[must_use]
pub fn page_head(view: &SlotView) -> String {
    match &view.slot {
        slot @ Slot::Look { .. } if !view.topic.is_empty() => {
            again(t!("head-look-of", topic = named(&view.topic)), slot)
        }
        slot => slot_head(slot),
    }
}

/// What a person types for a page: its week or year, a word of a card's question, a word of an agreement that is looked at.
#[must_use]
pub fn page_typed(slot: &Slot, topic: &str) -> String {
    let word = match slot {
        Slot::Week { .. } | Slot::Year(_) => Some(slot.to_string()),
        Slot::Card(_) => names::short(&slot_head(slot)),
        Slot::Look { .. } => names::short(topic),
        Slot::Repair { .. } => None,
    };
    word.unwrap_or_default()
}

/// What stands above the page of a slot.
#[must_use]
pub fn slot_head(slot: &Slot) -> String {
    match slot {
        Slot::Week { year, week } => t!(
            "head-checkin-week",
            week = week.to_string(),
            year = year.to_string()
        ),
        Slot::Year(year) => t!("head-checkin-year", year = year.to_string()),
        Slot::Card(name) => {
            let asked = cards::asked(words::spoken(), name);
            again(asked.map_or_else(|| t!("head-card"), str::to_owned), slot)
        }
        Slot::Look { .. } => again(t!("head-look"), slot),
        Slot::Repair { step, .. } => {
            let n = SealedStep::ALL.iter().find(|(it, _)| it == step);
            t!("head-step", step = n.map_or(0, |(_, n)| i64::from(*n)))
        }
    }
}

/// A heading, with the how manieth time it is from the second on.
fn again(head: String, slot: &Slot) -> String {
    match slot.time() {
        1 => head,
        time => format!("{head} ({time})"),
    }
}

/// That words wait, and how they are called back.
fn waits_here(slot: &Slot) -> String {
    let waits = t!("slot-words-wait-ready");
    match slot {
        Slot::Week { .. } | Slot::Year(_) => {
            let back = t!("slot-words-call-back", slot = slot.to_string());
            format!("{waits} {back}")
        }
        _ => waits,
    }
}

/// The command that shows the page of a slot. `topic`: of a review, what the agreement is called.
#[must_use]
pub fn shows(slot: &Slot, topic: &str) -> String {
    match slot {
        Slot::Card(name) => format!("`troth card show {}`", cards::slot_called(name)),
        Slot::Repair { .. } => "`troth repair show`".to_owned(),
        Slot::Look { .. } => match names::short(topic) {
            Some(word) => format!("`troth agreement show {word}`"),
            None => "`troth agreement list`".to_owned(),
        },
        slot => format!("`troth checkin show {slot}`"),
    }
}

/// A check-in.
#[must_use]
pub fn slot(view: &SlotView, partner: &str) -> String {
    laid_out(view, partner, true)
}

/// The same without what can be done with it.
#[must_use]
pub fn slot_alone(view: &SlotView, partner: &str) -> String {
    laid_out(view, partner, false)
}

fn laid_out(view: &SlotView, partner: &str, hints: bool) -> String {
    let mut out = String::new();
    let slot = page_typed(&view.slot, &view.topic);
    let _ = writeln!(out, "{}", heading(&page_head(view)));
    let mine = match view.mine {
        SealedState::Empty => t!("slot-mine-empty"),
        SealedState::Ready => t!("slot-mine-ready"),
        SealedState::Locked => t!("slot-mine-locked"),
        SealedState::Open => t!("slot-mine-open"),
        SealedState::Void => t!("slot-mine-void"),
    };
    let theirs = match view.partner {
        SealedState::Empty => t!("slot-theirs-empty", partner = partner),
        SealedState::Ready => t!("slot-theirs-ready", partner = partner),
        SealedState::Locked => t!("slot-theirs-locked", partner = partner),
        SealedState::Open => t!("slot-theirs-open", partner = partner),
        SealedState::Void => t!("slot-theirs-void", partner = partner),
    };
    let _ = writeln!(out, "  {mine}\n  {theirs}");
    if view.mine == SealedState::Locked {
        let command = shows(&view.slot, &view.topic);
        let _ = writeln!(out, "  {}", t!("slot-then-show", command = command));
    }
    if let Some(opened) = &view.opened {
        for (head, page) in [
            (t!("head-you-wrote"), &opened.me),
            (t!("head-they-wrote", partner = partner), &opened.partner),
        ] {
            if let Some(page) = page {
                let _ = writeln!(out, "\n  {}", heading(&head));
                out.push_str(&sealed(page));
            }
        }
    }
    for who in &view.taken_back {
        let words = match who {
            Who::Me => t!("slot-you-took-back"),
            Who::Partner => t!("slot-they-took-back", partner = partner),
        };
        let _ = writeln!(out, "\n  {words}");
    }
    if view.may_keep && is_called(&view.slot) && hints {
        let command = format!("`troth checkin keep {slot}`");
        let _ = writeln!(out, "  {}", t!("thing-may-keep", command = command));
    }
    if view.words_lost && hints {
        let _ = writeln!(out, "\n  {}", t!("slot-words-lost", slot = slot.as_str()));
    }
    if let Some(kept) = &view.kept_here {
        let words = match view.mine {
            SealedState::Empty => t!("slot-words-back"),
            SealedState::Ready if hints => waits_here(&view.slot),
            _ => t!("slot-words-wait"),
        };
        let _ = writeln!(out, "\n  {words}");
        out.push_str(&sealed(kept));
    }
    for answer in &view.answers {
        let _ = writeln!(out, "\n  {}", said_of_it(view, answer, partner));
        for text in answer.words.iter().flat_map(|it| it.0.values()) {
            indented(&mut out, &calm(text));
        }
    }
    if !view.put_away.is_empty() {
        let _ = writeln!(out, "\n  {}", t!("thing-put-away"));
    }
    out
}

/// A check-in, and what can be said of it now.
#[must_use]
pub fn slot_to_answer(view: &SlotView, partner: &str) -> String {
    let mut out = slot(view, partner);
    let can = can(view);
    if !can.is_empty() {
        let _ = writeln!(out);
    }
    for line in can {
        let _ = writeln!(out, "  {line}");
    }
    out
}

/// An answer to a page, in a sentence.
fn said_of_it(view: &SlotView, answer: &Thing, partner: &str) -> String {
    let day = answer.facts.until.map(spoken).unwrap_or_default();
    let says = answer.says.unwrap_or(Verb::Heard);
    if says == Verb::NeedTime {
        return match answer.by {
            Who::Me => t!("thing-time-me", day = day),
            Who::Partner => t!("thing-time-them", partner = partner, day = day),
        };
    }
    let id = answer_id(says, about_of_page(&view.slot, &view.answers, answer));
    match answer.by {
        Who::Me => t!(&format!("{id}.mine"), partner = partner),
        Who::Partner => t!(&format!("{id}.theirs"), partner = partner),
    }
}

/// Whether it is a page that people name, by its week, its year or its card.
fn is_called(slot: &Slot) -> bool {
    matches!(slot, Slot::Week { .. } | Slot::Year(_) | Slot::Card(_))
}

/// What can be said of the other's page, and by which commands: until it was heard or thanked for.
fn can(view: &SlotView) -> Vec<String> {
    let open = view.opened.as_ref().is_some_and(|it| it.partner.is_some());
    let said = |verb| {
        let mut mine = view.answers.iter().filter(|it| it.by == Who::Me);
        mine.any(|it| it.says == Some(verb))
    };
    if matches!(view.slot, Slot::Repair { .. }) || !open || said(Verb::Heard) || said(Verb::Thank) {
        return Vec::new();
    }
    let all = [Verb::Heard, Verb::Thank, Verb::NeedTime].into_iter();
    let left = all.filter(|verb| !said(*verb));
    let lines = left.map(|verb| {
        let step = kebab(verb.name());
        let name = page_typed(&view.slot, &view.topic);
        let command = format!("`troth checkin {step} {name}`");
        let what = t!(&format!("answer-{step}"));
        t!("thing-can", what = what, command = command)
    });
    lines.collect()
}

/// Words that were kept sealed.
#[must_use]
pub fn sealed(words: &Sealed) -> String {
    let mut out = String::new();
    match words {
        Sealed::CheckIn(page) => return check_in(page),
        Sealed::Look(look) => indented(&mut out, &calm(&look.words)),
        Sealed::Card(card) => indented(&mut out, &calm(&card.words)),
    }
    out
}

fn check_in(page: &CheckIn) -> String {
    let mut out = String::new();
    let mut line = |text: String| indented(&mut out, &text);
    for thanks in &page.thanks {
        line(t!("label-thanks", did = calm(&thanks.did)));
        if !thanks.says_of_you.is_empty() {
            let says = calm(&thanks.says_of_you);
            line(t!("told-thanks.says_of_you", words = says));
        }
    }
    if !page.went_well.is_empty() {
        line(t!("label-went-well", words = calm(&page.went_well)));
    }
    if !page.not_yet_said.is_empty() {
        line(t!("label-not-yet-said", words = calm(&page.not_yet_said)));
    }
    if let Some(talk) = page.talk.as_ref().filter(|it| **it != Talk::default()) {
        line(t!("label-talk"));
        for (name, words) in [
            ("when", &talk.when),
            ("felt", &talk.felt),
            ("would_like", &talk.would_like),
        ] {
            if !words.is_empty() {
                let id = format!("told-to-talk-about.{name}");
                line(t!(&id, words = calm(words)));
            }
        }
    }
    if !page.wish.is_empty() {
        line(t!("label-wish", words = calm(&page.wish)));
    }
    for more in &page.more {
        let (asked, words) = (calm_line(&more.asked), calm(&more.words));
        line(t!("label-more", asked = asked, words = words));
    }
    out
}
