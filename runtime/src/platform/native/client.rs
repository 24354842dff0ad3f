//! Building the HTTP client.
//!
//! Invariants: it follows no redirects, since credentials must not follow them; what other crates switch on in `reqwest` changes nothing.

use std::time::Duration;

use http::header::ACCEPT_ENCODING;
use http::{HeaderMap, HeaderValue};

use crate::limits;

/// The default value of `User-Agent`.
const USER_AGENT: &str = concat!("clientwright-runtime/", env!("CARGO_PKG_VERSION"));

/// The defaults. What another crate of the program switches on in `reqwest` is switched off.
pub(crate) fn usual() -> reqwest::ClientBuilder {
    let builder = reqwest::Client::builder().user_agent(USER_AGENT).connect_timeout(limits::CONNECT).no_hickory_dns();
    // Bodies are decoded by this crate, and attempts are its own.
    let builder = builder.no_gzip().no_deflate().no_brotli().no_zstd();
    let builder = builder.retry(reqwest::retry::never().max_retries_per_request(0));
    let builder = if cfg!(feature = "http2") { builder } else { builder.http1_only() };
    with_own_tls(match accepted() {
        Some(codings) => builder.default_headers(HeaderMap::from_iter([(ACCEPT_ENCODING, codings)])),
        None => builder,
    })
}

/// The HTTP client with the defaults. `connect` is the limit for connecting, if the caller says so.
pub(crate) fn usual_client(connect: Option<Duration>) -> Result<reqwest::Client, reqwest::Error> {
    built(usual(), connect)
}

/// Leaves to this crate what its features decode, which `reqwest` would not read to the end.
fn without_own_codings(builder: reqwest::ClientBuilder) -> reqwest::ClientBuilder {
    type Change = fn(reqwest::ClientBuilder) -> reqwest::ClientBuilder;
    let changes: [(bool, Change); 4] = [
        (cfg!(feature = "gzip"), reqwest::ClientBuilder::no_gzip),
        (cfg!(feature = "deflate"), reqwest::ClientBuilder::no_deflate),
        (cfg!(feature = "brotli"), reqwest::ClientBuilder::no_brotli),
        (cfg!(feature = "zstd"), reqwest::ClientBuilder::no_zstd),
    ];
    changes.into_iter().filter(|(is_ours, _)| *is_ours).fold(builder, |builder, (_, without)| without(builder))
}

/// The codings that this crate decodes, as servers are told.
fn accepted() -> Option<HeaderValue> {
    let codings = [
        ("gzip", cfg!(feature = "gzip")),
        ("deflate", cfg!(feature = "deflate")),
        ("br", cfg!(feature = "brotli")),
        ("zstd", cfg!(feature = "zstd")),
    ];
    let names: Vec<&str> = codings.iter().filter(|(_, is_on)| *is_on).map(|(name, _)| *name).collect();
    HeaderValue::from_str(&names.join(", ")).ok().filter(|_| !names.is_empty())
}

/// TLS as this crate's features say: `reqwest` alone takes the operating system's library as soon as any crate has it.
#[cfg(feature = "native-tls")]
fn with_own_tls(builder: reqwest::ClientBuilder) -> reqwest::ClientBuilder {
    builder.tls_backend_native()
}

/// TLS as this crate's features say: `reqwest` alone takes the operating system's library as soon as any crate has it.
#[cfg(all(feature = "rustls", not(feature = "native-tls")))]
fn with_own_tls(builder: reqwest::ClientBuilder) -> reqwest::ClientBuilder {
    builder.tls_backend_rustls()
}

/// Without TLS there is none to choose.
#[cfg(not(any(feature = "rustls", feature = "native-tls")))]
fn with_own_tls(builder: reqwest::ClientBuilder) -> reqwest::ClientBuilder {
    builder
}

/// The HTTP client with these settings, except that it follows no redirects.
pub(crate) fn built(
    mut builder: reqwest::ClientBuilder,
    connect: Option<Duration>,
) -> Result<reqwest::Client, reqwest::Error> {
    if let Some(connect) = connect {
        builder = builder.connect_timeout(connect);
    }
    without_own_codings(builder).redirect(reqwest::redirect::Policy::none()).build()
}

/// Whether a client follows redirects. Only its `Debug` tells: with any other policy than none the text is missing. Quotation marks in
/// other settings are escaped there. Whatever else a later version of `reqwest` writes, the client is refused.
#[cfg(feature = "reqwest-013")]
pub(crate) fn follows_redirects(client: &reqwest::Client) -> bool {
    !format!("{client:?}").contains(r#" redirect_policy: "Policy(None)""#)
}
