//! The commands, as they are typed (CLI.md).

use clap::{Args, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;
use troth_proto::view::AgreementState;

/// Keeps what the two of you have agreed and how you are doing: on your two computers, and nowhere else.
#[derive(Debug, Parser)]
#[command(
    name = "troth",
    version,
    disable_help_subcommand = true,
    after_help = "`troth` alone shows Today. `troth help TOPIC` explains more: `troth help` lists the topics."
)]
pub struct Cli {
    /// Everything of one partner under one folder (also: TROTH_HOME).
    #[arg(long, global = true, value_name = "DIR")]
    pub home: Option<PathBuf>,
    /// One JSON object on standard output; words on standard input as JSON.
    #[arg(long, global = true)]
    pub json: bool,
    /// Ask nothing.
    #[arg(long, global = true)]
    pub no_input: bool,
    /// Yes to what would be asked before something binds or ends.
    #[arg(long, global = true)]
    pub yes: bool,
    /// After writing, wait until the partner has it, so many seconds at most; else exit 6.
    #[arg(long, global = true, value_name = "SECONDS")]
    pub wait: Option<u64>,
    /// What to do; Today, if nothing is said.
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Set this device up: your name, and 24 words to keep.
    Init {
        /// Where the key that opens everything is kept: the system's keyring, a passphrase, or a file (weaker).
        #[arg(long, value_enum, default_value = "os")]
        keys: KeysArg,
        /// Where to listen for your partner; all addresses and a free port if not given.
        #[arg(long, value_name = "ADDRESS:PORT")]
        listen: Option<String>,
        /// With the 24 recovery words of an earlier home of yours: what you wrote there comes back from your partner.
        #[arg(long)]
        recovery_words: bool,
    },
    /// Pair with your partner. Without a step: asks what to do.
    Pair {
        /// The step.
        #[command(subcommand)]
        step: Option<Pair>,
    },
    /// How everything is.
    Status,
    /// What waits for you, what rests, what is due for a look.
    Today,
    /// Propose, answer and look at agreements.
    #[command(subcommand)]
    Agreement(Agreement),
    /// Check in: both write, and it opens when both are ready.
    #[command(subcommand)]
    Checkin(Checkin),
    /// Carry everything new in a file, with no network.
    #[command(subcommand)]
    Carry(Carry),
    /// Keep everything of this home in one file under a passphrase.
    Backup {
        /// The file.
        file: PathBuf,
    },
    /// Take a backup in: into an empty home, or into your own, where it adds what is missing.
    Restore {
        /// The file.
        file: PathBuf,
        /// In an empty home: where the key is kept.
        #[arg(long, value_enum, default_value = "os")]
        keys: KeysArg,
        /// In an empty home: where to listen.
        #[arg(long, value_name = "ADDRESS:PORT")]
        listen: Option<String>,
    },
    /// Give the recovery words of an earlier home of yours, so that what you wrote there comes back.
    RecoveryWords {
        /// Without words: take everything in your name as your partner has it.
        #[arg(long)]
        as_they_have_it: bool,
    },
    /// Write what is here into a file for other programs.
    Export {
        /// How.
        #[arg(long, value_enum)]
        format: FormatArg,
        /// Which book.
        #[arg(long, value_enum, default_value = "mine")]
        book: BookArg,
        /// The file.
        file: PathBuf,
    },
    /// Share nothing for a while. To the other it looks like a computer that is off.
    Pause,
    /// Share again.
    Resume,
    /// Stop sharing, at once and without a word.
    Stop,
    /// Open what is locked.
    Unlock {
        /// With the 24 recovery words.
        #[arg(long)]
        recovery_words: bool,
    },
    /// Close the keys; everything stays.
    Lock,
    /// Which ways to your partner work, and who must act.
    Doctor,
    /// Where your partner's device can be reached, if it is not found by itself.
    Reach {
        /// As `troth doctor` names it there.
        #[arg(value_name = "HOST:PORT")]
        address: String,
    },
    /// The program in the background.
    #[command(subcommand)]
    Service(Service),
    /// The log of the program in the background. It holds no words of yours.
    Logs {
        /// Go on as it grows.
        #[arg(long)]
        follow: bool,
    },
    /// A story: two partners on this machine, paired, apart, together again.
    Demo {
        /// Keep both homes in this folder, and say how to look around in them.
        #[arg(long, value_name = "DIR")]
        keep: Option<PathBuf>,
    },
    /// Completions for a shell.
    Completions {
        /// Which shell.
        #[arg(value_enum)]
        shell: clap_complete::Shell,
    },
    /// Explain a topic or a command.
    Help {
        /// The topic or the command; all topics are listed if none is given.
        topic: Vec<String>,
    },
}

/// Where the key is kept.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum KeysArg {
    /// The system's keyring.
    Os,
    /// A passphrase.
    Passphrase,
    /// A file for your eyes only.
    File,
}

/// How something is exported.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum FormatArg {
    /// An automerge document: each thing said under its id, as JSON text.
    Automerge,
}

/// Whose book.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum BookArg {
    /// What you have written.
    Mine,
    /// What your partner has written.
    Partners,
}

