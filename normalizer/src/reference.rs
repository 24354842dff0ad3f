//! References within a document (RFC 6901 §6).
//!
//! In: a document and a node of it. Out: the target of the node's reference. Invariant: following references terminates.

use serde_json::Value;

use crate::json::{items, part};
use crate::limits::{Budget, MAX_ALL_OF, MAX_STEPS};
use crate::pointer::Pointer;

/// Returns the target of a reference within the document.
#[must_use]
pub fn target(text: &str) -> Option<Pointer> {
    Pointer::from_fragment(text.strip_prefix('#')?)
}

/// Returns the text of an object that is only a reference.
pub(crate) fn bare(node: &Value) -> Option<&str> {
    text(node).filter(|_| node.as_object().is_some_and(|members| members.len() == 1))
}

/// Returns the node at a pointer after following references, and its pointer. `reference` returns the text of a node that is a reference.
pub(crate) fn followed(
    document: &Value,
    at: Pointer,
    reference: impl Fn(&Value) -> Option<&str>,
) -> Option<(Pointer, &Value)> {
    followed_from(document, place(document, at)?, reference)
}

/// Returns the node after following the references that begin at a node, and its pointer. `reference` returns the text of a node that is a
/// reference.
pub fn followed_from<'v>(
    document: &'v Value,
    start: (Pointer, &'v Value),
    reference: impl Fn(&Value) -> Option<&str>,
) -> Option<(Pointer, &'v Value)> {
    end(start, reference, |text| place(document, target(text)?))
}

/// Returns the node at a pointer, and the pointer.
fn place(document: &Value, at: Pointer) -> Option<(Pointer, &Value)> {
    let node = at.get(document)?;
    Some((at, node))
}

/// Returns the last target of the references that begin at a node, and its pointer. `find` returns the direct target of a reference's text.
/// `None` if a reference is broken or cyclic.
pub(crate) fn end<'v>(
    (mut at, mut node): (Pointer, &'v Value),
    reference: impl Fn(&Value) -> Option<&str>,
    find: impl Fn(&str) -> Option<(Pointer, &'v Value)>,
) -> Option<(Pointer, &'v Value)> {
    for _ in 0..MAX_STEPS {
        let Some(text) = reference(node) else { return Some((at, node)) };
        (at, node) = find(text)?;
    }
    None
}

/// Returns the target of a node's references; the node itself if it is not a reference.
pub(crate) fn resolved<'v>(document: &'v Value, node: &'v Value) -> Option<&'v Value> {
    let Some(said) = text(node) else { return Some(node) };
    followed(document, target(said)?, text).map(|(_, node)| node)
}

/// Returns a schema and the parts of its `allOf`, in order, as long as `budget` lasts.
pub(crate) fn all_of<'v>(document: &'v Value, schema: &'v Value, budget: &Budget) -> Vec<&'v Value> {
    let (mut parts, mut waiting) = (Vec::new(), vec![(schema, 0)]);
    while let Some((schema, depth)) = waiting.pop().filter(|_| budget.spend(1)) {
        let Some(schema) = resolved(document, schema).filter(|_| depth <= MAX_ALL_OF) else { continue };
        parts.push(schema);
        waiting.extend(items(schema.get("allOf")).rev().map(|part| (part, depth + 1)));
    }
    parts
}

/// Returns the text of a reference, with or without siblings.
#[must_use]
pub fn text(node: &Value) -> Option<&str> {
    part(node, "$ref")?.as_str()
}
