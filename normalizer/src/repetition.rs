//! Stage `repetition`: `x-pagination` and `x-polling`, the pagination and polling of operations.
//!
//! In: a 3.0.3 document. Out: the parsed keys, and all their faults. Invariant: a key without faults refers to existing parts of its
//! operation's request and response, with suitable types.

mod keys;
mod pagination;
mod polling;
mod truth;

use serde_json::Value;

use crate::diagnostic::{Code, Diagnostic, codes};
use crate::pointer::Pointer;
use crate::structure::{
    extensions::{PAGINATION, POLLING},
    grammar::all_operations,
};
use keys::Faults;
pub use keys::Path;
pub use pagination::{PageParameter, PageStep, PageValue, Pagination};
pub use polling::Polling;
use truth::Check;

/// Returns the pagination of an operation; `None` if it is absent or malformed.
#[must_use]
pub fn pagination(operation: &Value, at: &Pointer) -> Option<Pagination> {
    sound(operation, at, PAGINATION, &mut Faults::default(), pagination::read)
}

/// Returns the polling of an operation; `None` if it is absent or malformed.
#[must_use]
pub fn polling(operation: &Value, at: &Pointer) -> Option<Polling> {
    sound(operation, at, POLLING, &mut Faults::default(), polling::read)
}

/// Returns the parsed value of a key of the operation at `at`; `None` if it is absent or malformed.
fn sound<T>(
    operation: &Value,
    at: &Pointer,
    key: &str,
    faults: &mut Faults,
    read: fn(&Value, &Pointer, &mut Faults) -> Option<T>,
) -> Option<T> {
    read(operation.get(key)?, &at.key(key), faults).filter(|_| faults.is_empty())
}

/// Reports each key that is malformed or does not match its operation, in document order.
#[must_use]
pub fn examine(file: &str, document: &Value) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for (path, method, at, operation) in all_operations(document) {
        let mut check = Check::new(document, path, method, operation);
        if let Some(pagination) = sound(operation, &at, PAGINATION, &mut check.faults, pagination::read) {
            check.pagination(&pagination);
        }
        found.extend(check.diagnostics(codes::PAGINATION, file));
        if let Some(polling) = sound(operation, &at, POLLING, &mut check.faults, polling::read) {
            check.polling(&polling);
        }
        found.extend(check.diagnostics(codes::POLLING, file));
    }
    found
}

impl Check<'_> {
    fn diagnostics(&mut self, code: Code, file: &str) -> Vec<Diagnostic> {
        let diagnostic = |(at, message)| {
            Diagnostic::invalid(code, file, at, message).with_help("docs/PAGING.md lists the keys and their meaning")
        };
        std::mem::take(&mut self.faults).into_iter().map(diagnostic).collect()
    }
}

#[cfg(test)]
mod tests;
