//! The words of a proposal: asked for line by line, or in the person's own editor.

use super::{Unsaid, agreement, bound, mend};
use crate::ask::{Asking, Settled};
use crate::editor::{self, Sheet};
use crate::form::Part;
use crate::link::Link;
use crate::templates::{self, Template};
use crate::words::{self, means, t};
use crate::wrap;
use crate::{Said, days, say};
use serde_json::Value;
use troth_proto::api::{self, DraftLine, Propose, Request};
use troth_proto::assertion::Weight;
use troth_proto::ids::Who;
use troth_proto::said::agreement::{Does, Lacks, WhenThen, Words};
use troth_proto::view::{AgreementView, VersionState, VersionView};
use troth_proto::{Day, Problem};

/// The words that a person, or a script, wants to propose, and where they are kept until they are said.
pub(super) fn words(
    link: &mut Link,
    change: Option<AgreementView>,
    template: Option<&Template>,
    asking: Asking,
) -> Result<(Propose, Unsaid), Problem> {
    let id = change.as_ref().map(|view| view.agreement.hex());
    let unsaid = unsaid(id.as_deref(), template);
    if asking.json {
        let mut words = given(link, template, asking)?;
        words.agreement = words.agreement.or(id);
        return Ok((words, unsaid));
    }
    let mut words = nothing();
    words.agreement = id;
    let them = bound(link)?;
    let kept = unsaid.offer(link, |kept: &Propose| laid_out(kept, &them), asking)?;
    match (kept, &change) {
        (Some(kept), _) => words = kept,
        (None, None) if template.is_some() => {
            let today = super::today_is(link)?;
            words = template.map_or(words, |it| it.words(today));
        }
        (None, Some(view)) => {
            let shown = say::agreement(view, &them);
            wrap::tell(&shown);
            begin_from(&mut words, view);
        }
        (None, None) => {}
    }
    if let Some(template) = template {
        wrap::tell(&format!(
            "{}\n{}",
            say::heading(template.title),
            template.about
        ));
    }
    let words = settled(link, words, &unsaid, asking)?;
    Ok((words, unsaid))
}

/// The template of a name.
pub(super) fn template(name: &str) -> Result<&'static Template, Problem> {
    match templates::named(name)[..] {
        [one] => Ok(one),
        [] => Err(Problem::NoSuchTemplate { what: name.into() }),
        _ => Err(Problem::NotUnique { what: name.into() }),
    }
}

/// What a script gives. What it leaves out is as the template has it.
fn given(link: &mut Link, template: Option<&Template>, asking: Asking) -> Result<Propose, Problem> {
    let Some(template) = template else {
        return asking.object();
    };
    let given: serde_json::Map<String, Value> = asking.object()?;
    let words = template.words(super::today_is(link)?);
    let mut words = serde_json::to_value(words).map_err(|_| Problem::Internal)?;
    for (name, text) in given {
        words[name] = text;
    }
    serde_json::from_value(words).map_err(|error| Problem::BadRequest {
        wrong: api::said(&error),
    })
}

/// A draft's text, proposed: its first line is what it is about, the rest what is agreed on. Whatever is typed in the draft
/// later changes nothing of it.
pub(super) fn from_draft(
    link: &mut Link,
    draft: &DraftLine,
    text: &str,
    asking: Asking,
) -> Result<Said, Problem> {
    let them = bound(link)?;
    let unsaid = Unsaid::new(format!("propose draft {}", draft.draft));
    let mut words = nothing();
    let text = text.trim();
    let (first, rest) = text.split_once('\n').unwrap_or((text, ""));
    (words.topic, words.terms) = (first.trim().to_owned(), rest.trim().to_owned());
    if asking.json {
        // What each does is the script's to say.
        let given: Does = asking.object()?;
        words.does = given;
    } else {
        let kept = unsaid.offer(link, |kept: &Propose| laid_out(kept, &them), asking)?;
        words = settled(link, kept.unwrap_or(words), &unsaid, asking)?;
    }
    said_or_kept(link, words, &unsaid, asking)
}

