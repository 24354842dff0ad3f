//! The JSON of an error body.
//!
//! In: a text. Out: its value, with the members of objects in their order, and as much of it as the text contains.

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
        let (value, end) = read(&mut reader);
        end.and_then(|()| reader.finish()).ok()?;
        value
    }

    /// Reads the beginning of a document, without the string or number that is cut off.
    pub(super) fn beginning(text: &str) -> Option<Self> {
        read(&mut Reader::new(text.as_bytes())).0
    }
}

/// Reads a value up to the first error.
fn read(reader: &mut Reader<'_>) -> (Option<Json>, Result<(), DecodeError>) {
    let value = match reader.peek_type() {
        Ok(JsonType::Array) => {
            let mut elements = Vec::new();
            let end = read_elements(reader, &mut elements);
            return (Some(Json::Array(elements)), end);
        }
        Ok(JsonType::Object) => {
            let mut members = Vec::new();
            let end = read_members(reader, &mut members);
            return (Some(Json::Object(members)), end);
        }
        Ok(JsonType::String) => reader.str().map(|text| Json::String(text.to_owned())),
        Ok(JsonType::Integer) => reader.number().map(|digits| digits.parse().map_or(Json::Other, Json::Integer)),
        Ok(JsonType::Number | JsonType::Boolean | JsonType::Null) => reader.skip().map(|()| Json::Other),
        Err(error) => Err(error),
    };
    match value {
        Ok(value) => (Some(value), Ok(())),
        Err(error) => (None, Err(error)),
    }
}

fn read_elements(reader: &mut Reader<'_>, elements: &mut Vec<Json>) -> Result<(), DecodeError> {
    let mut more = reader.array_start()?;
    while more {
        let (element, end) = read(reader);
        elements.extend(element);
        end?;
        more = reader.array_next()?;
    }
    Ok(())
}

fn read_members(reader: &mut Reader<'_>, members: &mut Vec<(String, Json)>) -> Result<(), DecodeError> {
    let mut key = reader.object_start()?;
    while let Some(name) = key {
        let (value, end) = read(reader);
        members.extend(value.map(|value| (name.into_owned(), value)));
        end?;
        key = reader.object_next()?;
    }
    Ok(())
}
