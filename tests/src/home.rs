//! Real homes and real programs: each partner in a folder of their own, on loopback, asked through the command line.

use serde_json::{Value, json};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};
use troth_core::books::rows::{Row, Vault};
use troth_core::keys::{Key, Lockbox};

/// How long a fact is waited for before a test gives up.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// One partner's home, with a daemon that is stopped when the test ends.
pub struct Home {
    /// The folder.
    pub dir: PathBuf,
    /// The program under test.
    pub program: PathBuf,
    /// Variables for it.
    pub env: Vec<(String, String)>,
    /// The network namespace it is in, if not this one.
    pub namespace: Option<String>,
    /// Lines of the log that this test expects at WARN or ERROR.
    pub expected: Vec<&'static str>,
}

/// What a command did.
#[derive(Debug)]
pub struct Done {
    /// Its exit code.
    pub code: i32,
    /// What it printed, as JSON.
    pub json: Value,
    /// What it complained of, as JSON.
    pub error: Value,
}

impl Done {
    /// The kind of its error.
    pub fn kind(&self) -> &str {
        self.error["error"]["kind"].as_str().unwrap_or("none")
    }
}

impl Home {
    /// A home that is not set up.
    pub fn new(root: &Path, name: &str, program: &str) -> Self {
        let dir = root.join(name);
        Self {
            dir,
            program: program.into(),
            env: Vec::new(),
            namespace: None,
            expected: Vec::new(),
        }
    }

