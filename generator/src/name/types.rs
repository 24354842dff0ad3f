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

/// Components first, in the document's order, so that no inline type can take a component's name.
pub(super) fn name_types(api: &Api, names: &mut Names) {
    let mut idents = Scope::with(&[RESERVED_EVERYWHERE, RESERVED_TYPES]);
    let mut files = Scope::of_files(&[RESERVED_FILES, "types"]);
    let mut roots = BTreeSet::new();
    let incoming = api.incoming.iter().map(|incoming| &incoming.operation);
    // Ids of operations are unique; what a webhook shares with one is the operation's.
    let operations = incoming.chain(&api.operations).map(|operation| (operation.id.as_str(), operation)).collect();
    let ways = Ways { api, operations };
    names.prefix = common_prefix(api);
    for (id, ty) in api.types.iter() {
        if let Owner::Component(name) = &ty.owner {
            let ident = component_ident(names, name);
            let ident = idents.take_or(&ident, &with_word(&ident, "Model"));
            let file = files.take(&snake(&ident));
            roots.insert(id);
            names.set_ty(id, TypeName { ident, file });
        }
    }
    for (id, ty) in api.types.iter() {
        if (ty.shape.has_members() || api.types.is_inline_alias(id)) && names.ty(id).is_none() {
            let wanted = spared(inline_name(&ways, names, id, 0));
            let ident = idents.take_or(&wanted, &with_word(&wanted, "Model"));
            let file = match owning_file(api, names, id) {
                Some(file) => file,
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
    pascal(name.get(names.prefix..).unwrap_or(name))
}

/// How many bytes of words with dots behind them all components have in front: eight for `acme.v1.Pet` and `acme.v1.Toy`. One
/// component alone has nothing in common.
fn common_prefix(api: &Api) -> usize {
    let mut components = api.types.iter().filter_map(|(_, ty)| match &ty.owner {
        Owner::Component(name) => Some(name.as_str()),
        _ => None,
    });
    let (Some(first), Some(second)) = (components.next(), components.next()) else { return 0 };
    let ends = first.char_indices().filter(|(_, letter)| *letter == '.').map(|(dot, _)| dot + 1);
    let others: Vec<&str> = std::iter::once(second).chain(components).collect();
    let is_shared = |end: &usize| {
        let front = first.get(..*end).unwrap_or_default();
        *end < first.len() && others.iter().all(|other| other.starts_with(front) && other.len() > *end)
    };
    ends.rev().find(is_shared).unwrap_or(0)
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
        Owner::Parameter { operation, wire_name } => format!("{}{}", pascal_part(operation), pascal_part(wire_name)),
        Owner::RequestBody { operation, media_type } => {
            let body = operations.get(operation.as_str()).and_then(|of| of.body.as_ref());
            let media_types = body.map_or(&[][..], |body| &body.media_types);
            format!("{}Body{}", pascal_part(operation), further(media_types, *media_type))
        }
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

/// The file of the component that an inline type belongs to, if it belongs to one.
fn owning_file(api: &Api, names: &Names, id: TypeId) -> Option<String> {
    api.types.owners(id).find_map(|id| names.ty(id)).map(|name| name.file.clone())
}
