//! When the desktop is to say that Troth has something: Today has gained a line by the partner's act (KINDS §7).

use super::{Effect, Node, Now};
use crate::books::book::{Said, Subject};
use crate::books::couple::Couple;
use std::collections::BTreeSet;
use troth_proto::api::{Notifications, Notify, Rung, RungName, RungState, Why};
use troth_proto::ids::Who;
use troth_proto::said::told::{Answer, ToldKind, Verb};
use troth_proto::telling::TodayToldWhat;
use troth_proto::{Body, Slot};

/// Milliseconds in which nothing more has come before Today is looked at: what came and was taken back in one meeting was
/// never there.
const QUIET: u64 = 3_000;

/// What the line of a break is about: several breaks are one.
const BREAK: &str = "break";

/// What is known for it while the daemon runs.
#[derive(Default)]
pub(super) struct Notifying {
    /// It was said, and Today was not asked for since.
    said: bool,
    came: Option<Came>,
    /// Whether the desktop showed it, the last time.
    shown: Option<bool>,
}

/// Something came from the partner, and Today was not looked at since.
struct Came {
    /// Today before it.
    before: Vec<Line>,
    /// The partner's entries before it.
    entries: usize,
    look_at: u64,
}

/// A line of Today: what it is about, and what tells it from others about that.
type Line = (String, String);

impl Notifying {
    pub(super) fn deadline(&self) -> Option<(u64, &'static str)> {
        let came = self.came.as_ref()?;
        Some((came.look_at, "what came for Today"))
    }

    /// Today is asked for: whatever came is seen there.
    pub(super) fn today_is_seen(&mut self) {
        (self.said, self.came) = (false, None);
    }

    pub(super) fn shown(&mut self, shown: bool) {
        self.shown = Some(shown);
    }
}

impl Node {
    /// Whether the desktop says it, and is to from now on.
    pub(super) fn notifications(&mut self, set: Option<Notify>) -> Notifications {
        if let Some(set) = set.filter(|set| *set != self.desk.local.notify) {
            self.desk.local.notify = set;
            self.notify = Notifying::default();
            self.put_local();
            self.out.told = true;
        }
        let (state, why) = self.notify_rung();
        let name = RungName::Notifications;
        Notifications {
            notify: self.desk.local.notify,
            desktop: Rung { name, state, why },
        }
    }

    pub(super) fn notify_rung(&self) -> (RungState, Why) {
        match (self.desk.local.notify, self.notify.shown) {
            (Notify::Off, _) => (RungState::Off, Why::NotifyOff),
            (_, Some(false)) => (RungState::Failed, Why::NotShown),
            _ => (RungState::Ok, Why::NotifyOn),
        }
    }

    /// Entries come from the partner: Today is kept in mind as it is.
    pub(super) fn entries_come(&mut self, now: Now) {
        if self.desk.local.notify == Notify::Off || self.notify.said {
            return;
        }
        let look_at = now.mono + QUIET;
        if let Some(came) = &mut self.notify.came {
            came.look_at = look_at;
            return;
        }
        let before = self.lines_of_today(now);
        let couple = self.couple.as_ref();
        let entries = couple.map_or(0, |it| it.book(Who::Partner).entries());
        self.notify.came = Some(Came {
            before,
            entries,
            look_at,
        });
    }

    pub(super) fn notify_tick(&mut self, now: Now) {
        let due = |came: &mut Came| came.look_at <= now.mono;
        let Some(came) = self.notify.came.take_if(due) else {
            return;
        };
        let mut gained = self.lines_of_today(now);
        for line in &came.before {
            if let Some(at) = gained.iter().position(|it| it == line) {
                gained.swap_remove(at);
            }
        }
        if !gained.is_empty() && self.partner_gave(&gained, came.entries) {
            self.notify.said = true;
            let notify = self.desk.local.notify;
            self.out.effects.push(Effect::Notify(notify));
        }
    }

