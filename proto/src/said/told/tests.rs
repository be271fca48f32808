#![allow(clippy::unwrap_used)]

use super::*;
use crate::limits;
use crate::{AgreementId, Day};

#[test]
fn every_kind_and_verb_is_known_by_its_name() {
    for kind in ToldKind::ALL {
        assert_eq!(kind.row().kind, *kind);
        assert_eq!(ToldKind::named(kind.name()), Some(*kind));
    }
    for verb in Verb::ALL {
        assert_eq!(Verb::named(verb.name()), Some(*verb));
    }
    assert_eq!(Verb::ALL.len(), Verb::NAMES.len());
}

#[test]
fn no_row_speaks_of_something_twice_in_two_ways() {
    for (i, a) in ANSWERS.iter().enumerate() {
        for b in ANSWERS.iter().skip(i + 1).filter(|b| b.says == a.says) {
            assert!(
                a.about.iter().all(|it| !b.about.contains(it)),
                "{:?}",
                a.says
            );
        }
    }
}

#[test]
fn chains_are_never_longer_than_an_entry_an_answer_and_one_more() {
    // What may be spoken of is an entry, an opening, or an answer directly about one.
    for row in ANSWERS {
        for about in row.about {
            if let Thing::Answer(verb, kind) = about {
                let root =
                    |row: &&AnswerRow| row.says == *verb && row.about.contains(&Thing::Told(*kind));
                assert!(ANSWERS.iter().any(|row| root(&row)), "{about:?}");
            }
        }
    }
}

#[test]
fn no_kind_holds_a_count_a_rating_a_mark_or_a_time_of_day_but_a_breaks_return() {
    // Days, one minute, closed choices, an agreement, a step: nothing that could be added up.
    let minutes = TOLD
        .iter()
        .filter(|row| row.facts.iter().any(|(fact, _)| *fact == Fact::BackAt));
    let kinds: Vec<ToldKind> = minutes.map(|row| row.kind).collect();
    assert_eq!(kinds, [ToldKind::Break]);
    let steps = ANSWERS
        .iter()
        .filter(|row| row.facts.iter().any(|(fact, _)| *fact == Fact::Step));
    assert!(steps.into_iter().all(|row| row.says == Verb::Done));
    let every: Vec<&str> = Fact::ALL.iter().map(|fact| fact.name()).collect();
    assert_eq!(
        every,
        [
            "listen_as",
            "until",
            "look_again",
            "day",
            "back_at",
            "agreement",
            "how",
            "page",
            "step"
        ]
    );
}

#[test]
fn words_are_checked_by_their_row() {
    let texts = |pairs: &[(&str, &str)]| {
        Texts(
            pairs
                .iter()
                .map(|(a, b)| ((*a).into(), (*b).into()))
                .collect(),
        )
    };
    let row = ToldKind::Thanks.row();
    let none = Facts::default();
    let check = |it: &Texts| it.check(row.fields, &none);
    assert_eq!(check(&texts(&[("did", "You cooked.")])), Ok(()));
    assert_eq!(check(&texts(&[])), Err(TextsWrong::Missing("did")));
    assert_eq!(
        check(&texts(&[("did", " ")])),
        Err(TextsWrong::Missing("did"))
    );
    assert_eq!(
        check(&texts(&[("did", "x"), ("stars", "5")])),
        Err(TextsWrong::Unknown("stars".into()))
    );
    let long = "x".repeat(limits::TEXT_CHARS + 1);
    assert_eq!(
        check(&texts(&[("did", &long)])),
        Err(TextsWrong::TooLong("did"))
    );
    let words = texts(&[("did", "You cooked.")]).write(&[7; 16]).unwrap();
    assert_eq!(
        Texts::read(&words, row.fields, &none).unwrap().get("did"),
        "You cooked."
    );
    assert!(Texts::read(&words, ToldKind::Ask.row().fields, &none).is_none());
    let name = Facts {
        page: Some(Page::Name),
        ..Facts::default()
    };
    let fields = ToldKind::AboutMe.row().fields;
    let called = texts(&[("text", &"x".repeat(61))]);
    assert!(called.check(fields, &name).is_err());
    assert!(called.check(fields, &none).is_ok());
    // Nobody is called as Troth calls the one who reads.
    for called in ["You", " du ", "your  partner", "A\u{200d}na"] {
        let called = texts(&[("text", called)]);
        assert_eq!(called.check(fields, &name), Err(TextsWrong::NoName));
        let words = called.write(&[7; 16]).unwrap();
        assert!(Texts::read(&words, fields, &name).is_none());
    }
}

