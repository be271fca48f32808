//! The partner's link: from hello to "both have everything" (PROTOCOL §3).

mod drafts;
mod held;

pub(super) use held::have_of;

use super::{Bonds, Effect, Link, Node, Now, Paired};
use crate::books::couple::Couple;
use crate::books::gate::{self, Came, Refusal};
use crate::books::past::{Branch, Past, Place};
use crate::books::rows::Row;
use crate::keys::{Entropy, same};
use crate::pairing::Bond;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::net::SocketAddr;
use troth_proto::api::Progress;
use troth_proto::ids::Who;
use troth_proto::notice::Notice;
use troth_proto::pairing::{LinkId, Role};
use troth_proto::wire::{self, Bye, Entries, Frame, Hello, Mark, NotAFrame, SealedEntry};
use troth_proto::{DraftId, Hash, Problem, limits};

/// Runs of the partner's daemon that others followed, and which are not heard while those are there.
const SUPERSEDED: usize = 64;

/// Streams to the partner, and what he is believed to hold.
#[derive(Default)]
pub(super) struct Links {
    streams: BTreeMap<Link, Stream>,
    current: Option<Link>,
    superseded: BTreeSet<[u8; 16]>,
    /// Another program with this home's keys met the partner after this one.
    pub another_of_mine: bool,
    /// What the partner's disk is believed to hold.
    believed: Prefixes,
    /// Marks of that, as they were read, until the books are there to look them up.
    pub read_marks: Vec<Mark>,
}

/// So many assertions of each branch: a closed set that grows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Prefixes(BTreeMap<Branch, u32>);

impl Prefixes {
    pub(super) fn of(past: &Past) -> Self {
        Self(past.prefixes().collect())
    }

    pub(super) fn holds(&self, place: Place) -> bool {
        crate::steps::step();
        self.0.get(&place.branch).is_some_and(|n| place.before < *n)
    }

    pub(super) fn add(&mut self, past: &Past) {
        for (branch, n) in past.prefixes() {
            let had = self.0.entry(branch).or_default();
            *had = n.max(*had);
        }
    }

    /// Says whether it was not among them.
    pub(super) fn add_place(&mut self, place: Place) -> bool {
        let had = self.0.entry(place.branch).or_default();
        let before = std::mem::replace(had, (*had).max(place.before + 1));
        before <= place.before
    }

    pub(super) fn past(&self) -> Past {
        Past::of(self.0.iter().map(|(branch, n)| (*branch, *n)))
    }
}

/// A stream to the partner.
#[derive(Debug)]
struct Stream {
    peer: LinkId,
    /// Where its other end is as seen from here, and whether that stays: it was dialled, or listens on that port.
    place: Option<(SocketAddr, bool)>,
    /// Whether its hellos are made with the proved bond, or with the one that waits to be proved.
    proved: bool,
    /// Until when it must have said hello.
    hello_by: Option<u64>,
    run: [u8; 16],
    /// What he said he holds.
    said: held::Said,
    /// That of each book; nothing is sent before both are known.
    has: [Option<Prefixes>; 2],
    /// What he holds, and what was sent to him on this stream.
    known: Prefixes,
    /// The next entry to look at, in the order in which they came.
    at: usize,
    /// Entries that he lacks words of.
    again: VecDeque<(Who, usize)>,
    /// All of which that was so on this stream.
    given: BTreeSet<(Who, usize)>,
    /// Frames sent and not acknowledged: what he holds with each, and its size.
    on_the_way: VecDeque<(Holds, usize)>,
    /// Drafts of which he has said what he holds.
    drafts: BTreeMap<DraftId, Sending>,
    /// Drafts in which a newer Troth types in a way that is not known here.
    newer: BTreeSet<DraftId>,
    /// Frames of entries acknowledged, and taken in.
    acknowledged: u64,
    taken: u64,
    /// The highest numbers that he says his books have.
    announced: [u64; 2],
    /// Entries of each book that he was asked words of, last.
    asked: [BTreeSet<Hash>; 2],
    /// How often in a row the partner had ended links before it.
    refused: u32,
}

/// What the partner holds once a frame has reached his disk.
#[derive(Debug)]
enum Holds {
    Books(Prefixes),
    Draft(DraftId, Prefixes),
}

