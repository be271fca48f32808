//! One stream a connection, opened by whoever dialled it (FORMAT §3): what is said on it comes over that connection and no other,
//! and ends with it.

mod tcp;

pub use tcp::Config;

use libp2p::core::transport::PortUse;
use libp2p::core::upgrade::{InboundUpgrade, OutboundUpgrade, UpgradeInfo};
use libp2p::core::{Endpoint, Multiaddr};
use libp2p::swarm::handler::{
    ConnectionEvent, ConnectionHandlerEvent, FullyNegotiatedInbound, FullyNegotiatedOutbound,
};
use libp2p::swarm::{
    ConnectionDenied, ConnectionHandler, ConnectionId, FromSwarm, NetworkBehaviour, NotifyHandler,
    SubstreamProtocol, THandler, THandlerInEvent, THandlerOutEvent, ToSwarm,
};
use libp2p::{PeerId, Stream, StreamProtocol};
use std::collections::VecDeque;
use std::convert::Infallible;
use std::future::{Ready, ready};
use std::task::{Context, Poll};
use std::time::Duration;

/// How long a stream may take to be opened on a connection.
const OPENING: Duration = Duration::from_secs(5);

/// What came of a connection.
#[derive(Debug)]
pub struct Opened {
    /// Who is at its other end.
    pub peer: PeerId,
    /// The connection.
    pub connection: ConnectionId,
    /// Whether it was dialled here.
    pub dialled: bool,
    /// Its stream; none, if the other end took none.
    pub stream: Option<Stream>,
}

/// The streams of one protocol.
pub struct Streams {
    protocol: StreamProtocol,
    events: VecDeque<ToSwarm<Opened, ()>>,
}

impl Streams {
    /// None yet.
    #[must_use]
    pub fn new(protocol: StreamProtocol) -> Self {
        Self {
            protocol,
            events: VecDeque::new(),
        }
    }

    /// Opens the stream of a connection that was dialled here. It is opened once.
    pub fn open(&mut self, peer_id: PeerId, connection: ConnectionId) {
        self.events.push_back(ToSwarm::NotifyHandler {
            peer_id,
            handler: NotifyHandler::One(connection),
            event: (),
        });
    }

    fn line(&self, dialled: bool) -> Line {
        Line {
            protocol: self.protocol.clone(),
            stage: if dialled { Stage::Closed } else { Stage::Asked },
            dialled,
        }
    }
}

impl NetworkBehaviour for Streams {
    type ConnectionHandler = Line;
    type ToSwarm = Opened;

    fn handle_established_inbound_connection(
        &mut self,
        _: ConnectionId,
        _: PeerId,
        _: &Multiaddr,
        _: &Multiaddr,
    ) -> Result<THandler<Self>, ConnectionDenied> {
        Ok(self.line(false))
    }

    fn handle_established_outbound_connection(
        &mut self,
        _: ConnectionId,
        _: PeerId,
        _: &Multiaddr,
        _: Endpoint,
        _: PortUse,
    ) -> Result<THandler<Self>, ConnectionDenied> {
        Ok(self.line(true))
    }

    fn on_swarm_event(&mut self, _: FromSwarm<'_>) {}

    fn on_connection_handler_event(
        &mut self,
        peer: PeerId,
        connection: ConnectionId,
        (dialled, stream): THandlerOutEvent<Self>,
    ) {
        self.events.push_back(ToSwarm::GenerateEvent(Opened {
            peer,
            connection,
            dialled,
            stream,
        }));
    }

    fn poll(&mut self, _: &mut Context<'_>) -> Poll<ToSwarm<Self::ToSwarm, THandlerInEvent<Self>>> {
        match self.events.pop_front() {
            Some(event) => Poll::Ready(event),
            None => Poll::Pending,
        }
    }
}

/// The stream of one connection.
pub struct Line {
    protocol: StreamProtocol,
    stage: Stage,
    dialled: bool,
}

enum Stage {
    /// Nobody has asked for it.
    Closed,
    /// It is to be opened.
    ToOpen,
    /// It is on its way.
    Asked,
    /// What came of it is to be told.
    Came(Option<Stream>),
    /// It was there.
    Told,
}

/// The protocol that is spoken on it, as long as there may be one.
pub struct Offer(Option<StreamProtocol>);

impl UpgradeInfo for Offer {
    type Info = StreamProtocol;
    type InfoIter = std::option::IntoIter<StreamProtocol>;

    fn protocol_info(&self) -> Self::InfoIter {
        self.0.clone().into_iter()
    }
}

impl InboundUpgrade<Stream> for Offer {
    type Output = Stream;
    type Error = Infallible;
    type Future = Ready<Result<Stream, Infallible>>;

    fn upgrade_inbound(self, stream: Stream, _: Self::Info) -> Self::Future {
        ready(Ok(stream))
    }
}

impl OutboundUpgrade<Stream> for Offer {
    type Output = Stream;
    type Error = Infallible;
    type Future = Ready<Result<Stream, Infallible>>;

    fn upgrade_outbound(self, stream: Stream, _: Self::Info) -> Self::Future {
        ready(Ok(stream))
    }
}

impl ConnectionHandler for Line {
    type FromBehaviour = ();
    type ToBehaviour = (bool, Option<Stream>);
    type InboundProtocol = Offer;
    type OutboundProtocol = Offer;
    type InboundOpenInfo = ();
    type OutboundOpenInfo = ();

    fn listen_protocol(&self) -> SubstreamProtocol<Offer> {
        let awaited = !self.dialled && matches!(self.stage, Stage::Asked);
        let offer = Offer(awaited.then(|| self.protocol.clone()));
        SubstreamProtocol::new(offer, ()).with_timeout(OPENING)
    }

    fn on_behaviour_event(&mut self, (): ()) {
        if matches!(self.stage, Stage::Closed) {
            self.stage = Stage::ToOpen;
        }
    }

    fn on_connection_event(&mut self, event: ConnectionEvent<'_, Offer, Offer>) {
        let came = match event {
            ConnectionEvent::FullyNegotiatedInbound(FullyNegotiatedInbound {
                protocol, ..
            })
            | ConnectionEvent::FullyNegotiatedOutbound(FullyNegotiatedOutbound {
                protocol, ..
            }) => Some(protocol),
            ConnectionEvent::DialUpgradeError(_) => None,
            _ => return,
        };
        if matches!(self.stage, Stage::Asked) {
            self.stage = Stage::Came(came);
        }
    }

    fn poll(
        &mut self,
        _: &mut Context<'_>,
    ) -> Poll<ConnectionHandlerEvent<Offer, (), Self::ToBehaviour>> {
        match std::mem::replace(&mut self.stage, Stage::Told) {
            Stage::ToOpen => {
                self.stage = Stage::Asked;
                let offer = Offer(Some(self.protocol.clone()));
                let protocol = SubstreamProtocol::new(offer, ()).with_timeout(OPENING);
                Poll::Ready(ConnectionHandlerEvent::OutboundSubstreamRequest { protocol })
            }
            Stage::Came(stream) => {
                let came = (self.dialled, stream);
                Poll::Ready(ConnectionHandlerEvent::NotifyBehaviour(came))
            }
            other => {
                self.stage = other;
                Poll::Pending
            }
        }
    }
}
