//! Home routers between the two, and a laptop in other networks.

use super::{Couple, ELSEWHERE, FIRST_SLOT, PORT, wait};
use std::time::Duration;
use troth_tests::home::as_root;
use troth_tests::networks::{Lan, Router};

/// Two homes behind routers, and what is between them.
struct Town {
    world: Lan,
    hers: Router,
    his: Router,
}

impl Town {
    fn new(scenario: &str) -> Self {
        let world = Lan::new(scenario, "world");
        let [hers, his] = [(7, "hers"), (8, "his")].map(|(net, name)| {
            let (inside, outside) = (format!("192.168.{net}.1/24"), format!("11.0.0.{net}/24"));
            Router::new(scenario, name, &inside, &world.space, &outside)
        });
        Self { world, hers, his }
    }

    /// Ben goes to his own home.
    fn takes(&self, couple: &Couple) {
        // As long as nobody takes to get there.
        std::thread::sleep(Duration::from_secs(3));
        let (device, lan) = (&couple.ben.device, &self.his.lan.space);
        device.plug_with_router("eth0", lan, "192.168.8.3/24", "192.168.8.1");
    }
}

#[test]
fn routers_on_both_sides_and_each_types_where_the_other_is() {
    if !as_root() {
        return;
    }
    let town = Town::new("typed");
    let couple = Couple::at_home("typed", &town.hers.lan.space);
    town.takes(&couple);
    couple.until_parted();
    couple.ana.reaches(&format!("11.0.0.8:{PORT}"));
    couple.ben.reaches(&format!("11.0.0.7:{PORT}"));
    couple.meet_within("both typed", FIRST_SLOT);
}

#[test]
fn routers_on_both_sides_and_where_the_other_was_seen_is_enough_after_an_outage() {
    if !as_root() {
        return;
    }
    let town = Town::new("learned");
    let couple = Couple::at_home("learned", &town.hers.lan.space);
    // A door that is open for once: Ben types where it is, and Ana sees where he comes from.
    town.hers.lets_in(PORT, "192.168.7.2");
    town.takes(&couple);
    couple.ben.reaches(&format!("11.0.0.7:{PORT}"));
    couple.until_words_go_over();
    town.hers.lets_nobody_in();
    for router in [&town.hers, &town.his] {
        router.line("down");
    }
    couple.until_parted();
    // As long as nobody speaks, what was open is forgotten soon.
    for person in couple.both() {
        person.ask("pause", serde_json::json!({}));
    }
    for router in [&town.hers, &town.his] {
        wait(|| router.still_open() == 0, || "it never forgets".into());
    }
    for person in couple.both() {
        person.ask("resume", serde_json::json!({}));
    }
    for router in [&town.hers, &town.his] {
        router.line("up");
    }
    couple.meet_within("after an outage, both doors shut", FIRST_SLOT);
}

#[test]
fn a_laptop_in_other_networks_is_linked_soon_after_it_has_an_address() {
    if !as_root() {
        return;
    }
    let town = Town::new("laptop");
    let couple = Couple::at_home("laptop", &town.hers.lan.space);
    town.hers.lets_in(PORT, "192.168.7.2");
    couple.ben.reaches(&format!("11.0.0.7:{PORT}"));
    town.takes(&couple);
    couple.meet_within("in another network", ELSEWHERE);
    let cafe = Router::new(
        "laptop",
        "cafe",
        "10.5.0.1/24",
        &town.world.space,
        "11.0.0.9/24",
    );
    let ben = &couple.ben.device;
    ben.plug_with_router("eth0", &cafe.lan.space, "10.5.0.3/24", "10.5.0.1");
    couple.meet_within("and in a third", ELSEWHERE);
    let (home, own) = (&town.hers.lan.space, "192.168.7.3/24");
    ben.plug_with_router("eth0", home, own, "192.168.7.1");
    couple.meet_within("and home again", ELSEWHERE);
}
