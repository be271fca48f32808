//! What is shown: agreements, slots and Today, from the side of this partner.

use super::requests::value;
use super::told::ACTS_LOOKED_AT;
use super::{Node, Now};
use crate::agreement::{Standing, View};
use crate::books::book::{Said, Subject};
use crate::books::couple::{Couple, Thread as Moves};
use crate::books::rows::Row;
use crate::sealed::Slot as StandingSlot;
use crate::told::Thread;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use troth_proto::api::AgreementList;
use troth_proto::ids::Who;
use troth_proto::said::agreement::{Target, Words};
use troth_proto::said::sealed::Sealed;
use troth_proto::said::told::{ToldKind, Verb};
use troth_proto::said::{Spoken, Text};
use troth_proto::view::{
    AgreementLine, AgreementState, AgreementView, Answer, LookView, NewsLine, NewsWhat, Opened,
    Pages, SealedState, SlotView, SteppedBack, TodayLine, TodayView, TodayWhat, VersionState,
    VersionView,
};
use troth_proto::{AgreementId, AssertionId, Body, Day, Hash, Problem, Slot, limits};

/// Lines in each part of Today.
const TODAY_LINES: usize = 100;
/// Topics that are named as on offer.
const ON_OFFER: usize = 12;
/// Slots that Today looks into, and acts in each that are more than anybody has there.
const TODAY_SLOTS_READ: usize = 500;
pub(super) const SLOT_ACTS: usize = 16;
/// Acts about one page that are more than anybody has there.
const PAGE_ACTS: usize = 64;
/// Agreements looked at for one answer.
const LOOKED_AT: usize = 5_000;
/// Bytes of one line of a list, besides its topic.
const LINE_BYTES: usize = 160;

/// What Today needs of an agreement, kept until something is said about it or the day changes.
#[derive(Debug, Clone)]
pub(super) struct Summary {
    day: Day,
    state: AgreementState,
    proposals: usize,
    /// Versions of the partner's that wait for my answer.
    waiting: Vec<AssertionId>,
    /// Those of them to which a yes would not count.
    overtaken: BTreeSet<AssertionId>,
    /// Those that I have answered with not now, or with needing time until a day that is to come.
    set_aside: Vec<(AssertionId, Option<Day>)>,
    look_again: Option<Hash>,
    /// Whether words of mine wait for the partner's answer.
    on_offer: bool,
    /// Versions that may name it, the first whose words are here.
    named_by: Vec<Hash>,
}

/// What both said about an agreement besides what decides its state, read once for a view.
#[derive(Default)]
struct Beside {
    /// "Not now" and "I need time", by version.
    answers: BTreeMap<Hash, Vec<Answer>>,
    /// Notes of steps back, by the step's hash.
    backs: BTreeMap<Hash, SteppedBack>,
    parts: [Option<String>; 2],
    put_away: Vec<Who>,
}

/// Versions whose topic may name an agreement: what is in force, or was last, in my own words if they are the very same; else,
/// and where it is only proposed, the newest words.
pub(super) fn names(view: &View) -> Vec<Hash> {
    let agreed = match view.state {
        AgreementState::Proposed => None,
        _ => view.in_force().or_else(|| view.last_agreed()),
    };
    let mine = agreed.and_then(|v| view.wording(v).find(|w| w.by == Who::Me));
    mine.into_iter()
        .chain(agreed)
        .chain(view.versions.iter().rev())
        .map(|v| v.hash)
        .take(4)
        .collect()
}

/// Whether a yes to the partner's words, which are on offer, would not count: something else was agreed since.
fn is_overtaken(view: &View, v: &Standing) -> bool {
    let theirs = view.wording(v).find(|w| w.by == Who::Partner);
    v.state == VersionState::Proposed
        && !v.bound.contains(&Who::Me)
        && theirs.is_some_and(|w| !view.yes_would_count(&w.hash))
}

