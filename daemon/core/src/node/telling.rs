//! What this person tells, answers, takes back and puts away (KINDS §3 to §5).

use super::desk::Saying;
use super::requests::value;
use super::told::{ACTS_LOOKED_AT, Root};
use super::{Client, Node, Now};
use crate::books::book::{Said, Subject};
use crate::keys::Entropy;
use crate::told::{Thread, What};
use serde_json::Value;
use std::cell::Cell;
use troth_proto::api::Request;
use troth_proto::day::Minute;
use troth_proto::ids::Who;
use troth_proto::private::{PageKind, PageWords, Part};
use troth_proto::problem::Wrong;
use troth_proto::said::forgetting::{PutAway, TakeBack};
use troth_proto::said::told::{
    Answer, Fact, Facts, Field, ListenAs, Need, Texts, TextsWrong, Thing, Told, ToldKind, Verb,
    answer_row, may_put_away, may_take_back, words_need,
};
use troth_proto::slot::SealedStep;
use troth_proto::telling::{Adding, Ask};
use troth_proto::{AgreementId, AssertionId, Body, Hash, Problem, Slot, limits};

/// Minutes of a break that may be called (KINDS §5).
const BREAK_MINUTES: std::ops::RangeInclusive<i64> = 20..=24 * 60;
/// What stands if nothing is said of it.
const BREAK_USUAL: i64 = 45;
/// Other repairs about the same agreement that one act closes.
const OTHERS_CLOSED: usize = 16;

/// Something that is named: where it is, its thread, and what it is.
pub(super) struct Named {
    pub id: AssertionId,
    pub hash: Hash,
    pub by: Who,
    pub thread: Root,
    pub about: Thing,
}

fn checked(
    words: Texts,
    fields: &'static [Field],
    facts: &Facts,
    need: Need,
) -> Result<Texts, Problem> {
    let words = words.without_blanks();
    words.check(fields, facts).map_err(|wrong| match wrong {
        TextsWrong::Unknown(field) => Problem::BadRequest {
            wrong: Wrong::UnknownField { field },
        },
        TextsWrong::TooLong(_) => Problem::TooLong,
        TextsWrong::Missing(_) => Problem::NothingSaid,
        TextsWrong::NoName => Problem::BadRequest {
            wrong: Wrong::NoPersonName,
        },
    })?;
    match need {
        Need::Must if words.0.is_empty() => Err(Problem::NothingSaid),
        _ => Ok(words),
    }
}

fn wrong_facts() -> Problem {
    Problem::BadRequest {
        wrong: Wrong::NotTheForm,
    }
}

impl Node {
    pub(super) fn told_request(
        &mut self,
        now: Now,
        entropy: &mut dyn Entropy,
        from: (Client, u64),
        ask: Ask,
    ) -> Result<Option<Value>, Problem> {
        self.bound()?;
        let view = match ask {
            Ask::Add(adding) => {
                let root = self.tell(now, entropy, adding)?;
                self.told_show(now, root, false)?
            }
            Ask::Answer {
                about,
                says,
                facts,
                words,
                better,
            } => {
                let about = (about.as_str(), better.as_deref());
                let root = self.answer_told(now, entropy, about, (says, facts, words))?;
                self.told_show(now, root, false)?
            }
            Ask::List { kind, after } => return self.told_list(now, kind, after).map(Some),
            Ask::Show { id } => {
                let root = self.told_named(now, &id)?.thread;
                self.told_show(now, root, false)?
            }
            Ask::Open { id } => {
                let root = self.told_named(now, &id)?.thread;
                self.told_show(now, root, true)?
            }
            Ask::TakeBack { id } => {
                let (root, hash) = self.told_take_back(now, entropy, &id)?;
                let view = self.told_taken_back(now, root, &hash)?;
                // Words leave once nothing can undo the request any more.
                self.forget_what_is_due(now, entropy);
                view
            }
            Ask::PutAway { id, back, days } => {
                let root = self.told_put_away(now, entropy, &id, (back, days))?;
                self.told_show(now, root, false)?
            }
            Ask::SetAside { id } => {
                let root = self.told_named(now, &id)?.thread;
                // What is not there cannot be set aside.
                let view = self.told_show(now, root, false)?;
                self.told_set_aside(root)?;
                view
            }
            Ask::Keep { id } => {
                let words = self.page_of(now, &id)?;
                let mut keep = Request::PrivateKeep { words };
                if let Some(id) = self.desk.once.take() {
                    let request = Box::new(keep);
                    keep = Request::Once { id, request };
                }
                return self.private_request(now, entropy, from, keep);
            }
            Ask::Export {
                with_confidences,
                after,
            } => {
                return self.told_export(now, with_confidences, after).map(Some);
            }
            Ask::Search { words, after } => return self.search(now, &words, after).map(Some),
        };
        Ok(Some(value(&view)))
    }

