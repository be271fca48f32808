//! What was told and answered: pure functions of the acts in one thread (KINDS §2, §4, §5).
//!
//! No rule asks what the author of the other book had known: only one's own order, and what an act is about, decide. None
//! reads words, or a clock but for the days and the one minute that are handed in.

use crate::books::book::Said;
use crate::books::couple::Couple;
use crate::books::past::{Past, Place, Under};
use crate::books::rights;
use std::collections::{BTreeMap, BTreeSet};
use troth_proto::day::Minute;
use troth_proto::ids::Who;
use troth_proto::said::told::{Facts, ListenAs, Page, ToldKind, Verb};
use troth_proto::slot::SealedStep;
use troth_proto::{AssertionId, Body, Day, Hash, Slot};

/// What an act in a thread is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    /// What was told; a permission, too, in the thread of a confidence.
    Told(ToldKind),
    /// What was opened in a slot.
    Opened,
    /// An answer.
    Answer(Verb),
    /// It is put away.
    PutAway,
}

/// By what something told is over: then it is out of Today and of search (KINDS K10, §8).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Over {
    /// Its author puts it away.
    PutAway,
    /// Each has said last that they are done with it.
    Settled,
    /// Its day has gone.
    DayGone,
    /// Its minute has gone, or each has said that they are back.
    Back,
    /// All its steps are finished, or one of them stopped it.
    Closed,
}

/// By what each kind is over.
#[must_use]
pub const fn over(kind: ToldKind) -> Over {
    match kind {
        ToldKind::Thanks
        | ToldKind::Confidence
        | ToldKind::Permission
        | ToldKind::SmallTruth
        | ToldKind::TenderSpot
        | ToldKind::TrustGiven
        | ToldKind::Ask
        | ToldKind::AboutMe => Over::PutAway,
        ToldKind::ToTalkAbout => Over::Settled,
        ToldKind::Bid => Over::DayGone,
        ToldKind::Break => Over::Back,
        ToldKind::Repair => Over::Closed,
    }
}

/// One act in a thread.
#[derive(Debug, Clone)]
pub struct Act {
    /// Who.
    pub by: Who,
    /// What.
    pub what: What,
    /// What else its head holds.
    pub facts: Facts,
    /// Its id.
    pub id: AssertionId,
    /// Its hash.
    pub hash: Hash,
    /// Its index in its book.
    pub index: u32,
    /// Where it is.
    pub place: Place,
    /// What its author had.
    pub past: Past,
    /// The day its author wrote on it.
    pub on: Option<Day>,
    /// What it speaks of.
    pub about: Option<Hash>,
    /// Its author took it back, or a later wording of it.
    pub taken_back: bool,
    /// Its author said it better.
    pub said_better: bool,
}

/// Whether words of an act in a thread are closed until they are opened (K8): not of answers to a bid, or to what was opened in
/// a slot, which stand open on both screens anyway.
#[must_use]
pub fn closes(what: What, root: What) -> bool {
    match what {
        What::Told(kind) => kind.row().closed,
        What::Answer(Verb::NeedTime) => false,
        What::Answer(verb) => {
            let open = matches!(root, What::Opened | What::Told(ToldKind::Bid));
            verb.is_opened() && !open
        }
        What::Opened | What::PutAway => false,
    }
}

/// Something told or opened, and what speaks about it.
#[derive(Debug, Clone)]
pub struct Thread {
    /// What it hangs on.
    pub root: Act,
    /// What speaks about it, in a causal order that both have.
    pub acts: Vec<Act>,
    /// It is to be told to nobody, in this wording or an earlier one.
    nobody: bool,
    known: Known,
}

/// What is asked of each act in a thread again and again, found out once: nobody can make a thread dear.
#[derive(Debug, Clone, Default)]
struct Known {
    /// Where the acts are.
    by_hash: BTreeMap<Hash, usize>,
    /// Answers that are the newest of their kind, or stand beside it (K4).
    newest: BTreeSet<Hash>,
    /// When the one who told has asked just to be listened to, what was there.
    just_listen: Option<Under>,
    /// Until when each needs time: the looker, the other.
    time: [Option<Day>; 2],
}

/// Answers of which only the newest counts, by whom and about what: yes and not yet are one kind.
type Alike = (Who, Option<Hash>, Verb);

