//! The contract with the generator: everything that only generated code uses.
//!
//! Calling an API needs nothing from this module. Items for consumers are at the crate's root.
//!
//! | item | generated for |
//! |---|---|
//! | [`contract!`] | each crate: the version of this contract that its code was generated for |
//! | [`client_modules!`] | each API: its modules, except those of its types |
//! | [`modules!`] | modules of types that only some Cargo features need |
//! | [`client!`] | each API: its client, the builder and the credentials |
//! | [`Environment`] | each API: its builder from environment variables |
//! | [`oauth2!`], [`Flow`] | each API with OAuth flows: its OAuth 2.0 credentials |
//! | [`Operation`] | each operation: its constant description |
//! | [`call!`] | each operation with optional parameters: an awaitable request |
//! | [`pages!`], [`Paging`] | each paginated operation: its pages and items |
//! | [`wait!`], [`Polling`] | each operation that returns the state of a job: polling |
//! | [`decode`] | each operation: how its responses are decoded |
//! | `xml` | each type in an XML body: its form |
//! | [`responses!`] | each operation whose body depends on the status: an enum of the bodies |
//! | [`object!`], [`sent_object!`] | a struct with named fields: a JSON object |
//! | [`newtype!`], [`sent_newtype!`] | a struct around one value: that value's JSON |
//! | [`string_enum!`], [`integer_enum!`], [`mixed_enum!`] | an open enumeration |
//! | [`tagged_union!`], [`sent_tagged_union!`] | an enum of objects with a discriminator |
//! | [`union!`], [`sent_union!`] | an enum whose variants are distinguished by tests |
//! | [`fitted_union!`], [`sent_fitted_union!`] | an enum whose variants are distinguished by how well a value matches |
//! | [`from_payloads!`] | an enum that is sent: conversions from the payloads of its variants |
//! | [`shared_fields!`] | an enum: methods for the fields that all variants share |
//! | [`list`], [`map`] | a setter that takes the items of an array, or the entries of a map |
//! | [`strings`] | a parameter that is an array of strings |
//! | [`EncodeAs`], [`DecodeAs`], [`Quoted`], [`Contained`], [`with`], [`from_slice_as`] | values with another JSON form than the default of their type |
//!
//! The codec macros implement `Debug`, which shows the JSON without secrets. With feature `serde`, they also implement
//! `serde::Serialize` and `serde::Deserialize`. The `sent_` macros are for types that are never read: they implement
//! [`Decode`](crate::wire::Decode) only with the feature `decode-all`.
//!
//! A complete client with one operation, as the generator writes it:
//!
//! ```
//! use clientwright_runtime::{Call, Credential, codegen};
//!
//! codegen::contract!(1);
//!
//! codegen::client!(Client, ClientBuilder, Auth);
//!
//! impl Auth {
//!     /// The API key of an account.
//!     #[inline]
//!     pub fn api_key(key: impl Into<String>) -> Self {
//!         Self(Credential::header("api_key", "X-Api-Key", key.into()))
//!     }
//! }
//!
//! const GET_NAME: codegen::Operation =
//!     codegen::Operation::get("getName", "/users/{id}/name").accept("application/json").security(&[&["api_key"]]);
//!
//! impl Client {
//!     /// The name of a user.
//!     #[inline]
//!     pub fn get_name(&self, id: i64) -> Call<String> {
//!         Call::new(self.core.request(&GET_NAME).path("id", &id), codegen::decode::json, codegen::decode::empty)
//!     }
//! }
//!
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! let client = Client::builder("https://api.example.com").auth(Auth::api_key("secret")).build()?;
//! let name = client.get_name(7).await?.into_inner();
//! # drop(name);
//! # Ok(())
//! # }
//! ```

use std::collections::BTreeMap;

use serde_json::Value as JsonValue;

use crate::wire::JsonObject;

/// Decoders of responses: the last stage of a call.
#[cfg(feature = "client")]
pub mod decode {
    #[cfg(feature = "xml")]
    pub use crate::decode::xml;
    pub use crate::decode::{bytes, confirmed, empty, json, json_as, stated, text, undocumented};
    pub use crate::response::{DecodeFailure, Decoder, RawResponse};
    pub use crate::stream::decode::{
        event_objects, events, events_as, json_lines, json_lines_as, json_sequence, json_sequence_as, stream,
        text_event_objects, text_events,
    };
}

/// Tables of types in XML.
#[cfg(feature = "xml")]
pub mod xml {
    pub use crate::xml::{Property, Root, Type};
}

pub use crate::wire::marker::{Contained, DecodeAs, EncodeAs, Quoted, With, from_slice_as, with};
#[cfg(feature = "client")]
pub use crate::{
    auth::Flow,
    client::Environment,
    paging::{PageParameter, Paging},
    polling::Polling,
    request::Operation,
};

// Names that the macros expand to.
#[doc(hidden)]
pub use crate::model::constant::{Constant, Number};
#[doc(hidden)]
pub use crate::model::debug::debug;
#[doc(hidden)]
pub use crate::model::enumeration::{compare, display};
#[doc(hidden)]
pub use crate::model::fit::{BestFit, Expect, Key, Pattern, best_branch, best_fit, expect};
#[doc(hidden)]
pub use crate::model::object::{Absent, Defaulted, Fields, OfValues, Optional, Presence, fill};
#[doc(hidden)]
pub use crate::model::union::{Preview, discriminator};
#[cfg(feature = "serde")]
#[doc(hidden)]
pub use crate::wire::interop::{deserialize, serialize};
#[doc(hidden)]
pub use serde_core;

