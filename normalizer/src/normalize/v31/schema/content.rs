//! Part of `v31`: strings that hold bytes or other media (3.1 §4.8.14.1, JSON Schema 2020-12, Validation §8).

use serde_json::Value;

use super::super::Convert;
use super::super::node::Node;

/// `contentEncoding` and `contentMediaType`.
pub(super) fn content(convert: &mut Convert, node: &mut Node) {
    let encoding = node.text("contentEncoding").map(str::to_ascii_lowercase);
    let media_type = node.text("contentMediaType").map(str::to_ascii_lowercase);
    let bytes = match (encoding.as_deref(), media_type.as_deref()) {
        (Some("base64"), _) => Some(("byte", "`contentEncoding: base64` is `format: byte`")),
        (Some("binary"), _) => Some(("binary", "a string of bytes is `format: binary`")),
        (None, Some(media_type)) if is_binary(media_type) => Some(("binary", "a string of bytes is `format: binary`")),
        (Some("7bit" | "8bit"), _) => {
            node.rename("contentEncoding", "x-content-encoding");
            let text = "an encoding that changes nothing is kept as `x-content-encoding`";
            convert.same("content", "contentEncoding", text);
            None
        }
        _ => None,
    };
    if let Some((format, text)) = bytes {
        if node.text("format").is_some_and(|own| own != format) || !has_text(node) {
            return;
        }
        if !node.has("type") && !super::is_composed(node) {
            node.set("type", "string");
        }
        let is_free = encoding.is_some() && !node.has("format");
        if !is_free || !node.replace("contentEncoding", "format", Value::from(format)) {
            node.take("contentEncoding");
            node.set("format", format);
        }
        let key = if encoding.is_some() { "contentEncoding" } else { "contentMediaType" };
        convert.same("content", key, text);
    }
    // The content of a string does not change how it is sent.
    if node.rename("contentMediaType", "x-content-media-type") {
        convert.same("content", "contentMediaType", "`contentMediaType` is kept as `x-content-media-type`");
    }
}

/// Whether the schema allows strings.
fn has_text(node: &Node) -> bool {
    match node.get("type") {
        Some(Value::String(kind)) => kind == "string",
        Some(Value::Array(kinds)) => kinds.iter().any(|kind| kind == "string"),
        _ => true,
    }
}

/// Whether content of this media type is bytes, not characters.
fn is_binary(media_type: &str) -> bool {
    let essence = media_type.split(';').next().unwrap_or_default().trim();
    let (ty, subtype) = essence.split_once('/').unwrap_or((essence, ""));
    let is_text = matches!(ty, "text" | "message")
        || matches!(
            subtype,
            "json" | "xml" | "yaml" | "x-yaml" | "javascript" | "jwt" | "x-ndjson" | "jsonl" | "graphql" | "sql"
        )
        || ["+json", "+xml", "+yaml", "+jwt"].iter().any(|suffix| subtype.ends_with(suffix))
        || subtype == "x-www-form-urlencoded";
    !is_text
}
