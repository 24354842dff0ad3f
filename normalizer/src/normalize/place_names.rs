//! Part of `normalize`: what a node that becomes a component is called, whichever pass makes it one.
//!
//! In: where the node is. Out: a name that a reader recognizes, of the characters that OpenAPI allows (3.0.3 §4.7.7).
//! Invariant: the same node gets the same name, whatever else the document holds; only clashes add to it.

use serde_json::Value;

use super::names::{legal, operation_id, pascal};
use crate::pointer::{Pointer, child};
use crate::structure::grammar::Kind;

/// Whether the next key below this one is the name of a thing.
fn is_section(key: &str) -> bool {
    ["definitions", "$defs", "pathItems", "properties"].contains(&key)
        || Kind::Components.grammar().form_of(key).is_some()
}

/// The name of the node at `pointer` in a document, or of the whole file `relative`.
pub(super) fn wanted(document: &Value, pointer: &Pointer, relative: &str) -> String {
    let segments: Vec<String> = pointer.segments().collect();
    let is_path = segments.first().is_some_and(|first| first == "paths");
    let named = match segments.as_slice() {
        [] => stem(relative).to_owned(),
        [name] => name.clone(),
        // `#/components/schemas/Pet`, `#/definitions/Pet`.
        [.., section, name] if segments.len() <= 3 && is_section(section) && !is_path => name.clone(),
        _ => spelled(document, &segments),
    };
    legal(named.trim_matches('_'))
}

/// The file's name up to its first point.
pub(super) fn stem(relative: &str) -> &str {
    let name = relative.rsplit('/').next().unwrap_or(relative);
    name.split('.').find(|part| !part.is_empty()).unwrap_or(name)
}

/// The way down in words: `/components/schemas/Pet/properties/owner/items` → `PetOwnerItem`.
fn spelled(document: &Value, segments: &[String]) -> String {
    let mut name = String::new();
    let mut rest: &[String] = segments;
    if let [paths, path, method, inner @ ..] = segments
        && paths == "paths"
    {
        let declared =
            document.get("paths").and_then(|paths| paths.get(path)?.get(method)?.get("operationId")?.as_str());
        name = pascal(declared.unwrap_or(&operation_id(method, path)));
        rest = inner;
    }
    while let [segment, after @ ..] = rest {
        rest = after;
        if let ("parameters", [index, after @ ..]) = (segment.as_str(), after)
            && is_index(index)
            && let mut way = segments.iter().take(segments.len() - after.len())
            && let Some(own) =
                way.try_fold(document, |node, key| child(node, key)).and_then(|node| node["name"].as_str())
        {
            name.push_str(&pascal(own));
            rest = after;
            continue;
        }
        let next = after.first().map(String::as_str);
        let (word, taken) = word(segment, next, name.is_empty(), after.len() > 1);
        name.push_str(&word);
        if taken {
            rest = after.split_first().map_or(after, |(_, others)| others);
        }
    }
    name
}

/// One step in words, and whether the next segment is in them; `has_more` if others are behind that.
fn word(segment: &str, next: Option<&str>, is_first: bool, has_more: bool) -> (String, bool) {
    let numbered =
        |word: &str| (format!("{word}{}", next.map_or(String::new(), |next| pascal(&one_based(next)))), true);
    match segment {
        "components" | "schema" => (String::new(), false),
        "content" => (String::new(), true),
        "requestBody" => (String::from("Body"), false),
        // The usual success goes without saying.
        "responses" if !is_first && next == Some("200") => (String::from("Response"), true),
        "responses" if !is_first => numbered("Response"),
        "parameters" if !is_first => numbered("Parameter"),
        // What is in a part of a whole is in the whole.
        "allOf" if has_more => (String::new(), true),
        "allOf" => numbered("Part"),
        "oneOf" | "anyOf" => numbered("Option"),
        "prefixItems" | "items" if next.is_some_and(is_index) => numbered("Item"),
        "items" => (String::from("Item"), false),
        "additionalProperties" => (String::from("Value"), false),
        section if is_section(section) => (next.map_or(String::new(), pascal), true),
        other => (pascal(other), false),
    }
}

fn is_index(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// People count from 1; status codes stay.
fn one_based(text: &str) -> String {
    match text.parse::<usize>() {
        Ok(index) if index < 100 => (index + 1).to_string(),
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn named(pointer: &str, relative: &str) -> String {
        let get = json!({"operationId": "list-pets", "parameters": [{}, {"name": "page-size"}]});
        let document = json!({"paths": {"/pets": {"get": get}}});
        wanted(&document, &Pointer::parse(pointer).unwrap(), relative)
    }

    #[test]
    fn names_say_where_a_node_is() {
        assert_eq!(named("/components/schemas/Pet", "a.yaml"), "Pet");
        assert_eq!(named("/definitions/my pet", "a.yaml"), "my_pet");
        assert_eq!(named("/Pet", "a.yaml"), "Pet");
        assert_eq!(named("", "schemas/pet.schema.json"), "pet");
        assert_eq!(named("/components/schemas/Pet/properties/owner/items", "a.yaml"), "PetOwnerItem");
        assert_eq!(named("/components/schemas/Pet/allOf/1", "a.yaml"), "PetPart2");
        assert_eq!(named("/components/schemas/Pet/allOf/1/properties/owner", "a.yaml"), "PetOwner");
        let answer = "/get/responses/200/content/application~1json/schema";
        assert_eq!(named(&format!("/paths/~1pets{answer}"), "a.yaml"), "ListPetsResponse");
        assert_eq!(named(&format!("/paths/~1pets~1{{id}}{answer}"), "a.yaml"), "GetPetsByIdResponse");
        assert_eq!(named("/paths/~1pets/get/responses/404", "a.yaml"), "ListPetsResponse404");
        let body = "/requestBody/content/application~1json/schema/properties/owner";
        assert_eq!(named(&format!("/paths/~1pets/get{body}"), "a.yaml"), "ListPetsBodyOwner");
        assert_eq!(named("/paths/~1pets/get/parameters/0", "a.yaml"), "ListPetsParameter1");
        assert_eq!(named("/paths/~1pets/get/parameters/1/schema", "a.yaml"), "ListPetsPageSize");
        assert_eq!(named("/definitions/Größe", "a.yaml"), "Grosse");
        assert_eq!(named("/definitions/***", "a.yaml"), "Component");
    }
}
