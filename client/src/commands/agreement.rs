//! Agreements: proposed, answered, looked at.

use super::{KeptText, keep_asking, partner, propose, typed};
use crate::ask::{Asking, Settled};
use crate::cli::Agreement;
use crate::link::Link;
use crate::names::{self, Meant, Names};
use crate::words::{self, means, t};
use crate::wrap;
use crate::{Said, say};
use serde::Deserialize;
use serde_json::{Value, json};
use std::time::{Duration, Instant};
use troth_proto::api::{self, Acted, Request, Slots};
use troth_proto::history::{Happened, History};
use troth_proto::home::Home;
use troth_proto::ids::Who;
use troth_proto::said::sealed::{Lean, Sealed};
use troth_proto::view::{AgreementState, AgreementView, VersionState, VersionView};
use troth_proto::{Day, Hash, Problem, Slot};

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
    let mut names = Names { link, home, asking };
    let mut kept = None;
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
        Agreement::Propose {
            change, template, ..
        } => {
            let change = match change {
                Some(name) => Some(names.agreement(&[name])?),
                None => None,
            };
            let template = template.as_deref().map(propose::template).transpose()?;
            let (words, unsaid) = propose::words(names.link, change, template, asking)?;
            let request = Request::AgreementPropose(words.clone());
            return match proposed(names.link, &request, asking) {
                Ok(said) => unsaid.let_go(names.link).map(|()| said),
                Err(problem) => {
                    unsaid.keep(names.link, &words, asking);
                    Err(problem)
                }
            };
        }
        Agreement::DidNotHold { agreement, how } => {
            return super::told::did_not_hold(names.link, home, (agreement, how), asking);
        }
        Agreement::Templates => return Ok(templates()),
        Agreement::List { state } => return list(names.link, home, state.flatten()),
        Agreement::History { agreement } => {
            let view = names.agreement(&agreement)?;
            return history(names.link, &view);
        }
        Agreement::Diff { wordings } => return diff(&mut names, &wordings),
        Agreement::Print { agreement } => return print(&mut names, &agreement),
        Agreement::Yes { version } => {
            let version = names.wording(&version, Meant::Waiting)?;
            if version.1.overtaken {
                return say_anew(&mut names, version);
            }
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
        Agreement::NotNow { version } => {
            let version = names.wording(&version, Meant::Waiting)?.1.hash.hex();
            let note = note(names.link, ("not-now", &version), &mut kept, asking)?;
            Request::AgreementNotNow { version, note }
        }
        Agreement::NeedTime { version, until } => {
            let today = super::today_is(names.link)?;
            let until = super::day_to_come(&until, today, &t!("ask-time-until"), asking)?;
            Request::AgreementNeedTime {
                version: names.wording(&version, Meant::Waiting)?.1.hash.hex(),
                until,
            }
        }
        Agreement::StepBack { version } => {
            let version = names.wording(&version, Meant::Standing)?;
            let version = say_first(&mut names, version, &t!("ask-step-back"))?;
            let note = note(names.link, ("step-back", &version), &mut kept, asking)?;
            Request::AgreementStepBack { version, note }
        }
        Agreement::LetGo { agreement } => {
            let view = names.agreement(&agreement)?;
            let them = partner(names.link)?;
            let show = || format!("{}\n", say::agreement(&view, &them));
            asking.sure(show, &t!("ask-let-go"))?;
            let agreement = view.agreement.hex();
            let note = note(names.link, ("let-go", &agreement), &mut kept, asking)?;
            Request::AgreementLetGo { agreement, note }
        }
        Agreement::MyPart { agreement } => {
            let view = names.agreement(&agreement)?;
            let agreement = view.agreement.hex();
            let text = if asking.json {
                asking.object::<Text>()?.text
            } else {
                let text = KeptText::new("my-part", &agreement);
                let so_far = view.my_part.unwrap_or_default();
                let text = text.ask(names.link, &t!("ask-my-part"), so_far, asking)?;
                kept.insert(text).text.clone()
            };
            Request::AgreementMyPart { agreement, text }
        }
        Agreement::Look { version } => {
            let (_, version) = names.wording(&version, Meant::Held)?;
            let said = if asking.json {
                asking.object::<LookWords>()?
            } else {
                let so_far = look_so_far(names.link, &version)?;
                let text = KeptText::new("look", &version.hash.hex());
                let mut text = text.ask(names.link, &t!("ask-look"), so_far, asking)?;
                let slot = Slot::look(version.hash);
                let lean = lean_settled(names.link, (&slot, &mut text), asking)
                    .inspect_err(|_| text.keep(names.link, asking))?;
                let words = kept.insert(text).text.clone();
                LookWords { words, lean }
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
    let at_once = opens_at_once(link, &request)?;
    let answer = keep_asking(link, &request, asking);
    if let Some(kept) = &kept {
        kept.done(link, answer.is_ok(), asking)?;
    }
    let done: Acted = typed(&answer?)?;
    if matches!(request, Request::AgreementYes { .. }) && done.rests_until.is_none() {
        closed(link, &done)?;
    }
    let view = whole(link, &done.agreement.hex())?;
    let them = partner(link)?;
    let name = names::leads_back(&names::list(link)?, &view.topic, &view.agreement.hex());
    let now = match at_once {
        true => t!("is-looked-at-once", topic = say::named(&view.topic)),
        false => say::is_now(&request, &view, &name, &them),
    };
    let mut said = shown(link, view, done.rests_until)?;
    if done.rests_until.is_none() {
        said.words = format!("{now}\n\n{}", said.words);
    }
    Ok(said)
}

/// Whether a review opens as soon as it is written: the other's is ready.
fn opens_at_once(link: &mut Link, request: &Request) -> Result<bool, Problem> {
    let Request::AgreementLook { version, .. } = request else {
        return Ok(false);
    };
    let Ok(version) = Hash::from_hex(version) else {
        return Ok(false);
    };
    let page = super::told::slot_view(link, &Slot::look(version))?;
    Ok(page.is_some_and(|it| it.opens_at_once))
}

/// A note, if one is wished; `about`: the step, and what it is about.
fn note(
    link: &mut Link,
    about: (&str, &str),
    kept: &mut Option<KeptText>,
    asking: Asking,
) -> Result<String, Problem> {
    if asking.json {
        return asking.object::<Note>().map(|note| note.note);
    }
    if asking.silent {
        return Ok(String::new());
    }
    let text = KeptText::new(about.0, about.1);
    let text = text.ask(link, &t!("ask-note"), String::new(), asking)?;
    Ok(kept.insert(text).text.clone())
}

/// Words to which a yes would not count, since something else was agreed: they are proposed anew, if the person wants that.
fn say_anew(names: &mut Names<'_>, version: (AgreementView, VersionView)) -> Result<Said, Problem> {
    if !names.asking.person() {
        return Err(Problem::YesWouldNotCount);
    }
    wrap::tell(&say::problem(&Problem::YesWouldNotCount).0);
    let version = say_first(names, version, &t!("ask-same-as"))?;
    proposed(
        names.link,
        &Request::AgreementSame { version },
        names.asking,
    )
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
        let words = words + &changes(&view, &version, &them);
        let topic = say::heading(&say::calm_line(&view.topic));
        format!("{topic}\n\n{words}\n")
    };
    names.asking.sure(show, question)?;
    Ok(version.hash.hex())
}

/// What a wording on offer would change of the one in force.
fn changes(view: &AgreementView, version: &VersionView, them: &str) -> String {
    let on_offer = version.state == VersionState::Proposed;
    let mut held = view.versions.iter().enumerate();
    let held = held.find(|(_, v)| Some(v.hash) == view.in_force && on_offer);
    let to = view.versions.iter().position(|v| v.hash == version.hash);
    let (Some((from, held)), Some(to)) = (held, to) else {
        return String::new();
    };
    if held.words.is_none() || version.words.is_none() {
        return String::new();
    }
    let all = say::difference(held, version, them);
    let (from, to) = (names::letter(from), names::letter(to));
    let differs = say::differences(&all, &view.topic, (&from, &to), them);
    format!("\n{differs}")
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
        slot: Some(Slot::look(version.hash)),
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

/// Where one leans, with the words read whole before they are sealed.
fn lean_settled(
    link: &mut Link,
    (slot, text): (&Slot, &mut KeptText),
    asking: Asking,
) -> Result<Lean, Problem> {
    loop {
        super::checkin::tell_if_it_opens_at_once(link, slot);
        let lean = lean(asking)?;
        wrap::tell(&format!("\n{}", say::calm(&text.text)));
        match asking.settled(&t!("ask-ready"))? {
            Settled::Yes => return Ok(lean),
            Settled::Change => text.text = asking.text_from(&t!("ask-look"), &text.text)?,
            Settled::No => return Err(Problem::Interrupted),
        }
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

pub(super) fn proposed(
    link: &mut Link,
    request: &Request,
    asking: Asking,
) -> Result<Said, Problem> {
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
            let (version, by) = (v.hash.hex(), v.by);
            let request = Request::AgreementSame { version };
            let mut said = proposed(names.link, &request, names.asking)?;
            let them = them.as_str();
            said.words = match by {
                Who::Me => t!("chosen-mine", partner = them),
                Who::Partner => t!("chosen-theirs", partner = them),
            } + "\n";
            return Ok(said);
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

/// What a proposal may begin from.
fn templates() -> Said {
    let all = crate::templates::templates(words::spoken());
    let json: Value = all
        .iter()
        .map(|it| json!({"template": it.id, "title": it.title, "about": it.about, "tag": it.tag}))
        .collect();
    let lines = all.iter().map(|it| {
        let head = say::heading(it.title);
        format!("{head} ({})\n   {}\n", it.id, it.about)
    });
    let words = lines.collect::<String>() + "\n" + &t!("templates-how") + "\n";
    Said::new(json!({"templates": json}), words)
}

/// What each said about an agreement, all its pages.
fn history(link: &mut Link, view: &AgreementView) -> Result<Said, Problem> {
    let (mut all, mut after): (Vec<Happened>, _) = (Vec::new(), None);
    loop {
        let agreement = view.agreement.hex();
        let request = Request::AgreementHistory { agreement, after };
        let page: History = typed(&link.ask(&request)?)?;
        all.extend(page.history);
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    let them = partner(link)?;
    let lines = say::history_lines(&all, view, &them);
    let line = |(it, words): (&Happened, &String)| {
        let mut json = serde_json::to_value(it).unwrap_or_default();
        json["words"] = json!(words);
        json
    };
    let told: Value = all.iter().zip(&lines).map(line).collect();
    let json = json!({"agreement": view.agreement, "topic": view.topic, "state": view.state, "history": told});
    Ok(Said::new(json, say::history(view, &lines)))
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
