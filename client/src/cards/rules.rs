//! What a card has to be (CARDS §3, C1 to C12): each rule a function, tried on every English card, and on cards that it has to refuse (C14).

use super::*;
use serde::Deserialize;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// A question with what surrounds it.
struct Asked<'a> {
    deck: &'a str,
    id: &'a str,
    ask: &'a str,
    hint: Option<&'a str>,
    assumes: &'a [Assumes],
}

/// Says whether it refuses.
type Rule = fn(&Asked<'_>) -> bool;

const RULES: [(&str, Rule); 12] = [
    ("C1", is_not_one_question),
    ("C2", is_not_open),
    ("C3", is_closed_in_disguise),
    ("C4", measures),
    ("C5", blames),
    ("C6", judges_an_act),
    ("C7", only_one_can_answer),
    ("C8", assumes_untold),
    ("C9", demands),
    ("C10", is_not_plain),
    ("C11", is_there_twice),
    ("C12", is_in_words_of_others),
];

impl<'a> Asked<'a> {
    fn of(deck: &'a Deck, card: &'a Card) -> Self {
        Self {
            deck: deck.id,
            id: card.id,
            ask: card.ask,
            hint: card.hint,
            assumes: card.assumes,
        }
    }

    /// The question and the hint.
    fn texts(&self) -> impl Iterator<Item = &'a str> {
        std::iter::once(self.ask).chain(self.hint)
    }

    /// Whether one of its texts has one of these words or phrases, which stand with commas between.
    fn has(&self, phrases: &str) -> bool {
        self.texts().any(|text| has(&words(text), phrases))
    }

    fn refused_by(&self) -> Vec<&'static str> {
        let refusing = RULES.iter().filter(|(_, refuses)| refuses(self));
        refusing.map(|(name, _)| *name).collect()
    }
}

/// The words of a text, small, with the apostrophe and the hyphen inside them.
fn words(text: &str) -> Vec<String> {
    let text = text.to_lowercase().replace('’', "'");
    let parts = text.split(|c: char| !c.is_alphanumeric() && c != '\'' && c != '-');
    let parts = parts.map(|part| part.trim_matches(['\'', '-']));
    parts.filter(|it| !it.is_empty()).map(Into::into).collect()
}

/// Whether one of the phrases stands in the text as whole words.
fn has(text: &[String], phrases: &str) -> bool {
    phrases.split(',').any(|phrase| {
        let phrase: Vec<_> = phrase.split_whitespace().collect();
        text.windows(phrase.len()).any(|at| at == phrase)
    })
}

pub(super) fn is_one_of(word: &str, list: &str) -> bool {
    list.split_whitespace().any(|it| it == word)
}

const ASKING: &str = "what how which where who whom";
const BEFORE_ASKING: &str = "about after among at before behind beside between beyond by for from in into near of on over through to towards under with without";
const FORMS: &str = "am is are was were be been being do does did have has had can will may shall could would should must might";

fn is_not_one_question(card: &Asked<'_>) -> bool {
    let one = card.ask.ends_with('?') && card.ask.matches('?').count() == 1;
    let second = card.hint.is_some_and(|hint| hint.contains('?'));
    let loud = |text: &str| text.contains('!') || text.contains(|c: char| c.is_numeric());
    !one || second || card.texts().any(loud)
}

fn is_not_open(card: &Asked<'_>) -> bool {
    let text = words(card.ask);
    let word = |n: usize| text.get(n).map_or("", String::as_str);
    let begins = is_one_of(word(0), ASKING)
        || is_one_of(word(0), BEFORE_ASKING) && is_one_of(word(1), ASKING)
        || word(0) == "when" && is_one_of(word(1), "are do is") && has(&text, "and");
    !begins || closes_behind(card.ask)
}

/// Whether a question that can be closed follows a comma or an "and".
fn closes_behind(ask: &str) -> bool {
    let parts: Vec<_> = ask.split_whitespace().collect();
    (1..parts.len()).any(|n| {
        let joined = parts[n - 1].ends_with(',') || parts[n - 1] == "and";
        let rest = words(&parts[n..].join(" "));
        let word = |n: usize| rest.get(n).map_or("", String::as_str);
        let of = is_one_of(word(1), "you your it") || word(1) == "the" && word(2) == "two";
        joined && is_one_of(word(0), FORMS) && of
    })
}

