//! Values of parameters (OpenAPI 3.0.3 §4.7.12.3).
//!
//! In: a value as the JSON that the codec wrote, so that any type can be a parameter. Out: its text in the style of the
//! parameter, percent-encoded for path, query or cookie (RFC 3986 §2, RFC 6265 §4.1.1). Invariants: a value stays in
//! its location: in a path it has no `/` unless its style allows it, in a query no `&` or `#`, in a cookie no `;`. null
//! means that the parameter is not set, also in arrays and objects (RFC 6570 §3.2.1, "undefined").

mod style;

use std::borrow::Cow;

use percent_encoding::{AsciiSet, CONTROLS, NON_ALPHANUMERIC, PercentEncode, utf8_percent_encode};

use crate::wire::{DEPTH_LIMIT, DecodeError, JsonType, Reader, Reason};
pub use style::Style;

/// Adds these characters to a set or removes them.
macro_rules! ascii_set {
    ($set:ident.$change:ident($($byte:literal),+)) => {
        &$set$(.$change($byte))+
    };
}
pub(crate) use ascii_set;

/// All characters except the unreserved ones of RFC 3986 §2.3.
const VALUE: &AsciiSet = ascii_set!(NON_ALPHANUMERIC.remove(b'-', b'.', b'_', b'~'));
/// For values of several path segments.
const SEGMENTS: &AsciiSet = &VALUE.remove(b'/');
/// For `allowReserved`: leaves reserved characters, except those that would end the query or the value or mean another
/// character. [`encoded`] leaves percent-encoded triples, too.
const RESERVED: &AsciiSet =
    ascii_set!(VALUE.remove(b':', b'/', b'?', b'@', b'!', b'$', b'\'', b'(', b')', b'*', b',', b';', b'='));
/// As `RESERVED`, in an array or an object, where the comma is a separator.
const RESERVED_ITEM: &AsciiSet = &RESERVED.add(b',');
/// As `RESERVED`, for values of several path segments, which `?` would end.
const RESERVED_SEGMENTS: &AsciiSet = &RESERVED.add(b'?').remove(b'&').remove(b'+');
/// For path templates: what RFC 3986 §3.3 does not allow. `%` is left, because templates are already encoded.
const TEMPLATE: &AsciiSet =
    ascii_set!(CONTROLS.add(b' ', b'"', b'<', b'>', b'[', b']', b'\\', b'^', b'`', b'{', b'|', b'}'));
/// For queries that are sent verbatim: characters that are encoded in any case (WHATWG URL §1.3), including spaces and
/// non-ASCII characters.
const QUERY: &AsciiSet = ascii_set!(CONTROLS.add(b' ', b'"', b'#', b'<', b'>', b'\''));
/// All characters except the cookie octets of RFC 6265 §4.1.1.
const COOKIE_KEY: &AsciiSet = ascii_set!(CONTROLS.add(b' ', b'"', b',', b';', b'\\'));
/// As `COOKIE_KEY`, for a value that the server decodes, with `%`.
const COOKIE: &AsciiSet = &COOKIE_KEY.add(b'%');

const BROKEN: Reason = "has a value that could not be encoded";
const MISPLACED: Reason = "has a style that is not allowed in this location";
const TOO_DEEP: Reason = "has a value that is nested too deeply";
const INSEPARABLE: Reason = "has a value that contains the separator of its style";

/// One level of a value. Nested values remain JSON.
pub(crate) enum Value<'j, T = &'j str> {
    Null,
    /// A string, number or boolean.
    Scalar(Cow<'j, str>),
    Array(Vec<T>),
    Object(Vec<(String, T)>),
}

/// A value as texts: the content of a string, and the JSON of any other value. null values are omitted.
type Texts<'j> = Value<'j, Cow<'j, str>>;

impl<'j> Texts<'j> {
    fn of(json: &'j str) -> Result<Self, Reason> {
        Ok(match parse(json)? {
            Value::Null => Self::Null,
            Value::Scalar(text) => Self::Scalar(text),
            Value::Array(elements) => Self::Array(texts(&elements)?),
            Value::Object(properties) => {
                let mut texts = Vec::with_capacity(properties.len());
                for (key, json) in properties {
                    texts.extend(text(json)?.map(|text| (key, text)));
                }
                Self::Object(texts)
            }
        })
    }

