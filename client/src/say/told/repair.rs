//! A repair: where it is, what is left to do in its step, and its steps that both have finished.

use super::answers::{answered, is_noted};
use super::{NAME, heading, line, sealed};
use crate::days::spoken;
use crate::words::t;
use std::fmt::Write;
use troth_proto::ids::Who;
use troth_proto::said::told::Verb;
use troth_proto::slot::SealedStep;
use troth_proto::telling::{Repair, Seen, Thing, View};
use troth_proto::view::{SealedState, SlotView};
use troth_proto::{Day, Slot};

/// Where a repair is, and what its step asks.
pub(super) fn step(
    out: &mut String,
    (view, repair): (&View, &Repair),
    present: Option<&SlotView>,
    partner: &str,
) {
    // A day with a word stands above, with the word.
    let noted = |day: &Day| {
        let named = |it: &&Thing| it.says == Some(Verb::Day) && it.facts.day == Some(*day);
        let mut all = view.answers.iter().filter(named);
        all.any(|it| it.seen == Seen::Open && is_noted(it))
    };
    let days = |days: &[Day]| {
        let all = days.iter().filter(|day| !noted(day));
        all.map(|day| spoken(*day)).collect::<Vec<_>>().join(", ")
    };
    let (mine, theirs) = (days(&repair.my_days), days(&repair.partner_days));
    if let Some(day) = repair.day {
        line(out, &t!("repair-day", day = spoken(day)));
    } else if repair.step == 1 {
        if !mine.is_empty() {
            line(out, &t!("repair-my-days", days = mine));
        }
        if !theirs.is_empty() {
            line(
                out,
                &t!("repair-their-days", partner = partner, days = theirs),
            );
        }
    }
    if repair.stopped {
        line(out, &t!("repair-stopped"));
        line(out, &own_words_are_kept());
        return;
    }
    if repair.through {
        line(out, &t!("repair-through"));
        line(out, &own_words_are_kept());
        return;
    }
    if let Some(other) = repair.walked {
        let name: String = other.hex().chars().take(NAME).collect();
        line(out, &t!("repair-walked", name = name));
        return;
    }
    line(
        out,
        &t!(
            "repair-step",
            step = i64::from(repair.step),
            partner = partner
        ),
    );
    if repair.i_am_done {
        line(out, &t!("repair-you-done"));
    } else if present.is_some_and(|it| waits(it.mine)) {
        line(out, &t!("slot-mine-ready"));
    }
    if repair.partner_is_done || present.is_some_and(|it| waits(it.partner)) {
        line(out, &t!("repair-they-done", partner = partner));
    }
}

/// How one keeps what one said in a repair that is over.
fn own_words_are_kept() -> String {
    let what = t!("word-keep-own");
    t!("thing-can", what = what, command = "`troth repair keep`")
}

/// Whether words wait for those of the other.
fn waits(state: SealedState) -> bool {
    matches!(state, SealedState::Ready | SealedState::Locked)
}

/// What is left to do in the step of a repair.
pub(super) fn to_do(
    out: &mut String,
    (view, repair): (&View, &Repair),
    of_pages: &[View],
    present: Option<&SlotView>,
    partner: &str,
) {
    let mine = present.is_some_and(|it| waits(it.mine));
    let over = repair.stopped || repair.through || repair.walked.is_some();
    if over || repair.i_am_done || mine {
        return;
    }
    match repair.step {
        3 => {
            let gone = |it: &View| it.told.by == Who::Partner && it.told.seen == Seen::TakenBack;
            let gone = of_pages.iter().any(gone);
            for left in left_in_saying_back(&repair.said_back, gone, partner) {
                line(out, &left);
            }
        }
        step => {
            let theirs = view.answers.iter().filter(|it| it.by == Who::Partner);
            let mut apologies = theirs.filter(|it| it.says == Some(Verb::Apology));
            if apologies.clone().any(|it| it.seen == Seen::Closed) {
                line(out, &t!("repair-do-read-apology", partner = partner));
            } else if apologies.any(|it| it.seen == Seen::Open && !is_marked(&view.answers, it)) {
                line(out, &t!("repair-do-answer-apology"));
            }
            line(out, &t!("repair-do", step = i64::from(step)));
        }
    }
}

/// Whether one has said back what one heard.
#[must_use]
pub fn has_said_back(repair: &Repair) -> bool {
    said_back_by(&repair.said_back, Who::Me).next().is_some()
}

/// What one of the two said back, and stands.
fn said_back_by(all: &[Thing], who: Who) -> impl Iterator<Item = &Thing> + Clone {
    let stands = move |it: &&Thing| {
        let gone = matches!(it.seen, Seen::TakenBack | Seen::Older);
        it.says == Some(Verb::SayBack) && it.by == who && !gone
    };
    all.iter().filter(stands)
}

/// Whether there is a yes or a "not yet" to something said.
fn is_marked(all: &[Thing], it: &Thing) -> bool {
    let mark = |mark: &Thing| {
        mark.about == Some(it.id)
            && matches!(mark.says, Some(Verb::Yes | Verb::NotYet))
            && mark.seen != Seen::TakenBack
    };
    all.iter().any(mark)
}

/// What is left where each says back what they heard. `gone`: the other took back what there was to say back.
fn left_in_saying_back(all: &[Thing], gone: bool, partner: &str) -> Vec<String> {
    let (mut mine, theirs) = (said_back_by(all, Who::Me), said_back_by(all, Who::Partner));
    let none = mine.clone().next().is_none();
    let may_go_on = gone || mine.any(|it| is_marked(all, it));
    let closed = theirs.clone().any(|it| it.seen == Seen::Closed);
    let mut unmarked = theirs.filter(|it| it.seen == Seen::Open && !is_marked(all, it));
    let mut left = Vec::new();
    if none && !gone {
        left.push(t!("repair-do-say-back"));
    }
    if closed {
        left.push(t!("repair-do-read-back", partner = partner));
    } else if unmarked.next().is_some() {
        left.push(t!("repair-do-mark", partner = partner));
    }
    if may_go_on {
        left.push(t!("repair-do-done"));
    }
    if left.is_empty() {
        left.push(t!("repair-do-theirs", partner = partner));
    }
    left
}

/// A sealed step that both have finished.
pub(super) fn opened_step(out: &mut String, view: &SlotView, of_pages: &[View], partner: &str) {
    let Slot::Repair { step, .. } = view.slot else {
        return;
    };
    let n = SealedStep::ALL.iter().find(|(it, _)| *it == step);
    let n = n.map_or(0, |(_, n)| i64::from(*n));
    let _ = writeln!(out, "\n  {}", heading(&t!("head-step", step = n)));
    let opened = view.opened.clone().unwrap_or_default();
    for (who, words) in [(Who::Me, opened.me), (Who::Partner, opened.partner)] {
        let head = match who {
            Who::Me => t!("head-you-wrote"),
            Who::Partner => t!("head-they-wrote", partner = partner),
        };
        if view.taken_back.contains(&who) {
            let words = match who {
                Who::Me => t!("slot-you-took-back"),
                Who::Partner => t!("slot-they-took-back", partner = partner),
            };
            line(out, &words);
        } else if let Some(words) = words {
            line(out, &head);
            out.push_str(&sealed(&words));
        }
        let name = match who {
            Who::Me => view.pages.me,
            Who::Partner => view.pages.partner,
        };
        let said = of_pages.iter().find(|it| Some(it.told.id) == name);
        for answer in said.iter().flat_map(|it| &it.answers) {
            if let Some(said) = said {
                answered(out, said, answer, partner);
            }
        }
    }
}
