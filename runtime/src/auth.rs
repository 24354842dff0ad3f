//! Credentials, and the choice of those that a request is sent with.
//!
//! In: the security requirements of an operation and the credentials of the client. Out: the credentials of the first alternative
//! for which the client has all (OpenAPI 3.0.3 §4.7.30). Invariant: neither `Debug` nor an error shows a secret.

pub(crate) mod digest;
mod macros;
mod oauth2;
mod provider;

use std::fmt;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::header::{AUTHORIZATION, COOKIE};
use http::{HeaderMap, HeaderName, HeaderValue};

use crate::request::header_value;
use digest::Digest;
pub use oauth2::{DevicePrompt, Flow, OAuth2Error, OAuth2Options};
pub use provider::Token;
pub(crate) use provider::{Failure, Provider};

/// A credential for a security scheme of the API document.
#[derive(Clone)]
pub struct Credential {
    scheme: Arc<str>,
    method: &'static str,
    placement: Placement,
    /// Whether it is sent with every request, whatever is required.
    is_everywhere: bool,
}

/// Where a credential is placed in a request.
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
    /// Where the provider's tokens are placed.
    Provider(Arc<Provider>),
    /// It cannot be sent. Building the client fails with this reason.
    Unusable(&'static str),
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "all constructors take their secrets alike, whether they keep them or turn them into a header"
)]
impl Credential {
    /// Creates a credential for HTTP Basic authentication (RFC 7617), sent in UTF-8.
    ///
    /// A user name with a colon, and a control character in either, cannot be sent: [`ClientBuilder::build`](crate::ClientBuilder::build)
    /// fails.
    #[must_use]
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

    /// Creates a credential for a bearer token (RFC 6750 §2.1).
    #[must_use]
    pub fn bearer(scheme: &str, token: String) -> Self {
        let placement =
            if token.is_empty() { Placement::Unusable("is empty") } else { authorization(&format!("Bearer {token}")) };
        Self::new(scheme, "bearer", placement)
    }

    /// Creates a credential for an API key in the header `name`.
    #[must_use]
    pub fn header(scheme: &str, name: &str, value: String) -> Self {
        let placement = match HeaderName::from_bytes(name.as_bytes()) {
            Ok(name) => header(name, &value),
            Err(_) => Placement::Unusable("is for a header with an invalid name"),
        };
        Self::new(scheme, "header", placement)
    }

    /// Creates a credential for an API key in the query parameter `name`.
    #[must_use]
    pub fn query(scheme: &str, name: &str, value: String) -> Self {
        Self::new(scheme, "query", Placement::Query { name: name.to_owned(), value })
    }

    /// Creates a credential for an API key in the cookie `name`. Characters that a cookie cannot contain (RFC 6265 §4.1.1) are
    /// percent-encoded.
    #[must_use]
    pub fn cookie(scheme: &str, name: &str, value: String) -> Self {
        // The name of a cookie is a token, like that of a header.
        let placement = if HeaderName::from_bytes(name.as_bytes()).is_ok() {
            Placement::Cookie { name: name.to_owned(), value }
        } else {
            Placement::Unusable("is for a cookie with an invalid name")
        };
        Self::new(scheme, "cookie", placement)
    }

    /// Creates a credential for HTTP Digest authentication (RFC 7616). Clones share the state of the authentication.
    #[must_use]
    pub fn digest(scheme: &str, username: String, password: String) -> Self {
        Self::new(scheme, "digest", Placement::Digest(Arc::new(Digest::new(username, password))))
    }

    fn new(scheme: &str, method: &'static str, placement: Placement) -> Self {
        Self { scheme: scheme.into(), method, placement, is_everywhere: false }
    }

    /// The same credential for every request, whatever its operation requires.
    #[must_use]
    pub fn everywhere(self) -> Self {
        Self { is_everywhere: true, ..self }
    }

    pub(crate) fn is_everywhere(&self) -> bool {
        self.is_everywhere
    }

    /// The same credential, which cannot be sent for this reason.
    fn unusable(self, reason: &'static str) -> Self {
        Self { placement: Placement::Unusable(reason), ..self }
    }

    /// The name of the security scheme in the API document.
    #[must_use]
    pub fn scheme(&self) -> &str {
        &self.scheme
    }

    pub(crate) fn placement(&self) -> &Placement {
        &self.placement
    }

    /// Why it cannot be sent, if it cannot.
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