    /// A page with the words of something this person has opened, or wrote; of a repair, with all that they wrote in it.
    fn page_of(&mut self, now: Now, id: &str) -> Result<PageWords, Problem> {
        let named = self.told_named(now, id)?;
        let mut texts = match named.about {
            Thing::Told(ToldKind::Repair) => self.words_of_repair(now, named.thread),
            _ => self.words_in_hand(now, &named.hash),
        };
        if texts.is_empty() {
            return Err(Problem::WordsNotHere);
        }
        if texts.len() > limits::PRIVATE_PARTS {
            texts = together(&texts);
        }
        let parts = texts.into_iter().map(|text| Part {
            head: String::new(),
            text,
        });
        Ok(PageWords {
            kind: PageKind::Copy,
            title: String::new(),
            parts: parts.collect(),
        })
    }

    /// What was told, answered or opened, by the beginning of its id, or by a slot: there the other's page, which one answers,
    /// before one's own.
    fn told_named(&self, now: Now, name: &str) -> Result<Named, Problem> {
        let couple = self.couple.as_ref().ok_or(Problem::NotPaired)?;
        let no_such = || Problem::NoSuch { what: name.into() };
        if let Ok(slot) = name.parse::<Slot>() {
            let stands = couple.slot(&slot);
            let both = [Who::Partner, Who::Me].into_iter();
            let pages = both.filter_map(|who| self.of_hash(&stands.opening(who)?));
            let mut pages = pages.filter(|it| self.is_there(now, it));
            return pages.next().ok_or_else(no_such);
        }
        let begins = super::agreements::checked_name(name)?;
        let not_unique = || Problem::NotUnique { what: name.into() };
        let (mut found, looked) = (Vec::new(), Cell::new(0));
        for who in couple.books_with(&begins).iter().copied() {
            let there = |said: &Said<'_>| {
                if !is_told(said) || couple.is_under_an_id_of_mine(who, &said.id) {
                    return false;
                }
                let named = self.of_hash(&said.hash).filter(|it| it.by == who);
                named.is_some_and(|it| {
                    looked.set(looked.get() + self.acts_to_be_there(&it));
                    looked.get() <= ACTS_LOOKED_AT && self.is_there(now, &it)
                })
            };
            let all = couple.book(who).beginning(&begins, there);
            found.extend(all.ok_or_else(not_unique)?);
        }
        if looked.get() > ACTS_LOOKED_AT {
            return Err(not_unique());
        }
        match found[..] {
            [] => Err(no_such()),
            [one] => self.of_hash(&one.hash).ok_or_else(no_such),
            _ => Err(not_unique()),
        }
    }

    /// Something own, by the beginning of its id, or by a slot.
    fn own_named(&self, now: Now, name: &str) -> Result<Named, Problem> {
        let Ok(slot) = name.parse::<Slot>() else {
            let named = self.told_named(now, name)?;
            return Some(named)
                .filter(|it| it.by == Who::Me)
                .ok_or(Problem::NotSaidOfThis);
        };
        let couple = self.couple.as_ref().ok_or(Problem::NotPaired)?;
        let page = couple.slot(&slot).opening(Who::Me);
        page.and_then(|hash| self.of_hash(&hash))
            .ok_or(Problem::NothingOfYoursOpen)
    }

    fn tell(
        &mut self,
        now: Now,
        entropy: &mut dyn Entropy,
        mut it: Adding,
    ) -> Result<Root, Problem> {
        let row = it.kind.row();
        for (fact, _) in row.facts {
            match fact {
                Fact::BackAt => it.facts.back_at = Some(back_at(now, &it)?),
                Fact::Day => {
                    let day = *it.facts.day.get_or_insert(now.day);
                    if day != now.day && day != now.day.plus(1) {
                        return Err(Problem::TodayOrTomorrow);
                    }
                }
                Fact::ListenAs => {
                    it.facts.listen_as.get_or_insert(ListenAs::JustListen);
                }
                Fact::Agreement => {
                    if let Some(id) = it.facts.agreement {
                        self.no_other_repair(&id)?;
                    }
                }
                Fact::Until | Fact::LookAgain | Fact::How | Fact::Page | Fact::Step => {}
            }
        }
        let told = Told {
            kind: it.kind,
            facts: it.facts,
        };
        if !told.fits() {
            return Err(wrong_facts());
        }
        let words = checked(it.words, row.fields, &told.facts, told.words_need())?;
        let seen = self.spoken_of_by_partner(told.facts.agreement);
        let mut saying = Saying::plain(Body::Told(told)).on(now).seen(seen);
        saying.weight = it.weight;
        if let Some(about) = it.about {
            let named = self.told_named(now, &about)?;
            let own = named.by == Who::Me;
            let allowed = if own { row.about.0 } else { row.about.1 };
            if !allowed.contains(&named.about) {
                return Err(Problem::NotSaidOfThis);
            }
            self.stands(&named)?;
            saying.about = Some(named.id);
            saying.of = (!own).then_some(named.hash);
        }
        if let Some(better) = it.better {
            let old = self.told_named(now, &better)?;
            let same = old.by == Who::Me && old.about == Thing::Told(it.kind) && row.better;
            if !same {
                return Err(Problem::NotSaidOfThis);
            }
            self.stands(&old)?;
            saying.instead_of = Some(old.id);
            let couple = self.couple.as_ref().ok_or(Problem::NotPaired)?;
            // What it is about stays.
            let read = couple.find(&old.hash).and_then(|(_, said)| said.read());
            saying.about = read.and_then(|it| it.about);
        }
        self.say_told(entropy, saying, words)
    }

    /// What the partner said about an agreement that is named: whoever names it has it.
    fn spoken_of_by_partner(&self, agreement: Option<AgreementId>) -> Option<Hash> {
        let thread = self.couple.as_ref()?.thread(&agreement?)?;
        let theirs = thread.moves.iter().find(|act| act.by == Who::Partner);
        theirs.map(|act| act.hash)
    }

    /// Whether something may still be spoken of.
    fn stands(&self, named: &Named) -> Result<(), Problem> {
        let couple = self.couple.as_ref().ok_or(Problem::NotPaired)?;
        match couple.taken_back_by(&named.hash) {
            Some(_) if named.by == Who::Me => Err(Problem::AlreadyTakenBack),
            Some(_) => Err(Problem::NoLonger),
            None => Ok(()),
        }
    }

    /// A second repair about one agreement is not begun while one is open: that one is gone on with.
    fn no_other_repair(&mut self, agreement: &AgreementId) -> Result<(), Problem> {
        match self.open_repairs(agreement, 1).first() {
            Some(id) => Err(Problem::RepairIsOpen { id: id.hex() }),
            None => Ok(()),
        }
    }

    /// Writes something that is told, answered, taken back or put away, and says in whose thread it is.
    fn say_told(
        &mut self,
        entropy: &mut dyn Entropy,
        saying: Saying,
        words: Texts,
    ) -> Result<Root, Problem> {
        let blind = Self::blind(entropy);
        let words = words.write(&blind).ok_or(Problem::TooLong)?;
        let hash = self.say(entropy, saying.words(words))?;
        let couple = self.couple.as_ref().ok_or(Problem::NotPaired)?;
        let said = couple.book(Who::Me).find(&hash).ok_or(Problem::Internal)?;
        match said.subject {
            Some(Subject::Told(who, index)) => {
                let root = (*who, *index);
                self.told_changed(&Default::default(), &[root].into());
                Ok(root)
            }
            _ => Err(Problem::Internal),
        }
    }

    fn answer_told(
        &mut self,
        now: Now,
        entropy: &mut dyn Entropy,
        (about, better): (&str, Option<&str>),
        (says, facts, words): (Verb, Facts, Texts),
    ) -> Result<Root, Problem> {
        let named = self.told_named(now, about)?;
        let (named, better) = match better {
            Some(better) => {
                let old = self.said_of(now, better, (&named, says))?;
                (named, Some(old))
            }
            None => (self.meant(named, says), None),
        };
        let own = named.by == Who::Me;
        let row = answer_row(says, named.about, own).ok_or(Problem::NotSaidOfThis)?;
        if !facts.fit(row.facts) {
            return Err(wrong_facts());
        }
        let need = words_need(row.fields, &facts, row.facts);
        let words = checked(words, row.fields, &facts, need)?;
        self.may_answer(now, named.thread, &named.hash, says)?;
        let is_repair = named.about == Thing::Told(ToldKind::Repair);
        if is_repair && says == Verb::Done {
            let step = self.repair_with(&named.id).map(|(_, _, is)| is.step());
            if facts.step != step {
                return Err(Problem::NotThisStep {
                    step: step.unwrap_or(1),
                });
            }
        }
        if let Some(day) = facts.until.filter(|day| *day < now.day) {
            return Err(Problem::DayPassed { day });
        }
        // What was said of the same before is said better, but for answers of which each stands for itself.
        let instead = match better {
            Some(_) if !row.better => return Err(Problem::NotSaidOfThis),
            Some(better) => Some(better),
            None if row.better && !each_stands(says) => self.newest_own_answer(&named, says),
            None => None,
        };
        let seen = self.spoken_of_by_partner(facts.agreement);
        let mut saying = Saying::plain(Body::Answer(Answer { says, facts }))
            .on(now)
            .seen(seen);
        saying.about = Some(named.id);
        saying.of = (!own).then_some(named.hash);
        saying.instead_of = instead;
        let root = self.say_told(entropy, saying, words)?;
        if is_repair {
            self.close_others(now, entropy, &named.id, says);
        }
        Ok(root)
    }

    /// What an answer speaks of when it names what that hangs on: advice goes to the newest asking, a mark to the newest
    /// saying-back or apology of the other, a saying-back in a repair to what the other felt.
    fn meant(&self, named: Named, says: Verb) -> Named {
        let found = match (says, named.about) {
            (Verb::Words, Thing::Told(ToldKind::Confidence)) => {
                self.in_thread(named.thread, |thread| Some(thread.asking()?.hash))
            }
            (
                Verb::Yes | Verb::NotYet,
                Thing::Told(ToldKind::TenderSpot | ToldKind::TrustGiven) | Thing::Open(_),
            ) => self.in_thread(named.thread, |thread| newest(thread, Verb::SayBack)),
            (Verb::Yes | Verb::NotYet, Thing::Told(ToldKind::Repair)) => {
                let apology = self.in_thread(named.thread, |thread| newest(thread, Verb::Apology));
                apology.or_else(|| {
                    let mine = self.feelings_of(&named.id, Who::Me)?;
                    self.in_thread(mine.thread, |thread| newest(thread, Verb::SayBack))
                })
            }
            (Verb::SayBack, Thing::Told(ToldKind::Repair)) => {
                self.feelings_of(&named.id, Who::Partner)
            }
            _ => None,
        };
        found.unwrap_or(named)
    }

    fn in_thread(&self, root: Root, find: impl FnOnce(&Thread) -> Option<Hash>) -> Option<Named> {
        let couple = self.couple.as_ref()?;
        let hash = find(&Thread::of(couple, root)?)?;
        self.of_hash(&hash)
    }

    fn of_hash(&self, hash: &Hash) -> Option<Named> {
        let couple = self.couple.as_ref()?;
        let (by, said) = couple.find(hash)?;
        let Subject::Told(who, index) = said.thread() else {
            return None;
        };
        let root = couple.book(who).at(index as usize);
        if couple.is_under_an_id_of_mine(who, &root.id) {
            return None;
        }
        Some(Named {
            id: said.id,
            hash: said.hash,
            by,
            thread: (who, index),
            about: couple.thing(said)?,
        })
    }

    /// What one of them has opened in the first sealed step of a repair.
    fn feelings_of(&self, id: &AssertionId, by: Who) -> Option<Named> {
        let slot = Slot::Repair {
            id: *id,
            step: SealedStep::Feelings,
        };
        let opening = self.couple.as_ref()?.slot(&slot).opening(by)?;
        self.of_hash(&opening)
    }

    /// An own answer of this kind to something, by its name: one that can be said better.
    fn said_of(
        &self,
        now: Now,
        name: &str,
        (named, says): (&Named, Verb),
    ) -> Result<AssertionId, Problem> {
        let old = self.own_named(now, name)?;
        self.stands(&old)?;
        let couple = self.couple.as_ref().ok_or(Problem::NotPaired)?;
        let thread = Thread::of(couple, named.thread).ok_or(Problem::Internal)?;
        match thread.act(&old.hash) {
            Some(act) if act.verb() != Some(says) || act.about != Some(named.hash) => {
                Err(Problem::NotSaidOfThis)
            }
            Some(act) if act.said_better => Err(Problem::SaidBetter),
            Some(act) => Ok(act.id),
            None => Err(Problem::NotSaidOfThis),
        }
    }

    /// My answer of this kind about the same that I have not said better yet.
    fn newest_own_answer(&self, named: &Named, says: Verb) -> Option<AssertionId> {
        let couple = self.couple.as_ref()?;
        let thread = Thread::of(couple, named.thread)?;
        let mine = thread.acts.iter().rev().find(|act| {
            act.by == Who::Me
                && act.what == What::Answer(says)
                && act.about == Some(named.hash)
                && !act.said_better
                && !act.taken_back
        });
        mine.map(|act| act.id)
    }

    /// Stopping stops the other open repairs about the same agreement, and being through closes them; what is not locked goes
    /// back to its writer (KINDS §5). Whoever begins many fills nobody else's book: so many go at once, those that are walked
    /// first. What cannot be said of them leaves what was said of this one.
    fn close_others(&mut self, now: Now, entropy: &mut dyn Entropy, id: &AssertionId, says: Verb) {
        let Some((root, thread, is)) = self.repair_with(id) else {
            return;
        };
        if !is.is_closed() || !matches!(says, Verb::Stop | Verb::Done) {
            return;
        }
        let mut closed = vec![root];
        let agreement = thread.root.facts.agreement;
        let others = agreement
            .map(|id| self.open_repairs(&id, OTHERS_CLOSED))
            .unwrap_or_default();
        for other in others {
            let Some((root, thread, _)) = self.repair_with(&other) else {
                continue;
            };
            let stop = Answer {
                says: Verb::Stop,
                facts: Facts::default(),
            };
            let mut saying = Saying::plain(Body::Answer(stop)).on(now);
            saying.about = Some(other);
            saying.of = (thread.root.by == Who::Partner).then_some(thread.root.hash);
            if self.say_told(entropy, saying, Texts::default()).is_ok() {
                closed.push(root);
            }
        }
        let slots = self.slots_of_repairs(&closed.into_iter().collect());
        self.settle_slots(now, entropy, &slots.into_iter().collect());
    }

    fn told_take_back(
        &mut self,
        now: Now,
        entropy: &mut dyn Entropy,
        id: &str,
    ) -> Result<(Root, Hash), Problem> {
        let named = self.own_named(now, id)?;
        if !may_take_back(named.about) {
            return Err(Problem::NotSaidOfThis);
        }
        self.stands(&named)?;
        let mut saying = Saying::plain(Body::TakeBack(TakeBack {})).on(now);
        saying.about = Some(named.id);
        self.say(entropy, saying)?;
        self.told_changed(&Default::default(), &[named.thread].into());
        if named.about == Thing::Told(ToldKind::Repair) {
            let slots = self.slots_of_repairs(&[named.thread].into());
            self.settle_slots(now, entropy, &slots.into_iter().collect());
        }
        Ok((named.thread, named.hash))
    }

    fn told_put_away(
        &mut self,
        now: Now,
        entropy: &mut dyn Entropy,
        id: &str,
        (back, days): (bool, Option<u16>),
    ) -> Result<Root, Problem> {
        Self::may_leave_after(days)?;
        let named = self.own_named(now, id)?;
        if !may_put_away(named.about) {
            return Err(Problem::NotSaidOfThis);
        }
        let couple = self.couple.as_ref().ok_or(Problem::NotPaired)?;
        let thread = Thread::of(couple, named.thread).ok_or(Problem::Internal)?;
        let already = thread.put_away() != back;
        if already && (back || days.is_none()) {
            return Err(Problem::SaidAlready);
        }
        if back {
            let own = thread
                .acts
                .iter()
                .filter(|act| act.by == Who::Me && act.what == What::PutAway && !act.taken_back);
            for act in own {
                let mut saying = Saying::plain(Body::TakeBack(TakeBack {})).on(now);
                saying.about = Some(act.id);
                self.say(entropy, saying)?;
            }
            // What was not said changes nothing of what only this device knows.
            self.set_away_days(&named.hash, None);
            self.told_changed(&Default::default(), &[named.thread].into());
            return Ok(named.thread);
        }
        if !already {
            let mut saying = Saying::plain(Body::PutAway(PutAway { agreement: None })).on(now);
            saying.about = Some(named.id);
            self.say_told(entropy, saying, Texts::default())?;
        }
        self.set_away_days(&named.hash, days);
        if days.is_some() {
            self.forget_at_once(now, entropy, named.thread);
        }
        Ok(named.thread)
    }

    /// Ready for a card or a step of a repair.
    pub(super) fn slot_ready(
        &mut self,
        now: Now,
        entropy: &mut dyn Entropy,
        slot: &Slot,
        words: String,
    ) -> Result<Value, Problem> {
        use troth_proto::said::sealed::{CardAnswer, Sealed};
        if words.trim().is_empty() {
            return Err(Problem::NothingSaid);
        }
        match slot {
            Slot::Card(_) => {}
            Slot::Repair { id, .. } => {
                let (_, thread, is) = self.repair_with(id).ok_or(Problem::NoSuch {
                    what: slot.to_string(),
                })?;
                if is.is_closed() {
                    return Err(Problem::RepairClosed);
                }
                if is.slot(thread.root.id).as_ref() != Some(slot) {
                    return Err(Problem::NotThisStep { step: is.step() });
                }
            }
            Slot::Week { .. } | Slot::Year(_) | Slot::Look { .. } => {
                return Err(Problem::BadRequest {
                    wrong: Wrong::NoSlot,
                });
            }
        }
        // A card that both have answered is answered once more.
        let slot = match slot {
            Slot::Card(_) => &self.next_of(&slot.again(1).unwrap_or_else(|| slot.clone())),
            _ => slot,
        };
        self.ready(now, entropy, slot, &Sealed::Card(CardAnswer { words }))?;
        self.checkin_show(now, Some(slot), None)
    }
}

