//! Backups, and what comes back after a loss (PROTOCOL §6).
//!
//! A backup is lines of JSON: who one is, the couple, then each entry of both books in a causal order, then words that have
//! not left. The client seals it under a passphrase; no link or pair key is in it.

use super::desk::Kept;
use super::requests::value;
use super::{Client, Known, Node, Now};
use crate::books::gate;
use crate::books::rows::Row;
use crate::keys::{Entropy, Key, RecoveryWords};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use troth_proto::api::{BackupLines, Identity, Restored, Secret};
use troth_proto::ids::Who;
use troth_proto::pairing::Record;
use troth_proto::wire::{Document, Entries, Entry, Op, SealedEntry, Words};
use troth_proto::{AssertionId, Day, Hash, PersonId, Problem, Slot, limits};

/// One line of a backup.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
enum Line {
    /// The first.
    Home {
        /// The version of this format.
        version: u32,
        name: String,
        #[serde(flatten)]
        identity: Identity,
        couple: Option<CoupleLine>,
    },
    /// One entry.
    Entry(EntryLine),
    /// Words that have not left.
    Kept {
        slot: Slot,
        round: u32,
        words: Secret,
        since: Day,
        waiting: bool,
    },
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct CoupleLine {
    id: troth_proto::CoupleId,
    partner: PersonId,
    partner_name: String,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct EntryLine {
    book: PersonId,
    n: u64,
    after: Vec<Hash>,
    said: Vec<SaidLine>,
    hash: Hash,
    seal: Hash,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct SaidLine {
    id: AssertionId,
    head: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    words: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    words_hash: Option<Hash>,
}

/// The version of backups that this program writes.
const VERSION: u32 = 1;
/// Bytes of lines handed over at a time.
const AT_ONCE: usize = 256 * 1024;

fn not_a_backup() -> Problem {
    Problem::BackupDamaged
}

impl Node {
    /// The next lines of a backup. The cursor counts lines.
    pub(super) fn backup(&self, cursor: Option<&str>) -> Result<BackupLines, Problem> {
        let mut at: usize = match cursor {
            None => 0,
            Some(text) => text.parse().map_err(|_| Problem::BadRequest {
                detail: "the cursor is not one that was given".into(),
            })?,
        };
        let entries = self.couple.as_ref().map_or(0, |couple| couple.entries());
        let kept: Vec<(&Slot, &Kept)> = self.desk.kept.iter().collect();
        let end = 1 + entries + kept.len();
        let mut lines = String::new();
        while at < end && lines.len() < AT_ONCE {
            let line = match at {
                0 => self.home_line(),
                at if at <= entries => self.entry_line(at - 1),
                at => kept.get(at - 1 - entries).map(|(slot, kept)| Line::Kept {
                    slot: (*slot).clone(),
                    round: kept.round,
                    words: Secret(kept.words.clone()),
                    since: kept.since,
                    waiting: kept.waiting,
                }),
            };
            if let Some(line) = line {
                lines += &serde_json::to_string(&line).map_err(|_| Problem::Internal)?;
                lines.push('\n');
            }
            at += 1;
        }
        Ok(BackupLines {
            lines: Secret(lines),
            cursor: (at < end).then(|| at.to_string()),
        })
    }

    fn home_line(&self) -> Option<Line> {
        let hex = |key: &Key| Secret(data_encoding::HEXLOWER.encode(&key.0));
        Some(Line::Home {
            version: VERSION,
            name: self.me.name.clone(),
            identity: Identity {
                person: self.me.person,
                seal_keys: self.me.seals.iter().map(hex).collect(),
                words_public: self.me.words_public,
            },
            couple: self.known.as_ref().map(|known| CoupleLine {
                id: known.record.couple,
                partner: known.record.partner,
                partner_name: known.name.clone(),
            }),
        })
    }

    fn entry_line(&self, at: usize) -> Option<Line> {
        let couple = self.couple.as_ref()?;
        let (who, index) = couple.arrived(at)?;
        let book = couple.book(who);
        let sealed = book.entry(index);
        let said = sealed.entry.ops.iter().map(|op| SaidLine {
            id: op.key,
            head: op.head.to_owned(),
            words: match &op.words {
                Words::Here(words) => Some((*words).to_owned()),
                Words::Hash(_) => None,
            },
            words_hash: match &op.words {
                Words::Here(_) => None,
                Words::Hash(hash) => Some(*hash),
            },
        });
        Some(Line::Entry(EntryLine {
            book: book.owner,
            n: sealed.entry.n,
            after: sealed.entry.after,
            said: said.collect(),
            hash: sealed.hash,
            seal: sealed.seal,
        }))
    }

    /// Lines of a backup; with the last, all of them are taken in, or nothing.
    pub(super) fn restore(
        &mut self,
        now: Now,
        entropy: &mut dyn Entropy,
        client: Client,
        lines: &str,
        last: bool,
    ) -> Result<Value, Problem> {
        let mut text = match self.carrying.restoring.take() {
            Some((by, text)) if by == client => text,
            _ => String::new(),
        };
        if text.len() + lines.len() > limits::CARRY_BYTES {
            return Err(not_a_backup());
        }
        text += lines;
        if !last {
            self.carrying.restoring = Some((client, text));
            return Ok(value(&Restored { new: None }));
        }
        let before = (self.known.clone(), self.me.clone(), self.desk.kept.clone());
        let writes = self.out.writes.len();
        let taken = self.take_backup(now, &text);
        if taken.is_err() {
            // Nothing of a backup that failed stays; the books are taken back with the request.
            let no_books = before.0.is_none() && self.known.is_some();
            (self.known, self.me, self.desk.kept) = before;
            if no_books {
                self.couple = None;
            }
            self.out.writes.truncate(writes);
        }
        let (new, held) = taken?;
        for entries in &held {
            self.fill(now, entries);
        }
        self.take_from_aside(now);
        self.after_taking(now, entropy);
        Ok(value(&Restored { new: Some(new) }))
    }

    /// Takes a backup in. Says how many entries were new, and gives those that were held: they may bring words that lack.
    fn take_backup(&mut self, now: Now, text: &str) -> Result<(u64, Vec<Entries>), Problem> {
        let mut lines = text.lines();
        let first = lines.next().ok_or_else(not_a_backup)?;
        let Ok(Line::Home {
            version,
            identity,
            couple,
            ..
        }) = serde_json::from_str(first)
        else {
            return Err(not_a_backup());
        };
        if version > VERSION {
            return Err(Problem::BackupNewer);
        }
        if identity.person != self.me.person {
            return Err(Problem::BackupOfAnother);
        }
        if let Some(couple) = &couple {
            self.take_record(couple)?;
        }
        let keys: Option<Vec<Key>> = identity.seal_keys.iter().map(key).collect();
        for key in keys.ok_or_else(not_a_backup)? {
            self.add_seal_key(key);
        }
        let (mut new, mut held) = (0, Vec::new());
        for line in lines {
            match serde_json::from_str(line).map_err(|_| not_a_backup())? {
                Line::Entry(entry) => match self.take_line(entry)? {
                    Some(entries) => held.push(entries),
                    None => new += 1,
                },
                Line::Kept {
                    slot,
                    round,
                    words,
                    since,
                    waiting,
                } => self.take_kept(
                    slot,
                    Kept {
                        round,
                        words: words.0,
                        since,
                        waiting,
                    },
                ),
                Line::Home { .. } => return Err(not_a_backup()),
            }
        }
        self.plan_rests(now);
        Ok((new, held))
    }

    /// The couple of a backup is this home's, or becomes it.
    fn take_record(&mut self, couple: &CoupleLine) -> Result<(), Problem> {
        let record = Record {
            couple: couple.id,
            partner: couple.partner,
        };
        let pending = self.bonds.pending.as_ref();
        if pending.is_some_and(|paired| paired.bond.record() != record) {
            return Err(Problem::BackupOfAnother);
        }
        match &self.known {
            Some(known) if known.record == record => {}
            Some(_) => return Err(Problem::BackupOfAnother),
            None => {
                let name = couple.partner_name.clone();
                if !troth_proto::pairing::name_fits(&name) {
                    return Err(not_a_backup());
                }
                self.known = Some(Known { record, name });
                self.put(Row::Couple);
                self.begin_books();
            }
        }
        Ok(())
    }

    fn take_line(&mut self, line: EntryLine) -> Result<Option<Entries>, Problem> {
        let mut ops = Vec::with_capacity(line.said.len());
        for said in line.said {
            let words = match (said.words, said.words_hash) {
                (Some(words), None) => Words::Here(words),
                (None, Some(hash)) => Words::Hash(hash),
                _ => return Err(not_a_backup()),
            };
            ops.push(Op {
                kind: Op::PUT,
                key: said.id,
                head: said.head,
                words,
            });
        }
        let sealed = SealedEntry {
            entry: Entry {
                n: line.n,
                after: line.after,
                ops,
            },
            hash: line.hash,
            seal: line.seal,
        };
        let couple = self.couple.as_mut().ok_or_else(not_a_backup)?;
        let document = Document::Book(line.book);
        let who = couple.owner(&document).ok_or_else(not_a_backup)?;
        let before = couple.book(who).entries();
        let entries = Entries {
            document,
            entries: vec![sealed],
        };
        // One's own file: no seals are asked.
        let came = gate::admit(couple, &document, None, &entries.entries);
        let came = came.map_err(|refusal| {
            tracing::warn!(%refusal, "refused a backup");
            not_a_backup()
        })?;
        for index in before..couple.book(who).entries() {
            self.touch(who, index);
        }
        Ok((came.new == 0).then_some(entries))
    }

    fn take_kept(&mut self, slot: Slot, kept: Kept) {
        if !self.desk.kept.contains_key(&slot) {
            self.desk.kept.insert(slot.clone(), kept);
            self.put(Row::Kept(slot.to_string()));
        }
    }

    fn add_seal_key(&mut self, key: Key) {
        if !self.me.seals.contains(&key) {
            self.me.seals.push(key);
            self.put(Row::Me);
        }
    }

    /// Recovery words of an earlier home of one's own: what is sealed under them comes back.
    pub(super) fn earlier_words(&mut self, now: Now, words: &Secret) -> Result<(), Problem> {
        let words = RecoveryWords::read(&words.0).ok_or(Problem::WrongWords)?;
        self.add_seal_key(words.seal_key());
        self.desk
            .notices
            .retain(|n| *n != troth_proto::notice::Notice::ForeignSeals);
        self.desk.told.clear();
        self.put(Row::Notices);
        self.dial_anew(now);
        Ok(())
    }

    /// Takes one's own book as the partner has it, whoever sealed it.
    pub(super) fn as_partner_has_it(&mut self, now: Now) -> Result<(), Problem> {
        let (_, couple) = self.bound()?;
        let written = couple.book(Who::Me).entries() > 0;
        if written && !self.me.as_partner_has_it {
            return Err(Problem::WrittenAlready);
        }
        self.me.as_partner_has_it = true;
        self.put(Row::Me);
        self.desk
            .notices
            .retain(|n| *n != troth_proto::notice::Notice::ForeignSeals);
        self.put(Row::Notices);
        self.dial_anew(now);
        Ok(())
    }
}

fn key(hex: &Secret) -> Option<Key> {
    let bytes = data_encoding::HEXLOWER.decode(hex.0.as_bytes()).ok()?;
    Some(Key(bytes.try_into().ok()?))
}

/// Who a backup's first line says one is, for a home that is to be made.
#[must_use]
pub fn seal_keys(identity: &Identity) -> Option<Vec<Key>> {
    let keys: Option<Vec<Key>> = identity.seal_keys.iter().map(key).collect();
    keys.filter(|keys| !keys.is_empty() && keys.len() <= 16)
}
