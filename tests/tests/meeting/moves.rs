//! New addresses, and other networks: both there, or both gone there.

use super::{Couple, ONE_NETWORK, PORT, rung, wait};
use serde_json::{Value, json};
use std::cell::RefCell;
use std::time::{Duration, Instant};
use troth_tests::home::as_root;
use troth_tests::networks::{GROUPS, Lan, Watch};

/// What goes to everybody in a network, but for the question who has an address.
pub(super) const BROADCASTS: &str = "ether daddr ff:ff:ff:ff:ff:ff ether type != arp";

#[test]
fn one_address_is_new() {
    if !as_root() {
        return;
    }
    let home = Lan::new("one", "home");
    let couple = Couple::at_home("one", &home.space);
    couple.ben.device.addressed("eth0", &["192.168.7.77/24"]);
    couple.meet_within("one address new", ONE_NETWORK);
}

#[test]
fn both_addresses_are_new() {
    if !as_root() {
        return;
    }
    let home = Lan::new("both", "home");
    let couple = Couple::at_home("both", &home.space);
    couple.ana.device.addressed("eth0", &["192.168.7.66/24"]);
    couple.ben.device.addressed("eth0", &["192.168.7.77/24"]);
    couple.meet_within("both addresses new", ONE_NETWORK);
}

#[test]
fn both_in_a_hotel_and_whoever_looks_on_sees_them_talk_to_nobody_else() {
    if !as_root() {
        return;
    }
    let home = Lan::new("hotel", "home");
    let couple = Couple::at_home("hotel", &home.space);
    let mut watches = couple.both().map(|person| Watch::new(&person.device.space));
    let hotel = Lan::new("hotel", "hotel");
    couple.come_into(&hotel);
    couple.meet_within("in a hotel", ONE_NETWORK);
    // At home, in the hotel, and nobody besides.
    for (watch, partner) in watches.iter_mut().zip([3, 2]) {
        let partner = ["192.168.7", "10.20.0"].map(|net| format!("{net}.{partner}"));
        let others = watch.to_others(&partner.each_ref().map(String::as_str));
        assert_eq!(others, [], "somebody else was spoken to");
        let seen = watch.seen();
        let called = seen.iter().filter(|seen| seen.is_of_the_call());
        let called: Vec<&str> = called.map(|seen| seen.to.as_str()).collect();
        // An address of IPv6 is made sure of for a second or two, in which they may be linked already.
        let groups = ["10.20.0.255", "224.0.0.1", "ff02::1"];
        for group in &groups[..2] {
            assert!(called.contains(group), "{group} was not called: {called:?}");
        }
        let partner = partner.each_ref().map(String::as_str);
        let may = |to: &str| {
            groups.contains(&to)
                || partner.contains(&to)
                || ["192.168.7.255", "192.168.7.1"].contains(&to)
        };
        // The answer goes to where the call came from, by its own address of that link too.
        let others: Vec<&&str> = called
            .iter()
            .filter(|to| !may(to) && !to.starts_with("fe80:"))
            .collect();
        assert!(others.is_empty(), "called: {others:?}");
    }
}

#[test]
fn in_one_network_nothing_is_called_while_linked_or_paused() {
    if !as_root() {
        return;
    }
    let home = Lan::new("quiet", "home");
    let couple = Couple::at_home("quiet", &home.space);
    couple.until_words_go_over();
    let mut watch = Watch::new(&couple.ana.device.space);
    // What pairing and a new network left to do is done once nothing has been called for a while.
    let before = RefCell::new((watch.of_the_call(), Instant::now()));
    let watch_it = RefCell::new(&mut watch);
    let quiet = || {
        let (mut before, now) = (before.borrow_mut(), watch_it.borrow_mut().of_the_call());
        if now != before.0 {
            *before = (now, Instant::now());
        }
        before.1.elapsed() > Duration::from_secs(4)
    };
    wait(quiet, || "they call although they are linked".into());
    let mut watch = Watch::new(&couple.ana.device.space);
    let process = couple.ana.process();
    let wakes = process.wakes_a_second(Duration::from_secs(20));
    eprintln!("linked: {wakes:.2} wake-ups a second");
    assert_eq!(watch.of_the_call(), 0, "linked");
    couple.ana.ask("pause", json!({}));
    couple.ben.until(false);
    let mut watch = Watch::new(&couple.ana.device.space);
    couple.ana.ask("status", json!({}));
    std::thread::sleep(Duration::from_secs(5));
    let sent = watch.to_others(&[]);
    assert_eq!(sent, [], "paused");
    assert_eq!(watch.of_the_call(), 0, "paused");
    couple.ana.ask("resume", json!({}));
    couple.meet_within("after a pause", ONE_NETWORK);
    // Fewer than one is wanted (PROTOCOL §8.1); this notices when it grows.
    assert!(wakes < 2.0, "{wakes:.2} wake-ups a second while linked");
}

#[test]
fn both_in_a_hotel_that_passes_no_multicast() {
    if !as_root() {
        return;
    }
    let home = Lan::new("nogroups", "home");
    let couple = Couple::at_home("nogroups", &home.space);
    let hotel = Lan::new("nogroups", "hotel");
    hotel.drops(GROUPS);
    couple.come_into(&hotel);
    couple.meet_within("without multicast", ONE_NETWORK);
}

