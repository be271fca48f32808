//! The history of an agreement: what each said about it, with the days they wrote on it, in a causal order that both have.
//!
//! What is shown nowhere else is not told here either: no yes to words that were stepped back from before they were agreed
//! (SPEC §4), no "not now" to words that are on offer no more or got a yes since, no review before both have opened it.

use super::requests::value;
use super::show::names;
use super::{Node, Now};
use crate::agreement::{Standing, View};
use crate::books::book::Said;
use crate::books::couple::Couple;
use serde_json::Value;
use std::collections::BTreeSet;
use troth_proto::history::{Happened, Happening, History};
use troth_proto::ids::Who;
use troth_proto::said::agreement::Target;
use troth_proto::said::sealed::Sealed;
use troth_proto::said::{Spoken, Text};
use troth_proto::view::VersionState;
use troth_proto::{Body, Day, Hash, Problem, Slot, limits};

/// Reviews of one version that are looked for.
const LOOKS: u16 = 100;

/// Where something stands in a causal order.
type Place = (u32, Hash);

/// Who steps back again, or lets go what is let go, is told of once.
#[derive(Default)]
struct Told {
    yes: BTreeSet<(Who, Hash)>,
    backs: BTreeSet<(Who, Hash)>,
    let_go: [bool; 2],
    put_away: [bool; 2],
}

impl Node {
    /// One page of what happened to an agreement.
    pub(super) fn history(
        &self,
        now: Now,
        agreement: &str,
        after: Option<usize>,
    ) -> Result<Value, Problem> {
        self.bound()?;
        let agreement = self.agreement_named(agreement)?;
        let couple = self.couple.as_ref().ok_or(Problem::NotPaired)?;
        let thread = couple.thread(&agreement).ok_or(Problem::Internal)?;
        let view = self.view(now, &agreement);
        let mut all: Vec<(Place, Happened)> = Vec::new();
        let mut told = Told::default();
        for (by, said) in couple.first_in(thread) {
            if let Some(happened) = happened(&view, &mut told, (by, said)) {
                all.push(((said.depth(), said.hash), happened));
            }
        }
        only_last_not_now(&mut all);
        for version in view.shown() {
            looks(couple, version, &mut all);
        }
        all.sort_by_key(|(place, _)| *place);
        let mut all: Vec<Happened> = all.into_iter().map(|(_, happened)| happened).collect();
        trials_over(&view, &mut all);
        let (mut history, mut bytes, mut next) = (Vec::new(), 0, None);
        for (i, happened) in all.into_iter().enumerate().skip(after.unwrap_or(0)) {
            bytes += serde_json::to_string(&happened).map_or(0, |text| text.len());
            if !history.is_empty() && bytes > limits::ANSWER_BYTES {
                next = Some(i);
                break;
            }
            history.push(happened);
        }
        Ok(value(&History {
            agreement,
            topic: self.topic(&names(&view)),
            state: view.state,
            history,
            next,
        }))
    }
}

