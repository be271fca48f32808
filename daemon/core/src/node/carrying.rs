//! Files: entries carried with no network at all (PROTOCOL §7), and books as automerge documents.

use super::link::{batch, have_of};
use super::requests::value;
use super::{Client, Effect, Node, Now};
use crate::books::carry;
use crate::books::gate::Refusal;
use crate::books::past::Past;
use crate::keys::{Entropy, draw};
use serde_json::Value;
use troth_proto::api::{Carried, CarryPiece};
use troth_proto::carry::Head;
use troth_proto::ids::Who;
use troth_proto::wire::{self, Entries};
use troth_proto::{Problem, limits};

/// Files on their way in or out, each with one client.
#[derive(Default)]
pub(super) struct Carrying {
    carried_in: Option<(Client, Vec<u8>)>,
    pub(super) restoring: Option<(Client, String)>,
    exported: Option<(Client, Vec<u8>)>,
}

impl Carrying {
    pub(super) fn client_gone(&mut self, client: Client) {
        self.carried_in.take_if(|(by, _)| *by == client);
        self.restoring.take_if(|(by, _)| *by == client);
        self.exported.take_if(|(by, _)| *by == client);
    }
}

fn bad_cursor() -> Problem {
    Problem::BadRequest {
        detail: "the cursor is not one that was given".into(),
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
                addresses: self.own_addresses(),
            })
        } else {
            let most = limits::CARRY_PIECE_BYTES - 4096;
            let next = batch(couple, &mut at.at, at.end, known, most);
            wire::encode(&next)
        };
        // Whether anything is left: looked at with a cursor of its own.
        let mut ahead = at.at;
        let last = batch(couple, &mut ahead, at.end, known, 1).is_none();
        file.extend(carry::seal(&key, at.piece, last, &plain));
        at.piece = at.piece.checked_add(1).ok_or_else(bad_cursor)?;
        let cursor = (!last).then(|| data_encoding::BASE64.encode(&wire::encode(&at)));
        Ok(CarryPiece {
            piece: data_encoding::BASE64.encode(&file),
            cursor,
        })
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

    /// A piece of a carried file; all of it is taken in with the last one, or nothing.
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
            detail: "a piece is base64".into(),
        })?;
        let mut file = match self.carrying.carried_in.take() {
            Some((by, file)) if by == client => file,
            _ => Vec::new(),
        };
        if file.len() + piece.len() > limits::CARRY_BYTES {
            return Err(Problem::CarryDamaged);
        }
        file.extend(piece);
        if !last {
            self.carrying.carried_in = Some((client, file));
            return Ok(Carried { carried: None });
        }
        let new = self.take_file(now, entropy, &file)?;
        Ok(Carried { carried: Some(new) })
    }

    fn take_file(
        &mut self,
        now: Now,
        entropy: &mut dyn Entropy,
        file: &[u8],
    ) -> Result<bool, Problem> {
        let (bond, (_, couple)) = (self.bond()?, self.bound()?);
        let writer = bond.partner_person();
        let pieces = carry::open(&bond.key, writer, file).map_err(|e| match e {
            carry::NotAFile::Foreign => Problem::NotForUs,
            carry::NotAFile::Damaged => Problem::CarryDamaged,
        })?;
        let mut pieces = pieces.iter();
        let head = pieces.next().and_then(|piece| wire::decode(piece));
        let head: Head = head.ok_or(Problem::CarryDamaged)?;
        if !head.versions.iter().any(|v| wire::VERSIONS.contains(v)) {
            return Err(Problem::CarryNewer);
        }
        if head.couple != couple.id {
            return Err(Problem::NotForUs);
        }
        let before = couple.length();
        let all = pieces.clone();
        for piece in pieces {
            let entries = wire::decode::<Option<Entries>>(piece);
            let taken = match entries {
                None => Err(Refusal::Malformed),
                Some(None) => Ok(()),
                Some(Some(entries)) => self.take(&entries).map(drop),
            };
            if let Err(refusal) = taken {
                if let Some(couple) = &mut self.couple {
                    couple.truncate(before);
                }
                tracing::warn!(%refusal, "refused a carried file");
                let partner = self.partner_name();
                return Err(match refusal {
                    Refusal::Missing => Problem::CarryGap { partner },
                    Refusal::NewerOperation => Problem::CarryNewer,
                    Refusal::Seal => Problem::ForeignSeals { partner },
                    _ => Problem::Refused { partner },
                });
            }
        }
        let couple = self.couple.as_ref().ok_or(Problem::NotPaired)?;
        // What the writer held and says so, and is not here even now.
        let marks = head.have.iter().flat_map(|have| &have.marks);
        let lacks = marks.clone().any(|mark| {
            [Who::Me, Who::Partner]
                .iter()
                .all(|who| couple.book(*who).index_of(&mark.hash).is_none())
        });
        if lacks {
            if let Some(couple) = &mut self.couple {
                couple.truncate(before);
            }
            let partner = self.partner_name();
            return Err(Problem::CarryGap { partner });
        }
        let new = couple.length() != before;
        let own = couple.book(Who::Me).entries() - before[Who::Me as usize].entries();
        self.note_came_back(own);
        for piece in all {
            if let Some(Some(entries)) = wire::decode::<Option<Entries>>(piece) {
                self.fill(now, &entries);
            }
        }
        let couple = self.couple.as_ref().ok_or(Problem::NotPaired)?;
        let mut believed = self.link.believed().clone();
        believed.add(&couple.under(marks.map(|mark| &mark.hash)));
        self.believe(now, believed);
        if wire::addresses_fit(&head.addresses) && !head.addresses.is_empty() {
            self.learn_more_addresses(now, head.addresses);
        }
        self.take_from_aside(now);
        self.after_taking(now, entropy);
        Ok(new)
    }

    /// The next piece of a book as an automerge document. The first is made by another process, and follows.
    pub(super) fn export_book(
        &mut self,
        (client, id): (Client, u64),
        whose: Who,
        cursor: Option<&str>,
    ) -> Result<Option<Value>, Problem> {
        let (_, couple) = self.bound()?;
        match cursor {
            None => {
                let input = crate::document::input(couple.book(whose));
                let effect = Effect::Export { client, id, input };
                self.out.effects.push(effect);
                Ok(None)
            }
            Some(cursor) => {
                let at: usize = cursor.parse().map_err(|_| bad_cursor())?;
                self.exported_piece(client, at).map(Some)
            }
        }
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
