//! What lies between the two: a wire that delivers in order or is cut, and one network in which calls are heard.

use super::Sim;
use crate::call::{Cast, Lan};
use crate::node::Input;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, SocketAddrV6};

/// The interface of each device's network.
const LAN: u32 = 2;

/// The port that whatever a device calls comes from.
const BURST: u16 = 40_000;

/// Where a packet comes from, as whoever hears it is told.
pub fn came_from(cast: &Cast) -> SocketAddr {
    let port = cast.port.unwrap_or(BURST);
    match cast.from {
        IpAddr::V6(ip) if ip.is_unicast_link_local() => SocketAddrV6::new(ip, port, 0, LAN).into(),
        ip => SocketAddr::new(ip, port),
    }
}

/// The network of a device.
fn lan_of(p: usize) -> Lan {
    let host = p as u8 + 1;
    let v4 = Ipv4Addr::new(10, 0, 0, host);
    let v6 = Ipv6Addr::new(0xfe80, 0, 0, 0, 0, 0, 0, host.into());
    Lan {
        interface: LAN,
        own: vec![(v4.into(), 24), (v6.into(), 64)],
        gateways: vec![Ipv4Addr::new(10, 0, 0, 254).into()],
    }
}

impl Sim {
    /// Whether a wire lies between them.
    #[must_use]
    pub fn connected(&self) -> bool {
        self.devices.iter().any(|d| d.link.is_some())
    }

    /// Lays a wire.
    pub fn connect(&mut self) {
        self.connect_at(0, None);
    }

    /// Lays a wire; one of them has dialled the other there.
    pub fn connect_at(&mut self, dialler: usize, at: Option<SocketAddr>) {
        self.cut();
        let lets_in = |p: usize| {
            let other = &self.devices[1 - p].link_id;
            self.devices[p].lets_in.contains(other)
        };
        if !lets_in(0) || !lets_in(1) {
            return; // the channel is never agreed on
        }
        self.links += 1;
        let link = self.links;
        for device in &mut self.devices {
            device.link = Some(link);
        }
        for p in 0..2 {
            let (own, peer) = [p, 1 - p].map(|p| self.devices[p].link_id.clone()).into();
            let at = at.filter(|_| p == dialler).map(|at| (at, true));
            self.input(
                p,
                Input::LinkUp {
                    link,
                    own,
                    peer,
                    at,
                },
            );
        }
    }

    /// Cuts the wire; what was on the way is lost.
    pub fn cut(&mut self) {
        for device in &mut self.devices {
            device.inbox.clear();
        }
        let link = self.links;
        for p in 0..2 {
            self.devices[p].link = None;
            self.input(p, Input::LinkDown(link));
        }
        for device in &mut self.devices {
            device.inbox.clear();
        }
    }

    /// Delivers the next frame to a device. False if none was on the way.
    pub fn deliver(&mut self, p: usize) -> bool {
        let Some(bytes) = self.devices[p].inbox.pop_front() else {
            return false;
        };
        let link = self.links;
        if self.devices[p].link == Some(link) {
            self.input(p, Input::Frame { link, bytes });
        }
        true
    }

    /// Delivers everything on the way.
    pub fn settle(&mut self) {
        for _ in 0..100_000 {
            if !self.deliver(0) && !self.deliver(1) {
                return;
            }
        }
        debug_assert!(false, "the two never stop talking");
    }

    /// Both are in one network now, as their systems tell them.
    pub fn in_one_lan(&mut self) {
        for p in 0..2 {
            let lans = vec![lan_of(p)];
            self.input(p, Input::Lans(lans));
        }
    }

    pub(super) fn casts(&mut self, p: usize, casts: Vec<Cast>) {
        debug_assert!(
            !self.devices[p].hears.is_empty(),
            "a call of one who hears nothing"
        );
        for cast in casts {
            self.devices[p].cast.push(cast.clone());
            self.devices[1 - p].calls.push_back(cast);
        }
    }

    /// Delivers a packet to a device, if it hears there and the packet is for it.
    pub fn call(&mut self, p: usize, cast: Cast) {
        let own = lan_of(p).own;
        let to = cast.to.ip();
        let everybody = ["10.0.0.255", "224.0.0.1", "ff02::1"].map(|ip| ip.parse().ok());
        let for_it = everybody.contains(&Some(to)) || own.iter().any(|(ip, _)| *ip == to);
        let hears = &self.devices[p].hears;
        let answers = !hears.is_empty() && cast.to.port() == BURST;
        if for_it && (answers || hears.contains(&cast.to.port())) {
            let (to, bytes) = (cast.to, cast.bytes.clone());
            let from = came_from(&cast);
            self.input(p, Input::Called { from, to, bytes });
        }
    }

    /// Delivers all calls on the way.
    pub fn settle_calls(&mut self) {
        while let Some(p) = (0..2).find(|p| !self.devices[*p].calls.is_empty()) {
            if let Some(cast) = self.devices[p].calls.pop_front() {
                self.call(p, cast);
            }
        }
    }
}
