//! The loop: takes what waits, hands it to the node, and performs what follows, in order. Here net, store and local meet.

use crate::bus::Bus;
use crate::clock::{Clock, Leaps, Looked, Os, Passed};
use crate::local::{self, Clients, Event};
use crate::store::{Spare, Store};
use crate::{
    addresses, calls, export, interfaces, keyring, loom, mapping, memory, net, pairnet, private,
    swap,
};
mod reading;

use reading::load;
use std::path::Path;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::{mpsc, watch};
use tokio::time::Instant;
use troth_core::books::rows::{Ledger, Vault, Write};
use troth_core::closed::{self, Answer, Closed};
use troth_core::draft::loom::{Job, Woven};
use troth_core::keys::{Key, Lockbox, WordsOf, draw};
use troth_core::node::{
    Client, Device, Disk, Effect, Found, Founding, How, Input, Listeners, Map, Node, PairEffect,
    Stretch, seal_keys,
};
use troth_core::private::{Drawer, Halves};
use troth_proto::api::{Init, InitDone, KeyHome, Line, Request, Secret, Unlock};
use troth_proto::home::Home;
use troth_proto::problem::{LockedBy, Wrong};
use troth_proto::{Hash, Problem, limits};

/// Inputs of one batch: one disk sync serves them all.
const BATCH: usize = 256;

/// An input that takes longer is told to the log: nothing may hold up the others.
const LONG: std::time::Duration = std::time::Duration::from_millis(50);

/// Bytes that a save may need: with fewer, a disk counts as full.
const ROOM: u64 = 64 * 1024;

/// Between two looks at whether what keeps a home closed has passed.
const AGAIN: std::time::Duration = std::time::Duration::from_secs(15);

/// How long the network may take to end its connections.
const GOODBYE: std::time::Duration = std::time::Duration::from_secs(1);

/// What waits for the loop, lines of the local API above all. More, and who sent it waits.
const EVENTS: usize = 64;

/// What the loop owns.
struct Daemon {
    home: Home,
    clock: Clock,
    /// The desktop's bus, from a client: this program may have begun without one.
    bus: Option<Bus>,
    state: State,
    /// Who asks, in this batch, that nothing be shared, or that it be again.
    asks_sharing: Option<(Client, u64, Request)>,
    /// Who asks, in this batch, that the daemon end.
    asks_end: Option<(Client, u64)>,
    /// That nothing is to be shared, which the disk has not taken: whether it is stopped.
    unsaved: Option<bool>,
    clients: Clients,
    net: mpsc::Sender<net::Ask>,
    pair: mpsc::Sender<troth_core::node::PairEffect>,
    calls: mpsc::Sender<calls::Ask>,
    /// What the router is asked.
    map: watch::Sender<Option<Map>>,
    /// Where what was done off the loop comes back.
    inputs: mpsc::Sender<Input>,
    /// A save has failed, and what the disk holds is read again.
    reading_back: bool,
    ending: bool,
}

enum State {
    Closed(Closed, Option<Store>),
    Open(Box<Open>),
}

struct Open {
    node: Node,
    ledger: Ledger,
    data: Key,
    store: Store,
    lockbox: Lockbox,
    /// Where drafts become texts, once one is read.
    loom: Option<loom::Thread>,
}

impl Open {
    /// Keeps the pages that keys lie on from the swap.
    fn keep(&self) {
        memory::keep(std::slice::from_ref(self));
        memory::keep(self.node.seal_keys());
        memory::keep(self.node.private_keys());
    }
}

