//! Frames on a stream: a length, then bytes, never more than a limit (FORMAT §3).

use futures::{AsyncRead, AsyncReadExt, AsyncWriteExt};
use libp2p::Stream;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::{Notify, mpsc};
use tokio::task::AbortHandle;
use troth_proto::limits;

/// Frames that wait to be written; the node sends no more than its window.
const WAITING: usize = 64;
/// A stalled writer is given up after this long.
const WRITE_TIME: Duration = Duration::from_secs(30);

/// How a stream shows that its other end is there: an empty frame after so long without another, and it is given up after so
/// long without a byte. None: it may be quiet.
pub type Beat = Option<(Duration, Duration)>;

/// That of the partner's link.
pub const BEAT: Beat = Some((
    Duration::from_millis(limits::BEAT_MILLIS),
    Duration::from_millis(limits::SILENCE_MILLIS),
));

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
    (first, most): (usize, usize),
    beat: Beat,
    mut take: impl FnMut(Brought) -> F + Send + 'static,
) -> Ends
where
    F: Future<Output = bool> + Send,
{
    let (mut from, mut to) = stream.split();
    let (writer, mut outbox) = mpsc::channel::<Vec<u8>>(WAITING);
    let beaten = Arc::new(Notify::new());
    let heard = beaten.clone();
    tokio::spawn(async move {
        while let Some(bytes) = next(&mut outbox, beat, &heard).await {
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
            if !fill(&mut from, &mut length, beat).await {
                break;
            }
            let length = u32::from_be_bytes(length) as usize;
            if length > limit {
                tracing::warn!(length, "a frame over its limit");
                break;
            }
            bucket.take().await;
            if length == 0 && beat.is_some() {
                beaten.notify_one();
                continue;
            }
            let mut bytes = vec![0; length];
            if !fill(&mut from, &mut bytes, beat).await || !take(Brought::Frame(bytes)).await {
                break;
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

/// The next frame to be written; an empty one if there is none for a while. The other's empty frame is answered with one's own,
/// if that is due soon: so both wake for one exchange, not for two.
async fn next(outbox: &mut mpsc::Receiver<Vec<u8>>, beat: Beat, heard: &Notify) -> Option<Vec<u8>> {
    let Some((often, _)) = beat else {
        return outbox.recv().await;
    };
    let begun = Instant::now();
    loop {
        tokio::select! {
            next = outbox.recv() => return next,
            () = tokio::time::sleep(often.saturating_sub(begun.elapsed())) => return Some(Vec::new()),
            () = heard.notified() => if begun.elapsed() >= often / 2 {
                return Some(Vec::new());
            }
        }
    }
}

/// Fills bytes from a stream. Says whether they came, and none of them too late: a frame that takes long is no silence.
async fn fill(from: &mut (impl AsyncRead + Unpin), bytes: &mut [u8], beat: Beat) -> bool {
    let mut filled = 0;
    while let Some(rest) = bytes.get_mut(filled..).filter(|rest| !rest.is_empty()) {
        let read = from.read(rest);
        let read = match beat {
            Some((_, silence)) => match tokio::time::timeout(silence, read).await {
                Ok(read) => read,
                Err(_) => {
                    tracing::debug!("a link fell silent");
                    return false;
                }
            },
            None => read.await,
        };
        match read {
            Ok(n) if n > 0 => filled += n,
            _ => return false,
        }
    }
    true
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
