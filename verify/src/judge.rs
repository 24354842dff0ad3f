//! Contradictions between values and their schemas: the document's schemas as JSON Schema, with a validator that is independent of this
//! project.
//!
//! In: the Schema Object of OpenAPI 3.0.3 (§4.7.24). Out: the errors of a value. Invariant: a value that cannot be judged has no
//! contradiction, so that it never serves as an excuse.

use std::collections::{BTreeMap, BTreeSet};

use clientwright_normalizer::pointer::Pointer;
use jsonschema::error::ValidationErrorKind;
use jsonschema::{Draft, ValidationError, Validator};
use serde_json::{Map, Number, Value, json};

/// A contradiction between a value and its schema.
pub(crate) struct Contradiction {
    /// The place in the value.
    pub(crate) at: String,
    /// The missing property, if any.
    pub(crate) missing: Option<String>,
    /// Whether no branch of a choice matches, so that the error may be anywhere inside.
    pub(crate) is_choice: bool,
    /// The message.
    pub(crate) what: String,
}

impl Contradiction {
    fn of(error: &ValidationError<'_>) -> Self {
        use ValidationErrorKind::{AnyOf, OneOfMultipleValid, OneOfNotValid, Required};
        let missing = match error.kind() {
            Required { property } => property.as_str().map(str::to_owned),
            _ => None,
        };
        let is_choice = matches!(error.kind(), AnyOf { .. } | OneOfNotValid { .. } | OneOfMultipleValid { .. });
        Self { at: error.instance_path().to_string(), missing, is_choice, what: shortened(error) }
    }
}

/// The schemas of a document, translated on demand.
pub(crate) struct Judge<'d> {
    document: &'d Value,
    known: BTreeMap<String, Option<Validator>>,
}

impl<'d> Judge<'d> {
    pub(crate) fn new(document: &'d Value) -> Self {
        Self { document, known: BTreeMap::new() }
    }

    /// Returns the contradiction between a value and the schema at a place, if any.
    pub(crate) fn contradiction(&mut self, schema: &str, value: &Value) -> Option<String> {
        self.error(schema, value).or_else(|| self.undescribed(schema, value))
    }

    /// Returns all contradictions between a value and the schema at a place.
    pub(crate) fn contradictions(&mut self, schema: &str, value: &Value) -> Vec<Contradiction> {
        let errors = self.validator(schema).map(|validator| validator.iter_errors(value));
        errors.into_iter().flatten().map(|error| Contradiction::of(&error)).collect()
    }

    fn error(&mut self, schema: &str, value: &Value) -> Option<String> {
        let error = self.validator(schema)?.iter_errors(value).next()?;
        Some(format!("at `{}`: {}", error.instance_path(), shortened(&error)))
    }

    fn validator(&mut self, schema: &str) -> Option<&Validator> {
        let document = self.document;
        self.known.entry(schema.to_owned()).or_insert_with(|| validator(document, schema)).as_ref()
    }

    /// Returns the first property or item that is invalid for every schema that describes it. JSON Schema accepts it if another branch
    /// does not declare it, but the example's author meant the branch that does.
    fn undescribed(&mut self, schema: &str, value: &Value) -> Option<String> {
        let mut waiting = vec![(Pointer::root(), vec![schema.to_owned()], value)];
        while let Some((at, schemas, value)) = waiting.pop() {
            let schemas = self.spread(schemas);
            let inner: Vec<(String, String, &Value)> = match value {
                Value::Object(members) => members
                    .iter()
                    .map(|(key, value)| (key.clone(), Pointer::root().key("properties").key(key).to_string(), value))
                    .collect(),
                Value::Array(items) => items
                    .iter()
                    .enumerate()
                    .map(|(index, item)| (index.to_string(), "/items".to_owned(), item))
                    .collect(),
                _ => continue,
            };
            for (key, below, value) in inner {
                let described = schemas.iter().map(|schema| format!("{schema}{below}"));
                let described: Vec<String> = described.filter(|at| self.document.pointer(at).is_some()).collect();
                let errors: Vec<Option<String>> = described.iter().map(|schema| self.error(schema, value)).collect();
                let at = at.key(&key);
                if let Some(Some(first)) = errors.first().filter(|_| errors.iter().all(Option::is_some)) {
                    return Some(format!("`{at}` is allowed by none that describes it: {first}"));
                }
                let allowing = described.into_iter().zip(errors).filter(|(_, error)| error.is_none());
                waiting.push((at, allowing.map(|(schema, _)| schema).collect(), value));
            }
        }
        None
    }