    /// A command with this home.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = match &self.namespace {
            Some(name) => {
                let mut command = Command::new("ip");
                command.args(["netns", "exec", name]).arg(&self.program);
                command
            }
            None => Command::new(&self.program),
        };
        command.arg("--home").arg(&self.dir).args(arguments);
        command
            .env_remove("DBUS_SESSION_BUS_ADDRESS")
            .env("TROTH_LANG", "en")
            .env("TROTH_LOG", "debug");
        command.envs(self.env.iter().map(|(k, v)| (k, v)));
        command
    }

    /// Runs a command with something on standard input.
    pub fn run(&self, arguments: &[&str], stdin: &str) -> Output {
        let mut command = self.command(arguments);
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program runs");
        child
            .stdin
            .take()
            .expect("piped")
            .write_all(stdin.as_bytes())
            .ok();
        child.wait_with_output().expect("it ends")
    }

    /// Runs a command for scripts.
    pub fn script(&self, arguments: &[&str], words: &Value) -> Done {
        let stdin = match words {
            Value::Null => String::new(),
            Value::String(text) => text.clone(),
            words => words.to_string(),
        };
        let output = self.run(&[&["--json"], arguments].concat(), &stdin);
        let read = |bytes: &[u8]| serde_json::from_slice(bytes).unwrap_or(Value::Null);
        Done {
            code: output.status.code().unwrap_or(-1),
            json: read(&output.stdout),
            error: read(&output.stderr),
        }
    }

    /// Runs a command for scripts that must succeed.
    pub fn ask(&self, arguments: &[&str], words: Value) -> Value {
        let done = self.script(arguments, &words);
        assert_eq!(done.code, 0, "{arguments:?}: {}", done.error);
        assert_eq!(done.json["v"], 1, "{arguments:?}");
        done.json
    }

    /// Sets the home up with a key file.
    pub fn init(&self, name: &str) -> Value {
        self.ask(
            &["init", "--keys", "file", "--listen", "127.0.0.1:0"],
            json!({"name": name}),
        )
    }

    /// Asks until the answer is so.
    pub fn until(&self, arguments: &[&str], so: impl Fn(&Value) -> bool) -> Value {
        let by = Instant::now() + PATIENCE;
        loop {
            let done = self.script(arguments, &Value::Null);
            if done.code == 0 && so(&done.json) {
                return done.json;
            }
            assert!(
                Instant::now() < by,
                "{arguments:?} never became so: {} {}",
                done.json,
                done.error
            );
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// The process of its daemon, if one runs.
    pub fn pid(&self) -> Option<i32> {
        let done = self.script(&["service", "status"], &Value::Null);
        done.json["pid"]
            .as_i64()
            .and_then(|pid| i32::try_from(pid).ok())
    }

    /// Kills its daemon as a power cut would.
    pub fn kill(&self) {
        let Some(pid) = self.pid() else { return };
        let pid = rustix::process::Pid::from_raw(pid).expect("a process");
        rustix::process::kill_process(pid, rustix::process::Signal::KILL).expect("killed");
        self.gone();
    }

    fn gone(&self) {
        let by = Instant::now() + PATIENCE;
        while std::os::unix::net::UnixStream::connect(self.dir.join("run/trothd.sock")).is_ok() {
            assert!(Instant::now() < by, "the daemon does not go");
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// Stops its daemon.
    pub fn stop(&self) {
        self.run(&["service", "stop"], "");
    }

    /// Its log.
    pub fn log(&self) -> String {
        let files = std::fs::read_dir(self.dir.join("state"))
            .into_iter()
            .flatten()
            .flatten();
        files
            .map(|file| std::fs::read_to_string(file.path()).unwrap_or_default())
            .collect()
    }

    /// Everything on its disk, opened with its key file: what a partner at the unlocked device could read.
    pub fn rows(&self) -> Vec<(Row, Vec<u8>)> {
        self.stop();
        let sqlite = rusqlite::Connection::open(self.dir.join("data/troth.db")).expect("a store");
        let json: String = sqlite
            .query_row("SELECT json FROM lockbox", [], |row| row.get(0))
            .expect("a lockbox");
        let lockbox: Lockbox = serde_json::from_str(&json).expect("a lockbox");
        let key: [u8; 32] = std::fs::read(self.dir.join("data/key"))
            .expect("a key file")
            .try_into()
            .expect("32 bytes");
        let vault = Vault::new(&lockbox.open_with_key(&Key(key)).expect("opens"));
        let mut all = sqlite
            .prepare("SELECT name, sealed FROM rows")
            .expect("rows");
        let rows = all
            .query_map([], |row| {
                Ok((row.get::<_, Vec<u8>>(0)?, row.get::<_, Vec<u8>>(1)?))
            })
            .expect("rows");
        rows.map(|row| row.expect("a row"))
            .map(|(name, sealed)| vault.open(&name, &sealed).expect("opens"))
            .map(|opened| (opened.row, opened.bytes))
            .collect()
    }

    /// Whether a word is anywhere on its disk, sealed or not.
    pub fn holds_word(&self, word: &str) -> bool {
        let within = |bytes: &[u8]| {
            bytes
                .windows(word.len())
                .any(|window| window == word.as_bytes())
        };
        self.rows().iter().any(|(_, bytes)| within(bytes))
            || files(&self.dir)
                .iter()
                .any(|file| within(&std::fs::read(file).unwrap_or_default()))
    }
}

impl Drop for Home {
    fn drop(&mut self) {
        self.stop();
        if std::thread::panicking() {
            eprintln!("--- log of {}\n{}", self.dir.display(), self.log());
            return;
        }
        for line in self
            .log()
            .lines()
            .filter(|line| line.contains(" WARN ") || line.contains(" ERROR "))
        {
            assert!(
                self.expected.iter().any(|expected| line.contains(expected)),
                "unexpected in the log: {line}"
            );
        }
    }
}

/// All files under a folder.
pub fn files(dir: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(dir).into_iter().flatten().flatten();
    entries
        .flat_map(|entry| {
            if entry.path().is_dir() {
                files(&entry.path())
            } else {
                vec![entry.path()]
            }
        })
        .collect()
}

/// A folder for homes, whose path is short enough for sockets.
pub fn root() -> tempfile::TempDir {
    tempfile::Builder::new()
        .prefix("tt")
        .tempdir()
        .expect("a folder")
}

/// Ana's home and Ben's, who have not met.
pub fn unpaired(root: &Path, program: &str) -> (Home, Home) {
    let (ana, ben) = (
        Home::new(root, "ana", program),
        Home::new(root, "ben", program),
    );
    ana.init("Ana");
    ben.init("Ben");
    (ana, ben)
}

/// Ana's home and Ben's, paired.
pub fn paired(root: &Path, program: &str) -> (Home, Home) {
    let (ana, ben) = unpaired(root, program);
    pair(&ana, &ben);
    (ana, ben)
}

/// The whole pairing, as two scripts do it.
pub fn pair(ana: &Home, ben: &Home) {
    let invited = ana.ask(&["pair", "invite"], Value::Null);
    ben.ask(&["pair", "join"], invited["invitation"].clone());
    compare_and_say_yes(ana, ben);
}

/// The rest of it, once the two devices have met.
pub fn compare_and_say_yes(ana: &Home, ben: &Home) {
    let numbers = [ana, ben].map(|home| {
        home.until(&["pair", "state"], |state| state["my_number"].is_string())["my_number"].clone()
    });
    ana.ask(&["pair", "number"], numbers[1].clone());
    ben.ask(&["pair", "number"], numbers[0].clone());
    for home in [ana, ben] {
        home.until(&["pair", "state"], |state| state["state"] == "confirming");
        home.ask(&["pair", "yes"], Value::Null);
    }
    for home in [ana, ben] {
        home.until(&["pair", "state"], |state| state["state"] == "paired");
    }
}

/// Whether this test may do what only root can, like mounting. Under CI it must; elsewhere it says that it was not run.
#[allow(clippy::print_stderr)]
pub fn as_root() -> bool {
    let root = rustix::process::geteuid().is_root();
    assert!(
        root || std::env::var_os("CI").is_none(),
        "this test needs root under CI"
    );
    if !root {
        eprintln!("not run: this test needs root");
    }
    root
}
