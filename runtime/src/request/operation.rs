//! The constant description of an operation, as generated code writes it.

use http::StatusCode;

/// The security requirements of an operation (OpenAPI 3.0.3 §4.7.30): alternatives, each of which is a list of required
/// security schemes.
///
/// Without alternatives, no credentials are required. An empty alternative allows a request without credentials.
pub type Security = &'static [&'static [&'static str]];

/// The constant description of an operation.
///
/// ```
/// use clientwright_runtime::codegen::Operation;
///
/// const LIST_THINGS: Operation =
///     Operation::get("listThings", "/things").accept("application/json").security(&[&["api_key"]]);
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Operation {
    pub(crate) id: &'static str,
    pub(crate) called: &'static str,
    pub(crate) method: &'static str,
    pub(crate) path: &'static str,
    pub(crate) server: Option<&'static str>,
    pub(crate) redirect_is_success: bool,
    pub(crate) accept: Option<&'static str>,
    pub(crate) excluded: &'static [&'static str],
    pub(crate) security: Security,
    pub(crate) default_headers: &'static [&'static str],
    pub(crate) default_query: &'static [&'static str],
    pub(crate) failures: &'static [u16],
    pub(crate) is_idempotent: bool,
    pub(crate) idempotency_key: Option<&'static str>,
    pub(crate) is_streamed: bool,
}

/// Constructors, one for each method.
macro_rules! methods {
    ($($name:ident $method:literal)+) => {$(
        #[doc = concat!("Describes `", $method, " path`. Errors name the operation by `id`, its `operationId`.")]
        ///
        /// The path is a template below the base URL. A query in the path is sent verbatim, before the query parameters
        /// of the call. A fragment, which distinguishes operations in some documents, is not sent.
        #[must_use]
        pub const fn $name(id: &'static str, path: &'static str) -> Self {
            Self::method($method, id, path)
        }
    )+};
}

impl Operation {
    methods! { get "GET"  put "PUT"  post "POST"  delete "DELETE"  options "OPTIONS"  head "HEAD"  patch "PATCH"  trace "TRACE" }

    /// Describes an operation with any other method (RFC 9110 §9.1), for example `QUERY`. An invalid method is an error
    /// of the call.
    #[must_use]
    pub const fn method(method: &'static str, id: &'static str, path: &'static str) -> Self {
        Self {
            id,
            called: "",
            method,
            path,
            server: None,
            redirect_is_success: false,
            accept: None,
            excluded: &[],
            security: &[],
            default_headers: &[],
            default_query: &[],
            failures: &[],
            is_idempotent: false,
            idempotency_key: None,
            is_streamed: false,
        }
    }

    setters! { [#[inline] #[must_use] pub const]
        /// Sets the generated method as it is called, for error messages: `pets().create`.
        called(method: &'static str) => called = method;

        /// Sets the server, if it differs from the base URL. A relative URL is resolved against the base URL (RFC 3986
        /// §5.2).
        server(server: &'static str) => server = Some(server);

        /// Treats a redirect as success without following it, for operations that have no other success response.
        redirect_is_success() => redirect_is_success = true;

        /// Sets the value of `Accept`: the media types that the decoders of the operation support.
        accept(media_types: &'static str) => accept = Some(media_types);

        /// Sets the documented media types that another method decodes. The operation's decoder rejects them, unless it
        /// decodes JSON and the body is JSON. A call that sets its own header `Accept` gets any media type.
        excludes(media_types: &'static [&'static str]) => excluded = media_types;

        /// Sets the security requirements, in document order. Without them, the operation is called without credentials.
        security(alternatives: Security) => security = alternatives;

        /// Sets the header parameters for which a client can have a default.
        default_headers(names: &'static [&'static str]) => default_headers = names;

        /// Sets the query parameters for which a client can have a default.
        default_query(names: &'static [&'static str]) => default_query = names;

        /// Declares the operation as idempotent, although its method is not.
        idempotent() => is_idempotent = true;

        /// Sets the header by which the server recognizes retries of a call. A random value is generated for each call
        /// unless the call sets one.
        idempotency_key(header: &'static str) => idempotency_key = Some(header);

        /// Streams the body of a success: the decoder receives it unread.
        streamed() => is_streamed = true;

        /// Restricts the documented error body to these statuses: `404`, or `4` for all 4xx. Without them, it applies to
        /// any status.
        failures(statuses: &'static [u16]) => failures = statuses;
    }

    /// Returns `true` if the documented error body applies to a status.
    pub(crate) fn documents(&self, status: StatusCode) -> bool {
        let is_listed = |listed: &u16| [status.as_u16(), status.as_u16() / 100].contains(listed);
        self.failures.is_empty() || self.failures.iter().any(is_listed)
    }
}