/// The texts of a page, in as few parts as hold them.
pub(super) fn together<T: AsRef<str>>(texts: &[T]) -> Vec<String> {
    let mut parts: Vec<String> = Vec::new();
    for text in texts.iter().map(AsRef::as_ref) {
        let chars = text.chars().count() + 2;
        match parts.last_mut() {
            Some(part) if part.chars().count() + chars <= limits::TEXT_CHARS => {
                part.push_str("\n\n");
                part.push_str(text);
            }
            _ => parts.push(text.to_owned()),
        }
    }
    parts
}

/// The partner's newest answer of a kind that counts.
fn newest(thread: &Thread, says: Verb) -> Option<Hash> {
    let mut all = thread.acts.iter().rev().filter(|act| {
        act.by == Who::Partner && act.what == What::Answer(says) && thread.counts(act)
    });
    all.find(|act| !act.said_better).map(|act| act.hash)
}

/// Whether answers of a kind stand each for itself, and only the one that is named is said better.
fn each_stands(says: Verb) -> bool {
    matches!(says, Verb::Words | Verb::Apology)
}

/// Whether something can be named as told, answered or opened.
fn is_told(said: &Said<'_>) -> bool {
    match said.subject {
        Some(Subject::Told(..)) => true,
        Some(Subject::Slot(_)) => said
            .read()
            .is_some_and(|it| matches!(it.body, Body::Open(_))),
        _ => false,
    }
}

