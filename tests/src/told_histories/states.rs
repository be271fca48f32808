//! Which states of which kind a history has reached.

use super::*;

/// What each kind and each answer must be seen as, in at least two of a hundred histories. A word alone is of the other's;
/// "own" is one's own.
pub const STATES: &[(&str, &[&str])] = &[
    ("thanks", &[CLOSED, OPENED, NEVER, UNREAD, AWAY]),
    (
        "confidence",
        &[CLOSED, OPENED, BACK, NEVER, UNREAD, AWAY, FOLDED],
    ),
    (
        "small_truth",
        &[CLOSED, OPENED, NEVER, UNREAD, AWAY, FOLDED],
    ),
    ("permission", &[SHOWN, BACK, FOLDED, "holds", "ended"]),
    ("tender_spot", &[CLOSED, OPENED, BACK, NEVER, UNREAD]),
    ("trust_given", &[CLOSED, OPENED, NEVER, UNREAD]),
    (
        "to_talk_about",
        &[CLOSED, OPENED, NEVER, OLDER, UNREAD, AWAY, "both meanings"],
    ),
    ("ask", &[CLOSED, OPENED, BACK, NEVER, UNREAD, AWAY]),
    ("bid", &[SHOWN, AWAY]),
    ("break", &[SHOWN, BACK, "over by both"]),
    ("repair", &[SHOWN, AWAY, "through"]),
    ("about_me", &[SHOWN, BACK]),
    ("open", &[SHOWN, BACK, AWAY]),
    ("heard", &[CLOSED]),
    ("thank", &[CLOSED]),
    ("need_time", &[SHOWN, BACK]),
    ("words", &["came back"]),
    (
        "say_back",
        &[CLOSED, OPENED, BACK, OLDER, "marked yes", "marked not yet"],
    ),
    ("yes", &[CLOSED, OPENED]),
    ("not_yet", &[CLOSED, OPENED]),
    ("listen_as", &[SHOWN]),
    ("tell_nobody", &[SHOWN, BACK]),
    ("may_i", &[CLOSED, OPENED]),
    ("meaning", &[CLOSED, OPENED]),
    ("plan", &[SHOWN]),
    ("done", &[SHOWN, BACK]),
    ("day", &[SHOWN, BACK]),
    ("apology", &[OPENED, "accepted"]),
    ("stop", &[SHOWN]),
];

const CLOSED: &str = "closed";
const OPENED: &str = "opened";
const SHOWN: &str = "shown";
const FOLDED: &str = "folded";
const BACK: &str = "taken back";
const NEVER: &str = "taken back, never opened";
const OLDER: &str = "older";
const UNREAD: &str = "older, never opened";
const AWAY: &str = "put away";

impl History {
    /// Notes the states that somebody sees of everything.
    pub(super) fn tally_states(&mut self, p: usize, now: &Now) {
        for x in now.all.iter().copied().filter(|x| now.model.sound(*x)) {
            let name = read::name(&now.model, x);
            if name.is_empty() {
                continue;
            }
            let states = self.seen_as(p, now, x).into_iter();
            self.states.extend(states.map(|state| (name, state)));
            let states = self.is_as(p, now, x).into_iter();
            self.states.extend(states.map(|state| (name, state)));
        }
    }

    /// As what the other's is seen.
    fn seen_as(&self, p: usize, now: &Now, x: Id) -> Option<&'static str> {
        let (model, all) = (&now.model, &now.all);
        if model.by(x) == p {
            return None;
        }
        let opened = now.opened.contains(&x);
        Some(match self.see(p, now, x) {
            Seen::Closed => CLOSED,
            Seen::Open if opened => OPENED,
            Seen::Open => SHOWN,
            Seen::Folded => FOLDED,
            Seen::TakenBack => BACK,
            Seen::Older if model.came_back(x, all) => return None,
            Seen::Older => OLDER,
            Seen::Nothing if model.taken_back(x, all) => NEVER,
            Seen::Nothing if model.said_better(x, all) => UNREAD,
            Seen::Nothing => return None,
        })
    }

    /// How it stands, whoever looks.
    fn is_as(&self, p: usize, now: &Now, x: Id) -> Vec<&'static str> {
        let (model, all, today) = (&now.model, &now.all, self.day(p));
        let mut states = Vec::new();
        let is = |it: bool, state: &'static str| it.then_some(state);
        if model.kind(x).is_some() || matches!(model.acts[x].say, Say::Open(_)) {
            states.extend(is(model.put_away(x, all, today), AWAY));
        }
        let about = |verb: Verb, by: usize| {
            let mut said = all.iter();
            said.any(|y| {
                let of = model.about(*y) == Some(x) && model.by(*y) == by;
                of && model.verb(*y) == Some(&verb) && model.stands(*y, all)
            })
        };
        match (model.kind(x), model.verb(x)) {
            (Some(Kind::Permission { .. }), _) => {
                let holds = model.holds(x, all, today);
                states.push(if holds { "holds" } else { "ended" });
            }
            (Some(Kind::ToTalkAbout), _) => {
                let both = about(Verb::Meaning, 0) && about(Verb::Meaning, 1);
                states.extend(is(both, "both meanings"));
            }
            (Some(Kind::Break { .. }), _) => {
                let back = Verb::Done { step: None };
                let both = about(back.clone(), 0) && about(back, 1);
                states.extend(is(both, "over by both"));
            }
            (Some(Kind::Repair { .. }), _) => {
                let through = model.closed(x, all) && !model.stopped(x, all);
                states.extend(is(through, "through"));
            }
            (_, Some(Verb::SayBack | Verb::Apology)) => {
                let (yes, not_yet) = match model.verb(x) {
                    Some(Verb::SayBack) => ("marked yes", "marked not yet"),
                    _ => ("accepted", "not accepted yet"),
                };
                let other = 1 - model.by(x);
                let yeses = model.said_yes(other, x, all);
                states.extend(is(yeses, yes));
                states.extend(is(!yeses && about(Verb::NotYet, other), not_yet));
            }
            (_, Some(Verb::Words)) => states.extend(is(model.came_back(x, all), "came back")),
            _ => {}
        }
        states
    }
}
