//! The security of the IR: schemes, and how their credentials are obtained.

use super::Docs;
use clientwright_normalizer::pointer::Pointer;

/// A security scheme (OpenAPI 3.0.3 §4.7.27).
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct SecurityScheme {
    /// Its key under `components/securitySchemes`.
    pub name: String,
    /// How a credential is sent.
    pub kind: SchemeKind,
    /// How a client can obtain tokens, for OAuth 2.
    pub flows: Vec<Flow>,
    /// `description`.
    pub docs: Docs,
    /// Where it is written.
    pub origin: Pointer,
}

/// How a credential is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SchemeKind {
    /// RFC 7617.
    Basic,
    /// RFC 6750. OAuth 2 and OpenID Connect send their tokens like this, too.
    Bearer {
        /// `bearerFormat`, a hint for people.
        format: Option<String>,
    },
    /// RFC 7616.
    Digest,
    /// An API key in the header of this name.
    HeaderKey(String),
    /// An API key in the query parameter of this name.
    QueryKey(String),
    /// An API key in the cookie of this name.
    CookieKey(String),
}

impl SchemeKind {
    /// What makes a credential of this kind: strings of these names.
    pub(crate) fn arguments(&self) -> &'static [&'static str] {
        match self {
            Self::Basic | Self::Digest => &["username", "password"],
            Self::Bearer { .. } => &["token"],
            Self::HeaderKey(_) | Self::QueryKey(_) | Self::CookieKey(_) => &["key"],
        }
    }
}

/// A way to obtain tokens without a browser (OpenAPI 3.0.3 §4.7.29).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Flow {
    /// What tokens are given for.
    pub grant: Grant,
    /// `tokenUrl`, which may be relative to the server.
    pub token_url: String,
    /// `refreshUrl`.
    pub refresh_url: Option<String>,
    /// The scopes that operations require, in the flow's order.
    pub scopes: Vec<String>,
}

/// What tokens are given for.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Grant {
    /// The client's own credentials (RFC 6749 §4.4).
    ClientCredentials,
    /// A user's name and password (RFC 6749 §4.3).
    Password,
    /// A token that came with an earlier one (RFC 6749 §6).
    RefreshToken,
    /// The consent of a user on another device (RFC 8628).
    Device {
        /// `deviceAuthorizationUrl`.
        url: String,
    },
}

impl Grant {
    /// What it is called in identifiers.
    pub(crate) fn word(&self) -> &'static str {
        match self {
            Self::ClientCredentials => "client_credentials",
            Self::Password => "password",
            Self::RefreshToken => "refresh_token",
            Self::Device { .. } => "device",
        }
    }

    /// What makes a credential: strings of these names, but `prompt` is a function.
    pub(crate) fn arguments(&self) -> &'static [&'static str; 2] {
        match self {
            Self::ClientCredentials => &["client_id", "client_secret"],
            Self::Password => &["username", "password"],
            Self::RefreshToken => &["client_id", "refresh_token"],
            Self::Device { .. } => &["client_id", "prompt"],
        }
    }
}
