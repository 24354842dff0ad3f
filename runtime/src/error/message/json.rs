//! The JSON of an error body.
//!
//! In: a text. Out: its value, with the members of objects in order, up to the first error.

use crate::wire::{DecodeError, JsonType, Reader};

/// A JSON value.
pub(super) enum Json {
    String(String),
    Integer(i64),
    Array(Vec<Json>),
    Object(Vec<(String, Json)>),
    /// Any value that cannot be part of a message.
    Other,
}

impl Json {
    /// Reads a document.
    pub(super) fn whole(text: &str) -> Option<Self> {
        let mut reader = Reader::new(text.as_bytes());
        let mut value = None;
        read(&mut reader, &mut |read| value = Some(read)).and_then(|()| reader.finish()).ok()?;
        value
    }

    /// Reads the beginning of a document, without a truncated string or number.
    pub(super) fn beginning(text: &str) -> Option<Self> {
        let mut value = None;
        let _ = read(&mut Reader::new(text.as_bytes()), &mut |read| value = Some(read));
        value
    }
}

/// Reads a value up to the first error, and passes what was read to `add`.
fn read(reader: &mut Reader<'_>, add: &mut dyn FnMut(Json)) -> Result<(), DecodeError> {
    add(match reader.peek_type()? {
        JsonType::Array => {
            let mut elements = Vec::new();
            let end = read_elements(reader, &mut elements);
            add(Json::Array(elements));
            return end;
        }
        JsonType::Object => {
            let mut members = Vec::new();
            let end = read_members(reader, &mut members);
            add(Json::Object(members));
            return end;
        }
        JsonType::String => Json::String(reader.str()?.to_owned()),
        JsonType::Integer => reader.number()?.parse().map_or(Json::Other, Json::Integer),
        JsonType::Number | JsonType::Boolean | JsonType::Null => {
            reader.skip()?;
            Json::Other
        }
    });
    Ok(())
}

fn read_elements(reader: &mut Reader<'_>, elements: &mut Vec<Json>) -> Result<(), DecodeError> {
    let mut more = reader.array_start()?;
    while more {
        read(reader, &mut |element| elements.push(element))?;
        more = reader.array_next()?;
    }
    Ok(())
}

fn read_members(reader: &mut Reader<'_>, members: &mut Vec<(String, Json)>) -> Result<(), DecodeError> {
    let mut key = reader.object_start()?;
    while let Some(name) = key {
        read(reader, &mut |value| members.push((name.to_string(), value)))?;
        key = reader.object_next()?;
    }
    Ok(())
}