    /// Returns `true` if there is a value to send. null and empty arrays and objects are undefined (RFC 6570 §3.2.1);
    /// an empty string is not.
    fn is_defined(&self) -> bool {
        match self {
            Self::Null => false,
            Self::Scalar(_) => true,
            Self::Array(elements) => !elements.is_empty(),
            Self::Object(properties) => !properties.is_empty(),
        }
    }

    /// Returns `true` if all texts, and the keys of an object, satisfy a condition.
    fn all(&self, predicate: impl Fn(&str) -> bool) -> bool {
        match self {
            Self::Null => true,
            Self::Scalar(text) => predicate(text),
            Self::Array(elements) => elements.iter().all(|text| predicate(text)),
            Self::Object(properties) => properties.iter().all(|(key, text)| predicate(key) && predicate(text)),
        }
    }

    /// Checks that no key and no element of an array or object contains a separator that the style does not encode.
    /// `allowReserved` does not encode percent-encoded triples, either.
    fn check_separable(&self, separators: &[&str]) -> Result<(), Reason> {
        let has_separator = |text: &str| separators.iter().any(|part| text.to_ascii_uppercase().contains(part));
        let are_apart = matches!(self, Self::Scalar(_)) || self.all(|text| !has_separator(text));
        if are_apart { Ok(()) } else { Err(INSEPARABLE) }
    }

    /// Returns all values, encoded and joined with a separator (RFC 6570 §3.2.1).
    fn joined(&self, separator: &str, explode: bool, encode: impl Fn(&str) -> String) -> String {
        match self {
            Self::Null => String::new(),
            Self::Scalar(text) => encode(text),
            Self::Array(elements) => join(elements.iter().map(|text| encode(text)), separator),
            Self::Object(properties) => {
                let equals = if explode { "=" } else { separator };
                let pairs = properties.iter().map(|(key, text)| [&encode(key), equals, &encode(text)].concat());
                join(pairs, separator)
            }
        }
    }

    /// Returns a pair for each element or property, with encoded names and values.
    fn pairs(&self, name: &str, set: &'static AsciiSet) -> Vec<(String, String)> {
        match self {
            Self::Null => Vec::new(),
            Self::Scalar(text) => vec![(name.to_owned(), encode(text, set))],
            Self::Array(elements) => elements.iter().map(|text| (name.to_owned(), encode(text, set))).collect(),
            Self::Object(properties) => {
                properties.iter().map(|(key, text)| (encode(key, VALUE), encode(text, set))).collect()
            }
        }
    }
}

/// Writes a path parameter.
pub(crate) fn path(name: &str, style: Style, json: &str) -> Result<String, Reason> {
    let value = Texts::of(json)?;
    let encoded = |text: &str| encode(text, VALUE);
    Ok(match style {
        Style::Json => unless_null(&value, json).map(encoded).unwrap_or_default(),
        Style::Simple { explode } => value.joined(",", explode, encoded),
        Style::Label { explode } => {
            if explode {
                value.check_separable(&["."])?;
            }
            let text = value.joined(if explode { "." } else { "," }, explode, encoded);
            if value.is_defined() { format!(".{text}") } else { text }
        }
        Style::Matrix { explode } => matrix(name, &value, explode),
        Style::Segments => value.joined("/", false, |text| encode(text, SEGMENTS)),
        Style::SegmentsReserved => value.joined("/", false, |text| encode(text, RESERVED_SEGMENTS)),
        _ => return Err(MISPLACED),
    })
}

/// Writes the pairs of a query parameter, joined by `&`. Empty if there is no value to send.
pub(crate) fn query(name: &str, style: Style, json: &str) -> Result<String, Reason> {
    let value = Texts::of(json)?;
    let name_encoded = encoded(name, VALUE);
    // A single pair with all elements, which do not contain characters that the style keeps.
    let delimited = |separator: &str, kept: &[&str], set: &'static AsciiSet| {
        value.check_separable(kept)?;
        let pair =
            value.is_defined().then(|| pair(&name_encoded, &value.joined(separator, false, |text| encode(text, set))));
        Ok(pair.unwrap_or_default())
    };
    match style {
        Style::Form { explode: true } => exploded(&name_encoded, &value, json, VALUE),
        Style::AllowReserved { explode: true } => exploded(&name_encoded, &value, json, RESERVED),
        Style::Form { explode: false } => delimited(",", &[], VALUE),
        Style::AllowReserved { explode: false } => match value {
            Texts::Scalar(_) => exploded(&name_encoded, &value, json, RESERVED),
            _ => delimited(",", &[], RESERVED_ITEM),
        },
        // Space and bar are not reserved (RFC 3986 §2.2): they stay separators with `allowReserved`.
        Style::SpaceDelimited => delimited("%20", &[" "], VALUE),
        Style::SpaceDelimitedReserved => delimited("%20", &[" ", "%20"], RESERVED),
        Style::PipeDelimited => delimited("%7C", &["|"], VALUE),
        Style::PipeDelimitedReserved => delimited("%7C", &["|", "%7C"], RESERVED),
        Style::DeepObject => deep_object(name, json, VALUE),
        Style::DeepObjectReserved => deep_object(name, json, RESERVED),
        Style::Json => {
            let json = unless_null(&value, json);
            Ok(json.map(|json| pair(&name_encoded, &encode(json, VALUE))).unwrap_or_default())
        }
        Style::QueryForm if matches!(value, Texts::Null) => Ok(String::new()),
        Style::QueryForm => form(&[], json),
        Style::QueryJson => Ok(unless_null(&value, json).map(|json| encode(json, VALUE)).unwrap_or_default()),
        Style::QueryText => Ok(text(json)?.map(|text| encode(&text, VALUE)).unwrap_or_default()),
        _ => Err(MISPLACED),
    }
}

