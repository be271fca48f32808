//! What the rows of KINDS §2, §5 and §8 say of acts that were written truly apart: each for both, at a stroke and over three
//! partial connections, and mirrored.

use crate::told_laws::{facts_of, words_of};
use crate::told_table::{Row, answers, call, on_break, row, seen_answer};
use serde_json::{Value, json};
use troth_proto::said::told::ToldKind;

/// Everything that is told but a break and a repair, which are for both.
fn told_by_one() -> impl Iterator<Item = ToldKind> {
    let both = |kind: &ToldKind| matches!(kind, ToldKind::Break | ToldKind::Repair);
    ToldKind::ALL
        .iter()
        .copied()
        .filter(move |kind| !both(kind))
}

fn tell(r: &mut Row, p: usize, kind: ToldKind) -> String {
    let facts = json!({"facts": facts_of(kind)});
    r.add(p, kind.name(), words_of(kind, "Something."), facts)
}

/// An answer with what it needs.
fn say(r: &mut Row, p: usize, about: &str, says: &str) -> String {
    let facts = match says {
        "need_time" => json!({"until": r.day(5)}),
        "listen_as" => json!({"listen_as": "lets_talk"}),
        "day" => json!({"day": r.day(3)}),
        _ => json!({}),
    };
    let words = match says {
        "meaning" | "words" | "say_back" | "apology" => "In words.",
        _ => "",
    };
    if says == "may_i" {
        let ask =
            json!({"do": "answer", "about": about, "says": says, "words": {"with_whom": "Dr Kim"}});
        let view = r.told(p, ask).unwrap();
        return id_of(&answers(&view, says)[0]);
    }
    r.answer_with(p, about, says, words, facts)
}

fn id_of(thing: &Value) -> String {
    thing["id"].as_str().unwrap().to_owned()
}

/// What one of them answered to something stands there on both screens: on the other's closed until it is opened.
fn stands(r: &mut Row, root: &str, by: usize, id: &str, says: &str) {
    let other = 1 - by;
    assert_eq!(seen_answer(&r.show(by, root), id), "open", "{says}, own");
    let comes = match says {
        "need_time" | "listen_as" | "tell_nobody" | "day" | "done" | "stop" => "open",
        _ => "closed",
    };
    let seen = seen_answer(&r.show(other, root), id);
    assert_eq!(seen, comes, "{says}, the other's");
    let opened = r.open(other, root);
    assert_eq!(seen_answer(&opened, id), "open", "{says}, opened");
}

// Pairs that hold for every kind (§2).

#[test]
fn an_answer_of_each_both_stand_whoever_wrote_first() {
    for (kind, hers, his) in [
        ("to_talk_about", "meaning", "meaning"),
        ("to_talk_about", "meaning", "heard"),
        ("to_talk_about", "need_time", "thank"),
        ("to_talk_about", "done", "meaning"),
        ("confidence", "listen_as", "thank"),
        ("confidence", "listen_as", "need_time"),
        ("confidence", "listen_as", "may_i"),
        ("confidence", "tell_nobody", "heard"),
        ("small_truth", "listen_as", "thank"),
        ("small_truth", "listen_as", "need_time"),
        ("repair", "day", "day"),
        ("repair", "need_time", "day"),
    ] {
        for she_is_first in [true, false] {
            row(|r| {
                let (ana, ben) = (r.ana, r.ben);
                let x = match kind {
                    "repair" => {
                        let x = r.add(ana, kind, json!({"words": "Yesterday."}), json!({}));
                        r.part();
                        x
                    }
                    kind => r.opened(kind),
                };
                let (of_hers, of_his) = if she_is_first {
                    let of_hers = say(r, ana, &x, hers);
                    (of_hers, say(r, ben, &x, his))
                } else {
                    let of_his = say(r, ben, &x, his);
                    (say(r, ana, &x, hers), of_his)
                };
                r.meet();
                stands(r, &x, ana, &of_hers, hers);
                stands(r, &x, ben, &of_his, his);
            });
        }
    }
}

