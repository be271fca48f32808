//! What was told and answered, as the one who looks sees it (KINDS §8).

mod lists;
mod spot;

pub use lists::{Named, begins, found, list, one, with_words};

use super::{calm, checkin, heading, indented, named, sealed};
use crate::cli::kebab;
use crate::days::spoken;
use crate::words::t;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use std::fmt::Write;
use troth_proto::day::Minute;
use troth_proto::ids::Who;
use troth_proto::said::told::{Facts, Opened, Page, Texts, Thing as About, ToldKind, Verb};
use troth_proto::slot::SealedStep;
use troth_proto::telling::{
    BreakView, ExportedThread, Repair, Seen, Thing, TodayTold, TodayToldWhat, View,
};
use troth_proto::view::{SealedState, SlotView};
use troth_proto::{Day, Slot};

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
fn is_noted(answer: &Thing) -> bool {
    answer.words.as_ref().is_some_and(|it| !it.0.is_empty())
}

/// The answers; what was said better stands behind what came in its place.
fn all_answers(out: &mut String, view: &View, partner: &str) {
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
fn answered(out: &mut String, view: &View, answer: &Thing, partner: &str) {
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

/// A sealed step that both have finished.
fn opened_step(out: &mut String, view: &SlotView, of_pages: &[View], partner: &str) {
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

/// Where a repair is, and what its step asks.
fn step(
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
fn to_do(
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

/// Whether one has said this of a thing already, and nothing else since: once is enough.
fn is_said(view: &View, thing: &Thing, verb: Verb) -> bool {
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

/// Whether there is a yes or a "not yet" to something said.
fn is_marked(all: &[Thing], it: &Thing) -> bool {
    let mark = |mark: &Thing| {
        mark.about == Some(it.id)
            && matches!(mark.says, Some(Verb::Yes | Verb::NotYet))
            && mark.seen != Seen::TakenBack
    };
    all.iter().any(mark)
}

/// What one of the two said back, and stands.
fn said_back_by(all: &[Thing], who: Who) -> impl Iterator<Item = &Thing> + Clone {
    let stands = move |it: &&Thing| {
        let gone = matches!(it.seen, Seen::TakenBack | Seen::Older);
        it.says == Some(Verb::SayBack) && it.by == who && !gone
    };
    all.iter().filter(stands)
}

/// Whether one has said back what one heard.
#[must_use]
pub fn has_said_back(repair: &Repair) -> bool {
    said_back_by(&repair.said_back, Who::Me).next().is_some()
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

/// What can be answered to it now, and by which commands.
fn can(out: &mut String, kind: ToldKind, view: &View) {
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

/// A break, as both screens show it.
#[must_use]
pub fn on_break(it: &BreakView, partner: &str) -> String {
    let time = clock(it.back_at);
    if it.back.contains(&Who::Me) {
        return match it.passed {
            true => t!("break-you-are-back-already"),
            false => t!("break-you-are-back", time = time, partner = partner),
        };
    }
    let mut out = if it.passed {
        t!("break-passed", time = time)
    } else {
        t!("break-on", time = time)
    };
    if it.back.contains(&Who::Partner) {
        out += &format!(" {}", t!("break-they-are-back", partner = partner));
    }
    out
}

/// One line of Today.
#[must_use]
pub fn today_line(it: &TodayTold, partner: &str) -> String {
    let facts = Facts {
        until: it.until,
        listen_as: it.listen_as,
        step: it.step,
        ..Facts::default()
    };
    let mut words = Texts::default();
    words.0.insert("line".into(), it.line.clone());
    let given = Given {
        partner,
        topic: named(&it.line),
        facts: &facts,
        words: Some(&words),
    };
    match (it.what, it.kind, it.says) {
        (TodayToldWhat::Told, Some(kind), _) => {
            let closed = given.say(&format!("{}.closed", kind_id(kind)));
            match it.listen_as {
                Some(way) => {
                    let way = way.name();
                    format!(
                        "{closed} {}",
                        t!("thing-listen-them", partner = partner, way = way)
                    )
                }
                None => closed,
            }
        }
        (TodayToldWhat::Answered, kind, Some(says)) => {
            let about = match kind {
                Some(kind) => About::Told(kind),
                None => About::Open(Opened::Page),
            };
            let about = match (says, kind) {
                (Verb::Yes | Verb::NotYet, Some(ToldKind::Repair)) => {
                    About::Answer(Verb::Apology, ToldKind::Repair)
                }
                (
                    Verb::Yes | Verb::NotYet,
                    Some(kind @ (ToldKind::TenderSpot | ToldKind::TrustGiven)),
                ) => About::Answer(Verb::SayBack, kind),
                _ => about,
            };
            given.say(&format!("{}.news", answer_id(says, about)))
        }
        (TodayToldWhat::Bid, ..) => given.say("told-bid.open"),
        (TodayToldWhat::Step, ..) => match it.line.is_empty() {
            true => t!("today-step", step = i64::from(it.step.unwrap_or(1))),
            false => t!(
                "today-step-topic",
                step = i64::from(it.step.unwrap_or(1)),
                topic = named(&it.line)
            ),
        },
        (TodayToldWhat::LookAgain, ..) => t!("today-trust"),
        _ => t!("today-answered", partner = partner),
    }
}

/// The command that answers a line of Today.
#[must_use]
pub fn today_command(it: &TodayTold) -> String {
    match (it.what, it.kind) {
        (TodayToldWhat::Bid, _) => {
            "(`troth bid yes`, `troth bid not-yet`, `troth bid thank`)".to_owned()
        }
        (TodayToldWhat::Step, _) => "(`troth repair show`)".to_owned(),
        (TodayToldWhat::LookAgain, _) => "(`troth trust-given show`)".to_owned(),
        (_, Some(kind)) => format!("(`troth {} open`)", kebab(kind.name())),
        (_, None) => "(`troth open`)".to_owned(),
    }
}

#[cfg(test)]
mod tests;
