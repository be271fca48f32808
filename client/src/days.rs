//! Days and weeks as people say them.

use crate::words::{self, Language, t};
use troth_proto::{Day, Slot};

/// The words for days in one language.
struct Vocabulary {
    months: Vec<String>,
    weekdays: Vec<String>,
    numbers: Vec<String>,
    one: Vec<String>,
    today: Vec<String>,
    tomorrow: Vec<String>,
    after_tomorrow: Vec<String>,
    within: Vec<String>,
    next: Vec<String>,
    of: Vec<String>,
    days: Vec<String>,
    weeks: Vec<String>,
    month: Vec<String>,
    years: Vec<String>,
    this_week: Vec<String>,
    last_week: Vec<String>,
    next_week: Vec<String>,
    next_month: Vec<String>,
    week: Vec<String>,
}

impl Vocabulary {
    fn of(language: Language) -> Self {
        let list = |id| words::list(language, id);
        Self {
            months: list("word-months"),
            weekdays: list("word-weekdays"),
            numbers: list("word-numbers"),
            one: list("word-one"),
            today: list("word-today"),
            tomorrow: list("word-tomorrow"),
            after_tomorrow: list("word-after-tomorrow"),
            within: list("word-in"),
            next: list("word-next"),
            of: list("word-of"),
            days: list("word-days"),
            weeks: list("word-weeks"),
            month: list("word-month"),
            years: list("word-years"),
            this_week: list("word-this-week"),
            last_week: list("word-last-week"),
            next_week: list("word-next-week"),
            next_month: list("word-next-month"),
            week: list("word-week"),
        }
    }

    /// What a person may mean: the language that is spoken, and the one that scripts speak.
    fn all() -> Vec<Self> {
        let mut all = vec![Self::of(words::spoken())];
        if words::spoken() != Language::English {
            all.push(Self::of(Language::English));
        }
        all
    }
}

fn one_of(list: &[String], word: &str) -> bool {
    list.iter().any(|it| it == word)
}

/// A day as it is said: 9 June 2026.
#[must_use]
pub fn spoken(day: Day) -> String {
    let (year, month, date) = day.parts();
    t!(
        "word-day",
        date = date.to_string(),
        month = month,
        year = year.to_string()
    )
}

/// How a day may be written.
#[must_use]
pub fn like() -> String {
    t!("day-like")
}

/// The day that is meant on this one; of those without a year, the next.
#[must_use]
pub fn day(text: &str, today: Day) -> Option<Day> {
    let text = text.trim().to_lowercase().replace(',', " ");
    if let Ok(day) = text.parse() {
        return Some(day);
    }
    let words: Vec<&str> = text.split_whitespace().collect();
    if let [date] = words[..]
        && let Some(day) = dotted(date, today)
    {
        return Some(day);
    }
    Vocabulary::all().iter().find_map(|v| v.day(&words, today))
}

impl Vocabulary {
    fn day(&self, words: &[&str], today: Day) -> Option<Day> {
        let whole = words.join(" ");
        for (list, days) in [
            (&self.today, 0),
            (&self.tomorrow, 1),
            (&self.after_tomorrow, 2),
            (&self.next_week, 7),
        ] {
            if one_of(list, &whole) {
                return Some(today.plus(days));
            }
        }
        if one_of(&self.next_month, &whole) {
            return months(today, 1);
        }
        match *words {
            [within, n, unit] if one_of(&self.within, within) => {
                self.later(today, self.number(n)?, unit)
            }
            [name] => self.coming(today, name),
            [next, name] if one_of(&self.next, next) => self.coming(today, name),
            [day, month] => self.either(day, month, None, today),
            [a, b, c] => {
                if one_of(&self.of, a) {
                    return self.either(b, c, None, today);
                }
                if one_of(&self.of, b) {
                    return self.either(a, c, None, today);
                }
                self.either(a, b, Some(c.parse().ok()?), today)
            }
            _ => None,
        }
    }

    /// A day and a month, in either order.
    fn either(&self, a: &str, b: &str, year: Option<i16>, today: Day) -> Option<Day> {
        let named = |day, month| self.named(day, month, year, today);
        named(a, b).or_else(|| named(b, a))
    }

