//! KINDS K7 and K14 on random histories of the model.

use super::story::*;
use std::collections::BTreeSet;

struct Chance(u64);

impl Chance {
    fn below(&mut self, most: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % most.max(1) as u64) as usize
    }

    fn one_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }

    fn of<T: Clone>(&mut self, all: &[T]) -> T {
        all[self.below(all.len())].clone()
    }
}

/// What somebody says by chance: mostly what the tables allow, about few things.
fn anything(story: &Story, who: usize, chance: &mut Chance) -> Say {
    let model = story.model();
    let held: Vec<Id> = story.held[who].iter().copied().collect();
    let own: Vec<Id> = held
        .iter()
        .copied()
        .filter(|x| model.by(*x) == who)
        .collect();
    let entries = held.iter().filter(|x| model.kind(**x).is_some()).count();
    if own.is_empty() || entries < 3 || chance.one_in(2 + entries) {
        return something_told(&model, &held, chance);
    }
    match chance.below(12) {
        0 => Say::TakeBack(chance.of(&own)),
        1 => Say::PutAway(chance.of(&own)),
        2 => {
            let earlier = chance.of(&own);
            let mut say = model.acts[earlier].say.clone();
            if let Say::Entry { instead_of, .. } | Say::Answer { instead_of, .. } = &mut say {
                *instead_of = Some(earlier);
            }
            say
        }
        3 => {
            let repairs = held.iter().copied().filter(|x| model.is_repair(Some(*x)));
            let repairs: Vec<Id> = repairs.collect();
            if repairs.is_empty() {
                return told(WORDS, None);
            }
            let id = model.acts[chance.of(&repairs)].id.clone();
            Say::Open(Slot::Repair {
                id,
                step: chance.of(&[2, 4, 5]),
            })
        }
        4 => {
            let asked = |x: &Id| model.verb(*x) == Some(&Verb::MayI);
            let asked: Vec<Id> = held.iter().copied().filter(asked).collect();
            let about = (!asked.is_empty()).then(|| chance.of(&asked));
            told(Permission { until: Some(101) }, about)
        }
        _ => something_answered(story, &held, who, chance),
    }
}

fn something_told(model: &Model, held: &[Id], chance: &mut Chance) -> Say {
    let mut kinds = every_kind();
    kinds.extend([of_visits(), till(-30), HELP, HELP, ToTalkAbout]);
    let kind = chance.of(&kinds);
    let about = |x: &Id| match kind {
        Permission { .. } => matches!(model.kind(*x), Some(Confidence(_))),
        TrustGiven { .. } => model.kind(*x) == Some(&TenderSpot),
        _ => true,
    };
    let about: Vec<Id> = held.iter().copied().filter(about).collect();
    let names = match kind {
        Permission { .. } | TrustGiven { .. } => !chance.one_in(3),
        _ => chance.one_in(40),
    };
    told(
        kind,
        (names && !about.is_empty()).then(|| chance.of(&about)),
    )
}

fn something_answered(story: &Story, held: &[Id], who: usize, chance: &mut Chance) -> Say {
    let mut model = story.model();
    let said = |x: &Id| model.kind(*x).is_some() || model.verb(*x).is_some();
    let said: Vec<Id> = held.iter().copied().filter(said).collect();
    let mut verbs = every_verb();
    verbs.extend([Verb::MayI, Verb::MayI, Verb::Words, LISTEN]);
    let mut say = Say::Odd;
    for _ in 0..30 {
        let about = chance.of(&said);
        let mut verb = chance.of(&verbs);
        match &mut verb {
            Verb::ListenAs(how) => {
                *how = chance.of(&[As::JustListen, As::HelpMeThink, As::LetsTalk]);
            }
            Verb::Done { step: Some(step) } => *step = chance.of(&[3, 6, 7]),
            Verb::Day(day) => *day = chance.of(&[105, 106]),
            _ => {}
        }
        say = answer(about, verb);
        let sound = model.would_be_sound(Act {
            by: who,
            past: held.iter().copied().collect(),
            say: say.clone(),
            hash: String::new(),
            id: String::new(),
            on: 100,
        });
        if sound || chance.one_in(100) {
            break;
        }
    }
    say
}

fn history(seed: u64) -> (Story, Chance) {
    let mut chance = Chance(seed);
    let mut story = Story {
        acts: Vec::new(),
        held: Default::default(),
        opened: Default::default(),
        turned: false,
        all_seen: chance.one_in(2),
        today: 100,
    };
    story.agreement("Visits");
    for _ in 0..15 + chance.below(30) {
        let who = chance.below(2);
        let say = anything(&story, who, &mut chance);
        let own: Vec<Id> = story.own(who).into_iter().collect();
        let branch = chance.one_in(12) && !own.is_empty();
        story.today = 99 + chance.below(3) as i64;
        if branch {
            let at = chance.of(&own);
            let mut before = story.acts[at].past.clone();
            before.insert(at);
            story.says_on(who, say, &before);
        } else {
            story.says(who, say);
        }
        // Some of it arrives: an act of theirs with its past.
        let held: Vec<Id> = story.held[who].iter().copied().collect();
        for _ in 0..chance.below(3) {
            let x = chance.of(&held);
            let past = story.acts[x].past.clone();
            story.held[1 - who].extend(past);
            story.held[1 - who].insert(x);
        }
        let held: Vec<Id> = story.held[1 - who].iter().copied().collect();
        if !held.is_empty() && chance.one_in(2) {
            story.opened[1 - who].insert(chance.of(&held));
        }
    }
    story.today = 100;
    (story, chance)
}

