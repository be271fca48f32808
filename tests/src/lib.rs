//! The whole system under test: a reference model, histories from a seed, and real processes.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr
)] // tests say what is wrong by failing

pub mod forger;
pub mod histories;
pub mod home;
pub mod mixed;
pub mod model;
pub mod networks;
pub mod raw;
pub mod socket;
pub mod terminal;
pub mod told_histories;
pub mod told_model;
