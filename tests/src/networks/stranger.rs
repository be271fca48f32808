//! Somebody else in the network, who writes down what is called there, sends it again, and makes a noise.

use super::Device;
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdout, Stdio};

/// The program of such a stranger.
const STRANGER: &str = include_str!("stranger.py");

/// A stranger at a device's interface.
pub struct Stranger {
    child: Child,
    lines: BufReader<ChildStdout>,
}

impl Stranger {
    /// Listens from now on.
    pub fn at(device: &Device, interface: &str, ip: &str) -> Self {
        let mut child = device
            .space
            .command("python3")
            .args(["-c", STRANGER, interface, ip])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("python3");
        let lines = BufReader::new(child.stdout.take().expect("piped"));
        let mut it = Self { child, lines };
        assert_eq!(it.line(), "here\n");
        it
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

    fn told(&mut self, what: &str) -> u64 {
        let stdin = self.child.stdin.as_mut().expect("piped");
        writeln!(stdin, "{what}").expect("told");
        self.line().trim().parse().expect("a number")
    }

    fn line(&mut self) -> String {
        let mut line = String::new();
        self.lines.read_line(&mut line).expect("a line");
        line
    }
}

impl Drop for Stranger {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
