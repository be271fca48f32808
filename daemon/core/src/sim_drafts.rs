//! Two people who type in one draft: at once, apart, over many short connections, from copied and rolled-back homes.

use super::*;
use crate::books::rows::Row;
use serde_json::json;
use troth_proto::api::DraftText;
use troth_proto::draft::{DraftEntry, DraftForm, Edit, SealedDraft, edited};
use troth_proto::wire::{DraftEntries, Frame};
use troth_proto::{DraftId, limits};

fn begin(sim: &mut Sim, p: usize) -> String {
    let begun = sim.request(
        p,
        Request::DraftNew {
            form: DraftForm::Letter,
            title: "To us".into(),
        },
    );
    begun.unwrap()["draft"].as_str().unwrap().to_owned()
}

fn read(sim: &mut Sim, p: usize, draft: &str) -> (String, Vec<Hash>) {
    read_and(sim, p, draft, false)
}

fn read_and(sim: &mut Sim, p: usize, draft: &str, follow: bool) -> (String, Vec<Hash>) {
    let answer = sim
        .request(
            p,
            Request::DraftRead {
                draft: draft.into(),
                since: None,
                follow,
            },
        )
        .unwrap();
    let answer: DraftText = serde_json::from_value(answer).unwrap();
    (answer.text.unwrap(), answer.at)
}

fn edit(at: usize, delete: usize, insert: &str) -> Edit {
    Edit {
        at: at as u32,
        delete: delete as u32,
        insert: insert.into(),
    }
}

/// Types at the text that was read at these tips, and gives back what changed since.
fn type_at(
    sim: &mut Sim,
    p: usize,
    draft: &str,
    at: Vec<Hash>,
    edits: Vec<Edit>,
) -> Result<DraftText, Problem> {
    let draft = draft.to_owned();
    let answer = sim.request(p, Request::DraftEdit { draft, at, edits })?;
    Ok(serde_json::from_value(answer).unwrap())
}

fn type_in(sim: &mut Sim, p: usize, draft: &str, change: Edit) {
    let (text, at) = read(sim, p, draft);
    let told = type_at(sim, p, draft, at, vec![change]).unwrap();
    let (now, tips) = read(sim, p, draft);
    let shown = told.text.unwrap_or_else(|| edited(&text, &told.edits));
    assert_eq!((shown, told.at), (now, tips), "what is told is what is");
}

#[test]
fn both_type_at_once_and_apart_and_no_words_are_torn() {
    let mut sim = Sim::paired(1);
    let draft = begin(&mut sim, 0);
    sim.settle();
    type_in(&mut sim, 0, &draft, edit(0, 0, "We want . Always."));
    sim.settle();
    assert_eq!(read(&mut sim, 1, &draft).0, "We want . Always.");
    sim.cut();
    // At the very same place, letter by letter.
    for (p, word) in [(0, "quiet"), (1, "music")] {
        for (n, letter) in word.chars().enumerate() {
            type_in(&mut sim, p, &draft, edit(8 + n, 0, &letter.to_string()));
        }
    }
    sim.connect();
    sim.settle();
    let (text, at) = read(&mut sim, 0, &draft);
    assert_eq!((text.clone(), at), read(&mut sim, 1, &draft));
    assert!(
        ["We want quietmusic. Always.", "We want musicquiet. Always."].contains(&&*text),
        "{text}"
    );
    // What was read before the other typed still means the same place.
    let (before, at) = read(&mut sim, 0, &draft);
    type_in(&mut sim, 1, &draft, edit(0, 2, "Both of us"));
    sim.settle();
    let end = before.chars().count() - "Always.".len();
    let told = type_at(&mut sim, 0, &draft, at, vec![edit(end, 6, "Often")]).unwrap();
    let shown = told.text.unwrap_or_else(|| edited(&before, &told.edits));
    assert!(
        shown.starts_with("Both of us want") && shown.ends_with(". Often."),
        "{shown}"
    );
    sim.settle();
    assert_eq!(read(&mut sim, 1, &draft).0, shown);
    // After a start it is the same, whatever the order of the rows.
    for p in 0..2 {
        sim.crash(p);
        assert_eq!(read(&mut sim, p, &draft).0, shown);
    }
}

