//! The partner's link: from hello to "both have everything" (PROTOCOL §3), and carried files.

use super::{Effect, Input, Link, Node, Now, Share, Shares, Stream};
use crate::carry;
use crate::gate::{self, Refusal};
use crate::keys::{Entropy, draw, same};
use crate::pairing::Bond;
use crate::rows::Row;
use std::collections::VecDeque;
use troth_proto::api::{Carried, CarryPiece};
use troth_proto::carry::Head;
use troth_proto::ids::Who;
use troth_proto::pairing::Role;
use troth_proto::wire::{self, Bye, Entries, Frame, Have, Hello, LogId, NotAFrame, SealedEntry};
use troth_proto::{Hash, Problem, limits};

/// First wait before dialling again, and the longest, in milliseconds.
const DIAL_WAIT: (u64, u64) = (500, 60_000);
/// A link that was refused counts as so many failed dials at least.
const REFUSED: u32 = 4;
/// Runs of the partner's daemon remembered as gone.
const SUPERSEDED: usize = 64;

impl Node {
    /// Tells the shell with whom to share, and begins to dial.
    pub(super) fn share(&mut self, now: Now) {
        let on = self.me.sharing == Shares::On;
        let share = self.paired.as_ref().filter(|_| on).map(|paired| Share {
            partner: paired.bond.partner.link.clone(),
            listen: self.me.listen.clone(),
            seed: self.me.link_seed.clone(),
        });
        let dials = share.is_some();
        self.out.effects.push(Effect::Share(share));
        self.dial_at = None;
        self.dial_failures = 0;
        if dials {
            self.dial_now(now);
        }
    }

    pub(super) fn dial_now(&mut self, now: Now) {
        self.dial_at = None;
        let Some(paired) = &self.paired else { return };
        if self.me.sharing != Shares::On || self.current.is_some() {
            return;
        }
        let remembered = paired.bond.partner.addresses.clone();
        let typed = paired.typed.clone();
        if remembered.is_empty() && typed.is_none() {
            self.dial_at = Some(now.mono + DIAL_WAIT.1);
            return;
        }
        self.out.effects.push(Effect::Dial { remembered, typed });
    }

    /// The network came back, or another one: whoever waits for the next attempt need not.
    pub(super) fn listening(&mut self, now: Now, addresses: Vec<String>) {
        let new = addresses.iter().any(|a| !self.addresses.contains(a));
        self.addresses = addresses;
        if let Some(address) = self.listen_failed.take_if(|_| !self.addresses.is_empty()) {
            let sentence = Problem::ListenFailed { address }.what();
            self.notices.retain(|notice| *notice != sentence);
            self.put(Row::Notices);
            self.out.told = true;
        }
        if new && self.dial_at.is_some() {
            self.dial_failures = 0;
            self.dial_now(now);
        }
    }

    /// A person says where the partner's device is.
    pub(super) fn reach(&mut self, now: Now, address: String) -> Result<(), Problem> {
        self.bound()?;
        if let Some(paired) = &mut self.paired {
            paired.typed = Some(address);
        }
        self.put(Row::Pair);
        self.dial_failures = 0;
        self.dial_now(now);
        Ok(())
    }

    /// What the partner says of where it can be reached takes the place of what was said before.
    fn learn_addresses(&mut self, now: Now, addresses: &[String]) {
        if let Some(paired) = &mut self.paired
            && !addresses.is_empty()
            && paired.bond.partner.addresses != addresses
        {
            paired.bond.partner.addresses = addresses.to_vec();
            self.later(now, Row::Pair);
        }
    }

    /// Waits twice as long after each failure, with a part of it by chance so that two do not move in step.
    pub(super) fn dial_later(&mut self, now: Now, entropy: &mut dyn Entropy) {
        if self.me.sharing != Shares::On
            || self.paired.is_none()
            || self.current.is_some()
            || self.dial_at.is_some()
        {
            return;
        }
        let wait = DIAL_WAIT
            .0
            .saturating_mul(1 << self.dial_failures.min(10))
            .min(DIAL_WAIT.1);
        let chance =
            u64::from(u16::from_be_bytes(draw(entropy))) * (wait / 2) / u64::from(u16::MAX);
        self.dial_failures = self.dial_failures.saturating_add(1);
        self.dial_at = Some(now.mono + wait / 2 + chance);
    }

