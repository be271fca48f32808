//! A program that is not ours: acts in any form, about anything, on older ends of its book, with false days.

use super::*;
use troth_proto::assertion::blinded;

/// What a kind's or a verb's words are called.
fn field(name: &str) -> &'static str {
    match name {
        "thanks" => "did",
        "permission" | "may_i" => "with_whom",
        "trust_given" => "allows",
        "to_talk_about" => "topic",
        "bid" => "line",
        "break" => "note",
        "confidence" | "small_truth" | "tender_spot" | "ask" | "about_me" => "text",
        _ => "words",
    }
}

impl History {
    pub(super) fn lie(&mut self, p: usize) {
        let now = self.now(p);
        let said = |x: &Id| !read::name(&now.model, *x).is_empty();
        let things: Vec<Id> = now.all.iter().copied().filter(said).collect();
        let told = things.is_empty() || self.one_in(4);
        let name = self.one_of(if told { KINDS } else { VERBS }).unwrap();
        let mut body = self.facts(p, name);
        if self.one_in(8) {
            let wrong = ["until", "step", "day", "page", "weather"][self.below(5)];
            body[wrong] = json!("2026-11-23");
        }
        let today = self.day(p);
        let off = [0, 0, 0, 1, -1, -40][self.below(6)];
        let mut head = json!({"kind": name, "on": epoch().plus(today + off)});
        if !told {
            head["kind"] = json!("answer");
            body["says"] = json!(name);
        } else if name == "bid" && !self.one_in(3) {
            body["day"] = json!(epoch().plus(today + off + self.below(2) as i64));
        }
        head["body"] = body;
        let names = match name {
            "permission" | "trust_given" => self.one_in(2),
            _ => !told || self.one_in(20),
        };
        let mut seen: Vec<String> = Vec::new();
        let about = self.one_of(&things).filter(|_| names);
        if let Some(about) = about {
            head["about"] = json!(now.model.acts[about].id);
            if now.model.by(about) != p && !self.one_in(10) {
                seen.push(now.model.acts[about].hash.clone());
            }
        }
        let agreements = now
            .held
            .all
            .iter()
            .filter(|one| one.head["kind"] == "version");
        seen.extend(
            agreements
                .filter(|one| one.by != p)
                .map(|one| one.hash.clone()),
        );
        if !seen.is_empty() {
            head["seen"] = json!(seen);
        }
        if self.one_in(4) {
            let alike = |x: &Id| {
                now.model.by(*x) == p
                    && read::name(&now.model, *x) == name
                    && now.model.about(*x) == about
            };
            let alike: Vec<Id> = things.iter().copied().filter(alike).collect();
            if let Some(old) = self.one_of(&alike) {
                head["instead_of"] = json!(now.model.acts[old].id);
            }
        }
        let bare = [
            "need_time",
            "listen_as",
            "tell_nobody",
            "plan",
            "done",
            "heard",
            "thank",
        ];
        let worded = bare.contains(&name) == self.one_in(8);
        let words = match worded {
            true => blinded(&[7; 16], &json!({field(name): "in words"}).to_string()),
            false => String::new(),
        };
        let on = self.one_in(4).then(|| self.below(64));
        let written = self.sim.write_head(p, head.clone(), &words, on);
        if self.tells {
            eprintln!("{} lies {head}: {}", ["Ana", "Ben"][p], written.is_some());
        }
        self.reached.insert("a hostile act");
    }

    /// Facts as a kind or a verb has them.
    fn facts(&mut self, p: usize, name: &str) -> Value {
        let today = self.day(p);
        let on = |days: usize| json!(epoch().plus(today + days as i64));
        let how = ["just_listen", "help_me_think", "lets_talk"][self.below(3)];
        match name {
            "confidence" | "small_truth" => json!({"listen_as": how}),
            "listen_as" => json!({"as": how}),
            "permission" if self.one_in(2) => json!({"until": on(self.below(3))}),
            "need_time" => json!({"until": on(self.below(3))}),
            "bid" => json!({"day": on(self.below(2))}),
            "break" => {
                let now = self.sim.unix() + [-90, -20, 20, 40, 4000][self.below(5)] * 60;
                json!({"back_at": troth_proto::day::Minute::of_unix(now)})
            }
            "repair" if self.one_in(2) => json!({"agreement": self.agreement}),
            "plan" => json!({"agreement": self.agreement}),
            "about_me" => {
                let page = ["name", "my_patterns"][self.below(2)];
                json!({"page": page})
            }
            "done" if self.one_in(2) => {
                let step = [3, 6, 7][self.below(3)];
                json!({"step": step})
            }
            "day" => json!({"day": epoch().plus(20 + self.below(2) as i64)}),
            _ => json!({}),
        }
    }
}