/// Writes a header parameter, which is not percent-encoded. `None` if there is no value to send.
pub(crate) fn header(style: Style, json: &str) -> Result<Option<String>, Reason> {
    let value = Texts::of(json)?;
    if style == Style::Json {
        return Ok(unless_null(&value, json).map(str::to_owned));
    }
    let Style::Simple { explode } = style else { return Err(MISPLACED) };
    value.check_separable(if explode { &[",", "="] } else { &[","] })?;
    Ok(value.is_defined().then(|| value.joined(",", explode, str::to_owned)))
}

/// Writes the pairs of a cookie parameter. An exploded array or object becomes several cookies.
pub(crate) fn cookie(name: &str, style: Style, json: &str) -> Result<Vec<(String, String)>, Reason> {
    let name = encode(name, VALUE);
    let value = Texts::of(json)?;
    let (explode, set) = match style {
        Style::Json => {
            return Ok(unless_null(&value, json).map(|json| (name, encode(json, COOKIE))).into_iter().collect());
        }
        Style::Form { explode } => (explode, COOKIE),
        // The style does not encode, so the value must consist of cookie octets (RFC 6265 §4.1.1).
        Style::Cookie { explode } if is_cookie_text(&value) => (explode, COOKIE_KEY),
        Style::Cookie { .. } => return Err("has a character that is not allowed in a cookie"),
        _ => return Err(MISPLACED),
    };
    Ok(if explode || matches!(value, Texts::Scalar(_)) {
        value.pairs(&name, set)
    } else {
        let text = value.is_defined().then(|| value.joined(",", false, |text| encode(text, set)));
        text.map(|text| (name, text)).into_iter().collect()
    })
}

fn is_cookie_text(value: &Texts<'_>) -> bool {
    let is_safe = |text: &str| encode(text, COOKIE_KEY) == text;
    match value {
        // The keys of an object are encoded.
        Texts::Object(properties) => properties.iter().all(|(_, text)| is_safe(text)),
        value => value.all(is_safe),
    }
}

