//! Pages in slots: of one text, written; and once they are open, what is said of the other's, a copy of it, and one's own put
//! away.

use super::checkin::{
    is_week, may_be_heard, may_begin, meant, shown, slot, tell_if_it_opens_at_once,
};
use super::{KeptText, keep_asking, partner, told, typed};
use crate::ask::{Asking, Settled};
use crate::cli::SlotArg;
use crate::link::Link;
use crate::words::t;
use crate::{Said, say, wrap};
use serde::Deserialize;
use troth_proto::api::{Request, Slots};
use troth_proto::home::Home;
use troth_proto::ids::Who;
use troth_proto::said::sealed::{CardAnswer, Sealed};
use troth_proto::said::told::Verb;
use troth_proto::telling::Ask;
use troth_proto::view::{SealedState, SlotView};
use troth_proto::{Problem, Slot};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Text {
    words: String,
}

/// Whether a page is one that is named by itself, as no step of a repair is; a script that names none means a week's.
fn is_called(view: &SlotView, asking: Asking) -> bool {
    let called = !matches!(view.slot, Slot::Repair { .. });
    is_week(view) || called && !asking.json
}

/// The page that was named; else the only one to which a step can be done.
pub(super) fn to_do(
    link: &mut Link,
    asked: SlotArg,
    may: impl Fn(&SlotView) -> bool,
    asking: Asking,
) -> Result<Slot, Problem> {
    let fits = |view: &SlotView| is_called(view, asking) && may(view);
    meant(link, asked.text(), fits, asking)
}

/// The other's page that was named; else the only one that is open and of which this was not said yet.
pub(super) fn to_answer(
    link: &mut Link,
    asked: SlotArg,
    says: Verb,
    asking: Asking,
) -> Result<Slot, Problem> {
    let fits = |view: &SlotView| {
        let open = view.opened.as_ref().is_some_and(|it| it.partner.is_some());
        let mut mine = view.answers.iter().filter(|it| it.by == Who::Me);
        open && !mine.any(|it| it.says == Some(says))
    };
    to_do(link, asked, fits, asking)
}

/// Says something of the other's page.
pub(super) fn answer(
    link: &mut Link,
    home: &Home,
    asked: SlotArg,
    (says, until): (Verb, Option<String>),
    asking: Asking,
) -> Result<Said, Problem> {
    let slot = to_answer(link, asked, says, asking)?;
    let page = may_be_heard(link, &slot)?;
    // A day that was named asks for nothing more.
    if !asking.json && until.is_none() {
        wrap::tell(&page);
    }
    told::answer_page(link, home, &slot, (says, until), asking)?;
    show(link, &[slot])
}

/// Keeps a copy of the other's page, also of one that was taken back, for as long as it is here.
pub(super) fn keep(link: &mut Link, asked: SlotArg, asking: Asking) -> Result<Said, Problem> {
    let fits = |view: &SlotView| {
        let open = view.opened.as_ref().is_some_and(|it| it.partner.is_some());
        open || view.taken_back.contains(&Who::Partner)
    };
    let slot = to_do(link, asked, fits, asking)?;
    told::kept(link, slot.to_string(), asking)
}

/// Whether one's own page is open and not put away.
fn is_at_hand(view: &SlotView) -> bool {
    view.mine == SealedState::Open
        && !view.taken_back.contains(&Who::Me)
        && !view.put_away.contains(&Who::Me)
}

/// Puts an own page away, or takes it out again.
pub(super) fn put_away(
    link: &mut Link,
    asked: SlotArg,
    (back, days): (bool, Option<u16>),
    asking: Asking,
) -> Result<Said, Problem> {
    let fits = |view: &SlotView| match back {
        true => view.put_away.contains(&Who::Me),
        false => is_at_hand(view),
    };
    let slot = to_do(link, asked, fits, asking)?;
    away(link, &slot, (back, days), asking)?;
    show(link, &[slot])
}

/// Puts all own check-ins before a week away.
pub(super) fn put_away_before(
    link: &mut Link,
    before: &str,
    days: Option<u16>,
    asking: Asking,
) -> Result<Said, Problem> {
    let before = slot(link, before)?;
    let (mut old, mut after) = (Vec::new(), None);
    loop {
        let part: Slots = typed(&link.ask(&Request::SlotList { after })?)?;
        let pages = part.slots.into_iter().filter(is_at_hand);
        let pages = pages.filter(|view| is_earlier(&view.slot, &before));
        old.extend(pages.map(|view| view.slot));
        after = part.next;
        if after.is_none() {
            break;
        }
    }
    for slot in &old {
        away(link, slot, (false, days), asking)?;
    }
    let mut said = show(link, &old)?;
    if old.is_empty() {
        said.words = t!("checkins-none-before") + "\n";
    }
    Ok(said)
}

