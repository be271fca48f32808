//! What is said about something that was told: found by its name, asked for, settled and said.

use super::named::{self, Target, Whole};
use super::words::{Asks, Draft, Form};
use super::{Said, Teller, Unsaid};
use crate::ask::Asking;
use crate::link::Link;
use crate::say;
use crate::words::t;
use troth_proto::api::Request;
use troth_proto::home::Home;
use troth_proto::said::told::{
    Fact, Facts, MARKED_STEPS, Need, Thing as About, ToldKind, Verb, answer_row, words_need,
};
use troth_proto::telling::{Ask, Thing, View};
use troth_proto::{Problem, Slot};

/// What is said of the other's page in a slot.
pub(in crate::commands) fn answer_page(
    link: &mut Link,
    home: &Home,
    slot: &Slot,
    (says, until): (Verb, Option<String>),
    asking: Asking,
) -> Result<Said, Problem> {
    let mut it = Teller::new(link, home, asking)?;
    let until = until.map(|day| it.time_until(&day)).transpose()?;
    let facts = Facts {
        until,
        ..Facts::default()
    };
    let view = named::show(it.link, &slot.to_string())?;
    let whole = named::whole(it.link, view)?;
    let target = whole.target(says).ok_or_else(|| whole.why_not(says))?;
    it.answer_to(&whole, &target, (says, facts), None)
}

