//! What becomes of what was told and of what was answered: read or not, taken back, said better, folded. Each in one scene with
//! many others, since a scene of its own for each would be too rare.

use super::*;

impl History {
    /// One tells a thing of each kind; the other reads some of it; and then some is taken back, and some said better.
    pub(super) fn kinds_and_fates(&mut self, a: usize, b: usize) {
        self.busy = true;
        let mut told: Vec<(&str, String)> = Vec::new();
        for kind in CLOSED_KINDS.iter().chain(&["bid", "about_me"]) {
            if let Some(id) = self.adds(a, kind) {
                told.push((kind, id));
            }
        }
        self.meet();
        for (_, id) in &told {
            if !self.one_in(3) {
                self.opens(b, id);
            }
        }
        self.check(b);
        for (kind, id) in told {
            match (kind, self.one_in(2)) {
                ("bid", false) => {}
                (_, true) => drop(self.write(a, json!({"do": "take_back", "id": id}))),
                _ => self.says_better(a, kind, &id),
            }
        }
        self.meet();
    }

    /// Says it in other words; of a page about oneself a newer one.
    fn says_better(&mut self, p: usize, kind: &str, id: &str) {
        let mut add = self.something(p, kind);
        if kind == "about_me" {
            let now = self.now(p);
            let page = now.held.all.iter().find(|one| one.head["id"] == *id);
            add["facts"] = page.map(|one| one.head["body"].clone()).unwrap_or_default();
        } else {
            add["better"] = json!(id);
        }
        if let Some(add) = add.as_object_mut() {
            add.remove("about");
        }
        let _ = self.write(p, add);
    }

    /// One tells what can be answered in most ways, the other answers; some of that is read, and then taken back or said better;
    /// and sometimes a break folds what was told in trust.
    pub(super) fn answers_and_fates(&mut self, a: usize, b: usize) {
        self.busy = true;
        let mut said: Vec<(String, &str)> = Vec::new();
        for (kind, all) in ANSWERED {
            let mut add = self.something(a, kind);
            if *kind == "confidence" {
                add["facts"] = json!({"listen_as": "help_me_think"});
            }
            let Some(id) = self.written(a, add) else {
                continue;
            };
            self.meet();
            self.opens(b, &id);
            for says in *all {
                let view = json!({"kind": kind});
                if let Some(answer) = self.saying(b, &id, says, &view) {
                    let _ = self.write(b, answer);
                }
                said.push((id.clone(), says));
            }
        }
        self.meet();
        self.check(a);
        self.fates_of(a, b, &said);
        if self.one_in(2) {
            self.adds(b, "break");
            self.meet();
        }
    }

    /// What was answered is read or not; then some is taken back, and some said better.
    fn fates_of(&mut self, a: usize, b: usize, said: &[(String, &str)]) {
        let roots: BTreeSet<&String> = said.iter().map(|(id, _)| id).collect();
        for root in roots {
            if self.one_in(2) {
                self.opens(a, root);
            }
        }
        self.check(a);
        for (root, says) in said {
            if !self.one_in(4) {
                self.ends(b, root, says);
            }
        }
        self.meet();
        self.check(a);
    }

    /// Takes one's own newest such answer back, or says it better where that may be.
    pub(super) fn ends(&mut self, p: usize, root: &str, says: &str) {
        let better = ["words", "say_back", "apology"].contains(&says) && self.one_in(2);
        if !better {
            return self.takes_back(p, root, says);
        }
        if let Some(id) = self.newest_own(p, root, says) {
            let better = json!({"do": "answer", "about": root, "says": says, "better": id,
                "facts": {}, "words": {"words": "in other words"}});
            let _ = self.write(p, better);
        }
    }

    /// Takes one's own newest such answer back.
    pub(super) fn takes_back(&mut self, p: usize, root: &str, says: &str) {
        if let Some(id) = self.newest_own(p, root, says) {
            let _ = self.write(p, json!({"do": "take_back", "id": id}));
        }
    }

    /// One's own newest answer so to what hangs on a root.
    fn newest_own(&mut self, p: usize, root: &str, says: &str) -> Option<String> {
        let now = self.now(p);
        let own = |x: &Id| {
            now.model.by(*x) == p
                && read::name(&now.model, *x) == says
                && now.model.acts[now.model.subject(*x)].id == root
                && !now.model.taken_back(*x, &now.all)
        };
        let newest = now.all.iter().copied().rev().find(own);
        newest.map(|x| now.model.acts[x].id.clone())
    }
}

/// What comes closed.
pub(super) const CLOSED_KINDS: &[&str] = &[
    "thanks",
    "confidence",
    "small_truth",
    "tender_spot",
    "trust_given",
    "to_talk_about",
    "ask",
];

/// What is told to be answered, and in which ways.
const ANSWERED: &[(&str, &[&str])] = &[
    ("small_truth", &["thank", "heard", "words"]),
    ("ask", &["thank", "words", "yes"]),
    ("confidence", &["heard", "words", "may_i", "need_time"]),
    ("to_talk_about", &["meaning"]),
    ("tender_spot", &["say_back"]),
];
