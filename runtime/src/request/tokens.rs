//! Tokens of providers in a call.
//!
//! In: an [`Exchange`] whose credentials may have providers. Out: the same with their tokens in place. Invariant: a call waits for a
//! provider no longer than its deadline, and has a refused token replaced once.

use std::sync::Arc;

use http::HeaderName;

use super::Exchange;
use crate::auth::{Credential, Provider, Token};
use crate::error::{CoreError, CredentialsError, TransportFailure};
use crate::platform;

/// A credential whose token a provider gives.
pub(super) struct Provided {
    /// Where it is among the credentials of the exchange.
    index: usize,
    provider: Arc<Provider>,
    scheme: String,
    token: Option<Token>,
}

impl Provided {
    /// Those among the credentials, except for what a header of the call replaces.
    pub(super) fn among(credentials: &[Credential], has_header: impl Fn(&HeaderName) -> bool) -> Vec<Self> {
        let provided = credentials.iter().enumerate().filter_map(|(index, credential)| {
            let provider = Arc::clone(credential.as_provider()?);
            let is_replaced = provider.sample().header_name().is_some_and(&has_header);
            (!is_replaced).then(|| Self { index, provider, scheme: credential.scheme().to_owned(), token: None })
        });
        provided.collect()
    }
}

impl Exchange {
    /// Obtains the tokens that an attempt needs.
    pub(super) async fn obtain_tokens(&mut self) -> Result<(), CoreError> {
        for number in 0..self.provided.len() {
            self.obtain_token(number, false).await?;
        }
        Ok(())
    }

    /// Obtains tokens in the place of those that were refused. Returns whether there is another one.
    pub(super) async fn renew_tokens(&mut self) -> Result<bool, CoreError> {
        let mut is_other = false;
        for number in 0..self.provided.len() {
            is_other |= self.obtain_token(number, true).await?;
        }
        Ok(is_other)
    }

    /// Obtains a token, and puts it in its place. Returns whether it is another one than before.
    async fn obtain_token(&mut self, number: usize, is_refused: bool) -> Result<bool, CoreError> {
        let Some(Provided { index, provider, scheme, token: before }) = self.provided.get_mut(number) else {
            return Ok(false);
        };
        let refused = before.as_ref().filter(|_| is_refused);
        let obtained = match self.deadline {
            None => provider.token(&self.request.client, refused).await,
            Some(deadline) => {
                let waiting = provider.token(&self.request.client, refused);
                match platform::timeout_at(deadline, waiting).await {
                    Ok(obtained) => obtained,
                    Err(_) => return Err(CoreError::Transport(Box::new(self.failed(TransportFailure::NoToken)))),
                }
            }
        };
        let scheme = &*scheme;
        let failed = |reason: String, failure| {
            let operation = self.request.operation.clone();
            CoreError::Credentials(Box::new(CredentialsError { operation, reason, failure, attempts: 0 }))
        };
        let token = obtained.map_err(|failure| {
            let reason = if is_refused {
                format!("the server refused the token for `{scheme}`, and the provider gave no other")
            } else {
                format!("the provider of `{scheme}` gave no token")
            };
            failed(reason, Some(failure))
        })?;
        let placed = provider.placed(&token);
        if let Some(problem) = placed.problem() {
            let reason = format!("the token from the provider of `{scheme}` {problem}");
            return Err(failed(reason, None));
        }
        let is_other = before.as_ref().is_none_or(|before| before.expose() != token.expose());
        if is_other {
            self.spent.extend(before.replace(token));
        }
        if let Some(credential) = self.credentials.get_mut(*index) {
            *credential = placed;
        }
        Ok(is_other)
    }

    /// The tokens that the call was sent with.
    pub(super) fn tokens(&self) -> Vec<Token> {
        if self.provided.is_empty() {
            return Vec::new();
        }
        let last = self.provided.iter().filter_map(|provided| provided.token.clone());
        self.spent.iter().cloned().chain(last).collect()
    }
}
