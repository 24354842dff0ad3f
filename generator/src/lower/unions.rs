//! Pass of `lower`: the rules that select the branches of unions.
//!
//! In: a draft with pending unions. Out: the same draft with every union decided.
//!
//! The rule is the first of these that applies:
//! 1. the discriminator, if its values select every branch;
//! 2. the JSON type of the value; scalar branches of one type become one branch first (`scalars`);
//! 3. among objects, a property whose only value is unique to the branch, and properties that are required in one branch
//!    and unknown to the others (`first_match`);
//! 4. the best-matching branch (`fit`); a branch that accepts any JSON value comes last.
//!
//! Invariant: only rule 4 depends on the order of the branches, and an unreachable branch is reported. No union
//! becomes any JSON value, except one whose only branch is the union itself.

mod first_match;
mod fit;
mod requests;
mod scalars;

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use serde_json::Value;

use super::draft::{BranchTags, Draft, PendingUnion};
use super::uses::closure;
use crate::ir::{
    Docs, EnumValue, Expect, Field, Integer, Object, Owner, Place, Rule, Shape, Text, Type, TypeId, TypeRef, Union,
    Variant,
};
use clientwright_normalizer::diagnostic::{Code, Diagnostic, codes};
use clientwright_normalizer::pointer::Pointer;

pub(super) use requests::drop_read_only_tests;

/// The budget of comparisons in a document: pairs of branches, their properties, and the properties' types. [`COMPARED_PER_TYPE`] is added
/// for each type, because nested unions multiply, and many unions may share branches.
const COMPARED: usize = 1_000_000;
const COMPARED_PER_TYPE: usize = 128;

/// The help for branches that no value distinguishes.
const SEPARABLE: &str = "add a `discriminator`, or a required property that only one branch has";

/// Decides the rule of every union.
pub(super) fn decide(draft: &mut Draft, file: &str) -> Vec<Diagnostic> {
    let unions: Vec<_> = draft.pending.keys().copied().collect();
    let left = COMPARED + COMPARED_PER_TYPE * draft.types.ids().count();
    let mut pass = Pass { draft, file, diagnostics: Vec::new(), left };
    for union in unions {
        pass.decide_after_its_branches(union);
    }
    pass.diagnostics
}

struct Pass<'p> {
    draft: &'p mut Draft,
    file: &'p str,
    diagnostics: Vec<Diagnostic>,
    /// The remaining budget of comparisons.
    left: usize,
}

