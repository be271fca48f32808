//! Cards: open questions that both answer before either sees (SPEC §5, CARDS). One file a deck and a language stands in `client/cards/`; the build makes values of them, so that a file that does not read never reaches a person.

use crate::names;
use crate::words::{self, Language};
use std::collections::BTreeSet;

/// Questions that belong together (CARDS §1).
#[derive(Debug)]
pub struct Deck {
    /// Its name in a slot, `card:<id>/<card>`: `[a-z0-9-]`, at most 40 letters, the same in every language, for ever.
    pub id: &'static str,
    /// Its name on the screen, at most 40 letters.
    pub title: &'static str,
    /// What it is for: one calm sentence, at most 140 letters.
    pub intro: &'static str,
    /// In which order its cards are offered.
    pub order: Order,
    /// Its cards, as the file has them. How many there are is never shown.
    pub cards: &'static [Card],
    /// Ids of cards that once were here. None of them is given to another card.
    #[cfg(test)]
    retired: &'static [&'static str],
}

/// One open question (CARDS §2).
#[derive(Debug)]
pub struct Card {
    /// Its name within the deck: `[a-z0-9-]`, at most 40 letters, the same in every language, for ever.
    pub id: &'static str,
    /// The question. In English 5 to 24 words and at most 140 letters; elsewhere at most 160 letters.
    pub ask: &'static str,
    /// A sentence below the question, never a second question; at most 140 letters, elsewhere at most 160.
    pub hint: Option<&'static str>,
    /// How much it asks for.
    pub weight: Weight,
    /// What it is about, a word of the deck's list; no word for the screen.
    #[cfg(test)]
    pub topic: &'static str,
    /// What must fit a life before it is offered.
    pub assumes: &'static [Assumes],
    /// What the screen offers once both answers are open.
    pub then: Then,
    /// The practices that it serves (CARDS §1).
    #[cfg(test)]
    covers: &'static [&'static str],
}

/// In which order a deck's cards are offered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// As written.
    Fixed,
    /// As written, where what weighs more stands further down.
    Weight,
    /// As it comes, and again and again: what weighs less is offered before what weighs more.
    Any,
}

/// How much a card asks for. Nothing is ever locked by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Weight {
    /// Easily said on any day.
    Everyday,
    /// Takes a little courage.
    Tender,
    /// Takes time.
    Big,
}

/// What a card takes for granted. A person ticks it locally, untold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Assumes {
    /// The two live under one roof, or mean to.
    LivesTogether,
    /// Some of their money is shared.
    SharesMoney,
    /// There are children in their life.
    Children,
    /// Children are wished for, or thought about.
    WantsChildren,
    /// They are married, or think about it.
    Marriage,
    /// Sex is something to talk about.
    Sex,
    /// Faith has a place in this person's life.
    Faith,
    /// There was a love before.
    PastPartners,
    /// A parent of this person is alive.
    LivingParents,
    /// This person works for pay.
    PaidWork,
}

impl Assumes {
    /// All of them, with the names that files and scripts use.
    pub const ALL: &[(Self, &str)] = &[
        (Self::LivesTogether, "lives_together"),
        (Self::SharesMoney, "shares_money"),
        (Self::Children, "children"),
        (Self::WantsChildren, "wants_children"),
        (Self::Marriage, "marriage"),
        (Self::Sex, "sex"),
        (Self::Faith, "faith"),
        (Self::PastPartners, "past_partners"),
        (Self::LivingParents, "living_parents"),
        (Self::PaidWork, "paid_work"),
    ];
}

/// What the screen offers once both answers are open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Then {
    /// Nothing.
    #[cfg_attr(
        not(test),
        expect(dead_code, reason = "every card that ships leads on")
    )]
    None,
    /// To propose an agreement.
    Propose,
    /// To write one's own page about one's responsibility; the two pages are never merged.
    AboutMeMyResponsibility,
    /// To write one's own page about one's patterns; the two pages are never merged.
    AboutMeMyPatterns,
    /// To say thanks.
    Thank,
    /// To ask.
    Ask,
    /// To open a repair.
    Repair,
}

impl Deck {
    /// The card of this id.
    #[must_use]
    pub fn card(&self, id: &str) -> Option<&'static Card> {
        self.cards.iter().find(|card| card.id == id)
    }
}

impl Card {
    /// Whether all that it takes for granted is ticked.
    fn fits(&self, ticked: &BTreeSet<Assumes>) -> bool {
        self.assumes.iter().all(|it| ticked.contains(it))
    }
}

/// All decks in a language, in the order in which they are shown.
#[must_use]
pub fn decks(language: Language) -> &'static [Deck] {
    match language {
        Language::English => &ENGLISH,
        Language::German => &GERMAN,
    }
}

/// The deck of this id, in a language.
#[must_use]
pub fn deck(language: Language, id: &str) -> Option<&'static Deck> {
    decks(language).iter().find(|deck| deck.id == id)
}

/// The card of this id, in the deck of that id, in a language.
#[must_use]
pub fn card(language: Language, deck_id: &str, id: &str) -> Option<&'static Card> {
    deck(language, deck_id)?.card(id)
}

/// What the card of a slot asks, by the slot's name behind `card:`, in a language.
#[must_use]
pub fn asked(language: Language, slot: &str) -> Option<&'static str> {
    let mut parts = slot.split('/');
    let (deck, id) = (parts.next()?, parts.next()?);
    Some(card(language, deck, id)?.ask)
}

