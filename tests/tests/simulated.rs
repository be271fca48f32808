//! Histories of two people from seeds, held against the reference model. `TROTH_SEEDS=FROM..TO` runs others.

use std::collections::BTreeMap;
use troth_tests::histories::{self, REACHED};

#[test]
fn two_thousand_histories_are_what_the_model_says_and_reach_everything() {
    let seeds = std::env::var("TROTH_SEEDS").ok().and_then(|range| {
        let (from, to) = range.split_once("..")?;
        Some(from.parse().ok()?..to.parse().ok()?)
    });
    let seeds: std::ops::Range<u64> = seeds.unwrap_or(0..2000);
    let all = seeds.end - seeds.start;
    let middle = seeds.start + all / 2;
    // Two cores, two halves.
    let tallies = std::thread::scope(|threads| {
        let halves = [seeds.start..middle, middle..seeds.end];
        let runs = halves.map(|half| {
            threads.spawn(move || {
                let mut tally: BTreeMap<&'static str, u64> = BTreeMap::new();
                for seed in half {
                    for reached in histories::run(seed) {
                        *tally.entry(reached).or_default() += 1;
                    }
                }
                tally
            })
        });
        runs.map(|run| run.join().expect("a history failed"))
    });
    let mut tally: BTreeMap<&str, u64> = BTreeMap::new();
    for (reached, n) in tallies.into_iter().flatten() {
        *tally.entry(reached).or_default() += n;
    }
    eprintln!("of {all} histories: {tally:?}");
    for wanted in REACHED {
        let n = tally.get(wanted).copied().unwrap_or(0);
        assert!(
            n * 50 >= all || all < 200,
            "“{wanted}” in {n} of {all} histories"
        );
    }
}
