//! troth as the tests run it: the same program, beside sut-trothd.

fn main() -> std::process::ExitCode {
    troth_client::main()
}
