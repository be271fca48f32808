//! Everything two people tell each other, held against the reference model; and the model against the tables of KINDS.

mod chance;
mod kinds;
mod pairs;
mod repairs;
mod rules;
mod story;
