//! A property for which absent and `null` have different meanings.

use std::collections::BTreeMap;
use std::ops::Deref;

use crate::wire::{DecodeAs, DecodeError, EncodeAs, Reader, Writer};
#[cfg(feature = "serde")]
use serde_core::{Deserialize, Deserializer, Serialize, Serializer};

/// A property that is optional and nullable: absent, `null` or a value.
///
/// In an update these usually mean: keep it, remove it, set it.
///
/// If the difference between absent and `null` does not matter, use it like an `Option`: methods that borrow or take
/// the value return an `Option`. Only [`map`](Self::map) keeps the difference.
///
/// ```
/// use clientwright_runtime::Maybe;
///
/// assert_eq!(Maybe::from(5).as_ref(), Some(&5));
/// assert_eq!(Maybe::<i32>::from(None), Maybe::Null);
/// assert!(Maybe::<i32>::default().is_absent());
/// assert_eq!(Maybe::<String>::from("five").as_deref().unwrap_or("none"), "five");
/// assert_eq!(Maybe::<String>::from(&String::from("five")), Maybe::from("five"));
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
    /// Returns `true` if the property is absent.
    #[inline]
    #[must_use]
    pub fn is_absent(&self) -> bool {
        matches!(self, Self::Absent)
    }

    /// Returns `true` if the property is `null`.
    #[inline]
    #[must_use]
    pub fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// Returns `true` if there is a value.
    #[inline]
    #[must_use]
    pub fn is_some(&self) -> bool {
        matches!(self, Self::Value(_))
    }

    /// Returns `true` if there is no value: the property is absent or `null`.
    #[inline]
    #[must_use]
    pub fn is_none(&self) -> bool {
        !self.is_some()
    }

    /// Returns `true` if there is a value and it satisfies a predicate.
    ///
    /// ```
    /// # use clientwright_runtime::Maybe;
    /// assert!(Maybe::Value(5).is_some_and(|size| size > 4));
    /// ```
    #[inline]
    #[must_use]
    pub fn is_some_and(self, function: impl FnOnce(T) -> bool) -> bool {
        self.into_value().is_some_and(function)
    }

    /// Returns a reference to the value, if there is one.
    ///
    /// ```
    /// # use clientwright_runtime::Maybe;
    /// if let Some(name) = Maybe::from("Ada".to_owned()).as_ref() {
    ///     assert_eq!(name, "Ada");
    /// }
    /// ```
    #[inline]
    #[must_use]
    pub fn as_ref(&self) -> Option<&T> {
        match self {
            Self::Value(value) => Some(value),
            Self::Absent | Self::Null => None,
        }
    }

    /// Returns a mutable reference to the value, if there is one.
    ///
    /// ```
    /// # use clientwright_runtime::Maybe;
    /// let mut names = Maybe::<Vec<String>>::from(["Ada"]);
    /// names.as_mut().ok_or("no names")?.push("Grace".to_owned());
    /// assert_eq!(names, Maybe::from(["Ada", "Grace"]));
    /// # Ok::<(), &str>(())
    /// ```
    #[inline]
    #[must_use]
    pub fn as_mut(&mut self) -> Option<&mut T> {
        match self {
            Self::Value(value) => Some(value),
            Self::Absent | Self::Null => None,
        }
    }

    /// Dereferences the value, if there is one: a `String` becomes a `&str`.
    ///
    /// ```
    /// # use clientwright_runtime::Maybe;
    /// assert_eq!(Maybe::<String>::from("Ada").as_deref(), Some("Ada"));
    /// ```
    #[inline]
    #[must_use]
    pub fn as_deref(&self) -> Option<&T::Target>
    where
        T: Deref,
    {
        self.as_ref().map(T::deref)
    }

    /// Converts into an `Option` of the value.
    ///
    /// ```
    /// # use clientwright_runtime::Maybe;
    /// assert_eq!(Maybe::Value(5).into_value(), Some(5));
    /// ```
    #[inline]
    #[must_use]
    pub fn into_value(self) -> Option<T> {
        match self {
            Self::Value(value) => Some(value),
            Self::Absent | Self::Null => None,
        }
    }

    /// Takes the value out, if there is one, and leaves the property absent.
    ///
    /// ```
    /// # use clientwright_runtime::Maybe;
    /// let mut size = Maybe::Value(5);
    /// assert_eq!((size.take(), size), (Some(5), Maybe::Absent));
    /// ```
    #[inline]
    pub fn take(&mut self) -> Option<T> {
        std::mem::take(self).into_value()
    }

    /// Returns the value, or `error` if there is no value.
    ///
    /// ```
    /// # use clientwright_runtime::Maybe;
    /// assert_eq!(Maybe::<i32>::Null.ok_or("no size"), Err("no size"));
    /// ```
    ///
    /// # Errors
    /// Returns `error` if there is no value.
    #[inline]
    pub fn ok_or<E>(self, error: E) -> Result<T, E> {
        self.into_value().ok_or(error)
    }

    /// Returns the value, or the result of `error` if there is no value.
    ///
    /// ```
    /// # use clientwright_runtime::Maybe;
    /// assert_eq!(Maybe::Value(5).ok_or_else(|| "no size"), Ok(5));
    /// ```
    ///
    /// # Errors
    /// Returns the result of `error` if there is no value.
    #[inline]
    pub fn ok_or_else<E>(self, error: impl FnOnce() -> E) -> Result<T, E> {
        self.into_value().ok_or_else(error)
    }

    /// Returns the value, or `other` if there is no value.
    #[inline]
    #[must_use]
    pub fn unwrap_or(self, other: T) -> T {
        self.into_value().unwrap_or(other)
    }

    /// Returns the value, or the result of `other` if there is no value.
    #[inline]
    #[must_use]
    pub fn unwrap_or_else(self, other: impl FnOnce() -> T) -> T {
        self.into_value().unwrap_or_else(other)
    }

    /// Returns the value, or the default of its type if there is no value.
    ///
    /// ```
    /// # use clientwright_runtime::Maybe;
    /// assert_eq!(Maybe::<i32>::Null.unwrap_or_default(), 0);
    /// ```
    #[inline]
    #[must_use]
    pub fn unwrap_or_default(self) -> T
    where
        T: Default,
    {
        self.into_value().unwrap_or_default()
    }

    /// Applies a function to the value, if there is one. An absent property stays absent, and `null` stays `null`.
    ///
    /// ```
    /// # use clientwright_runtime::Maybe;
    /// assert_eq!(Maybe::Value(5).map(|size| size + 1), Maybe::Value(6));
    /// assert_eq!(Maybe::<i32>::Null.map(|size| size + 1), Maybe::Null);
    /// ```
    #[inline]
    #[must_use]
    pub fn map<U>(self, function: impl FnOnce(T) -> U) -> Maybe<U> {
        match self {
            Self::Absent => Maybe::Absent,
            Self::Null => Maybe::Null,
            Self::Value(value) => Maybe::Value(function(value)),
        }
    }

    /// Applies a function to the value, or returns `other` if there is no value.
    ///
    /// ```
    /// # use clientwright_runtime::Maybe;
    /// assert_eq!(Maybe::<&str>::Absent.map_or(0, str::len), 0);
    /// ```
    #[inline]
    #[must_use]
    pub fn map_or<U>(self, other: U, function: impl FnOnce(T) -> U) -> U {
        self.into_value().map_or(other, function)
    }

    /// Applies a function that returns an `Option` to the value, if there is one.
    ///
    /// ```
    /// # use clientwright_runtime::Maybe;
    /// assert_eq!(Maybe::Value("5").and_then(|text| text.parse().ok()), Some(5));
    /// ```
    #[inline]
    #[must_use]
    pub fn and_then<U>(self, function: impl FnOnce(T) -> Option<U>) -> Option<U> {
        self.into_value().and_then(function)
    }

    /// Returns an iterator over the value, if there is one.
    ///
    /// ```
    /// # use clientwright_runtime::Maybe;
    /// let tags = Maybe::<Vec<String>>::from(["red", "round"]);
    /// assert_eq!(tags.iter().flatten().count(), 2);
    /// ```
    #[inline]
    pub fn iter(&self) -> std::option::IntoIter<&T> {
        self.as_ref().into_iter()
    }
}

