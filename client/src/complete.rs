//! What a shell offers while a command is being typed: the commands, and the names of what this home holds.

use crate::link::{self, Link};
use crate::words::{self, Language, t};
use crate::{cli, commands, help, names, say, templates};
use clap_complete::engine::CompletionCandidate;
use clap_complete::env::{CompleteEnv, Shells};
use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::path::PathBuf;
use std::time::Duration;
use troth_proto::Problem;
use troth_proto::api::{Request, Slots};
use troth_proto::home::Home;
use troth_proto::said::told::ToldKind;

/// The variable by which a shell asks. The script for it comes from the same program.
const ASKS: &str = "TROTH_COMPLETE";
/// Letters of a name that scripts use, where it is offered.
const ID: usize = 8;
/// How long a daemon may take to answer before nothing is offered.
const PATIENCE: Duration = Duration::from_secs(1);

/// Answers a shell that asks, and says whether one did.
pub fn answered() -> bool {
    if std::env::var_os(ASKS).is_none() {
        return false;
    }
    Language::wanted().speak();
    let asked = CompleteEnv::with_factory(cli::command).var(ASKS);
    let folder = std::env::current_dir().ok();
    // A shell that asks in a way that is not known is offered nothing.
    asked
        .try_complete(std::env::args_os(), folder.as_deref())
        .unwrap_or(true)
}

/// What a shell reads once, when it starts.
///
/// # Errors
/// Not a shell that is known.
pub fn script(shell: clap_complete::Shell) -> Result<String, Problem> {
    let program = std::env::args().next().unwrap_or_else(|| "troth".into());
    let program = if program.contains('/') {
        let path = std::path::absolute(&program).unwrap_or_else(|_| PathBuf::from(&program));
        path.display().to_string()
    } else {
        program
    };
    let shells = Shells::builtins();
    let shell = shells
        .completer(&shell.to_string())
        .ok_or(Problem::Internal)?;
    let mut script = Vec::new();
    shell
        .write_registration(ASKS, "troth", "troth", &program, &mut script)
        .map_err(|_| Problem::Internal)?;
    String::from_utf8(script).map_err(|_| Problem::Internal)
}

/// The home that the command names.
fn home() -> Option<Home> {
    let words: Vec<String> = std::env::args().collect();
    let mut given = words.iter().filter_map(|it| it.strip_prefix("--home="));
    let beside = words.windows(2).find(|it| it[0] == "--home");
    let given = given.next().or_else(|| beside.map(|it| it[1].as_str()));
    link::home(given.map(std::path::Path::new)).ok()
}

/// Its daemon, if it is running: none is started for this.
fn daemon() -> Option<Link> {
    Link::connect_within(&home()?, PATIENCE).ok()?
}

/// The kind whose command is being typed.
fn kind() -> Option<ToldKind> {
    // What a shell asks about stands behind the two hyphens, after the program.
    let typed = std::env::args().skip_while(|word| word != "--").skip(2);
    let mut kinds = typed.filter_map(|word| cli::kind_typed(&word));
    kinds.next()
}

/// What was told, of the kind whose command is being typed.
pub fn told(typed: &OsStr) -> Vec<CompletionCandidate> {
    told_of(kind(), typed)
}

/// What something of the kind whose command is being typed may speak of.
pub fn spoken_of(typed: &OsStr) -> Vec<CompletionCandidate> {
    told_of(kind().and_then(ToldKind::speaks_of), typed)
}