impl Node {
    /// One page of an agreement: as many versions as an answer holds.
    pub(super) fn show_agreement(
        &self,
        now: Now,
        agreement: &str,
        after: Option<usize>,
    ) -> Result<Value, Problem> {
        self.bound()?;
        let agreement = self.agreement_named(agreement)?;
        let view = self.view(now, &agreement);
        let beside = self.beside(now, &agreement, &view);
        let shown: Vec<&Standing> = view.shown().collect();
        let (mut versions, mut bytes, mut next) = (Vec::new(), 0, None);
        let mut noted = BTreeSet::new();
        for (i, v) in shown.iter().enumerate().skip(after.unwrap_or(0)) {
            let Some(version) = self.version_view(&view, &beside, &mut noted, v) else {
                continue;
            };
            bytes += serde_json::to_string(&version).map_or(0, |text| text.len());
            if !versions.is_empty() && bytes > limits::ANSWER_BYTES {
                next = Some(i);
                break;
            }
            versions.push(version);
        }
        let [my_part, partner_part] = if after.is_none() {
            beside.parts
        } else {
            [None, None]
        };
        Ok(value(&AgreementView {
            agreement,
            topic: self.topic(&names(&view)),
            state: view.state,
            in_force: view.in_force().map(|v| v.hash),
            of: shown.len(),
            versions,
            my_part,
            partner_part,
            put_away: beside.put_away,
            next,
        }))
    }

    fn version_view(
        &self,
        view: &View,
        beside: &Beside,
        noted: &mut BTreeSet<Hash>,
        v: &Standing,
    ) -> Option<VersionView> {
        let (_, said) = self.couple.as_ref()?.find(&v.hash)?;
        let wording: Vec<&Standing> = view.wording(v).collect();
        let words = self.words_of_wording(view, v);
        let told = v.state != VersionState::NotAgreed;
        let rests = wording
            .iter()
            .find_map(|v| self.desk.local.resting.get(&v.hash));
        let same_words = wording.iter().map(|w| w.hash).filter(|w| *w != v.hash);
        let answers = beside.answers.get(&v.hash).into_iter().flatten();
        // The first two of each: nobody can make an answer long by stepping back again and again. A note stands once.
        let mut backs: Vec<SteppedBack> = Vec::new();
        for (by, hash) in &v.backs {
            let of_theirs = backs.iter().filter(|back| back.by == *by).count();
            if let Some(back) = beside.backs.get(hash).filter(|_| of_theirs < 2) {
                let mut back = back.clone();
                if !noted.insert(*hash) {
                    back.note.clear();
                }
                backs.push(back);
            }
        }
        Some(VersionView {
            version: said.id,
            hash: v.hash,
            by: v.by,
            on: v.on?,
            base: v.base.clone(),
            said_yes: if told {
                v.yes.iter().copied().collect()
            } else {
                Vec::new()
            },
            state: v.state,
            words,
            trial_until: v.trial_until,
            look_again: v.look_again,
            rests_until: rests.map(|rests| rests.day),
            overtaken: is_overtaken(view, v),
            weight: v.weight,
            same_words: same_words.collect(),
            answers: answers.cloned().collect(),
            steps_back: backs,
            looks: self.looks(v),
        })
    }

