//! Words taken back or put away that are here for some days more: how much of them, and what may not be learned by that.

use super::*;
use std::collections::BTreeMap;
use troth_proto::assertion::words_hash;

/// Words as long as they may be.
fn long() -> String {
    "€".repeat(limits::TEXT_CHARS)
}

/// Ben tells of a break, and takes it back.
fn break_and_back(sim: &mut Sim, note: &str) -> AssertionId {
    let back_at = json!({"back_at": "2026-05-28T21:30Z"});
    let id = tell(sim, "break", &back_at, &json!({"note": note}));
    take_back(sim, id);
    id
}

/// Bytes of words in Ben's book as Ana has it.
fn words_here(sim: &Sim) -> u64 {
    let book = sim.node(0).couple().unwrap().book(Who::Partner);
    let words = book.said().filter_map(|said| said.words());
    words.map(|words| words.len() as u64).sum()
}

/// Bytes of runs on a device's disk.
fn on_disk(sim: &Sim, p: usize) -> u64 {
    let rows = sim.devices[p].disk.iter();
    let runs = rows.filter(|(row, _)| matches!(row, Row::Run(..)));
    runs.map(|(_, bytes)| bytes.len() as u64).sum()
}

/// Whatever stands in a book stands there as its hash says.
fn check_words(sim: &Sim, p: usize) {
    let couple = sim.node(p).couple().unwrap();
    for who in [Who::Me, Who::Partner] {
        let book = couple.book(who);
        for said in book.said() {
            let words = said.words().map_or(book.hash_of_words(said), words_hash);
            let head = said.head.as_bytes();
            let hash = troth_proto::assertion::hash(couple.id, book.owner, head, &words);
            assert_eq!(hash, said.hash);
        }
    }
}

#[test]
fn words_taken_back_that_are_here_for_some_days_more_are_bounded() {
    let mut sim = Sim::paired(700);
    let mut ids = Vec::new();
    for _ in 0..330 {
        ids.push(break_and_back(&mut sim, &long()));
    }
    sim.pass(1_000);
    for _ in 0..2 {
        let book = sim.node(0).couple().unwrap().book(Who::Partner);
        assert!(book.bytes() < 1024 * 1024, "{}", book.bytes());
        let (here, disk) = (words_here(&sim), on_disk(&sim, 0));
        assert!(here <= limits::LEAVING_BYTES, "{here}");
        assert!(here >= limits::LEAVING_BYTES / 2, "{here}");
        assert!(disk <= limits::LEAVING_BYTES + 512 * 1024, "{disk}");
        let held = book.room_of_words() as u64;
        assert!(held <= 2 * here + 1024 * 1024, "{held} {here}");
        let there = |id: &AssertionId| book.by_id(id)[0].words().is_some();
        assert!(there(&ids[0]) && !there(ids.last().unwrap()));
        check_words(&sim, 0);
        sim.crash(0);
        sim.pass(1_000);
    }
}

/// Ben tells of something long, and takes it back; between the two Ana opens it.
fn opened_and_back(sim: &mut Sim) -> AssertionId {
    let id = tell(sim, "ask", &json!({}), &json!({"text": long()}));
    told(sim, 0, json!({"do": "open", "id": id})).unwrap();
    take_back(sim, id);
    id
}

/// Whether words of Ben's are still where Ana is.
fn has_words(sim: &Sim, id: &AssertionId) -> bool {
    let book = sim.node(0).couple().unwrap().book(Who::Partner);
    book.by_id(id)[0].words().is_some()
}

