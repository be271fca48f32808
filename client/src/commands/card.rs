//! Cards: the decks, the card that is offered, and the answer to it. What was skipped, and what cards may take for granted,
//! only this device knows.

use super::pages::ready;
use super::told::slot_view;
use super::{bound, partner, propose};
use crate::ask::Asking;
use crate::cards::{self, Assumes, Deck, Then};
use crate::cli::Card as Step;
use crate::link::Link;
use crate::say::{self, heading};
use crate::words::{self, means, t};
use crate::wrap;
use crate::{Said, cards::Card};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt;
use troth_proto::home::Home;
use troth_proto::ids::Who;
use troth_proto::problem::{FileWrong, Wrong};
use troth_proto::said::agreement::Does;
use troth_proto::said::sealed::{CardAnswer, Sealed};
use troth_proto::view::{SealedState, SlotView};
use troth_proto::{Problem, Slot};

/// Bytes of the file that are worth reading.
const MOST: usize = 64 * 1024;

/// What only this device knows of cards.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
struct Mine {
    /// What fits this person's life, by its name.
    fits: BTreeSet<String>,
    /// Cards that are not offered again by themselves, by their decks.
    skipped: BTreeMap<String, BTreeSet<String>>,
}

impl Mine {
    fn read(home: &Home) -> Self {
        let text = std::fs::read_to_string(home.cards()).unwrap_or_default();
        let text = Some(text).filter(|it| it.len() <= MOST);
        let read = text.and_then(|it| serde_json::from_str(&it).ok());
        read.unwrap_or_default()
    }

    fn write(&self, home: &Home) -> Result<(), Problem> {
        let path = home.cards();
        let failed = |why: FileWrong| Problem::FileFailed {
            path: path.display().to_string(),
            why,
        };
        let text = serde_json::to_string(self).map_err(|_| failed(FileWrong::Unknown))?;
        let mut options = std::fs::OpenOptions::new();
        let options = options.write(true).create(true).truncate(true).mode(0o600);
        let file = options.open(&path);
        let written = file.and_then(|mut file| file.write_all(text.as_bytes()));
        written.map_err(|e| failed((&e).into()))
    }

    fn ticked(&self) -> BTreeSet<Assumes> {
        let all = Assumes::ALL.iter();
        let ticked = all.filter(|(_, name)| self.fits.contains(*name));
        ticked.map(|(it, _)| *it).collect()
    }
}

/// What a script gives: an answer, or that the card is left.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Given {
    words: String,
    skip: bool,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Fits {
    fits: BTreeSet<String>,
}

pub(super) fn run(
    link: &mut Link,
    home: &Home,
    (deck, card): (Option<String>, Option<String>),
    step: Option<Step>,
    asking: Asking,
) -> Result<Said, Problem> {
    match (step, deck) {
        (Some(Step::List), _) => list(link),
        (Some(Step::Show { which }), _) => {
            let (deck, card) = meant(link, &which, |_| true, asking)?;
            show(link, deck, card)
        }
        (Some(Step::Propose { which }), _) => {
            let (deck, card) = meant(link, &which, both_open, asking)?;
            propose_line(link, deck, card, asking)
        }
        (Some(Step::Fits), _) => fits(home, asking),
        (None, None) => Ok(decks()),
        (None, Some(deck)) => {
            let deck = deck_named(&deck)?;
            let card = match card {
                Some(card) => Some(card_named(deck, &card)?),
                None => offered(link, home, deck)?,
            };
            match card {
                Some(card) => answer(link, home, (deck, card), asking),
                None => {
                    let json = json!({"deck": deck.id, "card": null});
                    Ok(Said::new(json, t!("card-none") + "\n"))
                }
            }
        }
    }
}

fn no_such(what: &str) -> Problem {
    Problem::NoSuch { what: what.into() }
}

/// A deck by its name in slots, or by words of its title: what stands beside it in another language than English.
fn deck_named(name: &str) -> Result<&'static Deck, Problem> {
    let all = cards::decks(words::spoken());
    if let Some(deck) = cards::deck(words::spoken(), name) {
        return Ok(deck);
    }
    let found = crate::names::by_words(all, |deck| deck.title, name);
    match found[..] {
        [one] => Ok(one),
        [] => Err(no_such(name)),
        _ => Err(Problem::NotUnique { what: name.into() }),
    }
}

