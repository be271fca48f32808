//! What Troth says: assertions, frames, pairing messages, the local API, views as plain types, and their limits.
//!
//! The bytes are specified in `proto/FORMAT.md`. Nothing here does IO, reads a clock or draws randomness.

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
