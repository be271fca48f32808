//! What the program has of the repository it is built from: the commit, for `--version`, the cards and the templates.

#[path = "../packed.rs"]
mod packed;

use serde::Deserialize;
use std::error::Error;
use std::path::Path;

/// The decks, in the order in which they are shown.
const DECKS: [&str; 6] = [
    "ground",
    "same-page",
    "small-steps",
    "after-an-argument",
    "looking-back",
    "ahead",
];

/// The templates, in the order in which they are shown.
const TEMPLATES: [&str; 6] = [
    "when-we-talk",
    "hard-feelings",
    "whom-we-turn-to",
    "what-we-commit-to",
    "space-plan",
    "questions",
];

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=cards");
    println!("cargo::rerun-if-changed=templates");
    println!("cargo::rerun-if-changed=../.git/HEAD");
    println!("cargo::rerun-if-changed=../.git/refs");
    println!("cargo::rustc-env=TROTH_COMMIT={}", commit());
    packed::relocations();
    let decks = format!(
        "static ENGLISH: [Deck; {n}] = [{}];\nstatic GERMAN: [Deck; {n}] = [{}];\n",
        decks("en")?,
        decks("de")?,
        n = DECKS.len(),
    );
    let out = std::env::var_os("OUT_DIR").ok_or("OUT_DIR is not set")?;
    std::fs::write(Path::new(&out).join("cards.rs"), decks)?;
    let templates = format!(
        "static ENGLISH: [Template; {n}] = [{}];\nstatic GERMAN: [Template; {n}] = [{}];\n",
        templates("en")?,
        templates("de")?,
        n = TEMPLATES.len(),
    );
    std::fs::write(Path::new(&out).join("templates.rs"), templates)?;
    Ok(())
}

fn commit() -> String {
    let asked = std::process::Command::new("git")
        .args(["rev-parse", "--short=12", "HEAD"])
        .output();
    let commit = asked.ok().filter(|it| it.status.success());
    let commit = commit.and_then(|it| String::from_utf8(it.stdout).ok());
    commit.map_or_else(|| "unknown".into(), |it| it.trim().to_owned())
}

/// A deck as people write it (CARDS §2).
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Deck {
    deck: String,
    title: String,
    intro: String,
    order: String,
    retired: Vec<String>,
    card: Vec<Card>,
}

/// A card as people write it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Card {
    id: String,
    ask: String,
    hint: Option<String>,
    weight: String,
    topic: String,
    #[serde(default)]
    covers: Vec<String>,
    #[serde(default)]
    assumes: Vec<String>,
    then: String,
}

/// All decks of a language, as values of the types in `cards.rs`.
fn decks(language: &str) -> Result<String, Box<dyn Error>> {
    let decks: Result<Vec<_>, _> = DECKS.iter().map(|name| deck(language, name)).collect();
    Ok(decks?.concat())
}

fn deck(language: &str, name: &str) -> Result<String, Box<dyn Error>> {
    let file = format!("cards/{language}/{name}.toml");
    let text = std::fs::read_to_string(&file).map_err(|error| format!("{file}: {error}"))?;
    let deck: Deck = toml::from_str(&text).map_err(|error| format!("{file}: {error}"))?;
    if deck.deck != name {
        return Err(format!("{file}: this is the deck {:?}", deck.deck).into());
    }
    let cards: Vec<_> = deck.card.iter().map(card).collect();
    Ok(format!(
        "Deck {{ id: {:?}, title: {:?}, intro: {:?}, order: Order::{}, cards: &[{}], #[cfg(test)] retired: &{:?} }},\n",
        deck.deck,
        deck.title,
        deck.intro,
        variant(&deck.order),
        cards.concat(),
        deck.retired,
    ))
}

fn card(card: &Card) -> String {
    let assumes = card.assumes.iter();
    let assumes: Vec<_> = assumes
        .map(|it| format!("Assumes::{}, ", variant(it)))
        .collect();
    format!(
        "Card {{ id: {:?}, ask: {:?}, hint: {:?}, weight: Weight::{}, #[cfg(test)] topic: {:?}, assumes: &[{}], then: Then::{}, #[cfg(test)] covers: &{:?} }},\n",
        card.id,
        card.ask,
        card.hint,
        variant(&card.weight),
        card.topic,
        assumes.concat(),
        variant(&card.then),
        card.covers,
    )
}

/// A template as people write it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Template {
    template: String,
    title: String,
    about: String,
    tag: Option<String>,
    topic: String,
    terms: String,
    both: String,
    #[serde(default)]
    not_meant: String,
    trial_weeks: Option<u8>,
    look_again_weeks: Option<u8>,
}

/// All templates of a language, as values of the type in `templates.rs`.
fn templates(language: &str) -> Result<String, Box<dyn Error>> {
    let all: Result<Vec<_>, _> = TEMPLATES.iter().map(|it| template(language, it)).collect();
    Ok(all?.concat())
}

fn template(language: &str, name: &str) -> Result<String, Box<dyn Error>> {
    let file = format!("templates/{language}/{name}.toml");
    let text = std::fs::read_to_string(&file).map_err(|error| format!("{file}: {error}"))?;
    let it: Template = toml::from_str(&text).map_err(|error| format!("{file}: {error}"))?;
    if it.template != name {
        return Err(format!("{file}: this is the template {:?}", it.template).into());
    }
    Ok(format!(
        "Template {{ id: {:?}, title: {:?}, about: {:?}, tag: {:?}, topic: {:?}, terms: {:?}, both: {:?}, not_meant: {:?}, trial_weeks: {:?}, look_again_weeks: {:?} }},\n",
        it.template,
        it.title,
        it.about,
        it.tag,
        it.topic,
        it.terms,
        it.both,
        it.not_meant,
        it.trial_weeks,
        it.look_again_weeks,
    ))
}

/// `lives_together` as `LivesTogether`. A name that is none of the words of CARDS §2 does not compile.
fn variant(name: &str) -> String {
    let words = name.split(['_', ':']);
    let words = words.map(|word| match word.split_at_checked(1) {
        Some((first, rest)) => first.to_uppercase() + rest,
        None => String::new(),
    });
    words.collect()
}
