//! What the loop asks of another task: it never waits for it, and what says how things are is never lost.

use std::collections::VecDeque;
use tokio::sync::mpsc;

/// What waits for room at a time, at most.
const LATE: usize = 64;

/// The way to another task.
pub struct Asks<T> {
    who: &'static str,
    to: mpsc::Sender<T>,
    /// What found no room, in order.
    late: VecDeque<T>,
}

impl<T> Asks<T> {
    /// To a task, by the name that the log has for it.
    pub fn new(who: &'static str, to: mpsc::Sender<T>) -> Self {
        let late = VecDeque::new();
        Self { who, to, late }
    }

    /// Asks for something that can be lost.
    pub fn ask(&mut self, ask: T) {
        let lost = if self.late.is_empty() {
            self.to.try_send(ask).is_err()
        } else {
            let full = self.late.len() >= LATE;
            if !full {
                self.late.push_back(ask);
            }
            full
        };
        if lost {
            tracing::warn!(who = self.who, "does not keep up");
        }
    }

    /// Says how things are from now on. Without room it waits in the place of all that waited, after `first`.
    pub fn set(&mut self, ask: T, first: Option<T>) {
        let late = if self.late.is_empty() {
            match self.to.try_send(ask) {
                Ok(()) => return,
                Err(e) => e.into_inner(),
            }
        } else {
            ask
        };
        self.late = first.into_iter().chain([late]).collect();
    }

    /// Hands over what waits, as there is room for it. Never ends while nothing does.
    pub async fn catch_up(&mut self) {
        if self.late.is_empty() {
            return std::future::pending().await;
        }
        while !self.late.is_empty() {
            let Ok(room) = self.to.reserve().await else {
                return self.late.clear();
            };
            if let Some(ask) = self.late.pop_front() {
                room.send(ask);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_says_how_things_are_waits_for_room_and_the_last_of_it_holds() {
        let (to, mut heard) = mpsc::channel(2);
        let mut asks = Asks::new("the test", to);
        for n in 0..10 {
            asks.ask(n);
        }
        asks.set(20, None);
        asks.ask(21);
        asks.set(30, Some(29));
        asks.ask(31);
        let mut all = Vec::new();
        loop {
            tokio::select! {
                biased;
                () = asks.catch_up() => {}
                next = heard.recv() => all.extend(next),
                () = std::future::ready(()) => break,
            }
        }
        assert_eq!(all, [0, 1, 29, 30, 31]);
    }
}
