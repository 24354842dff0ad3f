//! WebAssembly in a JavaScript host: browsers, Node.js, Deno and others.
//!
//! JavaScript values stay in separate tasks, which exchange plain data through channels. So all futures of this crate
//! are `Send`, and no JavaScript value is moved between threads.

mod fetch;
mod host;
pub(crate) mod timer;

use std::io;
use std::path::Path;
use std::sync::Arc;
use std::time::SystemTime;

use web_time::web::SystemTimeExt as _;

use crate::network::Network;

pub(crate) use fetch::{Body, Client, Error, Request, Response, check};
pub(crate) use timer::Instant;
pub(crate) use url::Url;
pub(crate) use wasm_bindgen_futures::spawn_local as spawn;

/// Returns the HTTP client. It has no settings.
pub(crate) fn usual_client(_: &Network) -> Result<Client, Error> {
    Ok(Client)
}

/// The host provides TLS.
pub(crate) const HAS_TLS: bool = true;

/// Returns the time of day. `SystemTime::now` panics on this target.
pub(crate) fn system_time() -> SystemTime {
    web_time::SystemTime::now().to_std()
}

/// Returns an error: there are no files on this target, so bodies contain none.
pub(crate) async fn open(_: Arc<Path>, _: u64, _: Option<SystemTime>) -> io::Result<&'static [u8]> {
    Err(io::ErrorKind::Unsupported.into())
}

/// The host decodes bodies and removes the coding from the headers.
pub(crate) fn decode(_: &mut Response, _: &[&'static str]) {}

/// Returns `true` if the server's certificate is invalid. Hosts do not report it.
pub(crate) fn is_untrusted(_: &Error) -> bool {
    false
}

/// Returns `true` if the server reports that a request had no effect. Hosts do not report it.
pub(crate) fn is_refused(_: &Error) -> bool {
    false
}
