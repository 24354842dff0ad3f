//! Codec, enumerations: the macros that generated code calls for them.
//!
//! Invariant: enumerations are open. An unlisted value is kept, and written as it was read.

use std::cmp::Ordering;
use std::fmt;

use crate::wire::{Encode, Reader, to_string};

/// Compares values of an enumeration: listed values in the order of the list, followed by all others.
pub fn compare(listed: &[&str], a: &str, b: &str) -> Ordering {
    let place = |text: &str| listed.iter().position(|value| *value == text).unwrap_or(listed.len());
    place(a).cmp(&place(b)).then_with(|| a.cmp(b))
}

/// Formats a string without quotes, and any other value as JSON.
pub fn display(value: &dyn Encode, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let json = to_string(value);
    match Reader::new(json.as_bytes()).str() {
        Ok(string) => f.pad(string),
        Err(_) => f.pad(&json),
    }
}

/// Implements `Eq`, `Ord` and `Hash` for an enumeration, by the result of the method `$key`. They are not derived,
/// because a derive expands to code for each variant: in an API with 400 enumerations, this took 3% of the client's
/// compile time.
#[macro_export]
#[doc(hidden)]
macro_rules! __order {
    ($name:ident by $key:ident, $compare:path $(, $listed:expr)?) => {
        impl ::core::cmp::Eq for $name {}
        impl ::core::cmp::PartialOrd for $name {
            #[inline]
            fn partial_cmp(&self, other: &Self) -> ::core::option::Option<::core::cmp::Ordering> {
                Some(::core::cmp::Ord::cmp(self, other))
            }
        }
        impl ::core::cmp::Ord for $name {
            #[inline]
            fn cmp(&self, other: &Self) -> ::core::cmp::Ordering {
                $compare($($listed,)? &self.$key(), &other.$key())
            }
        }
        impl ::core::hash::Hash for $name {
            #[inline]
            fn hash<H: ::core::hash::Hasher>(&self, state: &mut H) {
                ::core::hash::Hash::hash(&self.$key(), state);
            }
        }
    };
}

/// Implements the codec of an open enumeration of strings. The last variant of the enum is `Unknown(UnknownString)`,
/// for unlisted strings.
///
/// Also implements `as_str`, `From<&str>`, `From<String>`, `FromStr`, `Display`, `Eq`, `Hash` and `Ord`, in the order
/// of the list. A listed string always becomes its variant, so `Unknown` never contains one.
///
/// ```
/// use clientwright_runtime::{UnknownString, codegen, wire};
///
/// #[derive(Clone, PartialEq)]
/// #[non_exhaustive]
/// enum State {
///     Published,
///     Draft,
///     Unknown(UnknownString),
/// }
/// codegen::string_enum!(State { Published => "PUBLISHED", Draft => "DRAFT" });
///
/// assert!(State::from("DRAFT") == State::Draft);
/// assert_eq!(State::KNOWN, ["PUBLISHED", "DRAFT"]);
/// let archived: State = wire::from_slice(br#""ARCHIVED""#)?;
/// assert_eq!(archived.as_str(), "ARCHIVED");
/// assert_eq!(wire::to_string(&archived), r#""ARCHIVED""#);
/// # Ok::<(), wire::DecodeError>(())
/// ```
#[macro_export]
#[doc(hidden)]
macro_rules! __string_enum {
    ($name:ident { $($variant:ident => $text:literal),* $(,)? }) => {
        impl $name {
            /// The strings that the API document lists.
            pub const KNOWN: &'static [&'static str] = &[$($text),*];

            /// Returns the string of this value in JSON.
            #[inline]
            #[must_use]
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $text,)*
                    Self::Unknown(string) => string.as_str(),
                }
            }
        }
        $crate::__order!($name by as_str, $crate::codegen::compare, Self::KNOWN);
        $crate::__from!(string: &str => $name {
            match string {
                $($text => Self::$variant,)*
                string => Self::Unknown($crate::UnknownString::__new(string)),
            }
        });
        $crate::__from!(string: ::std::string::String => $name { Self::from(string.as_str()) });
        impl ::core::str::FromStr for $name {
            type Err = ::core::convert::Infallible;
            #[inline]
            fn from_str(string: &str) -> ::core::result::Result<Self, ::core::convert::Infallible> {
                Ok(Self::from(string))
            }
        }
        $crate::__fmt!(Display for $name: self, f => f.pad(self.as_str()));
        $crate::__encode!($name: self, writer => writer.str(self.as_str()));
        $crate::__decode!($name: reader => Self::from(reader.text()?));
        $crate::__debug!($name);
        $crate::__placeholder!($name: text_enum [$($variant)*]);
    };
}

