//! The faults of Prism, and the changes of the document that avoid them.
//!
//! In: a normalized document. Out: the document for Prism, and a line for each changed place. Invariant: every change is due to an entry
//! of [`FAULTS`], and weakens the checks of requests and responses only where Prism cannot check them.

use std::collections::BTreeMap;
use std::mem;

use clientwright_normalizer::pointer::Pointer;
use clientwright_normalizer::structure::media::is_json;
use clientwright_normalizer::structure::template::{Piece, pieces};
use serde_json::{Map, Value, json};

use crate::contract_programs::{Pattern, texts};

/// A document for Prism.
#[derive(Clone, Debug, PartialEq)]
pub struct Served {
    /// The document.
    pub document: Value,
    /// The changes and their reasons, one line each.
    pub changes: Vec<String>,
}

type Members = Map<String, Value>;

/// A change of an object of the document. The first argument is the original document, for its references. Returns the changed places as
/// pointers below the object.
type Change = fn(&Value, &mut Members) -> Vec<String>;

/// All faults: the change, Prism's behavior, and the function. Each is applied to every object of a document, in this order.
const FAULTS: &[(&str, Change)] = &[
    ("is taken out: the API is served at the root", drop_servers),
    ("is taken out: a mock server cannot check it", drop_schemes),
    ("is relaxed: it names a scheme that a mock server cannot check", relax_security),
    ("is taken out: OpenAPI has it ignored, a mock server checks it", drop_headers),
    ("is taken out: an answer to HEAD has no body, a mock server misses it", drop_contents_of_head),
    ("gets other names for its parameters: a mock server does not find such names", rename_path_parameters),
    ("is taken out: a mock server follows the reference in it", drop_extensions),
    ("loses the siblings of `$ref`, which a mock server would apply", drop_siblings),
    ("loses `allOf` beside `enum`: a mock server makes up a value of the one alone", drop_widened),
    ("gets an example: its format is unknown to a mock server", |_, schema| exemplify(schema, of_format)),
    ("gets an example: its pattern is unknown to a mock server", |_, schema| exemplify(schema, of_pattern)),
    ("gets an example: a mock server makes up a number that single precision does not hold", |_, schema| {
        exemplify(schema, of_single)
    }),
    ("gets an example: a mock server does not know which element stands where", |_, schema| {
        exemplify(schema, of_tuple)
    }),
    ("is relaxed: a mock server reads lists and objects within a parameter as texts", relax_parameter),
    ("is optional: an empty form is no body to a mock server", allow_empty_form),
    ("gets the schema of a text: a mock server reads and writes it as one", |_, holder| in_contents(holder, as_text)),
    ("is relaxed: a mock server reads lists, objects and files in a form as one text", |document, holder| {
        in_contents(holder, |name, content| relax_form(document, name, content))
    }),
    ("has `anyOf` for `oneOf`: a mock server does not look at its discriminator", ignore_branches),
];

/// Keys whose contents are data of the document's author, not parts of the document.
const DATA: [&str; 4] = ["default", "enum", "example", "examples"];
/// Keys below which every key is a name that the document's author chose.
const NAMED: [&str; 12] = [
    "callbacks", "content", "headers", "links", "parameters", "patternProperties", "paths", "properties",
    "requestBodies", "responses", "schemas", "securitySchemes",
];

/// Returns the document for Prism.
#[must_use]
pub fn served(original: &Value) -> Served {
    let mut document = original.clone();
    let mut changes = Vec::new();
    // A work list instead of recursion, because documents may be nested deeply.
    let mut waiting = vec![(Pointer::root(), false, &mut document)];
    while let Some((at, named, value)) = waiting.pop() {
        match value {
            Value::Object(members) => {
                for (what, change) in FAULTS.iter().filter(|_| !named) {
                    changes.extend(change(original, members).iter().map(|below| format!("{at}{below} {what}")));
                }
                let inner = members.iter_mut().filter(|(key, _)| named || !is_data(key));
                waiting.extend(inner.map(|(key, value)| (at.key(key), !named && NAMED.contains(&key.as_str()), value)));
            }
            Value::Array(items) => {
                waiting.extend(items.iter_mut().enumerate().map(|(index, item)| (at.index(index), false, item)));
            }
            _ => {}
        }
    }
    changes.sort();
    Served { document, changes }
}

