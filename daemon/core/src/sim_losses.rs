//! Losses of every kind, and words that leave: two people in the simulator.

use super::tests::{CHECKINS, meet, notices, propose, request, state_of, topics};
use super::*;
use serde_json::json;
use troth_proto::{Hash, Slot};

#[test]
fn a_copied_home_that_writes_on_is_a_branch_and_both_branches_are_kept() {
    let mut sim = Sim::paired(30);
    sim.request(0, propose("Known to both")).unwrap();
    sim.settle();
    let copy = sim.copy(0);
    sim.request(0, propose("On the one")).unwrap();
    sim.settle();
    sim.put_back(0, copy);
    sim.request(0, propose("On the other")).unwrap();
    meet(&mut sim);
    for p in 0..2 {
        assert_eq!(
            topics(&mut sim, p),
            ["Known to both", "On the one", "On the other"]
        );
    }
    assert_eq!(
        notices(&mut sim, 0),
        [json!({"kind": "came_back", "things": 1})]
    );
    assert_eq!(notices(&mut sim, 1), [] as [Value; 0]);
    // The next thing is written on both branches.
    sim.request(0, propose("On both")).unwrap();
    sim.settle();
    let everything = sim.everything(1);
    let last = everything.last().unwrap();
    assert_eq!((last.0, last.1.entry.after.len()), (Who::Partner, 2));
    for p in 0..2 {
        sim.crash(p);
        assert_eq!(topics(&mut sim, p).len(), 4);
    }
}

#[test]
fn a_rolled_back_home_gets_its_own_back_by_file_only_if_the_file_is_whole() {
    let mut sim = Sim::paired(31);
    sim.request(0, propose("Before")).unwrap();
    sim.settle();
    let copy = sim.copy(0);
    sim.request(0, propose("Lost with it")).unwrap();
    sim.request(1, propose("His")).unwrap();
    sim.settle();
    sim.cut();
    sim.request(1, propose("His later")).unwrap();
    sim.put_back(0, copy);
    // Ben believes that she holds what she has lost; his file begins there.
    let gap = Problem::CarryGap {
        partner: "Ben".into(),
    };
    assert_eq!(sim.carry(1, None), Err(gap));
    assert_eq!(topics(&mut sim, 0), ["Before"]);
    let whole = sim.carry_out(1, None, true).unwrap();
    assert!(sim.carry_in(0, &whole).unwrap());
    assert_eq!(
        topics(&mut sim, 0),
        ["Before", "His", "His later", "Lost with it"]
    );
}

/// Each case of PROTOCOL §6: what is lost, and what a person decides until nothing is.
#[test]
fn every_loss_ends_with_the_decisions_that_its_case_names() {
    let written = ["Agreed", "Hers", "His"];
    let begin = |seed| {
        let mut sim = Sim::paired(seed);
        for (p, topic) in [(0, "Agreed"), (0, "Hers"), (1, "His")] {
            sim.request(p, propose(topic)).unwrap();
        }
        sim.settle();
        sim
    };
    let person = |sim: &Sim| sim.node(1).couple().unwrap().book(Who::Partner).owner;
    // Disk lost, with a backup: pairing.
    let mut sim = begin(40);
    let backup = sim.backup(0).unwrap();
    let ana = person(&sim);
    sim.restore_on_a_new_device(0, &backup).unwrap();
    assert_eq!(topics(&mut sim, 0), written, "before the two meet");
    sim.pair_as([false, true]);
    meet(&mut sim);
    sim.request(0, propose("New")).unwrap();
    sim.settle();
    assert_eq!(topics(&mut sim, 1).len(), 4);
    assert_eq!(person(&sim), ana);
    // Disk lost, with the words: pairing, and nothing else.
    let mut sim = begin(41);
    let ana = person(&sim);
    sim.lose(0, true);
    sim.pair_as([false, true]);
    meet(&mut sim);
    assert_eq!(topics(&mut sim, 0), written);
    assert_eq!(sim.node(0).couple().unwrap().book(Who::Me).owner, ana);
    // The words too: besides, "as Ben has it".
    let mut sim = begin(42);
    sim.lose(0, false);
    sim.pair_as([false, true]);
    meet(&mut sim);
    assert_eq!(notices(&mut sim, 0), [json!({"kind": "foreign_seals"})]);
    assert_eq!(topics(&mut sim, 0), ["His"]);
    sim.request(0, Request::AsPartnerHasIt {}).unwrap();
    meet(&mut sim);
    assert_eq!(topics(&mut sim, 0), written);
    sim.request(0, propose("New")).unwrap();
    sim.settle();
    assert_eq!(topics(&mut sim, 1).len(), 4);
    // It stays so: what is sealed under the words of before still comes back after another start.
    sim.crash(0);
    meet(&mut sim);
    assert_eq!(topics(&mut sim, 0).len(), 4);
}

