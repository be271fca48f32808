//! trothd.

fn main() -> std::process::ExitCode {
    troth_daemon::main(troth_daemon::Clock::default())
}
