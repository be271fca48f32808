//! KINDS §2: rules that have no table.

use super::story::*;

#[test]
fn taken_back_takes_every_earlier_wording_and_no_later() {
    each(|story| {
        let one = story.tells(ANA, Ask);
        let two = story.better(ANA, one);
        let three = story.better(ANA, two);
        story.takes_back(ANA, two);
        let model = story.model();
        let taken = [one, two, three].map(|x| model.taken_back(x, &model.all()));
        assert_eq!(taken, [true, true, false]);
    });
}

#[test]
fn what_cannot_be_taken_back_is_not() {
    each(|story| {
        let confidence = story.tells(ANA, HELP);
        let repair = story.tells(ANA, WORDS);
        let not = [
            story.answers(ANA, confidence, LISTEN),
            story.answers(ANA, repair, Verb::Stop),
            story.answers(ANA, repair, Verb::Done { step: Some(3) }),
        ];
        for x in not {
            let back = story.takes_back(ANA, x);
            assert!(story.model().sound(x) && !story.model().sound(back));
            let twice = story.takes_back(ANA, back);
            assert!(!story.model().sound(twice));
        }
        story.meet();
        let theirs = story.takes_back(BEN, confidence);
        assert!(!story.model().sound(theirs));
    });
}

#[test]
fn of_branches_the_weaker_counts_and_taken_back_none() {
    each(|story| {
        let x = story.tells(ANA, HELP);
        let bid = story.tells(BEN, Bid { day: 100 });
        story.meet();
        let before = story.own(story.who(ANA));
        let two = [As::LetsTalk, As::JustListen]
            .map(|how| story.says_on(ANA, answer(x, Verb::ListenAs(how)), &before));
        story.meet();
        let model = story.model();
        let newest = model.newest(story.who(ANA), Some(x), Newest::ListenAs, &model.all());
        assert_eq!(newest, Some(two[1]));
        // One yes and one not yet.
        let two =
            [Verb::Yes, Verb::NotYet].map(|verb| story.says_on(ANA, answer(bid, verb), &before));
        let ana = story.who(ANA);
        let newest = |story: &Story| {
            let model = story.model();
            model.newest(ana, Some(bid), Newest::Yes, &model.all())
        };
        assert_eq!(newest(story), Some(two[1]));
        story.takes_back(ANA, two[0]);
        assert_eq!(newest(story), None);
    });
    // Which of the two is written first makes no difference, nor which hash is lower.
    for turned in [false, true] {
        each(|story| {
            let x = story.tells(ANA, HELP);
            let bid = story.tells(BEN, Bid { day: 100 });
            story.meet();
            let before = story.own(story.who(ANA));
            let mut says = [
                answer(x, Verb::ListenAs(As::JustListen)),
                answer(x, Verb::ListenAs(As::LetsTalk)),
                answer(bid, Verb::NotYet),
                answer(bid, Verb::Yes),
            ];
            if turned {
                says.swap(0, 1);
                says.swap(2, 3);
            }
            for say in says {
                story.says_on(ANA, say, &before);
            }
            let model = story.model();
            assert_eq!(model.listen_as(x, &model.all()), Some(As::JustListen));
            assert!(!model.said_yes(story.who(ANA), bid, &model.all()));
        });
    }
    each(|story| {
        let x = story.tells(BEN, Thanks);
        story.meet();
        let before = story.own(story.who(ANA));
        let two = [0, 1].map(|_| story.says_on(ANA, answer(x, Verb::Thank), &before));
        let lower = two.into_iter().min_by_key(|y| story.acts[*y].hash.clone());
        let model = story.model();
        let newest = model.newest(story.who(ANA), Some(x), Newest::Thank, &model.all());
        assert_eq!(newest, lower);
        for y in two {
            assert_eq!(
                story.sees(ANA, y),
                Seen::Open,
                "the other is shown beside it"
            );
        }
    });
}

