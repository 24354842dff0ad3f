//! Part of `support`: the texts of the page that fixtures cannot show. Not a stage of the pipeline.
//!
//! Invariant: each keyword of `EFFECTS` exists in OpenAPI 3.0.3, and each object that only later versions have is in `CONVERTED`.

/// The effects of keywords that readers look up: the object, its keywords, and the effect on the client.
pub(super) const EFFECTS: &[(&str, &str, &str)] = &[
    ("an OpenAPI document", "servers", "[constants and variables](guide/first-call.md)"),
    ("an OpenAPI document", "security", CREDENTIALS),
    ("an OpenAPI document", "tags", "documentation of the [groups of methods](NAMES.md#tags)"),
    ("an OpenAPI document", "x-webhooks", "types of the payloads"),
    ("a path item", "x-additional-operations", "methods of the client"),
    ("an operation", "tags", "[groups of methods](NAMES.md#tags)"),
    ("an operation", "operationId", "[names of methods](NAMES.md#methods)"),
    ("an operation", "callbacks", "types of the payloads"),
    ("an operation", "deprecated", "`#[deprecated]`"),
    ("an operation", "security", CREDENTIALS),
    ("a parameter", "style explode", "[styles](#parameter-styles)"),
    ("a parameter", "allowEmptyValue", "none: an empty value can always be sent"),
    ("a parameter", "allowReserved", "reserved characters and percent-encoded triples are sent unchanged"),
    ("a parameter", "deprecated", "`#[deprecated]` on the setter of an optional parameter"),
    ("a parameter", "content", "JSON or a string; a form for `in: querystring`"),
    ("a parameter", "x-in x-style", EXTENSIONS),
    ("a schema", "title", "documentation, and [names of variants](NAMES.md#variants)"),
    ("a schema", "multipleOf exclusiveMaximum exclusiveMinimum maxLength minLength pattern uniqueItems", BOUNDS),
    ("a schema", "maxProperties minProperties", BOUNDS),
    ("a schema", "maximum minimum", "documentation, and the [width of integers](guide/values.md#64-bit-integers)"),
    ("a schema", "maxItems minItems", "documentation, and [tuples](EXTENSIONS.md#tuples)"),
    ("a schema", "required", "arguments of `new`"),
    ("a schema", "enum", "[enum](guide/unions.md#enum-values), or [constant](SIGNATURES.md#constants) of one value"),
    ("a schema", "allOf", "one type with the properties of all parts"),
    ("a schema", "oneOf anyOf", "[union](guide/unions.md)"),
    ("a schema", "additionalProperties", "map of the other properties, unless `false`"),
    ("a schema", "format", "[types](guide/values.md#string-and-number-formats)"),
    ("a schema", "example externalDocs description deprecated", "documentation"),
    ("a schema", "default", "documentation; the value of an absent property that no request has"),
    ("a schema", "nullable", "[`Option` or `Maybe`](guide/values.md#absent-null-or-a-value)"),
    ("a schema", "discriminator", "selects the [variant](guide/unions.md#matching-a-union)"),
    (
        "a schema",
        "readOnly writeOnly",
        "[separate request and response types](SIGNATURES.md#request-and-response-types)",
    ),
    ("a schema", "xml", "[elements](guide/xml.md)"),
    ("a schema", "x-unevaluated-properties", EXTENSIONS),
    ("a media type", "encoding", "fields of forms, parts of [multipart bodies](guide/files.md)"),
    ("a security scheme", "type scheme", SCHEMES),
    ("an encoding", "style explode allowReserved", "fields of forms, as for query parameters"),
];

const SCHEMES: &str = "[credentials](CREDENTIALS.md): `apiKey`, `http`, `oauth2`, `openIdConnect`; \
    schemes with computed credentials are left to the caller, and reported: `unsupported-security`";
const BOUNDS: &str = "documentation; clients do not check it";
const CREDENTIALS: &str = "[credentials](CREDENTIALS.md)";
const EXTENSIONS: &str = "[extension](EXTENSIONS.md)";

