//! Memory that stays this program's own: no core files, nobody looks in, and keys are not written to a swap.
//!
//! Only what holds keys is locked. To lock all of it would need a limit far above the usual 8 MiB, and under a limit it makes
//! the system refuse memory that is asked for later.

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// Bytes of a thread's stack that are used; the rest is there for what never comes.
const STACK: usize = 128 * 1024;

/// Bytes of it that are emptied where keys have passed: rows are sealed some 120 KiB below where a thread rests, as measured
/// without optimisation.
const EMPTIED: usize = 2 * STACK;

/// Under a lower limit only keys are locked where they stay, and no stacks: bytes.
const ENOUGH: u64 = 2 * 1024 * 1024;

/// No core files, and no other program of this user may look into the memory.
pub fn keep_from_others() {
    let none = Rlimit {
        current: Some(0),
        maximum: Some(0),
    };
    let _ = setrlimit(Resource::Core, none);
    #[cfg(target_os = "linux")]
    let _ = rustix::process::set_dumpable_behavior(rustix::process::DumpableBehavior::NotDumpable);
}

/// This process has no more memory than that, whatever it is given to read. Says whether the system holds it to it.
#[must_use]
pub fn hold_to(bytes: u64) -> bool {
    let most = Rlimit {
        current: Some(bytes),
        maximum: Some(bytes),
    };
    setrlimit(Resource::As, most).is_ok()
}

/// Takes as much of what may be locked as the system lets this user have.
pub fn raise_the_limit() {
    let maximum = getrlimit(Resource::Memlock).maximum;
    let raised = Rlimit {
        current: maximum,
        maximum,
    };
    let _ = setrlimit(Resource::Memlock, raised);
}

/// Locks the pages that something lies on. They stay locked, as other keys may lie on them too; what cannot be locked is used
/// all the same.
pub fn keep<T>(what: &[T]) {
    lock(what.as_ptr(), size_of_val(what));
}

/// Locks the part of this thread's stack that is used: keys pass there on their way.
pub fn keep_stack() {
    let limit = getrlimit(Resource::Memlock).current;
    if limit.is_none_or(|limit| limit >= ENOUGH) {
        let here = [0u8; 1];
        // A stack grows towards lower addresses.
        lock(here.as_ptr().wrapping_sub(STACK), STACK);
    }
}

/// Does something in which keys pass on this thread's stack: it is locked before, and empty after.
#[inline(never)]
pub fn with_keys<T>(work: impl FnOnce() -> T) -> T {
    #[inline(never)]
    fn deeper<T>(work: impl FnOnce() -> T) -> T {
        work()
    }
    keep_stack();
    let done = deeper(work);
    empty::<EMPTIED>();
    done
}

/// Empties the part of this thread's stack that is mostly used below the caller: whenever a thread rests, and when it ends.
pub fn empty_stack() {
    empty::<STACK>();
}

/// Empties what may ever have been used below the caller: once everything that held keys is gone.
pub fn empty_deep_stack() {
    empty::<{ 2 * EMPTIED }>();
}

#[inline(never)]
fn empty<const BYTES: usize>() {
    let mut below = [0u8; BYTES];
    std::hint::black_box(&mut below);
}

fn lock<T>(address: *const T, size: usize) {
    if size == 0 {
        return;
    }
    match region::lock(address, size) {
        Ok(guard) => std::mem::forget(guard),
        Err(_) => tracing::debug!("pages with keys could not be locked in memory"),
    }
}
