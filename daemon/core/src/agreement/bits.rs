//! Sets of versions of one agreement, as bits: a view asks the same few questions about many of them at once.

use std::ops::{BitAnd, BitAndAssign, BitOr, BitOrAssign, Not};
use troth_proto::limits;

/// As many versions as there can be moves of two people.
const WORDS: usize = (2 * limits::ACTS_TAKEN).div_ceil(64);

/// A set of versions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bits([u64; WORDS]);

impl Default for Bits {
    fn default() -> Self {
        Self([0; WORDS])
    }
}

impl Bits {
    /// One version.
    pub fn one(v: usize) -> Self {
        let mut bits = Self::default();
        bits.set(v);
        bits
    }

    /// Puts a version in.
    pub fn set(&mut self, v: usize) {
        if let Some(word) = self.0.get_mut(v / 64) {
            *word |= 1 << (v % 64);
        }
    }

    /// Whether a version is in it.
    pub fn has(&self, v: usize) -> bool {
        self.0
            .get(v / 64)
            .is_some_and(|word| word >> (v % 64) & 1 == 1)
    }

    /// Whether none is in it.
    pub fn is_empty(&self) -> bool {
        self.0.iter().all(|word| *word == 0)
    }

    /// All that are in it, in order.
    pub fn ones(self) -> impl Iterator<Item = usize> {
        self.0.into_iter().enumerate().flat_map(|(i, word)| {
            let mut left = word;
            std::iter::from_fn(move || {
                let bit = left.trailing_zeros() as usize;
                left &= left.wrapping_sub(1);
                (bit < 64).then_some(64 * i + bit)
            })
        })
    }
}

macro_rules! each_word {
    ($trait:ident, $method:ident, $assign_trait:ident, $assign:ident, $op:tt) => {
        impl $assign_trait for Bits {
            fn $assign(&mut self, other: Self) {
                for (word, other) in self.0.iter_mut().zip(other.0) {
                    *word = *word $op other;
                }
            }
        }
        impl $trait for Bits {
            type Output = Self;
            fn $method(mut self, other: Self) -> Self {
                $assign_trait::$assign(&mut self, other);
                self
            }
        }
    };
}

each_word!(BitAnd, bitand, BitAndAssign, bitand_assign, &);
each_word!(BitOr, bitor, BitOrAssign, bitor_assign, |);

impl Not for Bits {
    type Output = Self;
    fn not(mut self) -> Self {
        for word in &mut self.0 {
            *word = !*word;
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_gives_back_what_was_put_in() {
        let all = [0, 63, 64, 700, 1023];
        let mut bits = Bits::default();
        all.iter().for_each(|v| bits.set(*v));
        assert_eq!(bits.ones().collect::<Vec<_>>(), all);
        assert!(bits.has(700) && !bits.has(701) && !bits.has(5000));
        assert_eq!((bits & Bits::one(64)).ones().count(), 1);
        assert!((bits & !bits).is_empty());
    }
}
