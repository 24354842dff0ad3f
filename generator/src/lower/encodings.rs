//! Part of `lower`: how the properties of a form or of a `multipart` body are written (OpenAPI 3.0.3 §4.7.15).
//!
//! In: the `encoding` of a media type. Out: what of it has an effect.
//!
//! Invariant: what has none is named.

use openapiv3::{Encoding as Declared, Header, ParameterSchemaOrContent, QueryStyle, ReferenceOr, Schema};
use serde_json::Value;

use super::context::Context;
use super::media::is_json;
use crate::ir::{Encoding, MediaKind, Style, Writing};
use crate::schema_keywords::Keywords;
use clientwright_normalizer::diagnostic::codes;
use clientwright_normalizer::pointer::Pointer;

/// Headers of a part that are not the document's to set: `contentType` and the property's name make them.
const OWN_HEADERS: [&str; 2] = ["content-type", "content-disposition"];

impl<'d> Context<'d> {
    /// The encodings of a request body; `at` is that of the media type.
    pub(super) fn encodings<'m>(
        &mut self,
        kind: MediaKind,
        declared: impl IntoIterator<Item = (&'m String, &'d Declared)>,
        at: &Pointer,
    ) -> Vec<Encoding> {
        let at = at.key("encoding");
        let mut encodings = Vec::new();
        for (property, declared) in declared {
            let at = at.key(property);
            let writing = match kind {
                MediaKind::Form => self.form_field(property, declared, &at),
                MediaKind::Multipart => Some(self.part(property, declared, &at)),
                MediaKind::Json | MediaKind::Text | MediaKind::Binary | MediaKind::Stream(_) => {
                    self.ignored(&at, format!("`encoding` describes `{property}`, but this media type is not a form"));
                    None
                }
            };
            encodings.extend(writing.map(|writing| Encoding { property: property.clone(), writing }));
        }
        encodings
    }

    /// How a field of a form is written, if anything is said about it.
    fn form_field(&mut self, property: &str, declared: &'d Declared, at: &Pointer) -> Option<Writing> {
        let Declared { content_type, headers, style, explode, allow_reserved, extensions: _ } = declared;
        if !headers.is_empty() {
            self.ignored(
                &at.key("headers"),
                format!("a form field cannot have headers: those of `{property}` are ignored"),
            );
        }
        // Stage `decode` has made the default of `explode` explicit, which depends on the style.
        if style.is_some() || !*explode || *allow_reserved {
            let style = style.as_ref().map_or(Style::Form, query_style);
            return Some(Writing::Styled { style, explode: *explode, allow_reserved: *allow_reserved });
        }
        match content_type.as_deref() {
            Some(media_type) if is_json(media_type) => Some(Writing::Json),
            Some(media_type) if !media_type.trim().to_ascii_lowercase().starts_with("text/") => {
                let message =
                    format!("the form field `{property}` cannot be sent as `{media_type}`; it is sent as text");
                self.ignored(&at.key("contentType"), message);
                None
            }
            _ => None,
        }
    }

    /// What is said about a part.
    fn part(&mut self, property: &str, declared: &'d Declared, at: &Pointer) -> Writing {
        let Declared { content_type, headers, style, explode, allow_reserved, extensions: _ } = declared;
        let deep_object = matches!(style, Some(QueryStyle::DeepObject));
        // OpenAPI 3.0.3 has styles for forms alone. `deepObject` names the parts, which nobody would say in vain.
        let is_default = matches!(style, None | Some(QueryStyle::Form)) && *explode && !*allow_reserved;
        if !deep_object && !is_default {
            self.ignored(at, format!("a part of a `multipart` body has no style: that of `{property}` is ignored"));
        }
        let mut fixed = Vec::new();
        for (name, place) in headers {
            let at = at.key("headers").key(name);
            let value = self.only_value(place, &at).filter(|_| !OWN_HEADERS.contains(&&*name.to_ascii_lowercase()));
            match value {
                Some(value) => fixed.push((name.clone(), value)),
                None => {
                    let message =
                        format!("the header `{name}` of the part `{property}` has no fixed value and is not sent");
                    self.ignored(&at, message);
                }
            }
        }
        Writing::Part { content_type: content_type.clone(), headers: fixed, deep_object }
    }

    /// The value of a header that can have but one, or that has a default.
    fn only_value(&mut self, place: &'d ReferenceOr<Header>, at: &Pointer) -> Option<String> {
        let found = self.reported(self.resolver.resolve(place, at))?;
        let schema = self.header_schema(&found.item.format, &found.at)?;
        let values = Keywords::of(schema).values;
        let only = match values.as_slice() {
            [only] => Some(only),
            _ => schema.schema_data.default.as_ref(),
        };
        match only? {
            Value::String(text) => Some(text.clone()),
            value @ (Value::Bool(_) | Value::Number(_)) => Some(value.to_string()),
            Value::Null | Value::Array(_) | Value::Object(_) => None,
        }
    }

    /// The schema of the header at `at`, written out or referred to. It makes no type: a header is text.
    pub(super) fn header_schema(&mut self, format: &'d ParameterSchemaOrContent, at: &Pointer) -> Option<&'d Schema> {
        let ParameterSchemaOrContent::Schema(schema) = format else { return None };
        self.reported(self.resolver.target(schema.into(), &at.key("schema"))).map(|found| found.item)
    }

    fn ignored(&mut self, at: &Pointer, message: String) {
        self.unsupported(codes::IGNORED_ENCODING, at, message);
    }
}

/// The style of a query parameter.
pub(super) fn query_style(style: &QueryStyle) -> Style {
    match style {
        QueryStyle::Form => Style::Form,
        QueryStyle::SpaceDelimited => Style::SpaceDelimited,
        QueryStyle::PipeDelimited => Style::PipeDelimited,
        QueryStyle::DeepObject => Style::DeepObject,
    }
}
