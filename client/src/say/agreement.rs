//! Agreements: the list, one whole, one wording.

use super::{by, calm, calm_line, heading, indented, named, quoted};
use crate::days::spoken;
use crate::names;
use crate::words::t;
use std::fmt::Write;
use troth_proto::Day;
use troth_proto::api::Request;
use troth_proto::assertion::Weight;
use troth_proto::ids::Who;
use troth_proto::said::agreement::{WhenThen, Words};
use troth_proto::said::sealed::Lean;
use troth_proto::view::{AgreementLine, AgreementState, AgreementView, VersionState, VersionView};

/// A yes that rests.
#[must_use]
pub fn rests(day: Day) -> String {
    t!("agreement-rests", day = spoken(day))
}

/// Brings agreements into the order of a list: by state, then by topic.
pub fn sort(lines: &mut [AgreementLine]) {
    lines.sort_by_cached_key(|line| (rank(line.state), line.topic.to_lowercase()));
}

/// In which order states are listed: what wants something first, what is over last.
fn rank(state: AgreementState) -> u8 {
    match state {
        AgreementState::TwoYeses => 0,
        AgreementState::Proposed => 1,
        AgreementState::ChangeProposed => 2,
        AgreementState::InForce => 3,
        AgreementState::Over => 4,
        AgreementState::Draft => 5,
        AgreementState::LetGo => 6,
        AgreementState::NotAgreed => 7,
    }
}

/// The state of an agreement, in words.
pub(super) fn state(state: AgreementState) -> String {
    match state {
        AgreementState::Draft => t!("state-draft"),
        AgreementState::Proposed => t!("state-proposed"),
        AgreementState::InForce => t!("state-in-force"),
        AgreementState::ChangeProposed => t!("state-change-proposed"),
        AgreementState::TwoYeses => t!("state-two-yeses"),
        AgreementState::Over => t!("state-over"),
        AgreementState::LetGo => t!("state-let-go"),
        AgreementState::NotAgreed => t!("state-not-agreed"),
    }
}

fn version_state(state: VersionState) -> String {
    match state {
        VersionState::Proposed => t!("state-version-proposed"),
        VersionState::InForce => t!("state-version-in-force"),
        VersionState::Replaced => t!("state-version-replaced"),
        VersionState::Ended => t!("state-version-ended"),
        VersionState::NotAgreed => t!("state-version-not-agreed"),
        VersionState::TwoYeses => t!("state-version-two-yeses"),
        VersionState::Over => t!("state-version-over"),
    }
}

/// The list of agreements, under a heading for each state.
#[must_use]
pub fn agreements(lines: &[AgreementLine]) -> String {
    if lines.is_empty() {
        return t!("agreements-none") + "\n";
    }
    let mut out = String::new();
    let wide = lines.len().to_string().len();
    let mut under = None;
    for (n, line) in lines.iter().enumerate() {
        if under != Some(line.state) {
            under = Some(line.state);
            let _ = writeln!(out, "{}", heading(&state(line.state)));
        }
        let _ = writeln!(out, "{:>wide$}  {}", n + 1, calm_line(&line.topic));
        if !line.begins.is_empty() {
            let _ = writeln!(out, "{:wide$}    {}", "", calm_line(&line.begins));
        }
    }
    out
}

