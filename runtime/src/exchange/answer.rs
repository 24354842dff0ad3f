//! Receiving a response: first its head, then the required part of its body.
//!
//! In: a response whose head has arrived. Out: its body, or the beginning of it. Invariants: a body is read in pieces
//! In: a response whose head has arrived. Out: its body, or the beginning of it. Invariants: a body is read in pieces
//! and never beyond the limit of the caller; an unused body is not read, unless its rest is small and reading it frees
//! the connection.

use std::borrow::Cow;
use std::pin::pin;
use std::time::Duration;

use bytes::Bytes;
use http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use http::{HeaderMap, StatusCode};

use super::upload::Progress;
use crate::failure::TransportFailure;
use crate::limits::EXCERPT;
use crate::media_type::essence;
use crate::platform::{Response, timer};
use crate::transport::Executed;
use crate::waiting::Waiting;

/// The time limit for the rest of a body that is read only to reuse its connection.
const DISCARDING: Duration = Duration::from_secs(1);
/// The maximum memory reserved for a body because of its announced length, in bytes. More is allocated as the body
/// arrives.
const TRUSTED: usize = 1 << 20;

/// A response whose body has not been read.
pub(super) struct Answer {
    pub(super) response: Response,
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    /// The time limits for the body.
    pub(super) waiting: Waiting,
    /// A note for the caller.
    pub(super) note: Option<Cow<'static, str>>,
}

impl Answer {
    /// Awaits the head of the response to a request. The server may be idle while the request body is sent.
    pub(super) async fn to(
        sending: impl Future<Output = Executed>,
        waiting: Waiting,
        progress: Option<&Progress>,
    ) -> Result<Box<Self>, TransportFailure> {
        waiting.check()?;
        let mut sending = pin!(sending);
        let sent = || progress.map(Progress::sent);
        let mut response = loop {
            let before = sent();
            match waiting.within(sending.as_mut()).await {
                Err(TransportFailure::Silence(_)) if sent() != before => {}
                answer => break answer??,
            }
        };
        let (status, headers) = (response.status(), std::mem::take(response.headers_mut()));
        Ok(Box::new(Self { response, status, headers, waiting, note: None }))
    }

    /// Returns the length of the body that the server announces (RFC 9110 §8.6). `None` if it is not announced, or if
    /// the body was decompressed.
    pub(super) fn announced(&self) -> Option<u64> {
        let length = self.headers.get(CONTENT_LENGTH)?.as_bytes().trim_ascii();
        std::str::from_utf8(length).ok()?.parse().ok()
    }

    /// Reads the body up to `most` bytes. Also returns whether it is complete. Where JSON is expected, only the beginning
    /// of server-sent events is read, because they may never end.
    pub(super) async fn read(&mut self, most: usize, as_json: bool) -> Result<(Bytes, bool), TransportFailure> {
        let Some(first) = self.piece().await? else { return Ok((Bytes::new(), true)) };
        if as_json && self.sends_events(&first) {
            return Ok((first, true));
        }
        if first.len() > most {
            return Ok((first.slice(..most), false));
        }
        let Some(mut piece) = self.piece().await? else { return Ok((first, true)) };
        let announced = self.announced().and_then(|length| usize::try_from(length).ok());
        let expected = announced.unwrap_or(most).min(most);
        let mut body = Vec::with_capacity(if announced.is_some() { expected.min(TRUSTED) } else { 0 });
        append(&mut body, &first, expected);
        loop {
            let room = most.saturating_sub(body.len());
            append(&mut body, piece.get(..room).unwrap_or(&piece), expected);
            if piece.len() > room {
                return Ok((body.into(), false));
            }
            // A server may never be idle.
            self.waiting.check()?;
            match self.piece().await? {
                Some(next) => piece = next,
                None => return Ok((body.into(), true)),
            }
        }
    }

    /// Returns `true` if a body is declared as events and begins with a field or a comment. Some servers declare JSON so.
    fn sends_events(&self, first: &[u8]) -> bool {
        // `data`, `event`, `id`, `retry`: no JSON begins with these letters.
        let may_be_events = matches!(first.trim_ascii_start(), [b':' | b'd' | b'e' | b'i' | b'r', ..]);
        let media_type = || self.headers.get(CONTENT_TYPE)?.to_str().ok().map(essence);
        may_be_events && media_type().is_some_and(|media_type| media_type.eq_ignore_ascii_case("text/event-stream"))
    }

    /// Reads a small rest, so that the connection can be reused. A larger rest is dropped, which closes the connection.
    pub(super) async fn discard(self: Box<Self>) {
        self.discard_within(DISCARDING).await;
    }

    /// Discards the body within this time.
    pub(super) async fn discard_within(mut self: Box<Self>, time: Duration) {
        if self.announced().is_some_and(|length| length <= EXCERPT as u64) {
            // The body is unused, so errors are ignored.
            let _ = timer::timeout(time.min(DISCARDING), self.read(EXCERPT, false)).await;
        }
    }

    /// Returns the next piece of the body.
    async fn piece(&mut self) -> Result<Option<Bytes>, TransportFailure> {
        Ok(self.waiting.within(self.response.chunk()).await??)
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