#[test]
fn two_of_other_couples_do_not_pair_and_a_home_with_words_in_it_is_not_overwritten() {
    let mut sim = Sim::paired(43);
    sim.request(0, propose("Hers")).unwrap();
    sim.settle();
    let written = Problem::WrittenAlready;
    assert_eq!(sim.request(0, Request::AsPartnerHasIt {}), Err(written));
    let backup = sim.backup(1).unwrap();
    assert_eq!(sim.restore(0, &backup), Err(Problem::BackupOfAnother));
    // Into one's own home: a union, twice harmless.
    let backup = sim.backup(0).unwrap();
    assert_eq!(sim.restore(0, &backup), Ok(0));
    for broken in ["", "{}", &backup[..backup.len() / 2]] {
        let broken = broken.replace("\n", " \n");
        assert_eq!(
            sim.restore(0, &broken),
            Err(Problem::BackupDamaged),
            "{}",
            broken.len()
        );
    }
    assert_eq!(topics(&mut sim, 0), ["Hers"]);
    sim.crash(0);
    assert_eq!(topics(&mut sim, 0), ["Hers"]);
}

#[test]
fn pairing_again_with_the_same_homes_goes_on_and_one_that_is_broken_off_costs_nothing() {
    let mut sim = Sim::paired(44);
    sim.request(0, propose("Before")).unwrap();
    sim.settle();
    let old = sim.carry_out(0, None, true).unwrap();
    // Broken off: only one says yes.
    sim.pair_as([true, true]);
    for p in 0..2 {
        sim.request(p, Request::PairNo {}).unwrap();
    }
    meet(&mut sim);
    // One says yes, and the other never does: the bond from before goes on.
    sim.pair_as([true, true]);
    sim.request(1, Request::PairNo {}).unwrap();
    sim.crash(0);
    let mut met = 0;
    while !sim.connected() {
        assert!(met < 8, "they never meet");
        met += 1;
        meet(&mut sim);
    }
    sim.request(1, propose("Between")).unwrap();
    sim.settle();
    assert_eq!(topics(&mut sim, 0), ["Before", "Between"]);
    sim.pair_as([true, true]);
    sim.crash(1);
    meet(&mut sim);
    assert_eq!(notices(&mut sim, 0), [json!({"kind": "paired_again"})]);
    sim.request(0, propose("After")).unwrap();
    sim.settle();
    assert_eq!(topics(&mut sim, 1), ["After", "Before", "Between"]);
    assert_eq!(
        sim.carry_in(1, &old),
        Err(Problem::NotForUs),
        "old files end"
    );
}

