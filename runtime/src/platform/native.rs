//! Systems with sockets and threads: `reqwest` and `tokio`.

mod client;
#[cfg(any(feature = "gzip", feature = "deflate", feature = "brotli", feature = "zstd"))]
mod decoding;

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use http::header::{ACCEPT_ENCODING, RANGE};
use http::{HeaderValue, Method};
use tokio::io::AsyncWriteExt as _;

use super::CODINGS;
pub(crate) use client::usual_client;
#[cfg(feature = "reqwest-013")]
pub(crate) use client::{built, follows_redirects, usual};
pub(crate) use reqwest::{Body, Client, Error, Request, Response, Url};
pub(crate) use tokio::time::{self as timer, Instant};

/// Whether https URLs can be called.
pub(crate) const HAS_TLS: bool = cfg!(any(feature = "rustls", feature = "rustls-ring", feature = "native-tls"));

/// Returns the time of day.
pub(crate) fn system_time() -> SystemTime {
    SystemTime::now()
}

/// Runs a detached task.
pub(crate) fn spawn(task: impl Future<Output = ()> + Send + 'static) {
    drop(tokio::spawn(task));
}

/// Opens a file for reading. A file of another length or time of modification is an error.
pub(crate) async fn open(path: Arc<Path>, length: u64, modified: Option<SystemTime>) -> io::Result<tokio::fs::File> {
    let file = tokio::fs::File::open(path).await?;
    let metadata = file.metadata().await?;
    if metadata.len() == length && metadata.modified().ok() == modified {
        return Ok(file);
    }
    Err(io::Error::other("its file has changed"))
}

/// A file that replaces another one once it is finished. Otherwise it is deleted.
pub(crate) struct Replacement {
    pub(crate) content: tokio::fs::File,
    path: PathBuf,
}

impl Replacement {
    /// Creates an empty file in the folder of `replaced`.
    pub(crate) async fn create(replaced: &Path) -> io::Result<Self> {
        let name = replaced.file_name().unwrap_or_default().display();
        let path = replaced.with_file_name(format!(".{name}.{:x}", getrandom::u64().unwrap_or_default()));
        let content = tokio::fs::File::create_new(&path).await?;
        Ok(Self { content, path })
    }

    /// Replaces a file with this one.
    pub(crate) async fn finish(mut self, replaced: &Path) -> io::Result<()> {
        self.content.flush().await?;
        self.content.sync_all().await?;
        tokio::fs::rename(&self.path, replaced).await
    }
}

impl Drop for Replacement {
    fn drop(&mut self) {
        // After it has replaced the other file, it no longer exists.
        let _ = std::fs::remove_file(&self.path);
    }
}

/// Decodes the body of a response with these features, in reverse order, as it is read. The head, which has already been taken, is not
/// kept.
#[cfg(any(feature = "gzip", feature = "deflate", feature = "brotli", feature = "zstd"))]
pub(crate) fn decode(response: &mut Response, features: &[&'static str]) {
    let body = std::mem::replace(response, http::Response::<Body>::default().into()).into();
    let decoded = |body, feature: &&'static str| Body::wrap(decoding::Decoding::new(body, feature));
    *response = http::Response::new(features.iter().rev().fold(body, decoded)).into();
}

/// Without these features, no body is decoded.
#[cfg(not(any(feature = "gzip", feature = "deflate", feature = "brotli", feature = "zstd")))]
pub(crate) fn decode(_: &mut Response, _: &[&'static str]) {}

/// Returns the causes of an error.
fn causes(error: &Error) -> impl Iterator<Item = &(dyn std::error::Error + 'static)> {
    std::iter::successors(std::error::Error::source(error), |error| error.source())
}

/// Returns `true` if the connection failed because the server's certificate or TLS configuration is invalid.
pub(crate) fn is_untrusted(error: &Error) -> bool {
    // The connector wraps the error of TLS in another one, whose `source` skips it.
    fn is_invalid(error: &io::Error) -> bool {
        error.kind() == io::ErrorKind::InvalidData
            || error.get_ref().and_then(|inner| inner.downcast_ref()).is_some_and(is_invalid)
    }
    error.is_connect() && causes(error).filter_map(|error| error.downcast_ref()).any(is_invalid)
}

/// Returns `true` if the server reports that a request had no effect: it refused the stream, or closes the connection
/// (RFC 9113 §8.7).
#[cfg(feature = "http2")]
pub(crate) fn is_refused(error: &Error) -> bool {
    causes(error).find_map(|error| error.downcast_ref::<h2::Error>()).is_some_and(|error| {
        let is_refused = error.is_reset() && error.reason() == Some(h2::Reason::REFUSED_STREAM);
        let is_shutdown = error.is_go_away() && error.reason() == Some(h2::Reason::NO_ERROR);
        error.is_remote() && (is_refused || is_shutdown)
    })
}

/// Returns `true` if the server reports that a request had no effect. HTTP/1.1 has no such report.
#[cfg(not(feature = "http2"))]
pub(crate) fn is_refused(_error: &Error) -> bool {
    false
}

/// Checks that a request can be sent, or returns the reason why not. `_may_follow` is only for hosts that follow
/// redirects.
pub(crate) fn check(request: &mut Request, _may_follow: impl FnOnce() -> bool) -> Result<(), &'static str> {
    let is_partial = *request.method() == Method::HEAD || request.headers().contains_key(RANGE);
    let announces_codings = CODINGS.iter().any(|(.., is_on)| *is_on);
    if announces_codings && is_partial && !request.headers().contains_key(ACCEPT_ENCODING) {
        // Lengths and ranges of a compressed body differ from those of its content (RFC 9110 §8.6, §14.1).
        request.headers_mut().insert(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
    }
    Ok(())
}
