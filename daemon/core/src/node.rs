//! The Node: one owner of everything, one function. Inputs in, effects out, no IO.

mod agreements;
mod checkins;
mod exchange;
mod load;
mod pair;
mod requests;
mod show;

use crate::book::{Couple, Length};
use crate::keys::{Entropy, Key};
use crate::pairing::{self, Bond, Window};
use crate::rows::{Row, Write};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use troth_proto::api::{Progress, Request, Sharing};
use troth_proto::ids::Who;
use troth_proto::pairing::LinkId;
use troth_proto::wire::{Document, SealedEntry};
use troth_proto::{AgreementId, Day, Hash, InstallationId, PersonId, Problem, Slot, wire};

pub use load::{Damaged, Founding};

/// A client of the local API, as the shell numbers it.
pub type Client = u64;
/// A stream to the partner, as the shell numbers it.
pub type Link = u64;

/// What the clocks say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Now {
    /// Milliseconds since some moment, never going back; counts sleep.
    pub mono: u64,
    /// Seconds since 1970 by the wall clock. Only pairing windows use it.
    pub unix: i64,
    /// The local date.
    pub day: Day,
}

/// What happens to a node.
#[derive(Debug, Clone, PartialEq)]
pub enum Input {
    /// The shell is ready to perform effects.
    Started,
    /// A client asks.
    Request {
        /// Who.
        client: Client,
        /// The call's id.
        id: u64,
        /// What.
        request: Request,
    },
    /// A client is gone.
    ClientGone(Client),
    /// A stream to the partner is up; the channel proved their link id.
    LinkUp(Link),
    /// A frame came.
    Frame {
        /// On which stream.
        link: Link,
        /// As it came.
        bytes: Vec<u8>,
    },
    /// A stream is gone.
    LinkDown(Link),
    /// Dialling did not reach the partner.
    DialFailed,
    /// The machine woke, or its network changed.
    Woke,
    /// Where this daemon can be reached, and its long-term link id.
    Listening {
        /// Multiaddresses.
        addresses: Vec<String>,
    },
    /// The pairing network is up under a throw-away id.
    PairListening {
        /// The id.
        own: LinkId,
        /// Multiaddresses.
        addresses: Vec<String>,
    },
    /// The pairing network or the listening address could not be had.
    ListenFailed {
        /// The address as it was asked for.
        address: String,
    },
    /// Something came over the pairing network.
    Pair(pairing::Input),
    /// A snapshot is made, and checked by loading it; or not.
    Snapshot {
        /// The document.
        document: Document,
        /// How many entries are in it.
        n: u64,
        /// Its bytes.
        bytes: Option<Vec<u8>>,
    },
    /// A deadline has passed.
    Tick,
}

/// What the shell does, in this order: Save, Reply, Send, and the rest.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// Put all of it on the disk, or nothing. What follows is done only after it is there.
    Save(Vec<Write>),
    /// Answer a client.
    Reply {
        /// Whom.
        client: Client,
        /// The call's id.
        id: u64,
        /// With what.
        answer: Result<Value, Problem>,
    },
    /// Send a frame to the partner.
    Send {
        /// On which stream.
        link: Link,
        /// The frame.
        bytes: Vec<u8>,
    },
    /// Close a stream once all frames before are gone.
    Close(Link),
    /// Be reachable for exactly this partner, or (none) mute.
    Share(Option<Share>),
    /// Dial the partner.
    Dial {
        /// Where the partner says, and was last: numbers only, never names to be looked up.
        remembered: Vec<String>,
        /// Where the person here says, `HOST:PORT`.
        typed: Option<String>,
    },
    /// Something for the pairing network.
    Pair(PairEffect),
    /// Make an automerge snapshot of a document, off the loop.
    Snapshot {
        /// The document.
        document: Document,
        /// How many entries are in it.
        n: u64,
        /// What [`crate::document::make_snapshot`] reads.
        input: Vec<u8>,
    },
    /// Tell these clients that something shown may have changed.
    Tell(Vec<Client>),
    /// Stop the daemon.
    End,
}

/// With whom to share, and as whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Share {
    /// The only one who may connect.
    pub partner: LinkId,
    /// Where to listen, `ADDRESS:PORT`.
    pub listen: Option<String>,
    /// The seed of the own long-term link key.
    pub seed: Key,
}

