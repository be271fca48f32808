//! The couple's two books, side by side, and what counts in them about each subject.

mod told;

use super::book::{Admitted, Book, Length, NewPage, Said, Subject};
use super::past::{Branch, Past, Place};
use crate::agreement::{Move, View};
use crate::draft::Owners;
use crate::sealed;
use smallvec::SmallVec;
use std::collections::{BTreeMap, BTreeSet};
use troth_proto::ids::Who;
use troth_proto::said::told::{Page, ToldKind, Verb};
use troth_proto::wire::{Document, Mark, SealedEntry, Words};
use troth_proto::{
    AgreementId, AssertionId, Body, CoupleId, DraftId, Hash, PersonId, Slot, limits,
};

/// Something said, by whose book it is in and its index there.
type Index = (Who, u32);

/// What counts about one subject, by both, each one's in the order in which it came.
#[derive(Debug, Default)]
pub struct Acts {
    /// Mostly one or two.
    said: SmallVec<[Index; 2]>,
    /// Where they are, by branch, once there are many: nobody can make counting them dear.
    places: Option<Box<Places>>,
}

#[derive(Debug, Default)]
struct Places(BTreeMap<Branch, Vec<u32>>);

/// From so many acts on they are counted by branch.
const MANY: usize = 32;

/// What counts about one agreement, by both.
#[derive(Debug, Default)]
pub struct Thread {
    /// What decides its state.
    pub moves: Vec<Move>,
    acts: Acts,
    /// Most agreements have none of it.
    leaving: Option<Box<Leaving>>,
}

/// What was said about letting the words of an agreement go: by whom, and where that is said.
#[derive(Debug, Default)]
struct Leaving {
    put_away: Vec<(Who, Place)>,
    forgets: Vec<(Who, Place)>,
}

impl Thread {
    fn leaving(&mut self) -> &mut Leaving {
        self.leaving.get_or_insert_default()
    }
}

/// What counts about one draft, by both.
#[derive(Debug, Default)]
pub struct DraftThread {
    acts: Acts,
    /// What began it: mostly one. The lowest hash gives it its name.
    pub begun: BTreeSet<(Hash, Who)>,
    /// Who has closed it.
    pub closed: [bool; 2],
}

impl DraftThread {
    /// What it began with: the looker's own word, if there is one; nobody makes it his by beginning it again.
    #[must_use]
    pub fn beginning(&self) -> Option<(Hash, Who)> {
        let own = self.begun.iter().find(|(_, who)| *who == Who::Me);
        own.or_else(|| self.begun.first()).copied()
    }

    /// Whether both have closed it.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        self.closed == [true, true]
    }
}

/// Two books.
#[derive(Debug)]
pub struct Couple {
    /// The two of them.
    pub id: CoupleId,
    me: Book,
    partner: Book,
    /// The entries of both, in the order in which they came: a causal one.
    arrival: Vec<Index>,
    threads: BTreeMap<AgreementId, Thread>,
    slots: BTreeMap<Slot, Acts>,
    drafts: BTreeMap<DraftId, DraftThread>,
    /// What speaks about something told or opened.
    told: BTreeMap<Index, Acts>,
    /// What was told, by kind, in the order in which it came.
    kinds: [Vec<Index>; ToldKind::ALL.len()],
    /// Pages about oneself, by whose and which, in the order in which they came.
    pages: BTreeMap<(Who, Page), Vec<Index>>,
    /// What the partner said that is closed until it is opened.
    closed: Vec<u32>,
    /// What was said better, and by what.
    better: BTreeMap<Index, SmallVec<[Index; 1]>>,
    /// What stands instead of something: what that is, and how many wordings there were before.
    older: BTreeMap<Index, (u32, usize)>,
    /// Confidences that are to be told to nobody, and how often that stands.
    nobody: BTreeMap<Index, usize>,
    /// What began drafts that both have closed: their titles leave with them.
    titles_gone: BTreeSet<Hash>,
    /// What was taken back, with every earlier wording of it, and by what.
    taken_back: BTreeMap<Hash, Hash>,
    /// Assertions whose words were forgotten, by a `forget` that has effect.
    forgotten: BTreeSet<Hash>,
    /// What a `forget` named without effect.
    forgotten_without_effect: BTreeSet<Hash>,
    /// All that were said, of either, and whether each has effect: its past decides that for good.
    forgets: Vec<(Who, Hash, bool)>,
    /// Words here that were taken back or forgotten and were not looked at since.
    newly_leaving: Vec<Index>,
}

