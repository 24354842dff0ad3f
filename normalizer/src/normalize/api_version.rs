//! Pass of `normalize`: the API version as a constant argument of every call.
//!
//! In: a 3.0.3 document. Out: `info.version` as the only value of each required query parameter `api-version`, as in Azure's tools
//! (AutoRest: such a parameter is a constant). Invariant: nothing is changed if the document contradicts that value anywhere. A value that
//! is not a date is only used if the document itself states it.

use serde_json::{Value, json};

use super::pass::{Interpreted, Record};
use crate::json::{items, members, object_at, says, set};
use crate::pointer::Pointer;
use crate::spelling::is_among;
use crate::structure::formats::after_date;
use crate::structure::grammar::{components_at, operations, parameters_of, path_items};

/// Extensions of AutoRest: whether a parameter is the version, whatever its name, and whether it belongs to the client
/// or the method.
const IS_VERSION: &str = "x-ms-api-version";
const LOCATION: &str = "x-ms-parameter-location";

/// The statements of a document about the value, by number.
#[derive(Default)]
struct Agreement {
    /// Whether an enumeration or a default has another value.
    is_another: bool,
    /// Defaults and examples that equal the value.
    same: usize,
    /// Examples with another value.
    other: usize,
}

/// Sets the version as the only value of the version parameters.
pub(super) fn state(value: &mut Value, record: &mut Record) {
    let Some(version) = value.pointer("/info/version").and_then(Value::as_str).map(str::to_owned) else { return };
    let all: Vec<(Pointer, &Value)> =
        parameters(value).into_iter().filter(|(_, parameter)| is_version(parameter)).collect();
    let mut said = Agreement::default();
    all.iter().for_each(|(_, parameter)| said.add(parameter, &version));
    // Anything may follow after a separator: `2018-03-01`, `2018-03-01-preview`, `2018-08-01.7.0`.
    let is_date = after_date(&version).is_some_and(|rest| rest.is_empty() || rest.starts_with(['-', '.']));
    if said.is_another || said.other > said.same || (said.same == 0 && !is_date) {
        return;
    }
    let open = all.into_iter().filter(|(_, parameter)| is_open(parameter));
    let open: Vec<Pointer> = open.map(|(at, _)| at.key("schema")).collect();
    for at in open {
        let Some(schema) = object_at(value, &at) else { continue };
        set(schema, "enum", json!([version]));
        let text = format!("set the API version that every call takes to `info.version`, `{version}`");
        record.count(("api-version", Interpreted), at, text);
    }
}

impl Agreement {
    fn add(&mut self, parameter: &Value, version: &str) {
        let schema = &parameter["schema"];
        let is_listed = |values: &Value| items(values).any(|value| value == version);
        self.is_another |= schema["enum"].is_array() && !is_listed(&schema["enum"]);
        if let Some(default) = schema.get("default") {
            self.is_another |= default != version;
            self.same += usize::from(default == version);
        }
        let named = members(&parameter["examples"]).map(|(_, example)| &example["value"]);
        let examples = [&parameter["example"], &schema["example"]].into_iter().chain(named);
        for example in examples.filter_map(Value::as_str) {
            *(if example == version { &mut self.same } else { &mut self.other }) += 1;
        }
    }
}

/// Returns all parameters except references, with their pointers.
fn parameters(document: &Value) -> Vec<(Pointer, &Value)> {
    let home = components_at("parameters");
    let shared = members(home.get(document)).map(|(name, parameter)| (home.key(name), parameter));
    let holders = path_items(document).flat_map(|(_, at, item)| {
        let own = (at.clone(), item);
        [own].into_iter().chain(operations(item).map(move |(_, below, operation)| (at.join(&below), operation)))
    });
    let of_operations = holders.flat_map(|(at, holder)| parameters_of(&at, holder));
    shared.chain(of_operations).filter(|(_, parameter)| parameter.get("$ref").is_none()).collect()
}

/// Returns `true` if a parameter is the version of the API.
fn is_version(parameter: &Value) -> bool {
    if let Some(is_version) = parameter[IS_VERSION].as_bool() {
        return is_version;
    }
    let name = parameter["name"].as_str().unwrap_or_default();
    let is_named = ["api-version", "api_version", "apiversion"].iter().any(|known| name.eq_ignore_ascii_case(known));
    is_named && parameter["in"] == "query"
}

