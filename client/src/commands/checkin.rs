//! Check-ins: written, called back, opened, heard, taken back.

use super::{KeptText, Unsaid, keep_asking, mend, pages, partner, typed};
use crate::ask::{Asking, Settled};
use crate::cli::Checkin;
use crate::editor::{self, Sheet};
use crate::form::Part;
use crate::link::Link;
use crate::words::{means, t};
use crate::wrap;
use crate::{Said, days, names, say};
use serde::Deserialize;
use serde_json::{Value, json};
use troth_proto::api::{Request, Slots};
use troth_proto::home::Home;
use troth_proto::ids::Who;
use troth_proto::problem::Wrong;
use troth_proto::said::Spoken;
use troth_proto::said::sealed::{CheckIn, More, Sealed, Talk, Thanks};
use troth_proto::said::told::Verb;
use troth_proto::view::{AgreementState, SealedState, SlotView};
use troth_proto::{Problem, Slot, limits};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WordsOnly {
    words: String,
}

/// A week as a person said it, or a slot as scripts name it.
pub(super) fn slot(link: &mut Link, text: &str) -> Result<Slot, Problem> {
    if let Ok(slot) = text.parse() {
        return Ok(slot);
    }
    let today = super::today_is(link)?;
    if means("word-this-year", text) {
        return Ok(Slot::Year(today.week().0));
    }
    days::week(text, today).ok_or_else(|| Problem::BadRequest {
        wrong: Wrong::NoWeek { text: text.into() },
    })
}

/// A page that is ready and has not opened.
fn is_sealed(view: &SlotView) -> bool {
    matches!(view.mine, SealedState::Ready | SealedState::Locked)
}

/// One's own page that is open and was not taken back.
fn is_open(view: &SlotView) -> bool {
    view.mine == SealedState::Open && !view.taken_back.contains(&Who::Me)
}

pub(super) fn is_week(view: &SlotView) -> bool {
    matches!(view.slot, Slot::Week { .. })
}

/// The page that was named; else the only one to which the step can be done, this week's if there is none.
pub(super) fn meant(
    link: &mut Link,
    asked: Option<String>,
    fits: impl Fn(&SlotView) -> bool,
    asking: Asking,
) -> Result<Slot, Problem> {
    if let Some(asked) = asked {
        return match slot(link, &asked) {
            Err(no_week) => super::told::page(link, &asked, fits, asking)?.ok_or(no_week),
            slot => slot,
        };
    }
    let (mut found, mut after) = (Vec::new(), None);
    let this_week = loop {
        let part: Slots = typed(&link.ask(&Request::SlotList { after })?)?;
        let pages = part.slots.into_iter().filter(&fits);
        found.extend(pages);
        after = part.next;
        if after.is_none() {
            break part.this_week;
        }
    };
    match found.as_slice() {
        [] => Ok(this_week),
        [one] => Ok(one.slot.clone()),
        several if asking.person() => one_of(several, asking),
        several => {
            let name = |it: &SlotView| match asking.json {
                true => it.slot.to_string(),
                false => say::page_typed(&it.slot, &it.topic),
            };
            let weeks: Vec<String> = several.iter().map(name).collect();
            let weeks = weeks.join(", ");
            Err(Problem::WhichWeek { weeks })
        }
    }
}

/// Asks which page, by its number.
pub(super) fn one_of(several: &[SlotView], asking: Asking) -> Result<Slot, Problem> {
    let names = several.iter().map(say::page_head).enumerate();
    let lines: Vec<String> = names
        .map(|(n, name)| format!("{}  {name}", n + 1))
        .collect();
    wrap::tell(&lines.join("\n"));
    let place = asking.place(&t!("ask-which-told"), several.len())?;
    let found = several.get(place).map(|it| it.slot.clone());
    found.ok_or(Problem::Internal)
}

