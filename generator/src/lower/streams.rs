//! Part of `lower`: media types that are streams of items.
//!
//! In: a media type of a successful response. Out: the type of its items, and the format of the stream.
//!
//! Invariant: an operation with different successful bodies has no stream.

use super::context::Context;
use super::media::Described;
use super::merge::DONE;
use super::merged_schema::{MergedSchema, Part};
use crate::ir::{MediaKind, MediaType, Owner, Place, Response, Shape, StreamKind, TypeId, TypeRef};
use crate::resolve::Node;
use crate::schema_keywords::{ReferenceOr, SchemaType};
use clientwright_normalizer::diagnostic::{Diagnostic, codes};
use clientwright_normalizer::pointer::Pointer;
use clientwright_normalizer::structure::examine_part;
use clientwright_normalizer::structure::extensions::{CONTENT_SCHEMA, ITEM_SCHEMA};
use clientwright_normalizer::structure::grammar::{Form, Kind};
use clientwright_normalizer::structure::media::{Family, Framing, family};

/// The fields of an event (WHATWG HTML §9.2.6), as OpenAPI 3.2 §4.14.3 describes them.
const FIELDS: [&str; 5] = ["comment", "data", "event", "id", "retry"];

/// The field with a typed value.
const DATA: &str = "data";

/// The maximum number of examined branches in a choice of events.
const BRANCHES: usize = 1000;

/// The kind of data in events.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Data {
    Json,
    Text,
    /// The schema is unspecified; the data has the kind of the other events' data.
    Any,
    /// JSON in some events and text in others.
    Mixed,
}

impl<'d> Context<'d> {
    /// Returns the format of a stream and the type of its items: any value if the schema is a string. `None` if the media type is not a
    /// stream.
    pub(super) fn stream(
        &mut self,
        name: &str,
        declared: &Node<'d>,
        described: &Described,
        owner: Owner,
    ) -> Option<(StreamKind, TypeRef)> {
        let framing = match family(name) {
            Family::Stream(framing) => framing,
            // Some servers send JSON Lines under the name of JSON.
            Family::Json if declared.item.get(ITEM_SCHEMA).is_some() => Framing::Lines,
            _ => return None,
        };
        let at = declared.at.clone();
        let item = self.kept(&at.key(ITEM_SCHEMA));
        let (parts, is_item) = match (item, Part::schema_of(declared)) {
            (Some(item), _) => (vec![item], true),
            (None, Some(whole)) if described.anything && described.kind != Some(SchemaType::String) => {
                let items = self.merged_alone(&whole).items.clone();
                // The schema of a stream describes an array of all items (OpenAPI 3.2 §4.14.2). Many documents describe a single
                // item instead.
                let is_array = described.kind == Some(SchemaType::Array) && !items.is_empty();
                (if is_array { items } else { vec![whole] }, false)
            }
            _ => (Vec::new(), false),
        };
        let kind = match framing {
            Framing::Events if parts.is_empty() => StreamKind::TextEvents,
            Framing::Events => return Some(self.events(&parts, is_item, at, owner)),
            Framing::Lines => StreamKind::JsonLines,
            Framing::Records => StreamKind::JsonSequence,
        };
        let ty = if parts.is_empty() { self.any_use(at, owner) } else { self.joint_use(&parts, at, owner) };
        Some((kind, ty))
    }

