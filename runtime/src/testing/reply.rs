//! The replies of a mock.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http_body::Frame;

use crate::failure::{Simulation, TransportFailure};
use crate::platform::{Body, Response};
use crate::wire::{self, Encode};

/// A reply of a [`Mock`](super::Mock): a response, or a failure without a response.
#[derive(Clone)]
#[must_use = "a reply does nothing until it is passed to a mock"]
pub struct Reply(Result<Parts, Simulation>);

/// The parts of a response.
#[derive(Clone)]
struct Parts {
    status: u16,
    headers: Vec<(String, String)>,
    body: Bytes,
    is_broken: bool,
}

impl Reply {
    /// Creates a response with a JSON body: a value of any type, even of a type that is only received, or a `JsonValue`
    /// as from `serde_json::json!`.
    pub fn json(status: u16, body: &(impl Encode + ?Sized)) -> Self {
        Self::bytes(status, "application/json", wire::to_vec(&body))
    }

    /// Creates a response with a plain text body.
    pub fn text(status: u16, body: &str) -> Self {
        Self::bytes(status, "text/plain; charset=utf-8", body.to_owned())
    }

    /// Creates a response with a body of a media type.
    pub fn bytes(status: u16, media_type: &str, body: impl Into<Bytes>) -> Self {
        let headers = vec![(CONTENT_TYPE.as_str().to_owned(), media_type.to_owned())];
        Self(Ok(Parts { status, headers, body: body.into(), is_broken: false }))
    }

    /// Creates a response without a body.
    pub fn empty(status: u16) -> Self {
        Self(Ok(Parts { status, headers: Vec::new(), body: Bytes::new(), is_broken: false }))
    }

    /// Creates a timeout: [`Error::is_timeout`](crate::Error::is_timeout).
    pub fn timeout() -> Self {
        Self(Err(Simulation::Timeout))
    }

    /// Creates a failed connection: [`Error::is_connect`](crate::Error::is_connect).
    pub fn no_connection() -> Self {
        Self(Err(Simulation::NoConnection))
    }

    /// Adds a header to a response. A failure without a response has no headers.
    pub fn with_header(mut self, name: &str, value: &str) -> Self {
        if let Ok(parts) = &mut self.0 {
            parts.headers.push((name.to_owned(), value.to_owned()));
        }
        self
    }

    /// Interrupts the body of a response after its content.
    pub fn interrupted(mut self) -> Self {
        if let Ok(parts) = &mut self.0 {
            parts.is_broken = true;
        }
        self
    }

    pub(super) fn answer(self) -> Result<Response, TransportFailure> {
        let Parts { status, headers, body, is_broken } = self.0.map_err(TransportFailure::Simulated)?;
        let body = if is_broken { Body::wrap(Broken(Some(body))) } else { body.into() };
        let head = http::Response::builder().status(status);
        let head = headers.iter().fold(head, |head, (name, value)| head.header(name, value));
        head.body(body).map(Into::into).map_err(|error| {
            let mistake = format!("the reply of the mock cannot be a response: {error}");
            TransportFailure::Simulated(Simulation::Mistake(mistake))
        })
    }
}

fmt! {
    /// Shows neither header values nor the body, as for any response.
    Debug for Reply: self, f => match &self.0 {
        Ok(Parts { status, headers, body, is_broken }) => f
            .debug_struct("Reply")
            .field("status", status)
            .field("headers", &headers.iter().map(|(name, _)| name).collect::<Vec<_>>())
            .field("body", &format_args!("{} bytes", body.len()))
            .field("is_broken", is_broken)
            .finish(),
        Err(Simulation::Timeout) => f.write_str("Reply::timeout"),
        Err(_) => f.write_str("Reply::no_connection"),
    }
}

/// A body that is interrupted after a piece.
struct Broken(Option<Bytes>);

impl http_body::Body for Broken {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        let piece = self.0.take().filter(|piece| !piece.is_empty()).map(Frame::data);
        Poll::Ready(Some(piece.ok_or_else(|| io::ErrorKind::UnexpectedEof.into())))
    }
}
