//! Somebody else in the same network, who writes down what is called, sends it again, and makes a noise.

use super::{Couple, ONE_NETWORK};
use std::time::{Duration, Instant};
use troth_tests::home::as_root;
use troth_tests::networks::{Device, Lan, Stranger, Watch};

#[test]
fn whoever_records_replays_and_floods_the_call_gets_no_answer_and_keeps_nobody_apart() {
    if !as_root() {
        return;
    }
    let home = Lan::new("eve", "home");
    let couple = Couple::at_home("eve", &home.space);
    let hotel = Lan::new("eve", "hotel");
    let eve = Device::new("eve", "eve");
    eve.plug("eth0", &hotel.space, &["10.20.0.99/24"]);
    let mut stranger = Stranger::at(&eve, "eth0", "10.20.0.99");
    let mut watch = Watch::new(&couple.ana.device.space);
    couple.come_into(&hotel);
    couple.meet_within("while somebody listens", ONE_NETWORK);
    let heard = stranger.heard();
    assert!(heard > 0, "nobody called");
    // Ben is gone, and Ana calls: now it is Eve who has his words.
    couple.ben.device.leave("eth0");
    couple.ana.until(false);
    let process = couple.ana.process();
    let (log, memory) = (couple.ana.home.log().len(), process.resident());
    let to_ben = |watch: &mut Watch| -> u64 {
        let seen = watch.seen();
        let to = seen.iter();
        let to = to.filter(|seen| seen.to == "10.20.0.3" && seen.near);
        to.map(|seen| seen.packets).sum()
    };
    // Under his address and not heard by Ana before, a call of his counts, and once (PROTOCOL §8.5, who learns what).
    let before = to_ben(&mut watch);
    let rounds = 2 + u32::try_from(heard).unwrap();
    for _ in 0..rounds {
        stranger.replays(1);
        std::thread::sleep(Duration::from_millis(2_100));
    }
    let (again, as_hers, noise) = (
        stranger.replays(200),
        stranger.replays_as_its_own(200),
        stranger.junk(20_000),
    );
    eprintln!("{heard} heard; {again} sent again, {as_hers} as her own, {noise} of noise");
    assert!(again > 0 && as_hers > 0 && noise > 0);
    // Whoever asks Ana something meanwhile is answered, and she has read what she will read.
    let begun = Instant::now();
    couple.ana.writes();
    let answered = begun.elapsed();
    std::thread::sleep(Duration::from_secs(2));
    let once = to_ben(&mut watch) - before;
    eprintln!("{once} of {heard} calls were answered when they were sent again");
    assert!(once <= heard, "a replay was answered twice");
    let others = watch.to_others(&["10.20.0.3", "192.168.7.3"]);
    assert_eq!(others, [], "somebody else was spoken to");
    let to_eve: Vec<_> = watch.seen();
    let to_eve = to_eve
        .iter()
        .filter(|seen| seen.to == "10.20.0.99" && seen.kind != "arp");
    assert_eq!(to_eve.count(), 0, "Eve was answered");
    let (log, grown) = (
        couple.ana.home.log().len() - log,
        process.resident().saturating_sub(memory),
    );
    eprintln!("answered after {answered:?}; {grown} KiB and {log} bytes of log more");
    assert!(answered < Duration::from_millis(500), "{answered:?}");
    assert!(grown < 8 * 1024, "{grown} KiB more");
    assert!(log < 64 * 1024, "{log} bytes of log");
    // He comes back into the noise.
    std::thread::scope(|threads| {
        threads.spawn(|| stranger.junk(20_000));
        couple.ben.device.put_back("eth0");
        couple.ben.device.addressed("eth0", &["10.20.0.3/24"]);
        couple.meet_within("into the noise", ONE_NETWORK);
    });
}