/// What is true after an act, in one sentence. `name`: what leads back to the agreement.
#[must_use]
pub fn is_now(act: &Request, view: &AgreementView, name: &str, partner: &str) -> String {
    let topic = named(&view.topic);
    match act {
        // Another wording may be on offer beside the one that holds now.
        Request::AgreementYes { version }
            if view.in_force.is_some_and(|it| it.hex() == *version) =>
        {
            t!("is-in-force", topic = topic)
        }
        Request::AgreementYes { .. } => t!("is-said-yes", topic = topic, partner = partner),
        Request::AgreementCallBack { .. } => t!("is-called-back", topic = topic),
        Request::AgreementPutAway { .. } if view.put_away.contains(&Who::Partner) => {
            t!("is-put-away-both", topic = topic)
        }
        Request::AgreementPutAway { .. } => t!("is-put-away", topic = topic, partner = partner),
        Request::AgreementNotNow { .. } => {
            t!("is-not-now", topic = topic, name = name)
        }
        Request::AgreementNeedTime { until, .. } => {
            t!("is-need-time", topic = topic, day = spoken(*until))
        }
        Request::AgreementStepBack { .. } => t!("is-stepped-back", topic = topic),
        Request::AgreementLetGo { .. } => t!("is-let-go", topic = topic),
        Request::AgreementMyPart { .. } => t!("is-my-part", topic = topic),
        Request::AgreementLook { .. } => t!("is-looked", topic = topic, partner = partner),
        _ => t!("label-agreement", topic = topic, state = state(view.state)),
    }
}

/// One agreement.
#[must_use]
pub fn agreement(view: &AgreementView, partner: &str) -> String {
    laid_out(view, partner, true)
}

/// The same without what can be done with it.
#[must_use]
pub fn agreement_alone(view: &AgreementView, partner: &str) -> String {
    laid_out(view, partner, false)
}

fn laid_out(view: &AgreementView, partner: &str, hints: bool) -> String {
    let mut out = String::new();
    let (topic, state) = (calm_line(&view.topic), state(view.state));
    let head = t!("label-agreement", topic = topic, state = state);
    let _ = writeln!(out, "{}", heading(&head));
    if view.state == AgreementState::TwoYeses {
        let _ = writeln!(out, "{}", t!("agreement-two-yeses"));
    }
    if view.state == AgreementState::TwoYeses && hints {
        let name = names::short(&view.topic).unwrap_or_else(|| view.agreement.hex());
        let _ = writeln!(out, "{}", t!("agreement-two-yeses-do", name = name));
    }
    if view.state == AgreementState::Over {
        let _ = writeln!(out, "{}", t!("agreement-over"));
    }
    match view.put_away[..] {
        [one] if hints => {
            let name = names::short(&view.topic).unwrap_or_else(|| view.agreement.hex());
            let words = t!(
                "agreement-put-away",
                by = by(one),
                partner = partner,
                name = name
            );
            let _ = writeln!(out, "{words}");
        }
        [_, _, ..] => {
            let _ = writeln!(out, "{}", t!("agreement-put-away-both"));
        }
        _ => {}
    }
    let on_offer = |who| {
        let mut versions = view.versions.iter();
        versions.any(|v| v.state == VersionState::Proposed && v.by == who)
    };
    if on_offer(Who::Me) && on_offer(Who::Partner) {
        let _ = writeln!(out, "{}", t!("agreement-both-offer"));
    }
    if view.state == AgreementState::ChangeProposed && hints {
        let name = names::short(&view.topic).unwrap_or_else(|| view.agreement.hex());
        let _ = writeln!(out, "{}", t!("agreement-diff", name = name));
    }
    for (place, shown) in view.versions.iter().enumerate() {
        out.push('\n');
        out.push_str(&wording(shown, place, partner, hints));
    }
    if let Some(part) = &view.my_part {
        out.push('\n');
        indented(&mut out, &t!("label-your-part", words = calm(part)));
    }
    if let Some(part) = &view.partner_part {
        out.push('\n');
        let words = t!("label-their-part", partner = partner, words = calm(part));
        indented(&mut out, &words);
    }
    out
}

/// One wording, under the letter of its place.
#[must_use]
pub fn version(v: &VersionView, place: usize, partner: &str) -> String {
    wording(v, place, partner, true)
}

/// For what it waits, and whose turn it is.
fn waits(v: &VersionView, partner: &str) -> Option<String> {
    if let Some(day) = v.rests_until {
        return Some(rests(day));
    }
    if v.state != VersionState::Proposed {
        return None;
    }
    let said = |who| v.said_yes.contains(&who);
    let mut mine = v.answers.iter().filter(|it| it.by == Who::Me);
    let not_now = mine.any(|it| it.need_time_until.is_none());
    Some(match (said(Who::Me), said(Who::Partner)) {
        (true, true) if v.by == Who::Partner => {
            t!("wording-both-yes-your-turn", partner = partner)
        }
        (true, true) => t!("wording-both-yes"),
        (true, false) => t!("wording-waits-partner", partner = partner),
        _ if v.overtaken => t!("wording-overtaken"),
        _ if not_now => t!("wording-still-open"),
        _ => t!("wording-waits-you"),
    })
}

