//! Files: entries carried with no network at all (PROTOCOL §7), and books as automerge documents.

use super::link::{batch, have_of};
use super::requests::value;
use super::{Client, Effect, Node, Now};
use crate::books::book::{Said, Subject};
use crate::books::carry;
use crate::books::gate::{Ahead, Refusal};
use crate::books::past::Past;
use crate::draft::Log;
use crate::keys::{Entropy, draw};
use crate::pairing::Bond;
use serde_json::Value;
use std::collections::{BTreeSet, VecDeque};
use troth_proto::api::{Carried, CarryPiece};
use troth_proto::carry::{Head, Piece};
use troth_proto::draft::SealedDraft;
use troth_proto::ids::Who;
use troth_proto::problem::Wrong;
use troth_proto::wire::{self, DraftEntries, DraftHave};
use troth_proto::{Body, DraftId, Hash, Problem, Slot, limits};

/// Files on their way in or out, each with one client.
#[derive(Default)]
pub(super) struct Carrying {
    carried_in: Option<(Client, Box<CarriedIn>)>,
    pub(super) restoring: Option<(Client, Box<super::keeping::Restoring>)>,
    exported: Option<(Client, Vec<u8>)>,
}

impl Carrying {
    pub(super) fn client_gone(&mut self, client: Client) {
        self.carried_in.take_if(|(by, _)| *by == client);
        self.restoring.take_if(|(by, _)| *by == client);
        self.exported.take_if(|(by, _)| *by == client);
    }
}

/// A carried file on its way in. All of it is opened and checked as it comes, and only a whole one is taken in, in parts: no
/// request holds the others up for long.
struct CarriedIn {
    reader: carry::Reader,
    bytes: usize,
    head: Option<Head>,
    ahead: Ahead,
    /// What is left to take in.
    pieces: VecDeque<carry::Plain>,
    /// The last bytes have come, and fit.
    whole: bool,
    /// Some of it is in.
    begun: bool,
    /// Entries that were new, and those of one's own among them.
    new: usize,
    own: usize,
}

impl CarriedIn {
    fn new(bond: &Bond) -> Self {
        Self {
            reader: carry::Reader::new(&bond.key, bond.partner_person()),
            bytes: 0,
            head: None,
            ahead: Ahead::default(),
            pieces: VecDeque::new(),
            whole: false,
            begun: false,
            new: 0,
            own: 0,
        }
    }
}

/// Bytes of a file that are taken in by one request.
pub(super) const PART: usize = 256 * 1024;

/// One file at a time: two would be in each other's way, and in memory.
pub(super) fn another_file() -> Problem {
    Problem::BadRequest {
        wrong: Wrong::AnotherFile,
    }
}

fn bad_cursor() -> Problem {
    Problem::BadRequest {
        wrong: Wrong::NoCursor,
    }
}

impl Node {
    /// The next piece of a file to carry.
    pub(super) fn carry_out(
        &mut self,
        entropy: &mut dyn Entropy,
        cursor: Option<&str>,
        upto: Option<u64>,
        whole: bool,
    ) -> Result<CarryPiece, Problem> {
        let bond = self.bond()?;
        let (_, couple) = self.bound()?;
        let mut file = Vec::new();
        let mut at = match cursor {
            Some(text) => {
                let bytes = data_encoding::BASE64.decode(text.as_bytes());
                let bytes = bytes.map_err(|_| bad_cursor())?;
                let cursor: carry::Cursor = wire::decode(&bytes).ok_or_else(bad_cursor)?;
                if cursor.run != self.run || cursor.end > couple.entries() {
                    return Err(bad_cursor());
                }
                cursor
            }
            None => {
                let salt = draw(entropy);
                file = carry::begin(&salt);
                carry::Cursor {
                    salt,
                    piece: 0,
                    at: 0,
                    end: self.end_of_carrying(upto),
                    draft: (0, 0),
                    whole,
                    run: self.run,
                }
            }
        };
        let known = (!at.whole).then(|| self.link.believed());
        let key = carry::key(&bond.key, &at.salt, self.me.person);
        let plain = if at.piece == 0 {
            let have = [Who::Me, Who::Partner].map(|who| {
                let mut have = have_of(couple, who);
                have.lacks.clear();
                // What of the book is in the file, if not all of it is.
                if at.end < couple.entries() {
                    let mut there = Past::empty();
                    for (by, index) in (0..at.end).filter_map(|i| couple.arrived(i)) {
                        if by == who {
                            there = there.union(&couple.book(who).up_to(index));
                        }
                    }
                    let branches = there.prefixes().filter(|(b, _)| b.whose() == who);
                    have.marks = couple.marks_of(&Past::of(branches));
                    have.marks.truncate(limits::MARKS);
                }
                have
            });
            wire::encode(&Head {
                versions: wire::VERSIONS.to_vec(),
                couple: couple.id,
                have: have.to_vec(),
                drafts: self.drafts_in_a_file(),
                addresses: self.own_addresses(),
            })
        } else {
            let most = limits::CARRY_PIECE_BYTES - 4096;
            let next = batch(couple, &mut at.at, at.end, known, most);
            let next = next.map(Piece::Book);
            wire::encode(&next.or_else(|| self.next_carried_draft(&mut at, most)))
        };
        // Whether anything is left: looked at with a cursor of its own.
        let mut ahead = at.clone();
        let last = batch(couple, &mut ahead.at, at.end, known, 1).is_none()
            && self.next_carried_draft(&mut ahead, 1).is_none();
        file.extend(carry::seal(&key, at.piece, last, &plain));
        at.piece = at.piece.checked_add(1).ok_or_else(bad_cursor)?;
        let cursor = (!last).then(|| data_encoding::BASE64.encode(&wire::encode(&at)));
        Ok(CarryPiece {
            piece: data_encoding::BASE64.encode(&file),
            cursor,
        })
    }

