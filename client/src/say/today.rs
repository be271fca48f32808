//! Today: what came, what waits, what rests, what is due for a look.

use super::{calm_line, heading, name_of, named, notice, page_name, page_typed, told};
use crate::cards;
use crate::days::spoken;
use crate::names;
use crate::words::t;
use serde_json::{Value, json};
use std::fmt::Write;
use troth_proto::Slot;
use troth_proto::ids::Who;
use troth_proto::view::{
    AgreementLine, AgreementState, NewsLine, NewsWhat, TodayLine, TodayView, TodayWhat,
};

/// Today as scripts see it.
#[must_use]
pub fn today_json(today: &TodayView) -> Value {
    let partner = name_of(today.partner.as_deref());
    let lines = |lines: &[TodayLine]| -> Value {
        let line = |line: &TodayLine| json!({"what": line.what, "id": line.id, "words": today_line(line, &partner)});
        lines.iter().map(line).collect()
    };
    let told = today.told.iter().map(|it| {
        json!({"what": it.what, "id": it.id, "kind": it.kind, "words": told::today_line(it, &partner)})
    });
    let mut waiting = lines(&today.waiting);
    if let Value::Array(all) = &mut waiting {
        all.extend(told);
    }
    let notices: Value = today.notices.iter().map(|n| notice(n, &partner)).collect();
    json!({
        "waiting": waiting,
        "resting": lines(&today.resting),
        "to_look_at": lines(&today.to_look_at),
        "news": today.news.iter().map(|line| news(line, &partner)).collect::<Vec<_>>(),
        "on_offer": today.on_offer,
        "notices": notices,
        "break": today.on_break,
    })
}

/// One thing that came from the other.
fn news(line: &NewsLine, partner: &str) -> String {
    let topic = named(&line.topic);
    match line.what {
        NewsWhat::Yes if line.state == Some(AgreementState::InForce) => {
            t!("news-in-force", partner = partner, topic = topic)
        }
        NewsWhat::Yes => t!("news-yes", partner = partner, topic = topic),
        NewsWhat::NotNow if line.note => {
            t!("news-not-now-note", partner = partner, topic = topic)
        }
        NewsWhat::NotNow => t!("news-not-now", partner = partner, topic = topic),
        NewsWhat::NeedsTime => match line.until {
            Some(day) => t!(
                "news-needs-time-until",
                partner = partner,
                topic = topic,
                day = spoken(day)
            ),
            None => t!("news-needs-time", partner = partner, topic = topic),
        },
        NewsWhat::SteppedBack if line.note => {
            t!("news-stepped-back-note", partner = partner, topic = topic)
        }
        NewsWhat::SteppedBack => t!("news-stepped-back", partner = partner, topic = topic),
        NewsWhat::LetGo if line.note => t!("news-let-go-note", partner = partner, topic = topic),
        NewsWhat::LetGo => t!("news-let-go", partner = partner, topic = topic),
        NewsWhat::Part => t!("news-part", partner = partner, topic = topic),
        NewsWhat::Heard => t!(
            "news-heard",
            partner = partner,
            slot = slot_words(&line.id, &line.topic)
        ),
        NewsWhat::Thanked => t!(
            "news-thanked",
            partner = partner,
            slot = slot_words(&line.id, &line.topic)
        ),
        NewsWhat::SaidBack => t!(
            "news-said-back",
            partner = partner,
            slot = slot_words(&line.id, &line.topic)
        ),
        NewsWhat::BeganDraft => t!("news-began-draft", partner = partner, topic = topic),
        NewsWhat::Permission => t!("news-permission", partner = partner),
        NewsWhat::ClosedDraft => t!("news-closed-draft", partner = partner, topic = topic),
    }
}

/// What a slot is called in a sentence, by its name; a review by its agreement.
fn slot_words(id: &str, topic: &str) -> String {
    id.parse()
        .map_or_else(|_| t!("word-slot-look"), |slot| page_name(&slot, topic))
}

/// Whether a line is of a review of an agreement that has a name.
fn is_look(line: &TodayLine) -> bool {
    line.id.starts_with("look:") && !line.topic.is_empty()
}

/// What a line of Today says.
#[must_use]
pub fn today_line(line: &TodayLine, partner: &str) -> String {
    let (topic, slot) = (named(&line.topic), slot_words(&line.id, &line.topic));
    match line.what {
        TodayWhat::Proposal => t!("today-proposal", partner = partner, topic = topic),
        TodayWhat::Change => t!("today-change", partner = partner, topic = topic),
        TodayWhat::Overtaken => t!("today-overtaken", partner = partner, topic = topic),
        TodayWhat::SetAside => match line.until {
            Some(day) => t!("today-set-aside-until", topic = topic, day = spoken(day)),
            None => t!("today-set-aside", topic = topic),
        },
        TodayWhat::TwoYeses => t!("today-two-yeses", topic = topic),
        TodayWhat::Ready if is_look(line) => {
            t!("today-ready-look", partner = partner, topic = topic)
        }
        TodayWhat::Opened if is_look(line) => {
            t!("today-opened-look", partner = partner, topic = topic)
        }
        TodayWhat::Ready => t!("today-ready", partner = partner, slot = slot),
        TodayWhat::Opened => t!("today-opened", partner = partner, slot = slot),
        TodayWhat::CameBack => t!("today-came-back", slot = slot),
        TodayWhat::WordsLost => t!("today-words-lost", slot = slot),
        TodayWhat::Void => t!("today-void", partner = partner, slot = slot),
        TodayWhat::Resting => match line.until {
            Some(day) => t!("today-resting", topic = topic, day = spoken(day)),
            None => t!("today-resting-a-day", topic = topic),
        },
        TodayWhat::LookAgain => t!("today-look-again", topic = topic),
        TodayWhat::TrialOver => t!("today-trial-over", topic = topic),
    }
}

