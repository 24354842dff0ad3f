//! Part of the union pass: the tests of branches, and the order in which they are tried.
//!
//! In: branches with at most one scalar per JSON type. Out: variants with tests.
//!
//! Invariant: of two objects, the one that is tried first has a test that no value of the other passes.

use std::collections::BTreeMap;

use foldhash::HashSet;

use super::{expect, json_type};
use crate::ir::{Expect, Key, Owner, Place, Rule, Shape, TypeRef, Variant, text_of};
use crate::lower::draft::Draft;

/// Known facts about the values of an object branch.
#[derive(Default)]
struct Traits<'t> {
    /// The keys of every value.
    required: Vec<&'t str>,
    /// All described keys.
    known: HashSet<&'t str>,
    /// Whether all other keys are described, too, as in a map of a known type.
    knows_all: bool,
    /// Whether the document explicitly allows other keys.
    is_open: bool,
    /// The listed strings of each property.
    texts: BTreeMap<&'t str, Vec<String>>,
}

/// Returns the variants in the order in which they are tried; `None` if no order distinguishes them.
pub(super) fn order(types: &Draft, branches: &[TypeRef]) -> Option<Vec<Variant>> {
    let kind = |branch: &TypeRef| Some(json_type(expect(types.shape(*branch)?)?));
    let kinds: Vec<_> = branches.iter().map(kind).collect::<Option<_>>()?;
    if kinds.iter().filter(|kind| **kind == Expect::Array).count() > 1 {
        return None;
    }
    let objects = branches.iter().zip(&kinds).filter(|(_, kind)| **kind == Expect::Object);
    let objects: Vec<_> = objects.map(|(branch, _)| (*branch, traits(types, *branch))).collect();
    let mut ordered = order_objects(&objects)?.into_iter();
    let variants = branches.iter().zip(kinds).filter_map(|(branch, kind)| match kind {
        // Objects take the positions of objects, in the order in which they must be tried.
        Expect::Object => ordered.next(),
        json => Some(Variant::of(*branch, json)),
    });
    Some(variants.collect())
}

fn traits(types: &Draft, ty: TypeRef) -> Traits<'_> {
    let mut traits = Traits::default();
    match types.shape(ty) {
        Some(Shape::Object(object)) => {
            traits.is_open = object.additional.is_some();
            for field in &object.fields {
                traits.known.insert(&field.wire_name);
                if field.required_when_read {
                    traits.required.push(&field.wire_name);
                }
                if let Some(Shape::TextEnum(values)) = types.shape(field.ty).filter(|_| !types.resolved(field.ty).open)
                {
                    let texts = values.iter().map(|value| text_of(&value.wire)).collect();
                    traits.texts.insert(&field.wire_name, texts);
                }
            }
        }
        Some(Shape::Union(union)) => {
            if let Rule::Tag(property) = &union.rule
                && !union.variants.iter().any(|variant| variant.is_default)
            {
                traits.required.push(property);
                let texts = union.variants.iter().flat_map(|variant| variant.tags.clone()).collect();
                traits.texts.insert(property, texts);
            }
            let shapes = union.variants.iter().filter_map(|variant| types.shape(variant.ty));
            traits.known.extend(shapes.flat_map(Shape::fields).map(|field| field.wire_name.as_str()));
        }
        Some(Shape::Map(values)) => traits.knows_all = types.shape(*values).is_some_and(|shape| *shape != Shape::Any),
        _ => {}
    }
    traits
}

impl Traits<'_> {
    /// Returns the only string of a property.
    fn only_text(&self, key: &str) -> Option<&String> {
        if let [only] = self.texts.get(key)?.as_slice() { Some(only) } else { None }
    }

    fn knows(&self, key: &str) -> bool {
        self.knows_all || self.known.contains(key)
    }

    /// Returns `true` if no value of `other` has this branch's only string for a property.
    fn text_rejects(&self, key: &str, other: &Self) -> bool {
        let Some(text) = self.only_text(key) else { return false };
        match other.texts.get(key) {
            Some(texts) => !texts.contains(text),
            None => !other.knows(key),
        }
    }

    fn rejects(&self, other: &Self) -> bool {
        self.required.iter().any(|key| self.text_rejects(key, other) || !other.knows(key))
    }

    /// Returns a variant whose test rejects as many of the others as possible: with the fewest strings, but all keys that are unknown to
    /// another branch. A value may have one such key by chance (OpenAPI 3.0.3 §4.7.24, `additionalProperties`), but hardly all. A summary
    /// of the other object may even have the same string.
    fn variant(&self, ty: TypeRef, mut others: Vec<&Self>) -> Variant {
        let mut equal = Vec::new();
        for key in &self.required {
            if let Some(text) = self.only_text(key)
                && others.iter().any(|other| self.text_rejects(key, other))
            {
                others.retain(|other| !self.text_rejects(key, other) || other.is_open && !other.knows(key));
                equal.push(Key::new(key, true, vec![text.as_str().into()]));
            }
        }
        let is_tested = |key: &str| equal.iter().any(|tested: &Key| tested.name == key);
        let unknown =
            self.required.iter().filter(|key| !is_tested(key) && others.iter().any(|other| !other.knows(key)));
        let mut variant = Variant::of(ty, Expect::Object);
        variant.test.keys = unknown.map(|key| Key::new(key, true, Vec::new())).collect();
        variant.test.keys.extend(equal);
        variant
    }
}

/// Returns the display name of a branch.
pub(super) fn name(types: &Draft, ty: TypeRef) -> String {
    let ty = &types.types[ty.ty];
    match &ty.owner {
        Owner::Component(name) => format!("`{name}`"),
        Owner::Part(_, Place::Variant { index, .. }) => format!("branch {}", index + 1),
        _ => format!("`{}`", ty.origin),
    }
}

fn order_objects(objects: &[(TypeRef, Traits<'_>)]) -> Option<Vec<Variant>> {
    let mut left: Vec<_> = objects.iter().collect();
    let mut variants = Vec::new();
    while !left.is_empty() {
        let rejects_all = |(ty, traits): &&(TypeRef, Traits<'_>)| {
            left.iter().all(|(other, others)| other == ty || traits.rejects(others))
        };
        let first = left.iter().position(rejects_all)?;
        let (ty, traits) = left.remove(first);
        let others = objects.iter().filter(|(other, _)| other != ty).map(|(_, traits)| traits);
        variants.push(traits.variant(*ty, others.collect()));
    }
    Some(variants)
}
