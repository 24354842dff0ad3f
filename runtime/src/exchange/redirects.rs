//! One attempt of a call: from the first request to the head of a response other than a redirect, a challenge or a
//! rejected token.
//!
//! In: an [`Exchange`]. Out: an [`Answer`] with unread body, and its origin.

use http::StatusCode;

use super::answer::Answer;
use super::state::{Exchange, NOT_REPLAYABLE, Tally, take};
use super::{challenges, tokens};
use crate::auth::{Credential, Token};
use crate::error::CoreError;
use crate::redirect::{self, Decision, Hop};

/// Makes an attempt: sends the request, follows redirects and answers challenges. Returns the last response, and its hop;
/// `None` stands for the first hop.
pub(super) async fn open(
    exchange: &mut Exchange,
    tally: &mut Tally,
) -> Result<(Box<Answer>, Option<Box<Hop>>), CoreError> {
    let answer = challenges::send(exchange, &exchange.first, tally).await?;
    let may_be_followed = exchange.request.follows_redirects() && answer.status.is_redirection();
    if may_be_followed || may_be_renewed(exchange, &answer, &exchange.first) {
        // Boxed, so that other calls do not carry its state.
        return Box::pin(follow(exchange, answer, tally)).await;
    }
    Ok((answer, None))
}

/// Continues after a response that rejects a token or redirects.
async fn follow(
    exchange: &mut Exchange,
    answer: Box<Answer>,
    tally: &mut Tally,
) -> Result<(Box<Answer>, Option<Box<Hop>>), CoreError> {
    let mut hop = Box::new(exchange.first.clone());
    let mut answer = renew(exchange, answer, &hop, tally).await?;
    while exchange.request.follows_redirects() {
        match after(exchange, &hop, &answer) {
            Decision::Final => {}
            Decision::Stop(reason) => answer.note = Some(reason.into()),
            Decision::Follow(next) if next.body && !exchange.can_be_sent() => {
                answer.note = Some(NOT_REPLAYABLE.into());
            }
            Decision::Follow(_) if !take(&mut tally.redirects) => answer.note = Some("too many redirects".into()),
            Decision::Follow(next) => {
                answer.discard().await;
                *hop = next;
                answer = challenges::send(exchange, &hop, tally).await?;
                answer = renew(exchange, answer, &hop, tally).await?;
                continue;
            }
        }
        break;
    }
    Ok((answer, Some(hop)))
}

/// Returns the decision about a response to a hop.
fn after(exchange: &Exchange, hop: &Hop, answer: &Answer) -> Decision {
    let keys = exchange.credentials.iter().filter_map(Credential::query_key);
    let keys: Vec<&str> = keys.chain(exchange.replaced_tokens.iter().map(Token::expose)).collect();
    redirect::decide(hop, answer.status, &answer.headers, &keys)
}

/// Returns `true` if a token of a provider may have been rejected.
fn may_be_renewed(exchange: &Exchange, answer: &Answer, hop: &Hop) -> bool {
    answer.status == StatusCode::UNAUTHORIZED && hop.same_origin && !exchange.provided.is_empty()
}

/// Resends a hop once with new tokens if the tokens of providers were rejected. This is safe for every method: a
/// rejected request had no effect (RFC 9110 §15.5.2).
async fn renew(
    exchange: &mut Exchange,
    mut answer: Box<Answer>,
    hop: &Hop,
    tally: &mut Tally,
) -> Result<Box<Answer>, CoreError> {
    if !may_be_renewed(exchange, &answer, hop) || !take(&mut tally.renewals) {
        return Ok(answer);
    }
    match tokens::obtain(exchange, true).await {
        Ok(true) => {}
        Ok(false) => return Ok(answer),
        Err(CoreError::Credentials(error)) => {
            // The server may have another reason, such as a missing scope.
            answer.note = Some(error.why().into());
            return Ok(answer);
        }
        Err(failure) => return Err(failure),
    }
    if hop.body && !exchange.can_be_sent() {
        // The next call uses the new token.
        answer.note = Some(NOT_REPLAYABLE.into());
        return Ok(answer);
    }
    answer.discard().await;
    challenges::send(exchange, hop, tally).await
}
