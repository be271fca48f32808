//! The local socket: lines in, lines out, only for the same user (DESIGN §7).

use crate::folders::{self, Lock};
use rustix::fs::inotify;
use std::collections::BTreeMap;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::{mpsc, oneshot};
use troth_core::node::Client;
use troth_proto::api::{self, Call, Line, Request, Welcome};
use troth_proto::home::Home;
use troth_proto::{Problem, limits};

/// A line must be whole within this long once it has begun.
const LINE_TIME: Duration = Duration::from_secs(30);
/// Answers that wait for a client that does not read; more, and it is hung up on.
const WAITING_LINES: usize = 256;

/// How long a client for which too much waits has until it reads, and one that is hung up on for what was written to it.
const LAST_LINES: Duration = Duration::from_secs(2);

/// What clients do.
pub enum Event {
    /// A client is there, and how to write to it.
    Client(Client, Lines),
    /// A client asks.
    Call {
        /// Who.
        client: Client,
        /// The call's id.
        id: u64,
        /// What.
        request: Box<Request>,
    },
    /// A client is gone.
    ClientGone(Client),
}

/// How to write to a client. Dropped, it is hung up on.
pub struct Lines {
    lines: mpsc::Sender<String>,
    _hold: oneshot::Sender<()>,
}

#[cfg(test)]
impl Lines {
    /// Where what is written comes out again.
    pub fn heard() -> (Self, mpsc::Receiver<String>) {
        let ((lines, heard), (hold, _)) = (mpsc::channel(WAITING_LINES), oneshot::channel());
        (Self { lines, _hold: hold }, heard)
    }
}

/// The clients that are connected: how to write to each.
#[derive(Default)]
pub struct Clients(BTreeMap<Client, Lines>);

impl Clients {
    /// A client is there.
    pub fn add(&mut self, client: Client, lines: Lines) {
        self.0.insert(client, lines);
    }

    /// A client is gone.
    pub fn remove(&mut self, client: Client) {
        self.0.remove(&client);
    }

    /// Writes a line to a client that is still there. One that does not read is hung up on: it is never left waiting for an
    /// answer that does not come.
    pub fn write(&mut self, client: Client, line: &Line) {
        let Some(to) = self.0.get(&client) else {
            return;
        };
        if to.lines.try_send(line.write()).is_err() {
            self.0.remove(&client);
        }
    }
}

/// Where the socket is, under the lock of the home.
pub struct Place {
    lock: Lock,
    path: PathBuf,
    /// Which file it is: another may come into its place.
    file: (u64, u64),
}

impl Place {
    fn is_there(&self) -> bool {
        let there = std::fs::symlink_metadata(&self.path);
        there.is_ok_and(|about| (about.dev(), about.ino()) == self.file)
    }

    /// Takes the socket away: nobody who comes now is to wait.
    pub fn clear(&self) {
        if self.is_there() {
            let _ = std::fs::remove_file(&self.path);
        }
    }
}

/// The local socket. Its folder may vanish while the daemon runs, with the login that it belongs to: then it is made anew,
/// and the lock's file tells clients where.
pub struct Door {
    home: Home,
    listener: UnixListener,
    pub place: Arc<Mutex<Place>>,
    watch: Option<Watch>,
}

/// Tells that something happened in the folder of the socket; ends with the folder.
type Watch = mpsc::Receiver<()>;

/// Where no folder can be made, or nothing tells of changes, it is looked at this often.
const LOOK_AGAIN: Duration = Duration::from_secs(10);
/// And else this often.
const NOW_AND_THEN: Duration = Duration::from_secs(300);

impl Door {
    /// Makes the socket, in a folder that only its owner may enter.
    ///
    /// # Errors
    /// As the system says.
    pub fn open(home: &Home, mut lock: Lock) -> std::io::Result<Self> {
        let mut path = home.socket();
        let bound = match bind(&path) {
            Err(e) if e.kind() == std::io::ErrorKind::AddrInUse => {
                path = home.other_socket();
                path.parent().map_or(Ok(()), folders::make_one)?;
                bind(&path)
            }
            bound => bound,
        };
        let (listener, file) = bound?;
        lock.tell(&path)?;
        Ok(Self {
            home: home.clone(),
            watch: watch(&path),
            listener,
            place: Arc::new(Mutex::new(Place { lock, path, file })),
        })
    }

