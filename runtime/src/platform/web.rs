//! WebAssembly in a host of JavaScript: browsers, Node.js, Deno and the like.
//!
//! What belongs to JavaScript stays in tasks of its own, and gives away plain data through channels. So all futures of this crate are
//! `Send` here, too, and nothing is moved between threads that must not be.

mod fetch;
pub(crate) mod timer;

use std::future::poll_fn;
use std::io;
use std::path::Path;
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::SystemTime;

use js_sys::{Function, Reflect};
use wasm_bindgen::{JsCast as _, JsValue};
use web_time::web::SystemTimeExt as _;

pub(crate) use fetch::{Body, Client, Error, Request, Response, check};
pub(crate) use timer::{sleep_until, timeout_at};
pub(crate) use url::Url;
pub(crate) use wasm_bindgen_futures::spawn_local as spawn;
pub(crate) use web_time::Instant;

use crate::types::body::reader::Reader;

/// TLS is the host's.
pub(crate) const HAS_TLS: bool = true;

/// The time of day. That of the standard library panics here.
pub(crate) fn system_time() -> SystemTime {
    web_time::SystemTime::now().to_std()
}

/// There are no files here, so nothing makes a body of one.
pub(crate) async fn open(_: Arc<Path>) -> io::Result<Reader> {
    Err(io::ErrorKind::Unsupported.into())
}

/// The host decodes, and takes the coding off the headers.
pub(crate) fn decode(_: &mut Response, _: &[&'static str]) {}

/// Whether the server says that it has done nothing with a request. No host says so.
pub(crate) fn is_refused(_: &Error) -> bool {
    false
}

/// A function that the host has for everybody.
fn global(name: &str) -> Result<Function, JsValue> {
    Reflect::get(&js_sys::global(), &name.into())?.dyn_into()
}

/// Awaits a future, unless nobody waits for it any more.
async fn unless<T>(is_gone: impl Future<Output = ()>, future: impl Future<Output = T>) -> Option<T> {
    let (mut is_gone, mut future) = (pin!(is_gone), pin!(future));
    poll_fn(|context| match future.as_mut().poll(context) {
        Poll::Ready(output) => Poll::Ready(Some(output)),
        Poll::Pending => is_gone.as_mut().poll(context).map(|()| None),
    })
    .await
}