/// A line of somebody's words, proposed: it is what is agreed on. Whatever else there is to say is asked for.
pub(super) fn from_line(
    link: &mut Link,
    (topic, terms, does): (String, String, Does),
    asking: Asking,
) -> Result<Said, Problem> {
    let mut words = nothing();
    (words.topic, words.terms, words.does) = (topic, terms, does);
    let unsaid = unsaid(None, None);
    if !asking.json {
        words = settled(link, words, &unsaid, asking)?;
    }
    said_or_kept(link, words, &unsaid, asking)
}

/// Proposes the words; what could not be said is kept.
fn said_or_kept(
    link: &mut Link,
    words: Propose,
    unsaid: &Unsaid,
    asking: Asking,
) -> Result<Said, Problem> {
    match agreement::proposed(link, &Request::AgreementPropose(words.clone()), asking) {
        Ok(said) => unsaid.let_go(link).map(|()| said),
        Err(problem) => {
            unsaid.keep(link, &words, asking);
            Err(problem)
        }
    }
}

/// Words of which nothing is said yet.
fn nothing() -> Propose {
    Propose {
        agreement: None,
        topic: String::new(),
        terms: String::new(),
        does: Does::default(),
        when_then: Vec::new(),
        not_meant: String::new(),
        trial_until: None,
        look_again: None,
        weight: Weight::Everyday,
        tag: None,
        base: None,
    }
}

/// Asks for the words until the person says yes to them; what is not said is kept.
fn settled(
    link: &mut Link,
    mut words: Propose,
    unsaid: &Unsaid,
    asking: Asking,
) -> Result<Propose, Problem> {
    let them = bound(link)?;
    let today = super::today_is(link)?;
    let heads = Heads::new(&them);
    let mut sheet = Sheet::new(t!("edit-propose"), heads.all(), 1);
    asking.tell_of_editor();
    loop {
        let before = words.when_then.clone();
        let filled = if asking.edit {
            let edited = sheet.edit(&heads.parts(&words), asking);
            edited.map(|(parts, mut wrong)| {
                wrong.extend(heads.take(&mut words, parts, today));
                wrong
            })
        } else {
            let asked = fill(&mut words, (today, &them), asking);
            // What came before is there all the same, also what had not been asked for again.
            if asked.is_err() {
                let asked = words.when_then.len();
                words.when_then.extend(before.into_iter().skip(asked));
            }
            asked.map(|()| Vec::new())
        };
        let wrong = match filled {
            Ok(_) if sheet.given_up => {
                keep(unsaid, link, &words, asking);
                return Err(Problem::Interrupted);
            }
            Ok(wrong) => wrong,
            Err(broken_off) => {
                keep(unsaid, link, &words, asking);
                return Err(broken_off);
            }
        };
        wrap::tell(&format!("\n{}", laid_out(&words, &them)));
        // What would be refused is mended here, where the words still are.
        let refused = match said(&words).check() {
            Ok(()) if wrong.is_empty() => {
                match asking.settled(&t!("ask-propose", partner = them.as_str())) {
                    Ok(Settled::Yes) => return Ok(words),
                    Ok(Settled::Change) => continue,
                    Ok(Settled::No) | Err(_) => {
                        keep(unsaid, link, &words, asking);
                        return Err(Problem::Interrupted);
                    }
                }
            }
            Ok(()) => None,
            Err(Lacks::Shortness) => Some(Problem::TooLong),
            Err(Lacks::Topic) => Some(Problem::NothingSaid),
            Err(Lacks::Doing) => Some(Problem::NobodyDoes),
        };
        for line in &wrong {
            wrap::tell(line);
        }
        if let Some(refused) = refused {
            mend(&refused);
        }
        if asking.edit && !editor::again(asking) {
            keep(unsaid, link, &words, asking);
            return Err(Problem::Interrupted);
        }
    }
}

