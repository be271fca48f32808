//! How a person names something told: by its number in the list, by words of how it begins (what is told in trust by its
//! day), by the name that scripts use; or by nothing, where only one can be meant.

use super::super::{checkin, typed};
use crate::ask::Asking;
use crate::cli::kebab;
use crate::days::spoken;
use crate::link::Link;
use crate::names;
use crate::say::{self, told::Beside};
use crate::words::t;
use crate::wrap;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use troth_proto::api::{Request, Slots};
use troth_proto::home::Home;
use troth_proto::ids::Who;
use troth_proto::said::told::{Thing as About, ToldKind, Verb, answer_row};
use troth_proto::telling::{Ask, Found, Line, Lines, Seen, Thing, View};
use troth_proto::view::SlotView;
use troth_proto::{AssertionId, Problem, Slot};

/// Things that are looked at for the one that can be meant.
const LOOKED_AT: usize = 200;

/// One thing; of a repair, also the pages of its sealed steps and what was said of them.
#[derive(Debug, Clone)]
pub struct Whole {
    /// The thing.
    pub view: View,
    /// Pages of the sealed steps that both have finished.
    pub pages: Vec<SlotView>,
    /// What was said of each.
    pub of_pages: Vec<View>,
    /// The page of the present step, if it is sealed.
    pub present: Option<SlotView>,
    /// The tender spot that trust touches, if one may see it.
    pub spot: Option<View>,
    /// What is meant, if it is not the thing itself: a permission stands in the thread of its confidence.
    pub meant: Option<AssertionId>,
}

/// What an answer speaks of.
#[derive(Debug, Clone)]
pub struct Target {
    /// Its name.
    pub id: String,
    /// What it is.
    pub about: About,
    /// Whether it is one's own.
    pub own: bool,
}

impl Whole {
    /// As it is shown.
    pub fn shown(&self, them: &str) -> String {
        let beside = Beside {
            pages: &self.pages,
            of_pages: &self.of_pages,
            present: self.present.as_ref(),
            spot: self.spot.as_ref(),
        };
        say::told::whole(&self.view, &beside, them)
    }

    /// Everything that can be answered: answers first, the newest before.
    fn things(&self) -> impl Iterator<Item = (&View, &Thing)> {
        let views = self.of_pages.iter().rev().chain([&self.view]);
        views.flat_map(|view| {
            let answers = view.answers.iter().rev().chain([&view.told]);
            answers.map(move |thing| (view, thing))
        })
    }

    /// What a verb speaks of, if it can be said now.
    pub fn target(&self, says: Verb) -> Option<Target> {
        // Of a repair what is said of it before what is said of its pages: a yes is to an apology, once there is one.
        let own = self
            .things()
            .filter(|(view, _)| view.told.id == self.view.told.id);
        // What was said back is marked in its step; a yes of a later one never goes there.
        let marks = matches!(says, Verb::Yes | Verb::NotYet);
        let at_marks = self.view.repair.as_ref().is_some_and(|it| it.step == 3);
        let pages = self.things().filter(|_| !marks || at_marks);
        let mut fit = own.chain(pages).filter(|(_, it)| it.may.contains(&says));
        let (view, thing) = fit.next()?;
        Some(Target {
            id: thing.id.hex(),
            about: say::told::about_of(view, thing)?,
            own: thing.by == Who::Me,
        })
    }

    /// What a verb would speak of, if only its time had come.
    pub fn would_be(&self, says: Verb) -> Option<Target> {
        let answers = self.view.answers.iter().rev();
        let mut all = std::iter::once(&self.view.told).chain(answers);
        all.find_map(|thing| self.as_target(thing, says))
    }

    /// A thing as what a verb speaks of, whatever its time.
    fn as_target(&self, thing: &Thing, says: Verb) -> Option<Target> {
        let own = thing.by == Who::Me;
        let about = say::told::about_of(&self.view, thing)?;
        answer_row(says, about, own)?;
        let id = thing.id.hex();
        Some(Target { id, about, own })
    }

    /// Whether it is a repair that goes on.
    pub fn goes_on(&self) -> bool {
        let repair = self.view.repair.as_ref();
        repair.is_some_and(|it| !it.stopped && !it.through && it.walked.is_none())
    }

