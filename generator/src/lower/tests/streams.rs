//! Responses that are streams, and their items.

use serde_json::{Value, json};

use super::{api, run, with_operation};
use crate::ir::{Integer, MediaKind, Shape, StreamKind, Text};

const EVENTS: &str = "text/event-stream";

/// Returns a document with one operation that has a media type at this status.
fn answering(status: &str, name: &str, media_type: &Value) -> Value {
    with_operation(json!({ "responses": { status: { "description": "", "content": { name: media_type } } } }))
}

/// Returns the kind of an operation's success, and the shape of an item.
fn found(name: &str, media_type: &Value) -> (MediaKind, Shape) {
    let api = api(answering("200", name, media_type));
    let media_type = &api.operations[0].responses[0].media_types[0];
    (media_type.kind, api.types.shape(media_type.ty.ty).clone())
}

#[test]
fn media_type_and_schema_determine_items() {
    let integer = Shape::Integer(Integer::I64);
    let item = json!({ "x-item-schema": { "type": "integer" } });
    let list = json!({ "schema": { "type": "array", "items": { "type": "integer" } } });
    let one = json!({ "schema": { "type": "integer" } });
    for (name, kind) in [
        (EVENTS, StreamKind::JsonEvents),
        ("Text/Event-Stream; charset=utf-8", StreamKind::JsonEvents),
        ("application/jsonl", StreamKind::JsonLines),
        ("application/x-ndjson", StreamKind::JsonLines),
        ("application/stream+json", StreamKind::JsonLines),
        ("application/json-seq", StreamKind::JsonSequence),
    ] {
        for media_type in [&item, &list, &one] {
            assert_eq!(found(name, media_type), (MediaKind::Stream(kind), integer.clone()), "{name} {media_type}");
        }
    }
    let lines = MediaKind::Stream(StreamKind::JsonLines);
    assert_eq!(found("application/json", &item), (lines, integer), "JSON Lines under the name of JSON");
    for (name, media_type, kind) in [
        (EVENTS, json!({}), MediaKind::Stream(StreamKind::TextEvents)),
        (EVENTS, json!({ "schema": { "type": "string" } }), MediaKind::Stream(StreamKind::TextEvents)),
        (EVENTS, json!({ "schema": { "type": "string", "format": "binary" } }), MediaKind::Binary),
        ("application/jsonl", json!({}), MediaKind::Stream(StreamKind::JsonLines)),
        (
            "application/json-seq",
            json!({ "schema": { "type": "string" } }),
            MediaKind::Stream(StreamKind::JsonSequence),
        ),
    ] {
        assert_eq!(found(name, &media_type).0, kind, "{name} {media_type}");
    }
}

#[test]
fn events_are_distinguished_from_data() {
    let object = |properties: Value| json!({ "type": "object", "properties": properties });
    let string = json!({ "type": "string" });
    let content = json!({ "type": "string", "x-content-schema": { "type": "boolean" } });
    let whole =
        |data: &Value| json!([object(json!({ "event": string, "data": data })), object(json!({ "event": string }))]);
    for (schema, item, data) in [
        (object(json!({ "data": string, "id": string })), StreamKind::TextEvents, StreamKind::JsonEvents),
        (object(json!({ "data": string })), StreamKind::TextEvents, StreamKind::TextEvents),
        (object(json!({ "data": content, "event": string })), StreamKind::JsonEvents, StreamKind::JsonEvents),
        (object(json!({ "data": string, "other": string })), StreamKind::JsonEvents, StreamKind::JsonEvents),
        (object(json!({ "id": string })), StreamKind::JsonEvents, StreamKind::JsonEvents),
        (json!({ "oneOf": whole(&string) }), StreamKind::TextEventObjects, StreamKind::TextEventObjects),
        (json!({ "anyOf": whole(&json!({ "type": "object" })) }), StreamKind::EventObjects, StreamKind::EventObjects),
        (
            json!({ "oneOf": [object(json!({ "event": string, "data": {} })), object(json!({ "event": string, "data": { "type": "object" } }))] }),
            StreamKind::EventObjects,
            StreamKind::EventObjects,
        ),
        (
            json!({ "oneOf": [object(json!({ "event": string, "data": string })), object(json!({ "event": string, "data": {} }))] }),
            StreamKind::TextEventObjects,
            StreamKind::TextEventObjects,
        ),
        (
            json!({ "oneOf": [string, object(json!({ "event": string }))] }),
            StreamKind::JsonEvents,
            StreamKind::JsonEvents,
        ),
    ] {
        let kind = |key: &str| found(EVENTS, &json!({ key: schema })).0;
        assert_eq!(kind("x-item-schema"), MediaKind::Stream(item), "{schema}");
        assert_eq!(kind("schema"), MediaKind::Stream(data), "{schema}");
    }
    let with_content = json!({ "x-item-schema": object(json!({ "data": content })) });
    assert_eq!(found(EVENTS, &with_content).1, Shape::Boolean);
}

