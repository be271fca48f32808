//! Check-ins: written, called back, opened, heard, taken back.

use super::{Unsaid, keep_asking, mend, partner, typed};
use crate::ask::{Asking, Settled};
use crate::cli::Checkin;
use crate::link::Link;
use crate::words::t;
use crate::wrap;
use crate::{Said, days, say};
use serde::Deserialize;
use serde_json::json;
use troth_proto::api::{Request, Slots};
use troth_proto::problem::Wrong;
use troth_proto::said::Spoken;
use troth_proto::said::sealed::{CheckIn, Sealed, Talk, Thanks};
use troth_proto::view::{SealedState, SlotView};
use troth_proto::{Problem, Slot};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WordsOnly {
    words: String,
}

/// A week as a person said it, or a slot as scripts name it.
fn slot(link: &mut Link, text: &str) -> Result<Slot, Problem> {
    if let Ok(slot) = text.parse() {
        return Ok(slot);
    }
    let today = super::today_is(link)?;
    days::week(text, today).ok_or_else(|| Problem::BadRequest {
        wrong: Wrong::NoWeek { text: text.into() },
    })
}

pub(super) fn run(link: &mut Link, step: Checkin, asking: Asking) -> Result<Said, Problem> {
    let mut unsaid = None;
    let request = match step {
        Checkin::Ready(asked) => {
            let asked = asked.slot.map(|text| slot(link, &text)).transpose()?;
            let words = if asking.json {
                asking.object()?
            } else {
                let (words, kept) = checkin_words(link, asked.as_ref(), asking)?;
                unsaid = Some(kept);
                words
            };
            Request::CheckinReady { slot: asked, words }
        }
        Checkin::Cancel { slot: asked } => Request::CheckinCancel {
            slot: slot(link, &asked)?,
        },
        Checkin::Share { slot: asked } => Request::CheckinShare {
            slot: slot(link, &asked)?,
        },
        Checkin::Heard { slot: asked } => {
            let slot = slot(link, &asked)?;
            let words = if asking.json {
                asking.object::<WordsOnly>()?.words
            } else {
                may_be_heard(link, &slot)?;
                asking.text_from(&t!("ask-heard"), "")?
            };
            Request::CheckinHeard { slot, words }
        }
        Checkin::TakeBack { slot: asked } => {
            let slot = slot(link, &asked)?;
            if asking.person() && !asking.yes(&take_back_question(link, &slot)?)? {
                return Err(Problem::Interrupted);
            }
            Request::CheckinTakeBack { slot }
        }
        Checkin::Show { slot: asked } => Request::CheckinShow {
            slot: asked.map(|text| slot(link, &text)).transpose()?,
            after: None,
        },
    };
    let answer = keep_asking(link, &request, asking);
    if let (Some(unsaid), Request::CheckinReady { words, .. }) = (&unsaid, &request) {
        match &answer {
            Ok(_) => unsaid.let_go(link)?,
            Err(_) => unsaid.keep(link, words, asking),
        }
    }
    let mut slots: Slots = typed(&answer?)?;
    while let Some(after) = slots.next.take() {
        let after = Some(after);
        let more: Slots = typed(&link.ask(&Request::CheckinShow { slot: None, after })?)?;
        slots.slots.extend(more.slots);
        slots.next = more.next;
    }
    let them = partner(link)?;
    let words: Vec<String> = slots
        .slots
        .iter()
        .map(|slot| say::slot(slot, &them))
        .collect();
    let words = if words.is_empty() {
        t!("checkins-none") + "\n"
    } else {
        words.join("\n")
    };
    match (&request, slots.slots.first()) {
        (Request::CheckinReady { .. }, Some(slot)) => {
            let mine = if slot.mine == SealedState::Empty {
                SealedState::Ready
            } else {
                slot.mine
            };
            Ok(Said::new(json!({"slot": slot.slot, "mine": mine}), words))
        }
        // The others print the slot as `show` does.
        _ => {
            let json = serde_json::to_value(&slots).map_err(|_| Problem::ApiVersion)?;
            Ok(Said::new(json, words))
        }
    }
}

/// Nobody writes what could not be said.
fn may_be_heard(link: &mut Link, slot: &Slot) -> Result<(), Problem> {
    let asked = Request::CheckinShow {
        slot: Some(slot.clone()),
        after: None,
    };
    let slots: Slots = typed(&link.ask(&asked)?)?;
    let open = |opened: &troth_proto::view::Opened| opened.partner.is_some();
    let view = slots.slots.first().and_then(|view| view.opened.as_ref());
    if view.is_some_and(open) {
        return Ok(());
    }
    Err(Problem::NothingOpen {
        partner: partner(link)?,
    })
}

/// What is asked before a page is taken back, and what that does.
fn take_back_question(link: &mut Link, slot: &Slot) -> Result<String, Problem> {
    let asked = Request::CheckinShow {
        slot: Some(slot.clone()),
        after: None,
    };
    let slots: Slots = typed(&link.ask(&asked)?)?;
    let them = partner(link)?;
    let both = slots
        .slots
        .first()
        .is_some_and(|view| view.partner == SealedState::Open);
    let slot = slot.to_string();
    Ok(if both {
        t!("ask-take-back-open", slot = slot, partner = them)
    } else {
        t!("ask-take-back-unseen", slot = slot, partner = them)
    })
}