    pub(super) fn link_up(&mut self, now: Now, link: Link) {
        let (Some(paired), Some(couple)) = (&self.paired, &self.couple) else {
            self.out.effects.push(Effect::Close(link));
            return;
        };
        self.dial_at = None;
        let have = vec![
            couple.book(Who::Me).have(),
            couple.book(Who::Partner).have(),
        ];
        let hello = Hello {
            versions: wire::VERSIONS.to_vec(),
            couple: couple.id,
            run: self.run,
            proof: self.proof(&paired.bond, paired.bond.role, &self.run),
            have,
            addresses: self.own_addresses(),
        };
        let stream = Stream {
            hello_by: Some(now.mono + limits::HELLO_SECONDS * 1000),
            run: [0; 16],
            sent: 0,
            unacked: VecDeque::new(),
            announced: 0,
            failures: self.dial_failures,
        };
        self.streams.insert(link, stream);
        self.send(link, &Frame::Hello(hello));
    }

    /// Where this device can be reached, as far as the other is told.
    pub(super) fn own_addresses(&self) -> Vec<String> {
        let own = self.addresses.iter().take(limits::ADDRESSES);
        own.cloned().collect()
    }

    fn proof(&self, bond: &Bond, by: Role, run: &[u8; 16]) -> Hash {
        let (mine, theirs) = (&self.me.link, &bond.partner.link);
        let (i, r) = if bond.role == Role::Initiator {
            (mine, theirs)
        } else {
            (theirs, mine)
        };
        bond.proof(by, i, r, run)
    }

    fn send(&mut self, link: Link, frame: &Frame) {
        self.out.effects.push(Effect::Send {
            link,
            bytes: frame.write(),
        });
    }

    /// Ends a stream; says why, if there is something to say.
    pub(super) fn hang_up(
        &mut self,
        now: Now,
        entropy: &mut dyn Entropy,
        link: Link,
        why: Option<Bye>,
    ) {
        if let Some(why) = why {
            self.send(link, &Frame::Bye(why));
        }
        self.link_down(now, entropy, link);
    }

    pub(super) fn link_down(&mut self, now: Now, entropy: &mut dyn Entropy, link: Link) {
        if self.streams.remove(&link).is_none() {
            return;
        }
        self.out.effects.push(Effect::Close(link));
        if self.current == Some(link) {
            self.current = None;
            self.out.told = true;
        }
        self.dial_later(now, entropy);
    }

    pub(super) fn frame(&mut self, now: Now, entropy: &mut dyn Entropy, link: Link, bytes: &[u8]) {
        let Some(stream) = self.streams.get(&link) else {
            return;
        };
        let (greeted, stream_failures) = (stream.hello_by.is_none(), stream.failures);
        let most = if greeted {
            limits::FRAME_BYTES
        } else {
            limits::EARLY_FRAME_BYTES
        };
        let ended = match Frame::read(bytes, most) {
            Err(NotAFrame::Newer) => Some(Bye::Version),
            Err(_) => self.refuse("not a frame"),
            Ok(Frame::Hello(hello)) if !greeted => self.hello(now, link, hello),
            Ok(Frame::Entries(entries)) if greeted => self.entries(now, entropy, link, &entries),
            Ok(Frame::Have(have)) if greeted => self.acknowledged(now, link, &have),
            Ok(Frame::Fork(have)) if greeted => self.told_of_fork(&have),
            Ok(Frame::Bye(why)) => {
                tracing::debug!(?why, "the partner ended the link");
                self.told_bye(why);
                // Whoever is refused may be met again, but not at once, and each time later.
                self.dial_failures = stream_failures.saturating_add(1).max(REFUSED);
                self.link_down(now, entropy, link);
                None
            }
            Ok(_) => self.refuse("a frame out of turn"),
        };
        if let Some(why) = ended {
            // An honest daemon is met again soon; one that is refused again waits longer each time.
            self.dial_failures = stream_failures.saturating_add(1).max(REFUSED);
            self.hang_up(now, entropy, link, Some(why));
        }
    }

