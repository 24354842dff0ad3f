//! The classification of media types by name, for the normalizer and the generator.
//!
//! In: a media type, with or without parameters. Out: its family. Invariant: parameters and case make no difference (RFC 9110 §8.3.1).

use Family::*;

use crate::spelling::is_among;

/// The classification of a media type by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Family {
    /// One JSON value.
    Json,
    /// A sequence of items.
    Stream(Framing),
    /// `application/x-www-form-urlencoded`
    Form,
    /// Parts with their own media types.
    Multipart,
    /// XML.
    Xml,
    /// YAML: text that can contain objects and arrays.
    Markup,
    /// Any other text.
    Text,
    /// Bytes.
    Binary,
    /// Bytes that can contain objects and arrays, such as CBOR.
    Packed,
    /// `*/*` or `application/*`: the schema decides.
    Wildcard,
    /// An unknown media type.
    Unknown,
}

/// The framing of the items in a stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Framing {
    /// `text/event-stream`
    Events,
    /// JSON Lines
    Lines,
    /// `application/json-seq`
    Records,
}

/// Returns the family of a media type.
#[must_use]
pub fn family(media_type: &str) -> Family {
    let essence = essence(media_type);
    let (kind, subtype) = essence.split_once('/').unwrap_or((&essence, ""));
    // The suffix after `+` is the syntax (RFC 6839 §3).
    let ends = |names: &[&str]| names.iter().any(|name| essence.ends_with(name));
    match (kind, subtype) {
        ("*", _) | ("application", "*") => Wildcard,
        ("multipart", _) => Multipart,
        ("application", "x-www-form-urlencoded") => Form,
        ("text", "event-stream") => Stream(Framing::Events),
        (_, "jsonl" | "x-jsonl" | "jsonlines" | "x-jsonlines" | "ndjson" | "x-ndjson" | "stream+json") => {
            Stream(Framing::Lines)
        }
        _ if ends(&["/json-seq", "+json-seq"]) => Stream(Framing::Records),
        _ if ends(&["/json", "/x-json", "+json"]) => Json,
        _ if ends(&["/xml", "+xml"]) => Xml,
        _ if ends(&["/yaml", "+yaml", "/x-yaml"]) => Markup,
        ("text", _) => Text,
        ("application", "javascript" | "graphql" | "sql") => Text,
        _ if ends(&["/jwt", "+jwt"]) => Text,
        ("image" | "audio" | "video" | "font", _) => Binary,
        ("application", known) if is_among(BYTES, known) => Binary,
        _ if ends(&["+zip", "+gzip"]) => Binary,
        _ if ends(&["cbor", "msgpack", "protobuf"]) => Packed,
        ("application", office) if OFFICE.iter().any(|vendor| office.starts_with(vendor)) => Binary,
        _ => Unknown,
    }
}

/// Subtypes of `application` that are bytes.
const BYTES: &str = "octet-stream pdf wasm zip gzip x-gzip x-tar zstd x-7z-compressed msword java-archive x-bzip2 x-xz";

/// Prefixes of the subtypes of office documents.
const OFFICE: [&str; 3] = ["vnd.ms-", "vnd.oasis.opendocument", "vnd.openxmlformats-officedocument"];

/// Returns `true` if a body of the media type is one JSON value.
#[must_use]
pub fn is_json(media_type: &str) -> bool {
    family(media_type) == Json
}

/// Returns `true` if the media type can represent an object or an array.
pub(crate) fn holds_structure(media_type: &str) -> bool {
    match family(media_type) {
        Json | Stream(_) | Form | Multipart | Xml | Markup | Packed | Wildcard => true,
        Binary => false,
        Text | Unknown => {
            let essence = essence(media_type);
            let last = essence.rsplit(['/', '+', '.', '-']).next().unwrap_or_default();
            matches!(last, "json" | "xml" | "yaml" | "csv" | "hal")
        }
    }
}

/// Returns a media type in comparable form: without parameters, in lower case.
#[must_use]
pub fn essence(media_type: &str) -> String {
    without_parameters(media_type).to_ascii_lowercase()
}

/// Returns a media type without its parameters.
#[must_use]
pub fn without_parameters(media_type: &str) -> &str {
    media_type.split(';').next().unwrap_or_default().trim()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_say_what_the_bytes_are() {
        for (expected, names) in [
            (Family::Json, "application/json text/json Application/HAL+JSON;v=1 application/*+json"),
            (Family::Stream(Framing::Events), "text/event-stream"),
            (
                Family::Stream(Framing::Lines),
                "application/jsonl application/x-ndjson application/stream+json text/jsonl",
            ),
            (Family::Stream(Framing::Records), "application/json-seq"),
            (Family::Stream(Framing::Records), "application/geo+json-seq"),
            (Family::Form, "application/x-www-form-urlencoded"),
            (Family::Multipart, "multipart/form-data multipart/mixed;boundary=x"),
            (Family::Xml, "application/xml text/xml image/svg+xml"),
            (Family::Markup, "application/x-yaml application/vnd.oai.openapi+yaml"),
            (Family::Text, "text/plain text/* application/javascript application/jwt application/secevent+jwt"),
            (Family::Binary, "image/* font/woff2 application/zstd application/vnd.ms-excel application/epub+zip"),
            (Family::Packed, "application/cbor application/x-protobuf application/vnd.msgpack"),
            (Family::Wildcard, "*/* application/* *"),
            (
                Family::Unknown,
                "application/jsonnet application/json+sarif application/vnd.field.geojson message/rfc822 json x",
            ),
        ] {
            for name in names.split(' ') {
                assert_eq!(family(name), expected, "{name}");
            }
        }
    }

    #[test]
    fn pictures_and_plain_text_hold_no_structure() {
        for name in ["application/json", "text/csv", "application/vnd.kubernetes.protobuf", "application/cbor", "*/*"] {
            assert!(holds_structure(name), "{name}");
        }
        for name in ["image/*", "image/png", "text/plain", "application/pdf", "application/jwt", "x"] {
            assert!(!holds_structure(name), "{name}");
        }
    }
}
