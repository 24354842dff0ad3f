//! WebAssembly in a host of JavaScript: browsers, Node.js, Deno and the like.
//!
//! What belongs to JavaScript stays in tasks of its own, and gives away plain data through channels. So all futures of this crate are
//! `Send` here, too, and nothing is moved between threads that must not be.

mod fetch;
mod host;
pub(crate) mod timer;

use std::io;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use web_time::web::SystemTimeExt as _;

pub(crate) use fetch::{Body, Client, Error, Request, Response, check};
pub(crate) use timer::{sleep_until, timeout_at};
pub(crate) use url::Url;
pub(crate) use wasm_bindgen_futures::spawn_local as spawn;
pub(crate) use web_time::Instant;

/// The HTTP client. There is nothing to set; the limit for connecting is the host's.
pub(crate) fn usual_client(_connect: Option<Duration>) -> Result<Client, Error> {
    Ok(Client)
}

/// TLS is the host's.
pub(crate) const HAS_TLS: bool = true;

/// The time of day. That of the standard library panics here.
pub(crate) fn system_time() -> SystemTime {
    web_time::SystemTime::now().to_std()
}

/// There are no files here, so nothing makes a body of one.
pub(crate) async fn open(_: Arc<Path>) -> io::Result<&'static [u8]> {
    Err(io::ErrorKind::Unsupported.into())
}

/// The host decodes, and takes the coding off the headers.
pub(crate) fn decode(_: &mut Response, _: &[&'static str]) {}

/// Whether the server says that it has done nothing with a request. No host says so.
pub(crate) fn is_refused(_: &Error) -> bool {
    false
}