/// What a deck is called in a command: words of its title, where they are not those of its name in slots.
#[must_use]
pub fn called(deck: &Deck) -> String {
    if words::spoken() == Language::English {
        return deck.id.to_owned();
    }
    let title = deck.title.to_lowercase();
    let words = title.split(|c: char| !c.is_alphanumeric());
    let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
    words.join("-")
}

/// What a card is called in a command: its deck, and the longest word of its question that leads to no other card there.
#[must_use]
pub fn card_called(deck: &Deck, card: &Card) -> String {
    let mut words = names::words(card.ask);
    words.sort_by_key(|word| std::cmp::Reverse(word.chars().count()));
    let leads = |word: &&String| names::by_words(deck.cards, |it| it.ask, word).len() == 1;
    let word = words.iter().find(leads).map_or(card.id, String::as_str);
    format!("{} {word}", called(deck))
}

/// The same of the card of a slot, by the slot's name behind `card:`.
#[must_use]
pub fn slot_called(slot: &str) -> String {
    let mut parts = slot.split('/');
    let deck = parts.next().and_then(|id| deck(words::spoken(), id));
    let card = parts.next().and_then(|id| deck?.card(id));
    match deck.zip(card) {
        Some((deck, card)) => card_called(deck, card),
        None => slot.replace('/', " "),
    }
}

/// The one card that a deck offers by itself (CARDS §2): the lightest that fits, as written, so that both are offered the same.
///
/// `away` holds the ids of the cards that are not to be offered: those that this person has answered and those skipped. Both are told apart nowhere, and neither leaves the device by this. `ticked` is what fits this person's life.
#[must_use]
pub fn offered(
    deck: &Deck,
    away: &BTreeSet<&str>,
    ticked: &BTreeSet<Assumes>,
) -> Option<&'static Card> {
    let cards = deck.cards.iter();
    let mut left = cards.filter(|card| !away.contains(card.id) && card.fits(ticked));
    match deck.order {
        Order::Fixed => left.next(),
        Order::Weight | Order::Any => left.min_by_key(|card| card.weight),
    }
}

include!(concat!(env!("OUT_DIR"), "/cards.rs"));

#[cfg(test)]
mod rules;
#[cfg(test)]
mod whole;

#[cfg(test)]
mod tests {
    use super::*;

    const NOTHING: BTreeSet<Assumes> = BTreeSet::new();

    /// The cards that a deck offers to one who skips each.
    fn skipped_through(deck: &'static Deck, ticked: &BTreeSet<Assumes>) -> Vec<&'static Card> {
        let mut away = BTreeSet::new();
        let next = || {
            let card = offered(deck, &away, ticked)?;
            assert!(away.insert(card.id), "{} came back", card.id);
            Some(card)
        };
        std::iter::from_fn(next).collect()
    }

    fn english(id: &str) -> &'static Deck {
        deck(Language::English, id).expect("a deck")
    }

    #[test]
    fn decks_and_cards_are_found_by_their_ids() {
        for language in [Language::English, Language::German] {
            for deck in decks(language) {
                assert_eq!(super::deck(language, deck.id).unwrap().title, deck.title);
                for card in deck.cards {
                    let found = super::card(language, deck.id, card.id).unwrap();
                    assert_eq!(found.ask, card.ask);
                }
            }
            assert!(deck(language, "no-such-deck").is_none());
            assert!(card(language, "ground", "met-after-a-long-day").is_none());
            assert!(card(language, "no-such-deck", "when-we-talk").is_none());
        }
    }

    #[test]
    fn everyday_cards_are_offered_before_tender_and_big_ones() {
        for deck in decks(Language::English) {
            let offered = skipped_through(deck, &NOTHING);
            if deck.order != Order::Fixed {
                assert_eq!(offered[0].weight, Weight::Everyday, "{}", deck.id);
                assert!(offered.is_sorted_by_key(|card| card.weight), "{}", deck.id);
            }
        }
    }

    #[test]
    fn a_fixed_deck_is_offered_as_written() {
        let ground = english("ground");
        let offered = skipped_through(ground, &NOTHING);
        let ids = |cards: Vec<&Card>| cards.iter().map(|card| card.id).collect::<Vec<_>>();
        assert_eq!(ids(offered), ids(ground.cards.iter().collect()));
    }

    #[test]
    fn a_card_that_was_skipped_or_answered_is_not_offered_again() {
        let deck = english("small-steps");
        let card = offered(deck, &BTreeSet::new(), &NOTHING).unwrap();
        let next = offered(deck, &BTreeSet::from([card.id]), &NOTHING).unwrap();
        assert_ne!(card.id, next.id);
        let all = deck.cards.iter().map(|card| card.id).collect();
        assert!(offered(deck, &all, &NOTHING).is_none());
    }

    #[test]
    fn a_card_that_takes_something_for_granted_waits_for_the_tick() {
        let deck = english("same-page");
        let keepsakes = deck.card("keepsakes").unwrap();
        let has = |ticked: &BTreeSet<Assumes>| {
            let offered = skipped_through(deck, ticked);
            offered.iter().any(|card| card.id == keepsakes.id)
        };
        assert!(!has(&NOTHING));
        assert!(!has(&BTreeSet::from([Assumes::Faith])));
        assert!(has(&BTreeSet::from([Assumes::PastPartners])));
    }
}