/// Returns `true` if the parameter is required in each call, and the document does not list its values.
fn is_open(parameter: &Value) -> bool {
    let is_plain = parameter["schema"].as_object().is_some_and(|schema| {
        let leaves_open = |key: &String| !is_among("enum format nullable allOf anyOf oneOf not", key);
        says(schema, "type", "string") && schema.keys().all(leaves_open)
    });
    is_plain && parameter["required"] == true && parameter["in"] != "path" && parameter[LOCATION] != "method"
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns the parameters' values in a document with one operation for each parameter.
    fn values(version: &str, parameters: &[Value]) -> Vec<Value> {
        let paths = parameters.iter().enumerate();
        let paths: serde_json::Map<String, Value> = paths
            .map(|(index, parameter)| (format!("/{index}"), json!({"get": {"parameters": [parameter]}})))
            .collect();
        let mut document = json!({"info": {"version": version}, "paths": paths});
        let mut record = Record::default();
        state(&mut document, &mut record);
        members(&document["paths"]).map(|(_, item)| item["get"]["parameters"][0]["schema"]["enum"].clone()).collect()
    }

    fn parameter(more: &Value, schema: &Value) -> Value {
        let mut parameter = json!({"name": "api-version", "in": "query", "required": true});
        members(more)
            .for_each(|(key, value)| drop(parameter.as_object_mut().unwrap().insert(key.clone(), value.clone())));
        parameter["schema"] = json!({"type": "string"});
        members(schema).for_each(|(key, value)| parameter["schema"][key] = value.clone());
        parameter
    }

    #[test]
    fn the_version_is_that_of_the_document() {
        let plain = parameter(&json!({}), &json!({}));
        for version in ["2018-03-01", "2018-03-01-preview", "2018-08-01.7.0"] {
            assert_eq!(values(version, std::slice::from_ref(&plain)), [json!([version])]);
        }
        for version in ["1.0", "2018-03", "2018-03-01T00:00:00Z", "20180301000"] {
            assert_eq!(values(version, std::slice::from_ref(&plain)), [Value::Null], "{version}");
        }
        for says in [json!({"example": "1.0"}), json!({"examples": {"a": {"value": "1.0"}}})] {
            assert_eq!(values("1.0", &[parameter(&says, &json!({}))]), [json!(["1.0"])]);
        }
        assert_eq!(values("1.0", &[parameter(&json!({}), &json!({"default": "1.0"}))]), [json!(["1.0"])]);
    }

    #[test]
    fn what_is_said_otherwise_counts() {
        let left = [
            parameter(&json!({"required": false}), &json!({})),
            parameter(&json!({"in": "header"}), &json!({})),
            parameter(&json!({"name": "version"}), &json!({})),
            parameter(&json!({"x-ms-parameter-location": "method"}), &json!({})),
            parameter(&json!({"x-ms-api-version": false}), &json!({})),
            parameter(&json!({}), &json!({"type": "integer"})),
        ];
        assert!(values("2018-03-01", &left).iter().all(Value::is_null));
        let named = parameter(&json!({"name": "v", "in": "header", "x-ms-api-version": true}), &json!({}));
        assert_eq!(values("2018-03-01", &[named]), [json!(["2018-03-01"])]);
    }

    #[test]
    fn a_document_of_several_versions_keeps_its_parameters() {
        let plain = parameter(&json!({}), &json!({}));
        for other in [json!({"enum": ["2017-01-01"]}), json!({"default": "2017-01-01"})] {
            let found = values("2018-03-01", &[plain.clone(), parameter(&json!({}), &other)]);
            assert_eq!(found.first(), Some(&Value::Null));
        }
        let example = |value: &str| parameter(&json!({"example": value}), &json!({}));
        assert_eq!(values("2018-03-01", &[example("2017-01-01")]), [Value::Null]);
        let careless = values("2018-03-01", &[example("2017-01-01"), example("2018-03-01")]);
        assert!(careless.iter().all(Value::is_array));
    }
}