/// What the pairing network does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PairEffect {
    /// Come up under a fresh throw-away key; dial, if there is whom.
    Open {
        /// Where to listen, `ADDRESS:PORT`.
        listen: Option<String>,
        /// The seed of the throw-away key.
        seed: Key,
        /// Look for others with an open window in the same network.
        nearby: bool,
    },
    /// Dial the inviter, or one who was found.
    Dial {
        /// Their throw-away id.
        peer: LinkId,
        /// Where they wait.
        addresses: Vec<String>,
    },
    /// Send a message.
    Send(pairing::Conn, Vec<u8>),
    /// Drop a connection.
    Drop(pairing::Conn),
    /// Go down.
    Close,
}

/// Who I am, and how this home is set.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Me {
    person: PersonId,
    installation: InstallationId,
    name: String,
    seal: Key,
    link_seed: Key,
    link: LinkId,
    listen: Option<String>,
    sharing: Shares,
}

/// Whether the person shares.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
enum Shares {
    On,
    Paused,
    Stopped,
}

/// The bond as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Paired {
    bond: Bond,
    /// A link has proved it.
    proved: bool,
    /// Where a person said the partner can be reached, `HOST:PORT`.
    typed: Option<String>,
}

/// Words that have not left this device.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Kept {
    round: u32,
    text: String,
    salt: Hash,
    since: Day,
    /// Waits to open; else a draft that came back.
    waiting: bool,
}

/// A stream to the partner.
#[derive(Debug)]
struct Stream {
    /// Until when it must have said hello.
    hello_by: Option<u64>,
    run: [u8; 16],
    /// The last entry of mine sent on it.
    sent: u64,
    /// Bytes sent and not acknowledged: the last entry of each frame, and its size.
    unacked: VecDeque<(u64, usize)>,
    /// How many entries the partner says his own log has.
    announced: u64,
    /// Dials that had failed before it.
    failures: u32,
}

/// How a book lies on the disk: the first entry and the bytes of each run.
type Runs = BTreeMap<u64, usize>;

/// Everything a daemon holds while its keys are open.
pub struct Node {
    me: Me,
    paired: Option<Paired>,
    couple: Option<Couple>,
    runs: [Runs; 2],
    kept: BTreeMap<Slot, Kept>,
    /// What the partner's disk is known to hold of my log.
    acked: u64,
    notices: Vec<String>,
    /// Sentences told since the day changed: nobody is told the same twice a day.
    told: BTreeSet<String>,
    /// How many entries each snapshot on the disk holds.
    snapshots: [u64; 2],
    snapshot_under_way: bool,

    run: [u8; 16],
    addresses: Vec<String>,
    /// Where nothing could listen, since nothing listened last.
    listen_failed: Option<String>,
    streams: BTreeMap<Link, Stream>,
    current: Option<Link>,
    superseded: BTreeSet<[u8; 16]>,
    /// The partner holds more of my log than I do, or something else there.
    forked: bool,
    dial_at: Option<u64>,
    dial_failures: u32,

    window: Option<Window>,
    /// When the window is looked at again.
    window_until: Option<u64>,
    /// Until when the other device must have answered.
    pair_answer_by: Option<u64>,
    opening: Option<Opening>,
    pair_failed: Option<&'static str>,

    subscribers: BTreeSet<Client>,
    carrying: Option<(Client, Vec<u8>)>,
    states: BTreeMap<AgreementId, show::Summary>,

    /// Rows changed that need not be on the disk before anything is answered.
    later: BTreeSet<Row>,
    later_at: Option<u64>,
    tidy_at: Option<u64>,
    day_check: Option<(Day, u64)>,
    out: Out,
}

/// A pairing window that waits for its network.
struct Opening {
    client: Client,
    id: u64,
    invitation: Option<troth_proto::pairing::Invitation>,
    nearby: bool,
}

/// What one input leads to.
#[derive(Default)]
struct Out {
    writes: Vec<Write>,
    effects: Vec<Effect>,
    told: bool,
    touched: BTreeSet<AgreementId>,
    slots: BTreeSet<Slot>,
}

/// Milliseconds of quiet before the disk is tidied and a snapshot made.
const QUIET: u64 = 30_000;
/// Milliseconds between two parts of a long tidying.
const BREATH: u64 = 100;
/// Milliseconds within which what need not be saved at once is saved.
const LATER: u64 = 1_000;
/// Milliseconds between looks at the calendar.
const DAY_CHECK: u64 = 600_000;

