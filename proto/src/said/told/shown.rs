//! Every name that is written or shown of what they tell: no count, rating, read mark, presence or time of day comes in
//! unnoticed (SPEC L10, L11). Who adds a name adds it here, and answers for it.

#![allow(clippy::unwrap_used)]

use super::*;
use crate::assertion::Weight;
use crate::day::Minute;
use crate::ids::Who;
use crate::said::sealed::{CardAnswer, CheckIn, Lean, Look, More, Sealed, Talk, Thanks};
use crate::telling::{
    BreakView, Exported, ExportedThread, Found, FoundLine, Line, Lines, Repair, Seen,
    Thing as Shown, TodayTold, TodayToldWhat, View,
};
use crate::view::{Opened as OpenedView, Pages, SealedState, SlotView};
use crate::{AgreementId, AssertionId, Day, Slot};
use serde_json::Value;
use std::collections::BTreeSet;

/// Names of all objects in a value; and those under which a time of day stands.
fn names(value: &Value, under: &str, all: &mut BTreeSet<String>, times: &mut BTreeSet<String>) {
    match value {
        Value::Object(fields) => {
            for (name, it) in fields {
                all.insert(name.clone());
                names(it, name, all, times);
            }
        }
        Value::Array(list) => list.iter().for_each(|it| names(it, under, all, times)),
        Value::String(text) if text.contains(':') => drop(times.insert(under.to_owned())),
        _ => {}
    }
}

fn are(shown: &impl Serialize, allowed: &[&str]) {
    let value = serde_json::to_value(shown).unwrap();
    let (mut all, mut times) = (BTreeSet::new(), BTreeSet::new());
    names(&value, "", &mut all, &mut times);
    let allowed: BTreeSet<String> = allowed.iter().map(|name| (*name).to_owned()).collect();
    assert_eq!(all, allowed);
    // A slot is named with a colon, and holds none.
    times.retain(|name| !matches!(name.as_str(), "slot" | "opened"));
    assert!(times.iter().all(|name| name == "back_at"), "{times:?}");
}

fn day() -> Option<Day> {
    Some(Day::new(2026, 12, 1).unwrap())
}

fn minute() -> Minute {
    Minute::of_unix(1_800_000_000)
}

fn facts() -> Facts {
    Facts {
        listen_as: Some(ListenAs::JustListen),
        until: day(),
        look_again: day(),
        day: day(),
        back_at: Some(minute()),
        agreement: Some(AgreementId([1; 16])),
        how: Some(How::Forgot),
        page: Some(Page::Name),
        step: Some(3),
    }
}

const FACTS: &[&str] = &[
    "listen_as",
    "until",
    "look_again",
    "day",
    "back_at",
    "agreement",
    "how",
    "page",
    "step",
];

/// With no words in it: those have the names of the two tables.
fn thing() -> Shown {
    Shown {
        id: AssertionId([1; 16]),
        by: Who::Me,
        on: day(),
        kind: Some(ToldKind::Thanks),
        says: Some(Verb::Thank),
        about: Some(AssertionId([2; 16])),
        facts: facts(),
        seen: Seen::Open,
        words: Some(Texts::default()),
        came_back: true,
        passed_over: true,
        may: vec![Verb::Thank],
        may_take_back: true,
        may_say_better: true,
        may_keep: true,
    }
}

const THING: &[&str] = &[
    "id",
    "by",
    "on",
    "kind",
    "says",
    "about",
    "facts",
    "seen",
    "words",
    "came_back",
    "passed_over",
    "may",
    "may_take_back",
    "may_say_better",
    "may_keep",
];

fn repair() -> Repair {
    Repair {
        step: 3,
        stopped: true,
        through: true,
        i_am_done: true,
        partner_is_done: true,
        my_days: day().into_iter().collect(),
        partner_days: day().into_iter().collect(),
        day: day(),
        slot: Some(Slot::Card("small-steps/hug".into())),
        opened: vec![Slot::Card("small-steps/hug".into())],
        said_back: vec![thing()],
        walked: Some(AssertionId([3; 16])),
    }
}

fn view() -> View {
    View {
        told: thing(),
        weight: Weight::Big,
        slot: Some(Slot::Year(2026)),
        put_away: true,
        answers: vec![thing()],
        beside: vec![thing()],
        better: vec![AssertionId([4; 16])],
        instead_of: Some(AssertionId([5; 16])),
        listen_as: Some(ListenAs::JustListen),
        tell_nobody: true,
        may_tell: vec![thing()],
        i_need_time: day(),
        partner_needs_time: day(),
        done: vec![Who::Me],
        repair: Some(repair()),
        topic: "Visits".into(),
        folded: true,
        may_put_away: true,
    }
}

#[test]
fn the_texts_of_the_two_tables_have_these_names_and_no_others() {
    let fields = |fields: &'static [Field]| fields.iter().map(|field| field.name);
    let told: BTreeSet<&str> = TOLD.iter().flat_map(|row| fields(row.fields)).collect();
    let wanted = [
        "did",
        "says_of_you",
        "text",
        "with_whom",
        "part",
        "beneath",
        "area",
        "helps",
        "allows",
        "bounds",
        "topic",
        "when",
        "felt",
        "would_like",
        "line",
        "note",
        "words",
    ];
    assert_eq!(told, wanted.into());
    let answers: BTreeSet<&str> = ANSWERS.iter().flat_map(|row| fields(row.fields)).collect();
    assert_eq!(answers, ["words", "with_whom", "part"].into());
}

