//! What only a bug in this crate can cause: it panics in debug builds. A release build continues with a fallback, because no document may
//! take the generator down.

/// Panics with a message in debug builds; is the fallback in release builds.
macro_rules! never {
    ($fallback:expr, $($message:tt)+) => {{
        debug_assert!(false, $($message)+);
        $fallback
    }};
}

pub(crate) use never;