    /// Returns the schema under an `x-` key (docs/EXTENSIONS.md). The rules of schemas apply, but a violation is only a warning,
    /// because an extension may contain anything.
    fn kept(&mut self, at: &Pointer) -> Option<Part<'d>> {
        let schema = self.document.item.pointer(at.as_str())?;
        let found = examine_part(self.file, schema, &Form::OrReference(Kind::Schema), at);
        if let Some(error) = found.iter().find(|found| found.is_error()) {
            let message = format!("the items of the stream are not decoded by this schema: {}", error.message);
            self.unsupported(codes::UNSUPPORTED_STREAM, &error.pointer, message);
            return None;
        }
        found.into_iter().for_each(|found: Diagnostic| self.report(found));
        Some(Part::new(at.clone(), ReferenceOr::of_schema(schema)))
    }

    /// Returns the kind and type of the events that a schema describes, either as events or as their data. A schema whose
    /// properties are fields of events describes events; but if the schema may be of the data, `id` and `data` are not enough.
    fn events(&mut self, parts: &[Part<'d>], is_item: bool, at: Pointer, owner: Owner) -> (StreamKind, TypeRef) {
        let merged = self.merged(parts);
        if let Some(data) = merged.properties.get(DATA)
            && merged.branches.is_empty()
            && is_event(&merged, is_item)
        {
            return self.event_data(data, at, owner);
        }
        let kind = match self.data_of_choice(&merged, is_item) {
            None => StreamKind::JsonEvents,
            Some(Data::Json) => StreamKind::EventObjects,
            Some(Data::Text | Data::Any) => StreamKind::TextEventObjects,
            Some(Data::Mixed) => {
                let message = "some events carry JSON and others text: all are returned as text";
                self.unsupported(codes::UNSUPPORTED_STREAM, &at, message);
                return (StreamKind::TextEvents, self.any_use(at, owner));
            }
        };
        (kind, self.joint_use(parts, at, owner))
    }

    /// Returns the kind and type of events whose schema has the property `data`.
    fn event_data(&mut self, data: &[Part<'d>], at: Pointer, owner: Owner) -> (StreamKind, TypeRef) {
        if let Some(content) = data.iter().rev().find_map(|part| self.content(part)) {
            // Data that a component declares belongs to the component's property.
            let of = data.last().and_then(|part| self.component(part.home.as_deref()?));
            let owner = of.map_or(owner, |of| Owner::Part(of, Place::Property(DATA.to_owned())));
            return (StreamKind::JsonEvents, self.schema_use(content, owner));
        }
        if self.kind_of_data(data) == Data::Json {
            return (StreamKind::JsonEvents, self.joint_use(data, at, owner));
        }
        (StreamKind::TextEvents, self.any_use(at, owner))
    }

    /// Returns the schema of string contents.
    fn content(&mut self, part: &Part<'d>) -> Option<Part<'d>> {
        let own = self.kept(&part.at.key(CONTENT_SCHEMA));
        own.or_else(|| {
            let target = self.target(part).ok()?;
            self.kept(&target.at.key(CONTENT_SCHEMA))
        })
    }

    /// Returns the kind of `data` by its schemas.
    fn kind_of_data(&mut self, data: &[Part<'d>]) -> Data {
        let merged = self.merged(data);
        let has_parts = !merged.branches.is_empty() || !merged.properties.is_empty() || !merged.items.is_empty();
        match merged.kind {
            _ if merged.values.as_deref() == Some(&[DONE.into()]) => Data::Any,
            Some(SchemaType::String) => Data::Text,
            Some(_) => Data::Json,
            None if has_parts => Data::Json,
            None if merged.values.is_some() || merged.format.is_some() => Data::Text,
            None => Data::Any,
        }
    }

    /// Returns the kind of `data` in all events of a choice. `None` if a branch does not describe an event.
    fn data_of_choice(&mut self, merged: &MergedSchema<'d>, is_item: bool) -> Option<Data> {
        let [choice] = merged.branches.as_slice() else { return None };
        let outer = merged.properties.get(DATA).into_iter().flatten();
        let mut found = Data::Any;
        let mut contents = Vec::new();
        let mut waiting = choice.parts.clone();
        for _ in 0..BRANCHES {
            let Some(branch) = waiting.pop() else { break };
            let merged = self.merged_alone(&branch);
            if let [choice] = merged.branches.as_slice() {
                waiting.extend(choice.parts.iter().cloned());
                continue;
            }
            if !is_event(&merged, is_item) {
                return None;
            }
            let own = merged.properties.get(DATA).into_iter().flatten().cloned();
            let data: Vec<Part<'d>> = outer.clone().cloned().chain(own).collect();
            let content = data.iter().rev().find_map(|part| self.content(part));
            contents.extend(data.last().map(|part| part.at.clone()).zip(content));
            match (found, self.kind_of_data(&data)) {
                (_, Data::Any) => {}
                (Data::Any, other) => found = other,
                (known, other) if known != other => return Some(Data::Mixed),
                _ => {}
            }
        }
        if found != Data::Json {
            self.contents.extend(contents);
        }
        Some(found)
    }

    /// Sets the types of string contents in event properties.
    pub(super) fn type_contents(&mut self) {
        let contents = std::mem::take(&mut self.contents);
        let contents = &contents;
        let strings = self.draft.types.iter().flat_map(|(id, ty)| {
            let fields = ty.shape.fields().iter().enumerate();
            fields.filter_map(move |(index, field)| Some((id, index, contents.get(&field.origin)?.clone())))
        });
        let strings: Vec<(TypeId, usize, Part<'d>)> = strings.collect();
        for (of, index, content) in strings {
            let owner = Owner::Part(of, Place::Property(DATA.to_owned()));
            let at = content.at.clone();
            let contained = Shape::Contained(self.schema_use(content, owner.clone()));
            let string = self.draft.add(at, owner, contained);
            if let Some(field) = self.draft.types[of].shape.fields_mut().get_mut(index) {
                field.ty.ty = string.ty;
            }
        }
    }

    /// Turns streams into text if an operation has another successful body, because the caller could receive either.
    pub(super) fn reject_mixed_streams(&mut self, operation: &str, responses: &mut [Response]) {
        let has_body = |one: &&Response| one.status.is_success() && !one.media_types.is_empty();
        let successes: Vec<_> = responses.iter().filter(has_body).map(|one| one.media_types.clone()).collect();
        for response in responses.iter_mut().filter(|response| response.status.is_success()) {
            for media_type in &mut response.media_types {
                let same = (&media_type.name, media_type.kind, media_type.ty);
                let is_same = |one: &MediaType| (&one.name, one.kind, one.ty) == same;
                if let MediaKind::Stream(_) = media_type.kind
                    && !successes.iter().all(|all| all.iter().any(is_same))
                {
                    media_type.kind = MediaKind::Text;
                    let message = format!(
                        "`{}` is not decoded as a stream: `{operation}` also succeeds with other bodies",
                        media_type.name
                    );
                    self.unsupported(codes::UNSUPPORTED_STREAM, &media_type.origin, message);
                }
            }
        }
    }
}

/// Returns `true` if a schema only describes the fields of an event.
fn is_event(merged: &MergedSchema<'_>, is_item: bool) -> bool {
    let has = |name: &str| merged.properties.contains_key(name);
    let is_named = is_item || has("event") || has("retry") || merged.properties.len() == 1;
    let has_no_others = merged.properties.keys().all(|name| FIELDS.contains(name));
    has_no_others && is_named && (has(DATA) || has("event"))
}