#[test]
fn a_head_holds_exactly_what_its_row_names() {
    let told = |kind, facts| Told { kind, facts }.fits();
    let day = Day::new(2026, 12, 1);
    assert!(told(ToldKind::Thanks, Facts::default()));
    assert!(!told(
        ToldKind::Thanks,
        Facts {
            day,
            ..Facts::default()
        }
    ));
    assert!(!told(ToldKind::Bid, Facts::default()));
    assert!(told(
        ToldKind::Bid,
        Facts {
            day,
            ..Facts::default()
        }
    ));
    let done = |step| {
        Answer {
            says: Verb::Done,
            facts: Facts {
                step,
                ..Facts::default()
            },
        }
        .fits()
    };
    assert!(done(None) && done(Some(3)) && !done(Some(2)));
    let newer = |body| Answer::is_newer(body);
    assert!(newer(r#"{"says":"sing"}"#) && !newer(r#"{"says":"yes","x":1}"#) && !newer("{}"));
}

#[test]
fn a_repair_has_an_agreement_or_words() {
    let need = |agreement| {
        Told {
            kind: ToldKind::Repair,
            facts: Facts {
                agreement,
                ..Facts::default()
            },
        }
        .words_need()
    };
    assert_eq!(need(None), Need::Must);
    assert_eq!(need(Some(AgreementId([1; 16]))), Need::May);
}

/// A table as FORMAT has it.
fn written() -> String {
    let need = |name: &str, need: Need| match need {
        Need::Must | Need::Never => format!("`{name}`"),
        Need::May => format!("`{name}`?"),
        Need::OneOf => format!("`{name}`*"),
    };
    let list = |all: Vec<String>| match all.as_slice() {
        [] => "–".to_owned(),
        all => all.join(", "),
    };
    let facts = |facts: &[(Fact, Need)], listen_as: &str| {
        let name = |fact: Fact| match fact {
            Fact::ListenAs => listen_as.to_owned(),
            fact => fact.name().to_owned(),
        };
        facts
            .iter()
            .map(|(fact, it)| need(&name(*fact), *it))
            .collect::<Vec<_>>()
    };
    let fields = |fields: &[Field]| {
        let size = |field: &Field| match field.size {
            Size::Text => String::new(),
            Size::Line => " (line)".to_owned(),
            Size::Page => " (a name: line of 60, as at the pairing)".to_owned(),
        };
        list(
            fields
                .iter()
                .map(|it| need(it.name, it.need) + &size(it))
                .collect(),
        )
    };
    let thing = |it: &Thing| match it {
        Thing::Told(kind) => format!("`{}`", kind.name()),
        Thing::Answer(verb, kind) => format!("`{}` in `{}`", verb.name(), kind.name()),
        Thing::Open(Opened::Page) => "`open` of a page".to_owned(),
        Thing::Open(Opened::Feelings) => "`open` of feelings".to_owned(),
        Thing::Open(Opened::Step) => "`open` of a later step".to_owned(),
        Thing::OfOpen(verb) => format!("`{}` of an `open`", verb.name()),
        Thing::PutAway => "`put_away`".to_owned(),
    };
    let mut out = String::from(
        "| kind | body of the head | words | `about` | marks |\n|---|---|---|---|---|\n",
    );
    for row in TOLD {
        let (own, other) = row.about;
        let own = own.iter().map(|it| format!("own {}", thing(it)));
        let other = other.iter().map(|it| format!("the other's {}", thing(it)));
        let marks = [
            (row.closed, "closed"),
            (row.in_trust, "in trust"),
            (row.goes_away, "put away"),
            (row.better, "better"),
        ];
        let marks = marks.into_iter().filter(|(is, _)| *is);
        out += &format!(
            "| `{}` | {} | {} | {} | {} |\n",
            row.kind.name(),
            list(facts(row.facts, "listen_as")),
            fields(row.fields),
            list(own.chain(other).collect()),
            list(marks.map(|(_, mark)| mark.to_owned()).collect()),
        );
    }
    out += "\n| `says` | by | about | head | words | better |\n|---|---|---|---|---|---|\n";
    for row in ANSWERS {
        let by = match row.by {
            By::Other => "the other",
            By::Own => "the same",
            By::Either => "either",
        };
        out += &format!(
            "| `{}` | {by} | {} | {} | {} | {} |\n",
            row.says.name(),
            list(row.about.iter().map(thing).collect()),
            list(facts(row.facts, "as")),
            fields(row.fields),
            if row.better { "yes" } else { "–" },
        );
    }
    out
}

/// Where a text has the tables, from the head of the first to the last row of the second.
fn tables(text: &str) -> Option<std::ops::Range<usize>> {
    let from = text.find("| kind | body of the head | words | `about` |")?;
    let second = from + text[from..].find("\n| `says` |")?;
    let to = text[second..].find("\n\n")?;
    Some(from..second + to + 1)
}

#[test]
fn the_formats_have_these_very_tables() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/FORMAT.md");
    let mut format = std::fs::read_to_string(path).unwrap();
    let (at, written) = (tables(&format).unwrap(), written());
    if std::env::var_os("TROTH_WRITE").is_some() {
        format.replace_range(at, &written);
        #[allow(clippy::disallowed_methods)] // a file of this repository
        std::fs::write(path, format).unwrap();
        return;
    }
    let there = &format[at];
    assert!(
        there == written,
        "FORMAT.md has other tables; TROTH_WRITE=1 has this test write them:\n{written}"
    );
}
