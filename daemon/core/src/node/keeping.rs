//! Backups, and what comes back after a loss (PROTOCOL §6).
//!
//! A backup is lines of JSON: who one is, the couple, then each entry of both books in a causal order, then words that have
//! not left. The client seals it under a passphrase; no link or pair key is in it.

use super::carrying::{PART, another_file};
use super::desk::Kept;
use super::requests::value;
use super::{Client, Known, Node, Now};
use crate::books::gate;
use crate::books::rows::Row;
use crate::draft::Log;
use crate::keys::{Entropy, Key, RecoveryWords};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::{BTreeMap, VecDeque};
use troth_proto::api::{BackupLines, Identity, Restored, Secret};
use troth_proto::draft::SealedDraft;
use troth_proto::ids::Who;
use troth_proto::pairing::Record;
use troth_proto::problem::Wrong;
use troth_proto::wire::{self, Document, Entries, Entry, Op, SealedEntry, Words};
use troth_proto::{AssertionId, Day, DraftId, Hash, PersonId, Problem, Slot, limits};
use zeroize::Zeroizing;

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
    /// What of the partner's was opened here, or set aside: the beginnings of hashes, in hex.
    Opened {
        opened: Vec<String>,
        aside: Vec<String>,
    },
    /// Words of the partner's that are to leave, and when this device learned of it.
    Learned { learned: BTreeMap<Hash, Day> },
    /// One entry.
    Entry(EntryLine),
    /// One entry of a draft, as it travels.
    Drafted { draft: DraftId, entry: String },
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
/// Words that are to leave, in one line.
const LEARNED: usize = 512;
/// Bytes of lines handed over at a time.
const AT_ONCE: usize = 256 * 1024;

fn not_a_backup() -> Problem {
    Problem::BackupDamaged
}

fn refused(refusal: gate::Refusal) -> Problem {
    tracing::warn!(%refusal, "refused a backup");
    not_a_backup()
}

/// A backup on its way in. All of it is read and checked as it comes, and only a whole one is taken in, in parts.
#[derive(Default)]
pub(super) struct Restoring {
    /// Less than a line.
    rest: Zeroizing<String>,
    bytes: usize,
    /// Its first line has come; and empty books of its couple, if it has one.
    couple: Option<Option<Box<crate::books::couple::Couple>>>,
    ahead: gate::Ahead,
    /// What is left to take in.
    lines: VecDeque<Line>,
    /// The last lines have come, and fit.
    whole: bool,
    /// Entries that were new.
    new: u64,
}

impl EntryLine {
    /// The entry, if each word of it is here or its hash is.
    fn read(&self) -> Option<Entries> {
        let op = |said: &SaidLine| {
            let words = match (&said.words, said.words_hash) {
                (Some(words), None) => Words::Here(words.clone()),
                (None, Some(hash)) => Words::Hash(hash),
                _ => return None,
            };
            Some(Op {
                kind: Op::PUT,
                key: said.id,
                head: said.head.clone(),
                words,
            })
        };
        let ops: Option<Vec<Op>> = self.said.iter().map(op).collect();
        Some(Entries {
            document: Document::Book(self.book),
            entries: vec![SealedEntry {
                entry: Entry {
                    n: self.n,
                    after: self.after.clone(),
                    ops: ops?,
                },
                hash: self.hash,
                seal: self.seal,
            }],
        })
    }
}

impl SaidLine {
    fn bytes(&self) -> usize {
        self.head.len() + self.words.as_ref().map_or(0, String::len)
    }
}

