//! Pass of `lower`: types that are read in one shape and sent in another.
//!
//! In: types whose directions are known, and what uses them. Out: the same; a type that is read and sent, and of which a property
//! is only in answers or only in requests, is read alone, and a twin of it is sent. No type has properties of the other direction.
//!
//! Invariant: two shapes only where they differ (OpenAPI 3.0.3 §4.7.24.1, `readOnly` and `writeOnly`).
//! What holds such a type and goes both ways has a twin as well; every other type
//! stays one. The property that tells the branches of a union stays in both.

use std::collections::{BTreeMap, BTreeSet};

use super::uses::TypeUsers;
use crate::ir::{Field, Object, Owner, Rule, Shape, Type, TypeId, TypeRef, Types};

/// Gives types that differ by direction an input type. Needs the marks of `direction`.
pub(super) fn separate(types: &mut Types, users: &mut TypeUsers) {
    let telling = telling(types);
    let parted = parted(types, &telling);
    let twins: BTreeMap<TypeId, TypeId> =
        parted.iter().enumerate().map(|(index, id)| (*id, TypeId(types.len() + index))).collect();
    for id in &parted {
        let Some(ty) = types.get_mut(*id) else { continue };
        let twin = twin(ty, *id, &twins);
        ty.sent = false;
        types.push(twin);
    }
    types.iter_mut().for_each(|ty| leave_out(ty, &telling));
    let to_twin = |used: &mut TypeRef| used.ty = twins.get(&used.ty).copied().unwrap_or(used.ty);
    // What is read and sent holds nothing that has a twin.
    types.iter_mut().filter(|ty| ty.sent).flat_map(|ty| ty.shape.type_refs_mut()).for_each(to_twin);
    users.sent_mut().for_each(to_twin);
}

/// The form in which a type is sent.
fn twin(ty: &Type, id: TypeId, twins: &BTreeMap<TypeId, TypeId>) -> Type {
    let mut twin = ty.clone();
    twin.read = false;
    // What is inline belongs to the twin of what it is in.
    match twin.owner.parent_mut() {
        Some(of) if twins.contains_key(of) => *of = twins.get(of).copied().unwrap_or(*of),
        _ => twin.owner = Owner::Input { of: id },
    }
    twin
}

/// Leaves out the properties of the direction that a type does not go. One that no operation leads to goes neither way, and may
/// be meant for both.
fn leave_out(ty: &mut Type, telling: &BTreeSet<String>) {
    let is_left_out = |field: &Field| match (ty.read, ty.sent) {
        (true, false) => field.write_only,
        (false, true) => field.read_only,
        _ => false,
    };
    if let Shape::Object(object) = &mut ty.shape {
        object.fields.retain(|field| !is_left_out(field) || telling.contains(&field.wire_name));
    }
}

/// The properties that tell branches of unions.
fn telling(types: &Types) -> BTreeSet<String> {
    let rule = |ty: &Type| match &ty.shape {
        Shape::Union(union) => match &union.rule {
            Rule::Tag(property) => Some(property.clone()),
            Rule::FirstMatch | Rule::BestFit(_) => None,
        },
        _ => None,
    };
    types.iter().filter_map(|(_, ty)| rule(ty)).collect()
}

/// The types that need a twin: those that differ, and what holds them and goes both ways.
fn parted(types: &Types, telling: &BTreeSet<String>) -> BTreeSet<TypeId> {
    let mut holders: BTreeMap<TypeId, Vec<TypeId>> = BTreeMap::new();
    for (id, ty) in types.iter() {
        for used in ty.shape.type_refs() {
            holders.entry(used.ty).or_default().push(id);
        }
    }
    let differs = |ty: &Type| matches!(&ty.shape, Shape::Object(object) if has_parted_field(object, telling));
    let mut waiting: Vec<TypeId> = types.iter().filter(|(_, ty)| differs(ty)).map(|(id, _)| id).collect();
    let mut parted = BTreeSet::new();
    while let Some(id) = waiting.pop() {
        let goes_both_ways = types.get(id).is_some_and(|ty| ty.read && ty.sent);
        if goes_both_ways && parted.insert(id) {
            waiting.extend(holders.get(&id).into_iter().flatten());
        }
    }
    parted
}

/// Whether a property is there in one direction alone.
fn has_parted_field(object: &Object, telling: &BTreeSet<String>) -> bool {
    let is_parted = |field: &Field| field.read_only || field.write_only;
    object.fields.iter().any(|field| is_parted(field) && !telling.contains(&field.wire_name))
}
