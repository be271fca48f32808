//! What was told and answered, as this partner sees it (KINDS §2, §7, §8).

mod keeping;
mod leaving;
mod looker;
mod pages;

use super::requests::value;
use super::{Node, Now};
use crate::books::couple::Couple;
use crate::told::{Breaks, Repair, Thread, What, breaks, is_near, page_of};
pub(super) use leaving::Look;
use looker::Waits;
pub(super) use looker::{Looked, Looker};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use troth_proto::day::Minute;
use troth_proto::ids::Who;
use troth_proto::said::told::{Page, Texts, ToldKind, Verb};
use troth_proto::slot::SealedStep;
use troth_proto::telling::{BreakView, Exported, Lines, Seen, TodayTold, TodayToldWhat, View};
use troth_proto::view::SealedState;
use troth_proto::{AgreementId, AssertionId, Body, Day, Hash, Problem, Slot, limits};

/// Breaks of each that are looked at: the newest (KINDS §10).
const BREAKS: usize = 128;
/// Acts that one part of an export looks at.
const EXPORTED_ACTS: usize = 2_000;
/// Things looked at for one page of a list.
const LISTED: usize = 500;
/// Acts about them that are looked at for one answer: whoever writes to every limit makes pages short, and none slow.
pub(super) const ACTS_LOOKED_AT: usize = 1_500;
/// Lines of Today about what was told, and things that are looked at for them.
const TODAY_LINES: usize = 50;
const TODAY_LOOKED_AT: usize = 500;

/// Where something told is: whose, and its index in that book.
pub(super) type Root = (Who, u32);

/// Repairs and breaks as others need them, kept until something is said about them.
#[derive(Default)]
pub(super) struct Repairs {
    all: BTreeMap<Root, OneRepair>,
    /// Which go by an id: mostly one.
    by_id: BTreeMap<AssertionId, BTreeSet<Root>>,
    /// Those that are open, by agreement, the one that is walked first.
    open: BTreeMap<Option<AgreementId>, BTreeSet<Walked>>,
    /// Those that are open and wait for me.
    mine: BTreeSet<Root>,
    /// Days on which closed ones were closed, and how often.
    closed_on: BTreeMap<Day, usize>,
    /// Those of which something was said since.
    stale: BTreeSet<Root>,
    /// How many of those that began were looked at.
    looked_at: usize,
    /// The newest breaks of each.
    breaks: BTreeMap<Root, Option<OneBreak>>,
}

/// Which repair is walked first: the furthest along, then the lowest id.
type Walked = (std::cmp::Reverse<u8>, AssertionId, Root);

/// One of them.
struct OneRepair {
    id: AssertionId,
    agreement: Option<AgreementId>,
    is: Repair,
    /// Until when one of them needs time.
    time: Option<Day>,
    /// My words of a sealed step are written, and wait for the other's.
    waits_to_open: bool,
}

/// A break, and who is back.
#[derive(Clone, Copy)]
pub(super) struct OneBreak {
    id: AssertionId,
    back_at: Option<Minute>,
    back: [bool; 2],
}

impl Repairs {
    fn put(&mut self, root: Root, one: OneRepair) {
        if let Some(old) = self.all.remove(&root) {
            if let Some(all) = self.open.get_mut(&old.agreement) {
                all.remove(&old.walked(root));
                if all.is_empty() {
                    self.open.remove(&old.agreement);
                }
            }
            self.mine.remove(&root);
            for day in &old.is.closed_on {
                if let Some(n) = self.closed_on.get_mut(day) {
                    *n -= 1;
                }
            }
        }
        if !one.is.is_closed() {
            self.open
                .entry(one.agreement)
                .or_default()
                .insert(one.walked(root));
            if !one.is.has_finished(Who::Me) {
                self.mine.insert(root);
            }
        }
        for day in &one.is.closed_on {
            *self.closed_on.entry(*day).or_default() += 1;
        }
        self.by_id.entry(one.id).or_default().insert(root);
        self.all.insert(root, one);
    }