#[cfg(feature = "client")]
#[doc(inline)]
pub use crate::{
    __call as call, __client as client, __oauth2 as oauth2, __pages as pages, __responses as responses, __wait as wait,
};
#[doc(inline)]
pub use crate::{
    __client_modules as client_modules, __contract as contract, __from_payloads as from_payloads, __modules as modules,
    __shared_fields as shared_fields,
};

// The types of an API.
#[doc(inline)]
pub use crate::{
    __fitted_union as fitted_union, __integer_enum as integer_enum, __mixed_enum as mixed_enum, __newtype as newtype,
    __object as object, __string_enum as string_enum, __tagged_union as tagged_union, __union as union,
};

// Types that are only sent, which can be decoded with the feature `decode-all`.
#[cfg(all(feature = "decode-all", not(doc)))]
pub use self::{
    fitted_union as sent_fitted_union, newtype as sent_newtype, object as sent_object,
    tagged_union as sent_tagged_union, union as sent_union,
};
#[cfg(any(doc, not(feature = "decode-all")))]
#[doc(inline)]
pub use crate::{
    __sent_fitted_union as sent_fitted_union, __sent_newtype as sent_newtype, __sent_object as sent_object,
    __sent_tagged_union as sent_tagged_union, __sent_union as sent_union,
};

/// Collects the items that a setter was passed into an array, converting each into the item type.
///
/// ```
/// let tags: Vec<String> = clientwright_runtime::codegen::list(["new", "red"]);
/// assert_eq!(tags, ["new", "red"]);
/// ```
#[inline]
pub fn list<T>(items: impl IntoIterator<Item = impl Into<T>>) -> Vec<T> {
    items.into_iter().map(Into::into).collect()
}

/// Collects the strings that a parameter was passed into an array, borrowed or owned.
///
/// ```
/// use clientwright_runtime::codegen;
///
/// assert_eq!(codegen::strings(["new", "red"]), codegen::strings(&vec!["new".to_owned(), "red".to_owned()]));
/// ```
#[inline]
pub fn strings(items: impl IntoIterator<Item = impl AsRef<str>>) -> Vec<String> {
    items.into_iter().map(|text| text.as_ref().to_owned()).collect()
}

/// Collects the entries that a setter was passed into a map, converting each into the value type.
///
/// ```
/// use std::collections::BTreeMap;
///
/// let labels: BTreeMap<String, String> = clientwright_runtime::codegen::map([("colour", "red")]);
/// assert_eq!(labels["colour"], "red");
/// ```
#[inline]
pub fn map<T>(entries: impl IntoIterator<Item = (impl Into<String>, impl Into<T>)>) -> BTreeMap<String, T> {
    entries.into_iter().map(|(key, value)| (key.into(), value.into())).collect()
}

/// Returns the object of a [`json_object!`](crate::json_object).
#[doc(hidden)]
#[must_use]
pub fn json_object(value: JsonValue) -> JsonObject {
    match value {
        JsonValue::Object(object) => object,
        _ => {
            debug_assert!(false, "the macro accepts only objects");
            JsonObject::new()
        }
    }
}

/// Declares the modules of an API that send requests, starting with the client; `if` states the condition of a module.
/// Without the feature `client` no module is declared.
#[cfg(feature = "client")]
#[macro_export]
#[doc(hidden)]
macro_rules! __client_modules {
    ($client:ident $(, $module:ident $(if $condition:meta)?)* $(,)?) => {
        mod $client;
        pub use $client::*;
        $($(#[cfg($condition)])? pub mod $module;)*
    };
}

#[cfg(not(feature = "client"))]
#[macro_export]
#[doc(hidden)]
macro_rules! __client_modules {
    ($($any:tt)*) => {};
}

/// Declares modules with a common condition, and exports the names of each.
#[macro_export]
#[doc(hidden)]
macro_rules! __modules {
    ($condition:meta { $($module:ident: $($name:ident)|+),* $(,)? }) => {
        $(
            #[cfg($condition)]
            mod $module;
            #[cfg($condition)]
            pub use self::$module::{$($name),+};
        )*
    };
}

/// States the contract version that code was generated for. Any version other than 1 is a compile error.
///
/// The version grows when code from an earlier generator would no longer compile or would behave differently. Added
/// items do not change it.
///
/// ```
/// clientwright_runtime::codegen::contract!(1);
/// ```
///
/// ```compile_fail
/// clientwright_runtime::codegen::contract!(2);
/// ```
#[macro_export]
#[doc(hidden)]
macro_rules! __contract {
    (1) => {};
    ($other:literal) => {
        compile_error!(concat!(
            "this code was generated for version ",
            $other,
            " of the contract with `clientwright-runtime`, which has version 1 here: ",
            "regenerate the code, or depend on the version of `clientwright-runtime` that it was generated for"
        ));
    };
}

/// Methods of a newtype that delegate to the methods of the same names of the inner value.
#[macro_export]
#[doc(hidden)]
macro_rules! __forward {
    ($type:ident.$within:ident: $($(#[$attribute:meta])* $method:ident($($argument:ident: $of:ty),*);)+) => {
        impl $type {$(
            $(#[$attribute])*
            #[inline]
            pub fn $method(mut self $(, $argument: $of)*) -> Self {
                self.$within = self.$within.$method($($argument),*);
                self
            }
        )+}
    };
}
