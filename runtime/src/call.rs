//! Calls: a request together with the decoders of its response.
//!
//! In: a [`Request`] and two decoders. Out: a future of [`Response<T>`] or [`Error<E>`]. Sending is not generic and is
//! compiled once; only decoding is generic. Invariant: the status alone decides which decoder runs.

mod macros;

use std::time::Duration;

use crate::body::Body;
use crate::error::Error;
use crate::exchange::ResponseFuture;
use crate::media_type::{FORM, FORM_DATA, JSON};
use crate::multipart::Part;
use crate::parameter::Style;
use crate::request::{CallOptions, Location, Request, body_setters};
use crate::response::{Decoder, Response};
use crate::types::Secret;
use crate::wire::Encode;

/// A call of an operation, which is sent when it is awaited.
///
/// The result is a [`Response<T>`] for any 2xx status, and for a redirect if the operation has no other success
/// response. Anything else is an [`Error<E>`].
#[must_use = "a request does nothing until it is awaited"]
pub struct Call<T, E = ()> {
    pub(crate) request: Request,
    success: Decoder<T>,
    failure: Decoder<E>,
}

impl<T, E> Call<T, E> {
    /// Sends the request. Equivalent to awaiting the call.
    #[inline]
    pub fn send(self) -> ResponseFuture<T, E> {
        ResponseFuture::new(self.request, self.success, self.failure)
    }

    /// Returns the call with another decoder, which takes the complete body or a stream.
    #[inline]
    pub(crate) fn read_by<U>(mut self, success: Decoder<U>, is_streamed: bool) -> Call<U, E> {
        self.request.parts.is_streamed = is_streamed;
        Call { request: self.request, success, failure: self.failure }
    }

    /// Sets the time limit of this call, from sending the request to the end of the response body, including redirects.
    /// `Duration::MAX` means no limit.
    #[inline]
    pub fn with_timeout(mut self, timeout: Duration) -> Self {
        self.request = self.request.timeout(timeout);
        self
    }

    /// Sets a header of this call. It replaces any other header of that name, whether from a parameter, a default or a
    /// credential.
    #[inline]
    pub fn with_header(mut self, name: &str, value: &str) -> Self {
        self.request.set_override(name, value);
        self
    }

    /// Sets less common options of this call.
    #[inline]
    pub fn with_options(mut self, options: CallOptions) -> Self {
        self.request = self.request.options(options);
        self
    }
}

/// For generated code: creates a call and sets its body.
#[doc(hidden)]
impl<T, E> Call<T, E> {
    /// Creates a call whose 2xx responses are decoded by `success` and all others by `failure`.
    #[inline]
    pub fn new(request: Request, success: Decoder<T>, failure: Decoder<E>) -> Self {
        Self { request, success, failure }
    }

    /// Sets the body to a string with a media type, in the charset that it names, or else in UTF-8.
    #[inline]
    pub fn text(&mut self, media_type: &str, text: &str) {
        self.request.set_text(media_type, text);
    }

    /// Sets the body as [`text`](Self::text) does, to a string that no error shows.
    #[inline]
    pub fn secret_text(&mut self, media_type: &str, text: &Secret<String>) {
        self.request.set_secret_text(media_type, text);
    }

    /// Sets the body to bytes with a media type, or to any other [`Body`].
    #[inline]
    pub fn bytes(&mut self, media_type: &str, bytes: Body) {
        self.request.set_body(media_type, bytes);
    }
}

macro_rules! define {
    ($($(#[$docs:meta])* $name:ident($($argument:ident: $type:ty),*) => $set:ident($($given:expr),+);)+) => {
        #[doc(hidden)]
        impl<T, E> Call<T, E> {$(
            $(#[$docs])*
            #[inline]
            pub fn $name(&mut self $(, $argument: $type)*, value: &(impl Encode + ?Sized)) {
                self.request.$set($($given),+, &value);
            }
        )+}
    };
}

body_setters!(define);

/// For generated code: setters of optional parameters, in the default style of a location and in any style.
macro_rules! parameters {
    ($($setter:ident $styled:ident $location:ident $usual:ident $what:literal $in:literal)+) => {
        #[doc(hidden)]
        impl<T, E> Call<T, E> {$(
            #[doc = concat!("Sets the ", $what, " parameter `name` in style `", $in, ".")]
            #[inline]
            pub fn $setter(&mut self, name: &str, value: &(impl Encode + ?Sized)) {
                self.$styled(name, Style::$usual, value);
            }

            #[doc = concat!("Sets the ", $what, " parameter `name` in another style.")]
            #[inline]
            pub fn $styled(&mut self, name: &str, style: Style, value: &(impl Encode + ?Sized)) {
                self.request.set(Location::$location, name, style, &value, false);
            }
        )+}
    };
}

parameters! {
    query query_styled Query FORM "query" "form`, exploded"
    header_parameter header_parameter_styled Header SIMPLE "header" "simple`, not exploded"
    cookie cookie_styled Cookie FORM "cookie" "form`, exploded"
}

impl<T, E> Clone for Call<T, E> {
    fn clone(&self) -> Self {
        Self { request: self.request.clone(), success: self.success, failure: self.failure }
    }
}

fmt!(Debug for Call<T, E>: self, f => self.request.fmt(f), for T, E);

impl<T, E> IntoFuture for Call<T, E> {
    type Output = Result<Response<T>, Error<E>>;
    type IntoFuture = ResponseFuture<T, E>;

    #[inline]
    fn into_future(self) -> Self::IntoFuture {
        self.send()
    }
}
