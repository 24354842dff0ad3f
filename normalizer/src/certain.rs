//! Assertions for values that only a bug in this crate can make absent: a debug build panics, a release build continues with the default,
//! because no document may crash the normalizer.

/// A value that is absent only because of a bug.
pub(crate) trait Certain<T> {
    /// Returns the value. `why` is the reason why it is present.
    fn certain(self, why: &str) -> T;
}

impl<T: Default> Certain<T> for Option<T> {
    #[track_caller]
    fn certain(self, why: &str) -> T {
        debug_assert!(self.is_some(), "absent, although {why}");
        self.unwrap_or_default()
    }
}
