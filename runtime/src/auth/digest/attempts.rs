//! One request and how often it is sent. In: the answers to its attempts. Out: what to send next, or why to stop.
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
//! **Invariant:** at most four attempts. An answer to a challenge that is refused is the last one, unless the server says that its nonce is stale or
//! had accepted these credentials before.

use std::fmt;
use std::sync::Arc;

use http::Method;
use http::header::{HeaderMap, HeaderValue};

use super::challenge::{self, Challenge, Unanswerable};
use super::session::Session;
use super::{CountedSession, Digest};

/// What to do after a 401 answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Send the request once more, with what [`Attempts::authorization`] gives now.
    Retry,
    /// The server does not accept the credentials.
    Refused,
    /// The server's answer leaves nothing to try; the text says why.
    Unusable(String),
}

/// One request with all of its attempts, begun by [`Digest::begin`].
pub(crate) struct Attempts<'d> {
    digest: &'d Digest,
    method: &'d Method,
    uri: &'d str,
    /// What the current try is sent with.
    sent: Option<Sent>,
    /// What the first try was sent with.
    remembered: Option<Arc<CountedSession>>,
    /// The third try has been made.
    asked_anew: bool,
}

/// The credentials of one try.
struct Sent {
    value: HeaderValue,
    session: Arc<CountedSession>,
    /// They answer a challenge to this very request.
    fresh: bool,
}

impl<'d> Attempts<'d> {
    pub(super) fn new(digest: &'d Digest, method: &'d Method, uri: &'d str) -> Self {
        let mut attempts = Self { digest, method, uri, sent: None, remembered: None, asked_anew: false };
        if let Some(session) = digest.remembered() {
            attempts.sent = attempts.credentials(&session, false);
            if attempts.sent.is_some() {
                attempts.remembered = Some(session);
            } else {
                // Its counts are used up, for one.
                digest.forget(&session);
            }
        }
        attempts
    }

    /// The `Authorization` value of the current try, marked sensitive (RFC 7616 §3.4). `None`: it is to be sent without, to get a challenge.
    #[must_use]
    pub(crate) fn authorization(&self) -> Option<&HeaderValue> {
        self.sent.as_ref().map(|sent| &sent.value)
    }

    /// Takes in the header fields of a 401 answer to the current try and says what to do.
    ///
    /// Of several challenges, in one field or in many, the strongest supported one is taken.
    pub(crate) fn challenged(&mut self, headers: &HeaderMap) -> Verdict {
        let verdict = match challenge::choose(headers) {
            Ok(challenge) => self.next(challenge),
            Err(Unanswerable::NoDigest(_)) if self.sent.is_some() => Verdict::Refused,
            Err(Unanswerable::NoDigest(reason) | Unanswerable::Faulty(reason)) => Verdict::Unusable(reason),
        };
        if verdict != Verdict::Retry
            && let Some(remembered) = &self.remembered
        {
            self.digest.forget(remembered);
        }
        verdict
    }

    /// Takes in the header fields of an answer that was not a 401: the credentials were accepted.
    pub(crate) fn succeeded(&self, headers: &HeaderMap) {
        if let Some(sent) = &self.sent {
            self.digest.accept(&sent.session, sent.fresh, headers);
        }
    }

    /// Whether another try can have another outcome (RFC 7616 §3.3 `stale`, §3.4), and which.
    fn next(&mut self, challenge: Challenge) -> Verdict {
        let Some(sent) = &self.sent else { return self.answer(challenge) };
        if sent.session.session.nonce() == challenge.nonce {
            return if challenge.stale {
                Verdict::Unusable("the server calls a nonce stale and sends no other".to_owned())
            } else {
                Verdict::Refused
            };
        }
        if !sent.fresh {
            return self.answer(challenge);
        }
        if !self.asked_anew && (challenge.stale || self.remembered.is_some()) {
            self.asked_anew = true;
            self.sent = None;
            return Verdict::Retry;
        }
        if challenge.stale {
            Verdict::Unusable("the server calls even a new nonce stale".to_owned())
        } else {
            Verdict::Refused
        }
    }

    /// Answers a challenge with the next try.
    fn answer(&mut self, challenge: Challenge) -> Verdict {
        let Some(cnonce) = (self.digest.cnonce)() else {
            return Verdict::Unusable("the system gives no random bytes".to_owned());
        };
        let session = Session::open(challenge, &self.digest.username, &self.digest.password, cnonce);
        let session = self.digest.offered(session);
        self.sent = self.credentials(&session, true);
        if self.sent.is_some() {
            Verdict::Retry
        } else {
            Verdict::Unusable("the credentials cannot be written into a header".to_owned())
        }
    }

    fn credentials(&self, session: &Arc<CountedSession>, fresh: bool) -> Option<Sent> {
        let count = session.next()?;
        let value = session.session.answer(self.method.as_str(), self.uri, count, self.digest.cnonce)?;
        Some(Sent { value, session: Arc::clone(session), fresh })
    }
}

impl fmt::Debug for Attempts<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Attempts").finish_non_exhaustive()
    }
}
