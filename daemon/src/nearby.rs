//! Who else has an open window in the same network, by mDNS (PROTOCOL §4): looked for until the window closes, or until so many
//! are found that only a crowd can be there.

use libp2p::core::transport::PortUse;
use libp2p::core::{Endpoint, Multiaddr};
use libp2p::swarm::{
    ConnectionDenied, ConnectionId, FromSwarm, NetworkBehaviour, THandler, THandlerInEvent,
    THandlerOutEvent, ToSwarm, dummy,
};
use libp2p::{PeerId, mdns};
use std::task::{Context, Poll, ready};
use std::time::Duration;
use tokio::runtime::{Builder, Runtime};

/// Addresses that are found in one window. Each more is looked for among those before.
const MOST: usize = 256;

/// How a window looks for another in the same network. Its throw-away id is all that is told there.
fn config() -> mdns::Config {
    mdns::Config {
        ttl: Duration::from_secs(60),
        query_interval: Duration::from_secs(10),
        enable_ipv6: false,
    }
}

/// What is seen there.
#[derive(Debug)]
pub enum Seen {
    /// Others, and where they say to be.
    Others(Vec<(PeerId, Multiaddr)>),
    /// So many that nobody is looked for any more.
    Crowd,
}

/// Looks for others, or for nobody.
#[derive(Default)]
pub struct Nearby {
    looking: Option<Looking>,
}

struct Looking {
    mdns: mdns::tokio::Behaviour,
    tasks: Tasks,
    found: usize,
}

/// What tells others of this window ends with it: libp2p's tasks end only when somebody answers.
struct Tasks(Option<Runtime>);

impl Tasks {
    fn within<T>(&self, run: impl FnOnce() -> T) -> T {
        let _inside = self.0.as_ref().map(Runtime::enter);
        run()
    }
}

impl Nearby {
    /// Looks for others under this id, if it is to.
    pub fn new(own: PeerId, looks: bool) -> Self {
        let mdns = || mdns::tokio::Behaviour::new(config(), own).ok();
        let looking = looks.then(|| Looking::new(mdns)).flatten();
        Self { looking }
    }
}

impl Looking {
    fn new(mdns: impl FnOnce() -> Option<mdns::tokio::Behaviour>) -> Option<Self> {
        let tasks = Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .ok()?;
        let tasks = Tasks(Some(tasks));
        let mdns = tasks.within(mdns)?;
        Some(Self {
            mdns,
            tasks,
            found: 0,
        })
    }

    /// The next that are found.
    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Vec<(PeerId, Multiaddr)>> {
        loop {
            let event = ready!(self.tasks.within(|| self.mdns.poll(cx)));
            if let ToSwarm::GenerateEvent(mdns::Event::Discovered(others)) = event {
                self.found += others.len();
                return Poll::Ready(others);
            }
        }
    }
}

impl Drop for Tasks {
    fn drop(&mut self) {
        // Another runtime's task may let go of them, and must not wait.
        if let Some(tasks) = self.0.take() {
            tasks.shutdown_background();
        }
    }
}

impl NetworkBehaviour for Nearby {
    type ConnectionHandler = dummy::ConnectionHandler;
    type ToSwarm = Seen;

    fn handle_established_inbound_connection(
        &mut self,
        _: ConnectionId,
        _: PeerId,
        _: &Multiaddr,
        _: &Multiaddr,
    ) -> Result<THandler<Self>, ConnectionDenied> {
        Ok(dummy::ConnectionHandler)
    }

    fn handle_established_outbound_connection(
        &mut self,
        _: ConnectionId,
        _: PeerId,
        _: &Multiaddr,
        _: Endpoint,
        _: PortUse,
    ) -> Result<THandler<Self>, ConnectionDenied> {
        Ok(dummy::ConnectionHandler)
    }

    fn on_swarm_event(&mut self, event: FromSwarm<'_>) {
        if let Some(looking) = &mut self.looking {
            looking.mdns.on_swarm_event(event); // where this window listens
        }
    }

    fn on_connection_handler_event(
        &mut self,
        _: PeerId,
        _: ConnectionId,
        event: THandlerOutEvent<Self>,
    ) {
        match event {}
    }

    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<ToSwarm<Seen, THandlerInEvent<Self>>> {
        let Some(looking) = &mut self.looking else {
            return Poll::Pending;
        };
        let others = ready!(looking.poll(cx));
        let seen = if looking.found > MOST {
            self.looking = None;
            Seen::Crowd
        } else {
            Seen::Others(others)
        };
        Poll::Ready(ToSwarm::GenerateEvent(seen))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn where_nobody_can_be_looked_for_the_window_goes_on() {
        assert!(Looking::new(|| None).is_none());
    }
}
