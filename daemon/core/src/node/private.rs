//! The private pages of a home: opened for one connection at a time, written to the disk before anybody is answered, and
//! rewritten at moments that tell nothing (FORMAT §7.1). One thing is done at a time; the rest waits.

use super::requests::value;
use super::{Client, Effect, Node, Now};
use crate::books::rows::Row;
use crate::keys::{Entropy, Key, draw};
use crate::private::{Drawer, Halves, until_rewritten};
use serde_json::Value;
use std::collections::VecDeque;
use troth_proto::api::{Request, Secret};
use troth_proto::notice::Notice;
use troth_proto::private::{PageKind, PageList, PageWords, Part, Written};
use troth_proto::{Hash, Problem, limits};

/// Milliseconds after a start within which the file is written anew: so many, and at most as many more.
const SOON: u64 = 3_000;

/// Who asks, and for which call.
type From = (Client, u64);

/// The file of the private pages, as the shell found it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// It opened.
    Drawer {
        /// The newer of its two slots.
        drawer: Box<Drawer>,
        /// The slot that is written first the next time.
        first: usize,
        /// Whether both are whole.
        whole: bool,
    },
    /// Nothing of it opens.
    Damaged,
    /// There is none: this home was made before there were private pages.
    None,
    /// It cannot be read.
    Problem(Problem),
}

impl Found {
    /// What these bytes of it are.
    #[must_use]
    pub fn of(halves: &Halves, file: &[u8]) -> Self {
        match Drawer::read(halves, file) {
            Some((drawer, first, whole)) => Self::Drawer {
                drawer: Box::new(drawer),
                first,
                whole,
            },
            None => Self::Damaged,
        }
    }
}

/// How the file is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum How {
    /// In place: this slot first, then the other. One of them is whole at any time.
    Slots {
        /// The first.
        first: usize,
    },
    /// A new file; `aside`, what is there is kept under another name.
    New {
        /// Whether something is there.
        aside: bool,
    },
}

/// A passphrase, and the salt it is stretched with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stretch {
    /// What was typed.
    pub passphrase: Secret,
    /// The salt.
    pub salt: Hash,
}

/// A connection for which the pages are open.
pub struct Opened {
    key: Key,
    client: Client,
    /// When it is locked if nothing is asked.
    until: u64,
}

/// The private pages of a home.
#[derive(Default)]
pub(super) struct Private {
    halves: Option<Halves>,
    drawer: Option<Drawer>,
    /// Why there is none.
    problem: Option<Problem>,
    /// What is written first the next time.
    how: Option<How>,
    opened: Vec<Opened>,
    doing: Option<Doing>,
    waiting: VecDeque<(From, Request)>,
    rewrite_at: Option<u64>,
    /// The last writing went well.
    settled: bool,
    /// Times are looked at, and no bytes.
    #[cfg(test)]
    unsealed: bool,
}

/// What is under way.
enum Doing {
    /// A passphrase is stretched.
    Stretching(From, Wants),
    /// The file is written.
    Writing {
        drawer: Box<Drawer>,
        from: Option<From>,
        then: Then,
    },
}

/// What follows once the file is written.
enum Then {
    /// This is answered.
    Answer(Value),
    /// The pages are open, whether what waited could be taken in or not.
    Opened,
    /// They open with this key from now on, and for nobody else yet.
    Key(Key),
    /// Own words of a draft that is gone are among them, and nowhere else any more.
    Slipped(String),
}

/// What a passphrase is for.
enum Wants {
    Open,
    Change {
        salt: Hash,
    },
    Anew {
        salt: Hash,
    },
    /// Whoever typed it is gone.
    Nothing,
}

impl Private {
    pub(super) fn deadlines(&self) -> impl Iterator<Item = Option<(u64, &'static str)>> {
        let lock = self.opened.iter().map(|it| it.until).min();
        let rewrite = self.rewrite_at.filter(|_| self.doing.is_none());
        [
            lock.map(|at| (at, "private pages are locked")),
            rewrite.map(|at| (at, "private pages are written anew")),
        ]
        .into_iter()
    }

