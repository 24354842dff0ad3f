//! Values of parameters (OpenAPI 3.0.3 §4.7.12.3).
//!
//! In: a value as the JSON that the codec wrote, so that any type can be a parameter. Out: its text in the style of the parameter,
//! percent-encoded for path, query or cookie (RFC 3986 §2, RFC 6265 §4.1.1). Invariants: a value stays in its location: in a path it
//! has no `/` unless its style is made for that, in a query no `&` or `#`, in a cookie no `;`. null means that the parameter is not
//! given, also in arrays and objects (RFC 6570 §3.2.1, "undefined").

use std::borrow::Cow;

use percent_encoding::{AsciiSet, CONTROLS, NON_ALPHANUMERIC, PercentEncode, utf8_percent_encode};

use crate::request::Style;
use crate::wire::{DEPTH_LIMIT, DecodeError, JsonType, Reader};

/// All but the unreserved characters of RFC 3986 §2.3.
const VALUE: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');
/// For values of several path segments.
const SEGMENTS: &AsciiSet = &VALUE.remove(b'/');
/// For `allowReserved`: leaves reserved characters, except those that would end the query or the value or mean another character.
const RESERVED: &AsciiSet = &VALUE
    .remove(b':')
    .remove(b'/')
    .remove(b'?')
    .remove(b'@')
    .remove(b'!')
    .remove(b'$')
    .remove(b'\'')
    .remove(b'(')
    .remove(b')')
    .remove(b'*')
    .remove(b',')
    .remove(b';')
    .remove(b'=');
/// The same in an array or an object, where the comma is a separator.
const RESERVED_ITEM: &AsciiSet = &RESERVED.add(b',');
/// For path templates: what RFC 3986 §3.3 does not allow. `%` is left, because templates are already encoded.
const TEMPLATE: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'<')
    .add(b'>')
    .add(b'[')
    .add(b']')
    .add(b'\\')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');
/// For queries that are sent as they are: what ends up encoded in any case (WHATWG URL §1.3), spaces and non-ASCII characters included.
const QUERY: &AsciiSet = &CONTROLS.add(b' ').add(b'"').add(b'#').add(b'<').add(b'>').add(b'\'');
/// All but the cookie octets of RFC 6265 §4.1.1.
const COOKIE_KEY: &AsciiSet = &CONTROLS.add(b' ').add(b'"').add(b',').add(b';').add(b'\\');
/// The same for a value that the server decodes, with `%`.
const COOKIE: &AsciiSet = &COOKIE_KEY.add(b'%');

/// Why a value cannot be a parameter. Never shows the value.
pub(crate) use crate::wire::Reason;

const BROKEN: Reason = "has a value that could not be encoded";
const MISPLACED: Reason = "has a style that is not allowed in this location";
const TOO_DEEP: Reason = "has a value that is nested too deeply";
const INSEPARABLE: Reason = "has a value with the character that separates values in its style";

