//! What a partner's program may say wrongly of each kind and each answer: about what was taken back, about what is not there,
//! in the words of a newer version. It is kept, and shown as nothing that it is not, in whatever order it comes.

use crate::told_rights::{Scene, facts, words};
use serde_json::{Value, json};
use troth_core::sim::Sim;
use troth_core::test_entropy::Seeded;
use troth_proto::ids::Who;
use troth_proto::said::told::{
    ANSWERS, AnswerRow, By, Need, Opened, TOLD, Thing, ToldKind, may_take_back, words_need,
};
use troth_proto::{AgreementId, AssertionId, Hash};
use troth_tests::histories::{fresh_seed, request};

/// Everything that one of them is shown of what was told and opened.
fn screens(sim: &mut Sim, p: usize) -> Vec<Value> {
    let mut ids: Vec<Value> = vec![json!("2026-W47")];
    let mut all = Vec::new();
    let mut after = Value::Null;
    loop {
        let ask = json!({"do": "list", "after": after});
        let list = sim.request(p, request("told", ask)).unwrap();
        let lines = list["told"].as_array().unwrap();
        ids.extend(lines.iter().map(|line| line["id"].clone()));
        after = list["next"].clone();
        all.push(list);
        if after.is_null() {
            break;
        }
    }
    let shows = ids.into_iter().map(|id| json!({"do": "show", "id": id}));
    let looks = [
        json!({"do": "search", "words": "x"}),
        json!({"do": "export", "with_confidences": true}),
    ];
    for ask in shows.chain(looks) {
        all.push(json!(format!("{:?}", sim.request(p, request("told", ask)))));
    }
    let today = sim.request(p, request("today", json!({}))).unwrap();
    // In the order in which it came.
    let mut lines = today["told"].as_array().cloned().unwrap_or_default();
    lines.sort_by_key(Value::to_string);
    all.extend([Value::from(lines), today["break"].clone()]);
    let slots = json!({"slot": null, "after": null});
    all.push(sim.request(p, request("checkin_show", slots)).unwrap());
    all
}

/// Everything of an answer but what it speaks of, as its row has it.
fn answer(agreement: AgreementId, row: &AnswerRow) -> (Value, bool) {
    let mut body = facts(row.facts, agreement, true);
    body.insert("says".into(), json!(row.says));
    let worded = words_need(row.fields, &Default::default(), row.facts) == Need::Must;
    (Value::Object(body), worded)
}

/// Who wrote what one of them answers.
fn whose(row: &AnswerRow, p: usize) -> usize {
    match row.by {
        By::Own => p,
        By::Other | By::Either => 1 - p,
    }
}

/// What was said in a repair or of a break does not fall with its opening words (K3), nor trust with a tender spot (KINDS §8).
fn falls(thing: Thing) -> bool {
    use ToldKind::{Break, Repair};
    match thing {
        Thing::Told(kind) | Thing::Answer(_, kind) => !matches!(kind, Break | Repair),
        Thing::Open(opened) => opened == Opened::Page,
        Thing::OfOpen(_) | Thing::PutAway => false,
    }
}