/// Keywords of other versions, which the normalizer converts: the heading, and its keywords with their effects.
pub(super) const CONVERTED: &[(&str, &[(&str, &str)])] = &[
    (
        "Keywords of JSON Schema 2020-12 and OpenAPI 3.1",
        &[
            ("const", "[constant](SIGNATURES.md#constants)"),
            ("type: [A, B]", "[union](guide/unions.md) of the types; with `null`, [nullable](guide/values.md)"),
            ("prefixItems", "[tuple](EXTENSIONS.md#tuples) of a fixed length; otherwise array of any of the schemas"),
            ("items: false|additionalItems|unevaluatedItems", "elements after those of `prefixItems`, or none"),
            (
                "if|then|else|dependentSchemas|dependencies",
                "properties that only they declare are optional properties; conditions are not checked",
            ),
            (
                "patternProperties",
                "map of the other properties with any of the schemas, whatever their names; ignored next to `properties` without `additionalProperties`",
            ),
            ("unevaluatedProperties", "map of the other properties, unless `false`"),
            ("dependentRequired|propertyNames|contains|minContains|maxContains", "none: they restrict values"),
            ("exclusiveMinimum: 0|exclusiveMaximum: 0", BOUNDS),
            ("examples", "documentation"),
            (
                "contentEncoding",
                "`base64`: [`Base64`](guide/values.md#bytes-in-json); `binary`: bytes in [bodies and parts](guide/files.md); others: none",
            ),
            ("contentMediaType", "[media type of a part](EXTENSIONS.md#content-of-strings)"),
            ("contentSchema", "[data of events](STREAMS.md#event-schemas); elsewhere none"),
            ("$defs|definitions", "types, as components"),
            ("$ref", "with siblings: both apply"),
            (
                "$dynamicRef",
                "the schema with the anchor; if several have it, any JSON value, and the ledger has `dynamic-reference`",
            ),
            ("$id|$anchor|$dynamicAnchor", "targets of references"),
            ("$schema|jsonSchemaDialect|$vocabulary", "none: each dialect is read as 2020-12"),
            ("$comment", "none"),
            ("webhooks", "types of the payloads"),
            ("pathItems", "inlined where they are used"),
            (
                "type: mutualTLS",
                "left to the [transport](guide/features.md#certificate-authorities-and-proxies), which has the certificate",
            ),
            ("summary|identifier", "of `info` and its licence: documentation, and none"),
        ],
    ),
    (
        "Keywords of OpenAPI 3.2",
        &[
            ("query|additionalOperations", "methods of the client"),
            ("in: querystring", "[styles](#parameter-styles)"),
            ("style: cookie", "cookie that is not percent-encoded"),
            ("itemSchema", "[items of a stream](STREAMS.md#documented-streams)"),
            ("prefixEncoding|itemEncoding", "none: parts have names"),
            ("encoding", "in an encoding: none"),
            ("defaultMapping", "variant of a [union](guide/unions.md) for other values"),
            ("deviceAuthorization", "[tokens](CREDENTIALS.md#oauth-20)"),
            ("oauth2MetadataUrl", "none"),
            ("deprecated", "of a security scheme: none"),
            ("nodeType", "none"),
            ("mediaTypes", "inlined where they are used"),
            ("dataValue", "documentation"),
            ("serializedValue", "none"),
            ("name|summary|parent|kind", "of a server or tag: none. The `summary` of a response is documentation"),
            ("$self", "base of references"),
        ],
    ),
    (
        "Keywords of Swagger 2.0",
        &[
            ("host|basePath|schemes", "servers"),
            ("consumes|produces", "media types"),
            ("definitions|parameters|responses|securityDefinitions", "components"),
            ("in: body|in: formData", "request body"),
            ("type: file", "[files](guide/files.md)"),
            ("collectionFormat", "[styles](#parameter-styles); one that OpenAPI 3 lacks makes the parameter a string"),
            ("discriminator", "union of the definitions that extend this one"),
            ("x-nullable", "`nullable`"),
        ],
    ),
];

/// The table of styles, which the grammar has for each location.
pub(super) const STYLES: &str = "\
## Parameter styles

| `in` | `style` |
|---|---|
| `path` | `simple` (default), `label`, `matrix`; [several segments](EXTENSIONS.md#path-segments) |
| `query` | `form` (default), `spaceDelimited`, `pipeDelimited`, `deepObject` |
| `header` | `simple` |
| `cookie` | `form`; `cookie` of OpenAPI 3.2 |
| `querystring` of OpenAPI 3.2 | the whole query: a form, JSON or text |

`deepObject` always explodes. Values that a style cannot represent are rejected before anything is sent.
";
