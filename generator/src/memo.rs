//! A cache for functions of strings: most strings of a document occur in several places.
//!
//! In: a string and a function. Out: the result. Invariant: a cache is always used with the same function, so that a result depends only on
//! the string.

use std::cell::RefCell;

use foldhash::HashMap;

/// The maximum number of cached results.
const REMEMBERED: usize = 10_000;

/// The results of one function, by its argument. A full cache is cleared, so that memory is bounded.
pub(crate) struct Memo<T>(RefCell<HashMap<String, T>>);

impl<T> Default for Memo<T> {
    fn default() -> Self {
        Self(RefCell::default())
    }
}

impl<T: Clone> Memo<T> {
    /// Returns the result for a string; calls `function` if it is not cached.
    pub(crate) fn get(&self, text: &str, function: impl FnOnce(&str) -> T) -> T {
        if let Some(known) = self.0.borrow().get(text) {
            return known.clone();
        }
        let result = function(text);
        let mut known = self.0.borrow_mut();
        if known.len() == REMEMBERED {
            known.clear();
        }
        known.insert(text.to_owned(), result.clone());
        result
    }
}
