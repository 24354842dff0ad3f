//! Part of `normalize`: the version of a document, and documents that are already 3.0.
//!
//! In: a document's value. Out: its version, by its keys. Invariant: an unknown version is a finding.

use serde_json::Value;

use super::order;
use super::pass::{self, Equivalent, Interpreted, Record};
use crate::diagnostic::{Code, Diagnostic, codes};
use crate::json::{set, type_name, unquoted};
use crate::pointer::Pointer;
use crate::source::Source;
use crate::spelling::is_digits;
use Version::*;

/// The version that all later stages see.
pub const CANONICAL_VERSION: &str = "3.0.3";

/// The supported versions.
#[derive(Clone, Copy, Debug, Default, PartialEq, PartialOrd)]
pub(super) enum Version {
    /// Swagger 2.0.
    Swagger,
    /// OpenAPI 3.0, any patch release: they differ in wording only.
    #[default]
    V3_0,
    /// OpenAPI 3.1.
    V3_1,
    /// OpenAPI 3.2.
    V3_2,
}

/// Returns a 3.0 document as 3.0.3, with keys in canonical order. `codegen` reads the documents of a project this way.
///
/// # Errors
/// Returns an error if the document does not state its version, or has another one.
pub fn canonical(source: &Source, mut value: Value) -> Result<Value, Vec<Diagnostic>> {
    let fault = match of(&value) {
        Ok(V3_0) if value.get("openapi").is_some_and(Value::is_string) => {
            patch_release(&mut value, &mut Record::default());
            return Ok(order::canonical(value));
        }
        Ok(V3_0) => not_a_string(value.get("openapi").unwrap_or(&Value::Null)),
        Ok(_) => {
            let (key, name) =
                if value.get("swagger").is_some() { ("swagger", "Swagger") } else { ("openapi", "OpenAPI") };
            let message = format!("{name} {} is not canonical", value.get(key).map(unquoted).unwrap_or_default());
            unread(codes::UNSUPPORTED_VERSION, key, message, "run `normalize` on the document")
        }
        Err(fault) => fault,
    };
    Err(vec![Diagnostic { file: source.name.clone(), ..fault }])
}

fn not_a_string(version: &Value) -> Diagnostic {
    let message = format!("`openapi` must be a string, found {}", type_name(version));
    unread(codes::WRONG_TYPE, "openapi", message, "write `openapi: 3.0.3`")
}

/// Returns the version of a document.
pub(super) fn of(value: &Value) -> Result<Version, Diagnostic> {
    if let Some(version) = value.get("swagger") {
        let text = unquoted(version);
        if text == "2.0" || text == "2" {
            return Ok(Swagger);
        }
        return Err(unsupported("swagger", &text));
    }
    let text = match value.get("openapi") {
        Some(version @ (Value::String(_) | Value::Number(_))) => unquoted(version),
        Some(other) => return Err(not_a_string(other)),
        None => {
            let first = value.get("swaggerVersion").map(unquoted).filter(|text| is_first(text));
            return Err(first.map_or_else(|| versionless(value), |text| unsupported("swaggerVersion", &text)));
        }
    };
    let is = |line: &str| {
        let rest = text.strip_prefix(line);
        rest.is_some_and(|rest| rest.is_empty() || rest.strip_prefix('.').is_some_and(is_patch))
    };
    if is("3.0") || text == "3" {
        Ok(V3_0)
    } else if is("3.1") {
        Ok(V3_1)
    } else if is("3.2") {
        Ok(V3_2)
    } else {
        Err(unsupported("openapi", &text))
    }
}

/// Returns `true` for a version of Swagger 1, whose documents have nothing in common with later ones.
fn is_first(text: &str) -> bool {
    text == "1" || text.starts_with("1.")
}

fn unsupported(key: &str, version: &str) -> Diagnostic {
    const CONVERT: &str = "convert all of its files to OpenAPI 3 with a tool such as Swagger Converter, or ask whether the server has a newer document";
    let (name, help) = match key {
        _ if is_first(version) => ("Swagger", CONVERT),
        "swagger" => ("Swagger", "of Swagger, version 2.0 is read"),
        _ => ("OpenAPI", "versions 2.0, 3.0, 3.1 and 3.2 are read"),
    };
    unread(codes::UNSUPPORTED_VERSION, key, format!("{name} {version} is not supported"), help)
}

