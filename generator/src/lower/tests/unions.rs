//! Unions: discriminators, the rules, and schemas that are not unions.

use serde_json::json;

use super::*;
use crate::ir::{Expect, Integer, Key, Pattern, Place, Rule, Text, text_of};

type Told = (String, Expect, Vec<String>, Vec<(String, String)>);

/// Returns each variant's type (a component's name, or its shape) and test, in the order of tests.
fn first_match(api: &Api, name: &str) -> Vec<Told> {
    let Shape::Union(union) = &component(api, name).shape else { panic!("{:?}", component(api, name).shape) };
    assert_eq!(union.rule, Rule::FirstMatch);
    let describe = |ty: TypeRef| match &api.types[ty.ty].owner {
        Owner::Component(name) => name.clone(),
        Owner::Part(_, Place::Variant { index, .. }) => format!("#{index}"),
        other => format!("{other:?}"),
    };
    let variants = union.variants.iter();
    let told = |variant: &crate::ir::Variant| {
        let (keys, equal): (Vec<_>, Vec<_>) = variant.test.keys.iter().partition(|key| key.constants.is_empty());
        let text = |key: &Key| (key.name.clone(), text_of(&key.constants[0]));
        let keys = keys.into_iter().map(|key| key.name.clone()).collect();
        (describe(variant.ty), variant.test.expect, keys, equal.into_iter().map(text).collect())
    };
    variants.map(told).collect()
}

fn tags<'a>(api: &'a Api, name: &str) -> (&'a str, Vec<Vec<&'a str>>) {
    let Shape::Union(union) = &component(api, name).shape else { panic!("{:?}", component(api, name).shape) };
    let Rule::Tag(property) = &union.rule else { panic!("{:?}", union.rule) };
    let tags = |variant: &'a crate::ir::Variant| variant.tags.iter().map(String::as_str).collect();
    (property, union.variants.iter().map(tags).collect())
}

/// Returns the test of each variant in short notation.
fn looks(api: &Api, name: &str) -> Vec<String> {
    let Shape::Union(union) = &component(api, name).shape else { panic!("{:?}", component(api, name).shape) };
    let Rule::BestFit(patterns) = &union.rule else { panic!("{:?}", union.rule) };
    assert_eq!(patterns.len(), union.variants.len());
    patterns.iter().map(|patterns| brief(patterns)).collect()
}

fn brief(patterns: &[Pattern]) -> String {
    let one = |pattern: &Pattern| {
        let mut text = format!("{:?}", pattern.expect).to_lowercase();
        if !pattern.items.is_empty() {
            text.push_str(&format!("[{}]", brief(&pattern.items)));
        }
        for key in &pattern.keys {
            text.push_str(&format!(" {}{}", key.name, if key.required { "!" } else { "" }));
            if !key.constants.is_empty() {
                text.push_str(&format!("={}", key.constants.iter().map(text_of).collect::<Vec<_>>().join(",")));
            }
            if !key.kinds.is_empty() {
                let kinds: Vec<_> = key.kinds.iter().map(|kind| format!("{kind:?}")).collect();
                text.push_str(&format!(":{}", kinds.join(",")));
            }
            if !key.looks.is_empty() {
                text.push_str(&format!(":({})", brief(&key.looks)));
            }
        }
        text
    };
    patterns.iter().map(one).collect::<Vec<_>>().join(" | ")
}

fn pet(name: &str) -> Value {
    json!({ "type": "object", "required": ["kind"], "properties": {
        "kind": { "type": "string" }, name: { "type": "string" },
    } })
}

fn pets(union: Value) -> Value {
    let mut schemas = json!({ "Cat": pet("cat"), "Dog": pet("dog") });
    schemas["Pet"] = union;
    schemas
}

#[test]
fn implicit_names_select_components() {
    let api = api(with_schemas(pets(json!({
        "oneOf": [{ "$ref": "#/components/schemas/Cat" }, { "$ref": "#/components/schemas/Dog" }],
        "discriminator": { "propertyName": "kind" },
    }))));
    assert_eq!(tags(&api, "Pet"), ("kind", vec![vec!["Cat"], vec!["Dog"]]));
}

#[test]
fn a_mapping_has_references_or_bare_names() {
    let api = api(with_schemas(pets(json!({
        "anyOf": [{ "$ref": "#/components/schemas/Cat" }, { "$ref": "#/components/schemas/Dog" }],
        "discriminator": { "propertyName": "kind", "mapping": {
            "cat": "#/components/schemas/Cat", "kitty": "Cat", "dog": "Dog",
        } },
    }))));
    assert_eq!(tags(&api, "Pet"), ("kind", vec![vec!["cat", "kitty"], vec!["dog"]]));
}

