//! Somebody else in the network, who writes down what is called there, sends it again, and makes a noise.

use super::Device;
use super::script::Script;

/// The program of such a stranger.
const STRANGER: &str = include_str!("stranger.py");

/// A stranger at a device's interface.
pub struct Stranger(Script);

impl Stranger {
    /// Listens from now on.
    pub fn at(device: &Device, interface: &str, ip: &str) -> Self {
        let script = Script::begin(&device.space, STRANGER, &[interface, ip], "here");
        Self(script)
    }

    /// How many calls it has written down.
    pub fn heard(&mut self) -> u64 {
        self.told("heard")
    }

    /// Sends all of them again, so many times, exactly as they were; how many packets that was.
    pub fn replays(&mut self, times: u32) -> u64 {
        self.told(&format!("replay {times}"))
    }

    /// Sends all of them again under its own address.
    pub fn replays_as_its_own(&mut self, times: u32) -> u64 {
        self.told(&format!("as-mine {times}"))
    }

    /// Sends so many packets that look like them and hold nothing.
    pub fn junk(&mut self, packets: u32) -> u64 {
        self.told(&format!("junk {packets}"))
    }

    /// Holds so many connections to a place on which it says nothing; how many it got.
    pub fn holds(&mut self, ip: &str, port: u16, connections: u32) -> u64 {
        self.told(&format!("hold {ip} {port} {connections}"))
    }

    fn told(&mut self, what: &str) -> u64 {
        self.0.told(what).trim().parse().expect("a number")
    }
}
