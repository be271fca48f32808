//! The simulator: two Nodes, a wire, two disks and two clocks from one seed, in one thread.
//!
//! Disks keep whole saves or lose them whole; a crash forgets everything else. The wire is a stream: it delivers in
//! order, or is cut and loses what was on the way.

mod forged;
mod homes;
mod windows;
mod wire;

pub use wire::came_from;

use crate::books::rows::Row;
use crate::call::Cast;
use crate::draft::loom::{Job, Loom};
use crate::keys::Key;
use crate::links::id_of as link_id;
use crate::node::{Effect, Founding, Input, Link, Node, Now};
use crate::test_entropy::Seeded;
use homes::save;
use serde_json::Value;
use std::collections::{BTreeMap, VecDeque};
use troth_proto::api::Request;
use troth_proto::assertion::older;
use troth_proto::ids::Who;
use troth_proto::pairing::LinkId;
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

    /// Time passes on both.
    pub fn pass(&mut self, millis: u64) {
        self.mono += millis;
        for p in 0..2 {
            self.input(p, Input::Tick);
        }
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
