//! Remembered results of functions of strings: most strings of a document occur in several places.
//!
//! In: a string and a function. Out: the result. Invariant: the same function is always asked, so that a result depends on the string alone.

use std::cell::RefCell;

use foldhash::HashMap;

/// The maximum number of results that are remembered.
const REMEMBERED: usize = 10_000;

/// The results of one function, by its argument. When it is full it is emptied, so that memory is bounded.
pub struct Memo<T>(RefCell<HashMap<String, T>>);

impl<T> Default for Memo<T> {
    fn default() -> Self {
        Self(RefCell::default())
    }
}

impl<T: Clone> Memo<T> {
    /// The result for a string; `function` is called if it is not remembered.
    pub fn get(&self, text: &str, function: impl FnOnce(&str) -> T) -> T {
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
