//! Histories of two people from seeds, held against the reference model. `TROTH_SEEDS=FROM..TO` runs others.

use troth_tests::histories;

#[test]
fn a_thousand_histories_are_what_the_model_says() {
    let seeds = std::env::var("TROTH_SEEDS").ok().and_then(|range| {
        let (from, to) = range.split_once("..")?;
        Some(from.parse().ok()?..to.parse().ok()?)
    });
    for seed in seeds.unwrap_or(0..1000) {
        histories::run(seed);
    }
}
