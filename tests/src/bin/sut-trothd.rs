//! trothd as the tests run it: the same, with a date and a clock that can be set.

fn main() -> std::process::ExitCode {
    troth_daemon::main(troth_daemon::Clock::from_environment())
}
