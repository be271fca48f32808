//! The gate before drafts, tried with whatever a partner's program can send.

use super::loom::{Job, Loom, Text, Woven, by_automerge};
use super::*;
use crate::keys::Key;
use crate::test_entropy::Seeded;
use troth_proto::draft::edited;

const DRAFT: DraftId = DraftId([5; 16]);

fn owners() -> Owners {
    Owners {
        couple: CoupleId([1; 16]),
        persons: [PersonId([2; 16]), PersonId([3; 16])],
    }
}

fn sealed(entry: DraftEntry) -> SealedDraft {
    let hash = entry.hash(owners().couple, &DRAFT);
    let seal = crate::books::gate::seal_of(&Key([9; 32]), owners().couple, &hash);
    SealedDraft { entry, hash, seal }
}

fn entry(who: Who, log: &Log, after: Vec<Hash>, typed: &[Typed]) -> DraftEntry {
    let number = |hash: &Hash| log.index_of(hash).map_or(0, |i| log.mark(i).n);
    DraftEntry {
        by: owners().persons[who as usize],
        n: after.iter().map(number).max().unwrap_or(0) + 1,
        after,
        form: DraftEntry::FORM,
        ops: wire::encode(&typed),
    }
}

fn tips(log: &Log) -> Vec<Hash> {
    let mut tips: Vec<Hash> = log.tips().iter().map(|tip| tip.hash).collect();
    tips.sort_unstable();
    tips
}

fn insert(after: Option<Element>, text: &str) -> Typed {
    let text = text.to_owned();
    Typed::Insert { after, text }
}

fn delete(entry: Hash, before: u32, count: u32) -> Typed {
    let from = Element { entry, before };
    Typed::Delete { from, count }
}

const ROOM: ([u64; 2], u64) = ([limits::DRAFTS_BYTES; 2], 0);

fn admit(log: &mut Log, entry: DraftEntry) -> Result<usize, Refusal> {
    log.admit(&owners(), None, &[sealed(entry)], ROOM)
}

#[test]
fn only_what_lies_in_the_past_is_typed_after_or_taken_out_and_nothing_twice() {
    let mut log = Log::new(DRAFT);
    let first = entry(Who::Me, &log, vec![], &[insert(None, "abc")]);
    let a = sealed(first.clone()).hash;
    assert_eq!(admit(&mut log, first.clone()), Ok(1));
    assert_eq!(admit(&mut log, first), Ok(0), "held already");
    let beside = entry(Who::Partner, &log, vec![], &[insert(None, "xyz")]);
    let b = sealed(beside.clone()).hash;
    assert_eq!(admit(&mut log, beside), Ok(1));
    let element = |entry, before| Some(Element { entry, before });
    let unknown = Hash([7; 32]);
    let long = "l".repeat(limits::ENTRY_OPS + 1);
    for (typed, why) in [
        (vec![], Refusal::Malformed),
        (vec![insert(None, "")], Refusal::Malformed),
        (vec![insert(None, "\u{1b}[2J")], Refusal::Malformed),
        (vec![insert(None, &long)], Refusal::Malformed),
        (vec![insert(element(unknown, 0), "x")], Refusal::Missing),
        (vec![insert(element(b, 0), "x")], Refusal::Missing),
        (vec![insert(element(a, 3), "x")], Refusal::Malformed),
        (vec![delete(a, 0, 0)], Refusal::Malformed),
        (vec![delete(a, 2, 2)], Refusal::Malformed),
        (vec![delete(a, u32::MAX, 2)], Refusal::Malformed),
        (vec![delete(a, 0, u32::MAX)], Refusal::Malformed),
        (vec![delete(b, 0, 1)], Refusal::Missing),
        (vec![delete(a, 0, 2), delete(a, 1, 1)], Refusal::Key),
    ] {
        let it = entry(Who::Me, &log, vec![a], &typed);
        assert_eq!(admit(&mut log, it), Err(why), "{typed:?}");
        assert_eq!((log.len(), log.size(Who::Me)), (2, 3), "as before");
    }
    let good = entry(
        Who::Me,
        &log,
        vec![a],
        &[insert(element(a, 2), "d"), delete(a, 0, 2)],
    );
    for (change, why) in [
        (0, Refusal::Order),
        (1, Refusal::NewerOperation),
        (2, Refusal::Document),
        (3, Refusal::Malformed),
        (4, Refusal::Order),
        (5, Refusal::Missing),
    ] {
        let mut it = good.clone();
        match change {
            0 => it.n += 1,
            1 => it.form = 2,
            2 => it.by = PersonId([8; 16]),
            3 => it.ops.push(0),
            4 => it.after = vec![a, a],
            _ => it.after = vec![unknown],
        }
        assert_eq!(admit(&mut log, it), Err(why), "{change}");
    }
    let mut forged = sealed(good.clone());
    forged.hash = unknown;
    assert_eq!(
        log.admit(&owners(), None, &[forged], ROOM),
        Err(Refusal::Hash)
    );
    let keys = [Key([4; 32])];
    let seals = Seals { keys: &keys };
    let own = sealed(good.clone());
    assert_eq!(
        log.admit(&owners(), Some(&seals), &[own], ROOM),
        Err(Refusal::Seal)
    );
    assert_eq!(
        log.admit(&owners(), None, &[sealed(good.clone())], ([10; 2], 0)),
        Err(Refusal::Limit)
    );
    assert_eq!(admit(&mut log, good), Ok(1));
    assert_eq!(log.tips().len(), 2);
}

