//! What was told and answered, as the one who looks sees it (KINDS §8).

mod answers;
mod lists;
mod repair;
mod spot;
mod today;

pub use answers::{answer_before, asks_whether, told_in, unread};
pub use lists::{Named, begins, found, list, one, with_words};
pub use repair::has_said_back;
pub use today::{on_break, today_command, today_line};

use super::{calm, checkin, heading, indented, named, sealed};
use crate::cli::kebab;
use crate::days::spoken;
use crate::words::t;
use answers::{all_answers, answered, can};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use repair::{opened_step, step, to_do};
use std::fmt::Write;
use troth_proto::Slot;
use troth_proto::day::Minute;
use troth_proto::ids::Who;
use troth_proto::said::told::{Facts, Opened, Page, Texts, Thing as About, ToldKind, Verb};
use troth_proto::slot::SealedStep;
use troth_proto::telling::{Seen, Thing, View};
use troth_proto::view::SlotView;

/// Letters of a name that scripts use, where nothing else names a thing.
const NAME: usize = 8;

/// Where the words of an answer stand: some verbs are said otherwise of one thing than of another.
#[must_use]
pub fn answer_id(says: Verb, about: About) -> String {
    let otherwise = match (says, about) {
        (Verb::Thank, About::Told(ToldKind::SmallTruth)) => "-small-truth",
        (Verb::Thank | Verb::Yes | Verb::NotYet, About::Told(ToldKind::Bid)) => "-bid",
        (Verb::Yes | Verb::NotYet, About::Answer(Verb::Apology, _)) => "-apology",
        (
            Verb::Yes | Verb::NotYet,
            About::Answer(Verb::SayBack, _) | About::OfOpen(Verb::SayBack),
        ) => "-say-back",
        (Verb::Words, About::Told(ToldKind::Confidence) | About::Answer(..)) => "-advice",
        (Verb::Done, About::Told(ToldKind::Break)) => "-break",
        (Verb::Done, About::Told(ToldKind::Repair)) => "-repair",
        _ => "",
    };
    format!("answer-{}{otherwise}", kebab(says.name()))
}

/// Where the words of a kind stand.
#[must_use]
pub fn kind_id(kind: ToldKind) -> String {
    format!("told-{}", kebab(kind.name()))
}

/// What a kind is called.
#[must_use]
pub fn label(kind: ToldKind) -> String {
    t!(&kind_id(kind))
}

/// What somebody speaks of in a view: what was told, what was opened in a slot, or an answer to either.
#[must_use]
pub fn about_of(view: &View, thing: &Thing) -> Option<About> {
    match (thing.kind, thing.says, view.told.kind) {
        (Some(kind), ..) => Some(About::Told(kind)),
        (None, Some(says), Some(kind)) => Some(About::Answer(says, kind)),
        (None, Some(says), None) => Some(About::OfOpen(says)),
        (None, None, _) => view.slot.as_ref().map(|it| About::Open(opened_in(it))),
    }
}

/// What an answer among those to a page speaks of: the page itself, or another answer.
#[must_use]
pub fn about_of_page(slot: &Slot, answers: &[Thing], answer: &Thing) -> About {
    let target = answers.iter().find(|it| Some(it.id) == answer.about);
    match target.and_then(|it| it.says) {
        Some(says) => About::OfOpen(says),
        None => About::Open(opened_in(slot)),
    }
}

/// What is opened in a slot.
fn opened_in(slot: &Slot) -> Opened {
    match slot {
        Slot::Repair {
            step: SealedStep::Feelings,
            ..
        } => Opened::Feelings,
        Slot::Repair { .. } => Opened::Step,
        _ => Opened::Page,
    }
}

/// A minute on the clock of this place: 20:00.
#[must_use]
pub fn clock(minute: Minute) -> String {
    let at = Timestamp::from_second(minute.unix()).unwrap_or_default();
    let here = at.to_zoned(TimeZone::system());
    format!("{:02}:{:02}", here.hour(), here.minute())
}

