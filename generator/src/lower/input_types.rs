//! Pass of `lower`: types that are read with other properties than they are sent with.
//!
//! In: types whose directions are known. Out: the same; one that goes both ways and has a property in one direction
//! (`readOnly`, `writeOnly`; OpenAPI 3.0.3 §4.7.24.1) becomes two: the type itself is read, and its input type is sent. So does one
//! that is read with `null` where it is not sent with it (`x-null-anywhere`). A component that would become two, but is only sent, has an
//! alias for its input type, so that the first operation that reads it does not rename what callers send.
//!
//! Invariant: no type has properties of the other direction, but for those that select the branch of a union. What holds
//! such a type and goes both ways has an input type as well; every other type stays one.

use std::collections::BTreeSet;

use super::forms::{Forms, held_by};
use super::nullability::may_be_null;
use super::uses::{Direction, uses};
use crate::ir::{
    Api, Constant, Expect, Field, Key, Object, Owner, Pattern, Rule, Shape, Test, Type, TypeId, TypeRef, Types, Union,
    Variant,
};

/// Gives types that differ by direction an input type. Needs to know the direction of each.
pub(super) fn separate(api: &mut Api) {
    let types = &mut api.types;
    let tags = tag_properties(types);
    let inputs = Forms::add(types, differing(types, &tags, api.null_anywhere), |of| Owner::Input { of });
    for (id, input) in inputs.iter() {
        let is_only_sent = !types[id].read && types[id].shape.has_members();
        types.get_mut(id).into_iter().for_each(|ty| ty.sent = is_only_sent);
        types.get_mut(input).into_iter().for_each(|ty| ty.read = false);
    }
    let sent = types.iter_mut().filter(|ty| ty.sent);
    sent.flat_map(|ty| ty.shape.type_refs_mut()).for_each(|used| inputs.redirect(used));
    for (id, input) in inputs.iter().filter(|(id, _)| types[*id].sent).collect::<Vec<_>>() {
        types.get_mut(input).into_iter().for_each(|ty| ty.shape = Shape::Alias(TypeRef::of(id)));
    }
    ask_less(types);
    types.iter_mut().for_each(|ty| leave_out(ty, &tags));
    uses(api).filter(|used| used.direction == Direction::Sent).for_each(|used| inputs.redirect(used.ty));
}

/// Where a union is only sent, nothing looks for what its branches leave out: what was sent may be read again.
fn ask_less(types: &mut Types) {
    let only_sent = types.iter().filter(|(_, ty)| ty.sent && !ty.read);
    let unions = only_sent.filter_map(|(id, ty)| match &ty.shape {
        Shape::Union(union) => Some((id, rule_when_sent(types, union)?)),
        _ => None,
    });
    for (id, less) in unions.collect::<Vec<_>>() {
        if let Some(Type { shape: Shape::Union(Union { rule, .. }), .. }) = types.get_mut(id) {
            *rule = less;
        }
    }
}

/// The rule that looks for nothing that is only received, if that of the union does.
pub(super) fn rule_when_sent(types: &Types, Union { variants, rule }: &Union) -> Option<Rule> {
    let is_left_out = |variant: &Variant, name: &str| match types.shape(variant.ty.ty) {
        Shape::Object(object) => object.fields.iter().any(|field| field.read_only && field.wire_name == name),
        _ => false,
    };
    let is_asked_in_vain = |variant: &Variant| {
        let Test { keys, equal, .. } = &variant.test;
        keys.iter().chain(equal.iter().map(|(name, _)| name)).any(|name| is_left_out(variant, name))
    };
    match rule {
        Rule::FirstMatch if variants.iter().any(is_asked_in_vain) => {
            Some(Rule::BestFit(variants.iter().map(|variant| vec![sent_pattern(types, variant)]).collect()))
        }
        Rule::Tag(_) | Rule::FirstMatch => None,
        Rule::BestFit(patterns) => {
            let mut patterns = patterns.clone();
            for (variant, patterns) in variants.iter().zip(&mut patterns) {
                for key in patterns.iter_mut().flat_map(|pattern| &mut pattern.keys) {
                    key.required &= !is_left_out(variant, &key.name);
                }
            }
            Some(Rule::BestFit(patterns))
        }
    }
}

/// What a branch looks like by the properties with which it is sent.
fn sent_pattern(types: &Types, variant: &Variant) -> Pattern {
    let (fields, expect) = match types.shape(variant.ty.ty) {
        Shape::Object(Object { fields, additional: None }) => (fields.as_slice(), Expect::Object),
        Shape::Object(Object { fields, additional: Some(_) }) => (fields.as_slice(), Expect::Map),
        Shape::Map(_) => ([].as_slice(), Expect::Map),
        _ => ([].as_slice(), variant.test.json),
    };
    let key = |field: &Field| {
        let told = variant.test.equal.iter().filter(|(name, _)| *name == field.wire_name);
        Key {
            name: field.wire_name.clone(),
            required: field.required_when_sent,
            constants: told.map(|(_, text)| Constant::Text(text.clone())).collect(),
            kinds: Vec::new(),
            looks: Vec::new(),
        }
    };
    let keys = fields.iter().filter(|field| !field.read_only).map(key).collect();
    Pattern { expect, items: Vec::new(), keys }
}

/// Leaves out the properties of the direction that a type does not go. A type that nothing uses may be meant for both.
fn leave_out(ty: &mut Type, tags: &BTreeSet<String>) {
    let is_left_out = |field: &Field| match (ty.read, ty.sent) {
        (true, false) => field.write_only,
        (false, true) => field.read_only,
        _ => false,
    };
    if let Shape::Object(object) = &mut ty.shape {
        object.fields.retain(|field| !is_left_out(field) || tags.contains(&field.wire_name));
    }
}

/// The properties that select the branches of unions.
pub(super) fn tag_properties(types: &Types) -> BTreeSet<String> {
    let tag = |(_, ty): (TypeId, &Type)| match &ty.shape {
        Shape::Union(Union { rule: Rule::Tag(property), .. }) => Some(property.clone()),
        _ => None,
    };
    types.iter().filter_map(tag).collect()
}

/// The types that need an input type: those with a property in one direction only, and what holds them and goes both ways, or may.
fn differing(types: &Types, tags: &BTreeSet<String>, null_anywhere: bool) -> BTreeSet<TypeId> {
    let may_go_both_ways = |(id, ty): &(TypeId, &Type)| ty.sent && (ty.read || is_in_component(types, *id));
    let may_go_both_ways: Vec<(TypeId, &Type)> = types.iter().filter(may_go_both_ways).collect();
    let one_way = |field: &Field| (field.read_only || field.write_only) && !tags.contains(&field.wire_name);
    let differs = |ty: &Type| match &ty.shape {
        _ if null_anywhere && may_be_null(types, ty) => true,
        Shape::Object(object) => object.fields.iter().any(one_way),
        _ => false,
    };
    let differing = may_go_both_ways.iter().filter(|(_, ty)| differs(ty)).map(|(id, _)| *id);
    held_by(types, differing, may_go_both_ways.iter().map(|(id, _)| *id))
}

/// Whether a type is a component or a part of one, which an operation to come may read. A multipart type is only sent.
pub(super) fn is_in_component(types: &Types, id: TypeId) -> bool {
    let mut owners = types.owners(id).map(|id| &types[id].owner);
    let last = owners.find(|owner| matches!(owner, Owner::Component(_) | Owner::Multipart { .. }));
    matches!(last, Some(Owner::Component(_)))
}