fn wording(v: &VersionView, place: usize, partner: &str, hints: bool) -> String {
    let mut out = String::new();
    let head = t!(
        "label-wording",
        by = by(v.by),
        letter = names::letter(place),
        state = version_state(v.state),
        partner = partner,
        day = spoken(v.on)
    );
    let _ = writeln!(out, "  {head}");
    let days = (v.trial_until, v.look_again);
    match &v.words {
        Some(shown) => out.push_str(&words(shown, days, v.weight, partner)),
        None => indented(&mut out, &t!("wording-not-here")),
    }
    let mut line = |text: String| indented(&mut out, &text);
    let said = |who| v.said_yes.contains(&who);
    if let Some(waits) = waits(v, partner).filter(|_| hints) {
        line(waits);
    }
    if !v.same_words.is_empty() {
        line(t!("wording-same-words"));
    }
    // Who says yes has answered with that (DESIGN §4).
    for answer in v.answers.iter().filter(|it| !said(it.by)) {
        let who = by(answer.by);
        line(match answer.need_time_until {
            Some(day) => t!(
                "wording-need-time",
                by = who,
                partner = partner,
                day = spoken(day)
            ),
            None => t!(
                "wording-not-now",
                by = who,
                partner = partner,
                note = quoted(&answer.note)
            ),
        });
    }
    for back in &v.steps_back {
        line(t!(
            "wording-stepped-back",
            by = by(back.by),
            partner = partner,
            day = spoken(back.on),
            note = quoted(&back.note)
        ));
    }
    for look in &v.looks {
        let (who, words) = (by(look.by), calm(&look.words));
        line(match look.lean {
            Lean::Keep => t!(
                "wording-look-keep",
                by = who,
                partner = partner,
                words = words
            ),
            Lean::Change => t!(
                "wording-look-change",
                by = who,
                partner = partner,
                words = words
            ),
            Lean::LetGo => t!(
                "wording-look-let-go",
                by = who,
                partner = partner,
                words = words
            ),
        });
    }
    out
}

/// The words of an agreement, from this side.
#[must_use]
pub fn words(
    words: &Words,
    (trial_until, look_again): (Option<Day>, Option<Day>),
    weight: Weight,
    partner: &str,
) -> String {
    let mut out = String::new();
    let mut line = |text: String| indented(&mut out, &text);
    match words.tag.as_deref() {
        Some("ground") => line(t!("label-ground")),
        Some("questions") => line(t!("label-questions")),
        _ => {}
    }
    line(calm(&words.terms));
    if !words.does.me.is_empty() {
        line(t!("label-you", words = calm(&words.does.me)));
    }
    if !words.does.partner.is_empty() {
        let does = calm(&words.does.partner);
        line(t!("label-them", partner = partner, words = does));
    }
    for it in &words.when_then {
        line(when_then(it, partner));
    }
    if !words.not_meant.is_empty() {
        line(t!("label-not-meant", words = calm(&words.not_meant)));
    }
    if let Some(day) = trial_until {
        line(t!("label-trial", day = spoken(day)));
    }
    if let Some(day) = look_again {
        line(t!("label-look-again", day = spoken(day)));
    }
    if weight == Weight::Big {
        line(t!("label-big"));
    }
    out
}

/// When this happens, then one of the two does that.
pub(super) fn when_then(it: &WhenThen, partner: &str) -> String {
    let (when, then) = (calm(&it.when), calm(&it.then));
    match it.who {
        Who::Me => t!("label-when-you", when = when, then = then),
        Who::Partner => t!(
            "label-when-them",
            when = when,
            partner = partner,
            then = then
        ),
    }
}
