//! Check-ins, cards and reviews: what was sealed, and what is open.

use super::{calm, calm_line, heading, indented};
use crate::cards;
use crate::cli::kebab;
use crate::days::spoken;
use crate::words::{self, t};
use std::fmt::Write;
use troth_proto::Slot;
use troth_proto::ids::Who;
use troth_proto::said::sealed::{CheckIn, Sealed};
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

/// The command that shows the page of a slot.
fn shows(slot: &Slot) -> String {
    match slot {
        Slot::Card(name) => format!("`troth card show {}`", name.replace('/', " ")),
        Slot::Repair { .. } => "`troth repair show`".to_owned(),
        slot => format!("`troth checkin show {slot}`"),
    }
}

/// A check-in.
#[must_use]
pub fn slot(view: &SlotView, partner: &str) -> String {
    let mut out = String::new();
    let slot = view.slot.to_string();
    let _ = writeln!(out, "{}", heading(&slot_head(&view.slot)));
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
        let command = shows(&view.slot);
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
    if view.words_lost {
        let _ = writeln!(out, "\n  {}", t!("slot-words-lost", slot = slot.as_str()));
    }
    if let Some(kept) = &view.kept_here {
        let words = match view.mine {
            SealedState::Empty => t!("slot-words-back"),
            SealedState::Ready => waits_here(&view.slot),
            _ => t!("slot-words-wait"),
        };
        let _ = writeln!(out, "\n  {words}");
        out.push_str(&sealed(kept));
    }
    for answer in &view.answers {
        let _ = writeln!(out, "\n  {}", said_of_it(answer, partner));
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
fn said_of_it(answer: &Thing, partner: &str) -> String {
    let day = answer.facts.until.map(spoken).unwrap_or_default();
    match (answer.says, answer.by) {
        (Some(Verb::NeedTime), Who::Me) => t!("thing-time-me", day = day),
        (Some(Verb::NeedTime), Who::Partner) => {
            t!("thing-time-them", partner = partner, day = day)
        }
        (Some(Verb::Thank), Who::Me) => t!("answer-thank.mine"),
        (Some(Verb::Thank), Who::Partner) => t!("answer-thank.theirs", partner = partner),
        (_, Who::Me) => t!("answer-heard.mine"),
        (_, Who::Partner) => t!("answer-heard.theirs", partner = partner),
    }
}

/// What can be said of the other's page, and by which commands: until it was heard or thanked for.
fn can(view: &SlotView) -> Vec<String> {
    let called = matches!(view.slot, Slot::Week { .. } | Slot::Year(_) | Slot::Card(_));
    let open = view.opened.as_ref().is_some_and(|it| it.partner.is_some());
    let said = |verb| {
        let mut mine = view.answers.iter().filter(|it| it.by == Who::Me);
        mine.any(|it| it.says == Some(verb))
    };
    if !called || !open || said(Verb::Heard) || said(Verb::Thank) {
        return Vec::new();
    }
    let all = [Verb::Heard, Verb::Thank, Verb::NeedTime].into_iter();
    let left = all.filter(|verb| !said(*verb));
    let lines = left.map(|verb| {
        let step = kebab(verb.name());
        let command = format!("`troth checkin {step} {}`", view.slot);
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
        let (did, says) = (calm(&thanks.did), calm(&thanks.says_of_you));
        line(if says.is_empty() {
            t!("label-thanks", did = did)
        } else {
            t!("label-thanks-says", did = did, says = says)
        });
    }
    if !page.went_well.is_empty() {
        line(t!("label-went-well", words = calm(&page.went_well)));
    }
    if !page.not_yet_said.is_empty() {
        line(t!("label-not-yet-said", words = calm(&page.not_yet_said)));
    }
    if let Some(talk) = &page.talk {
        line(t!(
            "label-talk",
            when = calm(&talk.when),
            felt = calm(&talk.felt),
            wish = calm(&talk.would_like)
        ));
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
