//! Passes of `normalize`: vendor extensions that have an equivalent in OpenAPI or in Clientwright's own extensions.
//!
//! In: a document of any version, bundled. Out: the document with these extensions moved to where later passes read them:
//! - paths with a query, which Azure lists under `x-ms-paths`;
//! - Amazon's operation for any method;
//! - Azure's pagination, `x-ms-pageable`;
//! - the items of streams, which grpc-gateway lists under `x-stream-definitions`.
//!
//! Invariant: existing nodes are not overwritten, and an extension that cannot be moved stays.

use std::mem::take;

use foldhash::HashSet;
use serde_json::{Value, json};

use super::pass::{Equivalent, Interpreted, Record};
use super::reference;
use crate::json::{Members, count_nodes, object, object_entry, object_mut, remove_empty, set};
use crate::pointer::Pointer;
use crate::structure::{
    extensions::PAGINATION,
    grammar::{
        Kind::{MediaType, Response},
        METHODS, all_operations, each_operation_mut, each_path_item_mut, is_extension,
    },
    slots::Slot,
};

/// Azure's extension for paths with a query.
const MS_PATHS: &str = "x-ms-paths";

/// Azure's extension for paginated operations.
pub(super) const MS_PAGEABLE: &str = "x-ms-pageable";

/// Amazon's extension for an operation with any method.
const ANY_METHOD: &str = "x-amazon-apigateway-any-method";

/// The extension of grpc-gateway 1 for items of streams.
const STREAM_DEFINITIONS: &str = "x-stream-definitions";

/// The maximum number of nodes of such a definition: the gateway's definitions have eight.
const MAX_ITEM_NODES: usize = 32;

/// Moves the paths with a query to the other paths.
pub(super) fn ms_paths(value: &mut Value, record: &mut Record) {
    let Value::Object(document) = value else { return };
    let Some(extra) = object_mut(document, MS_PATHS).filter(|paths| !paths.is_empty()).map(take) else { return };
    let mut left = Members::new();
    for (path, item) in extra {
        let is_path = item.is_object() && !is_extension(&path);
        let paths =
            object_entry(document, "paths").filter(|paths| is_path && paths.get(&path).is_none_or(Value::is_null));
        let Some(paths) = paths else {
            left.insert(path, item);
            continue;
        };
        let (before, after) = (Pointer::top(MS_PATHS).key(&path), Pointer::top("paths").key(&path));
        let text = format!("moved `{path}` from `{MS_PATHS}` to `paths`");
        record.provenance.push(after.clone(), before);
        record.note(("ms-paths", Interpreted), after, text);
        paths.insert(path, item);
    }
    set(document, MS_PATHS, left);
    remove_empty(document, MS_PATHS);
}

/// Replaces `x-ms-pageable` with `x-pagination`. If another operation fetches the next page, there is no equivalent.
pub(super) fn ms_pageable(value: &mut Value, record: &mut Record) {
    let ids = all_operations(value).filter_map(|(.., operation)| operation["operationId"].as_str());
    let ids: HashSet<String> = ids.map(str::to_owned).collect();
    each_path_item_mut(value, "paths", |at, item| {
        each_operation_mut(item, |below, operation| {
            let pagination = operation.get(MS_PAGEABLE).and_then(|said| pagination(said, &ids));
            let Some(pagination) = pagination.filter(|_| !operation.contains_key(PAGINATION)) else { return };
            operation.shift_remove(MS_PAGEABLE);
            set(operation, PAGINATION, pagination);
            let at = at.join(below);
            let (before, after) = (at.key(MS_PAGEABLE), at.key(PAGINATION));
            let text = format!("replaced `{MS_PAGEABLE}` with `{PAGINATION}`");
            record.provenance.push(after.clone(), before);
            record.count(("ms-pageable", Equivalent), after, text);
        });
    });
}

fn pagination(pageable: &Value, ids: &HashSet<String>) -> Option<Value> {
    if pageable["operationName"].as_str().is_some_and(|id| ids.contains(id)) {
        return None;
    }
    let place = |name: &str| Pointer::top(name).as_str().to_owned();
    let next = pageable["nextLinkName"].as_str().filter(|name| !name.is_empty())?;
    let items = pageable["itemName"].as_str().unwrap_or("value");
    Some(json!({"next": place(next), "items": place(items)}))
}

/// Copies the operation for any method to each method that the path lacks.
pub(super) fn any_method(value: &mut Value, record: &mut Record) {
    each_path_item_mut(value, "paths", |at, item| {
        let Value::Object(item) = item else { return };
        let Some(any) = object(item, ANY_METHOD).cloned() else { return };
        item.shift_remove(ANY_METHOD);
        let before = at.key(ANY_METHOD);
        for method in METHODS.into_iter().filter(|method| *method != "trace") {
            if item.contains_key(method) {
                continue;
            }
            let mut operation = any.clone();
            if let Some(Value::String(id)) = operation.get_mut("operationId") {
                id.push('_');
                id.push_str(method);
            }
            set(item, method, operation);
            record.provenance.bring(at.key(method), before.clone());
        }
        let text = format!("replaced `{ANY_METHOD}` with an operation per method");
        record.note_from(("any-method", Interpreted), &before, at, text);
    });
}

/// Inlines the items of streams into the responses that refer to them, as grpc-gateway 2 does.
pub(super) fn stream_definitions(value: &mut Value, record: &mut Record) {
    let Some(definitions) = value.get(STREAM_DEFINITIONS).cloned() else { return };
    let home = Pointer::top(STREAM_DEFINITIONS);
    Slot::walk_all_mut(value, |holder, slot, at| {
        let is_holder = matches!(slot, Slot::One(Response | MediaType));
        let Some(schema) = holder.get_mut("schema").filter(|_| is_holder) else { return };
        let Some(before) = reference::text(schema).and_then(reference::target) else { return };
        let name = before.last().filter(|name| before == home.key(name));
        let definition = name.and_then(|name| definitions.get(&name));
        let Some(definition) = definition.filter(|item| count_nodes(item) <= MAX_ITEM_NODES) else { return };
        schema.clone_from(definition);
        let at = at.key("schema");
        record.provenance.bring(at.clone(), before);
        let text = format!("copied the target of a reference into `{STREAM_DEFINITIONS}`");
        record.count(("inlined-reference", Equivalent), at, text);
    });
}