    fn place(&self) -> MutexGuard<'_, Place> {
        self.place.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until the socket's file may be gone.
    async fn may_be_gone(watch: &mut Option<Watch>) {
        let Some(events) = watch else {
            return tokio::time::sleep(LOOK_AGAIN).await;
        };
        // Its end says that the folder is gone, or was made anew meanwhile. Now and then it is looked at all the same: a
        // folder may be hidden without anything in it going.
        if let Ok(None) = tokio::time::timeout(NOW_AND_THEN, events.recv()).await {
            *watch = None;
        }
    }

    /// Makes the socket anew if its file is gone: where it was, or else beside the log.
    fn make_anew(&mut self) {
        let place = self.place();
        if place.is_there() {
            let path = place.path.clone();
            drop(place);
            if self.watch.is_none() {
                self.watch = watch(&path);
            }
            return;
        }
        drop(place);
        for path in [self.home.socket(), self.home.other_socket()] {
            let folder = path.parent().map(folders::make_one);
            if !matches!(folder, Some(Ok(()))) {
                continue;
            }
            let Ok((listener, file)) = bind(&path) else {
                continue;
            };
            let mut place = self.place();
            if place.lock.tell(&path).is_err() {
                continue;
            }
            (place.path, place.file) = (path.clone(), file);
            drop(place);
            tracing::info!("the local socket was gone, and is made anew");
            (self.listener, self.watch) = (listener, watch(&path));
            return;
        }
        tracing::warn!("the local socket is gone, and no other could be made yet");
        self.watch = None;
    }

    /// Takes clients until the daemon ends.
    pub async fn serve(mut self, events: mpsc::Sender<Event>) {
        static NEXT: AtomicU64 = AtomicU64::new(1);
        let count = Arc::new(AtomicUsize::new(0));
        loop {
            let accepted = tokio::select! {
                accepted = self.listener.accept() => accepted,
                () = Self::may_be_gone(&mut self.watch) => {
                    self.make_anew();
                    continue;
                }
            };
            let Ok((stream, _)) = accepted else {
                tokio::time::sleep(Duration::from_millis(100)).await; // out of file handles, perhaps
                continue;
            };
            let own = rustix::process::geteuid().as_raw();
            if stream.peer_cred().map(|peer| peer.uid()).ok() != Some(own) {
                tracing::warn!("another user's program was turned away");
                continue;
            }
            let client = NEXT.fetch_add(1, Ordering::Relaxed);
            let (count, events) = (count.clone(), events.clone());
            tokio::spawn(async move {
                if count.fetch_add(1, Ordering::Relaxed) < limits::API_CLIENTS {
                    talk(stream, client, &events).await;
                } else {
                    turn_away(stream).await;
                }
                count.fetch_sub(1, Ordering::Relaxed);
            });
        }
    }
}

fn bind(path: &Path) -> std::io::Result<(UnixListener, (u64, u64))> {
    // The daemon's lock is held: a socket that is still there was left by one that was killed, unless it answers. Then it is
    // another home's, which shares this folder.
    if std::os::unix::net::UnixStream::connect(path).is_ok() {
        return Err(std::io::ErrorKind::AddrInUse.into());
    }
    let _ = std::fs::remove_file(path);
    let listener = UnixListener::bind(path)?;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600))?;
    let about = std::fs::symlink_metadata(path)?;
    Ok((listener, (about.dev(), about.ino())))
}

/// Watches the folder of the socket, in a thread that sleeps until something goes: a file in it, or the folder itself.
fn watch(path: &Path) -> Option<Watch> {
    let events = inotify::init(inotify::CreateFlags::CLOEXEC).ok()?;
    let what = inotify::WatchFlags::DELETE
        | inotify::WatchFlags::MOVED_FROM
        | inotify::WatchFlags::DELETE_SELF
        | inotify::WatchFlags::MOVE_SELF;
    inotify::add_watch(&events, path.parent()?, what).ok()?;
    let (tell, told) = mpsc::channel(1);
    let watching = move || {
        let mut bytes = [std::mem::MaybeUninit::uninit(); 4096];
        let mut events = inotify::Reader::new(&events, &mut bytes);
        while let Ok(event) = events.next() {
            // It is looked at after all of what was told, however much that is. Nobody may want to know any more.
            if let Err(mpsc::error::TrySendError::Closed(())) = tell.try_send(()) {
                return;
            }
            if event.events().contains(inotify::ReadFlags::IGNORED) {
                return; // the folder is gone
            }
        }
    };
    std::thread::Builder::new()
        .name("watch".into())
        .stack_size(64 * 1024)
        .spawn(watching)
        .ok()?;
    Some(told)
}

