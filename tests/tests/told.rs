//! Everything two people tell each other, held against the reference model; and the model against the tables of KINDS.

mod chance;
mod kinds;
mod pairs;
mod repairs;
mod rules;
mod story;

use std::collections::BTreeMap;
use troth_tests::told_histories::{self, REACHED, SAID};

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
                let mut tally: BTreeMap<&'static str, u64> = BTreeMap::new();
                let mut differs: Vec<String> = Vec::new();
                for seed in half {
                    let (reached, differ) = told_histories::run(seed);
                    for reached in reached {
                        *tally.entry(reached).or_default() += 1;
                    }
                    differs.extend(differ);
                }
                (tally, differs)
            })
        });
        runs.map(|run| run.join().expect("a history failed"))
    });
    let mut tally: BTreeMap<&str, u64> = BTreeMap::new();
    let mut differ: Vec<String> = Vec::new();
    for (reached, differs) in tallies {
        for (reached, n) in reached {
            *tally.entry(reached).or_default() += n;
        }
        differ.extend(differs);
    }
    assert!(differ.is_empty(), "{}", differ.join("\n"));
    eprintln!("of {all} histories: {tally:?}");
    for wanted in SAID.iter().chain(REACHED) {
        let n = tally.get(wanted).copied().unwrap_or(0);
        assert!(
            n * 50 >= all || all < 200,
            "“{wanted}” in {n} of {all} histories"
        );
    }
}
