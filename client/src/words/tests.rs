#![allow(clippy::unwrap_used)]

use super::*;
use crate::say::{marks, told};
use crate::{cards, cli, help, wrap};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use troth_proto::said::told::{ANSWERS, How, ListenAs, Page, ToldKind, Verb};
use unicode_width::UnicodeWidthStr;

type Bundle = FluentBundle<FluentResource>;

const LANGUAGES: [Language; 2] = [Language::English, Language::German];
/// What stands by itself and is no sentence.
const NO_SENTENCE: [&str; 14] = [
    "head-",
    "state-",
    "rung-",
    "label-",
    "word-",
    "cli",
    "ask-",
    "demo-",
    "help-",
    "version-",
    "diff-head",
    "print-on",
    "told-",
    "answer-",
];

/// Each message and attribute of a language, with the variables in it.
fn messages(language: Language) -> BTreeMap<String, BTreeSet<String>> {
    let mut all: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let (mut message, mut at) = (String::new(), String::new());
    for line in language.source().lines() {
        if line.starts_with('#') {
            continue;
        }
        if let Some((id, _)) = line
            .split_once(" =")
            .filter(|_| line.starts_with(char::is_alphabetic))
        {
            message = id.to_owned();
            at.clone_from(&message);
            let twice = all.insert(at.clone(), BTreeSet::new());
            assert!(twice.is_none(), "{language:?}: {at} stands there twice");
        } else if let Some((name, _)) = line
            .strip_prefix("    .")
            .and_then(|it| it.split_once(" ="))
        {
            at = format!("{message}.{name}");
            all.insert(at.clone(), BTreeSet::new());
        }
        for part in line.split('$').skip(1) {
            let name = part
                .chars()
                .take_while(|c| c.is_alphanumeric() || *c == '_')
                .collect();
            all.get_mut(&at).unwrap().insert(name);
        }
    }
    all
}

/// The client's own sources.
fn sources() -> Vec<std::path::PathBuf> {
    let mut folders = vec![std::path::PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("src")];
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|it| it == "rs") {
                files.push(path);
            }
        }
    }
    files
}

/// Every use of a message in the client's own sources: its name, and the names of what is given with it.
fn uses() -> Vec<(String, BTreeSet<String>)> {
    let mut found = Vec::new();
    for path in sources() {
        if path.ends_with("words/tests.rs") {
            continue;
        }
        let text = std::fs::read_to_string(path).unwrap();
        for (opens, two) in [("t!(", false), ("both!(", true)] {
            for (at, _) in text.match_indices(opens) {
                let before = text[..at].chars().next_back();
                let rest = text[at + opens.len()..].trim_start();
                let Some(rest) = rest.strip_prefix('"') else {
                    continue;
                };
                if before.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == '`') {
                    continue;
                }
                let (id, rest) = rest.split_once('"').unwrap();
                found.push((id.to_owned(), given(rest)));
                if two {
                    found.push((format!("{id}.next"), given(rest)));
                }
            }
        }
        for opens in [
            "list(\"",
            "means(\"",
            "means(id, ",
            "(\"word-",
            "list(language, \"",
        ] {
            for (at, _) in text.match_indices(opens) {
                let from = if opens.starts_with("(\"") {
                    at + 2
                } else {
                    at + opens.len()
                };
                let id: String = text[from..].chars().take_while(|c| *c != '"').collect();
                if id.starts_with("word-") && !id.contains('{') {
                    found.push((id, BTreeSet::new()));
                }
            }
        }
    }
    assert!(
        found.len() > 300,
        "the sources were looked through: {}",
        found.len()
    );
    found
}

/// The names before ` = ` up to the bracket that closes.
fn given(rest: &str) -> BTreeSet<String> {
    let (mut depth, mut quoted, mut names, mut word) = (0, false, BTreeSet::new(), String::new());
    for (at, c) in rest.char_indices() {
        match c {
            '"' => quoted = !quoted,
            _ if quoted => {}
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' if depth == 0 => break,
            ')' | ']' | '}' => depth -= 1,
            '=' if depth == 0 && rest[at..].starts_with("= ") => {
                names.insert(word.trim().to_owned());
            }
            ',' if depth == 0 => word.clear(),
            c if depth == 0 && (c.is_alphanumeric() || c == '_') => word.push(c),
            _ => {}
        }
    }
    names
}

