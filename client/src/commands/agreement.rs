//! Agreements: proposed, answered, looked at.

use super::{bound, mend, partner, typed};
use crate::ask::{Asking, Settled};
use crate::cli::Agreement;
use crate::link::Link;
use crate::{Said, say};
use serde::Deserialize;
use serde_json::json;
use std::io::Write;
use std::time::{Duration, Instant};
use troth_proto::api::{self, Acted, AgreementList, Propose, Request, Slots};
use troth_proto::assertion::Weight;
use troth_proto::ids::Who;
use troth_proto::said::agreement::{Does, Lacks, WhenThen, Words};
use troth_proto::said::sealed::{Lean, Sealed};
use troth_proto::view::{AgreementView, VersionState, VersionView};
use troth_proto::{Day, Problem, Slot};

/// How long the other's closing yes is waited for.
const CLOSING: Duration = Duration::from_secs(2);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Note {
    #[serde(default)]
    note: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Text {
    text: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LookWords {
    words: String,
    lean: Lean,
}

pub(super) fn run(link: &mut Link, step: Agreement, asking: Asking) -> Result<Said, Problem> {
    let note = |question: &str| -> Result<String, Problem> {
        if asking.json {
            return asking.object::<Note>().map(|note| note.note);
        }
        if asking.silent {
            Ok(String::new())
        } else {
            asking.line(question)
        }
    };
    let request = match step {
        Agreement::Propose {
            same_as: Some(version),
            ..
        } => return proposed(link, &Request::AgreementSame { version }),
        Agreement::Propose { change, .. } => {
            let words = propose_words(link, change, asking)?;
            return proposed(link, &Request::AgreementPropose(words));
        }
        Agreement::List { state } => return list(link, state),
        Agreement::Yes { version } if asking.json || asking.silent => {
            Request::AgreementYes { version }
        }
        Agreement::Yes { version } => Request::AgreementYes {
            version: the_very_words(link, &version, asking)?,
        },
        Agreement::CallBack { version } => Request::AgreementCallBack { version },
        Agreement::PutAway { agreement, days } => Request::AgreementPutAway { agreement, days },
        Agreement::NotNow { version } => Request::AgreementNotNow {
            version,
            note: note("A note, if you wish:")?,
        },
        Agreement::NeedTime { version, until } => Request::AgreementNeedTime { version, until },
        Agreement::StepBack { version } => Request::AgreementStepBack {
            version,
            note: note("A note, if you wish:")?,
        },
        Agreement::LetGo { agreement } => Request::AgreementLetGo {
            agreement,
            note: note("A note, if you wish:")?,
        },
        Agreement::MyPart { agreement } => {
            let text = if asking.json {
                asking.object::<Text>()?.text
            } else {
                asking.text_from("Your part in it:", "")?
            };
            Request::AgreementMyPart { agreement, text }
        }
        Agreement::Look { version } => {
            let said = if asking.json {
                asking.object::<LookWords>()?
            } else {
                let so_far = look_so_far(link, &version)?;
                LookWords {
                    words: asking.text_from("How has it been?", &so_far)?,
                    lean: lean(asking)?,
                }
            };
            Request::AgreementLook {
                version,
                words: said.words,
                lean: said.lean,
            }
        }
        Agreement::Show { agreement } => return shown(link, &agreement, None),
    };
    let done: Acted = typed(&link.ask(&request)?)?;
    if matches!(request, Request::AgreementYes { .. }) && done.rests_until.is_none() {
        closed(link, &done)?;
    }
    shown(link, &done.agreement.hex(), done.rests_until)
}

/// While the two devices are connected, the other's closing yes takes a moment: what is shown is what holds after it.
fn closed(link: &mut Link, done: &Acted) -> Result<(), Problem> {
    let doctor: api::Doctor = typed(&link.ask(&Request::Doctor {})?)?;
    if !doctor
        .rungs
        .iter()
        .any(|rung| rung.why == api::Why::Connected)
    {
        return Ok(());
    }
    link.ask(&Request::Subscribe {})?;
    let until = Instant::now() + CLOSING;
    loop {
        let view = whole(link, &done.agreement.hex())?;
        let open = |v: &&VersionView| v.state == VersionState::Proposed && v.said_yes.len() == 2;
        let left = until.saturating_duration_since(Instant::now());
        if !view.versions.iter().any(|v| open(&v)) || left.is_zero() {
            return Ok(());
        }
        link.changed(left)?;
    }
}

/// One agreement, all its pages. `rests_until`: what the step before led to.
fn shown(link: &mut Link, agreement: &str, rests_until: Option<Day>) -> Result<Said, Problem> {
    let view = whole(link, agreement)?;
    let them = partner(link)?;
    let mut words = say::agreement(&view, &them);
    let mut json = serde_json::to_value(&view).map_err(|_| Problem::ApiVersion)?;
    let in_force = view.versions.iter().find(|v| Some(v.hash) == view.in_force);
    json["in_force"] = serde_json::to_value(in_force).map_err(|_| Problem::ApiVersion)?;
    if let Some(object) = json.as_object_mut() {
        object.remove("of");
        if let Some(day) = rests_until {
            object.insert("rests_until".into(), json!(day));
        }
    }
    if let Some(day) = rests_until {
        words = format!("{}\n{words}", say::rests(day));
    }
    Ok(Said::new(json, words))
}

fn whole(link: &mut Link, agreement: &str) -> Result<AgreementView, Problem> {
    let page = |link: &mut Link, agreement: String, after| -> Result<AgreementView, Problem> {
        typed(&link.ask(&Request::AgreementShow { agreement, after })?)
    };
    let mut view = page(link, agreement.to_owned(), None)?;
    let id = view.agreement.hex();
    while let Some(after) = view.next.take() {
        let more = page(link, id.clone(), Some(after))?;
        view.versions.extend(more.versions);
        view.next = more.next;
    }
    Ok(view)
}

/// Shows one wording and asks for a yes to it. What is said yes to is what was shown, whatever comes meanwhile: its hash
/// goes to the daemon. The name of an agreement stands for the one wording of it that waits.
fn the_very_words(link: &mut Link, name: &str, asking: Asking) -> Result<String, Problem> {
    let view = whole(link, name)?;
    let them = partner(link)?;
    let asked = name.trim().to_ascii_lowercase();
    let begins =
        |v: &&VersionView| v.version.hex().starts_with(&asked) || v.hash.hex().starts_with(&asked);
    let waits =
        |v: &&VersionView| v.state == VersionState::Proposed && !v.said_yes.contains(&Who::Me);
    let mut meant: Vec<&VersionView> = view.versions.iter().filter(begins).collect();
    if meant.is_empty() {
        meant = view.versions.iter().filter(waits).collect();
    }
    let [version] = meant[..] else {
        let _ = writeln!(std::io::stderr(), "{}", say::agreement(&view, &them));
        return Err(if meant.is_empty() {
            Problem::NotOnOffer
        } else {
            Problem::NotUnique { what: asked }
        });
    };
    let _ = write!(
        std::io::stderr(),
        "{}\n\n{}\n",
        say::calm(&view.topic),
        say::version(version, &them)
    );
    if asking.yes("Yes to these very words?")? {
        Ok(version.hash.hex())
    } else {
        Err(Problem::Interrupted)
    }
}

/// Words of a review that came back, if one may be written now.
fn look_so_far(link: &mut Link, name: &str) -> Result<String, Problem> {
    let view = whole(link, name)?;
    let asked = name.trim().to_ascii_lowercase();
    let begins =
        |v: &&VersionView| v.version.hex().starts_with(&asked) || v.hash.hex().starts_with(&asked);
    let Some(version) = view.versions.iter().find(begins) else {
        return Err(Problem::NoSuch { what: asked });
    };
    let request = Request::CheckinShow {
        slot: Some(Slot::Look(version.hash)),
        after: None,
    };
    let slots: Slots = typed(&link.ask(&request)?)?;
    let here = slots.slots.first();
    super::checkin::may_begin(link, here)?;
    match here.and_then(|view| view.kept_here.as_ref()) {
        Some(Sealed::Look(look)) => Ok(look.words.clone()),
        _ => Ok(String::new()),
    }
}

fn lean(asking: Asking) -> Result<Lean, Problem> {
    loop {
        match asking
            .needed("Where do you lean: keep, change, or let go?")?
            .as_str()
        {
            "keep" => return Ok(Lean::Keep),
            "change" => return Ok(Lean::Change),
            "let go" | "let_go" => return Ok(Lean::LetGo),
            _ => {}
        }
    }
}

fn proposed(link: &mut Link, request: &Request) -> Result<Said, Problem> {
    let answer = link.ask(request)?;
    let done: api::Proposed = typed(&answer)?;
    let them = partner(link)?;
    let words = format!(
        "Proposed, as {}. It waits for {them}'s answer.\n",
        say::short(&done.version)
    );
    Ok(Said::new(answer, words))
}

fn list(
    link: &mut Link,
    state: Option<troth_proto::view::AgreementState>,
) -> Result<Said, Problem> {
    let (mut all, mut after) = (Vec::new(), None);
    loop {
        let part: AgreementList = typed(&link.ask(&Request::AgreementList { state, after })?)?;
        all.extend(part.agreements);
        after = part.next;
        if after.is_none() {
            break;
        }
    }
    let words = say::agreements(&all);
    Ok(Said::new(json!({"agreements": all}), words))
}

fn propose_words(
    link: &mut Link,
    change: Option<String>,
    asking: Asking,
) -> Result<Propose, Problem> {
    if asking.json {
        let mut words: Propose = asking.object()?;
        words.agreement = words.agreement.or(change);
        return Ok(words);
    }
    let them = bound(link)?;
    if let Some(agreement) = &change {
        let shown = say::agreement(&whole(link, agreement)?, &them);
        let _ = writeln!(std::io::stderr(), "{shown}");
    }
    let mut words = Propose {
        agreement: change,
        topic: String::new(),
        terms: String::new(),
        does: Does::default(),
        when_then: Vec::new(),
        not_meant: String::new(),
        trial_until: None,
        look_again: None,
        weight: Weight::Everyday,
        tag: None,
        base: None,
    };
    loop {
        fill(&mut words, asking)?;
        let shown = Words {
            topic: words.topic.clone(),
            terms: words.terms.clone(),
            does: words.does.clone(),
            when_then: words.when_then.clone(),
            not_meant: words.not_meant.clone(),
            tag: None,
        };
        let days = (words.trial_until, words.look_again);
        let _ = write!(
            std::io::stderr(),
            "\n{}\n\n{}\n",
            say::calm(&words.topic),
            say::words(&shown, days, words.weight, &them)
        );
        // What would be refused is mended here, where the words still are.
        let refused = match shown.check() {
            Ok(()) => match asking.settled(&format!("Propose this to {them}?"))? {
                Settled::Yes => return Ok(words),
                Settled::Change => continue,
                Settled::No => return Err(Problem::Interrupted),
            },
            Err(Lacks::Shortness) => Problem::TooLong,
            Err(Lacks::Topic) => Problem::NothingSaid,
            Err(Lacks::Doing) => Problem::NobodyDoes,
        };
        mend(&refused);
    }
}

/// Asks for the words of a proposal, beginning from what stands there already.
fn fill(words: &mut Propose, asking: Asking) -> Result<(), Problem> {
    words.topic = asking.needed_from("What is it about, in a few words?", &words.topic)?;
    words.terms = asking.text_from("What do you agree on?", &words.terms)?;
    let both = !words.does.me.is_empty() && words.does.me == words.does.partner;
    loop {
        let does = &mut words.does;
        does.me = asking.text_from("What will you do?", &does.me)?;
        does.partner = asking.text_from("What will the other do?", &does.partner)?;
        if !does.me.is_empty() || !does.partner.is_empty() {
            break;
        }
    }
    let does = &mut words.does;
    let one = does.me.is_empty() != does.partner.is_empty();
    if one && !both && asking.yes("Should this hold for both?")? {
        let it = format!("{}{}", does.me, does.partner);
        (does.me, does.partner) = (it.clone(), it);
    }
    let mut so_far = std::mem::take(&mut words.when_then).into_iter();
    loop {
        // One that was there and is emptied is taken out; an empty new one is the end.
        let before = so_far.next();
        let there = before.is_some();
        let (when, then) = before
            .map(|line| (line.when, line.then))
            .unwrap_or_default();
        let when = asking.text_from(
            "When something happens, then one of you does something. When? (empty: no more)",
            &when,
        )?;
        if when.is_empty() && there {
            continue;
        }
        if when.is_empty() {
            break;
        }
        let who = if asking.yes("Is it you who then does something?")? {
            Who::Me
        } else {
            Who::Partner
        };
        let then = asking.needed_from("Then:", &then)?;
        words.when_then.push(WhenThen { who, when, then });
    }
    words.not_meant = asking.text_from("What is not meant? (may be empty)", &words.not_meant)?;
    words.trial_until = day(
        asking,
        "Is it a trial? Until which day, YYYY-MM-DD? (empty: no trial)",
        words.trial_until,
    )?;
    words.look_again = day(
        asking,
        "When do you want to look at it again, YYYY-MM-DD? (empty: not set)",
        words.look_again,
    )?;
    let big = asking.yes("Is it a big one, so that the other's yes rests for a day first?")?;
    words.weight = if big { Weight::Big } else { Weight::Everyday };
    Ok(())
}

fn day(
    asking: Asking,
    question: &str,
    so_far: Option<troth_proto::Day>,
) -> Result<Option<troth_proto::Day>, Problem> {
    let so_far = so_far.map(|day| day.to_string()).unwrap_or_default();
    loop {
        let line = asking.line_from(question, &so_far)?;
        if line.is_empty() {
            return Ok(None);
        }
        if let Ok(day) = line.parse() {
            return Ok(Some(day));
        }
        let _ = writeln!(std::io::stderr(), "A day is written like 2026-11-22.");
    }
}
