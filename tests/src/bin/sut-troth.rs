//! troth as the tests run it: the same program, beside sut-trothd.

/// What is let go is emptied, as in the program that people run.
#[global_allocator]
static EMPTIED: zeroizing_alloc::ZeroAlloc<std::alloc::System> =
    zeroizing_alloc::ZeroAlloc(std::alloc::System);

fn main() -> std::process::ExitCode {
    troth_client::main()
}