/// A card by its name in slots, or by words of its question.
fn card_named(deck: &'static Deck, name: &str) -> Result<&'static Card, Problem> {
    if let Some(card) = deck.card(name) {
        return Ok(card);
    }
    match crate::names::by_words(deck.cards, |card| card.ask, name)[..] {
        [one] => Ok(one),
        [] => Err(no_such(name)),
        _ => Err(Problem::NotUnique { what: name.into() }),
    }
}

/// A card that one of the two has taken, and how it stands.
struct Taken {
    deck: &'static Deck,
    card: &'static Card,
    view: SlotView,
}

/// The cards that one of the two has taken, in the order of the list.
fn all_taken(link: &mut Link) -> Result<Vec<Taken>, Problem> {
    let mut all = Vec::new();
    for deck in cards::decks(words::spoken()) {
        for card in deck.cards {
            let view = slot_view(link, &slot(deck, card))?;
            let there = |it: &SlotView| [it.mine, it.partner] != [SealedState::Empty; 2];
            all.extend(view.filter(there).map(|view| Taken { deck, card, view }));
        }
    }
    Ok(all)
}

/// The card that is meant: by its deck and its name or words of its question, by its number in the list, by words of its
/// question alone; or by nothing more than its deck, where only one fits.
fn meant(
    link: &mut Link,
    typed: &[String],
    fits: impl Fn(&SlotView) -> bool,
    asking: Asking,
) -> Result<(&'static Deck, &'static Card), Problem> {
    let text = typed.join(" ");
    let deck = typed.first().and_then(|name| deck_named(name).ok());
    let rest = typed.get(1..).unwrap_or_default().join(" ");
    if let (Some(deck), false) = (deck, rest.is_empty())
        && let Ok(card) = card_named(deck, &rest)
    {
        return Ok((deck, card));
    }
    let taken = all_taken(link)?;
    let of_deck = |it: &Taken| deck.is_none_or(|deck| deck.id == it.deck.id);
    let number = typed.last().and_then(|last| last.parse::<usize>().ok());
    if let Some(number) = number.filter(|_| typed.len() == 1 || deck.is_some()) {
        let found = number.checked_sub(1).and_then(|at| taken.get(at));
        let found = found.filter(|it| of_deck(it));
        return match found {
            Some(it) => Ok((it.deck, it.card)),
            None => Err(no_such(&text)),
        };
    }
    let only_deck = rest.is_empty() && (typed.is_empty() || deck.is_some());
    let mut found: Vec<(&Deck, &Card)> = Vec::new();
    if only_deck {
        let those = taken.iter().filter(|it| of_deck(it) && fits(&it.view));
        found.extend(those.map(|it| (it.deck, it.card)));
    }
    // A word that leads to a deck may be one of a question, too.
    if found.is_empty() && !typed.is_empty() {
        found = asked_in_words(&taken, &text);
    }
    match found[..] {
        [one] => Ok(one),
        [] if typed.is_empty() => Err(Problem::NothingAtHand {
            what: "card".into(),
        }),
        [] => Err(no_such(&text)),
        _ if asking.person() => one_of(&found, asking),
        _ => Err(Problem::NotUnique { what: text }),
    }
}

/// Cards with these words in their questions: of those that were taken, else of all.
fn asked_in_words(taken: &[Taken], text: &str) -> Vec<(&'static Deck, &'static Card)> {
    let found = crate::names::by_words(taken, |it| it.card.ask, text);
    if !found.is_empty() {
        return found.iter().map(|it| (it.deck, it.card)).collect();
    }
    let all = cards::decks(words::spoken()).iter();
    let all = all.flat_map(|deck| deck.cards.iter().map(move |card| (deck, card)));
    let all: Vec<(&'static Deck, &'static Card)> = all.collect();
    let found = crate::names::by_words(&all, |(_, card)| card.ask, text);
    found.into_iter().copied().collect()
}

/// Asks which card, by its number.
fn one_of(
    several: &[(&'static Deck, &'static Card)],
    asking: Asking,
) -> Result<(&'static Deck, &'static Card), Problem> {
    let lines = several.iter().enumerate();
    let lines = lines.map(|(n, (_, card))| format!("{}  {}", n + 1, card.ask));
    wrap::tell(&lines.collect::<Vec<_>>().join("\n"));
    let answer = asking.needed(&t!("ask-which-told"))?;
    let place = answer.parse::<usize>().ok().and_then(|n| n.checked_sub(1));
    let found = place.and_then(|place| several.get(place)).copied();
    found.ok_or_else(|| no_such(&answer))
}

/// Whether both have opened what they answered.
fn both_open(view: &SlotView) -> bool {
    view.mine == SealedState::Open && view.partner == SealedState::Open
}

/// All that a deck is called in commands.
fn names(deck: &Deck) -> String {
    match cards::called(deck) {
        called if called == deck.id => called,
        called => format!("{called}, {}", deck.id),
    }
}

/// The slot of a card's first answer.
fn slot(deck: &Deck, card: &Card) -> Slot {
    Slot::Card(format!("{}/{}", deck.id, card.id))
}

/// Every time that a card was taken, the first one first; the first one also if it was not.
fn taken(link: &mut Link, deck: &Deck, card: &Card) -> Result<Vec<SlotView>, Problem> {
    let first = slot(deck, card);
    let mut all: Vec<SlotView> = Vec::new();
    for n in 1..=u16::MAX {
        let slot = first.again(n).unwrap_or_else(|| first.clone());
        let Some(view) = slot_view(link, &slot)? else {
            break;
        };
        let empty = [view.mine, view.partner] == [SealedState::Empty; 2];
        if n > 1 && empty {
            break;
        }
        let both = [view.mine, view.partner] == [SealedState::Open; 2];
        all.push(view);
        if !both {
            break;
        }
    }
    Ok(all)
}

/// The card that a deck offers by itself.
fn offered(
    link: &mut Link,
    home: &Home,
    deck: &'static Deck,
) -> Result<Option<&'static Card>, Problem> {
    let mine = Mine::read(home);
    let skipped = mine.skipped.get(deck.id);
    let mut away: BTreeSet<&str> = skipped.into_iter().flatten().map(String::as_str).collect();
    for card in deck.cards {
        let view = slot_view(link, &slot(deck, card))?;
        if view.is_some_and(|it| it.mine != SealedState::Empty) {
            away.insert(card.id);
        }
    }
    Ok(cards::offered(deck, &away, &mine.ticked()))
}