#[test]
fn unmatched_values_select_the_default_branch() {
    let with_default = |default: &str| {
        let mut schemas = pets(json!({
            "oneOf": [{ "$ref": "#/components/schemas/Cat" }, { "$ref": "#/components/schemas/Dog" }],
            "discriminator": { "propertyName": "kind", "mapping": { "cat": "Cat" }, "x-default-mapping": default },
        }));
        schemas["Fox"] = json!({ "type": "object" });
        with_schemas(schemas)
    };
    for dog in ["Dog", "#/components/schemas/Dog"] {
        let api = api(with_default(dog));
        assert_eq!(tags(&api, "Pet"), ("kind", vec![vec!["cat"], vec![]]));
        assert_eq!(variants(&api, "Pet").iter().map(|one| one.is_default).collect::<Vec<_>>(), [false, true]);
    }
    let api = api_with(
        with_default("Fox"),
        &[("discriminator-mapping", "/components/schemas/Pet/discriminator/x-default-mapping")],
    );
    assert_eq!(tags(&api, "Pet"), ("kind", vec![vec!["cat"], vec!["Dog"]]));
}

#[test]
fn a_broken_mapping_is_an_error() {
    let document = with_schemas(pets(json!({
        "oneOf": [{ "$ref": "#/components/schemas/Cat" }, { "$ref": "#/components/schemas/Dog" }],
        "discriminator": { "propertyName": "kind", "mapping": { "cat": "Catt" } },
    })));
    let lowered = refused(document, &[("broken-reference", "/components/schemas/Pet/discriminator/mapping/cat")]);
    assert_eq!(lowered.diagnostics[0].help.as_deref(), Some("did you mean `Cat`?"));
}

#[test]
fn a_mapping_to_other_schemas_is_reported() {
    let mut schemas = pets(json!({
        "oneOf": [{ "$ref": "#/components/schemas/Cat" }, { "$ref": "#/components/schemas/Dog" }],
        "discriminator": { "propertyName": "kind", "mapping": { "cow": "Cow", "cat": "Cat", "dog": "Dog" } },
    }));
    schemas["Cow"] = pet("cow");
    let at = "/components/schemas/Pet/discriminator/mapping/cow";
    let api = api_with(with_schemas(schemas), &[("discriminator-mapping", at)]);
    assert_eq!(tags(&api, "Pet"), ("kind", vec![vec!["cat"], vec!["dog"]]));
}

#[test]
fn listed_strings_of_the_property_select_a_branch() {
    let branch = |kind: &str| json!({ "type": "object", "properties": { "kind": { "enum": [kind] } } });
    let api = api(with_schemas(json!({ "Pet": {
        "oneOf": [branch("cat"), branch("dog")], "discriminator": { "propertyName": "kind" },
    } })));
    assert_eq!(tags(&api, "Pet"), ("kind", vec![vec!["cat"], vec!["dog"]]));
}

#[test]
fn a_discriminator_is_inherited_from_the_shared_base() {
    let derived = |name: &str| json!({ "allOf": [{ "$ref": "#/components/schemas/Base" }, pet(name)] });
    let api = api(with_schemas(json!({
        "Base": { "type": "object", "required": ["kind"], "properties": { "kind": { "type": "string" } },
            "discriminator": { "propertyName": "kind", "mapping": { "c": "Cat", "d": "Dog" } } },
        "Cat": derived("cat"),
        "Dog": derived("dog"),
        "Pet": { "oneOf": [{ "$ref": "#/components/schemas/Dog" }, { "$ref": "#/components/schemas/Cat" }] },
    })));
    assert_eq!(tags(&api, "Pet"), ("kind", vec![vec!["d"], vec!["c"]]));
    // The base type itself represents any of its extensions, or only itself.
    assert_eq!(tags(&api, "Base"), ("kind", vec![vec!["c"], vec!["d"], vec!["Base"]]));
    assert_eq!(variants(&api, "Base")[0].ty.ty, id(&api, "Cat"));
    let names: Vec<_> = fields(&api, "Cat").iter().map(|field| &*field.wire_name).collect();
    assert_eq!(names, ["kind", "cat"]);
}

