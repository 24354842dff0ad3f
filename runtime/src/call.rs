//! Calls: a request together with the decoders of its response.
//!
//! In: a [`Request`] and two decoders. Out: a future of [`Response<T>`] or [`Error<E>`]. Sending is not generic and is compiled once;
//! only decoding is generic. Invariant: the status alone decides which decoder runs.

use std::fmt;
use std::future::{Future, IntoFuture};
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;

use crate::Body;
use crate::codegen::decode::{self, Decoder, RawResponse};
use crate::error::{CoreError, Error};
use crate::multipart::Part;
use crate::options::CallOptions;
use crate::request::{FORM, FORM_DATA, JSON, Request, Style, exchange};
use crate::response::Response;
use crate::stream::ByteStream;
use crate::wire::{Decode, Encode};

/// A call of an operation. Await it to send it.
///
/// It gives a [`Response<T>`] for any 2xx status, and for a redirect if the operation has no other success response. Everything else
/// is an [`Error<E>`].
#[must_use = "a request does nothing until it is awaited"]
pub struct Call<T, E = ()> {
    request: Request,
    success: Decoder<T>,
    failure: Decoder<E>,
}

impl<T, E> Call<T, E> {
    /// Sends the request. Awaiting the call does the same.
    #[inline]
    pub fn send(self) -> ResponseFuture<T, E> {
        ResponseFuture::new(self.request, self.success, self.failure)
    }

    /// The same call, whose success is its body in pieces as they arrive: of any size, without holding them. [`Call::whole`] and
    /// [`Call::whole_as`] make it the whole body, where the document is wrong about its type.
    ///
    /// A failure is what it is without this. What breaks off after the response has begun is not [sent again](crate::RetryPolicy).
    #[inline]
    pub fn stream(self) -> Call<ByteStream, E> {
        self.read_by(decode::stream, true)
    }

    /// The same call with another decoder, which takes the body when it has arrived or as it arrives.
    #[inline]
    fn read_by<U>(mut self, success: Decoder<U>, is_streamed: bool) -> Call<U, E> {
        self.request.parts.described.is_streamed = is_streamed;
        Call { request: self.request, success, failure: self.failure }
    }

    /// Limits the time of this call, from sending the request to the end of the response body, including redirects. `Duration::MAX`
    /// means no limit.
    #[inline]
    pub fn with_timeout(mut self, timeout: Duration) -> Self {
        self.request.parts.limits.overall = Some(timeout);
        self
    }

    /// Sends a header with this call. It replaces any other header of that name: one of a parameter, a default or a credential.
    #[inline]
    pub fn with_header(mut self, name: &str, value: &str) -> Self {
        self.request.set_override(name, value);
        self
    }

    /// Sends the call with options that are rarely needed.
    #[inline]
    pub fn with_options(mut self, options: CallOptions) -> Self {
        options.apply(&mut self.request);
        self
    }
}

/// What `stream` makes of a call: its body, whatever the document says of it.
impl<E> Call<ByteStream, E> {
    /// The same call, whose success is its whole body up to [the limit](crate::ClientBuilder::body_limit), as bytes.
    ///
    /// ```no_run
    /// # async fn example(call: clientwright_runtime::Call<i64>) -> Result<(), Box<dyn std::error::Error>> {
    /// let response = call.stream().whole().await?;
    /// println!("{}: {} bytes", response.status(), response.len());
    /// # Ok(())
    /// # }
    /// ```
    #[inline]
    pub fn whole(self) -> Call<Bytes, E> {
        self.read_by(decode::bytes, false)
    }

    /// Decodes the whole success body as JSON into another type than the documented one.
    ///
    /// ```no_run
    /// # async fn example(call: clientwright_runtime::Call<i64>) -> Result<(), Box<dyn std::error::Error>> {
    /// use clientwright_runtime::JsonValue;
    ///
    /// let thing = call.stream().whole_as::<JsonValue>().await?;
    /// println!("{}", thing["name"]);
    /// # Ok(())
    /// # }
    /// ```
    #[inline]
    pub fn whole_as<T: Decode>(self) -> Call<T, E> {
        self.read_by(decode::json, false)
    }
}

