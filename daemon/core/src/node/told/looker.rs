//! One who looks at what was told: what of it is seen, what may be answered (KINDS §2, §8).

use super::{Node, Now, OneBreak, Repairs, Root};
use crate::books::book::Subject;
use crate::books::couple::Couple;
use crate::told::{
    Act, Breaks, Over, Repair, Thread, What, bid_is_seen, breaks, closes, over, pages_of,
};
use std::borrow::Cow;
use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};
use troth_proto::assertion::Weight;
use troth_proto::ids::Who;
use troth_proto::said::told::{
    ANSWERS, AnswerRow, By, Field, Page, Texts, Thing as About, ToldKind, Verb, answer_row,
    may_put_away, may_take_back,
};
use troth_proto::slot::SealedStep;
use troth_proto::telling::{
    BreakView, ExportedThread, Line, Repair as RepairView, Seen, Thing, TodayTold, TodayToldWhat,
    View,
};
use troth_proto::{AgreementId, AssertionId, Body, Hash, Problem, Slot, limits};

/// Own gifts of trust that Today looks at: the newest.
const TODAY_TRUST: usize = 64;
/// Bids that Today looks at: the newest.
const TODAY_BIDS: usize = 50;
/// Standing permissions that are looked at: the newest.
const STANDING: usize = 256;
/// Acts about something that cost Today nothing: mostly there are no more.
const FEW: usize = 4;
/// Characters of how words begin.
const BEGINS: usize = 120;

/// One who looks: at what, with what was opened here, and on which day.
pub(in crate::node) struct Looker<'a> {
    pub couple: &'a Couple,
    pub node: &'a Node,
    pub now: Now,
    pub folded: bool,
    /// All repairs, if they are up to date.
    pub repairs: Option<&'a Repairs>,
    /// Pages about themselves that are the newest, once they were asked for.
    pub pages: OnceCell<BTreeSet<Hash>>,
}

/// Threads that one answer has looked at: many acts may be wanted in one; and how many acts are in them.
#[derive(Default)]
pub(in crate::node) struct Looked {
    threads: BTreeMap<Root, Option<Thread>>,
    /// Pages of slots that may be found.
    pub pages: BTreeMap<Slot, BTreeSet<Hash>>,
    /// The newest part of each in an agreement.
    pub parts: BTreeMap<(AgreementId, Who), Option<Hash>>,
    pub acts: usize,
}

impl Looked {
    fn thread(&mut self, couple: &Couple, root: Root) -> Option<&Thread> {
        let (threads, acts) = (&mut self.threads, &mut self.acts);
        let thread = threads.entry(root).or_insert_with(|| {
            let more = couple.acts_about(root) + couple.wordings_before(root);
            *acts += more.saturating_sub(FEW);
            Thread::of(couple, root)
        });
        thread.as_ref()
    }
}

