//! Macros for impls that several modules share.

#![cfg_attr(not(feature = "client"), allow(unused_macros, reason = "values need only some of them"))]

/// Implements a trait of `std::fmt` by the body of its method.
#[macro_export]
#[doc(hidden)]
macro_rules! __fmt {
    ($(#[$attribute:meta])* $trait:ident for $type:ty: $self:ident, $f:ident => $result:expr $(, for $($generics:tt)+)?) => {
        impl $(<$($generics)+>)? ::core::fmt::$trait for $type {
            $(#[$attribute])*
            #[inline]
            fn fmt(&$self, $f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                $result
            }
        }
    };
}

/// Implements a trait of `std::fmt` for types of this crate.
macro_rules! fmt {
    ($($impl:tt)+) => { $crate::__fmt! { $($impl)+ } };
}

/// Implements `Error` by the body of `source`.
macro_rules! source {
    ($type:ty: $self:ident => $source:expr $(, for $($generics:tt)+)?) => {
        impl $(<$($generics)+>)? std::error::Error for $type {
            fn source(&$self) -> Option<&(dyn std::error::Error + 'static)> {
                $source
            }
        }
    };
}

/// Implements `From`, also for several types with one conversion.
#[macro_export]
#[doc(hidden)]
macro_rules! __from {
    ($($value:ident: $($from:ty),+ => $type:ty $made:block)+) => {$($(
        impl ::core::convert::From<$from> for $type {
            #[inline]
            fn from($value: $from) -> Self $made
        }
    )+)+};
    ($(#[$docs:meta])* $value:ident: $from:ty => $type:ty $made:block $(, for $($generics:tt)+)?) => {
        $(#[$docs])*
        impl $(<$($generics)+>)? ::core::convert::From<$from> for $type {
            #[inline]
            fn from($value: $from) -> Self $made
        }
    };
}

/// Implements `From` for types of this crate.
macro_rules! from {
    ($($impls:tt)+) => { $crate::__from! { $($impls)+ } };
}

/// Implements `Debug` with the fields of a struct to show: `name`, or `name: value`. `..` stands for further fields.
macro_rules! debug {
    ($(#[$docs:meta])* $name:ident $(<$($generic:tt $(: $bound:ident)?),+>)?: $self:ident {
        $($field:ident $(: $value:expr)?,)* ..
    }) => {
        debug! {
            @finish_non_exhaustive $(#[$docs])* $name $(<$($generic $(: $bound)?),+>)?: $self { $($field $(: $value)?),* }
        }
    };
    (@$finish:ident $(#[$docs:meta])* $name:ident $(<$($generic:tt $(: $bound:ident)?),+>)?: $self:ident {
        $($field:ident $(: $value:expr)?),* $(,)?
    }) => {
        impl $(<$($generic $(: core::fmt::$bound)?),+>)? core::fmt::Debug for $name $(<$($generic),+>)? {
            $(#[$docs])*
            fn fmt(&$self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                let mut shown = f.debug_struct(stringify!($name));
                $(shown.field(stringify!($field), &debug!(@value $self $field $(, $value)?));)*
                shown.$finish()
            }
        }
    };
    (@value $self:ident $field:ident) => { $self.$field };
    (@value $self:ident $field:ident, $value:expr) => { $value };
    ($($shown:tt)+) => { debug! { @finish $($shown)+ } };
}

/// Defines methods that set a field of a builder to a value. The tokens before `fn` are in brackets.
macro_rules! setters {
    (@ [$($qualifier:tt)+] $(#[$docs:meta])* $name:ident($($argument:ident: $type:ty)?) => $($field:ident).+ = $value:expr) => {
        $(#[$docs])*
        $($qualifier)+ fn $name(mut self $(, $argument: $type)?) -> Self {
            self.$($field).+ = $value;
            self
        }
    };
    ($qualifiers:tt $($(#[$docs:meta])* $name:ident($($argument:ident: $type:ty)?) => $($field:ident).+ = $value:expr;)+) => {
        $(setters!(@ $qualifiers $(#[$docs])* $name($($argument: $type)?) => $($field).+ = $value);)+
    };
}

/// Defines methods that return the field of the same name: its value or, with `&`, a reference.
macro_rules! getters {
    ($($(#[$docs:meta])* $(&$reference:ident)? $($value:ident)?: $type:ty;)+) => {$(
        $(#[$docs])*
        #[must_use]
        $(pub fn $reference(&self) -> &$type {
            &self.$reference
        })?
        $(pub fn $value(&self) -> $type {
            self.$value
        })?
    )+};
}

/// Implements `Copy` for types that are `Copy` regardless of their parameters.
macro_rules! copy {
    ($($name:ident<$($parameter:ident),+>),+) => {$(
        impl<$($parameter),+> Copy for $name<$($parameter),+> {}

        impl<$($parameter),+> Clone for $name<$($parameter),+> {
            #[inline]
            fn clone(&self) -> Self {
                *self
            }
        }
    )+};
}

/// Implements `Stream`, and `next`, with the method that polls for the next item.
macro_rules! stream {
    ($(#[$docs:meta])* $type:ty: $item:ty, $poll:ident $(, for $($generics:tt)+)?) => {
        impl $(<$($generics)+>)? $type {
            $(#[$docs])*
            pub async fn next(&mut self) -> Option<$item> {
                std::future::poll_fn(|context| self.$poll(context)).await
            }
        }

        impl $(<$($generics)+>)? futures_core::Stream for $type {
            type Item = $item;

            fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<$item>> {
                self.$poll(context)
            }
        }
    };
}
