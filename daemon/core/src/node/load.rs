//! A node from nothing, or from the rows on the disk: with what is sound, whatever is not (DESIGN §6).

use super::desk::{Desk, Kept, Local};
use super::disk::{Disk, NoticesText, Run};
use super::{Bonds, Known, Me, Node, Out, Shares};
use crate::books::couple::Couple;
use crate::books::gate::Prepared;
use crate::books::rows::{Row, Write};
use crate::keys::{Entropy, Key, draw};
use std::collections::BTreeSet;
use std::sync::mpsc::{Receiver, SyncSender, channel, sync_channel};
use std::thread::Scope;
use troth_proto::draft::SealedDraft;
use troth_proto::ids::Who;
use troth_proto::notice::Notice;
use troth_proto::wire::{self, Document, Mark, SealedEntry};
use troth_proto::{CoupleId, Hash, PersonId, Problem, Slot};

/// What `init` settles.
pub struct Founding {
    /// The name the partner will see.
    pub name: String,
    /// Who it is; a new person if none.
    pub person: Option<PersonId>,
    /// The keys of the author's seals, from the recovery words, the one in use first.
    pub seals: Vec<Key>,
    /// The recovery words' public half.
    pub words_public: Hash,
    /// The seed of the long-term link key.
    pub link_seed: Key,
    /// Where to listen.
    pub listen: Option<String>,
    /// Whether the router is asked to let connections in.
    pub mapping: bool,
}

/// What comes off the disk.
pub enum Loadable {
    /// A row that opened.
    Row(Row, Vec<u8>),
    /// One that did not.
    Unreadable,
    /// The rows do not add up: an old one was put back, or one is gone.
    DoesNotAddUp,
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

/// Bytes of entries handed from one thread to the other at a time, and how many such parts may wait.
const READ_AHEAD: (usize, usize) = (128 * 1024, 4);

/// A run as it stands on the disk: whose, its number, and its bytes.
type Raw = (Who, u64, Vec<u8>);

/// Entries of one run, measured, hashed and read; none if the run holds none.
type Ready = (Who, Run, u64, Option<Prepared>);

/// The thread that prepares: what it is given, and what it gives back.
struct Ahead {
    to: SyncSender<Vec<Raw>>,
    from: Receiver<Ready>,
}

/// A node while its rows come from the disk, in any order.
#[derive(Default)]
struct Loading {
    node: Option<Node>,
    /// Rows that came before it was known who I am.
    early: Vec<(Row, Vec<u8>)>,
    /// Runs that came before it was known whose they are.
    unowned: Vec<(Document, u64, Vec<u8>)>,
    /// Runs to be prepared, and their size.
    runs: (Vec<Raw>, usize),
    /// Parts that could not be read.
    damaged: u64,
    adds_up: bool,
}

impl Loading {
    fn row(&mut self, row: Row, bytes: Vec<u8>) {
        match row {
            Row::Me => match wire::decode(&bytes) {
                Some(me) => {
                    let node = self.node.insert(Node::empty(me));
                    for (row, bytes) in std::mem::take(&mut self.early) {
                        self.damaged += u64::from(!node.load_row(row, &bytes));
                    }
                }
                None => self.damaged += 1,
            },
            Row::Run(document, run) => self.unowned.push((document, run, bytes)),
            row => match &mut self.node {
                Some(node) => self.damaged += u64::from(!node.load_row(row, &bytes)),
                None => self.early.push((row, bytes)),
            },
        }
        self.own_runs();
    }

    /// Tells whose each run is, as soon as both people are known.
    fn own_runs(&mut self) {
        let couple = self.node.as_ref().and_then(|node| node.couple.as_ref());
        let Some(couple) = couple else { return };
        for (document, run, bytes) in self.unowned.drain(..) {
            match couple.owner(&document) {
                Some(who) => {
                    self.runs.1 += bytes.len();
                    self.runs.0.push((who, run, bytes));
                }
                None => self.damaged += 1,
            }
        }
    }

    /// Lets in what has been prepared, each entry after those it is written on and has seen.
    fn admit(&mut self, (who, known, run, prepared): Ready) {
        let Some(node) = &mut self.node else { return };
        node.disk.runs.insert(run, known);
        match prepared {
            Some(mut prepared) => {
                prepared.run = run;
                node.disk.aside.push((who, prepared));
            }
            None => self.damaged += 1,
        }
        self.damaged += node.admit_aside(false);
    }

