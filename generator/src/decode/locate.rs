//! Where a document cannot be decoded: nodes are tried from the leaves up, so that each failure is reported at the
//! smallest node that fails by itself, and no failing node is decoded more than once.

use openapiv3 as v3;
use serde::Deserialize;
use serde_json::Value;

use super::undecodable;
use clientwright_normalizer::diagnostic::Diagnostic;
use clientwright_normalizer::pointer::Pointer;
use clientwright_normalizer::structure::grammar::{DOCUMENT, Form, Kind, Object};

/// Every node that fails by itself.
pub(super) fn failures(source_name: &str, document: &Value) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    search(source_name, document, &DOCUMENT, &Pointer::root(), &mut found);
    found
}

fn search(file: &str, value: &Value, form: &'static Form, at: &Pointer, found: &mut Vec<Diagnostic>) {
    if form.is_reference(value) || (matches!(form, Form::SchemaOrBoolean) && !value.is_object()) {
        return;
    }
    let before = found.len();
    form.each_part(value, |key, part, form| search(file, part, form, &at.key(key), found));
    if let Some(object) = form.object().filter(|_| found.len() == before)
        && let Err(error) = decode_as(object, value)
    {
        found.push(undecodable(file, at.clone(), object.name, &error));
    }
}

/// Decodes one node as what the grammar says it is. Objects that are not named here are tried with the one around them.
fn decode_as(object: &Object, value: &Value) -> Result<(), serde_json::Error> {
    match object.kind {
        Kind::Schema => v3::Schema::deserialize(value).map(drop),
        Kind::Parameter => v3::Parameter::deserialize(value).map(drop),
        Kind::Header => v3::Header::deserialize(value).map(drop),
        Kind::RequestBody => v3::RequestBody::deserialize(value).map(drop),
        Kind::MediaType => v3::MediaType::deserialize(value).map(drop),
        Kind::Encoding => v3::Encoding::deserialize(value).map(drop),
        Kind::Response => v3::Response::deserialize(value).map(drop),
        Kind::Responses => v3::Responses::deserialize(value).map(drop),
        Kind::Example => v3::Example::deserialize(value).map(drop),
        Kind::Link => v3::Link::deserialize(value).map(drop),
        Kind::Operation => v3::Operation::deserialize(value).map(drop),
        Kind::PathItem => v3::PathItem::deserialize(value).map(drop),
        Kind::Paths => v3::Paths::deserialize(value).map(drop),
        Kind::Components => v3::Components::deserialize(value).map(drop),
        Kind::SecurityScheme => v3::SecurityScheme::deserialize(value).map(drop),
        Kind::Info => v3::Info::deserialize(value).map(drop),
        Kind::Server => v3::Server::deserialize(value).map(drop),
        Kind::ServerVariable => v3::ServerVariable::deserialize(value).map(drop),
        Kind::Tag => v3::Tag::deserialize(value).map(drop),
        Kind::Discriminator => v3::Discriminator::deserialize(value).map(drop),
        Kind::Document => v3::OpenAPI::deserialize(value).map(drop),
        _ => Ok(()),
    }
}
