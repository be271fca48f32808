//! Devices with many interfaces, others that change from one to the next, and addresses that come and go by the hundred.

use super::{Couple, ELSEWHERE, ONE_NETWORK, rung, wait};
use std::io::Write;
use std::process::{Command, Stdio};
use std::time::Duration;
use troth_tests::home::as_root;
use troth_tests::networks::{Device, Lan, Watch};

/// Six bridges of programs that keep containers, and a tunnel to a third party.
fn crowd(device: &Device) {
    let space = &device.space;
    for n in 1..=6 {
        space.ip(&format!("link add br{n} type bridge"));
        space.ip(&format!("addr add 172.17.{n}.1/24 brd + dev br{n}"));
        space.ip(&format!("link set br{n} up"));
    }
    space.ip("tuntap add dev tun0 mode tun");
    space.ip("addr add 10.99.0.2 peer 10.99.0.1 dev tun0");
    space.ip("link set tun0 up");
}

#[test]
fn behind_six_bridges_and_a_tunnel_the_way_that_works_is_found() {
    if !as_root() {
        return;
    }
    let home = Lan::new("crowd", "home");
    let couple = Couple::apart("crowd");
    for person in couple.both() {
        crowd(&person.device);
    }
    couple.go_home(&home.space);
    let mut watches = couple.both().map(|person| Watch::new(&person.device.space));
    couple.pair();
    for person in couple.both() {
        person.restarts();
    }
    couple.meet_within("begun anew", ONE_NETWORK);
    // As long as nobody takes to get there.
    std::thread::sleep(Duration::from_secs(3));
    let hotel = Lan::new("crowd", "hotel");
    couple.come_into(&hotel);
    couple.meet_within("behind six bridges and a tunnel", ONE_NETWORK);
    for (person, watch) in couple.both().into_iter().zip(&mut watches) {
        let doctor = person.doctor();
        let told = rung(&doctor, "listening")["why"]
            .as_str()
            .unwrap()
            .to_owned();
        for none in ["172.17.", "10.99.0.1:"] {
            assert!(!told.contains(none), "{told}");
        }
        // Whoever is at the far end of the tunnel, or on a bridge, hears nothing.
        let seen = watch.seen();
        let strange = |to: &str| to.starts_with("172.17.") || to == "10.99.0.1";
        let strange: Vec<_> = seen
            .iter()
            .filter(|seen| !seen.is_the_systems())
            .filter(|seen| strange(&seen.to) || seen.is_of_the_call() && seen.interface != "eth0")
            .collect();
        assert!(strange.is_empty(), "{strange:?}");
    }
}

#[test]
fn from_wi_fi_to_the_cable_and_back() {
    if !as_root() {
        return;
    }
    let home = Lan::new("wifi", "home");
    let couple = Couple::at_home("wifi", &home.space);
    let ben = &couple.ben.device;
    ben.plug("eth1", &home.space, &["192.168.7.33/24"]);
    // Both are there for a moment, as it is when somebody puts a cable in.
    std::thread::sleep(Duration::from_secs(3));
    ben.leave("eth0");
    couple.meet_within("the second interface stays", ELSEWHERE);
    ben.put_back("eth0");
    ben.addressed("eth0", &["192.168.7.3/24"]);
    ben.leave("eth1");
    couple.meet_within("and the first again", ELSEWHERE);
}

/// So many addresses come to an interface and go again, as fast as the system takes them.
fn storm(device: &Device, changes: usize) {
    let lines = (0..changes / 2).map(|n| {
        let at = format!("10.77.{}.{}/32 dev eth0", n / 200, n % 200 + 1);
        format!("addr add {at}\naddr del {at}\n")
    });
    let mut child = Command::new("ip")
        .args(["-n", &device.space.name, "-batch", "-"])
        .stdin(Stdio::piped())
        .spawn()
        .unwrap();
    let lines: String = lines.collect();
    child
        .stdin
        .take()
        .unwrap()
        .write_all(lines.as_bytes())
        .unwrap();
    assert!(child.wait().unwrap().success());
}

#[test]
fn five_hundred_changes_of_addresses_cost_nothing_that_stays() {
    if !as_root() {
        return;
    }
    let home = Lan::new("storm", "home");
    let couple = Couple::at_home("storm", &home.space);
    couple.until_words_go_over();
    let process = couple.ben.process();
    // One storm before: what is made once, and kept, is there.
    storm(&couple.ben.device, 20);
    couple.until_words_go_over();
    std::thread::sleep(Duration::from_secs(2));
    let before = (process.sockets(), process.threads(), process.resident());
    let mut watch = Watch::new(&couple.ben.device.space);
    storm(&couple.ben.device, 500);
    couple.meet_within("after a storm of addresses", ELSEWHERE);
    wait(
        || process.sockets() <= before.0,
        || format!("{} sockets, {} before", process.sockets(), before.0),
    );
    wait(
        || process.threads() <= before.1,
        || format!("{} threads, {} before", process.threads(), before.1),
    );
    let after = (process.sockets(), process.threads(), process.resident());
    let dialled: u64 = watch.seen().iter().map(|seen| seen.packets).sum();
    eprintln!("sockets, threads, KiB: {before:?} before, {after:?} after; {dialled} packets");
    assert!(
        after.2 < before.2 + 4 * 1024,
        "{} KiB, {} before",
        after.2,
        before.2
    );
    // What settles first is told and dialled once, not each of the five hundred.
    assert!(dialled < 2_000, "{dialled} packets");
}
