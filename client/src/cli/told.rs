//! The commands of all that can be told, made of the tables: the same steps for each kind. What a kind does not have is not
//! shown with it.

use crate::complete;
use clap::error::ErrorKind;
use clap::{Arg, ArgAction, ArgMatches, Args, FromArgMatches, Subcommand};
use clap_complete::ArgValueCompleter;
use troth_proto::said::told::{
    ANSWERS, AnswerRow, Fact, MARKED_STEPS, Need, Opened, Thing, ToldKind, ToldRow, Verb,
    may_take_back,
};

/// A kind of what is told, and what is done with it.
#[derive(Debug)]
pub struct Telling {
    pub kind: ToldKind,
    pub step: Told,
}

/// What is done with something told. It is named by its number in the list, by words of how it begins, or by the name that
/// scripts use; where only one can be meant, by nothing.
#[derive(Debug, Subcommand)]
pub enum Told {
    Add(AddArgs),
    List {
        #[arg(long)]
        all: bool,
    },
    Show(Which),
    Open(Which),
    Better(Which),
    TakeBack(Which),
    PutAway {
        #[command(flatten)]
        which: Which,
        #[arg(long)]
        back: bool,
        #[arg(long, conflicts_with = "back")]
        days: Option<u16>,
    },
    SetAside(Which),
    Keep(Which),
    Write(Which),
    #[command(flatten)]
    Say(Saying),
}

/// Which one.
#[derive(Debug, Args)]
pub struct Which {
    #[arg(value_name = "NAME", add = ArgValueCompleter::new(complete::told))]
    pub which: Vec<String>,
}

/// An answer, and what was typed with it: what it is about and, in some, a word for what else it says.
#[derive(Debug)]
pub struct Saying {
    pub verb: Verb,
    pub words: Vec<String>,
    pub until: Option<String>,
}

/// What `add` may be given besides words.
#[derive(Debug, Args, Default)]
pub struct AddArgs {
    #[arg(add = ArgValueCompleter::new(complete::agreements))]
    pub agreement: Vec<String>,
    #[arg(long, value_name = "NAME", add = ArgValueCompleter::new(complete::spoken_of))]
    pub about: Option<String>,
    #[arg(long, value_name = "DAY")]
    pub until: Option<String>,
    #[arg(long, value_name = "DAY")]
    pub look_again: Option<String>,
    #[arg(long, value_name = "WAY")]
    pub listen_as: Option<String>,
    #[arg(long)]
    pub page: Option<String>,
    #[arg(long)]
    pub how: Option<String>,
    #[arg(long)]
    pub minutes: Option<u16>,
    #[arg(long)]
    pub tomorrow: bool,
    #[arg(long)]
    pub weight: Option<String>,
}

/// A name as it is typed in a command: with hyphens.
#[must_use]
pub fn kebab(name: &str) -> String {
    name.replace('_', "-")
}

/// The kind of this name, as it is typed in a command or as scripts write it.
#[must_use]
pub fn kind_named(name: &str) -> Option<ToldKind> {
    ToldKind::named(&name.replace('-', "_"))
}

/// The verb of this name, as it is typed in a command.
fn verb_named(name: &str) -> Option<Verb> {
    Verb::named(&name.replace('-', "_"))
}

/// Another word for the command of a kind.
fn short(kind: ToldKind) -> Option<&'static str> {
    (kind == ToldKind::ToTalkAbout).then_some("talk")
}

/// The kind whose command is typed so.
#[must_use]
pub fn kind_typed(word: &str) -> Option<ToldKind> {
    let mut all = ToldKind::ALL.iter().copied();
    kind_named(word).or_else(|| all.find(|kind| short(*kind) == Some(word)))
}

/// The kind whose command has its words there.
pub(super) fn kind_of(id: &str) -> Option<ToldKind> {
    kind_named(id.strip_prefix("cli-")?)
}

