//! OAuth 2.0: tokens from the authorization servers of an API document.
//!
//! In: the flow of a document, and client credentials or a refresh token. Out: a [`Source`] of tokens, by client
//! credentials (RFC 6749 §4.4), a refresh token (§6) or on another device (RFC 8628). Invariants: secrets are sent only
//! to the flow's server and never in a URL; redirects are not followed; headers for the API's server are not sent;
//! secrets that a response repeats are not shown. A response is read up to 64 KiB.

mod answer;
mod device;
mod error;

use std::sync::{Arc, Mutex};

use serde_json::Value;

use super::credential::{Credential, Placement};
use super::provider::{Provider, Source, SourceError, Token, TokenClient, TokenFuture};
use crate::lock::lock;
use crate::parameter;
use crate::redact::{Secrets, is_secret_name};
use answer::{seconds, text};
pub use device::DevicePrompt;
pub use error::OAuth2Error;

/// An OAuth flow of an API document (OpenAPI 3.0.3 §4.7.29): the token endpoints, and the scopes that operations
/// require.
#[derive(Clone, Copy, Debug)]
pub struct Flow {
    token_url: &'static str,
    refresh_url: Option<&'static str>,
    device_url: &'static str,
    scopes: &'static [&'static str],
}

impl Flow {
    /// Creates a flow with this `tokenUrl`. A relative URL is resolved against the base URL.
    #[must_use]
    pub const fn new(token_url: &'static str) -> Self {
        Self { token_url, refresh_url: None, device_url: "", scopes: &[] }
    }