/// One level of a value. Nested values stay JSON.
pub(crate) enum Value<'j> {
    Null,
    /// A string, number or boolean.
    Scalar(Cow<'j, str>),
    Array(Vec<&'j str>),
    Object(Vec<(String, &'j str)>),
}

/// Writes a path parameter.
pub(crate) fn path(name: &str, style: Style, json: &str) -> Result<String, Reason> {
    let value = parse(json)?;
    match style {
        Style::Json => Ok(unless_null(&value, json).map(|json| encode(json, VALUE)).unwrap_or_default()),
        Style::Simple { explode } => joined(&value, ",", explode, VALUE),
        Style::Label { explode } => {
            let separator = if explode { "." } else { "," };
            if explode {
                check_separable(&value, &['.'])?;
            }
            let text = joined(&value, separator, explode, VALUE)?;
            Ok(if is_defined(&value)? { format!(".{text}") } else { text })
        }
        Style::Matrix { explode } => matrix(name, &value, explode),
        Style::Segments => joined(&value, "/", false, SEGMENTS),
        _ => Err(MISPLACED),
    }
}

/// Writes the pairs of a query parameter, joined by `&`. Empty if there is nothing to send.
pub(crate) fn query(name: &str, style: Style, json: &str) -> Result<String, Reason> {
    let value = parse(json)?;
    let encoded_name = encoded(name, VALUE);
    match style {
        Style::Form { explode: true } => exploded(&encoded_name, &value, VALUE),
        Style::AllowReserved { explode: true } => exploded(&encoded_name, &value, RESERVED),
        Style::Form { explode: false } => delimited(&encoded_name, &value, ",", VALUE),
        Style::AllowReserved { explode: false } => match value {
            Value::Scalar(_) => exploded(&encoded_name, &value, RESERVED),
            _ => delimited(&encoded_name, &value, ",", RESERVED_ITEM),
        },
        // Space and bar are not reserved (RFC 3986 §2.2): they stay separators with `allowReserved`.
        Style::SpaceDelimited | Style::SpaceDelimitedReserved => {
            check_separable(&value, &[' '])?;
            let set = if style == Style::SpaceDelimited { VALUE } else { RESERVED };
            delimited(&encoded_name, &value, "%20", set)
        }
        Style::PipeDelimited | Style::PipeDelimitedReserved => {
            check_separable(&value, &['|'])?;
            let set = if style == Style::PipeDelimited { VALUE } else { RESERVED };
            delimited(&encoded_name, &value, "%7C", set)
        }
        Style::DeepObject => deep_object(name, json, VALUE),
        Style::DeepObjectReserved => deep_object(name, json, RESERVED),
        Style::Json => {
            let json = unless_null(&value, json);
            Ok(json.map(|json| pair(&encoded_name, &encode(json, VALUE))).unwrap_or_default())
        }
        Style::QueryForm if matches!(value, Value::Null) => Ok(String::new()),
        Style::QueryForm => form(&[], json),
        Style::QueryJson => Ok(unless_null(&value, json).map(|json| encode(json, VALUE)).unwrap_or_default()),
        Style::QueryText => Ok(text(json)?.map(|text| encode(&text, VALUE)).unwrap_or_default()),
        _ => Err(MISPLACED),
    }
}

/// Writes a header parameter, which is not percent-encoded. `None` if there is nothing to send.
pub(crate) fn header(style: Style, json: &str) -> Result<Option<String>, Reason> {
    let value = parse(json)?;
    if style == Style::Json {
        return Ok(unless_null(&value, json).map(str::to_owned));
    }
    let Style::Simple { explode } = style else { return Err(MISPLACED) };
    if !is_defined(&value)? {
        return Ok(None);
    }
    check_separable(&value, if explode { &[',', '='] } else { &[','] })?;
    let text = match value {
        Value::Null => return Ok(None),
        Value::Scalar(text) => text.into_owned(),
        Value::Array(elements) => texts(&elements)?.join(","),
        Value::Object(properties) => {
            let equals = if explode { "=" } else { "," };
            let pairs = property_texts(&properties)?;
            pairs.iter().map(|(key, text)| format!("{key}{equals}{text}")).collect::<Vec<_>>().join(",")
        }
    };
    Ok(Some(text))
}

/// Writes the pairs of a cookie parameter. An exploded array or object is several cookies.
pub(crate) fn cookie(name: &str, style: Style, json: &str) -> Result<Vec<(String, String)>, Reason> {
    let name = encode(name, VALUE);
    let value = parse(json)?;
    if style == Style::Json {
        return Ok(unless_null(&value, json).map(|json| (name, encode(json, COOKIE))).into_iter().collect());
    }
    let (explode, set) = match style {
        Style::Form { explode } => (explode, COOKIE),
        Style::Cookie { explode } if is_cookie_text(&value)? => (explode, COOKIE_KEY),
        Style::Cookie { .. } => return Err("has a character that cannot stand in a cookie"),
        _ => return Err(MISPLACED),
    };
    Ok(match &value {
        Value::Null => Vec::new(),
        Value::Scalar(text) => vec![(name, encode(text, set))],
        Value::Array(elements) if explode => {
            texts(elements)?.iter().map(|text| (name.clone(), encode(text, set))).collect()
        }
        Value::Object(properties) if explode => {
            property_texts(properties)?.iter().map(|(key, text)| (encode(key, VALUE), encode(text, set))).collect()
        }
        Value::Array(_) | Value::Object(_) if !is_defined(&value)? => Vec::new(),
        Value::Array(_) | Value::Object(_) => vec![(name, joined(&value, ",", false, set)?)],
    })
}

/// Whether everything in a value is cookie octets (RFC 6265 §4.1.1), so that nothing of it has to be encoded.
fn is_cookie_text(value: &Value<'_>) -> Result<bool, Reason> {
    let is_safe = |text: &str| encode(text, COOKIE_KEY) == text;
    Ok(match value {
        Value::Null => true,
        Value::Scalar(text) => is_safe(text),
        Value::Array(elements) => texts(elements)?.iter().all(|text| is_safe(text)),
        Value::Object(properties) => property_texts(properties)?.iter().all(|(_, text)| is_safe(text)),
    })
}

/// Writes the properties of an object as `application/x-www-form-urlencoded`, each in its style.
///
/// A property without a style is written as in OpenAPI 3.0.3 §4.7.15: each element of an array is a pair, and an object, also in an
/// array, is JSON.
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
            (None, value) => exploded(&encode(key, VALUE), &value, VALUE)?,
        });
    }
    pairs.retain(|pair| !pair.is_empty());
    Ok(pairs.join("&"))
}

