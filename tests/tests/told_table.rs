//! Every row "apart" of KINDS §2, of breaks in §5 and of most kinds in §8, at a stroke and over three partial connections, and its mirror image.

use serde_json::{Value, json};
use troth_core::sim::Sim;
use troth_proto::problem::Wrong;
use troth_proto::{Day, Problem};
use troth_tests::histories::request;

/// How the two meet again.
#[derive(Clone, Copy, PartialEq)]
pub enum Meeting {
    AtAStroke,
    ThreeParts,
}

/// Ana is 0 and Ben is 1, or the other way round: the tables hold for both.
pub struct Row {
    pub sim: Sim,
    pub ana: usize,
    pub ben: usize,
    meeting: Meeting,
}

impl Row {
    /// Ana and Ben, who meet at a stroke.
    pub fn two(seed: u64) -> Self {
        Self {
            sim: Sim::paired(seed),
            ana: 0,
            ben: 1,
            meeting: Meeting::AtAStroke,
        }
    }

    pub fn told(&mut self, p: usize, ask: Value) -> Result<Value, Problem> {
        self.sim.request(p, request("told", ask))
    }

    pub fn add(&mut self, p: usize, kind: &str, words: Value, more: Value) -> String {
        let mut ask = json!({"do": "add", "kind": kind, "words": words});
        for (key, value) in more.as_object().unwrap() {
            ask[key] = value.clone();
        }
        let view = self
            .told(p, ask)
            .unwrap_or_else(|problem| panic!("{kind}: {problem:?}"));
        view["id"].as_str().unwrap().to_owned()
    }

    pub fn text(&mut self, p: usize, kind: &str) -> String {
        let field = match kind {
            "thanks" => "did",
            "trust_given" => "allows",
            "to_talk_about" => "topic",
            _ => "text",
        };
        self.add(p, kind, json!({field: "Something."}), json!({}))
    }

    pub fn try_answer(
        &mut self,
        p: usize,
        about: &str,
        says: &str,
        words: &str,
        facts: Value,
    ) -> Result<Value, Problem> {
        let words = match words {
            "" => json!({}),
            words => json!({"words": words}),
        };
        let ask =
            json!({"do": "answer", "about": about, "says": says, "words": words, "facts": facts});
        self.told(p, ask)
    }

    /// Answers, and says under which id.
    pub fn answer(&mut self, p: usize, about: &str, says: &str, words: &str) -> String {
        self.answer_with(p, about, says, words, json!({}))
    }

    pub fn answer_with(
        &mut self,
        p: usize,
        about: &str,
        says: &str,
        words: &str,
        facts: Value,
    ) -> String {
        let view = self
            .try_answer(p, about, says, words, facts)
            .unwrap_or_else(|problem| panic!("{says}: {problem:?}"));
        let mut mine = answers(&view, says)
            .into_iter()
            .filter(|it| it["by"] == "me");
        match mine.next_back() {
            Some(it) => it["id"].as_str().unwrap().to_owned(),
            None => String::new(),
        }
    }

    pub fn open(&mut self, p: usize, id: &str) -> Value {
        self.told(p, json!({"do": "open", "id": id})).unwrap()
    }

    /// What is shown of it; nothing if there is nothing.
    pub fn show(&mut self, p: usize, id: &str) -> Value {
        match self.told(p, json!({"do": "show", "id": id})) {
            Ok(view) => view,
            Err(Problem::NoSuch { .. }) => Value::Null,
            Err(problem) => panic!("{problem:?}"),
        }
    }

    pub fn seen(&mut self, p: usize, id: &str) -> String {
        let seen = self.show(p, id)["seen"].as_str().map(str::to_owned);
        seen.unwrap_or_else(|| "nothing".into())
    }

    pub fn back(&mut self, p: usize, id: &str) {
        self.told(p, json!({"do": "take_back", "id": id})).unwrap();
    }

    pub fn better(&mut self, p: usize, kind: &str, id: &str, words: Value) -> String {
        self.add(p, kind, words, json!({"better": id}))
    }

    pub fn try_better_answer(
        &mut self,
        p: usize,
        (about, says): (&str, &str),
        before: &str,
        words: &str,
    ) -> Result<Value, Problem> {
        let ask = json!({"do": "answer", "about": about, "says": says, "words": {"words": words},
            "better": before});
        self.told(p, ask)
    }