impl<T, E> Call<T, E> {
    pub(crate) fn request(&self) -> &Request {
        &self.request
    }

    pub(crate) fn request_mut(&mut self) -> &mut Request {
        &mut self.request
    }
}

/// For generated code: creating a call and setting its parameters and body.
impl<T, E> Call<T, E> {
    /// Creates a call whose 2xx responses are decoded by `success` and all others by `failure`.
    #[inline]
    pub fn new(request: Request, success: Decoder<T>, failure: Decoder<E>) -> Self {
        Self { request, success, failure }
    }

    /// Sets the query parameter `name` in style `form`, exploded.
    #[inline]
    pub fn query(&mut self, name: &str, value: &(impl Encode + ?Sized)) {
        self.query_styled(name, Style::FORM, value);
    }

    /// Sets the query parameter `name` in another style.
    #[inline]
    pub fn query_styled(&mut self, name: &str, style: Style, value: &(impl Encode + ?Sized)) {
        self.request.set_query(name, style, &value);
    }

    /// Sets the header parameter `name` in style `simple`, not exploded.
    #[inline]
    pub fn header_parameter(&mut self, name: &str, value: &(impl Encode + ?Sized)) {
        self.header_parameter_styled(name, Style::SIMPLE, value);
    }

    /// Sets the header parameter `name` in style `simple`, exploded or not.
    #[inline]
    pub fn header_parameter_styled(&mut self, name: &str, style: Style, value: &(impl Encode + ?Sized)) {
        self.request.set_header(name, style, &value);
    }

    /// Sets the cookie parameter `name` in style `form`, exploded.
    #[inline]
    pub fn cookie(&mut self, name: &str, value: &(impl Encode + ?Sized)) {
        self.cookie_styled(name, Style::FORM, value);
    }

    /// Sets the cookie parameter `name` in style `form`, exploded or not.
    #[inline]
    pub fn cookie_styled(&mut self, name: &str, style: Style, value: &(impl Encode + ?Sized)) {
        self.request.set_cookie(name, style, &value);
    }

    /// Sets the body to `value` as `application/json`.
    #[inline]
    pub fn json(&mut self, value: &(impl Encode + ?Sized)) {
        self.json_as(JSON, value);
    }

    /// Sets the body to `value` as JSON with another media type.
    #[inline]
    pub fn json_as(&mut self, media_type: &str, value: &(impl Encode + ?Sized)) {
        self.request.set_json(media_type, &value);
    }

    /// Sets the body to the properties of `value`, an object, as `application/x-www-form-urlencoded`.
    #[inline]
    pub fn form(&mut self, value: &(impl Encode + ?Sized)) {
        self.form_as(FORM, &[], value);
    }

    /// Sets the body to the properties of `value`, an object, as a form. `styles` are the styles of some properties.
    #[inline]
    pub fn form_as(&mut self, media_type: &str, styles: &[(&str, Style)], value: &(impl Encode + ?Sized)) {
        self.request.set_form(media_type, styles, &value);
    }

    /// Sets the body to the properties of `value`, an object, as parts of `multipart/form-data`.
    #[inline]
    pub fn multipart(&mut self, value: &(impl Encode + ?Sized)) {
        self.multipart_as(FORM_DATA, &[], value);
    }

    /// Sets the body to the properties of `value`, an object, as parts of a `multipart` media type. `parts` describe some of them.
    #[inline]
    pub fn multipart_as(&mut self, media_type: &str, parts: &[Part], value: &(impl Encode + ?Sized)) {
        self.request.set_multipart(media_type, parts, &value);
    }

    /// Sets the body to a string with a media type, in UTF-8.
    #[inline]
    pub fn text(&mut self, media_type: &str, text: &str) {
        self.request.set_body(media_type, text.into());
    }

    /// Sets the body to bytes with a media type, or to any other [`Body`].
    #[inline]
    pub fn bytes(&mut self, media_type: &str, bytes: Body) {
        self.request.set_body(media_type, bytes);
    }
}

