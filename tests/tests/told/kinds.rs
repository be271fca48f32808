//! KINDS §8: kind by kind, apart.

use super::story::*;

#[test]
fn thanks_each_other_both() {
    each(|story| {
        let a = story.tells(ANA, Thanks);
        let b = story.tells(BEN, Thanks);
        story.meet();
        let (a2, b2) = (
            story.answers(BEN, a, Verb::Thank),
            story.answers(ANA, b, Verb::Thank),
        );
        story.meet();
        assert_eq!(
            [a, b].map(|x| story.sees(ANA, x)),
            [Seen::Open, Seen::Closed]
        );
        assert_eq!(
            [a2, b2].map(|x| story.sees(ANA, x)),
            [Seen::Closed, Seen::Open]
        );
    });
}

#[test]
fn just_listen_beside_advice_the_advice_comes_back() {
    each(|story| {
        let x = story.tells(ANA, HELP);
        story.meet();
        story.opens(BEN, x);
        story.answers(ANA, x, LISTEN);
        let advice = story.answers(BEN, x, Verb::Words);
        story.meet();
        assert!(story.model().came_back(advice, &story.model().all()));
        assert_eq!(story.sees(ANA, advice), Seen::Nothing);
        assert_eq!(story.sees(BEN, advice), Seen::Open, "it stays his own");
        // Also after asking anew: but he may write anew.
        let anew = story.answers(ANA, x, Verb::ListenAs(As::HelpMeThink));
        story.meet();
        assert_eq!(story.sees(ANA, advice), Seen::Nothing);
        let again = story.answers(BEN, anew, Verb::Words);
        story.meet();
        assert_eq!(story.sees(ANA, again), Seen::Closed);
    });
}

#[test]
fn help_me_think_after_just_listen_beside_advice_of_before_still_comes_back() {
    each(|story| {
        let x = story.tells(ANA, Confidence(As::JustListen));
        story.meet();
        story.answers(ANA, x, Verb::ListenAs(As::HelpMeThink));
        let advice = story.answers(BEN, x, Verb::Words);
        story.meet();
        assert_eq!(story.sees(ANA, advice), Seen::Nothing);
    });
    each(|story| {
        let x = story.tells(ANA, HELP);
        story.meet();
        story.answers(ANA, x, LISTEN);
        let anew = story.answers(ANA, x, Verb::ListenAs(As::LetsTalk));
        let advice = story.answers(BEN, x, Verb::Words);
        story.meet();
        assert_eq!(story.sees(ANA, advice), Seen::Nothing);
        let anew = story.answers(BEN, anew, Verb::Words);
        story.meet();
        assert_eq!(story.sees(ANA, anew), Seen::Closed);
    });
}

#[test]
fn advice_that_was_read_while_it_was_asked_for_stays_folded() {
    each(|story| {
        let x = story.tells(ANA, HELP);
        story.meet();
        let advice = story.answers(BEN, x, Verb::Words);
        story.meet();
        assert_eq!(story.sees(ANA, advice), Seen::Closed);
        story.opens(ANA, advice);
        assert_eq!(story.sees(ANA, advice), Seen::Open);
        story.answers(ANA, x, LISTEN);
        story.meet();
        assert_eq!(story.sees(ANA, advice), Seen::Older, "folded, and readable");
    });
}

#[test]
fn help_me_think_beside_heard_and_thank_all_stand() {
    each(|story| {
        let x = story.tells(ANA, Confidence(As::JustListen));
        story.meet();
        let anew = story.answers(ANA, x, Verb::ListenAs(As::HelpMeThink));
        let heard = story.answers(BEN, x, Verb::Heard);
        let thank = story.answers(BEN, x, Verb::Thank);
        story.meet();
        assert_eq!(story.sees(BEN, anew), Seen::Open);
        for y in [heard, thank] {
            assert_eq!(story.sees(BEN, y), Seen::Open);
            assert_eq!(story.sees(ANA, y), Seen::Closed);
        }
        assert_eq!(
            story.model().listen_as(x, &story.model().all()),
            Some(As::HelpMeThink)
        );
    });
}

#[test]
fn tells_nobody_beside_may_i_his_asking_is_not_shown() {
    each(|story| {
        let x = story.tells(ANA, HELP);
        story.meet();
        story.answers(ANA, x, Verb::TellNobody);
        let may_i = story.answers(BEN, x, Verb::MayI);
        story.meet();
        assert_eq!(story.sees(ANA, may_i), Seen::Nothing);
        assert_eq!(story.sees(BEN, may_i), Seen::Open);
    });
}