    pub(super) fn client_gone(&mut self, client: Client) {
        self.opened.retain(|it| it.client != client);
        self.waiting.retain(|((asks, _), _)| *asks != client);
        if let Some(Doing::Stretching(from, wants)) = &mut self.doing
            && from.0 == client
        {
            // It is waited for all the same: one at a time.
            *wants = Wants::Nothing;
        }
    }

    /// Locks them for everybody.
    pub(super) fn lock(&mut self) {
        self.opened.clear();
    }

    pub(super) fn is_open(&self, client: Client) -> bool {
        self.opened.iter().any(|it| it.client == client)
    }

    /// How often the file has been written; none if there is none.
    pub(super) fn generation(&self) -> Option<u64> {
        self.drawer.as_ref().map(Drawer::generation)
    }

    fn drawer(&self) -> Result<&Drawer, Problem> {
        let problem = || self.problem.clone().unwrap_or(Problem::Internal);
        self.drawer.as_ref().ok_or_else(problem)
    }

    /// The key that a client has; it has it for a while longer.
    fn key(&mut self, now: Now, client: Client) -> Result<Key, Problem> {
        if !self.drawer()?.set {
            return Err(Problem::NoPrivatePassphrase);
        }
        let mut opened = self.opened.iter_mut();
        let Some(opened) = opened.find(|it| it.client == client) else {
            return Err(Problem::PrivateLocked);
        };
        opened.until = now.mono + limits::PRIVATE_IDLE;
        Ok(opened.key.clone())
    }

    fn give(&mut self, now: Now, client: Client, key: Key) {
        self.opened.retain(|it| it.client != client);
        self.opened.push(Opened {
            key,
            client,
            until: now.mono + limits::PRIVATE_IDLE,
        });
    }
}

impl Node {
    /// The file, as the shell found it. A new one is made where there is none, and soon after every start it is written
    /// anew.
    pub(super) fn private_read(
        &mut self,
        now: Now,
        entropy: &mut dyn Entropy,
        halves: Halves,
        found: Found,
    ) {
        let before = self.desk.local.private;
        let (drawer, how, whole) = match found {
            Found::Drawer {
                drawer,
                first,
                whole,
            } => {
                if before.is_some_and(|before| drawer.generation() < before) {
                    self.notice_with_next(Notice::PrivateOlder);
                }
                (*drawer, How::Slots { first }, whole)
            }
            Found::Problem(problem) => {
                self.private.problem = Some(problem);
                return;
            }
            Found::None | Found::Damaged => {
                let aside = found == Found::Damaged;
                if aside {
                    self.notice_with_next(Notice::PrivateDamaged);
                } else if before.is_some() {
                    self.notice_with_next(Notice::PrivateGone);
                }
                let new = Drawer::new(Hash(draw(entropy)), None, entropy);
                (new, How::New { aside }, false)
            }
        };
        self.private.halves = Some(halves);
        let drawer = drawer.following(before.unwrap_or(0));
        self.private.how = Some(how);
        self.private.drawer = Some(drawer.clone());
        if before.is_none() {
            // At every home's first start, whether the pages are used or not; and never by itself.
            self.with_next(Row::Local);
        }
        if whole {
            // Soon, and not while somebody waits for the start. What is damaged is mended at once.
            let soon = u64::from(draw::<1>(entropy)[0]) * SOON / 256;
            self.private.rewrite_at = Some(now.mono + SOON + soon);
        } else {
            self.private_write(entropy, drawer, None, Then::Answer(Value::Null));
            self.private.rewrite_at = Some(now.mono + until_rewritten(entropy));
        }
    }

    /// A request about private pages: answered now, or later.
    pub(super) fn private_request(
        &mut self,
        now: Now,
        entropy: &mut dyn Entropy,
        from: From,
        request: Request,
    ) -> Result<Option<Value>, Problem> {
        if self.private.doing.is_none() {
            return self.private_do(now, entropy, from, request);
        }
        if self.private.waiting.len() >= limits::PRIVATE_WAITING {
            return Err(Problem::TooManyClients);
        }
        self.private.waiting.push_back((from, request));
        Ok(None)
    }