fn is_data(key: &str) -> bool {
    DATA.contains(&key) || key.starts_with("x-")
}

/// Returns the object itself as the place of a change.
fn itself(is_changed: bool) -> Vec<String> {
    if is_changed { vec![String::new()] } else { Vec::new() }
}

fn below(keys: &[&str]) -> String {
    keys.iter().fold(Pointer::root(), |at, key| at.key(key)).to_string()
}

fn text<'v>(members: &'v Members, key: &str) -> Option<&'v str> {
    members.get(key).and_then(Value::as_str)
}

fn array<'v>(members: &'v Members, key: &str) -> &'v [Value] {
    members.get(key).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// The maximum length of a followed chain of references.
const REFERENCES: usize = 32;

/// Returns the target of a reference, or the object itself.
fn resolved<'v>(document: &'v Value, value: &'v Value) -> Option<&'v Members> {
    let mut value = value;
    for _ in 0..REFERENCES {
        match value.get("$ref").and_then(Value::as_str) {
            Some(reference) => value = document.pointer(reference.strip_prefix('#')?)?,
            None => return value.as_object(),
        }
    }
    None
}

/// Prism serves the API at the root of a single address.
fn drop_servers(_: &Value, holder: &mut Members) -> Vec<String> {
    holder.shift_remove("servers").map(|_| below(&["servers"])).into_iter().collect()
}

fn drop_schemes(_: &Value, components: &mut Members) -> Vec<String> {
    let mut dropped = Vec::new();
    if let Some(schemes) = components.get_mut("securitySchemes").and_then(Value::as_object_mut) {
        schemes.retain(|name, scheme| {
            let kept = can_be_checked(scheme);
            if !kept {
                dropped.push(below(&["securitySchemes", name]));
            }
            kept
        });
    }
    dropped
}

/// Removes schemes from the requirements of a document or operation. An empty alternative stays, because a client may satisfy it, and
/// then sends nothing for the others.
fn relax_security(document: &Value, holder: &mut Members) -> Vec<String> {
    let schemes = document.pointer("/components/securitySchemes");
    let is_known = |name: &String| schemes.and_then(|schemes| schemes.get(name)).is_none_or(can_be_checked);
    let mut changed = false;
    let alternatives = holder.get_mut("security").and_then(Value::as_array_mut).into_iter().flatten();
    for requirement in alternatives.filter_map(Value::as_object_mut) {
        let before = requirement.len();
        requirement.retain(|scheme, _| is_known(scheme));
        changed |= requirement.len() < before;
    }
    if changed { vec![below(&["security"])] } else { Vec::new() }
}

/// Returns `true` for basic, bearer and API keys. Digest needs a server that issues nonces, and other schemes are unknown.
fn can_be_checked(scheme: &Value) -> bool {
    let text = |key: &str| scheme.get(key).and_then(Value::as_str).unwrap_or_default().to_ascii_lowercase();
    match text("type").as_str() {
        "http" => matches!(text("scheme").as_str(), "basic" | "bearer"),
        // OAuth 2.0 and OpenID Connect send a bearer token, whose presence can be checked.
        "apikey" | "oauth2" | "openidconnect" => true,
        // A reference, which is resolved elsewhere.
        _ => scheme.get("$ref").is_some(),
    }
}

/// Header parameters that are ignored (OpenAPI 3.0.3 §4.7.12.1).
const IGNORED_HEADERS: [&str; 3] = ["accept", "authorization", "content-type"];

fn drop_headers(document: &Value, holder: &mut Members) -> Vec<String> {
    let Some(parameters) = holder.get_mut("parameters").and_then(Value::as_array_mut) else { return Vec::new() };
    let is_ignored = |parameter: &Value| {
        resolved(document, parameter).is_some_and(|parameter| {
            let name = text(parameter, "name").unwrap_or_default().to_ascii_lowercase();
            text(parameter, "in") == Some("header") && IGNORED_HEADERS.contains(&name.as_str())
        })
    };
    let dropped = parameters.iter().enumerate().filter(|(_, parameter)| is_ignored(parameter));
    let dropped = dropped.map(|(index, _)| Pointer::root().key("parameters").index(index).to_string()).collect();
    parameters.retain(|parameter| !is_ignored(parameter));
    dropped
}

