//! The way to the daemon of this home: its socket, and starting it when it is not there.

use etcetera::BaseStrategy;
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::process::{Pid, PidfdFlags, Signal, pidfd_open, pidfd_send_signal};
use serde_json::Value;
use std::collections::VecDeque;
use std::fs::{File, TryLockError};
use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::net::UnixStream;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};
use troth_proto::api::{self, Call, DraftText, Init, Line, Request, Unlock, Welcome};
use troth_proto::home::{Home, Locked};
use troth_proto::problem::{FileWrong, LockedBy, NotStarted};
use troth_proto::{Problem, limits};

/// How long a daemon may take to come up: a keyring may ask first.
const START: Duration = Duration::from_secs(30);
/// How long an answer may take. A keyring may have a prompt open.
const ANSWER: Duration = Duration::from_secs(60);

/// An open conversation with the daemon.
pub struct Link {
    home: Home,
    /// Whether another daemon is asked if this one is ending.
    again: bool,
    /// Whether it was told where the desktop is.
    handed: bool,
    reader: BufReader<UnixStream>,
    calls: u64,
    /// What came of drafts that are followed, and was not looked at yet.
    told: VecDeque<DraftText>,
    /// What opens a locked home, if a person can be asked here.
    opens: Option<Opens>,
    /// Who answers.
    pub welcome: Welcome,
}

/// Opens a locked home, and says whether it did.
pub type Opens = Box<dyn FnMut(&mut Link) -> Result<bool, Problem>>;

/// Where this partner's files are.
///
/// # Errors
/// No home folder is known.
pub fn home(given: Option<&Path>) -> Result<Home, Problem> {
    let unknown = || Problem::FileFailed {
        path: "~".into(),
        why: FileWrong::Unknown,
    };
    let given = given
        .map(Path::to_owned)
        .or_else(|| std::env::var_os("TROTH_HOME").map(PathBuf::from));
    if let Some(dir) = given {
        return Ok(Home::under(
            &std::path::absolute(dir).map_err(|_| unknown())?,
        ));
    }
    let system = etcetera::choose_base_strategy().map_err(|_| unknown())?;
    let state = system.state_dir().unwrap_or_else(|| system.data_dir());
    let run = system.runtime_dir().unwrap_or_else(|| state.join("run"));
    Ok(Home::in_system(&system.data_dir(), &state, &run))
}

impl Link {
    /// Talks to the daemon, starting it if it is not running, and replacing one of another version.
    ///
    /// # Errors
    /// What keeps it from answering.
    pub fn open(home: &Home) -> Result<Self, Problem> {
        let link = match Self::connect(home)? {
            Some(link) if link.welcome.version == env!("CARGO_PKG_VERSION") => link,
            Some(other) => {
                other.shut_down(home)?;
                start(home)?
            }
            None => start(home)?,
        };
        Ok(Self {
            again: true,
            ..link
        })
    }

    /// Talks to this daemon and to no other: for one whose daemons are ended behind its back.
    #[must_use]
    pub fn and_no_other(self) -> Self {
        Self {
            again: false,
            ..self
        }
    }

    /// Ends the daemon, and waits until it is gone.
    ///
    /// # Errors
    /// It does not let itself be ended.
    pub fn shut_down(mut self, home: &Home) -> Result<(), Problem> {
        let process = Pid::from_raw(i32::try_from(self.welcome.pid).unwrap_or(0));
        let process = process.and_then(|pid| pidfd_open(pid, PidfdFlags::empty()).ok());
        match self.ask(&Request::Shutdown {}) {
            // It may be gone before its answer has come.
            Ok(_) | Err(Problem::NoDaemon) => {}
            Err(problem) => return Err(problem),
        }
        wait_until_gone(home);
        if let Some(process) = process {
            let seconds = Timespec {
                tv_sec: 10,
                tv_nsec: 0,
            };
            let _ = poll(&mut [PollFd::new(&process, PollFlags::IN)], Some(&seconds));
        }
        Ok(())
    }

    /// Talks to the daemon if it is running. One that is just ending is none, and one that does not speak this version
    /// is told by an empty [`Welcome::version`]: it can only be shut down.
    ///
    /// # Errors
    /// A socket that is another user's, or a daemon that does not answer.
    pub fn connect(home: &Home) -> Result<Option<Self>, Problem> {
        Self::connect_within(home, ANSWER)
    }

