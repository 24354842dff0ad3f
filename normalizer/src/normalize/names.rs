//! Part of `normalize`: names derived from other parts of the document.
//!
//! In: a method and a path, the place of a node, or words. Out: a name. Invariant: the name depends on nothing else, so that it is stable
//! when other parts of the document change; only [`Names`] adds numbers, to names that are in use.

use std::borrow::Cow;

use foldhash::{HashMap, HashSet};
use serde_json::Value;

use crate::certain::Certain;
use crate::pointer::{Pointer, child};
use crate::spelling::{is_among, is_digits, squashed};
use crate::structure::{
    grammar::{Kind, is_component_character, is_component_name},
    template::{Piece, pieces},
};
use crate::words::is_prefix;

/// The names in use in a section of components.
#[derive(Default)]
pub(super) struct Names {
    taken: HashSet<String>,
    /// The last number that was appended to a name.
    numbers: HashMap<String, usize>,
}

impl FromIterator<String> for Names {
    fn from_iter<I: IntoIterator<Item = String>>(names: I) -> Self {
        Self { taken: names.into_iter().collect(), numbers: HashMap::default() }
    }
}

impl Names {
    /// Takes the first wanted name that is free, or else the last one with a number, counted from 2.
    pub(super) fn free(&mut self, wanted: &[String], separator: &str) -> String {
        if let Some(name) = wanted.iter().find(|name| self.taken.insert((*name).clone())) {
            return name.clone();
        }
        let base = wanted.last().cloned().certain("a name is wanted");
        let number = self.numbers.entry(base.clone()).or_insert(1);
        loop {
            *number += 1;
            let name = format!("{base}{separator}{number}");
            if self.taken.insert(name.clone()) {
                return name;
            }
        }
    }
}

/// Returns a valid component name (OpenAPI 3.0.3 §4.7.7): `Page«User»` → `Page_User`. A valid name is unchanged.
pub(super) fn legal(name: &str) -> String {
    if is_component_name(name) {
        return name.to_owned();
    }
    let ascii = deunicode::deunicode(&without_assemblies(name));
    let words: Vec<_> = ascii.split(|c| !is_component_character(c)).filter(|word| !word.is_empty()).collect();
    if words.is_empty() { "Component".to_owned() } else { words.join("_") }
}

/// Returns .NET's name of a generic type without assemblies, and without the namespaces of its arguments:
/// ``Acme.Page`1[[Acme.User, Acme, Version=1.0.0.0]]`` → `Acme.Page_User`. Any other name is unchanged.
fn without_assemblies(name: &str) -> Cow<'_, str> {
    let is_generic = |(_, rest): (&str, &str)| rest.starts_with(|next: char| next.is_ascii_digit());
    if !name.split_once('`').is_some_and(is_generic) {
        return Cow::Borrowed(name);
    }
    let types = name.split(['[', ']']).filter_map(|part| part.split(',').next());
    let mut types = types.map(without_arity).filter(|name| !name.is_empty());
    let mut short = types.next().unwrap_or_default();
    for argument in types {
        short.push('_');
        short.push_str(argument.rsplit(['.', '+']).next().unwrap_or_default());
    }
    Cow::Owned(short)
}

/// Removes the arity: ``Page`1`` → `Page`.
fn without_arity(name: &str) -> String {
    let mut parts = name.trim().split('`');
    let first = parts.next().unwrap_or_default();
    let others = parts.map(|part| part.trim_start_matches(|c: char| c.is_ascii_digit()));
    [first].into_iter().chain(others).collect()
}

