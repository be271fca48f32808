//! The bonds with the partner's devices, with whom to share, and when to dial where (PROTOCOL §8.2 to 8.4).

use super::{Client, Effect, Node, Now, Share, Shares};
use crate::books::rows::Row;
use crate::keys::Entropy;
use crate::links::{self, Own, Theirs};
use crate::pairing::Bond;
use crate::places;
use crate::remembered::{Lately, Remembered};
use crate::turns::{Turns, offset};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};
use troth_proto::api::Tried;
use troth_proto::notice::Notice;
use troth_proto::pairing::LinkId;
use troth_proto::wire::{Frame, Here};
use troth_proto::{Day, Problem, limits};

/// Days without the partner after which the link id of the pairing is gone by at times.
const LONG_APART: i64 = 2;

/// Milliseconds after which another client that is opened lets the partner be looked for at once.
const OPENED: u64 = 10_000;

/// When to dial, and where this device is.
#[derive(Default)]
pub(super) struct Dial {
    /// Where this daemon can be reached.
    pub addresses: Vec<String>,
    /// Where nothing could listen, since nothing listened last.
    pub listen_failed: Option<String>,
    /// When it was begun to listen, on the clock of waits.
    pub begun: u64,
    /// The attempts that are to come.
    pub turns: Turns,
    /// New places that the partner named lately.
    pub lately: Lately,
    /// What came of attempts since an own address changed last.
    pub tried: BTreeMap<SocketAddr, Tries>,
    /// Since when attempts are made beside a link, which may be dead: an own address changed, the machine slept, or a person
    /// typed where the partner is.
    pub beside: Option<u64>,
    /// The newest client, and when one was opened last for which the partner was looked for.
    opened: (Client, Option<u64>),
    /// Where the partner's device sees this one.
    pub seen_as: Option<SocketAddr>,
    /// Addresses of this device when it was linked last.
    linked_from: Vec<IpAddr>,
    /// The link id that this device goes by while it shares, and its number.
    pub own: Option<(u32, LinkId)>,
    /// Where it listens, as the shell was told last.
    listened: Option<String>,
}

/// What came of attempts at one place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Tries {
    /// How many.
    pub times: u32,
    /// When the last one ended, on the clock of waits.
    pub last: u64,
    /// What came of it.
    pub what: Tried,
}

/// The bonds with the partner's devices.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Bonds {
    /// Proved by a link.
    pub proved: Option<Paired>,
    /// Kept at one's own yes; it lies beside the one before until a link proves it.
    pub pending: Option<Paired>,
    /// Dials, and hellos that did not fit, by which the two take turns.
    #[serde(skip)]
    pub turns: (u8, u8),
    /// The ids that this device goes by.
    pub own: Own,
}

/// One bond as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Paired {
    pub bond: Bond,
    /// The ids that the partner's device goes by.
    pub links: Theirs,
    /// The number of one's own id when the two devices paired.
    pub introduced: u32,
    /// Where a person said the partner can be reached, `HOST:PORT`.
    pub typed: Option<String>,
    /// Where the partner's device may be.
    pub places: Remembered,
    /// The day on which the two devices were linked last.
    pub met: Option<Day>,
}

impl Paired {
    /// A bond that is to be proved.
    pub(super) fn new(bond: Bond, introduced: u32) -> Self {
        let mut places = Remembered::default();
        let told = bond.partner.addresses.iter();
        places.told(told.filter_map(|text| places::read(text)));
        Self {
            links: Theirs::introduced(bond.partner.link.clone()),
            introduced,
            bond,
            typed: None,
            places,
            met: None,
        }
    }
}

impl Bonds {
    /// Whether there is none.
    pub(super) fn nobody(&self) -> bool {
        self.proved.is_none() && self.pending.is_none()
    }

    /// The bond to be met next: one that waits to be proved and the one that is take turns, so that a pair that is never
    /// proved costs nothing.
    pub(super) fn next(&self, met: Option<&LinkId>) -> Option<&Paired> {
        let away = |paired: &&Paired| !met.is_some_and(|met| paired.links.has(met));
        let (pending, proved) = (
            self.pending.as_ref().filter(away),
            self.proved.as_ref().filter(away),
        );
        if self.turns.0.is_multiple_of(2) {
            pending.or(proved)
        } else {
            proved.or(pending)
        }
    }