#[test]
fn whoever_types_first_is_read_by_the_other() {
    for first in 0..2 {
        let mut sim = Sim::paired(7);
        let draft = begin(&mut sim, 0);
        sim.settle();
        type_in(&mut sim, first, &draft, edit(0, 0, "Supper at seven"));
        sim.settle();
        assert_eq!(read(&mut sim, 1 - first, &draft).0, "Supper at seven");
    }
}

#[test]
fn a_follower_is_told_each_change_once_and_in_order() {
    let mut sim = Sim::paired(2);
    let draft = begin(&mut sim, 0);
    sim.settle();
    let follow = Request::DraftRead {
        draft: draft.clone(),
        since: None,
        follow: true,
    };
    let first: DraftText = serde_json::from_value(sim.request(1, follow).unwrap()).unwrap();
    let mut shown = first.text.unwrap();
    for (n, letter) in "Dear you, 🦆".chars().enumerate() {
        type_in(&mut sim, 0, &draft, edit(n, 0, &letter.to_string()));
        sim.settle();
    }
    type_in(&mut sim, 0, &draft, edit(0, 4, ""));
    sim.settle();
    for told in std::mem::take(&mut sim.devices[1].told) {
        shown = told.text.unwrap_or_else(|| edited(&shown, &told.edits));
    }
    assert_eq!(shown, " you, 🦆");
    assert_eq!(shown, read(&mut sim, 1, &draft).0);
}

/// The loom takes its time, and both type meanwhile. The follower does as the client does: what was told before an answer is
/// in the answer, too.
#[test]
fn whoever_types_while_the_other_does_is_told_each_change_once() {
    for seed in 0..200 {
        let mut sim = Sim::paired(seed);
        let draft = begin(&mut sim, 0);
        sim.settle();
        type_in(&mut sim, 0, &draft, edit(0, 0, "To us: "));
        sim.settle();
        let (mut shown, mut at) = read_and(&mut sim, 0, &draft, true);
        sim.devices[0].loom_waits = Some(Default::default());
        sim.devices[0].told.clear();
        let mut asked = None;
        for step in 0..200 {
            match sim.chance.below(6) {
                0 if asked.is_none() && step < 150 => {
                    let place = sim.chance.below(shown.chars().count() + 1);
                    let (draft, at) = (draft.clone(), at.clone());
                    let edits = vec![edit(place, 0, "a")];
                    asked = Some(sim.ask(0, 1, Request::DraftEdit { draft, at, edits }));
                }
                1 if step < 150 => type_in(&mut sim, 1, &draft, edit(0, 0, "b")),
                2 | 3 => {
                    sim.deliver(0);
                    sim.deliver(1);
                }
                _ => {
                    sim.weave_one(0);
                }
            }
            let answer = asked.and_then(|id| sim.answer(id));
            let mut told = std::mem::take(&mut sim.devices[0].told);
            if let Some(answer) = answer {
                assert!(told.is_empty(), "one job, one answer");
                asked = None;
                told = vec![serde_json::from_value(answer.unwrap()).unwrap()];
            } else if asked.is_some() {
                told.clear();
            }
            for change in told {
                shown = change.text.unwrap_or_else(|| edited(&shown, &change.edits));
                at = change.at;
            }
        }
        assert_eq!(asked, None, "seed {seed}: all is done");
        sim.devices[0].loom_waits = None;
        assert_eq!((shown, at), read(&mut sim, 1, &draft), "seed {seed}");
    }
}

#[test]
fn who_is_gone_before_the_answer_follows_nothing() {
    let mut sim = Sim::paired(10);
    let draft = begin(&mut sim, 0);
    sim.devices[0].loom_waits = Some(Default::default());
    let reading = Request::DraftRead {
        draft: draft.clone(),
        since: None,
        follow: true,
    };
    let id = sim.ask(0, 7, reading);
    sim.input(0, Input::ClientGone(7));
    while sim.weave_one(0) {}
    assert!(sim.answer(id).is_some());
    sim.devices[0].loom_waits = None;
    type_in(&mut sim, 0, &draft, edit(0, 0, "abc"));
    assert_eq!(sim.devices[0].told, []);
}