/// Whether a check-in is of an earlier week than another, or of an earlier year.
fn is_earlier(slot: &Slot, than: &Slot) -> bool {
    match (slot, than) {
        (Slot::Week { year, week }, Slot::Week { year: y, week: w }) => (year, week) < (y, w),
        (Slot::Week { year, .. } | Slot::Year(year), Slot::Year(than))
        | (Slot::Year(year), Slot::Week { year: than, .. }) => year < than,
        _ => false,
    }
}

fn away(
    link: &mut Link,
    slot: &Slot,
    (back, days): (bool, Option<u16>),
    asking: Asking,
) -> Result<(), Problem> {
    let id = slot.to_string();
    let put_away = Request::Told(Ask::PutAway { id, back, days });
    keep_asking(link, &put_away, asking).map(drop)
}

/// Slots as `checkin show` shows them.
fn show(link: &mut Link, all: &[Slot]) -> Result<Said, Problem> {
    let this_week = super::today_is(link)?;
    let mut slots = Slots {
        slots: Vec::new(),
        this_week: Slot::week_of(this_week),
        next: None,
    };
    for slot in all {
        slots.slots.extend(told::slot_view(link, slot)?);
    }
    shown(link, &slots)
}

/// Words for a slot of one text: asked for, read whole, and sealed until both are ready.
pub(super) fn ready(
    link: &mut Link,
    slot: &Slot,
    question: &str,
    asking: Asking,
) -> Result<Said, Problem> {
    let mut kept = None;
    let words = if asking.json {
        asking.object::<Text>()?.words
    } else {
        let here = told::slot_view(link, slot)?;
        may_begin(link, here.as_ref())?;
        let back = match here.and_then(|it| it.kept_here) {
            Some(Sealed::Card(CardAnswer { words })) => {
                wrap::tell(&t!("came-back-to-you"));
                words
            }
            _ => String::new(),
        };
        let text = KeptText::new("ready", &slot.to_string());
        let mut text = text.ask(link, question, back, asking)?;
        loop {
            if text.text.is_empty() {
                return Err(Problem::NothingSaid);
            }
            wrap::tell(&format!("\n{}", say::calm(&text.text)));
            tell_if_it_opens_at_once(link, slot);
            match asking.settled(&t!("ask-ready")) {
                Ok(Settled::Yes) => break,
                Ok(Settled::Change) => match asking.saved_from(question, &text.text) {
                    Ok(better) => {
                        text.text = better.text;
                        if !better.taken {
                            text.keep(link, asking);
                            return Err(Problem::Interrupted);
                        }
                    }
                    Err(broken_off) => {
                        text.keep(link, asking);
                        return Err(broken_off);
                    }
                },
                Ok(Settled::No) | Err(_) => {
                    text.keep(link, asking);
                    return Err(Problem::Interrupted);
                }
            }
        }
        kept.insert(text).text.clone()
    };
    let request = Request::SlotReady {
        slot: slot.clone(),
        words,
    };
    let answer = keep_asking(link, &request, asking);
    if let Some(kept) = &kept {
        kept.done(link, answer.is_ok(), asking)?;
    }
    let answer = answer?;
    let slots: Slots = typed(&answer)?;
    let them = partner(link)?;
    let shown = slots.slots.iter().map(|it| say::slot(it, &them));
    let mut shown: Vec<String> = shown.collect();
    if matches!(slot, Slot::Repair { .. }) {
        shown.push(format!("  {}\n", t!("repair-break-or-stop")));
    }
    Ok(Said::new(answer, shown.join("\n")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_check_ins_are_earlier_than_a_week() {
        let week: Slot = "2026-W47".parse().unwrap();
        let earlier = |slot: &str| is_earlier(&slot.parse().unwrap(), &week);
        for slot in ["2026-W46", "2025-W52", "2025"] {
            assert!(earlier(slot), "{slot}");
        }
        for slot in [
            "2026-W47",
            "2026-W48",
            "2027-W01",
            "2026",
            "card:ahead/home",
        ] {
            assert!(!earlier(slot), "{slot}");
        }
        assert!(is_earlier(&week, &Slot::Year(2027)));
        assert!(!is_earlier(&week, &Slot::Year(2026)));
    }
}
