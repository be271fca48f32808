//! Who may say what about whose: whether an assertion counts (KINDS §3, §4; PROTOCOL §2).
//!
//! A function of the assertion and its own past alone, so that it is the same on the link, on a load, in whatever order
//! things came. What does not count is kept, passed on, and does nothing. Of words it knows only whether there are any.

use super::book::{Said, Subject};
use super::couple::Couple;
use super::past::Past;
use troth_proto::assertion::Body;
use troth_proto::ids::Who;
use troth_proto::said::agreement::Target;
use troth_proto::said::forgetting::PutAway;
use troth_proto::said::told::{
    Answer, Need, Thing, Told, ToldKind, answer_row, may_put_away, may_take_back, words_need,
};
use troth_proto::{AgreementId, Assertion, Hash, Slot, limits};

/// What the assertion speaks of, if it counts: everything it names lies in its past, its table allows it, and there is room.
/// `worded`: it has words, here or anywhere.
#[must_use]
pub fn counts(
    couple: &Couple,
    by: Who,
    past: &Past,
    it: &Assertion,
    worded: bool,
) -> Option<Subject> {
    let subject = named(couple, by, past, it, worded)?;
    let own = couple.own_acts(&subject, by, past);
    (own < limits::ACTS_TAKEN).then_some(subject)
}

fn named(couple: &Couple, by: Who, past: &Past, it: &Assertion, worded: bool) -> Option<Subject> {
    let version = |hash: &Hash| version_in(couple, past, hash);
    let agreement = |id: &AgreementId| {
        couple
            .speaks_of(id, past)
            .then_some(Subject::Agreement(*id))
    };
    let slot = |slot: &Slot| {
        match slot {
            Slot::Look { version: hash, .. } => version(hash).is_some(),
            Slot::Week { .. } | Slot::Year(_) | Slot::Card(_) => true,
            Slot::Repair { id, .. } => couple.repair_in(id, past),
        }
        .then(|| Subject::Slot(Box::new(slot.clone())))
    };
    match &it.body {
        Body::Version(it) => {
            let same = |hash: &Hash| version(hash) == Some(it.agreement);
            it.base
                .iter()
                .all(same)
                .then_some(Subject::Agreement(it.agreement))
        }
        Body::Yes(it) => version(&it.version).map(Subject::Agreement),
        Body::NotNow(it) => version(&it.version).map(Subject::Agreement),
        Body::NeedTime(it) => version(&it.version).map(Subject::Agreement),
        Body::StepBack(it) => match &it.from {
            Target::Version(hash) => version(hash).map(Subject::Agreement),
            Target::Agreement(id) => agreement(id),
        },
        Body::MyPart(it) => agreement(&it.agreement),
        Body::PutAway(PutAway {
            agreement: Some(id),
        }) => agreement(id),
        Body::PutAway(PutAway { agreement: None }) => {
            let (said, thing, _) = spoken_of(couple, by, past, it).filter(|(_, _, own)| *own)?;
            may_put_away(thing).then(|| said.thread())
        }
        Body::Ready(it) => slot(&it.slot),
        Body::Cancel(it) => slot(&it.slot),
        Body::Lock(it) => slot(&it.slot),
        Body::Open(it) => slot(&it.slot),
        Body::TakeBack(_) => {
            let (said, thing, _) = spoken_of(couple, by, past, it).filter(|(_, _, own)| *own)?;
            // An opening is spoken of in its slot, whoever answers it.
            may_take_back(thing).then_some(said.subject?.clone())
        }
        Body::Told(told) => tells(couple, by, past, it, (told, worded)),
        Body::Answer(answer) => answers(couple, by, past, it, (answer, worded)),
        Body::Forget(it) => {
            let subject = |hash: &Hash| own_in(couple, by, past, hash)?.subject;
            let first = subject(it.of.first()?)?;
            let one = it.of.iter().all(|hash| subject(hash) == Some(first));
            let few = match first {
                Subject::Agreement(id) => couple.forgets(id, by, past) < limits::FORGETS,
                Subject::Told(..) | Subject::Slot(_) => true,
                Subject::Draft(_) => false,
            };
            (one && few).then(|| first.clone())
        }
        Body::Draft(it) => Some(Subject::Draft(it.draft)),
        Body::DraftClosed(it) => {
            let begun = couple.draft_in(&it.draft, past);
            begun.then_some(Subject::Draft(it.draft))
        }
    }
}

