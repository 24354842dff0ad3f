//! `cargo xtask schemas`: random schemas and valid values, as documents for `corpus --examples`.
//!
//! In: a seed. Out: documents in `target/schemas`, and whether each value survives decoding and encoding. Invariant: a seed gives the same
//! documents on any machine; a value counts only if a validator accepts it. No schema is recursive.

use fastrand::Rng;
use jsonschema::Draft;
use serde_json::{Map, Value, json};

use crate::corpus;
use crate::seeds::Seeds;

/// The number of schemas in a document, and their maximum depth.
const SCHEMAS: usize = 60;
const DEPTH: usize = 3;

/// The maximum number of values of a schema, the number of attempts, and the maximum depth of values.
const VALUES: usize = 5;
const TRIES: usize = 40;
const DEEPEST: usize = 10;

const KEYS: [&str; 8] = ["id", "kind", "name", "value", "count", "at", "tags", "type"];

/// Writes the documents, and tests the values.
pub(crate) fn run(documents: &Seeds) -> Result<bool, String> {
    let folder = documents.write("schemas", document)?;
    corpus::run(&corpus::Arguments::of(&folder, &["--examples"])?)
}

/// Returns the document of a seed: schemas, and an object with an example for each of their values.
fn document(seed: u64) -> Value {
    let mut random = Random(Rng::with_seed(seed));
    let mut schemas = Map::new();
    for index in 0..SCHEMAS {
        let schema = random.schema(DEPTH, index);
        schemas.insert(format!("S{index}"), schema);
    }
    let examples: Vec<(String, Value)> = schemas.keys().flat_map(|name| random.examples(&schemas, name)).collect();
    schemas.extend(examples);
    let info = json!({"title": "Random schemas", "version": "1"});
    json!({"openapi": "3.1.0", "info": info, "paths": {}, "components": {"schemas": schemas}})
}

struct Random(Rng);

impl Random {
    fn is(&mut self, percent: u8) -> bool {
        self.0.u8(..100) < percent
    }

    fn one<T: Clone>(&mut self, of: &[T]) -> T {
        of.get(self.0.usize(..of.len())).expect("one of them").clone()
    }

