//! What a search finds and what leaves, held against the model.

use super::pages::{page_of, slot_of};
use super::*;

/// A word of each text that histories write.
const SOUGHT: &[&str] = &["WORD", "kim", "sundays", "to me", "felt", "ADVICE", "sorry"];

/// A line that was found: what to show it by, its kind, and who said it.
type Line = (String, String, String);

/// Whether the words of an act hold it: any of its texts, and nothing of their names.
fn holds(now: &Now, x: Id, sought: &str) -> bool {
    let words = now.held.all[x].words.as_deref().unwrap_or_default();
    let json = words.find('{').map(|at| &words[at..]).unwrap_or_default();
    let words: Value = serde_json::from_str(json).unwrap_or_default();
    let mut texts = words.as_object().into_iter().flatten();
    texts.any(|(name, text)| {
        let text = text.as_str().unwrap_or_default().to_lowercase();
        name != "lean" && text.contains(&sought.to_lowercase())
    })
}

impl History {
    /// Looks for a word, and holds what is found against the model.
    pub(super) fn check_search(&mut self, p: usize, now: &Now) {
        let sought = self.one_of(SOUGHT).expect("a word");
        let mut is: Vec<Line> = Vec::new();
        let mut after = json!(null);
        loop {
            let search = json!({"do": "search", "words": sought, "after": after});
            let found = self.sim.request(p, request("told", search));
            let found = found.expect("a search");
            for line in found["found"].as_array().into_iter().flatten() {
                let text = |field: &str| line[field].as_str().unwrap_or_default().to_owned();
                if text("kind") != "agreement" {
                    is.push((text("id"), text("kind"), text("by")));
                }
            }
            after = found["next"].clone();
            if after.is_null() {
                break;
            }
        }
        let found = now.all.iter().copied();
        let found = found.filter(|x| holds(now, *x, sought) && self.is_found(p, now, *x));
        let mut ought: Vec<Line> = found.map(|x| self.line(p, now, x)).collect();
        is.sort();
        ought.sort();
        let what = format!("what {} finds by “{sought}”", ["Ana", "Ben"][p]);
        self.same(is, ought, &what);
    }

    /// Own and opened words, standing, the newest, not put away, not told in trust (KINDS §7).
    fn is_found(&self, p: usize, now: &Now, x: Id) -> bool {
        let (model, all) = (&now.model, &now.all);
        let stands = model.stands(x, all) && !model.came_back(x, all);
        if !stands || model.in_trust(x) || model.out_of_sight(x, all, self.moment(p)) {
            return false;
        }
        match slot_of(now, x) {
            // Of a page what both have opened, or one's own; of a repair while it is walked.
            Some(slot) => {
                let mine = model.by(x) == p || page_of(now, &slot, p).is_some();
                mine && page_of(now, &slot, model.by(x)) == Some(x)
            }
            None => self.see(p, now, x) == Seen::Open,
        }
    }

    fn line(&self, p: usize, now: &Now, x: Id) -> Line {
        let model = &now.model;
        let root = model.subject(x);
        let id = slot_of(now, root).unwrap_or_else(|| model.acts[root].id.clone());
        let kind = match (slot_of(now, x), model.kind(x)) {
            (Some(_), _) => "page",
            (_, Some(_)) => read::name(model, x),
            _ => "answer",
        };
        let by = if model.by(x) == p { "me" } else { "partner" };
        (id, kind.to_owned(), by.to_owned())
    }

    /// Holds what leaves with its reader against the model: folded or not, and the other's confidences only if ticked.
    pub(super) fn check_export(&mut self, p: usize, now: &Now) {
        let ticked = self.one_in(2);
        let (mut is, mut unopened, mut after) = (Vec::new(), false, json!(null));
        loop {
            let export = json!({"do": "export", "with_confidences": ticked, "after": after});
            let part = self.sim.request(p, request("told", export));
            let part = part.expect("an export");
            for thread in part["told"].as_array().into_iter().flatten() {
                let told = std::iter::once(&thread["told"]);
                let all = told.chain(thread["answers"].as_array().into_iter().flatten());
                let ids = all.filter_map(|thing| thing["id"].as_str());
                is.extend(ids.map(str::to_owned));
            }
            unopened |= part["unopened"] == true;
            after = part["next"].clone();
            if after.is_null() {
                break;
            }
        }
        let eyes = self.eyes(p, now);
        let (model, all) = (&now.model, &now.all);
        let (mut ought, mut closed) = (Vec::new(), 0);
        for x in all.iter().copied() {
            if model.kind(x).is_none() && model.verb(x).is_none() {
                continue;
            }
            let seen = model.see_unfolded(&eyes, x, all);
            closed += u64::from(seen == Seen::Closed);
            let leaves = matches!(seen, Seen::Open | Seen::Older) && !model.came_back(x, all);
            let in_trust = model.by(x) != p && model.in_trust(x);
            if leaves && (!in_trust || ticked) {
                ought.push(model.acts[x].id.clone());
            }
        }
        is.sort();
        ought.sort();
        let what = format!("what leaves with {}, ticked: {ticked}", ["Ana", "Ben"][p]);
        self.same(is, ought, &what);
        self.same(unopened, closed > 0, &format!("{what}: unopened"));
    }
}
