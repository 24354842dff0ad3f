//! What the author of an unknown key probably meant.

use super::grammar::{Kind, Object, is_parameter_schema_key};
use crate::spelling::{did_you_mean, is_among};

/// Keywords of OpenAPI 3.1 and of the JSON Schema dialect that it uses.
const SINCE_3_1: &str = "jsonSchemaDialect pathItems webhooks \
    $anchor $comment $defs $dynamicAnchor $dynamicRef $id $schema $vocabulary \
    const contains maxContains minContains prefixItems unevaluatedItems \
    contentEncoding contentMediaType contentSchema examples \
    dependentRequired dependentSchemas if then else patternProperties propertyNames unevaluatedProperties";

/// Keywords of Swagger 2.0.
const UNTIL_2_0: &str =
    "basePath host schemes swagger collectionFormat consumes definitions produces securityDefinitions";

/// A line of help for the unknown `key` in an object of this kind.
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

/// Whether a key belongs into the schema of a parameter.
pub(super) fn is_schema_key(key: &str) -> bool {
    key == "title" || is_parameter_schema_key(key)
}