/// Keeps what was typed, if anything was.
fn keep(unsaid: &Unsaid, link: &mut Link, words: &Propose, asking: Asking) {
    let it = said(words);
    let texts = [&it.topic, &it.terms, &it.does.me, &it.does.partner];
    if texts.iter().any(|text| !text.is_empty()) || !it.when_then.is_empty() {
        unsaid.keep(link, words, asking);
    }
}

/// The headings under which the parts stand in an editor.
struct Heads {
    topic: String,
    terms: String,
    me: String,
    partner: String,
    when: String,
    then_me: String,
    then_partner: String,
    not_meant: String,
    trial: String,
    look_again: String,
    big: String,
}

impl Heads {
    fn new(them: &str) -> Self {
        Self {
            topic: t!("ask-topic"),
            terms: t!("ask-terms"),
            me: t!("ask-do-me"),
            partner: t!("ask-do-partner", partner = them),
            when: t!("edit-when"),
            then_me: t!("edit-then-me"),
            then_partner: t!("edit-then-partner", partner = them),
            not_meant: t!("edit-not-meant"),
            trial: t!("edit-trial"),
            look_again: t!("edit-look-again"),
            big: t!("edit-big"),
        }
    }

    fn all(&self) -> Vec<String> {
        let heads = [
            &self.topic,
            &self.terms,
            &self.me,
            &self.partner,
            &self.when,
            &self.then_me,
            &self.then_partner,
            &self.not_meant,
            &self.trial,
            &self.look_again,
            &self.big,
        ];
        heads.into_iter().cloned().collect()
    }

    fn parts(&self, words: &Propose) -> Vec<Part> {
        let day = |day: Option<Day>| day.map(|day| day.to_string()).unwrap_or_default();
        let mut parts = vec![
            Part::new(&self.topic, &words.topic),
            Part::new(&self.terms, &words.terms),
            Part::new(&self.me, &words.does.me),
            Part::new(&self.partner, &words.does.partner),
        ];
        for line in &words.when_then {
            let then = match line.who {
                Who::Me => &self.then_me,
                Who::Partner => &self.then_partner,
            };
            parts.push(Part::new(&self.when, &line.when));
            parts.push(Part::new(then, &line.then));
        }
        if words.when_then.is_empty() {
            parts.extend([&self.when, &self.then_me, &self.then_partner].map(|h| Part::new(h, "")));
        }
        let big = match words.weight {
            Weight::Big => t!("word-diff-yes"),
            Weight::Everyday | Weight::Tender => t!("word-diff-no"),
        };
        parts.extend([
            Part::new(&self.not_meant, &words.not_meant),
            Part::new(&self.trial, day(words.trial_until)),
            Part::new(&self.look_again, day(words.look_again)),
            Part::new(&self.big, big),
        ]);
        parts
    }

    /// Takes what stands under the headings, and says what cannot be understood.
    fn take(&self, words: &mut Propose, parts: Vec<Part>, today: Day) -> Vec<String> {
        let mut wrong = Vec::new();
        let mut day = |text: &str| match (text.is_empty(), days::day(text, today)) {
            (true, _) => None,
            (false, Some(day)) if day >= today => Some(day),
            (false, Some(day)) => {
                wrong.push(say::problem(&Problem::DayPassed { day }).0);
                None
            }
            (false, None) => {
                wrong.push(days::like());
                None
            }
        };
        let mut when = String::new();
        (words.topic, words.terms, words.does) = Default::default();
        (words.when_then, words.not_meant) = Default::default();
        (words.trial_until, words.look_again) = (None, None);
        words.weight = Weight::Everyday;
        let mut big = String::new();
        // Half of a pair is kept, too.
        let lone = |all: &mut Vec<WhenThen>, when: String| {
            if !when.is_empty() {
                let (who, then) = (Who::Me, String::new());
                all.push(WhenThen { who, when, then });
            }
        };
        for Part { head, text } in parts {
            let then = |who| (!text.is_empty()).then(|| (who, text.clone()));
            let line = if head == self.then_me {
                then(Who::Me)
            } else if head == self.then_partner {
                then(Who::Partner)
            } else {
                None
            };
            if let Some((who, then)) = line {
                let when = std::mem::take(&mut when);
                words.when_then.push(WhenThen { who, when, then });
            } else if head == self.topic {
                words.topic = text.replace('\n', " ");
            } else if head == self.terms {
                words.terms = text;
            } else if head == self.me {
                words.does.me = text;
            } else if head == self.partner {
                words.does.partner = text;
            } else if head == self.when {
                lone(&mut words.when_then, std::mem::replace(&mut when, text));
            } else if head == self.not_meant {
                words.not_meant = text;
            } else if head == self.trial {
                words.trial_until = day(&text);
            } else if head == self.look_again {
                words.look_again = day(&text);
            } else if head == self.big {
                big = text;
            }
        }
        lone(&mut words.when_then, when);
        if means("word-yes", &big) {
            words.weight = Weight::Big;
        } else if !big.is_empty() && !means("word-no", &big) {
            wrong.push(t!("edit-yes-or-no"));
        }
        let half = |line: &&WhenThen| line.when.is_empty() || line.then.is_empty();
        if words.when_then.iter().any(|line| half(&line)) {
            wrong.push(t!("edit-half"));
        }
        wrong
    }
}

