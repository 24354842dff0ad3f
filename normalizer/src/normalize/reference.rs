//! Part of `normalize`: the text of a `$ref` (RFC 3986 §4.2, RFC 6901 §6).
//!
//! In: the text, and its file. Out: the file and the node of the target. Invariant: only relative paths are accepted.

use fluent_uri::pct_enc::{EString, encoder};
use fluent_uri::{Uri, UriRef};
use percent_encoding::percent_decode_str;
use serde_json::{Value, json};

use super::trail::Provenance;
use crate::diagnostic::{Code, codes};
use crate::json::each_mut;
use crate::limits::MAX_DEPTH;
use crate::pointer::Pointer;
pub(super) use crate::reference::{all_of, bare, end, followed, followed_from, resolved, target, text};
use crate::spelling::is_among;
use crate::structure::grammar::DOCUMENT;
use crate::structure::grammar::Form::{self, Is, List, Map, OrReference};
use crate::structure::grammar::Kind::{self, Discriminator, Link, Schema};

/// The placeholder for the address of a document without `$self` or `$id`.
pub(super) const UNNAMED: &str = "document:///openapi";

/// A parsed reference.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Reference {
    /// The path from the input's folder; `None` for the file that contains the reference.
    pub(super) file: Option<String>,
    /// The target in that file.
    pub(super) node: Fragment,
}

/// The node that a fragment refers to.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Fragment {
    At(Pointer),
    /// The node with `$anchor: name`.
    Anchor(String),
}

impl Fragment {
    /// Parses a fragment; returns `None` if it is an invalid pointer.
    pub(super) fn of(fragment: &str) -> Option<Self> {
        let fragment = decoded(fragment);
        if fragment.is_empty() || fragment.starts_with('/') {
            return Pointer::parse(&fragment).map(Self::At);
        }
        Some(Self::Anchor(fragment))
    }
}

/// The reason why a reference is not followed: the code, the message about its text, and the help.
pub(super) type Refused = (Code, &'static str, &'static str);

/// The target is on another machine: an address with a scheme or a host.
const REMOTE: Refused = (
    codes::EXTERNAL_REFERENCE,
    "is on another machine; nothing is fetched",
    "save it beside the document and refer to the file",
);

/// The path is absolute, or has a drive letter.
const ABSOLUTE: Refused = (
    codes::EXTERNAL_REFERENCE,
    "is an absolute path, which differs between machines",
    "write the path relative to the referring file, with `/`",
);

/// The fragment is not a JSON pointer.
const FRAGMENT: Refused = (
    codes::BROKEN_REFERENCE,
    "does not end in a JSON pointer",
    "in a pointer, `~` is written `~0` and `/` within a key `~1`",
);

/// Parses a reference in the file `from`, a path from the input's folder.
pub(super) fn parse(text: &str, from: &str) -> Result<Reference, Refused> {
    let (path, fragment) = text.split_once('#').unwrap_or((text, ""));
    if path.starts_with("//") || has_scheme(path) {
        return Err(if path.starts_with("file:") { ABSOLUTE } else { REMOTE });
    }
    if path.starts_with('/') || path.contains('\\') {
        return Err(ABSOLUTE);
    }
    let file = if path.is_empty() { None } else { Some(join(from, &decoded(path))) };
    Ok(Reference { file, node: Fragment::of(fragment).ok_or(FRAGMENT)? })
}

/// Returns a reference to the node at a pointer of the document itself.
pub(super) fn local(pointer: &Pointer) -> String {
    let mut fragment = EString::<encoder::Fragment>::new();
    fragment.encode_str::<encoder::Fragment>(pointer.as_str());
    format!("#{fragment}")
}

/// Returns a reference object to the node at a pointer of the document itself.
pub(super) fn refer(pointer: &Pointer) -> Value {
    json!({ "$ref": local(pointer) })
}

/// Returns the part of a pointer after the section for components of this kind; `None` if the pointer does not lead
/// there.
pub(super) fn in_section(kind: Kind, pointer: &str) -> Option<&str> {
    pointer.strip_prefix("/components/")?.strip_prefix(kind.section()?)?.strip_prefix('/')
}

/// Visits the text of every reference in a 3.0 document for modification: under `$ref`, under the `operationRef` of a link, and in the
/// mapping of a discriminator. Examples, defaults and values of an `enum` contain no references.
pub(super) fn each_text_mut(document: &mut Value, mut visit: impl FnMut(&mut String, &Pointer)) {
    each_text_below(document, Some(&DOCUMENT), &mut Pointer::root(), 0, &mut visit);
}

