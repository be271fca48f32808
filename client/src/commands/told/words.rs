//! The words of something told or answered: by prompts, in an editor, or as JSON; read whole before they are said.

use super::super::{Unsaid, bad_day, mend, private};
use crate::ask::{Asking, Settled};
use crate::cli::kebab;
use crate::days::{self, spoken};
use crate::editor::{self, Sheet};
use crate::form::Part;
use crate::link::Link;
use crate::say;
use crate::words::{means, t};
use crate::wrap;
use serde::{Deserialize, Serialize};
use troth_proto::assertion::Weight;
use troth_proto::day::Minute;
use troth_proto::problem::Wrong;
use troth_proto::said::told::{
    Fact, Facts, Field, How, ListenAs, Need, Page, Size, Texts, TextsWrong, Thing, ToldKind, Verb,
    words_need,
};
use troth_proto::{Day, Problem};

/// Minutes of a break of which no other length was said (KINDS §5).
const A_BREAK: u16 = 45;

/// What is about to be said.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Draft {
    /// Its words.
    pub words: Texts,
    /// Its days and choices.
    pub facts: Facts,
    /// How much it weighs.
    pub weight: Weight,
    /// What it speaks of.
    pub about: Option<String>,
    /// Of a break: in how many minutes one is back.
    pub minutes: Option<u16>,
    /// Whether all of it was asked for.
    #[serde(default)]
    pub whole: bool,
}

impl Draft {
    /// Whether nothing of it is another.
    pub fn says_the_same(&self, other: &Self) -> bool {
        let words = |it: &Self| it.words.clone().without_blanks();
        let rest = |it: &Self| (it.facts.clone(), it.weight);
        words(self) == words(other) && rest(self) == rest(other)
    }
}

/// What a script gives.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Given {
    words: Words,
    listen_as: Option<ListenAs>,
    until: Option<Day>,
    look_again: Option<Day>,
    day: Option<Day>,
    back_at: Option<Minute>,
    how: Option<How>,
    page: Option<Page>,
    /// Named as people name it, or by the name that scripts use.
    pub agreement: Option<String>,
    minutes: Option<u16>,
    about: Option<String>,
    weight: Option<Weight>,
}

/// Words by their names; one text alone where an answer has one.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Words {
    One(String),
    Named(Texts),
}

impl Default for Words {
    fn default() -> Self {
        Self::Named(Texts::default())
    }
}

impl Given {
    /// Puts what is given into what is about to be said. What stood in the command stays where nothing is given.
    pub fn put_into(self, draft: &mut Draft) {
        let facts = &mut draft.facts;
        facts.listen_as = self.listen_as.or(facts.listen_as);
        facts.until = self.until.or(facts.until);
        facts.look_again = self.look_again.or(facts.look_again);
        facts.day = self.day.or(facts.day);
        facts.back_at = self.back_at.or(facts.back_at);
        facts.how = self.how.or(facts.how);
        facts.page = self.page.or(facts.page);
        draft.minutes = self.minutes.or(draft.minutes);
        draft.about = self.about.or(draft.about.take());
        draft.weight = self.weight.unwrap_or(draft.weight);
        draft.words = match self.words {
            Words::Named(words) => words,
            Words::One(text) => Texts([("words".to_owned(), text)].into()),
        };
    }
}

/// What is asked for.
pub enum Form<'a> {
    /// Something told.
    Told(ToldKind),
    /// An answer.
    Answer {
        /// What it says.
        says: Verb,
        /// What it speaks of.
        about: Thing,
        /// Its words.
        fields: &'static [Field],
        /// What else its head holds.
        facts: &'a [(Fact, Need)],
    },
}

