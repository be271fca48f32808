//! Which states of which kind a history has reached.

use super::*;

/// What each kind and each answer is seen as: all there is. Each in at least two of a hundred histories, and nothing else. A word
/// alone is of the other's.
pub const STATES: &[(&str, &[&str])] = &[
    (
        "thanks",
        &[CLOSED, OPENED, BACK, NEVER, OLDER, UNREAD, AWAY],
    ),
    (
        "confidence",
        &[CLOSED, OPENED, BACK, NEVER, OLDER, UNREAD, AWAY, FOLDED],
    ),
    (
        "small_truth",
        &[CLOSED, OPENED, BACK, NEVER, OLDER, UNREAD, AWAY, FOLDED],
    ),
    // It is put away with the confidence that it is about.
    ("permission", &[SHOWN, BACK, AWAY, FOLDED, "holds", "ended"]),
    ("tender_spot", &[CLOSED, OPENED, BACK, NEVER, OLDER, UNREAD]),
    ("trust_given", &[CLOSED, OPENED, BACK, NEVER, OLDER, UNREAD]),
    (
        "to_talk_about",
        &[
            CLOSED,
            OPENED,
            BACK,
            NEVER,
            OLDER,
            UNREAD,
            AWAY,
            "both meanings",
        ],
    ),
    ("ask", &[CLOSED, OPENED, BACK, NEVER, OLDER, UNREAD, AWAY]),
    ("bid", &[SHOWN, BACK, AWAY]),
    ("break", &[SHOWN, BACK, AWAY, "over by both"]),
    ("repair", &[SHOWN, BACK, AWAY, "through"]),
    ("about_me", &[SHOWN, BACK, OLDER]),
    ("open", &[SHOWN, BACK, NEVER, AWAY]),
    // Shown at once: what is said of a page or a bid.
    ("heard", &[CLOSED, OPENED, SHOWN, BACK, NEVER, FOLDED]),
    ("thank", &[CLOSED, OPENED, SHOWN, BACK, NEVER, FOLDED]),
    ("need_time", &[SHOWN, BACK, FOLDED]),
    (
        "words",
        &[
            CLOSED,
            OPENED,
            BACK,
            NEVER,
            OLDER,
            UNREAD,
            FOLDED,
            "came back",
        ],
    ),
    (
        "say_back",
        &[
            CLOSED,
            OPENED,
            SHOWN,
            BACK,
            NEVER,
            OLDER,
            UNREAD,
            "marked yes",
            "marked not yet",
        ],
    ),
    ("yes", &[CLOSED, OPENED, SHOWN, BACK, NEVER]),
    ("not_yet", &[CLOSED, OPENED, SHOWN, BACK, NEVER]),
    ("listen_as", &[SHOWN, FOLDED]),
    ("tell_nobody", &[SHOWN, BACK, FOLDED]),
    ("may_i", &[CLOSED, OPENED, BACK, NEVER, FOLDED]),
    ("meaning", &[CLOSED, OPENED, BACK, NEVER]),
    ("plan", &[SHOWN, BACK]),
    ("done", &[SHOWN, BACK]),
    ("day", &[SHOWN, BACK]),
    (
        "apology",
        &[
            CLOSED,
            OPENED,
            BACK,
            NEVER,
            OLDER,
            UNREAD,
            "accepted",
            "not accepted yet",
        ],
    ),
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
        // A page that is open stands open on both screens.
        let closes = model.closes(x) && !matches!(model.acts[x].say, Say::Open(_));
        Some(match self.see(p, now, x) {
            Seen::Closed => CLOSED,
            Seen::Open if closes => OPENED,
            Seen::Open => SHOWN,
            Seen::Folded => FOLDED,
            Seen::TakenBack => BACK,
            Seen::Older if model.came_back(x, all) => return None,
            Seen::Older => OLDER,
            // What it speaks of fell, or the day of its bid has gone.
            Seen::Nothing if model.fell_with_its_about(x, all) || !model.closes(x) => return None,
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
            let away = model.out_of_sight(x, all, self.moment(p));
            states.extend(is(away, AWAY));
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