/// The decks, each with what it is for.
fn decks() -> Said {
    let all = cards::decks(words::spoken());
    let mut out = String::new();
    for deck in all {
        let _ = writeln!(
            out,
            "{} ({})\n   {}",
            heading(deck.title),
            names(deck),
            deck.intro
        );
    }
    let _ = writeln!(out, "\n{}", t!("card-decks"));
    let json: Value = all
        .iter()
        .map(|deck| json!({"deck": deck.id, "title": deck.title, "intro": deck.intro}))
        .collect();
    Said::new(json!({"decks": json}), out)
}

fn asked(deck: &Deck, card: &Card) -> String {
    let mut out = format!("{}\n{}\n", heading(deck.title), card.ask);
    if let Some(hint) = card.hint {
        let _ = writeln!(out, "{hint}");
    }
    out
}

fn as_json(deck: &Deck, card: &Card) -> Value {
    json!({"deck": deck.id, "card": card.id, "ask": card.ask, "hint": card.hint,
        "slot": slot(deck, card).to_string()})
}

/// Offers a card, and takes the answer to it.
fn answer(
    link: &mut Link,
    home: &Home,
    (deck, card): (&'static Deck, &'static Card),
    asking: Asking,
) -> Result<Said, Problem> {
    bound(link)?;
    let taken = taken(link, deck, card)?;
    let here = taken.last().map(|it| it.slot.clone());
    let here = here.unwrap_or_else(|| slot(deck, card));
    let text = asked(deck, card);
    let shown = || Said::new(as_json(deck, card), text.clone());
    if asking.json {
        let given: Given = asking.object()?;
        if given.skip {
            skip(home, deck, card)?;
            return Ok(shown());
        }
        if given.words.trim().is_empty() {
            return Ok(shown());
        }
        let request = troth_proto::api::Request::SlotReady {
            slot: here,
            words: given.words,
        };
        let answer = link.ask(&request)?;
        return Ok(Said::new(answer, text));
    }
    if !asking.person() {
        return Ok(shown());
    }
    wrap::tell(&text);
    let choice = asking.line(&t!("ask-card"))?;
    if means("word-skip", &choice) {
        skip(home, deck, card)?;
        return Ok(Said::new(as_json(deck, card), t!("card-skipped") + "\n"));
    }
    if !means("word-yes", &choice) {
        return Ok(Said::new(as_json(deck, card), t!("card-left") + "\n"));
    }
    ready(link, &here, &t!("ask-card-answer"), asking)
}

