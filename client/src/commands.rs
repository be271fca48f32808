//! One command, one request: what is typed becomes a request, and the answer becomes sentences. One file a subject.

mod agreement;
mod card;
mod checkin;
mod draft;
mod export;
mod files;
mod home;
mod pages;
mod private;
mod propose;
mod told;

pub(crate) use agreement::whole;
pub(crate) use draft::list as drafts;
pub(crate) use home::opens_here;
pub(crate) use told::{newest as told_newest, numbered as told_numbers};

use crate::ask::Asking;
use crate::cli::{Agreement, Carry, Checkin, Command, Draft, FormatArg, Network, SwitchArg};
use crate::link::Link;
use crate::words::{Language, means, t};
use crate::wrap;
use crate::{Said, days, names, say};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use std::cell::Cell;
use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::time::{Duration, Instant};
use troth_proto::api::{self, Notify, PairStep, PairView, Request, Sharing, Status};
use troth_proto::home::Home;
use troth_proto::problem::Wrong;
use troth_proto::view::TodayView;
use troth_proto::{AssertionId, Day, Problem, limits};

/// Seconds that `--wait` waits at most: a day.
const LONGEST_WAIT: u64 = 86_400;

/// An answer in the type its command promises.
pub(crate) fn typed<T: DeserializeOwned>(answer: &Value) -> Result<T, Problem> {
    serde_json::from_value(answer.clone()).map_err(|_| Problem::ApiVersion)
}

/// A status as scripts see it: what happened in sentences.
fn said_status(mut answer: Value, status: &Status) -> Value {
    let partner = say::name_of(status.partner.as_deref());
    let notices = status
        .notices
        .iter()
        .map(|notice| say::notice(notice, &partner));
    answer["notices"] = notices.collect();
    answer
}

/// What came of calling each address here.
fn called_here(here: &api::CalledHere) -> String {
    match (here.sharing, here.called) {
        (Sharing::Paused | Sharing::Stopped, _) => t!("reach-here-later"),
        _ if here.connected => t!("reach-here-connected"),
        (_, 0) => t!("reach-here-nowhere"),
        (_, called) => t!("reach-here", called = called),
    }
}

