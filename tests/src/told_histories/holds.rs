//! What must hold at any moment, by the model, and what a history has reached.

use super::*;
use crate::told_model::{As, Pause};

/// What the socket says for what is seen.
pub(super) fn word(seen: Seen) -> &'static str {
    match seen {
        Seen::Open => "open",
        Seen::Closed => "closed",
        Seen::Folded => "folded",
        Seen::TakenBack => "taken_back",
        Seen::Older => "older",
        Seen::Nothing => "nothing",
    }
}

/// What the socket shows of a thing: words that have left are open words.
pub(super) fn shown(thing: &Value) -> String {
    match thing["seen"].as_str() {
        Some("gone") => "open".to_owned(),
        Some(seen) => seen.to_owned(),
        None => "nothing".to_owned(),
    }
}

/// Whether somebody's words for a sealed step wait for the other's.
fn is_ready(p: usize, now: &Now, repair: &str, step: u8) -> bool {
    let step = match step {
        2 => "feelings",
        4 => "view",
        5 => "part",
        _ => return false,
    };
    let slot = format!("repair:{repair}/{step}");
    let rounds = |kind: &str, by: &[usize]| -> BTreeSet<u64> {
        let said = now.held.all.iter().filter(|one| {
            one.head["kind"] == kind && one.head["body"]["slot"] == *slot && by.contains(&one.by)
        });
        said.filter_map(|one| one.head["body"]["round"].as_u64())
            .collect()
    };
    let ended = rounds("cancel", &[0, 1]);
    rounds("ready", &[p]).difference(&ended).count() > 0
}

impl History {
    /// Holds what a device shows against the model of what it holds.
    pub fn check(&mut self, p: usize) {
        let now = self.now(p);
        if now.held.branches {
            self.reached.insert("branches");
        }
        for x in now.all.iter().copied() {
            match now.model.acts[x].say {
                Say::Entry { .. } if now.model.subject(x) == x => self.check_thing(p, &now, x),
                Say::Open(_) => self.check_page(p, &now, x),
                _ => {}
            }
        }
        self.check_slots(p, &now);
        self.check_list(p, &now);
        match self.one_in(2) {
            true => self.check_search(p, &now),
            false => self.check_export(p, &now),
        }
        self.check_today(p, &now);
        self.tally(p, &now);
        self.tally_states(p, &now);
    }

    pub(super) fn what(&self, p: usize, now: &Now, x: Id) -> String {
        let (who, name) = (["Ana", "Ben"][p], read::name(&now.model, x));
        let by = ["Ana", "Ben"][now.model.by(x)];
        let about = now.model.about(x).map(|y| read::name(&now.model, y));
        let about = about.map(|name| format!(" about {name}"));
        format!(
            "what {who} sees of {by}'s {name}{} ({})",
            about.unwrap_or_default(),
            &now.model.acts[x].id[..8]
        )
    }

    pub(super) fn show(&mut self, p: usize, now: &Now, x: Id) -> Option<Value> {
        let show = json!({"do": "show", "id": now.model.acts[x].id});
        match self.sim.request(p, request("told", show)) {
            Ok(view) => Some(view),
            Err(Problem::NoSuch { .. }) => None,
            Err(problem) => panic!("{}: {problem:?}", self.what(p, now, x)),
        }
    }

    fn check_thing(&mut self, p: usize, now: &Now, x: Id) {
        let what = self.what(p, now, x);
        let view = self.show(p, now, x);
        let seen = self.see(p, now, x);
        let is = view.as_ref().map_or("nothing".to_owned(), shown);
        self.same(&*is, word(seen), &what);
        let Some(view) = view else { return };
        if matches!(seen, Seen::Closed | Seen::Folded) {
            let hidden = view["words"].is_null() && view["answers"].is_null();
            self.same(hidden, true, &format!("{what}: hidden"));
            return;
        }
        self.check_answers(p, now, x, &view);
        let (model, all) = (&now.model, &now.all);
        let away = model.out_of_sight(x, all, self.moment(p));
        self.same(view["put_away"] == true, away, &format!("{what}: put away"));
        if seen == Seen::TakenBack {
            return;
        }
        let how = model.listen_as(x, all).map(|how| match how {
            As::JustListen => "just_listen",
            As::HelpMeThink => "help_me_think",
            As::LetsTalk => "lets_talk",
        });
        self.same(
            view["listen_as"].as_str(),
            how,
            &format!("{what}: listen as"),
        );
        self.check_time(p, now, x, &view);
        self.check_trust(p, now, x, &view);
        self.check_both(p, now, x, &view);
    }