    /// What both said about an agreement besides its versions and yeses: read once, each in the order of their own past.
    fn beside(&self, now: Now, agreement: &AgreementId, view: &View) -> Beside {
        let mut beside = Beside::default();
        let (Some(couple), Some(thread)) = (&self.couple, self.thread(agreement)) else {
            return beside;
        };
        let all = couple.first_in(thread);
        let text = |said: Said<'_>| said.words().and_then(Text::read).map(|it| it.text);
        // Of each partner the newest about a wording, whichever of the same words it named.
        let mut last: BTreeMap<(Hash, Who), Answer> = BTreeMap::new();
        let wording = |hash: &Hash| view.version(hash).map_or(*hash, |v| view.shown_for(v));
        for (by, said) in all {
            let Some(it) = said.read() else { continue };
            match it.body {
                Body::NotNow(about) => {
                    let answer = Answer {
                        by,
                        need_time_until: None,
                        note: text(said).unwrap_or_default(),
                    };
                    last.insert((wording(&about.version), by), answer);
                }
                Body::NeedTime(about) => {
                    let answer = Answer {
                        by,
                        need_time_until: Some(about.until),
                        note: String::new(),
                    };
                    last.insert((wording(&about.version), by), answer);
                }
                Body::Yes(about) => {
                    last.remove(&(wording(&about.version), by));
                }
                Body::StepBack(back) => {
                    match back.from {
                        Target::Version(version) => drop(last.remove(&(wording(&version), by))),
                        Target::Agreement(_) => last.retain(|(_, who), _| *who != by),
                    }
                    let note = text(said).unwrap_or_default();
                    if let Some(on) = it.on {
                        beside.backs.insert(said.hash, SteppedBack { by, on, note });
                    }
                }
                Body::MyPart(_) => beside.parts[by as usize] = text(said),
                Body::PutAway(_) if !beside.put_away.contains(&by) => beside.put_away.push(by),
                _ => {}
            }
        }
        beside.put_away.sort();
        for ((version, _), answer) in last {
            let passed = answer.need_time_until.is_some_and(|until| now.day > until);
            if !passed {
                beside.answers.entry(version).or_default().push(answer);
            }
        }
        beside
    }

    /// Reviews that both have opened: the last, if there were several.
    fn looks(&self, v: &Standing) -> Vec<LookView> {
        let first = Slot::look(v.hash);
        let slot = match self.next_of(&first) {
            Slot::Look { version, n } if n > 1 => Slot::Look { version, n: n - 1 },
            _ => first,
        };
        let stands = self.couple.as_ref().map(|couple| couple.slot(&slot));
        let look = |by| match self.opened(&slot, stands.as_ref()?, by) {
            Some(Sealed::Look(look)) => Some(LookView {
                by,
                words: look.words,
                lean: look.lean,
            }),
            _ => None,
        };
        [Who::Me, Who::Partner]
            .into_iter()
            .filter_map(look)
            .collect()
    }

    /// The words that one of them has opened in a slot, if they are here and were not taken back.
    pub(super) fn opened(&self, slot: &Slot, stands: &StandingSlot, by: Who) -> Option<Sealed> {
        let couple = self.couple.as_ref()?;
        let hash = stands.opening(by)?;
        if couple.taken_back_by(&hash).is_some() {
            return None;
        }
        Sealed::of(slot, couple.find(&hash)?.1.words()?)
    }

    pub(super) fn topic(&self, named_by: &[Hash]) -> String {
        let mut words = named_by.iter().filter_map(|hash| self.words_of(hash));
        words.next().map(|words| words.topic).unwrap_or_default()
    }

    /// The topic of an agreement, as its own line has it.
    pub(super) fn topic_of_agreement(&self, now: Now, id: &AgreementId) -> String {
        match self.desk.states.get(id).filter(|it| it.day == now.day) {
            Some(known) => self.topic_of(known),
            None => self.topic(&names(&self.view(now, id))),
        }
    }

    /// The agreement that is looked at in a slot.
    fn looked_at_in(&self, slot: &Slot) -> Option<AgreementId> {
        let Slot::Look { version, .. } = slot else {
            return None;
        };
        let (_, said) = self.couple.as_ref()?.find(version)?;
        match said.subject? {
            Subject::Agreement(id) => Some(*id),
            _ => None,
        }
    }

    /// The topic of the agreement that is looked at in a slot; of any other slot none.
    fn topic_of_slot(&self, now: Now, slot: &Slot) -> String {
        let id = self.looked_at_in(slot);
        id.map_or_else(String::new, |id| self.topic_of_agreement(now, &id))
    }

