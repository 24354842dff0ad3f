//! Codec, unions: the properties of a value that the tests of a union need before it is decoded.
//!
//! In: the next value of a reader, and the properties that the tests refer to. Out: its JSON type and those properties.
//! Then one variant decodes the value. Invariant: no value is decoded on trial.

use std::borrow::Cow;

use super::constant::Constant;
use super::fit::Expect;
use crate::wire::{DecodeError, Encode, JsonType, Reader, Writer};

/// A preview of the reader's next value for the tests of a union.
#[derive(Debug)]
pub struct Preview<'j> {
    pub(super) json_type: JsonType,
    /// Name, type and JSON text of the requested properties that are present.
    pub(super) properties: Vec<(Cow<'j, str>, JsonType, &'j str)>,
}

impl<'j> Preview<'j> {
    /// Reads ahead as much as necessary, without advancing the reader. All properties are requested by `None`.
    pub fn of(reader: &Reader<'j>, requested: Option<&[&str]>) -> Result<Self, DecodeError> {
        let mut ahead = reader.ahead();
        let json_type = ahead.peek_type()?;
        let mut properties = Vec::new();
        if json_type == JsonType::Object && requested.is_none_or(|names| !names.is_empty()) {
            let mut key = ahead.object_start()?;
            while let Some(name) = key {
                if requested.is_none_or(|names| names.contains(&&*name)) {
                    let json_type = ahead.peek_type().map_err(|error| error.in_key(&name))?;
                    let json = ahead.raw().map_err(|error| error.in_key(&name))?;
                    properties.push((name, json_type, json));
                } else {
                    ahead.skip()?;
                }
                key = ahead.object_next()?;
            }
        }
        Ok(Self { json_type, properties })
    }

    /// Returns `true` if the value is of this JSON type.
    pub fn is(&self, expect: Expect) -> bool {
        expect.allows(self.json_type)
    }

    /// Returns `true` if the value has this property and, if `strings` are given, one of them as its value.
    pub fn has(&self, name: &str, strings: &[&str]) -> bool {
        let mut properties = self.properties.iter().filter(|(key, ..)| key == name);
        properties.any(|(_, _, json)| strings.is_empty() || strings.iter().any(|string| string.equals(json)))
    }
}

/// Returns the discriminator of the reader's next value, the property `name`: a string, or the text of an integer or a
/// boolean. Returns `None` if it is missing or anything else.
pub fn discriminator(reader: &mut Reader<'_>, name: &str) -> Result<Option<String>, DecodeError> {
    if reader.peek_type()? != JsonType::Object {
        return Err(reader.mismatch("object"));
    }
    let mut ahead = reader.ahead();
    let mut key = ahead.object_start()?;
    while let Some(found) = key {
        if found == name {
            return Ok(match ahead.peek_type()? {
                JsonType::String => Some(ahead.str()?.to_owned()),
                JsonType::Integer | JsonType::Boolean => Some(ahead.raw()?.to_owned()),
                _ => None,
            });
        }
        ahead.skip()?;
        key = ahead.object_next()?;
    }
    Ok(None)
}

impl Writer {
    /// Writes an object of a union with a discriminator. A missing discriminator is added; the discriminator of another variant is
    /// rejected. `tags` select this variant, `all` contains the tags of all variants, in quotes unless they are numbers or booleans. Any
    /// other value is kept.
    #[doc(hidden)]
    #[inline]
    pub fn tagged<T: Encode>(&mut self, property: &str, tags: &[&str], all: &[&str], quoted: bool, value: &T) {
        let start = self.position();
        value.encode(self);
        if !tags.iter().any(|tag| self.begins_with(start, property, tag)) {
            self.complete_tag(start, property, tags, all, quoted);
        }
    }

    /// Returns `true` if the first property of the object that begins at `start` is this property with this string: the usual place of a
    /// discriminator. A string with escapes is not found.
    fn begins_with(&self, start: usize, property: &str, value: &str) -> bool {
        let parts: [&[u8]; 5] = [b"{\"", property.as_bytes(), b"\":\"", value.as_bytes(), b"\""];
        parts.into_iter().try_fold(self.written(start), |rest, part| rest.strip_prefix(part)).is_some()
    }

    fn complete_tag(&mut self, start: usize, property: &str, tags: &[&str], all: &[&str], quoted: bool) {
        let object = || Reader::new(self.written(start));
        let (Ok(found), Some(tag), false) = (discriminator(&mut object(), property), tags.first(), self.redacts())
        else {
            return;
        };
        match found {
            Some(found) if tags.contains(&found.as_str()) => {}
            Some(found) if all.contains(&found.as_str()) => {
                self.refuse("has a union with the discriminator of another variant");
            }
            Some(_) => {}
            None => {
                let is_there = Preview::of(&object(), Some(&[property])).is_ok_and(|found| found.has(property, &[]));
                if !is_there {
                    self.insert_property(
                        start,
                        property,
                        |writer| if quoted { writer.str(tag) } else { writer.raw(tag) },
                    );
                }
            }
        }
    }
}