#[test]
fn a_mark_and_whatever_else_he_says_both_stand() {
    for kind in ["tender_spot", "trust_given"] {
        for (mark, his) in [("yes", "thank"), ("not_yet", "need_time")] {
            row(|r| {
                let (ana, ben) = (r.ana, r.ben);
                let x = r.opened(kind);
                say(r, ben, &x, "say_back");
                r.meet();
                r.open(ana, &x);
                r.sim.cut();
                let of_hers = say(r, ana, &x, mark);
                let of_his = say(r, ben, &x, his);
                r.meet();
                stands(r, &x, ana, &of_hers, mark);
                stands(r, &x, ben, &of_his, his);
            });
        }
    }
}

#[test]
fn what_each_tells_of_every_kind_both_stand() {
    for hers in told_by_one() {
        for his in [hers, ToldKind::Thanks, ToldKind::Confidence] {
            row(|r| {
                let (ana, ben) = (r.ana, r.ben);
                r.part();
                let (x, y) = (tell(r, ana, hers), tell(r, ben, his));
                r.meet();
                for (by, id, kind) in [(ana, &x, hers), (ben, &y, his)] {
                    let comes = if kind.row().closed { "closed" } else { "open" };
                    assert_eq!(r.seen(by, id), "open", "{kind:?}, own");
                    assert_eq!(r.seen(1 - by, id), comes, "{kind:?}, the other's");
                    assert_eq!(r.open(1 - by, id)["seen"], "open", "{kind:?}, opened");
                }
            });
        }
    }
}

#[test]
fn each_takes_their_own_back_and_both_are_taken_back() {
    for kind in told_by_one() {
        for opened in [false, true] {
            row(|r| {
                let (ana, ben) = (r.ana, r.ben);
                let (x, y) = (tell(r, ana, kind), tell(r, ben, kind));
                r.together();
                if opened {
                    r.open(ben, &x);
                    r.open(ana, &y);
                }
                r.sim.cut();
                r.back(ana, &x);
                r.back(ben, &y);
                r.meet();
                let seen = if opened || !kind.row().closed {
                    "taken_back"
                } else {
                    "nothing"
                };
                // A page about oneself that was taken back, or a bid, says so, or is not there.
                for (by, id) in [(ana, &x), (ben, &y)] {
                    assert_eq!(r.seen(by, id), "taken_back", "{kind:?}, own");
                    assert_eq!(r.seen(1 - by, id), seen, "{kind:?}, the other's");
                    assert_eq!(r.show(by, id)["words"], Value::Null, "{kind:?}");
                }
            });
        }
    }
}

#[test]
fn she_takes_it_back_and_he_his_answer() {
    for (kind, says) in [("thanks", "thank"), ("to_talk_about", "meaning")] {
        row(|r| {
            let (ana, ben) = (r.ana, r.ben);
            let x = r.opened(kind);
            let said = say(r, ben, &x, says);
            r.meet();
            r.open(ana, &x);
            r.sim.cut();
            r.back(ana, &x);
            r.back(ben, &said);
            r.meet();
            assert_eq!(r.seen(ben, &x), "taken_back");
            assert_eq!(seen_answer(&r.show(ben, &x), &said), "taken_back");
            assert_eq!(r.seen(ana, &x), "taken_back");
            assert_eq!(seen_answer(&r.show(ana, &x), &said), "nothing");
        });
    }
}