/// Where words of a proposal are kept that were not said.
fn unsaid(agreement: Option<&str>, template: Option<&Template>) -> Unsaid {
    let about = match (agreement, template) {
        (Some(id), _) => format!("change {id}"),
        (None, Some(template)) => format!("propose {}", template.id),
        (None, None) => "propose".into(),
    };
    Unsaid::new(about)
}

/// What a proposal says.
fn said(words: &Propose) -> Words {
    Words {
        topic: words.topic.clone(),
        terms: words.terms.clone(),
        does: words.does.clone(),
        when_then: words.when_then.clone(),
        not_meant: words.not_meant.clone(),
        tag: words.tag.clone(),
    }
}

/// The same as it is shown before it is said.
fn laid_out(words: &Propose, them: &str) -> String {
    let days = (words.trial_until, words.look_again);
    let shown = say::words(&said(words), days, words.weight, them);
    format!("{}\n\n{shown}", say::calm_line(&words.topic))
}

/// A change begins from the words in force, or else from the newest that are on offer.
fn begin_from(words: &mut Propose, view: &AgreementView) {
    let in_force = view.versions.iter().find(|v| Some(v.hash) == view.in_force);
    let on_offer = |v: &&VersionView| v.state == VersionState::Proposed;
    let from = in_force.or_else(|| view.versions.iter().rev().find(on_offer));
    let Some((from, said)) = from.and_then(|v| Some((v, v.words.clone()?))) else {
        words.topic = view.topic.clone();
        return;
    };
    (words.topic, words.terms, words.does) = (said.topic, said.terms, said.does);
    (words.when_then, words.not_meant) = (said.when_then, said.not_meant);
    (words.trial_until, words.look_again) = (from.trial_until, from.look_again);
    words.weight = from.weight;
    // A ground rule stays one, and so do the questions of a check-in.
    words.tag = said.tag;
}

/// Asks for the words of a proposal, beginning from what stands there already.
fn fill(words: &mut Propose, (today, them): (Day, &str), asking: Asking) -> Result<(), Problem> {
    words.topic = asking.needed_from(&t!("ask-topic"), &words.topic)?;
    asking.text_into(&t!("ask-terms"), &mut words.terms)?;
    let both = !words.does.me.is_empty() && words.does.me == words.does.partner;
    loop {
        let does = &mut words.does;
        asking.text_into(&t!("ask-do-me"), &mut does.me)?;
        asking.text_into(&t!("ask-do-partner", partner = them), &mut does.partner)?;
        if !does.me.is_empty() || !does.partner.is_empty() {
            break;
        }
        wrap::tell(&t!("ask-do-one"));
    }
    let does = &mut words.does;
    let one = does.me.is_empty() != does.partner.is_empty();
    let by = if does.me.is_empty() { "me" } else { "partner" };
    if one && !both && asking.yes(&t!("ask-both", by = by, partner = them))? {
        let it = format!("{}{}", does.me, does.partner);
        (does.me, does.partner) = (it.clone(), it);
    }
    fill_when_then(words, them, asking)?;
    asking.text_into(&t!("ask-not-meant"), &mut words.not_meant)?;
    words.trial_until = day(asking, today, &t!("ask-trial"), words.trial_until)?;
    words.look_again = day(asking, today, &t!("ask-look-again"), words.look_again)?;
    let big = asking.yes_unless(&t!("ask-big"), words.weight == Weight::Big)?;
    words.weight = if big { Weight::Big } else { Weight::Everyday };
    Ok(())
}