/// A closed part of what was written.
fn part(story: &Story, chance: &mut Chance) -> Set {
    let mut part = Set::new();
    let ends = [0, 1].map(|_| 1 + chance.below(story.acts.len()));
    for (x, act) in story.acts.iter().enumerate() {
        if x < ends[act.by] && part.is_superset(&act.past) {
            part.insert(x);
        }
    }
    part
}

/// With it some of what one of them wrote besides.
fn with_more_of(story: &Story, who: usize, inside: &Set, chance: &mut Chance) -> Set {
    let mut more = inside.clone();
    let end = 1 + chance.below(story.acts.len());
    for (x, act) in story.acts.iter().enumerate() {
        if act.by == who && x < end && more.is_superset(&act.past) {
            more.insert(x);
        }
    }
    more
}

/// What somebody gives the other: words that are shown, permissions that hold, a yes.
fn gives(story: &Story, me: usize, inside: &Set) -> BTreeSet<(&'static str, Id)> {
    let model = story.model();
    let eyes = Eyes {
        me: 1 - me,
        opened: &story.opened[1 - me],
        today: story.today,
        now: NOW,
        learned: None,
    };
    let mut all = BTreeSet::new();
    for x in inside.iter().copied().filter(|x| model.by(*x) == me) {
        let seen = model.see(&eyes, x, inside);
        if !matches!(seen, Seen::Nothing | Seen::TakenBack) && model.verb(x) != Some(&Verb::MayI) {
            all.insert(("words", x));
        }
        if model.holds(x, inside, story.today) {
            all.insert(("permission", x));
        }
    }
    for x in inside {
        if model.said_yes(me, *x, inside) {
            all.insert(("yes", *x));
        }
        for permission in model.may_tell(*x, inside, story.today) {
            if model.by(*x) == me {
                all.insert(("may tell", *x * 1000 + permission));
            }
        }
    }
    all
}

const HISTORIES: std::ops::Range<u64> = 0..300;

#[test]
fn adding_the_others_acts_never_adds_to_what_i_give_or_changes_my_own_words() {
    let (mut given, mut fewer) = (0, 0);
    for seed in HISTORIES {
        let (story, mut chance) = history(seed);
        let model = story.model();
        for round in 0..6 {
            let me = round % 2;
            let before = part(&story, &mut chance);
            let after = with_more_of(&story, 1 - me, &before, &mut chance);
            let [a, b] = [&before, &after].map(|inside| gives(&story, me, inside));
            let added: Vec<_> = b.difference(&a).collect();
            assert!(added.is_empty(), "seed {seed}: {me} gives more: {added:?}");
            given += a.len();
            fewer += a.len() - b.len();
            let eyes = Eyes {
                me,
                opened: &story.opened[me],
                today: story.today,
                now: NOW,
                learned: None,
            };
            for x in before.iter().filter(|x| model.by(**x) == me) {
                let [a, b] = [&before, &after].map(|inside| model.see(&eyes, *x, inside));
                assert_eq!(a, b, "seed {seed}: act {x} of {me} on the own screen");
            }
        }
    }
    assert!(given > 5_000 && fewer > 15, "{given} {fewer}");
}

#[test]
fn a_second_may_i_is_shown_only_once_the_first_was_answered() {
    let mut freed = 0;
    for seed in HISTORIES {
        let (story, mut chance) = history(seed);
        let model = story.model();
        for me in [0, 1] {
            let before = part(&story, &mut chance);
            let after = with_more_of(&story, 1 - me, &before, &mut chance);
            for x in before.iter().copied().filter(|x| model.by(*x) == me) {
                if model.verb(x) == Some(&Verb::MayI)
                    && !model.asking_shown(x, &before)
                    && model.asking_shown(x, &after)
                {
                    let answered = |y: &Id| {
                        model.verb(*y) == Some(&Verb::MayI)
                            && model.about(*y) == model.about(x)
                            && *y != x
                            && !model.answered(*y, &before)
                            && model.answered(*y, &after)
                    };
                    assert!(before.iter().any(answered), "seed {seed}: act {x}");
                    freed += 1;
                }
            }
        }
    }
    assert!(freed > 0);
}

#[test]
fn a_repair_never_goes_back_and_is_never_opened_again() {
    let mut moved = 0;
    for seed in HISTORIES {
        let (story, mut chance) = history(seed);
        let model = story.model();
        let before = part(&story, &mut chance);
        let after = with_more_of(&story, 0, &before, &mut chance);
        let after = with_more_of(&story, 1, &after, &mut chance);
        for repair in model.repairs(&before) {
            let [a, b] = [&before, &after].map(|inside| model.step(repair, inside));
            assert!(a <= b, "seed {seed}: from step {a} to {b}");
            moved += usize::from(a < b);
            assert!(
                !model.stopped(repair, &before) || model.stopped(repair, &after),
                "seed {seed}: not stopped any more"
            );
        }
    }
    assert!(moved > 0);
}

#[test]
fn what_is_not_sound_changes_nothing() {
    let mut unsound = 0;
    for seed in HISTORIES {
        let (story, _) = history(seed);
        let model = story.model();
        let all = model.all();
        let mut odd = story.clone();
        for x in all.iter().copied().filter(|x| !model.sound(*x)) {
            unsound += 1;
            odd.acts[x].say = Say::Odd;
        }
        let without = odd.model();
        for me in [0, 1] {
            let eyes = Eyes {
                me,
                opened: &story.opened[me],
                today: story.today,
                now: NOW,
                learned: None,
            };
            for x in &all {
                let [a, b] = [&model, &without].map(|model| model.see(&eyes, *x, &all));
                assert_eq!(a, b, "seed {seed}: act {x} for {me}");
            }
            assert_eq!(
                gives(&story, me, &all),
                gives(&odd, me, &all),
                "seed {seed}"
            );
        }
    }
    assert!(unsound > 100);
}
