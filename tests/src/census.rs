//! A count of a document's contents, from its text and independent of the generator.
//!
//! In: the text of a document. Out: its operations and schemas, and sums. Invariant: only YAML and the basic parts of
//! OpenAPI are interpreted here, so that a bug of the generator cannot hide.

use serde_json::Value;

/// The keys of a path item that are operations (OpenAPI 3.0.3 §4.7.9.1).
const METHODS: [&str; 8] = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

/// A document, parsed independently.
#[derive(Clone, Debug)]
pub struct Census {
    document: Value,
}

/// Sums over a document.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sums {
    /// The number of operations.
    pub operations: usize,
    /// The number of parameters, including those of path items.
    pub parameters: usize,
    /// The number of request bodies.
    pub bodies: usize,
    /// The number of properties in bodies, with `allOf` merged, of the first media type.
    pub body_fields: usize,
    /// The number of component schemas.
    pub schemas: usize,
}

impl std::iter::Sum for Sums {
    fn sum<I: Iterator<Item = Self>>(all: I) -> Self {
        all.fold(Self::default(), |sum, next| Self {
            operations: sum.operations + next.operations,
            parameters: sum.parameters + next.parameters,
            bodies: sum.bodies + next.bodies,
            body_fields: sum.body_fields + next.body_fields,
            schemas: sum.schemas + next.schemas,
        })
    }
}

impl Census {
    /// Reads a document.
    ///
    /// # Panics
    /// Panics if the text is not YAML.
    #[must_use]
    pub fn of(text: &str) -> Self {
        let mut document: serde_yaml::Value = serde_yaml::from_str(text).expect("the document is YAML");
        document.apply_merge().expect("merge keys take mappings");
        Self { document: json(&document) }
    }

    /// Returns every operation: method in capitals, path, and the operation itself.
    #[must_use]
    pub fn operations(&self) -> Vec<(String, String, &Value)> {
        let mut operations = Vec::new();
        for (path, item) in entries(&self.document["paths"]) {
            for method in METHODS {
                if let Some(operation) = item.get(method) {
                    operations.push((method.to_uppercase(), path.clone(), operation));
                }
            }
            for (method, operation) in entries(&item["x-additional-operations"]) {
                operations.push((method.clone(), path.clone(), operation));
            }
        }
        operations
    }

    /// Returns the names of the component schemas.
    #[must_use]
    pub fn schemas(&self) -> Vec<String> {
        entries(&self.document["components"]["schemas"]).map(|(name, _)| name.clone()).collect()
    }

    /// Returns sums over the whole document.
    #[must_use]
    pub fn sums(&self) -> Sums {
        let operations = self.operations();
        let bodies: Vec<&Value> = operations
            .iter()
            .filter_map(|(_, _, operation)| operation.get("requestBody"))
            .map(|body| self.resolved(body))
            .collect();
        Sums {
            operations: operations.len(),
            parameters: operations.iter().map(|(_, path, operation)| self.parameters(path, operation)).sum(),
            bodies: bodies.len(),
            body_fields: bodies.iter().map(|body| self.body_fields(body)).sum(),
            schemas: self.schemas().len(),
        }
    }

    fn parameters(&self, path: &str, operation: &Value) -> usize {
        let mut keys: Vec<(&Value, &Value)> = Vec::new();
        for parameter in items(&self.document["paths"][path]["parameters"]).chain(items(&operation["parameters"])) {
            let parameter = self.resolved(parameter);
            let key = (&parameter["name"], &parameter["in"]);
            if !keys.contains(&key) {
                keys.push(key);
            }
        }
        keys.len()
    }

    fn body_fields(&self, body: &Value) -> usize {
        let content = entries(&body["content"]).next();
        let mut names = Vec::new();
        if let Some((_, media_type)) = content {
            self.properties(&media_type["schema"], &mut names);
        }
        names.len()
    }

    fn properties<'d>(&'d self, schema: &'d Value, names: &mut Vec<&'d str>) {
        let schema = self.resolved(schema);
        for (name, _) in entries(&schema["properties"]) {
            if !names.contains(&name.as_str()) {
                names.push(name);
            }
        }
        for part in items(&schema["allOf"]) {
            self.properties(part, names);
        }
    }

    /// Returns the target of a reference; chains are followed up to the size of the document.
    fn resolved<'d>(&'d self, mut node: &'d Value) -> &'d Value {
        for _ in 0..100 {
            let Some(target) = node.get("$ref").and_then(Value::as_str) else { break };
            node = self.document.pointer(target.trim_start_matches('#')).unwrap_or(&Value::Null);
        }
        node
    }
}

/// Converts YAML to JSON, with every key as a string.
fn json(value: &serde_yaml::Value) -> Value {
    match value {
        serde_yaml::Value::Mapping(mapping) => {
            mapping.iter().map(|(key, value)| (key_text(key), json(value))).collect()
        }
        serde_yaml::Value::Sequence(items) => items.iter().map(json).collect(),
        serde_yaml::Value::Tagged(tagged) => json(&tagged.value),
        other => serde_json::to_value(other).unwrap_or_default(),
    }
}

fn key_text(key: &serde_yaml::Value) -> String {
    match key {
        serde_yaml::Value::String(text) => text.clone(),
        other => serde_yaml::to_string(other).unwrap_or_default().trim().to_owned(),
    }
}

fn entries(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flatten()
}

fn items(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}
