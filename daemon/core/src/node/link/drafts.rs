//! Drafts on the partner's link, after the books.

use super::{Holds, Prefixes, Stream};
use crate::books::couple::{Couple, DraftThread};
use crate::books::gate::Refusal;
use crate::books::rows::Row;
use crate::node::drafting::{CameIn, Drafts};
use crate::node::{Link, Node, Now};
use troth_proto::ids::Who;
use troth_proto::notice::Notice;
use troth_proto::wire::{Bye, DraftEntries, DraftHave, Frame};
use troth_proto::{DraftId, limits};

impl Node {
    /// Tells what is held of a draft, if a link is there.
    pub(in crate::node) fn say_draft_have(&mut self, draft: DraftId) {
        let (Some(link), Some(it)) = (self.link.current, self.drafts.open.get(&draft)) else {
            return;
        };
        let marks = it.log.marks();
        self.send(link, &Frame::DraftHave(DraftHave { draft, marks }));
    }

    /// What the partner holds of a draft. The first on a link takes the place of what was believed; what he says later can
    /// only be more.
    pub(super) fn draft_have(&mut self, now: Now, link: Link, have: &DraftHave) -> Option<()> {
        let stream = self.link.streams.get_mut(&link)?;
        let it = self.drafts.open.get_mut(&have.draft)?;
        let past = it.log.under(have.marks.iter().map(|mark| &mark.hash));
        let sending = stream.drafts.entry(have.draft).or_default();
        let first = !std::mem::replace(&mut sending.said, true);
        let mut known = Prefixes::of(&past);
        if first {
            (sending.known, sending.at) = (known.clone(), 0);
        } else {
            sending.known.add(&past);
            known.add(&it.believed.past());
        }
        if it.believed != known {
            it.believed = known;
            self.later(now, Row::Acked);
            self.out.told = true;
        }
        if first {
            // What was said before he had heard of the draft was said to nobody.
            self.say_draft_have(have.draft);
        }
        self.pump(link);
        Some(())
    }

    /// Whether a newer Troth types in a draft in a way that is not known here.
    fn stopped(&self, link: Link, draft: &DraftId) -> bool {
        let stream = self.link.streams.get(&link);
        stream.is_some_and(|stream| stream.newer.contains(draft))
    }

    /// What the partner typed, and what he holds of what was typed here.
    pub(super) fn drafted(&mut self, now: Now, link: Link, entries: &DraftEntries) -> Option<Bye> {
        let came = match self.take_drafted(&entries.draft, &entries.entries, true) {
            // That draft stops here, and nothing else does.
            Err(Refusal::NewerOperation) => {
                self.notice(Notice::Newer);
                let stream = self.link.streams.get_mut(&link)?;
                stream.newer.insert(entries.draft);
                Ok(CameIn::default())
            }
            // What is written on it cannot be taken either.
            Err(Refusal::Missing) if self.stopped(link, &entries.draft) => Ok(CameIn::default()),
            came => came,
        };
        match came {
            Ok(came) => {
                let stream = self.link.streams.get_mut(&link)?;
                if let Some(it) = self.drafts.open.get_mut(&entries.draft) {
                    let sending = stream.drafts.entry(entries.draft).or_default();
                    for sealed in &entries.entries {
                        if let Some(index) = it.log.index_of(&sealed.hash) {
                            sending.known.add_place(it.log.place(index));
                            it.believed.add_place(it.log.place(index));
                        }
                    }
                }
                stream.taken += 1;
                let taken = stream.taken;
                self.send(link, &Frame::Got(taken));
                self.note_came_back(came.own);
                self.later(now, Row::Acked);
                self.pump(link);
                None
            }
            Err(refusal) => self.refuse_entries(refusal),
        }
    }
}

impl Stream {
    /// The next entries of a draft that he lacks, as many as fit into a frame. `closed`: only of those that are closed here.
    pub(super) fn next_drafted(
        &mut self,
        couple: &Couple,
        drafts: &Drafts,
        closed: bool,
    ) -> Option<(Frame, Holds, usize)> {
        const MOST: usize = limits::FRAME_BYTES - 4096;
        let open = &drafts.open;
        let owners = couple.owners();
        self.drafts.retain(|draft, _| open.contains_key(draft));
        for (draft, sending) in &mut self.drafts {
            let log = &open.get(draft)?.log;
            let is_closed = |thread: &DraftThread| thread.closed[Who::Me as usize];
            if closed && !couple.draft(draft).is_some_and(is_closed) {
                continue;
            }
            let (mut entries, mut bytes) = (Vec::new(), 0);
            while sending.at < log.len() && entries.len() < limits::DRAFT_ENTRIES {
                let place = log.place(sending.at);
                if sending.known.holds(place) {
                    sending.at += 1;
                    continue;
                }
                let size = log.entry_bytes(sending.at);
                if bytes > 0 && bytes + size > MOST {
                    break;
                }
                entries.push(log.entry(&owners, sending.at));
                sending.known.add_place(place);
                sending.at += 1;
                bytes += size;
            }
            if !entries.is_empty() {
                let holds = Holds::Draft(*draft, sending.known.clone());
                let draft = *draft;
                let frame = Frame::DraftEntries(DraftEntries { draft, entries });
                return Some((frame, holds, bytes));
            }
        }
        None
    }
}
