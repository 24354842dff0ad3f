//! The JavaScript part of a request: calling `fetch`, and reading the body of its response.
//!
//! In: a request with its complete body. Out: its response, and then the pieces of its body, through channels.
//! Invariant: the request is aborted as soon as the receiver is dropped.

use bytes::Bytes;
use http::header::{CONTENT_ENCODING, CONTENT_LENGTH};
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use js_sys::{Array, Promise, Reflect, Uint8Array};
use tokio::sync::{mpsc, oneshot};
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    AbortController, AbortSignal, Headers, ReadableStreamDefaultReader, Request, RequestInit, RequestRedirect,
    Response, ResponseType,
};

use super::error::Error;
use super::{Body, Request as Outgoing, Response as Incoming};
use crate::platform::web::host::{global, unless};

/// The codings that hosts decode, which are then no longer applied to bodies (Fetch §2.2.5, handle content codings).
const DECODED: [&str; 5] = ["gzip", "x-gzip", "deflate", "br", "zstd"];

/// Names of headers that browsers do not let programs send (Fetch §2.2.2, forbidden request-header).
const FORBIDDEN: [&str; 20] = [
    "accept-charset",
    "accept-encoding",
    "access-control-request-headers",
    "access-control-request-method",
    "connection",
    "cookie",
    "cookie2",
    "date",
    "dnt",
    "expect",
    "host",
    "keep-alive",
    "origin",
    "referer",
    "set-cookie",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "via",
];

/// A response with its request. Node.js no longer aborts a request whose JavaScript object is unreachable.
struct Fetched {
    response: Response,
    _request: Request,
}

/// Aborts its request when it is dropped. A finished request is not affected.
struct Abort(AbortController);

