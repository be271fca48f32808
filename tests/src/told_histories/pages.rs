//! Pages that both write before either sees: check-ins, cards and reviews, and how they are held against the model.

use super::holds::{shown, word};
use super::*;

const WEEK: &str = "2026-W47";
const CARD: &str = "card:small-steps/met-after-a-long-day";

/// What one of them has opened in a slot, newest round first; of several in a round the lowest hash.
fn openings(now: &Now, slot: &str, by: usize) -> Vec<Id> {
    let open = |x: &Id| {
        let head = &now.held.all[*x].head;
        now.model.by(*x) == by && head["kind"] == "open" && head["body"]["slot"] == *slot
    };
    let mut all: Vec<Id> = now.all.iter().copied().filter(open).collect();
    all.sort_by_key(|x| {
        let round = now.held.all[*x].head["body"]["round"].as_u64();
        (std::cmp::Reverse(round), now.model.acts[*x].hash.clone())
    });
    all
}

/// The page of somebody's that counts: the newest.
pub(super) fn page_of(now: &Now, slot: &str, by: usize) -> Option<Id> {
    openings(now, slot, by).first().copied()
}

/// The slot that an act was opened in.
pub(super) fn slot_of(now: &Now, x: Id) -> Option<String> {
    let head = &now.held.all[x].head;
    let slot = head["body"]["slot"]
        .as_str()
        .filter(|_| head["kind"] == "open");
    slot.map(str::to_owned)
}

impl History {
    /// Something in a check-in, a card or a review.
    pub(super) fn write_a_page(&mut self, p: usize) {
        match (self.below(4), self.version.clone()) {
            (0, _) => {
                self.slot_step(p, "slot_ready", json!({"slot": CARD, "words": "in words"}));
            }
            (1, Some(version)) => {
                let look = json!({"version": version, "words": "in words", "lean": "keep"});
                self.slot_step(p, "agreement_look", look);
            }
            _ => self.check_in(p),
        }
    }

    pub(super) fn check_in(&mut self, p: usize) {
        let mine = self.slot_view(p, WEEK)["mine"].clone();
        let slot = json!({"slot": WEEK});
        match (mine.as_str(), self.below(3)) {
            (Some("empty"), _) => {
                let words = json!({"wish": "another word"});
                self.slot_step(p, "checkin_ready", json!({"slot": WEEK, "words": words}));
            }
            (Some("ready"), 0) => self.slot_step(p, "checkin_cancel", slot),
            (Some("ready" | "locked"), 1) => self.slot_step(p, "checkin_share", slot),
            (Some("open"), 0) => self.slot_step(p, "checkin_take_back", slot),
            _ => {}
        }
    }

    /// Opens the page of the week without waiting.
    pub(super) fn shares(&mut self, p: usize) {
        self.slot_step(p, "checkin_share", json!({"slot": WEEK}));
    }

    pub(super) fn take_page_back(&mut self, p: usize) {
        self.slot_step(p, "checkin_take_back", json!({"slot": WEEK}));
    }

    fn slot_step(&mut self, p: usize, method: &str, params: Value) {
        let done = self.sim.request(p, request(method, params.clone()));
        if self.tells {
            let who = ["Ana", "Ben"][p];
            eprintln!("{who} {method} {params}: {:?}", done.err());
        }
    }

    pub(super) fn slot_view(&mut self, p: usize, slot: &str) -> Value {
        let show = request("checkin_show", json!({"slot": slot}));
        let mut shown = self.sim.request(p, show).expect("a slot");
        shown["slots"][0].take()
    }

    /// Holds a page that is open against the model: the thread that it begins.
    pub(super) fn check_page(&mut self, p: usize, now: &Now, x: Id) {
        let what = self.what(p, now, x);
        let view = self.show(p, now, x);
        let is = view.as_ref().map_or("nothing".to_owned(), shown);
        self.same(&*is, word(self.see(p, now, x)), &what);
        let Some(view) = view else { return };
        self.check_answers(p, now, x, &view);
        let (model, all, today) = (&now.model, &now.all, self.day(p));
        let away = model.put_away(x, all, today);
        self.same(view["put_away"] == true, away, &format!("{what}: put away"));
        if is == "taken_back" {
            return;
        }
        self.check_time(p, now, x, &view);
    }

    /// Holds each slot with something open in it against the model: whose words are shown, and whose were taken back.
    pub(super) fn check_slots(&mut self, p: usize, now: &Now) {
        let slots = now.all.iter().filter_map(|x| slot_of(now, *x));
        for slot in slots.collect::<BTreeSet<String>>() {
            let view = self.slot_view(p, &slot);
            let pages = [p, 1 - p].map(|by| page_of(now, &slot, by));
            let (model, all) = (&now.model, &now.all);
            let back = pages.map(|page| page.is_some_and(|x| model.taken_back(x, all)));
            let here = |n: usize| {
                let page = pages[n].filter(|_| !back[n]);
                page.is_some_and(|x| now.held.all[x].words.is_some())
            };
            let what = format!("{} in {slot}", ["Ana", "Ben"][p]);
            for (n, who) in ["me", "partner"].into_iter().enumerate() {
                let shown = !view["opened"][who].is_null();
                self.same(shown, here(n), &format!("{what}: words of {who}"));
                // Who has not opened is told of nothing that was taken back before.
                let told = back[n] && (n == 0 || pages[0].is_some());
                let taken = view["taken_back"].as_array().into_iter().flatten();
                let taken = taken.filter(|it| *it == who).count();
                self.same(
                    taken,
                    usize::from(told),
                    &format!("{what}: taken back by {who}"),
                );
                let named = view["pages"][who].as_str();
                let id = pages[n].filter(|_| here(0) || here(1));
                let id = id.map(|x| &*model.acts[x].id);
                self.same(named, id, &format!("{what}: the page of {who}"));
            }
        }
    }
}
