//! The codec's macros with an impl of [`Placeholder`](super::Placeholder), which replace those of `codegen` with the feature
//! `test`.
//!
//! Without the feature they do not exist, so that the codec's own macros stay small.

/// Defines an object like [`object!`](crate::codegen::object), with its placeholder value for tests.
#[macro_export]
#[doc(hidden)]
macro_rules! __placeholder_object {
    ($name:ident { $($fields:tt)* }) => {
        $crate::__object!($name { $($fields)* });
        $crate::__placeholder_fields!($name { $($fields)*, });
    };
}

#[macro_export]
#[doc(hidden)]
macro_rules! __placeholder_fields {
    ($name:ident {
        $($key:literal => $field:ident $(? $(@ $optional:ident)?)? $(as $marker:ty)? $(= $(? $(@ $null:ident)?)? $default:expr)?,)*
        $(.. => $rest:ident $(as $rest_marker:ty)?)? $(,)*
    }) => {
        impl $crate::testing::Placeholder for $name {
            #[inline]
            fn placeholder(maker: &mut $crate::testing::Maker) -> ::core::option::Option<Self> {
                maker.nested::<Self>(|maker| {
                    let tag = maker.take_tag();
                    let _ = (&tag, &maker);
                    ::core::option::Option::Some(Self {
                        $($field: $crate::__placeholder_field!(
                            maker.field::<($($crate::codegen::Optional, $($optional)?)?), _>(tag, $key)?, $($default)?
                        ),)*
                        $($rest: ::core::default::Default::default(),)?
                    })
                })
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

/// [`newtype!`](crate::codegen::newtype) and the placeholder value.
#[macro_export]
#[doc(hidden)]
macro_rules! __placeholder_newtype {
    ($name:ident $(as $marker:ty)?) => {
        $crate::__newtype!($name $(as $marker)?);
        impl $crate::testing::Placeholder for $name {
            #[inline]
            fn placeholder(maker: &mut $crate::testing::Maker) -> ::core::option::Option<Self> {
                maker.nested::<Self>(|maker| $crate::testing::Placeholder::placeholder(maker).map(Self))
            }
        }
    };
}

/// [`string_enum!`](crate::codegen::string_enum) and the placeholder value.
#[macro_export]
#[doc(hidden)]
macro_rules! __placeholder_string_enum {
    ($name:ident { $first:ident => $($values:tt)* }) => {
        $crate::__string_enum!($name { $first => $($values)* });
        impl $crate::testing::Placeholder for $name {
            #[inline]
            fn placeholder(maker: &mut $crate::testing::Maker) -> ::core::option::Option<Self> {
                let tagged = maker.take_text().map(<Self as ::core::convert::From<&str>>::from);
                ::core::option::Option::Some(tagged.unwrap_or(Self::$first))
            }
        }
    };
}

/// [`integer_enum!`](crate::codegen::integer_enum) and the placeholder value.
#[macro_export]
#[doc(hidden)]
macro_rules! __placeholder_integer_enum {
    ($name:ident { $first:ident => $($values:tt)* }) => {
        $crate::__integer_enum!($name { $first => $($values)* });
        $crate::__placeholder_first!($name, $first);
    };
}

/// [`mixed_enum!`](crate::codegen::mixed_enum) and the placeholder value.
#[macro_export]
#[doc(hidden)]
macro_rules! __placeholder_mixed_enum {
    ($name:ident { $first:ident => $($values:tt)* }) => {
        $crate::__mixed_enum!($name { $first => $($values)* });
        $crate::__placeholder_first!($name, $first);
    };
}

#[macro_export]
#[doc(hidden)]
macro_rules! __placeholder_first {
    ($name:ident, $first:ident) => {
        impl $crate::testing::Placeholder for $name {
            #[inline]
            fn placeholder(_: &mut $crate::testing::Maker) -> ::core::option::Option<Self> {
                ::core::option::Option::Some(Self::$first)
            }
        }
    };
}

/// [`tagged_union!`](crate::codegen::tagged_union) and the placeholder value.
#[macro_export]
#[doc(hidden)]
macro_rules! __placeholder_tagged_union {
    (
        $name:ident, $($unquoted:ident)? $property:literal { $($variant:ident => $($tag:literal)|+),* $(,)? }
        $(else $default:ident $(=> $($own:literal)|+)?)?
    ) => {
        $crate::__tagged_union!(
            $name, $($unquoted)? $property { $($variant => $($tag)|+),* } $(else $default $(=> $($own)|+)?)?
        );
        $crate::__placeholder_variants!(
            $name, maker,
            $($variant: maker.tagged($property, &[$($tag),+]);)*
            $($default: maker.tagged($property, &[$($($own),+)?]);)?
        );
    };
}

/// [`union!`](crate::codegen::union) and the placeholder value.
#[macro_export]
#[doc(hidden)]
macro_rules! __placeholder_union {
    ($name:ident {
        $($variant:ident => $kind:ident $(where $($key:literal $(= $value:literal)?)&+)? $(as $marker:ty)?),* $(,)?
    }) => {
        $crate::__union!($name {
            $($variant => $kind $(where $($key $(= $value)?)&+)? $(as $marker)?),*
        });
        $crate::__placeholder_variants!($name, maker, $($variant: $crate::testing::Placeholder::placeholder(maker);)*);
    };
}

/// [`fitted_union!`](crate::codegen::fitted_union) and the placeholder value.
#[macro_export]
#[doc(hidden)]
macro_rules! __placeholder_fitted_union {
    ($name:ident {
        $($variant:ident => $($expect:ident $([$($item:tt)*])? $(where $(
            $key:literal $(? $(@ $optional:ident)?)? $(= $constant:literal $(or $constants:literal)*)? $(: $kind:ident $(or $kinds:ident)*)? $(like ($($look:tt)*))?
        )&+)?)|+ $(as $marker:ty)?),* $(,)?
    }) => {
        $crate::__fitted_union!($name {
            $($variant => $($expect $([$($item)*])? $(where $(
                $key $(? $(@ $optional)?)? $(= $constant $(or $constants)*)? $(: $kind $(or $kinds)*)? $(like ($($look)*))?
            )&+)?)|+ $(as $marker)?),*
        });
        $crate::__placeholder_variants!($name, maker, $($variant: $crate::testing::Placeholder::placeholder(maker);)*);
    };
}

/// The first variant that can be created.
#[macro_export]
#[doc(hidden)]
macro_rules! __placeholder_variants {
    ($name:ident, $maker:ident, $($variant:ident: $made:expr;)*) => {
        impl $crate::testing::Placeholder for $name {
            #[inline]
            fn placeholder($maker: &mut $crate::testing::Maker) -> ::core::option::Option<Self> {
                let made = $maker.nested::<Self>(|$maker| {
                    $(if let ::core::option::Option::Some(value) = $made {
                        return ::core::option::Option::Some(Self::$variant(value));
                    })*
                    ::core::option::Option::None
                });
                made.or_else(|| $maker.unknown().map(Self::Unknown))
            }
        }
    };
}