/// Sentences, each within its place.
fn line(out: &mut String, text: &str) {
    let _ = writeln!(out, "  {}", text.replace('\n', "\n  "));
}

/// What a sentence may name.
struct Given<'a> {
    partner: &'a str,
    topic: String,
    facts: &'a Facts,
    words: Option<&'a Texts>,
}

impl Given<'_> {
    fn say(&self, id: &str) -> String {
        let text = |name: &str| {
            let text = self.words.map(|it| it.get(name)).unwrap_or_default();
            named(text)
        };
        let day = self.facts.until.or(self.facts.day);
        t!(
            id,
            partner = self.partner,
            topic = self.topic.as_str(),
            whom = text("with_whom"),
            part = text("part"),
            line = text("line"),
            day = day.map(spoken).unwrap_or_default(),
            time = self.facts.back_at.map(clock).unwrap_or_default(),
            way = self.facts.listen_as.map_or("", |it| it.name()),
            how = self.facts.how.map_or("", |it| it.name()),
            page = self.facts.page.map_or("", Page::name),
            step = i64::from(self.facts.step.unwrap_or(0))
        )
    }
}

/// Words by their names: each with what it is.
fn texts(out: &mut String, kind: ToldKind, given: &Given<'_>) {
    let Some(words) = given.words else { return };
    // Their words stand in the sentence.
    if matches!(kind, ToldKind::Permission | ToldKind::Bid) {
        return;
    }
    for field in kind.row().fields {
        let text = calm(words.get(field.name));
        if !text.is_empty() {
            let id = format!("{}.{}", kind_id(kind), field.name);
            let page = given.facts.page.map_or("", Page::name);
            indented(out, &t!(&id, words = text, page = page));
        }
    }
}

/// What is about to be told, before it is. `alone`: it speaks of nothing else.
#[must_use]
pub fn before(
    (kind, alone): (ToldKind, bool),
    words: &Texts,
    facts: &Facts,
    partner: &str,
) -> String {
    let mut out = format!("{}\n", heading(&label(kind)));
    let given = Given {
        partner,
        topic: String::new(),
        facts,
        words: Some(words),
    };
    if matches!(kind, ToldKind::Permission | ToldKind::Bid) {
        line(&mut out, &given.say(&told_id(kind, Who::Me, words, "")));
    }
    if kind == ToldKind::Permission && alone {
        line(&mut out, &for_all(Who::Me, partner));
    }
    texts(&mut out, kind, &given);
    if let Some(way) = facts.listen_as {
        line(
            &mut out,
            &t!("thing-listen-me", partner = partner, way = way.name()),
        );
    }
    if let Some(day) = facts.until {
        line(&mut out, &t!("thing-until", day = spoken(day)));
    }
    if let Some(day) = facts.look_again {
        line(&mut out, &t!("thing-look-again", day = spoken(day)));
    }
    out
}

/// When one is back from a break that begins now.
#[must_use]
pub fn back_in(minutes: u16) -> String {
    let at = Timestamp::now().as_second() + i64::from(minutes) * 60;
    let mut out = String::new();
    line(
        &mut out,
        &t!("break-back-at", time = clock(Minute::of_unix(at))),
    );
    out
}

/// The sentence of a kind, by who told it; a permission says what part it is for, and a repair which agreement, if they are.
fn told_id(kind: ToldKind, by: Who, words: &Texts, topic: &str) -> String {
    let by = match by {
        Who::Me => "mine",
        Who::Partner => "open",
    };
    let more = match kind {
        // What is told in trust shows its words to who opens it.
        ToldKind::Permission if words.0.is_empty() => "-unread",
        ToldKind::Permission if !words.get("part").is_empty() => "-part",
        ToldKind::Repair if !topic.is_empty() => "-topic",
        _ => "",
    };
    format!("{}.{by}{more}", kind_id(kind))
}

