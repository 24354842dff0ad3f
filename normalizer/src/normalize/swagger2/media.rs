//! Part of `swagger2`: `consumes` and `produces`.
//!
//! In: the lists of the document and of an operation, and a schema. Out: the media types of a body. Invariant: an
//! operation's list replaces the document's, even if it is empty; without a list the schema decides.

use serde_json::{Map, Value};

use super::convert::{Convert, MovedNode};
use super::targets::end;
use crate::json::{Members, has_any, items, single, text};
use crate::limits::MAX_DEPTH;
use crate::pointer::Pointer;
use Sketch::*;

pub(super) const JSON: &str = "application/json";
pub(super) const BYTES: &str = "application/octet-stream";
pub(super) const MULTIPART: &str = "multipart/form-data";
pub(super) const URLENCODED: &str = "application/x-www-form-urlencoded";

/// A classification of schemas by the bytes of a body.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Sketch {
    File,
    Text,
    /// An object or an array.
    Structure,
    Other,
}

impl<'d> Convert<'d> {
    /// Returns the `content` of the body at `body`, converted from `origin`: `media` creates the object of the first media type, and the
    /// others are copies of it.
    pub(super) fn content(
        &mut self,
        media_types: &[String],
        origin: &Pointer,
        body: &Pointer,
        media: impl FnOnce(&mut Self, &str, &Pointer) -> Members,
    ) -> Members {
        let at = body.key("content");
        self.copied(origin, at.clone());
        let Some((first, others)) = media_types.split_first() else { return Map::new() };
        let place = at.key(first);
        self.copied(origin, place.clone());
        let made = media(self, first, &place);
        others.iter().for_each(|other| self.record.provenance.copy(&place, &at.key(other)));
        media_types.iter().map(|media_type| (media_type.clone(), made.clone().into())).collect()
    }

    /// Returns the content of a body with this schema, as [`Convert::content`] does.
    pub(super) fn schema_content(
        &mut self,
        schema: Option<&Value>,
        media_types: &[String],
        origin: &Pointer,
        place: &MovedNode,
    ) -> Members {
        self.content(media_types, origin, &place.after, |convert, _, media| {
            let Some(schema) = schema else { return Map::new() };
            let at = place.key("schema").to(media.key("schema"));
            convert.moved(&at);
            single("schema", convert.schema(schema, &at))
        })
    }

    /// Classifies a schema, with references followed.
    pub(super) fn sketch(&self, schema: &'d Value) -> Sketch {
        let mut next = Some(schema);
        for _ in 0..MAX_DEPTH {
            let Some(members) = next.and_then(Value::as_object) else { break };
            if let Some(reference) = text(members, "$ref") {
                next = end(self.document, reference).map(|(_, end)| end);
                continue;
            }
            match (text(members, "type"), text(members, "format")) {
                (Some("file"), _) | (Some("string"), Some("binary")) => return File,
                (Some("string"), _) => return Text,
                (Some("object" | "array"), _) => return Structure,
                (Some(_), _) => break,
                (None, _) if has_any(members, &["properties", "additionalProperties"]) => return Structure,
                (None, _) => next = items(members.get("allOf")).next(),
            }
        }
        Other
    }
}
