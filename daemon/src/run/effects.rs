//! What the node wants done: saved, answered, sent, and the rest, in this order.

use super::{Daemon, Open, State};
use crate::clock::Os;
use crate::store::Store;
use crate::{calls, export, loom, memory, net, private};
use std::collections::BTreeSet;
use troth_core::books::rows::Write;
use troth_core::closed::Closed;
use troth_core::draft::loom::{Job, Woven};
use troth_core::node::{Effect, How, Input, PairEffect, Share, Stretch, unsaved};
use troth_core::private::Halves;
use troth_proto::Problem;
use troth_proto::api::{Line, Request};

impl Daemon {
    /// Save, Reply, Send, and the rest. If the save fails nobody is told "saved", and the node is read back.
    pub(super) fn perform(&mut self, mut effects: Vec<Effect>) {
        let mut writes = Vec::new();
        effects.retain_mut(|effect| match effect {
            Effect::Save(rows) => {
                writes.append(rows);
                false
            }
            _ => true,
        });
        let (asked, end) = (self.asks_sharing.take(), self.asks_end.take());
        if let Err(problem) = self.save(writes) {
            // Whatever was to be saved besides: who wants this daemon to end has it end.
            self.ending |= effects.contains(&Effect::End);
            let quiet = asked.filter(|(.., request)| !matches!(request, Request::Resume {}));
            if let Some((.., request)) = &quiet {
                self.unsaved = Some(matches!(request, Request::Stop {}));
            }
            let quiet = quiet.map(|(client, id, _)| (client, id));
            for (client, id, answer) in unsaved(effects, &problem, quiet, end) {
                self.answer(client, id, answer);
            }
            // The next daemon reads what the disk holds.
            if !self.ending {
                self.read_back(problem);
            }
            return;
        }
        if asked.is_some() {
            self.unsaved = None;
        }
        // Of a batch each is told once.
        let mut told = BTreeSet::new();
        for effect in effects {
            match effect {
                Effect::Tell(clients) => told.extend(clients),
                effect => self.perform_one(effect),
            }
        }
        for client in told {
            self.clients.write(client, &Line::changed());
        }
    }

    fn save(&mut self, writes: Vec<Write>) -> Result<(), Problem> {
        let State::Open(open) = &mut self.state else {
            return Ok(());
        };
        if writes.is_empty() {
            return Ok(());
        }
        let rows = memory::with_keys(|| open.ledger.seal(&writes, &mut Os));
        let twice = writes.iter().any(|write| match write {
            Write::Put(row, _) | Write::Drop(row) => row.is_kept_twice(),
        });
        tokio::task::block_in_place(|| {
            open.store.save(&rows)?;
            if twice {
                // Who one is has changed, and maybe the keys with it.
                open.keep();
                open.store.keep_twice(&open.ledger.kept_twice());
            }
            Ok(())
        })
    }

    /// Empties the file's log, and throws away what was set aside if words were forgotten; tells the node.
    fn erase(&mut self, forgotten: bool) {
        let State::Open(open) = &mut self.state else {
            return;
        };
        let store = &mut open.store;
        let done = tokio::task::block_in_place(|| {
            (!forgotten || store.drop_set_aside()) && store.checkpoint()
        });
        let effects = open
            .node
            .handle(self.clock.now(), &mut Os, Input::Erased(done));
        self.perform(effects);
    }

    /// Writes the private pages' file; tells the node.
    fn keep_private(&mut self, how: How, slot: &[u8]) {
        let path = self.home.private();
        let done = tokio::task::block_in_place(|| private::write(&path, how, slot));
        let State::Open(open) = &mut self.state else {
            return;
        };
        let kept = Input::PrivateKept(done);
        let effects = open.node.handle(self.clock.now(), &mut Os, kept);
        open.keep();
        self.perform(effects);
    }

