//! The stream of a connection over TCP: the connection itself. No muxer keeps what is unread, so that one who sends it in crumbs
//! fills the system's buffers and no memory of this program.

use futures::{AsyncRead, AsyncWrite};
use libp2p::core::muxing::{StreamMuxer, StreamMuxerEvent};
use libp2p::core::upgrade::{InboundConnectionUpgrade, OutboundConnectionUpgrade, UpgradeInfo};
use std::future::{Ready, ready};
use std::io::{self, ErrorKind};
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

/// How both ends agree on it.
#[derive(Debug, Clone, Copy)]
pub struct Config;

impl UpgradeInfo for Config {
    type Info = &'static str;
    type InfoIter = std::iter::Once<Self::Info>;

    fn protocol_info(&self) -> Self::InfoIter {
        std::iter::once("/troth/single/1")
    }
}

impl<C: AsyncRead + AsyncWrite + Unpin> InboundConnectionUpgrade<C> for Config {
    type Output = Single<C>;
    type Error = io::Error;
    type Future = Ready<io::Result<Single<C>>>;

    fn upgrade_inbound(self, io: C, _: Self::Info) -> Self::Future {
        ready(Ok(Single::new(io, false)))
    }
}

impl<C: AsyncRead + AsyncWrite + Unpin> OutboundConnectionUpgrade<C> for Config {
    type Output = Single<C>;
    type Error = io::Error;
    type Future = Ready<io::Result<Single<C>>>;

    fn upgrade_outbound(self, io: C, _: Self::Info) -> Self::Future {
        ready(Ok(Single::new(io, true)))
    }
}

/// A connection, which is over once its stream is.
pub struct Single<C> {
    both: Arc<Mutex<Both<C>>>,
    dialled: bool,
}

/// The stream of a connection, which is over once the connection is closed.
pub struct Whole<C>(Arc<Mutex<Both<C>>>);

struct Both<C> {
    /// None once the connection is closed.
    io: Option<C>,
    stream: Stream,
    /// Who waits for the stream's end, for bytes, and for room.
    connection: Option<Waker>,
    reader: Option<Waker>,
    writer: Option<Waker>,
}

#[derive(PartialEq, Eq)]
enum Stream {
    /// Not opened yet.
    Here,
    /// In somebody's hands.
    Out,
    /// Gone.
    Over,
}

impl<C> Both<C> {
    fn close(&mut self) {
        self.io = None;
        let wakers = [&mut self.reader, &mut self.writer];
        for waker in wakers.into_iter().filter_map(Option::take) {
            waker.wake();
        }
    }
}

fn lock<C>(both: &Mutex<Both<C>>) -> MutexGuard<'_, Both<C>> {
    both.lock().unwrap_or_else(PoisonError::into_inner)
}

fn note(waker: &mut Option<Waker>, cx: &Context<'_>) {
    match waker {
        Some(waker) => waker.clone_from(cx.waker()),
        None => *waker = Some(cx.waker().clone()),
    }
}

impl<C: AsyncRead + AsyncWrite + Unpin> Single<C> {
    fn new(io: C, dialled: bool) -> Self {
        let both = Both {
            io: Some(io),
            stream: Stream::Here,
            connection: None,
            reader: None,
            writer: None,
        };
        Self {
            both: Arc::new(Mutex::new(both)),
            dialled,
        }
    }

    /// The stream, once and for the end that opens it or the one that awaits it.
    fn hand_out(&self, dialled: bool) -> Poll<io::Result<Whole<C>>> {
        let mut both = lock(&self.both);
        if dialled != self.dialled || both.stream != Stream::Here {
            return Poll::Pending;
        }
        both.stream = Stream::Out;
        Poll::Ready(Ok(Whole(self.both.clone())))
    }
}

impl<C: AsyncRead + AsyncWrite + Unpin> StreamMuxer for Single<C> {
    type Substream = Whole<C>;
    type Error = io::Error;

    fn poll_inbound(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<Whole<C>>> {
        self.hand_out(false)
    }

    fn poll_outbound(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<Whole<C>>> {
        self.hand_out(true)
    }

    /// What was given to it is let out as far as the system takes it at once: nobody can hold up an end.
    fn poll_close(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let mut both = lock(&self.both);
        if let Some(io) = &mut both.io {
            let _ = Pin::new(io).poll_close(cx);
        }
        both.close();
        Poll::Ready(Ok(()))
    }

    /// Before its stream is opened nobody but the connection would notice that the other end is gone.
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<StreamMuxerEvent>> {
        let both = &mut *lock(&self.both);
        note(&mut both.connection, cx);
        let Some(io) = &mut both.io else {
            return Poll::Ready(Err(ErrorKind::NotConnected.into()));
        };
        let gone = match both.stream {
            Stream::Over => true,
            // Whoever was dialled says nothing before that.
            Stream::Here if self.dialled => Pin::new(io).poll_read(cx, &mut [0]).is_ready(),
            Stream::Here | Stream::Out => false,
        };
        match gone {
            true => Poll::Ready(Err(ErrorKind::UnexpectedEof.into())),
            false => Poll::Pending,
        }
    }
}

impl<C> Drop for Single<C> {
    fn drop(&mut self) {
        lock(&self.both).close();
    }
}

impl<C> Drop for Whole<C> {
    fn drop(&mut self) {
        let mut both = lock(&self.0);
        both.stream = Stream::Over;
        if let Some(waker) = both.connection.take() {
            waker.wake();
        }
    }
}

impl<C: AsyncRead + Unpin> AsyncRead for Whole<C> {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &mut [u8],
    ) -> Poll<io::Result<usize>> {
        let mut both = lock(&self.0);
        note(&mut both.reader, cx);
        match &mut both.io {
            Some(io) => Pin::new(io).poll_read(cx, bytes),
            None => Poll::Ready(Ok(0)),
        }
    }
}

impl<C: AsyncWrite + Unpin> Whole<C> {
    fn write<T>(
        &self,
        cx: &mut Context<'_>,
        write: impl FnOnce(Pin<&mut C>, &mut Context<'_>) -> Poll<io::Result<T>>,
    ) -> Poll<io::Result<T>> {
        let mut both = lock(&self.0);
        note(&mut both.writer, cx);
        match &mut both.io {
            Some(io) => write(Pin::new(io), cx),
            None => Poll::Ready(Err(ErrorKind::BrokenPipe.into())),
        }
    }
}

impl<C: AsyncWrite + Unpin> AsyncWrite for Whole<C> {
    fn poll_write(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.write(cx, |io, cx| io.poll_write(cx, bytes))
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.write(cx, |io, cx| io.poll_flush(cx))
    }

