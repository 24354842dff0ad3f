//! Equal inline types of several places.

use serde_json::json;

use super::*;
use crate::ir::{Docs, Place};

/// Returns the types of all properties of a component, in order, behind aliases.
fn ids(api: &Api, name: &str) -> Vec<TypeId> {
    fields(api, name).iter().map(|field| api.types.end(field.ty.ty)).collect()
}

/// Returns `true` if equally named properties of two components, with these schemas, have the same type.
fn are_one(one: &Value, other: &Value) -> bool {
    let of = |schema: &Value| json!({ "type": "object", "properties": { "p": schema } });
    let api = api(with_schemas(json!({ "A": of(one), "B": of(other) })));
    ids(&api, "A") == ids(&api, "B")
}

#[test]
fn equal_types_are_merged() {
    let object = json!({ "type": "object", "properties": { "x": { "type": "string", "enum": ["y", "z"] } } });
    let cases = [
        json!({ "type": "string", "enum": ["x", "y"] }),
        json!({ "type": "integer", "enum": [1, 2] }),
        object.clone(),
        json!({ "type": "object", "properties": { "x": object } }),
        json!({ "oneOf": [{ "type": "string" }, object] }),
    ];
    for schema in cases {
        let mut described = schema.clone();
        described["description"] = json!("Words about the property.");
        assert!(are_one(&schema, &schema), "{schema}");
        assert!(are_one(&schema, &described), "{schema}");
    }
}

#[test]
fn different_types_are_not_merged() {
    let object = |inner: Value| json!({ "type": "object", "properties": { "x": { "type": "object", "properties": { "y": inner } } } });
    let text = json!({ "type": "string" });
    let cases = [
        (json!({ "type": "string", "enum": ["x", "y"] }), json!({ "type": "string", "enum": ["y", "x"] })),
        (object(text.clone()), object(json!({ "type": "integer" }))),
        (object(text.clone()), object(json!({ "type": "string", "nullable": true }))),
        (object(text.clone()), object(json!({ "type": "string", "description": "Words." }))),
        (object(text.clone()), object(json!({ "type": "string", "default": "d" }))),
        (object(text.clone()), object(json!({ "type": "string", "maxLength": 3 }))),
        (object(text.clone()), object(json!({ "type": "string", "deprecated": true }))),
        (object(text.clone()), object(json!({ "type": "string", "format": "password" }))),
        (
            object(text),
            json!({ "type": "object", "additionalProperties": true, "properties": { "x": { "type": "object" } } }),
        ),
    ];
    for (one, other) in cases {
        assert!(!are_one(&one, &other), "{one} {other}");
    }
}

#[test]
fn types_of_different_names_are_not_merged_except_constants() {
    let properties = |schema: Value| {
        let api = api(with_schemas(json!({
            "T": { "type": "object", "properties": { "person": schema, "city": schema } },
        })));
        let ids = ids(&api, "T");
        ids[0] == ids[1]
    };
    assert!(!properties(json!({ "type": "object", "properties": { "name": { "type": "string" } } })));
    assert!(!properties(json!({ "type": "string", "enum": ["small", "large"] })));
    assert!(properties(json!({ "type": "string", "enum": ["none"] })));
    assert!(properties(json!({ "type": "integer", "enum": [0] })));
}

#[test]
fn contents_stay_at_the_shortest_path() {
    let schema = |words: &str| json!({ "type": "string", "enum": ["x", "y"], "description": words });
    let api = api(with_schemas(json!({
        "AddThing": { "type": "object", "properties": { "p": schema("One.") } },
        "Thing": { "type": "object", "properties": { "p": schema("Two.") } },
        "Whole": { "type": "object", "properties": { "p": schema("Three.") } },
    })));
    let one = ids(&api, "Thing")[0];
    assert_eq!((ids(&api, "AddThing"), ids(&api, "Whole")), (vec![one], vec![one]));
    let ty = &api.types[one];
    assert_eq!(ty.owner, Owner::Part(id(&api, "Thing"), Place::Property("p".to_owned())));
    assert_eq!(ty.docs, Docs::default());
    assert_eq!(field(&api, "Thing", "p").docs.description.as_deref(), Some("Two."));
}

