//! Values of whole documents and of generated schemas are valid.

use proptest::prelude::*;

use super::*;

#[test]
fn values_of_the_specs_are_valid() {
    for document in documents("specs") {
        assert_eq!(faults(&document), Vec::<String>::new(), "{}", document.module);
    }
}

#[test]
fn values_of_the_fixtures_are_valid() {
    // The validator rejects invalid patterns. Files have no JSON value, not even in place of objects and choices.
    let has_no_values = |document: &Document| ["descriptions_hostile", "multipart_files"].contains(&&*document.module);
    for document in documents("tests/fixtures/ok").into_iter().filter(|document| !has_no_values(document)) {
        assert_eq!(faults(&document), Vec::<String>::new(), "{}", document.module);
    }
}

const FORMATS: &[&str] = &[
    "date", "date-time", "time", "email", "hostname", "ipv4", "ipv6", "uri", "uuid", "byte", "binary", "password",
    "duration", "unknown",
];

/// Scalars and bounds for which a value always exists.
fn scalar() -> impl Strategy<Value = Value> {
    let formats = prop::sample::select(FORMATS);
    let patterns = prop::sample::select(vec![
        "^[a-z0-9_-]+$", "^[A-Z]{2}-\\d{3,}$", "", ".", "^(a|bc)*$", "x", "^\\S(.*\\S)?$", "^[^/]+$", "\\d{2}:\\d{2}",
    ]);
    let number = (-50_i64..50, 0_i64..100, any::<[bool; 2]>(), prop::option::of(1_i64..7)).prop_map(
        |(least, room, [low, high], multiple)| {
            let mut schema = json!({
                "minimum": least, "exclusiveMinimum": low,
                "maximum": least + room + 2 + multiple.unwrap_or(1) * 2, "exclusiveMaximum": high,
            });
            if let Some(multiple) = multiple {
                schema["multipleOf"] = json!(multiple);
            }
            schema
        },
    );
    let of_type = |ty: &'static str| {
        move |mut schema: Value| {
            schema["type"] = json!(ty);
            schema
        }
    };
    prop_oneof![
        Just(json!({ "type": "boolean" })),
        Just(json!({})),
        Just(json!({ "type": "integer" })),
        Just(json!({ "type": "number", "multipleOf": 0.01 })),
        Just(
            json!({ "type": "number", "minimum": 0, "maximum": 1, "exclusiveMinimum": true, "exclusiveMaximum": true })
        ),
        Just(json!({ "type": "string", "format": "int64" })),
        Just(json!({ "type": "string", "format": "uint64" })),
        Just(json!({ "type": "string", "enum": ["a", "b c", "", "ü"] })),
        Just(json!({ "type": "integer", "enum": [1, 5, -3] })),
        Just(json!({ "type": "number", "enum": [0.5, 2.5] })),
        number.clone().prop_map(of_type("integer")),
        number.prop_map(of_type("number")),
        formats.prop_map(|format| json!({ "type": "string", "format": format })),
        (patterns, 0_u64..2)
            .prop_map(|(pattern, least)| json!({ "type": "string", "pattern": pattern, "minLength": least })),
        (0_u64..40, 0_u64..40)
            .prop_map(|(least, room)| { json!({ "type": "string", "minLength": least, "maxLength": least + room }) }),
    ]
}

/// Examples and defaults, which may not match the schema.
fn with_examples(schema: impl Strategy<Value = Value>) -> impl Strategy<Value = Value> {
    let example = prop::sample::select(vec![
        json!("2024-01-01"),
        json!("text"),
        json!(7),
        json!(1.5),
        json!(""),
        json!("a@example.com"),
        json!("a"),
        json!("1"),
    ]);
    (schema, prop::option::of(example), any::<bool>()).prop_map(|(mut schema, example, nullable)| {
        let typed = schema.get("type").is_some();
        if let Some(example) = example.filter(|_| typed) {
            schema["example"] = example;
        }
        if nullable && typed && schema.get("enum").is_none() {
            schema["nullable"] = json!(true);
        }
        schema
    })
}