    /// Each answer is there as it is to be seen, or not at all.
    pub(super) fn check_answers(&mut self, p: usize, now: &Now, root: Id, view: &Value) {
        let mut answers: BTreeMap<&str, &Value> = BTreeMap::new();
        for answer in view["answers"].as_array().into_iter().flatten() {
            let double = answers.insert(answer["id"].as_str().unwrap(), answer);
            assert!(double.is_none());
        }
        for y in now.all.iter().copied().filter(|y| *y != root) {
            let said = now.model.verb(y).is_some() || now.model.kind(y).is_some();
            if !said || now.model.subject(y) != root {
                continue;
            }
            let answer = answers.remove(&*now.model.acts[y].id);
            let is = answer.map_or("nothing".to_owned(), shown);
            let seen = self.see(p, now, y);
            let what = self.what(p, now, y);
            self.same(&*is, word(seen), &what);
            let Some(answer) = answer else { continue };
            if !matches!(seen, Seen::Open | Seen::Older) {
                self.same(
                    answer["words"].is_null(),
                    true,
                    &format!("{what}: no words"),
                );
            }
            let back = now.model.by(y) == p
                && !now.model.taken_back(y, &now.all)
                && now.model.came_back(y, &now.all);
            self.same(
                answer["came_back"] == true,
                back,
                &format!("{what}: came back"),
            );
        }
        let more: Vec<String> = answers.values().map(|answer| answer.to_string()).collect();
        self.same(more.join(" "), String::new(), "more answers");
    }

    /// Who needs time about it, and until when.
    pub(super) fn check_time(&mut self, p: usize, now: &Now, x: Id, view: &Value) {
        let what = self.what(p, now, x);
        for (field, who) in [("i_need_time", p), ("partner_needs_time", 1 - p)] {
            let until = now.model.need_time_of(who, x, &now.all, self.day(p));
            self.same(read::day(&view[field]), until, &format!("{what}: {field}"));
        }
    }

    fn check_trust(&mut self, p: usize, now: &Now, x: Id, view: &Value) {
        let (model, all) = (&now.model, &now.all);
        if !matches!(model.kind(x), Some(Kind::Confidence(_))) {
            return;
        }
        let what = self.what(p, now, x);
        self.same(view["tell_nobody"] == true, model.nobody(x, all), &what);
        let told = view["may_tell"].as_array().into_iter().flatten();
        let told: BTreeSet<&str> = told.map(|thing| thing["id"].as_str().unwrap()).collect();
        let may = model.may_tell(x, all, self.day(p));
        let may: BTreeSet<&str> = may.iter().map(|y| &*model.acts[*y].id).collect();
        self.same(told, may, &format!("{what}: may tell"));
    }

    fn check_both(&mut self, p: usize, now: &Now, x: Id, view: &Value) {
        let (model, all, today) = (&now.model, &now.all, self.day(p));
        let what = self.what(p, now, x);
        if !model.is_repair(Some(x)) {
            return;
        }
        let repair = model.repairing(x, all, today, self.eyes(p, now).now);
        let is = &view["repair"];
        self.same(&is["step"], repair.step, &what);
        self.same(&is["stopped"], repair.stopped, &what);
        self.same(&is["through"], repair.through, &what);
        self.same(read::day(&is["day"]), repair.day, &what);
        self.same(&is["i_am_done"], repair.finished[p], &what);
        self.same(&is["partner_is_done"], repair.finished[1 - p], &what);
        if !model.closed(x, all) {
            self.same(
                is["walked"].is_null(),
                repair.walked,
                &format!("{what}: walked"),
            );
        }
    }

    /// A list shows each thing once, the newest wording for all.
    fn check_list(&mut self, p: usize, now: &Now) {
        let mut lines: BTreeMap<String, Value> = BTreeMap::new();
        let mut after = json!(null);
        loop {
            let list = request("told", json!({"do": "list", "after": after}));
            let list = self.sim.request(p, list).expect("a list");
            for line in list["told"].as_array().into_iter().flatten() {
                let id = line["id"].as_str().unwrap().to_owned();
                assert!(lines.insert(id, line.clone()).is_none());
            }
            after = list["next"].clone();
            if after.is_null() {
                break;
            }
        }
        for x in now.all.iter().copied() {
            if now.model.kind(x).is_none() {
                continue;
            }
            let line = lines.remove(&now.model.acts[x].id);
            let is = line.as_ref().map_or("nothing".to_owned(), shown);
            let seen = match self.see(p, now, x) {
                Seen::Older => Seen::Nothing,
                seen => seen,
            };
            let what = self.what(p, now, x);
            self.same(&*is, word(seen), &format!("{what}, in the list"));
        }
        let more: Vec<String> = lines.values().map(|line| line.to_string()).collect();
        self.same(more.join(" "), String::new(), "more in the list");
    }