pub(crate) fn run(
    home: &Home,
    command: Option<Command>,
    asking: Asking,
    wait: Option<u64>,
) -> Result<Said, Problem> {
    let mut link = Link::open(home)?;
    let link = &mut link;
    // These are of a locked home, too.
    let locked = matches!(
        command,
        Some(
            Command::Unlock { .. }
                | Command::Lock
                | Command::Status
                | Command::Init { .. }
                | Command::Restore { .. }
        )
    );
    if !locked {
        home::opens_here(link, asking)?;
    }
    let writes = matches!(
        &command,
        Some(
            Command::Say
                | Command::Card {
                    step: None | Some(crate::cli::Card::Propose { .. }),
                    ..
                }
        )
    ) || matches!(&command, Some(Command::Told(told)) if told.step.writes())
        || matches!(&command, Some(Command::Agreement(a)) if !matches!(a, Agreement::Show { .. } | Agreement::History { .. } | Agreement::Templates | Agreement::List { .. }))
        || matches!(&command, Some(Command::Checkin(c)) if !matches!(c, Checkin::Show { .. } | Checkin::Keep { .. }))
        || matches!(&command, Some(Command::Draft(d)) if !matches!(d, Draft::Show { .. } | Draft::List));
    let said = match command {
        None => today(link, true),
        Some(Command::Today) => today(link, false),
        Some(Command::Init {
            keys,
            listen,
            mapping,
            recovery_words,
        }) => home::init(link, home, (keys, listen, mapping, recovery_words), asking),
        Some(Command::Status) => {
            let answer = link.ask(&Request::Status {})?;
            let status = typed(&answer)?;
            let words = status_words(link, &status)?;
            Ok(Said::new(said_status(answer, &status), words))
        }
        Some(Command::Agreement(step)) => agreement::run(link, home, step, asking),
        Some(Command::Checkin(step)) => checkin::run(link, home, step, asking),
        Some(Command::Draft(step)) => draft::run(link, step, asking),
        Some(Command::Told(told)) => told::run(link, home, told, asking),
        Some(Command::Say) => told::say(link, home, asking),
        Some(Command::Open { id }) => told::open(link, home, &id, asking),
        Some(Command::Show { id }) => told::show(link, home, &id, asking),
        Some(Command::Search { words, all }) => told::search(link, &words, all || asking.json),
        Some(Command::Card { deck, card, step }) => {
            card::run(link, home, (deck, card), step, asking)
        }
        Some(Command::Carry(Carry::Out { file, upto, whole })) => {
            files::carry_out(link, &file, upto, whole)
        }
        Some(Command::Carry(Carry::In { file })) => files::carry_in(link, &file),
        Some(Command::Backup { file }) => files::backup(link, &file, asking),
        Some(Command::Restore { file, keys, listen }) => {
            files::restore(link, &file, keys, listen, asking)
        }
        Some(Command::Export {
            format,
            book,
            draft,
            with_confidences,
            file,
        }) => match format {
            // It is no text.
            FormatArg::Automerge if file == Path::new("-") => Err(Problem::BadRequest {
                wrong: Wrong::NeedsFile,
            }),
            FormatArg::Automerge => files::export(link, (book, draft), with_confidences, &file),
            // The others are of everything.
            _ if draft.is_some() => Err(Problem::BadRequest {
                wrong: Wrong::NotTogether {
                    one: "--draft".to_owned(),
                    other: "--format".to_owned(),
                },
            }),
            format => export::run(link, format, with_confidences, &file),
        },
        Some(Command::RecoveryWords { as_they_have_it }) => {
            home::recovery_words(link, as_they_have_it, asking)
        }
        Some(Command::Private { step }) => private::run(link, home, step, asking),
        Some(Command::Pause) => sharing(link, &Request::Pause {}, &t!("sharing-paused")),
        Some(Command::Resume) => sharing(link, &Request::Resume {}, &t!("sharing-on")),
        Some(Command::Stop) => sharing(link, &Request::Stop {}, &t!("sharing-stopped")),
        Some(Command::Unlock { recovery_words }) => home::unlock(link, recovery_words, asking),
        Some(Command::Lock) => {
            link.ask(&Request::Lock {})?;
            Ok(Said::new(
                json!({"keys": "locked"}),
                t!("locked-now") + "\n",
            ))
        }
        Some(Command::Reach { address: None, .. }) => {
            let answer = link.ask(&Request::ReachHere {})?;
            let words = called_here(&typed(&answer)?) + "\n";
            Ok(Said::new(answer, words))
        }
        Some(Command::Reach {
            address: Some(address),
            ..
        }) => {
            let answer = link.ask(&Request::Reach { address })?;
            let status: Status = typed(&answer)?;
            let words = match status.sharing {
                Sharing::Paused | Sharing::Stopped => t!("reach-tries-later"),
                Sharing::On | Sharing::NotPaired => t!("reach-tries"),
            };
            let words = words + "\n";
            Ok(Said::new(said_status(answer, &status), words))
        }
        Some(Command::Network { step }) => network(link, step),
        Some(Command::Notify { how }) => notify(link, how),
        Some(Command::Doctor) => {
            let answer = link.ask(&Request::Doctor {})?;
            let them = partner(link)?;
            let doctor: api::Doctor = typed(&answer)?;
            let rungs: Vec<Value> = doctor.rungs.iter().map(|r| say::rung(r, &them)).collect();
            Ok(Said::new(
                json!({"rungs": rungs}),
                say::doctor(&doctor, &them),
            ))
        }
        // Handled before a daemon is needed.
        Some(_) => Err(Problem::Internal),
    }?;
    Ok(waited(link, said, wait.filter(|_| writes)))
}

/// What was said, once the partner has it or the time is over.
fn waited(link: &mut Link, said: Said, wait: Option<u64>) -> Said {
    let Some(seconds) = wait else { return said };
    Said {
        // What was written is told in any case; that it has not arrived yet is told besides.
        but: delivered(link, Duration::from_secs(seconds.min(LONGEST_WAIT))).unwrap_or_else(Some),
        ..said
    }
}

/// Waits until the partner's disk has everything written here.
fn delivered(link: &mut Link, within: Duration) -> Result<Option<Problem>, Problem> {
    let begun = Instant::now();
    link.ask(&Request::Subscribe {})?;
    loop {
        let status: Status = typed(&link.ask(&Request::Status {})?)?;
        if status.partner_has_all {
            return Ok(None);
        }
        let left = within.saturating_sub(begun.elapsed());
        if left.is_zero() {
            return Ok(Some(Problem::NotDelivered {
                partner: status.partner.unwrap_or_default(),
            }));
        }
        link.changed(left)?;
    }
}

/// The day it is.
fn today_is(link: &mut Link) -> Result<Day, Problem> {
    let status: Status = typed(&link.ask(&Request::Status {})?)?;
    status
        .today
        .ok_or(match (status.keys.as_str(), status.locked_by) {
            ("locked", Some(by)) => Problem::Locked { by },
            _ => Problem::NotSetUp,
        })
}

