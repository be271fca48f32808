//! Leaving with everything that one can see: as text, as JSON, as a calendar (SPEC §8.2, KINDS §7). It opens nothing, asks nobody,
//! and leaves no trace on the other side.

mod plain;

use super::files::{failed, written};
use super::{partner, typed, whole};
use crate::cli::FormatArg;
use crate::link::Link;
use crate::words::t;
use crate::{Said, days, names, say};
use plain::Letters;
use serde::Serialize;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::fmt::Write;
use std::io::Write as _;
use std::path::Path;
use troth_proto::api::{DraftLine, Request, Slots, Status};
use troth_proto::ids::Who;
use troth_proto::said::told::ToldKind;
use troth_proto::telling::{Ask, Exported, ExportedThread, Seen, Thing};
use troth_proto::view::{AgreementState, AgreementView, SlotView};
use troth_proto::{Day, Problem, Slot};

/// Writes it all into a file, or to standard output.
pub(super) fn run(
    link: &mut Link,
    format: FormatArg,
    with_confidences: bool,
    path: &Path,
) -> Result<Said, Problem> {
    let all = Everything::read(link, with_confidences)?;
    let text = match format {
        FormatArg::Markdown => all.markdown(),
        FormatArg::Ics => all.calendar(),
        FormatArg::Json | FormatArg::Automerge => format!("{:#}\n", all.json()),
    };
    if path == Path::new("-") {
        return Ok(Said::new(json!({"text": text}), text));
    }
    written(path, &[], |file| {
        file.write_all(text.as_bytes())
            .map_err(|e| failed(path, &e))
    })?;
    let shown = path.display().to_string();
    let words = match format {
        FormatArg::Ics => t!("exported-days", file = shown.as_str()),
        _ => t!("exported-all", file = shown.as_str()),
    };
    let mut words = words + "\n";
    if all.unopened {
        words += &(all.unopened_line() + "\n");
    }
    Ok(Said::new(json!({"exported": shown}), words))
}

/// Everything that leaves.
struct Everything {
    me: String,
    them: String,
    today: Option<Day>,
    agreements: Vec<AgreementView>,
    pages: Vec<SlotView>,
    told: Vec<ExportedThread>,
    unopened: bool,
    on_break: Option<troth_proto::telling::BreakView>,
    drafts: Vec<Drafted>,
}

/// A draft, and its text; none where it could not be put together.
#[derive(Serialize)]
struct Drafted {
    #[serde(flatten)]
    line: DraftLine,
    text: Option<String>,
}

impl Everything {
    /// Reads it all.
    fn read(link: &mut Link, with_confidences: bool) -> Result<Self, Problem> {
        let status: Status = typed(&link.ask(&Request::Status {})?)?;
        let them = partner(link)?;
        let mut agreements = Vec::new();
        for line in names::list(link)? {
            agreements.push(whole(link, &line.agreement.hex())?);
        }
        let (mut pages, mut after) = (Vec::new(), None);
        loop {
            let part: Slots = typed(&link.ask(&Request::SlotList { after })?)?;
            pages.extend(part.slots);
            after = part.next;
            if after.is_none() {
                break;
            }
        }
        let (mut told, mut unopened, mut after) = (Vec::new(), false, None);
        loop {
            let ask = Ask::Export {
                with_confidences,
                after,
            };
            let part: Exported = typed(&link.ask(&Request::Told(ask))?)?;
            told.extend(part.told);
            unopened |= part.unopened;
            after = part.next;
            if after.is_none() {
                break;
            }
        }
        let today = super::glance(link)?;
        Ok(Self {
            me: say::name(&status.me.unwrap_or_default()),
            them,
            today: status.today,
            agreements,
            pages,
            told,
            unopened,
            on_break: today.on_break,
            drafts: drafts(link)?,
        })
    }

    /// As JSON.
    fn json(&self) -> Value {
        let open = |page: &&SlotView| page.opened.is_some() || page.kept_here.is_some();
        let letters = Letters::of(&self.agreements);
        let agreements = self.agreements.iter();
        let pages = self.pages.iter().filter(open);
        let told = self.told.iter();
        json!({
            "format": "troth-export",
            "version": 1,
            "me": self.me,
            "partner": self.them,
            "day": self.today,
            "agreements": agreements.map(|it| plain::agreement(it, &letters)).collect::<Vec<_>>(),
            "pages": pages.map(|it| plain::page(it, &letters)).collect::<Vec<_>>(),
            "told": told.map(|it| plain::told(it, &letters)).collect::<Vec<_>>(),
            "unopened": self.unopened,
            "drafts": self.drafts,
        })
    }

    fn unopened_line(&self) -> String {
        t!("export-unopened", partner = self.them.as_str())
    }

    fn name(&self, who: Who) -> &str {
        match who {
            Who::Me => &self.me,
            Who::Partner => &self.them,
        }
    }

