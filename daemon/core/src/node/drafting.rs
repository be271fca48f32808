//! Drafts that both type in: who reads and writes them here, and how they lie on the disk (PROTOCOL §5).
//!
//! The entries are kept here; what text they make is asked of the loom, off the loop, one job after the other.

use super::desk::Saying;
use super::link::Prefixes;
use super::{Client, Effect, Node, Now};
use crate::books::gate::{self, Refusal, Seals};
use crate::books::rows::{Row, Write};
use crate::draft::loom::{Job, Text, Woven};
use crate::draft::{Log, Owners, Part};
use crate::keys::{Entropy, draw};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use troth_proto::api::{DraftLine, DraftList, DraftText};
use troth_proto::draft::{DraftEntry, DraftForm, Edit, SealedDraft, Typed};
use troth_proto::ids::Who;
use troth_proto::notice::Notice;
use troth_proto::said::Spoken;
use troth_proto::said::draft::{Draft as Begins, DraftClosed, Title};
use troth_proto::{Body, DraftId, Hash, Problem, limits, wire};
use zeroize::Zeroizing;

/// A row as it came off the disk: which draft's, its number, and what it holds.
type RawRun = (DraftId, u64, Vec<SealedDraft>);

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

/// A run that is shorter than this is merged with others in quiet times; so many short ones are left alone.
const LONG: u32 = 64 * 1024;
const FEW: usize = 16;

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

    /// The text as it is; with `follow`, the client is told from now on what is typed.
    pub(super) fn draft_read(
        &mut self,
        (client, id): (Client, u64),
        name: &str,
        since: Option<Vec<Hash>>,
        follows: bool,
    ) -> Result<(), Problem> {
        let draft = self.draft_named(name)?;
        let followed = self.drafts.open.values();
        let followed: usize = followed.map(|draft| draft.followers.len()).sum();
        if follows && followed >= limits::FOLLOWERS {
            return Err(Problem::TooManyClients);
        }
        self.wait_for_text(
            draft,
            Reader {
                client,
                id,
                since,
                follows,
                again: false,
            },
        );
        Ok(())
    }

    fn wait_for_text(&mut self, draft: DraftId, reader: Reader) {
        if let Some(it) = self.drafts.open.get_mut(&draft) {
            it.readers.push(reader);
        }
        self.weave(draft);
    }

    /// What a person types here. What it means is asked of the loom; then it is written.
    pub(super) fn draft_edit(
        &mut self,
        (client, id): (Client, u64),
        name: &str,
        at: Vec<Hash>,
        edits: Vec<Edit>,
    ) -> Result<(), Problem> {
        let draft = self.draft_named(name)?;
        self.is_open_for_me(&draft)?;
        let fits = |edit: &Edit| limits::text_fits(&edit.insert, limits::DRAFT_OPS);
        if edits.len() > limits::EDITS || at.len() > limits::MARKS || !edits.iter().all(fits) {
            return Err(Problem::TooLong);
        }
        let size = |edit: &Edit| edit.delete as usize + edit.insert.chars().count();
        let more: usize = edits.iter().map(size).sum();
        let it = self.drafts.open.get(&draft).ok_or(Problem::Internal)?;
        if it.log.size(Who::Me).saturating_add(more) > limits::DRAFT_OPS_WRITTEN {
            return Err(Problem::DraftFull);
        }
        let typing = Typing {
            client,
            id,
            at,
            edits: Zeroizing::new(edits.into_iter().map(ZeroEdit).collect()),
            again: false,
        };
        self.type_in(draft, typing);
        Ok(())
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

    fn type_in(&mut self, draft: DraftId, typing: Typing) {
        self.hand_over(draft);
        let edits = typing.edits.iter().map(|it| it.0.clone()).collect();
        let job = Job::Edit {
            draft,
            at: typing.at.clone(),
            edits,
        };
        self.ask_loom(job, Asked::Edit(draft, typing));
    }

    /// The document as any automerge tool opens it.
    pub(super) fn draft_save(
        &mut self,
        (client, id): (Client, u64),
        name: &str,
    ) -> Result<(), Problem> {
        let draft = self.draft_named(name)?;
        self.hand_over(draft);
        self.ask_loom(Job::Save(draft), Asked::Save(draft, client, id));
        Ok(())
    }

    fn ask_loom(&mut self, job: Job, asked: Asked) {
        if self.drafts.last == 0 {
            // Whoever answers a node that is gone is not heard by the next one.
            let mut first = [0; 8];
            first[..6].copy_from_slice(&self.run[..6]);
            self.drafts.last = u64::from_le_bytes(first) << 8;
        }
        self.drafts.last += 1;
        let number = self.drafts.last;
        self.drafts.asked.insert(number, asked);
        self.out.effects.push(Effect::Weave { number, job });
    }

    /// Hands to the loom what it lacks of a draft: all of it, if it holds none.
    fn hand_over(&mut self, draft: DraftId) {
        let Ok(owners) = self.owners() else { return };
        let Some(it) = self.drafts.open.get_mut(&draft) else {
            return;
        };
        let from = it.woven.unwrap_or(0);
        if it.woven.is_some() && (it.weaving || from == it.log.len()) {
            return;
        }
        let strands = (from..it.log.len()).map(|i| it.log.strand(&owners, i));
        let strands = strands.collect();
        let job = match it.woven {
            None => Job::Begin(draft, strands),
            Some(_) => Job::Add(draft, strands),
        };
        (it.woven, it.weaving) = (Some(it.log.len()), true);
        self.ask_loom(job, Asked::Add(draft));
    }

    /// Brings a draft's text up to date for all who wait for it; nothing is held that nobody reads.
    pub(super) fn weave(&mut self, draft: DraftId) {
        let Some(it) = self.drafts.open.get(&draft) else {
            return;
        };
        if it.readers.is_empty() && it.followers.is_empty() {
            return;
        }
        self.hand_over(draft);
        let Some(it) = self.drafts.open.get_mut(&draft) else {
            return;
        };
        if it.woven != Some(it.log.len()) {
            return; // once what is being woven is, the rest follows at a stroke
        }
        let mut jobs: Vec<(Option<Vec<Hash>>, Asked)> = Vec::new();
        for reader in std::mem::take(&mut it.readers) {
            // What is answered is not told besides.
            if let Some(follower) = it.followers.get_mut(&reader.client) {
                follower.asked = true;
            }
            jobs.push((reader.since.clone(), Asked::Read(draft, reader)));
        }
        let mut tips: Vec<Hash> = it.log.tips().iter().map(|tip| tip.hash).collect();
        tips.sort_unstable();
        for (client, follower) in &mut it.followers {
            if !follower.asked && follower.at != tips {
                follower.asked = true;
                let since = follower.at.clone();
                jobs.push((Some(since.clone()), Asked::Tell(draft, *client, since)));
            }
        }
        for (since, asked) in jobs {
            self.ask_loom(Job::Read(draft, since), asked);
        }
    }

    /// The loom has answered.
    pub(super) fn woven(&mut self, number: u64, woven: Woven) {
        let Some(asked) = self.drafts.asked.remove(&number) else {
            return;
        };
        match (asked, woven) {
            (Asked::Add(draft), woven) => {
                if let Some(it) = self.drafts.open.get_mut(&draft) {
                    it.weaving = false;
                    if woven != Woven::Added {
                        it.woven = None;
                    }
                }
                if woven == Woven::Failed {
                    self.no_text(draft);
                } else {
                    self.weave(draft);
                }
            }
            (Asked::Drop, _) => {}
            (Asked::Read(draft, reader), Woven::Read { at, text }) => {
                if let Some(it) = self.drafts.open.get_mut(&draft)
                    && (reader.follows || it.followers.contains_key(&reader.client))
                {
                    let at = at.clone();
                    it.followers
                        .insert(reader.client, Follower { at, asked: false });
                }
                let answer = Ok(super::requests::value(&told(draft, at, text)));
                let (client, id) = (reader.client, reader.id);
                self.out.effects.push(Effect::Reply { client, id, answer });
                self.weave(draft);
                self.let_go_of_text(draft);
            }
            (Asked::Read(draft, mut reader), Woven::BeginAgain) if !reader.again => {
                reader.again = true;
                self.begin_again(draft, Some(reader));
            }
            (Asked::Tell(draft, client, since), Woven::Read { at, text }) => {
                let Some(it) = self.drafts.open.get_mut(&draft) else {
                    return;
                };
                let follower = it.followers.get_mut(&client);
                // What was answered meanwhile is not told once more: it would be taken in twice.
                let Some(follower) = follower.filter(|follower| follower.at == since) else {
                    return;
                };
                follower.asked = false;
                let same = follower.at == at;
                follower.at.clone_from(&at);
                if !same {
                    let change = told(draft, at, text);
                    self.out.effects.push(Effect::Follow { client, change });
                }
                self.weave(draft);
            }
            (Asked::Tell(draft, client, since), woven) => {
                let followers = self.drafts.open.get_mut(&draft).map(|it| &mut it.followers);
                let follower = followers.and_then(|all| all.get_mut(&client));
                if let Some(follower) = follower.filter(|follower| follower.at == since) {
                    follower.asked = false;
                }
                if woven == Woven::BeginAgain {
                    self.begin_again(draft, None);
                }
            }
            (Asked::Edit(draft, typing), Woven::Typed(typed)) => {
                let (client, id) = (typing.client, typing.id);
                match self.write_typed(draft, typed) {
                    Ok(()) => self.wait_for_text(
                        draft,
                        Reader {
                            client,
                            id,
                            since: Some(typing.at),
                            follows: false,
                            again: false,
                        },
                    ),
                    Err(problem) => self.answer_with(client, id, problem),
                }
            }
            (Asked::Edit(draft, mut typing), Woven::BeginAgain) if !typing.again => {
                typing.again = true;
                self.begin_again(draft, None);
                self.type_in(draft, typing);
            }
            (Asked::Edit(_, typing), Woven::NotTheText) => {
                self.answer_with(typing.client, typing.id, Problem::NotTheText);
            }
            (Asked::Save(_, client, id), Woven::Saved(bytes)) => {
                self.exported(client, id, Some(bytes));
            }
            (Asked::Save(draft, client, id), Woven::BeginAgain) => {
                self.begin_again(draft, None);
                self.answer_with(client, id, Problem::DraftNotWoven);
            }
            (Asked::Read(draft, Reader { client, id, .. }), _) => {
                let followers = self.drafts.open.get_mut(&draft).map(|it| &mut it.followers);
                if let Some(follower) = followers.and_then(|all| all.get_mut(&client)) {
                    follower.asked = false;
                }
                self.answer_with(client, id, Problem::DraftNotWoven);
            }
            (Asked::Edit(_, Typing { client, id, .. }), _) | (Asked::Save(_, client, id), _) => {
                self.answer_with(client, id, Problem::DraftNotWoven);
            }
        }
    }

    /// Whoever waits for an answer about drafts: this node is let go of, and they are to be told.
    #[must_use]
    pub fn waits_for_drafts(&self) -> Vec<(Client, u64)> {
        let asked = self.drafts.asked.values().filter_map(|asked| match asked {
            Asked::Read(_, Reader { client, id, .. })
            | Asked::Edit(_, Typing { client, id, .. })
            | Asked::Save(_, client, id) => Some((*client, *id)),
            Asked::Add(_) | Asked::Tell(..) | Asked::Drop => None,
        });
        let readers = self.drafts.open.values().flat_map(|it| &it.readers);
        asked.chain(readers.map(|it| (it.client, it.id))).collect()
    }

    /// Who is told what is typed: in which draft, and at which tips they were told last.
    pub(super) fn followers(&self) -> Vec<(DraftId, Client, Vec<Hash>)> {
        let open = self.drafts.open.iter();
        open.flat_map(|(draft, it)| {
            let all = it.followers.iter();
            all.map(|(client, follower)| (*draft, *client, follower.at.clone()))
        })
        .collect()
    }

    /// They go on being told. Only what is on the disk is told, so that what they were told is here.
    pub(super) fn follow_on(&mut self, followers: Vec<(DraftId, Client, Vec<Hash>)>) {
        for (draft, client, at) in followers {
            if let Some(it) = self.drafts.open.get_mut(&draft) {
                let asked = false;
                it.followers.insert(client, Follower { at, asked });
                self.weave(draft);
            }
        }
    }

    fn answer_with(&mut self, client: Client, id: u64, problem: Problem) {
        let answer = Err(problem);
        self.out.effects.push(Effect::Reply { client, id, answer });
    }

    /// The loom holds the draft no more: it is handed over whole once more.
    fn begin_again(&mut self, draft: DraftId, reader: Option<Reader>) {
        if let Some(it) = self.drafts.open.get_mut(&draft) {
            let follower = reader.as_ref().map(|it| it.client);
            if let Some(follower) = follower.and_then(|client| it.followers.get_mut(&client)) {
                follower.asked = false;
            }
            if !it.weaving {
                it.woven = None;
            }
            it.readers.extend(reader);
        }
        self.weave(draft);
    }

    /// The loom cannot make a text of it.
    fn no_text(&mut self, draft: DraftId) {
        tracing::error!("a draft could not be woven");
        let Some(it) = self.drafts.open.get_mut(&draft) else {
            return;
        };
        it.followers.clear();
        for reader in std::mem::take(&mut it.readers) {
            self.answer_with(reader.client, reader.id, Problem::DraftNotWoven);
        }
    }

    /// A text that nobody reads any more takes no memory.
    fn let_go_of_text(&mut self, draft: DraftId) {
        let Some(it) = self.drafts.open.get_mut(&draft) else {
            return;
        };
        let asked = self.drafts.asked.values().any(|asked| match asked {
            Asked::Add(id)
            | Asked::Read(id, _)
            | Asked::Tell(id, ..)
            | Asked::Edit(id, _)
            | Asked::Save(id, ..) => *id == draft,
            Asked::Drop => false,
        });
        if it.readers.is_empty() && it.followers.is_empty() && it.woven.is_some() && !asked {
            (it.woven, it.weaving) = (None, false);
            self.ask_loom(Job::Drop(draft), Asked::Drop);
        }
    }

    /// A client is gone, or follows no more.
    pub(super) fn follow_no_more(&mut self, client: Client) {
        for asked in self.drafts.asked.values_mut() {
            if let Asked::Read(_, reader) = asked
                && reader.client == client
            {
                reader.follows = false;
            }
        }
        let drafts: Vec<DraftId> = self.drafts.open.keys().copied().collect();
        for draft in drafts {
            if let Some(it) = self.drafts.open.get_mut(&draft) {
                it.followers.remove(&client);
                it.readers.retain(|reader| reader.client != client);
            }
            self.let_go_of_text(draft);
        }
    }

    /// Writes what was typed here, in as many entries as it takes, all of them or none.
    fn write_typed(&mut self, draft: DraftId, typed: Vec<Typed>) -> Result<(), Problem> {
        // It may have been closed while the loom worked.
        self.is_open_for_me(&draft)?;
        let owners = self.owners()?;
        let room = self.room_for_drafts(limits::DRAFTS_BYTES_WRITTEN);
        let key = self.me.seals.first().ok_or(Problem::Internal)?;
        let it = self.drafts.open.get_mut(&draft).ok_or(Problem::Internal)?;
        let before = it.log.len();
        let mut last: Option<(Hash, u32)> = None;
        for part in Log::parts(typed) {
            let inserts = Part::inserts(&part);
            let tips = it.log.tips_for(Who::Me);
            let mut after: Vec<Hash> = tips.iter().map(|tip| tip.hash).collect();
            after.sort_unstable();
            let entry = DraftEntry {
                by: owners.persons[Who::Me as usize],
                n: tips.iter().map(|tip| tip.n).max().unwrap_or(0) + 1,
                after,
                form: DraftEntry::FORM,
                ops: part.ops(last),
            };
            let hash = entry.hash(owners.couple, &draft);
            let seal = gate::seal_of(key, owners.couple, &hash);
            last = Some((hash, inserts));
            let sealed = SealedDraft { entry, hash, seal };
            if let Err(refusal) = it.log.admit(&owners, None, &[sealed], (room, 0)) {
                it.log.truncate(before);
                return Err(match refusal {
                    Refusal::Limit => Problem::DraftsFull,
                    _ => Problem::Internal,
                });
            }
        }
        self.out.drafts.insert(draft);
        Ok(())
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

    /// Puts what drafts gained on the disk, as one run each.
    pub(super) fn write_draft_runs(&mut self, now: Now) {
        let Ok(owners) = self.owners() else { return };
        for (draft, it) in &mut self.drafts.open {
            if it.saved == it.log.len() {
                continue;
            }
            let new: Vec<usize> = (it.saved..it.log.len()).collect();
            it.saved = it.log.len();
            for part in new.chunks(limits::ENTRY_OPS) {
                let run = it.next_run();
                write_run(&mut self.out.writes, *draft, it, &owners, run, part);
            }
            self.out.told = true;
            self.disk.tidy_soon(now);
        }
    }

    /// Rewrites many short runs of a draft as one. Says whether there was anything to do.
    pub(super) fn tidy_drafts(&mut self) {
        let Ok(owners) = self.owners() else { return };
        for (draft, it) in &mut self.drafts.open {
            let short = it
                .runs
                .iter()
                .filter(|(run, bytes)| **bytes < LONG && !it.damaged.contains(run));
            let short: BTreeSet<u64> = short.map(|(run, _)| *run).collect();
            if short.len() < FEW {
                continue;
            }
            let entries = (0..it.log.len()).filter(|i| short.contains(&it.log.run_of(*i)));
            let entries: Vec<usize> = entries.collect();
            for run in &short {
                it.runs.remove(run);
                self.out.writes.push(Write::Drop(Row::Draft(*draft, *run)));
            }
            for part in entries.chunks(limits::ENTRY_OPS) {
                let run = it.next_run().max(short.last().map_or(1, |run| run + 1));
                write_run(&mut self.out.writes, *draft, it, &owners, run, part);
            }
        }
    }

    /// Once the books are read: which drafts are open, and what was typed in them. Says how many rows hold something that
    /// cannot be let in.
    pub(super) fn load_drafts(&mut self) -> u64 {
        let Some(couple) = &self.couple else { return 0 };
        let open = couple.drafts().filter(|(_, thread)| !thread.is_closed());
        let open: Vec<DraftId> = open.map(|(id, _)| *id).collect();
        // Those with words here first, all of them: whatever the other begins, they stay.
        let written: BTreeSet<DraftId> = self.drafts.read.iter().map(|(id, ..)| *id).collect();
        let (first, others): (Vec<_>, Vec<_>) = open.iter().partition(|id| written.contains(id));
        for draft in first {
            self.drafts.open.insert(draft, Draft::new(draft));
        }
        for draft in others {
            if self.follows(&draft) {
                self.drafts.open.insert(draft, Draft::new(draft));
            }
        }
        let Ok(owners) = self.owners() else { return 0 };
        let mut entries: Vec<(u64, DraftId, u64, SealedDraft)> = Vec::new();
        for (draft, run, all) in std::mem::take(&mut self.drafts.read) {
            if let Some(it) = self.drafts.open.get_mut(&draft) {
                it.runs.insert(run, wire::encode(&all).len() as u32);
                entries.extend(all.into_iter().map(|it| (it.entry.n, draft, run, it)));
            } else {
                // A crash came between closing and forgetting, or it is more than is followed.
                let closed = self.couple.as_ref().and_then(|couple| couple.draft(&draft));
                if closed.is_some_and(|thread| thread.is_closed()) {
                    self.out.writes.push(Write::Drop(Row::Draft(draft, run)));
                }
            }
        }
        entries.sort_by_key(|(n, draft, _, sealed)| (*draft, *n, sealed.hash));
        let mut damaged = 0;
        for (_, draft, run, sealed) in entries {
            let Some(it) = self.drafts.open.get_mut(&draft) else {
                continue;
            };
            let let_in = it.log.admit(&owners, None, &[sealed], ([0; 2], run));
            if let Err(refusal) = let_in {
                tracing::error!(%refusal, "an entry of a draft on the disk is damaged");
                damaged += u64::from(it.damaged.insert(run));
            }
            it.saved = it.log.len();
        }
        damaged
    }
}

fn told(draft: DraftId, at: Vec<Hash>, text: Text) -> DraftText {
    let (text, edits) = match text {
        Text::Whole(text) => (Some(text), Vec::new()),
        Text::Since(edits) => (None, edits),
    };
    DraftText {
        draft,
        at,
        text,
        edits,
        closed: false,
    }
}

fn write_run(
    writes: &mut Vec<Write>,
    draft: DraftId,
    it: &mut Draft,
    owners: &Owners,
    run: u64,
    entries: &[usize],
) {
    let sealed: Vec<SealedDraft> = entries.iter().map(|i| it.log.entry(owners, *i)).collect();
    let bytes = wire::encode(&sealed);
    for index in entries {
        it.log.set_run(*index, run);
    }
    it.runs.insert(run, bytes.len() as u32);
    writes.push(Write::Put(Row::Draft(draft, run), bytes));
}