/// Returns the name of an unnamed operation: `GET /pets/{id}/toys` → `getPetsByIdToys`.
///
/// Parameters are introduced by `By`, consecutive parameters are joined by `And`; a path without a letter is `Root`.
#[must_use]
pub fn operation_id(method: &str, path: &str) -> String {
    let mut name = method.to_ascii_lowercase();
    let start = name.len();
    let mut after_parameter = false;
    for piece in pieces(path) {
        match piece {
            Piece::Text(text) => {
                let word = pascal(text);
                // Text without words (`/`, `.`) only separates two parameters.
                after_parameter &= word.is_empty();
                name.push_str(&word);
            }
            Piece::Parameter(text) => {
                name.push_str(if after_parameter { "And" } else { "By" });
                name.push_str(&pascal(text));
                after_parameter = true;
            }
        }
    }
    if name.len() == start {
        name.push_str("Root");
    }
    name
}

/// Returns a path without generic leading segments: `/me` for `/api/v3/me`. A path of such segments only is unchanged.
pub(super) fn without_prefix(path: &str) -> &str {
    below_prefixes(path).last().filter(|rest| *rest != "/").unwrap_or(path)
}

/// Returns a path, and its rest after each generic leading segment.
pub(super) fn below_prefixes(path: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(path), |path| {
        let (front, _) = path.strip_prefix('/')?.split_once('/')?;
        path.get(front.len() + 1..).filter(|_| is_prefix(front))
    })
}

/// Returns the words joined, each with a capital first letter: `list-pets` → `ListPets`.
pub(super) fn pascal(text: &str) -> String {
    text.split(|c: char| !c.is_alphanumeric()).map(upper).collect()
}

/// Returns the name with a capital first letter.
pub(super) fn upper(name: &str) -> String {
    let mut characters = name.chars();
    characters.next().into_iter().flat_map(char::to_uppercase).chain(characters).collect()
}

