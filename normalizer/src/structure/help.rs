//! What the author of an unknown key probably meant.

use serde_json::{Map, Value};

use super::grammar::Object;

/// Keywords of OpenAPI 3.1 and of the JSON Schema dialect that it uses.
const SINCE_3_1: &[&str] = &[
    "$anchor",
    "$comment",
    "$defs",
    "$dynamicAnchor",
    "$dynamicRef",
    "$id",
    "$schema",
    "$vocabulary",
    "const",
    "contains",
    "contentEncoding",
    "contentMediaType",
    "contentSchema",
    "dependentRequired",
    "dependentSchemas",
    "else",
    "examples",
    "if",
    "jsonSchemaDialect",
    "maxContains",
    "minContains",
    "pathItems",
    "patternProperties",
    "prefixItems",
    "propertyNames",
    "then",
    "unevaluatedItems",
    "unevaluatedProperties",
    "webhooks",
];

/// Keywords of Swagger 2.0.
const UNTIL_2_0: &[&str] = &[
    "basePath",
    "collectionFormat",
    "consumes",
    "definitions",
    "host",
    "produces",
    "schemes",
    "securityDefinitions",
    "swagger",
];

/// Keys that stood in the parameter itself in Swagger 2.0 and belong into its `schema`.
const SCHEMA_KEYS: &[&str] = &[
    "type",
    "format",
    "items",
    "enum",
    "default",
    "minimum",
    "maximum",
    "pattern",
    "minLength",
    "maxLength",
    "minItems",
    "maxItems",
    "uniqueItems",
    "multipleOf",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "nullable",
    "title",
];

/// A line of help for the unknown `key` in an object of this kind.
pub(super) fn unknown_key(key: &str, object: &Object) -> Option<String> {
    if key == "$ref" {
        return Some(format!("a reference cannot stand for {}", object.name));
    }
    if UNTIL_2_0.contains(&key) {
        return Some(format!("`{key}` is a keyword of Swagger 2.0"));
    }
    if SINCE_3_1.contains(&key) || matches!((object.name, key), ("`info`", "summary") | ("a licence", "identifier")) {
        return Some(format!("`{key}` is a keyword of OpenAPI 3.1"));
    }
    if let Some(meant) = closest(key, object.fields.iter().map(|field| field.name)) {
        return Some(format!("did you mean `{meant}`?"));
    }
    let has_schema = object.fields.iter().any(|field| field.name == "schema");
    if has_schema && SCHEMA_KEYS.contains(&key) {
        return Some(format!("put `{key}` under `schema`"));
    }
    None
}

/// A line of help where `schema` is missing and its keys stand beside it.
pub(super) fn schema_fields(members: &Map<String, Value>) -> Option<&'static str> {
    let misplaced = members.keys().any(|key| SCHEMA_KEYS.contains(&key.as_str()));
    misplaced.then_some("put `type` and what belongs to it under `schema`")
}

/// The candidate that a slip of the finger made into `word`: at most a third of its characters differ.
pub(super) fn closest<'c>(word: &str, candidates: impl Iterator<Item = &'c str>) -> Option<&'c str> {
    let limit = (word.chars().count() / 3).max(1);
    candidates
        .filter(|candidate| *candidate != word)
        .map(|candidate| {
            // Upper and lower case are the most common slip.
            let distance = if candidate.eq_ignore_ascii_case(word) { 0 } else { distance(word, candidate) };
            (distance, candidate)
        })
        .filter(|(distance, _)| *distance <= limit)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// How many characters to insert, delete, replace or swap with their neighbour (optimal string alignment).
fn distance(left: &str, right: &str) -> usize {
    let left: Vec<char> = left.chars().take(64).collect();
    let right: Vec<char> = right.chars().take(64).collect();
    let at = |row: &[usize], index: usize| row.get(index).copied().unwrap_or(usize::MAX / 2);
    let mut before: Vec<usize> = Vec::new();
    let mut above: Vec<usize> = (0..=right.len()).collect();
    for (i, a) in left.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, b) in right.iter().enumerate() {
            let replaced = at(&above, j) + usize::from(a != b);
            let mut best = replaced.min(at(&above, j + 1) + 1).min(at(&row, j) + 1);
            let swapped = i > 0 && j > 0 && left.get(i - 1) == Some(b) && right.get(j - 1) == Some(a);
            if swapped {
                best = best.min(at(&before, j - 1) + 1);
            }
            row.push(best);
        }
        before = std::mem::replace(&mut above, row);
    }
    at(&above, right.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_recognised() {
        let fields = ["required", "properties", "description", "in", "type"];
        let meant = |word| closest(word, fields.into_iter());
        assert_eq!(meant("requried"), Some("required"));
        assert_eq!(meant("Required"), Some("required"));
        assert_eq!(meant("descripton"), Some("description"));
        assert_eq!(meant("propertys"), Some("properties"));
        assert_eq!(meant("tpye"), Some("type"));
        assert_eq!(meant("wholly-else"), None);
        assert_eq!(distance("", "abc"), 3);
        assert_eq!(distance("kitten", "sitting"), 3);
    }
}