    /// Whether one of them folds what is told in trust: as [`Repair::folds`].
    fn fold(&self, today: Day) -> bool {
        let near = self.closed_on.range(today.plus(-1)..=today.plus(1));
        !self.open.is_empty() || near.into_iter().any(|(_, n)| *n > 0)
    }

    /// How far a repair is.
    pub(super) fn of(&self, root: Root) -> Option<&Repair> {
        self.all.get(&root).map(|one| &one.is)
    }
}

impl OneRepair {
    fn walked(&self, root: Root) -> Walked {
        (std::cmp::Reverse(self.is.step()), self.id, root)
    }
}

/// All that was told of these kinds, and openings among these threads, in one order for all that came in whatever order: as
/// their authors had them.
fn all_told(couple: &Couple, kinds: &[ToldKind], threads: &[Root]) -> Vec<Root> {
    let told = kinds.iter().flat_map(|kind| couple.told_of(*kind));
    let opened = threads.iter().filter(|root| couple.is_opening(**root));
    let mut all: Vec<Root> = told.chain(opened).copied().collect();
    all.sort_by_cached_key(|(who, index)| {
        let said = couple.book(*who).at(*index as usize);
        (said.depth(), said.hash)
    });
    all
}

/// The newest of these kinds, as their authors had them, up to a page after so many; and whether there are more.
fn newest_told(couple: &Couple, kinds: &[ToldKind], after: usize) -> (Vec<Root>, bool) {
    let told = kinds.iter().flat_map(|kind| couple.told_of(*kind));
    let mut all: Vec<((u32, Hash), Root)> = told
        .map(|(who, index)| {
            let said = couple.book(*who).at(*index as usize);
            ((said.depth(), said.hash), (*who, *index))
        })
        .collect();
    let wanted = after.saturating_add(LISTED);
    let newest = |one: &((u32, Hash), Root)| std::cmp::Reverse(one.0);
    let more = all.len() > wanted;
    if more {
        all.select_nth_unstable_by_key(wanted, newest);
        all.truncate(wanted);
    }
    all.sort_unstable_by_key(newest);
    (all.into_iter().map(|(_, root)| root).collect(), more)
}

fn one_break(couple: &Couple, root: Root) -> Option<OneBreak> {
    let thread = Thread::of(couple, root)?;
    Some(OneBreak {
        id: thread.root.id,
        back_at: thread.root.facts.back_at,
        back: [Who::Me, Who::Partner].map(|who| thread.is_back(who)),
    })
}

impl Node {
    fn repair_of(&self, couple: &Couple, thread: &Thread) -> Repair {
        let id = thread.root.id;
        let steps = SealedStep::ALL.map(|(step, _)| {
            let slot = couple.slot(&Slot::Repair { id, step });
            (
                step,
                [Who::Me, Who::Partner].map(|who| slot.opening(who).is_some()),
            )
        });
        let opened = |step: SealedStep, who: Who| {
            let mut all = steps.iter();
            all.any(|(it, open)| *it == step && open[who as usize])
        };
        let back = couple.taken_back_by(&thread.root.hash);
        let back = back.and_then(|hash| couple.find(hash)?.1.read()?.on);
        Repair::of(thread, opened, back)
    }

    /// All repairs, brought up to date with what was said since they were asked for last.
    fn repairs(&mut self) -> &Repairs {
        let mut repairs = self.desk.repairs.take().unwrap_or_default();
        if let Some(couple) = &self.couple {
            let began = couple.told_of(ToldKind::Repair);
            let new = began.get(repairs.looked_at..).unwrap_or_default();
            let mut looked_for = std::mem::take(&mut repairs.stale);
            looked_for.extend(new);
            repairs.looked_at = began.len();
            for root in looked_for {
                if let Some(thread) = Thread::of(couple, root) {
                    repairs.put(root, self.one_repair(couple, &thread));
                }
            }
        }
        self.desk.repairs.insert(repairs)
    }

