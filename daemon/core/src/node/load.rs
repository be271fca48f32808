//! A node from nothing, or from the rows on the disk.

use super::{Kept, Me, Node, Out, Paired, Runs, Shares};
use crate::book::Couple;
use crate::gate::{Prepared, Refusal};
use crate::keys::{Entropy, Key, draw};
use crate::pairing::Bond;
use crate::rows::{Row, Write};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::mpsc::{Receiver, SyncSender, channel, sync_channel};
use std::thread::Scope;
use troth_proto::ids::Who;
use troth_proto::pairing::LinkId;
use troth_proto::wire::{self, LogId, SealedEntry};
use troth_proto::{CoupleId, InstallationId, PersonId, Problem, Slot};

/// What `init` settles.
pub struct Founding {
    /// The name the partner will see.
    pub name: String,
    /// The key of the author's seals, from the recovery words.
    pub seal: Key,
    /// The seed of the long-term link key.
    pub link_seed: Key,
    /// The link id of that key.
    pub link: LinkId,
    /// Where to listen.
    pub listen: Option<String>,
}

/// A row that does not hold what it must. Nothing was changed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a damaged row: {0}")]
pub struct Damaged(pub &'static str);

impl From<Damaged> for Problem {
    fn from(_: Damaged) -> Self {
        Self::DiskDamaged
    }
}

impl Damaged {
    /// Tells the log, which a person can be asked for, and nothing of what the row holds.
    fn at(what: &'static str) -> Self {
        tracing::error!(what, "a row is damaged");
        Self(what)
    }
}

const ENTRIES: &str = "entries";

/// Bytes of entries handed from one thread to the other at a time, and how many such parts may wait.
const READ_AHEAD: (usize, usize) = (128 * 1024, 4);

/// A run as it stands on the disk: whose, its first entry, and its bytes.
type Run = (Who, u64, Vec<u8>);

/// Consecutive entries of one book, measured, hashed and read.
type Ready = Result<(Who, Prepared), Damaged>;

/// The thread that prepares: what it is given, and what it gives back.
struct Ahead {
    to: SyncSender<Vec<Run>>,
    from: Receiver<Ready>,
}

/// A node while its rows come from the disk, in any order.
#[derive(Default)]
struct Loading {
    node: Option<Node>,
    /// Rows that came before it was known who I am.
    early: Vec<(Row, Vec<u8>)>,
    /// Runs that came before it was known who the partner is.
    unowned: Vec<(LogId, u64, Vec<u8>)>,
    /// Runs to be prepared, and their size.
    runs: (Vec<Run>, usize),
    /// What is prepared and waits for entries before it, by its first entry.
    waiting: [BTreeMap<u64, Prepared>; 2],
}

impl Loading {
    fn row(&mut self, row: Row, bytes: Vec<u8>) -> Result<(), Damaged> {
        match row {
            Row::Me => {
                let me = wire::decode(&bytes).ok_or_else(|| Damaged::at("who you are"))?;
                let node = self.node.insert(Node::empty(me));
                for (row, bytes) in std::mem::take(&mut self.early) {
                    node.load_row(row, &bytes)?;
                }
                self.own_runs()
            }
            Row::Run(log, from) => {
                self.unowned.push((log, from, bytes));
                self.own_runs()
            }
            row => {
                let Some(node) = &mut self.node else {
                    self.early.push((row, bytes));
                    return Ok(());
                };
                node.load_row(row, &bytes)?;
                self.own_runs()
            }
        }
    }

    /// Tells whose each run is, as soon as both people are known.
    fn own_runs(&mut self) -> Result<(), Damaged> {
        let Some(node) = &mut self.node else {
            return Ok(());
        };
        let Some(couple) = &node.couple else {
            return Ok(());
        };
        for (log, from, bytes) in self.unowned.drain(..) {
            let who = couple.owner(&log).ok_or_else(|| Damaged::at(ENTRIES))?;
            node.runs[who as usize].insert(from, bytes.len());
            self.runs.1 += bytes.len();
            self.runs.0.push((who, from, bytes));
        }
        Ok(())
    }

    /// Lets in what has been prepared, each entry after those it has seen.
    fn admit(&mut self, who: Who, prepared: Prepared) -> Result<(), Damaged> {
        let Some(couple) = self.node.as_mut().and_then(|node| node.couple.as_mut()) else {
            return Err(Damaged::at(ENTRIES));
        };
        let Some(first) = prepared.next() else {
            return Ok(());
        };
        if self.waiting[who as usize].insert(first, prepared).is_some() {
            return Err(Damaged::at(ENTRIES));
        }
        // An entry waits for one before it in its own book, or for what it has seen in the other's.
        let mut stuck = 0;
        while stuck < 2 {
            for who in [Who::Me, Who::Partner] {
                stuck += 1;
                if admit_waiting(couple, who, &mut self.waiting[who as usize])? {
                    stuck = 0;
                }
            }
        }
        Ok(())
    }

    /// Gives what has come to the other thread, and takes in what is ready there.
    fn hand_over<'a>(
        &mut self,
        threads: &'a Scope<'a, '_>,
        ahead: &mut Option<Ahead>,
    ) -> Result<(), Damaged> {
        let Some(couple) = self.node.as_ref().and_then(|node| node.couple.as_ref()) else {
            return Ok(());
        };
        let ahead = ahead.get_or_insert_with(|| {
            let id = couple.id;
            let books =
                [Who::Me, Who::Partner].map(|who| (couple.book(who).owner, couple.book(who).log));
            let (to, runs) = sync_channel::<Vec<Run>>(READ_AHEAD.1);
            let (ready, from) = channel();
            threads.spawn(move || {
                for ready_one in runs.into_iter().flat_map(|runs| prepare(id, &books, runs)) {
                    if ready.send(ready_one).is_err() {
                        return;
                    }
                }
            });
            Ahead { to, from }
        });
        let (runs, _) = std::mem::take(&mut self.runs);
        ahead.to.send(runs).map_err(|_| Damaged::at(ENTRIES))?;
        let ready: Vec<Ready> = ahead.from.try_iter().collect();
        for ready in ready {
            let (who, prepared) = ready?;
            self.admit(who, prepared)?;
        }
        Ok(())
    }

    fn end(self) -> Result<Node, Damaged> {
        let node = self
            .node
            .ok_or_else(|| Damaged::at("who you are is missing"))?;
        if !self.unowned.is_empty() {
            return Err(Damaged::at("the partner is missing"));
        }
        if self.waiting.iter().any(|waiting| !waiting.is_empty()) {
            return Err(Damaged::at(ENTRIES));
        }
        Ok(node)
    }
}

