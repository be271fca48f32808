//! What is shown: agreements, slots and Today, from the side of this partner.

use super::requests::value;
use super::{Node, Now};
use crate::agreement::{Standing, View};
use crate::book::{Said, Thread};
use serde_json::Value;
use troth_proto::api::AgreementList;
use troth_proto::assertion::{From, Sealed};
use troth_proto::ids::Who;
use troth_proto::view::{
    AgreementLine, AgreementState, AgreementView, Answer, HeardView, LookView, Opened, SealedState,
    SlotView, SteppedBack, TodayLine, TodayView, TodayWhat, VersionState, VersionView,
};
use troth_proto::{AgreementId, Body, Day, Hash, Problem, Slot};

/// Lines in one answer of a list, and in each part of Today.
const LINES: usize = 500;
const TODAY_LINES: usize = 100;
/// Slots that Today looks into.
const TODAY_SLOTS_READ: usize = 500;

/// What Today needs of an agreement, kept until something is said about it or the day changes.
#[derive(Debug, Clone)]
pub(super) struct Summary {
    day: Day,
    state: AgreementState,
    proposals: usize,
    /// Versions of the partner's that wait for my answer.
    waiting: Vec<troth_proto::AssertionId>,
    look_again: bool,
    /// The version that names it.
    named_by: Option<Hash>,
}

/// The version whose topic names an agreement: what is in force, else the newest words.
fn names(view: &View) -> Option<&Standing> {
    view.in_force().or_else(|| view.versions.last())
}

impl Node {
    pub(super) fn show_agreement(
        &self,
        now: Now,
        agreement: &AgreementId,
    ) -> Result<Value, Problem> {
        let view = self.view(now, agreement);
        let versions: Vec<VersionView> = view
            .versions
            .iter()
            .filter(|v| v.hidden_by.is_none())
            .filter_map(|v| self.version_view(now, agreement, &view, v))
            .collect();
        let in_force = view
            .in_force()
            .and_then(|v| versions.iter().find(|shown| shown.hash == v.hash).cloned());
        let it = AgreementView {
            agreement: *agreement,
            topic: self.topic(names(&view).map(|v| &v.hash)),
            state: view.state,
            in_force,
            versions,
            my_part: self.part(agreement, Who::Me),
            partner_part: self.part(agreement, Who::Partner),
        };
        Ok(value(&it))
    }

    fn version_view(
        &self,
        now: Now,
        agreement: &AgreementId,
        view: &View,
        v: &Standing,
    ) -> Option<VersionView> {
        let (_, said) = self.couple.as_ref()?.find(&v.hash)?;
        let (words, weight) = self.words_of(&v.hash)?;
        let acts = &self.thread(agreement)?.acts;
        let told = v.state != VersionState::NotAgreed;
        let twins = view
            .versions
            .iter()
            .filter(|w| w.hidden_by == Some(v.hash))
            .map(|w| w.hash);
        let backs = v.backs.iter().filter_map(|i| acts.get(*i));
        let steps_back = backs
            .filter_map(|act| self.stepped_back(act.by, &act.hash))
            .collect();
        Some(VersionView {
            version: said.id,
            hash: v.hash,
            by: v.by,
            on: acts.get(v.act)?.on,
            base: self.base_of(v),
            said_yes: if told {
                v.yes.iter().copied().collect()
            } else {
                Vec::new()
            },
            state: v.state,
            words,
            weight,
            same_words: twins.collect(),
            answers: self.answers(now, agreement, v),
            steps_back,
            looks: self.looks(v),
        })
    }

    fn base_of(&self, v: &Standing) -> Vec<Hash> {
        match self
            .couple
            .as_ref()
            .and_then(|c| c.find(&v.hash))
            .and_then(|(_, said)| said.read())
            .map(|it| it.body)
        {
            Some(Body::Version(version)) => version.base,
            _ => Vec::new(),
        }
    }

    fn stepped_back(&self, by: Who, hash: &Hash) -> Option<SteppedBack> {
        let it = self.couple.as_ref()?.find(hash)?.1.read()?;
        match it.body {
            Body::StepBack(back) => Some(SteppedBack {
                by,
                on: it.on?,
                note: back.note,
            }),
            _ => None,
        }
    }

    /// "Not now" and "I need time", until their author says yes, steps back or the day passes.
    fn answers(&self, now: Now, agreement: &AgreementId, v: &Standing) -> Vec<Answer> {
        let mut answers = Vec::new();
        for by in [Who::Me, Who::Partner] {
            let mut last = None;
            for it in self.said_about(agreement, by).filter_map(Said::read) {
                match it.body {
                    Body::NotNow(said) if said.version == v.hash => {
                        last = Some(Answer {
                            by,
                            need_time_until: None,
                            note: said.note,
                        })
                    }
                    Body::NeedTime(said) if said.version == v.hash => {
                        // "I need time" beats "not now": it holds more back.
                        last = Some(Answer {
                            by,
                            need_time_until: Some(said.until),
                            note: String::new(),
                        });
                    }
                    Body::Yes(said) if said.version == v.hash => last = None,
                    Body::StepBack(said)
                        if said.from == From::Version(v.hash)
                            || said.from == From::Agreement(*agreement) =>
                    {
                        last = None
                    }
                    _ => {}
                }
            }
            answers.extend(last.filter(|a| a.need_time_until.is_none_or(|until| now.day <= until)));
        }
        answers
    }

