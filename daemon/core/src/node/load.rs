//! A node from nothing, or from the rows on the disk.

use super::{Kept, Me, Node, Out, Paired, Runs, Shares};
use crate::book::Couple;
use crate::gate::{self, Refusal};
use crate::keys::{Entropy, Key, draw};
use crate::pairing::Bond;
use crate::rows::{Row, Write};
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use troth_proto::ids::Who;
use troth_proto::pairing::LinkId;
use troth_proto::wire::{self, LogId, SealedEntry};
use troth_proto::{InstallationId, PersonId, Slot};

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

    /// Reads both logs, each entry after those it has seen.
    fn load_runs(&mut self, rows: BTreeMap<(LogId, u64), Vec<u8>>) -> Result<(), Damaged> {
        const WHAT: Damaged = Damaged("entries");
        let Some(couple) = &mut self.couple else {
            return Err(WHAT);
        };
        let mut queues: [VecDeque<SealedEntry>; 2] = Default::default();
        for ((log, from), bytes) in rows {
            let who = couple.owner(&log).ok_or(WHAT)?;
            let run: Vec<SealedEntry> = wire::decode(&bytes).ok_or(WHAT)?;
            let next = queues[who as usize]
                .back()
                .map_or(1, |last| last.entry.n + 1);
            if from != next || run.first().is_none_or(|first| first.entry.n != from) {
                return Err(WHAT);
            }
            self.runs[who as usize].insert(from, bytes.len());
            queues[who as usize].extend(run);
        }
        let mut stuck = 0;
        while stuck < 2 {
            for who in [Who::Me, Who::Partner] {
                stuck += 1;
                while let Some(next) = queues[who as usize].front() {
                    let log = couple.book(who).log;
                    match gate::admit(couple, who, &log, std::slice::from_ref(next)) {
                        Ok(_) => {
                            queues[who as usize].pop_front();
                            stuck = 0;
                        }
                        // It has seen something of the other's that is still to be read.
                        Err(Refusal::Seen | Refusal::Reference) => break,
                        Err(refusal) => {
                            tracing::error!(%refusal, n = next.entry.n, "an entry on the disk is damaged");
                            return Err(WHAT);
                        }
                    }
                }
            }
        }
        if queues.iter().all(VecDeque::is_empty) {
            Ok(())
        } else {
            Err(WHAT)
        }
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
