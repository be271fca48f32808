//! Steps, counted: heads that are read, and looks into pasts. What a partner can make dear is made of these; a test holds a
//! request to so many, whatever the machine is.

#[cfg(any(test, feature = "sim"))]
std::thread_local! {
    static STEPS: std::cell::Cell<u64> = const { std::cell::Cell::new(0) };
}

/// One more.
#[inline]
pub(crate) fn step() {
    #[cfg(any(test, feature = "sim"))]
    STEPS.with(|steps| steps.set(steps.get() + 1));
}

/// How many this thread has taken.
#[cfg(any(test, feature = "sim"))]
#[must_use]
pub fn taken() -> u64 {
    STEPS.with(std::cell::Cell::get)
}