#[test]
fn words_of_a_check_in_that_went_with_a_device_are_called_back() {
    for locked in [false, true] {
        let mut sim = Sim::paired(45);
        let ready = |wish: &str| {
            request(
                "checkin_ready",
                json!({"slot": "2026-W47", "words": {"wish": wish}}),
            )
        };
        sim.request(0, ready("more rain")).unwrap();
        sim.settle();
        if locked {
            // Ben is ready; her Lock reaches him, and his is lost with her device.
            sim.request(1, ready("more sun")).unwrap();
            sim.deliver(0);
            sim.deliver(1);
        }
        sim.lose(0, true);
        sim.pair_as([false, true]);
        meet(&mut sim);
        let shown = sim.request(0, CHECKINS).unwrap();
        let slot = &shown["slots"][0];
        assert_eq!(slot["words_lost"], true, "{slot}");
        let today = sim.request(0, Request::Today {}).unwrap();
        assert_eq!(today["waiting"][0]["what"], "words_lost");
        let slot: Slot = "2026-W47".parse().unwrap();
        sim.request(0, Request::CheckinCancel { slot }).unwrap();
        sim.settle();
        sim.request(0, ready("once more")).unwrap();
        sim.settle();
        sim.request(1, ready("more sun")).unwrap();
        sim.settle();
        for p in 0..2 {
            let shown = sim.request(p, CHECKINS).unwrap();
            let both = (&shown["slots"][0]["mine"], &shown["slots"][0]["partner"]);
            assert_eq!(both, (&json!("open"), &json!("open")), "{shown}");
        }
    }
}

// --- a yes that rests (SPEC §4)

fn on_disk(sim: &Sim, p: usize, word: &str) -> bool {
    let holds = |bytes: &Vec<u8>| bytes.windows(word.len()).any(|w| w == word.as_bytes());
    sim.devices[p].disk.values().any(holds)
}

#[test]
fn what_both_put_away_leaves_both_disks_and_no_state_changes() {
    let mut sim = Sim::paired(60);
    let words = json!({"topic": "Visits", "terms": "canary in a tree", "does": {"me": "I call."}});
    let done = sim.request(0, request("agreement_propose", words)).unwrap();
    let agreement = done["agreement"].as_str().unwrap().to_owned();
    sim.settle();
    sim.request(
        1,
        request("agreement_yes", json!({"version": done["version"]})),
    )
    .unwrap();
    sim.settle();
    let put_away = |days: u16| {
        request(
            "agreement_put_away",
            json!({"agreement": agreement, "days": days}),
        )
    };
    assert_eq!(sim.request(0, put_away(1)), Err(Problem::StillStands));
    let let_go = json!({"agreement": agreement, "note": "canary of hers"});
    sim.request(0, request("agreement_let_go", let_go)).unwrap();
    sim.settle();
    assert_eq!(sim.request(0, put_away(0)), Err(Problem::AwayDays));
    sim.request(0, put_away(1)).unwrap();
    sim.settle();
    assert!(on_disk(&sim, 0, "canary"), "one alone takes no words away");
    let before: Vec<String> = (0..2).map(|p| state_of(&mut sim, p, &agreement)).collect();
    let hashes =
        |sim: &Sim| -> Vec<Hash> { sim.everything(1).iter().map(|(_, e)| e.hash).collect() };
    let known = hashes(&sim);
    sim.request(1, put_away(7)).unwrap();
    sim.settle();
    sim.pass(1_000);
    assert!(on_disk(&sim, 0, "canary"), "a day is left to think again");
    for device in &mut sim.devices {
        device.day = device.day.plus(1);
    }
    sim.pass(1_000);
    sim.settle();
    sim.pass(1_000);
    for (p, before) in before.into_iter().enumerate() {
        assert!(!on_disk(&sim, p, "canary"), "{p}");
        assert!(notices(&mut sim, p).contains(&json!({"kind": "forgotten"})));
        assert_eq!(state_of(&mut sim, p, &agreement), before);
        sim.crash(p);
        assert_eq!(state_of(&mut sim, p, &agreement), before);
        assert!(!on_disk(&sim, p, "canary"));
    }
    assert!(
        known.iter().all(|hash| hashes(&sim).contains(hash)),
        "heads stay"
    );
    // A device that has nothing is told the heads, and no word.
    let before = [sim.sent[0].len(), sim.sent[1].len()];
    sim.lose(0, true);
    sim.pair_as([false, true]);
    meet(&mut sim);
    assert_eq!(state_of(&mut sim, 0, &agreement), "let_go");
    for (p, before) in before.into_iter().enumerate() {
        let sent = &sim.sent[p][before..];
        assert!(!sent.is_empty());
        assert!(
            !sent
                .iter()
                .any(|frame| String::from_utf8_lossy(frame).contains("canary"))
        );
    }
}