    /// Finds out how the agreement stands that is looked at in a slot, so that it is worked out once for all of its slots. Says
    /// how many acts were looked at.
    pub(super) fn know_topic_of_slot(&mut self, now: Now, slot: &Slot) -> usize {
        let Some(id) = self.looked_at_in(slot) else {
            return 0;
        };
        if self
            .desk
            .states
            .get(&id)
            .is_some_and(|it| it.day == now.day)
        {
            return 0;
        }
        self.summary(now, &id);
        let thread = self.couple.as_ref().and_then(|it| it.thread(&id));
        thread.map_or(0, |it| it.moves.len())
    }

    /// Finds out how agreements stand that these are about, so that none is worked out for each line.
    pub(super) fn know_topics(&mut self, now: Now, roots: &[(Who, u32)]) {
        let Some(couple) = &self.couple else { return };
        let about = roots.iter().filter_map(|(who, index)| {
            match couple.book(*who).at(*index as usize).read()?.body {
                Body::Told(told) => told.facts.agreement,
                _ => None,
            }
        });
        let about: BTreeSet<AgreementId> = about.collect();
        for id in about {
            self.summary(now, &id);
        }
    }

    fn topic_of(&self, summary: &Summary) -> String {
        self.topic(&summary.named_by)
    }

    fn summary(&mut self, now: Now, agreement: &AgreementId) -> Summary {
        if let Some(known) = self.desk.states.get(agreement).filter(|s| s.day == now.day) {
            return known.clone();
        }
        let view = self.view(now, agreement);
        let id = |v: &Standing| {
            self.couple
                .as_ref()
                .and_then(|c| c.find(&v.hash))
                .map(|(_, said)| said.id)
        };
        let rests = |v: &Standing| self.desk.local.resting.contains_key(&v.hash);
        let waits = |v: &&Standing| {
            let theirs = view.wording(v).any(|w| w.by == Who::Partner);
            theirs && !v.bound.contains(&Who::Me) && !view.wording(v).any(rests)
        };
        let (mut waiting, mut set_aside) = (Vec::new(), Vec::new());
        let mut overtaken = BTreeSet::new();
        for version in view.proposals().filter(waits) {
            let Some(id) = id(version) else { continue };
            if is_overtaken(&view, version) {
                overtaken.insert(id);
            }
            match self.answered(now, agreement, &view, version) {
                Some(until) => set_aside.push((id, until)),
                None => waiting.push(id),
            }
        }
        let look_again = view
            .in_force()
            .filter(|v| v.look_again.is_some_and(|day| day <= now.day))
            .map(|v| v.hash);
        let summary = Summary {
            day: now.day,
            state: view.state,
            proposals: view.proposals().count(),
            waiting,
            overtaken,
            set_aside,
            look_again,
            on_offer: view.proposals().any(|v| {
                view.wording(v).any(|w| w.by == Who::Me) && !v.bound.contains(&Who::Partner)
            }),
            named_by: names(&view),
        };
        self.desk.states.insert(*agreement, summary.clone());
        summary
    }

