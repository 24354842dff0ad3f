//! Part of `lower`: places that the document does not have under their own address.
//!
//! In: an address that a pass made. Out: the one in the document. Invariant: diagnostics name the latter.
//!
//! A reference with words beside it is read as an `allOf` of it.

use serde_json::Value;

use clientwright_normalizer::pointer::Pointer;

/// The place in the document.
pub(super) fn in_document(document: &Value, pointer: &Pointer) -> Pointer {
    const WRAPPED: &str = "/allOf/0";
    let mut text = pointer.as_str().to_owned();
    while let Some(at) = text.match_indices(WRAPPED).map(|(at, _)| at).find(|at| is_wrapped(document, &text, *at)) {
        text.replace_range(at..at + WRAPPED.len(), "");
    }
    Pointer::parse(&text).unwrap_or_default()
}

/// Whether the node at the first `length` bytes of a pointer is a reference. An `allOf` of its own would not be read.
fn is_wrapped(document: &Value, pointer: &str, length: usize) -> bool {
    let node = pointer.get(..length).and_then(|pointer| document.pointer(pointer));
    node.is_some_and(|node| node["$ref"].is_string())
}