#[test]
fn whatever_she_does_his_need_of_time_stands_beside_it() {
    type Does = fn(&mut Row, &str) -> Value;
    let does: [(&str, &str, Does); 6] = [
        ("to_talk_about", "says what it means", |r, x| {
            let ana = r.ana;
            say(r, ana, x, "meaning");
            r.show(ana, x)
        }),
        ("to_talk_about", "is done", |r, x| {
            let ana = r.ana;
            say(r, ana, x, "done");
            r.show(ana, x)
        }),
        ("ask", "says it better", |r, x| {
            let ana = r.ana;
            r.better(ana, "ask", x, json!({"text": "Better."}));
            r.show(ana, x)
        }),
        ("ask", "puts it away", |r, x| {
            let ana = r.ana;
            r.told(ana, json!({"do": "put_away", "id": x})).unwrap();
            r.show(ana, x)
        }),
        ("confidence", "asks to be helped", |r, x| {
            let ana = r.ana;
            say(r, ana, x, "listen_as");
            r.show(ana, x)
        }),
        ("confidence", "lets it be told", |r, x| {
            let ana = r.ana;
            let about = json!({"about": x});
            r.add(ana, "permission", json!({"with_whom": "Dr Kim"}), about);
            r.show(ana, x)
        }),
    ];
    for (kind, act, does) in does {
        row(|r| {
            let (ana, ben) = (r.ana, r.ben);
            let x = r.opened(kind);
            let without = does(r, &x);
            let until = json!(r.day(5));
            say(r, ben, &x, "need_time");
            r.meet();
            let hers = r.show(ana, &x);
            assert_eq!(hers["partner_needs_time"], until, "she {act}: {hers:#}");
            assert_eq!(r.show(ben, &x)["i_need_time"], until, "she {act}");
            // Beside his day all is as it was.
            for field in [
                "seen",
                "words",
                "put_away",
                "listen_as",
                "may_tell",
                "better",
                "done",
            ] {
                assert_eq!(hers[field], without[field], "she {act}: {field}");
            }
        });
    }
}

#[test]
fn taken_back_while_he_needs_time_it_is_taken_back_and_she_sees_no_day() {
    row(|r| {
        let (ana, ben) = (r.ana, r.ben);
        let x = r.opened("tender_spot");
        r.back(ana, &x);
        let without = r.show(ana, &x);
        say(r, ben, &x, "need_time");
        r.meet();
        assert_eq!(r.seen(ben, &x), "taken_back");
        assert_eq!(r.show(ana, &x), without);
    });
}

// Break (§5).

fn back_at(r: &mut Row, p: usize, id: &str) -> Option<(String, bool)> {
    let at = r.show(p, id)["facts"]["back_at"].clone();
    Some((at.as_str()?.to_owned(), false))
}

#[test]
fn a_later_time_and_an_earlier_one_are_the_later() {
    row(|r| {
        let (ana, ben) = (r.ana, r.ben);
        let first = call(r, ana, 60);
        r.part();
        let later = call(r, ana, 90);
        call(r, ben, 30);
        r.answer(ben, &first, "done", "");
        r.meet();
        let at = back_at(r, ana, &later);
        for p in [ana, ben] {
            assert_eq!(on_break(&r.today(p)), at);
        }
    });
}

#[test]
fn an_earlier_time_falls_away_only_if_both_are_back_from_it() {
    row(|r| {
        let (ana, ben) = (r.ana, r.ben);
        let long = call(r, ana, 90);
        r.part();
        // She would be back earlier, and he says that he is back: of the one that he knows.
        let short = call(r, ana, 30);
        r.answer(ana, &long, "done", "");
        r.answer(ben, &long, "done", "");
        r.meet();
        let at = back_at(r, ana, &short);
        for p in [ana, ben] {
            assert_eq!(on_break(&r.today(p)), at, "it stays");
        }
        r.sim.cut();
        r.answer(ben, &short, "done", "");
        r.meet();
        for p in [ana, ben] {
            assert_eq!(on_break(&r.today(p)), at, "he alone does not end it");
        }
        r.answer(ana, &short, "done", "");
        r.together();
        for p in [ana, ben] {
            assert_eq!(on_break(&r.today(p)), None);
        }
    });
}

