//! The future of a call: an exchange, and the decoders of its response.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;

use super::{ExchangeFuture, exchange};
use crate::decode;
use crate::error::Error;
use crate::request::Request;
use crate::response::{Decoder, RawResponse, Response};

/// The future of a call, with the output [`Response<T>`] or [`Error<E>`].
#[must_use = "futures do nothing unless polled"]
pub struct ResponseFuture<T, E = ()> {
    exchange: ExchangeFuture,
    success: Decoder<T>,
    failure: Decoder<E>,
}

impl<T, E> ResponseFuture<T, E> {
    #[inline]
    pub(crate) fn new(request: Request, success: Decoder<T>, failure: Decoder<E>) -> Self {
        // A zero-sized type contains no body.
        Self { exchange: exchange(request, size_of::<E>() != 0), success, failure }
    }
}

/// Calls can be awaited in any thread, on every target.
const _: fn() = || {
    fn is_send<T: Send>() {}
    is_send::<ResponseFuture<String, String>>();
};

impl<T, E> Future for ResponseFuture<T, E> {
    type Output = Result<Response<T>, Error<E>>;

    #[inline]
    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let response = ready!(self.exchange.as_mut().poll(context))?;
        Poll::Ready(decoded(response, self.success, self.failure))
    }
}

fn decoded<T, E>(
    response: Box<RawResponse>,
    success: Decoder<T>,
    failure: Decoder<E>,
) -> Result<Response<T>, Error<E>> {
    if !response.success {
        return Err(Error::from_response(*response, failure));
    }
    match success(&response) {
        Ok(body) => Ok(Response::new(*response, body)),
        Err(reason) => Err(Error::unexpected(*response, reason, failure)),
    }
}

debug!(ResponseFuture<T, E>: self { .. });

impl Request {
    /// Sends the request. The body of a 2xx response is not decoded.
    #[must_use = "a request does nothing until it is awaited"]
    pub fn send(self) -> ResponseFuture<Bytes, ()> {
        ResponseFuture::new(self, decode::bytes, decode::empty)
    }
}