    fn private_do(
        &mut self,
        now: Now,
        entropy: &mut dyn Entropy,
        from: From,
        request: Request,
    ) -> Result<Option<Value>, Problem> {
        let (once, request) = match request {
            Request::Once { id, request } => (Some(id), *request),
            request => (None, request),
        };
        match request {
            Request::PrivateOpen { passphrase } => {
                let drawer = self.private.drawer()?;
                if !drawer.set {
                    return Err(Problem::NoPrivatePassphrase);
                }
                let stretch = vec![stretched(passphrase, drawer.salt)?];
                self.private_stretch(from, Wants::Open, stretch)
            }
            Request::PrivateClose {} => {
                self.private.opened.retain(|it| it.client != from.0);
                Ok(Some(Value::Null))
            }
            Request::PrivatePassphrase { old, new, anew } => {
                self.private_passphrase(entropy, from, old, new, anew)
            }
            Request::PrivateList { before } => {
                let key = self.private.key(now, from.0)?;
                let sheets = self.private_sheets(&key)?;
                let before = before.unwrap_or(u64::MAX);
                let mut pages = Vec::new();
                let (mut bytes, mut next) = (0, None);
                for page in sheets.pages.iter().rev().filter(|it| it.page < before) {
                    let line = page.line();
                    bytes += line.title.len() + 100;
                    if bytes > limits::ANSWER_BYTES {
                        next = Some(page.page + 1);
                        break;
                    }
                    pages.push(line);
                }
                Ok(Some(value(&PageList { pages, next })))
            }
            Request::PrivateShow { page } => {
                let key = self.private.key(now, from.0)?;
                let sheets = self.private_sheets(&key)?;
                Ok(Some(value(sheets.page(page)?)))
            }
            Request::PrivateWrite { page, words } => {
                let key = self.private.key(now, from.0)?;
                words.check()?;
                let mut sheets = self.private_sheets(&key)?;
                if let Some(page) = once.and_then(|id| sheets.written_under(&id)) {
                    return Ok(Some(value(&Written { page })));
                }
                let page = sheets.write(page, now.day, words)?;
                if let Some(id) = once {
                    sheets.note(id, page);
                }
                let mut drawer = self.private.drawer()?.clone();
                drawer.put(&key, &sheets, entropy)?;
                let answer = value(&Written { page });
                self.private_write(entropy, drawer, Some(from), Then::Answer(answer));
                Ok(None)
            }
            Request::PrivateDrop { page } => {
                let key = self.private.key(now, from.0)?;
                let mut sheets = self.private_sheets(&key)?;
                sheets.throw_away(page)?;
                let mut drawer = self.private.drawer()?.clone();
                drawer.put(&key, &sheets, entropy)?;
                self.private_write(entropy, drawer, Some(from), Then::Answer(Value::Null));
                Ok(None)
            }
            Request::PrivateKeep { words } => {
                let kind = match words.kind {
                    PageKind::Copy => PageKind::Copy,
                    _ => PageKind::Draft,
                };
                let words = PageWords { kind, ..words };
                words.check()?;
                let mut drawer = self.private.drawer()?.clone();
                if once.is_some_and(|id| drawer.kept_under(&id)) {
                    return Ok(Some(Value::Null));
                }
                drawer.slip_in(now.day, &words, entropy)?;
                if let Some(id) = once {
                    drawer.note(id);
                }
                self.private_write(entropy, drawer, Some(from), Then::Answer(Value::Null));
                Ok(None)
            }
            _ => Err(Problem::Internal),
        }
    }

    fn private_passphrase(
        &mut self,
        entropy: &mut dyn Entropy,
        from: From,
        old: Option<Secret>,
        new: Secret,
        anew: bool,
    ) -> Result<Option<Value>, Problem> {
        let drawer = self.private.drawer()?;
        crate::closed::passphrase_fits(&new)?;
        let salt = Hash(draw(entropy));
        let (wants, stretch) = match old {
            _ if anew || !drawer.set => (Wants::Anew { salt }, vec![stretched(new, salt)?]),
            Some(old) => {
                let old = stretched(old, drawer.salt)?;
                (Wants::Change { salt }, vec![old, stretched(new, salt)?])
            }
            None => return Err(Problem::WrongPrivatePassphrase),
        };
        self.private_stretch(from, wants, stretch)
    }