    /// Says an answer better, and says under which id.
    pub fn better_answer(
        &mut self,
        p: usize,
        of: (&str, &str),
        before: &str,
        words: &str,
    ) -> String {
        let view = self.try_better_answer(p, of, before, words).unwrap();
        let mut mine = answers(&view, of.1).into_iter();
        let newest = mine.rfind(|it| it["by"] == "me").unwrap();
        newest["id"].as_str().unwrap().to_owned()
    }

    pub fn together(&mut self) {
        self.sim.connect();
        self.sim.settle();
    }

    pub fn part(&mut self) {
        self.together();
        self.sim.cut();
    }

    pub fn meet(&mut self) {
        if self.meeting == Meeting::ThreeParts {
            for frames in [3, 4, 5] {
                self.sim.connect();
                for n in 0..frames {
                    self.sim.deliver(n % 2);
                }
                self.sim.cut();
            }
        }
        self.together();
    }

    /// Told by Ana, opened by Ben; then they part.
    pub fn opened(&mut self, kind: &str) -> String {
        let id = self.text(self.ana, kind);
        self.together();
        self.open(self.ben, &id);
        self.sim.cut();
        id
    }

    pub fn today(&mut self, p: usize) -> Value {
        self.sim.request(p, request("today", json!({}))).unwrap()
    }

    pub fn days_pass(&mut self, days: i64) {
        for device in &mut self.sim.devices {
            device.day = device.day.plus(days);
        }
        self.sim.pass(1_000);
    }

    pub fn day(&self, days: i64) -> Day {
        self.sim.devices[0].day.plus(days)
    }
}

/// The answers of a kind, as they are seen.
pub fn answers(view: &Value, says: &str) -> Vec<Value> {
    let all = view["answers"].as_array().cloned().unwrap_or_default();
    all.into_iter().filter(|it| it["says"] == says).collect()
}

pub fn seen_answer(view: &Value, id: &str) -> String {
    let all = view["answers"].as_array().cloned().unwrap_or_default();
    let found = all.into_iter().find(|it| it["id"] == id);
    found.map_or("nothing".into(), |it| {
        it["seen"].as_str().unwrap().to_owned()
    })
}

pub fn row(play: impl Fn(&mut Row)) {
    for ana in [0, 1] {
        for meeting in [Meeting::AtAStroke, Meeting::ThreeParts] {
            let mut row = Row {
                ana,
                ben: 1 - ana,
                meeting,
                ..Row::two(7)
            };
            play(&mut row);
        }
    }
}

// Pairs that hold for every kind (§2).

#[test]
fn taking_back_beats_whatever_is_said_about_it_and_its_writer_keeps_their_words() {
    for (kind, says) in [
        ("thanks", "thank"),
        ("tender_spot", "say_back"),
        ("to_talk_about", "meaning"),
        ("ask", "words"),
    ] {
        row(|r| {
            let (ana, ben) = (r.ana, r.ben);
            let x = r.opened(kind);
            r.back(ana, &x);
            let without = r.show(ana, &x);
            let said = r.answer(ben, &x, says, "Mine.");
            r.meet();
            assert_eq!(r.seen(ben, &x), "taken_back");
            // She sees the same whether he answered or not.
            assert_eq!(r.show(ana, &x), without);
            let his = r.show(ben, &x);
            assert_eq!(seen_answer(&his, &said), "open", "{his:#}");
        });
    }
}

#[test]
fn what_is_taken_back_unopened_was_never_there() {
    row(|r| {
        let (ana, ben) = (r.ana, r.ben);
        let x = r.text(ana, "confidence");
        r.part();
        assert_eq!(r.seen(ben, &x), "closed");
        r.back(ana, &x);
        r.meet();
        assert_eq!(r.seen(ben, &x), "nothing");
        assert_eq!(r.seen(ana, &x), "taken_back");
        assert_eq!(r.today(ben)["told"], Value::Null);
        let list = r
            .told(ben, json!({"do": "list", "kind": "confidence"}))
            .unwrap();
        assert_eq!(list["told"], json!([]));
    });
}

