//! Part of `structure`: the uses of the grammar's keywords in a document.
//!
//! In: a document with a valid structure. Out: each keyword with its place. Invariant: one walk along the grammar's tables,
//! without recursion; unknown keywords are not included.

use std::collections::BTreeSet;

use serde_json::Value;

use clientwright_normalizer::pointer::Pointer;
use clientwright_normalizer::structure::grammar::{DOCUMENT, Form, Kind, Object};

/// A keyword of OpenAPI 3.0.3: the display name of its object, and its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Keyword {
    pub(crate) object: &'static str,
    pub(crate) name: &'static str,
}

/// A use at a place: a keyword's value, or an object as a whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct KeywordUse {
    pub(crate) at: Pointer,
    pub(crate) object: &'static str,
    /// The keyword; `None` for the object as a whole.
    pub(crate) keyword: Option<&'static str>,
}

/// The display name of an object with a `$ref` (OpenAPI 3.0.3 §4.7.23).
const REFERENCE: &str = "a reference";

/// Returns every object of the grammar, in the order of traversal.
fn objects() -> Vec<&'static Object> {
    let mut objects: Vec<&'static Object> = vec![Kind::Document.grammar()];
    let mut seen = BTreeSet::from([Kind::Document]);
    let mut next = 0;
    while let Some(object) = objects.get(next).copied() {
        next += 1;
        let forms = object.fields.iter().map(|field| &field.form).chain(&object.rest);
        objects.extend(forms.filter_map(inner).filter(|inner| seen.insert(inner.kind)));
    }
    objects
}

/// Returns every keyword of the grammar, by object.
pub(crate) fn keywords() -> Vec<Keyword> {
    let of =
        |object: &'static Object| object.fields.iter().map(|field| Keyword { object: object.name, name: field.name });
    objects().into_iter().flat_map(of).chain([Keyword { object: REFERENCE, name: "$ref" }]).collect()
}

/// Returns the keywords with objects that only later versions have.
pub(crate) fn later() -> BTreeSet<&'static str> {
    objects().into_iter().flat_map(|object| object.later).map(|field| field.name).collect()
}

/// Returns the object that a form leads to.
fn inner(mut form: &'static Form) -> Option<&'static Object> {
    loop {
        form = match form {
            Form::Is(_) | Form::OrReference(_) | Form::SchemaOrBoolean => return form.object(),
            Form::List(item) | Form::Map(item) | Form::Components(item) => item,
            Form::Text | Form::Boolean | Form::Number | Form::Count | Form::Any => return None,
            Form::Choice(_) | Form::Ignored(_) => return None,
        };
    }
}

/// Returns all uses in a document, in no particular order.
pub(crate) fn uses(document: &Value) -> Vec<KeywordUse> {
    let mut uses = Vec::new();
    let mut waiting: Vec<(Pointer, &Value, &'static Form)> = vec![(Pointer::root(), document, &DOCUMENT)];
    while let Some((at, value, form)) = waiting.pop() {
        match (form, value) {
            (Form::OrReference(_) | Form::SchemaOrBoolean, Value::Object(members)) if members.contains_key("$ref") => {
                uses.push(KeywordUse { at: at.key("$ref"), object: REFERENCE, keyword: Some("$ref") });
            }
            (Form::Is(kind) | Form::OrReference(kind), Value::Object(members)) => {
                let object = kind.grammar();
                uses.push(KeywordUse { at: at.clone(), object: object.name, keyword: None });
                for (key, value) in members {
                    let at = at.key(key);
                    if let Some(field) = object.fields.iter().find(|field| field.name == key) {
                        uses.push(KeywordUse { at: at.clone(), object: object.name, keyword: Some(field.name) });
                    }
                    waiting.extend(object.form_of(key).map(|form| (at, value, form)));
                }
            }
            (Form::SchemaOrBoolean, Value::Object(_)) => {
                static SCHEMA: Form = Form::Is(Kind::Schema);
                waiting.push((at, value, &SCHEMA));
            }
            (Form::List(item), Value::Array(items)) => {
                waiting.extend(items.iter().enumerate().map(|(index, value)| (at.index(index), value, *item)));
            }
            (Form::Map(item) | Form::Components(item), Value::Object(members)) => {
                waiting.extend(members.iter().map(|(key, value)| (at.key(key), value, *item)));
            }
            _ => {}
        }
    }
    uses
}

#[cfg(test)]
mod tests {
    use super::*;

    use serde_json::json;

    #[test]
    fn every_keyword_is_listed_once() {
        let all = keywords();
        let distinct: BTreeSet<Keyword> = all.iter().copied().collect();
        assert_eq!(distinct.len(), all.len());
        for keyword in
            [("a schema", "oneOf"), ("a link", "operationRef"), ("`xml`", "prefix"), ("a token flow", "scopes")]
        {
            assert!(all.iter().any(|one| (one.object, one.name) == keyword), "{keyword:?}");
        }
    }

    #[test]
    fn what_is_used_is_found_where_it_stands() {
        let document = json!({
            "openapi": "3.0.3",
            "paths": { "/a": { "get": { "responses": { "200": { "$ref": "#/x" } }, "x-own": { "oneOf": [] } } } },
            "components": { "schemas": { "A": { "additionalProperties": { "not": {} }, "example": { "oneOf": [] } } } },
        });
        let mut found: Vec<String> = uses(&document)
            .into_iter()
            .filter_map(|one| Some(format!("{} {} {}", one.at, one.object, one.keyword?)))
            .collect();
        found.sort();
        assert_eq!(
            found,
            [
                "/components an OpenAPI document components",
                "/components/schemas `components` schemas",
                "/components/schemas/A/additionalProperties a schema additionalProperties",
                "/components/schemas/A/additionalProperties/not a schema not",
                "/components/schemas/A/example a schema example",
                "/openapi an OpenAPI document openapi",
                "/paths an OpenAPI document paths",
                "/paths/~1a/get a path item get",
                "/paths/~1a/get/responses an operation responses",
                "/paths/~1a/get/responses/200/$ref a reference $ref",
            ]
        );
    }
}