#[test]
fn what_is_typed_as_one_closes_is_not_written_after_the_close() {
    let mut sim = Sim::paired(11);
    let draft = begin(&mut sim, 0);
    sim.settle();
    type_in(&mut sim, 0, &draft, edit(0, 0, "abc"));
    let at = read(&mut sim, 0, &draft).1;
    sim.devices[0].loom_waits = Some(Default::default());
    let typed = Request::DraftEdit {
        draft: draft.clone(),
        at,
        edits: vec![edit(3, 0, "d")],
    };
    let id = sim.ask(0, 1, typed);
    let close = Request::DraftClose {
        draft: draft.clone(),
    };
    sim.request(0, close).unwrap();
    while sim.weave_one(0) {}
    assert_eq!(sim.answer(id), Some(Err(Problem::DraftIsClosed)));
    sim.devices[0].loom_waits = None;
    sim.settle();
    assert_eq!(read(&mut sim, 0, &draft).0, "abc");
    assert_eq!(read(&mut sim, 1, &draft).0, "abc");
}

/// Another program of Ben's types at once on many branches, each further on than hers.
#[test]
fn one_line_of_ones_own_stays_one_whatever_the_other_branches_into() {
    let mut sim = Sim::paired(14);
    let draft = begin(&mut sim, 0);
    sim.settle();
    type_in(&mut sim, 0, &draft, edit(0, 0, "hers"));
    let id = DraftId::from_hex(&draft).unwrap();
    let owners = sim.node(0).couple().unwrap().owners();
    let by = owners.persons[Who::Partner as usize];
    let sealed = |n: u64, after: Vec<Hash>, text: String| {
        let typed = vec![troth_proto::draft::Typed::Insert { after: None, text }];
        let entry = DraftEntry {
            by,
            n,
            after,
            form: DraftEntry::FORM,
            ops: troth_proto::wire::encode(&typed),
        };
        let hash = entry.hash(owners.couple, &id);
        SealedDraft {
            entry,
            hash,
            seal: hash,
        }
    };
    let mut ends: Vec<(u64, Vec<Hash>)> = vec![(0, Vec::new()); limits::ENTRY_AFTER + 1];
    for round in 0..limits::DRAFT_BRANCHES + 2 {
        let mut entries = Vec::new();
        for (branch, (n, after)) in ends.iter_mut().enumerate() {
            for _ in 0..3 {
                *n += 1;
                let it = sealed(*n, std::mem::take(after), format!("{branch} "));
                *after = vec![it.hash];
                entries.push(it);
            }
        }
        let frame = Frame::DraftEntries(DraftEntries { draft: id, entries });
        let (link, bytes) = (sim.links, frame.write());
        sim.input(0, Input::Frame { link, bytes });
        let (_, at) = read(&mut sim, 0, &draft);
        let told = type_at(&mut sim, 0, &draft, at, vec![edit(0, 0, "x")]);
        assert!(told.is_ok(), "{round}: {told:?}");
    }
}

#[test]
fn what_was_typed_is_not_overtaken_by_the_word_that_closes() {
    let mut sim = Sim::paired(12);
    let draft = begin(&mut sim, 0);
    sim.settle();
    sim.cut();
    let close = |sim: &mut Sim, p: usize| {
        let draft = draft.clone();
        sim.request(p, Request::DraftClose { draft }).unwrap()
    };
    type_in(&mut sim, 1, &draft, edit(0, 0, "his last words"));
    close(&mut sim, 1);
    close(&mut sim, 0);
    sim.sent[1].clear();
    sim.connect();
    sim.settle();
    // Who has closed it passes over what comes once both have, and says that it is there.
    let kind = |frame: &Vec<u8>| match Frame::read(frame, limits::FRAME_BYTES) {
        Ok(Frame::DraftEntries(_)) => Some("typed"),
        Ok(Frame::Entries(_)) => Some("said"),
        _ => None,
    };
    let order: Vec<&str> = sim.sent[1].iter().filter_map(kind).collect();
    assert_eq!(order.first_chunk(), Some(&["typed", "said"]), "{order:?}");
}