#[test]
fn every_place_keeps_its_own_type() {
    let inner = json!({ "type": "object", "properties": { "x": { "type": "string", "enum": ["y", "z"] } } });
    let outer = json!({ "type": "object", "properties": { "list": { "type": "array", "items": inner } } });
    let with = |schema: &Value| json!({ "type": "object", "properties": { "p": schema } });
    let api = api(with_schemas(json!({ "A": with(&outer), "Other": with(&outer) })));
    let in_other = |ty: &Type| ty.origin.as_str().starts_with("/components/schemas/Other/") && ty.read;
    let aliases = api.types.iter().filter(|(id, ty)| in_other(ty) && api.types.is_inline_alias(*id));
    let places: Vec<&str> = aliases.map(|(_, ty)| ty.origin.as_str()).collect();
    let place = |rest: &str| format!("/components/schemas/Other/properties/p{rest}");
    let list = "/properties/list/items";
    assert_eq!(places, [place(""), place(list), place(&format!("{list}/properties/x"))]);
}

#[test]
fn docs_of_the_type_alone_are_kept() {
    let constant = |words: &str| json!({ "type": "string", "enum": ["x"], "description": words });
    let list = |words: &str| json!({ "type": "array", "items": constant(words) });
    let api = api(with_schemas(json!({
        "A": { "type": "object", "properties": {
            "a": constant("Same."),
            "b": list("Same."),
            "c": constant("Other."),
            "d": list("Third."),
        } },
    })));
    let item = |name: &str| match shape(&api, field(&api, "A", name).ty) {
        Shape::Array(item) => api.types.end(item.ty),
        other => panic!("{other:?}"),
    };
    let ids = ids(&api, "A");
    assert_eq!((ids[0], ids[0]), (item("b"), ids[2]));
    assert_ne!(item("d"), ids[0]);
    let words = |id: TypeId| api.types[id].docs.description.as_deref();
    assert_eq!((words(ids[0]), words(item("d"))), (Some("Same."), Some("Third.")));
}

#[test]
fn lists_and_maps_of_one_name_have_one_item_type() {
    let object = json!({ "type": "object", "properties": { "x": { "type": "string" } } });
    let with = |schema: &Value| json!({ "type": "object", "properties": { "p": schema } });
    let list = json!({ "type": "array", "items": object });
    let map = json!({ "type": "object", "additionalProperties": object });
    let api = api(with_schemas(json!({ "A": with(&list), "B": with(&list), "C": with(&map), "D": with(&object) })));
    let held: Vec<TypeId> = ["A", "B", "C", "D"]
        .iter()
        .map(|name| match shape(&api, field(&api, name, "p").ty) {
            Shape::Array(inner) | Shape::Map(inner) => api.types.end(inner.ty),
            _ => api.types.end(field(&api, name, "p").ty.ty),
        })
        .collect();
    assert_eq!(held[0], held[1]);
    assert!(held[0] != held[2] && held[0] != held[3] && held[2] != held[3]);
}

#[test]
fn equal_recursive_types_are_merged() {
    let inner = |next: &str| {
        let next = format!("#/components/schemas/{next}");
        let inner = json!({ "type": "object", "properties": { "next": { "$ref": next } } });
        json!({ "type": "object", "properties": { "inner": inner } })
    };
    let api = api(with_schemas(json!({ "A": inner("A"), "B": inner("A"), "C": inner("C") })));
    assert_eq!(ids(&api, "A"), ids(&api, "B"));
    // A type that refers to another type is different.
    assert_ne!(ids(&api, "A"), ids(&api, "C"));
}

#[test]
fn sent_and_read_types_are_merged() {
    let body = json!({ "type": "object", "properties": { "a": { "type": "string", "enum": ["x", "y"] } } });
    let api = api(with_operation(json!({
        "operationId": "x",
        "tags": ["t"],
        "requestBody": { "content": { "application/json": { "schema": body } } },
        "responses": { "200": { "description": "d", "content": { "application/json": { "schema": body } } } },
    })));
    let enums = api.types.iter().filter(|(_, ty)| matches!(ty.shape, Shape::TextEnum(_)));
    assert_eq!(enums.map(|(_, ty)| (ty.read, ty.sent)).collect::<Vec<_>>(), [(true, true)]);
    // Bodies and responses are named after their operation and keep separate types.
    let objects = api.types.iter().filter(|(_, ty)| matches!(ty.shape, Shape::Object(_)));
    assert_eq!(objects.map(|(_, ty)| (ty.read, ty.sent)).collect::<Vec<_>>(), [(false, true), (true, false)]);
}
