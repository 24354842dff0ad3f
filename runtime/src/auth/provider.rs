//! Tokens from a provider, cached until shortly before they expire.
//!
//! In: calls that need a token, or whose token was rejected. Out: a token, or an error. Invariants: calls of a provider
//! never overlap, regardless of the number of calls. A started call of a provider is finished even if no caller waits
//! any more, so that a new refresh token is not lost. All waiting calls share a failure. No token is shown.

use std::any::Any;
use std::error::Error as StdError;
use std::ops::ControlFlow::{self, Break, Continue};
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use tokio::sync::watch;

use super::credential::{Credential, Placement};
use crate::clipped::Clipped;
use crate::error::{Error, ProviderFailure};
use crate::lock::lock;
use crate::platform::{self, Instant};
use crate::redact::Secrets;

/// The maximum margin before expiry at which a token is refreshed; a shorter-lived token is refreshed when a tenth of
/// its lifetime is left.
const MARGIN: Duration = Duration::from_secs(30);
/// The time during which further calls share a failure, so that they do not call the provider one after the other.
const FAILURE: Duration = Duration::from_millis(100);
/// The pause after a failed refresh while the old token is still valid.
const PAUSE: Duration = Duration::from_secs(5);

/// The maximum number of runtimes in which a call starts the provider, if they end one after the other.
const RUNTIMES: usize = 3;

/// An access token from a provider. `Debug` does not show it.
///
/// ```
/// use std::time::Duration;
/// use clientwright_runtime::Token;
///
/// let token = Token::new("secret").expires_in(Duration::from_secs(3600));
/// assert!(!format!("{token:?}").contains("secret"));
/// ```
#[must_use = "a token has no effect until a provider returns it"]
#[derive(Clone)]
pub struct Token {
    secret: Arc<str>,
    life: Option<Lifetime>,
}

/// The lifetime of a token.
#[derive(Clone, Copy, Debug)]
struct Lifetime {
    /// The time from which on the token is refreshed.
    refresh_at: SystemTime,
    expires: SystemTime,
}

impl Token {
    /// Creates a token that is used until a server rejects it.
    pub fn new(secret: impl Into<String>) -> Self {
        Self { secret: secret.into().into(), life: None }
    }

    /// Sets the lifetime of the token from now on. The token is refreshed 30 s before it expires, or when a tenth of
    /// its lifetime is left, whichever is later.
    pub fn expires_in(self, life: Duration) -> Self {
        self.with_lifetime(platform::system_time(), life)
    }

    /// Sets the time at which the token expires.
    pub fn expires_at(self, end: SystemTime) -> Self {
        let now = platform::system_time();
        self.with_lifetime(now, end.duration_since(now).unwrap_or_default())
    }

    /// Sets the lifetime. A lifetime beyond the range of `SystemTime` means no expiry.
    fn with_lifetime(self, now: SystemTime, life: Duration) -> Self {
        let margin = MARGIN.min(life / 10);
        let life = now
            .checked_add(life)
            .and_then(|expires| Some(Lifetime { refresh_at: expires.checked_sub(margin)?, expires }));
        Self { life, ..self }
    }

    /// Returns the token as plain text.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.secret
    }

    fn has_expired(&self, now: SystemTime) -> bool {
        self.life.is_some_and(|life| life.expires <= now)
    }

    fn is_old(&self, now: SystemTime) -> bool {
        self.life.is_some_and(|life| life.refresh_at <= now)
    }
}

debug!(Token: self { life, .. });

/// The error of a provider.
pub(crate) type SourceError = Box<dyn StdError + Send + Sync>;
/// A future of a token.
pub(crate) type TokenFuture = Pin<Box<dyn Future<Output = Result<Token, SourceError>> + Send>>;

/// A future of the response to a form.
pub(crate) type Posted = Pin<Box<dyn Future<Output = Result<Bytes, Refusal>> + Send>>;