/// Returns the words of a name in lower case.
pub(super) fn words(name: &str) -> Vec<String> {
    apart(name, ' ').split(' ').filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// Returns the extension for a field: `uniqueKeys` → `x-unique-keys`.
pub(super) fn extension(key: &str) -> String {
    format!("x-{}", apart(key.trim_start_matches('$'), '-'))
}

/// Returns a name in lower case with a separator between its words, which also replaces other characters.
fn apart(name: &str, sign: char) -> String {
    let (mut apart, mut after_lower) = (String::new(), false);
    for one in name.chars() {
        if after_lower && one.is_uppercase() {
            apart.push(sign);
        }
        after_lower = one.is_alphanumeric() && !one.is_uppercase();
        if one.is_alphanumeric() { apart.extend(one.to_lowercase()) } else { apart.push(sign) }
    }
    apart
}

/// Returns `true` if two names differ only in case and separators.
pub(super) fn alike(one: &str, other: &str) -> bool {
    squashed(one) == squashed(other)
}

/// Returns `true` if the keys below this key are names.
fn is_section(key: &str) -> bool {
    is_among("definitions $defs pathItems properties", key) || Kind::Components.grammar().form_of(key).is_some()
}

/// Returns the name of the node at `pointer` in a document, or of the whole file `relative`.
pub(super) fn wanted(document: &Value, pointer: &Pointer, relative: &str) -> String {
    let segments: Vec<String> = pointer.segments().collect();
    let is_path = segments.first().is_some_and(|first| first == "paths");
    let named = match segments.as_slice() {
        [] => stem(relative).to_owned(),
        [name] => name.clone(),
        // Any section, such as `#/components/enums/Kind`.
        [components, _, name] if components == "components" => name.clone(),
        // `#/components/schemas/Pet`, `#/definitions/Pet`.
        [.., section, name] if segments.len() <= 3 && is_section(section) && !is_path => name.clone(),
        _ => spelled(document, &segments),
    };
    legal(named.trim_matches('_'))
}

/// Returns the file name up to its first dot.
pub(super) fn stem(relative: &str) -> &str {
    let name = relative.rsplit('/').next().unwrap_or(relative);
    name.split('.').find(|part| !part.is_empty()).unwrap_or(name)
}

/// Returns a pointer in words: `/components/schemas/Pet/properties/owner/items` → `PetOwnerItem`.
fn spelled(document: &Value, segments: &[String]) -> String {
    let mut name = String::new();
    let mut rest: &[String] = segments;
    if let [paths, path, method, inner @ ..] = segments
        && paths == "paths"
    {
        let operation = document["paths"].get(path).and_then(|item| item.get(method));
        let declared = operation.and_then(|operation| operation["operationId"].as_str());
        name = pascal(declared.unwrap_or(&operation_id(method, path)));
        rest = inner;
    }
    while let [segment, after @ ..] = rest {
        rest = after;
        if let ("parameters", [index, after @ ..]) = (segment.as_str(), after)
            && is_digits(index)
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

/// Returns one segment in words, and whether that includes the next segment. `has_more`: others follow the next one.
fn word(segment: &str, next: Option<&str>, is_first: bool, has_more: bool) -> (String, bool) {
    let numbered =
        |word: &str| (format!("{word}{}", next.map(|next| pascal(&one_based(next))).unwrap_or_default()), true);
    match segment {
        "components" | "schema" => (String::new(), false),
        "content" => (String::new(), true),
        "requestBody" => ("Body".to_owned(), false),
        // The usual success is omitted.
        "responses" if !is_first && next == Some("200") => ("Response".to_owned(), true),
        "responses" if !is_first => numbered("Response"),
        "parameters" if !is_first => numbered("Parameter"),
        // A schema in a part is also in the whole.
        "allOf" if has_more => (String::new(), true),
        "allOf" => numbered("Part"),
        "oneOf" | "anyOf" => numbered("Option"),
        "prefixItems" | "items" if next.is_some_and(is_digits) => numbered("Item"),
        "items" => ("Item".to_owned(), false),
        "additionalProperties" => ("Value".to_owned(), false),
        section if is_section(section) => (next.map(pascal).unwrap_or_default(), true),
        other => (pascal(other), false),
    }
}

/// Converts an index to a number counted from 1; status codes are unchanged.
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
        assert_eq!(named("/components/enums/Kind", "a.yaml"), "Kind");
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

    #[test]
    fn operations_are_named_by_method_and_path() {
        for (method, path, expected) in [
            ("get", "/pets/{id}/toys", "getPetsByIdToys"),
            ("POST", "/pets", "postPets"),
            ("delete", "/repos/{owner}/{repo}", "deleteReposByOwnerAndRepo"),
            ("get", "/", "getRoot"),
            ("get", "/v1/user-groups/{group_id}.json", "getV1UserGroupsByGroupIdJson"),
            ("put", "/{a}:{b}", "putByAAndB"),
            ("get", "/größe", "getGröße"),
            ("get", "/a{", "getA"),
        ] {
            assert_eq!(operation_id(method, path), expected);
        }
    }

    #[test]
    fn segments_that_say_nothing_are_left_out() {
        let paths = ["/api/v3/me", "/api/me/", "/v1/", "/api", "/apis/x", "/{a}/b", "me", "", "//"];
        let found = paths.map(without_prefix);
        assert_eq!(found, ["/me", "/me/", "/v1/", "/api", "/apis/x", "/{a}/b", "me", "", "//"]);
    }

    #[test]
    fn names_become_legal() {
        for (name, expected) in [
            ("Pet", "Pet"),
            ("Page«User»", "Page_User"),
            ("Acme.Page`1[[Acme.User, Acme, Version=1.0.0.0, Culture=neutral]]", "Acme.Page_User"),
            (
                "Acme.Map`2[[System.String, Core],[Acme.List`1[[Acme.V+User2, Acme]], Acme]]",
                "Acme.Map_String_List_User2",
            ),
            ("Acme.Page`1+Next[Acme.User]", "Acme.Page_Next_User"),
            ("`1", "Component"),
            ("a`b", "a_b"),
            ("Map<string, List<int>>", "Map_string_List_int"),
            ("a/b~c", "a_b_c"),
            ("Größe", "Grosse"),
            ("«»", "Component"),
            ("", "Component"),
            ("_x", "_x"),
        ] {
            assert_eq!(legal(name), expected, "{name}");
        }
    }
}