/// Returns the version inferred from the document's keys, if the declared one is missing or unknown. `None` if it is not OpenAPI.
pub(super) fn assumed(document: &Value) -> Option<Version> {
    let has = |key: &str| document[key].is_object();
    let says = document.get("swagger").or(document.get("openapi")).map(unquoted);
    if !(has("paths") || has("webhooks") || says.is_some() && has("components")) {
        return None;
    }
    const SWAGGER: &str = "basePath consumes definitions host produces securityDefinitions";
    let says_three = says.as_ref().is_some_and(|text| text.starts_with('3'));
    let is_swagger = document.get("swagger").is_some() && !says_three && !has("components");
    let looks_so = SWAGGER.split(' ').any(|key| document.get(key).is_some()) && !has("components");
    Some(if is_swagger || looks_so { Swagger } else { V3_1 })
}

/// Sets the assumed version in a document.
pub(super) fn assume(document: &mut Value, version: Version, record: &mut Record) {
    let (key, other, value, name) = match version {
        Swagger => ("swagger", "openapi", "2.0", "Swagger 2.0"),
        // The newest known version.
        _ => ("openapi", "swagger", "3.2.0", "OpenAPI 3.2"),
    };
    let Value::Object(members) = document else { return };
    let stated = members.shift_remove(other).or(members.get(key).cloned());
    set(members, key, value);
    let what = match stated {
        Some(stated) => format!("version `{}` is unknown", unquoted(&stated)),
        None => "the document does not state its version".to_owned(),
    };
    record.note(("version-assumed", Interpreted), Pointer::root(), format!("{what}: read as {name}"));
}

/// Returns the diagnostic for a document of another format, or without a version. Some other formats are recognized by
/// their required keys.
fn versionless(value: &Value) -> Diagnostic {
    const CONVERT: &str = "convert it to OpenAPI with a tool of its own format first";
    let has = |key: &str| value.get(key).is_some() && value.get("paths").is_none();
    let is_postman = value["item"].is_array() && value.get("info").is_some();
    let known = [
        (has("asyncapi"), "this is an AsyncAPI document", CONVERT),
        (has("discoveryVersion"), "this is a Google discovery document", CONVERT),
        (has("raml"), "this is a RAML document", CONVERT),
        (has("__schema"), "this is a GraphQL schema", "OpenAPI cannot describe its operations"),
        (
            has("overlay"),
            "this is an overlay",
            "name the document that it applies to, and the overlay with `--overlay`",
        ),
        (has("$schema"), "this is a JSON Schema", "refer to it from an OpenAPI document"),
        (is_postman, "this is a Postman collection", CONVERT),
    ];
    let (message, help) = match known.into_iter().find(|(is_it, ..)| *is_it) {
        Some((_, what, help)) => (format!("{what}, not an OpenAPI document"), help),
        None => ("the document does not state its version of OpenAPI".to_owned(), "begin it with `openapi: 3.0.3`"),
    };
    unread(codes::MISSING_VERSION, "", message, help)
}

/// Returns `true` for a patch number, possibly of a pre-release (`0-rc2`).
fn is_patch(text: &str) -> bool {
    text.split('-').next().is_some_and(is_digits)
}

/// Reads any patch release of 3.0 as 3.0.3.
pub(super) fn patch_release(value: &mut Value, record: &mut Record) {
    if let Some(Value::String(version)) = value.get_mut("openapi").filter(|version| *version != CANONICAL_VERSION) {
        let text = format!("read OpenAPI {version} as {CANONICAL_VERSION}: patch releases differ only in wording");
        CANONICAL_VERSION.clone_into(version);
        record.note(("patch-version", Equivalent), Pointer::top("openapi"), text);
    }
}

fn unread(code: Code, key: &str, message: String, help: &str) -> Diagnostic {
    pass::fault(code, Pointer::root().key_or_self(key), message).with_help(help)
}
