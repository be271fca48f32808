//! Private pages: what a person writes for nobody else. They are no part of any book (PROTOCOL §6, FORMAT §7.1).

use crate::limits::{self, line_fits, text_fits};
use crate::{Day, Problem};
use serde::{Deserialize, Serialize};

/// What a private page is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PageKind {
    /// The journal.
    Journal,
    /// A letter that is not sent.
    Letter,
    /// Words that went in while the pages were locked.
    Draft,
    /// Mistrust, looked at.
    Mistrust,
    /// "Have I …?"
    HaveI,
    /// A copy of words that were open.
    Copy,
}

/// A text, and what was asked, as it stood there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Part {
    /// One line, or nothing.
    #[serde(default)]
    pub head: String,
    /// The words.
    pub text: String,
}

/// What a person writes on a page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PageWords {
    /// What it is.
    pub kind: PageKind,
    /// One line, or nothing.
    #[serde(default)]
    pub title: String,
    /// Its texts, in order.
    pub parts: Vec<Part>,
}

impl PageWords {
    /// Whether there is something on it, within the limits.
    ///
    /// # Errors
    /// [`Problem::TooLong`] or [`Problem::NothingSaid`].
    pub fn check(&self) -> Result<(), Problem> {
        let fits = |part: &Part| {
            line_fits(&part.head, limits::LINE_CHARS) && text_fits(&part.text, limits::TEXT_CHARS)
        };
        if self.parts.len() > limits::PRIVATE_PARTS
            || !line_fits(&self.title, limits::LINE_CHARS)
            || !self.parts.iter().all(fits)
        {
            return Err(Problem::TooLong);
        }
        if self.parts.iter().all(|part| part.text.trim().is_empty()) {
            return Err(Problem::NothingSaid);
        }
        Ok(())
    }
}

/// A page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Page {
    /// Its number, which no other page of this home has had.
    pub page: u64,
    /// The day on which it was begun.
    pub day: Day,
    /// What it is.
    pub kind: PageKind,
    /// One line, or nothing.
    pub title: String,
    /// Its texts, in order.
    pub parts: Vec<Part>,
}

impl Page {
    /// Its line in the list.
    #[must_use]
    pub fn line(&self) -> PageLine {
        let texts = || self.parts.iter().map(|part| part.text.trim());
        let first = || texts().find(|text| !text.is_empty()).unwrap_or_default();
        let title = match self.title.as_str() {
            "" => first().lines().next().unwrap_or_default(),
            title => title,
        };
        PageLine {
            page: self.page,
            day: self.day,
            kind: self.kind,
            title: title.chars().take(limits::PRIVATE_TITLE_CHARS).collect(),
        }
    }
}

/// A page in the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PageLine {
    /// Its number.
    pub page: u64,
    /// The day on which it was begun.
    pub day: Day,
    /// What it is.
    pub kind: PageKind,
    /// Its title, or how it begins.
    pub title: String,
}

/// The answer to `private_list`: newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PageList {
    /// The pages.
    pub pages: Vec<PageLine>,
    /// To go on with, as `before`; none at the end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<u64>,
}

/// The answer to `private_write`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Written {
    /// The page's number.
    pub page: u64,
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn words(text: &str) -> PageWords {
        PageWords {
            kind: PageKind::Journal,
            title: String::new(),
            parts: vec![Part {
                head: String::new(),
                text: text.into(),
            }],
        }
    }

    #[test]
    fn a_page_holds_something_within_its_limits() {
        assert_eq!(words("rain").check(), Ok(()));
        assert_eq!(words(" \n").check(), Err(Problem::NothingSaid));
        let long = "x".repeat(limits::TEXT_CHARS + 1);
        assert_eq!(words(&long).check(), Err(Problem::TooLong));
        assert_eq!(words("\u{1b}[31m").check(), Err(Problem::TooLong));
        let mut many = words("rain");
        many.parts = vec![many.parts[0].clone(); limits::PRIVATE_PARTS + 1];
        assert_eq!(many.check(), Err(Problem::TooLong));
    }

    #[test]
    fn a_page_without_a_title_is_listed_by_how_it_begins() {
        let page = Page {
            page: 3,
            day: "2026-11-22".parse().unwrap(),
            kind: PageKind::Letter,
            title: String::new(),
            parts: words(&format!("  {}\nand more", "ä".repeat(100))).parts,
        };
        assert_eq!(page.line().title, "ä".repeat(limits::PRIVATE_TITLE_CHARS));
    }
}
