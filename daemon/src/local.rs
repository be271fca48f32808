//! The local socket: lines in, lines out, only for the same user (DESIGN §7).

use std::collections::BTreeMap;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::mpsc;
use troth_core::node::Client;
use troth_proto::api::{self, Call, Line, Request, Welcome};
use troth_proto::{Problem, limits};

/// A line must be whole within this long once it has begun.
const LINE_TIME: Duration = Duration::from_secs(30);
/// Answers that wait for a client that does not read; more, and it is hung up on.
const WAITING_LINES: usize = 256;

/// What clients do.
pub enum Event {
    /// A client is there, and where to write to it.
    Client(Client, mpsc::Sender<String>),
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

/// The clients that are connected: where to write to each.
#[derive(Default)]
pub struct Clients(BTreeMap<Client, mpsc::Sender<String>>);

impl Clients {
    /// A client is there.
    pub fn add(&mut self, client: Client, lines: mpsc::Sender<String>) {
        self.0.insert(client, lines);
    }

    /// A client is gone.
    pub fn remove(&mut self, client: Client) {
        self.0.remove(&client);
    }

    /// Writes a line to a client that is still there.
    pub fn write(&mut self, client: Client, line: &Line) {
        let Some(lines) = self.0.get(&client) else {
            return;
        };
        if lines.try_send(line.write()).is_err() {
            self.0.remove(&client);
        }
    }
}

/// Makes the socket, in a folder that only its owner may enter.
///
/// # Errors
/// As the system says.
pub fn bind(path: &Path) -> std::io::Result<UnixListener> {
    // The daemon's lock is held: a socket that is still there was left by one that was killed.
    let _ = std::fs::remove_file(path);
    let listener = UnixListener::bind(path)?;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600))?;
    Ok(listener)
}

/// Takes clients until the daemon ends.
pub async fn serve(listener: UnixListener, events: mpsc::Sender<Event>) {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    let count = Arc::new(AtomicUsize::new(0));
    loop {
        let Ok((stream, _)) = listener.accept().await else {
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

async fn turn_away(mut stream: UnixStream) {
    let line = Line::failed(None, 1, Problem::TooManyClients).write();
    let _ = tokio::time::timeout(Duration::from_secs(1), stream.write_all(line.as_bytes())).await;
}

async fn talk(stream: UnixStream, client: Client, events: &mpsc::Sender<Event>) {
    let (mut from, mut to) = stream.into_split();
    let (lines, mut outbox) = mpsc::channel::<String>(WAITING_LINES);
    if events
        .send(Event::Client(client, lines.clone()))
        .await
        .is_err()
    {
        return;
    }
    let writer = tokio::spawn(async move {
        while let Some(line) = outbox.recv().await {
            if to.write_all(line.as_bytes()).await.is_err() {
                break;
            }
        }
    });
    let mut greeted = false;
    let mut buffer = Vec::new();
    while let Some(line) = next_line(&mut from, &mut buffer).await {
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
                let answer = match serde_json::to_value(welcome) {
                    Ok(welcome) if greeted => Line::result(id, welcome),
                    _ => Line::failed(Some(id), 1, Problem::ApiVersion),
                };
                if lines.send(answer.write()).await.is_err() {
                    break;
                }
            }
            // A client of another version can at least ask this daemon to make way.
            Ok(Call { id, request }) if !greeted && !matches!(request, Request::Shutdown {}) => {
                drop(request);
                let _ = lines
                    .send(Line::failed(Some(id), 1, Problem::ApiVersion).write())
                    .await;
                break;
            }
            Ok(Call { id, request }) => {
                if events
                    .send(Event::Call {
                        client,
                        id,
                        request: Box::new(request),
                    })
                    .await
                    .is_err()
                {
                    break;
                }
            }
            Err(answer) => {
                if lines.send(answer.write()).await.is_err() {
                    break;
                }
            }
        }
    }
    drop(lines);
    let _ = events.send(Event::ClientGone(client)).await;
    let _ = tokio::time::timeout(Duration::from_secs(2), writer).await;
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
