//! Servers converted from host, base path and schemes.

use serde_json::json;

use super::*;

fn servers(lines: &str) -> (Value, Vec<&'static str>) {
    let step = converted(&format!("swagger: '2.0'\n{lines}\npaths: {{}}\n"));
    let interpreted = rules(&step, EntryKind::Interpreted);
    (step.value["servers"].clone(), interpreted)
}

#[test]
fn an_address_becomes_servers() {
    let (found, interpreted) = servers("host: api.example.com:8080\nbasePath: /v1/\nschemes: [http, wss, https]");
    let expected = json!([
        { "url": "https://api.example.com:8080/v1" },
        { "url": "http://api.example.com:8080/v1" },
        { "url": "wss://api.example.com:8080/v1" },
    ]);
    assert_eq!(found, expected);
    assert!(interpreted.is_empty());
}

#[test]
fn without_a_host_the_url_is_relative() {
    assert_eq!(servers("basePath: /v1").0, json!([{ "url": "/v1" }]));
    assert_eq!(servers("basePath: /").0, json!([{ "url": "/" }]));
    assert_eq!(servers("info: {}").0, Value::Null);
    let (found, interpreted) = servers("schemes: [https]\nbasePath: /v1");
    assert_eq!(found, json!([{ "url": "/v1", "x-schemes": ["https"] }]));
    assert_eq!(interpreted, ["schemes-without-host"]);
}

#[test]
fn without_schemes_https_is_taken() {
    let (found, interpreted) = servers("host: api.example.com");
    assert_eq!(found, json!([{ "url": "https://api.example.com" }]));
    assert_eq!(interpreted, ["missing-schemes"]);
}

#[test]
fn a_host_is_taken_apart() {
    let (found, interpreted) = servers("host: http://api.example.com/root/\nbasePath: v1");
    assert_eq!(found, json!([{ "url": "http://api.example.com/root/v1" }]));
    assert_eq!(interpreted, ["host", "base-path-slash"]);
}

#[test]
fn a_host_has_variables() {
    let host = |more: &str| servers(&format!("x-ms-parameterized-host: {{{more}}}\nbasePath: /v1"));
    let (found, interpreted) = servers(
        "x-ms-parameterized-host:
  hostTemplate: '{accountName}.{dnsSuffix}:{port}/{version}/'
  parameters:
  - {name: accountName, in: path, required: true, type: string, description: Of Azure.}
  - {$ref: '#/parameters/suffix'}
  - {name: port, in: path, required: true, type: integer, enum: [80, 8080], default: 80}
  - {name: version, in: path, required: true, type: string, enum: [v1]}
  - {name: more, in: path, type: string}
parameters: {suffix: {name: dnsSuffix, in: path, required: true, type: string, default: example.com}}
host: other.example.com
schemes: [http, https]",
    );
    let variables = json!({
        "accountName": {"default": "", "description": "Of Azure."},
        "dnsSuffix": {"default": "example.com"},
        "port": {"default": "80", "enum": ["80", "8080"]},
        "version": {"default": "v1", "enum": ["v1"]},
    });
    let url = "https://{accountName}.{dnsSuffix}:{port}/{version}";
    assert_eq!((found, interpreted), (json!([{"url": url, "variables": variables}]), vec![]));

    let variables = json!({"a": {"default": ""}});
    for (template, url, rules) in [
        ("'{a}'", "https://{a}/v1", &["missing-schemes"][..]),
        ("'http://{a}'", "http://{a}/v1", &[]),
        ("'{a}/b', useSchemePrefix: false", "{a}/b/v1", &[]),
        ("'{a}', parameters: [7, {$ref: '#/parameters/none'}, {name: []}]", "https://{a}/v1", &["missing-schemes"]),
        (
            "'{a}', parameters: [{name: a, default: [], enum: 7, description: 7}]",
            "https://{a}/v1",
            &["missing-schemes"],
        ),
    ] {
        let expected = (json!([{"url": url, "variables": variables}]), rules.to_vec());
        assert_eq!(host(&format!("hostTemplate: {template}")), expected, "{template}");
    }
    for damaged in ["", "hostTemplate: 7", "hostTemplate: /", "hostTemplate: '{a'", "hostTemplate: '{}'"] {
        assert_eq!(host(damaged), (json!([{"url": "/v1"}]), vec![]), "{damaged}");
    }
    let step = converted("swagger: '2.0'\nx-ms-parameterized-host: 7\npaths: {}\n");
    assert_eq!(step.value["x-ms-parameterized-host"], 7);
    let own = converted(
        "swagger: '2.0'\nx-ms-parameterized-host: {hostTemplate: '{a}'}\npaths:\n  /a:\n    get: {schemes: [http], responses: {}}\n    put: {responses: {}}\n",
    );
    assert_eq!(own.value["servers"][0]["url"], "https://{a}");
    assert_eq!(own.value["paths"]["/a"]["get"], json!({"x-schemes": ["http"], "responses": {}}));
}

#[test]
fn what_is_misshapen_stays() {
    let step = converted("swagger: '2.0'\nhost: 7\nschemes: https\nbasePath: []\nconsumes: text/plain\npaths: {}\n");
    let keys: Vec<_> = step.value.as_object().unwrap().keys().collect();
    assert_eq!(keys, ["openapi", "host", "schemes", "basePath", "consumes", "paths"]);
}

#[test]
fn schemes_of_operations() {
    let document = |top: &str, one: &str, two: &str| {
        converted(&format!(
            "swagger: '2.0'\n{top}\npaths:\n  /a:\n    get: {{ {one} responses: {{}} }}\n    put: {{ {two} responses: {{}} }}\n"
        ))
    };
    let own = document("host: h.example\nschemes: [https]", "schemes: [wss],", "schemes: [https],");
    assert_eq!(own.value["paths"]["/a"]["get"]["servers"], json!([{ "url": "wss://h.example" }]));
    assert_eq!(own.value["paths"]["/a"]["put"], json!({ "responses": {} }));

    let common = document("host: h.example", "schemes: [http],", "schemes: [http],");
    assert_eq!(common.value["servers"], json!([{ "url": "http://h.example" }]));
    assert_eq!(common.value["paths"]["/a"]["get"], json!({ "responses": {} }));

    let no_host = document("basePath: /v1", "schemes: [http],", "schemes: [https],");
    assert_eq!(no_host.value["servers"], json!([{ "url": "/v1" }]));
    assert_eq!(no_host.value["paths"]["/a"]["get"]["x-schemes"], json!(["http"]));
    assert_eq!(rules(&no_host, EntryKind::Interpreted), ["operation-schemes"]);
}
