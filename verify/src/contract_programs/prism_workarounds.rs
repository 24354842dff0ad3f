//! Part of `contract`: what a mock server takes for something that OpenAPI does not mean by it.
//!
//! In: a normalized document. Out: the same without what OpenAPI has everybody ignore, and with names that the mock server
//! can read, and a line for each change.
//!
//! Invariant: to whoever reads OpenAPI as it is written, the document says the same before and after.

use std::collections::{BTreeMap, BTreeSet};
use std::mem;

use serde_json::{Map, Value};

use clientwright_normalizer::pointer::Pointer;

/// Header parameters that mean nothing (OpenAPI 3.0.3 §4.7.12.1).
const IGNORED_HEADERS: [&str; 3] = ["accept", "authorization", "content-type"];

/// Takes out what stands beside a reference, which is ignored (OpenAPI 3.0.3 §4.7.23): a mock server heeds it.
pub(super) fn drop_siblings(object: &mut Map<String, Value>, at: &Pointer, changes: &mut Vec<String>) {
    if object.len() > 1 && object.get("$ref").is_some_and(Value::is_string) {
        object.retain(|key, _| key == "$ref");
        changes.push(format!("{at} loses what stands beside its `$ref`: a mock server heeds it"));
    }
}

/// Takes `allOf` out beside an `enum`, which says more: a mock server makes up a value of the one without regard to the other.
pub(super) fn drop_widened(schema: &mut Map<String, Value>, at: &Pointer, changes: &mut Vec<String>) {
    let is_listed = schema.get("enum").is_some_and(Value::is_array) && schema.contains_key("type");
    if is_listed && schema.shift_remove("allOf").is_some() {
        changes.push(format!("{at} loses `allOf` beside `enum`: a mock server makes up a value of the one alone"));
    }
}

/// Takes out extensions that hold something like a reference: a mock server follows it.
pub(super) fn drop_extensions(object: &mut Map<String, Value>, at: &Pointer, changes: &mut Vec<String>) {
    object.retain(|key, value| {
        let dropped = key.starts_with("x-") && mentions_reference(value);
        if dropped {
            changes.push(format!("{} is taken out: a mock server follows the reference in it", at.key(key)));
        }
        !dropped
    });
}

fn mentions_reference(value: &Value) -> bool {
    let mut waiting = vec![value];
    while let Some(value) = waiting.pop() {
        match value {
            Value::Object(members) if members.contains_key("$ref") => return true,
            Value::Object(members) => waiting.extend(members.values()),
            Value::Array(items) => waiting.extend(items),
            _ => {}
        }
    }
    false
}

/// Says nothing of objects and lists within a parameter: how they are written is not defined (OpenAPI 3.0.3 §4.7.12.3 has
/// lists and objects of plain values), and a mock server takes them for texts. In `deepObject` it reads them.
pub(super) fn relax_parameter(
    original: &Value,
    parameter: &mut Map<String, Value>,
    at: &Pointer,
    changes: &mut Vec<String>,
) {
    let is_parameter = parameter.get("in").is_some_and(Value::is_string) && parameter.contains_key("name");
    if !is_parameter || parameter.get("style").and_then(Value::as_str) == Some("deepObject") {
        return;
    }
    let schema = parameter.get("schema").and_then(|schema| resolved(original, schema)).and_then(Value::as_object);
    let Some(mut schema) = schema.cloned() else { return };
    let mut changed = false;
    let properties = schema.get_mut("properties").and_then(Value::as_object_mut);
    for inner in properties.into_iter().flatten().map(|(_, property)| property) {
        changed |= relax_inner(original, inner);
    }
    changed |= schema.get_mut("items").is_some_and(|items| relax_inner(original, items));
    if changed {
        parameter.insert("schema".to_owned(), Value::Object(schema));
        changes.push(format!("{at} is relaxed: a mock server reads lists and objects within a parameter as texts"));
    }
}

/// Whether a schema had to be taken out because it is not a plain one.
fn relax_inner(original: &Value, schema: &mut Value) -> bool {
    const COMPOSED: [&str; 5] = ["allOf", "anyOf", "items", "oneOf", "properties"];
    let composed = resolved(original, schema).is_some_and(|schema| {
        let ty = schema.get("type").and_then(Value::as_str);
        matches!(ty, Some("array" | "object")) || COMPOSED.iter().any(|key| schema.get(key).is_some())
    });
    if composed {
        *schema = Value::Object(Map::new());
    }
    composed
}