#[test]
fn a_value_may_select_a_type_between_the_base_and_others() {
    let derived =
        |base: &str, name: &str| json!({ "allOf": [{ "$ref": format!("#/components/schemas/{base}") }, pet(name)] });
    let schemas = |mapping: Value| {
        let mut party = derived("Entity", "name");
        party["discriminator"] = json!({ "propertyName": "kind", "mapping": { "org": "Org" } });
        let tagging = json!({ "propertyName": "kind", "mapping": mapping });
        let kind = json!({ "type": "string", "enum": ["party", "org"] });
        json!({
            "Entity": { "type": "object", "required": ["kind"], "properties": { "kind": kind }, "discriminator": tagging },
            "Party": party,
            "Org": derived("Party", "vat"),
        })
    };
    let api = api(with_schemas(schemas(json!({ "party": "Party", "org": "Org" }))));
    assert_eq!(tags(&api, "Entity"), ("kind", vec![vec!["party"], vec!["org"]]));
    let Shape::Object(party) = &api.types[variants(&api, "Entity")[0].ty.ty].shape else { panic!("no object") };
    let names: Vec<_> = party.fields.iter().map(|field| &*field.wire_name).collect();
    assert_eq!(names, ["kind", "name"]);
    // No discriminator value selects it.
    let api = self::api(with_schemas(schemas(json!({ "org": "Org" }))));
    assert_eq!(tags(&api, "Entity").1, [["org"]]);
}

#[test]
fn a_base_without_extensions_is_an_object() {
    let mut base = pet("x");
    base["discriminator"] = json!({ "propertyName": "kind" });
    let api = api(with_schemas(json!({ "Base": base })));
    assert_eq!(fields(&api, "Base").len(), 2);
}

#[test]
fn a_branch_without_the_discriminator_is_identified_by_its_properties() {
    let mut schemas = pets(json!({
        "oneOf": [{ "$ref": "#/components/schemas/Cat" }, { "$ref": "#/components/schemas/Fish" }],
        "discriminator": { "propertyName": "kind" },
    }));
    schemas["Fish"] =
        json!({ "type": "object", "required": ["fins"], "properties": { "fins": { "type": "integer" } } });
    let api = api_with(with_schemas(schemas), &[("discriminator-property", "/components/schemas/Pet/oneOf/1")]);
    let expected = [
        ("Cat".to_owned(), Expect::Object, vec!["kind".to_owned()], vec![]),
        ("Fish".to_owned(), Expect::Object, vec!["fins".to_owned()], vec![]),
    ];
    assert_eq!(first_match(&api, "Pet"), expected);
}

#[test]
fn a_branch_may_be_a_union_of_objects_with_the_discriminator() {
    let kind = |values: &[&str]| {
        json!({ "type": "object", "required": ["kind"], "properties": {
        "kind": { "type": "string", "enum": values }, values[0]: { "type": "string" },
    } })
    };
    let mut schemas = pets(json!({
        "oneOf": [{ "$ref": "#/components/schemas/Cat" }, { "$ref": "#/components/schemas/Bird" }],
        "discriminator": { "propertyName": "kind", "mapping": { "cat": "Cat", "owl": "Bird" } },
    }));
    schemas["Bird"] = json!({ "anyOf": [kind(&["owl"]), { "oneOf": [kind(&["tit", "owl"]), kind(&["jay"])] }] });
    let api = api(with_schemas(schemas.clone()));
    assert_eq!(tags(&api, "Pet"), ("kind", vec![vec!["cat"], vec!["owl"]]));
    schemas["Pet"]["discriminator"] = json!({ "propertyName": "kind" });
    let api = super::api(with_schemas(schemas.clone()));
    assert_eq!(tags(&api, "Pet"), ("kind", vec![vec!["Cat"], vec!["owl", "tit", "jay"]]));
    schemas["Bird"] = json!({ "oneOf": [kind(&["owl"]), { "properties": { "wings": {} } }] });
    let api = api_with(with_schemas(schemas), &[("discriminator-property", "/components/schemas/Pet/oneOf/1")]);
    assert_eq!(variants(&api, "Pet").len(), 3);
}

#[test]
fn a_mapping_selects_branches_that_do_not_declare_the_discriminator() {
    let mut schemas = json!({ "Pet": {
        "oneOf": [{ "$ref": "#/components/schemas/Cat" }, { "$ref": "#/components/schemas/Dog" }],
        "discriminator": { "propertyName": "kind", "mapping": { "cat": "Cat", "dog": "Dog" } },
    } });
    for (name, property) in [("Cat", "lives"), ("Dog", "barks")] {
        schemas[name] = json!({ "type": "object", "required": [property], "properties": { property: {} } });
    }
    let api = api(with_schemas(schemas.clone()));
    assert_eq!(tags(&api, "Pet"), ("kind", vec![vec!["cat"], vec!["dog"]]));
    let kind = field(&api, "Dog", "kind");
    assert!(!kind.distinguishes && !kind.required_when_read);
    assert_eq!(kind.constant, Some(json!("dog")));
    schemas["Pet"]["discriminator"]["mapping"] = json!({ "cat": "Cat" });
    let api = api_with(with_schemas(schemas), &[("discriminator-property", "/components/schemas/Pet/oneOf/1")]);
    assert_eq!(first_match(&api, "Pet").len(), 2);
}

