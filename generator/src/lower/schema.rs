//! Part of `lower`: schemas become types.
//!
//! In: schemas where they are used. Out: [`TypeRef`]s immediately, and types as the queue is processed.
//!
//! Invariant: every schema becomes a separate type, unless it adds nothing to a single referenced schema (by `allOf` or a choice). Total:
//! an inexpressible schema is [`Shape::Any`] and reported.

use std::collections::{BTreeSet, VecDeque};

use serde_json::Value;

use super::context::Context;
use super::merge::is_nullable;
use super::merged_schema::{Additional, Annotations, MergedSchema, Part, Tagging, last_place};
use super::{enumeration, notes, scalar};
use crate::ir::{Bounds, Field, Object, Owner, Place, Shape, TypeId, TypeRef};
use crate::resolve::{component_pointer, components};
use crate::schema_keywords::{Keywords, ReferenceOr, SchemaType, keyword_of};
use clientwright_normalizer::diagnostic::codes;
use clientwright_normalizer::json::members;
use clientwright_normalizer::pointer::Pointer;

impl<'d> Context<'d> {
    /// Assigns ids to component schemas in document order, and queues their contents.
    pub(super) fn declare_schemas(&mut self) {
        let schemas = || members(components(self.document.item, "schemas"));
        for (name, _) in schemas() {
            let at = component_pointer("schemas", name);
            let ty = self.any_use(at.clone(), Owner::Component(name.clone()));
            self.met.insert(at, ty);
        }
        // No other type has an id yet.
        for (id, (name, schema)) in self.draft.types.ids().zip(schemas()) {
            let at = component_pointer("schemas", name);
            let part = Part { home: Some(name.clone()), ..Part::new(at, ReferenceOr::of_schema(schema)) };
            self.note_bases(name, &part);
            match self.alias_target(&part) {
                Some(target) => self.alias(id, &part, target),
                None => self.queue.push_back((id, vec![part])),
            }
        }
    }

    /// Returns the type of a component schema.
    pub(super) fn component(&self, name: &str) -> Option<TypeId> {
        self.met.get(&component_pointer("schemas", name)).map(|used| used.ty)
    }

    /// Records the components that a component extends through `allOf`.
    fn note_bases(&mut self, name: &'d str, part: &Part<'d>) {
        let Some(keywords) = part.schema.keywords() else { return };
        for inner in part.listed(&keywords, "allOf") {
            if matches!(inner.schema, ReferenceOr::Reference(_))
                && let Ok(base) = self.target(&inner)
            {
                self.extended_by.entry(base.at).or_default().push(name);
            }
        }
    }

    /// Returns the type of a schema where it is used; `owner` names a new type.
    pub(super) fn schema_use(&mut self, part: Part<'d>, owner: Owner) -> TypeRef {
        if let Some(known) = self.met.get(&part.at) {
            return *known;
        }
        let at = part.at.clone();
        let target = self.alias_target(&part);
        let ty = target.unwrap_or_else(|| self.queued(at.clone(), owner, vec![part]));
        self.met.insert(at, ty);
        ty
    }