#[test]
fn a_draft_of_a_newer_troth_stops_and_nothing_else_does() {
    let mut sim = Sim::paired(13);
    let [newer, other] = [begin(&mut sim, 0), begin(&mut sim, 0)];
    sim.settle();
    let owners = sim.devices[0]
        .node
        .as_mut()
        .unwrap()
        .couple_for_tests()
        .owners();
    let entry = DraftEntry {
        by: owners.persons[Who::Partner as usize],
        n: 1,
        after: Vec::new(),
        form: DraftEntry::FORM + 1,
        ops: vec![7; 9],
    };
    let draft = DraftId::from_hex(&newer).unwrap();
    let hash = entry.hash(owners.couple, &draft);
    let sealed = SealedDraft {
        entry,
        hash,
        seal: hash,
    };
    let frame = Frame::DraftEntries(DraftEntries {
        draft,
        entries: vec![sealed],
    });
    let (link, bytes) = (sim.links, frame.write());
    sim.input(0, Input::Frame { link, bytes });
    assert!(sim.connected(), "the link stays");
    let status = sim.request(0, Request::Status {}).unwrap();
    assert!(status["notices"].to_string().contains("newer"), "{status}");
    type_in(&mut sim, 1, &other, edit(0, 0, "goes on"));
    sim.settle();
    assert_eq!(read(&mut sim, 0, &other).0, "goes on");
    assert_eq!(read(&mut sim, 0, &newer).0, "");
}

#[test]
fn a_draft_that_was_typed_in_stays_whatever_the_other_begins() {
    for seed in 0..8 {
        let mut sim = Sim::paired(seed);
        let draft = begin(&mut sim, 1);
        sim.settle();
        type_in(&mut sim, 0, &draft, edit(0, 0, "hers"));
        sim.settle();
        // His home is put back, and so he begins more than one may.
        let copy = sim.copy(1);
        for _ in 1..limits::DRAFTS {
            begin(&mut sim, 1);
        }
        sim.settle();
        sim.put_back(1, copy);
        for _ in 1..limits::DRAFTS {
            begin(&mut sim, 1);
        }
        sim.connect();
        sim.settle();
        for _ in 0..2 {
            sim.crash(0);
            assert_eq!(read(&mut sim, 0, &draft).0, "hers", "seed {seed}");
        }
    }
}

#[test]
fn once_both_have_closed_it_nothing_of_it_is_on_either_disk() {
    let mut sim = Sim::paired(3);
    let draft = begin(&mut sim, 0);
    sim.settle();
    type_in(&mut sim, 0, &draft, edit(0, 0, "quicksilver"));
    sim.settle();
    let close = |sim: &mut Sim, p: usize| {
        let draft = draft.clone();
        sim.request(p, Request::DraftClose { draft }).unwrap()
    };
    close(&mut sim, 0);
    sim.settle();
    assert_eq!(read(&mut sim, 1, &draft).0, "quicksilver", "he has not");
    let at = read(&mut sim, 0, &draft).1;
    assert_eq!(
        type_at(&mut sim, 0, &draft, at, vec![edit(0, 0, "x")]),
        Err(Problem::DraftIsClosed)
    );
    // He types once more while they are apart, and closes it too: what she never had stays with him.
    sim.cut();
    type_in(&mut sim, 1, &draft, edit(11, 0, " and tin"));
    type_in(&mut sim, 1, &draft, edit(11, 4, ""));
    close(&mut sim, 1);
    let kept = sim.request(
        1,
        Request::Unsaid {
            about: format!("ended draft {draft} 0"),
        },
    );
    assert_eq!(kept.unwrap()["words"], "tin");
    sim.connect();
    sim.settle();
    sim.pass(60_000);
    for p in 0..2 {
        let drafts = sim.request(p, Request::DraftList {}).unwrap();
        assert_eq!(drafts, json!({"drafts": []}));
        for (row, bytes) in &sim.devices[p].disk {
            assert!(!matches!(row, Row::Draft(..)), "{row:?}");
            let has = |word: &[u8]| bytes.windows(word.len()).any(|it| it == word);
            assert!(!has(b"quicksilver") && !has(b"To us"), "{row:?}");
        }
        let answer = sim.request(
            p,
            Request::DraftRead {
                draft: draft.clone(),
                since: None,
                follow: false,
            },
        );
        assert_eq!(
            answer,
            Err(Problem::NoSuch {
                what: draft.clone()
            })
        );
        sim.crash(p);
    }
}

#[test]
fn a_long_text_goes_over_in_as_many_entries_as_it_takes() {
    let mut sim = Sim::paired(4);
    let draft = begin(&mut sim, 0);
    sim.settle();
    let long: String = (0..4_500)
        .map(|n| char::from(b'a' + (n % 26) as u8))
        .collect();
    type_in(&mut sim, 0, &draft, edit(0, 0, &long));
    type_in(&mut sim, 0, &draft, edit(10, 4_400, "–"));
    sim.settle();
    let text = read(&mut sim, 1, &draft).0;
    assert_eq!(text, format!("{}–{}", &long[..10], &long[4_410..]));
    // More than a draft takes is said before anything is lost.
    let (before, at) = read(&mut sim, 0, &draft);
    let over = vec![edit(0, 0, &"x".repeat(80_000))];
    assert_eq!(
        type_at(&mut sim, 0, &draft, at, over),
        Err(Problem::DraftFull)
    );
    assert_eq!(read(&mut sim, 0, &draft).0, before);
}

