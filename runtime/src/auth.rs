//! Credentials, and which of them a request carries.
//!
//! In come an operation's security requirements and the client's credentials, out go the credentials of the first alternative that the client can satisfy
//! (OpenAPI 3.0.3 §4.7.30). Invariant: no secret is ever shown, neither in `Debug` nor in an error.

pub(crate) mod digest;

use std::fmt;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::header::AUTHORIZATION;
use http::{HeaderName, HeaderValue};

use crate::request::header_value;
use digest::Digest;

/// What proves who is calling, for one security scheme of the document.
#[derive(Clone)]
pub struct Credential {
    scheme: String,
    kind: &'static str,
    grant: Grant,
}

/// How a credential is put into a request.
#[derive(Clone)]
pub(crate) enum Grant {
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
    /// It cannot be sent; building the client says so.
    Unusable(&'static str),
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "all constructors take their secrets alike, whether they keep them or turn them into a header"
)]
impl Credential {
    /// A user name and a password for scheme `http`/`basic` (RFC 7617), sent in UTF-8.
    ///
    /// A user name with a colon or a control character anywhere cannot be sent; [`ClientBuilder::build`](crate::ClientBuilder::build) refuses it.
    #[must_use]
    pub fn basic(scheme: &str, username: String, password: String) -> Self {
        let grant = if username.contains(':') {
            Grant::Unusable("has a user name with a colon, which basic authentication cannot carry")
        } else if username.chars().chain(password.chars()).any(char::is_control) {
            Grant::Unusable("has a control character in its user name or password")
        } else {
            authorization(&format!("Basic {}", STANDARD.encode(format!("{username}:{password}"))))
        };
        Self::new(scheme, "basic", grant)
    }

    /// A token for scheme `http`/`bearer` (RFC 6750 §2.1).
    #[must_use]
    pub fn bearer(scheme: &str, token: String) -> Self {
        let grant =
            if token.is_empty() { Grant::Unusable("is empty") } else { authorization(&format!("Bearer {token}")) };
        Self::new(scheme, "bearer", grant)
    }

    /// An API key in the header `name`.
    #[must_use]
    pub fn header(scheme: &str, name: &str, value: String) -> Self {
        let grant = match HeaderName::from_bytes(name.as_bytes()) {
            Ok(name) => header(name, &value),
            Err(_) => Grant::Unusable("is for a header whose name is not one"),
        };
        Self::new(scheme, "header", grant)
    }

    /// An API key in the query parameter `name`.
    #[must_use]
    pub fn query(scheme: &str, name: &str, value: String) -> Self {
        Self::new(scheme, "query", Grant::Query { name: name.to_owned(), value })
    }

    /// An API key in the cookie `name`. It is sent as it is; what a cookie cannot carry (RFC 6265 §4.1.1) is percent-encoded.
    #[must_use]
    pub fn cookie(scheme: &str, name: &str, value: String) -> Self {
        // A cookie's name is a token, like a header's.
        let grant = if HeaderName::from_bytes(name.as_bytes()).is_ok() {
            Grant::Cookie { name: name.to_owned(), value }
        } else {
            Grant::Unusable("is for a cookie whose name is not one")
        };
        Self::new(scheme, "cookie", grant)
    }

    /// A user name and a password for scheme `http`/`digest` (RFC 7616). Clones share what the server has accepted last.
    #[must_use]
    pub fn digest(scheme: &str, username: String, password: String) -> Self {
        Self::new(scheme, "digest", Grant::Digest(Arc::new(Digest::new(username, password))))
    }

    fn new(scheme: &str, kind: &'static str, grant: Grant) -> Self {
        Self { scheme: scheme.to_owned(), kind, grant }
    }

    /// The name of the security scheme in the document.
    #[must_use]
    pub fn scheme(&self) -> &str {
        &self.scheme
    }

    pub(crate) fn grant(&self) -> &Grant {
        &self.grant
    }

    /// Why it cannot be sent, if it cannot.
    pub(crate) fn fault(&self) -> Option<&'static str> {
        match self.grant {
            Grant::Unusable(reason) => Some(reason),
            _ => None,
        }
    }

    pub(crate) fn as_digest(&self) -> Option<&Digest> {
        match &self.grant {
            Grant::Digest(digest) => Some(digest),
            _ => None,
        }
    }

    /// The key, if it goes into the query.
    pub(crate) fn query_key(&self) -> Option<&str> {
        match &self.grant {
            Grant::Query { value, .. } => Some(value),
            _ => None,
        }
    }

    /// The place it takes in a request, which no other credential can take as well.
    fn place(&self) -> String {
        match &self.grant {
            Grant::Header { name, .. } => format!("the header `{name}`"),
            Grant::Query { name, .. } => format!("the query parameter `{name}`"),
            Grant::Cookie { name, .. } => format!("the cookie `{name}`"),
            Grant::Digest(_) => format!("the header `{AUTHORIZATION}`"),
            Grant::Unusable(_) => String::new(),
        }
    }
}

impl fmt::Debug for Credential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credential").field("scheme", &self.scheme).field("kind", &self.kind).finish_non_exhaustive()
    }
}

fn authorization(text: &str) -> Grant {
    header(AUTHORIZATION, text)
}

fn header(name: HeaderName, text: &str) -> Grant {
    match header_value(&name, text) {
        Ok(mut value) => {
            value.set_sensitive(true);
            Grant::Header { name, value }
        }
        Err(reason) => Grant::Unusable(reason),
    }
}

/// The credentials for a request: those of the first alternative, in the document's order, for which the client has all. The anonymous alternative comes last.
pub(crate) fn choose(alternatives: &[&[&str]], credentials: &[Credential]) -> Result<Vec<Credential>, String> {
    if alternatives.is_empty() {
        return Ok(Vec::new());
    }
    let find = |scheme: &&str| credentials.iter().find(|credential| credential.scheme == *scheme).cloned();
    let complete = alternatives
        .iter()
        .filter(|all| !all.is_empty())
        .find_map(|all| all.iter().map(find).collect::<Option<Vec<_>>>());
    match complete {
        Some(chosen) => match contested(&chosen) {
            None => Ok(chosen),
            Some((first, second)) => Err(format!(
                "`{}` and `{}` cannot be sent together: both need {}",
                first.scheme,
                second.scheme,
                first.place()
            )),
        },
        None if alternatives.iter().any(|all| all.is_empty()) => Ok(Vec::new()),
        None => Err(format!("the client has no credentials for this operation, which needs {}", demands(alternatives))),
    }
}

/// Two credentials that need the same place.
fn contested(chosen: &[Credential]) -> Option<(&Credential, &Credential)> {
    let mut rest = chosen;
    while let Some((first, others)) = rest.split_first() {
        if let Some(second) = others.iter().find(|other| other.place() == first.place()) {
            return Some((first, second));
        }
        rest = others;
    }
    None
}

/// `a, or b, or c together with d`.
fn demands(alternatives: &[&[&str]]) -> String {
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
            let Grant::Header { value, .. } = credential.grant() else { panic!("{credential:?}") };
            assert!(value.is_sensitive());
        }
    }
}