    /// Why a verb cannot be said now.
    pub fn why_not(&self, says: Verb) -> Problem {
        let view = &self.view;
        if self.would_be(says).is_none() && view.repair.is_none() {
            return Problem::NotSaidOfThis;
        }
        match view.told.seen {
            Seen::Closed => return Problem::OpenFirst,
            Seen::Folded => return Problem::Folded,
            Seen::Older => return Problem::SaidBetter,
            Seen::TakenBack if view.told.by == Who::Partner => return Problem::NoLonger,
            Seen::TakenBack => return Problem::AlreadyTakenBack,
            Seen::Open | Seen::Gone => {}
        }
        let closed = |it: &&Thing| it.seen == Seen::Closed;
        let mut closed = view.answers.iter().filter(closed);
        if view.repair.is_none() && closed.any(|it| self.as_target(it, says).is_some()) {
            return Problem::OpenFirst;
        }
        if let Some(repair) = &view.repair {
            let step = repair.step;
            return match says {
                _ if repair.stopped || repair.through => Problem::RepairClosed,
                Verb::Yes | Verb::NotYet if step == 6 && self.unopened() => Problem::ApologyUnread,
                Verb::Done if step == 3 && !repair.i_am_done => {
                    match say::told::has_said_back(repair) {
                        true => Problem::NotMarkedYet,
                        false => Problem::SayBackFirst,
                    }
                }
                Verb::Done if repair.i_am_done => Problem::SaidAlready,
                _ => Problem::NotThisStep { step },
            };
        }
        match (says, view.told.kind) {
            (Verb::Words, Some(ToldKind::Confidence)) => Problem::NotAskedFor,
            (Verb::Words | Verb::Heard, Some(ToldKind::SmallTruth)) => Problem::ThanksFirst,
            (Verb::MayI, _) => Problem::AlreadyAsked,
            (Verb::Plan, _) => Problem::BothMeaningsFirst,
            (Verb::Done | Verb::TellNobody, _) => Problem::SaidAlready,
            _ => Problem::NotSaidOfThis,
        }
    }

    /// My own that can be taken back: the thing, else my newest answer to it.
    pub fn mine_to_take_back(&self) -> Option<AssertionId> {
        if self.meant.is_some() {
            return self.within().filter(|it| it.may_take_back).map(|it| it.id);
        }
        self.mine(|it| it.may_take_back).map(|(_, it)| it.id)
    }

    /// My own that can be said better: what was told, else my newest answer to it; in its view.
    pub fn mine_to_say_better(&self) -> Option<(&View, &Thing)> {
        self.mine(|it| it.may_say_better)
    }

    fn mine(&self, may: impl Fn(&Thing) -> bool) -> Option<(&View, &Thing)> {
        let told = Some((&self.view, &self.view.told)).filter(|(_, it)| may(it));
        told.or_else(|| self.things().find(|(_, it)| may(it)))
    }

    /// The answer that is named by its own name, in its view.
    pub fn answer_named(&self, which: &[String]) -> Option<(&View, &Thing)> {
        let [name] = which else { return None };
        let named = |it: &Thing| it.says.is_some() && it.id.hex().starts_with(name.as_str());
        let mut all = self.things().filter(|(_, it)| name.len() >= 4 && named(it));
        all.next()
    }

    /// What is meant, where that stands in the thread of another thing.
    pub fn within(&self) -> Option<&Thing> {
        let meant = self.meant?;
        self.view.answers.iter().find(|it| it.id == meant)
    }

    /// The same, of which something within is meant, if that is what fits.
    fn meaning(mut self, fits: impl Fn(&AssertionId) -> bool) -> Self {
        if !fits(&self.view.told.id) {
            let mut within = self.view.answers.iter().map(|it| it.id);
            self.meant = within.find(fits);
        }
        self
    }

    /// Whether words of the other's are in it, told in trust: only opening shows them.
    pub fn read_by_opening(&self) -> bool {
        let told = &self.view.told;
        let in_trust = told.kind.is_some_and(|kind| kind.row().in_trust);
        let theirs = told.by == Who::Partner && told.seen == Seen::Open;
        in_trust && (theirs || self.view.answers.iter().any(say::told::unread))
    }