    /// One passphrase at a time: each takes 64 MiB.
    fn private_stretch(
        &mut self,
        from: From,
        wants: Wants,
        what: Vec<Stretch>,
    ) -> Result<Option<Value>, Problem> {
        let halves = self.private.halves.as_ref().ok_or(Problem::Internal)?;
        self.out.effects.push(Effect::Stretch {
            client: from.0,
            id: from.1,
            half: halves.pages().clone(),
            what,
        });
        self.private.doing = Some(Doing::Stretching(from, wants));
        Ok(None)
    }

    /// Keys came of passphrases.
    pub(super) fn private_stretched(
        &mut self,
        now: Now,
        entropy: &mut dyn Entropy,
        from: From,
        keys: &[Key],
    ) {
        match self.private.doing.take() {
            Some(Doing::Stretching(asked, wants)) if asked == from => {
                if let Err(problem) = self.private_unlocked(now, entropy, from, wants, keys) {
                    self.private_answer(from, Err(problem));
                }
            }
            // Whoever asked is gone, or was answered when this node was read back.
            doing => self.private.doing = doing,
        }
        self.private_go_on(now, entropy);
    }

    fn private_unlocked(
        &mut self,
        now: Now,
        entropy: &mut dyn Entropy,
        from: From,
        wants: Wants,
        keys: &[Key],
    ) -> Result<(), Problem> {
        let mut drawer = self.private.drawer()?.clone();
        let (wants, keys) = match (wants, keys) {
            (Wants::Nothing, _) => return Ok(()),
            (Wants::Open, [key]) => {
                let mut sheets = drawer.open(key).ok_or(Problem::WrongPrivatePassphrase)?;
                self.private.give(now, from.0, key.clone());
                if !drawer.has_waiting() {
                    self.private_answer(from, Ok(Value::Null));
                    return Ok(());
                }
                drawer.take_in(key, &mut sheets, entropy);
                self.private_write(entropy, drawer, Some(from), Then::Opened);
                return Ok(());
            }
            (wants, keys) => (wants, keys),
        };
        let key = match (wants, keys) {
            (Wants::Change { salt }, [old, new]) => {
                let mut sheets = drawer.open(old).ok_or(Problem::WrongPrivatePassphrase)?;
                drawer.take_in(old, &mut sheets, entropy);
                drawer.rekey(salt, new, &sheets, entropy)?;
                new
            }
            (Wants::Anew { salt }, [new]) => {
                drawer = drawer.begun_anew(salt, new, entropy);
                new
            }
            _ => return Err(Problem::Internal),
        };
        self.private_write(entropy, drawer, Some(from), Then::Key(key.clone()));
        Ok(())
    }

    fn private_sheets(&self, key: &Key) -> Result<crate::private::Sheets, Problem> {
        // A key that another one followed opens nothing any more.
        let sheets = self.private.drawer()?.open(key);
        sheets.ok_or(Problem::PrivateLocked)
    }

    /// Writes the file; whoever asked is answered once it is on the disk.
    fn private_write(
        &mut self,
        entropy: &mut dyn Entropy,
        mut drawer: Drawer,
        from: Option<From>,
        then: Then,
    ) {
        let (Some(halves), Some(how)) = (&self.private.halves, self.private.how) else {
            return;
        };
        #[cfg(test)]
        let slot = if self.private.unsealed {
            Vec::new()
        } else {
            drawer.sealed(halves, entropy)
        };
        #[cfg(not(test))]
        let slot = drawer.sealed(halves, entropy);
        self.out.effects.push(Effect::KeepPrivate { how, slot });
        self.private.doing = Some(Doing::Writing {
            drawer: Box::new(drawer),
            from,
            then,
        });
    }

