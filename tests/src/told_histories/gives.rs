//! K14 on the screens: the acts of the one never add to what the other gives, and never change the other's own words.

use super::*;

/// What somebody gives: words, permissions, yeses, each by its id.
type Given = BTreeSet<(&'static str, String)>;

impl History {
    /// Everything that a screen shows, thing by thing.
    fn views(&mut self, screen: usize) -> Vec<Value> {
        let now = self.now(screen);
        let root = |x: &Id| match now.model.acts[*x].say {
            Say::Entry { .. } => now.model.subject(*x) == *x,
            Say::Open(_) => true,
            _ => false,
        };
        let roots: Vec<Id> = now.all.iter().copied().filter(root).collect();
        let views = roots.into_iter();
        views.filter_map(|x| self.show(screen, &now, x)).collect()
    }

    /// What the other gives, on this one's screen. A second asking shows once the first was answered: the one exception.
    pub(super) fn given_to(&mut self, screen: usize) -> Given {
        let mut given = Given::new();
        for view in self.views(screen) {
            let answers = view["answers"].as_array().into_iter().flatten();
            let page = view["slot"].is_string();
            let things = std::iter::once(&view).filter(|_| !page).chain(answers);
            for thing in things.filter(|it| it["by"] == "partner" && it["says"] != "may_i") {
                let id = thing["id"].as_str().unwrap_or_default().to_owned();
                let seen = thing["seen"].as_str().unwrap_or_default();
                if thing["says"] == "yes" && matches!(seen, "open" | "closed" | "gone") {
                    given.insert(("yes", id.clone()));
                }
                if seen != "taken_back" {
                    given.insert(("words", id));
                }
            }
            given.extend(may_tell(&view, "partner"));
        }
        given
    }

    /// What the other has told in trust, were nothing folded: by the model.
    pub(super) fn given_in_trust(&mut self, screen: usize) -> Given {
        let now = self.now(screen);
        let (model, all, eyes) = (&now.model, &now.all, self.eyes(screen, &now));
        let mut given = Given::new();
        for x in all.iter().copied() {
            if model.by(x) == screen || !model.in_trust(x) {
                continue;
            }
            let id = json!(model.acts[x].id);
            if matches!(
                model.see_unfolded(&eyes, x, all),
                Seen::Open | Seen::Closed | Seen::Older
            ) {
                given.insert(("words", model.acts[x].id.clone()));
            }
            for may in model.may_tell(x, all, eyes.today) {
                given.insert(("permission", format!("{id} {}", json!(model.acts[may].id))));
            }
        }
        given
    }

    /// One's own words on one's own screen, each as it is seen; and what one lets be told.
    pub(super) fn own_words(&mut self, screen: usize) -> (Vec<String>, Given) {
        let (mut own, mut given) = (Vec::new(), Given::new());
        for view in self.views(screen) {
            let answers = view["answers"].as_array().into_iter().flatten();
            let things = std::iter::once(&view).chain(answers);
            for thing in things.filter(|it| it["by"] == "me") {
                own.push(format!(
                    "{} {} {}",
                    thing["id"], thing["seen"], thing["words"]
                ));
            }
            given.extend(may_tell(&view, "me"));
        }
        (own, given)
    }

    /// Some of what the one wrote comes to the other, and nothing the other way.
    pub(super) fn one_way(&mut self, to: usize) {
        self.sim.connect();
        let looks = self.one_in(2);
        let before = looks.then(|| (self.own_acts(to), self.own_words(to)));
        for _ in 0..1 + self.below(7) {
            self.sim.deliver(to);
        }
        let Some((acts, (own, given))) = before else {
            return;
        };
        // Unless own acts came back to a home that is a copy, or its program went on by itself.
        if self.own_acts(to) != acts {
            return;
        }
        let (own_after, given_after) = self.own_words(to);
        let who = ["Ana", "Ben"][to];
        let hidden = own.iter().filter(|it| !own_after.contains(it));
        let hidden: Vec<String> = hidden.cloned().collect();
        self.same(
            hidden,
            Vec::<String>::new(),
            &format!("{who}'s own words, changed"),
        );
        let more: Given = given_after.difference(&given).cloned().collect();
        self.same(more, Given::new(), &format!("{who} lets more be told"));
        self.reached.insert("came one way");
    }

    fn own_acts(&mut self, p: usize) -> usize {
        let now = self.now(p);
        now.all.iter().filter(|x| now.model.by(**x) == p).count()
    }
}

fn may_tell(view: &Value, by: &str) -> Given {
    let permissions = view["may_tell"].as_array().into_iter().flatten();
    let permissions = permissions.filter(|_| view["by"] == by);
    permissions
        .map(|it| ("permission", format!("{} {}", view["id"], it["id"])))
        .collect()
}