/// What Today says of something that waits.
pub(in crate::node) enum Waits {
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
            _ => self.answers(thread, act).map_or(&[], |(_, row)| row.fields),
        }
    }

    /// What an answer speaks of, and its row.
    fn answers<'t>(&self, thread: &'t Thread, act: &Act) -> Option<(&'t Act, &'static AnswerRow)> {
        let target = thread.act(&act.about?)?;
        let about = self.about(thread, target)?;
        let row = answer_row(act.verb()?, about, target.by == act.by)?;
        Some((target, row))
    }

    /// Whether an own thing may be said better: an answer for as long as it could be said now.
    fn may_say_better(&self, thread: &Thread, act: &Act) -> bool {
        let may = match (act.what, self.answers(thread, act)) {
            (What::Told(kind), _) => kind.row().better,
            (What::Answer(verb), Some((target, row))) => {
                row.better && thread.counts(act) && self.may_say(thread, target, verb).is_ok()
            }
            _ => false,
        };
        may && act.by == Who::Me && !act.taken_back && !act.said_better
    }

    pub fn texts(&self, thread: &Thread, act: &Act) -> Option<Texts> {
        let said = self.couple.book(act.by).at(act.index as usize);
        Texts::read(said.words()?, self.fields(thread, act), &act.facts)
    }

    fn in_trust(&self, thread: &Thread) -> bool {
        matches!(thread.root.what, What::Told(kind) if kind.row().in_trust)
    }

    pub fn opened(&self, act: &Act) -> bool {
        act.by == Who::Me || self.node.desk.marks.opened(&act.hash)
    }

    /// What is seen of an act; nothing if it is as if it had never been said.
    pub fn seen(&self, thread: &Thread, act: &Act) -> Option<Seen> {
        let root = act.hash == thread.root.hash;
        let mine = act.by == Who::Me;
        let opened = !closes(act.what, thread.root.what) || self.opened(act);
        if thread.root.what == What::Told(ToldKind::Bid) && !bid_is_seen(&thread.root, self.now.day)
        {
            return None;
        }
        if !mine && !root {
            // What its author answered about something that was never seen is not seen either.
            let unseen = act.verb().is_some()
                && thread.root.by == Who::Partner
                && self.seen(thread, &thread.root).is_none();
            if unseen || thread.about_fell(act) {
                return None;
            }
        }
        if act.taken_back {
            let told = opened && (mine || self.has_had(act));
            return told.then_some(Seen::TakenBack);
        }
        if act.what == What::Told(ToldKind::AboutMe) && !self.is_newest_page(act) {
            return Some(Seen::Older);
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
                    self.here(act)
                });
            }
            if thread.fell(act) {
                return None;
            }
            if !thread.counts(act) || act.said_better {
                let readable = act.said_better || thread.came_back(act);
                let folds = self.in_trust(thread) && self.folded;
                let seen = if folds { Seen::Folded } else { Seen::Older };
                return (readable && opened).then_some(seen);
            }
            if self.in_trust(thread) && self.folded {
                return Some(Seen::Folded);
            }
        }
        Some(if opened { self.here(act) } else { Seen::Closed })
    }

    /// Whether something of the other's that was taken back had come to the looker: of a page, whether both had opened. Else it
    /// was as if it had never been sent (K8).
    fn has_had(&self, act: &Act) -> bool {
        let said = self.couple.book(act.by).at(act.index as usize);
        match (act.what, said.subject) {
            (What::Opened, Some(Subject::Slot(slot))) => {
                self.opened(act) || self.couple.slot(slot).opening(Who::Me).is_some()
            }
            _ => true,
        }
    }

    fn is_newest_page(&self, act: &Act) -> bool {
        let all = self.pages.get_or_init(|| {
            let both = [Who::Me, Who::Partner].into_iter();
            let pages = both.flat_map(|who| Page::ALL.iter().map(move |page| (who, *page)));
            let newest = pages.flat_map(|(who, page)| pages_of(self.couple, who, page));
            newest.map(|act| act.hash).collect()
        });
        act.facts.page.is_none() || all.contains(&act.hash)
    }

    /// How far a repair is.
    fn repair(&self, thread: &Thread) -> Cow<'a, Repair> {
        let known = self
            .repairs
            .and_then(|repairs| repairs.of((thread.root.by, thread.root.index)));
        match known {
            Some(known) => Cow::Borrowed(known),
            None => Cow::Owned(self.node.repair_of(self.couple, thread)),
        }
    }

    /// How many acts are looked at for a line.
    pub fn acts_for_a_line(&self, root: Root) -> usize {
        let said = self.couple.book(root.0).at(root.1 as usize);
        let thread = match said.thread() {
            Subject::Told(who, index) => {
                let root = (who, index);
                self.couple.acts_about(root) + self.couple.wordings_before(root)
            }
            _ => 0,
        };
        1 + thread
    }

    /// Open, or its words have left.
    fn here(&self, act: &Act) -> Seen {
        let said = self.couple.book(act.by).at(act.index as usize);
        if said.words().is_none() {
            Seen::Gone
        } else {
            Seen::Open
        }
    }

    /// Whether it is out of Today and of search: put away by its author, or by what it is.
    pub fn put_away(&self, thread: &Thread) -> bool {
        let kind = match thread.root.what {
            What::Told(kind) => kind,
            // What was opened in a repair is put away with it.
            What::Opened => return thread.put_away() || self.is_of_closed_repair(thread),
            What::Answer(_) | What::PutAway => return thread.put_away(),
        };
        match over(kind) {
            Over::PutAway => thread.put_away(),
            Over::Settled => thread.both_done(),
            Over::DayGone => !bid_is_seen(&thread.root, self.now.day),
            Over::Back => {
                let at = thread.root.facts.back_at.into_iter();
                thread.both_done() || breaks(at, self.now.unix) == Breaks::None
            }
            Over::Closed => self.repair(thread).is_closed(),
        }
    }

    pub fn line(&self, root: Root) -> Option<Line> {
        // A permission about a confidence stands in that thread.
        let said = self.couple.book(root.0).at(root.1 as usize);
        let Subject::Told(who, index) = said.thread() else {
            return None;
        };
        let whole = Thread::of(self.couple, (who, index))?;
        if (who, index) != root {
            self.seen(&whole, whole.act(&said.hash)?)?;
        }
        let thread = if (who, index) == root {
            whole
        } else {
            Thread::of(self.couple, root)?
        };
        let What::Told(kind) = thread.root.what else {
            return None;
        };
        let seen = self.seen(&thread, &thread.root)?;
        // The newest wording stands for all.
        if seen == Seen::Older {
            return None;
        }
        let begins = match seen {
            // What is told in trust stands in no line.
            Seen::Open if !kind.row().in_trust => self
                .texts(&thread, &thread.root)
                .map(|it| begins(kind, &it)),
            _ => None,
        };
        let unopened = thread
            .acts
            .iter()
            .any(|act| act.by == Who::Partner && self.seen(&thread, act) == Some(Seen::Closed));
        let agreement = thread.root.facts.agreement;
        Some(Line {
            id: thread.root.id,
            kind,
            by: thread.root.by,
            on: thread.root.on,
            seen,
            begins: begins.unwrap_or_default(),
            put_away: self.put_away(&thread),
            unopened,
            weight: self.weight(root),
            agreement,
            topic: agreement
                .map(|id| self.node.topic_of_agreement(self.now, &id))
                .unwrap_or_default(),
        })
    }

    fn weight(&self, (who, index): Root) -> Weight {
        let said = self.couple.book(who).at(index as usize);
        said.read().map(|it| it.weight).unwrap_or_default()
    }

    pub(super) fn thing(&self, thread: &Thread, act: &Act) -> Option<Thing> {
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
            passed_over: act.by == Who::Me && thread.passed_over(act),
            may: self.may(thread, act),
            may_take_back,
            may_say_better: self.may_say_better(thread, act),
            may_keep: self.may_keep(thread, act),
            seen,
        })
    }

    /// What I may answer to an act now.
    pub fn may(&self, thread: &Thread, act: &Act) -> Vec<Verb> {
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
    pub fn may_say(&self, thread: &Thread, act: &Act, verb: Verb) -> Result<(), Problem> {
        let me = Who::Me;
        if thread.fell(act) || thread.root_fell() {
            return Err(if act.by == me && act.taken_back {
                Problem::AlreadyTakenBack
            } else {
                Problem::NoLonger
            });
        }
        match self.seen(thread, act) {
            Some(Seen::Closed) => return Err(Problem::OpenFirst),
            Some(Seen::Folded) => return Err(Problem::Folded),
            Some(Seen::Older) => return Err(Problem::SaidBetter),
            Some(Seen::Open | Seen::Gone) => {}
            Some(Seen::TakenBack) | None => return Err(Problem::NoLonger),
        }
        match thread.root.what {
            What::Told(kind) => self.may_say_of(thread, act, (verb, kind)),
            What::Opened => no(!self.is_of_closed_repair(thread), Problem::RepairClosed),
            What::Answer(_) | What::PutAway => Ok(()),
        }
    }

    /// The same, by what is told in the thread.
    fn may_say_of(
        &self,
        thread: &Thread,
        act: &Act,
        (verb, kind): (Verb, ToldKind),
    ) -> Result<(), Problem> {
        let me = Who::Me;
        match (kind, verb) {
            (ToldKind::Confidence, Verb::Words) => {
                let asking = thread
                    .asking()
                    .is_some_and(|asking| asking.hash == act.hash);
                no(asking, Problem::NotAskedFor)
            }
            (ToldKind::Confidence, Verb::MayI) => no(thread.may_ask(me), Problem::AlreadyAsked),
            (ToldKind::Confidence, Verb::TellNobody) => {
                no(!thread.tell_nobody(), Problem::SaidAlready)
            }
            (ToldKind::SmallTruth, Verb::Words | Verb::Heard) => {
                let mut all = thread.acts.iter().filter(|it| it.by == me);
                let thanked = all.any(|it| matches!(it.verb(), Some(Verb::Thank | Verb::NeedTime)));
                no(thanked, Problem::ThanksFirst)
            }
            (ToldKind::ToTalkAbout, Verb::Plan) => {
                let both = [Who::Me, Who::Partner];
                let both = both.iter().all(|who| thread.meaning(*who).is_some());
                no(both, Problem::BothMeaningsFirst)
            }
            (ToldKind::ToTalkAbout | ToldKind::Break, Verb::Done) => {
                no(!thread.says_over(me), Problem::SaidAlready)
            }
            (ToldKind::Repair, _) => self.may_in_repair(thread, &self.repair(thread), verb),
            (
                ToldKind::Thanks
                | ToldKind::Confidence
                | ToldKind::Permission
                | ToldKind::SmallTruth
                | ToldKind::TenderSpot
                | ToldKind::TrustGiven
                | ToldKind::ToTalkAbout
                | ToldKind::Ask
                | ToldKind::Bid
                | ToldKind::Break
                | ToldKind::AboutMe,
                _,
            ) => Ok(()),
        }
    }

    /// Whether the repair is closed that an opening belongs to.
    fn is_of_closed_repair(&self, thread: &Thread) -> bool {
        let said = self
            .couple
            .book(thread.root.by)
            .at(thread.root.index as usize);
        let Some(Subject::Slot(slot)) = said.subject else {
            return false;
        };
        match &**slot {
            Slot::Repair { id, .. } => self.repair_under(id).is_some_and(|is| is.is_closed()),
            _ => false,
        }
    }

    /// How far the repair of an id is: as [`Node::repair_with`].
    pub fn repair_under(&self, id: &AssertionId) -> Option<Cow<'a, Repair>> {
        let known = self.repairs.and_then(|repairs| {
            let mut both = [Who::Me, Who::Partner].into_iter();
            both.find_map(|who| {
                let all = self.couple.book(who).by_id(id).into_iter();
                let mut all = all.map(|said| (who, said.index()));
                all.find_map(|root| repairs.of(root))
            })
        });
        match known {
            Some(known) => Some(Cow::Borrowed(known)),
            None => Some(Cow::Owned(self.node.repair_with(id)?.2)),
        }
    }

    fn may_in_repair(&self, thread: &Thread, is: &Repair, verb: Verb) -> Result<(), Problem> {
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
        let own = own.filter(|act| thread.may_tell(act, self.now.day));
        let mut all: Vec<Thing> = own.filter_map(|act| self.thing(thread, act)).collect();
        let by = thread.root.by;
        let standing = self.couple.newest_told(ToldKind::Permission, by, STANDING);
        for root in standing {
            let Some(other) = Thread::alone(self.couple, root) else {
                continue;
            };
            // Those about one confidence stand in its thread.
            if other.root.about.is_some() {
                continue;
            }
            if thread.may_tell(&other.root, self.now.day) && !other.fell(&other.root) {
                all.extend(self.thing(&other, &other.root));
            }
        }
        // In whatever order they came.
        all.sort_by_key(|thing| thing.id);
        all
    }

    pub fn view(&self, root: Root) -> Option<View> {
        let thread = Thread::of(self.couple, root)?;
        let seen = self.seen(&thread, &thread.root)?;
        let told = self.thing(&thread, &thread.root)?;
        let hidden = matches!(seen, Seen::Closed | Seen::Folded);
        let mut answers: Vec<Thing> = Vec::new();
        if !hidden {
            let all = thread.acts.iter().filter(|act| act.what != What::PutAway);
            answers.extend(all.filter_map(|act| self.thing(&thread, act)));
        }
        keep_newest(&mut answers);
        let is_repair = thread.root.what == What::Told(ToldKind::Repair);
        let is_confidence = thread.root.what == What::Told(ToldKind::Confidence);
        let better = self.couple.said_better(root).iter();
        let better = better.map(|(who, index)| self.couple.book(*who).at(*index as usize).id);
        let instead = self.couple.instead_of(root);
        let instead = instead.map(|(who, index)| self.couple.book(who).at(index as usize).id);
        let agreement = thread.root.facts.agreement;
        let mine = thread.root.by == Who::Me && !thread.root.taken_back;
        let slot = match self.couple.find(&thread.root.hash)?.1.read()?.body {
            Body::Open(open) => Some(open.slot),
            _ => None,
        };
        let both = [Who::Me, Who::Partner].into_iter();
        let done = both.filter(|who| thread.says_over(*who));
        Some(View {
            told,
            weight: self.weight(root),
            slot,
            put_away: self.put_away(&thread),
            answers,
            beside: self.beside(&thread),
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
                .map(|id| self.node.topic_of_agreement(self.now, &id))
                .unwrap_or_default(),
            folded: self.folded,
            may_put_away: mine
                && !thread.put_away()
                && self.root_about(&thread).is_some_and(may_put_away),
        })
    }

    /// Whether an act leaves with its reader (KINDS §7).
    pub fn leaves(&self, thread: &Thread, act: &Act, seen: Seen, with_confidences: bool) -> bool {
        let theirs_in_trust = act.by == Who::Partner && self.in_trust(thread);
        matches!(seen, Seen::Open | Seen::Older | Seen::Gone)
            && !thread.came_back(act)
            && (!theirs_in_trust || with_confidences)
    }

    /// What of a thread leaves with its reader; and whether something of it is not opened.
    pub fn exported(&self, root: Root, with_confidences: bool) -> (Option<ExportedThread>, bool) {
        let Some(thread) = Thread::of(self.couple, root) else {
            return (None, false);
        };
        // A permission about a confidence stands in that thread.
        let in_other =
            thread.root.what == What::Told(ToldKind::Permission) && thread.root.about.is_some();
        if in_other {
            return (None, false);
        }
        let mut unopened = false;
        let mut take = |act: &Act| {
            if act.what == What::Opened || act.what == What::PutAway {
                return None;
            }
            let seen = self.seen(&thread, act)?;
            unopened |= seen == Seen::Closed;
            let leaves = self.leaves(&thread, act, seen, with_confidences);
            leaves.then(|| self.thing(&thread, act))?
        };
        let told = take(&thread.root);
        let answers: Vec<Thing> = thread.acts.iter().filter_map(take).collect();
        if told.is_none() && answers.is_empty() {
            return (None, unopened);
        }
        let agreement = thread.root.facts.agreement;
        let found = self.couple.find(&thread.root.hash);
        let slot = found.and_then(|(_, said)| match said.read()?.body {
            Body::Open(open) => Some(open.slot),
            _ => None,
        });
        let exported = ExportedThread {
            told,
            slot,
            put_away: self.put_away(&thread) || thread.root.said_better,
            topic: agreement
                .map(|id| self.node.topic_of_agreement(self.now, &id))
                .unwrap_or_default(),
            answers,
        };
        (Some(exported), unopened)
    }

    fn repair_view(&self, thread: &Thread) -> RepairView {
        let (is, id) = (self.repair(thread), thread.root.id);
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
            said_back: self.said_backs(id),
            walked: None,
            day: is.day,
            my_days: is.days[0].clone(),
            partner_days: is.days[1].clone(),
        }
    }

    /// What is said back in a repair, with its marks.
    fn said_backs(&self, id: AssertionId) -> Vec<Thing> {
        let slot = Slot::Repair {
            id,
            step: SealedStep::Feelings,
        };
        let stands = self.couple.slot(&slot);
        let both = [Who::Partner, Who::Me].into_iter();
        let threads = both.filter_map(|who| {
            let (who, said) = self.couple.find(&stands.opening(who)?)?;
            Thread::of(self.couple, (who, said.index()))
        });
        let mut all = Vec::new();
        for thread in threads {
            let said =
                |act: &&Act| matches!(act.verb(), Some(Verb::SayBack | Verb::Yes | Verb::NotYet));
            let acts = thread.acts.iter().filter(said);
            all.extend(acts.filter_map(|act| self.thing(&thread, act)));
        }
        all
    }

    /// What Today says of something that waits.
    pub fn today_line(&self, at: Root, looked: &mut Looked) -> Waits {
        let said = self.couple.book(at.0).at(at.1 as usize);
        let Some(Subject::Told(who, index)) = said.subject else {
            return Waits::NeverAgain;
        };
        let Some(thread) = looked.thread(self.couple, (*who, *index)) else {
            return Waits::NeverAgain;
        };
        let Some(act) = thread.act(&said.hash) else {
            return Waits::Not;
        };
        if act.taken_back || act.said_better || thread.root_fell() {
            return Waits::NeverAgain;
        }
        let root = act.hash == thread.root.hash;
        let told = match (self.seen(thread, act), act.what) {
            (Some(Seen::Closed), _) => true,
            (Some(Seen::Open), What::Answer(Verb::NeedTime)) => {
                thread.needs_time(act.by, self.now.day).is_some()
            }
            (Some(Seen::Open), What::Answer(_)) => thread.root.what == What::Told(ToldKind::Bid),
            _ => false,
        };
        if !told || self.put_away(thread) {
            return Waits::Not;
        }
        let kind = match thread.root.what {
            What::Told(kind) => Some(kind),
            _ => None,
        };
        let line = match (kind, root) {
            (Some(ToldKind::Bid), false) => self.texts(thread, &thread.root),
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
    pub fn bids(&self) -> Vec<TodayTold> {
        let theirs = self
            .couple
            .newest_told(ToldKind::Bid, Who::Partner, TODAY_BIDS);
        let lines = theirs.into_iter().filter_map(|root| {
            let thread = Thread::alone(self.couple, root)?;
            let answered = self.couple.has_spoken_of(root, Who::Me);
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
    pub fn trust_to_look_at(&self) -> Vec<TodayTold> {
        let mine = self
            .couple
            .newest_told(ToldKind::TrustGiven, Who::Me, TODAY_TRUST);
        let lines = mine.into_iter().filter_map(|root| {
            let thread = Thread::alone(self.couple, root)?;
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

    pub fn break_view(&self, is: Breaks, on: &[OneBreak]) -> Option<BreakView> {
        let (back_at, passed) = match is {
            Breaks::None => return None,
            Breaks::On(at) => (at, false),
            Breaks::NotYetOver(at) => (at, true),
        };
        let both = [Who::Me, Who::Partner].into_iter();
        let back = both.filter(|who| on.iter().all(|one| one.back[*who as usize]));
        let mut ids: Vec<AssertionId> = on.iter().map(|one| one.id).collect();
        ids.sort();
        Some(BreakView {
            back_at,
            passed,
            back: back.collect(),
            ids,
        })
    }

    /// Words that may be found: own or opened, standing, the newest, not put away, not told in trust (KINDS §7).
    pub fn found(&self, root: Root, at: Root, looked: &mut Looked) -> Option<Texts> {
        let told = self.couple.book(root.0).at(root.1 as usize).read()?;
        if matches!(&told.body, Body::Told(told) if told.kind.row().in_trust) {
            return None;
        }
        let thread = looked.thread(self.couple, root)?;
        let hash = self.couple.book(at.0).at(at.1 as usize).hash;
        let act = thread.act(&hash)?;
        let found = self.seen(thread, act) == Some(Seen::Open)
            && !thread.came_back(act)
            && !thread.fell(act)
            && !self.put_away(thread);
        self.texts(thread, act).filter(|_| found)
    }
}

/// Nothing against it, or what is.
fn no(it: bool, problem: Problem) -> Result<(), Problem> {
    if it { Ok(()) } else { Err(problem) }
}

/// Whoever answers writes no book: the newest stand in one answer.
pub(super) fn keep_newest(answers: &mut Vec<Thing>) {
    let mut bytes = 0;
    let fits = answers.iter().rev().take_while(|thing| {
        bytes += serde_json::to_string(thing).map_or(0, |text| text.len());
        bytes <= limits::ANSWER_BYTES
    });
    let fits = fits.count();
    answers.drain(..answers.len() - fits);
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
