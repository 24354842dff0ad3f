//! Parameter values on their way into a URL, a header or a cookie (OpenAPI 3.0.3 §4.7.12, "Style Values").
//!
//! In comes the JSON that the codec wrote for a value, so that every type can be a parameter; out goes its text in the parameter's style, percent-encoded for
//! the place where it goes (RFC 3986 §2, RFC 6265 §4.1.1). Invariants: a value cannot leave its place (in a path it cannot contain a `/`, in a query no
//! `&` or `#`, in a cookie no `;`), and null means the same as a parameter that is not given, inside of arrays and objects too (RFC 6570 §3.2.1, "undefined").

use jiter::{Jiter, JiterResult, Peek};
use percent_encoding::{AsciiSet, CONTROLS, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::request::Style;

/// Everything but RFC 3986 §2.3 "unreserved".
const VALUE: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');
/// `allowReserved`: reserved characters stay, but for those that would end the query or the value, or stand for another character there.
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
/// The same inside of an array or an object, where the comma separates.
const RESERVED_ITEM: &AsciiSet = &RESERVED.add(b',');
/// Literal text of a path template: what RFC 3986 §3.3 has no place for. `%` stays, because the template is already encoded.
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
/// Not a cookie-octet of RFC 6265 §4.1.1.
const COOKIE_KEY: &AsciiSet = &CONTROLS.add(b' ').add(b'"').add(b',').add(b';').add(b'\\');
/// The same for a value that the server will decode, so that a literal `%` survives.
const COOKIE: &AsciiSet = &COOKIE_KEY.add(b'%');

/// How deep `deepObject` goes into a value.
const DEEPEST: usize = 32;

/// Why a value cannot be a parameter; never quotes the value.
pub(crate) type Reason = &'static str;

const BROKEN: Reason = "has a value that could not be encoded";
const MISPLACED: Reason = "has a style that does not exist in this place";
const TOO_DEEP: Reason = "has a value that is nested too deeply";

/// A value one level deep. What lies deeper stays JSON.
pub(crate) enum Value<'j> {
    Nothing,
    Single(String),
    List(Vec<&'j [u8]>),
    Object(Vec<(String, &'j [u8])>),
}

/// The value of a path parameter, ready for its segment.
pub(crate) fn path(name: &str, style: Style, json: &[u8]) -> Result<String, Reason> {
    let value = parse(json)?;
    match style {
        Style::Json => Ok(json_text(&value, json)?.map(|text| encode(&text, VALUE)).unwrap_or_default()),
        Style::Simple { explode } => joined(&value, ",", explode, VALUE),
        Style::Label { explode } => {
            let separator = if explode { "." } else { "," };
            let text = joined(&value, separator, explode, VALUE)?;
            Ok(if is_defined(&value)? { format!(".{text}") } else { text })
        }
        Style::Matrix { explode } => matrix(name, &value, explode),
        _ => Err(MISPLACED),
    }
}

/// The pairs of a query parameter joined by `&`; empty if there is nothing to send.
pub(crate) fn query(name: &str, style: Style, json: &[u8]) -> Result<String, Reason> {
    let value = parse(json)?;
    let encoded_name = encode(name, VALUE);
    match style {
        Style::Form { explode: true } => exploded(&encoded_name, &value, VALUE),
        Style::AllowReserved { explode: true } => exploded(&encoded_name, &value, RESERVED),
        Style::Form { explode: false } => delimited(&encoded_name, &value, ",", VALUE),
        Style::AllowReserved { explode: false } => match value {
            Value::Single(_) => exploded(&encoded_name, &value, RESERVED),
            _ => delimited(&encoded_name, &value, ",", RESERVED_ITEM),
        },
        Style::SpaceDelimited => delimited(&encoded_name, &value, "%20", VALUE),
        Style::PipeDelimited => delimited(&encoded_name, &value, "%7C", VALUE),
        // Neither space nor bar is reserved (RFC 3986 §2.2), so they separate as ever.
        Style::SpaceDelimitedReserved => delimited(&encoded_name, &value, "%20", RESERVED),
        Style::PipeDelimitedReserved => delimited(&encoded_name, &value, "%7C", RESERVED),
        Style::DeepObject => deep_object(name, json, VALUE),
        Style::DeepObjectReserved => deep_object(name, json, RESERVED),
        Style::Json => {
            let text = json_text(&value, json)?;
            Ok(text.map(|text| pair(&encoded_name, &encode(&text, VALUE))).unwrap_or_default())
        }
        _ => Err(MISPLACED),
    }
}

/// The text of a header parameter, not percent-encoded; `None` if there is nothing to send.
pub(crate) fn header(style: Style, json: &[u8]) -> Result<Option<String>, Reason> {
    let value = parse(json)?;
    if style == Style::Json {
        return json_text(&value, json);
    }
    let Style::Simple { explode } = style else { return Err(MISPLACED) };
    if !is_defined(&value)? {
        return Ok(None);
    }
    let text = match value {
        Value::Nothing => return Ok(None),
        Value::Single(text) => text,
        Value::List(items) => texts(&items)?.join(","),
        Value::Object(members) => {
            let equals = if explode { "=" } else { "," };
            let pairs = members_text(&members)?;
            pairs.iter().map(|(key, text)| format!("{key}{equals}{text}")).collect::<Vec<_>>().join(",")
        }
    };
    Ok(Some(text))
}

/// The name-value pairs of a cookie parameter. An exploded array or object is several cookies.
pub(crate) fn cookie(name: &str, style: Style, json: &[u8]) -> Result<Vec<(String, String)>, Reason> {
    let name = encode(name, VALUE);
    let value = parse(json)?;
    if style == Style::Json {
        return Ok(json_text(&value, json)?.map(|text| (name, encode(&text, COOKIE))).into_iter().collect());
    }
    let Style::Form { explode } = style else { return Err(MISPLACED) };
    Ok(match &value {
        Value::Nothing => Vec::new(),
        Value::Single(text) => vec![(name, encode(text, COOKIE))],
        Value::List(items) if explode => {
            texts(items)?.iter().map(|text| (name.clone(), encode(text, COOKIE))).collect()
        }
        Value::Object(members) if explode => {
            members_text(members)?.iter().map(|(key, text)| (encode(key, VALUE), encode(text, COOKIE))).collect()
        }
        Value::List(_) | Value::Object(_) if !is_defined(&value)? => Vec::new(),
        Value::List(_) | Value::Object(_) => vec![(name, joined(&value, ",", false, COOKIE)?)],
    })
}

/// A body of `application/x-www-form-urlencoded`: the members of an object, each in its style.
///
/// Without a style a member is written as OpenAPI 3.0.3 §4.7.15 has it: an array as a pair for each item, and an object, or
/// an object in an array, as its JSON text, because a pair's value has no structure of its own.
pub(crate) fn form(styles: &[(&str, Style)], json: &[u8]) -> Result<String, Reason> {
    let Value::Object(members) = parse(json)? else { return Err("is not an object, so it cannot be sent as a form") };
    let mut pairs = Vec::with_capacity(members.len());
    for (key, member) in &members {
        let style = styles.iter().find(|(name, _)| name == key).map(|(_, style)| *style);
        pairs.push(match (style, parse(member)?) {
            (Some(style), _) => query(key, style, member)?,
            (None, Value::Object(_)) => query(key, Style::Json, member)?,
            (None, value) => exploded(&encode(key, VALUE), &value, VALUE)?,
        });
    }
    pairs.retain(|pair| !pair.is_empty());
    Ok(pairs.join("&"))
}

/// Literal text of a path template as it goes into a URL.
pub(crate) fn literal(text: &str) -> String {
    encode(text, TEMPLATE)
}

/// The value of an API key in a cookie: sent as the server gave it, as far as a cookie can carry it.
pub(crate) fn cookie_key(value: &str) -> String {
    encode(value, COOKIE_KEY)
}

/// A name or a value in a query.
pub(crate) fn query_text(text: &str) -> String {
    encode(text, VALUE)
}

fn encode(text: &str, set: &'static AsciiSet) -> String {
    utf8_percent_encode(text, set).to_string()
}

/// `name=value`, the name and the value encoded by the caller.
fn pair(name: &str, value: &str) -> String {
    format!("{name}={value}")
}

/// Whether there is anything to send: null, and a list or an object of nothing, are undefined (RFC 6570 §3.2.1), and an empty
/// text is not.
fn is_defined(value: &Value<'_>) -> Result<bool, Reason> {
    Ok(match value {
        Value::Nothing => false,
        Value::Single(_) => true,
        Value::List(items) => !texts(items)?.is_empty(),
        Value::Object(members) => !members_text(members)?.is_empty(),
    })
}

/// All values with a separator between them: RFC 6570 §3.2.1.
fn joined(value: &Value<'_>, separator: &str, explode: bool, set: &'static AsciiSet) -> Result<String, Reason> {
    Ok(match value {
        Value::Nothing => String::new(),
        Value::Single(text) => encode(text, set),
        Value::List(items) => texts(items)?.iter().map(|text| encode(text, set)).collect::<Vec<_>>().join(separator),
        Value::Object(members) => {
            let equals = if explode { "=" } else { separator };
            let pairs = members_text(members)?;
            pairs
                .iter()
                .map(|(key, text)| format!("{}{equals}{}", encode(key, set), encode(text, set)))
                .collect::<Vec<_>>()
                .join(separator)
        }
    })
}

/// `;name=value`, and `;name` for an empty value (RFC 6570 §3.2.7).
fn matrix(name: &str, value: &Value<'_>, explode: bool) -> Result<String, Reason> {
    let one = |name: &str, text: &str| {
        if text.is_empty() { format!(";{name}") } else { format!(";{name}={text}") }
    };
    let name = encode(name, VALUE);
    Ok(match value {
        Value::Nothing => String::new(),
        Value::List(items) if explode => texts(items)?.iter().map(|text| one(&name, &encode(text, VALUE))).collect(),
        Value::Object(members) if explode => {
            members_text(members)?.iter().map(|(key, text)| one(&encode(key, VALUE), &encode(text, VALUE))).collect()
        }
        _ if !is_defined(value)? => String::new(),
        Value::Single(_) | Value::List(_) | Value::Object(_) => one(&name, &joined(value, ",", false, VALUE)?),
    })
}

/// One pair per item or member.
fn exploded(name: &str, value: &Value<'_>, set: &'static AsciiSet) -> Result<String, Reason> {
    Ok(match value {
        Value::Nothing => String::new(),
        Value::Single(text) => pair(name, &encode(text, set)),
        Value::List(items) => {
            texts(items)?.iter().map(|text| pair(name, &encode(text, set))).collect::<Vec<_>>().join("&")
        }
        Value::Object(members) => {
            let pairs = members_text(members)?;
            pairs.iter().map(|(key, text)| pair(&encode(key, VALUE), &encode(text, set))).collect::<Vec<_>>().join("&")
        }
    })
}

/// One pair whose value holds all items.
fn delimited(name: &str, value: &Value<'_>, separator: &str, set: &'static AsciiSet) -> Result<String, Reason> {
    if !is_defined(value)? {
        return Ok(String::new());
    }
    Ok(pair(name, &joined(value, separator, false, set)?))
}

/// The pairs of `deepObject`, the values encoded as that set says.
fn deep_object(name: &str, json: &[u8], set: &'static AsciiSet) -> Result<String, Reason> {
    let pairs = deep_pairs(name, json)?;
    Ok(pairs.iter().map(|(name, text)| pair(&encode(name, VALUE), &encode(text, set))).collect::<Vec<_>>().join("&"))
}

/// `name[key]=value`, as names and values that are not encoded yet. OpenAPI leaves open what lies deeper: objects nest as
/// `name[key][key]`, and items of arrays are numbered, `name[key][0]`, because without a number nobody could tell which
/// members of a list of objects belong together.
pub(crate) fn deep_pairs(name: &str, json: &[u8]) -> Result<Vec<(String, String)>, Reason> {
    let mut pairs = Vec::new();
    deep(name, json, DEEPEST, &mut pairs)?;
    Ok(pairs)
}

fn deep(name: &str, json: &[u8], depth: usize, pairs: &mut Vec<(String, String)>) -> Result<(), Reason> {
    let Some(depth) = depth.checked_sub(1) else { return Err(TOO_DEEP) };
    match parse(json)? {
        Value::Nothing => {}
        Value::Single(text) => pairs.push((name.to_owned(), text)),
        Value::List(items) => {
            let mut index = 0;
            for item in items {
                let before = pairs.len();
                deep(&format!("{name}[{index}]"), item, depth, pairs)?;
                // What is not given leaves no gap.
                index += usize::from(pairs.len() > before);
            }
        }
        Value::Object(members) => {
            for (key, member) in members {
                deep(&format!("{name}[{key}]"), member, depth, pairs)?;
            }
        }
    }
    Ok(())
}

/// The JSON text of a value, quotes and all; nothing for null, which is a value that is not given.
fn json_text(value: &Value<'_>, json: &[u8]) -> Result<Option<String>, Reason> {
    if matches!(value, Value::Nothing) { Ok(None) } else { raw(json).map(Some) }
}

/// The texts of all items that are not null.
fn texts(items: &[&[u8]]) -> Result<Vec<String>, Reason> {
    let mut texts = Vec::with_capacity(items.len());
    for item in items {
        texts.extend(text(item)?);
    }
    Ok(texts)
}

/// The texts of all members that are not null, with their keys.
fn members_text<'v>(members: &'v [(String, &[u8])]) -> Result<Vec<(&'v str, String)>, Reason> {
    let mut texts = Vec::with_capacity(members.len());
    for (key, member) in members {
        texts.extend(text(member)?.map(|text| (key.as_str(), text)));
    }
    Ok(texts)
}

/// A string's content, null's nothing, and the JSON text of everything else.
fn text(json: &[u8]) -> Result<Option<String>, Reason> {
    Ok(match parse(json)? {
        Value::Nothing => None,
        Value::Single(text) => Some(text),
        Value::List(_) | Value::Object(_) => Some(raw(json)?),
    })
}

fn raw(json: &[u8]) -> Result<String, Reason> {
    std::str::from_utf8(json).map(|text| text.trim().to_owned()).map_err(|_| BROKEN)
}

/// Reads one level of the JSON that the codec wrote.
pub(crate) fn parse(json: &[u8]) -> Result<Value<'_>, Reason> {
    let mut reader = Jiter::new(json);
    match read(json, &mut reader) {
        Ok(Some(value)) => Ok(value),
        Ok(None) => raw(json).map(Value::Single),
        Err(_) => Err(BROKEN),
    }
}

/// `None` stands for a number or a boolean, whose text is the value.
fn read<'j>(json: &'j [u8], reader: &mut Jiter<'j>) -> JiterResult<Option<Value<'j>>> {
    let value = match reader.peek()? {
        Peek::Null => {
            reader.known_null()?;
            Some(Value::Nothing)
        }
        Peek::String => Some(Value::Single(reader.known_str()?.to_owned())),
        Peek::Array => {
            let mut items = Vec::new();
            let mut next = reader.known_array()?;
            while let Some(peek) = next {
                items.push(skipped(json, reader, peek)?);
                next = reader.array_step()?;
            }
            Some(Value::List(items))
        }
        Peek::Object => {
            let mut members = Vec::new();
            let mut next = reader.known_object()?.map(str::to_owned);
            while let Some(key) = next {
                let peek = reader.peek()?;
                members.push((key, skipped(json, reader, peek)?));
                next = reader.next_key()?.map(str::to_owned);
            }
            Some(Value::Object(members))
        }
        peek => {
            reader.known_skip(peek)?;
            None
        }
    };
    reader.finish()?;
    Ok(value)
}

/// The text of the value that comes next.
fn skipped<'j>(json: &'j [u8], reader: &mut Jiter<'j>, peek: Peek) -> JiterResult<&'j [u8]> {
    let start = reader.current_index();
    reader.known_skip(peek)?;
    Ok(json.get(start..reader.current_index()).unwrap_or_default())
}