/// Removes the bodies of responses to `HEAD` (RFC 9110 §9.3.2), which Prism does not send but then reports as missing.
fn drop_contents_of_head(document: &Value, item: &mut Members) -> Vec<String> {
    let responses = item.get_mut("head").and_then(|head| head.get_mut("responses")?.as_object_mut());
    let mut dropped = Vec::new();
    for (status, response) in responses.into_iter().flatten() {
        let Some(mut own) = resolved(document, response).cloned() else { continue };
        if own.shift_remove("content").is_some() {
            *response = Value::Object(own);
            dropped.push(below(&["head", "responses", status, "content"]));
        }
    }
    dropped
}

/// Renames the parameters in `paths` to simple names, unless the resulting path already exists.
fn rename_path_parameters(document: &Value, root: &mut Members) -> Vec<String> {
    let Some(paths) = root.get_mut("paths").and_then(Value::as_object_mut) else { return Vec::new() };
    let mut renamed = Vec::new();
    for (path, mut item) in mem::take(paths) {
        let (plain, names) = plain_path(&path);
        let is_taken = || document.pointer(&below(&["paths", &plain])).is_some() || paths.contains_key(&plain);
        if names.is_empty() || is_taken() {
            paths.insert(path, item);
            continue;
        }
        rename_parameters(document, &mut item, &names);
        let operations = item.as_object_mut().into_iter().flatten();
        operations.for_each(|(_, operation)| rename_parameters(document, operation, &names));
        renamed.push(below(&["paths", &path]));
        paths.insert(plain, item);
    }
    renamed
}

