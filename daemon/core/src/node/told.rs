//! What was told and answered, as this partner sees it (KINDS §2, §7, §8).

use super::requests::value;
use super::{Node, Now};
use crate::books::couple::Couple;
use crate::told::{Act, Breaks, Repair, Tells, Thread, What, bid_is_seen, breaks};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use troth_proto::assertion::Weight;
use troth_proto::ids::Who;
use troth_proto::said::told::{
    ANSWERS, By, Field, Texts, Thing as About, ToldKind, Verb, answer_row, may_put_away,
    may_take_back,
};
use troth_proto::slot::SealedStep;
use troth_proto::telling::{
    BreakView, Line, Lines, Repair as RepairView, Seen, Thing, TodayTold, TodayToldWhat, View,
};
use troth_proto::{AgreementId, AssertionId, Body, Hash, Problem, Slot, limits};

/// Breaks of each that are looked at: the newest (KINDS §10).
const BREAKS: usize = 128;
/// Things looked at for one answer.
const LOOKED_AT: usize = 2_000;
/// Lines of Today about what was told, and things that are looked at for them.
const TODAY_LINES: usize = 50;
const TODAY_LOOKED_AT: usize = 500;
/// Own gifts of trust that Today looks at: the newest.
const TODAY_TRUST: usize = 64;
/// Standing permissions that are looked at: the newest.
const STANDING: usize = 256;
/// Characters of how words begin.
const BEGINS: usize = 120;

/// Where something told is: whose, and its index in that book.
pub(super) type Root = (Who, u32);

/// Repairs as others need them.
#[derive(Default)]
pub(super) struct Repairs(BTreeMap<Root, OneRepair>);

/// One of them.
struct OneRepair {
    id: AssertionId,
    agreement: Option<AgreementId>,
    is: Repair,
}

/// One who looks: at what, with what was opened here, and on which day.
struct Looker<'a> {
    couple: &'a Couple,
    node: &'a Node,
    now: Now,
    folded: bool,
}

impl Node {
    fn repair_of(&self, couple: &Couple, thread: &Thread) -> Repair {
        let opened = |step: SealedStep, who: Who| {
            let slot = Slot::Repair {
                id: thread.root.id,
                step,
            };
            couple.slot(&slot).opening(who).is_some()
        };
        let back = couple.taken_back_by(&thread.root.hash);
        let back = back.and_then(|hash| couple.find(hash)?.1.read()?.on);
        Repair::of(thread, opened, back)
    }

    /// All repairs, brought up to date with what was said since they were asked for last.
    fn repairs(&mut self) -> &Repairs {
        let mut repairs = self.desk.repairs.take().unwrap_or_default();
        if let Some(couple) = &self.couple {
            for root in couple.told_of(ToldKind::Repair) {
                if repairs.0.contains_key(root) {
                    continue;
                }
                if let Some(thread) = Thread::of(couple, *root) {
                    let one = OneRepair {
                        id: thread.root.id,
                        agreement: thread.root.facts.agreement,
                        is: self.repair_of(couple, &thread),
                    };
                    repairs.0.insert(*root, one);
                }
            }
        }
        self.desk.repairs.insert(repairs)
    }

    /// Something was said in slots, or about what was told.
    pub(super) fn told_changed(&mut self, slots: &BTreeSet<Slot>, roots: &BTreeSet<Root>) {
        let Some(Repairs(all)) = &mut self.desk.repairs else {
            return;
        };
        for root in roots {
            all.remove(root);
        }
        for slot in slots {
            if let Slot::Repair { id, .. } = slot {
                all.retain(|_, one| one.id != *id);
            }
        }
    }

    /// The sealed steps of those that are repairs.
    pub(super) fn slots_of_repairs(&self, roots: &BTreeSet<Root>) -> Vec<Slot> {
        let Some(couple) = &self.couple else {
            return Vec::new();
        };
        let ids = roots.iter().filter_map(|(who, index)| {
            let said = couple.book(*who).at(*index as usize);
            let repair = matches!(
                said.read()?.body,
                Body::Told(told) if told.kind == ToldKind::Repair
            );
            repair.then_some(said.id)
        });
        ids.flat_map(|id| SealedStep::ALL.map(|(step, _)| Slot::Repair { id, step }))
            .collect()
    }

    /// How far the repair is that a sealed step belongs to.
    pub(super) fn repair_with(&self, id: &AssertionId) -> Option<(Root, Thread, Repair)> {
        let couple = self.couple.as_ref()?;
        let both = [Who::Me, Who::Partner].into_iter();
        let mut all = both.flat_map(|who| {
            couple
                .book(who)
                .by_id(id)
                .into_iter()
                .map(move |s| (who, s))
        });
        all.find_map(|(who, said)| {
            said.subject?;
            let thread = Thread::of(couple, (who, said.index()))?;
            let repair = thread.root.what == What::Told(ToldKind::Repair);
            repair.then(|| {
                let is = self.repair_of(couple, &thread);
                ((who, said.index()), thread, is)
            })
        })
    }

