//! Macros for the credentials of a generated client.
//!
//! In: the newtype of [`Credential`](crate::Credential) that [`client!`](crate::codegen::client) defines. Out: the
//! common methods of these types.

/// Adds credentials with changing tokens.
#[macro_export]
#[doc(hidden)]
macro_rules! __client_auth {
    ($auth:ident) => {
        impl $auth {
            /// Creates a credential whose token is returned by a function. The function is called before the first
            /// request, before the token expires, and when a server rejects the token. `place` is the constructor of a
            /// credential, for example of a bearer token or an API key. See `runtime::Credential::provider` for
            /// details.
            #[inline]
            #[must_use]
            pub fn provider<F, T>(place: impl Fn(String) -> Self + Send + Sync + 'static, provide: F) -> Self
            where
                F: Fn() -> T + Send + Sync + 'static,
                T: Future<Output = Result<$crate::Token, Box<dyn ::core::error::Error + Send + Sync>>> + Send + 'static,
            {
                Self($crate::Credential::provider(move |token| place(token).0, provide))
            }
        }
    };
}

/// Defines the options of OAuth 2.0 credentials, for API documents with OAuth flows.
///
/// ```
/// use clientwright_runtime::{Credential, OAuth2Options, codegen};
///
/// codegen::client!(Client, ClientBuilder, Auth);
/// codegen::oauth2!(Auth);
///
/// const FLOW: codegen::Flow = codegen::Flow::new("https://example.com/token").scopes(&["read", "write"]);
///
/// impl Auth {
///     /// Tokens by client credentials.
///     #[inline]
///     pub fn account_client_credentials(client_id: impl Into<String>, client_secret: impl Into<String>) -> Self {
///         Self(Credential::client_credentials("account", &FLOW, client_id.into(), client_secret.into()))
///     }
/// }
///
/// let auth = Auth::account_client_credentials("id", "secret").with_oauth2(OAuth2Options::new().with_scopes(["read"]));
/// let client = Client::builder("https://example.com").auth(auth).build()?;
/// # let _ = client;
/// # Ok::<(), clientwright_runtime::BuildError>(())
/// ```
#[macro_export]
#[doc(hidden)]
macro_rules! __oauth2 {
    ($auth:ident) => {
        impl $auth {
            /// Returns the OAuth 2.0 credential with other options, such as scopes. With any other credential, building
            /// the client returns an error.
            #[inline]
            #[must_use]
            pub fn with_oauth2(self, options: $crate::OAuth2Options) -> Self {
                Self(self.0.with_oauth2(options))
            }
        }
    };
}
