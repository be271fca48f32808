//! What is typed and is no command, in the same words as everything else.

use crate::{cli, help};
use clap::error::{ContextKind, ContextValue, ErrorKind};
use troth_proto::Problem;
use troth_proto::problem::Wrong;

/// How alike two words must be for one to be meant by the other.
const ALIKE: f64 = 0.8;

/// What is wrong with what was typed.
#[must_use]
pub fn of(error: &clap::Error) -> Problem {
    let said = |kind| match error.get(kind) {
        Some(ContextValue::String(text)) => Some(text.clone()),
        Some(ContextValue::Strings(all)) => Some(all.join(", ")),
        _ => None,
    };
    let arg = said(ContextKind::InvalidArg).unwrap_or_default();
    let wrong = match error.kind() {
        ErrorKind::InvalidSubcommand => {
            let word = said(ContextKind::InvalidSubcommand).unwrap_or_default();
            let near = near(&word);
            Wrong::NoCommand { word, near }
        }
        ErrorKind::UnknownArgument if arg.starts_with('-') => Wrong::NoOption { option: arg },
        ErrorKind::UnknownArgument => Wrong::WordTooMany { word: arg },
        ErrorKind::MissingRequiredArgument => Wrong::Missing { what: arg },
        ErrorKind::MissingSubcommand | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            Wrong::NoStep
        }
        ErrorKind::ArgumentConflict => {
            let other = said(ContextKind::PriorArg).unwrap_or_default();
            Wrong::NotTogether { one: arg, other }
        }
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => {
            let value = said(ContextKind::InvalidValue).unwrap_or_default();
            match said(ContextKind::ValidValue).filter(|all| !all.is_empty()) {
                Some(all) => Wrong::OneOf { what: arg, all },
                None if value.is_empty() => Wrong::NoValue { what: arg },
                None => Wrong::NotTaken { value, what: arg },
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
    let alike = commands
        .chain(topics)
        .map(|name| (strsim::jaro_winkler(&word, &name), name));
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
        ]
        .map(|words| format!("troth {words}\n  {}\n", refused(words)))
        .concat();
        insta::assert_snapshot!("refusals", all);
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
        assert_eq!(near("xyzzy"), None);
    }
}
