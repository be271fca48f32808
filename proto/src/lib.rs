//! What Troth says: assertions, frames, pairing messages, the local API, views as plain types, and their limits.
//!
//! The bytes are specified in `proto/FORMAT.md`. Nothing here does IO, reads a clock or draws randomness.

/// Serde writes it as it is shown, and reads it back from that.
macro_rules! as_text {
    ($name:ty) => {
        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                to.collect_str(self)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                let text = std::borrow::Cow::<'de, str>::deserialize(from)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}

pub mod api;
pub mod assertion;
pub mod carry;
pub mod day;
pub mod doctor;
pub mod draft;
pub mod history;
pub mod home;
pub mod ids;
pub mod limits;
pub mod name;
pub mod notice;
pub mod pairing;
pub mod private;
pub mod problem;
pub mod said;
pub mod slot;
pub mod telling;
pub mod view;
pub mod wire;

pub use assertion::{Assertion, Body};
pub use day::Day;
pub use ids::{AgreementId, AssertionId, CoupleId, DraftId, Hash, PersonId};
pub use problem::Problem;
pub use slot::Slot;
