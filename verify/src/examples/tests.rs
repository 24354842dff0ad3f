use super::*;
use clientwright_normalizer::Source;
use serde_json::json;

const DOCUMENT: &str = "
openapi: 3.0.3
info: { title: Boats, version: '1' }
paths:
  /boats:
    post:
      operationId: launch
      parameters:
        - { name: berth, in: query, schema: { type: integer, example: 4 }, example: 3 }
      requestBody:
        content:
          application/json:
            schema: { $ref: '#/components/schemas/Boat' }
            examples:
              small: { $ref: '#/components/examples/Dinghy' }
              far: { externalValue: 'https://example.com/far.json' }
      responses:
        '204': { description: Afloat. }
components:
  examples:
    Dinghy: { value: { name: dinghy } }
  schemas:
    Boat:
      type: object
      required: [name]
      properties:
        name: { type: string, example: skiff }
        length: { type: string, format: int64, example: '7' }
        tags: { type: array, nullable: true, items: { type: string, example: red }, example: null }
      example: { name: ketch, length: '9' }
";

#[test]
fn every_example_is_tried_as_the_type_of_its_place() {
    let source = Source { name: "boats.yaml".to_owned(), text: DOCUMENT.to_owned() };
    let suite = suite(&Document::new("boats", source)).unwrap();
    let found: Vec<(&str, String)> =
        suite.cases.iter().map(|case| (case.at.as_str(), case.value.to_string())).collect();
    let boat = "/components/schemas/Boat";
    let berth = "/paths/~1boats/post/parameters/0";
    let expected = [
        ("/components/examples/Dinghy/value".to_owned(), r#"{"name":"dinghy"}"#),
        (format!("{boat}/example"), r#"{"name":"ketch","length":"9"}"#),
        (format!("{boat}/properties/length/example"), "\"7\""),
        (format!("{boat}/properties/name/example"), "\"skiff\""),
        (format!("{boat}/properties/tags/example"), "null"),
        (format!("{boat}/properties/tags/items/example"), "\"red\""),
        (format!("{berth}/example"), "3"),
        (format!("{berth}/schema/example"), "4"),
    ];
    let expected: Vec<(&str, String)> = expected.iter().map(|(at, value)| (at.as_str(), (*value).to_owned())).collect();
    assert_eq!(found, expected);
    assert_eq!(suite.left_out, 1);
    let main = &suite.files.last().unwrap().contents;
    for trip in ["trip::<types::Boat, ()>", "trip::<i64, codegen::Quoted>", "trip::<Option<Vec<String>>, ()>"] {
        assert!(main.contains(trip), "{trip}: {main}");
    }
    let types: String = suite.files.iter().map(|file| file.contents.as_str()).collect();
    assert!(types.contains("codegen::object!(Boat") && !types.contains("sent_object"), "{types}");
}

fn lost(schema: &Value, before: &Value, after: &Value) -> Vec<String> {
    let document = json!({ "s": schema, "t": { "properties": { "x": { "type": "number", "format": "float" } } } });
    differences(&document, &Pointer::root().key("s"), before, after)
}

#[test]
fn another_way_to_write_the_same_is_no_difference() {
    let schema = json!({
        "allOf": [{ "$ref": "#/t" }],
        "properties": { "a": {}, "d": { "default": 5 }, "u": { "format": "uuid" } },
    });
    let before = json!({ "a": 1.0, "x": 0.1, "u": "AB", "n": null, "other": 1 });
    let after = json!({ "a": 1, "x": 0.100_000_001, "u": "ab", "d": 5, "m": null });
    assert_eq!(lost(&schema, &before, &after), [""; 0]);
}

#[test]
fn what_is_lost_or_made_up_is_told() {
    let schema = json!({ "anyOf": [{ "properties": { "a": {}, "b": { "items": {} } } }] });
    let before = json!({ "a": 1, "b": [1, 2], "c": "x" });
    let after = json!({ "b": [1, 3], "d": false });
    let expected = ["at `/a`: 1 is lost", "at `/b/1`: 2 became 3", "at `/d`: false was not there"];
    assert_eq!(lost(&schema, &before, &after), expected);
    let open = json!({ "additionalProperties": true });
    assert_eq!(lost(&open, &json!({ "c": 1 }), &json!({})), ["at `/c`: 1 is lost"]);
    assert_eq!(lost(&open, &json!([1]), &json!([])), ["at ``: [1] became []"]);
}

#[test]
fn a_branch_that_requires_more_does_not_count() {
    let person = json!({ "allOf": [{ "required": ["born"], "properties": { "born": {}, "mail": {} } }] });
    let firm = json!({ "required": ["founded"], "properties": { "founded": {} } });
    let schema = json!({ "oneOf": [person, firm] });
    let before = json!({ "founded": 1, "mail": "x" });
    assert_eq!(lost(&schema, &before, &json!({ "founded": 1 })), [""; 0]);
    assert_eq!(lost(&schema, &json!({ "born": 1, "mail": "x" }), &json!({ "born": 1 })), ["at `/mail`: \"x\" is lost"]);
    // If it matches no branch, all branches count.
    assert_eq!(lost(&schema, &json!({ "mail": "x" }), &json!({})), ["at `/mail`: \"x\" is lost"]);
}

#[test]
fn defaults_of_what_is_only_read_are_left_to_the_sender() {
    let text = "
openapi: 3.0.3
info: { title: Boats, version: '1' }
paths:
  /boats:
    get:
      operationId: list
      responses:
        '200':
          description: Boats.
          content: { application/json: { schema: { $ref: '#/components/schemas/Boat' } } }
components:
  schemas:
    Boat: { type: object, properties: { crew: { type: integer, default: 2 } }, example: {} }
";
    let source = Source { name: "boats.yaml".to_owned(), text: text.to_owned() };
    let suite = suite(&Document::new("boats", source)).unwrap();
    let boat = suite.files.iter().find(|file| file.path.ends_with("boat.rs")).unwrap();
    assert!(boat.contents.contains("pub crew: Option<i64>"), "{}", boat.contents);
    assert!(boat.contents.contains("self.crew = Some(crew)"), "{}", boat.contents);
}
