//! What is typed and is no command, in the same words as everything else.

use crate::ask::Asking;
use crate::cli::Cli;
use crate::words::{Language, t};
use crate::{cli, help};
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{CommandFactory, FromArgMatches};
use std::ffi::OsString;
use troth_proto::Problem;
use troth_proto::problem::Wrong;

/// How alike two words must be for one to be meant by the other.
const ALIKE: f64 = 0.8;

/// What was typed. What a command wants to know and was not told is asked for, if a person sits there.
///
/// # Errors
/// The person went away; within, that it is no command.
pub fn typed() -> Result<Result<Cli, clap::Error>, Problem> {
    let mut words: Vec<OsString> = std::env::args_os().collect();
    let has = |option: &str| words.iter().any(|word| word == option);
    let asking = Asking {
        json: has("--json"),
        silent: has("--no-input"),
        sure: false,
        edit: false,
    };
    let mut asked = Vec::new();
    loop {
        let error = match parsed(&words) {
            Ok(cli) => return Ok(Ok(cli)),
            Err(error) => error,
        };
        let lacks = lacking(&error).filter(|it| asking.person() && !asked.contains(it));
        let Some(lacks) = lacks else {
            return Ok(Err(error));
        };
        Language::wanted().speak();
        let Some(question) = question(&lacks) else {
            return Ok(Err(error));
        };
        let answer = asking.line(&question)?;
        if answer.is_empty() {
            return Ok(Err(error));
        }
        words.extend(as_typed(&lacks, &answer));
        asked.push(lacks);
    }
}

fn parsed(words: &[OsString]) -> Result<Cli, clap::Error> {
    let mut command = Cli::command();
    let matches = command.try_get_matches_from_mut(words);
    let cli = matches.and_then(|mut matches| Cli::from_arg_matches_mut(&mut matches));
    let cli = cli.map_err(|error| error.format(&mut command));
    // It ends with the program: to take a thousand commands apart takes as long as to build them.
    std::mem::forget(command);
    cli
}

/// The first argument that a command lacks, as it is written in its usage.
fn lacking(error: &clap::Error) -> Option<String> {
    if error.kind() != ErrorKind::MissingRequiredArgument {
        return None;
    }
    match error.get(ContextKind::InvalidArg)? {
        ContextValue::Strings(all) => all.first().cloned(),
        _ => None,
    }
}

/// An answer as it would have been typed in the command.
fn as_typed(argument: &str, answer: &str) -> Vec<OsString> {
    let option = argument.strip_prefix("--").map(|_| option(argument).into());
    let several = argument.ends_with("...");
    let words = answer.split_whitespace().filter(|_| several);
    let whole = (!several).then(|| answer.into());
    let words = words.map(OsString::from).chain(whole);
    option.into_iter().chain(words).collect()
}

/// An option without what it takes.
fn option(argument: &str) -> &str {
    argument.split(" <").next().unwrap_or(argument)
}

/// What is asked for an argument, by what stands for it in the usage.
#[must_use]
pub fn question(argument: &str) -> Option<String> {
    let (_, named) = argument.split_once('<')?;
    Some(match named.split_once('>')?.0 {
        "AGREEMENT" | "WORDING" | "NAME AGREEMENT" => t!("ask-lacks-agreement"),
        "WORDINGS" => t!("ask-lacks-wordings"),
        "DAY" => t!("ask-time-until"),
        "NAME DAY" => t!("ask-repair-day"),
        "NAME WAY" | "WAY" => t!("ask-listen-as"),
        "NAME" => t!("ask-lacks-name"),
        "DRAFT" => t!("ask-lacks-draft"),
        "PAGE" => t!("ask-lacks-page"),
        "WORDS" => t!("ask-lacks-words"),
        "FORMAT" => t!("ask-lacks-format"),
        "FILE" => t!("ask-lacks-file"),
        "FOLDER" | "DIR" => t!("ask-lacks-folder"),
        "HOST:PORT" => t!("ask-lacks-address"),
        "HOW" => t!("ask-lacks-how"),
        "SHELL" => t!("ask-lacks-shell"),
        _ => return None,
    })
}