/// Lets entries in, in order, until one has to wait. Says whether any came in.
fn admit_waiting(
    couple: &mut Couple,
    who: Who,
    waiting: &mut BTreeMap<u64, Prepared>,
) -> Result<bool, Damaged> {
    let mut any = false;
    while let Some(mut first) = waiting.first_entry() {
        let prepared = first.get_mut();
        while let Some(n) = prepared.next() {
            match prepared.admit_next(couple, who) {
                Ok(new) => any |= new,
                Err(Refusal::Seen | Refusal::Reference | Refusal::Gap) => return Ok(any),
                Err(refused) => {
                    tracing::error!(%refused, n, "an entry on the disk is damaged");
                    return Err(Damaged::at(ENTRIES));
                }
            }
        }
        first.remove();
    }
    Ok(any)
}

/// Measures, hashes and reads runs; consecutive ones of one book together.
fn prepare(id: CoupleId, books: &[(PersonId, LogId); 2], runs: Vec<Run>) -> Vec<Ready> {
    let mut ready: Vec<Ready> = Vec::new();
    for (who, from, bytes) in runs {
        let run: Option<Vec<SealedEntry<&str>>> = wire::decode(&bytes);
        let Some(run) = run.filter(|run| run.first().is_some_and(|first| first.entry.n == from))
        else {
            ready.push(Err(Damaged::at(ENTRIES)));
            break;
        };
        if !matches!(ready.last(), Some(Ok((whose, before))) if *whose == who && before.end() == Some(from))
        {
            ready.push(Ok((who, Prepared::default())));
        }
        if let Some(Ok((_, prepared))) = ready.last_mut() {
            let (author, log) = &books[who as usize];
            for sealed in &run {
                prepared.push(id, *author, log, sealed);
            }
        }
    }
    ready
}

