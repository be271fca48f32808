//! Pages in slots and about oneself, as one who looks sees them beside each other.

use super::Looker;
use super::looker::keep_newest;
use crate::told::{Act, Thread, pages_of};
use troth_proto::ids::Who;
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

    /// Of a page about oneself, those that stand beside it: the other's, and those of another branch (K4).
    pub(super) fn beside(&self, thread: &Thread) -> Vec<Thing> {
        let page = thread.root.facts.page.into_iter();
        let both = page.flat_map(|page| [Who::Me, Who::Partner].map(|who| (who, page)));
        let pages = both.flat_map(|(who, page)| pages_of(self.couple, who, page));
        let others = pages.filter(|it| it.hash != thread.root.hash);
        let threads = others.filter_map(|it| Thread::of(self.couple, (it.by, it.index)));
        let things = threads.filter_map(|it| self.thing(&it, &it.root));
        let mut beside: Vec<Thing> = things.collect();
        keep_newest(&mut beside);
        beside
    }
}