/// How far a draft is sent.
#[derive(Debug, Default)]
struct Sending {
    /// What he holds, and what was sent to him on this stream.
    known: Prefixes,
    /// The next entry to look at, in the order in which they came.
    at: usize,
    /// He has said what he holds.
    said: bool,
}

impl Links {
    pub(super) fn deadline(&self) -> Option<(u64, &'static str)> {
        let hello = self.streams.values().filter_map(|s| s.hello_by).min();
        let held = self.streams.values().filter_map(|s| s.said.due()).min();
        let both = [hello.map(|at| (at, "hello")), held.map(|at| (at, "held"))];
        both.into_iter().flatten().min()
    }

    /// The device that is connected.
    pub(super) fn current_peer(&self) -> Option<&LinkId> {
        self.streams.get(&self.current?).map(|stream| &stream.peer)
    }

    pub(super) fn is_up(&self) -> bool {
        self.current.is_some()
    }

    /// The link on which both have said hello, and where its other end is.
    pub(super) fn greeted(&self) -> Option<(Link, Option<SocketAddr>)> {
        let link = self.current?;
        let at = self.streams.get(&link)?.place;
        Some((link, at.map(|(at, _)| at)))
    }

    /// Every stream.
    pub(super) fn all(&self) -> Vec<Link> {
        self.streams.keys().copied().collect()
    }

    /// Everything ends, without a word.
    pub(super) fn clear(&mut self) {
        self.streams.clear();
        self.current = None;
    }

    pub(super) fn believed(&self) -> &Prefixes {
        &self.believed
    }
}

impl Bonds {
    /// The bond with a device, and whether it is proved. One that waits to be proved may be with the same device as the
    /// proved one: the two take turns, since only the partner knows which of them still holds there.
    fn of(&self, peer: &LinkId) -> Option<(&Paired, bool)> {
        let is = |paired: &&Paired| paired.links.has(peer);
        let pending = self.pending.as_ref().filter(is).map(|p| (p, false));
        let proved = self.proved.as_ref().filter(is).map(|p| (p, true));
        // One of the two turns at each hello that did not fit, the other at each second: so they agree in the end.
        let slow = proved.is_some_and(|(p, _)| p.bond.role == Role::Responder);
        if self.turns.1 >> u8::from(slow) & 1 == 0 {
            pending.or(proved)
        } else {
            proved.or(pending)
        }
    }
}

impl Node {
    /// The bond and the books, once a link has proved that there are two people. Until then nothing is written: a bond
    /// that is taken back leaves nothing behind.
    pub(super) fn bound(&self) -> Result<(Option<&Bond>, &Couple), Problem> {
        let bond = self.bonds.proved.as_ref().map(|paired| &paired.bond);
        self.couple
            .as_ref()
            .map(|couple| (bond, couple))
            .ok_or(Problem::NotPaired)
    }

    /// The bond that a link has proved.
    pub(super) fn bond(&self) -> Result<&Bond, Problem> {
        let paired = self.bonds.proved.as_ref();
        paired.map(|p| &p.bond).ok_or(Problem::NotPaired)
    }

    pub(super) fn link_tick(&mut self, now: Now) {
        let late = |s: &Stream| s.hello_by.is_some_and(|at| at <= now.mono);
        let late = self.link.streams.iter().filter(|(_, s)| late(s));
        let late: Vec<Link> = late.map(|(link, _)| *link).collect();
        for link in late {
            tracing::debug!(link, "no hello in time");
            self.hang_up(now, link, None);
        }
        if let Some(link) = self.link.current {
            self.look_at_what_he_holds(now, link);
        }
    }

