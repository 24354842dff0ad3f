//! HTTP Digest authentication (RFC 7616).
//!
//! In: the headers of 401 responses and of accepted requests. Out: values of `Authorization`. Servers that implement
//! RFC 2617 or RFC 2069 (no `qop`) are supported, too. All requests share the [`Digest`] of a set of credentials. It
//! remembers what the server last accepted, so later requests need no challenge. Each request has its own
//! [`Attempts`](attempts::Attempts):
//!
//! ```text
//! let mut attempts = digest.begin(method, uri);
//! loop: send with attempts.authorization(), unless that returns None
//!   401: attempts.challenged(headers)        Retry: continue; otherwise stop
//!   other status: attempts.succeeded(headers)
//! ```
//!
//! `field` parses header fields, `challenge` chooses a challenge, `session` answers it, `algorithm` hashes, `attempts`
//! decides about a request. This module has the state that requests share.
//!
//! Not supported: `auth-int`, which requires the body; verification of the server's `rspauth`; and Unicode
//! normalization of user names and passwords (RFC 7616 §4), which are used unchanged.
//!
//! Invariants: no two requests use the same count with one of the last nonces. A nonce is shared only after the server
//! has accepted it; until then it belongs to the challenged request, so concurrent requests do not invalidate each
//! other's nonces. Neither `Debug` nor a reason shows a user name, a password or a hash of them.
//!
//! Why not a crate: `digest_auth` 0.3 panics on strings outside of ASCII and reads only one challenge. `http-auth` 0.1
//! rejects a whole field for a `token68` or a byte outside of ASCII, compares algorithm names by case and creates a
//! `-sess` key for each request. Its parser was fuzzed against the grammar; tests here compare with it.

mod algorithm;
mod attempts;
mod challenge;
mod field;
mod session;
#[cfg(test)]
mod tests;

use std::collections::VecDeque;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};

use http::HeaderMap;
use uuid::Uuid;

use crate::lock::lock;
pub(crate) use attempts::Verdict;
use session::Session;

/// RFC 7615 §3.
const AUTHENTICATION_INFO: &str = "authentication-info";

/// The number of nonces whose counts are kept.
const RECENT: usize = 32;

/// A user name and a password for Digest authentication, with the state of the authentication. `Debug` shows none of
/// it.
pub(crate) struct Digest {
    username: String,
    pub(crate) password: String,
    state: Mutex<State>,
    /// Creates a client nonce. Tests use a fixed one.
    cnonce: fn() -> Option<String>,
}

/// The state that requests share.
#[derive(Default)]
struct State {
    /// The session that the server has accepted last. The next request uses it.
    accepted: Option<Arc<CountedSession>>,
    /// The last sessions. A server can offer one nonce to several requests, which then share its count. Apache does so
    /// for requests in the same microsecond.
    recent: VecDeque<Arc<CountedSession>>,
    /// The strength of the strongest algorithm that the server has accepted.
    strength: u8,
}

/// A session, and the number of requests that have used its nonce (`nc`).
struct CountedSession {
    session: Session,
    used: AtomicU32,
}

impl Digest {
    /// Creates the state for credentials. RFC 7616 §4 requires both in Unicode Normalization Form C.
    pub(crate) fn new(username: String, password: String) -> Self {
        Self { username, password, state: Mutex::default(), cnonce: random }
    }

    /// Records that a request of this session was accepted. The server may set the next nonce of the session
    /// (`nextnonce` in `Authentication-Info`, RFC 7616 §3.5).
    fn accept(&self, sent: &Arc<CountedSession>, fresh: bool, headers: &HeaderMap) {
        let values = headers.get_all(AUTHENTICATION_INFO).iter();
        let next = values.map(|value| field::parameters(value.as_bytes())).find_map(|parameters| {
            let nonce = parameters.get("nextnonce")?;
            (!nonce.is_empty() && nonce != sent.session.challenge.nonce).then(|| sent.session.renewed(nonce))
        });
        let mut state = lock(&self.state);
        state.strength = state.strength.max(sent.session.challenge.algorithm.strength());
        match next {
            Some(next) => state.accepted = Some(state.counted(next)),
            // An old session does not replace a newer one that another request has opened in the meantime.
            None if fresh || state.accepted.is_none() => state.accepted = Some(Arc::clone(sent)),
            None => {}
        }
    }

    /// Removes a session that was rejected. The next request starts without one.
    fn forget(&self, refused: &Arc<CountedSession>) {
        let mut state = lock(&self.state);
        if state.accepted.as_ref().is_some_and(|known| Arc::ptr_eq(known, refused)) {
            state.accepted = None;
        }
    }
}

impl State {
    /// Returns the session with its count, which continues if the server repeats a nonce.
    fn counted(&mut self, session: Session) -> Arc<CountedSession> {
        let known = self.accepted.iter().chain(&self.recent).find(|known| known.session.is_same(&session));
        if let Some(known) = known {
            return Arc::clone(known);
        }
        let counted = Arc::new(CountedSession { session, used: AtomicU32::new(0) });
        self.recent.push_back(Arc::clone(&counted));
        if self.recent.len() > RECENT {
            self.recent.pop_front();
        }
        counted
    }
}

impl CountedSession {
    /// Returns the count of the next request. `None` if it has more than eight digits.
    fn next(&self) -> Option<u32> {
        let before = self.used.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |used| used.checked_add(1)).ok()?;
        before.checked_add(1)
    }
}

/// Returns a client nonce of 128 random bits (RFC 7616 §5.10).
fn random() -> Option<String> {
    let mut bytes = [0_u8; 16];
    getrandom::fill(&mut bytes).ok()?;
    Some(Uuid::from_bytes(bytes).simple().to_string())
}
