//! Part of `lower`: `oneOf` and `anyOf` become unions.
//!
//! In: a [`MergedSchema`] with branches. Out: a union with typed branches, and its discriminator.
//!
//! Invariant: siblings of the choice apply to each branch, so they are merged into every branch that does not repeat them. The rule that
//! distinguishes branches is decided later, when all types are known (`unions`).

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use indexmap::IndexSet;
use serde_json::Value;

use super::context::Context;
use super::draft::{BranchTags, PendingUnion};
use super::merged_schema::{Additional, Branches, MergedSchema, Part, Rank, Tagging, last_place};
use crate::ir::{Owner, Place, Shape, TypeId, TypeRef};
use crate::resolve::{Found, component_pointer};
use crate::schema_keywords::{Keywords, ReferenceOr};
use clientwright_normalizer::diagnostic::codes;
use clientwright_normalizer::pointer::Pointer;
use clientwright_normalizer::structure::extensions::DEFAULT_MAPPING;

impl<'d> Context<'d> {
    /// Returns the shape of a schema, including its branches. A union is pending: until its rule is decided, the shape is any JSON value.
    pub(super) fn composed(&mut self, id: TypeId, parts: &[Part<'d>], merged: &MergedSchema<'d>) -> Shape {
        let mut live = Vec::new();
        for branches in &merged.branches {
            let restricts: Option<Vec<bool>> = branches.parts.iter().map(|part| restricts(part.schema)).collect();
            if restricts.is_some_and(|each| each.contains(&true)) {
                let message = "the branches only restrict their sibling keywords, which is not checked";
                self.unsupported(codes::IGNORED_ALTERNATIVES, &branches.at, message);
            } else {
                live.push(self.possible(parts, merged, branches));
            }
        }
        match live.as_slice() {
            [] => match self.extensions(id, parts, merged) {
                Some(branches) => self.union(id, parts, merged, &branches),
                None => self.plain(id, &last_place(parts), merged),
            },
            [branches]
                if branches.parts.len() > 1
                    && (parts.len() == 1 || (merged.properties.is_empty() && !narrows_values(merged))) =>
            {
                self.union(id, parts, merged, branches)
            }
            [first, ..] => self.product(id, parts, &first.at, &live),
        }
    }

    /// Returns the branches that are compatible with the other schemas of an `allOf`; all branches if none is. Siblings of the choice
    /// exclude no branch, because they are wrong more often than the branches.
    fn possible(&mut self, parts: &[Part<'d>], merged: &MergedSchema<'d>, branches: &Branches<'d>) -> Branches<'d> {
        let mut possible = branches.clone();
        let is_alone = parts.iter().all(|part| part.at == branches.of.at);
        if is_alone || branches.parts.len() * merged.properties.len() > COMPARED {
            return possible;
        }
        let siblings = self.merged_alone(&branches.of);
        let is_possible = |branch: &Part<'d>| {
            let branch = self.merged_alone(branch);
            self.are_compatible(merged, &branch) || !self.are_compatible(&siblings, &branch)
        };
        let (parts, impossible): (Vec<_>, Vec<_>) = possible.parts.iter().cloned().partition(is_possible);
        if parts.is_empty() {
            return possible;
        }
        possible.parts = parts;
        for part in impossible {
            let message = "the branch contradicts other schemas of an `allOf`, where it is left out";
            self.unsupported(codes::CONFLICTING_ALL_OF, &part.at, message);
        }
        possible
    }

    /// Handles several choices for the same value: a union of each combination of their branches.
    fn product(&mut self, id: TypeId, parts: &[Part<'d>], at: &Pointer, several: &[Branches<'d>]) -> Shape {
        let Some(combinations) = self.combinations(several) else {
            let message = format!(
                "several `oneOf` or `anyOf` have no valid combination, or more than {COMBINATIONS}; the type is any JSON value"
            );
            self.unsupported(codes::UNSUPPORTED_COMPOSITION, at, message);
            self.draft.untyped.insert(id, "several `oneOf` or `anyOf` apply to the same value");
            return Shape::Any;
        };
        let base = sibling_parts(parts);
        let branches = combinations.into_iter().enumerate().map(|(index, combination)| {
            let components = combination.iter().filter_map(|part| self.identity(part).1).collect();
            let owner = Owner::Part(id, Place::Variant { index, components });
            self.joint_use(&[base.as_slice(), &combination].concat(), at.clone(), owner)
        });
        let union = PendingUnion { branches: branches.collect(), at: at.clone(), tags: None };
        self.draft.pending.insert(id, union);
        Shape::Any
    }

    /// Returns the combinations of compatible branches. `None` if there is no combination, or too many.
    fn combinations(&mut self, several: &[Branches<'d>]) -> Option<Vec<Vec<Part<'d>>>> {
        let mut combinations = vec![Vec::new()];
        for branches in several {
            let mut longer = Vec::new();
            for part in &branches.parts {
                let branch = self.merged_alone(part);
                for combination in &combinations {
                    let is_compatible = |other: &Part<'d>| {
                        let other = self.merged_alone(other);
                        self.are_compatible(&branch, &other)
                    };
                    if combination.iter().all(is_compatible) {
                        longer.push([combination.as_slice(), std::slice::from_ref(part)].concat());
                    }
                }
            }
            combinations = longer;
            if combinations.is_empty() || combinations.len() > COMBINATIONS {
                return None;
            }
        }
        Some(combinations)
    }

    /// Returns `false` if no value satisfies both schemas, judging by their types or by the listed values of a property.
    fn are_compatible(&mut self, one: &MergedSchema<'d>, other: &MergedSchema<'d>) -> bool {
        if one.kind.zip(other.kind).is_some_and(|(a, b)| a.common(b).is_none()) {
            return false;
        }
        one.required.keys().chain(other.required.keys()).all(|name| {
            let Some((these, those)) = one.properties.get(name).zip(other.properties.get(name)) else { return true };
            let (these, those) = (self.merged(these), self.merged(those));
            let (Some(listed), Some(allowed)) = (&these.values, &those.values) else { return true };
            these.nullable && those.nullable
                || listed.is_empty()
                || allowed.is_empty()
                || listed.iter().any(|value| allowed.contains(value))
        })
    }

    /// Returns `true` if a component extends a base type and is itself a base type with the same discriminator.
    fn is_between(&mut self, part: &Part<'d>) -> bool {
        let Some(names) = self.extended_by.get(&part.at).cloned() else { return false };
        let merged = self.merged_alone(part);
        let own = self.identity(part).1.and_then(|name| self.component(&name));
        // An extension that only adds `null` is an alias of the component.
        let is_other = |name| self.component(name).is_some_and(|other| Some(self.draft.types.end(other)) != own);
        merged.base.as_ref().is_some_and(|base| base.at != part.at.key("discriminator"))
            && merged.branches.is_empty()
            && self.with_all_of(std::slice::from_ref(part)).len() < BASES
            && names.into_iter().any(is_other)
    }

    /// Returns the object type of an intermediate base type, which the unions of both base types share.
    fn own_object(&mut self, part: &Part<'d>) -> Option<TypeRef> {
        let (at, name) = (part.at.key("discriminator"), part.home.clone()?);
        let id = self.component(&name).filter(|_| self.is_between(part))?;
        if let Some(known) = self.met.get(&at) {
            return Some(*known);
        }
        let owner = Owner::Part(id, Place::Variant { index: 0, components: vec![name] });
        let ty = self.queued(at.clone(), owner, vec![Part { without_branches: true, ..part.clone() }]);
        self.met.insert(at, ty);
        Some(ty)
    }

    /// Returns the components that extend a base type, selected by its discriminator (OpenAPI 3.0.3 §4.7.24.2), and the base type itself if
    /// a discriminator value may select it. The base type's part has no branches, so that it is an object.
    ///
    /// The base type may extend another base type. Its object then represents all values that select no extension.
    fn extensions(&mut self, id: TypeId, parts: &[Part<'d>], merged: &MergedSchema<'d>) -> Option<Branches<'d>> {
        let ([part], Some(tagging)) = (parts, &merged.base) else { return None };
        let is_own = tagging.at == part.at.key("discriminator");
        if part.without_branches || !is_own && !self.is_between(part) {
            return None;
        }
        let mut mapping = self.mapping(tagging);
        let mut bases = 0;
        let mut found = Vec::new();
        let mut waiting = VecDeque::from([part.at.clone()]);
        let mut seen = BTreeSet::from([part.at.clone()]);
        while let Some(base) = waiting.pop_front() {
            for name in self.extended_by.get(&base).cloned().unwrap_or_default() {
                if let Some(Found { item: ReferenceOr::Inline(schema), at }) = self.resolver.entry("schemas", name)
                    && seen.insert(at.clone())
                {
                    waiting.push_back(at.clone());
                    // An extension with its own discriminator is also a base type: its extensions replace it, unless a value selects it.
                    let is_base = Tagging::of(schema, &at).is_some();
                    let home = Some(name.to_owned());
                    let mut part = Part { home, ..Part::new(at, ReferenceOr::Inline(schema)) };
                    part.without_branches = is_base && !self.is_between(&part);
                    bases += usize::from(is_base);
                    // An extension that only adds `null` is an alias of the base type.
                    if self.component(name).is_some_and(|other| self.draft.types.end(other) == id) {
                        continue;
                    }
                    if !is_base || bases <= BASES && !self.base_tags(tagging, &part, &mut mapping).is_empty() {
                        found.push(part);
                    }
                }
            }
        }
        if is_own && found.is_empty() {
            return None;
        }
        let base = Part { without_branches: true, ..part.clone() };
        if !is_own {
            found.push(part.clone());
        } else if !self.base_tags(tagging, &base, &mut mapping).is_empty() {
            found.push(base.clone());
        }
        Some(Branches { at: tagging.at.clone(), of: base, parts: found, discriminator: Some(tagging.clone()) })
    }

    /// Returns the values that select a base type itself: from the mapping, or otherwise its name, if the property allows it.
    fn base_tags(&mut self, tagging: &Tagging<'d>, base: &Part<'d>, mapping: &mut Mapping) -> Vec<String> {
        let (target, name) = self.identity(base);
        if let Some(mapped) = mapping.remove(&target) {
            return mapped;
        }
        let values = self.listed(base, tagging.property()).unwrap_or_default();
        name.filter(|name| values.is_empty() || values.contains(name)).into_iter().collect()
    }

    /// Returns the listed strings of a property of a branch, or of the branches nested in it. `None` if a branch does not declare the
    /// property, or if there are too many.
    fn listed(&mut self, part: &Part<'d>, property: &str) -> Option<IndexSet<String>> {
        let mut waiting = vec![part.clone()];
        let (mut seen, mut values) = (BTreeSet::new(), IndexSet::new());
        while let Some(part) = waiting.pop() {
            let merged = self.merged_alone(&part);
            if let Some(parts) = merged.properties.get(property) {
                let listed = self.merged(parts);
                values.extend(listed.values.iter().flatten().filter_map(Value::as_str).map(str::to_owned));
            } else if seen.insert(self.identity(&part).0) {
                let nested = merged.branches.first().filter(|_| seen.len() < BASES)?;
                waiting.extend(nested.parts.iter().take(NESTED).rev().cloned());
            }
            if waiting.len() >= NESTED {
                return None;
            }
        }
        Some(values)
    }

    fn union(&mut self, id: TypeId, parts: &[Part<'d>], merged: &MergedSchema<'d>, branches: &Branches<'d>) -> Shape {
        let base = sibling_parts(parts);
        let mut types = Vec::new();
        for (index, part) in branches.parts.iter().enumerate() {
            let components = self.identity(part).1.into_iter().collect();
            let owner = Owner::Part(id, Place::Variant { index, components });
            types.push(if part.without_branches {
                self.queued(part.at.key("discriminator"), owner, vec![part.clone()])
            } else if let Some(own) = self.own_object(part) {
                own
            } else if self.needs_base(merged, part) {
                self.joint_use(&[base.as_slice(), std::slice::from_ref(part)].concat(), part.at.clone(), owner)
            } else {
                self.schema_use(part.clone(), owner)
            });
        }
        let tags = self.tags(merged, branches);
        if tags.is_none() && branches.at.last().as_deref() == Some("anyOf") {
            self.keep_common_values(&branches.parts, &types);
        }
        self.draft.pending.insert(id, PendingUnion { at: branches.at.clone(), branches: types, tags });
        Shape::Any
    }

    /// Records the branches whose values may satisfy other branches, and therefore may have properties of other branches.
    fn keep_common_values(&mut self, parts: &[Part<'d>], types: &[TypeRef]) {
        let all: Vec<_> = parts.iter().map(|part| self.merged_alone(part)).collect();
        for (branch, ty) in all.iter().zip(types) {
            if branch.additional == Additional::Unsaid
                && (all.len() > COMBINATIONS || all.iter().any(|other| self.may_add_properties(other, branch)))
            {
                self.draft.partial.insert(ty.ty);
            }
        }
    }

    /// Returns `true` if a value of a branch may also satisfy another one, which has more properties. A required property with listed
    /// values that the other branch lacks distinguishes them.
    fn may_add_properties(&mut self, other: &MergedSchema<'d>, branch: &MergedSchema<'d>) -> bool {
        let has_more = other.properties.keys().any(|name| !branch.properties.contains_key(name));
        has_more
            && self.are_compatible(branch, other)
            && [(branch, other), (other, branch)].into_iter().all(|(a, b)| {
                let mut unknown = a.required.keys().filter(|name| !b.properties.contains_key(*name));
                !unknown.any(|name| a.properties.get(name).is_some_and(|parts| self.merged(parts).values.is_some()))
            })
    }

    /// Returns `true` if a branch does not repeat the siblings of the choice.
    fn needs_base(&mut self, merged: &MergedSchema<'d>, part: &Part<'d>) -> bool {
        if narrows_values(merged) {
            return true;
        }
        let branch = self.merged_alone(part);
        let may_have_others = !branch.properties.is_empty() && branch.additional == Additional::Unsaid;
        if merged.additional.schemas().is_some() && may_have_others {
            return true;
        }
        let uncomposed = part.schema.keywords().filter(|keywords| keywords.compositions.is_empty());
        if merged.properties.is_empty() {
            return merged.kind.is_some() && uncomposed.is_some_and(|keywords| keywords.kind.is_none());
        }
        // The branch may not repeat all schemas of a property.
        uncomposed.is_some() || !merged.properties.keys().all(|name| branch.properties.contains_key(name))
    }

    /// Resolves the discriminator, if any (OpenAPI 3.0.3 §4.7.25). A branch without discriminator values is identified by its properties.
    fn tags(&mut self, merged: &MergedSchema<'d>, branches: &Branches<'d>) -> Option<BranchTags> {
        let tagging = branches.discriminator.clone().or_else(|| self.inherited(&branches.parts))?;
        let mut mapping = self.mapping(&tagging);
        let is_inherited = tagging.at != branches.of.at.key("discriminator");
        let own = branches.parts.iter().position(|part| is_inherited && part.at == branches.of.at);
        let default = own.or_else(|| self.default_branch(&tagging, branches));
        let values = |(index, part)| self.branch_tags(merged, &tagging, part, default == Some(index), &mut mapping);
        let values = branches.parts.iter().enumerate().map(values).collect();
        // Values of impossible branches are not reported again.
        for part in merged.branches.iter().flat_map(|all| &all.parts) {
            mapping.remove(&self.identity(part).0);
        }
        for (target, texts) in mapping.iter().filter(|_| !is_inherited) {
            for text in texts {
                let message =
                    format!("`{text}` maps to `{target}`, which is not a branch; such values are kept as JSON");
                self.unsupported(codes::DISCRIMINATOR_MAPPING, &tagging.place_of(text), message);
            }
        }
        Some(BranchTags { property: tagging.property().to_owned(), values, default })
    }

    /// Returns the branch for unmatched values (OpenAPI 3.2 §4.25, `defaultMapping`).
    fn default_branch(&mut self, tagging: &Tagging<'d>, branches: &Branches<'d>) -> Option<usize> {
        let (target, at) = (tagging.default()?, tagging.at.key(DEFAULT_MAPPING));
        let found = self.reported(self.resolver.mapped_schema(target, &at))?;
        let index = branches.parts.iter().position(|part| self.identity(part).0 == found.at);
        if index.is_none() {
            let message = format!("`{target}` is not a branch; values without a branch are kept as JSON");
            self.unsupported(codes::DISCRIMINATOR_MAPPING, &at, message);
        }
        index
    }

    /// Returns the values of a discriminator's mapping by the schema that they select.
    pub(super) fn mapping(&mut self, tagging: &Tagging<'d>) -> Mapping {
        let mut mapping = Mapping::new();
        for (text, target) in tagging.mapping() {
            if let Some(found) = self.reported(self.resolver.mapped_schema(target, &tagging.place_of(text))) {
                mapping.entry(found.at).or_default().push(text.clone());
            }
        }
        mapping
    }

    fn branch_tags(
        &mut self,
        merged: &MergedSchema<'d>,
        tagging: &Tagging<'d>,
        part: &Part<'d>,
        is_default: bool,
        mapping: &mut Mapping,
    ) -> Vec<String> {
        if part.without_branches {
            return self.base_tags(tagging, part, mapping);
        }
        let property = tagging.property();
        let (target, name) = self.identity(part);
        if let Some(mapped) = mapping.remove(&target) {
            return mapped;
        }
        let listed = self.listed(part, property);
        let is_known = listed.is_some() || merged.properties.contains_key(property);
        let mut tags: Vec<_> = listed.into_iter().flatten().collect();
        if tags.is_empty()
            && let Some(nested) =
                self.merged_alone(part).branches.first().and_then(|nested| nested.discriminator.clone())
            && nested.property() == property
        {
            tags.extend(nested.mapping().map(|(text, _)| text.clone()));
        }
        // The default branch needs no values: its name, like any unmatched value, selects it anyway.
        if is_default || !tags.is_empty() {
            return tags;
        }
        let (code, message) = match name.filter(|_| is_known) {
            Some(name) => return vec![name],
            None if is_known => (
                codes::DISCRIMINATOR_MAPPING,
                format!("no value of `{property}` selects this branch; it is identified by its properties"),
            ),
            None => (
                codes::DISCRIMINATOR_PROPERTY,
                format!("the branch has no property `{property}`; it is identified by its other properties"),
            ),
        };
        self.unsupported(code, &part.at, message);
        tags
    }

    /// Returns the location of a branch after following references, and its name if it is a component.
    pub(super) fn identity(&self, part: &Part<'d>) -> (Pointer, Option<String>) {
        let name = match part.schema {
            ReferenceOr::Reference(reference) => {
                self.resolver.schema(reference, &part.at).ok().and_then(|found| found.component())
            }
            ReferenceOr::Inline(_) => part.home.clone().filter(|home| component_pointer("schemas", home) == part.at),
        };
        (self.target(part).map_or_else(|_| part.at.clone(), |end| end.at), name)
    }

    /// Returns the discriminator of the base type that all branches extend through `allOf`.
    fn inherited(&mut self, parts: &[Part<'d>]) -> Option<Tagging<'d>> {
        let mut bases = parts.iter().map(|part| self.merged_alone(part).base.clone());
        let first = bases.next()??;
        bases.all(|base| base.is_some_and(|base| base.at == first.at)).then_some(first)
    }
}

/// Returns `true` if there is an `enum`, `items` or `format`.
fn narrows_values(merged: &MergedSchema<'_>) -> bool {
    merged.values.is_some() || !merged.items.is_empty() || merged.format.is_some()
}

/// Returns the siblings of the choice, as parts of each branch.
fn sibling_parts<'d>(parts: &[Part<'d>]) -> Vec<Part<'d>> {
    parts.iter().map(|part| Part { without_branches: true, rank: Rank::Referenced, ..part.clone() }).collect()
}

/// The maximum number of intermediate base types that become variants of the base type.
const BASES: usize = 64;

/// The maximum number of nested branches that are searched for a discriminator's property.
const NESTED: usize = 512;

/// The maximum number of properties in branches that are compared with the other schemas of an `allOf`.
const COMPARED: usize = 1 << 14;

/// The maximum number of combinations of several choices.
const COMBINATIONS: usize = 32;

/// The values of a discriminator, by the schema that they select.
pub(super) type Mapping = BTreeMap<Pointer, Vec<String>>;

/// Returns `true` if a branch has only `required`, `not`, bounds and a type, which restrict the siblings of the choice. Returns `false` for
/// an empty schema: `{}` as an alternative to `{required: [a]}`. `None` for all others.
fn restricts(schema: ReferenceOr<'_>) -> Option<bool> {
    let keywords = schema.keywords()?;
    let restricts = !keywords.required.is_empty() || keywords.not.is_some();
    let adds_type = !restricts && keywords.kind.is_some();
    let is_bare = Keywords { required: Vec::new(), not: None, ..keywords }.is_bare();
    (is_bare && !adds_type).then_some(restricts)
}