impl Teller<'_> {
    pub(super) fn answer(
        &mut self,
        kind: ToldKind,
        which: &[String],
        says: Verb,
        facts: Facts,
    ) -> Result<Said, Problem> {
        let now = self.find(Some(kind), which, |it| it.target(says).is_some());
        let whole = match now {
            // Why not is said where only one could be meant.
            Err(Problem::NothingFits) => self.find(Some(kind), which, |it| {
                it.would_be(says).is_some() || it.goes_on()
            })?,
            found => found?,
        };
        let target = match (whole.target(says), self.asking.json) {
            (Some(target), _) => target,
            // The daemon says why not.
            (None, true) => whole.would_be(says).ok_or_else(|| whole.why_not(says))?,
            (None, false) => return Err(whole.why_not(says)),
        };
        self.answer_to(&whole, &target, (says, facts), None)
    }

    /// An own answer, said better.
    pub(super) fn answer_better(
        &mut self,
        whole: &Whole,
        view: &View,
        before: &Thing,
    ) -> Result<Said, Problem> {
        let says = before.says.ok_or(Problem::NotSaidOfThis)?;
        let target = named::target_of(view, before).ok_or(Problem::NotSaidOfThis)?;
        let said = (says, before.facts.clone());
        self.answer_to(whole, &target, said, Some(before))
    }

    /// Says an answer; `before`: an earlier one of the same, which it says better.
    fn answer_to(
        &mut self,
        whole: &Whole,
        target: &Target,
        (says, facts): (Verb, Facts),
        before: Option<&Thing>,
    ) -> Result<Said, Problem> {
        let row = answer_row(says, target.about, target.own).ok_or(Problem::NotSaidOfThis)?;
        if whole.view.repair.is_some() && !matches!(says, Verb::Stop | Verb::NeedTime) {
            self.or_wait_for_the_return()?;
        }
        let words = before.and_then(|it| it.words.clone());
        let mut draft = Draft {
            facts,
            words: words.unwrap_or_default(),
            ..Draft::default()
        };
        let step = row.facts.iter().any(|(fact, _)| *fact == Fact::Step);
        if let (true, Some(repair)) = (step, &whole.view.repair) {
            if !MARKED_STEPS.contains(&repair.step) {
                return Err(whole.why_not(says));
            }
            draft.facts.step = Some(repair.step);
        }
        let better = before.map(|it| it.id.hex());
        let unsaid = Unsaid::new(match &better {
            Some(id) => format!("better {id}"),
            None => format!("answer {} {}", says.name(), target.id),
        });
        let need = words_need(row.fields, &draft.facts, row.facts);
        if self.asking.json {
            self.put_given(&mut draft)?;
        } else {
            let sure = match (says, target.about) {
                (Verb::Stop, _) => Some(t!("ask-repair-stop")),
                (Verb::Done, _) if step => Some(t!("ask-repair-done")),
                (Verb::Yes, About::Told(ToldKind::Ask)) => Some(t!("ask-yes-ask")),
                (Verb::Yes, About::Answer(Verb::Apology, _)) => Some(t!("ask-yes-apology")),
                _ => None,
            };
            if let Some(question) = sure {
                // What is said yes to stands above the question.
                let shown = || match says {
                    Verb::Yes => self.said(whole).words,
                    _ => String::new(),
                };
                self.asking.sure(shown, &question)?;
            }
            let lacks = !draft.facts.fit(row.facts);
            if need != Need::Never || lacks {
                let asks = Asks {
                    form: Form::Answer {
                        says,
                        about: target.about,
                        fields: row.fields,
                        facts: row.facts,
                    },
                    them: &self.them,
                    today: self.today,
                    unsaid: &unsaid,
                    settle: t!("ask-tell", partner = self.them.as_str()),
                    asking: self.asking,
                };
                draft = asks.settled(self.link, draft)?;
            }
        }
        let same = |it: &Thing| {
            let before = it.words.clone().unwrap_or_default();
            before == draft.words.clone().without_blanks() && it.facts == draft.facts
        };
        if before.is_some_and(same) {
            return Err(Problem::SameWords);
        }
        let request = Request::Told(Ask::Answer {
            about: target.id.clone(),
            says,
            facts: draft.facts.clone(),
            words: draft.words.clone().without_blanks(),
            better,
        });
        let answer = self.send(&request, &draft, &unsaid)?;
        let repair = whole.view.repair.is_some();
        let mut said = if repair {
            // What was said of a page belongs to its repair.
            let view = named::show(self.link, &whole.view.told.id.hex())?;
            let shown = named::whole(self.link, view)?;
            let words = self.said(&shown).words;
            Said::new(answer, words)
        } else {
            self.shown(answer)?
        };
        let confidence = whole.view.told.kind == Some(ToldKind::Confidence);
        if confidence && says == Verb::Heard {
            said.words += &format!("\n{}\n", t!("told-be-near", partner = self.them.as_str()));
        }
        Ok(said)
    }

    /// A proposal that comes of it. The first word may name the thing.
    pub(super) fn plan(&mut self, kind: ToldKind, words: &[String]) -> Result<Said, Problem> {
        let facts = |agreement| Facts {
            agreement: Some(agreement),
            ..Facts::default()
        };
        if let [first, rest @ ..] = words
            && !rest.is_empty()
            && let Ok(agreement) = self.agreement(rest)
        {
            let which = std::slice::from_ref(first);
            match self.answer(kind, which, Verb::Plan, facts(agreement)) {
                Err(Problem::NoSuch { .. }) => {}
                said => return said,
            }
        }
        let agreement = self.agreement(words)?;
        self.answer(kind, &[], Verb::Plan, facts(agreement))
    }

    /// While a break stands its repair waits (KINDS §5): nobody goes on in it unawares.
    pub(super) fn or_wait_for_the_return(&mut self) -> Result<(), Problem> {
        if !self.asking.person() {
            return Ok(());
        }
        let on = super::super::glance(self.link)?.on_break;
        let Some(on) = on.filter(|it| !it.passed) else {
            return Ok(());
        };
        let time = say::told::clock(on.back_at);
        self.asking
            .sure(String::new, &t!("ask-break-waits", time = time))
    }

    /// "I'm back", from every break that is on.
    pub(super) fn back(&mut self) -> Result<Said, Problem> {
        let today = super::super::glance(self.link)?;
        let on = today.on_break.ok_or(Problem::NothingFits)?;
        let mut last = None;
        for id in &on.ids {
            let request = Request::Told(Ask::Answer {
                about: id.hex(),
                says: Verb::Done,
                facts: Facts::default(),
                words: Default::default(),
                better: None,
            });
            match self.link.ask(&request) {
                Ok(answer) => last = Some(answer),
                Err(Problem::SaidAlready) => {}
                Err(problem) => return Err(problem),
            }
        }
        let answer = last.ok_or(Problem::SaidAlready)?;
        self.shown(answer)
    }
}
