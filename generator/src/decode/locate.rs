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
        && let Err(error) = decode(object, value)
    {
        found.push(undecodable(file, at.clone(), object.name, &error));
    }
}

/// Decodes a node as the type of `openapiv3` that has the name of its kind.
macro_rules! decode_as {
    ($object:expr, $value:expr, [$($kind:ident)*]) => {
        match $object.kind {
            $(Kind::$kind => v3::$kind::deserialize($value).map(drop),)*
            Kind::Document => v3::OpenAPI::deserialize($value).map(drop),
            // It is tried with the object around it.
            _ => Ok(()),
        }
    };
}

/// Decodes one node as what the grammar says it is.
fn decode(object: &Object, value: &Value) -> Result<(), serde_json::Error> {
    decode_as!(object, value, [
        Schema Parameter Header RequestBody MediaType Encoding Response Responses Example Link Operation PathItem Paths
        Components SecurityScheme Info Server ServerVariable Tag Discriminator
    ])
}