    /// My last answer to a wording that leaves it open, while it rests: until a day, or for as long as nothing else is said.
    fn answered(
        &self,
        now: Now,
        agreement: &AgreementId,
        view: &View,
        version: &Standing,
    ) -> Option<Option<Day>> {
        let couple = self.couple.as_ref()?;
        let wording: Vec<Hash> = view.wording(version).map(|w| w.hash).collect();
        let mine = couple.said_in(couple.thread(agreement)?);
        let mine = mine.filter(|(by, _)| *by == Who::Me);
        let answers = mine.filter_map(|(_, said)| match said.read()?.body {
            Body::NotNow(it) if wording.contains(&it.version) => Some(None),
            Body::NeedTime(it) if wording.contains(&it.version) => Some(Some(it.until)),
            _ => None,
        });
        let last = answers.last()?;
        last.is_none_or(|day| day > now.day).then_some(last)
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
        let (mut agreements, mut bytes): (Vec<AgreementLine>, _) = (Vec::new(), 0);
        let mut last = None;
        for (looked_at, id) in all.into_iter().enumerate() {
            if looked_at >= LOOKED_AT {
                let next = last.map(|id: AgreementId| id.hex());
                return AgreementList { agreements, next };
            }
            let summary = self.summary(now, &id);
            if state.is_some_and(|wanted| wanted != summary.state) {
                last = Some(id);
                continue;
            }
            let mut words = summary
                .named_by
                .iter()
                .filter_map(|hash| self.words_of(hash));
            let Words { topic, terms, .. } = words.next().unwrap_or_default();
            let first = terms.lines().next().unwrap_or_default();
            let begins: String = first.chars().take(limits::LINE_CHARS).collect();
            bytes += topic.len() + begins.len() + LINE_BYTES;
            if !agreements.is_empty() && bytes > limits::ANSWER_BYTES {
                let next = last.map(|id| id.hex());
                return AgreementList { agreements, next };
            }
            agreements.push(AgreementLine {
                agreement: id,
                topic,
                state: summary.state,
                proposals: summary.proposals,
                begins,
            });
            last = Some(id);
        }
        AgreementList {
            agreements,
            next: None,
        }
    }

    /// Today without what is told once.
    pub(super) fn glance(&mut self, now: Now) -> TodayView {
        let (told, on_break) = self.today_told(now);
        TodayView {
            told,
            on_break,
            ..self.today(now)
        }
    }

    fn today(&mut self, now: Now) -> TodayView {
        let mut today = TodayView {
            partner: self.partner_called(),
            ..TodayView::default()
        };
        // What I alone have spoken of waits for my partner, not for me; what he alone has spoken of waits for me, and
        // cannot be in force.
        let concerns = |thread: &Moves| {
            let by = |who| thread.moves.iter().any(|act| act.by == who);
            by(Who::Partner).then(|| by(Who::Me))
        };
        let all: Vec<(AgreementId, bool)> = self
            .couple
            .iter()
            .flat_map(|c| c.threads())
            .filter_map(|(id, thread)| Some((*id, concerns(thread)?)))
            .collect();
        // Slots have their own share of the lines, so that many proposals do not hide them.
        let slots = self.today_slots(now);
        for (id, both) in all {
            if !both && today.waiting.len() + slots.len() >= TODAY_LINES {
                continue;
            }
            let summary = self.summary(now, &id);
            self.today_agreement(&id, &summary, &mut today);
        }
        today.waiting.truncate(TODAY_LINES - slots.len());
        today.waiting.extend(slots);
        for (hash, rests) in &self.desk.local.resting {
            let said = self.couple.as_ref().and_then(|c| c.find(hash));
            let words = self.words_of(hash);
            if let Some((_, said)) = said {
                today.resting.push(TodayLine {
                    what: TodayWhat::Resting,
                    id: said.id.hex(),
                    topic: words.map(|words| words.topic).unwrap_or_default(),
                    until: Some(rests.day),
                });
            }
        }
        today.on_offer = self.on_offer(now);
        for lines in [
            &mut today.waiting,
            &mut today.resting,
            &mut today.to_look_at,
        ] {
            lines.truncate(TODAY_LINES);
        }
        today
    }

