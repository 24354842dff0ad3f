//! The registry of diagnostic codes: one constant and one line of explanation each.
//!
//! Invariant: every code that a stage uses is declared here, names are unique, and [`ALL`] lists them.

use super::Code;

macro_rules! codes {
    ($($name:ident = $text:literal: $explanation:literal;)*) => {
        $(#[doc = $explanation] pub const $name: Code = Code($text);)*

        /// Every code with its explanation.
        pub const ALL: &[(Code, &str)] = &[$(($name, $explanation)),*];
    };
}

codes! {
    // load
    UNREADABLE = "unreadable": "A file cannot be read, or is not UTF-8.";
    SYNTAX = "syntax": "The text is not well-formed YAML or JSON.";
    EMPTY_DOCUMENT = "empty-document": "The file holds no document.";
    NOT_A_MAPPING = "not-a-mapping": "The top level of the document is not a mapping.";
    SEVERAL_DOCUMENTS = "several-documents": "The file holds more than one YAML document.";
    DUPLICATE_KEY = "duplicate-key": "A mapping has the same key twice.";
    BAD_KEY = "bad-key": "A mapping key is not a plain text or number.";
    YAML_TAG = "yaml-tag": "A YAML tag that has no meaning in OpenAPI.";
    ANCHOR_REDEFINED = "anchor-redefined": "The same YAML anchor is defined twice.";
    ALIAS_LIMIT = "alias-limit": "YAML aliases expand to far more than the file holds.";
    BAD_MERGE = "bad-merge": "The value of a merge key is not a mapping.";
    TOO_DEEP = "too-deep": "The document is nested more than 128 levels deep.";
    INEXACT_NUMBER = "inexact-number": "A number that 64 bits cannot hold exactly.";
    // normalize
    MISSING_VERSION = "missing-version": "Neither `openapi` nor `swagger` says which version the document has.";
    UNSUPPORTED_VERSION = "unsupported-version": "The document has a version that is not read.";
    SEVERAL_BODIES = "several-bodies": "An operation has two bodies, or a body beside form fields.";
    DYNAMIC_REFERENCE = "dynamic-reference": "A reference whose target depends on who refers to it.";
    EXPANSION = "expansion": "References that have to be copied expand to far more than the document holds.";
    OVERLAY_TARGET = "overlay-target": "An overlay's action selects nothing, or nothing that it can act on.";
    OVERLAY_UPDATE = "overlay-update": "An overlay's action puts a value where it does not fit.";
    LOSSY_STEP = "lossy-step": "The normalized document would say less than the original, which `--strict` refuses.";
    // structure
    UNKNOWN_FIELD = "unknown-field": "A key that OpenAPI 3.0 does not define at this place.";
    MISSING_FIELD = "missing-field": "A required key is absent.";
    WRONG_TYPE = "wrong-type": "A value has another JSON type than OpenAPI asks for.";
    BAD_VALUE = "bad-value": "A value is none of those that OpenAPI allows here.";
    BAD_STATUS = "bad-status": "A response key is neither a status code, a range such as `4XX`, nor `default`.";
    BAD_PATH = "bad-path": "A path does not begin with a slash.";
    BAD_NAME = "bad-name": "A component's name holds characters that OpenAPI does not allow.";
    BAD_REFERENCE = "bad-reference": "A `$ref` is not a text.";
    REFERENCE_SIBLINGS = "reference-siblings": "Keys beside a `$ref` that would change its values; OpenAPI 3.0 says they are ignored.";
    CONTRADICTION = "contradiction": "Two keys that exclude each other.";
    XML = "xml": "Annotations for XML bodies; bodies are JSON.";
    IGNORED_FIELD = "ignored-field": "A legal key that has no effect on the generated client.";
    // gate
    LOST = "lost": "A part of the document that would get lost or altered when it is decoded.";
    UNDECODABLE = "undecodable": "A part of the document that cannot be decoded as OpenAPI 3.0.";
    // resolve
    BROKEN_REFERENCE = "broken-reference": "A reference leads to nothing.";
    CYCLIC_REFERENCE = "cyclic-reference": "A reference leads back to itself.";
    WRONG_REFERENCE_KIND = "wrong-reference-kind": "A reference leads to another kind of object than can stand there.";
    EXTERNAL_REFERENCE = "external-reference": "A reference leads out of the document.";
    UNSUPPORTED_REFERENCE = "unsupported-reference": "A reference leads to something that is no component.";
    // lower
    CONFLICTING_ALL_OF = "conflicting-all-of": "The schemas of an `allOf` contradict each other.";
    UNSUPPORTED_COMPOSITION = "unsupported-composition": "Several `oneOf` or `anyOf` apply to the same value.";
    UNDECIDABLE_UNION = "undecidable-union": "The branches of a union cannot be told apart.";
    DISCRIMINATOR_MAPPING = "discriminator-mapping": "A discriminator does not lead to exactly the branches of its union.";
    DISCRIMINATOR_PROPERTY = "discriminator-property": "A branch of a union lacks the discriminator's property.";
    IGNORED_ALTERNATIVES = "ignored-alternatives": "Branches that only restrict their surroundings, which is not checked.";
    IGNORED_NOT = "ignored-not": "What `not` excludes is not checked.";
    IGNORED_KEYWORD = "ignored-keyword": "A keyword that means nothing for a schema's type.";
    ENUM_CONTRADICTS_TYPE = "enum-contradicts-type": "An `enum` lists values that are not of its schema's type.";
    DUPLICATE_ENUM_VALUE = "duplicate-enum-value": "An `enum` lists a value twice.";
    UNDECLARED_REQUIRED = "undeclared-required": "A required property is not described.";
    DEFAULT_CONTRADICTS_SCHEMA = "default-contradicts-schema": "A default is no value of its schema.";
    MISSING_OPERATION_ID = "missing-operation-id": "An operation has no `operationId` to be named by.";
    DUPLICATE_OPERATION_ID = "duplicate-operation-id": "Two operations have the same `operationId`.";
    DUPLICATE_ROUTE = "duplicate-route": "Two operations differ in nothing but the names of path parameters.";
    DUPLICATE_PARAMETER = "duplicate-parameter": "A list of parameters has the same one twice.";
    OPTIONAL_PATH_PARAMETER = "optional-path-parameter": "A path parameter is not required.";
    PATH_TEMPLATE = "path-template": "A path and its path parameters do not match.";
    IGNORED_HEADER_PARAMETER = "ignored-header-parameter": "A header parameter that OpenAPI has ignored.";
    UNSUPPORTED_PARAMETER_CONTENT = "unsupported-parameter-content": "A parameter is described by `content` that is neither JSON nor a text.";
    IGNORED_REQUEST_BODY = "ignored-request-body": "A request body that is not sent.";
    IGNORED_ENCODING = "ignored-encoding": "What is said about writing a property of a body has no effect.";
    UNSUPPORTED_MEDIA_TYPE = "unsupported-media-type": "A media type that cannot be encoded or decoded.";
    NO_RESPONSE = "no-response": "An operation lists no response.";
    PROTOCOL_SWITCH = "protocol-switch": "An operation succeeds by leaving HTTP.";
    UNKNOWN_SECURITY_SCHEME = "unknown-security-scheme": "A security requirement names a scheme that is not there.";
    UNSUPPORTED_SECURITY = "unsupported-security": "A security scheme that cannot be applied.";
    UNSUPPORTED_CALLBACKS = "unsupported-callbacks": "A callback that is not generated.";
    UNSUPPORTED_WEBHOOK = "unsupported-webhook": "A webhook that is not generated.";
    SERVER_TEMPLATE = "server-template": "A server's URL and its variables do not match.";
    // contract
    CONTRACT_VALUE = "contract-value": "No valid value is found for a schema, so the contract leaves out what needs one.";
    // generate
    PANIC = "panic": "A stage of the generator panicked: a mistake of the generator.";
    GENERATED_CODE = "generated-code": "A generated file is not Rust: a mistake of the generator.";
    PROJECT = "project": "The folder of documents or the generated crate is not as it has to be.";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_unique_and_kebab_case() {
        let mut names: Vec<_> = ALL.iter().map(|(code, _)| code.0).collect();
        names.sort_unstable();
        let count = names.len();
        names.dedup();
        assert_eq!(names.len(), count);
        for (code, explanation) in ALL {
            assert!(code.0.chars().all(|c| c.is_ascii_lowercase() || c == '-'), "{code}");
            assert!(explanation.ends_with('.'), "{code}");
        }
    }
}