/// The client of a call that needs a token, with the operations that a source of tokens needs.
pub(crate) trait TokenClient: Send + Sync {
    /// Sends a form to a URL of the API document, without anything that only the API's server may receive, and returns
    /// the body of a success. The form is sent once, unless it is idempotent; redirects are not followed.
    fn post(&self, url: &str, credential: Option<Credential>, form: String, is_idempotent: bool) -> Posted;
}

/// The reason why a form was not accepted.
pub(crate) enum Refusal {
    /// The URL is unusable, for this reason.
    Url(&'static str),
    /// The request failed.
    Failed(Box<Error>),
}

/// A source of tokens.
pub(crate) trait Source: Any + Send + Sync {
    /// Obtains a token. `client` is the client of the call that needs the token.
    fn obtain(self: Arc<Self>, client: Arc<dyn TokenClient>) -> TokenFuture;

    /// Adds the secrets of the source, apart from its tokens.
    fn add_secrets(&self, _: &mut Secrets) {}
}

/// A callback.
impl<F: Fn() -> TokenFuture + Send + Sync + 'static> Source for F {
    fn obtain(self: Arc<Self>, _: Arc<dyn TokenClient>) -> TokenFuture {
        self()
    }
}

/// Creates a credential from a token.
type Place = Arc<dyn Fn(String) -> Credential + Send + Sync>;

/// A source of tokens, with its last token.
pub(crate) struct Provider {
    source: Arc<dyn Source>,
    pub(super) place: Place,
    /// The placement of a token, filled with a sample.
    pub(crate) sample: Credential,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    current: Option<Token>,
    /// The token that is being obtained.
    pending: Option<PendingToken>,
    failed: Option<(Instant, ProviderFailure)>,
}

/// Receives the result of the source.
type PendingToken = watch::Receiver<Option<Result<Token, ProviderFailure>>>;

fn no_return() -> ProviderFailure {
    ProviderFailure { source: None, shown: "it did not return".to_owned() }
}

/// Sends the result of the source. If the source panics, an error is sent, so that waiting calls do not start it again.
struct Sender(watch::Sender<Option<Result<Token, ProviderFailure>>>);

impl Drop for Sender {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.0.send_replace(Some(Err(no_return())));
        }
    }
}

impl Provider {
    /// Creates a provider that turns each token of `source` into a credential with `place`.
    pub(crate) fn new(place: Place, source: Arc<dyn Source>) -> Self {
        Self { sample: place("token".to_owned()), source, place, state: Mutex::default() }
    }

    /// Returns the source, if it is an `S`.
    pub(super) fn source<S: Source>(&self) -> Option<&S> {
        let source: &dyn Any = &*self.source;
        source.downcast_ref()
    }

    /// Returns the credential of a token.
    pub(crate) fn placed(&self, token: &Token) -> Credential {
        (self.place)(token.expose().to_owned())
    }

    /// Adds the last token and the secrets of the source.
    pub(super) fn add_secrets(&self, secrets: &mut Secrets) {
        self.source.add_secrets(secrets);
        lock(&self.state).current.iter().for_each(|token| secrets.add(token.expose()));
    }

