//! The HTTP client under a client in WebAssembly: `fetch`, of which there is nothing to set.
//!
//! It has what `transport` has elsewhere, without what changes or replaces the HTTP client.

use std::time::Duration;

use crate::error::BuildError;
use crate::platform;
#[cfg(feature = "test")]
use crate::testing::Mock;

/// What the caller says of the HTTP client.
#[derive(Default)]
pub(super) enum Transport {
    /// Nothing.
    #[default]
    Usual,
    /// No requests are sent.
    #[cfg(feature = "test")]
    Mock(Mock),
}

/// The HTTP client of a client.
#[derive(Clone, Default)]
pub(super) struct Http {
    own: platform::Client,
    /// What answers instead.
    #[cfg(feature = "test")]
    pub(super) mock: Option<Mock>,
}

impl Http {
    /// The HTTP client for any origin.
    pub(super) fn to(&self, _same_origin: bool) -> &platform::Client {
        &self.own
    }
}

impl Transport {
    /// Whether the caller says nothing.
    pub(super) fn is_usual(&self) -> bool {
        matches!(self, Self::Usual)
    }

    /// Builds the HTTP client. There is no limit for connecting.
    #[expect(clippy::unnecessary_wraps, reason = "elsewhere it can fail")]
    pub(super) fn build(self, _connect: Option<Duration>) -> Result<Http, BuildError> {
        match self {
            Self::Usual => Ok(Http::default()),
            #[cfg(feature = "test")]
            Self::Mock(mock) => Ok(Http { mock: Some(mock), ..Http::default() }),
        }
    }
}

#[macro_export]
#[doc(hidden)]
macro_rules! __client_transport {
    ($builder:ident) => {};
}