fn tells(
    couple: &Couple,
    by: Who,
    past: &Past,
    it: &Assertion,
    (told, worded): (&Told, bool),
) -> Option<Subject> {
    let row = told.kind.row();
    let near = |day: troth_proto::Day| it.on.is_some_and(|on| day == on || day == on.plus(1));
    let day = told.facts.day.is_none_or(near);
    let agreement = told.facts.agreement;
    let fits = day
        && words_fit(told.words_need(), worded)
        && agreement.is_none_or(|id| couple.speaks_of(&id, past))
        && better(couple, by, past, it, |old| match old {
            Body::Told(old) => old.kind == told.kind,
            _ => false,
        });
    let thread = Subject::Told(by, couple.book(by).assertions() as u32);
    let thread = match it.about {
        None => thread,
        Some(_) => {
            let (said, thing, own) = spoken_of(couple, by, past, it)?;
            let (of_own, of_other) = row.about;
            let allowed = if own { of_own } else { of_other };
            if !allowed.contains(&thing) {
                return None;
            }
            // A permission belongs to what it is about. Trust is answered for itself.
            match told.kind {
                ToldKind::Permission => said.thread(),
                _ => thread,
            }
        }
    };
    fits.then_some(thread)
}

fn answers(
    couple: &Couple,
    by: Who,
    past: &Past,
    it: &Assertion,
    (answer, worded): (&Answer, bool),
) -> Option<Subject> {
    let (said, thing, own) = spoken_of(couple, by, past, it)?;
    let row = answer_row(answer.says, thing, own)?;
    let need = words_need(row.fields, &answer.facts, row.facts);
    let fits = answer.facts.fit(row.facts)
        && words_fit(need, worded)
        && answer
            .facts
            .agreement
            .is_none_or(|id| couple.speaks_of(&id, past))
        && better(couple, by, past, it, |old| match old {
            Body::Answer(old) => row.better && old.says == answer.says,
            _ => false,
        });
    fits.then(|| said.thread())
}

fn words_fit(need: Need, worded: bool) -> bool {
    match need {
        Need::Must => worded,
        Need::Never => !worded,
        Need::May | Need::OneOf => true,
    }
}

/// Whether what it is to stand instead of, if anything, is an own earlier one of the same kind about the same.
fn better(
    couple: &Couple,
    by: Who,
    past: &Past,
    it: &Assertion,
    same_kind: impl Fn(&Body) -> bool,
) -> bool {
    it.instead_of.is_none() || instead_of(couple, by, past, it, same_kind).is_some()
}

fn instead_of<'a>(
    couple: &'a Couple,
    by: Who,
    past: &Past,
    it: &Assertion,
    same_kind: impl Fn(&Body) -> bool,
) -> Option<Said<'a>> {
    let own = couple.book(by).by_id(&it.instead_of?).into_iter();
    let mut own = own.filter(|said| past.holds(said.place));
    let old = own.find(|said| said.subject.is_some())?;
    let read = old.read()?;
    (read.about == it.about && same_kind(&read.body)).then_some(old)
}

/// What an assertion that counts stands instead of.
#[must_use]
pub fn stands_instead_of<'a>(
    couple: &'a Couple,
    by: Who,
    past: &Past,
    it: &Assertion,
) -> Option<Said<'a>> {
    instead_of(couple, by, past, it, |_| true)
}

/// What `about` means: the other's that is listed as seen, else one's own, the lowest hash; what it is; and whether it is
/// one's own. Nothing of it if it does not count itself.
#[must_use]
pub fn spoken_of<'a>(
    couple: &'a Couple,
    by: Who,
    past: &Past,
    it: &Assertion,
) -> Option<(Said<'a>, Thing, bool)> {
    let about = it.about?;
    let candidates = |who: Who| {
        let all = couple.book(who).by_id(&about).into_iter();
        all.filter(|said| said.subject.is_some() && past.holds(said.place))
    };
    let theirs = candidates(by.other()).find(|said| it.seen.contains(&said.hash));
    let (said, own) = match theirs {
        Some(said) => (said, false),
        None => (candidates(by).next()?, true),
    };
    Some((said, couple.thing(said)?, own))
}

fn own_in<'a>(couple: &'a Couple, by: Who, past: &Past, hash: &Hash) -> Option<Said<'a>> {
    let said = couple.book(by).find(hash)?;
    past.holds(said.place).then_some(said)
}

fn version_in(couple: &Couple, past: &Past, hash: &Hash) -> Option<AgreementId> {
    let (_, said) = couple.find(hash)?;
    match said.subject {
        Some(Subject::Agreement(id)) if said.is_version && past.holds(said.place) => Some(*id),
        _ => None,
    }
}