    fn refuse(&mut self, why: &str) -> Option<Bye> {
        tracing::warn!(why, "refused what the partner's daemon sent");
        let partner = self.partner_name();
        self.notice(&Problem::Refused { partner });
        Some(Bye::Refused)
    }

    fn told_bye(&mut self, why: Bye) {
        match why {
            Bye::AnotherCopy => self.forked = true,
            Bye::Older => {
                let partner = self.partner_name();
                self.notice(&Problem::Forked { partner });
            }
            Bye::Refused | Bye::Version => {}
        }
    }

    fn hello(&mut self, now: Now, link: Link, hello: Hello) -> Option<Bye> {
        let (Some(paired), Some(couple)) = (&self.paired, &self.couple) else {
            return Some(Bye::Refused);
        };
        let version = wire::VERSIONS
            .iter()
            .filter(|v| hello.versions.contains(v))
            .max()
            .copied();
        let Some(version) = version.filter(|v| *v >= paired.bond.version) else {
            return Some(Bye::Version);
        };
        let role = paired.bond.role.other();
        // The couple and the proof are one check: who fails it learns nothing of which it was.
        if hello.couple != couple.id
            || !same(&hello.proof, &self.proof(&paired.bond, role, &hello.run))
        {
            return self.refuse("a hello without proof");
        }
        if self.superseded.contains(&hello.run) {
            tracing::warn!("another copy of the partner's Troth is connected");
            let partner = self.partner_name();
            self.notice(&Problem::Forked { partner });
            return Some(Bye::AnotherCopy);
        }
        let find =
            |book: &crate::book::Book| hello.have.iter().find(|have| have.log == book.log).copied();
        let (mine, theirs) = (find(couple.book(Who::Me)), find(couple.book(Who::Partner)));
        if let Some(ended) = self.check_forks(mine, theirs) {
            return Some(ended);
        }
        let (acked, announced) = (
            mine.map_or(0, |have| have.n),
            theirs.map_or(0, |have| have.n),
        );
        self.adopt(link, hello.run);
        if let Some(stream) = self.streams.get_mut(&link) {
            (stream.hello_by, stream.run, stream.sent, stream.announced) =
                (None, hello.run, acked, announced);
        }
        self.proved(now, version, hello.addresses);
        self.set_acked(now, acked);
        self.dial_failures = 0;
        self.out.told = true;
        self.pump(link);
        None
    }

    /// Forks are noticed, told, and nothing is taken (PROTOCOL §3).
    fn check_forks(&mut self, mine: Option<Have>, theirs: Option<Have>) -> Option<Bye> {
        let couple = self.couple.as_ref()?;
        let (my_book, their_book) = (couple.book(Who::Me), couple.book(Who::Partner));
        if let Some(have) = mine
            && my_book
                .have_at(have.n)
                .is_none_or(|held| held.head != have.head)
        {
            tracing::warn!("this device goes on from an older copy of itself");
            self.forked = true;
            let partner = self.partner_name();
            self.notice(&Problem::Older { partner });
            return Some(Bye::Older);
        }
        // Fewer entries than are held here may be a hello that a carried file overtook; if it is an older copy, that
        // side sees it in the hello it gets. Another entry at the same number cannot be explained.
        if let Some(have) = theirs
            && their_book
                .have_at(have.n)
                .is_some_and(|held| held.head != have.head)
        {
            tracing::warn!("the partner's device goes on from an older copy of itself");
            let partner = self.partner_name();
            self.notice(&Problem::Forked { partner });
            return Some(Bye::Refused);
        }
        None
    }

    /// The newest stream counts; a run of the partner's daemon that was followed by another never counts again.
    fn adopt(&mut self, link: Link, run: [u8; 16]) {
        if let Some(old) = self.current.replace(link)
            && old != link
            && let Some(stream) = self.streams.remove(&old)
        {
            if stream.run != run {
                while self.superseded.len() >= SUPERSEDED {
                    self.superseded.pop_first();
                }
                self.superseded.insert(stream.run);
            }
            self.out.effects.push(Effect::Close(old));
        }
    }