    /// Adds it to the headers of a request, if it belongs there and they have no other value of that name.
    pub(crate) fn add_to(&self, headers: &mut HeaderMap) {
        if let Placement::Header { name, value } = &self.placement
            && *name != COOKIE
            && !headers.contains_key(name)
        {
            headers.insert(name.clone(), value.clone());
        }
    }

    /// The name of the header that it is placed in.
    pub(crate) fn header_name(&self) -> Option<&HeaderName> {
        match &self.placement {
            Placement::Header { name, .. } => Some(name),
            _ => None,
        }
    }

    /// The key, if it goes into the query.
    pub(crate) fn query_key(&self) -> Option<&str> {
        match &self.placement {
            Placement::Query { value, .. } => Some(value),
            _ => None,
        }
    }

    /// Whether it is the query parameter of this name.
    pub(crate) fn is_query_key(&self, of: &str) -> bool {
        matches!(&self.placement, Placement::Query { name, .. } if name == of)
    }

    /// The part of the request that it needs for itself.
    fn location(&self) -> String {
        match &self.placement {
            Placement::Header { name, .. } => format!("the header `{name}`"),
            Placement::Query { name, .. } => format!("the query parameter `{name}`"),
            Placement::Cookie { name, .. } => format!("the cookie `{name}`"),
            Placement::Digest(_) => format!("the header `{AUTHORIZATION}`"),
            Placement::Provider(provider) => provider.sample().location(),
            Placement::Unusable(_) => String::new(),
        }
    }
}

impl fmt::Debug for Credential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credential").field("scheme", &self.scheme).field("method", &self.method).finish_non_exhaustive()
    }
}

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

/// What a request is sent with.
#[derive(Debug, Default)]
pub(crate) struct Chosen {
    pub(crate) credentials: Vec<Credential>,
    /// The alternatives, in words, if the client has the credentials of none.
    pub(crate) missing: Option<String>,
}

/// The credentials for a request: those for every request, and those of the first alternative, in the document's order, for which the
/// client has all. An empty alternative is chosen last. If the client has those of none, the server decides.
pub(crate) fn choose(alternatives: &[&[&str]], credentials: &[Credential]) -> Result<Chosen, String> {
    let find = |scheme: &&str| credentials.iter().find(|credential| &*credential.scheme == *scheme);
    let is_complete = |all: &&&[&str]| !all.is_empty() && all.iter().all(|scheme| find(scheme).is_some());
    let complete = alternatives.iter().find(is_complete).copied().unwrap_or_default();
    let required: Vec<Credential> = complete.iter().filter_map(find).cloned().collect();
    let mut chosen: Vec<Credential> =
        credentials.iter().filter(|credential| credential.is_everywhere).cloned().collect();
    if let Some((first, second)) = conflict(&chosen).or(conflict(&required)) {
        let location = first.location();
        return Err(format!(
            "`{}` and `{}` cannot be sent together: both need {location}",
            first.scheme, second.scheme
        ));
    }
    if chosen.is_empty() {
        let is_missing = required.is_empty() && alternatives.iter().all(|all| !all.is_empty());
        let missing = (is_missing && !alternatives.is_empty()).then(|| requirements(alternatives));
        return Ok(Chosen { credentials: required, missing });
    }
    for credential in required {
        if chosen.iter().all(|known| known.location() != credential.location()) {
            chosen.push(credential);
        }
    }
    Ok(Chosen { credentials: chosen, missing: None })
}

/// Two credentials that need the same part of the request.
fn conflict(chosen: &[Credential]) -> Option<(&Credential, &Credential)> {
    let mut rest = chosen;
    while let Some((first, others)) = rest.split_first() {
        if let Some(second) = others.iter().find(|other| other.location() == first.location()) {
            return Some((first, second));
        }
        rest = others;
    }
    None
}

/// Shows `a, or b, or c together with d`.
fn requirements(alternatives: &[&[&str]]) -> String {
    let all = |schemes: &&[&str]| {
        schemes.iter().map(|scheme| format!("`{scheme}`")).collect::<Vec<_>>().join(" together with ")
    };
    alternatives.iter().map(all).collect::<Vec<_>>().join(", or ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_proves_the_caller_is_marked_sensitive() {
        for credential in [
            Credential::basic("s", "user".to_owned(), "password".to_owned()),
            Credential::bearer("s", "token".to_owned()),
            Credential::header("s", "X-Key", "key".to_owned()),
        ] {
            let Placement::Header { value, .. } = credential.placement() else { panic!("{credential:?}") };
            assert!(value.is_sensitive());
        }
    }
}