    /// Gives what has come to the other thread, and takes in what is ready there.
    fn hand_over<'a>(&mut self, threads: &'a Scope<'a, '_>, ahead: &mut Option<Ahead>) {
        let Some(couple) = self.node.as_ref().and_then(|node| node.couple.as_ref()) else {
            return;
        };
        let ahead = ahead.get_or_insert_with(|| {
            let id = couple.id;
            let owners = [Who::Me, Who::Partner].map(|who| couple.book(who).owner);
            let (to, runs) = sync_channel::<Vec<Raw>>(READ_AHEAD.1);
            let (ready, from) = channel();
            let work = move || {
                for raw in runs.into_iter().flatten() {
                    if ready.send(prepare(id, &owners, raw)).is_err() {
                        return;
                    }
                }
            };
            #[cfg(any(test, feature = "sim"))]
            let work = troth_proto::assertion::older::carried_on(work);
            threads.spawn(work);
            Ahead { to, from }
        });
        let (runs, _) = std::mem::take(&mut self.runs);
        // Ends only with the thread: then nothing is ready any more either.
        let _ = ahead.to.send(runs);
        let ready: Vec<Ready> = ahead.from.try_iter().collect();
        for ready in ready {
            self.admit(ready);
        }
    }

    fn end(mut self) -> Result<Node, Damaged> {
        self.damaged += self.unowned.len() as u64;
        let mut node = self
            .node
            .ok_or_else(|| Damaged::at("who you are is missing"))?;
        self.damaged += node.admit_aside(true);
        self.damaged += node.load_drafts();
        let waiting: BTreeSet<u64> = node.disk.aside.iter().map(|(_, p)| p.run).collect();
        for (run, known) in &mut node.disk.runs {
            known.waits = waiting.contains(run);
        }
        node.believe_what_was_read();
        if self.damaged > 0 {
            tracing::error!(parts = self.damaged, "parts of the file cannot be read");
            let parts = self.damaged;
            node.notice(Notice::Damaged { parts });
        } else if !self.adds_up {
            tracing::warn!("the rows of the file do not add up");
            node.notice(Notice::OlderPart);
        }
        Ok(node)
    }
}

/// Measures, hashes and reads a run.
fn prepare(id: CoupleId, owners: &[PersonId; 2], (who, run, bytes): Raw) -> Ready {
    let entries: Option<Vec<SealedEntry<&str>>> = wire::decode(&bytes);
    let prepared = entries.map(|entries| {
        let mut prepared = Prepared::default();
        for sealed in &entries {
            prepared.push(id, owners[who as usize], sealed);
        }
        prepared
    });
    let known = Run {
        whose: who,
        bytes: bytes.len() as u32,
        waits: false,
        damaged: false,
    };
    (who, known, run, prepared)
}

impl Node {
    /// A new home, and the row that makes it one.
    pub fn found(founding: Founding, entropy: &mut dyn Entropy) -> (Self, Vec<Write>) {
        let me = Me {
            person: founding.person.unwrap_or_else(|| PersonId(draw(entropy))),
            name: founding.name,
            seals: founding.seals,
            words_public: founding.words_public,
            link_seed: founding.link_seed,
            listen: founding.listen,
            sharing: Shares::On,
            mapping: founding.mapping,
            as_partner_has_it: false,
        };
        let rows = vec![Write::Put(Row::Me, wire::encode(&me))];
        (Self::empty(me), rows)
    }

    /// The node that these rows describe, in whatever order they come. Every entry passes the gate again; another thread
    /// measures, hashes and reads ahead. What cannot be read is left out and told; what waits for it is kept.
    ///
    /// # Errors
    /// [`Damaged`] if it cannot even be told whose home it is, or what `rows` gives; nothing is changed on the disk.
    pub fn load<E: From<Damaged>>(
        rows: impl IntoIterator<Item = Result<Loadable, E>>,
    ) -> Result<Self, E> {
        let mut loading = Loading {
            adds_up: true,
            ..Loading::default()
        };
        std::thread::scope(|threads| {
            let mut ahead = None;
            for row in rows {
                match row? {
                    Loadable::Row(row, bytes) => loading.row(row, bytes),
                    Loadable::Unreadable => loading.damaged += 1,
                    Loadable::DoesNotAddUp => loading.adds_up = false,
                }
                if loading.runs.1 >= READ_AHEAD.0 {
                    loading.hand_over(threads, &mut ahead);
                }
            }
            loading.hand_over(threads, &mut ahead);
            if let Some(Ahead { to, from }) = ahead {
                drop(to);
                for ready in from {
                    loading.admit(ready);
                }
            }
            Ok(loading.end()?)
        })
    }