/// Steps of a pairing.
#[derive(Debug, Subcommand)]
pub enum Pair {
    /// With the same partner as before: on another device, or after a loss. Both of you; then as any pairing.
    Again,
    /// Make an invitation, and wait.
    Invite {
        /// Also look for your partner's device in this network; there, the same is done.
        #[arg(long)]
        nearby: bool,
        /// Where to listen from now on.
        #[arg(long, value_name = "ADDRESS:PORT")]
        listen: Option<String>,
        /// With the same partner as before.
        #[arg(long)]
        again: bool,
    },
    /// Answer an invitation, read from standard input.
    Join {
        /// Where to listen from now on.
        #[arg(long, value_name = "ADDRESS:PORT")]
        listen: Option<String>,
        /// With the same partner as before.
        #[arg(long)]
        again: bool,
    },
    /// Where it is.
    State,
    /// Give the six digits on the other screen, read from standard input.
    Number,
    /// Yes to the person shown.
    Yes,
    /// No; closes the window.
    No,
}

/// Steps of an agreement. It is named by words of its topic or its number in the last list, a wording of it by its letter
/// behind that.
#[derive(Debug, Subcommand)]
pub enum Agreement {
    /// Propose words; proposing is your yes.
    Propose {
        /// Propose the words of this wording anew, like "visits b".
        #[arg(long, value_name = "WORDING")]
        same_as: Option<String>,
        /// Propose other words for this agreement; you begin from its words.
        #[arg(long, value_name = "AGREEMENT", conflicts_with = "same_as")]
        change: Option<String>,
    },
    /// Yes to these very words. Without a name: to what waits for you.
    Yes {
        /// The wording.
        #[arg(value_name = "WORDING")]
        version: Vec<String>,
    },
    /// Call back a yes that rests here until tomorrow. Nobody learns of it.
    CallBack {
        /// The wording.
        #[arg(value_name = "WORDING")]
        version: Vec<String>,
    },
    /// Put away an agreement that was let go. Once both of you have, your words in it leave both devices after a while.
    PutAway {
        /// The agreement.
        #[arg(required = true)]
        agreement: Vec<String>,
        /// After so many days; 90 if not given.
        #[arg(long)]
        days: Option<u16>,
    },
    /// Not now.
    NotNow {
        /// The wording.
        #[arg(value_name = "WORDING")]
        version: Vec<String>,
    },
    /// I need time.
    NeedTime {
        /// The wording.
        #[arg(value_name = "WORDING")]
        version: Vec<String>,
        /// Until this day: 2026-12-31, "31 December", friday, "in two weeks".
        #[arg(long, value_name = "DAY")]
        until: String,
    },
    /// Step back from a wording.
    StepBack {
        /// The wording.
        #[arg(required = true, value_name = "WORDING")]
        version: Vec<String>,
    },
    /// Let an agreement go. Either of you may, at once.
    LetGo {
        /// The agreement.
        #[arg(required = true)]
        agreement: Vec<String>,
    },
    /// Your own part in it, replaced freely.
    MyPart {
        /// The agreement.
        #[arg(required = true)]
        agreement: Vec<String>,
    },
    /// Look at it again: your words open when both of you are ready.
    Look {
        /// The wording.
        #[arg(required = true, value_name = "WORDING")]
        version: Vec<String>,
    },
    /// Show one.
    Show {
        /// The agreement.
        #[arg(required = true)]
        agreement: Vec<String>,
    },
    /// List them.
    List {
        /// Only those in this state.
        #[arg(long, value_parser = state)]
        state: Option<AgreementState>,
    },
}

/// Steps of a check-in.
#[derive(Debug, Subcommand)]
pub enum Checkin {
    /// Write your page; it opens when both are ready.
    Ready(SlotArg),
    /// Not ready after all; your words come back to you.
    Cancel {
        /// The week, like 2026-W47.
        slot: String,
    },
    /// Open your page without waiting.
    Share {
        /// The week.
        slot: String,
    },
    /// Take back your page that is open: its words leave both devices.
    TakeBack {
        /// The week.
        slot: String,
    },
    /// "I heard you", in your own words.
    Heard {
        /// The week.
        slot: String,
    },
    /// Show one, or all.
    Show {
        /// The week.
        slot: Option<String>,
    },
}

/// A week.
#[derive(Debug, Args)]
pub struct SlotArg {
    /// The week, like 2026-W47, 47 or "last week"; this week if not given.
    #[arg(long)]
    pub slot: Option<String>,
}

/// Ways of a carried file.
#[derive(Debug, Subcommand)]
pub enum Carry {
    /// Write what your partner lacks into a file, sealed for the two of you.
    Out {
        /// The file.
        file: PathBuf,
        /// Only your first so many entries.
        #[arg(long, value_name = "N")]
        upto: Option<u64>,
        /// Everything, also what your partner is believed to have.
        #[arg(long)]
        whole: bool,
    },
    /// Take a carried file in. Twice is harmless.
    In {
        /// The file.
        file: PathBuf,
    },
}

/// The program in the background.
#[derive(Debug, Subcommand)]
pub enum Service {
    /// Start it.
    Start,
    /// Stop it.
    Stop,
    /// Whether it runs, and whether it starts when you log in.
    Status,
    /// Start it when you log in.
    Install,
    /// Start it no more when you log in.
    Uninstall,
}

fn state(text: &str) -> Result<AgreementState, String> {
    let word = serde_json::Value::String(text.replace('-', "_"));
    serde_json::from_value(word).map_err(|_| {
        "one of draft, proposed, in-force, change-proposed, two-yeses, over, let-go, not-agreed"
            .into()
    })
}