#[test]
fn back_taken_back_and_back_apart_leave_it_on_till_its_time() {
    row(|r| {
        let (ana, ben) = (r.ana, r.ben);
        let x = call(r, ana, 45);
        let back = r.answer(ana, &x, "done", "");
        r.part();
        r.back(ana, &back);
        r.answer(ben, &x, "done", "");
        r.meet();
        let at = back_at(r, ana, &x);
        for p in [ana, ben] {
            assert_eq!(on_break(&r.today(p)), at);
        }
        r.sim.pass(46 * 60_000);
        for p in [ana, ben] {
            assert!(on_break(&r.today(p)).unwrap().1, "its time has come");
        }
    });
}

#[test]
fn a_repair_begun_and_a_break_called_apart_the_repair_is_there_and_waits() {
    row(|r| {
        let (ana, ben) = (r.ana, r.ben);
        r.part();
        let id = r.add(ana, "repair", json!({"words": "Yesterday."}), json!({}));
        let x = call(r, ben, 45);
        r.meet();
        let at = back_at(r, ben, &x);
        for p in [ana, ben] {
            assert_eq!(r.show(p, &id)["repair"]["step"], 1);
            let today = r.today(p);
            assert_eq!(on_break(&today), at);
            assert_eq!(today["told"], Value::Null, "nobody is asked for a step");
        }
        for p in [ana, ben] {
            r.answer(p, &x, "done", "");
        }
        r.together();
        for p in [ana, ben] {
            let today = r.today(p);
            assert_eq!(on_break(&today), None);
            assert_eq!(today["told"][0]["what"], "step", "{today:#}");
            assert_eq!(today["told"][0]["id"], json!(id));
        }
    });
}

// Confidence, permission, trust, matters (§8).

/// A confidence that asks for help, which he has opened.
fn asked_for_help(r: &mut Row) -> String {
    let (ana, ben) = (r.ana, r.ben);
    let help = json!({"facts": {"listen_as": "help_me_think"}});
    let x = r.add(ana, "confidence", json!({"text": "Something."}), help);
    r.together();
    r.open(ben, &x);
    r.sim.cut();
    x
}

fn listen_as(r: &mut Row, p: usize, x: &str, how: &str) {
    r.answer_with(p, x, "listen_as", "", json!({"listen_as": how}));
}

#[test]
fn help_asked_for_again_and_advice_of_before_still_come_back() {
    row(|r| {
        let (ana, ben) = (r.ana, r.ben);
        let x = asked_for_help(r);
        listen_as(r, ana, &x, "just_listen");
        listen_as(r, ana, &x, "help_me_think");
        let advice = r.answer(ben, &x, "words", "You could call.");
        r.meet();
        assert_eq!(seen_answer(&r.open(ana, &x), &advice), "nothing");
        let his = r.show(ben, &x);
        assert_eq!(answers(&his, "words")[0]["came_back"], true, "{his:#}");
        assert_eq!(his["listen_as"], "help_me_think");
        // He may write anew.
        let anew = r.answer(ben, &x, "words", "You could write.");
        r.together();
        assert_eq!(seen_answer(&r.show(ana, &x), &anew), "closed");
        assert_eq!(seen_answer(&r.open(ana, &x), &anew), "open");
        assert_eq!(seen_answer(&r.show(ana, &x), &advice), "nothing");
    });
}

#[test]
fn help_asked_for_and_heard_and_thanked_all_stand() {
    row(|r| {
        let (ana, ben) = (r.ana, r.ben);
        let x = r.opened("confidence");
        listen_as(r, ana, &x, "help_me_think");
        let said = ["heard", "thank"].map(|says| (says, r.answer(ben, &x, says, "")));
        r.meet();
        for p in [ana, ben] {
            assert_eq!(r.show(p, &x)["listen_as"], "help_me_think");
        }
        for (says, id) in &said {
            assert_eq!(seen_answer(&r.show(ana, &x), id), "closed", "{says}");
        }
        r.open(ana, &x);
        for p in [ana, ben] {
            for (says, id) in &said {
                assert_eq!(seen_answer(&r.show(p, &x), id), "open", "{says}");
            }
        }
    });
}