    /// The file is written; or not, and then nothing has changed. `both`: whether both slots are.
    pub(super) fn private_kept(
        &mut self,
        now: Now,
        entropy: &mut dyn Entropy,
        done: Result<bool, Problem>,
    ) {
        let Some(Doing::Writing { drawer, from, then }) = self.private.doing.take() else {
            return;
        };
        let told = match done {
            Ok(both) => {
                // A slot that was not written is the first one the next time: the other is whole.
                let first = match self.private.how {
                    Some(How::Slots { first }) if !both => 1 - first,
                    _ => 0,
                };
                self.private.how = Some(How::Slots { first });
                self.private.drawer = Some(*drawer);
                self.private.settled = true;
                match then {
                    Then::Answer(answer) => Ok(answer),
                    Then::Slipped(about) => self.keep_unsaid(&about, None).map(|_| Value::Null),
                    Then::Opened => Ok(Value::Null),
                    Then::Key(key) => {
                        self.private.opened.clear();
                        if let Some((client, _)) = from {
                            self.private.give(now, client, key);
                        }
                        Ok(Value::Null)
                    }
                }
            }
            // What waits goes on waiting; the pages can be read all the same.
            Err(_) if matches!(then, Then::Opened) => Ok(Value::Null),
            Err(problem) => Err(problem),
        };
        // The moment that was drawn stays: what a person caused changes nothing of it, above all not soon after a start.
        if self.private.rewrite_at.is_none() {
            self.private.rewrite_at = Some(now.mono + until_rewritten(entropy));
        }
        if let Some(from) = from {
            self.private_answer(from, told);
        }
        self.private_go_on(now, entropy);
        self.slip_in_what_was_kept(now, entropy);
    }

    /// Own words of drafts that are gone go to the private pages, also while these are locked. Where they have no passphrase
    /// yet, or no room, the words wait where they are.
    pub(super) fn slip_in_what_was_kept(&mut self, now: Now, entropy: &mut dyn Entropy) {
        if self.private.doing.is_some() || !std::mem::take(&mut self.private.settled) {
            return;
        }
        let Some((about, text)) = self.kept_of_drafts() else {
            return;
        };
        let text: Vec<char> = text.chars().collect();
        let part = |part: &[char]| Part {
            head: String::new(),
            text: part.iter().collect(),
        };
        let words = PageWords {
            kind: PageKind::Draft,
            title: String::new(),
            parts: text.chunks(limits::TEXT_CHARS).map(part).collect(),
        };
        let Some(mut drawer) = self.private.drawer.clone() else {
            return;
        };
        if drawer.slip_in(now.day, &words, entropy).is_ok() {
            self.private_write(entropy, drawer, None, Then::Slipped(about));
        }
    }

    fn private_answer(&mut self, (client, id): From, answer: Result<Value, Problem>) {
        self.out.effects.push(Effect::Reply { client, id, answer });
    }

    /// What waits, until something of it takes time.
    fn private_go_on(&mut self, now: Now, entropy: &mut dyn Entropy) {
        while self.private.doing.is_none()
            && let Some((from, request)) = self.private.waiting.pop_front()
        {
            match self.private_do(now, entropy, from, request) {
                Ok(None) => {}
                Ok(Some(answer)) => self.private_answer(from, Ok(answer)),
                Err(problem) => self.private_answer(from, Err(problem)),
            }
        }
    }

    /// Locks what nobody has asked of for a while; writes the file anew when its moment has come.
    pub(super) fn private_tick(&mut self, now: Now, entropy: &mut dyn Entropy) {
        self.private.opened.retain(|it| it.until > now.mono);
        if self.private.doing.is_none() && self.private.rewrite_at.is_some_and(|at| at <= now.mono)
        {
            self.private.rewrite_at = None;
            if let Some(drawer) = self.private.drawer.clone() {
                self.private_write(entropy, drawer, None, Then::Answer(Value::Null));
            }
        }
    }

    /// Whoever waits for an answer about private pages: this node is let go of, and they are to be told.
    #[must_use]
    pub fn waits_for_private(&self) -> Vec<(Client, u64)> {
        let doing = match &self.private.doing {
            Some(Doing::Stretching(from, _)) => Some(*from),
            Some(Doing::Writing { from, .. }) => *from,
            None => None,
        };
        let waiting = self.private.waiting.iter().map(|(from, _)| *from);
        doing.into_iter().chain(waiting).collect()
    }

    /// Keys that lie apart from the rest, while private pages are open.
    #[must_use]
    pub fn private_keys(&self) -> &[Opened] {
        &self.private.opened
    }
}

fn stretched(passphrase: Secret, salt: Hash) -> Result<Stretch, Problem> {
    if passphrase.0.len() > 4 * limits::PASSPHRASE_CHARS {
        return Err(Problem::TooLong);
    }
    Ok(Stretch { passphrase, salt })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests;
