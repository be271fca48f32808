//! What a partner's program may cost that keeps to every rule: memory, rows and steps; and what it may not learn by that.

use super::hostile::{DAY, add, agreement, hash_of, repairs, told};
use super::tests::request;
use super::*;
use crate::books::rows::Write;
use crate::steps::taken;
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};
use troth_proto::assertion::{blinded, words_hash};
use troth_proto::{AssertionId, DraftId, limits};

const BLIND: [u8; 16] = [7; 16];

/// Hands an input to a device, performs what follows, and says what that was.
fn handed(sim: &mut Sim, p: usize, input: Input) -> Vec<Effect> {
    let now = sim.now(p);
    let node = sim.devices[p].node.as_mut().unwrap();
    let effects = node.handle(now, &mut sim.chance, input);
    let mut all = Vec::new();
    for effect in effects {
        all.push(effect.clone());
        match effect {
            Effect::Erase { .. } => all.extend(handed(sim, p, Input::Erased(true))),
            effect => sim.perform(p, vec![effect]),
        }
    }
    all
}

/// Delivers what is on its way to a device: what each frame led to.
fn frames(sim: &mut Sim, p: usize) -> Vec<Vec<Effect>> {
    let mut all = Vec::new();
    while let Some(bytes) = sim.devices[p].inbox.pop_front() {
        let link = sim.links;
        all.push(handed(sim, p, Input::Frame { link, bytes }));
    }
    all
}

/// What effects do to the disk and the wire, without what they hold.
fn kinds(effects: &[Effect]) -> Vec<String> {
    let of = |effect: &Effect| match effect {
        Effect::Save(writes) => {
            let row = |write: &Write| match write {
                Write::Put(row, _) => format!("put {row:?}"),
                Write::Drop(row) => format!("drop {row:?}"),
            };
            writes.iter().map(row).collect()
        }
        Effect::Erase { forgotten } => vec![format!("erase {forgotten}")],
        Effect::Send { .. } => vec!["send".to_owned()],
        _ => Vec::new(),
    };
    effects.iter().flat_map(of).collect()
}

/// Words as long as they may be.
fn long() -> String {
    "€".repeat(limits::TEXT_CHARS)
}

/// Ben tells of something, and the other has it.
fn tell(sim: &mut Sim, kind: &str, facts: &Value, words: &Value) -> AssertionId {
    let words = blinded(&BLIND, &words.to_string());
    let head = json!({"kind": kind, "on": DAY, "body": facts});
    let (id, _) = sim.write_head(1, head, &words, None).unwrap();
    sim.settle();
    id
}

/// Ben tells of a break, and takes it back.
fn break_and_back(sim: &mut Sim, note: &str) -> AssertionId {
    let back_at = json!({"back_at": "2026-05-28T21:30Z"});
    let id = tell(sim, "break", &back_at, &json!({"note": note}));
    take_back(sim, id);
    id
}