    /// What stands on Today of slots. Where words of mine are kept is looked at whatever the other has filled.
    fn today_slots(&mut self, now: Now) -> Vec<TodayLine> {
        let slots = self.slots_at_hand(now);
        let (mut kept, mut others): (Vec<_>, Vec<_>) = slots
            .iter()
            .enumerate()
            .partition(|(_, slot)| self.desk.kept.contains_key(*slot));
        others.extend(kept.split_off(kept.len().min(TODAY_LINES / 4)));
        others.sort_by_key(|(near, _)| *near);
        let mut acts = 0;
        let others = others.into_iter().take(TODAY_SLOTS_READ);
        let others = others.take_while(|(_, slot)| {
            let before = acts;
            let in_it = self.couple.as_ref().map_or(0, |it| it.acts_in_slot(slot));
            acts += in_it.saturating_sub(SLOT_ACTS);
            before <= ACTS_LOOKED_AT
        });
        let all = kept.into_iter().chain(others);
        let lines = all.filter_map(|(near, slot)| Some((near, self.today_slot(slot)?)));
        let mut lines: Vec<(usize, TodayLine)> = lines.take(TODAY_LINES / 2).collect();
        lines.sort_by_key(|(near, _)| *near);
        for (near, line) in &mut lines {
            if let Some(slot) = slots.get(*near) {
                self.know_topic_of_slot(now, slot);
                line.topic = self.topic_of_slot(now, slot);
            }
        }
        lines.into_iter().map(|(_, line)| line).collect()
    }

    /// Topics of what is on offer here and waits for the partner.
    fn on_offer(&mut self, now: Now) -> Vec<String> {
        let mine = |thread: &Moves| thread.moves.iter().any(|act| act.by == Who::Me);
        let all = self.couple.iter().flat_map(|c| c.threads());
        let all = all.filter(|(_, thread)| mine(thread)).take(LOOKED_AT);
        let all: Vec<AgreementId> = all.map(|(id, _)| *id).collect();
        let mut topics = Vec::new();
        for id in all {
            let summary = self.summary(now, &id);
            if summary.on_offer {
                topics.push(self.topic_of(&summary));
            }
            if topics.len() == ON_OFFER {
                break;
            }
        }
        topics
    }

    /// What came from the partner and was not told yet; from now on it is.
    pub(super) fn tell_news(&mut self, now: Now) -> (Vec<NewsLine>, bool) {
        let (all, more) = std::mem::take(&mut self.desk.local.news);
        if all.is_empty() && !more {
            return (Vec::new(), false);
        }
        self.later(now, Row::Local);
        let lines = all.iter().filter_map(|hash| self.news_line(now, hash));
        (lines.collect(), more)
    }

    pub(super) fn news_line(&mut self, now: Now, hash: &Hash) -> Option<NewsLine> {
        let (who, said) = self.couple.as_ref()?.find(hash)?;
        let (it, note) = (said.read()?, said.words().is_some_and(|w| !w.is_empty()));
        let subject = said.subject?.clone();
        let (what, until) = match &it.body {
            // One's own wording, closed: the partner's Troth did that by itself.
            Body::Yes(yes) => {
                let theirs = self.couple.as_ref()?.find(&yes.version)?.0 == who;
                if theirs {
                    return None;
                }
                (NewsWhat::Yes, None)
            }
            Body::NotNow(_) => (NewsWhat::NotNow, None),
            Body::NeedTime(need) => (NewsWhat::NeedsTime, Some(need.until)),
            Body::StepBack(back) => match back.from {
                Target::Version(_) => (NewsWhat::SteppedBack, None),
                Target::Agreement(_) => (NewsWhat::LetGo, None),
            },
            Body::MyPart(_) => (NewsWhat::Part, None),
            Body::Answer(answer) => match answer.says {
                Verb::Heard => (NewsWhat::Heard, None),
                Verb::Thank => (NewsWhat::Thanked, None),
                Verb::SayBack => (NewsWhat::SaidBack, None),
                _ => return None,
            },
            Body::Told(told) if told.kind == ToldKind::Permission => (NewsWhat::Permission, None),
            Body::Draft(_) => (NewsWhat::BeganDraft, None),
            Body::DraftClosed(_) => (NewsWhat::ClosedDraft, None),
            _ => return None,
        };
        let (id, topic, state) = match subject {
            Subject::Agreement(id) => {
                let summary = self.summary(now, &id);
                (id.hex(), self.topic_of(&summary), Some(summary.state))
            }
            Subject::Slot(slot) => (slot.to_string(), self.topic_of_slot(now, &slot), None),
            Subject::Draft(id) => (id.hex(), self.draft_title(&id)?, None),
            Subject::Told(who, index) => {
                let couple = self.couple.as_ref()?;
                let thread = Thread::of(couple, (who, index))?;
                // What was taken back since, or what it was said of, was never there for one who has not seen it.
                if thread.fell(thread.act(hash)?) {
                    return None;
                }
                match couple.book(who).at(index as usize).subject? {
                    _ if what == NewsWhat::Permission => (said.id.hex(), String::new(), None),
                    Subject::Slot(slot) => (slot.to_string(), self.topic_of_slot(now, slot), None),
                    _ => return None,
                }
            }
        };
        let note = note
            && matches!(
                what,
                NewsWhat::NotNow | NewsWhat::SteppedBack | NewsWhat::LetGo
            );
        Some(NewsLine {
            what,
            id,
            topic,
            state,
            until,
            note,
        })
    }

