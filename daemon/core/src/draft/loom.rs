//! What text the entries of a draft make: automerge says (PROTOCOL §5, FORMAT §2.1).
//!
//! Each entry is rebuilt as one change; what the gate did not let in never comes here. A loom is driven off the node's loop,
//! holds what somebody reads or writes now, and can be thrown away at any moment: the entries are the truth.

use crate::books::book::beginning;
use automerge::legacy::{ElementId, Key, ObjectId, Op, OpId, OpType};
use automerge::{
    ActorId, Automerge, Change, ChangeHash, Cursor, ExpandedChange, ObjType, PatchAction, PatchLog,
    ReadDoc, ScalarValue, TextEncoding,
};
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::num::NonZeroU64;
use std::panic::{AssertUnwindSafe, catch_unwind};
use troth_proto::draft::{Edit, Element, Typed};
use troth_proto::{DraftId, Hash, PersonId, limits};

/// An entry as it is woven in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Strand {
    /// Who typed it.
    pub by: PersonId,
    /// Its hash.
    pub hash: Hash,
    /// What it is written on.
    pub after: Vec<Hash>,
    /// The last thing its writer wrote before it.
    pub prev: Option<Hash>,
    /// What it does.
    pub typed: Vec<Typed>,
}

/// What is to be done.
#[derive(Debug, Clone, PartialEq)]
pub enum Job {
    /// Weave a draft from all its entries, whatever was there before.
    Begin(DraftId, Vec<Strand>),
    /// Weave more in.
    Add(DraftId, Vec<Strand>),
    /// Say what edits of a text mean: the text as it was after these tips.
    Edit {
        /// The draft.
        draft: DraftId,
        /// The tips that the text was read at.
        at: Vec<Hash>,
        /// Edits of that text, from its beginning to its end, none over another.
        edits: Vec<Edit>,
    },
    /// The text as it is, or what changed since it was read at these tips.
    Read(DraftId, Option<Vec<Hash>>),
    /// The document as bytes that any automerge tool opens, proven to load.
    Save(DraftId),
    /// Let go of it.
    Drop(DraftId),
}

impl Job {
    /// The draft it is about.
    #[must_use]
    pub fn draft(&self) -> DraftId {
        match self {
            Self::Begin(draft, _)
            | Self::Add(draft, _)
            | Self::Edit { draft, .. }
            | Self::Read(draft, _)
            | Self::Save(draft)
            | Self::Drop(draft) => *draft,
        }
    }
}

/// What came of it, in the order of the jobs.
#[derive(Debug, Clone, PartialEq)]
pub enum Woven {
    /// It is woven in.
    Added,
    /// What the edits mean.
    Typed(Vec<Typed>),
    /// A text, and the tips that it is read at.
    Read {
        /// The tips.
        at: Vec<Hash>,
        /// What it says.
        text: Text,
    },
    /// Bytes.
    Saved(Vec<u8>),
    /// Let go of.
    Dropped,
    /// An older entry came from a copy of a home: everything is to be woven anew.
    BeginAgain,
    /// The edits do not fit the text.
    NotTheText,
    /// It could not be done. The entries are as they were.
    Failed,
}

/// A text whole, or what changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Text {
    /// Whole.
    Whole(String),
    /// Edits, each of the text after those before it.
    Since(Vec<Edit>),
}

/// Texts as they were before the last changes: so many changes back, edits tell what is new.
const REMEMBERED: usize = 1_024;
/// Edits of one change that are remembered; more, and the whole text is told.
const EDITS_OF_ONE: usize = 2_048;

/// An entry in the text. There may be a hundred thousand of them.
struct Spun {
    hash: Hash,
    change: ChangeHash,
    /// Its actor, by its place among all.
    actor: u32,
    seq: u32,
    /// The number of its first operation, and how many there are.
    start: u32,
    ops: u32,
    /// The entry that goes on with its actor.
    next: Option<u32>,
    /// Where its typed characters are among its operations: first character, first operation, how many. None if they are all
    /// of them, in order.
    runs: Option<Box<[(u32, u32, u32)]>>,
}

impl Spun {
    /// The operation that typed a character, counted from its first.
    fn op_of(&self, before: u32) -> Option<u32> {
        match &self.runs {
            None => (before < self.ops).then_some(before),
            Some(runs) => {
                let fits = |(first, _, count): &&(u32, u32, u32)| {
                    (*first..first + count).contains(&before)
                };
                let (first, op, _) = runs.iter().find(fits)?;
                Some(op + before - first)
            }
        }
    }