fn checkin_words(
    link: &mut Link,
    slot: Option<&Slot>,
    asking: Asking,
) -> Result<(CheckIn, Unsaid), Problem> {
    let all = |slot: Option<Slot>| Request::CheckinShow { slot, after: None };
    let mut wanted: Slots = typed(&link.ask(&all(slot.cloned()))?)?;
    if slot.is_none() {
        let this_week = Some(wanted.this_week.clone());
        wanted = typed(&link.ask(&all(this_week))?)?;
    }
    let here = wanted.slots.first();
    may_begin(link, here)?;
    let them = partner(link)?;
    let unsaid = Unsaid {
        about: format!("checkin {}", slot.unwrap_or(&wanted.this_week)),
    };
    let mut words = CheckIn::default();
    let mut written = false;
    let show = |kept: &CheckIn| say::sealed(&Sealed::CheckIn(kept.clone()));
    if let Some(Sealed::CheckIn(back)) = here.and_then(|view| view.kept_here.as_ref()) {
        wrap::tell(&t!("came-back-to-you"));
        (words, written) = (back.clone(), true);
    } else if let Some(kept) = unsaid.offer(link, show, asking)? {
        (words, written) = (kept, true);
    }
    loop {
        if !written {
            let before = words.clone();
            if let Err(broken_off) = fill_check_in(&mut words, &them, asking) {
                // What came before is there all the same, also what had not been asked for again.
                let asked = words.thanks.len();
                words.thanks.extend(before.thanks.into_iter().skip(asked));
                words.talk = words.talk.or(before.talk);
                if !words.is_empty() {
                    unsaid.keep(link, &words, asking);
                }
                return Err(broken_off);
            }
        }
        let shown = Sealed::CheckIn(words.clone());
        wrap::tell(&format!("\n{}", say::sealed(&shown)));
        written = false;
        // What would be refused is mended here, where the words still are.
        let refused = match shown.write(&[0; Sealed::BLIND]) {
            Some(_) => match asking.settled(&t!("ask-ready")) {
                Ok(Settled::Yes) => return Ok((words, unsaid)),
                Ok(Settled::Change) => continue,
                Ok(Settled::No) | Err(_) => {
                    unsaid.keep(link, &words, asking);
                    return Err(Problem::Interrupted);
                }
            },
            None if words.is_empty() => Problem::NothingSaid,
            None => Problem::TooLong,
        };
        mend(&refused);
    }
}

/// Nobody writes what could not be taken; and says before the words are asked for whether they open at once.
pub(super) fn may_begin(link: &mut Link, here: Option<&SlotView>) -> Result<(), Problem> {
    match here.map(|view| view.mine) {
        None | Some(SealedState::Empty | SealedState::Void) => {}
        Some(SealedState::Ready) => return Err(Problem::AlreadyReady),
        Some(SealedState::Locked) => {
            return Err(Problem::LockedIn {
                partner: partner(link)?,
            });
        }
        Some(SealedState::Open) => return Err(Problem::AlreadyOpen),
    }
    if here.is_some_and(|view| view.opens_at_once) {
        let words = t!("opens-at-once", partner = partner(link)?);
        wrap::tell(&words);
    }
    Ok(())
}

/// Asks for the words of a check-in, beginning from what stands there already.
fn fill_check_in(words: &mut CheckIn, them: &str, asking: Asking) -> Result<(), Problem> {
    let mut so_far = std::mem::take(&mut words.thanks).into_iter();
    loop {
        // One that was there and is emptied is taken out; an empty new one is the end.
        let before = so_far.next();
        let there = before.is_some();
        let before = before.unwrap_or_default();
        let did = asking.text_from(&t!("ask-thanks", partner = them), &before.did)?;
        if did.is_empty() && there {
            continue;
        }
        if did.is_empty() {
            break;
        }
        let says_of_you =
            asking.text_from(&t!("ask-thanks-says", partner = them), &before.says_of_you)?;
        words.thanks.push(Thanks { did, says_of_you });
    }
    words.went_well = asking.text_from(&t!("ask-went-well"), &words.went_well)?;
    words.not_yet_said = asking.text_from(&t!("ask-not-yet-said"), &words.not_yet_said)?;
    let talk = words.talk.take().unwrap_or_default();
    let when = asking.text_from(&t!("ask-talk-when"), &talk.when)?;
    if !when.is_empty() {
        words.talk = Some(Talk {
            when,
            felt: asking.text_from(&t!("ask-talk-felt"), &talk.felt)?,
            would_like: asking.text_from(&t!("ask-talk-would-like"), &talk.would_like)?,
        });
    }
    words.wish = asking.text_from(&t!("ask-wish"), &words.wish)?;
    Ok(())
}