    fn take_turns(&mut self) {
        self.turns.0 = self.turns.0.wrapping_add(1);
    }
}

impl Dial {
    pub(super) fn deadline(&self) -> Option<(u64, &'static str)> {
        self.turns.due().map(|at| (at, "dial"))
    }
}

impl Node {
    /// Tells the shell with whom to share, and begins to dial.
    pub(super) fn share(&mut self, now: Now) {
        self.tell_share(now);
        self.dial.begun = now.mono;
        self.dial.turns = Turns::default();
        if self.disk.takes(now) {
            self.dial.turns.begin(now.mono);
        }
    }

    /// Tells the shell with whom to share: with nobody while the disk takes nothing. What the partner sends would fail at
    /// once again, and the home would be read without end.
    pub(super) fn tell_share(&mut self, now: Now) {
        let both = [&self.bonds.proved, &self.bonds.pending].into_iter();
        let partners = both.flatten().flat_map(|paired| paired.links.all());
        let partners: Vec<LinkId> = partners.cloned().collect();
        let takes = self.disk.takes(now);
        let on = self.me.sharing == Shares::On && !partners.is_empty() && takes;
        let number = self.own_number(now);
        let seed = links::seed(&self.me.link_seed, number);
        let own = on.then(|| (number, links::id_of(&seed)));
        let listen = self.me.listen.clone();
        if self.dial.own != own || self.dial.listened != listen {
            // The network begins anew, without a word of what was linked.
            self.link.clear();
            self.out.told = true;
        }
        (self.dial.own, self.dial.listened) = (own, listen);
        let share = on.then(|| Share {
            partners,
            listen: self.me.listen.clone(),
            seed,
        });
        self.out.effects.push(Effect::Share(share));
        // Also after a start, when the shell has listened nowhere yet.
        let listen = self.me.listen.clone();
        let held = listen.filter(|_| self.me.sharing != Shares::On || !takes);
        self.out.effects.extend(held.map(Effect::Hold));
    }

    /// The number of the link id to go by. After two days without the partner it is for an hour, three times a day, that of the
    /// pairing: a device whose disk was put back to long ago knows no other.
    fn own_number(&self, now: Now) -> u32 {
        let holds = self.link.is_up() && self.bonds.pending.is_none();
        if let (true, Some((number, _))) = (holds, &self.dial.own) {
            return *number; // a link holds the id that it came under
        }
        let alone = self.bonds.proved.as_ref().filter(|paired| {
            let apart = paired
                .met
                .is_some_and(|met| now.day.since(met) >= LONG_APART);
            apart && self.bonds.pending.is_none() && now.unix.rem_euclid(8 * 3_600) < 3_600
        });
        alone.map_or(self.bonds.own.number(), |paired| paired.introduced)
    }

    /// The networks that this device is in. In others than before it goes by another id; a link from there is gone with them.
    pub(super) fn join(&mut self, now: Now) {
        if self.bonds.pending.is_some() {
            return; // the next device knows this id alone
        }
        let before = self.bonds.own.number();
        if self.bonds.own.join(self.network_names()) {
            self.later(now, Row::Pair);
        }
        if self.bonds.own.number() != before {
            tracing::debug!("another network, another link id");
            self.link.clear();
            self.out.told = true;
            self.share(now);
        }
    }

    /// Whether the id to go by is another one at this time of the day.
    pub(super) fn own_id_tick(&mut self, now: Now) {
        let own = self.dial.own.as_ref().map(|(number, _)| *number);
        if !self.link.is_up() && own.is_some_and(|own| own != self.own_number(now)) {
            self.link.clear();
            self.share(now);
        }
    }

    /// Whom to look for now, if anybody is away.
    fn wanted(&self) -> Option<&Paired> {
        let met = match self.dial.beside {
            Some(_) => None,
            None => self.link.current_peer(),
        };
        self.bonds
            .next(met)
            .filter(|_| self.me.sharing == Shares::On)
    }