impl Pass<'_> {
    /// Decides the unions among the branches first, without recursion, because chains of unions may be long.
    fn decide_after_its_branches(&mut self, union: TypeId) {
        let mut waiting = vec![union];
        let mut begun = BTreeSet::new();
        while let Some(union) = waiting.last().copied() {
            let Some(pending) = self.draft.pending.get(&union) else {
                waiting.pop();
                continue;
            };
            // A union that contains itself is reached again before it is decided, and is then decided in its current state.
            if begun.insert(union) {
                let inner = pending.branches.iter().map(|branch| self.draft.end(*branch));
                waiting.extend(inner.filter(|id| self.draft.pending.contains_key(id) && !begun.contains(id)));
                continue;
            }
            waiting.pop();
            let pending = pending.clone();
            self.decide(union, pending);
            self.draft.pending.remove(&union);
        }
    }

    fn decide(&mut self, union: TypeId, pending: PendingUnion) {
        let PendingUnion { at, branches, tags } = pending;
        let shape = match tags {
            Some(tags) if tags.decide() => self.tagged(union, &at, tags, branches),
            tags => {
                let tags = tags.map(|BranchTags { property, values, .. }| {
                    let ends = branches.iter().map(|branch| self.draft.end(*branch));
                    let tags = ends.zip(values).filter(|(_, values)| !values.is_empty()).collect();
                    fit::Tags { property, tags }
                });
                self.by_patterns(union, &at, branches, tags.as_ref())
            }
        };
        for (place, variant) in shape.variants().iter().enumerate() {
            if let Some(Owner::Part(_, Place::Variant { index, .. })) = self.written_into(union, variant.ty.ty) {
                *index = place; // The branch may have another position in the document.
            }
        }
        self.draft.types[union].shape = shape;
    }

    /// Returns the owner of an inline branch of the union.
    fn written_into(&mut self, union: TypeId, branch: TypeId) -> Option<&mut Owner> {
        let owner = &mut self.draft.types[branch].owner;
        matches!(owner, Owner::Part(of, Place::Variant { .. }) if *of == union).then_some(owner)
    }

    /// Applies rule 1. A branch that refers back to the union would lead to endless reading at the same place.
    fn tagged(&mut self, union: TypeId, at: &Pointer, tags: BranchTags, branches: Vec<TypeRef>) -> Shape {
        let BranchTags { property, values, default } = tags;
        let variant = |(index, (ty, tags))| {
            let is_default = default == Some(index);
            Variant { tags, is_default, ..Variant::of(ty, Expect::Object) }
        };
        let variants = branches.into_iter().zip(values).enumerate().map(variant);
        let (back, variants): (Vec<_>, Vec<_>) = variants.partition(|variant| self.leads_to(variant.ty, union));
        if !back.is_empty() {
            let message = "a branch of the union refers back to the union; values of this branch are kept as JSON";
            self.report(codes::UNDECIDABLE_UNION, at, message, None);
        }
        if variants.is_empty() {
            self.draft.untyped.insert(union, "every branch of a union is the union itself");
            return Shape::Any;
        }
        for variant in variants.iter().filter(|variant| !variant.tags.is_empty()) {
            self.add_tag(self.draft.end(variant.ty), &property);
        }
        Shape::Union(Union { variants, rule: Rule::Tag(property) })
    }

    /// Adds the discriminator to an object that does not declare it, so that its value is kept. It is optional, because the object may be
    /// used elsewhere without it.
    fn add_tag(&mut self, id: TypeId, property: &str) {
        let Type { shape: Shape::Object(Object { fields, .. }), origin, .. } = &self.draft.types[id] else { return };
        if fields.iter().any(|field| field.wire_name == property) {
            return;
        }
        let origin = origin.key("properties").key(property);
        let owner = Owner::Part(id, Place::Property(property.to_owned()));
        let ty = self.draft.add(origin.clone(), owner, Shape::Text(Text::Plain));
        if let Shape::Object(object) = &mut self.draft.types[id].shape {
            let wire_name = property.to_owned();
            object.fields.insert(0, Field { wire_name, ty, origin, ..Field::default() });
        }
    }

    /// Returns `true` if a branch leads to a union, directly or through nested branches.
    fn leads_to(&self, branch: TypeRef, union: TypeId) -> bool {
        let end = |branch: TypeRef| self.draft.end(branch);
        closure([end(branch)], |id| self.draft.branches(id).into_iter().flatten().map(end)).contains(&union)
    }

    /// Applies rules 2 to 4.
    fn by_patterns(&mut self, union: TypeId, at: &Pointer, branches: Vec<TypeRef>, tags: Option<&fit::Tags>) -> Shape {
        let is_alone = branches.len() == 1;
        let Some(branches) = self.flatten(union, branches) else {
            let message = "the branches of unions are too many, or have too many properties, to compare; the type is any JSON value";
            self.report(codes::EXPANSION, at, message, Some("add a `discriminator`"));
            self.draft.untyped.insert(union, "a union has too many branches or properties");
            return Shape::Any;
        };
        let branches = fit::without_repetition(self.draft, branches);
        let branches = scalars::join(self.draft, union, branches);
        match branches.as_slice() {
            [] => {
                let message = "every branch of the union is the union itself; the type is any JSON value";
                self.report(codes::UNDECIDABLE_UNION, at, message, Some(SEPARABLE));
                self.draft.untyped.insert(union, "every branch of a union is the union itself");
                return Shape::Any;
            }
            [only] => return self.only(union, *only, is_alone),
            _ => {}
        }
        if let Some(variants) = first_match::order(self.draft, &branches) {
            return Shape::Union(Union { variants, rule: Rule::FirstMatch });
        }
        let branches = fit::move_any_last(self.draft, branches);
        let patterns = fit::patterns(self.draft, &branches, tags, &mut self.left);
        for (hidden, by) in fit::unreachable_branches(&patterns) {
            let name = |index: usize| branches.get(index).map(|ty| first_match::name(self.draft, *ty));
            if let (Some(hidden), Some(by)) = (name(hidden), name(by)) {
                let message =
                    format!("{hidden} is unreachable: every value it matches is decoded as {by}, which comes first");
                self.report(codes::UNDECIDABLE_UNION, at, message, Some(SEPARABLE));
            }
        }
        let variants = branches.iter().zip(&patterns).map(|(ty, patterns)| fit::variant(*ty, patterns)).collect();
        Shape::Union(Union { variants, rule: Rule::BestFit(patterns) })
    }

    fn report(&mut self, code: Code, at: &Pointer, message: impl Into<String>, help: Option<&str>) {
        let diagnostic = Diagnostic::unsupported(code, self.file, at.clone(), message);
        self.diagnostics.push(diagnostic.with_help_if(help));
    }

    /// Replaces branches that are unions by their branches, and drops repetitions and the union itself. `None` if the budget is exhausted.
    fn flatten(&mut self, union: TypeId, branches: Vec<TypeRef>) -> Option<Vec<TypeRef>> {
        let mut met = BTreeSet::from([union]);
        let mut waiting: VecDeque<TypeRef> = branches.into();
        let mut distinct: Vec<TypeRef> = Vec::new();
        let mut places: BTreeMap<TypeId, usize> = BTreeMap::new();
        while let Some(branch) = waiting.pop_front() {
            let end = self.draft.end(branch);
            if let Some(inner) = self.inner_branches(end) {
                if self.draft.nullable.contains(&end) || branch.nullable {
                    self.draft.nullable.insert(union);
                }
                if met.insert(end) {
                    self.adopt(union, end, &inner);
                    inner.into_iter().rev().for_each(|branch| waiting.push_front(branch));
                }
                continue;
            }
            let place = *places.entry(end).or_insert(distinct.len());
            match distinct.get_mut(place) {
                Some(known) => known.nullable |= branch.nullable,
                None => distinct.push(branch),
            }
            if distinct.len() * distinct.len() > self.left {
                return None;
            }
        }
        let fields = distinct.iter().filter_map(|ty| self.draft.shape(*ty)).map(|shape| shape.fields().len());
        self.left = self.left.checked_sub(distinct.len() * distinct.len() + fields.sum::<usize>())?;
        Some(distinct)
    }

    /// Returns the branches of a union without a discriminator.
    fn inner_branches(&self, id: TypeId) -> Option<Vec<TypeRef>> {
        let branches = self.draft.branches(id)?;
        let tagged = match self.draft.pending.get(&id) {
            Some(pending) => pending.tags.as_ref().is_some_and(BranchTags::decide),
            None => is_tagged(&self.draft.types[id].shape),
        };
        (!tagged).then_some(branches)
    }

    /// Moves the parts of an inline branch to the union. Returns `false` for other branches.
    fn adopt(&mut self, union: TypeId, branch: TypeId, parts: &[TypeRef]) -> bool {
        let is_written = self.written_into(union, branch).is_some();
        for part in parts.iter().filter(|_| is_written) {
            let of = self.draft.types[part.ty].owner.parent_mut().filter(|of| **of == branch);
            of.into_iter().for_each(|of| *of = union);
        }
        is_written
    }

    /// Replaces a union of one branch by that branch. The union takes over the shape of an inline branch. `is_alone` means that the branch
    /// is not one of several equal ones, so that its annotations apply to all.
    fn only(&mut self, union: TypeId, branch: TypeRef, is_alone: bool) -> Shape {
        let Type { shape, docs, open, format, .. } = self.draft.types[branch.ty].clone();
        if !self.adopt(union, branch.ty, &shape.type_refs()) {
            return Shape::Alias(branch);
        }
        if self.draft.is_nullable(branch) {
            self.draft.nullable.insert(union);
        }
        let ty = &mut self.draft.types[union];
        ty.open = open;
        // The format of one of several strings does not apply to all, except that a file can be any string.
        if is_alone || format.as_deref() == Some("binary") {
            ty.format = format;
        }
        if is_alone && ty.docs == Docs::default() {
            ty.docs = docs;
        }
        shape
    }
}