    /// The character that an operation typed.
    fn typed_by(&self, op: u32) -> Option<u32> {
        match &self.runs {
            None => (op < self.ops).then_some(op),
            Some(runs) => {
                let fits =
                    |(_, first, count): &&(u32, u32, u32)| (*first..first + count).contains(&op);
                let (first, run, _) = runs.iter().find(fits)?;
                Some(first + op - run)
            }
        }
    }
}

/// An actor, and its entries in their order.
struct Actor {
    name: ActorId,
    spun: Vec<u32>,
}

/// One draft.
struct Cloth {
    document: Automerge,
    text: automerge::ObjId,
    /// The change that it began with, and the operation that made the text.
    first: ChangeHash,
    root: OpId,
    spun: Vec<Spun>,
    /// Where each is, by the beginning of its hash.
    by_hash: BTreeSet<(u64, u32)>,
    actors: Vec<Actor>,
    /// Of the entries of each with which their writer begins, the one that keeps the actor.
    firsts: BTreeMap<PersonId, Hash>,
    /// Of several that come next after the same one, the one that keeps the actor. Only copies of homes make several.
    forks: BTreeMap<Hash, Hash>,
    tips: BTreeSet<Hash>,
    /// The tips before each of the last changes, and what it changed.
    since: VecDeque<(Vec<Hash>, Option<Vec<Edit>>)>,
}

/// All drafts that are held.
#[derive(Default)]
pub struct Loom {
    drafts: BTreeMap<DraftId, Cloth>,
}

enum NotWoven {
    Again,
    Fault,
    NotTheText,
}

impl Loom {
    /// Does one job. A fault in it costs that draft's place here, and nothing else.
    pub fn work(&mut self, job: Job) -> Woven {
        let draft = job.draft();
        let done = catch_unwind(AssertUnwindSafe(|| self.begin(job)));
        match done {
            Ok(Ok(woven)) => woven,
            Ok(Err(NotWoven::NotTheText)) => Woven::NotTheText,
            Ok(Err(NotWoven::Again)) => {
                self.drafts.remove(&draft);
                Woven::BeginAgain
            }
            Ok(Err(NotWoven::Fault)) | Err(_) => {
                self.drafts.remove(&draft);
                Woven::Failed
            }
        }
    }

    fn begin(&mut self, job: Job) -> Result<Woven, NotWoven> {
        match job {
            Job::Begin(draft, strands) => {
                let mut cloth = Cloth::new(&draft)?;
                cloth.note_all(&strands);
                cloth.add(&strands)?;
                self.drafts.insert(draft, cloth);
                Ok(Woven::Added)
            }
            Job::Add(draft, strands) => {
                let cloth = self.drafts.get_mut(&draft).ok_or(NotWoven::Again)?;
                if !cloth.note_all(&strands) {
                    return Err(NotWoven::Again);
                }
                cloth.add(&strands)?;
                Ok(Woven::Added)
            }
            Job::Edit { draft, at, edits } => {
                let cloth = self.drafts.get(&draft).ok_or(NotWoven::Again)?;
                cloth.typed(&at, &edits).map(Woven::Typed)
            }
            Job::Read(draft, since) => {
                let cloth = self.drafts.get(&draft).ok_or(NotWoven::Again)?;
                cloth.read(since)
            }
            Job::Save(draft) => {
                let cloth = self.drafts.get(&draft).ok_or(NotWoven::Again)?;
                let bytes = cloth.document.save();
                let loaded = Automerge::load(&bytes).map_err(|_| NotWoven::Fault)?;
                let same = loaded.get_heads() == cloth.document.get_heads();
                same.then_some(Woven::Saved(bytes)).ok_or(NotWoven::Fault)
            }
            Job::Drop(draft) => {
                self.drafts.remove(&draft);
                Ok(Woven::Dropped)
            }
        }
    }
}

/// The actor of the change that a draft begins with. Longer than a person's: whatever a draft is called, nobody else's.
fn beginner(draft: &DraftId) -> ActorId {
    ActorId::from(&Hash::of("troth/draft/1", &[&draft.0]).0[..])
}