/// Runs the daemon until it is told to end.
///
/// # Errors
/// What keeps it from starting at all.
pub async fn run(home: Home, clock: Clock, door: local::Door) -> Result<(), Problem> {
    let (events, mut inbox) = mpsc::channel(EVENTS);
    let (frames, mut from_net) = mpsc::channel(limits::WAITING_FRAMES);
    let (net_asks, net_inbox) = mpsc::channel(1024);
    let (pair_asks, pair_inbox) = mpsc::channel(64);
    let (call_asks, call_inbox) = mpsc::channel(64);
    let (inputs, mut from_others) = mpsc::channel(EVENTS);
    let network = tokio::spawn(net::run(net_inbox, frames));
    tokio::spawn(pairnet::run(pair_inbox, inputs.clone()));
    tokio::spawn(calls::run(call_inbox, inputs.clone()));
    let (map, to_map) = watch::channel(None);
    let router = tokio::spawn(mapping::run(to_map, inputs.clone()));
    let (state, clients) = (State::Closed(Closed::NotSetUp, None), Clients::default());
    let mut daemon = Daemon {
        home,
        clock,
        bus: None,
        state,
        asks_sharing: None,
        asks_end: None,
        unsaved: None,
        clients,
        net: net_asks,
        pair: pair_asks,
        calls: call_asks,
        map,
        inputs,
        reading_back: false,
        ending: false,
    };
    daemon.open_store();
    daemon.fetch_key().await;
    let place = door.place.clone();
    let serving = tokio::spawn(door.serve(events));
    let _ = sd_notify::notify(&[sd_notify::NotifyState::Ready]);
    tracing::info!("ready");
    let mut term = signal(SignalKind::terminate()).map_err(|_| Problem::Internal)?;
    let mut interrupt = signal(SignalKind::interrupt()).map_err(|_| Problem::Internal)?;
    let mut looked = Looked::new(daemon.clock.now().mono, Instant::now());
    let leaps = Leaps::watch();
    while !daemon.ending {
        let wait = daemon.wait();
        let (begun, mut leapt) = (Instant::now(), false);
        let (mut asked, mut came, mut done) = (Vec::new(), Vec::new(), Vec::new());
        tokio::select! {
            biased;
            _ = term.recv() => daemon.shut_down(),
            _ = interrupt.recv() => daemon.shut_down(),
            n = inbox.recv_many(&mut asked, BATCH) => if n == 0 { break },
            n = from_others.recv_many(&mut done, BATCH) => if n == 0 { break },
            n = from_net.recv_many(&mut came, limits::WAITING_FRAMES) => if n == 0 { break },
            () = leaps.next() => leapt = true,
            () = tokio::time::sleep_until(wait.unwrap_or(begun)), if wait.is_some() => {
                if matches!(&daemon.state, State::Closed(closed, _) if closed.passes()) {
                    daemon.try_again().await;
                }
                done.push(Input::Tick);
            }
        }
        came.append(&mut done);
        match looked.again(daemon.clock.now().mono, Instant::now(), leapt) {
            Passed::Time => {}
            Passed::Sleep => came.extend([Input::Lans(interfaces::lans()), Input::Woke]),
            Passed::Leap => came.push(Input::ClockSet),
        }
        daemon.take(asked, came).await;
    }
    // Whoever comes now finds nobody, and starts a new daemon, which waits until this one has let go.
    serving.abort();
    if let Ok(place) = place.lock() {
        place.clear();
    }
    inbox.close();
    while let Ok(event) = inbox.try_recv() {
        match event {
            Event::Client(client, lines) => daemon.clients.add(client, lines),
            // Said, so that it can be asked of the next one.
            Event::Call { client, id, .. } => daemon.answer(client, id, Err(Problem::NoDaemon)),
            Event::ClientGone(_) => {}
        }
    }
    drop(inbox);
    // What waits for the disk or for a client is done; the link ends as it does on a pause, and the router lets in no more.
    daemon.ask(net::Ask::Share(None));
    drop(daemon);
    let both = futures::future::join(network, router);
    let _ = tokio::time::timeout(GOODBYE, both).await;
    tracing::info!("stopped");
    // The lock goes last: nobody else opens the store before.
    drop(place);
    Ok(())
}

impl Daemon {
    fn wait(&self) -> Option<Instant> {
        let open = match &self.state {
            State::Open(open) => open,
            State::Closed(closed, _) => return closed.passes().then(|| Instant::now() + AGAIN),
        };
        let (at, _who) = open.node.deadline()?;
        let now = self.clock.now().mono;
        Some(Instant::now() + std::time::Duration::from_millis(at.saturating_sub(now)))
    }