#[test]
fn json_types_come_first() {
    let api = api(with_schemas(json!({ "A": { "oneOf": [
        { "type": "string" },
        { "type": "integer" },
        { "type": "boolean" },
        { "type": "array", "items": { "type": "string" } },
        { "type": "object", "properties": { "x": {} } },
    ] } })));
    let kinds: Vec<_> = first_match(&api, "A").into_iter().map(|(_, json, ..)| json).collect();
    use Expect::{Array, Boolean, Integer, Object, String};
    assert_eq!(kinds, [String, Integer, Boolean, Array, Object]);
}

#[test]
fn objects_are_distinguished_by_unique_keys() {
    let api = api(with_schemas(json!({
        // Every value of `Circle` could be a `Ball`, so `Ball` is tried first.
        "Circle": { "type": "object", "required": ["radius"], "properties": { "radius": { "type": "number" } } },
        "Ball": { "type": "object", "required": ["radius", "depth"], "properties": {
            "radius": { "type": "number" }, "depth": { "type": "number" },
        } },
        "A": { "oneOf": [{ "$ref": "#/components/schemas/Circle" }, { "$ref": "#/components/schemas/Ball" }] },
    })));
    let expected = [
        ("Ball".to_owned(), Expect::Object, vec!["depth".to_owned()], vec![]),
        ("Circle".to_owned(), Expect::Object, vec![], vec![]),
    ];
    assert_eq!(first_match(&api, "A"), expected);
}

#[test]
fn texts_of_one_format_keep_it() {
    let text = |format: &str, docs: &str| json!({ "type": "string", "format": format, "description": docs });
    let either = |a: &str, b: &str| json!({ "anyOf": [text(a, "one"), text(b, "another")] });
    let api = api(with_schemas(json!({
        "Bytes": either("byte", "byte"),
        "Times": either("date-time", "date-time"),
        "Dates": either("date", "date"),
        "Any": either("byte", "email"),
        "Either": either("date-time", "date"),
    })));
    let expected = [
        ("Bytes", Text::Base64),
        ("Times", Text::DateTime),
        ("Dates", Text::Date),
        ("Any", Text::Plain),
        ("Either", Text::Plain),
    ];
    for (name, text) in expected {
        assert_eq!(component(&api, name).shape, Shape::Text(text), "{name}");
    }
}

#[test]
fn optional_keys_do_not_distinguish() {
    let object = |keys: &[&str]| {
        let properties: serde_json::Map<_, _> = keys.iter().map(|key| ((*key).to_owned(), json!({}))).collect();
        json!({ "type": "object", "required": keys, "properties": properties })
    };
    let branches = [object(&["id", "login", "admin"]), object(&["id", "plan"]), object(&["id"])];
    let api = api(with_schemas(json!({ "A": { "oneOf": branches } })));
    let keys: Vec<_> = first_match(&api, "A").into_iter().map(|(_, _, keys, _)| keys).collect();
    assert_eq!(keys, [vec!["login", "admin"], vec!["plan"], vec![]]);
}

/// A summary with further keys may have the string of the other object.
#[test]
fn a_string_alone_does_not_select_an_object_with_a_summary() {
    let keys = ["id", "kind", "name"];
    let properties = json!({ "id": {}, "kind": { "type": "string", "enum": ["a"] }, "name": {} });
    let full = json!({ "type": "object", "required": keys, "properties": properties });
    let told = |more: Value| {
        let brief =
            json!({ "type": "object", "required": ["id"], "properties": { "id": {} }, "additionalProperties": more });
        let api = api(with_schemas(json!({ "A": { "oneOf": [brief, full] } })));
        first_match(&api, "A").into_iter().map(|(.., keys, equal)| (keys, equal.len())).collect::<Vec<_>>()
    };
    assert_eq!(told(json!(true)), [(vec!["name".to_owned()], 1), (vec![], 0)]);
    assert_eq!(told(json!(false)), [(vec![], 1), (vec![], 0)]);
}

#[test]
fn objects_are_distinguished_by_unique_strings() {
    let event = |kind: &str| {
        json!({ "type": "object", "required": ["kind", "id"], "properties": {
            "id": { "type": "string" }, "kind": { "type": "string", "enum": [kind] },
        } })
    };
    let api = api(with_schemas(json!({ "A": { "oneOf": [event("on"), event("off")] } })));
    let equal = |text: &str| vec![("kind".to_owned(), text.to_owned())];
    let expected = [
        ("#0".to_owned(), Expect::Object, vec![], equal("on")),
        ("#1".to_owned(), Expect::Object, vec![], equal("off")),
    ];
    assert_eq!(first_match(&api, "A"), expected);
}