#[test]
fn event_strings_can_contain_json() {
    let event = |name: &str, data: Value| json!({ "properties": { "event": { "enum": [name] }, "data": data } });
    let schema = json!({
        "type": "object",
        "properties": { "event": { "type": "string" }, "data": { "type": "string" } },
        "required": ["event"],
        "oneOf": [event("note", json!({})), event("number", json!({ "x-content-schema": { "type": "boolean" } }))],
    });
    let api = api(answering("200", EVENTS, &json!({ "x-item-schema": schema })));
    let media_type = &api.operations[0].responses[0].media_types[0];
    assert_eq!(media_type.kind, MediaKind::Stream(StreamKind::TextEventObjects));
    let Shape::Union(union) = api.types.shape(media_type.ty.ty) else { panic!("{api:?}") };
    let data = |index: usize| {
        let Shape::Object(object) = api.types.shape(union.variants[index].ty.ty) else { panic!() };
        let [event, data] = object.fields.as_slice() else { panic!("{object:?}") };
        assert!(event.required_when_read);
        api.types.shape(data.ty.ty)
    };
    assert_eq!(*data(0), Shape::Text(Text::Plain));
    let Shape::Contained(inner) = data(1) else { panic!("{:?}", data(1)) };
    assert_eq!(*api.types.shape(inner.ty), Shape::Boolean);
}

#[test]
fn only_successes_are_streams() {
    let media_type = json!({ "schema": { "type": "integer" } });
    let kinds = |document: Value| -> Vec<MediaKind> {
        let api = api(document);
        let responses = api.operations[0].responses.iter().flat_map(|response| &response.media_types);
        responses.map(|media_type| media_type.kind).collect()
    };
    let stream = MediaKind::Stream(StreamKind::JsonEvents);
    for (status, kind) in [("2XX", stream), ("default", stream), ("404", MediaKind::Text), ("302", MediaKind::Text)] {
        assert_eq!(kinds(answering(status, EVENTS, &media_type)), [kind], "{status}");
    }
    let mut sent = answering("200", "application/json", &json!({}));
    sent["paths"]["/"]["get"]["requestBody"] = json!({ "content": { "application/jsonl": media_type } });
    let api = api(sent);
    assert_eq!(api.operations[0].body.as_ref().unwrap().media_types[0].kind, MediaKind::Text);
}

#[test]
fn mixed_successes_are_not_streams() {
    let content = |name: &str| json!({ "description": "", "content": { name: { "schema": { "$ref": "#/components/schemas/A" } } } });
    let kinds = |other: Value| {
        let mut document = with_operation(json!({ "responses": { "200": content(EVENTS), "202": other } }));
        document["components"] = json!({ "schemas": { "A": { "type": "object" } } });
        let lowered = run(document);
        let codes: Vec<&str> = lowered.diagnostics.iter().map(|found| found.code.0).collect();
        (lowered.api.unwrap().operations[0].responses[0].media_types[0].kind, codes.join(" "))
    };
    let (stream, none) = (MediaKind::Stream(StreamKind::JsonEvents), String::new());
    assert_eq!(kinds(json!({ "description": "" })), (stream, none.clone()));
    assert_eq!(kinds(content(EVENTS)), (stream, none));
    assert_eq!(kinds(content("application/json")), (MediaKind::Text, "unsupported-stream".to_owned()));
}