#[test]
fn words_put_away_stay_for_as_long_as_something_stands_anew() {
    let mut sim = Sim::paired(62);
    let does = json!({"topic": "Visits", "terms": "canary in a tree", "does": {"me": "I call."}});
    let propose = |sim: &mut Sim, agreement: Option<&str>| {
        let mut words = does.clone();
        if let Some(agreement) = agreement {
            words["agreement"] = json!(agreement);
        }
        sim.request(0, request("agreement_propose", words)).unwrap()
    };
    let first = propose(&mut sim, None);
    let agreement = first["agreement"].as_str().unwrap().to_owned();
    sim.settle();
    let step_back = |version: &Value| {
        request(
            "agreement_step_back",
            json!({"version": version, "note": ""}),
        )
    };
    sim.request(0, step_back(&first["version"])).unwrap();
    sim.settle();
    let put_away = json!({"agreement": agreement, "days": 3});
    sim.cut();
    for p in 0..2 {
        let put_away = request("agreement_put_away", put_away.clone());
        sim.request(p, put_away).unwrap();
    }
    // She does not know that both have.
    let anew = propose(&mut sim, Some(&agreement));
    assert_eq!(anew["agreement"], json!(agreement));
    meet(&mut sim);
    let day = |sim: &mut Sim, after: i64| {
        for device in &mut sim.devices {
            device.day = Day::new(2026, 11, 22).unwrap().plus(after);
        }
        for _ in 0..2 {
            sim.pass(1_000);
            sim.settle();
        }
    };
    day(&mut sim, 4);
    for p in 0..2 {
        assert!(on_disk(&sim, p, "canary"), "{p}: something stands");
        sim.crash(p);
    }
    meet(&mut sim);
    sim.request(0, step_back(&anew["version"])).unwrap();
    sim.settle();
    day(&mut sim, 5);
    for p in 0..2 {
        assert!(!on_disk(&sim, p, "canary"), "{p}: nothing stands any more");
    }
}

#[test]
fn a_forget_by_one_who_alone_has_put_away_takes_no_words_from_the_other() {
    let mut sim = Sim::paired(63);
    let words = json!({"topic": "Visits", "terms": "canary in a tree", "does": {"me": "I call."}});
    let done = sim.request(1, request("agreement_propose", words)).unwrap();
    sim.settle();
    let back = json!({"version": done["version"], "note": ""});
    sim.request(1, request("agreement_step_back", back))
        .unwrap();
    let away = json!({"agreement": done["agreement"], "days": 90});
    sim.request(1, request("agreement_put_away", away)).unwrap();
    sim.settle();
    // His program does what ours would not yet.
    let of = json!({"of": [done["hash"]]});
    assert!(sim.write_by_hand(1, "forget", &of, &[], None));
    sim.settle();
    sim.pass(1_000);
    assert!(on_disk(&sim, 0, "canary"), "she has not put it away");
    assert!(notices(&mut sim, 0).contains(&json!({"kind": "forgotten_there"})));
}