    pub(super) fn link_up(
        &mut self,
        now: Now,
        (link, own, peer): (Link, LinkId, LinkId),
        at: Option<(SocketAddr, bool)>,
    ) {
        let (number, under) = match &self.dial.own {
            Some((number, id)) => (*number, *id == own),
            None => (0, false),
        };
        let bond = self.bonds.of(&peer).filter(|_| under);
        let Some((paired, proved)) = bond else {
            tracing::debug!(under, "a link with nobody known");
            self.out.effects.push(Effect::Close(link));
            return;
        };
        let bond = &paired.bond;
        let hello = Hello {
            versions: wire::VERSIONS.to_vec(),
            couple: bond.couple,
            run: self.run,
            proof: self.proof(bond, (bond.role, &peer), &self.run),
            links: self.bonds.own.next(&self.me.link_seed, number),
        };
        self.no_dial(now);
        let stream = Stream {
            peer,
            place: at,
            proved,
            hello_by: Some(now.mono + limits::HELLO_SECONDS * 1000),
            run: [0; 16],
            said: held::Said::default(),
            has: [None, None],
            known: Prefixes::default(),
            at: 0,
            again: VecDeque::new(),
            given: BTreeSet::new(),
            on_the_way: VecDeque::new(),
            drafts: BTreeMap::new(),
            newer: BTreeSet::new(),
            acknowledged: 0,
            taken: 0,
            announced: [0, 0],
            asked: Default::default(),
            refused: self.dial.turns.refused,
        };
        self.link.streams.insert(link, stream);
        self.send(link, &Frame::Hello(hello));
    }

    fn proof(&self, bond: &Bond, (by, theirs): (Role, &LinkId), run: &[u8; 16]) -> Hash {
        let Some((_, mine)) = &self.dial.own else {
            return Hash::default(); // nobody is linked who does not share
        };
        let (i, r) = if bond.role == Role::Initiator {
            (mine, theirs)
        } else {
            (theirs, mine)
        };
        bond.proof(by, i, r, run)
    }

    pub(super) fn send(&mut self, link: Link, frame: &Frame) {
        self.out.effects.push(Effect::Send {
            link,
            bytes: frame.write(),
        });
    }

    /// Ends a stream; says why, if there is something to say.
    fn hang_up(&mut self, now: Now, link: Link, why: Option<Bye>) {
        if let Some(why) = why {
            self.send(link, &Frame::Bye(why));
        }
        self.link_down(now, link);
    }

    pub(super) fn link_down(&mut self, now: Now, link: Link) {
        if self.link.streams.remove(&link).is_none() {
            return;
        }
        self.out.effects.push(Effect::Close(link));
        if self.link.current == Some(link) {
            self.link.current = None;
            (self.dial.seen_as, self.dial.beside) = (None, None);
            self.out.told = true;
            self.met_today(now);
        }
        self.join(now);
        if self.link.streams.is_empty() {
            self.dial.turns.lost(now.mono);
        }
    }

    pub(super) fn frame(&mut self, now: Now, entropy: &mut dyn Entropy, link: Link, bytes: &[u8]) {
        let Some(stream) = self.link.streams.get(&link) else {
            return;
        };
        let (greeted, refused) = (stream.hello_by.is_none(), stream.refused);
        let most = if greeted {
            limits::FRAME_BYTES
        } else {
            limits::EARLY_FRAME_BYTES
        };
        let in_turn = |frame: &Frame| match frame {
            Frame::Bye(_) => true,
            Frame::Hello(_) => !greeted,
            _ => greeted,
        };
        let ended = match Frame::read(bytes, most) {
            Err(NotAFrame::Newer) => Some(Bye::Version),
            Err(NotAFrame::OverLimit | NotAFrame::Form) => self.refuse("not a frame"),
            Ok(frame) if in_turn(&frame) => self.follow(now, entropy, (link, refused), frame),
            Ok(_) => self.refuse("a frame out of turn"),
        };
        if let Some(why) = ended {
            self.turned_away(now, link, refused);
            self.hang_up(now, link, Some(why));
        }
    }

    /// What comes in its turn, and why the link ends with it, if it does.
    fn follow(
        &mut self,
        now: Now,
        entropy: &mut dyn Entropy,
        (link, refused): (Link, u32),
        frame: Frame,
    ) -> Option<Bye> {
        match frame {
            Frame::Hello(hello) => self.hello(now, link, hello),
            Frame::Have(_) | Frame::DraftHave(_) => self.says_he_holds(now, link, frame),
            Frame::Entries(entries) => self.entries(now, entropy, link, &entries),
            Frame::DraftEntries(entries) => self.drafted(now, link, &entries),
            Frame::Got(frames) => self.got(now, link, frames),
            Frame::Here(here) => {
                self.here(now, &here);
                None
            }
            Frame::Bye(why) => {
                tracing::debug!(?why, "the partner ended the link");
                if why == Bye::AnotherCopy {
                    self.link.another_of_mine = true;
                    self.notice(Notice::AnotherOfMine);
                }
                self.turned_away(now, link, refused);
                self.link_down(now, link);
                None
            }
        }
    }

