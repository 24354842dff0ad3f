//! The impl of [`Placeholder`](super::Placeholder) for a type with a codec, by the shape of the type.

#[macro_export]
#[doc(hidden)]
macro_rules! __placeholder {
    ($name:ident: object {
        $($key:literal => $field:ident $(? $(@ $optional:ident)?)? $(as $marker:ty)? $(= $(? $(@ $null:ident)?)? $default:expr)?,)*
        $(.. => $rest:ident $(as $rest_marker:ty)?)? $(,)*
    }) => {
        $crate::__placeholder!(@nested $name, maker => {
            let tag = maker.take_tag();
            let _ = (&tag, &maker);
            Some(Self {
                $($field: $crate::__placeholder_field!(
                    maker.field::<($($crate::codegen::Optional, $($optional)?)?), _>(tag, $key)?, $($default)?
                ),)*
                $($rest: ::core::default::Default::default(),)?
            })
        });
    };
    ($name:ident: newtype) => {
        $crate::__placeholder!(@nested $name, maker => $crate::testing::Placeholder::placeholder(maker).map(Self));
    };
    // The first value, or the value of the discriminator.
    ($name:ident: text_enum [$first:ident $($others:ident)*]) => {
        $crate::__placeholder!(@impl $name, maker => {
            let tagged = maker.take_text().map(Self::from);
            Some(tagged.unwrap_or(Self::$first))
        });
    };
    ($name:ident: enumeration [$first:ident $($others:ident)*]) => {
        $crate::__placeholder!(@impl $name, _maker => Some(Self::$first));
    };
    // The first variant that can be created.
    ($name:ident: union $maker:ident { $($variant:ident: $made:expr;)* }) => {
        $crate::__placeholder!(@impl $name, $maker => {
            let made = $maker.nested::<Self>(|$maker| {
                $(if let Some(value) = $made {
                    return Some(Self::$variant(value));
                })*
                None
            });
            made.or_else(|| $maker.unknown().map(Self::Unknown))
        });
    };
    (@nested $name:ident, $maker:ident => $made:expr) => {
        $crate::__placeholder!(@impl $name, $maker => $maker.nested::<Self>(|$maker| $made));
    };
    (@impl $name:ident, $maker:ident => $made:expr) => {
        impl $crate::testing::Placeholder for $name {
            #[inline]
            fn placeholder($maker: &mut $crate::testing::Maker) -> ::core::option::Option<Self> {
                $made
            }
        }
    };
}

/// The default of a property, or its placeholder.
#[macro_export]
#[doc(hidden)]
macro_rules! __placeholder_field {
    ($made:expr,) => {
        $made
    };
    ($made:expr, $default:expr) => {
        $default
    };
}
