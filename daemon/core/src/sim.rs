//! The simulator: two Nodes, a wire, two disks and two clocks from one seed, in one thread.
//!
//! Disks keep whole saves or lose them whole; a crash forgets everything else. The wire is a stream: it delivers in
//! order, or is cut and loses what was on the way.

use crate::books::couple::Couple;
use crate::books::rows::{Row, Write};
use crate::call::{Cast, Lan};
use crate::draft::loom::{Job, Loom};
use crate::keys::Key;
use crate::links::id_of as link_id;
use crate::node::{Damaged, Effect, Founding, Input, Link, Loadable, Node, Now, PairEffect};
use crate::pairing;
use crate::test_entropy::Seeded;
use serde_json::Value;
use std::collections::{BTreeMap, VecDeque};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, SocketAddrV6};
use troth_proto::api::Request;
use troth_proto::assertion::older;
use troth_proto::ids::Who;
use troth_proto::pairing::{Invitation, LinkId};
use troth_proto::wire::SealedEntry;
use troth_proto::{Day, Hash, Problem};

/// One simulated device.
pub struct Device {
    /// The node, while it runs.
    pub node: Option<Node>,
    /// What is on its disk.
    pub disk: BTreeMap<Row, Vec<u8>>,
    /// Its local date.
    pub day: Day,
    /// By how many seconds its wall clock is wrong.
    pub wrong: i64,
    /// Kinds that its version does not know yet.
    pub knows_not: &'static [&'static str],
    /// Saves that still succeed; then the next one fails.
    pub saves_left: Option<u32>,
    /// Whether none succeeds.
    pub full: bool,
    /// How often it was read from its disk after a save that failed.
    pub read_back: u32,
    /// How often it has dialled.
    pub dials: u32,
    /// The addresses it dialled last.
    pub dialled: Vec<String>,
    /// Frames on their way to it.
    pub inbox: VecDeque<Vec<u8>>,
    /// Where its drafts' texts are made.
    pub loom: Loom,
    /// What it is still to do there, if that takes time; none if it is done at once.
    pub loom_waits: Option<VecDeque<(u64, Job)>>,
    /// Whether that fails, as by a fault in automerge.
    pub loom_fails: bool,
    /// What clients were told of drafts that they follow.
    pub told: Vec<troth_proto::api::DraftText>,
    /// Where it hears calls.
    pub hears: Vec<u16>,
    /// What it has called, and answered.
    pub cast: Vec<Cast>,
    /// Calls on their way to it.
    pub calls: VecDeque<Cast>,
    /// What its desktop was to say.
    pub notified: Vec<troth_proto::api::Notify>,
    link: Option<Link>,
    pair_seed: Option<Key>,
    inviter: Option<LinkId>,
    pair_inbox: VecDeque<Vec<u8>>,
    name: &'static str,
    /// The key of what it writes, as from recovery words.
    pub seal: Key,
    link_id: LinkId,
    /// Whom it lets in.
    pub lets_in: Vec<LinkId>,
}

/// Two devices and what lies between them.
pub struct Sim {
    /// Ana's, then Ben's.
    pub devices: [Device; 2],
    /// The seed's randomness.
    pub chance: Seeded,
    mono: u64,
    links: Link,
    replies: BTreeMap<u64, Result<Value, Problem>>,
    calls: u64,
    /// Everything either sent, for tests that look for words on the wire.
    pub sent: [Vec<Vec<u8>>; 2],
}

/// The wall clock of every simulation begins here.
const UNIX: i64 = 1_780_000_000;

/// Where a device is.
fn address_of(p: usize) -> String {
    format!("/ip4/10.0.0.{}/udp/4711/quic-v1", p + 1)
}

/// The interface of each device's network.
const LAN: u32 = 2;
/// The port that whatever a device calls comes from.
const BURST: u16 = 40_000;