    /// Returns a token that is valid according to its lifetime and differs from the rejected one.
    pub(crate) async fn token(
        self: &Arc<Self>,
        client: &(impl TokenClient + Clone + 'static),
        refused: Option<&Token>,
    ) -> Result<Token, ProviderFailure> {
        // The provider's future ends with the runtime of the call that started it. Then this call starts it in its own
        // runtime.
        for _ in 0..RUNTIMES {
            let mut pending = match self.lookup(client, refused) {
                Break(result) => return result,
                Continue(pending) => pending,
            };
            let obtained = pending.wait_for(Option::is_some).await.ok().and_then(|obtained| obtained.clone());
            if let Some(obtained) = obtained {
                return obtained;
            }
        }
        Err(no_return())
    }

    /// Returns the current token, or the one that is being obtained. Starts the provider if necessary.
    fn lookup(
        self: &Arc<Self>,
        client: &(impl TokenClient + Clone + 'static),
        refused: Option<&Token>,
    ) -> ControlFlow<Result<Token, ProviderFailure>, PendingToken> {
        let mut state = lock(&self.state);
        let now = platform::system_time();
        let usable =
            |token: &&Token| refused.is_none_or(|refused| refused.secret != token.secret) && !token.has_expired(now);
        if let Some(token) = state.current.as_ref().filter(usable).cloned() {
            // The token is still valid, so no call has to wait for the next one.
            if token.is_old(now) && state.failure(PAUSE).is_none() {
                self.begin(&mut state, client);
            }
            return Break(Ok(token));
        }
        match state.failure(FAILURE) {
            Some(failure) => Break(Err(failure)),
            None => Continue(self.begin(&mut state, client)),
        }
    }

    /// Starts obtaining a token, unless that has already started. It continues when the call that needs the token ends.
    fn begin(self: &Arc<Self>, state: &mut State, client: &(impl TokenClient + Clone + 'static)) -> PendingToken {
        // A channel is closed if its provider panicked or its runtime ended.
        if let Some(pending) = state.pending.as_ref().filter(|pending| pending.has_changed().is_ok()) {
            return pending.clone();
        }
        let (sender, pending) = watch::channel(None);
        let sender = Sender(sender);
        let (provider, client) = (Arc::clone(self), Arc::new(client.clone()));
        platform::spawn(async move {
            let obtained = Arc::clone(&provider.source).obtain(client).await;
            sender.0.send_replace(Some(provider.store(obtained)));
        });
        state.pending = Some(pending.clone());
        pending
    }

    /// Stores the result of the source.
    fn store(&self, obtained: Result<Token, SourceError>) -> Result<Token, ProviderFailure> {
        let result = obtained.map_err(|error| self.failure(error));
        let mut state = lock(&self.state);
        state.pending = None;
        match &result {
            Ok(token) => (state.current, state.failed) = (Some(token.clone()), None),
            Err(failure) => state.failed = Some((Instant::now(), failure.clone())),
        }
        result
    }

    fn failure(&self, error: SourceError) -> ProviderFailure {
        let mut secrets = Secrets::default();
        self.add_secrets(&mut secrets);
        let shown = secrets.redacted(error.to_string());
        ProviderFailure { shown: Clipped(&shown).to_string(), source: Some(Arc::from(error)) }
    }
}

impl State {
    /// Returns the last failure, if it is younger than `age`.
    fn failure(&self, age: Duration) -> Option<ProviderFailure> {
        let (at, failure) = self.failed.as_ref()?;
        (at.elapsed() < age).then(|| failure.clone())
    }
}

impl Credential {
    /// Creates a credential whose token is returned by a function: see [`Token`]. `place` creates a credential from a
    /// token, for example a [bearer token](Self::bearer) or an API key in a [header](Self::header).
    ///
    /// The function is called when the first call needs a token, before the token expires, and when a server rejects
    /// the token with 401, at most once per call. Calls of the function never overlap: all waiting calls share one
    /// result, and its future completes even if no call waits for it any more. The time that a call waits counts toward
    /// [its time limit](crate::ClientBuilder::timeout). If the function fails, the call returns
    /// [`Error::Credentials`](crate::Error::Credentials). Clones of the credential share its token.
    ///
    /// ```
    /// use std::time::Duration;
    /// use clientwright_runtime::{Client, Credential, Token};
    ///
    /// let credential = Credential::provider(
    ///     |token| Credential::bearer("token", token),
    ///     || async { Ok(Token::new(std::env::var("TOKEN")?).expires_in(Duration::from_secs(600))) },
    /// );
    /// let client = Client::builder("https://api.example.com").auth(credential).build()?;
    /// # let _ = client;
    /// # Ok::<(), clientwright_runtime::BuildError>(())
    /// ```
    pub fn provider<F, Fut>(place: impl Fn(String) -> Self + Send + Sync + 'static, provide: F) -> Self
    where
        F: Fn() -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<Token, Box<dyn StdError + Send + Sync>>> + Send + 'static,
    {
        let source = move || -> TokenFuture { Box::pin(provide()) };
        Self::provided(Provider::new(Arc::new(place), Arc::new(source)))
    }

    /// Returns the credential of a provider.
    pub(crate) fn provided(provider: Provider) -> Self {
        let sample = &provider.sample;
        let problem = match sample.placement {
            Placement::Header { .. } | Placement::Query { .. } | Placement::Cookie { .. } => None,
            Placement::Unusable(reason) => Some(reason),
            Placement::Digest(_) | Placement::Provider(_) => Some("has a provider but is not a token or key"),
        };
        let scheme = sample.scheme().to_owned();
        let placement = problem.map_or_else(|| Placement::Provider(Arc::new(provider)), Placement::Unusable);
        Self::new(&scheme, "provider", placement)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    /// Returns a token that should be refreshed, and is valid for another hour.
    fn old(secret: &str) -> Token {
        let now = platform::system_time();
        Token { secret: secret.into(), life: Some(Lifetime { refresh_at: now - SECOND, expires: now + 3600 * SECOND }) }
    }

    /// A client for callbacks, which need no client.
    #[derive(Clone)]
    struct NoClient;

    impl TokenClient for NoClient {
        fn post(&self, _: &str, _: Option<Credential>, _: String, _: bool) -> Posted {
            unreachable!()
        }
    }

    #[tokio::test(start_paused = true)]
    async fn no_call_waits_for_the_token_after_an_old_one() {
        let (asked, counted) = (Arc::new(Mutex::new(0)), Arc::new(Mutex::new(0)));
        let credential = Credential::provider(|token| Credential::bearer("s", token), {
            let (asked, counted) = (Arc::clone(&asked), Arc::clone(&counted));
            move || {
                let number = *asked.lock().unwrap();
                *asked.lock().unwrap() += 1;
                let counted = Arc::clone(&counted);
                async move {
                    tokio::time::sleep(Duration::from_millis(20)).await;
                    *counted.lock().unwrap() += 1;
                    match number {
                        0 => Ok(old("first")),
                        1 => Err("not now".into()),
                        _ => Ok(Token::new("next")),
                    }
                }
            }
        });
        let provider = credential.as_provider().unwrap();
        let token = async || provider.token(&NoClient, None).await.map_err(|failure| failure.shown).unwrap();
        assert_eq!(token().await.expose(), "first");
        // These calls do not wait, and start one request, which fails. Then there is a pause.
        for _ in 0..3 {
            assert_eq!((token().await.expose(), *counted.lock().unwrap()), ("first", 1));
        }
        tokio::time::sleep(Duration::from_millis(60)).await;
        assert_eq!((token().await.expose(), *asked.lock().unwrap()), ("first", 2));
        tokio::time::advance(PAUSE).await;
        assert_eq!((token().await.expose(), *asked.lock().unwrap()), ("first", 2));
        tokio::time::sleep(Duration::from_millis(60)).await;
        assert_eq!((token().await.expose(), *asked.lock().unwrap()), ("next", 3));
    }

    #[test]
    fn a_token_ages_before_it_expires() {
        let start = SystemTime::UNIX_EPOCH;
        for (life, refresh_at) in [(3600, 3570), (300, 270), (100, 90), (10, 9), (0, 0)] {
            let token = Token::new("t").with_lifetime(start, life * SECOND);
            let at = |second: u32| start + second * SECOND;
            assert!(token.is_old(at(refresh_at)) && token.has_expired(at(life)), "{life}");
            if life > 0 {
                assert!(!token.is_old(at(refresh_at - 1)) && !token.has_expired(at(life - 1)), "{life}");
            }
        }
        let endless = Token::new("t").expires_in(Duration::MAX);
        assert!(!endless.is_old(platform::system_time()));
        assert!(Token::new("t").expires_at(start).has_expired(platform::system_time()));
    }
}