#[test]
fn a_head_has_these_names_and_no_others() {
    are(&facts(), FACTS);
    let says = Verb::Done;
    let facts = facts();
    let wanted = ["says", "until", "as", "agreement", "step", "day"];
    are(&Answer { says, facts }, &wanted);
}

#[test]
fn what_is_shown_of_one_thing_has_these_names_and_no_others() {
    let more = [
        "weight",
        "slot",
        "put_away",
        "answers",
        "beside",
        "better",
        "instead_of",
        "tell_nobody",
        "may_tell",
        "i_need_time",
        "partner_needs_time",
        "done",
        "repair",
        "topic",
        "folded",
        "may_put_away",
    ];
    let of_repair = [
        "stopped",
        "through",
        "i_am_done",
        "partner_is_done",
        "my_days",
        "partner_days",
        "opened",
        "said_back",
        "walked",
    ];
    are(&view(), &[THING, FACTS, &more, &of_repair].concat());
}

#[test]
fn a_line_has_these_names_and_no_others() {
    let line = Line {
        id: AssertionId([1; 16]),
        kind: ToldKind::Thanks,
        by: Who::Partner,
        on: day(),
        seen: Seen::Closed,
        begins: "You".into(),
        put_away: true,
        // What the looker has not opened: of one's own doing, not of the other's.
        unopened: true,
        weight: Weight::Big,
        agreement: Some(AgreementId([1; 16])),
        topic: "Visits".into(),
    };
    let names = [
        "id",
        "kind",
        "by",
        "on",
        "seen",
        "begins",
        "put_away",
        "unopened",
        "weight",
        "agreement",
        "topic",
    ];
    let told = vec![line];
    let lines = Lines {
        told,
        next: Some(50),
    };
    are(&lines, &[&names[..], &["told", "next"]].concat());
}

#[test]
fn today_has_these_names_and_no_others() {
    let told = TodayTold {
        what: TodayToldWhat::Answered,
        id: "0a".into(),
        kind: Some(ToldKind::Bid),
        says: Some(Verb::Yes),
        listen_as: Some(ListenAs::JustListen),
        until: day(),
        line: "Look at the moon?".into(),
        step: Some(3),
    };
    let names = [
        "what",
        "id",
        "kind",
        "says",
        "listen_as",
        "until",
        "line",
        "step",
    ];
    are(&told, &names);
    let on_break = BreakView {
        back_at: minute(),
        passed: true,
        back: vec![Who::Me],
        ids: vec![AssertionId([1; 16])],
    };
    are(&on_break, &["back_at", "passed", "back", "ids"]);
}

#[test]
fn what_leaves_and_what_is_found_has_these_names_and_no_others() {
    let thread = ExportedThread {
        told: Some(thing()),
        slot: Some(Slot::Year(2026)),
        put_away: true,
        topic: "Visits".into(),
        answers: vec![thing()],
    };
    let exported = Exported {
        told: vec![thread],
        unopened: true,
        next: Some(1),
    };
    let more = [
        "told", "slot", "put_away", "topic", "answers", "unopened", "next",
    ];
    are(&exported, &[THING, FACTS, &more].concat());
    let line = FoundLine {
        id: "0a".into(),
        kind: "ask".into(),
        by: Who::Me,
        on: day(),
        line: "The needle is here.".into(),
    };
    let found = Found {
        found: vec![line],
        next: Some(50),
    };
    are(&found, &["found", "id", "kind", "by", "on", "line", "next"]);
}

#[test]
fn a_slot_has_these_names_and_no_others() {
    let page = CheckIn {
        thanks: vec![Thanks {
            did: "You cooked.".into(),
            says_of_you: "You care.".into(),
        }],
        went_well: "The evening.".into(),
        not_yet_said: "That I miss you.".into(),
        talk: Some(Talk {
            when: "You are late".into(),
            felt: "I worry".into(),
            would_like: "A word".into(),
        }),
        wish: "A walk.".into(),
        more: vec![More {
            asked: "What next?".into(),
            words: "A garden.".into(),
        }],
    };
    let look = Look {
        words: "Well.".into(),
        lean: Lean::Keep,
    };
    let card = CardAnswer {
        words: "With a hug.".into(),
    };
    let of_slot = [
        "slot",
        "mine",
        "partner",
        "opened",
        "me",
        "taken_back",
        "may_keep",
        "opens_at_once",
        "words_lost",
        "answers",
        "put_away",
        "words",
        "kept_here",
        "pages",
    ];
    let of_page = [
        "thanks",
        "did",
        "says_of_you",
        "went_well",
        "not_yet_said",
        "talk",
        "when",
        "felt",
        "would_like",
        "wish",
        "more",
        "asked",
    ];
    for (words, names) in [
        (Sealed::CheckIn(page), &of_page[..]),
        (Sealed::Look(look), &["lean"]),
        (Sealed::Card(card), &[]),
    ] {
        let view = SlotView {
            slot: Slot::Year(2026),
            topic: String::new(),
            mine: SealedState::Open,
            partner: SealedState::Open,
            opened: Some(OpenedView {
                me: Some(words.clone()),
                partner: Some(words.clone()),
            }),
            taken_back: vec![Who::Me],
            may_keep: true,
            opens_at_once: true,
            words_lost: true,
            answers: vec![thing()],
            put_away: vec![Who::Me],
            kept_here: Some(words),
            pages: Pages {
                me: Some(AssertionId([1; 16])),
                partner: Some(AssertionId([2; 16])),
            },
        };
        are(&view, &[&of_slot[..], THING, FACTS, names].concat());
    }
}
