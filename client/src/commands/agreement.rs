//! Agreements: proposed, answered, looked at.

use super::{Unsaid, bound, keep_asking, mend, partner, typed};
use crate::ask::{Asking, Settled};
use crate::cli::Agreement;
use crate::link::Link;
use crate::names::{self, Meant, Names};
use crate::words::{means, t};
use crate::wrap;
use crate::{Said, days, say};
use serde::Deserialize;
use serde_json::json;
use std::time::{Duration, Instant};
use troth_proto::api::{self, Acted, Propose, Request, Slots};
use troth_proto::assertion::Weight;
use troth_proto::home::Home;
use troth_proto::ids::Who;
use troth_proto::problem::Wrong;
use troth_proto::said::agreement::{Does, Lacks, WhenThen, Words};
use troth_proto::said::sealed::{Lean, Sealed};
use troth_proto::view::{AgreementState, AgreementView, VersionState, VersionView};
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

pub(super) fn run(
    link: &mut Link,
    home: &Home,
    step: Agreement,
    asking: Asking,
) -> Result<Said, Problem> {
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
    let mut names = Names { link, home, asking };
    let request = match step {
        Agreement::Propose {
            same_as: Some(name),
            ..
        } => {
            let name: Vec<String> = name.split_whitespace().map(str::to_owned).collect();
            let version = names.wording(&name, Meant::NotAgreed)?;
            let version = say_first(&mut names, version, &t!("ask-same-as"))?;
            return proposed(
                names.link,
                &Request::AgreementSame { version },
                names.asking,
            );
        }
        Agreement::Propose { change, .. } => {
            let change = match change {
                Some(name) => Some(names.agreement(&[name])?),
                None => None,
            };
            let words = propose_words(names.link, change, asking)?;
            let unsaid = unsaid(words.agreement.as_deref());
            let request = Request::AgreementPropose(words.clone());
            return match proposed(names.link, &request, asking) {
                Ok(said) => unsaid.let_go(names.link).map(|()| said),
                Err(problem) => {
                    unsaid.keep(names.link, &words, asking);
                    Err(problem)
                }
            };
        }
        Agreement::List { state } => return list(names.link, home, state.flatten()),
        Agreement::Diff { wordings } => return diff(&mut names, &wordings),
        Agreement::Print { agreement } => return print(&mut names, &agreement),
        Agreement::Yes { version } => {
            let version = names.wording(&version, Meant::Waiting)?;
            Request::AgreementYes {
                version: say_first(&mut names, version, &t!("ask-say-yes"))?,
            }
        }
        Agreement::CallBack { version } => Request::AgreementCallBack {
            version: names.wording(&version, Meant::Resting)?.1.hash.hex(),
        },
        Agreement::PutAway { agreement, days } => Request::AgreementPutAway {
            agreement: names.agreement(&agreement)?.agreement.hex(),
            days,
        },
        Agreement::NotNow { version } => Request::AgreementNotNow {
            version: names.wording(&version, Meant::Waiting)?.1.hash.hex(),
            note: note(&t!("ask-note"))?,
        },
        Agreement::NeedTime { version, until } => {
            let until = day_to_come(names.link, &until)?;
            Request::AgreementNeedTime {
                version: names.wording(&version, Meant::Waiting)?.1.hash.hex(),
                until,
            }
        }
        Agreement::StepBack { version } => {
            let version = names.wording(&version, Meant::Standing)?;
            Request::AgreementStepBack {
                version: say_first(&mut names, version, &t!("ask-step-back"))?,
                note: note(&t!("ask-note"))?,
            }
        }
        Agreement::LetGo { agreement } => {
            let view = names.agreement(&agreement)?;
            let them = partner(names.link)?;
            let show = || format!("{}\n", say::agreement(&view, &them));
            asking.sure(show, &t!("ask-let-go"))?;
            Request::AgreementLetGo {
                agreement: view.agreement.hex(),
                note: note(&t!("ask-note"))?,
            }
        }
        Agreement::MyPart { agreement } => {
            let view = names.agreement(&agreement)?;
            let text = if asking.json {
                asking.object::<Text>()?.text
            } else {
                asking.text_from(&t!("ask-my-part"), view.my_part.as_deref().unwrap_or(""))?
            };
            Request::AgreementMyPart {
                agreement: view.agreement.hex(),
                text,
            }
        }
        Agreement::Look { version } => {
            let (_, version) = names.wording(&version, Meant::Held)?;
            let said = if asking.json {
                asking.object::<LookWords>()?
            } else {
                let so_far = look_so_far(names.link, &version)?;
                LookWords {
                    words: asking.text_from(&t!("ask-look"), &so_far)?,
                    lean: lean(asking)?,
                }
            };
            Request::AgreementLook {
                version: version.hash.hex(),
                words: said.words,
                lean: said.lean,
            }
        }
        Agreement::Show { agreement } => {
            let view = names.agreement(&agreement)?;
            if view.state == AgreementState::TwoYeses && asking.person() {
                return choose(&mut names, view);
            }
            return shown(names.link, view, None);
        }
    };
    let link = names.link;
    let done: Acted = typed(&keep_asking(link, &request, asking)?)?;
    if matches!(request, Request::AgreementYes { .. }) && done.rests_until.is_none() {
        closed(link, &done)?;
    }
    let view = whole(link, &done.agreement.hex())?;
    let them = partner(link)?;
    let now = say::is_now(&request, &view, &them);
    let mut said = shown(link, view, done.rests_until)?;
    if done.rests_until.is_none() {
        said.words = format!("{now}\n\n{}", said.words);
    }
    Ok(said)
}