    /// What kept the home closed may have passed without anybody asking: a keyring that came up after this program, a
    /// key file on a disk that was not there yet, a full disk.
    async fn try_again(&mut self) {
        let State::Closed(closed, _) = &self.state else {
            return;
        };
        if matches!(closed, Closed::Unusable(_)) {
            self.open_store();
        }
        self.fetch_key().await;
    }

    fn shut_down(&mut self) {
        self.ending = true;
        if let State::Open(open) = &mut self.state {
            let request = Input::Request {
                client: 0,
                id: 0,
                request: Request::Shutdown {},
            };
            let effects = open.node.handle(self.clock.now(), &mut Os, request);
            self.perform(effects);
        }
    }

    /// Requests before frames; all effects of the batch together, so that one disk sync serves it.
    async fn take(&mut self, asked: Vec<Event>, mut others: Vec<Input>) {
        let mut requests = Vec::new();
        for event in asked {
            match event {
                Event::Client(client, lines) => self.clients.add(client, lines),
                Event::Call {
                    client,
                    id,
                    request,
                } => requests.push((client, id, *request)),
                Event::ClientGone(client) => {
                    self.clients.remove(client);
                    others.push(Input::ClientGone(client));
                }
            }
        }
        let mut effects = Vec::new();
        for (client, id, request) in requests {
            if let Some(input) = self.request(client, id, request, &mut effects).await {
                self.handle(input, &mut effects);
            }
        }
        for input in others {
            self.handle(input, &mut effects);
        }
        self.perform(effects);
    }

    fn handle(&mut self, input: Input, effects: &mut Vec<Effect>) {
        if let State::Open(open) = &mut self.state {
            let (begun, name) = (Instant::now(), input.name());
            let (keys, quiet) = (matches!(input, Input::Stretched { .. }), input.is_private());
            effects.extend(open.node.handle(self.clock.now(), &mut Os, input));
            let took = begun.elapsed();
            if took >= LONG && !quiet {
                tracing::info!(input = name, millis = took.as_millis(), "held up the loop");
            }
            if keys {
                open.keep();
            }
        } else if let Input::Stretched { client, id, .. } = input {
            // The home was closed meanwhile.
            self.answer(client, id, Err(Problem::PrivateLocked));
        }
    }

    /// A request as an input for the node, unless it opens or closes the keys.
    async fn request(
        &mut self,
        client: Client,
        id: u64,
        mut request: Request,
        effects: &mut Vec<Effect>,
    ) -> Option<Input> {
        if let Request::PairInvite { listen, .. } | Request::PairJoin { listen, .. } = &mut request
            && let Some(asked) = listen.take()
        {
            match addresses::settle(Some(&asked)) {
                Ok(settled) => *listen = Some(settled),
                Err(problem) => {
                    self.answer(client, id, Err(problem));
                    return None;
                }
            }
        }
        if let Request::Reach { address } = &mut request {
            match addresses::named(address) {
                Some(named) => *address = named,
                None => {
                    let wrong = Wrong::NoAddress;
                    self.answer(client, id, Err(Problem::BadRequest { wrong }));
                    return None;
                }
            }
        }
        if matches!(request, Request::Lock {}) && matches!(self.state, State::Open(_)) {
            self.perform(std::mem::take(effects));
            self.lock();
            self.answer(client, id, Ok(serde_json::Value::Null));
            return None;
        }
        if matches!(self.state, State::Open(_)) {
            if matches!(
                request,
                Request::Pause {} | Request::Stop {} | Request::Resume {}
            ) {
                self.asks_sharing = Some((client, id, request.clone()));
            }
            if matches!(request, Request::Shutdown {}) {
                self.asks_end = Some((client, id));
            }
            if matches!(request, Request::Resume {}) {
                self.handle(Input::Lans(interfaces::lans()), effects);
            }
            if matches!(request, Request::Doctor {}) {
                let device = Device {
                    disk: self.disk(),
                    swap: swap::look(Path::new("/")),
                };
                self.handle(Input::Device(device), effects);
            }
            return Some(Input::Request {
                client,
                id,
                request,
            });
        }
        self.perform(std::mem::take(effects));
        self.closed_request(client, id, request).await;
        None
    }