#[test]
fn said_better_has_no_answers_yet_and_those_to_the_older_stand_under_it() {
    row(|r| {
        let (ana, ben) = (r.ana, r.ben);
        let x = r.opened("thanks");
        let newer = r.better(ana, "thanks", &x, json!({"did": "Something else."}));
        let said = r.answer(ben, &x, "thank", "");
        r.meet();
        assert_eq!(r.seen(ben, &x), "older");
        assert_eq!(seen_answer(&r.show(ben, &x), &said), "open");
        assert_eq!(r.seen(ben, &newer), "closed");
        assert_eq!(answers(&r.show(ana, &newer), "thank"), [] as [Value; 0]);
        assert_eq!(answers(&r.show(ana, &x), "thank").len(), 1);
        // Taking the newer back takes the older with it.
        r.back(ana, &newer);
        r.together();
        assert_eq!(r.seen(ben, &x), "taken_back");
        assert_eq!(r.seen(ben, &newer), "nothing");
    });
}

#[test]
fn an_older_wording_that_was_not_opened_is_never_opened() {
    row(|r| {
        let (ana, ben) = (r.ana, r.ben);
        let x = r.text(ana, "ask");
        r.part();
        r.better(ana, "ask", &x, json!({"text": "Better."}));
        r.meet();
        assert_eq!(r.seen(ben, &x), "nothing");
        assert!(r.told(ben, json!({"do": "open", "id": x})).is_err());
    });
}

#[test]
fn put_away_by_its_author_it_is_out_of_the_way_with_what_was_said_about_it() {
    row(|r| {
        let (ana, ben) = (r.ana, r.ben);
        let x = r.opened("ask");
        r.told(ana, json!({"do": "put_away", "id": x})).unwrap();
        let said = r.answer(ben, &x, "yes", "Tonight.");
        r.meet();
        for p in [ana, ben] {
            let view = r.show(p, &x);
            assert_eq!(view["put_away"], true);
            assert_ne!(seen_answer(&view, &said), "nothing");
        }
        // It is no line on her Today.
        assert_eq!(r.today(ana)["told"], Value::Null);
        r.told(ana, json!({"do": "put_away", "id": x, "back": true}))
            .unwrap();
        r.together();
        for p in [ana, ben] {
            assert_eq!(r.show(p, &x)["put_away"], Value::Null);
        }
    });
}

#[test]
fn the_partner_puts_nothing_of_mine_away() {
    row(|r| {
        let ben = r.ben;
        let x = r.opened("thanks");
        let away = r.told(ben, json!({"do": "put_away", "id": x}));
        assert_eq!(away, Err(Problem::NotSaidOfThis));
    });
}

#[test]
fn two_who_thank_each_other_both_have_done_so() {
    row(|r| {
        let (ana, ben) = (r.ana, r.ben);
        r.part();
        let (hers, his) = (r.text(ana, "thanks"), r.text(ben, "thanks"));
        r.meet();
        assert_eq!(r.seen(ben, &hers), "closed");
        assert_eq!(r.seen(ana, &his), "closed");
        r.back(ana, &hers);
        r.back(ben, &his);
        r.meet();
        for (p, id) in [(ben, &hers), (ana, &his)] {
            assert_eq!(r.seen(p, id), "nothing");
        }
    });
}

#[test]
fn needing_time_changes_nothing_and_of_two_days_the_later_stands() {
    row(|r| {
        let (ana, ben) = (r.ana, r.ben);
        let x = r.opened("to_talk_about");
        let (sooner, later) = (r.day(2), r.day(5));
        r.answer_with(ana, &x, "need_time", "", json!({"until": sooner}));
        r.answer_with(ben, &x, "need_time", "", json!({"until": later}));
        r.answer_with(ben, &x, "need_time", "", json!({"until": sooner}));
        r.meet();
        let hers = r.show(ana, &x);
        assert_eq!(hers["i_need_time"], json!(sooner));
        assert_eq!(hers["partner_needs_time"], json!(later));
        assert_eq!(hers["seen"], "open");
        r.days_pass(3);
        assert_eq!(r.show(ana, &x)["i_need_time"], Value::Null);
        assert_eq!(r.show(ana, &x)["partner_needs_time"], json!(later));
        // Whoever has answered since needs no time any more.
        r.answer(ben, &x, "meaning", "It means rest.");
        r.together();
        assert_eq!(r.show(ana, &x)["partner_needs_time"], Value::Null);
    });
}