impl Act {
    fn of(couple: &Couple, by: Who, said: Said<'_>) -> Option<Self> {
        let it = said.read()?;
        let past = said.past();
        let about = rights::spoken_of(couple, by, &past, &it).map(|(said, ..)| said.hash);
        let (what, facts) = match it.body {
            Body::Told(told) => (What::Told(told.kind), told.facts),
            Body::Answer(answer) => (What::Answer(answer.says), answer.facts),
            Body::Open(_) => (What::Opened, Facts::default()),
            Body::PutAway(_) => (What::PutAway, Facts::default()),
            _ => return None,
        };
        Some(Self {
            by,
            what,
            facts,
            id: said.id,
            hash: said.hash,
            index: said.index(),
            place: said.place,
            past,
            on: it.on,
            about,
            taken_back: couple.taken_back_by(&said.hash).is_some(),
            said_better: !couple.said_better((by, said.index())).is_empty(),
        })
    }

    fn says(&self, verb: Verb) -> bool {
        self.what == What::Answer(verb)
    }

    /// What it says, if it is an answer.
    #[must_use]
    pub fn verb(&self) -> Option<Verb> {
        match self.what {
            What::Answer(verb) => Some(verb),
            _ => None,
        }
    }
}

impl Thread {
    /// The thread of something told or opened. None if it is as if it had never been told.
    #[must_use]
    pub fn of(couple: &Couple, (who, index): (Who, u32)) -> Option<Self> {
        let said = couple.book(who).at(index as usize);
        if couple.is_under_an_id_of_mine(who, &said.id) {
            return None;
        }
        let root = Act::of(couple, who, said)?;
        let about = couple.about((who, index)).into_iter();
        let acts = about.filter_map(|(by, said)| Act::of(couple, by, said));
        let mut thread = Self::new(root, acts.collect());
        if thread.root.what == What::Told(ToldKind::Confidence) {
            thread.nobody = couple.tell_nobody((who, index));
        }
        Some(thread)
    }

    /// The same without what speaks about it, where only the root is looked at.
    #[must_use]
    pub fn alone(couple: &Couple, (who, index): (Who, u32)) -> Option<Self> {
        let said = couple.book(who).at(index as usize);
        if couple.is_under_an_id_of_mine(who, &said.id) {
            return None;
        }
        Some(Self::new(Act::of(couple, who, said)?, Vec::new()))
    }

    fn new(root: Act, acts: Vec<Act>) -> Self {
        let mut thread = Self {
            root,
            acts,
            nobody: false,
            known: Known::default(),
        };
        let hashes = thread.acts.iter().enumerate();
        thread.known.by_hash = hashes.map(|(i, act)| (act.hash, i)).collect();
        thread.known.newest = thread.find_newest();
        thread.known.just_listen = thread.find_just_listen();
        thread.known.time = [Who::Me, Who::Partner].map(|who| thread.find_time(who));
        thread
    }

    fn find_newest(&self) -> BTreeSet<Hash> {
        let mut groups: BTreeMap<Alike, (Under, Vec<&Act>)> = BTreeMap::new();
        for act in self.acts.iter().rev() {
            let kind = match act.what {
                What::Answer(Verb::NotYet) => Verb::Yes,
                What::Answer(verb) => verb,
                _ => continue,
            };
            let (under, tips) = groups.entry((act.by, act.about, kind)).or_default();
            if !under.holds(act.place) {
                under.add(&act.past);
                tips.push(act);
            }
        }
        let stand = groups.into_values().map(|(_, tips)| tips);
        let stand = stand.filter(|tips| !tips.iter().any(|act| self.fell(act)));
        stand.flatten().map(|act| act.hash).collect()
    }

    fn find_just_listen(&self) -> Option<Under> {
        let mut under = None;
        for act in &self.acts {
            let just = act.facts.listen_as == Some(ListenAs::JustListen);
            if act.by == self.root.by && act.says(Verb::ListenAs) && just {
                under.get_or_insert_with(Under::default).add(&act.past);
            }
        }
        under
    }

    /// The later day of all that stand: not those that something else was answered after.
    fn find_time(&self, by: Who) -> Option<Day> {
        let about = |act: &&Act| act.by == by && act.about == Some(self.root.hash);
        let mut since = Under::default();
        for act in self.acts.iter().filter(about) {
            let other = act.verb().is_some_and(|verb| verb != Verb::NeedTime);
            if other && !self.fell(act) && !self.came_back(act) {
                since.add(&act.past);
            }
        }
        let asked = self.acts.iter().filter(about);
        let stand = asked.filter(|act| act.says(Verb::NeedTime) && !self.fell(act));
        let stand = stand.filter(|act| !since.holds(act.place));
        stand.filter_map(|act| act.facts.until).max()
    }

