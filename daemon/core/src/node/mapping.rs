//! Whether the router is asked to let the partner's connections in, and what it says (PROTOCOL §8.7).

use super::doctor::{port_of, spoken};
use super::{Effect, Input, Map, Mapping, Node, Shares};
use crate::books::rows::Row;
use crate::places;
use std::net::SocketAddr;
use troth_proto::api::{Network, Rung, RungName, RungState, Why};

/// What the router is asked, and what it says.
#[derive(Default)]
pub(super) struct Router {
    /// The port that it is to let in, while it is asked.
    asked: Option<u16>,
    said: Mapping,
}

impl Router {
    /// Where connections come in through the router.
    pub(super) fn addresses(&self) -> &[String] {
        match &self.said {
            Mapping::Mapped { at, .. } => at,
            _ => &[],
        }
    }
}

impl Node {
    /// Whether the device may be behind another router once this input is taken.
    pub(super) fn may_have_moved(&self, input: &Input) -> bool {
        match input {
            Input::Woke => true,
            Input::Listening { addresses } => *addresses != self.dial.addresses,
            _ => false,
        }
    }

    /// Asks the router, or lets it be, whichever input led there. Asks anew after a move.
    pub(super) fn settle_mapping(&mut self, moved: bool) {
        let port = self.port_to_map();
        if port == self.mapping.asked && !(moved && port.is_some()) {
            return;
        }
        if port != self.mapping.asked {
            self.mapping.said = match port {
                Some(_) => Mapping::Asking,
                None => Mapping::Off,
            };
            self.mapping.asked = port;
        }
        let key = self.me.link_seed.derive("troth/mapping/1");
        let map = port.map(|port| Map { port, key });
        self.out.effects.push(Effect::Map(map));
    }

    /// The link's port, while the router is to be asked to let it in.
    fn port_to_map(&self) -> Option<u16> {
        let shares = self.me.sharing == Shares::On && !self.bonds.nobody();
        let listen = self.me.listen.as_deref().unwrap_or_default();
        let port = port_of(listen).filter(|port| *port != 0)?;
        (self.me.mapping && shares && !self.listens_inside()).then_some(port)
    }

    /// Whether only this device itself can reach where it listens.
    fn listens_inside(&self) -> bool {
        let listen = self.me.listen.as_deref().unwrap_or_default();
        let at = listen.parse::<SocketAddr>();
        at.is_ok_and(|at| at.ip().is_loopback())
    }

    /// The router answers. What it names is told to the partner only if it leads somewhere from anywhere.
    pub(super) fn mapped(&mut self, said: Mapping) {
        if self.mapping.asked.is_none() {
            return; // it was asked no more meanwhile
        }
        let said = match said {
            Mapping::Mapped { by, at } => {
                let at = places::from_anywhere(&at);
                if at.is_empty() {
                    Mapping::Refused
                } else {
                    Mapping::Mapped { by, at }
                }
            }
            said => said,
        };
        if self.mapping.said != said {
            self.out.told = true;
            self.mapping.said = said;
            self.say_here();
        }
    }

    /// How the network is set, and how it is to be set from now on.
    pub(super) fn network(&mut self, mapping: Option<bool>) -> Network {
        if let Some(mapping) = mapping.filter(|mapping| *mapping != self.me.mapping) {
            self.me.mapping = mapping;
            self.put(Row::Me);
            self.settle_mapping(false);
            self.out.told = true;
        }
        let (state, why) = self.mapping_rung();
        let name = RungName::PortMapping;
        Network {
            mapping: self.me.mapping,
            router: Rung { name, state, why },
        }
    }

    pub(super) fn mapping_rung(&self) -> (RungState, Why) {
        match &self.mapping.said {
            _ if !self.me.mapping => (RungState::Off, Why::MappingOff),
            _ if self.listens_inside() => (RungState::Off, Why::MappingInside),
            Mapping::Off => (RungState::Off, Why::MappingWaits),
            Mapping::Asking => (RungState::Off, Why::MappingAsked),
            Mapping::Mapped { by, at } => {
                let (at, by) = (spoken(at), *by);
                (RungState::Ok, Why::Mapped { at, by })
            }
            Mapping::NoRouter => (RungState::Failed, Why::NoRouter),
            Mapping::Refused => (RungState::Failed, Why::RouterRefuses),
            Mapping::NotPublic { address } => {
                let at = address.to_string();
                (RungState::Failed, Why::RouterNotPublic { at })
            }
        }
    }
}

#[cfg(test)]
mod tests;