    fn poll_close(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.write(cx, |io, cx| io.poll_close(cx))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use futures::{AsyncReadExt, AsyncWriteExt};
    use libp2p::core::muxing::StreamMuxerExt;
    use std::future::poll_fn;
    use tokio::net::{TcpListener, TcpStream};

    /// A socket as futures' traits have it.
    struct Socket(TcpStream);

    impl AsyncRead for Socket {
        fn poll_read(
            mut self: Pin<&mut Self>,
            cx: &mut Context<'_>,
            bytes: &mut [u8],
        ) -> Poll<io::Result<usize>> {
            let mut into = tokio::io::ReadBuf::new(bytes);
            let read = tokio::io::AsyncRead::poll_read(Pin::new(&mut self.0), cx, &mut into);
            read.map_ok(|()| into.filled().len())
        }
    }

    impl AsyncWrite for Socket {
        fn poll_write(
            mut self: Pin<&mut Self>,
            cx: &mut Context<'_>,
            bytes: &[u8],
        ) -> Poll<io::Result<usize>> {
            tokio::io::AsyncWrite::poll_write(Pin::new(&mut self.0), cx, bytes)
        }

        fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
            tokio::io::AsyncWrite::poll_flush(Pin::new(&mut self.0), cx)
        }

        fn poll_close(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
            tokio::io::AsyncWrite::poll_shutdown(Pin::new(&mut self.0), cx)
        }
    }

    async fn pair() -> (Single<Socket>, Single<Socket>) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let dialled = TcpStream::connect(listener.local_addr().unwrap());
        let (dialled, (accepted, _)) = (dialled.await.unwrap(), listener.accept().await.unwrap());
        (
            Single::new(Socket(dialled), true),
            Single::new(Socket(accepted), false),
        )
    }

    async fn over(connection: &mut Single<Socket>) -> io::Error {
        poll_fn(|cx| connection.poll_unpin(cx)).await.unwrap_err()
    }

    #[tokio::test]
    async fn each_end_has_the_stream_once_and_it_carries_bytes_both_ways() {
        let (mut here, mut there) = pair().await;
        let mut opened = poll_fn(|cx| here.poll_outbound_unpin(cx)).await.unwrap();
        let mut came = poll_fn(|cx| there.poll_inbound_unpin(cx)).await.unwrap();
        opened.write_all(b"yes").await.unwrap();
        came.write_all(b"no").await.unwrap();
        let (mut yes, mut no) = ([0; 3], [0; 2]);
        came.read_exact(&mut yes).await.unwrap();
        opened.read_exact(&mut no).await.unwrap();
        assert_eq!((&yes, &no), (b"yes", b"no"));
        let mut cx = Context::from_waker(Waker::noop());
        assert!(here.poll_outbound_unpin(&mut cx).is_pending());
        assert!(here.poll_inbound_unpin(&mut cx).is_pending());
        assert!(there.poll_inbound_unpin(&mut cx).is_pending());
        assert!(there.poll_unpin(&mut cx).is_pending());
    }

    #[tokio::test]
    async fn a_connection_ends_with_its_stream_and_a_stream_with_its_connection() {
        let (mut here, mut there) = pair().await;
        let opened = poll_fn(|cx| here.poll_outbound_unpin(cx)).await.unwrap();
        let mut came = poll_fn(|cx| there.poll_inbound_unpin(cx)).await.unwrap();
        let reading = tokio::spawn(async move { came.read(&mut [0]).await });
        tokio::task::yield_now().await;
        // Closed by its own side, while somebody reads and the other end says nothing.
        poll_fn(|cx| there.poll_close_unpin(cx)).await.unwrap();
        assert_eq!(reading.await.unwrap().unwrap(), 0);
        drop(opened);
        assert_eq!(over(&mut here).await.kind(), ErrorKind::UnexpectedEof);
    }

    #[tokio::test]
    async fn one_whose_stream_nobody_opened_notices_that_the_other_end_is_gone() {
        let (mut here, there) = pair().await;
        let mut cx = Context::from_waker(Waker::noop());
        assert!(here.poll_unpin(&mut cx).is_pending());
        drop(there);
        assert_eq!(over(&mut here).await.kind(), ErrorKind::UnexpectedEof);
    }
}
