//! The HTTP client by `fetch`, with the subset of `reqwest` that this crate uses.
//!
//! In: a request. Out: its response, in pieces. `reqwest` also supports this, but lets the host follow redirects, with
//! all headers except `Authorization`. Invariants: this crate follows redirects wherever the host reveals them;
//! otherwise, as in browsers, the host follows only requests without secrets for another origin. Dropping a response,
//! or its future, aborts the request.

mod body;
mod error;
mod task;

pub(crate) use body::Body;
use bytes::Bytes;
pub(crate) use error::Error;
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_LENGTH};
use http::{HeaderMap, Method, StatusCode};
use tokio::sync::oneshot;
use url::Url;
use wasm_bindgen_futures::spawn_local;

/// The HTTP client. The host manages connections.
#[derive(Clone, Default)]
pub(crate) struct Client;

impl Client {
    /// Sends a request, and awaits the head of its response.
    pub(crate) async fn execute(&self, mut request: Request) -> Result<Response, Error> {
        let body = request.body.take().unwrap_or_default().collect().await?;
        let (sender, receiver) = oneshot::channel();
        spawn_local(task::deliver(request, body, sender));
        receiver.await.unwrap_or_else(|_| Err(Error::failed("the host has ended the request")))
    }
}

/// A request.
pub(crate) struct Request {
    method: Method,
    url: Url,
    headers: HeaderMap,
    body: Option<Body>,
    /// Whether the host may follow redirects if it does not reveal their targets.
    may_follow: bool,
}

impl Request {
    pub(crate) fn new(method: Method, url: Url) -> Self {
        Self { method, url, headers: HeaderMap::new(), body: None, may_follow: false }
    }

    #[cfg(feature = "test")]
    pub(crate) fn method(&self) -> &Method {
        &self.method
    }

    #[cfg(feature = "test")]
    pub(crate) fn url(&self) -> &Url {
        &self.url
    }

    pub(crate) fn headers_mut(&mut self) -> &mut HeaderMap {
        &mut self.headers
    }

    pub(crate) fn body_mut(&mut self) -> &mut Option<Body> {
        &mut self.body
    }
}

/// A response whose body is being received.
pub(crate) struct Response {
    status: StatusCode,
    headers: HeaderMap,
    body: Body,
}

impl Response {
    pub(crate) fn status(&self) -> StatusCode {
        self.status
    }

    pub(crate) fn headers_mut(&mut self) -> &mut HeaderMap {
        &mut self.headers
    }

    /// Returns the next piece of the body.
    pub(crate) async fn chunk(&mut self) -> Result<Option<Bytes>, Error> {
        self.body.next().await.transpose()
    }
}

from!(response: Response => Body { response.body });

#[cfg(feature = "test")]
from!(response: http::Response<Body> => Response {
    let (head, body) = response.into_parts();
    Self { status: head.status, headers: head.headers, body }
});

/// Checks that a request can be sent, or returns the reason why not. `may_follow` returns whether the call lets a host
/// follow redirects. The host follows only requests without body and with public headers, apart from `Authorization`,
/// which hosts do not send to another origin (Fetch §4.4, HTTP-redirect fetch).
pub(crate) fn check(request: &mut Request, may_follow: impl FnOnce() -> bool) -> Result<(), &'static str> {
    // The host sends the length.
    request.headers.remove(CONTENT_LENGTH);
    let Request { method, headers, body, .. } = request;
    let is_read = matches!(*method, Method::GET | Method::HEAD);
    if is_read && body.is_some() {
        return Err("a body cannot be sent with this method by `fetch`");
    }
    if !task::are_sent(method, headers) {
        return Err(
            "the host, such as a browser, does not let programs send its method or one of its headers, for example `Cookie`",
        );
    }
    let is_public = headers.keys().all(|name| [ACCEPT, AUTHORIZATION].contains(name));
    request.may_follow = is_read && is_public && may_follow();
    Ok(())
}