/// Words that are no day.
fn bad_day(text: &str) -> Problem {
    Problem::BadRequest {
        wrong: Wrong::NoDay { text: text.into() },
    }
}

/// A day as a person said it, that is to come; one whose day is none is asked again.
fn day_to_come(text: &str, today: Day, question: &str, asking: Asking) -> Result<Day, Problem> {
    let mut text = text.to_owned();
    loop {
        let refused = match days::day(&text, today) {
            Some(day) if day >= today => return Ok(day),
            Some(day) => Problem::DayPassed { day },
            None => bad_day(&text),
        };
        if !asking.person() {
            return Err(refused);
        }
        mend(&refused);
        text = asking.needed(question)?;
    }
}

/// The partner's name, for one who is about to write: what would be refused is not asked for.
fn bound(link: &mut Link) -> Result<String, Problem> {
    let status: Status = typed(&link.ask(&Request::Status {})?)?;
    match (status.keys.as_str(), status.locked_by, status.partner) {
        ("not_set_up", ..) => Err(Problem::NotSetUp),
        ("locked", Some(by), _) => Err(Problem::Locked { by }),
        (_, _, Some(partner)) => Ok(say::name(&partner)),
        _ => Err(Problem::NotPaired),
    }
}

pub(crate) fn partner(link: &mut Link) -> Result<String, Problem> {
    let status: Status = typed(&link.ask(&Request::Status {})?)?;
    Ok(say::name_of(status.partner.as_deref()))
}

/// Today as it stands, for what needs a part of it: what is told once stays for the screen of Today.
fn glance(link: &mut Link) -> Result<TodayView, Problem> {
    typed(&link.ask(&Request::Glance {})?)
}

fn today(link: &mut Link, whole: bool) -> Result<Said, Problem> {
    let status: Status = typed(&link.ask(&Request::Status {})?)?;
    if whole && status.keys != "open" {
        return Ok(Said::new(
            json!({"keys": status.keys}),
            say::status(&status),
        ));
    }
    let answer = link.ask(&Request::Today {})?;
    let mut today: TodayView = typed(&answer)?;
    let json = say::today_json(&today);
    if whole {
        // The others are told above, with the rest of how things are.
        today
            .notices
            .retain(|notice| !status.notices.contains(notice));
    }
    let mut words = say::today(&today, &names::list(link)?);
    if whole {
        words = format!("{}\n{words}", status_words(link, &status)?);
    }
    Ok(Said::new(json, words))
}

/// How everything is, also while two devices are comparing their numbers.
fn status_words(link: &mut Link, status: &Status) -> Result<String, Problem> {
    let mut words = say::status(status);
    if status.keys == "open" && status.sharing == Sharing::NotPaired {
        let now: PairView = typed(&link.ask(&Request::PairState {})?)?;
        if matches!(now.state, PairStep::Comparing | PairStep::Confirming) {
            words += &(t!("status-pairing") + "\n");
        }
    }
    Ok(words)
}

/// How the network is set, and is set from now on.
fn network(link: &mut Link, step: Option<Network>) -> Result<Said, Problem> {
    let mapping = step.map(|Network::Mapping { how }| matches!(how, SwitchArg::On));
    let answer = link.ask(&Request::Network { mapping })?;
    let set: api::Network = typed(&answer)?;
    let them = partner(link)?;
    let router = say::rung(&set.router, &them);
    let mut words = say::rungs(std::slice::from_ref(&set.router), &them);
    if mapping == Some(true) {
        words += &format!("\n{}\n", t!("network-mapping-on"));
    }
    Ok(Said::new(
        json!({"mapping": set.mapping, "router": router}),
        words,
    ))
}

/// Whether the desktop says that there is something, and is to from now on.
fn notify(link: &mut Link, how: Option<SwitchArg>) -> Result<Said, Problem> {
    let set = how.map(|how| match (how, Language::wanted()) {
        (SwitchArg::Off, _) => Notify::Off,
        (SwitchArg::On, Language::English) => Notify::En,
        (SwitchArg::On, Language::German) => Notify::De,
    });
    let answer = link.ask(&Request::Notify { set })?;
    let now: api::Notifications = typed(&answer)?;
    let them = partner(link)?;
    let desktop = say::rung(&now.desktop, &them);
    let mut words = say::rungs(std::slice::from_ref(&now.desktop), &them);
    let on = now.notify != Notify::Off;
    if on && set.is_some() {
        words += &format!("\n{}\n", t!("notify-on"));
    }
    Ok(Said::new(json!({"notify": on, "desktop": desktop}), words))
}