impl Node {
    /// The next lines of a backup. The cursor counts lines.
    pub(super) fn backup(&self, cursor: Option<&str>) -> Result<BackupLines, Problem> {
        let mut at: usize = match cursor {
            None => 0,
            Some(text) => text.parse().map_err(|_| Problem::BadRequest {
                wrong: Wrong::NoCursor,
            })?,
        };
        let entries = self.couple.as_ref().map_or(0, |couple| couple.entries());
        let drafted: Vec<(&DraftId, &Log)> = self.drafts.logs().collect();
        let typed: usize = drafted.iter().map(|(_, log)| log.len()).sum();
        let kept: Vec<(&Slot, &Kept)> = self.desk.kept.iter().collect();
        // Before the entries: what was opened stays here also when it was taken back.
        let marks = self.desk.marks.pages();
        let learned: Vec<(&Hash, &Day)> = self.desk.local.learned.iter().collect();
        let learned: Vec<_> = learned.chunks(LEARNED).collect();
        let marked = 1 + marks.len();
        let first = marked + learned.len();
        let end = first + entries + typed + kept.len();
        let mut lines = String::new();
        while at < end && lines.len() < AT_ONCE {
            let line = match at {
                0 => self.home_line(),
                at if at < marked => marks.get(at - 1).map(|(opened, aside)| Line::Opened {
                    opened: opened.clone(),
                    aside: aside.clone(),
                }),
                at if at < first => learned.get(at - marked).map(|part| Line::Learned {
                    learned: part.iter().map(|(hash, day)| (**hash, **day)).collect(),
                }),
                at if at < first + entries => self.entry_line(at - first),
                at if at < first + entries + typed => {
                    self.drafted_line(&drafted, at - first - entries)
                }
                at => kept
                    .get(at - first - entries - typed)
                    .map(|(slot, kept)| Line::Kept {
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

    /// An entry of a draft, of all of them one after the other.
    fn drafted_line(&self, all: &[(&DraftId, &Log)], mut at: usize) -> Option<Line> {
        let owners = self.owners().ok()?;
        for (draft, log) in all {
            if at < log.len() {
                let sealed = wire::encode(&log.entry(&owners, at));
                return Some(Line::Drafted {
                    draft: **draft,
                    entry: data_encoding::BASE64.encode(&sealed),
                });
            }
            at -= log.len();
        }
        None
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

    /// Lines of a backup. With the last, they are taken in: as many as may be at once, and the rest with further empty ones.
    pub(super) fn restore(
        &mut self,
        now: Now,
        entropy: &mut dyn Entropy,
        client: Client,
        lines: &str,
        last: bool,
    ) -> Result<Value, Problem> {
        let mut file = match self.carrying.restoring.take() {
            Some((by, file)) if by == client && (!file.whole || lines.is_empty()) => file,
            Some((by, file)) if by != client => {
                self.carrying.restoring = Some((by, file));
                return Err(another_file());
            }
            _ => Box::default(),
        };
        if !file.whole {
            self.look_through_backup(&mut file, lines, last)?;
        }
        let new = if file.whole {
            self.restore_part(now, entropy, &mut file)?
        } else {
            None
        };
        if new.is_none() {
            self.carrying.restoring = Some((client, file));
        }
        Ok(value(&Restored { new }))
    }

    /// Reads and checks what came of a backup.
    fn look_through_backup(
        &self,
        file: &mut Restoring,
        lines: &str,
        last: bool,
    ) -> Result<(), Problem> {
        file.bytes += lines.len();
        if file.bytes > limits::CARRY_BYTES {
            return Err(not_a_backup());
        }
        file.rest.push_str(lines);
        let mut lines = std::mem::take(&mut file.rest);
        if !last {
            let whole = lines.rfind('\n').map_or(0, |at| at + 1);
            file.rest = Zeroizing::new(lines.split_off(whole));
        }
        for line in lines.lines() {
            let line = serde_json::from_str(line).map_err(|_| not_a_backup())?;
            match (&line, file.couple.is_some()) {
                (Line::Home { .. }, false) => {
                    let couple = self.couple_of_backup(&line)?;
                    // Until the books are there, they are empty ones.
                    file.couple = Some(couple.map(|(id, [me, partner])| {
                        Box::new(crate::books::couple::Couple::new(id, me, partner))
                    }));
                }
                (Line::Entry(entry), true) => {
                    let couple = file.couple.as_ref().and_then(|couple| couple.as_deref());
                    let couple = self.couple.as_ref().or(couple).ok_or_else(not_a_backup)?;
                    let entries = entry.read().ok_or_else(not_a_backup)?;
                    let (document, sealed) = (&entries.document, &entries.entries);
                    // One's own file: no seals are asked.
                    let checked = file.ahead.check(couple, document, None, sealed);
                    checked.map_err(refused)?;
                }
                (Line::Drafted { draft, entry }, true) => {
                    let couple = file.couple.as_ref().and_then(|couple| couple.as_deref());
                    let couple = self.couple.as_ref().or(couple).ok_or_else(not_a_backup)?;
                    let sealed = drafted(entry).ok_or_else(not_a_backup)?;
                    if sealed.entry.hash(couple.id, draft) != sealed.hash {
                        return Err(not_a_backup());
                    }
                }
                (Line::Opened { opened, aside }, true) => {
                    let all = opened.iter().chain(aside);
                    if !all.into_iter().all(|hex| super::marks::read(hex).is_some()) {
                        return Err(not_a_backup());
                    }
                }
                (Line::Learned { .. } | Line::Kept { .. }, true) => {}
                _ => return Err(not_a_backup()),
            }
            file.lines.push_back(line);
        }
        file.whole = last;
        if last && file.couple.is_none() {
            return Err(not_a_backup());
        }
        Ok(())
    }

    /// Whose backup it is: of this home's person, and of its couple if there is one.
    fn couple_of_backup(
        &self,
        home: &Line,
    ) -> Result<Option<(troth_proto::CoupleId, [PersonId; 2])>, Problem> {
        let Line::Home {
            version,
            identity,
            couple,
            ..
        } = home
        else {
            return Err(not_a_backup());
        };
        if *version > VERSION {
            return Err(Problem::BackupNewer);
        }
        if identity.person != self.me.person {
            return Err(Problem::BackupOfAnother);
        }
        if !identity.seal_keys.iter().all(|hex| key(hex).is_some()) {
            return Err(not_a_backup());
        }
        let Some(couple) = couple else {
            return Ok(None);
        };
        let record = Record {
            couple: couple.id,
            partner: couple.partner,
        };
        let pending = self.bonds.pending.as_ref();
        let pending = pending.map(|paired| paired.bond.record());
        let known = self.known.as_ref().map(|known| known.record);
        if [pending, known].into_iter().flatten().any(|r| r != record) {
            return Err(Problem::BackupOfAnother);
        }
        if !troth_proto::name::name_fits(&couple.partner_name) {
            return Err(not_a_backup());
        }
        Ok(Some((couple.id, [self.me.person, couple.partner])))
    }

    /// Takes in the next part of a whole backup. Says how many entries were new, once all of it is in.
    fn restore_part(
        &mut self,
        now: Now,
        entropy: &mut dyn Entropy,
        file: &mut Restoring,
    ) -> Result<Option<u64>, Problem> {
        let mut bytes = 0;
        while bytes < PART
            && let Some(line) = file.lines.pop_front()
        {
            match line {
                Line::Home {
                    identity, couple, ..
                } => self.begin_restoring(&identity, couple),
                Line::Opened { opened, aside } => {
                    bytes += 32 * (opened.len() + aside.len());
                    self.take_marks(&opened, &aside);
                }
                Line::Learned { learned } => {
                    bytes += 64 * learned.len();
                    self.take_learned(learned);
                }
                Line::Entry(entry) => {
                    bytes += entry.said.iter().map(SaidLine::bytes).sum::<usize>();
                    let entries = entry.read().ok_or_else(not_a_backup)?;
                    file.new += self.take_back(now, &entries)?;
                }
                Line::Drafted { draft, entry } => {
                    bytes += entry.len();
                    self.settle_drafts(now, entropy);
                    let sealed = drafted(&entry).ok_or_else(not_a_backup)?;
                    // One's own file: no seals are asked.
                    let came = self.take_drafted(&draft, &[sealed], false);
                    file.new += came.map_err(refused)?.new as u64;
                }
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
            }
        }
        let whole = file.lines.is_empty();
        if whole {
            self.plan_rests(now);
            self.take_from_aside(now);
        }
        self.after_taking(now, entropy);
        Ok(whole.then_some(file.new))
    }

    /// The couple and the keys of a backup that fits become this home's.
    fn begin_restoring(&mut self, identity: &Identity, couple: Option<CoupleLine>) {
        if let Some(couple) = couple.filter(|_| self.known.is_none()) {
            self.known = Some(Known {
                record: Record {
                    couple: couple.id,
                    partner: couple.partner,
                },
                name: couple.partner_name,
            });
            self.put(Row::Couple);
            self.begin_books();
        }
        for key in identity.seal_keys.iter().filter_map(key) {
            self.add_seal_key(key);
        }
    }

    /// An entry of a backup, and words that its copy here lacks. Says how many were new.
    fn take_back(&mut self, now: Now, entries: &Entries) -> Result<u64, Problem> {
        let couple = self.couple.as_mut().ok_or_else(not_a_backup)?;
        let who = couple.owner(&entries.document).ok_or_else(not_a_backup)?;
        let before = couple.book(who).entries();
        let came = gate::admit(couple, &entries.document, None, &entries.entries);
        let new = came.map_err(refused)?.new;
        for index in before..couple.book(who).entries() {
            self.touch(who, index);
        }
        if new == 0 {
            self.fill(now, entries);
        }
        Ok(new as u64)
    }

    /// What leaves leaves by the day on which the first device learned of it.
    fn take_learned(&mut self, learned: BTreeMap<Hash, Day>) {
        for (hash, day) in learned {
            let known = self.desk.local.learned.entry(hash).or_insert(day);
            *known = day.min(*known);
        }
        self.look_at_leaving_again();
        self.put_local();
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

/// An entry of a draft as a backup holds it.
fn drafted(entry: &str) -> Option<SealedDraft> {
    let bytes = data_encoding::BASE64.decode(entry.as_bytes()).ok()?;
    wire::decode(&bytes)
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
