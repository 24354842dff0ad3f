//! Requesting the response body as a stream or with another type.

use bytes::Bytes;

use super::ByteStream;
use super::decode::stream;
use super::events::{Decoded, EventStream};
use super::items::ItemStream;
use crate::call::Call;
use crate::decode;
use crate::exchange::ResponseFuture;
use crate::request::Request;
use crate::wire::Decode;

impl<T, E> Call<T, E> {
    /// Streams the response body instead of decoding it: of any size, without buffering. If the documented type is
    /// wrong, use [`Call::collect`] or [`Call::collect_as`] on the result.
    ///
    /// Failures are decoded as usual. Errors after the response has begun are not [retried](crate::RetryPolicy).
    #[inline]
    pub fn stream(self) -> Call<ByteStream, E> {
        self.read_by(stream, true)
    }
}

/// A call whose body is streamed, regardless of its documented type.
impl<E> Call<ByteStream, E> {
    /// Returns the whole success body as bytes, up to [the limit](crate::ClientBuilder::body_limit), instead of a
    /// stream.
    ///
    /// ```no_run
    /// # async fn example(call: clientwright_runtime::Call<i64>) -> Result<(), Box<dyn std::error::Error>> {
    /// let response = call.stream().collect().await?;
    /// println!("{}: {} bytes", response.status(), response.len());
    /// # Ok(())
    /// # }
    /// ```
    #[inline]
    pub fn collect(self) -> Call<Bytes, E> {
        self.read_by(decode::bytes, false)
    }

    /// Decodes the whole success body as JSON into another type than the documented one.
    ///
    /// ```no_run
    /// # async fn example(call: clientwright_runtime::Call<i64>) -> Result<(), Box<dyn std::error::Error>> {
    /// use clientwright_runtime::JsonValue;
    ///
    /// let thing = call.stream().collect_as::<JsonValue>().await?;
    /// println!("{}", thing["name"]);
    /// # Ok(())
    /// # }
    /// ```
    #[inline]
    pub fn collect_as<T: Decode>(self) -> Call<T, E> {
        self.read_by(decode::json, false)
    }
}

impl Request {
    /// Sends the request, and streams the body of a 2xx response.
    #[must_use = "a request does nothing until it is awaited"]
    pub fn stream(mut self) -> ResponseFuture<ByteStream, ()> {
        self.parts.is_streamed = true;
        ResponseFuture::new(self, stream, decode::empty)
    }
}

impl ByteStream {
    /// Reads the body as server-sent events with text data (WHATWG HTML §9.2), for operations whose document does not
    /// describe them.
    ///
    /// ```no_run
    /// # async fn example(call: clientwright_runtime::Call<String>) -> Result<(), Box<dyn std::error::Error>> {
    /// let mut events = call.stream().await?.into_inner().text_events();
    /// while let Some(event) = events.next().await {
    ///     let event = event?;
    ///     println!("{} {:?}: {}", event.event, event.id, event.data);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn text_events(self) -> EventStream<String> {
        EventStream::new(self, decode::text, Decoded::Data)
    }

    /// Reads the body as server-sent events with JSON data.
    #[inline]
    pub fn events<T: Decode>(self) -> EventStream<T> {
        EventStream::new(self, decode::json, Decoded::Data)
    }

    /// Reads the body as JSON Lines: one JSON value per line.
    ///
    /// ```no_run
    /// # async fn example(call: clientwright_runtime::Call<String>) -> Result<(), Box<dyn std::error::Error>> {
    /// use clientwright_runtime::JsonValue;
    ///
    /// let mut lines = call.stream().await?.into_inner().json_lines::<JsonValue>();
    /// while let Some(line) = lines.next().await {
    ///     println!("{}", line?["name"]);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    #[inline]
    pub fn json_lines<T: Decode>(self) -> ItemStream<T> {
        ItemStream::new(self, b'\n', decode::json)
    }

    /// Reads the body as a JSON text sequence (RFC 7464): one JSON value after each record separator.
    #[inline]
    pub fn json_sequence<T: Decode>(self) -> ItemStream<T> {
        ItemStream::new(self, b'\x1e', decode::json)
    }
}