/// Iterates over the value, if there is one.
impl<T> IntoIterator for Maybe<T> {
    type Item = T;
    type IntoIter = std::option::IntoIter<T>;

    #[inline]
    fn into_iter(self) -> Self::IntoIter {
        self.into_value().into_iter()
    }
}

/// Iterates over a reference to the value, if there is one.
impl<'m, T> IntoIterator for &'m Maybe<T> {
    type Item = &'m T;
    type IntoIter = std::option::IntoIter<&'m T>;

    #[inline]
    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

from!(value: T => Maybe<T> { Self::Value(value) }, for T);

from!(text: &str, &String => Maybe<String> { Self::Value(text.into()) });

from!(items: [T; N] => Maybe<Vec<T>> { Self::Value(items.into()) }, for T, const N: usize);

from!(items: [&str; N] => Maybe<Vec<String>> { Self::Value(items.map(str::to_owned).into()) }, for const N: usize);

from! {
    entries: [(K, V); N] => Maybe<BTreeMap<String, T>> {
        Self::Value(entries.into_iter().map(|(key, value)| (key.into(), value.into())).collect())
    },
    for T, K: Into<String>, V: Into<T>, const N: usize
}

from! {
    /// Converts `None` to `null`.
    value: Option<T> => Maybe<T> { value.map_or(Self::Null, Self::Value) }, for T
}

/// The argument of the setter of an optional and nullable property. It is a `Maybe`, an `Option` of the value (`None`
/// is `null`), or anything that converts into the value, such as a `&str`.
///
/// `F` is the kind of the argument, which the compiler infers.
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
    message = "`{Self}` is not a `{T}`, does not convert into one, and is not an `Option` or `Maybe` of one"
)]
pub trait IntoMaybe<T, F> {
    /// Converts into the property.
    fn into_maybe(self) -> Maybe<T>;
}

