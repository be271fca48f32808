//! A draft that both type in: that it begins, and that it is closed (PROTOCOL §5).

use crate::assertion::{Dated, Kind};
use crate::draft::DraftForm;
use crate::said::Spoken;
use crate::{DraftId, limits};
use serde::{Deserialize, Serialize};

/// A draft begins. Its words are its title, which leaves with it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Draft {
    /// The draft.
    pub draft: DraftId,
    /// What it is to become.
    pub form: DraftForm,
}

impl Kind for Draft {}

/// What a draft is called.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Title {
    /// One line.
    pub title: String,
}

impl Spoken for Title {
    fn fits(&self) -> bool {
        !self.title.trim().is_empty() && limits::line_fits(&self.title, limits::LINE_CHARS)
    }
}

/// Closed, as far as its author is concerned. Once both have closed it, it leaves both devices.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DraftClosed {
    /// The draft.
    pub draft: DraftId,
}

impl Kind for DraftClosed {
    const DATED: Dated = Dated::No;
}
