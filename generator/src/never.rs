//! Cases that only a bug in this crate can cause: they panic in debug builds. A release build continues with a fallback, because no
//! document may crash the generator.

/// Panics with a message in debug builds; evaluates to the fallback in release builds.
macro_rules! never {
    ($fallback:expr, $($message:tt)+) => {{
        debug_assert!(false, $($message)+);
        $fallback
    }};
}

pub(crate) use never;