    /// Repairs about an agreement that are open, the one that is walked first: the furthest along, then the lowest id.
    pub(super) fn open_repairs(&mut self, agreement: &AgreementId) -> Vec<AssertionId> {
        let all = self.repairs().0.values();
        let mut open: Vec<(u8, AssertionId)> = all
            .filter(|one| one.agreement == Some(*agreement) && !one.is.is_closed())
            .map(|one| (one.is.step(), one.id))
            .collect();
        open.sort_by_key(|(step, id)| (std::cmp::Reverse(*step), *id));
        open.into_iter().map(|(_, id)| id).collect()
    }

    /// Breaks that may count: those not ended by both, the newest of each.
    fn standing_breaks(&self) -> Vec<Thread> {
        let Some(couple) = &self.couple else {
            return Vec::new();
        };
        let all = couple.told_of(ToldKind::Break).iter().rev();
        let mut of_each = [0; 2];
        let newest = all.filter(|(who, _)| {
            of_each[*who as usize] += 1;
            of_each[*who as usize] <= BREAKS
        });
        newest
            .filter_map(|root| Thread::of(couple, *root))
            .filter(|thread| !thread.both_done())
            .collect()
    }

    /// How it is with breaks, and which they are.
    pub(super) fn breaks(&self, now: Now) -> (Breaks, Vec<Thread>) {
        let standing = self.standing_breaks();
        let back_at = |thread: &Thread| thread.root.facts.back_at;
        let is = breaks(standing.iter().filter_map(back_at), now.unix);
        // Those that can be answered: not over for long, and not too far ahead.
        let counts = |thread: &Thread| {
            back_at(thread).is_some_and(|at| breaks([at], now.unix) != Breaks::None)
        };
        (is, standing.into_iter().filter(counts).collect())
    }

    /// Whether what is told in trust is folded (K9).
    pub(super) fn is_folded(&mut self, now: Now) -> bool {
        self.breaks(now).0 != Breaks::None
            || self.repairs().0.values().any(|one| one.is.folds(now.day))
    }

