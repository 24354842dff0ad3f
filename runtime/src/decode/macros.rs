//! The macro of response bodies that depend on the status.
//!
//! Names of the prelude need no path here: its types are reserved in every generated file, and no function is named `Ok`.

/// Implements `decode` for an enum of response bodies by status.
///
/// Each line is `pattern => Variant(decoder)`, or `pattern if "application/problem+json" => …` for bodies of that media
/// type alone. The pattern is matched against the status as a `u16`. The decoder is
/// [`json`](crate::codegen::decode::json), [`text`](crate::codegen::decode::text),
/// [`bytes`](crate::codegen::decode::bytes) or [`empty`](crate::codegen::decode::empty). `Variant(empty)` is a unit
/// variant, and `Variant(json as Quoted)` decodes with a marker. `Variant(xml[&ROOT])` decodes XML, with the feature `xml` of
/// the crate.
///
/// A success without a matching line is the first variant that decodes its body as JSON. Any other status without a
/// matching line is a [`DecodeFailure`](crate::codegen::decode::DecodeFailure).
///
/// ```
/// use clientwright_runtime::codegen::{self, decode};
///
/// /// What can go wrong.
/// #[derive(Debug, Clone, PartialEq)]
/// pub enum GetThingError {
///     /// 404
///     NotFound(String),
///     /// 409
///     Conflict,
///     /// Any other status
///     Other(String),
/// }
/// codegen::responses!(GetThingError { 404 => NotFound(json), 409 => Conflict(empty), _ => Other(text) });
///
/// let response = decode::RawResponse::new(http::StatusCode::CONFLICT, http::HeaderMap::new(), bytes::Bytes::new());
/// assert_eq!(GetThingError::decode(&response), Ok(GetThingError::Conflict));
/// ```
#[macro_export]
#[doc(hidden)]
macro_rules! __responses {
    ($name:ident {
        $($status:pat $(if $media_type:literal)? => $variant:ident($decoder:ident $([$root:expr])? $(as $marker:ty)?)),+ $(,)?
    }) => {
        impl $name {
            /// Decodes the body of a response into the variant for its status and media type.
            ///
            /// # Errors
            /// Returns an error if the body does not have the documented type, or no body is documented for the status.
            #[inline]
            pub fn decode(response: &$crate::codegen::decode::RawResponse) -> Result<Self, $crate::codegen::decode::DecodeFailure> {
                match response.status().as_u16() {
                    $($status $(if response.is_of($media_type))? => $crate::__responses!(@decode response $variant $decoder $([$root])? $(as $marker)?),)+
                    #[allow(unreachable_patterns)]
                    _ => {
                        if let Some(another) = &response.as_another_success() {
                            $($crate::__responses!(@attempt another $variant $decoder $([$root])? $(as $marker)?);)+
                        }
                        Err($crate::codegen::decode::DecodeFailure::undocumented(response.status()))
                    }
                }
            }
        }
    };
    (@attempt $response:ident $variant:ident json $(as $marker:ty)?) => {
        if let Ok(found) = $crate::__responses!(@decode $response $variant json $(as $marker)?) {
            return Ok(found);
        }
    };
    (@attempt $response:ident $variant:ident $($decoder:tt)+) => {};
    (@decode $response:ident $variant:ident empty) => { Ok(Self::$variant) };
    (@decode $response:ident $variant:ident xml [$root:expr] $(as $marker:ty)?) => {{
        #[cfg(feature = "xml")]
        {
            $crate::codegen::decode::xml::<_, ($($marker)?)>($response, $root).map(Self::$variant)
        }
        #[cfg(not(feature = "xml"))]
        {
            Err($crate::codegen::decode::DecodeFailure::undocumented($response.status()))
        }
    }};
    (@decode $response:ident $variant:ident json as $marker:ty) => {
        $crate::codegen::decode::json_as::<_, $marker>($response).map(Self::$variant)
    };
    (@decode $response:ident $variant:ident $decoder:ident) => { $crate::codegen::decode::$decoder($response).map(Self::$variant) };
}
