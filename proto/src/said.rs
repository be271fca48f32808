//! What can be said, one file a subject: the head of each kind, which rules read, and its words, which people read.

pub mod agreement;
pub mod draft;
pub mod forgetting;
pub mod sealed;
pub mod told;

use crate::assertion::{blinded, unblinded};
use crate::limits;
use serde::{Deserialize, Serialize, de::DeserializeOwned};

/// Words in the form in which they are kept, or nothing if they do not keep to their limits.
pub trait Spoken: Serialize + DeserializeOwned {
    /// Random bytes before them.
    const BLIND: usize = 16;

    /// Whether every text keeps to its limits, and something is said.
    fn fits(&self) -> bool;

    /// As they are kept.
    fn write(&self, blind: &[u8]) -> Option<String> {
        let json = serde_json::to_string(self).ok()?;
        (self.fits() && json.len() <= limits::WORDS_BYTES).then(|| blinded(blind, &json))
    }

    /// Read back, whoever wrote them.
    fn read(words: &str) -> Option<Self> {
        let (_, json) = unblinded(words, Self::BLIND)?;
        let it: Self = serde_json::from_str(json).ok()?;
        it.fits().then_some(it)
    }
}

/// A note, or any other single text.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Text {
    /// In own words.
    pub text: String,
}

impl Spoken for Text {
    fn fits(&self) -> bool {
        limits::text_fits(&self.text, limits::TEXT_CHARS)
    }
}