/// Where a packet comes from, as whoever hears it is told.
pub fn came_from(cast: &Cast) -> SocketAddr {
    let port = cast.port.unwrap_or(BURST);
    match cast.from {
        IpAddr::V6(ip) if ip.is_unicast_link_local() => SocketAddrV6::new(ip, port, 0, LAN).into(),
        ip => SocketAddr::new(ip, port),
    }
}

/// The network of a device.
fn lan_of(p: usize) -> Lan {
    let host = p as u8 + 1;
    let v4 = Ipv4Addr::new(10, 0, 0, host);
    let v6 = Ipv6Addr::new(0xfe80, 0, 0, 0, 0, 0, 0, host.into());
    Lan {
        interface: LAN,
        own: vec![(v4.into(), 24), (v6.into(), 64)],
        gateways: vec![Ipv4Addr::new(10, 0, 0, 254).into()],
    }
}

impl Device {
    fn new(name: &'static str, day: Day, chance: &mut Seeded) -> Self {
        let words: [u8; 32] = crate::keys::draw(chance);
        let seal = Key(words).derive("sim/seal");
        Self::founded(name, day, vec![seal], None, chance)
    }

    fn founded(
        name: &'static str,
        day: Day,
        seals: Vec<Key>,
        person: Option<troth_proto::PersonId>,
        chance: &mut Seeded,
    ) -> Self {
        let link_seed = Key(crate::keys::draw(chance));
        let link_id = link_id(&link_seed);
        let seal = seals.first().cloned().unwrap_or(Key([0; 32]));
        let founding = Founding {
            name: name.into(),
            person,
            seals,
            words_public: Hash::default(),
            link_seed,
            listen: Some("0.0.0.0:4711".into()),
            mapping: false,
        };
        let (node, rows) = Node::found(founding, chance);
        let mut disk = BTreeMap::new();
        save(&mut disk, rows);
        Self {
            node: Some(node),
            disk,
            day,
            wrong: 0,
            knows_not: &[],
            saves_left: None,
            dials: 0,
            dialled: Vec::new(),
            inbox: VecDeque::new(),
            loom: Default::default(),
            loom_waits: None,
            loom_fails: false,
            full: false,
            read_back: 0,
            told: Vec::new(),
            hears: Vec::new(),
            cast: Vec::new(),
            calls: VecDeque::new(),
            notified: Vec::new(),
            link: None,
            pair_seed: None,
            inviter: None,
            pair_inbox: VecDeque::new(),
            name,
            seal,
            link_id,
            lets_in: Vec::new(),
        }
    }
}

fn save(disk: &mut BTreeMap<Row, Vec<u8>>, writes: Vec<Write>) {
    for write in writes {
        match write {
            Write::Put(row, bytes) => disk.insert(row, bytes),
            Write::Drop(row) => disk.remove(&row),
        };
    }
}

