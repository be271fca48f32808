//! The one integration binary: laws, histories, hostile bytes, and the real programs.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr
)]

mod bad_input;
mod by_hand;
mod care;
mod children;
mod crowds;
mod disks;
mod drafts;
mod editor;
mod first_use;
mod folders;
mod full;
mod gate;
mod hands;
mod history;
mod hostile;
mod journal;
mod keeping;
mod keyring;
mod killed;
mod laws;
mod leaving;
mod lost;
mod mapping;
mod meeting;
mod memory;
mod network;
mod newcomers;
mod notify;
mod private;
mod prompts;
mod repair_short;
mod repair_table;
mod sessions;
mod simulated;
mod strangers;
mod systemd;
mod table;
mod templates;
mod told;
mod told_after;
mod told_apart;
mod told_bad;
mod told_cli;
mod told_hands;
mod told_hostile;
mod told_laws;
mod told_pages;
mod told_pages_cli;
mod told_planted;
mod told_rights;
mod told_screens;
mod told_table;
mod trust_table;
mod truth;
mod typed;
mod whole;