/// Shows one wording and asks. What is said is about what was shown, whatever comes meanwhile: its hash goes to the daemon.
fn say_first(
    names: &mut Names<'_>,
    (view, version): (AgreementView, VersionView),
    question: &str,
) -> Result<String, Problem> {
    let them = partner(names.link)?;
    let place = view.versions.iter().position(|v| v.hash == version.hash);
    let show = || {
        let place = place.unwrap_or_default();
        let words = say::version(&version, place, &them);
        format!("{}\n\n{words}\n", say::calm(&view.topic))
    };
    names.asking.sure(show, question)?;
    Ok(version.hash.hex())
}

/// A day as a person said it. One that has passed is none to wait for.
fn day_to_come(link: &mut Link, text: &str) -> Result<Day, Problem> {
    let today = super::today_is(link)?;
    let day = days::day(text, today).ok_or_else(|| Problem::BadRequest {
        wrong: Wrong::NoDay { text: text.into() },
    })?;
    if day < today {
        return Err(Problem::DayPassed { day });
    }
    Ok(day)
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
fn shown(link: &mut Link, view: AgreementView, rests_until: Option<Day>) -> Result<Said, Problem> {
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

/// One agreement, all its pages.
pub(crate) fn whole(link: &mut Link, agreement: &str) -> Result<AgreementView, Problem> {
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

/// Words of a review that came back, if one may be written now.
fn look_so_far(link: &mut Link, version: &VersionView) -> Result<String, Problem> {
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
        let answer = asking.needed(&t!("ask-lean"))?;
        for (id, lean) in [
            ("word-keep", Lean::Keep),
            ("word-change", Lean::Change),
            ("word-let-go", Lean::LetGo),
        ] {
            if means(id, &answer) {
                return Ok(lean);
            }
        }
    }
}

fn proposed(link: &mut Link, request: &Request, asking: Asking) -> Result<Said, Problem> {
    let answer = keep_asking(link, request, asking)?;
    let them = partner(link)?;
    let words = t!("proposed-now", partner = them) + "\n";
    Ok(Said::new(answer, words))
}

fn list(
    link: &mut Link,
    home: &Home,
    state: Option<troth_proto::view::AgreementState>,
) -> Result<Said, Problem> {
    let mut all = names::list(link)?;
    all.retain(|line| state.is_none_or(|state| line.state == state));
    let json = json!({"agreements": all});
    say::sort(&mut all);
    names::keep_list(home, &all);
    Ok(Said::new(json, say::agreements(&all)))
}

/// Two yeses to two wordings: both are shown, and the one that is chosen is proposed anew, on both.
fn choose(names: &mut Names<'_>, view: AgreementView) -> Result<Said, Problem> {
    let them = partner(names.link)?;
    wrap::tell(&say::agreement(&view, &them));
    loop {
        let answer = names.asking.line(&t!("ask-choose"))?;
        if answer.is_empty() {
            let json = serde_json::to_value(&view).map_err(|_| Problem::ApiVersion)?;
            return Ok(Said::new(json, String::new()));
        }
        let wanted = answer.to_ascii_lowercase();
        let mut versions = view.versions.iter().enumerate();
        let found = versions.find(|(place, v)| {
            names::letter(*place) == wanted && v.state == VersionState::TwoYeses
        });
        if let Some((_, v)) = found {
            let version = v.hash.hex();
            return proposed(
                names.link,
                &Request::AgreementSame { version },
                names.asking,
            );
        }
    }
}

/// What differs between two wordings of one agreement.
fn diff(names: &mut Names<'_>, words: &[String]) -> Result<Said, Problem> {
    let (view, (a, b)) = names.two_wordings(words)?;
    let (Some(from), Some(to)) = (view.versions.get(a), view.versions.get(b)) else {
        return Err(Problem::NotOnOffer);
    };
    if from.words.is_none() || to.words.is_none() {
        return Err(Problem::WordsNotHere);
    }
    let them = partner(names.link)?;
    let all = say::difference(from, to, &them);
    let letters = (names::letter(a), names::letter(b));
    let words = say::differences(&all, &view.topic, (&letters.0, &letters.1), &them);
    let json =
        json!({"agreement": view.agreement, "from": from.hash, "to": to.hash, "differs": all});
    Ok(Said::new(json, words))
}

/// Everything that is in force, or one of it, whole.
fn print(names: &mut Names<'_>, agreement: &[String]) -> Result<Said, Problem> {
    let views = if agreement.is_empty() {
        let mut all = names::list(names.link)?;
        say::sort(&mut all);
        let holds = |state| {
            use AgreementState as S;
            matches!(state, S::InForce | S::ChangeProposed | S::TwoYeses)
        };
        let all = all.into_iter().filter(|line| holds(line.state));
        let views = all.map(|line| whole(names.link, &line.agreement.hex()));
        views.collect::<Result<Vec<_>, _>>()?
    } else {
        vec![names.agreement(agreement)?]
    };
    let in_force = views.into_iter().filter_map(|view| {
        let mut versions = view.versions.into_iter();
        versions.find(|v| Some(v.hash) == view.in_force)
    });
    let in_force: Vec<VersionView> = in_force.collect();
    let status: api::Status = typed(&names.link.ask(&Request::Status {})?)?;
    let (me, them) = (
        say::name_of(status.me.as_deref()),
        say::name_of(status.partner.as_deref()),
    );
    let today = super::today_is(names.link)?;
    let words = say::printed(&in_force, (&me, &them), today);
    Ok(Said::new(json!({"in_force": in_force}), words))
}

fn propose_words(
    link: &mut Link,
    change: Option<AgreementView>,
    asking: Asking,
) -> Result<Propose, Problem> {
    let id = change.as_ref().map(|view| view.agreement.hex());
    if asking.json {
        let mut words: Propose = asking.object()?;
        words.agreement = words.agreement.or(id);
        return Ok(words);
    }
    let them = bound(link)?;
    let today = super::today_is(link)?;
    let mut words = Propose {
        agreement: id,
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
    let unsaid = unsaid(words.agreement.as_deref());
    let kept = unsaid.offer(link, |kept: &Propose| laid_out(kept, &them), asking)?;
    match (kept, &change) {
        (Some(kept), _) => words = kept,
        (None, Some(view)) => {
            let shown = say::agreement(view, &them);
            wrap::tell(&shown);
            begin_from(&mut words, view);
        }
        (None, None) => {}
    }
    loop {
        let before = words.when_then.clone();
        if let Err(broken_off) = fill(&mut words, (today, &them), asking) {
            // What came before is there all the same, also what had not been asked for again.
            let asked = words.when_then.len();
            words.when_then.extend(before.into_iter().skip(asked));
            if !words.topic.is_empty() {
                unsaid.keep(link, &words, asking);
            }
            return Err(broken_off);
        }
        wrap::tell(&format!("\n{}", laid_out(&words, &them)));
        // What would be refused is mended here, where the words still are.
        let refused = match said(&words).check() {
            Ok(()) => match asking.settled(&t!("ask-propose", partner = them.as_str())) {
                Ok(Settled::Yes) => return Ok(words),
                Ok(Settled::Change) => continue,
                Ok(Settled::No) | Err(_) => {
                    unsaid.keep(link, &words, asking);
                    return Err(Problem::Interrupted);
                }
            },
            Err(Lacks::Shortness) => Problem::TooLong,
            Err(Lacks::Topic) => Problem::NothingSaid,
            Err(Lacks::Doing) => Problem::NobodyDoes,
        };
        mend(&refused);
    }
}

/// Where words of a proposal are kept that were not said.
fn unsaid(agreement: Option<&str>) -> Unsaid {
    let about = match agreement {
        Some(id) => format!("change {id}"),
        None => "propose".into(),
    };
    Unsaid { about }
}

/// What a proposal says.
fn said(words: &Propose) -> Words {
    Words {
        topic: words.topic.clone(),
        terms: words.terms.clone(),
        does: words.does.clone(),
        when_then: words.when_then.clone(),
        not_meant: words.not_meant.clone(),
        tag: None,
    }
}

/// The same as it is shown before it is said.
fn laid_out(words: &Propose, them: &str) -> String {
    let days = (words.trial_until, words.look_again);
    let shown = say::words(&said(words), days, words.weight, them);
    format!("{}\n\n{shown}", say::calm_line(&words.topic))
}

/// A change begins from the words in force, or else from the newest that are on offer.
fn begin_from(words: &mut Propose, view: &AgreementView) {
    let in_force = view.versions.iter().find(|v| Some(v.hash) == view.in_force);
    let on_offer = |v: &&VersionView| v.state == VersionState::Proposed;
    let from = in_force.or_else(|| view.versions.iter().rev().find(on_offer));
    let Some((from, said)) = from.and_then(|v| Some((v, v.words.clone()?))) else {
        words.topic = view.topic.clone();
        return;
    };
    (words.topic, words.terms, words.does) = (said.topic, said.terms, said.does);
    (words.when_then, words.not_meant) = (said.when_then, said.not_meant);
    (words.look_again, words.weight) = (from.look_again, from.weight);
}

/// Asks for the words of a proposal, beginning from what stands there already.
fn fill(words: &mut Propose, (today, them): (Day, &str), asking: Asking) -> Result<(), Problem> {
    words.topic = asking.needed_from(&t!("ask-topic"), &words.topic)?;
    words.terms = asking.text_from(&t!("ask-terms"), &words.terms)?;
    let both = !words.does.me.is_empty() && words.does.me == words.does.partner;
    loop {
        let does = &mut words.does;
        does.me = asking.text_from(&t!("ask-do-me"), &does.me)?;
        does.partner = asking.text_from(&t!("ask-do-partner", partner = them), &does.partner)?;
        if !does.me.is_empty() || !does.partner.is_empty() {
            break;
        }
    }
    let does = &mut words.does;
    let one = does.me.is_empty() != does.partner.is_empty();
    if one && !both && asking.yes(&t!("ask-both"))? {
        let it = format!("{}{}", does.me, does.partner);
        (does.me, does.partner) = (it.clone(), it);
    }
    let mut so_far = std::mem::take(&mut words.when_then).into_iter();
    loop {
        // One that was there and is emptied is taken out; an empty new one is the end.
        let before = so_far.next();
        let there = before.is_some();
        let (who_before, when, then) = match before {
            Some(line) => (Some(line.who), line.when, line.then),
            None => (None, String::new(), String::new()),
        };
        let when = asking.text_from(&t!("ask-when"), &when)?;
        if when.is_empty() && there {
            continue;
        }
        if when.is_empty() {
            break;
        }
        let mine = who_before == Some(Who::Me);
        let who = if asking.yes_unless(&t!("ask-then-you"), mine)? {
            Who::Me
        } else {
            Who::Partner
        };
        let then = asking.needed_from(&t!("ask-then"), &then)?;
        words.when_then.push(WhenThen { who, when, then });
    }
    words.not_meant = asking.text_from(&t!("ask-not-meant"), &words.not_meant)?;
    words.trial_until = day(asking, today, &t!("ask-trial"), words.trial_until)?;
    words.look_again = day(asking, today, &t!("ask-look-again"), words.look_again)?;
    let big = asking.yes_unless(&t!("ask-big"), words.weight == Weight::Big)?;
    words.weight = if big { Weight::Big } else { Weight::Everyday };
    Ok(())
}

fn day(
    asking: Asking,
    today: Day,
    question: &str,
    so_far: Option<Day>,
) -> Result<Option<Day>, Problem> {
    let so_far = so_far.filter(|day| *day >= today);
    let so_far = so_far.map(|day| day.to_string()).unwrap_or_default();
    loop {
        let line = asking.line_from(question, &so_far)?;
        if line.is_empty() {
            return Ok(None);
        }
        match days::day(&line, today) {
            Some(day) if day >= today => return Ok(Some(day)),
            Some(day) => {
                let (passed, _) = say::problem(&Problem::DayPassed { day });
                wrap::tell(&passed);
            }
            None => {
                wrap::tell(&days::like());
            }
        }
    }
}