fn is_closed_in_disguise(card: &Asked<'_>) -> bool {
    let text = words(card.ask);
    let ends_in_two = text.iter().rev().take(4).any(|word| word == "or");
    let listed = card
        .ask
        .split_once(':')
        .is_some_and(|(asked, listed)| has(&words(asked), "which") && has(&words(listed), "or"));
    card.has("or not, yes or no, true, agree, right") || ends_in_two || listed
}

fn measures(card: &Asked<'_>) -> bool {
    card.has("how many, how much, how often, how long, how far, how soon, how well")
        || card.has("scale, rate, rank, score, percent, per cent, best, worst")
        || card.has("more than, less than, better than, compared")
        || card.texts().any(|text| text.contains('%'))
}

fn blames(card: &Asked<'_>) -> bool {
    card.has("why, fault, blame, wrong, guilty, fail, broke, broken, lie, lied, cheat, jealous")
        || card.has("faults, fails, failed, lies, lying, cheats, cheated, problems, complaint, had to, has to")
        || card.has("selfish, lazy, always, never, still, again, even, finally, at last")
        || card.has("should, ought, must, have to, too much, enough, stop, quit")
        || card.has("bad, problem, complain, nag, deserve, owe")
}

fn judges_an_act(card: &Asked<'_>) -> bool {
    card.texts().any(|text| {
        let text = text.to_lowercase().replace('’', "'");
        let parts: Vec<_> = text.split_whitespace().collect();
        let mut at = (1..parts.len()).filter(|n| parts[n - 1] == "your" && parts[*n] == "partner");
        at.any(|n| !is_valued(&parts[..n - 1], &parts[n + 1..]))
    })
}

/// Whether what stands around "your partner" says something that the answerer values. A noun of theirs ("your partner's") and the end of a clause ("your partner,") are other words than these two.
fn is_valued(before: &[&str], behind: &[&str]) -> bool {
    const SAYS: &str = "does did is has was says";
    const VALUED: &str = "like likes liked glad good trying hope hopes hoped happy lighter";
    const STEMS: [&str; 7] = ["help", "thank", "kind", "love", "valu", "admir", "protect"];
    let says = |word: Option<&&str>| word.is_some_and(|word| is_one_of(word, SAYS));
    let near = &behind[..behind.len().min(7)];
    let valued = |word: &&str| {
        let word = words(word).concat();
        is_one_of(&word, VALUED) || STEMS.iter().any(|stem| word.starts_with(stem))
    };
    (says(behind.first()) || says(before.last()))
        && near.iter().any(valued)
        && !near.contains(&"not")
}

fn only_one_can_answer(card: &Asked<'_>) -> bool {
    card.has("he, she, his, her, hers, him, husband, wife, boyfriend, girlfriend, man, woman")
        || card.has("mother, father, son, daughter, the one who, breadwinner, older, first")
        || card.has("since you fought, since you lied, since you left, since the fight, the affair")
        || card.has("when you fought, when you lied, when you left, the break-up, the breakup")
        || card.has("after the fight, after the argument, last fight, last argument")
        || card.deck == "after-an-argument" && card.has("argument, fight, quarrel, row")
}

/// What says that something is taken for granted, and what has to be ticked for it: one of these.
const TAKEN_FOR_GRANTED: [(&[Assumes], &str); 10] = [
    (
        &[Assumes::LivesTogether],
        "home together, our home, flat, household, chore, chores, move in",
    ),
    (&[Assumes::LivesTogether, Assumes::Sex], "bed"),
    (
        &[Assumes::SharesMoney],
        "our account, joint, our savings, salary, debt, debts",
    ),
    (
        &[Assumes::Children, Assumes::WantsChildren],
        "child, children, kids, baby, school, parenting, bedtime",
    ),
    (
        &[Assumes::Marriage],
        "marry, married, wedding, spouse, vow, vows",
    ),
    (
        &[Assumes::Sex],
        "sex, sexual, desire, naked, intimate, intimacy, arouse, arouses, aroused, arousal, turn on",
    ),
    (
        &[Assumes::Faith],
        "pray, prayer, god, church, faith, religious, sabbath",
    ),
    (
        &[Assumes::PastPartners],
        "ex, exes, former partner, former partners, old love, old loves",
    ),
    (&[Assumes::LivingParents], "your parents"),
    (
        &[Assumes::PaidWork],
        "job, boss, colleague, colleagues, office",
    ),
];