impl Couple {
    /// Two empty books.
    #[must_use]
    pub fn new(id: CoupleId, me: PersonId, partner: PersonId) -> Self {
        Self {
            id,
            me: Book::new(me, Who::Me),
            partner: Book::new(partner, Who::Partner),
            arrival: Vec::new(),
            threads: BTreeMap::new(),
            slots: BTreeMap::new(),
            drafts: BTreeMap::new(),
            told: BTreeMap::new(),
            kinds: Default::default(),
            pages: BTreeMap::new(),
            closed: Vec::new(),
            better: BTreeMap::new(),
            older: BTreeMap::new(),
            nobody: BTreeMap::new(),
            titles_gone: BTreeSet::new(),
            taken_back: BTreeMap::new(),
            forgotten: BTreeSet::new(),
            forgotten_without_effect: BTreeSet::new(),
            forgets: Vec::new(),
            newly_leaving: Vec::new(),
        }
    }

    /// One of the books.
    #[must_use]
    pub fn book(&self, who: Who) -> &Book {
        match who {
            Who::Me => &self.me,
            Who::Partner => &self.partner,
        }
    }

    pub(crate) fn book_mut(&mut self, who: Who) -> &mut Book {
        match who {
            Who::Me => &mut self.me,
            Who::Partner => &mut self.partner,
        }
    }

    /// Whose book a document is.
    #[must_use]
    pub fn owner(&self, document: &Document) -> Option<Who> {
        [Who::Me, Who::Partner]
            .into_iter()
            .find(|who| self.book(*who).document() == *document)
    }

    /// An assertion of either by its hash.
    #[must_use]
    pub fn find(&self, hash: &Hash) -> Option<(Who, Said<'_>)> {
        [Who::Me, Who::Partner]
            .into_iter()
            .find_map(|who| self.book(who).find(hash).map(|said| (who, said)))
    }

    /// How many entries both books hold.
    #[must_use]
    pub fn entries(&self) -> usize {
        self.arrival.len()
    }

    /// An entry in the order in which they came: whose, and its index in that book.
    #[must_use]
    pub fn arrived(&self, at: usize) -> Option<(Who, usize)> {
        let (who, index) = self.arrival.get(at)?;
        Some((*who, *index as usize))
    }

    /// Everything that is held.
    #[must_use]
    pub fn all(&self) -> Past {
        let both = [Who::Me, Who::Partner].into_iter();
        Past::of(both.flat_map(|who| {
            let book = self.book(who);
            (0..book.branches() as u16).map(move |n| {
                let branch = Branch::new(who, n);
                (branch, book.in_branch(branch))
            })
        }))
    }