/// All that is said of things that fall: the kind, the body, whether it has words, of what, whose, and by whom.
type Said = (&'static str, Value, bool, Thing, usize, usize);

fn about_what_falls(scene: &Scene) -> Vec<Said> {
    let mut all = Vec::new();
    for p in 0..2 {
        for row in ANSWERS {
            for thing in row.about.iter().filter(|thing| falls(**thing)) {
                let (body, worded) = answer(scene.agreement, row);
                all.push(("answer", body, worded, *thing, whose(row, p), p));
            }
        }
        for row in TOLD.iter().filter(|row| row.kind == ToldKind::Permission) {
            let body = Value::Object(facts(row.facts, scene.agreement, false));
            for (things, of) in [(row.about.0, p), (row.about.1, 1 - p)] {
                let kind = row.kind.name();
                all.extend(
                    things
                        .iter()
                        .map(|it| (kind, body.clone(), true, *it, of, p)),
                );
            }
        }
    }
    all
}

fn say(scene: &mut Scene, said: &Said) -> Hash {
    let (kind, body, worded, thing, of, p) = said.clone();
    let about = scene.about(p, of, scene.things[&(thing, of)]);
    scene.write(p, kind, body, &about, worded).1
}

/// Which things are taken back.
type Which = fn(Thing) -> bool;

fn is_answer(thing: Thing) -> bool {
    matches!(thing, Thing::Answer(..))
}

/// Each has opened what the other told and answered, as far as it is shown.
fn open_all(scene: &mut Scene) {
    let things: Vec<_> = scene.things.iter().map(|(a, b)| (a.1, b.0)).collect();
    for (of, id) in things {
        let open = request("told", json!({"do": "open", "id": id}));
        let _ = scene.sim.request(1 - of, open);
    }
}

fn take_back(scene: &mut Scene, p: usize, which: Which) {
    let things: Vec<_> = scene.things.iter().map(|(a, b)| (*a, *b)).collect();
    for ((thing, of), target) in things {
        if of == p && which(thing) && falls(thing) && may_take_back(thing) {
            let about = scene.about(p, p, target);
            scene.write(p, "take_back", json!({}), &about, false);
        }
    }
}

#[test]
fn what_is_said_of_something_taken_back_counts_and_only_its_writer_sees_it() {
    for (which, least) in [(falls as Which, 60), (is_answer, 8)] {
        for opened in [false, true] {
            nothing_is_seen_of_what_is_said_of_it(which, least, opened);
        }
    }
}

fn nothing_is_seen_of_what_is_said_of_it(which: Which, least: usize, opened: bool) {
    let mut scene = Scene::new();
    if opened {
        open_all(&mut scene);
    }
    for p in 0..2 {
        take_back(&mut scene, p, which);
    }
    scene.sim.settle();
    let mut all = about_what_falls(&scene);
    all.retain(|said| which(said.3) && may_take_back(said.3));
    assert!(all.len() > least, "{}", all.len());
    for said in &all {
        let (other, what) = (1 - said.5, format!("{said:?}"));
        let before = screens(&mut scene.sim, other);
        let hash = say(&mut scene, said);
        assert!(scene.counts(said.5, &hash), "{what}");
        scene.sim.settle();
        assert!(scene.sim.node(other).holds(&hash.hex()), "kept: {what}");
        assert_eq!(screens(&mut scene.sim, other), before, "{what}");
    }
    let before = [0, 1].map(|p| screens(&mut scene.sim, p));
    for (p, before) in before.iter().enumerate() {
        scene.sim.crash(p);
        assert_eq!(screens(&mut scene.sim, p), *before, "after a load");
    }
}

#[test]
fn the_same_is_so_if_it_was_said_while_the_other_took_it_back() {
    for p in 0..2 {
        let shown = [false, true].map(|answers| {
            let mut scene = Scene::new();
            open_all(&mut scene);
            scene.sim.cut();
            take_back(&mut scene, 1 - p, falls);
            if answers {
                let all = about_what_falls(&scene);
                for said in all.iter().filter(|said| said.5 == p && said.4 != p) {
                    say(&mut scene, said);
                }
            }
            scene.sim.connect();
            scene.sim.settle();
            screens(&mut scene.sim, 1 - p)
        });
        assert_eq!(shown[0], shown[1], "nothing tells that it was answered");
    }
}

#[test]
fn what_speaks_of_something_that_is_not_there_is_kept_and_shown_to_nobody() {
    let mut scene = Scene::new();
    let before = [0, 1].map(|p| screens(&mut scene.sim, p));
    let nowhere = json!({"about": AssertionId([9; 16])});
    let mut kept = Vec::new();
    for p in 0..2 {
        for row in ANSWERS {
            let (body, worded) = answer(scene.agreement, row);
            kept.push((p, scene.write(p, "answer", body, &nowhere, worded).1));
        }
        for row in TOLD {
            let body = Value::Object(facts(row.facts, scene.agreement, false));
            kept.push((p, scene.write(p, row.kind.name(), body, &nowhere, true).1));
        }
        for kind in ["take_back", "put_away"] {
            kept.push((p, scene.write(p, kind, json!({}), &nowhere, false).1));
        }
    }
    scene.sim.settle();
    for again in [false, true] {
        for (p, hash) in &kept {
            assert!(!scene.counts(*p, hash));
            assert!(scene.sim.node(1 - p).holds(&hash.hex()));
        }
        for (p, before) in before.iter().enumerate() {
            assert_eq!(screens(&mut scene.sim, p), *before, "load: {again}");
            scene.sim.crash(p);
        }
    }
}

#[test]
fn what_a_newer_version_says_of_anything_is_told_and_shown_as_nothing() {
    let mut scene = Scene::new();
    let before = [0, 1].map(|p| screens(&mut scene.sim, p));
    let things: Vec<_> = scene.things.iter().map(|(a, b)| (*a, *b)).collect();
    let mut kept = Vec::new();
    for ((_, of), target) in &things {
        for p in 0..2 {
            let about = scene.about(p, *of, *target);
            for (kind, body) in [
                ("answer", json!({"says": "sing", "how": 7})),
                ("song", json!({"says": "heard"})),
            ] {
                for worded in [false, true] {
                    kept.push((p, scene.write(p, kind, body.clone(), &about, worded).1));
                }
            }
        }
    }
    scene.sim.settle();
    for again in [false, true] {
        for (p, hash) in &kept {
            assert!(!scene.counts(*p, hash));
            assert!(scene.sim.node(1 - p).holds(&hash.hex()));
        }
        for (p, before) in before.iter().enumerate() {
            assert!(scene.sim.node(p).couple().unwrap().newer() > 0);
            assert_eq!(screens(&mut scene.sim, p), *before, "load: {again}");
            scene.sim.crash(p);
        }
    }
}

/// What one of them writes by hand: its id, and its hash.
fn write(
    sim: &mut Sim,
    p: usize,
    (kind, body, worded): (&str, Value, bool),
    about: &Value,
) -> (AssertionId, Hash) {
    let mut head = json!({"kind": kind, "on": "2026-11-22", "body": body});
    for (key, value) in about.as_object().into_iter().flatten() {
        head[key] = value.clone();
    }
    sim.write_head(p, head, &words(worded), None).unwrap()
}

/// Ben tells each kind, and says what he can say of his own.
fn all_of_bens(sim: &mut Sim, agreement: AgreementId) -> Vec<(ToldKind, AssertionId, Hash)> {
    let mut things = Vec::new();
    for row in TOLD {
        let body = Value::Object(facts(row.facts, agreement, false));
        let it = write(sim, 1, (row.kind.name(), body, true), &Value::Null);
        things.push((row.kind, it.0, it.1));
    }
    for row in ANSWERS.iter().filter(|row| row.by != By::Other) {
        for (_, id, _) in things
            .iter()
            .filter(|it| row.about.contains(&Thing::Told(it.0)))
        {
            let (body, worded) = answer(agreement, row);
            write(sim, 1, ("answer", body, worded), &json!({"about": id}));
        }
    }
    let spot = things
        .iter()
        .find(|it| it.0 == ToldKind::TenderSpot)
        .unwrap();
    let back = ("take_back", json!({}), false);
    write(sim, 1, back, &json!({"about": spot.1}));
    sim.settle();
    things
}

#[test]
fn one_whose_version_knows_no_kind_keeps_all_of_it_and_reads_it_once_there_is_a_newer() {
    // All kinds, and all that speaks of them.
    let later = [ToldKind::NAMES, &["answer", "take_back", "put_away"]].concat();
    let later: &'static [&'static str] = later.leak();
    let shown = [later, &[]].map(|knows_not| {
        let mut sim = Sim::paired(92);
        sim.devices[0].knows_not = knows_not;
        let propose = json!({"topic": "Home", "does": {"me": "I cook.", "partner": ""}});
        let done = sim.request(1, request("agreement_propose", propose));
        let agreement = done.unwrap()["agreement"].clone();
        let agreement = serde_json::from_value(agreement).unwrap();
        let things = all_of_bens(&mut sim, agreement);
        if !knows_not.is_empty() {
            for again in [false, true] {
                let list = request("told", json!({"do": "list"}));
                assert_eq!(sim.request(0, list).unwrap()["told"], json!([]), "{again}");
                let today = sim.request(0, request("today", json!({}))).unwrap();
                assert!(today["told"].as_array().is_none_or(Vec::is_empty));
                assert_eq!(today["break"], Value::Null);
                assert!(sim.node(0).couple().unwrap().newer() > 0);
                sim.crash(0);
            }
            // She has a newer version now.
            sim.devices[0].knows_not = &[];
            sim.crash(0);
        }
        sim.connect();
        sim.settle();
        let before = [0, 1].map(|p| screens(&mut sim, p));
        // Each thing can be answered as ever.
        for row in ANSWERS.iter().filter(|row| row.by != By::Own) {
            let spoken_of = things
                .iter()
                .filter(|it| row.about.contains(&Thing::Told(it.0)));
            for (kind, id, hash) in spoken_of {
                let (body, worded) = answer(agreement, row);
                let about = json!({"about": id, "seen": [hash]});
                let (_, hash) = write(&mut sim, 0, ("answer", body, worded), &about);
                let couple = sim.node(0).couple().unwrap();
                let counts = couple.book(Who::Me).find(&hash).unwrap().subject.is_some();
                assert!(counts, "{:?} about {kind:?}", row.says);
            }
        }
        sim.settle();
        assert_ne!(screens(&mut sim, 0), before[0]);
        before
    });
    for (updated, always) in shown[0].iter().flatten().zip(shown[1].iter().flatten()) {
        assert_eq!(updated, always, "as if she had always known");
    }
}