/// Today. `all`: the agreements there are, by which one is named so that its name leads to no other.
#[must_use]
pub fn today(today: &TodayView, all: &[AgreementLine]) -> String {
    let mut out = String::new();
    let partner = name_of(today.partner.as_deref());
    if let Some(on) = &today.on_break {
        let _ = writeln!(out, "{}", told::on_break(on, &partner));
        if !on.back.contains(&Who::Me) {
            let _ = writeln!(out, "  (`troth break done`, `troth break add`)");
        }
    }
    for told in &today.notices {
        let _ = writeln!(out, "{}", notice(told, &partner));
    }
    if today.more_news {
        let _ = writeln!(out, "{}", t!("today-more-news"));
    }
    for line in &today.news {
        let _ = writeln!(out, "{}", news(line, &partner));
    }
    for (head, lines) in [
        (t!("head-waiting"), &today.waiting),
        (t!("head-resting"), &today.resting),
        (t!("head-to-look-at"), &today.to_look_at),
    ] {
        // What was told waits with the rest.
        let mut all: Vec<String> = lines
            .iter()
            .map(|line| format!("{}  {}", today_line(line, &partner), what_to_do(line, all)))
            .collect();
        if std::ptr::eq(lines, &today.waiting) {
            let told = today.told.iter();
            all.extend(told.map(|it| {
                let command = told::today_command(it);
                format!("{}  {command}", told::today_line(it, &partner))
            }));
        }
        if all.is_empty() {
            continue;
        }
        let _ = writeln!(out, "{}", heading(&head));
        for line in all {
            let _ = writeln!(out, "  {line}");
        }
    }
    let topics: Vec<String> = today.on_offer.iter().map(|t| calm_line(t)).collect();
    match (out.is_empty(), topics.is_empty()) {
        (true, true) if today.partner.is_some() => out = t!("today-nothing") + "\n",
        (true, _) => out = t!("today-nothing-waits") + "\n",
        _ => {}
    }
    if !topics.is_empty() {
        let _ = writeln!(out, "{}", t!("today-on-offer", topics = topics.join(", ")));
    }
    out
}

/// Agreements that are due for a look, one quiet line each.
#[must_use]
pub fn to_look_at(today: &TodayView, all: &[AgreementLine]) -> String {
    let partner = name_of(today.partner.as_deref());
    let lines = today.to_look_at.iter();
    lines
        .map(|line| {
            format!(
                "{}  {}\n",
                today_line(line, &partner),
                what_to_do(line, all)
            )
        })
        .collect()
}

/// The command that answers a line of Today, or shows what it is about.
fn what_to_do(line: &TodayLine, all: &[AgreementLine]) -> String {
    let name = names::leads_back(all, &line.topic, &line.id);
    match line.what {
        TodayWhat::Proposal | TodayWhat::Change | TodayWhat::SetAside => {
            format!("(`troth agreement show {name}`, `troth agreement yes {name}`)")
        }
        TodayWhat::Overtaken => format!("(`troth agreement show {name}`)"),
        TodayWhat::Resting => format!("(`troth agreement call-back {name}`)"),
        TodayWhat::TwoYeses | TodayWhat::LookAgain | TodayWhat::TrialOver => {
            format!("(`troth agreement show {name}`)")
        }
        TodayWhat::WordsLost => format!("(`troth checkin cancel {}`)", typed(line)),
        TodayWhat::Ready | TodayWhat::CameBack | TodayWhat::Opened | TodayWhat::Void
            if line.id.starts_with("repair:") =>
        {
            match line.what {
                TodayWhat::Ready | TodayWhat::CameBack => "(`troth repair write`)".to_owned(),
                _ => "(`troth repair show`)".to_owned(),
            }
        }
        TodayWhat::Ready | TodayWhat::CameBack | TodayWhat::Opened | TodayWhat::Void
            if line.id.starts_with("card:") =>
        {
            let card = cards::slot_called(line.id.trim_start_matches("card:"));
            match line.what {
                TodayWhat::Ready | TodayWhat::CameBack => format!("(`troth card {card}`)"),
                TodayWhat::Opened => opened(line),
                _ => format!("(`troth card show {card}`)"),
            }
        }
        _ if line.id.starts_with("look:") && line.topic.is_empty() => {
            "(`troth agreement list`)".to_owned()
        }
        TodayWhat::Ready | TodayWhat::CameBack if is_look(line) => {
            format!("(`troth agreement look {name}`)")
        }
        TodayWhat::Void if is_look(line) => format!("(`troth agreement show {name}`)"),
        TodayWhat::Ready | TodayWhat::CameBack => {
            format!("(`troth checkin ready {}`)", line.id)
        }
        TodayWhat::Opened => opened(line),
        TodayWhat::Void => format!("(`troth checkin show {}`)", line.id),
    }
}

/// What a person types for the page of a line.
fn typed(line: &TodayLine) -> String {
    let slot = line.id.parse::<Slot>();
    slot.map_or_else(|_| line.id.clone(), |slot| page_typed(&slot, &line.topic))
}

/// The commands for a page that has opened: a card is named by a word of its question, a review by one of its agreement.
fn opened(line: &TodayLine) -> String {
    let name = typed(line);
    let what = match line.id.parse() {
        Ok(Slot::Card(_)) => format!("{} {name}", t!("word-card")),
        Ok(Slot::Look { .. }) => format!("{} {name}", t!("word-look")),
        _ => name.clone(),
    };
    format!("(`troth open {what}`, `troth checkin heard {name}`, `troth checkin thank {name}`)")
}
