//! The client: base URL, credentials and settings that all requests share.
//!
//! In: the settings of a [`ClientBuilder`]. Out: a [`Client`]. Invariant: base URL, credentials and default headers of
//! a client are valid, so they can be sent.

mod builder;
mod environment;
mod macros;
#[cfg(all(feature = "reqwest-013", not(all(target_family = "wasm", target_os = "unknown"))))]
mod transport;

use std::sync::Arc;

use http::Method;

use crate::auth::Credential;
use crate::error::BuildError;
use crate::request::{Operation, Request};
use crate::shared::Shared;
pub use builder::ClientBuilder;
use builder::check;
pub use environment::Environment;

/// An HTTP client for one base URL, with its credentials.
///
/// Cloning is cheap. Clones share a connection pool.
///
/// ```no_run
/// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
/// use clientwright_runtime::{Client, Credential, http::Method};
///
/// let client = Client::builder("https://api.example.com/v1")
///     .auth(Credential::bearer("token", std::env::var("TOKEN")?))
///     .build()?;
/// let request = client.request_raw(Method::GET, "/status").security(&[&["token"]]);
/// let body = request.send().await?.into_inner();
/// # drop(body);
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Client(Shared);

impl Client {
    /// Creates a builder for a base URL such as `https://api.example.com/v1`. A trailing slash makes no difference. The
    /// URL is used unchanged; [`build`](ClientBuilder::build) rejects a URL that would be sent in another form.
    pub fn builder(base_url: &str) -> ClientBuilder {
        ClientBuilder::new(base_url.to_owned())
    }

    /// Creates a client for another user or tenant, with the same connection pool, limits and headers. The credential
    /// replaces the one for the same security scheme. It is sent in the same places: with operations that require it,
    /// or [everywhere](ClientBuilder::auth_everywhere).
    ///
    /// ```
    /// # use clientwright_runtime::{Client, Credential};
    /// let client = Client::builder("https://api.example.com").build()?;
    /// let of_user = client.with_auth(Credential::bearer("token", "token of a user".to_owned()))?;
    /// # let _ = of_user;
    /// # Ok::<(), clientwright_runtime::BuildError>(())
    /// ```
    ///
    /// # Errors
    /// Returns an error if the credential cannot be sent.
    pub fn with_auth(&self, credential: Credential) -> Result<Self, BuildError> {
        check(&credential)?;
        let Shared { settings, credentials } = &self.0;
        let mut credentials = credentials.to_vec();
        match credentials.iter_mut().find(|known| known.scheme() == credential.scheme()) {
            Some(known) if known.is_everywhere => *known = credential.everywhere(),
            Some(known) => *known = credential,
            None => credentials.push(credential),
        }
        Ok(Self(Shared { settings: Arc::clone(settings), credentials: credentials.into() }))
    }

    /// Creates a request of an operation. For generated code.
    #[doc(hidden)]
    pub fn request(&self, operation: &'static Operation) -> Request {
        Request::new(self.0.clone(), operation)
    }

    /// Creates a request for a path and query below the base URL, for operations that the API document does not
    /// describe. Characters that are not allowed in a URL are percent-encoded (RFC 3986 §2.1); the rest is sent
    /// unchanged. Control characters, a fragment and segments `.` and `..` are errors of sending.
    ///
    /// The request has no credentials, unless [`Request::security`] requires some or they are sent
    /// [everywhere](ClientBuilder::auth_everywhere).
    pub fn request_raw(&self, method: Method, path_and_query: &str) -> Request {
        Request::raw(self.0.clone(), method, path_and_query)
    }
}

debug! {
    /// Shows the base URL and the security schemes of the credentials.
    Client: self {
        base_url: format_args!("{}", self.0.settings.base.as_str()),
        credentials: self.0.credentials,
        ..
    }
}