/// Writes the properties of an object as `application/x-www-form-urlencoded`, each in its style.
///
/// A property without a style is written as in OpenAPI 3.0.3 §4.7.15: each element of an array is a pair, and an
/// object, also in an array, is JSON.
pub(crate) fn form(styles: &[(&str, Style)], json: &str) -> Result<String, Reason> {
    let Value::Object(properties) = parse(json)? else {
        return Err("is not an object, so it cannot be sent as a form");
    };
    let mut pairs = Vec::with_capacity(properties.len());
    for (key, value) in &properties {
        let style = styles.iter().find(|(name, _)| name == key).map(|(_, style)| *style);
        pairs.push(match (style, parse(value)?) {
            (Some(style), _) => query(key, style, value)?,
            (None, Value::Object(_)) => query(key, Style::Json, value)?,
            (None, _) => query(key, Style::FORM, value)?,
        });
    }
    pairs.retain(|pair| !pair.is_empty());
    Ok(pairs.join("&"))
}

/// Encodes literal text of a path template.
pub(crate) fn literal(text: &str) -> PercentEncode<'_> {
    utf8_percent_encode(text, TEMPLATE)
}

/// Encodes characters that are not allowed in a query (RFC 3986 §3.4). Percent-encoded text is kept.
pub(crate) fn literal_query(text: &str) -> String {
    encode(text, QUERY)
}

/// Encodes characters of an API key that are not allowed in a cookie.
pub(crate) fn cookie_key(value: &str) -> String {
    encode(value, COOKIE_KEY)
}

/// Encodes a name or a value in a query.
pub(crate) fn query_text(text: &str) -> String {
    encode(text, VALUE)
}

/// Returns a pair of a query, percent-encoded.
pub(crate) fn query_pair(name: &str, value: &str) -> String {
    pair(&query_text(name), &query_text(value))
}

fn encode(text: &str, set: &'static AsciiSet) -> String {
    encoded(text, set).into_owned()
}

/// Encodes a text without a copy if no character has to be encoded. With `allowReserved`, percent-encoded triples are
/// kept.
fn encoded<'t>(text: &'t str, set: &'static AsciiSet) -> Cow<'t, str> {
    let keeps_triples = [RESERVED, RESERVED_ITEM, RESERVED_SEGMENTS].contains(&set) && text.contains('%');
    if keeps_triples { around_triples(text, set).into() } else { utf8_percent_encode(text, set).into() }
}

/// Encodes a text except its percent-encoded triples (RFC 6570 §3.2.3).
fn around_triples(text: &str, set: &'static AsciiSet) -> String {
    let mut parts = text.split('%');
    let mut result: String = utf8_percent_encode(parts.next().unwrap_or_default(), set).collect();
    for part in parts {
        let digits = part.as_bytes().first_chunk::<2>();
        let is_triple = digits.is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit));
        result.push_str(if is_triple { "%" } else { "%25" });
        result.extend(utf8_percent_encode(part, set));
    }
    result
}

/// Joins an encoded name and an encoded value.
fn pair(name: &str, value: &str) -> String {
    [name, "=", value].concat()
}

fn join(texts: impl Iterator<Item = String>, separator: &str) -> String {
    texts.collect::<Vec<_>>().join(separator)
}

/// Writes `;name=value`, or `;name` for an empty value (RFC 6570 §3.2.7).
fn matrix(name: &str, value: &Texts<'_>, explode: bool) -> String {
    let one = |(name, text): (String, String)| {
        if text.is_empty() { format!(";{name}") } else { format!(";{name}={text}") }
    };
    let name = encode(name, VALUE);
    if explode {
        value.pairs(&name, VALUE).into_iter().map(one).collect()
    } else if value.is_defined() {
        one((name, value.joined(",", false, |text| encode(text, VALUE))))
    } else {
        String::new()
    }
}

/// Writes a pair for each element or property. OpenAPI does not define an array in an object in this style; frameworks
/// read it like a parameter that is an array: one pair per element.
fn exploded(name: &str, value: &Texts<'_>, json: &str, set: &'static AsciiSet) -> Result<String, Reason> {
    if let Texts::Scalar(text) = value {
        return Ok(pair(name, &encoded(text, set)));
    }
    let Value::Object(properties) = parse(json)? else {
        return Ok(join(value.pairs(name, set).iter().map(|(name, text)| pair(name, text)), "&"));
    };
    let mut pairs = Vec::new();
    for (key, json) in properties {
        let texts = match parse(json)? {
            Value::Array(elements) => texts(&elements)?,
            _ => text(json)?.into_iter().collect(),
        };
        pairs.extend(texts.iter().map(|text| pair(&encode(&key, VALUE), &encode(text, set))));
    }
    Ok(pairs.join("&"))
}

