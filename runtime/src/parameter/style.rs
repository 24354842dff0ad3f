//! The styles of parameters.

/// The serialization of a parameter value (OpenAPI 3.0.3 §4.7.12.3).
///
/// In the examples the value is the string `blue`, the array `["blue", "black"]` or the object `{"R": 100, "G": 200}`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Style {
    /// Path and header: `blue,black`; object `R,100,G,200`, exploded `R=100,G=200`.
    Simple {
        /// Whether properties are written as `key=value`.
        explode: bool,
    },
    /// Path: `.blue,black`, exploded `.blue.black`; object `.R,100,G,200`, exploded `.R=100.G=200` (RFC 6570 §3.2.5).
    Label {
        /// Whether elements and properties are separated by `.`, and properties are written as `key=value`.
        explode: bool,
    },
    /// Path: `;color=blue,black`, exploded `;color=blue;color=black`; object `;color=R,100,G,200`, exploded
    /// `;R=100;G=200`.
    Matrix {
        /// Whether each element or property has its own `;name=value`.
        explode: bool,
    },
    /// Path: `blue/black`: several segments. Slashes in the value are sent unchanged. At the beginning of a path, the
    /// value may include the leading slash. Segments `.` and `..` are refused.
    Segments,
    /// Path: `Segments` with `allowReserved` (OpenAPI 3.2.0 §4.12.2.2). Reserved characters except `?`, `#`, `[` and `]`
    /// and percent-encoded triples are sent unchanged (RFC 6570 §3.2.3).
    SegmentsReserved,
    /// Query and cookie: `color=blue,black`, exploded `color=blue&color=black`; object `color=R,100,G,200`, exploded
    /// `R=100&G=200`.
    Form {
        /// Whether each element or property has its own pair.
        explode: bool,
    },
    /// Query: `Form` with `allowReserved`. Reserved characters are not percent-encoded, except `#`, `&`, `+`, `[` and
    /// `]`, which would change the meaning of the query.
    AllowReserved {
        /// Whether each element or property has its own pair.
        explode: bool,
    },
    /// Query: `color=blue%20black`. Exploded, it is `Form { explode: true }`.
    SpaceDelimited,
    /// Query: `color=blue%7Cblack`. Exploded, it is `Form { explode: true }`.
    PipeDelimited,
    /// Query: `color[R]=100&color[G]=200`, with percent-encoded brackets. OpenAPI does not define nested values: here
    /// nested objects are `a[b][c]=1`, and elements of arrays are numbered, `a[b][0]=1`.
    DeepObject,
    /// Query: `SpaceDelimited` with `allowReserved`, see `AllowReserved`.
    SpaceDelimitedReserved,
    /// Query: `PipeDelimited` with `allowReserved`, see `AllowReserved`.
    PipeDelimitedReserved,
    /// Query: `DeepObject` with `allowReserved` for the values. The brackets in names are percent-encoded.
    DeepObjectReserved,
    /// Path, query, header and cookie: the value as JSON, for a parameter with `content: application/json` (OpenAPI
    /// 3.0.3 §4.7.12.2.2).
    Json,
    /// Cookie: like `Form`, with `; ` between exploded pairs and without percent-encoding (OpenAPI 3.2.0 §4.12.3).
    Cookie {
        /// Whether each element or property is a separate cookie.
        explode: bool,
    },
    /// The whole query (OpenAPI 3.2.0 §4.12.1), as `application/x-www-form-urlencoded`: `R=100&G=200`.
    QueryForm,
    /// The whole query, as JSON: `%7B%22R%22%3A100%7D`.
    QueryJson,
    /// The whole query, as text: `blue`.
    QueryText,
}

impl Style {
    /// The default of path and header parameters.
    pub(crate) const SIMPLE: Self = Self::Simple { explode: false };
    /// The default of query and cookie parameters.
    pub(crate) const FORM: Self = Self::Form { explode: true };

    /// Returns `true` if all elements of an array are written as one text, rather than one pair each.
    pub(crate) fn is_one_text(self) -> bool {
        !matches!(
            self,
            Self::Form { explode: true }
                | Self::AllowReserved { explode: true }
                | Self::Cookie { explode: true }
                | Self::DeepObject
                | Self::DeepObjectReserved
                | Self::Json
                | Self::QueryForm
                | Self::QueryJson
        )
    }
}