    /// One of the two has ended the link for what the other sent: it is tried again later, and later each time.
    fn turned_away(&mut self, now: Now, link: Link, before: u32) {
        if self.link.current.is_some_and(|current| current != link) {
            return; // another one is there, and good
        }
        self.dial.turns.refused = before;
        self.dial.turns.refused(now.mono);
    }

    fn refuse(&mut self, why: &str) -> Option<Bye> {
        tracing::warn!(why, "refused what the partner's daemon sent");
        self.notice(Notice::Refused);
        Some(Bye::Refused)
    }

    /// Why the link ends over entries that were not let in.
    fn refuse_entries(&mut self, refusal: Refusal) -> Option<Bye> {
        match refusal {
            Refusal::NewerOperation => Some(Bye::Version),
            Refusal::Seal => {
                tracing::warn!("the partner holds what none of this home's seal keys sealed");
                self.notice(Notice::ForeignSeals);
                Some(Bye::Refused)
            }
            refusal => self.refuse(&refusal.to_string()),
        }
    }

    fn hello(&mut self, now: Now, link: Link, hello: Hello) -> Option<Bye> {
        let peer = self.link.streams.get(&link)?.peer.clone();
        let proved = self.link.streams.get(&link)?.proved;
        // Another stream may have proved the bond meanwhile: both dial at once.
        let paired = match &self.bonds.pending {
            Some(_) if !proved => &self.bonds.pending,
            _ => &self.bonds.proved,
        };
        let Some(paired) = paired.as_ref().filter(|p| p.links.has(&peer)) else {
            return Some(Bye::Refused);
        };
        let bond = &paired.bond;
        let known = wire::VERSIONS.iter().filter(|v| hello.versions.contains(v));
        let Some(version) = known.max().copied().filter(|v| *v >= bond.version) else {
            return Some(Bye::Version);
        };
        // The couple and the proof are one check: who fails it learns nothing of which it was.
        let proof = self.proof(bond, (bond.role.other(), &peer), &hello.run);
        if hello.couple != bond.couple || !same(&hello.proof, &proof) {
            let both = [&self.bonds.pending, &self.bonds.proved];
            let with_him = |p: &Paired| p.links.has(&peer);
            if both
                .iter()
                .all(|paired| paired.as_ref().is_some_and(with_him))
            {
                // He may hold the other of the two bonds alone: that one is tried next.
                self.bonds.turns.1 = self.bonds.turns.1.wrapping_add(1);
                return Some(Bye::Refused);
            }
            return self.refuse("a hello without proof");
        }
        let current = self
            .link
            .current
            .and_then(|current| self.link.streams.get(&current));
        let another = current.is_some_and(|stream| stream.run != hello.run);
        if !proved
            && self
                .known
                .as_ref()
                .is_some_and(|known| known.record != bond.record())
        {
            // A backup of another couple was restored since.
            self.drop_pending(now);
            return Some(Bye::Refused);
        }
        if another && self.link.superseded.contains(&hello.run) {
            tracing::warn!("another copy of the partner's Troth is connected");
            self.notice(Notice::AnotherCopy);
            return Some(Bye::AnotherCopy);
        }
        self.adopt(link, hello.run);
        if let Some(stream) = self.link.streams.get_mut(&link) {
            (stream.hello_by, stream.run) = (None, hello.run);
        }
        let at = self.link.streams.get(&link)?.place;
        self.proved(now, !proved, version);
        self.named_links(now, &peer, &hello.links);
        self.met_at(now, at);
        self.link.another_of_mine = false;
        self.dial.turns.refused = 0;
        self.out.told = true;
        self.say_here();
        // Drafts first: what was typed in one goes over before the word that closes it.
        let drafts: Vec<DraftId> = self.drafts.open.keys().copied().collect();
        for draft in drafts {
            self.say_draft_have(draft);
        }
        for who in [Who::Me, Who::Partner] {
            self.say_have(link, who);
        }
        None
    }