    /// Everything under entries that are held, and the entries.
    #[must_use]
    pub fn under<'a>(&self, marks: impl IntoIterator<Item = &'a Hash>) -> Past {
        let mut past = Past::empty();
        for hash in marks {
            for who in [Who::Me, Who::Partner] {
                if let Some(index) = self.book(who).index_of(hash) {
                    past = past.union(&self.book(who).up_to(index));
                }
            }
        }
        past
    }

    /// The entries that together name a past, whatever branches they are in elsewhere.
    #[must_use]
    pub fn marks_of(&self, past: &Past) -> Vec<Mark> {
        past.prefixes()
            .filter_map(|(branch, n)| self.book(branch.whose()).last_within(branch, n))
            .collect()
    }

    /// What the next own assertion lists as seen: the newest of the partner's agreement assertions that are not in `past`,
    /// and nothing else. Whoever has those has what lies under them.
    #[must_use]
    pub fn unseen(&self, past: &Past) -> Vec<Hash> {
        let (mut past, mut unseen) = (past.clone(), Vec::new());
        for n in 0..self.partner.branches() as u16 {
            let branch = Branch::new(Who::Partner, n);
            let about = |said: &Said<'_>| matches!(said.subject, Some(Subject::Agreement(_)));
            let since = past.of_branch(branch);
            if since == self.partner.in_branch(branch) {
                continue;
            }
            if let Some(said) = self.partner.newest_in(branch, since, about) {
                past = past.union(&said.past().and(said.place));
                unseen.push(said.hash);
            }
            if unseen.len() == limits::LISTED_HASHES {
                break;
            }
        }
        unseen
    }

    /// All agreements.
    pub fn threads(&self) -> impl Iterator<Item = (&AgreementId, &Thread)> {
        self.threads.iter()
    }

    /// One agreement.
    #[must_use]
    pub fn thread(&self, id: &AgreementId) -> Option<&Thread> {
        self.threads.get(id)
    }

    /// Agreements whose id begins with this lower-case hex, two at most.
    #[must_use]
    pub fn threads_beginning(&self, prefix: &str) -> Vec<AgreementId> {
        let Some(range) = beginning(prefix) else {
            return Vec::new();
        };
        let range = AgreementId(*range.start())..=AgreementId(*range.end());
        let found = self.threads.range(range).take(2);
        found.map(|(id, _)| *id).collect()
    }

    /// How many words a `forget` of one of them named without effect.
    #[must_use]
    pub fn forgotten_in_vain(&self, by: Who) -> usize {
        let all = self.forgets.iter();
        all.filter(|(who, _, effect)| *who == by && !effect).count()
    }

    /// What both said about an agreement, in the order in which it came: who, and what.
    pub fn said_in<'a>(&'a self, thread: &'a Thread) -> impl Iterator<Item = (Who, Said<'a>)> {
        self.each(&thread.acts.said)
    }

    /// The same in a causal order that both have, of each as many as count in a view: the first.
    #[must_use]
    pub fn first_in<'a>(&'a self, thread: &'a Thread) -> Vec<(Who, Said<'a>)> {
        self.first(&thread.acts)
    }

    fn first<'a>(&'a self, acts: &'a Acts) -> Vec<(Who, Said<'a>)> {
        let order = |(_, said): &(Who, Said<'a>)| (said.depth(), said.hash);
        let mut all = Vec::new();
        for by in [Who::Me, Who::Partner] {
            let mut theirs: Vec<(Who, Said<'a>)> = self
                .each(&acts.said)
                .filter(|(who, _)| *who == by)
                .collect();
            if theirs.len() > limits::ACTS_TAKEN {
                theirs.select_nth_unstable_by_key(limits::ACTS_TAKEN, order);
                theirs.truncate(limits::ACTS_TAKEN);
            }
            all.extend(theirs);
        }
        all.sort_by_key(order);
        all
    }

    fn each<'a>(&'a self, said: &'a [Index]) -> impl Iterator<Item = (Who, Said<'a>)> {
        said.iter()
            .map(|(who, i)| (*who, self.book(*who).at(*i as usize)))
    }

    /// All slots, and how lately something was said in each: the index of it in its book.
    pub fn slots(&self) -> impl Iterator<Item = (&Slot, u32)> {
        self.slots.iter().map(|(slot, said)| {
            let last = said.said.iter().map(|(_, i)| *i).max();
            (slot, last.unwrap_or(0))
        })
    }

    /// What both said in a slot, in a causal order that both have, of each as many as count in a view: the first.
    #[must_use]
    pub fn first_in_slot(&self, slot: &Slot) -> Vec<(Who, Said<'_>)> {
        let acts = self.slots.get(slot);
        acts.map_or_else(Vec::new, |acts| self.first(acts))
    }

    /// How many of them there are.
    #[must_use]
    pub fn acts_in_slot(&self, slot: &Slot) -> usize {
        let acts = self.slots.get(slot).map_or(0, |acts| acts.said.len());
        acts.min(2 * limits::ACTS_TAKEN)
    }

    /// How many acts one of them has about a subject in a past.
    #[must_use]
    pub fn own_acts(&self, subject: &Subject, by: Who, past: &Past) -> usize {
        let acts = self.acts(subject);
        acts.map_or(0, |acts| self.acts_within(acts, past, Some(by)))
    }

    fn acts(&self, subject: &Subject) -> Option<&Acts> {
        match subject {
            Subject::Agreement(id) => self.threads.get(id).map(|thread| &thread.acts),
            Subject::Slot(slot) => self.slots.get(slot),
            Subject::Draft(id) => self.drafts.get(id).map(|draft| &draft.acts),
            Subject::Told(who, index) => self.told.get(&(*who, *index)),
        }
    }

    /// Whose entries drafts may hold.
    #[must_use]
    pub fn owners(&self) -> Owners {
        Owners {
            couple: self.id,
            persons: [Who::Me, Who::Partner].map(|who| self.book(who).owner),
        }
    }

    /// All drafts, those that are closed too.
    pub fn drafts(&self) -> impl Iterator<Item = (&DraftId, &DraftThread)> {
        self.drafts.iter()
    }

    /// One draft.
    #[must_use]
    pub fn draft(&self, id: &DraftId) -> Option<&DraftThread> {
        self.drafts.get(id)
    }

    /// Whether a draft has begun in a past.
    #[must_use]
    pub fn draft_in(&self, id: &DraftId, past: &Past) -> bool {
        let draft = self.drafts.get(id);
        draft.is_some_and(|draft| self.acts_within(&draft.acts, past, None) > 0)
    }

    fn acts_within(&self, acts: &Acts, past: &Past, by: Option<Who>) -> usize {
        if acts.said.len() < MANY {
            let within = self
                .each(&acts.said)
                .filter(|(who, said)| by.is_none_or(|by| by == *who) && past.holds(said.place));
            return within.count();
        }
        let of = past
            .prefixes()
            .filter(|(branch, _)| by.is_none_or(|by| by == branch.whose()));
        let within = of.filter_map(|(branch, n)| {
            let places = acts.places.as_ref()?.0.get(&branch)?;
            Some(places.partition_point(|before| *before < n))
        });
        within.sum()
    }

    /// Whether something about an agreement lies in a past.
    #[must_use]
    pub fn speaks_of(&self, id: &AgreementId, past: &Past) -> bool {
        let thread = self.threads.get(id);
        thread.is_some_and(|thread| self.acts_within(&thread.acts, past, None) > 0)
    }

    /// How often one of them has forgotten words of an agreement, in a past.
    #[must_use]
    pub fn forgets(&self, id: &AgreementId, by: Who, past: &Past) -> usize {
        let leaving = self.threads.get(id).and_then(|t| t.leaving.as_deref());
        let all = leaving.map_or(&[][..], |leaving| &leaving.forgets);
        said_by(all, by, past).count()
    }

    /// A sealed slot as it stands.
    #[must_use]
    pub fn slot(&self, slot: &Slot) -> sealed::Slot {
        let step = |(by, said): (Who, Said<'_>)| {
            let author = self.book(by).owner;
            let words = || self.book(by).hash_of_words(said);
            let (round, does) = sealed::Does::of(&said.read()?.body, slot, author, words)?;
            Some(sealed::Step {
                by,
                round,
                does,
                hash: said.hash,
                place: said.place,
                past: said.past(),
                taken_back: self.taken_back.contains_key(&said.hash),
            })
        };
        sealed::Slot::of(
            self.first_in_slot(slot)
                .into_iter()
                .filter_map(step)
                .collect(),
        )
    }

    /// What was taken back, each with what took it back.
    pub fn taken_back(&self) -> impl Iterator<Item = (&Hash, &Hash)> {
        self.taken_back.iter()
    }

    /// What took something back.
    #[must_use]
    pub fn taken_back_by(&self, hash: &Hash) -> Option<&Hash> {
        self.taken_back.get(hash)
    }

    /// All assertions whose words were forgotten.
    pub fn forgotten(&self) -> impl Iterator<Item = &Hash> {
        self.forgotten.iter().chain(&self.titles_gone)
    }

    /// Whether the words of an assertion have left, or are to leave, on purpose: they are sent to nobody any more.
    #[must_use]
    pub fn leaves(&self, hash: &Hash) -> bool {
        self.forgotten.contains(hash)
            || self.taken_back.contains_key(hash)
            || self.titles_gone.contains(hash)
    }

    /// An entry in the form in which it leaves this home for another: words that leave are only a hash.
    #[must_use]
    pub fn to_send(&self, who: Who, index: usize) -> SealedEntry {
        let mut sealed = self.book(who).entry(index);
        for (op, said) in sealed
            .entry
            .ops
            .iter_mut()
            .zip(self.book(who).said_in(index))
        {
            if let Words::Here(words) = &op.words
                && !words.is_empty()
                && self.leaves(&said.hash)
            {
                op.words = Words::Hash(op.words.hash());
            }
        }
        sealed.owned()
    }

    /// How many assertions a newer Troth wrote.
    #[must_use]
    pub fn newer(&self) -> u64 {
        self.me.not_counting().1 + self.partner.not_counting().1
    }

    /// Words here that were taken back or forgotten since this was asked last: whose, and their index.
    pub fn newly_leaving(&mut self) -> Vec<(Who, u32)> {
        std::mem::take(&mut self.newly_leaving)
    }

    /// Whatever leaves and is here is looked at again.
    pub fn all_that_leaves_anew(&mut self) {
        let both = [Who::Me, Who::Partner].into_iter();
        let all = both.flat_map(|who| self.book(who).leaving().map(move |index| (who, index)));
        self.newly_leaving = all.collect();
    }

    /// Whether its author let go of words that are kept here all the same.
    #[must_use]
    pub fn is_forgotten_by_author_alone(&self, hash: &Hash) -> bool {
        self.forgotten_without_effect.contains(hash)
    }

    /// How much both books hold now, to go back to.
    #[must_use]
    pub fn length(&self) -> [Length; 2] {
        [self.me.length(), self.partner.length()]
    }

    /// Whether one of them has said more about something that entries since `length` speak of than anybody takes.
    pub(super) fn more_than_may_be_said(&self, who: Who, length: [Length; 2]) -> bool {
        let book = self.book(who);
        let from = length[who as usize].entries();
        let new = (from..book.entries()).flat_map(|index| book.said_in(index));
        let subjects: BTreeSet<&Subject> = new.filter_map(|said| said.subject).collect();
        subjects.into_iter().any(|subject| {
            let acts = self.acts(subject).map_or(&[][..], |acts| &acts.said);
            acts.iter().filter(|(by, _)| *by == who).count() > limits::ACTS_TAKEN
        })
    }

    /// Takes back everything since `length`.
    pub fn truncate(&mut self, length: [Length; 2]) {
        if self.length() == length {
            return;
        }
        let (mut gone, mut subjects): (BTreeSet<Hash>, Vec<Subject>) = Default::default();
        let mut threads: Vec<Index> = Vec::new();
        for who in [Who::Me, Who::Partner] {
            if self.book(who).length() == length[who as usize] {
                continue;
            }
            for (hash, subject) in self.book_mut(who).truncate(length[who as usize]) {
                gone.insert(hash);
                subjects.extend(subject.filter(|subject| !subjects.contains(subject)));
            }
        }
        let left = [
            self.me.assertions() as u32,
            self.partner.assertions() as u32,
        ];
        let all = self.all();
        let stays = |(who, i): &Index| *i < left[*who as usize];
        for subject in subjects {
            match subject {
                Subject::Agreement(id) => {
                    if let Some(thread) = self.threads.get_mut(&id) {
                        thread.moves.retain(|act| !gone.contains(&act.hash));
                        if let Some(leaving) = &mut thread.leaving {
                            leaving.put_away.retain(|(_, place)| all.holds(*place));
                            leaving.forgets.retain(|(_, place)| all.holds(*place));
                        }
                        thread.acts.retain(stays, &all);
                        if thread.acts.said.is_empty() {
                            self.threads.remove(&id);
                        }
                    }
                }
                Subject::Slot(slot) => {
                    if let Some(acts) = self.slots.get_mut(&slot) {
                        acts.retain(stays, &all);
                        if acts.said.is_empty() {
                            self.slots.remove(&slot);
                        }
                    }
                }
                Subject::Told(who, index) => {
                    threads.push((who, index));
                    if let Some(acts) = self.told.get_mut(&(who, index)) {
                        acts.retain(stays, &all);
                        if acts.said.is_empty() {
                            self.told.remove(&(who, index));
                        }
                    }
                }
                Subject::Draft(id) => {
                    if let Some(mut draft) = self.drafts.remove(&id) {
                        draft.acts.retain(stays, &all);
                        self.read_draft(id, draft);
                    }
                }
            }
        }
        for kind in self.kinds.iter_mut().chain(self.pages.values_mut()) {
            // What came last goes first.
            while kind.last().is_some_and(|last| !stays(last)) {
                kind.pop();
            }
        }
        while self.closed.last().is_some_and(|last| *last >= left[1]) {
            self.closed.pop();
        }
        self.better.retain(|_, by| {
            by.retain(|index| stays(index));
            !by.is_empty()
        });
        self.older.retain(|index, _| stays(index));
        self.taken_back.retain(|_, by| !gone.contains(by));
        for thread in threads {
            self.count_nobody(thread);
        }
        let entries = [self.me.entries() as u32, self.partner.entries() as u32];
        self.arrival
            .retain(|(who, index)| *index < entries[*who as usize]);
        // What a refused `forget` took away is only in lists, which are made anew from those that are left.
        let mut forgets = std::mem::take(&mut self.forgets);
        let all = forgets.len();
        forgets.retain(|(who, hash, _)| self.book(*who).index_of_said(hash).is_some());
        if forgets.len() < all {
            let mut lists: [BTreeSet<Hash>; 2] = Default::default();
            for (who, hash, effect) in &forgets {
                let forget = self.book(*who).find(hash).and_then(Said::read);
                if let Some(Body::Forget(forget)) = forget.map(|it| it.body) {
                    lists[usize::from(*effect)].extend(forget.of);
                }
            }
            [self.forgotten_without_effect, self.forgotten] = lists;
        }
        self.forgets = forgets;
        for who in [Who::Me, Who::Partner] {
            let book = self.book(who);
            let no_more = |index: &u32| !self.leaves(&book.at(*index as usize).hash);
            let staying: Vec<u32> = book.leaving().filter(no_more).collect();
            for index in staying {
                self.book_mut(who).count_as_staying(index);
            }
        }
        self.newly_leaving.retain(stays);
    }

    /// Counts words as leaving, of whichever book they are.
    fn count_as_leaving(&mut self, hashes: &[Hash]) {
        for hash in hashes {
            for who in [Who::Me, Who::Partner] {
                if let Some(index) = self.book(who).index_of_said(hash) {
                    self.leaves_now((who, index as u32));
                }
            }
        }
    }

    fn leaves_now(&mut self, (who, index): Index) {
        if self.book_mut(who).count_as_leaving(index as usize) {
            self.newly_leaving.push((who, index));
        }
    }

    /// Puts a draft back with what is left of what was said about it.
    fn read_draft(&mut self, id: DraftId, mut draft: DraftThread) {
        for (hash, _) in std::mem::take(&mut draft.begun) {
            self.titles_gone.remove(&hash);
        }
        draft.closed = [false; 2];
        for (who, said) in self.each(&draft.acts.said) {
            match said.read().map(|it| it.body) {
                Some(Body::Draft(_)) => {
                    draft.begun.insert((said.hash, who));
                }
                _ => draft.closed[who as usize] = true,
            }
        }
        if draft.is_closed() {
            let begun = draft.begun.iter().map(|(hash, _)| *hash);
            self.titles_gone.extend(begun);
        }
        if !draft.acts.said.is_empty() {
            self.drafts.insert(id, draft);
        }
    }

    pub(super) fn push_page(&mut self, who: Who, page: NewPage) {
        let index = self.book(who).entries() as u32;
        self.arrival.push((who, index));
        self.book_mut(who).push_page(page);
    }

    /// Appends an assertion that the gate has let in, and says whether it counts.
    pub(super) fn push(&mut self, who: Who, admitted: Admitted<'_>) {
        let index = self.book(who).assertions() as u32;
        let (hash, place, past) = (admitted.hash, admitted.place, admitted.past.clone());
        let said_past = past.clone();
        let (subject, read) = (admitted.subject.clone(), admitted.read.assertion.clone());
        self.book_mut(who).push(admitted);
        let (Some(subject), Some(it)) = (subject, read) else {
            return;
        };
        let (books, index) = ([&self.me, &self.partner], (who, index));
        match subject {
            Subject::Agreement(id) => {
                let thread = self.threads.entry(id).or_default();
                thread.acts.push(books, index);
                match &it.body {
                    Body::PutAway(_) => thread.leaving().put_away.push((who, place)),
                    Body::Forget(_) => thread.leaving().forgets.push((who, place)),
                    _ => {}
                }
                if let Some(mut act) = Move::of(&it, who, hash, place, &past) {
                    act.first = matches!(it.body, Body::Version(_))
                        && !thread
                            .moves
                            .iter()
                            .any(|other| other.first && past.holds(other.place));
                    push(&mut thread.moves, act);
                }
            }
            Subject::Slot(slot) => self.slots.entry(*slot).or_default().push(books, index),
            Subject::Told(root_who, root) => {
                if let Body::Told(told) = &it.body {
                    self.kinds[told.kind as usize].push(index);
                    if let Some(page) = told.facts.page {
                        self.pages.entry((who, page)).or_default().push(index);
                    }
                }
                if (root_who, root) != index {
                    let acts = self.told.entry((root_who, root)).or_default();
                    acts.push(books, index);
                }
                // What is said about a page that is open is told otherwise, but for needing time.
                let of_page = || self.is_opening((root_who, root));
                let closed = match &it.body {
                    Body::Told(told) => told.kind.row().closed,
                    Body::Answer(answer) => {
                        answer.says == Verb::NeedTime || answer.says.is_opened() && !of_page()
                    }
                    _ => false,
                };
                if closed && who == Who::Partner {
                    self.closed.push(index.1);
                }
                self.note_better(index, &it, &said_past);
                if matches!(&it.body, Body::Answer(answer) if answer.says == Verb::TellNobody) {
                    *self.nobody.entry((root_who, root)).or_default() += 1;
                }
            }
            Subject::Draft(id) => {
                let draft = self.drafts.entry(id).or_default();
                draft.acts.push(books, index);
                match &it.body {
                    Body::Draft(_) => {
                        draft.begun.insert((hash, who));
                    }
                    _ => draft.closed[who as usize] = true,
                }
                if draft.is_closed() {
                    let begun: Vec<Hash> = draft.begun.iter().map(|(hash, _)| *hash).collect();
                    self.count_as_leaving(&begun);
                    self.titles_gone.extend(begun);
                }
            }
        }
        match &it.body {
            Body::TakeBack(_) => self.note_take_back(who, &it, (hash, &said_past)),
            Body::Forget(_) => self.note_forget(who, &hash),
            _ => {}
        }
    }

    /// A `forget` of an agreement's words has effect only if, in its past, both put the agreement away and every version is
    /// stepped back from or replaced; it also lets go.
    fn note_forget(&mut self, who: Who, hash: &Hash) {
        let Some(said) = self.book(who).find(hash) else {
            return;
        };
        let (Some(subject), Some(it)) = (said.subject, said.read()) else {
            return;
        };
        let Body::Forget(forget) = it.body else {
            return;
        };
        let Subject::Agreement(id) = subject else {
            // One's own, and nothing that binds anybody.
            self.forgets.push((who, *hash, true));
            self.count_as_leaving(&forget.of);
            self.forgotten.extend(forget.of);
            return;
        };
        let (id, place, past) = (*id, said.place, said.past());
        let of = forget.of;
        let effect = self.may_forget(&id, &past);
        self.forgets.push((who, *hash, effect));
        if effect {
            self.count_as_leaving(&of);
            self.forgotten.extend(of);
            let thread = self.threads.entry(id).or_default();
            if thread.moves.iter().all(|act| act.hash != *hash) {
                thread.moves.push(Move::let_go(who, *hash, place, &past));
            }
        } else {
            self.forgotten_without_effect.extend(of);
        }
    }

    /// Whether words of an agreement may be forgotten by one who has this past.
    #[must_use]
    pub fn may_forget(&self, id: &AgreementId, past: &Past) -> bool {
        let Some(thread) = self.threads.get(id) else {
            return false;
        };
        let both = [Who::Me, Who::Partner];
        if !both.iter().all(|who| self.put_away(thread, *who, past)) {
            return false;
        }
        let there = thread.moves.iter().filter(|act| past.holds(act.place));
        let there: Vec<Move> = there.cloned().collect();
        View::of(&there, None).nothing_stands()
    }

    /// Whether one of them has put an agreement away, in a past.
    #[must_use]
    pub fn put_away(&self, thread: &Thread, by: Who, past: &Past) -> bool {
        let leaving = thread.leaving.as_deref();
        let all = leaving.map_or(&[][..], |leaving| &leaving.put_away);
        said_by(all, by, past).next().is_some()
    }

    /// Takes away the words of an assertion, and says whose book it is in and in which entry, if they were here.
    pub fn strip(&mut self, hash: &Hash) -> Option<(Who, usize)> {
        [Who::Me, Who::Partner].into_iter().find_map(|who| {
            let index = self.book(who).index_of_said(hash)?;
            Some((who, self.book_mut(who).strip(index)?))
        })
    }

    /// The place of an assertion of either.
    #[must_use]
    pub fn place(&self, hash: &Hash) -> Option<Place> {
        self.find(hash).map(|(_, said)| said.place)
    }
}