fn skip(home: &Home, deck: &Deck, card: &Card) -> Result<(), Problem> {
    let mut mine = Mine::read(home);
    let skipped = mine.skipped.entry(deck.id.to_owned()).or_default();
    skipped.insert(card.id.to_owned());
    mine.write(home)
}

/// The cards that one of the two has taken.
fn list(link: &mut Link) -> Result<Said, Problem> {
    let them = bound(link)?;
    let (mut out, mut all) = (String::new(), Vec::new());
    for (n, Taken { deck, card, view }) in all_taken(link)?.iter().enumerate() {
        let state = match (view.mine, view.partner) {
            (SealedState::Open, _) => t!("slot-mine-open"),
            (SealedState::Empty, _) => t!("slot-theirs-ready", partner = them.as_str()),
            _ => t!("slot-mine-ready"),
        };
        let called = cards::card_called(deck, card);
        let _ = writeln!(out, "{}  {called}: {}\n   {state}", n + 1, card.ask);
        let mut json = as_json(deck, card);
        json["mine"] = json!(view.mine);
        json["partner"] = json!(view.partner);
        all.push(json);
    }
    if out.is_empty() {
        out = t!("card-list-none") + "\n";
    }
    Ok(Said::new(json!({"cards": all}), out))
}

/// A card, with what both answered each time.
fn show(link: &mut Link, deck: &'static Deck, card: &'static Card) -> Result<Said, Problem> {
    let taken = taken(link, deck, card)?;
    let them = partner(link)?;
    let mut out = asked(deck, card);
    for view in &taken {
        let _ = write!(out, "\n{}", say::slot_to_answer(view, &them));
    }
    if taken.iter().any(both_open) {
        let next = match card.then {
            Then::None => None,
            // A ground rule begins from words of its own.
            Then::Propose if deck.id == "ground" => {
                Some(t!("card-then-ground", template = card.id))
            }
            // What each takes for normal is there already, in words of their own.
            Then::Propose if deck.id == "same-page" => {
                let called = cards::card_called(deck, card);
                Some(t!("card-then-line", card = called))
            }
            Then::Propose => Some(t!("card-then-propose")),
            Then::AboutMeMyResponsibility => Some(t!("card-then-responsibility")),
            Then::AboutMeMyPatterns => Some(t!("card-then-patterns")),
            Then::Thank => Some(t!("card-then-thank")),
            Then::Ask => Some(t!("card-then-ask")),
            Then::Repair => Some(t!("card-then-repair")),
        };
        if let Some(next) = next {
            let _ = writeln!(out, "\n{next}");
        }
    }
    let mut json = as_json(deck, card);
    json["slots"] = json!(taken);
    Ok(Said::new(json, out))
}

/// What a script proposes of a card: the line by its number, own lines first.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct OfLine {
    line: usize,
    topic: String,
    does: Does,
}

/// The lines of the newest answers to a card that are open, and whose they are.
fn lines(taken: &[SlotView]) -> Vec<(Who, String)> {
    let mut opened = taken.iter().rev().filter_map(|it| it.opened.as_ref());
    let opened = opened.next().cloned().unwrap_or_default();
    let both = [(Who::Me, opened.me), (Who::Partner, opened.partner)];
    let mut all = Vec::new();
    for (who, words) in both {
        let Some(Sealed::Card(CardAnswer { words })) = words else {
            continue;
        };
        let lines = words.lines().map(say::calm_line);
        let lines = lines.filter(|line| !line.is_empty());
        all.extend(lines.map(|line| (who, line)));
    }
    all
}