#[test]
fn invalid_schemas_are_reported() {
    let lowered = run(answering("200", EVENTS, &json!({ "x-item-schema": { "type": "thing" } })));
    let found = &lowered.diagnostics[0];
    assert_eq!(found.code.0, "unsupported-stream");
    assert_eq!(found.pointer.as_str(), "/paths/~1/get/responses/200/content/text~1event-stream/x-item-schema/type");
    let api = lowered.api.unwrap();
    let media_type = &api.operations[0].responses[0].media_types[0];
    assert_eq!(media_type.kind, MediaKind::Stream(StreamKind::TextEvents));
}

#[test]
fn sentinels_are_no_variants() {
    let done = json!({ "type": "string", "enum": ["[DONE]"] });
    let event =
        |data: &Value| json!({ "type": "object", "properties": { "event": {}, "data": data }, "required": ["data"] });
    let other = json!({ "type": "string", "enum": ["[DONE]", "more"] });
    let number = json!({ "type": "integer" });
    let kind = |branches: Value| {
        let api = api(answering("200", EVENTS, &json!({ "schema": { "oneOf": branches } })));
        let media_type = &api.operations[0].responses[0].media_types[0];
        (media_type.kind, api.types.shape(media_type.ty.ty).variants().len())
    };
    let json = MediaKind::Stream(StreamKind::JsonEvents);
    assert_eq!(kind(json!([number, done])), (json, 0));
    assert_eq!(kind(json!([number, other])), (json, 2));
    assert_eq!(kind(json!([event(&number), event(&done)])), (json, 0));
    assert_eq!(kind(json!([event(&json!({ "oneOf": [number, done] }))])), (json, 0));
    let objects = MediaKind::Stream(StreamKind::EventObjects);
    assert_eq!(
        kind(json!([event(&number), event(&json!({ "type": "array", "items": {} })), event(&done)])),
        (objects, 2)
    );
}

#[test]
fn a_switch_is_a_boolean_of_an_operation_with_a_stream() {
    let switches = |content: Value, schema: Value| -> Vec<String> {
        let mut document = answering("200", EVENTS, &json!({ "schema": { "type": "integer" } }));
        let operation = &mut document["paths"]["/"]["get"];
        operation["responses"]["200"]["content"] = content;
        operation["requestBody"] = json!({ "content": { "application/json": { "schema": schema } } });
        let api = api(document);
        let body = api.operations[0].body.as_ref().unwrap().media_types[0].ty;
        let variants = api.types.shape(body.ty).variants().iter().map(|variant| variant.ty);
        let fields = [body].into_iter().chain(variants).flat_map(|object| api.types.shape(object.ty).fields());
        fields.filter(|field| field.switch).map(|field| field.wire_name.clone()).collect()
    };
    let object =
        |schema: Value| json!({ "type": "object", "properties": { "stream": schema, "other": { "type": "boolean" } } });
    let boolean = || object(json!({ "type": "boolean" }));
    let events = || json!({ EVENTS: { "schema": { "type": "integer" } } });
    assert_eq!(switches(events(), boolean()), ["stream"]);
    assert_eq!(switches(events(), json!({ "allOf": [boolean(), { "type": "object" }] })), ["stream"]);
    assert_eq!(switches(events(), object(json!({ "type": "boolean", "nullable": true }))), ["stream"]);
    assert_eq!(switches(events(), json!({ "oneOf": [boolean(), { "type": "string" }] })), ["stream"]);
    assert_eq!(switches(events(), object(json!({ "type": "boolean", "enum": [true] }))), [""; 0]);
    assert_eq!(switches(events(), object(json!({ "type": "string" }))), [""; 0]);
    assert_eq!(switches(json!({ "application/json": {} }), boolean()), [""; 0]);
}
