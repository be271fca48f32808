//! The commands, as they are typed (CLI.md). What each command and argument says of itself stands in the words, under its
//! path.

pub mod told;

pub use told::{AddArgs, Saying, Telling, Told, has_argument, kebab, kind_typed};

use crate::complete;
use crate::words::t;
use clap::builder::{PossibleValuesParser, Resettable, TypedValueParser};
use clap::{Arg, ArgAction, Args, CommandFactory, Parser, Subcommand, ValueEnum};
use clap_complete::ArgValueCompleter;
use std::path::PathBuf;
use troth_proto::view::AgreementState;

/// What is typed.
#[derive(Debug, Parser)]
#[command(name = "troth", version, disable_help_subcommand = true)]
pub struct Cli {
    #[arg(long, global = true, value_name = "DIR")]
    pub home: Option<PathBuf>,
    #[arg(long, global = true)]
    pub json: bool,
    #[arg(long, global = true)]
    pub no_input: bool,
    #[arg(long, global = true)]
    pub yes: bool,
    #[arg(long, global = true, conflicts_with_all = ["json", "no_input"])]
    pub edit: bool,
    #[arg(long, global = true, value_name = "SECONDS")]
    pub wait: Option<u64>,
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    Init {
        #[arg(long, value_enum, default_value = "os")]
        keys: KeysArg,
        #[arg(long, value_name = "ADDRESS[:PORT]")]
        listen: Option<String>,
        #[arg(long)]
        mapping: bool,
        #[arg(long)]
        recovery_words: bool,
    },
    Pair {
        #[command(subcommand)]
        step: Option<Pair>,
    },
    Status,
    Today,
    #[command(subcommand)]
    Agreement(Agreement),
    #[command(subcommand)]
    Checkin(Checkin),
    #[command(subcommand)]
    Draft(Draft),
    #[command(flatten)]
    Told(Telling),
    Say,
    Open {
        #[arg(value_name = "NAME", add = ArgValueCompleter::new(complete::told))]
        id: Vec<String>,
    },
    Show {
        #[arg(required = true, value_name = "NAME", add = ArgValueCompleter::new(complete::told))]
        id: Vec<String>,
    },
    Search {
        #[arg(required = true)]
        words: Vec<String>,
        #[arg(long)]
        all: bool,
    },
    #[command(args_conflicts_with_subcommands = true)]
    Card {
        deck: Option<String>,
        card: Option<String>,
        #[command(subcommand)]
        step: Option<Card>,
    },
    #[command(subcommand)]
    Carry(Carry),
    Backup {
        file: PathBuf,
    },
    Restore {
        file: PathBuf,
        #[arg(long, value_enum, default_value = "os")]
        keys: KeysArg,
        #[arg(long, value_name = "ADDRESS[:PORT]")]
        listen: Option<String>,
    },
    RecoveryWords {
        #[arg(long)]
        as_they_have_it: bool,
    },
    Export {
        #[arg(long, value_enum)]
        format: FormatArg,
        #[arg(long, value_enum, default_value = "mine")]
        book: BookArg,
        #[arg(long, value_name = "DRAFT", conflicts_with = "book", add = ArgValueCompleter::new(complete::drafts))]
        draft: Option<String>,
        #[arg(long, conflicts_with = "draft")]
        with_confidences: bool,
        file: PathBuf,
    },
    Private {
        #[command(subcommand)]
        step: Option<Private>,
    },
    Pause,
    Resume,
    Stop,
    Unlock {
        #[arg(long)]
        recovery_words: bool,
    },
    Lock,
    Doctor,
    Reach {
        #[arg(
            value_name = "HOST:PORT",
            required_unless_present = "here",
            conflicts_with = "here"
        )]
        address: Option<String>,
        #[arg(long)]
        here: bool,
    },
    Network {
        #[command(subcommand)]
        step: Option<Network>,
    },
    Notify {
        #[arg(value_enum)]
        how: Option<SwitchArg>,
    },
    #[command(subcommand)]
    Service(Service),
    Logs {
        #[arg(long)]
        follow: bool,
    },
    Demo {
        #[arg(long, value_name = "DIR")]
        keep: Option<PathBuf>,
    },
    Man {
        folder: PathBuf,
    },
    Completions {
        #[arg(value_enum)]
        shell: clap_complete::Shell,
    },
    Help {
        #[arg(add = ArgValueCompleter::new(complete::topics))]
        topic: Vec<String>,
    },
}