    /// Returns `true` if any schema describes a property of the object at a place in a value.
    pub(crate) fn describes(&self, schema: &str, at: &str, property: &str) -> bool {
        let mut schemas = self.spread(vec![schema.to_owned()]);
        for token in at.split('/').skip(1) {
            let below = [format!("/properties/{token}"), "/items".to_owned(), "/additionalProperties".to_owned()];
            let inner = schemas.iter().flat_map(|schema| below.iter().map(move |below| format!("{schema}{below}")));
            schemas = self.spread(inner.collect());
        }
        let below = Pointer::root().key("properties").key(property);
        schemas.iter().any(|schema| self.document.pointer(&format!("{schema}{below}")).is_some())
    }

    /// Returns the schemas with all their references and branches.
    fn spread(&self, schemas: Vec<String>) -> BTreeSet<String> {
        let (mut found, mut waiting) = (BTreeSet::new(), schemas);
        while let Some(at) = waiting.pop() {
            let Some(schema) = self.document.pointer(&at).filter(|_| !found.contains(&at)) else { continue };
            waiting.extend(schema.get("$ref").and_then(Value::as_str).map(place));
            for keyword in ["allOf", "anyOf", "oneOf"] {
                let branches = schema.get(keyword).and_then(Value::as_array).map_or(0, Vec::len);
                waiting.extend((0..branches).map(|index| format!("{at}/{keyword}/{index}")));
            }
            found.insert(at);
        }
        found
    }
}

/// Returns the target of a reference within the document.
fn place(reference: &str) -> String {
    let at = reference.strip_prefix('#').unwrap_or(reference);
    percent_encoding::percent_decode_str(at).decode_utf8_lossy().into_owned()
}

/// The maximum length of an error message, which may quote the whole value.
const LONGEST: usize = 300;

fn shortened(error: &ValidationError<'_>) -> String {
    let text = error.to_string();
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text,
    }
}

/// Returns the validator of a schema, with all referenced schemas numbered in `$defs`.
fn validator(document: &Value, schema: &str) -> Option<Validator> {
    let mut translation = Translation { numbers: BTreeMap::new(), waiting: Vec::new() };
    let start = translation.reference(schema);
    let mut definitions = Map::new();
    while let Some((at, number)) = translation.waiting.pop() {
        // An unresolvable reference has no defined meaning.
        let found = document.pointer(&at).map_or(Value::Bool(true), |schema| translation.schema(schema));
        definitions.insert(number.to_string(), found);
    }
    let root = json!({ "$ref": start, "$defs": definitions });
    let options = jsonschema::options().with_draft(Draft::Draft201909).should_validate_formats(true);
    options.build(&root).ok()
}

/// A schema under translation.
struct Translation {
    numbers: BTreeMap<String, usize>,
    waiting: Vec<(String, usize)>,
}

impl Translation {
    /// Returns the reference to the schema at a place, which is translated later.
    fn reference(&mut self, at: &str) -> String {
        let next = self.numbers.len();
        let number = *self.numbers.entry(at.to_owned()).or_insert_with(|| {
            self.waiting.push((at.to_owned(), next));
            next
        });
        format!("#/$defs/{number}")
    }