    fn check_today(&mut self, p: usize, now: &Now) {
        let today = self.sim.request(p, request("today", json!({})));
        let today = today.expect("today");
        let pause = match (&today["break"]["back_at"], &today["break"]["passed"]) {
            (Value::Null, _) => Pause::None,
            (at, passed) if passed == true => Pause::NotYetOver(read::minute(at).unwrap()),
            (at, _) => Pause::On(read::minute(at).unwrap()),
        };
        let eyes = self.eyes(p, now);
        let (model, all) = (&now.model, &now.all);
        self.same(pause, model.pause(all, eyes.now), "a break");
        let mut is: Vec<TodayLine> = Vec::new();
        for line in today["told"].as_array().into_iter().flatten() {
            let text = |field: &str| line[field].as_str().unwrap_or_default().to_owned();
            let said = match line["what"].as_str() {
                Some("answered") => text("says"),
                _ => String::new(),
            };
            is.push((text("what"), text("id"), said));
        }
        let mut ought = Vec::new();
        for x in all.iter().copied() {
            let Some(what) = self.waits(p, now, x) else {
                continue;
            };
            let said = match what {
                "answered" => read::name(model, x).to_owned(),
                _ => String::new(),
            };
            let id = model.acts[model.subject(x)].id.clone();
            ought.push((what.to_owned(), id, said));
        }
        is.sort();
        ought.sort();
        // A screen's worth; the rest comes when some was opened.
        if ought.len() > 50 {
            return;
        }
        let what = format!("{}'s Today", ["Ana", "Ben"][p]);
        self.same(is, ought, &what);
    }

