//! A property for which absent and `null` mean different things.

use std::collections::BTreeMap;
use std::ops::Deref;

#[cfg(feature = "serde")]
use serde_core::{Deserialize, Deserializer, Serialize, Serializer};

use crate::codegen::{DecodeAs, EncodeAs};
use crate::wire::{Decode, DecodeError, Encode, Reader, Writer};

/// A property that is optional and nullable: absent, `null` or a value.
///
/// In an update these usually mean: keep it, remove it, set it.
///
/// ```
/// use clientwright_runtime::Maybe;
///
/// assert_eq!(Maybe::from(5).value(), Some(&5));
/// assert_eq!(Maybe::<i32>::from(None), Maybe::Null);
/// assert!(Maybe::<i32>::default().is_absent());
/// assert_eq!(Maybe::<String>::from("five").as_deref().unwrap_or("none"), "five");
/// assert_eq!(Maybe::<Vec<String>>::from(["red"]), Maybe::Value(vec!["red".to_owned()]));
/// assert_eq!(Option::from(Maybe::<i32>::Null), None::<i32>);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub enum Maybe<T> {
    /// The property is absent.
    #[default]
    Absent,
    /// The property is `null`.
    Null,
    /// The property has a value.
    Value(T),
}

impl<T> Maybe<T> {
    /// The value, if there is one.
    #[inline]
    #[must_use]
    pub fn value(&self) -> Option<&T> {
        match self {
            Self::Value(value) => Some(value),
            Self::Absent | Self::Null => None,
        }
    }

    /// A mutable reference to the value, if there is one.
    #[inline]
    #[must_use]
    pub fn value_mut(&mut self) -> Option<&mut T> {
        match self {
            Self::Value(value) => Some(value),
            Self::Absent | Self::Null => None,
        }
    }

    /// Converts into the value, if there is one.
    #[inline]
    #[must_use]
    pub fn into_value(self) -> Option<T> {
        match self {
            Self::Value(value) => Some(value),
            Self::Absent | Self::Null => None,
        }
    }

    /// Whether the property is absent.
    #[inline]
    #[must_use]
    pub fn is_absent(&self) -> bool {
        matches!(self, Self::Absent)
    }

    /// Whether the property is `null`.
    #[inline]
    #[must_use]
    pub fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// Whether there is a value.
    #[inline]
    #[must_use]
    pub fn is_value(&self) -> bool {
        matches!(self, Self::Value(_))
    }

    /// Converts a reference to a `Maybe` into a `Maybe` of a reference.
    #[inline]
    #[must_use]
    pub fn as_ref(&self) -> Maybe<&T> {
        match self {
            Self::Absent => Maybe::Absent,
            Self::Null => Maybe::Null,
            Self::Value(value) => Maybe::Value(value),
        }
    }

    /// Converts a reference to a `Maybe` into a `Maybe` of what the value derefs to: of a `&str`, where it is a `String`.
    #[inline]
    #[must_use]
    pub fn as_deref(&self) -> Maybe<&T::Target>
    where
        T: Deref,
    {
        self.as_ref().map(T::deref)
    }

    /// The value, or another one if there is none.
    #[inline]
    #[must_use]
    pub fn unwrap_or(self, other: T) -> T {
        self.into_value().unwrap_or(other)
    }

    /// The value, or what a function gives if there is none.
    #[inline]
    #[must_use]
    pub fn unwrap_or_else(self, other: impl FnOnce() -> T) -> T {
        self.into_value().unwrap_or_else(other)
    }

    /// The value, or the default of its type if there is none.
    #[inline]
    #[must_use]
    pub fn unwrap_or_default(self) -> T
    where
        T: Default,
    {
        self.into_value().unwrap_or_default()
    }

    /// Applies a function to the value, if there is one.
    #[inline]
    #[must_use]
    pub fn map<U>(self, function: impl FnOnce(T) -> U) -> Maybe<U> {
        match self {
            Self::Absent => Maybe::Absent,
            Self::Null => Maybe::Null,
            Self::Value(value) => Maybe::Value(function(value)),
        }
    }
}

impl<T> From<T> for Maybe<T> {
    #[inline]
    fn from(value: T) -> Self {
        Self::Value(value)
    }
}

