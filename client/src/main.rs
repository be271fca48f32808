//! troth.

/// What is let go is emptied: words and keys are nowhere in memory that is not in use.
#[global_allocator]
static EMPTIED: zeroizing_alloc::ZeroAlloc<std::alloc::System> =
    zeroizing_alloc::ZeroAlloc(std::alloc::System);

fn main() -> std::process::ExitCode {
    troth_client::main()
}