    /// The link has proved the bond: pending becomes paired, and what the hello tells is kept.
    fn proved(&mut self, now: Now, version: u16, addresses: Vec<String>) {
        let Some(paired) = &mut self.paired else {
            return;
        };
        let first = !paired.proved;
        let changed = first || paired.bond.version != version;
        paired.proved = true;
        paired.bond.version = version;
        if first {
            tracing::info!("paired");
            self.close_window();
            self.put(Row::Pair);
        } else if changed {
            self.later(now, Row::Pair);
        }
        self.learn_addresses(now, &addresses);
    }

    fn entries(
        &mut self,
        now: Now,
        entropy: &mut dyn Entropy,
        link: Link,
        entries: &Entries,
    ) -> Option<Bye> {
        match self.take(entries) {
            Ok(_) => {
                let have = self.couple.as_ref()?.book(Who::Partner).have();
                self.send(link, &Frame::Have(have));
                self.out.told = true;
                self.after_taking(now, entropy);
                self.pump(link);
                None
            }
            Err(Refusal::Fork { n }) => {
                tracing::warn!(n, "the partner's log differs from what is held");
                let held = self.couple.as_ref()?.book(Who::Partner).have_at(n);
                let partner = self.partner_name();
                self.notice(&Problem::Forked { partner });
                if let Some(held) = held {
                    self.send(link, &Frame::Fork(held));
                }
                Some(Bye::Refused)
            }
            Err(Refusal::NewerOperation) => Some(Bye::Version),
            Err(refusal) => self.refuse(&refusal.to_string()),
        }
    }

    /// Entries of the partner's log, from whatever way, through the one gate.
    fn take(&mut self, entries: &Entries) -> Result<u64, Refusal> {
        let couple = self.couple.as_mut().ok_or(Refusal::Writer)?;
        let before = couple.length(Who::Partner);
        let new = gate::admit(couple, Who::Partner, &entries.log, &entries.entries)?;
        for n in before.entries() + 1..=couple.book(Who::Partner).n() {
            self.touch(Who::Partner, n);
        }
        Ok(new)
    }

    /// What my own daemon does by itself once the partner's entries are in.
    fn after_taking(&mut self, now: Now, entropy: &mut dyn Entropy) {
        let slots = std::mem::take(&mut self.out.slots);
        self.settle_slots(now, entropy, &slots);
    }

    fn acknowledged(&mut self, now: Now, link: Link, have: &Have) -> Option<Bye> {
        let book = self.couple.as_ref()?.book(Who::Me);
        let stream = self.streams.get_mut(&link)?;
        let fits = have.log == book.log
            && have.n <= stream.sent
            && book.have_at(have.n).is_some_and(|h| h.head == have.head);
        if !fits {
            return self.refuse("an acknowledgement of what was never sent");
        }
        while stream.unacked.front().is_some_and(|(n, _)| *n <= have.n) {
            stream.unacked.pop_front();
        }
        self.set_acked(now, have.n);
        self.pump(link);
        None
    }

    fn set_acked(&mut self, now: Now, n: u64) {
        if n != self.acked {
            self.acked = n;
            self.later(now, Row::Acked);
            self.out.told = true;
        }
    }

    fn told_of_fork(&mut self, have: &Have) -> Option<Bye> {
        let book = self.couple.as_ref()?.book(Who::Me);
        if have.log != book.log
            || book
                .have_at(have.n)
                .is_some_and(|held| held.head == have.head)
        {
            return self.refuse("a fork that is none");
        }
        self.forked = true;
        let partner = self.partner_name();
        self.notice(&Problem::Older { partner });
        Some(Bye::Older)
    }