#[test]
fn what_was_opened_keeps_its_days_whatever_the_other_takes_back_later() {
    let mut sim = Sim::paired(707);
    let opened = opened_and_back(&mut sim);
    for p in 0..2 {
        let ready = json!({"slot": "2026-W47", "words": {"wish": "needle"}});
        sim.request(p, request("checkin_ready", ready)).unwrap();
        sim.settle();
    }
    let slot = json!({"slot": "2026-W47"});
    sim.request(1, request("checkin_take_back", slot)).unwrap();
    sim.settle();
    let page = |sim: &Sim| {
        let book = sim.node(0).couple().unwrap().book(Who::Partner);
        let mut words = book.said().filter_map(|said| said.words());
        words.any(|words| words.contains("needle"))
    };
    let words = blinded(&BLIND, &json!({"wish": long()}).to_string());
    for _ in 0..150 {
        break_and_back(&mut sim, &long());
        let body = json!({"slot": "2026-W47", "round": 2});
        let head = json!({"kind": "open", "on": DAY, "body": body});
        let id = sim.write_head(1, head, &words, None).unwrap().0;
        take_back(&mut sim, id);
    }
    sim.pass(1_000);
    assert!(has_words(&sim, &opened) && page(&sim));
    let day = sim.devices[0].day;
    sim.devices[0].day = day.plus(limits::KEEPING_DAYS - 1);
    sim.pass(1_000);
    assert!(has_words(&sim, &opened) && page(&sim));
    sim.devices[0].day = day.plus(limits::KEEPING_DAYS);
    sim.pass(1_000);
    assert!(!has_words(&sim, &opened) && !page(&sim));
}

#[test]
fn what_was_opened_and_taken_back_is_bounded_too_and_the_first_stays() {
    let mut sim = Sim::paired(708);
    let ids: Vec<AssertionId> = (0..140).map(|_| opened_and_back(&mut sim)).collect();
    for _ in 0..2 {
        sim.pass(1_000);
        let here = words_here(&sim);
        assert!(here <= limits::LEAVING_BYTES, "{here}");
        assert!(here >= limits::LEAVING_BYTES / 2, "{here}");
        assert!(has_words(&sim, &ids[0]) && !has_words(&sim, &ids[139]));
        check_words(&sim, 0);
        sim.crash(0);
    }
}

#[test]
fn where_room_for_what_leaves_ends_tells_nothing_of_what_was_opened() {
    let worlds = [false, true].map(|opened| {
        let mut sim = Sim::paired(709);
        let id = tell(&mut sim, "ask", &json!({}), &json!({"text": long()}));
        if opened {
            told(&mut sim, 0, json!({"do": "open", "id": id})).unwrap();
        }
        sim.pass(60_000);
        take_back(&mut sim, id);
        let mut done: Vec<Vec<String>> = Vec::new();
        for _ in 0..270 {
            let back_at = json!({"back_at": "2026-05-28T21:30Z"});
            let words = blinded(&BLIND, &json!({"note": long()}).to_string());
            let head = json!({"kind": "break", "on": DAY, "body": back_at});
            let (id, _) = sim.write_head(1, head, &words, None).unwrap();
            let head = json!({"kind": "take_back", "on": DAY, "about": id, "body": {}});
            sim.write_head(1, head, "", None).unwrap();
            let mut this = Vec::new();
            loop {
                this.extend(frames(&mut sim, 0).concat());
                if !sim.deliver(1) {
                    break;
                }
            }
            for _ in 0..20 {
                sim.mono += 100;
                this.extend(handed(&mut sim, 0, Input::Tick));
            }
            done.push(kinds(&this));
        }
        done
    });
    let differ = worlds[0].iter().zip(&worlds[1]).position(|(a, b)| a != b);
    assert_eq!(differ, None);
}

#[test]
fn many_short_words_taken_back_are_bounded_too() {
    let mut sim = Sim::paired(701);
    let most = (limits::LEAVING_BYTES / limits::LEAVING_COST) as usize;
    sim.cut();
    let mut ids = Vec::new();
    let back_at = json!({"back_at": "2026-05-28T21:30Z"});
    for n in 0..most + 100 {
        ids.push(tell(
            &mut sim,
            "break",
            &back_at,
            &json!({"note": n.to_string()}),
        ));
    }
    sim.connect();
    sim.settle();
    sim.cut();
    for id in &ids {
        take_back(&mut sim, *id);
    }
    sim.connect();
    sim.settle();
    sim.pass(2_000);
    let book = sim.node(0).couple().unwrap().book(Who::Partner);
    let here = book
        .said()
        .filter(|said| said.words().is_some_and(|it| !it.is_empty()));
    let here = here.count();
    assert!(here <= most && here >= most / 2, "{here}");
    let local = sim.devices[0].disk[&Row::Local].len();
    assert!(local < 64 * most, "{local}");
}

