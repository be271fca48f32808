//! What the clocks say, and the operating system's randomness.

use jiff::{Timestamp, Zoned};
use rustix::time::{ClockId, clock_gettime};
use troth_core::keys::Entropy;
use troth_core::node::Now;
use troth_proto::Day;

/// The system's clocks; the test binaries may set the date and the time of day.
#[derive(Debug, Clone, Copy, Default)]
pub struct Clock {
    day: Option<Day>,
    unix: Option<i64>,
}

impl Clock {
    /// The clock of the test binaries: `TROTH_TODAY` and `TROTH_NOW`, where they are set.
    #[must_use]
    pub fn from_environment() -> Self {
        let day = std::env::var("TROTH_TODAY")
            .ok()
            .and_then(|day| day.parse().ok());
        let unix = std::env::var("TROTH_NOW")
            .ok()
            .and_then(|now| now.parse::<Timestamp>().ok())
            .map(|now| now.as_second());
        Self { day, unix }
    }

    /// What it says.
    #[must_use]
    pub fn now(&self) -> Now {
        let since_boot = clock_gettime(ClockId::Boottime); // counts sleep
        let mono =
            since_boot.tv_sec.unsigned_abs() * 1000 + since_boot.tv_nsec.unsigned_abs() / 1_000_000;
        let zoned = Zoned::now();
        let today = Day::new(zoned.year(), zoned.month(), zoned.day());
        let first = Day::new(1, 1, 1);
        Now {
            mono,
            unix: self.unix.unwrap_or(zoned.timestamp().as_second()),
            day: self.day.or(today).or(first).unwrap_or_else(never),
        }
    }
}

fn never() -> Day {
    unreachable!("the first day of the calendar is a day")
}

/// The operating system's randomness.
pub struct Os;

impl Entropy for Os {
    fn fill(&mut self, bytes: &mut [u8]) {
        // Without randomness no key and no id is safe: better to stop than to go on.
        if getrandom::fill(bytes).is_err() {
            tracing::error!("the operating system gives no randomness");
            std::process::abort();
        }
    }
}
