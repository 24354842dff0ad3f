//! The security of the IR: schemes and OAuth flows.

use super::{Docs, Location};

/// A security scheme (OpenAPI 3.0.3 §4.7.27).
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct SecurityScheme {
    /// The key under `components/securitySchemes`.
    pub name: String,
    /// The kind of credential.
    pub kind: SchemeKind,
    /// The OAuth 2.0 flows.
    pub flows: Vec<Flow>,
    /// `description`.
    pub docs: Docs,
}

/// The kind of a credential.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SchemeKind {
    /// RFC 7617.
    Basic,
    /// RFC 6750, also for OAuth 2.0 and OpenID Connect.
    Bearer {
        /// `bearerFormat`, a hint.
        format: Option<String>,
    },
    /// RFC 7616.
    Digest,
    /// Another HTTP scheme with static credentials (RFC 9110 §11.4).
    Http(String),
    /// An API key in the header, query parameter or cookie with this name.
    Key(Location, String),
}

impl SchemeKind {
    /// Returns the names of the strings that make up a credential.
    pub(crate) fn arguments(&self) -> &'static [&'static str] {
        match self {
            Self::Basic | Self::Digest => &["username", "password"],
            Self::Bearer { .. } => &["token"],
            Self::Http(_) => &["credentials"],
            Self::Key(..) => &["key"],
        }
    }
}

/// A flow that obtains tokens without a browser (OpenAPI 3.0.3 §4.7.29).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Flow {
    /// The grant.
    pub grant: Grant,
    /// `tokenUrl`, which may be relative to the server.
    pub token_url: String,
    /// `refreshUrl`.
    pub refresh_url: Option<String>,
    /// The scopes that operations require, in the flow's order.
    pub scopes: Vec<String>,
}

/// An OAuth 2.0 grant.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Grant {
    /// The client's own credentials (RFC 6749 §4.4).
    ClientCredentials,
    /// A user's name and password (RFC 6749 §4.3).
    Password,
    /// A refresh token (RFC 6749 §6).
    RefreshToken,
    /// Device authorization (RFC 8628).
    Device {
        /// `deviceAuthorizationUrl`.
        url: String,
    },
}

impl Grant {
    /// Returns the word for the grant in identifiers.
    pub(crate) fn word(&self) -> &'static str {
        match self {
            Self::ClientCredentials => "client_credentials",
            Self::Password => "password",
            Self::RefreshToken => "refresh_token",
            Self::Device { .. } => "device",
        }
    }

    /// Returns the names of the arguments: strings, except that `prompt` is a function.
    pub(crate) fn arguments(&self) -> &'static [&'static str; 2] {
        match self {
            Self::ClientCredentials => &["client_id", "client_secret"],
            Self::Password => &["username", "password"],
            Self::RefreshToken => &["client_id", "refresh_token"],
            Self::Device { .. } => &["client_id", "prompt"],
        }
    }
}