#[test]
fn heard_and_thank_of_a_confidence_have_no_words() {
    each(|story| {
        let x = story.tells(ANA, HELP);
        let truth = story.tells(ANA, SmallTruth(As::JustListen));
        story.meet();
        for verb in [Verb::Heard, Verb::Thank] {
            for (about, sound) in [(x, false), (truth, true)] {
                let mut say = answer(about, verb.clone());
                if let Say::Answer { worded, .. } = &mut say {
                    *worded = true;
                }
                let y = story.says(BEN, say);
                assert_eq!(story.model().sound(y), sound);
            }
        }
    });
}

#[test]
fn takes_a_confidence_back_beside_heard_she_sees_the_same() {
    each(|story| {
        let x = story.tells(ANA, HELP);
        story.meet();
        story.takes_back(ANA, x);
        let heard = story.answers(BEN, x, Verb::Heard);
        story.meet();
        assert_eq!(story.sees(ANA, x), Seen::TakenBack);
        assert_eq!(story.sees(ANA, heard), Seen::Nothing);
        assert_eq!(story.sees(BEN, x), Seen::Nothing);
    });
}

fn may_tell(story: &Story, x: Id) -> Set {
    story.model().may_tell(x, &story.model().all(), story.today)
}

#[test]
fn a_permission_revoked_beside_anything_is_revoked() {
    each(|story| {
        let x = story.tells(ANA, HELP);
        story.meet();
        let may_i = story.answers(BEN, x, Verb::MayI);
        story.meet();
        for about in [Some(x), Some(may_i), None] {
            let mut story = story.clone();
            let yes = story.says(ANA, told(Permission { until: None }, about));
            story.meet();
            assert_eq!(may_tell(&story, x), Set::from([yes]));
            assert!(story.model().holds(yes, &story.model().all(), story.today));
            story.takes_back(ANA, yes);
            story.answers(BEN, x, Verb::Heard);
            story.answers(BEN, x, Verb::MayI);
            story.meet();
            assert_eq!(may_tell(&story, x), Set::new());
            assert!(!story.model().holds(yes, &story.model().all(), story.today));
        }
    });
}

#[test]
fn a_permission_beside_a_may_i_that_is_taken_back_is_void() {
    each(|story| {
        let x = story.tells(ANA, HELP);
        story.meet();
        let may_i = story.answers(BEN, x, Verb::MayI);
        story.meet();
        story.tells_of(ANA, Permission { until: None }, may_i);
        story.takes_back(BEN, may_i);
        story.meet();
        assert_eq!(may_tell(story, x), Set::new());
    });
}

#[test]
fn of_two_permissions_each_stands_alone_till_its_day() {
    each(|story| {
        let x = story.tells(ANA, HELP);
        let one = story.tells_of(ANA, Permission { until: Some(100) }, x);
        let two = story.tells(ANA, Permission { until: Some(102) });
        assert_eq!(may_tell(story, x), Set::from([one, two]));
        story.today = 101;
        assert_eq!(may_tell(story, x), Set::from([two]));
        story.takes_back(ANA, two);
        story.today = 100;
        assert_eq!(may_tell(story, x), Set::from([one]));
    });
}

#[test]
fn tells_nobody_beside_any_permission_is_nobody_also_reworded() {
    each(|story| {
        let x = story.tells(ANA, HELP);
        let standing = story.tells(ANA, Permission { until: None });
        let free = story.tells(ANA, HELP);
        story.answers(ANA, x, Verb::TellNobody);
        story.tells_of(ANA, Permission { until: None }, x);
        assert_eq!(may_tell(story, x), Set::new());
        let newer = story.better(ANA, x);
        story.tells_of(ANA, Permission { until: None }, newer);
        assert_eq!(may_tell(story, newer), Set::new());
        assert_eq!(may_tell(story, free), Set::from([standing]));
    });
}

#[test]
fn telling_nobody_outlives_the_wording_it_was_said_of() {
    each(|story| {
        let x = story.tells(ANA, HELP);
        story.tells(ANA, Permission { until: None });
        let nobody = story.answers(ANA, x, Verb::TellNobody);
        let newer = story.better(ANA, x);
        story.takes_back(ANA, x);
        assert_eq!(may_tell(story, newer), Set::new());
        story.takes_back(ANA, nobody);
        assert_eq!(may_tell(story, newer).len(), 1);
    });
}

#[test]
fn the_permission_of_a_reworded_confidence_ends() {
    each(|story| {
        let x = story.tells(ANA, HELP);
        let yes = story.tells_of(ANA, Permission { until: None }, x);
        let newer = story.better(ANA, x);
        assert_eq!(
            [x, newer].map(|x| may_tell(story, x)),
            [Set::new(), Set::new()]
        );
        assert!(!story.model().holds(yes, &story.model().all(), story.today));
    });
}

