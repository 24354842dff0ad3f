//! The HTTP client under a client.
//!
//! In: what the caller says of it. Out: [`Http`], which sends requests. Invariants: it follows no redirects, since credentials must not
//! follow them; what the caller set, such as default headers, is only for the origin of an operation's server; what other crates switch
//! on in `reqwest` changes nothing.

use std::time::Duration;

use http::header::ACCEPT_ENCODING;
use http::{HeaderMap, HeaderValue};

use crate::error::BuildError;
use crate::limits;
#[cfg(feature = "test")]
use crate::testing::Mock;

/// The default value of `User-Agent`.
const USER_AGENT: &str = concat!("clientwright-runtime/", env!("CARGO_PKG_VERSION"));

/// What the caller says of the HTTP client.
#[derive(Default)]
pub(super) enum Transport {
    /// Nothing.
    #[default]
    Usual,
    /// The defaults, and what the caller changed of them.
    #[cfg(feature = "reqwest-013")]
    Changed(Box<reqwest::ClientBuilder>),
    /// A client that the caller has built.
    #[cfg(feature = "reqwest-013")]
    Ready(reqwest::Client),
    /// No requests are sent.
    #[cfg(feature = "test")]
    Mock(Mock),
}

/// The HTTP clients of a client.
#[derive(Clone)]
pub(super) struct Http {
    own: reqwest::Client,
    /// What follows redirects to other origins, if `own` has settings of the caller's.
    other_origins: Option<reqwest::Client>,
    /// What answers instead.
    #[cfg(feature = "test")]
    pub(super) mock: Option<Mock>,
}

impl Http {
    fn new(own: reqwest::Client, other_origins: Option<reqwest::Client>) -> Self {
        Self {
            own,
            other_origins,
            #[cfg(feature = "test")]
            mock: None,
        }
    }

    /// The HTTP client for the origin of an operation's server, or for one that a redirect leads to.
    pub(super) fn to(&self, same_origin: bool) -> &reqwest::Client {
        self.other_origins.as_ref().filter(|_| !same_origin).unwrap_or(&self.own)
    }
}

impl Transport {
    /// Whether the caller says nothing.
    pub(super) fn is_usual(&self) -> bool {
        matches!(self, Self::Usual)
    }

    /// Builds the HTTP clients. `connect` is the limit for connecting, if the caller says so.
    pub(super) fn build(self, connect: Option<Duration>) -> Result<Http, BuildError> {
        match self {
            Self::Usual => Ok(Http::new(built(usual(), connect)?, None)),
            #[cfg(feature = "reqwest-013")]
            Self::Changed(builder) => Ok(Http::new(built(*builder, connect)?, Some(built(usual(), connect)?))),
            #[cfg(feature = "reqwest-013")]
            Self::Ready(client) if follows_redirects(&client) => Err(BuildError::HttpClient { reason: FOLLOWS }),
            #[cfg(feature = "reqwest-013")]
            Self::Ready(own) => Ok(Http::new(own, Some(built(usual(), connect)?))),
            #[cfg(feature = "test")]
            Self::Mock(mock) => Ok(Http { mock: Some(mock), ..Http::new(built(usual(), connect)?, None) }),
        }
    }
}

