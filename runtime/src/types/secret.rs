//! A value that is sent but never shown.

use crate::wire::with;
#[cfg(feature = "serde")]
use serde_core::{Deserialize, Deserializer, Serialize, Serializer};

/// A password, token or key. `Debug` and `Display` show `[redacted]`; [`expose`](Self::expose) returns the value. If a
/// server repeats a secret that it was sent, errors show `[redacted]`, too.
///
/// ```
/// use clientwright_runtime::Secret;
///
/// let password: Secret<String> = "open sesame".into();
/// assert_eq!(format!("{password} {password:?}"), "[redacted] [redacted]");
/// assert_eq!(password.expose(), "open sesame");
/// assert!(password == Secret::from(&String::from("open sesame")));
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Secret<T>(T);

const REDACTED: &str = "[redacted]";

impl<T> Secret<T> {
    /// Creates a secret.
    #[inline]
    #[must_use]
    pub const fn new(value: T) -> Self {
        Self(value)
    }

    /// Returns the value.
    #[inline]
    #[must_use]
    pub const fn expose(&self) -> &T {
        &self.0
    }

    /// Converts the secret into its value.
    #[inline]
    #[must_use]
    pub fn into_inner(self) -> T {
        self.0
    }
}

from!(value: T => Secret<T> { Self(value) }, for T);

from!(value: &str, &String => Secret<String> { Self(value.into()) });

fmt!(Debug for Secret<T>: self, f => f.write_str(REDACTED), for T);

fmt!(Display for Secret<T>: self, f => f.write_str(REDACTED), for T);

by_marker!(<T> Secret<T> as Secret<()>);

codec_as! {
    #[inline]
    Secret<M> as Secret<T>, for M, T:
    value, writer => writer.secret(&with::<M, T>(value.expose())),
    reader => M::decode_as(reader).map(Secret::from)
}

#[cfg(feature = "serde")]
impl<T: Serialize> Serialize for Secret<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

#[cfg(feature = "serde")]
impl<'de, T: Deserialize<'de>> Deserialize<'de> for Secret<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        T::deserialize(deserializer).map(Self)
    }
}
