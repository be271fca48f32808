//! What of what was told this person has in hand: it is there for them, and they may keep a copy of its words (KINDS K8, K11).

use super::super::telling::{Named, together};
use super::super::{Node, Now};
use super::leaving::own_words;
use super::{Looker, Root};
use crate::books::book::Subject;
use crate::told::{Act, Thread, What, closes};
use troth_proto::Hash;
use troth_proto::assertion::Weight;
use troth_proto::ids::Who;
use troth_proto::said::sealed::Sealed;
use troth_proto::telling::{Seen, Thing, View};
use troth_proto::{Problem, limits};

impl Node {
    /// One who looks only at what is there and what is put away: nothing is folded.
    pub(in crate::node) fn bare_looker(&self, now: Now) -> Option<Looker<'_>> {
        Some(Looker {
            couple: self.couple.as_ref()?,
            node: self,
            now,
            folded: false,
            repairs: None,
            pages: Default::default(),
        })
    }

    /// Whether something named is there for this person: what the other took back before it was opened never was.
    pub(in crate::node) fn is_there(&self, now: Now, named: &Named) -> bool {
        let Some(looker) = self.bare_looker(now) else {
            return false;
        };
        if named.by == Who::Me || looker.couple.taken_back_by(&named.hash).is_none() {
            return true;
        }
        let thread = Thread::of(looker.couple, named.thread);
        thread.is_some_and(|thread| {
            let act = thread.act(&named.hash);
            act.is_some_and(|act| looker.seen(&thread, act).is_some())
        })
    }

    /// How many acts are looked at to tell whether something is there.
    pub(in crate::node) fn acts_to_be_there(&self, named: &Named) -> usize {
        let Some(couple) = &self.couple else { return 0 };
        let at_once = named.by == Who::Me || couple.taken_back_by(&named.hash).is_none();
        if at_once {
            0
        } else {
            1 + couple.acts_about(named.thread) + couple.wordings_before(named.thread)
        }
    }

    /// The words of something told, answered or opened, as far as this person has them in hand: of what was taken back, for
    /// some days more.
    pub(in crate::node) fn words_in_hand(&self, now: Now, hash: &Hash) -> Vec<String> {
        self.in_hand(now, hash).unwrap_or_default()
    }

    fn in_hand(&self, now: Now, hash: &Hash) -> Option<Vec<String>> {
        let looker = self.bare_looker(now)?;
        let (_, said) = looker.couple.find(hash)?;
        if let Some(Subject::Slot(slot)) = said.subject {
            let page = Sealed::of(slot, said.words()?)?;
            return Some(together(&page.texts()));
        }
        let Subject::Told(who, index) = said.thread() else {
            return None;
        };
        let thread = Thread::of(looker.couple, (who, index))?;
        let act = thread.act(hash).filter(|act| looker.holds(&thread, act))?;
        Some(looker.texts(&thread, act)?.0.into_values().collect())
    }

    /// What began a repair, and all own words in it, in the order in which they were written.
    pub(in crate::node) fn words_of_repair(&self, now: Now, root: Root) -> Vec<String> {
        let Some(couple) = &self.couple else {
            return Vec::new();
        };
        let Some(thread) = Thread::of(couple, root) else {
            return Vec::new();
        };
        let own = own_words(couple, &thread).into_iter().flatten();
        let own = own.filter(|hash| *hash != thread.root.hash);
        let mut own: Vec<Hash> = own.collect();
        own.sort_by_key(|hash| couple.find(hash).map(|(_, said)| said.index()));
        let all = std::iter::once(thread.root.hash).chain(own);
        all.flat_map(|hash| self.words_in_hand(now, &hash))
            .collect()
    }

    /// Refuses so few days that words would leave before anybody could think better of it.
    pub(in crate::node) fn may_leave_after(days: Option<u16>) -> Result<(), Problem> {
        match days {
            Some(days) if days < limits::LEAST_PUT_AWAY_DAYS => Err(Problem::AwayDays),
            _ => Ok(()),
        }
    }

    /// After how many days own words leave of what is put away; none: as usual.
    pub(in crate::node) fn set_away_days(&mut self, hash: &Hash, days: Option<u16>) {
        let set = &mut self.desk.local.away_days;
        let before = match days {
            Some(days) => set.insert(*hash, days),
            None => set.remove(hash),
        };
        if before != days {
            self.put_local();
        }
    }
}

impl Looker<'_> {
    /// Something own that was taken back, where nothing of its thread is seen.
    pub fn gone(&self, hash: &Hash) -> Option<View> {
        let said = self.couple.book(Who::Me).find(hash)?;
        let Subject::Told(who, index) = said.thread() else {
            return None;
        };
        let thread = Thread::of(self.couple, (who, index))?;
        let act = thread.act(hash)?;
        Some(View {
            told: Thing {
                id: act.id,
                by: act.by,
                on: act.on,
                kind: match act.what {
                    What::Told(kind) => Some(kind),
                    _ => None,
                },
                says: act.verb(),
                about: None,
                facts: Default::default(),
                seen: Seen::TakenBack,
                words: None,
                came_back: false,
                passed_over: false,
                may: Vec::new(),
                may_take_back: false,
                may_say_better: false,
                may_keep: false,
            },
            weight: Weight::Everyday,
            slot: None,
            put_away: false,
            answers: Vec::new(),
            beside: Vec::new(),
            better: Vec::new(),
            instead_of: None,
            listen_as: None,
            tell_nobody: false,
            may_tell: Vec::new(),
            i_need_time: None,
            partner_needs_time: None,
            done: Vec::new(),
            repair: None,
            topic: String::new(),
            folded: false,
            may_put_away: false,
        })
    }

    /// Whether the other took an act back that the looker had opened, and its words have not left yet: a copy may be kept.
    pub(super) fn may_keep(&self, thread: &Thread, act: &Act) -> bool {
        let opened = closes(act.what, thread.root.what) && self.opened(act);
        let taken_back = act.by == Who::Partner && act.taken_back;
        taken_back && opened && self.texts(thread, act).is_some_and(|it| !it.0.is_empty())
    }

    /// Whether the looker has an act's words in hand: their own, what they opened, and what is open on both screens anyway.
    fn holds(&self, thread: &Thread, act: &Act) -> bool {
        if closes(act.what, thread.root.what) {
            return self.opened(act);
        }
        act.hash == thread.root.hash
            || act.by == Who::Me
            || act.what != What::Opened && self.seen(thread, act).is_some()
    }
}