/// The command that was typed, without its name for the program and whatever stands behind it.
#[must_use]
pub fn command_typed(words: impl Iterator<Item = OsString>) -> Option<String> {
    let mut command = Cli::command();
    command.build();
    let mut path = Vec::new();
    let mut words = words.skip(1);
    while let Some(word) = words.next() {
        let word = word.to_str()?;
        if let Some(option) = word.strip_prefix("--") {
            let mut arguments = command.get_arguments();
            let takes = arguments
                .find(|it| it.get_long() == Some(option))
                .is_some_and(|it| it.get_action().takes_values());
            // What it takes is no command.
            words.by_ref().take(usize::from(takes)).for_each(drop);
        } else {
            let Some(below) = command.find_subcommand(word).cloned() else {
                break;
            };
            path.push(below.get_name().to_owned());
            command = below;
        }
    }
    (!path.is_empty()).then(|| path.join(" "))
}

/// The command that lists what can be named in another.
#[must_use]
pub fn lists(command: &str) -> Option<String> {
    let word = command.split(' ').next()?;
    Some(match word {
        "agreement" | "draft" | "private" => format!("troth {word} list"),
        "card" if command == "card show" => "troth card list".to_owned(),
        "card" => "troth card".to_owned(),
        "checkin" => "troth checkin show".to_owned(),
        kind => {
            cli::kind_typed(kind)?;
            format!("troth {word} list")
        }
    })
}

/// What is wrong with what was typed.
#[must_use]
pub fn of(error: &clap::Error) -> Problem {
    let said = |kind| match error.get(kind) {
        Some(ContextValue::String(text)) => Some(text.clone()),
        Some(ContextValue::Strings(all)) => Some(all.join(", ")),
        _ => None,
    };
    let arg = said(ContextKind::InvalidArg).unwrap_or_default();
    let named = || option(&arg).to_owned();
    let wrong = match error.kind() {
        ErrorKind::InvalidSubcommand => {
            let word = said(ContextKind::InvalidSubcommand).unwrap_or_default();
            let within = command_typed(std::env::args_os());
            let near = near_within(within.as_deref(), &word);
            Wrong::NoCommand { word, near }
        }
        ErrorKind::UnknownArgument if arg.starts_with('-') => Wrong::NoOption { option: arg },
        ErrorKind::UnknownArgument => Wrong::WordTooMany { word: arg },
        ErrorKind::MissingRequiredArgument => Wrong::Missing {
            what: lacking(error).unwrap_or(arg),
        },
        ErrorKind::MissingSubcommand | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            Wrong::NoStep
        }
        ErrorKind::ArgumentConflict => {
            let other = said(ContextKind::PriorArg).unwrap_or_default();
            Wrong::NotTogether {
                one: named(),
                other: option(&other).to_owned(),
            }
        }
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => {
            let value = said(ContextKind::InvalidValue).unwrap_or_default();
            match said(ContextKind::ValidValue).filter(|all| !all.is_empty()) {
                Some(all) => Wrong::OneOf { what: named(), all },
                None if value.is_empty() => Wrong::NoValue { what: arg },
                None => Wrong::NotTaken {
                    value,
                    what: named(),
                },
            }
        }
        _ => Wrong::NoSense,
    };
    Problem::BadRequest { wrong }
}

/// The help of a command.
#[must_use]
pub fn help_on(topic: &str) -> Option<String> {
    let mut command = cli::command();
    let mut name = "troth".to_owned();
    for word in topic.split_whitespace() {
        command = command.find_subcommand(word)?.clone();
        name = format!("{name} {word}");
    }
    Some(command.bin_name(name).render_long_help().to_string())
}

/// A command or topic that is spelled nearly so.
#[must_use]
pub fn near(word: &str) -> Option<String> {
    let command = cli::command();
    let commands = command.get_subcommands().map(|it| it.get_name().to_owned());
    let topics = help::TOPICS.map(help::name);
    let word = word.to_lowercase();
    most_alike(&word, commands.chain(topics))
}

/// The same of the steps of a command, if one was typed.
#[must_use]
pub fn near_within(command: Option<&str>, word: &str) -> Option<String> {
    let Some(command) = command else {
        return near(word);
    };
    let mut whole = cli::command();
    whole.build();
    let mut within = &whole;
    for name in command.split(' ') {
        within = within.find_subcommand(name)?;
    }
    let steps = within.get_subcommands().filter(|it| !it.is_hide_set());
    let steps = steps.map(|it| it.get_name().to_owned());
    let step = most_alike(&word.to_lowercase(), steps)?;
    Some(format!("{command} {step}"))
}

