//! The text of a draft: who reads it and is told of it, what is typed in it, and what the loom is asked for that.

use super::{Asked, Client, Effect, Follower, Node, Reader, Typing, ZeroEdit};
use crate::books::gate::{self, Refusal};
use crate::draft::loom::{Job, Text, Woven};
use crate::draft::{Log, Part};
use crate::node::requests::value;
use troth_proto::api::DraftText;
use troth_proto::draft::{DraftEntry, Edit, SealedDraft, Typed};
use troth_proto::ids::Who;
use troth_proto::{DraftId, Hash, Problem, limits};
use zeroize::Zeroizing;

impl Node {
    /// The text as it is; with `follow`, the client is told from now on what is typed.
    pub(in crate::node) fn draft_read(
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
    pub(in crate::node) fn draft_edit(
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

    /// The document as any automerge tool opens it.
    pub(in crate::node) fn draft_save(
        &mut self,
        (client, id): (Client, u64),
        name: &str,
    ) -> Result<(), Problem> {
        let draft = self.draft_named(name)?;
        self.hand_over(draft);
        self.ask_loom(Job::Save(draft), Asked::Save(draft, client, id));
        Ok(())
    }

    pub(super) fn ask_loom(&mut self, job: Job, asked: Asked) {
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
    pub(in crate::node) fn weave(&mut self, draft: DraftId) {
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
    pub(in crate::node) fn woven(&mut self, number: u64, woven: Woven) {
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
                let answer = Ok(value(&told(draft, at, text)));
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
    pub(in crate::node) fn followers(&self) -> Vec<(DraftId, Client, Vec<Hash>)> {
        let open = self.drafts.open.iter();
        open.flat_map(|(draft, it)| {
            let all = it.followers.iter();
            all.map(|(client, follower)| (*draft, *client, follower.at.clone()))
        })
        .collect()
    }

    /// They go on being told. Only what is on the disk is told, so that what they were told is here.
    pub(in crate::node) fn follow_on(&mut self, followers: Vec<(DraftId, Client, Vec<Hash>)>) {
        for (draft, client, at) in followers {
            if let Some(it) = self.drafts.open.get_mut(&draft) {
                let asked = false;
                it.followers.insert(client, Follower { at, asked });
                self.weave(draft);
            }
        }
    }

    pub(super) fn answer_with(&mut self, client: Client, id: u64, problem: Problem) {
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
    pub(in crate::node) fn follow_no_more(&mut self, client: Client) {
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
