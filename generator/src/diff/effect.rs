//! Part of `diff`: the effect of a keyword's change on the set of valid messages.
//!
//! In: a kind of object and a key. Out: an [`Effect`], by one table. Invariant: every key of the grammar has an effect; any other key has
//! [`Effect::Unknown`].

use clientwright_normalizer::structure::extensions::{ADDITIONAL_OPERATIONS, STYLE, UNEVALUATED_PROPERTIES, WEBHOOKS};
use clientwright_normalizer::structure::grammar::{Kind, is_extension};

/// The effect of a keyword.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Effect {
    /// Documentation; no message depends on the keyword.
    Words,
    /// An option of the generator or the client; no message depends on it.
    Extension,
    /// A greater number allows more; without it, everything is allowed.
    Upper,
    /// A smaller number allows more; without it, everything is allowed.
    Lower,
    /// `true` allows less than `false`, which is the default.
    Narrowing,
    /// `true` allows more than `false`, which is the default.
    Widening,
    /// A rule that restricts the valid messages. Two rules cannot be compared.
    Rule,
    /// A list of allowed values; without it, everything is allowed.
    Values,
    /// A list of names that must be present.
    Names,
    /// The JSON type.
    Type,
    /// The value that an absent one stands for.
    Default,
    /// Whether additional properties are allowed, or their schema.
    Additional,
    /// Schema names by values of a discriminator.
    Mapping,
    /// Alternative schemas.
    Choices,
    /// The form of a message, or an address: any difference matters.
    Form,
    /// Objects that are compared part by part.
    Parts,
    /// The keyword is compared where its object is used.
    Elsewhere,
    /// The grammar does not define the keyword.
    Unknown,
}

/// Returns the effect of a key of an object.
pub(super) fn effect(kind: Kind, key: &str) -> Effect {
    use Effect::*;
    match (kind, key) {
        (
            _,
            "description" | "summary" | "title" | "externalDocs" | "example" | "examples" | "deprecated" | "tags"
            | "operationId" | "bearerFormat" | "links" | "info" | "openapi",
        ) => Words,
        (Kind::Tag | Kind::Example | Kind::Link | Kind::Info | Kind::ExternalDocs, _) => Words,
        (_, WEBHOOKS | ADDITIONAL_OPERATIONS) => Parts,
        (_, UNEVALUATED_PROPERTIES | "additionalProperties") => Additional,
        (_, "x-in" | STYLE | "style" | "explode" | "allowReserved" | "encoding" | "xml") => Form,
        (Kind::SecurityRequirement, _) | (_, "security" | "parameters" | "servers" | "components" | "paths") => {
            Elsewhere
        }
        (_, key) if is_extension(key) => Extension,
        (Kind::Schema, "multipleOf" | "pattern" | "format" | "not") => Rule,
        (Kind::Schema, "maximum" | "maxLength" | "maxItems" | "maxProperties") => Upper,
        (Kind::Schema, "minimum" | "minLength" | "minItems" | "minProperties") => Lower,
        (Kind::Schema, "exclusiveMaximum" | "exclusiveMinimum" | "uniqueItems") => Narrowing,
        (Kind::Schema, "nullable") | (_, "allowEmptyValue") => Widening,
        (Kind::Schema, "required") => Names,
        (Kind::Parameter | Kind::Header | Kind::RequestBody, "required") => Narrowing,
        (Kind::Schema, "enum") => Values,
        (Kind::Schema, "type") => Type,
        (Kind::Schema, "default") => Default,
        (Kind::Schema, "oneOf" | "anyOf") => Choices,
        // `properties` compares the properties that are present in the direction, including those of `allOf`.
        (Kind::Schema, "allOf" | "readOnly" | "writeOnly") | (Kind::Parameter, "name" | "in") => Elsewhere,
        (Kind::Discriminator, "mapping") => Mapping,
        (Kind::Discriminator, _) | (Kind::SecurityScheme | Kind::Server | Kind::ServerVariable, _) => Form,
        (_, key) if kind.grammar().form_of(key).is_some() => Parts,
        _ => Unknown,
    }
}

#[cfg(test)]
mod tests {
    use clientwright_normalizer::structure::grammar::{DOCUMENT, Form};

    use super::*;

    /// Returns the kind of the objects in a form.
    fn kind(form: &Form) -> Option<Kind> {
        match form {
            Form::List(item) | Form::Map(item) | Form::Components(item) => kind(item),
            form => form.object().map(|object| object.kind),
        }
    }

    #[test]
    fn every_key_of_the_grammar_has_an_effect() {
        let (mut open, mut seen) = (vec![kind(&DOCUMENT).unwrap()], Vec::new());
        while let Some(next) = open.pop() {
            if seen.contains(&next) {
                continue;
            }
            seen.push(next);
            for field in next.grammar().fields {
                let effect = effect(next, field.name);
                let part = kind(&field.form);
                assert_ne!(effect, Effect::Unknown, "{next:?} {}", field.name);
                assert!(effect != Effect::Parts || part.is_some(), "{next:?} {} has no parts", field.name);
                open.extend(part.filter(|_| !matches!(effect, Effect::Words | Effect::Form)));
            }
        }
        assert!(seen.len() > 10, "{seen:?}");
        assert_eq!(effect(Kind::Schema, "nonsense"), Effect::Unknown);
    }
}