    /// Sends what the partner lacks, as far as the window allows.
    pub(super) fn pump(&mut self, link: Link) {
        loop {
            let (Some(couple), Some(stream)) = (&self.couple, self.streams.get_mut(&link)) else {
                return;
            };
            let book = couple.book(Who::Me);
            let waiting: usize = stream.unacked.iter().map(|(_, bytes)| bytes).sum();
            let full =
                waiting >= limits::WINDOW_BYTES || stream.unacked.len() >= limits::WINDOW_FRAMES;
            if stream.hello_by.is_some() || stream.sent >= book.n() || full {
                return;
            }
            let (entries, bytes) = batch(book, stream.sent, book.n(), limits::FRAME_BYTES - 4096);
            stream.sent += entries.len() as u64;
            stream.unacked.push_back((stream.sent, bytes));
            let frame = Frame::Entries(Entries {
                log: book.log,
                entries,
            });
            self.send(link, &frame);
        }
    }

    /// Sends on the link whatever is new.
    pub(super) fn pump_current(&mut self) {
        if let Some(link) = self.current {
            self.pump(link);
        }
    }

    /// The next piece of a file to carry.
    pub(super) fn carry_out(
        &mut self,
        entropy: &mut dyn Entropy,
        cursor: Option<&str>,
        upto: Option<u64>,
    ) -> Result<CarryPiece, Problem> {
        let bad = || Problem::BadRequest {
            detail: "the cursor is not one that was given".into(),
        };
        let (bond, couple) = self.bound()?;
        let book = couple.book(Who::Me);
        let mut file = Vec::new();
        let mut at = match cursor {
            Some(text) => {
                let bytes = data_encoding::BASE64
                    .decode(text.as_bytes())
                    .map_err(|_| bad())?;
                wire::decode::<carry::Cursor>(&bytes).ok_or_else(bad)?
            }
            None => {
                let salt = draw(entropy);
                file = carry::begin(&salt);
                let upto = upto.unwrap_or(book.n()).min(book.n());
                carry::Cursor {
                    salt,
                    piece: 0,
                    n: self.acked.min(upto),
                    upto,
                }
            }
        };
        let key = carry::key(&bond.key, &at.salt, self.me.person);
        let plain = if at.piece == 0 {
            let have = vec![
                book.have_at(at.upto).ok_or_else(bad)?,
                couple.book(Who::Partner).have(),
            ];
            wire::encode(&Head {
                versions: wire::VERSIONS.to_vec(),
                couple: couple.id,
                have,
                addresses: self.own_addresses(),
            })
        } else {
            let (entries, _) = batch(book, at.n, at.upto, limits::CARRY_PIECE_BYTES - 4096);
            at.n += entries.len() as u64;
            wire::encode(&Entries {
                log: book.log,
                entries,
            })
        };
        let last = at.n >= at.upto;
        file.extend(carry::seal(&key, at.piece, last, &plain));
        at.piece += 1;
        let cursor = (!last).then(|| data_encoding::BASE64.encode(&wire::encode(&at)));
        Ok(CarryPiece {
            piece: data_encoding::BASE64.encode(&file),
            cursor,
        })
    }

    /// A piece of a carried file; all of it is taken in with the last one, or nothing.
    pub(super) fn carry_in(
        &mut self,
        now: Now,
        entropy: &mut dyn Entropy,
        client: super::Client,
        piece: &str,
        last: bool,
    ) -> Result<Carried, Problem> {
        self.bound()?;
        let piece = data_encoding::BASE64.decode(piece.as_bytes());
        let piece = piece.map_err(|_| Problem::BadRequest {
            detail: "a piece is base64".into(),
        })?;
        let mut file = match self.carrying.take() {
            Some((by, file)) if by == client => file,
            _ => Vec::new(),
        };
        if file.len() + piece.len() > limits::CARRY_BYTES {
            return Err(Problem::CarryDamaged);
        }
        file.extend(piece);
        if !last {
            self.carrying = Some((client, file));
            return Ok(Carried { carried: None });
        }
        let new = self.take_file(now, entropy, &file)?;
        self.pump_current();
        Ok(Carried { carried: Some(new) })
    }

