//! Part of `diff`: the operations of a document, and which of two documents are the same.
//!
//! In: a canonical document. Out: its operations. Invariant: the names of path parameters do not distinguish paths.

use clientwright_normalizer::pointer::Pointer;
use clientwright_normalizer::structure::grammar;
use serde_json::Value;

use super::node::Side;

/// An operation with its path item.
pub(super) struct Operation<'d> {
    /// Its method and path: `GET /pets`.
    pub(super) label: String,
    pub(super) side: Side<'d>,
    pub(super) item: Side<'d>,
    /// The names of the path's parameters.
    pub(super) variables: Vec<&'d str>,
    /// The label without the names of parameters.
    pub(super) shape: String,
}

impl<'d> Operation<'d> {
    pub(super) fn id(&self) -> Option<&'d str> {
        self.side.value["operationId"].as_str()
    }
}

/// Returns the operations under `paths`.
pub(super) fn operations(document: &Value) -> Vec<Operation<'_>> {
    let mut all = Vec::new();
    for (path, item) in document["paths"].as_object().into_iter().flatten() {
        let side = Side { value: item, at: Pointer::root().key("paths").key(path) };
        all.extend(side.resolved(document).iter().flat_map(|item| of_item(path, item)));
    }
    all
}

fn of_item<'d>(path: &'d str, item: &Side<'d>) -> Vec<Operation<'d>> {
    let (variables, shape) = variables(path);
    let operation = |(method, below, value): (&str, Pointer, _)| {
        let method = method.to_uppercase();
        let side = Side { value, at: item.at.join(&below) };
        let (label, shape) = (format!("{method} {path}"), format!("{method} {shape}"));
        Operation { label, side, item: item.clone(), variables: variables.clone(), shape }
    };
    grammar::operations(item.value).map(operation).collect()
}

/// Returns the names of a path's parameters, and the path without them.
fn variables(path: &str) -> (Vec<&str>, String) {
    let mut parts = path.split('{');
    let mut shape = parts.next().unwrap_or_default().to_owned();
    let names = parts.map(|part| {
        let (name, rest) = part.split_once('}').unwrap_or((part, ""));
        shape.extend(["{}", rest]);
        name
    });
    (names.collect(), shape)
}
