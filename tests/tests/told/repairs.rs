//! KINDS §5: breaks and repairs, apart.

use super::story::*;

#[test]
fn a_break_beside_a_break_is_one_till_the_later_time() {
    each(|story| {
        story.tells(ANA, till(20));
        story.tells(BEN, till(40));
        story.meet();
        assert_eq!(story.pause(), Pause::On(NOW + 40));
    });
}

#[test]
fn a_later_time_beside_an_earlier_is_the_later() {
    each(|story| {
        let first = story.tells(ANA, till(40));
        story.meet();
        story.tells(ANA, till(60));
        story.tells(BEN, till(20));
        story.answers(BEN, first, DONE);
        story.meet();
        assert_eq!(story.pause(), Pause::On(NOW + 60));
    });
}

#[test]
fn an_earlier_time_beside_im_back_only_if_both_said_so_of_it() {
    each(|story| {
        let first = story.tells(ANA, till(40));
        story.meet();
        let earlier = story.tells(ANA, till(20));
        story.answers(ANA, first, DONE);
        story.answers(BEN, first, DONE);
        story.meet();
        assert_eq!(
            story.pause(),
            Pause::On(NOW + 20),
            "both are done with the first"
        );
        story.answers(BEN, earlier, DONE);
        assert_eq!(story.pause(), Pause::On(NOW + 20), "one alone ends nothing");
        story.answers(ANA, earlier, DONE);
        assert_eq!(story.pause(), Pause::None);
    });
}

#[test]
fn an_earlier_time_alone_changes_nothing() {
    each(|story| {
        let first = story.tells(ANA, till(40));
        story.meet();
        story.tells(ANA, till(20));
        story.answers(ANA, first, DONE);
        story.meet();
        assert_eq!(story.pause(), Pause::On(NOW + 40));
    });
}

#[test]
fn im_back_beside_im_back_is_over() {
    each(|story| {
        let x = story.tells(ANA, till(40));
        story.meet();
        story.answers(ANA, x, DONE);
        story.answers(BEN, x, DONE);
        story.meet();
        assert_eq!(story.pause(), Pause::None);
    });
}

#[test]
fn takes_back_im_back_beside_im_back_is_on_till_its_time() {
    each(|story| {
        let x = story.tells(ANA, till(40));
        story.meet();
        let back = story.answers(ANA, x, DONE);
        story.meet();
        story.takes_back(ANA, back);
        story.answers(BEN, x, DONE);
        story.meet();
        assert_eq!(story.pause(), Pause::On(NOW + 40));
    });
}

#[test]
fn takes_back_the_breaks_note_beside_anything_the_time_stays() {
    each(|story| {
        let x = story.tells(ANA, till(40));
        story.meet();
        story.takes_back(ANA, x);
        let y = story.answers(BEN, x, DONE);
        story.meet();
        assert_eq!(story.pause(), Pause::On(NOW + 40));
        story.both_see(x, Seen::TakenBack);
        assert_eq!(story.sees(ANA, y), Seen::Open);
        story.answers(ANA, x, DONE);
        assert_eq!(
            story.pause(),
            Pause::None,
            "his answer did not fall with the note"
        );
    });
}

#[test]
fn opens_a_repair_beside_a_break_it_waits_for_the_return() {
    each(|story| {
        let repair = story.tells(ANA, Repair { agreement: None });
        let pause = story.tells(BEN, till(40));
        story.meet();
        let waiting = story.repair(repair);
        assert!(waiting.waits && waiting.walked && waiting.step == 1);
        for who in [ANA, BEN] {
            story.answers(who, pause, DONE);
        }
        assert!(!story.repair(repair).waits);
    });
}

#[test]
fn a_break_is_read_to_the_minute() {
    for (back_at, pause) in [
        (1, Pause::On(NOW + 1)),
        (0, Pause::NotYetOver(NOW)),
        (1 - 24 * 60, Pause::NotYetOver(NOW + 1 - 24 * 60)),
        (-24 * 60, Pause::None),
        (48 * 60, Pause::On(NOW + 48 * 60)),
        (48 * 60 + 1, Pause::None),
    ] {
        each(|story| {
            story.tells(ANA, till(back_at));
            assert_eq!(story.pause(), pause);
        });
    }
}

// --- repairs

fn opened(story: &mut Story) -> Id {
    let x = story.tells(ANA, WORDS);
    story.meet();
    x
}