    async fn closed_request(&mut self, client: Client, id: u64, request: Request) {
        if let Request::Unlock(Unlock { bus: Some(bus), .. })
        | Request::Init(Init { bus: Some(bus), .. }) = &request
        {
            self.bus = Bus::read(bus);
        }
        if let (Request::Lock {}, State::Closed(Closed::Locked(lockbox, why), _)) =
            (&request, &mut self.state)
            && lockbox.key_home != KeyHome::Passphrase
        {
            // From now on it stays closed until a person opens it, whatever comes back.
            *why = LockedBy::ByHand;
        } else if !matches!(request, Request::Lock {} | Request::Shutdown {})
            && matches!(&self.state, State::Closed(closed, _) if closed.may_be_mended())
        {
            self.try_again().await;
            if let State::Open(open) = &mut self.state {
                let effects = open.node.handle(
                    self.clock.now(),
                    &mut Os,
                    Input::Request {
                        client,
                        id,
                        request,
                    },
                );
                return self.perform(effects);
            }
        }
        let State::Closed(closed, _) = &self.state else {
            return;
        };
        let answer = match closed.answer(request) {
            Answer::Now(answer) => answer,
            Answer::Make(init) => self.found(init).await,
            Answer::Fetch => {
                self.fetch_key().await;
                self.unlocked()
            }
            Answer::Passphrase(passphrase) => self.try_passphrase(passphrase).await,
            Answer::Words(text) => closed::words(&text).and_then(|words| {
                let State::Closed(Closed::Locked(lockbox, _), _) = &self.state else {
                    return Err(Problem::Internal);
                };
                let data = lockbox.open_with_words(&words).ok_or(Problem::WrongWords)?;
                self.open_with(data, None);
                self.unlocked()
            }),
            Answer::End => {
                self.ending = true;
                Ok(serde_json::Value::Null)
            }
        };
        self.answer(client, id, answer);
    }

    /// Whether the disk takes what is written.
    fn disk(&self) -> Disk {
        let store = self.home.store();
        let Ok(about) = rustix::fs::statvfs(store.parent().unwrap_or(&store)) else {
            return Disk::Takes;
        };
        if about.f_flag.contains(rustix::fs::StatVfsMountFlags::RDONLY) {
            Disk::ReadOnly
        } else if about.f_bavail.saturating_mul(about.f_frsize) < ROOM {
            Disk::Full
        } else {
            Disk::Takes
        }
    }

    fn unlocked(&self) -> Result<serde_json::Value, Problem> {
        match &self.state {
            State::Open(_) => Ok(serde_json::Value::Null),
            State::Closed(Closed::Locked(_, by), _) => Err(Problem::Locked { by: *by }),
            State::Closed(Closed::Unusable(problem), _) => Err(problem.clone()),
            State::Closed(Closed::NotSetUp, _) => Err(Problem::NotSetUp),
        }
    }

    async fn try_passphrase(&mut self, passphrase: Secret) -> Result<serde_json::Value, Problem> {
        let State::Closed(Closed::Locked(lockbox, _), _) = &self.state else {
            return Err(Problem::Internal);
        };
        let lockbox = lockbox.clone();
        let opened =
            tokio::task::spawn_blocking(move || lockbox.open_with_passphrase(&passphrase.0)).await;
        let data = opened.ok().flatten().ok_or(Problem::WrongPassphrase)?;
        self.open_with(data, None);
        self.unlocked()
    }

    fn answer(&mut self, client: Client, id: u64, answer: Result<serde_json::Value, Problem>) {
        let line = match answer {
            Ok(value) => Line::result(id, value),
            Err(problem) => Line::failed(Some(id), 1, problem),
        };
        self.clients.write(client, &line);
    }

