//! What Troth means: books, views, exchange, pairing, keys as states, and the [`node::Node`] that owns them all.
//!
//! Pure: no IO, no clock, no randomness of its own. The shell hands in inputs and performs effects, in order.

pub mod agreement;
pub mod books;
pub mod call;
pub mod closed;
pub mod document;
pub mod draft;
pub mod keys;
pub mod links;
pub mod node;
pub mod pairing;
pub mod places;
pub mod private;
pub mod remembered;
pub mod sealed;
pub mod steps;
pub mod told;
pub mod turns;

#[cfg(any(test, feature = "sim"))]
pub mod sim;
#[cfg(any(test, feature = "sim"))]
pub mod test_entropy;

#[cfg(test)]
mod vectors;
