//! What was answered, in sentences; and what can be answered.

use super::{Given, NAME, about_of, answer_id, calm, indented, line, named, opened_in};
use crate::cli::kebab;
use crate::words::t;
use troth_proto::ids::Who;
use troth_proto::said::told::{Opened, Texts, Thing as About, ToldKind, Verb};
use troth_proto::telling::{ExportedThread, Seen, Thing, View};

/// An answer, before it is said: its words, or whom and what it asks about.
#[must_use]
pub fn answer_before(says: Verb, words: &Texts) -> String {
    let mut out = String::new();
    if says == Verb::MayI {
        line(
            &mut out,
            &t!("may-i-before", whom = named(words.get("with_whom"))),
        );
        which_part(&mut out, words);
        return out;
    }
    for text in words.0.values() {
        indented(&mut out, &calm(text));
    }
    out
}

/// Whether the other's words are there and not shown: of what is told in trust only opening shows them.
#[must_use]
pub fn unread(thing: &Thing) -> bool {
    let worded = match (thing.kind, thing.says) {
        (Some(kind), _) => kind.row().in_trust,
        (None, says) => matches!(says, Some(Verb::Words | Verb::MayI)),
    };
    let words = thing.words.as_ref().is_none_or(|it| it.0.is_empty());
    worded && words && thing.by == Who::Partner && thing.seen == Seen::Open
}

/// Whether the other's asking whether somebody may hear of it waits for a yes.
#[must_use]
pub fn asks_whether(view: &View) -> bool {
    let asks = |it: &Thing| {
        it.says == Some(Verb::MayI)
            && it.by == Who::Partner
            && matches!(it.seen, Seen::Open | Seen::Closed)
    };
    let mut asking = view.answers.iter().filter(|it| asks(it));
    asking.any(|it| asking_is_answered(view, it).is_none())
}

/// How the asking whether somebody may hear of something reads once it was answered: by a permission for the same person, by
/// another that holds, by one that holds no more, or by nobody's being told.
fn asking_is_answered(view: &View, asking: &Thing) -> Option<&'static str> {
    if asking.says != Some(Verb::MayI) {
        return None;
    }
    let about = |it: &Thing| it.kind == Some(ToldKind::Permission) && it.about == Some(asking.id);
    let whom = |it: &Thing| {
        let words = it.words.as_ref().map(|it| it.get("with_whom"));
        let words: Vec<&str> = words.unwrap_or_default().split_whitespace().collect();
        words.join(" ").to_lowercase()
    };
    // One that was not said to the asking answers it too, if it names the same person. One that was may name another, or
    // nobody as long as it was not opened: that is no yes to whom was asked about.
    let same = |it: &Thing| !whom(asking).is_empty() && whom(it) == whom(asking);
    let mine = asking.by == Who::Me;
    if view.may_tell.iter().any(same) {
        return Some(if mine { "mine-yes" } else { "theirs-yes" });
    }
    if view.may_tell.iter().any(about) {
        return Some(if mine {
            "mine-answered"
        } else {
            "theirs-answered"
        });
    }
    let said = view.answers.iter().any(about) || view.tell_nobody;
    said.then_some(if mine { "mine-stays" } else { "theirs-stays" })
}

/// Whether there are words with an answer.
pub(super) fn is_noted(answer: &Thing) -> bool {
    answer.words.as_ref().is_some_and(|it| !it.0.is_empty())
}

/// The answers; what was said better stands behind what came in its place.
pub(super) fn all_answers(out: &mut String, view: &View, partner: &str) {
    let earlier = |it: &&Thing| (it.seen == Seen::Older || it.passed_over) && !it.came_back;
    let told = |all: &mut dyn Iterator<Item = &Thing>| {
        let mut out = String::new();
        all.for_each(|it| answered(&mut out, view, it, partner));
        out
    };
    out.push_str(&told(&mut view.answers.iter().filter(|it| !earlier(it))));
    let before = told(&mut view.answers.iter().filter(earlier));
    if !before.is_empty() {
        line(out, &t!("thing-said-earlier"));
        out.push_str(&before);
    }
}