#[test]
fn a_frame_is_taken_whole_or_not_at_all() {
    let mut log = Log::new(DRAFT);
    let first = sealed(entry(Who::Me, &log, vec![], &[insert(None, "abc")]));
    let mut second = entry(Who::Me, &log, vec![first.hash], &[insert(None, "d")]);
    second.n = 2;
    let mut bad = entry(Who::Partner, &log, vec![], &[insert(None, "e")]);
    bad.n = 9;
    let all = [first.clone(), sealed(second.clone()), sealed(bad)];
    assert_eq!(log.admit(&owners(), None, &all, ROOM), Err(Refusal::Order));
    assert_eq!((log.len(), log.size(Who::Me), log.cost()), (0, 0, [0, 0]));
    assert_eq!(log.admit(&owners(), None, &all[..2], ROOM), Ok(2));
    assert_eq!(tips(&log), [sealed(second).hash]);
}

#[test]
fn what_is_taken_back_gives_back_what_it_cost_and_no_more() {
    let mut log = Log::new(DRAFT);
    let mut begun = Vec::new();
    for (who, text) in [(Who::Me, "a"), (Who::Me, "b"), (Who::Partner, "c")] {
        let it = entry(who, &log, vec![], &[insert(None, text)]);
        begun.push(sealed(it.clone()).hash);
        assert_eq!(admit(&mut log, it), Ok(1));
    }
    begun.sort_unstable();
    let both = entry(Who::Partner, &log, begun.clone(), &[insert(None, "d")]);
    assert_eq!(admit(&mut log, both), Ok(1));
    let cost = log.cost();
    let good = entry(Who::Partner, &log, begun, &[insert(None, "e")]);
    let mut bad = entry(Who::Partner, &log, vec![], &[insert(None, "f")]);
    bad.n = 9;
    let all = [sealed(good), sealed(bad)];
    assert_eq!(log.admit(&owners(), None, &all, ROOM), Err(Refusal::Order));
    assert_eq!(log.cost(), cost, "with what the pasts before it cost");
}

#[test]
fn what_an_entry_holds_is_as_it_was_sent() {
    let mut log = Log::new(DRAFT);
    let first = sealed(entry(Who::Partner, &log, vec![], &[insert(None, "äöü")]));
    log.admit(&owners(), None, std::slice::from_ref(&first), ROOM)
        .unwrap();
    assert_eq!(log.entry(&owners(), 0), first);
    assert_eq!(log.strand(&owners(), 0).prev, None);
}

