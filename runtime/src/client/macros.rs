//! The macro that defines the client of an API.
//!
//! In: names. Out: newtypes of client, builder and credential with what all APIs have.

/// Defines the client of an API: newtypes of [`Client`](crate::Client), [`ClientBuilder`](crate::ClientBuilder) and
/// [`Credential`](crate::Credential), to which the API's module adds functions. With `Auth: any`, the credentials are those that servers
/// usually take: the document names none.
///
/// ```
/// use clientwright_runtime::{Credential, codegen};
///
/// codegen::client!(Client, ClientBuilder, Auth);
///
/// impl Auth {
///     /// The API key.
///     #[inline]
///     pub fn api_key(key: impl Into<String>) -> Self {
///         Self(Credential::header("api_key", "X-Api-Key", key.into()))
///     }
/// }
///
/// let client = Client::builder("https://api.example.com/v1").auth(Auth::api_key("secret")).build()?;
/// assert!(!format!("{client:?}").contains("secret"));
/// # Ok::<(), clientwright_runtime::BuildError>(())
/// ```
#[macro_export]
#[doc(hidden)]
macro_rules! __client {
    ($client:ident, $builder:ident, $auth:ident: any) => {
        $crate::__client!($client, $builder);

        /// Credentials. The API document names none that this client could make; each is sent with every request.
        #[derive(Clone, Debug)]
        pub struct $auth($crate::Credential);

        $crate::__client_auth!($auth);

        impl $auth {
            /// HTTP Basic authentication (RFC 7617).
            #[inline]
            #[must_use]
            pub fn basic(
                username: impl ::core::convert::Into<::std::string::String>,
                password: impl ::core::convert::Into<::std::string::String>,
            ) -> Self {
                Self($crate::Credential::basic("basic", username.into(), password.into()))
            }

            /// HTTP Digest authentication (RFC 7616).
            #[inline]
            #[must_use]
            pub fn digest(
                username: impl ::core::convert::Into<::std::string::String>,
                password: impl ::core::convert::Into<::std::string::String>,
            ) -> Self {
                Self($crate::Credential::digest("digest", username.into(), password.into()))
            }

            /// A bearer token (RFC 6750).
            #[inline]
            #[must_use]
            pub fn bearer(token: impl ::core::convert::Into<::std::string::String>) -> Self {
                Self($crate::Credential::bearer("bearer", token.into()))
            }

            /// An API key in the header `name`.
            #[inline]
            #[must_use]
            pub fn api_key(name: &str, key: impl ::core::convert::Into<::std::string::String>) -> Self {
                Self($crate::Credential::header("api_key", name, key.into()))
            }
        }

        impl $client {
            /// A client with another credential, which every request is sent with. It shares connections and settings with this one.
            ///
            /// # Errors
            /// If the credential cannot be sent.
            #[inline]
            pub fn with_auth(&self, auth: $auth) -> ::core::result::Result<Self, $crate::BuildError> {
                ::core::result::Result::Ok(Self { core: self.core.with_auth(auth.0.everywhere())? })
            }
        }

        impl $builder {
            /// Adds a credential that every request is sent with. It replaces an earlier one of the same kind.
            #[inline]
            pub fn auth(mut self, auth: $auth) -> Self {
                self.core = self.core.auth_everywhere(auth.0);
                self
            }
        }
    };
    ($client:ident, $builder:ident, $auth:ident) => {
        $crate::__client!($client, $builder);

        /// Credentials, with a constructor for each security scheme of the API.
        #[derive(Clone, Debug)]
        pub struct $auth($crate::Credential);

        $crate::__client_auth!($auth);

        impl $client {
            /// A client with another credential. It replaces that of the same security scheme, and shares connections and settings
            /// with this one.
            ///
            /// # Errors
            /// If the credential cannot be sent.
            #[inline]
            pub fn with_auth(&self, auth: $auth) -> ::core::result::Result<Self, $crate::BuildError> {
                ::core::result::Result::Ok(Self { core: self.core.with_auth(auth.0)? })
            }
        }

        impl $builder {
            /// Adds a credential. It replaces an earlier one for the same security scheme. Each operation uses the credentials that
            /// it requires.
            #[inline]
            pub fn auth(mut self, auth: $auth) -> Self {
                self.core = self.core.auth(auth.0);
                self
            }

            /// Adds a credential that every request is sent with, whatever its operation requires.
            #[inline]
            pub fn auth_everywhere(mut self, auth: $auth) -> Self {
                self.core = self.core.auth_everywhere(auth.0);
                self
            }
        }
    };
    ($client:ident, $builder:ident) => {
        /// The client of this API. Cloning is cheap, and clones share connections.
        #[derive(Clone)]
        pub struct $client {
            core: $crate::Client,
        }

        impl $client {
            /// Starts building a client for a base URL, which is an absolute http or https URL.
            #[inline]
            pub fn builder(base_url: &str) -> $builder {
                $builder { core: $crate::Client::builder(base_url) }
            }

            /// The client without this API's operations, for requests that the API document does not describe.
            #[inline]
            #[must_use]
            pub fn raw(&self) -> &$crate::Client {
                &self.core
            }
        }

        impl ::core::fmt::Debug for $client {
            #[inline]
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                ::core::fmt::Debug::fmt(&self.core, f)
            }
        }

        /// Builds the client of this API.
        #[derive(Debug)]
        #[must_use = "a client is made by `build`"]
        pub struct $builder {
            core: $crate::ClientBuilder,
        }

        $crate::__forward! { $builder.core:
            /// Replaces the server of single operations. `documented` is the server exactly as the API document names it, `actual`
            /// the base URL to use instead.
            server(documented: &str, actual: &str);

            /// Sends a header with every request to the server, not with redirects to other origins. What an operation or a call
            /// says of that header replaces it.
            header(name: &str, value: &str);

            /// Decodes responses only if they are exactly what the API document says. Without this, the usual deviations of
            /// servers are read as what they plainly mean.
            strict();

            /// Limits the time of each call, from sending the request to the end of the response body. There is no limit by
            /// default, except for connecting (10 s) and for silence (`idle_timeout`).
            timeout(timeout: ::core::time::Duration);

            /// Limits the time of each request of a call. There is no limit by default.
            attempt_timeout(timeout: ::core::time::Duration);

            /// Sets how often and when a request is sent again after a failure that may pass. By default there are 3 attempts.
            retries(policy: $crate::RetryPolicy);

            /// Limits the time for connecting. The default is 10 s.
            #[cfg(not(all(target_family = "wasm", target_os = "unknown")))]
            connect_timeout(timeout: ::core::time::Duration);

            /// Limits how long the server may send nothing while a response is awaited. The default is 300 s.
            idle_timeout(timeout: ::core::time::Duration);

            /// Limits the body of a response that is decoded, in bytes. The default is 32 MiB; `None` means no limit.
            body_limit(bytes: ::core::option::Option<usize>);

            /// Calls a function before and after each request that is sent, for logs and metrics. It is told no secrets.
            observe(observer: impl ::core::ops::Fn(&$crate::RequestEvent<'_>) + ::core::marker::Send + ::core::marker::Sync + 'static);
        }

        impl $builder {
            /// Builds the client.
            ///
            /// # Errors
            /// If the base URL, a credential or a default header cannot be used, or TLS cannot be set up.
            #[inline]
            pub fn build(self) -> ::core::result::Result<$client, $crate::BuildError> {
                ::core::result::Result::Ok($client { core: self.core.build()? })
            }
        }
        $crate::__client_transport!($builder);
        $crate::__client_mock!($builder);
    };
}

// The feature is the runtime's, so it is tested here and not in the expansion, where it would be the caller's.
#[cfg(all(feature = "reqwest-013", not(all(target_family = "wasm", target_os = "unknown"))))]
#[macro_export]
#[doc(hidden)]
macro_rules! __client_transport {
    ($builder:ident) => {
        $crate::__forward! { $builder.core:
            /// Changes the settings of the HTTP client that sends requests, for example its proxy or root certificates. Its redirect
            /// policy is replaced, and redirects to other origins are followed without these settings.
            transport(change: impl ::core::ops::FnOnce($crate::reqwest::ClientBuilder) -> $crate::reqwest::ClientBuilder);

            /// Sends requests with an HTTP client that is ready. It has to be built with `redirect(Policy::none())`. Redirects to
            /// other origins are followed without it.
            http_client(client: $crate::reqwest::Client);
        }
    };
}

#[cfg(not(all(feature = "reqwest-013", not(all(target_family = "wasm", target_os = "unknown")))))]
#[macro_export]
#[doc(hidden)]
macro_rules! __client_transport {
    ($builder:ident) => {};
}

#[cfg(not(feature = "test"))]
#[macro_export]
#[doc(hidden)]
macro_rules! __client_mock {
    ($builder:ident) => {};
}