#[test]
fn the_newest_own_answer_counts_and_taken_back_none_does() {
    row(|r| {
        let (ana, ben) = (r.ana, r.ben);
        let x = r.opened("to_talk_about");
        r.answer(ben, &x, "meaning", "First.");
        let newer = r.answer(ben, &x, "meaning", "Second.");
        r.meet();
        r.open(ana, &x);
        let shown = answers(&r.show(ana, &x), "meaning");
        assert_eq!(shown.len(), 1);
        assert_eq!(shown[0]["words"]["words"], "Second.");
        r.back(ben, &newer);
        r.together();
        let shown = answers(&r.show(ana, &x), "meaning");
        let open = shown.iter().filter(|it| it["seen"] == "open");
        assert_eq!(open.count(), 0, "an older one never comes back to life");
    });
}

#[test]
fn said_twice_from_a_copied_home_both_stand_and_one_taken_back_leaves_none() {
    for taken in [0, 1] {
        row(|r| {
            let (ana, ben) = (r.ana, r.ben);
            let x = r.opened("thanks");
            let copy = r.sim.copy(ben);
            let page = json!({"facts": {"page": "my_patterns"}});
            let says = |r: &mut Row| {
                let thank = r.answer(ben, &x, "thank", "");
                let text = json!({"text": "I get loud."});
                (thank, r.add(ben, "about_me", text, page.clone()))
            };
            let one = says(r);
            r.part();
            r.sim.put_back(ben, copy.clone());
            let two = says(r);
            r.meet();
            let (thanks, pages) = ([one.0, two.0], [one.1, two.1]);
            let hers = r.open(ana, &x);
            for (thank, page) in thanks.iter().zip(&pages) {
                assert_eq!(seen_answer(&hers, thank), "open");
                assert_eq!(r.seen(ana, page), "open");
            }
            r.back(ben, &thanks[taken]);
            r.back(ben, &pages[taken]);
            r.together();
            let (thank, page) = (&thanks[1 - taken], &pages[1 - taken]);
            assert_eq!(seen_answer(&r.show(ana, &x), thank), "nothing");
            assert_eq!(seen_answer(&r.show(ben, &x), thank), "open", "his words");
            for p in [ana, ben] {
                assert_eq!(r.seen(p, page), "older");
            }
            // Said anew it counts again.
            let (thank, page) = says(r);
            r.together();
            assert_eq!(seen_answer(&r.show(ana, &x), &thank), "closed");
            assert_eq!(r.seen(ana, &page), "open");
        });
    }
}

// Small truth, tender spot, trust, matters, asks, bids.

#[test]
fn a_small_truth_is_thanked_first() {
    row(|r| {
        let (ana, ben) = (r.ana, r.ben);
        let x = r.opened("small_truth");
        for says in ["heard", "words"] {
            let early = r.try_answer(ben, &x, says, "But.", json!({}));
            assert_eq!(early, Err(Problem::ThanksFirst));
        }
        r.answer(ben, &x, "thank", "");
        let words = r.answer(ben, &x, "words", "I see.");
        let newer = r.better(ana, "small_truth", &x, json!({"text": "More."}));
        r.meet();
        assert_eq!(seen_answer(&r.show(ana, &x), &words), "closed");
        r.open(ben, &newer);
        let early = r.try_answer(ben, &newer, "words", "But.", json!({}));
        assert_eq!(
            early,
            Err(Problem::ThanksFirst),
            "it waits for thanks of its own"
        );
    });
}

#[test]
fn a_saying_back_is_marked_and_said_better_is_unmarked() {
    for kind in ["tender_spot", "trust_given"] {
        row(|r| {
            let (ana, ben) = (r.ana, r.ben);
            let x = r.opened(kind);
            r.answer(ben, &x, "say_back", "You need quiet.");
            r.meet();
            r.open(ana, &x);
            r.sim.cut();
            // "That's it" names what it marks.
            r.answer(ana, &x, "yes", "");
            r.answer(ben, &x, "say_back", "You need quiet and me.");
            r.meet();
            let hers = r.show(ana, &x);
            let marks = answers(&hers, "yes");
            let backs = answers(&hers, "say_back");
            let newest = backs.iter().find(|it| it["seen"] != "older").unwrap();
            assert!(
                marks.iter().all(|mark| mark["about"] != newest["id"]),
                "{hers:#}"
            );
        });
    }
}

