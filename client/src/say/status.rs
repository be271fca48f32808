//! How everything is, what happened without anybody asking, and the ways to the partner.

use super::{calm_line, heading, name, name_of, named, problem};
use crate::days::spoken;
use crate::words::t;
use serde_json::{Value, json};
use std::fmt::Write;
use troth_proto::Problem;
use troth_proto::api::{
    Doctor, RouterWay, Rung, RungName, RungState, Sharing, Status, Tried, TriedAt, Why,
};
use troth_proto::notice::Notice;

/// The one line about exchange.
#[must_use]
pub fn exchange(status: &Status) -> String {
    let Some(partner) = &status.partner else {
        return t!("status-not-paired");
    };
    match status.sharing {
        Sharing::Paused => t!("status-paused"),
        Sharing::Stopped => t!("status-stopped"),
        Sharing::NotPaired => t!("status-not-paired-here", partner = name(partner)),
        _ if status.partner_has_all => t!("status-has-all", partner = name(partner)),
        _ => t!("status-not-all", partner = name(partner)),
    }
}

/// How everything is.
#[must_use]
pub fn status(status: &Status) -> String {
    let mut out = String::new();
    match (&status.me, status.keys.as_str()) {
        (_, "not_set_up") => out = t!("status-not-set-up") + "\n",
        (_, "locked") => {
            if let Some(by) = status.locked_by {
                let (what, next) = problem(&Problem::Locked { by });
                let _ = writeln!(out, "{what}\n{next}");
            }
        }
        (Some(me), _) => {
            let me = t!("status-me", me = calm_line(me));
            let _ = writeln!(out, "{me} {}", exchange(status));
            if let Some(words) = met(status) {
                let _ = writeln!(out, "{words}");
            }
        }
        _ => {}
    }
    let partner = name_of(status.partner.as_deref());
    if status.taking_over.is_some() {
        let words = t!("status-taking-over", partner = partner.as_str());
        let _ = writeln!(out, "{words}");
    }
    for told in &status.notices {
        let _ = writeln!(out, "{}", notice(told, &partner));
    }
    out
}

/// When the two devices were linked last, as a day.
fn met(status: &Status) -> Option<String> {
    let partner = name(status.partner.as_ref()?);
    Some(match (status.linked, status.met?) {
        (true, _) => t!("status-linked", partner = partner),
        (false, day) if Some(day) == status.today => t!("status-met-today"),
        (false, day) => t!("status-met", day = spoken(day)),
    })
}

/// What happened without anybody asking.
#[must_use]
pub fn notice(notice: &Notice, partner: &str) -> String {
    match notice {
        Notice::Refused => t!("notice-refused", partner = partner),
        Notice::CountsForNothing => t!("notice-counts-for-nothing", partner = partner),
        Notice::ForeignSeals => t!("notice-foreign-seals", partner = partner),
        Notice::CameBack { .. } => t!("notice-came-back", partner = partner),
        Notice::AnotherCopy => t!("notice-another-copy", partner = partner),
        Notice::AnotherOfMine => t!("notice-another-of-mine", partner = partner),
        Notice::ListenFailed { address } => {
            t!("notice-listen-failed", address = calm_line(address))
        }
        Notice::Damaged { .. } => t!("notice-damaged", partner = partner),
        Notice::PrivateDamaged => t!("notice-private-damaged"),
        Notice::PrivateGone => t!("notice-private-gone"),
        Notice::PrivateOlder => t!("notice-private-older"),
        Notice::OlderPart => t!("notice-older-part", partner = partner),
        Notice::Forgotten => t!("notice-forgotten"),
        Notice::NotForgottenYet => t!("notice-not-forgotten-yet"),
        Notice::ForgottenThere => t!("notice-forgotten-there", partner = partner),
        Notice::YesNotSaid { topic } => t!("notice-yes-not-said", topic = named(topic)),
        Notice::Newer => t!("notice-newer"),
        Notice::DraftKept { .. } => t!("notice-draft-kept", partner = partner),
        Notice::PairedAgain => t!("notice-paired-again", partner = partner),
    }
}

/// One way to the partner, as scripts see it.
#[must_use]
pub fn rung(rung: &Rung, partner: &str) -> Value {
    let (why, who) = (why(rung, partner), who_must_act(rung));
    json!({
        "name": rung_name(rung.name),
        "state": rung.state,
        "why": why,
        "who_must_act": who,
        "details": rung.why,
    })
}

/// Where the partner's device is, and where it sees this one.
fn linked_at(partner: &str, at: Option<&str>, seen_as: Option<&str>) -> String {
    let at = at.map(calm_line).unwrap_or_default();
    match seen_as {
        Some(seen) => t!(
            "why-linked-at-seen",
            partner = partner,
            at = at,
            seen = calm_line(seen)
        ),
        None => t!("why-linked-at", partner = partner, at = at),
    }
}