#[test]
fn a_long_line_of_letters_is_woven_and_read_back() {
    let letter = |n: u32| Hash::of("letter", &[&n.to_be_bytes()]);
    let strand = |n: u32| Strand {
        // Named as the draft is: a program may choose that.
        by: PersonId(DRAFT.0),
        hash: letter(n),
        after: n.checked_sub(1).map(letter).into_iter().collect(),
        prev: n.checked_sub(1).map(letter),
        typed: vec![insert(
            n.checked_sub(1).map(|n| Element {
                entry: letter(n),
                before: 0,
            }),
            "x",
        )],
    };
    let mut loom = Loom::default();
    let all = (0..50_000).map(strand).collect();
    assert_eq!(loom.work(Job::Begin(DRAFT, all)), Woven::Added);
    let more = (50_000..60_000).map(strand).collect();
    assert_eq!(loom.work(Job::Add(DRAFT, more)), Woven::Added);
    let Woven::Read {
        text: Text::Whole(text),
        ..
    } = loom.work(Job::Read(DRAFT, None))
    else {
        panic!("no text");
    };
    assert_eq!(text.len(), 60_000);
}

/// Whatever a partner's program can put into a frame whose hashes fit. `TROTH_DRAFT_ENTRIES` chooses how many, `TROTH_SEED`
/// the seed.
#[test]
fn no_crafted_entry_brings_automerge_down() {
    let number = |name: &str| {
        std::env::var(name)
            .ok()
            .and_then(|it| it.parse::<u64>().ok())
    };
    let seed = number("TROTH_SEED").unwrap_or(0x7261_6674);
    let tried = number("TROTH_DRAFT_ENTRIES").unwrap_or(50_000);
    let mut chance = Seeded::new(seed);
    let (mut let_in, mut texts) = (0_u64, 0_u64);
    let mut done = 0;
    while done < tried {
        // Drafts of many sizes, each with an end.
        let most = 200 + chance.below(4_000);
        let (mut log, mut loom) = (Log::new(DRAFT), Loom::default());
        assert_eq!(loom.work(Job::Begin(DRAFT, Vec::new())), Woven::Added);
        let (mut handed, mut shown, mut at) = (0, String::new(), Vec::new());
        // Some are typed into as two type who hear each other: all but each entry on the one before.
        let together = chance.one_in(3);
        let at_once = if together { 3 } else { 200 };
        for _ in 0..most {
            done += 1;
            let crafted = craft(&log, &mut chance, together);
            if log.admit(&owners(), None, &[crafted], ROOM).is_ok() {
                let_in += 1;
            }
            if log.len() - handed > chance.below(at_once) {
                let strands = (handed..log.len()).map(|i| log.strand(&owners(), i));
                match loom.work(Job::Add(DRAFT, strands.collect())) {
                    Woven::Added => {}
                    Woven::BeginAgain => {
                        let all = (0..log.len()).map(|i| log.strand(&owners(), i));
                        let again = loom.work(Job::Begin(DRAFT, all.collect()));
                        assert_eq!(again, Woven::Added, "seed {seed}, {done}");
                    }
                    other => panic!("seed {seed}, {done}: {other:?}"),
                }
                handed = log.len();
                (at, shown) = read(&mut loom, Some((at, shown)));
            }
        }
        let all: Vec<Strand> = (0..log.len()).map(|i| log.strand(&owners(), i)).collect();
        let handed = all[..handed].to_vec();
        let (heads, text) = by_automerge(&DRAFT, &handed);
        assert_eq!(saved(&mut loom), heads, "seed {seed}, {done}");
        assert_eq!(shown, text, "seed {seed}, {done}: what followers were told");
        assert_eq!(read(&mut loom, None).1, text, "seed {seed}, {done}");
        let (heads, text) = by_automerge(&DRAFT, &all);
        assert_eq!(
            loom.work(Job::Begin(DRAFT, all)),
            Woven::Added,
            "seed {seed}"
        );
        assert_eq!(saved(&mut loom), heads, "seed {seed}");
        assert_eq!(read(&mut loom, None).1, text, "seed {seed}");
        texts += 1;
    }
    eprintln!("seed {seed}: {done} tried, {let_in} let in, {texts} texts, 0 faults");
    assert!(
        let_in > done / 10,
        "enough gets through to try what lies behind"
    );
}

