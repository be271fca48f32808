//! Frames on a stream: a length, then bytes, never more than a limit (FORMAT §3).

use futures::{AsyncReadExt, AsyncWriteExt};
use libp2p::Stream;
use std::time::{Duration, Instant};
use tokio::sync::mpsc;
use tokio::task::AbortHandle;
use troth_proto::limits;

/// Frames that wait to be written; the node sends no more than its window.
const WAITING: usize = 64;
/// A stalled writer is given up after this long.
const WRITE_TIME: Duration = Duration::from_secs(30);

/// What a stream brings.
pub enum Brought {
    /// A frame.
    Frame(Vec<u8>),
    /// Its end.
    End,
}

/// Both ends of a stream. Dropped, it lets what was given to it go out and closes; what still comes is read.
pub struct Ends {
    writer: mpsc::Sender<Vec<u8>>,
    reader: AbortHandle,
}

impl Ends {
    /// Gives bytes to be written. Says whether there was room.
    pub fn send(&self, bytes: Vec<u8>) -> bool {
        self.writer.try_send(bytes).is_ok()
    }

    /// Lets out what was given to it for a while, and reads nothing more. What it brought last may not come.
    pub fn end(self) {
        let Self { writer, reader } = self;
        drop(writer);
        reader.abort();
    }
}

/// Reads and writes a stream in tasks of their own. `take` is awaited for each frame, so that a slow node slows the
/// partner down. The first frame may be `first` bytes long, the others `most`.
pub fn run<F>(
    stream: Stream,
    first: usize,
    most: usize,
    mut take: impl FnMut(Brought) -> F + Send + 'static,
) -> Ends
where
    F: Future<Output = bool> + Send,
{
    let (mut from, mut to) = stream.split();
    let (writer, mut outbox) = mpsc::channel::<Vec<u8>>(WAITING);
    tokio::spawn(async move {
        while let Some(bytes) = outbox.recv().await {
            let length = (bytes.len() as u32).to_be_bytes();
            let write = async {
                to.write_all(&length).await?;
                to.write_all(&bytes).await?;
                to.flush().await
            };
            if !matches!(tokio::time::timeout(WRITE_TIME, write).await, Ok(Ok(()))) {
                break;
            }
        }
        let _ = tokio::time::timeout(Duration::from_secs(1), to.close()).await;
    });
    let reading = tokio::spawn(async move {
        let (mut limit, mut bucket) = (first, Bucket::new());
        loop {
            let mut length = [0; 4];
            if from.read_exact(&mut length).await.is_err() {
                break;
            }
            let length = u32::from_be_bytes(length) as usize;
            if length > limit {
                tracing::warn!(length, "a frame over its limit");
                break;
            }
            let mut bytes = vec![0; length];
            if from.read_exact(&mut bytes).await.is_err() {
                break;
            }
            bucket.take().await;
            if !take(Brought::Frame(bytes)).await {
                return;
            }
            limit = most;
        }
        take(Brought::End).await;
    });
    Ends {
        writer,
        reader: reading.abort_handle(),
    }
}

/// A token bucket: so many frames at once, so many a second.
struct Bucket {
    tokens: f64,
    filled: Instant,
}

impl Bucket {
    fn new() -> Self {
        Self {
            tokens: f64::from(limits::LINK_FRAMES_BURST),
            filled: Instant::now(),
        }
    }

    async fn take(&mut self) {
        let rate = f64::from(limits::LINK_FRAMES_PER_SECOND);
        let gained = self.filled.elapsed().as_secs_f64() * rate;
        self.tokens = (self.tokens + gained).min(f64::from(limits::LINK_FRAMES_BURST));
        self.filled = Instant::now();
        if self.tokens < 1.0 {
            tokio::time::sleep(Duration::from_secs_f64((1.0 - self.tokens) / rate)).await;
        }
        self.tokens -= 1.0;
    }
}
