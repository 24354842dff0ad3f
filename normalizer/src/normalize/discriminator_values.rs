//! Pass of `normalize`: discriminator values that components declare themselves.
//!
//! In: a 3.0.3 document. Out: the document with such values in the `mapping` of each base (OpenAPI 3.0.3 §4.7.25). Tools write them into
//! documents converted from Swagger 2.0, which has no mapping. Invariant: existing entries of a mapping stay.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::pass::{Interpreted, Record};
use crate::json::{Members, items, members, object_at, object_entry};
use crate::structure::grammar::components_at;

/// The names of the extension.
const KEYS: [&str; 2] = ["x-discriminator-value", "x-ms-discriminator-value"];

/// The prefix of references to schemas.
const SCHEMAS: &str = "#/components/schemas/";

/// The maximum number of bases of a component that are visited.
const FARTHEST: usize = 64;

/// Adds the values to the mappings that lack them.
pub(super) fn state(value: &mut Value, record: &mut Record) {
    let home = components_at("schemas");
    let Some(schemas) = object_at(value, &home) else { return };
    let mut mapped = mapped(schemas);
    let stated = schemas.iter().filter_map(|(name, schema)| {
        let (key, stated) = stated(schema)?;
        Some((key, name.clone(), stated.to_owned()))
    });
    for (key, name, stated) in stated.collect::<Vec<_>>() {
        for base in bases(schemas, &name) {
            if !mapped.entry(base.clone()).or_default().insert(name.clone()) {
                continue;
            }
            let discriminator = schemas.get_mut(&base).and_then(|base| base.get_mut("discriminator"));
            let Some(Value::Object(discriminator)) = discriminator else { continue };
            let Some(mapping) = object_entry(discriminator, "mapping") else { continue };
            if mapping.contains_key(&stated) {
                continue;
            }
            mapping.insert(stated.clone(), format!("{SCHEMAS}{name}").into());
            let text = format!("set the discriminator value `{stated}`, from `{key}`");
            record.count(("discriminator-value", Interpreted), home.key(&name).key(key), text);
        }
    }
}

/// Returns the components that the mapping of each component selects. A mapping contains references or names.
fn mapped(schemas: &Members) -> BTreeMap<String, BTreeSet<String>> {
    let name = |target: &Value| target.as_str().map(|text| text.strip_prefix(SCHEMAS).unwrap_or(text).to_owned());
    let of =
        |schema: &Value| members(schema.pointer("/discriminator/mapping")).filter_map(|(_, to)| name(to)).collect();
    schemas.iter().map(|(base, schema)| (base.clone(), of(schema))).collect()
}

/// Returns the value that a schema declares for itself, and its key.
pub(super) fn stated(schema: &Value) -> Option<(&'static str, &str)> {
    KEYS.into_iter().find_map(|key| Some((key, schema[key].as_str()?)))
}

/// Returns the components with a discriminator that a component extends, directly or indirectly.
fn bases(schemas: &Members, name: &str) -> Vec<String> {
    let mut met = BTreeSet::from([name.to_owned()]);
    let mut waiting = extended(schemas, name);
    let mut bases = Vec::new();
    while let Some(base) = waiting.pop() {
        if met.len() < FARTHEST && met.insert(base.clone()) {
            waiting.extend(extended(schemas, &base));
            let property = schemas.get(&base).and_then(|base| base.pointer("/discriminator/propertyName"));
            if property.is_some_and(Value::is_string) {
                bases.push(base);
            }
        }
    }
    bases
}

/// Returns the components that a component extends directly.
fn extended(schemas: &Members, name: &str) -> Vec<String> {
    let parts = items(schemas.get(name).map(|schema| &schema["allOf"]));
    parts.filter_map(|part| Some(part["$ref"].as_str()?.strip_prefix(SCHEMAS)?.to_owned())).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::{Map, json};

    use super::*;

    /// Returns the mapping of the base in a document with these other components.
    fn mapping(base: &Value, others: &Value) -> Value {
        let mut schemas = Map::from_iter([("Base".to_owned(), base.clone())]);
        schemas.extend(members(others).map(|(name, schema)| (name.clone(), schema.clone())));
        let mut document = json!({ "components": { "schemas": schemas } });
        state(&mut document, &mut Record::default());
        document["components"]["schemas"]["Base"]["discriminator"]["mapping"].clone()
    }

    fn extends(base: &str, key: &str, value: &str) -> Value {
        json!({ "allOf": [{ "$ref": format!("#/components/schemas/{base}") }], key: value })
    }

    #[test]
    fn a_value_is_in_the_mapping_of_each_base() {
        let base = json!({ "discriminator": { "propertyName": "kind" } });
        let others = json!({
            "A": extends("Base", "x-ms-discriminator-value", "#a"),
            "B": extends("A", "x-discriminator-value", "#b"),
            "C": extends("B", "x-ms-discriminator-value", "#c"),
            "D": extends("Base", "x-other", "#d"),
            "E": { "x-ms-discriminator-value": "#e" },
        });
        let schema = |name: &str| format!("#/components/schemas/{name}");
        assert_eq!(mapping(&base, &others), json!({ "#a": schema("A"), "#b": schema("B"), "#c": schema("C") }));
    }

    #[test]
    fn what_a_mapping_says_stays() {
        let stated = json!({ "a": "#/components/schemas/A", "b": "B", "#c": "#/components/schemas/A" });
        let base = json!({ "discriminator": { "propertyName": "kind", "mapping": stated } });
        let of = |value: &str| extends("Base", "x-ms-discriminator-value", value);
        assert_eq!(mapping(&base, &json!({ "A": of("#a"), "B": of("#b"), "C": of("#c") })), stated);
    }

    #[test]
    fn a_component_that_extends_itself_and_a_base_without_a_discriminator_are_left() {
        let of = |base: &str| extends(base, "x-ms-discriminator-value", "#a");
        for base in
            [json!({}), json!({ "discriminator": "kind" }), json!(1), json!({ "discriminator": { "mapping": 1 } })]
        {
            let before = base["discriminator"]["mapping"].clone();
            assert_eq!(mapping(&base, &json!({ "A": of("Base"), "B": of("B"), "C": of("Gone") })), before);
        }
    }
}
