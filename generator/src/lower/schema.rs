//! Part of `lower`: schemas become types.
//!
//! In: schemas where they are used. Out: [`Use`]s at once, and types as the queue is worked off.
//!
//! Invariant: every schema becomes a type of its own, but one that says nothing beyond another (`allOf` or a choice of a
//! single reference) is that other. Total: what cannot be expressed is [`Shape::Any`] and a diagnostic.

use std::collections::BTreeSet;

use openapiv3::{Schema, SchemaData};
use serde_json::Value;

use super::context::Context;
use super::keywords::{Keywords, Kind};
use super::merge::{Additional, Merge, Part, Property, View};
use super::{enumeration, notes, scalar};
use crate::ir::{Bounds, Docs, Field, Object, Owner, Shape, TypeId, Use};
use crate::resolve::{SchemaRef, component_pointer};
use clientwright_normalizer::diagnostic::codes;
use clientwright_normalizer::pointer::Pointer;

impl<'d> Context<'d> {
    /// Gives every component schema its id, in the document's order, and queues its contents.
    pub(super) fn declare_schemas(&mut self) {
        let Some(components) = &self.document.components else { return };
        for name in components.schemas.keys() {
            let at = component_pointer("schemas", name);
            let id = self.new_type(at, Owner::Component(name.clone()));
            self.components.insert(name, id);
        }
        self.find_extensions();
        for (name, place) in &components.schemas {
            let Some(id) = self.components.get(name.as_str()).copied() else { continue };
            let at = component_pointer("schemas", name);
            let part = Part { home: Some(name.clone()), ..Part::new(at.clone(), place.into()) };
            self.met.insert(at, Use::of(id));
            match self.stands_for(&part) {
                Standing::For(target) => self.alias(id, &part, target),
                Standing::Alone => self.queue.push_back((id, vec![part])),
                Standing::Nowhere => {}
            }
        }
    }

    /// Notes which components extend which through `allOf`.
    fn find_extensions(&mut self) {
        let Some(components) = &self.document.components else { return };
        for (name, place) in &components.schemas {
            let SchemaRef::Inline(schema) = place.into() else { continue };
            let at = component_pointer("schemas", name).key("allOf");
            for (index, inner) in Keywords::of(schema).all_of.into_iter().enumerate() {
                if let SchemaRef::Reference(reference) = inner
                    && let Ok(base) = self.resolver.schema_end(reference, &at.index(index))
                {
                    self.extended_by.entry(base.at).or_default().push(name);
                }
            }
        }
    }

    /// The type of a schema where it is used; `owner` names it if it is new.
    pub(super) fn schema_use(&mut self, part: Part<'d>, owner: Owner) -> Use {
        if let Some(known) = self.met.get(&part.at) {
            return *known;
        }
        let at = part.at.clone();
        let ty = match self.stands_for(&part) {
            Standing::For(target) => target,
            Standing::Nowhere => self.any_use(at.clone(), owner),
            Standing::Alone => {
                let id = self.new_type(at.clone(), owner);
                self.queue.push_back((id, vec![part]));
                Use::of(id)
            }
        };
        self.met.insert(at, ty);
        ty
    }

    /// The type of values that satisfy all of several schemas.
    pub(super) fn joint_use(&mut self, mut parts: Vec<Part<'d>>, owner: Owner) -> Use {
        let Some(last) = parts.last().cloned() else {
            return Use::of(self.new_type(Pointer::root(), owner));
        };
        // Words alone make no type, and the same thing said twice is said once.
        if parts.iter().any(|part| !says_nothing(part.schema)) {
            parts.retain(|part| !says_nothing(part.schema));
        }
        let last = parts.last().cloned().unwrap_or(last);
        if parts.iter().all(|part| part.schema == last.schema) {
            return self.schema_use(parts.remove(0), owner);
        }
        let id = self.new_type(last.at, owner);
        self.queue.push_back((id, parts));
        Use::of(id)
    }

    /// A type of any JSON value.
    pub(super) fn any_use(&mut self, at: Pointer, owner: Owner) -> Use {
        Use::of(self.new_type(at, owner))
    }

    /// Reads the contents of all types that wait for it, and of those that they bring with them.
    pub(super) fn drain(&mut self) {
        while let Some((id, parts)) = self.queue.pop_front() {
            self.read(id, &parts);
        }
    }

