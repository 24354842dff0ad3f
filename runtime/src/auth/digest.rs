//! HTTP Digest access authentication, RFC 7616. In: the header fields of 401 answers and of accepted ones. Out: `Authorization` values.
//!
//! Servers of RFC 2617 and RFC 2069 (no `qop`) are answered in their own form. One [`Digest`] belongs to one set of credentials on one server and
//! is shared by all requests: it remembers what the server accepted last, so that later requests are authorized at once, each with its own count.
//! One request is one [`Attempts`]:
//!
//! ```text
//! let mut attempts = digest.begin(method, uri);
//! loop: send with attempts.authorization(), or without if it is None
//!   401: attempts.challenged(headers)        Retry: once more; else give up
//!   anything else: attempts.succeeded(headers)
//! ```
//!
//! The parts: `field` reads header fields, `challenge` chooses what to answer, `session` answers it, `algorithm` hashes, `attempts` decides about one
//! request; here is what requests share.
//!
//! Not done, on purpose: `auth-int` (it needs the body before it is sent), checking `rspauth` of the server, and Unicode normalization of
//! names and passwords (RFC 7616 §4 asks for Form C; what the caller gives is taken as it is).
//!
//! **Invariant:** no two requests get the same count for one of the last nonces. Only what the server has accepted is used by other requests; until then
//! it belongs to the request that was challenged, so that requests side by side cannot spoil each other's nonces. Neither user name, password nor a
//! hash of them shows in `Debug` or in a reason.
//!
//! Why no crate for all of it: `digest_auth` 0.3 panics on text outside of ASCII and reads one challenge; `http-auth` 0.1 gives up on a whole
//! field for a `token68` or a byte outside of ASCII, compares algorithm names by case and makes a new `-sess` key with each request. Its parser, which
//! was fuzzed against the grammar, is the yardstick of the tests here.

mod algorithm;
mod attempts;
mod challenge;
mod field;
#[cfg(test)]
mod flow_tests;
mod session;
#[cfg(test)]
mod tests;

use std::collections::VecDeque;
use std::fmt;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use http::Method;
use http::header::{HeaderMap, HeaderName};

pub(crate) use attempts::{Attempts, Verdict};
use session::Session;

/// RFC 7615 §3.
const AUTHENTICATION_INFO: HeaderName = HeaderName::from_static("authentication-info");

/// How many nonces keep their counts.
const RECENT: usize = 32;

/// A user name and a password for Digest authentication, with what the server last said about it. `Debug` shows none of it.
pub(crate) struct Digest {
    username: String,
    password: String,
    state: Mutex<State>,
    /// Makes a client nonce; tests put a fixed one here.
    cnonce: fn() -> Option<String>,
}

/// What is remembered between requests.
#[derive(Default)]
struct State {
    /// What the server has accepted last. The next request is authorized with it.
    accepted: Option<Arc<CountedSession>>,
    /// What it has offered last. A server that offers one nonce to several requests sees one count for all of them; Apache does so when they arrive within the
    /// same microsecond.
    recent: VecDeque<Arc<CountedSession>>,
}

/// A session, and how many requests were authorized with its nonce (`nc`).
struct CountedSession {
    session: Session,
    used: AtomicU32,
}

impl Digest {
    /// Credentials that no server has been asked about yet. RFC 7616 §4 wants both in Unicode Normalization Form C.
    pub(crate) fn new(username: String, password: String) -> Self {
        Self { username, password, state: Mutex::default(), cnonce: random }
    }

    /// Begins a request. `uri` is the request target exactly as it is sent, with path and query.
    pub(crate) fn begin<'d>(&'d self, method: &'d Method, uri: &'d str) -> Attempts<'d> {
        Attempts::new(self, method, uri)
    }

    /// What the next request is authorized with, if anything has been accepted.
    fn remembered(&self) -> Option<Arc<CountedSession>> {
        self.lock().accepted.clone()
    }

    /// The session that answers a challenge.
    fn offered(&self, session: Session) -> Arc<CountedSession> {
        self.lock().counted(session)
    }

    /// A request of this session was accepted. The server may say which nonce to use next (`nextnonce` in `Authentication-Info`, RFC 7616 §3.5); it is
    /// used together with what else belongs to this very session.
    fn accept(&self, sent: &Arc<CountedSession>, fresh: bool, headers: &HeaderMap) {
        let values = headers.get_all(AUTHENTICATION_INFO).iter();
        let next = values.map(|value| field::parameters(value.as_bytes())).find_map(|parameters| {
            let nonce = parameters.get("nextnonce")?;
            (!nonce.is_empty() && nonce != sent.session.nonce()).then(|| sent.session.renewed(nonce))
        });
        let mut state = self.lock();
        match next {
            Some(next) => state.accepted = Some(state.counted(next)),
            // An old session that is still good does not push out the new one that another request has brought in the meantime.
            None if fresh || state.accepted.is_none() => state.accepted = Some(Arc::clone(sent)),
            None => {}
        }
    }

    /// The session is good for no other request; the next one asks anew.
    fn forget(&self, refused: &Arc<CountedSession>) {
        let mut state = self.lock();
        if state.accepted.as_ref().is_some_and(|known| Arc::ptr_eq(known, refused)) {
            state.accepted = None;
        }
    }

    /// The state is whole between any two statements, so a panic elsewhere spoils nothing.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Digest").finish_non_exhaustive()
    }
}

impl State {
    /// The session with its count, which goes on if the server only repeats a nonce.
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
    /// The count of one more request; none if eight digits are used up.
    fn next(&self) -> Option<u32> {
        let before = self.used.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |used| used.checked_add(1)).ok()?;
        before.checked_add(1)
    }
}

/// A client nonce of 128 random bits (RFC 7616 §5.10).
fn random() -> Option<String> {
    let mut bytes = [0_u8; 16];
    getrandom::fill(&mut bytes).ok()?;
    Some(algorithm::hexadecimal(&bytes))
}