    /// Lets in what can be let in of what was read; with `all`, also what comes after one that cannot. Says how many
    /// runs hold something that no gate lets in.
    fn admit_aside(&mut self, all: bool) -> u64 {
        let mut damaged = 0;
        let mut again = true;
        while again {
            again = false;
            for (who, prepared) in &mut self.disk.aside {
                let Some(couple) = &mut self.couple else {
                    return damaged;
                };
                match prepared.admit(couple, *who, None, all) {
                    Ok(came) => again |= came.new > 0,
                    Err(refusal) => {
                        tracing::error!(%refusal, "an entry on the disk is damaged");
                        damaged += 1;
                        if let Some(run) = self.disk.runs.get_mut(&prepared.run) {
                            run.damaged = true;
                        }
                        prepared.pass_over();
                        again = true;
                    }
                }
            }
            self.disk.aside.retain(|(_, prepared)| !prepared.is_done());
        }
        damaged
    }

    /// Takes a row in. Says whether it holds what it must.
    fn load_row(&mut self, row: Row, bytes: &[u8]) -> bool {
        fn into<T: serde::de::DeserializeOwned>(to: &mut T, bytes: &[u8]) -> bool {
            let read = wire::decode(bytes);
            let fits = read.is_some();
            if let Some(read) = read {
                *to = read;
            }
            fits
        }
        match row {
            Row::Couple => {
                let fits = into::<Option<Known>>(&mut self.known, bytes);
                self.begin_books();
                fits
            }
            Row::Pair => into::<Bonds>(&mut self.bonds, bytes),
            Row::Acked => into::<Vec<Mark>>(&mut self.link.read_marks, bytes),
            Row::Local => {
                let local = &mut self.desk.local;
                // One of before lacks its end: nothing is known of the private pages' file, the desktop says nothing, no repair
                // was closed.
                let lacks = [&[][..], &[0], &[0, 0], &[0, 0, 0]];
                lacks
                    .iter()
                    .any(|end| into::<Local>(local, &[bytes, end].concat()))
            }
            Row::Unsaid => into::<Vec<(String, String)>>(&mut self.desk.unsaid, bytes),
            Row::Notices => match wire::decode::<NoticesText>(bytes) {
                Some(text) => {
                    self.desk.notices = text.read();
                    true
                }
                None => false,
            },
            Row::Kept(slot) => match (slot.parse::<Slot>(), wire::decode::<Kept>(bytes)) {
                (Ok(slot), Some(kept)) => {
                    self.desk.kept.insert(slot, kept);
                    true
                }
                _ => false,
            },
            Row::Draft(draft, run) => match wire::decode::<Vec<SealedDraft>>(bytes) {
                Some(entries) => {
                    self.drafts.read.push((draft, run, entries));
                    true
                }
                None => false,
            },
            Row::Opened(page) => match wire::decode(bytes) {
                Some(marks) => {
                    self.desk.marks.load(page, marks);
                    true
                }
                None => false,
            },
            Row::Me | Row::Run(..) | Row::Ledger => true,
        }
    }

    /// Two empty books, once it is known whose.
    pub(super) fn begin_books(&mut self) {
        let books = |known: &Known| {
            let record = known.record;
            Couple::new(record.couple, self.me.person, record.partner)
        };
        self.couple = self.known.as_ref().map(books);
        self.desk.repairs = None;
        self.waiting_anew();
    }

    fn empty(me: Me) -> Self {
        Self {
            me,
            known: None,
            bonds: Bonds::default(),
            couple: None,
            desk: Desk::default(),
            disk: Disk::default(),
            link: Default::default(),
            dial: Default::default(),
            calls: Default::default(),
            mapping: Default::default(),
            window: Default::default(),
            carrying: Default::default(),
            drafts: Default::default(),
            forgetting: Default::default(),
            away: Default::default(),
            private: Default::default(),
            notify: Default::default(),
            subscribers: BTreeSet::new(),
            unsaved: false,
            device: None,
            calendar: None,
            away_looked_at: None,
            run: [0; 16],
            out: Out::default(),
        }
    }
}