    fn looker(&mut self, now: Now) -> Result<Looker<'_>, Problem> {
        let folded = self.is_folded(now);
        let node = &*self;
        let couple = node.couple.as_ref().ok_or(Problem::NotPaired)?;
        Ok(Looker {
            couple,
            node,
            now,
            folded,
        })
    }

    pub(super) fn told_list(
        &mut self,
        now: Now,
        kind: Option<ToldKind>,
        after: Option<usize>,
    ) -> Result<Value, Problem> {
        self.bound()?;
        let looker = self.looker(now)?;
        let mut all: Vec<Root> = match kind {
            Some(kind) => looker.couple.told_of(kind).to_vec(),
            None => {
                let kinds = ToldKind::ALL.iter();
                let all = kinds.flat_map(|kind| looker.couple.told_of(*kind));
                let mut all: Vec<Root> = all.copied().collect();
                // One order for all that came in whatever order: as their authors had them.
                all.sort_by_cached_key(|(who, index)| {
                    let said = looker.couple.book(*who).at(*index as usize);
                    (said.depth(), said.hash)
                });
                all
            }
        };
        all.reverse();
        let mut lines = Lines::default();
        let mut bytes = 0;
        let after = after.unwrap_or(0);
        for (n, root) in all.into_iter().enumerate().skip(after) {
            if n - after >= LOOKED_AT || bytes > limits::ANSWER_BYTES {
                lines.next = Some(n);
                break;
            }
            if let Some(line) = looker.line(root) {
                bytes += 200 + line.begins.len() + line.topic.len();
                lines.told.push(line);
            }
        }
        Ok(value(&lines))
    }

    pub(super) fn told_show(&mut self, now: Now, root: Root, mark: bool) -> Result<View, Problem> {
        if mark {
            self.open_all(now, root)?;
        }
        let walked = self.walked(root);
        let looker = self.looker(now)?;
        let mut view = looker.view(root).ok_or(Problem::NoSuch {
            what: String::new(),
        })?;
        if let Some(repair) = &mut view.repair {
            repair.walked = walked;
        }
        Ok(view)
    }

    /// Another repair about the same agreement that is walked instead.
    fn walked(&mut self, root: Root) -> Option<AssertionId> {
        let (agreement, id) = {
            let all = &self.repairs().0;
            let one = all.get(&root)?;
            (one.agreement?, one.id)
        };
        let open = self.open_repairs(&agreement);
        let first = open.first().copied()?;
        (open.contains(&id) && first != id).then_some(first)
    }

    /// Opens what was told, and what the partner answered by now.
    fn open_all(&mut self, now: Now, root: Root) -> Result<(), Problem> {
        let looker = self.looker(now)?;
        let thread = Thread::of(looker.couple, root).ok_or(Problem::Internal)?;
        let mut opened: Vec<(Hash, u32)> = Vec::new();
        for act in std::iter::once(&thread.root).chain(&thread.acts) {
            if act.by != Who::Partner {
                continue;
            }
            match looker.seen(&thread, act) {
                Some(Seen::Folded) if act.hash == thread.root.hash => {
                    return Err(Problem::Folded);
                }
                Some(Seen::Closed | Seen::Open) => opened.push((act.hash, act.index)),
                _ => {}
            }
        }
        for (hash, index) in opened {
            self.mark(&hash, index, true);
        }
        Ok(())
    }

    /// Sets aside what was told, and what the partner answered by now.
    pub(super) fn told_set_aside(&mut self, root: Root) -> Result<(), Problem> {
        let couple = self.couple.as_ref().ok_or(Problem::NotPaired)?;
        let thread = Thread::of(couple, root).ok_or(Problem::Internal)?;
        let theirs = std::iter::once(&thread.root).chain(&thread.acts);
        let theirs = theirs.filter(|act| act.by == Who::Partner);
        let theirs: Vec<(Hash, u32)> = theirs.map(|act| (act.hash, act.index)).collect();
        for (hash, index) in theirs {
            self.mark(&hash, index, false);
        }
        Ok(())
    }

    /// What stands on Today of what was told, and the break that is on.
    pub(super) fn today_told(&mut self, now: Now) -> (Vec<TodayTold>, Option<BreakView>) {
        let (is, on) = self.breaks(now);
        let waiting = self.waiting();
        let mut lines: Vec<TodayTold> = Vec::new();
        let mut no_more = Vec::new();
        let repairs = self.repair_lines(is);
        let Ok(looker) = self.looker(now) else {
            return (lines, None);
        };
        for index in waiting.iter().take(TODAY_LOOKED_AT) {
            if lines.len() >= TODAY_LINES {
                break;
            }
            match looker.today_line((Who::Partner, *index)) {
                Waits::Line(line) => lines.push(line),
                Waits::Not => {}
                Waits::NeverAgain => no_more.push(*index),
            }
        }
        lines.extend(looker.bids());
        lines.extend(repairs);
        lines.extend(looker.trust_to_look_at());
        let on_break = looker.break_view(is, &on);
        for index in no_more {
            self.waits_no_more(index);
        }
        (lines, on_break)
    }

    /// My part of the present step of each repair that is walked; nothing while a break stands.
    fn repair_lines(&mut self, is: Breaks) -> Vec<TodayTold> {
        if is != Breaks::None {
            return Vec::new();
        }
        let all = self.repairs().0.iter();
        let open: Vec<(Root, u8, Option<AgreementId>, AssertionId)> = all
            .filter(|(_, one)| !one.is.is_closed() && !one.is.has_finished(Who::Me))
            .map(|(root, one)| (*root, one.is.step(), one.agreement, one.id))
            .take(TODAY_LINES)
            .collect();
        let mut lines = Vec::new();
        for (root, step, agreement, id) in open {
            let walked = self.walked(root).is_none();
            let needs_time = self.needs_time_in(root);
            if !walked || needs_time {
                continue;
            }
            lines.push(TodayTold {
                what: TodayToldWhat::Step,
                id: id.hex(),
                kind: Some(ToldKind::Repair),
                says: None,
                listen_as: None,
                until: None,
                line: agreement
                    .map(|id| self.topic_of_agreement(&id))
                    .unwrap_or_default(),
                step: Some(step),
            });
        }
        lines
    }

    fn needs_time_in(&self, root: Root) -> bool {
        let today = self.calendar.map(|(day, _)| day);
        let thread = self
            .couple
            .as_ref()
            .and_then(|couple| Thread::of(couple, root));
        let both = [Who::Me, Who::Partner];
        thread.zip(today).is_some_and(|(thread, today)| {
            both.iter()
                .any(|who| thread.needs_time(*who, today).is_some())
        })
    }
}

/// What Today says of something that waits.
enum Waits {
    Line(TodayTold),
    /// Not now.
    Not,
    /// Whatever comes, it will not stand there.
    NeverAgain,
}

/// What an act is, as something that can be spoken of.
fn about_of(thread: &Thread, act: &Act) -> Option<About> {
    match (act.what, thread.root.what) {
        (What::Told(kind), _) => Some(About::Told(kind)),
        (What::Answer(verb), What::Told(kind)) => Some(About::Answer(verb, kind)),
        (What::Answer(verb), What::Opened) => Some(About::OfOpen(verb)),
        _ => None,
    }
}

