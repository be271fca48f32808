//! One draft as automerge has it: entries become changes, and changes the text (FORMAT §2.1).

use super::{NotWoven, Strand, Text, Woven};
use crate::books::book::beginning;
use automerge::legacy::{ElementId, Key, ObjectId, Op, OpId, OpType};
use automerge::transaction::{Transactable, Transaction};
use automerge::{
    ActorId, Automerge, Change, ChangeHash, Cursor, ExpandedChange, ObjId, ObjType, PatchAction,
    PatchLog, ReadDoc, ScalarValue, TextEncoding,
};
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::num::NonZeroU64;
use troth_proto::draft::{Edit, Element, Typed};
use troth_proto::{DraftId, Hash, PersonId, limits};

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
pub(super) struct Cloth {
    pub(super) document: Automerge,
    text: ObjId,
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
    /// The last character that was typed, if nothing was done since, and where it is: what is typed next mostly goes behind it.
    behind: Option<(Element, usize)>,
    /// The tips before each of the last changes, and what it changed.
    since: VecDeque<(Vec<Hash>, Option<Vec<Edit>>)>,
}

/// Where an entry goes: with which actor, as which of its changes, and after which of them.
struct Place {
    actor: u32,
    seq: u32,
    own: Option<ChangeHash>,
}

/// What an entry has done so far: as [`Spun`] has it.
#[derive(Default)]
struct Runs {
    runs: Vec<(u32, u32, u32)>,
    typed: u32,
    ops: u32,
}

impl Runs {
    fn insert(&mut self, count: u32) {
        self.runs.push((self.typed, self.ops, count));
        self.typed += count;
        self.ops += count;
    }

    /// Where a character is that was at a place before the entry did anything.
    fn place_now(
        &self,
        typing: &Transaction<'_>,
        text: &ObjId,
        (cursor, before): &(Cursor, usize),
    ) -> Option<usize> {
        match self.ops {
            0 => Some(*before),
            _ => position(typing, text, cursor),
        }
    }
}

/// What one job changed in the text; nothing if it was more than is remembered.
struct Edits {
    all: Option<Vec<Edit>>,
}

impl Default for Edits {
    fn default() -> Self {
        let all = Some(Vec::new());
        Self { all }
    }
}

impl Edits {
    fn push(&mut self, edit: Option<Edit>) {
        let (Some(all), Some(edit)) = (&mut self.all, edit) else {
            self.all = None;
            return;
        };
        if all.len() < EDITS_OF_ONE {
            all.push(edit);
        } else {
            self.all = None;
        }
    }

    fn insert(&mut self, at: usize, text: &str) {
        self.push(Some(Edit {
            at: at as u32,
            delete: 0,
            insert: text.to_owned(),
        }));
    }

    fn delete(&mut self, at: usize) {
        let last = self.all.as_mut().and_then(|all| all.last_mut());
        match last.filter(|last| last.insert.is_empty() && last.at == at as u32) {
            Some(last) => last.delete += 1,
            None => self.push(Some(Edit {
                at: at as u32,
                delete: 1,
                insert: String::new(),
            })),
        }
    }
}

/// Whether an entry is written on just these tips.
fn is_on(tips: &BTreeSet<Hash>, strand: &Strand) -> bool {
    strand.after.len() == tips.len() && strand.after.iter().all(|tip| tips.contains(tip))
}

