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

/// Tells when the wall clock leaps, as it does when the machine wakes.
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
