//! Siblings of references.

use serde_json::json;

use super::*;

#[test]
fn diagnostics_of_siblings_point_at_the_reference() {
    let words = json!({ "$ref": "#/components/schemas/Nothing", "description": "d", "nullable": true });
    let lowered = run(with_schemas(json!({ "A": { "type": "object", "properties": { "p": words } } })));
    assert_eq!(found(&lowered), [("broken-reference", "/components/schemas/A/properties/p")]);
}

#[test]
fn only_annotation_siblings_of_a_reference_apply() {
    let words = json!({ "$ref": "#/components/schemas/B", "description": "d", "nullable": true, "default": 1 });
    let schemas = json!({ "A": { "type": "object", "properties": { "p": words } }, "B": { "type": "integer" } });
    let api = api(with_schemas(schemas));
    let property = field(&api, "A", "p");
    assert_eq!((property.docs.description.as_deref(), property.default.as_ref()), (Some("d"), None));
    assert_eq!(property.ty, TypeRef::of(id(&api, "B")));
}