fn schema() -> impl Strategy<Value = Value> {
    with_examples(scalar()).prop_recursive(4, 24, 5, |inner| {
        let names = prop::collection::btree_map("[a-zA-Z_]{1,4}", (inner.clone(), any::<bool>()), 0..5);
        let additional = prop_oneof![
            Just(json!(true)),
            Just(json!(false)),
            inner.clone(),
        ];
        let object = (names, prop::option::of(additional)).prop_map(|(properties, additional)| {
            let required: Vec<&String> = properties.iter().filter(|(_, (_, required))| *required).map(|(name, _)| name).collect();
            let mut schema = json!({ "type": "object" });
            if !required.is_empty() {
                schema["required"] = json!(required);
            }
            let properties: serde_json::Map<String, Value> =
                properties.iter().map(|(name, (schema, _))| (name.clone(), schema.clone())).collect();
            if !properties.is_empty() {
                schema["properties"] = Value::Object(properties);
            }
            if let Some(additional) = additional {
                schema["additionalProperties"] = additional;
            }
            schema
        });
        let array = (inner.clone(), 0_u64..4, prop::option::of(0_u64..4)).prop_map(|(items, least, room)| {
            let mut schema = json!({ "type": "array", "items": items, "minItems": least });
            if let Some(room) = room {
                schema["maxItems"] = json!(least + room);
            }
            schema
        });
        let map = (inner.clone(), 0_u64..4).prop_map(
            |(values, least)| json!({ "type": "object", "additionalProperties": values, "minProperties": least }),
        );
        let union = (inner, any::<bool>()).prop_map(|(other, tagged)| {
            if tagged {
                return json!({ "oneOf": [
                    { "type": "object", "required": ["kind"], "properties": { "kind": { "type": "string", "enum": ["a"] }, "v": other } },
                    { "type": "object", "required": ["kind"], "properties": { "kind": { "type": "string", "enum": ["b"] } } },
                ] });
            }
            json!({ "anyOf": [{ "type": "array", "items": other }, { "type": "boolean" }, { "type": "string" }] })
        });
        prop_oneof![object, array, map, union]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn values_of_any_schema_are_valid(schema in schema()) {
        let document = document(&with_body(&schema, &json!({})));
        prop_assert_eq!(faults(&document), Vec::<String>::new(), "{}", schema);
    }

    #[test]
    fn no_schema_makes_the_program_panic(schema in schema()) {
        let document = document(&with_body(&schema, &json!({})));
        let program = program_of(&document);
        prop_assert!(left_out(&program).is_empty());
        prop_assert!(!program.file.contents.contains("compile_error"), "{}", program.file.contents);
    }
}

/// Returns the values of one schema in both modes.
fn both(schema: &Value, schemas: &Value) -> (Value, Value) {
    let document = document(&with_body(schema, schemas));
    assert_eq!(faults(&document), Vec::<String>::new());
    let (api, _) = read_api(&document).unwrap();
    let value = load::parse(&document.source).unwrap();
    let values = Values::new(&api, &value);
    let used = api.operations[0].body.as_ref().unwrap().media_types[0].ty;
    let make = |mode| values.make(used, Wish::body(mode)).unwrap().value.json();
    (make(Mode::Required), make(Mode::Full))
}

#[test]
fn narrow_bounds_are_met() {
    let several = |items: Value, count: u64| json!({ "type": "array", "items": items, "minItems": count, "maxItems": count, "uniqueItems": true });
    let one = |ty: &str, bounds: Value| {
        let mut schema = bounds;
        schema["type"] = json!(ty);
        schema
    };
    for schema in [
        several(one("number", json!({ "minimum": -1, "maximum": 19, "multipleOf": 6 })), 4),
        several(one("integer", json!({ "minimum": -20, "maximum": -10, "multipleOf": 5 })), 3),
        one("integer", json!({ "minimum": -40, "maximum": 1, "exclusiveMaximum": true })),
        several(one("boolean", json!({})), 2),
        several(one("string", json!({ "enum": ["a", "b", "c"] })), 3),
        several(one("string", json!({ "minLength": 2, "maxLength": 2 })), 5),
        several(one("string", json!({ "pattern": "^[ab]$" })), 2),
        several(one("string", json!({ "format": "date" })), 20),
        one("integer", json!({ "minimum": 7, "exclusiveMinimum": true, "maximum": 8 })),
        one("integer", json!({ "minimum": 2.5, "maximum": 3.5 })),
        one("integer", json!({ "multipleOf": 0.5, "minimum": 3 })),
        one("integer", json!({ "minimum": 9_223_372_036_854_775_807_u64 })),
        one("number", json!({ "minimum": 0, "exclusiveMinimum": true, "maximum": 0.001 })),
        one("number", json!({ "maximum": -3, "exclusiveMaximum": true })),
        one("string", json!({ "minLength": 900, "format": "password" })),
        one("string", json!({ "maxLength": 0 })),
        one("string", json!({ "pattern": "^(?!text)[a-z]+(?<!x)$" })),
        one("string", json!({ "pattern": "^(?=.*[A-Z])(?=.*[0-9]).+$", "minLength": 12 })),
        one("string", json!({ "format": "int64", "maxLength": 2 })),
        one("object", json!({ "minProperties": 2, "properties": { "a": {}, "b": {}, "c": {} } })),
        one("object", json!({ "maxProperties": 1, "properties": { "a": {}, "b": {} }, "additionalProperties": true })),
        one("object", json!({ "minProperties": 3, "additionalProperties": { "type": "integer" } })),
    ] {
        both(&schema, &json!({}));
    }
}

#[test]
fn what_is_required_is_all_there_is_at_first() {
    let schema = json!({
        "type": "object",
        "required": ["a", "n"],
        "properties": {
            "a": { "type": "string", "example": "as written" },
            "b": { "type": "integer", "minimum": 3 },
            "n": { "type": "string", "nullable": true },
            "r": { "type": "string", "readOnly": true },
        },
    });
    let (required, full) = both(&schema, &json!({}));
    assert_eq!(required, json!({ "a": "as written", "n": null }));
    assert_eq!(full.as_object().unwrap().keys().collect::<Vec<_>>(), ["a", "b", "n"]);
    for awkward in [" ", "/", "%", "&", "+", "ü", "\""] {
        assert!(full["a"].as_str().unwrap().contains(awkward), "{full}");
    }
}

#[test]
fn recursion_is_cut() {
    let tree = json!({ "$ref": "#/components/schemas/Tree" });
    let schemas = json!({
        "Tree": {
            "type": "object",
            "required": ["name", "list", "map"],
            "properties": {
                "name": { "type": "string" },
                "left": tree,
                "right": tree,
                "list": { "type": "array", "items": tree },
                "map": { "type": "object", "additionalProperties": tree },
            },
        },
    });
    let (required, full) = both(&tree, &schemas);
    assert_eq!(required, json!({ "name": "text", "list": [], "map": {} }));
    assert!(full["left"]["name"].is_string() && full["right"]["list"].is_array(), "{full}");
    assert!(full.to_string().len() < 5_000, "{}", full.to_string().len());
}

#[test]
fn what_has_no_end_is_told() {
    let schemas = json!({
        "Loop": { "type": "object", "required": ["loop"], "properties": { "loop": { "$ref": "#/components/schemas/Loop" } } },
    });
    let document = document(&with_body(&json!({ "$ref": "#/components/schemas/Loop" }), &schemas));
    let program = program_of(&document);
    assert_eq!(count(&program, "contract.call"), 0);
    let [told] = &program.diagnostics[..] else { panic!("{:#?}", program.diagnostics) };
    assert_eq!(told.code.0, "contract-value");
    assert!(told.message.contains("`send`"), "{}", told.message);
}

#[test]
fn wide_graphs_stay_small() {
    // Every type refers to all others: without a bound, there would be an astronomical number of values.
    let names: Vec<String> = (0..12).map(|number| format!("T{number}")).collect();
    let reference = |name: &String| json!({ "$ref": format!("#/components/schemas/{name}") });
    let properties: serde_json::Map<String, Value> = names.iter().map(|name| (name.clone(), reference(name))).collect();
    let schemas: serde_json::Map<String, Value> =
        names.iter().map(|name| (name.clone(), json!({ "type": "object", "properties": properties }))).collect();
    let (_, full) = both(&reference(&names[0]), &Value::Object(schemas));
    assert!(full.to_string().len() < 100_000);
}

#[test]
fn a_pattern_without_mapping_needs_an_example() {
    let schema = |example: Option<&str>| {
        let mut schema = json!({ "type": "string", "pattern": "^(a|b)\\1$" });
        if let Some(example) = example {
            schema["example"] = json!(example);
        }
        document(&with_body(&schema, &json!({})))
    };
    assert!(left_out(&program_of(&schema(Some("aa")))).is_empty());
    let without = program_of(&schema(None));
    assert_eq!(count(&without, "contract.call"), 0);
    assert!(without.diagnostics.iter().all(|told| told.message.contains("\\1")), "{:#?}", without.diagnostics);
}

#[test]
fn parameters_can_be_sent() {
    let text = json!({ "type": "string", "enum": ["", ".", "..", "fine"] });
    let value = json!({
        "openapi": "3.0.3",
        "info": { "title": "Test", "version": "1" },
        "paths": { "/{p}": { "get": {
            "operationId": "get",
            "parameters": [
                { "name": "p", "in": "path", "required": true, "schema": text },
                { "name": "h", "in": "header", "schema": { "type": "string" } },
            ],
            "responses": { "204": { "description": "" } },
        } } },
    });
    let document = document(&value);
    let (api, _) = read_api(&document).unwrap();
    let values = Values::new(&api, &value);
    for (what, _, used, place) in sent(&api) {
        for mode in [Mode::Required, Mode::Full] {
            let made = values.make(used, Wish { mode, place, separators: "", turn: 0 }).unwrap().value.json();
            let text = made.as_str().unwrap();
            match place {
                ValuePlace::Path => assert_eq!(text, "fine"),
                _ => assert!(text.is_ascii() && !text.is_empty(), "{what}: {text}"),
            }
        }
    }
}

#[test]
fn branches_that_only_require_are_satisfied() {
    let properties = json!({ "a": { "type": "string" }, "b": { "type": "string" }, "c": { "type": "string" } });
    let branches = json!([{ "required": ["a"] }, { "required": ["b", "c"] }]);
    let (required, full) = both(&json!({ "type": "object", "properties": properties, "oneOf": branches }), &json!({}));
    assert_eq!(required, json!({ "a": "text" }));
    assert_eq!(full.as_object().unwrap().keys().collect::<Vec<_>>(), ["a"]);
    let (required, full) = both(&json!({ "type": "object", "properties": properties, "anyOf": branches }), &json!({}));
    assert_eq!(required, json!({ "a": "text" }));
    assert_eq!(full.as_object().unwrap().len(), 3);
}

#[test]
fn a_listed_object_or_list_is_the_value() {
    let map = json!({ "type": "object", "additionalProperties": { "type": "object", "enum": [{}], "default": {} } });
    let (_, full) = both(&map, &json!({}));
    assert_eq!(full.as_object().unwrap().values().collect::<Vec<_>>(), [&json!({})]);
    let list = json!({ "type": "array", "items": { "type": "integer" }, "enum": [[1, 2], [3]] });
    assert_eq!(both(&list, &json!({})), (json!([1, 2]), json!([1, 2])));
}

#[test]
fn a_discriminator_that_no_branch_can_hold_is_not_what_counts() {
    let branch = |own: &str| {
        json!({
            "type": "object", "required": ["kind", own],
            "properties": { "kind": { "type": "string", "enum": ["x", "y"] }, own: { "type": "string" } },
        })
    };
    let mapping = json!({ "a": "#/components/schemas/A", "b": "#/components/schemas/B" });
    let branches = json!([{ "$ref": "#/components/schemas/A" }, { "$ref": "#/components/schemas/B" }]);
    let union = json!({ "anyOf": branches, "discriminator": { "propertyName": "kind", "mapping": mapping } });
    let (required, _) = both(&union, &json!({ "A": branch("one"), "B": branch("two") }));
    assert_eq!(required, json!({ "kind": "x", "one": "text" }));
    let schemas = json!({ "A": branch("one"), "B": branch("two"), "U": union });
    let program = program_of(&document(&with_body(&json!({ "$ref": "#/components/schemas/U" }), &schemas)));
    assert!(!program.file.contents.contains("compile_error"), "{}", program.file.contents);
    assert!(program.file.contents.contains("::B("), "{}", program.file.contents);
}

#[test]
fn what_became_any_value_is_made_from_the_document() {
    let alike = |ty: &str| json!({ "type": "object", "required": ["x"], "properties": { "x": { "type": ty, "maxLength": 3 } } });
    let schema = json!({ "oneOf": [{ "$ref": "#/components/schemas/One" }, alike("integer")] });
    let (required, _) = both(&schema, &json!({ "One": alike("string") }));
    assert_eq!(required, json!({ "x": "tex" }));
}

#[test]
fn what_became_any_value_may_contain_itself() {
    // Two equal branches, each of which leads back here.
    let alike = |name: &str| {
        let next = json!({ "$ref": format!("#/components/schemas/{name}") });
        json!({ "type": "object", "required": ["x"], "properties": { "x": next, "y": next } })
    };
    let schemas = json!({
        "Any": { "anyOf": [alike("Node"), alike("Node")] },
        "Node": { "type": "object", "properties": { "any": { "$ref": "#/components/schemas/Any" } } },
    });
    let (required, full) = both(&json!({ "$ref": "#/components/schemas/Node" }), &schemas);
    assert_eq!(required, json!({}));
    assert!(full["any"]["x"].is_object(), "{full}");
}
