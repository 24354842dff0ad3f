//! Schemas: type rules, nullability, `allOf`, cycles, direction, defaults.

use serde_json::{Value, json};

use super::*;
use crate::ir::{EnumValue, Object, Place, Text};

fn texts(shape: &Shape) -> Vec<&str> {
    match shape {
        Shape::TextEnum(values) => values.iter().filter_map(|value| value.wire.as_str()).collect(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn scalars_have_their_format() {
    let cases = [
        (json!({ "type": "string" }), Shape::Text(Text::Plain)),
        (json!({ "type": "string", "format": "date-time" }), Shape::Text(Text::DateTime)),
        (json!({ "type": "string", "format": "date" }), Shape::Text(Text::Date)),
        (json!({ "type": "string", "format": "time" }), Shape::Text(Text::Time)),
        (json!({ "type": "string", "format": "duration" }), Shape::Text(Text::Duration)),
        (json!({ "type": "integer", "format": "duration" }), I64),
        (json!({ "type": "string", "format": "decimal" }), Shape::Text(Text::Decimal)),
        (json!({ "type": "string", "format": "uuid" }), Shape::Text(Text::Uuid)),
        (json!({ "type": "string", "format": "byte" }), Shape::Text(Text::Base64)),
        (json!({ "type": "string", "format": "binary" }), Shape::Text(Text::Plain)),
        (json!({ "type": "string", "format": "int64" }), Shape::Integer(Integer::QuotedI64)),
        (json!({ "type": "string", "format": "uint64" }), Shape::Integer(Integer::QuotedU64)),
        (json!({ "type": "integer" }), I64),
        (json!({ "type": "integer", "format": "int64" }), I64),
        (json!({ "type": "integer", "format": "unix-time" }), I64),
        (json!({ "type": "integer", "format": "int32" }), Shape::Integer(Integer::I32)),
        (json!({ "type": "integer", "format": "uint32" }), Shape::Integer(Integer::U32)),
        (json!({ "type": "integer", "format": "uint64" }), Shape::Integer(Integer::U64)),
        (json!({ "type": "number" }), Shape::Number),
        (json!({ "type": "number", "format": "decimal" }), Shape::Decimal),
        (json!({ "type": "number", "format": "decimal128" }), Shape::Decimal),
        (json!({ "type": "integer", "maximum": 1e30 }), Shape::Decimal),
        (json!({ "type": "integer", "minimum": -1e19 }), Shape::Decimal),
        (json!({ "type": "number", "format": "float" }), Shape::Number),
        (json!({ "type": "boolean" }), Shape::Boolean),
        (json!({}), Shape::Any),
        (json!({ "description": "words" }), Shape::Any),
    ];
    for (schema, expected) in cases {
        assert_eq!(component(&api(with_schemas(json!({ "A": schema }))), "A").shape, expected, "{schema}");
    }
}

#[test]
fn objects_and_maps() {
    let api = api(with_schemas(json!({
        "Free": { "type": "object" },
        "Open": { "type": "object", "additionalProperties": true },
        "Map": { "type": "object", "additionalProperties": { "type": "integer" } },
        "Closed": { "type": "object", "additionalProperties": false },
        "Plain": { "properties": { "a": { "type": "string" } }, "required": ["a"] },
        "Rest": { "type": "object", "properties": { "a": {} }, "additionalProperties": { "type": "boolean" } },
    })));
    for name in ["Free", "Open"] {
        let Shape::Map(values) = &component(&api, name).shape else { panic!("{name}") };
        assert_eq!(shape(&api, *values), &Shape::Any);
    }
    let Shape::Map(values) = component(&api, "Map").shape else { panic!() };
    assert_eq!(shape(&api, values), &I64);
    assert_eq!(component(&api, "Closed").shape, Shape::Object(Object { fields: vec![], additional: None }));
    assert!(requires(&api, "Plain", "a"));
    let Shape::Object(rest) = &component(&api, "Rest").shape else { panic!() };
    assert!(!requires(&api, "Rest", &rest.fields[0].wire_name));
    assert_eq!(shape(&api, rest.additional.unwrap()), &Shape::Boolean);
}

#[test]
fn arrays_without_items_accept_anything() {
    let api = api(with_schemas(json!({
        "A": { "type": "array" },
        "B": { "type": "array", "items": { "type": "string", "nullable": true } },
    })));
    let Shape::Array(items) = component(&api, "A").shape else { panic!() };
    assert_eq!(shape(&api, items), &Shape::Any);
    let Shape::Array(items) = component(&api, "B").shape else { panic!() };
    assert!(items.nullable);
}

#[test]
fn arrays_of_a_fixed_length_are_tuples() {
    let array = |prefix: Value, items: Value, least: Option<u64>, most: Option<u64>| {
        let mut schema = json!({ "type": "array", "x-prefix-items": prefix, "items": items });
        let limits = [("minItems", least), ("maxItems", most)];
        for (key, limit) in limits.into_iter().filter_map(|(key, limit)| Some((key, limit?))) {
            schema[key] = limit.into();
        }
        schema
    };
    let (text, number) = (json!({ "type": "string" }), json!({ "type": "integer", "nullable": true }));
    let either = json!({ "anyOf": [text, number] });
    let pair = json!([number, text]);
    let many = |count: usize| Value::Array(vec![text.clone(); count]);
    let api = api(with_schemas(json!({
        "Pair": array(pair.clone(), either.clone(), Some(2), Some(2)),
        "NoLeast": array(pair.clone(), either.clone(), None, Some(2)),
        "Eight": array(many(8), text.clone(), None, Some(8)),
        "Both": { "allOf": [array(pair.clone(), either.clone(), None, Some(2))], "description": "words" },
        "Fewer": array(pair.clone(), either.clone(), Some(1), Some(2)),
        "More": array(pair.clone(), either.clone(), Some(2), Some(3)),
        "Open": array(pair.clone(), either.clone(), Some(2), None),
        "One": array(many(1), text.clone(), None, Some(1)),
        "Nine": array(many(9), text.clone(), None, Some(9)),
        "Other": array(pair.clone(), text.clone(), None, Some(2)),
        "NoList": array(text.clone(), text.clone(), None, Some(2)),
        "NoSchemas": array(json!([1, null]), text.clone(), None, Some(2)),
        "Twice": { "allOf": [array(pair, either.clone(), None, Some(2)), { "type": "array", "items": either }] },
    })));
    for name in ["Pair", "NoLeast", "Both"] {
        let Shape::Tuple(elements) = &component(&api, name).shape else { panic!("{name}") };
        let of: Vec<_> = elements.iter().map(|element| (shape(&api, *element), element.nullable)).collect();
        assert_eq!(of, [(&I64, true), (&Shape::Text(Text::Plain), false)], "{name}");
    }
    assert!(matches!(&component(&api, "Eight").shape, Shape::Tuple(elements) if elements.len() == 8));
    for name in ["Fewer", "More", "Open", "One", "Nine", "Other", "NoList", "NoSchemas", "Twice"] {
        assert!(matches!(component(&api, name).shape, Shape::Array(_)), "{name}");
    }
}

#[test]
fn enumerations() {
    let api = api_with(
        with_schemas(json!({
            "Texts": { "type": "string", "enum": ["a", "b"] },
            "Untyped": { "enum": ["a", "b"] },
            "One": { "type": "string", "enum": ["a"] },
            "Integers": { "type": "integer", "enum": [1, 2] },
            "Booleans": { "type": "boolean", "enum": [true] },
            "Numbers": { "type": "number", "enum": [1.5] },
            "WholeNumbers": { "type": "number", "enum": [0, 2] },
            "Floats": { "type": "number", "format": "float", "enum": [0, 2] },
            "Mixed": { "enum": ["a", 1, true, 0.5, null], "nullable": true },
            "MixedTwice": { "enum": ["a", 1, "a", 1] },
            "User": { "type": "object", "properties": { "mixed": { "$ref": "#/components/schemas/Mixed" } } },
            "Twice": { "type": "string", "enum": ["a", "a"] },
            "Null": { "enum": [null], "nullable": true },
            "Nulls": { "type": "array", "items": { "$ref": "#/components/schemas/Null" } },
        })),
        &[
            ("duplicate-enum-value", "/components/schemas/MixedTwice/enum"),
            ("duplicate-enum-value", "/components/schemas/MixedTwice/enum"),
            ("duplicate-enum-value", "/components/schemas/Twice/enum"),
        ],
    );
    assert_eq!(texts(&component(&api, "Texts").shape), ["a", "b"]);
    assert_eq!(texts(&component(&api, "Untyped").shape), ["a", "b"]);
    assert_eq!(texts(&component(&api, "One").shape), ["a"]);
    assert_eq!(texts(&component(&api, "Twice").shape), ["a"]);
    let Shape::IntegerEnum(values) = &component(&api, "Integers").shape else { panic!() };
    assert_eq!(values.iter().map(|EnumValue { wire, .. }| wire.clone()).collect::<Vec<_>>(), [1, 2]);
    let Shape::IntegerEnum(values) = &component(&api, "WholeNumbers").shape else { panic!() };
    assert_eq!(values.iter().map(|value| value.wire.clone()).collect::<Vec<_>>(), [0, 2]);
    assert_eq!(component(&api, "Floats").shape, Shape::Number);
    assert_eq!(component(&api, "Booleans").shape, Shape::Boolean);
    assert_eq!(component(&api, "Numbers").shape, Shape::Number);
    assert_eq!(component(&api, "Null").shape, Shape::Null);
    let Shape::Array(nulls) = component(&api, "Nulls").shape else { panic!() };
    assert!(!nulls.nullable, "that a value is null is said by its type");
    let Shape::MixedEnum(mixed) = &component(&api, "Mixed").shape else { panic!() };
    assert_eq!(
        mixed.iter().map(|value| value.wire.clone()).collect::<Vec<_>>(),
        [json!("a"), 1.into(), true.into(), 0.5.into()]
    );
    assert!(field(&api, "User", "mixed").ty.nullable);
    assert_eq!(component(&api, "MixedTwice").shape.members(), 2);
}

#[test]
fn values_of_an_enumeration_have_names_and_descriptions() {
    let api = api(with_schemas(json!({
        "List": { "type": "integer", "enum": [1, 2], "x-enum-varnames": ["one", ""], "x-enum-descriptions": ["First."] },
        "Map": { "type": "string", "enum": ["a", "b"], "x-enumNames": { "b": "bee" }, "x-enumDescriptions": 1 },
        "Azure": { "type": "integer", "enum": [1, 2], "x-ms-enum": { "name": "Numbers", "values": [
            { "value": 2 }, { "value": 1, "name": "one", "description": "First." }, 3,
        ] } },
    })));
    for name in ["List", "Azure"] {
        let Shape::IntegerEnum(list) = &component(&api, name).shape else { panic!() };
        let said = list.iter().map(|value| (value.name.as_deref(), value.docs.description.as_deref()));
        assert_eq!(said.collect::<Vec<_>>(), [(Some("one"), Some("First.")), (None, None)], "{name}");
    }
    let Shape::TextEnum(map) = &component(&api, "Map").shape else { panic!() };
    assert_eq!(map.iter().map(|value| value.name.as_deref()).collect::<Vec<_>>(), [None, Some("bee")]);
}

#[test]
fn values_of_another_type_are_reported() {
    let document = with_schemas(json!({
        "Texts": { "type": "string", "enum": ["a", 1] },
        "Nothing": { "type": "string", "enum": [1] },
    }));
    let api = api_with(
        document,
        &[
            ("enum-contradicts-type", "/components/schemas/Nothing/enum"),
            ("enum-contradicts-type", "/components/schemas/Texts/enum"),
        ],
    );
    assert_eq!(texts(&component(&api, "Texts").shape), ["a"]);
    assert_eq!(component(&api, "Nothing").shape, Shape::Text(Text::Plain));
}

#[test]
fn nullability_belongs_to_uses() {
    let api = api(with_schemas(json!({
        "Nullable": { "type": "object", "nullable": true, "properties": { "x": {} } },
        "Alias": { "$ref": "#/components/schemas/Nullable" },
        "Plain": { "type": "string" },
        "Enum": { "type": "string", "enum": ["a", null] },
        "User": { "type": "object", "properties": {
            "component": { "$ref": "#/components/schemas/Nullable" },
            "alias": { "$ref": "#/components/schemas/Alias" },
            "plain": { "$ref": "#/components/schemas/Plain" },
            "wrapped": { "allOf": [{ "$ref": "#/components/schemas/Plain" }], "nullable": true },
            "branch": { "oneOf": [{ "$ref": "#/components/schemas/Plain" }, { "enum": [null] }] },
            "schemars": { "anyOf": [{ "$ref": "#/components/schemas/Plain" }, { "nullable": true }] },
            "enum": { "$ref": "#/components/schemas/Enum" },
            "any": { "nullable": true },
            "inline": { "type": "integer", "nullable": true },
        } },
    })));
    let nullable: Vec<_> = fields(&api, "User").iter().map(|field| (&*field.wire_name, field.ty.nullable)).collect();
    let expected = [
        ("component", true),
        ("alias", true),
        ("plain", false),
        ("wrapped", true),
        ("branch", true),
        ("schemars", true),
        ("enum", true),
        ("any", false),
        ("inline", true),
    ];
    assert_eq!(nullable, expected);
    let plain = id(&api, "Plain");
    for name in ["wrapped", "branch", "schemars"] {
        assert_eq!(field(&api, "User", name).ty.ty, plain, "{name}");
    }
    assert_eq!(field(&api, "User", "alias").ty.ty, id(&api, "Alias"));
    let Shape::Alias(inner) = component(&api, "Alias").shape else { panic!() };
    assert!(!inner.nullable);
    assert_eq!(texts(&component(&api, "Enum").shape), ["a"]);
}

#[test]
fn required_and_nullable_are_independent() {
    let api = api(with_schemas(json!({ "A": { "type": "object", "required": ["x"], "properties": {
        "x": { "type": "string", "nullable": true }, "y": { "type": "string" },
    } } })));
    let (x, y) = (field(&api, "A", "x"), field(&api, "A", "y"));
    assert_eq!((x.required_when_read, x.ty.nullable), (true, true));
    assert_eq!((y.required_when_read, y.ty.nullable), (false, false));
}

#[test]
fn all_of_merges_objects_in_order() {
    let api = api(with_schemas(json!({
        "Base": { "type": "object", "required": ["id"], "description": "The base.", "properties": {
            "id": { "type": "integer" }, "kind": { "type": "string", "enum": ["x", "y"] }, "note": { "type": "string" },
        } },
        "Derived": { "description": "The derived.", "allOf": [
            { "$ref": "#/components/schemas/Base" },
            { "type": "object", "required": ["extra", "note"], "properties": { "extra": { "type": "boolean" } } },
        ] },
    })));
    let names: Vec<_> =
        fields(&api, "Derived").iter().map(|field| (&*field.wire_name, field.required_when_read)).collect();
    assert_eq!(names, [("id", true), ("kind", false), ("note", true), ("extra", true)]);
    assert_eq!(component(&api, "Derived").docs.description.as_deref(), Some("The derived."));
    // An inherited property has the type of the original.
    let (inherited, original) = (field(&api, "Derived", "kind"), field(&api, "Base", "kind"));
    assert_eq!(inherited.ty, original.ty);
    let owner = &api.types[original.ty.ty].owner;
    assert_eq!(*owner, Owner::Part(id(&api, "Base"), Place::Property("kind".to_owned())));
}

#[test]
fn an_inherited_type_belongs_to_its_base() {
    let api = api(with_schemas(json!({
        "ADerived": { "allOf": [{ "$ref": "#/components/schemas/ZBase" }], "required": ["kind"] },
        "ZBase": { "type": "object", "properties": { "kind": { "type": "object", "properties": { "x": {} } } } },
    })));
    let ty = field(&api, "ADerived", "kind").ty;
    assert_eq!(ty, field(&api, "ZBase", "kind").ty);
    let owner = Owner::Part(id(&api, "ZBase"), Place::Property("kind".to_owned()));
    assert_eq!(api.types[ty.ty].owner, owner);
    assert!(requires(&api, "ADerived", "kind"));
    assert!(!requires(&api, "ZBase", "kind"));
}

#[test]
fn all_of_narrows() {
    let api = api_with(
        with_schemas(json!({
            "Words": { "type": "string", "enum": ["a", "b", "c"] },
            "Narrow": { "allOf": [{ "$ref": "#/components/schemas/Words" }, { "enum": ["c", "b"] }] },
            "Whole": { "allOf": [{ "type": "number" }, { "type": "integer" }] },
            "Bounds": { "allOf": [
                { "type": "integer", "minimum": 1, "maximum": 9 },
                { "minimum": 3, "exclusiveMinimum": true, "maximum": 20 },
            ] },
            "Base": { "type": "object", "properties": { "kind": { "type": "string" } } },
            "Cat": { "allOf": [
                { "$ref": "#/components/schemas/Base" },
                { "properties": { "kind": { "enum": ["cat"] } } },
            ] },
            "Clash": { "allOf": [{ "type": "string" }, { "type": "integer" }] },
            "Empty": { "allOf": [{ "type": "string", "enum": ["a"] }, { "type": "string", "enum": ["b"] }] },
        })),
        &[
            ("conflicting-all-of", "/components/schemas/Clash/allOf/1/type"),
            ("conflicting-all-of", "/components/schemas/Empty/allOf/1/enum"),
        ],
    );
    assert_eq!(texts(&component(&api, "Narrow").shape), ["b", "c"]);
    assert_eq!(component(&api, "Whole").shape, I64);
    let bounds = &component(&api, "Bounds").bounds;
    assert_eq!(bounds.minimum, Some((3.into(), true)));
    assert_eq!(bounds.maximum, Some((9.into(), false)));
    assert_eq!(texts(shape(&api, field(&api, "Cat", "kind").ty)), ["cat"]);
    assert_eq!(shape(&api, field(&api, "Base", "kind").ty), &Shape::Text(Text::Plain));
    for name in ["Clash", "Empty"] {
        assert_eq!(component(&api, name).shape, Shape::Any);
    }
}

#[test]
fn all_of_one_reference_is_that_type() {
    let api = api(with_schemas(json!({
        "A": { "type": "object", "properties": { "x": { "type": "string" } } },
        "Same": { "description": "Another name.", "allOf": [{ "$ref": "#/components/schemas/A" }] },
        "More": { "allOf": [{ "$ref": "#/components/schemas/A" }], "required": ["x"] },
        "User": { "type": "object", "properties": { "a": {
            "description": "Here.", "readOnly": true, "x-inferred": "from prose", "default": { "x": "y" },
            "allOf": [{ "$ref": "#/components/schemas/A" }, { "description": "words only" }],
        } } },
    })));
    let a = field(&api, "User", "a");
    assert_eq!(a.ty, TypeRef::of(id(&api, "A")));
    assert_eq!(a.docs.description.as_deref(), Some("Here."));
    assert_eq!(a.docs.inferred.as_deref(), Some("from prose"));
    assert_eq!(a.default, Some(json!({ "x": "y" })));
    assert!(a.read_only && !a.write_only);
    assert_eq!(component(&api, "Same").shape, Shape::Alias(TypeRef::of(id(&api, "A"))));
    assert_eq!(component(&api, "Same").docs.description.as_deref(), Some("Another name."));
    assert!(requires(&api, "More", "x"));
}

#[test]
fn an_undeclared_required_property_is_any_value() {
    let api = api_with(
        with_schemas(json!({ "A": { "type": "object", "required": ["b"], "properties": { "a": {} } } })),
        &[("undeclared-required", "/components/schemas/A/required")],
    );
    assert_eq!(shape(&api, field(&api, "A", "b").ty), &Shape::Any);
    assert!(requires(&api, "A", "b"));
}

#[test]
fn secrecy_belongs_to_uses() {
    let api = api(with_schemas(json!({
        "Password": { "type": "string", "format": "password" },
        "User": { "type": "object", "properties": {
            "component": { "$ref": "#/components/schemas/Password" },
            "inline": { "type": "string", "x-secret": true },
            "list": { "type": "array", "items": { "type": "string", "format": "password" } },
            "plain": { "type": "string" },
        } },
    })));
    let secret: Vec<_> = fields(&api, "User").iter().map(|field| field.ty.secret).collect();
    assert_eq!(secret, [true, true, false, false]);
    let Shape::Array(items) = shape(&api, field(&api, "User", "list").ty) else { panic!() };
    assert!(items.secret);
}

#[test]
fn cycles_are_boxed() {
    let api = api(with_schemas(json!({
        "Node": { "type": "object", "properties": {
            "next": { "$ref": "#/components/schemas/Node" },
            "children": { "type": "array", "items": { "$ref": "#/components/schemas/Node" } },
            "named": { "type": "object", "additionalProperties": { "$ref": "#/components/schemas/Node" } },
            "alias": { "$ref": "#/components/schemas/Alias" },
            "other": { "$ref": "#/components/schemas/Other" },
        } },
        "Alias": { "$ref": "#/components/schemas/Node" },
        "Other": { "type": "object", "properties": { "node": { "$ref": "#/components/schemas/Node" } } },
    })));
    let boxed: Vec<_> = fields(&api, "Node").iter().map(|field| field.ty.boxed).collect();
    assert_eq!(boxed, [true, false, false, true, false]);
    assert!(field(&api, "Other", "node").ty.boxed);
    let Shape::Array(items) = shape(&api, field(&api, "Node", "children").ty) else { panic!() };
    assert!(!items.boxed);
}

#[test]
fn unused_components_are_read_and_sent() {
    let mut document = with_operation(json!({
        "requestBody": { "content": { "application/json": { "schema": { "$ref": "#/components/schemas/In" } } } },
        "responses": { "200": { "description": "", "content": {
            "application/json": { "schema": { "$ref": "#/components/schemas/Out" } },
        } } },
    }));
    document["components"] = json!({ "schemas": {
        "In": { "type": "object", "properties": { "x": { "$ref": "#/components/schemas/Shared" } } },
        "Out": { "type": "object", "properties": { "x": { "$ref": "#/components/schemas/Shared" } } },
        "Shared": { "type": "string" },
        "Unused": { "type": "object", "properties": { "x": { "type": "string" } } },
    } });
    let api = api(document);
    let marks = |name| (component(&api, name).read, component(&api, name).sent);
    assert_eq!(marks("In"), (false, true));
    assert_eq!(marks("Out"), (true, false));
    assert_eq!(marks("Shared"), (true, true));
    assert_eq!(marks("Unused"), (true, true));
}

#[test]
fn invalid_defaults_are_reported() {
    let api = api_with(
        with_schemas(json!({ "A": { "type": "object", "properties": {
            "good": { "type": "integer", "default": 1 },
            "bad": { "type": "integer", "default": "1" },
            "null": { "type": "integer", "nullable": true, "default": null },
            "list": { "type": "array", "items": { "type": "string" }, "default": ["a", 1] },
            "enum": { "type": "string", "enum": ["a"], "default": "b" },
            "quoted": { "type": "string", "format": "uint64", "default": "7" },
        } }, "B": { "allOf": [{ "type": "integer" }, { "default": "1" }] } })),
        &[
            ("default-contradicts-schema", "/components/schemas/A/properties/bad/default"),
            ("default-contradicts-schema", "/components/schemas/A/properties/enum/default"),
            ("default-contradicts-schema", "/components/schemas/A/properties/list/default"),
            ("default-contradicts-schema", "/components/schemas/B/allOf/1/default"),
        ],
    );
    assert_eq!(field(&api, "A", "good").default, Some(json!(1)));
    assert_eq!(field(&api, "A", "bad").default, None);
    assert_eq!(field(&api, "A", "quoted").default, Some(json!("7")));
}

#[test]
fn keywords_of_another_type_are_reported() {
    api_with(
        with_schemas(json!({
            "A": { "type": "string", "items": { "type": "string" } },
            "B": { "type": "object", "items": {} },
            "C": { "type": "array", "properties": { "x": {} } },
        })),
        &[
            ("ignored-keyword", "/components/schemas/A/items"),
            ("ignored-keyword", "/components/schemas/B/items"),
            ("ignored-keyword", "/components/schemas/C/properties"),
        ],
    );
}

#[test]
fn not_is_reported_and_the_rest_kept() {
    let document = with_schemas(json!({ "A": { "type": "string", "not": { "enum": ["x"] } } }));
    let api = api_with(document, &[("ignored-not", "/components/schemas/A/not")]);
    assert_eq!(component(&api, "A").shape, Shape::Text(Text::Plain));
}

#[test]
fn bounds_and_annotations_are_kept() {
    let api = api(with_schemas(json!({ "A": {
        "type": "string", "title": "Short", "description": "Long.", "deprecated": true, "pattern": "^a", "maxLength": 5,
        "externalDocs": { "url": "https://example.com" }, "example": "ab", "x-inferred": "from an example",
    } })));
    let ty = component(&api, "A");
    assert_eq!(ty.docs.summary.as_deref(), Some("Short"));
    assert_eq!(ty.docs.description.as_deref(), Some("Long."));
    assert_eq!(ty.docs.url.as_deref(), Some("https://example.com"));
    assert_eq!(ty.docs.inferred.as_deref(), Some("from an example"));
    assert!(ty.docs.deprecated);
    assert_eq!(ty.bounds.pattern.as_deref(), Some("^a"));
    assert_eq!(ty.bounds.max_length, Some(5));
    assert_eq!(ty.example, Some(json!("ab")));
}

#[test]
fn integers_have_a_sufficient_width() {
    let api = api(with_schemas(json!({ "A": { "type": "object", "properties": {
        "tiny": { "type": "integer", "format": "uint8" },
        "small": { "type": "integer", "format": "int16", "minimum": -5 },
        "wider": { "type": "integer", "format": "int32", "maximum": 4_294_967_295_u64 },
        "widest": { "type": "integer", "maximum": u64::MAX },
        "listed": { "type": "integer", "enum": [u64::MAX] },
        "plain": { "type": "integer", "minimum": 0 },
    } } })));
    let width = |name: &str| match shape(&api, field(&api, "A", name).ty) {
        Shape::Integer(integer) => *integer,
        other => panic!("{other:?}"),
    };
    assert_eq!(width("tiny"), Integer::U8);
    assert_eq!(width("small"), Integer::I16);
    assert_eq!(width("wider"), Integer::I64);
    assert_eq!(width("widest"), Integer::U64);
    assert_eq!(width("listed"), Integer::U64);
    assert_eq!(width("plain"), Integer::I64);
}

#[test]
fn unevaluated_properties_are_additional_unless_a_part_describes_them() {
    let base = json!({ "$ref": "#/components/schemas/Base" });
    let composed = |rest: Value| {
        let mut schema = json!({ "allOf": [base] });
        schema.as_object_mut().unwrap().extend(rest.as_object().unwrap().clone());
        schema
    };
    let text = json!({ "type": "string" });
    let api = api(with_schemas(json!({
        "Base": { "type": "object", "properties": { "id": { "type": "integer" } } },
        "Typed": composed(json!({ "x-unevaluated-properties": text })),
        "Any": composed(json!({ "x-unevaluated-properties": true })),
        "Closed": composed(json!({ "x-unevaluated-properties": false })),
        "Described": composed(json!({ "additionalProperties": { "type": "boolean" }, "x-unevaluated-properties": text })),
        "Inner": { "allOf": [{ "$ref": "#/components/schemas/Typed" }], "x-unevaluated-properties": true },
        // A conditional property may be of any type.
        "Conditional": composed(json!({ "x-if": {}, "x-unevaluated-properties": text })),
    })));
    let additional = |name: &str| match &component(&api, name).shape {
        Shape::Object(object) => object.additional.map(|ty| shape(&api, ty).clone()),
        other => panic!("{other:?}"),
    };
    assert_eq!(additional("Typed"), Some(Shape::Text(Text::Plain)));
    assert_eq!(additional("Any"), Some(Shape::Any));
    assert_eq!(additional("Described"), Some(Shape::Boolean));
    assert_eq!(additional("Inner"), Some(Shape::Text(Text::Plain)));
    assert_eq!(additional("Conditional"), None);
    assert!(matches!(component(&api, "Closed").shape, Shape::Alias(_)));
}