#[test]
fn a_saying_back_that_is_taken_back_takes_its_mark_along() {
    row(|r| {
        let (ana, ben) = (r.ana, r.ben);
        let x = r.opened("tender_spot");
        let said = r.answer(ben, &x, "say_back", "You need quiet.");
        r.meet();
        r.open(ana, &x);
        r.sim.cut();
        let mark = r.answer(ana, &x, "yes", "");
        r.back(ben, &said);
        r.meet();
        assert_eq!(seen_answer(&r.show(ben, &x), &mark), "nothing");
    });
}

#[test]
fn trust_is_taken_back_at_once_whatever_is_said_back() {
    row(|r| {
        let (ana, ben) = (r.ana, r.ben);
        let spot = r.text(ana, "tender_spot");
        let about = json!({"about": spot, "facts": {"look_again": r.day(0)}});
        let x = r.add(
            ana,
            "trust_given",
            json!({"allows": "Evenings out."}),
            about,
        );
        r.together();
        r.open(ben, &x);
        assert_eq!(r.today(ana)["told"][0]["what"], "look_again");
        r.sim.cut();
        r.back(ana, &x);
        r.answer(ben, &x, "say_back", "Thank you for it.");
        r.meet();
        assert_eq!(r.seen(ben, &x), "taken_back");
        assert_eq!(r.today(ana)["told"], Value::Null);
    });
}

#[test]
fn a_matter_is_settled_by_both_and_reopened_by_either() {
    row(|r| {
        let (ana, ben) = (r.ana, r.ben);
        let x = r.opened("to_talk_about");
        r.answer(ana, &x, "meaning", "Rest.");
        r.answer(ben, &x, "meaning", "Family.");
        r.meet();
        r.sim.cut();
        r.answer(ana, &x, "done", "");
        r.answer(ben, &x, "done", "");
        r.meet();
        assert_eq!(r.show(ana, &x)["put_away"], true);
        r.sim.cut();
        // Settled again by one, something new by the other: open.
        r.answer(ben, &x, "meaning", "Family and rest.");
        r.meet();
        for p in [ana, ben] {
            assert_eq!(r.show(p, &x)["put_away"], Value::Null);
        }
    });
}

#[test]
fn settled_and_a_new_meaning_apart_leave_it_open() {
    row(|r| {
        let (ana, ben) = (r.ana, r.ben);
        let x = r.opened("to_talk_about");
        r.answer(ben, &x, "done", "");
        r.part();
        r.answer(ana, &x, "done", "");
        r.answer(ben, &x, "meaning", "Family.");
        r.meet();
        for p in [ana, ben] {
            assert_eq!(r.show(p, &x)["put_away"], Value::Null);
        }
    });
}

#[test]
fn proposals_open_when_both_meanings_are_in() {
    row(|r| {
        let (ana, ben) = (r.ana, r.ben);
        let x = r.opened("to_talk_about");
        let words = json!({"topic": "Sundays", "does": {"me": "I cook.", "partner": ""}});
        let proposed = r
            .sim
            .request(ana, request("agreement_propose", words))
            .unwrap();
        let plan = json!({"agreement": proposed["agreement"]});
        let early = r.try_answer(ana, &x, "plan", "", plan.clone());
        assert_eq!(early, Err(Problem::BothMeaningsFirst));
        r.answer(ana, &x, "meaning", "Rest.");
        let his = r.answer(ben, &x, "meaning", "Family.");
        r.meet();
        r.answer_with(ana, &x, "plan", "", plan.clone());
        r.together();
        assert_eq!(answers(&r.show(ben, &x), "plan").len(), 1);
        r.back(ben, &his);
        r.together();
        assert_eq!(
            answers(&r.show(ben, &x), "plan").len(),
            1,
            "the proposal stands"
        );
        let again = r.try_answer(ana, &x, "plan", "", plan);
        assert_eq!(again, Err(Problem::BothMeaningsFirst));
    });
}

#[test]
fn a_bid_is_gone_after_its_day_answered_or_not() {
    row(|r| {
        let (ana, ben) = (r.ana, r.ben);
        let x = r.add(ana, "bid", json!({"line": "Look at the moon?"}), json!({}));
        r.part();
        assert_eq!(r.today(ben)["told"][0]["line"], "Look at the moon?");
        r.answer(ben, &x, "not_yet", "");
        r.meet();
        assert_eq!(r.today(ana)["told"][0]["says"], "not_yet");
        r.days_pass(1);
        for p in [ana, ben] {
            assert_eq!(r.seen(p, &x), "nothing");
            assert_eq!(r.today(p)["told"], Value::Null);
        }
        let late = r.add(
            ana,
            "bid",
            json!({"line": "Tea?"}),
            json!({"facts": {"day": r.day(1)}}),
        );
        r.part();
        r.days_pass(2);
        assert!(r.try_answer(ben, &late, "yes", "", json!({})).is_err());
        let day = json!({"facts": {"day": r.day(2)}});
        let far =
            json!({"do": "add", "kind": "bid", "words": {"line": "Tea?"}, "facts": day["facts"]});
        assert_eq!(r.told(ana, far), Err(Problem::TodayOrTomorrow));
    });
}

