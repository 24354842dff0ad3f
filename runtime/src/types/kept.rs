//! What the types of strings with a format have alike: the string is kept as it was read and is written unchanged.

/// Defines the error of a string that is not of a format.
macro_rules! invalid {
    ($(#[$docs:meta])* $error:ident: $message:literal) => {
        $(#[$docs])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        #[non_exhaustive]
        pub struct $error;

        impl ::std::fmt::Display for $error {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.write_str($message)
            }
        }

        impl ::std::error::Error for $error {}
    };
}

/// Implements what goes by the string of a tuple struct of `Box<str>`: `as_str`, parsing, showing, writing, and the error of
/// parsing. `parse` returns `None` for a string that is not of the format.
macro_rules! kept_text {
    ($name:ident, $parse:path; $(#[$docs:meta])* $error:ident: $message:literal;) => {
        $crate::types::kept::invalid! { $(#[$docs])* $error: $message }

        impl $name {
            /// The string as it was read.
            #[inline]
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl ::std::str::FromStr for $name {
            type Err = $error;

            fn from_str(text: &str) -> Result<Self, $error> {
                match $parse(text) {
                    Some(_) => Ok(Self(text.into())),
                    None => Err($error),
                }
            }
        }

        impl TryFrom<&str> for $name {
            type Error = $error;

            fn try_from(text: &str) -> Result<Self, $error> {
                text.parse()
            }
        }

        impl PartialOrd for $name {
            fn partial_cmp(&self, other: &Self) -> Option<::std::cmp::Ordering> {
                Some(self.cmp(other))
            }
        }

        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.pad(&self.0)
            }
        }

        impl ::std::fmt::Debug for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.0)
            }
        }

        impl $crate::wire::Encode for $name {
            fn encode(&self, writer: &mut $crate::wire::Writer) {
                writer.str(&self.0);
            }
        }

        $crate::__serialize!($name);
        $crate::__deserialize!($name);
    };
}

/// Adds reading of any string, and the constructor that checks nothing.
macro_rules! any_text {
    ($name:ident) => {
        impl $name {
            /// Creates a value from a string of any form, for servers that write the format in another way. It is not checked.
            #[inline]
            #[must_use]
            pub fn from_text(text: impl Into<Box<str>>) -> Self {
                Self(text.into())
            }
        }

        impl $crate::wire::Decode for $name {
            fn decode(reader: &mut $crate::wire::Reader<'_>) -> Result<Self, $crate::wire::DecodeError> {
                reader.str().map(Self::from_text)
            }
        }
    };
}

/// Conversions to a type of another library, and from it. `to` and `from` are functions that give `None` for what the other type does not
/// have; `into` always gives a value.
#[cfg(any(feature = "jiff-02", feature = "chrono-04", feature = "time-03"))]
macro_rules! conversions {
    ($name:ident, $error:ident, $other:ty; $(#[$to_docs:meta])* to $to:expr; $(#[$from_docs:meta])* from $from:expr) => {
        conversions! { $name, $error, $other; $(#[$to_docs])* to $to }

        $(#[$from_docs])*
        impl TryFrom<$other> for $name {
            type Error = $error;

            fn try_from(value: $other) -> Result<Self, $error> {
                let from: fn($other) -> Option<Self> = $from;
                from(value).ok_or($error)
            }
        }
    };
    ($name:ident, $error:ident, $other:ty; $(#[$to_docs:meta])* to $to:expr; $(#[$from_docs:meta])* into $from:expr) => {
        conversions! { $name, $error, $other; $(#[$to_docs])* to $to }

        $(#[$from_docs])*
        impl From<$other> for $name {
            fn from(value: $other) -> Self {
                let from: fn($other) -> Self = $from;
                from(value)
            }
        }
    };
    ($name:ident, $error:ident, $other:ty; $(#[$to_docs:meta])* to $to:expr) => {
        $(#[$to_docs])*
        impl TryFrom<&$name> for $other {
            type Error = $error;

            fn try_from(value: &$name) -> Result<Self, $error> {
                let to: fn(&$name) -> Option<Self> = $to;
                to(value).ok_or($error)
            }
        }
    };
}

#[cfg(any(feature = "jiff-02", feature = "chrono-04", feature = "time-03"))]
pub(super) use conversions;
pub(super) use {any_text, invalid, kept_text};