#[test]
fn one_may_i_until_it_is_answered_and_taking_it_back_frees_none() {
    each(|story| {
        let x = story.tells(ANA, HELP);
        story.meet();
        let one = story.answers(BEN, x, Verb::MayI);
        let two = story.answers(BEN, x, Verb::MayI);
        story.meet();
        let asking = |story: &Story| [one, two].map(|y| story.sees(ANA, y));
        assert_eq!(asking(story), [Seen::Closed, Seen::Nothing]);
        let mut pressing = story.clone();
        pressing.takes_back(BEN, one);
        pressing.meet();
        assert_eq!(asking(&pressing), [Seen::Nothing, Seen::Nothing]);
        let yes = story.tells_of(ANA, Permission { until: None }, one);
        assert_eq!(asking(story), [Seen::Closed, Seen::Closed]);
        story.takes_back(ANA, yes);
        assert_eq!(asking(story), [Seen::Closed, Seen::Closed], "once more");
        assert_eq!(story.sees(BEN, two), Seen::Open);
    });
}

#[test]
fn a_small_truth_said_better_beside_thank_waits_for_thanks_of_its_own() {
    each(|story| {
        let x = story.tells(ANA, SmallTruth(As::JustListen));
        story.meet();
        let newer = story.better(ANA, x);
        story.answers(BEN, x, Verb::Thank);
        story.meet();
        let early = story.answers(BEN, newer, Verb::Heard);
        story.meet();
        assert_eq!(story.sees(ANA, early), Seen::Nothing);
        story.answers(BEN, newer, Verb::NeedTime { until: 100 });
        let then = story.answers(BEN, newer, Verb::Words);
        story.meet();
        assert_eq!(story.sees(ANA, then), Seen::Closed);
    });
}

#[test]
fn thanks_first_also_when_they_are_taken_back() {
    each(|story| {
        let x = story.tells(ANA, SmallTruth(As::JustListen));
        story.meet();
        let thank = story.answers(BEN, x, Verb::Thank);
        let words = story.answers(BEN, x, Verb::Words);
        story.takes_back(BEN, thank);
        story.meet();
        assert_eq!(story.sees(ANA, words), Seen::Closed);
    });
}

#[test]
fn thats_it_beside_he_says_it_back_better_the_newer_is_unmarked() {
    each(|story| {
        let x = story.tells(ANA, TenderSpot);
        story.meet();
        let said = story.answers(BEN, x, Verb::SayBack);
        story.meet();
        story.answers(ANA, said, Verb::Yes);
        let newer = story.better(BEN, said);
        story.meet();
        let model = story.model();
        let marked = |y| model.said_yes(story.who(ANA), y, &model.all());
        assert_eq!([said, newer].map(marked), [true, false]);
        let newest = model.newest(story.who(BEN), Some(x), Newest::SayBack, &model.all());
        assert_eq!(newest, Some(newer));
    });
}

#[test]
fn thats_it_beside_he_takes_it_back_is_gone() {
    each(|story| {
        let x = story.tells(ANA, TenderSpot);
        story.meet();
        let said = story.answers(BEN, x, Verb::SayBack);
        story.meet();
        let mark = story.answers(ANA, said, Verb::Yes);
        story.takes_back(BEN, said);
        story.meet();
        let model = story.model();
        assert!(!model.said_yes(story.who(ANA), said, &model.all()));
        assert_eq!(story.sees(ANA, said), Seen::Nothing, "she never opened it");
        assert_eq!(
            [story.sees(ANA, mark), story.sees(BEN, mark)],
            [Seen::Open, Seen::Nothing]
        );
    });
}

#[test]
fn trust_taken_back_beside_say_back_is_taken_back() {
    each(|story| {
        let x = story.tells(ANA, TrustGiven { look_again: None });
        story.meet();
        story.opens(BEN, x);
        story.takes_back(ANA, x);
        let said = story.answers(BEN, x, Verb::SayBack);
        story.meet();
        story.both_see(x, Seen::TakenBack);
        assert_eq!(story.sees(ANA, said), Seen::Nothing);
    });
}

#[test]
fn trust_stays_when_its_tender_spot_is_taken_back() {
    each(|story| {
        let spot = story.tells(ANA, TenderSpot);
        let trust = story.tells_of(ANA, TrustGiven { look_again: None }, spot);
        story.meet();
        story.takes_back(ANA, spot);
        story.meet();
        assert_eq!(story.sees(BEN, trust), Seen::Closed);
        assert_eq!(story.sees(BEN, spot), Seen::Nothing);
    });
}

fn matter(story: &mut Story) -> Id {
    let x = story.tells(ANA, ToTalkAbout);
    story.meet();
    x
}