/// Where in the text a character is, or would be.
fn position(document: &impl ReadDoc, text: &ObjId, cursor: &Cursor) -> Option<usize> {
    document.get_cursor_position(text, cursor, None).ok()
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
    pub(super) fn new(draft: &DraftId) -> Result<Self, NotWoven> {
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
            behind: None,
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
    pub(super) fn note_all(&mut self, strands: &[Strand]) -> bool {
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

    /// Weaves strands in.
    ///
    /// Those that go on from the text as it is are typed into it one by one, each in time that hardly grows with the text.
    /// The others go in batches, each of which walks the whole text once.
    pub(super) fn add(&mut self, strands: &[Strand]) -> Result<(), NotWoven> {
        let before: Vec<Hash> = self.tips.iter().copied().collect();
        let (mut edits, mut rest) = (Edits::default(), strands);
        let mut in_batches = false;
        while let Some((strand, others)) = rest.split_first() {
            if !in_batches && self.goes_on(strand) {
                if self.type_on(strand, &mut edits)? {
                    rest = others;
                    continue;
                }
                // Such as no honest device often writes: nobody makes many walks of it.
                in_batches = true;
            }
            let stretch = if in_batches {
                rest.len()
            } else {
                self.apart(rest)
            };
            let (batch, others) = rest.split_at(stretch);
            self.add_batch(batch, &mut edits)?;
            rest = others;
        }
        let heads: BTreeSet<ChangeHash> = self.document.get_heads().into_iter().collect();
        let tips = self.tips.iter().filter_map(|tip| self.get(tip));
        let tips: BTreeSet<ChangeHash> = tips.map(|it| it.change).collect();
        if !tips.is_empty() && heads != tips {
            return Err(NotWoven::Fault);
        }
        self.since.push_back((before, edits.all));
        while self.since.len() > REMEMBERED {
            self.since.pop_front();
        }
        Ok(())
    }

    /// Whether an entry is written on the text as it is.
    fn goes_on(&self, strand: &Strand) -> bool {
        is_on(&self.tips, strand)
    }

    /// How many of these belong into one batch: until so many go on one after the other that a walk of the text is paid for.
    fn apart(&self, strands: &[Strand]) -> usize {
        let worth = self.document.length(&self.text) / 8 + 64;
        let mut tips = self.tips.clone();
        let (mut begins, mut typed) = (0, 0);
        for (index, strand) in strands.iter().enumerate() {
            if index > 0 && is_on(&tips, strand) {
                typed += strand.typed.iter().map(Typed::size).sum::<usize>();
                if typed >= worth {
                    return begins;
                }
            } else {
                (begins, typed) = (index + 1, 0);
            }
            for hash in &strand.after {
                tips.remove(hash);
            }
            tips.insert(strand.hash);
        }
        strands.len()
    }

    /// Types an entry into the text as it is; not if it speaks of something that was taken out of it.
    fn type_on(&mut self, strand: &Strand, edits: &mut Edits) -> Result<bool, NotWoven> {
        let behind = self.behind.take();
        let next = match &strand.typed[..] {
            [Typed::Insert { after, .. }] => behind.filter(|(last, _)| Some(*last) == *after),
            _ => None,
        };
        let spoken_of = match next {
            // Nothing comes before it in this entry, so that it is not looked for.
            Some((_, at)) => Some(vec![(Cursor::Start, at)]),
            None => self.standing(strand),
        };
        let Some(spoken_of) = spoken_of else {
            return Ok(false);
        };
        let place = self.place(strand).ok_or(NotWoven::Fault)?;
        let actor = self.actors.get(place.actor as usize);
        let actor = actor.ok_or(NotWoven::Fault)?.name.clone();
        self.document.set_actor(actor);
        let mut typing = self.document.transaction();
        let (mut spoken_of, mut spun, mut last) = (spoken_of.iter(), Runs::default(), None);
        let mut type_all = || {
            for it in &strand.typed {
                match it {
                    Typed::Insert { after, text } => {
                        let at = match after {
                            Some(_) => spun.place_now(&typing, &self.text, spoken_of.next()?)? + 1,
                            None => 0,
                        };
                        typing.splice_text(&self.text, at, 0, text).ok()?;
                        let count = text.chars().count();
                        spun.insert(count as u32);
                        last = (at + count).checked_sub(1);
                        edits.insert(at, text);
                    }
                    Typed::Delete { count, .. } => {
                        for _ in 0..*count {
                            let at = spun.place_now(&typing, &self.text, spoken_of.next()?)?;
                            typing.splice_text(&self.text, at, 1, "").ok()?;
                            (spun.ops, last) = (spun.ops + 1, None);
                            edits.delete(at);
                        }
                    }
                }
            }
            Some(())
        };
        type_all().ok_or(NotWoven::Fault)?;
        let (change, _) = typing.commit();
        let change = change.ok_or(NotWoven::Fault)?;
        let element = Element {
            entry: strand.hash,
            before: spun.typed.saturating_sub(1),
        };
        self.behind = last.map(|at| (element, at));
        self.note(strand, &place, change, spun)
            .ok_or(NotWoven::Fault)?;
        Ok(true)
    }

    /// The characters that an entry speaks of, in its order, and where they are; none if one of them is no more in the text.
    fn standing(&self, strand: &Strand) -> Option<Vec<(Cursor, usize)>> {
        let mut standing = Vec::new();
        let mut taken_out = BTreeSet::new();
        let mut stands = |element: &Element, goes: bool| {
            let cursor = self.cursor(element)?;
            let at = position(&self.document, &self.text, &cursor)?;
            let there = self.document.get_cursor(&self.text, at, None).ok()?;
            let stands = there == cursor && !taken_out.contains(element);
            if goes {
                taken_out.insert(*element);
            }
            standing.push((cursor, at));
            stands.then_some(())
        };
        for it in &strand.typed {
            match it {
                Typed::Insert { after, .. } => {
                    after.iter().try_for_each(|after| stands(after, false))?;
                }
                Typed::Delete { from, count } => {
                    (0..*count).try_for_each(|n| stands(&from.plus(n), true))?;
                }
            }
        }
        Some(standing)
    }

    /// Weaves strands in, all in one batch.
    fn add_batch(&mut self, strands: &[Strand], edits: &mut Edits) -> Result<(), NotWoven> {
        self.behind = None;
        let mut changes = Vec::with_capacity(strands.len());
        for strand in strands {
            changes.push(self.spin(strand).ok_or(NotWoven::Fault)?);
        }
        let mut log = PatchLog::active();
        self.document
            .apply_changes_log_patches(changes, &mut log)
            .map_err(|_| NotWoven::Fault)?;
        for patch in self.document.make_patches(&mut log) {
            edits.push(edit_of(patch.action));
        }
        Ok(())
    }

    /// Where an entry goes: on with the actor of the one before it, or with one of its own.
    fn place(&mut self, strand: &Strand) -> Option<Place> {
        let keeps = self.keeps(strand);
        let before = match strand.prev.filter(|_| keeps) {
            Some(prev) => {
                let at = self.index_of(&prev)?;
                self.spun[at].next = Some(self.spun.len() as u32);
                let prev = &self.spun[at];
                Some((prev.actor, prev.seq, prev.change))
            }
            None => None,
        };
        if let Some((actor, seq, own)) = before {
            let (seq, own) = (seq + 1, Some(own));
            return Some(Place { actor, seq, own });
        }
        let name = if keeps {
            ActorId::from(strand.by.0)
        } else {
            ActorId::from(&strand.hash.0[..])
        };
        let spun = Vec::new();
        self.actors.push(Actor { name, spun });
        Some(Place {
            actor: self.actors.len() as u32 - 1,
            seq: 1,
            own: None,
        })
    }

    /// An entry as a change.
    fn spin(&mut self, strand: &Strand) -> Option<Change> {
        let place = self.place(strand)?;
        let start = self.start(strand)?;
        let mut deps = Vec::new();
        for hash in &strand.after {
            deps.push(self.get(hash)?.change);
        }
        if deps.is_empty() {
            deps.push(self.first);
        }
        // Automerge names an actor's own last change always, also where another lies over it.
        deps.extend(place.own.filter(|own| !deps.contains(own)));
        deps.sort_unstable();
        let (mut operations, mut runs) = (Vec::new(), Runs::default());
        let own = self.actors.get(place.actor as usize)?.name.clone();
        for it in &strand.typed {
            match it {
                Typed::Insert { after, text } => {
                    let mut key = match after {
                        Some(element) => ElementId::Id(self.op_id(element)?),
                        None => ElementId::Head,
                    };
                    let first = start + runs.ops;
                    runs.insert(text.chars().count() as u32);
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
                        let id = self.op_id(&from.plus(n))?;
                        operations.push(Op {
                            action: OpType::Delete,
                            obj: ObjectId::Id(self.root.clone()),
                            key: Key::Seq(ElementId::Id(id.clone())),
                            pred: vec![id].into(),
                            insert: false,
                        });
                    }
                    runs.ops += count;
                }
            }
        }
        let change = Change::from(ExpandedChange {
            operations,
            actor_id: own,
            hash: None,
            seq: u64::from(place.seq),
            start_op: NonZeroU64::new(u64::from(start))?,
            time: 0,
            message: None,
            deps,
            author: None,
            extra_bytes: Vec::new(),
        });
        self.note(strand, &place, change.hash(), runs)?;
        Some(change)
    }

    /// The number of an entry's first operation.
    fn start(&self, strand: &Strand) -> Option<u32> {
        let mut start = 2;
        for hash in &strand.after {
            let it = self.get(hash)?;
            start = start.max(it.start + it.ops);
        }
        Some(start)
    }

    /// Notes that an entry is in the text, as this change.
    fn note(&mut self, strand: &Strand, place: &Place, change: ChangeHash, of: Runs) -> Option<()> {
        let (index, start) = (self.spun.len() as u32, self.start(strand)?);
        for hash in &strand.after {
            self.tips.remove(hash);
        }
        self.tips.insert(strand.hash);
        self.actors.get_mut(place.actor as usize)?.spun.push(index);
        self.by_hash.insert((beginning(&strand.hash), index));
        let Runs { runs, typed, ops } = of;
        self.spun.push(Spun {
            hash: strand.hash,
            change,
            actor: place.actor,
            seq: place.seq,
            start,
            ops,
            next: None,
            runs: (typed != ops || runs.len() > 1).then(|| runs.into_boxed_slice()),
        });
        Some(())
    }

    /// A character as automerge points at it.
    fn cursor(&self, element: &Element) -> Option<Cursor> {
        Cursor::try_from(self.op_id(element)?.to_string().as_str()).ok()
    }

    /// The operation that typed a character.
    fn op_id(&self, element: &Element) -> Option<OpId> {
        let it = self.get(&element.entry)?;
        let counter = it.start + it.op_of(element.before)?;
        let actor = self.actors.get(it.actor as usize)?;
        Some(OpId(u64::from(counter), actor.name.clone()))
    }

    /// The character that an operation typed.
    fn element(&self, counter: u64, actor: &ActorId) -> Option<Element> {
        let counter = u32::try_from(counter).ok()?;
        let actor = self.actors.iter().find(|it| it.name == *actor)?;
        let start = |index: &u32| self.spun[*index as usize].start;
        let after = actor.spun.partition_point(|index| start(index) <= counter);
        let index = *actor.spun.get(after.checked_sub(1)?)?;
        let it = self.spun.get(index as usize)?;
        Some(Element {
            entry: it.hash,
            before: it.typed_by(counter - it.start)?,
        })
    }

    /// The character that stands at a place of the text as it is.
    fn element_at(&self, place: usize) -> Option<Element> {
        let cursor = self.document.get_cursor(&self.text, place, None).ok()?;
        let text = cursor.to_string();
        let (counter, actor) = text.trim_start_matches('-').split_once('@')?;
        self.element(counter.parse().ok()?, &ActorId::try_from(actor).ok()?)
    }

    /// The characters of the text as it was, in one walk of it: to ask for each by itself walks it each time.
    fn elements_at(&self, heads: &[ChangeHash]) -> Option<Vec<Element>> {
        let all = self.document.list_range_at(&self.text, .., heads);
        let element = |id| match id {
            ObjId::Id(counter, actor, _) => self.element(counter, &actor),
            ObjId::Root => None,
        };
        all.map(|it| element(it.id())).collect()
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
    pub(super) fn typed(&self, at: &[Hash], edits: &[Edit]) -> Result<Vec<Typed>, NotWoven> {
        let then = match self.heads(at)? {
            Some(heads) => Some(self.elements_at(&heads).ok_or(NotWoven::Fault)?),
            None => None,
        };
        let length = match &then {
            Some(elements) => elements.len(),
            None => self.document.length(&self.text),
        };
        let element = |place: usize| {
            let element = match &then {
                Some(elements) => elements.get(place).copied(),
                None => self.element_at(place),
            };
            element.ok_or(NotWoven::Fault)
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
    pub(super) fn read(&self, since: Option<Vec<Hash>>) -> Result<Woven, NotWoven> {
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

/// What a draft is as automerge alone makes it, all entries at a stroke: its heads and its text.
#[cfg(test)]
#[allow(clippy::unwrap_used)]
pub(in crate::draft) fn by_automerge(
    draft: &DraftId,
    strands: &[Strand],
) -> (Vec<ChangeHash>, String) {
    let mut cloth = Cloth::new(draft).ok().unwrap();
    cloth.note_all(strands);
    let added = cloth.add_batch(strands, &mut Edits::default());
    assert!(added.is_ok());
    let text = cloth.document.text(&cloth.text).unwrap();
    (cloth.document.get_heads(), text)
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