impl Drop for Abort {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// Sends a request with this body, and passes its response on.
pub(super) async fn deliver(request: Outgoing, body: Bytes, mut head: oneshot::Sender<Result<Incoming, Error>>) {
    let Ok(abort) = AbortController::new().map(Abort) else { return };
    let fetched = unless(head.closed(), fetched(&request, &body, &abort.0.signal())).await;
    let Some(fetched) = fetched else { return };
    let (sender, pieces) = mpsc::channel(1);
    match fetched.and_then(|fetched| Ok((incoming(&request, &fetched.response, pieces)?, fetched))) {
        Ok((answer, fetched)) => {
            if head.send(Ok(answer)).is_ok() {
                pass_on(&fetched.response, &sender).await;
            }
            drop(abort);
            drop(fetched);
        }
        Err(error) => drop(head.send(Err(error))),
    }
}

/// Passes the body of a response on, piece by piece.
async fn pass_on(response: &Response, pieces: &mpsc::Sender<Result<Bytes, Error>>) {
    let Some(body) = response.body() else { return };
    let reader: ReadableStreamDefaultReader = body.get_reader().unchecked_into();
    while let Some(read) = unless(pieces.closed(), JsFuture::from(reader.read())).await {
        let Some(piece) = read.and_then(|read| piece(&read)).map_err(|thrown| Error::broken(&thrown)).transpose()
        else {
            return;
        };
        let is_last = piece.is_err();
        if pieces.send(piece).await.is_err() || is_last {
            return;
        }
    }
}

/// Returns a piece of a body. `None` is its end.
fn piece(read: &JsValue) -> Result<Option<Bytes>, JsValue> {
    if Reflect::get(read, &"done".into())?.is_truthy() {
        return Ok(None);
    }
    let array: Uint8Array = Reflect::get(read, &"value".into())?.dyn_into()?;
    Ok(Some(array.to_vec().into()))
}

/// Returns the response. Browsers return an opaque response for a redirect that they must not follow.
async fn fetched(request: &Outgoing, body: &[u8], signal: &AbortSignal) -> Result<Fetched, Error> {
    let fetched = fetch(request, body, signal, RequestRedirect::Manual).await?;
    if fetched.response.type_() != ResponseType::Opaqueredirect {
        return Ok(fetched);
    }
    if !request.may_follow {
        return Err(Error::Redirect);
    }
    let fetched = fetch(request, body, signal, RequestRedirect::Follow).await?;
    let was_secure = request.url.scheme() == "https";
    if was_secure && !fetched.response.url().starts_with("https:") { Err(Error::Redirect) } else { Ok(fetched) }
}

async fn fetch(
    request: &Outgoing,
    body: &[u8],
    signal: &AbortSignal,
    redirect: RequestRedirect,
) -> Result<Fetched, Error> {
    let init = init(&request.method, &request.headers).map_err(|_| Error::failed("a header cannot be sent"))?;
    init.set_redirect(redirect);
    init.set_signal(Some(signal));
    if !body.is_empty() {
        init.set_body(&Uint8Array::from(body));
    }
    // The error could contain the URL or the value of a header.
    let request = Request::new_with_str_and_init(request.url.as_str(), &init);
    let request = request.map_err(|_| Error::failed("the host rejected the request"))?;
    let called = global("fetch").and_then(|fetch| fetch.call1(&JsValue::UNDEFINED, &request));
    let promise: Promise = called.map_err(|thrown| Error::thrown(&thrown))?.unchecked_into();
    let response = JsFuture::from(promise).await.map_err(|thrown| Error::thrown(&thrown))?;
    let response = response.dyn_into().map_err(|_| Error::failed("`fetch` returned no response"))?;
    Ok(Fetched { response, _request: request })
}

/// Returns a method and headers for JavaScript, where each character of a header is a byte.
fn init(method: &Method, headers: &HeaderMap) -> Result<RequestInit, JsValue> {
    let init = RequestInit::new();
    init.set_method(method.as_str());
    let sent = Headers::new()?;
    for (name, value) in headers {
        let value: String = value.as_bytes().iter().copied().map(char::from).collect();
        sent.append(name.as_str(), &value)?;
    }
    init.set_headers(&sent);
    Ok(init)
}

/// Returns `true` if the host sends a method and all of these headers.
pub(super) fn are_sent(method: &Method, headers: &HeaderMap) -> bool {
    let is_forbidden = |name: &&HeaderName| {
        FORBIDDEN.contains(&name.as_str()) || ["proxy-", "sec-"].iter().any(|begin| name.as_str().starts_with(begin))
    };
    let mut forbidden = headers.keys().filter(is_forbidden).peekable();
    if forbidden.peek().is_none() && !matches!(method.as_str(), "CONNECT" | "TRACE" | "TRACK") {
        return true;
    }
    // Only browsers forbid headers, and they drop them silently.
    let request = init(method, headers).and_then(|init| Request::new_with_str_and_init("http://localhost/", &init));
    request.is_ok_and(|request| forbidden.all(|name| request.headers().has(name.as_str()).unwrap_or(false)))
}

/// Returns a response whose body arrives in pieces.
fn incoming(
    request: &Outgoing,
    response: &Response,
    pieces: mpsc::Receiver<Result<Bytes, Error>>,
) -> Result<Incoming, Error> {
    let status = StatusCode::from_u16(response.status())
        .map_err(|_| Error::failed("the host returned a response without a status"))?;
    let mut headers = HeaderMap::new();
    for entry in response.headers().entries().into_iter().flatten() {
        let entry: Array = entry.unchecked_into();
        let (Some(name), Some(value)) = (entry.get(0).as_string(), entry.get(1).as_string()) else { continue };
        // Each character is a byte.
        let value: Option<Vec<u8>> = value.chars().map(|character| u8::try_from(character).ok()).collect();
        let value = value.and_then(|value| HeaderValue::from_bytes(&value).ok());
        if let (Ok(name), Some(value)) = (HeaderName::from_bytes(name.as_bytes()), value) {
            headers.append(name, value);
        }
    }
    decoded(&mut headers, response.type_() == ResponseType::Cors, request.method == Method::HEAD);
    Ok(Incoming { status, headers, body: Body::arriving(pieces) })
}

/// Removes the headers of a body's coding if the host has decoded it. From another origin the coding is hidden, so the
/// length may be the length of the encoded body.
fn decoded(headers: &mut HeaderMap, is_cors: bool, is_head: bool) {
    let coding = headers.get(CONTENT_ENCODING).and_then(|coding| coding.to_str().ok());
    let is_known = |coding: &str| DECODED.iter().any(|known| known.eq_ignore_ascii_case(coding.trim()));
    let is_decoded = coding.is_some_and(|coding| coding.split(',').all(is_known));
    if is_decoded {
        headers.remove(CONTENT_ENCODING);
    }
    if (is_decoded || is_cors) && !is_head {
        headers.remove(CONTENT_LENGTH);
    }
}