    setters! { [#[inline] #[must_use] pub const]
        /// Sets `refreshUrl`, the endpoint for refresh tokens.
        refresh(url: &'static str) => refresh_url = Some(url);

        /// Sets `deviceAuthorizationUrl` (OpenAPI 3.2.0 §4.29).
        device(url: &'static str) => device_url = url;

        /// Sets the requested scopes.
        scopes(scopes: &'static [&'static str]) => scopes = scopes;
    }
}

/// Options of an OAuth 2.0 credential that differ from the API document. `Debug` shows no secret.
///
/// ```
/// use clientwright_runtime::OAuth2Options;
///
/// let options = OAuth2Options::new().with_scopes(["read"]).with_parameter("audience", "https://api.example.com");
/// # let _ = options;
/// ```
#[derive(Clone, Default)]
#[must_use = "options have no effect until passed to a credential"]
pub struct OAuth2Options {
    scopes: Option<Vec<String>>,
    parameters: Vec<(String, String)>,
    client_id: Option<String>,
    client_secret: Option<String>,
    has_secret_in_body: bool,
    observer: Option<Observer>,
}

/// A callback for new refresh tokens.
type Observer = Arc<dyn Fn(&str) + Send + Sync>;

impl OAuth2Options {
    /// Creates options without changes.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the requested scopes, instead of the scopes that operations of the API document require. If empty, the
    /// server decides (RFC 6749 §3.3).
    pub fn with_scopes<S: Into<String>>(mut self, scopes: impl IntoIterator<Item = S>) -> Self {
        self.scopes = Some(scopes.into_iter().map(Into::into).collect());
        self
    }

    /// Adds a parameter to each token request, for example `audience`.
    pub fn with_parameter(mut self, name: &str, value: &str) -> Self {
        self.parameters.push((name.to_owned(), value.to_owned()));
        self
    }

    setters! { [pub]
        /// Sets the client ID for the password flow, where many servers do not require one.
        with_client_id(client_id: impl Into<String>) => client_id = Some(client_id.into());

        /// Sets the client secret, if the client has one. Constructors that take a secret set it already.
        with_client_secret(secret: impl Into<String>) => client_secret = Some(secret.into());

        /// Sends the client ID and secret as body parameters, instead of by HTTP Basic authentication (RFC 6749
        /// §2.3.1).
        with_secret_in_body() => has_secret_in_body = true;

        /// Sets a callback for each new refresh token, for example to store it. With some servers, a new refresh token
        /// invalidates its predecessor (RFC 6749 §6).
        on_refresh_token(observer: impl Fn(&str) + Send + Sync + 'static) => observer = Some(Arc::new(observer));
    }
}

debug!(OAuth2Options: self { scopes, .. });

/// The grant of the first token.
#[derive(Clone)]
enum Grant {
    ClientCredentials,
    Password {
        username: String,
        password: String,
    },
    /// A refresh token that the caller provided.
    RefreshToken,
    /// Authorization by a user, who is shown a prompt.
    Device(Arc<dyn Fn(&DevicePrompt) + Send + Sync>),
}

/// A source of tokens.
pub(crate) struct OAuth2 {
    flow: Flow,
    grant: Grant,
    client_id: String,
    options: OAuth2Options,
    /// The last refresh token of the server. It is not used with client credentials (RFC 6749 §4.4.3).
    refresh_token: Mutex<Option<String>>,
}

/// For generated code: credentials for the flows of an API document.
#[doc(hidden)]
impl Credential {
    /// Creates a credential that obtains its tokens by client credentials (RFC 6749 §4.4).
    pub fn client_credentials(scheme: &str, flow: &Flow, client_id: String, client_secret: String) -> Self {
        let options = OAuth2Options::new().with_client_secret(client_secret);
        Self::oauth2(scheme, OAuth2 { options, ..OAuth2::new(flow, Grant::ClientCredentials, client_id) })
    }

    /// Creates a credential that obtains its tokens by a user's password (RFC 6749 §4.3), and by refresh tokens as long
    /// as the server returns them. There is no client ID unless the options set one.
    pub fn password(scheme: &str, flow: &Flow, username: String, password: String) -> Self {
        let grant = Grant::Password { username, password };
        Self::oauth2(scheme, OAuth2::new(flow, grant, String::new()))
    }

    /// Creates a credential that obtains its tokens by a refresh token (RFC 6749 §6) and its successors.
    pub fn refresh_token(scheme: &str, flow: &Flow, client_id: String, refresh_token: String) -> Self {
        let refresh_token = Mutex::new(Some(refresh_token));
        Self::oauth2(scheme, OAuth2 { refresh_token, ..OAuth2::new(flow, Grant::RefreshToken, client_id) })
    }

    /// Creates a credential that a user authorizes on another device (RFC 8628). `prompt` shows the user where to go.
    /// It is called when the first token is needed, and again when the token can no longer be refreshed.
    pub fn device(
        scheme: &str,
        flow: &Flow,
        client_id: String,
        prompt: impl Fn(&DevicePrompt) + Send + Sync + 'static,
    ) -> Self {
        Self::oauth2(scheme, OAuth2::new(flow, Grant::Device(Arc::new(prompt)), client_id))
    }

    fn oauth2(scheme: &str, source: OAuth2) -> Self {
        let scheme = scheme.to_owned();
        Self::provided(Provider::new(Arc::new(move |token| Self::bearer(&scheme, token)), Arc::new(source)))
    }

    /// Returns the OAuth 2.0 credential with these options, which replace the previous ones. A client secret is kept.
    pub fn with_oauth2(mut self, options: OAuth2Options) -> Self {
        match self.as_provider().and_then(|provider| Some((provider, provider.source::<OAuth2>()?))) {
            Some((provider, source)) => {
                let source = Arc::new(source.with_options(options));
                Self::provided(Provider::new(Arc::clone(&provider.place), source))
            }
            None => {
                self.placement = Placement::Unusable("does not use OAuth 2.0, so it has no OAuth 2.0 options");
                self
            }
        }
    }
}

impl OAuth2 {
    fn new(flow: &Flow, grant: Grant, client_id: String) -> Self {
        Self { flow: *flow, grant, client_id, options: OAuth2Options::new(), refresh_token: Mutex::default() }
    }

    fn with_options(&self, options: OAuth2Options) -> Self {
        let client_secret = options.client_secret.or_else(|| self.options.client_secret.clone());
        let client_id = options.client_id.clone().unwrap_or_else(|| self.client_id.clone());
        Self {
            options: OAuth2Options { client_secret, ..options },
            refresh_token: Mutex::new(lock(&self.refresh_token).clone()),
            ..Self::new(&self.flow, self.grant.clone(), client_id)
        }
    }

    /// Obtains a token by the last refresh token if it is still valid, and otherwise by the original grant.
    async fn token(&self, client: &dyn TokenClient) -> Result<Token, OAuth2Error> {
        let refresh_token = lock(&self.refresh_token).clone();
        if let Some(refresh_token) = refresh_token {
            let parameters = [("grant_type", "refresh_token"), ("refresh_token", refresh_token.as_str())];
            let url = self.flow.refresh_url.unwrap_or(self.flow.token_url);
            match self.requested(client, url, &parameters, false).await {
                // Falls back to the original grant, unless that is the refresh token itself.
                Err(error) if error.code() == Some("invalid_grant") && !matches!(self.grant, Grant::RefreshToken) => {
                    *lock(&self.refresh_token) = None;
                }
                result => return self.granted(&result?),
            }
        }
        let scope = self.scope();
        let parameters = match &self.grant {
            Grant::ClientCredentials => vec![("grant_type", "client_credentials"), ("scope", &*scope)],
            Grant::Password { username, password } => {
                vec![("grant_type", "password"), ("scope", &*scope), ("username", username), ("password", password)]
            }
            Grant::RefreshToken => return Err(OAuth2Error::new("there is no refresh token")),
            Grant::Device(prompt) => return self.by_device(client, &**prompt, &scope).await,
        };
        self.granted(&self.requested(client, self.flow.token_url, &parameters, true).await?)
    }

    /// Returns the requested scopes in wire format (RFC 6749 §3.3).
    fn scope(&self) -> String {
        match &self.options.scopes {
            Some(scopes) => scopes.join(" "),
            None => self.flow.scopes.join(" "),
        }
    }

    /// Sends a request with the non-empty parameters, and reads the object of the response.
    async fn requested(
        &self,
        client: &dyn TokenClient,
        url: &str,
        parameters: &[(&str, &str)],
        is_idempotent: bool,
    ) -> Result<Value, OAuth2Error> {
        let basic = self.basic();
        let own = [("client_id", self.client_id.as_str()), ("client_secret", self.client_secret())];
        let in_body = own.into_iter().filter(|_| basic.is_none());
        let all =
            parameters.iter().copied().chain(in_body).chain(self.further()).filter(|(_, value)| !value.is_empty());
        let pairs: Vec<String> = all.map(|(name, value)| format!("{}={}", form_text(name), form_text(value))).collect();
        let answer = client.post(url, basic, pairs.join("&"), is_idempotent).await;
        answer::read(answer).map_err(|error| error.without(&self.secrets_of(parameters)))
    }

    /// Returns the client secret. Empty if the client has no secret.
    fn client_secret(&self) -> &str {
        self.options.client_secret.as_deref().unwrap_or_default()
    }

    /// Returns ID and secret of the client for HTTP Basic authentication, unless they are sent in the body.
    fn basic(&self) -> Option<Credential> {
        let is_basic = !self.client_secret().is_empty() && !self.options.has_secret_in_body;
        let (id, secret) = (form_text(&self.client_id), form_text(self.client_secret()));
        is_basic.then(|| Credential::basic("client", id, secret).everywhere())
    }

    /// Returns the parameters of the options.
    fn further(&self) -> impl Iterator<Item = (&str, &str)> {
        self.options.parameters.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// Returns the secrets of a request, which are redacted where the server repeats them.
    fn secrets_of(&self, parameters: &[(&str, &str)]) -> Secrets {
        let is_secret = |name: &str| name == "device_code" || name.ends_with("assertion") || is_secret_name(name);
        let sent = parameters.iter().copied().chain(self.further()).filter(|(name, _)| is_secret(name));
        let mut secrets = Secrets::of(sent.map(|(_, value)| value.to_owned()));
        self.add_secrets(&mut secrets);
        secrets
    }

    /// Returns the token of a response (RFC 6749 §5.1). A new refresh token replaces the last one.
    fn granted(&self, answer: &Value) -> Result<Token, OAuth2Error> {
        // Some servers write `BearerToken`. Other token types are sent differently and are not supported.
        let is_bearer = |kind: &str| kind.get(..6).is_some_and(|begin| begin.eq_ignore_ascii_case("bearer"));
        if !text(answer, "token_type").is_none_or(is_bearer) {
            return Err(OAuth2Error::new("the server returned a token that is not a bearer token"));
        }
        let token = text(answer, "access_token").ok_or_else(|| OAuth2Error::new("the server returned no token"))?;
        let token = Token::new(token);
        let may_be_refreshed = !matches!(self.grant, Grant::ClientCredentials);
        if let Some(refresh_token) = text(answer, "refresh_token").filter(|_| may_be_refreshed) {
            let is_new = lock(&self.refresh_token).replace(refresh_token.to_owned()).as_deref() != Some(refresh_token);
            if let Some(observer) = self.options.observer.as_ref().filter(|_| is_new) {
                observer(refresh_token);
            }
        }
        Ok(match seconds(answer, "expires_in") {
            Some(life) => token.expires_in(life),
            None => token,
        })
    }
}

impl Source for OAuth2 {
    fn obtain(self: Arc<Self>, client: Arc<dyn TokenClient>) -> TokenFuture {
        Box::pin(async move { self.token(&*client).await.map_err(|error| Box::new(error) as SourceError) })
    }

    fn add_secrets(&self, secrets: &mut Secrets) {
        secrets.add(self.client_secret());
        lock(&self.refresh_token).iter().for_each(|token| secrets.add(token));
        if let Grant::Password { password, .. } = &self.grant {
            secrets.add(password);
        }
        self.basic().iter().for_each(|basic| basic.add_secrets(secrets));
    }
}

/// Form-encodes a text (RFC 6749 §2.3.1 and Appendix B).
fn form_text(text: &str) -> String {
    parameter::query_text(text).replace("%20", "+")
}