/// Both finish every step before this one.
fn walk_to(story: &mut Story, repair: Id, to: u8) {
    for step in 1..to {
        for who in [ANA, BEN] {
            match step {
                1 => story.answers(who, repair, Verb::Day(105)),
                2 | 4 | 5 => story.page(who, repair, step),
                _ => story.answers(who, repair, Verb::Done { step: Some(step) }),
            };
        }
        story.meet();
        assert_eq!(story.repair(repair).step, step + 1);
    }
}

#[test]
fn two_repairs_about_one_agreement_one_is_walked() {
    each(|story| {
        story.agreement("Visits");
        let two = [story.tells(ANA, of_visits()), story.tells(BEN, of_visits())];
        story.meet();
        let lowest = two
            .into_iter()
            .min_by_key(|x| story.acts[*x].id.clone())
            .unwrap();
        let other = two[0] + two[1] - lowest;
        assert_eq!(
            [lowest, other].map(|x| story.repair(x).walked),
            [true, false]
        );
        for x in two {
            story.both_see(x, Seen::Open);
        }
        // The furthest along.
        walk_to(story, other, 2);
        assert_eq!(
            [lowest, other].map(|x| story.repair(x).walked),
            [false, true]
        );
    });
}

#[test]
fn two_repairs_about_words_stand_apart() {
    each(|story| {
        let two = [story.tells(ANA, WORDS), story.tells(BEN, WORDS)];
        story.meet();
        assert_eq!(two.map(|x| story.repair(x).walked), [true, true]);
    });
}

#[test]
fn names_sunday_beside_sunday_sets_the_time() {
    each(|story| {
        let x = opened(story);
        story.answers(ANA, x, Verb::Day(105));
        story.answers(BEN, x, Verb::Day(105));
        story.meet();
        let repair = story.repair(x);
        assert_eq!((repair.step, repair.day), (2, Some(105)));
    });
}

#[test]
fn names_sunday_beside_wednesday_shows_both_then_each_takes_the_others() {
    each(|story| {
        let x = opened(story);
        story.answers(ANA, x, Verb::Day(105));
        story.answers(BEN, x, Verb::Day(108));
        story.meet();
        let repair = story.repair(x);
        assert_eq!(
            (repair.step, repair.day, repair.finished),
            (1, None, [false; 2])
        );
        story.answers(ANA, x, Verb::Day(108));
        story.answers(BEN, x, Verb::Day(105));
        story.meet();
        let repair = story.repair(x);
        assert_eq!((repair.step, repair.day), (2, Some(108)));
    });
}

#[test]
fn names_another_day_later_the_step_and_the_day_stay() {
    each(|story| {
        let x = opened(story);
        let hers = story.answers(ANA, x, Verb::Day(105));
        story.answers(BEN, x, Verb::Day(105));
        story.meet();
        story.answers(ANA, x, Verb::Day(109));
        story.meet();
        assert_eq!((story.repair(x).step, story.repair(x).day), (2, Some(105)));
        story.answers(BEN, x, Verb::Day(109));
        story.meet();
        assert_eq!((story.repair(x).step, story.repair(x).day), (2, Some(109)));
        story.takes_back(ANA, hers);
        assert_eq!(story.repair(x).step, 2, "the step never goes back");
    });
}

#[test]
fn feelings_of_both_are_step_three() {
    each(|story| {
        let x = opened(story);
        walk_to(story, x, 2);
        let hers = story.page(ANA, x, 2);
        assert_eq!(story.repair(x).step, 2);
        assert!(story.repair(x).finished[story.who(ANA)]);
        story.page(BEN, x, 2);
        story.meet();
        assert_eq!(story.repair(x).step, 3);
        story.takes_back(ANA, hers);
        assert_eq!(story.repair(x).step, 3, "the step never goes back");
    });
}

#[test]
fn ready_beside_stop_is_stopped() {
    each(|story| {
        let x = opened(story);
        walk_to(story, x, 2);
        story.answers(BEN, x, Verb::Stop);
        story.meet();
        let repair = story.repair(x);
        assert!(repair.stopped && !repair.through && !repair.walked);
        assert_eq!(repair.finished, [false; 2], "her words came back to her");
    });
}

#[test]
fn stop_beside_anything_is_stopped() {
    for verb in every_verb() {
        each(|story| {
            story.agreement("Visits");
            let x = opened(story);
            if !rows(story, BEN, x).contains(&verb) {
                return;
            }
            story.answers(ANA, x, Verb::Stop);
            story.answers(BEN, x, verb.clone());
            story.meet();
            assert!(story.repair(x).stopped);
            assert!(story.model().put_away(x, &story.model().all(), story.today));
        });
    }
}

