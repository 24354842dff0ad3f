//! What can have one value only.

use serde_json::json;

use super::*;

#[test]
fn a_discriminator_without_quotes_is_a_constant_if_its_type_has_the_value() {
    let branch = |of: &Value| json!({ "type": "object", "required": ["v"], "properties": { "v": of } });
    let byte = json!({ "type": "integer", "format": "int8" });
    let at = |name: &str| format!("#/components/schemas/{name}");
    let mapping = json!({ "1": at("A"), "300": at("B"), "+3": at("C"), "true": at("D") });
    let branches = ["A", "B", "C", "D"].map(|name| json!({ "$ref": at(name) }));
    let api = api(with_schemas(json!({
        "U": { "oneOf": branches, "discriminator": { "propertyName": "v", "mapping": mapping } },
        "A": branch(&byte), "B": branch(&byte), "C": branch(&byte), "D": branch(&json!({ "type": "boolean" })),
    })));
    let constant = |name: &str| field(&api, name, "v").constant.clone();
    assert_eq!(constant("A"), Some(json!(1)));
    assert_eq!((constant("B"), constant("C")), (None, None));
    assert_eq!(constant("D"), Some(json!(true)));
}

#[test]
fn one_number_or_null_is_a_constant_if_its_type_holds_it() {
    let one = |of: &Value| {
        let properties = json!({ "v": of });
        let api = api(with_schemas(json!({ "A": { "type": "object", "required": ["v"], "properties": properties } })));
        field(&api, "A", "v").constant.clone()
    };
    assert_eq!(one(&json!({ "type": "number", "enum": [1.5] })), Some(json!(1.5)));
    assert_eq!(one(&json!({ "type": "number", "format": "float", "enum": [1.5] })), Some(json!(1.5)));
    assert_eq!(one(&json!({ "type": "number", "format": "float", "enum": [1e300] })), None, "no f32 is that large");
    assert_eq!(one(&json!({ "type": "number", "format": "decimal", "enum": [1.5] })), Some(json!(1.5)));
    assert_eq!(one(&json!({ "type": "integer", "enum": [u64::MAX] })), Some(json!(u64::MAX)));
    assert_eq!(one(&json!({ "enum": [null], "nullable": true })), Some(json!(null)));
    assert_eq!(one(&json!({ "type": "number", "enum": [1.5, null], "nullable": true })), None);
    assert_eq!(one(&json!({ "type": "number", "enum": [1.5, 2.5] })), None);
}
