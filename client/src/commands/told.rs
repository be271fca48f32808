//! Everything that is told: said, listed, opened, answered, taken back, put away.

mod answers;
mod named;
mod spot;
mod words;

pub(super) use answers::answer_page;
pub(crate) use named::{newest, numbered};
pub(super) use named::{page, slot_view};

use super::{Unsaid, bad_day, bound, keep_asking, pages, partner, typed};
use crate::ask::Asking;
use crate::cli::{AddArgs, Saying, Telling, Told, kebab};
use crate::link::Link;
use crate::names::Names;
use crate::words::{means, t};
use crate::wrap;
use crate::{Said, days, say};
use named::{Finder, Whole};
use serde_json::{Value, json};
use troth_proto::api::Request;
use troth_proto::assertion::Weight;
use troth_proto::home::Home;
use troth_proto::ids::Who;
use troth_proto::problem::Wrong;
use troth_proto::said::told::{Facts, How, ListenAs, Page, Texts, ToldKind, Verb};
use troth_proto::telling::{Adding, Ask, Found, Line, Seen, Thing, View};
use troth_proto::view::{SlotView, TodayWhat};
use troth_proto::{AssertionId, Day, Problem, Slot};
use words::{Asks, Draft, Form, Given, chosen, not_one};

/// So many lines of a list are shown to a person who does not ask for all: the rest is said to be there.
const ON_A_SCREEN: usize = 100;

/// Own permissions that are looked at for one of the same name.
const PERMISSIONS: usize = 100;

/// Asks something of the partner, of which the words stand in a private page. They are read whole before they are said; what
/// is not said stays where it is, and nowhere else.
pub(super) fn ask_of(
    link: &mut Link,
    home: &Home,
    text: &str,
    asking: Asking,
) -> Result<Said, Problem> {
    let mut it = Teller::new(link, home, asking)?;
    let words = Texts([("text".to_owned(), text.to_owned())].into());
    let draft = Draft {
        words,
        whole: true,
        ..Draft::default()
    };
    let unsaid = Unsaid::elsewhere(&draft)?;
    it.tell(ToldKind::Ask, draft, &unsaid, None)
}

/// One at the command line, with what is needed for every step.
struct Teller<'a> {
    link: &'a mut Link,
    home: &'a Home,
    asking: Asking,
    them: String,
    today: Day,
}

pub(super) fn run(
    link: &mut Link,
    home: &Home,
    Telling { kind, step }: Telling,
    asking: Asking,
) -> Result<Said, Problem> {
    let mut it = Teller::new(link, home, asking)?;
    let kind_of = Some(kind);
    match step {
        Told::Add(args) => it.add(kind, args),
        Told::List { all } => it.list(kind_of, all),
        Told::Show(which) => {
            let whole = it.find(kind_of, &which.which, |_| true);
            let whole = whole.map_err(|problem| match problem {
                Problem::NothingFits => Problem::NothingAtHand {
                    what: kebab(kind.name()),
                },
                problem => problem,
            })?;
            Ok(it.said(&whole))
        }
        Told::Open(which) => it.open(kind_of, &which.which),
        Told::Better(which) => it.better(kind, &which.which),
        Told::TakeBack(which) => it.take_back(kind, &which.which),
        Told::PutAway { which, back, days } => {
            let mine = |it: &Whole| it.view.told.by == Who::Me && it.view.put_away;
            let whole = if back {
                it.find_also_away(kind_of, &which.which, mine)?
            } else {
                it.find(kind_of, &which.which, |it| it.view.may_put_away)?
            };
            let id = whole.view.told.id.hex();
            it.asked(Ask::PutAway { id, back, days })
        }
        Told::SetAside(which) => it.set_aside(kind_of, &which.which),
        Told::Keep(which) => it.keep(kind_of, &which.which),
        Told::Write(which) if kind == ToldKind::Repair => it.write(&which.which),
        Told::Write(_) => Err(Problem::NotSaidOfThis),
        Told::Say(saying) => it.answer_typed(kind, saying),
    }
}

/// `troth open`, of anything.
pub(super) fn open(
    link: &mut Link,
    home: &Home,
    which: &[String],
    asking: Asking,
) -> Result<Said, Problem> {
    Teller::new(link, home, asking)?.open(None, which)
}

