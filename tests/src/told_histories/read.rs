//! What a device holds, as acts of the reference model: heads read by hand, word by word from the tables of KINDS.

use crate::raw::{Held, One};
use crate::told_model::{Act, As, Id, Kind, Model, Page, Say, Slot, Verb};
use serde_json::Value;
use std::collections::BTreeMap;
use troth_proto::Day;
use troth_proto::day::Minute;

/// Which assertions have words, by their hash: also after those have left.
pub type Worded = BTreeMap<String, bool>;

/// A day as a number.
pub fn day(value: &Value) -> Option<i64> {
    let day: Day = value.as_str()?.parse().ok()?;
    Some(day.since(super::epoch()))
}

/// A minute as a number.
pub fn minute(value: &Value) -> Option<i64> {
    let minute: Minute = value.as_str()?.parse().ok()?;
    Some(minute.unix() / 60)
}

/// What somebody holds, as the model has it: each assertion is the act of its index.
pub fn model(held: &Held, worded: &mut Worded) -> Model {
    let acts = (0..held.all.len()).map(|i| {
        let one = &held.all[i];
        if let Some(words) = &one.words {
            worded.insert(one.hash.clone(), has_words(words));
        }
        Act {
            by: one.by,
            past: one.past.clone(),
            say: say(held, i, worded.get(&one.hash) == Some(&true)).unwrap_or(Say::Odd),
            hash: one.hash.clone(),
            id: one.head["id"].as_str().unwrap_or_default().to_owned(),
            on: day(&one.head["on"]).unwrap_or(i64::MIN / 2),
        }
    });
    Model::of(acts.collect())
}

fn has_words(words: &str) -> bool {
    let json = words.get(32..).unwrap_or_default();
    let words: Value = serde_json::from_str(json).unwrap_or_default();
    let mut texts = words.as_object().into_iter().flatten();
    texts.any(|(_, text)| text.as_str().is_some_and(|text| !text.trim().is_empty()))
}

/// The assertion that an id names in another: the partner's that it lists as seen, else the author's own.
fn named(held: &Held, one: &One, id: &Value, own_only: bool) -> Option<Id> {
    let id = id.as_str()?;
    let seen = one.head["seen"].as_array();
    let is_seen = |hash: &str| seen.is_some_and(|all| all.iter().any(|h| h == hash));
    let of = |own: bool| {
        let all = one.past.iter().copied().filter(|i| {
            let other = &held.all[*i];
            other.head["id"] == id && (other.by == one.by) == own && (own || is_seen(&other.hash))
        });
        all.min_by_key(|i| &held.all[*i].hash)
    };
    of(false).filter(|_| !own_only).or_else(|| of(true))
}

fn say(held: &Held, i: usize, worded: bool) -> Option<Say> {
    let one = &held.all[i];
    let (head, body) = (&one.head, &one.head["body"]);
    let about = match &head["about"] {
        Value::Null => None,
        id => Some(named(held, one, id, false)?),
    };
    let instead_of = match &head["instead_of"] {
        Value::Null => None,
        id => Some(named(held, one, id, true)?),
    };
    let text = |field: &str| body[field].as_str().map(str::to_owned);
    let kind = match head["kind"].as_str()? {
        "version" => return Some(Say::Agreement(text("agreement")?)),
        "take_back" => return Some(Say::TakeBack(about?)),
        "put_away" => return (body["agreement"].is_null()).then_some(Say::PutAway(about?)),
        "open" => return Some(Say::Open(slot(&text("slot")?)?)),
        "answer" => {
            return Some(Say::Answer {
                about: about?,
                verb: verb(body)?,
                worded,
                instead_of,
            });
        }
        kind => told(kind, body)?,
    };
    Some(Say::Entry {
        kind,
        worded,
        about,
        instead_of,
    })
}

fn told(kind: &str, body: &Value) -> Option<Kind> {
    let (must, may): (&[&str], &[&str]) = match kind {
        "confidence" | "small_truth" => (&["listen_as"], &[]),
        "permission" => (&[], &["until"]),
        "trust_given" => (&[], &["look_again"]),
        "bid" => (&["day"], &[]),
        "break" => (&["back_at"], &[]),
        "repair" => (&[], &["agreement", "how"]),
        "about_me" => (&["page"], &[]),
        _ => (&[], &[]),
    };
    has(body, must, may)?;
    Some(match kind {
        "thanks" => Kind::Thanks,
        "confidence" => Kind::Confidence(listen_as(&body["listen_as"])?),
        "permission" => Kind::Permission {
            until: maybe_day(&body["until"])?,
        },
        "small_truth" => Kind::SmallTruth(listen_as(&body["listen_as"])?),
        "tender_spot" => Kind::TenderSpot,
        "trust_given" => Kind::TrustGiven {
            look_again: maybe_day(&body["look_again"])?,
        },
        "to_talk_about" => Kind::ToTalkAbout,
        "ask" => Kind::Ask,
        "bid" => Kind::Bid {
            day: day(&body["day"])?,
        },
        "break" => Kind::Break {
            back_at: minute(&body["back_at"])?,
        },
        "repair" => Kind::Repair {
            agreement: body["agreement"].as_str().map(str::to_owned),
        },
        "about_me" => Kind::AboutMe(match body["page"].as_str()? {
            "name" => Page::Name,
            "my_responsibility" => Page::MyResponsibility,
            "my_patterns" => Page::MyPatterns,
            _ => return None,
        }),
        _ => return None,
    })
}

