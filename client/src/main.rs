//! troth.

fn main() -> std::process::ExitCode {
    troth_client::main()
}