/// Several in one line.
fn line_of(all: &[String]) -> String {
    let all: Vec<String> = all.iter().map(|it| calm_line(it)).collect();
    all.join(", ")
}

/// What came of each place that was dialled.
fn tried(places: &[TriedAt]) -> String {
    let each = places.iter().map(|place| {
        let (at, times) = (calm_line(&place.at), place.times);
        let ago = match place.ago {
            seconds @ 0..60 => t!("word-seconds", n = seconds),
            seconds @ 60..3_600 => t!("word-minutes", n = seconds / 60),
            seconds => t!("word-hours", n = seconds / 3_600),
        };
        match place.what {
            Tried::NoAnswer => t!("word-tried-no-answer", at = at, times = times, ago = ago),
            Tried::NoWay => t!("word-tried-no-way", at = at, times = times, ago = ago),
            Tried::Refused => t!("word-tried-refused", at = at, times = times, ago = ago),
            Tried::Stranger => t!("word-tried-stranger", at = at, times = times, ago = ago),
        }
    });
    each.collect::<Vec<String>>().join("; ")
}

fn rung_name(name: RungName) -> String {
    match name {
        RungName::Sharing => t!("rung-sharing"),
        RungName::Listening => t!("rung-listening"),
        RungName::RememberedAddresses => t!("rung-remembered"),
        RungName::Networks => t!("rung-networks"),
        RungName::Call => t!("rung-call"),
        RungName::Link => t!("rung-link"),
        RungName::PortMapping => t!("rung-mapping"),
        RungName::CarriedFile => t!("rung-carried"),
        RungName::Disk => t!("rung-disk"),
        RungName::Memory => t!("rung-memory"),
        RungName::Notifications => t!("rung-notifications"),
    }
}

/// Why a rung is as it is.
fn why(rung: &Rung, partner: &str) -> String {
    match &rung.why {
        Why::Shares => t!("why-shares"),
        Why::Paused => t!("why-paused"),
        Why::Stopped => t!("why-stopped"),
        Why::NotPaired => t!("why-not-paired"),
        Why::Mute { port: Some(port) } => {
            let (port, next) = (port.to_string(), port.saturating_add(1).to_string());
            t!("why-mute-port", port = port, next = next)
        }
        Why::Mute { port: None } => t!("why-mute"),
        Why::PortTaken { address } => t!("why-port-taken", address = calm_line(address)),
        Why::NoNetwork => t!("why-no-network"),
        Why::HalfTaken { at, kind } => {
            t!("why-half-taken", at = calm_line(at), kind = calm_line(kind))
        }
        Why::ListensAt { at } => t!("why-listens", at = calm_line(at)),
        Why::NotDialled => t!("why-not-dialled"),
        Why::NoAddress => t!("why-no-address", partner = partner),
        Why::LinkedAt { at, seen_as, .. } => linked_at(partner, at.as_deref(), seen_as.as_deref()),
        Why::ToBeTried { at } => t!("why-to-be-tried", partner = partner, at = line_of(at)),
        Why::Tried { places } => t!("why-tried", places = tried(places)),
        Why::OwnNetworks { own } => t!("why-own-networks", own = line_of(own)),
        Why::SameNetwork { own } => t!("why-same-network", partner = partner, own = line_of(own)),
        Why::PublicHere { at } => t!("why-public-here", at = calm_line(at)),
        Why::PublicThere { at } => t!("why-public-there", partner = partner, at = calm_line(at)),
        Why::NoCommonNetwork { own, theirs } => t!(
            "why-no-common-network",
            partner = partner,
            own = line_of(own),
            theirs = line_of(theirs)
        ),
        Why::NotCalled => t!("why-not-called"),
        Why::NowhereToCall => t!("why-nowhere-to-call"),
        Why::CalledNobody { own } => {
            t!("why-called-nobody", partner = partner, own = line_of(own))
        }
        Why::NotTried => t!("why-not-tried"),
        Why::Connected => t!("why-connected", partner = partner),
        Why::AnotherOfMine => t!("why-another-of-mine", partner = partner),
        Why::NoAnswer => t!("why-no-answer", partner = partner),
        Why::AlwaysWorks => t!("why-always"),
        Why::NobodyYet => t!("why-nobody-yet"),
        Why::OnAnotherDisk => t!("why-other-disk"),
        Why::NotMet => t!("why-not-met"),
        Why::Beginning => t!("why-beginning"),
        Why::Named { places, at } if places.is_empty() => t!("why-named", at = calm_line(at)),
        Why::Named { places, at } => {
            t!(
                "why-named-and-tried",
                at = calm_line(at),
                places = tried(places)
            )
        }
        Why::MappingOff => t!("why-mapping-off"),
        Why::MappingWaits => t!("why-mapping-waits"),
        Why::MappingInside => t!("why-mapping-inside"),
        Why::MappingAsked => t!("why-mapping-asked"),
        Why::Mapped { at, by } => {
            let by = match by {
                RouterWay::Pcp => "PCP",
                RouterWay::NatPmp => "NAT-PMP",
                RouterWay::Upnp => "UPnP",
            };
            t!("why-mapped", at = calm_line(at), by = by)
        }
        Why::NoRouter => t!("why-no-router"),
        Why::RouterRefuses => t!("why-router-refuses"),
        Why::RouterNotPublic { at } => t!("why-router-not-public", at = calm_line(at)),
        Why::WaitsForDisk => t!("why-waits-for-disk"),
        Why::DiskTakes => t!("why-disk-takes"),
        Why::DiskFull => t!("why-disk-full"),
        Why::DiskReadOnly => t!("why-disk-read-only"),
        Why::NoSwap => t!("why-no-swap"),
        Why::SwapSealed => t!("why-swap-sealed"),
        Why::SwapPlain { at } => t!("why-swap-plain", at = calm_line(at)),
        Why::SwapUnknown { at } => t!("why-swap-unknown", at = calm_line(at)),
        Why::NotifyOff => t!("why-notify-off"),
        Why::NotifyOn => t!("why-notify-on", sentence = t!("label-notification")),
        Why::NotShown => t!("why-not-shown"),
    }
}