/// A head has exactly what its row has: what must be there, and what may.
fn has(body: &Value, must: &[&str], may: &[&str]) -> Option<()> {
    let fields = body.as_object()?;
    let known = |field: &String| must.contains(&&**field) || may.contains(&&**field);
    let all = must.iter().all(|field| !body[*field].is_null());
    (all && fields.keys().all(known)).then_some(())
}

/// A day that may be left out.
fn maybe_day(value: &Value) -> Option<Option<i64>> {
    match value {
        Value::Null => Some(None),
        value => Some(Some(day(value)?)),
    }
}

fn listen_as(value: &Value) -> Option<As> {
    match value.as_str()? {
        "just_listen" => Some(As::JustListen),
        "help_me_think" => Some(As::HelpMeThink),
        "lets_talk" => Some(As::LetsTalk),
        _ => None,
    }
}

fn verb(body: &Value) -> Option<Verb> {
    let (must, may): (&[&str], &[&str]) = match body["says"].as_str()? {
        "need_time" => (&["says", "until"], &[]),
        "listen_as" => (&["says", "as"], &[]),
        "plan" => (&["says", "agreement"], &[]),
        "done" => (&["says"], &["step"]),
        "day" => (&["says", "day"], &[]),
        _ => (&["says"], &[]),
    };
    has(body, must, may)?;
    Some(match body["says"].as_str()? {
        "heard" => Verb::Heard,
        "thank" => Verb::Thank,
        "need_time" => Verb::NeedTime {
            until: day(&body["until"])?,
        },
        "words" => Verb::Words,
        "say_back" => Verb::SayBack,
        "yes" => Verb::Yes,
        "not_yet" => Verb::NotYet,
        "listen_as" => Verb::ListenAs(listen_as(&body["as"])?),
        "tell_nobody" => Verb::TellNobody,
        "may_i" => Verb::MayI,
        "meaning" => Verb::Meaning,
        "plan" => Verb::Plan(body["agreement"].as_str()?.to_owned()),
        "done" => Verb::Done {
            step: match &body["step"] {
                Value::Null => None,
                step => Some(u8::try_from(step.as_u64()?).ok()?),
            },
        },
        "day" => Verb::Day(day(&body["day"])?),
        "apology" => Verb::Apology,
        "stop" => Verb::Stop,
        _ => return None,
    })
}

fn slot(name: &str) -> Option<Slot> {
    let Some(step) = name.strip_prefix("repair:") else {
        return Some(Slot::Page(name.to_owned()));
    };
    let (id, step) = step.split_once('/')?;
    Some(Slot::Repair {
        id: id.to_owned(),
        step: match step {
            "feelings" => 2,
            "view" => 4,
            "part" => 5,
            _ => return None,
        },
    })
}

/// What an act is called at the socket.
pub fn name(model: &Model, x: Id) -> &'static str {
    match (&model.acts[x].say, model.kind(x), model.verb(x)) {
        (_, Some(kind), _) => match kind {
            Kind::Thanks => "thanks",
            Kind::Confidence(_) => "confidence",
            Kind::Permission { .. } => "permission",
            Kind::SmallTruth(_) => "small_truth",
            Kind::TenderSpot => "tender_spot",
            Kind::TrustGiven { .. } => "trust_given",
            Kind::ToTalkAbout => "to_talk_about",
            Kind::Ask => "ask",
            Kind::Bid { .. } => "bid",
            Kind::Break { .. } => "break",
            Kind::Repair { .. } => "repair",
            Kind::AboutMe(_) => "about_me",
        },
        (_, _, Some(verb)) => match verb {
            Verb::Heard => "heard",
            Verb::Thank => "thank",
            Verb::NeedTime { .. } => "need_time",
            Verb::Words => "words",
            Verb::SayBack => "say_back",
            Verb::Yes => "yes",
            Verb::NotYet => "not_yet",
            Verb::ListenAs(_) => "listen_as",
            Verb::TellNobody => "tell_nobody",
            Verb::MayI => "may_i",
            Verb::Meaning => "meaning",
            Verb::Plan(_) => "plan",
            Verb::Done { .. } => "done",
            Verb::Day(_) => "day",
            Verb::Apology => "apology",
            Verb::Stop => "stop",
        },
        (Say::Open(_), ..) => "open",
        _ => "",
    }
}