/// The change that a draft begins with: an empty text under `text`.
fn genesis(draft: &DraftId) -> Option<Change> {
    let make = Op {
        action: OpType::Make(ObjType::Text),
        obj: ObjectId::Root,
        key: Key::Map("text".into()),
        pred: Vec::new().into(),
        insert: false,
    };
    let change = ExpandedChange {
        operations: vec![make],
        actor_id: beginner(draft),
        hash: None,
        seq: 1,
        start_op: NonZeroU64::new(1)?,
        time: 0,
        message: None,
        deps: Vec::new(),
        author: None,
        extra_bytes: Vec::new(),
    };
    Some(Change::from(change))
}

impl Cloth {
    fn new(draft: &DraftId) -> Result<Self, NotWoven> {
        let mut document = Automerge::new_with_encoding(TextEncoding::UnicodeCodePoint);
        let genesis = genesis(draft).ok_or(NotWoven::Fault)?;
        let first = genesis.hash();
        document
            .apply_changes([genesis])
            .map_err(|_| NotWoven::Fault)?;
        let found = document.get(automerge::ROOT, "text").ok().flatten();
        let (_, text) = found.ok_or(NotWoven::Fault)?;
        Ok(Self {
            document,
            text,
            first,
            root: OpId(1, beginner(draft)),
            spun: Vec::new(),
            by_hash: BTreeSet::new(),
            actors: Vec::new(),
            firsts: BTreeMap::new(),
            forks: BTreeMap::new(),
            tips: BTreeSet::new(),
            since: VecDeque::new(),
        })
    }

    fn index_of(&self, hash: &Hash) -> Option<usize> {
        let first = beginning(hash);
        let mut alike = self.by_hash.range((first, 0)..=(first, u32::MAX));
        alike.find_map(|(_, i)| (self.spun[*i as usize].hash == *hash).then_some(*i as usize))
    }

    fn get(&self, hash: &Hash) -> Option<&Spun> {
        self.index_of(hash).map(|index| &self.spun[index])
    }

    /// Notes who keeps the actor, of those that come next after the same one. Says whether all that is woven in stays as it
    /// is.
    fn note_all(&mut self, strands: &[Strand]) -> bool {
        let mut stays = true;
        let mut seen: BTreeMap<Hash, Hash> = BTreeMap::new();
        for strand in strands {
            let Some(prev) = strand.prev else {
                let first = self.firsts.get(&strand.by).copied();
                if first.is_none_or(|first| strand.hash < first) {
                    stays &= first.is_none_or(|first| self.index_of(&first).is_none());
                    self.firsts.insert(strand.by, strand.hash);
                }
                continue;
            };
            let spun = self.get(&prev).and_then(|it| it.next);
            let spun = spun.map(|next| self.spun[next as usize].hash);
            let kept = self.forks.get(&prev).copied();
            let kept = kept.or(spun).or_else(|| seen.get(&prev).copied());
            match kept {
                None => {
                    seen.insert(prev, strand.hash);
                }
                Some(kept) if kept <= strand.hash => {
                    self.forks.insert(prev, kept);
                }
                Some(_) => {
                    stays &= spun.is_none();
                    self.forks.insert(prev, strand.hash);
                }
            }
        }
        stays
    }

    /// Whether an entry goes on with the actor of the one before it, or is its writer's first.
    fn keeps(&self, strand: &Strand) -> bool {
        match strand.prev {
            None => self.firsts.get(&strand.by) == Some(&strand.hash),
            Some(prev) => match self.forks.get(&prev) {
                Some(kept) => *kept == strand.hash,
                None => true,
            },
        }
    }

    /// Weaves strands in, all in one batch.
    fn add(&mut self, strands: &[Strand]) -> Result<(), NotWoven> {
        let before: Vec<Hash> = self.tips.iter().copied().collect();
        let mut changes = Vec::with_capacity(strands.len());
        for strand in strands {
            changes.push(self.spin(strand).ok_or(NotWoven::Fault)?);
        }
        let mut log = PatchLog::active();
        self.document
            .apply_changes_log_patches(changes, &mut log)
            .map_err(|_| NotWoven::Fault)?;
        let heads: BTreeSet<ChangeHash> = self.document.get_heads().into_iter().collect();
        let tips = self.tips.iter().filter_map(|tip| self.get(tip));
        let tips: BTreeSet<ChangeHash> = tips.map(|it| it.change).collect();
        if !tips.is_empty() && heads != tips {
            return Err(NotWoven::Fault);
        }
        let patches = self.document.make_patches(&mut log).into_iter();
        let edits = patches.map(|patch| edit_of(patch.action)).collect();
        let few = |edits: &Vec<Edit>| edits.len() <= EDITS_OF_ONE;
        self.since.push_back((before, Option::filter(edits, few)));
        while self.since.len() > REMEMBERED {
            self.since.pop_front();
        }
        Ok(())
    }

