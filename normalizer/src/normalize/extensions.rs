//! Passes of `normalize`: what vendors keep in extensions of their own and is like any other operation.
//!
//! In: a document of any version, bundled. Out: its operations where the later passes find them: those of paths with a query,
//! which Azure's documents list under `x-ms-paths`, and the one for any method that Amazon's documents have; how pages follow one another,
//! which Azure's say by `x-ms-pageable`; and the items of streams, which the gateway of gRPC lists under `x-stream-definitions`, where they
//! are sent. Invariant: what is there already stays as it is, and what has no place stays where it was.

use foldhash::HashSet;
use serde_json::{Value, json};

use super::pass::{Equivalent, Interpreted, Record};
use super::reference;

use crate::json::{Members, count_nodes, each_mut, object, object_entry, set};
use crate::pointer::Pointer;
use crate::structure::extensions::PAGINATION;
use crate::structure::grammar::{METHODS, all_operations, each_operation_mut, each_path_item_mut, is_extension};

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
    let Some(extra) = object(document, MS_PATHS) else { return };
    let paths = document.get("paths");
    let is_free = |(path, item): &(&String, &Value)| {
        item.is_object() && !is_extension(path) && paths.is_none_or(|paths| paths[path.as_str()].is_null())
    };
    let free: HashSet<String> = extra.iter().filter(is_free).map(|(path, _)| path.clone()).collect();
    if free.is_empty() {
        return;
    }
    let Some(Value::Object(extra)) = document.shift_remove(MS_PATHS) else { return };
    let Some(paths) = object_entry(document, "paths") else { return };
    let (moved, extra) = extra.into_iter().partition::<Members, _>(|(path, _)| free.contains(path));
    for (path, item) in moved {
        let (before, after) = (Pointer::top(MS_PATHS).key(&path), Pointer::top("paths").key(&path));
        let text = format!("moved `{path}` from `{MS_PATHS}` to `paths`");
        record.provenance.push(after.clone(), before);
        record.note(("ms-paths", Interpreted), after, text);
        paths.insert(path, item);
    }
    if !extra.is_empty() {
        set(document, MS_PATHS, extra);
    }
}

/// Says in our words where a page has the URL of the next one. Where another operation of the document gets that, nothing can say it.
pub(super) fn ms_pageable(value: &mut Value, record: &mut Record) {
    let ids = all_operations(value).filter_map(|(.., operation)| operation["operationId"].as_str());
    let ids: HashSet<String> = ids.map(str::to_owned).collect();
    each_operation(value, |at, operation| {
        let pagination = operation.get(MS_PAGEABLE).and_then(|said| pagination(said, &ids));
        let Some(pagination) = pagination.filter(|_| !operation.contains_key(PAGINATION)) else { return };
        operation.shift_remove(MS_PAGEABLE);
        set(operation, PAGINATION, pagination);
        let (before, after) = (at.key(MS_PAGEABLE), at.key(PAGINATION));
        let text = format!("replaced `{MS_PAGEABLE}` with `{PAGINATION}`");
        record.provenance.push(after.clone(), before);
        record.count(("ms-pageable", Equivalent), after, text);
    });
}

/// Visits the operations under `paths`, each with its place.
fn each_operation(document: &mut Value, mut visit: impl FnMut(&Pointer, &mut Members)) {
    each_path_item_mut(document, "paths", |at, item| {
        each_operation_mut(item, |below, operation| visit(&at.join(below), operation));
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
    let Some(definitions) = value.get(STREAM_DEFINITIONS).filter(|definitions| definitions.is_object()).cloned() else {
        return;
    };
    each_operation(value, |at, operation| {
        let Some(responses) = operation.get_mut("responses") else { return };
        each_mut(responses, |status, response| {
            let at = at.key("responses").key(status);
            write_item(response, &at, &definitions, record);
            let Some(content) = response.get_mut("content") else { return };
            each_mut(content, |name, media| write_item(media, &at.key("content").key(name), &definitions, record));
        });
    });
}

/// Writes the item out that is the schema of a response or a media type.
fn write_item(holder: &mut Value, at: &Pointer, definitions: &Value, record: &mut Record) {
    let Some(schema) = holder.get_mut("schema") else { return };
    let at = at.key("schema");
    let target = reference::text(schema).and_then(reference::target);
    let home = Pointer::top(STREAM_DEFINITIONS);
    let Some((before, name)) = target.and_then(|target| Some((target.clone(), target.last()?))) else { return };
    let definition =
        definitions.get(&name).filter(|item| before == home.key(&name) && count_nodes(item) <= MAX_ITEM_NODES);
    if let Some(definition) = definition {
        *schema = definition.clone();
        record.provenance.bring(at.clone(), before);
        let text = format!("copied the target of a reference into `{STREAM_DEFINITIONS}`");
        record.count(("inlined-reference", Equivalent), at, text);
    }
}
