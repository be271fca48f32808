//! KINDS §2: the pairs that hold for every kind.

use super::story::*;

#[test]
fn taken_back_beats_anything_said_about_it() {
    each_thing(|story, x| {
        if !story.model().can_be_taken_back(x) {
            return;
        }
        for verb in rows(story, BEN, x) {
            for opened in [false, true] {
                let mut story = story.clone();
                if opened {
                    story.opens(BEN, x);
                }
                let y = story.answers(BEN, x, verb.clone());
                story.takes_back(ANA, x);
                story.meet();
                let model = story.model();
                let all = model.all();
                assert_eq!(story.sees(ANA, x), Seen::TakenBack);
                let shown = opened || (model.kind(x).is_some() && !model.comes_closed(x));
                let line = if shown {
                    Seen::TakenBack
                } else {
                    Seen::Nothing
                };
                assert_eq!(story.sees(BEN, x), line);
                assert_eq!(story.sees(BEN, y), Seen::Open, "his words stay with him");
                let stays = matches!(model.kind(x), Some(Break { .. } | Repair { .. }));
                assert_eq!(model.fallen(y, &all), !stays);
                if !stays {
                    assert_eq!(story.sees(ANA, y), Seen::Nothing);
                }
            }
        }
    });
}

#[test]
fn the_one_who_takes_back_sees_the_same_answered_or_not() {
    each_thing(|story, x| {
        let model = story.model();
        let stays = matches!(model.kind(x), Some(Repair { .. } | Break { .. }));
        if stays || !model.can_be_taken_back(x) {
            return; // what is said in them does not fall
        }
        for verb in rows(story, BEN, x) {
            let mut story = story.clone();
            let y = story.answers(BEN, x, verb);
            story.takes_back(ANA, x);
            story.meet();
            let with = story.model().all();
            let mut without = with.clone();
            without.remove(&y);
            for act in without.clone() {
                let (a, b) = (
                    story.sees_in(ANA, act, &with),
                    story.sees_in(ANA, act, &without),
                );
                assert_eq!(a, b);
            }
            assert_eq!(story.sees(ANA, y), Seen::Nothing);
        }
    });
}

#[test]
fn said_better_apart_from_an_answer_the_answer_stands_under_the_older() {
    each_thing(|story, x| {
        if !story.model().may_be_said_better(x) {
            return;
        }
        for verb in rows(story, BEN, x) {
            let mut story = story.clone();
            story.opens(BEN, x);
            let y = story.answers(BEN, x, verb);
            let z = story.better(ANA, x);
            story.meet();
            let model = story.model();
            let all = model.all();
            assert!(model.sound(z) && model.stands(y, &all) && model.about(y) == Some(x));
            assert!(all.iter().all(|act| model.about(*act) != Some(z)));
            assert_eq!(model.need_time(z, &all, story.today), None);
            assert!(!model.said_yes(story.who(BEN), z, &all));
            story.both_see(x, Seen::Older);
            let new = if model.kind(z).is_some() || model.worded(z) {
                Seen::Closed
            } else {
                Seen::Open
            };
            assert_eq!(story.sees(BEN, z), new);
        }
    });
}

#[test]
fn put_away_apart_from_an_answer_the_answer_is_under_it() {
    each_thing(|story, x| {
        if !story.model().may_be_put_away(x) {
            return;
        }
        for verb in rows(story, BEN, x) {
            let mut story = story.clone();
            let y = story.answers(BEN, x, verb);
            let away = story.says(ANA, Say::PutAway(x));
            story.meet();
            let model = story.model();
            let put_away = |inside: &Set| [x, y].map(|x| model.put_away(x, inside, story.today));
            assert_eq!(put_away(&model.all()), [true, true]);
            assert!(model.stands(y, &model.all()));
            assert_ne!(story.sees(ANA, x), Seen::Nothing);
            // And it may be taken back.
            story.takes_back(ANA, away);
            let model = story.model();
            assert!(!model.put_away(x, &model.all(), story.today));
        }
    });
}

#[test]
fn any_answer_beside_any_answer_both_stand() {
    for who in [ANA, BEN] {
        for kind in every_kind() {
            each(|story| {
                story.agreement("Visits");
                let x = story.tells(who, kind.clone());
                story.meet();
                for hers in rows(story, ANA, x) {
                    for his in rows(story, BEN, x) {
                        for apart in [false, true] {
                            let mut story = story.clone();
                            let a = story.answers(ANA, x, hers.clone());
                            if !apart {
                                story.meet();
                            }
                            let b = story.answers(BEN, x, his.clone());
                            story.meet();
                            let model = story.model();
                            let all = model.all();
                            assert!(model.stands(a, &all) && model.stands(b, &all));
                        }
                    }
                }
            });
        }
    }
}

#[test]
fn an_entry_beside_an_entry_both_stand() {
    for hers in every_kind() {
        for his in every_kind() {
            each(|story| {
                let a = story.tells(ANA, hers.clone());
                let b = story.tells(BEN, his.clone());
                story.meet();
                let model = story.model();
                let all = model.all();
                assert!(model.stands(a, &all) && model.stands(b, &all));
                assert_eq!(story.sees(ANA, a), Seen::Open);
                assert_ne!(story.sees(BEN, a), Seen::Nothing);
            });
        }
    }
}

#[test]
fn taken_back_beside_taken_back_both_are() {
    for hers in every_kind() {
        each(|story| {
            let a = story.tells(ANA, hers.clone());
            let b = story.tells(BEN, Ask);
            story.meet();
            story.takes_back(ANA, a);
            story.takes_back(BEN, b);
            story.meet();
            let model = story.model();
            assert!([a, b].iter().all(|x| model.taken_back(*x, &model.all())));
            assert_eq!(
                [story.sees(ANA, a), story.sees(BEN, b)],
                [Seen::TakenBack; 2]
            );
        });
    }
}

#[test]
fn any_act_beside_need_time_is_done_and_the_day_is_shown() {
    each_thing(|story, x| {
        let need = Verb::NeedTime { until: 103 };
        if !rows(story, BEN, x).contains(&need) {
            return;
        }
        for hers in rows(story, ANA, x) {
            let mut story = story.clone();
            let a = story.answers(ANA, x, hers.clone());
            story.answers(BEN, x, need.clone());
            story.meet();
            let model = story.model();
            let all = model.all();
            assert!(model.stands(a, &all));
            assert_eq!(model.need_time(x, &all, 103), Some(103));
            assert_eq!(model.need_time(x, &all, 104), None, "passed");
            // Whoever needed time has answered something else.
            if hers != need {
                story.answers(BEN, x, Verb::Thank);
                let model = story.model();
                let answered = rows(&story, BEN, x).contains(&Verb::Thank);
                let day = (!answered).then_some(103);
                assert_eq!(model.need_time(x, &model.all(), 103), day);
            }
        }
    });
}

#[test]
fn need_time_beside_need_time_is_the_later_day() {
    for kind in [ToTalkAbout, Repair { agreement: None }] {
        each(|story| {
            let x = story.tells(ANA, kind.clone());
            story.meet();
            story.answers(ANA, x, Verb::NeedTime { until: 102 });
            story.answers(BEN, x, Verb::NeedTime { until: 104 });
            story.meet();
            let model = story.model();
            let until = |today| model.need_time(x, &model.all(), today);
            assert_eq!(
                [100, 103, 104, 105].map(until),
                [Some(104), Some(104), Some(104), None]
            );
        });
    }
}