#[test]
fn hers_stopped_beside_another_of_his_that_stays_open() {
    each(|story| {
        story.agreement("Visits");
        let hers = story.tells(ANA, of_visits());
        story.meet();
        story.answers(ANA, hers, Verb::Stop);
        let his = story.tells(BEN, of_visits());
        story.meet();
        assert!(story.repair(hers).stopped && !story.repair(hers).walked);
        assert!(!story.repair(his).stopped && story.repair(his).walked);
    });
}

#[test]
fn the_last_done_beside_stop_is_stopped() {
    each(|story| {
        let x = opened(story);
        walk_to(story, x, 7);
        story.answers(ANA, x, Verb::Done { step: Some(7) });
        story.meet();
        story.answers(BEN, x, Verb::Done { step: Some(7) });
        story.answers(ANA, x, Verb::Stop);
        assert!(!story.repair(x).through);
        story.meet();
        assert!(story.repair(x).stopped && !story.repair(x).through);
    });
}

#[test]
fn both_done_with_the_last_step_are_through() {
    each(|story| {
        let x = opened(story);
        walk_to(story, x, 8);
        let repair = story.repair(x);
        assert!(repair.through && !repair.stopped && !repair.walked && repair.step == 8);
    });
}

#[test]
fn a_repair_taken_back_by_its_opener_is_stopped() {
    each(|story| {
        let x = opened(story);
        let apology = story.answers(BEN, x, Verb::Apology);
        story.meet();
        story.takes_back(ANA, x);
        story.meet();
        assert!(story.repair(x).stopped);
        assert_eq!(story.sees(ANA, apology), Seen::Closed, "it does not fall");
    });
}

#[test]
fn an_apology_said_better_beside_an_accepted_older_is_not_yet() {
    each(|story| {
        let x = opened(story);
        let older = story.answers(ANA, x, Verb::Apology);
        story.meet();
        let newer = story.better(ANA, older);
        story.answers(BEN, older, Verb::Yes);
        story.meet();
        let model = story.model();
        let yes = |x| model.said_yes(story.who(BEN), x, &model.all());
        assert_eq!((yes(older), yes(newer)), (true, false));
    });
}

#[test]
fn accepts_then_takes_that_back_no_older_yes_returns() {
    each(|story| {
        let x = opened(story);
        let apology = story.answers(ANA, x, Verb::Apology);
        story.meet();
        story.answers(BEN, apology, Verb::Yes);
        story.answers(BEN, apology, Verb::NotYet);
        let last = story.answers(BEN, apology, Verb::Yes);
        let yes = |story: &Story| {
            story
                .model()
                .said_yes(story.who(BEN), apology, &story.model().all())
        };
        assert!(yes(story));
        story.takes_back(BEN, last);
        assert!(!yes(story));
    });
}

#[test]
fn takes_back_own_feelings_beside_says_them_back_the_step_stays() {
    each(|story| {
        let x = opened(story);
        walk_to(story, x, 3);
        let feelings = |act: &&Act| matches!(act.say, Say::Open(_)) && act.by == story.who(ANA);
        let hers = story.acts.iter().find(feelings).unwrap().hash.clone();
        let hers = story.acts.iter().position(|act| act.hash == hers).unwrap();
        let said = story.answers(BEN, hers, Verb::SayBack);
        story.takes_back(ANA, hers);
        story.meet();
        story.both_see(hers, Seen::TakenBack);
        assert_eq!(story.sees(ANA, said), Seen::Nothing);
        assert_eq!(story.sees(BEN, said), Seen::Open);
        assert_eq!(story.repair(x).step, 3);
    });
}

#[test]
fn done_three_beside_done_three_is_step_four() {
    each(|story| {
        let x = opened(story);
        walk_to(story, x, 3);
        for who in [ANA, BEN] {
            story.answers(who, x, Verb::Done { step: Some(3) });
        }
        story.meet();
        assert_eq!(story.repair(x).step, 4);
    });
}

#[test]
fn an_apology_answered_by_its_author_is_no_answer() {
    each(|story| {
        let x = opened(story);
        let apology = story.answers(ANA, x, Verb::Apology);
        let own = story.answers(ANA, apology, Verb::Yes);
        assert!(!story.model().sound(own));
        story.both_see(own, Seen::Nothing);
    });
}