impl Sim {
    /// Two devices that have not met.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        let mut chance = Seeded::new(seed);
        let day = Day::new(2026, 11, 22).unwrap_or_else(|| unreachable!("a date"));
        let devices = [
            Device::new("Ana", day, &mut chance),
            Device::new("Ben", day, &mut chance),
        ];
        let mut sim = Self {
            devices,
            chance,
            mono: 0,
            links: 0,
            replies: BTreeMap::new(),
            calls: 0,
            sent: [Vec::new(), Vec::new()],
        };
        for p in 0..2 {
            sim.input(p, Input::Started);
            sim.input(
                p,
                Input::Listening {
                    addresses: vec![address_of(p)],
                },
            );
        }
        sim
    }

    /// Two devices that are paired, and connected.
    #[must_use]
    pub fn paired(seed: u64) -> Self {
        let mut sim = Self::new(seed);
        sim.pair();
        sim.connect();
        sim.settle();
        sim
    }

    /// The clock of both, in seconds since 1970.
    #[must_use]
    pub fn unix(&self) -> i64 {
        UNIX + (self.mono / 1000) as i64
    }

    pub(crate) fn now(&self, p: usize) -> Now {
        Now {
            mono: self.mono,
            unix: self.unix() + self.devices[p].wrong,
            day: self.devices[p].day,
        }
    }

    /// Hands an input to a device and performs what follows.
    pub fn input(&mut self, p: usize, input: Input) {
        let (now, chance) = (self.now(p), &mut self.chance);
        let device = &mut self.devices[p];
        let Some(node) = &mut device.node else {
            return;
        };
        let effects = older::without(device.knows_not, || node.handle(now, chance, input));
        self.perform(p, effects);
    }

    fn perform(&mut self, p: usize, effects: Vec<Effect>) {
        for effect in effects {
            match effect {
                Effect::Save(writes) => {
                    if let Some(left) = &mut self.devices[p].saves_left {
                        if *left == 0 {
                            self.devices[p].saves_left = None;
                            // The save failed: nothing after it happens, and the node is read back from the disk.
                            return self.crash(p);
                        }
                        *left -= 1;
                    }
                    if self.devices[p].full {
                        return self.read_back(p);
                    }
                    save(&mut self.devices[p].disk, writes);
                }
                Effect::Reply { id, answer, .. } => {
                    self.replies.insert(id, answer);
                }
                Effect::Send { link, bytes } => {
                    self.sent[p].push(bytes.clone());
                    if self.devices[p].link == Some(link) {
                        self.devices[1 - p].inbox.push_back(bytes);
                    }
                }
                Effect::Close(link) => {
                    if self.devices[p].link == Some(link) {
                        self.devices[p].link = None;
                    }
                }
                Effect::Pair(effect) => self.pair_effect(p, effect),
                // A paused or stopped device is gone from the wire.
                Effect::Share(None) => {
                    self.devices[p].link = None;
                    self.devices[p].lets_in.clear();
                }
                Effect::Dial {
                    remembered, typed, ..
                } => {
                    self.devices[p].dials += 1;
                    let remembered = remembered.iter().map(ToString::to_string);
                    self.devices[p].dialled = remembered.chain(typed).collect();
                }
                Effect::Erase { .. } => self.input(p, Input::Erased(true)),
                Effect::Export { client, id, input } => {
                    let bytes = crate::document::make(&input).ok();
                    self.input(p, Input::Exported { client, id, bytes });
                }
                Effect::Weave { number, job } => match &mut self.devices[p].loom_waits {
                    Some(waits) => waits.push_back((number, job)),
                    None => self.weave(p, number, job),
                },
                Effect::Follow { change, .. } => self.devices[p].told.push(change),
                Effect::Notify(how) => self.devices[p].notified.push(how),
                Effect::Calls(ports) => self.devices[p].hears = ports,
                Effect::Cast(casts) => self.casts(p, casts),
                Effect::Share(Some(share)) => {
                    // Under another id a device begins anew.
                    let id = link_id(&share.seed);
                    if std::mem::replace(&mut self.devices[p].link_id, id.clone()) != id {
                        self.devices[p].link = None;
                    }
                    self.devices[p].lets_in = share.partners;
                }
                Effect::Hold(_) | Effect::Map(_) | Effect::Tell(_) | Effect::End => {}
                // No device of a simulation has a file of private pages.
                Effect::Stretch { .. } | Effect::KeepPrivate { .. } => {}
            }
        }
    }

    fn weave(&mut self, p: usize, number: u64, job: Job) {
        let device = &mut self.devices[p];
        let woven = match device.loom_fails {
            false => device.loom.work(job),
            true => crate::draft::loom::Woven::Failed,
        };
        self.input(p, Input::Woven { number, woven });
    }

    /// Does the next of what waits for a device's loom. Says whether there was anything.
    pub fn weave_one(&mut self, p: usize) -> bool {
        let waits = self.devices[p].loom_waits.as_mut();
        let Some((number, job)) = waits.and_then(VecDeque::pop_front) else {
            return false;
        };
        self.weave(p, number, job);
        true
    }

    /// Both are in one network now, as their systems tell them.
    pub fn in_one_lan(&mut self) {
        for p in 0..2 {
            let lans = vec![lan_of(p)];
            self.input(p, Input::Lans(lans));
        }
    }

    fn casts(&mut self, p: usize, casts: Vec<Cast>) {
        debug_assert!(
            !self.devices[p].hears.is_empty(),
            "a call of one who hears nothing"
        );
        for cast in casts {
            self.devices[p].cast.push(cast.clone());
            self.devices[1 - p].calls.push_back(cast);
        }
    }

    /// Delivers a packet to a device, if it hears there and the packet is for it.
    pub fn call(&mut self, p: usize, cast: Cast) {
        let own = lan_of(p).own;
        let to = cast.to.ip();
        let everybody = ["10.0.0.255", "224.0.0.1", "ff02::1"].map(|ip| ip.parse().ok());
        let for_it = everybody.contains(&Some(to)) || own.iter().any(|(ip, _)| *ip == to);
        let hears = &self.devices[p].hears;
        let answers = !hears.is_empty() && cast.to.port() == BURST;
        if for_it && (answers || hears.contains(&cast.to.port())) {
            let (to, bytes) = (cast.to, cast.bytes.clone());
            let from = came_from(&cast);
            self.input(p, Input::Called { from, to, bytes });
        }
    }

    /// Delivers all calls on the way.
    pub fn settle_calls(&mut self) {
        while let Some(p) = (0..2).find(|p| !self.devices[*p].calls.is_empty()) {
            if let Some(cast) = self.devices[p].calls.pop_front() {
                self.call(p, cast);
            }
        }
    }

    fn pair_effect(&mut self, p: usize, effect: PairEffect) {
        match effect {
            PairEffect::Open { seed, .. } => {
                let own = link_id(&seed);
                // What was on the way to a window before this one does not reach it.
                self.devices.iter_mut().for_each(|d| d.pair_inbox.clear());
                self.devices[p].pair_seed = Some(seed);
                self.input(
                    p,
                    Input::PairListening {
                        own,
                        addresses: vec![address_of(p)],
                    },
                );
            }
            PairEffect::Dial { peer, .. } => {
                self.devices[p].inviter = Some(peer.clone());
                if let (Some(mine), Some(_)) = (self.pair_id(p), self.pair_id(1 - p)) {
                    self.input(
                        1 - p,
                        Input::Pair(pairing::Input::Up {
                            conn: 1,
                            peer: mine,
                            dialled: false,
                        }),
                    );
                    self.input(
                        p,
                        Input::Pair(pairing::Input::Up {
                            conn: 1,
                            peer,
                            dialled: true,
                        }),
                    );
                }
            }
            PairEffect::Send(_, bytes) => self.devices[1 - p].pair_inbox.push_back(bytes),
            PairEffect::Drop(_) | PairEffect::Close => {}
        }
    }

    fn pair_id(&self, p: usize) -> Option<LinkId> {
        self.devices[p].pair_seed.as_ref().map(link_id)
    }

    /// Delivers all pairing messages on the way.
    pub fn settle_pairing(&mut self) {
        while let Some(p) = (0..2).find(|p| !self.devices[*p].pair_inbox.is_empty()) {
            let Some(bytes) = self.devices[p].pair_inbox.pop_front() else {
                return;
            };
            if let Some(peer) = self.pair_id(1 - p) {
                self.input(
                    p,
                    Input::Pair(pairing::Input::Message {
                        conn: 1,
                        peer,
                        bytes,
                    }),
                );
            }
        }
    }

    /// The whole pairing, as two people do it.
    pub fn pair(&mut self) {
        self.pair_as([false, false]);
    }

    /// The same, each with the partner of before or not.
    pub fn pair_as(&mut self, again: [bool; 2]) {
        let invited = self
            .request(
                0,
                Request::PairInvite {
                    listen: None,
                    nearby: false,
                    again: again[0],
                },
            )
            .unwrap_or_default();
        let invitation = invited["invitation"]
            .as_str()
            .unwrap_or_default()
            .to_owned();
        debug_assert!(Invitation::read(&invitation).is_some());
        let _ = self.request(
            1,
            Request::PairJoin {
                invitation,
                listen: None,
                again: again[1],
            },
        );
        self.settle_pairing();
        let number = |sim: &mut Self, p: usize| {
            let view = sim.request(p, Request::PairState {}).unwrap_or_default();
            view["my_number"].as_str().unwrap_or_default().to_owned()
        };
        let numbers = [number(self, 0), number(self, 1)];
        for p in 0..2 {
            let _ = self.request(
                p,
                Request::PairNumber {
                    number: numbers[1 - p].clone(),
                    shown: None,
                },
            );
        }
        self.settle_pairing();
        for p in 0..2 {
            let _ = self.request(p, Request::PairYes {});
        }
        self.settle_pairing();
    }

    /// A client's request and its answer.
    ///
    /// # Errors
    /// The problem the node answered with, or [`Problem::NoDaemon`] if it crashed before answering.
    pub fn request(&mut self, p: usize, request: Request) -> Result<Value, Problem> {
        let id = self.ask(p, 1, request);
        self.answer(id).unwrap_or(Err(Problem::NoDaemon))
    }

    /// Asks a device, and gives the number of what was asked.
    pub fn ask(&mut self, p: usize, client: u64, request: Request) -> u64 {
        self.calls += 1;
        let id = self.calls;
        self.input(
            p,
            Input::Request {
                client,
                id,
                request,
            },
        );
        id
    }

    /// What was answered, if anything was.
    pub fn answer(&mut self, id: u64) -> Option<Result<Value, Problem>> {
        self.replies.remove(&id)
    }

    /// Whether a wire lies between them.
    #[must_use]
    pub fn connected(&self) -> bool {
        self.devices.iter().any(|d| d.link.is_some())
    }

    /// Lays a wire.
    pub fn connect(&mut self) {
        self.connect_at(0, None);
    }

    /// Lays a wire; one of them has dialled the other there.
    pub fn connect_at(&mut self, dialler: usize, at: Option<SocketAddr>) {
        self.cut();
        let lets_in = |p: usize| {
            let other = &self.devices[1 - p].link_id;
            self.devices[p].lets_in.contains(other)
        };
        if !lets_in(0) || !lets_in(1) {
            return; // the channel is never agreed on
        }
        self.links += 1;
        let link = self.links;
        for device in &mut self.devices {
            device.link = Some(link);
        }
        for p in 0..2 {
            let (own, peer) = [p, 1 - p].map(|p| self.devices[p].link_id.clone()).into();
            let at = at.filter(|_| p == dialler).map(|at| (at, true));
            self.input(
                p,
                Input::LinkUp {
                    link,
                    own,
                    peer,
                    at,
                },
            );
        }
    }

    /// Cuts the wire; what was on the way is lost.
    pub fn cut(&mut self) {
        for device in &mut self.devices {
            device.inbox.clear();
        }
        let link = self.links;
        for p in 0..2 {
            self.devices[p].link = None;
            self.input(p, Input::LinkDown(link));
        }
        for device in &mut self.devices {
            device.inbox.clear();
        }
    }

    /// Delivers the next frame to a device. False if none was on the way.
    pub fn deliver(&mut self, p: usize) -> bool {
        let Some(bytes) = self.devices[p].inbox.pop_front() else {
            return false;
        };
        let link = self.links;
        if self.devices[p].link == Some(link) {
            self.input(p, Input::Frame { link, bytes });
        }
        true
    }

    /// Delivers everything on the way.
    pub fn settle(&mut self) {
        for _ in 0..100_000 {
            if !self.deliver(0) && !self.deliver(1) {
                return;
            }
        }
        debug_assert!(false, "the two never stop talking");
    }

    /// Time passes on both.
    pub fn pass(&mut self, millis: u64) {
        self.mono += millis;
        for p in 0..2 {
            self.input(p, Input::Tick);
        }
    }

    /// The device loses all but its disk, and starts again.
    pub fn crash(&mut self, p: usize) {
        self.begin_again(p, None);
    }

    /// A save has failed: the node is read from the disk.
    fn read_back(&mut self, p: usize) {
        self.devices[p].read_back += 1;
        let listeners = self.devices[p].node.as_ref().map(Node::listeners);
        self.begin_again(p, listeners);
    }

    fn begin_again(&mut self, p: usize, failed: Option<crate::node::Listeners>) {
        self.devices[p].node = None;
        self.devices[p].lets_in.clear();
        self.devices[p].link = None;
        let mut rows: Vec<_> = self.devices[p].disk.clone().into_iter().collect();
        // A node reads its rows in whatever order the disk gives them.
        let mut chance = Seeded::new(self.mono);
        for i in (1..rows.len()).rev() {
            rows.swap(i, chance.below(i + 1));
        }
        let rows = rows.into_iter();
        let rows = rows.map(|(row, bytes)| Ok(Loadable::Row(row, bytes)));
        match older::without(self.devices[p].knows_not, || Node::load::<Damaged>(rows)) {
            Ok(node) => self.devices[p].node = Some(node),
            Err(damaged) => debug_assert!(
                false,
                "{}'s disk does not load: {damaged}",
                self.devices[p].name
            ),
        }
        if let Some(listeners) = failed {
            self.input(p, Input::SaveFailed(listeners));
        }
        self.input(p, Input::Started);
        self.input(
            p,
            Input::Listening {
                addresses: vec![address_of(p)],
            },
        );
        let link = self.links;
        self.devices[1 - p].inbox.clear();
        if self.devices[1 - p].link.take().is_some() {
            self.input(1 - p, Input::LinkDown(link));
        }
        self.devices[p].inbox.clear();
    }

    /// What is on a device's disk, to be put back later: a copied home, a snapshot of a machine.
    #[must_use]
    pub fn copy(&self, p: usize) -> BTreeMap<Row, Vec<u8>> {
        self.devices[p].disk.clone()
    }

    /// The device goes on from what was on its disk once.
    pub fn put_back(&mut self, p: usize, disk: BTreeMap<Row, Vec<u8>>) {
        self.devices[p].disk = disk;
        self.crash(p);
    }

    /// The device and its disk are gone; a new one has a home made with the same recovery words, or with none of before.
    pub fn lose(&mut self, p: usize, same_words: bool) {
        self.crash(p);
        let before = &self.devices[p];
        let (name, day) = (before.name, before.day);
        let new = if same_words {
            let seals = vec![before.seal.clone()];
            Device::founded(name, day, seals, None, &mut self.chance)
        } else {
            Device::new(name, day, &mut self.chance)
        };
        self.begin_anew(p, new);
    }

    /// The device and its disk are gone; a new one has a home made from a backup.
    ///
    /// # Errors
    /// As the node answers.
    pub fn restore_on_a_new_device(&mut self, p: usize, backup: &str) -> Result<u64, Problem> {
        self.crash(p);
        let first = backup.lines().next().unwrap_or_default();
        let home: Value = serde_json::from_str(first).unwrap_or_default();
        let identity = troth_proto::api::Identity {
            person: serde_json::from_value(home["home"]["person"].clone())
                .map_err(|_| Problem::BackupDamaged)?,
            seal_keys: serde_json::from_value(home["home"]["seal_keys"].clone())
                .map_err(|_| Problem::BackupDamaged)?,
            words_public: Hash::default(),
        };
        let seals = crate::node::seal_keys(&identity).ok_or(Problem::BackupDamaged)?;
        let (name, day) = (self.devices[p].name, self.devices[p].day);
        let person = Some(identity.person);
        let new = Device::founded(name, day, seals, person, &mut self.chance);
        self.begin_anew(p, new);
        self.restore(p, backup)
    }

    fn begin_anew(&mut self, p: usize, new: Device) {
        self.devices[p] = new;
        self.input(p, Input::Started);
        let addresses = vec![address_of(p)];
        self.input(p, Input::Listening { addresses });
    }

    /// The lines of a backup.
    ///
    /// # Errors
    /// As the node answers.
    pub fn backup(&mut self, p: usize) -> Result<String, Problem> {
        let (mut lines, mut cursor) = (String::new(), None);
        loop {
            let answer = self.request(p, Request::Backup { cursor })?;
            lines += answer["lines"].as_str().unwrap_or_default();
            cursor = answer["cursor"].as_str().map(str::to_owned);
            if cursor.is_none() {
                return Ok(lines);
            }
        }
    }

    /// Restores a backup into a home that is there.
    ///
    /// # Errors
    /// As the node answers.
    pub fn restore(&mut self, p: usize, backup: &str) -> Result<u64, Problem> {
        let mut lines = troth_proto::api::Secret(backup.to_owned());
        loop {
            let answer = self.request(p, Request::Restore { lines, last: true })?;
            if let Some(new) = answer["new"].as_u64() {
                return Ok(new);
            }
            lines = troth_proto::api::Secret(String::new());
        }
    }

    /// A device's program writes what ours would not: any head, with any words' hash, on the tips or on one older entry of its
    /// own book. Says whether even its own gate took it.
    pub fn write_by_hand(
        &mut self,
        p: usize,
        kind: &str,
        body: &Value,
        seen: &[String],
        on: Option<usize>,
    ) -> bool {
        let mut head = serde_json::json!({"kind": kind, "body": body});
        if !matches!(kind, "ready" | "cancel" | "lock") {
            head["on"] = "2026-11-22".into();
        }
        if !seen.is_empty() {
            head["seen"] = seen.into();
        }
        self.write_head(p, head, "", on).is_some()
    }

    /// The same with a whole head, an id of its own if it has none, and words as they are kept. Says its id and its hash.
    pub fn write_head(
        &mut self,
        p: usize,
        mut head: Value,
        words: &str,
        on: Option<usize>,
    ) -> Option<(troth_proto::AssertionId, Hash)> {
        let drawn = troth_proto::AssertionId(crate::keys::draw(&mut self.chance));
        let id = serde_json::from_value(head["id"].clone()).unwrap_or(drawn);
        head["id"] = serde_json::json!(id);
        let couple = self.devices[p].node.as_ref()?.couple()?;
        let book = couple.book(Who::Me);
        let on = on.filter(|_| book.entries() > 0);
        let mut after = match on {
            Some(at) => vec![book.mark(at % book.entries())],
            None => book.tips(),
        };
        after.truncate(troth_proto::limits::ENTRY_AFTER);
        let head = head.to_string();
        let words = troth_proto::wire::Words::Here(words.to_owned());
        let said =
            troth_proto::assertion::hash(couple.id, book.owner, head.as_bytes(), &words.hash());
        let entry = troth_proto::wire::Entry {
            n: after.iter().map(|mark| mark.n).max().unwrap_or(0) + 1,
            after: after.iter().map(|mark| mark.hash).collect(),
            ops: vec![troth_proto::wire::Op {
                kind: troth_proto::wire::Op::PUT,
                key: id,
                head,
                words,
            }],
        };
        let hash = troth_proto::wire::entry_hash(couple.id, &book.document(), &entry);
        let sealed = SealedEntry {
            seal: crate::books::gate::seal_of(&self.devices[p].seal, couple.id, &hash),
            entry,
            hash,
        };
        let now = self.now(p);
        let node = self.devices[p].node.as_mut()?;
        let effects = node.inject(now, &mut self.chance, &sealed)?;
        self.perform(p, effects);
        Some((id, said))
    }

    /// Every entry that a device holds: whose book, and the entry.
    #[must_use]
    pub fn everything(&self, p: usize) -> Vec<(Who, SealedEntry)> {
        let couple = self.devices[p].node.as_ref().and_then(Node::couple);
        let mut all = Vec::new();
        if let Some(couple) = couple {
            for i in 0..couple.entries() {
                if let Some((who, index)) = couple.arrived(i) {
                    all.push((who, couple.book(who).entry(index).owned()));
                }
            }
        }
        all
    }

    /// A node.
    ///
    /// # Panics
    /// While the device is down.
    #[must_use]
    #[allow(clippy::expect_used)]
    pub fn node(&self, p: usize) -> &Node {
        self.devices[p].node.as_ref().expect("the device runs")
    }

    /// Carries a file from one to the other.
    ///
    /// # Errors
    /// As the nodes answer.
    pub fn carry(&mut self, from: usize, upto: Option<u64>) -> Result<bool, Problem> {
        let pieces = self.carry_out(from, upto, false)?;
        self.carry_in(1 - from, &pieces)
    }

    /// The pieces of a file to carry.
    ///
    /// # Errors
    /// As the node answers.
    pub fn carry_out(
        &mut self,
        from: usize,
        upto: Option<u64>,
        whole: bool,
    ) -> Result<Vec<String>, Problem> {
        let (mut pieces, mut cursor) = (Vec::new(), None);
        loop {
            let answer = self.request(
                from,
                Request::CarryOut {
                    cursor,
                    upto,
                    whole,
                },
            )?;
            pieces.push(answer["piece"].as_str().unwrap_or_default().to_owned());
            cursor = answer["cursor"].as_str().map(str::to_owned);
            if cursor.is_none() {
                return Ok(pieces);
            }
        }
    }

    /// Takes the pieces of a file in; whether anything was new.
    ///
    /// # Errors
    /// As the node answers.
    pub fn carry_in(&mut self, to: usize, pieces: &[String]) -> Result<bool, Problem> {
        let mut pieces = pieces.iter();
        loop {
            let piece = pieces.next().cloned().unwrap_or_default();
            let last = pieces.len() == 0;
            let answer = self.request(to, Request::CarryIn { piece, last })?;
            if let Some(carried) = answer["carried"].as_bool() {
                return Ok(carried);
            }
        }
    }
}