    /// Dials if it is time to, and plans the next time.
    pub(super) fn dial_tick(&mut self, now: Now, entropy: &mut dyn Entropy) {
        // A link that is still there by then lives.
        let lives = |since: u64| now.mono.saturating_sub(since) > limits::SILENCE_MILLIS;
        if self.link.is_up() && self.dial.beside.is_some_and(lives) {
            self.no_dial(now);
        }
        let Some(paired) = self.wanted() else {
            return self.dial.turns.rest();
        };
        let offset = offset(&paired.bond.key);
        if self.dial.turns.take(now.mono) {
            self.calls.due = true;
            self.dial_now();
        }
        let unix = now.unix;
        self.dial.turns.plan(now.mono, unix, offset, entropy);
    }

    fn dial_now(&mut self) {
        let Some(paired) = self.wanted() else {
            return;
        };
        let partners = paired.links.all().cloned().collect();
        let all = paired.places.all();
        let remembered: Vec<SocketAddr> = all.filter(|at| self.may_dial_at(*at)).collect();
        let typed = paired.typed.clone();
        let beside = self.dial.beside.is_some();
        self.bonds.take_turns();
        if !remembered.is_empty() || typed.is_some() {
            self.out.effects.push(Effect::Dial {
                partners,
                remembered,
                typed,
                beside,
            });
        }
    }

    /// Something happened after which the partner may be found: looks at once, and soon again.
    pub(super) fn dial_anew(&mut self, now: Now) {
        self.dial.turns.begin_anew(now.mono);
    }

    /// Something happened after which what is linked may be dead, and nobody has heard of it yet.
    pub(super) fn dial_beside(&mut self, now: Now) {
        self.dial.beside = self.link.is_up().then_some(now.mono);
        self.dial_anew(now);
    }

    /// A link is there, or begins: until it ends nobody is looked for.
    pub(super) fn no_dial(&mut self, now: Now) {
        self.dial.beside = None;
        self.dial.turns.linked(now.mono);
    }

    /// A client asks: whoever has just opened one would have the partner's news.
    pub(super) fn client_opened(&mut self, now: Now, client: Client) {
        let (newest, last) = self.dial.opened;
        let lately = last.is_some_and(|at| now.mono.saturating_sub(at) < OPENED);
        if client <= newest || lately {
            return;
        }
        self.dial.opened = (client, Some(now.mono));
        if self.dial.turns.refused == 0 && !self.link.is_up() {
            self.dial.turns.look(now.mono);
        }
    }

    /// What came of an attempt.
    pub(super) fn tried(&mut self, now: Now, at: SocketAddr, what: Tried) {
        let known = self.dial.tried.len() < 2 * limits::REMEMBERED;
        if !known && !self.dial.tried.contains_key(&at) {
            return;
        }
        let before = self.dial.tried.get(&at).map_or(0, |tries| tries.times);
        let tries = Tries {
            times: before.saturating_add(1),
            last: now.mono,
            what,
        };
        self.dial.tried.insert(at, tries);
    }

    /// The network came back, or another one.
    pub(super) fn listening(&mut self, now: Now, addresses: Vec<String>) {
        if self.dial.addresses == addresses {
            return;
        }
        let before = self.own_ips();
        self.dial.addresses = addresses;
        let own = self.own_ips();
        let moved = before != own;
        let linked_from = &self.dial.linked_from;
        if !linked_from.is_empty()
            && !own.is_empty()
            && !linked_from.iter().any(|ip| own.contains(ip))
        {
            tracing::debug!("no address is left that the link may have come over");
            self.dial.linked_from.clear();
            for link in self.link.all() {
                self.link_down(now, link);
            }
        }
        let there = !self.dial.addresses.is_empty();
        if let Some(address) = self.dial.listen_failed.take_if(|_| there) {
            let notice = Notice::ListenFailed { address };
            self.desk.notices.retain(|told| *told != notice);
            self.put(Row::Notices);
            self.out.told = true;
        }
        if moved {
            self.dial.tried.clear();
            self.dial_beside(now);
        }
        self.say_here();
    }

    /// The addresses of this device, tunnels too.
    fn own_ips(&self) -> Vec<IpAddr> {
        let all = self.dial.addresses.iter();
        all.filter_map(|at| Some(places::read(at)?.ip())).collect()
    }

    /// All addresses of this device that are known here.
    fn this_device(&self) -> Vec<IpAddr> {
        let of_networks = self.networks().map(|(ip, _)| ip);
        of_networks.chain(self.own_ips()).collect()
    }

