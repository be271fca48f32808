//! What of the partner's was opened or set aside on this device: never an assertion, and told to nobody (KINDS M7).

use super::Node;
use crate::books::rows::Row;
use std::collections::BTreeMap;
use std::ops::Range;
use troth_proto::Hash;
use troth_proto::ids::Who;

/// The beginning of a hash: enough to tell things apart that somebody else wrote.
type Short = [u8; 16];
/// One mark, as it is kept: of what, and whether it was opened; else it was set aside.
type Mark = (Short, bool);

/// Marks in one row: it is written anew with each.
const IN_ONE_ROW: usize = 128;

/// Marks of this device.
#[derive(Default)]
pub(super) struct Marks {
    all: BTreeMap<Short, bool>,
    /// The number of the row that is being filled, and what is in it.
    page: u64,
    last: Vec<Mark>,
    /// What stands on Today until it is opened or set aside, by its index in the partner's book, once it was asked for; and how
    /// much of what came was looked at.
    waiting: Option<(std::collections::BTreeSet<u32>, usize)>,
}

fn short(hash: &Hash) -> Short {
    std::array::from_fn(|i| hash.0[i])
}

impl Marks {
    /// Whether something was opened here.
    pub fn opened(&self, hash: &Hash) -> bool {
        self.all.get(&short(hash)) == Some(&true)
    }

    /// Whether something was set aside here.
    pub fn is_set_aside(&self, hash: &Hash) -> bool {
        self.all.get(&short(hash)) == Some(&false)
    }

    /// Whether something was opened or set aside here.
    pub fn is_marked(&self, hash: &Hash) -> bool {
        self.all.contains_key(&short(hash))
    }

    /// The row that is being filled.
    pub fn last(&self) -> &Vec<Mark> {
        &self.last
    }

    /// All marks for a backup, in parts: what was opened, and what was set aside, in hex.
    pub fn pages(&self) -> Vec<(Vec<String>, Vec<String>)> {
        let all: Vec<Mark> = self
            .all
            .iter()
            .map(|(short, opened)| (*short, *opened))
            .collect();
        let part = |part: &[Mark]| {
            let of = |wanted: bool| {
                let such = part.iter().filter(move |(_, opened)| *opened == wanted);
                such.map(|(short, _)| data_encoding::HEXLOWER.encode(short))
                    .collect()
            };
            (of(true), of(false))
        };
        all.chunks(IN_ONE_ROW).map(part).collect()
    }

    /// Takes in a row that was read.
    pub fn load(&mut self, page: u64, marks: Vec<Mark>) {
        for (short, opened) in &marks {
            *self.all.entry(*short).or_default() |= *opened;
        }
        if page >= self.page {
            (self.page, self.last) = (page, marks);
        }
    }

    /// Marks something. Says in which row it is kept, if it was not so marked before.
    fn mark(&mut self, short: Short, opened: bool) -> Option<u64> {
        let before = self.all.get(&short).copied();
        if before == Some(true) || before == Some(opened) {
            return None;
        }
        self.all.insert(short, opened);
        if self.last.len() == IN_ONE_ROW {
            self.page += 1;
            self.last.clear();
        }
        self.last.push((short, opened));
        Some(self.page)
    }
}

/// A mark of a backup.
pub(super) fn read(hex: &str) -> Option<Short> {
    let bytes = data_encoding::HEXLOWER.decode(hex.as_bytes()).ok()?;
    bytes.try_into().ok()
}

impl Node {
    /// Marks of a backup become this home's.
    pub(super) fn take_marks(&mut self, opened: &[String], aside: &[String]) {
        for (all, opened) in [(opened, true), (aside, false)] {
            for short in all.iter().filter_map(|hex| read(hex)) {
                let page = self.desk.marks.mark(short, opened);
                let full = self.desk.marks.last.len() == IN_ONE_ROW;
                if let Some(page) = page.filter(|_| full) {
                    self.put(Row::Opened(page));
                }
            }
        }
        self.put(Row::Opened(self.desk.marks.page));
        self.waiting_anew();
    }

    /// Opens or sets aside something of the partner's.
    pub(super) fn mark(&mut self, hash: &Hash, index: u32, opened: bool) {
        if let Some(page) = self.desk.marks.mark(short(hash), opened) {
            self.put(Row::Opened(page));
            self.out.told = true;
        }
        if let Some((waiting, _)) = &mut self.desk.marks.waiting {
            waiting.remove(&index);
        }
    }

    /// What the partner said that is neither opened nor set aside, in the order in which it came; brought up to date with
    /// what came since.
    pub(super) fn waiting(&mut self) -> Vec<u32> {
        let Some(couple) = &self.couple else {
            return Vec::new();
        };
        let marks = &mut self.desk.marks;
        let (mut waiting, looked_at) = marks.waiting.take().unwrap_or_default();
        let closed = couple.closed();
        let book = couple.book(Who::Partner);
        let new: Range<usize> = looked_at.min(closed.len())..closed.len();
        for index in &closed[new] {
            if !marks.is_marked(&book.at(*index as usize).hash) {
                waiting.insert(*index);
            }
        }
        let all = waiting.iter().copied().collect();
        marks.waiting = Some((waiting, closed.len()));
        all
    }

    /// What stands on Today no more, whatever comes: it was taken back unopened, or its day has gone.
    pub(super) fn waits_no_more(&mut self, index: u32) {
        if let Some((waiting, _)) = &mut self.desk.marks.waiting {
            waiting.remove(&index);
        }
    }

    /// The books have lost something: what waits is looked for anew.
    pub(super) fn waiting_anew(&mut self) {
        self.desk.marks.waiting = None;
    }
}
