//! Part of `lower`: which types a type is made of.
//!
//! In: a shape. Out: its uses of other types, to be read or changed by a pass.
//!
//! Invariant: the only place that lists where a [`Shape`] holds a [`TypeRef`].

use crate::ir::{Object, Operation, Shape, TypeId, TypeRef, Types};

/// The uses in a shape, in order.
pub(super) fn of(shape: &Shape) -> Vec<TypeRef> {
    match shape {
        Shape::Any
        | Shape::Null
        | Shape::Boolean
        | Shape::Integer(_)
        | Shape::Number(_)
        | Shape::Text(_)
        | Shape::TextEnum(_)
        | Shape::IntegerEnum(_) => Vec::new(),
        Shape::Array(inner) | Shape::Map(inner) | Shape::Alias(inner) => vec![*inner],
        Shape::Object(Object { fields, additional }) => {
            fields.iter().map(|field| field.ty).chain(*additional).collect()
        }
        Shape::Union(union) => union.variants.iter().map(|variant| variant.ty).collect(),
    }
}

/// Changes every use in a shape.
pub(super) fn change(shape: &mut Shape, f: &mut impl FnMut(&mut TypeRef)) {
    match shape {
        Shape::Any
        | Shape::Null
        | Shape::Boolean
        | Shape::Integer(_)
        | Shape::Number(_)
        | Shape::Text(_)
        | Shape::TextEnum(_)
        | Shape::IntegerEnum(_) => {}
        Shape::Array(inner) | Shape::Map(inner) | Shape::Alias(inner) => f(inner),
        Shape::Object(Object { fields, additional }) => {
            fields.iter_mut().for_each(|field| f(&mut field.ty));
            additional.iter_mut().for_each(f);
        }
        Shape::Union(union) => union.variants.iter_mut().for_each(|variant| f(&mut variant.ty)),
    }
}

/// Changes every use in every type.
pub(super) fn change_types(types: &mut Types, f: &mut impl FnMut(&mut TypeRef)) {
    for index in 0..types.len() {
        if let Some(ty) = types.get_mut(TypeId(index)) {
            change(&mut ty.shape, f);
        }
    }
}

/// The types that an operation sends.
pub(super) fn sent(operation: &Operation) -> Vec<TypeId> {
    let parameters = operation.parameters.iter().map(|parameter| parameter.ty.ty);
    let bodies = operation.body.iter().flat_map(|body| &body.media_types).map(|media_type| media_type.ty.ty);
    parameters.chain(bodies).collect()
}

/// The types that an operation receives.
pub(super) fn read(operation: &Operation) -> Vec<TypeId> {
    let media_types = operation.responses.iter().flat_map(|response| &response.media_types);
    media_types.map(|media_type| media_type.ty.ty).collect()
}

/// Changes every use in an operation.
pub(super) fn change_operation(operation: &mut Operation, f: &mut impl FnMut(&mut TypeRef)) {
    change_sent(operation, f);
    change_read(operation, f);
}

/// Changes every use in what an operation sends.
pub(super) fn change_sent(operation: &mut Operation, f: &mut impl FnMut(&mut TypeRef)) {
    operation.parameters.iter_mut().for_each(|parameter| f(&mut parameter.ty));
    let bodies = operation.body.iter_mut().flat_map(|body| &mut body.media_types);
    bodies.for_each(|media_type| f(&mut media_type.ty));
}

/// Changes every use in what an operation receives.
pub(super) fn change_read(operation: &mut Operation, f: &mut impl FnMut(&mut TypeRef)) {
    let responses = operation.responses.iter_mut().flat_map(|response| &mut response.media_types);
    responses.for_each(|media_type| f(&mut media_type.ty));
}

/// The type that a use leads to once all aliases are followed.
///
/// Aliases that lead back to themselves have been broken before; the bound is for safety.
pub(super) fn end(types: &Types, mut id: TypeId) -> TypeId {
    for _ in 0..=types.len() {
        match types.get(id).map(|ty| &ty.shape) {
            Some(Shape::Alias(next)) => id = next.ty,
            _ => break,
        }
    }
    id
}
