//! Part of `name`: types, and the files that they are in.
//!
//! In: types with their owners. Out: an identifier and a file for each type that is an item.
//!
//! Invariant: an inline type is called after its owner and its place there, and lies in its component's file.

use std::collections::{BTreeMap, BTreeSet};

use super::files::{self, RESERVED_FILES};
use super::ident::{Scope, pascal, pascal_part, snake, spared, with_word};
use super::variants::inline_branch;
use super::{Names, RESERVED_EVERYWHERE, RESERVED_TYPES, TypeName, media_word, status_variant};
use crate::ir::{Api, MediaKind, MediaType, Operation, Owner, StatusMatch, TypeId};
use clientwright_normalizer::normalize::is_prefix;

/// Components first, in the document's order, so that no inline type can take a component's name.
pub(super) fn name_types(api: &Api, names: &mut Names) {
    let mut idents = Scope::with(&[RESERVED_EVERYWHERE, RESERVED_TYPES]);
    let mut files = Scope::of_files(&[RESERVED_FILES, "types"]);
    let mut roots = BTreeSet::new();
    let incoming = api.incoming.iter().map(|incoming| &incoming.operation);
    // Ids of operations are unique; what a webhook shares with one is the operation's.
    let operations = incoming.chain(&api.operations).map(|operation| (operation.id.as_str(), operation)).collect();
    let ways = Ways { api, operations };
    common_front(api).clone_into(&mut names.front);
    for (id, ty) in api.types.iter() {
        if let Owner::Component(name) = &ty.owner {
            let ident = component_ident(names, name);
            let whole = pascal(name);
            let otherwise = if whole == ident { with_word(&ident, "Model") } else { whole };
            let ident = idents.take_or(&ident, &otherwise);
            let file = files.take(&snake(&ident));
            roots.insert(id);
            names.set_ty(id, TypeName { ident, file });
        }
    }
    for (id, ty) in api.types.iter() {
        if (ty.shape.has_members() || api.types.is_inline_alias(id)) && names.ty(id).is_none() {
            let wanted = spared(inline_name(&ways, names, id, 0));
            let ident = idents.take_or(&wanted, &with_word(&wanted, "Model"));
            // That of the component that it belongs to, if it belongs to one.
            let file = match api.types.owners(id).find_map(|id| names.ty(id)) {
                Some(owner) => owner.file.clone(),
                None => {
                    roots.insert(id);
                    files.take(&snake(&ident))
                }
            };
            names.set_ty(id, TypeName { ident, file });
        }
    }
    files::split_types(api, names, &roots);
}

/// The name of a component, before it is made unique.
pub(super) fn component_ident(names: &Names, name: &str) -> String {
    pascal(name.strip_prefix(&names.front).unwrap_or(name))
}

/// The words with dots behind them that most components have in front: `acme.v1.` of `acme.v1.Pet`, `acme.v1.Toy` and
/// `google.rpc.Status`. One component alone has nothing in common, and a version tells components apart unless all have it.
fn common_front(api: &Api) -> &str {
    let components = api.types.iter().filter_map(|(_, ty)| match &ty.owner {
        Owner::Component(name) => Some(name.as_str()),
        _ => None,
    });
    let mut families: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for name in components {
        families.entry(name.split_once('.').map_or("", |(first, _)| first)).or_default().push(name);
    }
    let all: usize = families.values().map(Vec::len).sum();
    let most = families.into_iter().find(|(_, names)| names.len() * 2 > all);
    let most = most.filter(|(first, names)| names.len() == all || !is_prefix(first));
    most.map_or("", |(_, names)| front_of(&names))
}

/// The longest front with a dot at its end that all names have, and something behind it.
fn front_of<'n>(names: &[&'n str]) -> &'n str {
    let Some((first, [_, ..])) = names.split_first() else { return "" };
    let mut fronts = first.rmatch_indices('.').filter_map(|(dot, _)| first.get(..=dot));
    let is_shared = |front: &&str| names.iter().all(|name| name.starts_with(front) && name.len() > front.len());
    fronts.find(is_shared).unwrap_or_default()
}

/// The longest chain of owners that is followed for a name.
const OWNERS: usize = 64;

/// What the way to an inline type leads through.
struct Ways<'a> {
    api: &'a Api,
    /// The operations, and the requests of the server, by their ids.
    operations: BTreeMap<&'a str, &'a Operation>,
}

