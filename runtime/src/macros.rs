//! Macros for impls that several modules have in common.

/// Defines methods that set a field of a builder to a value.
macro_rules! setters {
    ($($(#[$docs:meta])* $name:ident($($argument:ident: $type:ty)?) => $field:ident = $value:expr;)+) => {$(
        $(#[$docs])*
        #[inline]
        #[must_use]
        pub const fn $name(mut self $(, $argument: $type)?) -> Self {
            self.$field = $value;
            self
        }
    )+};
}

/// Implements `Stream` by the method that polls for the next item.
macro_rules! stream {
    ($type:ty: $item:ty, $poll:ident $(, for $($generics:tt)+)?) => {
        impl $(<$($generics)+>)? ::futures_core::Stream for $type {
            type Item = $item;

            fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<$item>> {
                self.$poll(context)
            }
        }
    };
}

pub(crate) use {setters, stream};