/// Encodes literal text of a path template.
pub(crate) fn literal(text: &str) -> PercentEncode<'_> {
    utf8_percent_encode(text, TEMPLATE)
}

/// Encodes what a query cannot contain (RFC 3986 §3.4). What is encoded already stays as it is.
pub(crate) fn literal_query(text: &str) -> String {
    encode(text, QUERY)
}

/// Encodes an API key in a cookie, as far as necessary.
pub(crate) fn cookie_key(value: &str) -> String {
    encode(value, COOKIE_KEY)
}

/// Encodes a name or a value in a query.
pub(crate) fn query_text(text: &str) -> String {
    encode(text, VALUE)
}

/// A pair of a query, percent-encoded.
pub(crate) fn query_pair(name: &str, value: &str) -> String {
    pair(&query_text(name), &query_text(value))
}

fn encode(text: &str, set: &'static AsciiSet) -> String {
    encoded(text, set).into_owned()
}

/// The same, without a copy if nothing has to be encoded.
fn encoded<'t>(text: &'t str, set: &'static AsciiSet) -> Cow<'t, str> {
    utf8_percent_encode(text, set).into()
}

/// Joins an encoded name and an encoded value.
fn pair(name: &str, value: &str) -> String {
    [name, "=", value].concat()
}

/// Whether there is anything to send. null and empty arrays and objects are undefined (RFC 6570 §3.2.1), an empty string is not.
fn is_defined(value: &Value<'_>) -> Result<bool, Reason> {
    Ok(match value {
        Value::Null => false,
        Value::Scalar(_) => true,
        Value::Array(elements) => !texts(elements)?.is_empty(),
        Value::Object(properties) => !property_texts(properties)?.is_empty(),
    })
}

/// Checks that no key and no element of an array or object has a character that separates them and that the style does not encode.
fn check_separable(value: &Value<'_>, separators: &[char]) -> Result<(), Reason> {
    let is_apart = |text: &str| !text.contains(separators);
    let are_apart = match value {
        Value::Null | Value::Scalar(_) => true,
        Value::Array(elements) => texts(elements)?.iter().all(|text| is_apart(text)),
        Value::Object(properties) => {
            property_texts(properties)?.iter().all(|(key, text)| is_apart(key) && is_apart(text))
        }
    };
    if are_apart { Ok(()) } else { Err(INSEPARABLE) }
}

/// Joins all values with a separator (RFC 6570 §3.2.1).
fn joined(value: &Value<'_>, separator: &str, explode: bool, set: &'static AsciiSet) -> Result<String, Reason> {
    Ok(match value {
        Value::Null => String::new(),
        Value::Scalar(text) => encode(text, set),
        Value::Array(elements) => {
            texts(elements)?.iter().map(|text| encode(text, set)).collect::<Vec<_>>().join(separator)
        }
        Value::Object(properties) => {
            let equals = if explode { "=" } else { separator };
            let pairs = property_texts(properties)?;
            let pairs = pairs.iter().map(|(key, text)| format!("{}{equals}{}", encode(key, set), encode(text, set)));
            pairs.collect::<Vec<_>>().join(separator)
        }
    })
}

/// Writes `;name=value`, or `;name` for an empty value (RFC 6570 §3.2.7).
fn matrix(name: &str, value: &Value<'_>, explode: bool) -> Result<String, Reason> {
    let one = |name: &str, text: &str| {
        if text.is_empty() { format!(";{name}") } else { format!(";{name}={text}") }
    };
    let name = encode(name, VALUE);
    Ok(match value {
        Value::Null => String::new(),
        Value::Array(elements) if explode => {
            texts(elements)?.iter().map(|text| one(&name, &encode(text, VALUE))).collect()
        }
        Value::Object(properties) if explode => {
            let pairs = property_texts(properties)?;
            pairs.iter().map(|(key, text)| one(&encode(key, VALUE), &encode(text, VALUE))).collect()
        }
        _ if !is_defined(value)? => String::new(),
        Value::Scalar(_) | Value::Array(_) | Value::Object(_) => one(&name, &joined(value, ",", false, VALUE)?),
    })
}

/// Writes a pair for each element or property.
fn exploded(name: &str, value: &Value<'_>, set: &'static AsciiSet) -> Result<String, Reason> {
    let pairs: Vec<String> = match value {
        Value::Null => Vec::new(),
        Value::Scalar(text) => return Ok(pair(name, &encoded(text, set))),
        Value::Array(elements) => texts(elements)?.iter().map(|text| pair(name, &encode(text, set))).collect(),
        Value::Object(properties) => {
            let mut pairs = Vec::new();
            for (key, json) in properties {
                pairs.extend(texts_of_property(json)?.iter().map(|text| pair(&encode(key, VALUE), &encode(text, set))));
            }
            pairs
        }
    };
    Ok(pairs.join("&"))
}