/// The name of an inline type: its owner's name and its place there.
fn inline_name(ways: &Ways<'_>, names: &Names, id: TypeId, depth: usize) -> String {
    let Ways { api, operations } = ways;
    if let Some(name) = names.ty(id) {
        return with_word(&name.ident, "");
    }
    if depth >= OWNERS {
        return "Inline".to_owned();
    }
    let parent = |of: TypeId| inline_name(ways, names, of, depth + 1);
    match &api.types[id].owner {
        Owner::Component(name) | Owner::SharedParameter(name) => pascal_part(name),
        Owner::SharedRequestBody(name) => format!("{}Body", pascal_part(name).trim_end_matches("Body")),
        Owner::SharedResponse(name) => format!("{}Response", pascal_part(name).trim_end_matches("Response")),
        Owner::Property { of, wire_name } => format!("{}{}", parent(*of), pascal_part(wire_name)),
        Owner::Item { of } => format!("{}Item", parent(*of)),
        Owner::Element { of, index } => format!("{}Item{}", parent(*of), index + 1),
        Owner::Value { of } => format!("{}Value", parent(*of)),
        Owner::Variant { of, index, .. } => format!("{}{}", parent(*of), inline_branch(api, names, *of, *index)),
        Owner::Input { of } => format!("{}Input", parent(*of)),
        Owner::Received { of } => format!("{}Received", parent(*of)),
        Owner::Multipart { of } => format!("{}Multipart", parent(*of)),
        Owner::Parameter { operation, wire_name } => format!("{}{}", pascal_part(operation), pascal_part(wire_name)),
        Owner::RequestBody { operation, media_type } => {
            let body = operations.get(operation.as_str()).and_then(|of| of.body.as_ref());
            let media_types = body.map_or(&[][..], |body| &body.media_types);
            format!("{}Body{}", pascal_part(operation), further(media_types, *media_type))
        }
        Owner::Failure { operation } => format!("{}Error", pascal_part(operation)),
        Owner::Response { operation, status, media_type } => {
            // The usual success goes without saying.
            let word = if *status == StatusMatch::Code(200) { String::new() } else { status_variant(*status) };
            let all = operations.get(operation.as_str()).map_or(&[][..], |of| &of.responses);
            let response = all.iter().find(|response| response.status == *status);
            let media_types = response.map_or(&[][..], |response| &response.media_types);
            format!("{}{word}Response{}", pascal_part(operation), further(media_types, *media_type))
        }
    }
}

/// A media type in a word, where it is not the one that the others are beside: JSON, or else the first.
fn further(media_types: &[MediaType], index: usize) -> String {
    let plain = media_types.iter().position(|one| one.kind == MediaKind::Json).unwrap_or(0);
    match media_types.get(index) {
        Some(media_type) if index != plain => pascal_part(&media_word(&media_type.name)),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::call_variants::call_variants;
    use crate::generate::{Document, read_api};
    use crate::ir::{Shape, Type};
    use crate::name::name;
    use clientwright_normalizer::Source;

    /// The types of an API with one operation `getBucket`, each with the type that it is an alias of; the first is that of its failures.
    fn types(responses: &Value) -> Vec<(String, Option<String>)> {
        let mut all = json!({ "204": { "description": "" } });
        for (status, schema) in responses.as_object().unwrap() {
            all[status] = json!({ "description": "", "content": { "application/json": { "schema": schema } } });
        }
        let document = json!({
            "openapi": "3.0.3",
            "info": { "title": "t", "version": "v" },
            "paths": { "/": { "get": { "operationId": "getBucket", "responses": all } } },
        });
        let source = Source { name: "t.json".to_owned(), text: document.to_string() };
        let (api, _) = read_api(&Document { module: "t".to_owned(), source }).unwrap();
        let names = name(&api, &call_variants(&api));
        let ident = |id: TypeId| names.ty(id).map(|name| name.ident.clone());
        let named = |(id, ty): (TypeId, &Type)| match ty.shape {
            Shape::Alias(of) => Some((ident(id)?, ident(of.ty))),
            _ => Some((ident(id)?, None)),
        };
        let mut named: Vec<_> = api.types.iter().filter(|(_, ty)| ty.read).filter_map(named).collect();
        named.sort();
        named
    }

    fn plain(names: &[&str]) -> Vec<(String, Option<String>)> {
        names.iter().map(|name| ((*name).to_owned(), None)).collect()
    }

    #[test]
    fn it_is_called_after_the_operation_and_the_first_status_keeps_its_name() {
        let error = json!({ "type": "object", "properties": {
            "code": { "type": "integer" },
            "details": { "type": "array", "items": { "type": "object", "properties": { "name": { "type": "string" } } } },
        } });
        let once = types(&json!({ "401": error }));
        assert_eq!(once, plain(&["GetBucketUnauthorizedResponse", "GetBucketUnauthorizedResponseDetailsItem"]));
        let alias = |name: &str, of: &str| (name.to_owned(), Some(of.to_owned()));
        let mut expected = plain(&["GetBucketError", "GetBucketErrorDetailsItem"]);
        expected.push(alias("GetBucketUnauthorizedResponse", "GetBucketError"));
        expected.push(alias("GetBucketUnauthorizedResponseDetailsItem", "GetBucketErrorDetailsItem"));
        assert_eq!(types(&json!({ "401": error, "404": error, "default": error })), expected);
    }

    #[test]
    fn what_differs_or_means_success_keeps_the_names_of_statuses() {
        let object = |name: &str| json!({ "type": "object", "properties": { name: { "type": "string" } } });
        let (error, other) = (object("error"), object("other"));
        let names = ["GetBucketNotFoundResponse", "GetBucketUnauthorizedResponse"];
        assert_eq!(types(&json!({ "401": error, "404": other })), plain(&names));
        assert_eq!(types(&json!({ "401": error, "403": error, "404": other })), plain(&names));
        assert_eq!(types(&json!({ "200": error, "401": error, "404": error })), plain(&["GetBucketResponse"]));
        assert_eq!(
            types(&json!({ "401": error, "404": error, "409": { "type": "string" } })),
            plain(&["GetBucketUnauthorizedResponse"])
        );
    }
}
