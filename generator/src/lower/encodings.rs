//! Part of `lower`: encodings of the properties of a form or of a `multipart` body (OpenAPI 3.0.3 §4.7.15).
//!
//! In: the `encoding` of a media type. Out: its effective parts.
//!
//! Invariant: ineffective parts are reported.

use serde_json::Value;

use super::context::Context;
use super::merged_schema::Part;
use super::notes;
use crate::ir::{Encoding, MediaKind, Style, Writing, text_of};
use crate::resolve::Node;
use crate::schema_keywords::{Keywords, ReferenceOr, keyword_of};
use clientwright_normalizer::diagnostic::{Diagnostic, codes};
use clientwright_normalizer::json::{is_primitive, members};
use clientwright_normalizer::pointer::Pointer;
use clientwright_normalizer::structure::extensions::CONTENT_MEDIA_TYPE;
use clientwright_normalizer::structure::media::is_json;

/// The media type of unknown bytes.
const BYTES: &str = "application/octet-stream";

/// Headers of a part that the document cannot set, because they follow from `contentType` and the property's name.
const OWN_HEADERS: [&str; 2] = ["content-type", "content-disposition"];

impl<'d> Context<'d> {
    /// Returns the encodings of a request body.
    pub(super) fn encodings(&mut self, kind: MediaKind, media_type: &Node<'d>) -> Vec<Encoding> {
        let mut encodings = Vec::new();
        for (property, declared) in media_type.key("encoding").members() {
            let writing = match kind {
                MediaKind::Form => self.form_field(property, &declared),
                MediaKind::Multipart => Some(self.part(property, &declared)),
                MediaKind::Json | MediaKind::Xml | MediaKind::Text | MediaKind::Binary | MediaKind::Stream(_) => {
                    self.ignored(
                        &declared.at,
                        format!("`encoding` describes `{property}`, but this media type is not a form"),
                    );
                    None
                }
            };
            encodings.extend(writing.map(|writing| Encoding { property: property.clone(), writing }));
        }
        if let (MediaKind::Multipart, Some(body)) = (kind, Part::schema_of(media_type)) {
            self.contents_of_parts(&body, &mut encodings);
        }
        encodings
    }

    /// Adds the media types of the schemas of parts (`x-content-media-type`, from OpenAPI 3.1), unless an `encoding` sets them: bytes are
    /// sent as such anyway. A Base64 part gets a header (OpenAPI 3.1.1, Encoding Object: `contentEncoding`).
    fn contents_of_parts(&mut self, body: &Part<'d>, encodings: &mut Vec<Encoding>) {
        for (property, parts) in &self.merged_alone(body).properties {
            let Some((media_type, is_base64)) = parts.iter().find_map(|part| self.content_of_part(part)) else {
                continue;
            };
            let base64 = is_base64.then(|| (String::from("Content-Transfer-Encoding"), String::from("base64")));
            match encodings.iter_mut().find(|known| known.property == *property).map(|known| &mut known.writing) {
                Some(Writing::Part { content_type: content @ None, headers, .. }) => {
                    *content = Some(media_type);
                    headers.extend(base64);
                }
                Some(_) => {}
                None => {
                    let (content_type, headers) = (Some(media_type), base64.into_iter().collect());
                    let writing = Writing::Part { content_type, headers, deep_object: false };
                    encodings.push(Encoding { property: (*property).to_owned(), writing });
                }
            }
        }
    }

    /// Returns the media type of a string schema or of its items, and whether the strings are Base64.
    fn content_of_part(&self, part: &Part<'d>) -> Option<(String, bool)> {
        let found = self.target(part).ok()?;
        let found = match found.item.get("items") {
            Some(items) => self.resolver.target(ReferenceOr::of_schema(items), &found.at.key("items")).ok()?,
            None => found,
        };
        let media_type = notes::string(found.item, CONTENT_MEDIA_TYPE)?;
        // A JSON part is a quoted string; a string that contains JSON is sent unquoted.
        let says_more = !media_type.eq_ignore_ascii_case(BYTES) && !is_json(&media_type);
        says_more.then(|| (media_type, found.item["format"] == "byte"))
    }

