//! Drafts that both type in: who reads and writes them here, and how they lie on the disk (PROTOCOL §5).
//!
//! The entries are kept here; what text they make is asked of the loom, off the loop, one job after the other.

mod rows;
mod text;

use super::desk::Saying;
use super::link::Prefixes;
use super::{Client, Effect, Node, Now};
use crate::books::gate::{Refusal, Seals};
use crate::books::rows::{Row, Write};
use crate::draft::loom::Job;
use crate::draft::{Log, Owners};
use crate::keys::{Entropy, draw};
use rows::RawRun;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use troth_proto::api::{DraftLine, DraftList, DraftText};
use troth_proto::draft::{DraftForm, Edit, SealedDraft};
use troth_proto::ids::Who;
use troth_proto::notice::Notice;
use troth_proto::said::Spoken;
use troth_proto::said::draft::{Draft as Begins, DraftClosed, Title};
use troth_proto::{Body, DraftId, Hash, Problem, limits};
use zeroize::Zeroizing;

/// The drafts that are open.
#[derive(Default)]
pub(super) struct Drafts {
    pub open: BTreeMap<DraftId, Draft>,
    /// What the loom was asked and has not answered, by number.
    asked: BTreeMap<u64, Asked>,
    last: u64,
    /// Runs that were read, until the books are there.
    pub read: Vec<RawRun>,
}

/// One of them.
pub(super) struct Draft {
    pub log: Log,
    /// Rows on the disk, and their sizes.
    runs: BTreeMap<u64, u32>,
    /// Rows that hold something that was not let in: they stay as they are.
    damaged: BTreeSet<u64>,
    /// How many entries are on the disk.
    saved: usize,
    /// How many were handed to the loom, if it holds this one.
    woven: Option<usize>,
    /// More is being woven in.
    weaving: bool,
    /// Those who wait for the text.
    readers: Vec<Reader>,
    /// Clients that are told what is typed, and at which tips they were told last.
    followers: BTreeMap<Client, Follower>,
    /// What the partner's disk is believed to hold.
    pub believed: Prefixes,
}

struct Follower {
    at: Vec<Hash>,
    /// Something is being told.
    asked: bool,
}

#[derive(Clone)]
struct Reader {
    client: Client,
    id: u64,
    /// The tips at which the text was read; none for the whole text.
    since: Option<Vec<Hash>>,
    follows: bool,
    /// Whether it was asked once before.
    again: bool,
}

enum Asked {
    Add(DraftId),
    Read(DraftId, Reader),
    /// What a follower is told, of what changed since he was told last.
    Tell(DraftId, Client, Vec<Hash>),
    Edit(DraftId, Typing),
    Save(DraftId, Client, u64),
    Drop,
}

struct Typing {
    client: Client,
    id: u64,
    at: Vec<Hash>,
    edits: Zeroizing<Vec<ZeroEdit>>,
    /// Whether it was asked once before.
    again: bool,
}

/// An edit whose words are emptied.
#[derive(Clone)]
struct ZeroEdit(Edit);

impl zeroize::Zeroize for ZeroEdit {
    fn zeroize(&mut self) {
        self.0.insert.zeroize();
    }
}

impl Drafts {
    /// What was typed in each.
    pub(super) fn logs(&self) -> impl Iterator<Item = (&DraftId, &Log)> {
        self.open.iter().map(|(id, it)| (id, &it.log))
    }
}

/// What came of entries.
#[derive(Debug, Default)]
pub(super) struct CameIn {
    pub new: usize,
    /// Those of them in the looker's own name.
    pub own: usize,
}

impl Draft {
    fn new(id: DraftId) -> Self {
        Self {
            log: Log::new(id),
            runs: BTreeMap::new(),
            damaged: BTreeSet::new(),
            saved: 0,
            woven: None,
            weaving: false,
            readers: Vec::new(),
            followers: BTreeMap::new(),
            believed: Prefixes::default(),
        }
    }

    fn next_run(&self) -> u64 {
        self.runs.last_key_value().map_or(1, |(run, _)| run + 1)
    }

    /// Whether the partner's disk has everything written here.
    pub(super) fn partner_has_all(&self) -> bool {
        let mut ends = self.log.ends(Who::Me);
        ends.all(|place| self.believed.holds(place))
    }
}

impl Node {
    pub(super) fn owners(&self) -> Result<Owners, Problem> {
        let couple = self.couple.as_ref().ok_or(Problem::NotPaired)?;
        Ok(couple.owners())
    }