#[test]
fn the_room_of_words_that_have_left_is_given_back() {
    let mut sim = Sim::paired(702);
    let mut stays = Vec::new();
    for _ in 0..40 {
        let id = tell(&mut sim, "ask", &json!({}), &json!({"text": long()}));
        stays.push(tell(&mut sim, "ask", &json!({}), &json!({"text": "stays"})));
        take_back(&mut sim, id);
    }
    let before = sim.node(0).couple().unwrap().length();
    for _ in 0..40 {
        let id = tell(&mut sim, "ask", &json!({}), &json!({"text": long()}));
        take_back(&mut sim, id);
    }
    for _ in 0..2 {
        for p in 0..2 {
            let couple = sim.node(p).couple().unwrap();
            let book = couple.book([Who::Partner, Who::Me][p]);
            let held = book.room_of_words();
            assert!(held < 256 * 1024, "{p}: {held}");
            let here = |id: &AssertionId| {
                book.by_id(id)[0]
                    .words()
                    .is_some_and(|it| it.contains("stays"))
            };
            assert!(stays.iter().all(here));
            check_words(&sim, p);
        }
        // What came since goes again, whatever has moved.
        let node = sim.devices[0].node.as_mut().unwrap();
        node.couple_for_tests().truncate(before);
        check_words(&sim, 0);
        sim.crash(0);
        sim.connect();
        sim.settle();
    }
}

#[test]
fn one_more_taken_back_costs_the_same_whatever_was_taken_back_before() {
    let mut sim = Sim::paired(703);
    let cost = |sim: &mut Sim| {
        let before = taken();
        break_and_back(sim, "x");
        taken() - before
    };
    let first = cost(&mut sim);
    for _ in 0..200 {
        break_and_back(&mut sim, "x");
    }
    let last = cost(&mut sim);
    assert!(last <= first + 20, "{first} {last}");
}

#[test]
fn answers_taken_back_in_one_thread_cost_as_much_as_their_number() {
    let mut sim = Sim::paired(704);
    let hers = add(&mut sim, 0, "ask", json!({"text": "x"}), json!({}));
    sim.settle();
    let of = hash_of(&sim, 0, &hers["id"]);
    let words = blinded(&BLIND, &json!({"words": "y"}).to_string());
    let ids: Vec<AssertionId> = (0..200)
        .map(|_| {
            let head = json!({"kind": "answer", "on": DAY, "about": hers["id"], "seen": [of],
                "body": {"says": "words"}});
            sim.write_head(1, head, &words, None).unwrap().0
        })
        .collect();
    sim.settle();
    for id in &ids {
        let head = json!({"kind": "take_back", "on": DAY, "about": id, "body": {}});
        sim.write_head(1, head, "", None).unwrap();
    }
    let before = taken();
    sim.settle();
    let cost = taken() - before;
    assert!(cost < 20_000, "{cost}");
    assert!(words_here(&sim) < 100, "all have left: none was opened");
}

#[test]
fn what_is_known_of_words_taken_back_goes_with_them() {
    let mut sim = Sim::paired(705);
    for _ in 0..100 {
        break_and_back(&mut sim, "x");
    }
    sim.pass(2_000);
    let local = |sim: &Sim| sim.devices[0].disk[&Row::Local].len();
    let whole = local(&sim);
    assert!(whole > 3_000, "{whole}");
    sim.devices[0].day = sim.devices[0].day.plus(limits::KEEPING_DAYS - 1);
    sim.pass(2_000);
    assert!(words_here(&sim) > 1_000 && local(&sim) == whole);
    sim.devices[0].day = sim.devices[0].day.plus(1);
    sim.pass(2_000);
    assert!(words_here(&sim) < 100);
    assert!(local(&sim) < 300, "{}", local(&sim));
}

