//! What both answer before either sees: the name of a check-in, a card, a review or a step of a repair.

use crate::{AssertionId, Day, Hash, limits};
use std::{fmt, str::FromStr};

/// The name of a sealed exchange. Written `2026-W47`, `2026`, `card:<deck>/<name>`, `look:<version hash>` or
/// `repair:<id>/feelings`; a card or a review that is answered again has `/<n>` after it, from 2.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Slot {
    /// A check-in, by its ISO week.
    Week {
        /// ISO year.
        year: i16,
        /// ISO week, 1 to 53.
        week: i8,
    },
    /// The long check-in of a year.
    Year(i16),
    /// A card of open questions.
    Card(String),
    /// A review of a version.
    Look {
        /// The version.
        version: Hash,
        /// The how manieth it is, from 1.
        n: u16,
    },
    /// A step of a repair.
    Repair {
        /// What the repair began with.
        id: AssertionId,
        /// Which step.
        step: SealedStep,
    },
}

/// The sealed steps of a repair, in order (KINDS §5).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SealedStep {
    /// What each felt.
    Feelings,
    /// How each sees it, and what it stirred up.
    View,
    /// What each sees as their own part.
    Part,
}

impl SealedStep {
    /// All of them, with their numbers among the seven.
    pub const ALL: [(Self, u8); 3] = [(Self::Feelings, 2), (Self::View, 4), (Self::Part, 5)];

    /// As it is written.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Feelings => "feelings",
            Self::View => "view",
            Self::Part => "part",
        }
    }

    /// The sealed step of a number.
    #[must_use]
    pub fn at(step: u8) -> Option<Self> {
        let mut all = Self::ALL.into_iter();
        all.find(|(_, n)| *n == step).map(|(it, _)| it)
    }
}

/// A slot's name was not of any known form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a week like 2026-W47, a year, a card, a review or a step of a repair")]
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
        matches!(self, Self::Week { .. } | Self::Year(_))
    }

    /// The first review of a version.
    #[must_use]
    pub fn look(version: Hash) -> Self {
        Self::Look { version, n: 1 }
    }

    /// The same card or review, answered once more; nothing where that is not done.
    #[must_use]
    pub fn again(&self, n: u16) -> Option<Self> {
        match self {
            Self::Look { version, .. } => Some(Self::Look {
                version: *version,
                n,
            }),
            Self::Card(name) => {
                let mut parts = name.splitn(3, '/');
                let (deck, card) = (parts.next()?, parts.next()?);
                let again = if n > 1 {
                    format!("{deck}/{card}/{n}")
                } else {
                    format!("{deck}/{card}")
                };
                Some(Self::Card(again))
            }
            Self::Week { .. } | Self::Year(_) | Self::Repair { .. } => None,
        }
    }

    /// The how manieth time it is answered, from 1.
    #[must_use]
    pub fn time(&self) -> u16 {
        match self {
            Self::Look { n, .. } => *n,
            Self::Card(name) => name.splitn(3, '/').nth(2).and_then(again).unwrap_or(1),
            Self::Week { .. } | Self::Year(_) | Self::Repair { .. } => 1,
        }
    }
}

impl fmt::Display for Slot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Week { year, week } => write!(f, "{year:04}-W{week:02}"),
            Self::Card(name) => write!(f, "card:{name}"),
            Self::Year(year) => write!(f, "{year:04}"),
            Self::Look { version, n: 1 } => write!(f, "look:{version}"),
            Self::Look { version, n } => write!(f, "look:{version}/{n}"),
            Self::Repair { id, step } => write!(f, "repair:{id}/{}", step.name()),
        }
    }
}

impl FromStr for Slot {
    type Err = NotASlot;

    fn from_str(text: &str) -> Result<Self, NotASlot> {
        if let Some(name) = text.strip_prefix("look:") {
            let (hex, n) = match name.split_once('/') {
                Some((hex, n)) => (hex, again(n).ok_or(NotASlot)?),
                None => (name, 1),
            };
            let version = Hash::from_hex(hex).map_err(|_| NotASlot)?;
            return Ok(Self::Look { version, n });
        }
        if let Some(name) = text.strip_prefix("repair:") {
            let (id, step) = name.split_once('/').ok_or(NotASlot)?;
            let id = AssertionId::from_hex(id).map_err(|_| NotASlot)?;
            let mut steps = SealedStep::ALL.into_iter().map(|(step, _)| step);
            let step = steps.find(|it| it.name() == step).ok_or(NotASlot)?;
            return Ok(Self::Repair { id, step });
        }
        if text.len() == 4 && text.bytes().all(|b| b.is_ascii_digit()) {
            let year = text.parse().map_err(|_| NotASlot)?;
            return if year > 0 {
                Ok(Self::Year(year))
            } else {
                Err(NotASlot)
            };
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

/// The how manieth time something is answered: 2 and more, as it is written.
fn again(text: &str) -> Option<u16> {
    let n: u16 = text.parse().ok()?;
    (n > 1 && n.to_string() == text).then_some(n)
}

as_text!(Slot);

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
            "card:everyday/first-meal/2",
            "2026",
            &format!("look:{}", Hash([7; 32])),
            &format!("look:{}/12", Hash([7; 32])),
            &format!("repair:{}/feelings", AssertionId([7; 16])),
        ] {
            assert_eq!(good.parse::<Slot>().unwrap().to_string(), good);
        }
        for bad in [
            "2026-W54",
            "2026-W00",
            "2021-W53",
            "2026-W7",
            "card:",
            "card:Ä",
            "look:12",
            "0000",
            "+026",
            "repair:12/feelings",
            "repair:07070707070707070707070707070707/anger",
        ] {
            assert!(bad.parse::<Slot>().is_err(), "{bad}");
        }
        for n in ["1", "0", "02", "+2", "70000", ""] {
            assert!(
                format!("look:{}/{n}", Hash([7; 32]))
                    .parse::<Slot>()
                    .is_err(),
                "{n}"
            );
        }
        let card: Slot = "card:ahead/a-year".parse().unwrap();
        assert_eq!(card.again(2).unwrap().to_string(), "card:ahead/a-year/2");
        assert_eq!(card.again(2).unwrap().again(1).unwrap(), card);
        assert_eq!((card.time(), card.again(12).unwrap().time()), (1, 12));
        let look = Slot::look(Hash([7; 32]));
        assert_eq!((look.time(), look.again(3).unwrap().time()), (1, 3));
    }
}
