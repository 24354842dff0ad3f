//! Part of `lower`: places that the document does not have under their own address.
//!
//! In: an address that a pass made. Out: the one in the document. Invariant: diagnostics name the latter.
//!
//! A reference with words beside it is read as an `allOf` of it, and an additional operation as one of a path of its own.

use serde_json::Value;

use crate::ir::Method;
use clientwright_normalizer::pointer::Pointer;
use clientwright_normalizer::structure::grammar::ADDITIONAL_OPERATIONS;

/// The key of an additional operation in the path that it has for itself.
pub(super) const METHOD: &str = "post";

/// What separates the path and the method of an additional operation.
const ADDITIONAL: &str = "#x-additional-operations/";

/// The path that an additional operation has for itself.
pub(super) fn of_additional(path: &str, method: &Method) -> Pointer {
    Pointer::root().key("paths").key(&format!("{path}{ADDITIONAL}{method}"))
}

/// The place in the document.
pub(super) fn in_document(document: &Value, pointer: &Pointer) -> Pointer {
    const WRAPPED: &str = "/allOf/0";
    let pointer = additional_in_document(pointer);
    let mut text = pointer.as_str().to_owned();
    while let Some(at) = text.match_indices(WRAPPED).map(|(at, _)| at).find(|at| is_wrapped(document, &text, *at)) {
        text.replace_range(at..at + WRAPPED.len(), "");
    }
    Pointer::parse(&text).unwrap_or(pointer)
}

/// The same, but for references with words.
pub(super) fn additional_in_document(pointer: &Pointer) -> Pointer {
    let mut segments = pointer.segments().skip(1);
    let path = segments.next().unwrap_or_default();
    let Some((path, method)) = path.split_once(ADDITIONAL) else { return pointer.clone() };
    let item = Pointer::root().key("paths").key(path);
    let first = segments.next();
    let below = match first.as_deref() {
        Some(METHOD) => item.key(ADDITIONAL_OPERATIONS).key(method),
        Some(key) => item.key(key),
        None => item,
    };
    segments.fold(below, |at, key| at.key(&key))
}

/// Whether the node at the first `length` bytes of a pointer is a reference. An `allOf` of its own would not be read.
fn is_wrapped(document: &Value, pointer: &str, length: usize) -> bool {
    let node = pointer.get(..length).and_then(|pointer| document.pointer(pointer));
    node.is_some_and(|node| node["$ref"].is_string())
}
