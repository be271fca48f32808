//! Days and weeks as people say them.

use troth_proto::{Day, Slot};

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];
const WEEKDAYS: [&str; 7] = [
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
];
const NUMBERS: [&str; 12] = [
    "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
    "twelve",
];

/// How a day may be written.
pub const LIKE: &str =
    "A day is written like 2026-12-31, 31 December, 31.12.2026, tomorrow, friday or in two weeks.";

/// The day that is meant on this one; of those without a year, the next.
#[must_use]
pub fn day(text: &str, today: Day) -> Option<Day> {
    let text = text.trim().to_lowercase().replace(',', " ");
    if let Ok(day) = text.parse() {
        return Some(day);
    }
    let words: Vec<&str> = text.split_whitespace().collect();
    match words[..] {
        ["today"] => Some(today),
        ["tomorrow"] => Some(today.plus(1)),
        ["in", n, unit] => later(today, number(n)?, unit),
        ["next", "week"] => Some(today.plus(7)),
        ["next", "month"] => later(today, 1, "month"),
        [name] | ["on" | "next", name] if weekday(name).is_some() => {
            let ahead = (weekday(name)? - day_of_week(today)).rem_euclid(7);
            Some(today.plus(if ahead == 0 { 7 } else { ahead }))
        }
        [date] => dotted(date, today),
        [day, month] | ["the", day, month] | [day, "of", month] => {
            named(day, month, None, today).or_else(|| named(month, day, None, today))
        }
        [day, month, year] => {
            let year = year.parse().ok()?;
            let named = |day, month| named(day, month, Some(year), today);
            named(day, month).or_else(|| named(month, day))
        }
        _ => None,
    }
}

fn number(text: &str) -> Option<i64> {
    let word = NUMBERS.iter().position(|word| *word == text);
    let word = word.map(|at| at as i64 + 1);
    let plain = || text.parse().ok().filter(|n| (1..=9999).contains(n));
    match text {
        "a" | "an" => Some(1),
        _ => word.or_else(plain),
    }
}

fn later(today: Day, n: i64, unit: &str) -> Option<Day> {
    match unit.strip_suffix('s').unwrap_or(unit) {
        "day" => Some(today.plus(n)),
        "week" => Some(today.plus(7 * n)),
        "month" => months(today, n),
        "year" => months(today, 12 * n),
        _ => None,
    }
}

/// The same day so many months later, or the last day of a month that is shorter.
fn months(today: Day, n: i64) -> Option<Day> {
    let (year, month, day) = today.parts();
    let month = i64::from(month) - 1 + n;
    let year = i16::try_from(i64::from(year) + month.div_euclid(12)).ok()?;
    let month = (month.rem_euclid(12) + 1) as i8;
    (0..4).find_map(|less| Day::new(year, month, day - less))
}

fn weekday(name: &str) -> Option<i64> {
    let found = WEEKDAYS.iter().position(|day| is_short_for(name, day));
    found.map(|at| at as i64)
}

/// Monday is nought.
fn day_of_week(day: Day) -> i64 {
    // 1 January 2024 was a Monday.
    let monday = Day::new(2024, 1, 1).unwrap_or(day);
    day.since(monday).rem_euclid(7)
}

fn is_short_for(name: &str, whole: &str) -> bool {
    let name = name.strip_suffix('.').unwrap_or(name);
    name.len() >= 3 && whole.starts_with(name)
}

fn named(day: &str, month: &str, year: Option<i16>, today: Day) -> Option<Day> {
    let month = MONTHS.iter().position(|name| is_short_for(month, name))?;
    let digits = day.trim_end_matches(|c: char| c.is_ascii_alphabetic() || c == '.');
    on(digits.parse().ok()?, month as i8 + 1, year, today)
}

/// `31.12.2026`, `31.12.`
fn dotted(text: &str, today: Day) -> Option<Day> {
    let parts: Vec<&str> = text.split('.').collect();
    match parts[..] {
        [day, month] | [day, month, ""] => on(day.parse().ok()?, month.parse().ok()?, None, today),
        [day, month, year] => {
            let year = year.parse().ok().filter(|year| *year > 99);
            on(day.parse().ok()?, month.parse().ok()?, Some(year?), today)
        }
        _ => None,
    }
}