    /// An act by its hash.
    #[must_use]
    pub fn act(&self, hash: &Hash) -> Option<&Act> {
        if self.root.hash == *hash {
            return Some(&self.root);
        }
        self.known.by_hash.get(hash).map(|i| &self.acts[*i])
    }

    /// Whether what was told has fallen with its being taken back: what speaks about a break or in a repair stays (K3).
    #[must_use]
    pub fn root_fell(&self) -> bool {
        let stays = matches!(
            self.root.what,
            What::Told(ToldKind::Repair | ToldKind::Break)
        );
        self.root.taken_back && !stays
    }

    /// Whether an act was taken back, or speaks about something fallen (K3).
    #[must_use]
    pub fn fell(&self, act: &Act) -> bool {
        act.taken_back || self.about_fell(act)
    }

    /// Whether what an act speaks about has fallen. Threads are never deeper than three.
    #[must_use]
    pub fn about_fell(&self, act: &Act) -> bool {
        if act.hash == self.root.hash {
            return false;
        }
        match act.about {
            Some(about) if about == self.root.hash => self.root_fell(),
            Some(about) => self.act(&about).is_none_or(|about| {
                about.taken_back || about.about == Some(self.root.hash) && self.root_fell()
            }),
            None => false,
        }
    }

    /// Own acts that lie in no other such act's past: mostly one, of branches several (K4).
    fn tips(&self, by: Who, such: impl Fn(&Act) -> bool) -> Vec<&Act> {
        // Acts stand in a causal order: whatever lies in the past of one lies in that of a tip.
        let (mut tips, mut under) = (Vec::new(), Under::default());
        for act in self.acts.iter().rev() {
            if act.by == by && such(act) && !under.holds(act.place) {
                under.add(&act.past);
                tips.push(act);
            }
        }
        tips
    }

    /// Of own acts the newest; of several the weaker, else the lowest hash. None if one of them was taken back: an older one
    /// never comes back to life (K4).
    fn newest(&self, by: Who, such: impl Fn(&Act) -> bool) -> Option<&Act> {
        let tips = self.tips(by, such);
        if tips.iter().any(|act| self.fell(act)) {
            return None;
        }
        let weaker = |act: &&Act| match act.what {
            What::Answer(Verb::NotYet) => 0,
            What::Answer(Verb::ListenAs) if act.facts.listen_as == Some(ListenAs::JustListen) => 0,
            _ => 1,
        };
        tips.into_iter().min_by_key(|act| (weaker(act), act.hash))
    }

    /// Whether an answer stands, and counts no more because its author has said another of its kind since (K4).
    #[must_use]
    pub fn passed_over(&self, act: &Act) -> bool {
        let one_counts = matches!(
            act.verb(),
            Some(
                Verb::Heard
                    | Verb::Thank
                    | Verb::SayBack
                    | Verb::Meaning
                    | Verb::Yes
                    | Verb::NotYet
            )
        );
        one_counts && !self.fell(act) && !self.is_newest(act)
    }

    /// Whether an answer counts, or stands beside the one that does (K4): of the same kind, by the same one, about the same.
    fn is_newest(&self, act: &Act) -> bool {
        self.known.newest.contains(&act.hash)
    }

    /// How the one who told would like to be listened to.
    #[must_use]
    pub fn listen_as(&self) -> Option<ListenAs> {
        let newest = self.newest(self.root.by, |act| act.says(Verb::ListenAs));
        let newest = newest.and_then(|act| act.facts.listen_as);
        newest.or(self.root.facts.listen_as)
    }

    /// What asks for advice now, if anything does: the confidence, or a later asking (K15).
    #[must_use]
    pub fn asking(&self) -> Option<&Act> {
        let newest = self.newest(self.root.by, |act| act.says(Verb::ListenAs));
        let asking = newest.unwrap_or(&self.root);
        self.is_asked(asking).then_some(asking)
    }

    fn is_asked(&self, asking: &Act) -> bool {
        let just = asking.facts.listen_as == Some(ListenAs::JustListen);
        let root = asking.hash == self.root.hash;
        let after = |under: &Under| root || under.holds(asking.place);
        !just && !self.known.just_listen.as_ref().is_some_and(after)
    }