/// What the commands and the help say of themselves, by their paths.
fn by_path() -> BTreeSet<String> {
    let mut all: BTreeSet<String> = ["cli", "cli.help", "cli.version"].map(str::to_owned).into();
    let mut waiting = vec![(
        <cli::Cli as clap::CommandFactory>::command(),
        "cli".to_owned(),
    )];
    while let Some((command, id)) = waiting.pop() {
        all.insert(cli::about_id(&id));
        all.extend(
            command
                .get_arguments()
                .filter(|it| !it.is_hide_set())
                .map(|it| format!("{id}.{}", it.get_id())),
        );
        waiting.extend(command.get_subcommands().map(|below| {
            let id = cli::id_below(&id, below.get_name());
            (cli::told::with_steps(below.clone(), &id), id)
        }));
    }
    for topic in help::TOPICS {
        all.extend(["", ".about", ".name"].map(|it| format!("help-{topic}{it}")));
    }
    all
}

/// What is said of all that can be told and answered, by the tables: a new kind without its words fails here.
fn by_table() -> BTreeSet<String> {
    let mut all = BTreeSet::new();
    for kind in ToldKind::ALL {
        let (id, row) = (told::kind_id(*kind), kind.row());
        let mut has = |more: &str| all.insert(format!("{id}{more}"));
        let _ = ["", ".command", ".explain", ".mine", ".open"].map(&mut has);
        if row.closed {
            has(".closed");
        }
        match kind {
            ToldKind::Permission => {
                for more in ["part", "unread"] {
                    has(&format!(".mine-{more}"));
                    has(&format!(".open-{more}"));
                }
            }
            ToldKind::Repair => drop([has(".mine-topic"), has(".open-topic")]),
            _ => {}
        }
        for field in row.fields {
            // A permission and a bid have their words within their sentences.
            if !matches!(kind, ToldKind::Permission | ToldKind::Bid) {
                all.insert(format!("{id}.{}", field.name));
            }
            all.insert(format!("{id}.ask_{}", field.name));
        }
    }
    for row in ANSWERS {
        for about in row.about {
            let id = told::answer_id(row.says, *about);
            all.extend(["", ".mine", ".theirs"].map(|more| format!("{id}{more}")));
            if row.says.is_opened() {
                all.insert(format!("{id}.news"));
            }
            let fields = row.fields.iter();
            all.extend(fields.map(|field| format!("{id}.{}", field.name)));
            if row.says == Verb::MayI {
                let more = ["yes", "answered", "stays"];
                let more = ["mine", "theirs"]
                    .into_iter()
                    .flat_map(|by| more.map(|it| format!("{by}-{it}")));
                all.extend(more.map(|more| format!("{id}.{more}")));
            }
        }
    }
    let ways = ListenAs::ALL.iter().map(|it| it.name());
    let pages = Page::ALL.iter().map(|it| it.name());
    let hows = How::ALL.iter().map(|it| it.name());
    let choices = ways.chain(pages).chain(hows.clone());
    all.extend(choices.map(|name| format!("word-{}", cli::kebab(name))));
    all.extend(hows.map(|name| format!("how-{}", cli::kebab(name))));
    let fits = cards::Assumes::ALL.iter();
    all.extend(fits.map(|(_, name)| format!("ask-fits-{}", cli::kebab(name))));
    all.extend((1..=8).map(|n| format!("ask-year-{n}")));
    all
}