/// Both say all of it, right and wrong, without meeting.
fn all_of_it(scene: &mut Scene) {
    scene.sim.cut();
    let all = about_what_falls(scene);
    for said in &all {
        say(scene, said);
    }
    for p in 0..2 {
        take_back(scene, p, falls);
        for row in TOLD {
            let good = facts(row.facts, scene.agreement, false);
            let kind = row.kind.name();
            scene.write(p, kind, Value::Object(good.clone()), &Value::Null, true);
            let mut more = good.clone();
            more.insert("stars".into(), json!(5));
            for body in [Value::Object(more), json!(7), json!({})] {
                scene.write(p, kind, body, &Value::Null, true);
            }
            let nowhere = json!({"about": AssertionId([9; 16])});
            scene.write(p, kind, Value::Object(good), &nowhere, true);
        }
        let newer = json!({"says": "sing"});
        let ask = scene.things[&(Thing::Told(ToldKind::Ask), 1 - p)];
        let about = scene.about(p, 1 - p, ask);
        scene.write(p, "answer", newer, &about, false);
    }
}

#[test]
fn in_whatever_order_it_comes_both_are_shown_the_same() {
    let seed = fresh_seed();
    eprintln!("seed {seed}");
    let mut chance = Seeded::new(seed);
    let mut shown = Vec::new();
    for way in 0..5 {
        let mut scene = Scene::new();
        all_of_it(&mut scene);
        let sim = &mut scene.sim;
        match way {
            0 => {}
            // One book before the other, in a file.
            1 => drop(sim.carry(1, None).unwrap()),
            2 => drop(sim.carry(0, None).unwrap()),
            // Frame by frame, cut off, and begun anew between any two.
            _ => {
                for _ in 0..40 {
                    sim.connect();
                    for _ in 0..chance.below(6) {
                        sim.deliver(chance.below(2));
                    }
                    if chance.one_in(4) {
                        sim.crash(chance.below(2));
                    }
                    let p = chance.below(2);
                    screens(sim, p);
                }
            }
        }
        sim.connect();
        sim.settle();
        let held = [0, 1].map(|p| {
            let couple = sim.node(p).couple().unwrap();
            [Who::Me, Who::Partner].map(|who| couple.book(who).assertions())
        });
        assert_eq!(held[0][0], held[1][1]);
        assert_eq!(held[0][1], held[1][0]);
        shown.push([0, 1].map(|p| screens(sim, p)));
    }
    for other in &shown {
        assert_eq!(*other, shown[0], "seed {seed}");
    }
}
