//! Drafts that both type in.

use super::{calm, calm_line, heading, indented};
use crate::days::spoken;
use crate::words::t;
use std::fmt::Write;
use troth_proto::api::DraftLine;
use troth_proto::draft::DraftForm;
use troth_proto::ids::Who;

/// A draft's text under its title.
#[must_use]
pub fn draft(title: &str, text: &str) -> String {
    let title = heading(&calm_line(title));
    if text.is_empty() {
        return format!("{title}\n{}\n", t!("draft-empty"));
    }
    let mut out = format!("{title}\n");
    indented(&mut out, &calm(text));
    out
}

/// The drafts that are open, with their numbers.
#[must_use]
pub fn drafts(all: &[DraftLine], them: &str) -> String {
    if all.is_empty() {
        return t!("drafts-none") + "\n";
    }
    let mut out = String::new();
    for (n, line) in all.iter().enumerate() {
        let title = if line.title.is_empty() {
            t!("word-draft-untitled")
        } else {
            calm_line(&line.title)
        };
        let form = match line.form {
            DraftForm::Agreement => t!("word-draft-agreement"),
            DraftForm::Letter => t!("word-draft-letter"),
            DraftForm::List => t!("word-draft-list"),
        };
        let _ = writeln!(out, "{}  {title} ({form})", n + 1);
        if let Some(day) = line.begun_on {
            let begun = match line.begun_by {
                Who::Me => t!("draft-begun-me", day = spoken(day)),
                Who::Partner => t!("draft-begun-partner", partner = them, day = spoken(day)),
            };
            let _ = writeln!(out, "   {begun}");
        }
        for who in &line.closed_by {
            let closed = match who {
                Who::Me => t!("draft-closed-me", partner = them),
                Who::Partner => t!("draft-closed-partner", partner = them),
            };
            let _ = writeln!(out, "   {closed}");
        }
    }
    out
}