    /// Like [`joint_use`](Self::joint_use), for parts of a type, whose own parts belong to them instead of the surrounding component.
    fn inner_use(&mut self, parts: &[Part<'d>], at: Pointer, owner: Owner) -> TypeRef {
        let parts: Vec<_> = parts.iter().map(|part| Part { home: None, ..part.clone() }).collect();
        self.joint_use(&parts, at, owner)
    }

    /// Returns the type of values that satisfy all schemas; without schemas, any JSON value at `at`.
    pub(super) fn joint_use(&mut self, parts: &[Part<'d>], at: Pointer, owner: Owner) -> TypeRef {
        // Annotations alone are not a type, and repeated types are ignored.
        let is_meaningful = |part: &&Part<'d>| match only_type(part.schema) {
            Some(Some(ty)) => !parts.iter().any(|other| self.says_more(other, ty)),
            only => only.is_none(),
        };
        let mut meaningful: Vec<_> = parts.iter().filter(is_meaningful).cloned().collect();
        if meaningful.is_empty() {
            meaningful = parts.to_vec();
        }
        let Some((last, others)) = meaningful.split_last() else { return self.any_use(at, owner) };
        if last.without_branches {
            // The branch has only annotations, so the result is the surrounding schema without its branches.
            return self.joined(at, owner, parts.to_vec());
        }
        if others.iter().all(|part| part.schema == last.schema) {
            return self.schema_use(meaningful.swap_remove(0), owner);
        }
        self.joined(last.at.clone(), owner, meaningful)
    }

    /// Returns `true` for a reference to a schema of this `type` with further keywords.
    fn says_more(&self, part: &Part<'d>, ty: SchemaType) -> bool {
        let (ReferenceOr::Reference(_), Ok(found)) = (part.schema, self.target(part)) else { return false };
        let keywords = Keywords::of(found.item);
        keywords.kind == Some(ty) && !keywords.is_bare() && !is_nullable(found.item)
    }

    /// Returns the type of joined schemas: a new type, or a recursive owner that joins the same schemas.
    fn joined(&mut self, at: Pointer, owner: Owner, parts: Vec<Part<'d>>) -> TypeRef {
        let places: BTreeSet<_> = parts.iter().map(|part| (part.at.clone(), part.without_branches)).collect();
        let owners = owner.parent().map(|id| self.draft.types.owners(id).take(FARTHEST));
        let same = owners.into_iter().flatten().find(|id| self.joined.get(id) == Some(&places));
        if let Some(same) = same {
            return TypeRef::of(same);
        }
        let ty = self.queued(at, owner, parts);
        self.joined.insert(ty.ty, places);
        ty
    }

    /// Returns a type of any JSON value.
    pub(super) fn any_use(&mut self, at: Pointer, owner: Owner) -> TypeRef {
        self.draft.add(at, owner, Shape::Any)
    }

    /// Reads the contents of all queued types, including newly queued ones.
    pub(super) fn drain(&mut self) {
        while let Some((id, parts)) = self.queue.pop_front() {
            self.read(id, &parts);
        }
    }

    fn read(&mut self, id: TypeId, parts: &[Part<'d>]) {
        // An inline schema is hardly ever read again.
        let merged = self.merged_and_kept(parts, self.draft.types[id].is_component());
        if merged.nullable {
            self.draft.nullable.insert(id);
        }
        if merged.secret || merged.format.as_deref() == Some("password") {
            self.draft.secret.insert(id);
        }
        let shape = if merged.conflict {
            self.draft
                .untyped
                .insert(id, "its reference is broken, or the schemas of its `allOf` contradict each other");
            Shape::Any
        } else {
            self.composed(id, parts, &merged)
        };
        let items = self.xml(&merged.items, Value::Null);
        let xml = self.xml(parts, items);
        self.annotate(id, merged.annotations.clone());
        let ty = &mut self.draft.types[id];
        ty.format = merged.format.clone();
        ty.values = if merged.only_null { vec![Value::Null] } else { merged.values.clone().unwrap_or_default() };
        ty.bounds = merged.bounds.clone();
        ty.xml = xml;
        ty.shape = shape;
    }

    fn annotate(&mut self, id: TypeId, Annotations { docs, default, example }: Annotations) {
        let default = self.default_from(&self.draft.types[id].origin.clone(), default);
        let ty = &mut self.draft.types[id];
        (ty.docs, ty.default, ty.example) = (docs, default, example);
    }

    fn alias(&mut self, id: TypeId, part: &Part<'d>, target: TypeRef) {
        let xml = self.xml(std::slice::from_ref(part), Value::Null);
        let ty = &mut self.draft.types[id];
        ty.shape = Shape::Alias(target);
        ty.xml = xml;
        if let ReferenceOr::Inline(schema) = part.schema {
            self.annotate(id, Annotations::of(schema, &part.at));
        }
    }

    /// Returns the shape of a schema without branches.
    pub(super) fn plain(&mut self, id: TypeId, at: &Pointer, merged: &MergedSchema<'d>) -> Shape {
        let kind = kind(merged);
        self.report_ignored_keywords(kind, merged);
        if let Some(shape) = enumeration::shape(self, id, kind, merged) {
            return shape;
        }
        match kind {
            Some(SchemaType::Object) => self.object(id, at, merged),
            Some(SchemaType::Array) => match elements(merged) {
                Some(elements) => self.tuple(id, elements),
                None => Shape::Array(self.inner_use(&merged.items, at.key("items"), Owner::Part(id, Place::Item))),
            },
            Some(SchemaType::Boolean) => Shape::Boolean,
            Some(SchemaType::Integer) => scalar::integer(merged),
            Some(SchemaType::Number) => scalar::number(merged.format.as_deref()),
            Some(SchemaType::String) => scalar::string(merged.format.as_deref()),
            None if merged.only_null => Shape::Null,
            None => Shape::Any,
        }
    }

    fn tuple(&mut self, id: TypeId, elements: Vec<Part<'d>>) -> Shape {
        let elements = elements.into_iter().enumerate();
        let element = |(index, part): (usize, Part<'d>)| {
            let at = part.at.clone();
            self.inner_use(&[part], at, Owner::Part(id, Place::Element(index)))
        };
        Shape::Tuple(elements.map(element).collect())
    }

    /// Reports the keywords that do not apply to the schema's type.
    fn report_ignored_keywords(&mut self, kind: Option<SchemaType>, merged: &MergedSchema<'d>) {
        let Some(kind) = kind else { return };
        // The location of the keyword, which may be in an `allOf`.
        let properties = merged.properties.first().and_then(|(_, parts)| parts.first()?.at.parent());
        let first = |parts: &[Part<'d>]| parts.first().map(|part| part.at.clone());
        let additional = merged.additional.schemas().and_then(first);
        let given = [
            ("properties", SchemaType::Object, properties),
            ("additionalProperties", SchemaType::Object, additional),
            ("items", SchemaType::Array, first(&merged.items)),
        ];
        for (keyword, of, place) in given {
            if let Some(place) = place.filter(|_| of != kind) {
                let message = format!("`{keyword}` has no effect on a schema of type `{}`", kind.text());
                self.unsupported(codes::IGNORED_KEYWORD, &place, message);
            }
        }
    }

    fn object(&mut self, id: TypeId, at: &Pointer, merged: &MergedSchema<'d>) -> Shape {
        let (at, values) = (at.key("additionalProperties"), Owner::Part(id, Place::Value));
        if merged.properties.is_empty() {
            return match &merged.additional {
                Additional::Forbidden => Shape::Object(Object { fields: Vec::new(), additional: None }),
                Additional::Unsaid => Shape::Map(self.any_use(at, values)),
                Additional::Schemas(parts) => Shape::Map(self.inner_use(parts, at, values)),
            };
        }
        let mut fields = Vec::new();
        for (name, parts) in &merged.properties {
            fields.push(self.field(id, name, parts, merged.required.contains_key(name)));
        }
        for (name, at) in &merged.required {
            if !merged.properties.contains_key(name) {
                fields.push(self.undeclared_field(id, at, name, &merged.additional));
            }
        }
        let additional = merged.additional.schemas().map(|parts| self.inner_use(parts, at, values));
        Shape::Object(Object { fields, additional })
    }

    fn field(&mut self, id: TypeId, name: &str, parts: &[Part<'d>], required: bool) -> Field {
        // A schema that inherits a property shares the property's type with the declaring schema.
        let inherited = match parts {
            [Part { at, home: Some(home), .. }] if !is_in_branch(at) => self.component(home),
            _ => None,
        };
        let of = inherited.unwrap_or(id);
        let at = last_place(parts);
        let ty = self.inner_use(parts, at.clone(), Owner::Part(of, Place::Property(name.to_owned())));
        let own = parts.iter().rev().filter_map(|part| match part.schema {
            ReferenceOr::Inline(schema) => Some(Annotations::of(schema, &part.at)),
            ReferenceOr::Reference(_) => None,
        });
        let Annotations { docs, default, example } = own.fold(Annotations::default(), Annotations::or);
        // `readOnly` and `writeOnly` may be siblings of an `allOf` or inside it.
        let schemas = self.with_all_of(parts);
        let is_true = |key: &str| schemas.iter().any(|schema| keyword_of(schema, key) == Some(&Value::Bool(true)));
        let (read_only, write_only) = (is_true("readOnly"), is_true("writeOnly"));
        Field {
            required_when_read: required && !write_only,
            required_when_sent: required && !read_only,
            docs,
            default: self.default_from(&at, default),
            example,
            xml: self.xml(parts, Value::Null),
            read_only,
            write_only,
            ..new_field(name, ty, at)
        }
    }

    /// Returns the default of a type or property with this origin, and records the location of its schema.
    fn default_from(&mut self, origin: &Pointer, default: Option<(Value, Pointer)>) -> Option<Value> {
        let (default, at) = default?;
        self.draft.default_places.insert(origin.clone(), at);
        Some(default)
    }

    /// Adds a required but undeclared property, which is one of the additional properties.
    fn undeclared_field(&mut self, id: TypeId, at: &Pointer, name: &str, additional: &Additional<'d>) -> Field {
        let owner = Owner::Part(id, Place::Property(name.to_owned()));
        let parts = additional.schemas().unwrap_or_default();
        if parts.is_empty() {
            let message = format!("the required property `{name}` has no schema; its type is any JSON value");
            self.unsupported(codes::UNDECLARED_REQUIRED, at, message);
        }
        let ty = self.inner_use(parts, at.clone(), owner);
        Field { required_when_read: true, required_when_sent: true, ..new_field(name, ty, at.clone()) }
    }

    /// Returns the target of a schema that only adds annotations and `nullable` to another schema. `None` for a schema with its own
    /// contents, or for a broken reference, which is reported when the contents are read.
    fn alias_target(&mut self, part: &Part<'d>) -> Option<TypeRef> {
        // References into components can be cyclic or long chains, whose contents are read without recursion.
        if self.alias_depth >= FARTHEST {
            return None;
        }
        self.alias_depth += 1;
        let target = self.alias_target_of(part);
        self.alias_depth -= 1;
        target
    }

    fn alias_target_of(&mut self, part: &Part<'d>) -> Option<TypeRef> {
        let schema = match part.schema {
            ReferenceOr::Reference(reference) => return self.referenced(reference, &part.at),
            ReferenceOr::Inline(schema) => schema,
        };
        let keywords = Keywords::of(schema);
        if !keywords.is_bare_but_compositions() {
            return None;
        }
        let mut given = keywords.compositions.keys();
        let (Some(keyword), None) = (given.next(), given.next()) else { return None };
        let (kept, null_branch) = if *keyword == "allOf" {
            let parts = part.listed(&keywords, keyword).into_iter();
            // A part with only annotations does not count.
            (parts.filter(|branch| only_type(branch.schema) != Some(None)).collect(), false)
        } else {
            self.choice(&keywords, keyword, part)
        };
        let [branch @ Part { schema: ReferenceOr::Reference(reference), .. }] = kept.as_slice() else { return None };
        let target = self.target(branch).ok()?;
        let of_target = Keywords::of(target.item);
        // Bounds do not affect enumerations, whose values are listed.
        let restricts = keywords.bounds != Bounds::default() && of_target.values.is_empty();
        if *keyword == "allOf" && !is_nullable(schema) && self.identity(part).1.is_some() && self.is_extension(branch) {
            return None;
        }
        if restricts || keywords.kind.is_some_and(|kind| of_target.kind.is_some_and(|other| other != kind)) {
            return None;
        }
        if let Some(tagging) = Tagging::of(schema, &part.at) {
            // A discriminator of a single branch selects nothing, but its property must exist.
            self.mapping(&tagging);
        }
        let mut ty = self.referenced(reference, &branch.at)?;
        ty.nullable |= is_nullable(schema) || null_branch;
        ty.secret |= notes::secret(schema);
        Some(ty)
    }

    /// Returns `true` if a schema is or extends a base type, so that an `allOf` of it is an extension (OpenAPI 3.0.3 §4.7.24.2).
    fn is_extension(&self, part: &Part<'d>) -> bool {
        let is_base =
            |schema: &Value| keyword_of(schema, "discriminator").is_some() && !Keywords::of(schema).has_choice();
        self.with_all_of(std::slice::from_ref(part)).into_iter().any(is_base)
    }

    /// Returns schemas and the members of their `allOf`. Inline schemas take precedence over referenced ones.
    pub(super) fn with_all_of(&self, parts: &[Part<'d>]) -> Vec<&'d Value> {
        let mut waiting: VecDeque<_> = parts.iter().cloned().collect();
        let mut schemas = Vec::new();
        while let Some(part) = waiting.pop_front().filter(|_| schemas.len() < FARTHEST) {
            // A broken reference is reported when the part itself is read.
            let Ok(found) = self.target(&part) else { continue };
            schemas.push(found.item);
            let mut joined = Part::inline(found.clone()).listed(&Keywords::of(found.item), "allOf");
            joined.sort_by_key(|part| matches!(part.schema, ReferenceOr::Reference(_)));
            waiting.extend(joined);
        }
        schemas
    }

    /// Returns the type that a reference points to; `None` if it is broken.
    fn referenced(&mut self, reference: &str, at: &Pointer) -> Option<TypeRef> {
        let place = self.resolver.schema(reference, at).ok()?;
        if let Some(id) = place.component().and_then(|name| self.component(&name)) {
            return Some(TypeRef::of(id));
        }
        // A schema inside a component belongs to that component, regardless of the first reference.
        let segments: Vec<_> = place.at.segments().collect();
        let of = self.component(segments.get(2)?)?;
        let owner = match segments.as_slice() {
            [_, _, _, properties, name] if properties == "properties" => Owner::Part(of, Place::Property(name.clone())),
            _ => Owner::Part(of, Place::Value),
        };
        Some(self.schema_use(Part::new(place.at, place.item), owner))
    }
}

/// The maximum number of schemas that are examined for one schema: references to determine whether it is an alias, and schemas in `allOf`.
const FARTHEST: usize = 64;

/// Returns `true` if a schema is in a branch of `oneOf` or `anyOf` of its component.
fn is_in_branch(at: &Pointer) -> bool {
    at.segments().skip(3).step_by(2).any(|keyword| keyword == "oneOf" || keyword == "anyOf")
}

/// Returns a property with only a type.
fn new_field(name: &str, ty: TypeRef, origin: Pointer) -> Field {
    Field { wire_name: name.to_owned(), ty, origin, ..Field::default() }
}

/// Returns the `type` of a schema that otherwise has only annotations; `None` for any other schema.
fn only_type(schema: ReferenceOr<'_>) -> Option<Option<SchemaType>> {
    let ReferenceOr::Inline(schema) = schema else { return None };
    let has_more =
        is_nullable(schema) || ["discriminator", "default"].iter().any(|key| keyword_of(schema, key).is_some());
    let mut keywords = Keywords::of(schema);
    let ty = keywords.kind.take();
    (keywords.is_empty() && !has_more).then_some(ty)
}

/// Returns the type of a schema's values: `type`, or the only type that the keywords or values allow.
fn kind(merged: &MergedSchema<'_>) -> Option<SchemaType> {
    if merged.kind.is_some() {
        return merged.kind;
    }
    if !merged.properties.is_empty() || merged.additional.schemas().is_some() {
        return Some(SchemaType::Object);
    }
    if !merged.items.is_empty() {
        return Some(SchemaType::Array);
    }
    let values = merged.values.as_deref().filter(|values| !values.is_empty())?;
    // An integer beyond 64 signed bits is a number.
    let admits =
        |kind: SchemaType, value: &Value| kind.admits(value) && (kind != SchemaType::Integer || value.is_i64());
    SchemaType::ALL.into_iter().find(|kind| values.iter().all(|value| admits(*kind, value)))
}

/// The numbers of tuple elements that the runtime's codec supports.
const LENGTHS: std::ops::RangeInclusive<usize> = 2..=8;

/// Returns the schemas of tuple elements, if the array has a fixed length with a schema for each element.
fn elements<'d>(merged: &MergedSchema<'d>) -> Option<Vec<Part<'d>>> {
    let Value::Array(prefix) = merged.prefix_items? else { return None };
    let length = Some(prefix.len() as u64);
    let is_fixed =
        merged.bounds.max_items == length && (merged.bounds.min_items.is_none() || merged.bounds.min_items == length);
    let [items] = merged.items.as_slice() else { return None };
    if !is_fixed || !LENGTHS.contains(&prefix.len()) {
        return None;
    }
    let allowed = allowed(items);
    let same = |element| allowed.iter().find(|part| part.schema == ReferenceOr::of(element)).cloned();
    prefix.iter().map(same).collect()
}

/// Returns `items` and the branches of its `anyOf`.
fn allowed<'d>(items: &Part<'d>) -> Vec<Part<'d>> {
    let branches = items.schema.keywords().map(|keywords| items.listed(&keywords, "anyOf"));
    std::iter::once(items.clone()).chain(branches.into_iter().flatten()).collect()
}