    /// What is held of each draft, for the head of a file.
    fn drafts_in_a_file(&self) -> Vec<DraftHave> {
        let have = |(draft, log): (&DraftId, &Log)| DraftHave {
            draft: *draft,
            marks: log.marks(),
        };
        self.drafts.logs().map(have).collect()
    }

    /// The next entries of a draft that are carried. A file that ends early holds none.
    fn next_carried_draft(&self, at: &mut carry::Cursor, most: usize) -> Option<Piece> {
        let (couple, owners) = (self.couple.as_ref()?, self.owners().ok()?);
        if at.end < couple.entries() {
            return None;
        }
        for (draft, it) in self.drafts.open.iter().skip(at.draft.0) {
            let (mut entries, mut bytes) = (Vec::new(), 0);
            while at.draft.1 < it.log.len() && (entries.is_empty() || bytes < most) {
                let index = at.draft.1;
                let known = !at.whole && it.believed.holds(it.log.place(index));
                if !known {
                    let size = it.log.entry_bytes(index);
                    if !entries.is_empty() && bytes + size > most {
                        break;
                    }
                    bytes += size;
                    entries.push(it.log.entry(&owners, index));
                }
                at.draft.1 += 1;
            }
            if at.draft.1 >= it.log.len() && entries.is_empty() {
                at.draft = (at.draft.0 + 1, 0);
                continue;
            }
            let draft = *draft;
            return Some(Piece::Draft(DraftEntries { draft, entries }));
        }
        None
    }

    /// The first entry that is not carried: after so many of one's own, or all.
    fn end_of_carrying(&self, upto: Option<u64>) -> usize {
        let Some(couple) = &self.couple else { return 0 };
        let Some(upto) = upto else {
            return couple.entries();
        };
        let beyond = |i: &usize| {
            couple
                .arrived(*i)
                .is_some_and(|(who, index)| who == Who::Me && couple.book(who).mark(index).n > upto)
        };
        let all = couple.entries();
        (0..all).find(beyond).unwrap_or(all)
    }

    /// A piece of a carried file. With the last one, it is taken in: as much of it as may be at once, and the rest with
    /// further empty pieces.
    pub(super) fn carry_in(
        &mut self,
        now: Now,
        entropy: &mut dyn Entropy,
        client: Client,
        piece: &str,
        last: bool,
    ) -> Result<Carried, Problem> {
        self.bond()?;
        let piece = data_encoding::BASE64.decode(piece.as_bytes());
        let piece = piece.map_err(|_| Problem::BadRequest {
            wrong: Wrong::NotBase64,
        })?;
        let mut file = match self.carrying.carried_in.take() {
            Some((by, file)) if by == client && (!file.whole || piece.is_empty()) => file,
            Some((by, file)) if by != client => {
                self.carrying.carried_in = Some((by, file));
                return Err(another_file());
            }
            _ => Box::new(CarriedIn::new(self.bond()?)),
        };
        if !file.whole {
            self.look_through(&mut file, &piece, last)?;
        }
        let carried = if file.whole {
            self.take_part(now, entropy, &mut file)?
        } else {
            None
        };
        if carried.is_none() {
            self.carrying.carried_in = Some((client, file));
        }
        Ok(Carried { carried })
    }