    fn perform_one(&mut self, effect: Effect) {
        match effect {
            Effect::Save(_) | Effect::Tell(_) => {} // done before and after
            Effect::Reply { client, id, answer } => self.answer(client, id, answer),
            Effect::Send { link, bytes } => self.net.ask(net::Ask::Send(link, bytes)),
            Effect::Close(link) => self.net.ask(net::Ask::Close(link)),
            Effect::Share(share) => self.share(share),
            Effect::Hold(listen) => self.net.ask(net::Ask::Hold(listen)),
            Effect::Map(map) => {
                self.map.send_replace(map);
            }
            Effect::Dial {
                partners,
                remembered,
                typed,
                beside,
            } => self.net.ask(net::Ask::Dial(net::Dial {
                partners,
                remembered,
                typed,
                beside,
            })),
            Effect::Erase { forgotten } => self.erase(forgotten),
            Effect::Pair(window @ (PairEffect::Open { .. } | PairEffect::Close)) => {
                self.pair.set(window, None);
            }
            Effect::Pair(effect) => self.pair.ask(effect),
            Effect::Calls(ports) => self.calls.set(calls::Ask::Listen(ports), None),
            Effect::Cast(casts) => self.calls.ask(calls::Ask::Cast(casts)),
            Effect::Export { client, id, input } => {
                let inputs = self.inputs.clone();
                tokio::spawn(async move {
                    let bytes = export::made(input).await;
                    let _ = inputs.send(Input::Exported { client, id, bytes }).await;
                });
            }
            Effect::Weave { number, job } => self.weave(number, job),
            Effect::Follow { client, change } => {
                self.clients.write(client, &Line::drafted(change));
            }
            Effect::Stretch {
                client,
                id,
                half,
                what,
            } => {
                let inputs = self.inputs.clone();
                let make = move || {
                    let key = |it: &Stretch| Halves::key(&half, &it.passphrase.0, &it.salt);
                    memory::with_keys(|| what.iter().map(key).collect())
                };
                tokio::spawn(async move {
                    let keys = tokio::task::spawn_blocking(make).await.unwrap_or_default();
                    let _ = inputs.send(Input::Stretched { client, id, keys }).await;
                });
            }
            Effect::KeepPrivate { how, slot } => self.keep_private(how, &slot),
            Effect::Notify(how) => self.desktop.notify(how, self.bus.clone()),
            Effect::End => self.ending = true,
        }
    }

    /// Hands the loom a job; without one it cannot be done.
    fn weave(&mut self, number: u64, job: Job) {
        let State::Open(open) = &mut self.state else {
            return;
        };
        let inputs = &self.inputs;
        if open.loom.is_none() {
            open.loom = loom::Thread::begin(inputs.clone());
        }
        let done = open.loom.as_ref().is_some_and(|it| it.work(number, job));
        if !done {
            tracing::error!("no thread for drafts");
            let woven = Woven::Failed;
            let input = Input::Woven { number, woven };
            let effects = open.node.handle(self.clock.now(), &mut Os, input);
            self.perform(effects);
        }
    }

    /// Nobody shares, pairs or calls while there is no node.
    pub(super) fn leave_the_network(&mut self) {
        self.share(None);
        self.calls.set(calls::Ask::Listen(Vec::new()), None);
        self.map.send_replace(None);
        self.pair.set(PairEffect::Close, None);
    }

    /// With whom to share from now on. What was lost before that is nothing to go on with: then all links begin anew.
    fn share(&mut self, share: Option<Share>) {
        let anew = share.is_some().then_some(net::Ask::Share(None));
        self.net.set(net::Ask::Share(share), anew);
    }

    /// After a failed save: close, reopen, reload, before the next input; otherwise numbers would diverge.
    fn read_back(&mut self, problem: Problem) {
        tracing::error!(
            kind = problem.kind(),
            "a save failed; the node is read back from the disk"
        );
        self.leave_the_network();
        let again = self.reading_back;
        let unusable = State::Closed(Closed::Unusable(problem.clone()), None);
        let State::Open(open) = std::mem::replace(&mut self.state, unusable) else {
            return;
        };
        let drafts = open.node.waits_for_drafts();
        for (client, id) in open.node.waits_for_private().into_iter().chain(drafts) {
            self.answer(client, id, Err(problem.clone()));
        }
        let listeners = open.node.listeners();
        let Open { data, store, .. } = *open;
        drop(store);
        if again {
            return; // what was read back cannot begin either: it is looked at again after a while
        }
        if problem == Problem::DiskDamaged {
            drop(Store::rescue(&self.home.store()));
        }
        self.open_store();
        if let State::Closed(Closed::Locked(..), _) = &self.state {
            self.reading_back = true;
            self.open_with(data, Some(listeners));
            self.reading_back = false;
        }
    }
}