#[test]
fn a_permission_for_an_asking_that_was_taken_back_is_void() {
    row(|r| {
        let (ana, ben) = (r.ana, r.ben);
        let x = r.opened("confidence");
        let asked = say(r, ben, &x, "may_i");
        r.meet();
        r.open(ana, &x);
        r.sim.cut();
        let about = json!({"about": asked});
        r.add(ana, "permission", json!({"with_whom": "Dr Kim"}), about);
        let holds = r.show(ana, &x);
        assert_eq!(holds["may_tell"].as_array().unwrap().len(), 1, "{holds:#}");
        r.back(ben, &asked);
        r.meet();
        for p in [ana, ben] {
            assert_eq!(r.show(p, &x)["may_tell"], Value::Null);
        }
        assert_eq!(r.open(ben, &x)["may_tell"], Value::Null);
    });
}

#[test]
fn of_two_permissions_each_stands_and_falls_alone() {
    row(|r| {
        let (ana, ben) = (r.ana, r.ben);
        let x = r.opened("confidence");
        let permit = |r: &mut Row, whom: &str| {
            let about = json!({"about": x});
            r.add(ana, "permission", json!({"with_whom": whom}), about)
        };
        permit(r, "Dr Kim");
        permit(r, "my sister");
        let both = r.show(ana, &x)["may_tell"].clone();
        let both = both.as_array().unwrap();
        let of_kim = both.iter().find(|it| it["words"]["with_whom"] == "Dr Kim");
        let of_kim = id_of(of_kim.unwrap());
        r.part();
        r.back(ana, &of_kim);
        say(r, ben, &x, "heard");
        r.meet();
        for p in [ana, ben] {
            let left = r.open(p, &x)["may_tell"].clone();
            assert_eq!(left.as_array().unwrap().len(), 1, "{left:#}");
            assert_eq!(left[0]["words"]["with_whom"], "my sister");
        }
    });
}

#[test]
fn trust_stays_when_its_tender_spot_is_taken_back_and_its_link_says_so() {
    row(|r| {
        let (ana, ben) = (r.ana, r.ben);
        let spot = r.text(ana, "tender_spot");
        let words = json!({"allows": "Evenings out."});
        let x = r.add(ana, "trust_given", words, json!({"about": spot}));
        r.together();
        r.open(ben, &spot);
        r.open(ben, &x);
        r.sim.cut();
        r.back(ana, &spot);
        let said = say(r, ben, &x, "say_back");
        r.meet();
        for p in [ana, ben] {
            let view = r.show(p, &x);
            assert_eq!(view["seen"], "open");
            assert_eq!(view["words"]["allows"], "Evenings out.");
            assert_eq!(view["about"], json!(spot));
            assert_eq!(r.seen(p, &spot), "taken_back");
        }
        stands(r, &x, ben, &said, "say_back");
    });
}

#[test]
fn settled_and_reopened_apart_is_open_by_whatever_reopens_it() {
    for reopens in ["take_back", "meaning", "need_time"] {
        row(|r| {
            let (ana, ben) = (r.ana, r.ben);
            let x = r.opened("to_talk_about");
            // He has said so before she does.
            let his = say(r, ben, &x, "done");
            r.part();
            say(r, ana, &x, "done");
            assert_eq!(r.show(ana, &x)["put_away"], true, "settled on her screen");
            match reopens {
                "take_back" => r.back(ben, &his),
                says => drop(say(r, ben, &x, says)),
            }
            r.meet();
            for p in [ana, ben] {
                let view = r.show(p, &x);
                assert_eq!(view["put_away"], Value::Null, "{reopens}: {view:#}");
                let hers = if p == ana { "me" } else { "partner" };
                assert_eq!(view["done"], json!([hers]), "{reopens}");
            }
            // Said once more by him, it is settled.
            say(r, ben, &x, "done");
            r.together();
            for p in [ana, ben] {
                assert_eq!(r.show(p, &x)["put_away"], true, "{reopens}");
            }
        });
    }
}
