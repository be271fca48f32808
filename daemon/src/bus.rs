//! The desktop's message bus, as a client names it to a daemon that began without one: a socket of this very user.

use std::os::linux::net::SocketAddrExt;
use std::os::unix::net::{SocketAddr, UnixStream};

/// Bytes that an address may have. The path of a socket has 107 at most.
const LONGEST: usize = 200;

/// The address of a bus, in the one form that is handed on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bus {
    abstract_name: bool,
    name: String,
}

impl Bus {
    /// Reads `unix:path=…` or `unix:abstract=…`; nothing else is taken. What follows a comma is not needed.
    pub fn read(address: &str) -> Option<Self> {
        if address.len() > LONGEST {
            return None;
        }
        let (kind, name) = address.strip_prefix("unix:")?.split_once('=')?;
        let name = name.split(',').next()?;
        let abstract_name = match kind {
            "path" if name.starts_with('/') => false,
            "abstract" => true,
            _ => return None,
        };
        // What would have to be written otherwise is not taken.
        let plain = |c: char| c.is_ascii_alphanumeric() || "-_/.\\*".contains(c);
        (!name.is_empty() && name.chars().all(plain)).then(|| Self {
            abstract_name,
            name: name.to_owned(),
        })
    }

    /// As D-Bus writes it.
    pub fn address(&self) -> String {
        let kind = if self.abstract_name {
            "abstract"
        } else {
            "path"
        };
        format!("unix:{kind}={}", self.name)
    }

    /// That of the session in which this program runs, where D-Bus looks for it; none if it is written otherwise.
    pub fn of_session() -> Option<Self> {
        match std::env::var("DBUS_SESSION_BUS_ADDRESS") {
            Ok(address) => Self::read(&address),
            Err(_) => {
                let folder = std::env::var("XDG_RUNTIME_DIR").ok()?;
                Self::read(&format!("unix:path={folder}/bus"))
            }
        }
    }

    /// Whether a program of this very user answers there.
    pub fn is_own(&self) -> bool {
        self.connect().is_some()
    }

    /// Whether a program of somebody else answers there.
    pub fn is_anothers(&self) -> bool {
        self.answers()
            .is_some_and(|(_, user)| user != rustix::process::geteuid())
    }

    /// A stream to it, if a program of this very user answers.
    pub fn connect(&self) -> Option<UnixStream> {
        let (stream, user) = self.answers()?;
        (user == rustix::process::geteuid()).then_some(stream)
    }

    /// Who answers there: a stream, and whose program it is.
    fn answers(&self) -> Option<(UnixStream, rustix::process::Uid)> {
        let stream = if self.abstract_name {
            let at = SocketAddr::from_abstract_name(&self.name);
            at.and_then(|at| UnixStream::connect_addr(&at))
        } else {
            UnixStream::connect(&self.name)
        };
        let stream = stream.ok()?;
        let peer = rustix::net::sockopt::socket_peercred(&stream).ok()?;
        Some((stream, peer.uid))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use std::os::unix::net::UnixListener;

    #[test]
    fn only_sockets_on_this_device_are_taken() {
        for (given, taken) in [
            (
                "unix:path=/run/user/1000/bus",
                "unix:path=/run/user/1000/bus",
            ),
            ("unix:path=/tmp/dbus-a,guid=01ab", "unix:path=/tmp/dbus-a"),
            (
                "unix:abstract=/tmp/dbus-a,guid=01",
                "unix:abstract=/tmp/dbus-a",
            ),
        ] {
            assert_eq!(Bus::read(given).unwrap().address(), taken);
        }
        let long = format!("unix:path=/{}", "a".repeat(LONGEST));
        for given in [
            "",
            "unix:path=",
            "unix:path=relative",
            "unix:path=/a;unixexec:path=/bin/sh",
            "unix:path=/a b",
            "unix:path=/a%2fb",
            "unix:path=/a\0",
            "unix:tmpdir=/tmp",
            "unix:runtime=yes",
            "unixexec:path=/bin/sh",
            "tcp:host=192.0.2.7,port=1",
            "nonce-tcp:host=localhost,port=1",
            "launchd:env=X",
            "autolaunch:",
            &long,
        ] {
            assert_eq!(Bus::read(given), None, "{given}");
        }
    }

    #[test]
    fn a_bus_is_ones_own_if_a_program_of_this_user_answers() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("bus");
        let bus = Bus::read(&format!("unix:path={}", path.display())).unwrap();
        assert!(!bus.is_own());
        let listener = UnixListener::bind(&path).unwrap();
        assert!(bus.is_own());
        drop(listener);
        assert!(!bus.is_own());
    }
}