    /// Returns the encoding of a form field, if one is specified.
    fn form_field(&mut self, property: &str, Node { item: declared, at }: &Node<'d>) -> Option<Writing> {
        if members(&declared["headers"]).next().is_some() {
            self.ignored(
                &at.key("headers"),
                format!("form fields cannot have headers: the headers of `{property}` are ignored"),
            );
        }
        let (style, explode, allow_reserved) = styling(declared);
        // Each of these keywords overrides the media type (OpenAPI 3.1.1 §4.8.15.1.2).
        if ["style", "explode", "allowReserved"].iter().any(|key| declared.get(key).is_some()) {
            return Some(Writing::Styled { style: style.unwrap_or(Style::Form), explode, allow_reserved });
        }
        match declared["contentType"].as_str() {
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

    /// Returns the encoding of a part.
    fn part(&mut self, property: &str, declared: &Node<'d>) -> Writing {
        let (style, explode, allow_reserved) = styling(declared.item);
        let deep_object = style == Some(Style::DeepObject);
        // OpenAPI 3.0.3 has styles only for forms, 3.1 also for parts (§4.8.15.1.1). `deepObject` names the parts, so it is not ignored.
        let is_default = matches!(style, None | Some(Style::Form)) && explode && !allow_reserved;
        if !deep_object && !is_default {
            self.ignored(
                &declared.at,
                format!("parts of a `multipart` body are sent without a style: the style of `{property}` is ignored"),
            );
        }
        let mut fixed = Vec::new();
        for (name, place) in declared.key("headers").members() {
            let is_own = OWN_HEADERS.contains(&&*name.to_ascii_lowercase());
            match self.only_value(&place).filter(|_| !is_own) {
                Some(value) => fixed.push((name.clone(), value)),
                None => {
                    let message =
                        format!("the header `{name}` of the part `{property}` has no fixed value and is not sent");
                    let ignored = Diagnostic::unsupported(codes::IGNORED_ENCODING, self.file, place.at, message);
                    let help = format!("add a `default`; if the part is a file, call `File::header(\"{name}\", …)`");
                    self.report(ignored.with_help_if((!is_own).then_some(help)));
                }
            }
        }
        Writing::Part { content_type: notes::string(declared.item, "contentType"), headers: fixed, deep_object }
    }

    /// Returns the only possible value of a header, or its default.
    fn only_value(&mut self, place: &Node<'d>) -> Option<String> {
        let found = self.resolved(place, "headers")?;
        let schema = self.header_schema(&found)?;
        let values = Keywords::of(schema).values;
        let only = match values.as_slice() {
            [only] => Some(only),
            _ => keyword_of(schema, "default"),
        };
        only.filter(|value| !value.is_null() && is_primitive(value)).map(text_of)
    }

    /// Returns the schema of a header, inline or referenced. It has no type, because a header is text.
    pub(super) fn header_schema(&mut self, header: &Node<'d>) -> Option<&'d Value> {
        let part = Part::schema_of(header)?;
        self.reported(self.target(&part)).map(|found| found.item)
    }

    fn ignored(&mut self, at: &Pointer, message: String) {
        self.unsupported(codes::IGNORED_ENCODING, at, message);
    }
}

/// Returns the style of an encoding, `explode` (by default for `form`), and whether reserved characters are not percent-encoded (OpenAPI
/// 3.0.3 §4.7.15.1).
fn styling(declared: &Value) -> (Option<Style>, bool, bool) {
    let style = declared["style"].as_str().map(query_style);
    let explodes = matches!(style, None | Some(Style::Form));
    (style, declared["explode"].as_bool().unwrap_or(explodes), declared["allowReserved"] == true)
}

/// Returns the style of a query parameter.
pub(super) fn query_style(style: &str) -> Style {
    match style {
        "spaceDelimited" => Style::SpaceDelimited,
        "pipeDelimited" => Style::PipeDelimited,
        "deepObject" => Style::DeepObject,
        _ => Style::Form,
    }
}