/// By a word of how it begins or the name that scripts use, each that begins as what is typed; by its number once a number
/// is. What is closed or told in trust shows no word of its own.
fn told_of(kind: Option<ToldKind>, typed: &OsStr) -> Vec<CompletionCandidate> {
    let Some((home, mut link)) = home().zip(daemon()) else {
        return Vec::new();
    };
    let all = commands::told_newest(&mut link, kind).unwrap_or_default();
    let them = commands::partner(&mut link).unwrap_or_default();
    let typed = typed.to_string_lossy().to_lowercase();
    let a_number = typed.parse::<usize>().is_ok();
    let numbered = commands::told_numbers(&home, kind, &all);
    let mut offered = BTreeMap::new();
    for (number, line) in numbered {
        if line.put_away && typed.is_empty() {
            continue;
        }
        let name = format!("{} {}", line.topic, line.begins);
        let id: String = line.id.hex().chars().take(ID).collect();
        let mut by: Vec<String> = if typed.is_empty() {
            vec![names::short(&name).unwrap_or(id)]
        } else {
            [names::words(&name), vec![id]].concat()
        };
        by.extend(number.filter(|_| a_number).map(|it| it.to_string()));
        for it in by.into_iter().filter(|it| it.starts_with(&typed)) {
            offered
                .entry(it)
                .or_insert_with(|| say::told::one(line, &them));
        }
    }
    candidates(offered)
}

/// Words of topics that begin as what is typed; one of each agreement if nothing is.
pub fn agreements(typed: &OsStr) -> Vec<CompletionCandidate> {
    let all = daemon().and_then(|mut link| names::list(&mut link).ok());
    let all = all.unwrap_or_default();
    let typed = typed.to_string_lossy().to_lowercase();
    let mut offered = BTreeMap::new();
    for line in &all {
        let words = names::words(&line.topic);
        let begins = |word: &String| word.starts_with(&typed);
        let words: Vec<String> = if typed.is_empty() {
            let id = line.agreement.hex();
            vec![names::leads_back(&all, &line.topic, &id)]
        } else {
            words.into_iter().filter(begins).collect()
        };
        for word in words {
            offered
                .entry(word)
                .or_insert_with(|| say::calm_line(&line.topic));
        }
    }
    candidates(offered)
}

/// The check-ins there are, and that of this week.
pub fn checkins(typed: &OsStr) -> Vec<CompletionCandidate> {
    let asked = Request::CheckinShow {
        slot: None,
        after: None,
    };
    let answer = daemon().and_then(|mut link| link.ask(&asked).ok());
    let Some(slots) = answer.and_then(|it| commands::typed::<Slots>(&it).ok()) else {
        return Vec::new();
    };
    let typed = typed.to_string_lossy();
    let there = slots.slots.iter().map(|it| it.slot.to_string());
    let all = there.chain([slots.this_week.to_string()]);
    let fits = all.filter(|it| it.starts_with(typed.as_ref()));
    candidates(fits.map(|it| (it, String::new())).collect())
}

/// Words of the titles of drafts.
pub fn drafts(typed: &OsStr) -> Vec<CompletionCandidate> {
    let all = daemon().and_then(|mut link| commands::drafts(&mut link).ok());
    let typed = typed.to_string_lossy().to_lowercase();
    let mut offered = BTreeMap::new();
    for line in all.unwrap_or_default() {
        let words = names::words(&line.title).into_iter();
        for word in words.filter(|word| word.starts_with(&typed)) {
            offered.insert(word, say::calm_line(&line.title));
        }
    }
    candidates(offered)
}

/// Templates of proposals.
pub fn templates(typed: &OsStr) -> Vec<CompletionCandidate> {
    let typed = typed.to_string_lossy();
    let all = templates::templates(words::spoken()).iter();
    let fits = all.filter(|it| it.id.starts_with(typed.as_ref()));
    candidates(fits.map(|it| (it.id.into(), it.title.into())).collect())
}

/// Topics of the help.
pub fn topics(typed: &OsStr) -> Vec<CompletionCandidate> {
    let typed = typed.to_string_lossy();
    let all = help::TOPICS.iter().map(|topic| {
        let about = t!(&format!("help-{topic}.about"));
        (help::name(topic), about)
    });
    candidates(
        all.filter(|(it, _)| it.starts_with(typed.as_ref()))
            .collect(),
    )
}

fn candidates(all: BTreeMap<String, String>) -> Vec<CompletionCandidate> {
    let one = |(name, about): (String, String)| {
        let about = Some(about).filter(|it| !it.is_empty());
        CompletionCandidate::new(name).help(about.map(Into::into))
    };
    all.into_iter().map(one).collect()
}