/// What an act was, if it is told of.
fn happened(view: &View, told: &mut Told, (by, said): (Who, Said<'_>)) -> Option<Happened> {
    let it = said.read()?;
    let version = |hash: &Hash| view.version(hash);
    let note = || said.words().and_then(Text::read).map(|it| it.text);
    let (what, wording) = match it.body {
        Body::Version(proposed) => {
            let v = version(&said.hash)?;
            told.let_go = [false; 2];
            let changes = proposed.base.iter().filter_map(version);
            let what = Happening::Proposed {
                changes: distinct(changes.map(|v| view.shown_for(v))),
                trial_until: proposed.trial_until,
                look_again: proposed.look_again,
            };
            (what, Some(view.shown_for(v)))
        }
        Body::Yes(yes) => {
            let v = version(&yes.version)?;
            let shown = view.shown_for(v);
            // A yes to one's own words closes; the program says it.
            let counts = v.by != by && v.yes.contains(&by) && v.state != VersionState::NotAgreed;
            if !counts || !told.yes.insert((by, shown)) {
                return None;
            }
            let agreed = v.yes.len() == 2 && v.state != VersionState::Proposed;
            let replaced = v.base.iter().filter_map(version);
            let replaced = replaced.filter(|v| agreed && v.state == VersionState::Replaced);
            let replaces = distinct(replaced.map(|v| view.shown_for(v)));
            (Happening::SaidYes { agreed, replaces }, Some(shown))
        }
        Body::StepBack(back) => match back.from {
            Target::Version(hash) => {
                let shown = view.shown_for(version(&hash)?);
                if !told.backs.insert((by, shown)) {
                    return None;
                }
                let note = note().unwrap_or_default();
                (Happening::SteppedBack { note }, Some(shown))
            }
            Target::Agreement(_) => {
                if std::mem::replace(&mut told.let_go[by as usize], true) {
                    return None;
                }
                let note = note().unwrap_or_default();
                (Happening::LetGo { note }, None)
            }
        },
        Body::NotNow(about) => {
            let v = version(&about.version)?;
            let shown = view.shown_for(v);
            // It tells of a note that stands nowhere else once time was asked for; a yes since leaves nothing to tell.
            if v.state != VersionState::Proposed || v.yes.contains(&by) {
                return None;
            }
            let note = note().unwrap_or_default();
            (Happening::NotNow { note }, Some(shown))
        }
        Body::PutAway(_) => {
            if std::mem::replace(&mut told.put_away[by as usize], true) {
                return None;
            }
            (Happening::PutAway, None)
        }
        _ => return None,
    };
    Some(Happened {
        what,
        by: Some(by),
        on: it.on,
        wording,
    })
}

/// Of each partner the last "not now" to the same words.
fn only_last_not_now(all: &mut Vec<(Place, Happened)>) {
    let mut later = BTreeSet::new();
    let mut kept: Vec<(Place, Happened)> = Vec::with_capacity(all.len());
    for (place, it) in std::mem::take(all).into_iter().rev() {
        let not_now = matches!(it.what, Happening::NotNow { .. });
        if !not_now || later.insert((it.by, it.wording)) {
            kept.push((place, it));
        }
    }
    kept.reverse();
    *all = kept;
}

fn distinct(all: impl Iterator<Item = Hash>) -> Vec<Hash> {
    all.collect::<BTreeSet<_>>().into_iter().collect()
}

/// Reviews of a version that both have opened, and whose words are here.
fn looks(couple: &Couple, version: &Standing, into: &mut Vec<(Place, Happened)>) {
    let slots = (1..=LOOKS).filter_map(|n| Slot::look(version.hash).again(n));
    for slot in slots {
        let stands = couple.slot(&slot);
        let [Some(mine), Some(theirs)] = [Who::Me, Who::Partner].map(|who| stands.opening(who))
        else {
            return;
        };
        for (by, hash) in [(Who::Me, mine), (Who::Partner, theirs)] {
            let said = couple.find(&hash).map(|(_, said)| said);
            let Some(said) = said.filter(|_| couple.taken_back_by(&hash).is_none()) else {
                continue;
            };
            let words = said.words().and_then(|words| Sealed::of(&slot, words));
            let (Some(Sealed::Look(look)), Some(it)) = (words, said.read()) else {
                continue;
            };
            let happened = Happened {
                what: Happening::Looked { lean: look.lean },
                by: Some(by),
                on: it.on,
                wording: Some(version.hash),
            };
            into.push(((said.depth(), said.hash), happened));
        }
    }
}

/// Puts the passing of each trial where its day is: before what was written on a later one.
fn trials_over(view: &View, all: &mut Vec<Happened>) {
    let over = view.shown().filter(|v| v.state == VersionState::Over);
    let over: Vec<(Hash, Day)> = over
        .filter_map(|v| Some((v.hash, v.trial_until?)))
        .collect();
    for (hash, until) in over {
        let about = |it: &Happened| it.wording == Some(hash);
        let agreed = all
            .iter()
            .rposition(|it| about(it) && matches!(it.what, Happening::SaidYes { .. }));
        let from = agreed.map_or(0, |at| at + 1);
        let later = |it: &Happened| it.on.is_some_and(|on| on > until);
        let at = all.iter().skip(from).position(later);
        let at = at.map_or(all.len(), |at| from + at);
        let passed = Happened {
            what: Happening::TrialOver,
            by: None,
            on: Some(until),
            wording: Some(hash),
        };
        all.insert(at, passed);
    }
}