    /// The open draft that is meant, by its name or the first letters of it.
    fn draft_named(&self, name: &str) -> Result<DraftId, Problem> {
        self.bound()?;
        let mut found = self.drafts.open.keys().filter(|id| {
            let hex = id.hex();
            name.len() >= 4 && hex.starts_with(name)
        });
        match (found.next(), found.next()) {
            (Some(id), None) => Ok(*id),
            (None, _) => Err(Problem::NoSuch { what: name.into() }),
            _ => Err(Problem::NotUnique { what: name.into() }),
        }
    }

    pub(super) fn draft_new(
        &mut self,
        now: Now,
        entropy: &mut dyn Entropy,
        form: DraftForm,
        title: String,
    ) -> Result<Value, Problem> {
        self.bound()?;
        if self.drafts_begun_by(Who::Me) >= limits::DRAFTS {
            return Err(Problem::TooManyDrafts);
        }
        let title = Title {
            title: title.trim().to_owned(),
        };
        if title.title.is_empty() {
            return Err(Problem::NothingSaid);
        }
        let words = title.write(&Self::blind(entropy)).ok_or(Problem::TooLong)?;
        let draft = DraftId(draw(entropy));
        let begins = Saying::plain(Body::Draft(Begins { draft, form }));
        self.say(entropy, begins.on(now).words(words))?;
        Ok(serde_json::json!({"draft": draft}))
    }

    pub(super) fn draft_close(
        &mut self,
        entropy: &mut dyn Entropy,
        name: &str,
    ) -> Result<Value, Problem> {
        let draft = self.draft_named(name)?;
        let couple = self.couple.as_ref().ok_or(Problem::NotPaired)?;
        let thread = couple.draft(&draft).ok_or(Problem::Internal)?;
        let both = thread.closed[Who::Partner as usize];
        let begun: Vec<Hash> = thread
            .beginning()
            .map(|(hash, _)| hash)
            .into_iter()
            .collect();
        if !thread.closed[Who::Me as usize] {
            let closed = Saying::plain(Body::DraftClosed(DraftClosed { draft }));
            self.say(entropy, closed.seen(begun))?;
        }
        Ok(serde_json::json!({"draft": draft, "closed_by_both": both}))
    }

    /// What an open draft is called; nothing once it is gone.
    pub(super) fn draft_title(&self, id: &DraftId) -> Option<String> {
        self.drafts.open.get(id)?;
        let couple = self.couple.as_ref()?;
        let (hash, _) = couple.draft(id)?.beginning()?;
        let title = couple
            .find(&hash)?
            .1
            .words()
            .and_then(<Title as Spoken>::read);
        title.map(|it| it.title)
    }

    pub(super) fn draft_list(&self) -> Result<DraftList, Problem> {
        let (_, couple) = self.bound()?;
        let line = |id: &DraftId| {
            let thread = couple.draft(id)?;
            let (hash, begun_by) = thread.beginning()?;
            let (_, said) = couple.find(&hash)?;
            let it = said.read()?;
            let Body::Draft(begins) = it.body else {
                return None;
            };
            Some(DraftLine {
                draft: *id,
                form: begins.form,
                title: self.draft_title(id).unwrap_or_default(),
                begun_by,
                begun_on: it.on,
                closed_by: [Who::Me, Who::Partner]
                    .into_iter()
                    .filter(|who| thread.closed[*who as usize])
                    .collect(),
            })
        };
        let mut drafts: Vec<DraftLine> = self.drafts.open.keys().filter_map(line).collect();
        drafts
            .sort_by(|a, b| (a.begun_on, &a.title, a.draft).cmp(&(b.begun_on, &b.title, b.draft)));
        let gone = |about: &String| {
            let draft = troth_proto::draft::was_typed_for(about);
            draft.is_some_and(|draft| !self.drafts.open.contains_key(&draft))
        };
        let typed = self.unsaid_abouts().filter(|it| gone(it)).cloned();
        let typed = typed.collect();
        Ok(DraftList { drafts, typed })
    }

    /// Whoever has closed a draft types in it no more.
    fn is_open_for_me(&self, draft: &DraftId) -> Result<(), Problem> {
        let couple = self.couple.as_ref().ok_or(Problem::NotPaired)?;
        let closed = couple.draft(draft).map(|it| it.closed[Who::Me as usize]);
        match closed {
            Some(true) => Err(Problem::DraftIsClosed),
            _ => Ok(()),
        }
    }

    /// What all open drafts may still cost, of so much.
    fn room_for_drafts(&self, most: u64) -> [u64; 2] {
        [Who::Me, Who::Partner].map(|who| {
            let all = self.drafts.open.values();
            let all: u64 = all.map(|it| it.log.cost()[who as usize]).sum();
            most.saturating_sub(all)
        })
    }

