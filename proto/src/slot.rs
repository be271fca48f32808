//! What both answer before either sees: the name of a check-in, a card or a review.

use crate::{Day, Hash, limits};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use std::{fmt, str::FromStr};

/// The name of a sealed exchange. Written `2026-W47`, `card:<deck>/<name>` or `look:<version hash>`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Slot {
    /// A check-in, by its ISO week.
    Week {
        /// ISO year.
        year: i16,
        /// ISO week, 1 to 53.
        week: i8,
    },
    /// A card of open questions.
    Card(String),
    /// A review of a version.
    Look(Hash),
}

/// A slot's name was not of any known form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a week like 2026-W47, a card or a review")]
pub struct NotASlot;

impl Slot {
    /// The check-in of the week that `day` lies in.
    #[must_use]
    pub fn week_of(day: Day) -> Self {
        let (year, week) = day.week();
        Self::Week { year, week }
    }

    /// Whether it is a check-in.
    #[must_use]
    pub fn is_check_in(&self) -> bool {
        matches!(self, Self::Week { .. })
    }
}

impl fmt::Display for Slot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Week { year, week } => write!(f, "{year:04}-W{week:02}"),
            Self::Card(name) => write!(f, "card:{name}"),
            Self::Look(version) => write!(f, "look:{version}"),
        }
    }
}

impl FromStr for Slot {
    type Err = NotASlot;

    fn from_str(text: &str) -> Result<Self, NotASlot> {
        if let Some(hex) = text.strip_prefix("look:") {
            return Hash::from_hex(hex).map(Self::Look).map_err(|_| NotASlot);
        }
        if let Some(name) = text.strip_prefix("card:") {
            let plain =
                |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '/';
            let fits =
                !name.is_empty() && name.len() <= limits::LINE_CHARS && name.chars().all(plain);
            return if fits {
                Ok(Self::Card(name.to_owned()))
            } else {
                Err(NotASlot)
            };
        }
        let (year, week) = text.split_once("-W").ok_or(NotASlot)?;
        let digits =
            |part: &str, len: usize| part.len() == len && part.bytes().all(|b| b.is_ascii_digit());
        if !digits(year, 4) || !digits(week, 2) {
            return Err(NotASlot);
        }
        let (year, week): (i16, i8) = (
            year.parse().map_err(|_| NotASlot)?,
            week.parse().map_err(|_| NotASlot)?,
        );
        // 28 December always lies in the last ISO week of its year.
        let last = Day::new(year, 12, 28).ok_or(NotASlot)?.week().1;
        if !(1..=last).contains(&week) {
            return Err(NotASlot);
        }
        Ok(Self::Week { year, week })
    }
}

impl Serialize for Slot {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Slot {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(from)?;
        text.parse().map_err(D::Error::custom)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_slot_reads_back_as_written() {
        for good in [
            "2026-W47",
            "2020-W53",
            "card:everyday/first-meal",
            &format!("look:{}", Hash([7; 32])),
        ] {
            assert_eq!(good.parse::<Slot>().unwrap().to_string(), good);
        }
        for bad in [
            "2026-W54", "2026-W00", "2021-W53", "2026-W7", "card:", "card:Ä", "look:12", "2026",
        ] {
            assert!(bad.parse::<Slot>().is_err(), "{bad}");
        }
    }
}
