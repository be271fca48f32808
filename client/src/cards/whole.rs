//! What a deck has to be as a whole, and its translation (CARDS §1 to §3, C13).

use super::rules::is_one_of;
use super::*;

/// What the texts behind Troth ask for, and a card has to serve (CARDS §1).
const PRACTICES: [&str; 22] = [
    "told-hard-things",
    "met-after-a-long-day",
    "helps-when-hurt",
    "touch-welcome",
    "hard-to-ask-for",
    "unsaid-everyday",
    "money-home",
    "pictures-and-words",
    "talking-about-us",
    "friends-without-each-other",
    "old-loves",
    "time-alone",
    "work-comes-home",
    "when-to-talk",
    "whom-to-ask",
    "silent-or-loud",
    "do-well-in-a-quarrel",
    "kind-reading",
    "good-break",
    "apology-needs",
    "unthanked",
    "ahead-year",
];

/// Practices that a card may serve besides.
const MORE_PRACTICES: [&str; 2] = ["privacy-phone", "attention"];

/// The topics of each deck, and how many cards each needs.
fn topics(deck: &str) -> (&'static str, usize) {
    match deck {
        "ground" => ("rules about-me", 2),
        "same-page" => (
            "friends money phones privacy ex-partners time-alone family work children faith affection \
             faithfulness household past health-and-habits",
            2,
        ),
        "small-steps" => (
            "days memories joy comfort asking closeness hard-times hopes",
            2,
        ),
        "after-an-argument" => ("after", 4),
        "looking-back" => ("weeks spring summer autumn winter year", 1),
        "ahead" => ("soon years", 2),
        _ => ("", 0),
    }
}

/// Topics that take something for granted by themselves.
const ASSUMED_TOPICS: [(&str, Assumes); 3] = [
    ("children", Assumes::Children),
    ("faith", Assumes::Faith),
    ("ex-partners", Assumes::PastPartners),
];

fn named_well(id: &str) -> bool {
    let small = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    !id.is_empty() && id.len() <= 40 && id.chars().all(small)
}

/// What is amiss with a deck as a whole (C13).
fn amiss(deck: &Deck) -> Vec<String> {
    let mut amiss = Vec::new();
    let mut unless = |holds: bool, what: String| {
        if !holds {
            amiss.push(what);
        }
    };
    let mut ids = BTreeSet::new();
    for id in deck
        .cards
        .iter()
        .map(|card| card.id)
        .chain(deck.retired.iter().copied())
    {
        unless(named_well(id), format!("{id:?} is no id"));
        unless(ids.insert(id), format!("{id} is there twice"));
    }
    unless(deck.title.chars().count() <= 40, "a long title".into());
    unless(deck.intro.chars().count() <= 140, "a long intro".into());

    let count = deck.cards.len();
    let of = |weight| deck.cards.iter().filter(|it| it.weight == weight).count();
    let (order, enough) = match deck.id {
        "ground" => (Order::Fixed, count == 6),
        "same-page" => (Order::Weight, count >= 30),
        "small-steps" => (
            Order::Weight,
            count >= 60 && of(Weight::Everyday) * 2 >= count && of(Weight::Big) * 8 <= count,
        ),
        "after-an-argument" => (Order::Fixed, count == 4),
        "looking-back" | "ahead" => (Order::Any, count >= 12),
        _ => (deck.order, false),
    };
    unless(enough, format!("{count} cards, or their shares"));
    unless(deck.order == order, format!("{:?}", deck.order));
    let sorted = deck.cards.is_sorted_by_key(|card| card.weight);
    unless(order != Order::Weight || sorted, "weights fall".into());

    let (all, least) = topics(deck.id);
    for card in deck.cards {
        unless(
            is_one_of(card.topic, all),
            format!("no topic {}", card.topic),
        );
        for practice in card.covers {
            let known = PRACTICES.contains(practice) || MORE_PRACTICES.contains(practice);
            unless(known, format!("no practice {practice}"));
        }
    }
    for topic in all.split_whitespace() {
        let about: Vec<_> = deck.cards.iter().filter(|it| it.topic == topic).collect();
        unless(about.len() >= least, format!("few cards on {topic}"));
        let itself = ASSUMED_TOPICS.iter().find(|it| it.0 == topic);
        let free = |card: &&&Card| {
            card.assumes
                .iter()
                .all(|it| itself.is_some_and(|(_, tag)| tag == it))
        };
        let light = about
            .iter()
            .filter(free)
            .any(|card| card.weight == Weight::Everyday);
        unless(
            order == Order::Fixed || light,
            format!("nothing everyday on {topic}"),
        );
    }
    amiss
}

#[test]
fn every_deck_is_whole() {
    for deck in decks(Language::English) {
        assert_eq!(amiss(deck), [""; 0], "{}", deck.id);
    }
    let count: usize = decks(Language::English)
        .iter()
        .map(|it| it.cards.len())
        .sum();
    assert!(count >= 120);
}

#[test]
fn every_practice_has_a_card() {
    let cards = decks(Language::English).iter().flat_map(|it| it.cards);
    let met: BTreeSet<_> = cards.flat_map(|card| card.covers.iter().copied()).collect();
    let gaps: Vec<_> = PRACTICES.iter().filter(|it| !met.contains(*it)).collect();
    assert!(gaps.is_empty(), "{gaps:?}");
}