/// Updates all references after their targets were moved. A name may look escaped without being so.
pub(super) fn follow(document: &mut Value, moves: &Provenance) {
    if moves.moved().next().is_none() {
        return;
    }
    each_text_mut(document, |text, _| {
        let Some(fragment) = text.strip_prefix('#') else { return };
        let mut read = [Pointer::from_fragment(fragment), Pointer::parse(fragment)].into_iter().flatten();
        let moved = |at: Pointer| Some(moves.after(&at)).filter(|after| *after != at);
        if let Some(new) = read.find_map(moved) {
            *text = local(&new);
        }
    });
}

/// `form` is the form of the value; `None` in extensions, where vendors also use schemas and references.
fn each_text_below(
    value: &mut Value,
    form: Option<&'static Form>,
    at: &mut Pointer,
    depth: usize,
    visit: &mut impl FnMut(&mut String, &Pointer),
) {
    if depth > MAX_DEPTH {
        return;
    }
    // A single value in place of an array is accepted, as in `repair`.
    let form = match (form, &*value) {
        (Some(List(item)), Value::Object(_)) => Some(*item),
        (form, _) => form,
    };
    let is_array = value.is_array();
    let is_extensible = form.is_none_or(|form| !is_array && form.object().is_some());
    let is_link = form.is_some_and(|form| matches!(form, OrReference(Link)));
    let is_discriminator = form.is_none_or(|form| matches!(form, Is(Discriminator)));
    each_mut(value, |key, part| {
        let form = match form {
            None if key == "properties" && part.is_object() => Some(&PROPERTIES),
            // An array in place of an object: `items` of Swagger 2.0 and of early drafts of JSON Schema.
            Some(form) if is_array && form.object().is_some() => Some(form),
            form => form.and_then(|form| form.below(is_array, key)),
        };
        let length = at.enter(key);
        match part {
            Value::String(text) if key == "$ref" && is_extensible || key == "operationRef" && is_link => {
                visit(text, at);
            }
            Value::Object(mapping) if key == "mapping" && is_discriminator => {
                mapping.iter_mut().for_each(|(name, target)| {
                    if let Value::String(text) = target {
                        visit(text, &at.key(name));
                    }
                });
            }
            part if form.is_some() || (is_extensible && !is_data(key)) => {
                each_text_below(part, form, at, depth + 1, visit);
            }
            _ => {}
        }
        at.truncate(length);
    });
}

/// The properties of a schema, whose keys are arbitrary names.
static PROPERTIES: Form = Map(&OrReference(Schema));

/// Returns `true` if the value under a key that the grammar does not define is data, not a description.
fn is_data(key: &str) -> bool {
    is_among("example examples x-example x-examples default x-default enum x-enum", key)
}

/// The text for the ledger about `parameters` beside a reference to a path item.
pub(super) const JOINED: &str = "merged `parameters` beside a reference to a path item into the target's";

/// Adds the target's parameters to those beside a reference to a path item, except those with the same name. OpenAPI does not define the
/// meaning (3.0.3 §4.7.9). Returns the new and the old index of each added parameter.
pub(super) fn joined(own: &mut Value, theirs: Value) -> Vec<(usize, usize)> {
    let (Value::Array(own), Value::Array(theirs)) = (own, theirs) else { return Vec::new() };
    let mut kept = Vec::new();
    let known = own.len();
    let name = |of: &Value| Some((of.get("name")?.clone(), of.get("in").cloned()));
    for (index, parameter) in theirs.into_iter().enumerate() {
        let is_same = |own: &Value| *own == parameter || name(own).is_some() && name(own) == name(&parameter);
        if !own.iter().take(known).any(is_same) {
            kept.push((own.len(), index));
            own.push(parameter);
        }
    }
    kept
}

/// Returns the absolute address of `reference` in the document at `base`, without a fragment (RFC 3986 §5.2).
pub(super) fn absolute(base: &str, reference: &str) -> Option<String> {
    let base = Uri::parse(base).ok()?;
    let resolved = UriRef::parse(reference).ok()?.resolve_against(&base).ok()?;
    Some(resolved.strip_fragment().as_str().to_owned())
}

/// Returns `true` if a value of a discriminator's mapping is a reference and not a component's name.
pub(super) fn is_reference(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    text.contains(['#', '/']) || [".yaml", ".yml", ".json"].iter().any(|ending| lower.ends_with(ending))
}

