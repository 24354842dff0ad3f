//! Credentials and their placement in a request.
//!
//! Invariant: neither `Debug` nor an error shows a secret.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::header::{AUTHORIZATION, COOKIE};
use http::{HeaderMap, HeaderName, HeaderValue};

use super::digest::Digest;
use super::provider::Provider;
use crate::header::header_value;
use crate::redact::Secrets;

/// A credential for a security scheme of the API document.
#[must_use = "a credential has no effect until passed to a client"]
#[derive(Clone)]
pub struct Credential {
    scheme: Arc<str>,
    method: &'static str,
    pub(crate) placement: Placement,
    /// Whether the credential is sent with every request, regardless of security requirements.
    pub(crate) is_everywhere: bool,
}

/// The part of a request that carries a credential.
#[derive(Clone)]
pub(crate) enum Placement {
    Header {
        name: HeaderName,
        value: HeaderValue,
    },
    Query {
        name: String,
        value: String,
    },
    Cookie {
        name: String,
        value: String,
    },
    Digest(Arc<Digest>),
    /// A placement for the tokens of a provider.
    Provider(Arc<Provider>),
    /// A credential that cannot be sent. Building the client fails with this reason.
    Unusable(&'static str),
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "all constructors take their secrets alike, whether they keep them or turn them into a header"
)]
impl Credential {
    /// Creates a credential for HTTP Basic authentication (RFC 7617), encoded in UTF-8.
    ///
    /// A user name must not contain a colon, and neither value may contain a control character: otherwise
    /// [`ClientBuilder::build`](crate::ClientBuilder::build) returns an error.
    pub fn basic(scheme: &str, username: String, password: String) -> Self {
        let placement = if username.contains(':') {
            Placement::Unusable("has a user name with a colon, which Basic authentication cannot send")
        } else if username.chars().chain(password.chars()).any(char::is_control) {
            Placement::Unusable("has a control character in its user name or password")
        } else {
            authorization(&format!("Basic {}", STANDARD.encode(format!("{username}:{password}"))))
        };
        Self::new(scheme, "basic", placement)
    }

    /// Creates a credential for a bearer token (RFC 6750 §2.1), with or without the prefix `Bearer`.
    pub fn bearer(scheme: &str, token: String) -> Self {
        Self::http(scheme, "Bearer", token)
    }

    /// Creates a credential for an HTTP authentication scheme (RFC 9110 §11.4). `credentials` may begin with its name.
    pub fn http(scheme: &str, name: &'static str, credentials: String) -> Self {
        let named = credentials.split_at_checked(name.len()).filter(|(begin, _)| begin.eq_ignore_ascii_case(name));
        let rest = named.and_then(|(_, rest)| rest.strip_prefix(' ')).map(str::trim_start);
        let placement = match rest.unwrap_or(&credentials) {
            "" => Placement::Unusable("is empty"),
            rest => authorization(&format!("{name} {rest}")),
        };
        Self::new(scheme, name, placement)
    }

    /// Creates a credential for an API key in the header `name`.
    pub fn header(scheme: &str, name: &str, value: String) -> Self {
        let placement = match HeaderName::from_bytes(name.as_bytes()) {
            Ok(name) => header(name, &value),
            Err(_) => Placement::Unusable("is for a header with an invalid name"),
        };
        Self::new(scheme, "header", placement)
    }

    /// Creates a credential for an API key in the query parameter `name`.
    pub fn query(scheme: &str, name: &str, value: String) -> Self {
        Self::new(scheme, "query", Placement::Query { name: name.to_owned(), value })
    }

    /// Creates a credential for an API key in the cookie `name`. Characters that a cookie cannot contain (RFC 6265
    /// §4.1.1) are percent-encoded.
    pub fn cookie(scheme: &str, name: &str, value: String) -> Self {
        // The name of a cookie is a token, like a header name.
        let placement = if HeaderName::from_bytes(name.as_bytes()).is_ok() {
            Placement::Cookie { name: name.to_owned(), value }
        } else {
            Placement::Unusable("is for a cookie with an invalid name")
        };
        Self::new(scheme, "cookie", placement)
    }

    /// Creates a credential for HTTP Digest authentication (RFC 7616). Clones share the authentication state.
    pub fn digest(scheme: &str, username: String, password: String) -> Self {
        Self::new(scheme, "digest", Placement::Digest(Arc::new(Digest::new(username, password))))
    }

