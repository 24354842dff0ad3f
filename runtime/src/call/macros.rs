//! The macro of a call with optional parameters.

/// Makes a struct awaitable whose only field is a [`Call`](crate::Call) named `call`.
///
/// Adds `send`, `stream`, `with_timeout`, `with_header` and `with_options`, and implements `IntoFuture`. Generated code
/// adds a setter for each optional parameter.
///
/// ```
/// use clientwright_runtime::{Call, codegen};
///
/// /// Lists things.
/// #[derive(Debug)]
/// #[must_use = "a request does nothing until it is awaited"]
/// pub struct ListThings {
///     call: Call<Vec<String>>,
/// }
/// codegen::call!(ListThings => Vec<String>, ());
///
/// impl ListThings {
///     /// How many things to list.
///     #[inline]
///     pub fn page_size(mut self, page_size: i64) -> Self {
///         self.call.query("pageSize", &page_size);
///         self
///     }
/// }
/// ```
#[macro_export]
#[doc(hidden)]
macro_rules! __call {
    ($name:ident => $success:ty, $failure:ty $(,)?) => {
        impl $name {
            /// Sends the request. Equivalent to awaiting the call.
            #[inline]
            pub fn send(self) -> $crate::ResponseFuture<$success, $failure> {
                self.call.send()
            }

            /// Streams the response body instead of decoding it.
            #[inline]
            pub fn stream(self) -> $crate::Call<$crate::ByteStream, $failure> {
                self.call.stream()
            }

            /// Sets the time limit of this call, from sending the request to the end of the response body.
            #[inline]
            pub fn with_timeout(self, timeout: ::core::time::Duration) -> Self {
                Self { call: self.call.with_timeout(timeout) }
            }

            /// Sets a header of this call. It replaces any other header of that name.
            #[inline]
            pub fn with_header(self, name: &str, value: &str) -> Self {
                Self { call: self.call.with_header(name, value) }
            }

            /// Sets less common options of this call.
            #[inline]
            pub fn with_options(self, options: $crate::CallOptions) -> Self {
                Self { call: self.call.with_options(options) }
            }
        }

        impl ::core::future::IntoFuture for $name {
            type Output = Result<$crate::Response<$success>, $crate::Error<$failure>>;
            type IntoFuture = $crate::ResponseFuture<$success, $failure>;

            #[inline]
            fn into_future(self) -> Self::IntoFuture {
                self.call.send()
            }
        }
    };
}
