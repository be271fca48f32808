//! Everything two people tell each other, held against the reference model; and the model against the tables of KINDS.

mod chance;
mod kinds;
mod pairs;
mod repairs;
mod rules;
mod story;

use std::collections::{BTreeMap, BTreeSet};
use troth_tests::told_histories::{self, REACHED, STATES, said};

/// `TROTH_SEEDS=FROM..TO` runs others; with `TROTH_TELLS=1` each says what is done in it.
#[test]
fn five_thousand_histories_of_all_they_tell_are_what_the_model_says_and_reach_everything() {
    let seeds = std::env::var("TROTH_SEEDS").ok().and_then(|range| {
        let (from, to) = range.split_once("..")?;
        Some(from.parse().ok()?..to.parse().ok()?)
    });
    let seeds: std::ops::Range<u64> = seeds.unwrap_or(0..5000);
    let all = seeds.end - seeds.start;
    let middle = seeds.start + all / 2;
    // Two cores, two halves.
    let tallies = std::thread::scope(|threads| {
        let halves = [seeds.start..middle, middle..seeds.end];
        let runs = halves.map(|half| {
            threads.spawn(move || {
                let mut tally = Tally::default();
                for seed in half {
                    tally.add(told_histories::run(seed));
                }
                tally
            })
        });
        runs.map(|run| run.join().expect("a history failed"))
    });
    let mut tally = Tally::default();
    for half in tallies {
        tally.join(half);
    }
    assert!(tally.differs.is_empty(), "{}", tally.differs.join("\n"));
    eprintln!("of {all} histories: {:?} {:?}", tally.reached, tally.states);
    let often = |n: Option<&u64>| n.copied().unwrap_or(0) * 50 >= all || all < 200;
    let things = said().chain(REACHED);
    let rare = things.filter(|it| !often(tally.reached.get(**it)));
    let rare: Vec<String> = rare.map(|it| (*it).to_owned()).collect();
    assert!(rare.is_empty(), "in too few of {all} histories: {rare:?}");
    let states = STATES
        .iter()
        .flat_map(|(kind, states)| states.iter().map(move |state| (*kind, *state)));
    let states: BTreeSet<_> = states.collect();
    let rare = states.iter().filter(|it| !often(tally.states.get(*it)));
    let rare: Vec<_> = rare.collect();
    assert!(rare.is_empty(), "in too few of {all} histories: {rare:?}");
    let more: Vec<_> = tally
        .states
        .keys()
        .filter(|it| !states.contains(it))
        .collect();
    assert!(more.is_empty(), "states that nobody named: {more:?}");
}

/// How many histories reached what, and where screens and the model differ.
#[derive(Default)]
struct Tally {
    reached: BTreeMap<&'static str, u64>,
    states: BTreeMap<(&'static str, &'static str), u64>,
    differs: Vec<String>,
}

impl Tally {
    fn add(&mut self, ran: told_histories::Ran) {
        for it in ran.reached {
            *self.reached.entry(it).or_default() += 1;
        }
        for it in ran.states {
            *self.states.entry(it).or_default() += 1;
        }
        self.differs.extend(ran.differs);
    }

    fn join(&mut self, other: Self) {
        for (it, n) in other.reached {
            *self.reached.entry(it).or_default() += n;
        }
        for (it, n) in other.states {
            *self.states.entry(it).or_default() += n;
        }
        self.differs.extend(other.differs);
    }
}