    fn take_file(
        &mut self,
        now: Now,
        entropy: &mut dyn Entropy,
        file: &[u8],
    ) -> Result<bool, Problem> {
        let (bond, couple) = self.bound()?;
        let pieces = carry::open(&bond.key, bond.partner.person, file).map_err(|e| match e {
            carry::NotAFile::Foreign => Problem::NotForUs,
            carry::NotAFile::Damaged => Problem::CarryDamaged,
        })?;
        let mut pieces = pieces.iter();
        let head: Head = pieces
            .next()
            .and_then(|piece| wire::decode(piece))
            .ok_or(Problem::CarryDamaged)?;
        if !head.versions.iter().any(|v| wire::VERSIONS.contains(v)) {
            return Err(Problem::CarryNewer);
        }
        if head.couple != couple.id {
            return Err(Problem::NotForUs);
        }
        let mine = head
            .have
            .iter()
            .find(|have| have.log == couple.book(Who::Me).log)
            .copied();
        if mine.is_some_and(|have| {
            couple
                .book(Who::Me)
                .have_at(have.n)
                .is_none_or(|held| held.head != have.head)
        }) {
            let partner = self.partner_name();
            return Err(Problem::Older { partner });
        }
        let before = couple.length(Who::Partner);
        for piece in pieces {
            let taken = wire::decode::<Entries>(piece)
                .ok_or(Refusal::Malformed)
                .and_then(|entries| self.take(&entries));
            if let Err(refusal) = taken {
                if let Some(couple) = &mut self.couple {
                    couple.truncate(Who::Partner, before);
                }
                tracing::warn!(%refusal, "refused a carried file");
                let partner = self.partner_name();
                return Err(match refusal {
                    Refusal::Gap => Problem::CarryGap,
                    Refusal::Fork { .. } => Problem::Forked { partner },
                    Refusal::NewerOperation => Problem::CarryNewer,
                    _ => Problem::Refused { partner },
                });
            }
        }
        let new = self
            .couple
            .as_ref()
            .is_some_and(|c| c.length(Who::Partner) != before);
        if wire::addresses_fit(&head.addresses) && !head.addresses.is_empty() {
            // A file may be old: it adds to what is known, and takes the place of nothing.
            let known = self.paired.iter().flat_map(|p| &p.bond.partner.addresses);
            let mut all: Vec<String> = known.cloned().collect();
            let new = head.addresses.into_iter().filter(|a| !all.contains(a));
            let new: Vec<String> = new.collect();
            all.truncate(limits::ADDRESSES - limits::ADDRESSES / 4);
            all.extend(new);
            all.truncate(limits::ADDRESSES);
            self.learn_addresses(now, &all);
            if self.dial_at.is_some() {
                self.dial_now(now);
            }
        }
        let acked = mine.map_or(0, |have| have.n).max(self.acked);
        self.set_acked(now, acked);
        self.after_taking(now, entropy);
        Ok(new)
    }

    /// The bond and the books, once a link has proved that there are two people. Until then nothing is written: a bond
    /// that is taken back leaves nothing behind.
    pub(super) fn bound(&self) -> Result<(&Bond, &crate::book::Couple), Problem> {
        match (&self.paired, &self.couple) {
            (Some(paired), Some(couple)) if paired.proved => Ok((&paired.bond, couple)),
            _ => Err(Problem::NotPaired),
        }
    }

    /// The seal of an own entry.
    pub(super) fn seal(&self, log: &LogId, n: u64, hash: &Hash) -> Hash {
        let couple = self.couple.as_ref().map_or([0; 16], |c| c.id.0);
        self.me.seal.mac(&[
            b"troth/seal/1",
            &couple,
            &wire::encode(log),
            &n.to_be_bytes(),
            &hash.0,
        ])
    }
}

/// Consecutive entries after `after` up to `upto` that fit into so many bytes; one at least.
fn batch(
    book: &crate::book::Book,
    after: u64,
    upto: u64,
    most: usize,
) -> (Vec<SealedEntry>, usize) {
    let (mut entries, mut bytes) = (Vec::new(), 0);
    for entry in (after + 1..=upto).map_while(|n| book.entry(n)) {
        let size = wire::entry_bytes(&entry.entry) + 80;
        if !entries.is_empty() && bytes + size > most {
            break;
        }
        bytes += size;
        entries.push(entry.owned());
    }
    (entries, bytes)
}

impl Input {
    /// Whether a client waits for it: such inputs go first.
    #[must_use]
    pub fn is_request(&self) -> bool {
        matches!(self, Self::Request { .. })
    }
}