/// `troth show`, of anything.
pub(super) fn show(
    link: &mut Link,
    home: &Home,
    which: &[String],
    asking: Asking,
) -> Result<Said, Problem> {
    let mut it = Teller::new(link, home, asking)?;
    let whole = it.find(None, which, |_| true)?;
    Ok(it.said(&whole))
}

/// `troth say`: asks what it is, and goes on as that.
pub(super) fn say(link: &mut Link, home: &Home, asking: Asking) -> Result<Said, Problem> {
    let mut it = Teller::new(link, home, asking)?;
    if !asking.person() {
        return Err(Problem::NeedsTerminal);
    }
    let lines = ToldKind::ALL.iter().enumerate().map(|(n, kind)| {
        let id = say::told::kind_id(*kind);
        let about = t!(&format!("{id}.explain"), partner = it.them.as_str());
        format!("{:>3}  {}: {about}", n + 1, t!(&id))
    });
    let lines: Vec<String> = lines.collect();
    wrap::tell(&lines.join("\n"));
    loop {
        let answer = asking.line(&t!("ask-say-kind"))?;
        if answer.is_empty() {
            return Err(Problem::Interrupted);
        }
        let number = answer.parse::<usize>().ok().and_then(|n| n.checked_sub(1));
        let by_number = number.and_then(|n| ToldKind::ALL.get(n)).copied();
        let asked = answer.to_lowercase();
        let named = |kind: &&ToldKind| {
            kebab(kind.name()) == asked || say::told::label(**kind).to_lowercase() == asked
        };
        let by_name = ToldKind::ALL.iter().find(named).copied();
        if let Some(kind) = by_number.or(by_name) {
            return it.add(kind, AddArgs::default());
        }
    }
}

/// `troth search`.
/// What is found: the newest, or all.
pub(super) fn search(link: &mut Link, words: &[String], whole: bool) -> Result<Said, Problem> {
    let words = words.join(" ");
    let mut all = Found::default();
    loop {
        let after = all.next.take();
        let words = words.clone();
        let request = Request::Told(Ask::Search { words, after });
        let part: Found = typed(&link.ask(&request)?)?;
        all.found.extend(part.found);
        all.next = part.next;
        if all.next.is_none() || (!whole && all.found.len() >= ON_A_SCREEN) {
            break;
        }
    }
    let them = partner(link)?;
    let json = serde_json::to_value(&all).map_err(|_| Problem::ApiVersion)?;
    let mut found = say::told::found(&all, &named::found(link, &all)?, &them);
    if all.next.is_some() {
        found += &t!("told-list-more");
        found.push('\n');
    }
    Ok(Said::new(json, found))
}

/// `troth agreement did-not-hold`: a repair about it begins.
pub(super) fn did_not_hold(
    link: &mut Link,
    home: &Home,
    (agreement, how): (Vec<String>, Option<String>),
    asking: Asking,
) -> Result<Said, Problem> {
    let args = AddArgs {
        agreement,
        how,
        ..AddArgs::default()
    };
    Teller::new(link, home, asking)?.add(ToldKind::Repair, args)
}

/// Words of which the last ones are what is looked for, and those before them.
fn split<T>(words: &[String], last: impl Fn(&str) -> Option<T>) -> Option<(Vec<String>, T)> {
    (0..words.len()).find_map(|at| {
        let found = last(&words[at..].join(" "))?;
        Some((words[..at].to_vec(), found))
    })
}

impl<'a> Teller<'a> {
    fn new(link: &'a mut Link, home: &'a Home, asking: Asking) -> Result<Self, Problem> {
        let them = bound(link)?;
        let today = super::today_is(link)?;
        Ok(Self {
            link,
            home,
            asking,
            them,
            today,
        })
    }

    fn find(
        &mut self,
        kind: Option<ToldKind>,
        which: &[String],
        fits: impl Fn(&Whole) -> bool,
    ) -> Result<Whole, Problem> {
        self.finder(false).find(kind, which, fits)
    }

    /// The same, and where nothing is at hand that fits, what is put away.
    fn find_also_away(
        &mut self,
        kind: Option<ToldKind>,
        which: &[String],
        fits: impl Fn(&Whole) -> bool,
    ) -> Result<Whole, Problem> {
        match self.find(kind, which, &fits) {
            Err(Problem::NothingFits) => self.finder(true).find(kind, which, fits),
            found => found,
        }
    }

