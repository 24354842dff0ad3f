//! Pass of `lower`: equal bodies of one operation.
//!
//! In: operations and types. Out: operations; an inline schema that is repeated for another status code or media type uses
//! the first one's type.
//!
//! Invariant: only types that are equal on the wire become one; documentation makes no difference.

use std::collections::BTreeSet;

use crate::ir::{Api, Field, MediaKind, MediaType, Object, Owner, Shape, Type, TypeRef, Types, Union};

/// Gives bodies that are alike one type.
pub(super) fn unify(api: &mut Api) {
    let Api { types, operations, incoming, .. } = api;
    for operation in operations.iter_mut().chain(incoming.iter_mut().map(|one| &mut one.operation)) {
        unify_all(types, operation.responses.iter_mut().flat_map(|response| &mut response.media_types));
        unify_all(types, operation.body.iter_mut().flat_map(|body| &mut body.media_types));
    }
}

/// Parts of `multipart` bodies may become files, which is why these keep a type of their own.
fn unify_all<'m>(types: &Types, media_types: impl Iterator<Item = &'m mut MediaType>) {
    let mut firsts: Vec<TypeRef> = Vec::new();
    for media_type in media_types.filter(|media_type| matches!(media_type.kind, MediaKind::Json | MediaKind::Form)) {
        match firsts.iter().find(|first| same(types, **first, media_type.ty)) {
            Some(first) => media_type.ty = *first,
            None => firsts.push(media_type.ty),
        }
    }
}

/// Whether two uses are the same on the wire. A component is the same as itself alone: its name tells people something.
fn same(types: &Types, one: TypeRef, other: TypeRef) -> bool {
    let mut waiting = vec![(one, other)];
    let mut seen = BTreeSet::new();
    while let Some((one, other)) = waiting.pop() {
        if (one.nullable, one.secret) != (other.nullable, other.secret) {
            return false;
        }
        if one.ty == other.ty || !seen.insert((one.ty, other.ty)) {
            continue;
        }
        let (Some(one), Some(other)) = (types.get(one.ty), types.get(other.ty)) else { return false };
        let is_component = |ty: &Type| matches!(ty.owner, Owner::Component(_));
        if is_component(one) || is_component(other) || (&one.format, &one.values) != (&other.format, &other.values) {
            return false;
        }
        match parts(&one.shape, &other.shape) {
            Some(parts) => waiting.extend(parts),
            None => return false,
        }
    }
    true
}

/// What has to be the same for two shapes to be; `None` if they are not.
pub(super) fn parts(one: &Shape, other: &Shape) -> Option<Vec<(TypeRef, TypeRef)>> {
    match (one, other) {
        (Shape::Array(one), Shape::Array(other))
        | (Shape::Map(one), Shape::Map(other))
        | (Shape::Alias(one), Shape::Alias(other)) => Some(vec![(*one, *other)]),
        (Shape::Object(one), Shape::Object(other)) => fields(one, other),
        (Shape::Union(one), Shape::Union(other)) => variants(one, other),
        _ => (one == other).then(Vec::new),
    }
}

fn fields(one: &Object, other: &Object) -> Option<Vec<(TypeRef, TypeRef)>> {
    if one.fields.len() != other.fields.len() || one.additional.is_some() != other.additional.is_some() {
        return None;
    }
    let alike = one.fields.iter().zip(&other.fields).all(|(one, other)| {
        let facts =
            |field: &Field| (field.required_when_read, field.required_when_sent, field.read_only, field.write_only);
        one.wire_name == other.wire_name && facts(one) == facts(other)
    });
    let fields = one.fields.iter().zip(&other.fields).map(|(one, other)| (one.ty, other.ty));
    alike.then(|| fields.chain(one.additional.zip(other.additional)).collect())
}

fn variants(one: &Union, other: &Union) -> Option<Vec<(TypeRef, TypeRef)>> {
    if one.rule != other.rule || one.variants.len() != other.variants.len() {
        return None;
    }
    let variants = one.variants.iter().zip(&other.variants);
    let alike = variants.clone().all(|(one, other)| (&one.tags, &one.test) == (&other.tags, &other.test));
    alike.then(|| variants.map(|(one, other)| (one.ty, other.ty)).collect())
}
