//! Pasts: closed sets of assertions, as one prefix for each branch of each book (DESIGN §11.8).

use std::sync::Arc;
use troth_proto::ids::Who;

/// A branch of a book on this device. How a book falls into branches depends on the order in which entries came; what lies
/// in a past does not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Branch(u32);

impl Branch {
    /// Branch number `n` of a book.
    #[must_use]
    pub fn new(who: Who, n: u16) -> Self {
        Self((who as u32) << 16 | u32::from(n))
    }

    /// Whose book it is of.
    #[must_use]
    pub fn whose(self) -> Who {
        if self.0 >> 16 == 0 {
            Who::Me
        } else {
            Who::Partner
        }
    }

    /// Its number in that book.
    #[must_use]
    pub fn number(self) -> usize {
        (self.0 & 0xffff) as usize
    }
}

/// Where an assertion is: its branch, and how many assertions of that branch come before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The branch.
    pub branch: Branch,
    /// Assertions before it.
    pub before: u32,
}

/// So many assertions of each branch, by branch, none of them zero.
type Prefixes = Vec<(Branch, u32)>;

/// A closed set of assertions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Past {
    /// The branch it ends in, if it is an assertion's, and how far.
    own: Option<(Branch, u32)>,
    /// Of all other branches. Shared along a branch for as long as nothing is added.
    others: Arc<Prefixes>,
    /// How many assertions there are.
    size: u64,
}

/// What a book keeps of an assertion's past, beside its place.
#[derive(Debug, Clone)]
pub(crate) struct Beside {
    others: Arc<Prefixes>,
    /// A document has far fewer assertions than fit here.
    pub size: u32,
}

impl Past {
    /// Nothing.
    #[must_use]
    pub fn empty() -> Self {
        Self {
            own: None,
            others: Arc::default(),
            size: 0,
        }
    }

    /// So many of each branch.
    #[must_use]
    pub fn of(prefixes: impl IntoIterator<Item = (Branch, u32)>) -> Self {
        let mut others: Prefixes = prefixes.into_iter().filter(|(_, n)| *n > 0).collect();
        others.sort_unstable();
        let size = others.iter().map(|(_, n)| u64::from(*n)).sum();
        Self {
            own: None,
            others: Arc::new(others),
            size,
        }
    }

    /// How many assertions of a branch are in it.
    #[must_use]
    pub fn of_branch(&self, branch: Branch) -> u32 {
        match self.own {
            Some((own, n)) if own == branch => n,
            _ => self
                .others
                .binary_search_by_key(&branch, |(branch, _)| *branch)
                .map_or(0, |i| self.others[i].1),
        }
    }

    /// Whether an assertion is in it.
    #[must_use]
    pub fn holds(&self, place: Place) -> bool {
        crate::steps::step();
        place.before < self.of_branch(place.branch)
    }

