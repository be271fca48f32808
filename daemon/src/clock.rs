//! What the clocks say, and the operating system's randomness.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use rustix::time::{
    ClockId, Itimerspec, TimerfdClockId, TimerfdFlags, TimerfdTimerFlags, Timespec, clock_gettime,
    timerfd_create, timerfd_settime,
};
use std::os::fd::OwnedFd;
use std::sync::{Mutex, PoisonError};
use tokio::io::unix::AsyncFd;
use tokio::time::Instant;
use troth_core::keys::Entropy;
use troth_core::node::Now;
use troth_proto::Day;

/// The system's clocks; the test binaries may set the date and the time of day.
#[derive(Debug, Default)]
pub struct Clock {
    day: Option<Day>,
    unix: Option<i64>,
    zone: Mutex<Option<(u64, TimeZone)>>,
}

/// Milliseconds by which the clock that counts sleep goes on alone when the machine has slept.
const SLEPT: u64 = 2_000;

/// Milliseconds after which the zone is looked up again: a person who travels sees the new date soon enough.
const ZONE: u64 = 60_000;

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
        Self {
            day,
            unix,
            zone: Mutex::default(),
        }
    }

    /// What it says.
    #[must_use]
    pub fn now(&self) -> Now {
        let since_boot = clock_gettime(ClockId::Boottime); // counts sleep
        let mono =
            since_boot.tv_sec.unsigned_abs() * 1000 + since_boot.tv_nsec.unsigned_abs() / 1_000_000;
        let now = Timestamp::now();
        let here = now.to_zoned(self.zone(mono));
        let today = Day::new(here.year(), here.month(), here.day());
        let first = Day::new(1, 1, 1);
        let day = self.day.or(today).or(first).unwrap_or_else(never);
        Now {
            mono,
            unix: self.unix.unwrap_or(now.as_second()),
            day,
        }
    }

    fn zone(&self, mono: u64) -> TimeZone {
        let mut known = self.zone.lock().unwrap_or_else(PoisonError::into_inner);
        match &*known {
            Some((at, zone)) if mono.saturating_sub(*at) < ZONE => zone.clone(),
            _ => {
                let zone = local_zone();
                *known = Some((mono, zone.clone()));
                zone
            }
        }
    }
}

/// The system's time zone. Reads the one file that says it: finding its name would mean reading all zones there are.
fn local_zone() -> TimeZone {
    let file = || {
        std::fs::read("/etc/localtime")
            .ok()
            .and_then(|rules| TimeZone::tzif("local", &rules).ok())
    };
    let named = std::env::var_os("TZ").is_some();
    file().filter(|_| !named).unwrap_or_else(TimeZone::system)
}

fn never() -> Day {
    unreachable!("the first day of the calendar is a day")
}

/// What the clocks did since they were looked at last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Passed {
    /// They went on.
    Time,
    /// The machine slept.
    Sleep,
    /// The wall clock was set, or a sleep was short.
    Leap,
}

/// Two clocks that go on together while the machine is awake.
pub struct Looked {
    /// The one that counts sleep, in milliseconds.
    mono: u64,
    /// The one that stands still in it.
    awake: Instant,
}

impl Looked {
    /// Looked at for the first time.
    pub fn new(mono: u64, awake: Instant) -> Self {
        Self { mono, awake }
    }

    /// Looked at again: whether the machine slept meanwhile, and else what it means that the wall clock has leapt.
    pub fn again(&mut self, mono: u64, awake: Instant, leapt: bool) -> Passed {
        let was_awake = awake.duration_since(self.awake).as_millis() as u64;
        let asleep = mono.saturating_sub(self.mono).saturating_sub(was_awake);
        *self = Self { mono, awake };
        match leapt {
            _ if asleep > SLEPT => Passed::Sleep,
            true => Passed::Leap,
            false => Passed::Time,
        }
    }
}

/// Tells when the wall clock leaps, as it does when the machine wakes, and when it is set.
pub struct Leaps(Option<AsyncFd<OwnedFd>>);

impl Leaps {
    /// Begins to watch. Where the system cannot tell, nothing is ever told.
    pub fn watch() -> Self {
        let flags = TimerfdFlags::NONBLOCK | TimerfdFlags::CLOEXEC;
        let made = timerfd_create(TimerfdClockId::Realtime, flags);
        #[allow(deprecated)]
        // of one who owns the descriptor it is sound: it stays open for as long as it is watched
        let watched = made.ok().and_then(|fd| AsyncFd::new(fd).ok());
        let it = Self(watched);
        it.arm();
        it
    }

    /// Comes back once the clock has leapt.
    pub async fn next(&self) {
        let Some(fd) = &self.0 else {
            return std::future::pending().await;
        };
        if let Ok(mut ready) = fd.readable().await {
            ready.clear_ready();
            self.arm();
        }
    }

    /// Far in the future: only a leap ends it before (`TFD_TIMER_CANCEL_ON_SET`).
    fn arm(&self) {
        let Some(fd) = &self.0 else { return };
        let _ = rustix::io::read(fd, &mut [0; 8]);
        let never = Timespec {
            tv_sec: i64::from(i32::MAX) * 2,
            tv_nsec: 0,
        };
        let once = Itimerspec {
            it_interval: Timespec::default(),
            it_value: never,
        };
        let flags = TimerfdTimerFlags::ABSTIME | TimerfdTimerFlags::CANCEL_ON_SET;
        let _ = timerfd_settime(fd, flags, &once);
    }
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

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn a_clock_that_is_set_is_told_from_a_machine_that_slept() {
        let begun = Instant::now();
        let at = |awake: u64| begun + Duration::from_millis(awake);
        let mut looked = Looked::new(5_000, begun);
        for (mono, awake, leapt, passed) in [
            (5_100, 100, false, Passed::Time),
            // An hour that the machine was awake for, and nothing happened.
            (3_605_100, 3_600_100, false, Passed::Time),
            (3_605_200, 3_600_200, true, Passed::Leap),
            (3_605_200, 3_600_200, false, Passed::Time),
            // As long asleep, whether the wall clock has said so yet or not.
            (7_205_200, 3_600_300, true, Passed::Sleep),
            (7_205_300, 3_600_400, true, Passed::Leap),
            (10_805_300, 3_600_500, false, Passed::Sleep),
            (10_807_300, 3_600_600, true, Passed::Leap),
        ] {
            let told = looked.again(mono, at(awake), leapt);
            assert_eq!(told, passed, "{mono} and {awake}");
        }
    }

    #[tokio::test]
    async fn nothing_is_told_while_nobody_sets_the_clock() {
        let leaps = Leaps::watch();
        assert!(leaps.0.is_some(), "this system tells nothing");
        let told = tokio::time::timeout(Duration::from_millis(200), leaps.next());
        assert!(told.await.is_err());
    }
}
