//! troth, the client: commands for people and for scripts. It knows only the local API.

mod ask;
mod cards;
mod cli;
mod commands;
mod complete;
mod days;
mod demo;
mod editor;
mod form;
mod help;
mod link;
mod live;
mod login;
mod names;
mod pager;
mod pages;
mod pair;
mod recovery;
mod refusal;
mod say;
mod service;
mod templates;
mod words;
mod wrap;

use cli::{Cli, Command};
use serde_json::{Value, json};
use std::io::Write;
use std::process::ExitCode;
use troth_proto::Problem;
use words::t;

/// What a command prints: the same facts as JSON and in sentences.
#[derive(Debug)]
pub(crate) struct Said {
    json: Value,
    words: String,
    /// What is to be told besides, with its exit code.
    but: Option<Problem>,
}

impl Said {
    fn new(json: Value, words: impl Into<String>) -> Self {
        Self {
            json,
            words: words.into(),
            but: None,
        }
    }
}

/// The program.
#[must_use]
pub fn main() -> ExitCode {
    protect_memory();
    if complete::answered() {
        return ExitCode::SUCCESS;
    }
    let wants_json = std::env::args_os().any(|argument| argument == "--json");
    let cli = match refusal::typed() {
        Ok(Ok(cli)) => cli,
        Ok(Err(error)) => return refused(&error, wants_json),
        Err(problem) => return complain(&problem, wants_json),
    };
    let json = cli.json;
    if !json {
        words::Language::wanted().speak();
    }
    match run(cli) {
        Ok(said) => {
            let done = print(&said, json);
            said.but.map_or(done, |problem| complain(&problem, json))
        }
        Err(problem) => complain(&problem, json),
    }
}

fn run(cli: Cli) -> Result<Said, Problem> {
    let asking = ask::Asking {
        json: cli.json,
        silent: cli.no_input,
        sure: cli.yes,
        edit: cli.edit,
    };
    match cli.command {
        Some(Command::Completions { shell }) => {
            let script = complete::script(shell)?;
            Ok(Said::new(json!({"completions": script}), script))
        }
        Some(Command::Man { folder }) => pages::write(&folder),
        Some(Command::Help { topic }) => {
            let topic = (!topic.is_empty()).then(|| topic.join(" "));
            let text = help::text(topic.as_deref()).or_else(|| refusal::help_on(topic.as_deref()?));
            match text {
                Some(text) => Ok(Said::new(json!({"help": text}), wrap::help(&text))),
                None => {
                    let what = topic.unwrap_or_default();
                    let near = refusal::near(&what);
                    Err(Problem::NoTopic { what, near })
                }
            }
        }
        Some(Command::Demo { keep }) => demo::run(keep.as_deref(), cli.json),
        command => {
            let home = link::home(cli.home.as_deref())?;
            match command {
                Some(Command::Service(service)) => service::run(&home, &service),
                Some(Command::Logs { follow }) => service::logs(&home, follow, cli.json),
                Some(Command::Pair { step }) => pair::run(&home, step, asking),
                command => commands::run(&home, command, asking, cli.wait),
            }
        }
    }
}

/// The version, what it was built from, and which formats it speaks.
fn formats() -> String {
    let numbers = |all: &[u16]| {
        let all: Vec<String> = all.iter().map(u16::to_string).collect();
        all.join(", ")
    };
    t!(
        "version-formats",
        version = env!("CARGO_PKG_VERSION"),
        commit = env!("TROTH_COMMIT"),
        api = troth_proto::api::VERSION.to_string(),
        link = numbers(troth_proto::wire::VERSIONS),
        pairing = numbers(troth_proto::pairing::VERSIONS)
    )
}

fn print(said: &Said, json: bool) -> ExitCode {
    let text = if json {
        let mut object = said.json.clone();
        match object.as_object_mut() {
            Some(fields) => {
                fields.insert("v".into(), 1.into());
            }
            None => object = json!({"v": 1}),
        }
        format!("{object}\n")
    } else {
        let text = wrap::for_stdout(said.words.clone());
        if pager::shows(&text) {
            return ExitCode::SUCCESS;
        }
        text
    };
    let mut out = std::io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        // A reader that went away, as `head` does, is no failure of ours.
        Err(e) if e.kind() != std::io::ErrorKind::BrokenPipe => {
            let path = "-".to_owned();
            let why = (&e).into();
            complain(&Problem::FileFailed { path, why }, json)
        }
        _ => ExitCode::SUCCESS,
    }
}

fn complain(problem: &Problem, json: bool) -> ExitCode {
    let command = refusal::command_typed(std::env::args_os());
    let (what, next) = say::problem_of(problem, command.as_deref());
    let text = if json {
        let error = json!({"kind": problem.kind(), "what": what, "next": next});
        format!("{}\n", json!({"v": 1, "error": error}))
    } else {
        wrap::for_stderr(format!("{what}\n{next}\n"))
    };
    let _ = std::io::stderr().lock().write_all(text.as_bytes());
    ExitCode::from(problem.exit() as u8)
}

fn refused(error: &clap::Error, json: bool) -> ExitCode {
    if !json {
        words::Language::wanted().speak();
    }
    let lists = error.kind() == clap::error::ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand;
    if !error.use_stderr() || lists && !json {
        // Help, or the version: said again by the commands that have all their words.
        let said = cli::command().try_get_matches_from(std::env::args_os());
        let text = said.err().map(|said| said.render().to_string());
        let words = wrap::help(&text.clone().unwrap_or_default());
        let said = Said::new(json!({"help": text}), words);
        let _ = print(&said, json);
        return ExitCode::from(if error.use_stderr() { 2 } else { 0 });
    }
    complain(&refusal::of(error), json)
}

/// No core files: what a person types passes through here.
fn protect_memory() {
    let none = rustix::process::Rlimit {
        current: Some(0),
        maximum: Some(0),
    };
    let _ = rustix::process::setrlimit(rustix::process::Resource::Core, none);
    #[cfg(target_os = "linux")]
    let _ = rustix::process::set_dumpable_behavior(rustix::process::DumpableBehavior::NotDumpable);
}

#[cfg(test)]
mod snapshots;