/// Returns the text without percent-escapes; unchanged if the result would not be UTF-8.
pub(super) fn decoded(text: &str) -> String {
    percent_decode_str(text).decode_utf8().map_or_else(|_| text.to_owned(), std::borrow::Cow::into_owned)
}

/// Returns `true` if a path begins with a scheme (RFC 3986 §3.1). A single letter is a drive, not a scheme.
fn has_scheme(path: &str) -> bool {
    let Some((scheme, _)) = path.split_once(':') else { return false };
    scheme.starts_with(|first: char| first.is_ascii_alphabetic())
        && scheme.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'))
}

/// Returns `path` relative to the input's folder, without `.` and without a `..` that can be resolved. `path` is
/// relative to the file `from`.
fn join(from: &str, path: &str) -> String {
    let folder = from.rsplit_once('/').map_or("", |(folder, _)| folder);
    let mut parts: Vec<&str> = Vec::new();
    for part in folder.split('/').chain(path.split('/')) {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            other => parts.push(other),
        }
    }
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn of(text: &str) -> (Option<String>, String) {
        let reference = parse(text, "schemas/pet.yaml").unwrap();
        let Fragment::At(pointer) = reference.node else { panic!("an anchor") };
        (reference.file, pointer.to_string())
    }

    #[test]
    fn paths_are_relative_to_the_file() {
        assert_eq!(of("#/a/b"), (None, "/a/b".into()));
        assert_eq!(of(""), (None, String::new()));
        assert_eq!(of("toy.yaml"), (Some("schemas/toy.yaml".into()), String::new()));
        assert_eq!(of("./toy.yaml#/A"), (Some("schemas/toy.yaml".into()), "/A".into()));
        assert_eq!(of("../toy.yaml#"), (Some("toy.yaml".into()), String::new()));
        assert_eq!(of("../../x/./toy.yaml"), (Some("../x/toy.yaml".into()), String::new()));
    }

    #[test]
    fn escapes_are_undone() {
        assert_eq!(of("my%20toys.yaml#/a%20b/~1c%7Bd%7D"), (Some("schemas/my toys.yaml".into()), "/a b/~1c{d}".into()));
        assert_eq!(of("#/a%2Fb"), (None, "/a/b".into()));
        let pointer = Pointer::top("paths").key("/a b/{c}%");
        let written = local(&pointer);
        assert_eq!(written, "#/paths/~1a%20b~1%7Bc%7D%25");
        assert_eq!(of(&written).1, pointer.as_str());
    }

    #[test]
    fn other_machines_are_refused() {
        for text in ["https://a.example/b.yaml#/c", "http://a.example", "//a.example/b", "urn:a:b"] {
            assert_eq!(parse(text, "a.yaml"), Err(REMOTE), "{text}");
        }
        for text in ["/etc/a.yaml", "file:///a.yaml", "..\\a.yaml"] {
            assert_eq!(parse(text, "a.yaml"), Err(ABSOLUTE), "{text}");
        }
        assert_eq!(parse("#/a~b", "a.yaml"), Err(FRAGMENT));
        assert_eq!(parse("#name", "a.yaml").unwrap().node, Fragment::Anchor("name".into()));
    }

    #[test]
    fn references_are_found_in_arrays_and_objects_of_the_other_kind() {
        let [a, b] = ["#/definitions/A", "#/definitions/B"].map(|text| json!({"$ref": text}));
        let mut document = json!({"components": {"schemas": {
            "Tuple": {"items": [a, {"not": b, "example": [a], "items": [{"allOf": b}]}]},
            "Single": {"allOf": a, "enum": {"$ref": "#/definitions/A"}},
        }}});
        let mut found = Vec::new();
        each_text_mut(&mut document, |text, at| found.push(format!("{text} {}", at.as_str())));
        let schemas = "/components/schemas";
        let expected = [
            format!("#/definitions/A {schemas}/Tuple/items/0/$ref"),
            format!("#/definitions/B {schemas}/Tuple/items/1/not/$ref"),
            format!("#/definitions/B {schemas}/Tuple/items/1/items/0/allOf/$ref"),
            format!("#/definitions/A {schemas}/Single/allOf/$ref"),
        ];
        assert_eq!(found, expected);
    }

    #[test]
    fn names_are_told_from_references() {
        assert!(is_reference("#/components/schemas/Dog"));
        assert!(is_reference("dog.yaml"));
        assert!(!is_reference("Dog"));
        assert!(!is_reference("com.example.Dog"));
    }
}
