//! A script that runs in a namespace beside the devices: told things line by line, and answering each with a line.

use super::Space;
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdout, Stdio};

/// A Python program under way. It ends when it is dropped.
pub(super) struct Script {
    child: Child,
    lines: BufReader<ChildStdout>,
}

impl Script {
    /// Begins, and waits for the line with which it says that it has.
    pub(super) fn begin(space: &Space, text: &str, arguments: &[&str], first: &str) -> Self {
        let mut child = space
            .command("python3")
            .args(["-c", text])
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("python3");
        let lines = BufReader::new(child.stdout.take().expect("piped"));
        let mut it = Self { child, lines };
        assert_eq!(it.line().trim(), first);
        it
    }

    /// Tells it something, and waits for its answer.
    pub(super) fn told(&mut self, what: &str) -> String {
        let stdin = self.child.stdin.as_mut().expect("piped");
        writeln!(stdin, "{what}").expect("told");
        self.line()
    }

    fn line(&mut self) -> String {
        let mut line = String::new();
        self.lines.read_line(&mut line).expect("a line");
        line
    }
}

impl Drop for Script {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