impl Node {
    /// Takes an input and says what is to be done, in order.
    pub fn handle(&mut self, now: Now, entropy: &mut dyn Entropy, input: Input) -> Vec<Effect> {
        let before = self.lengths();
        tracing::trace!(input = input.name(), "node");
        // What is over by now is over before anything else is looked at.
        self.new_day(now, entropy);
        self.window_tick(now);
        match input {
            Input::Started => self.started(now, entropy),
            Input::Request {
                client,
                id,
                request,
            } => self.request(now, entropy, client, id, request),
            Input::ClientGone(client) => {
                self.subscribers.remove(&client);
                self.carrying.take_if(|(by, _)| *by == client);
            }
            Input::LinkUp(link) => self.link_up(now, link),
            Input::Frame { link, bytes } => self.frame(now, entropy, link, &bytes),
            Input::LinkDown(link) => self.link_down(now, entropy, link),
            Input::DialFailed => self.dial_later(now, entropy),
            Input::Woke => {
                self.dial_failures = 0;
                self.dial_now(now);
            }
            Input::Listening { addresses } => self.listening(now, addresses),
            Input::PairListening { own, addresses } => {
                self.pair_listening(now, entropy, own, addresses)
            }
            Input::ListenFailed { address } => self.listen_failed(address),
            Input::Pair(input) => self.pair_input(now, entropy, input),
            Input::Snapshot { document, n, bytes } => self.snapshot_made(document, n, bytes),
            Input::Tick => {}
        }
        self.tick(now, entropy);
        self.finish(now, before)
    }

    /// When to hand in [`Input::Tick`] at the latest, and who asked for it.
    #[must_use]
    pub fn deadline(&self) -> Option<(u64, &'static str)> {
        let hello = self
            .streams
            .values()
            .filter_map(|s| s.hello_by)
            .min()
            .map(|at| (at, "hello"));
        let dial = self.dial_at.map(|at| (at, "dial"));
        let later = self.later_at.map(|at| (at, "save"));
        let tidy = self.tidy_at.map(|at| (at, "tidy"));
        let day = self.day_check.map(|(_, at)| (at, "day"));
        let window = self.window_until.map(|at| (at, "pairing window"));
        let answer = self.pair_answer_by.map(|at| (at, "pairing answer"));
        [hello, dial, later, tidy, day, window, answer]
            .into_iter()
            .flatten()
            .min()
    }

    fn started(&mut self, now: Now, entropy: &mut dyn Entropy) {
        entropy.fill(&mut self.run);
        self.day_check = Some((now.day, now.mono + DAY_CHECK));
        self.call_back_old_readies(now, entropy);
        self.settle_all(now, entropy);
        self.share(now);
    }

    /// Looks after everything whose time has come.
    fn tick(&mut self, now: Now, entropy: &mut dyn Entropy) {
        let late: Vec<Link> = self
            .streams
            .iter()
            .filter(|(_, s)| s.hello_by.is_some_and(|at| at <= now.mono))
            .map(|(link, _)| *link)
            .collect();
        for link in late {
            tracing::debug!(link, "no hello in time");
            self.hang_up(now, entropy, link, None);
        }
        if self.dial_at.is_some_and(|at| at <= now.mono) {
            self.dial_now(now);
        }
        if self.later_at.is_some_and(|at| at <= now.mono) {
            self.save_later_rows();
        }
        if self.tidy_at.is_some_and(|at| at <= now.mono) {
            self.tidy_at = None;
            if self.tidy() {
                self.tidy_at = Some(now.mono + BREATH);
            } else {
                self.snapshot_next();
            }
        }
    }

    /// Looks at the calendar.
    fn new_day(&mut self, now: Now, entropy: &mut dyn Entropy) {
        let Some((day, at)) = self.day_check else {
            return;
        };
        if at <= now.mono || day != now.day {
            self.day_check = Some((now.day, now.mono + DAY_CHECK));
        }
        if day != now.day {
            self.out.told = true;
            self.told.clear();
            self.call_back_old_readies(now, entropy);
        }
    }