    fn said_about(&self, agreement: &AgreementId, by: Who) -> impl Iterator<Item = Said<'_>> {
        let couple = self.couple.as_ref();
        let thread = couple.and_then(|c| c.thread(agreement));
        couple
            .zip(thread)
            .into_iter()
            .flat_map(move |(couple, thread)| couple.said_in(thread, by))
    }

    /// Reviews that both have opened.
    fn looks(&self, v: &Standing) -> Vec<LookView> {
        let Some(couple) = &self.couple else {
            return Vec::new();
        };
        let slot = couple.slot(&Slot::Look(v.hash));
        let words = [Who::Me, Who::Partner].map(|by| (by, slot.words(by)));
        let look = |(by, words): (Who, Option<&Sealed>)| match words {
            Some(Sealed::Look(look)) => Some(LookView {
                by,
                words: look.words.clone(),
                lean: look.lean,
            }),
            _ => None,
        };
        words.into_iter().filter_map(look).collect()
    }

    fn part(&self, agreement: &AgreementId, by: Who) -> Option<String> {
        let parts = self.said_about(agreement, by).filter_map(Said::read);
        let texts = parts.filter_map(|it| {
            if let Body::MyPart(part) = it.body {
                Some(part.text)
            } else {
                None
            }
        });
        texts.last().filter(|text| !text.is_empty())
    }

    fn topic(&self, named_by: Option<&Hash>) -> String {
        named_by
            .and_then(|hash| self.words_of(hash))
            .map(|(words, _)| words.topic)
            .unwrap_or_default()
    }

    fn topic_of(&self, summary: &Summary) -> String {
        self.topic(summary.named_by.as_ref())
    }

    fn summary(&mut self, now: Now, agreement: &AgreementId) -> Summary {
        if let Some(known) = self.states.get(agreement).filter(|s| s.day == now.day) {
            return known.clone();
        }
        let view = self.view(now, agreement);
        let id = |v: &Standing| {
            self.couple
                .as_ref()
                .and_then(|c| c.find(&v.hash))
                .map(|(_, said)| said.id)
        };
        let waits = |v: &&Standing| v.by == Who::Partner && !v.yes.contains(&Who::Me);
        let look_again = view.in_force().is_some_and(|v| {
            let act = self.thread(agreement).and_then(|t| t.acts.get(v.act));
            act.and_then(|act| act.look_again())
                .is_some_and(|day| day <= now.day)
        });
        let summary = Summary {
            day: now.day,
            state: view.state,
            proposals: view.proposals().count(),
            waiting: view.proposals().filter(waits).filter_map(id).collect(),
            look_again,
            named_by: names(&view).map(|v| v.hash),
        };
        self.states.insert(*agreement, summary.clone());
        summary
    }

    pub(super) fn list(
        &mut self,
        now: Now,
        state: Option<AgreementState>,
        after: Option<&str>,
    ) -> AgreementList {
        let after = after.and_then(|hex| AgreementId::from_hex(hex).ok());
        let all: Vec<AgreementId> = self
            .couple
            .iter()
            .flat_map(|c| c.threads())
            .map(|(id, _)| *id)
            .filter(|id| Some(*id) > after)
            .collect();
        let mut agreements = Vec::new();
        for id in all {
            let summary = self.summary(now, &id);
            if state.is_some_and(|wanted| wanted != summary.state) {
                continue;
            }
            if agreements.len() == LINES {
                let next = agreements
                    .last()
                    .map(|line: &AgreementLine| line.agreement.hex());
                return AgreementList { agreements, next };
            }
            let topic = self.topic_of(&summary);
            agreements.push(AgreementLine {
                agreement: id,
                topic,
                state: summary.state,
                proposals: summary.proposals,
            });
        }
        AgreementList {
            agreements,
            next: None,
        }
    }

    pub(super) fn today(&mut self, now: Now) -> TodayView {
        let mut today = TodayView::default();
        // What I alone have spoken of waits for my partner, not for me; what he alone has spoken of waits for me, and
        // cannot be in force.
        let concerns = |thread: &Thread| {
            let by = |who| thread.acts.iter().any(|act| act.by == who);
            by(Who::Partner).then(|| by(Who::Me))
        };
        let all: Vec<(AgreementId, bool)> = self
            .couple
            .iter()
            .flat_map(|c| c.threads())
            .filter_map(|(id, thread)| Some((*id, concerns(thread)?)))
            .collect();
        // Slots have their own share of the lines, so that many proposals do not hide them.
        let slots = self.slots_at_hand(now);
        let slots = slots.iter().take(TODAY_SLOTS_READ);
        let slots = slots.filter_map(|slot| self.today_slot(slot));
        let slots: Vec<TodayLine> = slots.take(TODAY_LINES / 2).collect();
        for (id, both) in all {
            if !both && today.waiting.len() + slots.len() >= TODAY_LINES {
                continue;
            }
            let summary = self.summary(now, &id);
            self.today_agreement(&id, &summary, &mut today);
        }
        today.waiting.truncate(TODAY_LINES - slots.len());
        today.waiting.extend(slots);
        for lines in [
            &mut today.waiting,
            &mut today.resting,
            &mut today.to_look_at,
        ] {
            lines.truncate(TODAY_LINES);
        }
        today
    }

    fn today_agreement(&self, id: &AgreementId, summary: &Summary, today: &mut TodayView) {
        let partner = self.partner_name();
        let quiet = summary.waiting.is_empty()
            && !summary.look_again
            && !matches!(
                summary.state,
                AgreementState::TwoYeses | AgreementState::Resting | AgreementState::Over
            );
        if quiet {
            return;
        }
        let topic = self.topic_of(summary);
        let line = |what, id: String, words: String| TodayLine { what, id, words };
        for version in &summary.waiting {
            let words = match summary.state {
                AgreementState::ChangeProposed => {
                    format!("{partner} proposes a change to “{topic}”.")
                }
                _ => format!("{partner} proposes “{topic}”."),
            };
            today
                .waiting
                .push(line(TodayWhat::Proposal, version.hex(), words));
        }
        match summary.state {
            AgreementState::TwoYeses => {
                let words = format!(
                    "“{topic}”: you each said yes to the other's wording. Which one shall it be?"
                );
                today
                    .waiting
                    .push(line(TodayWhat::TwoYeses, id.hex(), words));
            }
            AgreementState::Resting => {
                let words = format!("“{topic}” rests until tomorrow. You both said yes.");
                today
                    .resting
                    .push(line(TodayWhat::Resting, id.hex(), words));
            }
            AgreementState::Over => {
                let words = format!(
                    "The trial of “{topic}” has passed. It does not bring back what was before."
                );
                today
                    .to_look_at
                    .push(line(TodayWhat::TrialOver, id.hex(), words));
            }
            _ => {}
        }
        if summary.look_again {
            let words = format!("“{topic}” is due for a look.");
            today
                .to_look_at
                .push(line(TodayWhat::LookAgain, id.hex(), words));
        }
    }

    fn today_slot(&self, slot: &Slot) -> Option<TodayLine> {
        let (partner, name) = (self.partner_name(), spoken(slot));
        let view = self.slot_view(slot);
        let heard = view.heard.iter().any(|h| h.by == Who::Me);
        let draft = view.kept_here.is_some() && view.mine == SealedState::Empty;
        let (what, words) = match (view.mine, view.partner) {
            (_, SealedState::Void) => (
                TodayWhat::Void,
                format!(
                    "{partner}'s page for {name} could not be opened. Ask for it to be written again."
                ),
            ),
            (SealedState::Empty, SealedState::Ready | SealedState::Locked) => {
                (TodayWhat::Ready, format!("{partner}'s is ready: {name}."))
            }
            (_, SealedState::Open) if !heard => (
                TodayWhat::Opened,
                format!("{partner}'s page for {name} is open."),
            ),
            _ if draft => (
                TodayWhat::CameBack,
                format!("Your words for {name} came back to you. Nobody saw them."),
            ),
            _ => return None,
        };
        Some(TodayLine {
            what,
            id: slot.to_string(),
            words,
        })
    }

    pub(super) fn slot_view(&self, slot: &Slot) -> SlotView {
        let kept_here = self
            .kept
            .get(slot)
            .and_then(|kept| Sealed::read(slot, &kept.text).ok());
        let mut view = SlotView {
            slot: slot.clone(),
            mine: SealedState::Empty,
            partner: SealedState::Empty,
            opened: None,
            heard: Vec::new(),
            kept_here,
        };
        let Some(couple) = &self.couple else {
            return view;
        };
        let stands = couple.slot(slot);
        (view.mine, view.partner) = (stands.state(Who::Me), stands.state(Who::Partner));
        let opened = Opened {
            me: stands.words(Who::Me).cloned(),
            partner: stands.words(Who::Partner).cloned(),
        };
        if opened.me.is_some() || opened.partner.is_some() {
            view.opened = Some(opened);
        }
        for by in [Who::Me, Who::Partner] {
            for it in couple.said_in_slot(slot, by).filter_map(Said::read) {
                if let Body::Heard(heard) = it.body {
                    view.heard.push(HeardView {
                        by,
                        words: heard.words,
                    });
                }
            }
        }
        view
    }
}

/// A slot as it is named in a sentence.
fn spoken(slot: &Slot) -> String {
    match slot {
        Slot::Week { week, .. } => format!("the check-in of week {week}"),
        Slot::Card(_) => "a card".into(),
        Slot::Look(_) => "a review".into(),
    }
}