/// Implements the codec of an open enumeration of integers. The last variant of the enum is `Unknown(UnknownInteger)`,
/// for unlisted integers.
///
/// Also implements `as_i64`, `From<i64>`, `Display`, `Eq`, `Hash` and `Ord`, as integers. A listed integer always
/// becomes its variant.
///
/// ```
/// use clientwright_runtime::{UnknownInteger, codegen, wire};
///
/// #[derive(Clone, PartialEq)]
/// #[non_exhaustive]
/// enum Level {
///     Low,
///     High,
///     Unknown(UnknownInteger),
/// }
/// codegen::integer_enum!(Level { Low => 1, High => 2 });
///
/// assert!(Level::from(2) == Level::High);
/// assert_eq!(wire::from_slice::<Level>(b"-7")?.as_i64(), -7);
/// # Ok::<(), wire::DecodeError>(())
/// ```
#[macro_export]
#[doc(hidden)]
macro_rules! __integer_enum {
    ($name:ident { $($variant:ident => $number:literal),* $(,)? }) => {
        impl $name {
            /// Returns the integer of this value in JSON.
            #[inline]
            #[must_use]
            pub fn as_i64(&self) -> i64 {
                match self {
                    $(Self::$variant => $number,)*
                    Self::Unknown(number) => number.as_i64(),
                }
            }
        }
        $crate::__order!($name by as_i64, ::core::cmp::Ord::cmp);
        $crate::__from!(number: i64 => $name {
            match number {
                $($number => Self::$variant,)*
                number => Self::Unknown($crate::UnknownInteger::__new(number)),
            }
        });
        $crate::__fmt!(Display for $name: self, f => ::core::fmt::Display::fmt(&self.as_i64(), f));
        $crate::__encode!($name: self, writer => writer.i64(self.as_i64()));
        $crate::__decode!($name: reader => Self::from(reader.i64()?));
        $crate::__debug!($name);
        $crate::__placeholder!($name: enumeration [$($variant)*]);
    };
}

/// Implements the codec of an open enumeration of values of several JSON types: strings, booleans and numbers. The last
/// variant of the enum is `Unknown(UnknownJson)`, for unlisted values. `number` precedes the text of a number that is
/// not a 64-bit integer.
///
/// Also implements `From<&str>`, `From<String>`, `From<i64>`, `From<bool>`, `Display` (without quotes of strings),
/// `Eq`, `Hash` and `Ord`, by the JSON text, with listed values first. A listed value always becomes its variant when
/// it is read. Numbers are compared by value, regardless of their notation.
///
/// ```
/// use clientwright_runtime::{UnknownJson, codegen, wire};
///
/// #[derive(Clone, PartialEq)]
/// #[non_exhaustive]
/// enum Timeout {
///     Never,
///     V30,
///     V0_5,
///     False,
///     Unknown(UnknownJson),
/// }
/// codegen::mixed_enum!(Timeout { Never => "never", V30 => 30, V0_5 => number "0.5", False => false });
///
/// assert!(wire::from_slice::<Timeout>(b"5e-1")? == Timeout::V0_5);
/// assert!(Timeout::from("never") == Timeout::Never);
/// assert_eq!(Timeout::Never.to_string(), "never");
/// assert_eq!(wire::to_string(&Timeout::from(31)), "31");
/// # Ok::<(), wire::DecodeError>(())
/// ```
#[macro_export]
#[doc(hidden)]
macro_rules! __mixed_enum {
    ($name:ident { $($variant:ident => $(number $(@ $number:ident)?)? $value:literal),* $(,)? }) => {
        impl $name {
            #[inline]
            fn of_json(json: &str) -> Self {
                $(if $crate::codegen::Constant::equals(&$crate::__constant!($(number $(@ $number)?)? $value), json) {
                    return Self::$variant;
                })*
                Self::Unknown($crate::UnknownJson::__new(json))
            }

            #[inline]
            fn order(&self) -> (bool, ::std::string::String) {
                (matches!(self, Self::Unknown(_)), $crate::wire::to_string(self))
            }
        }
        $crate::__order!($name by order, ::core::cmp::Ord::cmp);
        $crate::__from! {
            value: &str, i64, bool => $name { Self::of_json(&$crate::wire::to_string(&value)) }
            string: ::std::string::String => $name { Self::from(string.as_str()) }
        }
        $crate::__fmt!(Display for $name: self, f => $crate::codegen::display(self, f));
        $crate::__encode!($name: self, writer => {
            let value: &dyn $crate::wire::Encode = match self {
                $(Self::$variant => &$crate::__constant!($(number $(@ $number)?)? $value),)*
                Self::Unknown(value) => value,
            };
            value.encode(writer)
        });
        $crate::__decode!($name: reader => Self::of_json(reader.raw()?));
        $crate::__debug!($name);
        $crate::__placeholder!($name: enumeration [$($variant)*]);
    };
}

/// A value of [`mixed_enum!`](crate::codegen::mixed_enum).
#[macro_export]
#[doc(hidden)]
macro_rules! __constant {
    (number $text:literal) => {
        $crate::codegen::Number($text)
    };
    ($value:literal) => {
        $value
    };
}