/// What stands elsewhere, and is shown with a thing.
#[derive(Default)]
pub struct Beside<'a> {
    /// Of a repair: the pages that both opened.
    pub pages: &'a [SlotView],
    /// What was said of them.
    pub of_pages: &'a [View],
    /// The page of its present step.
    pub present: Option<&'a SlotView>,
    /// Of trust: the tender spot that it touches.
    pub spot: Option<&'a View>,
}

/// One thing, whole.
#[must_use]
pub fn view(view: &View, partner: &str) -> String {
    whole(view, &Beside::default(), partner)
}

/// One thing, whole, with what belongs to it.
#[must_use]
pub fn whole(view: &View, beside: &Beside<'_>, partner: &str) -> String {
    let (pages, of_pages, present) = (beside.pages, beside.of_pages, beside.present);
    let told = &view.told;
    let Some(kind) = told.kind else {
        return page(view, partner);
    };
    let mut out = String::new();
    let head = match told.on {
        Some(day) => t!("head-told", what = label(kind), day = spoken(day)),
        None => label(kind),
    };
    let _ = writeln!(out, "{}", heading(&head));
    let none = Texts::default();
    let given = Given {
        partner,
        topic: named(&view.topic),
        facts: &told.facts,
        words: told.words.as_ref(),
    };
    let sentence = match (told.seen, told.by) {
        (Seen::TakenBack, Who::Me) => t!("thing-you-took-back", partner = partner),
        (Seen::TakenBack, Who::Partner) => t!("thing-they-took-back", partner = partner),
        (Seen::Folded, _) => t!("thing-folded"),
        (Seen::Closed, _) => given.say(&format!("{}.closed", kind_id(kind))),
        (Seen::Open | Seen::Older | Seen::Gone, by) => given.say(&told_id(
            kind,
            by,
            given.words.unwrap_or(&none),
            &given.topic,
        )),
    };
    let over = kind == ToldKind::Break && view.done.len() == 2 && told.seen == Seen::Open;
    line(&mut out, &if over { t!("break-over") } else { sentence });
    if told.may_keep {
        let id: String = told.id.hex().chars().take(NAME).collect();
        let command = format!("`troth {} keep {id}`", kebab(kind.name()));
        line(&mut out, &t!("thing-may-keep", command = command));
    }
    if kind == ToldKind::Permission && told.about.is_none() && told.seen == Seen::Open {
        line(&mut out, &for_all(told.by, partner));
    }
    if told.seen == Seen::Gone {
        line(&mut out, &t!("thing-gone"));
    }
    if told.seen == Seen::Older {
        line(&mut out, &t!("thing-older"));
    }
    texts(&mut out, kind, &given);
    if let Some(how) = told.facts.how {
        line(&mut out, &t!(&format!("how-{}", kebab(how.name()))));
    }
    if let Some(spot) = beside.spot.filter(|_| told.seen != Seen::Closed) {
        spot::touched(&mut out, spot);
    }
    if matches!(told.seen, Seen::Open | Seen::Closed | Seen::Gone) {
        besides(&mut out, kind, view, partner);
    }
    // It stands with every confidence, whatever is seen of it.
    if kind == ToldKind::Confidence {
        line(&mut out, &t!("thing-danger"));
    }
    // Where it is and what is to be done stand above what was said on the way there.
    if let Some(repair) = &view.repair {
        step(&mut out, (view, repair), present, partner);
        to_do(&mut out, (view, repair), of_pages, present, partner);
        if !repair.stopped && !repair.through {
            line(&mut out, &t!("repair-break-or-stop"));
        }
    }
    all_answers(&mut out, view, partner);
    same_page(&mut out, view, partner);
    for slot in pages {
        opened_step(&mut out, slot, of_pages, partner);
    }
    if view.put_away && told.seen != Seen::TakenBack && view.repair.is_none() {
        line(&mut out, &t!("thing-put-away"));
    }
    can(&mut out, kind, view);
    spot::may_have_trust_beside(&mut out, view);
    out
}