/// A kind of [`IntoMaybe`]: a type that converts into the value.
#[derive(Debug)]
pub enum FromValue {}

/// A kind of [`IntoMaybe`]: an `Option` of the value.
#[derive(Debug)]
pub enum FromOption {}

/// A kind of [`IntoMaybe`]: the property itself.
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

from! {
    /// Converts absent and `null` to `None`.
    maybe: &'m Maybe<T> => Option<&'m T> { maybe.as_ref() }, for 'm, T
}

from! {
    /// Converts absent and `null` to `None`.
    maybe: Maybe<T> => Option<T> { maybe.into_value() }, for T
}

by_marker!(<T> Maybe<T> as Maybe<()>);

/// Absent is serialized as `null`, because only the struct can omit a property.
#[cfg(feature = "serde")]
impl<T: Serialize> Serialize for Maybe<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.as_ref().serialize(serializer)
    }
}

#[cfg(feature = "serde")]
impl<'de, T: Deserialize<'de>> Deserialize<'de> for Maybe<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Option::deserialize(deserializer).map(Self::from)
    }
}

impl<M: EncodeAs<T>, T> EncodeAs<Maybe<T>> for Maybe<M> {
    #[inline]
    fn encode_as(value: &Maybe<T>, writer: &mut Writer) {
        match value {
            Maybe::Value(value) => M::encode_as(value, writer),
            Maybe::Absent | Maybe::Null => writer.null(),
        }
    }

    #[inline]
    fn is_absent(value: &Maybe<T>) -> bool {
        value.is_absent()
    }
}

impl<M: DecodeAs<T>, T> DecodeAs<Maybe<T>> for Maybe<M> {
    #[inline]
    fn decode_as(reader: &mut Reader<'_>) -> Result<Maybe<T>, DecodeError> {
        if reader.null()? {
            return Ok(Maybe::Null);
        }
        Ok(reader.unless_blank(M::decode_as)?.map_or(Maybe::Absent, Maybe::Value))
    }
}
