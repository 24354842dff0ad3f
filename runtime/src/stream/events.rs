//! Server-sent events: `text/event-stream` (WHATWG HTML §9.2).
//!
//! In: a [`ByteStream`]. Out: [`Event`]s with decoded data, each as soon as it has arrived.

use std::any::Any;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use http::StatusCode;
use serde_json::Value as JsonValue;

use super::ByteStream;
use super::sse::{Parser, RawEvent, TooLarge, UNRECOGNIZED};
use crate::clipped::Clipped;
use crate::decode;
use crate::error::{CoreError, Error, TransportError};
use crate::exchange::{Exchange, ExchangeFuture, exchange};
use crate::platform::{Instant, timer};
use crate::request::Request;
use crate::response::{DecodeFailure, Decoder, RawResponse};
use crate::waiting::Waiting;

/// The default pause before reconnecting.
const RECONNECT: Duration = Duration::from_secs(3);
/// The minimum and maximum pause before reconnecting that a server can request.
const RETRY_BOUNDS: [Duration; 2] = [Duration::from_millis(10), Duration::from_secs(5 * 60)];
/// The maximum number of consecutive reconnections without an event.
const RECONNECTS: u32 = 10;
/// The data with which many servers of language models end a stream. It is not JSON.
const DONE: &str = "[DONE]";

/// The decoded part of an event.
#[derive(Clone, Copy)]
pub(crate) enum Decoded {
    /// Only its data.
    Data,
    /// An object with its fields (OpenAPI 3.2 §4.14.3), where the data is JSON.
    Object,
    /// An object with its fields, where the data is a string.
    TextObject,
}

/// A server-sent event.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Event<T> {
    /// The event type. Defaults to `message`.
    pub event: String,
    /// The last event ID of the server, from this event or an earlier one.
    pub id: Option<String>,
    /// The decoded data.
    pub data: T,
}

/// The server-sent events of a response, as they arrive.
///
/// They are read by [`next`](Self::next), or as a `Stream` of the crate `futures-core`. The stream ends with the
/// response, or with an event whose data is `[DONE]`. An event whose data cannot be decoded is an error, after which
/// the stream continues. A body without any events is an error, too.
///
/// ```no_run
/// # async fn example(call: clientwright_runtime::Call<clientwright_runtime::EventStream<String>>)
/// #     -> Result<(), Box<dyn std::error::Error>> {
/// let mut events = call.await?.into_inner();
/// while let Some(event) = events.next().await {
///     println!("{}", event?.data);
/// }
/// # Ok(())
/// # }
/// ```
#[must_use = "a stream does nothing unless it is read"]
pub struct EventStream<T> {
    bytes: ByteStream,
    piece: Bytes,
    parser: Parser,
    decoder: Decoder<T>,
    decoded: Decoded,
    /// The number of connections that may still be made without an event. `None` if the stream does not reconnect.
    reconnects: Option<u32>,
    connecting: Option<ExchangeFuture>,
    /// The deadline of the call, which includes further connections.
    deadline: Option<Instant>,
}

impl<T> EventStream<T> {
    pub(crate) fn new(bytes: ByteStream, decoder: Decoder<T>, decoded: Decoded) -> Self {
        let bytes = bytes.items_are("event");
        let (piece, parser) = (Bytes::new(), Parser::default());
        let deadline = bytes.incoming.waiting.call;
        Self { bytes, piece, parser, decoder, decoded, reconnects: None, connecting: None, deadline }
    }

    /// Reconnects when the response ends or is interrupted, and requests the events after the last one
    /// (`Last-Event-ID`), as browsers do. The pause is the one that the server requests, or 3 s. The original request
    /// is repeated, regardless of its method. A server without more events returns 204. The stream ends after 10
    /// consecutive connections without an event. If [the time of the call](crate::ClientBuilder::timeout) is limited,
    /// the stream ends with an error at that limit.
    pub fn reconnecting(mut self) -> Self {
        self.reconnects = Some(RECONNECTS);
        self
    }