impl From<&str> for Maybe<String> {
    #[inline]
    fn from(text: &str) -> Self {
        Self::Value(text.to_owned())
    }
}

impl<T, const N: usize> From<[T; N]> for Maybe<Vec<T>> {
    #[inline]
    fn from(items: [T; N]) -> Self {
        Self::Value(items.into())
    }
}

impl<const N: usize> From<[&str; N]> for Maybe<Vec<String>> {
    #[inline]
    fn from(items: [&str; N]) -> Self {
        Self::Value(items.map(str::to_owned).into())
    }
}

impl<T, K: Into<String>, V: Into<T>, const N: usize> From<[(K, V); N]> for Maybe<BTreeMap<String, T>> {
    #[inline]
    fn from(entries: [(K, V); N]) -> Self {
        Self::Value(entries.into_iter().map(|(key, value)| (key.into(), value.into())).collect())
    }
}

/// `None` is `null`.
impl<T> From<Option<T>> for Maybe<T> {
    #[inline]
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Self::Value)
    }
}

/// What the setter of an optional and nullable property takes: a `Maybe`, an `Option` of the value, of which `None` is `null`, or
/// anything that turns into the value, such as a `&str` or what one variant of a union holds.
///
/// `F` says which of these it is; the compiler finds it.
///
/// ```
/// use clientwright_runtime::{IntoMaybe, Maybe, Secret};
///
/// fn password<F>(password: impl IntoMaybe<Secret<String>, F>) -> Maybe<Secret<String>> {
///     password.into_maybe()
/// }
///
/// assert_eq!(password("swordfish"), Maybe::Value(Secret::from("swordfish")));
/// assert_eq!(password(None), Maybe::Null);
/// assert_eq!(password(Maybe::Absent), Maybe::Absent);
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is neither a `{T}`, nor turns into one, nor is it an `Option` or a `Maybe` of one"
)]
pub trait IntoMaybe<T, F> {
    /// Converts into the property.
    fn into_maybe(self) -> Maybe<T>;
}

/// A form of [`IntoMaybe`]: what turns into the value.
#[derive(Debug)]
pub enum FromValue {}

/// A form of [`IntoMaybe`]: an `Option` of the value.
#[derive(Debug)]
pub enum FromOption {}

/// A form of [`IntoMaybe`]: the property itself.
#[derive(Debug)]
pub enum FromMaybe {}

impl<T, V: Into<T>> IntoMaybe<T, FromValue> for V {
    #[inline]
    fn into_maybe(self) -> Maybe<T> {
        Maybe::Value(self.into())
    }
}

impl<T> IntoMaybe<T, FromOption> for Option<T> {
    #[inline]
    fn into_maybe(self) -> Maybe<T> {
        self.into()
    }
}

impl<T> IntoMaybe<T, FromMaybe> for Maybe<T> {
    #[inline]
    fn into_maybe(self) -> Self {
        self
    }
}

/// Absent and `null` are `None`.
impl<'m, T> From<&'m Maybe<T>> for Option<&'m T> {
    #[inline]
    fn from(maybe: &'m Maybe<T>) -> Self {
        maybe.value()
    }
}

/// Absent and `null` are `None`.
impl<T> From<Maybe<T>> for Option<T> {
    #[inline]
    fn from(maybe: Maybe<T>) -> Self {
        maybe.into_value()
    }
}

impl<T: Encode> Encode for Maybe<T> {
    #[inline]
    fn encode(&self, writer: &mut Writer) {
        <Maybe<()> as EncodeAs<Self>>::encode_as(self, writer);
    }

    #[inline]
    fn is_absent(&self) -> bool {
        self.is_absent()
    }
}

impl<T: Decode> Decode for Maybe<T> {
    #[inline]
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        <Maybe<()> as DecodeAs<Self>>::decode_as(reader)
    }
}

/// Absent is serialized as `null`, because only the struct can leave out a property.
#[cfg(feature = "serde")]
impl<T: Serialize> Serialize for Maybe<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.value().serialize(serializer)
    }
}

#[cfg(feature = "serde")]
impl<'de, T: Deserialize<'de>> Deserialize<'de> for Maybe<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Option::deserialize(deserializer).map(Self::from)
    }
}