    /// Turns what the input led to into effects in their order.
    fn finish(&mut self, now: Now, before: Option<[Length; 2]>) -> Vec<Effect> {
        self.write_runs(now, before);
        let out = std::mem::take(&mut self.out);
        for id in &out.touched {
            self.states.remove(id);
        }
        let mut effects = Vec::with_capacity(out.effects.len() + 2);
        if !out.writes.is_empty() {
            effects.push(Effect::Save(out.writes));
        }
        effects.extend(out.effects);
        effects.sort_by_key(Effect::turn);
        if out.told && !self.subscribers.is_empty() {
            effects.push(Effect::Tell(self.subscribers.iter().copied().collect()));
        }
        effects
    }

    /// The two books, once there are two people.
    #[must_use]
    pub fn couple(&self) -> Option<&Couple> {
        self.couple.as_ref()
    }

    #[cfg(any(test, feature = "sim"))]
    pub(crate) fn couple_mut(&mut self) -> Option<&mut Couple> {
        self.couple.as_mut()
    }

    fn lengths(&self) -> Option<[Length; 2]> {
        self.couple
            .as_ref()
            .map(|couple| [couple.length(Who::Me), couple.length(Who::Partner)])
    }

    /// Puts what the books gained on the disk, as one run each.
    fn write_runs(&mut self, now: Now, before: Option<[Length; 2]>) {
        let Some(couple) = &self.couple else { return };
        for who in [Who::Me, Who::Partner] {
            let book = couple.book(who);
            let from = before.map_or(0, |b| b[who as usize].entries()) + 1;
            if book.n() < from {
                continue;
            }
            let run: Vec<SealedEntry<&str>> =
                (from..=book.n()).filter_map(|n| book.entry(n)).collect();
            let bytes = wire::encode(&run);
            self.runs[who as usize].insert(from, bytes.len());
            self.out
                .writes
                .push(Write::Put(Row::Run(book.log, from), bytes));
            self.out.told = true;
            self.tidy_at = Some(now.mono + QUIET);
        }
    }

    /// Saves a row together with the next save, or within a second.
    fn later(&mut self, now: Now, row: Row) {
        self.later.insert(row);
        self.later_at.get_or_insert(now.mono + LATER);
    }

    fn save_later_rows(&mut self) {
        self.later_at = None;
        for row in std::mem::take(&mut self.later) {
            self.put(row);
        }
    }

    /// Puts a row as it is now.
    fn put(&mut self, row: Row) {
        let bytes = match &row {
            Row::Me => wire::encode(&self.me),
            Row::Pair => wire::encode(&self.paired),
            Row::Acked => wire::encode(&self.acked),
            Row::Notices => wire::encode(&self.notices),
            Row::Kept(slot) => {
                let kept = slot
                    .parse::<Slot>()
                    .ok()
                    .and_then(|slot| self.kept.get(&slot));
                match kept {
                    Some(kept) => wire::encode(kept),
                    None => return self.out.writes.push(Write::Drop(row)),
                }
            }
            // Runs and snapshots are written where they are made.
            Row::Run(..) | Row::Snapshot(_) => return,
        };
        self.out.writes.push(Write::Put(row, bytes));
    }

    /// Tells the person something, once.
    fn notice(&mut self, problem: &Problem) {
        let sentence = problem.what();
        if !self.notices.contains(&sentence) && self.told.insert(sentence.clone()) {
            self.notices.push(sentence);
            self.notices.truncate(8);
            self.put(Row::Notices);
            self.out.told = true;
        }
    }

    /// The partner's name, or what to call them before it is known.
    fn partner_name(&self) -> String {
        self.paired.as_ref().map_or_else(
            || "Your partner".into(),
            |paired| paired.bond.partner.name.clone(),
        )
    }

    fn sharing(&self) -> Sharing {
        match (&self.paired, self.me.sharing) {
            (_, Shares::Paused) => Sharing::Paused,
            (_, Shares::Stopped) => Sharing::Stopped,
            (Some(paired), Shares::On) if paired.proved => Sharing::On,
            _ => Sharing::NotPaired,
        }
    }

    fn progress(&self) -> Option<Progress> {
        let couple = self.couple.as_ref()?;
        let stream = self.streams.get(&self.current?)?;
        let here = couple.book(Who::Partner).n();
        (stream.announced > here).then_some(Progress {
            here,
            of: stream.announced,
        })
    }

