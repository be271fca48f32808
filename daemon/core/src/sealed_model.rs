//! The exhaustive model of the sealed exchange: every interleaving of two people and a wire, two rounds.

use super::{Does, Due, Slot, Step};
use crate::books::past::{Branch, Past, Place};
use std::collections::{BTreeSet, VecDeque};
use troth_proto::Hash;
use troth_proto::ids::Who;
use troth_proto::view::SealedState;

const ROUNDS: u32 = 2;

/// One act in a book, in order.
#[derive(Clone, PartialEq, Eq, Debug)]
struct Act {
    round: u32,
    does: Does,
}

/// Two books and how much of each has arrived.
#[derive(Clone, PartialEq, Eq, Debug)]
struct World {
    books: [Vec<Act>; 2],
    arrived: [usize; 2],
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Move {
    Ready,
    Cancel,
    Share,
    Deliver,
    Lie,
}

impl World {
    /// The slot as partner `p` sees it.
    fn seen(&self, p: usize) -> Slot {
        let mut steps = Vec::new();
        for author in 0..2 {
            let by = if author == p { Who::Me } else { Who::Partner };
            let branch = Branch::new(by, 0);
            let here = if author == p {
                self.books[p].len()
            } else {
                self.arrived[author]
            };
            for (i, act) in self.books[author][..here].iter().enumerate() {
                steps.push(Step {
                    by,
                    round: act.round,
                    does: act.does.clone(),
                    hash: Hash([i as u8; 32]),
                    place: Place {
                        branch,
                        before: i as u32,
                    },
                    past: Past::of([(branch, i as u32)]),
                    taken_back: false,
                });
            }
        }
        Slot::of(steps)
    }

    fn write(&mut self, p: usize, round: u32, does: Does) {
        self.books[p].push(Act { round, does });
    }

    /// What the daemon does by itself, as the Node does it.
    fn settle(&mut self, p: usize) {
        while let Some((round, due)) = self.seen(p).due() {
            match due {
                Due::Lock => self.write(p, round, Does::Lock),
                Due::Open => self.write(p, round, Does::Open(Hash([p as u8; 32]))),
            }
        }
    }

    fn moved(&self, p: usize, step: Move, liars: bool) -> Option<Self> {
        let mut next = self.clone();
        let slot = self.seen(p);
        let round = slot.round();
        let here = slot.at(round);
        match step {
            Move::Ready if round <= ROUNDS && !here.side(Who::Me).was_ready() => {
                next.write(p, round, Does::Ready(Hash([p as u8; 32])));
            }
            Move::Cancel
                if slot.state(Who::Me) == SealedState::Ready && here.side(Who::Me).was_ready() =>
            {
                next.write(p, round, Does::Cancel);
            }
            Move::Share
                if slot.state(Who::Me) == SealedState::Ready && here.side(Who::Me).was_ready() =>
            {
                next.write(p, round, Does::Lock);
                next.write(p, round, Does::Open(Hash([p as u8; 32])));
            }
            Move::Lie
                if liars
                    && p == 1
                    && here.side(Who::Me).was_ready()
                    && !here.side(Who::Me).has_opened() =>
            {
                next.write(p, round, Does::Lock);
                next.write(p, round, Does::Open(Hash([9; 32])));
            }
            Move::Deliver if self.arrived[1 - p] < self.books[1 - p].len() => {
                next.arrived[1 - p] += 1;
            }
            _ => return None,
        }
        next.settle(p);
        Some(next)
    }