impl Form<'_> {
    fn fields(&self) -> &'static [Field] {
        match self {
            Self::Told(kind) => kind.row().fields,
            Self::Answer { fields, .. } => fields,
        }
    }

    fn facts(&self) -> &[(Fact, Need)] {
        match self {
            Self::Told(kind) => kind.row().facts,
            Self::Answer { facts, .. } => facts,
        }
    }

    /// What is asked for one text.
    fn question(&self, field: &Field, draft: &Draft, them: &str) -> String {
        let id = match self {
            Self::Told(kind) => format!("{}.ask_{}", say::told::kind_id(*kind), field.name),
            Self::Answer { says, about, .. } => {
                format!("{}.{}", say::told::answer_id(*says, *about), field.name)
            }
        };
        let page = draft.facts.page.map_or("", Page::name);
        t!(&id, partner = them, page = page)
    }

    /// What is asked for one fact, and how it reads now; nothing if it is not asked for here.
    fn fact(&self, fact: Fact, facts: &Facts) -> Option<(String, String)> {
        let day = |day: Option<Day>| day.map(spoken).unwrap_or_default();
        let choice = |name: Option<&str>| name.map(first_word).unwrap_or_default();
        Some(match fact {
            Fact::ListenAs => (
                t!("ask-listen-as"),
                choice(facts.listen_as.map(ListenAs::name)),
            ),
            Fact::Until => {
                let question = match self {
                    Self::Told(_) => t!("ask-permission-until"),
                    Self::Answer { .. } => t!("ask-time-until"),
                };
                (question, day(facts.until))
            }
            Fact::LookAgain => (t!("ask-trust-look-again"), day(facts.look_again)),
            Fact::How => (t!("ask-how"), choice(facts.how.map(How::name))),
            Fact::Page => (t!("ask-page"), choice(facts.page.map(Page::name))),
            Fact::Day | Fact::BackAt | Fact::Agreement | Fact::Step => return None,
        })
    }

    fn shown(&self, draft: &Draft, them: &str) -> String {
        match self {
            Self::Told(kind) => {
                let alone = draft.about.is_none();
                let mut shown = say::told::before((*kind, alone), &draft.words, &draft.facts, them);
                if *kind == ToldKind::Break {
                    shown += &say::told::back_in(draft.minutes.unwrap_or(A_BREAK));
                }
                shown
            }
            Self::Answer { says, .. } => say::told::answer_before(*says, &draft.words),
        }
    }

    /// What is wrong with the words, before they are sent.
    fn refused(&self, draft: &Draft) -> Option<Problem> {
        let words = draft.words.clone().without_blanks();
        let need = words_need(self.fields(), &draft.facts, self.facts());
        match words.check(self.fields(), &draft.facts) {
            Err(TextsWrong::TooLong(_)) => Some(Problem::TooLong),
            Err(TextsWrong::NoName) => Some(Problem::BadRequest {
                wrong: Wrong::NoPersonName,
            }),
            Err(TextsWrong::Missing(_) | TextsWrong::Unknown(_)) => Some(Problem::NothingSaid),
            Ok(()) if need == Need::Must && words.0.is_empty() => Some(Problem::NothingSaid),
            Ok(()) => None,
        }
    }
}

/// The first of the words that mean something.
fn first_word(name: &str) -> String {
    let words = t!(&format!("word-{}", kebab(name)));
    words.split(',').next().unwrap_or_default().to_owned()
}

/// The choice that is meant by a word, by its number, or by the name that scripts use.
pub fn chosen<T: Copy>(all: &[T], name: impl Fn(T) -> &'static str, text: &str) -> Option<T> {
    let text = text.trim();
    let number = text.parse::<usize>().ok().and_then(|n| n.checked_sub(1));
    if let Some(number) = number {
        return all.get(number).copied();
    }
    let meant = |it: &T| {
        let name = name(*it);
        text == name || text == kebab(name) || means(&format!("word-{}", kebab(name)), text)
    };
    all.iter().copied().find(meant)
}

/// That a word is none of the choices, and which they are.
pub fn not_one<T: Copy>(all: &[T], name: impl Fn(T) -> &'static str) -> Problem {
    let all: Vec<String> = all.iter().map(|it| first_word(name(*it))).collect();
    Problem::BadRequest {
        wrong: Wrong::OneOf {
            what: String::new(),
            all: all.join(", "),
        },
    }
}

/// These facts, and those of others where there is none.
fn over(facts: Facts, others: Facts) -> Facts {
    Facts {
        listen_as: facts.listen_as.or(others.listen_as),
        until: facts.until.or(others.until),
        look_again: facts.look_again.or(others.look_again),
        day: facts.day.or(others.day),
        back_at: facts.back_at.or(others.back_at),
        agreement: facts.agreement.or(others.agreement),
        how: facts.how.or(others.how),
        page: facts.page.or(others.page),
        step: facts.step.or(others.step),
    }
}

