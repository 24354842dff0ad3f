//! Pass of `lower`: which strings are files.
//!
//! In: operations and types. Out: types; a string of `format: binary` that is only used as a part of a body is a file.
//!
//! Invariant: a file is never read, and is sent only as a part of its own. What is used in JSON, too, stays a string.

use std::collections::BTreeSet;

use super::uses::reachable;
use crate::ir::{Api, MediaKind, MediaType, Shape, Text, TypeId, Types};

/// Marks what is a file.
pub(super) fn mark(api: &mut Api) {
    let Api { types, operations, incoming, client_headers, .. } = api;
    let bodies = || operations.iter().flat_map(|operation| &operation.body).flat_map(|body| &body.media_types);
    let is_multipart = |body: &MediaType| body.kind == MediaKind::Multipart;
    let multipart: Vec<TypeId> = bodies().filter(|body| is_multipart(body)).map(|body| body.ty.ty).collect();
    if multipart.is_empty() {
        return;
    }
    let (files, mut elsewhere) = parts(types, &multipart);
    elsewhere.extend(bodies().filter(|body| !is_multipart(body)).map(|body| body.ty.ty));
    elsewhere.extend(operations.iter().flat_map(|operation| &operation.parameters).map(|parameter| parameter.ty.ty));
    // What the server sends is read.
    let received = || incoming.iter().map(|one| &one.operation);
    let bodies = received().flat_map(|operation| &operation.body).flat_map(|body| &body.media_types);
    elsewhere.extend(bodies.map(|body| body.ty.ty));
    let responses = operations.iter().chain(received()).flat_map(|operation| &operation.responses);
    elsewhere.extend(responses.flat_map(|response| &response.media_types).map(|media_type| media_type.ty.ty));
    elsewhere.extend(client_headers.iter().map(|header| header.ty.ty));
    // A component that no operation reaches may be meant for anything.
    let reached_by_operations = reachable(types, elsewhere.iter().copied().chain(multipart));
    let is_unused = |id: &TypeId| !reached_by_operations.contains(id);
    let components = types.iter().filter(|(_, ty)| ty.is_component()).map(|(id, _)| id);
    elsewhere.extend(components.filter(is_unused));
    let elsewhere = reachable(types, elsewhere);
    for id in files.difference(&elsewhere) {
        if let Some(ty) = types.get_mut(*id) {
            ty.shape = Shape::Text(Text::File);
        }
    }
}

/// Where in a `multipart` body a type stands.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Level {
    /// It is the whole body, whose properties are parts.
    Body,
    /// It is a part, or an array whose items are.
    Part,
    /// It is an item that is a part.
    Item,
}

/// Whether a `multipart` body of this type has a part that may be a file.
pub(super) fn may_be_in(types: &Types, body: TypeId) -> bool {
    !parts(types, &[body]).0.is_empty()
}

/// The parts of all `multipart` bodies: those that may be files, and those that are JSON.
fn parts(types: &Types, bodies: &[TypeId]) -> (BTreeSet<TypeId>, Vec<TypeId>) {
    let (mut files, mut structured) = (BTreeSet::new(), Vec::new());
    let mut waiting: Vec<(TypeId, Level)> = bodies.iter().map(|id| (*id, Level::Body)).collect();
    let mut seen = BTreeSet::new();
    while let Some((id, level)) = waiting.pop() {
        if !seen.insert((id, level)) {
            continue;
        }
        let ty = &types[id];
        match (&ty.shape, level) {
            (Shape::Alias(_) | Shape::Union(_), level) => {
                waiting.extend(ty.shape.type_refs().into_iter().map(|inner| (inner.ty, level)));
            }
            (Shape::Object(_) | Shape::Map(_), Level::Body) => {
                waiting.extend(ty.shape.type_refs().into_iter().map(|property| (property.ty, Level::Part)));
            }
            (Shape::Array(item), Level::Part) => waiting.push((item.ty, Level::Item)),
            (Shape::Text(Text::Plain), Level::Part | Level::Item) if ty.format.as_deref() == Some("binary") => {
                files.insert(id);
            }
            _ => structured.push(id),
        }
    }
    (files, structured)
}
