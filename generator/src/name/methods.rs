//! Part of `name`: the methods of operations, made of their ids.
//!
//! In: operations. Out: a name for each, which is still to be made unique.
//!
//! Invariant: an id loses only what repeats its path, its controller, its service or its tag, and nothing if another operation
//! of the tag would have the same name then.

use std::collections::{BTreeMap, BTreeSet};

use super::RESERVED_METHODS;
use super::ident::snake;
use crate::ir::{Api, Operation};

/// The method of each operation, in their order.
pub(super) fn method_names(api: &Api) -> Vec<String> {
    let ids: BTreeSet<&str> = api.operations.iter().map(|operation| operation.id.as_str()).collect();
    let whole: Vec<String> = api.operations.iter().map(|operation| snake(&operation.id)).collect();
    let mut taken: BTreeMap<usize, BTreeSet<String>> = BTreeMap::new();
    for (operation, name) in api.operations.iter().zip(&whole) {
        taken.entry(operation.tag.0).or_default().insert(name.clone());
    }
    let method = |(operation, whole): (&Operation, String)| {
        let taken = taken.entry(operation.tag.0).or_default();
        let short = shortened(api, &ids, operation).filter(|short| !taken.contains(short));
        short.map_or(whole, |short| {
            taken.insert(short.clone());
            short
        })
    };
    api.operations.iter().zip(whole).map(method).collect()
}

/// The name of an operation without what repeats something else. `None` if nothing does, or if what is left is no name.
fn shortened(api: &Api, ids: &BTreeSet<&str>, operation: &Operation) -> Option<String> {
    let id = operation.id.as_str();
    let rest = without_number(ids, id).or_else(|| without_path(operation)).unwrap_or(id);
    let rest = without_owner(rest).unwrap_or(rest);
    let tag = api.tags.get(operation.tag.0).filter(|tag| !tag.implied);
    let rest = tag.and_then(|tag| without_tag(rest, &tag.name)).unwrap_or(rest);
    let name = snake(rest);
    // A keyword has an underscore.
    let is_word = rest.starts_with(|first: char| first.is_ascii_alphabetic()) && !name.ends_with('_');
    (is_word && !RESERVED_METHODS.split(' ').any(|reserved| reserved == name)).then_some(name)
}

/// `read_item` of `read_item_items__item_id__get`: frameworks append path and method, each other character as an underscore.
fn without_path(operation: &Operation) -> Option<&str> {
    let path = operation.path.replace(|character: char| !character.is_ascii_alphanumeric(), "_");
    let end = format!("{path}_{}", operation.method.key().to_ascii_lowercase());
    operation.id.strip_suffix(&end).filter(|rest| !rest.is_empty())
}

/// `list` of `list_1`, if there is a `list`: frameworks number the methods of all controllers.
fn without_number<'i>(ids: &BTreeSet<&str>, id: &'i str) -> Option<&'i str> {
    let (name, number) = id.rsplit_once('_')?;
    let is_number = !number.is_empty() && number.bytes().all(|digit| digit.is_ascii_digit());
    (is_number && ids.contains(name)).then_some(name)
}

/// `findAll` of `PetsController_findAll`, `GetPet` of `PetService_GetPet`.
fn without_owner(id: &str) -> Option<&str> {
    let (owner, rest) = id.split_once('_')?;
    let is_owner = owner.ends_with("Controller") || owner.ends_with("Service");
    (is_owner && rest.starts_with(|first: char| first.is_ascii_alphabetic())).then_some(rest)
}

/// `list` of `pets_list` and `pets/list`, where the tag is `pets`. Words that nothing separates are one thought: `searchAll`.
fn without_tag<'i>(id: &'i str, tag: &str) -> Option<&'i str> {
    let tag = snake(tag);
    let mut ends = id.match_indices(|character: char| !character.is_ascii_alphanumeric());
    ends.find_map(|(end, separator)| {
        let (prefix, rest) = (id.get(..end)?, id.get(end + separator.len()..)?);
        (snake(prefix) == tag && !rest.is_empty()).then_some(rest)
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::generate::{Document, read_api};
    use clientwright_normalizer::Source;

    /// The methods of operations, each given by its method, path, tag and id.
    fn methods(operations: &[(&str, &str, &str, &str)]) -> Vec<String> {
        let mut document = json!({"openapi": "3.0.3", "info": {"title": "t", "version": "v"}, "paths": {}});
        for (method, path, tag, id) in operations {
            let parameters: Vec<_> = path
                .split(['{', '}'])
                .skip(1)
                .step_by(2)
                .map(|name| json!({"name": name, "in": "path", "required": true, "schema": {"type": "string"}}))
                .collect();
            document["paths"][path][method] = json!({
                "operationId": id, "tags": [tag], "parameters": parameters, "responses": {"204": {"description": "d"}}
            });
        }
        let source = Source { name: "t.json".to_owned(), text: document.to_string() };
        let (api, _) = read_api(&Document { module: "t".to_owned(), source }).unwrap();
        let named: BTreeMap<&str, String> =
            api.operations.iter().map(|operation| operation.id.as_str()).zip(method_names(&api)).collect();
        operations.iter().map(|(.., id)| named[id].clone()).collect()
    }

    #[test]
    fn what_repeats_the_path_the_controller_or_the_tag_goes() {
        for (method, path, tag, id, expected) in [
            ("get", "/items/{item_id}", "items", "read_item_items__item_id__get", "read_item"),
            ("get", "/items", "items", "items_get", "get"),
            ("get", "/pets", "pets", "PetsController_findAll", "find_all"),
            ("get", "/pets", "pets", "PetService_GetPet", "get_pet"),
            ("get", "/pets", "pets", "pets_list", "list"),
            ("get", "/pets", "pet owners", "pet-owners/list", "list"),
            ("get", "/pets", "pets", "pets.toys.list", "toys_list"),
            ("get", "/pets", "search", "searchAll", "search_all"),
            ("get", "/pets", "pets", "pets/new", "pets_new"),
            ("get", "/pets", "pets", "pets/type", "pets_type"),
            ("get", "/pets", "pets", "pets/2", "pets_2"),
            ("get", "/pets", "pets", "list_1", "list_1"),
        ] {
            assert_eq!(methods(&[(method, path, tag, id)]), [expected], "{id}");
        }
    }

    #[test]
    fn a_name_that_another_operation_of_the_tag_has_is_not_taken() {
        let pets = [("get", "/a", "pets", "pets_list"), ("get", "/b", "pets", "list")];
        assert_eq!(methods(&pets), ["pets_list", "list"]);
        let controllers = [("get", "/a", "pets", "ToysController_list"), ("get", "/b", "pets", "PetsController_list")];
        assert_eq!(methods(&controllers), ["list", "pets_controller_list"]);
        let numbered =
            [("get", "/a", "pets", "list"), ("get", "/b", "toys", "list_1"), ("get", "/c", "pets", "list_2")];
        assert_eq!(methods(&numbered), ["list", "list", "list_2"]);
    }
}