/// What may be answered in the thread of something of that kind; answers about pages that a repair opens are among them.
fn answers(kind: ToldKind) -> impl Iterator<Item = &'static AnswerRow> {
    let belongs = move |about: &Thing| match about {
        Thing::Told(of) | Thing::Answer(_, of) => *of == kind,
        Thing::Open(Opened::Feelings | Opened::Step) | Thing::OfOpen(_) => kind == ToldKind::Repair,
        Thing::Open(Opened::Page) | Thing::PutAway => false,
    };
    ANSWERS
        .iter()
        .filter(move |row| row.about.iter().any(belongs))
}

fn verbs(kind: ToldKind) -> impl Iterator<Item = Verb> {
    answers(kind).map(|row| row.says)
}

/// Whether a step, by its name, is one of that kind.
fn has_step(kind: ToldKind, step: &str) -> bool {
    let row = kind.row();
    match step {
        "add" | "list" | "show" | "keep" => true,
        "open" | "set-aside" => row.closed || verbs(kind).any(Verb::is_opened),
        "better" => row.better || answers(kind).any(|row| row.better),
        "take-back" => may_take_back(Thing::Told(kind)),
        "put-away" => row.goes_away,
        "write" => kind == ToldKind::Repair && !MARKED_STEPS.is_empty(),
        verb => verbs(kind).any(|it| kebab(it.name()) == verb),
    }
}

/// Whether something that `add` may be given belongs to that kind.
#[must_use]
pub fn has_argument(row: &ToldRow, argument: &str) -> bool {
    let has = |fact: Fact| row.facts.iter().any(|(it, _)| *it == fact);
    match argument {
        "about" => !row.about.0.is_empty() || !row.about.1.is_empty(),
        "until" => has(Fact::Until),
        "look_again" => has(Fact::LookAgain),
        "listen_as" => has(Fact::ListenAs),
        "page" => has(Fact::Page),
        "how" => has(Fact::How),
        "minutes" => has(Fact::BackAt),
        "tomorrow" => row.facts.contains(&(Fact::Day, Need::Must)),
        "agreement" => has(Fact::Agreement),
        _ => true,
    }
}

/// A command, by where its words stand; that of a kind with its steps, which it otherwise has only once it is typed.
#[must_use]
pub fn with_steps(command: clap::Command, id: &str) -> clap::Command {
    match kind_of(id) {
        Some(_) => Told::augment_subcommands(command.defer(std::convert::identity)),
        None => command,
    }
}

/// A step with only what that kind has.
pub(super) fn fitted(command: clap::Command, kind: ToldKind) -> clap::Command {
    let step = command.get_name().to_owned();
    let mut command = command.hide(!has_step(kind, &step));
    if step == "add" {
        let row = kind.row();
        let arguments = command.get_arguments();
        let all: Vec<String> = arguments.map(|it| it.get_id().to_string()).collect();
        for name in all.into_iter().filter(|name| !has_argument(row, name)) {
            command = command.mut_arg(name, |it| it.hide(true));
        }
    }
    command
}

impl Told {
    /// Whether something is written by it that the other gets.
    #[must_use]
    pub fn writes(&self) -> bool {
        !matches!(
            self,
            Self::List { .. } | Self::Show(_) | Self::Open(_) | Self::SetAside(_) | Self::Keep(_)
        )
    }
}

impl Subcommand for Telling {
    fn augment_subcommands(command: clap::Command) -> clap::Command {
        command.subcommands(ToldKind::ALL.iter().map(|kind| {
            let of_kind = clap::Command::new(kebab(kind.name()))
                .subcommand_required(true)
                .arg_required_else_help(true)
                .visible_aliases(short(*kind));
            of_kind.defer(Told::augment_subcommands)
        }))
    }

    fn augment_subcommands_for_update(command: clap::Command) -> clap::Command {
        Self::augment_subcommands(command)
    }

    fn has_subcommand(name: &str) -> bool {
        kind_named(name).is_some()
    }
}