    /// The same for one who does not wait longer than that for an answer.
    ///
    /// # Errors
    /// As [`Link::connect`].
    pub fn connect_within(home: &Home, answer: Duration) -> Result<Option<Self>, Problem> {
        let Some(stream) = reach(home) else {
            return Ok(None);
        };
        let peer =
            rustix::net::sockopt::socket_peercred(&stream).map_err(|_| Problem::ForeignSocket)?;
        if peer.uid != rustix::process::geteuid() {
            return Err(Problem::ForeignSocket);
        }
        let _ = stream.set_read_timeout(Some(answer));
        let welcome = Welcome {
            api: 0,
            version: String::new(),
            pid: 0,
        };
        let mut link = Self {
            home: home.clone(),
            again: false,
            handed: false,
            reader: BufReader::new(stream),
            calls: 0,
            told: VecDeque::new(),
            opens: None,
            welcome,
        };
        match link.ask(&Request::Hello { api: api::VERSION }) {
            Ok(welcome) => {
                link.welcome = serde_json::from_value(welcome).map_err(|_| Problem::ApiVersion)?;
                Ok(Some(link))
            }
            Err(Problem::ApiVersion) => Ok(Some(link)),
            Err(Problem::NoDaemon) => {
                wait_until_gone(home);
                Ok(None)
            }
            Err(problem) => Err(problem),
        }
    }

    /// From now on a home that turns out to be locked is opened by this, and asked once more.
    pub fn open_by(&mut self, opens: Opens) {
        self.opens = Some(opens);
    }

    /// Asks, and waits for the answer.
    ///
    /// # Errors
    /// The daemon's own problem, or [`Problem::NoDaemon`] if it is gone.
    pub fn ask(&mut self, request: &Request) -> Result<Value, Problem> {
        let answer = self.ask_with_bus(request);
        if !matches!(answer, Err(Problem::Locked { .. })) {
            return answer;
        }
        // Whoever is just being asked is asked by nobody else.
        let Some(mut opens) = self.opens.take() else {
            return answer;
        };
        let opened = opens(self);
        self.opens = Some(opens);
        if opened? {
            self.ask_with_bus(request)
        } else {
            answer
        }
    }

    fn ask_with_bus(&mut self, request: &Request) -> Result<Value, Problem> {
        let bus = session_bus();
        if let (Request::Init(init), Some(_)) = (request, &bus)
            && init.keys == api::KeyHome::Os
        {
            let init = Init {
                bus,
                ..init.clone()
            };
            return self.ask_again(&Request::Init(init));
        }
        let answer = self.ask_again(request);
        // A daemon that began without the desktop finds no keyring: it is told where the desktop is, once.
        let Some(bus) = bus.filter(|_| !self.handed && keyring_is_absent(&answer)) else {
            return answer;
        };
        self.handed = true;
        let unlock = Request::Unlock(Unlock {
            bus: Some(bus),
            ..Unlock::default()
        });
        match self.ask_again(&unlock) {
            Ok(_) => self.ask_again(request),
            // Its answer says why, too.
            Err(_) if matches!(request, Request::Status {}) => self.ask_again(request),
            Err(problem) => Err(problem),
        }
    }

    fn ask_again(&mut self, request: &Request) -> Result<Value, Problem> {
        match self.ask_once(request)? {
            Some(answer) => Ok(answer),
            None if !self.again => Err(Problem::NoDaemon),
            None => {
                // It was ending, and has not taken it: the next one does.
                let next = Self::open(&self.home.clone())?;
                let opens = self.opens.take();
                *self = Self { opens, ..next };
                self.ask_once(request)?.ok_or(Problem::NoDaemon)
            }
        }
    }

    /// Nothing, if the daemon says that it is ending and has not taken the request.
    fn ask_once(&mut self, request: &Request) -> Result<Option<Value>, Problem> {
        self.calls += 1;
        let id = self.calls;
        let line = Call::write(id, request);
        if line.len() > limits::API_LINE_BYTES {
            return Err(Problem::TooLong);
        }
        if self.reader.get_mut().write_all(line.as_bytes()).is_err() {
            // It has not taken the whole line: nothing of it was done. Only of a file does it lack what came before.
            let goes_on = matches!(request, Request::CarryIn { .. } | Request::Restore { .. });
            return if goes_on {
                Err(Problem::NoDaemon)
            } else {
                Ok(None)
            };
        }
        loop {
            let line = self.line()?;
            if line.method.is_some() {
                // Something changed: kept only if it is of a draft that is followed.
                self.told.extend(line.params);
                continue;
            }
            if line.id.is_some_and(|answered| answered != id) {
                continue;
            }
            return match line.error {
                Some(error) if error.data == Problem::NoDaemon => Ok(None),
                Some(error) => Err(error.data),
                None => Ok(Some(line.result.unwrap_or(Value::Null))),
            };
        }
    }