/// One answer.
pub(super) fn answered(out: &mut String, view: &View, answer: &Thing, partner: &str) {
    let mine = answer.by == Who::Me;
    // A permission stands where it says who may be told.
    let Some(says) = answer.says else { return };
    let target = view
        .answers
        .iter()
        .find(|it| Some(it.id) == answer.about)
        .unwrap_or(&view.told);
    let Some(about) = about_of(view, target) else {
        return;
    };
    let id = answer_id(says, about);
    let given = Given {
        partner,
        topic: named(&view.topic),
        facts: &answer.facts,
        // What it answers may be named in it.
        words: answer.words.as_ref().or(view.told.words.as_ref()),
    };
    let sentence = match (answer.seen, mine) {
        (Seen::TakenBack, true) => t!("thing-you-took-back-answer"),
        (Seen::TakenBack, false) => t!("thing-they-took-back", partner = partner),
        (Seen::Folded, _) => t!("thing-folded"),
        (Seen::Closed, _) => given.say(&format!("{id}.news")),
        (Seen::Open | Seen::Gone, _) if asking_is_answered(view, answer).is_some() => {
            let more = asking_is_answered(view, answer).unwrap_or_default();
            given.say(&format!("{id}.{more}"))
        }
        (Seen::Open, false) if says == Verb::MayI && unread(answer) => {
            given.say(&format!("{id}.news"))
        }
        (_, true) => given.say(&format!("{id}.mine")),
        (_, false) => given.say(&format!("{id}.theirs")),
    };
    // Time that is needed stands above, once for both.
    let in_repair = view.told.kind == Some(ToldKind::Repair);
    let noted = is_noted(answer);
    let above = match says {
        Verb::NeedTime => true,
        // So do the days and the step of a repair, and that a break is over for both.
        Verb::Done => in_repair || view.told.kind == Some(ToldKind::Break) && view.done.len() == 2,
        Verb::Day => !noted,
        _ => false,
    };
    // Nor does a bare one stand beside the one that came in its place.
    if (above || answer.passed_over && !noted) && answer.seen == Seen::Open {
        return;
    }
    line(out, &sentence);
    if answer.came_back {
        line(out, &t!("thing-came-back", partner = partner));
    }
    if let Some(agreement) = answer.facts.agreement {
        let name: String = agreement.hex().chars().take(NAME).collect();
        line(out, &t!("thing-plan", name = name));
    }
    let Some(words) = &answer.words else { return };
    if says == Verb::MayI {
        return which_part(out, words);
    }
    for text in words.0.values() {
        indented(out, &calm(text));
    }
}

/// Which part somebody may hear of, if it was said.
fn which_part(out: &mut String, words: &Texts) {
    let part = calm(words.get("part"));
    if !part.is_empty() {
        indented(out, &t!("may-i-part", words = part));
    }
}

/// An answer in a sentence, as it stands in a file that leaves.
#[must_use]
pub fn told_in(answer: &Thing, says: Verb, thread: &ExportedThread, partner: &str) -> String {
    let told = thread.told.as_ref();
    let kind = told.and_then(|it| it.kind);
    let target = thread.answers.iter().find(|it| Some(it.id) == answer.about);
    let about = match (target.and_then(|it| it.says), kind, &thread.slot) {
        (Some(said), Some(kind), _) => About::Answer(said, kind),
        (Some(said), None, _) => About::OfOpen(said),
        (None, Some(kind), _) => About::Told(kind),
        (None, None, Some(slot)) => About::Open(opened_in(slot)),
        (None, None, None) => About::Open(Opened::Page),
    };
    let given = Given {
        partner,
        topic: named(&thread.topic),
        facts: &answer.facts,
        words: answer
            .words
            .as_ref()
            .or(told.and_then(|it| it.words.as_ref())),
    };
    let by = match answer.by {
        Who::Me => "mine",
        Who::Partner => "theirs",
    };
    given.say(&format!("{}.{by}", answer_id(says, about)))
}

/// What can be answered to it now, and by which commands.
pub(super) fn can(out: &mut String, kind: ToldKind, view: &View) {
    // A repair says what its step asks.
    if view.repair.is_some() {
        return;
    }
    let answers = view.answers.iter().rev();
    let mut said = Vec::new();
    for thing in answers.chain([&view.told]) {
        let Some(about) = about_of(view, thing) else {
            continue;
        };
        for verb in &thing.may {
            let id = answer_id(*verb, about);
            if said.contains(&id) || is_said(view, thing, *verb) {
                continue;
            }
            let (kind, step) = (kebab(kind.name()), kebab(verb.name()));
            let command = format!("`troth {kind} {step}`");
            line(out, &t!("thing-can", what = t!(&id), command = command));
            said.push(id);
        }
    }
    let all = view.answers.iter().chain(&view.may_tell);
    let mut all = all.chain([&view.told]);
    if all.any(|it| it.seen == Seen::Closed || unread(it)) {
        let command = format!("`troth {} open`", kebab(kind.name()));
        line(
            out,
            &t!("thing-can", what = t!("word-open-it"), command = command),
        );
    }
}

/// Whether one has said this of a thing already, and nothing else since: once is enough.
pub(super) fn is_said(view: &View, thing: &Thing, verb: Verb) -> bool {
    let stands = match verb {
        Verb::Thank | Verb::Heard => [verb, verb],
        // One takes the place of the other.
        Verb::Yes | Verb::NotYet => [Verb::Yes, Verb::NotYet],
        _ => return false,
    };
    let mut mine = view.answers.iter().rev().filter(|it| {
        it.by == Who::Me && it.about == Some(thing.id) && it.seen == Seen::Open && !it.came_back
    });
    let last = mine.find_map(|it| it.says.filter(|says| stands.contains(says)));
    last == Some(verb)
}
