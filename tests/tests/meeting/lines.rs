//! Lines that are slow, lossy or narrow.

use super::{Couple, FIRST_SLOT, PORT, Person};
use serde_json::json;
use std::time::{Duration, Instant};
use troth_tests::histories::request;
use troth_tests::home::as_root;
use troth_tests::networks::{Lan, Router, SlowLine};

/// The seed of what is lost: `TROTH_SEED` again, or a new one.
fn seed() -> u64 {
    let given = std::env::var("TROTH_SEED").ok();
    given.and_then(|seed| seed.parse().ok()).unwrap_or_else(|| {
        let mut bytes = [0; 8];
        getrandom::fill(&mut bytes).unwrap();
        u64::from_le_bytes(bytes)
    })
}

/// The two at the ends of a line: 200 ms there and back, and one packet in twenty lost.
fn at_the_ends(scenario: &str) -> (Couple, SlowLine) {
    let line = SlowLine::new(scenario, Duration::from_millis(100), 50, seed());
    let couple = Couple::apart(scenario);
    let [ana, ben] = couple.both().map(|person| &person.device);
    ana.plug("eth0", &line.near.space, &["192.168.7.2/24"]);
    ben.plug("eth0", &line.far.space, &["192.168.7.3/24"]);
    (couple, line)
}

/// Writes so many; the daemon has all of them on its disk then.
fn write(person: &Person, many: usize) {
    let words = "We tell each other before anyone comes to stay, and ask if it is all right. ";
    for n in 0..many {
        let does = json!({"me": "I ask first.", "partner": "You ask first."});
        let words = json!({"topic": format!("Topic {n}"), "terms": words.repeat(2), "does": does});
        person.ask("agreement_propose", words);
    }
}

/// Ana writes so many, and Ben has them all; how long that took from when he was there.
fn taken_over(couple: &Couple, many: usize) -> Duration {
    couple.ben.ask("pause", json!({}));
    couple.ana.until(false);
    write(&couple.ana, many);
    let last = couple.ana.writes();
    couple.ben.ask("resume", json!({}));
    let begun = Instant::now();
    let by = begun + Duration::from_secs(600);
    let has_all = request("status", json!({}));
    loop {
        let there = couple.ben.try_ask(&last).is_ok();
        let all = || couple.ana.try_ask(&has_all).unwrap()["partner_has_all"] == true;
        if there && all() {
            return begun.elapsed();
        }
        assert!(Instant::now() < by, "Ben never has all");
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn over_a_line_of_200_ms_that_loses_one_in_twenty() {
    if !as_root() {
        return;
    }
    let (couple, mut line) = at_the_ends("slow");
    couple.pair();
    let took = couple.until_words_go_over();
    eprintln!("words each way: {took:?}");
    let took = taken_over(&couple, 200);
    let (carried, lost) = line.carried_and_lost();
    eprintln!("200 taken over in {took:?}; {carried} frames carried, {lost} lost");
    assert!(lost > 0, "nothing was lost");
    assert!(took < Duration::from_secs(30), "{took:?}");
    let [ana, ben] = couple.both().map(|person| &person.device);
    ana.addressed("eth0", &["192.168.7.66/24"]);
    ben.addressed("eth0", &["192.168.7.77/24"]);
    couple.meet_within("both addresses new, over such a line", FIRST_SLOT);
}

#[test]
#[ignore = "minutes: see tests/CAMPAIGNS.md"]
fn ten_thousand_over_a_line_of_200_ms_that_loses_one_in_twenty() {
    if !as_root() {
        return;
    }
    let (couple, mut line) = at_the_ends("slower");
    couple.pair();
    let took = taken_over(&couple, 10_000);
    let (carried, lost) = line.carried_and_lost();
    eprintln!("10,000 taken over in {took:?}; {carried} frames carried, {lost} lost");
    assert!(lost > 0, "nothing was lost");
    assert!(took < Duration::from_secs(30), "{took:?}");
}

#[test]
fn over_a_line_that_carries_1280_bytes() {
    if !as_root() {
        return;
    }
    let world = Lan::new("narrow", "world");
    let [hers, his] = [(7, "hers"), (8, "his")].map(|(net, name)| {
        let (inside, outside) = (format!("192.168.{net}.1/24"), format!("11.0.0.{net}/24"));
        let router = Router::new("narrow", name, &inside, &world.space, &outside);
        router.carries(1280);
        router
    });
    hers.lets_in(PORT, "192.168.7.2");
    let couple = Couple::at_home("narrow", &hers.lan.space);
    couple.ben.reaches(&format!("11.0.0.7:{PORT}"));
    let ben = &couple.ben.device;
    ben.plug_with_router("eth0", &his.lan.space, "192.168.8.3/24", "192.168.8.1");
    couple.meet_within("over 1,280 bytes", FIRST_SLOT);
    let took = taken_over(&couple, 200);
    eprintln!("200 taken over in {took:?}");
    // And with TCP alone.
    world.drops("meta l4proto udp");
    couple.meet_within("over 1,280 bytes and TCP", FIRST_SLOT);
    let took = taken_over(&couple, 200);
    eprintln!("200 more taken over in {took:?}");
}
