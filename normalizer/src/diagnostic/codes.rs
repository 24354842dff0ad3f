//! The registry of diagnostic codes: one constant and one line of explanation each. `cli/explain/<code>.md` has the
//! details.
//!
//! Invariant: every code that a stage uses is declared here, names are unique, and [`ALL`] lists them.

use super::Code;

macro_rules! codes {
    ($dollar:tt $($name:ident = $text:literal: $explanation:literal;)*) => {
        $(#[doc = $explanation] pub const $name: Code = Code($text);)*

        /// Every code with its explanation.
        pub const ALL: &[(Code, &str)] = &[$(($name, $explanation)),*];

        /// Calls a macro with the names of all codes.
        #[doc(hidden)]
        #[macro_export]
        macro_rules! diagnostic_codes {
            ($dollar call:ident) => { $dollar call!($($text),*) };
        }
    };
}

codes! { $
    // load
    UNREADABLE = "unreadable": "A file cannot be read, or is not UTF-8.";
    SYNTAX = "syntax": "The text is not well-formed YAML or JSON.";
    EMPTY_DOCUMENT = "empty-document": "The file contains no document.";
    NOT_A_MAPPING = "not-a-mapping": "The top level of the document is not an object.";
    SEVERAL_DOCUMENTS = "several-documents": "The file contains more than one YAML document.";
    DUPLICATE_KEY = "duplicate-key": "An object has the same key twice.";
    BAD_KEY = "bad-key": "The key of an object is an array or an object.";
    YAML_TAG = "yaml-tag": "A YAML tag has no meaning in OpenAPI.";
    ANCHOR_REDEFINED = "anchor-redefined": "The same YAML anchor is defined twice.";
    ENDLESS_ALIAS = "endless-alias": "A YAML alias refers to a node that contains it.";
    ALIAS_LIMIT = "alias-limit": "YAML aliases expand to far more than the file contains.";
    BAD_MERGE = "bad-merge": "The value of a YAML merge key is not an object.";
    TOO_LONG = "too-long": "The JSON pointer to a node has more than 2048 bytes, or 8192 in a normalized document.";
    TOO_DEEP = "too-deep": "The document is nested more than 128 levels deep.";
    INEXACT_NUMBER = "inexact-number": "A number cannot be represented exactly in 64 bits.";
    // normalize
    MISSING_VERSION = "missing-version": "The document does not state its version.";
    UNSUPPORTED_VERSION = "unsupported-version": "The version of the document is not supported.";
    SEVERAL_BODIES = "several-bodies": "An operation of Swagger 2.0 has two bodies, or a body and form fields.";
    DYNAMIC_REFERENCE = "dynamic-reference": "The target of a reference depends on the referring schema.";
    EXPANSION = "expansion": "References that must be copied expand to far more than the document contains.";
    OVERLAY_TARGET = "overlay-target": "An overlay action selects nothing, or nothing that it can change.";
    OVERLAY_UPDATE = "overlay-update": "An overlay action merges a value into a value of another kind.";
    LOSSY_STEP = "lossy-step": "A step loses information, which `--strict` rejects.";
    // structure
    UNKNOWN_FIELD = "unknown-field": "OpenAPI 3.0 does not define this key here.";
    MISSING_FIELD = "missing-field": "A required key is missing.";
    WRONG_TYPE = "wrong-type": "A value has another JSON type than OpenAPI requires.";
    BAD_VALUE = "bad-value": "A value is not among the values that OpenAPI allows here.";
    BAD_STATUS = "bad-status": "A response key is neither a status code, a range such as `4XX`, nor `default`.";
    BAD_METHOD = "bad-method": "A key of `x-additional-operations` is not an HTTP method.";
    BAD_PATH = "bad-path": "A path does not begin with a slash.";
    BAD_NAME = "bad-name": "The name of a component contains characters that OpenAPI does not allow.";
    BAD_REFERENCE = "bad-reference": "The value of `$ref` is not a string.";
    REFERENCE_SIBLINGS = "reference-siblings": "Siblings of a `$ref` are ignored, as OpenAPI 3.0 requires.";
    CONTRADICTION = "contradiction": "Two keys are mutually exclusive.";
    IGNORED_FIELD = "ignored-field": "A valid key has no effect on the generated client.";
    // resolve
    BROKEN_REFERENCE = "broken-reference": "The target of a reference does not exist.";
    CYCLIC_REFERENCE = "cyclic-reference": "A reference leads back to itself.";
    WRONG_REFERENCE_KIND = "wrong-reference-kind": "A reference leads to an object of the wrong kind.";
    EXTERNAL_REFERENCE = "external-reference": "A reference leads out of the document.";
    UNSUPPORTED_REFERENCE = "unsupported-reference": "A reference leads to an object that is not a component.";
    // lower
    CONFLICTING_ALL_OF = "conflicting-all-of": "The schemas of an `allOf` contradict each other.";
    UNSUPPORTED_COMPOSITION = "unsupported-composition": "Several `oneOf` or `anyOf` of one value cannot be combined.";
    UNDECIDABLE_UNION = "undecidable-union": "A branch of a union is unreachable, because another branch matches the same values.";
    DISCRIMINATOR_MAPPING = "discriminator-mapping": "The mapping of a discriminator does not match the branches of its union.";
    DISCRIMINATOR_PROPERTY = "discriminator-property": "A branch of a union lacks the property of the discriminator.";
    IGNORED_ALTERNATIVES = "ignored-alternatives": "The branches of a union only restrict the enclosing schema, which is not checked.";
    IGNORED_NOT = "ignored-not": "The values that `not` excludes are not checked.";
    IGNORED_KEYWORD = "ignored-keyword": "A keyword has no meaning for the type of its schema.";
    ENUM_CONTRADICTS_TYPE = "enum-contradicts-type": "An `enum` lists values that the type of its schema excludes.";
    DUPLICATE_ENUM_VALUE = "duplicate-enum-value": "An `enum` lists a value twice.";
    UNDECLARED_REQUIRED = "undeclared-required": "A required property has no schema.";
    DEFAULT_CONTRADICTS_SCHEMA = "default-contradicts-schema": "A default does not match its schema.";
    MISSING_OPERATION_ID = "missing-operation-id": "An operation has no `operationId`, which its method is named after.";
    DUPLICATE_OPERATION_ID = "duplicate-operation-id": "Two operations have the same `operationId`.";
    DUPLICATE_ROUTE = "duplicate-route": "Two operations differ only in the names of their path parameters.";
    DUPLICATE_PARAMETER = "duplicate-parameter": "The same parameter is listed twice.";
    OPTIONAL_PATH_PARAMETER = "optional-path-parameter": "A path parameter is not required.";
    PATH_TEMPLATE = "path-template": "A path and its path parameters do not match.";
    IGNORED_HEADER_PARAMETER = "ignored-header-parameter": "A header parameter is ignored, because the client sets the header.";
    UNSUPPORTED_PARAMETER_CONTENT = "unsupported-parameter-content": "The `content` of a parameter is neither JSON nor a string.";
    IGNORED_REQUEST_BODY = "ignored-request-body": "A request body is not sent.";
    IGNORED_ENCODING = "ignored-encoding": "The `encoding` of a property has no effect.";
    UNSUPPORTED_MEDIA_TYPE = "unsupported-media-type": "A body of this media type cannot be encoded or decoded.";
    UNSUPPORTED_STREAM = "unsupported-stream": "The items of a stream cannot be decoded by a schema.";
    NO_RESPONSE = "no-response": "An operation lists no response.";
    PROTOCOL_SWITCH = "protocol-switch": "An operation succeeds by switching from HTTP to another protocol.";
    UNKNOWN_SECURITY_SCHEME = "unknown-security-scheme": "A security requirement names a scheme that does not exist.";
    UNSUPPORTED_SECURITY = "unsupported-security": "A security scheme is not supported.";
    UNSUPPORTED_CALLBACKS = "unsupported-callbacks": "A callback is not generated.";
    PAGINATION = "pagination": "`x-pagination` is malformed or does not match its operation.";
    POLLING = "polling": "`x-polling` is malformed or does not match its operation.";
    SERVER_TEMPLATE = "server-template": "The URL of a server and its variables do not match.";
    // generate
    PANIC = "panic": "A stage panicked, which is a bug in Clientwright.";
    GENERATED_CODE = "generated-code": "A generated file is not valid Rust, which is a bug in Clientwright.";
    PROJECT = "project": "The project layout is invalid.";
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