    /// Whether something of it waits to be opened.
    pub fn unopened(&self) -> bool {
        let closed = |it: &Thing| it.seen == Seen::Closed;
        closed(&self.view.told) || self.view.answers.iter().any(closed)
    }
}

/// What an answer in a view speaks of.
pub fn target_of(view: &View, answer: &Thing) -> Option<Target> {
    let mut all = view.answers.iter().chain([&view.told]);
    let thing = all.find(|it| Some(it.id) == answer.about)?;
    Some(Target {
        id: thing.id.hex(),
        about: say::told::about_of(view, thing)?,
        own: thing.by == Who::Me,
    })
}

/// One view, by the name that scripts use or by a slot.
pub fn show(link: &mut Link, id: &str) -> Result<View, Problem> {
    typed(&link.ask(&Request::Told(Ask::Show { id: id.into() }))?)
}

/// A slot by itself.
pub fn slot_view(link: &mut Link, slot: &Slot) -> Result<Option<SlotView>, Problem> {
    let asked = Request::CheckinShow {
        slot: Some(slot.clone()),
        after: None,
    };
    let slots: Slots = typed(&link.ask(&asked)?)?;
    Ok(slots.slots.into_iter().next())
}

/// The page whose name has these words: a week, the long check-in, a card by its question, a review by its agreement. One that
/// fits goes before the others.
pub fn page(
    link: &mut Link,
    text: &str,
    fits: impl Fn(&SlotView) -> bool,
    asking: Asking,
) -> Result<Option<Slot>, Problem> {
    let (mut pages, mut after) = (Vec::new(), None);
    loop {
        let part: Slots = typed(&link.ask(&Request::SlotList { after })?)?;
        let named = part
            .slots
            .into_iter()
            .filter(|it| !matches!(it.slot, Slot::Repair { .. }));
        pages.extend(named.map(|it| (say::page_name(&it.slot, &it.topic), it)));
        after = part.next;
        if after.is_none() {
            break;
        }
    }
    let mut found = names::by_words(&pages, |(name, _)| name, text);
    if found.iter().any(|(_, page)| fits(page)) {
        found.retain(|(_, page)| fits(page));
    }
    match found.as_slice() {
        [] => Ok(None),
        [(_, page)] => Ok(Some(page.slot.clone())),
        several if asking.person() => {
            let several: Vec<SlotView> = several.iter().map(|(_, page)| page.clone()).collect();
            checkin::one_of(&several, asking).map(Some)
        }
        _ => Err(Problem::NotUnique { what: text.into() }),
    }
}

/// That several things wait, with the command that opens one of each kind.
fn several_wait(fit: &[(Line, Whole)]) -> Problem {
    let mut commands: Vec<String> = Vec::new();
    for (line, _) in fit {
        let command = format!("`troth {} open`", kebab(line.kind.name()));
        if !commands.contains(&command) {
            commands.push(command);
        }
    }
    let commands = commands.join(", ");
    Problem::SeveralWait { commands }
}

/// A view with what belongs to it.
pub fn whole(link: &mut Link, view: View) -> Result<Whole, Problem> {
    let (mut pages, mut of_pages) = (Vec::new(), Vec::new());
    let opened = view.repair.as_ref().map(|it| it.opened.clone());
    for slot in opened.unwrap_or_default() {
        let Some(page) = slot_view(link, &slot)? else {
            continue;
        };
        for id in [page.pages.me, page.pages.partner].into_iter().flatten() {
            of_pages.push(show(link, &id.hex())?);
        }
        pages.push(page);
    }
    let slot = view.repair.as_ref().and_then(|it| it.slot.clone());
    let present = match slot {
        Some(slot) => slot_view(link, &slot)?,
        None => None,
    };
    let spot = match (view.told.kind, view.told.about) {
        (Some(ToldKind::TrustGiven), Some(spot)) => match show(link, &spot.hex()) {
            // What was taken back unopened was never there.
            Err(Problem::NoSuch { .. }) => None,
            spot => Some(spot?),
        },
        _ => None,
    };
    Ok(Whole {
        view,
        pages,
        of_pages,
        present,
        spot,
        meant: None,
    })
}

