//! Pass of `lower`: `null` and secrecy become facts of each use.
//!
//! In: a draft with its nullable and secret types. Out: nullable and secret uses.
//!
//! Invariant: afterwards, only a [`TypeRef`] is nullable or secret. A union or an alias never holds a nullable use: `null` is then a
//! value of the union or alias, whose uses are nullable.

use std::collections::BTreeSet;

use super::draft::Draft;
use super::uses::{holders_of, uses};
use crate::ir::{Api, Field, Owner, Shape, Style, TypeId, TypeRef, Types};

/// Moves the types into the API, and nullability and secrecy from types to their uses. Returns the nullable types.
pub(super) fn lift(draft: Draft, api: &mut Api) -> BTreeSet<TypeId> {
    // For any JSON value and for `null` alone, `null` is not a separate case.
    let has_null = |id: &TypeId| matches!(draft.resolved(*id).shape, Shape::Any | Shape::Null);
    let with_own: BTreeSet<TypeId> = draft.types.ids().filter(has_null).collect();
    let Draft { mut types, mut nullable, mut secret, .. } = draft;
    // An alias of a nullable type is nullable, and so is a union with a nullable branch; secrecy spreads only to aliases.
    spread(&types, &mut nullable, |shape| matches!(shape, Shape::Alias(_) | Shape::Union(_)), |inner| inner.nullable);
    spread(&types, &mut secret, |shape| matches!(shape, Shape::Alias(_)), |inner| inner.secret);
    let lift = |ty: &mut TypeRef| {
        ty.nullable = (ty.nullable || nullable.contains(&ty.ty)) && !with_own.contains(&ty.ty);
        ty.secret |= secret.contains(&ty.ty);
    };
    for ty in types.iter_mut() {
        let is_alias = matches!(ty.shape, Shape::Alias(_));
        let has_null = is_alias || matches!(ty.shape, Shape::Union(_));
        for used in ty.shape.type_refs_mut() {
            lift(used);
            used.nullable &= !has_null;
            used.secret &= !is_alias;
        }
    }
    uses(api).for_each(|used| lift(used.ty));
    api.types = types;
    nullable
}

/// Makes values non-null where `null` is omitted instead: optional parameters and bodies, and the items of parameters (RFC 6570 §3.2.1).
pub(super) fn remove_unsent(api: &mut Api) {
    for operation in &mut api.operations {
        for parameter in &mut operation.parameters {
            parameter.ty.nullable &= parameter.required;
            let ty = &mut api.types[parameter.ty.ty];
            let is_own = matches!(ty.owner, Owner::Operation(..) | Owner::Shared(..));
            if let (Shape::Array(item), true) = (&mut ty.shape, is_own && parameter.style != Style::Json) {
                item.nullable = false;
            }
        }
        let bodies = operation.body.iter_mut().filter(|body| !body.required);
        bodies.flat_map(|body| &mut body.media_types).for_each(|media_type| media_type.ty.nullable = false);
    }
}

/// Makes required properties nullable where they are read, if the server may return `null` anywhere (`x-null-anywhere`). Sent uses are
/// unchanged.
pub(super) fn read_null_anywhere(api: &mut Api) {
    if api.null_anywhere {
        api.types.update_fields(
            |types, id, field| types[id].read && !types[id].sent && is_strict(types, field),
            |field, is_strict| field.ty.nullable |= is_strict,
        );
    }
}

/// Returns `true` if a property is required and cannot represent `null` (an array or a map reads it as empty). Identifiers are never
/// considered `null`.
pub(super) fn is_strict(types: &Types, field: &Field) -> bool {
    let has_null = matches!(types.shape(field.ty), Shape::Any | Shape::Null | Shape::Array(_) | Shape::Map(_));
    field.required_when_read && !field.ty.nullable && !has_null && !matches!(&*field.wire_name, "id" | "_id")
}

/// Adds the types with a use of, or an alias to, a type that is already included.
fn spread(
    types: &Types,
    known: &mut BTreeSet<TypeId>,
    inherits: impl Fn(&Shape) -> bool,
    has_fact: impl Fn(&TypeRef) -> bool,
) {
    let users: Vec<TypeId> = types.ids().filter(|id| inherits(&types[*id].shape)).collect();
    known.extend(users.iter().filter(|id| types[**id].shape.type_refs().iter().any(&has_fact)));
    *known = holders_of(types, std::mem::take(known), users);
}
