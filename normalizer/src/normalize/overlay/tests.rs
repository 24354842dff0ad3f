use serde_json::{Value, json};

use super::*;
use crate::load::parse;
use crate::normalize::pass::{Outcome, run};
use crate::normalize::trail::SourceLocation;
use crate::pointer::Pointer;
use crate::source::Source;

fn files(actions: &str, version: &str) -> Files {
    let input = Source { name: "a.yaml".into(), text: "openapi: 3.0.3\n".into() };
    let mut files = Files::new(input, "a.yaml", None).0;
    let text = format!("overlay: {version}\ninfo: {{title: t, version: '1'}}\nactions:\n{actions}");
    let source = Source { name: "o.yaml".into(), text };
    let value = parse(&source).unwrap();
    files.add(source, "o.yaml".into(), value);
    files
}

fn apply_version(version: &str, document: Value, actions: &str) -> Outcome {
    let files = files(actions, version);
    run(document, |value, record| overlay(value, record, &files, 1))
}

fn apply(document: Value, actions: &str) -> Outcome {
    apply_version("1.1.0", document, actions)
}

fn result(document: Value, actions: &str) -> Value {
    apply(document, actions).unwrap_or_else(|faults| panic!("{faults:?}")).value
}

fn fault(document: Value, actions: &str) -> (String, String) {
    let found = apply(document, actions).err().unwrap_or_default().remove(0);
    (format!("{} {}", found.code, found.pointer), found.message)
}

#[test]
fn updates_merge() {
    let document =
        json!({"info": {"title": "t", "x": [1]}, "tags": [{"name": "a"}], "paths": {"/a": {"get": {}, "put": {}}}});
    let actions = "
  - {target: $.info, update: {title: new, x: [1, 2], contact: {name: n}}}
  - {target: $.tags, update: {name: b}}
  - {target: $.tags, update: [{name: c}]}
  - {target: '$.paths.*.*', update: {deprecated: true}}
  - {target: $.info.title, update: newer}
";
    let expected = json!({
        "info": {"title": "newer", "x": [1, 2], "contact": {"name": "n"}},
        "tags": [{"name": "a"}, {"name": "b"}, {"name": "c"}],
        "paths": {"/a": {"get": {"deprecated": true}, "put": {"deprecated": true}}}
    });
    assert_eq!(result(document, actions), expected);
}

