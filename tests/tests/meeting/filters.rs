//! Networks and firewalls that let only some of it through.

use super::moves::BROADCASTS;
use super::{Couple, ELSEWHERE, FIRST_SLOT, ONE_NETWORK, PORT, SILENCE};
use serde_json::json;
use std::time::{Duration, Instant};
use troth_tests::home::as_root;
use troth_tests::networks::{Device, GROUPS, Lan, Stranger, Watch};

#[test]
fn without_udp_they_meet_over_tcp() {
    if !as_root() {
        return;
    }
    let home = Lan::new("noudp", "home");
    let couple = Couple::at_home("noudp", &home.space);
    // From one moment to the next, while they are linked over it.
    home.drops("meta l4proto udp");
    couple.meet_within("UDP blocked while linked", SILENCE + ELSEWHERE);
    couple.ben.restarts();
    couple.meet_within("UDP blocked from the start", ELSEWHERE);
    let mut watch = Watch::new(&couple.ana.device.space);
    couple.until_words_go_over();
    let seen = watch.seen();
    assert!(
        seen.iter()
            .any(|seen| seen.kind == "tcp" && seen.to == "192.168.7.3"),
        "{seen:?}"
    );
}

#[test]
fn without_udp_they_meet_over_tcp_past_a_crowd_that_only_holds_connections() {
    if !as_root() {
        return;
    }
    let home = Lan::new("held", "home");
    let couple = Couple::at_home("held", &home.space);
    home.drops("meta l4proto udp");
    let eve = Device::new("held", "eve");
    eve.plug("eth0", &home.space, &["192.168.7.9/24"]);
    let mut crowd = Stranger::at(&eve, "eth0", "192.168.7.9");
    couple.ben.ask("pause", json!({}));
    couple.ana.until(false);
    assert_eq!(crowd.holds("192.168.7.2", PORT, 64), 64);
    couple.ben.ask("resume", json!({}));
    crowd.holds("192.168.7.3", PORT, 64);
    couple.meet_within("past a crowd", Duration::from_secs(5));
}

#[test]
fn without_tcp_they_meet_over_udp() {
    if !as_root() {
        return;
    }
    let home = Lan::new("notcp", "home");
    home.drops("meta l4proto tcp");
    let couple = Couple::at_home("notcp", &home.space);
    couple.ben.restarts();
    couple.meet_within("TCP blocked", ONE_NETWORK);
    couple.ana.device.addressed("eth0", &["192.168.7.66/24"]);
    couple.ben.device.addressed("eth0", &["192.168.7.77/24"]);
    couple.meet_within("TCP blocked, both addresses new", ONE_NETWORK);
}

/// A firewall remembers UDP that it saw before it was told to forget sooner for three minutes.
const FORGETS: Duration = Duration::from_secs(200);

#[test]
fn one_whose_firewall_lets_nobody_in_is_met_all_the_same() {
    if !as_root() {
        return;
    }
    let home = Lan::new("inbound", "home");
    let couple = Couple::at_home("inbound", &home.space);
    let ana = &couple.ana;
    ana.device.drops_inbound();
    // What came and went before would let him in for a while.
    ana.ask("pause", json!({}));
    let by = Instant::now() + FORGETS;
    while ana.device.still_open() > 0 {
        assert!(Instant::now() < by, "her firewall never forgets");
        std::thread::sleep(Duration::from_millis(100));
    }
    ana.ask("resume", json!({}));
    couple.meet_within("nobody gets in, and she begins", ONE_NETWORK);
    couple.ben.restarts();
    couple.meet_within("nobody gets in at Ana's", FIRST_SLOT);
    // Hers is what nobody reaches: she goes on where she was told that Ben is.
    ana.restarts();
    couple.meet_within("and after she began anew", ONE_NETWORK);
}

#[test]
fn one_whose_firewall_lets_in_only_answers_calls_each_address_and_is_answered() {
    if !as_root() {
        return;
    }
    let home = Lan::new("answers", "home");
    let couple = Couple::at_home("answers", &home.space);
    let hotel = Lan::new("answers", "hotel");
    hotel.drops(GROUPS);
    hotel.drops(BROADCASTS);
    couple.ana.device.drops_inbound();
    couple.come_into(&hotel);
    couple.until_parted();
    // Past what coming into a network does by itself.
    let since = Instant::now();
    while since.elapsed() < Duration::from_secs(6) {
        assert!(!couple.ana.linked(), "something meant for all has passed");
        std::thread::sleep(Duration::from_millis(100));
    }
    let here = couple.ana.ask("reach_here", json!({}));
    assert_eq!(here["called"], 253);
    couple.meet_within("each address called, only answers let in", ONE_NETWORK);
}