fn sharing(link: &mut Link, request: &Request, words: &str) -> Result<Said, Problem> {
    let answer = link.ask(request)?;
    let status: Status = typed(&answer)?;
    let words = match status.sharing {
        Sharing::NotPaired => t!("sharing-nobody"),
        _ => words.to_owned(),
    };
    Ok(Said::new(
        said_status(answer, &status),
        format!("{words}\n"),
    ))
}

/// Asks for what a person has just typed words for. What keeps it from being saved may pass: the words stay here until they
/// are, or until the person lets them go. An answer that is lost may have been a yes: what is asked again is said once.
fn keep_asking(link: &mut Link, request: &Request, asking: Asking) -> Result<Value, Problem> {
    let request = once(request);
    loop {
        let refused = match link.ask(&request) {
            Err(problem) if asking.person() && passes(&problem) => problem,
            answer => return answer,
        };
        mend(&refused);
        if !asking.yes_unless(&t!("ask-try-again"), true)? {
            return Err(refused);
        }
    }
}

/// A request that says something, under an id by which it is known again.
fn once(request: &Request) -> Request {
    let plain = || request.clone();
    let mut id = [0; 16];
    let random = File::open("/dev/urandom").and_then(|mut from| from.read_exact(&mut id));
    match random {
        Ok(()) if request.says() => Request::Once {
            id: AssertionId(id),
            request: Box::new(plain()),
        },
        _ => plain(),
    }
}

/// Words that were typed and not said, for what they were meant. There may be several for the same: what a person does not
/// go on from stays until they let it go.
struct Unsaid {
    about: String,
    /// Which of them was gone on from, or was kept here: only that one is let go once it is said.
    held: Cell<Option<usize>>,
    /// Words that stand elsewhere, and are kept nowhere besides.
    elsewhere: Option<String>,
}

impl Unsaid {
    /// `about`: what they are for.
    fn new(about: String) -> Self {
        Self {
            about,
            held: Cell::new(None),
            elsewhere: None,
        }
    }

    /// Words that stand in a private page: what is not said of them goes nowhere else.
    fn elsewhere(words: &impl Serialize) -> Result<Self, Problem> {
        let words = serde_json::to_string(words).map_err(|_| Problem::Internal)?;
        Ok(Self {
            elsewhere: Some(words),
            ..Self::new(String::new())
        })
    }

    /// Those words, if they do.
    fn stands_elsewhere<T: DeserializeOwned>(&self) -> Option<T> {
        serde_json::from_str(self.elsewhere.as_ref()?).ok()
    }

    /// What the words of a number are kept under.
    fn key(&self, number: usize) -> String {
        match number {
            1 => self.about.clone(),
            number => format!("{} {number}", self.about),
        }
    }

    fn kept(&self, link: &mut Link, number: usize) -> Result<Option<api::Secret>, Problem> {
        let about = self.key(number);
        let kept: api::UnsaidWords = typed(&link.ask(&Request::Unsaid { about })?)?;
        Ok(kept.words)
    }

    /// Offers what was kept, one after the other, if a person sits there and wants it.
    fn offer<T: DeserializeOwned>(
        &self,
        link: &mut Link,
        show: impl Fn(&T) -> String,
        asking: Asking,
    ) -> Result<Option<T>, Problem> {
        if let Some(words) = self.stands_elsewhere() {
            return Ok(Some(words));
        }
        if !asking.person() {
            return Ok(None);
        }
        for number in NUMBERS {
            let Some(words) = self.kept(link, number)? else {
                continue;
            };
            let Ok(kept) = serde_json::from_str(&words.0) else {
                continue;
            };
            wrap::tell(&format!("{}\n\n{}", t!("kept-here"), show(&kept)));
            if self.wanted(link, number, &t!("ask-kept-go-on"), asking)? {
                self.held.set(Some(number));
                return Ok(Some(kept));
            }
        }
        Ok(None)
    }

    /// Whether a person wants that of what was just shown. At a no it stays.
    fn wanted(
        &self,
        link: &mut Link,
        number: usize,
        question: &str,
        asking: Asking,
    ) -> Result<bool, Problem> {
        loop {
            let question = t!("ask-kept", question = question);
            let answer = asking.line(&question)?;
            if means("word-yes", &answer) {
                return Ok(true);
            }
            if means("word-no", &answer) {
                return Ok(false);
            }
            if means("word-forget", &answer) {
                self.put(link, number, None)?;
                return Ok(false);
            }
        }
    }