    /// Opens and checks what came of a file.
    fn look_through(&self, file: &mut CarriedIn, piece: &[u8], last: bool) -> Result<(), Problem> {
        let not_a_file = |e| match e {
            carry::NotAFile::Foreign => Problem::NotForUs,
            carry::NotAFile::Damaged => Problem::CarryDamaged,
        };
        file.bytes += piece.len();
        if file.bytes > limits::CARRY_BYTES {
            return Err(Problem::CarryDamaged);
        }
        let pieces = file.reader.push(piece).map_err(not_a_file)?;
        let mut left = pieces.len();
        for plain in pieces {
            left -= 1;
            if file.head.is_none() {
                file.head = Some(self.head_of(&plain)?);
                continue;
            }
            match wire::decode::<Option<Piece>>(&plain) {
                None => return Err(self.not_taken(Refusal::Malformed, false)),
                // A file may end with nothing; nowhere else is a piece empty.
                Some(None) if left == 0 && file.reader.end().is_ok() => {}
                Some(None) => return Err(Problem::CarryDamaged),
                Some(Some(Piece::Draft(drafted))) => {
                    let (_, couple) = self.bound()?;
                    let hash = |it: &SealedDraft| it.entry.hash(couple.id, &drafted.draft);
                    if drafted.entries.iter().any(|it| hash(it) != it.hash) {
                        return Err(self.not_taken(Refusal::Hash, false));
                    }
                    file.pieces.push_back(plain);
                }
                Some(Some(Piece::Book(entries))) => {
                    let (_, couple) = self.bound()?;
                    let who = couple.owner(&entries.document).unwrap_or(Who::Partner);
                    let seals = self.me.seals_asked(who);
                    let (document, entries) = (&entries.document, &entries.entries);
                    let checked = file.ahead.check(couple, document, seals.as_ref(), entries);
                    checked.map_err(|refusal| self.not_taken(refusal, false))?;
                    file.pieces.push_back(plain);
                }
            }
        }
        if last {
            file.reader.end().map_err(not_a_file)?;
            let head = file.head.as_ref().ok_or(Problem::CarryDamaged)?;
            // What the writer held and says so, and is neither here nor in the file.
            let (_, couple) = self.bound()?;
            let held = |hash: &Hash| {
                let both = [Who::Me, Who::Partner];
                let here = |who: &Who| couple.book(*who).index_of(hash).is_some();
                file.ahead.has(hash) || both.iter().any(here)
            };
            let mut marks = head.have.iter().flat_map(|have| &have.marks);
            if !marks.all(|mark| held(&mark.hash)) {
                return Err(self.not_taken(Refusal::Missing, false));
            }
            file.whole = true;
        }
        Ok(())
    }

    fn head_of(&self, piece: &[u8]) -> Result<Head, Problem> {
        let (_, couple) = self.bound()?;
        let head: Head = wire::decode(piece).ok_or(Problem::CarryDamaged)?;
        if !head.versions.iter().any(|v| wire::VERSIONS.contains(v)) {
            return Err(Problem::CarryNewer);
        }
        if head.couple != couple.id {
            return Err(Problem::NotForUs);
        }
        Ok(head)
    }

    fn not_taken(&self, refusal: Refusal, begun: bool) -> Problem {
        tracing::warn!(%refusal, "refused a carried file");
        let partner = self.partner_name();
        match refusal {
            Refusal::Missing => Problem::CarryGap { partner },
            Refusal::NewerOperation => Problem::CarryNewer,
            Refusal::Seal => Problem::ForeignSeals { partner },
            _ if begun => Problem::RefusedInPart { partner },
            _ => Problem::Refused { partner },
        }
    }