impl<'a> Looker<'a> {
    fn root_about(&self, thread: &Thread) -> Option<About> {
        match thread.root.what {
            What::Opened => {
                let (_, said) = self.couple.find(&thread.root.hash)?;
                self.couple.thing(said)
            }
            _ => about_of(thread, &thread.root),
        }
    }

    /// What an act is.
    fn about(&self, thread: &Thread, act: &Act) -> Option<About> {
        if act.hash == thread.root.hash {
            self.root_about(thread)
        } else {
            about_of(thread, act)
        }
    }

    fn fields(&self, thread: &Thread, act: &Act) -> &'static [Field] {
        match act.what {
            What::Told(kind) => kind.row().fields,
            What::Answer(verb) => {
                let target = act.about.and_then(|hash| thread.act(&hash));
                let row = target.and_then(|target| {
                    let about = self.about(thread, target)?;
                    answer_row(verb, about, target.by == act.by)
                });
                row.map_or(&[], |row| row.fields)
            }
            What::Opened | What::PutAway => &[],
        }
    }

    fn texts(&self, thread: &Thread, act: &Act) -> Option<Texts> {
        let said = self.couple.book(act.by).at(act.index as usize);
        Texts::read(said.words()?, self.fields(thread, act), &act.facts)
    }

    fn in_trust(&self, thread: &Thread) -> bool {
        matches!(thread.root.what, What::Told(kind) if kind.row().in_trust)
    }

    fn opened(&self, act: &Act) -> bool {
        act.by == Who::Me || self.node.desk.marks.opened(&act.hash)
    }

    /// What is seen of an act; nothing if it is as if it had never been said.
    fn seen(&self, thread: &Thread, act: &Act) -> Option<Seen> {
        let root = act.hash == thread.root.hash;
        let mine = act.by == Who::Me;
        let closes = match act.what {
            What::Told(kind) => kind.row().closed,
            What::Answer(verb) => {
                verb.is_opened()
                    && verb != Verb::NeedTime
                    && !matches!(thread.root.what, What::Opened | What::Told(ToldKind::Bid))
            }
            What::Opened | What::PutAway => false,
        };
        let opened = mine || !closes || self.opened(act);
        if thread.root.what == What::Told(ToldKind::Bid) && !bid_is_seen(&thread.root, self.now.day)
        {
            return None;
        }
        if act.taken_back {
            return opened.then_some(Seen::TakenBack);
        }
        if root {
            if !mine && self.in_trust(thread) && self.folded {
                return (!act.said_better || opened).then_some(Seen::Folded);
            }
            if act.said_better {
                return opened.then_some(Seen::Older);
            }
        } else {
            if mine {
                return Some(if act.said_better {
                    Seen::Older
                } else {
                    self.here(thread, act)
                });
            }
            if thread.fell(act) {
                return None;
            }
            if !thread.counts(act) || act.said_better {
                let readable = act.said_better || thread.came_back(act);
                return (readable && opened).then_some(Seen::Older);
            }
            if self.in_trust(thread) && self.folded {
                return Some(Seen::Folded);
            }
        }
        Some(if opened {
            self.here(thread, act)
        } else {
            Seen::Closed
        })
    }

    /// Open, or its words have left.
    fn here(&self, thread: &Thread, act: &Act) -> Seen {
        let said = self.couple.book(act.by).at(act.index as usize);
        let _ = thread;
        if said.words().is_none() {
            Seen::Gone
        } else {
            Seen::Open
        }
    }

    /// Whether it is out of Today and of search: put away by its author, or by what it is.
    fn put_away(&self, thread: &Thread) -> bool {
        match thread.root.what {
            What::Told(ToldKind::Repair) => self.node.repair_of(self.couple, thread).is_closed(),
            What::Told(ToldKind::ToTalkAbout) => thread.both_done(),
            What::Told(ToldKind::Bid) => !bid_is_seen(&thread.root, self.now.day),
            What::Told(ToldKind::Break) => {
                let at = thread.root.facts.back_at.into_iter();
                thread.both_done() || breaks(at, self.now.unix) == Breaks::None
            }
            _ => thread.put_away(),
        }
    }

    fn line(&self, root: Root) -> Option<Line> {
        let thread = Thread::of(self.couple, root)?;
        // A permission about a confidence is shown there.
        let What::Told(kind) = thread.root.what else {
            return None;
        };
        let seen = self.seen(&thread, &thread.root)?;
        // The newest wording stands for all.
        if seen == Seen::Older {
            return None;
        }
        let begins = match seen {
            Seen::Open => self
                .texts(&thread, &thread.root)
                .map(|it| begins(kind, &it)),
            _ => None,
        };
        let unopened = thread
            .acts
            .iter()
            .filter(|act| act.by == Who::Partner && self.seen(&thread, act) == Some(Seen::Closed));
        let agreement = thread.root.facts.agreement;
        Some(Line {
            id: thread.root.id,
            kind,
            by: thread.root.by,
            on: thread.root.on,
            seen,
            begins: begins.unwrap_or_default(),
            put_away: self.put_away(&thread),
            unopened: unopened.count(),
            weight: self.weight(root),
            agreement,
            topic: agreement
                .map(|id| self.node.topic_of_agreement(&id))
                .unwrap_or_default(),
        })
    }

    fn weight(&self, (who, index): Root) -> Weight {
        let said = self.couple.book(who).at(index as usize);
        said.read().map(|it| it.weight).unwrap_or_default()
    }

    fn thing(&self, thread: &Thread, act: &Act) -> Option<Thing> {
        let seen = self.seen(thread, act)?;
        let words = match seen {
            Seen::Open | Seen::Older => self.texts(thread, act),
            Seen::Closed | Seen::Folded | Seen::TakenBack | Seen::Gone => None,
        };
        let about = act.about.and_then(|hash| self.couple.find(&hash));
        let may_take_back = act.by == Who::Me
            && !act.taken_back
            && self.about(thread, act).is_some_and(may_take_back);
        Some(Thing {
            id: act.id,
            by: act.by,
            on: act.on,
            kind: match act.what {
                What::Told(kind) => Some(kind),
                _ => None,
            },
            says: act.verb(),
            about: about.map(|(_, said)| said.id),
            facts: if seen == Seen::Folded || seen == Seen::Closed {
                Default::default()
            } else {
                act.facts.clone()
            },
            words,
            came_back: act.by == Who::Me && !act.taken_back && thread.came_back(act),
            may: self.may(thread, act),
            may_take_back,
            seen,
        })
    }

    /// What I may answer to an act now.
    pub(super) fn may(&self, thread: &Thread, act: &Act) -> Vec<Verb> {
        let own = act.by == Who::Me;
        let Some(about) = self.about(thread, act) else {
            return Vec::new();
        };
        let seen = self.seen(thread, act);
        if seen != Some(Seen::Open) && seen != Some(Seen::Gone) {
            return Vec::new();
        }
        let rows = ANSWERS.iter().filter(|row| {
            let by = match row.by {
                By::Other => !own,
                By::Own => own,
                By::Either => true,
            };
            by && row.about.contains(&about)
        });
        let verbs: BTreeSet<Verb> = rows.map(|row| row.says).collect();
        let may = |verb: &Verb| self.may_say(thread, act, *verb).is_ok();
        verbs.into_iter().filter(may).collect()
    }

    /// Whether an answer may be said now, beyond what its row allows.
    pub(super) fn may_say(&self, thread: &Thread, act: &Act, verb: Verb) -> Result<(), Problem> {
        let me = Who::Me;
        let root = thread.root.what;
        let no = |it: bool, problem: Problem| if it { Ok(()) } else { Err(problem) };
        if thread.fell(act) || act.taken_back || thread.root_fell() {
            return Err(Problem::AlreadyTakenBack);
        }
        match self.seen(thread, act) {
            Some(Seen::Closed) => return Err(Problem::OpenFirst),
            Some(Seen::Folded) => return Err(Problem::Folded),
            Some(Seen::Older) => return Err(Problem::SaidBetter),
            Some(Seen::Open | Seen::Gone) => {}
            Some(Seen::TakenBack) | None => return Err(Problem::AlreadyTakenBack),
        }
        let thanked = thread
            .acts
            .iter()
            .any(|it| it.by == me && matches!(it.verb(), Some(Verb::Thank | Verb::NeedTime)));
        match (verb, root) {
            (Verb::Words, What::Told(ToldKind::Confidence)) => {
                let asking = thread
                    .asking()
                    .is_some_and(|asking| asking.hash == act.hash);
                no(asking, Problem::NotAskedFor)
            }
            (Verb::Words | Verb::Heard, What::Told(ToldKind::SmallTruth)) => {
                no(thanked, Problem::ThanksFirst)
            }
            (Verb::MayI, _) => no(thread.may_ask(me), Problem::AlreadyAsked),
            (Verb::TellNobody, _) => no(!thread.tell_nobody(), Problem::SaidAlready),
            (Verb::Plan, What::Told(ToldKind::ToTalkAbout)) => {
                let both = [Who::Me, Who::Partner];
                let both = both.iter().all(|who| thread.meaning(*who).is_some());
                no(both, Problem::BothMeaningsFirst)
            }
            (Verb::Done, What::Told(ToldKind::ToTalkAbout)) => {
                no(!thread.is_done(me), Problem::SaidAlready)
            }
            (Verb::Done, What::Told(ToldKind::Break)) => {
                no(!thread.is_back(me), Problem::SaidAlready)
            }
            (_, What::Told(ToldKind::Repair)) => {
                let is = self.node.repair_of(self.couple, thread);
                self.may_in_repair(thread, &is, verb)
            }
            (_, What::Opened) => {
                let open = self.repair_of_opening(thread);
                no(open.is_none_or(|is| !is.is_closed()), Problem::RepairClosed)
            }
            _ => Ok(()),
        }
    }

    /// The repair that an opening belongs to.
    fn repair_of_opening(&self, thread: &Thread) -> Option<Repair> {
        let (_, said) = self.couple.find(&thread.root.hash)?;
        match said.read()?.body {
            Body::Open(open) => match open.slot {
                Slot::Repair { id, .. } => Some(self.node.repair_with(&id)?.2),
                _ => None,
            },
            _ => None,
        }
    }

    fn may_in_repair(&self, thread: &Thread, is: &Repair, verb: Verb) -> Result<(), Problem> {
        let no = |it: bool, problem: Problem| if it { Ok(()) } else { Err(problem) };
        if is.is_closed() {
            return Err(Problem::RepairClosed);
        }
        let step = is.step();
        match verb {
            Verb::Apology => no(step == 6, Problem::NotThisStep { step }),
            Verb::Plan => no(step == 7, Problem::NotThisStep { step }),
            Verb::Done => {
                let marked = matches!(step, 3 | 6 | 7);
                no(marked, Problem::NotThisStep { step })?;
                no(!is.has_finished(Who::Me), Problem::SaidAlready)?;
                let said_back = step != 3 || self.said_back(thread);
                no(said_back, Problem::SayBackFirst)
            }
            _ => Ok(()),
        }
    }

    /// Whether my saying back of the other's feelings has its mark, or the other took those feelings back.
    fn said_back(&self, repair: &Thread) -> bool {
        let slot = Slot::Repair {
            id: repair.root.id,
            step: SealedStep::Feelings,
        };
        let opening = self.couple.slot(&slot).opening(Who::Partner);
        let found = opening.and_then(|hash| self.couple.find(&hash));
        let Some((who, said)) = found else {
            return true;
        };
        let Some(thread) = Thread::of(self.couple, (who, said.index())) else {
            return true;
        };
        let marked = |act: &&Act| {
            act.by == Who::Me
                && act.verb() == Some(Verb::SayBack)
                && thread.counts(act)
                && thread.mark(act).is_some()
        };
        thread.root.taken_back || thread.acts.iter().any(|act| marked(&act))
    }

    /// Permissions that hold for a confidence: those about it, and those for all of its author's.
    fn may_tell(&self, thread: &Thread) -> Vec<Thing> {
        let permission = |act: &&Act| act.what == What::Told(ToldKind::Permission);
        let own = thread.acts.iter().filter(permission);
        let own = own.filter(|act| thread.tells(act, self.now.day) == Tells::Holds);
        let mut all: Vec<Thing> = own.filter_map(|act| self.thing(thread, act)).collect();
        let standing = self.couple.told_of(ToldKind::Permission).iter().rev();
        let standing = standing
            .filter(|(who, _)| *who == thread.root.by)
            .take(STANDING);
        for root in standing {
            let Some(other) = Thread::of(self.couple, *root) else {
                continue;
            };
            // Those about one confidence stand in its thread.
            if other.root.about.is_some() {
                continue;
            }
            if thread.tells(&other.root, self.now.day) == Tells::Holds && !other.fell(&other.root) {
                all.extend(self.thing(&other, &other.root));
            }
        }
        all
    }

    fn view(&self, root: Root) -> Option<View> {
        let thread = Thread::of(self.couple, root)?;
        let seen = self.seen(&thread, &thread.root)?;
        let told = self.thing(&thread, &thread.root)?;
        let hidden = matches!(seen, Seen::Closed | Seen::Folded);
        let mut answers: Vec<Thing> = Vec::new();
        if !hidden {
            let all = thread.acts.iter().filter(|act| act.what != What::PutAway);
            answers.extend(all.filter_map(|act| self.thing(&thread, act)));
        }
        // Whoever answers writes no book: the newest stand in one answer.
        let mut bytes = 0;
        let fits = answers.iter().rev().take_while(|thing| {
            bytes += serde_json::to_string(thing).map_or(0, |text| text.len());
            bytes <= limits::ANSWER_BYTES
        });
        let fits = fits.count();
        answers.drain(..answers.len() - fits);
        let is_repair = thread.root.what == What::Told(ToldKind::Repair);
        let is_confidence = thread.root.what == What::Told(ToldKind::Confidence);
        let better = self.couple.said_better(root).iter();
        let better = better.map(|(who, index)| self.couple.book(*who).at(*index as usize).id);
        let instead = self.couple.instead_of(root);
        let instead = instead.map(|(who, index)| self.couple.book(who).at(index as usize).id);
        let agreement = thread.root.facts.agreement;
        let mine = thread.root.by == Who::Me && !thread.root.taken_back;
        let row = match thread.root.what {
            What::Told(kind) => Some(kind.row()),
            _ => None,
        };
        let slot = match self.couple.find(&thread.root.hash)?.1.read()?.body {
            Body::Open(open) => Some(open.slot),
            _ => None,
        };
        let done = [Who::Me, Who::Partner]
            .into_iter()
            .filter(|who| match thread.root.what {
                What::Told(ToldKind::Break) => thread.is_back(*who),
                What::Told(ToldKind::ToTalkAbout) => thread.is_done(*who),
                _ => false,
            });
        Some(View {
            told,
            weight: self.weight(root),
            slot,
            put_away: self.put_away(&thread),
            answers,
            better: if hidden { Vec::new() } else { better.collect() },
            instead_of: if hidden { None } else { instead },
            listen_as: thread.listen_as(),
            tell_nobody: is_confidence && !hidden && thread.tell_nobody(),
            may_tell: if is_confidence && !hidden {
                self.may_tell(&thread)
            } else {
                Vec::new()
            },
            i_need_time: thread.needs_time(Who::Me, self.now.day),
            partner_needs_time: thread.needs_time(Who::Partner, self.now.day),
            done: done.collect(),
            repair: is_repair.then(|| self.repair_view(&thread)),
            topic: agreement
                .map(|id| self.node.topic_of_agreement(&id))
                .unwrap_or_default(),
            may_say_better: mine && !thread.root.said_better && row.is_some_and(|row| row.better),
            may_put_away: mine
                && !thread.put_away()
                && self.root_about(&thread).is_some_and(may_put_away),
        })
    }

    fn repair_view(&self, thread: &Thread) -> RepairView {
        let is = self.node.repair_of(self.couple, thread);
        let id = thread.root.id;
        let through = is.is_through() && !is.stopped;
        let opened = SealedStep::ALL.into_iter().filter(|(_, n)| {
            let finished = is.finished[usize::from(*n) - 1];
            finished == [true; 2]
        });
        let opened = opened.map(|(step, _)| Slot::Repair { id, step });
        RepairView {
            step: is.step(),
            stopped: is.stopped,
            through,
            i_am_done: is.has_finished(Who::Me),
            partner_is_done: is.has_finished(Who::Partner),
            slot: if is.is_closed() { None } else { is.slot(id) },
            opened: opened.collect(),
            walked: None,
            day: is.day,
            my_days: is.days[0].clone(),
            partner_days: is.days[1].clone(),
        }
    }

    fn today_line(&self, at: Root) -> Waits {
        let said = self.couple.book(at.0).at(at.1 as usize);
        let Some(crate::books::book::Subject::Told(who, index)) = said.subject else {
            return Waits::NeverAgain;
        };
        let Some(thread) = Thread::of(self.couple, (*who, *index)) else {
            return Waits::NeverAgain;
        };
        let Some(act) = thread.act(&said.hash) else {
            return Waits::Not;
        };
        if act.taken_back || act.said_better || thread.root_fell() {
            return Waits::NeverAgain;
        }
        let root = act.hash == thread.root.hash;
        let told = match (self.seen(&thread, act), act.what) {
            (Some(Seen::Closed), _) => true,
            (Some(Seen::Open), What::Answer(Verb::NeedTime)) => {
                thread.needs_time(act.by, self.now.day).is_some()
            }
            (Some(Seen::Open), What::Answer(_)) => thread.root.what == What::Told(ToldKind::Bid),
            _ => false,
        };
        if !told || self.put_away(&thread) {
            return Waits::Not;
        }
        let kind = match thread.root.what {
            What::Told(kind) => Some(kind),
            _ => None,
        };
        let line = match (kind, root) {
            (Some(ToldKind::Bid), false) => self.texts(&thread, &thread.root),
            _ => None,
        };
        Waits::Line(TodayTold {
            what: if root {
                TodayToldWhat::Told
            } else {
                TodayToldWhat::Answered
            },
            id: thread.root.id.hex(),
            kind,
            says: act.verb(),
            listen_as: if root { thread.listen_as() } else { None },
            until: act.facts.until,
            line: line.map(|it| it.get("line").to_owned()).unwrap_or_default(),
            step: None,
        })
    }

    /// The partner's bids of these days.
    fn bids(&self) -> Vec<TodayTold> {
        let all = self.couple.told_of(ToldKind::Bid).iter().rev();
        let theirs = all
            .filter(|(who, _)| *who == Who::Partner)
            .take(TODAY_LINES);
        let lines = theirs.filter_map(|root| {
            let thread = Thread::of(self.couple, *root)?;
            let answered = thread.acts.iter().any(|act| act.by == Who::Me);
            let aside = self.node.desk.marks.is_set_aside(&thread.root.hash);
            let seen = self.seen(&thread, &thread.root) == Some(Seen::Open);
            (seen && !answered && !aside).then(|| TodayTold {
                what: TodayToldWhat::Bid,
                id: thread.root.id.hex(),
                kind: Some(ToldKind::Bid),
                says: None,
                listen_as: None,
                until: thread.root.facts.day,
                line: self
                    .texts(&thread, &thread.root)
                    .map(|it| it.get("line").to_owned())
                    .unwrap_or_default(),
                step: None,
            })
        });
        lines.collect()
    }

    /// Own gifts of trust whose day to look again has come.
    fn trust_to_look_at(&self) -> Vec<TodayTold> {
        let all = self.couple.told_of(ToldKind::TrustGiven).iter().rev();
        let mine = all.filter(|(who, _)| *who == Who::Me).take(TODAY_TRUST);
        let lines = mine.filter_map(|root| {
            let thread = Thread::of(self.couple, *root)?;
            let due = thread.root.facts.look_again? <= self.now.day;
            let stands = !thread.root.taken_back && !thread.root.said_better;
            (due && stands).then(|| TodayTold {
                what: TodayToldWhat::LookAgain,
                id: thread.root.id.hex(),
                kind: Some(ToldKind::TrustGiven),
                says: None,
                listen_as: None,
                until: thread.root.facts.look_again,
                line: String::new(),
                step: None,
            })
        });
        lines.collect()
    }

    fn break_view(&self, is: Breaks, on: &[Thread]) -> Option<BreakView> {
        let (back_at, passed) = match is {
            Breaks::None => return None,
            Breaks::On(at) => (at, false),
            Breaks::NotYetOver(at) => (at, true),
        };
        let both = [Who::Me, Who::Partner].into_iter();
        let back = both.filter(|who| on.iter().all(|thread| thread.is_back(*who)));
        Some(BreakView {
            back_at,
            passed,
            back: back.collect(),
            ids: on.iter().map(|thread| thread.root.id).collect(),
        })
    }

    /// Whether words may be found: own or opened, standing, the newest, not put away, not told in trust (KINDS §7).
    pub(super) fn is_found(&self, root: Root, at: Root) -> bool {
        let Some(thread) = Thread::of(self.couple, root) else {
            return false;
        };
        let hash = self.couple.book(at.0).at(at.1 as usize).hash;
        let Some(act) = thread.act(&hash) else {
            return false;
        };
        self.seen(&thread, act) == Some(Seen::Open)
            && !thread.came_back(act)
            && !thread.fell(act)
            && !self.in_trust(&thread)
            && !self.put_away(&thread)
    }
}

