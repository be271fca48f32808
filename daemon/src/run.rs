//! The loop: takes what waits, hands it to the node, and performs what follows, in order. Here net, store and local meet.

use crate::asks::Asks;
use crate::bus::Bus;
use crate::clock::{Clock, Leaps, Looked, Os, Passed};
use crate::desktop::Desktop;
use crate::local::{self, Clients, Event};
use crate::store::{self, Store};
use crate::{addresses, calls, interfaces, loom, mapping, memory, net, pairnet, swap};
mod effects;
mod founding;
mod keys;
mod reading;
#[cfg(test)]
mod tests;

use std::path::Path;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::{mpsc, watch};
use tokio::task::JoinHandle;
use tokio::time::Instant;
use troth_core::books::rows::Ledger;
use troth_core::closed::Closed;
use troth_core::keys::{Key, Lockbox};
use troth_core::node::{Client, Device, Effect, Input, Map, Node, PairEffect};
use troth_proto::api::{Line, Request};
use troth_proto::home::Home;
use troth_proto::problem::Wrong;
use troth_proto::{Problem, limits};

/// Inputs of one batch: one disk sync serves them all.
const BATCH: usize = 256;

/// An input that takes longer is told to the log: nothing may hold up the others.
const LONG: std::time::Duration = std::time::Duration::from_millis(50);

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
    net: Asks<net::Ask>,
    pair: Asks<PairEffect>,
    calls: Asks<calls::Ask>,
    /// What the router is asked.
    map: watch::Sender<Option<Map>>,
    desktop: Desktop,
    /// Where what was done off the loop comes back.
    inputs: mpsc::Sender<Input>,
    /// A save has failed, and what the disk holds is read again.
    reading_back: bool,
    /// Keys were opened since the stack was emptied behind them.
    keys_passed: bool,
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
        net: Asks::new("the network", net_asks),
        pair: Asks::new("the pairing network", pair_asks),
        calls: Asks::new("calling", call_asks),
        map,
        desktop: Desktop::begin(inputs.clone()),
        inputs,
        reading_back: false,
        keys_passed: false,
        ending: false,
    };
    daemon.open_store();
    daemon.fetch_key().await;
    daemon.empty_behind_keys();
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
            () = daemon.net.catch_up() => {}
            () = daemon.pair.catch_up() => {}
            () = daemon.calls.catch_up() => {}
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
        daemon.empty_behind_keys();
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
    drop(daemon);
    goodbye((from_net, from_others), (network, router)).await;
    tracing::info!("stopped");
    // The lock goes last: nobody else opens the store before.
    drop(place);
    Ok(())
}

/// Until those who asked nothing more have ended their connections. What they still tell waits for nobody to hear it.
async fn goodbye(
    told: (mpsc::Receiver<Input>, mpsc::Receiver<Input>),
    (network, router): (JoinHandle<()>, JoinHandle<()>),
) {
    drop(told);
    let both = futures::future::join(network, router);
    let _ = tokio::time::timeout(GOODBYE, both).await;
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
        if matches!(request, Request::Lock {}) {
            // What is saved with that may fail, and then nothing is open any more.
            self.perform(std::mem::take(effects));
            if self.lock() {
                self.answer(client, id, Ok(serde_json::Value::Null));
                return None;
            }
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
                    disk: store::disk(&self.home.store()),
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

    fn answer(&mut self, client: Client, id: u64, answer: Result<serde_json::Value, Problem>) {
        let line = match answer {
            Ok(value) => Line::result(id, value),
            Err(problem) => Line::failed(Some(id), 1, problem),
        };
        self.clients.write(client, &line);
    }
}