    /// How many assertions are in it. Whatever lies in a past has a smaller one.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.size
    }

    /// How many of each branch.
    pub fn prefixes(&self) -> impl Iterator<Item = (Branch, u32)> {
        self.own
            .filter(|(_, n)| *n > 0)
            .into_iter()
            .chain(self.others.iter().copied())
    }

    /// Whether all of another is in it.
    #[must_use]
    pub fn covers(&self, other: &Self) -> bool {
        other
            .prefixes()
            .all(|(branch, n)| n <= self.of_branch(branch))
    }

    /// The same, with one assertion more at the end of a branch that it ends in.
    #[must_use]
    pub fn and(&self, place: Place) -> Self {
        let n = place.before + 1;
        match self.own {
            Some((own, had)) if own == place.branch && had <= n => Self {
                own: Some((own, n)),
                others: Arc::clone(&self.others),
                size: self.size + u64::from(n - had),
            },
            _ => self.union(&Self::of([(place.branch, n)])),
        }
    }

    /// What is in either.
    #[must_use]
    pub fn union(&self, other: &Self) -> Self {
        if self.covers(other) {
            return self.clone();
        }
        let mut all: std::collections::BTreeMap<Branch, u32> = self.prefixes().collect();
        for (branch, n) in other.prefixes() {
            let had = all.entry(branch).or_default();
            *had = n.max(*had);
        }
        let own = self
            .own
            .map(|(branch, n)| (branch, n.max(other.of_branch(branch))));
        if let Some((branch, _)) = own {
            all.remove(&branch);
        }
        let mut past = Self::of(all);
        past.size += own.map_or(0, |(_, n)| u64::from(n));
        past.own = own;
        past
    }

    /// What is in any of these. The one that holds all others comes first: what follows shares its list of other branches.
    #[must_use]
    pub fn of_all(pasts: impl IntoIterator<Item = Self>) -> Self {
        let all = pasts.into_iter();
        all.fold(Self::empty(), |past, before| {
            if past.covers(&before) {
                past
            } else if before.covers(&past) {
                before
            } else {
                past.union(&before)
            }
        })
    }

    /// The same set, ending in a branch: what follows there shares all the rest.
    #[must_use]
    pub fn ending_in(&self, branch: Branch) -> Self {
        if self.own.is_some_and(|(own, _)| own == branch) {
            return self.clone();
        }
        let n = self.of_branch(branch);
        let mut past = Self::of(self.prefixes().filter(|(other, _)| *other != branch));
        past.own = Some((branch, n));
        past.size = self.size;
        past
    }

    /// What of it is not told by the place of the assertion whose past it is.
    pub(crate) fn beside(&self) -> Beside {
        Beside {
            others: Arc::clone(&self.others),
            size: self.size as u32,
        }
    }

    /// The past of the assertion at a place.
    pub(crate) fn at(place: Place, beside: &Beside) -> Self {
        Self {
            own: Some((place.branch, place.before)),
            others: Arc::clone(&beside.others),
            size: u64::from(beside.size),
        }
    }

    /// Whether it shares its other branches with another: then it costs no memory of its own.
    #[must_use]
    pub fn shares_with(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.others, &other.others)
    }

    /// Bytes of memory that it takes.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.others.len() * std::mem::size_of::<(Branch, u32)>()
    }
}

/// What lies in any of several pasts.
#[derive(Debug, Clone, Default)]
pub struct Under {
    prefixes: std::collections::BTreeMap<Branch, u32>,
    /// The other branches that came last: along a branch they are shared.
    last: Option<Arc<Prefixes>>,
}

impl Under {
    /// Adds what lies in one more.
    pub fn add(&mut self, past: &Past) {
        let shared = |last: &Arc<Prefixes>| Arc::ptr_eq(last, &past.others);
        if !self.last.as_ref().is_some_and(shared) {
            past.others.iter().for_each(|prefix| self.raise(*prefix));
            self.last = Some(Arc::clone(&past.others));
        }
        past.own.into_iter().for_each(|prefix| self.raise(prefix));
    }

    fn raise(&mut self, (branch, n): (Branch, u32)) {
        crate::steps::step();
        let had = self.prefixes.entry(branch).or_default();
        *had = n.max(*had);
    }

    /// Whether an assertion is in one of them.
    #[must_use]
    pub fn holds(&self, place: Place) -> bool {
        crate::steps::step();
        let n = self.prefixes.get(&place.branch);
        n.is_some_and(|n| place.before < *n)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_past_is_the_same_however_it_was_put_together() {
        let [a, b] = [Branch::new(Who::Me, 0), Branch::new(Who::Partner, 3)];
        let place = |branch, before| Place { branch, before };
        let one = Past::empty().and(place(a, 0)).ending_in(a).and(place(a, 1));
        let both = one.union(&Past::of([(b, 5)]));
        assert_eq!((one.size(), both.size()), (2, 7));
        assert!(both.holds(place(b, 4)) && !both.holds(place(b, 5)) && !one.holds(place(b, 0)));
        assert!(both.covers(&one) && !one.covers(&both));
        let other = Past::of([(b, 5)]).union(&one);
        assert!(other.covers(&both) && both.covers(&other) && other.size() == both.size());
        assert_eq!(other.ending_in(b).size(), 7);
        let mut under = Under::default();
        under.add(&one);
        under.add(&Past::of([(b, 5)]));
        for (branch, before) in [(a, 1), (a, 2), (b, 4), (b, 5)] {
            let place = place(branch, before);
            assert_eq!(under.holds(place), both.holds(place));
        }
        // What follows in the same branch shares the rest.
        assert!(both.and(place(a, 2)).shares_with(&both));
        assert_eq!(both.and(place(a, 2)).size(), 8);
    }
}