    /// As text with headings.
    fn markdown(&self) -> String {
        let day = self.today.map(days::spoken).unwrap_or_default();
        let mut out = format!(
            "# {}\n",
            t!(
                "head-export",
                me = self.me.as_str(),
                partner = self.them.as_str(),
                day = day
            )
        );
        if !self.agreements.is_empty() {
            let _ = writeln!(out, "\n## {}", t!("head-export-agreements"));
        }
        for agreement in &self.agreements {
            let text = plain(&say::agreement_alone(agreement, &self.them));
            section(&mut out, &text);
        }
        let open = self.pages.iter().filter(|page| page.opened.is_some());
        let (steps, pages): (Vec<&SlotView>, Vec<&SlotView>) =
            open.partition(|page| matches!(page.slot, Slot::Repair { .. }));
        self.pages(&mut out, &t!("head-export-pages"), &pages);
        self.pages(&mut out, &t!("head-export-steps"), &steps);
        for kind in ToldKind::ALL {
            let of_kind = |thread: &&ExportedThread| {
                thread.told.as_ref().and_then(|it| it.kind) == Some(*kind)
            };
            let threads: Vec<&ExportedThread> = self.told.iter().filter(of_kind).collect();
            if threads.is_empty() {
                continue;
            }
            let _ = writeln!(out, "\n## {}", say::told::label(*kind));
            for thread in threads {
                self.thread(&mut out, thread);
            }
        }
        let others: Vec<&ExportedThread> = self
            .told
            .iter()
            .filter(|thread| thread.told.is_none())
            .collect();
        if !others.is_empty() {
            let _ = writeln!(out, "\n## {}", t!("head-export-answers"));
        }
        for thread in others {
            let head = match &thread.slot {
                Some(slot) => one_line(&say::slot_head(slot)),
                None => t!("head-export-left-out", partner = self.them.as_str()),
            };
            let _ = writeln!(out, "\n### {head}");
            for answer in &thread.answers {
                self.thing(&mut out, answer, thread);
            }
        }
        if !self.drafts.is_empty() {
            let _ = writeln!(out, "\n## {}", t!("head-export-drafts"));
        }
        for Drafted { line, text } in &self.drafts {
            let title = match line.title.as_str() {
                "" => t!("word-draft-untitled"),
                title => one_line(title),
            };
            let text = match text.as_deref() {
                Some("") => t!("draft-empty"),
                Some(text) => quoted(&say::calm(text)),
                None => say::problem(&Problem::DraftNotWoven).0,
            };
            let _ = writeln!(out, "\n### {title}\n\n{text}");
        }
        if self.unopened {
            let _ = writeln!(out, "\n{}", self.unopened_line());
        }
        out
    }

    fn pages(&self, out: &mut String, head: &str, pages: &[&SlotView]) {
        if !pages.is_empty() {
            let _ = writeln!(out, "\n## {head}");
        }
        for page in pages {
            section(out, &plain(&say::slot_alone(page, &self.them)));
        }
    }

    fn thread(&self, out: &mut String, thread: &ExportedThread) {
        if let Some(told) = &thread.told {
            self.thing(out, told, thread);
        }
        if !thread.topic.is_empty() {
            let _ = writeln!(out, "\n{}", quoted(&one_line(&thread.topic)));
        }
        for answer in &thread.answers {
            self.thing(out, answer, thread);
        }
    }

    fn thing(&self, out: &mut String, thing: &Thing, thread: &ExportedThread) {
        let day = thing.on.map(days::spoken).unwrap_or_default();
        let name = self.name(thing.by);
        let what = match (thing.kind, thing.says) {
            (Some(kind), _) => say::told::label(kind),
            (None, Some(verb)) => say::told::told_in(thing, verb, thread, &self.them),
            (None, None) => String::new(),
        };
        let _ = writeln!(out, "\n**{name}, {day}: {what}**");
        if thing.seen == Seen::Older {
            let _ = writeln!(out, "\n{}", t!("export-older"));
        }
        let facts = &thing.facts;
        let until = facts.until.or(facts.look_again).or(facts.day);
        if let Some(day) = until {
            let _ = writeln!(out, "\n{}", days::spoken(day));
        }
        if let Some(back_at) = facts.back_at {
            let _ = writeln!(out, "\n{}", say::told::clock(back_at));
        }
        for text in thing.words.iter().flat_map(|words| words.0.values()) {
            let _ = writeln!(out, "\n{}", quoted(&say::calm(text)));
        }
    }

