//! Passes of `normalize`: what vendors keep in extensions of their own and is like any other operation.
//!
//! In: a document of any version, bundled. Out: its operations where the later passes find them: those of paths with a query,
//! which Azure's documents list under `x-ms-paths`, and the one for any method that Amazon's documents have; how pages follow one another,
//! which Azure's say by `x-ms-pageable`; and the items of streams, which the gateway of gRPC lists under `x-stream-definitions`, where they
//! are sent. Invariant: what is there already stays as it is, and what has no place stays where it was.

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

/// Azure's extension.
const MS_PATHS: &str = "x-ms-paths";

/// Azure's extension for operations that answer with pages.
pub(super) const MS_PAGEABLE: &str = "x-ms-pageable";

/// Amazon's extension.
const ANY_METHOD: &str = "x-amazon-apigateway-any-method";

/// The extension of grpc-gateway 1.
const STREAM_DEFINITIONS: &str = "x-stream-definitions";

/// How many nodes such a definition has at most: those of the gateway have eight.
const MAX_ITEM_NODES: usize = 32;

/// Moves the paths with a query among the others.
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

/// Says in our words where a page has the URL of the next one. Where another operation of the document gets that, nothing can say it.
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

/// Writes the operation for any method out under each that the path has not.
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

/// Writes the items of streams out in the responses that refer to them, as grpc-gateway 2 does.
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