#[test]
fn one_is_the_others_hotspot_and_it_passes_nothing_that_goes_to_all() {
    if !as_root() {
        return;
    }
    let home = Lan::new("hotspot", "home");
    let couple = Couple::at_home("hotspot", &home.space);
    let air = Lan::new("hotspot", "air");
    air.drops(GROUPS);
    air.drops(BROADCASTS);
    let [ana, ben] = couple.both().map(|person| &person.device);
    ana.plug("eth0", &air.space, &["10.42.0.1/24"]);
    ben.plug_with_router("eth0", &air.space, "10.42.0.9/24", "10.42.0.1");
    couple.meet_within("in a hotspot", ONE_NETWORK);
}

#[test]
fn where_devices_are_kept_apart_doctor_says_so_and_names_the_way_out() {
    if !as_root() {
        return;
    }
    let home = Lan::new("isolated", "home");
    let couple = Couple::at_home("isolated", &home.space);
    let hotel = Lan::new("isolated", "hotel");
    couple.come_into(&hotel);
    hotel.isolates(&couple.both().map(|person| person.device.port("eth0")));
    couple.until_parted();
    let tried = couple.ana.writes();
    for person in couple.both() {
        let remembered = |doctor: &Value| rung(doctor, "remembered addresses")["state"].clone();
        wait(
            || remembered(&person.doctor()) == "failed",
            || "nothing was tried".into(),
        );
        let doctor = person.doctor();
        eprintln!("kept apart: {doctor}");
        assert_eq!(rung(&doctor, "link")["state"], "failed", "{doctor}");
        // None of them answered since: which, and what to do instead.
        let remembered = rung(&doctor, "remembered addresses");
        assert_eq!(remembered["state"], "failed", "{doctor}");
        let own = if person.home.dir.ends_with("ana") {
            2
        } else {
            3
        };
        assert!(
            doctor.to_string().contains(&format!("10.20.0.{own}")),
            "{doctor}"
        );
        // Where the other was is elsewhere; that it is so now nobody here knows.
        let networks = rung(&doctor, "networks");
        let why = networks["why"].as_str().unwrap();
        assert!(why.contains("is not known here"), "{doctor}");
        assert!(!why.contains("in common"), "{doctor}");
        let call = rung(&doctor, "call");
        assert_eq!(call["state"], "failed", "{doctor}");
        assert!(
            call["why"]
                .as_str()
                .unwrap()
                .contains("keeps devices apart"),
            "{doctor}"
        );
        let out = rung(&doctor, "carried file");
        assert_eq!(out["state"], "ok", "{doctor}");
        assert!(
            out["why"].as_str().unwrap().contains("carry out"),
            "{doctor}"
        );
    }
    assert!(couple.ben.try_ask(&tried).is_err(), "they are apart");
}

#[test]
fn two_networks_with_the_same_numbers_are_not_taken_for_one() {
    if !as_root() {
        return;
    }
    let home = Lan::new("alike", "home");
    let couple = Couple::at_home("alike", &home.space);
    let other = Lan::new("alike", "other");
    let ben = &couple.ben.device;
    ben.plug_with_router("eth0", &other.space, "192.168.7.3/24", "192.168.7.1");
    couple.until_parted();
    for person in couple.both() {
        let doctor = person.doctor();
        let networks = rung(&doctor, "networks")["why"].as_str().unwrap();
        assert!(networks.contains("192.168.7.0/24"), "{doctor}");
        assert!(networks.contains("may be another"), "{doctor}");
        // What there is to do if it is.
        let act = rung(&doctor, "link")["who_must_act"].as_str().unwrap();
        assert!(act.contains("troth reach"), "{doctor}");
    }
}

#[test]
fn home_is_remembered_after_a_stay_elsewhere() {
    if !as_root() {
        return;
    }
    let home = Lan::new("home", "home");
    let couple = Couple::at_home("home", &home.space);
    let hotel = Lan::new("home", "hotel");
    couple.come_into(&hotel);
    couple.meet_within("elsewhere", ONE_NETWORK);
    // Only what is remembered leads home: no call gets through there.
    home.drops(GROUPS);
    home.drops(BROADCASTS);
    couple.go_home(&home.space);
    couple.meet_within("home again", ONE_NETWORK);
}

#[test]
fn whoever_comes_second_an_hour_later_is_linked_as_soon() {
    if !as_root() {
        return;
    }
    let home = Lan::new("second", "home");
    let couple = Couple::at_home("second", &home.space);
    let hotel = Lan::new("second", "hotel");
    for person in couple.both() {
        person.device.leave("eth0");
    }
    couple.until_parted();
    couple
        .ana
        .device
        .plug("eth0", &hotel.space, &["10.20.0.2/24"]);
    // Past what coming into a network does by itself: Ana waits for her slots.
    let since = Instant::now();
    while since.elapsed() < Duration::from_secs(6) {
        assert!(!couple.ana.linked());
        std::thread::sleep(Duration::from_millis(100));
    }
    couple
        .ben
        .device
        .plug("eth0", &hotel.space, &["10.20.0.3/24"]);
    couple.meet_within("the second came later", ONE_NETWORK);
    let doctor: Value = couple.ana.doctor();
    let listening = &rung(&doctor, "listening")["why"];
    assert!(
        listening
            .as_str()
            .unwrap()
            .contains(&format!("10.20.0.2:{PORT}")),
        "{doctor}"
    );
}
