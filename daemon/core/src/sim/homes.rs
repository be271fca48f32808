//! Homes on disks: saves, crashes, copies, losses, backups, and files that are carried.

use super::{Device, Sim, address_of};
use crate::books::rows::{Row, Write};
use crate::node::{Damaged, Input, Listeners, Loadable, Node};
use crate::test_entropy::Seeded;
use serde_json::Value;
use std::collections::BTreeMap;
use troth_proto::api::Request;
use troth_proto::assertion::older;
use troth_proto::{Hash, Problem};

pub(super) fn save(disk: &mut BTreeMap<Row, Vec<u8>>, writes: Vec<Write>) {
    for write in writes {
        match write {
            Write::Put(row, bytes) => disk.insert(row, bytes),
            Write::Drop(row) => disk.remove(&row),
        };
    }
}

impl Sim {
    /// The device loses all but its disk, and starts again.
    pub fn crash(&mut self, p: usize) {
        self.begin_again(p, None);
    }

    /// A save has failed: the node is read from the disk.
    pub(super) fn read_back(&mut self, p: usize) {
        self.devices[p].read_back += 1;
        let listeners = self.devices[p].node.as_ref().map(Node::listeners);
        self.begin_again(p, listeners);
    }

    fn begin_again(&mut self, p: usize, failed: Option<Listeners>) {
        self.devices[p].node = None;
        self.devices[p].lets_in.clear();
        self.devices[p].link = None;
        let mut rows: Vec<_> = self.devices[p].disk.clone().into_iter().collect();
        // A node reads its rows in whatever order the disk gives them.
        let mut chance = Seeded::new(self.mono);
        for i in (1..rows.len()).rev() {
            rows.swap(i, chance.below(i + 1));
        }
        let rows = rows.into_iter();
        let rows = rows.map(|(row, bytes)| Ok(Loadable::Row(row, bytes)));
        match older::without(self.devices[p].knows_not, || Node::load::<Damaged>(rows)) {
            Ok(node) => self.devices[p].node = Some(node),
            Err(damaged) => debug_assert!(
                false,
                "{}'s disk does not load: {damaged}",
                self.devices[p].name
            ),
        }
        if let Some(listeners) = failed {
            self.input(p, Input::SaveFailed(listeners));
        }
        self.input(p, Input::Started);
        self.input(
            p,
            Input::Listening {
                addresses: vec![address_of(p)],
            },
        );
        let link = self.links;
        self.devices[1 - p].inbox.clear();
        if self.devices[1 - p].link.take().is_some() {
            self.input(1 - p, Input::LinkDown(link));
        }
        self.devices[p].inbox.clear();
    }

    /// What is on a device's disk, to be put back later: a copied home, a snapshot of a machine.
    #[must_use]
    pub fn copy(&self, p: usize) -> BTreeMap<Row, Vec<u8>> {
        self.devices[p].disk.clone()
    }

    /// The device goes on from what was on its disk once.
    pub fn put_back(&mut self, p: usize, disk: BTreeMap<Row, Vec<u8>>) {
        self.devices[p].disk = disk;
        self.crash(p);
    }

    /// The device and its disk are gone; a new one has a home made with the same recovery words, or with none of before.
    pub fn lose(&mut self, p: usize, same_words: bool) {
        self.crash(p);
        let before = &self.devices[p];
        let (name, day) = (before.name, before.day);
        let new = if same_words {
            let seals = vec![before.seal.clone()];
            Device::founded(name, day, seals, None, &mut self.chance)
        } else {
            Device::new(name, day, &mut self.chance)
        };
        self.begin_anew(p, new);
    }

    /// The device and its disk are gone; a new one has a home made from a backup.
    ///
    /// # Errors
    /// As the node answers.
    pub fn restore_on_a_new_device(&mut self, p: usize, backup: &str) -> Result<u64, Problem> {
        self.crash(p);
        let first = backup.lines().next().unwrap_or_default();
        let home: Value = serde_json::from_str(first).unwrap_or_default();
        let identity = troth_proto::api::Identity {
            person: serde_json::from_value(home["home"]["person"].clone())
                .map_err(|_| Problem::BackupDamaged)?,
            seal_keys: serde_json::from_value(home["home"]["seal_keys"].clone())
                .map_err(|_| Problem::BackupDamaged)?,
            words_public: Hash::default(),
        };
        let seals = crate::node::seal_keys(&identity).ok_or(Problem::BackupDamaged)?;
        let (name, day) = (self.devices[p].name, self.devices[p].day);
        let person = Some(identity.person);
        let new = Device::founded(name, day, seals, person, &mut self.chance);
        self.begin_anew(p, new);
        self.restore(p, backup)
    }

    fn begin_anew(&mut self, p: usize, new: Device) {
        self.devices[p] = new;
        self.input(p, Input::Started);
        let addresses = vec![address_of(p)];
        self.input(p, Input::Listening { addresses });
    }

    /// The lines of a backup.
    ///
    /// # Errors
    /// As the node answers.
    pub fn backup(&mut self, p: usize) -> Result<String, Problem> {
        let (mut lines, mut cursor) = (String::new(), None);
        loop {
            let answer = self.request(p, Request::Backup { cursor })?;
            lines += answer["lines"].as_str().unwrap_or_default();
            cursor = answer["cursor"].as_str().map(str::to_owned);
            if cursor.is_none() {
                return Ok(lines);
            }
        }
    }

    /// Restores a backup into a home that is there.
    ///
    /// # Errors
    /// As the node answers.
    pub fn restore(&mut self, p: usize, backup: &str) -> Result<u64, Problem> {
        let mut lines = troth_proto::api::Secret(backup.to_owned());
        loop {
            let answer = self.request(p, Request::Restore { lines, last: true })?;
            if let Some(new) = answer["new"].as_u64() {
                return Ok(new);
            }
            lines = troth_proto::api::Secret(String::new());
        }
    }

    /// Carries a file from one to the other.
    ///
    /// # Errors
    /// As the nodes answer.
    pub fn carry(&mut self, from: usize, upto: Option<u64>) -> Result<bool, Problem> {
        let pieces = self.carry_out(from, upto, false)?;
        self.carry_in(1 - from, &pieces)
    }

    /// The pieces of a file to carry.
    ///
    /// # Errors
    /// As the node answers.
    pub fn carry_out(
        &mut self,
        from: usize,
        upto: Option<u64>,
        whole: bool,
    ) -> Result<Vec<String>, Problem> {
        let (mut pieces, mut cursor) = (Vec::new(), None);
        loop {
            let answer = self.request(
                from,
                Request::CarryOut {
                    cursor,
                    upto,
                    whole,
                },
            )?;
            pieces.push(answer["piece"].as_str().unwrap_or_default().to_owned());
            cursor = answer["cursor"].as_str().map(str::to_owned);
            if cursor.is_none() {
                return Ok(pieces);
            }
        }
    }

    /// Takes the pieces of a file in; whether anything was new.
    ///
    /// # Errors
    /// As the node answers.
    pub fn carry_in(&mut self, to: usize, pieces: &[String]) -> Result<bool, Problem> {
        let mut pieces = pieces.iter();
        loop {
            let piece = pieces.next().cloned().unwrap_or_default();
            let last = pieces.len() == 0;
            let answer = self.request(to, Request::CarryIn { piece, last })?;
            if let Some(carried) = answer["carried"].as_bool() {
                return Ok(carried);
            }
        }
    }
}