impl<T, E> Clone for Call<T, E> {
    fn clone(&self) -> Self {
        Self { request: self.request.clone(), success: self.success, failure: self.failure }
    }
}

impl<T, E> fmt::Debug for Call<T, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.request.fmt(f)
    }
}

impl<T, E> IntoFuture for Call<T, E> {
    type Output = Result<Response<T>, Error<E>>;
    type IntoFuture = ResponseFuture<T, E>;

    #[inline]
    fn into_future(self) -> Self::IntoFuture {
        self.send()
    }
}

/// The future of the non-generic part.
pub(crate) type ExchangeFuture = Pin<Box<dyn Future<Output = Result<Box<RawResponse>, CoreError>> + Send>>;

/// The future of a call's [`Response<T>`] or [`Error<E>`].
#[must_use = "futures do nothing unless polled"]
pub struct ResponseFuture<T, E = ()> {
    exchange: ExchangeFuture,
    success: Decoder<T>,
    failure: Decoder<E>,
}

impl<T, E> ResponseFuture<T, E> {
    #[inline]
    pub(crate) fn new(request: Request, success: Decoder<T>, failure: Decoder<E>) -> Self {
        // A type without size holds nothing of a body.
        Self { exchange: exchange(request, size_of::<E>() != 0), success, failure }
    }
}

/// Calls can be awaited in any thread, whatever the target.
const _: fn() = || {
    fn is_send<T: Send>() {}
    is_send::<ResponseFuture<String, String>>();
};

impl<T, E> Future for ResponseFuture<T, E> {
    type Output = Result<Response<T>, Error<E>>;

    #[inline]
    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        match self.exchange.as_mut().poll(context) {
            Poll::Pending => Poll::Pending,
            Poll::Ready(Err(error)) => Poll::Ready(Err(error.into())),
            Poll::Ready(Ok(response)) => Poll::Ready(decode(response, self.success, self.failure)),
        }
    }
}

fn decode<T, E>(response: Box<RawResponse>, success: Decoder<T>, failure: Decoder<E>) -> Result<Response<T>, Error<E>> {
    if !response.success {
        return Err(Error::from_response(*response, failure));
    }
    match success(&response) {
        Ok(body) => Ok(Response::new(*response, body)),
        Err(reason) => Err(Error::unexpected(*response, reason, failure)),
    }
}

impl<T, E> fmt::Debug for ResponseFuture<T, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ResponseFuture").finish_non_exhaustive()
    }
}

/// Makes a struct awaitable whose only field is a [`Call`](crate::Call) named `call`.
///
/// It adds `send`, `stream`, `with_timeout`, `with_header` and `with_options` and implements `IntoFuture`. Generated code adds a setter for each
/// optional parameter.
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
            /// Sends the request. Awaiting it does the same.
            #[inline]
            pub fn send(self) -> $crate::ResponseFuture<$success, $failure> {
                self.call.send()
            }

            /// The same call, whose success is its body in pieces as they arrive.
            #[inline]
            pub fn stream(self) -> $crate::Call<$crate::ByteStream, $failure> {
                self.call.stream()
            }

            /// Limits the time of this call, from sending the request to the end of the response body.
            #[inline]
            pub fn with_timeout(self, timeout: ::core::time::Duration) -> Self {
                Self { call: self.call.with_timeout(timeout) }
            }

            /// Sends a header with this call. It replaces any other header of that name.
            #[inline]
            pub fn with_header(self, name: &str, value: &str) -> Self {
                Self { call: self.call.with_header(name, value) }
            }

            /// Sends the call with options that are rarely needed.
            #[inline]
            pub fn with_options(self, options: $crate::CallOptions) -> Self {
                Self { call: self.call.with_options(options) }
            }
        }

        impl ::core::future::IntoFuture for $name {
            type Output = ::core::result::Result<$crate::Response<$success>, $crate::Error<$failure>>;
            type IntoFuture = $crate::ResponseFuture<$success, $failure>;

            #[inline]
            fn into_future(self) -> Self::IntoFuture {
                self.call.send()
            }
        }
    };
}