pub(super) fn run(
    link: &mut Link,
    home: &Home,
    step: Checkin,
    asking: Asking,
) -> Result<Said, Problem> {
    let (mut unsaid, mut heard) = (None, None);
    let request = match step {
        Checkin::Ready(asked) => {
            let asked = asked.text().map(|text| slot(link, &text)).transpose()?;
            let words = if asking.json {
                asking.object()?
            } else {
                let (words, kept) = checkin_words(link, asked.as_ref(), asking)?;
                unsaid = Some(kept);
                words
            };
            Request::CheckinReady { slot: asked, words }
        }
        Checkin::Cancel(asked) => Request::CheckinCancel {
            slot: pages::to_do(link, asked, is_sealed, asking)?,
        },
        Checkin::Share(asked) => {
            let slot = pages::to_do(link, asked, is_sealed, asking)?;
            sure_to_share(link, &slot, asking)?;
            Request::CheckinShare { slot }
        }
        Checkin::Heard(asked) => {
            let slot = pages::to_answer(link, asked, Verb::Heard, asking)?;
            let words = if asking.json {
                asking.object::<WordsOnly>()?.words
            } else {
                let page = may_be_heard(link, &slot)?;
                wrap::tell(&page);
                let text = KeptText::new("heard", &slot.to_string());
                let text = text.ask(link, &t!("ask-heard"), String::new(), asking)?;
                heard.insert(text).text.clone()
            };
            Request::CheckinHeard { slot, words }
        }
        Checkin::Thank(slot) => {
            return pages::answer(link, home, slot, (Verb::Thank, None), asking);
        }
        Checkin::NeedTime { slot, until } => {
            return pages::answer(link, home, slot, (Verb::NeedTime, until), asking);
        }
        Checkin::Keep(slot) => return pages::keep(link, slot, asking),
        Checkin::PutAway {
            slot,
            before: None,
            back,
            days,
        } => return pages::put_away(link, slot, (back, days), asking),
        Checkin::PutAway {
            before: Some(before),
            days,
            ..
        } => return pages::put_away_before(link, &before, days, asking),
        Checkin::TakeBack(asked) => {
            let slot = pages::to_do(link, asked, is_open, asking)?;
            let question = take_back_question(link, &slot)?;
            asking.sure(String::new, &question)?;
            Request::CheckinTakeBack { slot }
        }
        Checkin::Show(asked) => Request::CheckinShow {
            slot: asked.text().map(|text| slot(link, &text)).transpose()?,
            after: None,
        },
    };
    let mut answer = keep_asking(link, &request, asking);
    if let (Request::CheckinCancel { .. }, Err(problem)) = (&request, &mut answer)
        && *problem == Problem::AlreadyOpen
    {
        *problem = Problem::OpenNotCalledBack;
    }
    if let (Some(unsaid), Request::CheckinReady { words, .. }) = (&unsaid, &request) {
        match &answer {
            Ok(_) => unsaid.let_go(link)?,
            Err(_) => {
                unsaid.keep(link, words, asking);
            }
        }
    }
    if let Some(heard) = &heard {
        heard.done(link, answer.is_ok(), asking)?;
    }
    let slots = whole(link, &answer?)?;
    match (&request, slots.slots.first()) {
        (Request::CheckinReady { .. }, Some(slot)) => {
            let mine = if slot.mine == SealedState::Empty {
                SealedState::Ready
            } else {
                slot.mine
            };
            let json = json!({"slot": slot.slot, "mine": mine});
            Ok(Said {
                json,
                ..shown(link, &slots)?
            })
        }
        // The others print the slot as `show` does.
        _ => shown(link, &slots),
    }
}

/// All pages of an answer.
fn whole(link: &mut Link, answer: &Value) -> Result<Slots, Problem> {
    let mut slots: Slots = typed(answer)?;
    while let Some(after) = slots.next.take() {
        let after = Some(after);
        let more: Slots = typed(&link.ask(&Request::CheckinShow { slot: None, after })?)?;
        slots.slots.extend(more.slots);
        slots.next = more.next;
    }
    Ok(slots)
}

/// Slots as they are shown.
pub(super) fn shown(link: &mut Link, slots: &Slots) -> Result<Said, Problem> {
    let them = partner(link)?;
    let words: Vec<String> = slots
        .slots
        .iter()
        .map(|slot| say::slot_to_answer(slot, &them))
        .collect();
    let mut words = if words.is_empty() {
        t!("checkins-none") + "\n"
    } else {
        words.join("\n")
    };
    let now = |it: &SlotView| it.slot == slots.this_week || matches!(it.slot, Slot::Year(_));
    if slots.slots.iter().any(now) {
        words += &due_for_a_look(link)?;
    }
    let json = serde_json::to_value(slots).map_err(|_| Problem::ApiVersion)?;
    Ok(Said::new(json, words))
}

/// The agreements that are due for a look belong to a check-in (SPEC §5).
fn due_for_a_look(link: &mut Link) -> Result<String, Problem> {
    let today = super::glance(link)?;
    if today.to_look_at.is_empty() {
        return Ok(String::new());
    }
    let due = say::to_look_at(&today, &crate::names::list(link)?);
    let space = if due.is_empty() { "" } else { "\n" };
    Ok(format!("{space}{due}"))
}