    /// Advice that has come back to its writer (K15).
    #[must_use]
    pub fn came_back(&self, act: &Act) -> bool {
        let advice = act.says(Verb::Words) && self.root.what == What::Told(ToldKind::Confidence);
        let asking = act.about.and_then(|hash| self.act(&hash));
        advice && !asking.is_some_and(|asking| self.is_asked(asking))
    }

    /// Whether its author has thanked for a small truth, or asked for time, before an act; taken back or not (K16).
    #[must_use]
    pub fn thanked_before(&self, by: Who, past: &Past) -> bool {
        self.acts.iter().any(|act| {
            let first = act.says(Verb::Thank) || act.says(Verb::NeedTime);
            act.by == by && first && act.about == Some(self.root.hash) && past.holds(act.place)
        })
    }

    /// Whether nobody is to be told of a confidence, in this wording or an earlier one.
    #[must_use]
    pub fn tell_nobody(&self) -> bool {
        self.nobody
    }

    /// The asking of the other that is shown: the first, until a permission answers it; then the next. Taking one back frees
    /// nothing.
    fn may_i_shown(&self, act: &Act) -> bool {
        let asked = self
            .acts
            .iter()
            .filter(|it| it.says(Verb::MayI) && it.by == act.by);
        let answered = |asking: &Act| {
            let about = |it: &Act| it.about == Some(asking.hash);
            let permission = |it: &Act| it.what == What::Told(ToldKind::Permission);
            self.acts.iter().any(|it| permission(it) && about(it))
        };
        for asking in asked {
            if asking.hash == act.hash {
                return true;
            }
            if !answered(asking) {
                return false;
            }
        }
        false
    }

    /// Whether one of them may ask: no asking of theirs waits, and it is not to be told to nobody.
    #[must_use]
    pub fn may_ask(&self, by: Who) -> bool {
        let answered = |asking: &Act| {
            let permission = |it: &Act| it.what == What::Told(ToldKind::Permission);
            self.acts
                .iter()
                .any(|it| permission(it) && it.about == Some(asking.hash))
        };
        let mut asked = self
            .acts
            .iter()
            .filter(|it| it.says(Verb::MayI) && it.by == by);
        !self.tell_nobody() && asked.all(answered)
    }

    /// Whether a permission holds here, one in this thread or one for all confidences: it stands, its day has not passed, it is
    /// for this wording or for all, and it may be told to somebody (K17).
    #[must_use]
    pub fn may_tell(&self, permission: &Act, today: Day) -> bool {
        let passed = permission.facts.until.is_some_and(|until| today > until);
        !self.fell(permission)
            && !passed
            && !self.root.taken_back
            && !self.root.said_better
            && !self.tell_nobody()
            && permission.by == self.root.by
    }

    /// The day until which one of them has asked for time, whether it has passed or not.
    #[must_use]
    pub fn time(&self, by: Who) -> Option<Day> {
        self.known.time[by as usize]
    }

    /// Until when one of them needs time about what was told: the later day of all that stand, until it has passed or they
    /// have answered something else since.
    #[must_use]
    pub fn needs_time(&self, by: Who, today: Day) -> Option<Day> {
        self.time(by).filter(|day| today <= *day)
    }

    /// Whether an answer is one that both see: it counts, and is the newest where only that does.
    #[must_use]
    pub fn counts(&self, act: &Act) -> bool {
        if self.fell(act) {
            return false;
        }
        let small_truth = self.root.what == What::Told(ToldKind::SmallTruth);
        let thanked = || !small_truth || self.thanked_before(act.by, &act.past);
        match act.what {
            What::Answer(Verb::Heard) => self.is_newest(act) && thanked(),
            What::Answer(Verb::Words) => !self.came_back(act) && thanked(),
            What::Answer(Verb::MayI) => !self.tell_nobody() && self.may_i_shown(act),
            What::Answer(
                Verb::Thank
                | Verb::SayBack
                | Verb::Meaning
                | Verb::ListenAs
                | Verb::Yes
                | Verb::NotYet,
            ) => self.is_newest(act),
            What::Answer(
                Verb::NeedTime
                | Verb::TellNobody
                | Verb::Plan
                | Verb::Done
                | Verb::Day
                | Verb::Apology
                | Verb::Stop,
            )
            | What::Told(_)
            | What::Opened
            | What::PutAway => true,
        }
    }

    /// The mark on a saying-back or an apology, by the one to whom it was said.
    #[must_use]
    pub fn mark(&self, of: &Act) -> Option<&Act> {
        let mark = |act: &Act| {
            act.about == Some(of.hash) && (act.says(Verb::Yes) || act.says(Verb::NotYet))
        };
        self.newest(of.by.other(), mark)
    }