    /// Keeps what was typed, and says whether it could be. What keeps it from being kept may pass.
    fn keep(&self, link: &mut Link, words: &impl Serialize, asking: Asking) -> bool {
        // A person may have sat at a terminal that is gone.
        if asking.json || asking.silent || self.elsewhere.is_some() {
            return false;
        }
        let Ok(text) = serde_json::to_string(words).map(api::Secret) else {
            return false;
        };
        let gone = loop {
            match self.put_anew(link, &text) {
                Ok(gone) => break gone,
                Err(problem) if passes(&problem) => mend(&problem),
                Err(_) => {
                    wrap::tell(&t!("kept-not"));
                    return false;
                }
            }
            if !asking
                .yes_unless(&t!("ask-try-again"), true)
                .is_ok_and(|again| again)
            {
                wrap::tell(&t!("kept-not"));
                return false;
            }
        };
        wrap::tell(&t!("kept-unsaid"));
        if gone > 0 {
            wrap::tell(&t!("kept-oldest-gone"));
        }
        true
    }

    /// Puts words where those are that were gone on from, else where none are.
    fn put_anew(&self, link: &mut Link, words: &api::Secret) -> Result<usize, Problem> {
        let mut place = self.held.get();
        for number in NUMBERS {
            if place.is_none() && self.kept(link, number)?.is_none() {
                place = Some(number);
            }
        }
        let number = place.unwrap_or(1);
        let gone = self.put(link, number, Some(words.clone()))?;
        self.held.set(Some(number));
        Ok(gone)
    }

    fn put(
        &self,
        link: &mut Link,
        number: usize,
        words: Option<api::Secret>,
    ) -> Result<usize, Problem> {
        let about = self.key(number);
        let kept: api::KeptUnsaid = typed(&link.ask(&Request::KeepUnsaid { about, words })?)?;
        Ok(kept.gone)
    }

    /// Once it is said it is kept no more. What it was not is.
    fn let_go(&self, link: &mut Link) -> Result<(), Problem> {
        if let Some(number) = self.held.take() {
            self.put(link, number, None)?;
        }
        Ok(())
    }
}

/// The numbers of words kept for the same: one of them is always free.
const NUMBERS: std::ops::RangeInclusive<usize> = 1..=limits::UNSAID + 1;

/// One text that a person typed, kept until it is said.
struct KeptText {
    unsaid: Unsaid,
    text: String,
}

impl KeptText {
    /// `step` and `about` name what it is for.
    fn new(step: &str, about: &str) -> Self {
        let unsaid = Unsaid::new(format!("{step} {about}"));
        let text = String::new();
        Self { unsaid, text }
    }

    /// Asks for it, beginning from what was kept, else from what stands there.
    fn ask(
        self,
        link: &mut Link,
        question: &str,
        so_far: String,
        asking: Asking,
    ) -> Result<Self, Problem> {
        let show = |text: &String| say::calm(text);
        let kept = self.unsaid.offer(link, show, asking)?;
        let saved = asking.saved_from(question, &kept.unwrap_or(so_far))?;
        let it = Self {
            text: saved.text,
            ..self
        };
        if !saved.taken {
            it.keep(link, asking);
            return Err(Problem::Interrupted);
        }
        Ok(it)
    }

    /// Once it is said it is kept no more; until then it is.
    fn done(&self, link: &mut Link, said: bool, asking: Asking) -> Result<(), Problem> {
        if said {
            return self.unsaid.let_go(link);
        }
        self.keep(link, asking);
        Ok(())
    }

    fn keep(&self, link: &mut Link, asking: Asking) {
        if !self.text.is_empty() {
            self.unsaid.keep(link, &self.text, asking);
        }
    }
}

/// Whether a problem may be gone the next time, without other words.
fn passes(problem: &Problem) -> bool {
    matches!(
        problem,
        Problem::DiskFull
            | Problem::DiskReadOnly
            | Problem::DiskFailed
            | Problem::Locked { .. }
            | Problem::NoDaemon
            | Problem::DaemonDidNotStart { .. }
            | Problem::Stopping
            | Problem::TooManyClients
    )
}

/// Says why words would be refused, before they are asked for again.
pub(crate) fn mend(refused: &Problem) {
    let (what, next) = say::problem(refused);
    // Where it is asked again, no help on a command is needed.
    match refused {
        Problem::BadRequest { .. } => wrap::tell(&what),
        _ => wrap::tell(&format!("{what}\n{next}")),
    };
}