#[test]
fn the_disk_does_the_same_whether_words_taken_back_were_opened_or_not() {
    let worlds = [false, true].map(|opened| {
        let mut sim = Sim::paired(706);
        let text = json!({"text": "x".repeat(9_000)});
        let asks = [0, 1].map(|_| add(&mut sim, 1, "ask", text.clone(), json!({})));
        sim.settle();
        for ask in &asks {
            let open = json!({"do": "open", "id": ask["id"]});
            if opened {
                told(&mut sim, 0, open).unwrap();
            }
        }
        sim.pass(60_000);
        let mut done = Vec::new();
        for ask in &asks {
            told(&mut sim, 1, json!({"do": "take_back", "id": ask["id"]})).unwrap();
            done.extend(frames(&mut sim, 0).concat());
            for _ in 0..40 {
                sim.mono += 100;
                done.extend(handed(&mut sim, 0, Input::Tick));
            }
        }
        let here = words_here(&sim) > 9_000;
        assert_eq!(here, opened);
        kinds(&done)
    });
    assert!(
        worlds[0].iter().any(|it| it.starts_with("erase")),
        "{worlds:?}"
    );
    assert_eq!(worlds[0], worlds[1]);
}

#[test]
fn a_look_for_what_leaves_reads_so_much_at_once_and_all_in_the_end() {
    let mut sim = Sim::paired(721);
    let words = blinded(&BLIND, &json!({"words": "y"}).to_string());
    let mut asks = Vec::new();
    for _ in 0..40 {
        let ask = add(&mut sim, 0, "ask", json!({"text": "needle"}), json!({}));
        sim.settle();
        let of = hash_of(&sim, 0, &ask["id"]);
        for _ in 0..300 {
            let head = json!({"kind": "answer", "on": DAY, "about": ask["id"], "seen": [of],
                "body": {"says": "words"}});
            sim.write_head(1, head, &words, None).unwrap();
        }
        sim.settle();
        told(&mut sim, 0, json!({"do": "put_away", "id": ask["id"]})).unwrap();
        asks.push(ask["id"].clone());
    }
    let day = sim.devices[0].day;
    sim.devices[0].day = day.plus(limits::PUT_AWAY_DAYS.into());
    let mut most = 0;
    for _ in 0..100 {
        let before = taken();
        handed(&mut sim, 0, Input::Tick);
        most = most.max(taken() - before);
        sim.mono += 20;
    }
    assert!(most < 30_000, "{most}");
    for id in &asks {
        let shown = told(&mut sim, 0, json!({"do": "show", "id": id})).unwrap();
        assert_eq!(shown["seen"], "gone", "{shown:#}");
    }
}

#[test]
fn a_row_is_written_anew_without_a_look_at_all_entries() {
    let mut sim = Sim::paired(722);
    let text = json!({"text": "x".repeat(2_000)});
    let mut asks = Vec::new();
    for n in 0..300 {
        asks.push(tell(&mut sim, "ask", &json!({}), &text));
        if n % 100 == 99 {
            sim.pass(60_000);
        }
    }
    let check = |sim: &Sim| {
        for p in 0..2 {
            let couple = sim.node(p).couple().unwrap();
            for who in [Who::Me, Who::Partner] {
                let book = couple.book(who);
                let mut runs: BTreeMap<u64, Vec<usize>> = BTreeMap::new();
                for index in 0..book.entries() {
                    runs.entry(book.run_of(index)).or_default().push(index);
                }
                for (run, entries) in runs {
                    assert_eq!(book.entries_in(run), entries, "{p} {who:?} {run}");
                }
            }
        }
    };
    check(&sim);
    for ask in asks.iter().take(50) {
        take_back(&mut sim, *ask);
    }
    sim.pass(60_000);
    check(&sim);
    sim.crash(0);
    sim.connect();
    sim.settle();
    check(&sim);
    // One more: what is looked at is its own row, and what is written.
    let before = taken();
    take_back(&mut sim, asks[299]);
    sim.pass(1_000);
    let cost = taken() - before;
    assert!(cost < 2_000, "{cost}");
    check(&sim);
}
