//! What a device's program writes that ours would not; and what is looked at besides, of a partner who does so.

use super::Sim;
use crate::books::couple::Couple;
use crate::node::Node;
use serde_json::Value;
use troth_proto::Hash;
use troth_proto::ids::Who;
use troth_proto::wire::SealedEntry;

impl Sim {
    /// A device's program writes what ours would not: any head, with any words' hash, on the tips or on one older entry of its
    /// own book. Says whether even its own gate took it.
    pub fn write_by_hand(
        &mut self,
        p: usize,
        kind: &str,
        body: &Value,
        seen: &[String],
        on: Option<usize>,
    ) -> bool {
        let mut head = serde_json::json!({"kind": kind, "body": body});
        if !matches!(kind, "ready" | "cancel" | "lock") {
            head["on"] = "2026-11-22".into();
        }
        if !seen.is_empty() {
            head["seen"] = seen.into();
        }
        self.write_head(p, head, "", on).is_some()
    }

    /// The same with a whole head, an id of its own if it has none, and words as they are kept. Says its id and its hash.
    pub fn write_head(
        &mut self,
        p: usize,
        mut head: Value,
        words: &str,
        on: Option<usize>,
    ) -> Option<(troth_proto::AssertionId, Hash)> {
        let drawn = troth_proto::AssertionId(crate::keys::draw(&mut self.chance));
        let id = serde_json::from_value(head["id"].clone()).unwrap_or(drawn);
        head["id"] = serde_json::json!(id);
        let couple = self.devices[p].node.as_ref()?.couple()?;
        let book = couple.book(Who::Me);
        let on = on.filter(|_| book.entries() > 0);
        let mut after = match on {
            Some(at) => vec![book.mark(at % book.entries())],
            None => book.tips(),
        };
        after.truncate(troth_proto::limits::ENTRY_AFTER);
        let head = head.to_string();
        let words = troth_proto::wire::Words::Here(words.to_owned());
        let said =
            troth_proto::assertion::hash(couple.id, book.owner, head.as_bytes(), &words.hash());
        let entry = troth_proto::wire::Entry {
            n: after.iter().map(|mark| mark.n).max().unwrap_or(0) + 1,
            after: after.iter().map(|mark| mark.hash).collect(),
            ops: vec![troth_proto::wire::Op {
                kind: troth_proto::wire::Op::PUT,
                key: id,
                head,
                words,
            }],
        };
        let hash = troth_proto::wire::entry_hash(couple.id, &book.document(), &entry);
        let sealed = SealedEntry {
            seal: crate::books::gate::seal_of(&self.devices[p].seal, couple.id, &hash),
            entry,
            hash,
        };
        let now = self.now(p);
        let node = self.devices[p].node.as_mut()?;
        let effects = node.inject(now, &mut self.chance, &sealed)?;
        self.perform(p, effects);
        Some((id, said))
    }
}

impl Node {
    /// Whether an assertion is in either book.
    #[must_use]
    pub fn holds(&self, hash: &str) -> bool {
        let hash = Hash::from_hex(hash).ok();
        hash.zip(self.couple())
            .is_some_and(|(hash, couple)| couple.find(&hash).is_some())
    }

    /// The two books, for a hostile partner to be tried on.
    ///
    /// # Panics
    /// Before there are two people.
    #[allow(clippy::expect_used)]
    pub fn couple_for_tests(&mut self) -> &mut Couple {
        self.couple_mut().expect("two people")
    }

    /// The hash of the last thing written here.
    #[must_use]
    pub fn newest_hash(&self) -> Option<String> {
        self.couple()?
            .book(Who::Me)
            .said()
            .last()
            .map(|said| said.hash.hex())
    }
}