    /// Whether something that the partner said since gave one of these lines. Others come with their day, or by what is
    /// never told so.
    fn partner_gave(&self, lines: &[Line], since: usize) -> bool {
        let Some(couple) = &self.couple else {
            return false;
        };
        let about: BTreeSet<&str> = lines.iter().map(|(about, _)| about.as_str()).collect();
        let on_break = about.contains(BREAK);
        let book = couple.book(Who::Partner);
        let mut all = (since..book.entries()).flat_map(|index| book.said_in(index));
        all.any(|said| {
            let names = names(couple, said);
            let named = names.iter().any(|name| about.contains(name.as_str()));
            if !named && !on_break {
                return false;
            }
            said.read().is_some_and(|it| match it.body {
                Body::Told(told) if told.kind == ToldKind::Break => on_break,
                body => named && !is_never_told(&body),
            })
        })
    }

    /// What stands on Today that the partner can have given it.
    fn lines_of_today(&mut self, now: Now) -> Vec<Line> {
        let today = self.glance(now);
        let waiting = today.waiting.into_iter();
        let waiting = waiting.map(|it| (it.id, format!("{:?}", it.what)));
        let told = today.told.into_iter();
        let told = told.filter(|it| it.what != TodayToldWhat::LookAgain);
        let told = told.map(|it| (it.id, format!("{:?}", (it.what, it.says, it.step))));
        let on_break = today.on_break.into_iter();
        let on_break = on_break.map(|it| (BREAK.into(), it.back_at.to_string()));
        let mut lines: Vec<Line> = waiting.chain(told).chain(on_break).collect();
        for hash in self.desk.local.news.0.clone() {
            let id = self.couple.as_ref().and_then(|it| it.find(&hash));
            if let (Some(id), Some(news)) =
                (id.map(|(_, said)| said.id), self.news_line(now, &hash))
            {
                lines.push((id.hex(), format!("{:?}", news.what)));
            }
        }
        lines
    }
}

/// What takes back, ends or moves on: nothing of it waits for anybody (KINDS §7).
fn is_never_told(body: &Body) -> bool {
    matches!(
        body,
        Body::TakeBack(_)
            | Body::PutAway(_)
            | Body::Cancel(_)
            | Body::Answer(Answer {
                says: Verb::Stop | Verb::Done,
                ..
            })
    )
}

/// By what Today names a thing, or what it is about.
fn names(couple: &Couple, said: Said<'_>) -> Vec<String> {
    let mut names = vec![said.id.hex()];
    match said.subject {
        Some(Subject::Agreement(id)) => names.push(id.hex()),
        Some(Subject::Slot(slot)) => {
            names.push(slot.to_string());
            if let Slot::Repair { id, .. } = &**slot {
                names.push(id.hex());
            }
        }
        Some(Subject::Told(who, index)) => {
            names.push(couple.book(*who).at(*index as usize).id.hex());
        }
        Some(Subject::Draft(_)) | None => {}
    }
    names
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use crate::books::rows::Row;
    use crate::sim::Sim;
    use troth_proto::api::{Notify, Request};

    #[test]
    fn a_row_of_before_lacks_it_and_it_is_off() {
        let mut sim = Sim::paired(1);
        let set = Some(Notify::En);
        sim.request(0, Request::Notify { set }).unwrap();
        let whole = sim.devices[0].disk[&Row::Local].clone();
        // Nor did one know how often the private pages' file was written: none here.
        // Nor when the partner closed a repair: never.
        for (lacks, left) in [
            (0, Notify::En),
            (1, Notify::En),
            (2, Notify::Off),
            (3, Notify::Off),
        ] {
            let row = whole[..whole.len() - lacks].to_vec();
            sim.devices[0].disk.insert(Row::Local, row);
            sim.crash(0);
            let local = &sim.node(0).desk.local;
            assert_eq!((local.notify, local.private), (left, None), "{lacks}");
            assert!(sim.node(0).desk.notices.is_empty(), "{lacks}");
        }
    }
}
