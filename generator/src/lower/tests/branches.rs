//! Branches that are joined, equal or redundant, and choices that do not become unions.

use serde_json::json;

use super::*;
use crate::ir::{Text, Variant};

#[test]
fn restricting_branches_are_reported_and_the_object_kept() {
    for branches in [
        json!([{ "required": ["x"] }, { "required": ["y"] }]),
        json!([{ "required": ["x"], "title": "With x", "type": "object" }, { "required": ["y"], "not": { "required": ["x"] } }]),
        // An empty schema has no required properties.
        json!([{ "required": ["x"] }, {}]),
        json!([{ "required": ["x"] }, { "minProperties": 1 }]),
    ] {
        let document = with_schemas(json!({ "A": {
            "type": "object", "properties": { "x": {}, "y": {} }, "anyOf": branches,
        } }));
        let api = api_with(document, &[("ignored-alternatives", "/components/schemas/A/anyOf")]);
        let is_optional = |field: &crate::ir::Field| !field.required_when_read && !field.required_when_sent;
        let fields = fields(&api, "A");
        assert!(fields.len() == 2 && fields.iter().all(is_optional), "{branches}");
    }
}

#[test]
fn a_repeated_branch_that_is_nullable_makes_the_union_nullable() {
    for (plain, nullable) in [
        (json!({ "type": "string" }), json!({ "type": "string", "nullable": true, "description": "Or null." })),
        (
            json!({ "properties": { "a": {} } }),
            json!({ "properties": { "a": {} }, "type": "object", "nullable": true }),
        ),
        (json!({ "type": "integer" }), json!({ "type": "integer", "nullable": true })),
    ] {
        for branches in [[&plain, &nullable], [&nullable, &plain]] {
            let api = api(with_schemas(json!({ "A": { "properties": { "x": { "anyOf": branches } } } })));
            assert!(field(&api, "A", "x").ty.nullable, "{branches:?}");
        }
    }
}

#[test]
fn null_is_allowed_through_choices_of_one() {
    let object = json!({ "properties": { "x": {} }, "type": "object", "nullable": true });
    let strict = json!({ "properties": { "x": {} }, "type": "object" });
    for (schema, is_nullable) in [
        (json!({ "oneOf": [{ "anyOf": [&object] }] }), true),
        (json!({ "allOf": [{ "anyOf": [&object] }] }), true),
        (json!({ "allOf": [{ "allOf": [{ "anyOf": [&object] }] }, &object] }), true),
        (json!({ "allOf": [{ "anyOf": [&strict], "nullable": true }] }), true),
        (json!({ "allOf": [{ "anyOf": [&strict, { "enum": [null] }] }] }), true),
        (json!({ "allOf": [{ "anyOf": [&object] }, &strict] }), false),
        (json!({ "allOf": [{ "anyOf": [&strict] }, &object] }), false),
        (json!({ "type": "object", "allOf": [{ "anyOf": [&object] }] }), false),
    ] {
        let api = api(with_schemas(json!({ "A": { "properties": { "x": schema } } })));
        assert_eq!(field(&api, "A", "x").ty.nullable, is_nullable, "{schema}");
    }
}