    fn one_repair(&self, couple: &Couple, thread: &Thread) -> OneRepair {
        let (is, id) = (self.repair_of(couple, thread), thread.root.id);
        let waits = |slot: Slot| {
            let state = couple.slot(&slot).state(Who::Me);
            matches!(state, SealedState::Ready | SealedState::Locked)
        };
        let both = [Who::Me, Who::Partner];
        OneRepair {
            id,
            agreement: thread.root.facts.agreement,
            time: both.iter().filter_map(|who| thread.time(*who)).max(),
            waits_to_open: is.slot(id).is_some_and(waits),
            is,
        }
    }

    /// Something was said in slots, or about what was told.
    pub(super) fn told_changed(&mut self, slots: &BTreeSet<Slot>, roots: &BTreeSet<Root>) {
        let Some(repairs) = &mut self.desk.repairs else {
            return;
        };
        let known = roots.iter().filter(|root| repairs.all.contains_key(root));
        repairs.stale.extend(known);
        repairs.breaks.retain(|root, _| !roots.contains(root));
        for slot in slots {
            if let Slot::Repair { id, .. } = slot {
                crate::steps::step();
                let with = repairs.by_id.get(id).into_iter().flatten();
                repairs.stale.extend(with);
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

    /// How far the repair is that a sealed step belongs to: one's own, if the partner's program began another under its id.
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

    /// Repairs about an agreement that are open, so many of them, the one that is walked first.
    pub(super) fn open_repairs(&mut self, agreement: &AgreementId, n: usize) -> Vec<AssertionId> {
        let open = self.repairs().open.get(&Some(*agreement));
        let open = open.into_iter().flatten().take(n);
        open.map(|(_, id, _)| *id).collect()
    }

    /// Breaks that may count: those not ended by both, the newest of each.
    fn standing_breaks(&mut self) -> Vec<OneBreak> {
        self.repairs();
        let (Some(couple), Some(repairs)) = (&self.couple, &mut self.desk.repairs) else {
            return Vec::new();
        };
        let newest = |who| couple.newest_told(ToldKind::Break, who, BREAKS);
        let mut before = std::mem::take(&mut repairs.breaks);
        for root in [Who::Me, Who::Partner].into_iter().flat_map(newest) {
            let known = before.remove(&root);
            let one = known.unwrap_or_else(|| one_break(couple, root));
            repairs.breaks.insert(root, one);
        }
        let standing = repairs.breaks.values().flatten();
        let standing = standing.filter(|one| one.back != [true; 2]);
        standing.copied().collect()
    }

    /// How it is with breaks, and which they are.
    pub(super) fn breaks(&mut self, now: Now) -> (Breaks, Vec<OneBreak>) {
        let standing = self.standing_breaks();
        let is = breaks(standing.iter().filter_map(|one| one.back_at), now.unix);
        // Those that can be answered: not over for long, and not too far ahead.
        let counts = |one: &OneBreak| {
            one.back_at
                .is_some_and(|at| breaks([at], now.unix) != Breaks::None)
        };
        (is, standing.into_iter().filter(counts).collect())
    }

    /// Whether what is told in trust is folded (K9). What of the partner's closed a repair counts by the day on which it came,
    /// too: a false day unfolds nothing.
    pub(super) fn is_folded(&mut self, now: Now) -> bool {
        // Looked at in any case: whoever asks this reads what is known of repairs next.
        let by_repairs = self.repairs().fold(now.day);
        let learned = self.desk.local.closed_on;
        by_repairs
            || learned.is_some_and(|day| is_near(day, now.day))
            || self.breaks(now).0 != Breaks::None
    }

    /// Notes whether the partner closes a repair by what is in an entry.
    pub(super) fn note_closing(&mut self, index: usize) {
        let Some(couple) = &self.couple else { return };
        let mut said = couple.book(Who::Partner).said_in(index);
        self.out.closing |= said.any(|said| couple.closes_a_repair(said));
    }

    pub(super) fn looker(&mut self, now: Now) -> Result<Looker<'_>, Problem> {
        // Also what this very request has led to by now.
        let (slots, roots) = (self.out.slots.clone(), self.out.told_roots.clone());
        self.told_changed(&slots, &roots);
        let folded = self.is_folded(now);
        let node = &*self;
        let couple = node.couple.as_ref().ok_or(Problem::NotPaired)?;
        Ok(Looker {
            couple,
            node,
            now,
            folded,
            repairs: node.desk.repairs.as_ref(),
            pages: std::cell::OnceCell::new(),
        })
    }

    pub(super) fn told_list(
        &mut self,
        now: Now,
        kind: Option<ToldKind>,
        after: Option<usize>,
    ) -> Result<Value, Problem> {
        let (_, couple) = self.bound()?;
        let kinds: Vec<ToldKind> = match kind {
            Some(kind) => vec![kind],
            None => ToldKind::ALL.to_vec(),
        };
        let after = after.unwrap_or(0);
        let (all, more) = newest_told(couple, &kinds, after);
        self.know_topics(now, all.get(after..).unwrap_or_default());
        let looker = self.looker(now)?;
        let mut lines = Lines::default();
        let (mut bytes, mut acts) = (0, 0);
        for (n, root) in all.into_iter().enumerate().skip(after) {
            if bytes > limits::ANSWER_BYTES || acts > ACTS_LOOKED_AT {
                lines.next = Some(n);
                break;
            }
            acts += looker.acts_for_a_line(root);
            if let Some(line) = looker.line(root) {
                bytes += 200 + line.begins.len() + line.topic.len();
                lines.told.push(line);
            }
        }
        if more && lines.next.is_none() {
            lines.next = Some(after + LISTED);
        }
        Ok(value(&lines))
    }

    /// Own words and opened ones, oldest first (KINDS §7).
    pub(super) fn told_export(
        &mut self,
        now: Now,
        with_confidences: bool,
        after: Option<usize>,
    ) -> Result<Value, Problem> {
        let (_, couple) = self.bound()?;
        let opened: Vec<Root> = couple.threads_told().collect();
        let all = all_told(couple, ToldKind::ALL, &opened);
        let (after, mut bytes, mut acts) = (after.unwrap_or(0), 0, 0);
        // Each has one act at least.
        let page = all.iter().skip(after).take(EXPORTED_ACTS);
        let page: Vec<Root> = page.copied().collect();
        self.know_topics(now, &page);
        let mut looker = self.looker(now)?;
        // Who takes leave takes what is folded along, if they want what was told in trust.
        looker.folded = false;
        let mut part = Exported::default();
        for (n, root) in all.into_iter().enumerate().skip(after) {
            if acts > EXPORTED_ACTS || bytes > limits::ANSWER_BYTES {
                part.next = Some(n);
                break;
            }
            acts += looker.acts_for_a_line(root);
            let (thread, unopened) = looker.exported(root, with_confidences);
            part.unopened |= unopened;
            if let Some(thread) = thread {
                bytes += serde_json::to_string(&thread).map_or(0, |text| text.len());
                part.told.push(thread);
            }
        }
        Ok(value(&part))
    }

    /// What the partner told and answered whose words leave with this person (KINDS §7).
    pub(super) fn told_that_leaves(
        &mut self,
        now: Now,
        with_confidences: bool,
    ) -> Result<BTreeSet<Hash>, Problem> {
        let mut looker = self.looker(now)?;
        looker.folded = false;
        let couple = looker.couple;
        let told = ToldKind::ALL.iter().flat_map(|kind| couple.told_of(*kind));
        let threads: BTreeSet<Root> = told.copied().chain(couple.threads_told()).collect();
        let mut leaves = BTreeSet::new();
        for thread in threads
            .into_iter()
            .filter_map(|root| Thread::of(couple, root))
        {
            let acts = thread.acts.iter().chain([&thread.root]);
            let theirs = acts.filter(|act| act.by == Who::Partner);
            let such = theirs.filter(|act| {
                let seen = looker.seen(&thread, act);
                seen.is_some_and(|seen| looker.leaves(&thread, act, seen, with_confidences))
            });
            leaves.extend(such.map(|act| act.hash));
        }
        Ok(leaves)
    }

    pub(super) fn told_show(&mut self, now: Now, root: Root, mark: bool) -> Result<View, Problem> {
        if mark {
            self.open_all(now, root)?;
        }
        let walked = self.walked(root);
        self.know_topics(now, &[root]);
        let looker = self.looker(now)?;
        let mut view = looker.view(root).ok_or(Problem::NoSuch {
            what: String::new(),
        })?;
        if let Some(repair) = &mut view.repair {
            repair.walked = walked;
        }
        let in_trust = view.told.kind.is_some_and(|kind| kind.row().in_trust);
        if in_trust && !mark {
            // Opening is the only way to the other's words (K9).
            let all = view.answers.iter_mut().chain(&mut view.may_tell);
            for thing in all.chain([&mut view.told]) {
                if thing.by == Who::Partner {
                    thing.words = None;
                }
            }
        }
        Ok(view)
    }

    /// Something own that was taken back: with its thread, or alone where that is seen no more.
    pub(super) fn told_taken_back(
        &mut self,
        now: Now,
        root: Root,
        hash: &Hash,
    ) -> Result<View, Problem> {
        let shown = self.told_show(now, root, false);
        shown.or_else(|_| self.told_gone(now, hash))
    }

    /// Something own that was taken back, and nothing else.
    fn told_gone(&mut self, now: Now, hash: &Hash) -> Result<View, Problem> {
        let gone = self.looker(now)?.gone(hash);
        gone.ok_or(Problem::Internal)
    }

    /// Another repair about the same agreement that is walked instead.
    fn walked(&mut self, root: Root) -> Option<AssertionId> {
        let repairs = self.repairs();
        let one = repairs.all.get(&root)?;
        let open = repairs.open.get(&Some(one.agreement?))?;
        let (_, first, _) = open.first()?;
        (!one.is.is_closed() && *first != one.id).then_some(*first)
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
        let repairs = self.repair_lines(now, is);
        let Ok(looker) = self.looker(now) else {
            return (lines, None);
        };
        let mut looked = Looked::default();
        for index in waiting.iter().take(TODAY_LOOKED_AT) {
            if lines.len() >= TODAY_LINES || looked.acts > ACTS_LOOKED_AT {
                break;
            }
            match looker.today_line((Who::Partner, *index), &mut looked) {
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
    fn repair_lines(&mut self, now: Now, is: Breaks) -> Vec<TodayTold> {
        if is != Breaks::None {
            return Vec::new();
        }
        let repairs = self.repairs();
        let mine: Vec<Root> = repairs.mine.iter().take(TODAY_LINES).copied().collect();
        self.know_topics(now, &mine);
        let mut lines = Vec::new();
        for root in mine {
            let walked = self.walked(root).is_none();
            let Some(one) = self.repairs().all.get(&root) else {
                continue;
            };
            let (id, step, agreement) = (one.id, one.is.step(), one.agreement);
            let needs_time = one.time.is_some_and(|day| now.day <= day);
            if !walked || needs_time || one.waits_to_open {
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
                    .map(|id| self.topic_of_agreement(now, &id))
                    .unwrap_or_default(),
                step: Some(step),
            });
        }
        lines
    }
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

    /// What somebody is called: by their newest page about it, if its words are here; else as at the pairing.
    pub(super) fn called(&self, who: Who) -> Option<String> {
        let couple = self.couple.as_ref()?;
        let act = page_of(couple, who, Page::Name)?;
        let said = couple.book(who).at(act.index as usize);
        let fields = ToldKind::AboutMe.row().fields;
        let texts = Texts::read(said.words()?, fields, &act.facts)?;
        Some(texts.get("text").to_owned())
    }
}
