//! Options of a single call.
//!
//! Invariant: all options are one value, so that a generated request has one method for them.

use std::sync::Arc;
use std::time::Duration;

use super::parameters::{Location, Parameters, names};
use crate::body::OnProgress;
use crate::limits::Limits;
use crate::parameter::Style;
use crate::retry::RetryPolicy;
use crate::wire::Encode;

/// Options of a single call. `Debug` does not show the values of parameters.
///
/// ```
/// use clientwright_runtime::CallOptions;
///
/// let options = CallOptions::new().with_query("ref", "main").with_empty_path();
/// # let _ = options;
/// ```
#[derive(Clone, Default)]
#[must_use = "options have no effect until passed to a call"]
pub struct CallOptions {
    pub(crate) without_redirects: bool,
    pub(crate) with_empty_path: bool,
    /// Unset limits default to those of the client.
    pub(crate) limits: Limits,
    /// Defaults to the policy of the client.
    pub(crate) retries: Option<RetryPolicy>,
    pub(crate) is_idempotent: bool,
    pub(crate) parameters: Parameters,
    pub(crate) upload_progress: Option<OnProgress>,
}

impl CallOptions {
    /// Creates options without changes.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets a query parameter in style `form`, exploded, whether documented or not. It replaces a parameter of that
    /// name. A value that cannot be sent, such as NaN, is an error of the call.
    pub fn with_query(mut self, name: &str, value: &(impl Encode + ?Sized)) -> Self {
        self.parameters.set(Location::Query, name, Style::FORM, &value, false);
        self
    }

    /// Sets a property of the JSON body, whether documented or not, in place of that of the body. `path` has its name,
    /// after the names of the objects around it.
    ///
    /// In a JSON merge patch, `null` removes a property (RFC 7396 §2):
    ///
    /// ```
    /// use clientwright_runtime::{CallOptions, json};
    ///
    /// let without_phone = CallOptions::new().with_body_property(&["owner", "phone"], &json!(null));
    /// # let _ = without_phone;
    /// ```
    pub fn with_body_property(mut self, path: &[&str], value: &(impl Encode + ?Sized)) -> Self {
        self.parameters.set_property(path, &value);
        self
    }

    setters! { [pub]
        /// Disables redirects. A redirect becomes an [`Error::Status`](crate::Error::Status), whose `Location` header has
        /// the target.
        ///
        /// If a redirect is the operation's only success response, it is never followed and becomes the
        /// [`Response`](crate::Response).
        without_redirects() => without_redirects = true;

        /// Allows empty path parameters. Some servers give them a meaning: `/contents/` is a root folder.
        with_empty_path() => with_empty_path = true;

        /// Sets the time limit of the call, like `with_timeout` of a call.
        with_timeout(timeout: Duration) => limits.overall = Some(timeout);

        /// Sets how long the connection may be idle while the response is awaited, instead of [the client's
        /// limit](crate::ClientBuilder::idle_timeout). `Duration::MAX` means no limit.
        with_idle_timeout(timeout: Duration) => limits.idle = Some(timeout);

        /// Sets the size limit of the response body, in bytes, instead of [the client's
        /// limit](crate::ClientBuilder::body_limit). `None` means no limit.
        with_body_limit(bytes: Option<usize>) => limits.body = Some(bytes.unwrap_or(usize::MAX));

        /// Sets the time limit of each request of the call, instead of [the client's
        /// limit](crate::ClientBuilder::attempt_timeout).
        with_attempt_timeout(timeout: Duration) => limits.attempt = Some(timeout);

        /// Sets the retry policy, instead of [the client's policy](crate::ClientBuilder::retries).
        with_retries(policy: RetryPolicy) => retries = Some(policy);

        /// Declares this call as idempotent, so that it can be [retried](RetryPolicy) regardless of its method. A
        /// header `Idempotency-Key` or `X-Idempotency-Key` has the same effect.
        idempotent() => is_idempotent = true;

        /// Sets a function that is called while the request body is sent, with the number of bytes that have been sent,
        /// and the length of the body if it is known. Each attempt begins at 0.
        ///
        /// ```
        /// use clientwright_runtime::CallOptions;
        ///
        /// let options = CallOptions::new().with_upload_progress(|sent, length| match length {
        ///     Some(length) => println!("{sent} of {length} bytes"),
        ///     None => println!("{sent} bytes"),
        /// });
        /// # let _ = options;
        /// ```
        with_upload_progress(listener: impl Fn(u64, Option<u64>) + Send + Sync + 'static) =>
            upload_progress = Some(Arc::new(listener));
    }

    /// Adds other options, which take precedence.
    pub(crate) fn extend(&mut self, others: Self) {
        self.without_redirects |= others.without_redirects;
        self.with_empty_path |= others.with_empty_path;
        self.limits = others.limits.or(self.limits);
        self.retries = others.retries.or(self.retries);
        self.is_idempotent |= others.is_idempotent;
        self.parameters.extend(others.parameters);
        self.upload_progress = others.upload_progress.or(self.upload_progress.take());
    }
}

debug!(CallOptions: self {
    without_redirects,
    with_empty_path,
    limits,
    retries,
    is_idempotent,
    query: names(&self.parameters.query),
});
