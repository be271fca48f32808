//! A cable that is out, and a link that dies without a word.

use super::{Couple, FIRST_SLOT, PORT, SECOND_SLOT, SILENCE, THIRD_SLOT};
use std::time::{Duration, Instant};
use troth_tests::home::as_root;
use troth_tests::networks::{Lan, Watch};

/// Ben's cable is out for so long: both know it, and are linked again soon after.
fn out_for(scenario: &str, out: Duration, slot: Duration) {
    let home = Lan::new(scenario, "home");
    let couple = Couple::at_home(scenario, &home.space);
    couple.ben.device.pull("eth0");
    let since = Instant::now();
    couple.part_within("a cable out", SILENCE);
    std::thread::sleep(out.saturating_sub(since.elapsed()));
    couple.ben.device.put_back("eth0");
    couple.meet_within(&format!("a cable out for {out:?}"), slot);
}

#[test]
fn a_cable_out_for_a_minute() {
    if as_root() {
        out_for("minute", Duration::from_secs(60), SECOND_SLOT);
    }
}

#[test]
#[ignore = "eleven minutes: see tests/CAMPAIGNS.md"]
fn a_cable_out_for_ten_minutes() {
    if as_root() {
        out_for("ten", Duration::from_secs(600), THIRD_SLOT);
    }
}

#[test]
#[ignore = "twelve minutes: see tests/CAMPAIGNS.md"]
fn one_who_is_alone_for_ten_minutes_wakes_seldom() {
    if !as_root() {
        return;
    }
    let home = Lan::new("alone", "home");
    let couple = Couple::at_home("alone", &home.space);
    couple.ben.home.stop();
    std::thread::sleep(Duration::from_secs(600));
    let wakes = couple.ana.process().wakes_a_second(Duration::from_secs(90));
    eprintln!("alone: {wakes:.2} wake-ups a second");
    assert!(wakes <= 0.5, "{wakes:.2} wake-ups a second");
    couple.ana.ask("pause", serde_json::json!({}));
    std::thread::sleep(Duration::from_secs(20));
    let wakes = couple.ana.process().wakes_a_second(Duration::from_secs(60));
    eprintln!("paused: {wakes:.2} wake-ups a second");
    assert!(wakes < 0.05, "{wakes:.2} wake-ups a second");
}

#[test]
fn a_link_over_quic_that_dies_in_silence_is_noticed_on_both_sides() {
    if !as_root() {
        return;
    }
    let home = Lan::new("quic", "home");
    let couple = Couple::at_home("quic", &home.space);
    home.drops("meta l4proto { tcp, udp }");
    couple.part_within("QUIC in silence", SILENCE);
    home.passes();
    couple.meet_within("after QUIC in silence", FIRST_SLOT);
}

#[test]
fn a_link_over_tcp_that_dies_in_silence_is_noticed_on_both_sides() {
    if !as_root() {
        return;
    }
    let home = Lan::new("tcp", "home");
    home.drops("meta l4proto udp");
    let couple = Couple::at_home("tcp", &home.space);
    home.drops("meta l4proto tcp");
    couple.part_within("TCP in silence", SILENCE);
    home.passes();
    couple.meet_within("after TCP in silence", FIRST_SLOT);
}

/// What has left for an address so far: questions who has it, and attempts.
fn towards(watch: &mut Watch, to: &str) -> u64 {
    let seen = watch.seen();
    let there = seen.iter().filter(|seen| seen.to == to && !seen.near);
    let asked = seen
        .iter()
        .filter(|seen| seen.to == to && seen.kind == "arp");
    there.chain(asked).map(|seen| seen.packets).sum()
}

#[test]
fn what_is_typed_is_dialled_at_once_also_where_a_link_has_just_died() {
    if !as_root() {
        return;
    }
    let home = Lan::new("typing", "home");
    let couple = Couple::at_home("typing", &home.space);
    couple.until_words_go_over();
    let ana = &couple.ana;
    let mut watch = Watch::new(&ana.device.space);
    // Nobody has noticed yet.
    home.drops("meta l4proto { tcp, udp }");
    let begun = Instant::now();
    ana.reaches(&format!("192.168.7.99:{PORT}"));
    while towards(&mut watch, "192.168.7.99") == 0 {
        let waited = begun.elapsed();
        assert!(waited < Duration::from_millis(500), "not after {waited:?}");
        std::thread::sleep(Duration::from_millis(5));
    }
    eprintln!("dialled beside a dead link: after {:?}", begun.elapsed());
    // Where Ben was is being dialled already, and what was sent there is lost: it would be sent again after a second.
    ana.until(false);
    std::thread::sleep(Duration::from_millis(100));
    home.passes();
    let begun = Instant::now();
    ana.reaches(&format!("192.168.7.3:{PORT}"));
    ana.until(true);
    let took = begun.elapsed();
    eprintln!("the line is back, and where Ben was is typed: linked after {took:?}");
    assert!(took < Duration::from_millis(500), "{took:?}");
}