    /// Translates nested schemas. Other keywords are kept, or dropped if they have another meaning in JSON Schema.
    fn schema(&mut self, schema: &Value) -> Value {
        let Some(members) = schema.as_object() else { return schema.clone() };
        if let Some(reference) = members.get("$ref").and_then(Value::as_str) {
            return json!({ "$ref": self.reference(&place(reference)) });
        }
        let mut new = Map::new();
        for (keyword, value) in members {
            let value = match (keyword.as_str(), value) {
                ("properties", Value::Object(properties)) => {
                    properties.iter().map(|(name, schema)| (name.clone(), self.schema(schema))).collect()
                }
                ("allOf" | "anyOf" | "oneOf", Value::Array(schemas)) => {
                    schemas.iter().map(|schema| self.schema(schema)).collect()
                }
                ("items" | "additionalProperties" | "not", schema) => self.schema(schema),
                ("format", Value::String(format)) if !matches!(format.as_str(), "date-time" | "uuid") => continue,
                // An ECMA-262 pattern may be invalid here, and types ignore patterns.
                ("nullable" | "discriminator" | "example" | "default" | "pattern" | "xml" | "externalDocs", _) => {
                    continue;
                }
                (keyword, _) if keyword.starts_with("x-") => continue,
                (_, value) => value.clone(),
            };
            new.insert(keyword.clone(), value);
        }
        integers(&mut new, members);
        exclude(&mut new, "minimum", "exclusiveMinimum");
        exclude(&mut new, "maximum", "exclusiveMaximum");
        directions(&mut new, members);
        if members.get("nullable") == Some(&Value::Bool(true)) {
            // Not `anyOf`, because its errors do not contain the place in the value.
            return json!({ "if": { "type": "null" }, "else": new });
        }
        Value::Object(new)
    }
}

/// `format: int32` and `int64` are signed integers of that width (OpenAPI 3.0.3 §4.4).
fn integers(new: &mut Map<String, Value>, members: &Map<String, Value>) {
    if members.get("type").is_none_or(|ty| ty != "integer") {
        return;
    }
    let (least, most) = match members.get("format").and_then(Value::as_str) {
        Some("int32") => (i64::from(i32::MIN), i64::from(i32::MAX)),
        Some("int64") => (i64::MIN, i64::MAX),
        _ => return,
    };
    let width = json!({ "minimum": least, "maximum": most });
    match new.get_mut("allOf").and_then(Value::as_array_mut) {
        Some(all) => all.push(width),
        None => drop(new.insert("allOf".to_owned(), json!([width]))),
    }
}

/// Converts `exclusiveMinimum` and `exclusiveMaximum`, which are booleans in OpenAPI 3.0.
fn exclude(members: &mut Map<String, Value>, bound: &str, exclusive: &str) {
    match members.get(exclusive) {
        Some(Value::Bool(true)) => {
            let number: Option<Number> = members.remove(bound).and_then(|bound| bound.as_number().cloned());
            members.remove(exclusive);
            members.extend(number.map(|number| (exclusive.to_owned(), Value::Number(number))));
        }
        Some(Value::Bool(false)) => {
            members.remove(exclusive);
        }
        _ => {}
    }
}