    fn key(&self) -> String {
        format!("{self:?}")
    }
}

/// Walks every world that can be reached; returns how many there are.
fn walk(sharing: bool, liars: bool) -> usize {
    let start = World {
        books: [Vec::new(), Vec::new()],
        arrived: [0, 0],
    };
    let mut queue = VecDeque::from([start.clone()]);
    let mut known = BTreeSet::from([start.key()]);
    while let Some(world) = queue.pop_front() {
        check(&world, sharing, liars);
        for p in 0..2 {
            for step in [
                Move::Ready,
                Move::Cancel,
                Move::Share,
                Move::Deliver,
                Move::Lie,
            ] {
                if step == Move::Share && !sharing {
                    continue;
                }
                if let Some(next) = world.moved(p, step, liars)
                    && known.insert(next.key())
                {
                    queue.push_back(next);
                }
            }
        }
    }
    known.len()
}

fn check(world: &World, sharing: bool, liars: bool) {
    for p in 0..2 {
        let opened = |book: &[Act]| book.iter().any(|a| matches!(a.does, Does::Open(_)));
        // No words leave early: an own Open is only ever written with the partner's Lock of that round in hand.
        let keeps_the_rules = !(liars && p == 1);
        if keeps_the_rules && !sharing {
            for (i, act) in world.books[p].iter().enumerate() {
                if matches!(act.does, Does::Open(_)) {
                    let arrived = &world.books[1 - p][..world.arrived[1 - p]];
                    let locked = arrived
                        .iter()
                        .any(|a| a.round == act.round && a.does == Does::Lock);
                    assert!(locked, "words left early: {world:?}, act {i}");
                }
            }
        }
        // Nothing is both open and callable back.
        let slot = world.seen(p);
        if slot.opening(Who::Me).is_some() {
            assert!(opened(&world.books[p]));
        }
    }
    let quiet = (0..2).all(|p| world.arrived[p] == world.books[p].len());
    if quiet && !liars {
        // Nothing sticks: with nothing on the way, either both of a round are open, or nobody is locked but by choice.
        let (a, b) = (world.seen(0), world.seen(1));
        assert_eq!(
            a.state(Who::Me),
            b.state(Who::Partner),
            "both see the same: {world:?}"
        );
        assert_eq!(
            a.state(Who::Partner),
            b.state(Who::Me),
            "both see the same: {world:?}"
        );
        assert_eq!(a.round(), b.round());
        if !sharing {
            let states = [a.state(Who::Me), a.state(Who::Partner)];
            assert!(!states.contains(&SealedState::Locked), "stuck: {world:?}");
            assert_ne!(
                states,
                [SealedState::Ready, SealedState::Ready],
                "stuck: {world:?}"
            );
            let open = states.iter().filter(|s| **s == SealedState::Open).count();
            assert_ne!(open, 1, "one open, the other not: {world:?}");
        }
    }
}

#[test]
fn no_words_leave_early_and_nothing_sticks_in_any_interleaving_of_two_rounds() {
    let worlds = walk(false, false);
    assert!(worlds > 200, "the walk reached only {worlds} worlds");
}

#[test]
fn sharing_without_waiting_sticks_nowhere() {
    let worlds = walk(true, false);
    assert!(worlds > 400, "the walk reached only {worlds} worlds");
}

#[test]
fn a_wrong_opening_takes_no_words_from_one_who_keeps_the_rules() {
    let worlds = walk(false, true);
    assert!(worlds > 300, "the walk reached only {worlds} worlds");
}

#[test]
fn acts_out_of_turn_count_for_nothing() {
    use super::Does::{Cancel, Lock, Open, Ready};
    let hash = Hash([1; 32]);
    let stands = |acts: &[super::Does]| {
        let acts = acts.iter().map(|does| Act {
            round: 1,
            does: does.clone(),
        });
        let world = World {
            books: [acts.collect(), Vec::new()],
            arrived: [0, 0],
        };
        let slot = world.seen(0);
        (
            slot.state(Who::Me),
            slot.has_ended(1),
            slot.opening(Who::Me).is_some(),
        )
    };
    let open = || Open(hash);
    for (acts, expected) in [
        (vec![Ready(hash)], (SealedState::Ready, false, false)),
        (vec![Lock, Ready(hash)], (SealedState::Ready, false, false)),
        (
            vec![Cancel, Ready(hash)],
            (SealedState::Ready, false, false),
        ),
        (
            vec![Ready(hash), open()],
            (SealedState::Ready, false, false),
        ),
        (
            vec![open(), Ready(hash), Lock],
            (SealedState::Locked, false, false),
        ),
        (
            vec![Ready(hash), Lock, Cancel],
            (SealedState::Locked, false, false),
        ),
        (
            vec![Ready(hash), Cancel, Lock],
            (SealedState::Empty, true, false),
        ),
        (
            vec![Ready(hash), Cancel, Lock, open()],
            (SealedState::Empty, true, false),
        ),
        (
            vec![Ready(hash), Lock, open()],
            (SealedState::Open, false, true),
        ),
        (
            vec![Ready(hash), Lock, open(), Cancel],
            (SealedState::Open, false, true),
        ),
        (
            vec![Ready(hash), Lock, Open(Hash([9; 32]))],
            (SealedState::Void, true, false),
        ),
        (
            vec![Ready(hash), Lock, Open(Hash([9; 32])), open()],
            (SealedState::Void, true, false),
        ),
    ] {
        assert_eq!(stands(&acts), expected, "{acts:?}");
    }
}

#[test]
fn words_that_are_open_open_the_others_next_ready_at_once_in_any_later_round() {
    let (mine, theirs) = (Hash([0; 32]), Hash([1; 32]));
    let act = |round, does| Act { round, does };
    // Ben shared without waiting; Ana, who was ready apart, called hers back, and is ready again.
    let mut world = World {
        books: [
            vec![
                act(1, Does::Ready(mine)),
                act(1, Does::Cancel),
                act(2, Does::Ready(mine)),
            ],
            vec![
                act(1, Does::Ready(theirs)),
                act(1, Does::Lock),
                act(1, Does::Open(theirs)),
            ],
        ],
        arrived: [3, 3],
    };
    assert_eq!(world.seen(0).due(), Some((2, Due::Lock)));
    world.settle(0);
    assert!(matches!(
        world.books[0].last(),
        Some(Act {
            round: 2,
            does: Does::Open(_)
        })
    ));
    assert!(!world.seen(0).opens_at_once());
}

#[test]
fn copies_of_a_home_that_went_on_apart_merge() {
    let (branch, copy) = (Branch::new(Who::Me, 0), Branch::new(Who::Me, 1));
    let step = |branch: &Branch, before: u32, past: &[(Branch, u32)], does| Step {
        by: Who::Me,
        round: 1,
        does,
        hash: Hash([before as u8; 32]),
        place: Place {
            branch: *branch,
            before,
        },
        past: Past::of(past.iter().copied()),
        taken_back: false,
    };
    let ready = step(&branch, 0, &[], Does::Ready(Hash([1; 32])));
    // One copy calls back, the other locks, neither knowing of the other: the round is ended, and both count.
    let cancel = step(&branch, 1, &[(branch, 1)], Does::Cancel);
    let lock = step(&copy, 0, &[(branch, 1)], Does::Lock);
    let open = step(
        &copy,
        1,
        &[(branch, 1), (copy, 1)],
        Does::Open(Hash([1; 32])),
    );
    let both = Slot::of(vec![
        open.clone(),
        cancel.clone(),
        lock.clone(),
        ready.clone(),
    ]);
    assert!(both.has_ended(1));
    assert!(both.opening(Who::Me).is_some(), "what is open stays open");
    // One home that had called back does not lock.
    let late = step(&branch, 2, &[(branch, 2)], Does::Lock);
    let one = Slot::of(vec![ready, cancel, late]);
    assert!(one.has_ended(1) && one.opening(Who::Me).is_none());
}