    fn poll_event(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Event<T>, Error>>> {
        loop {
            if let Some(connecting) = &mut self.connecting {
                let answer = ready!(connecting.as_mut().poll(context));
                self.connecting = None;
                self.connected(answer)?;
                continue;
            }
            match self.parser.read(&mut self.piece, self.bytes.incoming.limit) {
                Ok(Some(event)) => return Poll::Ready(self.event(event)),
                Ok(None) => {}
                Err(TooLarge) => {
                    let error = self.bytes.too_large();
                    self.end();
                    return Poll::Ready(Some(Err(error)));
                }
            }
            match ready!(self.bytes.poll_piece(context)) {
                Some(Ok(piece)) => self.piece = piece,
                Some(Err(error)) => {
                    if !self.connect() {
                        self.end();
                        return Poll::Ready(Some(Err(error)));
                    }
                }
                None => {
                    if let Some(error) = self.no_events() {
                        return Poll::Ready(Some(Err(error)));
                    }
                    if !self.connect() {
                        return Poll::Ready(None);
                    }
                }
            }
        }
    }

    /// Returns the error at the end of a body without events. An incomplete event is dropped (WHATWG HTML §9.2.6).
    fn no_events(&mut self) -> Option<Error> {
        let unrecognized = self.parser.finish()?;
        self.bytes.head.item = None;
        let error = self.bytes.decode(unrecognized.into(), None, no_events::<T>).err()?;
        self.end();
        Some(error)
    }

    /// Ends the stream permanently.
    fn end(&mut self) {
        self.bytes.incoming.close();
        (self.piece, self.parser, self.reconnects) = (Bytes::new(), Parser::default(), None);
    }

    /// Returns the event with decoded data. `None` if it is the last one.
    fn event(&mut self, mut event: RawEvent) -> Option<Result<Event<T>, Error>> {
        if event.data == DONE {
            self.end();
            return None;
        }
        self.reconnects = self.reconnects.map(|_| RECONNECTS);
        let item = match self.decoded {
            Decoded::Data => std::mem::take(&mut event.data),
            decoded => object(&event, self.parser.last_id.as_deref(), decoded),
        };
        let data = self.bytes.decode(item.into(), event.event.as_deref(), self.decoder);
        let (id, event) = (self.parser.last_id.clone(), event.event.unwrap_or_else(|| "message".to_owned()));
        Some(data.map(|data| Event { event, id, data }))
    }

    /// Starts reconnecting, if allowed.
    fn connect(&mut self) -> bool {
        let Some(left) = self.reconnects.and_then(|left| left.checked_sub(1)) else { return false };
        let Some(mut request) = self.request() else { return false };
        if self.deadline.is_some_and(|deadline| deadline <= Instant::now()) {
            return false;
        }
        self.reconnects = Some(left);
        self.parser.begin_again();
        if let Some(id) = &self.parser.last_id {
            request.set_override("Last-Event-ID", id);
        }
        let [shortest, longest] = RETRY_BOUNDS;
        let pause = self.parser.retry.map_or(RECONNECT, |asked| asked.clamp(shortest, longest));
        let (operation, call) =
            (self.bytes.head.operation.clone(), Waiting { call: self.deadline, ..Waiting::default() });
        self.connecting = Some(Box::pin(async move {
            let again = async {
                timer::sleep(pause).await;
                exchange(request, false).await
            };
            let late = |failure| CoreError::Transport(Box::new(TransportError::new(operation, failure)));
            call.within(again).await.map_err(late)?
        }));
        true
    }

    /// Returns the request of this response.
    fn request(&self) -> Option<Request> {
        let sent: &dyn Any = self.bytes.head.sent.as_deref()?;
        let sent = sent.downcast_ref::<Exchange>();
        debug_assert!(sent.is_some(), "a response answers a request of this crate");
        sent.map(|sent| Request { parts: sent.request.clone() })
    }

    /// Continues with another response. Without a response it may reconnect; a status other than success ends the
    /// stream.
    fn connected(&mut self, answer: Result<Box<RawResponse>, CoreError>) -> Result<(), Error> {
        let response = match answer {
            Ok(response) => response,
            Err(_) if self.connect() => return Ok(()),
            Err(error) => return Err(error.into()),
        };
        let reconnects = self.reconnects.take();
        if !response.success {
            return Err(Error::from_response(*response, decode::empty));
        }
        self.bytes = match ByteStream::of(&response) {
            Ok(bytes) => bytes.items_are("event"),
            Err(failure) => return Err(Error::undecodable(*response, failure)),
        };
        self.bytes.incoming.waiting.call = self.deadline;
        self.reconnects = reconnects.filter(|_| response.status != StatusCode::NO_CONTENT);
        Ok(())
    }
}

/// Reports that a body does not consist of events, with its beginning.
#[cold]
fn no_events<T>(response: &RawResponse) -> Result<T, DecodeFailure> {
    // Before truncation, which could leave a part of a secret.
    let text = String::from_utf8_lossy(response.body()).trim_end().to_owned();
    let text = response.secrets().without(text, response.body().len() > UNRECOGNIZED);
    let text = Clipped(&text);
    Err(DecodeFailure::new(format!("expected events, found `{text}` (use `.stream()` for its bytes)")))
}

/// Returns an event as a JSON object. If its data is not JSON, neither is the object.
fn object(event: &RawEvent, id: Option<&str>, decoded: Decoded) -> String {
    let fields = [("event", event.event.as_deref()), ("id", id)];
    let mut text = String::from("{");
    for (name, value) in fields.into_iter().filter_map(|(name, value)| Some((name, value?))) {
        text += &format!("\"{name}\":{},", JsonValue::from(value));
    }
    text += "\"data\":";
    match decoded {
        Decoded::TextObject => text += &JsonValue::from(event.data.as_str()).to_string(),
        Decoded::Data | Decoded::Object => text += &event.data,
    }
    text + "}"
}

stream! {
    /// Returns the next event, or `None` at the end.
    EventStream<T>: Result<Event<T>, Error>, poll_event, for T
}

fmt!(Debug for EventStream<T>: self, f => f.debug_tuple("EventStream").field(&self.bytes).finish(), for T);
