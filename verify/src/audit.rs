//! An audit of types, which is not a stage of the pipeline: schemas that the IR represents as any JSON value.
//!
//! In: an API and the canonical document that it was lowered from. Out: the untyped places whose schemas are more
//! precise. Invariant: places that the document itself leaves open are not counted, so the target is zero.

use serde_json::{Map, Value};

use clientwright::ir::{Api, Shape};
use clientwright_normalizer::pointer::Pointer;

/// A place that is any JSON value although its schema is more precise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Untyped {
    /// The schema.
    pub pointer: Pointer,
    /// The reason why it is untyped.
    pub reason: String,
}

/// Returns the places of an API that are untyped although the document is more precise, in the order of their types.
///
/// `document` is the canonical document that the API was lowered from. It determines the places, independently of
/// `lower`; the reasons of `lower` are included.
#[must_use]
pub fn untyped(api: &Api, document: &Value) -> Vec<Untyped> {
    // Types that are neither read nor sent are not generated.
    let any = api.types.iter().filter(|(_, ty)| ty.shape == Shape::Any && (ty.read || ty.sent));
    let said = any.filter_map(|(_, ty)| {
        let keyword = says_more(document.pointer(ty.origin.as_str())?.as_object()?)?;
        let known = api.untyped.iter().find(|known| known.pointer == ty.origin);
        let reason = known.map_or_else(|| format!("`{keyword}` is not expressed"), |known| known.reason.to_owned());
        Some(Untyped { pointer: ty.origin.clone(), reason })
    });
    said.collect()
}

/// Keywords that determine a value's type, wherever they occur (OpenAPI 3.0.3 §4.7.24).
const TELLING: [&str; 7] = ["oneOf", "anyOf", "allOf", "enum", "items", "properties", "required"];

/// Returns a keyword that makes a schema more precise than any JSON value.
fn says_more(schema: &Map<String, Value>) -> Option<&'static str> {
    let telling = TELLING.into_iter().find(|keyword| match schema.get(*keyword) {
        // Branches with only annotations leave the value open.
        Some(Value::Array(branches)) if keyword.ends_with("Of") => branches.iter().any(is_telling),
        Some(Value::Array(items)) => !items.is_empty(),
        Some(Value::Object(members)) => *keyword == "items" || !members.is_empty(),
        _ => false,
    });
    telling.or_else(|| schema.get("type").filter(|ty| ty.is_string()).map(|_| "type"))
}

/// Returns `true` if a branch restricts the value, itself or by a reference.
fn is_telling(branch: &Value) -> bool {
    branch.as_object().is_some_and(|schema| schema.contains_key("$ref") || says_more(schema).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;
    use clientwright::generate::{Document, read_api};
    use clientwright_normalizer::{Source, load};

    fn found(schemas: &str) -> Vec<String> {
        let text = format!(
            "openapi: 3.0.3\ninfo: {{title: t, version: v}}\npaths: {{}}\ncomponents:\n  schemas:\n    {schemas}\n"
        );
        let source = Source { name: "t.yaml".to_owned(), text };
        let document = load::parse(&source).unwrap();
        let (api, _) = read_api(&Document::new("t", source)).unwrap();
        untyped(&api, &document).into_iter().map(|untyped| untyped.pointer.to_string()).collect()
    }

    #[test]
    fn what_the_document_leaves_open_is_not_counted() {
        assert_eq!(
            found("A: {type: object, properties: {a: {}, b: {description: anything}, c: {nullable: true}}}"),
            [""; 0]
        );
        assert_eq!(found("A: {type: object, additionalProperties: true}"), [""; 0]);
        assert_eq!(found("A: {type: array, items: {}}"), [""; 0]);
        assert_eq!(
            found("A: {type: object, additionalProperties: {allOf: [{}, {description: anything}, {allOf: [{}]}]}}"),
            [""; 0]
        );
    }

    #[test]
    fn several_choices_for_one_value_are_counted() {
        let both = "A: {oneOf: [{type: string}, {type: number}], anyOf: [{type: object, properties: {c: {}}}, {type: object, properties: {d: {}}}]}";
        assert_eq!(found(both), ["/components/schemas/A"]);
    }

    #[test]
    fn what_the_document_says_is_counted_where_it_says_it() {
        let mixed = "A: {type: object, properties: {a: {enum: [1, x, [2]]}, b: {}}}";
        assert_eq!(found(mixed), ["/components/schemas/A/properties/a"]);
    }
}