/// The page under which something is about to be said: nobody writes what could not be said, or what goes elsewhere.
pub(super) fn may_be_heard(link: &mut Link, slot: &Slot) -> Result<String, Problem> {
    let partner = partner(link)?;
    let open = |view: &SlotView| view.opened.as_ref().is_some_and(|it| it.partner.is_some());
    match super::told::slot_view(link, slot)?.filter(open) {
        Some(view) => Ok(say::slot(&view, &partner)),
        None => Err(Problem::NothingOpen { partner }),
    }
}

/// Asks before a page opens for one alone; of one that waits nowhere the daemon says why it cannot.
fn sure_to_share(link: &mut Link, slot: &Slot, asking: Asking) -> Result<(), Problem> {
    let them = partner(link)?;
    let Some(view) = super::told::slot_view(link, slot)?.filter(is_sealed) else {
        return Ok(());
    };
    let question = t!(
        "ask-share",
        slot = say::page_name(slot, &view.topic),
        partner = them.as_str()
    );
    asking.sure(|| say::slot(&view, &them), &question)
}

/// What is asked before a page is taken back, and what that does.
fn take_back_question(link: &mut Link, slot: &Slot) -> Result<String, Problem> {
    let asked = Request::CheckinShow {
        slot: Some(slot.clone()),
        after: None,
    };
    let slots: Slots = typed(&link.ask(&asked)?)?;
    let them = partner(link)?;
    let view = slots.slots.first();
    let both = view.is_some_and(|view| view.partner == SealedState::Open);
    let topic = view.map(|view| view.topic.as_str()).unwrap_or_default();
    let slot = say::page_name(slot, topic);
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
    let unsaid = Unsaid::new(format!("checkin {}", slot.unwrap_or(&wanted.this_week)));
    let mut words = CheckIn::default();
    let mut written = false;
    let show = |kept: &CheckIn| say::sealed(&Sealed::CheckIn(kept.clone()));
    if let Some(Sealed::CheckIn(back)) = here.and_then(|view| view.kept_here.as_ref()) {
        wrap::tell(&t!("came-back-to-you"));
        (words, written) = (back.clone(), true);
    } else if let Some(kept) = unsaid.offer(link, show, asking)? {
        words = kept;
    }
    if let Some(year @ Slot::Year(_)) = slot {
        wrap::tell(&say::heading(&say::slot_head(year)));
    }
    let due = due_for_a_look(link)?;
    if !due.is_empty() {
        wrap::tell(due.trim_end());
    }
    let besides = Besides::read(link, slot.unwrap_or(&wanted.this_week))?;
    let heads = Heads::new(&them, &besides.all);
    let mut sheet = Sheet::new(t!("edit-checkin"), heads.all(), 0);
    if !written {
        asking.tell_of_editor();
    }
    loop {
        let mut wrong = Vec::new();
        if !written {
            let before = words.clone();
            let filled = if asking.edit {
                let edited = sheet.edit(&heads.parts(&words), asking);
                edited.map(|(parts, unknown)| {
                    wrong = unknown;
                    words = heads.take(parts);
                })
            } else {
                fill_check_in(&mut words, (&them, &besides), asking)
            };
            if filled.is_ok() && sheet.given_up {
                unsaid.keep(link, &words, asking);
                return Err(Problem::Interrupted);
            }
            if let Err(broken_off) = filled {
                // What came before is there all the same, also what had not been asked for again.
                let asked = words.thanks.len();
                words.thanks.extend(before.thanks.into_iter().skip(asked));
                words.talk = words.talk.or(before.talk);
                if words.more.is_empty() {
                    words.more = before.more;
                }
                if !words.is_empty() {
                    unsaid.keep(link, &words, asking);
                }
                return Err(broken_off);
            }
        }
        let shown = Sealed::CheckIn(words.clone());
        wrap::tell(&format!("\n{}", say::sealed(&shown)));
        tell_if_it_opens_at_once(link, slot.unwrap_or(&wanted.this_week));
        written = false;
        // What would be refused is mended here, where the words still are.
        let refused = match shown.write(&[0; Sealed::BLIND]) {
            Some(_) if !wrong.is_empty() => None,
            Some(_) => match asking.settled(&t!("ask-ready")) {
                Ok(Settled::Yes) => return Ok((words, unsaid)),
                Ok(Settled::Change) => continue,
                Ok(Settled::No) | Err(_) => {
                    unsaid.keep(link, &words, asking);
                    return Err(Problem::Interrupted);
                }
            },
            None if words.is_empty() => Some(Problem::NothingSaid),
            None => Some(Problem::TooLong),
        };
        for line in &wrong {
            wrap::tell(line);
        }
        if let Some(refused) = refused {
            mend(&refused);
        }
        if asking.edit && !editor::again(asking) {
            if !words.is_empty() {
                unsaid.keep(link, &words, asking);
            }
            return Err(Problem::Interrupted);
        }
    }
}

