//! Where one partner's files are: the same for the daemon and the client.

use std::path::{Path, PathBuf};

/// The folders and files of one home.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Home {
    /// The folder given with `--home`, if one was.
    pub given: Option<PathBuf>,
    data: PathBuf,
    state: PathBuf,
    run: PathBuf,
}

impl Home {
    /// Everything under one folder, so that two partners fit on one machine.
    #[must_use]
    pub fn under(dir: &Path) -> Self {
        Self {
            given: Some(dir.to_owned()),
            data: dir.join("data"),
            state: dir.join("state"),
            run: dir.join("run"),
        }
    }

    /// In the folders that the system keeps for data, state and what lives as long as a login.
    #[must_use]
    pub fn in_system(data: &Path, state: &Path, run: &Path) -> Self {
        Self {
            given: None,
            data: data.join("troth"),
            state: state.join("troth"),
            run: run.join("troth"),
        }
    }

    /// All its folders; each is its owner's only.
    #[must_use]
    pub fn folders(&self) -> [&Path; 3] {
        [&self.data, &self.state, &self.run]
    }

    /// The store.
    #[must_use]
    pub fn store(&self) -> PathBuf {
        self.data.join("troth.db")
    }

    /// The key file, where the person chose one.
    #[must_use]
    pub fn key_file(&self) -> PathBuf {
        self.data.join("key")
    }

    /// The file of the private pages.
    #[must_use]
    pub fn private(&self) -> PathBuf {
        self.data.join("private")
    }

    /// The lock that one daemon holds.
    #[must_use]
    pub fn lock(&self) -> PathBuf {
        self.data.join("lock")
    }

    /// Where the socket is when the folder for what lives as long as a login is gone.
    #[must_use]
    pub fn other_socket(&self) -> PathBuf {
        self.state.join("run").join("trothd.sock")
    }

    /// Which agreement stood at which number of the last list.
    #[must_use]
    pub fn last_list(&self) -> PathBuf {
        self.run.join("last-list")
    }

    /// What was told that stood at which number of the last list.
    #[must_use]
    pub fn last_told(&self) -> PathBuf {
        self.run.join("last-told")
    }

    /// Which cards were skipped, and what cards may take for granted: known to this device only.
    #[must_use]
    pub fn cards(&self) -> PathBuf {
        self.state.join("cards")
    }

    /// The folder of the log's files, and how their names begin.
    #[must_use]
    pub fn logs(&self) -> (&Path, &'static str) {
        (&self.state, "trothd.log")
    }

    /// The local socket.
    #[must_use]
    pub fn socket(&self) -> PathBuf {
        self.run.join("trothd.sock")
    }
}

/// What stands in the lock's file: who holds it, and where to talk to them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Locked {
    /// The daemon's process.
    pub pid: u32,
    /// Its socket.
    pub socket: PathBuf,
}

impl Locked {
    /// Bytes of the lock's file that are worth reading.
    pub const BYTES: u64 = 4096;

    /// Reads the lock's file, if it says so much.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let (pid, socket) = text.split_once('\n')?;
        Some(Self {
            pid: pid.parse().ok()?,
            socket: PathBuf::from(socket.strip_suffix('\n')?),
        })
    }

    /// The file's text.
    #[must_use]
    pub fn write(&self) -> String {
        format!("{}\n{}\n", self.pid, self.socket.display())
    }
}
