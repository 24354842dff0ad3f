//! Results of functions of texts: most texts of a document occur in several places.

use std::cell::RefCell;
use std::collections::HashMap;

/// The maximum number of results that are remembered.
const REMEMBERED: usize = 10_000;

/// The results of a function by its argument. A full memo begins again, so that memory is bounded.
pub struct Memo<T>(RefCell<HashMap<String, T>>);

impl<T> Default for Memo<T> {
    fn default() -> Self {
        Self(RefCell::default())
    }
}

impl<T: Clone> Memo<T> {
    /// The result for a text.
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
