//! The couple's books: what may come into one, and how it is kept, carried and sealed.

pub mod book;
pub mod carry;
pub mod couple;
pub mod gate;
pub mod past;
pub mod rights;
pub mod rows;