impl Node {
    /// Whether an assertion is in either book.
    #[must_use]
    pub fn holds(&self, hash: &str) -> bool {
        let hash = troth_proto::Hash::from_hex(hash).ok();
        hash.zip(self.couple())
            .is_some_and(|(hash, couple)| couple.find(&hash).is_some())
    }

    /// The two books, for a hostile partner to be tried on.
    ///
    /// # Panics
    /// Before there are two people.
    #[allow(clippy::expect_used)]
    pub fn couple_for_tests(&mut self) -> &mut Couple {
        self.couple_mut().expect("two people")
    }

    /// The hash of the last thing written here.
    #[must_use]
    pub fn newest_hash(&self) -> Option<String> {
        self.couple()?
            .book(Who::Me)
            .said()
            .last()
            .map(|said| said.hash.hex())
    }
}

#[cfg(test)]
#[path = "sim_tests.rs"]
mod tests;

#[cfg(test)]
#[path = "sim_places.rs"]
mod places;

#[cfg(test)]
#[path = "sim_hellos.rs"]
mod hellos;

#[cfg(test)]
#[path = "sim_held.rs"]
#[allow(clippy::unwrap_used)]
mod held;

#[cfg(test)]
#[path = "sim_calls.rs"]
#[allow(clippy::unwrap_used)]
mod calls;

#[cfg(test)]
#[path = "sim_versions.rs"]
mod versions;

#[cfg(test)]
#[path = "sim_losses.rs"]
mod losses;

#[cfg(test)]
#[path = "sim_links.rs"]
#[allow(clippy::unwrap_used, clippy::disallowed_methods)]
mod links;

#[cfg(test)]
#[path = "sim_drafts.rs"]
#[allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stderr,
    clippy::disallowed_methods
)]
mod drafts;

#[cfg(test)]
#[path = "sim_hostile.rs"]
#[allow(clippy::unwrap_used)]
mod hostile;

#[cfg(test)]
#[path = "sim_dear.rs"]
#[allow(clippy::unwrap_used)]
mod dear;
