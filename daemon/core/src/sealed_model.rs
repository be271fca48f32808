//! The exhaustive model of the sealed exchange: every interleaving of two people and a wire, two rounds.

use super::{Act, Does, Due, Slot};
use std::collections::{BTreeSet, VecDeque};
use troth_proto::Hash;
use troth_proto::assertion::{CardAnswer, Sealed};
use troth_proto::ids::Who;
use troth_proto::view::SealedState;

const ROUNDS: u32 = 2;

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
        let other = 1 - p;
        Slot::of(&self.books[p], &self.books[other][..self.arrived[other]])
    }

    fn write(&mut self, p: usize, round: u32, does: Does) {
        self.books[p].push(Act { round, does });
    }

    /// What the daemon does by itself, as the Node does it.
    fn settle(&mut self, p: usize) {
        while let Some((round, due)) = self.seen(p).due() {
            match due {
                Due::Lock => self.write(p, round, Does::Lock),
                Due::Open => self.write(p, round, Does::Open(Some(words(p)))),
            }
        }
    }

    fn moved(&self, p: usize, step: Move, liars: bool) -> Option<Self> {
        let mut next = self.clone();
        let slot = self.seen(p);
        let round = slot.round();
        let here = slot.at(round);
        match step {
            Move::Ready if round <= ROUNDS && here.me.ready.is_none() => {
                next.write(p, round, Does::Ready(Hash([p as u8; 32])));
            }
            Move::Cancel
                if slot.state(Who::Me) == SealedState::Ready && here.me.ready.is_some() =>
            {
                next.write(p, round, Does::Cancel);
            }
            Move::Share if slot.state(Who::Me) == SealedState::Ready && here.me.ready.is_some() => {
                next.write(p, round, Does::Lock);
                next.write(p, round, Does::Open(Some(words(p))));
            }
            Move::Lie if liars && p == 1 && here.me.ready.is_some() && here.me.opened.is_none() => {
                next.write(p, round, Does::Lock);
                next.write(p, round, Does::Open(None));
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

fn words(p: usize) -> Sealed {
    Sealed::Card(CardAnswer {
        words: format!("words of {p}"),
    })
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
        if slot.words(Who::Me).is_some() {
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
    let words = Sealed::CheckIn(troth_proto::assertion::CheckIn::default());
    let stands = |acts: &[super::Does]| {
        let acts = acts.iter().map(|does| super::Act {
            round: 1,
            does: does.clone(),
        });
        let acts: Vec<super::Act> = acts.collect();
        let slot = Slot::of(&acts, &[]);
        (
            slot.state(Who::Me),
            slot.has_ended(1),
            slot.words(Who::Me).is_some(),
        )
    };
    let open = || Open(Some(words.clone()));
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
            vec![Ready(hash), Lock, Open(None)],
            (SealedState::Void, true, false),
        ),
        (
            vec![Ready(hash), Lock, Open(None), open()],
            (SealedState::Void, true, false),
        ),
    ] {
        assert_eq!(stands(&acts), expected, "{acts:?}");
    }
}