fn assumes_untold(card: &Asked<'_>) -> bool {
    let ticked = |tags: &[Assumes]| tags.iter().any(|it| card.assumes.contains(it));
    let mut all = TAKEN_FOR_GRANTED.iter();
    all.any(|(tags, phrases)| card.has(phrases) && !ticked(tags))
}

fn demands(card: &Asked<'_>) -> bool {
    card.has("tell everything, tell all, confess, admit, secret, secrets, hide, hides, hiding")
        || card.has("honest, honestly, truth, prove, promise, promises")
}

fn is_not_plain(card: &Asked<'_>) -> bool {
    let long = |text: &str| text.chars().count() > 140;
    let count = card.ask.split_whitespace().count();
    !(5..=24).contains(&count)
        || card.texts().any(long)
        || card.has("boundary, boundaries, trigger, triggers, attachment, toxic, needs met")
        || card.has("love language, love languages, process, communicate, communication")
        || card.has("validate, vulnerable, growth")
}

/// What a question is made of, without the words that every question has and without endings.
fn stems(ask: &str) -> BTreeSet<String> {
    const FUNCTION: &str = "a about after all also an and any are as at be been before but by can could did do does each for from \
        had has have how i in into is it its may more no not of on one or other others out own so some \
        than that the their them then there they this those through to two up was we were what when where which who \
        whom will with without would you your yours yourself";
    let kept = words(ask)
        .into_iter()
        .filter(|word| !is_one_of(word, FUNCTION));
    kept.map(|word| {
        let ending = ["ing", "ed", "es", "s", "e"]
            .iter()
            .find(|it| word.len() > it.len() + 2 && word.ends_with(**it));
        word[..word.len() - ending.map_or(0, |it| it.len())].to_owned()
    })
    .collect()
}

/// The stems of every card, by deck and id.
static STEMS: LazyLock<Vec<(&str, &str, BTreeSet<String>)>> = LazyLock::new(|| {
    let decks = decks(Language::English).iter();
    let of = |deck: &'static Deck| {
        let cards = deck.cards.iter();
        cards.map(|card| (deck.id, card.id, stems(card.ask)))
    };
    decks.flat_map(of).collect()
});

fn is_there_twice(card: &Asked<'_>) -> bool {
    let mine = stems(card.ask);
    let mut others = STEMS
        .iter()
        .filter(|(deck, id, _)| (*deck, *id) != (card.deck, card.id));
    others.any(|(_, _, theirs)| {
        let common = mine.intersection(theirs).count();
        let all = mine.union(theirs).count();
        common * 10 >= all * 7
    })
}

/// The first eight hexadecimal digits of the SHA-256 of six words in a row.
fn window(words: &[String]) -> String {
    let hash = Sha256::digest(words.join(" "));
    data_encoding::HEXLOWER.encode(&hash[..4])
}

/// Of texts by others: hashes, not the texts.
static KNOWN: LazyLock<BTreeSet<&str>> =
    LazyLock::new(|| lines(include_str!("../../cards/known-windows")).collect());

fn is_in_words_of_others(card: &Asked<'_>) -> bool {
    card.texts().any(|text| {
        let words: Vec<_> = words(text).iter().flat_map(|it| parts(it)).collect();
        words
            .windows(6)
            .any(|six| KNOWN.contains(window(six).as_str()))
    })
}

/// A word with its hyphens taken apart.
fn parts(word: &str) -> Vec<String> {
    word.split('-').map(Into::into).collect()
}

/// The lines of a file that are no comments.
fn lines(file: &'static str) -> impl Iterator<Item = &'static str> {
    let lines = file.lines().map(str::trim);
    lines.filter(|line| !line.is_empty() && !line.starts_with('#'))
}

/// Good cards that a rule refuses: deck/card and rule, with the reason.
fn exceptions() -> BTreeMap<(&'static str, &'static str), &'static str> {
    let all = lines(include_str!("../../cards/exceptions")).map(|line| {
        let (card, rest) = line.split_once(' ').expect("a rule");
        let (rule, reason) = rest.trim().split_once(' ').expect("a reason");
        ((card, rule), reason.trim())
    });
    all.collect()
}