/// Puts one fact, as it was typed, where it belongs.
fn put(facts: &mut Facts, fact: Fact, text: &str, today: Day) -> Result<(), Problem> {
    let empty = text.trim().is_empty();
    let day = || match days::day(text, today) {
        _ if empty => Ok(None),
        Some(day) if day < today => Err(Problem::DayPassed { day }),
        Some(day) => Ok(Some(day)),
        None => Err(bad_day(text)),
    };
    match fact {
        Fact::ListenAs if empty => facts.listen_as = Some(ListenAs::JustListen),
        Fact::ListenAs => {
            let way = chosen(ListenAs::ALL, ListenAs::name, text);
            facts.listen_as = Some(way.ok_or_else(|| not_one(ListenAs::ALL, ListenAs::name))?);
        }
        Fact::How if empty => facts.how = None,
        Fact::How => {
            let how = chosen(How::ALL, How::name, text);
            facts.how = Some(how.ok_or_else(|| not_one(How::ALL, How::name))?);
        }
        Fact::Page => {
            let page = chosen(Page::ALL, Page::name, text);
            facts.page = Some(page.ok_or_else(|| not_one(Page::ALL, Page::name))?);
        }
        Fact::Until => facts.until = day()?,
        Fact::LookAgain => facts.look_again = day()?,
        Fact::Day | Fact::BackAt | Fact::Agreement | Fact::Step => {}
    }
    Ok(())
}

/// Keeps what was typed and not said. Of words that stand in a private page only what was changed is kept, and among the
/// private pages too.
pub fn keep(unsaid: &Unsaid, link: &mut Link, draft: &Draft, asking: Asking) {
    if draft.words.0.is_empty() {
        return;
    }
    let Some(before) = unsaid.stands_elsewhere::<Draft>() else {
        unsaid.keep(link, draft, asking);
        return;
    };
    if before.words != draft.words {
        let words: Vec<&str> = draft.words.0.values().map(String::as_str).collect();
        private::put_down(link, "", &words.join("\n"), asking);
    }
}

/// One who asks for words.
pub struct Asks<'a> {
    pub form: Form<'a>,
    pub them: &'a str,
    pub today: Day,
    pub unsaid: &'a Unsaid,
    /// What is asked once they stand there whole.
    pub settle: String,
    pub asking: Asking,
}