    /// Takes in the next part of a whole file. Says whether anything was new, once all of it is in.
    fn take_part(
        &mut self,
        now: Now,
        entropy: &mut dyn Entropy,
        file: &mut CarriedIn,
    ) -> Result<Option<bool>, Problem> {
        let mut bytes = 0;
        while bytes < PART
            && let Some(piece) = file.pieces.pop_front()
        {
            bytes += piece.len();
            let piece = wire::decode::<Option<Piece>>(&piece).flatten();
            let entries = match piece.ok_or(Problem::CarryDamaged)? {
                Piece::Book(entries) => entries,
                Piece::Draft(drafted) => {
                    self.settle_drafts(now, entropy);
                    let came = self.take_drafted(&drafted.draft, &drafted.entries, true);
                    let came = came.map_err(|refusal| self.not_taken(refusal, true))?;
                    (file.new, file.own) = (file.new + came.new, file.own + came.own);
                    continue;
                }
            };
            let own = |node: &Self| {
                let couple = node.couple.as_ref();
                couple.map_or(0, |couple| couple.book(Who::Me).entries())
            };
            let before = own(self);
            let came = self.take(&entries);
            let came = came.map_err(|refusal| self.not_taken(refusal, file.begun))?;
            file.new += came.new;
            file.own += own(self) - before;
            self.fill(now, &entries);
        }
        file.begun = true;
        if file.pieces.is_empty() {
            self.taken_whole(now, file)?;
        }
        self.after_taking(now, entropy);
        Ok(file.pieces.is_empty().then_some(file.new > 0))
    }

    fn taken_whole(&mut self, now: Now, file: &mut CarriedIn) -> Result<(), Problem> {
        self.note_came_back(file.own);
        let head = file.head.take().ok_or(Problem::CarryDamaged)?;
        let marks = head.have.iter().flat_map(|have| &have.marks);
        let (_, couple) = self.bound()?;
        let mut believed = self.link.believed().clone();
        believed.add(&couple.under(marks.map(|mark| &mark.hash)));
        self.believe(now, believed);
        for have in &head.drafts {
            if let Some(it) = self.drafts.open.get_mut(&have.draft) {
                let past = it.log.under(have.marks.iter().map(|mark| &mark.hash));
                it.believed.add(&past);
            }
        }
        if wire::addresses_fit(&head.addresses) && !head.addresses.is_empty() {
            self.learn_more_addresses(now, &head.addresses);
        }
        self.take_from_aside(now);
        Ok(())
    }

    /// The next piece of a book as an automerge document. The first is made by another process, and follows.
    pub(super) fn export_book(
        &mut self,
        now: Now,
        (client, id): (Client, u64),
        (whose, with_confidences): (Who, bool),
        cursor: Option<&str>,
    ) -> Result<Option<Value>, Problem> {
        self.bound()?;
        match cursor {
            None => {
                let input = match whose {
                    Who::Me => crate::document::input(self.bound()?.1.book(whose), |_| true),
                    Who::Partner => self.partners_book(now, with_confidences)?,
                };
                let effect = Effect::Export { client, id, input };
                self.out.effects.push(effect);
                Ok(None)
            }
            Some(cursor) => self.export_next(client, cursor).map(Some),
        }
    }