#[test]
fn every_language_says_everything_with_the_same_in_it() {
    let english = messages(Language::English);
    for language in LANGUAGES {
        let parsed = FluentResource::try_new(language.source().to_owned());
        if let Err((_, errors)) = parsed {
            panic!("{language:?}: {errors:?}");
        }
        let here = messages(language);
        let lacks: Vec<_> = english
            .keys()
            .filter(|id| !here.contains_key(*id))
            .collect();
        let more: Vec<_> = here
            .keys()
            .filter(|id| !english.contains_key(*id))
            .collect();
        assert!(
            lacks.is_empty() && more.is_empty(),
            "{language:?} lacks {lacks:?}, has {more:?}"
        );
        for (id, variables) in &english {
            assert_eq!(&here[id], variables, "{language:?}: {id}");
        }
    }
}

#[test]
fn each_message_is_used_and_each_that_is_used_is_there() {
    let all = messages(Language::English);
    let mut used = by_path();
    used.extend(by_table());
    for (id, given) in uses() {
        let wanted = all
            .get(&id)
            .unwrap_or_else(|| panic!("there is no message {id}"));
        // An attribute may need less than the message that it stands under.
        let two = id.ends_with(".next") || all.contains_key(&format!("{id}.next"));
        let fits = if two {
            wanted.is_subset(&given)
        } else {
            *wanted == given
        };
        assert!(
            fits || given.is_empty() && id.starts_with("word-"),
            "{id} wants {wanted:?}, is given {given:?}"
        );
        used.insert(id);
    }
    let idle: Vec<_> = all.keys().filter(|id| !used.contains(*id)).collect();
    assert!(idle.is_empty(), "used nowhere: {idle:?}");
    let lacks: Vec<_> = used.iter().filter(|id| !all.contains_key(*id)).collect();
    assert!(lacks.is_empty(), "not there: {lacks:?}");
}

/// A value for a variable, longer than most.
fn sample(name: &str, by: &str) -> FluentValue<'static> {
    match name {
        "by" => by.to_owned().into(),
        "month" => 9.into(),
        "left" | "things" | "count" | "here" | "of" => 3.into(),
        _ => "Maximiliane Sophie".into(),
    }
}

/// A language with all its messages read at once.
fn bundle(language: Language) -> Bundle {
    let mut bundle = language.messages().read.into_inner();
    let all = FluentResource::try_new(language.source().to_owned()).unwrap();
    bundle.add_resource_overriding(all);
    bundle
}

impl Word for FluentValue<'static> {
    fn value(&self) -> FluentValue<'_> {
        self.clone()
    }
}

#[test]
fn a_message_read_alone_says_what_it_says_among_all() {
    for language in LANGUAGES {
        let (bundle, alone) = (bundle(language), language.messages());
        for (id, variables) in messages(language) {
            let given: Vec<(&'static str, FluentValue<'static>)> = variables
                .iter()
                .map(|name| (&*name.clone().leak(), sample(name, "me")))
                .collect();
            let words: Vec<_> = given.iter().map(|(n, it)| (*n, it as &dyn Word)).collect();
            assert_eq!(
                alone.say(&id, &words),
                Some(rendered(&bundle, &id, &variables, "me"))
            );
        }
    }
}

fn rendered(bundle: &Bundle, id: &str, variables: &BTreeSet<String>, by: &str) -> String {
    let args: FluentArgs<'_> = variables
        .iter()
        .map(|it| (it.clone(), sample(it, by)))
        .collect();
    let (name, attribute) = id.split_once('.').map_or((id, None), |(n, a)| (n, Some(a)));
    let message = bundle.get_message(name).unwrap();
    let pattern = match attribute {
        Some(attribute) => message.get_attribute(attribute).unwrap().value(),
        None => message.value().unwrap(),
    };
    let mut lacks = Vec::new();
    let text = bundle
        .format_pattern(pattern, Some(&args), &mut lacks)
        .into_owned();
    assert!(lacks.is_empty(), "{id}: {lacks:?}");
    text
}

