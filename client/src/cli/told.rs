//! The steps of everything that can be told: one list for all kinds. What a kind does not have is not shown with it.

use crate::complete;
use clap::{Args, Subcommand};
use clap_complete::ArgValueCompleter;
use troth_proto::said::told::{
    ANSWERS, Fact, MARKED_STEPS, Need, Opened, Thing, ToldKind, ToldRow, Verb, may_take_back,
};

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
    },
    SetAside(Which),
    Keep(Which),
    Write(Which),
    Heard(Which),
    Thank(Which),
    NeedTime {
        #[arg(value_name = "NAME", add = ArgValueCompleter::new(complete::told))]
        which: Vec<String>,
        #[arg(long, value_name = "DAY")]
        until: Option<String>,
    },
    Words(Which),
    SayBack(Which),
    Yes(Which),
    NotYet(Which),
    ListenAs {
        #[arg(required = true, value_name = "NAME WAY", add = ArgValueCompleter::new(complete::told))]
        words: Vec<String>,
    },
    TellNobody(Which),
    MayI(Which),
    Meaning(Which),
    Plan {
        #[arg(required = true, value_name = "NAME AGREEMENT", add = ArgValueCompleter::new(complete::agreements))]
        words: Vec<String>,
    },
    Done(Which),
    Day {
        #[arg(required = true, value_name = "NAME DAY", add = ArgValueCompleter::new(complete::told))]
        words: Vec<String>,
    },
    Apology(Which),
    Stop(Which),
}

/// Which one.
#[derive(Debug, Args)]
pub struct Which {
    #[arg(value_name = "NAME", add = ArgValueCompleter::new(complete::told))]
    pub which: Vec<String>,
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

/// The kind whose command is typed so.
#[must_use]
pub fn kind_typed(word: &str) -> Option<ToldKind> {
    match word {
        "talk" => Some(ToldKind::ToTalkAbout),
        word => kind_named(word),
    }
}

/// The kind whose command has its words there.
pub(super) fn kind_of(id: &str) -> Option<ToldKind> {
    kind_named(id.strip_prefix("cli-")?)
}

/// The verbs that may be said in the thread of something of that kind; those about pages that a repair opens are among them.
fn verbs(kind: ToldKind) -> impl Iterator<Item = Verb> {
    let belongs = move |about: &Thing| match about {
        Thing::Told(of) | Thing::Answer(_, of) => *of == kind,
        Thing::Open(Opened::Feelings | Opened::Step) | Thing::OfOpen(_) => kind == ToldKind::Repair,
        Thing::Open(Opened::Page) | Thing::PutAway => false,
    };
    let rows = ANSWERS
        .iter()
        .filter(move |row| row.about.iter().any(belongs));
    rows.map(|row| row.says)
}

/// Whether a step, by its name, is one of that kind.
fn has_step(kind: ToldKind, step: &str) -> bool {
    let row = kind.row();
    match step {
        "add" | "list" | "show" | "keep" => true,
        "open" | "set-aside" => row.closed || verbs(kind).any(Verb::is_opened),
        "better" => row.better,
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

impl super::Command {
    /// What is told by it, and the step; or the command, if it is another.
    pub fn told(self) -> Result<(ToldKind, Told), Box<Self>> {
        Ok(match self {
            Self::Thanks(step) => (ToldKind::Thanks, step),
            Self::Confidence(step) => (ToldKind::Confidence, step),
            Self::Permission(step) => (ToldKind::Permission, step),
            Self::SmallTruth(step) => (ToldKind::SmallTruth, step),
            Self::TenderSpot(step) => (ToldKind::TenderSpot, step),
            Self::TrustGiven(step) => (ToldKind::TrustGiven, step),
            Self::ToTalkAbout(step) => (ToldKind::ToTalkAbout, step),
            Self::Ask(step) => (ToldKind::Ask, step),
            Self::Bid(step) => (ToldKind::Bid, step),
            Self::Break(step) => (ToldKind::Break, step),
            Self::Repair(step) => (ToldKind::Repair, step),
            Self::AboutMe(step) => (ToldKind::AboutMe, step),
            other => return Err(Box::new(other)),
        })
    }
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
            for verb in Verb::ALL {
                let step = kebab(verb.name());
                assert!(of_kind.find_subcommand(&step).is_some(), "{name} {step}");
            }
            let words = ["troth", &name, "list"];
            let cli = super::super::Cli::try_parse_from(words).expect("a command");
            let told = cli.command.map(super::super::Command::told);
            assert!(matches!(told, Some(Ok((of, Told::List { all: false }))) if of == *kind));
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