    /// What Today says of it, if it stands there (KINDS §7).
    fn waits(&self, p: usize, now: &Now, x: Id) -> Option<&'static str> {
        let (model, all, today) = (&now.model, &now.all, self.day(p));
        if !model.sound(x) {
            return None;
        }
        let eyes = self.eyes(p, now);
        let theirs = model.by(x) != p;
        let seen = self.see(p, now, x);
        let known = &self.local[p];
        let hash = &model.acts[x].hash;
        let marked = known.set_aside.contains(hash) || known.opened.contains(hash);
        let away = model.put_away(x, all, today);
        match model.kind(x) {
            Some(Kind::Repair { .. }) => {
                let repair = model.repairing(x, all, today, eyes.now);
                let ready = is_ready(p, now, &model.acts[x].id, repair.step);
                let mine = repair.walked && !repair.waits && !repair.finished[p] && !ready;
                mine.then_some("step")
            }
            Some(Kind::TrustGiven { look_again }) if !theirs => {
                let come = look_again.is_some_and(|day| day <= today);
                (come && seen == Seen::Open).then_some("look_again")
            }
            Some(Kind::Bid { .. }) if theirs => {
                let answered = all
                    .iter()
                    .any(|y| model.by(*y) == p && model.about(*y) == Some(x) && model.sound(*y));
                // Its words never came if it was taken back before.
                let waits = seen == Seen::Open && !answered && now.held.all[x].words.is_some();
                (waits && !known.set_aside.contains(hash)).then_some("bid")
            }
            Some(_) => (theirs && seen == Seen::Closed && !marked && !away).then_some("told"),
            None => {
                let answer = match model.verb(x)? {
                    Verb::NeedTime { .. } => {
                        let root = model.about(x)?;
                        let need = model.need_time_of(model.by(x), root, all, today);
                        seen == Seen::Open && need.is_some()
                    }
                    Verb::Heard | Verb::Thank | Verb::Yes | Verb::NotYet => {
                        let bid = matches!(model.kind(model.subject(x)), Some(Kind::Bid { .. }));
                        seen == Seen::Closed || (bid && seen == Seen::Open)
                    }
                    _ => seen == Seen::Closed,
                };
                (theirs && answer && !marked && !away).then_some("answered")
            }
        }
    }

    fn tally(&mut self, p: usize, now: &Now) {
        let (model, all, today) = (&now.model, &now.all, self.day(p));
        let eyes = self.eyes(p, now);
        let mut reached: BTreeSet<&'static str> = BTreeSet::new();
        let pause = model.pause(all, eyes.now);
        match pause {
            Pause::On(_) => reached.insert("a break on"),
            Pause::NotYetOver(_) => reached.insert("a break not yet over"),
            Pause::None => false,
        };
        if all
            .iter()
            .any(|x| !model.sound(*x) && model.acts[*x].say != Say::Odd)
        {
            reached.insert("an act that does not count");
        }
        let fold = model.fold(all, &eyes);
        let open_repair = model.repairs(all).iter().any(|r| !model.closed(*r, all));
        for x in all.iter().copied().filter(|x| model.sound(*x)) {
            let mine = model.by(x) == p;
            let seen = model.see(&eyes, x, all);
            match seen {
                Seen::Closed => reached.insert("closed"),
                Seen::Open => !mine && eyes.opened.contains(&x) && reached.insert("opened"),
                Seen::Folded if pause == Pause::None && !open_repair && fold => {
                    reached.insert("folded the day after")
                }
                Seen::Folded => reached.insert("folded"),
                Seen::TakenBack => {
                    !mine && model.comes_closed(x) && reached.insert("taken back, opened")
                }
                Seen::Older if !model.came_back(x, all) => reached.insert("an older wording"),
                _ => false,
            };
            let taken_back = model.taken_back(x, all);
            if !mine && seen == Seen::Nothing {
                if taken_back && model.comes_closed(x) {
                    reached.insert("taken back, never opened");
                } else if model.said_better(x, all) {
                    reached.insert("an older wording, never opened");
                }
            }
            if mine && !taken_back && model.fallen(x, all) {
                reached.insert("words that fell");
            }
            if model.came_back(x, all) {
                reached.insert(match (mine, seen) {
                    (true, _) => "came back",
                    (false, Seen::Older) => "came back after it was read",
                    _ => "not asked for any more",
                });
            }
            if mine && model.may_be_put_away(x) && model.put_away(x, all, today) {
                reached.insert("put away");
            }
            reached.extend(self.tally_of(now, x, today));
        }
        self.reached.extend(reached);
    }

    fn tally_of(&self, now: &Now, x: Id, today: i64) -> Vec<&'static str> {
        let (model, all) = (&now.model, &now.all);
        let mut reached = Vec::new();
        if model.need_time(x, all, today).is_some() {
            reached.push("somebody needs time");
        }
        match (model.kind(x), model.verb(x)) {
            (Some(Kind::ToTalkAbout), _) => {
                if model.settled(x, all) {
                    reached.push("settled");
                } else if all.iter().any(|y| {
                    model.about(*y) == Some(x) && matches!(model.verb(*y), Some(Verb::Done { .. }))
                }) {
                    reached.push("half settled");
                }
            }
            (Some(Kind::Repair { .. }), _) => {
                let steps = ["step 2", "step 3", "step 4", "step 5", "step 6", "step 7"];
                let step = usize::from(model.step(x, all));
                if let (2..=7, false) = (step, model.closed(x, all)) {
                    reached.push(steps[step - 2]);
                }
                if model.stopped(x, all) {
                    reached.push("stopped");
                } else if model.closed(x, all) {
                    reached.push("through");
                } else if !model.walked(x, all) {
                    reached.push("two repairs about one agreement");
                }
            }
            (Some(Kind::Break { .. }), _) => {
                let done = |who: usize| {
                    all.iter().any(|y| {
                        model.by(*y) == who && model.about(*y) == Some(x) && model.stands(*y, all)
                    })
                };
                if done(0) && done(1) {
                    reached.push("a break over by both");
                }
            }
            (Some(Kind::Bid { .. }), _) => {
                let seen = model.bid_seen(x, today);
                reached.push(if seen { "a bid seen" } else { "a bid gone" });
            }
            (Some(Kind::Permission { .. }), _) => {
                let holds = model.holds(x, all, today);
                reached.push(match holds {
                    true => "a permission holds",
                    false => "a permission ended",
                });
            }
            (_, Some(Verb::TellNobody)) => reached.push("to tell nobody"),
            (_, Some(Verb::MayI)) => {
                reached.push(match (model.answered(x, all), model.asking_shown(x, all)) {
                    (true, _) => "an asking answered",
                    (false, true) => "an asking waits",
                    (false, false) => "an asking not shown",
                });
            }
            _ => {}
        }
        reached
    }
}