    /// What one of them has said that something means to them.
    #[must_use]
    pub fn meaning(&self, by: Who) -> Option<&Act> {
        self.newest(by, |act| act.says(Verb::Meaning))
    }

    /// Whether one of them has said last that it is done with (K6).
    #[must_use]
    pub fn is_done(&self, by: Who) -> bool {
        let about = |act: &Act| act.verb().is_some() && act.about == Some(self.root.hash);
        let tips = self.tips(by, about);
        let done = |act: &&Act| act.says(Verb::Done) && !self.fell(act);
        !tips.is_empty() && tips.iter().all(done)
    }

    /// Whether one of them has a standing "I'm back" about a break.
    #[must_use]
    pub fn is_back(&self, by: Who) -> bool {
        let done = |act: &Act| act.by == by && act.says(Verb::Done) && !act.taken_back;
        self.acts.iter().any(done)
    }

    /// Whether one of them says that a matter is settled, or that they are back from a break.
    #[must_use]
    pub fn says_over(&self, by: Who) -> bool {
        let What::Told(kind) = self.root.what else {
            return false;
        };
        match over(kind) {
            Over::Settled => self.is_done(by),
            Over::Back => self.is_back(by),
            Over::PutAway | Over::DayGone | Over::Closed => false,
        }
    }

    /// Whether a matter is settled, or a break over before its time: both say so.
    #[must_use]
    pub fn both_done(&self) -> bool {
        self.says_over(Who::Me) && self.says_over(Who::Partner)
    }

    /// Whether its author has put it away.
    #[must_use]
    pub fn put_away(&self) -> bool {
        let own = |act: &Act| act.by == self.root.by && act.what == What::PutAway;
        self.acts.iter().any(|act| own(act) && !act.taken_back)
    }
}

/// Pages about oneself of each author and kind that are looked at: the newest.
const PAGES: usize = 64;

/// The page about themselves that counts of one of them: the newest; of branches the lowest hash.
#[must_use]
pub fn page_of(couple: &Couple, who: Who, page: Page) -> Option<Act> {
    pages_of(couple, who, page)
        .into_iter()
        .min_by_key(|tip| tip.hash)
}

/// The same with those that stand beside it. None if one was taken back: an older one never comes back to life (K4).
#[must_use]
pub fn pages_of(couple: &Couple, who: Who, page: Page) -> Vec<Act> {
    let own = couple.newest_pages(who, page, PAGES).into_iter();
    let acts = own.filter_map(|(by, index)| {
        let said = couple.book(by).at(index as usize);
        Act::of(couple, by, said)
    });
    let mut tips: Vec<Act> = Vec::new();
    for act in acts {
        if !tips.iter().any(|tip| tip.past.holds(act.place)) {
            tips.retain(|tip| !act.past.holds(tip.place));
            tips.push(act);
        }
    }
    if tips.iter().any(|tip| tip.taken_back) {
        tips.clear();
    }
    tips
}

/// A bid's time: whether it is to be seen on a day (KINDS §8).
#[must_use]
pub fn bid_is_seen(bid: &Act, today: Day) -> bool {
    match (bid.on, bid.facts.day) {
        (Some(on), Some(day)) => (on.plus(-1)..=day).contains(&today),
        _ => false,
    }
}

/// How it is with breaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Breaks {
    /// None is on.
    None,
    /// One is on, until then.
    On(Minute),
    /// The return has passed, within the last 24 hours, and not both are back.
    NotYetOver(Minute),
}

/// Seconds for which a break counts ahead, and for which it is asked after.
const BREAK_AHEAD: i64 = 48 * 3600;
const BREAK_AFTER: i64 = 24 * 3600;

/// The break of all that stand: those without "I'm back" of both. `unix`: now, in seconds since 1970.
#[must_use]
pub fn breaks(standing: impl IntoIterator<Item = Minute>, unix: i64) -> Breaks {
    let mut is = Breaks::None;
    for back_at in standing {
        let ahead = back_at.unix() - unix;
        let this = if ahead > 0 && ahead <= BREAK_AHEAD {
            Breaks::On(back_at)
        } else if ahead <= 0 && ahead > -BREAK_AFTER {
            Breaks::NotYetOver(back_at)
        } else {
            continue;
        };
        is = match (is, this) {
            (Breaks::On(a), Breaks::On(b)) => Breaks::On(a.max(b)),
            (Breaks::On(a), _) => Breaks::On(a),
            (_, Breaks::On(b)) => Breaks::On(b),
            (Breaks::NotYetOver(a), Breaks::NotYetOver(b)) => Breaks::NotYetOver(a.max(b)),
            (_, this) => this,
        };
    }
    is
}