#[test]
fn four_ground_rules_become_proposals_and_two_become_pages() {
    let ground = deck(Language::English, "ground").unwrap();
    let then: Vec<_> = ground.cards.iter().map(|it| (it.id, it.then)).collect();
    let expected = [
        ("when-we-talk", Then::Propose),
        ("hard-feelings", Then::Propose),
        ("whom-we-turn-to", Then::Propose),
        ("what-we-commit-to", Then::Propose),
        ("my-responsibility", Then::AboutMeMyResponsibility),
        ("my-patterns", Then::AboutMeMyPatterns),
    ];
    assert_eq!(then, expected);
    let asks = |then| {
        matches!(
            then,
            Then::AboutMeMyPatterns | Then::AboutMeMyResponsibility
        )
    };
    let mut others = decks(Language::English)
        .iter()
        .skip(1)
        .flat_map(|it| it.cards);
    assert!(!others.any(|card| asks(card.then)));
}

#[test]
fn a_deck_that_is_not_whole_is_noticed() {
    const CARD: Card = Card {
        id: "a-card",
        ask: "What do you like about cards?",
        hint: None,
        weight: Weight::Everyday,
        topic: "soon",
        assumes: &[],
        then: Then::None,
        covers: &[],
    };
    const BIG: Card = Card {
        id: "Big Card",
        weight: Weight::Big,
        covers: &["walking-on-water"],
        ..CARD
    };
    const TAGGED: Card = Card {
        id: "tagged",
        topic: "friends",
        assumes: &[Assumes::Faith],
        ..CARD
    };
    let deck = |id, order, cards| Deck {
        id,
        title: "Cards",
        intro: "Cards.",
        order,
        cards,
        retired: &["a-card"],
    };
    let says = |deck: Deck, what: &str| {
        let amiss = amiss(&deck);
        assert!(
            amiss.iter().any(|it| it.contains(what)),
            "{what}: {amiss:?}"
        );
    };
    let page = || deck("same-page", Order::Weight, &[BIG, CARD, TAGGED]);
    says(page(), "a-card is there twice");
    says(page(), "\"Big Card\" is no id");
    says(page(), "weights fall");
    says(page(), "no topic soon");
    says(page(), "no practice walking-on-water");
    says(page(), "few cards on money");
    says(page(), "nothing everyday on friends");
    says(page(), "3 cards, or their shares");
    says(deck("ahead", Order::Fixed, &[CARD]), "Fixed");
    says(
        deck("behind", Order::Any, &[CARD]),
        "1 cards, or their shares",
    );
}

/// What is amiss with a text in another language than English.
fn amiss_in_translation(ask: &str, hint: Option<&str>) -> Vec<&'static str> {
    let both = || std::iter::once(ask).chain(hint);
    let checks = [
        (
            !ask.ends_with('?') || ask.matches('?').count() != 1,
            "one question",
        ),
        (hint.is_some_and(|it| it.contains('?')), "a question below"),
        (both().any(|it| it.contains('!')), "loud"),
        (
            both().any(|it| it.contains(|c: char| c.is_numeric())),
            "digits",
        ),
        (both().any(|it| it.chars().count() > 160), "long"),
        (
            both().any(|it| it.contains(['"', '“', '”']) && !it.contains('„')),
            "quotes",
        ),
    ];
    checks.iter().filter(|it| it.0).map(|it| it.1).collect()
}

#[test]
fn a_translation_is_one_short_calm_question() {
    for deck in decks(Language::German) {
        assert!(deck.title.chars().count() <= 40, "{}", deck.id);
        assert!(deck.intro.chars().count() <= 140, "{}", deck.id);
        for card in deck.cards {
            assert_eq!(
                amiss_in_translation(card.ask, card.hint),
                [""; 0],
                "{}",
                card.id
            );
        }
    }
}

#[test]
fn a_translation_that_is_no_calm_question_is_noticed() {
    let long = format!("Was {} du?", "und ".repeat(40));
    for (ask, hint, what) in [
        ("Was magst du.", None, "one question"),
        ("Was magst du? Und wann?", None, "one question"),
        ("Was magst du?", Some("Und wann?"), "a question below"),
        ("Was magst du?", Some("Sag es!"), "loud"),
        ("Welche 3 Dinge magst du?", None, "digits"),
        (long.as_str(), None, "long"),
        ("Was heißt \"Ruhe\" für dich?", None, "quotes"),
    ] {
        assert_eq!(amiss_in_translation(ask, hint), [what], "{ask}");
    }
}

#[test]
fn a_translation_has_the_same_cards() {
    let [english, german] = [Language::English, Language::German].map(decks);
    assert_eq!(english.len(), german.len());
    for (english, german) in english.iter().zip(german) {
        assert_eq!((english.id, english.order), (german.id, german.order));
        assert_eq!(english.retired, german.retired);
        let plain = |deck: &'static Deck| -> Vec<_> {
            let cards = deck.cards.iter();
            cards
                .map(|it| {
                    (
                        it.id,
                        it.weight,
                        it.topic,
                        it.assumes,
                        it.then,
                        it.covers,
                        it.hint.is_some(),
                    )
                })
                .collect()
        };
        assert_eq!(plain(english), plain(german));
        for (english, german) in english.cards.iter().zip(german.cards) {
            assert_ne!(english.ask, german.ask);
        }
    }
}