/// Proposes a line of either answer: it is what is agreed on, and the rest is asked for.
fn propose_line(
    link: &mut Link,
    deck: &'static Deck,
    card: &'static Card,
    asking: Asking,
) -> Result<Said, Problem> {
    let them = bound(link)?;
    let taken = taken(link, deck, card)?;
    let lines = match taken.iter().rfind(|it| both_open(it)) {
        Some(open) => lines(std::slice::from_ref(open)),
        None => return Err(Problem::NothingOpen { partner: them }),
    };
    let line = |n: usize| lines.get(n.checked_sub(1)?).map(|(_, line)| line.clone());
    if asking.json {
        let given: OfLine = asking.object()?;
        let terms = line(given.line).ok_or_else(|| no_such(&given.line.to_string()))?;
        return propose::from_line(link, (given.topic, terms, given.does), asking);
    }
    if !asking.person() {
        return Err(Problem::NeedsTerminal);
    }
    let mut shown = asked(deck, card);
    let mut last = None;
    for (n, (who, line)) in lines.iter().enumerate() {
        if last.replace(*who) != Some(*who) {
            let head = match who {
                Who::Me => t!("head-you-wrote"),
                Who::Partner => t!("head-they-wrote", partner = them.as_str()),
            };
            let _ = writeln!(shown, "{}", heading(&head));
        }
        let _ = writeln!(shown, "{:>3}  {line}", n + 1);
    }
    wrap::tell(shown.trim_end());
    loop {
        let answer = asking.line(&t!("ask-card-line"))?;
        if answer.is_empty() {
            return Err(Problem::Interrupted);
        }
        if let Some(terms) = answer.parse().ok().and_then(line) {
            return propose::from_line(link, (String::new(), terms, Does::default()), asking);
        }
    }
}

/// What cards may take for granted.
fn fits(home: &Home, asking: Asking) -> Result<Said, Problem> {
    let mut mine = Mine::read(home);
    if asking.json {
        let given: Option<Fits> = asking.object::<Value>().ok().and_then(|value| {
            let given = value.as_object().is_some_and(|it| !it.is_empty());
            given.then(|| serde_json::from_value(value).ok()).flatten()
        });
        if let Some(given) = given {
            let known = |name: &&String| Assumes::ALL.iter().all(|(_, it)| it != name);
            if let Some(unknown) = given.fits.iter().find(known) {
                return Err(Problem::BadRequest {
                    wrong: Wrong::NotTaken {
                        value: unknown.clone(),
                        what: "fits".into(),
                    },
                });
            }
            mine.fits = given.fits;
            mine.write(home)?;
        }
    } else if asking.person() {
        wrap::tell(&t!("card-fits"));
        for (_, name) in Assumes::ALL {
            let before = mine.fits.contains(*name);
            let question = t!(&format!("ask-fits-{}", name.replace('_', "-")));
            if asking.yes_unless(&question, before)? {
                mine.fits.insert((*name).to_owned());
            } else {
                mine.fits.remove(*name);
            }
        }
        mine.write(home)?;
    }
    let json = json!({"fits": mine.fits});
    Ok(Said::new(json, t!("card-fits-kept") + "\n"))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::words::Language;

    #[test]
    fn a_deck_is_found_by_each_name_that_is_shown() {
        for language in [Language::English, Language::German] {
            language.speak();
            for deck in cards::decks(language) {
                for name in names(deck).split(", ") {
                    assert_eq!(deck_named(name).unwrap().id, deck.id, "{name}");
                }
            }
        }
        let shown = decks().words;
        assert!(
            shown.contains("(nach-einem-streit, after-an-argument)"),
            "{shown}"
        );
        Language::English.speak();
        assert!(decks().words.contains("(after-an-argument)"));
    }

    #[test]
    fn a_card_is_found_by_words_of_its_question() {
        let deck = cards::deck(Language::English, "small-steps").unwrap();
        let card = deck.card("met-after-a-long-day").unwrap();
        for name in ["met-after-a-long-day", card.ask] {
            assert_eq!(card_named(deck, name).unwrap().id, card.id);
        }
        assert!(card_named(deck, "xylophone").is_err());
    }

    #[test]
    fn each_line_of_both_answers_can_be_chosen() {
        let view = json!({"slot": "card:same-page/phones-own", "mine": "open", "partner": "open",
            "opened": {"me": {"words": "One.\n\n  Two."}, "partner": {"words": "Three."}}});
        let all = lines(&[serde_json::from_value(view).unwrap()]);
        let all: Vec<(Who, &str)> = all
            .iter()
            .map(|(who, line)| (*who, line.as_str()))
            .collect();
        let wanted = [
            (Who::Me, "One."),
            (Who::Me, "Two."),
            (Who::Partner, "Three."),
        ];
        assert_eq!(all, wanted);
    }
}
