//! Codec, macros: impls for containers, and of serde's traits for a type with a codec.

/// Implements the codec of types, each with the bodies of its methods, and `null` with the value of a JSON `null`.
macro_rules! codec {
    ($(
        $(#[$attribute:meta])* $type:ty:
        $self:ident, $writer:ident => $encode:expr, $reader:ident => $decode:expr $(, null => $null:expr)?;
    )+) => {$(
        impl crate::wire::Encode for $type {
            $(#[$attribute])*
            fn encode(&$self, $writer: &mut crate::wire::Writer) {
                $encode;
            }
        }

        impl crate::wire::Decode for $type {
            $(#[$attribute])*
            fn decode($reader: &mut crate::wire::Reader<'_>) -> Result<Self, crate::wire::DecodeError> {
                $decode
            }

            $(#[inline]
            fn null() -> Option<Self> {
                Some($null)
            })?
        }
    )+};
}

/// Implements the codec of a type with a marker, with the bodies of its methods. `for M, T` means that `M` is the marker of the `T` in the
/// type.
macro_rules! codec_as {
    (
        $(#[$attribute:meta])* $marker:ty as $type:ty $(, for $inner:ident, $of:ident)?:
        $value:ident, $writer:ident => $encode:expr, $reader:ident => $decode:expr
    ) => {
        impl $(<$inner: crate::wire::EncodeAs<$of>, $of>)? crate::wire::EncodeAs<$type> for $marker {
            $(#[$attribute])*
            fn encode_as($value: &$type, $writer: &mut crate::wire::Writer) {
                $encode;
            }
        }

        impl $(<$inner: crate::wire::DecodeAs<$of>, $of>)? crate::wire::DecodeAs<$type> for $marker {
            $(#[$attribute])*
            fn decode_as($reader: &mut crate::wire::Reader<'_>) -> Result<$type, crate::wire::DecodeError> {
                $decode
            }
        }
    };
}

/// Implements the codec of containers of other types with a marker that changes nothing.
macro_rules! by_marker {
    ($(<$($of:ident),+> $type:ty as $marker:ty),*) => {$(
        impl<$($of: crate::wire::Encode),+> crate::wire::Encode for $type {
            #[inline]
            fn encode(&self, writer: &mut crate::wire::Writer) {
                <$marker as crate::wire::EncodeAs<Self>>::encode_as(self, writer);
            }

            #[inline]
            fn is_absent(&self) -> bool {
                <$marker as crate::wire::EncodeAs<Self>>::is_absent(self)
            }
        }

        impl<$($of: crate::wire::Decode),+> crate::wire::Decode for $type {
            #[inline]
            fn decode(reader: &mut crate::wire::Reader<'_>) -> Result<Self, crate::wire::DecodeError> {
                <$marker as crate::wire::DecodeAs<Self>>::decode_as(reader)
            }

            #[inline]
            fn absent() -> Option<Self> {
                <$marker as crate::wire::DecodeAs<Self>>::absent()
            }
        }
    )*};
}

// The feature belongs to the runtime. It is tested here, because in the expansion it would be a feature of the caller's
// crate.
#[cfg(feature = "serde")]
#[macro_export]
#[doc(hidden)]
macro_rules! __serialize {
    ($name:ident) => {
        impl $crate::codegen::serde_core::Serialize for $name {
            #[inline]
            fn serialize<S: $crate::codegen::serde_core::Serializer>(
                &self,
                serializer: S,
            ) -> ::core::result::Result<S::Ok, S::Error> {
                $crate::codegen::serialize(self, serializer)
            }
        }
    };
}

#[cfg(feature = "serde")]
#[macro_export]
#[doc(hidden)]
macro_rules! __deserialize {
    ($name:ident) => {
        impl<'de> $crate::codegen::serde_core::Deserialize<'de> for $name {
            #[inline]
            fn deserialize<D: $crate::codegen::serde_core::Deserializer<'de>>(
                deserializer: D,
            ) -> ::core::result::Result<Self, D::Error> {
                $crate::codegen::deserialize(deserializer)
            }
        }
    };
}

#[cfg(not(feature = "serde"))]
#[macro_export]
#[doc(hidden)]
macro_rules! __serialize {
    ($name:ident) => {};
}

#[cfg(not(feature = "serde"))]
#[macro_export]
#[doc(hidden)]
macro_rules! __deserialize {
    ($name:ident) => {};
}
