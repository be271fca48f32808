//! The words of what is told and answered: texts by the names that a row gives.

use super::{Facts, Field, Need, Page, Size};
use crate::assertion::{blinded, unblinded};
use crate::limits;
use crate::name::name_fits;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Words, by the names that a row gives.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Texts(pub BTreeMap<String, String>);

/// What is wrong with words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TextsWrong {
    /// There is no such text.
    Unknown(String),
    /// It is longer than its limit, or not one line.
    TooLong(&'static str),
    /// It is missing, or blank.
    Missing(&'static str),
    /// It is no name that can be shown.
    NoName,
}

impl Texts {
    /// A text by its name; empty if it is absent.
    #[must_use]
    pub fn get(&self, name: &str) -> &str {
        self.0.get(name).map_or("", String::as_str)
    }

    /// Leaves out what is blank.
    #[must_use]
    pub fn without_blanks(mut self) -> Self {
        self.0.retain(|_, text| !text.trim().is_empty());
        self
    }

    /// Checks words against a row. The page with one's name holds what a name may be.
    ///
    /// # Errors
    /// The first thing that is wrong.
    pub fn check(&self, fields: &'static [Field], facts: &Facts) -> Result<(), TextsWrong> {
        for (name, text) in &self.0 {
            let field = fields.iter().find(|field| field.name == name);
            let field = field.ok_or_else(|| TextsWrong::Unknown(name.clone()))?;
            let fits = match field.size {
                Size::Page if facts.page == Some(Page::Name) => {
                    limits::line_fits(text, limits::NAME_CHARS)
                }
                Size::Text | Size::Page => limits::text_fits(text, limits::TEXT_CHARS),
                Size::Line => limits::line_fits(text, limits::LINE_CHARS),
            };
            if !fits {
                return Err(TextsWrong::TooLong(field.name));
            }
            if text.trim().is_empty() {
                return Err(TextsWrong::Missing(field.name));
            }
            let named = field.size == Size::Page && facts.page == Some(Page::Name);
            if named && !name_fits(text) {
                return Err(TextsWrong::NoName);
            }
        }
        let missing = |field: &&Field| field.need == Need::Must && !self.0.contains_key(field.name);
        match fields.iter().find(missing) {
            Some(field) => Err(TextsWrong::Missing(field.name)),
            None => Ok(()),
        }
    }

    /// As they are kept, empty for none; nothing if they are more bytes than words may be.
    #[must_use]
    pub fn write(&self, blind: &[u8]) -> Option<String> {
        if self.0.is_empty() {
            return Some(String::new());
        }
        let json = serde_json::to_string(&self.0).ok()?;
        (json.len() <= limits::WORDS_BYTES).then(|| blinded(blind, &json))
    }

    /// Read back, whoever wrote them: nothing if a row does not allow them.
    #[must_use]
    pub fn read(words: &str, fields: &'static [Field], facts: &Facts) -> Option<Self> {
        if words.is_empty() {
            return Some(Self::default());
        }
        let (_, json) = unblinded(words, 16)?;
        let it: Self = serde_json::from_str(json).ok()?;
        (!it.0.is_empty() && it.check(fields, facts).is_ok()).then_some(it)
    }
}
