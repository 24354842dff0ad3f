//! Part of `name`: types, the files that they are in, and the variants of unions.
//!
//! In: types with their owners. Out: an identifier and a file for each type that is an item.
//!
//! Invariant: an inline type is called after its owner and its place there, and lies in its component's file.

use std::collections::BTreeSet;

use super::files::{self, RESERVED_FILES};
use super::ident::{Scope, pascal, pascal_part, snake, spared, with_word};
use super::{Names, RESERVED_EVERYWHERE, RESERVED_TYPES, TypeName, TypeNames, media_word, status_variant};
use crate::ir::{Api, Operation, Owner, Shape, StatusMatch, Text, Type, TypeId};

/// Components first, in the document's order, so that no inline type can take a component's name.
pub(super) fn name_types(api: &Api, names: &mut Names) {
    let mut idents = Scope::with(&[RESERVED_EVERYWHERE, RESERVED_TYPES]);
    let mut files = Scope::of_files(&[RESERVED_FILES, "types"]);
    let mut roots = BTreeSet::new();
    for (id, ty) in api.types.iter() {
        if let Owner::Component(name) = &ty.owner {
            let ident = pascal(name);
            let ident = idents.take_or(&ident, &with_word(&ident, "Model"));
            let file = files.take(&snake(&ident));
            roots.insert(id);
            set(&mut names.types, id, TypeName { ident, file });
        }
    }
    for (id, ty) in api.types.iter() {
        if ty.shape.has_members() && names.ty(id).is_none() {
            let wanted = spared(inline_name(api, names, id, 0));
            let ident = idents.take_or(&wanted, &with_word(&wanted, "Model"));
            let file = match owning_file(api, names, id) {
                Some(file) => file,
                None => {
                    roots.insert(id);
                    files.take(&snake(&ident))
                }
            };
            set(&mut names.types, id, TypeName { ident, file });
        }
    }
    files::split_types(api, &mut names.types, &roots);
}

fn set(types: &mut [TypeNames], id: TypeId, name: TypeName) {
    if let Some(names) = types.get_mut(id.0) {
        names.item = Some(name);
    }
}

/// The longest title that is taken for a name; a longer one is a sentence.
const TITLE: usize = 40;
/// The longest chain of owners that is followed for a name.
const OWNERS: usize = 64;

/// The name of an inline type: its owner's name and its place there.
fn inline_name(api: &Api, names: &Names, id: TypeId, depth: usize) -> String {
    if let Some(name) = names.ty(id) {
        return with_word(&name.ident, "");
    }
    let Some(ty) = api.types.get(id).filter(|_| depth < OWNERS) else {
        return "Inline".to_owned();
    };
    let parent = |of: TypeId| inline_name(api, names, of, depth + 1);
    match &ty.owner {
        Owner::Component(name) | Owner::SharedParameter(name) => pascal_part(name),
        Owner::SharedRequestBody(name) => format!("{}Body", pascal_part(name).trim_end_matches("Body")),
        Owner::SharedResponse(name) => format!("{}Response", pascal_part(name).trim_end_matches("Response")),
        Owner::Property { of, wire_name } => format!("{}{}", parent(*of), pascal_part(wire_name)),
        Owner::Item { of } => format!("{}Item", parent(*of)),
        Owner::Value { of } => format!("{}Value", parent(*of)),
        Owner::Variant { of, index } => format!("{}{}", parent(*of), branch_name(ty, *index)),
        Owner::Input { of } => format!("{}Input", parent(*of)),
        Owner::Parameter { operation, wire_name } => format!("{}{}", pascal_part(operation), pascal_part(wire_name)),
        Owner::RequestBody { operation, media_type } => {
            let media_types =
                |of: &Operation| of.body.as_ref()?.media_types.get(*media_type).map(|one| one.name.clone());
            format!("{}Body{}", pascal_part(operation), further(api, operation, *media_type, media_types))
        }
        Owner::Response { operation, status, media_type } => {
            // The usual success goes without saying.
            let word = if *status == StatusMatch::Code(200) { String::new() } else { status_variant(*status) };
            let media_types = |of: &Operation| {
                let response = of.responses.iter().find(|response| response.status == *status)?;
                response.media_types.get(*media_type).map(|one| one.name.clone())
            };
            format!("{}{word}Response{}", pascal_part(operation), further(api, operation, *media_type, media_types))
        }
    }
}

