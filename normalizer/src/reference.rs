//! References within a document (RFC 6901 §6).
//!
//! In: a document and a node of it. Out: what the node refers to. Invariant: following references ends, wherever they lead.

use serde_json::Value;

use crate::json::{items, part};
use crate::limits::{Budget, MAX_ALL_OF, MAX_STEPS};
use crate::pointer::Pointer;

/// The node of the document itself that a reference means.
#[must_use]
pub fn target(text: &str) -> Option<Pointer> {
    Pointer::from_fragment(text.strip_prefix('#')?)
}

/// The text of an object that is nothing but a reference.
pub(crate) fn bare(node: &Value) -> Option<&str> {
    text(node).filter(|_| node.as_object().is_some_and(|members| members.len() == 1))
}

/// The node at a pointer, or at the end of the references that begin there, and where it is. `reference` tells the text of a
/// node that is one.
pub(crate) fn followed(
    document: &Value,
    at: Pointer,
    reference: impl Fn(&Value) -> Option<&str>,
) -> Option<(Pointer, &Value)> {
    followed_from(document, place(document, at)?, reference)
}

/// The node at the end of the references that begin at a node, and where it is. `reference` tells the text of a node that is one.
pub fn followed_from<'v>(
    document: &'v Value,
    start: (Pointer, &'v Value),
    reference: impl Fn(&Value) -> Option<&str>,
) -> Option<(Pointer, &'v Value)> {
    end(start, reference, |text| place(document, target(text)?))
}

/// The node at a pointer, and where it is.
fn place(document: &Value, at: Pointer) -> Option<(Pointer, &Value)> {
    let node = at.get(document)?;
    Some((at, node))
}

/// The end of the references that begin with a node, and where it is. `find` tells what the text of one leads to, one step far. `None`
/// if one leads nowhere, or back.
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

/// What a node of the document refers to in the end; the node itself if it is not a reference.
pub(crate) fn resolved<'v>(document: &'v Value, node: &'v Value) -> Option<&'v Value> {
    let Some(said) = text(node) else { return Some(node) };
    followed(document, target(said)?, text).map(|(_, node)| node)
}

/// A schema and the parts of its `allOf`, in their order, without those for which nothing is left in `budget`.
pub(crate) fn all_of<'v>(document: &'v Value, schema: &'v Value, budget: &Budget) -> Vec<&'v Value> {
    let (mut parts, mut waiting) = (Vec::new(), vec![(schema, 0)]);
    while let Some((schema, depth)) = waiting.pop().filter(|_| budget.spend(1)) {
        let Some(schema) = resolved(document, schema).filter(|_| depth <= MAX_ALL_OF) else { continue };
        parts.push(schema);
        waiting.extend(items(schema.get("allOf")).rev().map(|part| (part, depth + 1)));
    }
    parts
}

/// The text of an object that is a reference, whatever its siblings.
#[must_use]
pub fn text(node: &Value) -> Option<&str> {
    part(node, "$ref")?.as_str()
}
