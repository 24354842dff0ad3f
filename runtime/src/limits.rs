//! Limits of time and size.
//!
//! In: what the builder of a client and the options of a call say. Out: [`Limits`] of one call. The defaults are here, and
//! `docs/LIMITS.md` lists them.

use std::time::Duration;

/// The time limit for connecting.
#[cfg(not(all(target_family = "wasm", target_os = "unknown")))]
pub(crate) const CONNECT: Duration = Duration::from_secs(10);
/// How long a server may send nothing. Long enough for a slow query.
pub(crate) const IDLE: Duration = Duration::from_secs(300);
/// The largest body that is decoded, in bytes.
pub(crate) const BODY: usize = 32 << 20;
/// How much of the body of a failure is read, in bytes. It is searched for a message, and decoded if it is whole: decoded it can take many
/// times as much memory.
pub(crate) const EXCERPT: usize = 64 << 10;

/// The limits of a call that a client has and a call can change. `None` is what a call leaves to its client, and in a client no
/// limit.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Limits {
    /// From sending the request to the end of the response body.
    pub(crate) overall: Option<Duration>,
    /// From sending one request of the call to the end of its response's body, or to its head if it is a stream.
    pub(crate) attempt: Option<Duration>,
    /// How long the server may send nothing.
    pub(crate) idle: Option<Duration>,
    /// The largest body that is decoded, in bytes; `usize::MAX` for any.
    pub(crate) body: Option<usize>,
}

/// Limits of a request that must end.
pub(crate) const ALL: Limits = Limits { overall: Some(IDLE), attempt: None, idle: Some(IDLE), body: Some(BODY) };

impl Limits {
    /// These limits, and those of `others` where there is none.
    pub(crate) fn or(self, others: Self) -> Self {
        Self {
            overall: self.overall.or(others.overall),
            attempt: self.attempt.or(others.attempt),
            idle: self.idle.or(others.idle),
            body: self.body.or(others.body),
        }
    }
}

/// `None` means no limit.
pub(crate) fn body_limit(bytes: Option<usize>) -> usize {
    bytes.unwrap_or(usize::MAX)
}
