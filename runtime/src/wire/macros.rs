//! Codec, macros: impls for containers, and of serde's traits for a type with a codec.

/// Implements the codec of containers by a marker that changes nothing.
macro_rules! by_marker {
    ($($type:ty as $marker:ty),*) => {$(
        impl<T: $crate::wire::Encode> $crate::wire::Encode for $type {
            #[inline]
            fn encode(&self, writer: &mut $crate::wire::Writer) {
                <$marker as $crate::wire::marker::EncodeAs<Self>>::encode_as(self, writer);
            }

            #[inline]
            fn is_absent(&self) -> bool {
                <$marker as $crate::wire::marker::EncodeAs<Self>>::is_absent(self)
            }
        }

        impl<T: $crate::wire::Decode> $crate::wire::Decode for $type {
            #[inline]
            fn decode(reader: &mut $crate::wire::Reader<'_>) -> Result<Self, $crate::wire::DecodeError> {
                <$marker as $crate::wire::marker::DecodeAs<Self>>::decode_as(reader)
            }

            #[inline]
            fn absent() -> Option<Self> {
                <$marker as $crate::wire::marker::DecodeAs<Self>>::absent()
            }
        }
    )*};
}

pub(crate) use by_marker;

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