#[test]
fn an_old_backup_brings_forgotten_words_back_only_until_the_next_meeting() {
    let mut sim = Sim::paired(61);
    let ready = |wish: &str| {
        request(
            "checkin_ready",
            json!({"slot": "2026-W47", "words": {"wish": wish}}),
        )
    };
    sim.request(0, ready("canary of hers")).unwrap();
    sim.request(1, ready("his wish")).unwrap();
    sim.settle();
    let backup = sim.backup(0).unwrap();
    let slot: Slot = "2026-W47".parse().unwrap();
    sim.request(0, Request::CheckinTakeBack { slot: slot.clone() })
        .unwrap();
    sim.settle();
    sim.pass(1_000);
    assert!(!on_disk(&sim, 0, "canary"));
    assert!(
        on_disk(&sim, 1, "canary"),
        "he had opened it: thirty days of his"
    );
    let shown = sim.request(1, CHECKINS).unwrap();
    assert_eq!(shown["slots"][0]["taken_back"], json!(["partner"]));
    assert_eq!(shown["slots"][0]["opened"]["partner"], Value::Null);
    for day in 1..=31 {
        sim.devices[1].day = Day::new(2026, 11, 22).unwrap().plus(day);
        sim.pass(1_000);
        assert_eq!(on_disk(&sim, 1, "canary"), day < 30, "day {day}");
    }
    sim.restore_on_a_new_device(0, &backup).unwrap();
    assert!(on_disk(&sim, 0, "canary"));
    sim.pair_as([false, true]);
    meet(&mut sim);
    sim.pass(1_000);
    assert!(!on_disk(&sim, 0, "canary"));
    assert_eq!(
        sim.request(0, Request::CheckinTakeBack { slot }),
        Err(Problem::AlreadyTakenBack)
    );
}

#[test]
fn words_taken_back_before_they_were_opened_are_never_shown_and_leave_at_once() {
    let mut sim = Sim::paired(62);
    let slot: Slot = "2026-W47".parse().unwrap();
    sim.request(
        0,
        request(
            "checkin_ready",
            json!({"slot": slot, "words": {"wish": "canary"}}),
        ),
    )
    .unwrap();
    sim.request(0, Request::CheckinShare { slot: slot.clone() })
        .unwrap();
    sim.settle();
    assert!(on_disk(&sim, 1, "canary"));
    sim.request(0, Request::CheckinTakeBack { slot: slot.clone() })
        .unwrap();
    sim.settle();
    sim.pass(1_000);
    for p in 0..2 {
        assert!(!on_disk(&sim, p, "canary"), "{p}");
    }
    // It is as if nothing had been said: the other is told nothing, and waits for nothing; both may write.
    let show = |sim: &mut Sim, p: usize| {
        let show = request("checkin_show", json!({"slot": slot}));
        sim.request(p, show).unwrap()["slots"][0].clone()
    };
    let (hers, his) = (show(&mut sim, 0), show(&mut sim, 1));
    assert_eq!(
        (&hers["mine"], &his["partner"]),
        (&json!("empty"), &json!("empty"))
    );
    assert_eq!(
        (&hers["taken_back"], &his["taken_back"]),
        (&json!(["me"]), &Value::Null)
    );
    assert_eq!(his["opens_at_once"], Value::Null);
    for (p, wish) in [(1, "rain"), (0, "sun")] {
        let words = json!({"slot": slot, "words": {"wish": wish}});
        sim.request(p, request("checkin_ready", words)).unwrap();
        sim.settle();
    }
    for p in 0..2 {
        let shown = show(&mut sim, p);
        assert_eq!(
            (&shown["mine"], &shown["partner"]),
            (&json!("open"), &json!("open")),
            "{shown}"
        );
    }
}

#[test]
fn a_crash_between_any_two_saves_of_forgetting_brings_nothing_back() {
    for cut in 0..12 {
        let mut sim = Sim::paired(63);
        let slot: Slot = "2026-W47".parse().unwrap();
        sim.request(
            0,
            request(
                "checkin_ready",
                json!({"slot": slot, "words": {"wish": "canary"}}),
            ),
        )
        .unwrap();
        sim.request(0, Request::CheckinShare { slot: slot.clone() })
            .unwrap();
        sim.settle();
        sim.devices[0].saves_left = Some(cut);
        let done = sim.request(0, Request::CheckinTakeBack { slot: slot.clone() });
        sim.pass(1_000);
        sim.devices[0].saves_left = None;
        sim.crash(0);
        sim.pass(1_000);
        if done.is_ok() {
            assert!(!on_disk(&sim, 0, "canary"), "cut after {cut} saves");
        } else {
            sim.request(0, Request::CheckinTakeBack { slot }).unwrap();
        }
    }
}