    /// Save, Reply, Send, and the rest. If the save fails nobody is told "saved", and the node is read back.
    fn perform(&mut self, mut effects: Vec<Effect>) {
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
            for effect in effects {
                if let Effect::Reply { client, id, answer } = &effect
                    && end == Some((*client, *id))
                {
                    self.answer(*client, *id, answer.clone());
                    continue;
                }
                if let Effect::Reply { client, id, .. } | Effect::Export { client, id, .. } = effect
                {
                    let is_quiet = quiet.as_ref().is_some_and(|q| (q.0, q.1) == (client, id));
                    let told = if is_quiet {
                        Problem::NotSharedUnsaved
                    } else {
                        problem.clone()
                    };
                    self.answer(client, id, Err(told));
                }
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
        for effect in effects {
            self.perform_one(effect);
        }
    }

    fn save(&mut self, writes: Vec<Write>) -> Result<(), Problem> {
        let State::Open(open) = &mut self.state else {
            return Ok(());
        };
        if writes.is_empty() {
            return Ok(());
        }
        let rows = open.ledger.seal(&writes, &mut Os);
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
            Effect::Save(_) => {}
            Effect::Reply { client, id, answer } => self.answer(client, id, answer),
            Effect::Send { link, bytes } => self.ask(net::Ask::Send(link, bytes)),
            Effect::Close(link) => self.ask(net::Ask::Close(link)),
            Effect::Share(share) => self.ask(net::Ask::Share(share)),
            Effect::Hold(listen) => self.ask(net::Ask::Hold(listen)),
            Effect::Map(map) => {
                self.map.send_replace(map);
            }
            Effect::Dial {
                partners,
                remembered,
                typed,
                beside,
            } => self.ask(net::Ask::Dial(net::Dial {
                partners,
                remembered,
                typed,
                beside,
            })),
            Effect::Erase { forgotten } => self.erase(forgotten),
            Effect::Pair(effect) => {
                if self.pair.try_send(effect).is_err() {
                    tracing::warn!("the pairing network does not keep up");
                }
            }
            Effect::Calls(ports) => self.ask_calls(calls::Ask::Listen(ports)),
            Effect::Cast(casts) => self.ask_calls(calls::Ask::Cast(casts)),
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
                    memory::keep_stack();
                    let key = |it: &Stretch| Halves::key(&half, &it.passphrase.0, &it.salt);
                    what.iter().map(key).collect()
                };
                tokio::spawn(async move {
                    let keys = tokio::task::spawn_blocking(make).await.unwrap_or_default();
                    let _ = inputs.send(Input::Stretched { client, id, keys }).await;
                });
            }
            Effect::KeepPrivate { how, slot } => self.keep_private(how, &slot),
            Effect::Tell(clients) => {
                for client in clients {
                    self.clients.write(client, &Line::changed());
                }
            }
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
    fn leave_the_network(&mut self) {
        self.ask(net::Ask::Share(None));
        self.ask_calls(calls::Ask::Listen(Vec::new()));
        self.map.send_replace(None);
        if self.pair.try_send(PairEffect::Close).is_err() {
            tracing::warn!("the pairing network does not keep up");
        }
    }

    fn ask(&mut self, ask: net::Ask) {
        // The node sends no more than its window, so this is never full unless the network task is gone.
        if self.net.try_send(ask).is_err() {
            tracing::warn!("the network does not keep up");
        }
    }