/// Writes the pairs of `deepObject`, `name[key]=value`. `set` is for the values.
fn deep_object(name: &str, json: &str, set: &'static AsciiSet) -> Result<String, Reason> {
    let mut pairs = Vec::new();
    deep_values(name, json, DEPTH_LIMIT, &mut |name, _, text| {
        let is_sent = text.is_some();
        pairs.extend(text.map(|text| pair(&encode(name, VALUE), &encode(&text, set))));
        is_sent
    })?;
    Ok(pairs.join("&"))
}

/// A callback for a scalar or null: its name, its JSON, and its text, unless it is null. Returns whether the value is
/// sent.
type Leaf<'f, 'j> = &'f mut dyn FnMut(&str, &'j str, Option<Cow<'j, str>>) -> bool;

/// Passes the scalars and nulls of a value to `leaf`, each with its name in the style `deepObject`. Returns whether one
/// of them is sent.
///
/// OpenAPI does not define nested values. Here nested objects are `name[key][key]`, and elements of arrays are
/// numbered, `name[key][0]`, so that it is clear which properties of an array of objects belong together.
pub(crate) fn deep_values<'j>(name: &str, json: &'j str, depth: u32, leaf: Leaf<'_, 'j>) -> Result<bool, Reason> {
    let Some(depth) = depth.checked_sub(1) else { return Err(TOO_DEEP) };
    let mut sent = 0;
    match parse(json)? {
        Value::Null => return Ok(leaf(name, json, None)),
        Value::Scalar(text) => return Ok(leaf(name, json, Some(text))),
        Value::Array(elements) => {
            for element in elements {
                // An element that is not sent leaves no gap.
                sent += u32::from(deep_values(&format!("{name}[{sent}]"), element, depth, leaf)?);
            }
        }
        Value::Object(properties) => {
            for (key, value) in properties {
                sent += u32::from(deep_values(&format!("{name}[{key}]"), value, depth, leaf)?);
            }
        }
    }
    Ok(sent > 0)
}

/// Returns the JSON of a value. `None` for null, which means that the parameter is not set.
fn unless_null<'j>(value: &Texts<'_>, json: &'j str) -> Option<&'j str> {
    (!matches!(value, Texts::Null)).then(|| json.trim())
}

/// Returns the texts of all elements that are not null.
fn texts<'j>(elements: &[&'j str]) -> Result<Vec<Cow<'j, str>>, Reason> {
    elements.iter().filter_map(|element| text(element).transpose()).collect()
}

/// Returns the content of a string, the JSON of other values, and `None` for null.
fn text(json: &str) -> Result<Option<Cow<'_, str>>, Reason> {
    Ok(match parse(json)? {
        Value::Null => None,
        Value::Scalar(text) => Some(text),
        Value::Array(_) | Value::Object(_) => Some(Cow::Borrowed(json.trim())),
    })
}

/// Reads one level of JSON that the codec wrote.
pub(crate) fn parse(json: &str) -> Result<Value<'_>, Reason> {
    read(json).map_err(|_| BROKEN)
}

fn read(json: &str) -> Result<Value<'_>, DecodeError> {
    let mut reader = Reader::new(json.as_bytes());
    let value = match reader.peek_type()? {
        JsonType::Null => {
            reader.null()?;
            Value::Null
        }
        JsonType::String => Value::Scalar(reader.name()?),
        // The value is the rest: the codec writes only one value.
        JsonType::Boolean | JsonType::Integer | JsonType::Number => {
            return Ok(Value::Scalar(Cow::Borrowed(json.trim())));
        }
        JsonType::Array => {
            let mut elements = Vec::new();
            let mut more = reader.array_start()?;
            while more {
                elements.push(reader.raw()?);
                more = reader.array_next()?;
            }
            Value::Array(elements)
        }
        JsonType::Object => {
            let mut properties = Vec::new();
            let mut key = reader.object_start()?;
            while let Some(name) = key {
                properties.push((name.into_owned(), reader.raw()?));
                key = reader.object_next()?;
            }
            Value::Object(properties)
        }
    };
    reader.finish()?;
    Ok(value)
}
