//! Pages in slots, as one who looks sees them.

use super::Looker;
use super::looker::keep_newest;
use crate::told::{Act, Thread};
use troth_proto::said::told::Verb;
use troth_proto::telling::{Seen, Thing};

impl Looker<'_> {
    /// What was said of a page that is open, and stands.
    pub fn said_of_page(&self, thread: &Thread) -> Vec<Thing> {
        let needs = |act: &&Act| {
            act.verb() != Some(Verb::NeedTime)
                || act.facts.until == thread.needs_time(act.by, self.now.day)
        };
        let said = thread.acts.iter().filter(|act| act.verb().is_some());
        let said = said.filter(needs).filter_map(|act| self.thing(thread, act));
        let mut said: Vec<Thing> = said
            .filter(|it| matches!(it.seen, Seen::Open | Seen::Gone) && !it.passed_over)
            .collect();
        // A day that was named twice stands once.
        said.dedup_by(|it, before| {
            it.says == Some(Verb::NeedTime) && (it.says, &it.facts) == (before.says, &before.facts)
        });
        keep_newest(&mut said);
        said
    }
}
