//! Taking back, putting away, forgetting (SPEC §7, PROTOCOL §5).

use crate::assertion::{About, Kind};
use crate::{AgreementId, Hash, limits};
use serde::{Deserialize, Serialize};

/// An own thing, named by `about`, is taken back. Nothing lifts it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TakeBack {}

impl Kind for TakeBack {
    const ABOUT: About = About::Always;
}

/// Out of Today and of search: an agreement that was let go, or an own thing, named by `about`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PutAway {
    /// An agreement that was let go.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agreement: Option<AgreementId>,
}

impl Kind for PutAway {
    const ABOUT: About = About::Sometimes;
    fn fits(&self, about: bool) -> bool {
        self.agreement.is_none() == about
    }
}

/// The words of own assertions leave both devices; their heads stay.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Forget {
    /// Hashes of own assertions about one agreement, in one thread or in one slot.
    pub of: Vec<Hash>,
}

impl Kind for Forget {
    fn fits(&self, _: bool) -> bool {
        !self.of.is_empty() && self.of.len() <= limits::FORGOTTEN_AT_ONCE
    }
}