/// Asks for what one of the two does when something happens, until nothing is said.
fn fill_when_then(words: &mut Propose, them: &str, asking: Asking) -> Result<(), Problem> {
    let mut so_far = std::mem::take(&mut words.when_then).into_iter();
    loop {
        // One that was there and is emptied is taken out; an empty new one is the end.
        let before = so_far.next();
        let there = before.is_some();
        let (who_before, when, then) = match before {
            Some(line) => (Some(line.who), line.when, line.then),
            None => (None, String::new(), String::new()),
        };
        let when = without_when(&asking.text_from(&t!("ask-when"), &when)?);
        if when.is_empty() && there {
            continue;
        }
        if when.is_empty() {
            return Ok(());
        }
        // What was typed stands there, also if it is broken off in the middle of a pair.
        let at = words.when_then.len();
        let who = who_before.unwrap_or(Who::Partner);
        words.when_then.push(WhenThen {
            who,
            when: when.clone(),
            then: then.clone(),
        });
        let all = who_does(who_before, them, asking)?;
        let then = asking.needed_from(&t!("ask-then"), &then)?;
        let line = |who: &Who| WhenThen {
            who: *who,
            when: when.clone(),
            then: then.clone(),
        };
        words.when_then.truncate(at);
        words.when_then.extend(all.iter().map(line));
    }
}

/// What happens, without the "when" that stands before it wherever it is shown.
fn without_when(text: &str) -> String {
    match text.split_once(char::is_whitespace) {
        Some((first, rest)) if means("word-when", first) => rest.trim_start().to_owned(),
        _ => text.to_owned(),
    }
}

/// Who of the two does something, or both.
fn who_does(so_far: Option<Who>, them: &str, asking: Asking) -> Result<Vec<Who>, Problem> {
    let own = words::list(words::spoken(), "word-me");
    let so_far = match so_far {
        Some(Who::Me) => own.into_iter().next().unwrap_or_default(),
        Some(Who::Partner) => them.to_owned(),
        None => String::new(),
    };
    loop {
        let answer = asking.needed_from(&t!("ask-then-who", partner = them), &so_far)?;
        if means("word-me", &answer) {
            return Ok(vec![Who::Me]);
        }
        if means("word-both-do", &answer) {
            return Ok(vec![Who::Me, Who::Partner]);
        }
        if answer.to_lowercase() == them.to_lowercase() {
            return Ok(vec![Who::Partner]);
        }
        wrap::tell(&t!("ask-then-who-again", partner = them));
    }
}

fn day(
    asking: Asking,
    today: Day,
    question: &str,
    so_far: Option<Day>,
) -> Result<Option<Day>, Problem> {
    let so_far = so_far.filter(|day| *day >= today);
    let so_far = so_far.map(|day| day.to_string()).unwrap_or_default();
    loop {
        let line = asking.line_from(question, &so_far)?;
        if line.is_empty() {
            return Ok(None);
        }
        match days::day(&line, today) {
            Some(day) if day >= today => return Ok(Some(day)),
            Some(day) => {
                let (passed, _) = say::problem(&Problem::DayPassed { day });
                wrap::tell(&passed);
            }
            None => {
                wrap::tell(&days::like());
            }
        }
    }
}