impl Node {
    /// A new home, and the row that makes it one.
    pub fn found(founding: Founding, entropy: &mut dyn Entropy) -> (Self, Vec<Write>) {
        let me = Me {
            person: PersonId(draw(entropy)),
            installation: InstallationId(draw(entropy)),
            name: founding.name,
            seal: founding.seal,
            link_seed: founding.link_seed,
            link: founding.link,
            listen: founding.listen,
            sharing: Shares::On,
        };
        let rows = vec![Write::Put(Row::Me, wire::encode(&me))];
        (Self::empty(me), rows)
    }

    /// The node that these rows describe, in whatever order they come. Every entry passes the gate again, and every
    /// chain is checked; another thread measures, hashes and reads ahead.
    ///
    /// # Errors
    /// [`Damaged`], naming what is damaged, or what `rows` gives; nothing is changed on the disk.
    pub fn load<E: From<Damaged>>(
        rows: impl IntoIterator<Item = Result<(Row, Vec<u8>), E>>,
    ) -> Result<Self, E> {
        let mut loading = Loading::default();
        std::thread::scope(|threads| {
            let mut ahead = None;
            for row in rows {
                let (row, bytes) = row?;
                loading.row(row, bytes)?;
                if loading.runs.1 >= READ_AHEAD.0 {
                    loading.hand_over(threads, &mut ahead)?;
                }
            }
            loading.hand_over(threads, &mut ahead)?;
            if let Some(Ahead { to, from }) = ahead {
                drop(to);
                for ready in from {
                    let (who, prepared) = ready?;
                    loading.admit(who, prepared)?;
                }
            }
            Ok(loading.end()?)
        })
    }

    fn load_row(&mut self, row: Row, bytes: &[u8]) -> Result<(), Damaged> {
        match row {
            Row::Pair => {
                self.paired = wire::decode::<Option<Paired>>(bytes)
                    .ok_or_else(|| Damaged::at("the partner"))?;
                self.couple = self
                    .paired
                    .as_ref()
                    .map(|paired| self.couple_of(&paired.bond));
            }
            Row::Acked => {
                self.acked =
                    wire::decode(bytes).ok_or_else(|| Damaged::at("what the partner has"))?
            }
            Row::Notices => {
                self.notices = wire::decode(bytes).ok_or_else(|| Damaged::at("notices"))?
            }
            Row::Kept(slot) => {
                let slot: Slot = slot.parse().map_err(|_| Damaged::at("kept words"))?;
                let kept: Kept = wire::decode(bytes).ok_or_else(|| Damaged::at("kept words"))?;
                self.kept.insert(slot, kept);
            }
            // Only a cache: how much it holds is noted, and it is opened by whoever needs it.
            Row::Snapshot(document) => {
                if let (Some((n, _)), Some(me)) =
                    (wire::decode::<(u64, Vec<u8>)>(bytes), Some(self.me.person))
                {
                    let who = if document == wire::Document::Book(me) {
                        Who::Me
                    } else {
                        Who::Partner
                    };
                    self.snapshots[who as usize] = n;
                }
            }
            Row::Me | Row::Run(..) => {}
        }
        Ok(())
    }

    pub(super) fn couple_of(&self, bond: &Bond) -> Couple {
        let partner = (bond.partner.person, bond.partner.installation);
        Couple::new(bond.couple, (self.me.person, self.me.installation), partner)
    }

    fn empty(me: Me) -> Self {
        Self {
            me,
            paired: None,
            couple: None,
            runs: [Runs::new(), Runs::new()],
            kept: BTreeMap::new(),
            acked: 0,
            notices: Vec::new(),
            told: BTreeSet::new(),
            snapshots: [0, 0],
            snapshot_under_way: false,
            run: [0; 16],
            addresses: Vec::new(),
            listen_failed: None,
            streams: BTreeMap::new(),
            current: None,
            superseded: BTreeSet::new(),
            forked: false,
            dial_at: None,
            dial_failures: 0,
            window: None,
            window_until: None,
            pair_answer_by: None,
            opening: None,
            pair_failed: None,
            subscribers: BTreeSet::new(),
            carrying: None,
            states: BTreeMap::new(),
            later: BTreeSet::new(),
            later_at: None,
            tidy_at: None,
            day_check: None,
            out: Out::default(),
        }
    }
}