/// Where the key is kept.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum KeysArg {
    Os,
    Passphrase,
    File,
}

/// What of the network is set.
#[derive(Debug, Clone, Copy, Subcommand)]
pub enum Network {
    Mapping {
        #[arg(value_enum)]
        how: SwitchArg,
    },
}

/// Whether something is done.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum SwitchArg {
    On,
    Off,
}

/// How something is exported.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum FormatArg {
    Markdown,
    Json,
    Ics,
    Automerge,
}

/// Whose book.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum BookArg {
    Mine,
    Partners,
}

/// Steps of a pairing.
#[derive(Debug, Subcommand)]
pub enum Pair {
    Again,
    Invite {
        #[arg(long)]
        nearby: bool,
        #[arg(long, value_name = "ADDRESS[:PORT]")]
        listen: Option<String>,
        #[arg(long)]
        again: bool,
    },
    Join {
        #[arg(long, value_name = "ADDRESS[:PORT]")]
        listen: Option<String>,
        #[arg(long)]
        again: bool,
    },
    State,
    Number,
    Yes,
    No,
}

/// Steps of an agreement. It is named by words of its topic or its number in the last list, a wording of it by its letter
/// behind that.
#[derive(Debug, Subcommand)]
pub enum Agreement {
    Propose {
        #[arg(long, value_name = "WORDING", add = ArgValueCompleter::new(complete::agreements))]
        same_as: Option<String>,
        #[arg(long, value_name = "AGREEMENT", conflicts_with = "same_as", add = ArgValueCompleter::new(complete::agreements))]
        change: Option<String>,
        #[arg(long, value_name = "TEMPLATE", conflicts_with_all = ["same_as", "change"], add = ArgValueCompleter::new(complete::templates))]
        template: Option<String>,
    },
    Templates,
    Yes {
        #[arg(value_name = "WORDING", add = ArgValueCompleter::new(complete::agreements))]
        version: Vec<String>,
    },
    CallBack {
        #[arg(value_name = "WORDING", add = ArgValueCompleter::new(complete::agreements))]
        version: Vec<String>,
    },
    PutAway {
        #[arg(required = true, add = ArgValueCompleter::new(complete::agreements))]
        agreement: Vec<String>,
        #[arg(long)]
        days: Option<u16>,
    },
    NotNow {
        #[arg(value_name = "WORDING", add = ArgValueCompleter::new(complete::agreements))]
        version: Vec<String>,
    },
    NeedTime {
        #[arg(value_name = "WORDING", add = ArgValueCompleter::new(complete::agreements))]
        version: Vec<String>,
        #[arg(long, value_name = "DAY")]
        until: String,
    },
    StepBack {
        #[arg(required = true, value_name = "WORDING", add = ArgValueCompleter::new(complete::agreements))]
        version: Vec<String>,
    },
    LetGo {
        #[arg(required = true, add = ArgValueCompleter::new(complete::agreements))]
        agreement: Vec<String>,
    },
    DidNotHold {
        #[arg(required = true, add = ArgValueCompleter::new(complete::agreements))]
        agreement: Vec<String>,
        #[arg(long)]
        how: Option<String>,
    },
    MyPart {
        #[arg(required = true, add = ArgValueCompleter::new(complete::agreements))]
        agreement: Vec<String>,
    },
    Look {
        #[arg(required = true, value_name = "WORDING", add = ArgValueCompleter::new(complete::agreements))]
        version: Vec<String>,
    },
    Show {
        #[arg(required = true, add = ArgValueCompleter::new(complete::agreements))]
        agreement: Vec<String>,
    },
    History {
        #[arg(required = true, add = ArgValueCompleter::new(complete::agreements))]
        agreement: Vec<String>,
    },
    Diff {
        #[arg(required = true, value_name = "WORDINGS", add = ArgValueCompleter::new(complete::agreements))]
        wordings: Vec<String>,
    },
    Print {
        #[arg(add = ArgValueCompleter::new(complete::agreements))]
        agreement: Vec<String>,
    },
    List {
        #[arg(long, value_parser = PossibleValuesParser::new(STATES).map(state))]
        state: Option<Option<AgreementState>>,
    },
}

