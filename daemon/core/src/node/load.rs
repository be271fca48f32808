//! A node from nothing, or from the rows on the disk.

use super::{Kept, Me, Node, Out, Paired, Runs, Shares};
use crate::book::Couple;
use crate::gate::{self, Prepared, Refusal};
use crate::keys::{Entropy, Key, draw};
use crate::pairing::Bond;
use crate::rows::{Row, Write};
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::mpsc::{Receiver, sync_channel};
use troth_proto::ids::Who;
use troth_proto::pairing::LinkId;
use troth_proto::wire::{self, LogId, SealedEntry};
use troth_proto::{CoupleId, InstallationId, PersonId, Slot};

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

const ENTRIES: Damaged = Damaged("entries");

type Run = Result<VecDeque<Prepared>, Damaged>;

/// Bytes of entries handed from one thread to the other at a time.
const READ_AHEAD: usize = 128 * 1024;

/// The entries of one book, as far as they have been read ahead.
struct Ahead {
    receiver: Receiver<Run>,
    waiting: VecDeque<Prepared>,
}

impl Ahead {
    /// The next entry; none at the end.
    fn next(&mut self) -> Result<Option<&mut Prepared>, Damaged> {
        while self.waiting.is_empty() {
            match self.receiver.recv() {
                Ok(run) => self.waiting = run?,
                Err(_) => return Ok(None),
            }
        }
        Ok(self.waiting.front_mut())
    }
}

fn prepare_run(
    couple: CoupleId,
    author: PersonId,
    log: &LogId,
    (from, bytes): &(u64, Vec<u8>),
) -> Run {
    let run: Vec<SealedEntry> = wire::decode(bytes).ok_or(ENTRIES)?;
    if run.first().is_none_or(|first| first.entry.n != *from) {
        return Err(ENTRIES);
    }
    Ok(run
        .into_iter()
        .map(|sealed| gate::prepare(couple, author, log, sealed))
        .collect())
}

fn admit_all(couple: &mut Couple, ahead: &mut [Ahead]) -> Result<(), Damaged> {
    let mut stuck = 0;
    while stuck < 2 {
        for (who, book) in [Who::Me, Who::Partner].into_iter().zip(&mut *ahead) {
            stuck += 1;
            while let Some(next) = book.next()? {
                let (n, before) = (next.n(), couple.length(who));
                match gate::admit_prepared(couple, who, next) {
                    Ok(true) => {
                        book.waiting.pop_front();
                        stuck = 0;
                    }
                    // It has seen something of the other's that is still to be read.
                    Err(Refusal::Seen | Refusal::Reference) => {
                        couple.truncate(who, before);
                        break;
                    }
                    refused => {
                        tracing::error!(?refused, n, "an entry on the disk is damaged");
                        return Err(ENTRIES);
                    }
                }
            }
        }
    }
    for book in ahead {
        if book.next()?.is_some() {
            return Err(ENTRIES);
        }
    }
    Ok(())
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

    /// The node that these rows describe. Every entry passes the gate again, and every chain is checked.
    ///
    /// # Errors
    /// [`Damaged`], naming what is damaged; nothing is changed on the disk.
    pub fn load(rows: Vec<(Row, Vec<u8>)>) -> Result<Self, Damaged> {
        let mut runs: BTreeMap<(LogId, u64), Vec<u8>> = BTreeMap::new();
        let mut others = Vec::new();
        let mut node = None;
        for (row, bytes) in rows {
            match row {
                Row::Me => {
                    node = Some(Self::empty(
                        wire::decode(&bytes).ok_or(Damaged("who you are"))?,
                    ))
                }
                Row::Run(log, from) => {
                    runs.insert((log, from), bytes);
                }
                row => others.push((row, bytes)),
            }
        }
        let mut node = node.ok_or(Damaged("who you are is missing"))?;
        for (row, bytes) in others {
            node.load_row(row, &bytes)?;
        }
        if let Some(paired) = &node.paired {
            node.couple = Some(node.couple_of(&paired.bond));
            node.load_runs(runs)?;
        } else if !runs.is_empty() {
            return Err(Damaged("the partner is missing"));
        }
        Ok(node)
    }

    fn load_row(&mut self, row: Row, bytes: &[u8]) -> Result<(), Damaged> {
        match row {
            Row::Pair => {
                self.paired = wire::decode::<Option<Paired>>(bytes).ok_or(Damaged("the partner"))?
            }
            Row::Acked => {
                self.acked = wire::decode(bytes).ok_or(Damaged("what the partner has"))?
            }
            Row::Notices => self.notices = wire::decode(bytes).ok_or(Damaged("notices"))?,
            Row::Kept(slot) => {
                let slot: Slot = slot.parse().map_err(|_| Damaged("kept words"))?;
                let kept: Kept = wire::decode(bytes).ok_or(Damaged("kept words"))?;
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

    /// Reads both logs, each entry after those it has seen. One thread a book measures, hashes and reads ahead, a few
    /// runs at a time.
    fn load_runs(&mut self, rows: BTreeMap<(LogId, u64), Vec<u8>>) -> Result<(), Damaged> {
        let Some(couple) = &mut self.couple else {
            return Err(ENTRIES);
        };
        let mut books: [Vec<(u64, Vec<u8>)>; 2] = Default::default();
        for ((log, from), bytes) in rows {
            let who = couple.owner(&log).ok_or(ENTRIES)?;
            self.runs[who as usize].insert(from, bytes.len());
            books[who as usize].push((from, bytes));
        }
        let id = couple.id;
        let about =
            [Who::Me, Who::Partner].map(|who| (couple.book(who).owner, couple.book(who).log));
        std::thread::scope(|threads| {
            let mut ahead: Vec<Ahead> = Vec::new();
            for (runs, (author, log)) in books.into_iter().zip(about) {
                let (sender, receiver) = sync_channel(2);
                threads.spawn(move || {
                    let (mut some, mut bytes) = (VecDeque::new(), 0);
                    for run in runs {
                        bytes += run.1.len();
                        match prepare_run(id, author, &log, &run) {
                            Ok(prepared) => some.extend(prepared),
                            Err(damaged) => return drop(sender.send(Err(damaged))),
                        }
                        if bytes >= READ_AHEAD
                            && sender.send(Ok(std::mem::take(&mut some))).is_err()
                        {
                            return;
                        }
                        bytes %= READ_AHEAD;
                    }
                    let _ = sender.send(Ok(some));
                });
                ahead.push(Ahead {
                    receiver,
                    waiting: VecDeque::new(),
                });
            }
            admit_all(couple, &mut ahead)
        })
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
            snapshots: [0, 0],
            snapshot_under_way: false,
            run: [0; 16],
            addresses: Vec::new(),
            streams: BTreeMap::new(),
            current: None,
            superseded: BTreeSet::new(),
            forked: false,
            dial_at: None,
            dial_failures: 0,
            window: None,
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
