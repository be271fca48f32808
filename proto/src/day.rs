//! Local dates without a time of day, as people name them: `2026-11-22`.

use jiff::{ToSpan, civil};
use std::{fmt, str::FromStr};

/// A local date. The only clock reading that an assertion carries; never used to order what people did.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(civil::Date);

/// A date was not written `YYYY-MM-DD`, or lies outside the years 1 to 9999.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a date like 2026-11-22")]
pub struct NotADay;

impl Day {
    /// The day of a year, month and day of the month.
    #[must_use]
    pub fn new(year: i16, month: i8, day: i8) -> Option<Self> {
        if !(1..=9999).contains(&year) {
            return None;
        }
        civil::Date::new(year, month, day).ok().map(Self)
    }

    /// This many days later (or earlier), held at the ends of the calendar.
    #[must_use]
    pub fn plus(self, days: i64) -> Self {
        let days = days.clamp(-4_000_000, 4_000_000);
        Self(self.0.saturating_add(days.days()).max(civil::date(1, 1, 1)))
    }

    /// The ISO week, as in `2026-W47`: year and number.
    #[must_use]
    pub fn week(self) -> (i16, i8) {
        let week = self.0.iso_week_date();
        (week.year(), week.week())
    }

    /// Days from `earlier` to this one; negative if `earlier` is later.
    #[must_use]
    pub fn since(self, earlier: Self) -> i64 {
        self.0.duration_since(earlier.0).as_hours() / 24
    }

    /// The year, the month (1 to 12) and the day of the month.
    #[must_use]
    pub fn parts(self) -> (i16, i8, i8) {
        (self.0.year(), self.0.month(), self.0.day())
    }
}

impl FromStr for Day {
    type Err = NotADay;

    fn from_str(text: &str) -> Result<Self, NotADay> {
        let bytes = text.as_bytes();
        if bytes.len() != 10 || bytes[4] != b'-' || bytes[7] != b'-' {
            return Err(NotADay);
        }
        let number = |range: std::ops::Range<usize>| -> Result<i16, NotADay> {
            if !bytes[range.clone()].iter().all(u8::is_ascii_digit) {
                return Err(NotADay);
            }
            text[range].parse().map_err(|_| NotADay)
        };
        let (year, month, day) = (number(0..4)?, number(5..7)?, number(8..10)?);
        Self::new(year, month as i8, day as i8).ok_or(NotADay)
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.parts();
        write!(f, "{year:04}-{month:02}-{day:02}")
    }
}

impl fmt::Debug for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

as_text!(Day);

/// A minute of the world's clock, written `2026-11-22T19:40Z`: only a break's return has one.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Minute(i64);

/// A minute was not written `YYYY-MM-DDThh:mmZ`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a minute like 2026-11-22T19:40Z")]
pub struct NotAMinute;

impl Minute {
    /// The minute that a number of seconds since 1970 lies in.
    #[must_use]
    pub fn of_unix(seconds: i64) -> Self {
        // Years 1 to 9999, so that it can be written.
        Self(seconds.div_euclid(60).clamp(-1_035_593_280, 4_223_371_679))
    }

    /// Seconds since 1970 at its beginning.
    #[must_use]
    pub fn unix(self) -> i64 {
        self.0 * 60
    }
}

impl FromStr for Minute {
    type Err = NotAMinute;

    fn from_str(text: &str) -> Result<Self, NotAMinute> {
        let bytes = text.as_bytes();
        if bytes.len() != 17 || bytes[10] != b'T' || bytes[13] != b':' || bytes[16] != b'Z' {
            return Err(NotAMinute);
        }
        let day: Day = text
            .get(..10)
            .and_then(|day| day.parse().ok())
            .ok_or(NotAMinute)?;
        let number = |from: usize, below: i64| -> Result<i64, NotAMinute> {
            let digits = &bytes[from..from + 2];
            if !digits.iter().all(u8::is_ascii_digit) {
                return Err(NotAMinute);
            }
            let number = i64::from(digits[0] - b'0') * 10 + i64::from(digits[1] - b'0');
            (number < below).then_some(number).ok_or(NotAMinute)
        };
        let (hour, minute) = (number(11, 24)?, number(14, 60)?);
        let days = day.since(Day(civil::date(1970, 1, 1)));
        Ok(Self((days * 24 + hour) * 60 + minute))
    }
}

impl fmt::Display for Minute {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let day = Day(civil::date(1970, 1, 1)).plus(self.0.div_euclid(24 * 60));
        let minutes = self.0.rem_euclid(24 * 60);
        write!(f, "{day}T{:02}:{:02}Z", minutes / 60, minutes % 60)
    }
}

impl fmt::Debug for Minute {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

as_text!(Minute);

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_day_reads_back_as_written_and_nothing_else_is_a_day() {
        for good in ["2026-11-22", "0001-01-01", "9999-12-31", "2024-02-29"] {
            assert_eq!(good.parse::<Day>().unwrap().to_string(), good);
        }
        for bad in [
            "2026-1-22",
            "2026-02-30",
            "0000-01-01",
            "+026-01-01",
            "2026-11-22T00",
            "",
            "2026‐1-02",
            "abcd-ef-gh",
        ] {
            assert!(bad.parse::<Day>().is_err(), "{bad}");
        }
    }

    #[test]
    fn the_calendar_has_ends_and_a_clock_years_off_does_not_pass_them() {
        let last: Day = "9999-12-31".parse().unwrap();
        assert_eq!(last.plus(1), last);
        assert_eq!(
            "0001-01-01"
                .parse::<Day>()
                .unwrap()
                .plus(i64::MIN)
                .to_string(),
            "0001-01-01"
        );
    }

    #[test]
    fn days_are_counted_across_months() {
        let (a, b): (Day, Day) = ("2026-02-27".parse().unwrap(), "2026-03-02".parse().unwrap());
        assert_eq!(b.since(a), 3);
        assert_eq!(a.plus(3), b);
    }

    #[test]
    fn a_minute_reads_back_as_written() {
        for good in [
            "1970-01-01T00:00Z",
            "2026-11-22T19:40Z",
            "0001-01-01T00:00Z",
            "9999-12-31T23:59Z",
        ] {
            let minute: Minute = good.parse().unwrap();
            assert_eq!(minute.to_string(), good);
            assert_eq!(Minute::of_unix(minute.unix() + 59), minute);
        }
        assert_eq!(
            "1970-01-02T01:01Z".parse::<Minute>().unwrap().unix(),
            25 * 3600 + 60
        );
        for bad in [
            "2026-11-22T24:00Z",
            "2026-11-22T19:60Z",
            "2026-11-22 19:40Z",
            "2026-11-22T19:40",
            "2026-11-22T19:40:00Z",
            "2026-02-30T19:40Z",
            "2026-11-22T+1:40Z",
            "\u{e4}026-11-2T19:40Z",
        ] {
            assert!(bad.parse::<Minute>().is_err(), "{bad}");
        }
    }
}
