//! A router that keeps connections over IPv6 out is asked to let some in, by PCP (RFC 6887 §11). No address is translated: what
//! it lets in comes to the device's own one. Asked from that address, which crab_nat cannot do over a link-local router.

use crate::interfaces::RouterV6;
use std::net::{Ipv6Addr, SocketAddrV6};
use std::time::Duration;
use tokio::net::UdpSocket;
use tokio::time::timeout;

const PORT: u16 = 5351;
const VERSION: u8 = 2;
const MAP: u8 = 1;
const ANSWER: u8 = 0x80;
/// Bytes of a request to map, and of its answer.
const SIZE: usize = 60;

/// What is to be let in.
#[derive(Debug, Clone, Copy)]
pub struct Pinhole {
    /// The number of the protocol: 17 for UDP, 6 for TCP.
    pub protocol: u8,
    pub port: u16,
    pub nonce: [u32; 3],
}

/// What a router says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Said {
    pub seconds: u32,
    pub at: Ipv6Addr,
    pub port: u16,
}

impl Pinhole {
    /// Asks for so many seconds, 0 to let in no more, and waits for each of these times in turn. None if the router says nothing
    /// or no.
    pub async fn ask(&self, router: RouterV6, seconds: u32, waits: &[Duration]) -> Option<Said> {
        let socket = UdpSocket::bind((router.own, 0)).await.ok()?;
        let to = SocketAddrV6::new(router.ip, PORT, 0, router.scope);
        socket.connect(to).await.ok()?;
        let request = self.request(router.own, seconds);
        let mut bytes = [0; 1100];
        for wait in waits {
            socket.send(&request).await.ok()?;
            match timeout(*wait, socket.recv(&mut bytes)).await {
                Ok(Ok(n)) => return self.read(&bytes[..n]),
                Ok(Err(_)) => return None, // nobody is there
                Err(_) => {}
            }
        }
        None
    }

    fn request(&self, own: Ipv6Addr, seconds: u32) -> Vec<u8> {
        let port = self.port.to_be_bytes();
        let mut all = vec![VERSION, MAP, 0, 0];
        all.extend(seconds.to_be_bytes());
        all.extend(own.octets());
        all.extend(self.nonce.map(u32::to_be_bytes).concat());
        all.extend([self.protocol, 0, 0, 0]);
        all.extend(port);
        // The same outside, unless it is to end.
        all.extend(if seconds == 0 { [0, 0] } else { port });
        all.extend(Ipv6Addr::UNSPECIFIED.octets());
        all
    }

    fn read(&self, bytes: &[u8]) -> Option<Said> {
        let bytes: &[u8; SIZE] = bytes.get(..SIZE)?.try_into().ok()?;
        let two = |at: usize| u16::from_be_bytes([bytes[at], bytes[at + 1]]);
        let four = |at: usize| {
            u32::from_be_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]])
        };
        let head = bytes[..2] == [VERSION, ANSWER | MAP] && bytes[3] == 0;
        let mine = [four(24), four(28), four(32)] == self.nonce
            && bytes[36] == self.protocol
            && two(40) == self.port;
        let mut at = [0; 16];
        at.copy_from_slice(&bytes[44..]);
        (head && mine).then_some(Said {
            seconds: four(4),
            at: at.into(),
            port: two(42),
        })
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    const HOLE: Pinhole = Pinhole {
        protocol: 17,
        port: 4711,
        nonce: [1, 2, 3],
    };

    fn answer() -> Vec<u8> {
        let mut bytes = HOLE.request("2a00::7".parse().unwrap(), 600);
        bytes[1] |= ANSWER;
        let at: Ipv6Addr = "2a00::7".parse().unwrap();
        bytes[44..].copy_from_slice(&at.octets());
        bytes
    }

    #[test]
    fn only_an_answer_to_what_was_asked_is_one() {
        let said = HOLE.read(&answer()).unwrap();
        assert_eq!((said.seconds, said.port), (600, 4711));
        assert_eq!(said.at.to_string(), "2a00::7");
        for (at, what) in [
            (0, "version"),
            (1, "kind"),
            (3, "no"),
            (24, "nonce"),
            (35, "nonce"),
            (36, "protocol"),
            (41, "port"),
        ] {
            let mut bytes = answer();
            bytes[at] ^= 1;
            assert_eq!(HOLE.read(&bytes), None, "{what}");
        }
        for length in 0..SIZE {
            assert_eq!(HOLE.read(&answer()[..length]), None);
        }
    }
}