    /// An entry as a change.
    fn spin(&mut self, strand: &Strand) -> Option<Change> {
        let keeps = self.keeps(strand);
        let index = self.spun.len() as u32;
        let before = match strand.prev.filter(|_| keeps) {
            Some(prev) => {
                let at = self.index_of(&prev)?;
                self.spun[at].next = Some(index);
                let prev = &self.spun[at];
                Some((prev.actor, prev.seq, prev.change))
            }
            None => None,
        };
        let (actor, seq) = match before {
            Some((actor, seq, _)) => (actor, seq + 1),
            None => {
                let name = if keeps {
                    ActorId::from(strand.by.0)
                } else {
                    ActorId::from(&strand.hash.0[..])
                };
                let spun = Vec::new();
                self.actors.push(Actor { name, spun });
                (self.actors.len() as u32 - 1, 1)
            }
        };
        let (mut deps, mut start) = (Vec::new(), 2);
        for hash in &strand.after {
            let it = self.get(hash)?;
            deps.push(it.change);
            start = start.max(it.start + it.ops);
        }
        if deps.is_empty() {
            deps.push(self.first);
        }
        // Automerge names an actor's own last change always, also where another lies over it.
        if let Some((_, _, own)) = before.filter(|(_, _, own)| !deps.contains(own)) {
            deps.push(own);
        }
        deps.sort_unstable();
        let (mut operations, mut runs, mut typed) = (Vec::new(), Vec::new(), 0_u32);
        let own = self.actors.get(actor as usize)?.name.clone();
        for it in &strand.typed {
            match it {
                Typed::Insert { after, text } => {
                    let mut key = match after {
                        Some(element) => ElementId::Id(self.op_id(element)?),
                        None => ElementId::Head,
                    };
                    let first = start + operations.len() as u32;
                    let count = text.chars().count() as u32;
                    runs.push((typed, first - start, count));
                    typed += count;
                    for (n, c) in text.chars().enumerate() {
                        let mut bytes = [0; 4];
                        operations.push(Op {
                            action: OpType::Put(ScalarValue::Str(
                                (&*c.encode_utf8(&mut bytes)).into(),
                            )),
                            obj: ObjectId::Id(self.root.clone()),
                            key: Key::Seq(key),
                            pred: Vec::new().into(),
                            insert: true,
                        });
                        key = ElementId::Id(OpId(u64::from(first) + n as u64, own.clone()));
                    }
                }
                Typed::Delete { from, count } => {
                    for n in 0..*count {
                        let element = Element {
                            entry: from.entry,
                            before: from.before + n,
                        };
                        let id = self.op_id(&element)?;
                        operations.push(Op {
                            action: OpType::Delete,
                            obj: ObjectId::Id(self.root.clone()),
                            key: Key::Seq(ElementId::Id(id.clone())),
                            pred: vec![id].into(),
                            insert: false,
                        });
                    }
                }
            }
        }
        let ops = operations.len() as u32;
        let change = Change::from(ExpandedChange {
            operations,
            actor_id: own,
            hash: None,
            seq: u64::from(seq),
            start_op: NonZeroU64::new(u64::from(start))?,
            time: 0,
            message: None,
            deps,
            author: None,
            extra_bytes: Vec::new(),
        });
        for hash in &strand.after {
            self.tips.remove(hash);
        }
        self.tips.insert(strand.hash);
        self.actors.get_mut(actor as usize)?.spun.push(index);
        self.by_hash.insert((beginning(&strand.hash), index));
        self.spun.push(Spun {
            hash: strand.hash,
            change: change.hash(),
            actor,
            seq,
            start,
            ops,
            next: None,
            runs: (typed != ops || runs.len() > 1).then(|| runs.into_boxed_slice()),
        });
        Some(change)
    }

    /// The operation that typed a character.
    fn op_id(&self, element: &Element) -> Option<OpId> {
        let it = self.get(&element.entry)?;
        let counter = it.start + it.op_of(element.before)?;
        let actor = self.actors.get(it.actor as usize)?;
        Some(OpId(u64::from(counter), actor.name.clone()))
    }