// --- damage (DESIGN §6)

#[test]
fn a_home_opens_without_any_single_row_and_what_the_partner_holds_comes_back() {
    let mut sim = Sim::paired(70);
    for n in 0..12 {
        sim.request(n % 2, propose(&format!("Topic {n}"))).unwrap();
        sim.settle();
    }
    sim.pass(2_000);
    let (whole, all) = (sim.copy(0), topics(&mut sim, 0));
    let rows: Vec<Row> = whole.keys().cloned().collect();
    for row in rows.iter().filter(|row| !row.is_kept_twice()) {
        for gone in [true, false] {
            let mut disk = whole.clone();
            if gone {
                disk.remove(row);
            } else {
                disk.insert(row.clone(), b"\xff\xff\xff".to_vec());
            }
            sim.put_back(0, disk);
            sim.request(0, Request::Status {}).unwrap();
            meet(&mut sim);
            assert_eq!(topics(&mut sim, 0), all, "{row:?}");
            sim.request(0, propose("Written on")).unwrap();
            sim.crash(0);
            assert_eq!(topics(&mut sim, 0).len(), 13, "{row:?}");
            // Ben goes back, too: each row is tried on the same two.
            let mut copy = sim.copy(1);
            copy.retain(|row, _| !matches!(row, Row::Notices));
            sim.put_back(1, copy);
        }
        sim = Sim::paired(70);
        for n in 0..12 {
            sim.request(n % 2, propose(&format!("Topic {n}"))).unwrap();
            sim.settle();
        }
    }
}

#[test]
fn what_follows_a_hole_is_kept_until_the_hole_is_filled() {
    let mut sim = Sim::paired(71);
    for n in 0..3 {
        sim.request(0, propose(&format!("Topic {n}"))).unwrap();
        sim.settle();
    }
    sim.cut();
    sim.request(0, propose("Only here")).unwrap();
    let mut disk = sim.copy(0);
    let runs = disk.keys().filter(|row| matches!(row, Row::Run(..)));
    let second = runs.clone().nth(1).cloned().unwrap();
    disk.remove(&second);
    sim.put_back(0, disk);
    assert_eq!(topics(&mut sim, 0), ["Topic 0"]);
    sim.request(0, propose("Meanwhile")).unwrap();
    sim.pass(60_000); // tidied, or not: what waits stays
    sim.crash(0);
    meet(&mut sim);
    for p in 0..2 {
        assert_eq!(
            topics(&mut sim, p),
            ["Meanwhile", "Only here", "Topic 0", "Topic 1", "Topic 2"]
        );
    }
}

// --- room

#[test]
fn a_page_taken_back_is_sent_to_nobody_while_the_other_keeps_it() {
    let mut sim = Sim::paired(71);
    let slot: Slot = "2026-W47".parse().unwrap();
    for (p, wish) in [(0, "canary"), (1, "rain")] {
        let words = json!({"slot": slot, "words": {"wish": wish}});
        sim.request(p, request("checkin_ready", words)).unwrap();
        sim.settle();
    }
    sim.request(0, Request::CheckinTakeBack { slot }).unwrap();
    sim.settle();
    sim.pass(1_000);
    assert!(
        on_disk(&sim, 1, "canary"),
        "he had opened: he keeps it for thirty days"
    );
    let before = sim.sent[1].len();
    sim.lose(0, true);
    sim.pair_as([false, true]);
    meet(&mut sim);
    let sent = &sim.sent[1][before..];
    let canary = |frame: &Vec<u8>| String::from_utf8_lossy(frame).contains("canary");
    assert!(!sent.is_empty() && !sent.iter().any(canary));
    assert!(!on_disk(&sim, 0, "canary"));
}