/// Steps of a check-in.
#[derive(Debug, Subcommand)]
pub enum Checkin {
    Ready(SlotArg),
    Cancel(SlotArg),
    Share(SlotArg),
    TakeBack(SlotArg),
    Heard(SlotArg),
    Thank(SlotArg),
    NeedTime {
        #[command(flatten)]
        slot: SlotArg,
        #[arg(long, value_name = "DAY")]
        until: Option<String>,
    },
    Keep(SlotArg),
    PutAway {
        #[command(flatten)]
        slot: SlotArg,
        #[arg(long, value_name = "WEEK", conflicts_with_all = ["slot", "back"], add = ArgValueCompleter::new(complete::checkins))]
        before: Option<String>,
        #[arg(long)]
        back: bool,
        #[arg(long, conflicts_with = "back")]
        days: Option<u16>,
    },
    Show(SlotArg),
}

/// A page: a week, a year, or words that name a card or a review. Each step takes it in either way.
#[derive(Debug, Args)]
pub struct SlotArg {
    #[arg(value_name = "SLOT", add = ArgValueCompleter::new(complete::checkins))]
    slot: Vec<String>,
    #[arg(
        long = "slot",
        value_name = "SLOT",
        hide = true,
        conflicts_with = "slot"
    )]
    named: Option<String>,
}

impl SlotArg {
    /// What was named, if anything was.
    #[must_use]
    pub fn text(self) -> Option<String> {
        let words = (!self.slot.is_empty()).then(|| self.slot.join(" "));
        self.named.or(words)
    }
}

/// What is done with cards, besides answering one.
#[derive(Debug, Subcommand)]
pub enum Card {
    List,
    Show {
        #[arg(value_name = "CARD")]
        which: Vec<String>,
    },
    Propose {
        #[arg(value_name = "CARD")]
        which: Vec<String>,
    },
    Fits,
}

/// Steps of a draft that both type in. It is named by words of its title or its number in the list.
#[derive(Debug, Subcommand)]
pub enum Draft {
    New {
        #[arg(long, value_enum, default_value = "letter")]
        form: DraftFormArg,
    },
    List,
    Show {
        #[arg(required = true, add = ArgValueCompleter::new(complete::drafts))]
        draft: Vec<String>,
    },
    Edit {
        #[arg(required = true, add = ArgValueCompleter::new(complete::drafts))]
        draft: Vec<String>,
        #[arg(long)]
        live: bool,
    },
    Propose {
        #[arg(required = true, add = ArgValueCompleter::new(complete::drafts))]
        draft: Vec<String>,
    },
    Close {
        #[arg(required = true, add = ArgValueCompleter::new(complete::drafts))]
        draft: Vec<String>,
    },
}

/// What a draft is to become.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum DraftFormArg {
    Agreement,
    Letter,
    List,
}

/// Private pages.
#[derive(Debug, Subcommand)]
pub enum Private {
    List,
    Show {
        page: u64,
    },
    Journal,
    Letter,
    Mistrust,
    HaveI,
    Keep,
    #[command(subcommand)]
    Copy(Copy),
    Edit {
        page: u64,
    },
    Drop {
        page: u64,
    },
    Passphrase {
        #[arg(long)]
        anew: bool,
    },
}