#[test]
fn a_schema_that_extends_its_own_union_is_no_union() {
    let reference = |name: &str| json!({ "$ref": format!("#/components/schemas/{name}") });
    let child = |of: &str, own: &str| {
        let own = json!({ "type": "object", "required": [own], "properties": { own: { "type": "string" } } });
        json!({ "allOf": [reference(of), own] })
    };
    let union = |branches: &[&str], discriminator: Value| {
        let branches: Vec<Value> = branches.iter().map(|name| reference(name)).collect();
        let properties = json!({ "t": { "type": "string" } });
        json!({ "type": "object", "properties": properties, "required": ["t"], "oneOf": branches, "discriminator": discriminator })
    };
    for discriminator in [Value::Null, json!({ "propertyName": "t" })] {
        let api = api(with_schemas(json!({
            "Pet": union(&["Cat", "Dog", "Farm"], discriminator.clone()),
            "Cat": child("Pet", "c"),
            "Dog": child("Pet", "d"),
            "Farm": union(&["Cow"], discriminator),
            "Cow": child("Pet", "w"),
            "Inline": { "properties": { "t": {} }, "oneOf": [child("Inline", "a"), child("Inline", "b")] },
            // The part's branches do not include the schema itself.
            "Other": { "allOf": [reference("Cat"), { "oneOf": [reference("Dog"), reference("Cat")] }] },
        })));
        for (name, own) in [("Cat", "c"), ("Dog", "d"), ("Cow", "w")] {
            let names: Vec<&str> = fields(&api, name).iter().map(|field| field.wire_name.as_str()).collect();
            assert_eq!(names, ["t", own]);
        }
        assert_eq!(variants(&api, "Pet").len(), 3);
        let fields_of = |variant: &crate::ir::Variant| shape(&api, variant.ty).fields().len();
        assert_eq!(variants(&api, "Inline").iter().map(fields_of).collect::<Vec<_>>(), [2, 2]);
        assert_eq!(variants(&api, "Other").iter().map(fields_of).collect::<Vec<_>>(), [3, 2]);
    }
}

#[test]
fn a_branch_that_only_describes_is_the_schema_around_it() {
    let words = || json!([{ "description": "The first." }, { "title": "Second" }, {}]);
    let api = api(with_schemas(json!({
        "Text": { "type": "string", "oneOf": words() },
        "List": { "type": "array", "items": { "type": "integer" }, "anyOf": words() },
        "Object": { "type": "object", "properties": { "x": {} }, "oneOf": words() },
        "Choice": { "type": "object", "properties": { "x": {} }, "anyOf": [
            { "description": "Only x." },
            { "properties": { "y": { "type": "integer" } }, "required": ["y"] },
        ] },
    })));
    assert_eq!(component(&api, "Text").shape, Shape::Text(Text::Plain));
    assert!(matches!(component(&api, "List").shape, Shape::Array(_)));
    assert_eq!(fields(&api, "Object").len(), 1);
    let fields = variants(&api, "Choice").iter().map(|variant| api.types[variant.ty.ty].shape.fields().len());
    assert_eq!(fields.collect::<Vec<_>>(), [2, 1], "the branch without `y` is another one");
}

#[test]
fn a_choice_of_one_is_not_a_union() {
    let api = api(with_schemas(json!({
        "A": { "oneOf": [{ "type": "object", "properties": { "x": { "type": "string" } } }], "description": "Words." },
        "B": { "type": "object", "properties": { "x": { "anyOf": [{ "type": "integer" }, { "enum": [null] }] } } },
    })));
    assert_eq!(fields(&api, "A").len(), 1);
    let x = field(&api, "B", "x");
    assert_eq!(shape(&api, x.ty), &I64);
    assert!(x.ty.nullable);
}

#[test]
fn values_of_several_branches_keep_all_properties() {
    let text = json!({ "type": "string" });
    let object = |properties: Value| json!({ "type": "object", "properties": properties });
    let (name, age) = (object(json!({ "name": text })), object(json!({ "age": text })));
    let both = object(json!({ "name": text, "age": text }));
    let kind = |kind: &str| {
        json!({ "type": "object", "required": ["kind"], "properties": {
        "kind": { "type": "string", "enum": [kind] }, kind: text } })
    };
    let mut closed = name.clone();
    closed["additionalProperties"] = json!(false);
    let api = api_with(
        with_schemas(json!({
            "Either": { "anyOf": [name, age] },
            "One": { "oneOf": [name, age] },
            "Closed": { "anyOf": [closed, age] },
            "Described": { "anyOf": [both, age] },
            "Distinguished": { "anyOf": [kind("a"), kind("b")] },
            "Marked": { "anyOf": [kind("a"), age] },
        })),
        &[],
    );
    let keeps = |name: &str| {
        let keeps =
            |variant: &Variant| matches!(shape(&api, variant.ty), Shape::Object(object) if object.additional.is_some());
        variants(&api, name).iter().map(keeps).collect::<Vec<_>>()
    };
    assert_eq!(keeps("Either"), [true, true]);
    assert_eq!(keeps("One"), [false, false]);
    assert_eq!(keeps("Closed"), [false, true]);
    assert_eq!(keeps("Described"), [false, true]);
    assert_eq!(keeps("Distinguished"), [false, false]);
    assert_eq!(keeps("Marked"), [false, false]);
}