/// Whether a day is within a day of today.
#[must_use]
pub fn is_near(day: Day, today: Day) -> bool {
    today.since(day).abs() <= 1
}

/// How far a repair is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repair {
    /// Steps that each has finished, ever: of the looker, of the other.
    pub finished: [[bool; 2]; 7],
    /// Days that each has named and not taken back, each once, the earliest first.
    pub days: [Vec<Day>; 2],
    /// The latest that both have named so.
    pub day: Option<Day>,
    /// One of them stopped it, or took it back who began it.
    pub stopped: bool,
    /// Days of what closed it.
    pub closed_on: Vec<Day>,
}

/// Steps of a repair.
pub const STEPS: u8 = 7;

impl Repair {
    /// A repair, by its thread and by who has opened in its three sealed steps. `back`: the day on which its opener took it
    /// back.
    #[must_use]
    pub fn of(
        thread: &Thread,
        opened: impl Fn(SealedStep, Who) -> bool,
        back: Option<Day>,
    ) -> Self {
        let both = [Who::Me, Who::Partner];
        let named = |by: Who, standing: bool| {
            let days = thread.acts.iter().filter(move |act| {
                act.by == by && act.says(Verb::Day) && !(standing && act.taken_back)
            });
            days.filter_map(|act| act.facts.day)
        };
        let ever: [Vec<Day>; 2] = both.map(|by| named(by, false).collect());
        let common = ever[0].iter().any(|day| ever[1].contains(day));
        let mut finished = [[false; 2]; 7];
        finished[0] = [common; 2];
        for (step, n) in SealedStep::ALL {
            finished[usize::from(n) - 1] = both.map(|by| opened(step, by));
        }
        let dones = || thread.acts.iter().filter(|act| act.says(Verb::Done));
        for step in troth_proto::said::told::MARKED_STEPS {
            let marked = |by| dones().any(|act| act.by == by && act.facts.step == Some(step));
            finished[usize::from(step) - 1] = both.map(marked);
        }
        // Who names a day again has named it once.
        let days: [Vec<Day>; 2] = both.map(|by| {
            let days: BTreeSet<Day> = named(by, true).collect();
            days.into_iter().collect()
        });
        let day = days[0].iter().filter(|day| days[1].contains(day)).max();
        let stops = thread.acts.iter().filter(|act| act.says(Verb::Stop));
        let mut closed_on: Vec<Day> = stops.clone().filter_map(|act| act.on).collect();
        let stopped = stops.count() > 0 || thread.root.taken_back;
        closed_on.extend(back);
        let mut it = Self {
            finished,
            day: day.copied(),
            days,
            stopped,
            closed_on,
        };
        // Both close it: nobody ends the fold early with an older day.
        if it.is_through() {
            let last = dones().filter(|act| act.facts.step == Some(STEPS));
            it.closed_on.extend(last.filter_map(|act| act.on));
        }
        it
    }

    /// The step they are at, from 1; one more than there are when they are through.
    #[must_use]
    pub fn step(&self) -> u8 {
        let both = self.finished.iter().take_while(|step| **step == [true; 2]);
        1 + both.count() as u8
    }

    /// Whether both have finished all.
    #[must_use]
    pub fn is_through(&self) -> bool {
        self.step() > STEPS
    }

    /// Whether it is over, either way.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        self.stopped || self.is_through()
    }

    /// Whether one of them has finished the present step.
    #[must_use]
    pub fn has_finished(&self, who: Who) -> bool {
        let step = self.finished.get(usize::from(self.step()) - 1);
        step.is_some_and(|step| step[who as usize])
    }

    /// Whether it folds what is told in trust: it is open, or was closed within a day of today (K9).
    #[must_use]
    pub fn folds(&self, today: Day) -> bool {
        !self.is_closed() || self.closed_on.iter().any(|day| is_near(*day, today))
    }

    /// The slot of the present step, if it is sealed.
    #[must_use]
    pub fn slot(&self, id: AssertionId) -> Option<Slot> {
        let step = SealedStep::at(self.step())?;
        Some(Slot::Repair { id, step })
    }
}