/// The minute of a break's return: in so many minutes, or at a minute that is given. 45 minutes if nothing is said.
fn back_at(now: Now, it: &Adding) -> Result<Minute, Problem> {
    let (at, minutes) = match (it.minutes, it.facts.back_at) {
        (Some(_), Some(_)) => return Err(wrong_facts()),
        // A minute that is given is on the clock: up to one less than was meant has passed of it.
        (None, Some(at)) => (at, (at.unix() - now.unix).div_euclid(60) + 1),
        (minutes, None) => {
            let minutes = minutes.map_or(BREAK_USUAL, i64::from);
            (Minute::of_unix(now.unix + minutes * 60 + 59), minutes)
        }
    };
    if BREAK_MINUTES.contains(&minutes) {
        Ok(at)
    } else {
        Err(Problem::BreakLength)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_kept_whole_in_parts_that_a_private_page_takes() {
        let long = "x".repeat(limits::TEXT_CHARS - 4);
        let parts = together(&["did", "of you", &long, "wish", "more"]);
        let wanted = ["did\n\nof you".to_owned(), long, "wish\n\nmore".to_owned()];
        assert_eq!(parts, wanted);
        let fit = "x".repeat(limits::TEXT_CHARS - 5);
        assert_eq!(together(&["did", &fit]).len(), 1);
    }
}