#[test]
fn shared_strings_do_not_distinguish() {
    let event = |kind: Value| {
        let mut event = json!({ "type": "object", "required": ["kind"], "properties": {} });
        event["properties"]["kind"] = kind;
        event
    };
    let listed = |texts: &[&str]| event(json!({ "type": "string", "enum": texts }));
    let api = api(with_schemas(json!({
        "Any": { "oneOf": [listed(&["on"]), event(json!({ "type": "string" }))] },
        "Shared": { "oneOf": [listed(&["on"]), listed(&["on", "off"])] },
        "Apart": { "oneOf": [listed(&["on"]), listed(&["off", "idle"])] },
    })));
    for name in ["Any", "Shared"] {
        assert_eq!(looks(&api, name), ["object kind!=on", "object kind!"], "{name}");
    }
    let equal = vec![("kind".to_owned(), "on".to_owned())];
    let expected =
        [("#0".to_owned(), Expect::Object, vec![], equal), ("#1".to_owned(), Expect::Object, vec![], vec![])];
    assert_eq!(first_match(&api, "Apart"), expected);
}

#[test]
fn an_alias_in_an_operation_is_its_target() {
    let mut document =
        with_operation(json!({ "parameters": [{ "name": "q", "in": "query", "required": true, "schema": {
        "anyOf": [{ "$ref": "#/components/schemas/Color" }, { "type": "string", "nullable": true }],
    } }] }));
    document["components"] = json!({ "schemas": { "Color": { "type": "string", "enum": ["red", "rose"] } } });
    let api = api(document);
    let ty = api.operations[0].parameters[0].ty;
    assert_eq!((ty.ty, ty.nullable), (id(&api, "Color"), true));
    assert_eq!(api.types.len(), 1);
}

#[test]
fn optional_strings_distinguish_by_fit() {
    let event = |kind: Value| json!({ "type": "object", "properties": { "kind": kind } });
    let text = |text: &str| event(json!({ "type": "string", "enum": [text] }));
    let number = |number: i64| event(json!({ "type": "integer", "enum": [number] }));
    let api = api(with_schemas(json!({
        "A": { "oneOf": [text("on"), text("off")] },
        "B": { "oneOf": [number(1), number(2)] },
    })));
    assert_eq!(looks(&api, "A"), ["object kind=on", "object kind=off"]);
    assert_eq!(looks(&api, "B"), ["object kind=1", "object kind=2"]);
}

#[test]
fn indistinguishable_values_go_to_the_best_match() {
    let thing = |key: &str, ty: &str| json!({ "type": "object", "properties": { "id": {}, key: { "type": ty } } });
    let arrays = |items: Value| json!({ "type": "array", "items": items });
    let map = json!({ "type": "object", "additionalProperties": { "type": "number" } });
    let api = api(with_schemas(json!({
        "Keys": { "oneOf": [thing("x", "string"), thing("y", "string")] },
        "Types": { "oneOf": [thing("x", "string"), thing("x", "integer")] },
        "Arrays": { "anyOf": [arrays(json!({ "type": "string" })), arrays(json!({ "type": "integer" })), { "type": "boolean" }] },
        "Deep": { "anyOf": [arrays(thing("x", "string")), arrays(thing("y", "string"))] },
        "Open": { "anyOf": [{}, { "type": "string" }] },
        "Map": { "anyOf": [thing("x", "string"), map] },
        "Free": { "anyOf": [{ "$ref": "#/components/schemas/Base" }, { "$ref": "#/components/schemas/Other" }] },
        "Base": { "type": "object" },
        "Other": { "type": "object", "properties": {} },
        "Required": { "anyOf": [map, { "type": "object", "required": ["x"], "properties": { "x": { "type": "string" } } }] },
    })));
    assert_eq!(looks(&api, "Keys"), ["object x", "object y"]);
    assert_eq!(looks(&api, "Types"), ["object x:String", "object x:Integer"]);
    assert_eq!(looks(&api, "Arrays"), ["array[string]", "array[integer]", "boolean"]);
    assert_eq!(looks(&api, "Deep"), ["array[object x]", "array[object y]"]);
    assert_eq!(looks(&api, "Open"), ["string", "any"]);
    assert_eq!(looks(&api, "Map"), ["object id x:String", "map[number]"]);
    assert_eq!(component(&api, "Free").shape, Shape::Alias(TypeRef::of(id(&api, "Base"))));
    assert_eq!(looks(&api, "Required"), ["map[number]", "object x!:String"]);
    assert!(api.untyped.is_empty());
}