#[test]
fn removals_keep_the_others_in_place() {
    let document = json!({"tags": ["a", "b", "c", "d"], "paths": {"/a": {"get": {}}, "/b": {}}});
    let actions = "
  - {target: \"$.tags[?@ == 'a' || @ == 'c']\", remove: true}
  - {target: \"$.paths['/a']\", remove: true, description: not for us}
";
    let overlaid = apply(document, actions).unwrap_or_else(|faults| panic!("{faults:?}"));
    assert_eq!(overlaid.value, json!({"tags": ["b", "d"], "paths": {"/b": {}}}));
    let before = |text: &str| overlaid.provenance.origin(&Pointer::parse(text).unwrap());
    assert_eq!(before("/tags/0"), Pointer::parse("/tags/1").unwrap().into());
    assert_eq!(before("/tags/1"), Pointer::parse("/tags/3").unwrap().into());
    let places: Vec<_> =
        overlaid.entries.iter().map(|entry| (entry.before.pointer.to_string(), entry.text.clone())).collect();
    let by_filter = "removed: `$['tags'][?@ == 'a' || @ == 'c']`";
    assert_eq!(places[0].0, "/tags/0");
    assert!(places[0].1.starts_with("removed: `$"), "{} {by_filter}", places[0].1);
    assert_eq!(places[2], ("/paths/~1a".into(), "removed: not for us".into()));
}

#[test]
fn copies_take_one_node() {
    let document = json!({"a": {"x": 1}, "b": {"y": 2}, "c": [1, 2]});
    assert_eq!(result(document.clone(), "  - {target: $.b, copy: $.a}\n")["b"], json!({"y": 2, "x": 1}));
    let (at, message) = fault(document, "  - {target: $.b, copy: '$.c[*]'}\n");
    assert_eq!(
        (at.as_str(), message.as_str()),
        ("overlay-target /actions/0/copy", "`copy` must match one node, found 2")
    );
}

#[test]
fn new_nodes_come_from_the_overlay() {
    let overlaid =
        apply(json!({"paths": {}}), "  - {target: $.paths, update: {/a: {get: {}}}}\n").unwrap_or_else(|_| panic!());
    let origin = overlaid.provenance.origin(&Pointer::parse("/paths/~1a/get").unwrap());
    let pointer = Pointer::parse("/actions/0/update/~1a/get").unwrap();
    assert_eq!(origin, SourceLocation { file: 1, pointer }.into());
}

#[test]
fn an_action_has_to_find_something() {
    let (at, _) = fault(json!({}), "  - {target: $.a, update: {}}\n");
    assert_eq!(at, "overlay-target /actions/0/target");
    let overlaid = apply(json!({}), "  - {target: $.a, update: {}, x-optional: true}\n").unwrap_or_else(|_| panic!());
    assert_eq!(overlaid.entries[0].rule, "overlay-optional");
    let caught_up = "  - {target: $.a, update: {b: 1}}\n  - {target: $.l, update: [1]}\n";
    let overlaid = apply(json!({"a": {"b": 1}, "l": [1]}), caught_up).unwrap_or_else(|_| panic!());
    assert_eq!(overlaid.value, json!({"a": {"b": 1}, "l": [1]}));
    assert!(overlaid.entries.iter().all(|entry| entry.rule == "overlay-redundant"));
    assert_eq!(overlaid.entries.len(), 2);
}

#[test]
fn what_does_not_go_together_is_a_fault() {
    for (document, update) in [
        (json!({"a": {"b": 1}}), "{b: {}}"),
        (json!({"a": {"b": []}}), "{b: 1}"),
        (json!({"a": {"b": {}}}), "{b: null}"),
    ] {
        let (at, _) = fault(document, &format!("  - {{target: $.a, update: {update}}}\n"));
        assert_eq!(at, "overlay-update /actions/0/update", "{update}");
    }
    assert_eq!(fault(json!({}), "  - {target: $, remove: true}\n").0, "overlay-target /actions/0/target");
    let old = apply_version("1.0.0", json!({"a": 1}), "  - {target: $.a, update: 2}\n").err().unwrap_or_default();
    assert_eq!(old[0].help.as_deref(), Some("write `overlay: 1.1.0`, or select the object around it"));
}

#[test]
fn a_malformed_overlay_shows_all_its_faults() {
    let actions = "
  - {update: {}}
  - {target: $.a}
  - {target: '$[', remove: true}
  - {target: $.a, updat: {}}
  - {target: $.a, update: {}, copy: $.b}
  - {target: 1, remove: 'yes'}
";
    let faults = apply(json!({}), actions).err().unwrap_or_default();
    let shown: Vec<String> = faults.iter().map(|fault| format!("{} {}", fault.code, fault.pointer)).collect();
    let expected = [
        "missing-field /actions/0",
        "missing-field /actions/1",
        "unknown-field /actions/3/updat",
        "missing-field /actions/3",
        "contradiction /actions/4/copy",
        "wrong-type /actions/5/target",
        "wrong-type /actions/5/remove",
        "missing-field /actions/5",
        "bad-value /actions/2/target",
    ];
    assert_eq!(shown, expected);
    assert_eq!(faults[2].help.as_deref(), Some("did you mean `update`?"));
}

#[test]
fn deep_queries_are_refused() {
    let deep = format!("  - {{target: '$[?{}@.a{}]', remove: true}}\n", "(".repeat(5000), ")".repeat(5000));
    assert_eq!(fault(json!({}), &deep).0, "bad-value /actions/0/target");
}