impl FromArgMatches for Telling {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let (name, below) = matches.subcommand().ok_or_else(no_step)?;
        let kind = kind_named(name).ok_or_else(no_step)?;
        let step = Told::from_arg_matches(below)?;
        Ok(Self { kind, step })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

/// What an answer says besides its verb, as it stands behind the name of what it is about.
fn behind_the_name(verb: Verb) -> Option<&'static str> {
    let rows = ANSWERS.iter().filter(|row| row.says == verb);
    let mut facts = rows.flat_map(|row| row.facts);
    facts.find_map(|(fact, _)| match fact {
        Fact::ListenAs => Some("NAME WAY"),
        Fact::Agreement => Some("NAME AGREEMENT"),
        Fact::Day => Some("NAME DAY"),
        // An option says it, or what it is about does.
        Fact::Until | Fact::Step => None,
        Fact::LookAgain | Fact::BackAt | Fact::How | Fact::Page => None,
    })
}

impl Subcommand for Saying {
    fn augment_subcommands(command: clap::Command) -> clap::Command {
        command.subcommands(Verb::ALL.iter().map(|verb| {
            let step = clap::Command::new(kebab(verb.name()));
            let step = step.arg(match behind_the_name(*verb) {
                Some(named) => several("words").required(true).value_name(named),
                None => several("which").value_name("NAME"),
            });
            match verb {
                Verb::NeedTime => step.arg(Arg::new("until").long("until").value_name("DAY")),
                Verb::Plan => step.mut_arg("words", |words| {
                    words.add(ArgValueCompleter::new(complete::agreements))
                }),
                _ => step,
            }
        }))
    }

    fn augment_subcommands_for_update(command: clap::Command) -> clap::Command {
        Self::augment_subcommands(command)
    }

    fn has_subcommand(name: &str) -> bool {
        verb_named(name).is_some()
    }
}

/// Words that may be as many as it takes, the first of them a name.
fn several(id: &'static str) -> Arg {
    Arg::new(id)
        .num_args(1..)
        .action(ArgAction::Append)
        .add(ArgValueCompleter::new(complete::told))
}

impl FromArgMatches for Saying {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let (name, below) = matches.subcommand().ok_or_else(no_step)?;
        let verb = verb_named(name).ok_or_else(no_step)?;
        let given = |id: &str| below.try_get_many::<String>(id).ok().flatten();
        let words = given("which").or_else(|| given("words"));
        Ok(Self {
            verb,
            words: words.into_iter().flatten().cloned().collect(),
            until: given("until").and_then(|mut all| all.next().cloned()),
        })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

fn no_step() -> clap::Error {
    clap::Error::new(ErrorKind::MissingSubcommand)
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::{CommandFactory, Parser};

    #[test]
    fn every_kind_has_a_command_and_every_verb_a_step() {
        let command = super::super::Cli::command();
        for kind in ToldKind::ALL {
            let name = kebab(kind.name());
            let of_kind = command.find_subcommand(&name).expect("a command");
            let of_kind = with_steps(of_kind.clone(), &format!("cli-{name}"));
            for verb in Verb::ALL {
                let step = kebab(verb.name());
                assert!(of_kind.find_subcommand(&step).is_some(), "{name} {step}");
            }
            let words = ["troth", &name, "list"];
            let cli = super::super::Cli::try_parse_from(words).expect("a command");
            let Some(super::super::Command::Told(told)) = cli.command else {
                panic!("{name} is told");
            };
            assert!(matches!(told.step, Told::List { all: false }) && told.kind == *kind);
        }
    }

    #[test]
    fn a_kind_shows_only_what_can_be_said_of_it() {
        let shown = |kind: &str| -> Vec<String> {
            let command = super::super::command();
            let of_kind = command.find_subcommand(kind).expect("a command");
            let steps = of_kind.get_subcommands().filter(|it| !it.is_hide_set());
            steps.map(|it| it.get_name().to_owned()).collect()
        };
        assert_eq!(
            shown("thanks"),
            [
                "add",
                "list",
                "show",
                "open",
                "better",
                "take-back",
                "put-away",
                "set-aside",
                "keep",
                "thank"
            ]
        );
        assert!(shown("break").contains(&"done".to_owned()));
        assert!(!shown("break").contains(&"heard".to_owned()));
        assert!(shown("repair").contains(&"say-back".to_owned()));
    }
}