#[test]
fn unreachable_branches_are_reported() {
    let thing = || json!({ "type": "object", "properties": { "x": { "type": "string" } } });
    let schemas = json!({
        "Left": thing(), "Right": thing(),
        "A": { "oneOf": [{ "$ref": "#/components/schemas/Left" }, { "$ref": "#/components/schemas/Right" }] },
        "B": { "oneOf": [{ "$ref": "#/components/schemas/Left" }, thing()] },
    });
    let lowered = run(with_schemas(schemas));
    assert_eq!(found(&lowered), [("undecidable-union", "/components/schemas/A/oneOf")]);
    let message = &lowered.diagnostics[0].message;
    assert!(message.starts_with("`Right` is unreachable"), "{message}");
    let api = lowered.api.unwrap();
    assert_eq!(variants(&api, "A").len(), 2);
    // An equal inline branch is the same branch.
    assert_eq!(component(&api, "B").shape, Shape::Alias(TypeRef::of(id(&api, "Left"))));
}

#[test]
fn branches_with_a_shared_string_are_distinguished_otherwise() {
    let message = |key: &str| {
        json!({ "type": "object", "required": ["type"], "properties": {
            "type": { "type": "string", "enum": ["message"] }, key: { "type": "string" },
        } })
    };
    let mut schemas = json!({ "In": message("in"), "Out": message("out"), "Call": message("call") });
    schemas["Call"]["properties"]["type"] = json!({ "type": "string" });
    schemas["Item"] = json!({
        "oneOf": [{ "$ref": "#/components/schemas/In" }, { "$ref": "#/components/schemas/Out" },
            { "$ref": "#/components/schemas/Call" }],
        "discriminator": { "propertyName": "type", "mapping": { "call": "#/components/schemas/Call" } },
    });
    let api = api(with_schemas(schemas));
    assert_eq!(looks(&api, "Item"), ["object type!=message in", "object type!=message out", "object type!=call call"],);
}

#[test]
fn scalars_of_one_json_type_are_joined() {
    let api = api(with_schemas(json!({
        "Color": { "type": "string", "enum": ["red", "rose"] },
        "Small": { "anyOf": [{ "type": "string", "enum": ["small"] }, { "type": "string" }] },
        "Only": { "type": "string", "enum": ["small"] },
        "NotOnly": { "anyOf": [{ "type": "string" }, { "$ref": "#/components/schemas/Only" }] },
        "Cleared": { "anyOf": [{ "type": "string" }, { "type": "string", "enum": [""] }] },
        "One": { "anyOf": [{ "type": "integer", "enum": [1] }, { "type": "integer" }] },
        "Either": { "anyOf": [{ "type": "boolean", "enum": [true] }, { "type": "boolean", "enum": [false] }] },
        "Open": { "anyOf": [{ "type": "string" }, { "type": "string", "enum": ["a", "b"] }] },
        "Named": { "anyOf": [{ "$ref": "#/components/schemas/Color" }, { "type": "string" }] },
        "Both": { "anyOf": [{ "$ref": "#/components/schemas/Color" }, { "type": "string", "enum": ["blue"] }] },
        "Moment": { "anyOf": [{ "type": "string", "format": "date-time" }, { "type": "string", "enum": ["now"] }] },
        "Number": { "oneOf": [{ "type": "integer" }, { "type": "number" }] },
        "Mixed": { "oneOf": [{ "type": "integer" }, { "type": "string" }, { "type": "number", "nullable": true }] },
    })));
    let texts = |name: &str| match &component(&api, name).shape {
        Shape::TextEnum(values) => values.iter().map(|value| value.wire.clone()).collect::<Vec<_>>(),
        other => panic!("{other:?}"),
    };
    assert_eq!(texts("Open"), ["a", "b"]);
    assert_eq!(component(&api, "Named").shape, Shape::Alias(TypeRef::of(id(&api, "Color"))));
    assert_eq!(texts("Both"), ["red", "rose", "blue"]);
    for name in ["Small", "NotOnly"] {
        assert_eq!(texts(name), ["small"]);
        assert!(component(&api, name).open);
    }
    assert!(!component(&api, "Only").open && !component(&api, "Both").open && component(&api, "Open").open);
    assert_eq!(*api.types.shape(id(&api, "Cleared")), Shape::Text(Text::Plain));
    assert_eq!(*api.types.shape(id(&api, "One")), Shape::Integer(Integer::I64));
    assert!(api.types.resolved(id(&api, "Either")).values.is_empty());
    assert_eq!(component(&api, "Moment").shape, Shape::Text(Text::Plain));
    assert_eq!(component(&api, "Number").shape, Shape::Decimal);
    let mixed: Vec<_> = first_match(&api, "Mixed").into_iter().map(|(_, json, ..)| json).collect();
    assert_eq!(mixed, [Expect::Number, Expect::String]);
}

