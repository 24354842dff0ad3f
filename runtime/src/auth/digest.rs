//! HTTP Digest access authentication, RFC 7616. In: the header fields of 401 answers and of accepted ones. Out: `Authorization` values.
//!
//! Servers of RFC 2617 and RFC 2069 (no `qop`) are answered in their own form. One [`Digest`] belongs to one set of credentials on one server and
//! is shared by all requests: it remembers the last challenge, so that later requests are authorized at once, each with its own count.
//!
//! ```text
//! authorization() -> None                send without credentials
//!                 -> Some(value)         send with it
//! 401: challenged(headers, value)        Retry: begin again; else give up
//! anything else: succeeded(headers)      the credentials were accepted
//! ```
//!
//! The parts: `field` reads header fields, `challenge` chooses what to answer, `session` answers it, `algorithm` hashes; here is the state.
//!
//! Not done, on purpose: `auth-int` (it needs the body before it is sent), checking `rspauth` of the server, and Unicode normalization of
//! names and passwords (RFC 7616 §4 asks for Form C; what the caller gives is taken as it is).
//!
//! **Invariant:** no two requests get the same count for the nonce that is remembered. A nonce that is refused on its first use is not followed by another try, so
//! wrong credentials are not offered again and again. Neither user name, password nor a hash of them shows in `Debug` or in a reason.
//!
//! Why no crate for all of it: `digest_auth` 0.3 panics on text outside of ASCII and reads one challenge; `http-auth` 0.1 gives up on a whole
//! field for a `token68` or a byte outside of ASCII, compares algorithm names by case and makes a new `-sess` key with each request. Its parser, which
//! was fuzzed against the grammar, is the yardstick of the tests here.

mod algorithm;
mod challenge;
mod field;
mod session;
#[cfg(test)]
mod tests;

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use http::header::{HeaderMap, HeaderName, HeaderValue};

use challenge::Unfit;
use session::Session;

/// RFC 7615 §3.
const AUTHENTICATION_INFO: HeaderName = HeaderName::from_static("authentication-info");

/// A user name and a password for Digest authentication, with what the server last said about it. `Debug` shows none of it.
pub struct Digest {
    username: String,
    password: String,
    state: Mutex<Option<State>>,
    /// Makes a client nonce; tests put a fixed one here.
    cnonce: fn() -> Option<String>,
}

/// What to do after a 401 answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Challenged {
    /// Send the request once more with a new [`Digest::authorization`], at most [`Digest::RETRIES`] times.
    Retry,
    /// The server does not accept the credentials.
    Refused,
    /// The server's answer leaves nothing to try; the text says why.
    Unusable(String),
}

/// What is remembered between requests.
struct State {
    session: Arc<Session>,
    /// How many requests were authorized with the nonce of the session (`nc`).
    count: u32,
    /// The server has accepted these credentials since its last challenge.
    accepted: bool,
    /// The nonce came in place of a stale one.
    after_stale: bool,
}

/// What a refused request said about itself.
struct Sent {
    nonce: Vec<u8>,
    /// None in the form of RFC 2069.
    count: Option<u32>,
}

impl Digest {
    /// How often one request may be sent again, at most. Alone it needs one retry; beside others a second or third, where a server takes each nonce
    /// once. A resource that answers 401 to accepted credentials would otherwise be asked as long as other requests succeed.
    pub const RETRIES: usize = 3;

    /// Credentials that no server has been asked about yet. RFC 7616 §4 wants both in Unicode Normalization Form C.
    pub fn new(username: String, password: String) -> Self {
        Self { username, password, state: Mutex::new(None), cnonce: random }
    }

    /// The `Authorization` value of the next request, marked sensitive (RFC 7616 §3.4); each call counts as one request.
    ///
    /// `uri` is the request target exactly as it is sent, with path and query. `None` if no challenge is known: then the request is to be sent
    /// without, to get one. If it is `None` right after [`Challenged::Retry`], another request has found the credentials refused in the meantime,
    /// and trying on is of no use.
    pub fn authorization(&self, method: &http::Method, uri: &str) -> Option<HeaderValue> {
        let (session, count) = self.next()?;
        session.answer(method.as_str(), uri, count, self.cnonce)
    }

    /// Takes in the header fields of a 401 answer and says what to do. `sent` is the `Authorization` value of the request that was refused, if it had
    /// one.
    ///
    /// Of several challenges, in one field or in many, the strongest supported one is taken. A stale nonce is replaced, as is one that had been
    /// accepted before; a new one that is refused means that the credentials are wrong.
    pub fn challenged(&self, headers: &HeaderMap, sent: Option<&HeaderValue>) -> Challenged {
        let sent = sent.and_then(Sent::read);
        let challenge = match challenge::choose(headers) {
            Ok(challenge) => challenge,
            Err(unfit) => return self.give_up(unfit, sent.as_ref()),
        };
        let Some(cnonce) = (self.cnonce)() else {
            return Challenged::Unusable("the system gives no random bytes".to_owned());
        };
        let stale = challenge.stale;
        let offered = Session::open(challenge, &self.username, &self.password, cnonce);
        let mut state = self.lock();
        let verdict = judge(state.as_ref(), &offered, stale, sent.as_ref());
        let current = is_current(state.as_ref(), sent.as_ref());
        if verdict == Challenged::Retry {
            // A nonce that another request has put in the meantime stays, so that requests side by side do not replace each other's for ever.
            // So does one that is only offered again: its count goes on.
            let keep =
                state.as_ref().is_some_and(|state| (sent.is_some() && !current) || state.session.is_same(&offered));
            if !keep {
                *state = Some(State::new(offered, stale));
            }
        } else if current && sent.is_some_and(|sent| sent.nonce != offered.nonce()) {
            // The next request asks anew. A server that repeats its nonce counts on, though, and so does the state.
            *state = None;
        }
        verdict
    }