/// The texts of a property of an exploded object. OpenAPI does not define arrays there; frameworks read one as they read a parameter
/// that is an array: each element in a pair of its own.
fn texts_of_property(json: &str) -> Result<Vec<String>, Reason> {
    match parse(json)? {
        Value::Array(elements) => texts(&elements),
        _ => Ok(text(json)?.into_iter().collect()),
    }
}

/// Writes a single pair with all elements.
fn delimited(name: &str, value: &Value<'_>, separator: &str, set: &'static AsciiSet) -> Result<String, Reason> {
    if !is_defined(value)? {
        return Ok(String::new());
    }
    Ok(pair(name, &joined(value, separator, false, set)?))
}

/// Writes the pairs of `deepObject`. `set` is for the values.
fn deep_object(name: &str, json: &str, set: &'static AsciiSet) -> Result<String, Reason> {
    let pairs = deep_pairs(name, json)?;
    Ok(pairs.iter().map(|(name, text)| pair(&encode(name, VALUE), &encode(text, set))).collect::<Vec<_>>().join("&"))
}

/// The pairs of `deepObject`, `name[key]=value`, not yet encoded.
///
/// OpenAPI does not define nested values. Here nested objects are `name[key][key]`, and elements of arrays are numbered,
/// `name[key][0]`, so that it is clear which properties of an array of objects belong together.
pub(crate) fn deep_pairs(name: &str, json: &str) -> Result<Vec<(String, String)>, Reason> {
    let mut pairs = Vec::new();
    add_deep_pairs(name, json, DEPTH_LIMIT, &mut pairs)?;
    Ok(pairs)
}

fn add_deep_pairs(name: &str, json: &str, depth: u32, pairs: &mut Vec<(String, String)>) -> Result<(), Reason> {
    let Some(depth) = depth.checked_sub(1) else { return Err(TOO_DEEP) };
    match parse(json)? {
        Value::Null => {}
        Value::Scalar(text) => pairs.push((name.to_owned(), text.into_owned())),
        Value::Array(elements) => {
            let mut index = 0;
            for element in elements {
                let before = pairs.len();
                add_deep_pairs(&format!("{name}[{index}]"), element, depth, pairs)?;
                // An element that is not sent leaves no gap.
                index += usize::from(pairs.len() > before);
            }
        }
        Value::Object(properties) => {
            for (key, value) in properties {
                add_deep_pairs(&format!("{name}[{key}]"), value, depth, pairs)?;
            }
        }
    }
    Ok(())
}

/// The JSON of a value. `None` for null, which means that the parameter is not given.
fn unless_null<'j>(value: &Value<'_>, json: &'j str) -> Option<&'j str> {
    (!matches!(value, Value::Null)).then(|| json.trim())
}

/// The texts of all elements that are not null.
fn texts(elements: &[&str]) -> Result<Vec<String>, Reason> {
    elements.iter().filter_map(|element| text(element).transpose()).collect()
}

/// The texts of all properties that are not null, with their names.
fn property_texts<'v>(properties: &'v [(String, &str)]) -> Result<Vec<(&'v str, String)>, Reason> {
    let with_key = |(key, value): &'v (String, &str)| {
        let text = text(value).transpose()?;
        Some(text.map(|text| (key.as_str(), text)))
    };
    properties.iter().filter_map(with_key).collect()
}

/// The content of a string, the JSON of other values, and `None` for null.
fn text(json: &str) -> Result<Option<String>, Reason> {
    Ok(match parse(json)? {
        Value::Null => None,
        Value::Scalar(text) => Some(text.into_owned()),
        Value::Array(_) | Value::Object(_) => Some(json.trim().to_owned()),
    })
}

/// Reads one level of JSON that the codec wrote.
pub(crate) fn parse(json: &str) -> Result<Value<'_>, Reason> {
    read(json).map_err(|_| BROKEN)
}

/// The content of a string in JSON, without a copy if it has no escapes.
fn string<'j>(json: &'j str, content: &str) -> Cow<'j, str> {
    let plain = json.trim().strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    match plain.filter(|plain| *plain == content) {
        Some(plain) => Cow::Borrowed(plain),
        None => Cow::Owned(content.to_owned()),
    }
}

fn read(json: &str) -> Result<Value<'_>, DecodeError> {
    let mut reader = Reader::new(json.as_bytes());
    let value = match reader.peek_type()? {
        JsonType::Null => {
            reader.null()?;
            Value::Null
        }
        JsonType::String => Value::Scalar(string(json, reader.str()?)),
        // It is the rest: the codec writes no more than one value.
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