#[test]
fn enumerations_or_any_string_are_open() {
    let kind = |text: &str| json!({ "anyOf": [{ "type": "string", "enum": [text] }, { "type": "string" }] });
    let object = |kind: Value| json!({ "type": "object", "required": ["kind"], "properties": { "kind": kind } });
    let api = api(with_schemas(json!({
        "A": object(kind("a")),
        "B": object(kind("b")),
        "C": { "type": "object", "properties": { "kind": { "anyOf": [{ "enum": ["c"] }, { "type": "string" }], "default": "d" } } },
        "D": { "type": "object", "properties": {
            "either": { "oneOf": [{ "$ref": "#/components/schemas/A" }, { "$ref": "#/components/schemas/B" }] },
        } },
    })));
    assert_eq!(field(&api, "A", "kind").constant, None);
    assert_eq!(field(&api, "C", "kind").default, Some(json!("d")));
    let Shape::Union(union) = shape(&api, field(&api, "D", "either").ty) else { panic!() };
    assert!(matches!(union.rule, Rule::BestFit(_)), "they make a branch likelier, and do not exclude it");
}

#[test]
fn mixed_enumerations_stay_one_branch() {
    let document = with_schemas(json!({
        "Level": { "enum": ["auto", 1, 0.5], "nullable": true },
        "OrList": { "oneOf": [{ "$ref": "#/components/schemas/Level" }, { "type": "array", "items": {} }] },
        "OrBoolean": { "oneOf": [{ "$ref": "#/components/schemas/Level" }, { "type": "boolean" }] },
        "OrText": { "oneOf": [{ "enum": ["auto", "off", 1, 2] }, { "type": "string" }] },
        "A": { "type": "object", "required": ["of"], "properties": { "of": { "enum": [1, "one"] } } },
        "B": { "type": "object", "required": ["of"], "properties": { "of": { "enum": [2, "two"] } } },
        "Told": { "oneOf": [{ "$ref": "#/components/schemas/A" }, { "$ref": "#/components/schemas/B" }] },
    }));
    let api = api_with(document, &[("undecidable-union", "/components/schemas/OrText/oneOf")]);
    assert_eq!(looks(&api, "OrList"), ["number | string", "array"]);
    assert_eq!(looks(&api, "OrBoolean"), ["number | string", "boolean"]);
    let shapes = |name: &str| variants(&api, name).iter().map(|one| shape(&api, one.ty).clone()).collect::<Vec<_>>();
    assert!(matches!(shapes("OrText")[..], [Shape::MixedEnum(_), Shape::Text(Text::Plain)]));
    assert_eq!(looks(&api, "Told"), ["object of!=1,one", "object of!=2,two"]);
}

#[test]
fn null_branches_make_a_union_nullable() {
    let api = api(with_schemas(json!({
        "A": { "oneOf": [{ "type": "string" }, { "type": "integer", "nullable": true }] },
        "B": { "oneOf": [{ "type": "string" }, { "type": "integer" }, { "enum": [null] }] },
        "User": { "type": "object", "properties": {
            "a": { "$ref": "#/components/schemas/A" }, "b": { "$ref": "#/components/schemas/B" },
        } },
    })));
    assert!(field(&api, "User", "a").ty.nullable);
    assert!(field(&api, "User", "b").ty.nullable);
    assert_eq!(variants(&api, "B").len(), 2);
}

#[test]
fn nested_unions_are_flattened() {
    let api = api(with_schemas(json!({
        "Inner": { "oneOf": [{ "type": "string" }, { "type": "integer" }] },
        "Outer": { "oneOf": [{ "$ref": "#/components/schemas/Inner" }, { "type": "boolean" }] },
        "Inline": { "oneOf": [{ "anyOf": [{ "type": "string" }, { "type": "integer" }] }, { "type": "boolean" }] },
    })));
    use Expect::{Boolean, Integer, String};
    for name in ["Outer", "Inline"] {
        let kinds: Vec<_> = first_match(&api, name).into_iter().map(|(_, json, ..)| json).collect();
        assert_eq!(kinds, [String, Integer, Boolean], "{name}");
    }
    // The inner union's inline branches belong to the outer one, in order.
    let owners: Vec<_> = first_match(&api, "Inline").into_iter().map(|(owner, ..)| owner).collect();
    assert_eq!(owners, ["#0", "#1", "#2"]);
}

#[test]
fn a_union_in_itself_is_dropped() {
    let document = with_schemas(json!({
        "A": { "oneOf": [{ "type": "string" }, { "$ref": "#/components/schemas/B" }] },
        "B": { "oneOf": [{ "type": "integer" }, { "$ref": "#/components/schemas/A" }] },
    }));
    let api = api(document);
    use Expect::{Integer, String};
    for (name, expected) in [("A", [String, Integer]), ("B", [Integer, String])] {
        let kinds: Vec<_> = first_match(&api, name).into_iter().map(|(_, json, ..)| json).collect();
        assert_eq!(kinds, expected, "{name}");
    }
    let itself = json!({ "$ref": "#/components/schemas/A" });
    let nothing = with_schemas(json!({ "A": { "oneOf": [itself, { "anyOf": [itself, itself] }] } }));
    let api = api_with(nothing, &[("undecidable-union", "/components/schemas/A/oneOf/1/anyOf")]);
    assert_eq!(api.untyped.len(), 1);
}

