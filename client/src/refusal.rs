//! What is typed and is no command, in the same words as everything else.

use crate::cli::Cli;
use crate::help;
use clap::CommandFactory;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use troth_proto::Problem;

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
    let detail = match error.kind() {
        ErrorKind::InvalidSubcommand => {
            let what = said(ContextKind::InvalidSubcommand).unwrap_or_default();
            match near(&what) {
                Some(near) => format!("there is no command “{what}”; perhaps `troth {near}`"),
                None => format!("there is no command “{what}”"),
            }
        }
        ErrorKind::UnknownArgument if arg.starts_with('-') => {
            format!("there is no option `{arg}` here")
        }
        ErrorKind::UnknownArgument => format!("“{arg}” is one word too many"),
        ErrorKind::MissingRequiredArgument => format!("{arg} is missing"),
        ErrorKind::MissingSubcommand | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            "it wants to know which step".into()
        }
        ErrorKind::ArgumentConflict => {
            let other = said(ContextKind::PriorArg).unwrap_or_default();
            format!("`{arg}` and `{other}` do not go together")
        }
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => {
            let value = said(ContextKind::InvalidValue).unwrap_or_default();
            match said(ContextKind::ValidValue).filter(|all| !all.is_empty()) {
                Some(all) => format!("{arg} is one of: {all}"),
                None if value.is_empty() => format!("{arg} wants a value"),
                None => format!("“{value}” is nothing that {arg} takes"),
            }
        }
        _ => error.kind().as_str().unwrap_or("it is no command").into(),
    };
    Problem::BadRequest { detail }
}

/// The help of a command.
#[must_use]
pub fn help_on(topic: &str) -> Option<String> {
    let mut command = Cli::command();
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
    let command = Cli::command();
    let commands = command.get_subcommands().map(clap::Command::get_name);
    let topics = help::TOPICS.iter().map(|(name, ..)| *name);
    let word = word.to_lowercase();
    let alike = commands
        .chain(topics)
        .map(|name| (strsim::jaro_winkler(&word, name), name));
    let (most, name) = alike.max_by(|(a, _), (b, _)| a.total_cmp(b))?;
    (most >= ALIKE).then(|| name.to_owned())
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
            of(&Cli::try_parse_from(words).unwrap_err()).what()
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