    fn keys(&mut self) -> Vec<&'static str> {
        let count = self.0.usize(1..=4);
        self.0.choose_multiple(KEYS, count)
    }

    /// Returns a schema that refers only to components before `earlier`.
    fn schema(&mut self, depth: usize, earlier: usize) -> Value {
        let Some(depth) = depth.checked_sub(1) else { return self.scalar() };
        let mut schema = match self.0.u8(..100) {
            0..20 => self.scalar(),
            20..40 if earlier > 0 => {
                return json!({"$ref": format!("#/components/schemas/S{}", self.0.usize(..earlier))});
            }
            40..62 => self.object(depth, earlier),
            62..67 => json!({"type": "array", "items": self.schema(depth, earlier)}),
            67..71 => json!({"type": "object", "additionalProperties": self.schema(depth, earlier)}),
            71..92 => {
                let branches: Vec<Value> = (0..self.0.usize(1..=4)).map(|_| self.schema(depth, earlier)).collect();
                json!({self.one(&["oneOf", "anyOf"]): branches})
            }
            _ => {
                let parts: Vec<Value> = (0..self.0.usize(1..=2)).map(|_| self.object(depth, earlier)).collect();
                json!({"allOf": parts})
            }
        };
        if self.is(10) {
            schema["description"] = "Words.".into();
        }
        if schema["type"].is_string() && self.is(40) {
            schema["type"] = json!([schema["type"], "null"]);
        }
        schema
    }

    fn scalar(&mut self) -> Value {
        let format = self.one(&["date", "date-time", "uuid"]);
        let values: Vec<&str> = self.0.choose_multiple(["a", "b", "c", "e-f", "G h"], 2);
        self.one(&[
            json!({"type": "string"}),
            json!({"type": "string", "enum": values}),
            json!({"type": "string", "const": values[0]}),
            json!({"type": "string", "format": format}),
            json!({"type": "string", "pattern": "^[a-z]+$"}),
            json!({"type": "integer"}),
            json!({"type": "number"}),
            json!({"type": "boolean"}),
            json!({"type": ["string", "integer"]}),
            json!({"enum": [values[0], 1, null]}),
        ])
    }

    fn object(&mut self, depth: usize, earlier: usize) -> Value {
        let keys = self.keys();
        let properties: Map<String, Value> =
            keys.iter().map(|key| ((*key).to_owned(), self.schema(depth, earlier))).collect();
        let required = self.0.choose_multiple(keys.clone(), keys.len() / 2 + 1);
        json!({"type": "object", "properties": properties, "required": required})
    }

    /// Returns an object for each of several values of a component, with the value as its example.
    fn examples(&mut self, schemas: &Map<String, Value>, name: &str) -> Vec<(String, Value)> {
        let reference = json!({"$ref": format!("#/components/schemas/{name}")});
        let judged = json!({"$ref": reference["$ref"], "components": {"schemas": schemas}});
        let options = jsonschema::options().with_draft(Draft::Draft202012).should_validate_formats(true);
        let validator = options.build(&judged).expect("a schema");
        let mut values: Vec<Value> = Vec::new();
        for _ in 0..TRIES {
            let value = self.value(schemas, &reference, DEEPEST).filter(|value| validator.is_valid(value));
            values.extend(value.filter(|value| values.len() < VALUES && !values.contains(value)));
        }
        let example = |(index, value)| {
            let object = json!({"type": "object", "required": ["it"], "properties": {"it": reference}, "example": {"it": value}});
            (format!("{name}Value{index}"), object)
        };
        values.into_iter().enumerate().map(example).collect()
    }

    /// Returns a value that may be valid.
    fn value(&mut self, schemas: &Map<String, Value>, schema: &Value, depth: usize) -> Option<Value> {
        let depth = depth.checked_sub(1)?;
        if let Some(reference) = schema["$ref"].as_str() {
            return self.value(schemas, &schemas[reference.rsplit('/').next()?], depth);
        }
        for key in ["oneOf", "anyOf"] {
            if let Some(branches) = schema[key].as_array() {
                let branch = self.one(branches);
                return self.value(schemas, &branch, depth);
            }
        }
        if let Some(parts) = schema["allOf"].as_array() {
            let mut whole = Map::new();
            for part in parts {
                whole.extend(self.value(schemas, part, depth)?.as_object()?.clone());
            }
            return Some(whole.into());
        }
        if let Some(value) = schema.get("const") {
            return Some(value.clone());
        }
        if let Some(values) = schema["enum"].as_array() {
            return Some(self.one(values));
        }
        let named = match &schema["type"] {
            Value::Array(all) => self.one(all),
            one => one.clone(),
        };
        Some(match named.as_str()? {
            "string" => self.text(schema).into(),
            "integer" => self.one(&[0_i64, -1, 7, 9_007_199_254_740_993]).into(),
            "number" => self.one(&[json!(0.5), json!(-2), json!(1e10), json!(3.0)]),
            "boolean" => self.0.bool().into(),
            "array" => {
                let items = (0..self.0.usize(..=2)).map(|_| self.value(schemas, &schema["items"], depth));
                items.collect::<Option<Vec<Value>>>()?.into()
            }
            "object" => self.members(schemas, schema, depth)?.into(),
            _ => Value::Null,
        })
    }

    fn text(&mut self, schema: &Value) -> &'static str {
        match schema["format"].as_str().or(schema["pattern"].as_str()) {
            Some("date") => self.one(&["2024-02-29", "1999-12-31"]),
            Some("date-time") => self.one(&["2024-02-29T10:00:00Z", "2024-02-29T10:00:00.123+02:00"]),
            Some("uuid") => "123e4567-e89b-12d3-a456-426614174000",
            Some(_) => "abc",
            None => self.one(&["abc", "", "x", "a b", "é", "a"]),
        }
    }

    fn members(&mut self, schemas: &Map<String, Value>, schema: &Value, depth: usize) -> Option<Map<String, Value>> {
        let mut members = Map::new();
        for (key, property) in schema["properties"].as_object().into_iter().flatten() {
            let is_required = schema["required"].as_array().is_some_and(|all| all.contains(&json!(key)));
            if is_required || self.0.bool() {
                members.insert(key.clone(), self.value(schemas, property, depth)?);
            }
        }
        if schema["additionalProperties"].is_object() {
            members.insert("other".to_owned(), self.value(schemas, &schema["additionalProperties"], depth)?);
        }
        Some(members)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_gives_the_same_document_with_many_values() {
        let one = document(1);
        assert_eq!(one, document(1));
        let schemas = one["components"]["schemas"].as_object().unwrap();
        assert!(schemas.len() > 3 * SCHEMAS, "{}", schemas.len());
    }
}