    /// The character that an operation typed.
    fn element(&self, cursor: &Cursor) -> Option<Element> {
        let text = cursor.to_string();
        let (counter, actor) = text.trim_start_matches('-').split_once('@')?;
        let counter: u32 = counter.parse().ok()?;
        let name = ActorId::try_from(actor).ok()?;
        let actor = self.actors.iter().find(|it| it.name == name)?;
        let start = |index: &u32| self.spun[*index as usize].start;
        let after = actor.spun.partition_point(|index| start(index) <= counter);
        let index = *actor.spun.get(after.checked_sub(1)?)?;
        let it = self.spun.get(index as usize)?;
        Some(Element {
            entry: it.hash,
            before: it.typed_by(counter - it.start)?,
        })
    }

    /// The heads of the text as it was after these tips; none for the text as it is.
    fn heads(&self, at: &[Hash]) -> Result<Option<Vec<ChangeHash>>, NotWoven> {
        if at.len() == self.tips.len() && at.iter().all(|tip| self.tips.contains(tip)) {
            return Ok(None);
        }
        if at.is_empty() {
            return Ok(Some(vec![self.first]));
        }
        let changes = at.iter().map(|tip| Some(self.get(tip)?.change));
        let changes: Option<Vec<ChangeHash>> = changes.collect();
        changes.map(Some).ok_or(NotWoven::NotTheText)
    }

    /// What edits of the text mean.
    fn typed(&self, at: &[Hash], edits: &[Edit]) -> Result<Vec<Typed>, NotWoven> {
        let heads = self.heads(at)?;
        let heads = heads.as_deref();
        let length = match heads {
            Some(heads) => self.document.length_at(&self.text, heads),
            None => self.document.length(&self.text),
        };
        let element = |place: usize| {
            let cursor = self.document.get_cursor(&self.text, place, heads);
            let cursor = cursor.map_err(|_| NotWoven::NotTheText)?;
            self.element(&cursor).ok_or(NotWoven::Fault)
        };
        let (mut typed, mut end) = (Vec::new(), 0);
        for edit in edits {
            let (from, to) = (edit.at as usize, edit.at as usize + edit.delete as usize);
            if from < end || to > length {
                return Err(NotWoven::NotTheText);
            }
            end = to;
            // First what is put in, then what is taken out, as automerge itself does.
            if !edit.insert.is_empty() {
                let after = from.checked_sub(1).map(element).transpose()?;
                let text = edit.insert.clone();
                typed.push(Typed::Insert { after, text });
            }
            let mut run: Option<(Element, u32)> = None;
            for place in from..to {
                let next = element(place)?;
                run = match run {
                    Some((first, count))
                        if first.entry == next.entry && first.before + count == next.before =>
                    {
                        Some((first, count + 1))
                    }
                    Some((from, count)) => {
                        typed.push(Typed::Delete { from, count });
                        Some((next, 1))
                    }
                    None => Some((next, 1)),
                };
            }
            typed.extend(run.map(|(from, count)| Typed::Delete { from, count }));
        }
        Ok(typed)
    }

    /// The text, or what changed since it was read.
    fn read(&self, since: Option<Vec<Hash>>) -> Result<Woven, NotWoven> {
        let at: Vec<Hash> = self.tips.iter().copied().collect();
        if let Some(mut since) = since {
            since.sort_unstable();
            if since == at {
                let text = Text::Since(Vec::new());
                return Ok(Woven::Read { at, text });
            }
            if let Some(from) = self.since.iter().rposition(|(tips, _)| *tips == since) {
                let all = self
                    .since
                    .iter()
                    .skip(from)
                    .map(|(_, edits)| edits.as_deref());
                let all: Option<Vec<&[Edit]>> = all.collect();
                let all = all.map(|all| all.concat());
                if let Some(edits) = all.filter(|all| all.len() <= limits::EDITS) {
                    let text = Text::Since(edits);
                    return Ok(Woven::Read { at, text });
                }
            }
        }
        let text = self
            .document
            .text(&self.text)
            .map_err(|_| NotWoven::Fault)?;
        let text = Text::Whole(text);
        Ok(Woven::Read { at, text })
    }
}

/// A patch as an edit; none for one that is of no text.
fn edit_of(patch: PatchAction) -> Option<Edit> {
    match patch {
        PatchAction::SpliceText { index, value, .. } => Some(Edit {
            at: index as u32,
            delete: 0,
            insert: value.make_string(),
        }),
        PatchAction::DeleteSeq { index, length } => Some(Edit {
            at: index as u32,
            delete: length as u32,
            insert: String::new(),
        }),
        _ => None,
    }
}
