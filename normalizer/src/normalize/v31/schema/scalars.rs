//! Part of `v31`: constants, bounds, examples, and strings that contain bytes or other media (3.1 §4.8.14.1).

use serde_json::Value;

use super::Node;
use crate::certain::Certain;
use crate::json::schema_type;
use crate::normalize::pass::{Equivalent, Interpreted};
use crate::structure::extensions::CONTENT_MEDIA_TYPE;
use crate::structure::media::{Family, family};

impl Node<'_> {
    /// Replaces `const` with an `enum` of one value.
    pub(super) fn constant(&mut self) {
        let Some(value) = self.get("const").cloned() else { return };
        match self.get("enum") {
            Some(Value::Array(values)) if values.contains(&value) => {
                self.set("enum", vec![value.clone()]);
                self.take("const");
            }
            // A contradiction, which later stages report.
            Some(_) => return,
            None => drop(self.replace("const", "enum", vec![value.clone()])),
        }
        if value.is_null() {
            self.set("nullable", true);
            self.note_null();
        } else if !self.has("type") && !self.is_composed() {
            // An array would also need `items`.
            if let Some(kind) = schema_type(&value).filter(|kind| *kind != "array") {
                self.set("type", kind);
            }
        }
        self.same("const", "const", "replaced `const` with an `enum` of one value");
    }

    /// Converts exclusive bounds: in 3.1 a separate number, in 3.0 a flag of the bound.
    pub(super) fn bounds(&mut self) {
        for (exclusive, bound) in [("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")] {
            let Some(limit @ Value::Number(_)) = self.get(exclusive).cloned() else { continue };
            match self.get(bound) {
                None => {
                    self.replace(exclusive, bound, limit);
                    self.set(exclusive, true);
                }
                Some(Value::Number(other)) => {
                    let limit_is = limit.as_f64().certain("a JSON number is a float, too");
                    let bound_is = other.as_f64().certain("a JSON number is a float, too");
                    if limit_is == bound_is || (limit_is > bound_is) == (bound == "minimum") {
                        self.set(bound, limit);
                        self.set(exclusive, true);
                    } else {
                        self.take(exclusive);
                    }
                }
                Some(_) => continue,
            }
            let text = "replaced a numeric `exclusiveMinimum` or `exclusiveMaximum` with a bound and a flag";
            self.same("exclusive-bound", exclusive, text);
        }
    }

    /// Converts several examples of a schema: 3.0 allows one.
    pub(super) fn examples(&mut self) {
        let has_example = self.has("example");
        let (first, kind, text) = match self.get("examples") {
            Some(Value::Array(examples)) => {
                if examples.is_empty() {
                    self.take("examples");
                    return;
                }
                let first = examples.first().filter(|_| !self.has("x-examples")).cloned();
                let text = "moved the first of a schema's `examples` to `example`; several are kept as `x-examples`";
                if let ([only], false) = (examples.as_slice(), has_example) {
                    let only = only.clone();
                    self.replace("examples", "example", only);
                    self.moves(&["example", "0"], &["example"]);
                    return self.same("examples", "examples", text);
                }
                self.rename("examples", "x-examples");
                (first, Equivalent, text)
            }
            // Named examples, as in media types.
            Some(Value::Object(examples)) => {
                let first = examples.values().find_map(|example| example.get("value")).cloned();
                if !self.rename("examples", "x-examples") {
                    return;
                }
                let text = "kept named `examples` of a schema as `x-examples`, the first as `example`";
                (first, Interpreted, text)
            }
            _ => return,
        };
        if let Some(first) = first.filter(|_| !has_example) {
            self.set("example", first);
        }
        self.count(("examples", kind), "examples", text);
    }

    /// Converts `contentEncoding` and `contentMediaType`.
    pub(super) fn content(&mut self) {
        let encoding = self.text("contentEncoding").map(str::to_ascii_lowercase);
        let media_type = self.text("contentMediaType");
        let bytes = match (encoding.as_deref(), media_type) {
            (Some("base64"), _) => Some(("byte", "replaced `contentEncoding: base64` with `format: byte`")),
            (Some("binary"), _) => Some(("binary", "added `format: binary` to a string of bytes")),
            (None, Some(media_type)) if is_binary(media_type) => {
                Some(("binary", "added `format: binary` to a string of bytes"))
            }
            (Some("7bit" | "8bit"), _) => {
                self.rename("contentEncoding", "x-content-encoding");
                self.same("content", "contentEncoding", "kept an encoding without effect as `x-content-encoding`");
                None
            }
            _ => None,
        };
        if let Some((format, text)) = bytes {
            if self.text("format").is_some_and(|own| own != format) || !self.has_text() {
                return;
            }
            if !self.has("type") && !self.is_composed() {
                self.set("type", "string");
            }
            let is_free = encoding.is_some() && !self.has("format");
            if !is_free || !self.replace("contentEncoding", "format", format) {
                self.take("contentEncoding");
                self.set("format", format);
            }
            let key = if encoding.is_some() { "contentEncoding" } else { "contentMediaType" };
            self.same("content", key, text);
        }
        // The content of a string does not affect its encoding.
        if self.rename("contentMediaType", CONTENT_MEDIA_TYPE) {
            self.same("content", "contentMediaType", "kept `contentMediaType` as `x-content-media-type`");
        }
    }

    /// Returns `true` if the schema allows strings.
    fn has_text(&self) -> bool {
        match self.get("type") {
            Some(Value::String(kind)) => kind == "string",
            Some(Value::Array(kinds)) => kinds.iter().any(|kind| kind == "string"),
            _ => true,
        }
    }
}

/// Returns `true` if content of this media type is bytes, not characters. Unknown media types are more likely bytes.
fn is_binary(media_type: &str) -> bool {
    matches!(family(media_type), Family::Binary | Family::Multipart | Family::Wildcard | Family::Unknown)
}