impl Acts {
    fn push(&mut self, books: [&Book; 2], index: Index) {
        self.said.push(index);
        if self.said.len() < MANY {
            return;
        }
        let place = |(who, i): &Index| books[*who as usize].place_of(*i as usize);
        // From the first on, once there are many.
        let new = if self.said.len() == MANY {
            0
        } else {
            self.said.len() - 1
        };
        for index in &self.said[new..] {
            let place = place(index);
            let places = self.places.get_or_insert_default();
            places.0.entry(place.branch).or_default().push(place.before);
        }
    }

    fn retain(&mut self, stays: impl Fn(&Index) -> bool, all: &Past) {
        self.said.retain(|index| stays(index));
        if self.said.len() < MANY {
            self.places = None;
        }
        for (branch, places) in self.places.iter_mut().flat_map(|places| &mut places.0) {
            places.retain(|before| *before < all.of_branch(*branch));
        }
    }
}

/// Those that one of them said, in a past.
fn said_by<'a>(
    all: &'a [(Who, Place)],
    by: Who,
    past: &'a Past,
) -> impl Iterator<Item = &'a (Who, Place)> {
    all.iter()
        .filter(move |(who, place)| *who == by && past.holds(*place))
}

/// Most lists here are short: one more asks for room for one, and only long ones for more than they need.
fn push<T>(list: &mut Vec<T>, item: T) {
    if list.len() < 4 {
        list.reserve_exact(1);
    }
    list.push(item);
}

/// The ids of 16 bytes that begin with this lower-case hex, first to last.
pub(super) fn beginning(prefix: &str) -> Option<std::ops::RangeInclusive<[u8; 16]>> {
    let filled = |with: &str| {
        let rest = with.repeat(32usize.checked_sub(prefix.len())?);
        AssertionId::from_hex(&format!("{prefix}{rest}"))
            .ok()
            .map(|id| id.0)
    };
    Some(filled("0")?..=filled("f")?)
}