#[test]
fn a_base_type_that_extends_another_has_its_own_discriminator() {
    let extension = |base: &str, rest: Value| {
        let mut schema = json!({ "allOf": [{ "$ref": format!("#/components/schemas/{base}") }] });
        schema.as_object_mut().unwrap().extend(rest.as_object().unwrap().clone());
        schema
    };
    let base = |property: &str| {
        let properties = json!({ property: { "type": "string" } });
        json!({ "type": "object", "properties": properties, "discriminator": { "propertyName": property } })
    };
    let api = api(with_schemas(json!({
        "Fish": base("kind"),
        "Shark": extension("Fish", base("tooth")),
        "Saw": extension("Shark", json!({})),
        "Salmon": extension("Fish", base("kind")),
        "Smart": extension("Salmon", json!({})),
        "Carp": extension("Fish", json!({})),
        "Koi": extension("Carp", base("kind")),
    })));
    let tags: Vec<_> = variants(&api, "Shark").iter().flat_map(|variant| &variant.tags).collect();
    assert_eq!(tags, ["Saw", "Shark"]);
    let tags: Vec<_> = variants(&api, "Salmon").iter().map(|variant| (&*variant.tags, variant.is_default)).collect();
    assert_eq!(tags, [(&["Smart".to_owned()][..], false), (&[], true)]);
    assert_eq!(variants(&api, "Carp")[0].tags, ["Koi"]);
}

#[test]
fn an_extension_that_is_extended_is_a_union() {
    let extension = |base: &str, own: &str| {
        let own = json!({ "type": "object", "properties": { own: { "type": "string" } } });
        json!({ "allOf": [{ "$ref": format!("#/components/schemas/{base}") }, own] })
    };
    let discriminator = json!({ "propertyName": "kind", "mapping": { "salmon": "Salmon", "smart": "Smart" } });
    let properties = json!({ "kind": { "type": "string" } });
    let fish = json!({ "type": "object", "properties": properties, "discriminator": discriminator });
    let mut schemas = json!({
        "Fish": fish,
        "Salmon": extension("Fish", "river"),
        "Smart": extension("Salmon", "degree"),
        "Shark": extension("Fish", "teeth"),
        "X0": extension("Shark", "x0"),
    });
    for index in 1..40 {
        let name = format!("X{index}");
        schemas[&name] = extension(&format!("X{}", index - 1), &name);
    }
    let api = api(with_schemas(schemas));
    let [smart, own] = variants(&api, "Salmon") else { panic!("{:?}", component(&api, "Salmon")) };
    assert_eq!((smart.ty.ty, smart.is_default, &*smart.tags), (id(&api, "Smart"), false, &["smart".to_owned()][..]));
    assert_eq!((own.is_default, &*own.tags), (true, &["salmon".to_owned()][..]));
    assert_eq!(api.types[own.ty.ty].shape.fields().len(), 2);
    assert_eq!(own.ty.ty, variants(&api, "Fish")[0].ty.ty, "one type for the object in both");
    assert!(variants(&api, "X20").len() > 1);
    assert_eq!(fields(&api, "X35").len(), 38, "the number of variants is bounded");
}