    /// As a calendar: days to look at agreements and at trust again, a break's return, and a check-in each week. Its titles tell
    /// nothing to whoever looks over a shoulder.
    fn calendar(&self) -> String {
        let mut out = String::from(
            "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Troth//EN\r\nCALSCALE:GREGORIAN\r\n",
        );
        let today = self.today.map(stamp).unwrap_or_else(|| "19700101".into());
        let mut event = |what: &str, title: String, when: String| {
            let uid = Sha256::digest(what.as_bytes());
            let uid = data_encoding_hex(&uid[..16]);
            let _ = write!(
                out,
                "BEGIN:VEVENT\r\nUID:{uid}@troth\r\nDTSTAMP:{today}T000000Z\r\n{when}\r\nSUMMARY:{title}\r\nEND:VEVENT\r\n"
            );
        };
        for agreement in &self.agreements {
            let held = matches!(
                agreement.state,
                AgreementState::InForce | AgreementState::ChangeProposed
            );
            let in_force = agreement
                .versions
                .iter()
                .filter(|v| Some(v.hash) == agreement.in_force);
            for version in in_force.filter(|_| held) {
                for (what, day) in [("look", version.look_again), ("trial", version.trial_until)] {
                    if let Some(day) = day {
                        let name = format!("{what} {}", version.hash);
                        event(&name, t!("label-calendar-look"), all_day(day));
                    }
                }
            }
        }
        for told in self.told.iter().filter_map(|thread| thread.told.as_ref()) {
            let mine = told.by == Who::Me && told.seen == Seen::Open;
            if let Some(day) = told.facts.look_again.filter(|_| mine) {
                event(
                    &format!("trust {}", told.id),
                    t!("label-calendar-look"),
                    all_day(day),
                );
            }
        }
        if let Some(on_break) = &self.on_break {
            let at = on_break.back_at.to_string().replace(['-', ':'], "");
            let at = at.replace('Z', "00Z");
            event("break", t!("label-calendar-back"), format!("DTSTART:{at}"));
        }
        if let Some(today) = self.today {
            let when = format!("{}\r\nRRULE:FREQ=WEEKLY", all_day(sunday(today)));
            event("check-in", t!("label-calendar-checkin"), when);
        }
        out.push_str("END:VCALENDAR\r\n");
        out
    }
}

/// The drafts that are open, as they read now.
fn drafts(link: &mut Link) -> Result<Vec<Drafted>, Problem> {
    let lines = match super::drafts(link) {
        Err(Problem::NotPaired) => Vec::new(),
        lines => lines?,
    };
    let mut all = Vec::new();
    for line in lines {
        let text = match super::draft::read(link, &line) {
            Ok((text, _)) => Some(text),
            Err(Problem::DraftNotWoven) => None,
            // Both closed it meanwhile.
            Err(Problem::NoSuch { .. } | Problem::DraftIsClosed) => continue,
            Err(problem) => return Err(problem),
        };
        all.push(Drafted { line, text });
    }
    Ok(all)
}

/// The Sunday of a day's week, or the day itself if it is one.
fn sunday(today: Day) -> Day {
    let week = today.week();
    let ahead = (0..7).find(|ahead| today.plus(ahead + 1).week() != week);
    today.plus(ahead.unwrap_or(0))
}

fn stamp(day: Day) -> String {
    day.to_string().replace('-', "")
}

fn all_day(day: Day) -> String {
    format!("DTSTART;VALUE=DATE:{}", stamp(day))
}

fn data_encoding_hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// What a screen shows, under its own first line: what stands deeper there is a line of its own here.
fn section(out: &mut String, screen: &str) {
    let (head, rest) = screen.split_once('\n').unwrap_or((screen, ""));
    let lines: Vec<&str> = rest.trim().lines().map(str::trim).collect();
    let goes_on = |n: usize| lines.get(n + 1).is_some_and(|next| !next.is_empty());
    let lines = lines.iter().enumerate().map(|(n, line)| match goes_on(n) {
        // Two blanks keep the next line from running on in this one.
        true if !line.is_empty() => format!("{line}  "),
        _ => (*line).to_owned(),
    });
    let text = lines.collect::<Vec<_>>().join("\n");
    let _ = writeln!(out, "\n### {}\n\n{}", one_line(head), quoted(&text));
}

/// Without the marks that a terminal would show as bold.
fn plain(text: &str) -> String {
    text.replace(say::marks::ALL, "")
}

fn one_line(text: &str) -> String {
    say::calm_line(text)
}

/// Each line as somebody's words: nothing in them is a heading here.
fn quoted(text: &str) -> String {
    let lines: Vec<String> = text
        .trim_end()
        .lines()
        .map(|line| format!("> {line}"))
        .collect();
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_check_in_is_on_the_sunday_that_comes() {
        for (day, sunday_is) in [
            ("2026-12-01", "2026-12-06"),
            ("2026-12-06", "2026-12-06"),
            ("2026-12-07", "2026-12-13"),
        ] {
            let day: Option<Day> = day.parse().ok();
            assert_eq!(
                day.map(|day| sunday(day).to_string()).as_deref(),
                Some(sunday_is)
            );
        }
    }

    #[test]
    fn nobodys_words_are_a_heading() {
        assert_eq!(quoted("# one\n\ntwo\n"), "> # one\n> \n> two");
    }
}
