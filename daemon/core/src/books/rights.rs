//! Who may say what about whose: whether an assertion counts (KINDS §3, §4; PROTOCOL §2).
//!
//! A function of the assertion and its own past alone, so that it is the same on the link, on a load, in whatever order
//! things came. What does not count is kept, passed on, and does nothing.

use super::book::{Said, Subject};
use super::couple::Couple;
use super::past::Past;
use troth_proto::assertion::Body;
use troth_proto::ids::Who;
use troth_proto::said::agreement::Target;
use troth_proto::{AgreementId, Assertion, Hash, Slot, limits};

/// What may be named.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Names {
    /// Versions that the new one is based on, of the same agreement by either.
    Base,
    /// A version by either.
    Version,
    /// An agreement of which something is known.
    Agreement,
    /// A version by either, or an agreement of which something is known.
    VersionOrAgreement,
    /// A slot; that of a review names a version by either.
    Slot,
    /// An own opening.
    OwnOpening,
    /// Own things said about one agreement.
    OwnOfAgreement,
    /// Nothing.
    Nothing,
    /// A draft that either has begun.
    Draft,
}

/// One row for each kind.
#[must_use]
pub fn names(body: &Body) -> Names {
    match body {
        Body::Version(_) => Names::Base,
        Body::Yes(_) | Body::NotNow(_) | Body::NeedTime(_) => Names::Version,
        Body::StepBack(_) => Names::VersionOrAgreement,
        Body::MyPart(_) | Body::PutAway(_) => Names::Agreement,
        Body::Ready(_) | Body::Cancel(_) | Body::Lock(_) | Body::Open(_) | Body::Heard(_) => {
            Names::Slot
        }
        Body::TakeBack(_) => Names::OwnOpening,
        Body::Forget(_) => Names::OwnOfAgreement,
        Body::Draft(_) => Names::Nothing,
        Body::DraftClosed(_) => Names::Draft,
    }
}

/// What the assertion speaks of, if it counts: everything it names lies in its past, and there is room.
#[must_use]
pub fn counts(couple: &Couple, by: Who, past: &Past, it: &Assertion) -> Option<Subject> {
    let subject = named(couple, by, past, it)?;
    let own = couple.own_acts(&subject, by, past);
    (own < limits::ACTS_TAKEN).then_some(subject)
}

fn named(couple: &Couple, by: Who, past: &Past, it: &Assertion) -> Option<Subject> {
    let version = |hash: &Hash| version_in(couple, past, hash);
    let agreement = |id: &AgreementId| {
        couple
            .speaks_of(id, past)
            .then_some(Subject::Agreement(*id))
    };
    let slot = |slot: &Slot| {
        match slot {
            Slot::Look(hash) => version(hash).is_some(),
            Slot::Week { .. } | Slot::Card(_) => true,
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
        Body::PutAway(it) => agreement(&it.agreement),
        Body::Ready(it) => slot(&it.slot),
        Body::Cancel(it) => slot(&it.slot),
        Body::Lock(it) => slot(&it.slot),
        Body::Open(it) => slot(&it.slot),
        Body::Heard(it) => slot(&it.slot),
        Body::TakeBack(_) => {
            let about = couple.book(by).by_id(&it.about?);
            let mut there = about.into_iter().filter(|said| past.holds(said.place));
            let said = there.next()?;
            matches!(said.read()?.body, Body::Open(_)).then_some(said.subject?.clone())
        }
        Body::Forget(it) => {
            let subject = |hash: &Hash| own_in(couple, by, past, hash)?.subject;
            let first = subject(it.of.first()?)?;
            let one = it.of.iter().all(|hash| subject(hash) == Some(first));
            let Subject::Agreement(id) = first else {
                return None;
            };
            let few = couple.forgets(id, by, past) < limits::FORGETS;
            (one && few).then(|| first.clone())
        }
        Body::Draft(it) => Some(Subject::Draft(it.draft)),
        Body::DraftClosed(it) => {
            let begun = couple.draft_in(&it.draft, past);
            begun.then_some(Subject::Draft(it.draft))
        }
    }
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