fn is_tagged(shape: &Shape) -> bool {
    matches!(shape, Shape::Union(Union { rule: Rule::Tag(_), .. }))
}

/// Returns the kind of a shape's values; `None` if they may be anything, or if other types determine the kind.
pub(super) fn expect(shape: &Shape) -> Option<Expect> {
    Some(match shape {
        Shape::Null => Expect::Null,
        Shape::Boolean => Expect::Boolean,
        Shape::Integer(Integer::QuotedI64 | Integer::QuotedU64) => Expect::Quoted,
        Shape::Integer(_) | Shape::IntegerEnum(_) => Expect::Integer,
        Shape::Number | Shape::Decimal => Expect::Number,
        Shape::Text(Text::Uuid) => Expect::Uuid,
        Shape::Text(Text::DateTime) => Expect::DateTime,
        Shape::Text(Text::Date) => Expect::Date,
        Shape::Text(Text::Time) => Expect::Time,
        Shape::Text(Text::Duration) => Expect::Duration,
        Shape::Text(Text::Plain | Text::Decimal | Text::Base64 | Text::File)
        | Shape::TextEnum(_)
        | Shape::Contained(_) => Expect::String,
        Shape::Array(_) => Expect::Array,
        Shape::Tuple(_) => Expect::Tuple,
        Shape::Object(Object { additional: None, .. }) => Expect::Object,
        // A discriminator selects among objects.
        union if is_tagged(union) => Expect::Object,
        Shape::Object(_) | Shape::Map(_) => Expect::Map,
        Shape::Any | Shape::MixedEnum(_) | Shape::Union(_) | Shape::Alias(_) => return None,
    })
}

/// Returns the kind of the values of an enumeration of several JSON types.
fn expect_each(values: &[EnumValue]) -> BTreeSet<Expect> {
    let each = values.iter().map(|value| match &value.wire {
        Value::Bool(_) => Expect::Boolean,
        Value::Number(number) if number.is_i64() || number.is_u64() => Expect::Integer,
        Value::Number(_) => Expect::Number,
        _ => Expect::String,
    });
    let mut each: BTreeSet<Expect> = each.collect();
    // Any number includes integers.
    if each.contains(&Expect::Number) {
        each.remove(&Expect::Integer);
    }
    each
}

/// Returns the JSON type of an expected kind.
fn json_type(expect: Expect) -> Expect {
    match expect {
        Expect::Uuid | Expect::DateTime | Expect::Date | Expect::Time | Expect::Duration | Expect::Quoted => {
            Expect::String
        }
        Expect::Map => Expect::Object,
        Expect::Tuple => Expect::Array,
        json => json,
    }
}
