//! Part of `lower`: media types of bodies.
//!
//! In: a `content` map. Out: the media types that can be sent or received, each with what its bytes are.
//!
//! Invariant: a media type that is left out is named. A request needs one that can be encoded; an answer can always be
//! taken as bytes.

use openapiv3::{AnySchema, MediaType as Declared, ReferenceOr, SchemaKind};

use super::context::Context;
use super::keywords::Kind;
use super::merge::{Merge, Part};
use crate::diagnostic::codes;
use crate::ir::{MediaKind, MediaType, Owner};
use crate::pointer::Pointer;

/// What a media type's name says about its bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Family {
    Json,
    Text,
    Binary,
    /// `*/*`: the schema decides.
    Wildcard,
    /// A form: fields by their own rules.
    Form,
    /// Nothing is known about it.
    Unknown,
}

impl<'d> Context<'d> {
    /// The media types of a request body that can be encoded; the others are named.
    pub(super) fn request_media<'m>(
        &mut self,
        content: impl IntoIterator<Item = (&'m String, &'d Declared)>,
        at: &Pointer,
        owner: impl Fn(usize) -> Owner,
    ) -> (Vec<MediaType>, Vec<(Pointer, String)>) {
        let mut media_types = Vec::new();
        let mut left_out = Vec::new();
        for (index, (name, declared)) in content.into_iter().enumerate() {
            let at = at.key(name);
            match self.media_type(name, declared, &at, owner(index)) {
                Some(media_type) => media_types.push(media_type),
                None => left_out.push((at, name.clone())),
            }
        }
        (media_types, left_out)
    }

    /// The media types of an answer; those that cannot be decoded are taken as bytes, and named.
    pub(super) fn answer_media<'m>(
        &mut self,
        content: impl IntoIterator<Item = (&'m String, &'d Declared)>,
        at: &Pointer,
        owner: impl Fn(usize) -> Owner,
    ) -> Vec<MediaType> {
        let mut media_types = Vec::new();
        for (index, (name, declared)) in content.into_iter().enumerate() {
            let at = at.key(name);
            let media_type = match self.media_type(name, declared, &at, owner(index)) {
                Some(media_type) => media_type,
                None => {
                    let message = format!("an answer of `{name}` is not decoded: it is given as bytes");
                    self.unsupported(codes::UNSUPPORTED_MEDIA_TYPE, &at, message);
                    let ty = self.any_use(at.clone(), owner(index));
                    MediaType { name: name.clone(), kind: MediaKind::Binary, ty, origin: at }
                }
            };
            media_types.push(media_type);
        }
        media_types
    }

    fn media_type(&mut self, name: &str, declared: &'d Declared, at: &Pointer, owner: Owner) -> Option<MediaType> {
        let Declared { schema, example: _, examples, encoding: _, extensions: _ } = declared;
        self.first_example(examples, at);
        let family = family(name);
        if family == Family::Form {
            return None;
        }
        let kind = self.bytes(family, schema.as_ref(), at)?;
        let ty = match schema {
            Some(schema) => self.schema_use(Part::new(at.key("schema"), schema.into()), owner),
            None => self.any_use(at.clone(), owner),
        };
        Some(MediaType { name: name.to_owned(), kind, ty, origin: at.clone() })
    }

    /// What the bytes are, by the name and, where that leaves it open, by the schema.
    fn bytes(
        &mut self,
        family: Family,
        schema: Option<&'d ReferenceOr<openapiv3::Schema>>,
        at: &Pointer,
    ) -> Option<MediaKind> {
        let described = schema.map(|schema| {
            let part = Part::new(at.key("schema"), schema.into());
            let view = Merge::view(self, std::slice::from_ref(&part));
            (view.kind, view.format)
        });
        if let Some((Some(Kind::String), Some(format))) = &described
            && format == "binary"
        {
            return Some(MediaKind::Binary);
        }
        let is_text = matches!(described, Some((Some(Kind::String), _)));
        match family {
            Family::Json => Some(MediaKind::Json),
            Family::Text => Some(MediaKind::Text),
            Family::Binary => Some(MediaKind::Binary),
            Family::Wildcard | Family::Unknown if is_text => Some(MediaKind::Text),
            // `*/*` with a schema that admits anything is how a download is written.
            Family::Wildcard if schema.is_none_or(admits_anything) => Some(MediaKind::Binary),
            Family::Wildcard => Some(MediaKind::Json),
            Family::Unknown if described.is_none() => Some(MediaKind::Binary),
            Family::Unknown | Family::Form => None,
        }
    }
}

/// Whether a schema is `{}`, annotations aside.
fn admits_anything(schema: &ReferenceOr<openapiv3::Schema>) -> bool {
    let ReferenceOr::Item(schema) = schema else { return false };
    matches!(&schema.schema_kind, SchemaKind::Any(any) if *any == AnySchema::default())
}

/// Names are compared without their parameters and without regard to case (RFC 9110 §8.3.1).
fn family(name: &str) -> Family {
    let essence = name.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let (ty, subtype) = essence.split_once('/').unwrap_or((&essence, ""));
    match (ty, subtype) {
        ("*", _) | ("application", "*") => Family::Wildcard,
        ("application", "json") | ("text", "json") => Family::Json,
        ("multipart", _) | ("application", "x-www-form-urlencoded") => Family::Form,
        _ if subtype.ends_with("+json") => Family::Json,
        _ if subtype.ends_with("+xml") || subtype.ends_with("+yaml") => Family::Text,
        ("text", _) => Family::Text,
        (
            "application",
            "xml" | "yaml" | "x-yaml" | "javascript" | "x-ndjson" | "jsonl" | "x-jsonlines" | "graphql",
        ) => Family::Text,
        ("image" | "audio" | "video" | "font", _) => Family::Binary,
        ("application", "octet-stream" | "pdf" | "zip" | "gzip" | "x-gzip" | "x-tar" | "zstd" | "wasm") => {
            Family::Binary
        }
        _ => Family::Unknown,
    }
}