/// A media type in a word, where it is not the first.
fn further(api: &Api, operation: &str, index: usize, media_type: impl Fn(&Operation) -> Option<String>) -> String {
    if index == 0 {
        return String::new();
    }
    let operations = api.operations.iter().chain(api.incoming.iter().map(|incoming| &incoming.operation));
    let found = operations.filter(|one| one.id == operation).find_map(media_type);
    found.map_or_else(|| (index + 1).to_string(), |name| pascal_part(&media_word(&name)))
}

/// The name of an inline branch of a union: its title, its only value, or its number.
fn branch_name(ty: &Type, index: usize) -> String {
    if let Some(title) = ty.docs.summary.as_deref().map(pascal_part).filter(|title| title.len() <= TITLE) {
        return title;
    }
    match &ty.shape {
        Shape::TextEnum(values) if values.len() == 1 => {
            values.first().map(|value| pascal_part(value.name.as_ref().unwrap_or(&value.wire))).unwrap_or_default()
        }
        _ => format!("Variant{}", index + 1),
    }
}

/// The file of the component that an inline type belongs to, if it belongs to one.
fn owning_file(api: &Api, names: &Names, id: TypeId) -> Option<String> {
    let mut owners = std::iter::successors(Some(id), |id| api.types.get(*id)?.owner.parent()).take(OWNERS);
    owners.find_map(|id| names.ty(id)).map(|name| name.file.clone())
}

/// The variant of a branch of a union: its type's name without the union's in front, or what it holds.
pub(super) fn variant_name(api: &Api, names: &Names, union: TypeId, branch: TypeId, index: usize) -> String {
    let (union, branch) = (read_form(api, union), read_form(api, branch));
    let Some(ty) = api.types.get(branch) else {
        return format!("Variant{}", index + 1);
    };
    let is_inline = !matches!(ty.owner, Owner::Component(_));
    if is_inline && names.ty(branch).is_some() {
        return spared(branch_name(ty, index));
    }
    if let (Some(name), Some(own)) = (names.ty(branch), names.ty(union)) {
        let short = name.ident.strip_prefix(&own.ident).unwrap_or(&name.ident);
        let valid = short.starts_with(|first: char| first.is_ascii_uppercase());
        return spared(if valid { short } else { &name.ident }.to_owned());
    }
    if let Some(title) = ty.docs.summary.as_deref().map(pascal).filter(|title| title.len() <= TITLE) {
        return title;
    }
    match &ty.shape {
        Shape::Null => "Null".to_owned(),
        Shape::Boolean => "Boolean".to_owned(),
        Shape::Integer(_) => "Integer".to_owned(),
        Shape::Number(_) => "Number".to_owned(),
        Shape::Text(Text::Base64) => "Base64".to_owned(),
        Shape::Text(Text::File) => "File".to_owned(),
        Shape::Text(_) => "Text".to_owned(),
        Shape::Array(item) if lists(api, union) > 1 => {
            format!("{}List", variant_name(api, names, union, item.ty, index))
        }
        Shape::Array(_) => "List".to_owned(),
        Shape::Map(_) => "Object".to_owned(),
        Shape::Any => "Value".to_owned(),
        _ => format!("Variant{}", index + 1),
    }
}

/// The form in which a type is read, if it is sent in another.
fn read_form(api: &Api, id: TypeId) -> TypeId {
    match api.types.get(id).map(|ty| &ty.owner) {
        Some(Owner::Input { of }) => *of,
        _ => id,
    }
}

/// How many branches of a union are lists that have no name.
fn lists(api: &Api, union: TypeId) -> usize {
    let Some(Shape::Union(union)) = api.types.get(union).map(|ty| &ty.shape) else { return 0 };
    let shapes = union.variants.iter().filter_map(|variant| Some(&api.types.get(variant.ty.ty)?.shape));
    shapes.filter(|shape| matches!(shape, Shape::Array(_))).count()
}
