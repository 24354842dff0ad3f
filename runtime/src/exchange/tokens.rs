//! Tokens of providers in a call.
//!
//! In: an [`Exchange`] whose credentials may have providers. Out: the exchange with the tokens in place. Invariant: a
//! call waits for a provider no longer than its deadline, and replaces a rejected token once.

use super::state::{Exchange, Provided};
use crate::error::{CoreError, TransportError};
use crate::failure::TransportFailure;
use crate::waiting::Waiting;

/// Obtains the tokens for an attempt, or replacements for rejected ones. Returns whether there is a new token.
pub(super) async fn obtain(exchange: &mut Exchange, is_refused: bool) -> Result<bool, CoreError> {
    let Exchange { request, provided, credentials, replaced_tokens, deadline, .. } = exchange;
    let call = Waiting { call: *deadline, ..Waiting::default() };
    let mut is_other = false;
    for Provided { index, provider, token } in provided {
        let scheme = provider.sample.scheme();
        let obtained = provider.token(&request.shared, token.as_ref().filter(|_| is_refused));
        let obtained = call.within(obtained).await.map_err(|_| {
            CoreError::Transport(Box::new(TransportError::new(request.operation.clone(), TransportFailure::NoToken)))
        })?;
        let obtained = obtained.map_err(|failure| {
            let new = if is_refused { "new " } else { "" };
            request.without_credentials(format!("no {new}token for `{scheme}`"), Some(failure))
        })?;
        let placed = provider.placed(&obtained);
        if let Some(problem) = placed.problem() {
            let reason = format!("the token from the provider of `{scheme}` {problem}");
            return Err(request.without_credentials(reason, None));
        }
        if token.as_ref().is_none_or(|before| before.expose() != obtained.expose()) {
            is_other = true;
            replaced_tokens.extend(token.replace(obtained));
        }
        debug_assert!(*index < credentials.len(), "a provider belongs to a credential");
        if let Some(credential) = credentials.get_mut(*index) {
            *credential = placed;
        }
    }
    Ok(is_other)
}