/// The headings under which the parts stand in an editor.
struct Heads {
    did: String,
    says: String,
    went_well: String,
    not_yet_said: String,
    talk_when: String,
    felt: String,
    would_like: String,
    wish: String,
    more: Vec<String>,
}

impl Heads {
    fn new(them: &str, more: &[String]) -> Self {
        Self {
            more: more.to_vec(),
            did: t!("edit-thanks", partner = them),
            says: t!("ask-thanks-says", partner = them),
            went_well: t!("ask-went-well"),
            not_yet_said: t!("ask-not-yet-said"),
            talk_when: t!("edit-talk-when"),
            felt: t!("ask-talk-felt"),
            would_like: t!("ask-talk-would-like"),
            wish: t!("ask-wish"),
        }
    }

    fn all(&self) -> Vec<String> {
        let heads = [
            &self.did,
            &self.says,
            &self.went_well,
            &self.not_yet_said,
            &self.talk_when,
            &self.felt,
            &self.would_like,
            &self.wish,
        ];
        heads.into_iter().chain(&self.more).cloned().collect()
    }

    fn parts(&self, words: &CheckIn) -> Vec<Part> {
        let nothing = [Thanks::default()];
        let thanks = if words.thanks.is_empty() {
            &nothing[..]
        } else {
            &words.thanks
        };
        let mut parts = Vec::new();
        for one in thanks {
            parts.push(Part::new(&self.did, &one.did));
            parts.push(Part::new(&self.says, &one.says_of_you));
        }
        let talk = words.talk.clone().unwrap_or_default();
        parts.extend([
            Part::new(&self.went_well, &words.went_well),
            Part::new(&self.not_yet_said, &words.not_yet_said),
            Part::new(&self.talk_when, talk.when),
            Part::new(&self.felt, talk.felt),
            Part::new(&self.would_like, talk.would_like),
            Part::new(&self.wish, &words.wish),
        ]);
        for asked in &self.more {
            let said = words.more.iter().find(|it| it.asked == *asked);
            let said = said.map(|it| it.words.as_str()).unwrap_or_default();
            parts.push(Part::new(asked, said));
        }
        parts
    }