/// What was told, newest first.
pub fn lines(link: &mut Link, kind: Option<ToldKind>) -> Result<Vec<Line>, Problem> {
    Ok(lines_to(link, kind, None)?.0)
}

/// The newest of it, so many at most, and whether there are more.
pub fn lines_to(
    link: &mut Link,
    kind: Option<ToldKind>,
    most: Option<usize>,
) -> Result<(Vec<Line>, bool), Problem> {
    let (mut all, mut after) = (Vec::new(), None);
    loop {
        let part: Lines = typed(&link.ask(&Request::Told(Ask::List { kind, after }))?)?;
        all.extend(part.told);
        after = part.next;
        let enough = most.filter(|most| all.len() >= *most);
        if after.is_none() || enough.is_some() {
            let more = after.is_some() || enough.is_some_and(|most| all.len() > most);
            all.truncate(enough.unwrap_or(all.len()));
            return Ok((all, more));
        }
    }
}

/// Keeps what stood at which number, for the next command: names for scripts, and nothing else.
pub fn keep_list(home: &Home, kind: Option<ToldKind>, lines: &[Line]) {
    let head = kind.map_or("all", ToldKind::name);
    let names: String = lines.iter().map(|line| line.id.hex() + "\n").collect();
    let file = std::fs::OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(home.last_told());
    // Without it numbers are those of a list made anew.
    let _ = file.and_then(|mut file| file.write_all(format!("{head}\n{names}").as_bytes()));
}

/// What stood in the last list of that kind, in its order.
fn last_list(home: &Home, kind: Option<ToldKind>) -> Vec<AssertionId> {
    let text = std::fs::read_to_string(home.last_told()).unwrap_or_default();
    let mut lines = text.lines();
    // Who names no kind means the last list, whatever it was of.
    let head = lines.next();
    let fits = kind.is_none_or(|kind| head == Some(kind.name()));
    let ids = lines.map_while(|name| AssertionId::from_hex(name).ok());
    ids.filter(|_| fits).collect()
}

/// The newest that were told: one page of them.
pub fn newest(link: &mut Link, kind: Option<ToldKind>) -> Result<Vec<Line>, Problem> {
    let asked = Request::Told(Ask::List { kind, after: None });
    Ok(typed::<Lines>(&link.ask(&asked)?)?.told)
}

/// Lines with the numbers by which they can be named: those of the last list where it was of that kind, else their own.
pub fn numbered<'a>(
    home: &Home,
    kind: Option<ToldKind>,
    lines: &'a [Line],
) -> Vec<(Option<usize>, &'a Line)> {
    let listed = last_list(home, kind);
    let number = |(place, line): (usize, &'a Line)| {
        let place = match listed.is_empty() {
            true => Some(place),
            false => listed.iter().position(|id| *id == line.id),
        };
        (place.map(|place| place + 1), line)
    };
    lines.iter().enumerate().map(number).collect()
}

/// A line with the words that name it.
fn with_name(line: Line) -> (Line, String) {
    // What is told in trust is found by no words of it (K9): it is named by its day.
    let day = line.on.filter(|_| line.kind.row().in_trust);
    let day = day.map(spoken).unwrap_or_default();
    let name = format!("{} {} {day}", line.topic, line.begins);
    (line, name)
}

/// What is needed to name what a search found.
pub fn found(link: &mut Link, found: &Found) -> Result<say::told::Named, Problem> {
    let mut named = say::told::Named::default();
    let mut others = false;
    for it in &found.found {
        match it.id.parse::<Slot>() {
            Ok(slot @ Slot::Look { .. }) => {
                let topic = slot_view(link, &slot)?.map(|view| view.topic);
                named.looks.insert(it.id.clone(), topic.unwrap_or_default());
            }
            Ok(_) => {}
            Err(_) => others = true,
        }
    }
    if others {
        named.agreements = names::list(link)?;
        named.told = lines(link, None)?.into_iter().map(with_name).collect();
    }
    Ok(named)
}