#[test]
fn what_is_said_is_a_whole_sentence() {
    for language in LANGUAGES {
        let bundle = bundle(language);
        for (id, variables) in messages(language) {
            let text = rendered(&bundle, &id, &variables, "partner");
            assert_eq!(
                text.trim(),
                text,
                "{language:?}: {id} has spaces at its ends"
            );
            if NO_SENTENCE.iter().any(|it| id.starts_with(it))
                || id.contains('.') && !id.ends_with(".next")
            {
                continue;
            }
            // One that ends in what somebody wrote is whole with it.
            let ends =
                text.ends_with(['.', '!', '?', ':', '…', '“', ')']) || text.ends_with("Sophie");
            assert!(ends, "{language:?}: {id} is no whole sentence: {text}");
        }
    }
}

/// Longer by two fifths, and with accents: what does not come from the words stays as it is.
fn pseudo(text: &str) -> Cow<'_, str> {
    let mut longer = String::with_capacity(2 * text.len());
    for c in text.chars() {
        longer.push_str(match c {
            'a' => "åå",
            'e' => "éé",
            'i' => "îî",
            'o' => "öö",
            'u' => "ûû",
            'A' => "Å",
            'E' => "É",
            'n' => "ñ",
            's' => "š",
            't' => "ţ",
            c => {
                longer.push(c);
                continue;
            }
        });
    }
    longer.into()
}

#[test]
fn a_language_that_is_longer_fits_into_sixty_columns() {
    let mut longer = bundle(Language::English);
    longer.set_transform(Some(pseudo));
    let (mut before, mut after) = (0, 0);
    let plain = bundle(Language::English);
    for (id, variables) in messages(Language::English) {
        for by in ["me", "partner"] {
            let text = rendered(&longer, &id, &variables, by);
            before += rendered(&plain, &id, &variables, by).width();
            after += text.width();
            let shown = wrap::wrapped(&wrap::rows_of(&text), 60).replace(marks::ALL, "");
            for line in shown.lines() {
                let one_word = line.split_whitespace().count() == 1;
                assert!(line.width() <= 60 || one_word, "{id}: {line}");
            }
        }
    }
    assert!(10 * after > 12 * before, "it is longer: {before}, {after}");
}

/// Words that nothing says (SPEC §9), and their German sisters; each whole, also as one of several.
const NEVER: [&[&str]; 2] = [
    &[
        "sync",
        "peer",
        "merge",
        "conflict",
        "key",
        "commit",
        "breach",
        "violation",
        "overdue",
        "missed",
        "score",
        "admin",
        // Nobody is a he or a she here.
        "he",
        "she",
        "him",
        "her",
        "his",
        "himself",
        "herself",
    ],
    &[
        "synchronisieren",
        "peer",
        "konflikt",
        "schlüssel",
        "commit",
        "verstoß",
        "verletzung",
        "überfällig",
        "verpasst",
        "punktestand",
        "admin",
    ],
];

#[test]
fn nothing_says_a_word_that_is_never_said() {
    for (language, never) in LANGUAGES.into_iter().zip(NEVER) {
        let bundle = bundle(language);
        for (id, variables) in messages(language) {
            let text = rendered(&bundle, &id, &variables, "me").to_lowercase();
            // What is typed stands as it is; what scripts read is no screen.
            let said = text.split('`').step_by(2);
            let said: String = said.filter(|_| !id.starts_with("wrong-")).collect();
            for word in said.split(|c: char| !c.is_alphanumeric() && c != '-') {
                let one = never.iter().find(|never| {
                    let rest = word.strip_prefix(**never);
                    rest.is_some_and(|rest| ["", "s", "d", "n", "ed", "ing"].contains(&rest))
                });
                assert!(one.is_none(), "{language:?}: {id}: {word}");
            }
        }
    }
}

