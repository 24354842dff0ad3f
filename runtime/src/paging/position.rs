//! The position in a list: the pages that were read, and the selector of the next one.

use std::hash::{DefaultHasher, Hash, Hasher};

use serde_json::Value as JsonValue;

use crate::wire::{Encode, json_value};

/// The maximum number of consecutive pages without items.
const MAX_EMPTY: usize = 1000;

/// The change between the requests of this page and the next.
pub(super) enum Change {
    Value(JsonValue),
    /// A number to add.
    Number(i64),
    /// This URL.
    Url(String),
}

/// The handling of a page, and how to continue: with a change, not at all, or with an error.
pub(super) struct Next {
    pub(super) is_past_the_end: bool,
    pub(super) change: Result<Option<Change>, &'static str>,
}

/// The position in a list. Not generic, so that it is compiled once.
#[derive(Default)]
pub(super) struct Position {
    /// The page number, or the number of items before the page.
    pub(super) number: i64,
    pub(super) pages: u64,
    /// The number of items of all pages.
    items: i64,
    /// The number of consecutive pages without items.
    empty: usize,
    /// The keys of the last page, and of an earlier one.
    last: Option<u64>,
    earlier: Option<u64>,
}

impl Position {
    /// Creates the position at the beginning of a list. `number` is the number of the first page, or the number of
    /// items before it.
    pub(super) fn at(number: i64) -> Self {
        Self { number, ..Self::default() }
    }

    /// Returns `true` if there are items after a page with this number of items. The response may have `all`, the total number of items, or
    /// the total number of pages, where the first page has the number `first`.
    pub(super) fn is_followed(
        &self,
        items: i64,
        all: Option<i64>,
        pages: Option<i64>,
        first: Option<i64>,
    ) -> Option<bool> {
        if let (Some(pages), Some(first)) = (pages, first) {
            return Some(self.number.saturating_sub(first) < pages.saturating_sub(1));
        }
        let before = match first {
            None => self.number,
            // The numbers of items on pages that were not read are unknown.
            Some(first) => {
                let read = i64::try_from(self.pages).unwrap_or(i64::MAX);
                Some(self.items).filter(|_| self.number.saturating_sub(read) == first)?
            }
        };
        all.map(|all| before.saturating_add(items) < all)
    }

    /// Returns the step after a page with this number of items. `body` identifies pages without a token. Equal pages
    /// are valid if others are known to follow.
    pub(super) fn next(&mut self, items: i64, change: Option<Change>, body: Option<u64>, is_followed: bool) -> Next {
        self.items = self.items.saturating_add(items);
        let is_first = self.pages == 0;
        self.empty = if items == 0 { self.empty + 1 } else { 0 };
        // Some servers return an empty string instead of no token.
        let change = change.filter(|change| match change {
            Change::Value(value) => is_something(value),
            Change::Number(..) => items > 0,
            Change::Url(url) => !url.is_empty(),
        });
        let key = match &change {
            Some(Change::Value(value)) => Some(key_of(&value.to_string())),
            Some(Change::Url(url)) => Some(key_of(url)),
            Some(Change::Number(..)) => body,
            None => None,
        };
        if self.is_known(key) && !is_followed {
            let is_past_the_end = body.is_some();
            return Next { is_past_the_end, change: Err("the server repeatedly returns the same page") };
        }
        if self.empty > MAX_EMPTY {
            return Next { is_past_the_end: true, change: Err("the server repeatedly returns pages without items") };
        }
        if let Some(Change::Number(more)) = change {
            self.number = self.number.saturating_add(more);
        }
        Next { is_past_the_end: body.is_some() && items == 0 && !is_first, change: Ok(change) }
    }

    /// Returns `true` if a page has occurred before. Each page is compared with the previous page and with one that is
    /// replaced at powers of two (Brent's algorithm). This finds cycles of any length without storing every page.
    fn is_known(&mut self, key: Option<u64>) -> bool {
        let is_known = key.is_some() && (key == self.last || key == self.earlier);
        self.pages += 1;
        self.last = key;
        if self.pages.is_power_of_two() {
            self.earlier = key;
        }
        is_known
    }
}

pub(super) fn key_of(value: &(impl Hash + ?Sized)) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

/// Returns `true` if a value indicates a further page: it is not `null`, `false` or an empty string.
pub(super) fn is_something(value: &dyn Encode) -> bool {
    !matches!(json_value(value), JsonValue::Null | JsonValue::Bool(false)) && json_value(value) != ""
}

/// Returns a number, which may be in quotes.
pub(super) fn number_of(value: &dyn Encode) -> Option<i64> {
    match json_value(value) {
        JsonValue::String(text) => text.parse().ok(),
        value => value.as_i64(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token(text: &str) -> Option<Change> {
        Some(Change::Value(JsonValue::from(text)))
    }

    /// Returns the number of pages until the end of an endless list whose tokens repeat with this period.
    fn pages_of_a_circle(length: usize) -> usize {
        let mut position = Position::default();
        (0..).find(|page| position.next(1, token(&(page % length).to_string()), None, false).change.is_err()).unwrap()
    }

    #[test]
    fn circles_of_any_length_end() {
        assert_eq!(pages_of_a_circle(1), 1);
        for length in [2, 3, 7, 64, 1000] {
            assert!(pages_of_a_circle(length) <= 4 * length, "{length}: {}", pages_of_a_circle(length));
        }
    }

    #[test]
    fn pages_without_items_end() {
        let mut position = Position::default();
        let mut next = |page: usize| position.next(0, token(&page.to_string()), None, false);
        assert!((0..MAX_EMPTY).all(|page| next(page).change.is_ok()));
        assert!(next(MAX_EMPTY).change.is_err());
    }

    #[test]
    fn no_token_and_an_empty_one_are_the_end() {
        for none in [None, token(""), Some(Change::Value(JsonValue::Null))] {
            assert!(matches!(Position::default().next(1, none, None, false).change, Ok(None)));
        }
    }
}
