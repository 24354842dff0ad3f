//! Stage `normalize`: any supported version → canonical OpenAPI 3.0.3.
//!
//! In: a document as it was read. Out: the document as a 3.0.3 value in canonical order, and a ledger of the steps that
//! led there. Invariant: after this stage only 3.0.3 exists, and every step that loses or interprets something is in the
//! ledger. Shape is not judged here: what is misshapen goes through as it is, for [`crate::structure`] to name.

mod order;
// The passes for Swagger 2.0, OpenAPI 3.1 and 3.2. They are complete and tested, and not part of the stage yet: what they
// interpret belongs into a ledger beside the document, and what later stages find has to lead back through their moves.
#[cfg(test)]
mod pass;
#[cfg(test)]
mod swagger2;
#[cfg(test)]
mod v31;
mod yaml;

use serde_json::Value;

use crate::diagnostic::{Diagnostic, codes};
use crate::load::Source;
use crate::pointer::Pointer;
use crate::structure::type_name;

/// The version that all later stages see.
pub const CANONICAL_VERSION: &str = "3.0.3";

/// A document that has been normalized.
#[derive(Clone, PartialEq, Debug)]
pub struct Normalized {
    /// The 3.0.3 document, keys in canonical order.
    pub value: Value,
    /// The steps that led there, in the order in which they were taken.
    pub ledger: Vec<Entry>,
}

/// One step of normalizing.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Entry {
    /// The rule's short name, kebab-case.
    pub rule: &'static str,
    /// The node in the document as it was read.
    pub before: Pointer,
    /// The node in the normalized document.
    pub after: Pointer,
    /// What was done, in one line.
    pub text: String,
    /// Whether the document says less afterwards, or was interpreted.
    pub lossy: bool,
}

/// The versions that are told apart.
enum Version {
    /// OpenAPI 3.0, any patch release: they differ in wording only.
    V3_0,
}

/// Normalizes a document.
///
/// # Errors
/// If the document does not say which version it has, or has one that is not read.
pub fn normalize(source: &Source, value: Value) -> Result<Normalized, Vec<Diagnostic>> {
    match version(source, &value)? {
        Version::V3_0 => Ok(from_3_0(value)),
    }
}

/// The value as canonical YAML: keys in the order of the specification's tables, `x-` keys last, paths and properties as
/// they are, components sorted by name, one trailing newline.
///
/// Reading the text gives the value again, and writing that gives the text again. The value must not be nested deeper
/// than [`crate::load`] lets through.
#[must_use]
pub fn to_yaml(value: &Value) -> String {
    yaml::write(&order::canonical(value))
}

fn from_3_0(mut value: Value) -> Normalized {
    let mut ledger = Vec::new();
    if let Some(Value::String(version)) = value.get_mut("openapi")
        && version != CANONICAL_VERSION
    {
        let text = format!("OpenAPI {version} read as {CANONICAL_VERSION}: patch releases differ in wording only");
        let pointer = Pointer::root().key("openapi");
        ledger.push(Entry { rule: "patch-version", before: pointer.clone(), after: pointer, text, lossy: false });
        CANONICAL_VERSION.clone_into(version);
    }
    Normalized { value: order::canonical(&value), ledger }
}

fn version(source: &Source, value: &Value) -> Result<Version, Vec<Diagnostic>> {
    let invalid = |code, key: &str, message: String, help: &str| {
        let pointer = if key.is_empty() { Pointer::root() } else { Pointer::root().key(key) };
        vec![Diagnostic::invalid(code, source.name.as_str(), pointer, message).with_help(help)]
    };
    if let Some(swagger) = value.get("swagger") {
        let message = format!("Swagger {} is not read", swagger.as_str().unwrap_or("2.0"));
        return Err(invalid(codes::UNSUPPORTED_VERSION, "swagger", message, "convert the document to OpenAPI 3.0.3"));
    }
    let text = match value.get("openapi") {
        Some(Value::String(text)) => text.as_str(),
        Some(other) => {
            let message = format!("`openapi` takes a text, found {}", type_name(other));
            return Err(invalid(codes::WRONG_TYPE, "openapi", message, "write `openapi: 3.0.3`"));
        }
        None => {
            let message = String::from("the document does not say which version of OpenAPI it has");
            return Err(invalid(codes::MISSING_VERSION, "", message, "begin it with `openapi: 3.0.3`"));
        }
    };
    if matches!(text, "3.0.0" | "3.0.1" | "3.0.2" | "3.0.3" | "3.0.4") {
        return Ok(Version::V3_0);
    }
    let message = format!("OpenAPI {text} is not read");
    let help = if text == "3.0" {
        "write `openapi: 3.0.3`"
    } else if text.starts_with("3.") {
        "convert the document to OpenAPI 3.0.3"
    } else {
        "versions 3.0.0 to 3.0.4 are read"
    };
    Err(invalid(codes::UNSUPPORTED_VERSION, "openapi", message, help))
}

#[cfg(test)]
mod tests;
