//! Asking for the body of a response in pieces, and for what is in it.

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
    /// The same call, whose success is its body in pieces as they arrive: of any size, without holding them. [`Call::whole`] and
    /// [`Call::whole_as`] make it the whole body, where the document is wrong about its type.
    ///
    /// A failure is what it is without this. What breaks off after the response has begun is not [sent again](crate::RetryPolicy).
    #[inline]
    pub fn stream(self) -> Call<ByteStream, E> {
        self.read_by(stream, true)
    }
}

/// What `stream` makes of a call: its body, whatever the document says of it.
impl<E> Call<ByteStream, E> {
    /// The same call, whose success is its whole body up to [the limit](crate::ClientBuilder::body_limit), as bytes.
    ///
    /// ```no_run
    /// # async fn example(call: clientwright_runtime::Call<i64>) -> Result<(), Box<dyn std::error::Error>> {
    /// let response = call.stream().whole().await?;
    /// println!("{}: {} bytes", response.status(), response.len());
    /// # Ok(())
    /// # }
    /// ```
    #[inline]
    pub fn whole(self) -> Call<Bytes, E> {
        self.read_by(decode::bytes, false)
    }

    /// Decodes the whole success body as JSON into another type than the documented one.
    ///
    /// ```no_run
    /// # async fn example(call: clientwright_runtime::Call<i64>) -> Result<(), Box<dyn std::error::Error>> {
    /// use clientwright_runtime::JsonValue;
    ///
    /// let thing = call.stream().whole_as::<JsonValue>().await?;
    /// println!("{}", thing["name"]);
    /// # Ok(())
    /// # }
    /// ```
    #[inline]
    pub fn whole_as<T: Decode>(self) -> Call<T, E> {
        self.read_by(decode::json, false)
    }
}

impl Request {
    /// Sends the request, and hands out the body of a 2xx response in pieces as they arrive.
    #[must_use = "a request does nothing until it is awaited"]
    pub fn stream(mut self) -> ResponseFuture<ByteStream, ()> {
        self.parts.described.is_streamed = true;
        ResponseFuture::new(self, stream, decode::empty)
    }
}

impl ByteStream {
    /// The body as server-sent events with text in their data (WHATWG HTML §9.2), although the document does not say so.
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

    /// The body as server-sent events with JSON in their data.
    #[inline]
    pub fn events<T: Decode>(self) -> EventStream<T> {
        EventStream::new(self, decode::json, Decoded::Data)
    }

    /// The body as JSON Lines: one JSON value in each line.
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

    /// The body as a JSON text sequence (RFC 7464): one JSON value after each record separator.
    #[inline]
    pub fn json_sequence<T: Decode>(self) -> ItemStream<T> {
        ItemStream::new(self, b'\x1e', decode::json)
    }
}