impl Asks<'_> {
    /// Asks until the person says yes to them; what is not said is kept.
    ///
    /// # Errors
    /// There is nobody to ask, or they went away, or said no.
    pub fn settled(&self, link: &mut Link, mut draft: Draft) -> Result<Draft, Problem> {
        if self.asking.silent {
            let need = words_need(self.form.fields(), &draft.facts, self.form.facts());
            let fits = draft.facts.fit(self.form.facts()) || need != Need::Must;
            return match need {
                Need::Must => Err(Problem::NeedsTerminal),
                _ if fits => Ok(draft),
                _ => Err(Problem::NeedsTerminal),
            };
        }
        let mut written = false;
        // What stood in the command, or was asked before this, holds, and is not asked for again.
        let (given, about, minutes) = (draft.facts.clone(), draft.about.clone(), draft.minutes);
        let show = |kept: &Draft| self.form.shown(kept, self.them);
        if let Some(kept) = self.unsaid.offer(link, show, self.asking)? {
            // Words that were broken off were not asked for whole.
            written = kept.whole;
            draft = kept;
        }
        draft.facts = over(given.clone(), draft.facts);
        draft.minutes = minutes;
        match self.form {
            Form::Told(ToldKind::Permission) => draft.about = about,
            Form::Told(ToldKind::Repair) => draft.facts.agreement = given.agreement,
            _ => draft.about = about.or(draft.about),
        }
        let asked: Vec<Fact> = self.form.facts().iter().map(|(fact, _)| *fact).collect();
        let asked: Vec<Fact> = asked.into_iter().filter(|it| !given.has(*it)).collect();
        let mut sheet: Option<Sheet> = None;
        if !written && self.form.fields().iter().any(|it| it.size == Size::Text) {
            self.asking.tell_of_editor();
        }
        loop {
            let mut wrong = Vec::new();
            if !written {
                draft.whole = false;
                let filled = if self.asking.edit {
                    self.edited(&mut sheet, &mut draft, &asked)
                } else {
                    self.prompted(&mut draft, &asked).map(|()| Vec::new())
                };
                let given_up = sheet.as_ref().is_some_and(|it| it.given_up);
                match filled {
                    Ok(_) if given_up => {
                        self.keep(link, &draft);
                        return Err(Problem::Interrupted);
                    }
                    Ok(told) => wrong = told,
                    Err(broken_off) => {
                        self.keep(link, &draft);
                        return Err(broken_off);
                    }
                }
            }
            written = false;
            let refused = self.form.refused(&draft);
            let nothing_to_read = draft.words.0.is_empty();
            for line in &wrong {
                wrap::tell(line);
            }
            let slipped = !wrong.is_empty();
            match refused {
                refused if slipped || refused.is_some() => {
                    if let Some(refused) = refused {
                        mend(&refused);
                    }
                    // What was told would be gone from the screen with the editor.
                    if self.asking.edit && !editor::again(self.asking) {
                        self.keep(link, &draft);
                        return Err(Problem::Interrupted);
                    }
                }
                _ if nothing_to_read && !self.is_asked() => return Ok(draft),
                _ => {
                    draft.whole = true;
                    wrap::tell(&format!("\n{}", self.form.shown(&draft, self.them)));
                    match self.asking.settled(&self.settle) {
                        Ok(Settled::Yes) => return Ok(draft),
                        Ok(Settled::Change) => {}
                        Ok(Settled::No) | Err(_) => {
                            self.keep(link, &draft);
                            return Err(Problem::Interrupted);
                        }
                    }
                }
            }
        }
    }

    /// Whether it is asked for also where there is no word to read: a repair reaches the other by being begun.
    fn is_asked(&self) -> bool {
        matches!(self.form, Form::Told(ToldKind::Repair))
    }

    fn keep(&self, link: &mut Link, draft: &Draft) {
        keep(self.unsaid, link, draft, self.asking);
    }

    /// Asks for one thing after the other, beginning from what stands there already.
    fn prompted(&self, draft: &mut Draft, asked: &[Fact]) -> Result<(), Problem> {
        let first = |fact: &&Fact| **fact == Fact::Page;
        for fact in asked.iter().filter(first) {
            self.ask_fact(draft, *fact)?;
        }
        for field in self.form.fields() {
            let question = self.form.question(field, draft, self.them);
            let mut text = draft.words.get(field.name).to_owned();
            let line = match field.size {
                Size::Line => true,
                Size::Page => draft.facts.page == Some(Page::Name),
                Size::Text => false,
            };
            let asked = match (line, field.need) {
                (true, Need::Must) => self
                    .asking
                    .needed_from(&question, &text)
                    .map(|it| text = it),
                (true, _) => self.asking.line_from(&question, &text).map(|it| text = it),
                (false, _) => self.asking.text_into(&question, &mut text),
            };
            if text.is_empty() {
                draft.words.0.remove(field.name);
            } else {
                draft.words.0.insert(field.name.to_owned(), text);
            }
            asked?;
        }
        for fact in asked.iter().filter(|fact| !first(fact)) {
            self.ask_fact(draft, *fact)?;
        }
        Ok(())
    }

    fn ask_fact(&self, draft: &mut Draft, fact: Fact) -> Result<(), Problem> {
        let Some((question, mut so_far)) = self.form.fact(fact, &draft.facts) else {
            return Ok(());
        };
        loop {
            let text = self.asking.line_from(&question, &so_far)?;
            match put(&mut draft.facts, fact, &text, self.today) {
                Ok(()) => return Ok(()),
                Err(refused) => mend(&refused),
            }
            so_far = text;
        }
    }

    /// All of it on one sheet, in the person's editor.
    fn edited(
        &self,
        sheet: &mut Option<Sheet>,
        draft: &mut Draft,
        asked: &[Fact],
    ) -> Result<Vec<String>, Problem> {
        let mut parts = Vec::new();
        let fields = self.form.fields();
        for field in fields {
            let head = self.form.question(field, draft, self.them);
            parts.push(Part::new(head, draft.words.get(field.name)));
        }
        let facts: Vec<(Fact, String, String)> = asked
            .iter()
            .filter_map(|fact| {
                let (head, text) = self.form.fact(*fact, &draft.facts)?;
                Some((*fact, head, text))
            })
            .collect();
        parts.extend(facts.iter().map(|(_, head, text)| Part::new(head, text)));
        let heads: Vec<String> = parts.iter().map(|part| part.head.clone()).collect();
        let text_at = fields.iter().position(|field| field.size != Size::Line);
        let new = || Sheet::new(t!("edit-told"), heads.clone(), text_at.unwrap_or(0));
        let sheet = sheet.get_or_insert_with(new);
        let (back, mut wrong) = sheet.edit(&parts, self.asking)?;
        draft.words = Texts::default();
        for Part { head, text } in back {
            let place = heads.iter().position(|it| *it == head);
            match place.and_then(|place| fields.get(place)) {
                Some(field) if !text.is_empty() => {
                    let so_far = draft.words.get(field.name);
                    let text = if so_far.is_empty() {
                        text
                    } else {
                        format!("{so_far}\n{text}")
                    };
                    draft.words.0.insert(field.name.to_owned(), text);
                }
                Some(_) => {}
                None => {
                    let fact = facts.iter().find(|(_, it, _)| *it == head);
                    let Some((fact, ..)) = fact else { continue };
                    if let Err(refused) = put(&mut draft.facts, *fact, &text, self.today) {
                        wrong.push(say::problem(&refused).0);
                    }
                }
            }
        }
        Ok(wrong)
    }
}
