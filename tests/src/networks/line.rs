//! A slow and lossy line between two networks, since this kernel may have no way to make one: a program carries each frame.

use super::{Lan, Space};
use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, ChildStdout, Stdio};
use std::time::Duration;

/// The program that carries.
const LINE: &str = include_str!("line.py");

/// One network in two halves: whatever passes between them takes its time, and some of it is lost.
pub struct SlowLine {
    /// The half at one end.
    pub near: Lan,
    /// The half at the other.
    pub far: Lan,
    child: Child,
    lines: BufReader<ChildStdout>,
    /// The middle, where the program runs.
    _middle: Space,
}

impl SlowLine {
    /// A line that takes so long each way, and loses so many of a thousand, by a seed that it prints.
    pub fn new(scenario: &str, each_way: Duration, lost: u32, seed: u64) -> Self {
        eprintln!("a line of {each_way:?} each way, {lost} of 1,000 lost, seed {seed}");
        let [near, far] = ["near", "far"].map(|half| Lan::new(scenario, half));
        let middle = Space::new(scenario, "line");
        let mut child = middle
            .command("python3")
            .args(["-c", LINE, &each_way.as_millis().to_string()])
            .args([lost.to_string(), seed.to_string()])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("python3");
        let mut open = [0; 5];
        let mut lines = BufReader::new(child.stdout.take().expect("piped"));
        lines.read_exact(&mut open).expect("a line");
        assert_eq!(&open, b"open\n");
        for (half, end) in [(&near, "near"), (&far, "far")] {
            middle.ip(&format!("link set {end} netns {}", half.space.name));
            half.space.ip(&format!("link set {end} master lan up"));
        }
        Self {
            near,
            far,
            child,
            lines,
            _middle: middle,
        }
    }

    /// How many frames it has carried so far, and how many it has lost.
    pub fn carried_and_lost(&mut self) -> (u64, u64) {
        let stdin = self.child.stdin.as_mut().expect("piped");
        stdin.write_all(b"\n").expect("asked");
        let mut line = String::new();
        self.lines.read_line(&mut line).expect("a line");
        let mut counts = line.split_whitespace().filter_map(|n| n.parse().ok());
        (counts.next().unwrap_or(0), counts.next().unwrap_or(0))
    }
}

impl Drop for SlowLine {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