/// The text and where it is read, anew or from what is known.
fn read(loom: &mut Loom, known: Option<(Vec<Hash>, String)>) -> (Vec<Hash>, String) {
    let (since, shown) = known.unzip();
    let Woven::Read { at, text } = loom.work(Job::Read(DRAFT, since)) else {
        panic!("no text");
    };
    match text {
        Text::Whole(text) => (at, text),
        Text::Since(edits) => (at, edited(&shown.unwrap_or_default(), &edits)),
    }
}

/// The heads of what is saved: they stand for all that was ever done to it.
fn saved(loom: &mut Loom) -> Vec<automerge::ChangeHash> {
    let Woven::Saved(bytes) = loom.work(Job::Save(DRAFT)) else {
        panic!("nothing saved");
    };
    automerge::Automerge::load(&bytes).unwrap().get_heads()
}

/// The last character that the last entry typed.
fn behind(log: &Log) -> Option<Element> {
    let last = log.strand(&owners(), log.len().checked_sub(1)?);
    let typed = last.typed.iter().map(|it| match it {
        Typed::Insert { .. } => it.size() as u32,
        Typed::Delete { .. } => 0,
    });
    let before = typed.sum::<u32>().checked_sub(1)?;
    let entry = last.hash;
    Some(Element { entry, before })
}

/// An entry that is nearly as it must be.
fn craft(log: &Log, chance: &mut Seeded, together: bool) -> SealedDraft {
    let who = if chance.one_in(2) {
        Who::Me
    } else {
        Who::Partner
    };
    let some = |chance: &mut Seeded| -> Hash {
        match log.len() {
            0 => Hash([7; 32]),
            n if !chance.one_in(12) => log.mark(n - 1 - chance.below(n.min(40))).hash,
            n if !chance.one_in(3) => log.mark(chance.below(n)).hash,
            _ => Hash(crate::keys::draw(chance)),
        }
    };
    let apart = if together {
        chance.below(200)
    } else {
        chance.below(8)
    };
    let mut after = match apart {
        0 => vec![],
        1 => vec![some(chance)],
        2 => vec![some(chance), some(chance)],
        _ => {
            let mut tips = tips(log);
            tips.truncate(limits::ENTRY_AFTER);
            tips
        }
    };
    after.sort_unstable();
    if !chance.one_in(20) {
        after.dedup();
    }
    let odd = |chance: &mut Seeded| match chance.below(80) {
        0 => u32::MAX,
        1 => u32::MAX - 1,
        2 => 1 << 31,
        3 => 2_001,
        4..10 => chance.below(6) as u32,
        _ => 0,
    };
    let mut typed = Vec::new();
    for n in 0..=chance.below(3) {
        let behind = behind(log).filter(|_| n == 0 && together && chance.one_in(2));
        if let Some(behind) = behind {
            typed.push(insert(Some(behind), "on"));
            continue;
        }
        let after = (!chance.one_in(6)).then(|| Element {
            entry: some(chance),
            before: odd(chance),
        });
        typed.push(match chance.below(5) {
            0 | 1 => Typed::Delete {
                from: after.unwrap_or(Element {
                    entry: some(chance),
                    before: 0,
                }),
                count: odd(chance).max(u32::from(!chance.one_in(30))),
            },
            _ => {
                let text = [
                    "a",
                    "ab",
                    "ü🦆",
                    "e\u{301}",
                    "\u{200d}",
                    "\u{202e}x",
                    "line\n",
                    "",
                ];
                let times = if chance.one_in(400) { 900 } else { 1 };
                insert(after, &text[chance.below(text.len())].repeat(times))
            }
        });
    }
    let mut it = entry(who, log, after, &typed);
    match chance.below(60) {
        0 => it.n = it.n.wrapping_add(1),
        1 => it.n = u64::MAX,
        2 => it.n = 0,
        3 => it.form = 2,
        4 => it.by = PersonId([8; 16]),
        5 => it.ops = crate::keys::draw::<16>(chance).to_vec(),
        6 => {
            it.ops.pop();
        }
        7 => {
            let at = chance.below(it.ops.len().max(1));
            if let Some(byte) = it.ops.get_mut(at) {
                *byte ^= 1 << chance.below(8);
            }
        }
        _ => {}
    }
    let mut sealed = sealed(it);
    if chance.one_in(80) {
        sealed.hash = Hash(crate::keys::draw(chance));
    }
    sealed
}
