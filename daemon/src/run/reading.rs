//! A home as its disk holds it: read, opened and handed to the node by two threads.

use crate::memory;
use crate::store::{Spare, Store};
use std::path::Path;
use troth_core::books::rows::{Ledger, Vault};
use troth_core::node::{Loadable, Node};
use troth_proto::{Hash, Problem};

/// Bytes of rows handed from one thread to the other at a time, and how many such parts may wait.
const READ_AHEAD: (usize, usize) = (128 * 1024, 8);

/// What is read ahead.
type Ahead = Vec<Result<Loadable, Problem>>;

/// The node that the disk holds, with whatever of it is sound, and what its rows add up to.
pub fn load(store: &mut Store, vault: &Vault, path: &Path) -> Result<(Node, Ledger), Problem> {
    let (mut ledger, mut unreadable) = (Ledger::new(vault), Vec::new());
    let mut again = Vec::new();
    // While this thread reads and opens, another hands what was opened to the node.
    let node = std::thread::scope(|threads| {
        let (sender, receiver) = std::sync::mpsc::sync_channel::<Ahead>(READ_AHEAD.1);
        let loader =
            threads.spawn(move || memory::with_keys(|| Node::load(receiver.into_iter().flatten())));
        let (mut some, mut bytes) = (Ahead::new(), 0);
        let read = store.each_row(|name, sealed| {
            let opened = vault.open(name, sealed);
            some.push(Ok(match (opened, name.try_into()) {
                (Some(opened), Ok(name)) => {
                    ledger.note(&name, &opened);
                    Loadable::Row(opened.row, opened.bytes)
                }
                _ => {
                    tracing::error!(row = %&Hash::of("row", &[name]).hex()[..8], "a row is damaged");
                    unreadable.push(name.to_owned());
                    Loadable::Unreadable
                }
            }));
            bytes += sealed.len();
            if bytes < READ_AHEAD.0 {
                return true;
            }
            bytes = 0;
            sender.send(std::mem::take(&mut some)).is_ok()
        });
        // Whatever keeps the disk from being read comes last to the node, which then takes nothing.
        some.extend(read.err().map(Err));
        if !ledger.fits() {
            some.push(Ok(Loadable::DoesNotAddUp));
        }
        // What a home is lost without is there once more.
        for (name, sealed) in Spare::read(path)
            .map(|spare| spare.rows)
            .unwrap_or_default()
        {
            if let Some(opened) = vault.open(&name, &sealed).filter(|_| !ledger.has(&name)) {
                ledger.note(&name, &opened);
                some.push(Ok(Loadable::Row(opened.row, opened.bytes)));
                again.push((name, Some(sealed)));
            }
        }
        let _ = sender.send(some);
        drop(sender);
        loader.join().unwrap_or(Err(Problem::Internal))
    })?;
    if !unreadable.is_empty() {
        store.set_aside(&unreadable)?;
    }
    if !again.is_empty() {
        store.save(&again)?;
    }
    Ok((node, ledger))
}
