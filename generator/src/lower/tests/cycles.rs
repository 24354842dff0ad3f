//! Unions that would be variants of themselves, so that reading one would never end.

use serde_json::json;

use super::*;

fn reference(name: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{name}") })
}

/// Returns the variants of a union: the names of their components, and the discriminator values that select them.
fn selected<'a>(api: &'a Api, name: &str) -> Vec<(&'a str, Vec<&'a str>)> {
    let describe = |variant: &'a crate::ir::Variant| {
        let name = match &api.types[variant.ty.ty].owner {
            Owner::Component(name) => name.as_str(),
            _ => "",
        };
        (name, variant.tags.iter().map(String::as_str).collect())
    };
    variants(api, name).iter().map(describe).collect()
}

fn base(mapping: &Value) -> Value {
    let properties = json!({ "kind": { "type": "string" }, "title": { "type": "string" } });
    let discriminator = json!({ "propertyName": "kind", "mapping": mapping });
    json!({ "type": "object", "required": ["kind"], "properties": properties, "discriminator": discriminator })
}

#[test]
fn an_extension_without_properties_is_a_variant() {
    let api = api(with_schemas(json!({
        "Base": base(&json!({ "blank": reference("Bare")["$ref"] })),
        "Bare": { "allOf": [reference("Base")], "description": "It adds nothing." },
        "Barer": { "allOf": [reference("Bare")] },
        "Maybe": { "allOf": [reference("Base")], "nullable": true },
    })));
    assert_eq!(
        selected(&api, "Base"),
        [("", vec!["blank"]), ("Barer", vec!["Barer"]), ("", vec!["Base"])],
        "what may be null is another name for the base"
    );
    assert_eq!(selected(&api, "Bare"), [("Barer", vec!["Barer"]), ("", vec!["blank"])]);
    let names: Vec<_> = fields(&api, "Barer").iter().map(|field| field.wire_name.as_str()).collect();
    assert_eq!(names, ["kind", "title"]);
    assert_eq!(component(&api, "Maybe").shape, Shape::Alias(TypeRef::of(id(&api, "Base"))));
}

#[test]
fn an_indirect_extension_without_properties_is_a_variant() {
    let name = json!({ "type": "object", "properties": { "name": { "type": "string" } } });
    let api = api(with_schemas(json!({
        "Base": base(&json!({})),
        "Leaf": { "allOf": [reference("Middle")], "description": "It adds nothing." },
        "Maybe": { "allOf": [reference("Middle")], "nullable": true },
        "Middle": { "allOf": [reference("Base"), name] },
    })));
    let expected = [("", vec!["Middle"]), ("Leaf", vec!["Leaf"]), ("Maybe", vec!["Maybe"]), ("", vec!["Base"])];
    assert_eq!(selected(&api, "Base"), expected);
    assert_eq!(fields(&api, "Leaf").len(), 3);
}

#[test]
fn an_equivalent_union_is_the_same_union() {
    let branch = |value: &str| {
        let kind = json!({ "type": "string", "enum": [value] });
        json!({ "type": "object", "required": ["kind"], "properties": { "kind": kind } })
    };
    let api = api(with_schemas(json!({
        "Either": { "oneOf": [reference("A"), reference("B")], "discriminator": { "propertyName": "kind" } },
        "Words": { "allOf": [reference("Either")], "description": "The same." },
        "A": branch("A"),
        "B": branch("B"),
    })));
    assert_eq!(component(&api, "Words").shape, Shape::Alias(TypeRef::of(id(&api, "Either"))));
}

#[test]
fn cyclic_discriminators_are_cut() {
    let union = |other: &str| {
        let mapping = json!({ "on": reference(other)["$ref"], "leaf": reference("Leaf")["$ref"] });
        json!({
            "oneOf": [reference(other), reference("Leaf")],
            "discriminator": { "propertyName": "kind", "mapping": mapping },
        })
    };
    let leaf = json!({ "type": "object", "required": ["kind"], "properties": { "kind": { "type": "string" } } });
    let document = with_schemas(json!({ "T": union("U"), "U": union("T"), "Leaf": leaf }));
    let api = api_with(document, &[("undecidable-union", "/components/schemas/U/oneOf")]);
    assert_eq!(selected(&api, "U"), [("Leaf", vec!["leaf"])]);
    assert_eq!(selected(&api, "T"), [("U", vec!["on"]), ("Leaf", vec!["leaf"])]);
}

#[test]
fn a_property_that_refines_its_owner_contains_itself() {
    let object = |properties: Value| json!({ "type": "object", "properties": properties });
    let refined = |base: &str, properties: Value| json!({ "allOf": [reference(base), object(properties)] });
    let array = |items: Value| json!({ "type": "array", "items": items });
    let label = json!({ "type": "string" });
    for (schemas, most) in [
        (
            json!({ "Node": object(json!({ "next": refined("Node", json!({ "next": reference("Node"), "label": label })) })) }),
            3,
        ),
        (
            json!({ "Node": object(json!({ "all": array(refined("Node", json!({ "all": array(reference("Node")) }))) })) }),
            3,
        ),
        (
            json!({
                "A": object(json!({ "b": refined("B", json!({ "a": reference("A") })) })),
                "B": object(json!({ "a": refined("A", json!({ "b": reference("B") })) })),
            }),
            8,
        ),
    ] {
        let api = api(with_schemas(schemas));
        let types = api.types.iter().filter(|(_, ty)| matches!(ty.shape, Shape::Object(_) | Shape::Alias(_)));
        let owners: Vec<_> = types.map(|(_, ty)| ty.origin.to_string()).collect();
        assert!(owners.len() <= most, "{owners:#?}");
    }
}