#[test]
fn edits_that_do_not_fit_the_text_change_nothing() {
    let mut sim = Sim::paired(5);
    let draft = begin(&mut sim, 0);
    type_in(&mut sim, 0, &draft, edit(0, 0, "abc"));
    let (_, at) = read(&mut sim, 0, &draft);
    for edits in [
        vec![edit(4, 0, "x")],
        vec![edit(2, 2, "")],
        vec![edit(2, 1, ""), edit(1, 1, "")],
    ] {
        let told = type_at(&mut sim, 0, &draft, at.clone(), edits);
        assert_eq!(told, Err(Problem::NotTheText));
    }
    let elsewhere = vec![Hash([7; 32])];
    let told = type_at(&mut sim, 0, &draft, elsewhere, vec![edit(0, 0, "x")]);
    assert_eq!(told, Err(Problem::NotTheText));
    assert_eq!(read(&mut sim, 0, &draft).0, "abc");
}

#[test]
fn drafts_go_over_in_a_file_and_come_back_from_a_backup() {
    let mut sim = Sim::paired(6);
    sim.cut();
    let draft = begin(&mut sim, 0);
    type_in(&mut sim, 0, &draft, edit(0, 0, "By file: "));
    assert_eq!(sim.carry(0, None), Ok(true));
    assert_eq!(read(&mut sim, 1, &draft).0, "By file: ");
    type_in(&mut sim, 1, &draft, edit(9, 0, "and back."));
    assert_eq!(sim.carry(1, None), Ok(true));
    assert_eq!(sim.carry(1, None), Ok(false), "twice is harmless");
    assert_eq!(read(&mut sim, 0, &draft).0, "By file: and back.");
    // What he is known to have is not carried again.
    type_in(&mut sim, 0, &draft, edit(0, 2, "In a"));
    let file = sim.carry_out(0, None, false).unwrap();
    let whole = sim.carry_out(0, None, true).unwrap();
    assert!(file.concat().len() < whole.concat().len());
    sim.carry_in(1, &file).unwrap();
    let text = read(&mut sim, 1, &draft).0;
    assert_eq!(text, "In a file: and back.");
    // Her device is lost; a backup brings the draft back, also into the home that it was made of.
    let backup = sim.backup(0).unwrap();
    assert_eq!(sim.restore(0, &backup), Ok(0));
    sim.restore_on_a_new_device(0, &backup).unwrap();
    assert_eq!(read(&mut sim, 0, &draft).0, text);
    let damaged = backup.replacen("\"entry\":\"", "\"entry\":\"AAAA", 1);
    if damaged != backup {
        assert_eq!(sim.restore(0, &damaged), Err(Problem::BackupDamaged));
    }
    // With no backup it comes back from the other.
    sim.lose(0, true);
    sim.pair_as([true, true]);
    sim.connect();
    sim.settle();
    assert_eq!(read(&mut sim, 0, &draft).0, text);
}

#[test]
fn nobody_keeps_the_other_from_beginning_a_draft() {
    let mut sim = Sim::paired(9);
    for _ in 0..limits::DRAFTS {
        begin(&mut sim, 1);
    }
    let one_more = Request::DraftNew {
        form: DraftForm::List,
        title: "One more".into(),
    };
    assert_eq!(sim.request(1, one_more), Err(Problem::TooManyDrafts));
    sim.settle();
    let draft = begin(&mut sim, 0);
    sim.settle();
    type_in(&mut sim, 1, &draft, edit(0, 0, "his"));
    sim.settle();
    type_in(&mut sim, 0, &draft, edit(3, 0, " and hers"));
    sim.settle();
    for p in 0..2 {
        sim.crash(p);
        assert_eq!(read(&mut sim, p, &draft).0, "his and hers");
        let all = sim.request(p, Request::DraftList {}).unwrap();
        assert_eq!(all["drafts"].as_array().unwrap().len(), 33);
    }
}