    /// The newest stream counts; a run of the partner's daemon that was followed by another never counts again.
    fn adopt(&mut self, link: Link, run: [u8; 16]) {
        if let Some(old) = self.link.current.replace(link)
            && old != link
            && let Some(stream) = self.link.streams.remove(&old)
        {
            if stream.run != run {
                while self.link.superseded.len() >= SUPERSEDED {
                    self.link.superseded.pop_first();
                }
                self.link.superseded.insert(stream.run);
            }
            self.out.effects.push(Effect::Close(old));
        }
    }

    /// The partner's device goes by these ids next: they are let in.
    fn named_links(&mut self, now: Now, from: &LinkId, next: &[LinkId]) {
        let Some(paired) = &mut self.bonds.proved else {
            return;
        };
        let before = paired.links.clone();
        paired.links.named(from, next);
        if paired.links != before {
            self.later(now, Row::Pair);
            self.tell_share(now);
        }
    }

    /// The link has proved its bond: pending becomes proved, and the one before is cut off.
    fn proved(&mut self, now: Now, first: bool, version: u16) {
        if first {
            self.bond_is_proved(now);
        }
        if let Some(paired) = &mut self.bonds.proved
            && paired.bond.version != version
        {
            paired.bond.version = version;
            self.later(now, Row::Pair);
        }
    }

    pub(super) fn believe(&mut self, now: Now, holds: Prefixes) {
        if self.link.believed != holds {
            self.link.believed = holds;
            self.later(now, Row::Acked);
            self.out.told = true;
        }
    }

    /// The marks of what the partner is believed to hold.
    pub(super) fn believed_marks(&self) -> Vec<Mark> {
        let couple = self.couple.as_ref();
        let books = couple.map(|c| c.marks_of(&self.link.believed.past()));
        let drafts = self.drafts.open.values();
        let drafts = drafts.flat_map(|it| it.log.marks_of(&it.believed.past()));
        books.into_iter().flatten().chain(drafts).collect()
    }

    /// Once the books are read: what the marks that were read name.
    pub(super) fn believe_what_was_read(&mut self) {
        let marks = std::mem::take(&mut self.link.read_marks);
        if let Some(couple) = &self.couple {
            let past = couple.under(marks.iter().map(|mark| &mark.hash));
            self.link.believed = Prefixes::of(&past);
        }
        for it in self.drafts.open.values_mut() {
            let past = it.log.under(marks.iter().map(|mark| &mark.hash));
            it.believed = Prefixes::of(&past);
        }
    }

    fn entries(
        &mut self,
        now: Now,
        entropy: &mut dyn Entropy,
        link: Link,
        entries: &Entries,
    ) -> Option<Bye> {
        self.entries_come(now);
        match self.take(entries) {
            Ok(came) => {
                let who = self.couple.as_ref()?.owner(&entries.document)?;
                self.note_came(link, who, entries, &came);
                self.take_from_aside(now);
                let filled = self.fill(now, entries);
                self.out.told |= filled || came.new > 0;
                let stream = self.link.streams.get_mut(&link)?;
                stream.taken += 1;
                let taken = stream.taken;
                self.send(link, &Frame::Got(taken));
                self.after_taking(now, entropy);
                if filled {
                    self.ask_for_more_words(link, who);
                }
                self.pump(link);
                None
            }
            Err(refusal) => self.refuse_entries(refusal),
        }
    }

    /// What the partner sent he holds; what of it is in my name came back.
    fn note_came(&mut self, link: Link, who: Who, entries: &Entries, came: &Came) {
        let (Some(couple), Some(stream)) = (&self.couple, self.link.streams.get_mut(&link)) else {
            return;
        };
        let book = couple.book(who);
        for sealed in &entries.entries {
            if let Some(index) = book.index_of(&sealed.hash) {
                for said in book.said_in(index) {
                    stream.known.add_place(said.place);
                    self.out.told |= self.link.believed.add_place(said.place);
                }
            }
        }
        if who == Who::Me {
            self.note_came_back(came.new);
        }
    }