/// What holds of it besides its words.
fn besides(out: &mut String, kind: ToldKind, view: &View, partner: &str) {
    let mine = view.told.by == Who::Me;
    if let Some(way) = view.listen_as {
        let words = if mine {
            t!("thing-listen-me", partner = partner, way = way.name())
        } else {
            t!("thing-listen-them", partner = partner, way = way.name())
        };
        line(out, &words);
    }
    if kind == ToldKind::Confidence {
        if view.tell_nobody && mine {
            line(out, &t!("thing-nobody-me"));
        }
        for it in &view.may_tell {
            out.push_str(&permission(it, partner));
        }
        let asked = view.answers.iter().any(|it| it.says == Some(Verb::MayI));
        if !mine && view.may_tell.is_empty() && !asked && view.told.seen == Seen::Open {
            line(out, &t!("thing-stays"));
        }
    }
    if let Some(day) = view.told.facts.until {
        line(out, &t!("thing-until", day = spoken(day)));
    }
    if let Some(day) = view.told.facts.look_again.filter(|_| mine) {
        line(out, &t!("thing-look-again", day = spoken(day)));
    }
    if let Some(day) = view.i_need_time {
        line(out, &t!("thing-time-me", day = spoken(day)));
    }
    if let Some(day) = view.partner_needs_time {
        line(
            out,
            &t!("thing-time-them", partner = partner, day = spoken(day)),
        );
    }
    if kind == ToldKind::ToTalkAbout && view.done.len() == 2 {
        line(out, &t!("thing-settled"));
    }
}

/// A permission, in the thread of its confidence.
#[must_use]
pub fn permission(permission: &Thing, partner: &str) -> String {
    let (mut out, empty) = (String::new(), Texts::default());
    let words = permission.words.as_ref();
    let given = Given {
        partner,
        topic: String::new(),
        facts: &permission.facts,
        words,
    };
    let words = words.unwrap_or(&empty);
    let id = told_id(ToldKind::Permission, permission.by, words, "");
    line(&mut out, &given.say(&id));
    if permission.about.is_none() {
        line(&mut out, &for_all(permission.by, partner));
    }
    out
}

/// That a permission is for whatever its author tells in confidence.
fn for_all(by: Who, partner: &str) -> String {
    match by {
        Who::Me => t!("thing-permission-all-me", partner = partner),
        Who::Partner => t!("thing-permission-all-them", partner = partner),
    }
}

/// What was opened in a slot, with what was said of it.
fn page(view: &View, partner: &str) -> String {
    let mut out = String::new();
    if let Some(slot) = &view.slot {
        let _ = writeln!(out, "{}", heading(&checkin::slot_head(slot)));
        let command = checkin::shows(slot, &view.topic);
        line(&mut out, &t!("thing-page", command = command));
    }
    let who = match view.told.by {
        Who::Me => t!("head-you-wrote"),
        Who::Partner => t!("head-they-wrote", partner = partner),
    };
    let _ = writeln!(out, "{}", heading(&who));
    for answer in &view.answers {
        answered(&mut out, view, answer, partner);
    }
    out
}

/// Of a page about oneself, the same page of the other.
fn same_page(out: &mut String, view: &View, partner: &str) {
    for it in &view.beside {
        let Some(kind) = it.kind else { continue };
        let given = Given {
            partner,
            topic: String::new(),
            facts: &it.facts,
            words: it.words.as_ref(),
        };
        let none = Texts::default();
        let _ = writeln!(out);
        let id = told_id(kind, it.by, given.words.unwrap_or(&none), "");
        line(out, &given.say(&id));
        if it.seen == Seen::Gone {
            line(out, &t!("thing-gone"));
        }
        texts(out, kind, &given);
    }
}

#[cfg(test)]
mod tests;