#[test]
fn a_fault_in_automerge_ends_nothing_and_loses_nothing() {
    let mut sim = Sim::paired(8);
    let draft = begin(&mut sim, 0);
    type_in(&mut sim, 0, &draft, edit(0, 0, "abc"));
    let (_, at) = read(&mut sim, 0, &draft);
    sim.devices[0].loom_fails = true;
    let reading = Request::DraftRead {
        draft: draft.clone(),
        since: None,
        follow: true,
    };
    assert_eq!(sim.request(0, reading), Err(Problem::DraftNotWoven));
    let typed = type_at(&mut sim, 0, &draft, at.clone(), vec![edit(0, 0, "x")]);
    assert_eq!(typed, Err(Problem::DraftNotWoven));
    assert!(sim.request(0, Request::Status {}).is_ok());
    sim.settle();
    assert_eq!(read(&mut sim, 1, &draft).0, "abc", "the other reads on");
    sim.devices[0].loom_fails = false;
    assert_eq!(read(&mut sim, 0, &draft), ("abc".into(), at));
}

/// Two who type, cut off and connected again and again, one of them now and then from a copied or rolled-back home.
/// `TROTH_TYPISTS=FROM..TO` chooses seeds, `TROTH_STEPS` how many steps each takes.
#[test]
fn typists_converge_whatever_happens_to_links_and_homes() {
    let set = |name: &str| std::env::var(name).ok();
    let seeds = set("TROTH_TYPISTS").and_then(|it| {
        let (from, to) = it.split_once("..")?;
        Some(from.parse::<u64>().ok()?..to.parse().ok()?)
    });
    let steps = set("TROTH_STEPS").and_then(|it| it.parse().ok());
    let (mut typed, mut joined, mut copied) = ([0, 0], 0, 0);
    for seed in seeds.unwrap_or(0..40) {
        let mut sim = Sim::paired(seed);
        let draft = begin(&mut sim, 0);
        sim.settle();
        let mut copies = [sim.copy(0), sim.copy(1)];
        let steps = steps.unwrap_or(30 + sim.chance.below(60));
        for step in 0..steps {
            let p = sim.chance.below(2);
            for device in &mut sim.devices {
                device.told.clear();
            }
            match sim.chance.below(16) {
                0 => {
                    sim.connect();
                    sim.settle();
                    joined += 1;
                }
                1 => sim.connect(),
                2 => sim.cut(),
                3 if sim.chance.one_in(2) => sim.crash(p),
                4 if sim.chance.one_in(3) => copies[p] = sim.copy(p),
                5 if sim.chance.one_in(3) => {
                    let copy = copies[p].clone();
                    sim.put_back(p, copy);
                    copied += 1;
                }
                6 => {
                    sim.deliver(p);
                }
                7 => sim.pass(40_000),
                _ => {
                    let (text, at) = read_and(&mut sim, p, &draft, true);
                    let length = text.chars().count();
                    let place = sim.chance.below(length + 1);
                    let delete = sim.chance.below(4).min(length - place);
                    let word = format!("{}{step} ", ["a", "b"][p]);
                    let word = if sim.chance.one_in(3) {
                        String::new()
                    } else {
                        word
                    };
                    // Now and then something comes between reading and typing.
                    if sim.chance.one_in(4) {
                        sim.deliver(p);
                    }
                    typed[p] += word.len();
                    let told = type_at(&mut sim, p, &draft, at, vec![edit(place, delete, &word)]);
                    let told = told.unwrap_or_else(|e| panic!("seed {seed}: {e:?}"));
                    let shown = told.text.unwrap_or_else(|| edited(&text, &told.edits));
                    let now = read_and(&mut sim, p, &draft, true).0;
                    assert_eq!(shown, now, "seed {seed}, step {step}");
                }
            }
        }
        sim.connect();
        sim.settle();
        let (text, at) = read(&mut sim, 0, &draft);
        assert_eq!((text.clone(), at), read(&mut sim, 1, &draft), "seed {seed}");
        let all = |sim: &mut Sim, p: usize| {
            let status = sim.request(p, Request::Status {}).unwrap();
            status["partner_has_all"] == true
        };
        assert!(all(&mut sim, 0) && all(&mut sim, 1), "seed {seed}");
        for p in 0..2 {
            sim.crash(p);
            assert_eq!(read(&mut sim, p, &draft).0, text, "seed {seed}");
        }
    }
    eprintln!("{typed:?} characters typed, {joined} meetings, {copied} homes put back");
}