    /// Rewrites many short runs as few long ones, so that the next start is quick: the oldest first, and not so many at
    /// once that anybody has to wait. Says whether some are left.
    fn tidy(&mut self) -> bool {
        const LONG: usize = 64 * 1024;
        const MANY: usize = 16;
        const AT_ONCE: usize = 2 * 1024 * 1024;
        let Some(couple) = &self.couple else {
            return false;
        };
        let mut more = false;
        for who in [Who::Me, Who::Partner] {
            let book = couple.book(who);
            let runs = &mut self.runs[who as usize];
            let short = runs.iter().rev().take_while(|(_, bytes)| **bytes < LONG);
            let mut short: VecDeque<(u64, usize)> = short.map(|(from, b)| (*from, *b)).collect();
            if short.len() < MANY {
                continue;
            }
            let (mut begin, mut bytes) = (None, 0);
            while bytes < AT_ONCE
                && let Some((from, size)) = short.pop_back()
            {
                begin.get_or_insert(from);
                bytes += size;
                runs.remove(&from);
                self.out.writes.push(Write::Drop(Row::Run(book.log, from)));
            }
            more |= short.len() >= MANY;
            let end = short.back().map_or(book.n() + 1, |(from, _)| *from);
            let mut from = begin.unwrap_or(end);
            let (mut run, mut size) = (Vec::new(), 0);
            for entry in (from..end).filter_map(|n| book.entry(n)) {
                let n = entry.entry.n;
                size += wire::entry_bytes(&entry.entry) + 64;
                run.push(entry);
                if size >= 2 * LONG || n + 1 == end {
                    let bytes = wire::encode(&run);
                    runs.insert(from, bytes.len());
                    self.out
                        .writes
                        .push(Write::Put(Row::Run(book.log, from), bytes));
                    (from, run, size) = (n + 1, Vec::new(), 0);
                }
            }
        }
        more
    }

    /// Asks for a snapshot of a book that has grown enough since its last one.
    fn snapshot_next(&mut self) {
        let Some(couple) = self.couple.as_ref().filter(|_| !self.snapshot_under_way) else {
            return;
        };
        for who in [Who::Me, Who::Partner] {
            let book = couple.book(who);
            let new = book.n() - self.snapshots[who as usize].min(book.n());
            if new > book.n() / 50 {
                let entries = (1..=book.n()).filter_map(|n| book.entry(n));
                let input = crate::document::snapshot_input(book.log.installation, entries);
                let (document, n) = (book.log.document, book.n());
                self.out
                    .effects
                    .push(Effect::Snapshot { document, n, input });
                self.snapshot_under_way = true;
                return;
            }
        }
    }

    fn snapshot_made(&mut self, document: Document, n: u64, bytes: Option<Vec<u8>>) {
        self.snapshot_under_way = false;
        let who = self.couple.as_ref().and_then(|c| {
            [Who::Me, Who::Partner]
                .into_iter()
                .find(|w| c.book(*w).log.document == document)
        });
        let Some(who) = who else { return };
        match bytes {
            Some(bytes) => {
                tracing::debug!(n, "a snapshot was made");
                self.snapshots[who as usize] = n;
                self.out.writes.push(Write::Put(
                    Row::Snapshot(document),
                    wire::encode(&(n, bytes)),
                ));
                self.snapshot_next();
            }
            // The log is the truth; the snapshot before stays, and another try comes with the next quiet time.
            None => tracing::warn!("no snapshot could be made"),
        }
    }
}

impl Effect {
    fn turn(&self) -> u8 {
        match self {
            Self::Save(_) => 0,
            Self::Reply { .. } => 1,
            Self::Send { .. } => 2,
            Self::Tell(_) => 4,
            Self::End => 5,
            _ => 3,
        }
    }
}

impl Input {
    fn name(&self) -> &'static str {
        match self {
            Self::Started => "started",
            Self::Request { .. } => "request",
            Self::ClientGone(_) => "client gone",
            Self::LinkUp(_) => "link up",
            Self::Frame { .. } => "frame",
            Self::LinkDown(_) => "link down",
            Self::DialFailed => "dial failed",
            Self::Woke => "woke",
            Self::Listening { .. } => "listening",
            Self::PairListening { .. } => "pair listening",
            Self::ListenFailed { .. } => "listen failed",
            Self::Pair(_) => "pair",
            Self::Snapshot { .. } => "snapshot",
            Self::Tick => "tick",
        }
    }
}
