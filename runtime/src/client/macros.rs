//! The macro that defines the client of an API.
//!
//! In: names. Out: newtypes of client, builder and credential with the methods that all APIs share.
//!
//! Names of the prelude of every edition need no path here: the file of a client defines no type with a name from the
//! document.

/// Defines the client of an API: newtypes of [`Client`](crate::Client), [`ClientBuilder`](crate::ClientBuilder) and
/// [`Credential`](crate::Credential), to which the API's module adds functions. `Auth: any` adds the common kinds of
/// credentials, for documents that describe none.
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

        /// Credentials. The API document describes none that this client supports; each is sent with every request.
        #[derive(Clone, Debug)]
        pub struct $auth($crate::Credential);

        $crate::__client_auth!($auth);

        impl $auth {
            /// Creates a credential for HTTP Basic authentication (RFC 7617).
            #[inline]
            #[must_use]
            pub fn basic(
                username: impl Into<String>,
                password: impl Into<String>,
            ) -> Self {
                Self($crate::Credential::basic("basic", username.into(), password.into()))
            }

            /// Creates a credential for HTTP Digest authentication (RFC 7616).
            #[inline]
            #[must_use]
            pub fn digest(
                username: impl Into<String>,
                password: impl Into<String>,
            ) -> Self {
                Self($crate::Credential::digest("digest", username.into(), password.into()))
            }

            /// Creates a credential for a bearer token (RFC 6750).
            #[inline]
            #[must_use]
            pub fn bearer(token: impl Into<String>) -> Self {
                Self($crate::Credential::bearer("bearer", token.into()))
            }

            /// Creates a credential for an API key in the header `name`.
            #[inline]
            #[must_use]
            pub fn api_key(name: &str, key: impl Into<String>) -> Self {
                Self($crate::Credential::header("api_key", name, key.into()))
            }
        }

        impl $client {
            /// Creates a client with another credential, which is sent with every request. It shares the connection
            /// pool and settings.
            ///
            /// # Errors
            /// Returns an error if the credential cannot be sent.
            #[inline]
            pub fn with_auth(&self, auth: $auth) -> Result<Self, $crate::BuildError> {
                Ok(Self { core: self.core.with_auth(auth.0.everywhere())? })
            }
        }

        impl $builder {
            /// Adds a credential for every request. It replaces a previous one of the same kind.
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
            /// Creates a client with another credential, which replaces the one for the same security scheme. It shares
            /// the connection pool and settings.
            ///
            /// # Errors
            /// Returns an error if the credential cannot be sent.
            #[inline]
            pub fn with_auth(&self, auth: $auth) -> Result<Self, $crate::BuildError> {
                Ok(Self { core: self.core.with_auth(auth.0)? })
            }
        }

        impl $builder {
            /// Adds a credential. It replaces a previous one for the same security scheme. Each operation uses the
            /// credentials that it requires.
            #[inline]
            pub fn auth(mut self, auth: $auth) -> Self {
                self.core = self.core.auth(auth.0);
                self
            }

            /// Adds a credential for every request, regardless of the operation's security requirements.
            #[inline]
            pub fn auth_everywhere(mut self, auth: $auth) -> Self {
                self.core = self.core.auth_everywhere(auth.0);
                self
            }
        }
    };
    ($client:ident, $builder:ident) => {
        /// A client of this API. Cloning is cheap, and clones share a connection pool.
        #[derive(Clone)]
        pub struct $client {
            core: $crate::Client,
        }

        impl $client {
            /// Creates a builder for a base URL, which must be an absolute http or https URL.
            #[inline]
            pub fn builder(base_url: &str) -> $builder {
                $builder { core: $crate::Client::builder(base_url) }
            }

            /// Returns the underlying client, for requests that the API document does not describe.
            #[inline]
            #[must_use]
            pub fn raw(&self) -> &$crate::Client {
                &self.core
            }
        }

        $crate::__fmt!(Debug for $client: self, f => ::core::fmt::Debug::fmt(&self.core, f));

        /// A builder of this API's client.
        #[derive(Debug)]
        #[must_use = "a builder does nothing until `build` is called"]
        pub struct $builder {
            core: $crate::ClientBuilder,
        }

        $crate::__forward! { $builder.core:
            /// Replaces the server of individual operations. `documented` is the server exactly as in the API document,
            /// and `actual` is the base URL to use instead.
            server(documented: &str, actual: &str);

            /// Adds a header to every request to the server, except redirects to other origins. Headers of an operation
            /// or a call take precedence.
            header(name: &str, value: &str);

            /// Decodes responses only if they match the API document exactly. By default, common server deviations are
            /// tolerated.
            strict();

            /// Sets the time limit of each call, from sending the request to the end of the response body. Defaults to
            /// no limit, apart from `connect_timeout` (10 s) and `idle_timeout` (300 s).
            timeout(timeout: ::core::time::Duration);

            /// Sets the time limit of each request of a call. Defaults to no limit.
            attempt_timeout(timeout: ::core::time::Duration);

            /// Sets the retry policy for transient failures. Defaults to 3 attempts.
            retries(policy: $crate::RetryPolicy);

            /// Sets how long the connection may be idle while a response is awaited. Defaults to 300 s.
            idle_timeout(timeout: ::core::time::Duration);

            /// Sets the size limit of decoded response bodies, in bytes. Defaults to 32 MiB; `None` means no limit.
            body_limit(bytes: Option<usize>);

            /// Adds an observer, which is called before and after each request, for logs and metrics. Events contain no
            /// secrets.
            observe(observer: impl Fn(&$crate::RequestEvent<'_>) + Send + Sync + 'static);

            /// Adds a function that changes each request to the server before it is sent, for example to sign it.
            before_send(change: impl Fn(&mut $crate::OutgoingRequest<'_>) -> Result<(), String> + Send + Sync + 'static);
        }

        #[cfg(not(all(target_family = "wasm", target_os = "unknown")))]
        $crate::__forward! { $builder.core:
            /// Sets the time limit for connecting. Defaults to 10 s.
            connect_timeout(timeout: ::core::time::Duration);

            /// Sets the proxy of all requests: an http or https URL. Defaults to that of the environment (`HTTPS_PROXY`).
            proxy(url: &str);

            /// Adds certificates of authorities, in PEM, to those of the system.
            certificate_authority(pem: impl Into<Vec<u8>>);
        }

        impl $builder {
            /// Builds the client.
            ///
            /// # Errors
            /// Returns an error if the base URL, a credential, a default header, the proxy or a certificate is invalid,
            /// or if TLS cannot be set up.
            #[inline]
            pub fn build(self) -> Result<$client, $crate::BuildError> {
                Ok($client { core: self.core.build()? })
            }
        }
        $crate::__client_transport!($builder);
        $crate::__client_mock!($builder);
    };
}

// The feature belongs to the runtime. It is tested here, because in the expansion it would be a feature of the caller's
// crate.
#[cfg(all(feature = "reqwest-013", not(all(target_family = "wasm", target_os = "unknown"))))]
#[macro_export]
#[doc(hidden)]
macro_rules! __client_transport {
    ($builder:ident) => {
        $crate::__forward! { $builder.core:
            /// Changes the settings of the underlying HTTP client, for example its DNS resolver. Its
            /// redirect policy is replaced, and redirects to other origins are followed without these settings.
            transport(change: impl FnOnce($crate::reqwest::ClientBuilder) -> $crate::reqwest::ClientBuilder);

            /// Sets the underlying HTTP client, which must be built with `redirect(Policy::none())`. Redirects to other
            /// origins are followed without this HTTP client.
            http_client(client: $crate::reqwest::Client);
        }

        impl $builder {
            /// Sets a function that sends each request to the origin of an operation's server, for example with a cache.
            /// Redirects to other origins and token requests are sent without it.
            #[inline]
            pub fn intercept<F, R>(mut self, send: F) -> Self
            where
                F: Fn($crate::reqwest::Client, $crate::reqwest::Request) -> R + Send + Sync + 'static,
                R: ::core::future::Future<Output = Result<$crate::reqwest::Response, $crate::reqwest::Error>>
                    + Send
                    + 'static,
            {
                self.core = self.core.intercept(send);
                self
            }
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