    fn today_agreement(&self, id: &AgreementId, summary: &Summary, today: &mut TodayView) {
        let quiet = summary.waiting.is_empty()
            && summary.set_aside.is_empty()
            && summary.look_again.is_none()
            && !matches!(
                summary.state,
                AgreementState::TwoYeses | AgreementState::Over
            );
        if quiet {
            return;
        }
        let topic = self.topic_of(summary);
        let line = |what, id: String| TodayLine {
            what,
            id,
            topic: topic.clone(),
            until: None,
        };
        for version in &summary.waiting {
            let what = match summary.state {
                _ if summary.overtaken.contains(version) => TodayWhat::Overtaken,
                AgreementState::ChangeProposed => TodayWhat::Change,
                _ => TodayWhat::Proposal,
            };
            today.waiting.push(line(what, version.hex()));
        }
        for (version, until) in &summary.set_aside {
            today.resting.push(TodayLine {
                until: *until,
                ..line(TodayWhat::SetAside, version.hex())
            });
        }
        match summary.state {
            AgreementState::TwoYeses => today.waiting.push(line(TodayWhat::TwoYeses, id.hex())),
            AgreementState::Over => today.to_look_at.push(line(TodayWhat::TrialOver, id.hex())),
            _ => {}
        }
        // Whoever has written a review waits for the other.
        let reviewed = |version: &Hash| {
            let slot = self.next_of(&Slot::look(*version));
            let stands = self.couple.as_ref().map(|couple| couple.slot(&slot));
            let before = !matches!(slot, Slot::Look { n: 1, .. });
            before
                || stands.is_some_and(|slot| {
                    !matches!(slot.state(Who::Me), SealedState::Empty | SealedState::Void)
                })
        };
        if summary
            .look_again
            .is_some_and(|version| !reviewed(&version))
        {
            today.to_look_at.push(line(TodayWhat::LookAgain, id.hex()));
        }
    }

    fn today_slot(&self, slot: &Slot) -> Option<TodayLine> {
        let couple = self.couple.as_ref()?;
        let stands = couple.slot(slot);
        let (mine, partner) = (stands.state(Who::Me), stands.state(Who::Partner));
        let back = stands.opening(Who::Partner);
        let back = back.is_some_and(|hash| couple.taken_back_by(&hash).is_some());
        let taken_back = back && stands.opening(Who::Me).is_some();
        let kept = self.desk.kept.get(slot);
        let kept_here = kept.is_some_and(|kept| Sealed::of(slot, &kept.words).is_some());
        let draft = kept_here && mine == SealedState::Empty;
        let repair = matches!(slot, Slot::Repair { .. });
        let opened = || !taken_back && !repair && !self.is_dealt_with(couple, &stands);
        let what = match (mine, partner) {
            _ if self.words_are_lost(slot, &stands) => TodayWhat::WordsLost,
            (_, SealedState::Void) => TodayWhat::Void,
            (SealedState::Empty, SealedState::Ready | SealedState::Locked) => TodayWhat::Ready,
            // What opened in a repair is read there: its steps stand on Today.
            (_, SealedState::Open) if opened() => TodayWhat::Opened,
            _ if draft => TodayWhat::CameBack,
            _ => return None,
        };
        Some(TodayLine {
            what,
            id: slot.to_string(),
            topic: String::new(), // for those that are shown
            until: None,
        })
    }

