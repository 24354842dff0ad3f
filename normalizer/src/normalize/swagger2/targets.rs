//! Part of `swagger2`: what the old document says at a place.
//!
//! In: the old document and a reference or a value of it. Out: the target or the texts. Invariant: nothing is changed.

use serde_json::Value;

use crate::normalize::reference::{self, decoded};
use crate::pointer::Pointer;

/// The node of the old document that a reference within it leads to, one step far.
///
/// Percent-escapes are undone; names that only look escaped are found as well. A missing slash after `#` is added.
pub(super) fn target<'d>(document: &'d Value, reference: &str) -> Option<(Pointer, &'d Value)> {
    let fragment = reference.strip_prefix('#')?;
    let decoded = decoded(fragment);
    let slashed = format!("/{decoded}");
    [decoded.as_str(), fragment, &slashed].into_iter().find_map(|text| {
        let pointer = Pointer::parse(text)?;
        document.pointer(text).map(|value| (pointer, value))
    })
}

/// The node of the old document that a reference leads to in the end.
pub(super) fn end<'d>(document: &'d Value, reference: &str) -> Option<(Pointer, &'d Value)> {
    reference::end(target(document, reference)?, reference::text, |text| target(document, text))
}

/// The name of the member of a section such as `/parameters` that a pointer leads to.
pub(super) fn member_of(section: &str, pointer: &Pointer) -> Option<String> {
    pointer.last().filter(|name| *pointer == Pointer::root().key(section).key(name))
}

/// An array of strings; `None` if it is something else.
pub(super) fn list(value: Option<&Value>) -> Option<Vec<String>> {
    let items = value?.as_array()?;
    items.iter().map(|item| item.as_str().map(str::to_owned)).collect()
}