    /// Things in my name came from elsewhere.
    pub(super) fn note_came_back(&mut self, things: usize) {
        if things > 0 {
            let things = self.desk.came_back + things as u64;
            self.desk.came_back = things;
            let before = |n: &Notice| matches!(n, Notice::CameBack { .. });
            self.desk.notices.retain(|n| !before(n));
            self.notice(Notice::CameBack { things });
        }
    }

    /// Gives entries that lack words those that came with these, and puts them on the disk. Says whether there were any.
    pub(super) fn fill(&mut self, now: Now, entries: &Entries) -> bool {
        let Some(couple) = &mut self.couple else {
            return false;
        };
        let Some(who) = couple.owner(&entries.document) else {
            return false;
        };
        let filled = gate::fill(couple, &entries.document, &entries.entries);
        let runs = filled.iter().map(|index| couple.book(who).run_of(*index));
        let runs: BTreeSet<u64> = runs.collect();
        for index in &filled {
            self.touch(who, *index);
        }
        self.write_anew(now, runs);
        !filled.is_empty()
    }

    /// Entries of either book, from whatever way, through the one gate.
    pub(super) fn take(&mut self, entries: &Entries) -> Result<Came, Refusal> {
        let couple = self.couple.as_mut().ok_or(Refusal::Document)?;
        let who = couple.owner(&entries.document).ok_or(Refusal::Document)?;
        let before = couple.book(who).entries();
        let not_counting = couple.book(who).not_counting();
        let in_vain = couple.forgotten_in_vain(Who::Partner);
        let seals = self.me.seals_asked(who);
        let came = gate::admit(couple, &entries.document, seals.as_ref(), &entries.entries)?;
        let book = couple.book(who);
        let kept_here = couple.forgotten_in_vain(Who::Partner) > in_vain;
        let (nothing, newer) = book.not_counting();
        let after = book.entries();
        if newer > not_counting.1 {
            self.notice(Notice::Newer);
        } else if nothing > not_counting.0 {
            self.notice(Notice::CountsForNothing);
        }
        if kept_here {
            self.notice(Notice::ForgottenThere);
        }
        for index in before..after {
            self.touch(who, index);
            if who == Who::Partner {
                self.note_news(index);
                self.note_closing(index);
            }
        }
        Ok(came)
    }

    fn got(&mut self, now: Now, link: Link, frames: u64) -> Option<Bye> {
        let stream = self.link.streams.get_mut(&link)?;
        let sent = stream.acknowledged + stream.on_the_way.len() as u64;
        if frames < stream.acknowledged || frames > sent {
            return self.refuse("an acknowledgement of what was never sent");
        }
        let (mut holds, mut drafts) = (None, Vec::new());
        while stream.acknowledged < frames {
            stream.acknowledged += 1;
            match stream.on_the_way.pop_front().map(|(holds, _)| holds) {
                Some(Holds::Books(more)) => holds = Some(more),
                Some(Holds::Draft(draft, more)) => drafts.push((draft, more)),
                None => {}
            }
        }
        for (draft, holds) in &drafts {
            if let Some(it) = self.drafts.open.get_mut(draft) {
                it.believed.add(&holds.past());
            }
        }
        if !drafts.is_empty() {
            self.later(now, Row::Acked);
            self.out.told = true;
        }
        let stream = self.link.streams.get_mut(&link)?;
        if let Some(holds) = holds {
            for has in stream.has.iter_mut().flatten() {
                has.add(&holds.past());
            }
            let mut believed = self.link.believed.clone();
            believed.add(&holds.past());
            self.believe(now, believed);
        }
        self.pump(link);
        None
    }

    /// Sends what the partner lacks, as far as the window allows: what was typed in drafts that are closed here, both books in
    /// one causal order, then the other drafts.
    pub(super) fn pump(&mut self, link: Link) {
        loop {
            let (Some(couple), Some(stream)) = (&self.couple, self.link.streams.get_mut(&link))
            else {
                return;
            };
            let waiting: usize = stream.on_the_way.iter().map(|(_, bytes)| bytes).sum();
            let full =
                waiting >= limits::WINDOW_BYTES || stream.on_the_way.len() >= limits::WINDOW_FRAMES;
            if stream.has.iter().any(Option::is_none) || full {
                return;
            }
            let closed = stream.next_drafted(couple, &self.drafts, true);
            let books = |stream: &mut Stream| {
                let (entries, bytes) = stream.next_frame(couple)?;
                let holds = Holds::Books(stream.known.clone());
                Some((Frame::Entries(entries), holds, bytes))
            };
            let next = closed.or_else(|| books(stream));
            let next = next.or_else(|| stream.next_drafted(couple, &self.drafts, false));
            let Some((frame, holds, bytes)) = next else {
                return;
            };
            if let Some(stream) = self.link.streams.get_mut(&link) {
                stream.on_the_way.push_back((holds, bytes));
            }
            self.send(link, &frame);
        }
    }