    /// Whether the partner's page in a slot was opened or set aside here, or something was said of it: it stands on Today no
    /// more (KINDS §7).
    fn is_dealt_with(&self, couple: &Couple, stands: &StandingSlot) -> bool {
        let Some(opening) = stands.opening(Who::Partner) else {
            return false;
        };
        let page = || {
            let (who, said) = couple.find(&opening)?;
            Some((who, said.index()))
        };
        let answered = || page().is_some_and(|page| couple.has_spoken_of(page, Who::Me));
        let put_away = || {
            let page = page().filter(|page| couple.acts_about(*page) <= PAGE_ACTS);
            let thread = page.and_then(|page| Thread::of(couple, page));
            thread.is_some_and(|thread| thread.put_away())
        };
        self.desk.marks.is_marked(&opening) || answered() || put_away()
    }

    pub(super) fn slot_view(&self, now: Now, slot: &Slot) -> SlotView {
        let kept = self.desk.kept.get(slot);
        let mut view = SlotView {
            slot: slot.clone(),
            topic: self.topic_of_slot(now, slot),
            mine: SealedState::Empty,
            partner: SealedState::Empty,
            opened: None,
            taken_back: Vec::new(),
            may_keep: false,
            opens_at_once: false,
            words_lost: false,
            answers: Vec::new(),
            put_away: Vec::new(),
            kept_here: kept.and_then(|kept| Sealed::of(slot, &kept.words)),
            pages: Pages::default(),
        };
        let Some(looker) = self.bare_looker(now) else {
            return view;
        };
        let couple = looker.couple;
        let stands = couple.slot(slot);
        view.words_lost = self.words_are_lost(slot, &stands);
        (view.mine, view.partner) = (stands.state(Who::Me), stands.state(Who::Partner));
        view.opens_at_once = stands.opens_at_once();
        let opened = Opened {
            me: self.opened(slot, &stands, Who::Me),
            partner: self.opened(slot, &stands, Who::Partner),
        };
        for by in [Who::Me, Who::Partner] {
            let opening = stands.opening(by).and_then(|hash| couple.find(&hash));
            let back = opening.filter(|(_, said)| couple.taken_back_by(&said.hash).is_some());
            // Who has not opened has not seen it, and is told nothing of it.
            let told = by == Who::Me || stands.opening(Who::Me).is_some();
            if let Some((_, said)) = back.filter(|_| told) {
                view.taken_back.push(by);
                view.may_keep |= by == Who::Partner && said.words().is_some();
            }
        }
        if opened.me.is_some() || opened.partner.is_some() {
            view.opened = Some(opened);
        }
        for opener in [Who::Partner, Who::Me] {
            let opening = stands.opening(opener).and_then(|hash| couple.find(&hash));
            let thread = opening.and_then(|(who, said)| Thread::of(couple, (who, said.index())));
            let Some(thread) = thread else { continue };
            let name = match opener {
                Who::Me => &mut view.pages.me,
                Who::Partner => &mut view.pages.partner,
            };
            *name = view.opened.is_some().then_some(thread.root.id);
            if thread.put_away() && !thread.root.taken_back {
                view.put_away.push(opener);
            }
            view.answers.extend(looker.said_of_page(&thread));
        }
        view.put_away.sort();
        view
    }
}
