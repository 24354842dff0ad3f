//! The meaning of misspelled keys.
//!
//! In: a key that the grammar does not define in an object, and its value. Out: the field that the key means. Invariant: an extension is
//! never treated as a misspelled field.

use serde_json::Value;

use super::grammar::Form::{self, *};
use super::grammar::{Field, Kind, Object, is_extension, is_parameter_schema_key};
use super::slots::Slot;
use crate::spelling::{closest, did_you_mean, is_among, squashed};

/// The field that an unknown key means, and the text for the ledger.
pub(crate) struct Meant {
    pub(crate) field: &'static Field,
    pub(crate) text: String,
}

/// Returns the field that differs from a key in case or separators, or else in a few letters, if its value fits that field.
pub(crate) fn meant(
    mut fields: impl Iterator<Item = &'static Field> + Clone,
    key: &str,
    value: &Value,
) -> Option<Meant> {
    let letters = squashed(key);
    if let Some(field) = fields.clone().find(|field| squashed(field.name) == letters) {
        return Some(Meant { field, text: format!("renamed `{key}` to `{}`", field.name) });
    }
    let name = closest(key, fields.clone().map(|field| field.name)).filter(|_| key.len() > 3)?;
    let field = fields.find(|field| field.name == name).filter(|field| is_evident(&field.form, value))?;
    Some(Meant { field, text: format!("assumed `{key}` to mean `{name}`") })
}

impl Object {
    /// Returns the field of any version that contains further objects and that an unknown key means.
    pub(crate) fn meant_by(&'static self, key: &str, value: &Value) -> Option<Meant> {
        let fields = self.fields.iter().chain(self.later).chain(self.other);
        let holds_objects = matches!(value, Value::Array(_) | Value::Object(_));
        if self.rest.is_some() || !holds_objects || is_extension(key) || fields.clone().any(|field| field.name == key) {
            return None;
        }
        let meant = meant(fields, key, value)?;
        let form = &meant.field.form;
        (Slot::of(form) != Slot::Data && is_evident(form, value)).then_some(meant)
    }
}

/// Returns `true` if the value certainly belongs in such a field.
fn is_evident(form: &Form, value: &Value) -> bool {
    matches!(
        (form, value),
        (Text | Choice(_), Value::String(_))
            | (Boolean | SchemaOrBoolean, Value::Bool(_))
            | (Number | Count, Value::Number(_))
            | (List(_), Value::Array(_))
            | (Is(_) | OrReference(_) | SchemaOrBoolean, Value::Object(_))
            | (Map(_) | Components(_), Value::Object(_))
    )
}

/// Keywords of OpenAPI 3.1 and of the JSON Schema dialect that it uses.
const SINCE_3_1: &str = "jsonSchemaDialect pathItems webhooks \
    $anchor $comment $defs $dynamicAnchor $dynamicRef $id $schema $vocabulary \
    const contains maxContains minContains prefixItems unevaluatedItems \
    contentEncoding contentMediaType contentSchema examples \
    dependentRequired dependentSchemas if then else patternProperties propertyNames unevaluatedProperties";

/// Keywords of Swagger 2.0.
const UNTIL_2_0: &str =
    "basePath host schemes swagger collectionFormat consumes definitions produces securityDefinitions";

/// Returns the help for the unknown `key` in an object of this kind.
pub(super) fn unknown_key(key: &str, object: &Object) -> Option<String> {
    if key == "$ref" {
        return Some(format!("a reference is not allowed in place of {}", object.name));
    }
    if is_among(UNTIL_2_0, key) {
        return Some(format!("`{key}` is a keyword of Swagger 2.0"));
    }
    if is_among(SINCE_3_1, key) || matches!((object.kind, key), (Kind::Info, "summary") | (Kind::License, "identifier"))
    {
        return Some(format!("`{key}` is a keyword of OpenAPI 3.1"));
    }
    if let Some(help) = did_you_mean(key, object.fields.iter().map(|field| field.name)) {
        return Some(help);
    }
    let has_schema = object.fields.iter().any(|field| field.name == "schema");
    (has_schema && is_schema_key(key)).then(|| format!("put `{key}` under `schema`"))
}

/// Returns `true` if a key belongs in the schema of a parameter.
pub(super) fn is_schema_key(key: &str) -> bool {
    key == "title" || is_parameter_schema_key(key)
}