#[test]
fn of_branches_none_stands_beside_one_that_was_taken_back() {
    for taken in [0, 1] {
        each(|story| {
            let x = story.tells(BEN, Thanks);
            story.meet();
            let before = story.own(story.who(ANA));
            let says = [
                answer(x, Verb::Thank),
                told(AboutMe(Page::MyPatterns), None),
            ];
            let [thanks, pages] =
                says.map(|say| [0, 1].map(|_| story.says_on(ANA, say.clone(), &before)));
            story.meet();
            for y in thanks {
                story.opens(BEN, y);
            }
            for y in thanks.into_iter().chain(pages) {
                assert_eq!(story.sees(BEN, y), Seen::Open);
            }
            story.takes_back(ANA, thanks[taken]);
            story.takes_back(ANA, pages[taken]);
            story.meet();
            let left = [thanks, pages].map(|two| two[1 - taken]);
            let seen = |who| left.map(|y| story.sees(who, y));
            // A page is folded, as one is that has a newer.
            assert_eq!(seen(BEN), [Seen::Nothing, Seen::Older]);
            assert_eq!(seen(ANA), [Seen::Open, Seen::Older]);
        });
    }
}

#[test]
fn an_older_wording_is_never_opened_for_the_first_time() {
    each(|story| {
        let x = story.tells(ANA, Thanks);
        story.meet();
        assert_eq!(story.sees(BEN, x), Seen::Closed);
        let y = story.better(ANA, x);
        story.meet();
        assert_eq!(
            [x, y].map(|x| story.sees(BEN, x)),
            [Seen::Nothing, Seen::Closed]
        );
        story.opens(BEN, y);
        let z = story.better(ANA, y);
        story.meet();
        assert_eq!(
            [x, y, z].map(|x| story.sees(ANA, x)),
            [Seen::Older, Seen::Older, Seen::Open]
        );
        assert_eq!(
            [x, y, z].map(|x| story.sees(BEN, x)),
            [Seen::Nothing, Seen::Older, Seen::Closed]
        );
    });
}

#[test]
fn what_is_told_in_trust_is_folded_during_a_break_and_a_repair_and_the_day_after() {
    each(|story| {
        let confidence = story.tells(ANA, HELP);
        let thanks = story.tells(ANA, Thanks);
        story.meet();
        let heard = story.answers(BEN, confidence, Verb::Heard);
        story.meet();
        let repair = story.tells(BEN, WORDS);
        story.meet();
        let folded = |story: &Story, yes: bool| {
            let theirs = if yes { Seen::Folded } else { Seen::Closed };
            assert_eq!(story.sees(BEN, confidence), theirs);
            assert_eq!(story.sees(ANA, heard), theirs);
            assert_eq!(
                story.sees(ANA, confidence),
                Seen::Open,
                "the author sees their own"
            );
            assert_eq!(story.sees(BEN, thanks), Seen::Closed);
        };
        folded(story, true);
        story.answers(ANA, repair, Verb::Stop);
        story.meet();
        for (today, yes) in [(98, false), (99, true), (101, true), (102, false)] {
            story.today = today;
            folded(story, yes);
        }
        story.tells(ANA, till(-60));
        story.meet();
        folded(story, true);
    });
}

#[test]
fn two_pages_open_count_as_opened() {
    each(|story| {
        let slot = || Say::Open(Slot::Page("2026-W47".to_owned()));
        let hers = story.says(ANA, slot());
        story.meet();
        let taken = {
            let mut story = story.clone();
            story.takes_back(ANA, hers);
            story.meet();
            story.sees(BEN, hers)
        };
        assert_eq!(taken, Seen::Nothing);
        story.says(BEN, slot());
        story.meet();
        assert_eq!(story.sees(BEN, hers), Seen::Open);
        story.takes_back(ANA, hers);
        story.meet();
        assert_eq!(story.sees(BEN, hers), Seen::TakenBack);
    });
}