/// Who must act, if anybody.
fn who_must_act(rung: &Rung) -> String {
    match &rung.why {
        Why::Paused => t!("label-act-resume"),
        Why::Stopped => t!("label-act-resume-if"),
        Why::NotPaired => t!("label-act-pair"),
        Why::PortTaken { .. } | Why::HalfTaken { .. } => t!("label-act-end-program"),
        Why::NoNetwork => t!("label-act-network"),
        Why::NoAddress => t!("label-act-both"),
        Why::NoCommonNetwork { .. } => t!("label-act-apart"),
        Why::CalledNobody { .. } => t!("label-act-kept-apart"),
        Why::AnotherOfMine => t!("label-act-end-other"),
        Why::NoAnswer => t!("label-act-nobody"),
        Why::NotMet => t!("label-act-partner-yes"),
        Why::WaitsForDisk => t!("label-act-disk-below"),
        Why::NoRouter | Why::RouterRefuses => t!("label-act-router"),
        Why::RouterNotPublic { .. } => t!("label-act-other-router"),
        Why::DiskFull => t!("label-act-room"),
        Why::DiskReadOnly => t!("label-act-writable"),
        Why::SwapPlain { .. } => t!("label-act-swap"),
        Why::SwapUnknown { .. } => t!("label-act-look-swap"),
        Why::NotShown => t!("label-act-desktop"),
        Why::Shares
        | Why::Mute { .. }
        | Why::ListensAt { .. }
        | Why::NotDialled
        | Why::LinkedAt { .. }
        | Why::ToBeTried { .. }
        | Why::Tried { .. }
        | Why::OwnNetworks { .. }
        | Why::SameNetwork { .. }
        | Why::PublicHere { .. }
        | Why::PublicThere { .. }
        | Why::NotCalled
        | Why::NowhereToCall
        | Why::NotTried
        | Why::Connected
        | Why::AlwaysWorks
        | Why::MappingOff
        | Why::MappingWaits
        | Why::MappingInside
        | Why::MappingAsked
        | Why::Mapped { .. }
        | Why::OnAnotherDisk
        | Why::Beginning
        | Why::Named { .. }
        | Why::DiskTakes
        | Why::NoSwap
        | Why::SwapSealed
        | Why::NotifyOff
        | Why::NotifyOn
        | Why::NobodyYet => String::new(),
    }
}

/// The ways to the partner.
#[must_use]
pub fn doctor(doctor: &Doctor, partner: &str) -> String {
    rungs(&doctor.rungs, partner)
}

/// Some of them.
#[must_use]
pub fn rungs(rungs: &[Rung], partner: &str) -> String {
    let mut out = String::new();
    for rung in rungs {
        let (name, why) = (heading(&rung_name(rung.name)), why(rung, partner));
        let line = match rung.state {
            RungState::Ok => t!("doctor-works", rung = name, why = why),
            RungState::Failed => t!("doctor-works-not", rung = name, why = why),
            RungState::Off => t!("doctor-off", rung = name, why = why),
        };
        let _ = writeln!(out, "{line}");
        let who = who_must_act(rung);
        if !who.is_empty() {
            let _ = writeln!(out, "  {}", t!("doctor-act", who = who));
        }
    }
    out
}
