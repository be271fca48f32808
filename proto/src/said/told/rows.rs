//! Which row a kind or an answer has; no kind and no verb is without one.

use super::Thing::Told as T;
use super::ToldKind as K;
use super::tables::UNANSWERED;
use super::{ANSWERS, AnswerRow, By, Opened, TOLD, Thing, ToldKind, ToldRow, Verb};

// With a kind or a verb that the tables do not know, nothing is built.
const _: () = {
    let mut n = 0;
    while n < TOLD.len() {
        let kind = TOLD[n].kind;
        assert!(
            kind as usize == n,
            "TOLD has its rows in the order of the kinds"
        );
        assert!(
            is_answered(kind) != holds(UNANSWERED, kind),
            "a row of ANSWERS names the kind, or UNANSWERED does"
        );
        n += 1;
    }
    let mut n = 0;
    while n < Verb::ALL.len() {
        assert!(has_row(Verb::ALL[n]), "a row of ANSWERS says the verb");
        n += 1;
    }
};

const fn holds(kinds: &[ToldKind], kind: ToldKind) -> bool {
    let mut n = 0;
    while n < kinds.len() {
        if kinds[n] as usize == kind as usize {
            return true;
        }
        n += 1;
    }
    false
}

/// Whether a row of answers names a kind.
const fn is_answered(kind: ToldKind) -> bool {
    let mut n = 0;
    while n < ANSWERS.len() {
        let mut rest = ANSWERS[n].about;
        while let [about, after @ ..] = rest {
            if matches!(about, T(of) if *of as usize == kind as usize) {
                return true;
            }
            rest = after;
        }
        n += 1;
    }
    false
}

const fn has_row(verb: Verb) -> bool {
    let mut n = 0;
    while n < ANSWERS.len() {
        if ANSWERS[n].says as usize == verb as usize {
            return true;
        }
        n += 1;
    }
    false
}

impl ToldKind {
    /// Its row.
    #[must_use]
    pub const fn row(self) -> &'static ToldRow {
        &TOLD[self as usize]
    }

    /// The kind of one's own that it may speak of.
    #[must_use]
    pub fn speaks_of(self) -> Option<Self> {
        self.row().about.0.iter().find_map(|about| match about {
            T(kind) => Some(*kind),
            _ => None,
        })
    }
}

/// The row of an answer to something by one of them.
#[must_use]
pub fn answer_row(says: Verb, about: Thing, own: bool) -> Option<&'static AnswerRow> {
    let by = |by: By| match by {
        By::Other => !own,
        By::Own => own,
        By::Either => true,
    };
    let mut rows = ANSWERS.iter();
    rows.find(|row| row.says == says && row.about.contains(&about) && by(row.by))
}

/// Whether its author may take a thing back (K2).
#[must_use]
pub fn may_take_back(about: Thing) -> bool {
    !matches!(
        about,
        Thing::Answer(Verb::ListenAs | Verb::Stop, _) | Thing::Answer(Verb::Done, K::Repair)
    )
}

/// Whether its author may put a thing away (K10). A repair's words are not put away singly.
#[must_use]
pub fn may_put_away(about: Thing) -> bool {
    match about {
        Thing::Told(kind) => kind.row().goes_away,
        Thing::Open(opened) => opened == Opened::Page,
        Thing::Answer(..) | Thing::OfOpen(_) | Thing::PutAway => false,
    }
}