    /// The partner's book, with the words that leave with this person.
    fn partners_book(&mut self, now: Now, with_confidences: bool) -> Result<Vec<u8>, Problem> {
        let told = self.told_that_leaves(now, with_confidences)?;
        let (_, couple) = self.bound()?;
        let page = |(slot, _): (&Slot, u32)| {
            let stands = couple.slot(slot);
            stands.opening(Who::Me)?;
            self.opened(slot, &stands, Who::Partner)?;
            stands.opening(Who::Partner)
        };
        let pages: BTreeSet<Hash> = couple.slots().filter_map(page).collect();
        let versions = couple.threads();
        let versions = versions.flat_map(|(id, _)| self.versions_of_partner(id));
        let versions: BTreeSet<Hash> = versions.collect();
        let worded = |said: Said<'_>| match said.subject {
            Some(Subject::Told(..)) => told.contains(&said.hash),
            Some(Subject::Slot(_)) => pages.contains(&said.hash),
            Some(Subject::Agreement(_)) => {
                let version = said
                    .read()
                    .is_some_and(|it| matches!(it.body, Body::Version(_)));
                !version || versions.contains(&said.hash)
            }
            Some(Subject::Draft(_)) => true,
            None => false,
        };
        Ok(crate::document::input(couple.book(Who::Partner), worded))
    }

    /// The next piece of what is exported.
    pub(super) fn export_next(&mut self, client: Client, cursor: &str) -> Result<Value, Problem> {
        let at: usize = cursor.parse().map_err(|_| bad_cursor())?;
        self.exported_piece(client, at)
    }

    /// The document is made, or could not be.
    pub(super) fn exported(&mut self, client: Client, id: u64, bytes: Option<Vec<u8>>) {
        let answer = match bytes {
            Some(bytes) => {
                self.carrying.exported = Some((client, bytes));
                self.exported_piece(client, 0)
            }
            None => Err(Problem::Internal),
        };
        self.out.effects.push(Effect::Reply { client, id, answer });
    }

    fn exported_piece(&mut self, client: Client, at: usize) -> Result<Value, Problem> {
        let held = self.carrying.exported.as_ref();
        let (_, bytes) = held
            .filter(|(by, _)| *by == client)
            .ok_or_else(bad_cursor)?;
        let end = at
            .saturating_add(limits::CARRY_PIECE_BYTES)
            .min(bytes.len());
        let piece = bytes.get(at..end).ok_or_else(bad_cursor)?;
        let piece = data_encoding::BASE64.encode(piece);
        let cursor = (end < bytes.len()).then(|| end.to_string());
        if cursor.is_none() {
            self.carrying.exported = None;
        }
        Ok(value(&CarryPiece { piece, cursor }))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::sim::Sim;
    use serde_json::json;
    use troth_proto::api::Request;
    use troth_proto::wire::{Document, Entries, Op, SealedEntry, Words, entry_hash};

    /// A file of these pieces, sealed as one of the two would.
    fn file_by(sim: &Sim, p: usize, pieces: &[Option<Entries>]) -> String {
        let node = sim.node(p);
        let key = carry::key(&node.bond().unwrap().key, &[7; 32], node.me.person);
        let head = Head {
            versions: wire::VERSIONS.to_vec(),
            couple: node.couple.as_ref().unwrap().id,
            have: Vec::new(),
            drafts: Vec::new(),
            addresses: Vec::new(),
        };
        let mut plain = vec![wire::encode(&head)];
        let piece = |it: &Option<Entries>| wire::encode(&it.clone().map(Piece::Book));
        plain.extend(pieces.iter().map(piece));
        let mut file = carry::begin(&[7; 32]);
        for (n, piece) in plain.iter().enumerate() {
            file.extend(carry::seal(&key, n as u64, n + 1 == plain.len(), piece));
        }
        data_encoding::BASE64.encode(&file)
    }

    /// Whatever one of them has written, in pieces.
    fn pieces_of(sim: &Sim, p: usize) -> Vec<Option<Entries>> {
        let document = Document::Book(sim.node(p).me.person);
        let all = sim.everything(p).into_iter();
        let all: Vec<SealedEntry> = all.map(|(_, entry)| entry).collect();
        let piece = |entries: &[SealedEntry]| {
            Some(Entries {
                document,
                entries: entries.to_vec(),
            })
        };
        all.chunks(50).map(piece).collect()
    }

    fn propose(n: usize) -> Request {
        let terms = "We ask each other before anybody comes to stay. ".repeat(20);
        let words =
            json!({"topic": format!("Number {n}"), "terms": terms, "does": {"me": "I ask."}});
        let request = json!({"method": "agreement_propose", "params": words});
        serde_json::from_value(request).unwrap()
    }

    fn apart(entries: usize) -> Sim {
        let mut sim = Sim::paired(71);
        sim.cut();
        for n in 0..entries {
            sim.request(0, propose(n)).unwrap();
        }
        sim
    }

    fn held(sim: &Sim, p: usize) -> usize {
        sim.everything(p).len()
    }

    #[test]
    fn a_large_file_is_taken_in_by_parts_and_others_are_answered_between_them() {
        let mut sim = apart(600);
        let piece = file_by(&sim, 0, &pieces_of(&sim, 0));
        let carry_in = |piece: &str| Request::CarryIn {
            piece: piece.to_owned(),
            last: true,
        };
        let answer = sim.request(1, carry_in(&piece)).unwrap();
        assert_eq!(answer["carried"], Value::Null, "some of it is left");
        let some = held(&sim, 1);
        assert!(some > 0 && some < 600, "{some}");
        // What is said between two parts is kept, and a crash keeps the parts before it.
        sim.request(1, propose(999)).unwrap();
        while sim.request(1, carry_in("")).unwrap()["carried"].is_null() {}
        assert_eq!(held(&sim, 1), 601);
        sim.crash(1);
        assert_eq!(held(&sim, 1), 601);
        sim.connect();
        sim.settle();
        assert_eq!((held(&sim, 0), held(&sim, 1)), (601, 601));
    }

    #[test]
    fn what_a_whole_look_can_tell_is_refused_before_anything_is_taken_in() {
        let mut sim = apart(600);
        let sound = pieces_of(&sim, 0);
        let mut forged = sound.clone();
        forged.last_mut().unwrap().as_mut().unwrap().entries[49]
            .hash
            .0[0] ^= 1;
        let mut gap = sound.clone();
        gap[3].as_mut().unwrap().entries.remove(20);
        let mut empty = sound.clone();
        empty.insert(2, None);
        let partner = || "Ana".to_owned();
        // In his own name, at the end of it, and sealed under none of his keys.
        let mut his = sound.clone();
        let couple = sim.node(0).couple.as_ref().unwrap().id;
        let document = Document::Book(sim.node(1).me.person);
        let mut own = sound[0].as_ref().unwrap().entries[0].clone();
        own.hash = entry_hash(couple, &document, &own.entry);
        his.push(Some(Entries {
            document,
            entries: vec![own],
        }));
        for (pieces, problem) in [
            (his, Problem::ForeignSeals { partner: partner() }),
            (forged, Problem::Refused { partner: partner() }),
            (gap, Problem::CarryGap { partner: partner() }),
            (empty, Problem::CarryDamaged),
        ] {
            let piece = file_by(&sim, 0, &pieces);
            assert_eq!(sim.carry_in(1, &[piece]), Err(problem));
            assert_eq!(held(&sim, 1), 0);
        }
        let sound = file_by(&sim, 0, &sound);
        assert_eq!(sim.carry_in(1, &[sound]), Ok(true));
    }

    #[test]
    fn a_place_in_a_file_that_no_answer_named_is_refused_or_ends_it() {
        let mut sim = apart(3);
        let first = Request::CarryOut {
            cursor: None,
            upto: None,
            whole: true,
        };
        let cursor_of = |answer: &Value| -> carry::Cursor {
            let text = answer["cursor"].as_str().unwrap();
            let bytes = data_encoding::BASE64.decode(text.as_bytes()).unwrap();
            wire::decode(&bytes).unwrap()
        };
        let sound = cursor_of(&sim.request(0, first).unwrap());
        let with = |change: &dyn Fn(&mut carry::Cursor)| {
            let mut cursor = sound.clone();
            change(&mut cursor);
            let cursor = Some(data_encoding::BASE64.encode(&wire::encode(&cursor)));
            Request::CarryOut {
                cursor,
                upto: None,
                whole: true,
            }
        };
        let refused = Err(bad_cursor());
        let changes: [&dyn Fn(&mut carry::Cursor); 3] = [
            &|it| it.piece = u64::MAX,
            &|it| it.end = usize::MAX,
            &|it| it.run = [9; 16],
        ];
        for change in changes {
            assert_eq!(sim.request(0, with(change)), refused);
        }
        let beyond: [&dyn Fn(&mut carry::Cursor); 3] = [
            &|it| it.at = usize::MAX,
            &|it| it.draft = (usize::MAX, 0),
            &|it| it.draft = (0, usize::MAX),
        ];
        for change in beyond {
            let answer = sim.request(0, with(change));
            assert!(answer.is_ok() || answer == refused, "{answer:?}");
        }
        assert!(sim.request(0, with(&|_| {})).is_ok());
    }

    #[test]
    fn an_id_used_twice_ends_a_file_and_says_that_part_of_it_is_here() {
        let mut sim = apart(600);
        let mut pieces = pieces_of(&sim, 0);
        let last = pieces.last_mut().unwrap().as_mut().unwrap();
        let mut again = last.entries[48].clone();
        again.entry.n += 2;
        again.entry.after = vec![last.entries[49].hash];
        again.entry.ops[0].words = Words::Here(String::new());
        let couple = sim.node(0).couple.as_ref().unwrap().id;
        again.hash = entry_hash(couple, &last.document, &again.entry);
        assert_eq!(again.entry.ops[0].kind, Op::PUT);
        last.entries.push(again);
        let piece = file_by(&sim, 0, &pieces);
        let partner = "Ana".to_owned();
        let refused = Problem::RefusedInPart { partner };
        assert_eq!(sim.carry_in(1, &[piece]), Err(refused));
        let held_now = held(&sim, 1);
        assert!(held_now > 0 && held_now < 600, "{held_now}");
        sim.crash(1);
        assert_eq!(held(&sim, 1), held_now);
        let sound = file_by(&sim, 0, &pieces_of(&sim, 0));
        assert_eq!(sim.carry_in(1, &[sound]), Ok(true));
        assert_eq!(held(&sim, 1), 600);
    }
}
