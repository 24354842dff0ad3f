//! Objects with many members, which are repaired together.

use serde_json::json;

use super::*;

/// `cargo xtask growth` measures the time of these repairs.
#[test]
fn many_parts_of_one_object_are_repaired_together() {
    const MANY: usize = 2000;
    let get = json!({"get": {"operationId": "a", "responses": {"200": {"description": "d"}}}});
    let many = |name: fn(usize) -> String, value: &Value| -> Value {
        (0..MANY).map(|index| (name(index), value.clone())).collect::<Members>().into()
    };
    let length = |value: &Value| value.as_object().unwrap().len();

    let unknown = schema(&many(|index| format!("k{index}"), &json!(1))).0;
    assert!(length(&unknown) == MANY && unknown.as_object().unwrap().keys().all(|key| key.starts_with("x-k")));

    let slashes = repaired(json!({"paths": many(|index| format!("p{index}"), &get)}));
    assert!(slashes.value["paths"].as_object().unwrap().keys().all(|path| path.starts_with("/p")));

    let queries = repaired(json!({"paths": many(|index| format!("/p{index}?a=b"), &get)}));
    let paths: Vec<&String> = queries.value["paths"].as_object().unwrap().keys().collect();
    assert_eq!((paths.len(), paths[0].as_str(), paths[MANY - 1].as_str()), (MANY, "/p0", "/p1999"));

    let schemes =
        json!({"securitySchemes": many(|index| format!("a b{index}"), &json!({"type": "http", "scheme": "basic"}))});
    let security: Vec<Value> = (0..MANY).map(|index| json!({format!("a b{index}"): []})).collect();
    let renamed = repaired(json!({"components": schemes, "security": security})).value;
    assert!(renamed["components"]["securitySchemes"].as_object().unwrap().keys().all(|name| name.starts_with("a_b")));
    assert_eq!(renamed["security"][MANY - 1], json!({"a_b1999": []}));

    let draft =
        schema(&json!({"properties": many(|index| format!("p{index}"), &json!({"type": "string", "required": true}))}))
            .0;
    assert_eq!(draft["required"].as_array().unwrap().len(), MANY);
}

#[test]
fn many_invalid_statuses_are_all_left_out() {
    let mut responses: Members = (0..500).map(|index| (format!("p{index}"), json!({"description": "d"}))).collect();
    responses.insert("200".to_owned(), json!({"description": "d"}));
    let step = operation("/a", &json!({"operationId": "a", "responses": responses}));
    assert_eq!(step.value["paths"]["/a"]["get"]["responses"], json!({"200": {"description": "d"}}));
    let left_out = step.entries.iter().filter(|entry| entry.rule == "bad-status");
    let places = left_out.map(|entry| format!("{:?}", entry.before)).collect::<BTreeSet<_>>();
    assert_eq!(places.len(), 500);
}

#[test]
fn keys_are_renamed_together_as_one_by_one() {
    let names = [("a", "b"), ("b", "c"), ("d", "b"), ("e", "f"), ("g", "f"), ("h", "e")];
    let names = || names.iter().map(|(from, to)| ((*from).to_owned(), (*to).to_owned()));
    let members =
        || ["a", "b", "d", "e", "g", "h"].map(|key| (key.to_owned(), json!(key))).into_iter().collect::<Members>();
    let (mut together, mut one_by_one) = (members(), members());
    let renamed = json::rename_all(&mut together, names().collect());
    let expected: Vec<_> = names().filter(|(from, to)| json::rename(&mut one_by_one, from, to)).collect();
    assert_eq!((renamed, together.iter().collect::<Vec<_>>()), (expected, one_by_one.iter().collect::<Vec<_>>()));
}

#[test]
fn queries_of_many_paths_are_shortened() {
    let paths = |query: &str| -> Value { (0..1_000).map(|n| (format!("/p{n}{query}"), json!({"get": {}}))).collect() };
    let value = repaired(json!({"paths": paths("?v=1")})).value;
    assert_eq!(value["paths"].as_object().map(|paths| paths.keys().filter(|path| path.contains('?')).count()), Some(0));
}