    fn take(&self, parts: Vec<Part>) -> CheckIn {
        let mut words = CheckIn::default();
        let mut talk = Talk::default();
        for Part { head, text } in parts {
            if head == self.did {
                let (did, says_of_you) = (text, String::new());
                words.thanks.push(Thanks { did, says_of_you });
            } else if head == self.says {
                match words.thanks.last_mut() {
                    Some(last) if last.says_of_you.is_empty() => last.says_of_you = text,
                    _ => words.thanks.push(Thanks {
                        did: String::new(),
                        says_of_you: text,
                    }),
                }
            } else if head == self.went_well {
                words.went_well = text;
            } else if head == self.not_yet_said {
                words.not_yet_said = text;
            } else if head == self.talk_when {
                talk.when = text;
            } else if head == self.felt {
                talk.felt = text;
            } else if head == self.would_like {
                talk.would_like = text;
            } else if head == self.wish {
                words.wish = text;
            } else if !text.is_empty() {
                words.more.push(More {
                    asked: head,
                    words: text,
                });
            }
        }
        let said = |one: &Thanks| !one.did.is_empty() || !one.says_of_you.is_empty();
        words.thanks.retain(said);
        words.talk = (talk != Talk::default()).then_some(talk);
        words
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

/// Says it also just before the last question: the other may have become ready while the words were typed. What is typed is
/// not lost if nobody answers.
pub(super) fn tell_if_it_opens_at_once(link: &mut Link, slot: &Slot) {
    let here = super::told::slot_view(link, slot).ok().flatten();
    if here.is_some_and(|view| view.opens_at_once)
        && let Ok(them) = partner(link)
    {
        wrap::tell(&t!("opens-at-once", partner = them));
    }
}

/// Asks for the words of a check-in, beginning from what stands there already.
fn fill_check_in(
    words: &mut CheckIn,
    (them, besides): (&str, &Besides),
    asking: Asking,
) -> Result<(), Problem> {
    let mut so_far = std::mem::take(&mut words.thanks).into_iter();
    loop {
        // One that was there and is emptied is taken out; an empty new one is the end.
        let before = so_far.next();
        let there = before.is_some();
        let before = before.unwrap_or_default();
        let mut did = before.did.clone();
        let asked = asking.text_into(&t!("ask-thanks", partner = them), &mut did);
        if asked.is_err() && !did.is_empty() {
            let says_of_you = before.says_of_you.clone();
            words.thanks.push(Thanks { did, says_of_you });
            return asked;
        }
        asked?;
        if did.is_empty() && there {
            continue;
        }
        if did.is_empty() {
            break;
        }
        // What was typed stands there, also if it is broken off in the middle of a pair.
        let says_of_you = before.says_of_you.clone();
        words.thanks.push(Thanks { did, says_of_you });
        if let Some(last) = words.thanks.last_mut() {
            let question = t!("ask-thanks-says", partner = them);
            asking.text_into(&question, &mut last.says_of_you)?;
        }
    }
    asking.text_into(&t!("ask-went-well"), &mut words.went_well)?;
    asking.text_into(&t!("ask-not-yet-said"), &mut words.not_yet_said)?;
    let talk = words.talk.take().unwrap_or_default();
    let when = asking.text_from(&t!("ask-talk-when"), &talk.when)?;
    if !when.is_empty() {
        let it = words.talk.insert(Talk { when, ..talk });
        asking.text_into(&t!("ask-talk-felt"), &mut it.felt)?;
        asking.text_into(&t!("ask-talk-would-like"), &mut it.would_like)?;
    }
    asking.text_into(&t!("ask-wish"), &mut words.wish)?;
    let mut before = std::mem::take(&mut words.more);
    for (n, question) in besides.all.iter().enumerate() {
        let said = before.iter().position(|it| it.asked == *question);
        let said = said.map(|place| before.remove(place).words);
        // What the two agreed to ask is theirs: it stands under a heading of ours, and is never the prompt itself.
        let prompt = match n < besides.ours {
            true => question.clone(),
            false => {
                let head = say::heading(&t!("head-agreed-question"));
                wrap::tell(&format!("{head}\n    {question}"));
                t!("ask-agreed-question")
            }
        };
        match asking.text_from(&prompt, &said.unwrap_or_default()) {
            Ok(text) if text.is_empty() => {}
            Ok(text) => words.more.push(More {
                asked: question.clone(),
                words: text,
            }),
            Err(broken_off) => {
                words.more.extend(before);
                return Err(broken_off);
            }
        }
    }
    // What nobody asks any more and was answered stays.
    words.more.extend(before);
    Ok(())
}

/// The long questions of a year.
const OF_A_YEAR: usize = 8;

/// What is asked besides: in the long check-in its own questions, and in each what the two have agreed to ask.
struct Besides {
    all: Vec<String>,
    /// So many are ours; they come first.
    ours: usize,
}

impl Besides {
    fn read(link: &mut Link, slot: &Slot) -> Result<Self, Problem> {
        let ours = match slot {
            Slot::Year(_) => OF_A_YEAR,
            _ => 0,
        };
        let mut all: Vec<String> = (1..=ours).map(|n| t!(&format!("ask-year-{n}"))).collect();
        all.extend(agreed_questions(link)?);
        all.truncate(limits::LISTED_LINES);
        Ok(Self { all, ours })
    }
}

/// What the two have agreed to ask, line by line.
fn agreed_questions(link: &mut Link) -> Result<Vec<String>, Problem> {
    let mut all = Vec::new();
    for line in names::list(link)? {
        if !matches!(
            line.state,
            AgreementState::InForce | AgreementState::ChangeProposed | AgreementState::TwoYeses
        ) {
            continue;
        }
        let view = super::whole(link, &line.agreement.hex())?;
        let held = view.versions.iter().find(|v| Some(v.hash) == view.in_force);
        let words = held.and_then(|v| v.words.as_ref());
        let Some(words) = words.filter(|it| it.tag.as_deref() == Some("questions")) else {
            continue;
        };
        let lines = words.terms.lines().map(say::calm_line);
        let lines = lines.map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "));
        all.extend(lines.filter(|line| !line.is_empty()));
    }
    let fits = |line: &String| limits::line_fits(line, limits::LINE_CHARS);
    all.retain(fits);
    Ok(all)
}
