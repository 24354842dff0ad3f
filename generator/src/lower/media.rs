//! Part of `lower`: media types of bodies.
//!
//! In: a `content` map. Out: its media types, each with the kind of its bytes.
//!
//! Invariant: no media type is dropped. Bodies that cannot be encoded or decoded are bytes and reported.

use super::context::Context;
use super::merged_schema::Part;
use crate::ir::{MediaKind, MediaType, Owner, main_json};
use crate::resolve::Node;
use crate::schema_keywords::SchemaType;
use clientwright_normalizer::diagnostic::codes;
use clientwright_normalizer::structure::media::{Family, family, without_parameters};

/// The rules that determine the kind of a media type's bytes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Rules {
    /// For requests.
    Request,
    /// For responses.
    Response,
    /// For successful responses, which may be streams.
    Success,
}

/// Facts of the schema about the bytes.
#[derive(Default)]
pub(super) struct Described {
    /// Whether the schema restricts anything.
    pub(super) anything: bool,
    pub(super) kind: Option<SchemaType>,
    /// Whether the schema is a string of `format: binary`.
    binary: bool,
    /// Whether the schema is an object or an array with known contents.
    structured: bool,
}

impl<'d> Context<'d> {
    /// Returns the media types of a body.
    pub(super) fn media_types(
        &mut self,
        rules: Rules,
        holder: &Node<'d>,
        owner: impl Fn(usize) -> Owner,
    ) -> Vec<MediaType> {
        let content = holder.key("content").members().enumerate();
        let lowered = content.map(|(index, (name, declared))| self.media_type(rules, name, declared, owner(index)));
        let mut media_types: Vec<_> = lowered.collect();
        // If JSON is also offered, XML is text.
        if main_json(&media_types).is_some() {
            let xml = media_types.iter_mut().filter(|one| one.kind == MediaKind::Xml);
            xml.for_each(|one| one.kind = MediaKind::Text);
        }
        media_types
    }

    fn media_type(&mut self, rules: Rules, name: &str, declared: Node<'d>, owner: Owner) -> MediaType {
        let schema = Part::schema_of(&declared);
        let described = self.described(schema.as_ref());
        let (family, sent) = (family(name), rules == Rules::Request);
        let may_stream = rules == Rules::Success && !described.binary;
        let stream = if may_stream { self.stream(name, &declared, &described, owner.clone()) } else { None };
        let known = match stream {
            Some((kind, _)) => Some(MediaKind::Stream(kind)),
            None if sent => request_kind(family, &described),
            None => response_kind(family, &described),
        };
        let kind = known.unwrap_or(MediaKind::Binary);
        if known.is_none() {
            let message = if sent {
                format!("request bodies of type `{name}` are not encoded; callers pass bytes")
            } else {
                format!("responses of type `{name}` are not decoded; callers receive bytes")
            };
            if self.unsupported_media_types.insert(name.to_owned()) {
                self.unsupported(codes::UNSUPPORTED_MEDIA_TYPE, &declared.at, message);
            }
        }
        let understood = sent || known.is_some();
        if understood {
            self.follow_examples(&declared);
        }
        let ty = match (stream, schema) {
            (Some((_, ty)), _) => ty,
            (None, Some(schema)) if understood => self.schema_use(schema, owner),
            (None, _) => self.any_use(declared.at.clone(), owner),
        };
        // `encoding` has no effect on responses (OpenAPI 3.0.3 §4.7.14.1).
        let encodings = if sent { self.encodings(kind, &declared) } else { Vec::new() };
        let mut media_type =
            MediaType { name: name.to_owned(), kind, named_by_caller: false, ty, encodings, origin: declared.at };
        match kind {
            // A range itself cannot be sent, only a media type in it.
            MediaKind::Json | MediaKind::Multipart | MediaKind::Xml if sent && is_range(name) => {
                let usual = match (kind, family) {
                    (MediaKind::Multipart, _) => "multipart/form-data",
                    (MediaKind::Xml, _) => "application/xml",
                    (_, Family::Text) => "text/plain",
                    _ => "application/json",
                };
                usual.clone_into(&mut media_type.name);
            }
            MediaKind::Text | MediaKind::Binary if sent && (is_range(name) || family == Family::Multipart) => {
                media_type.kind = MediaKind::Binary;
                media_type.named_by_caller = true;
            }
            _ => {}
        }
        media_type
    }

    fn described(&mut self, schema: Option<&Part<'d>>) -> Described {
        let Some(part) = schema else { return Described::default() };
        let merged = self.merged_alone(part);
        let binary = merged.kind == Some(SchemaType::String) && merged.format.as_deref() == Some("binary");
        let has_contents = !merged.properties.is_empty()
            || [merged.additional.schemas().unwrap_or_default(), &merged.items].iter().any(|parts| !parts.is_empty());
        let structured = has_contents && matches!(merged.kind, None | Some(SchemaType::Object | SchemaType::Array));
        let admits_anything = part.schema.keywords().is_some_and(|keywords| keywords.is_empty());
        Described { anything: !admits_anything, kind: merged.kind, binary, structured }
    }
}

/// Returns the kind of a request's bytes, by the name and, if that is ambiguous, by the schema; `None` if unknown.
fn request_kind(family: Family, described: &Described) -> Option<MediaKind> {
    let is_object = is_object(described);
    match family {
        Family::Form if is_object => Some(MediaKind::Form),
        // If the schema of a form is not an object, the text of the form is sent.
        Family::Form => Some(MediaKind::Text),
        Family::Multipart if is_object && described.anything => Some(MediaKind::Multipart),
        // Without a schema, the caller writes the parts.
        Family::Multipart => Some(MediaKind::Binary),
        _ => response_kind(family, described),
    }
}

/// Returns the kind of a response's bytes; `None` if unknown.
fn response_kind(family: Family, described: &Described) -> Option<MediaKind> {
    if described.binary {
        return Some(MediaKind::Binary);
    }
    let is_text = described.kind == Some(SchemaType::String);
    let is_literal = matches!(described.kind, Some(SchemaType::Boolean | SchemaType::Integer | SchemaType::Number));
    match family {
        // A number or a boolean as text is also its JSON.
        Family::Text if is_literal => Some(MediaKind::Json),
        Family::Json => Some(MediaKind::Json),
        Family::Xml if described.structured => Some(MediaKind::Xml),
        Family::Xml | Family::Markup | Family::Text | Family::Stream(_) => Some(MediaKind::Text),
        Family::Binary => Some(MediaKind::Binary),
        Family::Packed if is_text || !described.anything => Some(MediaKind::Binary),
        Family::Wildcard | Family::Unknown if is_text => Some(MediaKind::Text),
        // `*/*` with an unrestricted schema usually means a download.
        Family::Wildcard | Family::Unknown if !described.anything => Some(MediaKind::Binary),
        Family::Wildcard => Some(MediaKind::Json),
        // The names and values of a form are decoded like JSON.
        Family::Form if described.anything && is_object(described) => Some(MediaKind::Json),
        Family::Form => Some(MediaKind::Text),
        Family::Unknown | Family::Packed | Family::Multipart => None,
    }
}

fn is_object(described: &Described) -> bool {
    matches!(described.kind, None | Some(SchemaType::Object))
}

/// Returns `true` if a name is a media type range: `*/*`, `text/*`, `application/*+json`.
fn is_range(name: &str) -> bool {
    without_parameters(name).contains('*')
}