    fn finder(&mut self, away: bool) -> Finder<'_> {
        Finder {
            link: self.link,
            home: self.home,
            asking: self.asking,
            them: &self.them,
            away,
        }
    }

    fn agreement(&mut self, words: &[String]) -> Result<troth_proto::AgreementId, Problem> {
        let mut names = Names {
            link: self.link,
            home: self.home,
            asking: self.asking,
        };
        Ok(names.agreement(words)?.agreement)
    }

    /// A day that is to come.
    fn day(&self, text: &str) -> Result<Day, Problem> {
        let day = days::day(text, self.today).ok_or_else(|| bad_day(text))?;
        if day < self.today {
            return Err(Problem::DayPassed { day });
        }
        Ok(day)
    }

    /// The day until which somebody needs time; asked again where it is none.
    fn time_until(&self, text: &str) -> Result<Day, Problem> {
        super::day_to_come(text, self.today, &t!("ask-time-until"), self.asking)
    }

    /// What is shown of a thing.
    fn said(&self, it: &Whole) -> Said {
        let words = it.shown(&self.them);
        let mut json = serde_json::to_value(&it.view).unwrap_or(Value::Null);
        if !it.pages.is_empty() {
            json["pages"] = json!(it.pages);
            json["of_pages"] = json!(it.of_pages);
        }
        Said::new(json, words)
    }

    /// Asks, and shows what it led to.
    fn asked(&mut self, ask: Ask) -> Result<Said, Problem> {
        let answer = keep_asking(self.link, &Request::Told(ask), self.asking)?;
        self.shown(answer)
    }

    fn shown(&mut self, answer: Value) -> Result<Said, Problem> {
        let view: View = typed(&answer)?;
        let whole = named::whole(self.link, view)?;
        Ok(Said {
            json: answer,
            ..self.said(&whole)
        })
    }

    /// The newest, or all; scripts are given all.
    fn list(&mut self, kind: Option<ToldKind>, all: bool) -> Result<Said, Problem> {
        let most = (!all && !self.asking.json).then_some(ON_A_SCREEN);
        let (lines, more) = named::lines_to(self.link, kind, most)?;
        named::keep_list(self.home, kind, &lines);
        let mut words = say::told::list(kind, &lines, &self.them);
        if more {
            words += &t!("told-list-more");
            words.push('\n');
        }
        Ok(Said::new(json!({"told": lines}), words))
    }

    fn open(&mut self, kind: Option<ToldKind>, which: &[String]) -> Result<Said, Problem> {
        if let [name] = which
            && let Ok(slot) = name.parse::<Slot>()
        {
            return self.open_page(&slot);
        }
        let mut found = self.find(kind, which, Whole::unopened);
        if let (Err(Problem::NothingFits), None) = (&found, kind)
            && let Some(page) = self.unopened_page()?
        {
            return self.open_page(&page);
        }
        if let Err(Problem::NothingFits) = found {
            // What is told in trust is read again by opening it again.
            found = self.find(kind, which, Whole::read_by_opening);
        }
        let whole = match (found, kind) {
            (Err(Problem::NothingFits), Some(ToldKind::Repair)) => {
                return Err(self.no_such_step(which));
            }
            (Err(Problem::NothingFits), Some(kind)) => {
                let theirs = named::newest(self.link, Some(kind))?;
                let folded = |it: &Line| it.by == Who::Partner && it.seen == Seen::Folded;
                return Err(match theirs.iter().any(folded) {
                    true => Problem::Folded,
                    false => Problem::NothingFits,
                });
            }
            (Err(Problem::NoSuch { what }), None) => {
                let opened = |it: &SlotView| it.pages.partner.is_some();
                let page = named::page(self.link, &what, opened, self.asking)?;
                return self.open_page(&page.ok_or(Problem::NoSuch { what })?);
            }
            (found, _) => found?,
        };
        let id = whole.view.told.id.hex();
        self.asked(Ask::Open { id })
    }

    /// The other's page that is open and was not looked at yet; which, if there are several.
    fn unopened_page(&mut self) -> Result<Option<Slot>, Problem> {
        let today = super::glance(self.link)?;
        let pages = today.waiting.iter();
        let pages = pages.filter(|it| it.what == TodayWhat::Opened);
        let pages = pages.filter_map(|it| Some((it, it.id.parse::<Slot>().ok()?)));
        let mut pages: Vec<_> = pages.collect();
        if pages.len() > 1 && !self.asking.person() {
            let weeks: Vec<&str> = pages.iter().map(|(it, _)| it.id.as_str()).collect();
            let weeks = weeks.join(", ");
            return Err(Problem::WhichWeek { weeks });
        }
        if pages.len() < 2 {
            return Ok(pages.pop().map(|(_, slot)| slot));
        }
        let lines = pages.iter().enumerate().map(|(n, (it, _))| {
            let line = say::today_line(it, &self.them);
            format!("{}  {line}", n + 1)
        });
        wrap::tell(&lines.collect::<Vec<_>>().join("\n"));
        let place = self.asking.place(&t!("ask-which-told"), pages.len())?;
        let (_, slot) = pages.into_iter().nth(place).ok_or(Problem::Internal)?;
        Ok(Some(slot))
    }

    /// What is asked of a repair in another step than the one it is at.
    fn no_such_step(&mut self, which: &[String]) -> Problem {
        let found = self.find(Some(ToldKind::Repair), which, Whole::goes_on);
        match found.map(|it| it.view.repair) {
            Ok(Some(repair)) => Problem::NotThisStep { step: repair.step },
            Ok(None) => Problem::NothingFits,
            Err(problem) => problem,
        }
    }

    /// Opens the other's page in a slot: from then on it stands on Today no more.
    fn open_page(&mut self, slot: &Slot) -> Result<Said, Problem> {
        let id = slot.to_string();
        let answer = self.link.ask(&Request::Told(Ask::Open { id }))?;
        let page = slot_view(self.link, slot)?;
        let words = page.map(|page| say::slot_to_answer(&page, &self.them));
        Ok(Said::new(answer, words.unwrap_or_default()))
    }

    fn set_aside(&mut self, kind: Option<ToldKind>, which: &[String]) -> Result<Said, Problem> {
        let theirs = |it: &Whole| it.unopened() || it.view.told.kind == Some(ToldKind::Bid);
        let whole = self.find(kind, which, theirs)?;
        let id = whole.view.told.id.hex();
        let answer = self.link.ask(&Request::Told(Ask::SetAside { id }))?;
        let words = t!("told-set-aside", partner = self.them.as_str()) + "\n";
        Ok(Said::new(answer, words))
    }

    fn keep(&mut self, kind: Option<ToldKind>, which: &[String]) -> Result<Said, Problem> {
        let open = |it: &Whole| it.view.told.seen == Seen::Open;
        let whole = self.find_also_away(kind, which, open)?;
        let id = match whole.answer_named(which) {
            Some((_, answer)) => answer.id,
            None => self.which_to_keep(&whole)?,
        };
        kept(self.link, id.hex(), self.asking)
    }

    /// Which words of a thing are kept, its own or those of an answer, asked of a person. Of a repair all that is one's own is
    /// kept together.
    fn which_to_keep(&self, whole: &Whole) -> Result<AssertionId, Problem> {
        let told = whole.view.told.id;
        let answers = say::told::with_words(&whole.view, &self.them);
        if answers.is_empty() || whole.view.repair.is_some() || !self.asking.person() {
            return Ok(told);
        }
        let mut lines = vec![format!("1  {}", say::told::begins(&whole.view))];
        for (n, (_, words)) in answers.iter().enumerate() {
            lines.push(format!("{}  {words}", n + 2));
        }
        wrap::tell(&lines.join("\n"));
        let all: Vec<AssertionId> = std::iter::once(told)
            .chain(answers.into_iter().map(|(id, _)| id))
            .collect();
        let place = self.asking.place(&t!("ask-which-told"), all.len())?;
        all.get(place).copied().ok_or(Problem::Internal)
    }

    fn take_back(&mut self, kind: ToldKind, which: &[String]) -> Result<Said, Problem> {
        let mine = |it: &Whole| it.mine_to_take_back().is_some();
        let whole = self.find(Some(kind), which, mine)?;
        let named = whole.answer_named(which).map(|(_, it)| it.id);
        let id = named.or(whole.mine_to_take_back());
        let permission = whole
            .within()
            .filter(|it| it.kind == Some(ToldKind::Permission));
        let id = id.ok_or(if whole.view.told.by == Who::Me {
            Problem::AlreadyTakenBack
        } else {
            Problem::NotSaidOfThis
        })?;
        let ends = kind == ToldKind::Repair && id == whole.view.told.id;
        let question = if ends {
            t!("ask-told-take-back-repair", partner = self.them.as_str())
        } else if permission.is_some() {
            t!("ask-told-end-permission")
        } else {
            t!("ask-told-take-back", partner = self.them.as_str())
        };
        let shown = || match permission {
            Some(permission) => say::told::permission(permission, &self.them),
            None => say::told::view(&whole.view, &self.them),
        };
        self.asking.sure(shown, &question)?;
        let request = Request::Told(Ask::TakeBack { id: id.hex() });
        let answer = keep_asking(self.link, &request, self.asking)?;
        let mut said = self.shown(answer)?;
        if id != whole.view.told.id {
            let took = t!("thing-you-took-back", partner = self.them.as_str());
            said.words = format!("{took}\n\n{}", said.words);
        }
        Ok(said)
    }

    /// An answer, as it was typed in the command.
    fn answer_typed(&mut self, kind: ToldKind, saying: Saying) -> Result<Said, Problem> {
        let Saying { verb, words, until } = saying;
        let mut facts = Facts::default();
        let which = match verb {
            Verb::NeedTime => {
                facts.until = until.map(|day| self.time_until(&day)).transpose()?;
                words
            }
            // One number names the thing: the way is asked for.
            Verb::ListenAs if words.len() == 1 && words[0].parse::<usize>().is_ok() => words,
            Verb::ListenAs => {
                let way = |rest: &str| chosen(ListenAs::ALL, ListenAs::name, rest);
                let not_one = || not_one(ListenAs::ALL, ListenAs::name);
                let (which, way) = split(&words, way).ok_or_else(not_one)?;
                facts.listen_as = Some(way);
                which
            }
            Verb::Day => {
                let today = self.today;
                let day = |rest: &str| days::day(rest, today);
                let (which, text) = match split(&words, day) {
                    Some((which, day)) => (which, day.to_string()),
                    None => (Vec::new(), words.join(" ")),
                };
                let question = t!("ask-repair-day");
                let day = super::day_to_come(&text, today, &question, self.asking)?;
                facts.day = Some(day);
                which
            }
            Verb::Plan => return self.plan(kind, &words),
            Verb::Done if kind == ToldKind::Break && words.is_empty() => return self.back(),
            _ => words,
        };
        self.answer(kind, &which, verb, facts)
    }

    /// What `add` was given in the command.
    fn given(&mut self, kind: ToldKind, args: AddArgs) -> Result<Draft, Problem> {
        let row = kind.row();
        let given = [
            ("about", args.about.is_some()),
            ("until", args.until.is_some()),
            ("look_again", args.look_again.is_some()),
            ("listen_as", args.listen_as.is_some()),
            ("page", args.page.is_some()),
            ("how", args.how.is_some()),
            ("minutes", args.minutes.is_some()),
            ("tomorrow", args.tomorrow),
        ];
        for (name, there) in given {
            if there && !crate::cli::has_argument(row, name) {
                let option = format!("--{}", kebab(name));
                return Err(Problem::BadRequest {
                    wrong: Wrong::NoOption { option },
                });
            }
        }
        if !args.agreement.is_empty() && !crate::cli::has_argument(row, "agreement") {
            let word = args.agreement.join(" ");
            return Err(Problem::BadRequest {
                wrong: Wrong::WordTooMany { word },
            });
        }
        let mut draft = Draft {
            minutes: args.minutes,
            ..Draft::default()
        };
        let facts = &mut draft.facts;
        if let Some(way) = args.listen_as {
            let it = chosen(ListenAs::ALL, ListenAs::name, &way);
            facts.listen_as = Some(it.ok_or_else(|| not_one(ListenAs::ALL, ListenAs::name))?);
        }
        if let Some(page) = args.page {
            let it = chosen(Page::ALL, Page::name, &page);
            facts.page = Some(it.ok_or_else(|| not_one(Page::ALL, Page::name))?);
        }
        if let Some(how) = args.how {
            let it = chosen(How::ALL, How::name, &how);
            facts.how = Some(it.ok_or_else(|| not_one(How::ALL, How::name))?);
        }
        facts.until = args.until.map(|day| self.day(&day)).transpose()?;
        facts.look_again = args.look_again.map(|day| self.day(&day)).transpose()?;
        if args.tomorrow {
            facts.day = Some(self.today.plus(1));
        }
        if let Some(weight) = args.weight {
            let it: Result<Weight, _> = serde_json::from_value(json!(weight));
            draft.weight = it.map_err(|_| Problem::BadRequest {
                wrong: Wrong::NotTaken {
                    value: weight.clone(),
                    what: "--weight".to_owned(),
                },
            })?;
        }
        if !args.agreement.is_empty() {
            draft.facts.agreement = Some(self.agreement(&args.agreement)?);
        }
        draft.about = args.about;
        Ok(draft)
    }

    /// What it speaks of, by the name that scripts use.
    fn about(&mut self, kind: ToldKind, name: &str) -> Result<String, Problem> {
        let whole = self.find(kind.speaks_of(), &[name.to_owned()], |_| true)?;
        // A permission answers an asking, if there is one that waits.
        let asking = whole.view.answers.iter().rev();
        let mut asking = asking.filter(|it| it.says == Some(Verb::MayI));
        let asking = asking.next().filter(|_| whole.view.told.by == Who::Me);
        let named = whole
            .view
            .answers
            .iter()
            .find(|it| name.len() >= 4 && it.id.hex().starts_with(name));
        Ok(named.or(asking).unwrap_or(&whole.view.told).id.hex())
    }

    fn add(&mut self, kind: ToldKind, args: AddArgs) -> Result<Said, Problem> {
        let draft = self.given(kind, args)?;
        let unsaid = Unsaid::new(format!("told {}", kind.name()));
        self.tell(kind, draft, &unsaid, None)
    }

    fn better(&mut self, kind: ToldKind, which: &[String]) -> Result<Said, Problem> {
        // A permission stands in its confidence's thread, and is not said better: that confidence is not meant.
        let of_kind = |thing: &Thing| thing.kind.is_none_or(|it| it == kind);
        let fits = |it: &Whole| it.mine_to_say_better().is_some_and(|(_, it)| of_kind(it));
        let whole = self.find(Some(kind), which, fits)?;
        let meant = whole.answer_named(which).or(whole.mine_to_say_better());
        let meant = meant.filter(|(_, it)| it.may_say_better && of_kind(it));
        let (view, thing) = meant.ok_or(Problem::NotSaidOfThis)?;
        if thing.says.is_some() {
            return self.answer_better(&whole, view, thing);
        }
        let told = whole.view.told;
        let id = told.id.hex();
        let draft = Draft {
            words: told.words.unwrap_or_default(),
            facts: told.facts,
            weight: whole.view.weight,
            ..Draft::default()
        };
        let unsaid = Unsaid::new(format!("better {id}"));
        self.tell(kind, draft, &unsaid, Some(id))
    }

    /// Puts into a draft what a script has given.
    fn put_given(&mut self, draft: &mut Draft) -> Result<(), Problem> {
        let given: Given = self.asking.object()?;
        if let Some(name) = &given.agreement {
            draft.facts.agreement = Some(self.agreement(std::slice::from_ref(name))?);
        }
        given.put_into(draft);
        Ok(())
    }

    /// Asks for the words of something, and says it.
    fn tell(
        &mut self,
        kind: ToldKind,
        mut draft: Draft,
        unsaid: &Unsaid,
        better: Option<String>,
    ) -> Result<Said, Problem> {
        let before = better.is_some().then(|| draft.clone());
        let listen = matches!(kind, ToldKind::Confidence | ToldKind::SmallTruth);
        let asks = !self.asking.json;
        if self.asking.json {
            self.put_given(&mut draft)?;
        } else {
            if kind == ToldKind::Confidence && self.asking.person() {
                wrap::tell(&t!("thing-danger"));
            }
            if kind == ToldKind::Repair && better.is_none() {
                self.which_agreement(&mut draft)?;
            }
            if kind == ToldKind::Break && draft.minutes.is_none() && self.asking.person() {
                draft.minutes = self.minutes()?;
            }
        }
        if let Some(name) = draft.about.take() {
            draft.about = Some(self.about(kind, &name)?);
        } else if kind == ToldKind::Permission && self.asking.person() {
            draft.about = self.permission_for()?;
        } else if kind == ToldKind::TrustGiven && better.is_none() && self.asking.person() {
            draft.about = self.touched_spot()?;
        }
        if let (ToldKind::Permission, true, Some(about)) =
            (kind, self.asking.person(), draft.about.clone())
        {
            self.begin_from_asking(&mut draft, &about)?;
        }
        let settle = match draft
            .facts
            .agreement
            .filter(|_| kind == ToldKind::Repair && asks)
        {
            Some(id) => {
                let topic = super::whole(self.link, &id.hex())?.topic;
                let topic = say::named(&topic);
                t!(
                    "ask-tell-did-not-hold",
                    partner = self.them.as_str(),
                    topic = topic
                )
            }
            None => t!("ask-tell", partner = self.them.as_str()),
        };
        if asks {
            let asks = Asks {
                form: Form::Told(kind),
                them: &self.them,
                today: self.today,
                unsaid,
                settle,
                asking: self.asking,
            };
            draft = asks.settled(self.link, draft)?;
        }
        if before.is_some_and(|it| it.says_the_same(&draft)) {
            return Err(Problem::SameWords);
        }
        if kind == ToldKind::Permission && self.asking.person() {
            let instead = self.instead(&draft, unsaid);
            if instead.is_err() {
                unsaid.keep(self.link, &draft, self.asking);
            }
            if let Some(said) = instead? {
                return Ok(said);
            }
        }
        if listen {
            draft.facts.listen_as.get_or_insert(ListenAs::JustListen);
        }
        let request = Request::Told(Ask::Add(Adding {
            kind,
            facts: draft.facts.clone(),
            words: draft.words.clone().without_blanks(),
            about: draft.about.clone(),
            better,
            weight: draft.weight,
            minutes: draft.minutes,
        }));
        let answer = self.send(&request, &draft, unsaid)?;
        let folded = typed::<View>(&answer)?.folded;
        let mut said = self.shown(answer)?;
        if kind.row().in_trust && folded {
            let later = t!("thing-folded-me", partner = self.them.as_str());
            said.words += &format!("  {later}\n");
        }
        Ok(said)
    }

    /// A permission for the same name that holds already, if the person would rather look at that (KINDS §8).
    fn instead(&mut self, draft: &Draft, unsaid: &Unsaid) -> Result<Option<Said>, Problem> {
        let name = |words: &Texts| {
            let words = words.get("with_whom").split_whitespace();
            words.collect::<Vec<_>>().join(" ").to_lowercase()
        };
        let wanted = name(&draft.words);
        let same = |it: &Thing| it.words.as_ref().is_some_and(|words| name(words) == wanted);
        let there = self.permissions(draft.about.as_deref())?;
        let Some(there) = there.into_iter().find(|it| same(it)) else {
            return Ok(None);
        };
        let whom = say::named(draft.words.get("with_whom"));
        let question = t!(
            "ask-permission-there",
            partner = self.them.as_str(),
            whom = whom
        );
        if !self.asking.yes_unless(&question, true)? {
            return Ok(None);
        }
        unsaid.let_go(self.link)?;
        let view = named::show(self.link, &there.id.hex())?;
        let whole = named::whole(self.link, view)?;
        Ok(Some(self.said(&whole)))
    }

    /// What a permission is for, asked of the person: one confidence, the one that the other asks about if nothing is said;
    /// or nothing, for all of them.
    fn permission_for(&mut self) -> Result<Option<String>, Problem> {
        let kind = Some(ToldKind::Confidence);
        let mut lines = named::lines(self.link, kind)?;
        lines.retain(|it| it.by == Who::Me && matches!(it.seen, Seen::Open | Seen::Gone));
        if lines.is_empty() {
            return Ok(None);
        }
        let mut waits = None;
        for (place, line) in lines.iter().enumerate().take(PERMISSIONS) {
            let view = named::show(self.link, &line.id.hex())?;
            if say::told::asks_whether(&view) {
                waits = Some(place);
                break;
            }
        }
        wrap::tell(&say::told::list(kind, &lines, &self.them));
        let them = self.them.as_str();
        let question = match waits {
            Some(place) => t!(
                "ask-permission-for-asked",
                partner = them,
                number = place + 1
            ),
            None => t!("ask-permission-for", partner = them),
        };
        loop {
            let answer = self.asking.line(&question)?;
            if means("word-all", &answer) {
                return Ok(None);
            }
            let place = match answer.is_empty() {
                true => Some(waits.ok_or(Problem::Interrupted)?),
                false => answer.parse().ok().and_then(|n: usize| n.checked_sub(1)),
            };
            let Some(line) = place.and_then(|place| lines.get(place)) else {
                wrap::tell(&say::problem(&Problem::NoSuch { what: answer }).0);
                continue;
            };
            let id = line.id.hex();
            let about = self.about(ToldKind::Permission, &id)?;
            if about == id {
                let whole = named::show(self.link, &id)?;
                wrap::tell(&format!("\n{}", say::told::view(&whole, &self.them)));
            }
            return Ok(Some(about));
        }
    }

    /// A permission that answers an asking begins from whom and which part it asks about. They are opened for that: nobody says
    /// yes to what they have not read.
    fn begin_from_asking(&mut self, draft: &mut Draft, about: &str) -> Result<(), Problem> {
        let waits = |view: &View| {
            let mut asked = view.answers.iter().filter(|it| it.says == Some(Verb::MayI));
            asked.any(|it| it.id.hex() == about)
        };
        if !waits(&named::show(self.link, about)?) {
            return Ok(());
        }
        let id = about.to_owned();
        let view: View = typed(&self.link.ask(&Request::Told(Ask::Open { id }))?)?;
        let asked = view.answers.iter().find(|it| it.id.hex() == about);
        if let Some(words) = asked.and_then(|it| it.words.clone()) {
            wrap::tell(&format!("\n{}", say::told::view(&view, &self.them)));
            draft.words = words;
        }
        Ok(())
    }

    /// Own permissions that hold: for a confidence, or an asking about one, those for all of them too; else only these.
    fn permissions(&mut self, about: Option<&str>) -> Result<Vec<Thing>, Problem> {
        if let Some(about) = about {
            return Ok(named::show(self.link, about)?.may_tell);
        }
        let all = named::lines(self.link, Some(ToldKind::Permission))?;
        let mine = all.into_iter().filter(|it| it.by == Who::Me);
        let mut there = Vec::new();
        for line in mine.filter(|it| it.seen == Seen::Open).take(PERMISSIONS) {
            let told = named::show(self.link, &line.id.hex())?.told;
            let passed = told.facts.until.is_some_and(|until| until < self.today);
            if told.about.is_none() && told.id == line.id && !passed {
                there.push(told);
            }
        }
        Ok(there)
    }

    /// Says it; what could not be said is kept.
    fn send(
        &mut self,
        request: &Request,
        draft: &Draft,
        unsaid: &Unsaid,
    ) -> Result<Value, Problem> {
        let answer = keep_asking(self.link, request, self.asking);
        match &answer {
            Ok(_) if self.asking.person() => unsaid.let_go(self.link)?,
            Err(_) => words::keep(unsaid, self.link, draft, self.asking),
            _ => {}
        }
        answer
    }

    /// Which agreement a repair is about, if it is about one.
    fn which_agreement(&mut self, draft: &mut Draft) -> Result<(), Problem> {
        if draft.facts.agreement.is_some() || !self.asking.person() {
            return Ok(());
        }
        loop {
            let name = self.asking.line(&t!("ask-repair-agreement"))?;
            if name.is_empty() {
                return Ok(());
            }
            match self.agreement(&[name]) {
                Ok(id) => {
                    draft.facts.agreement = Some(id);
                    return Ok(());
                }
                Err(problem) => super::mend(&problem),
            }
        }
    }

    /// In how many minutes one is back.
    fn minutes(&self) -> Result<Option<u16>, Problem> {
        loop {
            let text = self.asking.line(&t!("ask-break-minutes"))?;
            if text.is_empty() {
                return Ok(None);
            }
            match text.parse() {
                Ok(minutes @ 20..=1440) => return Ok(Some(minutes)),
                _ => super::mend(&Problem::BreakLength),
            }
        }
    }

    /// The words of a sealed step.
    fn write(&mut self, which: &[String]) -> Result<Said, Problem> {
        let sealed = |it: &Whole| it.view.repair.as_ref().is_some_and(|it| it.slot.is_some());
        let whole = match self.find(Some(ToldKind::Repair), which, sealed) {
            Err(Problem::NothingFits) => return Err(self.no_such_step(which)),
            found => found?,
        };
        let repair = whole.view.repair.ok_or(Problem::NotSaidOfThis)?;
        if repair.stopped || repair.through {
            return Err(Problem::RepairClosed);
        }
        let slot = repair
            .slot
            .ok_or(Problem::NotThisStep { step: repair.step })?;
        self.or_wait_for_the_return()?;
        let question = t!("ask-repair-write", step = i64::from(repair.step));
        pages::ready(self.link, &slot, &question, self.asking)
    }
}

/// Keeps a copy of the words of something in the private pages.
pub(super) fn kept(link: &mut Link, id: String, asking: Asking) -> Result<Said, Problem> {
    keep_asking(link, &Request::Told(Ask::Keep { id }), asking)?;
    let words = t!("private-kept") + "\n";
    Ok(Said::new(json!({"kept": true}), words))
}
