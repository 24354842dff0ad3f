//! Shared code of the types for formatted strings: the string is kept as read and written unchanged.

/// Defines the error of a string that is not in a format.
macro_rules! invalid {
    ($(#[$docs:meta])* $error:ident: $message:literal) => {
        $(#[$docs])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        #[non_exhaustive]
        pub struct $error;

        fmt!(Display for $error: self, f => f.write_str($message));

        impl std::error::Error for $error {}
    };
}

/// Implements parsing by a function that returns `None` for an invalid string.
macro_rules! parsed {
    ($name:ident, $parse:path, $error:ident) => {
        impl std::str::FromStr for $name {
            type Err = $error;

            /// Keeps the string unchanged. Returns an error if it is not valid.
            fn from_str(text: &str) -> Result<Self, $error> {
                match $parse(text) {
                    Some(_) => Ok(Self(text.into())),
                    None => Err($error),
                }
            }
        }

        /// Equivalent to `FromStr`.
        impl TryFrom<&str> for $name {
            type Error = $error;

            fn try_from(text: &str) -> Result<Self, $error> {
                text.parse()
            }
        }
    };
}

/// Implements the traits and methods of a tuple struct of `Box<str>`: its string, parsing, the order, formatting, the
/// codec, and the parse error. `parse` returns `None` for an invalid string; values are ordered `by` a key of its result.
macro_rules! text_type {
    ($name:ident, $parse:path, by $key:expr; $(#[$docs:meta])* $error:ident: $message:literal;) => {
        invalid! { $(#[$docs])* $error: $message }

        kept_text! {
            $name;
            /// Creates a value from any string, without validation, for servers that use another notation.
            from_text;
            /// Returns the string as it was read.
            as_str
        }

        parsed!($name, $parse, $error);

        impl Ord for $name {
            fn cmp(&self, other: &Self) -> std::cmp::Ordering {
                let key = |text: &str| $parse(text).map($key);
                key(&self.0).cmp(&key(&other.0)).then_with(|| self.0.cmp(&other.0))
            }
        }

        impl PartialOrd for $name {
            fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
                Some(self.cmp(other))
            }
        }

        fmt!(Debug for $name: self, f => write!(f, concat!(stringify!($name), "({})"), self.0));
        codec! {
            $name: self, writer => writer.str(&self.0), reader => reader.str().map(Self::from_text);
        }

        $crate::__serialize!($name);
        $crate::__deserialize!($name);
    };
}

/// Implements the methods and traits for access to the string of such a struct.
macro_rules! kept_text {
    ($name:ident; $(#[$from_docs:meta])* from_text; $(#[$docs:meta])* as_str) => {
        impl $name {
            $(#[$from_docs])*
            #[inline]
            #[must_use]
            pub fn from_text(text: impl Into<Box<str>>) -> Self {
                Self(text.into())
            }

            $(#[$docs])*
            #[inline]
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        fmt!(Display for $name: self, f => f.pad(&self.0));
    };
}

/// Implements conversions to and from a type of another library. `to` and `from` are functions that return `None` for
/// values that the target cannot represent; `into` always returns a value.
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