#[test]
fn siblings_of_branches_apply_to_each() {
    let api = api(with_schemas(json!({ "A": {
        "type": "object",
        "required": ["id"],
        "properties": { "id": { "type": "integer" } },
        "oneOf": [
            { "required": ["x"], "properties": { "x": { "type": "string" } } },
            { "required": ["y"], "properties": { "y": { "type": "string" } } },
        ],
    } })));
    let names: Vec<Vec<String>> = variants(&api, "A")
        .iter()
        .map(|variant| match shape(&api, variant.ty) {
            Shape::Object(object) => object.fields.iter().map(|field| field.wire_name.clone()).collect(),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(names, [["id", "x"], ["id", "y"]]);
    let keys: Vec<_> = first_match(&api, "A").into_iter().map(|(_, _, keys, _)| keys).collect();
    assert_eq!(keys, [["x"], ["y"]]);
}

#[test]
fn branches_that_repeat_their_siblings_are_unchanged() {
    let api = api(with_schemas(pets(json!({
        "type": "object",
        "properties": { "kind": { "type": "string" } },
        "discriminator": { "propertyName": "kind" },
        "oneOf": [{ "$ref": "#/components/schemas/Cat" }, { "$ref": "#/components/schemas/Dog" }],
    }))));
    let branches: Vec<_> = variants(&api, "Pet").iter().map(|variant| variant.ty.ty).collect();
    assert_eq!(branches, [id(&api, "Cat"), id(&api, "Dog")]);
}

#[test]
fn objects_in_unions_are_boxed() {
    let api = api(with_schemas(json!({
        "Expr": { "oneOf": [{ "type": "string" }, { "$ref": "#/components/schemas/Sum" }, { "type": "array" }] },
        "Small": { "oneOf": [{ "type": "string" }, { "type": "object", "properties": { "a": { "type": "boolean" } } }] },
        "Sum": { "type": "object", "required": ["left", "right"], "properties": {
            "left": { "$ref": "#/components/schemas/Expr" }, "right": { "$ref": "#/components/schemas/Expr" },
        } },
    })));
    let boxed = |name: &str| variants(&api, name).iter().map(|variant| variant.ty.boxed).collect::<Vec<_>>();
    assert_eq!((boxed("Expr"), boxed("Small")), (vec![false, true, false], vec![false, true]));
    // So the properties need no box.
    assert!(!field(&api, "Sum", "left").ty.boxed && !field(&api, "Sum", "right").ty.boxed);
}

#[test]
fn sibling_additional_properties_apply_to_each_branch() {
    let api = api_with(
        with_schemas(json!({
            "T": {
                "type": "object",
                "additionalProperties": { "type": "string" },
                "anyOf": [
                    { "$ref": "#/components/schemas/A" },
                    { "type": "object", "properties": { "b": { "type": "string" } }, "additionalProperties": false },
                ],
            },
            "A": { "type": "object", "properties": { "a": { "type": "string" } } },
        })),
        &[],
    );
    let additional: Vec<bool> = variants(&api, "T")
        .iter()
        .map(|variant| matches!(shape(&api, variant.ty), Shape::Object(object) if object.additional.is_some()))
        .collect();
    assert_eq!(additional, [true, false]);
    assert!(matches!(&component(&api, "A").shape, Shape::Object(object) if object.additional.is_none()));
}

#[test]
fn write_only_properties_do_not_distinguish_read_branches() {
    let object = |required: &str, others: Value| {
        let mut properties = json!({ required: { "type": "string", "writeOnly": true } });
        properties.as_object_mut().unwrap().extend(others.as_object().unwrap().clone());
        json!({ "type": "object", "required": [required, "id"], "properties": properties })
    };
    let id = json!({ "id": { "type": "string" } });
    let api = api_with(
        with_schemas(json!({
            "T": { "oneOf": [{ "$ref": "#/components/schemas/A" }, { "$ref": "#/components/schemas/B" }] },
            "A": object("password", json!({ "id": { "type": "string" }, "age": { "type": "integer" } })),
            "B": object("key", id),
        })),
        &[],
    );
    let Shape::Union(union) = &component(&api, "T").shape else { panic!() };
    let Rule::BestFit(patterns) = &union.rule else { panic!("{union:?}") };
    assert!(patterns.iter().flatten().flat_map(|pattern| &pattern.keys).all(|key| !key.required), "{patterns:?}");
}