fn on(day: i8, month: i8, year: Option<i16>, today: Day) -> Option<Day> {
    match year {
        Some(year) => Day::new(year, month, day),
        None => {
            let this = today.parts().0;
            // A leap day may be years away.
            (this..=this.saturating_add(8))
                .filter_map(|year| Day::new(year, month, day))
                .find(|day| *day >= today)
        }
    }
}

/// The week that is meant: `2026-W48`, `48`, `this week`, `last week`; of a number, the nearest such week.
#[must_use]
pub fn week(text: &str, today: Day) -> Option<Slot> {
    let text = text.trim().to_lowercase();
    let of = |day: Day| {
        let (year, week) = day.week();
        format!("{year:04}-W{week:02}").parse().ok()
    };
    match text.as_str() {
        "this week" | "this" => of(today),
        "last week" | "last" => of(today.plus(-7)),
        "next week" | "next" => of(today.plus(7)),
        _ => {
            let plain = text.strip_prefix("week ").unwrap_or(&text);
            match plain.strip_prefix('w').unwrap_or(plain).parse::<i8>() {
                Ok(number) => {
                    let near = (0..=27).flat_map(|n| [-7 * n, 7 * n]);
                    let mut near = near.map(|days| today.plus(days));
                    of(near.find(|day| day.week().1 == number)?)
                }
                Err(_) => text
                    .to_uppercase()
                    .parse()
                    .ok()
                    .or_else(|| text.parse().ok()),
            }
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn days_are_what_people_mean_by_them() {
        let today: Day = "2026-11-25".parse().unwrap(); // a Wednesday
        for (said, meant) in [
            ("2027-01-02", "2027-01-02"),
            ("today", "2026-11-25"),
            (" Tomorrow ", "2026-11-26"),
            ("in two weeks", "2026-12-09"),
            ("in 10 days", "2026-12-05"),
            ("in a month", "2026-12-25"),
            ("in three months", "2027-02-25"),
            ("next week", "2026-12-02"),
            ("friday", "2026-11-27"),
            ("Wednesday", "2026-12-02"),
            ("next tue", "2026-12-01"),
            ("31 December", "2026-12-31"),
            ("December 31", "2026-12-31"),
            ("31st of december", "2026-12-31"),
            ("31. Dec 2027", "2027-12-31"),
            ("December 31, 2027", "2027-12-31"),
            ("24 november", "2027-11-24"),
            ("31.12.2026", "2026-12-31"),
            ("31.12.", "2026-12-31"),
            ("1.2", "2027-02-01"),
            ("29 February", "2028-02-29"),
        ] {
            assert_eq!(day(said, today).unwrap().to_string(), meant, "{said}");
        }
        for nothing in [
            "",
            "soon",
            "32 December",
            "30.2.2027",
            "in two",
            "in 0 days",
            "13.13.",
            "december",
            "1.1.26",
            "12/31",
        ] {
            assert_eq!(day(nothing, today), None, "{nothing}");
        }
        let end: Day = "2027-01-31".parse().unwrap();
        assert_eq!(day("in a month", end).unwrap().to_string(), "2027-02-28");
    }

    #[test]
    fn weeks_are_the_nearest() {
        let today: Day = "2026-11-25".parse().unwrap();
        for (said, meant) in [
            ("48", "2026-W48"),
            ("w47", "2026-W47"),
            ("week 2", "2027-W02"),
            ("last week", "2026-W47"),
            ("This week", "2026-W48"),
            ("2026-w30", "2026-W30"),
        ] {
            assert_eq!(week(said, today).unwrap().to_string(), meant, "{said}");
        }
        for nothing in ["", "54", "0", "yesterday"] {
            assert_eq!(week(nothing, today), None, "{nothing}");
        }
    }
}
