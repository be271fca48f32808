//! All that is in force, as a page that two would sign.

use super::{calm, calm_line, heading, indented};
use crate::days::spoken;
use crate::words::t;
use std::fmt::Write;
use troth_proto::Day;
use troth_proto::ids::Who;
use troth_proto::view::VersionView;

/// Columns of a line to sign on, and where the second begins.
const LINE: (usize, usize) = (28, 34);

/// What is in force between these two, as of a day.
#[must_use]
pub fn printed(all: &[VersionView], (me, partner): (&str, &str), today: Day) -> String {
    let mut out = String::new();
    let _ = writeln!(
        out,
        "{}",
        heading(&t!("head-print", me = me, partner = partner))
    );
    let _ = writeln!(out, "{}", t!("print-on", day = spoken(today)));
    if all.is_empty() {
        let _ = writeln!(out, "\n{}", t!("print-none"));
        return out;
    }
    let name = |who| match who {
        Who::Me => me,
        Who::Partner => partner,
    };
    for (n, v) in all.iter().enumerate() {
        let words = v.words.clone().unwrap_or_default();
        let topic = format!("{}. {}", n + 1, calm_line(&words.topic));
        let _ = writeln!(out, "\n{}", heading(&topic));
        let mut line = |text: String| indented(&mut out, &text);
        line(calm(&words.terms));
        for (who, does) in [
            (Who::Me, &words.does.me),
            (Who::Partner, &words.does.partner),
        ] {
            if !does.is_empty() {
                line(t!("label-them", partner = name(who), words = calm(does)));
            }
        }
        for it in &words.when_then {
            let (when, then) = (calm(&it.when), calm(&it.then));
            line(t!(
                "label-when-them",
                when = when,
                partner = name(it.who),
                then = then
            ));
        }
        if !words.not_meant.is_empty() {
            line(t!("label-not-meant", words = calm(&words.not_meant)));
        }
        if let Some(day) = v.trial_until {
            line(t!("label-trial", day = spoken(day)));
        }
        if let Some(day) = v.look_again {
            line(t!("label-look-again", day = spoken(day)));
        }
        line(t!("print-since", by = name(v.by), day = spoken(v.on)));
    }
    let (wide, second) = LINE;
    let rule = "_".repeat(wide);
    let _ = writeln!(out, "\n\n{rule:second$}{rule}\n{me:second$}{partner}");
    out
}