#[test]
fn the_newest_page_about_oneself_stands_beside_the_others() {
    row(|r| {
        let (ana, ben) = (r.ana, r.ben);
        let page = json!({"facts": {"page": "my_patterns"}});
        let hers = r.add(
            ana,
            "about_me",
            json!({"text": "I go silent."}),
            page.clone(),
        );
        let his = r.add(ben, "about_me", json!({"text": "I get loud."}), page);
        r.meet();
        for p in [ana, ben] {
            assert_eq!(r.seen(p, &hers), "open");
            assert_eq!(r.seen(p, &his), "open");
        }
        let page = json!({"facts": {"page": "my_patterns"}});
        r.add(ana, "about_me", json!({"text": "I go for a walk."}), page);
        r.together();
        assert_eq!(r.seen(ben, &hers), "older");
    });
}

#[test]
fn a_name_that_was_written_stands_for_that_of_the_pairing_until_it_is_taken_back() {
    row(|r| {
        let (ana, ben) = (r.ana, r.ben);
        let name = |r: &mut Row| {
            let status = r.sim.request(ben, request("status", json!({}))).unwrap();
            status["partner"].clone()
        };
        let before = name(r);
        let page = json!({"facts": {"page": "name"}});
        r.add(ana, "about_me", json!({"text": "Anna"}), page.clone());
        let id = r.add(ana, "about_me", json!({"text": "Annika"}), page.clone());
        r.meet();
        assert_eq!(name(r), "Annika");
        r.back(ana, &id);
        r.together();
        assert_eq!(name(r), before, "an older one does not come back");
        let odd = json!({"do": "add", "kind": "about_me", "words": {"text": "A\u{202e}na"}, "facts": page["facts"]});
        let wrong = Wrong::NoPersonName;
        assert_eq!(r.told(ana, odd), Err(Problem::BadRequest { wrong }));
    });
}

// Break.

/// The return of a break that is on, and whether it has passed.
pub fn on_break(today: &Value) -> Option<(String, bool)> {
    let it = today["break"].as_object()?;
    Some((it["back_at"].as_str()?.to_owned(), it["passed"].as_bool()?))
}

pub fn call(r: &mut Row, p: usize, minutes: u32) -> String {
    r.add(p, "break", json!({}), json!({"minutes": minutes}))
}

#[test]
fn two_breaks_are_one_with_the_later_return() {
    row(|r| {
        let (ana, ben) = (r.ana, r.ben);
        r.part();
        call(r, ana, 40);
        let later = call(r, ben, 60);
        let at = r.show(ben, &later)["facts"]["back_at"].clone();
        r.meet();
        for p in [ana, ben] {
            let (back_at, passed) = on_break(&r.today(p)).unwrap();
            assert_eq!(json!(back_at), at);
            assert!(!passed);
        }
    });
}

#[test]
fn an_earlier_return_needs_both() {
    row(|r| {
        let (ana, ben) = (r.ana, r.ben);
        let long = call(r, ana, 90);
        r.part();
        let short = call(r, ana, 30);
        r.answer(ana, &long, "done", "");
        r.meet();
        let (hers, _) = on_break(&r.today(ana)).unwrap();
        assert_eq!(json!(hers), r.show(ana, &long)["facts"]["back_at"]);
        r.answer(ben, &long, "done", "");
        r.together();
        let (hers, _) = on_break(&r.today(ana)).unwrap();
        assert_eq!(json!(hers), r.show(ana, &short)["facts"]["back_at"]);
    });
}

#[test]
fn both_back_is_over_and_taking_one_back_undoes_it() {
    row(|r| {
        let (ana, ben) = (r.ana, r.ben);
        let x = call(r, ana, 45);
        r.part();
        let back = r.answer(ana, &x, "done", "");
        r.answer(ben, &x, "done", "");
        r.meet();
        for p in [ana, ben] {
            assert_eq!(on_break(&r.today(p)), None);
        }
        r.back(ana, &back);
        r.meet();
        for p in [ana, ben] {
            assert!(on_break(&r.today(p)).is_some());
        }
    });
}