/// The name that is most like a word, or has it as one of its parts.
fn most_alike(word: &str, names: impl Iterator<Item = String>) -> Option<String> {
    let likeness = |name: &str| match name.split('-').any(|part| part == word) {
        true => 1.0,
        false => strsim::jaro_winkler(word, name),
    };
    let alike = names.map(|name| (likeness(&name), name));
    let (most, name) = alike.max_by(|(a, _), (b, _)| a.total_cmp(b))?;
    (most >= ALIKE).then_some(name)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use clap::Parser;

    #[test]
    fn what_is_no_command_is_said_in_words() {
        let refused = |words: &str| {
            let words = std::iter::once("troth").chain(words.split_whitespace());
            crate::say::problem(&of(&cli::Cli::try_parse_from(words).unwrap_err())).0
        };
        let all: String = [
            "agrement list",
            "xyzzy",
            "agreement show",
            "agreement",
            "status now",
            "status --loud",
            "--wait soon status",
            "init --keys cloud",
            "agreement propose --same-as a --change b",
            "agreement list --state gone",
            "agreement need-time visits",
            "agreement need-time visits --until",
            "network mapping perhaps",
            "export --format ics",
            "private show one",
            "repair day",
        ]
        .map(|words| format!("troth {words}\n  {}\n", refused(words)))
        .concat();
        insta::assert_snapshot!("refusals", all);
    }

    #[test]
    fn whatever_a_command_cannot_do_without_has_its_question() {
        let mut whole = cli::command();
        whole.build();
        let (mut waiting, mut count) = (vec![whole], 0);
        while let Some(command) = waiting.pop() {
            waiting.extend(command.get_subcommands().cloned());
            for argument in command.get_arguments().filter(|it| it.is_required_set()) {
                let shown = argument.to_string();
                assert!(question(&shown).is_some(), "{} {shown}", command.get_name());
                count += 1;
            }
        }
        assert!(count > 20, "{count}");
    }

    #[test]
    fn an_answer_goes_where_it_would_have_been_typed() {
        assert_eq!(
            as_typed("<AGREEMENT>...", "the visits"),
            ["the", "visits"].map(OsString::from)
        );
        assert_eq!(
            as_typed("--until <DAY>", "31 December"),
            ["--until", "31 December"].map(OsString::from)
        );
        assert_eq!(
            as_typed("<FILE>", "my file"),
            ["my file"].map(OsString::from)
        );
    }

    #[test]
    fn the_command_that_was_typed_is_known() {
        let of = |line: &str| {
            let words = line.split_whitespace().map(OsString::from);
            command_typed(words)
        };
        assert_eq!(
            of("troth agreement show").as_deref(),
            Some("agreement show")
        );
        assert_eq!(
            of("troth --home card talk add x").as_deref(),
            Some("to-talk-about add")
        );
        assert_eq!(
            of("troth --json agreement need-time visits --until x").as_deref(),
            Some("agreement need-time")
        );
        assert_eq!(of("troth xyzzy"), None);
        assert_eq!(of("troth"), None);
        for path in ["agreement show", "to-talk-about add"] {
            assert!(help_on(path).is_some(), "{path}");
        }
        for command in [
            "agreement yes",
            "card",
            "card show",
            "repair day",
            "private drop",
        ] {
            let list = lists(command).unwrap();
            assert!(Cli::try_parse_from(list.split(' ')).is_ok(), "{list}");
        }
        assert_eq!(lists("open"), None);
    }

    #[test]
    fn help_is_there_for_commands_and_near_words() {
        assert!(
            help_on("agreement yes")
                .unwrap()
                .contains("troth agreement yes")
        );
        assert_eq!(help_on("agreement xyzzy"), None);
        assert_eq!(near("chekin").as_deref(), Some("checkin"));
        assert_eq!(near("truth").as_deref(), Some("small-truth"));
        let near = |command, word| near_within(Some(command), word);
        assert_eq!(near("thanks", "shwo").as_deref(), Some("thanks show"));
        assert_eq!(near("thanks", "xyzzy"), None);
        assert_eq!(near_within(None, "chekin").as_deref(), Some("checkin"));
        assert_eq!(near_within(None, "xyzzy"), None);
    }
}
