//! Building the HTTP client.
//!
//! Invariants: the client follows no redirects, since credentials must not follow them; features that other crates
//! enable in `reqwest` have no effect.

use http::header::ACCEPT_ENCODING;
use http::{HeaderMap, HeaderValue};
use reqwest::{Client, ClientBuilder};

use crate::limits;
use crate::network::Network;
use crate::platform::CODINGS;

/// The default value of `User-Agent`.
const USER_AGENT: &str = concat!("clientwright-runtime/", env!("CARGO_PKG_VERSION"));

/// Returns the builder with the defaults. Features of `reqwest` that another crate enables are disabled.
pub(crate) fn usual() -> ClientBuilder {
    let builder = Client::builder().user_agent(USER_AGENT).connect_timeout(limits::CONNECT).no_hickory_dns();
    // This crate makes its own retries.
    let builder = builder.retry(reqwest::retry::never().max_retries_per_request(0));
    // Some servers fold long headers, which was once allowed (RFC 9112 §5.2).
    let builder = builder.http1_allow_obsolete_multiline_headers_in_responses(true);
    let builder = if cfg!(feature = "http2") { builder } else { builder.http1_only() };
    with_own_tls(match accepted() {
        Some(codings) => builder.default_headers(HeaderMap::from_iter([(ACCEPT_ENCODING, codings)])),
        None => builder,
    })
}

/// Returns the HTTP client with the defaults.
pub(crate) fn usual_client(network: &Network) -> Result<Client, reqwest::Error> {
    built(usual(), network)
}

/// Returns the codings that this crate decodes, as announced to servers.
fn accepted() -> Option<HeaderValue> {
    let own = CODINGS.iter().filter(|(.., is_on)| *is_on);
    let names: Vec<&str> = own.filter_map(|(names, ..)| names.first().copied()).collect();
    HeaderValue::from_str(&names.join(", ")).ok().filter(|_| !names.is_empty())
}

/// Sets TLS according to this crate's features: by default, `reqwest` uses the operating system's library as soon as
/// any crate enables it.
fn with_own_tls(builder: ClientBuilder) -> ClientBuilder {
    // Makes ring the provider of the process, unless the program has chosen one.
    #[cfg(all(feature = "rustls-ring", not(any(feature = "rustls", feature = "native-tls"))))]
    if rustls::crypto::CryptoProvider::get_default().is_none() {
        // An error means that another thread has chosen one in the meantime.
        let _ = rustls::crypto::ring::default_provider().install_default();
    }
    #[cfg(all(any(feature = "rustls", feature = "rustls-ring"), not(feature = "native-tls")))]
    let builder = builder.tls_backend_rustls();
    #[cfg(feature = "native-tls")]
    let builder = builder.tls_backend_native();
    builder
}

/// Returns the HTTP client with these settings, without redirects.
pub(crate) fn built(mut builder: ClientBuilder, network: &Network) -> Result<Client, reqwest::Error> {
    if let Some(connect) = network.connect {
        builder = builder.connect_timeout(connect);
    }
    if let Some(proxy) = &network.proxy {
        builder = builder.proxy(reqwest::Proxy::all(proxy)?);
    }
    #[cfg(any(feature = "rustls", feature = "rustls-ring", feature = "native-tls"))]
    for pem in &network.authorities {
        builder = builder.tls_certs_merge(reqwest::Certificate::from_pem_bundle(pem)?);
    }
    // This crate decodes bodies. `reqwest` would not read them to the end.
    let builder = builder.no_gzip().no_deflate().no_brotli().no_zstd();
    builder.redirect(reqwest::redirect::Policy::none()).build()
}

/// Returns `true` if a client follows redirects. Only its `Debug` output reveals that: the text is missing for any
/// policy other than none. Quotation marks in other settings are escaped there. If a later version of `reqwest` changes
/// the output, the client is rejected.
#[cfg(feature = "reqwest-013")]
pub(crate) fn follows_redirects(client: &Client) -> bool {
    !format!("{client:?}").contains(r#" redirect_policy: "Policy(None)""#)
}
