//! Challenges of Digest authentication (RFC 7616 §3.3).
//!
//! In: a hop of an [`Exchange`]. Out: an [`Answer`] other than an answerable challenge. Without Digest credentials this
//! is one request.

use http::StatusCode;
use http::header::AUTHORIZATION;

use super::answer::Answer;
use super::prepare::has_header;
use super::sending::{send_once, with_query_keys};
use super::state::{Exchange, NOT_REPLAYABLE, Tally, origin, take};
use crate::auth::Credential;
use crate::auth::digest::{Digest, Verdict};
use crate::error::CoreError;
use crate::redirect::Hop;

/// Sends a hop, with as many requests as Digest authentication needs.
pub(super) async fn send(exchange: &Exchange, hop: &Hop, tally: &mut Tally) -> Result<Box<Answer>, CoreError> {
    let digest = exchange.credentials.iter().find_map(Credential::as_digest);
    match digest.filter(|_| hop.same_origin && !has_header(&exchange.request, &AUTHORIZATION)) {
        None => send_once(exchange, hop, None, tally).await,
        // Boxed, so that other calls do not carry its state.
        Some(digest) => Box::pin(send_with_digest(exchange, digest, hop, tally)).await,
    }
}

/// Answers challenges of 401 responses (RFC 7616 §3.3).
async fn send_with_digest(
    exchange: &Exchange,
    digest: &Digest,
    hop: &Hop,
    tally: &mut Tally,
) -> Result<Box<Answer>, CoreError> {
    let url = with_query_keys(exchange, &hop.url);
    let uri = url.as_str().strip_prefix(origin(&url)).unwrap_or_default();
    let mut attempts = digest.begin(&hop.method, uri);
    loop {
        let mut answer = send_once(exchange, hop, attempts.authorization(), tally).await?;
        if answer.status != StatusCode::UNAUTHORIZED {
            attempts.succeeded(&answer.headers);
            return Ok(answer);
        }
        match attempts.challenged(&answer.headers) {
            Verdict::Retry if hop.body && !exchange.can_be_sent() => {
                answer.note = Some(NOT_REPLAYABLE.into());
                return Ok(answer);
            }
            Verdict::Retry if take(&mut tally.challenges) => answer.discard().await,
            Verdict::Retry | Verdict::Refused => return Ok(answer),
            Verdict::Unusable(reason) => {
                answer.note = Some(reason.into());
                return Ok(answer);
            }
        }
    }
}