    /// Who began a draft.
    fn begun_by(&self, draft: &DraftId) -> Option<Who> {
        let couple = self.couple.as_ref()?;
        couple.draft(draft)?.beginning().map(|(_, who)| who)
    }

    fn drafts_begun_by(&self, who: Who) -> usize {
        let all = self.drafts.open.keys();
        all.filter(|draft| self.begun_by(draft) == Some(who))
            .count()
    }

    /// Whether a draft that has begun is followed: nobody keeps the other from beginning one.
    fn follows(&self, draft: &DraftId) -> bool {
        let by = self.begun_by(draft);
        by.is_some_and(|who| self.drafts_begun_by(who) < limits::DRAFTS)
    }

    /// Entries of a draft, from whatever way. Those of a closed one are passed over. `sealed`: whether seals are asked of
    /// what is in the looker's name.
    pub(super) fn take_drafted(
        &mut self,
        draft: &DraftId,
        entries: &[SealedDraft],
        sealed: bool,
    ) -> Result<CameIn, Refusal> {
        let couple = self.couple.as_ref().ok_or(Refusal::Document)?;
        let thread = couple.draft(draft).ok_or(Refusal::Document)?;
        if thread.is_closed() {
            return Ok(CameIn::default());
        }
        let owners = self.owners().map_err(|_| Refusal::Document)?;
        let room = self.room_for_drafts(limits::DRAFTS_BYTES);
        let seals = self.me.seals_asked(Who::Me).filter(|_| sealed);
        let Some(it) = self.drafts.open.get_mut(draft) else {
            // More drafts than are followed: a file that holds one of them is taken without it.
            return Ok(CameIn::default());
        };
        let before = it.log.len();
        let keys: Option<&Seals<'_>> = seals.as_ref();
        it.log.admit(&owners, keys, entries, (room, 0))?;
        let new = before..it.log.len();
        let own = new.clone().filter(|i| it.log.whose(*i) == Who::Me).count();
        let new = new.len();
        self.out.drafts.insert(*draft);
        Ok(CameIn { new, own })
    }

    /// Begins to follow drafts that have begun, and takes off the disk those that both have closed.
    pub(super) fn settle_drafts(&mut self, now: Now, entropy: &mut dyn Entropy) {
        let mut touched: Vec<DraftId> = self.out.drafts.iter().copied().collect();
        // What closes makes room for what begins.
        touched.sort_by_key(|draft| {
            let thread = self.couple.as_ref().and_then(|it| it.draft(draft));
            thread.is_some_and(|it| !it.is_closed())
        });
        for draft in touched {
            let Some(thread) = self.couple.as_ref().and_then(|couple| couple.draft(&draft)) else {
                // A request that failed began it.
                self.drafts.open.remove(&draft);
                continue;
            };
            if thread.is_closed() {
                self.draft_ends(now, draft);
                self.slip_in_what_was_kept(now, entropy);
                self.forget_what_is_due(now, entropy);
            } else if !self.drafts.open.contains_key(&draft) && self.follows(&draft) {
                self.drafts.open.insert(draft, Draft::new(draft));
                self.say_draft_have(draft);
            }
            self.weave(draft);
        }
    }

    /// Both have closed it: in this save its entries go. What of one's own the partner never had is kept here.
    fn draft_ends(&mut self, now: Now, draft: DraftId) {
        let Some(mut it) = self.drafts.open.remove(&draft) else {
            return;
        };
        if let Ok(owners) = self.owners() {
            let own = it.log.own_without(&owners, &it.believed.past());
            if !own.is_empty() {
                self.keep_of_draft(&draft, &own);
                self.notice(Notice::DraftKept { draft });
            }
        }
        for run in it.runs.keys() {
            let row = Row::Draft(draft, *run);
            self.out.writes.push(Write::Drop(row));
        }
        for reader in std::mem::take(&mut it.readers) {
            self.answer_with(reader.client, reader.id, Problem::DraftIsClosed);
        }
        for client in it.followers.keys() {
            let change = DraftText {
                draft,
                at: Vec::new(),
                text: None,
                edits: Vec::new(),
                closed: true,
            };
            let client = *client;
            self.out.effects.push(Effect::Follow { client, change });
        }
        if it.woven.is_some() {
            self.ask_loom(Job::Drop(draft), Asked::Drop);
        }
        self.erase_soon(now);
        self.out.told = true;
    }
}