/// Returns a path template with simple names, and the names that were changed.
fn plain_path(path: &str) -> (String, BTreeMap<String, String>) {
    let mut names: BTreeMap<String, String> = BTreeMap::new();
    let mut plain = String::new();
    for piece in pieces(path) {
        let name = match piece {
            Piece::Text(text) => {
                plain.push_str(text);
                continue;
            }
            Piece::Parameter(name) => name,
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
    }
    (plain, names)
}

fn rename_parameters(document: &Value, holder: &mut Value, names: &BTreeMap<String, String>) {
    for parameter in holder.get_mut("parameters").and_then(Value::as_array_mut).into_iter().flatten() {
        let Some(mut own) = resolved(document, parameter).cloned() else { continue };
        let name = text(&own, "name").filter(|_| text(&own, "in") == Some("path"));
        if let Some(new) = name.and_then(|name| names.get(name)) {
            own.insert("name".to_owned(), new.as_str().into());
            *parameter = Value::Object(own);
        }
    }
}

fn drop_extensions(_: &Value, object: &mut Members) -> Vec<String> {
    let mut dropped = Vec::new();
    object.retain(|key, value| {
        let kept = !(key.starts_with("x-") && mentions_reference(value));
        if !kept {
            dropped.push(below(&[key]));
        }
        kept
    });
    dropped
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

/// Siblings of a reference are ignored (OpenAPI 3.0.3 §4.7.23).
fn drop_siblings(_: &Value, object: &mut Members) -> Vec<String> {
    let has_siblings = object.len() > 1 && text(object, "$ref").is_some();
    if has_siblings {
        object.retain(|key, _| key == "$ref");
    }
    itself(has_siblings)
}

fn drop_widened(_: &Value, schema: &mut Members) -> Vec<String> {
    let is_listed = schema.get("enum").is_some_and(Value::is_array) && schema.contains_key("type");
    itself(is_listed && schema.shift_remove("allOf").is_some())
}

/// Adds an example to a schema, unless the schema already has sample values.
fn exemplify(schema: &mut Members, example: fn(&Members) -> Option<Value>) -> Vec<String> {
    let is_shown = ["example", "default", "enum"].iter().any(|key| schema.contains_key(*key));
    let made = if is_shown { None } else { example(schema) };
    let changed = itself(made.is_some());
    schema.extend(made.map(|example| ("example".to_owned(), example)));
    changed
}

/// Returns a sample for formats that Prism validates but cannot generate, including those of numbers as strings.
fn of_format(schema: &Members) -> Option<Value> {
    let format = text(schema, "format").filter(|_| text(schema, "type") == Some("string"))?;
    let is_plain = !schema.contains_key("pattern") && matches!(format, "url" | "duration" | "byte");
    if is_plain || matches!(format, "int64" | "uint64") { texts(format, 0)?.pop().map(Value::from) } else { None }
}

/// Returns a matching string of a valid length.
fn of_pattern(schema: &Members) -> Option<Value> {
    let is_known = text(schema, "format").is_some_and(|format| texts(format, 0).is_some());
    let pattern = text(schema, "pattern").filter(|_| text(schema, "type") == Some("string") && !is_known)?;
    let length = |key: &str| schema.get(key).and_then(Value::as_u64).and_then(|length| usize::try_from(length).ok());
    let (least, most) = (length("minLength").unwrap_or(0), length("maxLength").unwrap_or(usize::MAX));
    let fits = |text: &str| (least..=most).contains(&text.chars().count());
    Pattern::new(pattern)?.texts(1, least, fits).pop().map(Value::from)
}

fn of_single(schema: &Members) -> Option<Value> {
    let is_single = text(schema, "type") == Some("number") && text(schema, "format") == Some("float");
    (is_single && !is_bounded(schema)).then(|| json!(1.5))
}

/// Returns an array for element schemas that all have scalar values.
fn of_tuple(schema: &Members) -> Option<Value> {
    let elements = schema.get("x-prefix-items").filter(|_| text(schema, "type") == Some("array"))?;
    let element = |element: &Value| {
        let element = element.as_object()?;
        let stated = element.get("example").or(element.get("default")).or_else(|| element.get("enum")?.get(0));
        let made = || of_format(element).or_else(|| of_pattern(element)).or_else(|| of_single(element));
        stated.cloned().or_else(made).or_else(|| plain(element))
    };
    elements.as_array()?.iter().map(element).collect()
}

/// Returns a value of a type without further restrictions.
fn plain(schema: &Members) -> Option<Value> {
    match (text(schema, "type")?, text(schema, "format")) {
        ("string", Some(format)) => texts(format, 0)?.pop().map(Value::from),
        ("string", None) => Some("text".into()),
        ("integer" | "number", _) if !is_bounded(schema) => Some(1.into()),
        ("boolean", _) => Some(true.into()),
        _ => None,
    }
}

/// Returns `true` if Prism generates better values.
fn is_bounded(schema: &Members) -> bool {
    ["minimum", "maximum", "multipleOf"].iter().any(|key| schema.contains_key(*key))
}

/// Relaxes objects and lists within a parameter, whose serialization is undefined (OpenAPI 3.0.3 §4.7.12.3 covers lists and objects of
/// scalars). Prism can read them in `deepObject`.
fn relax_parameter(document: &Value, parameter: &mut Members) -> Vec<String> {
    let is_parameter = text(parameter, "in").is_some() && parameter.contains_key("name");
    if !is_parameter || text(parameter, "style") == Some("deepObject") {
        return Vec::new();
    }
    let schema = parameter.get("schema").and_then(|schema| resolved(document, schema));
    let Some(mut schema) = schema.cloned() else { return Vec::new() };
    let mut changed = false;
    let mut relax = |inner: &mut Value| {
        if resolved(document, inner).is_some_and(is_composed) {
            *inner = json!({});
            changed = true;
        }
    };
    let properties = schema.get_mut("properties").and_then(Value::as_object_mut);
    properties.into_iter().flatten().for_each(|(_, property)| relax(property));
    schema.get_mut("items").into_iter().for_each(&mut relax);
    if changed {
        parameter.insert("schema".to_owned(), Value::Object(schema));
    }
    itself(changed)
}

fn is_composed(schema: &Members) -> bool {
    const COMPOSED: [&str; 5] = ["allOf", "anyOf", "items", "oneOf", "properties"];
    matches!(text(schema, "type"), Some("array" | "object")) || COMPOSED.iter().any(|key| schema.contains_key(*key))
}

/// Makes a body optional if it may be an empty form.
fn allow_empty_form(document: &Value, body: &mut Members) -> Vec<String> {
    let may_be_empty = |content: &Value| {
        let schema = content.get("schema").and_then(|schema| resolved(document, schema));
        schema.is_none_or(|schema| array(schema, "required").is_empty())
    };
    let contents = body.get("content").and_then(Value::as_object).into_iter().flatten();
    let mut forms = contents.filter(|(name, _)| name.contains("x-www-form-urlencoded"));
    let changes = body.get("required") == Some(&Value::Bool(true)) && forms.any(|(_, content)| may_be_empty(content));
    if changes {
        body.shift_remove("required");
    }
    itself(changes)
}

/// Changes media types, and returns their places.
fn in_contents(holder: &mut Members, change: impl Fn(&str, &mut Members) -> bool) -> Vec<String> {
    let contents = holder.get_mut("content").and_then(Value::as_object_mut).into_iter().flatten();
    let contents = contents.filter_map(|(name, content)| Some((name, content.as_object_mut()?)));
    contents.filter_map(|(name, content)| change(name, content).then(|| below(&["content", name]))).collect()
}

fn is_form(media_type: &str) -> bool {
    ["x-www-form-urlencoded", "multipart/"].iter().any(|part| media_type.contains(part))
}

/// Treats a body that is neither JSON nor a form as a string, whatever its schema.
fn as_text(media_type: &str, content: &mut Members) -> bool {
    // A specific schema determines the meaning of a media type range.
    let said = content.get("schema").and_then(Value::as_object).is_some_and(|schema| !schema.is_empty());
    let is_text = |schema: &Value| schema.get("type").and_then(Value::as_str) == Some("string");
    let is_left = media_type.contains('*') && said || is_json(media_type) || is_form(media_type);
    if is_left || content.get("schema").is_none_or(is_text) {
        return false;
    }
    content.retain(|key, _| !matches!(key.as_str(), "example" | "examples"));
    content.insert("schema".to_owned(), json!({ "type": "string" }));
    true
}

/// Relaxes forms, because Prism reads only the last of several fields with one name, treats JSON as a string, and files as text. Fields
/// that are plain strings, numbers and booleans are still checked, and so are required fields.
fn relax_form(document: &Value, media_type: &str, content: &mut Members) -> bool {
    if !is_form(media_type) {
        return false;
    }
    let schema = content.get("schema").and_then(|schema| resolved(document, schema));
    let is_union = |schema: &Members| ["allOf", "oneOf", "anyOf", "not"].iter().any(|key| schema.contains_key(*key));
    let schema = schema.filter(|schema| !is_union(schema));
    let Some((schema, properties)) = schema.and_then(|schema| Some((schema, schema.get("properties")?.as_object()?)))
    else {
        return content.shift_remove("schema").is_some();
    };
    let is_plain = |property: &Value| {
        resolved(document, property).is_some_and(|schema| {
            let is_scalar = matches!(text(schema, "type"), Some("string" | "integer" | "number" | "boolean"));
            is_scalar && text(schema, "format") != Some("binary")
        })
    };
    // Prism does not read undeclared fields at all.
    let is_described = |name: &Value| name.as_str().is_some_and(|name| properties.contains_key(name));
    if properties.values().all(is_plain) && array(schema, "required").iter().all(is_described) {
        return false;
    }
    let kept = properties
        .iter()
        .map(|(name, property)| (name.clone(), if is_plain(property) { property.clone() } else { json!({}) }));
    // With a style, fields have other names than their property.
    let is_styled = |name: &Value| {
        let encoding = name.as_str().and_then(|name| content.get("encoding")?.get(name));
        encoding.is_some_and(|encoding| encoding.get("style").is_some())
    };
    let required = array(schema, "required").iter().filter(|name| is_described(name) && !is_styled(name));
    let required: Vec<Value> = required.cloned().collect();
    let relaxed = json!({ "type": "object", "required": required, "properties": kept.collect::<Members>() });
    content.retain(|key, _| !matches!(key.as_str(), "example" | "examples" | "encoding"));
    content.insert("schema".to_owned(), relaxed);
    true
}

/// Treats `oneOf` with a discriminator (OpenAPI 3.0.3 §4.7.25) as `anyOf`, because a value may match other branches, too.
fn ignore_branches(_: &Value, schema: &mut Members) -> Vec<String> {
    let is_tagged = schema.get("discriminator").is_some_and(Value::is_object) && !schema.contains_key("anyOf");
    let is_union = is_tagged && schema.get("oneOf").is_some_and(Value::is_array);
    let branches = if is_union { schema.shift_remove("oneOf") } else { None };
    schema.extend(branches.map(|branches| ("anyOf".to_owned(), branches)));
    itself(is_union)
}

#[cfg(test)]
mod tests;