/// What each message says, as it is written down: its lines joined, without what is typed.
fn written(language: Language) -> BTreeMap<String, String> {
    let mut all: BTreeMap<String, String> = BTreeMap::new();
    let (mut message, mut at) = (String::new(), String::new());
    for line in language.source().lines() {
        let named = line.split_once(" =");
        let text = match named {
            _ if line.starts_with('#') => continue,
            Some((id, text)) if line.starts_with(char::is_alphabetic) => {
                message = id.to_owned();
                at.clone_from(&message);
                text
            }
            Some((id, text)) if line.starts_with("    .") => {
                at = format!("{message}{}", id.trim_start());
                text
            }
            _ => line,
        };
        let said = all.entry(at.clone()).or_default();
        said.push(' ');
        said.push_str(text.trim());
    }
    for said in all.values_mut() {
        *said = said.split('`').step_by(2).collect();
    }
    all
}

/// Words for somebody, and the pronouns that would stand for them.
const PEOPLE: [(&[&str], &[&str]); 2] = [
    (
        &["partner", "other", "somebody", "each", "ana", "ben"],
        &["they", "them", "their", "theirs", "themself"],
    ),
    (
        &["partner", "gegenüber", "ana", "ben"],
        &[
            "er", "ihm", "seine", "seinen", "seinem", "seiner", "seines", "ihre", "ihren", "ihrem",
            "ihrer",
        ],
    ),
];
/// Where these stand for things, or for both.
const OF_THINGS: [&str; 10] = [
    "pair-looking-nearby",
    "problem-your-own.next",
    "help-begin",
    "help-tell",
    "help-carry",
    "help-losses",
    "help-privacy",
    "help-private",
    "private-passphrase-tells",
    "demo-apart",
];

#[test]
fn people_have_names_and_no_pronouns() {
    for (language, (people, pronouns)) in LANGUAGES.into_iter().zip(PEOPLE) {
        for (id, said) in written(language) {
            if OF_THINGS.contains(&id.as_str()) {
                continue;
            }
            for sentence in said.split(['.', '!', '?', ':', ';', '[']) {
                let words: Vec<&str> = sentence
                    .split(|c: char| !c.is_alphanumeric() && c != '$')
                    .filter(|word| !word.is_empty())
                    .collect();
                // A German sentence may begin with what stands for a thing.
                let pronoun = words.iter().enumerate().find(|(n, word)| {
                    let word = match language {
                        Language::German if *n == 0 => return false,
                        _ => word.to_lowercase(),
                    };
                    pronouns.contains(&word.as_str())
                });
                let person = words.iter().any(|word| {
                    let word = word.to_lowercase();
                    people.contains(&word.trim_start_matches('$'))
                });
                assert!(
                    !person || pronoun.is_none(),
                    "{language:?}: {id}:{sentence}"
                );
            }
        }
    }
}

/// What would tell that somebody has read something: no screen knows that.
const READ: [&[&str]; 2] = [
    &[
        "has read",
        "has seen",
        "has opened",
        "has looked",
        "was read by",
        "was seen by",
    ],
    &[
        "hat gelesen",
        "hat gesehen",
        "hat es gelesen",
        "hat es gesehen",
        "hat es geöffnet",
    ],
];

#[test]
fn nothing_tells_that_the_other_has_read_it() {
    for (language, read) in LANGUAGES.into_iter().zip(READ) {
        for (id, said) in written(language) {
            let told = read
                .iter()
                .find(|read| said.contains(&format!("$partner }} {read}")));
            assert!(told.is_none(), "{language:?}: {id}: {told:?}");
        }
    }
}

#[test]
fn help_fits_a_screen_of_eighty_columns_and_of_sixty() {
    for language in LANGUAGES {
        language.speak();
        let topics = help::TOPICS.map(Some);
        for topic in [None].into_iter().chain(topics) {
            let rows = wrap::rows_of(&help::text(topic).unwrap());
            for columns in [60, 80] {
                let shown = wrap::wrapped(&rows, columns).replace(marks::ALL, "");
                for line in shown.lines() {
                    let one_word = line.split_whitespace().count() == 1;
                    let fits = line.width() <= columns || one_word;
                    assert!(fits, "{language:?}: {topic:?}: {line}");
                }
            }
            // What goes on in the first column would stand by itself.
            let mut row = None;
            for line in rows.lines() {
                let indent = line.len() - line.trim_start().len();
                let goes_on = row == Some(indent) && !line.contains(marks::COLUMN);
                let command = line.trim_start().starts_with("troth ");
                assert!(
                    !goes_on || command || topic == Some("scripting"),
                    "{language:?}: {line}"
                );
                row = line.contains(marks::COLUMN).then_some(indent);
            }
        }
    }
    Language::English.speak();
}

