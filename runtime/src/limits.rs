//! Time and size limits.
//!
//! In: the settings of a client's builder and a call's options. Out: [`Limits`] of one call. The defaults are here, and
//! `docs/LIMITS.md` lists them.

use std::time::Duration;

/// The time limit for connecting.
#[cfg(not(all(target_family = "wasm", target_os = "unknown")))]
pub(crate) const CONNECT: Duration = Duration::from_secs(10);
/// The time limit for an idle connection. Long enough for a slow query.
pub(crate) const IDLE: Duration = Duration::from_secs(300);
/// The maximum size of a decoded body, in bytes.
pub(crate) const BODY: usize = 32 << 20;
/// The part of a failure's body that is read, in bytes. It is searched for a message, and decoded if it is complete.
/// Decoding can need a multiple of the memory.
pub(crate) const EXCERPT: usize = 64 << 10;

/// The limits of a client that a call can override. In a call, `None` means the limit of the client; in a client, no
/// limit.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Limits {
    /// From sending the request to the end of the response body.
    pub(crate) overall: Option<Duration>,
    /// From sending one request of the call to the end of its response body, or to its head if it is a stream.
    pub(crate) attempt: Option<Duration>,
    /// The time that the connection may be idle.
    pub(crate) idle: Option<Duration>,
    /// The maximum size of a decoded body, in bytes; `usize::MAX` means no limit.
    pub(crate) body: Option<usize>,
}

/// Limits of a request that must end.
pub(crate) const ALL: Limits = Limits { overall: Some(IDLE), attempt: None, idle: Some(IDLE), body: Some(BODY) };

impl Limits {
    /// Returns these limits, completed by `others`.
    pub(crate) fn or(self, others: Self) -> Self {
        Self {
            overall: self.overall.or(others.overall),
            attempt: self.attempt.or(others.attempt),
            idle: self.idle.or(others.idle),
            body: self.body.or(others.body),
        }
    }
}
