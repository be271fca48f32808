//! A pairing, step by step.

use super::name_of;
use crate::words::t;
use std::fmt::Write;
use troth_proto::api::{Meeting, PairFailed, PairStep, PairView};

/// A pairing.
#[must_use]
pub fn pairing(view: &PairView) -> String {
    let mut out = String::new();
    let partner = name_of(view.their_name.as_deref());
    if view.begun_again && matches!(view.state, PairStep::Waiting | PairStep::Comparing) {
        let left = view.tries_left.unwrap_or(0);
        let _ = writeln!(out, "{}", t!("pair-begun-again", left = left));
    }
    match view.state {
        PairStep::None => out = t!("pair-none") + "\n",
        PairStep::Waiting => {
            let (words, invitation) = match &view.invitation {
                Some(invitation) if view.crowded => (t!("pair-crowded"), invitation),
                Some(invitation) if view.nearby => (t!("pair-looking-nearby"), invitation),
                Some(invitation) => (t!("pair-invitation"), invitation),
                None => {
                    let _ = writeln!(out, "{}", t!("pair-looking"));
                    return out;
                }
            };
            let _ = writeln!(out, "{words}\n\n{invitation}\n");
        }
        PairStep::Comparing if view.number_matched => {
            let _ = writeln!(out, "{}", t!("pair-number-right"));
            if let Some(number) = &view.my_number {
                let _ = writeln!(out, "{}", t!("pair-number-yours", number = number.as_str()));
            }
        }
        PairStep::Comparing => {
            if let Some(number) = &view.my_number {
                let _ = writeln!(out, "{}", t!("pair-number", number = number.as_str()));
                if view.nearby {
                    let _ = writeln!(out, "{}", t!("pair-number-nearby"));
                }
            }
        }
        PairStep::Confirming if view.said_yes => {
            let _ = writeln!(out, "{}", t!("pair-said-yes", partner = partner));
        }
        PairStep::Confirming => {
            let _ = writeln!(out, "{}", t!("pair-will-share", partner = partner));
            for what in will_share() {
                let _ = writeln!(out, "  {what}");
            }
        }
        PairStep::Paired => {
            let _ = writeln!(out, "{}", t!("pair-done", partner = partner));
        }
        PairStep::Failed => {
            let why = view.why.map_or_else(|| t!("pair-ended"), pair_failed);
            let _ = writeln!(out, "{why} {}", t!("pair-begin-anew"));
        }
    }
    out
}

/// What a yes to a partner shares.
#[must_use]
pub fn will_share() -> Vec<String> {
    vec![
        t!("label-share-name"),
        t!("label-share-agreements"),
        t!("label-share-part"),
        t!("label-share-sealed"),
        t!("label-share-told"),
        t!("label-share-place"),
        t!("label-share-nothing-private"),
    ]
}

/// What is asked before a yes to the other.
#[must_use]
pub fn pair_question(view: &PairView) -> String {
    let partner = name_of(view.their_name.as_deref());
    match view.meeting {
        Some(Meeting::TheSame) => t!("ask-pair-same", partner = partner),
        Some(Meeting::TakeBack) => t!("ask-pair-take-back", partner = partner),
        Some(Meeting::Again) => t!("ask-pair-again", partner = partner),
        _ => t!("ask-pair-new"),
    }
}

/// Why a pairing ended.
#[must_use]
pub fn pair_failed(why: PairFailed) -> String {
    match why {
        PairFailed::Expired => t!("pair-failed-expired"),
        PairFailed::SaidNo => t!("pair-failed-said-no"),
        PairFailed::TriesSpent => t!("pair-failed-tries"),
        PairFailed::WrongNumber => t!("pair-failed-number"),
        PairFailed::OtherCouple => t!("pair-failed-couple"),
    }
}