    /// Tells the partner's device where this one is, and where it is seen.
    pub(super) fn say_here(&mut self) {
        let Some((link, you)) = self.link.greeted() else {
            return;
        };
        let places = self.own_places();
        self.send(link, &Frame::Here(Here { places, you }));
    }

    /// The partner's device says where it is.
    pub(super) fn here(&mut self, now: Now, here: &Here) {
        self.dial.seen_as = here.you;
        let plain = |at: &SocketAddr| SocketAddr::new(at.ip().to_canonical(), at.port());
        let may = self.new_places(now, here.places.iter().map(plain).collect());
        self.remember(now, |places| places.told(may));
    }

    /// What of places that the partner's program names is taken for his.
    pub(super) fn new_places(&mut self, now: Now, mut named: Vec<SocketAddr>) -> Vec<SocketAddr> {
        named.retain(|at| self.may_dial_at(*at));
        match &self.bonds.proved {
            Some(paired) => self.dial.lately.take(now.mono, &paired.places, named),
            None => named,
        }
    }

    /// A link was proved with the device at the other end of it.
    pub(super) fn met_at(&mut self, now: Now, at: Option<(SocketAddr, bool)>) {
        self.dial.tried.clear();
        self.dial.linked_from = self.this_device();
        if let Some((at, stays)) = at.filter(|(at, _)| self.may_dial_at(*at)) {
            self.remember(now, |places| match stays {
                true => places.met(at),
                false => places.met_from(at),
            });
        }
        self.met_today(now);
    }

    /// The two devices are linked on this day.
    pub(super) fn met_today(&mut self, now: Now) {
        if let Some(paired) = &mut self.bonds.proved
            && paired.met != Some(now.day)
        {
            paired.met = Some(now.day);
            self.later(now, Row::Pair);
        }
    }

    fn remember(&mut self, now: Now, change: impl FnOnce(&mut Remembered)) {
        let Some(paired) = &mut self.bonds.proved else {
            return;
        };
        let before = paired.places.clone();
        change(&mut paired.places);
        if paired.places != before {
            self.later(now, Row::Pair);
        }
    }

    /// A person says where the partner's device is.
    pub(super) fn reach(&mut self, now: Now, address: String) -> Result<(), Problem> {
        if self.bonds.nobody() {
            return Err(Problem::NotPaired);
        }
        let paired = [&mut self.bonds.proved, &mut self.bonds.pending];
        for paired in paired.into_iter().flatten() {
            paired.typed = Some(address.clone());
        }
        self.put(Row::Pair);
        // Beside a link too: whoever types this may know better whether it lives.
        self.dial_beside(now);
        Ok(())
    }

    /// What of these addresses may be dialled, whoever names them.
    pub(super) fn may_dial(&self, addresses: &[String]) -> Vec<String> {
        places::to_dial(addresses, self.me.listen.as_deref(), &self.this_device())
    }

    /// Whether the partner's device may be at a place.
    fn may_dial_at(&self, at: SocketAddr) -> bool {
        places::may_dial(at, self.me.listen.as_deref(), &self.this_device())
    }

    /// A file may be old: it adds to what is known, and takes the place of nothing.
    pub(super) fn learn_more_addresses(&mut self, now: Now, addresses: &[String]) {
        let read = addresses.iter().filter_map(|text| places::read(text));
        let may = self.new_places(now, read.collect());
        self.remember(now, |places| places.told_of(may));
        if !self.link.is_up() {
            self.dial.turns.look(now.mono);
        }
    }

    /// Where this device can be reached, as far as the other is told.
    pub(super) fn own_addresses(&self) -> Vec<String> {
        let outside = self.mapping.addresses().iter();
        let inside = self.dial.addresses.iter();
        let inside = inside.filter(|at| !self.mapping.addresses().contains(at));
        let own = outside.chain(inside);
        own.take(limits::ADDRESSES).cloned().collect()
    }

    /// The same as places: each once, both transports implied.
    pub(super) fn own_places(&self) -> Vec<SocketAddr> {
        let mut all: Vec<SocketAddr> = Vec::new();
        for at in self
            .own_addresses()
            .iter()
            .filter_map(|text| places::read(text))
        {
            if !all.contains(&at) {
                all.push(at);
            }
        }
        all.truncate(limits::PLACES);
        all
    }
}