    /// Takes in the header fields of an answer that was not a 401: the credentials were accepted, and the server may say which nonce to use next
    /// (`nextnonce` in `Authentication-Info`, RFC 7616 §3.5).
    pub fn succeeded(&self, headers: &HeaderMap) {
        let mut state = self.lock();
        let Some(state) = state.as_mut() else { return };
        state.accepted = true;
        for value in headers.get_all(AUTHENTICATION_INFO) {
            let parameters = field::parameters(value.as_bytes());
            let Some(nonce) = parameters.get("nextnonce") else {
                continue;
            };
            // The count of a nonce goes on if the server only repeats it.
            if !nonce.is_empty() && nonce != state.session.nonce() {
                state.session = Arc::new(state.session.renewed(nonce));
                state.count = 0;
                state.after_stale = false;
            }
        }
    }

    /// Counts one more request. The lock is held for that alone.
    fn next(&self) -> Option<(Arc<Session>, u32)> {
        let mut state = self.lock();
        let current = state.as_mut()?;
        let Some(count) = current.count.checked_add(1) else {
            // Eight digits are used up; the next challenge brings a new nonce.
            *state = None;
            return None;
        };
        current.count = count;
        Some((Arc::clone(&current.session), count))
    }

    /// No challenge can be answered. Credentials that were sent and got no new challenge are refused.
    fn give_up(&self, unfit: Unfit, sent: Option<&Sent>) -> Challenged {
        let mut state = self.lock();
        if is_current(state.as_ref(), sent) {
            *state = None;
        }
        match unfit {
            Unfit::NoDigest(_) if sent.is_some() => Challenged::Refused,
            Unfit::NoDigest(reason) | Unfit::Faulty(reason) => Challenged::Unusable(reason),
        }
    }

    /// The state is whole between any two statements, so a panic elsewhere spoils nothing.
    fn lock(&self) -> MutexGuard<'_, Option<State>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Digest").finish_non_exhaustive()
    }
}

impl State {
    fn new(session: Session, after_stale: bool) -> Self {
        Self { session: Arc::new(session), count: 0, accepted: false, after_stale }
    }
}

impl Sent {
    /// Reads back what a request carried; `None` if that was no Digest.
    fn read(value: &HeaderValue) -> Option<Self> {
        let schemes = field::schemes(value.as_bytes());
        let digest = schemes.iter().find(|scheme| scheme.is("Digest"))?;
        let nonce = digest.parameters.get("nonce")?.to_vec();
        let count = digest.parameters.get("nc");
        let count =
            count.and_then(|count| str::from_utf8(count).ok()).and_then(|count| u32::from_str_radix(count, 16).ok());
        Some(Self { nonce, count })
    }
}

/// Whether the request was sent with the nonce that is remembered now.
fn is_current(state: Option<&State>, sent: Option<&Sent>) -> bool {
    match (state, sent) {
        (Some(state), Some(sent)) => state.session.nonce() == sent.nonce,
        _ => false,
    }
}

/// Whether another try can have another outcome (RFC 7616 §3.3 `stale`, §3.4).
///
/// Why requests with wrong credentials come to an end: every nonce has one request that used it first (`nc=1`, or without counts: that finds it
/// remembered). If that one is refused and nothing was accepted since the challenge, it gives up; the others take the next nonce, where one of them is
/// the first.
fn judge(state: Option<&State>, offered: &Session, stale: bool, sent: Option<&Sent>) -> Challenged {
    let Some(sent) = sent else {
        return Challenged::Retry;
    };
    if offered.nonce() == sent.nonce {
        return if stale {
            Challenged::Unusable("the server calls a nonce stale and sends no other".to_owned())
        } else {
            Challenged::Refused
        };
    }
    let current = state.filter(|state| state.session.nonce() == sent.nonce);
    let accepted = current.is_some_and(|state| state.accepted);
    let first_use = sent.count.map_or(current.is_some(), |count| count <= 1);
    if !first_use || accepted {
        return Challenged::Retry;
    }
    if !stale {
        return Challenged::Refused;
    }
    // A first use may come long after the nonce, so once is no fault.
    if current.is_some_and(|state| state.after_stale) {
        return Challenged::Unusable("the server calls even a new nonce stale".to_owned());
    }
    Challenged::Retry
}

/// A client nonce of 128 random bits (RFC 7616 §5.10).
fn random() -> Option<String> {
    let mut bytes = [0_u8; 16];
    getrandom::fill(&mut bytes).ok()?;
    Some(algorithm::hexadecimal(&bytes))
}
