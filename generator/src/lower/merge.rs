//! Part of `lower`: merges a schema and its `allOf`.
//!
//! In: schemas that a value must satisfy together. Out: a [`MergedSchema`] with the keywords of all of them.
//!
//! Invariant: tasks on a list replace recursion, so any depth is possible. Constraints intersect; contradictory schemas cause a diagnostic
//! and a conflict.

use std::collections::{BTreeMap, BTreeSet};
use std::mem::take;
use std::rc::Rc;

use serde_json::{Number, Value};

use super::context::Context;
use super::merged_schema::{Additional, Annotations, Branches, MergedSchema, Part, Rank, Tagging};
use super::{enumeration, notes};
use crate::ir::{Bounds, float};
use crate::schema_keywords::{Keywords, ReferenceOr, SchemaType, keyword_of};
use clientwright_normalizer::diagnostic::codes;
use clientwright_normalizer::json::members;
use clientwright_normalizer::pointer::Pointer;
use clientwright_normalizer::structure::extensions::{PREFIX_ITEMS, UNEVALUATED_PROPERTIES};

/// The data that ends a stream of events, which callers do not see.
pub(super) const DONE: &str = "[DONE]";

enum Task<'d> {
    /// Follow the part's reference and add the tasks for its own parts.
    Open(Part<'d>),
    /// Add the part's own keywords.
    Absorb(Part<'d>, &'d Value, Box<Keywords<'d>>),
}

impl<'d> Context<'d> {
    /// Returns the merged keywords of a single schema.
    pub(super) fn merged_alone(&mut self, part: &Part<'d>) -> Rc<MergedSchema<'d>> {
        self.merged(std::slice::from_ref(part))
    }

    /// Returns the merged keywords of schemas. A single schema is merged once, even if it is referenced several times.
    pub(super) fn merged(&mut self, parts: &[Part<'d>]) -> Rc<MergedSchema<'d>> {
        self.merged_and_kept(parts, true)
    }

    /// Like [`merged`](Self::merged); `is_kept` determines whether the result for a single schema is cached.
    pub(super) fn merged_and_kept(&mut self, parts: &[Part<'d>], is_kept: bool) -> Rc<MergedSchema<'d>> {
        let [part @ Part { rank: Rank::Outer, without_branches: false, .. }] = parts else {
            return Rc::new(merge(self, parts));
        };
        let part = self.target(part).map_or_else(
            |_| part.clone(),
            |found| Part { home: found.component().or(part.home.clone()), ..Part::inline(found) },
        );
        let key = (part.at.clone(), part.home.clone());
        if let Some(known) = self.merged.get(&key) {
            return Rc::clone(known);
        }
        let schema = Rc::new(merge(self, &[part]));
        if is_kept {
            self.merged.insert(key, Rc::clone(&schema));
        }
        schema
    }

    /// Returns the branches of a choice, and whether `null` is one. The end of a stream of events is not a branch.
    pub(super) fn choice(&self, keywords: &Keywords<'d>, keyword: &str, part: &Part<'d>) -> (Vec<Part<'d>>, bool) {
        let branches = part.listed(keywords, keyword).into_iter().filter(|branch| !self.is_end(branch));
        let (nulls, branches): (Vec<_>, _) = branches.partition(|branch| self.is_only_null(branch));
        (branches, !nulls.is_empty())
    }

    /// Returns the locations of all branches of a schema, including nested unions.
    fn all_branches(&mut self, part: &Part<'d>, keywords: &Keywords<'d>) -> Rc<BTreeSet<Pointer>> {
        if let Some(known) = self.all_branches.get(&part.at) {
            return Rc::clone(known);
        }
        let listed = |part: &Part<'d>, keywords: &Keywords<'d>| {
            ["oneOf", "anyOf"].into_iter().flat_map(|keyword| part.listed(keywords, keyword)).collect::<Vec<_>>()
        };
        let mut waiting = listed(part, keywords);
        let mut all = BTreeSet::new();
        while let Some(branch) = waiting.pop().filter(|_| all.len() < self.branches) {
            let Ok(found) = self.target(&branch) else { continue };
            let is_union = ["oneOf", "anyOf"].iter().any(|keyword| found.item.get(keyword).is_some());
            if all.insert(found.at.clone()) && is_union {
                let keywords = Keywords::of(found.item);
                waiting.extend(listed(&Part::inline(found), &keywords));
            }
        }
        self.branches -= all.len();
        let all = Rc::new(all);
        self.all_branches.insert(part.at.clone(), Rc::clone(&all));
        all
    }

    /// Returns `true` if `null` is the only value of a schema, which makes a union nullable. OpenAPI 3.0 has no `type: null`; documents use
    /// `enum: [null]`, or only `nullable: true`.
    fn is_only_null(&self, part: &Part<'d>) -> bool {
        // A broken reference is reported when the part itself is read.
        let Ok(found) = self.target(part) else { return false };
        let listed = keyword_of(found.item, "enum").and_then(Value::as_array).filter(|listed| !listed.is_empty());
        let is_free = || is_nullable(found.item) && Keywords::of(found.item).is_empty();
        listed.map_or_else(is_free, |listed| listed.iter().all(Value::is_null))
    }

    /// Returns `true` for the data that ends a stream of events, and for an event with that data.
    fn is_end(&self, part: &Part<'d>) -> bool {
        let target = |schema| self.resolver.target(schema, &part.at).map_or(&Value::Null, |found| found.item);
        let schema = target(part.schema);
        let data = schema.pointer("/properties/data").map_or(schema, |data| target(ReferenceOr::of_schema(data)));
        [schema, data].iter().any(|schema| schema["enum"].as_array().is_some_and(|values| *values == [DONE]))
    }
}

/// Merges schemas that a value must satisfy together.
fn merge<'d>(context: &mut Context<'d>, parts: &[Part<'d>]) -> MergedSchema<'d> {
    let mut merge = Merge {
        context,
        merged: MergedSchema::default(),
        inner: Annotations::default(),
        nullable_parts: vec![None],
        open: BTreeSet::new(),
        tasks: parts.iter().rev().cloned().map(Task::Open).collect(),
        whole: if let [whole] = parts { Some(whole.at.clone()).filter(|_| !whole.without_branches) } else { None },
        visited: parts.iter().map(|part| (part.at.clone(), None)).collect(),
        outer_kind: false,
        unevaluated: Additional::Unsaid,
        hides_properties: false,
    };
    while let Some(task) = merge.tasks.pop() {
        match task {
            Task::Open(part) => merge.open(part),
            Task::Absorb(part, schema, keywords) => merge.absorb(&part, schema, *keywords),
        }
    }
    merge.finish()
}

/// Returns `true` if a schema has `nullable: true`.
pub(super) fn is_nullable(schema: &Value) -> bool {
    keyword_of(schema, "nullable") == Some(&Value::Bool(true))
}

/// Keywords that describe further properties of an object without typing them.
const HIDING: [&str; 4] = ["x-pattern-properties", "x-if", "x-dependent-schemas", "x-dependencies"];

/// A merge in progress.
struct Merge<'c, 'd> {
    context: &'c mut Context<'d>,
    merged: MergedSchema<'d>,
    /// Annotations of inline parts in `allOf`, which apply if the schema itself has none.
    inner: Annotations,
    /// Whether all parts of each open schema allow `null`, outermost first; `None` if no part specifies it. The first entry is for the
    /// parts of the merge.
    nullable_parts: Vec<Option<bool>>,
    /// The schemas whose parts are being read.
    open: BTreeSet<Pointer>,
    /// The remaining tasks; the last one is next.
    tasks: Vec<Task<'d>>,
    /// The location of the merged schema, if there is only one.
    whole: Option<Pointer>,
    /// The merged schemas and those reached by reference, and whether they allow `null`.
    visited: BTreeMap<Pointer, Option<bool>>,
    /// Whether the schema itself has a `type`.
    outer_kind: bool,
    /// The schema of undeclared properties (`unevaluatedProperties`).
    unevaluated: Additional<'d>,
    /// Whether a part describes properties conditionally or by pattern. Their types may differ from the unevaluated ones.
    hides_properties: bool,
}

impl<'d> Merge<'_, 'd> {
    fn open(&mut self, mut part: Part<'d>) {
        let found = self.context.target(&part);
        let Some(found) = self.context.reported(found) else {
            self.merged.conflict = true;
            return;
        };
        if let ReferenceOr::Reference(reference) = part.schema {
            if self.whole.as_ref() == Some(&found.at) {
                let message = format!("the schema contains itself through `allOf`: `{reference}`");
                self.context.invalid(codes::CYCLIC_REFERENCE, &part.at, message);
                return;
            }
            if let Some(allows_null) = self.visited.get(&found.at).copied() {
                self.say_nullable(allows_null);
                return;
            }
            self.visited.insert(found.at.clone(), None);
            part.home = found.component().or(part.home);
            part.at = found.at;
        }
        let schema = found.item;
        let keywords = Keywords::of(schema);
        if part.rank != Rank::Outer && !self.context.may_join(1 + keywords.properties.len(), &part.at) {
            self.merged.conflict = true;
            self.tasks.clear();
            return;
        }
        // A branch of the part, even in a nested union, may be an open schema, which extends its own union. The part's branches are then
        // ignored.
        part.without_branches |= part.rank != Rank::Outer
            && keywords.has_choice()
            && !self.context.all_branches(&part, &keywords).is_disjoint(&self.open);
        let mut listed = part.listed(&keywords, "allOf");
        for keyword in ["oneOf", "anyOf"].into_iter().filter(|_| keywords.has_choice() && !part.without_branches) {
            // A choice with a single branch is part of the merge.
            let (branches, _) = self.context.choice(&keywords, keyword, &part);
            listed.extend(Some(branches).filter(|branches| branches.len() == 1).into_iter().flatten());
        }
        let opened: Vec<_> = listed.into_iter().rev().map(|inner| Task::Open(part.joined(inner))).collect();
        self.nullable_parts.push(None);
        self.open.insert(part.at.clone());
        self.tasks.push(Task::Absorb(part, schema, Box::new(keywords)));
        self.tasks.extend(opened);
    }

    fn absorb(&mut self, part: &Part<'d>, schema: &'d Value, keywords: Keywords<'d>) {
        self.open.remove(&part.at);
        self.absorb_annotations(part, schema, &keywords);
        let has_null_branch = self.absorb_branches(part, schema, &keywords);
        self.absorb_null(part, is_nullable(schema) || has_null_branch, &keywords);
        if keywords.not.is_some() && part.rank != Rank::Referenced {
            let message = "`not` is not checked; the rest of the schema is generated";
            self.context.unsupported(codes::IGNORED_NOT, &part.at.key("not"), message);
        }
        self.outer_kind |= part.rank == Rank::Outer && keywords.kind.is_some();
        self.absorb_kind(part, keywords.kind);
        self.absorb_format(part, keywords.format);
        self.absorb_values(part, keywords.values);
        for (name, schema) in keywords.properties {
            let property = part.child(part.at.key("properties").key(name), schema);
            self.merged.properties.entry(name).or_default().push(property);
        }
        for name in keywords.required {
            self.merged.required.entry(name).or_insert_with(|| part.at.key("required"));
        }
        if let Some(additional) = keywords.additional {
            self.merged.additional = take(&mut self.merged.additional).and(part, "additionalProperties", additional);
        }
        // Inner parts have evaluated their own properties, so the innermost keyword applies.
        if let Some(unevaluated) = keywords.unevaluated.filter(|_| self.unevaluated == Additional::Unsaid) {
            self.unevaluated = Additional::Unsaid.and(part, UNEVALUATED_PROPERTIES, unevaluated);
        }
        self.hides_properties |= members(schema).any(|(key, _)| HIDING.contains(&key.as_str()));
        if let Some(items) = keywords.items {
            self.merged.items.push(part.child(part.at.key("items"), items));
        }
        self.merged.bounds = intersect(take(&mut self.merged.bounds), keywords.bounds);
    }

    /// Adds the annotations of a schema. `readOnly` and `writeOnly` are facts about a property, which its field reads.
    fn absorb_annotations(&mut self, part: &Part<'d>, schema: &'d Value, keywords: &Keywords<'d>) {
        self.merged.secret |= notes::secret(schema);
        self.merged.prefix_items = self.merged.prefix_items.or(schema.get(PREFIX_ITEMS));
        self.merged.value_notes.extend(enumeration::notes(&keywords.values, schema));
        let own = || Annotations::of(schema, &part.at);
        match part.rank {
            Rank::Outer => self.merged.annotations = own().or(take(&mut self.merged.annotations)),
            Rank::Inline => self.inner = take(&mut self.inner).or(own()),
            Rank::Referenced => {}
        }
    }

    /// Adds the branches of a schema. Returns `true` if one of them is `null`.
    fn absorb_branches(&mut self, part: &Part<'d>, schema: &'d Value, keywords: &Keywords<'d>) -> bool {
        if part.without_branches {
            return false;
        }
        let mut tagging = Tagging::of(schema, &part.at);
        if !keywords.has_choice() {
            self.merged.base = match (self.merged.base.take(), tagging) {
                // A base type that extends another may have its own discriminator. If both have the same property, the other discriminator
                // is kept, because only it needs to map all values.
                (Some(other), Some(own)) if part.rank == Rank::Outer && own.property() != other.property() => Some(own),
                (base, tagging) => base.or(tagging),
            };
            return false;
        }
        let mut is_nullable = false;
        for keyword in ["oneOf", "anyOf"] {
            let (parts, has_null) = self.context.choice(keywords, keyword, part);
            is_nullable |= has_null;
            if parts.len() > 1 {
                let of = Part { rank: Rank::Outer, without_branches: true, ..part.clone() };
                let at = part.at.key(keyword);
                self.merged.branches.push(Branches { at, of, parts, discriminator: tagging.take() });
            }
        }
        is_nullable
    }

    /// Updates whether the schema allows `null`: itself, or because all of its parts do.
    fn absorb_null(&mut self, part: &Part<'d>, allows_null: bool, keywords: &Keywords<'d>) {
        let allows_null = allows_null || keywords.values.contains(&Value::Null);
        let is_inner = part.rank != Rank::Outer;
        self.merged.nullable |= allows_null && !is_inner;
        let said = match self.nullable_parts.pop().flatten() {
            _ if allows_null && is_inner => Some(true),
            None if is_inner && !keywords.is_empty() => Some(false),
            parts => parts,
        };
        if let Some(visited) = self.visited.get_mut(&part.at) {
            *visited = said;
        }
        self.say_nullable(said);
    }

    /// Records whether a part allows `null`.
    fn say_nullable(&mut self, said: Option<bool>) {
        if let (Some(all), Some(said)) = (self.nullable_parts.last_mut(), said) {
            *all.get_or_insert(true) &= said;
        }
    }

    fn absorb_kind(&mut self, part: &Part<'d>, kind: Option<SchemaType>) {
        let Some(kind) = kind else { return };
        self.merged.kind = Some(match self.merged.kind {
            None => kind,
            Some(known) => known.common(kind).unwrap_or_else(|| {
                let message = format!(
                    "the schemas of an `allOf` require both type `{}` and type `{}`; the type is any JSON value",
                    known.text(),
                    kind.text()
                );
                self.conflict(part, "type", message);
                known
            }),
        });
    }

    fn absorb_format(&mut self, part: &Part<'d>, format: Option<&str>) {
        let Some(format) = format else { return };
        let known = self.merged.format.get_or_insert_with(|| format.to_owned());
        if known != format {
            let message =
                format!("the schemas of an `allOf` have the formats `{known}` and `{format}`; the first is used");
            self.context.unsupported(codes::CONFLICTING_ALL_OF, &part.at.key("format"), message);
        }
    }

    fn absorb_values(&mut self, part: &Part<'d>, values: Vec<Value>) {
        if values.is_empty() {
            return;
        }
        let only_null = values.iter().all(Value::is_null);
        let both = match self.merged.values.take() {
            None => values,
            Some(known) => {
                let both: Vec<_> = known.into_iter().filter(|value| values.contains(value)).collect();
                if both.is_empty() && !only_null {
                    let message = "the `enum` keywords of an `allOf` have no common value; the type is any JSON value";
                    self.conflict(part, "enum", message.to_owned());
                }
                both
            }
        };
        self.merged.values = Some(both);
        self.merged.values_at = part.at.key("enum");
    }

    fn conflict(&mut self, part: &Part<'d>, keyword: &str, message: String) {
        self.merged.conflict = true;
        self.context.unsupported(codes::CONFLICTING_ALL_OF, &part.at.key(keyword), message);
    }

    fn finish(mut self) -> MergedSchema<'d> {
        self.merged.annotations = self.merged.annotations.or(self.inner);
        if self.merged.additional == Additional::Unsaid && !self.hides_properties {
            self.merged.additional = self.unevaluated;
        }
        self.merged.nullable |= self.nullable_parts == [Some(true)] && !self.outer_kind;
        if let Some(values) = &mut self.merged.values {
            let listed = values.len();
            values.retain(|value| !value.is_null());
            self.merged.only_null = self.merged.nullable && listed > 0 && values.is_empty();
        }
        self.merged
    }
}

/// Intersects bounds. Of two patterns, the first is kept, because bounds are only shown.
fn intersect(known: Bounds, more: Bounds) -> Bounds {
    let lower = |known: Option<u64>, more: Option<u64>| known.into_iter().chain(more).min();
    Bounds {
        minimum: narrower(known.minimum, more.minimum, |a, b| a > b),
        maximum: narrower(known.maximum, more.maximum, |a, b| a < b),
        multiple_of: known.multiple_of.or(more.multiple_of),
        min_length: known.min_length.max(more.min_length),
        max_length: lower(known.max_length, more.max_length),
        pattern: known.pattern.or(more.pattern),
        min_items: known.min_items.max(more.min_items),
        max_items: lower(known.max_items, more.max_items),
        unique_items: known.unique_items || more.unique_items,
        min_properties: known.min_properties.max(more.min_properties),
        max_properties: lower(known.max_properties, more.max_properties),
    }
}

type Limit = Option<(Number, bool)>;

fn narrower(known: Limit, more: Limit, narrows: fn(f64, f64) -> bool) -> Limit {
    match (known, more) {
        (Some((a, a_excluded)), Some((b, b_excluded))) => {
            let (x, y) = (float(&a), float(&b));
            if narrows(y, x) { Some((b, b_excluded)) } else { Some((a, a_excluded || (b_excluded && !narrows(x, y)))) }
        }
        (known, more) => known.or(more),
    }
}
