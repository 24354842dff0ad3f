//! What only a bug in this crate can cause: it panics in debug builds. A release build continues with the default, because no document may
//! take the normalizer down.

/// A value that only a bug can make absent.
pub(crate) trait Certain<T> {
    /// The value. `why` says why it is present.
    fn certain(self, why: &str) -> T;
}

impl<T: Default> Certain<T> for Option<T> {
    #[track_caller]
    fn certain(self, why: &str) -> T {
        debug_assert!(self.is_some(), "absent, although {why}");
        self.unwrap_or_default()
    }
}