/// What is copied into private pages.
#[derive(Debug, Subcommand)]
pub enum Copy {
    Checkin {
        #[arg(add = ArgValueCompleter::new(complete::checkins))]
        slot: Option<String>,
    },
    Agreement {
        #[arg(required = true, add = ArgValueCompleter::new(complete::agreements))]
        agreement: Vec<String>,
    },
}

/// Ways of a carried file.
#[derive(Debug, Subcommand)]
pub enum Carry {
    Out {
        file: PathBuf,
        #[arg(long, value_name = "N")]
        upto: Option<u64>,
        #[arg(long)]
        whole: bool,
    },
    In {
        file: PathBuf,
    },
}

/// The program in the background.
#[derive(Debug, Subcommand)]
pub enum Service {
    Start,
    Stop,
    Status,
    Install,
    Uninstall,
}

/// The names of states, as they are typed.
const STATES: [&str; 8] = [
    "draft",
    "proposed",
    "in-force",
    "change-proposed",
    "two-yeses",
    "over",
    "let-go",
    "not-agreed",
];

/// A state by its name, also as `--json` writes it.
fn state(text: String) -> Option<AgreementState> {
    serde_json::from_value(text.replace('-', "_").into()).ok()
}

/// The commands with everything they say of themselves.
#[must_use]
pub fn command() -> clap::Command {
    let formats = crate::formats();
    let command = worded(Cli::command(), "cli").version(env!("CARGO_PKG_VERSION"));
    let command = command.long_version(formats).after_help(t!("cli-after"));
    command.disable_version_flag(true).arg(
        Arg::new("version")
            .short('V')
            .long("version")
            .action(ArgAction::Version)
            .help(t!("cli.version"))
            .help_heading(t!("cli-options")),
    )
}

/// Where the words of a command stand that is below another: the steps of all that can be told have theirs in one place.
pub fn id_below(id: &str, name: &str) -> String {
    match told::kind_of(id) {
        Some(_) => format!("cli-told-{name}"),
        None => format!("{id}-{name}"),
    }
}

/// Where it stands what a command is for: of a kind that is told, with all else that is said of the kind.
pub fn about_id(id: &str) -> String {
    match told::kind_of(id) {
        Some(kind) => format!("{}.command", crate::say::told::kind_id(kind)),
        None => id.to_owned(),
    }
}

/// A command and those below it, in the words of the language that is spoken.
fn worded(mut command: clap::Command, id: &str) -> clap::Command {
    let arguments: Vec<String> = command
        .get_arguments()
        .filter(|a| !a.is_hide_set())
        .map(|a| a.get_id().to_string())
        .collect();
    for name in arguments {
        let help = t!(&format!("{id}.{name}"));
        command = command.mut_arg(name, |argument| {
            let head = if argument.is_positional() {
                t!("cli-arguments")
            } else {
                t!("cli-options")
            };
            let takes = argument.get_action().takes_values();
            let argument = argument.help(help).help_heading(head);
            if takes {
                argument.hide_default_value(true).hide_possible_values(true)
            } else {
                argument
            }
        });
    }
    let below: Vec<String> = command
        .get_subcommands()
        .map(|c| c.get_name().to_owned())
        .collect();
    for name in below {
        let of = told::kind_of(id);
        let id = id_below(id, &name);
        command = command.mut_subcommand(name, |below| {
            let below = worded(told::with_steps(below, &id), &id);
            match of {
                Some(kind) => told::fitted(below, kind),
                None => below,
            }
        });
    }
    let template = format!(
        "{{about-with-newline}}\n{} {{usage}}\n\n{{all-args}}{{after-help}}\n",
        t!("cli-usage")
    );
    command
        .about(t!(&about_id(id)))
        .long_about(Resettable::Reset)
        .help_template(template)
        .subcommand_help_heading(t!("cli-commands"))
        .disable_help_flag(true)
        .arg(
            Arg::new("help")
                .short('h')
                .long("help")
                .action(ArgAction::HelpLong)
                .help(t!("cli.help"))
                .help_heading(t!("cli-options")),
        )
}