/// What is to be changed in each path item and in its operations.
pub(super) fn prepare_paths(original: &Value, document: &mut Value, changes: &mut Vec<String>) {
    let Some(paths) = document.get_mut("paths").and_then(Value::as_object_mut) else { return };
    let mut taken: BTreeSet<String> = paths.keys().cloned().collect();
    for (path, mut item) in mem::take(paths) {
        let at = Pointer::root().key("paths").key(&path);
        drop_headers(original, &mut item, &at, changes);
        for (method, operation) in item.as_object_mut().into_iter().flatten() {
            drop_headers(original, operation, &at.key(method), changes);
            if method == "head" {
                drop_contents(original, operation, &at.key(method), changes);
            }
        }
        let (renamed, names) = plain_path(&path);
        if names.is_empty() || !taken.insert(renamed.clone()) {
            paths.insert(path, item);
            continue;
        }
        rename_parameters(original, &mut item, &names);
        for (_, operation) in item.as_object_mut().into_iter().flatten() {
            rename_parameters(original, operation, &names);
        }
        changes.push(format!("{at} gets other names for its parameters: a mock server does not find such names"));
        paths.insert(renamed, item);
    }
}

/// Takes out the header parameters that mean nothing: a mock server checks them.
fn drop_headers(original: &Value, holder: &mut Value, at: &Pointer, changes: &mut Vec<String>) {
    let Some(parameters) = holder.get_mut("parameters").and_then(Value::as_array_mut) else { return };
    let mut index = 0;
    parameters.retain(|parameter| {
        let text = |key: &str| resolved(original, parameter).and_then(|parameter| parameter.get(key)?.as_str());
        let name = text("name").unwrap_or_default().to_ascii_lowercase();
        let dropped = text("in") == Some("header") && IGNORED_HEADERS.contains(&name.as_str());
        if dropped {
            let at = at.key("parameters").index(index);
            changes.push(format!("{at} is taken out: OpenAPI has it ignored, a mock server checks it"));
        }
        index += 1;
        !dropped
    });
}

/// Takes the bodies out of the answers to `HEAD`, which have none (RFC 9110 §9.3.2): a mock server sends none, and then
/// misses it.
fn drop_contents(original: &Value, operation: &mut Value, at: &Pointer, changes: &mut Vec<String>) {
    for (status, response) in operation.get_mut("responses").and_then(Value::as_object_mut).into_iter().flatten() {
        let Some(mut own) = resolved(original, response).and_then(Value::as_object).cloned() else { continue };
        if own.shift_remove("content").is_some() {
            *response = Value::Object(own);
            let at = at.key("responses").key(status).key("content");
            changes.push(format!("{at} is taken out: an answer to HEAD has no body, a mock server misses it"));
        }
    }
}

/// A path template whose names are plain, and the names that had to be changed.
fn plain_path(path: &str) -> (String, BTreeMap<String, String>) {
    let mut names = BTreeMap::new();
    let mut plain = String::new();
    let mut rest = path;
    while let Some((before, after)) = rest.split_once('{') {
        plain.push_str(before);
        let Some((name, after)) = after.split_once('}') else {
            plain.push('{');
            rest = after;
            continue;
        };
        let is_plain = |each: char| each.is_ascii_alphanumeric() || each == '_' || each == '-';
        let mut new: String = name.chars().map(|each| if is_plain(each) { each } else { '_' }).collect();
        if new != name {
            while path.contains(&format!("{{{new}}}")) || names.iter().any(|(old, other)| old != name && *other == new)
            {
                new.push('_');
            }
            names.insert(name.to_owned(), new.clone());
        }
        plain.push_str(&format!("{{{new}}}"));
        rest = after;
    }
    plain.push_str(rest);
    (plain, names)
}

fn rename_parameters(original: &Value, holder: &mut Value, names: &BTreeMap<String, String>) {
    for parameter in holder.get_mut("parameters").and_then(Value::as_array_mut).into_iter().flatten() {
        let Some(mut own) = resolved(original, parameter).and_then(Value::as_object).cloned() else { continue };
        let text = |key: &str| own.get(key).and_then(Value::as_str);
        let new = text("name").filter(|_| text("in") == Some("path")).and_then(|name| names.get(name));
        if let Some(new) = new.cloned() {
            own.insert("name".to_owned(), Value::from(new));
            *parameter = Value::Object(own);
        }
    }
}

/// As many references are followed as anybody would write.
const REFERENCES: usize = 32;

