//! What the partner says he holds of both books and of drafts: looked at at once, and no more often than costs little.

use super::{Link, Node, Now, Prefixes};
use crate::books::couple::Couple;
use std::collections::{BTreeMap, BTreeSet};
use troth_proto::ids::Who;
use troth_proto::wire::{Bye, Frame, Have};
use troth_proto::{DraftId, Hash, limits};

/// Words of what he holds that are looked at at once, besides the first of each book and draft.
const AT_ONCE: u64 = 64;
/// Milliseconds until one more is.
const ONE_MORE: u64 = 50;

/// Of what he says what he holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Of {
    Book(Who),
    Draft(DraftId),
}

/// What he said of it on one link.
#[derive(Debug, Default)]
pub(super) struct Said {
    /// The newest of each that was not looked at yet.
    waiting: BTreeMap<Of, Frame>,
    /// What was looked at once.
    heard: BTreeSet<Of>,
    /// How many were looked at besides, without those whose time has passed, and since when that is so.
    spent: u64,
    since: u64,
}

impl Said {
    /// The next to be looked at now.
    fn next(&mut self, mono: u64) -> Option<Frame> {
        let new = self.waiting.keys().find(|of| !self.heard.contains(of));
        if let Some(new) = new.copied() {
            self.heard.insert(new);
            return self.waiting.remove(&new);
        }
        let passed = mono.saturating_sub(self.since) / ONE_MORE;
        self.since += passed * ONE_MORE;
        self.spent = self.spent.saturating_sub(passed);
        if self.spent >= AT_ONCE {
            return None;
        }
        let (_, frame) = self.waiting.pop_first()?;
        self.spent += 1;
        Some(frame)
    }

    /// When one that waits is looked at.
    pub(super) fn due(&self) -> Option<u64> {
        (!self.waiting.is_empty()).then_some(self.since + ONE_MORE)
    }
}

impl Node {
    /// Tells what is held of a book.
    pub(super) fn say_have(&mut self, link: Link, who: Who) {
        let Some(couple) = &self.couple else { return };
        let have = have_of(couple, who);
        if let Some(stream) = self.link.streams.get_mut(&link) {
            stream.asked[who as usize] = have.lacks.iter().copied().collect();
        }
        self.send(link, &Frame::Have(have));
    }

    /// Asks for words that lack and were not asked for yet, once those that were have come.
    pub(super) fn ask_for_more_words(&mut self, link: Link, who: Who) {
        let (Some(couple), Some(stream)) = (&self.couple, self.link.streams.get(&link)) else {
            return;
        };
        let lacks = have_of(couple, who).lacks;
        let asked = &stream.asked[who as usize];
        if !lacks.is_empty() && !lacks.iter().any(|hash| asked.contains(hash)) {
            self.say_have(link, who);
        }
    }

    /// The partner says what he holds of a book or a draft.
    pub(super) fn says_he_holds(&mut self, now: Now, link: Link, frame: Frame) -> Option<Bye> {
        let of = match &frame {
            Frame::Have(have) => {
                let couple = self.couple.as_ref()?;
                let Some(who) = couple.owner(&have.document) else {
                    return self.refuse("what is held of no document of this couple");
                };
                Of::Book(who)
            }
            // Not begun here yet, or closed by both: he will hear of it by the books.
            Frame::DraftHave(have) if !self.drafts.open.contains_key(&have.draft) => return None,
            Frame::DraftHave(have) => Of::Draft(have.draft),
            _ => return None,
        };
        let stream = self.link.streams.get_mut(&link)?;
        stream.said.waiting.insert(of, frame);
        self.look_at_what_he_holds(now, link);
        None
    }

    /// Looks at what he said, as far as it is due.
    pub(super) fn look_at_what_he_holds(&mut self, now: Now, link: Link) {
        while let Some(stream) = self.link.streams.get_mut(&link)
            && let Some(frame) = stream.said.next(now.mono)
        {
            match &frame {
                Frame::Have(have) => self.have(now, link, have),
                Frame::DraftHave(have) => self.draft_have(now, link, have),
                _ => None,
            };
        }
    }

    /// What the partner holds of a book. The first on a link takes the place of what was believed; what he says later can
    /// only be more.
    fn have(&mut self, now: Now, link: Link, have: &Have) -> Option<()> {
        // Only whoever has taken the hello says what they hold.
        let number = self.dial.own.as_ref().map_or(0, |(number, _)| *number);
        if self.bonds.own.taken(number) {
            self.later(now, crate::books::rows::Row::Pair);
        }
        let couple = self.couple.as_ref()?;
        let who = couple.owner(&have.document)?;
        let stream = self.link.streams.get_mut(&link)?;
        let past = couple.under(have.marks.iter().map(|mark| &mark.hash));
        let highest = have.marks.iter().map(|mark| mark.n).max().unwrap_or(0);
        stream.announced[who as usize] = highest;
        let first = stream.has.iter().any(Option::is_none);
        let has = stream.has[who as usize].get_or_insert_with(Prefixes::default);
        has.add(&past);
        stream.known.add(&past);
        let book = couple.book(who);
        let lacks = have.lacks.iter().filter_map(|hash| book.index_of(hash));
        // Whoever keeps to the rules asks for each of them once.
        for index in lacks {
            let room = stream.again.len() < 2 * limits::MARKS;
            // What this device lacks too may come here meanwhile: it can be asked for then.
            let here = book.said_in(index).any(|said| said.words().is_some());
            if room && here && stream.given.insert((who, index)) {
                stream.again.push_back((who, index));
            }
        }
        if let [Some(mine), Some(theirs)] = &stream.has {
            let mut both = mine.clone();
            both.add(&theirs.past());
            if !first {
                both.add(&self.link.believed.past());
            }
            self.believe(now, both);
        }
        self.pump(link);
        Some(())
    }
}

/// What is held of a book: its tips, then entries 1, 2, 4 … back as they came, and the first.
pub(in crate::node) fn have_of(couple: &Couple, who: Who) -> Have {
    let book = couple.book(who);
    let mut marks = book.tips();
    marks.truncate(limits::MARKS / 2);
    let n = book.entries();
    let mut back = 1;
    while back < n {
        marks.push(book.mark(n - 1 - back));
        back *= 2;
    }
    if n > 0 {
        marks.push(book.mark(0));
    }
    marks.truncate(limits::MARKS);
    let lacking = book.lacking(|said| Node::left_on_purpose(couple, &said.hash));
    let mut lacks: Vec<Hash> = lacking
        .map(|i| book.mark(i).hash)
        .take(limits::MARKS)
        .collect();
    lacks.dedup();
    Have {
        document: book.document(),
        marks,
        lacks,
    }
}