#[test]
fn every_rule_lets_every_card_pass() {
    let exceptions = exceptions();
    let mut used = BTreeSet::new();
    let mut refused = Vec::new();
    for deck in decks(Language::English) {
        for card in deck.cards {
            let name = format!("{}/{}", deck.id, card.id);
            for rule in Asked::of(deck, card).refused_by() {
                match exceptions.keys().find(|it| **it == (name.as_str(), rule)) {
                    Some(exception) => drop(used.insert(*exception)),
                    None => refused.push(format!("{rule} {name}: {}", card.ask)),
                }
            }
        }
    }
    assert!(refused.is_empty(), "{}", refused.join("\n"));
    let listed: BTreeSet<_> = exceptions.keys().copied().collect();
    assert_eq!(used, listed, "an exception that nothing needs");
}

/// A card that has to be refused.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Refused {
    ask: String,
    hint: Option<String>,
    #[serde(default = "any_deck")]
    deck: String,
    by: Vec<String>,
}

fn any_deck() -> String {
    "small-steps".into()
}

#[derive(Deserialize)]
struct AllRefused {
    card: Vec<Refused>,
}

#[test]
fn a_refused_card_is_refused_by_exactly_the_rules_it_names() {
    let file: AllRefused = toml::from_str(include_str!("../../cards/refused.toml")).unwrap();
    assert!(file.card.len() >= 40);
    let mut alone: BTreeMap<&str, usize> = BTreeMap::new();
    let mut other = Vec::new();
    for card in &file.card {
        let asked = Asked {
            deck: &card.deck,
            id: "",
            ask: &card.ask,
            hint: card.hint.as_deref(),
            assumes: &[],
        };
        let by = asked.refused_by();
        if by != card.by {
            other.push(format!("{by:?}, not {:?}: {}", card.by, card.ask));
        }
        if let [rule] = card.by.as_slice() {
            *alone.entry(rule).or_default() += 1;
        }
    }
    assert!(other.is_empty(), "{}", other.join("\n"));
    for (rule, _) in &RULES[..11] {
        let count = alone.get(rule).copied().unwrap_or_default();
        assert!(count >= 2, "{rule} refuses {count} by itself");
    }
}

#[test]
fn a_question_that_only_looks_like_a_refused_one_passes() {
    let fine = [
        (
            "When are you at ease among people, and what do they do then?",
            None,
        ),
        (
            "With whom do you share what you love?",
            Some("A line is plenty."),
        ),
        (
            "What does your partner do that helps you on a grey day?",
            None,
        ),
        ("What do you like about your partner's laugh?", None),
        (
            "What would you love to show your partner, near or far away from here?",
            None,
        ),
        ("How do mornings and evenings differ for you?", None),
    ];
    for (ask, hint) in fine {
        let asked = Asked {
            deck: "small-steps",
            id: "",
            ask,
            hint,
            assumes: &[],
        };
        assert_eq!(asked.refused_by(), [""; 0], "{ask}");
    }
    let tagged = Asked {
        deck: "same-page",
        id: "",
        ask: "What would you like to hand on to a child?",
        hint: None,
        assumes: &[Assumes::WantsChildren],
    };
    assert_eq!(tagged.refused_by(), [""; 0]);
}

#[test]
fn six_words_of_a_known_deck_are_found_wherever_they_stand() {
    assert!(KNOWN.iter().all(|line| line.len() == 8));
    let of = |ask| Asked {
        deck: "small-steps",
        id: "",
        ask,
        hint: None,
        assumes: &[],
    };
    // The beginning of a list that was published for research and is known everywhere.
    let theirs = "Given the choice of anyone in the world, what do you like?";
    assert!(is_in_words_of_others(&of(theirs)));
    assert!(!is_in_words_of_others(&of(
        "How do you like to be met after a long day?"
    )));
}

#[test]
fn what_else_is_asked_is_in_words_of_its_own_too() {
    let intros = decks(Language::English).iter().map(|deck| deck.intro);
    let asked = Language::English.source().lines();
    let asked = asked.filter(|line| line.starts_with("ask-"));
    let asked = asked.filter_map(|line| Some(line.split_once(" = ")?.1));
    let mut count = 0;
    for ask in intros.chain(asked) {
        let asked = Asked {
            deck: "",
            id: "",
            ask,
            hint: None,
            assumes: &[],
        };
        assert!(!is_in_words_of_others(&asked), "{ask}");
        count += 1;
    }
    assert!(count > 100, "{count}");
}