#[test]
fn a_language_is_chosen_by_its_name() {
    for (name, language) in [
        ("de_AT.UTF-8", Language::German),
        ("de", Language::German),
        ("de@euro", Language::German),
        ("en_GB.UTF-8", Language::English),
        ("den", Language::English),
        ("C", Language::English),
        ("", Language::English),
    ] {
        assert_eq!(Language::called(name), language, "{name}");
    }
}

#[test]
fn what_stands_for_a_name_may_begin_a_sentence() {
    Language::English.speak();
    assert_eq!(
        t!("news-yes", partner = crate::say::name(""), topic = "Visits"),
        "Your partner said yes to “Visits”."
    );
    assert_eq!(
        t!("proposed-now", partner = crate::say::name(" ")),
        "Proposed. It waits for your partner's answer."
    );
    assert_eq!(
        t!("news-yes", partner = "ana", topic = "Visits"),
        "ana said yes to “Visits”."
    );
    Language::German.speak();
    assert_eq!(
        t!("news-yes", partner = crate::say::name(""), topic = "Besuch"),
        "Dein Gegenüber hat Ja zu „Besuch“ gesagt."
    );
    for (name, whose) in [("", "deinem Gegenüber"), ("Ben", "Ben")] {
        assert_eq!(
            t!("proposed-now", partner = crate::say::name(name)),
            format!("Vorgeschlagen. Es wartet auf die Antwort von {whose}.")
        );
    }
    Language::English.speak();
    // Whatever somebody wrote is no message.
    assert_eq!(
        t!("label-you", words = "{ $partner } { word-day }"),
        "You: { $partner } { word-day }"
    );
    cli::command().debug_assert();
}

#[test]
fn every_command_that_is_named_anywhere_is_one() {
    use clap::error::ErrorKind;
    let readme = include_str!("../../../README.md");
    let texts = [
        Language::English.source(),
        Language::German.source(),
        readme,
    ];
    let named = texts
        .iter()
        .flat_map(|text| text.split('`').skip(1).step_by(2));
    let lines = readme.lines().chain(Language::English.source().lines());
    let shown = lines
        .map(str::trim)
        .filter(|line| line.starts_with("troth "));
    let mut count = 0;
    for command in named
        .chain(shown)
        .filter(|it| it.starts_with("troth ") && !it.contains("$near"))
    {
        let plain = command
            .split("  ")
            .next()
            .unwrap()
            .split(" #")
            .next()
            .unwrap();
        let words: Vec<&str> = plain
            .split_whitespace()
            .filter(|it| !"{}$name$slot$file".contains(it))
            .collect();
        let parsed = <cli::Cli as clap::Parser>::try_parse_from(words);
        let misses = [
            ErrorKind::MissingRequiredArgument,
            ErrorKind::InvalidValue,
            ErrorKind::ValueValidation,
            ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand,
            ErrorKind::DisplayHelp,
            ErrorKind::DisplayVersion,
        ];
        let fits = parsed.map_or_else(|e| misses.contains(&e.kind()), |_| true);
        assert!(fits, "{command}");
        count += 1;
    }
    assert!(count > 100, "{count}");
}

#[test]
fn whatever_is_told_beside_the_answer_goes_through_one_place() {
    // There marks become what the terminal can show, and lines are wrapped.
    for path in sources() {
        let own = ["wrap.rs", "lib.rs", "ask.rs", "tests.rs"];
        if own.iter().all(|own| !path.ends_with(own)) {
            let text = std::fs::read_to_string(&path).unwrap();
            assert!(!text.contains("stderr()"), "{}", path.display());
        }
    }
}