#[test]
fn one_back_is_not_over_and_a_note_taken_back_leaves_the_time() {
    row(|r| {
        let (ana, ben) = (r.ana, r.ben);
        let x = r.add(
            ana,
            "break",
            json!({"note": "A walk."}),
            json!({"minutes": 45}),
        );
        r.part();
        r.back(ana, &x);
        r.answer(ben, &x, "done", "");
        r.meet();
        for p in [ana, ben] {
            assert!(on_break(&r.today(p)).is_some());
        }
        assert_eq!(r.seen(ben, &x), "taken_back");
    });
}

#[test]
fn a_return_that_has_passed_is_asked_after_for_a_day() {
    row(|r| {
        let (ana, ben) = (r.ana, r.ben);
        call(r, ana, 20);
        r.together();
        r.sim.pass(21 * 60_000);
        for p in [ana, ben] {
            assert!(on_break(&r.today(p)).unwrap().1, "not yet over");
        }
        r.sim.pass(24 * 3_600_000);
        for p in [ana, ben] {
            assert_eq!(on_break(&r.today(p)), None);
        }
    });
}

#[test]
fn a_break_lasts_from_twenty_minutes_to_a_day() {
    row(|r| {
        let ana = r.ana;
        for (minutes, fits) in [(19, false), (20, true), (1440, true), (1441, false)] {
            let ask = json!({"do": "add", "kind": "break", "minutes": minutes});
            let answer = r.told(ana, ask);
            assert_eq!(answer.is_ok(), fits, "{minutes}: {answer:?}");
        }
    });
}

// Leaving.

#[test]
fn words_taken_back_leave_at_once_here_and_after_thirty_days_there() {
    row(|r| {
        let (ana, ben) = (r.ana, r.ben);
        let x = r.add(ana, "ask", json!({"text": "CANARY"}), json!({}));
        r.together();
        r.open(ben, &x);
        r.back(ana, &x);
        r.together();
        let holds = |r: &Row, p: usize| format!("{:?}", r.sim.everything(p)).contains("CANARY");
        assert!(!holds(r, ana));
        assert!(holds(r, ben), "opened: he may keep a copy");
        // Whatever day she wrote on it.
        r.days_pass(29);
        assert!(holds(r, ben));
        r.days_pass(1);
        assert!(!holds(r, ben));
    });
}

/// Whether somebody still holds the words that were planted.
fn holds_canary(r: &Row, p: usize) -> bool {
    format!("{:?}", r.sim.everything(p)).contains("CANARY")
}

fn days_pass_here(r: &mut Row, days: i64) {
    for device in &mut r.sim.devices {
        device.day = device.day.plus(days);
    }
    r.sim.pass(700_000);
    r.together();
}

#[test]
fn own_words_put_away_leave_after_ninety_days_and_thirty_later_there() {
    row(|r| {
        let (ana, ben) = (r.ana, r.ben);
        let x = r.add(ana, "thanks", json!({"did": "CANARY"}), json!({}));
        r.together();
        r.open(ben, &x);
        r.told(ana, json!({"do": "put_away", "id": x})).unwrap();
        r.together();
        days_pass_here(r, 89);
        assert!(holds_canary(r, ana));
        days_pass_here(r, 1);
        assert!(!holds_canary(r, ana));
        assert!(holds_canary(r, ben));
        days_pass_here(r, 30);
        assert!(!holds_canary(r, ben));
        assert_eq!(r.seen(ana, &x), "gone");
    });
}

#[test]
fn the_note_of_a_break_that_passed_unanswered_leaves_like_other_words() {
    row(|r| {
        let (ana, ben) = (r.ana, r.ben);
        let x = r.add(ana, "break", json!({"note": "CANARY"}), json!({}));
        r.together();
        // It is over from here on.
        r.sim.pass(26 * 3_600_000);
        days_pass_here(r, 89);
        assert!(holds_canary(r, ana));
        days_pass_here(r, 1);
        assert!(!holds_canary(r, ana));
        days_pass_here(r, 30);
        assert!(!holds_canary(r, ben));
        assert_eq!(r.seen(ana, &x), "gone");
    });
}
