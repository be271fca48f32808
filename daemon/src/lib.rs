//! trothd, the shell: network, disk, keyring, local socket, clock. It decides nothing; see `troth-core`.

mod addresses;
mod asks;
mod bus;
mod calls;
mod choice;
mod clock;
mod desktop;
mod door;
mod export;
mod files;
mod folders;
mod interfaces;
mod keyring;
mod local;
mod log;
mod loom;
mod mapping;
mod memory;
mod nearby;
mod net;
mod pace;
mod pairnet;
mod pinhole;
mod private;
mod quic;
mod rescue;
mod run;
pub mod single;
mod store;
mod swap;
mod upnp;
mod wires;

pub use clock::Clock;

use etcetera::BaseStrategy;
use libp2p::Swarm;
use libp2p::identity::Keypair;
use libp2p::swarm::NetworkBehaviour;
use std::ffi::OsString;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;
use troth_proto::Problem;
use troth_proto::home::Home;
use troth_proto::problem::FileWrong;

/// Bytes that the path of a socket may have; the system takes no longer one.
const SOCKET_PATH: usize = 107;

const USAGE: &str = "\
trothd: keeps what you and your partner have agreed, on this device, and exchanges it with your partner's.

Usage: trothd [--home DIR]

  --home DIR   everything of one partner under one folder (also: TROTH_HOME)
  --version    print the version
  --help       print this

You need not start it yourself: `troth` does.
";

/// The program. `clock` is the system's, but for test binaries.
#[must_use]
#[allow(clippy::print_stdout, clippy::print_stderr)] // before there is a log
pub fn main(clock: Clock) -> ExitCode {
    memory::keep_from_others();
    let mut arguments = std::env::args_os().skip(1);
    let mut given = std::env::var_os("TROTH_HOME").map(PathBuf::from);
    while let Some(argument) = arguments.next() {
        match argument.to_str() {
            Some(export::ARGUMENT) => return export::main(),
            Some(keyring::ARGUMENT) => return keyring::main(),
            Some("--version") => {
                println!("trothd {}", env!("CARGO_PKG_VERSION"));
                return ExitCode::SUCCESS;
            }
            Some("--help" | "-h") => {
                print!("{USAGE}");
                return ExitCode::SUCCESS;
            }
            Some("--home") => match arguments.next() {
                Some(dir) => given = Some(dir.into()),
                None => return usage(),
            },
            _ => return usage(),
        }
    }
    without_key_log();
    rustix::process::umask(rustix::fs::Mode::RWXG | rustix::fs::Mode::RWXO); // whatever is made is its owner's only
    match begin(given.as_deref(), clock) {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            // The client, which starts this program, has the sentences.
            let told = serde_json::to_string(&problem).unwrap_or_else(|_| problem.kind());
            eprintln!("{told}");
            ExitCode::from(problem.exit() as u8)
        }
    }
}

/// A swarm over both transports as the link has it, for whoever plays the partner in a test. None: the system gave none.
#[must_use]
pub fn swarm<B: NetworkBehaviour>(pair: Keypair, behaviour: B) -> Option<Swarm<B>> {
    net::swarm(pair, behaviour, quic::Sockets::default())
}

/// What a fault says of itself may quote what it was working on: only where it was is told.
fn tell_faults_without_words() {
    std::panic::set_hook(Box::new(|fault| {
        let at = fault.location().map(ToString::to_string);
        tracing::error!(at, "a fault");
    }));
}

#[allow(clippy::print_stderr)]
fn usage() -> ExitCode {
    eprint!("{USAGE}");
    ExitCode::from(2)
}

/// libp2p's TLS would write the link's secrets wherever this variable says: begin again without it.
fn without_key_log() {
    if std::env::var_os("SSLKEYLOGFILE").is_some()
        && let Ok(exe) = std::env::current_exe()
    {
        let arguments: Vec<OsString> = std::env::args_os().skip(1).collect();
        let error = std::process::Command::new(exe)
            .args(arguments)
            .env_remove("SSLKEYLOGFILE")
            .exec();
        drop(error);
        std::process::exit(1); // rather not run than leak
    }
}

fn begin(given: Option<&Path>, clock: Clock) -> Result<(), Problem> {
    let home = home(given).ok_or_else(|| Problem::FileFailed {
        path: "~".into(),
        why: FileWrong::Unknown,
    })?;
    folders::make(&home).map_err(|(path, e)| file_failed(&path, &e))?;
    let lock = folders::Lock::take(&home)?;
    log::begin(&home);
    tell_faults_without_words();
    memory::raise_the_limit();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .max_blocking_threads(4)
        .enable_all()
        .on_thread_start(memory::keep_stack)
        .on_thread_park(memory::empty_stack)
        .on_thread_stop(memory::empty_stack)
        .thread_keep_alive(Duration::from_secs(1))
        .build();
    let runtime = runtime.map_err(|e| {
        tracing::error!(%e, "no runtime");
        Problem::Internal
    })?;
    let ended = runtime.block_on(async {
        let door = local::Door::open(&home, lock).map_err(|e| {
            if home.socket().as_os_str().len() > SOCKET_PATH {
                return Problem::FileFailed {
                    path: home.socket().display().to_string(),
                    why: FileWrong::PathTooLong,
                };
            }
            file_failed(&home.socket(), &e)
        })?;
        // On a worker, so that the disk may block it.
        let running = tokio::spawn(run::run(home.clone(), clock, door)).await;
        running.map_err(|_| Problem::Internal)?
    });
    runtime.shutdown_timeout(Duration::from_secs(1));
    ended
}

fn file_failed(path: &Path, error: &std::io::Error) -> Problem {
    if error.kind() == std::io::ErrorKind::StorageFull {
        return Problem::DiskFull;
    }
    Problem::FileFailed {
        path: path.display().to_string(),
        why: FileWrong::from(error),
    }
}

fn home(given: Option<&Path>) -> Option<Home> {
    if let Some(dir) = given {
        return Some(Home::under(&std::path::absolute(dir).ok()?));
    }
    let system = etcetera::choose_base_strategy().ok()?;
    let state = system.state_dir().unwrap_or_else(|| system.data_dir());
    let run = system.runtime_dir().unwrap_or_else(|| state.join("run"));
    Some(Home::in_system(&system.data_dir(), &state, &run))
}