fn resolved<'v>(document: &'v Value, value: &'v Value) -> Option<&'v Value> {
    let mut value = value;
    for _ in 0..REFERENCES {
        match value.get("$ref").and_then(Value::as_str) {
            Some(reference) => value = document.pointer(reference.strip_prefix('#')?)?,
            None => return Some(value),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn prepared(document: &Value) -> (Value, Vec<String>) {
        let (mut prepared, mut changes) = (document.clone(), Vec::new());
        prepare_paths(document, &mut prepared, &mut changes);
        (prepared, changes)
    }

    #[test]
    fn nothing_counts_beside_a_reference() {
        let mut changes = Vec::new();
        let mut schema = json!({ "$ref": "#/a", "required": ["b"] });
        drop_siblings(schema.as_object_mut().unwrap(), &Pointer::root(), &mut changes);
        assert_eq!((schema, changes.len()), (json!({ "$ref": "#/a" }), 1));
        let mut named = json!({ "$ref": { "type": "string" }, "a": {} });
        drop_siblings(named.as_object_mut().unwrap(), &Pointer::root(), &mut changes);
        assert_eq!((named.as_object().unwrap().len(), changes.len()), (2, 1));
    }

    #[test]
    fn an_enumeration_says_all() {
        let mut changes = Vec::new();
        let mut schema = json!({ "type": "integer", "enum": [2], "allOf": [{ "enum": [1, 2] }] });
        drop_widened(schema.as_object_mut().unwrap(), &Pointer::root(), &mut changes);
        assert_eq!((schema, changes.len()), (json!({ "type": "integer", "enum": [2] }), 1));
        let mut object = json!({ "type": "object", "allOf": [{ "enum": [1, 2] }] });
        drop_widened(object.as_object_mut().unwrap(), &Pointer::root(), &mut changes);
        assert!(object.get("allOf").is_some());
    }

    #[test]
    fn an_extension_goes_if_it_refers_to_anything() {
        let mut changes = Vec::new();
        let mut object =
            json!({ "x-a": [{ "b": { "$ref": "other.yaml" } }], "x-c": { "d": 1 }, "e": { "$ref": "#/f" } });
        drop_extensions(object.as_object_mut().unwrap(), &Pointer::root(), &mut changes);
        assert_eq!((object, changes.len()), (json!({ "x-c": { "d": 1 }, "e": { "$ref": "#/f" } }), 1));
    }

    #[test]
    fn what_is_nested_in_a_parameter_is_not_checked() {
        let document =
            json!({ "o": { "type": "object" }, "l": { "type": "array", "maxItems": 1, "items": { "$ref": "#/o" } } });
        let relaxed = |schema: Value, style: &str| {
            let mut parameter = json!({ "name": "p", "in": "query", "style": style, "schema": schema });
            let mut changes = Vec::new();
            relax_parameter(&document, parameter.as_object_mut().unwrap(), &Pointer::root(), &mut changes);
            (!changes.is_empty()).then(|| parameter["schema"].clone())
        };
        let list = json!({ "type": "array", "maxItems": 1, "items": {} });
        assert_eq!(relaxed(json!({ "$ref": "#/l" }), "form"), Some(list));
        assert_eq!(relaxed(json!({ "$ref": "#/l" }), "deepObject"), None);
        let properties = json!({ "properties": { "a": { "type": "string" }, "b": { "$ref": "#/l" } } });
        let plain = json!({ "properties": { "a": { "type": "string" }, "b": {} } });
        assert_eq!(relaxed(properties, "form"), Some(plain));
        assert_eq!(relaxed(json!({ "type": "array", "items": { "type": "integer" } }), "form"), None);
    }

    #[test]
    fn names_in_paths_become_plain_and_stay_different() {
        let (path, names) = plain_path("/a/{b.c}:do/{b_c}/{b.c}/{d}");
        assert_eq!(path, "/a/{b_c_}:do/{b_c}/{b_c_}/{d}");
        assert_eq!(names, BTreeMap::from([("b.c".to_owned(), "b_c_".to_owned())]));
        assert_eq!(plain_path("/a/{b}/c}{"), ("/a/{b}/c}{".to_owned(), BTreeMap::new()));
        let document = json!({
            "paths": {
                "/a/{b.c}": { "parameters": [{ "$ref": "#/components/parameters/P" }], "get": { "parameters": [{ "name": "b.c", "in": "query" }] } },
                "/d/{e.f}": {}, "/d/{e_f}": {},
            },
            "components": { "parameters": { "P": { "name": "b.c", "in": "path" } } },
        });
        let (prepared, changes) = prepared(&document);
        let item = json!({ "parameters": [{ "name": "b_c", "in": "path" }], "get": { "parameters": [{ "name": "b.c", "in": "query" }] } });
        assert_eq!(prepared["paths"], json!({ "/a/{b_c}": item, "/d/{e.f}": {}, "/d/{e_f}": {} }));
        assert_eq!(changes.len(), 1);
    }

    #[test]
    fn headers_that_mean_nothing_and_bodies_of_head_are_taken_out() {
        let header = |name: &str| json!({ "name": name, "in": "header" });
        let answers =
            json!({ "200": { "description": "", "content": { "text/plain": {} } }, "404": { "$ref": "#/r" } });
        let document = json!({
            "paths": { "/": {
                "head": { "parameters": [header("Content-Type"), header("X-Trace")], "responses": answers },
                "get": { "responses": answers },
            } },
            "r": { "description": "", "headers": {}, "content": {} },
        });
        let (prepared, changes) = prepared(&document);
        let item = &prepared["paths"]["/"];
        let without = json!({ "200": { "description": "" }, "404": { "description": "", "headers": {} } });
        assert_eq!((&item["head"]["parameters"], &item["head"]["responses"]), (&json!([header("X-Trace")]), &without));
        assert_eq!((&item["get"]["responses"], changes.len()), (&answers, 3));
    }
}
