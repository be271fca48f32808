//! Which of several connections to one device is kept: a pure function, so that both sides come to the same one.

use std::cmp::Reverse;
use std::time::Duration;
use tokio::time::Instant;

/// Connections that come within this long of each other were dialled at once by both. One that comes later comes from
/// a partner who has lost the one before, whatever it looks like from here.
pub const AT_ONCE: Duration = Duration::from_secs(2);

/// One of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Candidate<Id> {
    /// Its number on this side, in the order in which they were dialled here.
    pub id: Id,
    /// The lower is kept: who dialled it, then over what. Both sides see the same.
    pub rank: (bool, bool),
    /// In which round it was dialled, if it was from here.
    pub round: Option<u64>,
    /// When it came.
    pub since: Instant,
}

/// What becomes of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice<Id> {
    /// The one that is kept, as far as this side can tell.
    pub kept: Option<Id>,
    /// Those that this side closes.
    pub surplus: Vec<Id>,
}

/// The connection that the lower id dialled stays, and QUIC before TCP. Of several that one of them dialled alike, that one closes
/// all but the first of its newest round: the other cannot tell which that was. One that comes late takes the place of those
/// before, which may be dead.
pub fn choose<Id: Copy + Ord>(all: &[Candidate<Id>]) -> Choice<Id> {
    let newest = all.iter().map(|c| c.since).max();
    let late = |c: &Candidate<Id>| newest.is_some_and(|newest| newest - c.since >= AT_ONCE);
    let fresh = all.iter().filter(|c| !late(c));
    let kept = fresh.min_by_key(|c| (c.rank, Reverse(c.round), c.id));
    let surplus = all.iter().filter(|c| {
        let alike = kept.is_some_and(|kept| c.rank == kept.rank && c.id != kept.id);
        late(c) || kept.is_some_and(|kept| c.rank > kept.rank) || (alike && c.round.is_some())
    });
    Choice {
        kept: kept.map(|c| c.id),
        surplus: surplus.map(|c| c.id).collect(),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// One connection: whether the lower id dialled it, whether over QUIC, and in which of its dialler's rounds.
    type Dialled = (bool, bool, u64);

    /// What one side has left, once all have come in some order.
    fn left(all: &[Dialled], order: &[usize], lower: bool) -> Vec<usize> {
        let begun = Instant::now();
        let mut here: Vec<Candidate<usize>> = Vec::new();
        for (n, id) in order.iter().enumerate() {
            let (by_lower, over_quic, round) = all[*id];
            here.push(Candidate {
                id: *id,
                rank: (!by_lower, !over_quic),
                round: (by_lower == lower).then_some(round),
                since: begun + AT_ONCE / 8 * n as u32,
            });
            let choice = choose(&here);
            assert!(
                choice
                    .kept
                    .is_some_and(|kept| !choice.surplus.contains(&kept))
            );
            here.retain(|c| !choice.surplus.contains(&c.id));
        }
        here.iter().map(|c| c.id).collect()
    }

    fn order() -> impl Strategy<Value = Vec<usize>> {
        Just(vec![0, 1, 2, 3]).prop_shuffle()
    }

    proptest! {
        #[test]
        fn both_keep_the_same_one_in_whatever_order_four_come_at_once(
            all in proptest::collection::vec(any::<(bool, bool)>().prop_flat_map(|(by, quic)| (Just(by), Just(quic), 0..3u64)), 4),
            (hers, his) in (order(), order()),
        ) {
            let (hers, his) = (left(&all, &hers, true), left(&all, &his, false));
            let both: Vec<usize> = hers.iter().copied().filter(|id| his.contains(id)).collect();
            prop_assert_eq!(both.len(), 1, "{:?} {:?}", hers, his);
            // And it is of the kind that goes before all others.
            let rank = |id: usize| (!all[id].0, !all[id].1);
            prop_assert_eq!(rank(both[0]), (0..4).map(rank).min().unwrap());
        }
    }

    #[test]
    fn one_that_comes_late_takes_the_place_of_those_before() {
        let begun = Instant::now();
        let one = |id, rank, since| Candidate {
            id,
            rank,
            round: None,
            since,
        };
        let all = [
            one(1, (false, false), begun),
            one(2, (true, true), begun + AT_ONCE),
        ];
        let choice = Choice {
            kept: Some(2),
            surplus: vec![1],
        };
        assert_eq!(choose(&all), choice);
    }
}