/// Makes `readOnly` and `writeOnly` properties optional, because an example may be of a request or a response (OpenAPI 3.0.3 §4.7.24.1).
fn directions(new: &mut Map<String, Value>, members: &Map<String, Value>) {
    let one_way = |name: &Value| {
        let property = members.get("properties").and_then(|properties| properties.get(name.as_str()?));
        let says = |key: &str| property.and_then(|property| property.get(key)) == Some(&Value::Bool(true));
        says("readOnly") || says("writeOnly")
    };
    if let Some(required) = new.get_mut("required").and_then(Value::as_array_mut) {
        required.retain(|name| !one_way(name));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_contradiction(schema: &Value, value: &Value) -> bool {
        let document = json!({ "s": schema, "t": { "type": "string", "maxLength": 2 } });
        Judge::new(&document).contradiction("/s", value).is_some()
    }

    #[test]
    fn openapi_is_read_as_openapi_means_it() {
        let nullable = json!({ "type": "string", "nullable": true });
        assert!(!is_contradiction(&nullable, &Value::Null) && is_contradiction(&nullable, &json!(1)));
        let exclusive = json!({ "minimum": 1, "exclusiveMinimum": true, "maximum": 3, "exclusiveMaximum": false });
        assert!(is_contradiction(&exclusive, &json!(1)) && !is_contradiction(&exclusive, &json!(3)));
        let reference = json!({ "properties": { "a": { "$ref": "#/t" } } });
        assert!(is_contradiction(&reference, &json!({ "a": "abc" })));
        assert!(!is_contradiction(&reference, &json!({ "a": "ab" })));
        let answer = json!({ "required": ["a"], "properties": { "a": { "readOnly": true } } });
        assert!(!is_contradiction(&answer, &json!({})));
        let recursive = json!({ "properties": { "a": { "$ref": "#/s" } }, "type": "object" });
        assert!(is_contradiction(&recursive, &json!({ "a": { "a": 1 } })));
    }

    #[test]
    fn only_formats_that_become_types_count() {
        let format = |ty: &str, format: &str| json!({ "type": ty, "format": format });
        assert!(is_contradiction(&format("string", "date-time"), &json!("yesterday")));
        assert!(is_contradiction(&format("string", "uuid"), &json!("1")));
        assert!(is_contradiction(&format("integer", "int32"), &json!(3_000_000_000_u32)));
        assert!(!is_contradiction(&format("string", "email"), &json!("someone")));
        assert!(!is_contradiction(&format("integer", "int64"), &json!(3_000_000_000_u32)));
    }

    #[test]
    fn a_branch_that_says_nothing_of_a_property_excuses_nothing() {
        let described = json!({ "properties": { "a": { "items": { "required": ["b"] } } } });
        let schema = json!({ "anyOf": [described, { "type": "object" }] });
        assert!(is_contradiction(&schema, &json!({ "a": [{ "b": 1 }, {}] })));
        assert!(!is_contradiction(&schema, &json!({ "a": [{ "b": 1 }], "c": [{}] })));
        let either = json!({ "anyOf": [described, { "properties": { "a": {} } }] });
        assert!(!is_contradiction(&either, &json!({ "a": [{}] })));
    }

    #[test]
    fn what_is_described_is_found_behind_references_and_branches() {
        let document = json!({
            "s": { "allOf": [{ "$ref": "#/t" }, { "properties": { "b": { "items": { "$ref": "#/t" } } } }] },
            "t": { "properties": { "a": {} }, "required": ["c"] },
        });
        let judge = Judge::new(&document);
        assert!(judge.describes("/s", "", "a") && judge.describes("/s", "/b/0", "a"));
        assert!(!judge.describes("/s", "", "c") && !judge.describes("/s", "/b/0", "c"));
    }

    #[test]
    fn a_contradiction_is_told_at_its_place_even_where_null_is_allowed() {
        let inner = json!({ "type": "object", "nullable": true, "required": ["b"], "properties": { "c": { "anyOf": [{ "type": "string" }] } } });
        let document = json!({ "s": { "properties": { "a": inner } } });
        let found = Judge::new(&document).contradictions("/s", &json!({ "a": { "c": 1 } }));
        let told: Vec<_> = found.iter().map(|one| (one.at.as_str(), one.missing.as_deref(), one.is_choice)).collect();
        assert!(told.contains(&("/a", Some("b"), false)) && told.contains(&("/a/c", None, true)), "{told:?}");
    }

    #[test]
    fn what_cannot_be_judged_is_no_excuse() {
        assert!(!is_contradiction(&json!({ "type": "no such type" }), &json!(1)));
        assert!(!is_contradiction(&json!({ "$ref": "#/nowhere" }), &json!(1)));
    }
}
