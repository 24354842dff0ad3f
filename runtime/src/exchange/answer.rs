//! Receiving a response: first its head, then as much of its body as is used.
//!
//! In: a response whose head has arrived. Out: its body, or the beginning of it. Invariants: a body is read in pieces and never beyond
//! the limit that the caller gives; what is not used is not read, except for a small rest that frees the connection.

use std::borrow::Cow;
use std::future::Future;
use std::pin::{Pin, pin};
use std::time::Duration;

use bytes::Bytes;
use http::header::CONTENT_LENGTH;
use http::{HeaderMap, HeaderValue, StatusCode};

use super::upload::Progress;
use crate::failure::TransportFailure;
use crate::limits::EXCERPT;
use crate::platform::{Response, timer};
use crate::waiting::Waiting;

/// How long the rest of a body is awaited only to use its connection again.
const DISCARDING: Duration = Duration::from_secs(1);
/// How much memory is set aside for a body because the server announces it, in bytes. The rest follows when it arrives.
const TRUSTED: usize = 1 << 20;

/// A response whose body has not been read.
pub(super) struct Answer {
    pub(super) response: Response,
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    /// How long its body is awaited.
    pub(super) waiting: Waiting,
    /// Why the body cannot be read: it is compressed.
    pub(super) undecoded: Option<String>,
    /// What the caller should know of it.
    pub(super) note: Option<Cow<'static, str>>,
    /// The answer to a challenge that it was requested with.
    pub(super) authorization: Option<HeaderValue>,
}

/// A body, or the beginning of one.
pub(super) struct Received {
    pub(super) body: Bytes,
    /// Whether it is all of it.
    pub(super) is_whole: bool,
}

impl Received {
    /// A body without content.
    pub(super) fn nothing() -> Self {
        Self { body: Bytes::new(), is_whole: true }
    }
}

impl Answer {
    /// Awaits the head of the response to a request. While the body of the request is sent, the server need not say anything.
    pub(super) async fn to(
        sending: impl Future<Output = Result<Response, impl Into<TransportFailure>>>,
        waiting: &Waiting,
        progress: Option<Progress>,
    ) -> Result<Box<Self>, TransportFailure> {
        if let Some(failure) = waiting.passed() {
            return Err(failure);
        }
        let mut sending = pin!(sending);
        let chunks = || progress.as_ref().map(Progress::chunks);
        let response = loop {
            let before = chunks();
            match waiting.within(sending.as_mut()).await {
                Err(TransportFailure::Silence(_)) if chunks() != before => {}
                answer => break answer?,
            }
        };
        Ok(Self::of(response, *waiting))
    }

    /// A response whose head has arrived.
    fn of(mut response: Response, waiting: Waiting) -> Box<Self> {
        let (status, headers) = (response.status(), std::mem::take(response.headers_mut()));
        Box::new(Self { response, status, headers, waiting, undecoded: None, note: None, authorization: None })
    }

    /// The length of the body that the server announces (RFC 9110 §8.6). `None` if it does not, or if the body was decompressed.
    pub(super) fn announced(&self) -> Option<u64> {
        let length = self.headers.get(CONTENT_LENGTH)?.as_bytes().trim_ascii();
        std::str::from_utf8(length).ok()?.parse().ok()
    }

    /// Reads the body up to `most` bytes.
    pub(super) async fn read(&mut self, most: usize) -> Result<Received, TransportFailure> {
        let Some(first) = self.piece().await? else { return Ok(Received::nothing()) };
        if first.len() > most {
            return Ok(Received { body: first.slice(..most), is_whole: false });
        }
        let Some(mut piece) = self.piece().await? else { return Ok(Received { body: first, is_whole: true }) };
        let announced = self.announced().and_then(|length| usize::try_from(length).ok());
        let expected = announced.unwrap_or(most).min(most);
        let mut body = Vec::with_capacity(if announced.is_some() { expected.min(TRUSTED) } else { 0 });
        append(&mut body, &first, expected);
        loop {
            let room = most.saturating_sub(body.len());
            append(&mut body, piece.get(..room).unwrap_or(&piece), expected);
            if piece.len() > room {
                return Ok(Received { body: body.into(), is_whole: false });
            }
            // A server may never fall silent.
            if let Some(failure) = self.waiting.passed() {
                return Err(failure);
            }
            match self.piece().await? {
                Some(next) => piece = next,
                None => return Ok(Received { body: body.into(), is_whole: true }),
            }
        }
    }

    /// Reads a small rest, so that the connection can be used again. Any other is left, which ends the connection.
    pub(super) fn discard(self: Box<Self>) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        self.discard_within(DISCARDING)
    }

    /// The same, in no more time than this.
    pub(super) fn discard_within(mut self: Box<Self>, time: Duration) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        // Boxed, because it is rare.
        Box::pin(async move {
            if self.announced().is_some_and(|length| length <= EXCERPT as u64) {
                // Nobody uses it, so its failures are none.
                let _ = timer::timeout(time.min(DISCARDING), self.read(EXCERPT)).await;
            }
        })
    }

    /// The next piece of the body.
    async fn piece(&mut self) -> Result<Option<Bytes>, TransportFailure> {
        self.waiting.within(self.response.chunk()).await
    }
}

/// Appends a piece. Capacity doubles, up to the expected size.
fn append(body: &mut Vec<u8>, piece: &[u8], expected: usize) {
    let needed = body.len().saturating_add(piece.len());
    if needed > body.capacity() {
        let capacity = body.capacity().saturating_mul(2).min(expected).max(needed);
        body.reserve_exact(capacity - body.len());
    }
    body.extend_from_slice(piece);
}
