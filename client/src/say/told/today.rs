//! What is told and answered, on Today; and a break, as both screens show it.

use super::{Given, answer_id, clock, kind_id, named};
use crate::cli::kebab;
use crate::words::t;
use troth_proto::ids::Who;
use troth_proto::said::told::{Facts, Opened, Texts, Thing as About, ToldKind, Verb};
use troth_proto::telling::{BreakView, TodayTold, TodayToldWhat};

/// A break, as both screens show it.
#[must_use]
pub fn on_break(it: &BreakView, partner: &str) -> String {
    let time = clock(it.back_at);
    if it.back.contains(&Who::Me) {
        return match it.passed {
            true => t!("break-you-are-back-already"),
            false => t!("break-you-are-back", time = time, partner = partner),
        };
    }
    let mut out = if it.passed {
        t!("break-passed", time = time)
    } else {
        t!("break-on", time = time)
    };
    if it.back.contains(&Who::Partner) {
        out += &format!(" {}", t!("break-they-are-back", partner = partner));
    }
    out
}

/// One line of Today.
#[must_use]
pub fn today_line(it: &TodayTold, partner: &str) -> String {
    let facts = Facts {
        until: it.until,
        listen_as: it.listen_as,
        step: it.step,
        ..Facts::default()
    };
    let mut words = Texts::default();
    words.0.insert("line".into(), it.line.clone());
    let given = Given {
        partner,
        topic: named(&it.line),
        facts: &facts,
        words: Some(&words),
    };
    match (it.what, it.kind, it.says) {
        (TodayToldWhat::Told, Some(kind), _) => {
            let closed = given.say(&format!("{}.closed", kind_id(kind)));
            match it.listen_as {
                Some(way) => {
                    let way = way.name();
                    format!(
                        "{closed} {}",
                        t!("thing-listen-them", partner = partner, way = way)
                    )
                }
                None => closed,
            }
        }
        (TodayToldWhat::Answered, kind, Some(says)) => {
            let about = match kind {
                Some(kind) => About::Told(kind),
                None => About::Open(Opened::Page),
            };
            let about = match (says, kind) {
                (Verb::Yes | Verb::NotYet, Some(ToldKind::Repair)) => {
                    About::Answer(Verb::Apology, ToldKind::Repair)
                }
                (
                    Verb::Yes | Verb::NotYet,
                    Some(kind @ (ToldKind::TenderSpot | ToldKind::TrustGiven)),
                ) => About::Answer(Verb::SayBack, kind),
                _ => about,
            };
            given.say(&format!("{}.news", answer_id(says, about)))
        }
        (TodayToldWhat::Bid, ..) => given.say("told-bid.open"),
        (TodayToldWhat::Step, ..) => match it.line.is_empty() {
            true => t!("today-step", step = i64::from(it.step.unwrap_or(1))),
            false => t!(
                "today-step-topic",
                step = i64::from(it.step.unwrap_or(1)),
                topic = named(&it.line)
            ),
        },
        (TodayToldWhat::LookAgain, ..) => t!("today-trust"),
        _ => t!("today-answered", partner = partner),
    }
}

/// The command that answers a line of Today.
#[must_use]
pub fn today_command(it: &TodayTold) -> String {
    match (it.what, it.kind) {
        (TodayToldWhat::Bid, _) => {
            "(`troth bid yes`, `troth bid not-yet`, `troth bid thank`)".to_owned()
        }
        (TodayToldWhat::Step, _) => "(`troth repair show`)".to_owned(),
        (TodayToldWhat::LookAgain, _) => "(`troth trust-given show`)".to_owned(),
        (_, Some(kind)) => format!("(`troth {} open`)", kebab(kind.name())),
        (_, None) => "(`troth open`)".to_owned(),
    }
}