    /// Waits until something shown may have changed, so long at most.
    ///
    /// # Errors
    /// The daemon is gone.
    pub fn changed(&mut self, within: Duration) -> Result<bool, Problem> {
        let _ = self
            .reader
            .get_ref()
            .set_read_timeout(Some(within.max(Duration::from_millis(1))));
        let mut text = String::new();
        let read = (&mut self.reader)
            .take(limits::API_LINE_BYTES as u64)
            .read_line(&mut text);
        let _ = self.reader.get_ref().set_read_timeout(Some(ANSWER));
        match read {
            Ok(0) => Err(Problem::NoDaemon),
            Ok(_) => Ok(true),
            Err(e)
                if matches!(
                    e.kind(),
                    std::io::ErrorKind::WouldBlock | std::io::ErrorKind::TimedOut
                ) =>
            {
                Ok(false)
            }
            Err(_) => Err(Problem::NoDaemon),
        }
    }

    /// What the daemon's stream can be waited on by.
    pub fn stream(&self) -> &UnixStream {
        self.reader.get_ref()
    }

    /// Whether something came that was not looked at yet.
    pub fn has_told(&self) -> bool {
        !self.told.is_empty() || !self.reader.buffer().is_empty()
    }

    /// What came of a draft that is followed, if anything has.
    ///
    /// # Errors
    /// The daemon is gone.
    pub fn told(&mut self) -> Result<Option<DraftText>, Problem> {
        if let Some(change) = self.told.pop_front() {
            return Ok(Some(change));
        }
        let mut ready = [PollFd::new(self.reader.get_ref(), PollFlags::IN)];
        let at_once = Timespec {
            tv_sec: 0,
            tv_nsec: 0,
        };
        let there = poll(&mut ready, Some(&at_once)).is_ok_and(|n| n > 0);
        if self.reader.buffer().is_empty() && !there {
            return Ok(None);
        }
        let line = self.line()?;
        Ok(line.params.or_else(|| self.told.pop_front()))
    }

    /// What an answer has told already.
    pub fn forget_told(&mut self) {
        self.told.clear();
    }

    fn line(&mut self) -> Result<Line, Problem> {
        let mut text = String::new();
        let read = (&mut self.reader)
            .take(8 * limits::API_LINE_BYTES as u64)
            .read_line(&mut text);
        if !matches!(read, Ok(n) if n > 0) {
            return Err(Problem::NoDaemon);
        }
        serde_json::from_str(&text).map_err(|_| Problem::ApiVersion)
    }
}

/// Whether an answer says that no keyring answers in the daemon's session.
fn keyring_is_absent(answer: &Result<Value, Problem>) -> bool {
    match answer {
        Ok(answer) => answer
            .get("locked_by")
            .is_some_and(|by| by == "keyring_absent"),
        Err(Problem::Locked { by }) => *by == LockedBy::KeyringAbsent,
        Err(_) => false,
    }
}

/// The message bus of this session, if it has one on this device.
fn session_bus() -> Option<String> {
    let named = std::env::var("DBUS_SESSION_BUS_ADDRESS").ok();
    let all = named.iter().flat_map(|named| named.split(';'));
    let on_this_device =
        |at: &&str| at.starts_with("unix:path=") || at.starts_with("unix:abstract=");
    let named = all
        .map(str::to_owned)
        .find(|at| on_this_device(&at.as_str()));
    named.or_else(|| {
        let bus = PathBuf::from(std::env::var_os("XDG_RUNTIME_DIR")?).join("bus");
        bus.exists().then(|| format!("unix:path={}", bus.display()))
    })
}

/// The daemon's socket; the lock's file tells where it is, if it is not where it belongs.
fn reach(home: &Home) -> Option<UnixStream> {
    let there = UnixStream::connect(home.socket()).ok();
    there.or_else(|| UnixStream::connect(holder(home)?.socket).ok())
}

