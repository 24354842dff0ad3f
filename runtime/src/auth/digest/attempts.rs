//! The attempts to send a request. In: the responses to the attempts. Out: the next attempt, or the reason to stop.
//!
//! ```text
//! 1. with the session that was accepted last, or without credentials
//! 2. with the answer to the challenge of this request
//! 3. without credentials, to get a challenge that is independent of earlier requests
//! 4. with the answer to that challenge
//! ```
//!
//! With wrong credentials the second attempt is the last. The third and fourth are for servers with state for each
//! client, which concurrent requests can confuse: Apache with `AuthDigestNonceLifetime 0` and with `AuthDigestNcCheck
//! On`.
//!
//! Invariants: there are at most four attempts. If the answer to a challenge is rejected, it is the last attempt,
//! unless the nonce is stale or the server had accepted the credentials before.

use std::sync::Arc;

use http::Method;
use http::header::{HeaderMap, HeaderValue};

use super::challenge::{self, Challenge, Unanswerable};
use super::session::Session;
use super::{CountedSession, Digest};

use crate::lock::lock;

/// The decision after a 401 response.
#[derive(Debug, PartialEq)]
pub(crate) enum Verdict {
    /// Send the request again, with the new value of [`Attempts::authorization`].
    Retry,
    /// The server does not accept the credentials.
    Refused,
    /// There is no usable challenge, for this reason.
    Unusable(String),
}

/// A request with its attempts; see [`Digest::begin`].
pub(crate) struct Attempts<'d> {
    digest: &'d Digest,
    method: &'d Method,
    uri: &'d str,
    /// The credentials of the current attempt.
    sent: Option<Sent>,
    /// The session of the first attempt.
    remembered: Option<Arc<CountedSession>>,
    /// Whether the third attempt has been made.
    asked_anew: bool,
}

/// The credentials of an attempt.
struct Sent {
    value: HeaderValue,
    session: Arc<CountedSession>,
    /// Whether they answer a challenge of this request.
    fresh: bool,
}

impl Digest {
    /// Begins a request. `uri` is the request target exactly as it is sent, with path and query.
    pub(crate) fn begin<'d>(&'d self, method: &'d Method, uri: &'d str) -> Attempts<'d> {
        let mut attempts = Attempts { digest: self, method, uri, sent: None, remembered: None, asked_anew: false };
        let accepted = lock(&self.state).accepted.clone();
        if let Some(session) = accepted {
            attempts.sent = attempts.credentials(&session, false);
            if attempts.sent.is_some() {
                attempts.remembered = Some(session);
            } else {
                // For example, all its counts were used.
                self.forget(&session);
            }
        }
        attempts
    }
}

impl Attempts<'_> {
    /// Returns the value of `Authorization` for the current attempt, marked as sensitive (RFC 7616 §3.4). `None` to get
    /// a challenge.
    pub(crate) fn authorization(&self) -> Option<&HeaderValue> {
        self.sent.as_ref().map(|sent| &sent.value)
    }

    /// Decides what to do after a 401 response to the current attempt. The strongest supported challenge is chosen,
    /// from one or several fields.
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

    /// Records any other response to the current attempt: the credentials were accepted.
    pub(crate) fn succeeded(&self, headers: &HeaderMap) {
        if let Some(sent) = &self.sent {
            self.digest.accept(&sent.session, sent.fresh, headers);
        }
    }

    /// Decides whether to answer the challenge (RFC 7616 §3.3 `stale`, §3.4).
    fn next(&mut self, challenge: Challenge) -> Verdict {
        let Some(sent) = &self.sent else { return self.answer(challenge) };
        let reason = if sent.session.session.challenge.nonce == challenge.nonce {
            "the server reported a stale nonce but sent no other"
        } else if !sent.fresh {
            return self.answer(challenge);
        } else if !self.asked_anew && (challenge.stale || self.remembered.is_some()) {
            self.asked_anew = true;
            self.sent = None;
            return Verdict::Retry;
        } else {
            "the server reported a new nonce as stale"
        };
        if challenge.stale { Verdict::Unusable(reason.to_owned()) } else { Verdict::Refused }
    }

    /// Answers a challenge with the next attempt.
    fn answer(&mut self, challenge: Challenge) -> Verdict {
        // The server has accepted a stronger algorithm, so this may be an attack (RFC 7616 §5.3).
        if challenge.algorithm.strength() < lock(&self.digest.state).strength {
            return Verdict::Unusable("the Digest challenge has a weaker algorithm than an earlier one".to_owned());
        }
        let Some(cnonce) = (self.digest.cnonce)() else {
            return Verdict::Unusable("no random bytes are available".to_owned());
        };
        let session = Session::open(challenge, &self.digest.username, &self.digest.password, cnonce);
        let session = lock(&self.digest.state).counted(session);
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
