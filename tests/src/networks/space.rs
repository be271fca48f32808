//! One network namespace: commands in it, and its end.

use std::io::Write;
use std::process::{Command, Stdio};
use std::sync::Once;

/// A namespace of this test, with nothing but loopback in it. It goes when it is dropped.
pub struct Space {
    /// As `ip netns` knows it.
    pub name: String,
}

static SWEPT: Once = Once::new();

impl Space {
    /// A new one, named for the scenario and what stands in it.
    pub fn new(scenario: &str, what: &str) -> Self {
        SWEPT.call_once(sweep);
        let name = format!("troth-{}-{scenario}-{what}", std::process::id());
        run(
            Command::new("ip").args(["netns", "add", &name]),
            "netns add",
        );
        let it = Self { name };
        // An IPv6 address is there at once, as the tests' facts are.
        it.set("ipv6/conf/default/accept_dad", "0");
        it.set("ipv6/conf/all/accept_dad", "0");
        it.ip("link set lo up");
        it
    }

    /// A program in it.
    pub fn command(&self, program: &str) -> Command {
        let mut command = Command::new("ip");
        command.args(["netns", "exec", &self.name, program]);
        command
    }

    /// `ip` in it.
    pub fn ip(&self, arguments: &str) {
        ip_in(&self.name, arguments);
    }

    /// `bridge` in it.
    pub fn bridge(&self, arguments: &str) {
        let mut command = Command::new("bridge");
        command.args(["-n", &self.name]).args(arguments.split(' '));
        run(&mut command, arguments);
    }

    /// Rules for `nft` in it.
    pub fn nft(&self, rules: &str) {
        let mut child = self
            .command("nft")
            .args(["-f", "-"])
            .stdin(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("nft");
        let mut stdin = child.stdin.take().expect("piped");
        stdin.write_all(rules.as_bytes()).expect("written");
        drop(stdin);
        let output = child.wait_with_output().expect("it ends");
        assert!(output.status.success(), "nft: {rules}: {output:?}");
    }

    /// A setting under `/proc/sys/net`, as it is in the namespace.
    pub fn set(&self, what: &str, to: &str) {
        let line = format!("echo {to} > /proc/sys/net/{what}");
        run(self.command("sh").args(["-c", &line]), &line);
    }
}

impl Drop for Space {
    fn drop(&mut self) {
        let _ = Command::new("ip")
            .args(["netns", "del", &self.name])
            .output();
    }
}

/// `ip` in the namespace of a name.
pub(super) fn ip_in(name: &str, arguments: &str) {
    let mut command = Command::new("ip");
    command.args(["-n", name]).args(arguments.split(' '));
    run(&mut command, arguments);
}

fn run(command: &mut Command, what: &str) {
    let output = command.output().expect("ip, of iproute2");
    assert!(output.status.success(), "{what}: {output:?}");
}

/// Takes down what a test left that was killed: the name says whose it was.
fn sweep() {
    let listed = Command::new("ip").args(["netns", "list"]).output();
    let listed = listed.map(|output| output.stdout).unwrap_or_default();
    for line in String::from_utf8_lossy(&listed).lines() {
        let name = line.split(' ').next().unwrap_or_default();
        let pid = name
            .strip_prefix("troth-")
            .and_then(|rest| rest.split('-').next())
            .and_then(|pid| pid.parse::<u32>().ok());
        let gone = pid.is_some_and(|pid| !std::path::Path::new(&format!("/proc/{pid}")).exists());
        if gone {
            let _ = Command::new("ip").args(["netns", "del", name]).output();
        }
    }
}