async fn turn_away(mut stream: UnixStream) {
    let line = Line::failed(None, 1, Problem::TooManyClients).write();
    let _ = tokio::time::timeout(Duration::from_secs(1), stream.write_all(line.as_bytes())).await;
}

async fn talk(stream: UnixStream, client: Client, events: &mpsc::Sender<Event>) {
    let (mut from, mut to) = stream.into_split();
    let (lines, mut outbox) = mpsc::channel::<String>(WAITING_LINES);
    let (hold, mut held) = oneshot::channel();
    let there = Lines {
        lines: lines.clone(),
        _hold: hold,
    };
    if events.send(Event::Client(client, there)).await.is_err() {
        return;
    }
    // Whoever does not read is hung up on.
    let answer = async |line: Line| lines.send_timeout(line.write(), LAST_LINES).await.is_ok();
    let mut writer = tokio::spawn(async move {
        while let Some(line) = outbox.recv().await {
            if to.write_all(line.as_bytes()).await.is_err() {
                break;
            }
        }
    });
    let mut greeted = false;
    let mut buffer = Vec::new();
    loop {
        let line = tokio::select! {
            line = next_line(&mut from, &mut buffer) => line,
            // What is on its way still goes out, if it is read.
            _ = &mut held => None,
        };
        let Some(line) = line else { break };
        match Call::read(&line) {
            Ok(Call {
                id,
                request: Request::Hello { api },
            }) => {
                // A daemon that is ending greets nobody any more.
                if events.is_closed() {
                    break;
                }
                greeted = api == api::VERSION;
                let welcome = Welcome {
                    api: api::VERSION,
                    version: env!("CARGO_PKG_VERSION").into(),
                    pid: std::process::id(),
                };
                let line = match serde_json::to_value(welcome) {
                    Ok(welcome) if greeted => Line::result(id, welcome),
                    _ => Line::failed(Some(id), 1, Problem::ApiVersion),
                };
                if !answer(line).await {
                    break;
                }
            }
            // A client of another version can at least ask this daemon to make way.
            Ok(Call { id, request }) if !greeted && !matches!(request, Request::Shutdown {}) => {
                drop(request);
                answer(Line::failed(Some(id), 1, Problem::ApiVersion)).await;
                break;
            }
            Ok(Call { id, request }) => {
                let call = Event::Call {
                    client,
                    id,
                    request: Box::new(request),
                };
                if events.send(call).await.is_err() {
                    answer(Line::failed(Some(id), 1, Problem::NoDaemon)).await;
                    break;
                }
            }
            Err(line) => {
                if !answer(*line).await {
                    break;
                }
            }
        }
    }
    drop(lines);
    let _ = events.send(Event::ClientGone(client)).await;
    if tokio::time::timeout(LAST_LINES, &mut writer).await.is_err() {
        writer.abort(); // it holds the socket
    }
}

/// The next whole line without its end; none when the client is gone, sends too much, or too slowly.
async fn next_line(
    from: &mut tokio::net::unix::OwnedReadHalf,
    buffer: &mut Vec<u8>,
) -> Option<Vec<u8>> {
    let mut searched = 0;
    loop {
        if let Some(end) = buffer[searched..].iter().position(|byte| *byte == b'\n') {
            let rest = buffer.split_off(searched + end + 1);
            let mut line = std::mem::replace(buffer, rest);
            line.pop();
            return Some(line);
        }
        searched = buffer.len();
        if buffer.len() > limits::API_LINE_BYTES {
            return None;
        }
        let read = async { from.read_buf(buffer).await.ok().filter(|n| *n > 0) };
        // A client may be silent for as long as it likes, but not in the middle of a line.
        if searched == 0 {
            read.await?
        } else {
            tokio::time::timeout(LINE_TIME, read).await.ok()??
        };
    }
}
