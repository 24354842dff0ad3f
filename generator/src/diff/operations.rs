//! Part of `diff`: the operations of a document.
//!
//! In: a canonical document. Out: its operations. Invariant: the names of path parameters do not distinguish paths.

use std::collections::BTreeSet;

use clientwright_normalizer::pointer::Pointer;
use clientwright_normalizer::structure::grammar;
use clientwright_normalizer::structure::template::{outline, parameters};
use serde_json::Value;

use super::node::{Node, is_true, resolved};

/// An operation with its path item.
pub(super) struct Operation<'d> {
    /// The method and path: `GET /pets`.
    pub(super) label: String,
    pub(super) node: Node<'d>,
    pub(super) item: Node<'d>,
    /// The parameters of the operation and its path item.
    pub(super) parameters: Vec<Parameter<'d>>,
    /// The label without names of path parameters.
    pub(super) shape: String,
}

/// A parameter: its location and name, its node, and whether it is required. The name of a path parameter is its
/// position.
pub(super) type Parameter<'d> = ((String, String), Node<'d>, bool);

/// Returns the operations under `paths`.
pub(super) fn operations(document: &Value) -> Vec<Operation<'_>> {
    let paths = Node { item: &document["paths"], at: Pointer::root().key("paths") };
    let items = paths.members().filter_map(|(path, item)| Some((path, resolved(item, document)?)));
    items.flat_map(|(path, item)| of_item(path, &item, document)).collect()
}

fn of_item<'d>(path: &str, item: &Node<'d>, document: &'d Value) -> Vec<Operation<'d>> {
    let variables: Vec<&str> = parameters(path).collect();
    let outline = outline(path);
    let operation = |(method, below, value): (&str, Pointer, _)| {
        let method = method.to_uppercase();
        let node = Node { item: value, at: item.at.join(&below) };
        let lists = [&node, item].map(|owner| listed(owner.key("parameters"), &variables, document));
        // A parameter of the operation replaces one of the path item.
        let mut seen = BTreeSet::new();
        let parameters = lists.into_iter().flatten().filter(|(key, ..)| seen.insert(key.clone())).collect();
        let (label, shape) = (format!("{method} {path}"), format!("{method} {outline}"));
        Operation { label, node, item: item.clone(), parameters, shape }
    };
    grammar::operations(item.item).map(operation).collect()
}

/// Returns the parameters of a list. `variables` are the names in the path.
pub(super) fn listed<'d>(list: Node<'d>, variables: &[&str], document: &'d Value) -> Vec<Parameter<'d>> {
    let parameter = |node: Node<'d>| {
        let parameter = resolved(node.clone(), document)?.item;
        let [name, place] = ["name", "in"].map(|key| parameter[key].as_str().unwrap_or_default());
        let name = match (place, variables.iter().position(|variable| *variable == name)) {
            ("path", Some(position)) => position.to_string(),
            ("header", _) => name.to_ascii_lowercase(),
            _ => name.to_owned(),
        };
        Some(((place.to_owned(), name), node, is_true(parameter, "required")))
    };
    list.items().filter_map(parameter).collect()
}