/// One who looks for something told.
pub struct Finder<'a> {
    pub link: &'a mut Link,
    pub home: &'a Home,
    pub asking: Asking,
    /// The partner's name.
    pub them: &'a str,
    /// Where nothing is named, look among what is put away; else among the rest.
    pub away: bool,
}

impl Finder<'_> {
    /// The one that is meant: by its name, else the only one that fits.
    ///
    /// # Errors
    /// There is none by that name, or more than one.
    pub fn find(
        &mut self,
        kind: Option<ToldKind>,
        which: &[String],
        fits: impl Fn(&Whole) -> bool,
    ) -> Result<Whole, Problem> {
        let text = which.join(" ");
        let text = text.trim();
        let of_kind = |it: &Whole| {
            let told = it.within().unwrap_or(&it.view.told).kind;
            kind.is_none()
                || it.view.told.kind.is_none()
                || it.view.told.kind == kind
                || told == kind
        };
        if names::is_script_name(text) || text.parse::<Slot>().is_ok() {
            match show(self.link, text) {
                Ok(view) => {
                    let named = |id: &AssertionId| id.hex().starts_with(text);
                    let it = whole(self.link, view)?.meaning(named);
                    return Some(it)
                        .filter(of_kind)
                        .ok_or_else(|| Problem::NoSuch { what: text.into() });
                }
                // It may be a word too.
                Err(Problem::NoSuch { .. } | Problem::BadRequest { .. }) if !self.asking.json => {}
                Err(problem) => return Err(problem),
            }
        }
        let all = lines(self.link, kind)?;
        if let Ok(number) = text.parse::<usize>() {
            let listed = last_list(self.home, kind);
            let place = number.checked_sub(1);
            let id = place.and_then(|at| listed.get(at).copied().or(Some(all.get(at)?.id)));
            let id = id.ok_or_else(|| Problem::NoSuch { what: text.into() })?;
            let view = show(self.link, &id.hex())?;
            return Ok(whole(self.link, view)?.meaning(|it| *it == id));
        }
        let named: Vec<(Line, String)> = all.into_iter().map(with_name).collect();
        let found: Vec<Line> = if text.is_empty() {
            let at_hand = named
                .into_iter()
                .filter(|(line, _)| line.put_away == self.away);
            at_hand.map(|(line, _)| line).take(LOOKED_AT).collect()
        } else {
            let found = names::by_words(&named, |(_, name)| name, text);
            found.into_iter().map(|(line, _)| line.clone()).collect()
        };
        if let ([one], false) = (found.as_slice(), text.is_empty()) {
            let view = show(self.link, &one.id.hex())?;
            return Ok(whole(self.link, view)?.meaning(|it| *it == one.id));
        }
        let mut fit = Vec::new();
        for line in found {
            let view = show(self.link, &line.id.hex())?;
            let it = whole(self.link, view)?.meaning(|it| *it == line.id);
            if fits(&it) {
                fit.push((line, it));
            }
        }
        match fit.len() {
            0 if text.is_empty() => Err(Problem::NothingFits),
            0 => Err(Problem::NoSuch { what: text.into() }),
            1 => fit.pop().map(|(_, it)| it).ok_or(Problem::Internal),
            _ if self.asking.person() => self.one_of(kind, fit),
            _ if kind.is_none() && text.is_empty() => Err(several_wait(&fit)),
            _ => Err(Problem::NotUnique {
                what: if text.is_empty() {
                    kind.map(|it| kebab(it.name())).unwrap_or_default()
                } else {
                    text.to_owned()
                },
            }),
        }
    }

    /// Asks which.
    fn one_of(
        &mut self,
        kind: Option<ToldKind>,
        mut fit: Vec<(Line, Whole)>,
    ) -> Result<Whole, Problem> {
        let lines: Vec<Line> = fit.iter().map(|(line, _)| line.clone()).collect();
        wrap::tell(&say::told::list(kind, &lines, self.them));
        let place = self.asking.place(&t!("ask-which-told"), fit.len())?;
        Ok(fit.swap_remove(place).1)
    }
}