fn settled(story: &Story, x: Id) -> bool {
    story.model().settled(x, &story.model().all())
}

#[test]
fn a_meaning_beside_a_meaning_both() {
    each(|story| {
        let x = matter(story);
        let two = [ANA, BEN].map(|who| story.answers(who, x, Verb::Meaning));
        story.meet();
        let model = story.model();
        for (who, y) in [ANA, BEN].into_iter().zip(two) {
            let newest = model.newest(story.who(who), Some(x), Newest::Meaning, &model.all());
            assert_eq!(newest, Some(y));
        }
    });
}

#[test]
fn settled_beside_settled_is_settled_and_put_away() {
    each(|story| {
        let x = matter(story);
        story.answers(ANA, x, DONE);
        assert!(!settled(story, x));
        story.answers(BEN, x, DONE);
        story.meet();
        assert!(settled(story, x));
        assert!(story.model().put_away(x, &story.model().all(), story.today));
    });
}

#[test]
fn settled_beside_a_new_meaning_is_open_also_if_she_had_said_settled() {
    for before in [false, true] {
        each(|story| {
            let x = matter(story);
            if before {
                story.answers(ANA, x, DONE);
                story.meet();
            }
            story.answers(ANA, x, Verb::Meaning);
            story.answers(BEN, x, DONE);
            story.meet();
            assert!(!settled(story, x));
        });
    }
}

#[test]
fn reopens_beside_settled_is_open() {
    for how in 0..3 {
        each(|story| {
            let x = matter(story);
            let done = story.answers(ANA, x, DONE);
            story.meet();
            match how {
                0 => story.takes_back(ANA, done),
                1 => story.answers(ANA, x, Verb::Meaning),
                _ => story.answers(ANA, x, Verb::NeedTime { until: 104 }),
            };
            story.answers(BEN, x, DONE);
            story.meet();
            assert!(!settled(story, x));
        });
    }
}

#[test]
fn proposes_beside_takes_back_own_meaning_the_list_waits_again() {
    each(|story| {
        story.agreement("Visits");
        let x = matter(story);
        story.answers(ANA, x, Verb::Meaning);
        let his = story.answers(BEN, x, Verb::Meaning);
        story.meet();
        let plan = story.answers(ANA, x, Verb::Plan("Visits".to_owned()));
        story.takes_back(BEN, his);
        story.meet();
        story.both_see(plan, Seen::Open);
        let model = story.model();
        let newest = |who| model.newest(story.who(who), Some(x), Newest::Meaning, &model.all());
        assert!(newest(ANA).is_some() && newest(BEN).is_none());
    });
}

#[test]
fn a_plan_names_an_agreement_that_its_author_knows() {
    each(|story| {
        let x = matter(story);
        let plan = story.answers(ANA, x, Verb::Plan("Visits".to_owned()));
        assert!(!story.model().sound(plan));
    });
}

#[test]
fn a_late_answer_to_a_bid_is_gone_with_it() {
    for (day, last) in [(100, 100), (101, 101)] {
        each(|story| {
            let x = story.tells(ANA, Bid { day });
            story.meet();
            let y = story.answers(BEN, x, Verb::NotYet);
            story.meet();
            for (today, there) in [(98, false), (99, true), (last, true), (last + 1, false)] {
                story.today = today;
                let seen = if there { Seen::Open } else { Seen::Nothing };
                story.both_see(x, seen);
                story.both_see(y, seen);
                assert_eq!(
                    story.model().put_away(y, &story.model().all(), today),
                    !there
                );
            }
        });
    }
    for day in [99, 102] {
        each(|story| {
            let x = story.tells(ANA, Bid { day });
            assert!(!story.model().sound(x), "today or tomorrow");
        });
    }
}

#[test]
fn about_me_is_each_own_and_empty_when_taken_back() {
    each(|story| {
        let pages = [ANA, BEN].map(|who| story.tells(who, AboutMe(Page::Name)));
        let newer = story.tells(ANA, AboutMe(Page::Name));
        let other = story.tells(ANA, AboutMe(Page::MyPatterns));
        story.meet();
        let name = |story: &Story, who| {
            let model = story.model();
            model.newest(story.who(who), None, Newest::Page(Page::Name), &model.all())
        };
        assert_eq!(
            (name(story, ANA), name(story, BEN)),
            (Some(newer), Some(pages[1]))
        );
        story.both_see(pages[0], Seen::Older);
        story.takes_back(ANA, newer);
        story.meet();
        assert_eq!((name(story, ANA), name(story, BEN)), (None, Some(pages[1])));
        story.both_see(other, Seen::Open);
    });
}