    /// The next day of that name, never this one.
    fn coming(&self, today: Day, name: &str) -> Option<Day> {
        let found = self.weekdays.iter().position(|day| is_short_for(name, day));
        let ahead = (found? as i64 - day_of_week(today)).rem_euclid(7);
        Some(today.plus(if ahead == 0 { 7 } else { ahead }))
    }

    fn number(&self, text: &str) -> Option<i64> {
        if one_of(&self.one, text) {
            return Some(1);
        }
        let word = self.numbers.iter().position(|word| word == text);
        let plain = || text.parse().ok().filter(|n| (1..=9999).contains(n));
        word.map(|at| at as i64 + 1).or_else(plain)
    }

    fn later(&self, today: Day, n: i64, unit: &str) -> Option<Day> {
        let is = |list: &[String]| one_of(list, unit);
        match () {
            () if is(&self.days) => Some(today.plus(n)),
            () if is(&self.weeks) => Some(today.plus(7 * n)),
            () if is(&self.month) => months(today, n),
            () if is(&self.years) => months(today, 12 * n),
            () => None,
        }
    }

    fn named(&self, day: &str, month: &str, year: Option<i16>, today: Day) -> Option<Day> {
        let month = self
            .months
            .iter()
            .position(|name| is_short_for(month, name))?;
        let digits = day.trim_end_matches(|c: char| c.is_ascii_alphabetic() || c == '.');
        on(digits.parse().ok()?, month as i8 + 1, year, today)
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
    Vocabulary::all().iter().find_map(|v| v.week(&text, today))
}

impl Vocabulary {
    fn week(&self, text: &str, today: Day) -> Option<Slot> {
        let of = |day: Day| {
            let (year, week) = day.week();
            format!("{year:04}-W{week:02}").parse().ok()
        };
        for (list, days) in [
            (&self.this_week, 0),
            (&self.last_week, -7),
            (&self.next_week, 7),
        ] {
            if one_of(list, text) {
                return of(today.plus(days));
            }
        }
        let mut named = self
            .week
            .iter()
            .filter_map(|week| text.strip_prefix(week.as_str()));
        let plain = named.next().unwrap_or(text).trim();
        match plain.strip_prefix('w').unwrap_or(plain).parse::<i8>() {
            Ok(number) => {
                let near = (0..=27).flat_map(|n| [-7 * n, 7 * n]);
                let mut near = near.map(|days| today.plus(days));
                of(near.find(|day| day.week().1 == number)?)
            }
            Err(_) => {
                let whole = text.to_uppercase().parse().ok();
                whole.or_else(|| text.parse().ok())
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
        assert_eq!(spoken(today), "25 November 2026");
        let end: Day = "2027-01-31".parse().unwrap();
        assert_eq!(day("in a month", end).unwrap().to_string(), "2027-02-28");
    }

    #[test]
    fn in_german_too_and_english_is_understood() {
        Language::German.speak();
        let today: Day = "2026-11-25".parse().unwrap();
        for (said, meant) in [
            ("heute", "2026-11-25"),
            ("Morgen", "2026-11-26"),
            ("übermorgen", "2026-11-27"),
            ("in zwei Wochen", "2026-12-09"),
            ("in einem Monat", "2026-12-25"),
            ("in 10 Tagen", "2026-12-05"),
            ("Freitag", "2026-11-27"),
            ("am Freitag", "2026-11-27"),
            ("nächsten Freitag", "2026-11-27"),
            ("nächste Woche", "2026-12-02"),
            ("31. Dezember", "2026-12-31"),
            ("1. März 2027", "2027-03-01"),
            ("am 9. Juni", "2027-06-09"),
            ("tomorrow", "2026-11-26"),
            ("31 December", "2026-12-31"),
        ] {
            let found = day(said, today).map(|day| day.to_string());
            assert_eq!(found.as_deref(), Some(meant), "{said}");
        }
        assert_eq!(spoken(today), "25. November 2026");
        for (said, meant) in [
            ("letzte Woche", "2026-W47"),
            ("Woche 2", "2027-W02"),
            ("KW 48", "2026-W48"),
        ] {
            assert_eq!(week(said, today).unwrap().to_string(), meant, "{said}");
        }
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