/// Who holds the lock of the home, if anybody does.
fn holder(home: &Home) -> Option<Locked> {
    let file = File::open(home.lock()).ok()?;
    match file.try_lock_shared() {
        Err(TryLockError::WouldBlock) => {}
        _ => return None, // nobody: what stands there is old
    }
    let mut text = String::new();
    file.take(Locked::BYTES).read_to_string(&mut text).ok()?;
    Locked::read(&text)
}

/// Ends a daemon that holds the lock and that nobody can talk to.
///
/// # Errors
/// There is none.
pub fn end(home: &Home) -> Result<(), Problem> {
    let holder = holder(home).ok_or(Problem::NoDaemon)?;
    let pid = Pid::from_raw(i32::try_from(holder.pid).unwrap_or(0)).ok_or(Problem::NoDaemon)?;
    let process = pidfd_open(pid, PidfdFlags::empty()).map_err(|_| Problem::NoDaemon)?;
    // Asked only now, whether it is still that one.
    if self::holder(home).is_none_or(|now| now.pid != holder.pid) {
        return Err(Problem::NoDaemon);
    }
    pidfd_send_signal(&process, Signal::TERM).map_err(|_| Problem::NoDaemon)?;
    let seconds = Timespec {
        tv_sec: 10,
        tv_nsec: 0,
    };
    let _ = poll(&mut [PollFd::new(&process, PollFlags::IN)], Some(&seconds));
    Ok(())
}

/// The daemon's program: the one beside this one, never one that merely has its name.
///
/// # Errors
/// It is not there.
pub fn program() -> Result<PathBuf, Problem> {
    let fail = |why| Problem::DaemonDidNotStart { why };
    let own = std::env::current_exe()
        .and_then(std::fs::canonicalize)
        .map_err(|_| fail(NotStarted::WhereUnknown))?;
    let name = own
        .file_name()
        .and_then(|name| name.to_str())
        .unwrap_or("troth");
    let beside = own.with_file_name(format!("{name}d"));
    if beside.is_file() {
        Ok(beside)
    } else {
        Err(fail(NotStarted::NotBeside))
    }
}

/// What keeps a daemon small that the system's allocator would let grow: two heaps at most, and whatever is large goes back to
/// the system as soon as it is let go.
pub const SMALL: [(&str, &str); 2] = [
    ("MALLOC_ARENA_MAX", "2"),
    ("MALLOC_MMAP_THRESHOLD_", "1048576"),
];

fn start(home: &Home) -> Result<Link, Problem> {
    let fail = |why| Problem::DaemonDidNotStart { why };
    let mut command = std::process::Command::new(program()?);
    if let Some(dir) = &home.given {
        command.arg("--home").arg(dir);
    }
    command
        .envs(SMALL)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .process_group(0)
        .current_dir("/");
    let mut child = command.spawn().map_err(|_| fail(NotStarted::System))?;
    let until = Instant::now() + START;
    while Instant::now() < until {
        if let Some(link) = Link::connect(home)? {
            return Ok(link);
        }
        if let Ok(Some(status)) = child.try_wait() {
            // Another may have been quicker.
            if let Some(link) = Link::connect(home)? {
                return Ok(link);
            }
            return Err(fail(match complaint(&mut child) {
                Some(problem) => NotStarted::Told {
                    problem: Box::new(problem),
                },
                None => NotStarted::Ended {
                    status: status.to_string(),
                },
            }));
        }
        std::thread::sleep(Duration::from_millis(2));
    }
    Err(fail(NotStarted::Silent))
}

/// What a daemon said before it ended.
fn complaint(child: &mut Child) -> Option<Problem> {
    let mut text = String::new();
    if let Some(stderr) = &mut child.stderr {
        let _ = stderr.take(2000).read_to_string(&mut text);
    }
    text.lines()
        .find_map(|line| serde_json::from_str(line).ok())
}

/// Waits until no daemon answers any more.
pub fn wait_until_gone(home: &Home) {
    let until = Instant::now() + Duration::from_secs(10);
    let before = holder(home).map(|it| it.pid);
    let same = |home: &Home| before.is_none() || holder(home).map(|it| it.pid) == before;
    while same(home) && reach(home).is_some() && Instant::now() < until {
        std::thread::sleep(Duration::from_millis(5));
    }
}