fn take_back(sim: &mut Sim, id: AssertionId) {
    let head = json!({"kind": "take_back", "on": DAY, "about": id, "body": {}});
    sim.write_head(1, head, "", None).unwrap();
    sim.settle();
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

/// Ana takes Ben's book along: what follows, and in how many steps.
fn exported(sim: &mut Sim) -> (Vec<Effect>, u64) {
    let export = Request::ExportBook {
        whose: Who::Partner,
        with_confidences: false,
        cursor: None,
    };
    let now = sim.now(0);
    let input = Input::Request {
        client: 1,
        id: 1,
        request: export,
    };
    let before = taken();
    let node = sim.devices[0].node.as_mut().unwrap();
    let effects = node.handle(now, &mut sim.chance, input);
    let cost = taken() - before;
    (effects, cost)
}

#[test]
fn weeks_full_of_pages_make_no_export_dear() {
    let mut sim = Sim::paired(710);
    let words = blinded(&[7; 32], &json!({"wish": "rain"}).to_string());
    for week in 30..36 {
        for _ in 0..200 {
            let body = json!({"slot": format!("2026-W{week}"), "round": 1});
            let head = json!({"kind": "open", "on": DAY, "body": body});
            sim.write_head(1, head, &words, None).unwrap();
        }
    }
    // One that both have opened leaves with her.
    for p in 0..2 {
        let ready = json!({"slot": "2026-W47", "words": {"wish": format!("needle of {p}")}});
        sim.request(p, request("checkin_ready", ready)).unwrap();
        sim.settle();
    }
    let (effects, cost) = exported(&mut sim);
    assert!(cost < 30_000, "{cost}");
    let book = effects.iter().find_map(|effect| match effect {
        Effect::Export { input, .. } => Some(String::from_utf8_lossy(input).into_owned()),
        _ => None,
    });
    let book = book.unwrap();
    assert!(book.contains("needle of 1") && !book.contains("rain"));
}

/// Ben begins so many drafts while the two are apart; then both meet.
fn drafts_begun_apart(sim: &mut Sim, n: usize) {
    add(sim, 0, "thanks", json!({"did": "x"}), json!({}));
    sim.settle();
    sim.cut();
    for n in 0..n as u128 {
        let body = json!({"draft": DraftId(n.to_be_bytes()), "form": "letter"});
        let head = json!({"kind": "draft", "on": DAY, "body": body});
        sim.write_head(1, head, "", None).unwrap();
    }
    sim.connect();
}

#[test]
fn a_frame_full_of_news_writes_each_row_once() {
    let mut sim = Sim::paired(711);
    drafts_begun_apart(&mut sim, 500);
    let mut most = 0;
    loop {
        let came = frames(&mut sim, 0);
        for effect in came.concat() {
            let Effect::Save(writes) = effect else {
                continue;
            };
            most = most.max(writes.len());
            let rows = writes.iter().map(|write| match write {
                Write::Put(row, _) | Write::Drop(row) => row.clone(),
            });
            let rows: BTreeSet<Row> = rows.collect();
            assert_eq!(
                rows.len(),
                writes.len(),
                "{:?}",
                kinds(&[Effect::Save(writes)])
            );
        }
        if !sim.deliver(1) {
            break;
        }
    }
    assert!(most > 0);
    let today = sim.request(0, Request::Today {}).unwrap();
    assert_eq!(today["more_news"], true, "{today:#}");
}

#[test]
fn what_is_said_in_many_repairs_costs_as_much_as_their_number() {
    let mut sim = Sim::paired(712);
    let about = agreement(&mut sim, "Visits");
    let ids = repairs(&mut sim, &about, 300);
    sim.request(0, Request::Today {}).unwrap();
    for id in &ids {
        let head = json!({"kind": "answer", "on": DAY, "about": id,
            "body": {"says": "day", "day": "2026-11-23"}});
        sim.write_head(1, head, "", None).unwrap();
    }
    let before = taken();
    sim.settle();
    let cost = taken() - before;
    assert!(cost < 60_000, "{cost}");
    let days = json!({"do": "show", "id": ids[299]});
    let shown = told(&mut sim, 0, days).unwrap();
    assert_eq!(shown["repair"]["partner_days"][0], "2026-11-23");
}

/// All lines that a search finds, and the most steps of a page.
fn found(sim: &mut Sim, words: &str) -> (Vec<Value>, u64) {
    let (mut all, mut most, mut after) = (Vec::new(), 0, Value::Null);
    loop {
        let before = taken();
        let page = told(
            sim,
            0,
            json!({"do": "search", "words": words, "after": after}),
        )
        .unwrap();
        most = most.max(taken() - before);
        all.extend(page["found"].as_array().unwrap().clone());
        if page["next"].is_null() {
            return (all, most);
        }
        assert_ne!(page["next"], after);
        after = page["next"].clone();
    }
}

#[test]
fn a_search_looks_at_a_bounded_number_of_acts_a_page_and_all_is_found() {
    let mut sim = Sim::paired(713);
    let text = json!({"text": "needle"});
    let ids: Vec<Value> = (0..5)
        .map(|_| add(&mut sim, 0, "ask", text.clone(), json!({}))["id"].clone())
        .collect();
    sim.settle();
    let words = blinded(&BLIND, &json!({"words": "needle"}).to_string());
    for id in &ids {
        let of = hash_of(&sim, 0, id);
        for _ in 0..300 {
            let head = json!({"kind": "answer", "on": DAY, "about": id, "seen": [of],
                "body": {"says": "words"}});
            sim.write_head(1, head, &words, None).unwrap();
        }
        sim.settle();
    }
    let (all, cost) = found(&mut sim, "needle");
    assert_eq!(all.len(), 5, "{all:#?}");
    assert!(cost < 25_000, "{cost}");
}

#[test]
fn a_search_in_weeks_full_of_pages_looks_at_each_once() {
    let mut sim = Sim::paired(714);
    let words = blinded(&[7; 32], &json!({"wish": "needle"}).to_string());
    for week in 30..33 {
        for _ in 0..200 {
            let body = json!({"slot": format!("2026-W{week}"), "round": 1});
            let head = json!({"kind": "open", "on": DAY, "body": body});
            sim.write_head(1, head, &words, None).unwrap();
        }
        sim.settle();
    }
    for p in 0..2 {
        let ready = json!({"slot": "2026-W47", "words": {"wish": "needle"}});
        sim.request(p, request("checkin_ready", ready)).unwrap();
        sim.settle();
    }
    let (all, cost) = found(&mut sim, "needle");
    assert_eq!(all.len(), 2, "{all:#?}");
    assert!(cost < 25_000, "{cost}");
}

#[test]
fn ones_own_words_that_came_back_stand_on_today_whatever_the_other_fills() {
    let mut sim = Sim::paired(715);
    let ready = json!({"slot": "2026-W30", "words": {"wish": "rain"}});
    sim.request(0, request("checkin_ready", ready)).unwrap();
    sim.request(0, request("checkin_cancel", json!({"slot": "2026-W30"})))
        .unwrap();
    sim.settle();
    let lines = |sim: &mut Sim| {
        let today = sim.request(0, Request::Today {}).unwrap();
        today["waiting"].as_array().unwrap().clone()
    };
    let came_back = |line: &Value| line["id"] == "2026-W30" && line["what"] == "came_back";
    assert!(lines(&mut sim).iter().any(came_back));
    for week in 44..49 {
        for _ in 0..500 {
            let body = json!({"slot": format!("2026-W{week}"), "round": 1});
            sim.write_head(1, json!({"kind": "cancel", "body": body}), "", None)
                .unwrap();
        }
        sim.settle();
    }
    let now = lines(&mut sim);
    assert!(now.iter().any(came_back), "{now:#?}");
}

#[test]
fn a_draft_is_followed_that_begins_as_another_closes() {
    let mut sim = Sim::paired(716);
    drafts_begun_apart(&mut sim, 0);
    sim.settle();
    let begin = |sim: &mut Sim, n: u128| {
        let body = json!({"draft": DraftId(n.to_be_bytes()), "form": "letter"});
        let head = json!({"kind": "draft", "on": DAY, "body": body});
        sim.write_head(1, head, "", None).unwrap();
    };
    for n in 0..limits::DRAFTS as u128 {
        begin(&mut sim, 100 + n);
    }
    sim.settle();
    let first = DraftId(100u128.to_be_bytes());
    let close = Request::DraftClose { draft: first.hex() };
    sim.request(0, close.clone()).unwrap();
    sim.settle();
    sim.cut();
    sim.request(1, close).unwrap();
    // Its id is lower than that of the one which closes.
    begin(&mut sim, 1);
    sim.connect();
    sim.settle();
    let list = sim.request(0, Request::DraftList {}).unwrap();
    let list = list["drafts"].as_array().unwrap();
    let new = DraftId(1u128.to_be_bytes()).hex();
    assert_eq!(list.len(), limits::DRAFTS);
    assert!(list.iter().any(|line| line["draft"] == new), "{list:#?}");
}

/// A head by which Ben says a day for a repair.
fn names_a_day(id: &Value) -> Value {
    json!({"kind": "answer", "on": DAY, "about": id, "body": {"says": "day", "day": "2026-11-23"}})
}

#[test]
fn what_is_said_in_repairs_full_to_their_end_reads_none_of_them() {
    let mut sim = Sim::paired(717);
    let about = agreement(&mut sim, "Visits");
    let ids = repairs(&mut sim, &about, 4);
    for id in &ids {
        for _ in 0..500 {
            sim.write_head(1, names_a_day(id), "", None).unwrap();
        }
        let id = id.as_str().unwrap();
        for step in ["feelings", "view", "part"] {
            for _ in 0..500 {
                let slot = format!("repair:{id}/{step}");
                let head = json!({"kind": "cancel", "body": {"slot": slot, "round": 1}});
                sim.write_head(1, head, "", None).unwrap();
            }
        }
        sim.settle();
    }
    let before = taken();
    for id in &ids {
        sim.write_head(1, names_a_day(id), "", None).unwrap();
    }
    let written = taken() - before;
    let before = taken();
    sim.settle();
    let cost = taken() - before;
    assert!(cost < 4_000, "{cost} {written}");
}

#[test]
fn a_disk_that_is_full_is_not_read_again_and_again_by_what_the_other_sends() {
    let mut sim = Sim::paired(718);
    sim.devices[0].full = true;
    sim.cut();
    add(&mut sim, 1, "thanks", json!({"did": "x"}), json!({}));
    let dials = |sim: &Sim| [0, 1].map(|p| sim.devices[p].dials);
    let mut dialled = dials(&sim);
    let mut meet = |sim: &mut Sim, seconds: u32| {
        for _ in 0..seconds {
            sim.pass(1_000);
            if dials(sim) != dialled {
                dialled = dials(sim);
                sim.connect();
                sim.settle();
            }
        }
    };
    meet(&mut sim, 60);
    let read = sim.devices[0].read_back;
    assert!((1..=5).contains(&read), "{read}");
    sim.devices[0].full = false;
    meet(&mut sim, 120);
    let list = told(&mut sim, 0, json!({"do": "list"})).unwrap();
    assert_eq!(list["told"].as_array().unwrap().len(), 1, "{list:#}");
}

#[test]
fn a_search_among_parts_of_one_agreement_finds_out_once_which_is_the_newest() {
    let mut sim = Sim::paired(719);
    let about = agreement(&mut sim, "Visits");
    let words = blinded(&BLIND, &json!({"text": "needle"}).to_string());
    let says = |kind: &str| {
        let body = json!({"agreement": about["agreement"]});
        json!({"kind": kind, "on": DAY, "seen": [about["hash"]], "body": body})
    };
    for _ in 0..150 {
        sim.write_head(1, says("my_part"), &words, None).unwrap();
    }
    for _ in 0..300 {
        sim.write_head(1, says("put_away"), "", None).unwrap();
    }
    sim.settle();
    let (all, cost) = found(&mut sim, "needle");
    assert_eq!(all.len(), 1, "{all:#?}");
    assert!(cost < 10_000, "{cost}");
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

/// Ben says something better, so many times, one after the other. Says the last.
fn say_better(sim: &mut Sim, first: AssertionId, times: usize) -> AssertionId {
    let words = blinded(&BLIND, &json!({"text": "x"}).to_string());
    let mut last = first;
    for _ in 0..times {
        let head = json!({"kind": "confidence", "on": DAY, "instead_of": last,
            "body": {"listen_as": "just_listen"}});
        last = sim.write_head(1, head, &words, None).unwrap().0;
    }
    sim.settle();
    last
}

fn confidence(sim: &mut Sim) -> AssertionId {
    let listen = json!({"listen_as": "just_listen"});
    tell(sim, "confidence", &listen, &json!({"text": "x"}))
}

fn tell_nobody(sim: &mut Sim, about: AssertionId) -> AssertionId {
    let head =
        json!({"kind": "answer", "on": DAY, "about": about, "body": {"says": "tell_nobody"}});
    let (id, _) = sim.write_head(1, head, "", None).unwrap();
    sim.settle();
    id
}

#[test]
fn a_confidence_that_was_said_better_many_times_makes_no_list_dear() {
    let mut sim = Sim::paired(717);
    add(&mut sim, 0, "thanks", json!({"did": "x"}), json!({}));
    let first = confidence(&mut sim);
    tell_nobody(&mut sim, first);
    let last = say_better(&mut sim, first, 300);
    let (mut all, mut lines, mut after) = (0, 0, Value::Null);
    loop {
        let before = taken();
        let list = json!({"do": "list", "kind": "confidence", "after": after});
        let page = told(&mut sim, 0, list).unwrap();
        let cost = taken() - before;
        assert!(cost < 5_000, "{cost}");
        all += cost;
        lines += page["told"].as_array().map_or(0, Vec::len);
        after = page["next"].clone();
        if after.is_null() {
            break;
        }
    }
    assert_eq!(lines, 1);
    assert!(all < 25_000, "{all}");
    let before = taken();
    sim.request(0, Request::Today {}).unwrap();
    let cost = taken() - before;
    assert!(cost < 10_000, "{cost}");
    let before = taken();
    told(&mut sim, 0, json!({"do": "open", "id": last})).unwrap();
    let cost = taken() - before;
    assert!(cost < 1_000, "{cost}");
}

#[test]
fn to_tell_nobody_holds_for_later_wordings_until_it_is_taken_back() {
    let mut sim = Sim::paired(718);
    add(&mut sim, 0, "thanks", json!({"did": "x"}), json!({}));
    let first = confidence(&mut sim);
    let nobody = [(); 2].map(|()| tell_nobody(&mut sim, first));
    let last = say_better(&mut sim, first, 5);
    let is = |sim: &mut Sim| {
        let open = told(sim, 0, json!({"do": "open", "id": last})).unwrap();
        open["tell_nobody"] == true
    };
    assert!(is(&mut sim));
    take_back(&mut sim, nobody[0]);
    assert!(is(&mut sim), "it was said twice");
    let before = sim.node(0).couple().unwrap().length();
    take_back(&mut sim, nobody[1]);
    assert!(!is(&mut sim));
    // What took it back is gone again: it holds.
    let node = sim.devices[0].node.as_mut().unwrap();
    node.couple_for_tests().truncate(before);
    assert!(is(&mut sim));
    sim.crash(0);
    sim.connect();
    sim.settle();
    assert!(!is(&mut sim));
}

/// An id that begins as all others by this, and goes on with a number.
fn alike(n: usize) -> AssertionId {
    let mut id = [0xab; 16];
    id[8..].copy_from_slice(&(n as u64).to_be_bytes());
    AssertionId(id)
}

#[test]
fn ids_that_begin_alike_make_no_name_dear() {
    let mut sim = Sim::paired(719);
    add(&mut sim, 0, "thanks", json!({"did": "x"}), json!({}));
    for n in 0..4_000 {
        let body = json!({"slot": format!("2026-W{}", 41 + n / 500), "round": 1});
        let head = json!({"kind": "cancel", "id": alike(n), "body": body});
        sim.write_head(1, head, "", None).unwrap();
    }
    sim.settle();
    let before = taken();
    let shown = told(&mut sim, 0, json!({"do": "show", "id": "abab"}));
    let cost = taken() - before;
    assert!(matches!(shown, Err(Problem::NotUnique { .. })), "{shown:?}");
    assert!(cost < 3_000, "{cost}");
    let version = request("agreement_show", json!({"agreement": "abab"}));
    let before = taken();
    assert!(sim.request(0, version).is_err());
    let cost = taken() - before;
    assert!(cost < 3_000, "{cost}");
}

#[test]
fn what_was_taken_back_unopened_hides_nothing_that_is_named_alike() {
    let mut sim = Sim::paired(720);
    add(&mut sim, 0, "thanks", json!({"did": "x"}), json!({}));
    let words = blinded(&BLIND, &json!({"text": "x"}).to_string());
    for n in 0..3 {
        let head = json!({"kind": "ask", "on": DAY, "id": alike(n), "body": {}});
        sim.write_head(1, head, &words, None).unwrap();
    }
    sim.settle();
    let show = json!({"do": "show", "id": "abab"});
    let shown = told(&mut sim, 0, show.clone());
    assert!(matches!(shown, Err(Problem::NotUnique { .. })));
    take_back(&mut sim, alike(0));
    take_back(&mut sim, alike(1));
    let shown = told(&mut sim, 0, show).unwrap();
    assert_eq!(shown["id"], json!(alike(2)));
}

#[test]
fn an_agreement_of_many_versions_makes_no_export_dear() {
    let mut sim = Sim::paired(721);
    let about = agreement(&mut sim, "Visits")["agreement"].clone();
    let first = sim.node(0).couple().unwrap().book(Who::Me).said().last();
    let first = first.unwrap().hash;
    let words = r#"{"topic":"All","terms":"x","does":{"me":"","partner":"y"}}"#;
    let words = blinded(&BLIND, words);
    for _ in 0..400 {
        let head = json!({"kind": "version", "on": DAY, "seen": [first],
            "body": {"agreement": about, "base": [], "same": Hash::default()}});
        sim.write_head(1, head, &words, None).unwrap();
    }
    sim.settle();
    let (_, cost) = exported(&mut sim);
    assert!(cost < 8_000, "{cost}");
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