/// The defaults. What another crate of the program switches on in `reqwest` is switched off.
fn usual() -> reqwest::ClientBuilder {
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

fn built(mut builder: reqwest::ClientBuilder, connect: Option<Duration>) -> Result<reqwest::Client, BuildError> {
    if let Some(connect) = connect {
        builder = builder.connect_timeout(connect);
    }
    let built = without_own_codings(builder).redirect(reqwest::redirect::Policy::none()).build();
    built.map_err(|error| BuildError::Transport(Box::new(error.without_url())))
}

/// Why a ready client is refused.
#[cfg(feature = "reqwest-013")]
const FOLLOWS: &str = "follows redirects by itself, and credentials would go with them; build it with \
                       `redirect(reqwest::redirect::Policy::none())`: this crate follows them without credentials";

/// Whether a client follows redirects. Only its `Debug` tells: with any other policy than none the text is missing. Quotation marks in
/// other settings are escaped there. Whatever else a later version of `reqwest` writes, the client is refused.
#[cfg(feature = "reqwest-013")]
fn follows_redirects(client: &reqwest::Client) -> bool {
    !format!("{client:?}").contains(r#" redirect_policy: "Policy(None)""#)
}

#[cfg(feature = "reqwest-013")]
impl super::ClientBuilder {
    /// Changes the settings of the HTTP client that sends requests, for example its proxy or root certificates. It is given the defaults;
    /// what it does not change stays. The limits of time that this builder sets replace its own or count beside it.
    ///
    /// Only its redirect policy is replaced: this crate follows redirects itself, because credentials must not follow them. A
    /// redirect to another origin is followed without these settings, since they may add headers that only the server may see. Requests
    /// for tokens (OAuth 2.0) have them, whatever the origin of the token server: headers that only the API may see belong in
    /// [`header`](Self::header), not in `default_headers`. Bodies are decompressed by the features of this crate, whatever these settings
    /// say.
    ///
    /// ```
    /// use clientwright_runtime::{Client, reqwest::Proxy};
    ///
    /// let proxy = Proxy::https("http://proxy.example.com:3128")?;
    /// let client = Client::builder("https://api.example.com").transport(|defaults| defaults.proxy(proxy)).build()?;
    /// # let _ = client;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn transport(mut self, change: impl FnOnce(reqwest::ClientBuilder) -> reqwest::ClientBuilder) -> Self {
        let builder = match std::mem::take(&mut self.transport) {
            Transport::Changed(builder) => *builder,
            _ => usual(),
        };
        self.transport = Transport::Changed(Box::new(change(builder)));
        self
    }

    /// Sends requests with an HTTP client that is ready, so that several parts of a program share its connections. It has its own user
    /// agent, limit for connecting, compression and cookies; the other limits of this builder count beside its own. It replaces what
    /// [`transport`](Self::transport) set before. What it decompresses itself it may not read to the end: of gzip with several members
    /// `reqwest` reads the first.
    ///
    /// It has to be built with `redirect(Policy::none())`; [`build`](Self::build) refuses any other. This crate follows redirects
    /// itself, because credentials must not follow them, and those to another origin without this HTTP client. Requests for tokens
    /// (OAuth 2.0) are sent by it, whatever the origin of the token server, with its default headers.
    ///
    /// ```
    /// use clientwright_runtime::{Client, reqwest::{self, redirect::Policy}};
    ///
    /// let shared = reqwest::Client::builder().redirect(Policy::none()).build()?;
    /// let client = Client::builder("https://api.example.com").http_client(shared).build()?;
    /// # let _ = client;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn http_client(mut self, client: reqwest::Client) -> Self {
        self.transport = Transport::Ready(client);
        self
    }
}

// The feature is the runtime's, so it is tested here and not in the expansion, where it would be the caller's.
#[cfg(feature = "reqwest-013")]
#[macro_export]
#[doc(hidden)]
macro_rules! __client_transport {
    ($builder:ident) => {
        impl $builder {
            /// Changes the settings of the HTTP client that sends requests, for example its proxy or root certificates. Its redirect
            /// policy is replaced, and redirects to other origins are followed without these settings.
            #[inline]
            pub fn transport(
                mut self,
                change: impl ::core::ops::FnOnce($crate::reqwest::ClientBuilder) -> $crate::reqwest::ClientBuilder,
            ) -> Self {
                self.core = self.core.transport(change);
                self
            }

            /// Sends requests with an HTTP client that is ready. It has to be built with `redirect(Policy::none())`. Redirects to
            /// other origins are followed without it.
            #[inline]
            pub fn http_client(mut self, client: $crate::reqwest::Client) -> Self {
                self.core = self.core.http_client(client);
                self
            }
        }
    };
}

#[cfg(not(feature = "reqwest-013"))]
#[macro_export]
#[doc(hidden)]
macro_rules! __client_transport {
    ($builder:ident) => {};
}