    fn ask_calls(&mut self, ask: calls::Ask) {
        if self.calls.try_send(ask).is_err() {
            tracing::warn!("calling does not keep up");
        }
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

    fn open_store(&mut self) {
        self.state = State::Closed(Closed::NotSetUp, None); // lets go of a file that was open
        let path = self.home.store();
        let open = |store: Store| match store.lockbox()? {
            // A home was here: the second copy knows it.
            None if Spare::read(&path).is_some() => Err(Problem::DiskDamaged),
            lockbox => Ok((lockbox, store)),
        };
        let opened = match Store::open(&path).and_then(open) {
            Err(Problem::DiskDamaged) => Store::rescue(&path).and_then(open),
            opened => opened,
        };
        self.state = match opened {
            Ok((None, store)) => State::Closed(Closed::NotSetUp, Some(store)),
            Ok((Some(lockbox), store)) => {
                let by = if lockbox.key_home == KeyHome::Passphrase {
                    LockedBy::Passphrase
                } else {
                    LockedBy::ByHand
                };
                State::Closed(Closed::Locked(Box::new(lockbox), by), Some(store))
            }
            Err(problem) => State::Closed(Closed::Unusable(problem), None),
        };
    }

    /// Looks for the key where the person keeps it.
    async fn fetch_key(&mut self) {
        let State::Closed(Closed::Locked(lockbox, _), _) = &self.state else {
            return;
        };
        let lockbox = lockbox.clone();
        let key = match lockbox.key_home {
            KeyHome::Passphrase => Err(LockedBy::Passphrase),
            KeyHome::File => keyring::read_file(&self.home.key_file()),
            KeyHome::Os => keyring::read(lockbox.home, self.bus.as_ref()).await,
        };
        let data = key.and_then(|key| lockbox.open_with_key(&key).ok_or(LockedBy::KeyForeign));
        match data {
            Ok(data) => self.open_with(data, None),
            Err(by) => {
                tracing::info!(?by, "locked");
                if let State::Closed(Closed::Locked(_, why), _) = &mut self.state {
                    *why = by;
                }
            }
        }
    }

    /// Reads everything with the data key, and begins; `failed`: after a save that failed, for those who listened.
    fn open_with(&mut self, data: Key, failed: Option<Listeners>) {
        let unusable = |problem| State::Closed(Closed::Unusable(problem), None);
        let State::Closed(Closed::Locked(lockbox, _), Some(mut store)) =
            std::mem::replace(&mut self.state, unusable(Problem::Internal))
        else {
            return;
        };
        let vault = Vault::new(&data);
        let path = self.home.store();
        let (private, halves) = (self.home.private(), Halves::of(&data));
        // Beside the rows, which take longer.
        let pages = std::thread::spawn(move || {
            memory::keep_stack();
            private::read(&private, &halves)
        });
        let loaded = tokio::task::block_in_place(|| match load(&mut store, &vault, &path) {
            // Pages above the rows are damaged: the rows are looked for one by one.
            Err(Problem::DiskDamaged) => {
                store = Store::rescue(&path)?;
                load(&mut store, &vault, &path)
            }
            loaded => loaded,
        });
        match loaded {
            Ok((node, ledger)) => {
                let lockbox = *lockbox;
                let open = Open {
                    node,
                    ledger,
                    data,
                    store,
                    lockbox,
                    loom: None,
                };
                let pages = tokio::task::block_in_place(|| pages.join());
                let gone = |_| Found::Problem(Problem::Internal);
                self.begin(open, pages.unwrap_or_else(gone), failed);
            }
            Err(problem) => self.state = unusable(problem),
        }
    }

    /// The keys are open, and lie where they stay.
    fn begin(&mut self, open: Open, found: Found, failed: Option<Listeners>) {
        let mut open = Box::new(open);
        open.keep();
        let unsaved = self.unsaved.map(|stopped| Input::Unsaved { stopped });
        let pages = Input::Private {
            halves: Halves::of(&open.data),
            found,
        };
        let mut effects = Vec::new();
        let networks = Input::Lans(interfaces::lans());
        let failed = failed.map(Input::SaveFailed);
        let first = unsaved.into_iter().chain(failed).chain([pages, networks]);
        for input in first.chain([Input::Started]) {
            effects.extend(open.node.handle(self.clock.now(), &mut Os, input));
        }
        self.state = State::Open(open);
        // Whatever is moved may leave bytes of a key where it does not fill its place.
        memory::keep(std::slice::from_ref(self));
        self.perform(effects);
    }

    fn lock(&mut self) {
        self.leave_the_network();
        let State::Open(open) =
            std::mem::replace(&mut self.state, State::Closed(Closed::NotSetUp, None))
        else {
            return;
        };
        for (client, id) in open.node.waits_for_private() {
            self.answer(client, id, Err(Problem::PrivateLocked));
        }
        let drafts = open.node.waits_for_drafts();
        let Open { lockbox, store, .. } = *open;
        let by = if lockbox.key_home == KeyHome::Passphrase {
            LockedBy::Passphrase
        } else {
            LockedBy::ByHand
        };
        for (client, id) in drafts {
            self.answer(client, id, Err(Problem::Locked { by }));
        }
        self.state = State::Closed(Closed::Locked(Box::new(lockbox), by), Some(store));
    }

    /// Makes the keys and the home, all of it or nothing.
    async fn found(&mut self, init: Init) -> Result<serde_json::Value, Problem> {
        let listen = addresses::settle(init.listen.as_deref())?;
        let passphrase = init.passphrase.filter(|_| init.keys == KeyHome::Passphrase);
        let keys = init.keys;
        let from = init.from;
        let words_of = match (&init.recovery_words, &from) {
            (Some(words), _) => WordsOf::EarlierHome(closed::words(words)?),
            (None, Some(identity)) => WordsOf::Backup(identity.words_public),
            (None, None) => WordsOf::NewHome,
        };
        let pages = init.private_passphrase;
        let made = tokio::task::spawn_blocking(move || {
            let passphrase = passphrase.as_ref().map(|p| p.0.as_str());
            let made = Lockbox::make(keys, passphrase, words_of, &mut Os);
            let (halves, salt) = (Halves::of(&made.data), Hash(draw(&mut Os)));
            let key = pages.map(|pages| Halves::key(halves.pages(), &pages.0, &salt));
            let drawer = Drawer::new(salt, key.as_ref(), &mut Os).sealed(&halves, &mut Os);
            (made, drawer)
        });
        let (made, drawer) = made.await.map_err(|_| Problem::Internal)?;
        if let Some(wrapping) = &made.wrapping {
            match keys {
                KeyHome::Os => {
                    keyring::write(made.lockbox.home, wrapping.clone(), self.bus.as_ref())
                        .await
                        .map_err(|by| Problem::NoKeyring { by })?
                }
                KeyHome::File => keyring::write_file(&self.home.key_file(), wrapping)?,
                KeyHome::Passphrase => {}
            }
        }
        let link_seed = Key(draw(&mut Os));
        let mut seals: Vec<Key> = made.seal.clone().into_iter().collect();
        seals.extend(from.as_ref().and_then(seal_keys).unwrap_or_default());
        let (node, rows) = Node::found(
            Founding {
                name: init.name.trim().to_owned(),
                person: from.map(|identity| identity.person),
                seals,
                words_public: made.words_public,
                link_seed,
                listen: Some(listen),
                mapping: init.mapping,
            },
            &mut Os,
        );
        let State::Closed(Closed::NotSetUp, Some(store)) = &mut self.state else {
            return Err(Problem::Internal);
        };
        let mut ledger = Ledger::new(&Vault::new(&made.data));
        let pages = self.home.private();
        private::make(&pages, &drawer)?;
        if let Err(problem) = store.found(&made.lockbox, &ledger.seal(&rows, &mut Os)) {
            let _ = std::fs::remove_file(&pages);
            return Err(problem);
        }
        store.keep_twice(&ledger.kept_twice());
        let State::Closed(_, Some(store)) =
            std::mem::replace(&mut self.state, State::Closed(Closed::NotSetUp, None))
        else {
            return Err(Problem::Internal);
        };
        let found = private::read(&pages, &Halves::of(&made.data));
        let open = Open {
            node,
            ledger,
            data: made.data,
            store,
            lockbox: made.lockbox,
            loom: None,
        };
        self.begin(open, found, None);
        let words = made.new_words.map(|words| words.list());
        let recovery_words = words.unwrap_or_default().into_iter().map(Secret).collect();
        serde_json::to_value(InitDone { recovery_words }).map_err(|_| Problem::Internal)
    }
}