    pub(super) fn new(scheme: &str, method: &'static str, placement: Placement) -> Self {
        Self { scheme: scheme.into(), method, placement, is_everywhere: false }
    }

    /// Returns the credential for use with every request, regardless of the operation's security requirements.
    pub fn everywhere(self) -> Self {
        Self { is_everywhere: true, ..self }
    }

    getters! {
        /// Returns the name of the security scheme in the API document.
        &scheme: str;
    }

    /// Returns the reason why the credential cannot be sent, if there is one.
    pub(crate) fn problem(&self) -> Option<&'static str> {
        match self.placement {
            Placement::Unusable(reason) => Some(reason),
            _ => None,
        }
    }

    pub(crate) fn as_digest(&self) -> Option<&Digest> {
        match &self.placement {
            Placement::Digest(digest) => Some(digest),
            _ => None,
        }
    }

    pub(crate) fn as_provider(&self) -> Option<&Arc<Provider>> {
        match &self.placement {
            Placement::Provider(provider) => Some(provider),
            _ => None,
        }
    }

    /// Adds the credential to the headers of a request, unless it belongs elsewhere or the header is already set.
    pub(crate) fn add_to(&self, headers: &mut HeaderMap) {
        if let Placement::Header { name, value } = &self.placement
            && *name != COOKIE
            && !headers.contains_key(name)
        {
            headers.insert(name.clone(), value.clone());
        }
    }

    /// Adds the secrets of the credential.
    pub(crate) fn add_secrets(&self, secrets: &mut Secrets) {
        match &self.placement {
            Placement::Header { name, value } => secrets.add_header(name, value),
            Placement::Query { value, .. } | Placement::Cookie { value, .. } => secrets.add(value),
            Placement::Digest(digest) => secrets.add(&digest.password),
            Placement::Provider(provider) => provider.add_secrets(secrets),
            Placement::Unusable(_) => {}
        }
    }

    /// Returns the name of the query parameter that carries the credential.
    pub(crate) fn query_key(&self) -> Option<&str> {
        match &self.placement {
            Placement::Query { value, .. } => Some(value),
            _ => None,
        }
    }

    /// Returns `true` if the credential is the query parameter of this name.
    pub(crate) fn is_query_key(&self, of: &str) -> bool {
        matches!(&self.placement, Placement::Query { name, .. } if name == of)
    }

    /// Returns the part of the request that the credential occupies.
    pub(super) fn location(&self) -> String {
        match &self.placement {
            Placement::Header { name, .. } => format!("the header `{name}`"),
            Placement::Query { name, .. } => format!("the query parameter `{name}`"),
            Placement::Cookie { name, .. } => format!("the cookie `{name}`"),
            Placement::Digest(_) => format!("the header `{AUTHORIZATION}`"),
            Placement::Provider(provider) => provider.sample.location(),
            Placement::Unusable(_) => String::new(),
        }
    }
}

debug!(Credential: self { scheme, method, .. });

fn authorization(text: &str) -> Placement {
    header(AUTHORIZATION, text)
}

fn header(name: HeaderName, text: &str) -> Placement {
    match header_value(&name, text) {
        Ok(mut value) => {
            value.set_sensitive(true);
            Placement::Header { name, value }
        }
        Err(reason) => Placement::Unusable(reason),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scheme_is_written_once() {
        for credentials in ["abc", "Token abc", "token  abc"] {
            let credential = Credential::http("s", "Token", credentials.to_owned());
            let Placement::Header { value, .. } = &credential.placement else { panic!("{credential:?}") };
            assert_eq!(value, "Token abc");
        }
        assert!(matches!(Credential::http("s", "Token", "Token ".to_owned()).placement, Placement::Unusable(_)));
        assert!(matches!(Credential::http("s", "Token", "Tokenabc".to_owned()).placement, Placement::Header { .. }));
    }

    #[test]
    fn what_proves_the_caller_is_marked_sensitive() {
        for credential in [
            Credential::basic("s", "user".to_owned(), "password".to_owned()),
            Credential::bearer("s", "token".to_owned()),
            Credential::header("s", "X-Key", "key".to_owned()),
        ] {
            let Placement::Header { value, .. } = &credential.placement else { panic!("{credential:?}") };
            assert!(value.is_sensitive());
        }
    }
}
