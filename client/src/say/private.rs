//! Private pages: their list, and one of them.

use super::{calm, calm_line, heading};
use crate::days;
use crate::words::t;
use std::fmt::Write;
use troth_proto::private::{Page, PageKind, PageLine};

fn kind(kind: PageKind) -> String {
    match kind {
        PageKind::Journal => t!("label-private-journal"),
        PageKind::Letter => t!("label-private-letter"),
        PageKind::Draft => t!("label-private-draft"),
        PageKind::Mistrust => t!("label-private-mistrust"),
        PageKind::HaveI => t!("label-private-have-i"),
        PageKind::Copy => t!("label-private-copy"),
    }
}

/// The pages, one a line.
#[must_use]
pub fn list(all: &[PageLine]) -> String {
    if all.is_empty() {
        return t!("private-empty") + "\n";
    }
    let mut out = String::new();
    for line in all {
        let (day, kind) = (days::spoken(line.day), kind(line.kind));
        let title = calm_line(&line.title);
        let _ = writeln!(out, "{:>4}  {day}, {kind}: {title}", line.page);
    }
    out
}

/// One page.
#[must_use]
pub fn page(page: &Page) -> String {
    let (day, kind) = (days::spoken(page.day), kind(page.kind));
    let mut out = heading(&format!("{kind}, {day}")) + "\n";
    if !page.title.is_empty() {
        let _ = writeln!(out, "  {}", calm_line(&page.title));
    }
    for part in &page.parts {
        out.push('\n');
        if !part.head.is_empty() {
            let _ = writeln!(out, "{}", heading(&calm_line(&part.head)));
        }
        for line in calm(&part.text).lines() {
            let _ = writeln!(out, "  {line}");
        }
    }
    out
}