    /// Sends on the link whatever is new.
    pub(super) fn pump_current(&mut self) {
        if let Some(link) = self.link.current {
            self.pump(link);
        }
    }

    /// Whether the partner's disk has everything written here.
    pub(super) fn partner_has_all(&self) -> bool {
        let drafts = self.drafts.open.values();
        if !drafts.into_iter().all(|it| it.partner_has_all()) {
            return false;
        }
        self.couple.as_ref().is_none_or(|couple| {
            let own = couple.all();
            let mut own = own.prefixes().filter(|(b, _)| b.whose() == Who::Me);
            own.all(|(branch, n)| {
                self.link
                    .believed
                    .0
                    .get(&branch)
                    .is_some_and(|has| *has >= n)
            })
        })
    }

    pub(super) fn progress(&self) -> Option<Progress> {
        let couple = self.couple.as_ref()?;
        let stream = self.link.streams.get(&self.link.current?)?;
        let of = |who: Who| {
            let here = couple.book(who).highest();
            let of = stream.announced[who as usize];
            (of > here).then_some((here, of))
        };
        let both = [of(Who::Partner), of(Who::Me)];
        both.into_iter()
            .flatten()
            .next()
            .map(|(here, of)| Progress { here, of })
    }
}

impl Stream {
    /// The next entries that he lacks, of one book, as many as fit into a frame.
    fn next_frame(&mut self, couple: &Couple) -> Option<(Entries, usize)> {
        const MOST: usize = limits::FRAME_BYTES - 4096;
        let (mut whose, mut entries, mut bytes) = (None, Vec::new(), 0);
        while let Some((who, index)) = self.again.front().copied() {
            let size = couple.book(who).entry_bytes(index) + 80;
            if whose.is_some_and(|whose| whose != who) || (bytes > 0 && bytes + size > MOST) {
                break;
            }
            self.again.pop_front();
            whose = Some(who);
            bytes += size;
            entries.push(couple.to_send(who, index));
        }
        while let Some((who, index)) = couple.arrived(self.at) {
            let book = couple.book(who);
            if book.said_in(index).all(|said| self.known.holds(said.place)) {
                self.at += 1;
                continue;
            }
            let size = book.entry_bytes(index) + 80;
            if whose.is_some_and(|whose| whose != who) || (bytes > 0 && bytes + size > MOST) {
                break;
            }
            self.at += 1;
            whose = Some(who);
            bytes += size;
            for said in book.said_in(index) {
                self.known.add_place(said.place);
            }
            entries.push(couple.to_send(who, index));
        }
        let document = couple.book(whose?).document();
        Some((Entries { document, entries }, bytes))
    }
}

/// Entries of one book as they travel, between two places in the order in which they came, without what is known.
pub(super) fn batch(
    couple: &Couple,
    at: &mut usize,
    end: usize,
    known: Option<&Prefixes>,
    most: usize,
) -> Option<Entries> {
    let (mut whose, mut entries, mut bytes): (_, Vec<SealedEntry>, _) = (None, Vec::new(), 0);
    while *at < end
        && let Some((who, index)) = couple.arrived(*at)
    {
        let book = couple.book(who);
        let knows = |known: &Prefixes| book.said_in(index).all(|said| known.holds(said.place));
        if known.is_some_and(knows) {
            *at += 1;
            continue;
        }
        let size = book.entry_bytes(index) + 80;
        if whose.is_some_and(|whose| whose != who) || (bytes > 0 && bytes + size > most) {
            break;
        }
        *at += 1;
        whose = Some(who);
        bytes += size;
        entries.push(couple.to_send(who, index));
    }
    let document = couple.book(whose?).document();
    Some(Entries { document, entries })
}
