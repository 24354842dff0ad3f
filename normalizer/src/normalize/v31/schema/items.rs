//! Part of `v31`: arrays and tuples.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::super::Convert;
use super::super::node::{Node, local};
use super::{any_of, is_composed};
use crate::normalize::pass::Weight;

/// `prefixItems`, or an array in `items` as in older drafts; and `items` as a boolean.
pub(super) fn tuples(convert: &mut Convert, node: &mut Node) {
    drop_empty_prefix(node);
    if node.list("items").is_some_and(|items| are_schemas(items)) && node.rename("items", "prefixItems") {
        node.rename("additionalItems", "items");
    }
    if !node.has("items") && !is_composed(node) && !node.has("contains") && node.rename("unevaluatedItems", "items") {
        convert.same("unevaluated", "unevaluatedItems", "`unevaluatedItems` of a schema of its own is `items`");
    }
    drop_empty_prefix(node);
    if let Some(prefix) = node.list("prefixItems").filter(|prefix| are_schemas(prefix)).cloned() {
        tuple(convert, node, prefix);
    }
    match node.get("items") {
        Some(Value::Bool(true)) => node.set("items", json!({})),
        Some(Value::Bool(false)) => {
            node.set("items", json!({}));
            node.set("maxItems", 0);
        }
        _ => return,
    }
    convert.same("boolean-schema", node.first_key("items"), "`items: true` takes any item, and `items: false` none");
}

/// An empty `prefixItems` restricts nothing.
fn drop_empty_prefix(node: &mut Node) {
    if node.list("prefixItems").is_some_and(Vec::is_empty) {
        node.take("prefixItems");
    }
}

/// Whether nothing is misshapen; `true` and `false` are converted by now.
fn are_schemas(schemas: &[Value]) -> bool {
    schemas.iter().all(Value::is_object)
}

/// The first items each have a schema of their own: in 3.0 every item may have any of them.
fn tuple(convert: &mut Convert, node: &mut Node, prefix: Vec<Value>) {
    if !node.rename("prefixItems", "x-prefix-items") {
        return;
    }
    let length = prefix.len();
    let most = node.get("maxItems").and_then(Value::as_u64);
    let mut branches = prefix;
    let text = match node.take("items") {
        Some(Value::Bool(false)) => {
            let length = u64::try_from(length).unwrap_or(u64::MAX);
            node.set("maxItems", most.map_or(length, |most| most.min(length)));
            "the order of an array's first items is kept in `x-prefix-items`"
        }
        Some(Value::Bool(true)) => {
            branches = vec![json!({})];
            "the order of an array's first items is kept in `x-prefix-items`; further items may be anything"
        }
        Some(rest) => {
            let place = distinct(&branches, &rest);
            node.moves(
                "/items",
                &place.map_or_else(|| String::from("/items"), |place| local(&["items", "anyOf", &place])),
            );
            branches.push(rest);
            "the order of an array's first items is kept in `x-prefix-items`"
        }
        None if most.is_some_and(|most| usize::try_from(most).is_ok_and(|most| most <= length)) => {
            "the order of an array's first items is kept in `x-prefix-items`"
        }
        None => {
            "the order of an array's first items is kept in `x-prefix-items`; further items, which are not described, \
             are taken for the same"
        }
    };
    if let Some(items) = any_of(branches) {
        node.set("items", items);
    }
    convert.note("tuple", Weight::Lossy, node.first_key("x-prefix-items"), text.to_owned());
}

/// Where among the distinct branches one more comes to stand; `None` if it is not one of several.
fn distinct(branches: &[Value], more: &Value) -> Option<String> {
    let known: BTreeSet<String> = branches.iter().map(Value::to_string).collect();
    (!known.contains(&more.to_string())).then(|| known.len().to_string())
}

/// 3.0 requires `items` beside `type: array`.
pub(super) fn lists(convert: &mut Convert, node: &mut Node) {
    if !convert.is_modern() {
        return;
    }
    let mut added = false;
    if node.text("type") == Some("array") && !node.has("items") {
        node.set("items", json!({}));
        added = true;
    }
    let branches = node.members.get_mut("anyOf").and_then(Value::as_array_mut);
    for branch in branches.into_iter().flatten().filter_map(Value::as_object_mut) {
        let is_list = branch.get("type").is_some_and(|kind| kind == "array");
        if is_list && !branch.contains_key("items") {
            branch.insert(String::from("items"), json!({}));
            added = true;
        }
    }
    if added {
        convert.same("missing-items", "", "an array whose items are not described gets `items: {}`");
    }
}