/// How words begin: the first text of the row that is there.
fn begins(kind: ToldKind, texts: &Texts) -> String {
    let fields = kind.row().fields.iter();
    let mut there = fields
        .map(|field| texts.get(field.name))
        .filter(|text| !text.is_empty());
    let first = there
        .next()
        .and_then(|text| text.lines().find(|line| !line.trim().is_empty()));
    first.unwrap_or_default().chars().take(BEGINS).collect()
}

impl Node {
    /// Whether an answer may be said now.
    pub(super) fn may_answer(
        &mut self,
        now: Now,
        root: Root,
        hash: &Hash,
        verb: Verb,
    ) -> Result<(), Problem> {
        let looker = self.looker(now)?;
        let thread = Thread::of(looker.couple, root).ok_or(Problem::Internal)?;
        let act = thread.act(hash).ok_or(Problem::Internal)?;
        looker.may_say(&thread, act, verb)
    }

    /// Whether words of an assertion may be found.
    pub(super) fn finds(&mut self, now: Now) -> Result<impl Fn(Root, Root) -> bool + '_, Problem> {
        let looker = self.looker(now)?;
        Ok(move |root, at| looker.is_found(root, at))
    }

    /// The words of something of either, as far as this person has them in hand: for their private pages (K11).
    pub(super) fn words_in_hand(&mut self, now: Now, root: Root) -> Result<Texts, Problem> {
        let looker = self.looker(now)?;
        let thread = Thread::of(looker.couple, root).ok_or(Problem::Internal)?;
        let opened = match thread.root.what {
            What::Told(kind) if kind.row().closed => looker.opened(&thread.root),
            _ => true,
        };
        let words = looker.texts(&thread, &thread.root).filter(|_| opened);
        words.ok_or(Problem::WordsNotHere)
    }
}
