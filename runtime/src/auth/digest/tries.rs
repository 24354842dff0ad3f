//! One request and how often it is sent. In: the answers to its tries. Out: what to send next, or why to stop.
//!
//! ```text
//! 1. with what was accepted last (without, if nothing was)
//! 2. with an answer to the challenge that this request has got
//! 3. without, to get a challenge that has nothing to do with earlier requests
//! 4. with an answer to that
//! ```
//!
//! Wrong credentials end after the second. The third and fourth are for servers that keep a record of each client which requests side by side have mixed
//! up: Apache does so with `AuthDigestNonceLifetime 0` and with `AuthDigestNcCheck On`.
//!
//! **Invariant:** at most four tries. An answer to a challenge that is refused is the last one, unless the server says that its nonce is stale or
//! had accepted these credentials before.

use std::fmt;
use std::sync::Arc;

use http::Method;
use http::header::{HeaderMap, HeaderValue};

use super::challenge::{self, Challenge, Unfit};
use super::session::Session;
use super::{Counted, Digest};

/// What to do after a 401 answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Challenged {
    /// Send the request once more, with what [`Tries::authorization`] gives now.
    Retry,
    /// The server does not accept the credentials.
    Refused,
    /// The server's answer leaves nothing to try; the text says why.
    Unusable(String),
}

/// One request with all of its tries, begun by [`Digest::begin`].
pub struct Tries<'d> {
    digest: &'d Digest,
    method: &'d Method,
    uri: &'d str,
    /// What the current try is sent with.
    sent: Option<Sent>,
    /// What the first try was sent with.
    remembered: Option<Arc<Counted>>,
    /// The third try has been made.
    asked_anew: bool,
}

/// The credentials of one try.
struct Sent {
    value: HeaderValue,
    session: Arc<Counted>,
    /// They answer a challenge to this very request.
    fresh: bool,
}

impl<'d> Tries<'d> {
    pub(super) fn new(digest: &'d Digest, method: &'d Method, uri: &'d str) -> Self {
        let mut tries = Self { digest, method, uri, sent: None, remembered: None, asked_anew: false };
        if let Some(session) = digest.remembered() {
            tries.sent = tries.credentials(&session, false);
            if tries.sent.is_some() {
                tries.remembered = Some(session);
            } else {
                // Its counts are used up, for one.
                digest.forget(&session);
            }
        }
        tries
    }

    /// The `Authorization` value of the current try, marked sensitive (RFC 7616 §3.4). `None`: it is to be sent without, to get a challenge.
    #[must_use]
    pub fn authorization(&self) -> Option<&HeaderValue> {
        self.sent.as_ref().map(|sent| &sent.value)
    }

    /// Takes in the header fields of a 401 answer to the current try and says what to do.
    ///
    /// Of several challenges, in one field or in many, the strongest supported one is taken.
    pub fn challenged(&mut self, headers: &HeaderMap) -> Challenged {
        let verdict = match challenge::choose(headers) {
            Ok(challenge) => self.next(challenge),
            Err(Unfit::NoDigest(_)) if self.sent.is_some() => Challenged::Refused,
            Err(Unfit::NoDigest(reason) | Unfit::Faulty(reason)) => Challenged::Unusable(reason),
        };
        if verdict != Challenged::Retry
            && let Some(remembered) = &self.remembered
        {
            self.digest.forget(remembered);
        }
        verdict
    }

    /// Takes in the header fields of an answer that was not a 401: the credentials were accepted.
    pub fn succeeded(&self, headers: &HeaderMap) {
        if let Some(sent) = &self.sent {
            self.digest.accept(&sent.session, sent.fresh, headers);
        }
    }

    /// Whether another try can have another outcome (RFC 7616 §3.3 `stale`, §3.4), and which.
    fn next(&mut self, challenge: Challenge) -> Challenged {
        let Some(sent) = &self.sent else { return self.answer(challenge) };
        if sent.session.session.nonce() == challenge.nonce {
            return if challenge.stale {
                Challenged::Unusable("the server calls a nonce stale and sends no other".to_owned())
            } else {
                Challenged::Refused
            };
        }
        if !sent.fresh {
            return self.answer(challenge);
        }
        if !self.asked_anew && (challenge.stale || self.remembered.is_some()) {
            self.asked_anew = true;
            self.sent = None;
            return Challenged::Retry;
        }
        if challenge.stale {
            Challenged::Unusable("the server calls even a new nonce stale".to_owned())
        } else {
            Challenged::Refused
        }
    }

    /// Answers a challenge with the next try.
    fn answer(&mut self, challenge: Challenge) -> Challenged {
        let Some(cnonce) = (self.digest.cnonce)() else {
            return Challenged::Unusable("the system gives no random bytes".to_owned());
        };
        let session = Session::open(challenge, &self.digest.username, &self.digest.password, cnonce);
        let session = self.digest.offered(session);
        self.sent = self.credentials(&session, true);
        if self.sent.is_some() {
            Challenged::Retry
        } else {
            Challenged::Unusable("the credentials cannot be written into a header".to_owned())
        }
    }

    fn credentials(&self, session: &Arc<Counted>, fresh: bool) -> Option<Sent> {
        let count = session.next()?;
        let value = session.session.answer(self.method.as_str(), self.uri, count, self.digest.cnonce)?;
        Some(Sent { value, session: Arc::clone(session), fresh })
    }
}

impl fmt::Debug for Tries<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Tries").finish_non_exhaustive()
    }
}