    fn read(&mut self, id: TypeId, parts: &[Part<'d>]) {
        let view = Merge::view(self, parts);
        if view.nullable {
            self.draft.nullable.insert(id);
        }
        if view.secret || view.format.as_deref() == Some("password") {
            self.draft.secret.insert(id);
        }
        let shape = if view.conflict {
            self.draft.untyped.insert(id, "the schemas of an `allOf` contradict each other");
            Shape::Any
        } else {
            self.composed(id, parts, &view)
        };
        if let Some(ty) = self.draft.types.get_mut(id) {
            ty.docs = view.docs;
            ty.format = view.format;
            ty.values = view.values.unwrap_or_default();
            ty.bounds = view.bounds;
            ty.default = view.default;
            ty.example = view.example;
            ty.shape = shape;
        }
    }

    fn alias(&mut self, id: TypeId, part: &Part<'d>, target: Use) {
        let Some(ty) = self.draft.types.get_mut(id) else { return };
        ty.shape = Shape::Alias(target);
        if let SchemaRef::Inline(schema) = part.schema {
            ty.docs = notes::of_schema(&schema.schema_data);
            ty.default = schema.schema_data.default.clone();
            ty.example = schema.schema_data.example.clone();
        }
    }

    /// The shape of a schema without branches.
    pub(super) fn plain(&mut self, id: TypeId, at: &Pointer, view: &View<'d>) -> Shape {
        let kind = kind(view);
        self.refuse_keywords(kind, view);
        if let Some(shape) = enumeration::shape(self, id, kind, view) {
            return shape;
        }
        match kind {
            Some(Kind::Object) => self.object(id, at, view),
            Some(Kind::Array) => {
                let items = if view.items.is_empty() {
                    self.any_use(at.key("items"), Owner::Item { of: id })
                } else {
                    self.joint_use(view.items.clone(), Owner::Item { of: id })
                };
                Shape::Array(items)
            }
            Some(kind) => scalar::shape(kind, view),
            None if view.nullable && view.values.as_ref().is_some_and(Vec::is_empty) => Shape::Null,
            None => Shape::Any,
        }
    }

    /// Names the keywords that describe another type than the one that the schema names.
    fn refuse_keywords(&mut self, kind: Option<Kind>, view: &View<'d>) {
        let Some(kind) = kind else { return };
        // Where the keyword stands, which in an `allOf` is not the schema itself.
        let properties = view.properties.first().and_then(|property| property.parts.first()?.at.parent());
        let additional = match &view.additional {
            Additional::Schemas(parts) => parts.first().map(|part| part.at.clone()),
            _ => None,
        };
        let items = view.items.first().map(|part| part.at.clone());
        let given = [
            ("properties", Kind::Object, properties),
            ("additionalProperties", Kind::Object, additional),
            ("items", Kind::Array, items),
        ];
        for (keyword, of, place) in given {
            if let Some(place) = place.filter(|_| of != kind) {
                let message = format!("`{keyword}` means nothing for a value of type `{}`", kind.text());
                self.unsupported(codes::IGNORED_KEYWORD, &place, message);
            }
        }
    }

    fn object(&mut self, id: TypeId, at: &Pointer, view: &View<'d>) -> Shape {
        if view.properties.is_empty() {
            let values = Owner::Value { of: id };
            return match &view.additional {
                Additional::Forbidden => Shape::Object(Object { fields: Vec::new(), additional: None }),
                Additional::Unsaid | Additional::Any => {
                    Shape::Map(self.any_use(at.key("additionalProperties"), values))
                }
                Additional::Schemas(parts) => Shape::Map(self.joint_use(parts.clone(), values)),
            };
        }
        let required: BTreeSet<_> = view.required.iter().map(|(name, _)| name.as_str()).collect();
        let declared: BTreeSet<_> = view.properties.iter().map(|property| property.name).collect();
        let mut fields = Vec::new();
        for property in &view.properties {
            fields.push(self.field(id, property, required.contains(property.name)));
        }
        for (name, at) in &view.required {
            if !declared.contains(name.as_str()) {
                fields.push(self.undeclared_field(id, at, name, &view.additional));
            }
        }
        let values = Owner::Value { of: id };
        let additional = match &view.additional {
            Additional::Unsaid | Additional::Forbidden => None,
            Additional::Any => Some(self.any_use(at.key("additionalProperties"), values)),
            Additional::Schemas(parts) => Some(self.joint_use(parts.clone(), values)),
        };
        Shape::Object(Object { fields, additional })
    }

    fn field(&mut self, id: TypeId, property: &Property<'d>, required: bool) -> Field {
        let Property { name, parts } = property;
        let home = parts.first().and_then(|part| part.home.as_deref());
        // Whoever inherits a property shares its type with whom it is inherited from.
        let of = match home.and_then(|home| self.components.get(home)) {
            Some(component) if parts.len() == 1 => *component,
            _ => id,
        };
        let ty = self.joint_use(parts.clone(), Owner::Property { of, wire_name: (*name).to_owned() });
        let mut field = Field {
            wire_name: (*name).to_owned(),
            required,
            required_when_sent: required,
            ty,
            docs: Docs::default(),
            default: None,
            filler: None,
            example: None,
            read_only: false,
            write_only: false,
            origin: parts.last().map(|part| part.at.clone()).unwrap_or_default(),
        };
        for part in parts.iter().rev() {
            self.describe(&mut field, part);
        }
        field
    }

    /// Adds to a field what is written at the property.
    fn describe(&self, field: &mut Field, part: &Part<'d>) {
        let (schema, written_here) = match part.schema {
            SchemaRef::Inline(schema) => (schema, true),
            SchemaRef::Reference(reference) => match self.resolver.schema_end(reference, &part.at) {
                Ok(found) => (found.item, false),
                Err(_) => return,
            },
        };
        let (read_only, write_only) = self.direction(schema, &part.at);
        field.read_only |= read_only;
        field.write_only |= write_only;
        if written_here {
            notes::fill(&mut field.docs, notes::of_schema(&schema.schema_data));
            let SchemaData { default, example, .. } = &schema.schema_data;
            field.default = field.default.take().or_else(|| default.clone());
            field.example = field.example.take().or_else(|| example.clone());
        }
    }

    /// `readOnly` and `writeOnly`, which may stand beside an `allOf` or in it.
    fn direction(&self, schema: &'d Schema, at: &Pointer) -> (bool, bool) {
        let data = &schema.schema_data;
        let mut both = (data.read_only, data.write_only);
        for (index, inner) in Keywords::of(schema).all_of.iter().enumerate() {
            let inner = match inner {
                SchemaRef::Inline(inner) => &inner.schema_data,
                SchemaRef::Reference(reference) => {
                    match self.resolver.schema_end(reference, &at.key("allOf").index(index)) {
                        Ok(found) => &found.item.schema_data,
                        Err(_) => continue,
                    }
                }
            };
            both.0 |= inner.read_only;
            both.1 |= inner.write_only;
        }
        both
    }

    /// A property that has to be there and is not declared is one of the additional ones.
    fn undeclared_field(&mut self, id: TypeId, at: &Pointer, name: &str, additional: &Additional<'d>) -> Field {
        let owner = Owner::Property { of: id, wire_name: name.to_owned() };
        let ty = if let Additional::Schemas(parts) = additional {
            self.joint_use(parts.clone(), owner)
        } else {
            let message = format!("the required property `{name}` is not described; any JSON value is taken for it");
            self.unsupported(codes::UNDECLARED_REQUIRED, at, message);
            self.any_use(at.clone(), owner)
        };
        Field {
            wire_name: name.to_owned(),
            required: true,
            required_when_sent: true,
            ty,
            docs: Docs::default(),
            default: None,
            filler: None,
            example: None,
            read_only: false,
            write_only: false,
            origin: at.clone(),
        }
    }

    /// Whether a schema adds nothing to another but words and `nullable`.
    fn stands_for(&mut self, part: &Part<'d>) -> Standing {
        // References into components can lead in circles, or far; contents of their own are read without recursion.
        const FARTHEST: usize = 64;
        if self.standing.len() >= FARTHEST {
            return Standing::Alone;
        }
        if !self.standing.insert(part.at.clone()) {
            let message = "the schema is a reference that leads back to itself and never to a schema";
            self.invalid(codes::CYCLIC_REFERENCE, &part.at, message);
            return Standing::Nowhere;
        }
        let standing = self.stands_for_another(part);
        self.standing.remove(&part.at);
        standing
    }

    fn stands_for_another(&mut self, part: &Part<'d>) -> Standing {
        let schema = match part.schema {
            SchemaRef::Reference(reference) => {
                return self.referenced(reference, &part.at).map_or(Standing::Nowhere, Standing::For);
            }
            SchemaRef::Inline(schema) => schema,
        };
        let keywords = Keywords::of(schema);
        if !keywords.is_bare_but_compositions() || keywords.bounds != Bounds::default() {
            return Standing::Alone;
        }
        let (keyword, branches) = match (&*keywords.all_of, &*keywords.one_of, &*keywords.any_of) {
            (all, [], []) => ("allOf", all),
            ([], one, []) => ("oneOf", one),
            ([], [], any) => ("anyOf", any),
            _ => return Standing::Alone,
        };
        let at = part.at.key(keyword);
        let kept: Vec<_> = branches
            .iter()
            .enumerate()
            .filter(|(index, branch)| match keyword {
                "allOf" => !says_nothing(**branch),
                _ => !self.is_only_null(**branch, &at.index(*index)),
            })
            .collect();
        let [(index, SchemaRef::Reference(reference))] = kept.as_slice() else { return Standing::Alone };
        let at = at.index(*index);
        let Ok(target) = self.resolver.schema_end(reference, &at) else { return Standing::Alone };
        if keywords.kind.is_some_and(|kind| Keywords::of(target.item).kind.is_some_and(|other| other != kind)) {
            return Standing::Alone;
        }
        let null_branch = keyword != "allOf" && kept.len() < branches.len();
        self.check_mapping(&schema.schema_data, &part.at);
        let Some(mut ty) = self.referenced(reference, &at) else { return Standing::Nowhere };
        ty.nullable |= schema.schema_data.nullable || null_branch;
        ty.secret |= notes::secret(&schema.schema_data.extensions);
        Standing::For(ty)
    }

    /// A discriminator of a single branch decides nothing, but what it names has to be there.
    fn check_mapping(&mut self, data: &SchemaData, at: &Pointer) {
        let Some(discriminator) = &data.discriminator else { return };
        for (text, target) in &discriminator.mapping {
            let at = at.key("discriminator").key("mapping").key(text);
            if let Err(diagnostic) = self.resolver.mapped_schema(target, &at) {
                self.report(*diagnostic);
            }
        }
    }

    /// The type that a reference leads to; `None` if it leads nowhere, which is reported.
    fn referenced(&mut self, reference: &str, at: &Pointer) -> Option<Use> {
        let place = match self.resolver.schema(reference, at) {
            Ok(place) => place,
            Err(diagnostic) => {
                self.report(*diagnostic);
                return None;
            }
        };
        if let Some(id) = place.component.as_deref().and_then(|name| self.components.get(name)) {
            return Some(Use::of(*id));
        }
        // Inside of a component: it belongs to that component, whoever refers to it first.
        let segments: Vec<_> = place.at.segments().collect();
        let of = *self.components.get(segments.get(2)?.as_str())?;
        let owner = match segments.as_slice() {
            [_, _, _, properties, name] if properties == "properties" => {
                Owner::Property { of, wire_name: name.clone() }
            }
            _ => Owner::Value { of },
        };
        Some(self.schema_use(Part::new(place.at, place.schema), owner))
    }
}

/// How a schema stands to others.
enum Standing {
    /// It is another name for a type.
    For(Use),
    /// It has contents of its own.
    Alone,
    /// It refers to nothing, which has been reported.
    Nowhere,
}

/// Whether a schema in `allOf` holds nothing but words.
fn says_nothing(schema: SchemaRef<'_>) -> bool {
    match schema {
        SchemaRef::Reference(_) => false,
        SchemaRef::Inline(schema) => {
            let data = &schema.schema_data;
            Keywords::of(schema).is_empty() && !data.nullable && data.discriminator.is_none() && data.default.is_none()
        }
    }
}

/// The type of a schema's values: the one that it names, or the only one that its keywords make sense for.
fn kind(view: &View<'_>) -> Option<Kind> {
    let all = |test: fn(&Value) -> bool| view.values.as_ref().is_some_and(|v| !v.is_empty() && v.iter().all(test));
    view.kind.or_else(|| {
        if !view.properties.is_empty() || matches!(view.additional, Additional::Any | Additional::Schemas(_)) {
            Some(Kind::Object)
        } else if !view.items.is_empty() {
            Some(Kind::Array)
        } else if all(Value::is_string) {
            Some(Kind::String)
        } else if all(Value::is_i64) {
            Some(Kind::Integer)
        } else if all(Value::is_number) {
            Some(Kind::Number)
        } else if all(Value::is_boolean) {
            Some(Kind::Boolean)
        } else if all(Value::is_array) {
            Some(Kind::Array)
        } else if all(Value::is_object) {
            Some(Kind::Object)
        } else {
            None
        }
    })
}
