//! Part of `v31`: names for what becomes a component.
//!
//! In: the address of a node. Out: a name that says where it was, in the alphabet of components (OpenAPI 3.0.3 §4.7.7).
//! Invariant: the name depends on the address and on names and identifiers in the document only.

use serde_json::Value;

use crate::normalize::names::is_component_character;
use crate::pointer::Pointer;

/// The names that fit, the shortest first.
pub(super) fn candidates(document: &Value, pointer: &Pointer) -> Vec<String> {
    let segments: Vec<String> = pointer.segments().collect();
    let last = segments.last().map(|last| legal(last)).unwrap_or_default();
    let whole = legal(&words(document, pointer, &segments).join(" "));
    let is_definition = segments.iter().rev().nth(1).is_some_and(|key| matches!(key.as_str(), "$defs" | "definitions"));
    let is_in_grammar = matches!(segments.first().map(String::as_str), Some("components" | "paths" | "webhooks"));
    let short = Some(last).filter(|last| (is_definition || !is_in_grammar) && is_word(last));
    let whole = Some(whole).filter(|whole| is_word(whole)).unwrap_or_else(|| String::from("Inline"));
    short.into_iter().chain([whole]).collect()
}

/// The words of an address that tell it from others.
fn words(document: &Value, pointer: &Pointer, segments: &[String]) -> Vec<String> {
    let (mut words, rest) = match segments {
        [components, _, name, rest @ ..] if components == "components" => (vec![name.clone()], rest),
        [paths, path, method, rest @ ..] if paths == "paths" => {
            let id = document["paths"][path][method]["operationId"].as_str();
            (id.map_or_else(|| vec![method.clone(), path.clone()], |id| vec![id.to_owned()]), rest)
        }
        other => (Vec::new(), other),
    };
    let mut previous = "";
    for segment in rest {
        let word = match segment.as_str() {
            "requestBody" => Some("Request".to_owned()),
            "items" | "prefixItems" => Some("Item".to_owned()),
            "additionalProperties" if previous != "properties" => Some("Value".to_owned()),
            _ if previous == "responses" => Some(format!("Response{segment}")),
            "properties" | "patternProperties" | "allOf" | "anyOf" | "oneOf" | "not" | "content" | "schema"
            | "responses" | "headers" | "parameters" | "examples" | "links" | "$defs" | "definitions"
                if previous != "properties" =>
            {
                None
            }
            media_type if previous == "content" && media_type.contains('/') => None,
            index if index.bytes().all(|byte| byte.is_ascii_digit()) => None,
            other => Some(other.to_owned()),
        };
        words.extend(word);
        previous = segment;
    }
    if previous.bytes().all(|byte| byte.is_ascii_digit()) {
        words.extend(document.pointer(pointer.as_str()).and_then(|node| node["name"].as_str()).map(str::to_owned));
    }
    words
}

/// The text without characters that component names cannot hold; the next character begins a word.
fn legal(text: &str) -> String {
    let mut name = String::new();
    let mut begins = false;
    for character in text.chars() {
        if !is_component_character(character) {
            begins = !name.is_empty();
        } else if std::mem::take(&mut begins) {
            name.push(character.to_ascii_uppercase());
        } else {
            name.push(character);
        }
    }
    name
}

fn is_word(name: &str) -> bool {
    name.bytes().any(|byte| byte.is_ascii_alphabetic())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::normalize::names::Names;

    #[test]
    fn names_say_where_it_was() {
        let document = json!({
            "components": { "schemas": { "Pet": {}, "Tag": {} } },
            "paths": { "/a/{b}": {
                "get": { "operationId": "listPets", "parameters": [{ "name": "page-size" }] }, "post": {},
            } },
        });
        let mut names: Names = ["Pet", "Tag"].map(String::from).into_iter().collect();
        let mut name = |text: &str| names.free(&candidates(&document, &Pointer::parse(text).unwrap()), "");
        assert_eq!(name("/components/schemas/Pet/properties/name"), "PetName");
        assert_eq!(name("/components/schemas/Pet/properties/name"), "PetName2");
        assert_eq!(name("/components/schemas/Pet/$defs/Cat"), "Cat");
        assert_eq!(name("/components/schemas/Pet/$defs/Tag"), "PetTag");
        assert_eq!(name("/components/schemas/Pet/oneOf/1/items"), "PetItem");
        let answer = "/responses/200/content/application~1json/schema";
        assert_eq!(name(&format!("/paths/~1a~1{{b}}/get{answer}")), "listPetsResponse200");
        assert_eq!(name(&format!("/paths/~1a~1{{b}}/post{answer}")), "postABResponse200");
        assert_eq!(name("/paths/~1a~1{b}/get/parameters/0"), "listPetsPage-size");
        assert_eq!(name("/definitions/A~1B"), "AB");
        assert_eq!(name("/x-y/Ä"), "x-y");
        assert_eq!(name("/0"), "Inline");
    }
}
